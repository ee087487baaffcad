// Reads of persons, bodies and terms. Officers act in public: their names are shown to whoever
// belongs to the estate. Residents are never named, only counted, and not where a count would point
// at a family.
import { sql } from 'kysely';
import type { Actor, BodyKind, Office, Term } from '../kernel/actor.ts';
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
  'party_branch',
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
  /** Proposal with the signatures; null for the first terms, which came with the estate. */
  proposal_id: number | null;
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
      'term.proposal_id',
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

export interface DelegationRow {
  delegation_id: number;
  body: BodyKind;
  principal: string;
  delegate: string;
  principal_name: string | null;
  delegate_name: string | null;
  /** Office in which the principal signs; their last one where the term is over. */
  principal_office: Office;
  starts_on: string;
  ends_on: string;
  after_days: number;
  proposal_id: number;
  /** Whether it holds on the day asked for: its days, and the terms of both. */
  in_force: boolean;
}

/** Delegations (乙代甲) of an estate, the latest first, as they stand on a day. */
export async function delegationsOf(
  trx: Trx,
  estate_id: number,
  on: string,
): Promise<DelegationRow[]> {
  const { rows } = await sql<DelegationRow>`
    select d.delegation_id, d.body, d.principal, d.delegate, p.name as principal_name, q.name as delegate_name,
      coalesce((select t.office from term t where t.estate_id = d.estate_id and t.person_id = d.principal
        and t.body = d.body and t.office not in ('cashier', 'deputy') and t.starts_on <= greatest(d.ends_on, d.starts_on)
        order by t.ends_on desc limit 1), 'member') as principal_office,
      d.starts_on, d.ends_on, d.after_days, d.proposal_id,
      ${on}::date between d.starts_on and d.ends_on
        and exists (select from term t where t.estate_id = d.estate_id and t.person_id = d.principal and t.body = d.body
          and t.office not in ('cashier', 'deputy') and ${on}::date between t.starts_on and t.ends_on)
        and exists (select from term t where t.estate_id = d.estate_id and t.person_id = d.delegate and t.body = d.body
          and t.office = 'deputy' and ${on}::date between t.starts_on and t.ends_on) as in_force
    from delegation d
    left join person_identity p on p.person_id = d.principal
    left join person_identity q on q.person_id = d.delegate
    where d.estate_id = ${estate_id} order by d.delegation_id desc`.execute(trx);
  return rows;
}

export interface KnownPerson {
  person_id: string;
  name: string;
}

/** The person behind a login, when they belong to the estate: by a dwelling, by an office now or ever, or
 *  because an appointment of theirs was proposed here. Nobody else is found. */
export async function personByLogin(
  trx: Trx,
  estate_id: number,
  login: string,
): Promise<KnownPerson | null> {
  const { rows } = await sql<KnownPerson>`
    select c.person_id, i.name from credential c join person_identity i using (person_id)
    where c.login = ${login} and (
      exists (select from term t where t.estate_id = ${estate_id} and t.person_id = c.person_id)
      or exists (select from resident r where r.estate_id = ${estate_id} and r.person_id = c.person_id and r.left_at is null)
      or exists (select from proposal o where o.estate_id = ${estate_id} and o.kind = 'membership'
        and o.payee_person = c.person_id))`.execute(trx);
  return rows[0] ?? null;
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
        from resident r where r.person_id = ${person_id} and (r.left_at is null or r.left_at > ${house.clock()})) as homes
    from person_identity i join credential c using (person_id)
    where i.person_id = ${person_id}`.execute(trx),
    { person_id, readOnly: true },
  );
  const found = rows[0];
  return found === undefined ? undefined : { person_id, ...found, ...login };
}

/** Estates where a person signs, today or in a term that begins later, themselves or as a deputy. */
export const signingEstates = (
  house: Pick<House, 'db' | 'clock'>,
  person_id: string,
): Promise<number[]> =>
  inEstate(
    house.db.app,
    0,
    async (trx) => {
      const rows = await trx
        .selectFrom('term')
        .select('estate_id')
        .distinct()
        .where('person_id', '=', person_id)
        .where('ends_on', '>=', today(house.clock))
        .where('office', 'not in', ['cashier', 'auditor'])
        .orderBy('estate_id')
        .execute();
      return rows.map(({ estate_id }) => estate_id);
    },
    { person_id, readOnly: true },
  );
