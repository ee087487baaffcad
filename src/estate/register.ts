// Changes of the estate register (小区台账). Whoever keeps it (cashier, manager) enters them; the committee and the supervisors
// see each with its day and who entered it. Nothing is overwritten:
//   a dwelling's facts   a new row with the day from which it holds; a wrong one is taken back (ended_seq), and what held before holds again
//   bills                that were made stay as they are: a change counts for those made later
// Every change has a record register_changed {by, what, count}: neither a name nor the dwelling, so that the log, which every
// owner reads, does not tell whose the amounts under a dwelling's name in the journal are. The rows name their record.
import { sql } from 'kysely';
import { appendRecord, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { addDays, readDate, shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { occupancies, unitKinds, unitOn, unitsOn, type Occupancy, type UnitOnDay } from './register-queries.ts';
import { refusals } from './register-refusals.ts';

export interface Asked {
  estate: Estate;
  actor: Actor | null;
  key?: string | null | undefined;
}

export const changes = ['dwelling', 'dwelling_ended', 'facts', 'fact_taken_back', 'handover', 'tenant_in', 'tenant_out', 'payer', 'contact', 'link', 'unlink',
  'spaces', 'space_given', 'space_returned', 'meter', 'meter_replaced', 'meter_ended', 'readings', 'reading_taken_back'] as const;
export type Change = (typeof changes)[number];

export interface Keeping {
  trx: Trx;
  estate_id: number;
  person_id: string;
  today: BusinessDate;
  seq: number;
  /** Dwellings the change is about; kept beside the log, for officers (register_change). */
  about: Set<string>;
}

/** Does one change with its record, once per key. The record comes first: its lock makes whoever keeps the register at the same
 *  moment wait, so that what is checked still holds when it is written. Refusals: those of demand() for keep_register, and of `work`. */
export async function keepRegister<T extends Json>(
  house: Pick<House, 'db'>, { estate: { estate_id }, actor: asked, key = null }: Asked, change: { what: Change; count?: number; unit?: string; content: Json },
  work: (keeping: Keeping) => Promise<T>,
): Promise<T> {
  const { person_id } = demand(asked, estate_id, 'keep_register');
  const { what, count = 1, unit = '', content } = change;
  const once_key = key === null ? null : `register:${person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { what, content } }, async () => {
    const seq = await appendRecord(trx, estate_id, 'register_changed', { by: person_id, count, what });
    const about = new Set(unit === '' ? [] : [unit]);
    const done = await work({ trx, estate_id, person_id, today: await estateToday(trx, estate_id), seq, about });
    if (about.size > 0) await trx.insertInto('register_change').values([...about].map((one) => ({ estate_id, seq, unit: one }))).execute();
    return done;
  }), { person_id });
}

// ── What was typed ───────────────────────────────────────────────────────────────────────────────

/** A day from 1980 on and at most a year ahead. Refusal: register_day_invalid. */
export function dayTyped(typed: string, today: BusinessDate, field: string): BusinessDate {
  const day = readDate(typed);
  const latest = addDays(today, 366);
  if (day === null || day < '1980-01-01' || day > latest) throw refusals.register_day_invalid({ typed: typed.slice(0, 20), latest }, field);
  return day;
}

/** A number as it is kept: "85", "85.00 ㎡" and "８５" are 85. Refusal: register_number_invalid. */
export function numberTyped(typed: string, { field, label, label_en, decimals, zero = false, digits = 8 }:
{ field: string; label: string; label_en: string; decimals: number; zero?: boolean; digits?: number }): string {
  const plain = typed.normalize('NFKC').replace(/\s|,|m2$|㎡|平方米|平米|平方/giu, '');
  const found = new RegExp(`^\\d{1,${digits}}(\\.\\d{1,${Math.max(decimals, 1)}})?$`).test(plain) && (decimals > 0 || !plain.includes('.'));
  if (!found || (!zero && /^0*(\.0*)?$/.test(plain))) throw refusals.register_number_invalid({ label, label_en, typed: typed.slice(0, 20), decimals }, field);
  return plain;
}

/** Dwelling, space or meter by its number: full-width figures and long hyphens are made plain. */
export const numberPlain = (typed: string): string => typed.normalize('NFKC').replace(/[\u2010-\u2015\u2212]/gu, '-').replace(/\s/gu, '');

/** Refusal: register_choice_unknown. */
export function chosen<C extends string>(typed: string, choices: readonly C[], field: string): C {
  const found = choices.find((choice) => choice === typed);
  if (found === undefined) throw refusals.register_choice_unknown({ typed: typed.slice(0, 30), choices: choices.join(', ') }, field);
  return found;
}

/** The dwelling on a day. Refusals: register_unit_unknown, register_unit_ended. */
export async function dwellingOn({ trx, estate_id }: Pick<Keeping, 'trx' | 'estate_id'>, unit: string, day: BusinessDate): Promise<UnitOnDay> {
  const found = await unitOn(trx, estate_id, unit, day);
  if (found !== undefined) return found;
  const row = await trx.selectFrom('unit').select('ended_on').where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirst();
  if (row === undefined) throw refusals.register_unit_unknown({ unit: unit.slice(0, 40) }, 'unit');
  throw refusals.register_unit_ended({ unit, ended_on: row.ended_on ?? '', day });
}

// ── Dwellings ────────────────────────────────────────────────────────────────────────────────────

export interface NewDwelling {
  unit: string;
  building: string;
  stairwell: string;
  phase: string;
  area_m2: string;
  kind: string;
  occupancy: string;
}

/** Enters one dwelling. Refusals: those of keepRegister, register_unit_invalid, register_building_missing, register_number_invalid,
 *  register_choice_unknown, register_unit_taken. */
export const enterDwelling = (house: House, asked: Asked & NewDwelling): Promise<{ unit: string }> => {
  const { phase, ...rest } = asked;
  const content = { unit: rest.unit, building: rest.building, stairwell: rest.stairwell, phase, area_m2: rest.area_m2, kind: rest.kind, occupancy: rest.occupancy };
  return keepRegister(house, asked, { what: 'dwelling', content }, async ({ trx, estate_id, about }) => {
    const unit = numberPlain(rest.unit);
    if (!/^[0-9A-Za-z]+(-[0-9A-Za-z]+){1,3}$/.test(unit) || unit.length > 20) throw refusals.register_unit_invalid({ typed: rest.unit.slice(0, 40) }, 'unit');
    const [building, stairwell] = [rest.building.normalize('NFKC').trim().slice(0, 20), rest.stairwell.normalize('NFKC').trim().slice(0, 20)];
    if (building === '') throw refusals.register_building_missing({ unit }, 'building');
    const row = {
      estate_id, unit, building, stairwell, phase: phase.normalize('NFKC').trim().slice(0, 20), area_m2: areaTyped(rest.area_m2),
      kind: chosen(rest.kind, unitKinds, 'kind'), occupancy: chosen(rest.occupancy, occupancies, 'occupancy'),
    };
    try {
      // The door's trigger writes the first fact.
      await trx.insertInto('unit').values(row).execute();
    } catch (error) {
      throw constraintRefusal(error, { unit_pkey: () => refusals.register_unit_taken({ unit }, 'unit') });
    }
    about.add(unit);
    return { unit };
  });
};

const areaTyped = (typed: string): string => numberTyped(typed, { field: 'area_m2', label: '面积', label_en: 'area', decimals: 2 });

export interface NewFact {
  unit: string;
  from_date: string;
  area_m2: string;
  kind: string;
  occupancy: string;
}

/** Area, kind and occupancy from a day on; each until the day from which another value of it was entered. Gives how many later rows
 *  were carried along. Refusals: those of keepRegister, register_day_invalid, register_unit_unknown, register_unit_ended,
 *  register_number_invalid, register_choice_unknown, register_unchanged. */
export const changeFacts = (house: House, asked: Asked & NewFact): Promise<{ unit: string; carried: number }> => {
  const { unit, from_date: typed, area_m2, kind, occupancy } = asked;
  return keepRegister(house, asked, { what: 'facts', unit, content: { unit, from_date: typed, area_m2, kind, occupancy } }, async (keeping) => {
    const from_date = dayTyped(typed, keeping.today, 'from_date');
    const now = await dwellingOn(keeping, unit, from_date);
    const area = areaTyped(area_m2);
    const fact = {
      area_m2: sameArea(now.area_m2, area) ? now.area_m2 : area, kind: chosen(kind, unitKinds, 'kind'), occupancy: chosen(occupancy, occupancies, 'occupancy'),
    };
    if (now.area_m2 === fact.area_m2 && now.kind === fact.kind && now.occupancy === fact.occupancy) throw refusals.register_unchanged({ unit, day: from_date });
    await tellResidents(keeping, asked.estate.code, unit, from_date);
    return { unit, carried: await addFact(keeping, now, from_date, fact) };
  });
};

const sameArea = (a: string, b: string): boolean => {
  const [whole = '', part = ''] = b.split('.');
  return a === `${whole.replace(/^0+(?=\d)/, '')}.${part.padEnd(2, '0')}`;
};

/** Whoever lives there hears that their bills will be reckoned otherwise, from somebody else than whoever changed it. */
async function tellResidents({ trx, estate_id, seq }: Keeping, code: string, unit: string, day: BusinessDate): Promise<void> {
  const residents = await trx.selectFrom('resident').select('person_id').where('estate_id', '=', estate_id).where('unit', '=', unit).where('left_at', 'is', null).execute();
  await notify(trx, {
    estate_id, person_ids: residents.map(({ person_id }) => person_id), key: `register ${seq}`, href: `/e/${code}/home`,
    text: { zh: `${unit} 的面积、用途或使用情况从 ${day} 起有变更，请核对；不对可以申请更正。`, en: `Area, kind or occupancy of ${unit} changed from ${day} on: please check, and ask for a correction where it is wrong.` },
  });
}

type Fact = Pick<UnitOnDay, 'area_m2' | 'kind' | 'occupancy'>;

/** Writes a fact, and for later rows that only went on with what changes now a new one beside each: an area corrected from March
 *  on is not undone by a tenant who moved in in June. */
async function addFact({ trx, estate_id, today, seq }: Keeping, before: Fact & { unit: string }, from_date: BusinessDate, fact: Fact): Promise<number> {
  const { unit } = before;
  const names = ['area_m2', 'kind', 'occupancy'] as const;
  const { rows: later } = await sql<Fact & { from_date: BusinessDate }>`
    select distinct on (from_date) from_date, area_m2, kind, occupancy from unit_fact where estate_id = ${estate_id} and unit = ${unit}
      and from_date > ${from_date}::date and ended_seq is null order by from_date, fact_id desc`.execute(trx);
  let going = names.filter((name) => before[name] !== fact[name]);
  const rows = [{ from_date, ...fact }];
  for (const { from_date: day, ...row } of later) {
    going = going.filter((name) => row[name] === before[name]);
    if (going.length === 0) break;
    rows.push({ from_date: day, ...row, ...Object.fromEntries(going.map((name) => [name, fact[name]])) });
  }
  await trx.insertInto('unit_fact').values(rows.map((row) => ({ estate_id, unit, seq, ...row }))).execute();
  await refreshUnits(trx, estate_id, today, [unit]);
  return rows.length - 1;
}

/** Who lives there changes with a tenant: the same area and kind, another occupancy from a day on. */
export async function occupy(keeping: Keeping, unit: string, day: BusinessDate, occupancy: Occupancy): Promise<void> {
  const now = await dwellingOn(keeping, unit, day);
  if (now.occupancy !== occupancy) await addFact(keeping, now, day, { area_m2: now.area_m2, kind: now.kind, occupancy });
}

/** Takes a fact back that was wrong, with the later rows it carried along: what held before holds again. Refusals: those of keepRegister, register_fact_unknown,
 *  register_fact_first. */
export const takeBackFact = (house: House, asked: Asked & { unit: string; fact_id: number }): Promise<{ unit: string }> => {
  const { unit, fact_id } = asked;
  return keepRegister(house, asked, { what: 'fact_taken_back', unit, content: { unit, fact_id } }, async (keeping) => {
    const { trx, estate_id, today, seq } = keeping;
    const fact = await trx.selectFrom('unit_fact').select(['from_date', 'seq']).where('estate_id', '=', estate_id).where('unit', '=', unit)
      .where('fact_id', '=', fact_id).where('ended_seq', 'is', null).executeTakeFirst();
    if (fact === undefined) throw refusals.register_fact_unknown({ unit: unit.slice(0, 40) });
    if (fact.seq === null) throw refusals.register_fact_first({ unit });
    await trx.updateTable('unit_fact').set({ ended_seq: seq }).where('estate_id', '=', estate_id).where('unit', '=', unit)
      .where('seq', '=', fact.seq).where('ended_seq', 'is', null).execute();
    await refreshUnits(trx, estate_id, today, [unit]);
    await tellResidents(keeping, asked.estate.code, unit, fact.from_date);
    return { unit };
  });
};

/** The dwelling leaves the register after a day: merged, or entered by mistake. Refusals: those of keepRegister, register_day_invalid,
 *  register_unit_unknown, register_unit_ended, register_unit_in_use. */
export const endDwelling = (house: House, asked: Asked & { unit: string; last_day: string }): Promise<{ unit: string; ended_on: BusinessDate }> => {
  const { unit, last_day } = asked;
  return keepRegister(house, asked, { what: 'dwelling_ended', unit, content: { unit, last_day } }, async (keeping) => {
    const { trx, estate_id, today } = keeping;
    const ended_on = dayTyped(last_day, today, 'last_day');
    await dwellingOn(keeping, unit, ended_on);
    const { rows: [held] } = await sql<{ people: number; spaces: number; meters: number; owed: string }>`
      select (select count(*)::integer from tenure n where n.estate_id = ${estate_id} and n.unit = ${unit}
          and coalesce(n.to_date, 'infinity') > ${ended_on}::date and coalesce(n.to_date, 'infinity') >= n.from_date) as people,
        (select count(*)::integer from space_holding h where h.estate_id = ${estate_id} and h.unit = ${unit}
          and coalesce(h.to_date, 'infinity') > ${ended_on}::date and coalesce(h.to_date, 'infinity') >= h.from_date) as spaces,
        (select count(*)::integer from meter m where m.estate_id = ${estate_id} and m.unit = ${unit} and coalesce(m.ended_on, 'infinity') > ${ended_on}::date) as meters,
        (select coalesce(sum(b.amount - bill_paid(b.estate_id, b.bill_id) - bill_reduced(b.estate_id, b.bill_id)), 0)::numeric(14, 2)
          from bill b where b.estate_id = ${estate_id} and b.unit = ${unit}) as owed`.execute(trx);
    const { people, spaces, meters, owed } = held!;
    if (people + spaces + meters > 0 || owed !== '0.00') throw refusals.register_unit_in_use({ unit, people, spaces, meters, owed });
    await trx.updateTable('unit').set({ ended_on }).where('estate_id', '=', estate_id).where('unit', '=', unit).execute();
    // Nobody lives where there is no dwelling any more.
    await sql`select end_residence(${estate_id}, ${unit}, r.person_id, ${shanghaiInstant(addDays(ended_on, 1))}) from resident r
      where r.estate_id = ${estate_id} and r.unit = ${unit} and r.left_at is null`.execute(trx);
    return { unit, ended_on };
  });
};

/** Brings the row of each dwelling to what holds today; for the daily job too, where a change was entered ahead of its day.
 *  Gives how many changed. */
export async function refreshUnits(trx: Trx, estate_id: number, today: BusinessDate, units?: readonly string[]): Promise<number> {
  const [facts, rows] = [await unitsOn(trx, estate_id, today, { units }),
    await trx.selectFrom('unit').select(['unit', 'area_m2', 'kind', 'occupancy']).where('estate_id', '=', estate_id)
      .$if(units !== undefined, (query) => query.where('unit', 'in', [...units!])).execute()];
  const now = new Map(rows.map((row) => [row.unit, row]));
  const stale = facts.filter((fact) => {
    const row = now.get(fact.unit)!;
    return row.area_m2 !== fact.area_m2 || row.kind !== fact.kind || row.occupancy !== fact.occupancy;
  });
  for (const { unit, area_m2, kind, occupancy } of stale) {
    await trx.updateTable('unit').set({ area_m2, kind, occupancy }).where('estate_id', '=', estate_id).where('unit', '=', unit).execute();
  }
  return stale.length;
}
