// What stands between a bank account and its books at the end of a day (银行存款余额调节表), by the records alone: lines that
// the books did not have by then, entries that the bank did not have. Only where all records are known from the first on.
import { movedOn } from './bank-matches.ts';
import { firstDay, lastDay } from '../kernel/dates.ts';
import { bankAccountsAt } from './bank-accounts.ts';
import type { BankChain } from './bank-chain.ts';
import type { Books, Entry, Match, Suspense } from './books.ts';
import { yuan } from './fen.ts';
import { bodiesIn, textIn, type Body } from './fields.ts';
import { leftOf, suspenseAt } from './suspense.ts';

interface Item { bank: boolean; amount: number; answered: boolean }

export interface Standing {
  bank: bigint; books: bigint; bank_items: number; bank_received: bigint; bank_paid: bigint; book_items: number; book_received: bigint; book_paid: bigint;
  open_lines: number; remaining: bigint;
}

interface Asked { chain: BankChain; day: string; size: number }

/** Matches of the account that stood at the size, by line and by entry. */
function standing({ matches }: Books, { chain: { account }, size }: Asked): { live: Match[]; by_line: Set<number>; by_entry: Set<number> } {
  const live = matches.filter((one) => one.account === account && one.seq <= size && (one.ended_seq === null || one.ended_seq > size));
  return { live, by_line: new Set(live.flatMap(({ lines }) => lines)), by_entry: new Set(live.flatMap(({ entries }) => entries)) };
}

/** Of a match whose two halves up to the day differ, what there was of it by then. */
function halves(books: Books, { chain, day }: Asked, live: readonly Match[]): Item[] {
  return live.flatMap(({ lines, entries }) => {
    const members = [
      ...lines.map((position) => ({ bank: true, amount: chain.lines.get(position)?.amount ?? 0, on: chain.lines.get(position)?.booked_on ?? '' })),
      ...entries.map((seq) => books.entries.get(seq)).filter((entry) => entry !== undefined)
        .map((entry) => ({ bank: false, amount: movedOn(entry, chain.account), on: entry.date })),
    ];
    const then = members.filter(({ on }) => on <= day);
    const apart = then.reduce((sum, { bank, amount }) => sum + (bank ? amount : -amount), 0);
    return then.length === members.length || apart === 0 ? [] : then.map(({ bank, amount }) => ({ bank, amount, answered: true }));
  });
}

/** Entries that the bank has not answered; one and its reversal that the bank never saw cancel each other. */
function looseEntries(books: Books, { chain, day, size }: Asked, by_entry: ReadonlySet<number>): Item[] {
  const from = chain.statements.reduce((first, one) => (one.seq <= size && one.from < first ? one.from : first), '9999');
  const isLoose = (entry: Entry | undefined): entry is Entry =>
    entry !== undefined && entry.seq <= size && !by_entry.has(entry.seq) && movedOn(entry, chain.account) !== 0;
  const items: Item[] = [];
  for (const entry of books.entries.values()) {
    if (entry.date > day || !isLoose(entry)) continue;
    const by = entry.reversed_by === null ? undefined : books.entries.get(entry.reversed_by);
    const of = entry.reverses === null ? undefined : books.entries.get(entry.reverses);
    const other = isLoose(by) ? by : isLoose(of) ? of : undefined;
    if (other === undefined ? entry.date >= from : other.date > day) items.push({ bank: false, amount: movedOn(entry, chain.account), answered: other !== undefined });
  }
  return items;
}

/** What keeps bank and books apart at the end of a day, as of a size of the log. */
export function reconcile(books: Books, asked: Asked): Standing {
  const { chain, day, size } = asked;
  const { live, by_line, by_entry } = standing(books, asked);
  const items: Item[] = [...halves(books, asked, live), ...looseEntries(books, asked, by_entry)];
  let bank = chain.statements[0]?.opening ?? 0n;
  for (let position = 1; position <= chain.last; position += 1) {
    const line = chain.lines.get(position);
    if (line === undefined || line.seq > size || line.booked_on > day) break;
    bank = line.balance;
    if (!by_line.has(position)) items.push({ bank: true, amount: line.amount, answered: false });
  }
  let own = 0n;
  for (const entry of books.entries.values()) if (entry.seq <= size && entry.date <= day) own += BigInt(movedOn(entry, chain.account));
  const sum = (of_bank: boolean, sign: 1 | -1): bigint =>
    items.reduce((all, one) => (one.bank === of_bank && one.amount * sign > 0 ? all + BigInt(one.amount * sign) : all), 0n);
  const [bank_received, bank_paid, book_received, book_paid] = [sum(true, 1), sum(true, -1), sum(false, 1), sum(false, -1)];
  return {
    bank, books: own, bank_items: items.filter((one) => one.bank).length, bank_received, bank_paid,
    book_items: items.filter((one) => !one.bank).length, book_received, book_paid,
    open_lines: items.filter((one) => one.bank && !one.answered).length, remaining: bank + book_received - book_paid - own - bank_received + bank_paid,
  };
}

/** The last day of those up to `day` that statements cover, and the first; null where none reaches that far. */
export function coveredUpTo(chain: BankChain | undefined, day: string, size = Infinity): { from: string; to: string } | null {
  const from = chain?.statements.reduce((first, one) => (one.seq <= size && one.from < first ? one.from : first), '9999') ?? '9999';
  const to = chain?.headAt(size)?.to;
  return to === undefined || from > day ? null : { from, to: to < day ? to : day };
}

/** What those who sign for the closing of a month are told of the bank is what the records said then. */
export function closeToldRight(books: Books, document: Body): boolean {
  if (document['bank'] === undefined) return true;
  const period = textIn(document, 'period');
  const day = lastDay(period);
  const rows = bodiesIn(document, 'bank');
  const accounts = bankAccountsAt(books, Infinity);
  const told = new Set(rows.map((row) => row['account']));
  // When an account of a later proposal was opened at the bank, only its document says.
  const missing = accounts.some((one) => one.first && (one.closed_on === null || one.closed_on >= firstDay(period)) && !told.has(one.account));
  return told.size === rows.length && !missing && rows.every((row) => {
    const account = textIn(row, 'account');
    const open = (side: Suspense['side']): string => yuan(suspenseAt(books).filter((one) => one.side === side && one.bank_account === account && one.entry.date <= day)
      .reduce((sum, one) => sum + BigInt(leftOf(one)), 0n));
    if (!accounts.some((one) => one.account === account) || row['unexplained_out'] !== open('debit') || row['unexplained_in'] !== open('credit')) return false;
    if (!books.complete) return true;
    const chain = books.banks.get(account);
    const covered = coveredUpTo(chain, day);
    if (covered === null) return row['covered_to'] === null && row['difference'] === null && row['open_lines'] === 0;
    const { bank, books: own, open_lines } = reconcile(books, { chain: chain!, day: covered.to, size: Infinity });
    return row['covered_to'] === covered.to && row['difference'] === yuan(bank - own) && row['open_lines'] === open_lines;
  });
}
