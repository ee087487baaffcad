// A QR code as one SVG path, for print: runs of dark modules as strips, no picture to load.
import { create } from 'qrcode';

/** Path in a square of `size` modules, the quiet zone of four included. */
export function qrPath(text: string): { size: number; path: string } {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const strips: string[] = [];
  for (let row = 0; row < modules.size; row += 1) {
    for (let from = 0; from < modules.size; from += 1) {
      let to = from;
      while (to < modules.size && modules.get(row, to) === 1) to += 1;
      if (to === from) continue;
      strips.push(`M${from + 4} ${row + 4}h${to - from}v1h-${to - from}z`);
      from = to;
    }
  }
  return { size: modules.size + 8, path: strips.join('') };
}
