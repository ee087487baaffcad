// How a bill is reckoned. Pure: rules, facts, spaces, readings and costs go in, amounts with their lines come out.
//   area      rate × m² × days / days of the month          fixed    rate × days / days of the month
//   space     rate for each parking space held, by days     metered  rate × what the meter went on, spread over its days
//   shared    a cost of the month over all dwellings, by m² and days, or by days alone: the parts add up to the cost
// A month is cut wherever a rule, an area, a use or a holding begins or ends, and each piece is a line. Everything is exact
// (whole numbers over one denominator) until the bill is rounded once, half a fen up; apportion() gives the lines what adds up to it.
import assert from 'node:assert/strict';
import { addDays, addMonths, daysBetween, firstDay, lastDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { apportion, money, moneyText, type Money } from '../kernel/money.ts';

export type Basis = 'area' | 'fixed' | 'metered' | 'space' | 'shared';
/** What is left out restricts nothing. */
export interface AppliesTo { buildings?: string[]; kinds?: string[]; occupancies?: string[]; phases?: string[] }
export interface FeeRule {
  /** Number of the proposal; null: the estate's own rate. */
  rule_id: number | null;
  item: string;
  basis: Basis;
  /** Yuan, at most six places; null of shared. */
  rate: string | null;
  meter_kind: string | null;
  apportion_by: 'area' | 'household' | null;
  applies_to: AppliesTo;
  due_day: number;
  due_months: number;
  starts_on: BusinessDate;
  ends_on: BusinessDate | null;
}
export interface Fact { from_date: BusinessDate; area_m2: string; kind: string; occupancy: string }
export interface Dwelling {
  unit: string;
  ref: string;
  building: string;
  phase: string;
  /** Last day in the register. */
  ended_on: BusinessDate | null;
  /** Oldest first; of one day the last counts. */
  facts: readonly Fact[];
}
export interface Holding { space: string; from_date: BusinessDate; to_date: BusinessDate | null }
/** What a meter went on between two readings, both as it showed them. */
export interface Consumption { meter: string; after: BusinessDate; to: BusinessDate; before: string; now: string; quantity: string }

/** A line of bill.lines; keys in the order of canonical JSON. */
export type BillLine = {
  amount: string;
  before?: string;
  cost?: string;
  days?: number;
  from?: BusinessDate;
  meter?: string;
  now?: string;
  of?: number;
  quantity?: string;
  rate?: string;
  rule?: number;
  space?: string;
  to?: BusinessDate;
  what: Basis | 'late' | 'imported';
  whole?: string;
};
export interface Reckoned { amount: Money; lines: BillLine[]; /** The last in force: due day, account and late fee are its. */ rule: FeeRule }

// ── Exact parts ──────────────────────────────────────────────────────────────────────────────────

const SCALE = 1_000_000n;
/** "1.234567" → 1234567n. */
export function millionths(text: string): bigint {
  const found = /^([0-9]+)(?:\.([0-9]{1,6})0*)?$/.exec(text);
  assert(found !== null, `not a quantity: ${text}`);
  return BigInt(found[1]!) * SCALE + BigInt((found[2] ?? '').padEnd(6, '0'));
}
/** "1.500000" → "1.50": at least two places. */
export const rateText = (rate: string): string => {
  const [whole, places = ''] = rate.split('.');
  return `${whole}.${places.replace(/0+$/, '').padEnd(2, '0')}`;
};

interface Part { num: bigint; den: bigint; line: Omit<BillLine, 'amount'>; rule: FeeRule }

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** Rounds the exact sum once and lets its parts add up to it; null where it is below half a fen. */
function settle(parts: readonly Part[]): Reckoned | null {
  if (parts.length === 0) return null;
  const den = parts.reduce((all, part) => all / gcd(all, part.den) * part.den, 1n);
  const weights = parts.map((part) => part.num * (den / part.den));
  const whole = weights.reduce((a, b) => a + b, 0n);
  const amount = fenUp(whole, den);
  if (amount.isZero()) return null;
  const amounts = apportion(amount, weights.map(String));
  return { amount, lines: parts.map((part, at) => inOrder({ amount: moneyText(amounts[at]!), ...part.line })), rule: parts.at(-1)!.rule };
}

/** Yuan × 10¹² over a denominator, half a fen up: the one rounding of a bill. */
export function fenUp(num: bigint, den: bigint): Money {
  const unit = den * 10_000_000_000n;
  const fen = (num * 2n + unit) / (unit * 2n);
  return money(`${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`);
}

const inOrder = (line: BillLine): BillLine =>
  Object.fromEntries(Object.entries(line).filter(([, value]) => value !== undefined).sort(([a], [b]) => (a < b ? -1 : 1))) as BillLine;

// ── Days ─────────────────────────────────────────────────────────────────────────────────────────

/** The last that is not after the day. */
function factOn(facts: readonly Fact[], day: BusinessDate): Fact | undefined {
  for (let at = facts.length - 1; at >= 0; at -= 1) if (facts[at]!.from_date <= day) return facts[at];
  return undefined;
}

const allows = (named: readonly string[] | undefined, value: string): boolean => named === undefined || named.length === 0 || named.includes(value);
export const applies = ({ buildings, kinds, occupancies, phases }: AppliesTo, dwelling: Dwelling, fact: Fact): boolean =>
  allows(buildings, dwelling.building) && allows(phases, dwelling.phase) && allows(kinds, fact.kind) && allows(occupancies, fact.occupancy);

/** Of the rules of an item that are for this dwelling, the one that began last; none where that one is over. `rules`: oldest first. */
function ruleOn(rules: readonly FeeRule[], dwelling: Dwelling, fact: Fact, day: BusinessDate): FeeRule | null {
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const rule = rules[at]!;
    if (rule.starts_on <= day && applies(rule.applies_to, dwelling, fact)) return rule.ends_on === null || rule.ends_on >= day ? rule : null;
  }
  return null;
}

interface Piece { from: BusinessDate; to: BusinessDate; days: number; rule: FeeRule; fact: Fact }

/** A span of days cut wherever something begins or ends; pieces with nothing in force are left out. */
function pieces(rules: readonly FeeRule[], dwelling: Dwelling, from: BusinessDate, to: BusinessDate, cuts: readonly BusinessDate[] = []): Piece[] {
  const last = dwelling.ended_on !== null && dwelling.ended_on < to ? dwelling.ended_on : to;
  if (last < from) return [];
  const starts = new Set([from]);
  const cut = (day: BusinessDate | null, after: boolean): void => {
    if (day === null || day < (after ? addDays(from, -1) : from) || day > last) return;
    const first = after ? addDays(day, 1) : day;
    if (first > from && first <= last) starts.add(first);
  };
  for (const rule of rules) {
    cut(rule.starts_on, false);
    cut(rule.ends_on, true);
  }
  for (const fact of dwelling.facts) cut(fact.from_date, false);
  for (const day of cuts) cut(day, false);
  const days = [...starts].sort();
  const found: Piece[] = [];
  days.forEach((first, at) => {
    const end = at + 1 < days.length ? addDays(days[at + 1]!, -1) : last;
    const fact = factOn(dwelling.facts, first);
    const rule = fact === undefined ? null : ruleOn(rules, dwelling, fact, first);
    if (rule === null || fact === undefined) return;
    const before = found.at(-1);
    const same = before !== undefined && cuts.length === 0 && before.rule === rule && before.fact.area_m2 === fact.area_m2 && addDays(before.to, 1) === first;
    const count = daysBetween(first, end) + 1;
    if (same) Object.assign(before, { to: end, days: before.days + count });
    else found.push({ from: first, to: end, days: count, rule, fact });
  });
  return found;
}

const daysOf = (period: Period): number => Number(lastDay(period).slice(8));
/** Whole months say nothing of days. */
const spanOf = ({ from, to, days }: Pick<Piece, 'from' | 'to' | 'days'>, of: number) => (days === of ? {} : { days, from, of, to });
const numberOf = ({ rule_id }: FeeRule) => (rule_id === null ? {} : { rule: rule_id });

// ── Bills ────────────────────────────────────────────────────────────────────────────────────────

/** What a dwelling owes of an item for a month: area and fixed. Null where nothing. `rules`: of this item, oldest first. */
export function reckonMonth(period: Period, rules: readonly FeeRule[], dwelling: Dwelling): Reckoned | null {
  const of = daysOf(period);
  return settle(pieces(rules, dwelling, firstDay(period), lastDay(period)).filter(({ rule }) => rule.basis === 'area' || rule.basis === 'fixed').map((piece) => {
    const { rule, fact, days } = piece;
    const by_area = rule.basis === 'area';
    return {
      num: millionths(rule.rate!) * (by_area ? millionths(fact.area_m2) : SCALE) * BigInt(days), den: BigInt(of), rule,
      line: { what: rule.basis, rate: rateText(rule.rate!), ...(by_area ? { quantity: rateText(fact.area_m2) } : {}), ...numberOf(rule), ...spanOf(piece, of) },
    };
  }));
}

/** Parking: each space for the days on which the dwelling held it. */
export function reckonSpaces(period: Period, rules: readonly FeeRule[], dwelling: Dwelling, holdings: readonly Holding[]): Reckoned | null {
  const of = daysOf(period);
  const parts = [...holdings].sort((a, b) => (a.space === b.space ? (a.from_date < b.from_date ? -1 : 1) : a.space < b.space ? -1 : 1)).flatMap((holding) => {
    const from = holding.from_date > firstDay(period) ? holding.from_date : firstDay(period);
    const to = holding.to_date !== null && holding.to_date < lastDay(period) ? holding.to_date : lastDay(period);
    return pieces(rules, dwelling, from, to).filter(({ rule }) => rule.basis === 'space').map((piece) => ({
      num: millionths(piece.rule.rate!) * SCALE * BigInt(piece.days), den: BigInt(of), rule: piece.rule,
      line: { what: 'space' as const, space: holding.space, rate: rateText(piece.rule.rate!), ...numberOf(piece.rule), ...spanOf(piece, of) },
    }));
  });
  return settle(parts);
}

/** Water, electricity: what each meter went on, its days shared among the rules in force on them. */
export function reckonMeters(rules: readonly FeeRule[], dwelling: Dwelling, used: readonly Consumption[]): Reckoned | null {
  const parts = [...used].sort((a, b) => (`${a.meter} ${a.to}` < `${b.meter} ${b.to}` ? -1 : 1)).flatMap((one) => {
    const from = addDays(one.after, 1);
    const of = daysBetween(from, one.to) + 1;
    return pieces(rules, dwelling, from, one.to).filter(({ rule }) => rule.basis === 'metered').map((piece) => ({
      num: millionths(piece.rule.rate!) * millionths(one.quantity) * BigInt(piece.days), den: BigInt(of), rule: piece.rule,
      line: { what: 'metered' as const, meter: one.meter, before: one.before, now: one.now, quantity: one.quantity, rate: rateText(piece.rule.rate!), ...numberOf(piece.rule),
        from: piece.from, to: piece.to, ...(piece.days === of ? {} : { days: piece.days, of }) },
    }));
  });
  return settle(parts);
}

/** How far a meter went on from one reading to the next; null where it went backwards and not over its end. */
export function consumption({ before, now, multiplier, digits }: { before: string; now: string; multiplier: string; digits: number }): string | null {
  const round = 10n ** BigInt(digits) * SCALE;
  const [a, b] = [millionths(before), millionths(now)];
  // Over the end only where it stood in the last tenth and stands in the first.
  const over = b < a && a >= round / 10n * 9n && b < round / 10n;
  if (b < a && !over) return null;
  const used = (b - a + (over ? round : 0n)) * millionths(multiplier) / SCALE;
  return `${used / SCALE}.${String(used % SCALE).padStart(6, '0')}`.replace(/\.?0+$/, '');
}

/** A cost of the month over the dwellings it is for: to the fen, whatever order they come in. Empty where it is for none. */
export function reckonShared(period: Period, rules: readonly FeeRule[], dwellings: readonly Dwelling[], cost: Money): Map<string, Reckoned> {
  const of = daysOf(period);
  const shares = dwellings.flatMap((dwelling) => {
    const own = pieces(rules, dwelling, firstDay(period), lastDay(period)).filter(({ rule }) => rule.basis === 'shared');
    const weight = own.reduce((all, { rule, fact, days }) => all + (rule.apportion_by === 'area' ? millionths(fact.area_m2) : SCALE) * BigInt(days), 0n);
    return weight === 0n ? [] : [{ dwelling, own, weight }];
  }).sort((a, b) => (a.dwelling.ref < b.dwelling.ref ? -1 : 1));
  if (shares.length === 0) return new Map();
  const whole = shares.reduce((all, share) => all + share.weight, 0n);
  const parts = apportion(cost, shares.map((share) => String(share.weight)));
  // In m² or dwellings, by days of the month, for people.
  const text = (weight: bigint): string => {
    const hundredths = (weight * 200n / (SCALE * BigInt(of)) + 1n) / 2n;
    return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
  };
  return new Map(shares.flatMap(({ dwelling, own, weight }, at) => {
    const amount = parts[at]!;
    if (amount.isZero()) return [];
    const { rule } = own.at(-1)!;
    const days = own.reduce((all, piece) => all + piece.days, 0);
    const line = inOrder({ amount: moneyText(amount), cost: moneyText(cost), quantity: text(weight), whole: text(whole), what: 'shared', ...numberOf(rule),
      ...spanOf({ from: own[0]!.from, to: own.at(-1)!.to, days }, of) });
    return [[dwelling.unit, { amount, lines: [line], rule }]];
  }));
}

/** Day by which a bill of a month is due. */
export function dueOn({ due_day, due_months }: Pick<FeeRule, 'due_day' | 'due_months'>, period: Period): BusinessDate {
  const month = addMonths(period, due_months);
  const last = lastDay(month);
  return due_day >= Number(last.slice(8)) ? last : `${month}-${String(due_day).padStart(2, '0')}`;
}

// ── Late fees ────────────────────────────────────────────────────────────────────────────────────

export interface LateFacts {
  /** The bill, less what was taken off it. */
  owed: Money;
  payments: readonly { on: BusinessDate; amount: Money }[];
  due_on: BusinessDate;
  grace_days: number;
  /** A day, as part of what is open. */
  rate: string;
  cap_percent: string;
  /** Late fees of earlier months. */
  earlier: Money;
}

/** Late fee (滞纳金) of one month: each day's open sum × rate, from the first day after the grace, until the cap. What is paid on a
 *  day is not late on it. Simple, never on late fees. */
export function reckonLate(period: Period, facts: LateFacts): { amount: Money; lines: BillLine[] } | null {
  const { owed, payments, due_on, grace_days, rate, cap_percent, earlier } = facts;
  const begins = addDays(due_on, grace_days + 1);
  const from = begins > firstDay(period) ? begins : firstDay(period);
  const to = lastDay(period);
  const hundredths = (amount: Money): bigint => BigInt(amount.times(100).toFixed(0));
  const spans: { from: BusinessDate; to: BusinessDate; days: number; open: bigint }[] = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    const open = payments.reduce((left, one) => (one.on <= day ? left - hundredths(one.amount) : left), hundredths(owed));
    if (open <= 0n) continue;
    const before = spans.at(-1);
    if (before !== undefined && before.open === open && addDays(before.to, 1) === day) Object.assign(before, { to: day, days: before.days + 1 });
    else spans.push({ from: day, to: day, days: 1, open });
  }
  if (spans.length === 0) return null;
  const weights = spans.map(({ days, open }) => millionths(rate) * open * BigInt(days));
  const exact = fenUp(weights.reduce((a, b) => a + b, 0n) * 10_000n, 1n);
  const most = BigInt(millionths(cap_percent)) * hundredths(owed) / (100n * SCALE) - hundredths(earlier);
  const fen = hundredths(exact) < most ? hundredths(exact) : most;
  if (fen <= 0n) return null;
  const amount = money(`${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`);
  const amounts = apportion(amount, weights.map(String));
  return { amount, lines: spans.map(({ open, ...span }, at) => inOrder({ amount: moneyText(amounts[at]!), what: 'late', rate: rateText(rate), days: span.days, from: span.from, to: span.to,
    quantity: `${open / 100n}.${String(open % 100n).padStart(2, '0')}` })) };
}
