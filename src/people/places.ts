// What the interface and the pages tell a person about themselves: offices and homes with their
// estates.
import type { Actor, BodyKind, Office } from '../kernel/actor.ts';
import type { Db } from '../kernel/database.ts';

export interface OfficeRow {
  estate: string;
  estate_name_zh: string;
  estate_name_en: string;
  body: BodyKind;
  office: Office;
  starts_on: string;
  ends_on: string;
}
export interface HomeRow {
  estate: string;
  estate_name_zh: string;
  estate_name_en: string;
  unit: string;
}

/** An actor's offices and homes, with the code and name of each estate. */
export async function placesOf(
  db: Db,
  actor: Actor,
): Promise<{ offices: OfficeRow[]; homes: HomeRow[] }> {
  const numbers = [...new Set([...actor.terms, ...actor.homes].map(({ estate_id }) => estate_id))];
  if (numbers.length === 0) return { offices: [], homes: [] };
  const rows = await db
    .selectFrom('estate')
    .select(['estate_id', 'code', 'name_zh', 'name_en'])
    .where('estate_id', 'in', numbers)
    .execute();
  const named = new Map(
    rows.map(({ estate_id, code, name_zh, name_en }) => [
      estate_id,
      { estate: code, estate_name_zh: name_zh, estate_name_en: name_en },
    ]),
  );
  return {
    offices: actor.terms.map(({ estate_id, body, office, starts_on, ends_on }) => ({
      ...named.get(estate_id)!,
      body,
      office,
      starts_on,
      ends_on,
    })),
    homes: actor.homes.map(({ estate_id, unit }) => ({ ...named.get(estate_id)!, unit })),
  };
}
