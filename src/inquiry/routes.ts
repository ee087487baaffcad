// Questions over the API: list, read, ask, answer, extend, rate, hide; and the answer clock. Lists: list-routes.ts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { DATE_PATTERN } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { Erased } from '../evidence/personal-schema.ts';
import { estateToday } from '../evidence/records.ts';
import { extendAnswer, readClock, setClock } from './clock.ts';
import { answerInquiry, ask, showName } from './inquiry.ts';
import { appealHiding, decideHiding, hideText } from './moderation.ts';
import { inquiryList, readInquiry } from './queries.ts';
import { rateAnswer } from './rating.ts';
import { refusals } from './refusals.ts';
import { readSubject, subjectKinds } from './subject.ts';

const oneOf = <T extends string>(...names: readonly T[]) => Type.Union(names.map((name) => Type.Literal(name)), { examples: [names[0]!] });
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const State = oneOf('waiting', 'late', 'very_late', 'answered');
const Category = oneOf('question', 'need', 'problem', 'project');
const RatingWord = oneOf('satisfied', 'partly', 'not');
const Subject = Type.String({ pattern: '^[a-z]{1,10}:[0-9a-z_:]{1,60}$', description: 'entry:41, proposal:12, budget:2026:service:5102, project:7 or bill:33', examples: ['proposal:12'] });
const Row = {
  inquiry_id: Type.Integer(),
  category: Category,
  alias: Type.String({ description: 'Stands for the asker in this question only.', examples: ['3F2A'] }),
  name: OrNull(Type.String({ description: 'The asker, while they agree to be named.' })),
  about_kind: OrNull(oneOf(...subjectKinds)),
  about_id: OrNull(Type.String({ description: 'Of a bill only for whoever asked.' })),
  about_seq: OrNull(Type.Integer()),
  about_number: OrNull(Type.String()),
  about_description: OrNull(Type.String()),
  question: Type.Union([Type.String(), Type.Null()], { description: 'Null where the text was erased or hidden.' }),
  erased: Erased,
  hidden: Type.Boolean(),
  seq: Type.Integer({ description: 'Record of the question.' }),
  asked_at: Type.String(),
  due_on: Type.String({ description: 'Of the round it is in.' }),
  state: State,
  days_late: Type.Integer(),
  round: Type.Integer({ description: '2 after an answer that did not satisfy.' }),
  extended: Type.Boolean(),
  answered_late: Type.Boolean(),
  rating: OrNull(RatingWord),
  answers: Type.Integer(),
  item_id: OrNull(Type.Integer({ description: 'Item of the three lists.' })),
  mine: Type.Boolean(),
};
const Rating = Type.Object({
  rating_id: Type.Integer(), side: oneOf('asker', 'committee', 'supervisor'), rating: RatingWord, reason: OrNull(Type.String()), has_reason: Type.Boolean(), erased: Erased, hidden: Type.Boolean(),
  mine: Type.Boolean(), rated_at: Type.String(), seq: Type.Integer(),
});
const Answer = Type.Object({
  answer_id: Type.Integer(), answer: Type.String(), body: Type.String(), body_zh: Type.String(), body_en: Type.String(), answered_at: Type.String(),
  vouchers: Type.Array(Type.Object({ sha256: Type.String(), file_name: Type.String(), media_type: Type.String(), size: Type.Integer() })), ratings: Type.Array(Rating),
});
const Detail = Type.Object({
  ...Row, answer_list: Type.Array(Answer), days: Type.Integer(), first_due: Type.String(),
  extension: OrNull(Type.Object({ due_before: Type.String(), due_on: Type.String(), reason: Type.String(), extended_at: Type.String(), body_zh: Type.String(), body_en: Type.String() })),
  reopening: OrNull(Type.Object({ reopened_at: Type.String(), due_on: Type.String() })),
  escalations: Type.Array(Type.Object({ round: Type.Integer(), step: Type.Integer(), days_late: Type.Integer(), escalated_at: Type.String(),
    bodies: Type.Array(Type.Object({ zh: Type.String(), en: Type.String() })) })),
});
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[0-9]{1,9}$', examples: ['3'] }) });
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Long = (example: string) => Type.String({ maxLength: 20_000, examples: [example] });
const Seq = Type.Integer({ minimum: 1, maximum: 999_999_999_999, examples: [41] });
const strict = { additionalProperties: false } as const;
const Clock = {
  answer_days: Type.Integer({ minimum: 1, maximum: 60, examples: [7] }), due_on_workday: Type.Boolean({ examples: [true] }), escalate_days: Type.Integer({ minimum: 1, maximum: 60, examples: [7] }),
  holidays: Type.Array(Type.Object({ day: Type.String({ pattern: DATE_PATTERN, examples: ['2026-10-01'] }), works: Type.Boolean({ description: 'A weekend that is worked.', examples: [false] }) }, strict), { maxItems: 400 }),
};

/** Estate and person of a request; the key of the caller, made the person's own. */
function asking(request: FastifyRequest): { estate: Estate; actor: Actor; key: string | null } {
  const estate = request.estate!;
  const actor = demand(request.actor, estate.estate_id, 'read_books');
  const key = callersKey(request);
  return { estate, actor, key: key === null ? null : `${actor.person_id}:${key}` };
}
const idOf = (request: { params: { id: string } }): number => Number(request.params.id);

export function inquiryRoutes(instance: FastifyInstance, house: House): void {
  questionRoutes(instance, house);
  stepRoutes(instance, house);
  clockRoutes(instance, house);
}

function questionRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/inquiries', {
    schema: {
      tags: ['inquiries'], summary: 'Questions of owners, newest first; state=late takes in what is very late', params: Path,
      querystring: Type.Object({
        state: Type.Optional(State), category: Type.Optional(Category), mine: Type.Optional(Type.Literal('true')),
        about: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$', description: 'Record number of a journal entry' })), subject: Type.Optional(Subject),
        limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$', examples: ['50'] })),
        cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,9}$' })),
      }, strict),
      response: { 200: Type.Object({ items: Type.Array(Type.Object(Row)), next_cursor: OrNull(Type.String()) }) },
    },
  }, async (request) => {
    const { estate, actor } = asking(request);
    const { state, category, mine, about, subject: typed, limit = '50', cursor } = request.query;
    const subject = typed === undefined ? undefined : readSubject(typed);
    // Who asked about whose bill is nobody's to find out.
    if (subject === null || subject?.kind === 'bill') throw refusals.subject_unknown({}, 'subject');
    return inEstate(house.db.app, estate.estate_id, async (trx) => inquiryList(trx, estate.estate_id, {
      today: await estateToday(trx, estate.estate_id), person_id: actor.person_id,
      state, category, mine: mine === 'true', subject, about: about === undefined ? undefined : Number(about),
      limit: Math.min(Math.max(Number(limit), 1), 200), cursor: cursor === undefined ? undefined : Number(cursor),
    }), { readOnly: true }) as never;
  });

  app.get('/api/v1/estates/:estate/inquiries/:id', {
    schema: { tags: ['inquiries'], summary: 'One question: its clock, its answers, what is thought of them', params: OnePath, response: { 200: Detail } },
  }, async (request) => {
    const { estate, actor } = asking(request);
    const found = await inEstate(house.db.app, estate.estate_id, async (trx) => readInquiry(trx, estate.estate_id, idOf(request),
      { today: await estateToday(trx, estate.estate_id), person_id: actor.person_id }), { readOnly: true });
    if (found === null) throw refusals.inquiry_unknown({ inquiry: idOf(request) });
    return found as never;
  });

  app.post('/api/v1/estates/:estate/inquiries', {
    schema: {
      tags: ['inquiries'], summary: 'Ask about an entry, a proposal, a budget line, a project, a bill of one\'s own, or in general', params: Path, headers: Key,
      body: Type.Object({
        question: Long('10月的公共电费为什么比9月多一倍？'), about: Type.Optional(OrNull(Seq)), subject: Type.Optional(OrNull(Subject)), category: Type.Optional(Category),
        show_name: Type.Optional(Type.Boolean({ description: 'Whether the asker agrees to be named; may be taken back.' })),
      }, strict),
      response: { 201: Type.Object({ inquiry_id: Type.Integer(), due_on: Type.String({ examples: ['2026-11-20'] }) }) },
    },
  }, async (request, reply) => {
    const { about = null, ...body } = request.body;
    return reply.code(201).send(await ask(house, { ...asking(request), ...body, about_seq: about }));
  });

  app.post('/api/v1/estates/:estate/inquiries/:id/answers', {
    schema: {
      tags: ['inquiries'], summary: 'Answer a question in the name of one\'s body', params: OnePath, headers: Key,
      body: Type.Object({
        answer: Long('10月更换了两台水泵，附验收单。'),
        vouchers: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9a-f]{64}$' }), { maxItems: 10, description: 'Vouchers handed in for owners.' })),
      }, strict),
      response: { 201: Type.Object({ answer_id: Type.Integer() }) },
    },
  }, async (request, reply) =>
    reply.code(201).send(await answerInquiry(house, { ...asking(request), inquiry_id: idOf(request), ...request.body })));
}

function stepRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const step = <const B extends Parameters<typeof Type.Object>[0], const R extends Parameters<typeof Type.Object>[0]>(summary: string, body: B, answer: R) =>
    ({ tags: ['inquiries'], summary, params: OnePath, headers: Key, body: Type.Object(body, strict), response: { 201: Type.Object(answer) } });

  app.post('/api/v1/estates/:estate/inquiries/:id/extension', {
    schema: step('Take more time for an answer, once, before its day is over', { days: Type.Integer({ minimum: 1, maximum: 60, examples: [3] }), reason: Long('等施工单位出具检测报告') }, { due_on: Type.String() }),
  }, async (request, reply) => reply.code(201).send(await extendAnswer(house, { ...asking(request), inquiry_id: idOf(request), ...request.body })));

  app.post('/api/v1/estates/:estate/inquiries/:id/ratings', {
    schema: step('Rate the latest answer; "not" reopens the question once', { rating: RatingWord, reason: Type.Optional(Long('没有说清单价')) },
      { rating_id: Type.Integer(), seq: Type.Integer(), reopened: Type.Boolean() }),
  }, async (request, reply) => reply.code(201).send(await rateAnswer(house, { ...asking(request), inquiry_id: idOf(request), ...request.body })));

  app.post('/api/v1/estates/:estate/inquiries/:id/name', {
    schema: step('Agree to be named beside one\'s question, or take that back', { shown: Type.Boolean({ examples: [false] }) }, { shown: Type.Boolean() }),
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    await showName(house, { estate, actor, inquiry_id: idOf(request), shown: request.body.shown });
    return reply.code(201).send({ shown: request.body.shown });
  });

  const Hidden = { step: Type.String({ description: 'hidden, appealed, upheld or restored', examples: ['hidden'] }) };
  app.post('/api/v1/estates/:estate/inquiries/:id/hiding', {
    schema: step('Hide a text, never that it is there: the question\'s, or the reason of a rating, by its record', { seq: Seq, reason: Long('指名骂人，与账目无关') }, Hidden),
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    await hideText(house, { estate, actor, inquiry_id: idOf(request), ...request.body });
    return reply.code(201).send({ step: 'hidden' });
  });

  app.post('/api/v1/estates/:estate/inquiries/:id/hiding/appeal', { schema: step('Appeal against the hiding of one\'s own text', { seq: Seq }, Hidden) }, async (request, reply) => {
    const { estate, actor } = asking(request);
    await appealHiding(house, { estate, actor, inquiry_id: idOf(request), seq: request.body.seq });
    return reply.code(201).send({ step: 'appealed' });
  });

  app.post('/api/v1/estates/:estate/inquiries/:id/hiding/decision', {
    schema: step('Decide about a hidden text, for good', { seq: Seq, decision: oneOf('upheld', 'restored'), reason: Long('没有骂人，只是语气重') }, Hidden),
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    await decideHiding(house, { estate, actor, inquiry_id: idOf(request), ...request.body });
    return reply.code(201).send({ step: request.body.decision });
  });
}

function clockRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = (estate: Estate) => inEstate(house.db.app, estate.estate_id, (trx) => readClock(trx, estate), { readOnly: true });
  const Read = Type.Object({ ...Clock, changed_seq: OrNull(Type.Integer({ description: 'Record of the latest change.' })) });

  app.get('/api/v1/estates/:estate/answer-clock', {
    schema: { tags: ['inquiries'], summary: 'Days for an answer, holidays, escalation', params: Path, response: { 200: Read } },
  }, async (request) => read(asking(request).estate));

  app.put('/api/v1/estates/:estate/answer-clock', {
    schema: { tags: ['inquiries'], summary: 'Set the clock, for questions asked from now on', params: Path, body: Type.Object(Clock, strict), response: { 200: Read } },
  }, async (request) => {
    const { estate, actor } = asking(request);
    await setClock(house, { estate, actor, setting: request.body });
    return read(estate);
  });
}
