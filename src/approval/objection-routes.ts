// Comments, objections, answers and announcements over the API.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type TSchema } from 'typebox';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { Erased } from '../evidence/personal-schema.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { answerObjection, comment, object } from './objection.ts';
import { announcements, objectionsOf, type Announcement, type ObjectionRow } from './objection-queries.ts';
import { readableProposal } from './view.ts';

const Text = Type.String();
const Nullable = <T extends TSchema>(type: T) => Type.Union([type, Type.Null()]);
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,12}$', examples: ['17'] }) });
const ObjectionPath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['3'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const said = (example: string) =>
  Type.Object({ text: Type.String({ maxLength: 20_000, examples: [example] }) }, { additionalProperties: false });
const security = [{ session: [] }, { token: [] }];

const Answer = Type.Object({ answer: Text, body: Text, body_zh: Text, body_en: Text, answered_at: Text });
const Objection = Type.Object({
  objection_id: Type.Integer(), proposal_id: Type.Integer(),
  body: Type.Union([Text, Type.Null()], { description: 'Body of the objector; null for an owner, who is not named' }),
  body_zh: Nullable(Text), body_en: Nullable(Text), seq: Type.Integer({ description: 'Record of the objection' }),
  objection: Type.Union([Text, Type.Null()], { description: 'Null where the text was erased' }), erased: Erased, objected_at: Text, mine: Type.Boolean(), answer: Nullable(Answer),
});
const Announced = Type.Object({
  proposal_id: Type.Integer(), kind: Text, state: Text, class: Text, title: Text, amount: Nullable(Text), fund: Nullable(Text),
  fund_zh: Nullable(Text), fund_en: Nullable(Text), submitted_on: Text,
  payable_from: Type.String({ description: 'First day it may be carried out' }),
  runs: Type.Boolean({ description: 'True while owners may object' }), objections: Type.Integer(), unanswered: Type.Integer(),
});

interface Asked { estate: Estate; actor: Actor | null; id: number; key: string | null }
const asked = (request: FastifyRequest): Asked => ({
  estate: request.estate!, actor: request.actor, id: Number((request.params as { id?: string }).id ?? 0), key: callersKey(request),
});

const objectionJson = ({ answer, objected_at, ...row }: ObjectionRow) => ({
  ...row, objected_at: objected_at.toISOString(),
  answer: answer === null ? null : { ...answer, answered_at: answer.answered_at.toISOString() },
});

export function objectionRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/proposals/:id/comments', {
    schema: {
      tags: ['proposals'], summary: 'Comment on a proposal; stands among what happened', security, params: OnePath, headers: Key,
      body: said('验收单第二页看不清，请补一张。'), response: { 201: Type.Object({ proposal_id: Type.Integer(), seq: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const { estate, actor, id: proposal_id, key } = asked(request);
    const { seq } = await inEstate(house.db.app, estate.estate_id, (trx) =>
      comment(trx, { estate, actor, proposal_id, text: request.body.text, key }), { retryable: true });
    return reply.code(201).send({ proposal_id, seq });
  });

  app.post('/api/v1/estates/:estate/proposals/:id/objections', {
    schema: {
      tags: ['proposals'], summary: 'Object in writing: nothing is carried out until somebody answers', security, params: OnePath,
      headers: Key, body: said('报价比去年高一倍，请说明。'), response: { 201: Type.Object({ objection_id: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const { estate, actor, id: proposal_id, key } = asked(request);
    return reply.code(201).send(await inEstate(house.db.app, estate.estate_id, (trx) =>
      object(trx, { estate, actor, proposal_id, text: request.body.text, key }), { retryable: true }));
  });

  app.get('/api/v1/estates/:estate/proposals/:id/objections', {
    schema: {
      tags: ['proposals'], summary: 'Objections to a proposal, with their answers', security, params: OnePath,
      response: { 200: Type.Object({ items: Type.Array(Objection) }) },
    },
  }, (request) => {
    const { estate, actor, id: proposal_id } = asked(request);
    const { person_id } = demand(actor, estate.estate_id, 'read_books');
    return inEstate(house.db.app, estate.estate_id, async (trx) => {
      await readableProposal(trx, { estate, actor, proposal_id });
      return { items: (await objectionsOf(trx, estate.estate_id, [proposal_id], person_id)).map(objectionJson) };
    }, { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/objections/:id/answer', {
    schema: {
      tags: ['proposals'], summary: 'Answer an objection in the name of one\'s body', security, params: ObjectionPath, headers: Key,
      body: said('今年多换了两台水泵，附报价对比。'),
      response: { 201: Type.Object({ objection_id: Type.Integer(), proposal_id: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const { estate, actor, id: objection_id, key } = asked(request);
    return reply.code(201).send(await inEstate(house.db.app, estate.estate_id, (trx) =>
      answerObjection(trx, { estate, actor, objection_id, text: request.body.text, key }), { retryable: true }));
  });

  app.get('/api/v1/estates/:estate/announcements', {
    schema: {
      tags: ['proposals'], summary: 'What is announced before it is carried out, and what was lately', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Announced), ended: Type.Array(Announced) }) },
    },
  }, (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const found = await announcements(trx, estate_id, { ended: 20 });
      return { items: found.open.map((row: Announcement) => ({ ...row })), ended: found.ended.map((row) => ({ ...row })) };
    }, { readOnly: true });
  });
}
