// Pages of deposits. Officers who may know households see every dwelling; whoever lives here sees their own and no other.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { estateToday } from '../evidence/records.ts';
import { demand, may } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import type { Locale } from '../kernel/locale.ts';
import type { FormRead, Intake } from '../ledger/form-routes.ts';
import { sendCsv, toCsv } from '../web/csv.ts';
import { formErrors, newFormKey, type Option } from '../web/forms.tsx';
import { frameOf } from '../web/frame.ts';
import { localeOf, pick } from '../web/locale.ts';
import { htmlReply } from '../web/shell.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { proposeDeduction, takeDeposit } from './deposit.ts';
import { depositsPage, unitDepositPage, type DepositForm } from './deposit-pages.tsx';
import { DEPOSIT_ACCOUNT, DEPOSIT_FUND, depositMoves, depositsAsked, depositsByUnit, depositTotals, seenFrom } from './deposit-queries.ts';
import { texts } from './deposit-texts.ts';
import { refuseForeign } from './sight.ts';

const Path = Type.Object({ estate: Type.String() });
const UnitPath = Type.Object({ estate: Type.String(), unit: Type.String({ maxLength: 40 }) });
const Short = Type.Optional(Type.String({ maxLength: 200 }));
const Filter = Type.Object({ show: Short, done: Short, lang: Short });
type UnitRequest = FastifyRequest<{ Params: { unit: string } }>;
interface Typed { values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>>; vouchers: readonly string[] }
const untyped: Typed = { values: {}, errors: {}, vouchers: [] };

export async function bankOptions(trx: Trx, estate_id: number, locale: Locale): Promise<Option[]> {
  const rows = await trx.selectFrom('bank_account').select(['account', 'name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .where('closed_on', 'is', null).orderBy('account').execute();
  return rows.map((row) => ({ value: row.account, label: `${row.account} ${row[`name_${locale}`]}` }));
}

async function keptFiles(trx: Trx, { estate_id, code }: { estate_id: number; code: string }, hashes: readonly string[]): Promise<VoucherItem[]> {
  if (hashes.length === 0) return [];
  const rows = await trx.selectFrom('voucher').select(['sha256', 'file_name', 'media_type', 'size']).where('estate_id', '=', estate_id).where('sha256', 'in', [...hashes]).execute();
  return rows.map((row) => ({ ...row, href: `/e/${code}/vouchers/${row.sha256}` }));
}

export function depositPageRoutes(instance: FastifyInstance, house: House, { intake }: { intake: Intake }): void {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>();

  const showAll = async (request: FastifyRequest, reply: FastifyReply, show: string, typed: Typed, status = 200) => {
    const { estate_id, code } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_households');
    const locale = localeOf(request);
    const shown = await inEstate(house.db.app, estate_id, async (trx) => ({
      units: await depositsByUnit(trx, estate_id, { held_only: show !== 'all' }), totals: await depositTotals(trx, estate_id),
      bank_accounts: await bankOptions(trx, estate_id, locale), today: await estateToday(trx, estate_id),
    }), { readOnly: true });
    const { units, totals, bank_accounts, today } = shown;
    return htmlReply(reply, depositsPage(frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/deposits` }), {
      code, units, totals, held_only: show !== 'all',
      form: may(actor, estate_id, 'post_receipt') ? { form_key: newFormKey(), values: typed.values, errors: typed.errors, kept: [], bank_accounts, today } : null,
    }), status);
  };

  const showUnit = async (request: UnitRequest, reply: FastifyReply, typed: Typed, status = 200) => {
    const estate = request.estate!;
    const { estate_id, code } = estate;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { unit } = request.params;
    const t = pick(texts, localeOf(request));
    const shown = await inEstate(house.db.app, estate_id, async (trx) => {
      await refuseForeign(trx, { estate_id, actor, unit });
      const officer = may(actor, estate_id, 'read_households');
      const moves = await depositMoves(trx, estate_id, { unit, from: await seenFrom(trx, { estate_id, actor, unit }) });
      const [found] = await depositsByUnit(trx, estate_id, { unit });
      return { officer, moves, found, asked: officer && found !== undefined ? await depositsAsked(trx, estate_id, found.ref) : [], kept: await keptFiles(trx, estate, typed.vouchers) };
    }, { readOnly: true });
    const { officer, moves, found, asked, kept } = shown;
    const held = moves.at(-1)?.held ?? '0.00';
    const free = officer && found !== undefined ? moneyText(minus(money(found.held), money(found.underway))) : held;
    const may_ask = officer && may(actor, estate_id, 'draft_order') && money(free).greaterThan(0);
    const form: DepositForm = { form_key: newFormKey(), values: typed.values, errors: typed.errors, kept };
    const query = new URLSearchParams({ kind: 'refund', unit, account: DEPOSIT_ACCOUNT, fund: DEPOSIT_FUND, amount: free, purpose: t.back_purpose });
    return htmlReply(reply, unitDepositPage(frameOf(request, request.method === 'GET' ? {} : { here: `/e/${code}/deposits/${unit}` }), {
      code, unit, officer, moves, asked, held, free, deduct: may_ask ? form : null, refund_href: may_ask ? `/e/${code}/orders/new?${query.toString()}` : null,
    }), status);
  };

  app.get('/e/:estate/deposits', { schema: { hide: true, params: Path, querystring: Filter } }, (request, reply) => showAll(request, reply, request.query.show ?? '', untyped));

  app.get('/e/:estate/deposits.csv', { schema: { hide: true, params: Path, querystring: Filter } }, async (request, reply) => {
    const { estate_id, name_zh } = request.estate!;
    demand(request.actor, estate_id, 'read_households');
    const units = await inEstate(house.db.app, estate_id, (trx) => depositsByUnit(trx, estate_id, { held_only: request.query.show !== 'all' }), { readOnly: true });
    const t = pick(texts, localeOf(request));
    return sendCsv(reply, `${t.deposits}-${name_zh}.csv`, toCsv([
      { key: 'unit', title: t.unit }, { key: 'taken', title: t.taken, type: 'money' }, { key: 'given_back', title: t.given_back, type: 'money' },
      { key: 'held', title: t.held, type: 'money' }, { key: 'underway', title: t.underway, type: 'money' }, { key: 'since', title: t.since, type: 'date' },
    ], units));
  });

  app.get('/e/:estate/deposits/:unit', { schema: { hide: true, params: UnitPath, querystring: Filter } }, (request, reply) => showUnit(request, reply, untyped));

  app.get('/e/:estate/deposits/:unit.csv', { schema: { hide: true, params: UnitPath, querystring: Filter } }, async (request, reply) => {
    const { estate_id } = request.estate!;
    const actor = demand(request.actor, estate_id, 'read_books');
    const { unit } = request.params;
    const moves = await inEstate(house.db.app, estate_id, async (trx) => {
      await refuseForeign(trx, { estate_id, actor, unit });
      return depositMoves(trx, estate_id, { unit, from: await seenFrom(trx, { estate_id, actor, unit }) });
    }, { readOnly: true });
    const t = pick(texts, localeOf(request));
    return sendCsv(reply, `${t.deposits}-${unit}.csv`, toCsv([
      { key: 'entry_date', title: t.day, type: 'date' }, { key: 'description', title: t.what }, { key: 'taken', title: t.taken, type: 'money' },
      { key: 'given_back', title: t.given_back, type: 'money' }, { key: 'held', title: t.held, type: 'money' }, { key: 'receipt', title: t.receipt, type: 'number' }, { key: 'number', title: t.entry },
    ], moves));
  });

  app.post('/e/:estate/deposits', {
    schema: {
      hide: true, params: Path,
      body: Type.Object({ unit: Short, kind: Short, amount: Short, method: Short, bank_account: Short, payer: Short, paid_on: Short, csrf: Short, form_key: Short }, { additionalProperties: false }),
    },
  }, async (request, reply) => {
    const estate = request.estate!;
    demand(request.actor, estate.estate_id, 'post_receipt');
    const { csrf: _csrf, form_key, ...values } = request.body;
    const { unit = '', kind = '', amount = '', method = '', bank_account = '', payer = '', paid_on = '' } = values;
    try {
      const taken = await takeDeposit(house, { estate, actor: request.actor, typed: { unit, kind, amount, method, bank_account, payer, paid_on }, key: form_key });
      return await reply.redirect(`/e/${estate.code}/deposits/${encodeURIComponent(taken.unit)}?done=posted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return showAll(request, reply, '', { values: { unit, kind, amount, method, bank_account, payer, paid_on }, errors: formErrors(error, localeOf(request)), vouchers: [] }, error.status);
    }
  });

  app.post('/e/:estate/deposits/:unit/deductions', { schema: { hide: true, params: UnitPath } }, async (request, reply) => {
    const estate = request.estate!;
    const actor = demand(request.actor, estate.estate_id, 'draft_order');
    const { unit } = request.params;
    let form: FormRead = { fields: {}, vouchers: [] };
    try {
      await inEstate(house.db.app, estate.estate_id, (trx) => refuseForeign(trx, { estate_id: estate.estate_id, actor, unit }), { readOnly: true });
      form = await intake(request, house);
      const { amount = '', reason = '', form_key } = form.fields;
      const { proposal_id } = await proposeDeduction(house, { estate, actor, typed: { unit, amount, reason, vouchers: form.vouchers }, key: form_key });
      return await reply.redirect(`/e/${estate.code}/proposals/${proposal_id}?done=submitted`, 303);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code === 'bill_unit_unknown') throw error;
      const kept = (error as Refusal & { form?: FormRead }).form ?? form;
      return showUnit(request, reply, { values: kept.fields, errors: formErrors(error, localeOf(request)), vouchers: kept.vouchers }, error.status);
    }
  });
}
