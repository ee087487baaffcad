// Erasing personal data (删除个人信息, PIPL §47). The log stays whole: it holds opaque ids and commitments, and each
// erasure is one more record {what, …, ground, by}; counts, clocks and answers stay.
//   text of a question, objection or comment: whoever wrote it, or manager, chair and members where it says something
//     about others; shown as erased ever after, and its author is told
//   a person: themselves, with their password; never while they serve. Of whoever served the name is kept for the
//     thirty years of the accounting archives (会计档案管理办法 §14), phone, e-mail and login are not
//   a person who was paid: manager, chair and members, when nothing was ever paid, or after the same thirty years
// The doors of migrations/0008 judge all of this again and write the records; the web role deletes nothing itself.
import { sql } from 'kysely';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { notify } from '../kernel/notice.ts';
import type { Ground } from '../evidence/personal-value.ts';
import { confirmLogin } from './credential.ts';
import { leavingOf, subjectOf, type Subject } from './erasure-queries.ts';
import { refusals } from './erasure-refusals.ts';
import { bodyIn, erasureTexts } from './erasure-texts.ts';

/** Grounds a person may give for a text, and for themselves. */
export const textGrounds = ['request', 'error', 'law'] as const satisfies readonly Ground[];
export const leavingGrounds = ['left', 'request'] as const satisfies readonly Ground[];

function groundIn<G extends Ground>(typed: string, grounds: readonly G[]): G {
  const ground = grounds.find((one) => one === typed);
  if (ground === undefined) throw refusals.erasure_ground_missing({}, 'ground');
  return ground;
}

interface Asked { estate: Estate; actor: Actor | null }

// ── A text ───────────────────────────────────────────────────────────────────────────────────────

/** The text somebody is about to erase, and whether it is their own. Refusals: those of demand() for erase_own,
 *  erasure_not_yours. */
export async function erasableText(trx: Trx, { estate, actor, seq }: Asked & { seq: number }): Promise<Subject & { mine: boolean }> {
  const reader = demand(actor, estate.estate_id, 'erase_own');
  const subject = await subjectOf(trx, estate, seq);
  const mine = subject?.author === reader.person_id;
  if (subject === null || (!mine && !may(reader, estate.estate_id, 'erase_text'))) throw refusals.erasure_not_yours();
  return { ...subject, mine };
}

/** Erases one text for good. Refusals in this order: those of erasableText(), erasure_ground_missing, erased_already,
 *  erasure_text_in_log. */
export async function eraseText(house: House, { estate, actor, seq, ground: typed }: Asked & { seq: number; ground: string }): Promise<Subject> {
  const { estate_id } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const subject = await erasableText(trx, { estate, actor, seq });
    const ground = groundIn(typed, textGrounds);
    if (subject.said.text === null) throw refusals.erased_already();
    // Who wrote a question stays out of the log also when they ask to have it erased.
    const by = subject.mine ? null : actor!.person_id;
    const { rows } = await sql<{ seq: number | null }>`
      select erase_value(${estate_id}, ${seq}, ${subject.field}, ${by}, ${ground}) as seq`.execute(trx);
    if (rows[0]!.seq === null) throw refusals.erasure_text_in_log();
    if (!subject.mine) await tellAuthor(trx, estate, subject, actor!, ground);
    return subject;
  });
}

async function tellAuthor(trx: Trx, { estate_id }: Estate, { seq, author, field, number, href }: Subject, actor: Actor, ground: Ground): Promise<void> {
  const term = actor.terms.find((one) => one.estate_id === estate_id && ['manager', 'chair', 'member'].includes(one.office));
  const told = (locale: Locale): string =>
    fill(erasureTexts[field === 'comment' && href.includes('/inquiries/') ? 'told_rating' : `told_${field}` as const][locale], { number, body: bodyIn(term?.body ?? 'committee', locale), ground: erasureTexts[`ground_${ground}`][locale] });
  await notify(trx, { estate_id, person_ids: [author], key: `erased ${seq}`, href, text: { zh: told('zh'), en: told('en') } });
}

// ── A person ─────────────────────────────────────────────────────────────────────────────────────

export interface Leave {
  password: string;
  ground: string;
  /** Whether what they wrote goes as well. */
  texts: boolean;
}

/** Erases who is logged in, everywhere. Gives until when the name is kept, null where it is not. Refusals in this order:
 *  erasure_in_office, erasure_ground_missing, too_many_tries, confirmation_wrong, person_erased_already. */
export async function leave(house: House, { person_id }: Actor, { password, ground: typed, texts }: Leave): Promise<{ kept_until: BusinessDate | null }> {
  const leaving = await leavingOf(house, person_id);
  refuseServing(leaving.offices[0]?.ends_on);
  const ground = groundIn(typed, leavingGrounds);
  await confirmLogin(house, person_id, password);
  const status = await eraseIdentity(house, { person_id, by: person_id, ground, texts });
  if (status === 'in_office') refuseServing((await leavingOf(house, person_id)).offices[0]?.ends_on);
  if (status === 'already_erased' || status === 'person_unknown') throw refusals.person_erased_already();
  return { kept_until: status === 'kept' ? leaving.kept_until : null };
}

function refuseServing(until: BusinessDate | undefined): void {
  if (until !== undefined) throw refusals.erasure_in_office({ until });
}

type Status = 'erased' | 'kept' | 'already_erased' | 'in_office' | 'person_unknown';

const eraseIdentity = (
  house: Pick<House, 'db'>, { person_id, by, ground, texts }: { person_id: string; by: string | null; ground: Ground; texts: boolean },
): Promise<Status> => inEstate(house.db.app, 0, async (trx) => {
  const { rows } = await sql<{ status: Status }>`select erase_identity(${person_id}, ${by}, ${ground}, ${texts}) as status`.execute(trx);
  return rows[0]!.status;
});

/** Names that were kept with the accounting archives, and whose thirty years are over; for the daily job. Gives how
 *  many were erased. */
export async function forgetNames(house: Pick<House, 'db'>): Promise<number> {
  const left = await house.db.app.selectFrom('person').innerJoin('person_identity', 'person_identity.person_id', 'person.person_id')
    .select('person.person_id').where('person.erased_at', 'is not', null).execute();
  let erased = 0;
  for (const { person_id } of left) {
    if (await eraseIdentity(house, { person_id, by: null, ground: 'law', texts: false }) === 'erased') erased += 1;
  }
  return erased;
}

// ── A payee ──────────────────────────────────────────────────────────────────────────────────────

/** Erases name and account of a person who is paid; the masked name and the commitment stay. Refusals in this order:
 *  those of demand() for erase_text, erasure_ground_missing, payee_unknown, payee_is_company, payee_erased_already,
 *  payee_in_use, payee_retained. */
export async function erasePayee(house: House, { estate, actor, payee_id, ground: typed }: Asked & { payee_id: number; ground: string }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'erase_text');
  const ground = groundIn(typed, textGrounds);
  await inEstate(house.db.app, estate_id, async (trx) => {
    const { rows } = await sql<{ status: string; until: BusinessDate | null }>`
      select erase_payee(${estate_id}, ${payee_id}, ${person_id}, ${ground}) as status,
        payee_retained_until(${estate_id}, ${payee_id}) as until`.execute(trx);
    const { status, until } = rows[0]!;
    const facts = { payee: payee_id };
    switch (status) {
      case 'erased': return;
      case 'payee_is_company': throw refusals.payee_is_company(facts);
      case 'payee_in_use': throw refusals.payee_in_use(facts);
      case 'payee_retained': throw refusals.payee_retained({ ...facts, until: until ?? '' });
      case 'already_erased': throw refusals.payee_erased_already(facts);
      default: throw refusals.payee_not_there(facts);
    }
  });
}
