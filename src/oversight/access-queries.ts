// Reads of who may audit the books, within what scope, and what they looked at.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';

export interface Scope { from_day: BusinessDate | null; to_day: BusinessDate | null; kinds: string[] }
export interface AuditorRow {
  term_id: number;
  person_id: string;
  name: string | null;
  starts_on: BusinessDate;
  ends_on: BusinessDate;
  proposal_id: number | null;
  /** Null: everything an auditor may read. */
  scope: Scope | null;
}

/** Every term of an auditor there is or was, the latest first. */
export async function auditorTerms(trx: Trx, estate_id: number): Promise<AuditorRow[]> {
  const { rows } = await sql<Omit<AuditorRow, 'scope'> & { from_day: string | null; to_day: string | null; kinds: string[] | null }>`
    select t.term_id, t.person_id, i.name, t.starts_on, t.ends_on, t.proposal_id, s.from_day, s.to_day, s.kinds
    from term t left join person_identity i on i.person_id = t.person_id
    left join audit_scope s on s.estate_id = t.estate_id and s.term_id = t.term_id
    where t.estate_id = ${estate_id} and t.office = 'auditor' order by t.ends_on desc, t.term_id desc`.execute(trx);
  return rows.map(({ from_day, to_day, kinds, ...row }) => ({ ...row, scope: kinds === null ? null : { from_day, to_day, kinds } }));
}

export const auditorsNow = async (trx: Trx, estate_id: number, today: BusinessDate): Promise<AuditorRow[]> =>
  (await auditorTerms(trx, estate_id)).filter(({ starts_on, ends_on }) => starts_on <= today && today <= ends_on);

/** Scope of one term; null: everything. */
export async function scopeOf(trx: Trx, estate_id: number, term_id: number): Promise<Scope | null> {
  const row = await trx.selectFrom('audit_scope').select(['from_day', 'to_day', 'kinds']).where('estate_id', '=', estate_id).where('term_id', '=', term_id).executeTakeFirst();
  return row ?? null;
}

/** Last day of this person's last access as an auditor that is over; null: there was none. */
export async function lastAccess(trx: Trx, estate_id: number, person_id: string, today: BusinessDate): Promise<BusinessDate | null> {
  const row = await trx.selectFrom('term').select('ends_on').where('estate_id', '=', estate_id).where('person_id', '=', person_id)
    .where('office', '=', 'auditor').where('ends_on', '<', today).orderBy('ends_on', 'desc').limit(1).executeTakeFirst();
  return row?.ends_on ?? null;
}

export interface ReadRow { day: BusinessDate; term_id: number; name: string | null; kinds: { kind: string; seq: number }[]; first_at: Date }

/** Who looked at what: a line for each auditor and day, the latest first. */
export async function readsOf(trx: Trx, estate_id: number, { limit, from = null, to = null }: { limit: number; from?: string | null; to?: string | null }): Promise<ReadRow[]> {
  const { rows } = await sql<ReadRow>`
    select r.day, r.term_id, i.name, json_agg(json_build_object('kind', r.kind, 'seq', r.seq) order by r.seq) as kinds, min(r.read_at) as first_at
    from audit_read r join term t on t.estate_id = r.estate_id and t.term_id = r.term_id left join person_identity i on i.person_id = t.person_id
    where r.estate_id = ${estate_id} and (${from}::date is null or r.day >= ${from}::date) and (${to}::date is null or r.day <= ${to}::date)
    group by r.day, r.term_id, i.name order by r.day desc, min(r.seq) desc limit ${limit}`.execute(trx);
  return rows;
}
