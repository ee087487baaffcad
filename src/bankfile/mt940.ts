// SWIFT MT940 customer statements (and MT950, the same without details): tagged lines of text, one message a page.
//   :25: account   :60F: opening (:60M: of a page)   :61: line   :86: what is said about it   :62F: closing (:62M:)   :64: available
//   :61:  value date YYMMDD, entry date MMDD, C in, D out, RC reversal of money in (so: out), RD reversal of money out (so: in)
// Amounts have a comma. A file may hold several pages of a statement and several statements, each continuing the one before.
import { addMonths, isBusinessDate, periodOf, type BusinessDate } from '../kernel/dates.ts';
import { money, moneyText, negated, type Money } from '../kernel/money.ts';
import { detailsOf } from './mt940-details.ts';
import { joined, type Part } from './parts.ts';
import { refusals } from './read-refusals.ts';
import type { RawStatement, StatementLine } from './statement.ts';

const FORMAT = 'MT940';
const LONGEST_FIELD = 4_000;

/** A field: its tag, its lines, and the line of the file it begins in (from 1). */
interface Field { tag: string; lines: string[]; row: number }

const where = (row: number): { where_zh: string; where_en: string } => ({ where_zh: `第 ${row} 行`, where_en: `Line ${row}` });
const wrong = (row: number, tag: string, text: string): Error =>
  refusals.statement_message_wrong({ ...where(row), element: `:${tag}:`, text: text.slice(0, 60), format: FORMAT });
const lacks = (row: number, tag: string): Error => refusals.statement_message_lacks({ ...where(row), element: `:${tag}:`, format: FORMAT });

/** An envelope of SWIFT, or the field that every message begins with, below at most a few lines of a bank's own. */
export function looksLikeMt940(text: string): boolean {
  const head = text.slice(0, 2_000).trimStart();
  return head.startsWith('{1:') || /^(?:[^\n,\t]{0,60}\r?\n){0,6}:20:/.test(head);
}

/** The text without SWIFT's frame: blocks {1:…}{2:…}{3:…}{4: before and -}{5:…} after a message. */
function unframed(line: string): string {
  if (!line.startsWith('{')) return /^-(\}.*)?$/.test(line) ? '-' : line;
  const type = /\{2:[IO](\d{3})/.exec(line)?.[1];
  if (type !== undefined && type !== '940' && type !== '950') throw otherMessage(type);
  const body = line.indexOf('{4:');
  return body === -1 ? '-' : line.slice(body + 3);
}

function otherMessage(type: string): Error {
  const kind = type === '942' ? { kind_zh: '当日明细', kind_en: 'a report within the day' } : { kind_zh: '不是对账单', kind_en: 'no statement' };
  return refusals.statement_message_kind({ message: `MT${type}`, ...kind, wanted: 'MT940' });
}

function fieldsOf(text: string): Field[] {
  const fields: Field[] = [];
  let open: Field | null = null;
  // SWIFT frames messages with SOH and ETX on some lines.
  text.split(/\r\n|\n|\r/).forEach((written, at) => {
    const line = unframed(written.replaceAll('\u0001', '').replaceAll('\u0003', '').trimEnd());
    const found = /^:(\d{2}[A-Z]?|NS):(.*)$/.exec(line);
    if (found !== null) {
      open = { tag: found[1]!, lines: [found[2]!.trim()], row: at + 1 };
      fields.push(open);
    } else if (line === '-') open = null;
    else if (open !== null && line.trim() !== '') open.lines.push(line);
    if (open !== null && open.lines.reduce((length, part) => length + part.length, 0) > LONGEST_FIELD) throw wrong(at + 1, open.tag, '…');
  });
  return fields;
}

function amountOf(text: string, field: Field): Money {
  const found = /^0*(\d{1,14}),(\d{0,2})0*$/.exec(text);
  if (found === null) throw wrong(field.row, field.tag, text);
  return money(`${found[1]!.replace(/^0+(?=\d)/, '')}.${found[2]!.padEnd(2, '0')}`);
}

function dayOf(year: string, rest: string, field: Field): BusinessDate {
  const day = `${Number(year) < 80 ? '20' : '19'}${year}-${rest.slice(0, 2)}-${rest.slice(2)}`;
  if (!isBusinessDate(day)) throw wrong(field.row, field.tag, `${year}${rest}`);
  return day;
}

interface Balance { amount: Money; on: BusinessDate }

function balanceOf(field: Field): Balance {
  const found = /^([CD])(\d{2})(\d{4})([A-Z]{3})([\d,]{1,20})$/.exec(field.lines[0]!);
  if (found === null) throw wrong(field.row, field.tag, field.lines[0]!);
  const [, side, year, rest, currency, text] = found;
  if (currency !== 'CNY' && currency !== 'RMB') {
    throw refusals.statement_message_wrong({ ...where(field.row), element: `:${field.tag}:`, text: currency!, format: 'CNY' });
  }
  const amount = amountOf(text!, field);
  // Where there was nothing before, some banks date the opening balance 000000; its day is not asked for.
  const on = field.tag.startsWith('60') && `${year}${rest}` === '000000' ? '' : dayOf(year!, rest!, field);
  return { amount: side === 'D' ? negated(amount) : amount, on };
}

/** The entry date has no year: it is the one nearest to the value date. */
function entryDay(value_on: BusinessDate, rest: string, field: Field): BusinessDate {
  const month = Number(value_on.slice(5, 7)) - Number(rest.slice(0, 2));
  const shift = month > 6 ? 12 : month < -6 ? -12 : 0;
  return dayOf(addMonths(periodOf(value_on), shift).slice(2, 4), rest, field);
}

const line61 = /^(\d{2})(\d{4})(\d{4})?(RC|RD|C|D)([A-Z])?([\d,]{1,20})([A-Z][A-Z0-9 ]{3})(.*)$/;
const reference = (text: string): string => (/^(NONREF|NOREF)?$/i.test(text.trim()) ? '' : text.trim());

/** Without an entry date a line was booked on its value date, but never after the day of the closing balance. */
function lineOf(field: Field, details: Field | undefined, closing_on: BusinessDate): StatementLine {
  const found = line61.exec(field.lines[0]!);
  if (found === null) throw wrong(field.row, '61', field.lines[0]!);
  const [, year, rest, entry, mark, , text, code, references] = found;
  const value_on = dayOf(year!, rest!, field);
  const amount = amountOf(text!, field);
  const isIn = mark === 'C' || mark === 'RD';
  const [customer = '', bank = ''] = references!.split('//', 2);
  const said = detailsOf(details?.lines ?? []);
  return {
    row: field.row, booked_on: entry !== undefined ? entryDay(value_on, entry, field) : value_on < closing_on ? value_on : closing_on, booked_time: '',
    amount: moneyText(isIn ? amount : negated(amount)), balance: null,
    serial: reference(bank) || reference(customer),
    counterparty_name: said.name, counterparty_account: said.account, counterparty_bank: said.bank,
    memo: said.memo || field.lines.slice(1).join(' ').trim() || code!,
    purpose: [said.purpose, bank === '' ? '' : reference(customer)].filter((part) => part !== '').join(' '),
  };
}

/** "BANKCNSH/1234567890", "1234567890CNY" or "BANK/1234567890/CNY": the account alone. */
const accountOf = (text: string): string => text.replaceAll(' ', '').replace(/\/?(?:CNY|RMB)$/, '').replace(/^.*\//, '');

interface Page { part: Part; begins: boolean; ends: boolean; row: number }

function one(fields: readonly Field[], tags: readonly string[], row: number): Field {
  const found = fields.filter(({ tag }) => tags.includes(tag));
  if (found.length > 1) throw refusals.statement_message_twice({ ...where(found[1]!.row), element: `:${found[1]!.tag}:` });
  if (found.length === 0) throw lacks(row, tags[0]!);
  return found[0]!;
}

function pageOf(fields: readonly Field[]): Page {
  const { row } = fields[0]!;
  if (fields.some(({ tag }) => tag === '34F' || tag === '13D')) throw otherMessage('942');
  const account = one(fields, ['25', '25P'], row);
  const opening = one(fields, ['60F', '60M'], row);
  const closing = one(fields, ['62F', '62M'], row);
  const [begin, end] = [balanceOf(opening), balanceOf(closing)];
  const number = fields.find(({ tag }) => tag === '28C' || tag === '28')?.lines[0];
  const lines: StatementLine[] = [];
  fields.forEach((field, at) => {
    if (field.tag !== '61') return;
    if (field.row < opening.row || field.row > closing.row) throw wrong(field.row, '61', field.lines[0]!);
    const next = fields[at + 1];
    lines.push(lineOf(field, next?.tag === '86' ? next : undefined, end.on));
  });
  return {
    row, begins: opening.tag === '60F', ends: closing.tag === '62F',
    part: {
      label: number ?? String(row), account_number: accountOf(account.lines[0]!), account_name: null,
      // The date of an opening balance may be the day before or the first day: it tells nothing.
      from: lines.length === 0 ? end.on : null, to: end.on, opening: begin.amount, closing: end.amount,
      out_count: null, out_total: null, in_count: null, in_total: null, lines,
      days_stated: fields.every(({ tag, lines: [text] }) => tag !== '61' || /^\d{10}/.test(text!)),
    },
  };
}

/** An MT940 file. Refusals: statement_message_kind, statement_message_wrong, statement_message_lacks,
 *  statement_message_twice, and those of joined(). */
export function mt940Statement(text: string): RawStatement {
  const messages: Field[][] = [];
  for (const field of fieldsOf(text)) {
    if (field.tag === '20') messages.push([]);
    messages.at(-1)?.push(field);
  }
  if (messages.length === 0) throw lacks(1, '20');
  const pages = messages.map(pageOf);
  pages.forEach((page, at) => {
    const before = pages[at - 1];
    // A statement goes on until its final balance; only then another one begins.
    if (page.begins !== (before === undefined || before.ends)) throw lacks(page.row, page.begins ? '62F' : '60F');
  });
  if (!pages.at(-1)!.ends) throw lacks(pages.at(-1)!.row, '62F');
  return joined(pages.map(({ part }) => part), 'mt940');
}
