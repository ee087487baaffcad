// The page 建账 of an estate: what is left to do, opening balances read, tried, kept as a draft and proposed.
import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { firstDay } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { signersFor } from '../office/signers.ts';
import { frameOf } from '../web/frame.ts';
import { localeOf } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { openingPage } from './opening-pages.tsx';
import { openingDraft, openingGround, openingStanding, setupStanding } from './opening-queries.ts';
import { refusals } from './opening-refusals.ts';
import { openingWorkbook } from './opening-template.ts';
import { lookAtOpening, openingClosed, openingText, proposeOpening, saveOpeningDraft, type OpeningLooked } from './opening.ts';
import { receiveTable } from './receive-table.ts';

const Path = Type.Object({ estate: Type.String() });
const EMPTY: FormRead = { fields: {}, vouchers: [] };
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers', resolution: 'resolution_title' };
const config = { rateLimit: { max: 60, timeWindow: '1 minute' } };
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function sendTemplate(reply: FastifyReply, bytes: AsyncGenerator<Uint8Array>): FastifyReply {
  const encoded = encodeURIComponent('期初余额.xlsx');
  return reply.type(XLSX).header('content-disposition', `attachment; filename="opening-balances.xlsx"; filename*=UTF-8''${encoded}`).header('cache-control', 'no-store').send(Readable.from(bytes));
}

export function openingPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told, tried: boolean) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_officers');
    const proposes = may(actor, estate_id, 'propose');
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const { rule, refusal } = proposes ? await signersFor(trx, estate, actor, { kind: 'opening', today, too_few: refusals.opening_needs_signer }) : { rule: null, refusal: null };
      const closed = await openingClosed(trx, estate);
      // Amounts beside dwellings are for whoever draws the table up.
      const draft = proposes ? await openingDraft(trx, estate_id) : null;
      const table = form.values['table'] ?? draft?.content ?? '';
      const looked: OpeningLooked | null = proposes && closed === null && (tried || draft !== null) && table.trim() !== '' && table.length <= 20_000 ? await lookAtOpening(trx, estate, table) : null;
      return {
        today, rule, closed: closed?.in(localeOf(request)) ?? null, refused: refusal?.in(localeOf(request)) ?? null, draft, table, looked, standing: await openingStanding(trx, estate),
        setup: await setupStanding(trx, estate_id, today), names: await namesFor(trx, estate_id, []), kept: await keptOf(trx, estate, vouchers),
      };
    }, { readOnly: true });
    const { looked, table, ...rest } = shown;
    return htmlReply(reply, openingPage(frameOf(request, { here: `/e/${code}/opening` }), {
      code, first_day: firstDay(estate.first_period), proposes, ...rest, read: looked, ground: looked?.ground ?? null, form: { ...form, values: { ...form.values, table }, kept },
    }), status);
  };

  app.get('/e/:estate/opening', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, emptyForm(), false));

  app.get('/e/:estate/opening/template.xlsx', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    demand(request.actor, estate_id, 'propose');
    const ground = await inEstate(house.db.app, estate_id, (trx) => openingGround(trx, estate_id), { readOnly: true });
    return sendTemplate(reply, openingWorkbook(ground, localeOf(request)));
  });

  app.post('/e/:estate/opening/read', { config, schema: { hide: true, params: Path } }, async (request, reply) => {
    asking(request);
    const told = emptyForm();
    try {
      const { bytes } = await receiveTable(request);
      if (bytes === null) throw refusals.opening_empty({}, 'file');
      return await show(request, reply, { ...told, form: { ...told.form, values: { ...told.form.values, table: await openingText(bytes) } } }, true);
    } catch (error) {
      return show(request, reply, toldBack(error, request, EMPTY), false);
    }
  });

  app.post('/e/:estate/opening', { config, schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read = EMPTY;
    try {
      read = await intake(request, house);
      const { table = '', act = 'check', form_key = null } = read.fields;
      if (act === 'save') {
        await saveOpeningDraft(house, { estate, actor, table });
        return await reply.redirect(`/e/${estate.code}/opening?done=saved`, 303);
      }
      if (act === 'propose') {
        const { proposal_id } = await proposeOpening(house, { estate, actor, table, vouchers: read.vouchers, resolution: resolutionIn(read), key: form_key });
        return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
      }
      const looked = await inEstate(house.db.app, estate.estate_id, (trx) => lookAtOpening(trx, estate, table), { readOnly: true });
      const typed = act === 'fill' && looked.missing.length > 0 ? `${table.replace(/\s+$/, '')}\n${looked.missing.join('\n')}` : table;
      const form = { ...emptyForm().form, values: { ...read.fields, table: typed } };
      const wrong = typed === table ? looked.refused : null;
      return await show(request, reply, { form: { ...form, errors: wrong === null ? {} : { table: wrong.in(localeOf(request)) } }, vouchers: read.vouchers, status: wrong?.status ?? 200 }, true);
    } catch (error) {
      if (error instanceof Refusal && error.status === 503) throw error;
      return show(request, reply, toldBack(error, request, read, fieldNames), true);
    }
  });
}
