// What is matched already, newest first: lines and entries of each match, and how it can be undone.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';

export interface MatchShown {
  match_id: number;
  way: 'booked' | 'linked' | 'offset' | 'opening';
  lines: { position: number; booked_on: string; amount: string }[];
  entries: { seq: number; number: string; entry_date: string; description: string; amount: string }[];
}

export async function matchesDone(
  trx: Trx, estate_id: number, account: string, { limit, cursor }: { limit: number; cursor?: number | undefined },
): Promise<{ items: MatchShown[]; next_cursor: string | null }> {
  const { rows } = await sql<MatchShown>`
    select n.match_id, n.way,
      coalesce((select json_agg(json_build_object('position', l.position, 'booked_on', l.booked_on, 'amount', l.amount::text) order by l.position)
        from bank_match m join bank_line l on l.estate_id = m.estate_id and l.account = m.account and l.position = m.position
        where m.estate_id = ${estate_id} and m.match_id = n.match_id), '[]') as lines,
      coalesce((select json_agg(json_build_object('seq', e.seq, 'number', e.period || ' ' || entry_number(e.kind, e.number), 'entry_date', e.entry_date,
          'description', e.description, 'amount', (select sum(p.debit - p.credit)::text from posting p where p.estate_id = e.estate_id and p.seq = e.seq
            and p.account = ${account})) order by e.seq)
        from bank_match m join journal_entry e on e.estate_id = m.estate_id and e.seq = m.entry_seq
        where m.estate_id = ${estate_id} and m.match_id = n.match_id), '[]') as entries
    from (select distinct match_id, way from bank_match where estate_id = ${estate_id} and account = ${account} and ended_seq is null
      ${cursor === undefined ? sql`` : sql`and match_id < ${cursor}`} order by match_id desc limit ${limit + 1}) n
    order by n.match_id desc`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.match_id) : null };
}

export async function countDone(trx: Trx, estate_id: number, account: string): Promise<number> {
  const { rows: [row] } = await sql<{ n: number }>`select count(distinct match_id)::integer as n from bank_match
    where estate_id = ${estate_id} and account = ${account} and ended_seq is null`.execute(trx);
  return row!.n;
}
