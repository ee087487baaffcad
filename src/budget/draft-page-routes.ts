// Pages of drafts: GET shows, POST begins, changes, opens, submits, gives up, comments or answers, and leads back.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { asking, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { signersFor } from '../office/signers.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import type { Basis } from './basis.ts';
import { changesBetween, submitBudget } from './budget.ts';
import { answerComment, commentDraft, commentsOf } from './comment.ts';
import { beginDraft, changeLines, dropDraft, openDraft, type LineTyped } from './draft.ts';
import { beginPage, draftPage, editPage } from './draft-pages.tsx';
import { accountIn, fundIn } from './pages.tsx';
import { budgetLines, choicesOf, draftLines, readDraft, type Line } from './queries.ts';
import { refusals } from './refusals.ts';
import { texts } from './texts.ts';
import { beginnable, namedChanges } from './version.ts';

const Path = Type.Object({ estate: Type.String() });
const DraftPath = Type.Object({ estate: Type.String(), draft: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const CommentPath = Type.Object({ estate: Type.String(), comment: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Long = Type.Optional(Type.String({ maxLength: 20_000 }));
/** Names of fields where the form's differ from the interface's. */
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers' };
const MOST_FIELDS = 1200;

export function budgetDraftPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  beginRoutes(app, house);
  const show = shower(house);
  oneRoutes(app, house, show);
  commentRoutes(app, house, show);
  editRoutes(app, house);
  submitRoutes(app, house, show, parts);
}

function beginRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, values: Record<string, string>, error: Refusal | null = null) => {
    const { estate: { estate_id, code } } = asking(request);
    const { present, years } = await inEstate(house.db.app, estate_id, async (trx) => {
      const year = Number((await estateToday(trx, estate_id)).slice(0, 4));
      return { present: year, years: await beginnable(trx, estate_id, year) };
    }, { readOnly: true });
    const all = years.length === 0 ? [{ year: present, adjusts: false }] : years;
    const year = all.find((one) => String(one.year) === values['year'])?.year ?? all[0]!.year;
    return htmlReply(reply, beginPage(frameOf(request, { here: `/e/${code}/budgets/new` }), {
      code, year, years: all, form: { form_key: newFormKey(), values: error === null ? {} : values, errors: error === null ? {} : formErrors(error, localeOf(request)) },
    }), error?.status ?? 200);
  };
  app.get('/e/:estate/budgets/new', { schema: { hide: true, params: Path, querystring: Type.Object({ year: Short }) } }, (request, reply) => show(request, reply, { year: request.query.year ?? '' }));
  app.post('/e/:estate/budgets/new', {
    schema: { hide: true, params: Path, body: Type.Object({ year: Short, reason: Long, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const { year = '', reason = '', form_key } = request.body;
    try {
      const { draft } = await beginDraft(house, { estate, actor, year, reason, key: form_key });
      return await reply.redirect(`/e/${estate.code}/budget-drafts/${draft}?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return show(request, reply, { year, reason }, error);
    }
  });
}

type Show = (request: FastifyRequest, reply: FastifyReply, draft: number, failed?: { at: string; told: Told } | null) => Promise<unknown>;

const shower = (house: House): Show => async (request, reply, number, failed = null) => {
  const estate = request.estate!;
  const { estate_id, code } = estate;
  const actor = demand(request.actor, estate_id, 'read_books');
  const can = (capability: Parameters<typeof may>[2]): boolean => may(actor, estate_id, capability);
  const shown = await inEstate(house.db.app, estate_id, async (trx) => {
    const draft = await readDraft(trx, estate_id, number, { all: can('read_officers') });
    const lines = await draftLines(trx, estate_id, number);
    const today = await estateToday(trx, estate_id);
    const signers = can('propose') && draft.state === 'settling' ? await signersFor(trx, estate, actor, { kind: 'budget', today, too_few: refusals.budget_needs_signer }) : { rule: null, refusal: null };
    const before = draft.adjusts === null ? null : await budgetLines(trx, estate_id, draft.adjusts);
    return {
      draft, basis: JSON.parse(draft.basis) as Basis, lines, today, rule: signers.rule, refused: signers.refusal?.in(localeOf(request)) ?? null, names: await namesFor(trx, estate_id, []),
      changed: draft.opened_lines === null ? null : await namedChanges(trx, estate_id, changesBetween(JSON.parse(draft.opened_lines) as Line[], lines)),
      changes: before === null ? null : await namedChanges(trx, estate_id, changesBetween(before, lines)), comments: await commentsOf(trx, estate_id, number, actor.person_id),
      kept: failed === null ? [] : await keptOf(trx, estate, failed.told.vouchers),
    };
  }, { readOnly: true });
  const { kept, ...rest } = shown;
  const form = failed?.told.form ?? { form_key: newFormKey(), values: {}, errors: {} };
  return htmlReply(reply, draftPage(frameOf(request, failed === null ? {} : { here: `/e/${code}/budget-drafts/${number}` }), {
    code, ...rest, form: { ...form, kept }, failed: failed?.at ?? null, may: { comment: can('ask'), answer: can('answer'), propose: can('propose'), erase: can('erase_text') },
  }), failed?.told.status ?? 200);
};

const draftOf = (request: FastifyRequest): number => Number((request.params as { draft: string }).draft);

/** What goes back into a small form that was refused. */
function back(error: unknown, request: FastifyRequest, values: Record<string, string>): Told {
  if (!(error instanceof Refusal) || error.status === 401 || error.status === 403 || error.status === 404) throw error;
  return { form: { form_key: newFormKey(), values, errors: formErrors(error, localeOf(request)) }, vouchers: [], status: error.status };
}

function oneRoutes(instance: FastifyInstance, house: House, show: Show): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/budget-drafts/:draft', { schema: { hide: true, params: DraftPath } }, (request, reply) => show(request, reply, draftOf(request)));

  app.get('/e/:estate/budget-drafts/:draft/lines.csv', { schema: { hide: true, params: DraftPath } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const lines = await inEstate(house.db.app, estate_id, async (trx) => {
      const { draft_id } = await readDraft(trx, estate_id, draftOf(request), { all: may(actor, estate_id, 'read_officers') });
      return draftLines(trx, estate_id, draft_id);
    }, { readOnly: true });
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${t.drafts}-${request.params.draft}-${code}.csv`, toCsv([
      { key: 'fund', title: t.fund }, { key: 'class', title: t.class }, { key: 'account', title: t.account }, { key: 'amount', title: t.amount, type: 'money' }, { key: 'note', title: t.note },
    ], lines.map((line) => ({ ...line, fund: fundIn(line, locale), class: t[line.class], account: accountIn(line, locale) }))));
  });

  app.post('/e/:estate/budget-drafts/:draft/open', {
    schema: { hide: true, params: DraftPath, body: Type.Object({ days: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const { days = '' } = request.body;
    try {
      await openDraft(house, { estate, actor, draft: draftOf(request), days });
      return await reply.redirect(`/e/${estate.code}/budget-drafts/${draftOf(request)}?done=changed`, 303);
    } catch (error) {
      return show(request, reply, draftOf(request), { at: 'open', told: back(error, request, { days }) });
    }
  });

  app.post('/e/:estate/budget-drafts/:draft/drop', {
    schema: { hide: true, params: DraftPath, body: Type.Optional(Type.Object({ csrf: Short, form_key: Short }, { additionalProperties: false })) },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    try {
      await dropDraft(house, { estate, actor, draft: draftOf(request) });
      return await reply.redirect(`/e/${estate.code}/budgets?done=changed`, 303);
    } catch (error) {
      return show(request, reply, draftOf(request), { at: 'drop', told: back(error, request, {}) });
    }
  });
}

function commentRoutes(instance: FastifyInstance, house: House, show: Show): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.post('/e/:estate/budget-drafts/:draft/comments', {
    schema: { hide: true, params: DraftPath, body: Type.Object({ line: Short, comment: Long, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { line = '', comment = '', form_key } = request.body;
    try {
      await commentDraft(house, { estate, actor: request.actor, draft: draftOf(request), line, comment, key: form_key });
      return await reply.redirect(`/e/${estate.code}/budget-drafts/${draftOf(request)}?done=saved#comments`, 303);
    } catch (error) {
      return show(request, reply, draftOf(request), { at: 'comment', told: back(error, request, { line, comment }) });
    }
  });

  app.post('/e/:estate/budget-comments/:comment/answers', {
    schema: { hide: true, params: CommentPath, body: Type.Object({ answer: Long, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const { answer = '', form_key } = request.body;
    const comment_id = Number(request.params.comment);
    try {
      const { draft } = await answerComment(house, { estate, actor: request.actor, comment_id, answer, key: form_key });
      return await reply.redirect(`/e/${estate.code}/budget-drafts/${draft}?done=answered#comment-${comment_id}`, 303);
    } catch (error) {
      const told = back(error, request, { answer });
      const of = await inEstate(house.db.app, estate.estate_id, (trx) => trx.selectFrom('budget_comment').select('draft_id').where('estate_id', '=', estate.estate_id)
        .where('comment_id', '=', comment_id).executeTakeFirst(), { readOnly: true });
      if (of === undefined) throw error;
      return show(request, reply, of.draft_id, { at: `answer-${comment_id}`, told });
    }
  });
}

/** The typed form as lines: those that were there, and the new one. An empty amount leaves a line out. */
function typedLines(fields: Readonly<Record<string, unknown>>): LineTyped[] {
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  const lines = Object.keys(fields).flatMap((name): LineTyped[] => {
    const found = /^amount_(\d{4,6})_([a-z][a-z0-9_]{1,40})$/.exec(name);
    return found === null || text(name).trim() === '' ? [] : [{ account: found[1]!, fund: found[2]!, amount: text(name), note: text(`note_${found[1]}_${found[2]}`).slice(0, 2000) }];
  });
  const added = { fund: text('new_fund'), account: text('new_account'), amount: text('new_amount'), note: text('new_note') };
  return [added.fund, added.account, added.amount].every((one) => one.trim() === '') ? lines : [...lines, added];
}

function editRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, values: Record<string, string> = {}, error: Refusal | null = null) => {
    const { estate: { estate_id, code } } = asking(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const draft = await readDraft(trx, estate_id, draftOf(request), { all: true });
      return { draft, basis: JSON.parse(draft.basis) as Basis, lines: await draftLines(trx, estate_id, draft.draft_id), ...await choicesOf(trx, estate_id) };
    }, { readOnly: true });
    return htmlReply(reply, editPage(frameOf(request, { here: `/e/${code}/budget-drafts/${draftOf(request)}/edit` }), {
      code, ...shown, form: { values, errors: error === null ? {} : formErrors(error, localeOf(request)) },
    }), error?.status ?? 200);
  };
  app.get('/e/:estate/budget-drafts/:draft/edit', { schema: { hide: true, params: DraftPath } }, (request, reply) => show(request, reply));
  app.post('/e/:estate/budget-drafts/:draft/edit', {
    schema: { hide: true, params: DraftPath, body: Type.Record(Type.String({ maxLength: 80 }), Type.String({ maxLength: 2000 }), { maxProperties: MOST_FIELDS }) },
  }, async (request, reply) => {
    const { estate, actor } = asking(request);
    const { csrf: _csrf, form_key: _key, next, ...fields } = request.body as Record<string, string>;
    try {
      await changeLines(house, { estate, actor, draft: draftOf(request), lines: typedLines(fields) });
      return await reply.redirect(`/e/${estate.code}/budget-drafts/${draftOf(request)}${next === 'more' ? '/edit' : ''}?done=saved${next === 'more' ? '#add' : ''}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request, reply, fields, error);
    }
  });
}

function submitRoutes(instance: FastifyInstance, house: House, show: Show, { intake }: { intake: Intake }): void {
  instance.withTypeProvider<TypeBoxTypeProvider>().post('/e/:estate/budget-drafts/:draft/submit', { schema: { hide: true, params: DraftPath } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { proposal_id } = await submitBudget(house, { estate, actor, draft: draftOf(request), resolution: resolutionIn(read), key: read.fields['form_key'] });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) throw error;
      return show(request, reply, draftOf(request), { at: 'submit', told: toldBack(error, request, read, fieldNames) });
    }
  });
}

