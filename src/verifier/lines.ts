// Text that comes piece by piece, as lines: a log of a hundred thousand records is never in memory whole.
import { Unreadable } from './unreadable.ts';

/** No record is longer: an entry has at most 500 lines. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Lines without their newlines, many at a time. Unreadable for what is no UTF-8, or ends within a line. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest: string[] = [];
  let size = 0;
  const decoded = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw new Unreadable('文字编码有误', 'its text is not UTF-8');
    }
  };
  for await (const piece of pieces) {
    const text = decoded(piece);
    const cut = text.lastIndexOf('\n');
    // Only what is new is looked through: one endless line must not be read again with every piece.
    if (cut < 0) {
      rest.push(text);
      size += text.length;
      if (size > LONGEST_LINE) throw new Unreadable('有一行长得不正常', 'one of its lines is far too long');
      continue;
    }
    yield (rest.join('') + text.slice(0, cut)).split('\n');
    rest = [text.slice(cut + 1)];
    size = rest[0]!.length;
  }
  if (rest.join('') + decoded() !== '') throw new Unreadable('最后一行不完整', 'its last line is incomplete');
}
