// Reads of inspections.
import type { Trx } from '../kernel/database.ts';

export interface Found { invariant: string; zh: string; en: string; found: number; sample: string }
export interface Inspection { inspection_id: number; inspected_at: Date; day: string; size: number; invariants: number; failing: number; findings: Found[] }

const columns = ['inspection_id', 'inspected_at', 'day', 'size', 'invariants', 'failing'] as const;

/** The last inspection with what it found; null before the first. */
export async function lastInspection(trx: Trx, estate_id: number): Promise<Inspection | null> {
  const row = await trx.selectFrom('inspection').select(columns).where('estate_id', '=', estate_id).orderBy('inspection_id', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) return null;
  const findings = await trx.selectFrom('inspection_finding').select(['invariant', 'zh', 'en', 'found', 'sample'])
    .where('estate_id', '=', estate_id).where('inspection_id', '=', row.inspection_id).orderBy('invariant').execute();
  return { ...row, findings };
}

export interface Past { inspection_id: number; day: string; inspected_at: Date; invariants: number; failing: number; failed: string[] }

/** The inspections before, newest first, with the names of what failed. */
export async function pastInspections(trx: Trx, estate_id: number, limit: number): Promise<Past[]> {
  const rows = await trx.selectFrom('inspection').select(columns).where('estate_id', '=', estate_id).orderBy('inspection_id', 'desc').limit(limit).execute();
  if (rows.length === 0) return [];
  const found = await trx.selectFrom('inspection_finding').select(['inspection_id', 'invariant']).where('estate_id', '=', estate_id)
    .where('inspection_id', '>=', rows.at(-1)!.inspection_id).orderBy('invariant').execute();
  return rows.map((row) => ({ ...row, failed: found.filter((one) => one.inspection_id === row.inspection_id).map(({ invariant }) => invariant) }));
}
