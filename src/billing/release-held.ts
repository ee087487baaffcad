// How much of what a dwelling paid in advance is kept for one item only (prepayment), after all that happened since: told
// entry by entry. Pure: no database. What is held altogether are the sums of 2203 (unit_held()); this tells it apart.
//   a receipt          keeps what the payer said for their items
//   a release          uses what is kept for the item first, then what is free
//   a refund, others   take what is free first, then what is kept, item by item
//   a red-letter entry undoes what its entry did
import { minus, money, sum, zero, type Money } from '../kernel/money.ts';

/** What one entry did to one dwelling's money in one fund. */
export interface HeldEvent {
  seq: number;
  /** Credits less debits of 2203. */
  net: Money;
  /** seq of the entry it reverses. */
  reverses: number | null;
  /** A receipt's prepayments, or what a release paid, by item. */
  items: readonly { item: string; amount: Money }[];
  release: boolean;
}
export interface Held { held: Money; /** Of it for one item only; the rest is for whatever is billed. */ bound: Map<string, Money> }

const smaller = (a: Money, b: Money): Money => (a.lessThan(b) ? a : b);
const noLess = (a: Money): Money => (a.isNegative() ? zero : a);

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
    else for (const { item, amount } of event.items) shift(item, event.release ? minus(zero, smaller(amount, bound.get(item) ?? zero)) : amount);
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
  return { held, bound };
}

export const freeOf = ({ held, bound }: Held): Money => noLess(minus(held, sum(bound.values())));
export const moneyOrZero = (text: string | null | undefined): Money => (text === null || text === undefined ? zero : money(text));
