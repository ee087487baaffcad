// What a reconciliation statement says in sentences, for the page and for the PDF: what must be noted first, where an item
// stands since, what a line of the bank is called.
import { instant, shanghaiTime } from '../../src/kernel/dates.ts';
import { fill } from '../../src/kernel/locale.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import { money, moneyFigures, sum } from '../../src/kernel/money.ts';
import type { BankItem, BookItem, Named, ReconciliationFigures, SuspenseItem } from './figures.ts';
import { texts } from './texts.ts';
import type { TextName } from './texts.ts';

export type Say = (name: TextName, facts?: Record<string, string | number>) => string;
export const sayIn = (locale: Locale): Say => (name, facts) => fill(texts[locale][name], facts);
export const nameIn = (row: Named, locale: Locale): string => (locale === 'en' && row.name_en !== '' ? row.name_en : row.name_zh);
/** "2026-11-10 08:00", Asia/Shanghai. */
export const moment = (iso: string): string => shanghaiTime(instant(iso)).slice(0, 16);

const yuan = (amount: string): string => moneyFigures(money(amount));
export const total = (amounts: readonly string[]): string => moneyFigures(sum(amounts.map(money)));

export type NoteTone = 'alarm' | 'amber' | 'ok';
export interface Note { tone: NoteTone; text: string }

/** What must be said before the figures, in order; one reassuring line where there is nothing. */
export function notesOf(figures: ReconciliationFigures, locale: Locale): Note[] {
  const say = sayIn(locale);
  const { basis, as_of, last_day, covered_from, covered_to, difference, bank_account: { closed_on } } = figures;
  if (basis === 'none') return [{ tone: 'alarm', text: say('no_statement') }];
  if (basis === 'balance') {
    const agrees = Number(difference) === 0;
    const text = say(agrees ? 'only_balance_agrees' : 'only_balance', { as_of: as_of!, difference: yuan(difference!) });
    return [{ tone: 'alarm', text }];
  }
  const notes: Note[] = [];
  if (closed_on !== null) notes.push({ tone: 'amber', text: say('closed_account', { closed_on }) });
  if (as_of! < last_day && as_of !== closed_on) {
    notes.push({ tone: 'alarm', text: say('not_covered', { to: covered_to!, last_day, as_of: as_of! }) });
  }
  if (Number(figures.remaining) !== 0) {
    notes.push({ tone: 'alarm', text: say('remains', { remaining: yuan(figures.remaining!), from: covered_from! }) });
  }
  const items = openNotes(figures, say);
  if (notes.length + items.length > 0) return [...notes, ...items];
  const nothing = figures.bank_items.length + figures.book_items.length === 0;
  return [{ tone: 'ok', text: say(nothing ? 'all_well' : 'all_explained') }];
}

function openNotes({ bank_items, suspense }: ReconciliationFigures, say: Say): Note[] {
  const notes: Note[] = [];
  const open = bank_items.filter((item) => item.answered_on === null).map((item) => item.amount);
  if (open.length > 0) {
    const paid = open.filter((amount) => amount.startsWith('-')).map((amount) => amount.slice(1));
    const received = open.filter((amount) => !amount.startsWith('-'));
    notes.push({ tone: 'alarm', text: say('open_lines', { count: open.length, received: total(received), paid: total(paid) }) });
  }
  for (const side of ['debit', 'credit'] as const) {
    const mine = suspense.filter((item) => item.side === side);
    if (mine.length === 0) continue;
    const left = mine.map((item) => item.left_now);
    const open = left.some((amount) => Number(amount) !== 0);
    notes.push({
      tone: side === 'debit' && open ? 'alarm' : 'amber',
      text: say(`${side}s_${open ? 'open' : 'settled'}`, { count: mine.length, amount: total(mine.map((item) => item.left_then)), left: total(left) }),
    });
  }
  return notes;
}

export const lineWords = ({ position, serial }: { position: number; serial?: string }, say: Say): string =>
  (serial === undefined || serial === '' ? say('line_n', { position }) : say('line_serial', { position, serial }));

export const sinceBank = ({ answered_on, answered_by }: BankItem, say: Say): string =>
  (answered_on === null ? say('not_answered') : say('answered_books', { day: answered_on, number: answered_by ?? '–' }));
export function sinceBooks({ answered_on, reversed_by }: BookItem, say: Say): string {
  if (answered_on === null) return say('not_answered');
  return reversed_by === null ? say('answered_bank', { day: answered_on }) : say('answered_reversal', { day: answered_on, number: reversed_by });
}
export function sinceSuspense({ settled_by, left_now }: SuspenseItem, say: Say): string {
  if (settled_by === null) return say('not_answered');
  return say(Number(left_now) === 0 ? 'settled' : 'settled_partly', { number: settled_by, left: yuan(left_now) });
}

export const fundWords = (row: SuspenseItem, locale: Locale): string => nameIn({ name_zh: row.fund_zh, name_en: row.fund_en }, locale);
export const bodiesWords = (bodies: readonly Named[], locale: Locale): string =>
  bodies.map((body) => nameIn(body, locale)).join(locale === 'zh' ? '、' : ', ');
