// Entries that close a year (决算结转), by our own reading: they hold income, expense and the funds' own accounts and nothing else, leave
// nothing on 3103, carry over exactly what the year left, and are never reversed. Figures of months leave them out; so whatever could hide
// in one is looked at here.
import type { Books, Entry } from './books.ts';
import { Sums } from './fen.ts';

export const isClosing = ({ proposal }: Entry): boolean => proposal?.kind === 'final_account';
const yearOf = ({ closes }: Entry): string => closes ?? '–';
const isResult = (account: string): boolean => account.startsWith('4') || account.startsWith('5');
const keyOf = ({ fund, account }: { fund: string; account: string }): string => `${fund} ${account}`;

/** Judged before the entry is among the others of its month. */
export function judgeClosing(books: Books, entry: Entry): void {
  const target = entry.reverses === null ? undefined : books.entries.get(entry.reverses);
  if (target !== undefined && isClosing(target)) return books.accuse('closing_wrong', { year: yearOf(target) });
  if (!isClosing(entry)) return;
  const year = yearOf(entry);
  const left = new Sums<string>();
  for (const line of entry.lines) if (line.account === '3103') left.add(line.fund, line.debit - line.credit);
  const wrong = entry.lines.some(({ account }) => !isResult(account) && !/^3(?:101|103|102\d\d)$/.test(account)) || left.keys().some((fund) => left.of(fund) !== 0n)
    || entry.period < `${year}-12` || !carriesOver(books, entry, year);
  if (wrong) books.accuse('closing_wrong', { year });
}

/** Whether nothing is left of the accounts it names; told only where every entry since January is at hand. */
function carriesOver(books: Books, entry: Entry, year: string): boolean {
  if (books.known_from === null || books.known_from > `${year}-01`) return true;
  const rest = new Sums<string>();
  const add = ({ lines }: Entry): void => {
    for (const line of lines) if (isResult(line.account)) rest.add(keyOf(line), line.debit - line.credit);
  };
  for (const [period, entries] of books.periods) {
    for (const one of entries) if (isClosing(one) ? yearOf(one) === year : period.startsWith(year)) add(one);
  }
  add(entry);
  return entry.lines.every((line) => !isResult(line.account) || rest.of(keyOf(line)) === 0n);
}
