// A bank's file, whatever it is called, becomes a proven statement (银行对账单) or a refusal. What it is, is told by its
// content: a ZIP is a workbook, a compound file an old workbook, "<" an XML message or a table in HTML, ":20:" or "{1:" a
// SWIFT message, anything else a table of text. Production reads in a thread of its own (read-aside.ts).
import { camtStatement, looksLikeCamt } from './camt.ts';
import { proveChain } from './chain.ts';
import { isCompound } from './compound.ts';
import { looksLikeMt940, mt940Statement } from './mt940.ts';
import { refusals } from './read-refusals.ts';
import { looksLikeTableXml, tableXmlRows } from './spreadsheet-2003.ts';
import { sheetRows } from './spreadsheet.ts';
import type { ReadOptions, ReadStatement } from './statement.ts';
import { readTables } from './table-read.ts';
import { looksLikeHtml, textRows } from './table.ts';
import { decodeText } from './text.ts';
import { isZip } from './zip.ts';

export const LARGEST_STATEMENT = 20 * 1024 * 1024;

/** How files begin that are no text and no table. */
const otherKinds: readonly { begins: readonly string[]; kind_zh: string; kind_en: string }[] = [
  { begins: ['%PDF-'], kind_zh: 'PDF', kind_en: 'a PDF' },
  { begins: ['\u0089PNG', '\u00ff\u00d8\u00ff', 'GIF8', 'II*\u0000', 'MM\u0000*', 'RIFF'], kind_zh: '图片', kind_en: 'a picture' },
  {
    begins: ['Rar!', '7z\u00bc\u00af', '\u001f\u008b', 'BZh', '\u00fd7zXZ'],
    kind_zh: '压缩包，请先解压，再交里面的文件', kind_en: 'an archive (please unpack it and hand in the file inside)',
  },
  { begins: ['{\\rtf'], kind_zh: 'RTF 文档', kind_en: 'an RTF document' },
];

/** Refusal: statement_file_kind. */
export function refuseOtherKinds(bytes: Uint8Array): void {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 16)).toString('latin1');
  for (const { begins, ...kind } of otherKinds) if (begins.some((mark) => head.startsWith(mark))) throw refusals.statement_file_kind(kind);
}

/** Refusals: statement_file_empty, statement_too_large. */
export function refuseTooLarge(bytes: Uint8Array): void {
  if (bytes.length === 0) throw refusals.statement_file_empty();
  if (bytes.length <= LARGEST_STATEMENT) return;
  const megabytes = Math.ceil(bytes.length / 1024 / 1024);
  throw refusals.statement_too_large({ what_zh: `有 ${megabytes} MB`, what_en: `${megabytes} MB`, limit: '20 MB' });
}

function readText(text: string, options: ReadOptions): ReadStatement {
  const begins = text.trimStart();
  if (begins === '') throw refusals.statement_file_empty();
  if (looksLikeMt940(begins)) return { kind: 'statement', statement: proveChain(mt940Statement(text), options) };
  if (begins.startsWith('<') && !looksLikeHtml(begins)) {
    if (looksLikeTableXml(begins)) return readTables(tableXmlRows(text), options);
    if (looksLikeCamt(begins)) return { kind: 'statement', statement: proveChain(camtStatement(text), options) };
    throw refusals.statement_file_kind({ kind_zh: 'XML 文件，但不是 camt.053 对账单', kind_en: 'an XML file, but no camt.053 statement' });
  }
  const rows = textRows(text);
  refuseCutOff(text, rows);
  return readTables([rows], options);
}

/** A text that ends within a line of the table, without a line break, was cut off: a figure in it may have lost digits, and
 *  where only one line is left nothing else would tell. */
function refuseCutOff(text: string, rows: readonly (readonly string[])[]): void {
  const [before, last] = rows.slice(-2);
  if (before === undefined || last === undefined || /[\r\n>]\s*$/.test(text)) return;
  if (last.length < before.length && last.some((cell) => /^["'=\s]*(?:19|20)\d\d(?:[-/.年]\d{1,2}[-/.月]\d|[01]\d[0-3]\d)/.test(cell))) {
    throw refusals.statement_file_damaged({ what_zh: `第 ${rows.length} 行只有一半`, what_en: `line ${rows.length} is cut off` });
  }
}

/** The statement in a file, proven (chain.ts), or a preview for the mapping screen where it is a table of an unknown
 *  layout. Refusals: those of read-refusals.ts and refusals.ts; nothing else is thrown. */
export async function readStatement(bytes: Uint8Array, options: ReadOptions = {}): Promise<ReadStatement> {
  refuseTooLarge(bytes);
  if (isZip(bytes) || isCompound(bytes)) return readTables(await sheetRows(bytes), options);
  refuseOtherKinds(bytes);
  return readText(decodeText(bytes), options);
}
