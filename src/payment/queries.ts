// Reading payment orders: one, a list, and the figures its checks need.
import { sql, type RawBuilder } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { estateToday } from '../evidence/records.ts';
import type { Resolution } from '../approval/resolution.ts';
import { readRules, type Rule } from '../approval/rules.ts';
import { refusals } from './refusals.ts';
import type { State } from '../approval/kinds.ts';

/** 待核实: booked from the bank's lines and cleared by the door, by nobody else. */
export const SUSPENSE: readonly string[] = ['1291', '2291'];

/** A refund (退款) is paid as a payment is; its rules may differ. */
export type OrderKind = 'payment' | 'refund';

export interface Order {
  order_id: number;
  kind: OrderKind;
  /** emergency: signed by fewer, the rest ratify. */
  class: 'normal' | 'emergency';
  emergency_reason: string | null;
  /** Why it may exceed the budget; null where nobody said. */
  over_budget_reason: string | null;
  reference: string;
  state: State;
  payee_id: number;
  payee_name: string;
  payee_kind: 'company' | 'individual';
  account_last4: string;
  amount: string;
  fund: string;
  fund_zh: string;
  fund_en: string;
  account: string;
  account_zh: string;
  account_en: string;
  bank_account: string;
  /** Unexplained debit that it explains after the fact (事后补单). */
  settles: number | null;
  settles_number: string | null;
  settles_paid_on: BusinessDate | null;
  /** Pay file in which it stands. */
  pay_file: number | null;
  purpose: string;
  invoice_number: string | null;
  invoice_total: string | null;
  vouchers: string[];
  /** Resolution of the owners it rests on, if any. */
  resolution: Resolution | null;
  /** Dwelling whose money goes back; for whoever may know households. */
  unit: string | null;
  /** Milestone of the project whose fund pays. */
  milestone: number | null;
  made_by: string;
  version: number;
  reason: string;
  submitted_at: Date | null;
  expires_on: BusinessDate | null;
  approved_at: Date | null;
  executed_at: Date | null;
  /** First day it may be paid; later than the day of submission where it is announced. */
  payable_from: BusinessDate | null;
  ratify_by: BusinessDate | null;
  ratified_at: Date | null;
  /** Of the entry, once it is paid. */
  entry_seq: number | null;
  entry_number: string | null;
  paid_on: BusinessDate | null;
}

const shown = sql`
  o.proposal_id as order_id, p.kind, case when o.emergency_reason is null then 'normal' else 'emergency' end as class,
  o.emergency_reason, o.over_budget_reason, p.payable_from, p.ratify_by, p.ratified_at, case when o.resolution_title is null then null else
    jsonb_build_object('title', o.resolution_title, 'date', o.resolution_date) || case when o.resolution_id is null then jsonb_build_object('voucher', o.resolution_voucher)
      else jsonb_build_object('resolution_id', o.resolution_id, 'count_sha256', (select w.count_sha256 from resolution w where w.estate_id = o.estate_id and w.resolution_id = o.resolution_id)) end end as resolution,
  o.reference, p.state, o.payee_id, y.public_name as payee_name, y.kind as payee_kind,
  y.account_last4, o.amount, o.fund, f.name_zh as fund_zh, f.name_en as fund_en, o.account, a.name_zh as account_zh,
  a.name_en as account_en, o.bank_account, o.settles, u.period || ' ' || entry_number(u.kind, u.number) as settles_number,
  k.booked_on as settles_paid_on, (select f.pay_file from pay_file_order f where f.estate_id = o.estate_id
    and f.proposal_id = o.proposal_id and f.stands) as pay_file, o.purpose, o.invoice_number, o.invoice_total, o.unit, o.milestone, p.made_by, p.version, p.reason,
  p.submitted_at, p.expires_on, p.approved_at, p.executed_at, e.seq as entry_seq,
  e.period || ' ' || entry_number(e.kind, e.number) as entry_number, e.entry_date as paid_on,
  coalesce((select array_agg(v.sha256 order by v.sha256) from order_voucher v
    where v.estate_id = o.estate_id and v.proposal_id = o.proposal_id), '{}') as vouchers
  from payment_order o
  join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
  join payee y on y.estate_id = o.estate_id and y.payee_id = o.payee_id
  join fund f on f.estate_id = o.estate_id and f.fund = o.fund
  join account a on a.estate_id = o.estate_id and a.account = o.account
  left join journal_entry e on e.estate_id = o.estate_id and e.proposal_id = o.proposal_id
  left join journal_entry u on u.estate_id = o.estate_id and u.seq = o.settles
  left join bank_line k on k.estate_id = u.estate_id and k.account = u.bank_account and k.position = u.bank_position`;

/** Refusal: order_unknown. */
export async function readOrder(trx: Trx, estate_id: number, proposal_id: number): Promise<Order> {
  const { rows } = await sql<Order>`select ${shown}
    where o.estate_id = ${estate_id} and o.proposal_id = ${proposal_id}`.execute(trx);
  if (rows[0] === undefined) throw refusals.order_unknown({ order: proposal_id });
  return rows[0];
}

export interface OrdersAsked {
  kind?: OrderKind | undefined;
  state?: readonly string[] | undefined;
  fund?: string | undefined;
  payee?: number | undefined;
  /** Part of the purpose, the payee's name, the reference or the invoice number. */
  q?: string | undefined;
  cursor?: number | undefined;
  limit: number;
}

/** Newest first; `cursor` is the number of the last one shown. */
export async function orderList(
  trx: Trx, estate_id: number, asked: OrdersAsked,
): Promise<{ items: Order[]; next_cursor: string | null }> {
  const { kind = null, state = null, fund = null, payee = null, q = null, cursor = null, limit } = asked;
  const part = q === null || q.trim() === '' ? null : `%${q.trim().replace(/[\\%_]/g, '\\$&')}%`;
  const { rows } = await sql<Order>`select ${shown}
    where o.estate_id = ${estate_id}
      and (${kind}::text is null or p.kind = ${kind})
      and (${state}::text[] is null or p.state = any(${state}::text[]))
      and (${fund}::text is null or o.fund = ${fund})
      and (${payee}::integer is null or o.payee_id = ${payee}::integer)
      and (${part}::text is null or o.purpose ilike ${part} or y.public_name ilike ${part} or o.reference ilike ${part}
        or o.invoice_number ilike ${part})
      and (${cursor}::bigint is null or o.proposal_id < ${cursor}::bigint)
    order by o.proposal_id desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.order_id) : null };
}

/** A number as it is compared: whoever writes one invoice with an O for a nought, an I for a one, hyphens, or noughts before
 *  it, has one invoice. */
export const alikeInvoice = (number: RawBuilder<unknown>): RawBuilder<string> => sql`ltrim(translate(${number}, 'OIL-', '011'), '0')`;
export const invoiceKey = (number: string): string => number.replaceAll('-', '').replaceAll('O', '0').replace(/[IL]/g, '1').replace(/^0+/, '');

/** Other orders that count against the same invoice: all that are on their way or paid, except those
 *  whose entry was reversed. */
export async function invoiceUsed(trx: Trx, estate_id: number, order: Order): Promise<{ amount: string; invoice_total: string }[]> {
  const { rows } = await sql<{ amount: string; invoice_total: string }>`
    select o.amount, o.invoice_total from payment_order o
    join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    left join journal_entry e on e.estate_id = o.estate_id and e.proposal_id = o.proposal_id
    where o.estate_id = ${estate_id} and ${alikeInvoice(sql`o.invoice_number`)} = ${alikeInvoice(sql`${order.invoice_number}::text`)}
      and o.proposal_id <> ${order.order_id} and p.state in ('submitted', 'held', 'approved', 'executed')
      and not exists (select from journal_entry r where r.estate_id = o.estate_id and r.reverses = e.seq)`.execute(trx);
  return rows;
}

/** References of other orders, and numbers of other entries, with one of the same files. */
export async function ordersWithVouchers(trx: Trx, estate_id: number, order: Order): Promise<string[]> {
  const { rows } = await sql<{ reference: string }>`
    select o.reference from order_voucher v
    join payment_order o on o.estate_id = v.estate_id and o.proposal_id = v.proposal_id
    join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    where v.estate_id = ${estate_id} and v.sha256 = any(${order.vouchers}::text[]) and v.proposal_id <> ${order.order_id}
      and p.state not in ('withdrawn', 'rejected', 'expired')
    union
    select e.period || ' ' || entry_number(e.kind, e.number) from entry_voucher v
    join journal_entry e on e.estate_id = v.estate_id and e.seq = v.seq
    where v.estate_id = ${estate_id} and v.sha256 = any(${order.vouchers}::text[]) and not exists (select from payment_order o
      where o.estate_id = e.estate_id and o.proposal_id = e.proposal_id)
    order by reference limit 5`.execute(trx);
  return rows.map((row) => row.reference);
}

export interface NearOrder { order_id: number; reference: string; amount: string; fund: string }

/** Other orders to the same recipient submitted within `days` of a day: on their way or paid, and not taken back. The
 *  same recipient is also who was entered twice, under the same name or with the same account. */
export async function ordersNear(trx: Trx, estate_id: number, order: Order, on: BusinessDate, days: number): Promise<NearOrder[]> {
  const { rows } = await sql<NearOrder>`
    with mine as (select regexp_replace(name, '\\s', '', 'g') as name, account_number from payee_identity
      where estate_id = ${estate_id} and payee_id = ${order.payee_id}
    ), same as (
      select y.payee_id from payee_identity y, mine m where y.estate_id = ${estate_id}
        and (y.account_number = m.account_number or regexp_replace(y.name, '\\s', '', 'g') = m.name)
      union select ${order.payee_id}::integer
    )
    select o.proposal_id as order_id, o.reference, o.amount, o.fund from payment_order o
    join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    where o.estate_id = ${estate_id} and o.proposal_id <> ${order.order_id} and o.payee_id in (select payee_id from same)
      and p.state in ('submitted', 'held', 'approved', 'executed')
      and abs((p.submitted_at at time zone 'Asia/Shanghai')::date - ${on}::date) <= ${days}
      -- Looked up order by order: as a join the whole journal would be read for the few orders that are left here.
      and (select r.seq from journal_entry e join journal_entry r on r.estate_id = e.estate_id and r.reverses = e.seq
        where e.estate_id = o.estate_id and e.proposal_id = o.proposal_id limit 1) is null
    order by o.proposal_id`.execute(trx);
  return rows;
}

/** Emergency orders of a calendar month: their sum, and whether one is overdue for ratification. */
export async function emergenciesOf(trx: Trx, estate_id: number, today: BusinessDate): Promise<{ amount: string; overdue: boolean }> {
  const { rows } = await sql<{ amount: string; overdue: boolean }>`
    select coalesce(sum(amount) filter (where to_char(approved_at at time zone 'Asia/Shanghai', 'YYYY-MM') = left(${today}, 7)), 0)
        ::numeric(18, 2) as amount, coalesce(bool_or(ratified_at is null and ratify_by < ${today}::date), false) as overdue
    from proposal where estate_id = ${estate_id} and class = 'emergency' and state in ('approved', 'executed')`.execute(trx);
  return rows[0]!;
}

/** Amounts of the latest paid orders of the same payee: company or person of the same public name and
 *  account, so that a payee entered twice is still known. */
export async function paidBefore(trx: Trx, estate_id: number, order: Order): Promise<string[]> {
  const { rows } = await sql<{ amount: string }>`
    select o.amount from payment_order o
    join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id and p.state = 'executed'
    where o.estate_id = ${estate_id} and o.payee_id = ${order.payee_id} and o.proposal_id <> ${order.order_id}
    order by o.proposal_id desc limit 50`.execute(trx);
  return rows.map((row) => row.amount);
}

/** Amounts of the other orders that rest on a resolution and were not given up. */
export async function ordersUnderResolution(trx: Trx, estate_id: number, resolution_id: number, order_id: number): Promise<string[]> {
  const { rows } = await sql<{ amount: string }>`
    select o.amount from payment_order o
    join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id and p.state in ('submitted', 'held', 'approved', 'executed')
    where o.estate_id = ${estate_id} and o.resolution_id = ${resolution_id} and o.proposal_id <> ${order_id}`.execute(trx);
  return rows.map((row) => row.amount);
}

/** Names for the refusal where a restricted fund does not allow the account; null where it does. */
export async function restrictionOf(trx: Trx, estate_id: number, order: Order) {
  const { rows } = await sql<{ fund: string; fund_en: string; account_name: string; account_name_en: string }>`
    select f.name_zh as fund, f.name_en as fund_en, a.name_zh as account_name, a.name_en as account_name_en
    from fund f join account a on a.estate_id = f.estate_id and a.account = ${order.account}
    where f.estate_id = ${estate_id} and f.fund = ${order.fund} and f.is_restricted
      and not exists (select from fund_account u where u.estate_id = f.estate_id and u.fund = f.fund
        and u.account in (a.account, a.parent))`.execute(trx);
  return rows[0] ?? null;
}

export interface Choice { value: string; name_zh: string; name_en: string }
export interface OrderChoices {
  payees: { payee_id: number; public_name: string; account_last4: string }[];
  funds: Choice[];
  accounts: (Choice & { class: string })[];
  bank_accounts: Choice[];
  /** Rules in force for emergency orders, and those that ask a resolution of the owners. */
  emergency: Rule[];
  resolution: Rule[];
  /** Votes of the owners that passed, the newest first. */
  passed: { resolution_id: number; title: string; counted_on: BusinessDate; standing: string }[];
}

/** What the form offers. */
export async function orderChoices(trx: Trx, estate_id: number): Promise<OrderChoices> {
  const payees = await trx.selectFrom('payee').select(['payee_id', 'public_name', 'account_last4'])
    .where('estate_id', '=', estate_id).orderBy('public_name').orderBy('payee_id').limit(500).execute();
  const funds = await trx.selectFrom('fund').select(['fund as value', 'name_zh', 'name_en'])
    .where('estate_id', '=', estate_id).orderBy('place').orderBy('fund').execute();
  const accounts = await trx.selectFrom('account').select(['account as value', 'name_zh', 'name_en', 'class', 'is_money'])
    .where('estate_id', '=', estate_id).where('is_postable', '=', true).where('closed_on', 'is', null)
    .orderBy('account').execute();
  const rules = await readRules(trx, estate_id, { on: await estateToday(trx, estate_id) });
  return {
    payees, funds, bank_accounts: accounts.filter((a) => a.is_money),
    emergency: rules.filter((rule) => rule.kind === 'payment' && rule.class === 'emergency'),
    resolution: rules.filter((rule) => ['payment', 'refund'].includes(rule.kind) && rule.needs_resolution),
    passed: (await sql<OrderChoices['passed'][number]>`select r.resolution_id, r.title, r.counted_on, resolution_standing(r.estate_id, r.resolution_id, estate_today(r.estate_id)) as standing
      from resolution r where r.estate_id = ${estate_id} and r.outcome = 'passed' order by r.resolution_id desc limit 100`.execute(trx)).rows,
    accounts: accounts.filter((a) => !a.is_money && a.class !== 'fund' && !SUSPENSE.includes(a.value)),
  };
}
