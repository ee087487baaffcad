// What stands beside the books on the page of a month: questions, nightly checks, budget, projects by source, surveys; with the
// words of the PDF, and each figure one press from where it comes from.
import type { JSX } from 'preact';
import type { Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { Card, Notice } from '../web/parts.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { budgetSum, inLocale, outsideLines } from '../../reports/monthly-disclosure/beside-lines.ts';
import { isOver, sampleOf } from '../../reports/monthly-disclosure/beside.ts';
import type { DisclosureFigures, SurveyTold } from '../../reports/monthly-disclosure/figures.ts';
import { moment, sayIn } from '../../reports/monthly-disclosure/words.ts';
import { budgetRows, projectRows, surveyRows, type BudgetShown, type ProjectShown } from './beside-tables.ts';

interface Shown { figures: DisclosureFigures; locale: Locale; code: string; csv(table: 'budget' | 'projects' | 'surveys'): string | undefined }

/** Directly under the notices. */
export function BesideLines({ figures: { voice, checks }, locale, code }: Shown): JSX.Element {
  const say = sayIn(locale);
  const failed = checks?.failed ?? [];
  return (
    <>
      {voice !== undefined && (
        <Notice tone={voice.late + voice.very_late > 0 ? 'amber' : 'ok'} action={{ href: `/e/${code}/inquiries`, label: locale === 'zh' ? '看全部质询' : 'All questions' }}>
          {say('voice_line', { ...voice })}
        </Notice>
      )}
      {checks !== undefined && (
        <Notice tone={failed.length > 0 ? 'alarm' : 'ok'} action={{ href: `/e/${code}/invariants`, label: locale === 'zh' ? '看每一项' : 'Each of them' }}>
          {failed.length === 0 ? say('checks_fine', { at: moment(checks.at), checks: checks.checks }) : say('checks_failed', {
            at: moment(checks.at), checks: checks.checks, count: failed.length,
            names: failed.map((one) => inLocale(one.name_zh, one.name_en, locale)).join(locale === 'zh' ? '；' : '; '),
          })}
        </Notice>
      )}
    </>
  );
}

export function BudgetCard({ figures, locale, code, csv }: Shown): JSX.Element | null {
  const { budget } = figures;
  if (budget === undefined) return null;
  const say = sayIn(locale);
  const { year, day, proposal, over } = budget;
  const total = (side: 'income' | 'expense') => {
    const { committed, ...sums } = budgetSum(budget, side);
    return { label: say(`budget_${side}`), cells: { ...sums, ...(side === 'income' ? {} : { committed }) } };
  };
  return (
    <Card title={say('budget', { year, day })} id="budget">
      <p class="hint">{say('budget_note', { proposal })}</p>
      <LedgerTable<BudgetShown> caption={say('budget', { year, day })} caption_hidden csv={csv('budget')} rows={budgetRows(figures, locale)}
        rowState={(row) => (isOver(row) ? 'alarm' : undefined)} totals={[total('income'), total('expense')]} columns={[
          { key: 'name', title: say('budget_account'), lead: true, cell: (row) => <a href={`/e/${code}/journal?account=${row.account}&fund=${row.fund}`}>{row.name}</a> },
          { key: 'budget', title: say('budget_amount'), type: 'money' }, { key: 'actual', title: say('budget_actual'), type: 'money' },
          { key: 'committed', title: say('budget_committed'), type: 'money', cell: (row) => (row.side === 'income' ? '' : <Amount value={row.committed} />) },
          { key: 'left', title: say('budget_left'), type: 'money' }, { key: 'percent', title: say('budget_percent'), type: 'number' },
        ]} />
      {over > 0 && <p class="alarm">{say('budget_over', { over })}</p>}
      <p><a class="tap" href={`/e/${code}/proposals/${proposal}`}>{locale === 'zh' ? `看第 ${proposal} 号签批单` : `Proposal ${proposal}`}</a></p>
    </Card>
  );
}

export function ProjectsCard({ figures, locale, code, csv }: Shown): JSX.Element | null {
  if ((figures.projects ?? []).length === 0) return null;
  const say = sayIn(locale);
  return (
    <Card title={say('projects')} id="projects">
      <p class="hint">{say('projects_note')}</p>
      <LedgerTable<ProjectShown> caption={say('projects')} caption_hidden csv={csv('projects')} rows={projectRows(figures, locale)} columns={[
        { key: 'name', title: say('project_source'), lead: true, cell: (row) => (row.fund === '' && row.source === ''
          ? <a href={`/e/${code}/projects/${row.project}`}><b>{row.name}</b></a> : <span class="sub">{row.name}</span>) },
        ...(['target', 'pledged', 'received', 'spent', 'returned', 'left'] as const).map((key) => ({ key, title: say(`project_${key}`), type: 'money' as const })),
      ]} />
      {outsideLines(figures.projects ?? [], say, locale).map((line) => <p class="hint">{line}</p>)}
    </Card>
  );
}

export function SurveysCard({ figures, locale, csv }: Shown): JSX.Element | null {
  const { surveys = [] } = figures;
  if (surveys.length === 0) return null;
  const say = sayIn(locale);
  return (
    <Card title={say('surveys')} id="surveys">
      <p class="hint">{say('surveys_note')}</p>
      {surveys.map((survey: SurveyTold) => (
        <LedgerTable caption={`${inLocale(survey.name_zh, survey.name_en, locale)}：${say('survey_sample', sampleOf(survey))}`}
          csv={csv('surveys')} rows={surveyRows([survey], locale)} columns={[
            { key: 'question', title: say('survey_name'), lead: true }, { key: 'mean', title: say('survey_mean'), type: 'number' },
          ]} />
      ))}
    </Card>
  );
}
