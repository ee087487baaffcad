// A bank's table as rows of cells, from text (comma, tab, semicolon, bar) and from the HTML that many banks name .xls.
// Cells are as they stand; what they mean is for layout.ts. Every step is linear in the length of the text, and rows,
// columns and cells are counted, so that a hostile file is refused and not computed.
import { parse } from 'csv-parse/sync';
import { MOST_PREAMBLE_ROWS, recognise } from './layout.ts';
import { layouts } from './layouts.ts';
import { refusals } from './refusals.ts';

/** Lines of one file at most, and the rows around them (preamble, totals, notes, headers of pages). */
export const MOST_LINES = 200_000;
export const MOST_ROWS = MOST_LINES + 10_000;
/** The widest known export has some fifty columns. */
const MOST_COLUMNS = 300;
/** Cells of a whole file: the longest export of the widest bank has some eight million. */
const MOST_CELLS = 10_000_000;
/** Empty cells that colspan stands for. */
const MOST_SPANNED = 500_000;

const tooLong = (rows: number): Error => refusals.statement_too_long({ rows, limit: MOST_LINES });

/** True for HTML with a table in it, whatever the file is called; not for the XML that Excel writes itself. */
export function looksLikeHtml(text: string): boolean {
  const head = text.slice(0, 20_000).trimStart().replace(/^\ufeff/, '');
  return head.startsWith('<') && !/<Workbook[\s>]/.test(head) && /<(?:table|tr|html|body|meta)[\s>]/i.test(head);
}

/** Rows of the table in a text. Row n of the answer is row n of the file as a spreadsheet shows it (from 1).
 *  Refusals: statement_text_broken, statement_too_long. */
export const textRows = (text: string): string[][] => (looksLikeHtml(text) ? htmlRows(text) : delimitedRows(text));

const delimiters = [',', '\t', ';', '|'] as const;

/** The delimiters by how wide they make the first lines: a title or a note has few cells, the table many. On a tie the
 *  earlier one: cells that are padded with a tab before each comma are separated by commas. */
function byWidth(head: readonly string[]): string[] {
  const widest = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  for (const line of head) {
    const counts = new Map<string, number>();
    let quoted = false;
    for (let at = 0; at < line.length; at += 1) {
      const character = line[at]!;
      if (character === '"') quoted = !quoted;
      // A tab that pads a cell separates nothing.
      else if (character === '\t' && /[,;|"]/.test(line[at + 1] ?? ',')) continue;
      else if (!quoted && widest.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    for (const [delimiter, count] of counts) if (count > widest.get(delimiter)!) widest.set(delimiter, count);
  }
  return [...widest].filter(([, width]) => width > 0).sort((a, b) => b[1] - a[1]).map(([delimiter]) => delimiter);
}

/** The delimiter with which a known header stands there, else the one that makes the widest table: a memo full of
 *  commas does not turn a table of tabs into one of commas. */
function delimiterOf(text: string): string {
  const head = text.slice(0, 64_000).split(/\r\n|\n|\r/, MOST_PREAMBLE_ROWS);
  const candidates = byWidth(head);
  return candidates.find((delimiter) => recognise(head.map((line) => headerCells(line, delimiter)), layouts) !== null) ?? candidates[0] ?? ',';
}

/** Cells of a header: its headings hold neither delimiters nor quotation marks, so no more is needed. */
const headerCells = (line: string, delimiter: string): string[] =>
  line.replace(/^\ufeff/, '').split(delimiter).map((cell) => cell.trim().replace(/^"|"$/g, ''));

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}

function delimitedRows(text: string): string[][] {
  const delimiter = delimiterOf(text);
  const breaks = occurrences(text, '\n');
  if (breaks > MOST_ROWS) throw tooLong(breaks);
  if (occurrences(text, delimiter) > MOST_CELLS) throw tooLong(breaks);
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: 100_000,
    }) as string[][];
  } catch (error) {
    // csv-parse names the line where the quotation began, or where the record grew beyond all bounds.
    const line = (error as { lines?: number }).lines;
    throw refusals.statement_text_broken({ row: line ?? 1 });
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', yen: '¥', ensp: ' ', emsp: ' ', middot: '·', mdash: '—', ndash: '–',
};

/** &amp; &#20013; &#x4e2d; → characters; what is no known entity stays as it stands. Decoded once, never again. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,6}));/g, (all, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return entities[name.toLowerCase()] ?? all;
    const code = decimal !== undefined ? Number(decimal) : Number.parseInt(hex!, 16);
    return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code === 0 ? '\ufffd' : String.fromCodePoint(code);
  });
}

/** A row that is open: where it will stand, its cells, the text of the cell that is open. */
interface OpenRow { at: number; cells: string[]; cell: string[] | null; span: number }

const tagShape = /^<(\/?)([a-zA-Z][a-zA-Z0-9:]*)/;

/** Rows in the order in which they begin, tables in tables included: a layout table around the real one gives a row
 *  more, and its text does not mix with the rows inside. */
export function htmlRows(text: string): string[][] {
  const rows: string[][] = [];
  const open: OpenRow[] = [];
  let row: OpenRow | undefined;
  let spanned = 0;

  const endCell = (): void => {
    if (row === undefined || row.cell === null) return;
    row.cells.push(decodeEntities(row.cell.join('')).replace(/\s+/g, ' ').trim());
    for (let more = 1; more < row.span && row.cells.length < MOST_COLUMNS; more += 1) {
      row.cells.push('');
      spanned += 1;
    }
    if (spanned > MOST_SPANNED) throw tooLong(rows.length);
    row.cell = null;
  };
  const endRow = (): void => {
    endCell();
    if (row !== undefined) rows[row.at] = row.cells;
    row = undefined;
  };
  const beginRow = (): void => {
    if (rows.length >= MOST_ROWS) throw tooLong(rows.length);
    row = { at: rows.push([]) - 1, cells: [], cell: null, span: 1 };
  };

  let at = 0;
  while (at < text.length) {
    const next = text.indexOf('<', at);
    if (next > at) row?.cell?.push(text.slice(at, next));
    else if (next === -1) { row?.cell?.push(text.slice(at)); break; }
    if (text.startsWith('<!--', next)) {
      const end = text.indexOf('-->', next + 4);
      at = end === -1 ? text.length : end + 3;
      continue;
    }
    const found = tagShape.exec(text.slice(next, next + 24));
    if (found === null && text[next + 1] !== '!' && text[next + 1] !== '?') {
      // "金额 < 100" in a memo: a less-than sign, not a tag.
      row?.cell?.push('<');
      at = next + 1;
      continue;
    }
    const end = text.indexOf('>', next);
    if (end === -1) break;
    at = end + 1;
    if (found === null) continue;
    const closing = found[1] === '/';
    const name = found[2]!.toLowerCase();
    if (name === 'script' || name === 'style') {
      if (closing) continue;
      const close = new RegExp(`</${name}`, 'gi');
      close.lastIndex = at;
      at = close.exec(text)?.index ?? text.length;
    } else if (name === 'table') {
      if (closing) {
        endRow();
        const outer = open.pop();
        row = outer === undefined || outer.at < 0 ? undefined : outer;
      } else {
        if (open.length >= 50) throw refusals.statement_text_broken({ row: rows.length + 1 });
        // The outer row waits; where there is none, a row without a place keeps count of the depth.
        if (row !== undefined || open.length > 0) open.push(row ?? { at: -1, cells: [], cell: null, span: 1 });
        row = undefined;
      }
    } else if (name === 'tr') {
      endRow();
      if (!closing) beginRow();
    } else if (name === 'td' || name === 'th') {
      endCell();
      if (!closing) {
        if (row === undefined) beginRow();
        if (row!.cells.length >= MOST_COLUMNS) continue;
        row!.cell = [];
        const span = /\bcolspan\s*=\s*["']?(\d{1,4})/i.exec(text.slice(next, Math.min(end, next + 2_000)));
        row!.span = span === null ? 1 : Number(span[1]);
      }
    } else if (name === 'br' || name === 'p' || name === 'div') row?.cell?.push(' ');
  }
  endRow();
  while (open.length > 0) {
    row = open.pop();
    if (row!.at >= 0) endRow();
  }
  return rows;
}
