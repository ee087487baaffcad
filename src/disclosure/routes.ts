// Disclosures over the API: list, figures, files; publishing by hand and corrections.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { localeOf } from '../web/locale.ts';
import { sendCsv } from '../web/csv.ts';
import { entriesCsv } from '../../reports/monthly-disclosure/csv.ts';
import { demandDisclosure, fileName, sendFigures, sendPdf } from './files.ts';
import { sendNoticeSheet, type SheetParts } from './notice-sheet.ts';
import { correctDisclosure, publishNow } from './publish.ts';
import { figuresOf, monthsOf, versionsOf } from './queries.ts';

const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const Month = Type.Object({
  ...Path.properties, period: Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$', examples: ['2026-10'] }),
});
const VersionAsked = Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: 'The latest when left out' }));
const Lang = Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')]));
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$' });
const Checkpoint = Type.Union([Type.Integer(), Type.Null()], {
  description: 'Size of the checkpoint sealed into the PDFs; null where none could be signed',
});
const VersionShown = Type.Object({
  period: Type.String(), version: Type.Integer(), figures_sha256: Hash, pdf_zh_sha256: Hash, pdf_en_sha256: Hash,
  pdf_zh_size: Type.Integer(), pdf_en_size: Type.Integer(), due_on: Type.String(), published_at: Type.String(),
  on_time: Type.Boolean(), seq: Type.Integer(), checkpoint_size: Checkpoint,
});
const Published = Type.Object({
  period: Type.String(), version: Type.Integer(), figures_sha256: Hash, pdf_zh_sha256: Hash, pdf_en_sha256: Hash,
  due_on: Type.String(), published_at: Type.String(), seq: Type.Integer(), checkpoint_size: Checkpoint,
});
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const BASE = '/api/v1/estates/:estate/disclosures';
// A month with a dot behind it is a file: the pattern keeps the two apart.
const FILE = `${BASE}/:period(^\\d{4}-\\d{2}$)`;

const reading = (request: FastifyRequest): void => void demand(request.actor, request.estate!.estate_id, 'read_books');

function readingRoutes(instance: FastifyInstance, house: House, { verifierPage }: SheetParts): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(BASE, {
    schema: {
      tags: ['disclosures'], summary: 'Every month of the books with its versions, newest first', params: Path,
      response: {
        200: Type.Object({
          items: Type.Array(Type.Object({
            period: Type.String(), due_on: Type.String(), closed: Type.Boolean(),
            state: Type.Union([Type.Literal('published'), Type.Literal('overdue'), Type.Literal('ahead')]),
            drafted_at: Type.Union([Type.String(), Type.Null()]), versions: Type.Array(VersionShown),
          })),
        }),
      },
    },
  }, async (request) => {
    reading(request);
    const estate = request.estate!;
    return { items: await inEstate(house.db.app, estate.estate_id, (trx) => monthsOf(trx, estate), { readOnly: true }) };
  });

  app.get(`${FILE}.pdf`, {
    schema: {
      tags: ['disclosures'], summary: 'The sealed PDF of a month', params: Month, produces: ['application/pdf'],
      querystring: Type.Object({ version: VersionAsked, lang: Lang }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    reading(request);
    return sendPdf(house, request, reply, { ...request.params, ...request.query });
  });

  app.get(`${FILE}/notice.pdf`, {
    schema: {
      tags: ['disclosures'], summary: 'The sheet for the notice board: one page, with the checkpoint as a QR code', params: Month,
      produces: ['application/pdf'],
      querystring: Type.Object({ version: VersionAsked, lang: Lang }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    reading(request);
    return sendNoticeSheet(house, request, reply, { ...request.params, ...request.query, verifierPage });
  });

  app.get(`${FILE}.json`, {
    schema: {
      tags: ['disclosures'], summary: 'The figures of a month, byte for byte as they were hashed', params: Month,
      querystring: Type.Object({ version: VersionAsked, lang: Lang }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    reading(request);
    return sendFigures(house, request, reply, { ...request.params, ...request.query });
  });

  app.get(`${FILE}.csv`, {
    schema: {
      tags: ['disclosures'], summary: 'Every entry of a month as a table, the one inside the PDF', params: Month,
      produces: ['text/csv'],
      querystring: Type.Object({ version: VersionAsked, lang: Lang }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    reading(request);
    const estate = request.estate!;
    const found = await demandDisclosure(house, estate, { ...request.params, ...request.query });
    const locale = request.query.lang ?? localeOf(request);
    return sendCsv(reply, fileName(estate, found, locale, 'csv'), entriesCsv(figuresOf(found), locale));
  });

  app.get(`${BASE}/:period`, {
    schema: {
      tags: ['disclosures'], summary: 'Figures of the latest version, and the list of versions', params: Month,
      description: 'Answers {period, version, figures, versions}; figures as in …/{period}.json.',
    },
  }, async (request, reply) => {
    reading(request);
    const { estate_id } = request.estate!;
    const { period } = request.params;
    const found = await demandDisclosure(house, request.estate!, { period });
    const versions = await inEstate(house.db.app, estate_id, (trx) => versionsOf(trx, estate_id, period), { readOnly: true });
    // The figures may be megabytes: they go out as the text they are.
    return reply.type('application/json; charset=utf-8').send(`{"period":"${period}","version":${found.version},`
      + `"versions":${JSON.stringify(versions)},"figures":${found.figures}}`);
  });
}

export function disclosureRoutes(instance: FastifyInstance, house: House, parts: SheetParts = {}): void {
  readingRoutes(instance, house, parts);
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post(`${BASE}/:period`, {
    schema: {
      tags: ['disclosures'], summary: 'Publish a closed month before its due day', params: Month,
      body: Type.Object({ publish: Type.Literal('now', { examples: ['now'] }) }, { additionalProperties: false }),
      response: { 201: Published },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'publish');
    return reply.code(201).send(await publishNow(house, { estate, actor, period: request.params.period }));
  });

  app.post(`${BASE}/:period/corrections`, {
    schema: {
      tags: ['disclosures'], summary: 'Publish a corrected version beside what was published', params: Month, headers: Key,
      body: Type.Object({
        reason: Type.String({ maxLength: 20_000, examples: ['补记 10 月 31 日银行利息 40.00 元'] }),
      }, { additionalProperties: false }),
      response: { 201: Published },
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'publish');
    const given = callersKey(request);
    const key = given === null ? null : `${actor.person_id}:${given}`;
    return reply.code(201).send(await correctDisclosure(house,
      { estate, actor, period: request.params.period, key }, request.body.reason));
  });
}
