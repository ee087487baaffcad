// Reads of estates and dwellings.
import type { Actor, Estate } from '../kernel/actor.ts';
import type { Db, Trx } from '../kernel/database.ts';

type Reader = Db | Trx;

export const estateByCode = (db: Reader, code: string): Promise<Estate | undefined> =>
  db.selectFrom('estate').selectAll().where('code', '=', code).executeTakeFirst();

/** The estates a person serves or lives in, by name. */
export async function estatesOf(db: Reader, actor: Actor): Promise<Estate[]> {
  const mine = [...new Set([...actor.terms, ...actor.homes].map(({ estate_id }) => estate_id))];
  if (mine.length === 0) return [];
  return db
    .selectFrom('estate')
    .selectAll()
    .where('estate_id', 'in', mine)
    .orderBy('name_zh')
    .orderBy('estate_id')
    .execute();
}

/** Dwellings in the order of the stairwell door: 1-1-201 before 1-1-1001. */
export async function unitsOf(trx: Trx, estate_id: number) {
  const units = await trx
    .selectFrom('unit')
    .select(['unit', 'building', 'stairwell', 'area_m2', 'ref'])
    .where('estate_id', '=', estate_id)
    .execute();
  const order = new Intl.Collator('zh', { numeric: true });
  return units.sort((a, b) => order.compare(a.unit, b.unit));
}

export const unitNamed = (trx: Trx, estate_id: number, unit: string) =>
  trx
    .selectFrom('unit')
    .select(['unit', 'building', 'stairwell', 'area_m2', 'ref'])
    .where('estate_id', '=', estate_id)
    .where('unit', '=', unit)
    .executeTakeFirst();

/** The dwelling behind its name in the journal. */
export const unitByRef = (trx: Trx, estate_id: number, ref: string) =>
  trx
    .selectFrom('unit')
    .select(['unit', 'building', 'stairwell', 'area_m2', 'ref'])
    .where('estate_id', '=', estate_id)
    .where('ref', '=', ref)
    .executeTakeFirst();
