// Terms of office (任期): who serves in which body of which estate, from when to when.
//   appointed → in office between its two days → ended (at its last day, or earlier by endTerm)
// Nobody ever holds both keys of an estate: constraints one_key_per_person, term_one_key. An office
// belongs to its body: constraint term_office_of_body. A cashier signs nothing (会计法 §35):
// kernel/actor.ts. Each appointment and each early end is a record of the log, with opaque ids
// only.
import { sql } from 'kysely';

import { appendRecord } from '../evidence/records.ts';
import type { BodyKind, Office } from '../kernel/actor.ts';
import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { isBusinessDate } from '../kernel/dates.ts';
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

const officesOf: Record<BodyKind, readonly Office[]> = {
  property: ['cashier', 'manager'],
  committee: ['chair', 'member'],
  supervisor: ['supervisor'],
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

/** Gives a person the key of a side, for good; a second time changes nothing. Refusal:
 *  holds_other_key. */
async function takeKey(
  trx: Trx,
  estate_id: number,
  person_id: string,
  key_side: KeySide,
): Promise<void> {
  await trx
    .insertInto('key_holder')
    .values({ estate_id, person_id, key_side })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const held = await trx
    .selectFrom('key_holder')
    .select('key_side')
    .where('estate_id', '=', estate_id)
    .where('person_id', '=', person_id)
    .executeTakeFirstOrThrow();
  if (held.key_side !== key_side) throw otherKey(held.key_side as KeySide, key_side);
}

async function refuseOverlap(trx: Trx, a: Appointment): Promise<void> {
  const other = await trx
    .selectFrom('term')
    .select(['starts_on', 'ends_on'])
    .where('estate_id', '=', a.estate_id)
    .where('person_id', '=', a.person_id)
    .where('body', '=', a.body)
    .where('office', '=', a.office)
    .where('starts_on', '<=', a.ends_on)
    .where('ends_on', '>=', a.starts_on)
    .executeTakeFirst();
  if (other !== undefined) throw refusals.already_in_office(other, 'starts_on');
}

/** Appoints a person; gives the number of the term. Refusals in this order: office_not_of_body,
 *  term_dates_invalid, body_unknown, holds_other_key, already_in_office. */
export async function appoint(trx: Trx, appointment: Appointment): Promise<number> {
  const { estate_id, person_id, body, office, starts_on, ends_on, resolution } = appointment;
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
  // Two appointments at the same moment wait for each other here, so that each has a number of its
  // own.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`term ${estate_id}`}, 0))`.execute(trx);
  const key_side = keySideOf(body);
  if (key_side !== null) await takeKey(trx, estate_id, person_id, key_side);
  await refuseOverlap(trx, appointment);
  const { last } = await trx
    .selectFrom('term')
    .select(({ fn }) => fn.max('term_id').as('last'))
    .where('estate_id', '=', estate_id)
    .executeTakeFirstOrThrow();
  const term_id = (last ?? 0) + 1;
  await appendRecord(trx, estate_id, 'term_opened', {
    term: term_id,
    person: person_id,
    body,
    office,
    starts_on,
    ends_on,
  });
  try {
    await trx
      .insertInto('term')
      .values({
        estate_id,
        term_id,
        person_id,
        body,
        key_side,
        office,
        starts_on,
        ends_on,
        resolution,
      })
      .execute();
  } catch (error) {
    const wanted = key_side ?? 'owners';
    throw constraintRefusal(error, {
      term_one_key: () => otherKey(wanted === 'owners' ? 'company' : 'owners', wanted),
      term_office_of_body: () => refusals.office_not_of_body({ body, office }, 'office'),
    });
  }
  return term_id;
}

/** Ends a term before its last day. Refusals: term_unknown, term_dates_invalid. */
export async function endTerm(
  trx: Trx,
  { estate_id, term_id, ends_on }: { estate_id: number; term_id: number; ends_on: string },
): Promise<void> {
  const term = await trx
    .selectFrom('term')
    .select(['starts_on', 'ends_on'])
    .where('estate_id', '=', estate_id)
    .where('term_id', '=', term_id)
    .executeTakeFirst();
  if (term === undefined) throw refusals.term_unknown({ term_id });
  // Later than agreed would be a new term, which needs an appointment of its own.
  if (!isBusinessDate(ends_on) || ends_on < term.starts_on || ends_on > term.ends_on) {
    throw refusals.term_dates_invalid({ starts_on: term.starts_on, ends_on }, 'ends_on');
  }
  await appendRecord(trx, estate_id, 'term_ended', { term: term_id, ends_on });
  await trx
    .updateTable('term')
    .set({ ends_on })
    .where('estate_id', '=', estate_id)
    .where('term_id', '=', term_id)
    .execute();
}
