// Deposits over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { depositMethods, proposeDeduction, takeDeposit } from './deposit.ts';
import { depositKinds, depositMoves, depositsByUnit, depositTotals, seenFrom } from './deposit-queries.ts';
import { refuseForeign } from './sight.ts';

const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const UnitPath = Type.Object({ ...Path.properties, unit: Type.String({ maxLength: 40, examples: ['3-2-1002'] }) });
const KeyHeader = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Sum = Type.String({ maxLength: 60, description: 'Yuan as decimal text', examples: ['2000.00'] });
const security = [{ session: [] }, { token: [] }];

export function depositRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/deposits', {
    schema: {
      tags: ['deposits'], summary: 'Deposits held, dwelling by dwelling', security, params: Path,
      response: { 200: Type.Object({
        held: Text, unnamed: Type.String({ description: 'Of it for no dwelling: from before these books' }),
        items: Type.Array(Type.Object({ unit: Text, taken: Text, given_back: Text, held: Text, underway: Text, since: Nullable(Text) })),
      }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => ({
      ...await depositTotals(trx, estate_id), items: (await depositsByUnit(trx, estate_id)).map(({ ref: _ref, ...row }) => row),
    }), { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/deposits/:unit', {
    schema: {
      tags: ['deposits'], summary: 'What moved in the deposits of one dwelling', security, params: UnitPath,
      response: { 200: Type.Object({ held: Text, items: Type.Array(Type.Object({
        seq: Type.Integer(), number: Text, entry_date: Text, description: Text, kind: Nullable(Text), taken: Text, given_back: Text, held: Text,
        receipt: Nullable(Type.Integer()), reversed: Type.Boolean(),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { unit } = request.params;
    return inEstate(house.db.app, estate_id, async (trx) => {
      await refuseForeign(trx, { estate_id, actor, unit });
      const items = await depositMoves(trx, estate_id, { unit, from: await seenFrom(trx, { estate_id, actor, unit }) });
      return { held: items.at(-1)?.held ?? '0.00', items };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/deposits', {
    schema: {
      tags: ['deposits'], summary: 'Take a deposit: booked, with a numbered receipt', security, headers: KeyHeader, params: Path,
      body: Type.Object({
        unit: Type.String({ maxLength: 60, examples: ['3-2-1002'] }), kind: Type.Enum([...depositKinds], { examples: ['renovation'] }), amount: Sum,
        method: Type.Enum([...depositMethods], { examples: ['bank'] }), bank_account: Type.Optional(Type.String({ maxLength: 20, examples: ['1002'] })),
        payer: Type.Optional(Type.String({ maxLength: 200, description: 'Personal data: kept beside the books, erasable' })),
        paid_on: Type.Optional(Type.String({ maxLength: 40, examples: ['2026-10-05'] })),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ seq: Type.Integer(), number: Text, receipt: Type.Integer(), unit: Text }) },
    },
  }, async (request, reply) => reply.code(201).send(await takeDeposit(house, { estate: request.estate!, actor: request.actor, typed: request.body, key: callersKey(request) })));

  app.post('/api/v1/estates/:estate/deposits/:unit/deductions', {
    schema: {
      tags: ['deposits'], summary: 'Propose to keep part of a deposit back', security, headers: KeyHeader, params: UnitPath,
      description: 'Draws up a transfer that both keys sign: out of the deposit, into the service fund as other income. A return is a refund: POST …/payment-orders with `kind: "refund"`, `account: "2241"`, `fund: "deposit"` and `unit`.',
      body: Type.Object({
        amount: Sum, reason: Type.String({ maxLength: 2000, examples: ['修复装修时撞坏的电梯门'] }),
        vouchers: Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 50, description: 'SHA-256 of the evidence' }),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ proposal_id: Type.Integer(), document_hash: Text }) },
    },
  }, async (request, reply) => reply.code(201).send(await proposeDeduction(house, {
    estate: request.estate!, actor: request.actor, typed: { unit: request.params.unit, ...request.body }, key: callersKey(request),
  })));
}
