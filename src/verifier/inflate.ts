// Unpacking deflated bytes (zlib format, RFC 1950) with what Node and browsers have built in. A small file may
// unpack to anything, so every caller says how much it takes at most, and the rest is never unpacked.
import { Unreadable } from './unreadable.ts';

/** Nobody has a gigabyte set aside by a number in a file. */
const MOST_EXPECTED = 256 * 1024 * 1024;

const tooLarge = (): Unreadable => new Unreadable('解压后大得不正常', 'it unpacks to something far too large');

/** Unpacks piece by piece. Unreadable: damaged, cut off, followed by something else, or above the limit. */
export async function* inflated(packed: Uint8Array, limit: number): AsyncGenerator<Uint8Array> {
  const stream = new Blob([packed as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('deflate'));
  const reader = stream.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new Unreadable('压缩的内容已损坏', 'its packed content is damaged');
      });
      if (done) return;
      size += value.length;
      if (size > limit) throw tooLarge();
      yield value;
    }
  } finally {
    // Whoever stops listening early leaves nothing running behind.
    reader.cancel().catch(() => undefined);
  }
}

/** All pieces as one; Unreadable above the limit. `expected`: how many bytes they say they are, so that they need not
 *  be copied; believed only as far as it goes. */
export async function gathered(pieces: AsyncIterable<Uint8Array>, limit: number, expected = 0): Promise<Uint8Array> {
  let whole = new Uint8Array(Math.min(expected, limit, MOST_EXPECTED));
  let size = 0;
  for await (const piece of pieces) {
    if (size + piece.length > limit) throw tooLarge();
    if (size + piece.length > whole.length) {
      const larger = new Uint8Array(Math.max(size + piece.length, 2 * whole.length, 64 * 1024));
      larger.set(whole.subarray(0, size));
      whole = larger;
    }
    whole.set(piece, size);
    size += piece.length;
  }
  return whole.subarray(0, size);
}

export const inflatedWhole = (packed: Uint8Array, limit: number): Promise<Uint8Array> => gathered(inflated(packed, limit), limit);
