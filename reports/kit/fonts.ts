// The two faces every report is printed with: Noto Sans SC regular and bold. Each file is read and
// parsed once per process. Advance widths and glyph numbers are remembered per character, because
// asking the font for each cell again is what makes large months slow. Text is set character by
// character, without kerning: columns of a ledger want even figures more than tight Latin pairs.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { create } from 'fontkit';
import type { Font } from 'fontkit';

const files = createRequire(import.meta.url);
const LIMIT = 0x30000;

export interface Face {
  readonly name: 'regular' | 'bold';
  readonly font: Font;
  /** Glyph number of a character; 0 when the font has none. */
  glyph(codePoint: number): number;
  /** Advance width in thousandths of the font size. */
  advance(codePoint: number): number;
}

const REGULAR = '400Regular/NotoSansSC_400Regular.ttf';
const readFont = (file: string): Font =>
  create(readFileSync(files.resolve(`@expo-google-fonts/noto-sans-sc/${file}`))) as Font;

let covered: readonly number[] | undefined;
/** Every character that can be printed. The font itself is let go again: who only asks this does
 *  not print. */
export const printableCharacters = (): readonly number[] =>
  (covered ??= readFont(REGULAR).characterSet);

function openFace(name: Face['name'], file: string): Face {
  const font = readFont(file);
  const scale = 1000 / font.unitsPerEm;
  const glyphs = new Int32Array(LIMIT).fill(-1);
  const advances = new Float32Array(LIMIT);
  const learn = (codePoint: number): number => {
    const known = font.hasGlyphForCodePoint(codePoint);
    const found = font.glyphForCodePoint(codePoint);
    advances[codePoint] = found.advanceWidth * scale;
    glyphs[codePoint] = known ? found.id : 0;
    return glyphs[codePoint]!;
  };
  const glyph = (codePoint: number): number => {
    if (codePoint >= LIMIT) return 0;
    const found = glyphs[codePoint]!;
    return found < 0 ? learn(codePoint) : found;
  };
  const advance = (codePoint: number): number => {
    if (codePoint >= LIMIT) return 1000;
    if (glyphs[codePoint]! < 0) learn(codePoint);
    return advances[codePoint]!;
  };
  return { name, font, glyph, advance };
}

let opened: { regular: Face; bold: Face } | undefined;

/** Both faces cover the same 30,890 characters. */
export function faces(): { readonly regular: Face; readonly bold: Face } {
  opened ??= {
    regular: openFace('regular', REGULAR),
    bold: openFace('bold', '700Bold/NotoSansSC_700Bold.ttf'),
  };
  return opened;
}

/** Characters that show nothing by themselves: controls, joiners, direction marks, variants. */
const invisible = /[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Cf}]/u;

const code = (character: string): string =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** The visible characters of a text that the fonts cannot print, each once, in order. */
export function unprintable(text: string): string[] {
  const { regular } = faces();
  const missing = new Set<string>();
  for (const character of text) {
    if (regular.glyph(character.codePointAt(0)!) !== 0) continue;
    if (!invisible.test(character)) missing.add(character);
  }
  return [...missing];
}

/** A text as it can be printed. A character outside the font is not dropped and never becomes an
 *  empty box: its Unicode number stands for it, 〔U+20BB7〕. Line breaks stay. */
export function printable(given: string): string {
  const { regular } = faces();
  // The apostrophe of a Chinese font is as wide as a character: "Owners’ committee" would gape.
  const text = given.includes('\u2019') ? given.replace(/(?<=[A-Za-z])\u2019/g, "'") : given;
  let clean = true;
  for (let i = 0; i < text.length && clean; i += 1) {
    const unit = text.charCodeAt(i);
    clean = unit >= 0x20 && unit !== 0xad && regular.glyph(unit) !== 0;
  }
  if (clean) return text;
  let out = '';
  for (const character of text.replace(/\r\n?|[\u2028\u2029]/g, '\n')) {
    if (character === '\n') out += '\n';
    else if (character === '\t') out += ' ';
    else if (invisible.test(character)) continue;
    else
      out += regular.glyph(character.codePointAt(0)!) !== 0 ? character : `〔${code(character)}〕`;
  }
  return out;
}

/** Width in points. */
export function widthOf(text: string, face: Face, size: number): number {
  let width = 0;
  for (let i = 0; i < text.length; i += 1) {
    let unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit <= 0xdbff) {
      unit = text.codePointAt(i)!;
      if (unit > 0xffff) i += 1;
    }
    width += face.advance(unit);
  }
  return (width * size) / 1000;
}
