// The chain of balances (余额连续): opening + lines = closing, and after each line the balance the bank printed. It proves
// that nothing was lost, added, changed or moved between the bank's computer and ours, before anybody believes a line.
//
// Lines stand as the bank gave them or exactly the other way round (newest first); they are never sorted. Where it
// breaks, chain-fault.ts says which row is to blame; what the file states besides (totals, numbers of lines, days,
// opening, closing) must agree too. A format without running balances gets them computed from the opening.
import type { BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyFigures, moneyText, negated, sum, zero, type Money } from '../kernel/money.ts';
import { explainBreak, type Link } from './chain-fault.ts';
import { refusals } from './refusals.ts';
import type { RawStatement, ReadOptions, Statement, StatementLine } from './statement.ts';
import { MOST_LINES } from './table.ts';
import { factWords } from './table-facts.ts';
import { isYuan } from './value.ts';

/** What a balance can be in the books: numeric(16, 2). */
const LARGEST = money('99999999999999.99');

function withinBounds(amount: Money, row: number): Money {
  if (amount.abs().greaterThan(LARGEST)) {
    throw refusals.statement_sum_too_large({ row, amount: moneyFigures(amount), limit: moneyFigures(LARGEST) });
  }
  return amount;
}

const moneyOr = (text: string | null | undefined): Money | null => (text === null || text === undefined ? null : withinBounds(money(text), 1));

/** How often the balances do not follow, read this way round. */
function breaksOf(links: readonly Link[], opening: Money | null): number {
  let breaks = 0;
  let before = opening;
  for (const { amount, balance } of links) {
    if (before !== null && !sum([before, amount]).equals(balance)) breaks += 1;
    before = balance;
  }
  return breaks;
}

/** True where the lines stand oldest first. The balances decide where they follow one way and not the other; else the
 *  days, then the times, of the two ends, and at last which way they follow more often. */
function oldestFirst(lines: readonly StatementLine[], links: readonly Link[] | null, opening: Money | null): boolean {
  const forward = links === null ? 0 : breaksOf(links, opening);
  const backward = links === null ? 0 : breaksOf(links.toReversed(), opening);
  if ((forward === 0) !== (backward === 0)) return forward === 0;
  const [first, last] = [lines[0]!, lines.at(-1)!];
  if (first.booked_on !== last.booked_on) return first.booked_on < last.booked_on;
  if (first.booked_time !== '' && last.booked_time !== '' && first.booked_time !== last.booked_time) return first.booked_time < last.booked_time;
  return forward <= backward;
}

function refuseUnlessOrdered(lines: readonly StatementLine[], from: BusinessDate | null, to: BusinessDate | null): void {
  if (from !== null && to !== null && from > to) throw refusals.statement_period_reversed({ from, to });
  lines.forEach((line, index) => {
    const previous = lines[index - 1];
    if (previous !== undefined && line.booked_on < previous.booked_on) {
      throw refusals.statement_order_broken({ row: line.row, booked_on: line.booked_on, previous: previous.row, before: previous.booked_on });
    }
    if ((from !== null && line.booked_on < from) || (to !== null && line.booked_on > to)) {
      throw refusals.statement_line_outside({ row: line.row, booked_on: line.booked_on, from: from ?? '…', to: to ?? '…' });
    }
  });
}

/** Totals as printed. A red-letter line counts on the side it takes back at most banks, on the side its money goes at
 *  others; either is right, nothing else is. */
function refuseUnlessTotalled(raw: RawStatement, links: readonly Link[]): void {
  const byColumn = { in: zero, out: zero };
  const byMove = { in: zero, out: zero };
  const counts = { column: { in: 0, out: 0 }, move: { in: 0, out: 0 } };
  for (const { line, amount } of links) {
    const side = amount.isNegative() ? 'out' : 'in';
    const size = side === 'out' ? negated(amount) : amount;
    const column = line.red !== true ? side : side === 'in' ? 'out' : 'in';
    byMove[side] = withinBounds(sum([byMove[side], size]), line.row);
    byColumn[column] = withinBounds(sum([byColumn[column], line.red === true ? negated(size) : size]), line.row);
    counts.move[side] += 1;
    counts.column[column] += 1;
  }
  for (const side of ['out', 'in'] as const) {
    const printed = moneyOr(raw[`${side}_total`]);
    const counted = [byColumn[side], byMove[side]];
    if (printed !== null && !counted.some((total) => total.abs().equals(printed.abs()))) {
      const words = factWords(`${side}_total`);
      throw refusals.statement_totals_differ({
        label_zh: words.zh, label_en: words.en, printed: moneyFigures(printed), counted: moneyFigures(counted[0]!),
        difference: moneyFigures(minus(printed, counted[0]!)),
      });
    }
    const count = raw[`${side}_count`];
    if (count !== null && count !== counts.column[side] && count !== counts.move[side]) refuseCount(`${side}_count`, count, counts.column[side]);
  }
  const all = raw.line_count ?? null;
  if (all !== null && all !== links.length) refuseCount('line_count', all, links.length);
}

function refuseCount(fact: 'out_count' | 'in_count' | 'line_count', printed: number, counted: number): never {
  const words = factWords(fact);
  throw refusals.statement_totals_differ({ label_zh: words.zh, label_en: words.en, printed, counted, difference: printed - counted });
}

function proveEmpty(raw: RawStatement, opening: Money | null, closing: Money | null): Statement {
  if (opening === null || closing === null || raw.from === null || raw.to === null) throw refusals.statement_empty();
  if (!opening.equals(closing)) {
    throw refusals.statement_empty_differs({
      opening: moneyFigures(opening), closing: moneyFigures(closing), difference: moneyFigures(minus(closing, opening)),
    });
  }
  refuseUnlessOrdered([], raw.from, raw.to);
  refuseUnlessTotalled(raw, []);
  return { ...raw, opening: moneyText(opening), closing: moneyText(closing), lines: [] };
}

/** Balance of a file and of a person for the same thing must be one. */
function stated(printed: string | null, given: string | undefined, fact: 'opening' | 'closing'): Money | null {
  const [a, b] = [moneyOr(printed), moneyOr(given)];
  if (a !== null && b !== null && !a.equals(b)) {
    const words = factWords(fact);
    throw refusals.statement_given_differs({
      label_zh: words.zh, label_en: words.en, given: moneyFigures(b), printed: moneyFigures(a), difference: moneyFigures(minus(a, b)),
    });
  }
  return a ?? b;
}

/** Running balances where the format has none: from the opening, or from the closing back. */
function computed(lines: readonly StatementLine[], opening: Money | null, closing: Money | null): { opening: Money; balances: Money[] } {
  let moved = zero;
  const after = lines.map((line) => (moved = withinBounds(sum([moved, money(line.amount)]), line.row)));
  const start = opening ?? (closing === null ? null : minus(closing, moved));
  if (start === null) throw refusals.statement_opening_missing();
  return { opening: start, balances: after.map((sofar, index) => withinBounds(sum([start, sofar]), lines[index]!.row)) };
}

/** Proves a statement as parsed, or refuses it with the row, both figures and the difference.
 *  `options.opening` and `closing`: what a person says where the file does not.
 *  Refusals in this order: too_long, currency_foreign, sum_too_large, given_differs, empty, empty_differs, opening_missing, balance_missing,
 *  line_doubled, lines_swapped, balance_wrong, opening_differs, balance_broken, closing_differs, order_broken,
 *  period_reversed, line_outside, totals_differ (each statement_…). */
export function proveChain(raw: RawStatement, options: Pick<ReadOptions, 'opening' | 'closing'> = {}): Statement {
  if (raw.lines.length > MOST_LINES) throw refusals.statement_too_long({ rows: raw.lines.length, limit: MOST_LINES });
  if (raw.currency !== null && !isYuan(raw.currency)) throw refusals.statement_currency_foreign({ row: 1, currency: raw.currency.slice(0, 40) });
  const opening = stated(raw.opening, options.opening, 'opening');
  const closing = stated(raw.closing, options.closing, 'closing');
  if (raw.lines.length === 0) return proveEmpty(raw, opening, closing);

  const printed = raw.lines.filter((line) => line.balance !== null).length;
  const balanced = printed > 0;
  if (balanced && printed < raw.lines.length) {
    throw refusals.statement_balance_missing({ row: raw.lines.find((line) => line.balance === null)!.row });
  }
  const asLinks = (lines: readonly StatementLine[]): Link[] => lines.map((line) => ({
    line, amount: withinBounds(money(line.amount), line.row), balance: withinBounds(money(line.balance!), line.row),
  }));
  const forward = oldestFirst(raw.lines, balanced ? asLinks(raw.lines) : null, opening);
  const lines = forward ? raw.lines : raw.lines.toReversed();

  let start: Money;
  let links: Link[];
  if (balanced) {
    links = asLinks(lines);
    explainBreak(links, opening, closing);
    start = opening ?? minus(links[0]!.balance, links[0]!.amount);
  } else {
    const reckoned = computed(lines, opening, closing);
    start = reckoned.opening;
    links = lines.map((line, index) => ({
      line: { ...line, balance: moneyText(reckoned.balances[index]!) }, amount: money(line.amount), balance: reckoned.balances[index]!,
    }));
  }

  const end = links.at(-1)!;
  if (closing !== null && !closing.equals(end.balance)) {
    throw refusals.statement_closing_differs({
      closing: moneyFigures(closing), row: end.line.row, expected: moneyFigures(end.balance), difference: moneyFigures(minus(closing, end.balance)),
    });
  }
  refuseUnlessOrdered(lines, raw.from, raw.to);
  refuseUnlessTotalled(raw, links);
  return {
    ...raw,
    opening: moneyText(start),
    closing: moneyText(end.balance),
    lines: links.map(({ line, balance }) => ({ ...line, balance: moneyText(balance) })),
  };
}
