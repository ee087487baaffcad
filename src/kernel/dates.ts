// Dates: business dates and periods are strings in Asia/Shanghai; an instant is the database's
// clock. The only file that makes a JavaScript Date, so that no time zone slips in elsewhere.
export type BusinessDate = string; // YYYY-MM-DD, Asia/Shanghai
export type Period = string; // YYYY-MM
/** Tells the present moment; a parameter everywhere, so that tests and the demo set it. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
export const clockAt = (instant: string): Clock => () => new Date(instant);
export const instant = (text: string): Date => new Date(text);
export const isoInstant = (moment: Date): string => moment.toISOString();
export const laterBy = (moment: Date, milliseconds: number): Date =>
  new Date(moment.getTime() + milliseconds);

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit',
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});

/** "2026-11-10 08:00:00" in Asia/Shanghai. */
export const shanghaiTime = (moment: Date): string => shanghai.format(moment);
export const businessDate = (moment: Date): BusinessDate => shanghaiTime(moment).slice(0, 10);
export const today = (clock: Clock): BusinessDate => businessDate(clock());
export const periodOf = (date: BusinessDate): Period => date.slice(0, 7);

// There is no year 0 in the database's calendar.
export const DATE_PATTERN = '^[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';
export const PERIOD_PATTERN = '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$';

/** True only for days that exist: 2026-02-30 is not one. */
export function isBusinessDate(text: string): boolean {
  if (!new RegExp(DATE_PATTERN).test(text)) return false;
  const moment = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().slice(0, 10) === text;
}

/** What a person typed: 2026-3-5, 2026/03/05, 2026.3.5, 2026年3月5日, full-width digits. */
export function readDate(typed: string): BusinessDate | null {
  const plain = typed.normalize('NFKC').trim();
  const found = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(plain) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(plain);
  if (found === null) return null;
  const text = `${found[1]}-${found[2]!.padStart(2, '0')}-${found[3]!.padStart(2, '0')}`;
  return isBusinessDate(text) ? text : null;
}

export function addDays(date: BusinessDate, days: number): BusinessDate {
  const moment = new Date(`${date}T00:00:00Z`);
  moment.setUTCDate(moment.getUTCDate() + days);
  return moment.toISOString().slice(0, 10);
}

export function daysBetween(from: BusinessDate, to: BusinessDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export function addMonths(period: Period, months: number): Period {
  const index = Number(period.slice(0, 4)) * 12 + Number(period.slice(5)) - 1 + months;
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`;
}

export const firstDay = (period: Period): BusinessDate => `${period}-01`;
/** Also of December 9999, whose next month has five digits. */
export function lastDay(period: Period): BusinessDate {
  const moment = new Date(`${firstDay(period)}T00:00:00Z`);
  moment.setUTCMonth(moment.getUTCMonth() + 1, 0);
  return moment.toISOString().slice(0, 10);
}
/** The instant at which a Shanghai wall-clock time ("08:00") falls on a business date. */
export const shanghaiInstant = (date: BusinessDate, time = '00:00'): Date =>
  new Date(`${date}T${time}:00+08:00`);

/** All periods from one to another, both included. */
export function periodsBetween(from: Period, to: Period): Period[] {
  const periods: Period[] = [];
  for (let period = from; period <= to; period = addMonths(period, 1)) periods.push(period);
  return periods;
}
