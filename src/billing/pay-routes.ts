// Paying: the page with the account that both keys signed for, and the same over the API. Whoever lives there, and officers who may
// know households; nobody else, not even whether there is such a dwelling.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { frameOf } from '../web/frame.ts';
import { htmlReply } from '../web/shell.tsx';
import { seenFrom } from './deposit-queries.ts';
import { payChoicePage, payPage } from './pay-pages.tsx';
import { owedBy, payAccounts, payReference } from './pay-queries.ts';
import { ownUnits, refuseForeign } from './sight.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const UnitPath = Type.Object({ ...Path.properties, unit: Type.String({ maxLength: 40, examples: ['3-2-1002'] }) });
const Text = Type.String();

export function payRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const read = (request: FastifyRequest<{ Params: { unit: string } }>) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { unit } = request.params;
    return inEstate(house.db.app, estate_id, async (trx) => {
      await refuseForeign(trx, { estate_id, actor, unit });
      const owed = await owedBy(trx, { estate_id, unit, from: await seenFrom(trx, { estate_id, actor, unit }) });
      return { unit, owed, accounts: await payAccounts(trx, estate_id), reference: payReference(unit), officer: may(actor, estate_id, 'read_households') };
    }, { readOnly: true });
  };

  app.get('/e/:estate/pay', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const units = ownUnits(demand(request.actor, estate_id, 'own_home'), estate_id);
    if (units.length === 1) return reply.redirect(`/e/${code}/pay/${encodeURIComponent(units[0]!)}`, 303);
    return htmlReply(reply, payChoicePage(frameOf(request), { code, units }));
  });

  app.get('/e/:estate/pay/:unit', { schema: { hide: true, params: UnitPath } }, async (request, reply) =>
    htmlReply(reply, payPage(frameOf(request), { code: request.estate!.code, ...await read(request) })));

  app.get('/api/v1/estates/:estate/pay/:unit', {
    schema: {
      tags: ['bills'], summary: 'What a dwelling has to pay, and to which account', security: [{ session: [] }, { token: [] }], params: UnitPath,
      description: 'Accounts are listed only where both keys signed for the whole number; where there is none, ask the office.',
      response: { 200: Type.Object({
        unit: Text, open: Text, held: Text, reference: Text,
        bills: Type.Array(Type.Object({ bill_id: Type.Integer(), item: Text, name_zh: Text, name_en: Text, period: Text, due_on: Text, open: Text })),
        accounts: Type.Array(Type.Object({ holder: Text, bank_name: Text, number: Text })),
      }) },
    },
  }, async (request) => {
    const { owed, accounts, unit, reference } = await read(request);
    return { unit, open: owed.open, held: owed.held, reference, bills: owed.bills, accounts };
  });
}
