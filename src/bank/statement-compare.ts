// A file beside what is there already: no gap, no other opening, and where days overlap the very same lines, one by one
// (day, amount, serial number, balance), as the beginning of the file. Nothing is fuzzy: two equal payments of one day
// are two lines with two balances. What remains behind the repeated ones is new. take_statement() judges gap and
// continuity once more, under the same lock.
import { sha256Hex } from '../kernel/digest.ts';
import { addDays, daysBetween, type BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyFigures, moneyText } from '../kernel/money.ts';
import { personalParts } from '../kernel/personal.ts';
import type { Statement } from '../bankfile/statement.ts';
import type { Covered, KeptLine } from './statement-known.ts';
import { refusals } from './statement-refusals.ts';

export interface FileLine {
  row: number;
  booked_on: BusinessDate;
  amount: string;
  balance: string;
  serial: string;
}

/** The days the file is taken for. */
export interface Days { from: BusinessDate; to: BusinessDate }

/** The bank's serial number as the books keep it: letters, digits and ._/-, at most 64 of them. It stands in the log for ever:
 *  what a payer put there (a telephone, an ID card, a card number), or a wrong column, is none. */
export function serialOf(typed: string): string {
  const text = typed.normalize('NFKC').replace(/\s/g, '').replace(/[^0-9A-Za-z._/-]/g, '_');
  if (personalParts(text).some(({ kind }) => kind === 'mobile' || kind === 'id_card' || kind === 'bank_card')) return '';
  return text.length <= 64 ? text : `${text.slice(0, 40)}-${sha256Hex(text).slice(0, 16)}`;
}

const MOST_LINE = money('9999999999.99');
const MOST_BALANCE = money('99999999999999.99');

/** The lines as they would stand in the books. Refusal: statement_amount_large. */
export function fileLines(statement: Pick<Statement, 'lines'>): FileLine[] {
  return statement.lines.map(({ row, booked_on, amount, balance, serial }) => {
    // Two figures of usual length need no decimal arithmetic.
    for (const [figure, most] of [[amount, MOST_LINE], [balance, MOST_BALANCE]] as const) {
      if (figure.length > 13 && money(figure).abs().greaterThan(most)) throw refusals.statement_amount_large({ row, figure });
    }
    return { row, booked_on, amount, balance, serial: serialOf(serial) };
  });
}

const told = ({ booked_on, amount, balance, serial }: KeptLine | FileLine): { zh: string; en: string } => ({
  zh: `${booked_on} 金额 ${moneyFigures(money(amount))} 余额 ${moneyFigures(money(balance))}${serial === '' ? '' : ` 流水号 ${serial}`}`,
  en: `${booked_on}, ${moneyFigures(money(amount))}, balance ${moneyFigures(money(balance))}${serial === '' ? '' : `, serial ${serial}`}`,
});

const same = (a: KeptLine | FileLine | undefined, b: KeptLine | FileLine | undefined): boolean =>
  a !== undefined && b !== undefined && a.booked_on === b.booked_on && a.amount === b.amount && a.balance === b.balance && a.serial === b.serial;

/** The same but for the balance, which moves where a line before it is missing or added. */
const alike = (a: KeptLine | FileLine | undefined, b: KeptLine | FileLine | undefined): boolean =>
  a !== undefined && b !== undefined && a.booked_on === b.booked_on && a.amount === b.amount && a.serial === b.serial;

const differenceOf = (a: string, b: string): string => moneyFigures(minus(money(a), money(b)));

function missing(kept: KeptLine, row: number, { from, to }: Days): Error {
  const { zh: kept_line, en: kept_line_en } = told(kept);
  return refusals.statement_repeat_missing({
    position: kept.position, kept_line, kept_line_en, row, difference: moneyFigures(money(kept.amount)), from, to,
  });
}

function more(line: FileLine, last_to: string): Error {
  const { zh: file_line, en: file_line_en } = told(line);
  return refusals.statement_repeat_more({ row: line.row, file_line, file_line_en, difference: moneyFigures(money(line.amount)), last_to });
}

function differs(line: FileLine, kept: KeptLine): Error {
  const fields = [
    line.booked_on !== kept.booked_on && ['日期', 'day'], line.amount !== kept.amount && ['金额', 'amount'],
    line.balance !== kept.balance && ['余额', 'balance'], line.serial !== kept.serial && ['流水号', 'serial number'],
  ].filter((field) => field !== false);
  return refusals.statement_repeat_differs({
    row: line.row, position: kept.position, what: `${fields.map(([zh]) => zh).join('、')}不同。`, what_en: `not the same ${fields.map(([, en]) => en).join(', ')}; `,
    file_line: told(line).zh, file_line_en: told(line).en, kept_line: told(kept).zh, kept_line_en: told(kept).en, difference: differenceOf(line.amount, kept.amount),
  });
}

/** How many lines at the beginning of the file were there already. */
function repeatedLines(lines: readonly FileLine[], kept: readonly KeptLine[], days: Days, last_to: string): number {
  for (const [index, there] of kept.entries()) {
    const line = lines[index];
    if (same(line, there)) continue;
    if (line === undefined) throw missing(there, (lines.at(-1)?.row ?? 0) + 1, days);
    // The line after it tells which side has one line more.
    const [lacks, has_more] = [alike(line, kept[index + 1]), alike(lines[index + 1], there)];
    if (!alike(line, there) && lacks !== has_more) throw lacks ? missing(there, line.row, days) : more(line, last_to);
    throw differs(line, there);
  }
  return kept.length;
}

export interface Comparison {
  /** Lines at the beginning that were there already. */
  repeated: number;
  /** Those that are new. */
  fresh: FileLine[];
  /** New lines of the last day that was covered before: it was not over, or they were left out. */
  late: number;
}

/** Compares a proven statement with what was taken. `kept`: the lines there of the file's days, from `from` to the end
 *  (to `to` where the file ends before the last day covered).
 *  Refusals: statement_days, _before_first, _gap, _continues, _overlap, _repeat_*, _confirmed_differs. */
export function compareStatement(
  { opening, closing, lines }: { opening: string; closing: string; lines: readonly FileLine[] }, days: Days,
  { covered, kept, before, today }: { covered: Covered | null; kept: readonly KeptLine[]; before: string | null; today: BusinessDate },
): Comparison {
  const { from, to } = days;
  if (from > to || to > today) throw refusals.statement_days({ from, to, today }, 'to');
  if (covered === null) return { repeated: 0, fresh: [...lines], late: 0 };
  if (from < covered.from) throw refusals.statement_before_first({ from, first: covered.from }, 'from');
  const next = addDays(covered.to, 1);
  if (from > next) {
    const missing_to = addDays(from, -1);
    throw refusals.statement_gap({ last_to: covered.to, from, missing_from: next, missing_to, days: daysBetween(next, from) }, 'from');
  }
  const repeated = repeatedLines(lines, kept, days, covered.to);
  const fresh = lines.slice(repeated);
  const early = fresh.find((line) => line.booked_on < covered.to);
  if (early !== undefined) throw more(early, covered.to);
  if (to < covered.to) {
    if (fresh[0] !== undefined) throw more(fresh[0], covered.to);
    refuseOther(opening, before, closing, kept, days);
    return { repeated, fresh: [], late: 0 };
  }
  if (repeated === 0 && opening !== covered.closing) {
    throw refusals.statement_continues({
      last_to: covered.to, closing: moneyFigures(money(covered.closing)), from, opening: moneyFigures(money(opening)),
      difference: differenceOf(opening, covered.closing),
    }, 'opening');
  }
  return { repeated, fresh, late: fresh.filter((line) => line.booked_on === covered.to).length };
}

/** A file about days gone by brings nothing, and must say what was said: before, and after. */
function refuseOther(opening: string, before: string | null, closing: string, kept: readonly KeptLine[], { to }: Days): void {
  const [first, last] = [kept[0], kept.at(-1)];
  const expected = first === undefined ? before : moneyText(minus(money(first.balance), money(first.amount)));
  if (expected !== null && opening !== expected) {
    throw refusals.statement_overlap({ opening: moneyFigures(money(opening)), expected: moneyFigures(money(expected)), difference: differenceOf(opening, expected) });
  }
  const after = last === undefined ? expected : last.balance;
  if (after !== null && closing !== after) {
    throw refusals.statement_confirmed_differs({ closing: moneyFigures(money(closing)), to, expected: moneyFigures(money(after)), difference: differenceOf(closing, after) });
  }
}
