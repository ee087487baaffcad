// Opinions (意见征集) and satisfaction surveys (满意度调查): beside the accounts, never in them, and binding nobody.
//   opened → answered, once a dwelling → closed with its result, by the database
// Which answer is whose is not kept. Below five answers only their number is told. What people write beside it is hidden until somebody who
// moderates shows it, and can be erased.
import { sql } from 'kysely';
import { appendRecord, estateToday } from '../evidence/records.ts';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { daysBetween, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText, privateText } from '../kernel/text.ts';
import { proseText } from './resolution.ts';
import { refusals } from './refusals.ts';

export const surveyKinds = ['opinion', 'satisfaction'] as const;
export type SurveyKind = (typeof surveyKinds)[number];
export const WORDS_LIMIT = 500;
const MOST_QUESTIONS = 10;

interface Asked { estate: Estate; actor: Actor | null; key?: string | null | undefined }
export interface SurveyTyped {
  kind: string;
  title: string;
  wording: string;
  /** Of a satisfaction survey. */
  questions?: readonly string[] | undefined;
  starts_on: string;
  ends_on: string;
}

function readDays({ starts_on: first, ends_on: last }: SurveyTyped, today: BusinessDate): { starts_on: BusinessDate; ends_on: BusinessDate } {
  const [starts_on, ends_on] = [readDate(first), readDate(last)];
  const wrong = (field: string) => refusals.survey_days_invalid({ starts_on: first.slice(0, 20), ends_on: last.slice(0, 20), today }, field);
  if (starts_on === null || starts_on < today || daysBetween(today, starts_on) > 366) throw wrong('starts_on');
  if (ends_on === null || daysBetween(starts_on, ends_on) < 1 || daysBetween(starts_on, ends_on) > 90) throw wrong('ends_on');
  return { starts_on, ends_on };
}

/** Opens a survey; every resident is told. Refusals: those of demand() for hold_assembly, survey_kind_unknown, text_*, survey_questions_invalid,
 *  survey_days_invalid, resolution_roll_empty. */
export async function openSurvey(house: House, { estate, actor: asking, key = null, ...typed }: Asked & SurveyTyped): Promise<{ survey_id: number }> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'hold_assembly');
  const kind = surveyKinds.find((one) => one === typed.kind.trim());
  if (kind === undefined) throw refusals.survey_kind_unknown({}, 'kind');
  const title = bookText(typed.title, { field: 'title', label: '名称 title', limit: 80 });
  if ([...title].length < 2) throw refusals.resolution_title_short({ title }, 'title');
  const wording = proseText(typed.wording, { field: 'wording', label: '说明 text', limit: 2_000 });
  const lines = kind === 'opinion' ? [title] : (typed.questions ?? []).filter((line) => line.trim() !== '');
  if (lines.length === 0 || lines.length > MOST_QUESTIONS) throw refusals.survey_questions_invalid({ count: lines.length }, 'questions');
  const questions = lines.map((line) => bookText(line, { field: 'questions', label: '问题 questions', limit: 100 }));
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `survey:${actor.person_id}:${key}`, content: { ...typed, kind, questions } as never }, async () => {
    const days = readDays(typed, await estateToday(trx, estate_id));
    const { units } = await trx.selectFrom('unit').select((eb) => eb.fn.countAll<number>().as('units')).where('estate_id', '=', estate_id).where('ended_on', 'is', null).executeTakeFirstOrThrow();
    if (Number(units) === 0) throw refusals.resolution_roll_empty();
    const opened_seq = await appendRecord(trx, estate_id, 'survey_opened', { by: actor.person_id, kind, questions, title, units: Number(units), wording, ...days });
    const { survey_id } = await trx.insertInto('survey').values({ estate_id, kind, title, wording, questions, ...days, units: Number(units), opened_seq }).returning('survey_id').executeTakeFirstOrThrow();
    const residents = await trx.selectFrom('resident').select('person_id').distinct().where('estate_id', '=', estate_id).where('left_at', 'is', null).execute();
    await notify(trx, {
      estate_id, person_ids: residents.map(({ person_id }) => person_id), key: `survey:${survey_id}:opened`, href: `/e/${code}/surveys/${survey_id}`,
      text: { zh: `${kind === 'opinion' ? '征集意见' : '满意度调查'}：${title}（到 ${days.ends_on} 为止）`, en: `${kind === 'opinion' ? 'Your opinion' : 'Satisfaction survey'}: ${title} (until ${days.ends_on})` },
    });
    return { survey_id };
  }));
}

export interface AnswerTyped {
  unit: string;
  /** To each question 0 (none) to 5; of an opinion [1] for, [2] against, [3] unsure. */
  scores: readonly number[];
  words?: string | undefined;
}

/** Answers for a dwelling, once. Refusals: those of demand() for vote, survey_not_yours, text_*, survey_unknown, survey_not_open, survey_answer_unreadable,
 *  survey_answered_already. */
export async function answerSurvey(house: House, { estate: { estate_id }, actor: asking, survey, unit, scores, words: typed = '' }: Omit<Asked, 'key'> & AnswerTyped & { survey: number }): Promise<void> {
  const actor = demand(asking, estate_id, 'vote');
  if (!actor.homes.some((home) => home.estate_id === estate_id && home.unit === unit)) throw refusals.survey_not_yours({}, 'unit');
  const words = typed.trim() === '' ? '' : privateText(typed, { field: 'words', label: '留言 words', limit: WORDS_LIMIT });
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`select answer_survey(${estate_id}, ${survey}, ${unit}, ${actor.person_id}::uuid, ${[...scores]}::smallint[], ${words}) as status`.execute(trx);
    switch (rows[0]!.status) {
      case 'answered': return;
      case 'survey_unknown': throw refusals.survey_unknown({ survey });
      case 'not_open': {
        const { starts_on, ends_on } = await readSurvey(trx, { estate_id, survey, homes: [] });
        throw refusals.survey_not_open({ starts_on, ends_on });
      }
      case 'answer_unreadable': throw refusals.survey_answer_unreadable({}, 'q1');
      case 'already_answered': throw refusals.survey_answered_already({}, 'unit');
      default: throw refusals.survey_not_yours({}, 'unit');
    }
  });
}

/** Shows, hides or erases what somebody wrote. Refusals: those of demand() for moderate, survey_act_unknown, text_*, survey_words_unknown, resolution_not_yours. */
export async function moderateWords(house: House, { estate: { estate_id }, actor: asking, survey, answer, act, reason: typed = '' }: Omit<Asked, 'key'> & { survey: number; answer: string; act: string; reason?: string | undefined }): Promise<void> {
  const actor = demand(asking, estate_id, 'moderate');
  if (!['show', 'hide', 'erase'].includes(act)) throw refusals.survey_act_unknown({ typed: act.slice(0, 20) }, 'act');
  const reason = typed.trim() === '' && act === 'show' ? '' : bookText(typed, { field: 'reason', label: '原因 reason', limit: 100 });
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string }>`select moderate_survey_words(${estate_id}, ${survey}, ${answer}::uuid, ${act}, ${actor.person_id}::uuid, ${reason}) as status`.execute(trx);
    if (rows[0]!.status === 'words_unknown') throw refusals.survey_words_unknown();
    if (rows[0]!.status !== 'done') throw refusals.resolution_not_yours();
  });
}

/** Closes what is due, however long nobody asked; gives what was done. */
export async function closeDue(house: House, { estate_id }: Estate): Promise<string[]> {
  return inEstate(house.db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const due = await trx.selectFrom('survey').select('survey_id').where('estate_id', '=', estate_id).where('closed_seq', 'is', null).where('ends_on', '<', today).orderBy('ends_on').execute();
    for (const { survey_id } of due) await sql`select close_survey(${estate_id}, ${survey_id})`.execute(trx);
    return due.map(({ survey_id }) => `survey ${survey_id} closed`);
  });
}

// ── Reads ────────────────────────────────────────────────────────────────────────────────────────

export interface SurveyRow {
  survey_id: number;
  kind: SurveyKind;
  title: string;
  wording: string;
  questions: string[];
  starts_on: BusinessDate;
  ends_on: BusinessDate;
  state: 'announced' | 'open' | 'over' | 'closed';
  /** The sample: dwellings that answered, of those asked. */
  answered: number;
  units: number;
  /** How many gave 1 to 5 (for, against, unsure); empty before it is closed, and below five answers. */
  results: number[][];
  opened_seq: number;
  closed_seq: number | null;
  /** Own dwellings that have not answered. */
  due: string[];
}

const shown = (today: BusinessDate, homes: readonly string[]) => sql`s.survey_id, s.kind, s.title, s.wording, s.questions, s.starts_on, s.ends_on, s.units, s.opened_seq, s.closed_seq,
  case when s.closed_seq is not null then 'closed' when ${today}::date < s.starts_on then 'announced' when ${today}::date <= s.ends_on then 'open' else 'over' end as state,
  coalesce(s.answered, (select count(*)::integer from survey_taker k where k.estate_id = s.estate_id and k.survey_id = s.survey_id)) as answered, coalesce(s.results, '[]') as results,
  array(select h.unit from unnest(${[...homes]}::text[]) as h(unit) where s.closed_seq is null and not exists (select from survey_taker k
    where k.estate_id = s.estate_id and k.survey_id = s.survey_id and k.unit = h.unit) order by h.unit) as due from survey s`;

export const homesOf = (actor: Actor, estate_id: number): string[] => [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))].sort();

/** Newest first. */
export async function surveyList(trx: Trx, estate_id: number, { homes, kind = '', limit, cursor }: { homes: readonly string[]; kind?: string; limit: number; cursor?: number | undefined }): Promise<{ items: SurveyRow[]; next_cursor: string | null }> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<SurveyRow>`select ${shown(today, homes)} where s.estate_id = ${estate_id} and (${kind} = '' or s.kind = ${kind})
    ${cursor === undefined ? sql`` : sql`and s.survey_id < ${cursor}`} order by s.survey_id desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.survey_id) : null };
}

/** Refusal: survey_unknown. */
export async function readSurvey(trx: Trx, { estate_id, survey, homes }: { estate_id: number; survey: number; homes: readonly string[] }): Promise<SurveyRow> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<SurveyRow>`select ${shown(today, homes)} where s.estate_id = ${estate_id} and s.survey_id = ${survey}`.execute(trx);
  if (rows[0] === undefined) throw refusals.survey_unknown({ survey });
  return rows[0];
}

export interface Words { answer: string; words: string; shown: boolean }
/** What people wrote: shown ones, for whoever moderates all. Shuffled, so that nothing tells when it was written. */
export async function wordsOf(trx: Trx, { estate_id, survey, actor }: { estate_id: number; survey: number; actor: Actor }): Promise<Words[]> {
  const all = may(actor, estate_id, 'moderate');
  const { rows } = await sql<Words>`select w.answer_id as answer, w.words, w.shown from survey_words w where w.estate_id = ${estate_id} and w.survey_id = ${survey} and (${all} or w.shown)
    order by w.shown, w.answer_id limit 1000`.execute(trx);
  return rows;
}
