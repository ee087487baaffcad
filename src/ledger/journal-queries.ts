// Reading the journal: the list with its running balance, and one entry with all that belongs to it.
// Rows come by business date, then by place in the log; the cursor is the last row shown. The running
// balance counts every entry of the months shown, not only those a filter lets through.
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { signersOf, type SignerRow } from '../approval/queries.ts';
import type { Trx } from '../kernel/database.ts';
import { isBusinessDate, type BusinessDate, type Period } from '../kernel/dates.ts';
import { moneyText, readMoney } from '../kernel/money.ts';
import type { EntryKind } from './entry.ts';
import { entryKinds, kindLetters } from './entry.ts';
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

export interface JournalTotals { entries: number; received: string; paid: string }
export interface JournalPage { items: JournalRow[]; next_cursor: string | null }

// ── What is asked for ────────────────────────────────────────────────────────────────────────────

const cursorOf = (row: { entry_date: string; seq: number }): string => `${row.entry_date}.${row.seq}`;

function readCursor(cursor: string): { entry_date: string; seq: number } {
  const found = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})$/.exec(cursor);
  if (found === null || !isBusinessDate(found[1]!)) {
    throw refusals.cursor_invalid({ cursor: cursor.slice(0, 40) }, 'cursor');
  }
  return { entry_date: found[1]!, seq: Number(found[2]) };
}

/** "付-18", "2026-10 付-018" or "018" → what the number must be. */
function readNumber(q: string): { kind: EntryKind | null; number: number; period: string | null } | null {
  const found = /^(?:(\d{4}-\d{2})\s+)?(?:([收付转])\s*[-–—]?\s*)?(\d{1,6})$/.exec(q);
  if (found === null) return null;
  const kind = entryKinds.find((one) => kindLetters[one] === found[2]) ?? null;
  return { period: found[1] ?? null, kind, number: Number(found[3]) };
}

const likeText = (q: string): string => `%${q.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;

function searched(q: string): RawBuilder<boolean> {
  const text = q.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const parts = [sql<boolean>`e.description ilike ${likeText(q.normalize('NFC').trim())}`,
    sql<boolean>`e.description ilike ${likeText(text)}`, sql<boolean>`e.reference = ${text}`];
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
const plain = (text: string | undefined): string => (text ?? '').toWellFormed().replaceAll('\0', '').slice(0, 200).trim();

/** The conditions on e (journal_entry). */
function conditions(estate_id: number, asked: JournalAsked): RawBuilder<boolean> {
  const parts = [sql<boolean>`e.estate_id = ${estate_id}`];
  const { period, from, to, kind, account, fund } = asked;
  if (period !== undefined) parts.push(sql<boolean>`e.period = ${period}`);
  if (from !== undefined) parts.push(sql<boolean>`e.entry_date >= ${from}::date and e.period >= ${from.slice(0, 7)}`);
  if (to !== undefined) parts.push(sql<boolean>`e.entry_date <= ${to}::date and e.period <= ${to.slice(0, 7)}`);
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

/** The lines whose money a row shows: those on the account asked for, else the money lines; and on which
 *  side money comes in: a credit of an income is money in, a debit of the bank is too. */
function shownLines({ account, fund }: JournalAsked): RawBuilder<unknown> {
  return sql`select sum(case when a.is_money then p.debit else p.credit end) as received,
      sum(case when a.is_money then p.credit else p.debit end) as paid
    from posting p join account a on a.estate_id = p.estate_id and a.account = p.account
    where p.estate_id = e.estate_id and p.seq = e.seq
      and (${fund ?? null}::text is null or p.fund = ${fund ?? null})
      and case when ${account ?? null}::text is null then a.is_money else ${account ?? null} in (a.account, a.parent) end`;
}

// ── The list ─────────────────────────────────────────────────────────────────────────────────────

type Found = Omit<JournalRow, 'signers' | 'balance'>;

async function findRows(trx: Trx, estate_id: number, asked: JournalAsked): Promise<Found[]> {
  const after = asked.cursor === undefined ? null : readCursor(asked.cursor);
  const { rows } = await sql<Found>`
    select e.seq, e.period, e.kind, entry_number(e.kind, e.number) as number, e.entry_date, e.description, e.amount,
      coalesce(m.received, 0)::numeric(16, 2) as received, coalesce(m.paid, 0)::numeric(16, 2) as paid,
      (select coalesce(jsonb_agg(jsonb_build_object('account', n.account, 'name_zh', n.name_zh, 'name_en', n.name_en)
          order by n.size desc, n.account), '[]') from (
        select a.account, a.name_zh, a.name_en, sum(abs(p.debit + p.credit)) as size
        from posting p join account a on a.estate_id = p.estate_id and a.account = p.account
        where p.estate_id = e.estate_id and p.seq = e.seq and not a.is_money
        group by a.account, a.name_zh, a.name_en) n) as accounts,
      array(select distinct p.fund from posting p where p.estate_id = e.estate_id and p.seq = e.seq order by p.fund) as funds,
      e.proposal_id, e.reverses,
      (select r.seq from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq) as reversed_by,
      (select count(*)::integer from entry_voucher v where v.estate_id = e.estate_id and v.seq = e.seq) as vouchers,
      (select count(*)::integer from inquiry q where q.estate_id = e.estate_id and q.about_seq = e.seq) as inquiries,
      (select count(*)::integer from inquiry q where q.estate_id = e.estate_id and q.about_seq = e.seq
        and not exists (select from answer w where w.estate_id = q.estate_id and w.inquiry_id = q.inquiry_id)) as open_inquiries
    from journal_entry e left join lateral (${shownLines(asked)}) m on true
    where ${conditions(estate_id, asked)}
      and (${after === null} or (e.entry_date, e.seq) > (${after?.entry_date ?? '0001-01-01'}::date, ${after?.seq ?? 0}::bigint))
    order by e.entry_date, e.seq limit ${asked.limit + 1}`.execute(trx);
  return rows;
}

/** Money after each of the entries: balance before their months, then entry by entry. */
async function runningBalance(trx: Trx, estate_id: number, rows: readonly Found[], fund: string | null): Promise<Map<number, string>> {
  if (rows.length === 0) return new Map();
  const periods = [...new Set(rows.map((row) => row.period))];
  const { rows: found } = await sql<{ seq: number; balance: string }>`
    with month as (
      select m.period, (select coalesce(sum(b.debit - b.credit), 0) from balance b
        join account a on a.estate_id = b.estate_id and a.account = b.account
        where b.estate_id = ${estate_id} and b.period < m.period and a.is_money
          and (${fund}::text is null or b.fund = ${fund})) as opening
      from unnest(${periods}::text[]) as m(period)
    ), moved as (
      select e.seq, e.period, e.entry_date, coalesce((select sum(p.debit - p.credit) from posting p
        join account a on a.estate_id = p.estate_id and a.account = p.account
        where p.estate_id = e.estate_id and p.seq = e.seq and a.is_money
          and (${fund}::text is null or p.fund = ${fund})), 0) as amount
      from journal_entry e where e.estate_id = ${estate_id} and e.period = any(${periods}::text[])
    ), running as (
      select seq, period, sum(amount) over (partition by period order by entry_date, seq) as amount from moved
    )
    select r.seq, (m.opening + r.amount)::numeric(18, 2) as balance from running r join month m using (period)
    where r.seq = any(${rows.map((row) => row.seq)}::bigint[])`.execute(trx);
  return new Map(found.map((row) => [row.seq, row.balance]));
}

/** Refusal: cursor_invalid. */
export async function journalList(trx: Trx, estate_id: number, asked: JournalAsked): Promise<JournalPage> {
  const found = await findRows(trx, estate_id, asked);
  const rows = found.slice(0, asked.limit);
  const balances = await runningBalance(trx, estate_id, rows, asked.fund ?? null);
  const signers = await signersOf(trx, estate_id, rows.flatMap((row) => row.proposal_id ?? []));
  const items = rows.map((row): JournalRow => ({
    ...row, balance: balances.get(row.seq) ?? '0.00',
    signers: row.proposal_id === null ? [] : signers.get(row.proposal_id) ?? [],
  }));
  return { items, next_cursor: found.length > rows.length ? cursorOf(rows.at(-1)!) : null };
}

/** What all rows of the filter add up to, also those on other pages. */
export async function journalTotals(trx: Trx, estate_id: number, asked: JournalAsked): Promise<JournalTotals> {
  const { rows } = await sql<JournalTotals>`
    select count(*)::integer as entries, coalesce(sum(m.received), 0)::numeric(18, 2) as received,
      coalesce(sum(m.paid), 0)::numeric(18, 2) as paid
    from journal_entry e left join lateral (${shownLines(asked)}) m on true
    where ${conditions(estate_id, asked)}`.execute(trx);
  return rows[0]!;
}

// ── One entry ────────────────────────────────────────────────────────────────────────────────────

export interface PostingRow {
  line: number;
  account: string;
  account_zh: string;
  account_en: string;
  fund: string;
  fund_zh: string;
  fund_en: string;
  debit: string;
  credit: string;
  /** "3-2-1002" for those who may see it, else null. */
  unit: string | null;
  payee: string | null;
  is_money: boolean;
}

export interface VoucherRow { sha256: string; file_name: string; media_type: string; size: number; audience: string }
export interface EntryLink { seq: number; number: string; period: Period }

export interface Entry {
  seq: number;
  period: Period;
  kind: EntryKind;
  number: string;
  entry_date: BusinessDate;
  description: string;
  amount: string;
  reference: string | null;
  proposal_id: number | null;
  recorded_at: Date;
  /** Hexadecimal. */
  leaf_hash: string;
  postings: PostingRow[];
  vouchers: VoucherRow[];
  signers: SignerRow[];
  reverses: EntryLink | null;
  reversed_by: EntryLink | null;
  /** Proposal of a reversal that waits for signatures. */
  reversal_proposal: number | null;
}

async function linkTo(trx: Trx, estate_id: number, by: 'seq' | 'reverses', seq: number | null): Promise<EntryLink | null> {
  if (seq === null) return null;
  const row = await trx.selectFrom('journal_entry').select((eb) => ['seq', 'period',
    eb.fn<string>('entry_number', ['kind', 'number']).as('number')])
    .where('estate_id', '=', estate_id).where(by, '=', seq).executeTakeFirst();
  return row ?? null;
}

/** Units that may be named to this reader: all for the officers, their own for residents. */
export type ShownUnits = 'all' | readonly string[];

/** One entry with all that belongs to it. Refusal: entry_unknown. */
export async function readEntry(trx: Trx, estate_id: number, seq: number, shown_units: ShownUnits): Promise<Entry> {
  const entry = await trx.selectFrom('journal_entry as e')
    .innerJoin('record as r', (join) => join.onRef('r.estate_id', '=', 'e.estate_id').onRef('r.seq', '=', 'e.seq'))
    .select((eb) => ['e.seq', 'e.period', 'e.kind', eb.fn<string>('entry_number', ['e.kind', 'e.number']).as('number'),
      'e.entry_date', 'e.description', 'e.amount', 'e.reference', 'e.proposal_id', 'e.reverses', 'r.recorded_at', 'r.leaf_hash'])
    .where('e.estate_id', '=', estate_id).where('e.seq', '=', seq).executeTakeFirst();
  if (entry === undefined) throw refusals.entry_unknown({ seq });
  const { rows: postings } = await sql<PostingRow>`
    select p.line, p.account, a.name_zh as account_zh, a.name_en as account_en, p.fund, f.name_zh as fund_zh, f.name_en as fund_en,
      p.debit, p.credit, u.unit, p.payee, a.is_money
    from posting p
    join account a on a.estate_id = p.estate_id and a.account = p.account
    join fund f on f.estate_id = p.estate_id and f.fund = p.fund
    left join unit u on u.estate_id = p.estate_id and u.ref = p.unit
    where p.estate_id = ${estate_id} and p.seq = ${seq} order by p.line`.execute(trx);
  const vouchers = await trx.selectFrom('entry_voucher as x')
    .innerJoin('voucher as v', (join) => join.onRef('v.estate_id', '=', 'x.estate_id').onRef('v.sha256', '=', 'x.sha256'))
    .select(['v.sha256', 'v.file_name', 'v.media_type', 'v.size', 'v.audience'])
    .where('x.estate_id', '=', estate_id).where('x.seq', '=', seq).orderBy('v.seq').execute();
  const { leaf_hash, reverses, ...row } = entry;
  const signers = row.proposal_id === null ? [] : (await signersOf(trx, estate_id, [row.proposal_id])).get(row.proposal_id);
  return {
    ...row, kind: row.kind as EntryKind, leaf_hash: leaf_hash.toString('hex'),
    postings: postings.map((posting) => ({
      ...posting,
      unit: posting.unit !== null && (shown_units === 'all' || shown_units.includes(posting.unit)) ? posting.unit : null,
    })),
    vouchers, signers: signers ?? [],
    reverses: await linkTo(trx, estate_id, 'seq', reverses),
    reversed_by: await linkTo(trx, estate_id, 'reverses', seq),
    reversal_proposal: await openReversal(trx, estate_id, seq),
  };
}

/** A reversal of this entry that waits for signatures or for being carried out. */
export async function openReversal(trx: Trx, estate_id: number, seq: number): Promise<number | null> {
  const { rows } = await sql<{ proposal_id: number }>`
    select proposal_id from proposal where estate_id = ${estate_id} and kind = 'reversal'
      and state in ('submitted', 'held', 'approved') and (document::jsonb ->> 'reverses')::bigint = ${seq} limit 1`.execute(trx);
  return rows[0]?.proposal_id ?? null;
}
