// The answer clock (答复期限): more time for an answer, once; its setting; and what happens when it runs out.
//   waiting → more time (延期): by the body that answers, before the last day is over, with a reason, for at most as many days again
//   late → the answering bodies are reminded      very late → supervisors → after further days community and street office
// Days are days of the calendar; an estate may ask that a last day on a holiday or weekend moves to the next working day (answer_due). Questions
// keep the days they were asked under. Nobody who has to answer sets the clock: chair of the committee, community, street office (set_answer_clock).
import { sql } from 'kysely';
import { canonical } from '../kernel/canonical.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, businessDate, isBusinessDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { answeringBody } from './inquiry.ts';
import { refusals } from './refusals.ts';
import { holdersOf } from './told.ts';

export interface Extension { estate: Estate; actor: Actor; inquiry_id: number; days: number; reason: string; key?: string | null | undefined }

/** Gives an answer more time. Refusals in this order: those of demand() for answer, answer_needs_office, text_*, extension_reason_short, inquiry_unknown,
 *  extended_already, extension_too_late, extension_days. */
export async function extendAnswer(house: House, { estate, actor, inquiry_id, days, reason: typed, key = null }: Extension): Promise<{ due_on: BusinessDate }> {
  const { estate_id, code } = estate;
  demand(actor, estate_id, 'answer');
  const body = answeringBody(actor, estate_id);
  if (body === null) throw refusals.answer_needs_office();
  const reason = bookText(typed, { field: 'reason', label: '理由', limit: 200 });
  if ([...reason].length < 5) throw refusals.extension_reason_short({ length: [...reason].length }, 'reason');
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content: { kind: 'extension', inquiry: inquiry_id, days, reason } }, async () => {
    await lockEstate(trx, estate_id);
    const extended_at = await estateNow(trx, estate_id);
    const { rows: [now] } = await sql<{ seq: number; asked_by: string; state: string; round: number; days: number; due_on: BusinessDate; extended: boolean }>`
      select i.seq, i.asked_by, s.state, s.round, s.days, s.due_on, s.extended from inquiry i
      join inquiry_states(${estate_id}, ${businessDate(extended_at)}::date) s on s.inquiry_id = i.inquiry_id
      where i.estate_id = ${estate_id} and i.inquiry_id = ${inquiry_id}`.execute(trx);
    if (now === undefined) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    if (now.extended) throw refusals.extended_already({ inquiry: inquiry_id });
    if (now.state !== 'waiting') throw refusals.extension_too_late({ due_on: now.due_on });
    if (!Number.isInteger(days) || days < 1 || days > now.days) throw refusals.extension_days({ days, most: now.days }, 'days');
    const { rows: [due] } = await sql<{ due_on: BusinessDate }>`select answer_due(${estate_id}, ${now.due_on}::date, ${days}) as due_on`.execute(trx);
    const { due_on } = due!;
    const seq = await appendRecord(trx, estate_id, 'inquiry_extended',
      { body, by: actor.person_id, due_before: now.due_on, due_on, inquiry: inquiry_id, inquiry_record: now.seq, reason });
    await trx.insertInto('inquiry_extension').values({
      estate_id, inquiry_id, round: now.round, due_before: now.due_on, due_on, reason, body, extended_by: actor.person_id, extended_at, seq,
    }).execute();
    await notify(trx, {
      estate_id, person_ids: [now.asked_by], key: `inquiry:${inquiry_id}:extended`, href: `/e/${code}/inquiries/${inquiry_id}`,
      text: { zh: `您的第 ${inquiry_id} 号质询延期答复，最迟 ${due_on}，理由写在页面上。`, en: `The answer to your question no. ${inquiry_id} takes until ${due_on}; the reason stands on its page.` },
    });
    return { due_on };
  }));
}

// ── The setting ──────────────────────────────────────────────────────────────────────────────────

export interface Holiday { day: BusinessDate; works: boolean }
export interface ClockSetting { answer_days: number; due_on_workday: boolean; escalate_days: number; holidays: Holiday[] }
export const ANSWER_DAYS_MOST = 30;
const HOLIDAYS_MOST = 400;

export async function readClock(trx: Trx, { estate_id }: Pick<Estate, 'estate_id'>): Promise<ClockSetting & { changed_seq: number | null }> {
  const { answer_days } = await trx.selectFrom('estate').select('answer_days').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  const row = await trx.selectFrom('answer_clock').select(['due_on_workday', 'escalate_days', 'changed_seq']).where('estate_id', '=', estate_id).executeTakeFirst();
  const holidays = await trx.selectFrom('holiday').select(['day', 'works']).where('estate_id', '=', estate_id).orderBy('day').execute();
  return { answer_days, due_on_workday: row?.due_on_workday ?? false, escalate_days: row?.escalate_days ?? 7, holidays, changed_seq: row?.changed_seq ?? null };
}

/** Days as they are typed, one a line: 2026-10-01, or 2026-10-01..2026-10-07; a day that is worked has 上班 or "work" behind it.
 *  Refusal: clock_holiday_unreadable. */
export function readHolidays(typed: string): Holiday[] {
  const days = new Map<BusinessDate, boolean>();
  for (const line of typed.normalize('NFKC').split(/[\n,;，；、]+/).map((one) => one.trim()).filter((one) => one !== '')) {
    const [, from = '', to = from, word = ''] = /^(\d{4}-\d{2}-\d{2})(?:\s*(?:\.\.|~|至|到)\s*(\d{4}-\d{2}-\d{2}))?\s*(上班|work|)$/i.exec(line) ?? [];
    if (!isBusinessDate(from) || !isBusinessDate(to) || to < from) throw refusals.clock_holiday_unreadable({ line: line.slice(0, 40) }, 'holidays');
    let day = from;
    for (; day <= to && days.size <= HOLIDAYS_MOST; day = addDays(day, 1)) days.set(day, word !== '');
  }
  if (days.size > HOLIDAYS_MOST) throw refusals.clock_holidays_many({ limit: HOLIDAYS_MOST }, 'holidays');
  return [...days].map(([day, works]) => ({ day, works })).sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Sets the clock from now on. Refusals in this order: those of demand() for set_clock, clock_days, clock_escalate_days, clock_holiday_unreadable. */
export async function setClock(house: House, { estate, actor: asking, setting }: { estate: Estate; actor: Actor | null; setting: ClockSetting }): Promise<void> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'set_clock');
  const { answer_days, due_on_workday, escalate_days, holidays } = setting;
  const whole = (value: number, most: number): boolean => Number.isInteger(value) && value >= 1 && value <= most;
  if (!whole(answer_days, ANSWER_DAYS_MOST)) throw refusals.clock_days({ most: ANSWER_DAYS_MOST }, 'answer_days');
  if (!whole(escalate_days, 60)) throw refusals.clock_escalate_days({ most: 60 }, 'escalate_days');
  const wrong = holidays.find(({ day }) => !isBusinessDate(day));
  if (wrong !== undefined) throw refusals.clock_holiday_unreadable({ line: wrong.day.slice(0, 40) }, 'holidays');
  const days = [...new Map(holidays.map(({ day, works }) => [day, { day, works }])).values()];
  if (days.length > HOLIDAYS_MOST) throw refusals.clock_holidays_many({ limit: HOLIDAYS_MOST }, 'holidays');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const body = canonical({ answer_days, by: actor.person_id, due_on_workday, escalate_days, holidays: days });
    const { rows } = await sql<{ status: string }>`select set_answer_clock(${estate_id}, ${body}) as status`.execute(trx);
    if (rows[0]!.status !== 'set') throw refusals.clock_needs_office();
  });
}

// ── When it runs out ─────────────────────────────────────────────────────────────────────────────

/** Reminds those who must answer of what is late, and brings what is very late before others; for the job. It asks the clock what is due, so
 *  that a pause of any length is made up for, each thing once. Gives what it did, for the log. */
export async function escalateDue(house: House, estate: Estate): Promise<string[]> {
  const { estate_id, code } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const today = await estateToday(trx, estate_id);
    const { rows: late } = await sql<{ inquiry_id: number; round: number; due_on: BusinessDate }>`select inquiry_id, round, due_on from inquiry_states(${estate_id}, ${today}::date)
      where state in ('late', 'very_late') order by inquiry_id`.execute(trx);
    const answerers = late.length === 0 ? [] : await holdersOf(trx, estate_id, ['property', 'committee'], today);
    let reminded = 0;
    for (const { inquiry_id, round, due_on } of late) {
      const told = await notify(trx, {
        estate_id, person_ids: answerers, key: `inquiry:${inquiry_id}:late:${round}`, href: `/e/${code}/inquiries/${inquiry_id}`,
        text: { zh: `第 ${inquiry_id} 号质询的答复期限 ${due_on} 已过，请马上答复；逾期会公开显示，并报监事。`,
          en: `Question no. ${inquiry_id} was due on ${due_on}: please answer now. That it is late is shown to everybody and will be brought before the supervisors.` },
      });
      if (told.length > 0) reminded += 1;
    }
    const { rows } = await sql<{ inquiry: number; stage: number; told: string[]; due: BusinessDate; late_days: number }>`select inquiry, stage, told, due, late_days from escalate_inquiries(${estate_id})`.execute(trx);
    for (const { inquiry, stage, told, due, late_days } of rows) {
      await notify(trx, {
        // By the day that passed: a second round may be as many days late as the first was.
        estate_id, person_ids: await holdersOf(trx, estate_id, told, today), key: `inquiry:${inquiry}:escalated:${stage}:${due}`, href: `/e/${code}/inquiries/${inquiry}`,
        text: { zh: `第 ${inquiry} 号质询逾期 ${late_days} 天仍没有答复，现提请关注，请督促答复。`,
          en: `Question no. ${inquiry} is ${late_days} days overdue without an answer and is brought before you: please see to it.` },
      });
    }
    return [...(reminded === 0 ? [] : [`${reminded} late`]), ...rows.map(({ inquiry, stage }) => `question ${inquiry} step ${stage}`)];
  });
}
