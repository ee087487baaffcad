// Compound files (the container of .xls and of encrypted workbooks): sectors chained through tables. Only named streams at
// the root are read; every chain is counted, so that one that runs in a circle ends.
import { refusals } from './read-refusals.ts';

const damaged = (): Error => refusals.statement_file_damaged({ what_zh: 'Excel 工作簿', what_en: 'the Excel workbook' });
const END = 0xfffffffe;
const SMALL = 4096;

export const isCompound = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xd0 && bytes[1] === 0xcf && bytes[2] === 0x11 && bytes[3] === 0xe0 && bytes[4] === 0xa1 && bytes[5] === 0xb1;

interface Chains { sector(n: number): Buffer; next(n: number): number; most: number }

/** The bytes of a chain; as many as `size` where it is known. */
function chained({ sector, next, most }: Chains, start: number, size?: number): Buffer {
  const parts: Buffer[] = [];
  let length = 0;
  const wanted = size ?? Number.POSITIVE_INFINITY;
  for (let at = start; at < END && length < wanted; at = next(at)) {
    if (parts.length >= most) throw damaged();
    const part = sector(at);
    parts.push(part);
    length += part.length;
  }
  const whole = Buffer.concat(parts);
  if (size === undefined) return whole;
  if (whole.length < size) throw damaged();
  return whole.subarray(0, size);
}

const word = (table: Buffer, at: number): number => {
  if (at < 0 || at * 4 + 4 > table.length) throw damaged();
  return table.readUInt32LE(at * 4);
};

function mainChains(bytes: Buffer): Chains {
  const shift = bytes.readUInt16LE(30);
  if (shift !== 9 && shift !== 12) throw damaged();
  const size = 2 ** shift;
  const most = Math.ceil(bytes.length / size);
  const sector = (n: number): Buffer => {
    const from = (n + 1) * size;
    // The last sector of some writers is cut short.
    if (from >= bytes.length) throw damaged();
    return bytes.subarray(from, from + size);
  };
  const numbers: number[] = [];
  for (let at = 0; at < 109; at += 1) numbers.push(bytes.readUInt32LE(76 + at * 4));
  let more = bytes.readUInt32LE(68);
  for (let count = 0; more < END; count += 1) {
    if (count > most) throw damaged();
    const list = sector(more);
    for (let at = 0; at < size / 4 - 1; at += 1) numbers.push(word(list, at));
    more = word(list, size / 4 - 1);
  }
  const table = Buffer.concat(numbers.filter((n) => n < END).slice(0, most).map(sector));
  return { sector, next: (n) => word(table, n), most };
}

interface Stream { name: string; kind: number; start: number; size: number }

function streams(directory: Buffer): Stream[] {
  const found: Stream[] = [];
  for (let at = 0; at + 128 <= directory.length; at += 128) {
    const length = Math.min(64, directory.readUInt16LE(at + 64));
    found.push({
      name: directory.subarray(at, at + Math.max(0, length - 2)).toString('utf16le'), kind: directory[at + 66]!,
      start: directory.readUInt32LE(at + 116), size: directory.readUInt32LE(at + 120),
    });
  }
  return found;
}

/** A look into the container: which streams there are, and the bytes of one. Refusal: statement_file_damaged. */
export function openCompound(input: Uint8Array): { has(name: string): boolean; stream(name: string): Buffer | null } {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < 1024) throw damaged();
  const main = mainChains(bytes);
  const all = streams(chained(main, bytes.readUInt32LE(48)));
  const root = all.find(({ kind }) => kind === 5);
  if (root === undefined) throw damaged();
  const small = (): Chains => {
    const shift = bytes.readUInt16LE(32);
    if (shift !== 6) throw damaged();
    const store = chained(main, root.start);
    const table = chained(main, bytes.readUInt32LE(60));
    const sector = (n: number): Buffer => {
      if ((n + 1) * 64 > store.length) throw damaged();
      return store.subarray(n * 64, n * 64 + 64);
    };
    return { sector, next: (n) => word(table, n), most: Math.ceil(store.length / 64) };
  };
  const named = (name: string): Stream | undefined => all.find((one) => one.kind === 2 && one.name.toLowerCase() === name.toLowerCase());
  return {
    has: (name) => named(name) !== undefined,
    stream: (name) => {
      const found = named(name);
      if (found === undefined) return null;
      if (found.size > bytes.length) throw damaged();
      return chained(found.size < SMALL ? small() : main, found.start, found.size);
    },
  };
}
