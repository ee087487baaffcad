// Money (金额): exact yuan with two places. Only money(), sum() and apportion() make one, so that
// no float ever reaches the books; what has more than two places is refused, never rounded.
// The one place that rounds is apportion(), and its parts always add up to the whole.
import { Decimal } from 'decimal.js';
import { capitalAmount, groupedAmount, MONEY_PATTERN, plainAmount } from './money-text.ts';

export { MONEY_PATTERN };

declare const brand: unique symbol;
/** Exact yuan, two places, at most 9,999,999,999,999,999.99 in size (numeric(18,2) in the database): what is
 *  typed is far smaller, but the figures of a month must add up whatever a cashier has put into it. */
export type Money = Decimal & { readonly [brand]: 'money' };

/** node:assert is not in a browser, where the verifier reckons with the same money. */
function assert(holds: boolean, message: string): asserts holds {
  if (!holds) throw new RangeError(message);
}

const shape = /^-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,2})?$/;
const limit = new Decimal('9999999999999999.99');

const brandMoney = (value: Decimal): Money => {
  assert(value.isFinite() && value.decimalPlaces() <= 2, `not money: ${value.toString()}`);
  assert(value.abs().lessThanOrEqualTo(limit), `money out of range: ${value.toString()}`);
  return (value.isZero() ? new Decimal(0) : value) as Money;
};

/** From a decimal string as JSON and the database give it. Throws an assertion on anything else. */
export function money(text: string): Money {
  assert(shape.test(text), `not a money string: ${text}`);
  return brandMoney(new Decimal(text));
}

/** From what a person typed: full-width digits, separators and a yuan sign are understood;
 *  anything that is not exactly an amount with at most two places gives null. */
export function readMoney(typed: string): Money | null {
  const text = plainAmount(typed);
  return text === null ? null : money(text);
}

export const zero: Money = brandMoney(new Decimal(0));

export function sum(parts: Iterable<Money>): Money {
  let total = new Decimal(0);
  for (const part of parts) total = total.plus(part);
  return brandMoney(total);
}

export const minus = (a: Money, b: Money): Money => brandMoney(a.minus(b));
export const negated = (a: Money): Money => brandMoney(a.negated());

/** Splits `whole` by `weights` (largest remainder first, then earlier part): the parts add up to
 *  the whole to the fen, for any weights that are not all zero. */
export function apportion(whole: Money, weights: readonly Decimal.Value[]): Money[] {
  const shares = weights.map((weight) => new Decimal(weight));
  const total = shares.reduce((a, b) => a.plus(b), new Decimal(0));
  assert(shares.every((s) => !s.isNegative()) && total.greaterThan(0), 'weights must be positive');
  const exact = shares.map((s) => whole.times(100).times(s).dividedBy(total));
  const fen = exact.map((part) => part.trunc());
  let left = whole.times(100).minus(fen.reduce((a, b) => a.plus(b), new Decimal(0))).toNumber();
  const order = exact
    .map((part, index) => ({ index, rest: part.minus(fen[index]!).abs() }))
    .sort((a, b) => b.rest.comparedTo(a.rest) || a.index - b.index);
  const step = left < 0 ? -1 : 1;
  for (let turn = 0; left !== 0; turn += 1, left -= step) {
    const index = order[turn % order.length]!.index;
    fen[index] = fen[index]!.plus(step);
  }
  return fen.map((part) => brandMoney(part.dividedBy(100)));
}

/** "7000.00": JSON, SQL parameters, canonical documents. */
export const moneyText = (amount: Money): string => amount.toFixed(2);

/** "7,000.00": people. Negative amounts keep the true minus sign U+2212. */
export const moneyFigures = (amount: Money): string => groupedAmount(moneyText(amount));

/** 柒仟元整: the amount in capital Chinese numerals as on a Chinese bank slip. */
export const moneyCapital = (amount: Money): string => capitalAmount(moneyText(amount));
