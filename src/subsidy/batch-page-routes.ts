// Pages of one batch: the list for the funder, what arrived, what is passed on. For those who may see dwellings.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { printer } from '../../reports/printer.ts';
import { batchPage, type BatchShown } from './batch-pages.tsx';
import { listPaper, listWorkbook, type FunderList } from './list.ts';
import { dueOf } from './offers.ts';
import { passOn, takeArrival } from './payout.ts';
import { arrivalRows, claimRows, freeEntries, payoutRows, readBatch, readScheme } from './queries.ts';
import { refusals } from './refusals.ts';

const BatchPath = Type.Object({ estate: Type.String(), batch: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const MOST = 20_000;
const PAGE = 200;
/** Last claim shown before; a refused form shows the first page. */
const cursorOf = (request: FastifyRequest): number | undefined => {
  const { cursor = '' } = request.query as { cursor?: string };
  return cursor === '' ? undefined : Number(cursor);
};
const batchOf = (request: FastifyRequest): number => Number((request.params as { batch: string }).batch);

export function subsidyBatchPageRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, failed: { at: NonNullable<BatchShown['failed']>; error: Refusal; values: Record<string, string> } | null = null) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const number = batchOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const batch = await readBatch(trx, estate_id, number);
      const scheme = await readScheme(trx, estate_id, batch.scheme);
      const sent = batch.state === 'executed';
      return {
        batch, scheme, listed: await claimRows(trx, estate_id, { batch: number, limit: PAGE, after: cursorOf(request) }), arrivals: await arrivalRows(trx, estate_id, number),
        payouts: await payoutRows(trx, estate_id, number), today: await estateToday(trx, estate_id),
        due: sent && may(actor, estate_id, 'draft_order') ? await dueOf(trx, estate_id, number, scheme.payout) : null,
        free: sent && may(actor, estate_id, 'post_receipt') ? await freeEntries(trx, estate_id) : null,
      };
    }, { readOnly: true });
    const frame = frameOf(request, failed === null ? {} : { here: `/e/${code}/subsidy-batches/${number}` });
    return htmlReply(reply, batchPage(frame, {
      code, ...shown, form_key: newFormKey(), failed: failed?.at ?? null, values: failed?.values ?? {}, errors: failed === null ? {} : formErrors(failed.error, localeOf(request)),
    }), failed?.error.status ?? 200);
  };
  app.get('/e/:estate/subsidy-batches/:batch', {
    schema: { hide: true, params: BatchPath, querystring: Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9]{0,12}$' })) }) },
  }, (request, reply) => show(request, reply));

  /** What was sent and signed, as it stands; what fell since is left out. */
  const listOf = async (request: FastifyRequest): Promise<FunderList> => {
    const estate = request.estate!;
    const { estate_id } = estate;
    demand(request.actor, estate_id, 'read_households');
    return inEstate(house.db.app, estate_id, async (trx) => {
      const batch = await readBatch(trx, estate_id, batchOf(request));
      if (batch.state !== 'executed') throw refusals.subsidy_batch_unknown({ batch: batch.batch });
      const { items } = await claimRows(trx, estate_id, { batch: batch.batch, limit: MOST });
      return { estate, batch, scheme: await readScheme(trx, estate_id, batch.scheme), claims: items, today: await estateToday(trx, estate_id) };
    }, { readOnly: true });
  };
  const attachment = (reply: FastifyReply, batch: number, extension: string): FastifyReply => reply.header('cache-control', 'private, no-store')
    .header('content-disposition', `attachment; filename="subsidy-batch-${batch}.${extension}"; filename*=UTF-8''${encodeURIComponent(`补贴申报名单-第${batch}批.${extension}`)}`);

  app.get('/e/:estate/subsidy-batches/:batch/list.xlsx', { schema: { hide: true, params: BatchPath } }, async (request, reply) => {
    const list = await listOf(request);
    return attachment(reply, list.batch.batch, 'xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').send(Readable.from(listWorkbook(list, localeOf(request))));
  });
  app.get('/e/:estate/subsidy-batches/:batch/list.pdf', { schema: { hide: true, params: BatchPath } }, async (request, reply) => {
    const list = await listOf(request);
    const bytes = await printer().papers([listPaper(list, localeOf(request))]);
    return attachment(reply, list.batch.batch, 'pdf').type('application/pdf').header('content-length', bytes.length).send(bytes);
  });

  /** A refused form comes back with the page it stands on. */
  const told = (error: unknown, request: FastifyRequest, reply: FastifyReply, at: NonNullable<BatchShown['failed']>, values: Record<string, string | undefined>) => {
    if (!(error instanceof Refusal) || error.status === 404) throw error;
    return show(request, reply, { at, error, values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? ''])) });
  };
  const Number_ = Type.Optional(Type.String({ pattern: '^[0-9]{0,12}$' }));

  app.post('/e/:estate/subsidy-batches/:batch/arrivals', {
    schema: { hide: true, params: BatchPath, body: Type.Object({ entry: Number_, entry_date: Short, amount: Short, reference: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { entry = '', entry_date = '', amount = '', reference = '', form_key } = request.body;
    try {
      await takeArrival(house, { estate, actor: request.actor, batch: batchOf(request), entry: entry === '' ? null : Number(entry), entry_date, amount, reference, key: form_key });
      return await reply.redirect(`/e/${estate.code}/subsidy-batches/${batchOf(request)}?done=saved#arrivals`, 303);
    } catch (error) {
      return told(error, request, reply, 'arrivals', { entry, entry_date, amount, reference });
    }
  });

  app.post('/e/:estate/subsidy-batches/:batch/payouts', {
    schema: { hide: true, params: BatchPath, body: Type.Object({ order: Number_, unit: Short, csrf: Short, form_key: Short }, { additionalProperties: false }) },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'draft_order');
    const { order, unit = '', form_key } = request.body;
    try {
      const { proposal_id } = await passOn(house, { estate, actor: request.actor, batch: batchOf(request), order: order === undefined || order === '' ? (unit === '' ? null : 0) : Number(order), unit, key: form_key });
      return await reply.redirect(unit === '' ? `/e/${estate.code}/proposals/${proposal_id}?done=submitted` : `/e/${estate.code}/subsidy-batches/${batchOf(request)}?done=saved#payouts`, 303);
    } catch (error) {
      return told(error, request, reply, 'payouts', { order, unit });
    }
  });
}
