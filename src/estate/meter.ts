// Meters (水表、电表、燃气表、热表) and what they show. A meter begins with a first reading; one that is replaced ends with a last
// one, and the new meter begins with its own. A reading lies after the one before it and is not below it, unless the
// meter began at 0 again (a tick says so). A wrong one is taken back and entered anew, the latest first.
import type { House } from '../kernel/house.ts';
import { constraintRefusal } from '../kernel/database.ts';
import { addDays, type BusinessDate } from '../kernel/dates.ts';
import { chosen, dayTyped, dwellingOn, keepRegister, numberPlain, numberTyped, type Asked, type Keeping } from './register.ts';
import { metersOf, readingsOf, type MeterRow } from './place-queries.ts';
import { meterKinds } from './register-queries.ts';
import { refusals } from './register-refusals.ts';

export interface NewMeter {
  meter: string;
  kind: string;
  /** Dwelling; empty: of common parts. */
  unit: string;
  multiplier?: string | undefined;
  digits?: string | undefined;
  from_date: string;
  value: string;
}

const valueTyped = (typed: string, field: string): string =>
  numberTyped(typed, { field, label: '读数', label_en: 'reading', decimals: 3, zero: true, digits: 9 });

/** Whether the first of two plain numbers is the smaller one; figures, never a float. */
function below(a: string, b: string): boolean {
  const parts = (text: string): [bigint, string] => { const [whole = '0', part = ''] = text.split('.'); return [BigInt(whole), part.padEnd(9, '0')]; };
  const [[whole_a, part_a], [whole_b, part_b]] = [parts(a), parts(b)];
  return whole_a === whole_b ? part_a < part_b : whole_a < whole_b;
}

const addReading = async ({ trx, estate_id, person_id, seq }: Keeping, meter: string, read_on: BusinessDate, value: string, way: 'start' | 'read' | 'estimated'): Promise<void> => {
  await trx.insertInto('meter_reading').values({ estate_id, meter, read_on, value, way, entered_by: person_id, seq }).execute();
};

/** A day that has come. Refusals: register_day_invalid, reading_ahead. */
function dayRead(typed: string, today: BusinessDate, field: string): BusinessDate {
  const day = dayTyped(typed, today, field);
  if (day > today) throw refusals.reading_ahead({ day, today }, field);
  return day;
}

interface MeterFacts { meter: string; kind: (typeof meterKinds)[number]; unit: string | null; multiplier: string; digits: number }

async function openMeter(keeping: Keeping, facts: MeterFacts, day: BusinessDate, value: string): Promise<void> {
  const { meter, digits } = facts;
  if (!/^[0-9A-Za-z]+(-[0-9A-Za-z]+){0,3}$/.test(meter) || meter.length > 30) throw refusals.meter_invalid({ typed: meter.slice(0, 40) }, 'meter');
  refuseDigits(meter, digits, value, 'value');
  try {
    await keeping.trx.insertInto('meter').values({ estate_id: keeping.estate_id, ...facts }).execute();
  } catch (error) {
    throw constraintRefusal(error, { meter_pkey: () => refusals.meter_taken({ meter }, 'meter') });
  }
  await addReading(keeping, meter, day, value, 'start');
}

function refuseDigits(meter: string, digits: number, value: string, field: string): void {
  if (value.split('.')[0]!.replace(/^0+/, '').length > digits) throw refusals.reading_too_long({ meter, value, digits }, field);
}

/** Enters a meter with its first reading. Refusals: those of keepRegister, register_day_invalid, reading_ahead, register_unit_unknown,
 *  register_unit_ended, register_choice_unknown, register_number_invalid, meter_digits_invalid, meter_invalid, reading_too_long, meter_taken. */
export const enterMeter = (house: House, asked: Asked & NewMeter): Promise<{ meter: string }> => {
  const { meter: number, kind, unit, multiplier = '1', digits = '6', from_date, value: typed } = asked;
  return keepRegister(house, asked, { what: 'meter', unit, content: { number, kind, unit, multiplier, digits, from_date, typed } }, async (keeping) => {
    const day = dayRead(from_date, keeping.today, 'from_date');
    if (unit !== '') await dwellingOn(keeping, unit, day);
    const meter = numberPlain(number);
    await openMeter(keeping, {
      meter, kind: chosen(kind, meterKinds, 'kind'), unit: unit === '' ? null : unit,
      multiplier: numberTyped(multiplier.trim() === '' ? '1' : multiplier, { field: 'multiplier', label: '倍率', label_en: 'ratio', decimals: 3, digits: 5 }),
      digits: digitsTyped(digits),
    }, day, valueTyped(typed, 'value'));
    return { meter };
  });
};

function digitsTyped(typed: string): number {
  const plain = typed.normalize('NFKC').trim();
  if (!/^[3-9]?$/.test(plain)) throw refusals.meter_digits_invalid({ typed: plain.slice(0, 20) }, 'digits');
  return plain === '' ? 6 : Number(plain);
}

async function meterThere({ trx, estate_id }: Keeping, number: string, day: BusinessDate): Promise<MeterRow> {
  const found = (await metersOf(trx, estate_id, { on: day })).find(({ meter }) => meter === number);
  if (found === undefined) throw refusals.meter_unknown({ meter: number.slice(0, 40) });
  return found;
}

/** Refusals: reading_not_last, reading_too_long, reading_below. */
function judgeReading({ meter, digits, last_on, last_value }: MeterRow, day: BusinessDate, value: string, rolled: boolean, field: string): void {
  if (last_on !== null && day <= last_on) throw refusals.reading_not_last({ meter, day, last_on }, field);
  refuseDigits(meter, digits, value, field);
  if (last_value !== null && below(value, last_value) && !rolled) throw refusals.reading_below({ meter, value, last_value, last_on: last_on ?? '' }, field);
}

/** Replaces a meter: the old one ends with its last reading, the new one begins on the same day. Refusals: as enterMeter, meter_unknown,
 *  reading_not_last, reading_below. */
export const replaceMeter = (house: House, asked: Asked & { meter: string; day: string; last_value: string; new_meter: string; value: string }): Promise<{ meter: string }> => {
  const { meter: number, day: typed, last_value, new_meter, value } = asked;
  return keepRegister(house, asked, { what: 'meter_replaced', content: { number, typed, last_value, new_meter, value } }, async (keeping) => {
    const day = dayRead(typed, keeping.today, 'day');
    const old = await meterThere(keeping, number, day);
    if (old.unit !== null) keeping.about.add(old.unit);
    await lastReading(keeping, old, day, last_value);
    const { kind, unit, multiplier, digits } = old;
    await openMeter(keeping, { meter: numberPlain(new_meter), kind, unit, multiplier, digits }, day, valueTyped(value, 'value'));
    return { meter: numberPlain(new_meter) };
  });
};

/** Takes a meter out after its last reading. Refusals: those of keepRegister, register_day_invalid, reading_ahead, meter_unknown, reading_…. */
export const endMeter = (house: House, asked: Asked & { meter: string; day: string; last_value: string }): Promise<{ meter: string }> => {
  const { meter: number, day: typed, last_value } = asked;
  return keepRegister(house, asked, { what: 'meter_ended', content: { number, typed, last_value } }, async (keeping) => {
    const day = dayRead(typed, keeping.today, 'day');
    const old = await meterThere(keeping, number, day);
    if (old.unit !== null) keeping.about.add(old.unit);
    await lastReading(keeping, old, day, last_value);
    return { meter: old.meter };
  });
};

async function lastReading(keeping: Keeping, old: MeterRow, day: BusinessDate, typed: string): Promise<void> {
  const value = valueTyped(typed, 'last_value');
  judgeReading(old, day, value, false, 'last_value');
  await addReading(keeping, old.meter, day, value, 'read');
  await keeping.trx.updateTable('meter').set({ ended_on: day }).where('estate_id', '=', keeping.estate_id).where('meter', '=', old.meter).execute();
}

export interface NewReading {
  meter: string;
  /** Empty: not read. */
  value: string;
  /** After the highest figure it began at 0 again. */
  rolled?: boolean | undefined;
  estimated?: boolean | undefined;
}
export type ReadingsEntered = { entered: number };

/** Readings of many meters on one day, all or none; a meter without a value is left out. Refusals: those of keepRegister,
 *  register_day_invalid, reading_ahead, readings_missing, readings_too_many, meter_unknown, register_number_invalid, reading_not_last,
 *  reading_too_long, reading_below, reading_twice. The field of a refusal is "value_" and the meter. */
export const enterReadings = (house: House, asked: Asked & { day: string; readings: readonly NewReading[] }): Promise<ReadingsEntered> => {
  const { day: typed } = asked;
  const readings = asked.readings.filter(({ value }) => value.trim() !== '');
  const content = { typed, readings: readings.map(({ meter, value, rolled = false, estimated = false }) => ({ meter, value, rolled, estimated })) };
  return keepRegister(house, asked, { what: 'readings', count: Math.max(readings.length, 1), content }, async (keeping) => {
    const { trx, estate_id, person_id, seq, today } = keeping;
    const read_on = dayRead(typed, today, 'day');
    if (readings.length === 0) throw refusals.readings_missing({});
    const meters = new Map((await metersOf(trx, estate_id, { on: read_on })).map((row) => [row.meter, row]));
    const rows = new Map<string, { value: string; way: 'read' | 'estimated' }>();
    for (const { meter, value: figure, rolled = false, estimated = false } of readings) {
      const field = `value_${meter}`;
      const row = meters.get(meter);
      if (row === undefined) throw refusals.meter_unknown({ meter: meter.slice(0, 40) }, field);
      if (rows.has(meter)) throw refusals.reading_twice({ meter }, field);
      const value = valueTyped(figure, field);
      judgeReading(row, read_on, value, rolled, field);
      if (row.unit !== null) keeping.about.add(row.unit);
      rows.set(meter, { value, way: estimated ? 'estimated' : 'read' });
    }
    await trx.insertInto('meter_reading').values([...rows].map(([meter, row]) => ({ estate_id, meter, read_on, ...row, entered_by: person_id, seq }))).execute();
    return { entered: rows.size };
  });
};

/** Takes the latest reading of a meter back. Refusals: those of keepRegister, reading_unknown, reading_not_latest, reading_first. */
export const takeBackReading = (house: House, asked: Asked & { meter: string; reading_id: number }): Promise<{ meter: string }> => {
  const { meter, reading_id } = asked;
  return keepRegister(house, asked, { what: 'reading_taken_back', content: { meter, reading_id } }, async (keeping) => {
    const { trx, estate_id, seq, today } = keeping;
    const [latest, ...before] = await readingsOf(trx, estate_id, [meter]);
    const { unit } = (await metersOf(trx, estate_id)).find((row) => row.meter === meter) ?? { unit: null };
    if (unit !== null) keeping.about.add(unit);
    if (latest === undefined || ![latest, ...before].some((reading) => reading.reading_id === reading_id)) throw refusals.reading_unknown({ meter: meter.slice(0, 40) });
    if (latest.reading_id !== reading_id) throw refusals.reading_not_latest({ meter, latest: latest.read_on });
    if (before.length === 0) throw refusals.reading_first({ meter });
    await trx.updateTable('meter_reading').set({ ended_seq: seq }).where('estate_id', '=', estate_id).where('reading_id', '=', reading_id).execute();
    // A meter that ended with it is there again.
    if ((await metersOf(trx, estate_id, { on: addDays(today, 1) })).every((row) => row.meter !== meter)) {
      await trx.updateTable('meter').set({ ended_on: null }).where('estate_id', '=', estate_id).where('meter', '=', meter).execute();
    }
    return { meter };
  });
};
