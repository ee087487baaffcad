// Budget and projects as lines with their sums, once for the PDF, the page and its tables.
import { Decimal } from 'decimal.js';
import { minus, money, moneyText, sum, type Money } from '../../src/kernel/money.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import type { BudgetLine, BudgetTold, ProjectSource, ProjectTold } from './figures.ts';

/** Actual of a budget in per cent, "83%"; null where nothing was budgeted. */
export function carriedOut({ budget, actual }: { budget: string; actual: string }): string | null {
  const whole = new Decimal(budget);
  return whole.greaterThan(0) ? `${new Decimal(actual).times(100).dividedBy(whole).toFixed(0)}%` : null;
}

export type BudgetSum = Pick<BudgetLine, 'budget' | 'actual' | 'committed' | 'left'>;
const added = <K extends string>(rows: readonly Record<K, string>[], key: K): Money => sum(rows.map((row) => money(row[key])));

/** Sums of a side. */
export function budgetSum({ lines }: BudgetTold, side: BudgetLine['side']): BudgetSum {
  const own = lines.filter((line) => line.side === side);
  return {
    budget: moneyText(added(own, 'budget')), actual: moneyText(added(own, 'actual')),
    committed: moneyText(added(own, 'committed')), left: moneyText(added(own, 'left')),
  };
}

const sourceKeys = ['target', 'pledged', 'received', 'spent', 'returned', 'left'] as const;
export type SourceSum = Pick<ProjectSource, (typeof sourceKeys)[number]>;

export const projectSum = ({ sources }: ProjectTold): SourceSum =>
  Object.fromEntries(sourceKeys.map((key) => [key, moneyText(added(sources, key))])) as SourceSum;

/** The balance a source must have by its own figures. */
export const sourceLeft = ({ received, spent, returned }: Pick<ProjectSource, 'received' | 'spent' | 'returned'>): string =>
  moneyText(minus(minus(money(received), money(spent)), money(returned)));

export const inLocale = (zh: string, en: string, locale: Locale): string => (locale === 'en' && en !== '' ? en : zh);
