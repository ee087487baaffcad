// Reads of statements that were taken, and of their lines: officers with who and what for, owners with day, money and
// the entry each line became.
import { sql, type RawBuilder } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { isoInstant, lastDay, firstDay } from '../kernel/dates.ts';
import { bodyOfImporter } from './statement-known.ts';

export interface StatementRow {
  seq: number;
  account: string;
  format: string;
  from: string;
  to: string;
  /** False where whoever handed the file in stated its days. */
  period_stated: boolean;
  opening: string;
  closing: string;
  /** False where lines of its last day came later: the day was not over, or the file left them out. */
  last_day_whole: boolean;
  /** New lines, and how many of the file were there already. */
  lines: number;
  repeated: number;
  first_position: number;
  /** Body that handed it in, and those that handed in files of their own over all of its days. */
  body: string | null;
  body_zh: string;
  body_en: string;
  confirmed_by: { body: string; zh: string; en: string }[];
  sha256: string;
  /** Empty for owners, as the file is. */
  file_name: string;
  imported_at: string;
}

interface StatementsAsked { in_full: boolean; account?: string | undefined; seq?: number | undefined; limit: number; cursor?: number | undefined }

/** Statement files taken, the last one first. One is confirmed where another body's files cover its days: both were
 *  compared line by line when the later came. A last day that was not over then counts as not covered. */
export async function statementsOf(
  trx: Trx, estate_id: number, { in_full, account, seq, limit, cursor }: StatementsAsked,
): Promise<{ items: StatementRow[]; next_cursor: string | null }> {
  const { rows } = await sql<Omit<StatementRow, 'imported_at'> & { imported_at: Date }>`
    with said as materialized (
      select s.*, ${bodyOfImporter} as body,
        s.closing = coalesce(e.balance, s.closing) as last_day_whole,
        daterange(s.period_from, s.period_to + case when s.closing = coalesce(e.balance, s.closing) then 1 else 0 end) as days
      from bank_statement s
      left join lateral (select l.balance from bank_line l where l.estate_id = s.estate_id and l.account = s.account
        and l.booked_on <= s.period_to order by l.booked_on desc, l.position desc limit 1) e on true
      where s.estate_id = ${estate_id} ${account === undefined ? sql`` : sql`and s.account = ${account}`}
    )
    select s.seq, s.account, s.format, s.period_from as "from", s.period_to as "to", s.period_stated, s.opening, s.closing, s.last_day_whole, s.lines, s.repeated,
      s.first_position, s.body, coalesce(b.name_zh, '') as body_zh, coalesce(b.name_en, '') as body_en, s.sha256, s.imported_at,
      case when ${in_full} then v.file_name else '' end as file_name,
      coalesce((select jsonb_agg(jsonb_build_object('body', c.body, 'zh', n.name_zh, 'en', n.name_en) order by c.body)
        from (select o.body, range_agg(o.days) as days from said o where o.account = s.account and o.body <> s.body group by o.body) c
        join body n on n.estate_id = ${estate_id} and n.body = c.body
        where c.days @> daterange(s.period_from, s.period_to, '[]')), '[]') as confirmed_by
    from said s join voucher v on v.estate_id = s.estate_id and v.sha256 = s.sha256
    left join body b on b.estate_id = s.estate_id and b.body = s.body
    where true ${seq === undefined ? sql`` : sql`and s.seq = ${seq}`} ${cursor === undefined ? sql`` : sql`and s.seq < ${cursor}`}
    order by s.seq desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit).map((row) => ({ ...row, imported_at: isoInstant(row.imported_at) }));
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? String(last.seq) : null };
}

export interface LineFilter {
  account: string;
  /** YYYY-MM. */
  period?: string | undefined;
  direction?: 'in' | 'out' | undefined;
  state?: 'open' | 'matched' | undefined;
  /** Text of the bank (officers) or of the entries. */
  q?: string | undefined;
  /** Lines that this statement brought. */
  statement?: number | undefined;
}

export interface LineEntry { seq: number; number: string; period: string; description: string }
export interface LineRow {
  position: number;
  booked_on: string;
  amount: string;
  balance: string;
  /** Statement that brought it. */
  statement: number;
  state: 'open' | 'matched';
  /** What it was booked as; several where one payment is many entries. */
  entries: LineEntry[];
  /** Null for owners. */
  detail: LineDetail | null;
}
export interface LineDetail {
  serial: string;
  booked_time: string;
  counterparty_name: string;
  counterparty_account: string;
  counterparty_bank: string;
  memo: string;
  purpose: string;
}

const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

function conditions(estate_id: number, { account, period, direction, state, q, statement }: LineFilter, in_full: boolean): RawBuilder<unknown> {
  const matched = sql`exists (select from bank_match m where m.estate_id = l.estate_id and m.account = l.account and m.position = l.position and m.ended_seq is null)`;
  const parts = [sql`l.estate_id = ${estate_id} and l.account = ${account}`];
  if (period !== undefined) parts.push(sql`l.booked_on between ${firstDay(period)}::date and ${lastDay(period)}::date`);
  if (direction !== undefined) parts.push(direction === 'in' ? sql`l.amount > 0` : sql`l.amount < 0`);
  if (state !== undefined) parts.push(state === 'matched' ? matched : sql`not ${matched}`);
  if (statement !== undefined) parts.push(sql`l.seq = ${statement}`);
  if (q !== undefined && q.trim() !== '') {
    const text = containing(q.trim());
    const entry = sql`exists (select from bank_match m join bank_match n on n.estate_id = m.estate_id and n.match_id = m.match_id
      join journal_entry e on e.estate_id = n.estate_id and e.seq = n.entry_seq
      where m.estate_id = l.estate_id and m.account = l.account and m.position = l.position and m.ended_seq is null and e.description ilike ${text})`;
    parts.push(!in_full ? entry : sql`(${entry} or l.serial ilike ${text} or exists (select from bank_line_detail d
      where d.estate_id = l.estate_id and d.account = l.account and d.position = l.position
      and (d.counterparty_name ilike ${text} or d.counterparty_account ilike ${text} or d.memo ilike ${text} or d.purpose ilike ${text})))`);
  }
  return sql.join(parts, sql` and `);
}

/** Lines of one bank account, the last one first. `cursor`: position of the last line of the page before. */
export async function linesOf(
  trx: Trx, estate_id: number, filter: LineFilter, { in_full, limit, cursor }: { in_full: boolean; limit: number; cursor?: number | undefined },
): Promise<{ items: LineRow[]; next_cursor: string | null }> {
  const { rows } = await sql<Omit<LineRow, 'detail' | 'state'> & LineDetail & { matched: boolean }>`
    select l.position, l.booked_on, l.amount, l.balance, l.seq as statement, m.match_id is not null as matched, coalesce(e.entries, '[]') as entries,
      ${in_full ? sql`l.serial, coalesce(d.booked_time, '') as booked_time, coalesce(d.counterparty_name, '') as counterparty_name,
        coalesce(d.counterparty_account, '') as counterparty_account, coalesce(d.counterparty_bank, '') as counterparty_bank,
        coalesce(d.memo, '') as memo, coalesce(d.purpose, '') as purpose` : sql`'' as serial`}
    from bank_line l
    left join lateral (select x.match_id from bank_match x where x.estate_id = l.estate_id and x.account = l.account
      and x.position = l.position and x.ended_seq is null limit 1) m on true
    left join lateral (select jsonb_agg(jsonb_build_object('seq', j.seq, 'number', entry_number(j.kind, j.number), 'period', j.period,
        'description', j.description) order by j.seq) as entries
      from bank_match x join journal_entry j on j.estate_id = x.estate_id and j.seq = x.entry_seq
      where x.estate_id = l.estate_id and x.match_id = m.match_id) e on m.match_id is not null
    ${in_full ? sql`left join bank_line_detail d on d.estate_id = l.estate_id and d.account = l.account and d.position = l.position` : sql``}
    where ${conditions(estate_id, filter, in_full)} ${cursor === undefined ? sql`` : sql`and l.position < ${cursor}`}
    order by l.position desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit).map(({ position, booked_on, amount, balance, statement, matched, entries, ...detail }): LineRow => ({
    position, booked_on, amount, balance, statement, state: matched ? 'matched' : 'open', entries, detail: in_full ? detail : null,
  }));
  const last = items.at(-1);
  return { items, next_cursor: rows.length > limit && last !== undefined ? String(last.position) : null };
}

export interface LineTotals { lines: number; open: number; in: string; out: string }

/** Of all lines that the filter shows: how many, how many of them open, money in, money out (without sign). */
export async function lineTotals(trx: Trx, estate_id: number, filter: LineFilter, in_full: boolean): Promise<LineTotals> {
  const { rows } = await sql<LineTotals>`
    select count(*)::integer as lines, coalesce(sum(l.amount) filter (where l.amount > 0), 0)::numeric(18, 2) as "in",
      coalesce(-sum(l.amount) filter (where l.amount < 0), 0)::numeric(18, 2) as "out",
      count(*) filter (where not exists (select from bank_match m where m.estate_id = l.estate_id and m.account = l.account
        and m.position = l.position and m.ended_seq is null))::integer as open
    from bank_line l where ${conditions(estate_id, filter, in_full)}`.execute(trx);
  return rows[0]!;
}

/** Accounts, each with the first and the last day its statements cover. */
export async function coveredAccounts(trx: Trx, estate_id: number) {
  const { rows } = await sql<{ account: string; name_zh: string; name_en: string; bank_name: string; account_last4: string; closed_on: string | null; from: string | null; to: string | null }>`
    select b.account, b.name_zh, b.name_en, b.bank_name, b.account_last4, b.closed_on, s."from", s."to" from bank_account b
    left join lateral (select min(x.period_from) as "from", max(x.period_to) as "to" from bank_statement x
      where x.estate_id = b.estate_id and x.account = b.account) s on true
    where b.estate_id = ${estate_id} order by b.account`.execute(trx);
  return rows;
}
export type CoveredAccount = Awaited<ReturnType<typeof coveredAccounts>>[number];
