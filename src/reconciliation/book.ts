// From a candidate to the books: the entry that the door books from the line, or the link of what is there already.
//   order      借 the order's account       贷 bank account      under the order's signatures
//   fee        借 the mandate's account     贷 bank account      under the mandate
//   bills      借 bank account  贷 4101 / 4110 / 2203            by dwelling; the bills are paid in the same transaction
//   receipt    借 bank account  贷 the account and fund of the rule
// A line is booked once (bank_line_taken) and for its amount (bank_line_differs); the door judges, whoever asks. What a memo
// says is the program's own words: nothing that a bank or a payer wrote goes into the log.
import { sql } from 'kysely';
import assert from 'node:assert/strict';
import { canonical } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { money, negated, type Money } from '../kernel/money.ts';
import { receiptLines, recordReceipts, type Kept } from '../billing/receipt.ts';
import { releaseHeld } from '../billing/release.ts';
import { entryBody, type EntryLine, type NewEntry } from '../ledger/entry.ts';
import { isBooked, postEntries, type PostResult } from '../ledger/gate.ts';
import { paymentBodies } from '../payment/pay.ts';
import type { Candidate, OpenLine } from './candidate.ts';
import { isOut } from './matching.ts';

export interface Booking {
  estate_id: number;
  account: string;
  /** Days that may be booked now. */
  days: { first: BusinessDate; last: BusinessDate };
  /** Whoever confirms; null where the program books by itself, in the name of whoever handed the statement in. */
  by: string | null;
  account_names: ReadonlyMap<string, string>;
}

export interface Item { candidate: Candidate; lines: OpenLine[] }
/** A body, and what is kept beside its entry: bills it pays, items it pays ahead, who paid. */
export interface Written extends Omit<Kept, 'seq'> { body: string }

/** The day of the bank, or the first open day where its month is closed. */
export const dayFor = ({ days }: Pick<Booking, 'days'>, booked_on: BusinessDate): BusinessDate => (booked_on < days.first ? days.first : booked_on);
export const makerOf = ({ by }: Booking, line: OpenLine): string => by ?? line.imported_by;
export const amountOf = (line: Pick<OpenLine, 'amount'>): Money => (isOut(line.amount) ? negated(money(line.amount)) : money(line.amount));

/** What every entry made from a line has in common. Booked, reversed and booked again, it takes a new key. */
export function fromLine(booking: Booking, line: OpenLine): Pick<NewEntry, 'entry_date' | 'key' | 'made_by' | 'reference' | 'bank_line'> {
  return {
    entry_date: dayFor(booking, line.booked_on), made_by: makerOf(booking, line), key: `line:${booking.account}:${line.position}:${line.tries}`,
    reference: line.serial === '' ? undefined : line.serial, bank_line: { account: booking.account, position: line.position },
  };
}

const how = ({ by }: Booking): string => (by === null ? '系统自动勾对' : '人工勾对');

function feeBody(booking: Booking, line: OpenLine, { mandate }: Candidate): string {
  assert(mandate !== undefined, 'a fee rests on a mandate');
  const amount = amountOf(line);
  return entryBody({
    ...fromLine(booking, line), kind: 'payment', description: `银行扣费：手续费（按授权扣费第 ${mandate.proposal_id} 号，${how(booking)}）`,
    mandate: mandate.proposal_id, vouchers: [line.sha256],
    postings: [{ account: mandate.account, fund: mandate.fund, debit: amount }, { account: booking.account, fund: mandate.fund, credit: amount }],
  });
}

/** Lines of a receipt, debits first. */
function creditLines(candidate: Candidate, amount: Money, { debit, on }: { debit: string; on: BusinessDate }): Pick<Written, 'payments' | 'prepaid'> & { lines: EntryLine[] } {
  const plan = candidate.receipt!;
  if (plan.units.length === 0) {
    return { lines: [{ account: debit, fund: plan.fund, debit: amount }, { account: plan.account!, fund: plan.fund, credit: amount }], payments: [] };
  }
  return receiptLines(plan.bills, amount, { debit, on, ahead_ref: plan.units[0]!.ref });
}

/** Who paid, as the bank says. */
export const noteOf = ({ counterparty_name }: Pick<OpenLine, 'counterparty_name'>): Kept['note'] => ({ payer: counterparty_name, method: 'bank' });

function receiptBody(booking: Booking, line: OpenLine, candidate: Candidate): Written {
  const base = fromLine(booking, line);
  const { lines, ...kept } = creditLines(candidate, money(line.amount), { debit: booking.account, on: base.entry_date });
  const { account, units } = candidate.receipt!;
  const what = units.length > 0 ? '物业费' : booking.account_names.get(account!) ?? account!;
  return { body: entryBody({ ...base, kind: 'receipt', description: `银行收款：${what}（${how(booking)}）`, postings: lines }), ...kept, note: noteOf(line) };
}

/** Entries for candidates that are booked from one line each, in their order. */
export async function writeBodies(trx: Trx, booking: Booking, items: readonly Item[]): Promise<Written[]> {
  const orders = items.filter(({ candidate }) => candidate.orders.length > 0);
  const paid = await paymentBodies(trx, booking.estate_id, orders.map(({ candidate, lines: [line] }) => {
    const { entry_date, made_by, bank_line } = fromLine(booking, line!);
    return { proposal_id: candidate.orders[0]!, made_by, paid_on: entry_date, reference: line!.serial === '' ? referenceOf(booking, line!) : line!.serial, bank_line };
  }));
  const payments = new Map(orders.map((item, at) => [item, paid[at]!]));
  return items.map((item) => {
    const { candidate, lines: [line] } = item;
    const order = payments.get(item);
    if (order !== undefined) return { body: order, payments: [] };
    return candidate.mandate === undefined ? receiptBody(booking, line!, candidate) : { body: feeBody(booking, line!, candidate), payments: [] };
  });
}

/** Where the bank gives no serial number, the place of its line. */
export const referenceOf = ({ account }: Booking, { position }: Pick<OpenLine, 'position'>): string => `L${account}-${position}`;

/** Books what was written, and with it what it pays of which bills. One bad entry spoils no other; a bill that somebody else
 *  paid a moment ago is a refusal (bill_overpaid) and nothing of the call is booked. */
export async function post(trx: Trx, estate_id: number, written: readonly Written[]): Promise<PostResult[]> {
  const results = await postEntries(trx, estate_id, written.map(({ body }) => body));
  await keepReceipts(trx, estate_id, written.flatMap(({ body: _body, ...kept }, at) => {
    const { status, seq } = results[at]!;
    return isBooked(status) ? [{ ...kept, seq: seq! }] : [];
  }));
  return results;
}

/** Keeps what receipts paid; what is ahead on the bank's day may be billed by now, and goes to its bill at once. */
export async function keepReceipts(trx: Trx, estate_id: number, kept: readonly Kept[]): Promise<void> {
  await recordReceipts(trx, estate_id, kept);
  const refs = [...new Set(kept.flatMap(({ prepaid = [] }) => prepaid.map((part) => part.ref)))];
  if (refs.length === 0) return;
  const units = await trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).where('ref', 'in', refs).execute();
  await releaseHeld(trx, { estate_id, units: units.map((row) => row.unit) });
}

export interface Link { entries: readonly number[]; lines: readonly number[] }
export type LinkStatus = 'matched' | 'line_unknown' | 'line_taken' | 'entry_unknown' | 'entry_taken' | 'sums_differ' | 'match_empty' | 'line_unsigned';

/** Links lines and entries that are there; one answer each. */
export async function link(
  trx: Trx, { estate_id, account }: Pick<Booking, 'estate_id' | 'account'>, by: string, matches: readonly Link[],
): Promise<{ status: LinkStatus; match_id: number | null }[]> {
  if (matches.length === 0) return [];
  const body = canonical({ account, by, matches: matches.map(({ entries, lines }) => ({ entries, lines })) });
  const { rows } = await sql<{ status: LinkStatus; match_id: number | null }>`
    select status, match_id from match_bank_lines(${estate_id}, ${body}) order by place`.execute(trx);
  return rows;
}

/** A candidate that is linked rather than booked. */
export const isLink = ({ entries, orders, mandate, receipt }: Candidate): boolean =>
  entries.length > 0 || (orders.length === 0 && mandate === undefined && receipt === undefined);
