// Reads of bills: what is open, for whom, and who a payer may be.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { Period } from '../kernel/dates.ts';
import { indexDwellings, dwellingsIn, type Dwelling, type DwellingIndex } from './unit-name.ts';

export interface OpenBill {
  bill_id: number;
  unit: string;
  /** Name of the dwelling in the journal. */
  ref: string;
  item: string;
  period: Period;
  due_on: string;
  amount: string;
  /** By entries that are not reversed. */
  paid: string;
  /** Taken off by proposals (减免、核销), bill_reduced(). */
  reduced: string;
  /** What is left to pay. */
  open: string;
  /** Fee rule it was made under; null of bills by the estate's own rate and of imported ones. */
  rule_id: number | null;
  /** Of a late fee: the bill that was not paid in time. */
  of_bill: number | null;
  /** Account credited when it is paid in its own year: the rule's; 4111 of a late fee; 4101 where there is no rule. */
  account: string;
  fund: string;
  name_zh: string;
  name_en: string;
}

// An imported bill names no rule: the latest of its item says to which account and fund it belongs.
const BILL = sql`
  select b.bill_id, b.unit, u.ref, b.item, b.period, b.due_on, b.amount, b.rule_id, b.of_bill, p.paid, d.reduced,
    (b.amount - p.paid - d.reduced)::numeric(14, 2) as open,
    case when b.of_bill is not null then '4111' else coalesce(f.account, '4101') end as account,
    case when b.of_bill is not null then 'service' else coalesce(f.fund, 'service') end as fund,
    case when b.of_bill is not null then '滞纳金' when f.name_zh is not null then f.name_zh when b.item = 'property_fee' then '物业费' else b.item end as name_zh,
    case when b.of_bill is not null then 'Late fee' when f.name_en is not null then f.name_en when b.item = 'property_fee' then 'Property fee' else b.item end as name_en
  from bill b join unit u on u.estate_id = b.estate_id and u.unit = b.unit
  cross join lateral (select coalesce(sum(y.amount), 0)::numeric(14, 2) as paid from bill_payment y
    where y.estate_id = b.estate_id and y.bill_id = b.bill_id
      and not exists (select from journal_entry r where r.estate_id = y.estate_id and r.reverses = y.seq)) p
  cross join lateral (select coalesce(sum(r.amount), 0)::numeric(14, 2) as reduced from bill_reduction r
    where r.estate_id = b.estate_id and r.bill_id = b.bill_id) d
  left join fee_rule f on f.estate_id = b.estate_id and f.proposal_id = coalesce(b.rule_id, (select g.proposal_id from fee_rule g
    where g.estate_id = b.estate_id and g.item = b.item order by g.starts_on desc, g.proposal_id desc limit 1))`;

/** Bills with something left to pay, oldest first within a dwelling. */
export async function openBills(trx: Trx, estate_id: number, { units }: { units?: readonly string[] } = {}): Promise<OpenBill[]> {
  if (units?.length === 0) return [];
  const { rows } = await sql<OpenBill>`${BILL} where b.estate_id = ${estate_id} and b.amount > p.paid + d.reduced
    ${units === undefined ? sql`` : sql`and b.unit = any(${[...units]}::text[])`} order by b.unit, b.period, b.bill_id`.execute(trx);
  return rows;
}

export const billsByNumber = async (trx: Trx, estate_id: number, bill_ids: readonly number[]): Promise<OpenBill[]> =>
  (await sql<OpenBill>`${BILL} where b.estate_id = ${estate_id} and b.bill_id = any(${[...bill_ids]}::bigint[])
    order by b.unit, b.period, b.bill_id`.execute(trx)).rows;

/** First month of bills that make themselves; null while it is off. */
export async function startPeriod(trx: Trx, estate_id: number, item: string): Promise<Period | null> {
  const row = await trx.selectFrom('billing_start').select('start_period').where('estate_id', '=', estate_id).where('item', '=', item)
    .orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row?.start_period ?? null;
}

export async function billedPeriods(trx: Trx, estate_id: number, item: string): Promise<Period[]> {
  const rows = await trx.selectFrom('bill').select('period').distinct().where('estate_id', '=', estate_id).where('item', '=', item).execute();
  return rows.map((row) => row.period);
}

export interface BillsAsked {
  /** Only these dwellings; absent: all. */
  units?: readonly string[] | undefined;
  /** Beginning of a dwelling's number. */
  q?: string | undefined;
  open_only?: boolean | undefined;
  limit: number;
  /** Last dwelling shown before. */
  after?: string | undefined;
}
export interface UnitBills {
  unit: string;
  bills: number;
  billed: string;
  paid: string;
  reduced: string;
  open: string;
  /** Oldest month with something open; null when nothing is. */
  oldest: Period | null;
  overdue: string;
}

/** Bills by dwelling: 1-1-201 before 1-1-1001 (the database sorts numbers as numbers: order of place). */
export async function billsByUnit(
  trx: Trx, estate_id: number, today: string, { units, q, open_only = false, limit, after }: BillsAsked,
): Promise<{ items: UnitBills[]; next_cursor: string | null }> {
  // Numbers within a name are compared as numbers: each is padded to ten digits.
  const place = (column: ReturnType<typeof sql.ref>) => sql<string>`(select string_agg(case when m.part[1] ~ '^[0-9]+$' then lpad(m.part[1], 10, '0')
    else m.part[1] end, '' order by m.n) from regexp_matches(${column}, '([0-9]+|[^0-9]+)', 'g') with ordinality as m(part, n))`;
  const { rows } = await sql<UnitBills>`
    select s.unit, count(*)::integer as bills, sum(s.amount)::numeric(16, 2) as billed, sum(s.paid)::numeric(16, 2) as paid,
      sum(s.reduced)::numeric(16, 2) as reduced, sum(s.open)::numeric(16, 2) as open, min(s.period) filter (where s.open > 0) as oldest,
      coalesce(sum(s.open) filter (where s.due_on < ${today}::date), 0)::numeric(16, 2) as overdue
    from (${BILL} where b.estate_id = ${estate_id}
      ${units === undefined ? sql`` : sql`and b.unit = any(${[...units]}::text[])`}
      ${q === undefined || q === '' ? sql`` : sql`and starts_with(b.unit, ${q})`}) s
    group by s.unit
    having (not ${open_only} or sum(s.open) > 0) ${after === undefined ? sql`` : sql`and ${place(sql.ref('s.unit'))} > ${
      sql`(select ${place(sql.ref('one.unit'))} from (select ${after}::text as unit) one)`}`}
    order by ${place(sql.ref('s.unit'))}, s.unit limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? items.at(-1)!.unit : null };
}

export interface BillTotals { units: number; owing: number; billed: string; paid: string; reduced: string; open: string }

export async function billTotals(trx: Trx, estate_id: number): Promise<BillTotals> {
  const { rows: [row] } = await sql<BillTotals>`
    select count(distinct s.unit)::integer as units, count(distinct s.unit) filter (where s.open > 0)::integer as owing,
      coalesce(sum(s.amount), 0)::numeric(16, 2) as billed, coalesce(sum(s.paid), 0)::numeric(16, 2) as paid,
      coalesce(sum(s.reduced), 0)::numeric(16, 2) as reduced, coalesce(sum(s.open), 0)::numeric(16, 2) as open
    from (${BILL} where b.estate_id = ${estate_id}) s`.execute(trx);
  return row!;
}

export interface BillRow extends OpenBill { entries: { seq: number; number: string; entry_date: string; amount: string; reversed: boolean }[] }

/** Every bill of some dwellings, newest month first, each with the entries that paid it. */
export async function billsOf(trx: Trx, estate_id: number, units: readonly string[]): Promise<BillRow[]> {
  const { rows } = await sql<BillRow>`
    select s.*, coalesce((select json_agg(json_build_object('seq', e.seq, 'number', e.period || ' ' || entry_number(e.kind, e.number),
        'entry_date', e.entry_date, 'amount', y.amount::text, 'reversed', exists (select from journal_entry r
          where r.estate_id = e.estate_id and r.reverses = e.seq)) order by e.seq)
      from bill_payment y join journal_entry e on e.estate_id = y.estate_id and e.seq = y.seq
      where y.estate_id = ${estate_id} and y.bill_id = s.bill_id), '[]') as entries
    from (${BILL} where b.estate_id = ${estate_id} and b.unit = any(${[...units]}::text[])) s
    order by s.unit, s.period desc, s.bill_id desc`.execute(trx);
  return rows;
}

// ── Who a payer may be ───────────────────────────────────────────────────────────────────────────

/** Dwellings of an estate, indexed for many texts: `dwellingsIn(index, memo)`. */
export async function dwellingIndex(trx: Trx, estate_id: number): Promise<DwellingIndex> {
  return indexDwellings(await trx.selectFrom('unit').select(['unit', 'ref']).where('estate_id', '=', estate_id).orderBy('unit').execute());
}

/** Dwellings that a text names in full; for many texts, index once and call dwellingsIn(). */
export const findUnits = async (trx: Trx, estate_id: number, text: string): Promise<Dwelling[]> =>
  dwellingsIn(await dwellingIndex(trx, estate_id), text);

/** A full name as it is compared: blanks, dots and width do not count. */
export const nameKey = (name: string): string => name.normalize('NFKC').replace(/[\s·•.\u00b7]/gu, '').toUpperCase();

/** Dwellings by the full name of whoever lives there (nameKey), for many payers. */
export async function unitsByName(trx: Trx, estate_id: number): Promise<Map<string, string[]>> {
  const rows = await trx.selectFrom('resident as r').innerJoin('person_identity as i', 'i.person_id', 'r.person_id').select(['r.unit', 'i.name'])
    .where('r.estate_id', '=', estate_id).where('r.left_at', 'is', null).orderBy('r.unit').execute();
  const found = new Map<string, string[]>();
  for (const { unit, name } of rows) {
    const key = nameKey(name);
    if (key !== '' && !(found.get(key) ?? []).includes(unit)) found.set(key, [...(found.get(key) ?? []), unit]);
  }
  return found;
}

/** Dwellings of the residents of exactly this full name. */
export const unitsOfName = async (trx: Trx, estate_id: number, name: string): Promise<string[]> =>
  (await unitsByName(trx, estate_id)).get(nameKey(name)) ?? [];

/** Digits and capital letters of a number as typed or as a bank writes it. */
export const plainNumber = (typed: string): string => typed.normalize('NFKC').toUpperCase().replace(/[\s-]/g, '');

/** Dwellings by the bank's number for them, for many lines. */
export async function unitsByVirtualAccount(trx: Trx, estate_id: number): Promise<Map<string, string>> {
  const rows = await trx.selectFrom('unit_virtual_account').select(['virtual_account', 'unit']).where('estate_id', '=', estate_id).execute();
  return new Map(rows.map((row) => [row.virtual_account, row.unit]));
}

export async function unitOfVirtualAccount(trx: Trx, estate_id: number, number: string): Promise<string | null> {
  const row = await trx.selectFrom('unit_virtual_account').select('unit').where('estate_id', '=', estate_id)
    .where('virtual_account', '=', plainNumber(number)).executeTakeFirst();
  return row?.unit ?? null;
}
