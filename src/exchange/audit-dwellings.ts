// What an audit package says of dwellings' money: hashes only, because a dwelling's random name beside sums is for itself and the
// office. Whoever moves an entry line to a neighbour, takes a receipt out of the table or marks an entry as a release, is found.
import { sql } from 'kysely';
import type { Json } from '../kernel/canonical.ts';
import { inEstate } from '../kernel/database.ts';
import { periodsBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { AuditSnapshot } from './audit-snapshot.ts';

/** By month the lines of posting that name a dwelling ("seq, line, unit" by tabs) and the entries that are releases ("seq");
 *  the receipts of all months ("number, seq, unit, amount") and the ballots of all votes ("seq, resolution, voter, way, choice or commitment"). */
export async function dwellingHashes(house: House, { books }: AuditSnapshot): Promise<Json> {
  const { estate_id } = books.estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const months: Json[] = [];
    for (const period of periodsBetween(books.from, books.to)) {
      const { rows } = await sql<{ lines: string; releases: string }>`
        select (select encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\t', seq, line, unit) || E'\n', '' order by seq, line), ''), 'UTF8')), 'hex')
            from posting where estate_id = ${estate_id} and period = ${period} and seq <= ${books.size} and unit is not null) as lines,
          (select encode(sha256(convert_to(coalesce(string_agg(seq || E'\n', '' order by seq), ''), 'UTF8')), 'hex')
            from journal_entry where estate_id = ${estate_id} and period = ${period} and seq <= ${books.size} and release) as releases`.execute(trx);
      months.push({ period, ...rows[0]! });
    }
    const { rows } = await sql<{ count: number; sha256: string }>`
      select count(*)::integer as count, encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\t', number, seq, unit_ref, amount) || E'\n', '' order by number), ''),
        'UTF8')), 'hex') as sha256 from receipt where estate_id = ${estate_id} and seq <= ${books.size}`.execute(trx);
    const { rows: [ballots] } = await sql<{ count: number; sha256: string }>`
      select count(*)::integer as count, encode(sha256(convert_to(coalesce(string_agg(concat_ws(E'\t', seq, resolution_id, voter, way, coalesce(choice, commitment)) || E'\n',
        '' order by seq), ''), 'UTF8')), 'hex') as sha256 from ballot where estate_id = ${estate_id} and seq <= ${books.size}`.execute(trx);
    return { months, receipts: { ...rows[0]! }, ballots: { ...ballots! } };
  }, { readOnly: true, isolation: 'repeatable read' });
}
