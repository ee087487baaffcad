// What a cashier typed, read into an entry: the same for the form, the interface and a batch. Says what
// is unreadable and where; whether it may be booked is decided by post_entries() alone.
import type { Trx } from '../kernel/database.ts';
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import { readMoney, zero, type Money } from '../kernel/money.ts';
import { bookText } from '../kernel/text.ts';
import { entryKinds, LINE_LIMIT, MEMO_LIMIT, type EntryKind, type EntryLine } from './entry.ts';
import { refusals } from './refusals.ts';

/** As it came in; nothing is trusted to be of its type. */
export interface TypedLine {
  account?: unknown;
  fund?: unknown;
  debit?: unknown;
  credit?: unknown;
  unit?: unknown;
  payee?: unknown;
}
export interface TypedEntry {
  kind?: unknown;
  entry_date?: unknown;
  description?: unknown;
  postings?: unknown;
  reference?: unknown;
  vouchers?: unknown;
}

export interface ReadEntry {
  kind: EntryKind;
  entry_date: BusinessDate;
  description: string;
  /** `unit` is still "3-2-1002" here: see withReferences(). */
  postings: EntryLine[];
  reference: string | undefined;
  vouchers: string[];
}

/** Refusals: date_missing, date_unreadable. */
export function readDay(typed: unknown, field: string): BusinessDate {
  if (typed === undefined || typed === null || typed === '') throw refusals.date_missing({}, field);
  const date = typeof typed === 'string' ? readDate(typed.slice(0, 40)) : null;
  if (date === null) throw refusals.date_unreadable({ typed: shortly(typed) }, field);
  return date;
}

const shortly = (typed: unknown): string =>
  (typeof typed === 'string' ? typed.toWellFormed() : (JSON.stringify(typed) ?? '')).slice(0, 40);

/** Refusals: amount_missing, amount_not_text, amount_unreadable. */
export function readAmount(typed: unknown, field: string): Money {
  if (typeof typed === 'number') throw refusals.amount_not_text({ typed: String(typed) }, field);
  if (typed === undefined || typed === null || (typeof typed === 'string' && typed.trim() === '')) {
    throw refusals.amount_missing({}, field);
  }
  const amount = typeof typed === 'string' ? readMoney(typed.slice(0, 60)) : null;
  if (amount === null) throw refusals.amount_unreadable({ typed: shortly(typed) }, field);
  return amount;
}

/** Refusals: characters_broken and those of bookText(). */
export function readText(
  typed: unknown,
  { field, label, limit }: { field: string; label: string; limit: number },
): string {
  const text = typeof typed === 'string' ? typed : '';
  if (!text.isWellFormed()) throw refusals.characters_broken({ field: label }, field);
  return bookText(text, { field, label, limit });
}

export const readMemo = (typed: unknown, field = 'description'): string =>
  readText(typed, { field, label: '摘要 memo', limit: MEMO_LIMIT });

const codeText = (typed: unknown): string =>
  typeof typed === 'string' ? typed.toWellFormed().trim().slice(0, 60) : '';
const given = (typed: unknown): string | undefined => {
  const text = codeText(typed);
  return text === '' ? undefined : text;
};

function readLine(typed: TypedLine, index: number): EntryLine {
  const at = (name: string): string => `postings.${index}.${name}`;
  const line = index + 1;
  const [account, fund] = [codeText(typed.account), codeText(typed.fund)];
  if (account === '') throw refusals.account_missing({ line }, at('account'));
  if (fund === '') throw refusals.fund_missing({ line }, at('fund'));
  const has = (side: 'debit' | 'credit'): boolean => typed[side] !== undefined;
  if (has('debit') === has('credit')) throw refusals.line_one_side({ line }, at('debit'));
  const side = has('debit') ? 'debit' : 'credit';
  return {
    account,
    fund,
    [side]: readAmount(typed[side], at(side)),
    unit: given(typed.unit),
    payee: given(typed.payee),
  };
}

/** Refusals: lines_missing, too_many_lines, total_too_large and those of each line. */
export function readLines(typed: unknown): EntryLine[] {
  const lines: unknown[] = Array.isArray(typed) ? typed : [];
  if (lines.length === 0) throw refusals.lines_missing({}, 'postings');
  if (lines.length > LINE_LIMIT)
    throw refusals.too_many_lines({ limit: LINE_LIMIT, lines: lines.length }, 'postings');
  const read = lines.map((line, index) =>
    readLine(typeof line === 'object' && line !== null ? (line as TypedLine) : {}, index),
  );
  for (const side of ['debit', 'credit'] as const) {
    const total = read.reduce((all, line) => all.plus((line[side] ?? zero).abs()), zero.plus(0));
    if (total.greaterThan('9999999999.99')) throw refusals.total_too_large({}, 'postings');
  }
  return read;
}

/** Refusals: voucher_unknown for what is no SHA-256. */
export function readVouchers(typed: unknown): string[] {
  const hashes = typed === undefined ? [] : Array.isArray(typed) ? (typed as unknown[]) : [typed];
  return hashes.map((hash) => {
    const text = typeof hash === 'string' ? hash.toLowerCase() : '';
    if (!/^[0-9a-f]{64}$/.test(text))
      throw refusals.voucher_unknown({ sha256: shortly(hash).slice(0, 12) }, 'vouchers');
    return text;
  });
}

export function readEntryTyped(typed: TypedEntry): ReadEntry {
  const kind = entryKinds.find((one) => one === typed.kind);
  if (kind === undefined) throw refusals.entry_unreadable({}, 'kind');
  return {
    kind,
    entry_date: readDay(typed.entry_date, 'entry_date'),
    description: readMemo(typed.description),
    postings: readLines(typed.postings),
    reference:
      given(typed.reference) === undefined
        ? undefined
        : readText(typed.reference, {
            field: 'reference',
            label: '银行流水号 reference',
            limit: 60,
          }),
    vouchers: readVouchers(typed.vouchers),
  };
}

export interface References {
  units: Map<string, string>;
  payees: Set<string>;
}

/** Looks up what the lines of many entries name, at once. */
export async function referencesOf(
  trx: Trx,
  estate_id: number,
  lines: readonly EntryLine[],
): Promise<References> {
  const wanted = [...new Set(lines.flatMap((line) => line.unit ?? []))];
  const payees = [...new Set(lines.flatMap((line) => line.payee ?? []))].filter((one) =>
    /^[1-9][0-9]{0,8}$/.test(one),
  );
  const units =
    wanted.length === 0
      ? []
      : await trx
          .selectFrom('unit')
          .select(['unit', 'ref'])
          .where('estate_id', '=', estate_id)
          .where('unit', 'in', wanted)
          .execute();
  const known =
    payees.length === 0
      ? []
      : await trx
          .selectFrom('payee')
          .select('payee_id')
          .where('estate_id', '=', estate_id)
          .where('payee_id', 'in', payees.map(Number))
          .execute();
  return {
    units: new Map(units.map((row) => [row.unit, row.ref])),
    payees: new Set(known.map((row) => String(row.payee_id))),
  };
}

/** Puts the opaque name of each dwelling in place of "3-2-1002". Refusals: unit_unknown, line_payee_unknown. */
export const withReferences = (
  lines: readonly EntryLine[],
  { units, payees }: References,
): EntryLine[] =>
  lines.map((line, index) => {
    if (line.payee !== undefined && !payees.has(line.payee)) {
      throw refusals.line_payee_unknown({ payee: line.payee }, `postings.${index}.payee`);
    }
    if (line.unit === undefined) return line;
    const ref = units.get(line.unit);
    if (ref === undefined)
      throw refusals.unit_unknown({ unit: line.unit }, `postings.${index}.unit`);
    return { ...line, unit: ref };
  });
