// Estates (小区): one row and one log each, opened together, so that no estate is without its log.
//   open → (name, households, area, rate, days may be corrected; code, first month and whether it
//      is
//   a demonstration never change)
// The first record of the log, estate_opened, says what the books begin with and whether they are a
// demonstration: open_log() refuses a record that says otherwise than the row.
import { sql } from 'kysely';

import type { Estate } from '../kernel/actor.ts';
import { canonical } from '../kernel/canonical.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { PERIOD_PATTERN } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { refusePersonal } from '../kernel/text.ts';
import { refusals } from './refusals.ts';

export interface NewEstateRow {
  code: string;
  name_zh: string;
  name_en: string;
  mode: 'trust' | 'commission' | 'self_managed';
  households: number;
  /** Area that bears fees, square metres: "38080.00". */
  area_m2: string;
  /** Yuan per square metre and month; null when there is no such fee. */
  fee_rate: string | null;
  trustee: string;
  committee: string;
  /** First month of the books, YYYY-MM. */
  first_period: string;
  disclosure_day: number;
  answer_days: number;
  is_demo: boolean;
}

type Check = {
  field: keyof NewEstateRow;
  label: string;
  label_en: string;
  expected: string;
  expected_en: string;
  ok: boolean;
};

const whole = (value: number, from: number, to: number): boolean =>
  Number.isSafeInteger(value) && value >= from && value <= to;
const length = (text: string): number => [...text.trim()].length;

function checksOf(row: NewEstateRow): Check[] {
  return [
    {
      field: 'name_zh',
      label: '小区名称',
      label_en: 'Chinese name',
      expected: '1 到 60 个字',
      expected_en: '1 to 60 characters',
      ok: length(row.name_zh) >= 1 && length(row.name_zh) <= 60,
    },
    {
      field: 'name_en',
      label: '英文名称',
      label_en: 'English name',
      expected: '1 到 80 个字符',
      expected_en: '1 to 80 characters',
      ok: length(row.name_en) >= 1 && length(row.name_en) <= 80,
    },
    {
      field: 'mode',
      label: '物业模式',
      label_en: 'mode',
      expected: 'trust、commission 或 self_managed',
      expected_en: 'trust, commission or self_managed',
      ok: ['trust', 'commission', 'self_managed'].includes(row.mode),
    },
    {
      field: 'households',
      label: '户数',
      label_en: 'households',
      expected: '0 到 100000 的整数',
      expected_en: 'a whole number from 0 to 100000',
      ok: whole(row.households, 0, 100_000),
    },
    {
      field: 'area_m2',
      label: '收费面积',
      label_en: 'area',
      expected: '平方米，最多两位小数，例如 38080.00',
      expected_en: 'square metres with at most two decimals, for example 38080.00',
      ok: /^\d{1,9}(\.\d{1,2})?$/.test(row.area_m2),
    },
    {
      field: 'fee_rate',
      label: '物业费单价',
      label_en: 'fee rate',
      expected: '元，最多两位小数，例如 1.20',
      expected_en: 'yuan with at most two decimals, for example 1.20',
      ok: row.fee_rate === null || /^\d{1,5}(\.\d{1,2})?$/.test(row.fee_rate),
    },
    {
      field: 'first_period',
      label: '建账月份',
      label_en: 'first month',
      expected: '年-月，例如 2026-10',
      expected_en: 'year and month, for example 2026-10',
      ok: new RegExp(PERIOD_PATTERN).test(row.first_period),
    },
    {
      field: 'disclosure_day',
      label: '公示日',
      label_en: 'disclosure day',
      expected: '1 到 28',
      expected_en: '1 to 28',
      ok: whole(row.disclosure_day, 1, 28),
    },
    {
      field: 'answer_days',
      label: '答复期限',
      label_en: 'days to answer',
      expected: '1 到 60 天',
      expected_en: '1 to 60 days',
      ok: whole(row.answer_days, 1, 60),
    },
  ];
}

/** Refusals: estate_code_invalid, estate_invalid, text_personal. */
export function checkEstate(row: NewEstateRow): void {
  if (!/^[a-z][a-z0-9-]{1,30}$/.test(row.code))
    throw refusals.estate_code_invalid({ code: row.code }, 'code');
  for (const { ok, field, ...words } of checksOf(row)) {
    if (!ok) throw refusals.estate_invalid({ ...words, value: String(row[field] ?? '') }, field);
  }
  // These names stand in the first record of the log and on every page.
  for (const field of ['name_zh', 'name_en', 'trustee', 'committee'] as const) refusePersonal(row[field], { field, label: field });
}

/** Opens an estate with its log; `also` adds what belongs to the same moment (bodies, accounts,
 *  rules) in  the same transaction. Refusals: estate_code_invalid, estate_invalid,
 *  estate_code_taken. */
export async function openEstateRow(
  house: Pick<House, 'db'>,
  row: NewEstateRow,
  also: (trx: Trx, estate: Estate) => Promise<void> = async () => {},
): Promise<Estate> {
  checkEstate(row);
  try {
    // Estate 0 does not exist: the transaction sees none until its own has a number.
    return await inEstate(house.db.app, 0, async (trx) => {
      const estate = await trx
        .insertInto('estate')
        // A demo opens at the moment its clock tells; a real estate at the database's own.
        .values(row.is_demo ? { ...row, created_at: sql<Date>`coalesce(
          nullif(current_setting('mingzhang.demo_clock', true), '')::timestamptz, clock_timestamp())` } : row)
        .returningAll()
        .executeTakeFirstOrThrow();
      await sql`select set_config('mingzhang.estate', ${String(estate.estate_id)}, true)`.execute(
        trx,
      );
      const { estate_id: _number, created_at: _moment, ...opened } = estate;
      await sql`select open_log(${estate.estate_id}, ${canonical(opened)})`.execute(trx);
      await also(trx, estate);
      return estate;
    });
  } catch (error) {
    throw constraintRefusal(error, {
      estate_code_once: () => refusals.estate_code_taken({ code: row.code }, 'code'),
    });
  }
}
