// What is still free while lines are matched, and what was found so far. A line, an entry, an order is used once; what is
// proposed leaves its parts free, so that several proposals may name the same.
import type { BusinessDate } from '../kernel/dates.ts';
import { daysBetween } from '../kernel/dates.ts';
import type { OpenBill } from '../billing/queries.ts';
import type { DwellingIndex } from '../billing/unit-name.ts';
import { accountKey, type BookItem, type Candidate, type Mandate, type OpenLine, type OpenOrder, type Rule } from './candidate.ts';

/** All that a decision rests on; nothing is looked up later. */
export interface Sources {
  account: string;
  /** Name of the estate's bank, by which its own bookings are known. */
  bank_name: string;
  lines: readonly OpenLine[];
  items: readonly BookItem[];
  orders: readonly OpenOrder[];
  mandates: readonly Mandate[];
  rules: readonly Rule[];
  dwellings: DwellingIndex;
  /** unit.ref of a dwelling. */
  refs: ReadonlyMap<string, string>;
  units_by_name: ReadonlyMap<string, readonly string[]>;
  units_by_virtual_account: ReadonlyMap<string, string>;
  bills: readonly OpenBill[];
  free_fund: string | null;
  /** Fund of property fees, where the estate has one. */
  has_fee_fund: boolean;
}

export interface Plan {
  certain: Candidate[];
  /** Best first; lines without a key have none. */
  proposed: Map<number, Candidate[]>;
}

/** Days that line and entry may lie apart. */
export const DAYS_APART = 5;
/** Proposals shown for a line. */
export const MOST_PROPOSED = 6;

export const near = (a: BusinessDate, b: BusinessDate): boolean => Math.abs(daysBetween(a, b)) <= DAYS_APART;

export class Matching {
  readonly sources: Sources;
  readonly lines: Map<number, OpenLine>;
  readonly items: Map<number, BookItem>;
  readonly orders: Map<number, OpenOrder>;
  readonly plan: Plan = { certain: [], proposed: new Map() };

  constructor(sources: Sources) {
    this.sources = sources;
    this.lines = new Map(sources.lines.map((line) => [line.position, line]));
    this.items = new Map(sources.items.map((item) => [item.seq, item]));
    this.orders = new Map(sources.orders.map((order) => [order.proposal_id, order]));
  }

  settle(candidate: Candidate): void {
    this.plan.certain.push(candidate);
    for (const position of candidate.lines) this.lines.delete(position);
    for (const seq of candidate.entries) this.items.delete(seq);
    for (const order of candidate.orders) this.orders.delete(order);
  }

  propose(candidate: Candidate): void {
    for (const position of candidate.lines) {
      const known = this.plan.proposed.get(position) ?? [];
      if (known.length < MOST_PROPOSED && !known.some((one) => one.id === candidate.id)) {
        this.plan.proposed.set(position, [...known, candidate]);
      }
    }
  }
}

export const candidate = (given: Omit<Candidate, 'entries' | 'orders'> & Partial<Candidate>): Candidate => ({ entries: [], orders: [], ...given });

/** By whom a line may be told from another of the same amount: the payee's account, or the dwelling it is for. */
export interface Evidence { of_line(line: OpenLine): string; of_item(item: BookItem): string }

export const isOut = (amount: string): boolean => amount.startsWith('-');

export function evidenceOf(unit_ref_of: (line: OpenLine) => string): Evidence {
  return {
    of_line: (line) => (isOut(line.amount) ? accountKey(line.counterparty_account) : unit_ref_of(line)),
    of_item: (item) => (isOut(item.amount) ? accountKey(item.payee_account) : item.unit_ref ?? ''),
  };
}

/** Groups without losing the order. */
export function groupBy<T>(rows: Iterable<T>, keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Rows by day, for asking who lies within a few days: two searches, however many there are. */
export class Days<T> {
  readonly #rows: T[];
  readonly #days: BusinessDate[];
  constructor(rows: readonly T[], dayOf: (row: T) => BusinessDate) {
    this.#rows = [...rows].sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : dayOf(a) > dayOf(b) ? 1 : 0));
    this.#days = this.#rows.map(dayOf);
  }

  #first(atLeast: (day: BusinessDate) => boolean): number {
    let [low, high] = [0, this.#days.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (atLeast(this.#days[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #span(from: BusinessDate, to: BusinessDate): [number, number] {
    return [this.#first((day) => day >= from), this.#first((day) => day > to)];
  }

  count(from: BusinessDate, to: BusinessDate): number {
    const [first, last] = this.#span(from, to);
    return last - first;
  }

  /** At most `limit` of them. */
  within(from: BusinessDate, to: BusinessDate, limit: number): T[] {
    const [first, last] = this.#span(from, to);
    return this.#rows.slice(first, Math.min(last, first + limit));
  }
}
