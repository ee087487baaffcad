// What is kept about the dwellings of a person, for that person: what they owe and paid, were reminded of, have in use and was read there,
// since they have them. What paid bills of before is their predecessor's.
import { sql } from 'kysely';
import { seesSince } from '../estate/register-queries.ts';
import { estateToday } from '../evidence/records.ts';
import type { Trx } from '../kernel/database.ts';

/** One object a dwelling, ready to be written as JSON. */
export async function aboutDwellings(trx: Trx, { estate_id, person_id, units }: { estate_id: number; person_id: string; units: readonly string[] }): Promise<object[]> {
  const since = await seesSince(trx, { estate_id, person_id, units, today: await estateToday(trx, estate_id) });
  const seen = JSON.stringify(units.map((unit) => ({ unit, since: since.get(unit) ?? null, first: since.get(unit)?.slice(0, 7) ?? '' })));
  const { rows: [row] } = await sql<{ dwellings: object[] }>`
    with h as (select h.unit, h.since, h.first, u.ref from json_to_recordset(${seen}::json) as h(unit text, since date, first text)
        join unit u on u.estate_id = ${estate_id} and u.unit = h.unit),
      own_bill as (select b.*, h.unit as home from h join bill b on b.estate_id = ${estate_id} and b.unit = h.unit
        and coalesce((select o.period from bill o where o.estate_id = b.estate_id and o.bill_id = b.of_bill), b.period) >= h.first)
    select coalesce(json_agg(json_build_object('unit', h.unit, 'since', nullif(h.first, ''),
      'bills', (select coalesce(json_agg(json_build_object('item', b.item, 'period', b.period, 'due_on', b.due_on, 'amount', b.amount::text,
          'reduced', bill_reduced(b.estate_id, b.bill_id)::text, 'paid', bill_paid(b.estate_id, b.bill_id)::text) order by b.period, b.bill_id), '[]')
        from own_bill b where b.home = h.unit),
      'receipts', (select coalesce(json_agg(json_build_object('number', r.number, 'entry_date', e.entry_date, 'amount', r.amount::text) order by r.number), '[]')
        from receipt r join journal_entry e on e.estate_id = r.estate_id and e.seq = r.seq
        where r.estate_id = ${estate_id} and r.unit_ref = h.ref and (h.since is null or e.entry_date >= h.since)
          and not exists (select from bill_payment y join bill b on b.estate_id = y.estate_id and b.bill_id = y.bill_id
            where y.estate_id = r.estate_id and y.seq = r.seq and b.unit = h.unit and b.period < h.first)),
      'reminders', (select coalesce(json_agg(json_build_object('made_on', n.made_on, 'amount', n.amount::text, 'bills', n.bills::json) order by n.made_on), '[]')
        from reminder n where n.estate_id = ${estate_id} and n.unit = h.unit and (h.since is null or n.made_on >= h.since)
          and not exists (select from json_array_elements(n.bills::json) x where x ->> 'period' < h.first)),
      'subsidies', (select coalesce(json_agg(json_build_object('scheme', c.scheme, 'bill', c.bill_id, 'amount', c.amount::text) order by c.claim_id), '[]')
        from subsidy_claim c join own_bill b on b.estate_id = c.estate_id and b.bill_id = c.bill_id where b.home = h.unit and c.ended_seq is null),
      'spaces', (select coalesce(json_agg(json_build_object('space', s.space, 'from_date', s.from_date, 'to_date', s.to_date) order by s.from_date), '[]')
        from space_holding s where s.estate_id = ${estate_id} and s.unit = h.unit and (h.since is null or s.to_date is null or s.to_date >= h.since)),
      'readings', (select coalesce(json_agg(json_build_object('meter', m.meter, 'kind', m.kind, 'read_on', g.read_on, 'value', g.value::text) order by g.read_on), '[]')
        from meter m join meter_reading g on g.estate_id = m.estate_id and g.meter = m.meter and g.ended_seq is null
        where m.estate_id = ${estate_id} and m.unit = h.unit and (h.since is null or g.read_on >= h.since))) order by h.unit), '[]') as dwellings
    from h`.execute(trx);
  return row!.dwellings;
}
