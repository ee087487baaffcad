// The picture of twelve months, once for page and PDF: pure geometry, no drawing. Two bars for each
// month, received and paid, from a common zero line, with the balance of neither: what came in and
// what went out is what people look for first. The caller draws `bars`, `ticks`, `labels`, as SVG
// or as PDF paths, and writes `chartWords()` beside it for those who cannot see it.
import { scaleBand, scaleLinear } from 'd3-scale';
import { line } from 'd3-shape';

export interface ChartMonth {
  period: string;
  received: string;
  paid: string;
}
export interface ChartSize {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}
export type BarKind = 'received' | 'paid';

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
  kind: BarKind;
  period: string;
  /** Decimal string as given. */
  amount: string;
}

export interface MonthsChart {
  bars: Bar[];
  /** Horizontal lines of the scale; `value` in yuan. */
  ticks: { y: number; value: number; x1: number; x2: number }[];
  /** Under the bars: "10", and the year under its first month, unless the next year's would touch it. */
  labels: { x: number; y: number; period: string; month: string; year: string | null }[];
  /** Path (SVG and PDF agree on M, L) of the zero line. */
  zero: string;
  zeroY: number;
}

/** Four figures and a gap, in the units of the picture. */
const WIDTH_OF_YEAR = 34;

// Geometry may round where money may not: a pixel is worth more than a fen here.
const height = (amount: string): number => Number(amount);

export function monthsChart(months: readonly ChartMonth[], size: ChartSize): MonthsChart {
  const amounts = months.flatMap(({ received, paid }) => [height(received), height(paid)]);
  const reach = [Math.min(0, ...amounts), Math.max(0, ...amounts)];
  const y = scaleLinear()
    .domain(reach[0] === reach[1] ? [0, 1] : reach)
    .nice(4)
    .range([size.height - size.bottom, size.top]);
  const x = scaleBand<string>()
    .domain(months.map(({ period }) => period))
    .range([size.left, size.width - size.right])
    .paddingInner(0.28)
    .paddingOuter(0.14);
  const half = x.bandwidth() / 2;
  const bar = (kind: BarKind, period: string, amount: string): Bar => {
    const [from, to] = [y(0), y(height(amount))];
    const left = (x(period) ?? 0) + (kind === 'paid' ? half : 0);
    const inset = kind === 'paid' ? half * 0.06 : 0;
    return {
      kind,
      period,
      amount,
      x: left + inset,
      width: half - half * 0.06,
      y: Math.min(from, to),
      height: Math.abs(to - from),
    };
  };
  const ends: [number, number][] = [
    [size.left, y(0)],
    [size.width - size.right, y(0)],
  ];
  return {
    bars: months.flatMap(({ period, received, paid }) => [
      bar('received', period, received),
      bar('paid', period, paid),
    ]),
    ticks: (reach[0] === reach[1] ? [0] : y.ticks(4)).map((value) => ({
      y: y(value),
      value,
      x1: size.left,
      x2: size.width - size.right,
    })),
    labels: months.map(({ period }, index) => ({
      x: (x(period) ?? 0) + half,
      y: size.height - size.bottom,
      period,
      month: String(Number(period.slice(5))),
      year: yearUnder(months, index, x.step()),
    })),
    zero: line()(ends) ?? '',
    zeroY: y(0),
  };
}

/** The year stands under its first month, but not where the next year follows so close that the two
 *  would touch. */
function yearUnder(months: readonly ChartMonth[], index: number, step: number): string | null {
  const { period } = months[index]!;
  if (period.endsWith('-01')) return period.slice(0, 4);
  const crowded = step < WIDTH_OF_YEAR && months[index + 1]?.period.endsWith('-01') === true;
  return index === 0 && !crowded ? period.slice(0, 4) : null;
}

/** 66,809.20 as "6.7" 万 (zh) or "67" thousand (en) with the places asked for; without, as many
 *  as a tick of the scale needs. */
export function shortAmount(amount: string | number, locale: 'zh' | 'en', places?: number): string {
  const value = Number(amount);
  const scaled = locale === 'zh' ? value / 10_000 : value / 1000;
  const text =
    places === undefined
      ? String(Number(scaled.toFixed(2)))
      : scaled.toFixed(Math.abs(scaled) >= 100 ? 0 : places);
  return Number(text) === 0 ? '0' : text.replace('-', '\u2212');
}

/** The chart in words, for screen readers and for the text alternative in the PDF. */
export function chartWords(months: readonly ChartMonth[], locale: 'zh' | 'en'): string {
  return months
    .map(({ period, received, paid }) =>
      locale === 'zh'
        ? `${period.slice(0, 4)}年${Number(period.slice(5))}月：收到 ${received} 元，付出 ${paid} 元`
        : `${period}: received ${received}, paid ${paid} yuan`,
    )
    .join(locale === 'zh' ? '；' : '; ');
}
