// Reads of fee rules, of the estate's own rate as one of them, and of what they are reckoned from.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { firstDay, lastDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { startPeriod } from './queries.ts';
import { consumption, type AppliesTo, type Consumption, type Dwelling, type FeeRule, type Holding } from './reckon.ts';

/** 物业费: the item of the estate's own rate. */
export const PROPERTY_FEE = 'property_fee';
export const LATE_FEE = 'late_fee';

/** A rule as it stands in the table, with what late fees need. */
export interface SignedRule extends FeeRule {
  rule_id: number;
  name_zh: string;
  name_en: string;
  account: string;
  /** Of shared: whose payments may be shared. */
  cost_account: string | null;
  fund: string;
  late_rate: string | null;
  late_grace_days: number;
  late_cap_percent: string | null;
  ended_seq: number | null;
}
type Billed = Pick<Estate, 'estate_id' | 'fee_rate'>;

/** Every rule that was signed, oldest first within an item. */
export async function signedRules(trx: Trx, estate_id: number): Promise<SignedRule[]> {
  const rows = await trx.selectFrom('fee_rule').selectAll().where('estate_id', '=', estate_id)
    .orderBy('item').orderBy('starts_on').orderBy('proposal_id').execute();
  return rows.map(({ estate_id: _estate, proposal_id, opened_seq: _opened, applies_to, ...row }) => ({
    ...row, rule_id: proposal_id, basis: row.basis as FeeRule['basis'], apportion_by: row.apportion_by as FeeRule['apportion_by'],
    applies_to: JSON.parse(applies_to) as AppliesTo,
  }));
}

/** Rules by item, oldest first; before the first one for the property fee the estate's own rate holds, from the month that was set. */
export async function rulesOf(trx: Trx, { estate_id, fee_rate }: Billed): Promise<Map<string, FeeRule[]>> {
  const found = new Map<string, FeeRule[]>();
  const signed = await signedRules(trx, estate_id);
  const start = await startPeriod(trx, estate_id, PROPERTY_FEE);
  const replaced = signed.some((rule) => rule.item === PROPERTY_FEE);
  if (fee_rate !== null && (!replaced || start !== null)) {
    found.set(PROPERTY_FEE, [{
      rule_id: null, item: PROPERTY_FEE, basis: 'area', rate: fee_rate, meter_kind: null, apportion_by: null, applies_to: {}, due_day: 31, due_months: 0,
      starts_on: replaced ? firstDay(start!) : '1900-01-01', ends_on: null,
    }]);
  }
  for (const rule of signed) found.set(rule.item, [...(found.get(rule.item) ?? []), rule]);
  return found;
}

/** Dwellings in the register in a month, with all their facts. */
export async function dwellingsOf(trx: Trx, estate_id: number, period: Period): Promise<Dwelling[]> {
  const { rows } = await sql<Dwelling>`
    select u.unit, u.ref, u.building, u.phase, u.ended_on, f.facts from unit u
    cross join lateral (select json_agg(json_build_object('from_date', f.from_date, 'area_m2', f.area_m2::text, 'kind', f.kind, 'occupancy', f.occupancy)
        order by f.from_date, f.fact_id) as facts from unit_fact f
      where f.estate_id = u.estate_id and f.unit = u.unit and f.ended_seq is null and f.from_date <= ${lastDay(period)}::date) f
    where u.estate_id = ${estate_id} and (u.ended_on is null or u.ended_on >= ${firstDay(period)}::date) and f.facts is not null order by u.unit`.execute(trx);
  return rows;
}

/** Parking spaces held in a month, by dwelling. */
export async function holdingsOf(trx: Trx, estate_id: number, period: Period): Promise<Map<string, Holding[]>> {
  const rows = await trx.selectFrom('space_holding').select(['unit', 'space', 'from_date', 'to_date']).where('estate_id', '=', estate_id)
    .where('from_date', '<=', lastDay(period)).where((eb) => eb.or([eb('to_date', 'is', null), eb('to_date', '>=', firstDay(period))])).execute();
  const found = new Map<string, Holding[]>();
  for (const { unit, ...row } of rows) if (row.to_date === null || row.to_date >= row.from_date) found.set(unit, [...(found.get(unit) ?? []), row]);
  return found;
}

interface ReadingRow {
  reading_id: number; meter: string; unit: string; multiplier: string; digits: number; read_on: BusinessDate; value: string; way: string;
  billed_on: BusinessDate | null; billed_value: string | null;
}
export interface MetersRead { used: Consumption[]; /** Everything that is looked at with it. */ readings: number[] }

/** What meters of a kind went on up to a day and is not billed yet, by dwelling. A reading below the one before is left out until it
 *  is put right. Intervals begin with the last billed reading as it was billed, else with the reading before. */
export async function unbilledMeters(trx: Trx, estate_id: number, { item, kind, to, since }: { item: string; kind: string; to: BusinessDate; since: BusinessDate }): Promise<Map<string, MetersRead>> {
  const { rows } = await sql<ReadingRow>`
    select r.reading_id, r.meter, m.unit, m.multiplier, m.digits, r.read_on, r.value, r.way, l.read_on as billed_on, l.value as billed_value
    from meter m join meter_reading r on r.estate_id = m.estate_id and r.meter = m.meter
    left join lateral (select x.read_on, x.value from bill_reading b join meter_reading x on x.estate_id = b.estate_id and x.reading_id = b.reading_id
      where b.estate_id = m.estate_id and b.item = ${item} and x.meter = m.meter order by x.read_on desc, x.reading_id desc limit 1) l on true
    where m.estate_id = ${estate_id} and m.kind = ${kind} and m.unit is not null and r.ended_seq is null and r.read_on <= ${to}::date
    order by m.unit, r.meter, r.read_on, r.reading_id`.execute(trx);
  const found = new Map<string, MetersRead>();
  let before = null as { meter: string; on: BusinessDate; value: string } | null;
  for (const row of rows) {
    if (before?.meter !== row.meter) before = row.billed_on === null ? null : { meter: row.meter, on: row.billed_on, value: row.billed_value! };
    if (row.billed_on !== null && row.read_on <= row.billed_on) continue;
    if (row.way !== 'start' && before !== null && row.read_on >= since) {
      const quantity = consumption({ before: before.value, now: row.value, multiplier: row.multiplier, digits: row.digits });
      if (quantity === null) continue;
      const own = found.get(row.unit) ?? { used: [], readings: [] };
      own.used.push({ meter: row.meter, after: before.on, to: row.read_on, before: plain(before.value), now: plain(row.value), quantity });
      own.readings.push(row.reading_id);
      found.set(row.unit, own);
    }
    before = { meter: row.meter, on: row.read_on, value: row.value };
  }
  return found;
}

/** "123.000" → "123". */
const plain = (value: string): string => (value.includes('.') ? value.replace(/\.?0+$/, '') : value);

/** Months of readings that no bill has, up to a day. */
export async function unbilledMonths(trx: Trx, estate_id: number, { item, kind, to, since }: { item: string; kind: string; to: BusinessDate; since: BusinessDate }): Promise<Period[]> {
  if (to < since) return [];
  const { rows } = await sql<{ period: Period }>`
    select distinct to_char(r.read_on, 'YYYY-MM') as period from meter m join meter_reading r on r.estate_id = m.estate_id and r.meter = m.meter
    where m.estate_id = ${estate_id} and m.kind = ${kind} and m.unit is not null and r.ended_seq is null and r.way <> 'start' and r.read_on between ${since}::date and ${to}::date
      and not exists (select from bill_reading b join meter_reading x on x.estate_id = b.estate_id and x.reading_id = b.reading_id
        where b.estate_id = m.estate_id and b.item = ${item} and x.meter = r.meter and x.read_on >= r.read_on)
      and not exists (select from bill b where b.estate_id = m.estate_id and b.unit = m.unit and b.item = ${item} and b.period = to_char(r.read_on, 'YYYY-MM'))
      and exists (select from meter_reading p where p.estate_id = m.estate_id and p.meter = r.meter and p.ended_seq is null and p.read_on < r.read_on)
    order by 1`.execute(trx);
  return rows.map((row) => row.period);
}

/** First and last month of the rules of an item; null as last: without end. */
export function monthsOfRules(rules: readonly Pick<FeeRule, 'starts_on' | 'ends_on'>[]): { first: Period; last: Period | null } {
  const last = rules.some((rule) => rule.ends_on === null) ? null : rules.map((rule) => rule.ends_on!).sort().at(-1)!;
  return { first: rules.map((rule) => rule.starts_on).sort()[0]!.slice(0, 7), last: last === null ? null : last.slice(0, 7) };
}
