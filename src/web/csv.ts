// The CSV twin of a table (RFC 4180, UTF-8 with BOM so that a spreadsheet shows Chinese).
// Text that a spreadsheet would run as a formula gets an apostrophe in front; columns typed as
// money or number stay numbers, also negative ones.
import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { moneyText, type Money } from '../kernel/money.ts';

export interface CsvColumn {
  key: string;
  title: string;
  type?: 'text' | 'money' | 'number' | 'date';
}
export type CsvCell = string | number | Money | null | undefined;

const BOM = '\uFEFF';
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const plainNumber = /^-?[0-9]+(\.[0-9]+)?$/;

function cellText(cell: CsvCell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  return typeof cell === 'number' ? String(cell) : moneyText(cell);
}

/** Text that a spreadsheet would run as a formula, with an apostrophe in front; any other as it is. */
export const neutralText = (text: string): string => (formula.test(text) ? `'${text}` : text);

function written(cell: CsvCell, type: CsvColumn['type']): string {
  const text = cellText(cell);
  const numeric = type === 'money' || type === 'number';
  const safe = numeric && plainNumber.test(text) ? text : neutralText(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The first line of a table, with the byte order mark: for tables that are sent piece by piece. */
export const csvHead = (columns: readonly CsvColumn[]): string =>
  `${BOM}${columns.map((column) => written(column.title, 'text')).join(',')}\r\n`;

export function csvLine(columns: readonly CsvColumn[], row: object): string {
  const cells = row as Record<string, CsvCell>;
  return `${columns.map((column) => written(cells[column.key], column.type)).join(',')}\r\n`;
}

export function toCsv(columns: readonly CsvColumn[], rows: Iterable<object>): string {
  let text = csvHead(columns);
  for (const row of rows) text += csvLine(columns, row);
  return text;
}

/** Sends a CSV as a download; the file name may be Chinese (RFC 6266). */
export function sendCsv(reply: FastifyReply, file_name: string, csv: string | Readable): FastifyReply {
  const ascii = file_name.replace(/[^\w.-]+/g, '_');
  const encoded = encodeURIComponent(file_name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`)
    .send(csv);
}
