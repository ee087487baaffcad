// Text as GB18030, which the counters of Chinese banks expect. The platform reads it (TextDecoder) and does not write it:
// the table is its own reading, turned round, so that what is written is read back as the same.
import assert from 'node:assert/strict';

const TWO_TRAILS = [...range(0x40, 0x7e), ...range(0x80, 0xfe)];
/** Four-byte codes of the basic plane, and where the ones above it begin. */
const FOUR_IN_PLANE = 39_420;
const ABOVE = 0x10000;
const FIRST_ABOVE = 189_000;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

const fourBytes = (index: number): number[] =>
  [0x81 + Math.floor(index / 12_600), 0x30 + (Math.floor(index / 1_260) % 10), 0x81 + (Math.floor(index / 10) % 126), 0x30 + (index % 10)];

let table: Map<string, number[]> | null = null;

function makeTable(): Map<string, number[]> {
  const decoder = new TextDecoder('gb18030');
  const made = new Map<string, number[]>();
  const add = (bytes: number[]): void => {
    const text = decoder.decode(Uint8Array.from(bytes));
    if (text.length === 1 && text !== '\ufffd' && !made.has(text)) made.set(text, bytes);
  };
  for (const byte of range(0, 0x7f)) add([byte]);
  for (const lead of range(0x81, 0xfe)) for (const trail of TWO_TRAILS) add([lead, trail]);
  for (let index = 0; index < FOUR_IN_PLANE; index += 1) add(fourBytes(index));
  return made;
}

function codeOf(character: string): number[] | undefined {
  table ??= makeTable();
  const code = character.codePointAt(0)!;
  return code >= ABOVE ? fourBytes(FIRST_ABOVE + code - ABOVE) : table.get(character);
}

/** A character that it has no code for: half of one, or some of those for private use. Null: all of the text can be written. */
export const unwritable = (text: string): string | null => [...text].find((character) => codeOf(character) === undefined) ?? null;

/** Asserts that the text can be written: ask unwritable() of whatever people typed. */
export function encodeGb18030(text: string): Buffer {
  const bytes: number[] = [];
  for (const character of text) {
    const found = codeOf(character);
    assert(found !== undefined, `no GB18030 for U+${character.codePointAt(0)!.toString(16)}`);
    bytes.push(...found);
  }
  return Buffer.from(bytes);
}
