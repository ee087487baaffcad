// Pages of the estate's front door and of its disclosures.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { assembleFigures } from './assemble.ts';
import { demandDisclosure, fileName, sendFigures, sendPdf } from './files.ts';
import { homePage } from './home-page.tsx';
import { readHome } from './home.ts';
import { listCsv, listPage } from './list-page.tsx';
import { sealShown, sendNoticeSheet, type SheetParts } from './notice-sheet.ts';
import { correctDisclosure, publishNow } from './publish.ts';
import { figuresOf, monthsOf, readDisclosure, versionsOf } from './queries.ts';
import { csvTable, entriesShown, tableNames, type EntryFilter } from './tables.ts';
import { twinPage, type FormShown, type TwinShown } from './twin-page.tsx';

const Path = Type.Object({ estate: Type.String() });
const Month = Type.Object({ estate: Type.String(), period: Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' }) });
const Short = Type.Optional(Type.String({ maxLength: 100 }));
const Asked = Type.Object({
  version: Type.Optional(Type.String({ pattern: '^([1-9][0-9]{0,3})?$' })), q: Short, kind: Short, account: Short, fund: Short,
  cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,6}$' })), table: Short,
});
type Asked = Static<typeof Asked>;
const Lang = Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')]));
const FileAsked = Type.Object({ version: Asked.properties.version, lang: Lang });
const Token = Type.Optional(Type.String({ maxLength: 200 }));
const BASE = '/e/:estate/disclosures';
const FILE = `${BASE}/:period(^\\d{4}-\\d{2}$)`;
/** Entries on one page of the twin. */
const PAGE = 100;

const filterOf = ({ q = '', kind = '', account = '', fund = '' }: Asked): EntryFilter => ({ q, kind, account, fund });
const versionOf = (version: string | undefined): string | undefined => (version === '' ? undefined : version);
const reading = (request: FastifyRequest) => demand(request.actor, request.estate!.estate_id, 'read_books');

/** A published version, or for officers what would be published now. */
async function readTwin(house: House, request: FastifyRequest, period: string, version: string | undefined): Promise<
  Pick<TwinShown, 'figures' | 'version' | 'versions' | 'closed' | 'seal'>> {
  const estate = request.estate!;
  const { estate_id } = estate;
  const found = await inEstate(house.db.app, estate_id, async (trx) => {
    const disclosure = await readDisclosure(trx, estate_id, period, version === undefined ? undefined : Number(version));
    return {
      disclosure, seal: await sealShown(house, trx, estate_id, disclosure?.checkpoint_size ?? null),
      versions: await versionsOf(trx, estate_id, period),
      running: periodOf(await estateToday(trx, estate_id)),
      closed: (await trx.selectFrom('log_head').select('closed_period').where('estate_id', '=', estate_id)
        .executeTakeFirstOrThrow()).closed_period >= period,
    };
  }, { readOnly: true });
  const { disclosure, seal, versions, running, closed } = found;
  if (disclosure !== null) return { figures: figuresOf(disclosure), version: disclosure, versions, closed, seal };
  const drafted = versions.length === 0 && period >= estate.first_period && period <= running;
  if (drafted && may(request.actor, estate_id, 'read_officers')) {
    const figures = await assembleFigures(house, estate, period, { version: 1, published_at: null, correction: null });
    return { figures, version: null, versions, closed, seal };
  }
  const { figures, ...row } = await demandDisclosure(house, estate, { period, version });
  return { figures: figuresOf({ figures }), version: { ...row }, versions, closed, seal };
}

async function showTwin(house: House, request: FastifyRequest, reply: FastifyReply, period: string, asked: Asked, form: FormShown, status = 200) {
  const estate = request.estate!;
  reading(request);
  const twin = await readTwin(house, request, period, versionOf(asked.version));
  const frame = frameOf(request, request.method === 'GET' ? {} : { here: `/e/${estate.code}/disclosures/${period}` });
  const filter = filterOf(asked);
  const entries = entriesShown(twin.figures, filter, frame.locale);
  const start = Number(asked.cursor ?? 0);
  const next_cursor = start + PAGE < entries.rows.length ? String(start + PAGE) : null;
  return htmlReply(reply, twinPage(frame, {
    ...twin, code: estate.code, filter, entries, rows: entries.rows.slice(start, start + PAGE), next_cursor,
    form: may(request.actor, estate.estate_id, 'publish') ? form : null,
  }), status);
}

const emptyForm = (): FormShown => ({ form_key: newFormKey(), values: {}, errors: {} });

function homeAndList(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get('/e/:estate', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const actor = reading(request);
    const estate = request.estate!;
    return htmlReply(reply, homePage(frameOf(request), estate, await readHome(house, estate, actor)));
  });

  const months = (request: FastifyRequest) => {
    reading(request);
    const estate = request.estate!;
    return inEstate(house.db.app, estate.estate_id, (trx) => monthsOf(trx, estate), { readOnly: true });
  };
  app.get(BASE, { schema: { hide: true, params: Path } }, async (request, reply) =>
    htmlReply(reply, listPage(frameOf(request), {
      estate: request.estate!, months: await months(request), officer: may(request.actor, request.estate!.estate_id, 'read_officers'),
    })));
  app.get(`${BASE}.csv`, { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { columns, rows } = listCsv(await months(request), localeOf(request));
    return sendCsv(reply, `收支公示-${request.estate!.name_zh}.csv`, toCsv(columns, rows));
  });
}

function files(instance: FastifyInstance, house: House, { verifierPage }: SheetParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${FILE}.pdf`, { schema: { hide: true, params: Month, querystring: FileAsked } }, async (request, reply) => {
    reading(request);
    const { version, lang } = request.query;
    return sendPdf(house, request, reply, { period: request.params.period, version: versionOf(version), lang });
  });
  app.get(`${FILE}/notice.pdf`, { schema: { hide: true, params: Month, querystring: FileAsked } }, async (request, reply) => {
    reading(request);
    const { version, lang } = request.query;
    return sendNoticeSheet(house, request, reply, { period: request.params.period, version: versionOf(version), lang, verifierPage });
  });
  app.get(`${FILE}.json`, { schema: { hide: true, params: Month, querystring: FileAsked } }, async (request, reply) => {
    reading(request);
    return sendFigures(house, request, reply, { period: request.params.period, version: versionOf(request.query.version) });
  });
  app.get(`${FILE}.csv`, { schema: { hide: true, params: Month, querystring: Asked } }, async (request, reply) => {
    reading(request);
    const estate = request.estate!;
    const { period } = request.params;
    const { version, table = 'entries' } = request.query;
    const found = await demandDisclosure(house, estate, { period, version: versionOf(version) });
    const name = tableNames.find((known) => known === table) ?? 'entries';
    const locale = localeOf(request);
    const { columns, rows } = csvTable(name, figuresOf(found), filterOf(request.query), locale);
    return sendCsv(reply, fileName(estate, found, locale, `${name}.csv`), toCsv(columns, rows));
  });
}

export function disclosurePageRoutes(instance: FastifyInstance, house: House, parts: SheetParts = {}): void {
  homeAndList(instance, house);
  files(instance, house, parts);
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(`${BASE}/:period`, { schema: { hide: true, params: Month, querystring: Asked } }, async (request, reply) =>
    showTwin(house, request, reply, request.params.period, request.query, emptyForm()));

  app.post(`${BASE}/:period/publish`, {
    schema: { hide: true, params: Month, body: Type.Object({ form_key: Token, csrf: Token }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'publish');
    const { period } = request.params;
    try {
      await publishNow(house, { estate, actor, period });
      return await reply.redirect(`/e/${estate.code}/disclosures/${period}?done=published`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      const form = { ...emptyForm(), errors: formErrors(error, localeOf(request)) };
      return showTwin(house, request, reply, period, {}, form, error.status);
    }
  });

  app.post(`${BASE}/:period/corrections`, {
    schema: {
      hide: true, params: Month,
      body: Type.Object({ reason: Type.String({ maxLength: 20_000 }), form_key: Token, csrf: Token }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'publish');
    const { period } = request.params;
    const { reason, form_key = newFormKey() } = request.body;
    try {
      const { version } = await correctDisclosure(house, { estate, actor, period, key: `${actor.person_id}:${form_key}` }, reason);
      return await reply.redirect(`/e/${estate.code}/disclosures/${period}?version=${version}&done=published`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      const form = { form_key: newFormKey(), values: { reason }, errors: formErrors(error, localeOf(request)) };
      return showTwin(house, request, reply, period, {}, form, error.status);
    }
  });
}
