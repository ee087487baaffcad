// Reads for the register's own pages: logins of a dwelling, the list of changes, what hangs on a building.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { Change } from './register.ts';

export interface Login { person_id: string; name: string; joined_at: Date; /** A moment ahead: until then. */ left_at: Date | null }

/** Logins of a dwelling, also those that end on a day ahead. For read_households only. */
export const loginsOf = async (trx: Trx, estate_id: number, unit: string, now: Date): Promise<Login[]> => (await sql<Login>`
  select r.person_id, coalesce(i.name, '') as name, r.joined_at, r.left_at from resident r left join person_identity i on i.person_id = r.person_id
  where r.estate_id = ${estate_id} and r.unit = ${unit} and (r.left_at is null or r.left_at > ${now}) order by r.joined_at, r.person_id`.execute(trx)).rows;

export interface ChangeRow {
  seq: number;
  recorded_at: Date;
  what: Change;
  count: number;
  by_name: string | null;
  /** None of changes that are about no dwelling. */
  units: string[];
}

/** Changes, newest first; `before`: only records below this one. */
export async function registerChanges(trx: Trx, estate_id: number, { before, unit, limit }: { before?: number | undefined; unit?: string | undefined; limit: number }): Promise<ChangeRow[]> {
  const { rows } = await sql<ChangeRow>`
    select r.seq, r.recorded_at, b.what, b.count, i.name as by_name,
      coalesce((select array_agg(c.unit order by c.unit) from register_change c where c.estate_id = ${estate_id} and c.seq = r.seq), '{}') as units
    from (select * from record where estate_id = ${estate_id} and kind = 'register_changed' ${before === undefined ? sql`` : sql`and seq < ${before}`}
      ${unit === undefined ? sql`` : sql`and seq in (select c.seq from register_change c where c.estate_id = ${estate_id} and c.unit = ${unit})`}
      order by seq desc limit ${limit}) r
    cross join lateral (select r.body::jsonb ->> 'what' as what, coalesce((r.body::jsonb ->> 'count')::integer, 1) as count, (r.body::jsonb ->> 'by')::uuid as by) b
    left join person_identity i on i.person_id = b.by
    order by r.seq desc`.execute(trx);
  return rows;
}

/** Dwellings with an owner on a day. */
export async function ownedUnits(trx: Trx, estate_id: number, day: string): Promise<Set<string>> {
  const { rows } = await sql<{ unit: string }>`select distinct unit from tenure where estate_id = ${estate_id} and kind = 'owner'
    and from_date <= ${day}::date and (to_date is null or to_date >= ${day}::date)`.execute(trx);
  return new Set(rows.map(({ unit }) => unit));
}
