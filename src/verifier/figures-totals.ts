// What a disclosure adds up: the balances by account and fund in its seal against the entries of the month, and from
// these, once more, everything printed: money in and out, headings, other movements, funds, the bank, the months.
import type { FundRow, HeadingRow } from '../../reports/monthly-disclosure/figures.ts';
import { addMonths } from '../kernel/dates.ts';
import type { Books, Entry } from './books.ts';
import { isMoney } from './accounts.ts';
import { isClosing } from './closing.ts';
import { checkBank, checkUnexplained, total, type Context } from './figures-bank.ts';
import { checkBeside } from './figures-beside.ts';
import { moneyOf, monthOf, sameMoment, sameSignatures } from './figures-entry.ts';
import type { FiguresHead } from './figures-file.ts';
import type { Report } from './findings.ts';
import { fenOf, share, Sums, yuan } from './fen.ts';
import type { BalanceRow, Source } from './sources.ts';

interface Totals { head: FiguresHead; entries: readonly Entry[]; report: Report }

const keyOf = ({ account, fund }: { account: string; fund: string }): string => `${account} ${fund}`;

export function checkTotals(books: Books, { disclosure, size: last }: Source, { head, entries, report }: Totals): void {
  const rows = disclosure!.balances;
  checkBalances(rows, entries, report);
  const differ = (what: string, what_en: string, said: string, found: string): void => {
    if (said !== found) report('figures_differ', `figures.json`, { what, what_en, said, found });
  };
  const money = rows.filter(({ account }) => isMoney(account));
  const moved = entries.map((entry) => moneyOf(entry));
  const [received, paid] = [moved.reduce((sum, one) => sum + BigInt(one.received), 0n), moved.reduce((sum, one) => sum + BigInt(one.paid), 0n)];
  const opening = total(money, (row) => row.opening);
  differ('期初', 'opening', head.opening, yuan(opening));
  differ('收到', 'received', head.received, yuan(received));
  differ('付出', 'paid', head.paid, yuan(paid));
  differ('期末', 'closing', head.closing, yuan(opening + received - paid));
  const size = Math.min(head.log.size, last);
  const context: Context = { books, head, rows, size, year: yearOf(books, head, size), closing: closingOf(entries), differ };
  checkHeadings(context, head.income, { digit: '4', total: head.income_total, name: ['收入', 'income'] });
  checkHeadings(context, head.expense, { digit: '5', total: head.expense_total, name: ['支出', 'expense'] });
  checkOther(context);
  checkFunds(context, entries);
  checkMonths(context);
  checkBank(context, entries);
  checkUnexplained(context);
  checkBeside(context, isClosing);
  checkClose(context, report);
  checkPrevious(context);
}

/** Turnover of every account and fund as the entries have it; debits equal credits in each fund, before and now. */
function checkBalances(rows: readonly BalanceRow[], entries: readonly Entry[], report: Report): void {
  const debit = new Sums<string>();
  const credit = new Sums<string>();
  for (const { lines } of entries) {
    for (const line of lines) {
      debit.add(keyOf(line), line.debit);
      credit.add(keyOf(line), line.credit);
    }
  }
  const said = new Map(rows.map((row) => [keyOf(row), row]));
  if (said.size < rows.length) report('balances_differ', 'facts.json', { what: 'account, fund' });
  for (const key of new Set([...said.keys(), ...debit.keys()])) {
    const row = said.get(key);
    if ((row?.debit ?? 0n) !== debit.of(key) || (row?.credit ?? 0n) !== credit.of(key)) report('balances_differ', 'facts.json', { what: key });
  }
  const funds = new Sums<string>();
  for (const row of rows) funds.add(row.fund, row.opening);
  for (const fund of funds.keys()) if (funds.of(fund) !== 0n) report('balances_differ', 'facts.json', { what: fund });
}

/** What only carries a year over (closing.ts) is neither income nor expense. */
function closingOf(entries: readonly Entry[]): Context['closing'] {
  const closing = { debit: new Sums<string>(), credit: new Sums<string>() };
  for (const { lines } of entries.filter(isClosing)) {
    for (const line of lines) {
      closing.debit.add(line.account, line.debit);
      closing.credit.add(line.account, line.credit);
    }
  }
  return closing;
}

/** Debits less credits of the year so far by account; null where the entries of its months are not all known. */
function yearOf(books: Books, { period: last }: FiguresHead, size: number): Sums<string> | null {
  const january = `${last.slice(0, 4)}-01`;
  if (books.known_from === null || books.known_from > january) return null;
  const found = new Sums<string>();
  for (const [period, entries] of books.periods) {
    if (period < january || period > last) continue;
    for (const entry of entries) {
      if (entry.seq <= size && !isClosing(entry)) for (const line of entry.lines) found.add(line.account, line.debit - line.credit);
    }
  }
  return found;
}

interface Kind { digit: '4' | '5'; total: { month: string; year: string }; name: readonly [string, string] }

function checkHeadings(context: Context, printed: readonly HeadingRow[], { digit, total: said, name: [zh, en] }: Kind): void {
  const { rows, year: known, closing, differ } = context;
  const turn = (debits: bigint): bigint => (digit === '4' ? -debits : debits);
  const accounts = new Sums<string>();
  for (const row of rows) if (row.account.startsWith(digit)) accounts.add(row.account, turn(row.debit - row.credit));
  for (const account of accounts.keys()) accounts.add(account, -turn(closing.debit.of(account) - closing.credit.of(account)));
  const month = accounts.keys().reduce((sum, account) => sum + accounts.of(account), 0n);
  let year = 0n;
  for (const row of printed) {
    differ(`${zh} ${row.account}`, `${en} ${row.account}`, row.month, yuan(accounts.of(row.account)));
    differ(`${zh}占比 ${row.account}`, `${en} share ${row.account}`, row.share ?? '–', share(accounts.of(row.account), month) ?? '–');
    year += fenOf(row.year);
    if (known !== null) differ(`${zh}本年 ${row.account}`, `${en} of the year ${row.account}`, row.year, yuan(turn(known.of(row.account))));
  }
  const shown = new Set(printed.map(({ account }) => account));
  if (shown.size < printed.length) differ(`${zh}科目`, `${en} accounts`, String(printed.length), String(shown.size));
  const of_year = known?.keys().filter((account) => account.startsWith(digit)) ?? [];
  for (const account of new Set([...accounts.keys().filter((one) => accounts.of(one) !== 0n), ...of_year])) {
    if (!shown.has(account)) differ(`${zh} ${account}`, `${en} ${account}`, '–', yuan(accounts.of(account)));
  }
  for (const account of shown) if (!account.startsWith(digit)) differ(`${zh}科目`, `${en} accounts`, account, '–');
  differ(`${zh}合计`, `total ${en}`, said.month, yuan(month));
  differ(`${zh}本年合计`, `total ${en} of the year`, said.year, yuan(year));
}

/** What is neither money, income nor expense; of the owners' own fund only the net. */
function checkOther({ rows, head, closing, differ }: Context): void {
  const debit = new Sums<string>();
  const credit = new Sums<string>();
  for (const row of rows) {
    if (isMoney(row.account) || row.account.startsWith('4') || row.account.startsWith('5')) continue;
    debit.add(row.account, row.debit);
    credit.add(row.account, row.credit);
  }
  for (const account of debit.keys()) {
    debit.add(account, -closing.debit.of(account));
    credit.add(account, -closing.credit.of(account));
  }
  const expected = debit.keys().map((account) => {
    if (!account.startsWith('3')) return `${account} ${yuan(credit.of(account))} ${yuan(debit.of(account))}`;
    const net = credit.of(account) - debit.of(account);
    return `${account} ${yuan(net < 0n ? 0n : net)} ${yuan(net < 0n ? -net : 0n)}`;
  }).filter((text) => !text.endsWith(' 0.00 0.00')).sort();
  const said = head.other.map(({ account, received, paid }) => `${account} ${received} ${paid}`).sort();
  differ('其他收付', 'other movements', said.join('; '), expected.join('; '));
}

function checkFunds({ rows, head, differ }: Context, entries: readonly Entry[]): void {
  const opening = new Sums<string>();
  const received = new Sums<string>();
  const paid = new Sums<string>();
  for (const row of rows) if (isMoney(row.account)) opening.add(row.fund, row.opening);
  for (const entry of entries) {
    for (const fund of new Set(entry.lines.map((line) => line.fund))) {
      const moved = moneyOf(entry, fund);
      received.add(fund, moved.received);
      paid.add(fund, moved.paid);
    }
  }
  const text = (fund: string, amounts: readonly string[]): string => `${fund} ${amounts.join(' ')}`;
  const expected = [...new Set([...opening.keys(), ...received.keys()])].map((fund) => {
    const [a, b, c] = [opening.of(fund), received.of(fund), paid.of(fund)];
    return text(fund, [a, b, c, a + b - c].map(yuan));
  }).filter((one) => !one.endsWith(' 0.00 0.00 0.00 0.00')).sort();
  const said = head.funds.map((fund: FundRow) => text(fund.fund, [fund.opening, fund.received, fund.paid, fund.closing])).sort();
  differ('各项资金', 'funds', said.join('; '), expected.join('; '));
}

function checkMonths({ books, head, size, differ }: Context): void {
  if (head.months.at(-1)?.period !== head.period) differ('月份', 'months', head.months.at(-1)?.period ?? '–', head.period);
  for (const { period, received, paid } of head.months) {
    if (books.known_from === null || period < books.known_from) continue;
    const moved = monthOf(books, period, size).map((entry) => moneyOf(entry));
    const found = [moved.reduce((sum, one) => sum + BigInt(one.received), 0n), moved.reduce((sum, one) => sum + BigInt(one.paid), 0n)];
    differ(`${period} 收付`, `in and out ${period}`, `${received} ${paid}`, found.map(yuan).join(' '));
  }
}

function checkClose({ books, head, size, differ }: Context, report: Report): void {
  const closed = books.closed_at.get(head.period);
  const known = closed !== undefined && closed.seq <= size ? closed : null;
  if (head.closed_at === null ? known !== null : known === null || !sameMoment(head.closed_at, known.at)) {
    differ('结账时间', 'time of closing', head.closed_at ?? '–', known?.at ?? '–');
  }
  const proposal = known === null ? undefined : books.close_proposals.get(head.period);
  if (proposal === undefined ? known === null && head.signatures.length > 0 : !sameSignatures(books, head.signatures, proposal, size, ['approve'])) {
    report('figures_differ', 'figures.json', { what: '结账签批', what_en: 'signatures of the closing', said: String(head.signatures.length), found: '' });
  }
}

/** The hashes of the month before, as they are printed: those of its newest version on record. */
function checkPrevious({ books, head, size, differ }: Context): void {
  const period = addMonths(head.period, -1);
  const [published] = books.published.filter((one) => one.period === period && one.seq <= size).sort((a, b) => b.version - a.version);
  const said = head.previous ?? null;
  // Published before these records begin, it is in an older file.
  if (published === undefined && (said === null || !books.complete)) return;
  const text = (one: { version: number; pdf_zh_sha256: string; pdf_en_sha256: string } | null | undefined): string =>
    (one === null || one === undefined ? '–' : `v${one.version} ${one.pdf_zh_sha256} ${one.pdf_en_sha256}`);
  differ('上月公示的校验值', 'hashes of the month before', text(said), text(published));
}
