// Bank accounts, their list for the bank, and mandates over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { proposeAccountChange } from './account-change.ts';
import { enterNumber } from './account.ts';
import { endMandate, mandates, proposeMandate } from './mandate.ts';
import { noteItem, onboardingOf } from './onboarding.ts';
import { itemTexts } from './onboarding-texts.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const AccountPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), account: Type.String({ pattern: '^[0-9]{4,6}$', examples: ['1002'] }) });
const MandatePath = Type.Object({ estate: Type.String({ examples: ['demo'] }), mandate: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Text = (...examples: string[]) => Type.Optional(Type.String({ maxLength: 500, examples }));
const Sum = Type.String({ examples: ['10.00'] });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const Proposed = { proposal_id: Type.Integer(), document_hash: Type.String() };

export function accountRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/bank-accounts/changes', {
    schema: {
      tags: ['bank'], summary: 'Propose to open, change or close a bank account', security, headers: KeyHeader, params: Path,
      description: 'Signed under the rule for changing rules. The document holds the last four digits of the number and a salted hash.',
      body: Type.Object({
        change: Type.String({ maxLength: 20, examples: ['open'], description: 'open, change or close' }), account: Text('100202'), name_zh: Text('改造专户'),
        name_en: Text('Renovation account'), bank_name: Text('中国农业银行简阳支行'), account_number: Text('6228480402564891234'),
        opened_on: Text('2026-11-05'), closed_on: Text('2026-12-31'), reason: Type.String({ maxLength: 2_000 }), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ ...Proposed, account: Type.String() }) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeAccountChange(house, { estate, actor, key: callersKey(request), ...request.body }));
  });

  app.post('/api/v1/estates/:estate/bank-accounts/:account/number', {
    schema: {
      tags: ['bank'], summary: 'Enter the whole number of an account that has four digits only', security, params: AccountPath,
      body: Type.Object({ account_number: Type.String({ maxLength: 100 }) }, { additionalProperties: false }), response: { 204: Type.Null() },
    },
  }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'propose');
    await inEstate(house.db.app, estate_id, async (trx) => {
      await onboardingOf(trx, estate_id, request.params.account);
      await enterNumber(trx, { estate_id, account: request.params.account, typed: request.body.account_number });
    });
    return reply.code(204).send(null);
  });

  onboardingRoutes(instance, house);
  mandateRoutes(instance, house);
}

function onboardingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Item = Type.Object({
    item: Type.String(), group: Type.String(), label_zh: Type.String(), label_en: Type.String(), state: Type.String(), by_itself: Type.Boolean(), note: Type.String(),
    holder: Nullable, holder_name: Nullable, holder_body: Nullable, serial_last4: Nullable, sha256: Nullable, noted_by: Nullable, body: Nullable, noted_at: Nullable,
  });

  app.get('/api/v1/estates/:estate/bank-accounts/:account/onboarding', {
    schema: {
      tags: ['bank'], summary: 'What was done at the bank for an account, and what is left', security, params: AccountPath,
      response: { 200: Type.Object({ items: Type.Array(Item), keys: Nullable }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_officers');
    const { items, keys } = await inEstate(house.db.app, estate_id, (trx) => onboardingOf(trx, estate_id, request.params.account), { readOnly: true });
    return { keys, items: items.map((row) => ({ ...row, label_zh: itemTexts[row.item].label.zh, label_en: itemTexts[row.item].label.en })) };
  });

  app.post('/api/v1/estates/:estate/bank-accounts/:account/onboarding', {
    schema: {
      tags: ['bank'], summary: 'Note how an item of the list stands', security, headers: KeyHeader, params: AccountPath,
      body: Type.Object({
        item: Type.String({ maxLength: 40, examples: ['key_maker'] }), state: Type.String({ maxLength: 20, examples: ['done'] }), note: Text(),
        holder_term: Type.Optional(Type.Integer()), serial_last4: Text('8F21'), voucher: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ seq: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await noteItem(house, {
    estate: request.estate!, actor: request.actor, account: request.params.account, key: callersKey(request), ...request.body,
  })));
}

function mandateRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Row = Type.Object({
    mandate: Type.Integer(), bank_account: Type.String(), account: Type.String(), fund: Type.String(), purpose: Type.String(), cap_each: Sum, cap_month: Sum,
    valid_from: Type.String(), valid_to: Type.String(), ended_on: Nullable, month: Sum, taken: Sum, entries: Type.Integer(), state: Type.String(),
  });

  app.get('/api/v1/estates/:estate/mandates', {
    schema: { tags: ['bank'], summary: 'Standing mandates for bank fees, with what was taken', security, params: Path, response: { 200: Type.Object({ items: Type.Array(Row) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return { items: await inEstate(house.db.app, estate_id, async (trx) => mandates(trx, estate_id, await estateToday(trx, estate_id)), { readOnly: true }) };
  });

  app.post('/api/v1/estates/:estate/mandates', {
    schema: {
      tags: ['bank'], summary: 'Propose a standing mandate for bank fees', security, headers: KeyHeader, params: Path,
      description: 'Signed under the rule for changing rules. Fees within the limits are booked from the bank\'s line without an order.',
      body: Type.Object({
        bank_account: Type.String({ maxLength: 10, examples: ['1002'] }), account: Type.String({ maxLength: 10, examples: ['5119'] }), fund: Type.String({ maxLength: 60, examples: ['service'] }),
        purpose: Type.String({ maxLength: 500 }), cap_each: Type.String({ maxLength: 30, examples: ['50.00'] }), cap_month: Type.String({ maxLength: 30, examples: ['200.00'] }),
        valid_from: Type.String({ maxLength: 20, examples: ['2026-12-01'] }), valid_to: Type.String({ maxLength: 20, examples: ['2027-11-30'] }), resolution: Type.Optional(Resolution),
      }, { additionalProperties: false }),
      response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'propose');
    return reply.code(201).send(await proposeMandate(house, { estate, actor, key: callersKey(request), ...request.body }));
  });

  app.post('/api/v1/estates/:estate/mandates/:mandate/end', {
    schema: { tags: ['bank'], summary: 'End a mandate at once, for one body alone', security, params: MandatePath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await endMandate(house, { estate: request.estate!, actor: request.actor, mandate: Number(request.params.mandate) });
    return reply.code(204).send(null);
  });
}
