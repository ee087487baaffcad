// Questions of owners (质询) and answers (答复): any owner asks about an entry or about the books as a
// whole; the property company or the committee owes an answer within the estate's answer days.
//   waiting → answered        waiting → late (the day after due_on) → answered
// Nothing here is ever changed or deleted (append-only); another answer is a further row. The log commits to the text
// of a question, which alone can be erased (people/erasure.ts): the question, its clock and its answers stay.
// The asker is nobody in the log and an alias on every page, never a name.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, businessDate, laterBy, shanghaiInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { appendCommitted } from '../evidence/personal-value.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { refusals } from './refusals.ts';

export const QUESTION_LIMIT = 500;
export const ANSWER_LIMIT = 1000;
/** Questions one person may ask in a day. */
export const QUESTIONS_A_DAY = 10;
const DAY = 86_400_000;

function readText(typed: string, field: 'question' | 'answer'): string {
  const label = field === 'question' ? '问题' : '答复';
  const text = bookText(typed, { field, label, limit: field === 'question' ? QUESTION_LIMIT : ANSWER_LIMIT });
  const length = [...text].length;
  if (length < 2) throw refusals[`${field}_too_short`]({ length }, field);
  return text;
}

async function refuseTooMany(trx: Trx, estate_id: number, person_id: string, today: string): Promise<void> {
  const start = shanghaiInstant(today);
  const { asked } = await trx.selectFrom('inquiry').select((eb) => eb.fn.countAll<number>().as('asked'))
    .where('estate_id', '=', estate_id).where('asked_by', '=', person_id)
    .where('asked_at', '>=', start).where('asked_at', '<', laterBy(start, DAY)).executeTakeFirstOrThrow();
  if (asked >= QUESTIONS_A_DAY) throw refusals.too_many_questions({ asked, limit: QUESTIONS_A_DAY }, 'question');
}

export interface Question {
  estate: Estate;
  actor: Actor;
  /** Record number of the journal entry it is about; null for a general question. */
  about_seq: number | null;
  question: string;
  /** Idempotency key of the caller, if any. */
  key?: string | null | undefined;
}

/** Puts a question on record; due today + the estate's answer days. Refusals: text_*, question_too_short,
 *  inquiry_entry_unknown, too_many_questions. */
export async function ask(
  house: House, { estate, actor, about_seq, question, key = null }: Question,
): Promise<{ inquiry_id: number; due_on: string }> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'ask');
  const text = readText(question, 'question');
  const content: Json = { kind: 'inquiry', about: about_seq, question: text };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content }, async () => {
    if (about_seq !== null) {
      const entry = await trx.selectFrom('journal_entry').select('seq')
        .where('estate_id', '=', estate_id).where('seq', '=', about_seq).executeTakeFirst();
      if (entry === undefined) throw refusals.inquiry_entry_unknown({ seq: about_seq }, 'about');
    }
    const asked_at = await estateNow(trx, estate_id);
    const today = businessDate(asked_at);
    const due_on = addDays(today, estate.answer_days);
    // The record locks the log's head: two questions of one person are counted one after the other.
    // Who asks stays out of the log: whoever serves reads it, and an appointment puts a name to an opaque id.
    const seq = await appendCommitted(trx, estate_id, 'inquiry_asked', { field: 'question', value: text, body: { about: about_seq, due_on } });
    await refuseTooMany(trx, estate_id, actor.person_id, today);
    const { inquiry_id } = await trx.insertInto('inquiry')
      .values({ estate_id, about_seq, asked_by: actor.person_id, asked_at, due_on, seq })
      .returning('inquiry_id').executeTakeFirstOrThrow();
    return { inquiry_id, due_on };
  }));
}

const answering = new Set(['property', 'committee']);

export interface Answering {
  estate: Estate;
  actor: Actor;
  inquiry_id: number;
  answer: string;
  key?: string | null | undefined;
}

/** Publishes an answer in the name of the actor's body. Refusals: text_*, answer_too_short, inquiry_unknown. */
export async function answerInquiry(
  house: House, { estate, actor, inquiry_id, answer, key = null }: Answering,
): Promise<{ answer_id: number }> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'answer');
  const term = actor.terms.find((t) => t.estate_id === estate_id && answering.has(t.body));
  if (term === undefined) throw refusals.answer_needs_office();
  const text = readText(answer, 'answer');
  const content: Json = { kind: 'answer', inquiry: inquiry_id, answer: text };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content }, async () => {
    const inquiry = await trx.selectFrom('inquiry').select('seq')
      .where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
    if (inquiry === undefined) throw refusals.inquiry_unknown({ inquiry: inquiry_id });
    const answered_at = await estateNow(trx, estate_id);
    const seq = await appendRecord(trx, estate_id, 'inquiry_answered',
      { answer: text, answered_by: actor.person_id, body: term.body, inquiry: inquiry_id, inquiry_record: inquiry.seq });
    return trx.insertInto('answer')
      .values({ estate_id, inquiry_id, answer: text, body: term.body, answered_by: actor.person_id, answered_at, seq })
      .returning('answer_id').executeTakeFirstOrThrow();
  }));
}
