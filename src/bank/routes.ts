// Bank balances over the API: hand in what the bank says, list it beside the books.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { stateBankBalance } from './balance.ts';
import { BALANCE_CURSOR, bankAccounts, bankBalances } from './queries.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Account = Type.String({ pattern: '^[0-9]{4,6}$', examples: ['1002'] });
const Sum = Type.String({ examples: ['145644.48'] });
const Row = Type.Object({
  seq: Type.Integer(), account: Type.String(), as_of: Type.String(), balance: Sum, book_balance: Sum, difference: Sum,
  sha256: Type.String(), file_name: Type.String(), stated_at: Type.String(),
  counts: Type.Boolean({ description: 'False when a later statement for the same day took its place.' }),
  origin: Type.Enum(['file', 'paper'], { description: 'file: by a statement file that was taken. paper: typed from a statement.' }),
});

export function bankRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/bank-accounts', {
    schema: {
      tags: ['bank'], summary: 'Jointly controlled bank accounts', params: Path,
      response: {
        200: Type.Object({
          items: Type.Array(Type.Object({
            account: Type.String(), name_zh: Type.String(), name_en: Type.String(), bank_name: Type.String(),
            account_last4: Type.String(),
          })),
        }),
      },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return { items: await inEstate(house.db.app, estate_id, (trx) => bankAccounts(trx, estate_id), { readOnly: true }) };
  });

  app.get('/api/v1/estates/:estate/bank-balances', {
    schema: {
      tags: ['bank'], summary: 'Balances by the bank\'s own statements, each beside the books of that day', params: Path,
      querystring: Type.Object({
        account: Type.Optional(Account), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
        cursor: Type.Optional(Type.String({ pattern: BALANCE_CURSOR })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Row), next_cursor: Type.Union([Type.String(), Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { account, limit = '50', cursor } = request.query;
    return inEstate(house.db.app, estate_id, (trx) => bankBalances(trx, estate_id, {
      in_full: may(actor, estate_id, 'read_officers'), account, limit: Math.min(Math.max(Number(limit), 1), 200), cursor,
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/bank-balances', {
    schema: {
      tags: ['bank'], summary: 'Hand in a closing balance with the bank\'s statement', params: Path, headers: Key,
      body: Type.Object({
        account: Account,
        as_of: Type.String({ maxLength: 40, examples: ['2026-10-31'] }),
        balance: Type.String({ maxLength: 40, examples: ['145644.48'] }),
        voucher: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the statement, uploaded as a voucher before' }),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ seq: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'state_bank_balance');
    const key = callersKey(request);
    const { voucher, ...stated } = request.body;
    return reply.code(201).send(await stateBankBalance(house, {
      estate, actor, ...stated, sha256: voucher, key: key === null ? null : `${actor.person_id}:${key}`,
    }));
  });
}
