// Terms of office (任期): who serves in which body of which estate, from when to when.
//   appointed → in office between its two days → ended (at its last day, or earlier by a proposal)
// The first terms come with the estate, in the transaction that opens it (open_term); every later change is
// a proposal of kind membership (office/membership.ts), carried out by change_membership().
// Nobody ever holds both keys of an estate: constraints one_key_per_person, term_one_key. An office
// belongs to its body: constraint term_office_of_body. A cashier signs nothing (会计法 §35): the
// capability in kernel/actor.ts, record_signature(), and nobody is appointed to both. Each appointment
// and each early end is a record of the log, with opaque ids only.
import { sql } from 'kysely';

import type { BodyKind, Office } from '../kernel/actor.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { isBusinessDate } from '../kernel/dates.ts';
import { canonical } from '../kernel/canonical.ts';
import { keySideOf, type KeySide } from './body.ts';
import { refusals as erasureRefusals } from './erasure-refusals.ts';
import { refusals } from './refusals.ts';
import { bodyTexts, officeTexts } from './texts.ts';

export interface Appointment {
  estate_id: number;
  person_id: string;
  body: BodyKind;
  office: Office;
  starts_on: string;
  ends_on: string;
  /** What it rests on: a resolution, a contract. Stays out of the log. */
  resolution: string;
}

export const officesOf: Record<BodyKind, readonly Office[]> = {
  property: ['cashier', 'manager', 'deputy'],
  committee: ['chair', 'member', 'deputy'],
  supervisor: ['supervisor', 'deputy'],
  party_branch: ['official'],
  community: ['official'],
  street: ['official'],
  auditor: ['auditor'],
};
const sides: Record<KeySide, { zh: string; en: string }> = {
  company: { zh: '物业', en: 'property company' },
  owners: { zh: '业主', en: 'owners' },
};

const otherKey = (held: KeySide, wanted: KeySide) =>
  refusals.holds_other_key(
    {
      held: sides[held].zh,
      wanted: sides[wanted].zh,
      held_en: sides[held].en,
      wanted_en: sides[wanted].en,
    },
    'person_id',
  );

const namesOf = (body: BodyKind, office: Office) => ({
  body: bodyTexts[body].zh,
  body_en: bodyTexts[body].en,
  office: officeTexts[office].zh,
  office_en: officeTexts[office].en,
});

/** Refuses an appointment that cannot be, before anybody is asked to sign it. Refusals in this order:
 *  office_not_of_body, term_dates_invalid, body_unknown, holds_other_key, already_in_office,
 *  cashier_signs_nothing. */
export async function checkAppointment(trx: Trx, a: Omit<Appointment, 'resolution'>): Promise<void> {
  const { estate_id, person_id, body, office, starts_on, ends_on } = a;
  if (!officesOf[body].includes(office))
    throw refusals.office_not_of_body(namesOf(body, office), 'office');
  if (!isBusinessDate(starts_on) || !isBusinessDate(ends_on) || ends_on < starts_on) {
    throw refusals.term_dates_invalid({ starts_on, ends_on }, 'ends_on');
  }
  const known = await trx
    .selectFrom('body')
    .select('body')
    .where('estate_id', '=', estate_id)
    .where('body', '=', body)
    .executeTakeFirst();
  if (known === undefined) throw refusals.body_unknown(namesOf(body, office), 'body');
  const wanted = keySideOf(body);
  if (wanted !== null) {
    const held = await trx
      .selectFrom('key_holder')
      .select('key_side')
      .where('estate_id', '=', estate_id)
      .where('person_id', '=', person_id)
      .executeTakeFirst();
    if (held !== undefined && held.key_side !== wanted) throw otherKey(held.key_side as KeySide, wanted);
  }
  await refuseOverlap(trx, a);
}

const signs = (office: string): boolean => !['cashier', 'auditor'].includes(office);

/** What the person holds on some day of the new term: not the same office, and not the till beside a
 *  signature. */
async function refuseOverlap(trx: Trx, a: Omit<Appointment, 'resolution'>): Promise<void> {
  const { estate_id, person_id, body, office, starts_on, ends_on } = a;
  const held = (await trx
    .selectFrom('term')
    .select(['body', 'office', 'starts_on', 'ends_on'])
    .where('estate_id', '=', estate_id)
    .where('person_id', '=', person_id)
    .where('starts_on', '<=', ends_on)
    .where('ends_on', '>=', starts_on)
    .orderBy('term_id')
    .execute()) as { body: BodyKind; office: Office; starts_on: string; ends_on: string }[];
  const same = held.find((term) => term.body === body && term.office === office);
  if (same !== undefined)
    throw refusals.already_in_office({ starts_on: same.starts_on, ends_on: same.ends_on }, 'starts_on');
  const clash = held.find(
    (term) =>
      (term.office === 'cashier' && signs(office)) || (office === 'cashier' && signs(term.office)),
  );
  if (clash === undefined) return;
  throw refusals.cashier_signs_nothing(
    {
      starts_on: clash.starts_on,
      ends_on: clash.ends_on,
      held: officeTexts[clash.office].zh,
      wanted: officeTexts[office].zh,
      held_en: officeTexts[clash.office].en.toLowerCase(),
      wanted_en: officeTexts[office].en.toLowerCase(),
    },
    'office',
  );
}

/** What the database refuses of an appointment, in words. */
export function appointmentRefusal(error: unknown, { body, office, starts_on, ends_on }: Omit<Appointment, 'resolution'>): unknown {
  const wanted = keySideOf(body) ?? 'owners';
  return constraintRefusal(error, {
    term_one_key: () => otherKey(wanted === 'owners' ? 'company' : 'owners', wanted),
    term_office_of_body: () => refusals.office_not_of_body(namesOf(body, office), 'office'),
    body_unknown: () => refusals.body_unknown(namesOf(body, office), 'body'),
    already_in_office: () => refusals.already_in_office({ starts_on, ends_on }, 'starts_on'),
    term_in_order: () => refusals.term_dates_invalid({ starts_on, ends_on }, 'ends_on'),
    term_needs_proposal: () => refusals.term_needs_proposal(),
    person_erased: () => erasureRefusals.person_erased(),
  });
}

/** Appoints one of an estate's first officers, in the transaction that opens the estate; gives the number
 *  of the term. Refusals: those of checkAppointment(), term_needs_proposal afterwards. */
export async function appoint(trx: Trx, appointment: Appointment): Promise<number> {
  await checkAppointment(trx, appointment);
  const { estate_id, person_id, body, office, starts_on, ends_on, resolution } = appointment;
  const term = canonical({ person: person_id, body, office, starts_on, ends_on });
  try {
    const { rows } = await sql<{ term_id: number }>`
      select open_term(${estate_id}, ${term}, ${resolution}) as term_id`.execute(trx);
    return rows[0]!.term_id;
  } catch (error) {
    throw appointmentRefusal(error, appointment);
  }
}
