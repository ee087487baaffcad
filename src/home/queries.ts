// Reads of my home: what one dwelling owes, paid, has with the estate, and what the estate did with it.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { seesSince } from '../estate/register-queries.ts';
import { periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { receiptsOf } from '../billing/receipt-queries.ts';
import type { Sight } from '../billing/sight.ts';
import type { Turnover } from './hundred.ts';

/** Funds that property fees go into: what residents pay is spent from here. */
const FEE_FUND = 'service';

export interface HomeUnit { unit: string; ref: string; building: string; stairwell: string; area_m2: string; kind: string; occupancy: string; since: Period | null }

/** The dwelling, and the first month whose bills this person may see: that of their own time where the register knows it. */
export async function homeUnit(trx: Trx, estate_id: number, unit: string, { person_id, today }: { person_id: string; today: BusinessDate }): Promise<HomeUnit | undefined> {
  const row = await trx.selectFrom('unit').select(['unit', 'ref', 'building', 'stairwell', 'area_m2', 'kind', 'occupancy'])
    .where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirst();
  const since = (await seesSince(trx, { estate_id, person_id, units: [unit], today })).get(unit) ?? null;
  return row === undefined ? undefined : { ...row, since: since === null ? null : periodOf(since) };
}

export interface HomeBill { bill_id: number; item: string; name_zh: string | null; name_en: string | null; period: Period; due_on: BusinessDate; amount: string; reduced: string; paid: string; open: string }

/** Bills with something left to pay, oldest first. */
export async function homeBills(trx: Trx, estate_id: number, { unit, since }: Pick<HomeUnit, 'unit' | 'since'>): Promise<HomeBill[]> {
  const { rows } = await sql<HomeBill>`
    select s.* from (select b.bill_id, b.item, r.name_zh, r.name_en, b.period, b.due_on, b.amount, bill_reduced(b.estate_id, b.bill_id) as reduced,
        bill_paid(b.estate_id, b.bill_id) as paid, (b.amount - bill_reduced(b.estate_id, b.bill_id) - bill_paid(b.estate_id, b.bill_id))::numeric(14, 2) as open
      from bill b left join fee_rule r on r.estate_id = b.estate_id and r.proposal_id = b.rule_id
      where b.estate_id = ${estate_id} and b.unit = ${unit} and coalesce((select o.period from bill o where o.estate_id = b.estate_id and o.bill_id = b.of_bill), b.period) >= ${since ?? '0001-01'}) s
    where s.open > 0 order by s.period, s.bill_id`.execute(trx);
  return rows;
}

export interface HomeReceipt { number: number; entry_date: BusinessDate; amount: string; void: boolean; seq: number }

/** More than one dwelling gets in a year. */
const MOST = 1_000;

/** Newest receipts first, and how much was paid this year by those that stand: what the list of receipts shows this person, and no more. */
export async function homeReceipts(
  trx: Trx, estate_id: number, { unit, sight, year, limit }: { unit: string; sight: Sight; year: string; limit: number },
): Promise<{ items: HomeReceipt[]; paid_year: string }> {
  const newest = await receiptsOf(trx, estate_id, { sight, unit, limit });
  const this_year = await receiptsOf(trx, estate_id, { sight, unit, is_void: false, from: `${year}-01-01`, to: `${year}-12-31`, limit: MOST });
  return {
    items: newest.items.map(({ number, entry_date, amount, seq, void_seq }) => ({ number, entry_date, amount, void: void_seq !== null, seq })),
    paid_year: moneyText(sum(this_year.items.map((row) => money(row.amount)))),
  };
}

export interface Held { advance: string; deposits: string }

/** What the estate holds for the dwelling: paid in advance (2203), which pays its bills whoever owns it, and deposits (2241): those of the reader's
 *  own time, as whoever was there before them gets their own back. */
export async function homeHeld(trx: Trx, estate_id: number, { ref, since }: Pick<HomeUnit, 'ref' | 'since'>): Promise<Held> {
  const { rows: [row] } = await sql<Held>`
    select coalesce(sum(p.credit - p.debit) filter (where p.account = '2203'), 0)::numeric(14, 2) as advance,
      greatest(coalesce(sum(p.credit - p.debit) filter (where p.account = '2241' and p.period >= ${since ?? '0001-01'}), 0), 0)::numeric(14, 2) as deposits
    from posting p where p.estate_id = ${estate_id} and p.unit = ${ref} and p.account in ('2203', '2241')`.execute(trx);
  return row!;
}

export interface HomeSpace { space: string; from_date: BusinessDate }
export const homeSpaces = async (trx: Trx, estate_id: number, unit: string, today: BusinessDate): Promise<HomeSpace[]> =>
  (await sql<HomeSpace>`select h.space, h.from_date from space_holding h where h.estate_id = ${estate_id} and h.unit = ${unit}
    and h.from_date <= ${today}::date and coalesce(h.to_date, 'infinity') >= ${today}::date order by h.space`.execute(trx)).rows;

/** What the fee fund took in and spent in some months, by heading of the first level; from the balances, so that it costs the
 *  same however long the books are. The closing of a year is neither. */
export async function turnoverOf(trx: Trx, estate_id: number, { from, to }: { from: Period; to: Period }): Promise<Turnover> {
  const { rows } = await sql<{ account: string; name_zh: string; name_en: string; class: string; amount: string }>`
    select coalesce(a.parent, a.account) as account, h.name_zh, h.name_en, a.class,
      sum(case a.class when 'expense' then b.debit - b.credit else b.credit - b.debit end)::numeric(16, 2) as amount
    from turnover_before_closing(${estate_id}, ${from}, ${to}) b join account a on a.estate_id = ${estate_id} and a.account = b.account
    join account h on h.estate_id = a.estate_id and h.account = coalesce(a.parent, a.account)
    where b.fund = ${FEE_FUND} and a.class in ('income', 'expense')
    group by 1, 2, 3, 4 order by 1`.execute(trx);
  const { rows: [total] } = await sql<{ received: string }>`
    select coalesce(sum(b.credit - b.debit), 0)::numeric(16, 2) as received from turnover_before_closing(${estate_id}, ${from}, ${to}) b
    join account a on a.estate_id = ${estate_id} and a.account = b.account and a.class = 'income' where b.fund = ${FEE_FUND}`.execute(trx);
  return {
    received: total!.received,
    headings: rows.filter((row) => row.class === 'expense').map(({ account, name_zh, name_en, amount }) => ({ account, name_zh, name_en, amount })),
  };
}

/** Last month with expenses in the fee fund up to a month: the present one is empty until its bills are paid. */
export async function lastSpent(trx: Trx, estate_id: number, to: Period): Promise<Period> {
  const { rows } = await sql<{ period: Period | null }>`
    select max(b.period) as period from turnover_before_closing(${estate_id}, '0001-01', ${to}) b
    join account a on a.estate_id = ${estate_id} and a.account = b.account and a.class = 'expense' where b.fund = ${FEE_FUND} and b.debit > b.credit`.execute(trx);
  return rows[0]?.period ?? to;
}

/** Area that bears fees: what the register adds up to, or what the estate was opened with while it is not complete. */
export async function feeArea(trx: Trx, estate_id: number): Promise<string> {
  const { rows: [row] } = await sql<{ area: string }>`
    select greatest(e.area_m2, coalesce((select sum(u.area_m2) from unit u where u.estate_id = e.estate_id and u.ended_on is null), 0))::numeric(12, 2) as area
    from estate e where e.estate_id = ${estate_id}`.execute(trx);
  return row!.area;
}
