// What a receipt pays (收款冲账单): the oldest bills first, and what is left is paid ahead.
//   借 bank account (or 2291, where it had been put to suspense)
//   贷 4110 arrears collected      bills of earlier years
//   贷 4101 property fees          bills of the year up to the month of the entry
//   贷 2203 received in advance    bills of later months, and what no bill asks for
// Every credit carries the dwelling's ref; the parts add up to the sum. Each line says how much of which bill it pays:
// kept in bill_payment together with the entry, never more than is open (constraint bill_overpaid).
import assert from 'node:assert/strict';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import type { EntryLine } from '../ledger/entry.ts';
import type { OpenBill } from './queries.ts';
import { refusals } from './refusals.ts';

export const FEE_FUND = 'service';
const CURRENT = '4101';
const ARREARS = '4110';
const AHEAD = '2203';

export interface BillPart { bill_id: number; amount: Money }
export interface ReceiptLines {
  /** Debit first; ready for an entry. */
  lines: EntryLine[];
  /** For recordBillPayments() in the transaction that posts the entry. */
  payments: BillPart[];
  /** What no bill asks for, on 2203. */
  ahead: Money;
}
export interface ReceiptFacts {
  /** Account that is debited: the bank account's. */
  debit: string;
  /** Date of the entry: chooses between current and arrears. */
  on: BusinessDate;
  /** unit.ref of whoever paid more than their bills; the only dwelling among the bills when not given. */
  ahead_ref?: string | undefined;
  fund?: string | undefined;
}

const accountOf = ({ period }: OpenBill, on: BusinessDate): string =>
  (period.slice(0, 4) < on.slice(0, 4) ? ARREARS : period <= on.slice(0, 7) ? CURRENT : AHEAD);

/** Spreads a sum above zero over open bills, oldest first. Throws an assertion where more was paid than the bills of
 *  several dwellings ask for and ahead_ref does not say whose it is. */
export function receiptLines(bills: readonly OpenBill[], amount: Money, { debit, on, ahead_ref, fund = FEE_FUND }: ReceiptFacts): ReceiptLines {
  assert(amount.greaterThan(zero), 'a receipt is above zero');
  const credits = new Map<string, EntryLine & { credit: Money }>();
  const add = (account: string, unit: string, part: Money): void => {
    const key = `${account} ${unit}`;
    credits.set(key, { account, fund, credit: sum([credits.get(key)?.credit ?? zero, part]), unit });
  };
  const payments: BillPart[] = [];
  let left = amount;
  for (const bill of [...bills].sort((a, b) => (a.period === b.period ? a.bill_id - b.bill_id : a.period < b.period ? -1 : 1))) {
    const open = money(bill.open);
    if (left.isZero() || open.isZero()) continue;
    const part = open.lessThan(left) ? open : left;
    payments.push({ bill_id: bill.bill_id, amount: part });
    add(accountOf(bill, on), bill.ref, part);
    left = minus(left, part);
  }
  if (!left.isZero()) {
    const refs = new Set(bills.map((bill) => bill.ref));
    const ref = ahead_ref ?? (refs.size === 1 ? [...refs][0] : undefined);
    assert(ref !== undefined, 'whose money is left over must be said');
    add(AHEAD, ref, left);
  }
  return { lines: [{ account: debit, fund, debit: amount }, ...credits.values()], payments, ahead: left };
}

/** Keeps what an entry paid of which bills, in the transaction that posts it; again with the same it does nothing.
 *  Refusals: bill_unknown, bill_overpaid, bill_payment_beyond_entry, bill_entry_reversed. */
export const recordBillPayments = (
  trx: Trx, { estate_id, seq, payments }: { estate_id: number; seq: number; payments: readonly BillPart[] },
): Promise<void> => recordManyPayments(trx, estate_id, payments.map((part) => ({ ...part, seq })));

/** The same for many entries at once. */
export async function recordManyPayments(trx: Trx, estate_id: number, payments: readonly (BillPart & { seq: number })[]): Promise<void> {
  if (payments.length === 0) return;
  const ids = [...new Set(payments.map((part) => part.bill_id))];
  const known = new Set((await trx.selectFrom('bill').select('bill_id').where('estate_id', '=', estate_id)
    .where('bill_id', 'in', ids).execute()).map((row) => row.bill_id));
  const missing = ids.find((id) => !known.has(id));
  if (missing !== undefined) throw refusals.bill_unknown({ bill: missing }, 'bills');
  try {
    await trx.insertInto('bill_payment')
      .values(payments.map((part) => ({ estate_id, seq: part.seq, bill_id: part.bill_id, amount: moneyText(part.amount) })))
      .onConflict((conflict) => conflict.columns(['estate_id', 'bill_id', 'seq']).doNothing()).execute();
  } catch (error) {
    throw constraintRefusal(error, {
      bill_overpaid: () => refusals.bill_overpaid({}, 'bills'),
      bill_payment_beyond_entry: () => refusals.bill_payment_beyond_entry({}, 'bills'),
      bill_entry_reversed: () => refusals.bill_entry_reversed({}, 'bills'),
    });
  }
}
