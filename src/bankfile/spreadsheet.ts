// Workbooks as tables of text: .xlsx (spreadsheet-xml.ts) and the old binary .xls (spreadsheet-biff.ts), by their content.
// Read here and not by a library, since those that read everything build the whole workbook in memory first: ten times
// the file, where these take its rows and nothing else. Numbers and days are told in spreadsheet-value.ts.
import { refusals } from './read-refusals.ts';
import { biffSheets } from './spreadsheet-biff.ts';
import type { Sheet } from './spreadsheet-value.ts';
import { workbookSheets } from './spreadsheet-xml.ts';
import { MOST_ROWS } from './table.ts';
import { isZip, zipEntries, type ZipEntry } from './zip.ts';

/** What a ZIP is when it is no workbook. */
function otherZip(entries: readonly ZipEntry[]): Error {
  const has = (name: string): boolean => entries.some((entry) => entry.name.toLowerCase() === name);
  if (has('ofd.xml')) return refusals.statement_file_kind({ kind_zh: 'OFD 版式文件', kind_en: 'an OFD document' });
  if (has('word/document.xml')) return refusals.statement_file_kind({ kind_zh: 'Word 文档', kind_en: 'a Word document' });
  if (has('xl/workbook.bin')) return refusals.statement_file_kind({ kind_zh: 'Excel 二进制工作簿（.xlsb）', kind_en: 'a binary workbook (.xlsb)' });
  if (has('content.xml')) return refusals.statement_file_kind({ kind_zh: 'OpenDocument 文件', kind_en: 'an OpenDocument file' });
  return refusals.statement_file_kind({ kind_zh: '压缩包，请先解压，再交里面的文件', kind_en: 'an archive (please unpack it and hand in the file inside)' });
}

/** The sheets of a workbook with their names and merged cells; cells as text, numbers exact, days as
 *  "YYYY-MM-DD[ hh:mm:ss]". Refusals: statement_file_damaged, statement_file_unsafe, statement_file_encrypted,
 *  statement_file_kind, statement_too_large. */
export async function workbookSheetsOf(bytes: Uint8Array): Promise<Sheet[]> {
  if (!isZip(bytes)) return biffSheets(bytes, MOST_ROWS);
  const entries = zipEntries(bytes);
  if (!entries.some(({ name }) => name.replaceAll('\\', '/').toLowerCase() === 'xl/workbook.xml')) throw otherZip(entries);
  return workbookSheets(entries);
}

/** Sheets → rows → cells, for tables in which merged cells say nothing. Refusals as above. */
export const sheetRows = async (bytes: Uint8Array): Promise<string[][][]> => (await workbookSheetsOf(bytes)).map(({ rows }) => rows);
