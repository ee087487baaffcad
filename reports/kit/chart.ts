// The twelve months drawn as PDF paths, from the same geometry as the page (src/web/chart.ts).
// Received is solid and paid is outlined with a pale fill, so that a black-and-white copier on the
// notice board still shows which is which.
import { chartWords, monthsChart, shortAmount } from '../../src/web/chart.ts';
import type { ChartMonth, MonthsChart } from '../../src/web/chart.ts';
import { CONTENT_WIDTH, PAGE, ink } from './document.ts';
import type { SealedDocument } from './document.ts';

export interface ChartTexts {
  received: string;
  paid: string;
  unit: string;
  alt: string;
}

export const CHART_HEIGHT = 128;

export function drawMonths(
  document: SealedDocument,
  months: readonly ChartMonth[],
  texts: ChartTexts,
  locale: 'zh' | 'en',
): void {
  const size = {
    width: CONTENT_WIDTH,
    height: CHART_HEIGHT,
    left: 26,
    right: 2,
    top: 22,
    bottom: 24,
  };
  const chart = monthsChart(months, size);
  const [x, y] = [PAGE.left, document.y];
  document.figure(
    `${texts.alt} ${chartWords(months, locale)}`,
    [x, y, size.width, size.height],
    () => {
      drawScale(document, chart.ticks, locale);
      for (const { kind, amount, ...bar } of chart.bars) {
        const color = kind === 'received' ? ink.accent : ink.pale;
        if (bar.height > 0) document.bar(x + bar.x, y + bar.y, bar.width, bar.height, color);
        if (kind === 'paid' && bar.height > 0) {
          document.box(x + bar.x + 0.3, y + bar.y, bar.width - 0.6, bar.height, 0.6, ink.accent);
        }
        if (Number(amount) === 0) continue;
        const below = Number(amount) < 0;
        const at = y + bar.y + (below ? bar.height + 7 : -2.5);
        const color2 = below ? ink.red : ink.soft;
        document.text(
          shortAmount(amount, locale, locale === 'zh' ? 1 : 0),
          x + bar.x + bar.width / 2,
          at,
          { size: 6, color: color2, align: 'center' },
        );
      }
      document.rule(x + size.left, x + size.width - size.right, y + chart.zeroY, 0.8, ink.black);
      for (const label of chart.labels) {
        const at = x + label.x;
        document.text(label.month, at, y + label.y + 9, {
          size: 7,
          color: ink.soft,
          align: 'center',
        });
        if (label.year === null) continue;
        document.text(label.year, at, y + label.y + 18, {
          size: 6.5,
          color: ink.soft,
          align: 'center',
        });
      }
      drawLegend(document, texts);
    },
  );
  document.y = y + size.height;
}

function drawScale(
  document: SealedDocument,
  ticks: MonthsChart['ticks'],
  locale: 'zh' | 'en',
): void {
  for (const tick of ticks) {
    const at = document.y + tick.y;
    document.rule(PAGE.left + tick.x1, PAGE.left + tick.x2, at, 0.3, ink.hair);
    const style = { size: 6.5, color: ink.soft, align: 'right' } as const;
    document.text(shortAmount(tick.value, locale), PAGE.left + tick.x1 - 4, at + 2.3, style);
  }
}

function drawLegend(document: SealedDocument, texts: ChartTexts): void {
  const y = document.y + 4;
  document.bar(PAGE.left + 26, y, 8, 7, ink.accent);
  document.text(texts.received, PAGE.left + 38, y + 6.5, { size: 7.5 });
  document.bar(PAGE.left + 96, y, 8, 7, ink.pale);
  document.box(PAGE.left + 96, y, 8, 7, 0.6, ink.accent);
  document.text(texts.paid, PAGE.left + 108, y + 6.5, { size: 7.5 });
  document.text(texts.unit, PAGE.right, y + 6.5, { size: 7, color: ink.soft, align: 'right' });
}
