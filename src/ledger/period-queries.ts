// The months of the books: money received and paid, open or closed, and the days that may be booked now.
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import {
  addMonths,
  firstDay,
  periodOf,
  periodsBetween,
  type BusinessDate,
  type Period,
} from '../kernel/dates.ts';
import { minus, money, moneyText, sum, zero } from '../kernel/money.ts';
import { estateToday } from '../evidence/records.ts';

/** What moves from one money account to another within an entry: the smaller of the two sides (in a
 *  red-letter entry, whose sides are negative, the larger). It is neither received nor paid. */
export const insideOf = (
  debit: RawBuilder<unknown>,
  credit: RawBuilder<unknown>,
): RawBuilder<unknown> =>
  sql`case when ${debit} = 0 or ${credit} = 0 then 0
    when ${debit} > 0 then least(${debit}, ${credit}) else greatest(${debit}, ${credit}) end`;

export interface Turnover {
  period: Period;
  received: string;
  paid: string;
}

/** Money received and paid, by month; one month, or all of them. */
export async function turnoverOf(
  trx: Trx,
  estate_id: number,
  period: Period | null = null,
): Promise<Turnover[]> {
  const { rows } = await sql<Turnover>`
    with side as (
      select b.period, sum(b.debit) as debit, sum(b.credit) as credit from balance b
      join account a on a.estate_id = b.estate_id and a.account = b.account and a.is_money
      where b.estate_id = ${estate_id} and (${period}::text is null or b.period = ${period}) group by b.period
    ), inside as (
      select period, sum(amount) as amount from (
        select e.period, ${insideOf(sql`sum(p.debit)`, sql`sum(p.credit)`)} as amount
        from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq
        join account a on a.estate_id = p.estate_id and a.account = p.account and a.is_money
        where e.estate_id = ${estate_id} and e.kind <> 'receipt' and (${period}::text is null or e.period = ${period})
        group by e.period, e.seq having sum(p.debit) <> 0 and sum(p.credit) <> 0) m group by period
    )
    select period, (s.debit - coalesce(i.amount, 0))::numeric(18, 2) as received,
      (s.credit - coalesce(i.amount, 0))::numeric(18, 2) as paid
    from side s left join inside i using (period)`.execute(trx);
  return rows;
}

export interface PeriodRow {
  period: Period;
  state: 'open' | 'closed';
  entries: number;
  /** Sum of the month's debits, equal to its credits. */
  debit: string;
  /** Money that came in and went out, and what was there at its end. */
  received: string;
  paid: string;
  closing: string;
  closed_at: Date | null;
  /** Proposal with the signatures of the close, or the one that waits for them. */
  proposal_id: number | null;
}

/** The months of the books, newest first, up to the running one. */
export async function periodsOf(
  trx: Trx,
  estate: Pick<Estate, 'estate_id' | 'first_period'>,
): Promise<PeriodRow[]> {
  const { estate_id, first_period } = estate;
  const current = periodOf(await estateToday(trx, estate_id));
  const { closed_period } = await trx
    .selectFrom('log_head')
    .select('closed_period')
    .where('estate_id', '=', estate_id)
    .executeTakeFirstOrThrow();
  // Numbers have no gaps, so the last numbers of a month add up to the number of its entries.
  const { rows: months } = await sql<{ period: Period; entries: number; debit: string }>`
    select b.period, sum(b.debit)::numeric(18, 2) as debit, (select sum(n.last)::integer from number_head n
        where n.estate_id = ${estate_id} and n.period = b.period) as entries
    from balance b where b.estate_id = ${estate_id} group by b.period`.execute(trx);
  const turnover = await turnoverOf(trx, estate_id);
  const closes = await trx
    .selectFrom('period_close')
    .select(['period', 'closed_at', 'proposal_id'])
    .where('estate_id', '=', estate_id)
    .execute();
  const waiting = await openCloses(trx, estate_id);
  let closing = zero;
  const list = periodsBetween(first_period, current).map((period): PeriodRow => {
    const month = months.find((row) => row.period === period);
    const close = closes.find((row) => row.period === period);
    const moved = turnover.find((row) => row.period === period);
    const [received, paid] = [money(moved?.received ?? '0'), money(moved?.paid ?? '0')];
    closing = minus(sum([closing, received]), paid);
    return {
      period,
      state: period <= closed_period ? 'closed' : 'open',
      entries: month?.entries ?? 0,
      debit: month?.debit ?? '0.00',
      received: moneyText(received),
      paid: moneyText(paid),
      closing: moneyText(closing),
      closed_at: close?.closed_at ?? null,
      proposal_id:
        close?.proposal_id ?? waiting.find((row) => row.period === period)?.proposal_id ?? null,
    };
  });
  return list.reverse();
}

/** Proposals to close a month that wait for signatures or for being carried out. */
export async function openCloses(
  trx: Trx,
  estate_id: number,
): Promise<{ proposal_id: number; period: Period }[]> {
  const { rows } = await sql<{ proposal_id: number; period: Period }>`
    select proposal_id, document::jsonb ->> 'period' as period from proposal
    where estate_id = ${estate_id} and kind = 'close' and state in ('submitted', 'held', 'approved')`.execute(
    trx,
  );
  return rows;
}

/** First and last day that may be booked now. */
export async function openDays(
  trx: Trx,
  estate_id: number,
): Promise<{ first: BusinessDate; last: BusinessDate }> {
  const { closed_period } = await trx
    .selectFrom('log_head')
    .select('closed_period')
    .where('estate_id', '=', estate_id)
    .executeTakeFirstOrThrow();
  return { first: firstDay(addMonths(closed_period, 1)), last: await estateToday(trx, estate_id) };
}
