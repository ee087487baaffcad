// Fees as a memorandum: on the left from what was open before the month to what is open at its end, on the right what is overdue, by age.
import { CONTENT_WIDTH, PAGE, ink } from '../kit/document.ts';
import { Table, amountCell, figures as amountWords } from '../kit/table.ts';
import type { Cell } from '../kit/table.ts';
import { feeLines } from './fee-lines.ts';
import type { Printing } from './words.ts';

const GAP = 18;
const HALF = (CONTENT_WIDTH - GAP) / 2;

export function printFees({ document, figures: { fees }, say }: Printing): void {
  if (fees === undefined) return;
  document.ensure(190);
  document.bookmark(say('fees'));
  document.heading(say('fees'));
  document.paragraph(say('fees_note'), { size: 8, color: ink.soft });
  const top = document.y;
  const hidden: Cell = [{ text: say('fees_hidden'), color: ink.soft }];
  const shown = (amount: string | null): Cell => (amount === null ? hidden : amountCell(amount));
  const left = new Table(document, [{ heading: say('heading'), width: HALF - 84 }, { heading: say('fees_amount'), width: 84, align: 'right' }]);
  const lines = feeLines(fees, say);
  lines.forEach(({ text, amount }, index) =>
    left.row([text, amountWords(amount)], index === lines.length - 1 ? { face: document.bold, total: true } : {}));
  left.end();
  const below = document.y;
  document.y = top;
  const right = new Table(document, [
    { heading: say('fees_overdue'), width: HALF - 84 - 66 }, { heading: say('fees_owing'), width: 66, align: 'right' }, { heading: say('fees_amount'), width: 84, align: 'right' },
  ], { x: PAGE.left + HALF + GAP });
  for (const { age, owing, amount } of fees.ages) right.row([say(`fees_${age}`), owing === null ? hidden : String(owing), shown(amount)]);
  const { overdue } = fees;
  const total = overdue === null ? say('total') : say('fees_total', { owing: overdue.owing, dwellings: overdue.dwellings });
  right.row([total, overdue === null ? '' : String(overdue.owing), shown(overdue?.amount ?? null)], { face: document.bold, total: true });
  right.end();
  document.y = Math.max(below, document.y);
}
