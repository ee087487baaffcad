// Reads of receipts (收据): the gapless list, and one receipt with all that its money was for.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate, Period } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { minus, money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import { billsByNumber } from './queries.ts';
import { AHEAD, type Method } from './receipt.ts';
import type { Sight } from './sight.ts';

const DEPOSIT = '2241';

export interface ReceiptRow {
  number: number;
  seq: number;
  unit: string;
  ref: string;
  amount: string;
  entry_date: BusinessDate;
  /** "2026-11 收-003". */
  entry: string;
  /** Who paid and how; null where nobody noted it, or it was erased. */
  payer: string | null;
  method: Method | null;
  /** Who booked it. */
  made_by: string;
  /** The red-letter entry that made it void. */
  void_seq: number | null;
  void_entry: string | null;
  void_on: BusinessDate | null;
}

export interface ReceiptsAsked {
  sight: Sight;
  /** Only this one. */
  number?: number | undefined;
  /** Only of this dwelling; of those whose number begins so; of whoever paid, in full. */
  unit?: string | undefined;
  q?: string | undefined;
  method?: string | undefined;
  /** true: only void ones; false: only those that count. */
  is_void?: boolean | undefined;
  from?: BusinessDate | undefined;
  to?: BusinessDate | undefined;
  limit: number;
  /** Number of the last one shown before. */
  before?: number | undefined;
}

/** What the viewer sees: receipts since their own first day that paid no bill of a month before it, and those they paid themselves. */
function seen(sight: Sight) {
  if (sight.all) return sql``;
  const units = [...sight.units].map(([unit, since]) => ({ unit, since }));
  return sql`and exists (select from json_to_recordset(${JSON.stringify(units)}::json) as w(unit text, since date) where w.unit = u.unit and (w.since is null
    or exists (select from party t where t.estate_id = r.estate_id and t.party_id = n.party_id and t.person_id = ${sight.person_id}::uuid)
    or (e.entry_date >= w.since and not exists (select from bill_payment y join bill b on b.estate_id = y.estate_id and b.bill_id = y.bill_id
      where y.estate_id = r.estate_id and y.seq = r.seq and b.unit = u.unit and b.period < to_char(w.since, 'YYYY-MM')))))`;
}

/** Receipts, newest number first. */
export async function receiptsOf(trx: Trx, estate_id: number, asked: ReceiptsAsked): Promise<{ items: ReceiptRow[]; next_cursor: string | null }> {
  const { sight, number, unit, q = '', method, is_void, from, to, limit, before } = asked;
  const { rows } = await sql<ReceiptRow>`
    select r.number, r.seq, u.unit, u.ref, r.amount, e.entry_date, e.period || ' ' || entry_number(e.kind, e.number) as entry, n.payer, n.method, e.made_by,
      v.seq as void_seq, v.entry as void_entry, v.entry_date as void_on
    from receipt r join unit u on u.estate_id = r.estate_id and u.ref = r.unit_ref
    join journal_entry e on e.estate_id = r.estate_id and e.seq = r.seq
    left join receipt_note n on n.estate_id = r.estate_id and n.number = r.number
    left join lateral (select x.seq, x.entry_date, x.period || ' ' || entry_number(x.kind, x.number) as entry from journal_entry x
      where x.estate_id = r.estate_id and x.reverses = r.seq limit 1) v on true
    where r.estate_id = ${estate_id} ${seen(sight)}
      ${number === undefined ? sql`` : sql`and r.number = ${number}`}
      ${unit === undefined ? sql`` : sql`and u.unit = ${unit}`}
      ${q === '' ? sql`` : sql`and (starts_with(u.unit, ${q.toUpperCase()}) or n.payer = ${q})`}
      ${method === undefined ? sql`` : sql`and n.method = ${method}`}
      ${is_void === undefined ? sql`` : is_void ? sql`and v.seq is not null` : sql`and v.seq is null`}
      ${from === undefined ? sql`` : sql`and e.entry_date >= ${from}::date`}
      ${to === undefined ? sql`` : sql`and e.entry_date <= ${to}::date`}
      ${before === undefined ? sql`` : sql`and r.number < ${before}`}
    order by r.number desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.number) : null };
}

export interface ReceiptPart {
  /** bill: paid; ahead: kept for an item; held: for whatever is billed next; deposit; other: straight to an account. */
  kind: 'bill' | 'ahead' | 'held' | 'deposit' | 'other';
  name: Bilingual;
  /** Of a bill its month; of what is ahead the first month it is for. */
  period: Period | null;
  amount: string;
  bill_id: number | null;
  /** Of a bill: whether anything of it is left open now. */
  open: string | null;
}
export interface ReceiptShown extends ReceiptRow { parts: ReceiptPart[] }

/** Names of items: those of the latest rule of each. */
export async function itemNames(trx: Trx, estate_id: number): Promise<Map<string, Bilingual & { fund: string }>> {
  const rules = await trx.selectFrom('fee_rule').select(['item', 'name_zh', 'name_en', 'fund']).where('estate_id', '=', estate_id)
    .orderBy('starts_on').orderBy('proposal_id').execute();
  return new Map<string, Bilingual & { fund: string }>([
    ['property_fee', { zh: '物业费', en: 'Property fee', fund: 'service' }], ['late_fee', { zh: '滞纳金', en: 'Late fee', fund: 'service' }],
    ...rules.map((rule): [string, Bilingual & { fund: string }] => [rule.item, { zh: rule.name_zh, en: rule.name_en, fund: rule.fund }]),
  ]);
}

const by = (amounts: Iterable<{ amount: string }>): Money => sum([...amounts].map((one) => money(one.amount)));

/** What the money of a receipt was for, adding up to it. */
export async function partsOf(trx: Trx, estate_id: number, { seq, unit, ref }: Pick<ReceiptRow, 'seq' | 'unit' | 'ref'>): Promise<ReceiptPart[]> {
  const paid = await trx.selectFrom('bill_payment').select(['bill_id', 'amount']).where('estate_id', '=', estate_id).where('seq', '=', seq).execute();
  const bills = (await billsByNumber(trx, estate_id, paid.map((one) => one.bill_id))).filter((bill) => bill.unit === unit);
  const names = await itemNames(trx, estate_id);
  const ahead = await trx.selectFrom('prepayment').select(['item', 'from_period', 'amount']).where('estate_id', '=', estate_id).where('seq', '=', seq).where('unit', '=', unit).orderBy('item').orderBy('from_period').execute();
  const credits = await trx.selectFrom('posting as p').innerJoin('account as a', (join) => join.onRef('a.estate_id', '=', 'p.estate_id').onRef('a.account', '=', 'p.account'))
    .select(['p.account', 'a.name_zh', 'a.name_en', 'p.credit as amount']).where('p.estate_id', '=', estate_id).where('p.seq', '=', seq).where('p.unit', '=', ref)
    .where('p.credit', '>', '0').orderBy('p.line').execute();
  const parts: ReceiptPart[] = bills.map((bill) => ({
    kind: 'bill', name: { zh: bill.name_zh, en: bill.name_en }, period: bill.period, bill_id: bill.bill_id, open: bill.open,
    amount: paid.find((one) => one.bill_id === bill.bill_id)!.amount,
  }));
  const plain = (kind: ReceiptPart['kind'], name: Bilingual, amount: Money, period: Period | null = null): void => {
    if (amount.greaterThan(zero)) parts.push({ kind, name, period, amount: moneyText(amount), bill_id: null, open: null });
  };
  for (const { item, from_period, amount } of ahead) plain('ahead', names.get(item) ?? { zh: item, en: item }, money(amount), from_period);
  plain('held', { zh: '预收', en: 'Received in advance' }, minus(by(credits.filter((one) => one.account === AHEAD)), by(ahead)));
  plain('deposit', { zh: '押金', en: 'Deposit' }, by(credits.filter((one) => one.account === DEPOSIT)));
  const others = credits.filter((one) => one.account !== AHEAD && one.account !== DEPOSIT);
  const stop = (names_of: readonly string[]): string => [...new Set(names_of)].join('、');
  plain('other', { zh: stop(others.map((one) => one.name_zh)), en: stop(others.map((one) => one.name_en)) }, minus(by(others), by(parts.filter((part) => part.kind === 'bill'))));
  return parts;
}

export async function receiptByNumber(trx: Trx, estate_id: number, number: number, sight: Sight): Promise<ReceiptShown | null> {
  const { items: [row] } = await receiptsOf(trx, estate_id, { sight, number, limit: 1 });
  return row === undefined ? null : { ...row, parts: await partsOf(trx, estate_id, row) };
}

export interface ReceiptTotals { count: number; void_count: number; amount: string; first: number | null; last: number | null }

/** Of all receipts of the estate, void ones not counted in the sum. */
export async function receiptTotals(trx: Trx, estate_id: number): Promise<ReceiptTotals> {
  const { rows: [row] } = await sql<ReceiptTotals>`
    select count(*)::integer as count, count(v.seq)::integer as void_count, coalesce(sum(r.amount) filter (where v.seq is null), 0)::numeric(16, 2) as amount,
      min(r.number) as first, max(r.number) as last
    from receipt r left join journal_entry v on v.estate_id = r.estate_id and v.reverses = r.seq where r.estate_id = ${estate_id}`.execute(trx);
  return row!;
}
