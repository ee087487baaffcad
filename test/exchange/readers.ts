// What other programs make of an export: hledger and Beancount balances, sheets read with Python's zipfile and XML.
import { fileURLToPath } from 'node:url';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js';
import { byAccountName } from './names.ts';
import { run } from './sample.ts';
import type { Books } from '../../src/exchange/books.ts';

/** Balances by "account fund", as `hledger bal` adds them up. */
export function hledgerBalances(file: string): Map<string, string> {
  const csv = run('hledger', ['-f', file, 'bal', '--flat', '--no-total', '-O', 'csv', '--layout=bare']);
  const rows = csv.trim().split('\n').slice(1).map((line) => line.split('","').map((cell) => cell.replaceAll('"', '')));
  return new Map(rows.filter(([, , amount]) => amount !== '0').map(([account, , amount]) => {
    const [above, below] = account!.split(':').slice(-2) as [string, string];
    return [`${above.split(' ')[0]} ${below.split(' ')[0]}`, plain(amount!)];
  }));
}

/** The same as `bean-query` adds them up. */
export function beancountBalances(file: string, books: Books): Map<string, string> {
  const csv = run('bean-query', ['-f', 'csv', file, 'select account, sum(number) as total group by account order by account']);
  return new Map(csv.trim().split(/\r?\n/).slice(1).map((line) => line.split(',').map((cell) => cell.trim()))
    .filter(([, amount]) => Number(amount) !== 0).map(([account, amount]) => [byAccountName(books, account!), plain(amount!)]));
}

const plain = (amount: string): string => {
  const [whole, fen = ''] = amount.replaceAll(',', '').split('.');
  return `${whole}.${fen.padEnd(2, '0')}`;
};

// ── Workbooks ────────────────────────────────────────────────────────────────────────────────────

type Cell = [type: string, style: string, text: string];
export interface Workbook {
  sheets: Record<string, { rows: Record<string, Cell>[]; frozen: boolean; widths: number }>;
  formats: string[];
  names: string[];
}
export const readWorkbook = (file: string): Workbook =>
  JSON.parse(run('python3', [fileURLToPath(new URL('xlsx_read.py', import.meta.url)), file])) as Workbook;

/** Rows below the head, by the words of the head that follow the Chinese ones. */
export function sheetRows(book: Workbook, name: string): Record<string, Cell>[] {
  const [head, ...rows] = book.sheets[name]!.rows;
  const titles = new Map(Object.entries(head!).map(([letters, [, , title]]) => [letters, title.split(/[ ）]/).at(-1)!]));
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([letters, cell]) => [titles.get(letters)!, cell])));
}

/** A CSV as other programs read it. */
export function csvRows(csv: string): Record<string, string>[] {
  const cells = (line: string): string[] =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map((found) => found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
  const [head, ...lines] = csv.replace('\uFEFF', '').split('\r\n').filter((line) => line !== '');
  const titles = cells(head!).map((title) => title.split(/[ ）]/).at(-1)!);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [titles[i]!, cell])));
}

/** Files of a ZIP by path, in their order. */
export async function readZip(zip: Buffer): Promise<Map<string, Buffer>> {
  const reader = new ZipReader(new Uint8ArrayReader(zip), { useWebWorkers: false });
  const files = new Map<string, Buffer>();
  for (const entry of await reader.getEntries()) {
    if (!entry.directory) files.set(entry.filename, Buffer.from(await entry.getData(new Uint8ArrayWriter())));
  }
  await reader.close();
  return files;
}
