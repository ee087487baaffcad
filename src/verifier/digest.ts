// SHA-256 of what comes piece by piece, and the pieces of a file.
import { hexOf } from '../proof/bytes.ts';
import { sha256Pieces } from '#primitives';

export interface Digest { size: number; sha256: string }

export async function digestOf(pieces: AsyncIterable<Uint8Array>): Promise<Digest> {
  const running = sha256Pieces();
  let size = 0;
  for await (const piece of pieces) {
    size += piece.length;
    running.update(piece);
  }
  return { size, sha256: hexOf(running.digest()) };
}

export async function* piecesOf(blob: Blob): AsyncGenerator<Uint8Array> {
  const reader = blob.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
