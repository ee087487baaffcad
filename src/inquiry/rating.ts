// What is thought of an answer (评价): by whoever asked, and by the committee and the supervisors who invigilate (院委会监考), once each
// for each answer, beside it for everybody. "not" reopens the question, once: the clock begins again.
// Nobody rates what they or their body answered: trigger guard_inquiry_rating. The reason is its writer's text: the log commits to it.
import { sql } from 'kysely';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, businessDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { appendCommitted } from '../evidence/personal-value.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { refusals } from './refusals.ts';
import { holdersOf } from './told.ts';

export const ratings = ['satisfied', 'partly', 'not'] as const;
export type Rating = (typeof ratings)[number];
export type Side = 'asker' | 'committee' | 'supervisor';
export const REASON_LIMIT = 200;
/** Days after an answer within which it is rated: a question is not reopened years later. */
export const RATING_DAYS = 30;

export interface Rated { estate: Estate; actor: Actor; inquiry_id: number; rating: string; reason?: string | undefined; key?: string | null | undefined }

/** For which side somebody rates an answer of a body; null where they do not. */
export function sideOf(actor: Actor, estate_id: number, { mine, body }: { mine: boolean; body: string }): Side | null {
  if (mine) return 'asker';
  if (!may(actor, estate_id, 'rate')) return null;
  const sides = (['committee', 'supervisor'] as const).filter((side) => side !== body
    && actor.terms.some((term) => term.estate_id === estate_id && term.body === side && ['chair', 'member', 'supervisor'].includes(term.office)));
  return sides[0] ?? null;
}

/** Rates the latest answer. Refusals in this order: those of demand() for rate (of ask where it is one's own), inquiry_unknown, rating_unknown, text_*,
 *  rating_reason_missing, rating_too_early, rating_not_yours, rating_over, rated_already. */
export async function rateAnswer(house: House, asked: Rated): Promise<{ rating_id: number; seq: number; reopened: boolean }> {
  const { estate, actor, inquiry_id, key = null } = asked;
  const { estate_id, code } = estate;
  demand(actor, estate_id, may(actor, estate_id, 'rate') ? 'rate' : 'ask');
  return inEstate(house.db.app, estate_id, async (trx) => {
    const inquiry = await trx.selectFrom('inquiry').select(['seq', 'asked_by', 'answer_days'])
      .where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
    if (inquiry === undefined) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    const rating = ratings.find((one) => one === asked.rating);
    if (rating === undefined) throw refusals.rating_unknown({}, 'rating');
    const typed = (asked.reason ?? '').trim();
    if (rating !== 'satisfied' && typed === '') throw refusals.rating_reason_missing({}, 'reason');
    const reason = typed === '' ? null : bookText(typed, { field: 'reason', label: '理由', limit: REASON_LIMIT });
    return once(trx, { estate_id, key, content: { kind: 'rating', inquiry: inquiry_id, rating, reason } }, async () => {
      await lockEstate(trx, estate_id);
      const answer = await trx.selectFrom('answer').select(['answer_id', 'body', 'answered_at']).where('estate_id', '=', estate_id)
        .where('inquiry_id', '=', inquiry_id).orderBy('answer_id', 'desc').limit(1).executeTakeFirst();
      if (answer === undefined) throw refusals.rating_too_early({ inquiry: inquiry_id });
      const side = sideOf(actor, estate_id, { mine: inquiry.asked_by === actor.person_id, body: answer.body });
      if (side === null) throw refusals.rating_not_yours();
      const rated_at = await estateNow(trx, estate_id);
      const last_day = addDays(businessDate(answer.answered_at), RATING_DAYS);
      if (businessDate(rated_at) > last_day) throw refusals.rating_over({ last_day, days: RATING_DAYS });
      const before = await trx.selectFrom('inquiry_rating').select('rating').where('estate_id', '=', estate_id)
        .where('answer_id', '=', answer.answer_id).where('side', '=', side).executeTakeFirst();
      if (before !== undefined) throw refusals.rated_already();
      const due_on = rating === 'not' ? await dueAgain(trx, estate, { inquiry_id, answer_days: inquiry.answer_days, today: businessDate(rated_at) }) : null;
      const body = { answer: answer.answer_id, by: side === 'asker' ? undefined : actor.person_id, due_on: due_on ?? undefined,
        inquiry: inquiry_id, inquiry_record: inquiry.seq, rating, side };
      const seq = reason === null ? await appendRecord(trx, estate_id, 'inquiry_rated', body)
        : await appendCommitted(trx, estate_id, 'inquiry_rated', { field: 'comment', value: reason, body });
      const { rating_id } = await trx.insertInto('inquiry_rating')
        .values({ estate_id, inquiry_id, answer_id: answer.answer_id, side, rating, rated_by: actor.person_id, rated_at, seq })
        .returning('rating_id').executeTakeFirstOrThrow();
      if (due_on !== null) {
        await trx.insertInto('inquiry_reopening').values({ estate_id, inquiry_id, rating_id, due_on, reopened_at: rated_at, seq }).execute();
        await notify(trx, {
          estate_id, person_ids: await holdersOf(trx, estate_id, [answer.body], businessDate(rated_at)), key: `inquiry:${inquiry_id}:reopened`, href: `/e/${code}/inquiries/${inquiry_id}`,
          text: { zh: `第 ${inquiry_id} 号质询的答复被评为“不满意”，重新计时，请在 ${due_on} 以前再答复。`,
            en: `The answer to question no. ${inquiry_id} did not satisfy: please answer again by ${due_on}.` },
        });
      }
      return { rating_id, seq, reopened: due_on !== null };
    });
  });
}

/** Last day of the second round; null where there was one already. */
async function dueAgain(trx: Trx, { estate_id }: Estate, { inquiry_id, answer_days, today }: { inquiry_id: number; answer_days: number | null; today: BusinessDate }): Promise<BusinessDate | null> {
  const { rows: [row] } = await sql<{ due_on: BusinessDate; before: boolean }>`select answer_due(${estate_id}, ${today}::date, coalesce(${answer_days}::integer, answer_days)) as due_on,
      exists (select from inquiry_reopening o where o.estate_id = ${estate_id} and o.inquiry_id = ${inquiry_id}) as before
    from estate where estate_id = ${estate_id}`.execute(trx);
  return row!.before ? null : row!.due_on;
}
