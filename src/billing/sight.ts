// Who sees whose bills: those who keep the fees or watch over them all of them (read_households), whoever lives somewhere their own,
// and nobody another's: not even whether there is such a dwelling. What a former owner owed and paid is not the new one's to see.
import { estateToday } from '../evidence/records.ts';
import { seesSince } from '../estate/register-queries.ts';
import { may, type Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { refusals } from './refusals.ts';

export const ownUnits = (actor: Actor, estate_id: number): string[] =>
  [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))];

/** Refusal: bill_unit_unknown. */
export async function refuseForeign(trx: Trx, { estate_id, actor, unit }: { estate_id: number; actor: Actor; unit: string }): Promise<void> {
  if (ownUnits(actor, estate_id).includes(unit)) return;
  const known = may(actor, estate_id, 'read_households')
    && await trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirst() !== undefined;
  if (!known) throw refusals.bill_unit_unknown({ unit: unit.slice(0, 40) });
}

/** All dwellings, or one's own, each with the day from which what it owed and paid is seen: null from the beginning. */
export type Sight = { all: true } | { all: false; person_id: string; units: ReadonlyMap<string, BusinessDate | null> };

export const sightOf = async (trx: Trx, { estate_id, actor }: { estate_id: number; actor: Actor }): Promise<Sight> =>
  (may(actor, estate_id, 'read_households') ? { all: true } : ownSight(trx, { estate_id, actor }));

/** What somebody sees as one who lives there, whatever office they hold. */
export async function ownSight(trx: Trx, { estate_id, actor }: { estate_id: number; actor: Actor }): Promise<Sight> {
  const units = ownUnits(actor, estate_id);
  const today = await estateToday(trx, estate_id);
  return { all: false, person_id: actor.person_id, units: units.length === 0 ? new Map() : await seesSince(trx, { estate_id, person_id: actor.person_id, units, today }) };
}

/** Whether a month of a dwelling is seen: the month of the first day is, as a bill of it is theirs in part. */
export function seesMonth(sight: Sight, unit: string, period: string): boolean {
  if (sight.all) return true;
  const since = sight.units.get(unit);
  return since !== undefined && (since === null || period >= since.slice(0, 7));
}
