// The audit package (审计包) as a ZIP: opened without unpacking it anywhere, each file read when it is asked for, in
// pieces. Refused are names that come twice, encrypted files, and whatever unpacks to something far too large.
import { BlobReader, configure, ZipReader, type Entry } from '@zip.js/zip.js';
import { same } from '../proof/bytes.ts';
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

export const isPackage = (files: ReadonlyMap<string, ArchiveFile>): boolean => files.has('manifest.json') || files.has('log/records.tsv');

/** The files of a ZIP by their paths. Unreadable for whatever is none. */
export async function openArchive(blob: Blob): Promise<Map<string, ArchiveFile>> {
  const files = new Map<string, ArchiveFile>();
  const names = new Set<string>();
  const places: Entry[] = [];
  const reader = new ZipReader(new BlobReader(blob), { checkOverlappingEntry: true, extractPrependedData: true, extractAppendedData: true });
  try {
    for await (const one of reader.getEntriesGenerator()) {
      places.push(one);
      if (one.directory) continue;
      const entry = checked(one);
      const path = entry.filename;
      // Some systems write two names over each other that differ by case or by how a letter is composed.
      const folded = path.normalize('NFKC').toLowerCase();
      if (names.size === names.add(folded).size) throw new Unreadable(`${path} 在压缩包里出现了两次`, `${path} is in the archive twice`);
      if (files.size >= MOST_FILES) throw new Unreadable('压缩包里的文件太多', 'too many files in the archive');
      files.set(path, {
        path, size: entry.uncompressedSize, open: () => unpacked(entry),
        blob: async () => new Blob([await gathered(unpacked(entry), 2 ** 31) as Uint8Array<ArrayBuffer>]),
      });
    }
    // Another ZIP is nobody's proof: an invoice may have been packed by anything.
    if (isPackage(files)) {
      if ((reader.prependedData?.length ?? 0) + (reader.appendedData?.length ?? 0) > 0) throw twofold();
      await demandOneReading(blob, places);
    }
  } catch (error) {
    throw error instanceof Unreadable ? error : damaged();
  }
  return files;
}

const twofold = (): Unreadable => new Unreadable('压缩包有两种读法', 'the archive can be read in two ways');

/** Programs that unpack as they read go by the headers between the files, others by the directory at the end: both
 *  must name the same files, one behind the other, with nothing in between that only one of them sees. */
async function demandOneReading(blob: Blob, places: readonly Entry[]): Promise<void> {
  let at = 0;
  for (const { offset, rawFilename, compressedSize, compressionMethod, signature } of [...places].sort((a, b) => a.offset - b.offset)) {
    // A file that was written as a stream is followed by its sizes: 12 to 24 bytes.
    if (offset !== at && !(at > 0 && [12, 16, 20, 24].includes(offset - at))) throw twofold();
    const header = new DataView(await blob.slice(offset, offset + 30 + rawFilename.length).arrayBuffer());
    if (header.byteLength !== 30 + rawFilename.length || header.getUint32(0) !== 0x504b0304 || header.getUint16(26, true) !== rawFilename.length
      || !same(new Uint8Array(header.buffer, 30), rawFilename)) throw twofold();
    // Size and checksum stand before the file, unless they follow it.
    const follow = (header.getUint16(6, true) & 8) !== 0;
    const [checksum, size] = [header.getUint32(14, true), header.getUint32(18, true)];
    if (header.getUint16(8, true) !== compressionMethod || (!follow && (checksum !== signature || (size !== compressedSize && size !== 0xffffffff)))) throw twofold();
    at = offset + 30 + rawFilename.length + header.getUint16(28, true) + compressedSize;
  }
  const rest = new DataView(await blob.slice(at, at + 28).arrayBuffer());
  if (places.length > 0 && ![0, 12, 16, 20, 24].some((gap) => gap + 4 <= rest.byteLength && rest.getUint32(gap) === 0x504b0102)) throw twofold();
}

/** One file whole, which must be there. Unreadable above the limit. */
export async function readWholeFile(files: ReadonlyMap<string, ArchiveFile>, path: string, limit = 64 * SMALL): Promise<Uint8Array> {
  const file = files.get(path);
  if (file === undefined) throw new Unreadable(`缺少 ${path}`, `${path} is missing`);
  return gathered(file.open(), limit);
}
