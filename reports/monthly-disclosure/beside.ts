// What stands beside the books: on page one how owners' questions and the nightly checks stand; after the funds the budget and
// the projects by source; after the months the survey, under a heading that says that it is no account.
import { CONTENT_WIDTH, ink } from '../kit/document.ts';
import { Table, amountCell, figures as amountWords, negative } from '../kit/table.ts';
import type { Cell } from '../kit/table.ts';
import { budgetSum, carriedOut, inLocale, outsideLines, projectSum } from './beside-lines.ts';
import type { BudgetLine, BudgetTold, SurveyTold } from './figures.ts';
import { moment } from './words.ts';
import type { Printing } from './words.ts';

export function printVoice({ document, figures: { voice }, say }: Printing): void {
  if (voice === undefined) return;
  document.paragraph(say('voice_line', { ...voice }), { size: 8.5, color: voice.late + voice.very_late > 0 ? ink.red : ink.soft });
}

export function printChecks({ document, figures: { checks }, say, name, locale }: Printing): void {
  if (checks === undefined) return;
  const { at, checks: count, failed } = checks;
  if (failed.length === 0) return document.paragraph(say('checks_fine', { at: moment(at), checks: count }), { size: 8.5, color: ink.soft });
  const names = failed.map(name).join(locale === 'zh' ? '；' : '; ');
  document.paragraph(say('checks_failed', { at: moment(at), checks: count, count: failed.length, names }), { size: 8.5, color: ink.red });
}

const AMOUNT = 78;

export function printBudget(printing: Printing): void {
  const { document, figures: { budget }, say } = printing;
  if (budget === undefined) return;
  document.ensure(Math.min(320, 110 + budget.lines.length * 22));
  const { year, day, proposal } = budget;
  document.bookmark(say('budget', { year, day }));
  document.heading(say('budget', { year, day }));
  document.paragraph(say('budget_note', { proposal }), { size: 8, color: ink.soft });
  const table = new Table(document, [
    { heading: say('budget_account'), width: CONTENT_WIDTH - 4 * AMOUNT - 50 },
    ...(['budget_amount', 'budget_actual', 'budget_committed', 'budget_left'] as const).map((name) => ({ heading: say(name), width: AMOUNT, align: 'right' as const })),
    { heading: say('budget_percent'), width: 50, align: 'right' },
  ]);
  for (const side of ['income', 'expense'] as const) printSide(printing, { table, budget, side });
  table.end();
  document.y += 3;
  if (budget.over > 0) document.paragraph(say('budget_over', { over: budget.over }), { size: 8.5, color: ink.red });
}

interface Side { table: Table; budget: BudgetTold; side: BudgetLine['side'] }

function printSide({ document, say, name, locale }: Printing, { table, budget, side }: Side): void {
  const own = budget.lines.filter((line) => line.side === side);
  if (own.length === 0) return;
  own.forEach((line, index) => table.row([
    [{ text: `${inLocale(line.fund_zh, line.fund_en, locale)} · ${name(line)}` }], amountCell(line.budget), amountCell(line.actual),
    side === 'income' ? '' : line.committed === '0.00' ? '–' : amountCell(line.committed), leftCell(line), carriedOut(line) ?? '–',
  ], index === own.length - 1 ? { reserve: 20 } : {}));
  const total = budgetSum(budget, side);
  table.row([
    say(`budget_${side}`), amountCell(total.budget, document.bold), amountCell(total.actual, document.bold),
    side === 'income' ? '' : amountCell(total.committed, document.bold), leftCell({ side, left: total.left }), carriedOut(total) ?? '–',
  ], { face: document.bold, total: true });
}

/** More income than was budgeted is no alarm. */
const leftCell = ({ side, left }: Pick<BudgetLine, 'side' | 'left'>): Cell => (side === 'income' ? amountWords(left) : amountCell(left));

export function printProjects({ document, figures: { projects = [] }, say, name, locale }: Printing): void {
  if (projects.length === 0) return;
  document.ensure(Math.min(320, 120 + projects[0]!.sources.length * 22));
  document.bookmark(say('projects'));
  document.heading(say('projects'));
  document.paragraph(say('projects_note'), { size: 8, color: ink.soft });
  const keys = ['target', 'pledged', 'received', 'spent', 'returned', 'left'] as const;
  const width = 66;
  const table = new Table(document, [
    { heading: say('project_source'), width: CONTENT_WIDTH - keys.length * width },
    ...keys.map((key) => ({ heading: say(`project_${key}`), width, align: 'right' as const })),
  ]);
  for (const project of projects) {
    const title: Cell = [
      { text: `${project.project}. ${name(project)}`, face: document.bold },
      { text: inLocale(project.stage_zh, project.stage_en, locale), size: 7.5, color: ink.soft },
    ];
    const total = projectSum(project);
    table.row([title, ...keys.map((key) => amountCell(total[key], document.bold))], { reserve: 40, joined: true });
    project.sources.forEach((source, index) => table.row(
      [`　${inLocale(source.source_zh, source.source_en, locale)}`, ...keys.map((key): Cell => (source[key] === null || (source[key] === '0.00' && key !== 'left') ? '–' : amountCell(source[key])))],
      { joined: index < project.sources.length - 1 },
    ));
  }
  table.end();
  document.y += 3;
  for (const line of outsideLines(projects, say, locale)) document.paragraph(line, { size: 8, color: ink.soft });
}

export function printSurveys({ document, figures: { surveys = [] }, say, name }: Printing): void {
  if (surveys.length === 0) return;
  document.ensure(Math.min(320, 110 + surveys[0]!.questions.length * 20));
  document.bookmark(say('surveys'));
  document.heading(say('surveys'));
  document.paragraph(say('surveys_note'), { size: 8, color: ink.soft });
  const table = new Table(document, [
    { heading: say('survey_name'), width: CONTENT_WIDTH - 150 },
    { heading: say('survey_mean'), width: 150, align: 'right' },
  ]);
  for (const survey of surveys) {
    const few = [{ text: say('survey_few'), color: ink.soft }];
    table.row([
      [{ text: name(survey), face: document.bold }, { text: say('survey_sample', sampleOf(survey)), size: 7.5, color: ink.soft }],
      survey.satisfied === null ? few : [{ text: say('survey_satisfied', { satisfied: survey.satisfied }), face: document.bold }],
    ], { reserve: 30 });
    for (const question of survey.questions) table.row([`　${name(question)}`, question.mean ?? few]);
  }
  table.end();
}

/** How many were asked and answered. */
export const sampleOf = ({ from, to, asked, answered, rate }: SurveyTold): Record<string, string | number> => ({ from, to, asked, answered, rate });

/** Whether any line is below zero: for the page, which marks it. */
export const isOver = ({ side, left }: Pick<BudgetLine, 'side' | 'left'>): boolean => side === 'expense' && negative(left);
