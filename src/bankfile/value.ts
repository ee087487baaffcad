// The cells of a bank's table, read strictly: what is not exactly an amount, a date or a time is refused with row,
// column and what stands there. Nothing is guessed, rounded or repaired, for a figure that was guessed would pass every
// check that follows. Money stays decimal text ("-1200.00"); no float is made anywhere.
import { isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import { refusals } from './refusals.ts';

/** Where a cell stands, as a person would look for it: row from 1, heading of the column. */
export interface Place { row: number; column: string }

export const MOST_CELL_CHARACTERS = 1_000;

const excerpt = (text: string): string => {
  const characters = [...text];
  return characters.length > 40 ? `${characters.slice(0, 40).join('')}…` : text;
};

/** A cell as a person reads it: the padding of blanks and tabs gone, control characters and line breaks one blank,
 *  the ="0012" and '0012 with which banks keep spreadsheets from turning text into numbers unwrapped. */
export function plainCell(raw: string): string {
  // Most cells are short and clean; the regular expressions below cost more than the whole file otherwise.
  let text = raw.trim();
  if (text === '') return '';
  if (/[\p{Cc}\p{Cf}\p{Cs}\u00a0\u3000]/u.test(text)) {
    text = text.toWellFormed().replace(/\p{Cf}/gu, '').replace(/[\p{Cc}\u00a0\u3000]+/gu, ' ').trim();
  }
  const wrapped = /^="([0-9A-Za-z*.,_:/ -]*)"$/.exec(text);
  if (wrapped !== null) return wrapped[1]!.trim();
  return /^'[0-9]/.test(text) ? text.slice(1) : text;
}

/** Text of a line: name, account, memo. Refusal: statement_cell_too_long. */
export function readText(raw: string, at: Place): string {
  const text = plainCell(raw);
  if (text.length > MOST_CELL_CHARACTERS) {
    throw refusals.statement_cell_too_long({ ...at, length: text.length, limit: MOST_CELL_CHARACTERS });
  }
  return text;
}

const amountShape = /^([-+]?)(?:([1-9][0-9]{0,2}(?:,[0-9]{3})+|0|[1-9][0-9]*)?)(?:\.([0-9]{1,2}))?$/;

/** "1,234.5" → "1234.50", "￥-12" → "-12.00", "+3.00" → "3.00"; "" and the dashes of an unused column → null.
 *  At most twelve digits before the point. Refusal: statement_amount_unreadable, also for "-0". */
export function readAmount(raw: string, at: Place): string | null {
  const text = plainCell(raw);
  if (text === '' || /^[-—–]{1,3}$/.test(text)) return null;
  const figures = text.replace(/^(?:[¥￥]|RMB|CNY)\s*/, '');
  const found = amountShape.exec(figures);
  const whole = found?.[2]?.replaceAll(',', '') ?? '';
  if (found === null || whole.length > 12 || (whole === '' && found[3] === undefined)) {
    throw refusals.statement_amount_unreadable({ ...at, text: excerpt(text) });
  }
  const amount = `${whole === '' ? '0' : whole}.${(found[3] ?? '').padEnd(2, '0')}`;
  if (found[1] !== '-') return amount;
  if (amount === '0.00') throw refusals.statement_amount_unreadable({ ...at, text: excerpt(text) });
  return `-${amount}`;
}

/** −(−5.00) = 5.00, on the text. */
export const negatedText = (amount: string): string =>
  amount === '0.00' ? amount : amount.startsWith('-') ? amount.slice(1) : `-${amount}`;

/** "12", "12笔", "共12笔" → 12. Refusal: statement_count_unreadable. */
export function readCount(raw: string, at: Place): number | null {
  const text = plainCell(raw);
  if (text === '') return null;
  const found = /^共?\s*(0|[1-9][0-9]{0,5})(?:\.0+)?\s*[笔条]?$/.exec(text.replaceAll(',', ''));
  if (found === null) throw refusals.statement_count_unreadable({ ...at, text: excerpt(text) });
  return Number(found[1]);
}

/** A day and, where the cell has it, the time of day ("15:24:03", else ""). */
export interface Moment { date: BusinessDate; time: string }

const daySpellings = [
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?![\d])/,
  /^(\d{4})\/(\d{1,2})\/(\d{1,2})(?![\d])/,
  /^(\d{4})\.(\d{1,2})\.(\d{1,2})(?![\d.])/,
  /^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日/,
  /^(\d{4})(\d{2})(\d{2})/,
];
const clockSpellings = [
  /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,6})?)?$/,
  // 2026-08-01-15.24.03.123456, as mainframes print their stamps.
  /^(\d{2})\.(\d{2})\.(\d{2})(?:\.\d{1,6})?$/,
  /^(\d{1,2})时(\d{1,2})分(?:(\d{1,2})秒)?$/,
  // 093005, and 93005 where a spreadsheet took the nought away.
  /^(\d{1,2})(\d{2})(\d{2})$/,
];

function clockOf(text: string): string | null {
  for (const spelling of clockSpellings) {
    const found = spelling.exec(text);
    if (found === null) continue;
    const [hour, minute, second] = [found[1]!, found[2]!, found[3] ?? '0'].map((part) => part.padStart(2, '0')) as [string, string, string];
    return hour < '24' && minute < '60' && second < '60' ? `${hour}:${minute}:${second}` : null;
  }
  return null;
}

const days = new Map<string, boolean>();
/** A file has few days and many lines. */
function isDay(date: string): boolean {
  let known = days.get(date);
  if (known === undefined) {
    if (days.size > 4_000) days.clear();
    days.set(date, known = isBusinessDate(date));
  }
  return known;
}

/** "20260801", "2026/8/1 15:24", "2026年08月01日", "20260801152403" → day and time; anything else, such as the bare
 *  serial number of a spreadsheet or 8/1/26, → null. */
export function momentOf(raw: string): Moment | null {
  const text = plainCell(raw);
  for (const spelling of daySpellings) {
    const found = spelling.exec(text);
    if (found === null) continue;
    const date = `${found[1]}-${found[2]!.padStart(2, '0')}-${found[3]!.padStart(2, '0')}`;
    const rest = text.slice(found[0].length).replace(/^(?:\s+|[T-]\s*)/, '');
    const time = rest === '' ? '' : clockOf(rest);
    return time === null || !isDay(date) ? null : { date, time };
  }
  return null;
}

/** Refusal: statement_date_unreadable. */
export function readMoment(raw: string, at: Place): Moment {
  const moment = momentOf(raw);
  if (moment === null) throw refusals.statement_date_unreadable({ ...at, text: excerpt(plainCell(raw)) });
  return moment;
}

/** The column of times beside the column of days: "15:24:03", "152403"; "" where there is none.
 *  A whole moment is understood too, for its time. Refusal: statement_time_unreadable. */
export function readClock(raw: string, at: Place): string {
  const text = plainCell(raw);
  if (text === '') return '';
  const time = clockOf(text) ?? momentOf(text)?.time ?? null;
  if (time === null) throw refusals.statement_time_unreadable({ ...at, text: excerpt(text) });
  return time;
}

/** An account number as digits and letters only ("6222 0000-1" → "622200001"), asterisks of a masked one kept;
 *  null where the cell is something else. */
export function accountNumber(raw: string): string | null {
  const text = plainCell(raw).normalize('NFKC').replace(/[\s-]/g, '');
  return /^[0-9A-Za-z*]{4,40}$/.test(text) && /[0-9]{3}/.test(text) ? text : null;
}

const yuan = /^(?:CNY|RMB|156|人民币.{0,6}|.{0,6}人民币|CNY.?人民币.?)$/i;
/** CNY, RMB, 人民币, 156: nothing else is kept here. */
export const isYuan = (currency: string): boolean => yuan.test(plainCell(currency).normalize('NFKC'));
