// Fee rules, shared costs and waivers over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { Day, KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { stateOf } from './fee-rule-page-routes.ts';
import { signedRules } from './fee-rule-queries.ts';
import { proposeFeeEnd, proposeFeeRule } from './fee-rule.ts';
import { enterSharedCost } from './shared-cost.ts';
import { proposeWaiver, waiverOf, waivers } from './waiver.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const RulePath = Type.Object({ estate: Type.String({ examples: ['demo'] }), rule: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['12'] }) });
const WaiverPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), waiver: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['12'] }) });
const Sum = Type.String({ examples: ['102.00'] });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const Word = (maxLength: number, ...examples: string[]) => Type.String({ maxLength, examples });
const Maybe = (maxLength: number, ...examples: string[]) => Type.Optional(Word(maxLength, ...examples));
const Names = Type.Optional(Type.Array(Type.String({ maxLength: 40 }), { maxItems: 100 }));
const Applies = Type.Object({ buildings: Names, kinds: Names, occupancies: Names, phases: Names }, { additionalProperties: false });
const Proposed = { proposal_id: Type.Integer(), document_hash: Type.String() };

export function feeRuleRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/fee-rules', {
    schema: {
      tags: ['bills'], summary: 'What is charged, how it is reckoned, from when to when', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        rule: Type.Integer(), item: Type.String(), name_zh: Type.String(), name_en: Type.String(), basis: Type.String(), rate: Nullable, meter_kind: Nullable, apportion_by: Nullable, cost_account: Nullable,
        applies_to: Applies, account: Type.String(), fund: Type.String(), due_day: Type.Integer(), due_months: Type.Integer(), late_rate: Nullable, late_grace_days: Type.Integer(),
        late_cap_percent: Nullable, starts_on: Type.String(), ends_on: Nullable, state: Type.String({ description: 'in_force, coming, over or replaced' }),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const [rules, today] = [await signedRules(trx, estate_id), await estateToday(trx, estate_id)];
      return { items: rules.map((rule) => ({ ...rule, rule: rule.rule_id, state: stateOf(rules, rule, today) })) };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/fee-rules', {
    schema: {
      tags: ['bills'], summary: 'Propose a fee rule; it holds when both sides have signed', security, headers: KeyHeader, params: Path,
      description: 'The same item with a later first day takes the place of the earlier rule. Not for a month whose bills are made.',
      body: Type.Object({
        item: Word(40, 'property_fee'), name_zh: Word(200, '物业服务费'), name_en: Word(200, 'Service fee'), basis: Word(20, 'area'), rate: Maybe(30, '1.50'),
        meter_kind: Maybe(20, 'water'), apportion_by: Maybe(20, 'area'), cost_account: Maybe(20, '5106'), applies_to: Type.Optional(Applies), account: Word(20, '4101'), fund: Word(40, 'service'),
        due_day: Type.Integer({ examples: [31] }), due_months: Type.Optional(Type.Integer({ examples: [0] })), late_rate: Maybe(20, '0.0005'),
        late_grace_days: Type.Optional(Type.Integer({ examples: [30] })), late_cap_percent: Maybe(20, '20'), starts_on: Day, ends_on: Type.Optional(Day), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeFeeRule(house, { estate, actor, key: callersKey(request), ...request.body }));
  });

  app.post('/api/v1/estates/:estate/fee-rules/:rule/end', {
    schema: {
      tags: ['bills'], summary: 'Propose the last day of a fee rule', security, headers: KeyHeader, params: RulePath,
      body: Type.Object({ ends_on: Day, resolution: Type.Optional(Resolution) }, { additionalProperties: false }), response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeFeeEnd(house, { estate, actor, key: callersKey(request), rule: Number(request.params.rule), ...request.body }));
  });

  app.post('/api/v1/estates/:estate/shared-costs', {
    schema: {
      tags: ['bills'], summary: 'Share what was paid for a month over the dwellings, and make the bills', security, headers: KeyHeader, params: Path,
      body: Type.Object({ item: Word(40, 'common_energy'), period: Word(20, '2026-10'), amount: Word(30, '1000.00'), entry: Type.Integer({ minimum: 1, maximum: 999_999_999_999, description: 'seq of the entry that paid it' }) }, { additionalProperties: false }),
      response: { 201: Type.Object({ item: Type.String(), period: Type.String(), made: Type.Integer(), amount: Sum }) },
    },
  }, async (request, reply) => reply.code(201).send(await enterSharedCost(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...request.body })));

  waiverRoutes(instance, house);
}

function waiverRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Part = Type.Object({ unit: Type.String(), item: Type.String(), period: Type.String(), bill_id: Type.Integer(), billed: Sum, off: Sum });

  app.get('/api/v1/estates/:estate/waivers', {
    schema: {
      tags: ['bills'], summary: 'Waivers, discounts, write-offs and corrections, without dwellings', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        proposal_id: Type.Integer(), why: Type.String(), item: Nullable, percent: Nullable, amount: Nullable, from_period: Nullable, to_period: Nullable, most: Sum, used: Sum, units: Type.Integer(), reason: Type.String(), granted_on: Type.String(),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    return { items: await inEstate(house.db.app, estate_id, (trx) => waivers(trx, estate_id), { readOnly: true }) };
  });

  app.get('/api/v1/estates/:estate/waivers/:waiver', {
    schema: {
      tags: ['bills'], summary: 'A waiver bill by bill, for those who may read households', security, params: WaiverPath,
      response: { 200: Type.Object({ title: Type.String(), state: Type.String(), amount: Sum, units: Type.Array(Type.String()), asked: Type.Array(Part), done: Type.Array(Part) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, (trx) => waiverOf(trx, estate_id, Number(request.params.waiver)), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/waivers', {
    schema: {
      tags: ['bills'], summary: 'Propose to lower bills: waiver, discount, write-off or correction', security, headers: KeyHeader, params: Path,
      description: 'Either per cent or yuan off each bill. Waivers and discounts hold for bills to come as well, up to the sum that is signed.',
      body: Type.Object({
        why: Word(20, 'waiver'), units: Type.Array(Type.String({ maxLength: 40 }), { maxItems: 1_000, examples: [['3-2-1002']] }), item: Maybe(40, 'property_fee'), from_period: Word(20, '2026-10'), to_period: Word(20, '2026-12'),
        percent: Maybe(20, '20'), amount_each: Maybe(30, ''), reason: Word(2_000, '漏水影响居住'), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ ...Proposed, amount: Sum }) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeWaiver(house, { estate, actor, key: callersKey(request), ...request.body }));
  });
}
