// Reads of persons, bodies and terms. Officers act in public: their names are shown to whoever
// belongs to the estate. Residents are never named, only counted, and not where a count would point
// at a family.
import { sql } from 'kysely';
import type { Actor, BodyKind, Term } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { today } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';

export interface BodyRow {
  body: BodyKind;
  key_side: 'company' | 'owners' | null;
  name_zh: string;
  name_en: string;
}
const bodyOrder: BodyKind[] = [
  'property',
  'committee',
  'supervisor',
  'community',
  'street',
  'auditor',
];

/** Bodies of an estate, the two with keys first. */
export async function bodiesOf(trx: Trx, estate_id: number): Promise<BodyRow[]> {
  const rows = (await trx
    .selectFrom('body')
    .select(['body', 'key_side', 'name_zh', 'name_en'])
    .where('estate_id', '=', estate_id)
    .execute()) as BodyRow[];
  return rows.sort((a, b) => bodyOrder.indexOf(a.body) - bodyOrder.indexOf(b.body));
}

export interface TermRow extends Term {
  person_id: string;
  name: string | null;
  resolution: string;
}

/** Terms of an estate with the officers' names; `on`: only those that hold on that day. */
export async function termsOf(
  trx: Trx,
  estate_id: number,
  { on }: { on?: string } = {},
): Promise<TermRow[]> {
  let query = trx
    .selectFrom('term')
    .leftJoin('person_identity', 'person_identity.person_id', 'term.person_id')
    .select([
      'term.estate_id',
      'term.term_id',
      'term.person_id',
      'term.body',
      'term.office',
      'term.starts_on',
      'term.ends_on',
      'term.resolution',
      'person_identity.name',
    ])
    .where('term.estate_id', '=', estate_id);
  if (on !== undefined)
    query = query.where('term.starts_on', '<=', on).where('term.ends_on', '>=', on);
  return (await query.orderBy('term.starts_on').orderBy('term.term_id').execute()) as TermRow[];
}

/** Persons who hold an office of a body on a day, each once; `signs`: without cashiers, auditors and deputies. */
export async function personsOfBody(
  trx: Trx,
  estate_id: number,
  body: BodyKind,
  on: string,
  { signs = false }: { signs?: boolean } = {},
): Promise<string[]> {
  let query = trx
    .selectFrom('term')
    .select('person_id')
    .distinct()
    .where('estate_id', '=', estate_id)
    .where('body', '=', body)
    .where('starts_on', '<=', on)
    .where('ends_on', '>=', on);
  if (signs) query = query.where('office', 'not in', ['cashier', 'auditor', 'deputy']);
  return (await query.orderBy('person_id').execute()).map(({ person_id }) => person_id);
}

export interface ResidentCount {
  building: string;
  units: number;
  joined: number;
}

/** By building, how many dwellings have somebody who joined. */
export async function joinedByBuilding(trx: Trx, estate_id: number): Promise<ResidentCount[]> {
  const { rows } = await sql<ResidentCount>`
    select u.building, count(*)::integer as units,
      count(*) filter (where exists (select from resident r where r.estate_id = u.estate_id
        and r.unit = u.unit and r.left_at is null))::integer as joined
    from unit u where u.estate_id = ${estate_id} group by u.building`.execute(trx);
  const order = new Intl.Collator('zh', { numeric: true });
  return rows.sort((a, b) => order.compare(a.building, b.building));
}

/** Dwellings that nobody has joined yet, of one building or of all. */
export async function unjoinedUnits(
  trx: Trx,
  estate_id: number,
  building?: string,
): Promise<string[]> {
  let query = trx
    .selectFrom('unit')
    .select('unit')
    .where('estate_id', '=', estate_id)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('resident')
            .select('resident.unit')
            .whereRef('resident.estate_id', '=', 'unit.estate_id')
            .whereRef('resident.unit', '=', 'unit.unit')
            .where('resident.left_at', 'is', null),
        ),
      ),
    );
  if (building !== undefined) query = query.where('building', '=', building);
  return (await query.execute()).map(({ unit }) => unit);
}

export interface Login {
  kind: Actor['kind'];
  scopes: readonly string[];
  csrf: string | null;
}

/** The person as an actor: name, terms that hold today, homes. undefined when the person was
 *  erased. */
export async function readActor(
  house: Pick<House, 'db' | 'clock'>,
  person_id: string,
  login: Login,
): Promise<Actor | undefined> {
  const on = today(house.clock);
  // Estate 0 is none: of all estates one sees one's own terms and homes only (policies own_terms,
  // own_homes).
  const { rows } = await inEstate(
    house.db.app,
    0,
    (trx) =>
      sql<{
        name: string;
        login: string;
        terms: Term[];
        homes: Actor['homes'];
      }>`
    select i.name, c.login,
      (select coalesce(json_agg(json_build_object('estate_id', t.estate_id, 'term_id', t.term_id,
          'body', t.body, 'office', t.office, 'starts_on', t.starts_on, 'ends_on', t.ends_on)
          order by t.estate_id, t.term_id), '[]')
        from term t where t.person_id = ${person_id}
          and ${on}::date between t.starts_on and t.ends_on) as terms,
      (select coalesce(json_agg(json_build_object('estate_id', r.estate_id, 'unit', r.unit)
          order by r.estate_id, r.joined_at), '[]')
        from resident r where r.person_id = ${person_id} and r.left_at is null) as homes
    from person_identity i join credential c using (person_id)
    where i.person_id = ${person_id}`.execute(trx),
    { person_id, readOnly: true },
  );
  const found = rows[0];
  return found === undefined ? undefined : { person_id, ...found, ...login };
}
