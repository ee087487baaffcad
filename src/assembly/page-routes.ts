// Pages of resolutions: GET shows, POST does one thing and leads back. Everybody sees what is announced, masked; their own ballot only who
// lives there; dwellings only who may read households.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { printer } from '../../reports/printer.ts';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may, type Capability } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { maskedBallots, ownBallots, rollRows } from './ballot.ts';
import { rollPage } from './ballot-pages.tsx';
import { formPage } from './form-pages.tsx';
import { ballotPapers, resultPaper } from './papers.ts';
import { ballotsPage, listPage, matterName, onePage, stateTold, type OneShown } from './pages.tsx';
import { announceResolution, callOffResolution, changeResolution, draftResolution, dropDraft, NOTICE_DAYS, proposeCertificate, type ResolutionTyped } from './resolution.ts';
import { laws, readResolutionRow, resolutionList, rollPreview, type Choice, type Law, type ResolutionRow } from './resolution-queries.ts';
import { refusals } from './refusals.ts';
import { texts } from './texts.ts';

/** Reads a form with files; payment's, handed in because it stands on the same floor. */
export type Intake = (request: FastifyRequest, house: House, needs?: Capability) => Promise<FormRead>;
export interface FormRead { fields: Record<string, string>; vouchers: string[]; by_field: Record<string, string[]> }

export const Path = Type.Object({ estate: Type.String() });
export const OnePath = Type.Object({ estate: Type.String(), resolution: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Filter = Type.Object({ state: Type.Optional(Type.String({ maxLength: 20 })), matter: Type.Optional(Type.String({ maxLength: 20 })), cursor: Type.Optional(Type.String({ pattern: '^[0-9]{0,12}$' })) });
const PAGE = 50;
const CSV_ROWS = 100_000;
export const resolutionOf = (request: FastifyRequest): number => Number((request.params as { resolution: string }).resolution);
const numberOf = (typed: string | undefined): number | undefined => (typed === undefined || typed === '' ? undefined : Number(typed));

export const lawOf = (known: readonly Law[], row: Pick<ResolutionRow, 'rule_day'>): Law => known.find((law) => law.rule_day === row.rule_day) ?? known[0]!;

export async function filesOf(trx: Trx, { estate_id, code }: { estate_id: number; code: string }, hashes: readonly string[]) {
  if (hashes.length === 0) return [];
  return (await namesFor(trx, estate_id, [...hashes])).vouchers.map((row) => ({ ...row, href: `/e/${code}/vouchers/${row.sha256}` }));
}

export function resolutionPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  listRoutes(app, house);
  formRoutes(app, house, parts);
  oneRoutes(app, house);
  tableRoutes(app, house);
}

function listRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/resolutions', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { state = '', matter = '', cursor } = request.query;
    const holds = may(actor, estate_id, 'hold_assembly');
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const voting = (await resolutionList(trx, estate_id, { drafts: false, state: 'voting', limit: PAGE })).items;
      const due = [];
      for (const row of voting) {
        const own = await ownBallots(trx, { estate_id, actor, resolution: row.resolution_id });
        if (own.some((one) => one.state === 'may_vote')) due.push(row);
      }
      return { ...await resolutionList(trx, estate_id, { drafts: holds, state, matter, cursor: numberOf(cursor), limit: PAGE }), due };
    }, { readOnly: true });
    return htmlReply(reply, listPage(frameOf(request), { code, ...shown, filter: { state, matter }, holds }));
  });

  app.get('/e/:estate/resolutions.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { state = '', matter = '' } = request.query;
    const locale = localeOf(request);
    const t = pick(texts, locale);
    const { items } = await inEstate(house.db.app, estate_id, (trx) => resolutionList(trx, estate_id, { drafts: may(actor, estate_id, 'hold_assembly'), state, matter, limit: CSV_ROWS }), { readOnly: true });
    return sendCsv(reply, `${t.title}-${name_zh}.csv`, toCsv([
      { key: 'resolution_id', title: 'No.', type: 'number' }, { key: 'title', title: t.field_title }, { key: 'matter', title: t.matter }, { key: 'starts_on', title: t.field_starts_on, type: 'date' }, { key: 'ends_on', title: t.field_ends_on, type: 'date' },
      { key: 'state', title: t.state }, { key: 'voters', title: t.all_owners, type: 'number' }, { key: 'area', title: t.area, type: 'number' }, { key: 'part_voters', title: `${t.took_part} ${t.owners}`, type: 'number' }, { key: 'part_area', title: `${t.took_part} ${t.area}`, type: 'number' },
      { key: 'for_voters', title: `${t.choice_for} ${t.owners}`, type: 'number' }, { key: 'for_area', title: `${t.choice_for} ${t.area}`, type: 'number' }, { key: 'against_voters', title: `${t.choice_against} ${t.owners}`, type: 'number' }, { key: 'against_area', title: `${t.choice_against} ${t.area}`, type: 'number' },
      { key: 'counted_on', title: t.counted_on, type: 'date' }, { key: 'count_sha256', title: t.count_hash },
    ], items.map((row) => ({
      ...row, matter: matterName(row.matter, locale), state: stateTold(row, t).text, for_voters: row.count?.choices.for.voters, for_area: row.count?.choices.for.area,
      against_voters: row.count?.choices.against.voters, against_area: row.count?.choices.against.area,
    }))));
  });
}

interface FormTold { values: Record<string, string>; errors: Record<string, string>; files: readonly string[]; status: number }

const typedOf = ({ fields, by_field }: FormRead): ResolutionTyped => ({
  matter: fields['matter'] ?? '', title: fields['title'] ?? '', wording: fields['wording'] ?? '', stricter: fields['stricter'] === 'yes', secret: fields['secret'] === 'yes',
  starts_on: fields['starts_on'] ?? '', ends_on: fields['ends_on'] ?? '', paper_days: fields['paper_days'], files: by_field['files'] ?? [],
});

function formRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, resolution: number | null, { values, errors, files, status }: FormTold) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'hold_assembly');
    const shown = await inEstate(house.db.app, estate.estate_id, async (trx) => ({
      law: (await laws(trx))[0]!, today: await estateToday(trx, estate.estate_id), kept: await filesOf(trx, estate, files),
    }), { readOnly: true });
    const first = Object.keys(values).length > 0 ? values : { starts_on: addDays(shown.today, NOTICE_DAYS), ends_on: addDays(shown.today, NOTICE_DAYS + 6), paper_days: '3' };
    return htmlReply(reply, formPage(frameOf(request, { here: `/e/${estate.code}/resolutions/${resolution === null ? 'new' : `${resolution}/edit`}`, audience: 'desk' }), {
      code: estate.code, resolution, law: shown.law, today: shown.today, form: { form_key: newFormKey(), values: first as Record<string, string>, errors, kept: shown.kept },
    }), status);
  };
  const take = async (request: FastifyRequest, reply: FastifyReply, resolution: number | null) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'hold_assembly');
    let read: FormRead = { fields: {}, vouchers: [], by_field: {} };
    try {
      read = await intake(request, house, 'hold_assembly');
      const asked = { estate, actor: request.actor, ...typedOf(read) };
      const id = resolution ?? (await draftResolution(house, { ...asked, key: read.fields['form_key'] ?? null })).resolution_id;
      if (resolution !== null) await changeResolution(house, { ...asked, resolution });
      return await reply.redirect(`/e/${estate.code}/resolutions/${id}?done=saved`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      const { fields, by_field } = 'form' in error ? error.form as FormRead : read;
      return show(request, reply, resolution, { values: { title: '', ...fields }, errors: formErrors(error, localeOf(request)), files: by_field['files'] ?? [], status: error.status });
    }
  };

  app.get('/e/:estate/resolutions/new', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, null, { values: {}, errors: {}, files: [], status: 200 }));
  app.post('/e/:estate/resolutions', { schema: { hide: true, params: Path } }, (request, reply) => take(request, reply, null));
  app.get('/e/:estate/resolutions/:resolution/edit', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'hold_assembly');
    const row = await inEstate(house.db.app, estate_id, (trx) => readResolutionRow(trx, estate_id, resolutionOf(request), { drafts: true }), { readOnly: true });
    if (row.state !== 'draft') throw refusals.resolution_announced_already({ resolution: row.resolution_id });
    return show(request, reply, row.resolution_id, {
      values: { matter: row.matter, title: row.title, wording: row.wording, starts_on: row.starts_on, ends_on: row.ends_on, paper_days: String(row.paper_days), stricter: row.stricter ? 'yes' : '', secret: row.secret ? 'yes' : '' },
      errors: {}, files: row.files, status: 200,
    });
  });
  app.post('/e/:estate/resolutions/:resolution/edit', { schema: { hide: true, params: OnePath } }, (request, reply) => take(request, reply, resolutionOf(request)));
}

function oneRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, failed: OneShown['failed'] = null, status = 200) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const can = (capability: Capability): boolean => may(actor, estate_id, capability);
    const resolution = resolutionOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const row = await readResolutionRow(trx, estate_id, resolution, { drafts: can('hold_assembly') });
      return {
        row, law: lawOf(await laws(trx), row), own: await ownBallots(trx, { estate_id, actor, resolution }), files: await filesOf(trx, estate, row.files), today: await estateToday(trx, estate_id),
        preview: row.state === 'draft' ? await rollPreview(trx, estate_id) : null,
      };
    }, { readOnly: true });
    const { code: asked = '' } = request.query as { code?: string };
    return htmlReply(reply, onePage(frameOf(request, failed === null ? {} : { here: `/e/${code}/resolutions/${resolution}` }), {
      code, ...shown, may: { hold: can('hold_assembly'), papers: can('enter_ballot'), roll: can('read_households'), propose: can('propose'), vote: can('vote') },
      asked_code: asked.slice(0, 40), form_key: newFormKey(), failed,
    }), status);
  };
  app.get('/e/:estate/resolutions/:resolution', { schema: { hide: true, params: OnePath, querystring: Type.Object({ code: Type.Optional(Type.String({ maxLength: 100 })) }) } }, (request, reply) => show(request, reply));

  const Pressed = Type.Optional(Type.Object({ csrf: Short, form_key: Short, reason: Type.Optional(Type.String({ maxLength: 2_000 })) }, { additionalProperties: false }));
  const step = (path: string, needs: Capability, at: NonNullable<OneShown['failed']>['at'] | null, work: (request: FastifyRequest, body: { form_key?: string; reason?: string }) => Promise<string>): void => {
    app.post(`/e/:estate/resolutions/:resolution/${path}`, { schema: { hide: true, params: OnePath, body: Pressed } }, async (request, reply) => {
      demand(request.actor, request.estate!.estate_id, needs);
      const body = (request.body ?? {}) as { form_key?: string; reason?: string };
      try {
        return await reply.redirect(await work(request, body), 303);
      } catch (error) {
        if (!(error instanceof Refusal) || at === null || [401, 403, 404].includes(error.status)) throw error;
        return show(request, reply, { at, errors: formErrors(error, localeOf(request)), values: { reason: body.reason ?? '' } }, error.status);
      }
    });
  };
  const here = (request: FastifyRequest): string => `/e/${request.estate!.code}/resolutions/${resolutionOf(request)}`;
  const asked = (request: FastifyRequest) => ({ estate: request.estate!, actor: request.actor, resolution: resolutionOf(request) });

  step('announce', 'hold_assembly', 'announce', async (request) => { await announceResolution(house, asked(request)); return `${here(request)}?done=changed`; });
  step('drop', 'hold_assembly', null, async (request) => { await dropDraft(house, asked(request)); return `/e/${request.estate!.code}/resolutions?done=deleted`; });
  step('call-off', 'hold_assembly', 'call_off', async (request, { reason = '' }) => { await callOffResolution(house, { ...asked(request), reason }); return `${here(request)}?done=changed`; });
  step('certificate', 'propose', 'certificate', async (request, { form_key }) => {
    const { proposal_id } = await proposeCertificate(house, { ...asked(request), key: form_key });
    return `/e/${request.estate!.code}/proposals/${proposal_id}?done=submitted`;
  });
}

function tableRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const Cursor = Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9a-f]{0,32}$' })) });

  const masked = async (request: FastifyRequest, limit: number) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { cursor = '' } = request.query as { cursor?: string };
    return inEstate(house.db.app, estate_id, async (trx) => ({
      row: await readResolutionRow(trx, estate_id, resolutionOf(request)), ...await maskedBallots(trx, estate_id, resolutionOf(request), { after: cursor, limit }),
    }), { readOnly: true });
  };
  app.get('/e/:estate/resolutions/:resolution/ballots', { schema: { hide: true, params: OnePath, querystring: Cursor } }, async (request, reply) =>
    htmlReply(reply, ballotsPage(frameOf(request), { code: request.estate!.code, ...await masked(request, 200) })));
  app.get('/e/:estate/resolutions/:resolution/ballots.csv', { schema: { hide: true, params: OnePath, querystring: Cursor } }, async (request, reply) => {
    const { items, row } = await masked(request, CSV_ROWS);
    const t = pick(texts, localeOf(request));
    return sendCsv(reply, `${t.list_link}-${row.resolution_id}.csv`, toCsv([
      { key: 'voter', title: t.voter }, { key: 'area', title: t.area, type: 'number' }, { key: 'way', title: t.way }, { key: 'choice', title: t.choice }, { key: 'commitment', title: t.commitment }, { key: 'seq', title: t.record, type: 'number' },
    ], items.map((one) => ({ ...one, way: t[`way_${one.way as 'online' | 'paper'}`], choice: one.choice === null ? '' : t[`choice_${one.choice as Choice}`] }))));
  });

  const roll = async (request: FastifyRequest) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => ({
      row: await readResolutionRow(trx, estate_id, resolutionOf(request)), items: await rollRows(trx, estate_id, resolutionOf(request)), known: await laws(trx),
    }), { readOnly: true });
  };
  app.get('/e/:estate/resolutions/:resolution/roll', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { row, items } = await roll(request);
    return htmlReply(reply, rollPage(frameOf(request, { audience: 'desk' }), { code: request.estate!.code, row, items }));
  });
  app.get('/e/:estate/resolutions/:resolution/roll.csv', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { row, items } = await roll(request);
    const t = pick(texts, localeOf(request));
    return sendCsv(reply, `${t.roll}-${row.resolution_id}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'area', title: t.unit_area, type: 'number' }, { key: 'voter', title: t.voter }, { key: 'voter_area', title: t.voter_area, type: 'number' }, { key: 'voted', title: t.voted }, { key: 'way', title: t.way }, { key: 'choice', title: t.choice },
    ], items.map((one) => ({ ...one, voted: one.voted ? t.yes : t.no, way: one.way === null ? '' : t[`way_${one.way as 'online' | 'paper'}`], choice: one.choice === null ? '' : t[`choice_${one.choice as Choice}`] }))));
  });

  const sendPdf = (reply: FastifyReply, bytes: Buffer, name: string) => reply.header('cache-control', 'private, no-store')
    .header('content-disposition', `attachment; filename="${name}.pdf"`).type('application/pdf').header('content-length', bytes.length).send(bytes);
  app.get('/e/:estate/resolutions/:resolution/ballots.pdf', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { row, items, known } = await roll(request);
    const printed = { estate: request.estate!, row, law: lawOf(known, row), public_url: house.settings.public_url, locale: localeOf(request) };
    const papers = ['announced', 'voting'].includes(row.state) ? ballotPapers(printed, items) : [];
    if (papers.length === 0) throw refusals.ballot_not_voting({ resolution: row.resolution_id, starts_on: row.starts_on, ends_on: row.ends_on });
    return sendPdf(reply, await printer().papers(papers), `ballots-${row.resolution_id}`);
  });
  app.get('/e/:estate/resolutions/:resolution/result.pdf', { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { row, law } = await inEstate(house.db.app, estate_id, async (trx) => {
      const found = await readResolutionRow(trx, estate_id, resolutionOf(request));
      return { row: found, law: lawOf(await laws(trx), found) };
    }, { readOnly: true });
    if (row.count === null) throw refusals.resolution_not_passed({ resolution: row.resolution_id, title: row.title });
    return sendPdf(reply, await printer().papers([resultPaper({ estate: request.estate!, row, law, public_url: house.settings.public_url, locale: localeOf(request) })]), `result-${row.resolution_id}`);
  });
}
