// Workbooks in .xlsx (Office Open XML): sheets → rows → cells as text. Read piece by piece, row by row, so that a sheet of
// 64 MB of XML never lies in memory; what the sheet says of its own size (<dimension>) is not believed. Formulas give the
// value they had, macros and pictures are never opened.
import { isUtf8 } from 'node:buffer';
import { refusals } from './read-refusals.ts';
import { cellText, isDayFormat, MOST_COLUMNS, MOST_MERGED, type Merged, type Sheet } from './spreadsheet-value.ts';
import { MOST_LINES, MOST_ROWS } from './table.ts';
import type { ZipEntry } from './zip.ts';

const LARGEST_ROW = 4 * 1024 * 1024;
const LARGEST_PART = 4 * 1024 * 1024;
const MOST_SHEETS = 20;

const damaged = (what_zh: string, what_en: string): Error => refusals.statement_file_damaged({ what_zh, what_en });
const broken = (name: string): Error => damaged(`工作簿里的 ${name.slice(0, 60)}`, `${name.slice(0, 60)} in the workbook`);
const tooLarge = (what_zh: string, what_en: string, limit: string): Error => refusals.statement_too_large({ what_zh, what_en, limit });

/** A piece of XML: `text` has one character a byte, so that positions in it are positions in `bytes`. */
interface Piece { bytes: Buffer; text: string }

function checked(bytes: Buffer, name: string): Piece {
  if (!isUtf8(bytes)) throw broken(name);
  const text = bytes.toString('latin1');
  // A document type may define entities; no spreadsheet writes one.
  if (text.includes('<!')) throw refusals.statement_file_unsafe({ what_zh: '工作簿里有 DTD 或注释', what_en: 'a document type or a comment in the workbook' });
  return { bytes, text };
}

/** Cut after the last closing tag that has arrived: each piece holds whole rows (or strings). */
async function* pieces(entry: ZipEntry, closing: RegExp): AsyncGenerator<Piece> {
  let waiting: Buffer[] = [];
  let size = 0;
  for await (const part of entry.pieces()) {
    waiting.push(part);
    size += part.length;
    if (size < 256 * 1024) continue;
    const bytes = Buffer.concat(waiting);
    const text = bytes.toString('latin1');
    let cut = 0;
    for (const found of text.matchAll(closing)) cut = found.index + found[0].length;
    if (cut > 0) yield checked(Buffer.from(bytes.subarray(0, cut)), entry.name);
    else if (size > LARGEST_ROW) throw tooLarge('有一行太长', 'one row is too long', '4 MB');
    waiting = [bytes.subarray(cut)];
    size = bytes.length - cut;
  }
  if (size > 0) yield checked(Buffer.concat(waiting), entry.name);
}

interface Tag { name: string; attributes: string; opens: boolean; closes: boolean; from: number; to: number }

/** The tags of a piece, without the prefix that some programs write before every name. */
export function* tags({ text }: { text: string }): Generator<Tag> {
  const pattern = /<(\/?)(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)([^<>]*)>/g;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const attributes = found[3]!;
    const alone = attributes.endsWith('/');
    yield { name: found[2]!, attributes, opens: found[1] === '', closes: found[1] !== '' || alone, from: found.index, to: pattern.lastIndex };
  }
}
export const attribute = (attributes: string, name: string): string | undefined =>
  new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)?.slice(1).find((value) => value !== undefined);

const entities: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
export function unescaped(text: string): string {
  if (!text.includes('&') && !text.includes('_x')) return text;
  return text
    .replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]{2,4}));/g, (all, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? all;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? '\ufffd' : String.fromCodePoint(code);
    })
    .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
const textOf = ({ bytes }: Piece, from: number, to: number): string => (to > from ? unescaped(bytes.toString('utf8', from, to)) : '');

async function small(entry: ZipEntry): Promise<Piece> {
  if (entry.size > LARGEST_PART) throw tooLarge('工作簿的样式太多', 'the workbook has too many styles', '4 MB');
  return checked(await entry.whole(), entry.name);
}

/** <si>: the text of all <t> in it, without the reading aids of <rPh>. */
async function sharedStrings(entry: ZipEntry): Promise<string[]> {
  const strings: string[] = [];
  for await (const piece of pieces(entry, /<\/(?:[\w.-]+:)?si>/g)) {
    let text = '';
    let from = -1;
    let aid = false;
    for (const tag of tags(piece)) {
      if (tag.name === 'si') {
        if (tag.opens) text = '';
        if (tag.closes) strings.push(text);
      } else if (tag.name === 'rPh') aid = tag.opens && !tag.closes;
      else if (tag.name === 't' && !aid) {
        if (tag.opens && !tag.closes) from = tag.to;
        else if (!tag.opens && from >= 0) [text, from] = [text + textOf(piece, from, tag.from), -1];
      }
    }
  }
  return strings;
}

/** For each cell style: whether it shows a day. */
async function dayStyles(entry: ZipEntry): Promise<boolean[]> {
  const codes = new Map<number, string>();
  const styles: boolean[] = [];
  let inside = false;
  const piece = await small(entry);
  for (const { name, attributes, opens, closes } of tags(piece)) {
    if (name === 'numFmt' && opens) codes.set(Number(attribute(attributes, 'numFmtId')), unescaped(attribute(attributes, 'formatCode') ?? ''));
    if (name === 'cellXfs') inside = opens && !closes;
    if (name === 'xf' && opens && inside) {
      const id = Number(attribute(attributes, 'numFmtId') ?? 0);
      styles.push(isDayFormat(id, codes.get(id)));
    }
  }
  return styles;
}

interface Workbook { sheets: { name: string; entry: ZipEntry }[]; since1904: boolean }

/** Sheets in their order, through workbook.xml and its relations; charts and other parts are no sheets. */
async function workbook(entries: ReadonlyMap<string, ZipEntry>): Promise<Workbook> {
  const main = entries.get('xl/workbook.xml');
  const relations = entries.get('xl/_rels/workbook.xml.rels');
  if (main === undefined || relations === undefined) throw damaged('工作簿缺少目录', 'the workbook lacks its list of sheets');
  const targets = new Map<string, string>();
  for (const { name, attributes, opens } of tags(await small(relations))) {
    if (name !== 'Relationship' || !opens || attribute(attributes, 'Type')?.endsWith('/worksheet') !== true) continue;
    targets.set(attribute(attributes, 'Id') ?? '', attribute(attributes, 'Target') ?? '');
  }
  const sheets: Workbook['sheets'] = [];
  let since1904 = false;
  for (const { name, attributes, opens } of tags(await small(main))) {
    if (!opens) continue;
    if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attribute(attributes, 'date1904') ?? '');
    if (name !== 'sheet') continue;
    const target = targets.get(attribute(attributes, '(?:[\\w.-]+:)?id') ?? '');
    if (target === undefined) continue;
    const sheet = entries.get((target.startsWith('/') ? target.slice(1) : `xl/${target}`).toLowerCase());
    if (sheet === undefined) throw broken(target);
    sheets.push({ name: unescaped(Buffer.from(attribute(attributes, 'name') ?? '', 'latin1').toString('utf8')), entry: sheet });
  }
  if (sheets.length > MOST_SHEETS) throw tooLarge(`有 ${sheets.length} 张工作表`, `${sheets.length} sheets`, String(MOST_SHEETS));
  return { sheets, since1904 };
}

function columnOf(letters: string): number {
  let column = 0;
  for (let at = 0; at < letters.length; at += 1) column = column * 26 + letters.charCodeAt(at) - 64;
  return column - 1;
}

interface Legend { strings: readonly string[]; days: readonly boolean[]; since1904: boolean; name: string }
interface Cell { column: number; type: string; style: number }

function valueOf(cell: Cell, own: string, legend: Legend): string {
  if (cell.type === 's') {
    const text = /^\d{1,7}$/.test(own) ? legend.strings[Number(own)] : undefined;
    if (text === undefined && own !== '') throw broken(legend.name);
    return text ?? '';
  }
  if (cell.type === 'b') return own === '1' ? 'TRUE' : 'FALSE';
  if (cell.type === 'd') return own.replace(/(\.\d+)?Z?$/, '').replace('T', ' ').replace(/ 00:00:00$/, '');
  if (cell.type === 'n') return cellText(own, legend.days[cell.style] ?? false, legend.since1904);
  return own;
}

/** Rows of a sheet; a row that is left out becomes an empty one, so that a row keeps its number. */
async function sheetOf(entry: ZipEntry, legend: Legend): Promise<Omit<Sheet, 'name'>> {
  const rows: string[][] = [];
  const merged: Merged[] = [];
  for await (const piece of pieces(entry, /<\/(?:[\w.-]+:)?row>/g)) readRows(piece, rows, legend, merged);
  while (rows.length > 0 && rows.at(-1)!.length === 0) rows.pop();
  return { rows, merged };
}

/** "A2:B9", rows and columns from 0. */
function mergedRange(ref: string | undefined, name: string): Merged {
  const found = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})$/.exec(ref ?? '');
  if (found === null) throw broken(name);
  const range = { top: Number(found[2]) - 1, bottom: Number(found[4]) - 1, left: columnOf(found[1]!), right: columnOf(found[3]!) };
  if (range.top < 0 || range.bottom < range.top || range.right < range.left) throw broken(name);
  return range;
}

function openRow(rows: string[][], attributes: string, name: string): string[] {
  const said = attribute(attributes, 'r');
  const number = said === undefined ? rows.length + 1 : Number(said);
  if (!Number.isInteger(number) || number <= rows.length) throw broken(name);
  if (number > MOST_ROWS) throw tooLarge(`有第 ${number} 行`, `it has a row ${number}`, `${MOST_LINES} 行`);
  while (rows.length < number - 1) rows.push([]);
  const row: string[] = [];
  rows.push(row);
  return row;
}

function openCell(attributes: string, row: readonly string[], rows: number, name: string): Cell {
  const place = attribute(attributes, 'r');
  let column = row.length;
  if (place !== undefined) {
    const found = /^([A-Z]{1,3})(\d{1,7})$/.exec(place);
    if (found === null || Number(found[2]) !== rows) throw broken(name);
    column = columnOf(found[1]!);
    if (column < row.length) throw broken(name);
  }
  return { column, type: attribute(attributes, 't') ?? 'n', style: Number(attribute(attributes, 's') ?? 0) };
}

/** Empty cells on the right of a row are not kept. */
function put(row: string[], column: number, text: string): void {
  if (text === '') return;
  if (column >= MOST_COLUMNS) throw tooLarge(`有第 ${column + 1} 列`, `it has a column ${column + 1}`, `${MOST_COLUMNS} 列`);
  while (row.length < column) row.push('');
  row.push(text);
}

function readRows(piece: Piece, rows: string[][], legend: Legend, merged: Merged[]): void {
  let row: string[] | null = null;
  let cell: Cell | null = null;
  let own = '';
  let from = -1;
  let aid = false;
  for (const tag of tags(piece)) {
    switch (tag.name) {
      case 'row':
        if (tag.opens) row = openRow(rows, tag.attributes, legend.name);
        if (tag.closes) row = null;
        break;
      case 'c':
        if (tag.opens) {
          if (row === null) throw broken(legend.name);
          cell = openCell(tag.attributes, row, rows.length, legend.name);
          own = '';
        }
        if (tag.closes) {
          if (row === null || cell === null) throw broken(legend.name);
          if (own !== '') put(row, cell.column, valueOf(cell, own, legend));
          cell = null;
        }
        break;
      case 'rPh':
        aid = tag.opens && !tag.closes;
        break;
      case 'mergeCell':
        if (tag.opens && merged.length < MOST_MERGED) merged.push(mergedRange(attribute(tag.attributes, 'ref'), legend.name));
        break;
      case 'v':
      case 't':
        if (cell === null || aid || tag.attributes.endsWith('/')) break;
        if (tag.opens) from = tag.to;
        else if (from >= 0) [own, from] = [own + textOf(piece, from, tag.from), -1];
        break;
      default:
    }
  }
  if (row !== null || cell !== null || from >= 0) throw broken(legend.name);
}

/** The sheets. Refusals: statement_file_damaged, statement_file_unsafe, statement_too_large. */
export async function workbookSheets(list: readonly ZipEntry[]): Promise<Sheet[]> {
  const entries = new Map(list.map((entry) => [entry.name.replaceAll('\\', '/').toLowerCase(), entry]));
  const { sheets, since1904 } = await workbook(entries);
  const strings = entries.get('xl/sharedstrings.xml');
  const styles = entries.get('xl/styles.xml');
  const legend = {
    strings: strings === undefined ? [] : await sharedStrings(strings),
    days: styles === undefined ? [] : await dayStyles(styles),
    since1904,
  };
  const read: Sheet[] = [];
  for (const { name, entry } of sheets) read.push({ name, ...await sheetOf(entry, { ...legend, name: entry.name }) });
  return read;
}
