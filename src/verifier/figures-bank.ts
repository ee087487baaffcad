// What a disclosure says of the bank: its balance beside the books, what its statements cover and what keeps them apart from
// the books, and every line of it that nobody explained when it came (待核实). Drawn again from the records.
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { lastDay } from '../kernel/dates.ts';
import { bankAccountsAt } from './bank-accounts.ts';
import type { BankAccount, Books, Entry, Suspense } from './books.ts';
import { numberText } from './entries.ts';
import { fenOf, yuan, type Sums } from './fen.ts';
import type { FiguresHead } from './figures-file.ts';
import { coveredUpTo, reconcile } from './reconciling.ts';
import type { BalanceRow } from './sources.ts';
import { leftOf, stands, suspenseAt } from './suspense.ts';

/** What every comparison of a month has at hand; `size`: of the log, when the figures were drawn. */
export interface Context {
  books: Books; head: FiguresHead; rows: readonly BalanceRow[]; size: number; year: Sums<string> | null;
  /** Debits and credits of the month by account that only carry a year's income and expense over. */
  closing: { debit: Sums<string>; credit: Sums<string> };
  differ(what: string, what_en: string, said: string, found: string): void;
}

export const total = (rows: readonly BalanceRow[], of: (row: BalanceRow) => bigint): bigint => rows.reduce((sum, row) => sum + of(row), 0n);

type Printed = DisclosureFigures['bank'][number];
/** As a file may say it: nothing of it is believed. */
interface Told { account?: string; statement?: { [name: string]: string | number } | null; closed_on?: string }
type Unexplained = { [name: string]: Json } & { seq: number; period: string; number: string; booked_on: string };

/** The bank's own balance as it was handed in, beside the books of that day. */
export function checkBank(context: Context, entries: readonly Entry[]): void {
  const { books, head, size, differ } = context;
  const known = bankAccountsAt(books, size);
  const named = (last4: string, name_zh: string): string => `${name_zh} ${last4}`;
  // All of them are printed, with a balance or without, in the order of their accounts.
  differ('银行账户', 'bank accounts', head.bank.map((one) => named(one.account_last4, one.name_zh)).join('; '), known.map((one) => named(one.last4, one.name_zh)).join('; '));
  for (const [index, bank] of head.bank.entries()) {
    const account = known[index];
    if (account === undefined) continue;
    const { account: code, closed_on } = bank as Printed & Told;
    differ('银行账户', 'bank account', `${code ?? account.account} ${closed_on ?? '–'}`, `${account.account} ${account.closed_on ?? '–'}`);
    checkBalance(context, entries, { bank, account });
    checkStatements(context, { bank, account });
  }
}

interface Pair { bank: Printed; account: BankAccount }

function checkBalance({ books, head, rows, size, differ }: Context, entries: readonly Entry[], { bank, account: { account } }: Pair): void {
  const [stated] = books.bank_balances.filter((one) => one.account === account && one.seq <= size && one.as_of.startsWith(head.period))
    .sort((a, b) => (a.as_of === b.as_of ? b.seq - a.seq : a.as_of < b.as_of ? 1 : -1));
  differ('银行余额', 'balance of the bank', `${bank.bank_balance ?? '–'} ${bank.as_of ?? '–'}`, `${stated?.balance ?? '–'} ${stated?.as_of ?? '–'}`);
  let book = total(rows.filter((row) => row.account === account), (row) => row.opening + row.debit - row.credit);
  for (const { date, lines } of entries) {
    if (stated === undefined || date <= stated.as_of) continue;
    for (const line of lines) if (line.account === account) book -= BigInt(line.debit - line.credit);
  }
  differ('银行账户账面', 'books of the bank account', bank.book_balance, yuan(book));
  differ('与银行的差额', 'difference to the bank', bank.difference ?? '–', stated === undefined ? '–' : yuan(fenOf(stated.balance) - book));
}

/** The last day of the month that statements cover; of the items between bank and books, where the whole log is at hand. */
function checkStatements({ books, head, size, differ }: Context, { bank, account: { account } }: Pair): void {
  const chain = books.banks.get(account);
  const last = lastDay(head.period);
  const said = (bank as Printed & Told).statement ?? null;
  const covered = coveredUpTo(chain, last, size);
  // Whether the first statement begins before the month's end, only its record says.
  if (!books.complete) {
    const to = chain?.headAt(size)?.to;
    if (said !== null) differ('对账单', 'statements', String(said['covered_to']), to === undefined ? '–' : to < last ? to : last);
    return;
  }
  if (covered === null) return differ('对账单', 'statements', String(said?.['covered_to'] ?? '–'), '–');
  const covered_to = covered.to;
  const found = reconcile(books, { chain: chain!, day: covered_to, size });
  const expected = {
    from: covered.from, covered_to, bank_items: found.bank_items, bank_received: yuan(found.bank_received), bank_paid: yuan(found.bank_paid),
    book_items: found.book_items, book_received: yuan(found.book_received), book_paid: yuan(found.book_paid), open_lines: found.open_lines, remaining: yuan(found.remaining),
  };
  for (const [name, value] of Object.entries(expected)) differ(`对账单 ${name}`, `statements, ${name}`, String(said?.[name] ?? '–'), String(value));
}

// ── Unexplained ──────────────────────────────────────────────────────────────────────────────────

/** Every suspense entry of the month, and of months before what was still open at its end. */
export function checkUnexplained({ books, head, size, differ }: Context): void {
  const last = lastDay(head.period);
  const expected = new Map(suspenseAt(books, size).filter((one) => one.entry.date <= last && (one.entry.period === head.period || leftOf(one, size, last) !== 0))
    .map((one) => [one.entry.seq, one]));
  for (const row of (head as FiguresHead & { unexplained?: Unexplained[] }).unexplained ?? []) {
    const held = expected.get(row.seq);
    const name = `${row.period} ${row.number}`;
    differ(`待核实 ${name}`, `unexplained ${name}`, canonical(row), held === undefined ? '–' : canonical({ ...rowOf(books, held, { size, last }), booked_on: bookedOn(books, held) ?? row.booked_on }));
    expected.delete(row.seq);
  }
  for (const { entry } of expected.values()) {
    const name = `${entry.period} ${numberText(entry)}`;
    differ(`待核实 ${name}`, `unexplained ${name}`, '–', `#${entry.seq}`);
  }
}

const bookedOn = ({ banks }: Books, { entry: { bank_line } }: Suspense): string | undefined =>
  banks.get(bank_line!.account)?.lines.get(bank_line!.position)?.booked_on;

function rowOf(books: Books, held: Suspense, { size, last }: { size: number; last: string }): { [name: string]: Json } {
  const { entry, side, fund, bank_account, amount, settlements } = held;
  return {
    seq: entry.seq, side, account: bank_account, account_last4: bankAccountsAt(books, size).find((one) => one.account === bank_account)?.last4 ?? '',
    date: entry.date, period: entry.period, number: numberText(entry), fund, amount: yuan(amount),
    left_then: yuan(leftOf(held, size, last)), left: yuan(leftOf(held, size)),
    settled: settlements.filter((one) => stands(one.entry, size)).sort((a, b) => a.entry.seq - b.entry.seq).map((one) => ({
      seq: one.entry.seq, period: one.entry.period, number: numberText(one.entry), date: one.entry.date, amount: yuan(one.amount), order: one.entry.ordered,
    })),
  };
}
