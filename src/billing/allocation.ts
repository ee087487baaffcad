// What a payment pays (冲账顺序). Pure: no database.
//   1. the bills its payer named, each with an amount or with all that is open of it
//   2. months ahead of an item, as the payer asked
//   3. what 2203 is short of, because a receipt was reversed after its money had gone to bills
//   4. the rest: the oldest bills first; in one month the fee before its late fee
//   5. what no bill asks for is held for whatever is billed next
// Civil Code §560: the payer says what is paid, and only where they say nothing does an order of payment hold. The parts add up to the sum.
import type { Period } from '../kernel/dates.ts';
import { minus, money, moneyFigures, sum, zero, type Money } from '../kernel/money.ts';
import type { OpenBill } from './queries.ts';
import { refusals } from './refusals.ts';

/** Fund of what is paid ahead for nothing in particular, and of bills without a fee rule. */
export const FEE_FUND = 'service';
export const LATE_FEE = 'late_fee';

export interface ChosenBill {
  bill_id: number;
  /** All that is open of it where absent, as far as the sum goes. */
  amount?: Money | undefined;
}
export interface ChosenAhead {
  /** Held for bills of this item only. */
  item: string;
  amount: Money;
  /** Fund of the item's fee rule. */
  fund?: string | undefined;
  /** First month it is for; the month of the payment where absent. */
  from?: Period | undefined;
}
/** What the payer asked for; what they leave open goes by age. */
export interface Choice { bills?: readonly ChosenBill[] | undefined; ahead?: readonly ChosenAhead[] | undefined }

export interface BillShare { bill: OpenBill; amount: Money; why: 'chosen' | 'oldest' }
/** `item` null: held for whatever is billed. */
export interface AheadShare { item: string | null; fund: string; amount: Money; from?: Period | undefined }
export interface Allocation { bills: BillShare[]; ahead: AheadShare[] }

const byAge = (a: OpenBill, b: OpenBill): number => {
  if (a.period !== b.period) return a.period < b.period ? -1 : 1;
  const [late, later] = [a.item === LATE_FEE, b.item === LATE_FEE];
  return late === later ? a.bill_id - b.bill_id : late ? 1 : -1;
};
export const oldestFirst = (bills: readonly OpenBill[]): OpenBill[] => [...bills].sort(byAge);

const smaller = (a: Money, b: Money): Money => (a.lessThan(b) ? a : b);

export interface Short { fund: string; amount: Money }

/** Spreads a sum over open bills. `amount` is above zero; `short`: below zero on 2203. Refusals: payment_nothing (an amount below zero), allocation_bill_gone (a named bill is not among them),
 *  allocation_beyond_bill, allocation_beyond_amount. */
export function allocate(bills: readonly OpenBill[], amount: Money, { bills: named = [], ahead = [] }: Choice = {}, short: readonly Short[] = []): Allocation {
  const left = new Map(bills.map((bill) => [bill.bill_id, money(bill.open)]));
  const shares: BillShare[] = [];
  let rest = amount;
  const give = (bill: OpenBill, part: Money, why: BillShare['why']): void => {
    if (part.isZero()) return;
    shares.push({ bill, amount: part, why });
    left.set(bill.bill_id, minus(left.get(bill.bill_id)!, part));
    rest = minus(rest, part);
  };
  if ([...named, ...ahead].some((one) => one.amount?.isNegative() === true)) throw refusals.payment_nothing({}, 'amount');
  const asked = sum([...named.map((one) => one.amount ?? zero), ...ahead.map((one) => one.amount)]);
  if (asked.greaterThan(amount)) {
    throw refusals.allocation_beyond_amount({ asked: moneyFigures(asked), amount: moneyFigures(amount), over: moneyFigures(minus(asked, amount)) }, 'amount');
  }
  // What was named with an amount comes before what was only ticked, and both before months ahead are short of a fen.
  const bound = (one: ChosenBill): OpenBill => {
    const found = bills.find((bill) => bill.bill_id === one.bill_id);
    if (found === undefined) throw refusals.allocation_bill_gone({ bill: one.bill_id }, 'bills');
    return found;
  };
  for (const one of named.filter((each) => each.amount !== undefined)) {
    const bill = bound(one);
    const open = left.get(bill.bill_id)!;
    if (one.amount!.greaterThan(open)) {
      throw refusals.allocation_beyond_bill({ period: bill.period, name: bill.name_zh, name_en: bill.name_en, open: moneyFigures(open), asked: moneyFigures(one.amount!) }, 'bills');
    }
    give(bill, one.amount!, 'chosen');
  }
  const kept = sum(ahead.map((one) => one.amount));
  for (const bill of oldestFirst(named.filter((each) => each.amount === undefined).map(bound))) {
    give(bill, smaller(left.get(bill.bill_id)!, minus(rest, kept)), 'chosen');
  }
  const months = new Map<string, AheadShare>();
  for (const { item, fund = FEE_FUND, from, amount: part } of ahead) {
    if (part.isZero()) continue;
    const key = `${fund} ${item} ${from ?? ''}`;
    months.set(key, { item, fund, from, amount: sum([months.get(key)?.amount ?? zero, part]) });
    rest = minus(rest, part);
  }
  const free = new Map<string, Money>();
  const hold = (fund: string, part: Money): void => {
    if (part.isZero()) return;
    free.set(fund, sum([free.get(fund) ?? zero, part]));
    rest = minus(rest, part);
  };
  for (const { fund, amount: part } of short) hold(fund, smaller(part, rest));
  for (const bill of oldestFirst(bills)) give(bill, smaller(left.get(bill.bill_id)!, rest), 'oldest');
  hold(FEE_FUND, rest);
  return { bills: shares, ahead: [...months.values(), ...[...free].map(([fund, part]): AheadShare => ({ item: null, fund, amount: part }))] };
}
