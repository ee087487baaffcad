// The bank's word as the log tells it (银行对账单, 银行流水), account by account: every statement continues the one before,
// no day is missing between two, every line has the balance before it plus its own amount. Lines are known by their
// position from the account's first line on; a file whose records begin later tells how many there were (facts.json).
import { addDays, addMonths, lastDay, periodOf } from '../kernel/dates.ts';
import { BankChain, type BankHead, type BankLine, type Statement } from './bank-chain.ts';
import type { Books, Moment } from './books.ts';
import { fen, fenOf, yuan } from './fen.ts';
import { bodiesIn, dayIn, isDay, listIn, Misshapen, once, textIn, wholeIn, type Body } from './fields.ts';
import type { Report } from './findings.ts';

export const readHeads = (facts: Body): BankHead[] => bodiesIn(facts, 'bank').map((row) => ({
  account: textIn(row, 'account'), lines: wholeIn(row, 'lines'), balance: fenOf(row['balance']), to: dayIn(row, 'to'),
}));

export function chainOf({ banks }: Books, account: string): BankChain {
  const known = banks.get(account);
  if (known !== undefined) return known;
  const chain = new BankChain(account);
  banks.set(account, chain);
  return chain;
}

// ── Where a file's records begin ─────────────────────────────────────────────────────────────────

const spelled = (head: BankHead | null | undefined): string => (head === null || head === undefined ? '–' : `${head.lines} · ${yuan(head.balance)} · ${head.to}`);

const differs = (report: Report, account: string, said: BankHead | undefined, found: BankHead | null): void =>
  report('bank_start_differs', 'facts.json', { account, said: spelled(said), found: spelled(found) });

/** A stretch of records begins with what its file says of the bank; what was known before only grew. */
export function beginBanks(books: Books, heads: readonly BankHead[], report: Report): void {
  const told = new Map(heads.map((head) => [head.account, head]));
  for (const chain of books.banks.values()) {
    const head = told.get(chain.account);
    const known = chain.headAt(Infinity);
    if (known !== null && (head === undefined || head.lines < known.lines || head.to < known.to)) differs(report, chain.account, head, known);
  }
  for (const account of new Set([...told.keys(), ...books.banks.keys()])) chainOf(books, account).begin(told.get(account) ?? null);
}

/** A file whose beginning lies among records that are known: what it says of the bank is what they say. */
export function compareBanks(books: Books, heads: readonly BankHead[], { start, report }: { start: number; report: Report }): void {
  const told = new Map(heads.map((head) => [head.account, head]));
  for (const account of new Set([...told.keys(), ...books.banks.keys()])) {
    const found = books.banks.get(account)?.headAt(start) ?? null;
    if (spelled(told.get(account)) !== spelled(found)) differs(report, account, told.get(account), found);
  }
}

/** After the earlier records of a file were read. */
export function placeStatements({ banks }: Books, report: Report): void {
  for (const chain of banks.values()) if (!chain.place()) report('earlier_statements_differ', 'earlier.tsv', { account: chain.account });
}

// ── Statements ───────────────────────────────────────────────────────────────────────────────────

function readLine(row: unknown, seq: number): BankLine {
  if (!Array.isArray(row) || row.length !== 4) throw new Misshapen('lines');
  const [booked_on, amount, balance, serial] = row as unknown[];
  if (typeof booked_on !== 'string' || !isDay(booked_on) || typeof serial !== 'string') throw new Misshapen('lines');
  return { booked_on: once(booked_on), amount: fen(amount), balance: fenOf(balance), serial: String(serial), seq };
}

function readStatement(body: Body, seq: number): { statement: Statement; lines: BankLine[] } {
  const { period_stated } = body;
  if (typeof period_stated !== 'boolean') throw new Misshapen('period_stated');
  const lines = listIn(body, 'lines').map((row) => readLine(row, seq));
  return { lines, statement: {
    seq, account: textIn(body, 'account'), voucher: textIn(body, 'voucher'), format: textIn(body, 'format'), from: dayIn(body, 'from'), to: dayIn(body, 'to'),
    period_stated, opening: fenOf(body['opening']), closing: fenOf(body['closing']), repeated: wholeIn(body, 'repeated'), imported_by: textIn(body, 'imported_by'),
    first: 0, count: lines.length,
  } };
}

export function statementImported(books: Books, { body, seq, day, learned }: Moment): void {
  const { statement, lines } = readStatement(body, seq);
  const chain = chainOf(books, statement.account);
  if (learned) return chain.wait(statement, lines);
  statement.first = chain.last + 1;
  judgePlace(books, chain, statement, day);
  judgeLines(books, chain, statement, lines);
  if (books.complete && !books.vouchers.has(statement.voucher)) books.accuse('voucher_unrecorded', { sha256: statement.voucher.slice(0, 16) });
  const is_latest = chain.to === null || statement.to >= chain.to;
  chain.take(statement, lines);
  if (is_latest) stateBalances(books, chain, statement);
}

/** Of an account of the estate, up to its day, with no day missing since the statements before. */
function judgePlace(books: Books, chain: BankChain, { account, from, to, opening, repeated, count }: Statement, day: string): void {
  const own = books.bank_accounts.findLast((one) => one.account === account);
  if (own === undefined || (own.closed_on !== null && to > own.closed_on)) books.accuse('bank_account_unknown', { account });
  if (from > to || to > day || repeated < 0) books.accuse('statement_misdated', { account, line: '–', date: `${from} – ${to}` });
  if (chain.to !== null && from > addDays(chain.to, 1)) books.accuse('bank_days_missing', { account, from: addDays(chain.to, 1), to: addDays(from, -1) });
  const adds = count > 0 || chain.to === null || to > chain.to;
  const before = chain.balance ?? opening;
  // Where it repeats lines, it opens before the first of them.
  const repeats = adds && repeated > 0 ? chain.lines.get(chain.last - repeated + 1) : undefined;
  const opens = repeats === undefined ? before : repeats.balance - BigInt(repeats.amount);
  if (chain.to === null ? repeated > 0 : (repeated === 0 || repeats !== undefined) && adds && opening !== opens) {
    books.accuse('statement_not_continued', { account, said: yuan(opening), found: yuan(opens) });
  }
}

function judgeLines(books: Books, chain: BankChain, { account, from, to, opening, closing, first }: Statement, lines: readonly BankLine[]): void {
  const is_latest = chain.to === null || to >= chain.to;
  let before = chain.balance ?? opening;
  let day = chain.to !== null && chain.to > from ? chain.to : from;
  lines.forEach(({ booked_on, amount, balance }, i) => {
    const line = first + i;
    if (amount === 0 || balance !== before + BigInt(amount)) books.accuse('statement_unbalanced', { account, line, said: yuan(balance), found: yuan(before + BigInt(amount)) });
    if (booked_on < day || booked_on > to) books.accuse('statement_misdated', { account, line, date: booked_on });
    before = balance;
    day = booked_on;
  });
  if ((lines.length > 0 || is_latest) && closing !== before) {
    books.accuse('statement_unbalanced', { account, line: '–', said: yuan(closing), found: yuan(before) });
  }
}

/** What the bank says of the month ends a statement covers, and of its last day, stands beside the books of that day. */
function stateBalances(books: Books, chain: BankChain, { seq, account, from, to, opening }: Statement): void {
  const days = new Set([to]);
  for (let period = periodOf(from); period.length === 7 && lastDay(period) <= to; period = addMonths(period, 1)) days.add(lastDay(period));
  for (const as_of of days) {
    const balance = chain.balanceOn(as_of, opening);
    if (balance !== undefined) books.bank_balances.push({ seq, account, as_of, balance: yuan(balance) });
  }
}
