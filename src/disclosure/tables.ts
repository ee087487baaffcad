// The tables of a disclosure's HTML twin as rows, once for the page and for its CSV twins.
import type { Locale } from '../kernel/locale.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import type { CsvColumn } from '../web/csv.ts';
import { pick } from '../web/locale.ts';
import type { DisclosureFigures, EntryRow, Named } from '../../reports/monthly-disclosure/figures.ts';
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

export const tableNames = ['entries', 'income', 'expense', 'other', 'funds', 'bank', 'months'] as const;
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
        text('signers', t.signers), { key: 'vouchers', title: t.vouchers, type: 'number' }],
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
    case 'funds': return {
      columns: [text('fund', t.fund), text('name', t.fund), amount('opening', t.opening), amount('received', t.received),
        amount('paid', t.paid), amount('closing', t.closing)],
      rows: named(figures.funds),
    };
    case 'bank': return {
      columns: [text('name', t.bank_account), text('account_last4', t.number), amount('bank_balance', t.bank_says),
        text('as_of', t.as_of), amount('book_balance', t.books_say), amount('difference', t.difference)],
      rows: named(figures.bank),
    };
    case 'months': return {
      columns: [text('period', t.month), amount('received', t.received), amount('paid', t.paid)], rows: figures.months,
    };
  }
}
