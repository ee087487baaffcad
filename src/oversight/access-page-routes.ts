// Pages of auditors' access, of inspections and of objections.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { auditKinds } from '../approval/audit-scope.ts';
import { kindName } from '../approval/texts.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { readDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Told } from '../office/membership-page-routes.ts';
import { passwordPaper } from '../office/membership-pages.tsx';
import { readForm } from '../payment/voucher.ts';
import { bodiesOf } from '../people/queries.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { frameOf } from '../web/frame.ts';
import { formatInstant, localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { accessPage, grantPage, invariantsPage, objectionsPage, readKind } from './access-pages.tsx';
import { auditorTerms, readsOf } from './access-queries.ts';
import { stateTexts, texts } from './access-texts.ts';
import { proposeGrant } from './grant.ts';
import { lastInspection, pastInspections } from './inspection-queries.ts';
import { invariants } from './invariants.ts';
import { objectionList, type Objection } from './objection-queries.ts';

const Path = Type.Object({ estate: Type.String() });
const Days = Type.Object({ from: Type.Optional(Type.String({ maxLength: 20 })), to: Type.Optional(Type.String({ maxLength: 20 })) });
const Chosen = Type.Object({ state: Type.Optional(Type.String({ maxLength: 20 })), by: Type.Optional(Type.String({ maxLength: 20 })) });
const READS = 200;
const EVERY = 100_000;
const PAST = 30;
const EMPTY: FormRead = { fields: {}, vouchers: [] };

export function accessPageRoutes(instance: FastifyInstance, house: House): void {
  readingRoutes(instance, house);
  grantRoutes(instance, house);
  invariantRoutes(instance, house);
  objectionListRoutes(instance, house);
}

function readingRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const read = (request: FastifyRequest<{ Querystring: { from?: string; to?: string } }>, limit: number) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const [from, to] = [readDate(request.query.from ?? ''), readDate(request.query.to ?? '')];
    return inEstate(house.db.app, estate_id, async (trx) => ({
      today: await estateToday(trx, estate_id), auditors: await auditorTerms(trx, estate_id), reads: await readsOf(trx, estate_id, { limit, from, to }), from: from ?? '', to: to ?? '',
    }), { readOnly: true });
  };

  app.get('/e/:estate/access', { schema: { hide: true, params: Path, querystring: Days } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    const found = await read(request, READS);
    return htmlReply(reply, accessPage(frameOf(request), {
      code, ...found, may_grant: may(request.actor, estate_id, 'grant_access'), may_end: may(request.actor, estate_id, 'propose'), may_log: may(request.actor, estate_id, 'read_officers'),
    }));
  });

  app.get('/e/:estate/access.csv', { schema: { hide: true, params: Path, querystring: Days } }, async (request, reply) => {
    const { reads } = await read(request, EVERY);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${request.estate!.code}-${t.access}.csv`, toCsv([
      { key: 'day', title: t.day, type: 'date' }, { key: 'who', title: t.who }, { key: 'kinds', title: t.looked_at }, { key: 'first_at', title: t.first_at },
    ], reads.map((row) => ({
      day: row.day, who: row.name ?? t.gone, kinds: row.kinds.map(({ kind }) => readKind(kind, locale)).join(locale === 'zh' ? '；' : '; '), first_at: formatInstant(row.first_at, locale),
    }))));
  });
}

const fieldNames: Record<string, string> = {
  login: 'owner_login', name: 'new_name', person: 'owner_login', 'new_person.login': 'new_login', starts_on: 'starts_on', ends_on: 'ends_on',
  'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', resolution: 'resolution_title',
};

function grantRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'grant_access');
    const shown = await inEstate(house.db.app, estate.estate_id, async (trx) =>
      ({ today: await estateToday(trx, estate.estate_id), kept: await keptOf(trx, estate, vouchers) }), { readOnly: true });
    return htmlReply(reply, grantPage(frameOf(request, { here: `/e/${estate.code}/access/new` }), { code: estate.code, today: shown.today, form: { ...form, kept: shown.kept } }), status);
  };

  app.get('/e/:estate/access/new', { schema: { hide: true, params: Path } }, (request, reply) =>
    show(request, reply, emptyForm(Object.fromEntries(auditKinds.filter((kind) => kind !== 'households').map((kind) => [`kind_${kind}`, 'yes'])))));

  app.post('/e/:estate/access/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'grant_access');
    let read = EMPTY;
    try {
      read = await readForm(request, house, 'grant_access');
      const { fields } = read;
      const { owner_login = '', new_name = '', new_login = '' } = fields;
      const somebody_new = owner_login.trim() === '' && (new_name.trim() !== '' || new_login.trim() !== '');
      const { proposed, new_login: shown } = await proposeGrant(house, {
        estate, actor, key: fields['form_key'] ?? null, starts_on: fields['starts_on'] ?? '', ends_on: fields['ends_on'] ?? '', from: fields['from'] ?? '', to: fields['to'] ?? '',
        who: somebody_new ? { new_person: { name: new_name, login: new_login } } : owner_login.trim() === '' ? {} : { login: owner_login },
        kinds: auditKinds.filter((kind) => (fields[`kind_${kind}`] ?? '') !== ''), resolution: resolutionIn(read),
      });
      if (!somebody_new) return await reply.redirect(`/e/${estate.code}/proposals/${proposed.proposal_id}?done=submitted`, 303);
      const frame = frameOf(request, { here: `/e/${estate.code}/access/new` });
      return await htmlReply(reply.header('cache-control', 'no-store'), passwordPaper(frame, {
        code: estate.code, estate_name: frame.locale === 'zh' ? estate.name_zh : estate.name_en, public_url: house.settings.public_url,
        proposal_id: proposed.proposal_id, login: shown,
      }));
    } catch (error) {
      const names = (read.fields['new_login'] ?? '').trim() === '' ? fieldNames : { ...fieldNames, login: 'new_login' };
      return show(request, reply, toldBack(error, request, read, names));
    }
  });
}

function invariantRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/invariants', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const found = await inEstate(house.db.app, estate_id, async (trx) => ({ last: await lastInspection(trx, estate_id), past: await pastInspections(trx, estate_id, PAST) }), { readOnly: true });
    return htmlReply(reply, invariantsPage(frameOf(request), { code, estate_id, invariants, ...found, sql: may(request.actor, estate_id, 'read_officers') }));
  });

  app.get('/e/:estate/invariants.csv', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const last = await inEstate(house.db.app, estate_id, (trx) => lastInspection(trx, estate_id), { readOnly: true });
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${code}-${t.invariants}.csv`, toCsv([
      { key: 'name', title: t.number }, { key: 'sentence', title: t.sentence }, { key: 'result', title: t.result }, { key: 'time', title: t.time },
    ], invariants.map((one) => {
      const found = last?.findings.find(({ invariant }) => invariant === one.name);
      return { name: one.name, sentence: one[locale], time: last === null ? '' : formatInstant(last.inspected_at, locale),
        result: found !== undefined ? `${found.found}: ${found.sample}` : last === null ? t.not_asked : t.holds };
    })));
  });
}

const chosen = (rows: readonly Objection[], { state = '', by = '' }: { state?: string; by?: string }): Objection[] =>
  rows.filter((row) => (state === '' || row.state === state) && (by === '' || (by === 'owner' ? row.body === null : row.body === by)));

function objectionListRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate/objections', { schema: { hide: true, params: Path, querystring: Chosen } }, async (request, reply) => {
    const { estate_id, code, answer_days } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const { all, bodies } = await inEstate(house.db.app, estate_id, async (trx) => ({ all: await objectionList(trx, estate_id, { officer: may(request.actor, estate_id, 'read_officers') }), bodies: await bodiesOf(trx, estate_id) }), { readOnly: true });
    const { state = '', by = '' } = request.query;
    return htmlReply(reply, objectionsPage(frameOf(request), {
      code, days: answer_days, rows: chosen(all, request.query), all: all.length, state, by, bodies: bodies.filter(({ body }) => ['supervisor', 'community', 'street', 'party_branch'].includes(body)),
    }));
  });

  app.get('/e/:estate/objections.csv', { schema: { hide: true, params: Path, querystring: Chosen } }, async (request, reply) => {
    const { estate_id, code } = request.estate!;
    demand(request.actor, estate_id, 'read_books');
    const rows = chosen(await inEstate(house.db.app, estate_id, (trx) => objectionList(trx, estate_id, { officer: may(request.actor, estate_id, 'read_officers') }), { readOnly: true }), request.query);
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${code}-${t.objections}.csv`, toCsv([
      { key: 'proposal_id', title: t.about, type: 'number' }, { key: 'kind', title: 'kind' }, { key: 'state', title: t.state }, { key: 'by', title: t.raised_by }, { key: 'objected_on', title: t.raised, type: 'date' },
      { key: 'due_on', title: t.due, type: 'date' }, { key: 'days', title: t.clock, type: 'number' }, { key: 'objection', title: t.objection }, { key: 'answer', title: t.answer },
    ], rows.map((row) => ({
      ...row, kind: kindName(row.kind, locale), state: stateTexts[row.state][locale], by: (locale === 'zh' ? row.body_zh : row.body_en) ?? t.an_owner,
      objection: row.objection ?? t.erased, answer: row.answer ?? '',
    }))));
  });
}

