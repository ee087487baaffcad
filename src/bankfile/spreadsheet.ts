// Workbooks (.xlsx, .xls) as tables of text. The old binary .xls goes through a library, the new one is read here
// (spreadsheet-xml.ts) row by row; both tell numbers and days through spreadsheet-value.ts.
import { refusals } from './read-refusals.ts';
import { cellText, dayText, isDayFormat, MOST_COLUMNS, numberText } from './spreadsheet-value.ts';
import { workbookRows } from './spreadsheet-xml.ts';
import { MOST_LINES, MOST_ROWS } from './table.ts';
import { isZip, zipEntries, type ZipEntry } from './zip.ts';

/** Compound files of Microsoft: .xls, and whatever is encrypted. */
export const isCompound = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0 && bytes[4] === 0xa1 && bytes[5] === 0xb1;

const damaged = (): Error => refusals.statement_file_damaged({ what_zh: 'Excel 工作簿', what_en: 'the Excel workbook' });

/** What a ZIP is when it is no workbook. */
function otherZip(entries: readonly ZipEntry[]): Error {
  const has = (name: string): boolean => entries.some((entry) => entry.name.toLowerCase() === name);
  if (has('ofd.xml')) return refusals.statement_file_kind({ kind_zh: 'OFD 版式文件', kind_en: 'an OFD document' });
  if (has('word/document.xml')) return refusals.statement_file_kind({ kind_zh: 'Word 文档', kind_en: 'a Word document' });
  if (has('xl/workbook.bin')) return refusals.statement_file_kind({ kind_zh: 'Excel 二进制工作簿（.xlsb）', kind_en: 'a binary workbook (.xlsb)' });
  if (has('content.xml')) return refusals.statement_file_kind({ kind_zh: 'OpenDocument 文件', kind_en: 'an OpenDocument file' });
  return refusals.statement_file_kind({ kind_zh: '压缩包，请先解压，再交里面的文件', kind_en: 'an archive (please unpack it and hand in the file inside)' });
}

/** UTF-16 names of streams in a compound file: what it is, without opening it. */
const names = (bytes: Uint8Array, name: string): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(Buffer.from(name, 'utf16le'));

interface BiffCell { t?: string; v?: unknown; w?: string; z?: string | number }

function biffText(cell: BiffCell | undefined, since1904: boolean): string {
  if (cell === undefined || cell.v === undefined || cell.v === null) return '';
  if (cell.t === 'n' && typeof cell.v === 'number') {
    if (Math.abs(cell.v) >= 1e15) return numberText(String(cell.v));
    const { z } = cell;
    const isDay = typeof z === 'number' ? isDayFormat(z, undefined) : isDayFormat(0, z ?? 'General');
    return isDay ? (dayText(cell.v, since1904) ?? numberText(String(cell.v))) : cellText(String(cell.v), false, since1904);
  }
  if (cell.t === 'b') return cell.v === true ? 'TRUE' : 'FALSE';
  if (cell.t === 'e') return cell.w ?? '#ERR';
  return typeof cell.v === 'string' ? cell.v : '';
}

function tableOf(sheet: unknown, since1904: boolean): string[][] {
  const found = (sheet as { '!data'?: unknown } | undefined)?.['!data'];
  const data = Array.isArray(found) ? (found as (BiffCell[] | undefined)[]) : [];
  if (data.length > MOST_ROWS) throw refusals.statement_too_large({ what_zh: `有 ${data.length} 行`, what_en: `${data.length} rows`, limit: `${MOST_LINES} 行` });
  const rows: string[][] = [];
  for (let at = 0; at < data.length; at += 1) {
    const cells = data[at] ?? [];
    const row: string[] = [];
    for (let column = 0; column < cells.length; column += 1) {
      const text = biffText(cells[column], since1904);
      if (text === '') continue;
      if (column >= MOST_COLUMNS) throw refusals.statement_too_large({ what_zh: `有第 ${column + 1} 列`, what_en: `it has a column ${column + 1}`, limit: `${MOST_COLUMNS} 列` });
      while (row.length < column) row.push('');
      row.push(text);
    }
    rows.push(row);
  }
  while (rows.length > 0 && rows.at(-1)!.length === 0) rows.pop();
  return rows;
}

async function biffRows(bytes: Uint8Array): Promise<string[][][]> {
  if (names(bytes, 'EncryptedPackage')) throw refusals.statement_file_encrypted();
  if (names(bytes, 'WordDocument')) throw refusals.statement_file_kind({ kind_zh: 'Word 文档', kind_en: 'a Word document' });
  if (!names(bytes, 'Workbook') && !names(bytes, 'Book')) throw damaged();
  const { read } = await import('@e965/xlsx');
  try {
    const workbook = read(bytes, {
      type: 'buffer', dense: true, cellNF: true, cellText: false, cellHTML: false, cellFormula: false, bookVBA: false,
      sheetRows: MOST_ROWS + 1,
    });
    const since1904 = workbook.Workbook?.WBProps?.date1904 === true;
    return workbook.SheetNames.slice(0, 20).map((name) => tableOf(workbook.Sheets[name], since1904));
  } catch (error) {
    if (error instanceof Error && error.name === 'Refusal') throw error;
    if (error instanceof Error && /password|encrypt/i.test(error.message)) throw refusals.statement_file_encrypted();
    // The library tells damage by whatever it stumbles over.
    throw damaged();
  }
}

/** Sheets → rows → cells as text; numbers exact, days as "YYYY-MM-DD[ hh:mm:ss]". Refusals: statement_file_damaged,
 *  statement_file_unsafe, statement_file_encrypted, statement_file_kind, statement_too_large. */
export async function sheetRows(bytes: Uint8Array): Promise<string[][][]> {
  if (!isZip(bytes)) return biffRows(bytes);
  const entries = zipEntries(bytes);
  if (!entries.some(({ name }) => name.replaceAll('\\', '/').toLowerCase() === 'xl/workbook.xml')) throw otherZip(entries);
  return workbookRows(entries);
}
