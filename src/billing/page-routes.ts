// Pages of bills. Officers see every dwelling; whoever lives here sees their own and no other.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { PROPERTY_FEE, setBillingStart } from './bill.ts';
import { billsPage, unitBillsPage, type BillForm } from './pages.tsx';
import { billsByUnit, billsOf, billTotals, startPeriod, unitsByVirtualAccount } from './queries.ts';
import { seenBills } from './bill-detail.ts';
import { ownUnits, refuseForeign, sightOf } from './sight.ts';
import { texts } from './texts.ts';
import { enterVirtualAccounts } from './virtual-account.ts';

const Path = Type.Object({ estate: Type.String() });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Filter = Type.Object({ q: Type.Optional(Type.String({ maxLength: 40 })), open: Type.Optional(Type.String({ maxLength: 5 })), cursor: Type.Optional(Type.String({ maxLength: 40 })) });
const PAGE = 100;
const CSV_ROWS = 100_000;

const emptyForm = (): BillForm => ({ id: null, form_key: newFormKey(), values: {}, errors: {} });

export function billingPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showAll = async (request: FastifyRequest, reply: FastifyReply, query: Static<typeof Filter>, form: BillForm, status = 200) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_households');
    const { q = '', open, cursor } = query;
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const { items, next_cursor } = await billsByUnit(trx, estate_id, await estateToday(trx, estate_id), { q: q.trim(), open_only: open === '1', limit: PAGE, after: cursor });
      const dwellings = await trx.selectFrom('unit').select(({ fn }) => fn.countAll<number>().as('count')).where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
      return {
        units: items, next_cursor, totals: await billTotals(trx, estate_id), start_period: await startPeriod(trx, estate_id, PROPERTY_FEE),
        signed: await trx.selectFrom('fee_rule').select('item').where('estate_id', '=', estate_id).limit(1).executeTakeFirst() !== undefined,
        numbers: (await unitsByVirtualAccount(trx, estate_id)).size, dwellings: dwellings.count,
      };
    }, { readOnly: true });
    const here = request.method === 'GET' ? {} : { here: `/e/${code}/bills` };
    return htmlReply(reply, billsPage(frameOf(request, here), {
      code, ...shown, q, open_only: open === '1', fee_rate: estate.fee_rate, form: may(actor, estate_id, 'post_receipt') ? form : null,
    }), status);
  };

  /** `officer`: opened from the list of all. */
  const showUnits = async (request: FastifyRequest, reply: FastifyReply, units: readonly string[], officer: boolean) => {
    const { estate_id, code } = request.estate!;
    const { bills, billing } = await inEstate(house.db.app, estate_id, async (trx) => ({
      bills: seenBills(await sightOf(trx, { estate_id, actor: request.actor! }), await billsOf(trx, estate_id, units)), billing: await startPeriod(trx, estate_id, PROPERTY_FEE) !== null,
    }), { readOnly: true });
    return htmlReply(reply, unitBillsPage(frameOf(request), { code, officer, billing: billing || bills.length > 0, units: units.map((unit) => {
      const own = bills.filter((bill) => bill.unit === unit);
      return { unit, bills: own, open: moneyText(sum(own.map((bill) => money(bill.open)))) };
    }) }));
  };

  app.get('/e/:estate/bills', { schema: { hide: true, params: Path, querystring: Filter } }, (request, reply) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return may(actor, estate_id, 'read_households') ? showAll(request, reply, request.query, emptyForm()) : showUnits(request, reply, ownUnits(actor, estate_id), false);
  });

  app.get('/e/:estate/bills.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { q = '', open } = request.query;
    const { items } = await inEstate(house.db.app, estate_id, async (trx) =>
      billsByUnit(trx, estate_id, await estateToday(trx, estate_id), { q: q.trim(), open_only: open === '1', limit: CSV_ROWS }), { readOnly: true });
    const t = pick(texts, localeOf(request));
    return sendCsv(reply, `${t.bills}-${name_zh}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'bills', title: t.count, type: 'number' }, { key: 'billed', title: t.billed, type: 'money' },
      { key: 'paid', title: t.paid, type: 'money' }, { key: 'open', title: t.open, type: 'money' }, { key: 'overdue', title: t.overdue, type: 'money' },
      { key: 'oldest', title: t.oldest },
    ], items.map((row) => ({ ...row }))));
  });

  app.get('/e/:estate/bills/:unit', { schema: { hide: true, params: Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }) }) } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    await inEstate(house.db.app, estate_id, (trx) => refuseForeign(trx, { estate_id, actor, unit: request.params.unit }), { readOnly: true });
    return showUnits(request, reply, [request.params.unit], may(actor, estate_id, 'read_households'));
  });

  /** A refused form comes back with the page it stands on. */
  const told = (error: unknown, request: FastifyRequest, reply: FastifyReply, id: 'start' | 'numbers', values: Record<string, string>) => {
    if (!(error instanceof Refusal)) throw error;
    return showAll(request, reply, {}, { id, form_key: newFormKey(), values, errors: formErrors(error, localeOf(request)) }, error.status);
  };

  app.post('/e/:estate/bills/start', {
    schema: { hide: true, params: Path, body: Type.Object({ start_period: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { start_period = '', form_key } = request.body;
    try {
      await setBillingStart(house, { estate, actor: request.actor, start_period, key: form_key });
      return await reply.redirect(`/e/${estate.code}/bills?done=saved`, 303);
    } catch (error) {
      return told(error, request, reply, 'start', { start_period });
    }
  });

  app.post('/e/:estate/bills/numbers', {
    schema: { hide: true, params: Path, body: Type.Object({ list: Type.Optional(Type.String({ maxLength: 500_000 })), csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { list = '', form_key } = request.body;
    try {
      await enterVirtualAccounts(house, { estate, actor: request.actor, list, key: form_key });
      return await reply.redirect(`/e/${estate.code}/bills?done=saved#numbers`, 303);
    } catch (error) {
      return told(error, request, reply, 'numbers', { list });
    }
  });
}
