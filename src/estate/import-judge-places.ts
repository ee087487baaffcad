// Judging rows of parking spaces, meters, readings and open bills: see import-judge.ts. Pure: no database.
import { Decimal } from 'decimal.js';
import { apportion, money, moneyText, readMoney } from '../kernel/money.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import {
  cellText, dueOf, isOfNobody, readArea, readDay, readFigure, readMeterKind, readMeterNumber, readMonths, readSpaceKind, readSpaceNumber, type MeterKind,
} from './import-cells.ts';
import { billKey, type Judging, type Known, type NewMeter } from './import-plan.ts';
import type { JudgedRow } from './import-judge.ts';

// ── Parking spaces ───────────────────────────────────────────────────────────────────────────────

type Held = { unit: string; from: BusinessDate; to: BusinessDate | null };
const overlap = (a: Held, b: Held): boolean => a.from <= (b.to ?? '9999-12-31') && b.from <= (a.to ?? '9999-12-31');

export function judgeSpaces(j: Judging, rows: readonly JudgedRow[]): void {
  const seen = new Map<string, { row: number; kind: string; area: string | null }>();
  const held = new Map<string, Held[]>();
  for (const row of rows) {
    const number = j.read(row, 'space', readSpaceNumber);
    const kind = j.read(row, 'space_kind', readSpaceKind);
    const area = j.read(row, 'space_area', readArea);
    const [since, until] = [j.read(row, 'since', readDay), j.read(row, 'until', readDay)];
    const is_used = cellText(row.cells.unit) !== '';
    const unit = is_used ? j.unitOf(row) : null;
    if (number === null) {
      if (row.cells.space === undefined) j.wrong(row, 'space', 'space_missing');
      continue;
    }
    const known = j.known.spaces.get(number);
    const first = seen.get(number);
    const there = first ?? (known === undefined || known.is_ended ? undefined : { row: 0, kind: known.kind, area: known.area_m2 });
    if (there !== undefined && ((kind !== null && kind !== there.kind) || (area !== null && there.area !== null && area !== there.area))) {
      j.wrong(row, kind !== null && kind !== there.kind ? 'space_kind' : 'space_area', 'space_differs', { number, first: there.row === 0 ? '–' : there.row });
    }
    if (first === undefined) seen.set(number, { row: row.row, kind: kind ?? there?.kind ?? 'common', area });
    if (there === undefined) j.plan.spaces.push({ space: number, kind: kind ?? 'common', area_m2: area, is_back: known !== undefined });
    if (unit === null) {
      if (there !== undefined && !is_used) j.note(row, first === undefined ? 'present' : 'same');
      continue;
    }
    const from = j.dayOr(since);
    if (until !== null && until < from) { j.wrong(row, 'until', 'days_reversed'); continue; }
    const use: Held = { unit, from, to: until };
    const before = known?.is_ended === true ? [] : j.known.holdings.get(number) ?? [];
    const clash = [...before, ...held.get(number) ?? []].find((one) => overlap(one, use));
    if (clash === undefined) {
      held.set(number, [...held.get(number) ?? [], use]);
      j.plan.holdings.push({ space: number, unit, since: from, until });
    } else if (clash.unit === unit) j.note(row, before.includes(clash) ? 'present' : 'same');
    else j.wrong(row, 'space', 'space_held', { number, unit: clash.unit });
  }
}

// ── Meters and readings ──────────────────────────────────────────────────────────────────────────

/** What kind of meter a list is of, where no column says it: its heading or the name of its sheet. */
const impliedKind = (texts: readonly string[]): MeterKind | null => {
  for (const text of texts) {
    const found = readMeterKind(text);
    if ('value' in found) return found.value;
  }
  return null;
};

export function judgeMeters(j: Judging, rows: readonly JudgedRow[]): void {
  const seen = new Map<string, NewMeter & { row: number }>();
  for (const row of rows) {
    const number = j.read(row, 'meter', readMeterNumber);
    const kind = j.read(row, 'meter_kind', readMeterKind) ?? impliedKind(row.implied ?? []);
    const multiplier = j.read(row, 'multiplier', (text) => {
      const bare = text.normalize('NFKC').replace(/[×xX倍\s]/gu, '');
      return /^\d{1,5}(?:\.\d{1,3})?$/.test(bare) && !/^0+(?:\.0+)?$/.test(bare) ? { value: new Decimal(bare).toFixed(3) } : { fault: 'multiplier_shape' };
    }) ?? '1.000';
    const digits = j.read(row, 'digits', (text) => (/^[3-9]位?$/.test(text.normalize('NFKC')) ? { value: Number(text.normalize('NFKC')[0]) } : { fault: 'digits_shape' })) ?? 6;
    const [value, start_on] = [j.read(row, 'start_value', readFigure), j.read(row, 'start_on', readDay)];
    const said = cellText(row.cells.unit);
    const of_nobody = isOfNobody(said) || isOfNobody(cellText(row.cells.building));
    const unit = of_nobody ? null : said === '' ? undefined : j.unitOf(row);
    if (number === null && row.cells.meter === undefined) j.wrong(row, 'meter', 'meter_missing');
    if (kind === null && row.cells.meter_kind === undefined) j.wrong(row, 'meter_kind', 'meter_kind_unknown');
    if (unit === undefined) j.wrong(row, 'unit', 'meter_unit_missing');
    if (start_on !== null && start_on > j.known.today) j.wrong(row, 'start_on', 'day_future');
    if (value !== null && !fits(value, digits)) j.wrong(row, 'start_value', 'figure_digits', { digits });
    if (number === null || kind === null || unit === undefined || (unit === null && !of_nobody) || j.isWrong(row)) continue;
    const made = { meter: number, kind, unit, multiplier, digits };
    const known = j.known.meters.get(number);
    const first = seen.get(number);
    const other = first ?? known;
    const same = other === undefined || (other.kind === kind && other.unit === unit && new Decimal(other.multiplier).equals(multiplier) && other.digits === digits);
    if (!same || (first === undefined && known?.is_ended === true && !known.is_void)) j.wrong(row, 'meter', 'meter_differs', { number, first: first?.row ?? '–' });
    else if (first !== undefined) j.note(row, 'same');
    else if (known !== undefined && !known.is_ended) j.note(row, 'present');
    else {
      seen.set(number, { ...made, is_back: known !== undefined, row: row.row });
      j.plan.meters.push({ ...made, is_back: known !== undefined });
      if (value !== null) j.plan.readings.push({ meter: number, read_on: j.dayOr(start_on), value, way: 'start' });
    }
  }
}

const fits = (value: string, digits: number): boolean => value.split('.')[0]!.length <= digits;

interface Metered { kind: string; unit: string | null; digits: number }

/** The meter of a reading: by its number, else the only one of its dwelling and kind. */
function meterOf(j: Judging, row: JudgedRow, meters: ReadonlyMap<string, Metered>): string | null {
  const number = j.read(row, 'meter', readMeterNumber);
  const kind = j.read(row, 'meter_kind', readMeterKind) ?? impliedKind(row.implied ?? []);
  if (number !== null) {
    if (meters.has(number)) return number;
    j.wrong(row, 'meter', 'meter_unknown');
    return null;
  }
  if (row.cells.meter !== undefined) return null;
  const unit = j.unitOf(row);
  if (unit === null) return null;
  const fitting = [...meters].filter(([, meter]) => meter.unit === unit && (kind === null || meter.kind === kind));
  if (fitting.length === 1) return fitting[0]![0];
  j.wrong(row, 'meter', fitting.length === 0 ? 'meter_unknown' : 'meter_ambiguous', { unit, count: fitting.length });
  return null;
}

export function judgeReadings(j: Judging, rows: readonly JudgedRow[]): void {
  const meters = new Map<string, Metered>([...j.known.meters].filter(([, meter]) => !meter.is_ended));
  for (const meter of j.plan.meters) meters.set(meter.meter, meter);
  const made = new Map<string, { read_on: BusinessDate; value: string }[]>();
  for (const { meter, read_on, value } of j.plan.readings) made.set(meter, [{ read_on, value }]);
  for (const row of rows) {
    const meter = meterOf(j, row, meters);
    const value = j.read(row, 'value', readFigure);
    const said = j.read(row, 'read_on', readDay);
    if (value === null && row.cells.value === undefined) j.wrong(row, 'value', 'figure_missing');
    if (said !== null && said > j.known.today) j.wrong(row, 'read_on', 'day_future');
    if (meter === null || value === null || j.isWrong(row)) continue;
    const { digits } = meters.get(meter)!;
    if (!fits(value, digits)) { j.wrong(row, 'value', 'figure_digits', { digits }); continue; }
    const read_on = j.dayOr(said);
    const others = [...j.known.readings.get(meter) ?? [], ...made.get(meter) ?? []];
    const same_day = others.find((one) => one.read_on === read_on);
    const before = others.filter((one) => one.read_on < read_on).sort((a, b) => b.read_on.localeCompare(a.read_on))[0];
    const after = others.filter((one) => one.read_on > read_on).sort((a, b) => a.read_on.localeCompare(b.read_on))[0];
    if (same_day !== undefined) {
      if (new Decimal(same_day.value).equals(value)) j.note(row, 'same');
      else j.wrong(row, 'value', 'reading_twice', { day: read_on, other: same_day.value });
    } else if (before !== undefined && new Decimal(before.value).greaterThan(value)) j.wrong(row, 'value', 'reading_lower', { day: before.read_on, other: before.value });
    else if (after !== undefined && new Decimal(after.value).lessThan(value)) j.wrong(row, 'value', 'reading_higher', { day: after.read_on, other: after.value });
    else {
      made.set(meter, [...made.get(meter) ?? [], { read_on, value }]);
      j.plan.readings.push({ meter, read_on, value, way: 'read' });
    }
  }
}

// ── Open bills of the time before ────────────────────────────────────────────────────────────────

function itemOf(known: Known, text: string): string | null {
  const bare = text.normalize('NFKC').replace(/\s/g, '');
  return known.items.get(bare) ?? known.items.get(bare.toLowerCase()) ?? (/^(?:物业(?:服务|管理)?费?|管理费|物管费)$/u.test(bare) ? 'property_fee' : null);
}

export function judgeBills(j: Judging, rows: readonly JudgedRow[]): void {
  const seen = new Map<string, { row: number; amount: string }>();
  for (const row of rows) {
    const unit = j.unitOf(row);
    const item = row.cells.item === undefined ? 'property_fee'
      : j.read(row, 'item', (text) => { const found = itemOf(j.known, text); return found === null ? { fault: 'item_unknown' } : { value: found }; });
    if (item === null) retell(j, row);
    const months = j.read(row, 'period', readMonths);
    if (row.cells.period === undefined) j.wrong(row, 'period', 'month_missing');
    const due_on = j.read(row, 'due_on', readDay);
    const amount = j.read(row, 'amount', (text) => { const found = readMoney(text); return found === null ? { fault: 'amount_shape' } : { value: found }; });
    if (amount?.isNegative() === true && !amount.isZero()) j.wrong(row, 'amount', 'amount_negative');
    if (amount?.greaterThan('9999999') === true) j.wrong(row, 'amount', 'amount_shape');
    if (months !== null && item !== null) {
      const start = j.known.starts.get(item) ?? j.known.today.slice(0, 7);
      if (months.at(-1)! >= start) j.wrong(row, 'period', 'month_own', { start });
    }
    if (j.isWrong(row)) continue;
    if (amount === null || amount.isZero()) { j.note(row, 'nothing_open'); continue; }
    if (unit === null || item === null || months === null) continue;
    const parts = apportion(money(moneyText(amount)), months.map(() => 1));
    if (parts.some((part) => part.isZero())) { j.wrong(row, 'amount', 'amount_small', { count: months.length, amount: moneyText(amount) }); continue; }
    if (months.length > 1) j.note(row, 'spread');
    for (const [at, period] of months.entries()) {
      const text = moneyText(parts[at]!);
      const key = billKey(unit, item, period);
      const registered = j.known.bills.get(key);
      const first = seen.get(key);
      if (registered !== undefined) j.wrong(row, 'period', 'bill_present', { unit, period, other: registered });
      else if (first !== undefined && first.amount === text) j.note(row, 'same');
      else if (first !== undefined) j.wrong(row, 'amount', 'bill_twice', { first: first.row, other: first.amount });
      else {
        seen.set(key, { row: row.row, amount: text });
        j.plan.bills.push({ unit, item, period, amount: text, due_on: due_on ?? dueOf(period) });
      }
    }
  }
}

/** An unknown fee is told with those there are. */
function retell(j: Judging, row: JudgedRow): void {
  const at = j.faults.findIndex((one) => one.sheet === row.sheet && one.row === row.row && one.field === 'item');
  if (at !== -1) j.faults[at] = { ...j.faults[at]!, facts: { items: j.known.item_names.join('、') } };
}
