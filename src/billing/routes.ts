// Bills over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { setBillingStart } from './bill.ts';
import { billsByUnit, billsOf } from './queries.ts';
import { seenBills, totalsByUnit } from './bill-detail.ts';
import { ownUnits, refuseForeign, sightOf } from './sight.ts';
import { enterVirtualAccounts } from './virtual-account.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Sum = Type.String({ examples: ['102.00'] });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const Bill = Type.Object({
  bill_id: Type.Integer(), unit: Type.String({ examples: ['3-2-1002'] }), item: Type.String({ examples: ['property_fee'] }), period: Type.String({ examples: ['2026-10'] }),
  due_on: Type.String(), amount: Sum, paid: Sum, open: Sum,
  entries: Type.Array(Type.Object({ seq: Type.Integer(), number: Type.String(), entry_date: Type.String(), amount: Sum, reversed: Type.Boolean() })),
});
const UnitRow = Type.Object({ unit: Type.String(), bills: Type.Integer(), billed: Sum, paid: Sum, open: Sum, oldest: Nullable, overdue: Sum });

export function billingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/bills', {
    schema: {
      tags: ['bills'], summary: 'Bills by dwelling; whoever holds no office sees their own only', security, params: Path,
      querystring: Type.Object({
        q: Type.Optional(Type.String({ maxLength: 40, description: 'Beginning of a dwelling\'s number' })), open: Type.Optional(Type.Boolean()),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })), cursor: Type.Optional(Type.String({ maxLength: 40 })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(UnitRow), next_cursor: Nullable }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { q, open, limit = 100, cursor } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      if (may(actor, estate_id, 'read_households')) return billsByUnit(trx, estate_id, today, { q, open_only: open, limit, after: cursor });
      // One's own, from one's own first month on.
      const bills = seenBills(await sightOf(trx, { estate_id, actor }), await billsOf(trx, estate_id, ownUnits(actor, estate_id)));
      return { items: totalsByUnit(bills, today).filter((row) => (q === undefined || row.unit.startsWith(q)) && (open !== true || row.oldest !== null)), next_cursor: null };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/bills/:unit', {
    schema: {
      tags: ['bills'], summary: 'Bills of one dwelling with the entries that paid them', security,
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }), unit: Type.String({ maxLength: 40, examples: ['3-2-1002'] }) }),
      response: { 200: Type.Object({ items: Type.Array(Bill) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { unit } = request.params;
    return { items: await inEstate(house.db.app, estate_id, async (trx) => {
      await refuseForeign(trx, { estate_id, actor, unit });
      return seenBills(await sightOf(trx, { estate_id, actor }), await billsOf(trx, estate_id, [unit]));
    }, { readOnly: true }) };
  });

  app.post('/api/v1/estates/:estate/bills/start', {
    schema: {
      tags: ['bills'], summary: 'From which month on bills are made by themselves; null: none', security, headers: KeyHeader, params: Path,
      body: Type.Object({ start_period: Type.Union([Type.String({ maxLength: 20, examples: ['2026-12'] }), Type.Null()]) }, { additionalProperties: false }),
      response: { 200: Type.Object({ start_period: Nullable, made: Type.Integer({ description: 'Bills made at once, for months that have come' }) }) },
    },
  }, (request) => setBillingStart(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...request.body }));

  app.post('/api/v1/estates/:estate/bills/numbers', {
    schema: {
      tags: ['bills'], summary: 'Enter the bank\'s numbers for dwellings, a CSV of two columns', security, headers: KeyHeader, params: Path,
      body: Type.Object({ list: Type.String({ maxLength: 500_000, examples: ['3-2-1002,8866200100010027'] }) }, { additionalProperties: false }),
      response: { 200: Type.Object({ entered: Type.Integer(), changed: Type.Integer() }) },
    },
  }, (request) => enterVirtualAccounts(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...request.body }));
}
