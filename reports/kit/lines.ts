// Breaking text into lines as Chinese is set: between any two characters, except that closing
// marks never open a line and opening marks never close one (避头尾); Latin words and figures
// stay whole unless one alone is longer than the line.
import { widthOf } from './fonts.ts';
import type { Face } from './fonts.ts';

const marks = (text: string): Set<number> => new Set([...text].map((mark) => mark.codePointAt(0)!));
const neverFirst = marks('，。、；：？！）】」』》〉〕％·…—”’,.;:?!)]}%/');
const neverLast = marks('（【「『《〈〔“‘([{');
const SPACE = 0x20;

const wide = (codePoint: number): boolean => codePoint >= 0x2e80;

function breakable(before: number, after: number): boolean {
  if (before === SPACE) return after !== SPACE;
  if (neverFirst.has(after) || neverLast.has(before)) return false;
  return wide(before) || wide(after) || before === 0x2d || before === 0x2f || before === 0xb7;
}

function breakParagraph(text: string, face: Face, limit: number, lines: string[]): void {
  let start = 0;
  let width = 0;
  let chance = -1;
  let widthAtChance = 0;
  let before = 0;
  for (let i = 0; i < text.length;) {
    const at = text.codePointAt(i)!;
    const advance = face.advance(at);
    if (i > start && breakable(before, at)) {
      chance = i;
      widthAtChance = width;
    }
    if (width + advance > limit && at !== SPACE && i > start) {
      const cut = chance > start ? chance : i;
      lines.push(text.slice(start, cut));
      width = chance > start ? width - widthAtChance : 0;
      start = cut;
      chance = -1;
    }
    width += advance;
    before = at;
    i += at > 0xffff ? 2 : 1;
  }
  lines.push(text.slice(start));
}

/** The lines of a printable text in a column of `width` points. Always at least one line. */
export function breakLines(text: string, face: Face, size: number, width: number): string[] {
  const limit = (width * 1000) / size + 0.01;
  const lines: string[] = [];
  for (const paragraph of text.includes('\n') ? text.split('\n') : [text]) {
    if (widthOf(paragraph, face, 1000) <= limit) lines.push(paragraph);
    else breakParagraph(paragraph, face, limit, lines);
  }
  return lines;
}
