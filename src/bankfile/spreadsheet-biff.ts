// Workbooks in .xls (BIFF8, and BIFF5 of older programs): records one after the other, sheets → rows → cells as text.
// Formulas give the value they had; macros, charts and everything else are passed over by their length.
import { openCompound } from './compound.ts';
import { refusals } from './read-refusals.ts';
import { cellText, isDayFormat, MOST_COLUMNS, MOST_MERGED, numberText, type Merged, type Sheet } from './spreadsheet-value.ts';

const damaged = (): Error => refusals.statement_file_damaged({ what_zh: 'Excel 工作簿', what_en: 'the Excel workbook' });
const MOST_SHEETS = 20;
const MOST_TEXT = 32_767;

const record = {
  formula: 0x06, end: 0x0a, day1904: 0x22, password: 0x2f, more: 0x3c, sheet: 0x85, numbers: 0xbd, richText: 0xd6, style: 0xe0, merged: 0xe5, strings: 0xfc, sharedText: 0xfd,
  number: 0x203, text: 0x204, truth: 0x205, formulaText: 0x207, shortNumber: 0x27e, format: 0x41e, begin: 0x809,
} as const;

interface Records { type: number; data: Buffer; at: number }

function* records(stream: Buffer, from = 0): Generator<Records> {
  for (let at = from; at + 4 <= stream.length;) {
    const [type, length] = [stream.readUInt16LE(at), stream.readUInt16LE(at + 2)];
    if (at + 4 + length > stream.length) throw damaged();
    yield { type, data: stream.subarray(at + 4, at + 4 + length), at };
    at += 4 + length;
  }
}

/** Reads across a record and those that continue it. */
function pieces(parts: readonly Buffer[]): { u8(): number; u16(): number; u32(): number; skip(n: number): void; text(count: number, wide: boolean): string; left(): boolean } {
  let part = 0;
  let at = 0;
  const settle = (): void => {
    while (part < parts.length && at >= parts[part]!.length) [part, at] = [part + 1, at - parts[part]!.length];
    if (part >= parts.length) throw damaged();
  };
  const u8 = (): number => {
    settle();
    at += 1;
    return parts[part]![at - 1]!;
  };
  const u16 = (): number => u8() + u8() * 256;
  return {
    u8, u16, u32: () => u16() + u16() * 65_536,
    skip: (n) => {
      at += n;
      if (n > 0 && part < parts.length && at > parts[part]!.length) settle();
    },
    left: () => part < parts.length - 1 || (part < parts.length && at < parts[part]!.length),
    text: (count, wide) => {
      let found = '';
      let isWide = wide;
      for (let left = count; left > 0;) {
        if (at >= parts[part]!.length) {
          [part, at] = [part + 1, 0];
          if (part >= parts.length) throw damaged();
          // Text that goes on in the next record says anew how wide its characters are.
          isWide = (u8() & 1) === 1;
        }
        const size = isWide ? 2 : 1;
        const here = Math.min(left, Math.floor((parts[part]!.length - at) / size));
        if (here === 0) throw damaged();
        found += parts[part]!.toString(isWide ? 'utf16le' : 'latin1', at, at + here * size);
        at += here * size;
        left -= here;
      }
      return found;
    },
  };
}

/** SST: every text of the workbook once. */
function sharedStrings(parts: readonly Buffer[]): string[] {
  const read = pieces(parts);
  read.u32();
  const count = read.u32();
  const strings: string[] = [];
  while (strings.length < count && read.left()) {
    const length = read.u16();
    const flags = read.u8();
    const runs = (flags & 8) === 0 ? 0 : read.u16();
    const extra = (flags & 4) === 0 ? 0 : read.u32();
    if (length > MOST_TEXT) throw damaged();
    strings.push(read.text(length, (flags & 1) === 1));
    read.skip(runs * 4 + extra);
  }
  return strings;
}

/** Text with its length before it; BIFF5 has bytes in the code page of the machine, which in China is GBK. */
function lengthText(parts: readonly Buffer[], from: number, old: boolean, shortLength = false): string {
  const [first, ...rest] = parts;
  if (old) {
    const length = shortLength ? first!.readUInt8(from) : first!.readUInt16LE(from);
    const at = from + (shortLength ? 1 : 2);
    if (at + length > first!.length) throw damaged();
    try {
      return new TextDecoder('gb18030', { fatal: true }).decode(first!.subarray(at, at + length));
    } catch {
      throw damaged();
    }
  }
  const read = pieces([first!.subarray(from), ...rest]);
  const length = read.u16();
  const flags = read.u8();
  read.skip(((flags & 8) === 0 ? 0 : 2) + ((flags & 4) === 0 ? 0 : 4));
  return read.text(length, (flags & 1) === 1);
}

/** A name has one byte for its length and, unlike other texts, only the width of its characters among its flags. */
function sheetName(data: Buffer, old: boolean): string {
  if (old) return lengthText([data], 6, true, true);
  const length = data.readUInt8(6);
  const read = pieces([data.subarray(7)]);
  return read.text(length, (read.u8() & 1) === 1);
}

interface Legend { old: boolean; since1904: boolean; strings: string[]; days: boolean[]; sheets: { name: string; from: number }[] }

/** What holds for all sheets: texts, number formats, where the sheets begin. */
function globals(stream: Buffer): Legend {
  const legend: Legend = { old: false, since1904: false, strings: [], days: [], sheets: [] };
  const codes = new Map<number, string>();
  const styles: number[] = [];
  let shared: Buffer[] | null = null;
  let isFirst = true;
  for (const { type, data } of records(stream)) {
    if (isFirst) {
      if (type !== record.begin) throw damaged();
      const version = data.readUInt16LE(0);
      if (version !== 0x600 && version !== 0x500) throw damaged();
      legend.old = version === 0x500;
    }
    isFirst = false;
    if (type !== record.more && shared !== null && legend.strings.length === 0) legend.strings = sharedStrings(shared);
    if (type === record.end) break;
    if (type === record.password) throw refusals.statement_file_encrypted();
    if (type === record.day1904) legend.since1904 = data.readUInt16LE(0) === 1;
    else if (type === record.format) codes.set(data.readUInt16LE(0), lengthText([data], 2, legend.old, true));
    else if (type === record.style) styles.push(data.readUInt16LE(2));
    else if (type === record.strings) shared = [data];
    else if (type === record.more && shared !== null) shared.push(data);
    else if (type === record.sheet && data.readUInt8(5) === 0) legend.sheets.push({ name: sheetName(data, legend.old), from: data.readUInt32LE(0) });
    if (type !== record.strings && type !== record.more && legend.strings.length > 0) shared = null;
  }
  legend.days = styles.map((id) => isDayFormat(id, codes.get(id)));
  return legend;
}

function shortNumber(bits: number): number {
  let value: number;
  if ((bits & 2) === 2) value = bits >> 2;
  else {
    const wide = Buffer.alloc(8);
    wide.writeInt32LE(bits & ~3, 4);
    value = wide.readDoubleLE(0);
  }
  return (bits & 1) === 1 ? value / 100 : value;
}

/** Ranges of merged cells, eight bytes each. */
function mergedRanges(data: Buffer): Merged[] {
  return Array.from({ length: data.readUInt16LE(0) }, (_, i) => {
    const at = 2 + i * 8;
    return { top: data.readUInt16LE(at), bottom: data.readUInt16LE(at + 2), left: data.readUInt16LE(at + 4), right: data.readUInt16LE(at + 6) };
  });
}

function sheetOf(stream: Buffer, from: number, legend: Legend, mostRows: number): Omit<Sheet, 'name'> {
  const rows: string[][] = [];
  const merged: Merged[] = [];
  let waits: { row: number; column: number } | null = null;
  let depth = 0;
  const put = (row: number, column: number, text: string): void => {
    if (text === '') return;
    if (column >= MOST_COLUMNS) throw refusals.statement_too_large({ what_zh: `有第 ${column + 1} 列`, what_en: `it has a column ${column + 1}`, limit: `${MOST_COLUMNS} 列` });
    if (row >= mostRows) throw refusals.statement_too_large({ what_zh: `有第 ${row + 1} 行`, what_en: `it has a row ${row + 1}`, limit: `${mostRows} 行` });
    while (rows.length <= row) rows.push([]);
    const cells = rows[row]!;
    while (cells.length < column) cells.push('');
    cells[column] = text;
  };
  const number = (value: number, style: number): string =>
    (Math.abs(value) >= 1e15 ? numberText(String(value)) : cellText(String(value), legend.days[style] ?? false, legend.since1904));
  for (const { type, data } of records(stream, from)) {
    if (type === record.begin) depth += 1;
    else if (type === record.end) {
      depth -= 1;
      if (depth <= 0) return { rows, merged };
    }
    // What is nested in a sheet is a chart.
    if (depth !== 1) continue;
    if (type === record.formulaText && waits !== null) {
      put(waits.row, waits.column, lengthText([data], 0, legend.old));
      waits = null;
      continue;
    }
    if (type === record.merged) {
      if (merged.length < MOST_MERGED) merged.push(...mergedRanges(data));
      continue;
    }
    if (data.length < 6) continue;
    const [row, column, style] = [data.readUInt16LE(0), data.readUInt16LE(2), data.readUInt16LE(4)];
    switch (type) {
      case record.number:
        put(row, column, number(data.readDoubleLE(6), style));
        break;
      case record.shortNumber:
        put(row, column, number(shortNumber(data.readInt32LE(6)), style));
        break;
      case record.numbers:
        for (let at = 4; at + 6 <= data.length - 2; at += 6) put(row, column + (at - 4) / 6, number(shortNumber(data.readInt32LE(at + 2)), data.readUInt16LE(at)));
        break;
      case record.sharedText: {
        const text = legend.strings[data.readUInt32LE(6)];
        if (text === undefined) throw damaged();
        put(row, column, text);
        break;
      }
      case record.text:
      case record.richText:
        put(row, column, lengthText([data], 6, legend.old));
        break;
      case record.truth:
        put(row, column, data.readUInt8(7) === 1 ? '#ERR' : data.readUInt8(6) === 1 ? 'TRUE' : 'FALSE');
        break;
      case record.formula:
        if (data.readUInt16LE(12) !== 0xffff) put(row, column, number(data.readDoubleLE(6), style));
        else if (data.readUInt8(6) === 0) waits = { row, column };
        else if (data.readUInt8(6) === 1) put(row, column, data.readUInt8(8) === 1 ? 'TRUE' : 'FALSE');
        else if (data.readUInt8(6) === 2) put(row, column, '#ERR');
        break;
      default:
    }
  }
  throw damaged();
}

/** The sheets. Refusals: statement_file_damaged, statement_file_encrypted, statement_file_kind, statement_too_large. */
export function biffSheets(bytes: Uint8Array, mostRows: number): Sheet[] {
  try {
    const file = openCompound(bytes);
    if (file.has('EncryptedPackage')) throw refusals.statement_file_encrypted();
    if (file.has('WordDocument')) throw refusals.statement_file_kind({ kind_zh: 'Word 文档', kind_en: 'a Word document' });
    const stream = file.stream('Workbook') ?? file.stream('Book');
    if (stream === null) throw refusals.statement_file_kind({ kind_zh: '认不出的 Office 文件', kind_en: 'an Office file of an unknown kind' });
    const legend = globals(stream);
    if (legend.sheets.length > MOST_SHEETS) throw refusals.statement_too_large({ what_zh: `有 ${legend.sheets.length} 张工作表`, what_en: `${legend.sheets.length} sheets`, limit: String(MOST_SHEETS) });
    return legend.sheets.map(({ name, from }) => ({ name, ...sheetOf(stream, from, legend, mostRows) }));
  } catch (error) {
    // A figure that lies outside its record.
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
}
