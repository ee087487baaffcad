// Taking payments (收款): at the counter, from a channel's settlement file, for many dwellings at once. Each payment is one entry and
// one receipt; the number of the receipt is the door's (table receipt).
//   借 1012 in transit (cash, POS, WeChat, Alipay) or the bank account   贷 as receipt.ts says
// All or nothing: one refused payment refuses the call. Once per key: constraint journal_entry_key_once.
// Who paid and how is kept beside the receipt (receipt_note), never in the log: the memo says the method and what for.
import { sql } from 'kysely';
import { lockEstate } from '../approval/proposal.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, type Money } from '../kernel/money.ts';
import { refusals as onceRefusals } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { entryBody } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { BATCH_LIMIT, isBooked, postEntries } from '../ledger/gate.ts';
import type { Allocation, Choice, Short } from './allocation.ts';
import { openBills, type OpenBill } from './queries.ts';
import { AHEAD, receiptLines, recordReceipts, type Method, type ReceiptLines } from './receipt.ts';
import { refusals } from './refusals.ts';
import { releaseHeld } from './release.ts';

export const IN_TRANSIT = '1012';
const BANK = '1002';
export const methodNames: Readonly<Record<Method, { zh: string; en: string }>> = {
  cash: { zh: '现金', en: 'Cash' }, pos: { zh: '刷卡', en: 'Card (POS)' }, wechat: { zh: '微信', en: 'WeChat Pay' }, alipay: { zh: '支付宝', en: 'Alipay' },
  bank: { zh: '银行转账', en: 'Bank transfer' }, opening: { zh: '期初结转', en: 'Brought forward' },
};

export interface Payment {
  /** "3-2-1002". */
  unit: string;
  amount: Money;
  /** Day of the entry: in a month that is open, not later than today. */
  paid_on: BusinessDate;
  method: Method;
  /** What is debited; 1012 for cash, POS, WeChat and Alipay, else the bank account 1002. */
  debit?: string | undefined;
  /** What the payer asked for; the rest goes to the oldest bills. */
  choice?: Choice | undefined;
  /** Name of who paid (personal data: kept beside the receipt). */
  payer?: string | undefined;
  party_id?: string | null | undefined;
  /** Idempotency key of the entry, of the caller's own making and unique in the estate: "wechat:4200001234". */
  key: string;
  /** Reference of the channel or bank, in the log. */
  reference?: string | undefined;
  /** SHA-256 of original vouchers that are here. */
  vouchers?: readonly string[] | undefined;
}

export interface Taken {
  /** already_taken: an earlier call with this key has booked it. */
  status: 'taken' | 'already_taken';
  unit: string;
  seq: number;
  /** Number of the receipt. */
  receipt: number;
  /** How it was spread; null when it was taken before. */
  allocation: Allocation | null;
}

/** Takes payments, each with its own receipt, in their order: a second one of a dwelling finds what the first has left. In a
 *  transaction of the caller's, or (given the house) in one of its own. What is ahead is released at once where it is billed already.
 *  Whoever calls has asked demand(actor, estate_id, 'post_receipt'). At most 1,000 at once. With several payments the refusal's field
 *  names the place: payments.3.unit.
 *  Refusals: payment_unit_unknown, payment_nothing, those of allocate(), key_reused (the key was used for another payment), bill_overpaid,
 *  those of the door (period_closed, period_not_open, account_unknown, …). */
export async function takePayments(
  where: House | Trx, { estate_id, made_by, payments }: { estate_id: number; made_by: string; payments: readonly Payment[] },
): Promise<Taken[]> {
  if ('db' in where) return inEstate(where.db.app, estate_id, (trx) => takePayments(trx, { estate_id, made_by, payments }));
  const trx = where;
  if (payments.length === 0) return [];
  if (payments.length > BATCH_LIMIT) throw refusals.payments_too_many({ limit: BATCH_LIMIT, payments: payments.length }, 'payments');
  await lockEstate(trx, estate_id);
  const at = (place: number, name: string): string => (payments.length === 1 ? name : `payments.${place}.${name}`);
  const known = await takenBefore(trx, estate_id, payments.map((one) => one.key));
  const refs = await refsOf(trx, estate_id, payments.map((one) => one.unit));
  const open = new Map<string, OpenBill[]>();
  for (const bill of await openBills(trx, estate_id, { units: [...refs.keys()] })) open.set(bill.unit, [...open.get(bill.unit) ?? [], bill]);

  const short = await shortOf(trx, estate_id, [...refs.values()]);
  const results: (Taken | null)[] = [];
  const written: { place: number; read: ReceiptLines; body: string }[] = [];
  const keys = new Map<string, number>();
  for (const [place, payment] of payments.entries()) {
    const { unit, amount } = payment;
    const ref = refs.get(unit);
    if (ref === undefined) throw refusals.payment_unit_unknown({ unit: unit.slice(0, 40) }, at(place, 'unit'));
    if (!amount.greaterThan(money('0.00'))) throw refusals.payment_nothing({}, at(place, 'amount'));
    const before = known.get(payment.key);
    if (before !== undefined) {
      if (before.ref !== ref || before.amount !== moneyText(amount)) throw onceRefusals.key_reused({}, at(place, 'key'));
      results.push({ status: 'already_taken', unit, seq: before.seq, receipt: before.receipt, allocation: null });
      continue;
    }
    if (keys.has(payment.key)) throw onceRefusals.key_reused({}, at(place, 'key'));
    keys.set(payment.key, place);
    const read = placed(() => linesOf(payment, ref, open.get(unit) ?? [], short.get(ref)), (name) => at(place, name));
    open.set(unit, lessPaid(open.get(unit) ?? [], read.allocation));
    // What was short is made up for by this one, as far as it goes; the next finds the bills.
    short.delete(ref);
    written.push({ place, read, body: bodyOf(payment, read, made_by) });
    results.push(null);
  }
  const posted = await postEntries(trx, estate_id, written.map(({ body }) => body));
  const refused = posted.findIndex((one) => !isBooked(one.status));
  if (refused >= 0) {
    const { place, body } = written[refused]!;
    throw atPlace(await explainRefusal(trx, estate_id, posted[refused]!, body), (name) => at(place, name));
  }
  await recordReceipts(trx, estate_id, written.map(({ place, read }, index) => {
    const { payer = '', method, party_id } = payments[place]!;
    return { seq: posted[index]!.seq!, payments: read.payments, prepaid: read.prepaid, note: { payer, method, party_id } };
  }));
  const numbers = await receiptNumbers(trx, estate_id, posted.map((one) => one.seq!));
  for (const [index, { place, read }] of written.entries()) {
    const seq = posted[index]!.seq!;
    results[place] = { status: 'taken', unit: payments[place]!.unit, seq, receipt: numbers.get(seq)!, allocation: read.allocation };
  }
  // A payment entered late may find its month billed already.
  const ahead = new Set(written.filter(({ read }) => !read.ahead.isZero()).map(({ place }) => payments[place]!.unit));
  if (ahead.size > 0) await releaseHeld(trx, { estate_id, units: [...ahead] });
  return results.map((one) => one!);
}

/** How a payment would be spread, without booking it. The same refusals. */
export async function previewPayment(trx: Trx, estate_id: number, { unit, amount, paid_on, method, debit, choice }: Omit<Payment, 'key'>): Promise<ReceiptLines> {
  const ref = (await refsOf(trx, estate_id, [unit])).get(unit);
  if (ref === undefined) throw refusals.payment_unit_unknown({ unit: unit.slice(0, 40) }, 'unit');
  if (!amount.greaterThan(money('0.00'))) throw refusals.payment_nothing({}, 'amount');
  const short = (await shortOf(trx, estate_id, [ref])).get(ref);
  return linesOf({ unit, amount, paid_on, method, debit, choice, key: '' }, ref, await openBills(trx, estate_id, { units: [unit] }), short);
}

const linesOf = ({ amount, paid_on, method, debit, choice }: Payment, ref: string, bills: readonly OpenBill[], short?: readonly Short[]): ReceiptLines =>
  receiptLines(bills, amount, { debit: debit ?? (method === 'bank' ? BANK : IN_TRANSIT), on: paid_on, ahead_ref: ref, choice, short });

/** Dwellings of which 2203 is below zero: a receipt was reversed after its money had gone to bills. */
async function shortOf(trx: Trx, estate_id: number, refs: readonly string[]): Promise<Map<string, Short[]>> {
  if (refs.length === 0) return new Map();
  const { rows } = await sql<{ ref: string; fund: string; amount: string }>`
    select p.unit as ref, p.fund, sum(p.debit - p.credit)::numeric(16, 2) as amount from posting p
    where p.estate_id = ${estate_id} and p.account = ${AHEAD} and p.unit = any(${[...refs]}::text[]) group by p.unit, p.fund having sum(p.debit - p.credit) > 0 order by 1, 2`.execute(trx);
  const short = new Map<string, Short[]>();
  for (const { ref, fund, amount } of rows) short.set(ref, [...short.get(ref) ?? [], { fund, amount: money(amount) }]);
  return short;
}

function bodyOf({ paid_on, method, key, reference, vouchers }: Payment, { lines, allocation }: ReceiptLines, made_by: string): string {
  const items = [...new Set(allocation.bills.map(({ bill }) => bill.name_zh))];
  const what = [...items.slice(0, 4), ...(allocation.ahead.length > 0 ? ['预收'] : [])].join('、');
  return entryBody({ kind: 'receipt', entry_date: paid_on, description: `收款：${what}（${methodNames[method].zh}）`, key, made_by, reference, vouchers, postings: lines });
}

const lessPaid = (bills: readonly OpenBill[], { bills: shares }: Allocation): OpenBill[] => bills.map((bill) => {
  const paid = shares.filter((share) => share.bill.bill_id === bill.bill_id).reduce((left, share) => minus(left, share.amount), money(bill.open));
  return { ...bill, open: moneyText(paid) };
});

/** The same refusal, naming which of several payments it is about. */
const atPlace = ({ code, text, status, facts, field }: Refusal, named: (name: string) => string): Refusal =>
  new Refusal(code, { ...text, status }, facts, named(field ?? 'amount'));

function placed<T>(work: () => T, named: (name: string) => string): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Refusal ? atPlace(error, named) : error;
  }
}

async function refsOf(trx: Trx, estate_id: number, units: readonly string[]): Promise<Map<string, string>> {
  const rows = await trx.selectFrom('unit').select(['unit', 'ref']).where('estate_id', '=', estate_id).where('unit', 'in', [...new Set(units)]).execute();
  return new Map(rows.map((row) => [row.unit, row.ref]));
}

interface Before { seq: number; ref: string; amount: string; receipt: number }

async function takenBefore(trx: Trx, estate_id: number, keys: readonly string[]): Promise<Map<string, Before>> {
  const rows = await trx.selectFrom('journal_entry as e').innerJoin('receipt as r', (join) => join.onRef('r.estate_id', '=', 'e.estate_id').onRef('r.seq', '=', 'e.seq'))
    .select(['e.key', 'e.seq', 'r.unit_ref as ref', 'r.amount', 'r.number as receipt']).where('e.estate_id', '=', estate_id).where('e.key', 'in', [...keys]).execute();
  return new Map(rows.map(({ key, ...row }) => [key, row]));
}

async function receiptNumbers(trx: Trx, estate_id: number, seqs: readonly number[]): Promise<Map<number, number>> {
  if (seqs.length === 0) return new Map();
  const rows = await trx.selectFrom('receipt').select(['seq', 'number']).where('estate_id', '=', estate_id).where('seq', 'in', [...seqs]).execute();
  return new Map(rows.map((row) => [row.seq, row.number]));
}
