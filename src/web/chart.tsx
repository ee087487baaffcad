// The twelve months as a picture (SVG) from the geometry of chart.ts. The same figures stand below
// it as a table that anyone can open, so that nothing depends on seeing or on colour.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { Amount } from './amount.tsx';
import {
  chartWords,
  monthsChart,
  shortAmount,
  type Bar,
  type ChartMonth,
  type ChartSize,
} from './chart.ts';
import { useLocale, useTexts } from './context.ts';
import { formatPeriod } from './locale.ts';
import { LedgerTable } from './tables.tsx';

const SIZE: ChartSize = { width: 358, height: 190, left: 34, right: 2, top: 10, bottom: 40 };
const pixel = (value: number): number => Math.round(value * 10) / 10;

const BarShape = ({ bar }: { bar: Bar }): JSX.Element => (
  <rect
    class={`bar-${bar.kind}`}
    x={pixel(bar.x)}
    y={pixel(bar.y)}
    width={pixel(bar.width)}
    height={pixel(bar.height)}
    rx="1.5"
  />
);

function MonthsTable({ months }: { months: readonly ChartMonth[] }): JSX.Element {
  const t = useTexts();
  const locale = useLocale();
  return (
    <details class="chart-figures">
      <summary>{t.chart_figures}</summary>
      <LedgerTable
        caption={fill(t.months_chart, { n: months.length })}
        caption_hidden
        rows={months}
        columns={[
          {
            key: 'period',
            title: t.month,
            lead: true,
            cell: (m) => formatPeriod(m.period, locale),
          },
          {
            key: 'received',
            title: t.received,
            type: 'money',
            cell: (m) => <Amount value={m.received} />,
          },
          { key: 'paid', title: t.paid, type: 'money', cell: (m) => <Amount value={m.paid} /> },
        ]}
      />
    </details>
  );
}

export function MonthsChart({
  months,
  label,
}: {
  months: readonly ChartMonth[];
  label?: string | undefined;
}): JSX.Element | null {
  const t = useTexts();
  const locale = useLocale();
  if (months.length === 0) return null;
  const chart = monthsChart(months, SIZE);
  const title = label ?? fill(t.months_chart, { n: months.length });
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
        role="img"
        aria-label={`${title}：${chartWords(months, locale)}`}
      >
        {chart.ticks.map((tick) => (
          <>
            <line
              class="tick-line"
              x1={tick.x1}
              x2={tick.x2}
              y1={pixel(tick.y)}
              y2={pixel(tick.y)}
            />
            <text class="tick-text" x={SIZE.left - 5} y={pixel(tick.y) + 4} text-anchor="end">
              {shortAmount(tick.value, locale)}
            </text>
          </>
        ))}
        {chart.bars.map((bar) => (
          <BarShape bar={bar} />
        ))}
        <path class="zero-line" d={chart.zero} />
        {chart.labels.map((month) => (
          <>
            <text class="tick-text" x={pixel(month.x)} y={pixel(month.y) + 15} text-anchor="middle">
              {month.month}
            </text>
            {month.year !== null && (
              <text
                class="tick-text"
                x={pixel(month.x)}
                y={pixel(month.y) + 31}
                text-anchor="middle"
              >
                {month.year}
              </text>
            )}
          </>
        ))}
      </svg>
      <figcaption class="hint">
        <span class="key key-received">{t.received}</span>
        <span class="key key-paid">{t.paid}</span>
        {fill(t.chart_unit, { n: months.length })}
      </figcaption>
      <MonthsTable months={months} />
    </figure>
  );
}
