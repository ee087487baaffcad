// The text of a PDF line by line as it lies on the page, for comparing with a kept text and for reading
// single rows of a table: pieces on one height are one line, from left to right.
import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

const library = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));

interface Piece {
  text: string;
  x: number;
  y: number;
  end: number;
}

/** Pieces within half a line's height of each other stand in one line. */
function linesOf(pieces: readonly Piece[]): string[] {
  const lines: Piece[][] = [];
  for (const piece of [...pieces].sort((a, b) => b.y - a.y)) {
    const line = lines.at(-1);
    if (line !== undefined && Math.abs(line[0]!.y - piece.y) < 2) line.push(piece);
    else lines.push([piece]);
  }
  return lines
    .map((line) => {
      let end = Number.POSITIVE_INFINITY;
      let text = '';
      for (const piece of line.sort((a, b) => a.x - b.x)) {
        text += (piece.x - end > 2 ? '  ' : '') + piece.text;
        end = piece.end;
      }
      return text.trim();
    })
    .filter((text) => text !== '');
}

/** The lines of each page. */
export async function pdfLines(bytes: Buffer): Promise<string[][]> {
  const task = getDocument({
    data: new Uint8Array(bytes),
    cMapUrl: `${library}/cmaps/`,
    standardFontDataUrl: `${library}/standard_fonts/`,
    verbosity: 0,
    useSystemFonts: false,
  });
  const pdf = await task.promise;
  const pages: string[][] = [];
  for (let at = 1; at <= pdf.numPages; at += 1) {
    const { items } = await (await pdf.getPage(at)).getTextContent();
    pages.push(
      linesOf(
        items.flatMap((item) => {
          if (!('str' in item) || item.str.trim() === '') return [];
          const [x, y] = [Number(item.transform[4]), Number(item.transform[5])];
          return [{ text: item.str, x, y, end: x + item.width }];
        }),
      ),
    );
  }
  await task.destroy();
  return pages;
}
