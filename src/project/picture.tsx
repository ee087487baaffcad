// Pictures of a project (SVG): a thermometer for each source, and one bar of what is spent and what is left. The same figures stand beside
// them in words, so that nothing depends on seeing or on colour.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { sourceNames } from './kinds.ts';
import type { SourceRow } from './queries.ts';

// Geometry may round where money may not.
const value = (amount: string): number => Math.max(0, Number(amount));
const part = (amount: string, whole: string): number => (value(whole) === 0 ? 0 : Math.min(1, value(amount) / value(whole)));
export const percentOf = (amount: string, whole: string): number => Math.floor(value(whole) === 0 ? 0 : (value(amount) / value(whole)) * 100);
const figures = (amount: string): string => moneyFigures(money(amount));
/** 12,500.00 as 12,500: a picture has no room for fen. */
const short = (amount: string): string => figures(amount).replace(/\.00$/, '');

const [COLUMN, TOP, TUBE, WIDE] = [89, 26, 118, 20] as const;

interface Words { thermometers: string; thermometer_words: string; bar_words: string; target: string }

function Thermometer({ row, at, locale }: { row: SourceRow; at: number; locale: Locale }): JSX.Element {
  const x = at * COLUMN + COLUMN / 2;
  const [filled, pledged] = [part(row.received, row.target) * TUBE, part(row.pledged ?? '0', row.target) * TUBE];
  const bottom = TOP + TUBE;
  return (
    <g text-anchor="middle" font-size="12" fill="currentColor">
      <text x={x} y="16" font-size="14" font-weight="700">{percentOf(row.received, row.target)}%</text>
      <rect x={x - WIDE / 2} y={TOP} width={WIDE} height={TUBE + 8} rx={WIDE / 2} fill="none" stroke="var(--edge)" stroke-width="1.5" />
      {pledged > filled && <rect x={x - WIDE / 2 + 3} y={bottom - pledged} width={WIDE - 6} height={pledged} fill="none" stroke="var(--accent)" stroke-dasharray="3 2" />}
      <rect x={x - WIDE / 2 + 3} y={bottom - filled} width={WIDE - 6} height={filled + 6} fill="var(--accent)" />
      <circle cx={x} cy={bottom + 14} r="16" fill="var(--accent)" />
      <text x={x} y={bottom + 48} font-weight="600">{sourceNames[row.source][locale]}</text>
      <text x={x} y={bottom + 65}>{short(row.received)}</text>
      <text x={x} y={bottom + 81} fill="var(--soft)">/ {short(row.target)}</text>
    </g>
  );
}

export function Thermometers({ rows, t, locale }: { rows: readonly SourceRow[]; t: Words; locale: Locale }): JSX.Element {
  const words = rows.map((row) => fill(t.thermometer_words, { source: sourceNames[row.source][locale], target: figures(row.target), received: figures(row.received), percent: percentOf(row.received, row.target) }));
  const width = Math.max(2, rows.length) * COLUMN;
  const shift = (width - rows.length * COLUMN) / 2;
  return (
    <figure class="chart">
      <svg viewBox={`0 0 ${width} 232`} role="img" aria-label={`${t.thermometers}：${words.join(locale === 'zh' ? '；' : '; ')}`}>
        <g transform={`translate(${shift} 0)`}>{rows.map((row, at) => <Thermometer row={row} at={at} locale={locale} />)}</g>
      </svg>
    </figure>
  );
}

export interface Sums { received: string; spent: string; returned: string; balance: string; target: string }

/** What came in, cut into what is spent, returned and left. */
export function SpentBar({ sums, t }: { sums: Sums; t: Words }): JSX.Element | null {
  const whole = sums.received;
  if (value(whole) === 0) return null;
  const [spent, returned] = [part(sums.spent, whole) * 358, part(sums.returned, whole) * 358];
  return (
    <figure class="chart">
      <svg viewBox="0 0 358 30" role="img" aria-label={fill(t.bar_words, { received: figures(sums.received), spent: figures(sums.spent), returned: figures(sums.returned), balance: figures(sums.balance) })}>
        <rect x="0" y="4" width="358" height="22" rx="4" fill="none" stroke="var(--edge)" />
        <rect x="1" y="5" width={Math.max(0, spent - 1)} height="20" rx="3" fill="var(--accent)" />
        {returned > 0 && <rect x={spent} y="5" width={returned} height="20" fill="var(--bar-soft)" />}
      </svg>
    </figure>
  );
}
