// Reading the journal: the list with its running balance. Rows come by business date, then by place in the log; the cursor is the last row shown. The running
// balance counts every entry of the months shown, not only those a filter lets through.
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { signersOf, type SignerRow } from '../approval/queries.ts';
import type { Trx } from '../kernel/database.ts';
import { isBusinessDate, type BusinessDate, type Period } from '../kernel/dates.ts';
import { moneyText, readMoney } from '../kernel/money.ts';
import type { EntryKind } from './entry.ts';
import { entryKinds, kindLetters } from './entry.ts';
import { insideOf } from './period-queries.ts';
import { refusals } from './refusals.ts';

export interface JournalAsked {
  period?: Period | undefined;
  from?: BusinessDate | undefined;
  to?: BusinessDate | undefined;
  account?: string | undefined;
  fund?: string | undefined;
  kind?: EntryKind | undefined;
  /** Memo, voucher number or amount. */
  q?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

export interface JournalRow {
  seq: number;
  period: Period;
  kind: EntryKind;
  /** "收-041". */
  number: string;
  entry_date: BusinessDate;
  description: string;
  /** Sum of the debits. */
  amount: string;
  /** Money in and out by this entry; with an account or a fund asked for, of these lines only. */
  received: string;
  paid: string;
  /** Only moved from one money account or fund to another: neither received nor paid. */
  inside: string;
  /** Money of the estate (of the fund asked for) after this entry. */
  balance: string;
  /** Accounts against the money, the largest first. */
  accounts: { account: string; name_zh: string; name_en: string }[];
  funds: string[];
  proposal_id: number | null;
  signers: SignerRow[];
  vouchers: number;
  inquiries: number;
  open_inquiries: number;
  reverses: number | null;
  reversed_by: number | null;
}

export interface JournalTotals {
  entries: number;
  received: string;
  paid: string;
}
export interface JournalPage {
  items: JournalRow[];
  next_cursor: string | null;
}

// ── What is asked for ────────────────────────────────────────────────────────────────────────────

const cursorOf = (row: { entry_date: string; seq: number }): string =>
  `${row.entry_date}.${row.seq}`;

function readCursor(cursor: string): { entry_date: string; seq: number } {
  const found = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})$/.exec(cursor);
  if (found === null || !isBusinessDate(found[1]!)) {
    throw refusals.cursor_invalid({ cursor: cursor.slice(0, 40) }, 'cursor');
  }
  return { entry_date: found[1]!, seq: Number(found[2]) };
}

/** "付-18", "2026-10 付-018" or "018" → what the number must be. */
function readNumber(
  q: string,
): { kind: EntryKind | null; number: number; period: string | null } | null {
  const found = /^(?:(\d{4}-\d{2})\s+)?(?:([收付转])\s*[-–—]?\s*)?(\d{1,6})$/.exec(q);
  if (found === null) return null;
  const kind = entryKinds.find((one) => kindLetters[one] === found[2]) ?? null;
  return { period: found[1] ?? null, kind, number: Number(found[3]) };
}

const likeText = (q: string): string => `%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;

function searched(q: string): RawBuilder<boolean> {
  const text = q.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const parts = [
    sql<boolean>`e.description ilike ${likeText(q.normalize('NFC').trim())}`,
    sql<boolean>`e.description ilike ${likeText(text)}`,
    sql<boolean>`e.reference = ${text}`,
  ];
  const number = readNumber(text);
  if (number !== null) {
    parts.push(sql<boolean>`(e.number = ${number.number} and (${number.kind}::text is null or e.kind = ${number.kind})
      and (${number.period}::text is null or e.period = ${number.period}))`);
  }
  const amount = readMoney(text);
  if (amount !== null) {
    const figures = moneyText(amount);
    parts.push(sql<boolean>`(e.amount = ${figures}::numeric or exists (select from posting x where x.estate_id = e.estate_id
      and x.seq = e.seq and abs(x.debit + x.credit) = abs(${figures}::numeric)))`);
  }
  return sql<boolean>`(${sql.join(parts, sql` or `)})`;
}

/** Characters a search text may not contain are dropped: nothing can match them. */
const plain = (text: string | undefined): string =>
  (text ?? '').toWellFormed().replaceAll('\0', '').slice(0, 200).trim();

/** The conditions on e (journal_entry). */
function conditions(estate_id: number, asked: JournalAsked): RawBuilder<boolean> {
  const parts = [sql<boolean>`e.estate_id = ${estate_id}`];
  const { period, from, to, kind, account, fund } = asked;
  if (period !== undefined) parts.push(sql<boolean>`e.period = ${period}`);
  if (from !== undefined)
    parts.push(sql<boolean>`e.entry_date >= ${from}::date and e.period >= ${from.slice(0, 7)}`);
  if (to !== undefined)
    parts.push(sql<boolean>`e.entry_date <= ${to}::date and e.period <= ${to.slice(0, 7)}`);
  if (kind !== undefined) parts.push(sql<boolean>`e.kind = ${kind}`);
  if (account !== undefined || fund !== undefined) {
    parts.push(sql<boolean>`exists (select from posting x join account y on y.estate_id = x.estate_id and y.account = x.account
      where x.estate_id = ${estate_id} and x.seq = e.seq
        and (${account ?? null}::text is null or ${account ?? null} in (y.account, y.parent))
        and (${fund ?? null}::text is null or x.fund = ${fund ?? null}))`);
  }
  const q = plain(asked.q);
  if (q !== '') parts.push(searched(q));
  return sql<boolean>`${sql.join(parts, sql` and `)}`;
}

/** What each entry of `picked` shows as in and out, by seq: the lines on the account asked for (a
 *  credit of an income is money in), else the money lines, less what only moves from one money
 *  account to another (as the disclosure does). */
function shownMoney(
  estate_id: number,
  { account, fund, period }: JournalAsked,
): RawBuilder<unknown> {
  const [debit, credit] = [sql`sum(p.debit)`, sql`sum(p.credit)`];
  const sides = sql`sum(case when a.is_money then p.debit else p.credit end) as received,
        sum(case when a.is_money then p.credit else p.debit end) as paid, 0::numeric as inside`;
  const inside = insideOf(debit, credit);
  const money = sql`${debit} - ${inside} as received, ${credit} - ${inside} as paid, ${inside} as inside`;
  const parts = [
    sql<boolean>`p.estate_id = ${estate_id} and p.seq in (select seq from picked)`,
    account === undefined
      ? sql<boolean>`a.is_money`
      : sql<boolean>`${account} in (a.account, a.parent)`,
    ...(fund === undefined ? [] : [sql<boolean>`p.fund = ${fund}`]),
    ...(period === undefined ? [] : [sql<boolean>`p.period = ${period}`]),
  ];
  return sql`select p.seq, ${account === undefined ? money : sides}
    from posting p join account a on a.estate_id = p.estate_id and a.account = p.account
    where ${sql.join(parts, sql` and `)} group by p.seq`;
}

// ── The list ─────────────────────────────────────────────────────────────────────────────────────

type Found = Omit<JournalRow, 'signers' | 'balance'>;

async function findRows(trx: Trx, estate_id: number, asked: JournalAsked): Promise<Found[]> {
  const after = asked.cursor === undefined ? null : readCursor(asked.cursor);
  const { rows } = await sql<Found>`
    with picked as materialized (
      select e.* from journal_entry e where ${conditions(estate_id, asked)}
        and (${after === null} or (e.entry_date, e.seq) > (${after?.entry_date ?? '0001-01-01'}::date, ${after?.seq ?? 0}::bigint))
      order by e.entry_date, e.seq limit ${asked.limit + 1}
    ), shown as (${shownMoney(estate_id, asked)}), named as (
      select n.seq, jsonb_agg(jsonb_build_object('account', a.account, 'name_zh', a.name_zh,
        'name_en', a.name_en) order by n.size desc, a.account) as accounts
      from (select p.seq, p.account, sum(abs(p.debit + p.credit)) as size from posting p
        where p.estate_id = ${estate_id} and p.seq in (select seq from picked) group by p.seq, p.account) n
      join account a on a.estate_id = ${estate_id} and a.account = n.account and not a.is_money
      group by n.seq
    )
    select e.seq, e.period, e.kind, entry_number(e.kind, e.number) as number, e.entry_date, e.description,
      e.amount, coalesce(m.received, 0)::numeric(18, 2) as received,
      coalesce(m.paid, 0)::numeric(18, 2) as paid, coalesce(m.inside, 0)::numeric(18, 2) as inside,
      coalesce(n.accounts, '[]') as accounts,
      array(select distinct p.fund from posting p
        where p.estate_id = ${estate_id} and p.seq = e.seq order by p.fund) as funds,
      e.proposal_id, e.reverses,
      (select r.seq from journal_entry r
        where r.estate_id = ${estate_id} and r.reverses = e.seq) as reversed_by,
      (select count(*)::integer from entry_voucher v
        where v.estate_id = ${estate_id} and v.seq = e.seq) as vouchers,
      (select count(*)::integer from inquiry q
        where q.estate_id = ${estate_id} and q.about_seq = e.seq) as inquiries,
      (select count(*)::integer from inquiry q where q.estate_id = ${estate_id} and q.about_seq = e.seq
        and not exists (select from answer w
          where w.estate_id = ${estate_id} and w.inquiry_id = q.inquiry_id)) as open_inquiries
    from picked e left join shown m on m.seq = e.seq left join named n on n.seq = e.seq
    order by e.entry_date, e.seq`.execute(trx);
  return rows;
}

/** Money after each of the entries: balance before their months, then entry by entry. */
async function runningBalance(
  trx: Trx,
  estate_id: number,
  rows: readonly Found[],
  fund: string | null,
): Promise<Map<number, string>> {
  if (rows.length === 0) return new Map();
  const periods = [...new Set(rows.map((row) => row.period))];
  const { rows: found } = await sql<{ seq: number; balance: string }>`
    with month as (
      select m.period, (select coalesce(sum(b.debit - b.credit), 0) from balance b
        join account a on a.estate_id = b.estate_id and a.account = b.account
        where b.estate_id = ${estate_id} and b.period < m.period and a.is_money
          and (${fund}::text is null or b.fund = ${fund})) as opening
      from unnest(${periods}::text[]) as m(period)
    ), side as (
      select p.seq, sum(p.debit - p.credit) as amount from posting p
      join account a on a.estate_id = p.estate_id and a.account = p.account and a.is_money
      where p.estate_id = ${estate_id} and p.period = any(${periods}::text[])
        and (${fund}::text is null or p.fund = ${fund}) group by p.seq
    ), moved as (
      select e.seq, e.period, e.entry_date, coalesce(s.amount, 0) as amount
      from journal_entry e left join side s on s.seq = e.seq
      where e.estate_id = ${estate_id} and e.period = any(${periods}::text[])
    ), running as (
      select seq, period, sum(amount) over (partition by period order by entry_date, seq) as amount from moved
    )
    select r.seq, (m.opening + r.amount)::numeric(18, 2) as balance from running r join month m using (period)
    where r.seq = any(${rows.map((row) => row.seq)}::bigint[])`.execute(trx);
  return new Map(found.map((row) => [row.seq, row.balance]));
}

/** Refusal: cursor_invalid. */
export async function journalList(
  trx: Trx,
  estate_id: number,
  asked: JournalAsked,
): Promise<JournalPage> {
  const found = await findRows(trx, estate_id, asked);
  const rows = found.slice(0, asked.limit);
  const balances = await runningBalance(trx, estate_id, rows, asked.fund ?? null);
  const signers = await signersOf(
    trx,
    estate_id,
    rows.flatMap((row) => row.proposal_id ?? []),
  );
  const items = rows.map(
    (row): JournalRow => ({
      ...row,
      balance: balances.get(row.seq) ?? '0.00',
      signers: row.proposal_id === null ? [] : (signers.get(row.proposal_id) ?? []),
    }),
  );
  return { items, next_cursor: found.length > rows.length ? cursorOf(rows.at(-1)!) : null };
}

/** What all rows of the filter add up to, also those on other pages. */
export async function journalTotals(
  trx: Trx,
  estate_id: number,
  asked: JournalAsked,
): Promise<JournalTotals> {
  const { rows } = await sql<JournalTotals>`
    with picked as materialized (
      select e.seq from journal_entry e where ${conditions(estate_id, asked)}
    ), shown as (${shownMoney(estate_id, asked)})
    select (select count(*)::integer from picked) as entries,
      coalesce(sum(received), 0)::numeric(18, 2) as received, coalesce(sum(paid), 0)::numeric(18, 2) as paid
    from shown`.execute(trx);
  return rows[0]!;
}
