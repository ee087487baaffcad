// Reads of bank accounts and balances, and the comparison of the books with the bank.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';

export interface BankAccountRow { account: string; name_zh: string; name_en: string; bank_name: string; account_last4: string }

export const bankAccounts = (trx: Trx, estate_id: number): Promise<BankAccountRow[]> =>
  trx.selectFrom('bank_account').select(['account', 'name_zh', 'name_en', 'bank_name', 'account_last4'])
    .where('estate_id', '=', estate_id).orderBy('account').execute();

export interface BankBalanceRow {
  seq: number;
  account: string;
  as_of: string;
  balance: string;
  /** Balance by the books at the end of the same day. */
  book_balance: string;
  difference: string;
  sha256: string;
  /** Empty for owners, where the statement is for the officers only: the name may itself be personal. */
  file_name: string;
  stated_at: string;
  /** False when a later statement for the same day took its place. */
  counts: boolean;
  /** file: by a statement file that was taken (its record is `seq`). paper: typed from a statement. */
  origin: 'file' | 'paper';
}

/** `cursor` of balances: day and record, "20261031-412". */
export const BALANCE_CURSOR = '^[1-9][0-9]{3}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])-[0-9]{1,12}$';

/** Statements of balances, newest day first, each beside the books of that day. */
export async function bankBalances(
  trx: Trx, estate_id: number,
  { in_full, account, limit, cursor }: { in_full: boolean; account?: string | undefined; limit: number; cursor?: string | undefined },
): Promise<{ items: BankBalanceRow[]; next_cursor: string | null }> {
  const { rows } = await sql<Omit<BankBalanceRow, 'stated_at'> & { stated_at: Date }>`
    select b.seq, b.account, b.as_of, b.balance, book.balance as book_balance,
      (b.balance - book.balance)::numeric(18, 2) as difference, b.sha256,
      case when v.audience = 'owners' or ${in_full} then v.file_name else '' end as file_name, b.stated_at,
      not exists (select from bank_balance l where l.estate_id = b.estate_id and l.account = b.account
        and l.as_of = b.as_of and l.seq > b.seq) as counts,
      case when exists (select from bank_statement s where s.estate_id = b.estate_id and s.seq = b.seq) then 'file' else 'paper' end as origin
    from bank_balance b
    join voucher v on v.estate_id = b.estate_id and v.sha256 = b.sha256
    cross join lateral (
      select ((select coalesce(sum(t.debit - t.credit), 0) from balance t join account a using (estate_id, account)
          where t.estate_id = b.estate_id and a.account = b.account
            and t.period < to_char(b.as_of, 'YYYY-MM'))
        + (select coalesce(sum(p.debit - p.credit), 0) from posting p join account a using (estate_id, account)
          join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
          where p.estate_id = b.estate_id and a.account = b.account
            and p.period = to_char(b.as_of, 'YYYY-MM') and e.entry_date <= b.as_of))::numeric(18, 2) as balance
    ) book
    where b.estate_id = ${estate_id} ${account === undefined ? sql`` : sql`and b.account = ${account}`}
      ${cursor === undefined ? sql`` : sql`and (b.as_of, b.seq) < (to_date(${cursor.slice(0, 8)}, 'YYYYMMDD'), ${Number(cursor.slice(9))}::bigint)`}
    order by b.as_of desc, b.seq desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit).map((row) => ({ ...row, stated_at: isoInstant(row.stated_at) }));
  const last = items.at(-1);
  return { items, // One statement states several days.
    next_cursor: rows.length > limit && last !== undefined ? `${last.as_of.replaceAll('-', '')}-${last.seq}` : null };
}

export interface MonthEndRow {
  account: string;
  period: string;
  /** Balance of the books at the end of the month (today, in the running one). */
  book_balance: string;
  /** By the bank, on the last day stated within the month; null when nothing was handed in. */
  bank_balance: string | null;
  as_of: string | null;
  /** Bank less books on that very day. */
  difference: string | null;
  sha256: string | null;
}

/** Books and bank at every month's end, newest first. */
export async function monthEnds(trx: Trx, estate_id: number, { from, to }: { from: string; to: string }): Promise<MonthEndRow[]> {
  const { rows } = await sql<MonthEndRow>`
    with month as (
      select to_char(m, 'YYYY-MM') as period
      from generate_series(to_date(${from}, 'YYYY-MM'), to_date(${to}, 'YYYY-MM'), interval '1 month') as m
    ), turnover as (
      select k.account, t.period, sum(t.debit - t.credit) as change
      from bank_account k join account a on a.estate_id = k.estate_id and a.account = k.account
      join balance t on t.estate_id = a.estate_id and t.account = a.account
      where k.estate_id = ${estate_id} group by k.account, t.period
    ), stated as (
      select distinct on (b.account, to_char(b.as_of, 'YYYY-MM')) b.*, to_char(b.as_of, 'YYYY-MM') as period
      from bank_balance b where b.estate_id = ${estate_id} and to_char(b.as_of, 'YYYY-MM') between ${from} and ${to}
      order by b.account, to_char(b.as_of, 'YYYY-MM'), b.as_of desc, b.seq desc
    )
    select k.account, m.period, book.balance as book_balance, s.balance as bank_balance, s.as_of, s.sha256,
      (s.balance - book.balance + coalesce(later.change, 0))::numeric(18, 2) as difference
    from bank_account k cross join month m
    left join stated s on s.account = k.account and s.period = m.period
    cross join lateral (select coalesce(sum(t.change), 0)::numeric(18, 2) as balance
      from turnover t where t.account = k.account and t.period <= m.period) book
    left join lateral (select sum(p.debit - p.credit) as change
      from posting p join account a using (estate_id, account)
      join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = ${estate_id} and a.account = k.account
        and p.period = m.period and e.entry_date > s.as_of) later on s.as_of is not null
    where k.estate_id = ${estate_id} order by m.period desc, k.account`.execute(trx);
  return rows;
}

export interface LatestBalance extends BankAccountRow {
  /** By the bank; null when nothing was ever handed in. */
  bank_balance: string | null;
  as_of: string | null;
  /** By the books on that very day. */
  book_balance: string | null;
  difference: string | null;
}

/** For every bank account the last balance stated, beside the books of that day. One query. */
export async function latestBalances(trx: Trx, estate_id: number): Promise<LatestBalance[]> {
  const { rows } = await sql<LatestBalance>`
    select k.account, k.name_zh, k.name_en, k.bank_name, k.account_last4, s.balance as bank_balance, s.as_of,
      book.balance as book_balance, (s.balance - book.balance)::numeric(18, 2) as difference
    from bank_account k
    left join lateral (select b.as_of, b.balance from bank_balance b where b.estate_id = k.estate_id and b.account = k.account
      order by b.as_of desc, b.seq desc limit 1) s on true
    left join lateral (
      select ((select coalesce(sum(t.debit - t.credit), 0) from balance t join account a using (estate_id, account)
          where t.estate_id = k.estate_id and a.account = k.account
            and t.period < to_char(s.as_of, 'YYYY-MM'))
        + (select coalesce(sum(p.debit - p.credit), 0) from posting p join account a using (estate_id, account)
          join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
          where p.estate_id = k.estate_id and a.account = k.account
            and p.period = to_char(s.as_of, 'YYYY-MM') and e.entry_date <= s.as_of))::numeric(18, 2) as balance
    ) book on s.as_of is not null
    where k.estate_id = ${estate_id} order by k.account`.execute(trx);
  return rows;
}

export interface KeptVoucher { sha256: string; file_name: string; media_type: string; size: number }

/** Files that came with a form that was refused. */
export async function keptVouchers(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<KeptVoucher[]> {
  if (hashes.length === 0) return [];
  return trx.selectFrom('voucher').select(['sha256', 'file_name', 'media_type', 'size'])
    .where('estate_id', '=', estate_id).where('sha256', 'in', [...hashes]).execute();
}
