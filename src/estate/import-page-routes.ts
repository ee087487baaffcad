// Pages of the import of the register: upload, dry run with corrections in place, taking, taking back, templates.
import { Readable } from 'node:stream';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { sheetKinds } from './import-headings.ts';
import { importListPage, importPage } from './import-pages.tsx';
import { importNumbered, importsOf, stagedRows } from './import-queries.ts';
import { refusals } from './import-refusals.ts';
import { badRowsWorkbook, templateWorkbook } from './import-template.ts';
import { undoImport } from './import-undo.ts';
import { receiveSheet } from './import-upload.ts';
import { correctImport, dropImport, handInRegister, lookAtImport, takeImport, type Correction } from './import.ts';

const BASE = '/e/:estate/register/import';
const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) });
const config = { rateLimit: { max: 60, timeWindow: '1 minute' } };
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

const keeping = (request: FastifyRequest) => ({ estate: request.estate!, actor: demand(request.actor, request.estate!.estate_id, 'keep_register') });

function sendWorkbook(reply: FastifyReply, name: { zh: string; en: string }, bytes: AsyncGenerator<Uint8Array>): FastifyReply {
  const encoded = encodeURIComponent(`${name.zh}.xlsx`).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return reply.type(XLSX).header('content-disposition', `attachment; filename="${name.en}.xlsx"; filename*=UTF-8''${encoded}`).header('cache-control', 'no-store').send(Readable.from(bytes));
}

/** What was typed into the fields of bad cells, and the rows that were ticked. */
function correctionsOf(fields: Readonly<Record<string, string>>): { cells: Correction[]; skip: { sheet: number; row: number }[] } {
  const cells: Correction[] = [];
  const skip: { sheet: number; row: number }[] = [];
  for (const [name, text] of Object.entries(fields)) {
    const [, what, sheet, row, field] = /^(c|skip)\.(\d{1,2})\.(\d{1,6})(?:\.([a-z_]{1,20}))?$/.exec(name) ?? [];
    if (what === 'c' && field !== undefined) cells.push({ sheet: Number(sheet), row: Number(row), field, text });
    if (what === 'skip') skip.push({ sheet: Number(sheet), row: Number(row) });
  }
  // Who leaves a row out puts none of its cells right.
  const out = new Set(skip.map(({ sheet, row }) => `${sheet} ${row}`));
  return { cells: cells.filter(({ sheet, row }) => !out.has(`${sheet} ${row}`)), skip };
}

const fieldsOf = (body: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries((body ?? {}) as Record<string, unknown>).slice(0, 500).flatMap(([name, value]) => (typeof value === 'string' && name !== '__proto__' ? [[name, value.slice(0, 500)]] : [])));

export function importPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const addressOf = (request: FastifyRequest, id?: number | string): string => `/e/${request.estate!.code}/register/import${id === undefined ? '' : `/${id}`}`;

  async function showList(request: FastifyRequest, reply: FastifyReply, refusal?: Refusal) {
    const { estate, actor } = keeping(request);
    const items = await inEstate(house.db.app, estate.estate_id, (trx) => importsOf(trx, estate.estate_id), { readOnly: true });
    return htmlReply(reply, importListPage(frameOf(request, { here: addressOf(request) }), {
      code: estate.code, csrf: actor.csrf ?? undefined, items, values: {}, errors: refusal === undefined ? {} : formErrors(refusal, localeOf(request)),
    }), refusal?.status ?? 200);
  }

  app.get(BASE, { schema: { hide: true, params: Path } }, (request, reply) => showList(request, reply));

  app.post(BASE, { config, schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = keeping(request);
    try {
      const { bytes, file_name, fields } = await receiveSheet(request);
      const { import_id } = await handInRegister(house, { estate, actor, bytes, file_name, kind: fields['kind'] });
      return await reply.redirect(addressOf(request, import_id), 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 503) throw error;
      return showList(request, reply, error);
    }
  });

  app.get(`${BASE}/templates/:kind`, { schema: { hide: true, params: Type.Object({ estate: Type.String(), kind: Type.Enum([...sheetKinds]) }) } }, async (request, reply) => {
    keeping(request);
    const { kind } = request.params;
    return sendWorkbook(reply, { zh: `样表-${kind}`, en: `template-${kind}` }, templateWorkbook(kind));
  });

  type One = FastifyRequest<{ Params: { id: string } }>;
  async function showOne(request: One, reply: FastifyReply, { failed, values = {} }: { failed?: Refusal; values?: Record<string, string> } = {}) {
    const { estate, actor } = keeping(request);
    const looked = await lookAtImport(house, { estate, actor, import_id: Number(request.params.id) });
    return htmlReply(reply, importPage(frameOf(request, { here: addressOf(request, request.params.id) }), {
      code: estate.code, csrf: actor.csrf ?? undefined, looked, values, errors: failed === undefined ? {} : formErrors(failed, localeOf(request)),
    }), failed?.status ?? 200);
  }

  app.get(`${BASE}/:id`, { schema: { hide: true, params: OnePath } }, (request, reply) => showOne(request, reply));

  app.get(`${BASE}/:id/bad.xlsx`, { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate, actor } = keeping(request);
    const import_id = Number(request.params.id);
    const { row, faults } = await lookAtImport(house, { estate, actor, import_id });
    if (faults.length === 0) return reply.redirect(addressOf(request, import_id), 303);
    const { rows } = await inEstate(house.db.app, estate.estate_id, (trx) => stagedRows(trx, row), { readOnly: true });
    return sendWorkbook(reply, { zh: `要改的行-${import_id}`, en: `bad-rows-${import_id}` }, badRowsWorkbook(row, faults, rows, localeOf(request)));
  });

  app.post(`${BASE}/:id`, { config, schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const { estate, actor } = keeping(request);
    const import_id = Number(request.params.id);
    const asked = { estate, actor, import_id };
    const fields = fieldsOf(request.body);
    const act = fields['act'] ?? 'check';
    try {
      const row = await inEstate(house.db.app, estate.estate_id, (trx) => importNumbered(trx, estate.estate_id, import_id), { readOnly: true });
      if (row === undefined) throw refusals.register_import_unknown();
      if (act === 'undo') {
        if (fields['sure'] !== 'yes') throw refusals.register_undo_unsure({}, 'sure');
        await undoImport(house, asked);
      } else if (act === 'drop') {
        await dropImport(house, asked);
        return await reply.redirect(addressOf(request), 303);
      } else if (row.state === 'draft') {
        await correctImport(house, asked, { ...correctionsOf(fields), since: fields['since'], unskip_all: act === 'unskip' });
        if (act === 'take') await takeImport(house, asked);
      }
      return await reply.redirect(addressOf(request, import_id), 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404 || error.status === 503) throw error;
      return showOne(request, reply, { failed: error, values: fields });
    }
  });
}
