// Text as GB18030, the way the banks' programs save it. Node decodes it but does not encode: the table is the decoder
// turned round, made when first needed.
let pairs: Map<string, [number, number]> | undefined;
let quads: Map<string, [number, number, number, number]> | undefined;

const decoder = new TextDecoder('gb18030');
const decoded = (bytes: number[]): string => decoder.decode(Uint8Array.from(bytes));

function pairTable(): Map<string, [number, number]> {
  const table = new Map<string, [number, number]>();
  for (let lead = 0x81; lead <= 0xfe; lead += 1) {
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (trail === 0x7f) continue;
      const character = decoded([lead, trail]);
      if ([...character].length === 1 && character !== '\ufffd' && !table.has(character)) table.set(character, [lead, trail]);
    }
  }
  return table;
}

/** The four-byte forms of the basic plane: rare characters, accents, the signs of other scripts. */
function quadTable(): Map<string, [number, number, number, number]> {
  const table = new Map<string, [number, number, number, number]>();
  for (let pointer = 0; pointer < 39_420; pointer += 1) {
    const bytes = quadOf(pointer);
    const character = decoded(bytes);
    if ([...character].length === 1 && character !== '\ufffd') table.set(character, bytes);
  }
  return table;
}

const quadOf = (pointer: number): [number, number, number, number] => [
  0x81 + Math.floor(pointer / 12_600), 0x30 + (Math.floor(pointer / 1260) % 10), 0x81 + (Math.floor(pointer / 10) % 126), 0x30 + (pointer % 10),
];

/** Throws a RangeError on what no GB18030 file can hold (a lone surrogate). */
export function gb18030(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code < 0x80) {
      bytes.push(code);
      continue;
    }
    pairs ??= pairTable();
    const pair = pairs.get(character);
    if (pair !== undefined) {
      bytes.push(...pair);
      continue;
    }
    if (code > 0xffff) {
      // The planes above follow one another without a gap, from 90 30 81 30 on.
      bytes.push(...quadOf(189_000 + code - 0x10000));
      continue;
    }
    quads ??= quadTable();
    const quad = quads.get(character);
    if (quad === undefined) throw new RangeError(`not in GB18030: U+${code.toString(16)}`);
    bytes.push(...quad);
  }
  return Uint8Array.from(bytes);
}
