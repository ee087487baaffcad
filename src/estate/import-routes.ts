// The import of the register over the interface: hand in, look, put right, take, take back.
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { sheetKinds } from './import-headings.ts';
import { importsOf, type ImportRow } from './import-queries.ts';
import { expectedText, whyText } from './import-template.ts';
import { undoImport } from './import-undo.ts';
import { receiveSheet } from './import-upload.ts';
import { correctImport, dropImport, handInRegister, lookAtImport, takeImport, type Looked } from './import.ts';

const tags = ['register'];
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ estate: Type.String({ examples: ['demo'] }), import_id: Type.String({ pattern: '^[1-9][0-9]{0,8}$', examples: ['7'] }) });
const config = { rateLimit: { max: 60, timeWindow: '1 minute' } };
const MOST_TOLD = 500;

const Counts = Type.Record(Type.String(), Type.Union([Type.Integer(), Type.String()]), {
  description: 'units, owners, tenants, spaces, holdings, meters, readings, bills, bills_total (yuan), skipped (rows left out); what is not there is nought',
});
const Import = Type.Object({
  import_id: Type.Integer({ examples: [7] }), file_name: Type.String(), sha256: Type.String(), state: Type.Enum(['draft', 'taken', 'undone']),
  since: Type.Union([Type.String(), Type.Null()], { description: 'First day of owners, tenants and spaces, day of readings, where a row names none.' }),
  counts: Counts, handed_at: Type.String(), taken_seq: Type.Union([Type.Integer(), Type.Null()]), undone_seq: Type.Union([Type.Integer(), Type.Null()]),
});
const Place = { sheet: Type.Integer({ minimum: 0, maximum: 20 }), row: Type.Integer({ minimum: 1, maximum: 300_000 }) };
const LookedAt = Type.Intersect([Import, Type.Object({
  sheets: Type.Array(Type.Object({ name: Type.String(), kind: Type.Enum([...sheetKinds]), columns: Type.Array(Type.Object({ field: Type.String(), column: Type.String(), heading: Type.String() })), left_out: Type.Array(Type.String()) })),
  needs_since: Type.Boolean(), faulty: Type.Integer({ description: 'Bad cells in all; the first 500 are listed.' }),
  faults: Type.Array(Type.Object({ ...Place, field: Type.String(), text: Type.String(), code: Type.String(), zh: Type.String(), en: Type.String(), expected_zh: Type.String(), expected_en: Type.String() })),
  notes: Type.Array(Type.Object({ ...Place, code: Type.String() })),
})]);

const shown = ({ import_id, file_name, sha256, state, since, counts, handed_at, taken_seq, undone_seq }: ImportRow) =>
  ({ import_id, file_name, sha256, state, since, counts, handed_at: isoInstant(handed_at), taken_seq, undone_seq });
const lookedAt = ({ row, counts, faults, notes, needs_since }: Looked) => ({
  ...shown(row), counts, needs_since, faulty: faults.length,
  sheets: row.shapes.map(({ name, kind, columns, left_out }) => ({ name, kind, columns, left_out })),
  faults: faults.slice(0, MOST_TOLD).map((fault) => ({
    sheet: fault.sheet, row: fault.row, field: fault.field, text: fault.text, code: fault.code, zh: whyText(fault, 'zh'), en: whyText(fault, 'en'),
    expected_zh: expectedText(fault, 'zh'), expected_en: expectedText(fault, 'en'),
  })),
  notes: notes.slice(0, MOST_TOLD),
});

const keeping = (request: FastifyRequest) => ({ estate: request.estate!, actor: demand(request.actor, request.estate!.estate_id, 'keep_register') });
const one = (request: FastifyRequest<{ Params: { import_id: string } }>) => ({ ...keeping(request), import_id: Number(request.params.import_id) });

export function importRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const BASE = '/api/v1/estates/:estate/register/imports';

  app.post(BASE, {
    config,
    schema: {
      tags, summary: 'Hand in a spreadsheet for the register; nothing is entered yet', consumes: ['multipart/form-data'], params: Path, response: { 201: LookedAt },
      description: 'multipart/form-data: `file` (.xlsx, .xls, .csv); optional `kind` (units, spaces, meters, readings, bills; else told by the headings), `since` (first day '
        + 'where a row names none). The same file again is the same draft. A draft is dropped after a week.',
    },
  }, async (request, reply) => {
    const { estate, actor } = keeping(request);
    const { bytes, file_name, fields: { kind, since } } = await receiveSheet(request);
    const { import_id } = await handInRegister(house, { estate, actor, bytes, file_name, kind, since });
    return reply.code(201).send(lookedAt(await lookAtImport(house, { estate, actor, import_id })));
  });

  app.get(BASE, {
    schema: { tags, summary: 'Imports of the register, the last one first', params: Path, response: { 200: Type.Object({ items: Type.Array(Import) }) } },
  }, async (request) => {
    const { estate: { estate_id } } = keeping(request);
    return { items: (await inEstate(house.db.app, estate_id, (trx) => importsOf(trx, estate_id), { readOnly: true })).map(shown) };
  });

  app.get(`${BASE}/:import_id`, {
    schema: { tags, summary: 'One import: what it brings, and what is wrong with a draft', params: OnePath, response: { 200: LookedAt } },
  }, async (request) => lookedAt(await lookAtImport(house, one(request))));

  app.post(`${BASE}/:import_id/corrections`, {
    config,
    schema: {
      tags, summary: 'Put cells of a draft right, leave rows out, say the first day', params: OnePath, response: { 200: LookedAt },
      body: Type.Object({
        cells: Type.Optional(Type.Array(Type.Object({ ...Place, field: Type.String({ maxLength: 40, examples: ['area'] }), text: Type.String({ maxLength: 500, examples: ['85.00'] }) }, { additionalProperties: false }), { maxItems: 1000 })),
        skip: Type.Optional(Type.Array(Type.Object(Place, { additionalProperties: false }), { maxItems: 5000 })),
        unskip_all: Type.Optional(Type.Boolean()), since: Type.Optional(Type.String({ maxLength: 20, examples: ['2019-06-01'] })),
      }, { additionalProperties: false }),
    },
  }, async (request) => {
    const asked = one(request);
    await correctImport(house, asked, request.body);
    return lookedAt(await lookAtImport(house, asked));
  });

  app.post(`${BASE}/:import_id/take`, {
    config,
    schema: { tags, summary: 'Enter a draft into the register, all of it or nothing', description: 'Again: the first answer.', params: OnePath, response: { 200: Import } },
  }, async (request) => shown(await takeImport(house, one(request))));

  app.post(`${BASE}/:import_id/undo`, {
    config,
    schema: { tags, summary: 'Take an import back, all of it or nothing', description: 'Refused where something later stands on it. Again: the first answer.', params: OnePath, response: { 200: Import } },
  }, async (request) => shown(await undoImport(house, one(request))));

  app.delete(`${BASE}/:import_id`, {
    schema: { tags, summary: 'Drop a draft with all its cells', params: OnePath, response: { 204: Type.Null() } },
  }, async (request, reply) => {
    await dropImport(house, one(request));
    return reply.code(204).send(null);
  });
}
