// Pages of projects for everybody: GET shows, POST says, pledges or hides and leads back. Everybody sees totals and made-up names, whoever lives
// here their own dwelling, and dwellings only who may read households.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may, type Actor } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { keptOf, toldBack, type FormRead, type Intake } from '../office/membership-page-routes.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { kindNames, sourceNames, stageNames } from './kinds.ts';
import { aliasOf, maskedRows, shareOf, stairRows } from './list.ts';
import { giveOpinion, moderateOpinion, pledge } from './opinion.ts';
import { listPage, newPage } from './pages.tsx';
import { progressPage, type OwnHome, type ProgressShown } from './progress-pages.tsx';
import { enterProject, entersProjects, TEXT_LIMIT, TITLE_LIMIT } from './project.ts';
import { contractsOf, dwellingRows, giftsOf, milestonesOf, opinionsOf, outsideOf, picturesOf, projectList, quotesOf, readProject, siteRows, stepUnderway, type DwellingRow } from './queries.ts';
import { texts } from './texts.ts';

const Path = Type.Object({ estate: Type.String() });
export const OnePath = Type.Object({ estate: Type.String(), project: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const OpinionPath = Type.Object({ estate: Type.String(), project: Type.String({ pattern: '^[0-9]{1,9}$' }), opinion: Type.String({ pattern: '^[0-9]{1,9}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 1000 }));
const Filter = Type.Object({ kind: Type.Optional(Type.String({ maxLength: 30 })), cursor: Type.Optional(Type.String({ pattern: '^[0-9]{0,9}$' })) });
const PAGE = 20;
const CSV_ROWS = 10_000;
export const projectOf = (request: FastifyRequest): number => Number((request.params as { project: string }).project);
/** 3 栋 2 单元, Building 3, stairwell 2. */
const stairName = (locale: 'zh' | 'en') => (row: DwellingRow): string =>
  (locale === 'zh' ? `${row.building} 栋${row.stairwell === '' ? '' : ` ${row.stairwell} 单元`}` : `Building ${row.building}${row.stairwell === '' ? '' : `, stairwell ${row.stairwell}`}`);
const buildingName = (locale: 'zh' | 'en') => (row: DwellingRow): string => (locale === 'zh' ? `${row.building} 栋` : `Building ${row.building}`);

type Failed = { at: string; error: Refusal; values: Record<string, string> } | null;

async function reportOf(trx: Trx, estate_id: number, project_id: number): Promise<ProgressShown['report']> {
  const report = await trx.selectFrom('project_report').select(['proposal_id', 'finished_on']).where('estate_id', '=', estate_id).where('project_id', '=', project_id).executeTakeFirst();
  if (report === undefined) return null;
  const rests = await trx.selectFrom('project_rest').select(['source', 'received', 'spent', 'rest']).where('estate_id', '=', estate_id).where('project_id', '=', project_id).execute();
  return { ...report, rests };
}

const homesOf = (actor: Actor, estate_id: number, rows: readonly DwellingRow[], project: number, plan: ProgressShown['plan']): OwnHome[] => {
  const own = new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit));
  return rows.filter((row) => own.has(row.unit)).map((row) => ({
    unit: row.unit, alias: aliasOf(project, row.ref), share: plan === null ? null : shareOf(plan, row.area_m2), pledged: row.pledged, paid: row.paid, paid_back: row.paid_back, stance: row.stance,
  }));
};

async function showOne(house: House, request: FastifyRequest, reply: FastifyReply, failed: Failed = null) {
  const { estate_id, code } = request.estate!;
  const actor = demand(request.actor, estate_id, 'read_books');
  const locale = localeOf(request);
  const project = projectOf(request);
  const can = (capability: Parameters<typeof may>[2]): boolean => may(actor, estate_id, capability);
  const shown = await inEstate(house.db.app, estate_id, async (trx) => {
    const row = await readProject(trx, estate_id, project);
    const today = await estateToday(trx, estate_id);
    const dwellings = await dwellingRows(trx, estate_id, project, today);
    const plan = await trx.selectFrom('project_plan').selectAll().where('estate_id', '=', estate_id).where('project_id', '=', project).executeTakeFirst() ?? null;
    const rest = texts.rest[locale];
    const own = new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit));
    return {
      row, plan, today, underway: await stepUnderway(trx, estate_id, project), contracts: await contractsOf(trx, estate_id, project), milestones: await milestonesOf(trx, estate_id, project),
      pictures: await picturesOf(trx, estate_id, project), site: await siteRows(trx, estate_id, project), quotes: await quotesOf(trx, estate_id, project), outside: await outsideOf(trx, estate_id, project),
      gifts: await giftsOf(trx, estate_id, project), opinions: await opinionsOf(trx, estate_id, project, { person_id: actor.person_id, all: can('moderate') }),
      counts: { dwellings: dwellings.length, for: dwellings.filter((one) => one.stance === 'for').length, against: dwellings.filter((one) => one.stance === 'against').length },
      stairs: stairRows(dwellings, stairName(locale), rest), list: maskedRows(dwellings, { project, own, nameOf: buildingName(locale), rest }), homes: homesOf(actor, estate_id, dwellings, project, plan),
      report: await reportOf(trx, estate_id, project),
    };
  }, { readOnly: true });
  const frame = frameOf(request, failed === null ? {} : { here: `/e/${code}/projects/${project}` });
  return htmlReply(reply, progressPage(frame, {
    code, ...shown, form_key: newFormKey(),
    can: {
      propose: can('propose'), post_receipt: can('post_receipt'), draft_order: can('draft_order'), report_site: can('report_site'), moderate: can('moderate'),
      restore: actor.terms.some((term) => term.estate_id === estate_id && term.office === 'supervisor'), read_households: can('read_households'), read_officers: can('read_officers'), erase: can('erase_text'),
    },
    failed: failed === null ? null : { at: failed.at, values: failed.values, errors: formErrors(failed.error, locale) },
  }), failed?.error.status ?? 200);
}

export function projectPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  listRoutes(app, house);
  newRoutes(app, house, parts);
  oneRoutes(app, house);
  csvRoutes(app, house);
}

function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/projects', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { kind = '', cursor = '' } = request.query;
    const listed = await inEstate(house.db.app, estate_id, (trx) => projectList(trx, estate_id, { kind, limit: PAGE, cursor: cursor === '' ? undefined : Number(cursor) }), { readOnly: true });
    return htmlReply(reply, listPage(frameOf(request), { code, ...listed, kind, enters: entersProjects(actor, estate_id) }));
  });
  app.get('/e/:estate/projects.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const { items } = await inEstate(house.db.app, estate_id, (trx) => projectList(trx, estate_id, { kind: request.query.kind, limit: CSV_ROWS }), { readOnly: true });
    const rows = items.flatMap((row) => (row.sources.length === 0 ? [null] : row.sources).map((source) => ({
      number: row.project_id, name: (locale === 'zh' ? row.title_zh : row.title_en) ?? t.erased_title, kind: kindNames[row.kind][locale], stage: stageNames[row.stage][locale],
      ...(source === null ? {} : { ...source, source: sourceNames[source.source][locale] }),
    })));
    return sendCsv(reply, `${t.title}-${code}.csv`, toCsv([
      { key: 'number', title: 'No.', type: 'number' }, { key: 'name', title: t.title }, { key: 'kind', title: t.kind }, { key: 'stage', title: t.stage }, { key: 'source', title: t.source },
      ...(['target', 'pledged', 'received', 'spent', 'returned', 'balance', 'outside'] as const).map((key) => ({ key, title: t[key], type: 'money' as const })),
    ], rows));
  });
}

function newRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const officer = (request: FastifyRequest): boolean => may(request.actor, request.estate!.estate_id, 'propose');
  const show = async (request: FastifyRequest, reply: FastifyReply, told: { values: Record<string, string>; errors: Record<string, string>; vouchers: readonly string[]; status: number }) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, officer(request) ? 'propose' : 'pledge');
    const kept = await inEstate(house.db.app, estate.estate_id, (trx) => keptOf(trx, estate, told.vouchers), { readOnly: true });
    return htmlReply(reply, newPage(frameOf(request, { here: `/e/${estate.code}/projects/new` }), {
      code: estate.code, officer: officer(request), limits: { title: TITLE_LIMIT, text: TEXT_LIMIT }, form: { form_key: newFormKey(), values: told.values, errors: told.errors, kept },
    }), told.status);
  };
  app.get('/e/:estate/projects/new', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, { values: {}, errors: {}, vouchers: [], status: 200 }));
  app.post('/e/:estate/projects/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      if (officer(request)) read = await intake(request, house);
      else {
        demand(request.actor, estate.estate_id, 'pledge');
        read = { fields: Object.fromEntries(Object.entries((request.body ?? {}) as Record<string, unknown>).map(([name, value]) => [name, typeof value === 'string' ? value : ''])), vouchers: [] };
      }
      const { kind = '', title = '', text = '', form_key = null } = read.fields;
      const { project_id } = await enterProject(house, { estate, actor: request.actor, typed: { kind, title, text, photos: read.vouchers }, key: form_key });
      return await reply.redirect(`/e/${estate.code}/projects/${project_id}?done=saved`, 303);
    } catch (error) {
      const { form, vouchers, status } = toldBack(error, request, read);
      return show(request, reply, { values: form.values as Record<string, string>, errors: form.errors as Record<string, string>, vouchers, status });
    }
  });
}

function oneRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  app.get('/e/:estate/projects/:project', { schema: { hide: true, params: OnePath } }, (request, reply) => showOne(house, request, reply));

  const attempt = async (request: FastifyRequest, reply: FastifyReply, at: string, place: string, work: () => Promise<unknown>) => {
    try {
      await work();
      return await reply.redirect(`/e/${request.estate!.code}/projects/${projectOf(request)}?done=saved#${place}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || [401, 403, 404].includes(error.status)) throw error;
      return showOne(house, request, reply, { at, error, values: Object.fromEntries(Object.entries((request.body ?? {}) as Record<string, string>)) });
    }
  };
  app.post('/e/:estate/projects/:project/opinions', {
    schema: { hide: true, params: OnePath, body: Type.Object({ stance: Short, words: Short, unit: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, (request, reply) => {
    const { stance = '', words, unit, form_key } = request.body;
    return attempt(request, reply, 'opinion', 'opinions', () => giveOpinion(house, { estate: request.estate!, actor: request.actor, project: projectOf(request), stance, words, unit, key: form_key }));
  });
  app.post('/e/:estate/projects/:project/pledges', {
    schema: { hide: true, params: OnePath, body: Type.Object({ amount: Short, unit: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, (request, reply) => {
    const { amount = '', unit, form_key } = request.body;
    return attempt(request, reply, 'pledge', 'home', () => pledge(house, { estate: request.estate!, actor: request.actor, project: projectOf(request), amount, unit, key: form_key }));
  });
  for (const act of ['hide', 'show'] as const) {
    app.post(`/e/:estate/projects/:project/opinions/:opinion/${act}`, {
      schema: { hide: true, params: OpinionPath, body: Type.Object({ reason: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
    }, (request, reply) => {
      const opinion = Number((request.params as { opinion: string }).opinion);
      const { reason = '' } = request.body as { reason?: string };
      return attempt(request, reply, `opinion-${opinion}`, 'opinions', () => moderateOpinion(house, { estate: request.estate!, actor: request.actor, project: projectOf(request), opinion, hide: act === 'hide', reason }));
    });
  }
}

function csvRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const rowsOf = (request: FastifyRequest) => inEstate(house.db.app, request.estate!.estate_id, async (trx) => {
    const { estate_id } = request.estate!;
    await readProject(trx, estate_id, projectOf(request));
    return dwellingRows(trx, estate_id, projectOf(request), await estateToday(trx, estate_id));
  }, { readOnly: true });
  app.get('/e/:estate/projects/:project/list.csv', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const rows = maskedRows(await rowsOf(request), { project: projectOf(request), own: new Set(), nameOf: buildingName(locale), rest: t.rest });
    return sendCsv(reply, `${t.list}-${projectOf(request)}.csv`, toCsv([
      { key: 'alias', title: t.alias }, { key: 'group', title: t.building }, { key: 'pledged', title: t.pledged, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' }, { key: 'paid_back', title: t.paid_back, type: 'money' },
    ], rows));
  });
  app.get('/e/:estate/projects/:project/dwellings.csv', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const t = pick(texts, localeOf(request));
    return sendCsv(reply, `${t.unit}-${projectOf(request)}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'pledged', title: t.pledged, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' }, { key: 'paid_back', title: t.paid_back, type: 'money' },
    ], await rowsOf(request)));
  });
}
