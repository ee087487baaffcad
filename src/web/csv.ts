// The CSV twin of a table (RFC 4180, UTF-8 with BOM so that a spreadsheet shows Chinese).
// Text that a spreadsheet would run as a formula gets an apostrophe in front; columns typed as
// money or number stay numbers, also negative ones.
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

function written(cell: CsvCell, type: CsvColumn['type']): string {
  const text = cellText(cell);
  const numeric = type === 'money' || type === 'number';
  const safe = formula.test(text) && !(numeric && plainNumber.test(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function toCsv(columns: readonly CsvColumn[], rows: Iterable<object>): string {
  const lines = [columns.map((column) => written(column.title, 'text')).join(',')];
  for (const row of rows) {
    const cells = row as Record<string, CsvCell>;
    lines.push(columns.map((column) => written(cells[column.key], column.type)).join(','));
  }
  return `${BOM}${lines.join('\r\n')}\r\n`;
}

/** Sends a CSV as a download; the file name may be Chinese (RFC 6266). */
export function sendCsv(reply: FastifyReply, file_name: string, csv: string): FastifyReply {
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
