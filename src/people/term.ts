// Terms of office (任期): who serves in which body of which estate, from when to when.
//   appointed → in office between its two days → ended (at its last day, or earlier by a proposal)
// The first terms come with the estate, in the transaction that opens it (open_term); every later change is
// a proposal of kind membership (approval/membership.ts), carried out by change_membership().
// Nobody ever holds both keys of an estate: constraints one_key_per_person, term_one_key. An office
// belongs to its body: constraint term_office_of_body. A cashier signs nothing (会计法 §35):
// kernel/actor.ts. Each appointment and each early end is a record of the log, with opaque ids
// only.
import { sql } from 'kysely';

import type { BodyKind, Office } from '../kernel/actor.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { isBusinessDate } from '../kernel/dates.ts';
import { canonical } from '../kernel/canonical.ts';
import { keySideOf, type KeySide } from './body.ts';
import { refusals } from './refusals.ts';

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

/** Refuses an appointment that cannot be, before anybody is asked to sign it. Refusals in this order:
 *  office_not_of_body, term_dates_invalid, body_unknown, holds_other_key, already_in_office. */
export async function checkAppointment(trx: Trx, a: Omit<Appointment, 'resolution'>): Promise<void> {
  const { estate_id, person_id, body, office, starts_on, ends_on } = a;
  if (!officesOf[body].includes(office))
    throw refusals.office_not_of_body({ body, office }, 'office');
  if (!isBusinessDate(starts_on) || !isBusinessDate(ends_on) || ends_on < starts_on) {
    throw refusals.term_dates_invalid({ starts_on, ends_on }, 'ends_on');
  }
  const known = await trx
    .selectFrom('body')
    .select('body')
    .where('estate_id', '=', estate_id)
    .where('body', '=', body)
    .executeTakeFirst();
  if (known === undefined) throw refusals.body_unknown({ body }, 'body');
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
  const other = await trx
    .selectFrom('term')
    .select(['starts_on', 'ends_on'])
    .where('estate_id', '=', estate_id)
    .where('person_id', '=', person_id)
    .where('body', '=', body)
    .where('office', '=', office)
    .where('starts_on', '<=', ends_on)
    .where('ends_on', '>=', starts_on)
    .executeTakeFirst();
  if (other !== undefined) throw refusals.already_in_office(other, 'starts_on');
}

/** What the database refuses of an appointment, in words. */
export function appointmentRefusal(error: unknown, { body, office, starts_on, ends_on }: Omit<Appointment, 'resolution'>): unknown {
  const wanted = keySideOf(body) ?? 'owners';
  return constraintRefusal(error, {
    term_one_key: () => otherKey(wanted === 'owners' ? 'company' : 'owners', wanted),
    term_office_of_body: () => refusals.office_not_of_body({ body, office }, 'office'),
    already_in_office: () => refusals.already_in_office({ starts_on, ends_on }, 'starts_on'),
    term_in_order: () => refusals.term_dates_invalid({ starts_on, ends_on }, 'ends_on'),
    term_needs_proposal: () => refusals.term_needs_proposal(),
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
