// The entry of a receipt (收款冲账单): what a payment pays as allocation.ts spreads it, in the accounts and funds of the fee rules.
//   借 bank account, 1012 in transit (or 2291, where it had been put to suspense), fund by fund
//   贷 the rule's account          bills up to the month of the entry: 4101 property fees where there is no rule, 4111 late fees
//   贷 4110 arrears collected      bills of earlier years that would be 4101
//   贷 2203 received in advance    months ahead, bills of later months, and what no bill asks for: released when it is billed (release.ts)
// Every credit carries the dwelling's ref; the parts add up to the sum. What is paid of which bill is kept in bill_payment together
// with the entry, never more than is open (constraint bill_overpaid); what is ahead for one item only, in prepayment.
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import type { BusinessDate, Period } from '../kernel/dates.ts';
import { moneyText, sum, zero, type Money } from '../kernel/money.ts';
import type { EntryLine } from '../ledger/entry.ts';
import { allocate, type Allocation, type Choice, type Short } from './allocation.ts';
import type { OpenBill } from './queries.ts';
import { refusals } from './refusals.ts';

export { FEE_FUND } from './allocation.ts';
export const AHEAD = '2203';
const CURRENT = '4101';
const ARREARS = '4110';

export interface BillPart { bill_id: number; amount: Money }
/** Held on 2203 for one item of one dwelling (unit.ref), for bills of a month on. */
export interface PrepaidPart { ref: string; item: string; from: Period; amount: Money }
export interface ReceiptLines {
  /** Debits first, one a fund; ready for an entry. */
  lines: EntryLine[];
  /** For recordReceipts() in the transaction that posts the entry. */
  payments: BillPart[];
  prepaid: PrepaidPart[];
  /** All that goes to 2203. */
  ahead: Money;
  allocation: Allocation;
}
export interface ReceiptFacts {
  /** Account that is debited: the bank account's, or 1012. */
  debit: string;
  /** Date of the entry: chooses between current, arrears and ahead. */
  on: BusinessDate;
  /** unit.ref of whoever paid more than their bills; the only dwelling among the bills when not given. */
  ahead_ref?: string | undefined;
  /** What the payer asked for. */
  choice?: Choice | undefined;
  /** What 2203 of the dwelling is short of. */
  short?: readonly Short[] | undefined;
}

/** Account a bill is credited to when it is paid on that day; 2203 where its month has yet to come. */
export function accountOf({ period, account }: Pick<OpenBill, 'period' | 'account'>, on: BusinessDate): string {
  if (period > on.slice(0, 7)) return AHEAD;
  return account === CURRENT && period.slice(0, 4) < on.slice(0, 4) ? ARREARS : account;
}

/** Lines of a receipt over a sum above zero. Refusals: those of allocate(). Throws an assertion where more was paid than the
 *  bills of several dwellings ask for and ahead_ref does not say whose it is. */
export function receiptLines(bills: readonly OpenBill[], amount: Money, { debit, on, ahead_ref, choice, short }: ReceiptFacts): ReceiptLines {
  assert(amount.greaterThan(zero), 'a receipt is above zero');
  const allocation = allocate(bills, amount, choice, short);
  const credits = new Map<string, EntryLine & { credit: Money }>();
  const add = (account: string, fund: string, unit: string, part: Money): void => {
    const key = `${fund} ${account} ${unit}`;
    credits.set(key, { account, fund, credit: sum([credits.get(key)?.credit ?? zero, part]), unit });
  };
  const payments = new Map<number, Money>();
  const prepaid = new Map<string, PrepaidPart>();
  const hold = (ref: string, item: string, from: Period, part: Money): void => {
    const key = `${ref} ${item} ${from}`;
    prepaid.set(key, { ref, item, from, amount: sum([prepaid.get(key)?.amount ?? zero, part]) });
  };
  let ahead: Money = zero;
  for (const { bill, amount: part } of allocation.bills) {
    const account = accountOf(bill, on);
    add(account, bill.fund, bill.ref, part);
    if (account === AHEAD) {
      hold(bill.ref, bill.item, bill.period, part);
      ahead = sum([ahead, part]);
    } else payments.set(bill.bill_id, sum([payments.get(bill.bill_id) ?? zero, part]));
  }
  for (const { item, fund, from, amount: part } of allocation.ahead) {
    const refs = new Set(bills.map((bill) => bill.ref));
    const ref = ahead_ref ?? (refs.size === 1 ? [...refs][0] : undefined);
    assert(ref !== undefined, 'whose money is left over must be said');
    add(AHEAD, fund, ref, part);
    if (item !== null) hold(ref, item, from ?? on.slice(0, 7), part);
    ahead = sum([ahead, part]);
  }
  const lines = [...credits.values()];
  const funds = [...new Set(lines.map((line) => line.fund))];
  const debits = funds.map((fund): EntryLine => ({ account: debit, fund, debit: sum(lines.filter((line) => line.fund === fund).map((line) => line.credit)) }));
  return {
    lines: [...debits, ...lines], payments: [...payments].map(([bill_id, part]) => ({ bill_id, amount: part })), prepaid: [...prepaid.values()], ahead, allocation,
  };
}

// ── What is kept beside an entry ─────────────────────────────────────────────────────────────────

export type Method = 'bank' | 'cash' | 'pos' | 'wechat' | 'alipay' | 'opening';
/** Who paid and how: personal data, kept where it can be erased (receipt_note), never in the log. */
export interface Note { payer: string; method: Method; party_id?: string | null | undefined }
export interface Kept {
  /** The entry that was booked. */
  seq: number;
  payments: readonly BillPart[];
  prepaid?: readonly PrepaidPart[] | undefined;
  /** For every receipt of the entry; what is noted already stays. */
  note?: Note | undefined;
}

/** Keeps what an entry paid of which bills, in the transaction that posts it; again with the same it does nothing.
 *  Refusals: bill_unknown, bill_overpaid, bill_payment_beyond_entry, bill_entry_reversed. */
export const recordBillPayments = (
  trx: Trx, { estate_id, seq, payments }: { estate_id: number; seq: number; payments: readonly BillPart[] },
): Promise<void> => recordManyPayments(trx, estate_id, payments.map((part) => ({ ...part, seq })));

/** All that is kept beside entries: bills paid, items paid ahead, who paid. The same refusals. */
export async function recordReceipts(trx: Trx, estate_id: number, kept: readonly Kept[]): Promise<void> {
  await recordManyPayments(trx, estate_id, kept.flatMap(({ seq, payments }) => payments.map((part) => ({ ...part, seq }))));
  const prepaid = kept.flatMap(({ seq, prepaid: parts = [] }) => parts.map((part) => ({ seq, ref: part.ref, item: part.item, from_period: part.from, amount: moneyText(part.amount) })));
  if (prepaid.length > 0) {
    await sql`insert into prepayment (estate_id, seq, unit, item, from_period, amount)
      select ${estate_id}, n.seq, u.unit, n.item, n.from_period, n.amount from json_to_recordset(${JSON.stringify(prepaid)}::json) as n(seq bigint, ref text, item text, from_period text, amount numeric)
      join unit u on u.estate_id = ${estate_id} and u.ref = n.ref on conflict do nothing`.execute(trx);
  }
  const notes = kept.flatMap(({ seq, note }) => (note === undefined ? [] : [{ seq, payer: [...note.payer].slice(0, 60).join(''), method: note.method, party_id: note.party_id ?? null }]));
  if (notes.length === 0) return;
  await sql`insert into receipt_note (estate_id, number, payer, method, party_id)
    select ${estate_id}, r.number, n.payer, n.method, n.party_id from json_to_recordset(${JSON.stringify(notes)}::json) as n(seq bigint, payer text, method text, party_id uuid)
    join receipt r on r.estate_id = ${estate_id} and r.seq = n.seq on conflict do nothing`.execute(trx);
}

/** The payments of many entries at once. */
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
