// The estate's record log (存证记录): appended through the database's own function, which numbers,
// stamps and hashes the very bytes it keeps; read in order.
import { sql } from 'kysely';
import type { Transaction } from 'kysely';
import { canonical, type Json } from '../kernel/canonical.ts';
import { businessDate, type BusinessDate } from '../kernel/dates.ts';
import type { Tables } from '../kernel/tables.ts';

/** Appends one record and gives its seq. Locks the head of the log: in a transaction that also changes a
 *  proposal, append first (the order of locks everywhere: log, then proposal). No personal data in `body`. */
export async function appendRecord(trx: Transaction<Tables>, estate_id: number, kind: string, body: Json): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select append_record(${estate_id}, ${kind}, ${canonical(body)}) as seq`.execute(trx);
  return rows[0]!.seq;
}

/** Time of the estate as the database tells it (a demo estate's may be set). */
export async function estateNow(trx: Transaction<Tables>, estate_id: number): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select estate_clock(${estate_id}) as at`.execute(trx);
  return rows[0]!.at;
}

/** Business date of the estate, by the same clock. */
export const estateToday = async (trx: Transaction<Tables>, estate_id: number): Promise<BusinessDate> =>
  businessDate(await estateNow(trx, estate_id));

/** A time as it stands in a leaf: UTC, with microseconds (record_leaf). `column`: "r.recorded_at". */
export const stamp = (column: string) =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Records from `from` on. */
export async function readRecords(trx: Transaction<Tables>, estate_id: number, from: number, limit: number) {
  return trx.selectFrom('record').select(['seq', 'kind', 'number', 'body', 'leaf_hash',
    stamp('recorded_at').as('recorded_at')]).where('estate_id', '=', estate_id).where('seq', '>=', from).orderBy('seq').limit(limit).execute();
}

export async function lastRecord(trx: Transaction<Tables>, estate_id: number) {
  return trx.selectFrom('record').select(['seq', 'leaf_hash', 'recorded_at']).where('estate_id', '=', estate_id)
    .orderBy('seq', 'desc').limit(1).executeTakeFirst();
}
