// Reads of reminders: batches, letters, and the bills a new letter would ask for.
import { sql } from 'kysely';
import { byPlace, payersAmong, tenuresOf, type Tenure } from '../estate/register-queries.ts';
import type { Trx } from '../kernel/database.ts';
import { periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';

export interface DueBill { bill: number; unit: string; building: string; item: string; period: Period; due_on: BusinessDate; open: string; /** Of a late fee: the month of the bill that was not paid; else its own. */ of_period: Period }

/** Bills of any month that are overdue on a day, as they stand now; oldest first within a dwelling. */
export const overdueBills = async (trx: Trx, estate_id: number, day: BusinessDate): Promise<DueBill[]> => (await sql<DueBill>`
  select b.bill_id as bill, b.unit, u.building, b.item, b.period, b.due_on, b.open, coalesce(o.period, b.period) as of_period from bills_on(${estate_id}, ${day}::date) b
  join bill x on x.estate_id = ${estate_id} and x.bill_id = b.bill_id left join bill o on o.estate_id = x.estate_id and o.bill_id = x.of_bill
  join unit u on u.estate_id = ${estate_id} and u.unit = b.unit
  where b.open > 0 and b.due_on < ${day}::date order by b.unit, b.due_on, b.period, b.bill_id`.execute(trx)).rows;

/** Dwellings that had a letter less than 15 days before a day: constraint reminder_too_soon. */
export async function recentlyReminded(trx: Trx, estate_id: number, day: BusinessDate): Promise<Set<string>> {
  const { rows } = await sql<{ unit: string }>`select distinct unit from reminder where estate_id = ${estate_id} and abs(made_on - ${day}::date) < 15`.execute(trx);
  return new Set(rows.map(({ unit }) => unit));
}

/** First month that whoever owns a dwelling now answers for, by dwelling: what a former owner left is not asked of them. A
 *  dwelling that changed hands and that nobody owns now has no month ("9999-12"); one without a former owner is not in it. */
export async function answersSince(trx: Trx, estate_id: number, day: BusinessDate): Promise<Map<string, Period>> {
  const by_unit = new Map<string, Tenure[]>();
  for (const tenure of await tenuresOf(trx, estate_id)) {
    if (tenure.kind === 'owner') by_unit.set(tenure.unit, [...(by_unit.get(tenure.unit) ?? []), tenure]);
  }
  const found = new Map<string, Period>();
  for (const [unit, owners] of by_unit) {
    const first = owners.filter(({ from_date, to_date }) => from_date <= day && (to_date === null || to_date >= day)).map(({ from_date }) => from_date).sort()[0];
    const before = owners.some(({ to_date }) => to_date !== null && to_date < (first ?? day));
    if (before) found.set(unit, first === undefined ? '9999-12' : periodOf(first));
  }
  return found;
}

export interface Batch { seq: number; kind: 'reminder' | 'demand'; made_on: BusinessDate; pay_by: BusinessDate; count: number; amount: string }

export const batchesOf = async (trx: Trx, estate_id: number, { seq }: { seq?: number } = {}): Promise<Batch[]> => (await sql<Batch>`
  select b.seq, b.kind, b.made_on, b.pay_by, count(r.unit)::integer as count, coalesce(sum(r.amount), 0)::numeric(16, 2) as amount
  from reminder_batch b left join reminder r on r.estate_id = b.estate_id and r.seq = b.seq
  where b.estate_id = ${estate_id} ${seq === undefined ? sql`` : sql`and b.seq = ${seq}`} group by b.seq, b.kind, b.made_on, b.pay_by order by b.seq desc`.execute(trx)).rows;

export interface LetterBill { bill: number; due_on: BusinessDate; item: string; open: string; period: Period }
export interface Letter { unit: string; amount: string; bills: LetterBill[]; /** What was open of these bills is open still. */ open_now: string }

export async function lettersOf(trx: Trx, estate_id: number, seq: number, { units }: { units?: readonly string[] } = {}): Promise<Letter[]> {
  const { rows } = await sql<Omit<Letter, 'bills'> & { bills: string }>`
    with letter as materialized (select r.unit, r.amount, r.bills from reminder r where r.estate_id = ${estate_id} and r.seq = ${seq}
      ${units === undefined ? sql`` : sql`and r.unit = any(${[...units]}::text[])`}
    ), asked as materialized (select l.unit, (x ->> 'bill')::bigint as bill_id from letter l, jsonb_array_elements(l.bills::jsonb) x
    ), still as (select a.unit, sum(b.open) as open from asked a join bills_on(${estate_id}, '9999-12-31'::date) b on b.bill_id = a.bill_id group by a.unit)
    select l.unit, l.amount, l.bills, coalesce(s.open, 0)::numeric(16, 2) as open_now from letter l left join still s on s.unit = l.unit`.execute(trx);
  return rows.map((row) => ({ ...row, bills: JSON.parse(row.bills) as LetterBill[] })).sort((a, b) => byPlace(a.unit, b.unit));
}

/** Names of whoever pays for each dwelling on a day, for letters that officers print. */
export async function payerNames(trx: Trx, estate_id: number, day: BusinessDate): Promise<Map<string, string[]>> {
  const by_unit = new Map<string, Tenure[]>();
  for (const tenure of await tenuresOf(trx, estate_id, { on: day, named: true })) by_unit.set(tenure.unit, [...(by_unit.get(tenure.unit) ?? []), tenure]);
  return new Map([...by_unit].map(([unit, tenures]) => [unit, payersAmong(tenures, day).flatMap(({ name }) => (name === null ? [] : [name]))]));
}

export interface ItemName { item: string; name_zh: string; name_en: string }
/** Names of items as the latest fee rule has them. */
export const itemNames = async (trx: Trx, estate_id: number): Promise<ItemName[]> => (await sql<ItemName>`
  select distinct on (item) item, name_zh, name_en from fee_rule where estate_id = ${estate_id} order by item, starts_on desc, proposal_id desc`.execute(trx)).rows;

export const residentsOf = async (trx: Trx, estate_id: number, units: readonly string[]) => trx.selectFrom('resident').select(['unit', 'person_id'])
  .where('estate_id', '=', estate_id).where('left_at', 'is', null).where('unit', 'in', [...units]).execute();
