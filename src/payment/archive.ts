// A zip that somebody handed in, looked at with care: its directory without unpacking anything, and one file out of
// it within a limit. An OFD invoice is one.
import { inflateRawSync } from 'node:zlib';

export interface ArchiveEntry {
  name: string;
  /** Bytes in the archive and unpacked, as the directory says. */
  packed: number;
  size: number;
  method: number;
  /** Where its local header stands. */
  at: number;
}

/** The central directory; null when there is none. */
export function archiveEntries(bytes: Buffer): ArchiveEntry[] | null {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  if (end < 0 || end + 22 > bytes.length) return null;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const entries: ArchiveEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) return null;
    const name_length = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.subarray(at + 46, at + 46 + name_length).toString('utf8'), method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20), size: bytes.readUInt32LE(at + 24), at: bytes.readUInt32LE(at + 42),
    });
    at += 46 + name_length + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

export type Unpacked = { bytes: Buffer } | { why: 'damaged' | 'too_large' };

/** One file, of at most `limit` bytes whatever the directory says of its size. */
export function unpack(bytes: Buffer, { at, packed, size, method }: ArchiveEntry, limit: number): Unpacked {
  if (size > limit) return { why: 'too_large' };
  if (at + 30 > bytes.length || bytes.readUInt32LE(at) !== 0x04034b50) return { why: 'damaged' };
  const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
  if (start + packed > bytes.length) return { why: 'damaged' };
  const content = bytes.subarray(start, start + packed);
  if (method === 0) return content.length > limit ? { why: 'too_large' } : { bytes: content };
  if (method !== 8) return { why: 'damaged' };
  try {
    return { bytes: inflateRawSync(content, { maxOutputLength: limit }) };
  } catch (error) {
    return { why: (error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'damaged' };
  }
}
