// Subsidies over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Day, KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { proposeBatch } from './batch.ts';
import { claimSubsidies } from './claim.ts';
import { passOn, takeArrival } from './payout.ts';
import { arrivalRows, batchRows, claimRows, fundTold, ownBills, payoutRows, progressOf, readBatch, readScheme } from './queries.ts';
import { endScheme, proposeScheme } from './scheme.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const SchemePath = Type.Object({ estate: Type.String({ examples: ['demo'] }), scheme: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const BatchPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), batch: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Sum = Type.String({ examples: ['102.00'] });
const Typed = (...examples: string[]) => Type.String({ maxLength: 200, examples });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Integer(), Type.Null()]);
const Proposed = { proposal_id: Type.Integer(), document_hash: Type.String() };
const Month = Type.String({ maxLength: 20, examples: ['2026-12'] });

const Scheme = Type.Object({
  scheme: Type.Integer(), name_zh: Type.String(), name_en: Type.String(), funder: Type.String(), percent: Nullable, amount_each: Nullable, items: Type.Array(Type.String()),
  first_period: Type.String(), last_period: Type.String(), unit_cap: Nullable, budget: Sum, last_day: Type.String(), payout: Type.String(), ended_on: Nullable,
  state: Type.String(), claims: Type.Integer(), claimed: Sum, left: Sum, sent_claims: Type.Integer(), sent: Sum, arrived: Sum, passed_claims: Type.Integer(), passed: Sum,
  asking: Sum, passing: Sum, fallen_claims: Type.Integer(), fallen: Sum, to_reclaim: Sum,
});
const Claim = Type.Object({
  claim_id: Type.Integer(), scheme: Type.Integer(), unit: Type.String(), bill_id: Type.Integer(), item: Type.String(), period: Type.String(), billed: Sum, paid: Sum, paid_on: Nullable,
  amount: Sum, batch: NullableNumber, payout: NullableNumber, state: Type.String({ description: 'claimed, asked, sent, passing, passed, reclaim or fallen' }),
});
const Batch = Type.Object({
  batch: Type.Integer(), scheme: Type.Integer(), state: Type.String(), claims: Type.Integer(), total: Sum, list_sha256: Nullable, fallen: Sum, arrived: Sum, passed: Sum, submitted_on: Nullable,
});

export function subsidyRoutes(app: FastifyInstance, house: House): void {
  schemeRoutes(app, house);
  claimRoutes(app, house);
  batchRoutes(app, house);
}

function schemeRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/subsidies', {
    schema: {
      tags: ['subsidies'], summary: 'Schemes of subsidies with how far they are, in totals', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Scheme), fund: Type.Object({ balance: Sum, unlinked: Sum, beside: Sum }) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => ({
      items: await progressOf(trx, estate_id, await estateToday(trx, estate_id)), fund: await fundTold(trx, estate_id),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/subsidies', {
    schema: {
      tags: ['subsidies'], summary: 'Propose a scheme', security, headers: KeyHeader, params: Path,
      description: 'Signed under the rule for changing rules. Either percent (of what was paid) or amount_each (yuan for each bill). payout: credit or pay.',
      body: Type.Object({
        name_zh: Typed('2026 年第四季度先缴后补'), name_en: Type.Optional(Typed('Pay first, fourth quarter of 2026')), funder: Typed('示例街道办事处'),
        percent: Type.Optional(Typed('30')), amount_each: Type.Optional(Typed()), items: Type.Array(Type.String({ maxLength: 40, examples: ['property_fee'] }), { maxItems: 20, minItems: 1 }),
        first_period: Month, last_period: Month, unit_cap: Type.Optional(Typed('300.00')), budget: Typed('20000.00'), last_day: Day, payout: Typed('credit'), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => reply.code(201).send(await proposeScheme(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...request.body })));

  app.post('/api/v1/estates/:estate/subsidies/:scheme/end', {
    schema: { tags: ['subsidies'], summary: 'Stop new claims at once, for one body alone', security, params: SchemePath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await endScheme(house, { estate: request.estate!, actor: request.actor, scheme: Number(request.params.scheme) });
    return reply.code(204).send(null);
  });
}

function claimRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/subsidies/:scheme/claims', {
    schema: {
      tags: ['subsidies'], summary: 'Claims by dwelling for those who may see households; one\'s own for anybody else', security, params: SchemePath,
      querystring: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })), cursor: Type.Optional(Type.Integer({ minimum: 0 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Claim), next_cursor: NullableNumber }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { limit = 100, cursor } = request.query;
    const scheme = Number(request.params.scheme);
    return inEstate(house.db.app, estate_id, async (trx) => {
      await readScheme(trx, estate_id, scheme);
      const bills = may(actor, estate_id, 'read_households') ? undefined : (await ownBills(trx, estate_id, actor)).map((row) => row.bill_id);
      return claimRows(trx, estate_id, { scheme, bills, limit, after: cursor });
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/subsidies/:scheme/claims', {
    schema: {
      tags: ['subsidies'], summary: 'Claim for bills that are paid in full', security, headers: KeyHeader, params: SchemePath,
      description: 'Whoever lives here claims for their own bills, the cashier for anybody\'s. Bills that are named are claimed all or none; without them whatever may be claimed is.',
      body: Type.Object({ bills: Type.Optional(Type.Array(Type.Integer({ minimum: 1, maximum: 1e12 }), { maxItems: 1_000, minItems: 1 })) }, { additionalProperties: false }),
      response: { 201: Type.Object({ claims: Type.Integer(), total: Sum, left_out: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await claimSubsidies(house, {
    estate: request.estate!, actor: request.actor, scheme: Number(request.params.scheme), key: callersKey(request), bills: request.body.bills,
  })));
}

function batchRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/subsidies/:scheme/batches', {
    schema: { tags: ['subsidies'], summary: 'Batches of a scheme, in totals', security, params: SchemePath, response: { 200: Type.Object({ items: Type.Array(Batch) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return { items: await inEstate(house.db.app, estate_id, async (trx) => {
      await readScheme(trx, estate_id, Number(request.params.scheme));
      return batchRows(trx, estate_id, { scheme: Number(request.params.scheme) });
    }, { readOnly: true }) };
  });

  app.post('/api/v1/estates/:estate/subsidies/:scheme/batches', {
    schema: { tags: ['subsidies'], summary: 'Propose a batch of all claims that wait', security, headers: KeyHeader, params: SchemePath, response: { 201: Type.Object(Proposed) } },
  }, async (request, reply) => reply.code(201).send(await proposeBatch(house, { estate: request.estate!, actor: request.actor, scheme: Number(request.params.scheme), key: callersKey(request) })));

  app.get('/api/v1/estates/:estate/subsidy-batches/:batch', {
    schema: {
      tags: ['subsidies'], summary: 'One batch by dwelling, with what arrived and what was passed on', security, params: BatchPath,
      response: { 200: Type.Object({
        batch: Batch, claims: Type.Array(Claim), arrivals: Type.Array(Type.Object({ entry: Type.Integer(), number: Type.String(), entry_date: Type.String(), amount: Sum, reversed: Type.Boolean() })),
        payouts: Type.Array(Type.Object({ proposal: Type.Integer(), kind: Type.String(), state: Type.String(), claims: Type.Integer(), total: Sum, step: Type.String(), entry: NullableNumber })),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const number = Number(request.params.batch);
    return inEstate(house.db.app, estate_id, async (trx) => ({
      batch: await readBatch(trx, estate_id, number), claims: (await claimRows(trx, estate_id, { batch: number, limit: 20_000 })).items,
      arrivals: await arrivalRows(trx, estate_id, number), payouts: await payoutRows(trx, estate_id, number),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/subsidy-batches/:batch/arrivals', {
    schema: {
      tags: ['subsidies'], summary: 'Say for which batch money came, booking it where it is not', security, headers: KeyHeader, params: BatchPath,
      description: 'Either entry (a receipt of the fund fee_subsidy), or amount and entry_date of one that is booked now.',
      body: Type.Object({
        entry: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e12 })), amount: Type.Optional(Typed('5000.00')), entry_date: Type.Optional(Day), bank_account: Type.Optional(Typed('1002')), reference: Type.Optional(Typed()),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ entry: Type.Integer(), amount: Sum }) },
    },
  }, async (request, reply) => reply.code(201).send(await takeArrival(house, { estate: request.estate!, actor: request.actor, batch: Number(request.params.batch), key: callersKey(request), ...request.body })));

  app.post('/api/v1/estates/:estate/subsidy-batches/:batch/payouts', {
    schema: {
      tags: ['subsidies'], summary: 'Pass on what arrived: as credit by one transfer, or by a payment order of a dwelling', security, headers: KeyHeader, params: BatchPath,
      body: Type.Object({ order: Type.Optional(Type.Integer({ minimum: 1, maximum: 1e12 })), unit: Type.Optional(Typed('3-2-1002')) }, { additionalProperties: false }),
      response: { 201: Type.Object({ ...Proposed, claims: Type.Integer(), total: Sum }) },
    },
  }, async (request, reply) => reply.code(201).send(await passOn(house, { estate: request.estate!, actor: request.actor, batch: Number(request.params.batch), key: callersKey(request), ...request.body })));
}
