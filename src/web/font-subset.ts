// A web font with just the characters that are asked for, cut out of Noto Sans SC, as WOFF (W3C WOFF 1.0). fontkit
// cuts the outlines as a PDF wants them, without the tables by which a browser finds a character: those are put
// back here (OpenType cmap 4 and 12, name, OS/2, post). The same characters give the same bytes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import { create, type Font } from 'fontkit';

const SOURCE = '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf';
type Tables = Map<string, Buffer>;

function tablesOf(sfnt: Buffer): Tables {
  const tables: Tables = new Map();
  for (let i = 0; i < sfnt.readUInt16BE(4); i += 1) {
    const entry = 12 + 16 * i;
    const offset = sfnt.readUInt32BE(entry + 8);
    tables.set(sfnt.toString('latin1', entry, entry + 4), sfnt.subarray(offset, offset + sfnt.readUInt32BE(entry + 12)));
  }
  return tables;
}

const words = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => bytes.writeUInt16BE(value & 0xffff, 2 * index));
  return bytes;
};
const longs = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeUInt32BE(value >>> 0, 4 * index));
  return bytes;
};

interface Run { from: number; to: number; glyph: number }

/** Neighbouring characters with neighbouring glyphs. */
function runsOf(glyphs: readonly (readonly [character: number, glyph: number])[]): Run[] {
  const runs: Run[] = [];
  for (const [character, glyph] of glyphs) {
    const last = runs.at(-1);
    if (last !== undefined && character === last.to + 1 && glyph === last.glyph + character - last.from) last.to = character;
    else runs.push({ from: character, to: character, glyph });
  }
  return runs;
}

function cmapTable(glyphs: readonly (readonly [number, number])[]): Buffer {
  const basic = [...runsOf(glyphs.filter(([character]) => character < 0xffff)), { from: 0xffff, to: 0xffff, glyph: 0 }];
  const power = 2 ** Math.floor(Math.log2(basic.length));
  const format4 = Buffer.concat([
    words(4, 16 + 8 * basic.length, 0, 2 * basic.length, 2 * power, Math.log2(power), 2 * (basic.length - power)),
    words(...basic.map(({ to }) => to)), words(0), words(...basic.map(({ from }) => from)),
    words(...basic.map(({ from, glyph }) => (from === 0xffff ? 1 : glyph - from))), words(...basic.map(() => 0)),
  ]);
  const all = runsOf(glyphs);
  const format12 = Buffer.concat([words(12, 0), longs(16 + 12 * all.length, 0, all.length),
    ...all.map(({ from, to, glyph }) => longs(from, to, glyph))]);
  return Buffer.concat([words(0, 2), words(3, 1), longs(20), words(3, 10), longs(20 + format4.length), format4, format12]);
}

function nameTable(family: string): Buffer {
  const names = [[1, family], [2, 'Regular'], [4, family], [6, family.replace(/\s/g, '')]] as const;
  let at = 0;
  const texts = names.map(([, text]) => Buffer.from(text, 'utf16le').swap16());
  const entries = names.map(([id], index) => {
    const entry = words(3, 1, 0x409, id, texts[index]!.length, at);
    at += texts[index]!.length;
    return entry;
  });
  return Buffer.concat([words(0, names.length, 6 + 12 * names.length), ...entries, ...texts]);
}

const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);

function checksum(table: Buffer): number {
  let sum = 0;
  for (let at = 0; at < table.length; at += 4) {
    sum = (sum + padded(table.subarray(at, at + 4)).readUInt32BE()) >>> 0;
  }
  return sum;
}

function woffOf(tables: Tables): Buffer {
  const names = [...tables.keys()].sort();
  const entries: Buffer[] = [];
  const blocks: Buffer[] = [];
  let at = 44 + 20 * names.length;
  let unpacked = 12 + 16 * names.length;
  for (const name of names) {
    const table = tables.get(name)!;
    const deflated = deflateSync(table, { level: 9 });
    const block = deflated.length < table.length ? deflated : table;
    entries.push(Buffer.from(name, 'latin1'), longs(at, block.length, table.length, checksum(table)));
    blocks.push(padded(block));
    at += padded(block).length;
    unpacked += padded(table).length;
  }
  const head = Buffer.concat([Buffer.from('wOFF'), longs(0x00010000, at), words(names.length, 0), longs(unpacked),
    words(1, 0), longs(0, 0, 0, 0, 0)]);
  return Buffer.concat([head, ...entries, ...blocks]);
}

/** The WOFF file. Characters that Noto Sans SC does not have are left out. */
export function subsetFont(characters: Iterable<string>, family: string): Buffer {
  const path = createRequire(import.meta.url).resolve(SOURCE);
  const source = readFileSync(path);
  const font = create(source) as Font;
  const subset = font.createSubset();
  const wanted = [...new Set([...characters].map((character) => character.codePointAt(0)!))].sort((a, b) => a - b);
  const glyphs = wanted.filter((character) => font.hasGlyphForCodePoint(character))
    .map((character) => [character, subset.includeGlyph(font.glyphForCodePoint(character)) as unknown as number] as const);
  const cut = tablesOf(Buffer.from(subset.encode()));
  const before = tablesOf(source);
  const tables: Tables = new Map(['head', 'hhea', 'maxp', 'hmtx', 'loca', 'glyf'].map((name) => [name, cut.get(name)!]));
  tables.set('OS/2', before.get('OS/2')!).set('cmap', cmapTable(glyphs)).set('name', nameTable(family))
    // Version 3: without names of glyphs.
    .set('post', Buffer.concat([longs(0x00030000), before.get('post')!.subarray(4, 32)]));
  return woffOf(tables);
}
