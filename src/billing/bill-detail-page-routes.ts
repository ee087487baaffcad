// One bill: page, PDF and interface, for whoever keeps the fees and for the dwelling's own people.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { printer } from '../../reports/printer.ts';
import { security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { billPage } from './bill-detail-pages.tsx';
import { billDetail } from './bill-detail.ts';
import { billPaper } from './bill-paper.ts';
import { sendPaper } from './unit-account-page-routes.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }), unit: Type.String({ maxLength: 40, examples: ['3-2-1002'] }), bill: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['12'] }) });
const Sum = Type.String({ examples: ['102.00'] });

export function billDetailRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = async (request: FastifyRequest, { unit, bill }: { unit: string; bill: string }) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => ({
      bill: await billDetail(trx, { estate_id, actor, unit, bill_id: Number(bill) }), today: await estateToday(trx, estate_id), officer: may(actor, estate_id, 'read_households'),
    }), { readOnly: true });
  };

  app.get('/e/:estate/bills/:unit/:bill', { schema: { hide: true, params: Path } }, async (request, reply) =>
    htmlReply(reply, billPage(frameOf(request), { code: request.estate!.code, ...await read(request, request.params) })));

  app.get('/e/:estate/bills/:unit/:bill.pdf', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { bill } = await read(request, request.params);
    const paper = billPaper(bill, request.estate!, localeOf(request));
    return sendPaper(reply, await printer().papers([paper]), `${paper.title}-${bill.unit}.pdf`);
  });

  app.get('/api/v1/estates/:estate/bills/:unit/:bill', {
    schema: {
      tags: ['bills'], summary: 'One bill: how it was reckoned, who owes which days, what was paid and taken off', security, params: Path,
      response: { 200: Type.Object({
        bill_id: Type.Integer(), unit: Type.String(), item: Type.String(), name_zh: Type.String(), name_en: Type.String(), period: Type.String(), due_on: Type.String(), made_on: Type.String(),
        amount: Sum, reduced: Sum, paid: Sum, open: Sum, rule_id: Type.Union([Type.Integer(), Type.Null()]), of_bill: Type.Union([Type.Integer(), Type.Null()]),
        lines: Type.Array(Type.Object({ amount: Sum, what: Type.String() }, { additionalProperties: Type.Union([Type.String(), Type.Number()]) })),
        shares: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), days: Type.Integer(), own: Type.Boolean(), amount: Sum, names: Type.Union([Type.Array(Type.String()), Type.Null()]) })),
        reductions: Type.Array(Type.Object({ amount: Sum, why: Type.String(), proposal_id: Type.Union([Type.Integer(), Type.Null()]) })),
        late_fees: Type.Array(Type.Object({ bill_id: Type.Integer(), period: Type.String(), amount: Sum, open: Sum })),
      }) },
    },
  }, async (request) => (await read(request, request.params)).bill);
}
