// Reads of parking spaces and meters (车位、表计): who has a space in which days, what a meter showed and what was used.
import { sql } from 'kysely';
import type { Db, Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { byPlace, type Among, type MeterKind, type SpaceKind } from './register-queries.ts';

type Reader = Db | Trx;
const among = (column: string, units: readonly string[] | undefined) =>
  (units === undefined ? sql`` : sql`and ${sql.ref(column)} = any(${[...units]}::text[])`);

// ── Parking spaces ───────────────────────────────────────────────────────────────────────────────

export interface HoldingSpan {
  holding_id: number;
  space: string;
  kind: SpaceKind;
  /** Square metres; null where fees do not go by it. */
  area_m2: string | null;
  unit: string;
  /** First and last day within what was asked for. */
  from: BusinessDate;
  to: BusinessDate;
}

/** Which dwelling had which space from a day to a day, both included; cut to these days. */
export async function spacesBetween(
  trx: Reader, estate_id: number, from: BusinessDate, to: BusinessDate, { units }: Among = {},
): Promise<HoldingSpan[]> {
  const { rows } = await sql<HoldingSpan>`
    select h.holding_id, h.space, s.kind, s.area_m2, h.unit, greatest(h.from_date, ${from}::date)::date as "from",
      least(coalesce(h.to_date, ${to}::date), coalesce(s.ended_on, ${to}::date), ${to}::date)::date as "to"
    from space_holding h join parking_space s on s.estate_id = h.estate_id and s.space = h.space
    where h.estate_id = ${estate_id} and h.from_date <= ${to}::date and coalesce(h.to_date, 'infinity') >= greatest(h.from_date, ${from}::date)
      and coalesce(s.ended_on, 'infinity') >= greatest(h.from_date, ${from}::date) ${among('h.unit', units)}`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit, b.unit) || byPlace(a.space, b.space) || (a.from < b.from ? -1 : 1));
}

export interface SpaceRow {
  space: string;
  kind: SpaceKind;
  area_m2: string | null;
  ended_on: BusinessDate | null;
  /** Who has it on the day asked for. */
  unit: string | null;
  holding_id: number | null;
  since: BusinessDate | null;
}

/** Every space, and who has it on a day. */
export async function spacesOn(trx: Reader, estate_id: number, day: BusinessDate): Promise<SpaceRow[]> {
  const { rows } = await sql<SpaceRow>`
    select s.space, s.kind, s.area_m2, s.ended_on, h.unit, h.holding_id, h.from_date as since
    from parking_space s left join space_holding h on h.estate_id = s.estate_id and h.space = s.space and h.from_date <= ${day}::date
      and coalesce(h.to_date, 'infinity') >= ${day}::date and coalesce(h.to_date, 'infinity') >= h.from_date
    where s.estate_id = ${estate_id} and (s.ended_on is null or s.ended_on >= ${day}::date)`.execute(trx);
  return rows.sort((a, b) => byPlace(a.space, b.space));
}

export interface HoldingRow {
  holding_id: number;
  space: string;
  kind: SpaceKind;
  unit: string;
  from_date: BusinessDate;
  to_date: BusinessDate | null;
}

/** Spaces one dwelling has, had and will have, newest first. */
export const holdingsOf = async (trx: Reader, estate_id: number, unit: string): Promise<HoldingRow[]> => (await sql<HoldingRow>`
  select h.holding_id, h.space, s.kind, h.unit, h.from_date, h.to_date
  from space_holding h join parking_space s on s.estate_id = h.estate_id and s.space = h.space
  where h.estate_id = ${estate_id} and h.unit = ${unit} and coalesce(h.to_date, 'infinity') >= h.from_date
  order by h.from_date desc, h.holding_id desc`.execute(trx)).rows;

// ── Meters ───────────────────────────────────────────────────────────────────────────────────────

export interface MeterRow {
  meter: string;
  kind: MeterKind;
  /** Null: of common parts. */
  unit: string | null;
  multiplier: string;
  digits: number;
  ended_on: BusinessDate | null;
  /** Last reading that holds; null before the first. */
  last_on: BusinessDate | null;
  last_value: string | null;
}

export interface MetersAsked extends Among {
  kind?: MeterKind | undefined;
  /** In the register on this day; absent: also those that ended. */
  on?: BusinessDate | undefined;
  /** Last reading before this day instead of the very last. */
  before?: BusinessDate | undefined;
}

/** Meters as the doors go; those of common parts first. */
export async function metersOf(trx: Reader, estate_id: number, { units, kind, on, before }: MetersAsked = {}): Promise<MeterRow[]> {
  const { rows } = await sql<MeterRow>`
    select m.meter, m.kind, m.unit, m.multiplier, m.digits, m.ended_on, l.read_on as last_on, trim_scale(l.value) as last_value
    from meter m left join lateral (select g.read_on, g.value from meter_reading g where g.estate_id = m.estate_id and g.meter = m.meter
      and g.ended_seq is null ${before === undefined ? sql`` : sql`and g.read_on < ${before}::date`} order by g.read_on desc limit 1) l on true
    where m.estate_id = ${estate_id} ${among('m.unit', units)} ${kind === undefined ? sql`` : sql`and m.kind = ${kind}`}
      ${on === undefined ? sql`` : sql`and (m.ended_on is null or m.ended_on >= ${on}::date)`}`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit ?? '', b.unit ?? '') || byPlace(a.meter, b.meter));
}

export interface MeterUse {
  meter: string;
  unit: string | null;
  /** The reading before, and this one. */
  from_on: BusinessDate;
  from_value: string;
  to_on: BusinessDate;
  to_value: string;
  multiplier: string;
  /** Difference × multiplier, exactly: "12.5". After the highest figure the meter began at 0 again. */
  quantity: string;
  estimated: boolean;
}

/** What was used by readings taken from a day to a day, both included: one row for each pair of readings that follow each
 *  other, counted in the days in which the later one was read. A first reading has none. */
export async function usedBetween(
  trx: Reader, estate_id: number, from: BusinessDate, to: BusinessDate, { units, kind }: Among & { kind?: MeterKind | undefined } = {},
): Promise<MeterUse[]> {
  const { rows } = await sql<MeterUse>`
    select m.meter, m.unit, g.before_on as from_on, trim_scale(g.before) as from_value, g.read_on as to_on, trim_scale(g.value) as to_value,
      trim_scale(m.multiplier) as multiplier, g.way = 'estimated' as estimated,
      trim_scale((g.value - g.before + case when g.value < g.before then power(10::numeric, m.digits) else 0 end) * m.multiplier) as quantity
    from meter m join (
      select x.meter, x.read_on, x.value, x.way, lag(x.read_on) over w as before_on, lag(x.value) over w as before
      from meter_reading x where x.estate_id = ${estate_id} and x.ended_seq is null and x.read_on <= ${to}::date
      window w as (partition by x.meter order by x.read_on)
    ) g on g.meter = m.meter
    where m.estate_id = ${estate_id} and g.before is not null and g.way <> 'start' and g.read_on >= ${from}::date
      ${among('m.unit', units)} ${kind === undefined ? sql`` : sql`and m.kind = ${kind}`}`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit ?? '', b.unit ?? '') || byPlace(a.meter, b.meter) || (a.to_on < b.to_on ? -1 : 1));
}

export interface ReadingRow {
  reading_id: number;
  meter: string;
  read_on: BusinessDate;
  value: string;
  way: 'start' | 'read' | 'estimated';
  entered_by: string;
}

/** Readings of some meters, newest first. */
export const readingsOf = async (trx: Reader, estate_id: number, meters: readonly string[]): Promise<ReadingRow[]> => (await sql<ReadingRow>`
  select g.reading_id, g.meter, g.read_on, trim_scale(g.value) as value, g.way, g.entered_by from meter_reading g
  where g.estate_id = ${estate_id} and g.meter = any(${[...meters]}::text[]) and g.ended_seq is null
  order by g.read_on desc, g.reading_id desc`.execute(trx)).rows;
