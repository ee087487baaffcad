// Where a chain of balances breaks, and which row is to blame. One thing went wrong, most likely: a line stands there
// twice, two neighbours changed places, one balance was altered (the next line goes on from the right one), or else an
// amount was altered or a line lost, which look the same and are told together.
import { minus, moneyFigures, sum, type Money } from '../kernel/money.ts';
import { refusals } from './refusals.ts';
import type { StatementLine } from './statement.ts';

/** A line with its figures read. */
export interface Link { line: StatementLine; amount: Money; balance: Money }

const follows = (before: Money, { amount, balance }: Link): boolean => sum([before, amount]).equals(balance);

/** True when every link follows, the first one from `before` where that is known. */
function continuous(before: Money | null, links: readonly Link[]): boolean {
  let last = before;
  for (const link of links) {
    if (last !== null && !follows(last, link)) return false;
    last = link.balance;
  }
  return true;
}

const identity = ({ line }: Link): string =>
  JSON.stringify([line.booked_on, line.booked_time, line.amount, line.balance, line.serial, line.counterparty_account, line.counterparty_name]);

/** The other row that is the very same line. */
function twinOf(links: readonly Link[], at: number): number | null {
  const own = identity(links[at]!);
  const twin = links.findIndex((link, index) => index !== at && link.balance.equals(links[at]!.balance) && identity(link) === own);
  return twin === -1 ? null : twin;
}

/** The first of two neighbours that follow once they change places, together with all around them. */
function swappedAt(links: readonly Link[], opening: Money | null, at: number): number | null {
  for (const first of [at, at - 1, at - 2]) {
    if (first < 0 || first + 1 >= links.length) continue;
    const before = first === 0 ? opening : links[first - 1]!.balance;
    const around = [links[first + 1]!, links[first]!, ...links.slice(first + 2, first + 4)];
    if (continuous(before, around)) return first;
  }
  return null;
}

/** Refuses links (oldest first) that do not follow; says nothing where all do.
 *  Refusals: statement_line_doubled, _lines_swapped, _balance_wrong, _opening_differs, _balance_broken. */
export function explainBreak(links: readonly Link[], opening: Money | null, closing: Money | null): void {
  let at = 0;
  let before = opening;
  for (; at < links.length; at += 1) {
    if (before !== null && !follows(before, links[at]!)) break;
    before = links[at]!.balance;
  }
  if (at === links.length) return;

  const broken = links[at]!;
  const expected = sum([before!, broken.amount]);
  const difference = moneyFigures(minus(broken.balance, expected));
  const row = broken.line.row;

  for (const suspect of [at, at - 1]) {
    const twin = suspect < 0 ? null : twinOf(links, suspect);
    if (twin === null) continue;
    const { line, amount, balance } = links[suspect]!;
    throw refusals.statement_line_doubled({
      row: line.row, other: links[twin]!.line.row, booked_on: line.booked_on, amount: moneyFigures(amount), balance: moneyFigures(balance), difference,
    });
  }

  const swapped = swappedAt(links, opening, at);
  if (swapped !== null) {
    const [first, second] = [links[swapped]!, links[swapped + 1]!];
    throw refusals.statement_lines_swapped({
      row: first.line.row, other: second.line.row, balance: moneyFigures(first.balance), other_balance: moneyFigures(second.balance),
      difference: moneyFigures(minus(second.balance, first.balance)),
    });
  }

  const told = {
    row, before: moneyFigures(before!), amount: moneyFigures(broken.amount), expected: moneyFigures(expected),
    balance: moneyFigures(broken.balance), difference,
  };
  const next = links[at + 1];
  if (next !== undefined && follows(expected, next)) {
    throw refusals.statement_balance_wrong({ ...told, next_zh: `后面第 ${next.line.row} 行`, next_en: `row ${next.line.row}` });
  }
  if (next === undefined && closing !== null && closing.equals(expected)) {
    throw refusals.statement_balance_wrong({ ...told, next_zh: '期末余额', next_en: 'the closing balance' });
  }
  if (at === 0) {
    throw refusals.statement_opening_differs({
      opening: moneyFigures(opening!), row, expected: moneyFigures(minus(broken.balance, broken.amount)), difference,
    });
  }
  throw refusals.statement_balance_broken({ ...told, previous: links[at - 1]!.line.row });
}
