// Reminders over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, security } from '../approval/schemas.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { makeReminders } from './reminder.ts';
import { overOf } from './reminder-page-routes.ts';
import { batchesOf } from './reminder-queries.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });

export function reminderRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/reminders', {
    schema: {
      tags: ['bills'], summary: 'Batches of reminders, newest first, for officers who may read households', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        seq: Type.Integer(), kind: Type.String({ examples: ['reminder'] }), made_on: Type.String(), pay_by: Type.String(), count: Type.Integer(), amount: Type.String({ examples: ['612.00'] }),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return { items: await inEstate(house.db.app, estate_id, (trx) => batchesOf(trx, estate_id), { readOnly: true }) };
  });

  app.post('/api/v1/estates/:estate/reminders', {
    schema: {
      tags: ['bills'], summary: 'Make a letter for each dwelling with something overdue, and tell its residents; none within 15 days of another', security,
      headers: KeyHeader, params: Path,
      body: Type.Object({
        kind: Type.String({ maxLength: 20, examples: ['reminder'], description: 'reminder or demand' }),
        pay_by: Type.Optional(Type.String({ maxLength: 20, description: 'Last day to pay; absent: in 15 days, for a demand in 30' })),
        over: Type.Optional(Type.String({ maxLength: 5, description: 'Overdue for more than 30, 90 or 365 days' })),
        building: Type.Optional(Type.String({ maxLength: 40 })), skip: Type.Optional(Type.String({ maxLength: 20_000, description: 'Dwellings to leave out' })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ seq: Type.Integer(), count: Type.Integer() }) },
    },
  }, (request) => {
    const { kind, pay_by = '', over = '', building = '', skip = '' } = request.body;
    return makeReminders(house, { estate: request.estate!, actor: request.actor, kind, pay_by, over: overOf(over), building, skip, key: callersKey(request) });
  });
}
