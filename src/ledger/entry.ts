// Journal entries (记账凭证): how one is written down before it goes through the one door. The body is
// canonical JSON, kept and hashed as these very bytes; post_entries() reads it and decides.
//   收 receipt   借 money           贷 income or liability, no order needed
//   付 payment   借 expense …       贷 money, under a payment order
//   转 transfer  any lines, under an approved transfer;  红字 the sides of another entry, negative
// Every line carries a fund, and debits equal credits within each (guard_posting).
import assert from 'node:assert/strict';
import { canonical, type Json } from '../kernel/canonical.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { money, moneyText, negated, sum, zero, type Money } from '../kernel/money.ts';

export type EntryKind = 'receipt' | 'payment' | 'transfer';
export const entryKinds: readonly EntryKind[] = ['receipt', 'payment', 'transfer'];
export const kindLetters: Record<EntryKind, string> = {
  receipt: '收',
  payment: '付',
  transfer: '转',
};

/** Most lines of one entry, and most characters of its memo: the database says the same. */
export const LINE_LIMIT = 500;
export const MEMO_LIMIT = 200;

/** One line: exactly one of debit and credit. */
export interface EntryLine {
  account: string;
  fund: string;
  debit?: Money | undefined;
  credit?: Money | undefined;
  /** Opaque name of a dwelling (unit.ref), never "3-2-1002". */
  unit?: string | undefined;
  /** Payee number. */
  payee?: string | undefined;
}

export interface NewEntry {
  kind: EntryKind;
  entry_date: BusinessDate;
  description: string;
  /** Idempotency key: the same key with the same content is booked once. */
  key: string;
  /** Person who made it (opaque). */
  made_by: string;
  postings: readonly EntryLine[];
  /** Proposal that allows it; every payment, transfer and reversal has one. */
  proposal?: number | undefined;
  /** seq of the entry it reverses. */
  reverses?: number | undefined;
  /** Reference of the bank. */
  reference?: string | undefined;
  /** SHA-256 of the original vouchers. */
  vouchers?: readonly string[] | undefined;
  /** Line of the bank it is made from: its lines on that account add up to the line's amount, and the door matches the two. */
  bank_line?: { account: string; position: number } | undefined;
  /** seq of the suspense entry (待核实) it clears, whole or in part. */
  settles?: number | undefined;
  /** Standing mandate (授权扣费) a bank fee rests on. */
  mandate?: number | undefined;
  /** Takes what a dwelling paid in advance (2203) for its bills, without an order: the door compares the two. */
  release?: true | undefined;
}

/** A line as JSON, in documents and bodies alike. */
export const lineJson = (line: EntryLine): { readonly [key: string]: Json | undefined } => ({
  account: line.account,
  fund: line.fund,
  debit: line.debit === undefined ? undefined : moneyText(line.debit),
  credit: line.credit === undefined ? undefined : moneyText(line.credit),
  unit: line.unit,
  payee: line.payee,
});

/** The canonical body of an entry, as post_entries() takes it. */
export function entryBody(entry: NewEntry): string {
  const vouchers = [...new Set(entry.vouchers ?? [])].sort();
  return canonical({
    kind: entry.kind,
    entry_date: entry.entry_date,
    description: entry.description,
    key: entry.key,
    made_by: entry.made_by,
    postings: entry.postings.map(lineJson),
    proposal: entry.proposal,
    reverses: entry.reverses,
    reference: entry.reference,
    bank_line: entry.bank_line === undefined ? undefined : { account: entry.bank_line.account, position: entry.bank_line.position },
    settles: entry.settles,
    mandate: entry.mandate,
    release: entry.release,
    vouchers: vouchers.length === 0 ? undefined : vouchers,
  });
}

/** The red-letter lines of an entry: the same sides, negative (红字冲销). */
export const redLines = (lines: readonly EntryLine[]): EntryLine[] =>
  lines.map((line) => ({
    ...line,
    debit: line.debit === undefined ? undefined : negated(line.debit),
    credit: line.credit === undefined ? undefined : negated(line.credit),
  }));

export interface SideSums {
  debit: Money;
  credit: Money;
}

export const sumsOf = (lines: readonly EntryLine[]): SideSums => ({
  debit: sum(lines.map((line) => line.debit ?? zero)),
  credit: sum(lines.map((line) => line.credit ?? zero)),
});

export function sumsByFund(lines: readonly EntryLine[]): Map<string, SideSums> {
  const funds = [...new Set(lines.map((line) => line.fund))];
  return new Map(funds.map((fund) => [fund, sumsOf(lines.filter((line) => line.fund === fund))]));
}

/** The one fund of the lines; null when there are several. */
export function onlyFund(lines: readonly EntryLine[]): string | null {
  const funds = new Set(lines.map((line) => line.fund));
  return funds.size === 1 ? [...funds][0]! : null;
}

/** Lines of a frozen document, for the entry that carries it out. */
export function linesOfJson(value: unknown): EntryLine[] {
  assert(Array.isArray(value), 'postings are a list');
  return value.map((item: unknown) => {
    assert(typeof item === 'object' && item !== null, 'a posting is an object');
    const line = item as Record<string, string | undefined>;
    return {
      account: line['account']!,
      fund: line['fund']!,
      debit: line['debit'] === undefined ? undefined : money(line['debit']),
      credit: line['credit'] === undefined ? undefined : money(line['credit']),
      unit: line['unit'],
      payee: line['payee'],
    };
  });
}

/** "收-041". */
export const entryNumber = (kind: string, number: number): string =>
  `${kindLetters[kind as EntryKind]}-${String(number).padStart(3, '0')}`;
