// What is known of a bank account before a file is taken: how far its statements go, and where they ended.
import { sql } from 'kysely';
import { officesThatMay } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';

/** How far the statements of an account go. */
export interface Covered {
  /** First day of the first statement. */
  from: BusinessDate;
  /** Last day that any statement covers. */
  to: BusinessDate;
  /** Balance after the last line (before any line, the closing of the statement). */
  closing: string;
  /** Position of the last line, 0 before the first. */
  position: number;
  last_booked_on: BusinessDate | null;
}

/** null where no statement was ever taken. */
export async function lastCovered(trx: Trx, estate_id: number, account: string): Promise<Covered | null> {
  const { rows } = await sql<{ from: string | null; to: string | null; closing: string; position: number | null; last_booked_on: string | null }>`
    select s.period_from as "from", s.period_to as "to", coalesce(l.balance, s.closing) as closing, l.position, l.booked_on as last_booked_on
    from (select min(x.period_from) as period_from, max(x.period_to) as period_to,
        (array_agg(x.closing order by x.period_to desc, x.seq desc))[1] as closing
      from bank_statement x where x.estate_id = ${estate_id} and x.account = ${account}) s
    left join lateral (select y.position, y.balance, y.booked_on from bank_line y
      where y.estate_id = ${estate_id} and y.account = ${account} order by y.position desc limit 1) l on true`.execute(trx);
  const row = rows[0];
  if (row === undefined || row.from === null || row.to === null) return null;
  return { from: row.from, to: row.to, closing: row.closing, position: row.position ?? 0, last_booked_on: row.last_booked_on };
}

export interface KeptLine { position: number; booked_on: BusinessDate; amount: string; balance: string; serial: string }

/** Lines that were taken, of the days given, in the order of the bank. */
export const keptLines = (trx: Trx, estate_id: number, account: string, { from, to }: { from: string; to: string }): Promise<KeptLine[]> =>
  trx.selectFrom('bank_line').select(['position', 'booked_on', 'amount', 'balance', 'serial'])
    .where('estate_id', '=', estate_id).where('account', '=', account).where('booked_on', '>=', from).where('booked_on', '<=', to)
    .orderBy('position').execute();

/** Balance of the bank at the end of a day by the lines taken; null where no statement covers it. */
export async function balanceByLines(trx: Trx, estate_id: number, account: string, day: BusinessDate): Promise<string | null> {
  const { rows } = await sql<{ balance: string | null }>`
    select coalesce(
      (select l.balance from bank_line l where l.estate_id = ${estate_id} and l.account = ${account} and l.booked_on <= ${day}
        order by l.booked_on desc, l.position desc limit 1),
      (select s.opening from bank_statement s where s.estate_id = ${estate_id} and s.account = ${account}
        order by s.period_from, s.seq limit 1)) as balance
    where exists (select from bank_statement s where s.estate_id = ${estate_id} and s.account = ${account}
      and ${day}::date between s.period_from and s.period_to)`.execute(trx);
  return rows[0]?.balance ?? null;
}

/** Balance of the bank before the first line of a day, by the lines taken. */
export async function balanceBefore(trx: Trx, estate_id: number, account: string, day: BusinessDate): Promise<string | null> {
  const { rows } = await sql<{ balance: string | null }>`
    select coalesce(
      (select l.balance from bank_line l where l.estate_id = ${estate_id} and l.account = ${account} and l.booked_on < ${day}
        order by l.booked_on desc, l.position desc limit 1),
      (select s.opening from bank_statement s where s.estate_id = ${estate_id} and s.account = ${account}
        order by s.period_from, s.seq limit 1)) as balance`.execute(trx);
  return rows[0]?.balance ?? null;
}

/** What the books say an account held when its first statement begins. */
export interface BooksBefore {
  /** Before the day, and the opening entries of the day (期初余额: none of them income or expense). */
  books: string;
  /** The bank's opening is explained by what was before the day, by the opening entries, or by all entries of the day:
   *  what matchOpening() in reconciliation/ would match. */
  agrees: boolean;
}

export async function booksBefore(trx: Trx, estate_id: number, account: string, { from, opening }: { from: BusinessDate; opening: string }): Promise<BooksBefore> {
  const { rows: [row] } = await sql<{ before: string; opened: string; whole: string }>`
    select b.before::numeric(18, 2) as before, (b.before + d.opened)::numeric(18, 2) as opened, (b.before + d.whole)::numeric(18, 2) as whole
    from (select coalesce(sum(p.debit - p.credit), 0) as before from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
        where p.estate_id = ${estate_id} and p.account = ${account} and e.entry_date < ${from}) b,
      (select coalesce(sum(x.amount), 0) as whole, coalesce(sum(x.amount) filter (where not x.is_earned), 0) as opened from (
        select sum(p.debit - p.credit) filter (where p.account = ${account}) as amount, bool_or(a.class in ('income', 'expense')) as is_earned
        from journal_entry e join posting p on p.estate_id = e.estate_id and p.seq = e.seq
        join account a on a.estate_id = p.estate_id and a.account = p.account
        where e.estate_id = ${estate_id} and e.entry_date = ${from} group by e.seq) x) d`.execute(trx);
  const { before, opened, whole } = row!;
  return { books: opened, agrees: [before, opened, whole].includes(opening) };
}

/** Body in which whoever handed statement `s` in served on that day. */
export const bodyOfImporter = sql<string | null>`(select t.body from term t where t.estate_id = s.estate_id and t.person_id = s.imported_by
  and t.office in (${sql.join(officesThatMay('import_statement'))})
  and t.starts_on <= (s.imported_at at time zone 'Asia/Shanghai')::date
  order by t.ends_on >= (s.imported_at at time zone 'Asia/Shanghai')::date desc, t.term_id limit 1)`;
