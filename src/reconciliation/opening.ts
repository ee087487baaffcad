// Books that begin on the first day of the first statement carry their opening balance as entries of that day (期初余额). No line
// answers them: they are the balance the statement opens with. Found by themselves where it can be only these, to the fen.
import { sql } from 'kysely';
import { canonical } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { minus, money, moneyText, sum } from '../kernel/money.ts';

interface FirstStatement { opening: string; period_from: string; imported_by: string; booked: string }

/** Matches the opening entries of an account with the opening of its first statement; gives whether it did so now. `by` null:
 *  in the name of whoever handed the statement in. */
export async function matchOpening(trx: Trx, estate_id: number, account: string, by: string | null): Promise<boolean> {
  const { rows: [first] } = await sql<FirstStatement>`
    select s.opening, s.period_from, s.imported_by, coalesce((select sum(p.debit - p.credit) from posting p
      join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = ${estate_id} and p.account = ${account} and e.entry_date < s.period_from), 0)::numeric(18, 2) as booked
    from bank_statement s where s.estate_id = ${estate_id} and s.account = ${account}
      and not exists (select from bank_match m where m.estate_id = ${estate_id} and m.account = ${account} and m.way = 'opening' and m.ended_seq is null)
    order by s.seq limit 1`.execute(trx);
  if (first === undefined) return false;
  const missing = minus(money(first.opening), money(first.booked));
  if (missing.isZero()) return false;
  const { rows } = await sql<{ seq: number; amount: string; is_earned: boolean }>`
    select e.seq, sum(p.debit - p.credit) filter (where p.account = ${account})::numeric(18, 2) as amount,
      bool_or(a.class in ('income', 'expense')) as is_earned
    from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq
    join account a on a.estate_id = p.estate_id and a.account = p.account
    where e.estate_id = ${estate_id} and e.entry_date = ${first.period_from}
      and not exists (select from bank_match m where m.estate_id = ${estate_id} and m.account = ${account} and m.entry_seq = e.seq and m.ended_seq is null)
    group by e.seq having sum(p.debit - p.credit) filter (where p.account = ${account}) <> 0 order by e.seq`.execute(trx);
  const entries = [rows.filter((row) => !row.is_earned), rows]
    .find((some) => some.length > 0 && sum(some.map((row) => money(row.amount))).equals(missing));
  if (entries === undefined) return false;
  const body = canonical({ account, by: by ?? first.imported_by, entries: entries.map((row) => row.seq), opening: moneyText(money(first.opening)) });
  const { rows: [answer] } = await sql<{ status: string }>`select match_opening(${estate_id}, ${body}) as status`.execute(trx);
  return answer?.status === 'matched';
}
