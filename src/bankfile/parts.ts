// Statements and pages of one account that lie in one file (camt.053 with several Stmt, MT940 over several pages) become one
// statement. Each part is proven by itself (opening + lines = closing) and ends where the next begins, so that a lost
// page is found; each line gets the running balance that these formats do not print.
import { minus, money, moneyFigures, moneyText, sum, type Money } from '../kernel/money.ts';
import { refusals as lineRefusals } from './refusals.ts';
import { refusals } from './read-refusals.ts';
import type { RawStatement, StatementLine } from './statement.ts';
import { serialOf } from './table-body.ts';
import { readText } from './value.ts';

export interface Part {
  /** For people: "1", "2026/3". */
  label: string;
  account_number: string;
  account_name: string | null;
  from: string | null;
  to: string | null;
  opening: Money;
  closing: Money;
  out_count: number | null;
  out_total: Money | null;
  in_count: number | null;
  in_total: Money | null;
  lines: StatementLine[];
  /** False where the days of some lines are value dates, since the bank does not say when it booked them. */
  days_stated: boolean;
}

/** Oldest first: these formats have no balances that would show which way they run. Newest first all through is turned
 *  round; a line between others that is dated before them is refused, for it was moved or its day was changed. Only where the
 *  bank gives value dates and no days of booking each line goes to its day: value dates run as they like. */
function inOrder(lines: StatementLine[], days_stated: boolean): StatementLine[] {
  const falls = lines.findIndex((line, at) => at > 0 && line.booked_on < lines[at - 1]!.booked_on);
  if (falls === -1) return lines;
  if (!lines.some((line, at) => at > 0 && line.booked_on > lines[at - 1]!.booked_on)) return lines.toReversed();
  if (!days_stated) return lines.toSorted((a, b) => (a.booked_on === b.booked_on ? 0 : a.booked_on < b.booked_on ? -1 : 1));
  const [before, line] = [lines[falls - 1]!, lines[falls]!];
  throw lineRefusals.statement_order_broken({ row: line.row, booked_on: line.booked_on, previous: before.row, before: before.booked_on });
}

const MOST_AMOUNT = money('999999999999.99');

/** Texts and serials as the tables of banks have them; a line of 0.00 moves no money and is none. */
function kept(lines: readonly StatementLine[]): StatementLine[] {
  return lines.filter(({ amount }) => amount !== '0.00').map((line) => {
    const { row } = line;
    if (money(line.amount).abs().greaterThan(MOST_AMOUNT)) throw lineRefusals.statement_amount_unreadable({ row, column: 'Amt', text: line.amount });
    const text = (of: 'counterparty_name' | 'counterparty_account' | 'counterparty_bank' | 'memo' | 'purpose'): string => readText(line[of], { row, column: of });
    return Object.assign(line, {
      serial: serialOf(line.serial), counterparty_name: text('counterparty_name'), counterparty_account: text('counterparty_account'),
      counterparty_bank: text('counterparty_bank'), memo: text('memo'), purpose: text('purpose'),
    });
  });
}

/** A line that stands there twice in a row and is just what is too much: without running balances the only one that can be named. */
function doubled(lines: readonly StatementLine[], excess: Money): Record<'row' | 'other' | 'booked_on' | 'amount' | 'balance', string | number> | null {
  const at = lines.findIndex((line, index) => {
    const before = lines[index - 1];
    return before !== undefined && line.serial !== '' && line.serial === before.serial && line.amount === before.amount
      && line.booked_on === before.booked_on && money(line.amount).equals(excess);
  });
  if (at === -1) return null;
  const [other, line] = [lines[at - 1]!, lines[at]!];
  return { row: line.row, other: other.row, booked_on: line.booked_on, amount: moneyFigures(money(line.amount)), balance: moneyFigures(money(other.balance!)) };
}

/** The lines with their running balances; refuses unless they lead from the opening to the closing balance. */
function proven({ opening, closing, lines, days_stated }: Part): StatementLine[] {
  let balance = opening;
  const done = inOrder(kept(lines), days_stated).map((line) => {
    balance = sum([balance, money(line.amount)]);
    return Object.assign(line, { balance: moneyText(balance) });
  });
  if (balance.equals(closing)) return done;
  const figures = { opening: moneyFigures(opening), closing: moneyFigures(closing), expected: moneyFigures(balance), difference: moneyFigures(minus(closing, balance)) };
  const last = done.at(-1);
  if (last === undefined) throw lineRefusals.statement_empty_differs(figures);
  const twin = doubled(done, minus(balance, closing));
  if (twin !== null) throw lineRefusals.statement_line_doubled({ ...twin, difference: figures.difference });
  throw lineRefusals.statement_closing_differs({ ...figures, row: last.row });
}

const all = <T>(values: readonly (T | null)[]): T[] | null => (values.every((value) => value !== null) ? (values as T[]) : null);
const total = (values: readonly (Money | null)[]): string | null => {
  const known = all(values);
  return known === null ? null : moneyText(sum(known));
};
const count = (values: readonly (number | null)[]): number | null => all(values)?.reduce((a, b) => a + b, 0) ?? null;

/** One statement of all parts, in the order of the file. Refusals: statement_several_accounts, statement_pages_apart,
 *  statement_closing_differs, statement_line_doubled, statement_empty_differs, statement_order_broken, statement_amount_unreadable, statement_cell_too_long. */
export function joined(parts: readonly Part[], format: string): RawStatement {
  const begin = parts[0]!;
  const end = parts.at(-1)!;
  const lines: StatementLine[] = [];
  parts.forEach((part, at) => {
    if (part.account_number !== begin.account_number) throw refusals.statement_several_accounts({ first: begin.account_number, second: part.account_number });
    const before = parts[at - 1];
    if (before !== undefined && !before.closing.equals(part.opening)) {
      throw refusals.statement_pages_apart({
        previous: before.label, next: part.label, closing: moneyFigures(before.closing), opening: moneyFigures(part.opening),
        difference: moneyFigures(minus(part.opening, before.closing)),
      });
    }
    lines.push(...proven(part));
  });
  return {
    format, account_number: begin.account_number, account_name: parts.find(({ account_name }) => account_name !== null)?.account_name ?? null,
    currency: 'CNY', from: begin.from, to: end.to, opening: moneyText(begin.opening), closing: moneyText(end.closing),
    out_count: count(parts.map((part) => part.out_count)), out_total: total(parts.map((part) => part.out_total)),
    in_count: count(parts.map((part) => part.in_count)), in_total: total(parts.map((part) => part.in_total)),
    lines,
  };
}
