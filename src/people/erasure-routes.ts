// Erasing over the API: one text, a payee, oneself; what was erased; what is kept about oneself.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { erasePayee, eraseText, leave } from './erasure.ts';
import { erasureList } from './erasure-queries.ts';
import { tellingWait } from './limits.ts';
import { ownData } from './about-me.ts';
import { closeSession } from './session.ts';
import { demandBrowser } from './token.ts';

const exact = { additionalProperties: false } as const;
const tags = ['personal data'];
const security = [{ session: [] }, { token: [] }];
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) => Type.Union([type, Type.Null()]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const PayeePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['3'] }) });
const TextGround = Type.String({ maxLength: 20, description: 'request, error or law', examples: ['error'] });

const Row = Type.Object({
  seq: Type.Integer({ description: 'Record of the erasure.' }), recorded_at: Type.String(),
  what: Type.String({ description: 'value, identity or payee', examples: ['value'] }),
  ground: Type.String({ description: 'request, left, error or law' }),
  body: Nullable(Type.String({ description: 'Body whose officer erased it; null: the person asked for it, or a retention ended.' })),
  field: Nullable(Type.String({ examples: ['question'] })), of_seq: Nullable(Type.Integer()), number: Nullable(Type.Integer()),
  person_id: Nullable(Type.String()), kept_until: Nullable(Type.String()),
});

function estateRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/erasures', {
    schema: {
      tags, summary: 'What was erased under the Personal Information Protection Law, newest first', security, params: Path,
      querystring: Type.Object({
        cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })),
      }, exact),
      response: { 200: Type.Object({ items: Type.Array(Row), next_cursor: Nullable(Type.String()) }) },
    },
  }, (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    const { cursor, limit = '50' } = request.query;
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      const { items, next_cursor } = await erasureList(trx, estate, {
        cursor: cursor === undefined ? undefined : Number(cursor), limit: Math.min(Math.max(Number(limit), 1), 200),
      });
      return { items: items.map((row) => ({ ...row, recorded_at: isoInstant(row.recorded_at) })), next_cursor };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/erasures', {
    schema: {
      tags, summary: 'Erase the text of a question, an objection or a comment; the fact itself stays', security, params: Path,
      description: 'By whoever wrote it, or by manager, chair or members where it holds personal data of others.',
      body: Type.Object({
        seq: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, description: 'Record of the text', examples: [17] }), ground: TextGround,
      }, exact),
      response: { 200: Type.Object({ seq: Type.Integer(), field: Type.String(), number: Type.Integer() }) },
    },
  }, async (request) => {
    const { seq, ground } = request.body;
    const { field, number } = await eraseText(house, { estate: request.estate!, actor: request.actor, seq, ground });
    return { seq, field, number };
  });

  app.post('/api/v1/estates/:estate/payees/:id/erasure', {
    schema: {
      tags, summary: 'Erase name and account of a person who is paid: never paid, or after thirty years', security, params: PayeePath,
      body: Type.Object({ ground: TextGround }, exact), response: { 204: Type.Null() },
    },
  }, async (request, reply) => {
    await erasePayee(house, { estate: request.estate!, actor: request.actor, payee_id: Number(request.params.id), ground: request.body.ground });
    return reply.code(204).send(null);
  });
}

function ownRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/me/data', {
    schema: { tags, summary: 'Everything kept about me', response: { 200: Type.Object({}, { additionalProperties: true }) } },
  }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    reply.header('cache-control', 'no-store');
    return ownData(house, actor);
  });

  app.post('/api/v1/me/erasure', {
    schema: {
      tags, summary: 'Leave and erase what is kept about me; not while in office',
      body: Type.Object({
        password: Type.String({ maxLength: 1000, examples: ['my login password'] }),
        ground: Type.String({ maxLength: 20, description: 'left or request', examples: ['left'] }),
        texts: Type.Optional(Type.Boolean({ description: 'Also the texts of my questions, objections and comments', default: false })),
      }, exact),
      response: { 200: Type.Object({ kept_until: Nullable(Type.String({ description: 'Of whoever served: until when the name is kept.' })) }) },
    },
  }, async (request, reply) => {
    const actor = demandBrowser(request.actor);
    const { password, ground, texts = false } = request.body;
    const done = await tellingWait(reply, leave(house, actor, { password, ground, texts }));
    await closeSession(house, request, reply);
    return done;
  });
}

export function erasureRoutes(app: FastifyInstance, house: House): void {
  estateRoutes(app, house);
  ownRoutes(app, house);
}
