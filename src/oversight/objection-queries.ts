// Reads of written objections (书面异议) over a whole estate, with their clocks: waiting, late after the estate's days for
// answers, answered in time or late. An owner who objects is never named.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { saidIn, textsOf } from '../evidence/personal-value.ts';

export type ObjectionState = 'waiting' | 'late' | 'answered' | 'answered_late' | 'moot';
export const objectionStates: readonly ObjectionState[] = ['late', 'waiting', 'answered_late', 'answered', 'moot'];

export interface Objection {
  objection_id: number;
  proposal_id: number;
  kind: string;
  title: string;
  /** Of the objector; null for an owner. */
  body_zh: string | null;
  body_en: string | null;
  body: string | null;
  objected_on: string;
  due_on: string;
  state: ObjectionState;
  /** Days it has waited, or waited until it was answered. */
  days: number;
  /** Null where it was erased. */
  objection: string | null;
  answer: string | null;
  answered_on: string | null;
  answer_zh: string | null;
  answer_en: string | null;
}

type Found = Omit<Objection, 'objection'> & { seq: number };

/** What every member may read of proposals: those that are announced, signed or carried out. */
export const isPublicProposal = sql<boolean>`(o.state in ('approved', 'executed') or (o.payable_from is not null and o.submitted_at is not null
  and o.payable_from > (o.submitted_at at time zone 'Asia/Shanghai')::date))`;

/** Every objection, newest first; `officer` false: only to proposals that every member may read. A proposal that ended otherwise
 *  leaves nothing to answer: moot. */
export async function objectionList(trx: Trx, estate_id: number, { officer }: { officer: boolean }): Promise<Objection[]> {
  const { rows } = await sql<Found>`
    select j.*, case when j.answered_on is not null then case when j.answered_on > j.due_on then 'answered_late' else 'answered' end
        when j.proposal_state not in ('submitted', 'held', 'approved') then 'moot'
        when estate_today(${estate_id}) > j.due_on then 'late' else 'waiting' end as state,
      coalesce(j.answered_on, estate_today(${estate_id})) - j.objected_on as days
    from (select j.objection_id, j.proposal_id, o.kind, o.title, o.state as proposal_state, j.body, b.name_zh as body_zh, b.name_en as body_en, j.seq,
        (j.objected_at at time zone 'Asia/Shanghai')::date as objected_on, (j.objected_at at time zone 'Asia/Shanghai')::date + e.answer_days as due_on,
        a.answer, (a.answered_at at time zone 'Asia/Shanghai')::date as answered_on, n.name_zh as answer_zh, n.name_en as answer_en
      from objection j join estate e on e.estate_id = j.estate_id
      join proposal o on o.estate_id = j.estate_id and o.proposal_id = j.proposal_id
      left join body b on b.estate_id = j.estate_id and b.body = j.body
      left join objection_answer a on a.estate_id = j.estate_id and a.objection_id = j.objection_id
      left join body n on n.estate_id = a.estate_id and n.body = a.body
      where j.estate_id = ${estate_id} and (${officer}::boolean or ${isPublicProposal})) as j
    order by j.objection_id desc`.execute(trx);
  const said = await textsOf(trx, estate_id, rows.map(({ seq }) => seq), 'objection');
  return rows.map(({ seq, ...row }) => ({ ...row, objection: saidIn(said, seq).text }));
}

/** How many objections wait for an answer. */
export async function openObjections(trx: Trx, estate_id: number): Promise<number> {
  const { rows } = await sql<{ open: number }>`
    select count(*)::integer as open from objection j join proposal o on o.estate_id = j.estate_id and o.proposal_id = j.proposal_id
    where j.estate_id = ${estate_id} and o.state in ('submitted', 'held', 'approved')
      and not exists (select from objection_answer a where a.estate_id = j.estate_id and a.objection_id = j.objection_id)`.execute(trx);
  return rows[0]!.open;
}
