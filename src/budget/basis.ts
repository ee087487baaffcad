// Where the first lines of a budget come from (编制依据): the last twelve whole months of the books, by fund and account, without closing
// entries. Fees that are billed are reckoned as billed times what of bills is really paid (以收定支): hoping for all of it is how estates
// spend money that never comes. Everything is a proposal, to be changed line by line; the note of each line says what it rests on.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { addMonths, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import { money, moneyFigures } from '../kernel/money.ts';

/** Type aliases, so that they are JSON for the draft. */
export type BasisRow = { fund: string; account: string; class: string; actual: string; billed: string | null; collected: string | null; proposed: string };
export type Basis = { from: Period | null; to: Period | null; months: number; rate: string | null; rows: BasisRow[] };

const MONTHS = 12;

/** Figures of the months before a year, and what they let one expect of it. No month is over: no rows. */
export async function basisOf(trx: Trx, estate_id: number, { year, today, first_period }: { year: number; today: BusinessDate; first_period: Period }): Promise<Basis> {
  const begins = `${year}-01`;
  const present = periodOf(today);
  const to = addMonths(present < begins ? present : begins, -1);
  const earliest = addMonths(to, 1 - MONTHS);
  const from = earliest < first_period ? first_period : earliest;
  if (from > to) return { from: null, to: null, months: 0, rate: null, rows: [] };
  const { rows } = await sql<BasisRow & { months: number; rate: string | null }>`
    with span as (
      select ((left(${to}, 4)::integer - left(${from}, 4)::integer) * 12 + right(${to}, 2)::integer - right(${from}, 2)::integer + 1)::numeric as months
    ), actual as (
      select t.fund, t.account, a.class, sum(case a.class when 'income' then t.credit - t.debit else t.debit - t.credit end) as actual
      from turnover_before_closing(${estate_id}, ${from}, ${to}) t join account a on a.estate_id = ${estate_id} and a.account = t.account and a.class in ('income', 'expense')
      where a.is_postable and a.closed_on is null group by t.fund, t.account, a.class
    ), fee as (
      -- A bill that was waived was never to come in. What came in is counted once: arrears paid later pay bills of these months too.
      select coalesce(r.fund, 'service') as fund, coalesce(r.account, '4101') as account, sum(b.amount - b.reduced) as billed, sum(b.paid) as collected
      from bills_on(${estate_id}, ${today}::date) b join bill x on x.estate_id = ${estate_id} and x.bill_id = b.bill_id
      left join fee_rule r on r.estate_id = x.estate_id and r.proposal_id = x.rule_id
      where b.period between ${from} and ${to} and b.item <> 'late_fee' group by 1, 2
    ), line as (
      select coalesce(a.fund, f.fund) as fund, coalesce(a.account, f.account) as account, coalesce(a.class, n.class) as class, coalesce(a.actual, 0) as actual, f.billed, f.collected
      from actual a full join (select * from fee where billed > 0) f on f.fund = a.fund and f.account = a.account
      left join account n on n.estate_id = ${estate_id} and n.account = f.account
    )
    select l.fund, l.account, l.class, l.actual::numeric(16, 2) as actual, l.billed::numeric(16, 2) as billed, l.collected::numeric(16, 2) as collected,
      -- Whole yuan: nobody plans fen.
      greatest(0, round(case when l.billed is null then l.actual else least(l.billed, l.collected) end * ${MONTHS} / s.months))::numeric(14, 2) as proposed,
      s.months::integer as months, (select round(least(100, 100 * sum(f.collected) / nullif(sum(f.billed), 0)), 2) from fee f)::numeric(5, 2) as rate
    from line l cross join span s join fund u on u.estate_id = ${estate_id} and u.fund = l.fund
    where l.class in ('income', 'expense') and (l.actual <> 0 or l.billed is not null) order by u.place, l.fund, l.class desc, l.account`.execute(trx);
  return {
    from, to, months: rows[0]?.months ?? 0, rate: rows[0]?.rate ?? null,
    rows: rows.map(({ fund, account, class: kind, actual, billed, collected, proposed }) => ({ fund, account, class: kind, actual, billed, collected, proposed })),
  };
}

/** What a proposed line rests on, as its public note. */
export function noteOf({ actual, billed, collected }: BasisRow, { from, to, months }: Basis): string {
  const span = from === to ? from! : `${from} 至 ${to}`;
  if (billed === null) return `${span}（${months} 个月）实际 ${moneyFigures(money(actual))} 元，按全年推算`;
  const rate = money(collected!).times(100).dividedBy(money(billed)).toFixed(1);
  return `${span}（${months} 个月）应收 ${moneyFigures(money(billed))} 元，实收率 ${rate}%，按全年推算`;
}
