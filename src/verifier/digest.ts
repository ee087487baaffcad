// SHA-256 of what comes piece by piece: small files at once with the quick primitive, large ones as they go by.
import { sha256 as growing } from '@noble/hashes/sha2.js';
import { hexOf, joined } from '../proof/bytes.ts';
import { sha256 } from '#primitives';

const AT_ONCE = 32 * 1024 * 1024;

export interface Digest { size: number; sha256: string }

export async function digestOf(pieces: AsyncIterable<Uint8Array>): Promise<Digest> {
  let size = 0;
  let kept: Uint8Array[] = [];
  let running: ReturnType<typeof growing.create> | null = null;
  for await (const piece of pieces) {
    size += piece.length;
    if (running !== null) {
      running.update(piece);
      continue;
    }
    kept.push(piece);
    if (size <= AT_ONCE) continue;
    running = growing.create();
    for (const one of kept) running.update(one);
    kept = [];
  }
  return { size, sha256: hexOf(running === null ? sha256(joined(...kept)) : running.digest()) };
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
