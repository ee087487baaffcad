// Moderation (隐藏): a text that insults or accuses somebody is hidden behind "hidden by … because …". Never the fact: the question, its
// clock and its answers stay, and who hid it and why is on record.
//   shown → hidden → (appealed by its writer) → upheld or restored, for good
// Those who are asked hide nothing: the property company has no say here. Who hid a text does not decide about it: supervisors do, or, where
// the supervisors hid it, community or street office (guard_text_moderation). Questions and reasons of ratings are hidden alike.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { refusals } from './refusals.ts';
import { holdersOf } from './told.ts';

export type ModerationStep = 'hidden' | 'appealed' | 'upheld' | 'restored';
export interface Moderation { step: ModerationStep; body: string | null; body_zh: string | null; body_en: string | null; reason: string | null; at: string }
const moderators = ['committee', 'supervisor', 'community', 'street', 'party_branch'];
const deciders = ['supervisor', 'community', 'street'];

/** What was done to a text, in order. */
export async function moderationsOf(trx: Trx, estate_id: number, seqs: readonly number[]): Promise<Map<number, Moderation[]>> {
  if (seqs.length === 0) return new Map();
  const { rows } = await sql<Omit<Moderation, 'at'> & { of_seq: number; moderated_at: Date }>`select m.of_seq, m.step, m.body, b.name_zh as body_zh, b.name_en as body_en, m.reason, m.moderated_at
    from text_moderation m left join body b on b.estate_id = m.estate_id and b.body = m.body
    where m.estate_id = ${estate_id} and m.of_seq = any(${[...seqs]}::bigint[]) order by m.moderation_id`.execute(trx);
  const found = new Map<number, Moderation[]>();
  for (const { of_seq, moderated_at, ...row } of rows) found.set(of_seq, [...found.get(of_seq) ?? [], { ...row, at: isoInstant(moderated_at) }]);
  return found;
}

interface Text { seq: number; field: 'question' | 'comment'; author: string; inquiry_id: number }

/** A question, or the reason of a rating, by its record. Refusal: hiding_unknown. */
async function textAt(trx: Trx, estate_id: number, inquiry_id: number, seq: number): Promise<Text> {
  const { rows: [found] } = await sql<Text>`select seq, 'question' as field, asked_by as author, inquiry_id from inquiry
      where estate_id = ${estate_id} and inquiry_id = ${inquiry_id} and seq = ${seq}
    union all select g.seq, 'comment', g.rated_by, g.inquiry_id from inquiry_rating g join record r on r.estate_id = g.estate_id and r.seq = g.seq
      where g.estate_id = ${estate_id} and g.inquiry_id = ${inquiry_id} and g.seq = ${seq} and r.body::jsonb ? 'comment_commitment'`.execute(trx);
  if (found === undefined) throw refusals.hiding_unknown({ inquiry: inquiry_id });
  return found;
}

const lastStep = async (trx: Trx, estate_id: number, { seq, field }: Text): Promise<ModerationStep | null> =>
  (await sql<{ step: ModerationStep | null }>`select moderation_of(${estate_id}, ${seq}, ${field}) as step`.execute(trx)).rows[0]!.step;

const bodyFor = (actor: Actor, estate_id: number, bodies: readonly string[]): string | null =>
  actor.terms.find((term) => term.estate_id === estate_id && bodies.includes(term.body) && ['chair', 'member', 'supervisor', 'official'].includes(term.office))?.body ?? null;

export interface Hiding { estate: Estate; actor: Actor | null; inquiry_id: number; seq: number; reason: string }

function readReason(typed: string): string {
  const reason = bookText(typed, { field: 'reason', label: '理由', limit: 200 });
  if ([...reason].length < 5) throw refusals.hiding_reason_short({ length: [...reason].length }, 'reason');
  return reason;
}

/** Hides a text; its writer and the supervisors are told. Refusals in this order: those of demand() for moderate, text_*, hiding_reason_short, hiding_unknown,
 *  hiding_own, hidden_already, hiding_decided. */
export async function hideText(house: House, { estate, actor: asking, inquiry_id, seq, reason: typed }: Hiding): Promise<void> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'moderate');
  const reason = readReason(typed);
  await inEstate(house.db.app, estate_id, async (trx) => {
    const text = await textAt(trx, estate_id, inquiry_id, seq);
    const body = bodyFor(actor, estate_id, moderators);
    if (body === null) throw refusals.hiding_needs_office();
    await lockEstate(trx, estate_id);
    const step = await lastStep(trx, estate_id, text);
    if (step === 'hidden' || step === 'appealed' || step === 'upheld') throw refusals.hidden_already();
    if (step === 'restored') throw refusals.hiding_decided();
    const at = await estateNow(trx, estate_id);
    const record = await appendRecord(trx, estate_id, 'text_hidden', { body, by: actor.person_id, field: text.field, inquiry: inquiry_id, reason, seq });
    await trx.insertInto('text_moderation').values({ estate_id, of_seq: seq, field: text.field, step: 'hidden', body, moderated_by: actor.person_id, reason, moderated_at: at, seq: record }).execute();
    const href = `/e/${code}/inquiries/${inquiry_id}`;
    await notify(trx, { estate_id, person_ids: [text.author], key: `hidden:${seq}`, href, text: {
      zh: `您在第 ${inquiry_id} 号质询里写的文字被隐藏了，理由写在页面上；不同意可以在那里申诉。问题和答复期限不受影响。`,
      en: `Words you wrote at question no. ${inquiry_id} were hidden; the reason stands on its page, where you may appeal. The question and its clock stay.` } });
    const others = deciders.filter((one) => one !== body);
    await notify(trx, { estate_id, person_ids: (await holdersOf(trx, estate_id, others, businessDate(at))).filter((one) => one !== actor.person_id), key: `hidden:${seq}:watch`, href, text: {
      zh: `第 ${inquiry_id} 号质询里有文字被隐藏，请看看理由是否成立。`, en: `Words at question no. ${inquiry_id} were hidden: please look whether the reason holds.` } });
  });
}

/** The writer asks the supervisors to look at it. Refusals in this order: those of demand() for ask (rate), hiding_unknown (also of another's text), appeal_unfit. */
export async function appealHiding(house: House, { estate, actor: asking, inquiry_id, seq }: Omit<Hiding, 'reason'>): Promise<void> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'ask');
  await inEstate(house.db.app, estate_id, async (trx) => {
    const text = await textAt(trx, estate_id, inquiry_id, seq);
    if (text.author !== actor.person_id) throw refusals.hiding_unknown({ inquiry: inquiry_id });
    await lockEstate(trx, estate_id);
    if (await lastStep(trx, estate_id, text) !== 'hidden') throw refusals.appeal_unfit();
    const at = await estateNow(trx, estate_id);
    const hider = await trx.selectFrom('text_moderation').select('body').where('estate_id', '=', estate_id).where('of_seq', '=', seq)
      .where('step', '=', 'hidden').executeTakeFirst();
    const record = await appendRecord(trx, estate_id, 'hiding_appealed', { field: text.field, inquiry: inquiry_id, seq });
    await trx.insertInto('text_moderation').values({ estate_id, of_seq: seq, field: text.field, step: 'appealed', body: null, moderated_by: null, reason: null, moderated_at: at, seq: record }).execute();
    await notify(trx, {
      estate_id, person_ids: await holdersOf(trx, estate_id, deciders.filter((one) => one !== hider?.body), businessDate(at)), key: `hidden:${seq}:appeal`, href: `/e/${code}/inquiries/${inquiry_id}`,
      text: { zh: `第 ${inquiry_id} 号质询的提问人对隐藏提出申诉，请裁定：维持或恢复。`, en: `The asker of question no. ${inquiry_id} appeals against the hiding of a text: please decide.` },
    });
  });
}

/** Decides about a hidden text: upheld or restored, for good. Refusals in this order: those of demand() for moderate, decision_unknown, text_*, hiding_reason_short,
 *  hiding_unknown, appeal_unfit, decision_not_yours. */
export async function decideHiding(house: House, asked: Hiding & { decision: string }): Promise<void> {
  const { estate, inquiry_id, seq, decision, reason: typed } = asked;
  const { estate_id, code } = estate;
  const actor = demand(asked.actor, estate_id, 'moderate');
  if (decision !== 'upheld' && decision !== 'restored') throw refusals.decision_unknown({}, 'decision');
  const reason = readReason(typed);
  await inEstate(house.db.app, estate_id, async (trx) => {
    const text = await textAt(trx, estate_id, inquiry_id, seq);
    await lockEstate(trx, estate_id);
    const step = await lastStep(trx, estate_id, text);
    if (step !== 'hidden' && step !== 'appealed') throw refusals.appeal_unfit();
    const hider = await trx.selectFrom('text_moderation').select(['body', 'moderated_by']).where('estate_id', '=', estate_id).where('of_seq', '=', seq)
      .where('step', '=', 'hidden').executeTakeFirstOrThrow();
    const body = bodyFor(actor, estate_id, deciders.filter((one) => one !== hider.body));
    if (body === null || hider.moderated_by === actor.person_id) throw refusals.decision_not_yours();
    const at = await estateNow(trx, estate_id);
    const record = await appendRecord(trx, estate_id, 'hiding_decided', { body, by: actor.person_id, field: text.field, inquiry: inquiry_id, outcome: decision, reason, seq });
    await trx.insertInto('text_moderation').values({ estate_id, of_seq: seq, field: text.field, step: decision, body, moderated_by: actor.person_id, reason, moderated_at: at, seq: record }).execute();
    await notify(trx, { estate_id, person_ids: [text.author], key: `hidden:${seq}:decided`, href: `/e/${code}/inquiries/${inquiry_id}`, text: decision === 'restored'
      ? { zh: `您在第 ${inquiry_id} 号质询里写的文字已恢复显示。`, en: `Your words at question no. ${inquiry_id} are shown again.` }
      : { zh: `第 ${inquiry_id} 号质询里您的文字维持隐藏，理由写在页面上。`, en: `Your words at question no. ${inquiry_id} stay hidden; the reason stands on its page.` } });
  });
}

/** Whether somebody may decide about a text that one body hid. */
export const mayDecide = (actor: Actor, estate_id: number, hider: string | null): boolean =>
  bodyFor(actor, estate_id, deciders.filter((one) => one !== hider)) !== null;
