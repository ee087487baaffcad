// The audit package (审计包) as a ZIP: opened without unpacking it anywhere, each file read when it is asked for, in
// pieces. Refused are names that come twice, encrypted files, and whatever unpacks to something far too large.
import { BlobReader, configure, ZipReader, type Entry } from '@zip.js/zip.js';
import { gathered } from './inflate.ts';
import { Unreadable } from './unreadable.ts';

// No worker may be started from a page that was opened from a stick.
configure({ useWebWorkers: false });

const MOST_FILES = 500_000;
/** Text of a long journal packs well, but never a thousand times. */
const MOST_RATIO = 1_000;
const SMALL = 1024 * 1024;

export interface ArchiveFile {
  path: string;
  size: number;
  open(): AsyncIterable<Uint8Array>;
  blob(): Promise<Blob>;
}

const damaged = (): Unreadable => new Unreadable('压缩包已损坏', 'the archive is damaged');

export const isZip = (bytes: Uint8Array): boolean => bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5 || bytes[2] === 6);

type PlainEntry = Extract<Entry, { directory: false }>;

async function* unpacked(entry: PlainEntry): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const done = entry.getData(writable, { checkSignature: true, useWebWorkers: false });
  // What goes wrong in there comes out where the bytes are read.
  done.catch((error: unknown) => writable.abort(error).catch(() => undefined));
  const reader = readable.getReader();
  let size = 0;
  try {
    for (;;) {
      const { done: over, value } = await reader.read().catch(() => {
        throw damaged();
      });
      if (over) break;
      size += value.length;
      if (size > entry.uncompressedSize) throw damaged();
      yield value;
    }
    await done.catch(() => {
      throw damaged();
    });
    if (size !== entry.uncompressedSize) throw damaged();
  } finally {
    reader.cancel().catch(() => undefined);
    done.catch(() => undefined);
  }
}

function checked(entry: Entry): PlainEntry {
  const { filename, encrypted, uncompressedSize, compressedSize } = entry;
  if (encrypted) throw new Unreadable('压缩包加了密', 'the archive is encrypted');
  if (uncompressedSize > SMALL && uncompressedSize > MOST_RATIO * Math.max(compressedSize, 1)) {
    throw new Unreadable(`${filename} 解压后大得不正常`, `${filename} unpacks to something far too large`);
  }
  return entry as PlainEntry;
}

/** The files of a ZIP by their paths. Unreadable for whatever is none. */
export async function openArchive(blob: Blob): Promise<Map<string, ArchiveFile>> {
  const files = new Map<string, ArchiveFile>();
  const reader = new ZipReader(new BlobReader(blob), { checkOverlappingEntry: true });
  try {
    for await (const one of reader.getEntriesGenerator()) {
      if (one.directory) continue;
      const entry = checked(one);
      const path = entry.filename;
      if (files.has(path)) throw new Unreadable(`${path} 在压缩包里出现了两次`, `${path} is in the archive twice`);
      if (files.size >= MOST_FILES) throw new Unreadable('压缩包里的文件太多', 'too many files in the archive');
      files.set(path, {
        path, size: entry.uncompressedSize, open: () => unpacked(entry),
        blob: async () => new Blob([await gathered(unpacked(entry), 2 ** 31) as Uint8Array<ArrayBuffer>]),
      });
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : damaged();
  }
  return files;
}

/** One file whole, which must be there. Unreadable above the limit. */
export async function readWholeFile(files: ReadonlyMap<string, ArchiveFile>, path: string, limit = 64 * SMALL): Promise<Uint8Array> {
  const file = files.get(path);
  if (file === undefined) throw new Unreadable(`缺少 ${path}`, `${path} is missing`);
  return gathered(file.open(), limit);
}
