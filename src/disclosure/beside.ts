// What the disclosure says beside the books: how owners' questions stand, the year's budget, projects by source, surveys, the nightly
// checks. Each is drawn in the transaction of the figures; each is absent where the estate has nothing of it.
import assert from 'node:assert/strict';
import { Decimal } from 'decimal.js';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import type {
  BudgetLine, BudgetTold, ChecksTold, DisclosureFigures, FundRow, ProjectSource, ProjectTold, SurveyTold, VoiceRow,
} from '../../reports/monthly-disclosure/figures.ts';
import { runStatement, type Parameters } from './statements.ts';

export type Beside = Pick<DisclosureFigures, 'voice' | 'budget' | 'projects' | 'surveys' | 'checks'>;

/** Undefined where nobody has ever asked anything. */
async function readVoice(trx: Trx, parameters: Parameters): Promise<VoiceRow | undefined> {
  const [row] = await runStatement<VoiceRow>(trx, 'voice', parameters);
  return row;
}

type BudgetFound = BudgetLine & Pick<BudgetTold, 'year' | 'day' | 'proposal' | 'over'>;

/** Undefined where no budget was in force at the month's end. */
async function readBudget(trx: Trx, parameters: Parameters): Promise<BudgetTold | undefined> {
  const rows = await runStatement<BudgetFound>(trx, 'budget', parameters);
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    year: first.year, day: first.day, proposal: first.proposal, over: first.over,
    lines: rows.map(({ year: _year, day: _day, proposal: _proposal, over: _over, ...line }) => line),
  };
}

const sources: Record<string, Bilingual> = {
  government: { zh: '政府补贴', en: 'Government' }, organisation: { zh: '单位出资', en: 'Organisations' },
  households: { zh: '居民自筹', en: 'Households' }, donation: { zh: '社会捐助', en: 'Donations' },
};
const stages: Record<string, Bilingual> = {
  fundraising: { zh: '筹款中', en: 'Fundraising' }, building: { zh: '施工中', en: 'Under way' }, accepted: { zh: '已验收', en: 'Accepted' },
  finished: { zh: '已结项', en: 'Finished' },
};

type ProjectFound = Pick<ProjectTold, 'project' | 'name_zh' | 'name_en'> & Omit<ProjectSource, 'source_zh' | 'source_en'> & { stage: string };

/** Undefined where there is none. Proved: what a source has left is what its fund holds. */
async function readProjects(trx: Trx, parameters: Parameters, funds: readonly FundRow[]): Promise<ProjectTold[] | undefined> {
  const told = new Map<number, ProjectTold>();
  for (const { project, name_zh, name_en, stage, ...row } of await runStatement<ProjectFound>(trx, 'projects', parameters)) {
    const at = stages[stage] ?? { zh: stage, en: stage };
    const one = told.get(project) ?? { project, name_zh, name_en, stage_zh: at.zh, stage_en: at.en, sources: [] };
    const source = sources[row.source] ?? { zh: row.source, en: row.source };
    const held = funds.find(({ fund }) => fund === row.fund)?.closing ?? '0.00';
    assert(row.left === held, `project ${project}, ${row.source}: ${row.left} is not what fund ${row.fund} holds, ${held}`);
    one.sources.push({ ...row, source_zh: source.zh, source_en: source.en });
    told.set(project, one);
  }
  return told.size === 0 ? undefined : [...told.values()];
}

interface SurveyFound {
  survey: number; title: string; from: string; to: string; asked: number; answered: number; wording: string; mean: string | null; content: number | null;
}

const percent = (part: number, whole: number): string => new Decimal(part).times(100).dividedBy(whole).toFixed(1);

/** Undefined without one. What too few answered is not told: the survey itself keeps that back. */
async function readSurveys(trx: Trx, parameters: Parameters): Promise<SurveyTold[] | undefined> {
  const rows = await runStatement<SurveyFound>(trx, 'surveys', parameters);
  const [first] = rows;
  if (first === undefined) return undefined;
  const { survey, title, from, to, asked, answered, content } = first;
  return [{
    survey, name_zh: title, name_en: '', from, to, asked, answered, rate: percent(answered, asked),
    satisfied: content === null || first.mean === null ? null : percent(content, answered),
    questions: rows.map(({ wording, mean }) => ({ name_zh: wording, name_en: '', mean })),
  }];
}

/** Undefined where the books were never inspected. */
async function readChecks(trx: Trx, parameters: Parameters): Promise<ChecksTold | undefined> {
  const rows = await runStatement<{ at: Date; checks: number; name_zh: string | null; name_en: string | null }>(trx, 'checks', parameters);
  const [first] = rows;
  if (first === undefined) return undefined;
  const failed = rows.flatMap(({ name_zh, name_en }) => (name_zh === null ? [] : [{ name_zh, name_en: name_en ?? '' }]));
  return { at: isoInstant(first.at), checks: first.checks, failed };
}

/** Only what is there: an estate without a budget has no such member, as disclosures of before budgets have none. */
export async function readBeside(trx: Trx, parameters: Parameters, funds: readonly FundRow[]): Promise<Beside> {
  const voice = await readVoice(trx, parameters);
  const budget = await readBudget(trx, parameters);
  const projects = await readProjects(trx, parameters, funds);
  const surveys = await readSurveys(trx, parameters);
  const checks = await readChecks(trx, parameters);
  return {
    ...(voice === undefined ? {} : { voice }), ...(budget === undefined ? {} : { budget }), ...(projects === undefined ? {} : { projects }),
    ...(surveys === undefined ? {} : { surveys }), ...(checks === undefined ? {} : { checks }),
  };
}
