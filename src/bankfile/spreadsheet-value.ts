// Cells of a workbook as exact text (单元格的值): a spreadsheet keeps numbers as binary fractions and days as numbers, so
// this file alone says which text a number stands for. Never an exponent, never more digits than a spreadsheet shows.
import { Decimal } from 'decimal.js';
import { addDays } from '../kernel/dates.ts';

export const MOST_COLUMNS = 64;
/** Merged ranges kept of a sheet; a register of ten thousand dwellings has fewer. */
export const MOST_MERGED = 50_000;

/** Cells shown as one: rows and columns from 0, the last ones included. The text stands in the first cell. */
export interface Merged { top: number; bottom: number; left: number; right: number }
export interface Sheet { name: string; rows: string[][]; merged: Merged[] }

/** The text of a number cell; `own` is how the file writes it. From 10^15 on a spreadsheet loses digits, so that such a
 *  number (an account number typed as a number) stays as the file has it, and no amount is read from it. */
export function numberText(own: string): string {
  const plain = own.trim();
  if (/^-?(0|[1-9]\d{0,14})$/.test(plain)) return plain === '-0' ? '0' : plain;
  const value = Number(plain);
  if (plain === '' || !Number.isFinite(value) || Math.abs(value) >= 1e15) return plain;
  const shortest = String(value);
  if (shortest.length <= 16 && !shortest.includes('e')) return shortest === '-0' ? '0' : shortest;
  // A sum of cells carries the noise of binary fractions: 0.30000000000000004 is shown, and meant, as 0.3.
  return new Decimal(plain).toSignificantDigits(15).toFixed();
}

/** Formats every workbook has without naming them, where they show a day or a time. */
const dayFormats = new Set([14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54, 55, 56, 57, 58]);

/** Whether a number format shows a day or a time. */
export function isDayFormat(id: number, code: string | undefined): boolean {
  if (code === undefined) return dayFormats.has(id);
  const first = code.slice(0, 200).split(';')[0]!;
  const bare = first.replace(/"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '').replace(/general/gi, '');
  return /[ymdhs]/i.test(bare);
}

const two = (n: number): string => String(n).padStart(2, '0');

/** "2026-11-05", "2026-11-05 15:24:03" or, below one day, "15:24:03"; null where the number is no day. */
export function dayText(serial: number, since1904: boolean): string | null {
  if (!Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return null;
  let day = Math.floor(serial);
  let seconds = Math.round((serial - day) * 86_400);
  if (seconds === 86_400) [day, seconds] = [day + 1, 0];
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  if (day === 0 && !since1904) return time;
  // Spreadsheets count a 29 February 1900 that never was.
  const date = since1904 ? addDays('1904-01-01', day) : addDays(day < 61 ? '1899-12-31' : '1899-12-30', day);
  return seconds === 0 ? date : `${date} ${time}`;
}

/** The text of a number under its format. */
export function cellText(own: string, isDay: boolean, since1904: boolean): string {
  if (!isDay) return numberText(own);
  return dayText(Number(own), since1904) ?? numberText(own);
}
