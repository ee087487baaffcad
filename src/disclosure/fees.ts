// The disclosure's memorandum of fees (收费情况): what was billed, taken off and collected, and what is overdue by age. Proved: open before
// + billed − taken off − collected = open after. What is overdue passes the same rule as the page of arrears (billing/arrears.ts):
// no figure points at a dwelling, nor does the difference of two.
import assert from 'node:assert/strict';
import { publicArrears, type UnitArrears } from '../billing/arrears.ts';
import type { Trx } from '../kernel/database.ts';
import { minus, money, moneyText, sum } from '../kernel/money.ts';
import type { FeesRow } from '../../reports/monthly-disclosure/figures.ts';
import { runStatement, type Parameters } from './statements.ts';

interface FeesFound {
  bills: number; billed: string; reduced: string; collected: string; earlier_reduced: string; earlier_collected: string; opening: string; closing: string;
}

/** Null where there are no bills. */
export async function readFees(trx: Trx, parameters: Parameters): Promise<FeesRow | null> {
  const [found] = await runStatement<FeesFound>(trx, 'fees', parameters);
  if (found === undefined) return null;
  const { bills, billed, reduced, collected, earlier_reduced, earlier_collected, opening, closing } = found;
  const gone = sum([reduced, collected, earlier_reduced, earlier_collected].map(money));
  assert(minus(sum([money(opening), money(billed)]), gone).equals(money(closing)), 'open before + billed − gone = open after');
  const { total, ages } = publicArrears(await runStatement<UnitArrears>(trx, 'overdue', parameters));
  const due = minus(money(billed), money(reduced));
  // Where overdue sums are kept back, so is what they could be reckoned from.
  const told = (amount: string): string | null => (total === null ? null : amount);
  return {
    opening, closing, collected: moneyText(sum([money(collected), money(earlier_collected)])),
    // Cut off, not rounded: 100.0 only where all of it came.
    month: { bills, billed, reduced, collected: told(collected), rate: total !== null && due.greaterThan(0) ? money(collected).times(100).dividedBy(due).toFixed(1, 1) : null },
    earlier: { reduced: earlier_reduced, collected: told(earlier_collected) },
    overdue: total, ages,
  };
}
