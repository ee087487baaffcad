// Amounts on a page (金额): tabular figures, thousands separators, two places. A direction is told
// by the words 收 and 支; a red-letter amount carries its word and the true minus, not colour alone.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import { money, moneyCapital, moneyFigures, type Money } from '../kernel/money.ts';
import { useTexts } from './context.ts';

/** Money, or the decimal string the database and JSON give ("7000.00"). */
export type AmountValue = Money | string;

export interface AmountProps {
  value: AmountValue | null | undefined;
  way?: 'in' | 'out' | undefined;
  yuan?: boolean | undefined;
  redletter?: boolean | undefined;
  strong?: boolean | undefined;
  capital?: boolean | undefined;
}

export const moneyOf = (value: AmountValue): Money =>
  typeof value === 'string' ? money(value) : value;

export function Amount(props: AmountProps): JSX.Element | null {
  const t = useTexts();
  if (props.value === null || props.value === undefined) return null;
  const amount = moneyOf(props.value);
  const figures = moneyFigures(amount);
  const yuan = props.yuan === true ? '¥' : '';
  const Figures = props.strong === true ? 'b' : 'span';
  return (
    <>
      {props.way !== undefined && (
        <span class={`way way-${props.way}`}>{props.way === 'in' ? t.money_in : t.money_out} </span>
      )}
      {props.redletter === true && <span class="word">{t.redletter} </span>}
      <Figures class={props.redletter === true ? 'num red' : 'num'}>
        {figures.startsWith('\u2212') ? `\u2212${yuan}${figures.slice(1)}` : yuan + figures}
      </Figures>
      {props.capital === true && (
        <span class="capital" lang="zh">
          {fill(t.capital, { text: moneyCapital(amount) })}
        </span>
      )}
    </>
  );
}
