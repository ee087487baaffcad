// What a credit is for, as a person says it: one account, or several parts of it, or the bills of a dwelling. The same for a
// line that is booked directly and for unexplained money that was explained.
//   {account, fund, amount}        贷 the account                          {unit, amount}   the dwelling's open bills, oldest first
//   {account, fund, unit, amount}  贷 the account, for the dwelling        a single part may leave its amount out
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyFigures, negated, sum, zero, type Money } from '../kernel/money.ts';
import { openBills } from '../billing/queries.ts';
import { receiptLines, type BillPart, type PrepaidPart } from '../billing/receipt.ts';
import type { EntryLine } from '../ledger/entry.ts';
import { readAmount } from '../ledger/typed-entry.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { refusals } from './refusals.ts';
import type { Learned } from './rule.ts';
import { CREDITS, DEBITS } from './suspense.ts';

export interface PartTyped { account?: string | undefined; fund?: string | undefined; unit?: string | undefined; amount?: string | undefined }
export interface Parts {
  credits: EntryLine[];
  payments: BillPart[];
  prepaid: PrepaidPart[];
  total: Money;
  /** What a single part teaches about its payer. */
  learned: Learned | null;
}

export const PART_LIMIT = 50;

/** Refusals: match_nothing, receipt_too_many, receipt_account_unfit, receipt_fund_unknown, receipt_unit_unknown, receipt_parts_differ, those of an
 *  amount. `whole`: the parts add up to exactly `total`; else to at most that. */
export async function readParts(
  trx: Trx, estate_id: number, typed: readonly PartTyped[], { total, on, whole }: { total: Money; on: BusinessDate; whole: boolean },
): Promise<Parts> {
  const given = typed.filter((part) => [part.account, part.unit].some((one) => (one ?? '').trim() !== ''));
  if (given.length === 0) throw refusals.match_nothing({}, 'account');
  if (given.length > PART_LIMIT) throw refusals.receipt_too_many({ limit: PART_LIMIT }, 'parts');
  const amounts = given.map((part, at) => amountOf(part, given.length === 1 ? total : null, field(given, at, 'amount')));
  const sums = sum(amounts);
  if (whole ? !sums.equals(total) : sums.greaterThan(total)) {
    const apart = minus(sums, total);
    throw refusals.receipt_parts_differ({
      parts: moneyFigures(sums), lines: moneyFigures(total), difference: moneyFigures(apart.isNegative() ? negated(apart) : apart),
    }, field(given, given.length - 1, 'amount'));
  }
  const parts: Parts = { credits: [], payments: [], prepaid: [], total: sums, learned: null };
  for (const [at, part] of given.entries()) {
    const read = await readPart(trx, estate_id, part, { amount: amounts[at]!, on, field: (name) => field(given, at, name), taken: parts.payments });
    parts.credits.push(...read.credits);
    parts.payments.push(...read.payments);
    parts.prepaid.push(...read.prepaid);
    if (given.length === 1) parts.learned = read.learned;
  }
  return parts;
}

const field = (parts: readonly unknown[], at: number, name: string): string => (parts.length === 1 ? name : `parts.${at}.${name}`);

function amountOf({ amount = '' }: PartTyped, rest: Money | null, at: string): Money {
  if (amount.trim() === '' && rest !== null) return rest;
  const read = readAmount(amount, at);
  if (!read.greaterThan(zero)) throw ledgerRefusals.amount_unreadable({ typed: amount.slice(0, 40) }, at);
  return read;
}

interface PartRead { credits: EntryLine[]; payments: BillPart[]; prepaid: PrepaidPart[]; learned: Learned }

async function readPart(
  trx: Trx, estate_id: number, part: PartTyped, { amount, on, field: at, taken }: { amount: Money; on: BusinessDate; field: (name: string) => string; taken: readonly BillPart[] },
): Promise<PartRead> {
  const [account, fund, unit] = [part.account, part.fund, part.unit].map((one) => (one ?? '').normalize('NFKC').trim());
  const dwelling = unit === '' ? undefined : await trx.selectFrom('unit').select(['unit', 'ref']).where('estate_id', '=', estate_id)
    .where('unit', '=', unit!.toUpperCase()).executeTakeFirst();
  if (unit !== '' && dwelling === undefined) throw refusals.receipt_unit_unknown({ unit: unit!.slice(0, 20) }, at('unit'));
  if (account === '') {
    // A dwelling named in two parts: the second finds what the first has left.
    const bills = (await openBills(trx, estate_id, { units: [dwelling!.unit] })).filter((bill) => !taken.some((one) => one.bill_id === bill.bill_id));
    const { lines, payments, prepaid } = receiptLines(bills, amount, { debit: CREDITS, on, ahead_ref: dwelling!.ref });
    return { credits: lines.filter((line) => line.credit !== undefined), payments, prepaid, learned: { account: null, fund: null, unit: dwelling!.unit } };
  }
  await demandAccount(trx, estate_id, account!, at('account'));
  const known = await trx.selectFrom('fund').select('fund').where('estate_id', '=', estate_id).where('fund', '=', fund!).executeTakeFirst();
  if (known === undefined) throw refusals.receipt_fund_unknown({ fund: fund!.slice(0, 40) }, at('fund'));
  return {
    credits: [{ account: account!, fund: fund!, credit: amount, unit: dwelling?.ref }], payments: [], prepaid: [],
    learned: { account: account!, fund: fund!, unit: dwelling?.unit ?? null },
  };
}

async function demandAccount(trx: Trx, estate_id: number, account: string, at: string): Promise<void> {
  const row = await trx.selectFrom('account').select(['name_zh', 'class', 'is_money', 'is_postable']).where('estate_id', '=', estate_id)
    .where('account', '=', account).executeTakeFirst();
  if (row === undefined || row.is_money || !row.is_postable || row.class === 'fund' || [DEBITS, CREDITS].includes(account)) {
    throw refusals.receipt_account_unfit({ account: `${account.slice(0, 10)} ${row?.name_zh ?? ''}`.trim() }, at);
  }
}

/** The bank account debited fund by fund, as the credits have it. */
export function debitsOf(account: string, credits: readonly EntryLine[]): EntryLine[] {
  const funds = [...new Set(credits.map((line) => line.fund))];
  return funds.map((fund) => ({ account, fund, debit: sum(credits.filter((line) => line.fund === fund).map((line) => line.credit!)) }));
}

/** Lines that clear unexplained money: 2291 debited in the fund it was put to, the rest as the credits have it. */
export function clearingLines(credits: readonly EntryLine[], { fund, bank_account }: { fund: string; bank_account: string }): EntryLine[] {
  const moved = debitsOf(bank_account, credits.filter((line) => line.fund !== fund));
  return [
    { account: CREDITS, fund, debit: sum(credits.map((line) => line.credit!)) }, ...credits,
    ...moved.flatMap((line): EntryLine[] => [{ account: bank_account, fund, credit: line.debit! }, line]),
  ];
}

export const moneyOf = (text: string): Money => (text.startsWith('-') ? negated(money(text)) : money(text));
