// Questions over the API: list, read, ask, answer.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { Erased } from '../evidence/personal-schema.ts';
import { estateToday } from '../evidence/records.ts';
import { answerInquiry, ask } from './inquiry.ts';
import { inquiryList, readInquiry } from './queries.ts';
import { refusals } from './refusals.ts';

const State = Type.Union([Type.Literal('waiting'), Type.Literal('late'), Type.Literal('answered')], { examples: ['waiting'] });
const Row = {
  inquiry_id: Type.Integer(),
  alias: Type.String({ description: 'Stands for the asker in this question only.', examples: ['3F2A'] }),
  about_seq: Type.Union([Type.Integer(), Type.Null()]),
  about_number: Type.Union([Type.String(), Type.Null()]),
  about_description: Type.Union([Type.String(), Type.Null()]),
  question: Type.Union([Type.String(), Type.Null()], { description: 'Null where the text was erased.' }),
  erased: Erased,
  seq: Type.Integer({ description: 'Record of the question.' }),
  asked_at: Type.String(),
  due_on: Type.String(),
  state: State,
  answered_late: Type.Boolean(),
  answers: Type.Integer(),
  mine: Type.Boolean(),
};
const Answer = Type.Object({
  answer_id: Type.Integer(), answer: Type.String(), body: Type.String(), body_zh: Type.String(),
  body_en: Type.String(), answered_at: Type.String(),
});
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['3'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });

/** Estate and person of a request; the key of the caller, made the person's own. */
function asking(request: FastifyRequest): { estate: Estate; actor: Actor; key: string | null } {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'read_books');
  const key = callersKey(request);
  return { estate, actor, key: key === null ? null : `${actor.person_id}:${key}` };
}

export function inquiryRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/inquiries', {
    schema: {
      tags: ['inquiries'], summary: 'Questions of owners, newest first', params: Path,
      querystring: Type.Object({
        state: Type.Optional(State), mine: Type.Optional(Type.Literal('true')),
        about: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$', description: 'Record number of a journal entry' })),
        limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] })),
        cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
      }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(Row)), next_cursor: Type.Union([Type.String(), Type.Null()]) }) },
    },
  }, async (request) => {
    const { estate, actor } = asking(request);
    const { state, mine, about, limit = '50', cursor } = request.query;
    return inEstate(house.db.app, estate.estate_id, async (trx) => inquiryList(trx, estate.estate_id, {
      today: await estateToday(trx, estate.estate_id), person_id: actor.person_id,
      state, mine: mine === 'true', about: about === undefined ? undefined : Number(about),
      limit: Math.min(Math.max(Number(limit), 1), 200), cursor: cursor === undefined ? undefined : Number(cursor),
    }), { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/inquiries/:id', {
    schema: {
      tags: ['inquiries'], summary: 'One question with its answers', params: OnePath,
      response: { 200: Type.Object({ ...Row, answer_list: Type.Array(Answer) }) },
    },
  }, async (request) => {
    const { estate, actor } = asking(request);
    const inquiry_id = Number(request.params.id);
    const found = await inEstate(house.db.app, estate.estate_id, async (trx) => readInquiry(trx, estate.estate_id, inquiry_id,
      { today: await estateToday(trx, estate.estate_id), person_id: actor.person_id }), { readOnly: true });
    if (found === null) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    return found;
  });

  app.post('/api/v1/estates/:estate/inquiries', {
    schema: {
      tags: ['inquiries'], summary: 'Ask about an entry, or in general', params: Path, headers: Key,
      body: Type.Object({
        question: Type.String({ maxLength: 20_000, examples: ['10月的公共电费为什么比9月多一倍？'] }),
        about: Type.Optional(Type.Union([Type.Integer({ minimum: 1, maximum: 999_999_999_999, examples: [41] }), Type.Null()])),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ inquiry_id: Type.Integer(), due_on: Type.String({ examples: ['2026-11-20'] }) }) },
    },
  }, async (request, reply) => {
    const { question, about = null } = request.body;
    return reply.code(201).send(await ask(house, { ...asking(request), about_seq: about, question }));
  });

  app.post('/api/v1/estates/:estate/inquiries/:id/answers', {
    schema: {
      tags: ['inquiries'], summary: 'Answer a question in the name of one\'s body', params: OnePath, headers: Key,
      body: Type.Object({
        answer: Type.String({ maxLength: 20_000, examples: ['10月更换了两台水泵，附验收单。'] }),
      }, { additionalProperties: false }),
      response: { 201: Type.Object({ answer_id: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const inquiry_id = Number(request.params.id);
    return reply.code(201).send(await answerInquiry(house, { ...asking(request), inquiry_id, answer: request.body.answer }));
  });
}
