// Spreadsheets as estates have them, written by another program than the one that reads them.
import { utils, write } from '@e965/xlsx';

export interface Drawn { rows: (string | number | null)[][]; merges?: string[]; name?: string }

export function workbookOf(sheets: readonly Drawn[], kind: 'xlsx' | 'biff8' | 'xlml' = 'xlsx'): Buffer {
  const book = utils.book_new();
  for (const [at, { rows, merges = [], name }] of sheets.entries()) {
    const sheet = utils.aoa_to_sheet(rows);
    sheet['!merges'] = merges.map((range) => utils.decode_range(range));
    utils.book_append_sheet(book, sheet, name ?? `表${at + 1}`);
  }
  return Buffer.from(write(book, { type: 'array', bookType: kind }) as ArrayBuffer);
}

export const csvOf = (rows: readonly (readonly (string | number | null)[])[]): Buffer =>
  Buffer.from(rows.map((row) => row.map((cell) => (/[",\n]/.test(String(cell ?? '')) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell ?? ''))).join(',')).join('\r\n'), 'utf8');
