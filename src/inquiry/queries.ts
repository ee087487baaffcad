// Reads of questions and answers. State is told from the clock of the estate, never stored (inquiry_states): answered when the round it is in has
// an answer, else very late, late from the day after due_on, else waiting.
import { sql } from 'kysely';
import { sha256Hex } from '../kernel/digest.ts';
import { saidIn, textsOf, type Erasure, type Said } from '../evidence/personal-value.ts';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import type { Category } from './inquiry.ts';
import type { SubjectKind } from './subject.ts';

export type InquiryState = 'waiting' | 'late' | 'very_late' | 'answered';
export const inquiryStates: readonly InquiryState[] = ['waiting', 'late', 'very_late', 'answered'];

export interface InquiryRow {
  inquiry_id: number;
  category: Category;
  /** Short name of the asker in this question only; says nothing of who it is. */
  alias: string;
  /** Name of the asker, while they agree to it. */
  name: string | null;
  about_kind: SubjectKind | null;
  /** Number of what it is about; of a bill only for whoever asked. */
  about_id: string | null;
  about_seq: number | null;
  /** "2026-10 收-041", null for anything but an entry. */
  about_number: string | null;
  about_description: string | null;
  /** Null where it was erased or hidden. */
  question: string | null;
  /** What became of the text; null while it is there. */
  erased: Erasure | null;
  /** Whether a moderator hid the text. */
  hidden: boolean;
  /** Record of the question. */
  seq: number;
  asked_at: string;
  /** Last day for the answer of the round it is in. */
  due_on: string;
  state: InquiryState;
  /** Days since due_on passed, until the answer. */
  days_late: number;
  round: number;
  extended: boolean;
  /** True when an answer came after its last day. */
  answered_late: boolean;
  /** The asker's word on the answer of this round. */
  rating: string | null;
  answers: number;
  /** Item of the three lists. */
  item_id: number | null;
  mine: boolean;
}

export const aliasOf = (estate_id: number, inquiry_id: number): string =>
  sha256Hex(`mingzhang/inquiry/${estate_id}/${inquiry_id}`).slice(0, 4).toUpperCase();

export interface InquiryFilter {
  today: string;
  /** Person looking, so that own questions are marked. */
  person_id: string | null;
  /** "late" takes in what is very late. */
  state?: InquiryState | undefined;
  mine?: boolean | undefined;
  category?: Category | undefined;
  /** Record of an entry. */
  about?: number | undefined;
  subject?: { kind: SubjectKind; id: string } | undefined;
  inquiry_id?: number | undefined;
  cursor?: number | undefined;
  limit: number;
}

interface Found extends Omit<InquiryRow, 'alias' | 'question' | 'erased' | 'hidden' | 'asked_at' | 'mine'> { asked_at: Date; asked_by: string }

function rowOf({ asked_by, asked_at, about_id, ...row }: Found, said: Said, estate_id: number, filter: InquiryFilter): InquiryRow {
  const mine = asked_by === filter.person_id;
  return {
    ...row, about_id: row.about_kind === 'bill' && !mine ? null : about_id,
    question: said.text, erased: said.erased, hidden: said.hidden ?? false, alias: aliasOf(estate_id, row.inquiry_id), asked_at: isoInstant(asked_at), mine,
  };
}

/** Questions, newest first. `next_cursor` is the number to go on from, null at the end. */
export async function inquiryList(
  trx: Trx, estate_id: number, filter: InquiryFilter,
): Promise<{ items: InquiryRow[]; next_cursor: string | null }> {
  const { state, subject } = filter;
  const { rows } = await sql<Found>`
    select i.inquiry_id, i.category, coalesce(i.about_kind, case when i.about_seq is not null then 'entry' end) as about_kind, coalesce(i.about_id, i.about_seq::text) as about_id,
      i.about_seq, i.seq, i.asked_at, i.asked_by, s.due_on, s.state, s.days_late, s.round, s.extended, s.answered_late, s.rating, s.answers,
      e.description as about_description, e.period || ' ' || entry_number(e.kind, e.number) as about_number, l.item_id,
      (select p.name from inquiry_name n join person_identity p on p.person_id = i.asked_by where n.shown and n.estate_id = i.estate_id and n.inquiry_id = i.inquiry_id
        and not exists (select from inquiry_name m where m.estate_id = n.estate_id and m.inquiry_id = n.inquiry_id and m.choice_id > n.choice_id)) as name
    from inquiry i
    join inquiry_states(${estate_id}, ${filter.today}::date) s on s.inquiry_id = i.inquiry_id
    left join journal_entry e on e.estate_id = i.estate_id and e.seq = i.about_seq
    left join list_item l on l.estate_id = i.estate_id and l.inquiry_id = i.inquiry_id
    where i.estate_id = ${estate_id}
      ${filter.inquiry_id === undefined ? sql`` : sql`and i.inquiry_id = ${filter.inquiry_id}`}
      ${filter.about === undefined ? sql`` : sql`and i.about_seq = ${filter.about}`}
      ${subject === undefined ? sql`` : sql`and i.about_kind = ${subject.kind} and i.about_id = ${subject.id}`}
      ${filter.category === undefined ? sql`` : sql`and i.category = ${filter.category}`}
      ${filter.cursor === undefined ? sql`` : sql`and i.inquiry_id < ${filter.cursor}`}
      ${filter.mine === true ? sql`and i.asked_by = ${filter.person_id}` : sql``}
      ${state === undefined ? sql`` : state === 'late' ? sql`and s.state in ('late', 'very_late')` : sql`and s.state = ${state}`}
    order by i.inquiry_id desc limit ${filter.limit + 1}`.execute(trx);
  const shown = rows.slice(0, filter.limit);
  const texts = await textsOf(trx, estate_id, shown.map(({ seq }) => seq), 'question');
  const items = shown.map((row) => rowOf(row, saidIn(texts, row.seq), estate_id, filter));
  const last = items.at(-1);
  return { items, next_cursor: rows.length > filter.limit && last !== undefined ? String(last.inquiry_id) : null };
}

// ── One question ─────────────────────────────────────────────────────────────────────────────────

export interface RatingRow { rating_id: number; side: string; rating: string; reason: string | null; erased: Erasure | null; hidden: boolean; has_reason: boolean; mine: boolean; rated_at: string; seq: number }
export interface FileRow { sha256: string; file_name: string; media_type: string; size: number }
export interface AnswerRow extends Record<'body_zh' | 'body_en', string> {
  answer_id: number;
  answer: string;
  body: string;
  answered_at: string;
  vouchers: FileRow[];
  ratings: RatingRow[];
}
export interface ExtensionRow extends Record<'body_zh' | 'body_en', string> { due_before: string; due_on: string; reason: string; extended_at: string }
export interface EscalationRow { round: number; step: number; bodies: Bilingual[]; days_late: number; escalated_at: string }
export interface InquiryDetail extends InquiryRow {
  answer_list: AnswerRow[];
  extension: ExtensionRow | null;
  escalations: EscalationRow[];
  reopening: { reopened_at: string; due_on: string } | null;
  /** The days it was asked under. */
  days: number;
  /** Last day of the first round, more time left out. */
  first_due: string;
}

async function answersOf(trx: Trx, estate_id: number, inquiry_id: number, person_id: string | null): Promise<AnswerRow[]> {
  const answers = await trx.selectFrom('answer as a')
    .innerJoin('body as b', (join) => join.onRef('b.estate_id', '=', 'a.estate_id').onRef('b.body', '=', 'a.body'))
    .select(['a.answer_id', 'a.answer', 'a.body', 'b.name_zh as body_zh', 'b.name_en as body_en', 'a.answered_at'])
    .where('a.estate_id', '=', estate_id).where('a.inquiry_id', '=', inquiry_id).orderBy('a.answer_id').execute();
  const files = await trx.selectFrom('answer_voucher as w').innerJoin('voucher as v', (join) => join.onRef('v.estate_id', '=', 'w.estate_id').onRef('v.sha256', '=', 'w.sha256'))
    .innerJoin('answer as a', (join) => join.onRef('a.estate_id', '=', 'w.estate_id').onRef('a.answer_id', '=', 'w.answer_id'))
    .select(['w.answer_id', 'v.sha256', 'v.file_name', 'v.media_type', 'v.size']).where('w.estate_id', '=', estate_id).where('a.inquiry_id', '=', inquiry_id).orderBy('v.seq').execute();
  const { rows: rated } = await sql<Omit<RatingRow, 'reason' | 'erased' | 'hidden' | 'rated_at'> & { answer_id: number; rated_at: Date }>`
    select g.answer_id, g.rating_id, g.side, g.rating, g.rated_at, g.seq, g.rated_by is not distinct from ${person_id}::uuid as mine, r.body::jsonb ? 'comment_commitment' as has_reason
    from inquiry_rating g join record r on r.estate_id = g.estate_id and r.seq = g.seq
    where g.estate_id = ${estate_id} and g.inquiry_id = ${inquiry_id} order by g.rating_id`.execute(trx);
  const reasons = await textsOf(trx, estate_id, rated.filter((row) => row.has_reason).map((row) => row.seq), 'comment');
  const ratings = rated.map(({ answer_id, rated_at, ...row }) => {
    const said: Said = row.has_reason ? saidIn(reasons, row.seq) : { text: null, erased: null };
    return { answer_id, row: { ...row, reason: said.text, erased: said.erased, hidden: said.hidden ?? false, rated_at: isoInstant(rated_at) } };
  });
  return answers.map((answer) => ({
    ...answer, answered_at: isoInstant(answer.answered_at),
    vouchers: files.filter((file) => file.answer_id === answer.answer_id).map(({ sha256, file_name, media_type, size }) => ({ sha256, file_name, media_type, size })),
    ratings: ratings.filter((one) => one.answer_id === answer.answer_id).map((one) => one.row),
  }));
}

export async function readInquiry(
  trx: Trx, estate_id: number, inquiry_id: number, asking: { today: string; person_id: string | null },
): Promise<InquiryDetail | null> {
  const { items: [inquiry] } = await inquiryList(trx, estate_id, { ...asking, inquiry_id, limit: 1 });
  if (inquiry === undefined) return null;
  const extension = await trx.selectFrom('inquiry_extension as x').innerJoin('body as b', (join) => join.onRef('b.estate_id', '=', 'x.estate_id').onRef('b.body', '=', 'x.body'))
    .select(['x.due_before', 'x.due_on', 'x.reason', 'x.extended_at', 'b.name_zh as body_zh', 'b.name_en as body_en'])
    .where('x.estate_id', '=', estate_id).where('x.inquiry_id', '=', inquiry_id).executeTakeFirst();
  const reopening = await trx.selectFrom('inquiry_reopening').select(['reopened_at', 'due_on']).where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
  const { rows: escalations } = await sql<Omit<EscalationRow, 'escalated_at'> & { escalated_at: Date }>`select x.round, x.step, x.days_late, x.escalated_at,
      coalesce((select json_agg(json_build_object('zh', b.name_zh, 'en', b.name_en) order by b.body) from body b where b.estate_id = x.estate_id and b.body = any(x.bodies)), '[]') as bodies
    from inquiry_escalation x where x.estate_id = ${estate_id} and x.inquiry_id = ${inquiry_id} order by x.seq`.execute(trx);
  const { rows: [first] } = await sql<{ due_on: string; days: number }>`select i.due_on, coalesce(i.answer_days, e.answer_days) as days from inquiry i join estate e using (estate_id)
    where i.estate_id = ${estate_id} and i.inquiry_id = ${inquiry_id}`.execute(trx);
  return {
    ...inquiry, answer_list: await answersOf(trx, estate_id, inquiry_id, asking.person_id), days: first!.days, first_due: first!.due_on,
    extension: extension === undefined ? null : { ...extension, extended_at: isoInstant(extension.extended_at) },
    reopening: reopening === undefined ? null : { ...reopening, reopened_at: isoInstant(reopening.reopened_at) },
    escalations: escalations.map((row) => ({ ...row, escalated_at: isoInstant(row.escalated_at) })),
  };
}

/** What is hidden, for its writer and for whoever decides: by record. */
export async function hiddenWords(trx: Trx, estate_id: number, seqs: readonly number[]): Promise<Map<number, string>> {
  const words = new Map<number, string>();
  for (const field of ['question', 'comment'] as const) {
    for (const [seq, said] of await textsOf(trx, estate_id, seqs, field, { even_hidden: true })) if (said.hidden === true && said.text !== null) words.set(seq, said.text);
  }
  return words;
}

/** `late` takes in what is very late. */
export interface InquiryCounts { waiting: number; late: number; very_late: number; answered: number }

export async function inquiryCounts(trx: Trx, estate_id: number, today: string): Promise<InquiryCounts> {
  const { rows } = await sql<InquiryCounts>`select waiting, late + very_late as late, very_late, answered from inquiry_standing(${estate_id}, ${today}::date)`.execute(trx);
  return rows[0]!;
}
