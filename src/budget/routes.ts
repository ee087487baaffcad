// Budgets, drafts, comments and final accounts over the API.
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { KeyHeader, Resolution, security } from '../approval/schemas.ts';
import { estateToday } from '../evidence/records.ts';
import { Erased } from '../evidence/personal-schema.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { submitBudget } from './budget.ts';
import { answerComment, commentDraft, commentsOf } from './comment.ts';
import { beginDraft, changeLines, dropDraft, MOST_LINES, openDraft } from './draft.ts';
import { finalAccountOf, isClosed, proposeFinalAccount } from './final-account.ts';
import { budgetLines, draftLines, draftsOf, executionOf, inForce, overOrders, readDraft, versionsOf } from './queries.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const YearPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), year: Type.String({ pattern: '^2[0-9]{3}$', examples: ['2026'] }) });
const DraftPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), draft: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const CommentPath = Type.Object({ estate: Type.String({ examples: ['demo'] }), comment: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Sum = Type.String({ examples: ['18000.00'] });
const Nullable = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Integer(), Type.Null()]);
const Proposed = { proposal_id: Type.Integer(), document_hash: Type.String() };
const Version = Type.Object({
  proposal_id: Type.Integer(), year: Type.Integer(), version: Type.Integer(), adjusts: NullableNumber, reason: Nullable, rate: Nullable, published_on: Type.String(), income: Sum, expense: Sum,
});
const Line = Type.Object({ fund: Type.String(), account: Type.String(), class: Type.String(), amount: Sum, note: Type.String() });
const Row = Type.Object({
  fund: Type.String(), account: Type.String(), class: Type.String(), budget: Nullable, actual: Sum, committed: Sum, asked: Sum, remaining: Nullable, percent: Nullable,
});
const DraftShape = {
  draft: Type.Integer(), year: Type.Integer(), state: Type.String({ description: 'editing, commenting, settling, signing, published or dropped' }), adjusts: NullableNumber, reason: Nullable,
  rate: Nullable, comment_from: Nullable, comment_until: Nullable, comments: Type.Integer(), answered: Type.Integer(), proposal_id: NullableNumber,
};
const Comment = Type.Object({
  comment_id: Type.Integer(), alias: Type.String({ description: 'Stands for the author in this comment only.' }), fund: Nullable, account: Nullable, comment: Nullable, erased: Erased,
  commented_at: Type.String(), mine: Type.Boolean(), answers: Type.Array(Type.Object({ answer: Type.String(), body_zh: Type.String(), body_en: Type.String(), answered_at: Type.String() })),
});

type Draft = Awaited<ReturnType<typeof draftsOf>>[number];
const draftJson = ({ draft_id, year, state, adjusts, reason, rate, comment_from, comment_until, comments, answered, proposal_id }: Draft) =>
  ({ draft: draft_id, year, state, adjusts, reason, rate, comment_from, comment_until, comments, answered, proposal_id });

export function budgetRoutes(app: FastifyInstance, house: House): void {
  budgetReads(app, house);
  draftRoutes(app, house);
  commentRoutes(app, house);
  finalAccountRoutes(app, house);
}

function budgetReads(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/budgets', {
    schema: { tags: ['budgets'], summary: 'Published budgets with their adjustments, newest first', security, params: Path, response: { 200: Type.Object({ items: Type.Array(Version) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) => ({ items: await versionsOf(trx, estate_id) }), { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/budgets/:year', {
    schema: {
      tags: ['budgets'], summary: 'A year: budget in force, what it came to, committed and left, by fund and account', security, params: YearPath,
      description: 'budget is null where the year has none. committed: orders that are approved and unpaid; asked: orders being signed. Closing entries are left out.',
      response: { 200: Type.Object({ year: Type.Integer(), day: Type.String(), version: Type.Union([Version, Type.Null()]), lines: Type.Array(Line), rows: Type.Array(Row) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const year = Number(request.params.year);
    return inEstate(house.db.app, estate_id, async (trx) => {
      const [day, version] = [await estateToday(trx, estate_id), await inForce(trx, estate_id, year)];
      return { year, day, version, lines: version === null ? [] : await budgetLines(trx, estate_id, version.proposal_id), rows: await executionOf(trx, estate_id, year, day) };
    }, { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/over-budget-orders', {
    schema: {
      tags: ['budgets'], summary: 'Orders that were submitted beyond the budget, with their reasons', security, params: Path,
      querystring: Type.Object({ year: Type.Optional(Type.String({ pattern: '^2[0-9]{3}$' })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ items: Type.Array(Type.Object({
        order: Type.Integer(), submitted_on: Type.String(), title: Type.String(), amount: Sum, over: Sum, fund: Type.String(), account: Type.String(), reason: Nullable,
        why: Type.String({ description: 'reason, emergency or after_the_fact' }), state: Type.String(),
      })) }) },
    },
  }, async (request) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) =>
      ({ items: await overOrders(trx, estate_id, { year: Number(request.query.year ?? (await estateToday(trx, estate_id)).slice(0, 4)), limit: 1000 }) }), { readOnly: true });
  });
}

function draftRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/budget-drafts', {
    schema: { tags: ['budgets'], summary: 'Drafts: those that were opened to owners; of officers all', security, params: Path, response: { 200: Type.Object({ items: Type.Array(Type.Object(DraftShape)) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    return inEstate(house.db.app, estate_id, async (trx) =>
      ({ items: (await draftsOf(trx, estate_id, { all: may(actor, estate_id, 'read_officers') })).map(draftJson) }), { readOnly: true });
  });

  app.get('/api/v1/estates/:estate/budget-drafts/:draft', {
    schema: { tags: ['budgets'], summary: 'A draft with its lines and comments', security, params: DraftPath, response: { 200: Type.Object({ ...DraftShape, lines: Type.Array(Line), comment_list: Type.Array(Comment) }) } },
  }, async (request) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const draft = Number(request.params.draft);
    return inEstate(house.db.app, estate_id, async (trx) => ({
      ...draftJson(await readDraft(trx, estate_id, draft, { all: may(actor, estate_id, 'read_officers') })), lines: await draftLines(trx, estate_id, draft),
      comment_list: (await commentsOf(trx, estate_id, draft, actor.person_id)).map(({ said, seq: _seq, ...one }) => ({ ...one, comment: said.text, erased: said.erased })),
    }), { readOnly: true });
  });

  app.post('/api/v1/estates/:estate/budget-drafts', {
    schema: {
      tags: ['budgets'], summary: 'Begin a budget, or the adjustment of one that is published', security, headers: KeyHeader, params: Path,
      description: 'The first lines come from the last twelve whole months; fees as billed times what is really paid. Of a published year a reason is needed, and its lines are the first.',
      body: Type.Object({ year: Type.String({ maxLength: 12, examples: ['2026'] }), reason: Type.Optional(Type.String({ maxLength: 2000 })) }, { additionalProperties: false }),
      response: { 201: Type.Object({ draft: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await beginDraft(house, { estate: request.estate!, actor: request.actor, key: callersKey(request), ...request.body })));

  app.post('/api/v1/estates/:estate/budget-drafts/:draft/lines', {
    schema: {
      tags: ['budgets'], summary: 'Write the lines of a draft anew, all or none', security, params: DraftPath,
      body: Type.Object({ lines: Type.Array(Type.Object({
        fund: Type.String({ maxLength: 60, examples: ['service'] }), account: Type.String({ maxLength: 20, examples: ['5102'] }), amount: Type.String({ maxLength: 40, examples: ['18000.00'] }),
        note: Type.Optional(Type.String({ maxLength: 2000 })),
      }, { additionalProperties: false }), { maxItems: MOST_LINES + 100 }) }, { additionalProperties: false }),
      response: { 204: Type.Null() },
    },
  }, async (request, reply) => {
    await changeLines(house, { estate: request.estate!, actor: request.actor, draft: Number(request.params.draft), lines: request.body.lines });
    return reply.code(204).send(null);
  });

  app.post('/api/v1/estates/:estate/budget-drafts/:draft/open', {
    schema: {
      tags: ['budgets'], summary: 'Open a draft to comments', security, params: DraftPath, body: Type.Object({ days: Type.Optional(Type.String({ maxLength: 12, examples: ['7'] })) }, { additionalProperties: false }),
      response: { 200: Type.Object({ until: Type.String() }) },
    },
  }, async (request) => openDraft(house, { estate: request.estate!, actor: request.actor, draft: Number(request.params.draft), days: request.body.days }));

  app.post('/api/v1/estates/:estate/budget-drafts/:draft/drop', {
    schema: { tags: ['budgets'], summary: 'Give a draft up', security, params: DraftPath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await dropDraft(house, { estate: request.estate!, actor: request.actor, draft: Number(request.params.draft) });
    return reply.code(204).send(null);
  });

  app.post('/api/v1/estates/:estate/budget-drafts/:draft/submit', {
    schema: {
      tags: ['budgets'], summary: 'Submit a draft for signing, after its comments', security, headers: KeyHeader, params: DraftPath,
      body: Type.Object({ resolution: Type.Optional(Resolution) }, { additionalProperties: false }), response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => reply.code(201).send(await submitBudget(house, {
    estate: request.estate!, actor: request.actor, draft: Number(request.params.draft), resolution: request.body.resolution, key: callersKey(request),
  })));
}

function commentRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post('/api/v1/estates/:estate/budget-drafts/:draft/comments', {
    schema: {
      tags: ['budgets'], summary: 'Comment on a draft that is open, on a line or on the whole', security, headers: KeyHeader, params: DraftPath,
      body: Type.Object({ comment: Type.String({ maxLength: 20_000, examples: ['绿化费能不能少一点？'] }), line: Type.Optional(Type.String({ maxLength: 80, description: 'fund:account; left out: the whole' })) }, { additionalProperties: false }),
      response: { 201: Type.Object({ comment_id: Type.Integer() }) },
    },
  }, async (request, reply) => reply.code(201).send(await commentDraft(house, {
    estate: request.estate!, actor: request.actor, draft: Number(request.params.draft), key: callersKey(request), ...request.body,
  })));

  app.post('/api/v1/estates/:estate/budget-comments/:comment/answers', {
    schema: {
      tags: ['budgets'], summary: 'Answer a comment in the name of one\'s body', security, headers: KeyHeader, params: CommentPath,
      body: Type.Object({ answer: Type.String({ maxLength: 20_000, examples: ['已按去年的合同价列支。'] }) }, { additionalProperties: false }), response: { 201: Type.Object({ answer_id: Type.Integer() }) },
    },
  }, async (request, reply) => {
    const { answer_id } = await answerComment(house, { estate: request.estate!, actor: request.actor, comment_id: Number(request.params.comment), answer: request.body.answer, key: callersKey(request) });
    return reply.code(201).send({ answer_id });
  });
}

function finalAccountRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/api/v1/estates/:estate/final-accounts/:year', {
    schema: {
      tags: ['budgets'], summary: 'A year beside its budget, by fund, and how far it is closed', security, params: YearPath,
      response: { 200: Type.Object({
        year: Type.Integer(), closed: Type.Boolean(), rows: Type.Array(Row), proposal_id: NullableNumber,
        funds: Type.Array(Type.Object({ fund: Type.String(), income: Sum, expense: Sum, surplus: Sum, equity: Type.String() })),
        closings: Type.Array(Type.Object({ entry: Type.Integer(), number: Type.String(), entry_date: Type.String(), proposal_id: Type.Integer(), surplus: Sum })),
      }) },
    },
  }, async (request) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'read_books');
    const account = await inEstate(house.db.app, estate.estate_id, (trx) => finalAccountOf(trx, estate, Number(request.params.year)), { readOnly: true });
    const { year, rows, funds, closings, proposed } = account;
    return { year, closed: isClosed(account), rows, funds, closings, proposal_id: proposed?.proposal_id ?? null };
  });

  app.post('/api/v1/estates/:estate/final-accounts/:year', {
    schema: {
      tags: ['budgets'], summary: 'Propose the final account of a year', security, headers: KeyHeader, params: YearPath,
      description: 'Carries income and expense to the funds by one entry, once it is signed as the rule for budgets asks. What comes late takes another.',
      body: Type.Object({ resolution: Type.Optional(Resolution) }, { additionalProperties: false }), response: { 201: Type.Object(Proposed) },
    },
  }, async (request, reply) => reply.code(201).send(await proposeFinalAccount(house, {
    estate: request.estate!, actor: request.actor, year: Number(request.params.year), resolution: request.body.resolution, key: callersKey(request),
  })));
}
