// Budget and projects as lines with their sums, once for the PDF, the page and its tables.
import { Decimal } from 'decimal.js';
import { minus, money, moneyFigures, moneyText, sum, type Money } from '../../src/kernel/money.ts';
import type { Locale } from '../../src/kernel/locale.ts';
import type { BudgetLine, BudgetTold, ProjectSource, ProjectTold } from './figures.ts';
import type { Say } from './words.ts';

/** Actual of a budget in per cent, "83%"; null where nothing was budgeted. */
export function carriedOut({ budget, actual }: { budget: string; actual: string }): string | null {
  const whole = new Decimal(budget);
  return whole.greaterThan(0) ? `${new Decimal(actual).times(100).dividedBy(whole).toFixed(0)}%` : null;
}

export type BudgetSum = Pick<BudgetLine, 'budget' | 'actual' | 'committed' | 'left'>;
const added = <K extends string>(rows: readonly Record<K, string | null>[], key: K): Money => sum(rows.map((row) => money(row[key] ?? '0.00')));

/** Sums of a side. */
export function budgetSum({ lines }: BudgetTold, side: BudgetLine['side']): BudgetSum {
  const own = lines.filter((line) => line.side === side);
  return {
    budget: moneyText(added(own, 'budget')), actual: moneyText(added(own, 'actual')),
    committed: moneyText(added(own, 'committed')), left: moneyText(added(own, 'left')),
  };
}

const sourceKeys = ['target', 'pledged', 'received', 'spent', 'returned', 'left'] as const;
export type SourceSum = Record<(typeof sourceKeys)[number], string>;

export const projectSum = ({ sources }: ProjectTold): SourceSum =>
  Object.fromEntries(sourceKeys.map((key) => [key, moneyText(added(sources, key))])) as SourceSum;

/** The balance a source must have by its own figures. */
export const sourceLeft = ({ received, spent, returned }: Pick<ProjectSource, 'received' | 'spent' | 'returned'>): string =>
  moneyText(minus(minus(money(received), money(spent)), money(returned)));

/** Money of projects that never came into the account: a sentence for each project that has any. */
export function outsideLines(projects: readonly ProjectTold[], say: Say, locale: Locale): string[] {
  return projects.flatMap((project) => {
    const own = project.sources.filter(({ outside }) => outside !== '0.00');
    if (own.length === 0) return [];
    const sources = own.map((one) => `${inLocale(one.source_zh, one.source_en, locale)} ${moneyFigures(money(one.outside))}`).join(locale === 'zh' ? '，' : ', ');
    return [say('project_outside', { name: inLocale(project.name_zh, project.name_en, locale), amount: moneyFigures(added(own, 'outside')), sources })];
  });
}

export const inLocale = (zh: string, en: string, locale: Locale): string => (locale === 'en' && en !== '' ? en : zh);
