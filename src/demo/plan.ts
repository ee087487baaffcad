// The demo estate's months as a plan: which money comes in, what is paid, what goes wrong and
// is put right. Pure figures from fixtures/demo, relative to a given day; demo.ts carries them out
// through the same services as any other estate's.
import { readFileSync } from 'node:fs';
import { Decimal } from 'decimal.js';
import {
  addDays, addMonths, firstDay, lastDay, periodOf, periodsBetween, type BusinessDate, type Period,
} from '../kernel/dates.ts';
import { apportion, minus, money, moneyText, negated, sum, zero, type Money } from '../kernel/money.ts';
import type { NewUnit } from '../estate/units.ts';

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../fixtures/demo/${name}`, import.meta.url), 'utf8')) as T;

export interface DemoPayee { key: string; kind: 'company' | 'individual'; name: string; bank_name: string; account_number: string }
interface MonthlyPayment { day: number; payee: string; account: string; fund: string; amount: string; swing: number; purpose: string }
interface MonthlyReceipt { day: number; account: string; fund: string; amount: string; parts: number; swing: number; description: string }
interface PaymentsFixture {
  payees: DemoPayee[];
  monthly: MonthlyPayment[];
  remuneration: { day: number; payee: string; account: string; fund: string; rate: number; purpose: string };
  support: { day: number; amount: string; description: string };
  monthly_receipts: MonthlyReceipt[];
}
export interface EstateFixture {
  code: string; name_zh: string; name_en: string; mode: 'trust'; fee_rate: string; trustee: string; committee: string;
  disclosure_day: number; answer_days: number;
  bank: { name_zh: string; name_en: string; bank_name: string; account_last4: string; account_number: string };
  buildings: number[]; floors: number; rooms_per_floor: number; areas: string[]; closing_before_last_month: string;
}
export const estateFixture = read<EstateFixture>('estate.json');
const payments = read<PaymentsFixture>('payments.json');
export const demoPayees = payments.payees;

/** Name and account of a payee, as the bank prints the other side. */
export function payeeOf(key: string): { name: string; account: string } {
  const { name, account_number } = payments.payees.find((payee) => payee.key === key)!;
  return { name, account: account_number };
}

export interface PlannedReceipt {
  date: BusinessDate; description: string; account: string; fund: string; amount: Money;
  /** Who paid what of it; empty of what no dwelling pays. */
  parts: readonly { unit: string; amount: Money }[];
  /** Bills of earlier years it pays, of no dwelling in particular until it is booked: the oldest that are open, 102.00 each. */
  old_bills?: number;
}
export interface PlannedOrder {
  date: BusinessDate; payee: string; account: string; fund: string; amount: Money; purpose: string; committee: 1 | 2;
  kind?: 'refund';
  /** Why it could not wait: paid under the emergency rule, ratified by the second member afterwards. */
  emergency?: string;
  /** Why it may go beyond the year's budget. */
  over_budget?: string;
  /** The bank had paid it already, on this day; the order was signed afterwards. */
  debited_on?: BusinessDate;
}
export interface PlannedMonth {
  period: Period;
  receipts: PlannedReceipt[];
  orders: PlannedOrder[];
  support: { date: BusinessDate; amount: Money; description: string };
  /** A receipt that was entered twice by mistake and is reversed in red; null in most months. */
  doubled: { date: BusinessDate; description: string; account: string; fund: string; amount: Money } | null;
}
export interface DemoPlan { first_period: Period; units: NewUnit[]; openings: PlannedReceipt[]; months: PlannedMonth[] }

/** A month of 85 m², as it was not paid before the books began here. */
export const OLD_BILL = money('102.00');
const DEPOSIT = money('2000.00');
/** Ten dwellings that were decorated. */
export const depositors = (units: readonly NewUnit[]): string[] => units.filter((_unit, at) => at % 45 === 3).slice(0, 10).map(({ unit }) => unit);

/** Small seeded generator (mulberry32), so that every demo has the same figures. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function demoUnits(): NewUnit[] {
  const { buildings, floors, rooms_per_floor, areas } = estateFixture;
  return buildings.flatMap((stairwells, b) => Array.from({ length: stairwells }, (_, s) =>
    Array.from({ length: floors * rooms_per_floor }, (_unused, n) => {
      const room = `${Math.floor(n / rooms_per_floor) + 1}0${(n % rooms_per_floor) + 1}`;
      return { unit: `${b + 1}-${s + 1}-${room}`, building: String(b + 1), stairwell: String(s + 1), area_m2: areas[n % areas.length]! };
    })).flat());
}

const dayOf = (period: Period, day: number): BusinessDate => {
  const date = addDays(firstDay(period), day - 1);
  return date <= lastDay(period) ? date : lastDay(period);
};
const named = (text: string, period: Period, part = 1): string => text
  .replace('{month}', `${Number(period.slice(5))}月`)
  .replace('{last_month}', `${Number(addMonths(period, -1).slice(5))}月`)
  .replace('{part}', String(part));

/** An amount that varies by up to ±swing per cent; the last closed month has the fixture's own figure. */
const varied = (amount: string, swing: number, exact: boolean, chance: () => number): Money =>
  exact || swing === 0 ? money(amount)
    : apportion(money(amount), [100 + Math.round((chance() * 2 - 1) * swing), 100])
        .map((part, index, parts) => (index === 0 ? sum([part, part]) : parts[1]!))[0]!;

function feeReceipts(period: Period, units: NewUnit[], exact: boolean, chance: () => number): PlannedReceipt[] {
  const feeOf = (area: string): Money => money(new Decimal(area).times(estateFixture.fee_rate).toFixed(2));
  const month = `${Number(period.slice(5))}月`;
  const receipts: PlannedReceipt[] = [];
  const stairs = new Map<string, NewUnit[]>();
  for (const unit of units) {
    const key = `${unit.building}栋${unit.stairwell}单元`;
    stairs.set(key, [...(stairs.get(key) ?? []), unit]);
  }
  for (const [name, all] of stairs) {
    // In the fixture's month one dwelling of 68 m² per stairwell has not paid: 95 % of 45,696.00.
    const unpaid = exact ? 1 : Math.floor(chance() * 3);
    const late = all.filter((u) => u.area_m2 === '68.00').slice(0, unpaid);
    const payers = all.filter((u) => !late.includes(u));
    payers.slice(0, 7).forEach((unit, index) => receipts.push({
      date: dayOf(period, 1 + ((index * 4 + Number(unit.building) + Math.floor(chance() * 3)) % 27)),
      description: `物业服务费 ${unit.building}栋 ${month}`, account: '4101', fund: 'service', amount: feeOf(unit.area_m2), parts: [{ unit: unit.unit, amount: feeOf(unit.area_m2) }],
    }));
    const batch = payers.slice(7);
    receipts.push({
      date: dayOf(period, 15 + Number(batch[0]!.building)), description: `物业服务费 ${name} ${month}（代扣 ${batch.length} 户）`,
      account: '4101', fund: 'service', amount: sum(batch.map((u) => feeOf(u.area_m2))), parts: batch.map((u) => ({ unit: u.unit, amount: feeOf(u.area_m2) })),
    });
  }
  const old_bills = exact ? 15 : 4 + Math.floor(chance() * 15);
  receipts.push({
    date: dayOf(period, 19), description: `历史欠费收回 ${month}（${old_bills} 张账单）`, account: '4110', fund: 'service',
    amount: sum(Array.from({ length: old_bills }, () => OLD_BILL)), parts: [], old_bills,
  });
  return receipts;
}

const PARKING = '4102';
const SPACE_RENT = money('120.00');
const SPACES = 110;
/** Dwellings that rent a space, each one. */
export const renters = (units: readonly NewUnit[]): string[] => units.filter((_unit, at) => at % 4 === 1).slice(0, SPACES).map(({ unit }) => unit);

/** All spaces are paid, in as many batches as the fixture says. */
function parkingReceipts(period: Period, item: MonthlyReceipt, units: NewUnit[]): PlannedReceipt[] {
  const paying = renters(units);
  const size = Math.ceil(paying.length / item.parts);
  return Array.from({ length: item.parts }, (_unused, index) => {
    const parts = paying.slice(index * size, (index + 1) * size).map((unit) => ({ unit, amount: SPACE_RENT }));
    return {
      date: dayOf(period, item.day + index * 7), description: named(item.description, period, index + 1), account: item.account, fund: item.fund,
      amount: sum(parts.map(({ amount }) => amount)), parts,
    };
  });
}

function otherReceipts(period: Period, units: NewUnit[], exact: boolean, chance: () => number): PlannedReceipt[] {
  return payments.monthly_receipts.flatMap((item) => {
    if (item.account === PARKING) return parkingReceipts(period, item, units);
    const whole = varied(item.amount, item.swing, exact, chance);
    return apportion(whole, Array.from({ length: item.parts }, () => 1)).map((amount, index) => ({
      date: dayOf(period, item.day + index * 7), description: named(item.description, period, index + 1),
      account: item.account, fund: item.fund, amount, parts: [],
    }));
  });
}

/** The unusual cases, by months before the running one. */
function cases(ago: number, period: Period): { receipts: PlannedReceipt[]; orders: PlannedOrder[]; doubled: PlannedMonth['doubled'] } {
  const receipts: PlannedReceipt[] = [];
  const orders: PlannedOrder[] = [];
  let doubled: PlannedMonth['doubled'] = null;
  if (ago === 6) {
    receipts.push({ date: dayOf(period, 21), description: '老旧电梯更新政府补贴（限定用途）', account: '4105', fund: 'renovation_government', amount: money('150000.00'), parts: [] });
  }
  // Before the rule changes by which so large an order would be announced first (two-keys.ts).
  if (ago === 5) {
    orders.push({ date: dayOf(period, 23), payee: 'lift', account: '5113', fund: 'renovation_government', amount: money('128600.00'), purpose: '3 栋电梯更新工程款（验收后付清）', committee: 2 });
  }
  if (ago === 5) {
    doubled = { date: dayOf(period, 15), description: '临时停车费（与上一笔重复录入）', account: '4112', fund: 'public_income', amount: money('120.00') };
  }
  if (ago === 4) {
    orders.push({ date: dayOf(period, 21), payee: 'owner', account: '4102', fund: 'public_income', amount: money('240.00'), purpose: '退还多收的月租停车费（2 个月）', committee: 1, kind: 'refund' });
  }
  if (ago === 3) {
    orders.push({ date: dayOf(period, 14), payee: 'lift', account: '5102', fund: 'service', amount: money('380.00'), purpose: '电梯困人应急救援（银行先扣款）', committee: 1, debited_on: dayOf(period, 6) });
    orders.push({ date: dayOf(period, 12), payee: 'lamps', account: '5102', fund: 'public_income', amount: money('7000.00'), purpose: '地下车库灯具更换（预算 18,000 元）', committee: 1 });
  }
  if (ago === 2) {
    orders.push({ date: dayOf(period, 25), payee: 'security', account: '5105', fund: 'service', amount: money('1860.00'), purpose: '节日临时加岗 3 天', committee: 1, over_budget: '年度预算没有列这一项，节日人流大，业委会同意临时加岗' });
    orders.push({ date: dayOf(period, 14), payee: 'door', account: '5102', fund: 'public_income', amount: money('36500.00'), purpose: '5 栋屋面漏水抢修', committee: 1, emergency: '连日暴雨，顶层四户漏水，等不到公示期满' });
  }
  return { receipts, orders, doubled };
}

function planMonth(period: Period, ago: number, units: NewUnit[], chance: () => number): PlannedMonth {
  const exact = ago === 1;
  const special = cases(ago, period);
  const fees = feeReceipts(period, units, exact, chance);
  const base = sum(fees.map((r) => r.amount));
  const remuneration = apportion(base, [payments.remuneration.rate, 100 - payments.remuneration.rate])[0]!;
  const orders: PlannedOrder[] = payments.monthly.map((item) => ({
    date: dayOf(period, item.day), payee: item.payee, account: item.account, fund: item.fund,
    amount: varied(item.amount, item.swing, exact, chance), purpose: named(item.purpose, period), committee: 1,
  }));
  orders.push({
    date: dayOf(period, payments.remuneration.day), payee: payments.remuneration.payee, account: payments.remuneration.account,
    fund: payments.remuneration.fund, amount: remuneration, purpose: named(payments.remuneration.purpose, period), committee: 1,
  });
  return {
    period,
    receipts: [...fees, ...otherReceipts(period, units, exact, chance), ...special.receipts],
    orders: [...orders, ...special.orders].sort((a, b) => a.date.localeCompare(b.date)),
    support: { date: dayOf(period, payments.support.day), amount: money(payments.support.amount), description: named(payments.support.description, period) },
    doubled: special.doubled,
  };
}

/** Public income that was there before: what waits for signatures today finds its money on the first days of a month too. */
const RESERVE = money('30000.00');

const netOf = (month: PlannedMonth): Money =>
  minus(sum(month.receipts.map((r) => r.amount)), sum(month.orders.map((o) => o.amount)));

/** Whole months of books before the running one: as many as the cases need. Each costs every newcomer's first start some seconds. */
const WHOLE_MONTHS = 6;

/** WHOLE_MONTHS before `today`'s and the running one up to `today`. */
export function planDemo(today: BusinessDate): DemoPlan {
  const running = periodOf(today);
  const first_period = addMonths(running, -WHOLE_MONTHS);
  const units = demoUnits();
  const chance = seeded(20_241_010);
  const months = periodsBetween(first_period, running).map((period, index) => planMonth(period, WHOLE_MONTHS - index, units, chance));
  // The books open with what makes the last closed month begin with the fixture's balance, the reserve and the money of projects.
  const grown = sum(months.slice(0, WHOLE_MONTHS - 1).map(netOf));
  const opening = minus(money(estateFixture.closing_before_last_month), grown);
  const service = money('60000.00');
  const deposit = sum(depositors(units).map(() => DEPOSIT));
  const rest = sum([opening, RESERVE, negated(service), negated(deposit)]);
  if (rest.lessThan(zero)) throw new RangeError(`demo plan: public income would open at ${moneyText(rest)}`);
  const at = firstDay(first_period);
  const openings: PlannedReceipt[] = [
    { date: at, description: '上期结转：物业服务资金', account: '3101', fund: 'service', amount: service, parts: [] },
    { date: at, description: '上期结转：公共收益', account: '3101', fund: 'public_income', amount: rest, parts: [] },
    { date: at, description: '上期结转：装修押金（应退）', account: '2241', fund: 'deposit', amount: deposit, parts: depositors(units).map((unit) => ({ unit, amount: DEPOSIT })) },
  ];
  return { first_period, units, openings, months };
}
