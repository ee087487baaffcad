// Membership (任免): after an estate is open, offices change only by a proposal that the bodies sign.
//   proposed → signed → carried out: a term begins, or ends early      by then impossible: superseded, with the reason
// The document names the person by an opaque id, never by name; the person concerned never signs
// (signer_is_payee). It rests on a resolution, whose file is a voucher. Where a body has fewer signers than
// the normal rule asks, an appointment to it takes the vacancy rule (缺位) by itself: the guard of proposals
// allows that only as long as it is so. change_membership() writes the term, its record and the key in one go;
// its constraints are term_one_key, already_in_office, term_office_of_body, term_in_order, term_ended_already.
import { sql } from 'kysely';
import { demand, type Actor, type BodyKind, type Estate, type Office } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { addDays, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateToday } from '../evidence/records.ts';
import { madeUpPassword } from '../people/made-up-password.ts';
import { checkPerson, readLogin, writePerson, type CheckedPerson } from '../people/person.ts';
import { personByLogin, personsOfBody } from '../people/queries.ts';
import { refusals as peopleRefusals } from '../people/refusals.ts';
import { appointmentRefusal, checkAppointment } from '../people/term.ts';
import { bodyTexts, officeTexts } from '../people/texts.ts';
import { carryOutChange } from './carrying-out.ts';
import { refusals } from './refusals.ts';
import type { AuditScope } from '../approval/audit-scope.ts';
import { membershipTitle } from '../approval/office-texts.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readProposal, type Document } from '../approval/queries.ts';
import { readResolution, type Resolution, type ResolutionTyped } from '../approval/resolution.ts';
import { ruleFor } from '../approval/rules.ts';
import type { RuleClass } from '../approval/kinds.ts';

/** Longest term that is taken for meant; a committee's is five by law. */
const MOST_YEARS = 10;

/** A type alias, so that it is JSON to once(). */
export type OfficeProposed = { proposal_id: number; document_hash: string; class: RuleClass; payable_from: BusinessDate };
export interface Asked {
  estate: Estate;
  actor: Actor;
  /** Idempotency key; null: every call is a new proposal. */
  key?: string | null | undefined;
}
export const keyOf = ({ actor, key }: Asked, what: string): string | null =>
  (key === null || key === undefined ? null : `${what}:${actor.person_id}:${key}`);

// ── Proposing an appointment ─────────────────────────────────────────────────────────────────────

/** One of the three: somebody who holds or held an office (by the number of a term), an owner, somebody new. */
export interface Appointee {
  term?: number | undefined;
  login?: string | undefined;
  new_person?: { name: string; login: string } | undefined;
}
export interface AppointmentAsked extends Asked {
  who: Appointee;
  body: BodyKind;
  office: Office;
  starts_on: string;
  ends_on: string;
  resolution?: ResolutionTyped | undefined;
  /** Of an auditor: what may be read. Absent: everything an auditor may. */
  scope?: AuditScope | undefined;
}
/** Shown once; only its hash is kept. Null where the person has a login, or where it was shown before. */
export interface NewLogin { login: string; password: string }
export interface Appointed { proposed: OfficeProposed; new_login: NewLogin | null }

/** Proposes an appointment for signing. Refusals in this order: not_allowed, appointee_missing, new_person_of_other_body,
 *  those of checkPerson(), appointee_unknown, appointee_login_taken, those of checkAppointment(), term_over_already,
 *  term_too_long, those of readResolution(), term_before_resolution, membership_proposed, rule_missing. */
export async function proposeAppointment(house: House, asked: AppointmentAsked): Promise<Appointed> {
  const { estate, actor, who, body, office, resolution, scope } = asked;
  const { estate_id } = estate;
  // The street office may ask that somebody looks at the books; the two keys sign for it like for any office.
  demand(actor, estate_id, office === 'auditor' ? 'grant_access' : 'propose');
  if ([who.term, who.login, who.new_person].filter((one) => one !== undefined).length !== 1) throw refusals.appointee_missing({}, 'person');
  if (who.new_person !== undefined) await refuseStrangersHand(house, asked);
  // Full-width and Chinese ways of writing a day are read; what is not one is refused in its own words.
  const starts_on = readDate(asked.starts_on) ?? asked.starts_on;
  const ends_on = readDate(asked.ends_on) ?? asked.ends_on;
  const password = madeUpPassword();
  const checked = who.new_person === undefined ? null
    : await checkPerson(house, { ...who.new_person, password, signing_password: null });
  const content = { who: { ...who }, body, office, starts_on, ends_on, resolution: { ...resolution }, ...(scope === undefined ? {} : { scope }) } as Json;
  let is_new = false;
  const proposed = await inEstate(house.db.app, estate_id, (trx) =>
    once(trx, { estate_id, key: keyOf(asked, 'appoint'), content }, async () => {
      await lockEstate(trx, estate_id);
      const person = await appointeeOf(trx, estate_id, who, checked);
      const term = { estate_id, person_id: person, body, office, starts_on, ends_on };
      await checkAppointment(trx, term);
      const today = await estateToday(trx, estate_id);
      refuseOddDays(starts_on, ends_on, today);
      const wanted = await classFor(trx, estate_id, body, today);
      const signed = await resolutionFor(trx, estate_id, resolution, { class: wanted, today });
      if (signed !== null && starts_on < signed.date) throw refusals.term_before_resolution({ starts_on, date: signed.date }, 'starts_on');
      await refuseTwice(trx, estate_id, { person, body, office, change: 'appoint' });
      const answer = await propose(trx, { estate, actor }, {
        title: membershipTitle('appoint', body, office), person, class: wanted,
        content: { change: 'appoint', person, body, office, starts_on, ends_on, resolution: signed, ...(scope === undefined ? {} : { scope }) },
      });
      is_new = checked !== null;
      return answer;
    }));
  return { proposed, new_login: is_new ? { login: checked!.login, password } : null };
}

/** Bodies whose signatures let money go. */
const keyBodies: readonly BodyKind[] = ['property', 'committee', 'supervisor'];

/** Whoever proposes somebody new sees their first password, and could sign with it before they do: so nobody of
 *  another body enters them. A company whose last terms are over has nobody left to do it; owners can join by themselves. */
async function refuseStrangersHand(house: House, { estate: { estate_id }, actor, body }: AppointmentAsked): Promise<void> {
  if (!keyBodies.includes(body) || actor.terms.some((term) => term.estate_id === estate_id && term.body === body)) return;
  const serving = body !== 'property' ? true : await inEstate(house.db.app, estate_id, async (trx) =>
    (await personsOfBody(trx, estate_id, body, await estateToday(trx, estate_id))).length > 0, { readOnly: true });
  const { zh, en } = bodyTexts[body];
  if (serving) throw refusals.new_person_of_other_body({ body: zh, body_en: en.toLowerCase() }, 'new_person.login');
}

async function appointeeOf(trx: Trx, estate_id: number, { term, login }: Appointee, checked: CheckedPerson | null): Promise<string> {
  if (checked !== null) {
    try {
      return await writePerson(trx, checked);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'login_taken') throw refusals.appointee_login_taken({ login: checked.login }, 'new_person.login');
      throw error;
    }
  }
  if (term !== undefined) return (await termOf(trx, estate_id, term)).person_id;
  const typed = readLogin(login!).slice(0, 100);
  const found = await personByLogin(trx, estate_id, typed);
  if (found === null) throw refusals.appointee_unknown({ login: typed.slice(0, 60) }, 'login');
  return found.person_id;
}

function refuseOddDays(starts_on: string, ends_on: string, today: BusinessDate): void {
  if (ends_on < today) throw refusals.term_over_already({ ends_on, today }, 'ends_on');
  const limit = `${Number(starts_on.slice(0, 4)) + MOST_YEARS}${starts_on.slice(4)}`;
  if (ends_on > limit) throw refusals.term_too_long({ starts_on, ends_on, years: MOST_YEARS }, 'ends_on');
}

/** A body with fewer signers than the normal rule asks of it cannot seat its own: others do. */
export async function classFor(trx: Trx, estate_id: number, body: BodyKind, on: BusinessDate): Promise<'normal' | 'vacancy'> {
  return (await vacanciesOf(trx, estate_id, on)).some((one) => one.body === body) ? 'vacancy' : 'normal';
}

export interface Vacancy { body: BodyKind; name_zh: string; name_en: string; needed: number; have: number }

/** Bodies that the normal rule of appointments asks for more signers than they have on a day. */
export async function vacanciesOf(trx: Trx, estate_id: number, on: BusinessDate): Promise<Vacancy[]> {
  const { rows } = await sql<Vacancy>`
    select b.body, n.name_zh, n.name_en, b.signers::integer as needed, signers_in_office(${estate_id}, b.body, ${on}) as have
    from rule_body b join body n on n.estate_id = b.estate_id and n.body = b.body
    where b.estate_id = ${estate_id} and b.rule_id = rule_for(${estate_id}, 'membership', 'normal', null, null, null, ${on})
      and b.signers > signers_in_office(${estate_id}, b.body, ${on}) order by b.body`.execute(trx);
  return rows;
}

export async function resolutionFor(
  trx: Trx, estate_id: number, typed: ResolutionTyped | undefined,
  { class: wanted, today, kind = 'membership' }: { class: RuleClass; today: BusinessDate; kind?: 'membership' | 'delegation' },
): Promise<Resolution | null> {
  const rule = await ruleFor(trx, estate_id, { kind, class: wanted, amount: null, fund: null, on: today });
  return readResolution(trx, estate_id, typed, { today, needed: rule?.needs_resolution ?? false });
}

/** Refuses what waits for signatures already. */
async function refuseTwice(
  trx: Trx, estate_id: number, asked: { person: string; body: string; office: string; change: 'appoint' } | { term: number; change: 'end' },
): Promise<void> {
  const { rows } = await sql<{ proposal_id: number }>`
    select proposal_id from proposal where estate_id = ${estate_id} and kind = 'membership'
      and state in ('submitted', 'held', 'approved') and document::jsonb @> ${canonical(asked)}::jsonb limit 1`.execute(trx);
  if (rows[0] !== undefined) throw refusals.membership_proposed({ proposal: rows[0].proposal_id });
}

interface Draft { title: string; person: string; class?: RuleClass; content: Document }

async function propose(trx: Trx, { estate, actor }: Pick<Asked, 'estate' | 'actor'>, draft: Draft): Promise<OfficeProposed> {
  const { title, person, class: wanted = 'normal', content } = draft;
  const row = { title, amount: null, fund: null, payee_person: person, class: wanted };
  const proposal_id = await draftProposal(trx, { estate_id: estate.estate_id, kind: 'membership', made_by: actor.person_id, ...row });
  const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...row, content });
  return proposedOf(trx, estate.estate_id, proposal_id, document_hash);
}

export async function proposedOf(trx: Trx, estate_id: number, proposal_id: number, document_hash: string): Promise<OfficeProposed> {
  const row = (await readProposal(trx, estate_id, proposal_id))!;
  return { proposal_id, document_hash, class: row.class, payable_from: row.payable_from! };
}

// ── Proposing an early end ───────────────────────────────────────────────────────────────────────

export interface OneTerm {
  term_id: number;
  person_id: string;
  body: BodyKind;
  office: Office;
  starts_on: BusinessDate;
  ends_on: BusinessDate;
}

/** Refusal: term_unknown. */
export async function termOf(trx: Trx, estate_id: number, term_id: number): Promise<OneTerm> {
  const row = await trx.selectFrom('term').select(['term_id', 'person_id', 'body', 'office', 'starts_on', 'ends_on'])
    .where('estate_id', '=', estate_id).where('term_id', '=', term_id).executeTakeFirst();
  if (row === undefined) throw peopleRefusals.term_unknown({ term_id }, 'term');
  return row as OneTerm;
}

export interface EndAsked extends Asked {
  term: number;
  /** Last day in office; empty: as soon as it is signed. */
  ends_on?: string | undefined;
  resolution?: ResolutionTyped | undefined;
}

/** Proposes the early end of a term for signing. Refusals in this order: not_allowed, term_unknown, term_over,
 *  term_end_invalid, those of readResolution(), membership_proposed, rule_missing. */
export async function proposeEnd(house: House, asked: EndAsked): Promise<OfficeProposed> {
  const { estate, actor, term, ends_on = '', resolution } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const content = { term, ends_on, resolution: { ...resolution } } as Json;
  return inEstate(house.db.app, estate_id, (trx) =>
    once(trx, { estate_id, key: keyOf(asked, 'end'), content }, async () => {
      await lockEstate(trx, estate_id);
      const row = await termOf(trx, estate_id, term);
      const today = await estateToday(trx, estate_id);
      if (row.ends_on < today) throw refusals.term_over({ term, ends_on: row.ends_on });
      const last = lastDayOf(row, ends_on.trim(), today);
      const signed = await resolutionFor(trx, estate_id, resolution, { class: 'normal', today });
      await refuseTwice(trx, estate_id, { term, change: 'end' });
      const { person_id: person, body, office } = row;
      const proposed = await propose(trx, { estate, actor }, {
        title: membershipTitle('end', body, office), person,
        content: { change: 'end', term, person, body, office, ends_on: last, resolution: signed },
      });
      if (person !== actor.person_id) await tellEnding(trx, estate, proposed.proposal_id, row, today);
      return proposed;
    }));
}

/** Nobody loses an office unheard: the person and their body are told while it is being signed. */
async function tellEnding(trx: Trx, { estate_id, code }: Estate, proposal_id: number, { person_id, body, office }: OneTerm, today: BusinessDate): Promise<void> {
  const others = await personsOfBody(trx, estate_id, body, today);
  const [seat, office_text] = [bodyTexts[body], officeTexts[office]];
  await notify(trx, {
    estate_id, person_ids: [person_id, ...others], key: `ending:${proposal_id}`, href: `/e/${code}/proposals/${proposal_id}`,
    text: {
      zh: `有人提出提前结束${seat.zh}一位“${office_text.zh}”的任期（第 ${proposal_id} 号签批单），正在签批。有话请在单上写评论；监事、社区、街道可以提书面异议。`,
      en: `Somebody proposes to end the term of a ${office_text.en.toLowerCase()} of the ${seat.en.toLowerCase()} early (proposal no. ${proposal_id}); it is being signed. Say what you have to say in a comment; supervisors, community and street office may object in writing.`,
    },
  });
}

/** The last day that is signed: yesterday says "as soon as it is signed", for change_membership() never dates an
 *  end back. */
function lastDayOf({ starts_on, ends_on }: OneTerm, typed: string, today: BusinessDate): BusinessDate {
  if (typed === '') return addDays(today, -1);
  const day = readDate(typed);
  const from = starts_on > today ? starts_on : today;
  const to = addDays(ends_on, -1);
  if (day === null || day < from || day > to) throw refusals.term_end_invalid({ typed: typed.slice(0, 20), from, to, ends_on }, 'ends_on');
  return day;
}

// ── Carrying out ─────────────────────────────────────────────────────────────────────────────────

/** Carries an approved appointment or end out; called again it does nothing. Refusals: waits_for_notice,
 *  waits_for_answer (it stays approved), change_not_approved, change_not_possible (it is superseded). */
export const executeMembership = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'change_membership', done: 'changed', already: 'already_done', not_approved: () => refusals.change_not_approved({ proposal: proposal_id }),
  before: async (trx, document) => { if (document['change'] === 'appoint') await checkAgain(trx, estate.estate_id, document); },
  after: async (trx, document) => { if (document['change'] === 'appoint') await tellAppointed(trx, estate, proposal_id, document); },
  impossible,
});

const appointmentIn = (document: Document, estate_id: number) => ({
  estate_id, person_id: String(document['person']), body: document['body'] as BodyKind, office: document['office'] as Office,
  starts_on: String(document['starts_on']), ends_on: String(document['ends_on']),
});

/** Marks a refusal that will not go away by waiting. */
class Impossible extends Error {
  readonly why: Refusal;
  constructor(why: Refusal) {
    super(why.message);
    this.why = why;
  }
}

async function checkAgain(trx: Trx, estate_id: number, document: Document): Promise<void> {
  const term = appointmentIn(document, estate_id);
  try {
    await checkAppointment(trx, term);
    const today = await estateToday(trx, estate_id);
    if (term.ends_on < today) throw refusals.term_over_already({ ends_on: term.ends_on, today });
  } catch (error) {
    throw error instanceof Refusal ? new Impossible(error) : error;
  }
}

/** Why it can never be carried out, in words; null for anything else. */
function impossible(error: unknown, document: Document): Refusal | null {
  if (error instanceof Impossible) return error.why;
  const told = document['change'] === 'end'
    ? constraintRefusal(error, { term_ended_already: () => refusals.term_ended_meanwhile() })
    : appointmentRefusal(error, appointmentIn(document, 0));
  return told instanceof Refusal && told !== error ? told : null;
}

/** A person who never signed here has to know that there is a key to set up now. */
async function tellAppointed(trx: Trx, { estate_id, name_zh, name_en }: Estate, proposal_id: number, document: Document): Promise<void> {
  const { person_id, office } = appointmentIn(document, estate_id);
  const { zh, en } = officeTexts[office];
  const signs = office !== 'cashier' && office !== 'auditor';
  await notify(trx, {
    estate_id, person_ids: [person_id], key: `appointed:${proposal_id}`, href: '/me',
    text: {
      zh: `您已任${name_zh}“${zh}”。${signs ? '请在“我的账号”登记通行密钥或设置签批密码，才能签批。' : ''}`,
      en: `You are now ${en.toLowerCase()} of ${name_en}.${signs ? ' Enrol a passkey or set a signing password under "My account", so that you can sign.' : ''}`,
    },
  });
}
