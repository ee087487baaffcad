// Parking spaces (车位): entered once, given to a dwelling from a day on, returned on a day. One space, one dwelling at a time
// (trigger guard_space_holding, constraint space_held_twice).
import type { House } from '../kernel/house.ts';
import { constraintRefusal } from '../kernel/database.ts';
import { addDays, type BusinessDate } from '../kernel/dates.ts';
import { chosen, dayTyped, dwellingOn, keepRegister, numberPlain, numberTyped, type Asked } from './register.ts';
import { spaceKinds } from './register-queries.ts';
import { refusals } from './register-refusals.ts';

const MOST = 500;

/** Enters spaces, one number a line, all or none. Refusals: those of keepRegister, register_choice_unknown, register_number_invalid,
 *  spaces_missing, spaces_too_many, space_invalid, space_taken. */
export const enterSpaces = (house: House, asked: Asked & { list: string; kind: string; area_m2?: string | undefined }): Promise<{ entered: number }> => {
  const { list, kind: typed, area_m2: measure = '' } = asked;
  const names = [...new Set(list.split(/[\s,，、;；]+/).map(numberPlain).filter((space) => space !== ''))];
  return keepRegister(house, asked, { what: 'spaces', count: Math.max(names.length, 1), content: { list, typed, measure } }, async ({ trx, estate_id }) => {
    const kind = chosen(typed, spaceKinds, 'kind');
    const area_m2 = measure.trim() === '' ? null : numberTyped(measure, { field: 'area_m2', label: '面积', label_en: 'area', decimals: 2, digits: 4 });
    if (names.length === 0) throw refusals.spaces_missing({}, 'list');
    if (names.length > MOST) throw refusals.spaces_too_many({ spaces: names.length, limit: MOST }, 'list');
    const wrong = names.find((space) => !/^[0-9A-Za-z]+(-[0-9A-Za-z]+){0,3}$/.test(space) || space.length > 20);
    if (wrong !== undefined) throw refusals.space_invalid({ typed: wrong.slice(0, 40) }, 'list');
    const there = await trx.selectFrom('parking_space').select('space').where('estate_id', '=', estate_id).where('space', 'in', names).orderBy('space').limit(1).executeTakeFirst();
    if (there !== undefined) throw refusals.space_taken({ space: there.space }, 'list');
    await trx.insertInto('parking_space').values(names.map((space) => ({ estate_id, space, kind, area_m2 }))).execute();
    return { entered: names.length };
  });
};

/** A dwelling has a space from a day on. Refusals: those of keepRegister, register_day_invalid, register_unit_unknown,
 *  register_unit_ended, space_unknown, space_days_wrong, space_held. */
export const giveSpace = (house: House, asked: Asked & { unit: string; space: string; from_date: string; to_date?: string | undefined }): Promise<{ unit: string; space: string }> => {
  const { unit, space: number, from_date: typed, to_date: until = '' } = asked;
  return keepRegister(house, asked, { what: 'space_given', unit, content: { unit, number, typed, until } }, async (keeping) => {
    const { trx, estate_id, today, seq } = keeping;
    const from_date = dayTyped(typed, today, 'from_date');
    const to_date = until.trim() === '' ? null : dayTyped(until, addDays(today, 366 * 20), 'to_date');
    await dwellingOn(keeping, unit, from_date);
    const space = numberPlain(number);
    const found = await trx.selectFrom('parking_space').select('ended_on').where('estate_id', '=', estate_id).where('space', '=', space).executeTakeFirst();
    if (found === undefined || (found.ended_on !== null && found.ended_on < from_date)) throw refusals.space_unknown({ space: space.slice(0, 40) }, 'space');
    if (to_date !== null && to_date < from_date) throw refusals.space_days_wrong({ from_date, to_date }, 'to_date');
    try {
      await trx.insertInto('space_holding').values({ estate_id, space, unit, from_date, to_date, seq }).execute();
    } catch (error) {
      throw constraintRefusal(error, { space_held_twice: () => refusals.space_held({ space, from_date }, 'space') });
    }
    return { unit, space };
  });
};

/** The last day on which a dwelling has its space; the day before the first: it never had it. Refusals: those of keepRegister,
 *  register_day_invalid, holding_unknown, space_days_wrong. */
export const returnSpace = (house: House, asked: Asked & { unit: string; holding_id: number; last_day: string }): Promise<{ unit: string; to_date: BusinessDate }> => {
  const { unit, holding_id, last_day } = asked;
  return keepRegister(house, asked, { what: 'space_returned', unit, content: { unit, holding_id, last_day } }, async ({ trx, estate_id, today, seq }) => {
    const to_date = dayTyped(last_day, today, 'last_day');
    const held = await trx.selectFrom('space_holding').select(['from_date', 'to_date']).where('estate_id', '=', estate_id).where('unit', '=', unit)
      .where('holding_id', '=', holding_id).executeTakeFirst();
    if (held === undefined) throw refusals.holding_unknown({ unit: unit.slice(0, 40) });
    // Once ended, only an earlier day: after it another dwelling may have it.
    if (to_date < addDays(held.from_date, -1) || (held.to_date !== null && to_date > held.to_date)) {
      throw refusals.space_days_wrong({ from_date: held.from_date, to_date: held.to_date ?? to_date }, 'last_day');
    }
    await trx.updateTable('space_holding').set({ to_date, ended_seq: seq }).where('estate_id', '=', estate_id).where('holding_id', '=', holding_id).execute();
    return { unit, to_date };
  });
};
