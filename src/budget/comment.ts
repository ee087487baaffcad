// Comments of owners on a draft (征求意见) and the bodies' answers. Who comments is nobody in the log and an alias on the page; the text
// can be erased, that somebody commented cannot. Only while the draft is open; answers may come at any time.
import { draftLines, keyOf, readDraft } from './queries.ts';
import { sql } from 'kysely';
import { appendCommitted, saidIn, textsOf, type Said } from '../evidence/personal-value.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, isoInstant, laterBy, shanghaiInstant } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { stateFacts } from './draft.ts';
import { refusals } from './refusals.ts';

export const COMMENT_LIMIT = 500;
export const ANSWER_LIMIT = 1000;
export const COMMENTS_A_DAY = 10;
const DAY = 86_400_000;

interface Asked { estate: Estate; actor: Actor | null; key?: string | null | undefined }

async function refuseAbuse(trx: Trx, estate_id: number, person_id: string, { draft, text, now }: { draft: number; text: string; now: Date }): Promise<void> {
  const start = shanghaiInstant(businessDate(now));
  const { count } = await trx.selectFrom('budget_comment').select((eb) => eb.fn.countAll<number>().as('count')).where('estate_id', '=', estate_id)
    .where('commented_by', '=', person_id).where('commented_at', '>=', start).where('commented_at', '<', laterBy(start, DAY)).executeTakeFirstOrThrow();
  if (count >= COMMENTS_A_DAY) throw refusals.budget_comments_too_many({ count, limit: COMMENTS_A_DAY }, 'comment');
  const own = await trx.selectFrom('budget_comment').select('seq').where('estate_id', '=', estate_id).where('draft_id', '=', draft).where('commented_by', '=', person_id).execute();
  const said = await textsOf(trx, estate_id, own.map(({ seq }) => seq), 'comment');
  if (own.some(({ seq }) => saidIn(said, seq).text === text)) throw refusals.budget_comment_twice({}, 'comment');
}

/** Puts a comment on record. Refusals in this order: those of demand() for ask, text_*, budget_comment_too_short, budget_draft_unknown,
 *  budget_not_open, budget_comment_line_unknown, budget_comments_too_many, budget_comment_twice. */
export async function commentDraft(house: House, { estate, actor, draft, line = '', comment, key = null }: Asked & { draft: number; line?: string | undefined; comment: string }): Promise<{ comment_id: number }> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'ask');
  const text = bookText(comment, { field: 'comment', label: '意见 comment', limit: COMMENT_LIMIT });
  if ([...text].length < 2) throw refusals.budget_comment_too_short({ length: [...text].length }, 'comment');
  const once_key = key === null ? null : `budget-comment:${person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { draft, line, comment: text } }, async () => {
    const { state } = await readDraft(trx, estate_id, draft, { all: false });
    if (state !== 'commenting') throw refusals.budget_not_open(stateFacts(state));
    const about = line === '' ? null : (await draftLines(trx, estate_id, draft)).find((one) => keyOf(one) === line);
    if (about === undefined) throw refusals.budget_comment_line_unknown({}, 'line');
    const commented_at = await estateNow(trx, estate_id);
    // The record locks the log's head: two comments of one person are counted one after the other.
    const seq = await appendCommitted(trx, estate_id, 'budget_commented', {
      field: 'comment', value: text, body: { draft, ...(about === null ? {} : { fund: about.fund, account: about.account }) },
    });
    await refuseAbuse(trx, estate_id, person_id, { draft, text, now: commented_at });
    return trx.insertInto('budget_comment').values({ estate_id, draft_id: draft, fund: about?.fund ?? null, account: about?.account ?? null, commented_by: person_id, commented_at, seq })
      .returning('comment_id').executeTakeFirstOrThrow();
  }));
}

const answering = new Set(['property', 'committee']);

/** Answers a comment in the name of the actor's body. Refusals in this order: those of demand() for answer, budget_answer_needs_office, text_*,
 *  budget_answer_too_short, budget_comment_unknown. */
export async function answerComment(house: House, { estate, actor, comment_id, answer, key = null }: Asked & { comment_id: number; answer: string }): Promise<{ answer_id: number; draft: number }> {
  const { estate_id } = estate;
  const { person_id, terms } = demand(actor, estate_id, 'answer');
  const term = terms.find((one) => one.estate_id === estate_id && answering.has(one.body));
  if (term === undefined) throw refusals.budget_answer_needs_office();
  const text = bookText(answer, { field: 'answer', label: '答复 answer', limit: ANSWER_LIMIT });
  if ([...text].length < 2) throw refusals.budget_answer_too_short({ length: [...text].length }, 'answer');
  const once_key = key === null ? null : `budget-answer:${person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { comment_id, answer: text } }, async () => {
    const found = await trx.selectFrom('budget_comment').select(['seq', 'draft_id']).where('estate_id', '=', estate_id).where('comment_id', '=', comment_id).executeTakeFirst();
    if (found === undefined) throw refusals.budget_comment_unknown({ comment: comment_id });
    const answered_at = await estateNow(trx, estate_id);
    const seq = await appendRecord(trx, estate_id, 'budget_answered', { answer: text, answered_by: person_id, body: term.body, comment: comment_id, comment_record: found.seq });
    const { answer_id } = await trx.insertInto('budget_answer').values({ estate_id, comment_id, answer: text, body: term.body, answered_by: person_id, answered_at, seq })
      .returning('answer_id').executeTakeFirstOrThrow();
    return { answer_id, draft: found.draft_id };
  }));
}

export interface CommentShown {
  comment_id: number;
  /** Short name of the author in this comment only. */
  alias: string;
  mine: boolean;
  fund: string | null;
  account: string | null;
  said: Said;
  seq: number;
  commented_at: string;
  answers: { answer: string; body_zh: string; body_en: string; answered_at: string }[];
}

const aliasOf = (estate_id: number, draft: number, person: string): string => sha256Hex(`mingzhang/budget/${estate_id}/${draft}/${person}`).slice(0, 4).toUpperCase();

/** Comments of a draft with their answers, in the order they came. */
export async function commentsOf(trx: Trx, estate_id: number, draft: number, person_id: string | null): Promise<CommentShown[]> {
  const rows = await trx.selectFrom('budget_comment').selectAll().where('estate_id', '=', estate_id).where('draft_id', '=', draft).orderBy('comment_id').execute();
  const said = await textsOf(trx, estate_id, rows.map(({ seq }) => seq), 'comment');
  const { rows: answers } = await sql<{ comment_id: number; answer: string; body_zh: string; body_en: string; answered_at: Date }>`
    select w.comment_id, w.answer, b.name_zh as body_zh, b.name_en as body_en, w.answered_at from budget_comment c
    join budget_answer w on w.estate_id = c.estate_id and w.comment_id = c.comment_id join body b on b.estate_id = w.estate_id and b.body = w.body
    where c.estate_id = ${estate_id} and c.draft_id = ${draft} order by w.answer_id`.execute(trx);
  return rows.map(({ comment_id, fund, account, seq, commented_at, commented_by }) => ({
    comment_id, fund, account, seq, said: saidIn(said, seq), commented_at: isoInstant(commented_at), mine: commented_by === person_id,
    // The comment's own number stands in it: whoever comments twice is not followed from one to the other.
    alias: aliasOf(estate_id, comment_id, commented_by),
    answers: answers.filter((one) => one.comment_id === comment_id).map(({ comment_id: _comment, answered_at, ...one }) => ({ ...one, answered_at: isoInstant(answered_at) })),
  }));
}

