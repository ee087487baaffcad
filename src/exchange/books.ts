// The books of an estate as an export reads them: accounts, funds and balances once, entries page by page, so that
// memory does not grow with the books.
// What is read first fixes what the whole file says: the size of the log at that moment. Entries are append-only,
// so every page asks only for records up to that size; between two pages no transaction stays open, and whoever
// downloads slowly keeps no connection and no old row from anybody.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, addMonths, firstDay, lastDay, periodsBetween, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyText, minus, sum, zero, type Money } from '../kernel/money.ts';
import { stamp } from '../evidence/records.ts';
import { accountsOf, fundsOf, type AccountRow, type FundRow } from '../ledger/queries.ts';
import { readRange, type Range, type RangeAsked } from './range.ts';

/** Entries read at a time. */
const PAGE = 1_000;

export interface Turnover { period: Period; account: string; fund: string; debit: string; credit: string }
/** Debits less credits of an account in a fund, yuan. */
export interface Balance { account: string; fund: string; balance: Money }
export interface PayeeShown { payee_id: number; kind: string; public_name: string }

export interface Books extends Range {
  estate: Estate;
  /** Records of the log that this export knows of; whatever came later is not in it. */
  size: number;
  /** When the last of them was recorded, UTC with microseconds; '' for an empty log. */
  recorded_at: string;
  accounts: AccountRow[];
  funds: FundRow[];
  payees: Map<string, PayeeShown>;
  /** Balances at the end of the day before the first month, none of them zero. */
  opening: Balance[];
  /** Turnover of the months, by month, account and fund. */
  turnover: Turnover[];
  entries: number;
  lines: number;
}

export interface BookLine {
  line: number;
  account: string;
  fund: string;
  /** Yuan with two places; negative in a red-letter entry. */
  debit: string;
  credit: string;
  /** Opaque name of a dwelling. */
  unit: string | null;
  payee: string | null;
}
export interface BookSignature {
  body: string;
  office: string;
  decision: string;
  method: string;
  /** A deputy gave another's vote. */
  deputised: boolean;
  seq: number;
}
export interface BookEntry {
  seq: number;
  kind: 'receipt' | 'payment' | 'transfer';
  period: Period;
  /** 2026-10 收-041 */
  number: string;
  entry_date: BusinessDate;
  description: string;
  amount: string;
  reference: string | null;
  proposal_id: number | null;
  reverses: number | null;
  reversed_by: number | null;
  /** Opaque person. */
  made_by: string;
  recorded_at: string;
  lines: BookLine[];
  /** SHA-256 of the original vouchers. */
  vouchers: string[];
  /** Approvals of the order behind it, in the order they were given. */
  signatures: BookSignature[];
}

/** What stands at the head of an export. Refusals: export_outside, export_reversed. */
export function openBooks(house: House, estate: Estate, asked: RangeAsked): Promise<Books> {
  return inEstate(house.db.app, estate.estate_id, (trx) => readBooks(trx, estate, asked),
    { readOnly: true, isolation: 'repeatable read' });
}

export async function readBooks(trx: Trx, estate: Estate, asked: RangeAsked): Promise<Books> {
  const { estate_id } = estate;
  const { from, to } = await readRange(trx, estate, asked);
  const { rows: [head] } = await sql<{ size: number; recorded_at: string | null }>`
    select h.size, ${stamp('r.recorded_at')} as recorded_at from log_head h
    left join record r on r.estate_id = h.estate_id and r.seq = h.size where h.estate_id = ${estate_id}`.execute(trx);
  const { rows: opening } = await sql<{ account: string; fund: string; balance: string }>`
    select account, fund, sum(debit - credit)::numeric(18, 2) as balance from balance
    where estate_id = ${estate_id} and period < ${from} group by account, fund having sum(debit - credit) <> 0
    order by account, fund`.execute(trx);
  const { rows: turnover } = await sql<Turnover & { entries: number }>`
    select period, account, fund, debit::numeric(18, 2) as debit, credit::numeric(18, 2) as credit, entries from balance
    where estate_id = ${estate_id} and period between ${from} and ${to} order by period, account, fund`.execute(trx);
  const { rows: [count] } = await sql<{ entries: number }>`
    select coalesce(sum(last), 0)::integer as entries from number_head
    where estate_id = ${estate_id} and period between ${from} and ${to}`.execute(trx);
  const payees = await trx.selectFrom('payee').select(['payee_id', 'kind', 'public_name'])
    .where('estate_id', '=', estate_id).orderBy('payee_id').execute();
  return {
    estate, from, to, size: head?.size ?? 0, recorded_at: head?.recorded_at ?? '',
    accounts: await accountsOf(trx, estate_id), funds: await fundsOf(trx, estate_id),
    payees: new Map(payees.map((payee) => [String(payee.payee_id), payee])),
    opening: opening.map(({ balance, ...row }) => ({ ...row, balance: money(balance) })),
    turnover: turnover.map(({ entries: _lines, ...row }) => row),
    entries: count!.entries, lines: turnover.reduce((lines, row) => lines + row.entries, 0),
  };
}

// ── Entries ──────────────────────────────────────────────────────────────────────────────────────

interface Place { entry_date: BusinessDate; seq: number }
type Row = Omit<BookEntry, 'lines' | 'vouchers' | 'signatures'>;

/** Every entry of the months by date, in pages; entries of one day as they were recorded. The next page is fetched
 *  while this one is written. `most` entries a page. */
export async function* entryPages(house: House, books: Books, most = PAGE): AsyncGenerator<BookEntry[]> {
  const { estate_id } = books.estate;
  const fetch = (after: Place): Promise<BookEntry[]> => {
    const page = inEstate(house.db.app, estate_id, (trx) => readPage(trx, books, after, most),
      { readOnly: true, isolation: 'repeatable read' });
    // Whoever stops reading leaves it behind; whoever goes on hears of its failure below.
    page.catch(() => undefined);
    return page;
  };
  let next = fetch({ entry_date: firstDay(books.from), seq: 0 });
  for (;;) {
    const page = await next;
    if (page.length === 0) return;
    if (page.length === most) next = fetch(page.at(-1)!);
    yield page;
    if (page.length < most) return;
  }
}

async function readPage(trx: Trx, { estate, size, to }: Books, after: Place, most: number): Promise<BookEntry[]> {
  const { estate_id } = estate;
  const { rows } = await sql<Row>`
    select e.seq, e.kind, e.period, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, e.description,
      e.amount, e.reference, e.proposal_id, e.reverses, x.seq as reversed_by, e.made_by, ${stamp('r.recorded_at')} as recorded_at
    from (
      select * from journal_entry where estate_id = ${estate_id} and seq <= ${size} and entry_date <= ${lastDay(to)}::date
        and (entry_date, seq) > (${after.entry_date}::date, ${after.seq}::bigint) order by entry_date, seq limit ${most}
    ) e
    join record r on r.estate_id = ${estate_id} and r.seq = e.seq
    left join journal_entry x on x.estate_id = ${estate_id} and x.reverses = e.seq and x.seq <= ${size}
    order by e.entry_date, e.seq`.execute(trx);
  if (rows.length === 0) return [];
  const seqs = rows.map((row) => row.seq);
  const { rows: lines } = await sql<BookLine & { seq: number }>`
    select seq, line, account, fund, debit, credit, unit, payee from posting
    where estate_id = ${estate_id} and seq = any(${seqs}::bigint[]) order by seq, line`.execute(trx);
  const { rows: vouchers } = await sql<{ seq: number; sha256: string }>`
    select x.seq, x.sha256 from entry_voucher x join voucher v on v.estate_id = x.estate_id and v.sha256 = x.sha256
    where x.estate_id = ${estate_id} and x.seq = any(${seqs}::bigint[]) order by x.seq, v.seq`.execute(trx);
  const proposals = rows.flatMap((row) => row.proposal_id ?? []);
  const { rows: signatures } = proposals.length === 0 ? { rows: [] } : await sql<BookSignature & { proposal_id: number }>`
    select s.proposal_id, s.body, s.office, s.decision, s.method, s.on_behalf_of is not null as deputised, s.seq from signature s
    join proposal p on p.estate_id = s.estate_id and p.proposal_id = s.proposal_id and p.document_hash = s.document_hash
    where s.estate_id = ${estate_id} and s.proposal_id = any(${proposals}::bigint[]) and s.seq <= ${size} order by s.seq`.execute(trx);
  const linesOf = Map.groupBy(lines, (line) => line.seq);
  const vouchersOf = Map.groupBy(vouchers, (voucher) => voucher.seq);
  const signaturesOf = Map.groupBy(signatures, (signature) => signature.proposal_id);
  return rows.map((row) => ({
    ...row, lines: linesOf.get(row.seq) ?? [], vouchers: (vouchersOf.get(row.seq) ?? []).map((one) => one.sha256),
    signatures: row.proposal_id === null ? [] : signaturesOf.get(row.proposal_id) ?? [],
  }));
}

// ── Balances ─────────────────────────────────────────────────────────────────────────────────────

/** What an account and fund had at the beginning of a month, what moved, and what was there at its end. Debits less
 *  credits; accounts that never moved up to then are not there. */
export interface MonthBalance { account: string; fund: string; opening: Money; debit: Money; credit: Money; closing: Money }
export interface MonthEnd { period: Period; rows: MonthBalance[] }

/** Month by month, from the opening balances and the turnover as the database keeps them: never added up from the
 *  entries of the export, so that whoever adds those up has something to compare with. */
export function* monthEnds(books: Books): Generator<MonthEnd> {
  const key = ({ account, fund }: { account: string; fund: string }) => `${account} ${fund}`;
  const standing = new Map<string, MonthBalance>();
  const none = { opening: zero, debit: zero, credit: zero };
  for (const { account, fund, balance } of books.opening) {
    standing.set(key({ account, fund }), { account, fund, ...none, closing: balance });
  }
  const moved = Map.groupBy(books.turnover, (row) => row.period);
  for (const period of periodsBetween(books.from, books.to)) {
    for (const [name, row] of standing) standing.set(name, { ...row, ...none, opening: row.closing });
    for (const { account, fund, ...row } of moved.get(period) ?? []) {
      const [opening, debit, credit] = [standing.get(key({ account, fund }))?.closing ?? zero, money(row.debit), money(row.credit)];
      standing.set(key({ account, fund }), { account, fund, opening, debit, credit, closing: minus(sum([opening, debit]), credit) });
    }
    const rows = [...standing.values()].sort((a, b) => (key(a) < key(b) ? -1 : 1));
    yield { period, rows };
  }
}

/** The same rows added up by account, in the order of the codes. */
export const byAccount = (rows: readonly MonthBalance[]): Map<string, Money> =>
  new Map([...Map.groupBy(rows, (row) => row.account)].map(([account, own]) => [account, sum(own.map((row) => row.closing))]));

/** Pages of entries, and behind the last entry of each month its end: what a journal is made of. */
export type Piece = { kind: 'entries'; entries: BookEntry[] } | { kind: 'month_end'; end: MonthEnd };

export async function* piecesOf(books: Books, pages: AsyncIterable<BookEntry[]>): AsyncGenerator<Piece> {
  const ends = monthEnds(books);
  let due = ends.next();
  for await (const page of pages) {
    let start = 0;
    for (const [index, entry] of page.entries()) {
      while (due.done !== true && due.value.period < entry.period) {
        if (index > start) yield { kind: 'entries', entries: page.slice(start, index) };
        start = index;
        yield { kind: 'month_end', end: due.value };
        due = ends.next();
      }
    }
    yield { kind: 'entries', entries: page.slice(start) };
  }
  for (; due.done !== true; due = ends.next()) yield { kind: 'month_end', end: due.value };
}

/** Accounts and funds that appear in the months, as pairs, in the order of the codes. */
export function usedPairs(books: Books): { account: AccountRow; funds: FundRow[] }[] {
  const used = Map.groupBy([...books.opening, ...books.turnover], (row) => row.account);
  return books.accounts.map((account) => {
    const own = new Set((used.get(account.account) ?? []).map((row) => row.fund));
    return { account, funds: books.funds.filter(({ fund }) => own.has(fund)) };
  });
}

/** The payee of an entry, as everybody may see it: of the first line that names one. */
export const payeeOf = (books: Books, entry: BookEntry): PayeeShown | null => {
  const number = entry.lines.find((line) => line.payee !== null)?.payee;
  return number === undefined || number === null ? null : books.payees.get(number) ?? null;
};

export const dayBefore = (books: Range): BusinessDate => addDays(firstDay(books.from), -1);
export const dayAfter = (period: Period): BusinessDate => firstDay(addMonths(period, 1));
export const amountOf = (line: Pick<BookLine, 'debit' | 'credit'>): string =>
  moneyText(minus(money(line.debit), money(line.credit)));
