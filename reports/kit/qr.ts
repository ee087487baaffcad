// QR codes as vector paths: runs of dark modules as rectangles, sharp at any size of print.
import { create } from 'qrcode';
import { ink } from './document.ts';
import type { SealedDocument } from './document.ts';

/** Draws the code in a square of `size` points with its quiet zone of four modules. `L` makes fewer, larger modules of
 *  a long text. */
export function drawQr(
  document: SealedDocument,
  text: string,
  x: number,
  y: number,
  size: number,
  alt: string,
  errorCorrectionLevel: 'L' | 'M' = 'M',
): void {
  const { modules } = create(text, { errorCorrectionLevel });
  const module = size / (modules.size + 8);
  const runs: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let from = 0; from < modules.size; from += 1) {
      let to = from;
      while (to < modules.size && modules.get(row, to) === 1) to += 1;
      if (to === from) continue;
      const [left, top] = [x + (from + 4) * module, y + (row + 4) * module];
      const box = [left, top, (to - from) * module, module + 0.01];
      runs.push(`${box.map((value) => value.toFixed(3)).join(' ')} re`);
      from = to;
    }
  }
  document.figure(alt, [x, y, size, size], () => document.path(runs.join(' '), ink.black));
}
