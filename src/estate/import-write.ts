// Writing a plan into the register, in the transaction of its record: each table in one statement, so that ten thousand
// dwellings are a dozen round trips. What had been taken back with an earlier import comes again under its old number.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { partyKind } from './import-judge.ts';
import type { NewTenure, Plan } from './import-plan.ts';

export interface Under { estate_id: number; import_id: number; seq: number; person_id: string }

const texts = <T>(rows: readonly T[], of: (row: T) => string | null) => sql`${rows.map(of)}::text[]`;

async function writeUnits(trx: Trx, { estate_id, import_id, seq }: Under, units: Plan['units']): Promise<void> {
  const fresh = units.filter(({ is_back }) => !is_back);
  const back = units.filter(({ is_back }) => is_back);
  const rows = (list: Plan['units']) => sql`unnest(${texts(list, (u) => u.unit)}, ${texts(list, (u) => u.phase)}, ${texts(list, (u) => u.building)},
    ${texts(list, (u) => u.stairwell)}, ${list.map((u) => u.area_m2)}::numeric[], ${texts(list, (u) => u.kind)}, ${texts(list, (u) => u.occupancy)})
    as g(unit, phase, building, stairwell, area_m2, kind, occupancy)`;
  // Its first fact is written by the table itself.
  if (fresh.length > 0) {
    await sql`insert into unit (estate_id, unit, phase, building, stairwell, area_m2, kind, occupancy, import_id)
      select ${estate_id}, g.unit, g.phase, g.building, g.stairwell, g.area_m2, g.kind, g.occupancy, ${import_id} from ${rows(fresh)}`.execute(trx);
  }
  if (back.length > 0) {
    await sql`update unit set phase = g.phase, building = g.building, stairwell = g.stairwell, area_m2 = g.area_m2, kind = g.kind, occupancy = g.occupancy,
      ended_on = null from ${rows(back)} where unit.estate_id = ${estate_id} and unit.unit = g.unit`.execute(trx);
    await sql`insert into unit_fact (estate_id, unit, from_date, area_m2, kind, occupancy, seq, import_id)
      select ${estate_id}, g.unit, '1900-01-01', g.area_m2, g.kind, g.occupancy, ${seq}, ${import_id} from ${rows(back)}`.execute(trx);
  }
}

async function writeTenures(trx: Trx, { estate_id, import_id, seq }: Under, tenures: readonly NewTenure[]): Promise<void> {
  if (tenures.length === 0) return;
  const people = new Map<string, NewTenure & { id: string }>();
  for (const tenure of tenures) if (tenure.party_id === null && !people.has(tenure.who)) people.set(tenure.who, { ...tenure, id: randomUUID() });
  const list = [...people.values()];
  await sql`insert into party (estate_id, party_id, kind, entered_at, import_id)
    select ${estate_id}, g.id, g.kind, estate_clock(${estate_id}), ${import_id}
    from unnest(${list.map(({ id }) => id)}::uuid[], ${texts(list, ({ name }) => partyKind(name))}) as g(id, kind)`.execute(trx);
  await sql`insert into party_identity (estate_id, party_id, name, phone, note) select ${estate_id}, g.id, g.name, g.phone, g.note
    from unnest(${list.map(({ id }) => id)}::uuid[], ${texts(list, ({ name }) => name)}, ${texts(list, ({ phone }) => phone)}, ${texts(list, ({ note }) => note)})
      as g(id, name, phone, note)`.execute(trx);
  const party = (tenure: NewTenure): string => tenure.party_id ?? people.get(tenure.who)!.id;
  await sql`insert into tenure (estate_id, unit, party_id, kind, share, pays, from_date, seq, import_id)
    select ${estate_id}, g.unit, g.party, g.kind, g.share, g.pays, g.since, ${seq}, ${import_id}
    from unnest(${texts(tenures, (one) => one.unit)}, ${tenures.map(party)}::uuid[], ${texts(tenures, (one) => one.kind)}, ${texts(tenures, (one) => one.share)},
      ${tenures.map((one) => one.pays)}::boolean[], ${tenures.map((one) => one.since)}::date[]) as g(unit, party, kind, share, pays, since)`.execute(trx);
}

async function writeSpaces(trx: Trx, { estate_id, import_id, seq }: Under, { spaces, holdings }: Plan): Promise<void> {
  for (const is_back of [false, true]) {
    const list = spaces.filter((one) => one.is_back === is_back);
    if (list.length === 0) continue;
    const rows = sql`unnest(${texts(list, (one) => one.space)}, ${texts(list, (one) => one.kind)}, ${list.map((one) => one.area_m2)}::numeric[]) as g(space, kind, area_m2)`;
    if (is_back) await sql`update parking_space set kind = g.kind, area_m2 = g.area_m2, ended_on = null from ${rows} where parking_space.estate_id = ${estate_id} and parking_space.space = g.space`.execute(trx);
    else await sql`insert into parking_space (estate_id, space, kind, area_m2, import_id) select ${estate_id}, g.space, g.kind, g.area_m2, ${import_id} from ${rows}`.execute(trx);
  }
  if (holdings.length === 0) return;
  await sql`insert into space_holding (estate_id, space, unit, from_date, to_date, seq, import_id)
    select ${estate_id}, g.space, g.unit, g.since, g.until, ${seq}, ${import_id}
    from unnest(${texts(holdings, (one) => one.space)}, ${texts(holdings, (one) => one.unit)}, ${holdings.map((one) => one.since)}::date[],
      ${holdings.map((one) => one.until)}::date[]) as g(space, unit, since, until)`.execute(trx);
}

async function writeMeters(trx: Trx, { estate_id, import_id, seq, person_id }: Under, { meters, readings }: Plan): Promise<void> {
  const fresh = meters.filter(({ is_back }) => !is_back);
  const back = meters.filter(({ is_back }) => is_back).map(({ meter }) => meter);
  if (fresh.length > 0) {
    await sql`insert into meter (estate_id, meter, kind, unit, multiplier, digits, import_id)
      select ${estate_id}, g.meter, g.kind, g.unit, g.multiplier, g.digits, ${import_id}
      from unnest(${texts(fresh, (one) => one.meter)}, ${texts(fresh, (one) => one.kind)}, ${texts(fresh, (one) => one.unit)},
        ${fresh.map((one) => one.multiplier)}::numeric[], ${fresh.map((one) => one.digits)}::smallint[]) as g(meter, kind, unit, multiplier, digits)`.execute(trx);
  }
  if (back.length > 0) await sql`update meter set ended_on = null where estate_id = ${estate_id} and meter = any(${back}::text[])`.execute(trx);
  if (readings.length === 0) return;
  await sql`insert into meter_reading (estate_id, meter, read_on, value, way, entered_by, seq, import_id)
    select ${estate_id}, g.meter, g.read_on, g.value, g.way, ${person_id}::uuid, ${seq}, ${import_id}
    from unnest(${texts(readings, (one) => one.meter)}, ${readings.map((one) => one.read_on)}::date[], ${readings.map((one) => one.value)}::numeric[],
      ${texts(readings, (one) => one.way)}) as g(meter, read_on, value, way)`.execute(trx);
}

/** Writes all of a plan, all or nothing with its transaction. */
export async function writePlan(trx: Trx, under: Under, plan: Plan): Promise<void> {
  const { estate_id, import_id, seq } = under;
  await writeUnits(trx, under, plan.units);
  await writeTenures(trx, under, plan.tenures);
  await writeSpaces(trx, under, plan);
  await writeMeters(trx, under, plan);
  const objects = [
    ...plan.units.map(({ unit }) => ['unit', unit] as const), ...plan.spaces.map(({ space }) => ['space', space] as const), ...plan.meters.map(({ meter }) => ['meter', meter] as const),
  ];
  if (objects.length > 0) {
    await sql`insert into register_import_object (estate_id, import_id, kind, number) select ${estate_id}, ${import_id}, g.kind, g.number
      from unnest(${texts(objects, ([kind]) => kind)}, ${texts(objects, ([, number]) => number)}) as g(kind, number)`.execute(trx);
  }
  // Bills are written by billing: its door takes them.
  const { bills } = plan;
  if (bills.length === 0) return;
  await sql`select import_bills(${estate_id}, ${import_id}, ${seq}, ${texts(bills, (one) => one.unit)}, ${texts(bills, (one) => one.item)},
    ${texts(bills, (one) => one.period)}, ${bills.map((one) => one.amount)}::numeric[], ${bills.map((one) => one.due_on)}::date[])`.execute(trx);
}
