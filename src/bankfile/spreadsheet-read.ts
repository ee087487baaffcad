// Any spreadsheet or text table as sheets of cells, whatever it is about: registers, settlement files. Unlike read.ts it
// looks for no statement; what the cells mean is for whoever asks. Production reads in a thread (read-aside.ts).
import { isCompound } from './compound.ts';
import { refuseOtherKinds, refuseTooLarge } from './read.ts';
import { refusals } from './read-refusals.ts';
import { looksLikeTableXml, tableXmlSheets } from './spreadsheet-2003.ts';
import { workbookSheetsOf } from './spreadsheet.ts';
import type { Sheet } from './spreadsheet-value.ts';
import { looksLikeHtml, textRows } from './table.ts';
import { decodeText } from './text.ts';
import { isZip } from './zip.ts';

export type { Merged, Sheet } from './spreadsheet-value.ts';

/** The sheets of .xlsx, .xls, the XML of Excel 2003, HTML and delimited text; a text is one sheet without a name.
 *  Refusals: those of read-refusals.ts, statement_text_broken, statement_too_long. */
export async function readSheets(bytes: Uint8Array): Promise<Sheet[]> {
  refuseTooLarge(bytes);
  if (isZip(bytes) || isCompound(bytes)) return workbookSheetsOf(bytes);
  refuseOtherKinds(bytes);
  const text = decodeText(bytes);
  const begins = text.trimStart();
  if (begins === '') throw refusals.statement_file_empty();
  if (begins.startsWith('<') && !looksLikeHtml(begins)) {
    if (looksLikeTableXml(begins)) return tableXmlSheets(text);
    throw refusals.statement_file_kind({ kind_zh: 'XML 文件，但不是表格', kind_en: 'an XML file, but no table' });
  }
  return [{ name: '', rows: textRows(text), merged: [] }];
}
