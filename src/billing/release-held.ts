// How much of what a dwelling paid in advance is kept for one item only (prepayment), after all that happened since: told
// entry by entry. Pure: no database. What is held altogether are the sums of 2203 (unit_held()); this tells it apart.
//   a receipt          keeps what the payer said for their items
//   a release          uses what is kept for the item and the bill's month first, then what is free
//   a refund, others   take what is free first, then what is kept, item by item
//   a red-letter entry undoes what its entry did
import type { Period } from '../kernel/dates.ts';
import { minus, sum, zero, type Money } from '../kernel/money.ts';

/** What one entry did to one dwelling's money in one fund. */
export interface HeldEvent {
  seq: number;
  /** Credits less debits of 2203. */
  net: Money;
  /** seq of the entry it reverses. */
  reverses: number | null;
  /** A receipt's prepayments with the first month they are for, or what a release paid with the month of the bill. */
  items: readonly { item: string; month: Period; amount: Money }[];
  release: boolean;
}
/** Of what is held: for one item only, for bills of a month on. */
export interface Bound { item: string; from: Period; amount: Money }
export interface Held { held: Money; /** The rest is for whatever is billed. */ bound: Bound[] }

const smaller = (a: Money, b: Money): Money => (a.lessThan(b) ? a : b);
const noLess = (a: Money): Money => (a.isNegative() ? zero : a);

const listed = (bound: ReadonlyMap<string, Money>): Bound[] => [...bound].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, amount]) => {
  const [item, from] = key.split(' ') as [string, Period];
  return { item, from, amount };
});

/** What is kept for a bill: of its item, for its month or an earlier one; the earliest first. */
export const keptFor = <B extends Pick<Bound, 'item' | 'from'>>(bound: readonly B[], item: string, month: Period): B[] =>
  bound.filter((one) => one.item === item && one.from <= month).sort((a, b) => (a.from < b.from ? -1 : 1));

export function heldAfter(events: readonly HeldEvent[]): Held {
  const bound = new Map<string, Money>();
  const did = new Map<number, Map<string, Money>>();
  let held: Money = zero;
  const shift = (item: string, by: Money): void => {
    const next = noLess(sum([bound.get(item) ?? zero, by]));
    if (next.isZero()) bound.delete(item);
    else bound.set(item, next);
  };
  for (const event of [...events].sort((a, b) => a.seq - b.seq)) {
    const before = new Map(bound);
    held = sum([held, event.net]);
    const undone = event.reverses === null ? undefined : did.get(event.reverses);
    if (undone !== undefined) for (const [item, by] of undone) shift(item, minus(zero, by));
    else for (const { item, month, amount } of event.items) {
      if (!event.release) {
        shift(`${item} ${month}`, amount);
        continue;
      }
      let left = amount;
      for (const { from, amount: kept } of keptFor(listed(bound), item, month)) {
        const part = smaller(left, kept);
        shift(`${item} ${from}`, minus(zero, part));
        left = minus(left, part);
      }
    }
    let over = minus(sum(bound.values()), noLess(held));
    for (const item of [...bound.keys()].sort()) {
      if (!over.greaterThan(zero)) break;
      const part = smaller(over, bound.get(item)!);
      shift(item, minus(zero, part));
      over = minus(over, part);
    }
    const items = new Set([...before.keys(), ...bound.keys()]);
    did.set(event.seq, new Map([...items].map((item) => [item, minus(bound.get(item) ?? zero, before.get(item) ?? zero)])));
  }
  return { held, bound: listed(bound) };
}

export const freeOf = ({ held, bound }: Held): Money => noLess(minus(held, sum(bound.map((one) => one.amount))));
