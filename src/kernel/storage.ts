// Storage port: files by the SHA-256 of their content, written once, never changed. On disk under
// the data folder; an object store takes the same port later.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';
import { sha256Hex } from './digest.ts';
import { catalogue } from './refusal.ts';

export const refusals = catalogue({
  disk_full: {
    status: 503,
    zh: '服务器的硬盘满了，这次没有登记任何内容。请告诉管理员腾出空间，然后再试一次。',
    en: 'The disk of the server is full; nothing was recorded. Tell the administrator to make room, then try again.',
  },
});

export interface Storage {
  /** Keeps the bytes and gives their SHA-256 (hexadecimal). Writing the same again changes nothing. */
  keep(bytes: Uint8Array): Promise<string>;
  /** The bytes of a kept file; null when there is none. Asserts that they still have their hash. */
  read(hash: string): Promise<Buffer | null>;
  /** Keeps what may be too large for memory, as it comes; gives its SHA-256 and size. What breaks off half-way
   *  leaves nothing behind. */
  keepStream(pieces: AsyncIterable<Uint8Array>): Promise<{ sha256: string; size: number }>;
  /** A kept file to be read in parts; null when there is none. Its hash is not looked at: whoever reads parts
   *  compares the whole. */
  open(hash: string): Promise<StoredFile | null>;
  /** Lets go of a file that can be made again (an export). */
  drop(hash: string): Promise<void>;
}

export interface StoredFile {
  size: number;
  /** Bytes from `start` to `end`, both included; all of them when left out. */
  bytes(range?: { start: number; end: number }): Readable;
}

const isFull = (error: unknown): boolean => {
  const { code } = ((error as Error).cause ?? error) as { code?: string };
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code ?? '');
};

/** Half files of a process that was ended while it wrote are removed after so long. */
const ABANDONED_MS = 3_600_000;

async function sweep(incoming: string): Promise<void> {
  for (const name of await readdir(incoming)) {
    const path = join(incoming, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && performance.timeOrigin + performance.now() - found.mtimeMs > ABANDONED_MS) await rm(path, { force: true });
  }
}

/** A name nobody else writes under. */
let names = 0;
const unique = (): string => `${process.pid}-${performance.now().toString(36).replace('.', '')}-${(names += 1)}`;

/** Writes the pieces into a new file and onto the disk; gives hash and size. */
async function write(path: string, pieces: AsyncIterable<Uint8Array>): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  let size = 0;
  try {
    for await (const piece of pieces) {
      hash.update(piece);
      size += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), size };
}

export function diskStorage(folder: string): Storage {
  const disk = new Disk(new FSDriver({ location: folder, visibility: 'private' }));
  const place = (hash: string) => {
    assert(/^[0-9a-f]{64}$/.test(hash), 'not a SHA-256');
    return `${hash.slice(0, 2)}/${hash}`;
  };
  return {
    async keep(bytes) {
      const hash = sha256Hex(bytes);
      // A file that was damaged on the disk is written anew from whoever hands it in again.
      const whole = await disk.exists(place(hash)) && sha256Hex(await disk.getBytes(place(hash))) === hash;
      if (!whole) {
        // Written beside and moved: a crash leaves no half file under a whole file's name.
        const beside = `incoming/${hash}-${process.pid}-${performance.now().toString(36).replace('.', '')}`;
        try {
          await disk.put(beside, bytes);
          await disk.move(beside, place(hash));
        } catch (error) {
          // A beginning of a file would only fill the disk further.
          await disk.delete(beside).catch(() => undefined);
          throw isFull(error) ? refusals.disk_full() : error;
        }
      }
      return hash;
    },
    async read(hash) {
      if (!(await disk.exists(place(hash)))) return null;
      const bytes = Buffer.from(await disk.getBytes(place(hash)));
      assert(sha256Hex(bytes) === hash, `stored file ${hash} was changed on disk`);
      return bytes;
    },
    async keepStream(pieces) {
      const incoming = join(folder, 'incoming');
      await mkdir(incoming, { recursive: true });
      await sweep(incoming);
      const beside = join(incoming, `stream-${unique()}`);
      try {
        const kept = await write(beside, pieces);
        await mkdir(join(folder, kept.sha256.slice(0, 2)), { recursive: true });
        await rename(beside, join(folder, place(kept.sha256)));
        return kept;
      } catch (error) {
        await rm(beside, { force: true });
        throw isFull(error) ? refusals.disk_full() : error;
      }
    },
    async open(hash) {
      const path = join(folder, place(hash));
      const found = await stat(path).catch(() => null);
      if (found === null || !found.isFile()) return null;
      return { size: found.size, bytes: (range) => createReadStream(path, range ?? {}) };
    },
    drop: (hash) => rm(join(folder, place(hash)), { force: true }),
  };
}
