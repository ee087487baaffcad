// What is printed of a budget and of a final account: one paper each, for the notice board.
import { fill, type Locale } from '../kernel/locale.ts';
import { moneyFigures, money } from '../kernel/money.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Paper, PaperBlock } from '../../reports/paper/paper.ts';
import { beyondOf, doneOf } from './final-account-pages.tsx';
import { resultOf, type FinalAccount } from './final-account.ts';
import { accountIn, fundIn } from './pages.tsx';
import { totalOf, type Line, type Version } from './queries.ts';
import { texts } from './texts.ts';

interface EstateNamed { name_zh: string; name_en: string }
export interface SignedLine { label: string; name?: string | undefined; day?: string | undefined }

const figures = (amount: string | null): string => (amount === null ? '–' : moneyFigures(money(amount)));
const total = (lines: readonly Line[], kind: Line['class']): string => totalOf(lines.filter((line) => line.class === kind)
  .map((line) => ({ ...line, budget: line.amount, actual: '0.00', committed: '0.00', asked: '0.00', remaining: null, percent: null }))).budget ?? '0.00';

export function budgetPaper({ estate, version, lines, signed }: { estate: EstateNamed; version: Version; lines: readonly Line[]; signed: SignedLine[] }, locale: Locale): Paper {
  const t = pick(texts, locale);
  const table = (kind: Line['class']): PaperBlock => ({
    kind: 'table', caption: t[kind], columns: [
      { title: t.account, align: 'left', width: 26 }, { title: t.fund, align: 'left', width: 20 }, { title: t.amount, align: 'right', width: 16 }, { title: t.note, align: 'left', width: 38 },
    ], rows: lines.filter((line) => line.class === kind).map((line) => [accountIn(line, locale), fundIn(line, locale), figures(line.amount), line.note]),
    total: [t[`total_${kind}`], '', figures(total(lines, kind)), ''], empty: t.no_rows,
  });
  return {
    locale, estate: locale === 'zh' ? estate.name_zh : estate.name_en, title: fill(t.paper_title, { year: version.year }), number: fill(t.paper_number, { version: version.version }),
    blocks: [
      { kind: 'facts', items: [
        { label: t.published_on, value: formatDate(version.published_on, locale) }, ...(version.rate === null ? [] : [{ label: t.rate, value: `${version.rate}%` }]),
        { label: t.income_budget, value: figures(version.income) }, { label: t.expense_budget, value: figures(version.expense) },
      ] },
      ...(version.reason === null ? [] : [{ kind: 'text' as const, text: `${t.reason}：${version.reason}`, strong: true }]),
      table('income'), table('expense'),
      ...(signed.length === 0 ? [] : [{ kind: 'signatures' as const, lines: signed }]),
    ],
    foot: `${fill(t.paper_foot, { proposal: version.proposal_id })} · ${formatDate(version.published_on, locale)}`,
  };
}

export function finalPaper({ estate, account, day, signed }: { estate: EstateNamed; account: FinalAccount; day: string; signed: SignedLine[] }, locale: Locale): Paper {
  const t = pick(texts, locale);
  const { year, rows, funds, closings } = account;
  const sums = resultOf(funds);
  const table = (kind: Line['class']): PaperBlock => {
    const own = rows.filter((row) => row.class === kind);
    const all = totalOf(own);
    return {
      kind: 'table', caption: t[kind], columns: [
        { title: t.account, align: 'left', width: 28 }, { title: t.fund, align: 'left', width: 20 }, { title: t.budget, align: 'right', width: 16 }, { title: t.actual, align: 'right', width: 16 },
        { title: t.beyond, align: 'right', width: 16 }, { title: t.percent, align: 'right', width: 10 },
      ], rows: own.map((row) => [accountIn(row, locale), fundIn(row, locale), figures(row.budget), figures(row.actual), figures(beyondOf(row)), doneOf(row)]),
      total: [t[`total_${kind}`], '', figures(all.budget), figures(all.actual), figures(beyondOf(all)), doneOf(all)], empty: t.no_rows,
    };
  };
  return {
    locale, estate: locale === 'zh' ? estate.name_zh : estate.name_en, title: fill(t.paper_final, { year }),
    stamp: closings.length === 0 ? t.final_open : undefined,
    blocks: [
      { kind: 'table', caption: t.final_by_fund, columns: [
        { title: t.fund, align: 'left', width: 30 }, { title: t.income, align: 'right', width: 18 }, { title: t.expense, align: 'right', width: 18 }, { title: t.surplus, align: 'right', width: 18 }, { title: t.equity, align: 'left', width: 12 },
      ], rows: funds.map((row) => [fundIn(row, locale), figures(row.income), figures(row.expense), figures(row.surplus), row.equity]),
        total: [t.total, figures(sums.income), figures(sums.expense), figures(sums.surplus), ''], empty: t.no_rows },
      table('income'), table('expense'),
      ...(closings.length === 0 ? [] : [{ kind: 'text' as const, text: `${t.closings}：${closings.map((one) => one.number).join('、')}`, small: true }]),
      ...(signed.length === 0 ? [] : [{ kind: 'signatures' as const, lines: signed }]),
    ],
    foot: `${fill(t.final, { year })} · ${formatDate(day, locale)}`,
  };
}
