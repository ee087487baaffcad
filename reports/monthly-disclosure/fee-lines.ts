// The lines of the memorandum of fees, once for the PDF, the page and its table.
import { money, moneyText, negated, sum } from '../../src/kernel/money.ts';
import type { FeesRow } from './figures.ts';
import type { Say } from './words.ts';

/** What leads from the opening to the closing sum, with its sign. The page shows the same lines. */
export function feeLines({ opening, closing, collected, month, earlier }: FeesRow, say: Say): { text: string; amount: string }[] {
  const less = (amounts: readonly string[]): string => moneyText(negated(sum(amounts.map(money))));
  return [
    { text: say('fees_opening'), amount: opening },
    { text: say('fees_billed', { bills: month.bills }), amount: month.billed },
    { text: say('fees_reduced'), amount: less([month.reduced, earlier.reduced]) },
    ...(month.collected === null || earlier.collected === null ? [{ text: say('fees_collected_all'), amount: less([collected]) }] : [
      { text: month.rate === null ? say('fees_collected') : say('fees_collected_rate', { rate: month.rate }), amount: less([month.collected]) },
      { text: say('fees_earlier'), amount: less([earlier.collected]) },
    ]),
    { text: say('fees_closing'), amount: closing },
  ];
}
