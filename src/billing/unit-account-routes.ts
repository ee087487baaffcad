// The statement of account of a dwelling over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { security } from '../approval/schemas.ts';
import type { House } from '../kernel/house.ts';
import { demandAccount } from './unit-account-page-routes.ts';

const Sum = Type.String({ examples: ['102.00'] });
const Day = Type.Union([Type.String({ examples: ['2026-10-01'] }), Type.Null()]);

export function unitAccountRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/api/v1/estates/:estate/bills/:unit/account', {
    schema: {
      tags: ['bills'], summary: 'Statement of account of one dwelling: debits are bills, credits receipts and reductions', security,
      params: Type.Object({ estate: Type.String({ examples: ['demo'] }), unit: Type.String({ maxLength: 40, examples: ['3-2-1002'] }) }),
      querystring: Type.Object({
        from: Type.Optional(Type.String({ maxLength: 20, examples: ['2026-01-01'] })), to: Type.Optional(Type.String({ maxLength: 20, examples: ['2026-12-31'] })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({
        unit: Type.String(), from: Day, to: Type.String(), since: Type.Union([Type.String(), Type.Null()], { description: 'First month shown to whoever came later; null: all' }),
        opening: Sum, debits: Sum, credits: Sum, closing: Type.String({ description: 'Above zero: owed; below: held for later bills', examples: ['-102.00'] }), deposits: Sum,
        rows: Type.Array(Type.Object({
          on: Type.String(), zh: Type.String(), en: Type.String(), debit: Type.String(), credit: Type.String(), balance: Sum,
          seq: Type.Union([Type.Integer(), Type.Null()], { description: 'Record of the entry' }),
        })),
      }) },
    },
  }, async (request) => (await demandAccount(house, request, request.params.unit, request.query)).account);
}
