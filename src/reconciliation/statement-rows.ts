// The reconciliation statement as rows, once for its page and for the spreadsheet.
import type { Locale } from '../kernel/locale.ts';
import type { CsvColumn } from '../web/csv.ts';
import type { ReconciliationFigures } from '../../reports/reconciliation/figures.ts';
import { texts } from '../../reports/reconciliation/texts.ts';
import { fundWords, lineWords, sayIn, sinceBank, sinceBooks, sinceSuspense } from '../../reports/reconciliation/words.ts';

export const sides = ['book_received', 'book_paid', 'bank_received', 'bank_paid'] as const;
export type Side = (typeof sides)[number];

export interface ItemRow {
  date: string;
  text: string;
  name: string;
  /** Without a sign: the side says which way. */
  amount: string;
  since: string;
  answered: boolean;
  /** Entry it leads to; null for a line of the bank. */
  seq: number | null;
}

const unsigned = (amount: string): string => amount.replace('-', '');

/** The items of one side of the form. */
export function itemRows(figures: ReconciliationFigures, side: Side, locale: Locale): ItemRow[] {
  const say = sayIn(locale);
  const out = side.endsWith('paid');
  const mine = <R extends { amount: string }>(items: readonly R[]): R[] => items.filter(({ amount }) => amount.startsWith('-') === out);
  if (side.startsWith('book')) {
    return mine(figures.book_items).map((item) => ({
      date: item.date, text: item.description, name: `${item.period} ${item.number}`, amount: unsigned(item.amount), since: sinceBooks(item, say),
      answered: item.answered_on !== null, seq: item.seq,
    }));
  }
  return mine(figures.bank_items).map((item) => ({
    date: item.date, text: item.text ?? say('private_text'), name: lineWords(item, say), amount: unsigned(item.amount), since: sinceBank(item, say),
    answered: item.answered_on !== null, seq: null,
  }));
}

/** The whole statement as one table: the form first, then every item under the part it belongs to. */
export function csvRows(figures: ReconciliationFigures, locale: Locale): { columns: CsvColumn[]; rows: object[] } {
  const say = sayIn(locale);
  const words = texts[locale];
  const { totals, suspense } = figures;
  const [bank, books] = [words.by_bank, words.by_books];
  const form = [
    [bank, words.bank_balance, figures.bank_balance], [bank, words.book_received, totals.book_received], [bank, words.book_paid, totals.book_paid],
    [bank, words.adjusted, figures.adjusted_bank],
    [books, words.book_balance, figures.book_balance], [books, words.bank_received, totals.bank_received], [books, words.bank_paid, totals.bank_paid],
    [books, words.adjusted, figures.adjusted_books],
    [words.remaining, '', figures.remaining],
  ].map(([part, text, amount]) => ({ part, text, amount, date: figures.as_of }));
  return {
    columns: [
      { key: 'part', title: say('side') }, { key: 'date', title: words.date }, { key: 'text', title: words.item }, { key: 'name', title: words.number },
      { key: 'amount', title: words.amount, type: 'money' }, { key: 'since', title: words.answered },
    ],
    rows: [
      ...form,
      ...sides.flatMap((side) => itemRows(figures, side, locale).map((row) => ({ ...row, part: words[side] }))),
      ...suspense.map((row) => ({
        part: `${words.suspense} · ${say(`side_${row.side}`)}`, date: row.date, name: `${row.period} ${row.number}`, amount: row.left_then,
        text: [fundWords(row, locale), lineWords(row, say), row.text ?? ''].filter((text) => text !== '').join(' · '),
        since: [say('days', { days: row.days }), sinceSuspense(row, say)].join(' · '),
      })),
    ],
  };
}
