// Rows of what stands beside the books, once for the page of a month and for its tables as files.
import type { Locale } from '../kernel/locale.ts';
import type { CsvColumn } from '../web/csv.ts';
import { carriedOut, inLocale, projectSum } from '../../reports/monthly-disclosure/beside-lines.ts';
import type { BudgetLine, DisclosureFigures, SurveyTold } from '../../reports/monthly-disclosure/figures.ts';
import { sayIn } from '../../reports/monthly-disclosure/words.ts';

export interface BudgetShown extends Pick<BudgetLine, 'account' | 'fund' | 'side' | 'budget' | 'actual' | 'committed' | 'left'> { name: string; percent: string }

export const budgetRows = ({ budget }: DisclosureFigures, locale: Locale): BudgetShown[] => (['income', 'expense'] as const).flatMap((side) => (budget?.lines ?? []).filter((line) => line.side === side)).map((line) => ({
  ...line, name: `${inLocale(line.fund_zh, line.fund_en, locale)} · ${inLocale(line.name_zh, line.name_en, locale)}`, percent: carriedOut(line) ?? '–',
}));

export interface ProjectShown {
  project: number; name: string; source: string; fund: string; target: string; pledged: string | null; received: string; spent: string; returned: string; left: string;
}

/** A project's sums, then its sources. */
export const projectRows = ({ projects = [] }: DisclosureFigures, locale: Locale): ProjectShown[] => projects.flatMap((project) => {
  const { project: number, name_zh, name_en, stage_zh, stage_en, sources } = project;
  const head = `${number}. ${inLocale(name_zh, name_en, locale)}（${inLocale(stage_zh, stage_en, locale)}）`;
  return [
    { project: number, name: head, source: '', fund: '', ...projectSum(project) },
    ...sources.map(({ source_zh, source_en, fund, ...source }) => ({ ...source, project: number, name: inLocale(source_zh, source_en, locale), fund })),
  ];
});

export interface SurveyShown { survey: string; question: string; mean: string }

export const surveyRows = (surveys: readonly SurveyTold[], locale: Locale): SurveyShown[] => surveys.flatMap((survey) => {
  const say = sayIn(locale);
  const name = inLocale(survey.name_zh, survey.name_en, locale);
  return [
    { survey: name, question: survey.satisfied === null ? say('survey_few') : say('survey_satisfied', { satisfied: survey.satisfied }), mean: '' },
    ...survey.questions.map((one) => ({ survey: name, question: inLocale(one.name_zh, one.name_en, locale), mean: one.mean ?? say('survey_few') })),
  ];
});

export type BesideTable = 'budget' | 'projects' | 'surveys';

export function besideTable(name: BesideTable, figures: DisclosureFigures, locale: Locale): { columns: CsvColumn[]; rows: readonly object[] } {
  const say = sayIn(locale);
  const text = (key: string, title: string): CsvColumn => ({ key, title, type: 'text' });
  const amount = (key: string, title: string): CsvColumn => ({ key, title, type: 'money' });
  switch (name) {
    case 'budget': return {
      columns: [text('fund', say('fund')), text('account', say('heading')), text('name', say('budget_account')), amount('budget', say('budget_amount')), amount('actual', say('budget_actual')),
        amount('committed', say('budget_committed')), amount('left', say('budget_left')), text('percent', say('budget_percent'))],
      rows: budgetRows(figures, locale),
    };
    case 'projects': return {
      columns: [text('project', '#'), text('name', say('project_source')), text('fund', say('fund')),
        ...(['target', 'pledged', 'received', 'spent', 'returned', 'left'] as const).map((key) => amount(key, say(`project_${key}`)))],
      rows: projectRows(figures, locale),
    };
    case 'surveys': return {
      columns: [text('survey', say('surveys')), text('question', say('survey_name')), text('mean', say('survey_mean'))],
      rows: surveyRows(figures.surveys ?? [], locale),
    };
  }
}
