// Pages of the export.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { periodsBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { askForPackage, listJobs, readJob, shownJob, type JobRow } from './job.ts';
import { lookForExports } from './making.ts';
import { exportPage, packagePage } from './pages.tsx';
import { wholeRange, type RangeAsked } from './range.ts';
import { formats, sendJournal, sendPackage, type FormatName } from './send.ts';

const BASE = '/e/:estate/export';
const Path = Type.Object({ estate: Type.String() });
const OnePath = Type.Object({ estate: Type.String(), id: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }) });
const Month = Type.Optional(Type.String({ pattern: '^([1-9][0-9]{3}-(0[1-9]|1[0-2]))?$' }));
const Months = Type.Object({ from: Month, to: Month });
const Token = Type.Optional(Type.String({ maxLength: 200 }));
const config = { rateLimit: { max: 30, timeWindow: '1 minute' } };
const REFRESH = '5';

const reading = (request: FastifyRequest) => demand(request.actor, request.estate!.estate_id, 'read_books');
/** A month that is left empty is as good as left out. */
const monthsOf = ({ from, to }: RangeAsked): RangeAsked => ({ from: from === '' ? undefined : from, to: to === '' ? undefined : to });

interface Asking { chosen?: RangeAsked; errors?: Record<string, string>; status?: number }

async function showExport(house: House, request: FastifyRequest, reply: FastifyReply, { chosen = {}, errors = {}, status = 200 }: Asking = {}) {
  const actor = reading(request);
  const estate = request.estate!;
  const { estate_id, code } = estate;
  const { whole, jobs } = await inEstate(house.db.app, estate_id, async (trx) => ({
    whole: await wholeRange(trx, estate), jobs: await listJobs(trx, estate, actor),
  }), { readOnly: true });
  return htmlReply(reply, exportPage(frameOf(request, { here: `/e/${code}/export` }), {
    code, officer: may(actor, estate_id, 'read_officers'), months: periodsBetween(whole.from, whole.to).reverse(),
    chosen: { from: chosen.from ?? whole.from, to: chosen.to ?? whole.to }, jobs: jobs.map(shownJob), form_key: newFormKey(),
    csrf: actor.csrf ?? undefined, errors,
  }), status);
}

export function exchangePageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  app.get(BASE, { schema: { hide: true, params: Path } }, async (request, reply) => showExport(house, request, reply));

  for (const format of Object.keys(formats) as FormatName[]) {
    app.get(`${BASE}/${format}`, { config, schema: { hide: true, params: Path, querystring: Months } }, async (request, reply) => {
      reading(request);
      const asked = monthsOf(request.query);
      try {
        return await sendJournal(house, request, reply, { format, asked });
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 422) throw error;
        return showExport(house, request, reply, { chosen: asked, errors: formErrors(error, localeOf(request)), status: error.status });
      }
    });
  }

  app.post(BASE, {
    config,
    schema: { hide: true, params: Path, body: Type.Object({ from: Month, to: Month, form_key: Token, csrf: Token }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const actor = reading(request);
    const estate = request.estate!;
    const { form_key = newFormKey(), ...typed } = request.body;
    const asked = monthsOf(typed);
    try {
      const job = await inEstate(house.db.app, estate.estate_id, (trx) =>
        askForPackage(trx, { estate, actor, asked, key: `export:${actor.person_id}:${form_key}` }));
      lookForExports(house, estate);
      return await reply.redirect(`/e/${estate.code}/export/packages/${job.export_id}`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return showExport(house, request, reply, { chosen: asked, errors: formErrors(error, localeOf(request)), status: error.status });
    }
  });

  const oneOf = async (request: FastifyRequest<{ Params: { id: string } }>): Promise<JobRow> => {
    const actor = reading(request);
    const estate = request.estate!;
    return inEstate(house.db.app, estate.estate_id, (trx) => readJob(trx, { estate, actor, id: Number(request.params.id) }), { readOnly: true });
  };

  app.get(`${BASE}/packages/:id`, { schema: { hide: true, params: OnePath } }, async (request, reply) => {
    const job = shownJob(await oneOf(request));
    // Without script: the browser asks again by itself, as long as there is something to wait for.
    if (job.state === 'waiting' || job.state === 'running') void reply.header('refresh', REFRESH);
    return htmlReply(reply, packagePage(frameOf(request), { code: request.estate!.code, job }));
  });

  app.get(`${BASE}/packages/:id/audit.zip`, { schema: { hide: true, params: OnePath } }, async (request, reply) =>
    sendPackage(house, request, reply, await oneOf(request)));
}
