// Pages of subsidies: GET shows, POST claims, proposes or ends and leads back. Everybody sees totals, whoever lives here their own claims,
// and dwellings only who may read households.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { namesFor } from '../approval/view.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { addMonths, lastDay, periodOf } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { asking, emptyForm, keptOf, resolutionIn, toldBack, type FormRead, type Intake, type Told } from '../office/membership-page-routes.ts';
import { signersFor } from '../office/signers.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import { proposeBatch } from './batch.ts';
import { claimSubsidies } from './claim.ts';
import { estateOffer, ownOffers } from './offers.ts';
import { listPage } from './pages.tsx';
import { batchRows, claimRows, fundTold, itemChoices, progressOf, readScheme, waitingClaims } from './queries.ts';
import { refusals } from './refusals.ts';
import { schemeFormPage, schemePage, type SchemeShown } from './scheme-pages.tsx';
import { endScheme, FUND, proposeScheme } from './scheme.ts';
import { texts } from './texts.ts';

const Path = Type.Object({ estate: Type.String() });
const SchemePath = Type.Object({ estate: Type.String(), scheme: Type.String({ pattern: '^[0-9]{1,12}$' }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Cursor = Type.Object({ cursor: Type.Optional(Type.String({ pattern: '^[0-9]{0,12}$' })) });
const Pressed = Type.Optional(Type.Object({ csrf: Short, form_key: Short, own: Short }, { additionalProperties: false }));
const PAGE = 100;
const CSV_ROWS = 100_000;
/** Names of fields where the form's differ from the interface's. */
const fieldNames: Record<string, string> = { 'resolution.title': 'resolution_title', 'resolution.date': 'resolution_date', 'resolution.voucher': 'vouchers' };

export function subsidyPageRoutes(app: FastifyInstance, house: House, parts: { intake: Intake }): void {
  listRoutes(app, house);
  formRoutes(app, house, parts);
  schemeRoutes(app, house);
}

type Failed = { at: NonNullable<SchemeShown['failed']> | 'own'; error: Refusal } | null;

async function showList(house: House, request: FastifyRequest, reply: FastifyReply, failed: Failed = null) {
  const { estate_id, code } = request.estate!;
  const actor = demand(request.actor, estate_id, 'read_books');
  const shown = await inEstate(house.db.app, estate_id, async (trx) => {
    const schemes = await progressOf(trx, estate_id, await estateToday(trx, estate_id));
    return { schemes, items: await itemChoices(trx, estate_id), fund: await fundTold(trx, estate_id), own: await ownOffers(trx, estate_id, actor, schemes) };
  }, { readOnly: true });
  const frame = frameOf(request, failed === null ? {} : { here: `/e/${code}/subsidies` });
  return htmlReply(reply, listPage(frame, {
    code, ...shown, form_key: newFormKey(), refused: failed?.error.in(localeOf(request)) ?? null, proposes: may(actor, estate_id, 'propose'),
  }), failed?.error.status ?? 200);
}

function listRoutes(instance: FastifyInstance, house: House): void {
  instance.withTypeProvider<TypeBoxTypeProvider>()
    .get('/e/:estate/subsidies', { schema: { hide: true, params: Path } }, (request, reply) => showList(house, request, reply));
}

function formRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const show = async (request: FastifyRequest, reply: FastifyReply, { form, vouchers, status }: Told) => {
    const { estate, actor } = asking(request);
    const { estate_id, code } = estate;
    const { kept, ...shown } = await inEstate(house.db.app, estate_id, async (trx) => {
      const today = await estateToday(trx, estate_id);
      const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'subsidy', fund: FUND, today, too_few: refusals.subsidy_needs_signer });
      return { today, rule, refused: refusal?.in(localeOf(request)) ?? null, names: await namesFor(trx, estate_id, []), items: await itemChoices(trx, estate_id), kept: await keptOf(trx, estate, vouchers) };
    }, { readOnly: true });
    const present = periodOf(shown.today);
    const untouched = Object.keys(form.values).every((name) => form.values[name] === '' || ['audience', 'csrf', 'form_key'].includes(name));
    const first = untouched ? { items: shown.items[0]?.value ?? '', first_period: present, last_period: addMonths(present, 2), last_day: lastDay(addMonths(present, 3)), payout: 'credit', audience: 'officers' } : {};
    return htmlReply(reply, schemeFormPage(frameOf(request), { code, ...shown, form: { ...form, values: { ...form.values, ...first }, kept } }), status);
  };
  app.get('/e/:estate/subsidies/new', { schema: { hide: true, params: Path } }, (request, reply) => show(request, reply, emptyForm()));
  app.post('/e/:estate/subsidies/new', { schema: { hide: true, params: Path } }, async (request, reply) => {
    const { estate, actor } = asking(request);
    let read: FormRead = { fields: {}, vouchers: [] };
    try {
      read = await intake(request, house);
      const { name_zh = '', name_en, funder = '', percent, amount_each, first_period = '', last_period = '', unit_cap, budget = '', last_day = '', payout = '', form_key = null } = read.fields;
      const items = Object.entries(read.fields).filter(([name]) => name === 'items' || name.startsWith('item_')).map(([, value]) => value);
      const { proposal_id } = await proposeScheme(house, {
        estate, actor, name_zh, name_en, funder, percent, amount_each, items, first_period, last_period, unit_cap, budget, last_day, payout, resolution: resolutionIn(read), key: form_key,
      });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      return show(request, reply, toldBack(error, request, read, fieldNames));
    }
  });
}

function schemeRoutes(instance: FastifyInstance, house: House): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();
  const schemeOf = (request: FastifyRequest): number => Number((request.params as { scheme: string }).scheme);

  const show = async (request: FastifyRequest, reply: FastifyReply, cursor: string | undefined, failed: Failed = null) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const scheme = schemeOf(request);
    const can = (capability: Parameters<typeof may>[2]): boolean => may(actor, estate_id, capability);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      const [row] = await progressOf(trx, estate_id, await estateToday(trx, estate_id), scheme);
      if (row === undefined) throw refusals.subsidy_unknown({ scheme });
      const listed = can('read_households') ? await claimRows(trx, estate_id, { scheme, limit: PAGE, after: cursor === undefined || cursor === '' ? undefined : Number(cursor) }) : null;
      return {
        row, items: await itemChoices(trx, estate_id), batches: await batchRows(trx, estate_id, { scheme }),
        claims: listed === null ? null : { rows: listed.items, next_cursor: listed.next_cursor },
        offer: can('post_receipt') ? await estateOffer(trx, estate_id, scheme) : null, waiting: can('propose') ? await waitingClaims(trx, estate_id, scheme) : null,
      };
    }, { readOnly: true });
    const frame = frameOf(request, failed === null ? {} : { here: `/e/${code}/subsidies/${scheme}` });
    return htmlReply(reply, schemePage(frame, {
      code, ...shown, signs: can('sign'), opens_batches: can('read_households'), form_key: newFormKey(),
      failed: failed === null || failed.at === 'own' ? null : failed.at, errors: failed === null ? {} : formErrors(failed.error, localeOf(request)),
    }), failed?.error.status ?? 200);
  };

  app.get('/e/:estate/subsidies/:scheme', { schema: { hide: true, params: SchemePath, querystring: Cursor } }, (request, reply) => show(request, reply, request.query.cursor));

  app.get('/e/:estate/subsidies/:scheme/claims.csv', { schema: { hide: true, params: SchemePath } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const { found, items } = await inEstate(house.db.app, estate_id, async (trx) => ({
      found: await readScheme(trx, estate_id, schemeOf(request)), items: (await claimRows(trx, estate_id, { scheme: schemeOf(request), limit: CSV_ROWS })).items,
    }), { readOnly: true });
    const locale = localeOf(request);
    const t = pick(texts, locale);
    return sendCsv(reply, `${found.name_zh}-${name_zh}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'name', title: t.item }, { key: 'period', title: t.month }, { key: 'billed', title: t.billed, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' },
      { key: 'paid_on', title: t.paid_on, type: 'date' }, { key: 'amount', title: t.subsidy, type: 'money' }, { key: 'state', title: t.state },
    ], items.map((row) => ({ ...row, name: locale === 'zh' ? row.name_zh : row.name_en, state: t[`claim_${row.state}`] }))));
  });

  app.post('/e/:estate/subsidies/:scheme/claims', { schema: { hide: true, params: SchemePath, body: Pressed } }, async (request, reply) => {
    const estate = request.estate!;
    const own = request.body?.own === 'yes';
    try {
      await claimSubsidies(house, { estate, actor: request.actor, scheme: schemeOf(request), own, key: request.body?.form_key });
      return await reply.redirect(`/e/${estate.code}/subsidies${own || !may(request.actor, estate.estate_id, 'post_receipt') ? '' : `/${schemeOf(request)}`}?done=claimed`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 403 || error.status === 401 || error.status === 404) throw error;
      return own ? showList(house, request, reply, { at: 'own', error }) : show(request, reply, undefined, { at: 'claims', error });
    }
  });

  app.post('/e/:estate/subsidies/:scheme/batches', { schema: { hide: true, params: SchemePath, body: Pressed } }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'propose');
    try {
      const { proposal_id } = await proposeBatch(house, { estate, actor: request.actor, scheme: schemeOf(request), key: request.body?.form_key });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.status === 404) throw error;
      return show(request, reply, undefined, { at: 'batches', error });
    }
  });

  app.post('/e/:estate/subsidies/:scheme/end', { schema: { hide: true, params: SchemePath, body: Pressed } }, async (request, reply) => {
    const estate = request.estate!;
    await endScheme(house, { estate, actor: request.actor, scheme: schemeOf(request) });
    return reply.redirect(`/e/${estate.code}/subsidies/${schemeOf(request)}?done=changed`, 303);
  });
}
