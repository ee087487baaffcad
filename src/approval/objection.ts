// What is said about a proposal besides signing it: comments (评论), and written objections (书面异议) with their
// answers (书面答复).
//   objection: raised → answered, once        while one is unanswered the proposal is not carried out: waits_for()
// Supervisors, community and street object as long as it is open, or approved and not carried out; an owner
// while it is announced: from submission until the day before it may be carried out. The maker or a signer of a
// body that is asked answers, never the objector (objection_own_answer); nothing is changed or deleted. The log commits to
// the texts of comments and objections, which alone can be erased (people/erasure.ts).
// An owner is "一位业主" on every page, never a name, and nobody in the log: whoever serves here reads it, and the
// document of an appointment puts a name to an opaque id.
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { businessDate } from '../kernel/dates.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { bookText } from '../kernel/text.ts';
import { appendCommitted } from '../evidence/personal-value.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { personsOfBody } from '../people/queries.ts';
import { lockProposal, speaker } from './proposal.ts';
import { neededOf } from './queries.ts';
import { refusals } from './refusals.ts';
import { stateName } from './texts.ts';
import { readableProposal } from './view.ts';
import { inNotice } from './waiting.ts';

export const COMMENT_LIMIT = 500;
export const OBJECTION_LIMIT = 1000;
export const ANSWER_LIMIT = 2000;
/** Objections of one person to one proposal: each holds it up until somebody has answered. */
export const OBJECTIONS_EACH = 3;

export interface Saying {
  estate: Estate;
  actor: Actor | null;
  text: string;
  /** Idempotency key of the caller; null: every call says it again. */
  key?: string | null | undefined;
}

function readText(typed: string, label: string, limit: number): string {
  const text = bookText(typed, { field: 'text', label, limit });
  const length = [...text].length;
  if (length < 2) throw refusals.text_too_short({ length }, 'text');
  return text;
}

const onceOf = (actor: Actor, what: string, { key }: Saying, content: Json) =>
  ({ key: key === null || key === undefined ? null : `${what}:${actor.person_id}:${key}`, content });

/** A comment of somebody in office, for everybody who reads the proposal. Refusals: those of demand() for comment,
 *  text_*, proposal_unknown, comment_too_early. */
export async function comment(trx: Trx, saying: Saying & { proposal_id: number }): Promise<{ seq: number }> {
  const { estate: { estate_id }, proposal_id } = saying;
  const actor = demand(saying.actor, estate_id, 'comment');
  const text = readText(saying.text, '评论 comment', COMMENT_LIMIT);
  return once(trx, { estate_id, ...onceOf(actor, 'comment', saying, { proposal: proposal_id, text }) }, async () => {
    const row = await lockProposal(trx, estate_id, proposal_id);
    if (row.version === 0) throw refusals.comment_too_early();
    const term = actor.terms.find((one) => one.estate_id === estate_id && may({ ...actor, terms: [one], homes: [] }, estate_id, 'comment'))!;
    const seq = await appendCommitted(trx, estate_id, 'proposal_commented', { field: 'comment', value: text, body: {
      proposal: proposal_id, version: row.version, document_hash: row.document_hash?.toString('hex') ?? null,
      by: actor.person_id, body: term.body, office: term.office,
    } });
    return { seq };
  });
}

const open = ['submitted', 'held', 'approved'];

type Objected = { state: string; payable_from: string | null; submitted_at: Date | null };

/** The body for which this person may object to a proposal now; null: as an owner. Else the refusal. */
export function objectingAs(proposal: Objected, actor: Actor, estate_id: number, today: string): string | null | Refusal {
  if (!open.includes(proposal.state)) {
    return refusals.objection_too_late({ state: stateName(proposal.state, 'zh'), state_en: stateName(proposal.state, 'en') });
  }
  const term = actor.terms.find((one) => one.estate_id === estate_id && may({ ...actor, terms: [one], homes: [] }, estate_id, 'object'));
  if (term !== undefined) return term.body;
  return inNotice(proposal, today) ? null : refusals.objection_not_announced();
}

/** Puts an objection on record; the proposal waits until it is answered. Refusals: those of demand() for object,
 *  text_*, those of readableProposal(), objection_too_late, objection_not_announced, objection_waits,
 *  too_many_objections. */
export async function object(trx: Trx, saying: Saying & { proposal_id: number }): Promise<{ objection_id: number }> {
  const { estate, proposal_id } = saying;
  const { estate_id } = estate;
  const actor = demand(saying.actor, estate_id, 'object');
  const objection = readText(saying.text, '异议 objection', OBJECTION_LIMIT);
  return once(trx, { estate_id, ...onceOf(actor, 'objection', saying, { proposal: proposal_id, objection }) }, async () => {
    await lockProposal(trx, estate_id, proposal_id);
    const proposal = await readableProposal(trx, { estate, actor, proposal_id });
    const objected_at = await estateNow(trx, estate_id);
    const body = objectingAs(proposal, actor, estate_id, businessDate(objected_at));
    if (body instanceof Refusal) throw body;
    await refuseAnother(trx, estate_id, proposal_id, actor.person_id);
    const seq = await appendCommitted(trx, estate_id, 'objection_raised', { field: 'objection', value: objection, body: {
      proposal: proposal_id, version: proposal.version, document_hash: proposal.document_hash, by: body === null ? null : actor.person_id, body,
    } });
    const { objection_id } = await trx.insertInto('objection')
      .values({ estate_id, proposal_id, body, objected_by: actor.person_id, objected_at, seq })
      .returning('objection_id').executeTakeFirstOrThrow();
    await tellOfObjection(trx, estate, { proposal_id, objection_id, title: proposal.title, made_by: proposal.made_by, on: businessDate(objected_at) });
    return { objection_id };
  });
}

async function refuseAnother(trx: Trx, estate_id: number, proposal_id: number, person_id: string): Promise<void> {
  const mine = await trx.selectFrom('objection as j')
    .leftJoin('objection_answer as a', (join) => join.onRef('a.estate_id', '=', 'j.estate_id').onRef('a.objection_id', '=', 'j.objection_id'))
    .select(['j.objection_id', 'a.answered_at'])
    .where('j.estate_id', '=', estate_id).where('j.proposal_id', '=', proposal_id).where('j.objected_by', '=', person_id).execute();
  if (mine.some((one) => one.answered_at === null)) throw refusals.objection_waits({}, 'text');
  if (mine.length >= OBJECTIONS_EACH) throw refusals.too_many_objections({ raised: mine.length, limit: OBJECTIONS_EACH }, 'text');
}

interface Told { proposal_id: number; objection_id: number; title: string; made_by: string; on: string }

/** Whoever may answer is told: the maker and the signers of the bodies asked. */
async function tellOfObjection(trx: Trx, { estate_id, code }: Estate, told: Told): Promise<void> {
  const { proposal_id, objection_id, title, made_by, on } = told;
  const asked = (await neededOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [];
  const person_ids = [made_by];
  for (const { body } of asked) person_ids.push(...await personsOfBody(trx, estate_id, body, on, { signs: true }));
  await notify(trx, {
    estate_id, person_ids, key: `objection:${objection_id}`, href: `/e/${code}/proposals/${proposal_id}#talk`,
    text: {
      zh: `签批单第 ${proposal_id} 号“${title}”有一条书面异议，答复以前不能办理。`,
      en: `There is a written objection to proposal no. ${proposal_id} "${title}"; it waits until somebody answers.`,
    },
  });
}

/** Answers an objection in the name of the actor's body; the first answer lets the proposal go on. Refusals: those of
 *  demand() for sign or draft_order, text_*, objection_unknown, objection_answer_not_yours, objection_own_answer,
 *  concerned_steps_aside, objection_answered_already. */
export async function answerObjection(
  trx: Trx, saying: Saying & { objection_id: number },
): Promise<{ objection_id: number; proposal_id: number }> {
  const { estate, objection_id } = saying;
  const { estate_id } = estate;
  const actor = demand(saying.actor, estate_id, may(saying.actor, estate_id, 'sign') ? 'sign' : 'draft_order');
  const answer = readText(saying.text, '答复 answer', ANSWER_LIMIT);
  return once(trx, { estate_id, ...onceOf(actor, 'objection_answer', saying, { objection: objection_id, answer }) }, async () => {
    const found = await trx.selectFrom('objection').select(['proposal_id', 'objected_by', 'seq'])
      .where('estate_id', '=', estate_id).where('objection_id', '=', objection_id).executeTakeFirst();
    if (found === undefined) throw refusals.objection_unknown({ objection: objection_id });
    const row = await lockProposal(trx, estate_id, found.proposal_id);
    const asked = (await neededOf(trx, estate_id, [row.proposal_id])).get(row.proposal_id) ?? [];
    const who = { who: asked.map((one) => one.name_zh).join('、'), who_en: asked.map((one) => one.name_en).join(', ') };
    if (found.objected_by === actor.person_id) throw refusals.objection_own_answer(who);
    if (row.payee_person === actor.person_id) throw refusals.concerned_steps_aside(who);
    const term = await speaker(trx, row, actor).catch((error: unknown) => {
      throw error instanceof Refusal ? refusals.objection_answer_not_yours(who) : error;
    });
    if (term === null) throw refusals.objection_answer_not_yours(who);
    const answered_at = await estateNow(trx, estate_id);
    const seq = await appendRecord(trx, estate_id, 'objection_answered', {
      proposal: row.proposal_id, objection: objection_id, objection_record: found.seq, by: actor.person_id, body: term.body,
      office: term.office, answer,
    });
    try {
      await trx.insertInto('objection_answer')
        .values({ estate_id, objection_id, answer, body: term.body, answered_by: actor.person_id, answered_at, seq }).execute();
    } catch (error) {
      throw constraintRefusal(error, {
        objection_answered_once: () => refusals.objection_answered_already(),
        objection_own_answer: () => refusals.objection_own_answer(who),
      });
    }
    await notify(trx, {
      estate_id, person_ids: [found.objected_by], key: `objection_answer:${objection_id}`,
      href: `/e/${estate.code}/proposals/${row.proposal_id}#talk`,
      text: {
        zh: `您对签批单第 ${row.proposal_id} 号“${row.title}”的书面异议有了答复。`,
        en: `Your written objection to proposal no. ${row.proposal_id} "${row.title}" has an answer.`,
      },
    });
    return { objection_id, proposal_id: row.proposal_id };
  });
}
