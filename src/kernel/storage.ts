// Storage port: files by the SHA-256 of their content, written once, never changed. On disk under
// the data folder; an object store takes the same port later.
import assert from 'node:assert/strict';
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
}

const isFull = (error: unknown): boolean => {
  const { code } = ((error as Error).cause ?? error) as { code?: string };
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(code ?? '');
};

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
  };
}
