// Reads of questions and answers. State is told from the clock of the estate, never stored: answered
// when an answer exists, else late from the day after due_on, else waiting.
import { sql } from 'kysely';
import { sha256Hex } from '../kernel/digest.ts';
import { saidIn, textsOf, type Erasure, type Said } from '../evidence/personal-value.ts';
import type { Trx } from '../kernel/database.ts';
import { businessDate, isoInstant } from '../kernel/dates.ts';

export type InquiryState = 'waiting' | 'late' | 'answered';

export interface InquiryRow {
  inquiry_id: number;
  /** Short name of the asker in this question only; says nothing of who it is. */
  alias: string;
  about_seq: number | null;
  /** "2026-10 收-041", null for a general question. */
  about_number: string | null;
  about_description: string | null;
  /** Null where it was erased. */
  question: string | null;
  /** What became of the text; null while it is there. */
  erased: Erasure | null;
  /** Record of the question. */
  seq: number;
  asked_at: string;
  due_on: string;
  state: InquiryState;
  /** True when the first answer came after due_on. */
  answered_late: boolean;
  answers: number;
  mine: boolean;
}

export interface AnswerRow {
  answer_id: number;
  answer: string;
  body: string;
  body_zh: string;
  body_en: string;
  answered_at: string;
}

const aliasOf = (estate_id: number, inquiry_id: number): string =>
  sha256Hex(`mingzhang/inquiry/${estate_id}/${inquiry_id}`).slice(0, 4).toUpperCase();

export interface InquiryFilter {
  today: string;
  /** Person looking, so that own questions are marked. */
  person_id: string | null;
  state?: InquiryState | undefined;
  mine?: boolean | undefined;
  about?: number | undefined;
  inquiry_id?: number | undefined;
  cursor?: number | undefined;
  limit: number;
}

interface Found {
  inquiry_id: number; about_seq: number | null; about_number: string | null; about_description: string | null;
  seq: number; asked_at: Date; due_on: string; asked_by: string; answers: number; first_at: Date | null;
}

function rowOf(found: Found, said: Said, estate_id: number, filter: InquiryFilter): InquiryRow {
  const { asked_by, asked_at, first_at, ...row } = found;
  return {
    ...row,
    question: said.text,
    erased: said.erased,
    alias: aliasOf(estate_id, row.inquiry_id),
    asked_at: isoInstant(asked_at),
    state: row.answers > 0 ? 'answered' : row.due_on < filter.today ? 'late' : 'waiting',
    answered_late: first_at !== null && businessDate(first_at) > row.due_on,
    mine: asked_by === filter.person_id,
  };
}

/** Questions, newest first. `next_cursor` is the number to go on from, null at the end. */
export async function inquiryList(
  trx: Trx, estate_id: number, filter: InquiryFilter,
): Promise<{ items: InquiryRow[]; next_cursor: string | null }> {
  const answered = sql<boolean>`exists (select from answer x where x.estate_id = i.estate_id and x.inquiry_id = i.inquiry_id)`;
  const { rows } = await sql<Found>`
    select i.inquiry_id, i.about_seq, i.seq, i.asked_at, i.due_on, i.asked_by, e.description as about_description,
      e.period || ' ' || entry_number(e.kind, e.number) as about_number, a.answers, a.first_at
    from inquiry i
    left join journal_entry e on e.estate_id = i.estate_id and e.seq = i.about_seq
    cross join lateral (select count(*)::integer as answers, min(x.answered_at) as first_at from answer x
      where x.estate_id = i.estate_id and x.inquiry_id = i.inquiry_id) a
    where i.estate_id = ${estate_id}
      ${filter.inquiry_id === undefined ? sql`` : sql`and i.inquiry_id = ${filter.inquiry_id}`}
      ${filter.about === undefined ? sql`` : sql`and i.about_seq = ${filter.about}`}
      ${filter.cursor === undefined ? sql`` : sql`and i.inquiry_id < ${filter.cursor}`}
      ${filter.mine === true ? sql`and i.asked_by = ${filter.person_id}` : sql``}
      ${filter.state === 'answered' ? sql`and ${answered}` : sql``}
      ${filter.state === 'late' ? sql`and not ${answered} and i.due_on < ${filter.today}` : sql``}
      ${filter.state === 'waiting' ? sql`and not ${answered} and i.due_on >= ${filter.today}` : sql``}
    order by i.inquiry_id desc limit ${filter.limit + 1}`.execute(trx);
  const shown = rows.slice(0, filter.limit);
  const texts = await textsOf(trx, estate_id, shown.map(({ seq }) => seq), 'question');
  const items = shown.map((row) => rowOf(row, saidIn(texts, row.seq), estate_id, filter));
  const last = items.at(-1);
  return { items, next_cursor: rows.length > filter.limit && last !== undefined ? String(last.inquiry_id) : null };
}

export async function readInquiry(
  trx: Trx, estate_id: number, inquiry_id: number, asking: { today: string; person_id: string | null },
): Promise<(InquiryRow & { answer_list: AnswerRow[] }) | null> {
  const { items } = await inquiryList(trx, estate_id, { ...asking, inquiry_id, limit: 1 });
  const inquiry = items[0];
  if (inquiry === undefined) return null;
  const answers = await trx.selectFrom('answer as a')
    .innerJoin('body as b', (join) => join.onRef('b.estate_id', '=', 'a.estate_id').onRef('b.body', '=', 'a.body'))
    .select(['a.answer_id', 'a.answer', 'a.body', 'b.name_zh as body_zh', 'b.name_en as body_en', 'a.answered_at'])
    .where('a.estate_id', '=', estate_id).where('a.inquiry_id', '=', inquiry_id).orderBy('a.answer_id').execute();
  return {
    ...inquiry,
    answer_list: answers.map((answer) => ({ ...answer, answered_at: isoInstant(answer.answered_at) })),
  };
}

export interface EntryAsked { seq: number; number: string; entry_date: string; description: string; amount: string }

/** The entry a question is about to be asked on, as the form shows it. */
export async function entryAsked(trx: Trx, estate_id: number, seq: number): Promise<EntryAsked | null> {
  const { rows } = await sql<EntryAsked>`
    select seq, period || ' ' || entry_number(kind, number) as number, entry_date, description, amount
    from journal_entry where estate_id = ${estate_id} and seq = ${seq}`.execute(trx);
  return rows[0] ?? null;
}

export interface InquiryCounts { waiting: number; late: number; answered: number }

export async function inquiryCounts(trx: Trx, estate_id: number, today: string): Promise<InquiryCounts> {
  const { rows } = await sql<InquiryCounts>`
    select count(*) filter (where answered)::integer as answered,
      count(*) filter (where not answered and due_on < ${today})::integer as late,
      count(*) filter (where not answered and due_on >= ${today})::integer as waiting
    from (select i.due_on, exists (select from answer x where x.estate_id = i.estate_id and x.inquiry_id = i.inquiry_id)
      as answered from inquiry i where i.estate_id = ${estate_id}) as one`.execute(trx);
  return rows[0]!;
}
