// Proposals (签批单): whatever needs more than one hand. Its document is frozen when it is submitted,
// and every signature covers that document's hash.
//   draft → submitted → approved → executed
//   side exits: returned (and submitted again as the next version), withdrawn, rejected, held, expired, superseded
// An approved one is carried out from its first day on (payable_from) and while no objection waits: waits_for().
// Only the maker submits, and the maker never signs: guard_proposal, record_signature().
// Every step is a record in the log. Lock order everywhere: the log's head first, the proposal second.
import { sql } from 'kysely';
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { signingTerms, type Actor, type Estate, type Term } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { sha256 } from '../kernel/digest.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { addDays, businessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText, type Money } from '../kernel/money.ts';
import { bookText } from '../kernel/text.ts';
import { bodyNames, neededOf } from './queries.ts';
import { refusals } from './refusals.ts';
import { ruleFor, type Rule } from './rules.ts';
import { stateName, kindName } from './texts.ts';
import type { Kind, PayeeClass, RuleClass, State } from './kinds.ts';


/** Carries an approved proposal out; given by the slice that owns the kind. Idempotent. 'waits': there is nothing to carry
 *  out, the bank comes next. */
export type Executors = Partial<Record<Kind, (house: House, estate: Estate, proposal_id: number) => Promise<'waits' | void>>>;
export interface Submitted { document_hash: string; rule: Rule }
/** Submits a draft of a kind with that kind's own checks. */
export type Submitters = Partial<Record<Kind,
  (trx: Trx, asked: { estate: Estate; actor: Actor; proposal_id: number }) => Promise<Submitted>>>;

/** Locks the head of the estate's log until the transaction ends: whoever changes a proposal, posts or
 *  signs waits here, so that states and sums are judged one after another. */
export async function lockEstate(trx: Trx, estate_id: number): Promise<void> {
  await sql`select lock_estate(${estate_id})`.execute(trx);
}

export interface NewProposal {
  estate_id: number;
  kind: Kind;
  title: string;
  amount: Money | null;
  fund: string | null;
  made_by: string;
  payee_person?: string | null | undefined;
  class?: RuleClass | undefined;
}

/** A draft is nobody's promise yet: it leaves no record. Gives its number. */
export async function draftProposal(trx: Trx, draft: NewProposal): Promise<number> {
  const { amount, payee_person = null, ...row } = draft;
  const { proposal_id } = await trx.insertInto('proposal')
    .values({ ...row, amount: amount === null ? null : moneyText(amount), payee_person })
    .returning('proposal_id').executeTakeFirstOrThrow();
  return proposal_id;
}

/** What the queue shows of a draft that was changed. */
export async function redraftProposal(
  trx: Trx, draft: { estate_id: number; proposal_id: number; title: string; amount: Money | null; fund: string | null; class?: RuleClass },
): Promise<void> {
  const { estate_id, proposal_id, title, amount, fund, class: wanted = 'normal' } = draft;
  await trx.updateTable('proposal').set({ title, amount: amount === null ? null : moneyText(amount), fund, class: wanted })
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).where('state', '=', 'draft').execute();
}

/** The proposal, locked together with the estate's log. Refusal: proposal_unknown. */
export async function lockProposal(trx: Trx, estate_id: number, proposal_id: number) {
  await lockEstate(trx, estate_id);
  const row = await trx.selectFrom('proposal').selectAll()
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).forUpdate().executeTakeFirst();
  if (row === undefined) throw refusals.proposal_unknown({ proposal: proposal_id });
  return row;
}
type Locked = Awaited<ReturnType<typeof lockProposal>>;

const stateFacts = (row: Locked) => ({ state: stateName(row.state, 'zh'), state_en: stateName(row.state, 'en') });

export interface Submission {
  estate: Estate;
  proposal_id: number;
  actor: Actor;
  title: string;
  amount: Money | null;
  fund: string | null;
  payee_person?: string | null | undefined;
  /** Of whoever is paid; null where nobody is. */
  payee_class?: PayeeClass | null | undefined;
  class?: RuleClass | undefined;
  content: { readonly [key: string]: Json | undefined };
}

/** Freezes the document and asks the bodies of the rule to sign.
 *  Refusals: proposal_unknown, proposal_not_draft, submit_not_maker, rule_missing,
 *  resolution_missing, emergency_not_ratified, vacancy_not_there. */
export async function submitProposal(trx: Trx, submission: Submission): Promise<Submitted> {
  const { estate, proposal_id, actor, title, amount, fund, payee_person = null, payee_class = null, content } = submission;
  const { class: wanted = 'normal' } = submission;
  const { estate_id } = estate;
  const row = await lockProposal(trx, estate_id, proposal_id);
  if (row.state !== 'draft' && row.state !== 'returned') throw refusals.proposal_not_draft(stateFacts(row));
  if (row.made_by !== actor.person_id) throw refusals.submit_not_maker();
  const kind = row.kind as Kind;
  const now = await estateNow(trx, estate_id);
  const on = businessDate(now);
  const asked = { kind, amount, fund, payee_class, on };
  const rule = await ruleFor(trx, estate_id, { ...asked, class: wanted });
  const full_rule = wanted === 'emergency' ? await ruleFor(trx, estate_id, asked) : null;
  const sum = amount === null ? null : moneyText(amount);
  if (rule === null || (wanted === 'emergency' && full_rule === null)) {
    throw refusals.rule_missing({ kind: kindName(kind, 'zh'), kind_en: kindName(kind, 'en'), amount: sum ?? '–' });
  }
  // The certificate of a resolution rests on no other.
  if (rule.needs_resolution && kind !== 'resolution') refuseWithoutResolution(content['resolution']);
  const version = row.version + 1;
  const document = {
    ...content, kind, estate: estate.code, proposal: proposal_id, version, amount: sum, fund, title,
    made_by: row.made_by, submitted_on: on, payee_class: payee_class ?? undefined, class: wanted === 'normal' ? undefined : wanted,
  };
  const text = canonical(document);
  const hash = sha256(text);
  const document_hash = hash.toString('hex');
  const expires_on = addDays(on, rule.expires_days);
  const payable_from = addDays(on, rule.notice_days);
  await appendRecord(trx, estate_id, 'proposal_submitted', {
    proposal: proposal_id, version, document_hash, rule: rule.rule_id, expires_on, by: actor.person_id, document,
    ...(rule.notice_days === 0 ? {} : { payable_from }),
  });
  try {
    await trx.updateTable('proposal')
      .set({ state: 'submitted', version, title, amount: sum, fund, payee_person, document: text, document_hash: hash,
        rule_id: rule.rule_id, reason: '', submitted_at: now, expires_on, payable_from, payee_class, class: wanted,
        full_rule_id: full_rule?.rule_id ?? null })
      .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).execute();
  } catch (error) {
    throw constraintRefusal(error, {
      resolution_missing: () => refusals.resolution_missing({}, 'resolution'),
      emergency_not_ratified: () => refusals.emergency_not_ratified({}, 'class'),
      emergency_not_for_officers: () => refusals.emergency_not_for_officers({}, 'class'),
      project_source_moved: () => refusals.project_source_moved(),
      project_no_mandate: () => refusals.project_no_mandate({}, 'fund'),
      vacancy_not_there: () => refusals.vacancy_not_there({}, 'class'),
    });
  }
  return { document_hash, rule };
}

function refuseWithoutResolution(resolution: Json | undefined): void {
  const { title, voucher, resolution_id } = (resolution ?? {}) as { title?: unknown; voucher?: unknown; resolution_id?: unknown };
  if (typeof title !== 'string' || title === '' || (typeof voucher !== 'string' && typeof resolution_id !== 'number')) throw refusals.resolution_missing({}, 'resolution');
}

export interface StepAsked { estate: Estate; proposal_id: number; actor: Actor; reason?: string | undefined }
type Step = 'withdrawn' | 'returned' | 'held' | 'released';

type Spoken = Pick<Locked, 'estate_id' | 'proposal_id' | 'made_by' | 'payee_person'>;

/** The office in which somebody speaks on a proposal: a signer's of a body that is asked, else the maker's;
 *  null for a maker who holds none any more. Whoever is paid or concerned does not sign, and does not stop it either:
 *  nobody holds up the end of their own term. Refusals: concerned_steps_aside, return_not_yours. */
export async function speaker(trx: Trx, row: Spoken, actor: Actor): Promise<Term | null> {
  const { estate_id, proposal_id } = row;
  const asked = (await neededOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [];
  const signer = signingTerms(actor, estate_id).find((term) => asked.some(({ body }) => body === term.body));
  if (row.payee_person === actor.person_id && row.made_by !== actor.person_id && signer !== undefined) {
    const { zh, en } = bodyNames(asked);
    throw refusals.concerned_steps_aside({ who: zh, who_en: en });
  }
  if (signer !== undefined) return signer;
  if (row.made_by === actor.person_id) return actor.terms.find((term) => term.estate_id === estate_id) ?? null;
  const names = bodyNames(asked);
  throw refusals.return_not_yours({ who: names.zh, who_en: names.en });
}

async function takeStep(trx: Trx, row: Locked, asked: StepAsked, step: Step, state: State): Promise<void> {
  const { estate: { estate_id }, proposal_id, actor } = asked;
  const term = await speaker(trx, row, actor);
  // Releasing needs no reason; whatever stops a proposal does, except a draft nobody has seen.
  const typed = asked.reason ?? '';
  if (typed.trim() === '' && step !== 'released' && row.version > 0) throw refusals.reason_missing({}, 'reason');
  const reason = typed.trim() === '' ? '' : bookText(typed, { field: 'reason', label: '理由 reason' });
  if (row.version > 0) {
    await appendRecord(trx, estate_id, `proposal_${step}`, {
      proposal: proposal_id, version: row.version, document_hash: row.document_hash?.toString('hex') ?? null,
      by: actor.person_id, body: term?.body ?? null, office: term?.office ?? null, reason,
      ...(step === 'withdrawn' ? { state_before: row.state } : {}),
    });
  }
  await trx.updateTable('proposal').set({ state, reason })
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).execute();
}

/** Ends a proposal that is not carried out yet: its maker until it is approved (who will not sign rejects it),
 *  then the maker and either body: so an approved, unpaid order is cancelled, and its sum is free again.
 *  Refusals: proposal_unknown, proposal_finished, withdraw_not_yours, return_not_yours, reason_missing. */
export async function withdraw(trx: Trx, asked: StepAsked): Promise<void> {
  const row = await lockProposal(trx, asked.estate.estate_id, asked.proposal_id);
  if (!['draft', 'returned', 'submitted', 'held', 'approved'].includes(row.state)) {
    throw refusals.proposal_finished(stateFacts(row));
  }
  if (row.state !== 'approved' && row.made_by !== asked.actor.person_id) throw refusals.withdraw_not_yours(stateFacts(row));
  await takeStep(trx, row, asked, 'withdrawn', 'withdrawn');
}

/** Back to the maker, who may change it and submit it again as the next version.
 *  Refusals: proposal_unknown, proposal_not_open, return_not_yours, reason_missing. */
export async function returnForCorrection(trx: Trx, asked: StepAsked): Promise<void> {
  const row = await lockProposal(trx, asked.estate.estate_id, asked.proposal_id);
  if (row.state !== 'submitted' && row.state !== 'held') throw refusals.proposal_not_open(stateFacts(row));
  await takeStep(trx, row, asked, 'returned', 'returned');
}

/** Not now: nobody signs until it is released. It still expires.
 *  Refusals: proposal_unknown, proposal_not_open, return_not_yours, reason_missing. */
export async function hold(trx: Trx, asked: StepAsked): Promise<void> {
  const row = await lockProposal(trx, asked.estate.estate_id, asked.proposal_id);
  if (row.state !== 'submitted') throw refusals.proposal_not_open(stateFacts(row));
  await takeStep(trx, row, asked, 'held', 'held');
}

/** Refusals: proposal_unknown, proposal_not_held, proposal_expired, return_not_yours. */
export async function release(trx: Trx, asked: StepAsked): Promise<void> {
  const { estate_id } = asked.estate;
  const row = await lockProposal(trx, estate_id, asked.proposal_id);
  if (row.state !== 'held') throw refusals.proposal_not_held(stateFacts(row));
  if (row.expires_on !== null && row.expires_on < await estateToday(trx, estate_id)) {
    throw refusals.proposal_expired({ expires_on: row.expires_on });
  }
  await takeStep(trx, row, asked, 'released', 'submitted');
}

/** Ends what was not signed in time; for the daily job. Gives the numbers that expired. */
export async function expireDue(trx: Trx, estate: Estate): Promise<number[]> {
  const { estate_id } = estate;
  await lockEstate(trx, estate_id);
  const today = await estateToday(trx, estate_id);
  const due = await trx.selectFrom('proposal').select(['proposal_id', 'version', 'document_hash', 'expires_on'])
    .where('estate_id', '=', estate_id).where('state', 'in', ['submitted', 'held']).where('expires_on', '<', today)
    .orderBy('proposal_id').forUpdate().execute();
  for (const row of due) {
    await appendRecord(trx, estate_id, 'proposal_expired', {
      proposal: row.proposal_id, version: row.version, document_hash: row.document_hash?.toString('hex') ?? null,
      expires_on: row.expires_on,
    });
    await trx.updateTable('proposal').set({ state: 'expired' })
      .where('estate_id', '=', estate_id).where('proposal_id', '=', row.proposal_id).execute();
  }
  return due.map((row) => row.proposal_id);
}

/** Ends a proposal whose document no longer tells the truth (figures changed after the signatures), so
 *  that a new one can be made. By the program, for a slice that carries proposals out. */
export async function supersede(trx: Trx, asked: { estate: Estate; proposal_id: number; reason: string }): Promise<void> {
  const { estate: { estate_id }, proposal_id, reason } = asked;
  const row = await lockProposal(trx, estate_id, proposal_id);
  if (row.state !== 'submitted' && row.state !== 'approved') return;
  await appendRecord(trx, estate_id, 'proposal_superseded', {
    proposal: proposal_id, version: row.version, document_hash: row.document_hash?.toString('hex') ?? null, reason,
  });
  await trx.updateTable('proposal').set({ state: 'superseded', reason })
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).execute();
}
