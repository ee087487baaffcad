// A dwelling's money as post_entries() should have booked it: what was paid in advance (2203) is released to income or 2242 of
// the same dwelling and fund without an order, and nothing else is; nobody takes more of a dwelling than is held for it
// (2203, 2241); money in transit (1012) comes in on one hand as money does; receipts count from 1 without gaps. What is held,
// and which receipt is which, can be told only where the records from the first one on are at hand.
import type { Books, Entry, Line } from './books.ts';
import { Sums, yuan } from './fen.ts';

const TRANSIT = '1012';
const ADVANCE = '2203';
const DEPOSIT = '2241';
const SUBSIDIES = 'fee_subsidy';
const PASSED_ON = '5114';

export const isTransit = (account: string): boolean => account === TRANSIT;
const isHeld = ({ unit, account }: Line): boolean => unit !== null && (account === ADVANCE || account === DEPOSIT);
export const heldKey = (unit: string, account: string, fund: string): string => `${unit} ${account} ${fund}`;

/** 借 2203 贷 income or 2242, each dwelling and fund for itself; without an order, because the money was theirs already. */
export function judgeRelease(books: Books, entry: Entry): void {
  const { kind, lines, ordered, reverses, settles, bank_line, mandate } = entry;
  const left = new Map<string, number>();
  let strange = kind !== 'transfer' || [ordered, reverses, settles, bank_line, mandate].some((one) => one !== null);
  for (const { unit, account, fund, debit, credit } of lines) {
    const taken = account === ADVANCE && credit === 0;
    const earned = (account.startsWith('4') || account === '2242') && debit === 0;
    if (unit === null || (!taken && !earned)) strange = true;
    left.set(`${unit} ${fund}`, (left.get(`${unit} ${fund}`) ?? 0) + debit - credit);
  }
  if (strange || [...left.values()].some((difference) => difference !== 0)) books.accuse('release_wrong');
}

/** Nobody takes more of a dwelling than is held for it; the red letters of a receipt that bounced may. */
export function judgeHeld(books: Books, { lines, reverses }: Entry): void {
  if (!books.complete || reverses !== null) return;
  const taken = new Sums<string>();
  for (const line of lines) if (isHeld(line)) taken.add(heldKey(line.unit!, line.account, line.fund), line.debit - line.credit);
  for (const key of taken.keys()) {
    const [amount, held] = [taken.of(key), books.held.of(key)];
    if (amount > 0n && amount > held) return books.accuse('dwelling_exceeded', { account: key.split(' ')[1]!, amount: yuan(amount), held: yuan(held) });
  }
}

/** Subsidies leave their fund in a transfer only as what was passed on. */
export function judgeSubsidy(books: Books, { kind, lines, reverses, settles }: Entry): void {
  if (kind !== 'transfer' || reverses !== null || settles !== null) return;
  const own = lines.filter(({ fund }) => fund === SUBSIDIES);
  const left = own.reduce((sum, { account, debit, credit }) => sum + (/^100[12]/.test(account) ? credit - debit : 0), 0);
  const passed = own.reduce((sum, { account, debit }) => sum + (account === PASSED_ON ? debit : 0), 0);
  if (left > 0 && left !== passed) books.accuse('subsidy_misused', { left: yuan(left), passed: yuan(passed) });
}

export function bookHeld(books: Books, entry: Entry): void {
  for (const line of entry.lines) if (isHeld(line)) books.held.add(heldKey(line.unit!, line.account, line.fund), line.credit - line.debit);
}

/** Receipts that the door issues with an entry: one a dwelling, in the order of their names. */
export function receiptsOf({ kind, lines, reverses, settles, ordered }: Entry): { unit: string; amount: bigint }[] {
  if (reverses !== null || (kind !== 'receipt' && (settles === null || ordered !== null))) return [];
  const credits = new Sums<string>();
  for (const { unit, credit } of lines) if (unit !== null && credit > 0) credits.add(unit, credit);
  return credits.keys().sort().map((unit) => ({ unit, amount: credits.of(unit) }));
}

/** All receipts up to a size of the log, numbered as the door numbers them: "number, seq, unit, amount" by tabs. */
export function receiptLines(entries: Iterable<Entry>, size: number): string[] {
  let number = 0;
  return [...entries].filter(({ seq }) => seq <= size).sort((a, b) => a.seq - b.seq).flatMap((entry) =>
    receiptsOf(entry).map(({ unit, amount }) => [number += 1, entry.seq, unit, yuan(amount)].join('\t')));
}
