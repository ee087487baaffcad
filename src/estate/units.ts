// Dwellings and shops (房屋) of an estate: "3-2-1002". Each gets a random name (ref) for the journal,
// which says nothing of who lives there (constraint unit_estate_id_ref_key: one dwelling each).
import { sql } from 'kysely';

import { constraintRefusal, type Trx } from '../kernel/database.ts';
import { refusals } from './refusals.ts';

export interface NewUnit {
  unit: string;
  building: string;
  stairwell: string;
  area_m2: string;
  phase?: string | undefined;
  /** residential, commercial, … and who lives there; what the table says where not given. */
  kind?: string | undefined;
  occupancy?: string | undefined;
}

function checkUnits(units: readonly NewUnit[]): void {
  if (units.length === 0) throw refusals.units_empty({}, 'units');
  const seen = new Set<string>();
  for (const [index, { unit, building, area_m2 }] of units.entries()) {
    const line = index + 1;
    if (!/^[0-9A-Za-z]+(-[0-9A-Za-z]+){1,3}$/.test(unit))
      throw refusals.unit_invalid({ line, unit }, 'units');
    if (building.trim() === '') throw refusals.unit_building_missing({ line, unit }, 'units');
    if (!/^\d{1,8}(\.\d{1,2})?$/.test(area_m2) || /^0*(\.0*)?$/.test(area_m2)) {
      throw refusals.unit_area_invalid({ line, unit, area_m2 }, 'units');
    }
    if (seen.has(unit)) throw refusals.unit_twice({ line, unit }, 'units');
    seen.add(unit);
  }
}

/** Enters dwellings, all or none. Refusals: units_empty, unit_invalid, unit_building_missing,
 *  unit_area_invalid,  unit_twice, units_taken. */
export async function enterUnits(
  trx: Trx,
  estate_id: number,
  units: readonly NewUnit[],
): Promise<void> {
  checkUnits(units);
  try {
    // One statement with arrays, so that a thousand dwellings are one round trip.
    await sql`
      insert into unit (estate_id, unit, building, stairwell, area_m2, phase, kind, occupancy)
      select ${estate_id}, u.unit, u.building, u.stairwell, u.area_m2, u.phase, u.kind, u.occupancy
      from unnest(${units.map((u) => u.unit)}::text[], ${units.map((u) => u.building)}::text[],
        ${units.map((u) => u.stairwell)}::text[], ${units.map((u) => u.area_m2)}::numeric[],
        ${units.map((u) => u.phase ?? '')}::text[], ${units.map((u) => u.kind ?? 'dwelling')}::text[], ${units.map((u) => u.occupancy ?? 'owner')}::text[])
        as u(unit, building, stairwell, area_m2, phase, kind, occupancy)`.execute(trx);
  } catch (error) {
    throw constraintRefusal(error, { unit_pkey: () => refusals.units_taken({}, 'units') });
  }
}
