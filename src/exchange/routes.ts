// Exports over the API. Journals go out as they are written; an audit package is made in the background: POST asks for
// it, its address tells how far it is, and its file can be downloaded in parts.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { PERIOD_PATTERN } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { callersKey } from '../kernel/once.ts';
import { askForPackage, listJobs, newestDone, readJob, shownJob, type JobRow } from './job.ts';
import { lookForExports } from './making.ts';
import { formats, sendJournal, sendPackage, type FormatName } from './send.ts';

const BASE = '/api/v1/estates/:estate';
const tags = ['exports'];
const security = [{ session: [] }, { token: [] }];
const exact = { additionalProperties: false } as const;
const Path = Type.Object({ estate: Type.String({ examples: ['demo'] }) });
const OnePath = Type.Object({ ...Path.properties, id: Type.String({ pattern: '^[1-9][0-9]{0,8}$', examples: ['1'] }) });
const Month = Type.String({ pattern: PERIOD_PATTERN, description: 'Month, YYYY-MM; as far as the books go when left out' });
const Months = Type.Object({ from: Type.Optional(Month), to: Type.Optional(Month) }, exact);
const Key = Type.Object({ 'idempotency-key': Type.Optional(Type.String({ minLength: 1, maxLength: 100 })) });
const Nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer>>(type: T) => Type.Union([type, Type.Null()]);
const Job = Type.Object({
  id: Type.Integer(), audience: Type.Enum(['officers', 'owners'], { description: 'owners: without vouchers that only officers may open' }),
  from: Type.String(), to: Type.String(), state: Type.Enum(['waiting', 'running', 'done', 'failed']),
  step: Type.String({ description: 'What is being written: log, journal, interface, signatures, vouchers, disclosures' }),
  done: Type.Integer(), total: Type.Integer(), percent: Type.Integer(), asked_at: Type.String(), made_at: Nullable(Type.String()),
  size: Nullable(Type.Integer()), sha256: Nullable(Type.String()),
  log_size: Nullable(Type.Integer()), seq: Nullable(Type.Integer()),
  available: Type.Boolean({ description: 'Its file can be downloaded' }), href: Type.String(),
}, exact);

const reading = (request: FastifyRequest) => demand(request.actor, request.estate!.estate_id, 'read_books');
const hrefOf = (request: FastifyRequest, id: number): string => `/api/v1/estates/${request.estate!.code}/exports/${id}`;
const jobJson = (request: FastifyRequest, job: JobRow) => ({ ...shownJob(job), href: hrefOf(request, job.export_id) });
// Each takes the service some work: more than this in a minute is no reading.
const config = { rateLimit: { max: 30, timeWindow: '1 minute' } };

const summaries: Record<FormatName, string> = {
  hledger: 'The journal for hledger: passes `hledger check --strict`',
  beancount: 'The journal for Beancount: passes `bean-check`',
  csv: 'The journal as CSV, a line per posting',
  xlsx: 'Journal, accounts, funds and balances as a workbook',
};

export function exchangeRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  for (const format of Object.keys(formats) as FormatName[]) {
    app.get(`${BASE}/export/${format}`, {
      config,
      schema: { tags, summary: summaries[format], security, params: Path, querystring: Months, produces: [formats[format].media_type] },
    }, async (request, reply) => {
      reading(request);
      return sendJournal(house, request, reply, { format, asked: request.query });
    });
  }

  app.get(`${BASE}/export/audit.zip`, {
    config,
    schema: {
      tags, summary: 'The newest audit package of these months; 202 while the first is being made', security, params: Path,
      querystring: Months, produces: ['application/zip'],
      description: 'Officers get all original vouchers, owners those they may open. 202 carries the address of the job in Location. '
        + 'Downloads can be resumed (Range, If-Range). POST …/exports asks for a newer one.',
      response: { 200: Type.String({ format: 'binary' }), 202: Job },
    },
  }, async (request, reply) => {
    const actor = reading(request);
    const estate = request.estate!;
    const found = await inEstate(house.db.app, estate.estate_id, async (trx) => {
      const done = await newestDone(trx, estate, actor, request.query);
      return done ?? askForPackage(trx, { estate, actor, asked: request.query, key: null });
    });
    if (found.state === 'done') return sendPackage(house, request, reply, found);
    lookForExports(house, estate);
    return reply.code(202).type('application/json; charset=utf-8').header('location', hrefOf(request, found.export_id))
      .header('retry-after', '5').send(JSON.stringify(jobJson(request, found)));
  });

  packageRoutes(app, house);
}

function packageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.post(`${BASE}/exports`, {
    config,
    schema: {
      tags, summary: 'Ask for an audit package', security, params: Path, headers: Key, body: Months,
      description: 'Everything an auditor takes away, as one ZIP: log, journal in every format, original vouchers, signatures, disclosures, '
        + 'keys, verifier. One of the same months that is being made, or was made since anything was recorded, is given instead of a second.',
      response: { 200: Job, 202: Job },
    },
  }, async (request, reply) => {
    const actor = reading(request);
    const estate = request.estate!;
    const given = callersKey(request);
    const key = given === null ? null : `export:${actor.person_id}:${given}`;
    const job = await inEstate(house.db.app, estate.estate_id, (trx) => askForPackage(trx, { estate, actor, asked: request.body, key }));
    lookForExports(house, estate);
    return reply.code(job.state === 'done' ? 200 : 202).header('location', hrefOf(request, job.export_id)).send(jobJson(request, job));
  });

  app.get(`${BASE}/exports`, {
    schema: {
      tags, summary: 'Audit packages, newest first', security, params: Path,
      response: { 200: Type.Object({ items: Type.Array(Job) }, exact) },
    },
  }, async (request) => {
    const actor = reading(request);
    const estate = request.estate!;
    const rows = await inEstate(house.db.app, estate.estate_id, (trx) => listJobs(trx, estate, actor), { readOnly: true });
    return { items: rows.map((row) => jobJson(request, row)) };
  });

  const oneOf = async (request: FastifyRequest<{ Params: { id: string } }>): Promise<JobRow> => {
    const actor = reading(request);
    const estate = request.estate!;
    return inEstate(house.db.app, estate.estate_id, (trx) => readJob(trx, { estate, actor, id: Number(request.params.id) }), { readOnly: true });
  };

  app.get(`${BASE}/exports/:id`, {
    schema: { tags, summary: 'How far an audit package is', security, params: OnePath, response: { 200: Job } },
  }, async (request) => jobJson(request, await oneOf(request)));

  app.get(`${BASE}/exports/:id/audit.zip`, {
    schema: {
      tags, summary: 'The file of an audit package; a broken download goes on with Range and If-Range', security, params: OnePath,
      produces: ['application/zip'],
    },
  }, async (request, reply) => sendPackage(house, request, reply, await oneOf(request)));
}
