// Requests to put something right (更正申请, PIPL §46): a resident says what is wrong about their own dwelling, the office answers.
//   asked → done | refused, with an answer; due as a question is (estate.answer_days)
// The text is personal: it stands in correction_request, goes when the person is erased, and the log only counts.
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { privateText } from '../kernel/text.ts';
import { ownUnits } from '../billing/sight.ts';
import { refusals } from './refusals.ts';

export const abouts = ['person', 'unit', 'space', 'meter', 'bill', 'payment', 'other'] as const;
export type About = (typeof abouts)[number];
export const REQUEST_LIMIT = 1000;
/** Of one person, at a time. */
const MOST_WAITING = 5;

export interface CorrectionAsked { estate: Estate; actor: Actor | null; unit: string; about: string; request: string; key?: string | null | undefined }

/** Refusals in this order: those of demand() for own_home, home_unknown, correction_about_unknown, text_*, corrections_waiting. */
export async function askCorrection(house: House, asked: CorrectionAsked): Promise<{ request_id: number }> {
  const { estate, unit, key = null } = asked;
  const { estate_id, code, answer_days } = estate;
  const actor = demand(asked.actor, estate_id, 'own_home');
  if (!ownUnits(actor, estate_id).includes(unit)) throw refusals.home_unknown();
  const about = abouts.find((one) => one === asked.about);
  if (about === undefined) throw refusals.correction_about_unknown({}, 'about');
  const request = privateText(asked.request, { field: 'request', label: '哪里不对 request', limit: REQUEST_LIMIT });
  const once_key = key === null ? null : `correction:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { unit, about, request } }, async () => {
    const { waiting } = await trx.selectFrom('correction_request').select(({ fn }) => fn.countAll<number>().as('waiting')).where('estate_id', '=', estate_id)
      .where('person_id', '=', actor.person_id).where('outcome', 'is', null).executeTakeFirstOrThrow();
    if (waiting >= MOST_WAITING) throw refusals.corrections_waiting({ count: waiting, limit: MOST_WAITING }, 'request');
    const today = await estateToday(trx, estate_id);
    const { request_id } = await trx.insertInto('correction_request').values({
      estate_id, unit, person_id: actor.person_id, about, request, asked_at: await estateNow(trx, estate_id), due_on: addDays(today, answer_days),
    }).returning('request_id').executeTakeFirstOrThrow();
    // Who asked, and for which dwelling, is nobody else's business.
    await appendRecord(trx, estate_id, 'correction_asked', { about, request: request_id });
    await notify(trx, {
      estate_id, person_ids: await keepersOf(trx, estate_id, today), key: `correction:${request_id}`, href: `/e/${code}/corrections`,
      text: { zh: `有住户申请更正资料（第 ${request_id} 号），请在 ${answer_days} 天内答复。`, en: `A resident asks for a correction (no. ${request_id}): answer within ${answer_days} days.` },
    });
    return { request_id };
  }));
}

async function keepersOf(trx: Trx, estate_id: number, today: BusinessDate): Promise<string[]> {
  const rows = await trx.selectFrom('term').select('person_id').distinct().where('estate_id', '=', estate_id).where('body', '=', 'property')
    .where('starts_on', '<=', today).where('ends_on', '>=', today).execute();
  return rows.map((row) => row.person_id);
}

export interface CorrectionAnswered { estate: Estate; actor: Actor | null; request_id: number; outcome: string; answer: string }

/** Refusals in this order: those of demand() for keep_register, correction_unknown, correction_answered, correction_outcome_missing, text_*. */
export async function answerCorrection(house: House, { estate, actor, request_id, outcome: typed, answer: said }: CorrectionAnswered): Promise<void> {
  const { estate_id, code } = estate;
  const { person_id } = demand(actor, estate_id, 'keep_register');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const row = await trx.selectFrom('correction_request').select(['person_id', 'outcome']).where('estate_id', '=', estate_id)
      .where('request_id', '=', request_id).forUpdate().executeTakeFirst();
    if (row === undefined) throw refusals.correction_unknown({ request: request_id });
    if (row.outcome !== null) throw refusals.correction_answered({ request: request_id });
    const outcome = typed === 'done' || typed === 'refused' ? typed : null;
    if (outcome === null) throw refusals.correction_outcome_missing({}, 'outcome');
    const answer = privateText(said, { field: 'answer', label: '答复 answer', limit: REQUEST_LIMIT });
    await trx.updateTable('correction_request').set({ outcome, answer, answered_by: person_id, answered_at: await estateNow(trx, estate_id) })
      .where('estate_id', '=', estate_id).where('request_id', '=', request_id).execute();
    await appendRecord(trx, estate_id, 'correction_answered', { by: person_id, outcome, request: request_id });
    await notify(trx, {
      estate_id, person_ids: [row.person_id], key: `correction_answered:${request_id}`, href: `/e/${code}/home#corrections`,
      text: { zh: `您的更正申请（第 ${request_id} 号）已答复。`, en: `Your request no. ${request_id} has been answered.` },
    });
  });
}

export interface CorrectionRow {
  request_id: number; unit: string; about: string; request: string; asked_at: Date; due_on: BusinessDate; outcome: string | null; answer: string | null; answered_at: Date | null;
}
const columns = ['request_id', 'unit', 'about', 'request', 'asked_at', 'due_on', 'outcome', 'answer', 'answered_at'] as const;

/** A person's own, newest first. */
export const ownCorrections = (trx: Trx, estate_id: number, person_id: string): Promise<CorrectionRow[]> =>
  trx.selectFrom('correction_request').select(columns).where('estate_id', '=', estate_id).where('person_id', '=', person_id)
    .orderBy('request_id', 'desc').limit(50).execute();

/** For the office: what waits first, the longest waiting on top. Refusals: those of demand() for read_households. */
export async function correctionList(trx: Trx, estate: Estate, actor: Actor | null): Promise<{ items: CorrectionRow[]; may_answer: boolean }> {
  const reader = demand(actor, estate.estate_id, 'read_households');
  const items = await trx.selectFrom('correction_request').select(columns).where('estate_id', '=', estate.estate_id)
    .orderBy((eb) => eb('outcome', 'is not', null)).orderBy('due_on').orderBy('request_id').limit(200).execute();
  return { items, may_answer: may(reader, estate.estate_id, 'keep_register') };
}
