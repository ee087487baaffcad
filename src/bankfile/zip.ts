// A ZIP as the packing of a workbook: its directory is checked before anything is unpacked (number of files, sizes, ratio,
// no encryption, no name twice), and each file is unpacked piece by piece, never beyond what the directory promised.
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { refusals } from './read-refusals.ts';

const MOST_ENTRIES = 1_000;
export const MOST_UNPACKED = 64 * 1024 * 1024;
/** XML of a long sheet packs 10 to 40 times; what packs better is a bomb, unless it is small. */
const MOST_RATIO = 200;
const SMALL = 1024 * 1024;
const PIECE = 64 * 1024;

export interface ZipEntry {
  name: string;
  size: number;
  /** The unpacked bytes; refuses when they are not as many as promised or their checksum is another. */
  pieces(): AsyncGenerator<Buffer>;
  whole(): Promise<Buffer>;
}

export const isZip = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6));

const damaged = (what_zh: string, what_en: string): Error => refusals.statement_file_damaged({ what_zh, what_en });
const unsafe = (what_zh: string, what_en: string): Error => refusals.statement_file_unsafe({ what_zh, what_en });
const cut = (): Error => damaged('压缩包目录不完整', 'the directory of the archive is incomplete');

interface Place { name: string; method: number; crc: number; packed: number; size: number; at: number }

function directory(bytes: Buffer): Place[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > bytes.length) throw cut();
  const count = bytes.readUInt16LE(end + 10);
  const length = bytes.readUInt32LE(end + 12);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) throw damaged('压缩包是 zip64 格式', 'the archive is of the kind zip64');
  if (count > MOST_ENTRIES) throw unsafe(`压缩包里有 ${count} 个文件`, `${count} files in the archive`);
  if (at + length > end) throw cut();
  const places: Place[] = [];
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > end || bytes.readUInt32LE(at) !== 0x02014b50) throw cut();
    const name_length = bytes.readUInt16LE(at + 28);
    const next = at + 46 + name_length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > end) throw cut();
    if ((bytes.readUInt16LE(at + 8) & 1) === 1) throw refusals.statement_file_encrypted();
    places.push({
      name: bytes.subarray(at + 46, at + 46 + name_length).toString('utf8'),
      method: bytes.readUInt16LE(at + 10), crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20), size: bytes.readUInt32LE(at + 24), at: bytes.readUInt32LE(at + 42),
    });
    at = next;
  }
  return places;
}

function checkPlaces(places: readonly Place[]): void {
  const names = new Set<string>();
  let total = 0;
  for (const { name, packed, size, method } of places) {
    const key = name.toLowerCase();
    if (names.has(key)) throw unsafe(`压缩包里“${name.slice(0, 60)}”出现两次`, `"${name.slice(0, 60)}" is in the archive twice`);
    names.add(key);
    total += size;
    if (size > SMALL && size > MOST_RATIO * packed) throw unsafe('解压后大得不正常', 'it unpacks to something far too large');
    if (method !== 0 && method !== 8) throw damaged('压缩方法不认识', 'an unknown method of compression');
  }
  if (total > MOST_UNPACKED) {
    throw refusals.statement_too_large({ what_zh: `解压后有 ${Math.ceil(total / 1048576)} MB`, what_en: `${Math.ceil(total / 1048576)} MB unpacked`, limit: '64 MB' });
  }
}

/** The packed bytes. The header before them must name the same file, so that no second reader sees another one. */
function packedBytes(bytes: Buffer, place: Place): Buffer {
  const { at, name, packed } = place;
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== 0x04034b50) throw cut();
  const name_length = bytes.readUInt16LE(at + 26);
  const from = at + 30 + name_length + bytes.readUInt16LE(at + 28);
  if (from + packed > bytes.length) throw cut();
  if (bytes.subarray(at + 30, at + 30 + name_length).toString('utf8') !== name) throw unsafe('压缩包的两份目录不一致', 'its two directories differ');
  return bytes.subarray(from, from + packed);
}

async function* unpacked(bytes: Buffer, place: Place): AsyncGenerator<Buffer> {
  const packed = packedBytes(bytes, place);
  const source: AsyncIterable<Buffer> = place.method === 0
    ? Readable.from(slices(packed))
    : Readable.from(slices(packed)).pipe(createInflateRaw({ chunkSize: PIECE }));
  const inside = (): Error => damaged(`压缩包里的“${place.name.slice(0, 60)}”`, `"${place.name.slice(0, 60)}" in the archive`);
  let size = 0;
  let crc = 0;
  const read = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await read.next().catch(() => {
        throw inside();
      });
      if (done === true) break;
      size += value.length;
      if (size > place.size) throw unsafe('解压出来的比写明的多', 'more comes out of it than it says');
      crc = crc32(value, crc);
      yield value;
    }
  } finally {
    await read.return?.().catch(() => undefined);
  }
  if (size !== place.size || crc !== place.crc) throw inside();
}

function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** The files of a ZIP. Refusals: statement_file_damaged, statement_file_unsafe, statement_file_encrypted, statement_too_large. */
export function zipEntries(input: Uint8Array): ZipEntry[] {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  const places = directory(bytes);
  checkPlaces(places);
  return places.filter(({ name }) => !name.endsWith('/')).map((place) => ({
    name: place.name,
    size: place.size,
    pieces: () => unpacked(bytes, place),
    whole: async () => {
      const parts: Buffer[] = [];
      for await (const part of unpacked(bytes, place)) parts.push(part);
      return Buffer.concat(parts);
    },
  }));
}
