// The form of the counter: what the cashier ticked and typed, as a payment. Pure: what is not in it was looked up before.
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import { canonical } from '../kernel/canonical.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { money, moneyText, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import { privateText } from '../kernel/text.ts';
import type { Allocation, ChosenAhead, ChosenBill } from './allocation.ts';
import type { Payment } from './counter.ts';
import type { Counter } from './counter-queries.ts';
import type { Method } from './receipt.ts';
import { refusals } from './refusals.ts';

/** Methods at the counter: what is brought forward is no payment. */
export const counterMethods = ['cash', 'wechat', 'alipay', 'pos', 'bank'] as const satisfies readonly Method[];
export type Typed = Readonly<Record<string, string>>;

/** Refusals: payment_method_unknown, payment_day_unreadable, payment_amount_unreadable, payment_nothing, allocation_bill_gone, text_too_long. */
export function readCounterForm(typed: Typed, counter: Counter): Omit<Payment, 'key'> {
  const method = counterMethods.find((one) => one === typed['method']);
  if (method === undefined) throw refusals.payment_method_unknown({}, 'method');
  const paid_on: BusinessDate | null = (typed['paid_on'] ?? '').trim() === '' ? counter.today : readDate(typed['paid_on']!);
  if (paid_on === null) throw refusals.payment_day_unreadable({ typed: typed['paid_on']!.slice(0, 20), today: counter.today }, 'paid_on');
  const bills = chosenBills(typed, counter);
  const ahead = chosenAhead(typed, counter);
  const amount = (typed['amount'] ?? '').trim() === '' ? sumOf(counter, bills, ahead) : amountOf(typed['amount']!, 'amount');
  if (!amount.greaterThan(zero)) throw refusals.payment_nothing({}, 'amount');
  const person = counter.people.find((one) => one.party_id === typed['party']);
  const name = (typed['payer'] ?? '').trim();
  const bank = counter.banks.find((one) => one.account === typed['bank']) ?? counter.banks[0];
  return {
    unit: counter.unit, amount, paid_on, method, choice: { bills, ahead }, party_id: person?.party_id ?? null,
    payer: person?.name ?? (name === '' ? '' : privateText(name, { field: 'payer', label: '交款人', limit: 60 })),
    ...(method === 'bank' && bank !== undefined ? { debit: bank.account } : {}),
  };
}

function amountOf(typed: string, field: string): Money {
  const read = readMoney(typed);
  if (read === null) throw refusals.payment_amount_unreadable({ typed: typed.slice(0, 30) }, field);
  return read;
}

function chosenBills(typed: Typed, { bills }: Counter): ChosenBill[] {
  const chosen: ChosenBill[] = [];
  for (const [name, value] of Object.entries(typed)) {
    const id = /^(?:bill|part)_([1-9][0-9]{0,15})$/.exec(name)?.[1];
    if (id === undefined || value.trim() === '' || chosen.some((one) => one.bill_id === Number(id))) continue;
    if (!bills.some((bill) => bill.bill_id === Number(id))) throw refusals.allocation_bill_gone({ bill: id }, 'bills');
    const part = (typed[`part_${id}`] ?? '').trim();
    const amount = part === '' ? undefined : amountOf(part, `part_${id}`);
    if (amount === undefined || amount.greaterThan(zero)) chosen.push({ bill_id: Number(id), amount });
  }
  return chosen;
}

function chosenAhead(typed: Typed, { ahead }: Counter): ChosenAhead[] {
  return ahead.flatMap(({ item, fund, months }) => {
    const month = months[Number(typed[`months_${item}`] ?? '0') - 1];
    return month === undefined ? [] : [{ item, fund, from: months[0]!.period, amount: money(month.total) }];
  });
}

const sumOf = ({ bills }: Counter, chosen: readonly ChosenBill[], ahead: readonly ChosenAhead[]): Money => sum([
  ...chosen.map((one) => one.amount ?? money(bills.find((bill) => bill.bill_id === one.bill_id)!.open)), ...ahead.map((one) => one.amount)]);

/** What was shown before the cashier confirmed: booked only if it is still the same. */
export const seenHash = ({ bills, ahead }: Allocation): string => sha256Hex(canonical({
  bills: bills.map((share) => [share.bill.bill_id, moneyText(share.amount)]), ahead: ahead.map((share) => [share.item, share.fund, moneyText(share.amount)]),
}));
