// One bill as its page and its PDF tell it: how it was reckoned line by line, what was paid and taken off, and, where the dwelling changed
// hands in its month, who owes which days. For whoever keeps the fees and for the dwelling's own people from their own first month on.
import { sql } from 'kysely';
import { payersBetween, tenuresOf } from '../estate/register-queries.ts';
import type { Trx } from '../kernel/database.ts';
import { daysBetween, firstDay, lastDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { apportion, minus, money, moneyText, sum, type Money } from '../kernel/money.ts';
import { billsOf, type BillRow, type UnitBills } from './queries.ts';
import type { BillLine, Basis } from './reckon.ts';
import { refusals as ruleRefusals } from './fee-rule-refusals.ts';
import { refuseForeign, seesMonth, sightOf, type Sight } from './sight.ts';
import { may, type Actor } from '../kernel/actor.ts';

export interface PayerShare {
  from: BusinessDate;
  to: BusinessDate;
  days: number;
  /** Names for those who may read households; null for others. */
  names: string[] | null;
  /** Whether it is the person who asks. */
  own: boolean;
  /** Nobody is named in the register. */
  nobody: boolean;
  amount: string;
}
export interface BillDetail extends BillRow {
  lines: BillLine[];
  basis: Basis | null;
  made_on: BusinessDate;
  /** Meter or space names stand in the lines. */
  reductions: { amount: string; why: string; proposal_id: number | null }[];
  late_fees: { bill_id: number; period: string; amount: string; open: string }[];
  /** Empty where one payer has the whole month. */
  shares: PayerShare[];
  imported: boolean;
  /** Of a late fee: month and item of the bill it is for. */
  of: { bill_id: number; period: string; item: string; name_zh: string; name_en: string } | null;
}

/** Spans of payers with their part of an amount, by days: to the fen. Pure. */
export function sharesOf<S extends { from: BusinessDate; to: BusinessDate }>(spans: readonly S[], amount: Money): (S & { days: number; amount: string })[] {
  const days = spans.map((span) => daysBetween(span.from, span.to) + 1);
  const parts = apportion(amount, days);
  return spans.map((span, at) => ({ ...span, days: days[at]!, amount: moneyText(parts[at]!) }));
}

interface MoreRow { lines: string; made_on: BusinessDate; import_id: number | null; basis: Basis | null; ended_on: BusinessDate | null }

/** Of bills of whole dwellings those that one sees: a late fee as the bill it is for, because it tells that this one was not paid. */
export function seenBills<B extends { bill_id: number; unit: string; period: string; of_bill: number | null }>(sight: Sight, bills: readonly B[]): B[] {
  const months = new Map(bills.map((bill) => [bill.bill_id, bill.period]));
  return bills.filter((bill) => seesMonth(sight, bill.unit, bill.period) && (bill.of_bill === null || seesMonth(sight, bill.unit, months.get(bill.of_bill) ?? '')));
}

/** By dwelling, of bills that are seen. */
export function totalsByUnit(bills: readonly BillRow[], today: BusinessDate): UnitBills[] {
  return [...new Set(bills.map((bill) => bill.unit))].map((unit) => {
    const own = bills.filter((bill) => bill.unit === unit);
    const total = (amounts: readonly string[]): string => moneyText(sum(amounts.map(money)));
    const due = own.filter((bill) => bill.open !== '0.00');
    return {
      unit, bills: own.length, billed: total(own.map((bill) => bill.amount)), paid: total(own.map((bill) => bill.paid)), reduced: total(own.map((bill) => bill.reduced)), open: total(due.map((bill) => bill.open)),
      oldest: due.map((bill) => bill.period).sort()[0] ?? null, overdue: total(due.filter((bill) => bill.due_on < today).map((bill) => bill.open)),
    };
  });
}

/** Refusals: bill_unit_unknown, bill_not_there (also of a bill from before one's own time). */
export async function billDetail(trx: Trx, { estate_id, actor, unit, bill_id }: { estate_id: number; actor: Actor; unit: string; bill_id: number }): Promise<BillDetail> {
  await refuseForeign(trx, { estate_id, actor, unit });
  const sight = await sightOf(trx, { estate_id, actor });
  const bills = seenBills(sight, await billsOf(trx, estate_id, [unit]));
  const bill = bills.find((row) => row.bill_id === bill_id);
  if (bill === undefined) throw ruleRefusals.bill_not_there({ bill: bill_id });
  const { rows: [more] } = await sql<MoreRow>`
    select b.lines, (b.made_at at time zone 'Asia/Shanghai')::date as made_on, b.import_id, r.basis, u.ended_on from bill b join unit u on u.estate_id = b.estate_id and u.unit = b.unit
    left join fee_rule r on r.estate_id = b.estate_id and r.proposal_id = b.rule_id where b.estate_id = ${estate_id} and b.bill_id = ${bill_id}`.execute(trx);
  const reductions = await trx.selectFrom('bill_reduction').select(['amount', 'why', 'proposal_id']).where('estate_id', '=', estate_id).where('bill_id', '=', bill_id).orderBy('reduction_id').execute();
  const of = bills.find((row) => row.bill_id === bill.of_bill);
  return {
    ...bill, lines: JSON.parse(more!.lines) as BillLine[], basis: more!.basis, made_on: more!.made_on, imported: more!.import_id !== null, reductions,
    late_fees: bills.filter((row) => row.of_bill === bill_id).map((row) => ({ bill_id: row.bill_id, period: row.period, amount: row.amount, open: row.open })).reverse(),
    shares: await payerShares(trx, { estate_id, actor, bill, period: of?.period ?? bill.period, ended_on: more!.ended_on }),
    of: of === undefined ? null : { bill_id: of.bill_id, period: of.period, item: of.item, name_zh: of.name_zh, name_en: of.name_en },
  };
}

async function payerShares(trx: Trx, { estate_id, actor, bill, period, ended_on }: { estate_id: number; actor: Actor; bill: BillRow; period: Period; ended_on: BusinessDate | null }): Promise<PayerShare[]> {
  const named = may(actor, estate_id, 'read_households');
  // A late fee is owed as the bill that was late.
  const from = firstDay(period);
  const to = ended_on !== null && ended_on < lastDay(period) && ended_on >= from ? ended_on : lastDay(period);
  const spans = payersBetween(await tenuresOf(trx, estate_id, { units: [bill.unit], from, to, named }), from, to);
  if (spans.length < 2) return [];
  return sharesOf(spans, minus(money(bill.amount), money(bill.reduced))).map(({ payers, ...share }) => ({
    ...share, nobody: payers.length === 0, own: payers.some((payer) => payer.person_id === actor.person_id),
    names: named ? payers.map((payer) => payer.name ?? '–') : null,
  }));
}
