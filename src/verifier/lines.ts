// Text that comes piece by piece, as lines: a log of a hundred thousand records is never in memory whole.
import { Unreadable } from './unreadable.ts';

/** No record is longer: an entry has at most 500 lines. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Lines without their newlines, many at a time. Unreadable for what is no UTF-8, or ends within a line. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  const decoded = (piece?: Uint8Array): string => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true });
    } catch {
      throw new Unreadable('文字编码有误', 'its text is not UTF-8');
    }
  };
  for await (const piece of pieces) {
    const lines = (rest + decoded(piece)).split('\n');
    rest = lines.pop()!;
    if (rest.length > LONGEST_LINE) throw new Unreadable('有一行长得不正常', 'one of its lines is far too long');
    if (lines.length > 0) yield lines;
  }
  if (rest + decoded() !== '') throw new Unreadable('最后一行不完整', 'its last line is incomplete');
}
