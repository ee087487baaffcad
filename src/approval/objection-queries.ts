// Reading what is said about proposals: objections with their answers, and what is announced (公示). An owner
// who objects is never named; whether an objection is one's own is told to oneself only.
import { saidIn, textsOf, type Erasure } from '../evidence/personal-value.ts';
import { estateToday } from '../evidence/records.ts';
import { sql } from 'kysely';
import { may, signingTerms, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { Refusal } from '../kernel/refusal.ts';
import { objectingAs } from './objection.ts';
import { neededOf, type NeededRow, type Proposal } from './queries.ts';
import { inNotice, isAnnounced } from './waiting.ts';
import type { Kind, RuleClass, State } from './kinds.ts';

export interface ObjectionRow {
  objection_id: number;
  proposal_id: number;
  /** Body of the objector; null for an owner. */
  body: BodyKind | null;
  body_zh: string | null;
  body_en: string | null;
  /** Null where it was erased. */
  objection: string | null;
  erased: Erasure | null;
  /** Record of the objection. */
  seq: number;
  objected_at: Date;
  mine: boolean;
  answer: { answer: string; body: BodyKind; body_zh: string; body_en: string; answered_at: Date } | null;
}

type Found = Omit<ObjectionRow, 'answer' | 'mine' | 'objection' | 'erased'> & {
  objected_by: string; answer: string | null; answer_body: BodyKind; answer_zh: string; answer_en: string; answered_at: Date;
};

/** Objections to some proposals in the order in which they came; `person_id` is who reads. */
export async function objectionsOf(
  trx: Trx, estate_id: number, proposal_ids: readonly number[], person_id: string,
): Promise<ObjectionRow[]> {
  if (proposal_ids.length === 0) return [];
  const { rows } = await sql<Found>`
    select j.objection_id, j.proposal_id, j.body, b.name_zh as body_zh, b.name_en as body_en, j.seq, j.objected_at,
      j.objected_by, a.answer, a.body as answer_body, n.name_zh as answer_zh, n.name_en as answer_en, a.answered_at
    from objection j
    left join body b on b.estate_id = j.estate_id and b.body = j.body
    left join objection_answer a on a.estate_id = j.estate_id and a.objection_id = j.objection_id
    left join body n on n.estate_id = a.estate_id and n.body = a.body
    where j.estate_id = ${estate_id} and j.proposal_id = any(${proposal_ids}::bigint[])
    order by j.objection_id`.execute(trx);
  const texts = await textsOf(trx, estate_id, rows.map(({ seq }) => seq), 'objection');
  return rows.map(({ objected_by, answer, answer_body, answer_zh, answer_en, answered_at, ...row }) => ({
    ...row, objection: saidIn(texts, row.seq).text, erased: saidIn(texts, row.seq).erased, mine: objected_by === person_id,
    answer: answer === null ? null : { answer, body: answer_body, body_zh: answer_zh, body_en: answer_en, answered_at },
  }));
}

export interface Talk {
  proposal_id: number;
  objections: ObjectionRow[];
  /** Null where it is not announced. */
  announced: { payable_from: BusinessDate; runs: boolean } | null;
  may_comment: boolean;
  /** Null when this person may object now. Not set for those who never may. */
  why_not_object?: Refusal | null;
  /** Maker and signers of the bodies asked; nobody answers their own. */
  may_answer: boolean;
  /** Texts of others, where they hold personal data. */
  may_erase: boolean;
}

/** Everything said about one proposal, and what this person may say. */
export async function readTalk(trx: Trx, { estate: { estate_id }, actor, proposal }: { estate: Estate; actor: Actor; proposal: Proposal }): Promise<Talk> {
  const { proposal_id } = proposal;
  const today = await estateToday(trx, estate_id);
  const needed = (await neededOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [];
  return {
    proposal_id, objections: await objectionsOf(trx, estate_id, [proposal_id], actor.person_id),
    announced: isAnnounced(proposal) ? { payable_from: proposal.payable_from!, runs: inNotice(proposal, today) } : null,
    may_comment: proposal.version > 0 && may(actor, estate_id, 'comment'),
    ...objectingOf(proposal, actor, estate_id, today),
    may_answer: mayAnswer(proposal, actor, estate_id, needed), may_erase: may(actor, estate_id, 'erase_text'),
  };
}

function objectingOf(proposal: Proposal, actor: Actor, estate_id: number, today: BusinessDate): Pick<Talk, 'why_not_object'> {
  if (!may(actor, estate_id, 'object')) return {};
  const as = objectingAs(proposal, actor, estate_id, today);
  return { why_not_object: as instanceof Refusal ? as : null };
}

function mayAnswer({ made_by, payee_person }: Pick<Proposal, 'made_by' | 'payee_person'>, actor: Actor, estate_id: number, needed: readonly NeededRow[]): boolean {
  if (payee_person === actor.person_id) return false;
  const serves = actor.terms.some((term) => term.estate_id === estate_id);
  return (made_by === actor.person_id && serves) || signingTerms(actor, estate_id).some((term) => needed.some(({ body }) => body === term.body));
}

export interface Announcement {
  proposal_id: number;
  kind: Kind;
  state: State;
  class: RuleClass;
  title: string;
  amount: string | null;
  fund: string | null;
  fund_zh: string | null;
  fund_en: string | null;
  submitted_on: BusinessDate;
  /** First day it may be carried out; the day before is the last to object for owners. */
  payable_from: BusinessDate;
  /** True while owners may object. */
  runs: boolean;
  objections: number;
  unanswered: number;
}

/** What is announced: first what is not carried out yet, the next to be carried out at the top; then `ended` that
 *  are over, the latest first. */
export async function announcements(
  trx: Trx, estate_id: number, { ended }: { ended: number },
): Promise<{ open: Announcement[]; ended: Announcement[] }> {
  const read = async (is_open: boolean, limit: number): Promise<Announcement[]> => {
    const { rows } = await sql<Announcement>`
      select o.proposal_id, o.kind, o.state, o.class, o.title, o.amount, o.fund, f.name_zh as fund_zh, f.name_en as fund_en,
        (o.submitted_at at time zone 'Asia/Shanghai')::date as submitted_on, o.payable_from,
        (o.state in ('submitted', 'held', 'approved') and estate_today(o.estate_id) < o.payable_from) as runs,
        count(j.objection_id)::integer as objections,
        (count(j.objection_id) filter (where a.objection_id is null))::integer as unanswered
      from proposal o
      left join fund f on f.estate_id = o.estate_id and f.fund = o.fund
      left join objection j on j.estate_id = o.estate_id and j.proposal_id = o.proposal_id
      left join objection_answer a on a.estate_id = j.estate_id and a.objection_id = j.objection_id
      where o.estate_id = ${estate_id} and o.payable_from > (o.submitted_at at time zone 'Asia/Shanghai')::date
        and (o.state in ('submitted', 'held', 'approved')) = ${is_open}
      group by o.estate_id, o.proposal_id, f.estate_id, f.fund
      order by case when ${is_open} then o.payable_from end, o.proposal_id desc limit ${limit}`.execute(trx);
    return rows;
  };
  return { open: await read(true, OPEN), ended: await read(false, ended) };
}
const OPEN = 200;

/** For the home page: how many may be objected to now, and their sum. */
export async function announcedNow(trx: Trx, estate_id: number): Promise<{ count: number; amount: string }> {
  const { rows } = await sql<{ count: number; amount: string }>`
    select count(*)::integer as count, coalesce(sum(amount), 0)::numeric(18, 2) as amount from proposal
    where estate_id = ${estate_id} and state in ('submitted', 'held', 'approved')
      and payable_from > (submitted_at at time zone 'Asia/Shanghai')::date and payable_from > estate_today(${estate_id})`.execute(trx);
  return rows[0]!;
}
