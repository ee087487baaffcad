// Where a hundred yuan went (每缴 100 元的去向): what the funds that fees go into spent by heading, what was left over, and the part
// of it that one dwelling bears by its area (民法典 §283). Pure: figures in, figures out; the parts add up to the fen.
import { Decimal } from 'decimal.js';
import { apportion, minus, money, moneyText, sum, zero, type Money } from '../kernel/money.ts';

export interface Heading { account: string; name_zh: string; name_en: string; amount: string }
/** What a stretch of months took in and spent in the funds that fees go into. */
export interface Turnover { received: string; headings: Heading[] }

export interface Share extends Heading {
  /** Of a hundred yuan. */
  of_hundred: string;
  /** The dwelling's part of the heading by area. */
  of_unit: string;
}
export interface Hundred {
  received: string;
  spent: string;
  shares: Share[];
  /** Received and not spent, above zero; of a hundred yuan, too. Null where more was spent than received. */
  kept: { amount: string; of_hundred: string } | null;
  /** Spent beyond what was received, from earlier years; null where there is none. */
  beyond: string | null;
  /** The dwelling's part of all that was spent. */
  unit_total: string;
}

const HUNDRED = money('100.00');

/** `area` and `total_area` in m², the dwelling's part of the estate's. Null where nothing was received and nothing spent. */
export function hundredOf({ received, headings }: Turnover, { area, total_area }: { area: string; total_area: string }): Hundred | null {
  const spending = headings.filter((one) => money(one.amount).greaterThan(zero)).sort((a, b) => money(b.amount).comparedTo(money(a.amount)) || (a.account < b.account ? -1 : 1));
  const spent = sum(spending.map((one) => money(one.amount)));
  const came = money(received);
  if (spent.isZero() && !came.greaterThan(zero)) return null;
  const left = minus(came, spent);
  const weights = [...spending.map((one) => one.amount), ...(left.greaterThan(zero) ? [moneyText(left)] : [])];
  const parts = apportion(HUNDRED, weights);
  const borne = spending.map((one) => partOf(money(one.amount), area, total_area));
  return {
    received, spent: moneyText(spent),
    shares: spending.map((one, at) => ({ ...one, of_hundred: moneyText(parts[at]!), of_unit: moneyText(borne[at]!) })),
    kept: left.greaterThan(zero) ? { amount: moneyText(left), of_hundred: moneyText(parts.at(-1)!) } : null,
    beyond: left.isNegative() ? moneyText(minus(spent, came)) : null,
    unit_total: moneyText(sum(borne)),
  };
}

/** One dwelling's part of a sum; a dwelling larger than the estate bears all of it. */
function partOf(whole: Money, area: string, total_area: string): Money {
  const rest = Decimal.max(0, new Decimal(total_area).minus(area));
  return apportion(whole, [area, rest])[0]!;
}
