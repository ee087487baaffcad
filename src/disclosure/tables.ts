// The tables of a disclosure's HTML twin as rows, once for the page and for its CSV twins.
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import type { CsvColumn } from '../web/csv.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { DisclosureFigures, EntryRow, Named } from '../../reports/monthly-disclosure/figures.ts';
import { feeLines } from '../../reports/monthly-disclosure/fee-lines.ts';
import { sayIn } from '../../reports/monthly-disclosure/words.ts';
import { besideTable } from './beside-tables.ts';
import { texts } from './texts.ts';

export const nameIn = (row: Named, locale: Locale): string => (locale === 'en' && row.name_en !== '' ? row.name_en : row.name_zh);

export interface EntryFilter { q: string; kind: string; account: string; fund: string }

export interface EntryShown {
  seq: number;
  date: string;
  number: string;
  description: string;
  account: string;
  fund: string;
  received: string;
  paid: string;
  balance: string;
  signers: string;
  vouchers: number;
  reverses: string | null;
  reversed_by: string | null;
  asked: number;
  open: number;
  emergency: EntryRow['emergency'];
  unexplained: EntryRow['unexplained'];
  settles: EntryRow['settles'];
  mandate: EntryRow['mandate'];
  /** Marks of the entry in words, for the spreadsheet. */
  marks: string;
}

export interface Mark { text: string; tone: 'red' | 'plain' }
type Marked = { [K in 'unexplained' | 'settles' | 'mandate']?: EntryRow[K] | undefined };

/** What is to be said beside an entry that the bank made necessary: in suspense, signed after the fact, under a mandate. */
export function marksOf({ unexplained, settles, mandate }: Marked, locale: Locale): Mark[] {
  const t = pick(texts, locale);
  const marks: Mark[] = [];
  if (unexplained !== undefined) {
    const open = !money(unexplained.left).isZero();
    const text = unexplained.side === 'credit' ? t.suspense_in : open ? t.suspense_out : t.suspense_settled;
    marks.push({ text: fill(text, { left: moneyFigures(money(unexplained.left)) }), tone: open && unexplained.side === 'debit' ? 'red' : 'plain' });
  }
  if (settles !== undefined) marks.push({ text: fill(settles.after_the_fact ? t.after_the_fact : t.settles, { number: settles.number }), tone: settles.after_the_fact ? 'red' : 'plain' });
  if (mandate !== undefined) marks.push({ text: fill(t.by_mandate, { mandate }), tone: 'plain' });
  return marks;
}

function entryShown(entry: EntryRow, locale: Locale): EntryShown {
  const t = pick(texts, locale);
  const { seq, date, number, description, received, paid, balance, vouchers, reverses, reversed_by } = entry;
  const once = (names: string[]): string => [...new Set(names)].join(locale === 'zh' ? '、' : ', ');
  return {
    seq, date, number, description, received, paid, balance, vouchers, reverses, reversed_by,
    account: once(entry.lines.map((line) => `${line.account} ${nameIn(line, locale)}`)),
    fund: once(entry.lines.map((line) => nameIn({ name_zh: line.fund_zh, name_en: line.fund_en }, locale))),
    signers: entry.signers.map((signer) => nameIn(signer, locale) + (signer.weak ? t.weak : '')).join(locale === 'zh' ? '；' : '; '),
    asked: entry.inquiries.asked, open: entry.inquiries.open, emergency: entry.emergency,
    unexplained: entry.unexplained, settles: entry.settles, mandate: entry.mandate,
    marks: marksOf(entry, locale).map(({ text }) => text).join(locale === 'zh' ? '；' : '; '),
  };
}

export interface FilteredEntries { rows: EntryShown[]; received: string; paid: string }

/** The entries that match, in order, and their sums. */
export function entriesShown({ entries }: DisclosureFigures, { q, kind, account, fund }: EntryFilter, locale: Locale): FilteredEntries {
  const wanted = q.normalize('NFKC').trim().toLowerCase();
  const found = entries.filter((entry) =>
    (kind === '' || entry.kind === kind)
    && (account === '' || entry.lines.some((line) => line.account.startsWith(account)))
    && (fund === '' || entry.lines.some((line) => line.fund === fund))
    && (wanted === '' || `${entry.number} ${entry.description}`.toLowerCase().includes(wanted)));
  return {
    rows: found.map((entry) => entryShown(entry, locale)),
    received: moneyText(sum(found.map((entry) => money(entry.received)))),
    paid: moneyText(sum(found.map((entry) => money(entry.paid)))),
  };
}

export const tableNames = ['entries', 'income', 'expense', 'other', 'fees', 'funds', 'bank', 'unexplained', 'months', 'budget', 'projects', 'surveys'] as const;
export type TableName = (typeof tableNames)[number];
interface CsvTable { columns: CsvColumn[]; rows: readonly object[] }

/** A table of the twin as a file: exactly what the page shows. */
export function csvTable(name: TableName, figures: DisclosureFigures, filter: EntryFilter, locale: Locale): CsvTable {
  const t = pick(texts, locale);
  const amount = (key: string, title: string): CsvColumn => ({ key, title, type: 'money' });
  const text = (key: string, title: string): CsvColumn => ({ key, title, type: 'text' });
  const named = <R extends Named>(rows: readonly R[]) => rows.map((row) => ({ ...row, name: nameIn(row, locale) }));
  switch (name) {
    case 'entries': return {
      columns: [text('date', t.date), text('number', t.number), text('description', t.memo), text('account', t.account),
        text('fund', t.fund), amount('received', t.received), amount('paid', t.paid), amount('balance', t.balance),
        text('signers', t.signers), { key: 'vouchers', title: t.vouchers, type: 'number' }, text('marks', t.marks)],
      rows: entriesShown(figures, filter, locale).rows,
    };
    case 'income': case 'expense': return {
      columns: [text('account', t.account), text('name', t.heading), amount('month', t.this_month),
        amount('year', t.year_to_date), { key: 'share', title: t.share, type: 'number' }],
      rows: named(figures[name]),
    };
    case 'other': return {
      columns: [text('account', t.account), text('name', t.heading), amount('received', t.received), amount('paid', t.paid)],
      rows: named(figures.other),
    };
    case 'fees': return {
      columns: [text('text', sayIn(locale)('heading')), amount('amount', sayIn(locale)('fees_amount'))],
      rows: figures.fees === undefined ? [] : feeLines(figures.fees, sayIn(locale)),
    };
    case 'funds': return {
      columns: [text('fund', t.fund), text('name', t.fund), amount('opening', t.opening), amount('received', t.received),
        amount('paid', t.paid), amount('closing', t.closing)],
      rows: named(figures.funds),
    };
    case 'bank': return {
      columns: [text('name', t.bank_account), text('account_last4', t.number), amount('bank_balance', t.bank_says),
        text('as_of', t.as_of), amount('book_balance', t.books_say), amount('difference', t.difference), text('covered_to', t.covered_to),
        amount('remaining', t.remaining)],
      rows: named(figures.bank).map((row) => ({ ...row, covered_to: row.statement?.covered_to, remaining: row.statement?.remaining })),
    };
    case 'unexplained': return {
      columns: [text('booked_on', t.booked_on), text('number', t.number), text('side', t.side), amount('amount', t.amount), amount('left', t.left), text('settled', t.settled_by)],
      rows: unexplainedShown(figures, locale).map((row) => ({ ...row, settled: row.settled.join(locale === 'zh' ? '；' : '; ') })),
    };
    case 'budget': case 'projects': case 'surveys': return besideTable(name, figures, locale);
    case 'months': return {
      columns: [text('period', t.month), amount('received', t.received), amount('paid', t.paid)], rows: figures.months,
    };
  }
}

export interface UnexplainedShown { seq: number; booked_on: string; number: string; side: string; debit: boolean; amount: string; left: string; settled: string[] }

/** What stood in suspense, and how each was explained since. */
export function unexplainedShown({ unexplained = [] }: DisclosureFigures, locale: Locale): UnexplainedShown[] {
  const t = pick(texts, locale);
  return unexplained.map(({ seq, booked_on, period, number, side, amount, left, settled }) => ({
    seq, booked_on, number: `${period} ${number}`, side: t[`side_${side}`], debit: side === 'debit', amount, left,
    settled: settled.map((one) => fill(one.order === null ? t.settled_other : t.settled_order,
      { order: one.order ?? '', date: formatDate(one.date, locale), number: `${one.period} ${one.number}` })),
  }));
}
