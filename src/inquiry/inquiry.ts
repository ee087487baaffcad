// Questions of owners (质询) and answers (答复): any owner asks about an entry, an order, a line of the budget, a project, a bill of
// their own or in general; the property company or the committee owes an answer within the estate's answer days.
//   waiting → answered        waiting → late (the day after due_on) → very late → answered
//   answered → waiting again, once, where the answer does not satisfy (rating.ts)      more time, once: clock.ts
// Nothing here is ever changed or deleted (append-only); another answer is a further row. The log commits to the text
// of a question, which alone can be erased (people/erasure.ts) or hidden (moderation.ts): the question, its clock and its
// answers stay. The last day is the clock's and nobody else's: trigger guard_inquiry.
// The asker is nobody in the log and an alias on every page, unless they agree to be named; the name is read where it lies.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, businessDate, laterBy, shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { appendCommitted } from '../evidence/personal-value.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { openFromQuestion } from './list.ts';
import { refusals } from './refusals.ts';
import { demandSubject, readSubject, subjectInLog, type Subject } from './subject.ts';

export const QUESTION_LIMIT = 500;
export const ANSWER_LIMIT = 1000;
/** Questions one person may ask in a day. */
export const QUESTIONS_A_DAY = 10;
/** The same words about the same thing are one question for so many days. */
const REPEATED_DAYS = 30;
/** So many questions of one person hidden within thirty days, and they pause for a week from the latest. */
export const HIDDEN_MOST = 3;
const PAUSE_DAYS = 7;
const FILES_MOST = 10;
const DAY = 86_400_000;

export const categories = ['question', 'need', 'problem', 'project'] as const;
export type Category = (typeof categories)[number];

function readText(typed: string, field: 'question' | 'answer'): string {
  const label = field === 'question' ? '问题' : '答复';
  const text = bookText(typed, { field, label, limit: field === 'question' ? QUESTION_LIMIT : ANSWER_LIMIT });
  const length = [...text].length;
  if (length < 2) throw refusals[`${field}_too_short`]({ length }, field);
  return text;
}

async function refuseTooMany(trx: Trx, estate_id: number, person_id: string, today: BusinessDate): Promise<void> {
  const start = shanghaiInstant(today);
  const { asked } = await trx.selectFrom('inquiry').select((eb) => eb.fn.countAll<number>().as('asked'))
    .where('estate_id', '=', estate_id).where('asked_by', '=', person_id)
    .where('asked_at', '>=', start).where('asked_at', '<', laterBy(start, DAY)).executeTakeFirstOrThrow();
  if (asked >= QUESTIONS_A_DAY) throw refusals.too_many_questions({ asked, limit: QUESTIONS_A_DAY }, 'question');
}

async function refusePaused(trx: Trx, estate_id: number, person_id: string, today: BusinessDate): Promise<void> {
  const since = shanghaiInstant(addDays(today, -30));
  const { rows: [hidden] } = await sql<{ count: number; last: Date | null }>`
    select count(*)::integer as count, max(m.moderated_at) as last
    from inquiry i join text_moderation m on m.estate_id = i.estate_id and m.of_seq = i.seq and m.field = 'question' and m.step = 'hidden'
    where i.estate_id = ${estate_id} and i.asked_by = ${person_id} and m.moderated_at >= ${since}
      and moderation_of(i.estate_id, i.seq, 'question') <> 'restored'`.execute(trx);
  const { count, last } = hidden!;
  if (count < HIDDEN_MOST || last === null) return;
  const until = addDays(businessDate(last), PAUSE_DAYS);
  if (today <= until) throw refusals.asking_paused({ count, until }, 'question');
}

/** Letters and figures alone: a question mark more does not make another question. */
const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

async function refuseRepeated(trx: Trx, estate_id: number, person_id: string, text: string, subject: Subject | null, today: BusinessDate): Promise<void> {
  const { rows } = await sql<{ inquiry_id: number; value: string }>`select i.inquiry_id, v.value from inquiry i
    join personal_value v on v.estate_id = i.estate_id and v.seq = i.seq and v.field = 'question'
    where i.estate_id = ${estate_id} and i.asked_by = ${person_id} and i.asked_at >= ${shanghaiInstant(addDays(today, -REPEATED_DAYS))}
      and i.about_kind is not distinct from ${subject?.kind ?? null}::text and i.about_id is not distinct from ${subject?.id ?? null}::text`.execute(trx);
  const same = rows.find(({ value }) => plain(value) === plain(text));
  if (same !== undefined) throw refusals.question_repeated({ inquiry: same.inquiry_id, days: REPEATED_DAYS }, 'question');
}

export interface Question {
  estate: Estate;
  actor: Actor;
  /** Record number of the journal entry it is about; null for anything else. */
  about_seq?: number | null | undefined;
  /** "proposal:12", "budget:2026:service:5102", "project:7", "bill:33", "entry:41"; null for a general question. */
  subject?: string | null | undefined;
  /** The list it is asked for: need, problem or project; question otherwise. */
  category?: string | undefined;
  /** Whether the asker agrees to be named. */
  show_name?: boolean | undefined;
  question: string;
  /** Idempotency key of the caller, if any. */
  key?: string | null | undefined;
}

/** Puts a question on record; due by the estate's clock. Refusals: text_*, question_too_short, category_unknown, subject_unknown,
 *  inquiry_entry_unknown, asking_paused, question_repeated, too_many_questions. */
export async function ask(house: House, asked: Question): Promise<{ inquiry_id: number; due_on: string }> {
  const { estate, actor, about_seq = null, show_name = false, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'ask');
  const text = readText(asked.question, 'question');
  const category = categories.find((one) => one === (asked.category ?? 'question'));
  if (category === undefined) throw refusals.category_unknown({}, 'category');
  const typed = asked.subject ?? '';
  const subject = about_seq !== null ? { kind: 'entry', id: String(about_seq) } as const : readSubject(typed);
  if (subject === null && typed !== '') throw refusals.subject_unknown({}, 'subject');
  const content: Json = { kind: 'inquiry', about: about_seq, question: text, ...(typed === '' ? {} : { subject: typed }),
    ...(category === 'question' ? {} : { category }), ...(show_name ? { show_name } : {}) };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content }, async () => {
    if (subject !== null) await demandSubject(trx, estate, actor, subject);
    // Two questions of one person are judged one after the other.
    await lockEstate(trx, estate_id);
    const asked_at = await estateNow(trx, estate_id);
    const today = businessDate(asked_at);
    await refusePaused(trx, estate_id, actor.person_id, today);
    await refuseRepeated(trx, estate_id, actor.person_id, text, subject, today);
    await refuseTooMany(trx, estate_id, actor.person_id, today);
    const { rows: [due] } = await sql<{ due_on: BusinessDate }>`select answer_due(${estate_id}, ${today}::date, answer_days) as due_on from estate where estate_id = ${estate_id}`.execute(trx);
    const { due_on } = due!;
    const about = subject?.kind === 'entry' ? Number(subject.id) : null;
    // Who asks stays out of the log: whoever serves reads it, and an appointment puts a name to an opaque id.
    const seq = await appendCommitted(trx, estate_id, 'inquiry_asked', { field: 'question', value: text, body: {
      about, due_on, subject: subject === null ? undefined : subjectInLog(subject), category: category === 'question' ? undefined : category,
    } });
    const { inquiry_id } = await trx.insertInto('inquiry')
      .values({ estate_id, about_seq: about, about_kind: subject?.kind ?? null, about_id: subject?.id ?? null, category, asked_by: actor.person_id, asked_at, due_on, seq })
      .returning('inquiry_id').executeTakeFirstOrThrow();
    if (show_name) await trx.insertInto('inquiry_name').values({ estate_id, inquiry_id, shown: true, chosen_at: asked_at }).execute();
    if (category !== 'question') await openFromQuestion(trx, estate_id, { inquiry_id, inquiry_seq: seq, list: category, due_on, opened_at: asked_at });
    return { inquiry_id, due_on };
  }));
}

/** The asker agrees to be named beside their question, or takes that back. Refusals: inquiry_unknown (also of another's). */
export async function showName(house: House, { estate, actor, inquiry_id, shown }: { estate: Estate; actor: Actor; inquiry_id: number; shown: boolean }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'ask');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const own = await trx.selectFrom('inquiry').select('seq').where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id)
      .where('asked_by', '=', person_id).executeTakeFirst();
    if (own === undefined) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    await trx.insertInto('inquiry_name').values({ estate_id, inquiry_id, shown, chosen_at: await estateNow(trx, estate_id) }).execute();
  });
}

const answering = ['property', 'committee'] as const;
export type AnsweringBody = (typeof answering)[number];

/** The body for which somebody answers; null where they serve in neither. */
export const answeringBody = (actor: Actor, estate_id: number): AnsweringBody | null =>
  answering.find((body) => actor.terms.some((term) => term.estate_id === estate_id && term.body === body)) ?? null;

export interface Answering {
  estate: Estate;
  actor: Actor;
  inquiry_id: number;
  answer: string;
  /** SHA-256 of vouchers that were handed in for owners. */
  vouchers?: readonly string[] | undefined;
  key?: string | null | undefined;
}

/** Publishes an answer in the name of the actor's body; the asker is told. Refusals: text_*, answer_too_short, answer_needs_office,
 *  inquiry_unknown, answer_own_question, answer_vouchers_many, answer_voucher_unknown, answer_voucher_private. */
export async function answerInquiry(
  house: House, { estate, actor, inquiry_id, answer, vouchers = [], key = null }: Answering,
): Promise<{ answer_id: number }> {
  const { estate_id, code } = estate;
  demand(actor, estate_id, 'answer');
  const body = answeringBody(actor, estate_id);
  if (body === null) throw refusals.answer_needs_office();
  const text = readText(answer, 'answer');
  const files = [...new Set(vouchers)];
  if (files.length > FILES_MOST) throw refusals.answer_vouchers_many({ limit: FILES_MOST, count: files.length }, 'vouchers');
  const content: Json = { kind: 'answer', inquiry: inquiry_id, answer: text, ...(files.length === 0 ? {} : { vouchers: files }) };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content }, async () => {
    const inquiry = await trx.selectFrom('inquiry').select(['seq', 'asked_by'])
      .where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
    if (inquiry === undefined) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    // Whoever asks does not answer themselves: the clock would stop without anybody having been asked.
    if (inquiry.asked_by === actor.person_id) throw refusals.answer_own_question();
    await refusePrivate(trx, estate_id, files);
    const seq = await appendRecord(trx, estate_id, 'inquiry_answered', {
      answer: text, answered_by: actor.person_id, body, inquiry: inquiry_id, inquiry_record: inquiry.seq, ...(files.length === 0 ? {} : { vouchers: files }),
    });
    const answered_at = await estateNow(trx, estate_id);
    const { answer_id } = await trx.insertInto('answer')
      .values({ estate_id, inquiry_id, answer: text, body, answered_by: actor.person_id, answered_at, seq })
      .returning('answer_id').executeTakeFirstOrThrow();
    if (files.length > 0) await trx.insertInto('answer_voucher').values(files.map((sha256) => ({ estate_id, answer_id, sha256 }))).execute();
    await notify(trx, {
      estate_id, person_ids: [inquiry.asked_by], key: `inquiry:${inquiry_id}:answer:${answer_id}`, href: `/e/${code}/inquiries/${inquiry_id}`,
      text: { zh: `您的第 ${inquiry_id} 号质询有了答复，请看看是否满意。`, en: `Your question no. ${inquiry_id} has an answer; please say whether it satisfies you.` },
    });
    return { answer_id };
  }));
}

/** Only files that were handed in for every owner are shown with an answer; never a statement of the bank. */
async function refusePrivate(trx: Trx, estate_id: number, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const { rows } = await sql<{ sha256: string; file_name: string; fit: boolean }>`select v.sha256, v.file_name, v.audience = 'owners'
      and not exists (select from bank_statement s where s.estate_id = v.estate_id and s.sha256 = v.sha256) as fit
    from voucher v where v.estate_id = ${estate_id} and v.sha256 = any(${[...files]}::text[])`.execute(trx);
  const missing = files.find((file) => !rows.some((row) => row.sha256 === file));
  if (missing !== undefined) throw refusals.answer_voucher_unknown({ sha256: missing.slice(0, 12) }, 'vouchers');
  const closed = rows.find((row) => !row.fit);
  if (closed !== undefined) throw refusals.answer_voucher_private({ file: closed.file_name }, 'vouchers');
}
