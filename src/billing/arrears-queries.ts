// Reads of arrears: arrears_on() of the database, which an auditor may call too.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import { byPlace } from '../estate/register-queries.ts';
import type { Trx } from '../kernel/database.ts';
import { addMonths, lastDay, periodOf, type BusinessDate } from '../kernel/dates.ts';
import { overdueOf, type UnitArrears } from './arrears.ts';

/** Every dwelling of the register with what of it was overdue on a day, in the order of the doors. */
export async function arrearsOn(trx: Trx, estate_id: number, day: BusinessDate): Promise<UnitArrears[]> {
  const { rows } = await sql<UnitArrears>`select * from arrears_on(${estate_id}, ${day}::date)`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit, b.unit));
}

export const owing = (rows: readonly UnitArrears[]): UnitArrears[] => rows.filter((row) => !overdueOf(row).isZero());

/** The day that what every owner sees is of: from one month to the next nobody can watch a neighbour pay. */
export const publicDay = async (trx: Trx, estate_id: number): Promise<BusinessDate> =>
  lastDay(addMonths(periodOf(await estateToday(trx, estate_id)), -1));
