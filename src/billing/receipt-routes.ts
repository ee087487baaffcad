// Receipts over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { security } from '../approval/schemas.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { askedReceipts, demandReceipt, ReceiptFilter, ReceiptPath } from './receipt-page-routes.ts';
import { receiptsOf } from './receipt-queries.ts';
import { sightOf } from './sight.ts';

const Nullable = Type.Union([Type.String(), Type.Null()]);
const Sum = Type.String({ examples: ['102.00'] });
const row = {
  number: Type.Integer(), seq: Type.Integer({ description: 'Entry in the journal' }), unit: Type.String({ examples: ['3-2-1002'] }), amount: Sum, entry_date: Type.String(),
  entry: Type.String({ examples: ['2026-11 收-003'] }), payer: Nullable, method: Nullable, void_seq: Type.Union([Type.Integer(), Type.Null()]), void_on: Nullable,
};
const Part = Type.Object({
  kind: Type.String({ description: 'bill: paid; ahead: kept for an item; held: for whatever is billed next; deposit; other' }),
  name: Type.Object({ zh: Type.String(), en: Type.String() }), period: Nullable, amount: Sum, bill_id: Type.Union([Type.Integer(), Type.Null()]), open: Nullable,
});

export function receiptRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/receipts', {
    schema: {
      tags: ['bills'], summary: 'Receipts, newest first; residents see those of their own dwelling', security, params: Type.Object({ estate: Type.String({ examples: ['demo'] }) }),
      querystring: Type.Object({ ...ReceiptFilter.properties, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500 })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(row)), next_cursor: Nullable }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { limit = 100, ...filter } = request.query;
    return inEstate(house.db.app, estate_id, async (trx) => receiptsOf(trx, estate_id, { ...askedReceipts(filter), sight: await sightOf(trx, { estate_id, actor }), limit }), { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/receipts/:number', {
    schema: { tags: ['bills'], summary: 'One receipt with what its money paid', security, params: ReceiptPath, response: { 200: Type.Object({ ...row, parts: Type.Array(Part) }) } },
  }, (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, (trx) => demandReceipt(trx, { estate_id, actor, typed: request.params.number }), { readOnly: true });
  });
}
