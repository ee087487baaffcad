// What is booked on the bank's word (待核实款项): a line that nobody explains goes to suspense the day it is seen, a debit to
// 1291, a credit to 2291, and to nowhere else without an order; it is cleared by a settlement, up to what is left. A debit
// needs a payment order that was signed, even if afterwards, and then one that says so; a credit is what it would have been on its day, a receipt.
//   debit   借 1291 待核实支出 贷 bank    settled  the order's lines, its bank account replaced by 1291
//   credit  借 bank 贷 2291 待核实收入    settled  借 2291 贷 income or liability
// Where another fund pays or receives, money moves between the two funds on the bank account, and none leaves.
import { isMoney } from './accounts.ts';
import { judgeMandate, useMandate } from './bank-accounts.ts';
import { addMatch, endMatch, lineKey, movedOn } from './bank-matches.ts';
import { chainOf } from './bank-statements.ts';
import type { Books, Entry, Line, Suspense } from './books.ts';
import { judgeSignedBy } from './carrying-out.ts';
import { yuan } from './fen.ts';

const OUT = '1291';
const IN = '2291';
const isSuspense = (account: string): boolean => account === OUT || account === IN;

const own = (side: Suspense['side']): string => (side === 'debit' ? OUT : IN);
const sumOf = (lines: readonly Line[], account: string): number =>
  lines.reduce((sum, line) => sum + (line.account === account ? line.debit - line.credit : 0), 0);

/** What an entry puts into suspense; null of any other entry. */
export function suspended(entry: Entry): Suspense | null {
  const { kind, lines, bank_line, settles, reverses, mandate, ordered } = entry;
  if (bank_line === null || settles !== null || reverses !== null || mandate !== null || ordered !== null || lines.length !== 2) return null;
  const held = lines.find((line) => isSuspense(line.account));
  if (held === undefined || !lines.some((line) => line !== held && line.account === bank_line.account && line.fund === held.fund)) return null;
  const side = held.account === OUT ? 'debit' : 'credit';
  const amount = side === 'debit' ? held.debit : held.credit;
  if (amount <= 0 || kind !== (side === 'debit' ? 'payment' : 'receipt')) return null;
  return { entry, side, fund: held.fund, bank_account: bank_line.account, amount, settlements: [] };
}

/** How much a settlement takes off what it settles. */
const settledBy = ({ side }: Suspense, { lines }: Entry): number => (side === 'debit' ? -sumOf(lines, OUT) : sumOf(lines, IN));

// ── The line of the bank ─────────────────────────────────────────────────────────────────────────

function judgeLine(books: Books, entry: Entry): void {
  const { bank_line, date, reverses, settles, proposal } = entry;
  if (bank_line === null) return;
  const { account, position } = bank_line;
  const chain = chainOf(books, account);
  const line = chain.lines.get(position);
  if (books.line_matches.has(lineKey(account, position))) books.accuse('bank_line_twice', { account, position });
  const moved = movedOn(entry, account);
  if (line === undefined) {
    if (position > 0 && position <= chain.low) books.counted.elsewhere += 1;
    else books.accuse('bank_line_unknown', { account, position });
  } else if (line.amount !== moved || date < line.booked_on) {
    books.accuse('bank_line_differs', { account, position, said: `${date} ${yuan(moved)}`, found: `${line.booked_on} ${yuan(line.amount)}` });
  }
  if (line !== undefined && proposal !== null && reverses === null) judgeSignedBy(books, proposal, line.booked_on);
  if (reverses !== null || settles !== null) books.accuse('suspense_misused');
}

// ── Settlements ──────────────────────────────────────────────────────────────────────────────────

/** Whether an entry stood at a size of the log. */
export const stands = ({ seq, reversed_by }: Entry, size: number): boolean => seq <= size && (reversed_by === null || reversed_by > size);

/** What is not settled of a suspense entry at a size of the log, by entries dated up to a day. */
export const leftOf = ({ amount, settlements }: Suspense, size = Infinity, day = '9999'): number =>
  settlements.reduce((left, one) => (stands(one.entry, size) && one.entry.date <= day ? left - one.amount : left), amount);

/** The suspense entry that an entry settles, while it stands. */
export function targetOf({ suspense }: Books, { settles }: Entry): Suspense | undefined {
  const found = settles === null ? undefined : suspense.get(settles);
  return found?.entry.reversed_by === null ? found : undefined;
}

/** Day on which the bank made the line of a suspense entry, where it is at hand. */
export function lineDayOf(books: Books, { entry: { bank_line } }: Suspense): string | undefined {
  return bank_line === null ? undefined : chainOf(books, bank_line.account).lines.get(bank_line.position)?.booked_on;
}

/** The lines with which an order clears a suspense debit; null where it cannot. */
export function settledLines(lines: readonly Line[], { side, fund, bank_account }: Suspense): Line[] | null {
  const paid = lines.find((line) => isMoney(line.account) && line.credit !== 0);
  if (side !== 'debit' || paid?.account !== bank_account) return null;
  if (paid.fund === fund) return lines.map((line) => (JSON.stringify(line) === JSON.stringify(paid) ? { ...line, account: OUT } : line));
  const moved = { fund, debit: 0, credit: 0, unit: null, payee: null };
  return [...lines, { ...moved, account: bank_account, debit: paid.credit }, { ...moved, account: OUT, credit: paid.credit }];
}

/** Whether a credit is cleared as a receipt would be, on one hand: into income or liabilities, no money to anybody. */
function isReceipt({ lines }: Entry, { fund, bank_account }: Suspense): boolean {
  const leaves = lines.reduce((sum, line) => sum + (isMoney(line.account) ? line.credit - line.debit : 0), 0);
  return leaves === 0 && lines.every(({ account, fund: of, debit }) => (debit !== 0
    ? (account === IN && of === fund) || (account === bank_account && of !== fund)
    : !isSuspense(account) && (!isMoney(account) || (account === bank_account && of === fund))));
}

/** Whether an entry may go without an order, because the bank says what it says. */
export function needsNoOrder(books: Books, entry: Entry): boolean {
  const target = targetOf(books, entry);
  if (entry.settles !== null) return entry.kind === 'transfer' && target?.side === 'credit' && isReceipt(entry, target);
  return entry.kind === 'payment' && entry.reverses === null && entry.bank_line !== null && (entry.mandate !== null || suspended(entry) !== null);
}

function judgeSettlement(books: Books, entry: Entry, settles: number): void {
  const target = targetOf(books, entry);
  if (target === undefined) {
    if (books.complete || books.entries.has(settles)) books.accuse('suspense_unknown', { settles });
    else books.accuse('support_missing', { what: `第 ${settles} 条记录的待核实款项`, what_en: `the suspense entry of record ${settles}` });
    return;
  }
  const amount = settledBy(target, entry);
  const strange = entry.lines.some((line) => isSuspense(line.account) && (line.account !== own(target.side) || line.fund !== target.fund));
  if (entry.kind !== 'transfer' || entry.reverses !== null || strange) books.accuse('suspense_misused');
  const left = leftOf(target);
  if (amount <= 0 || amount > left) books.accuse('suspense_exceeded', { entry: settles, amount: yuan(amount), left: yuan(left) });
}

/** What an entry says of the bank and of suspense. */
export function judgeBankWord(books: Books, entry: Entry): void {
  judgeLine(books, entry);
  if (entry.mandate !== null) judgeMandate(books, entry, entry.mandate);
  if (entry.settles !== null) return judgeSettlement(books, entry, entry.settles);
  if (entry.reverses === null) {
    if (entry.lines.some((line) => isSuspense(line.account)) && suspended(entry) === null) books.accuse('suspense_misused');
    return;
  }
  const undone = books.suspense.get(entry.reverses);
  if (undone !== undefined && leftOf(undone) < undone.amount) {
    books.accuse('suspense_exceeded', { entry: entry.reverses, amount: yuan(undone.amount), left: yuan(leftOf(undone)) });
  }
}

// ── What follows ─────────────────────────────────────────────────────────────────────────────────

/** Writes down what an entry does to suspense and to matches. */
export function bookBankWord(books: Books, entry: Entry): void {
  const { seq, bank_line, reverses } = entry;
  if (reverses !== null) undo(books, reverses, seq);
  const target = targetOf(books, entry);
  target?.settlements.push({ entry, amount: settledBy(target, entry) });
  useMandate(books, entry, 1);
  const held = suspended(entry);
  if (held !== null) books.suspense.set(seq, held);
  if (bank_line === null) return;
  const { account, position } = bank_line;
  addMatch(books, { account, lines: [position], entries: [seq], way: 'booked', seq, ended_seq: null, checked: books.banks.get(account)?.lines.has(position) === true });
}

function undo(books: Books, reverses: number, seq: number): void {
  const before = books.entries.get(reverses);
  if (before !== undefined) useMandate(books, before, -1);
  for (const match of books.entry_matches.get(reverses) ?? []) endMatch(books, match, seq);
}

/** Suspense entries that stood at a size of the log, oldest first. */
export const suspenseAt = ({ suspense }: Books, size = Infinity): Suspense[] =>
  [...suspense.values()].filter(({ entry }) => stands(entry, size)).sort((a, b) => a.entry.seq - b.entry.seq);

/** Debits of the bank that nobody has explained in full. */
export const openDebits = (books: Books): Suspense[] => suspenseAt(books).filter((one) => one.side === 'debit' && leftOf(one) > 0);
