// Objects of a PDF (ISO 32000-1, 7.3), read strictly: what is not exactly an object is refused, and so is a
// dictionary that says the same thing twice, because two readers would see two different files in it.
import { Unreadable } from './unreadable.ts';

export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}
export class PdfReference {
  readonly id: number;
  readonly generation: number;
  constructor(id: number, generation: number) {
    this.id = id;
    this.generation = generation;
  }
}
export type PdfDictionary = Map<string, PdfValue>;
/** A string is its bytes. */
export type PdfValue = null | boolean | number | PdfName | PdfReference | Uint8Array | PdfValue[] | PdfDictionary;

const DEEPEST = 100;

export const damaged = (where: string): Unreadable => new Unreadable(`PDF 结构有误（${where}）`, `its structure is not that of a PDF (${where})`);

const SPACE = new Set([0, 9, 10, 12, 13, 32]);
const DELIMITERS = new Set([...'()<>[]{}/%'].map((one) => one.charCodeAt(0)));
const isRegular = (byte: number | undefined): boolean => byte !== undefined && !SPACE.has(byte) && !DELIMITERS.has(byte);
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
const OPEN = 40;
const CLOSE = 41;
const BACKSLASH = 92;
const escapes: Record<number, number> = { 110: 10, 114: 13, 116: 9, 98: 8, 102: 12, 40: 40, 41: 41, 92: 92 };

function hexDigit(byte: number | undefined): number {
  const value = byte === undefined ? Number.NaN : Number.parseInt(String.fromCharCode(byte), 16);
  if (Number.isNaN(value)) throw damaged('hexadecimal');
  return value;
}

/** Reads objects one after the other from a place on. */
export class PdfParser {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  skipSpace(): void {
    const { bytes } = this;
    while (this.at < bytes.length) {
      const byte = bytes[this.at]!;
      if (byte === 37) while (this.at < bytes.length && bytes[this.at] !== 10 && bytes[this.at] !== 13) this.at += 1;
      else if (SPACE.has(byte)) this.at += 1;
      else return;
    }
  }

  /** Whether the word stands here; if so it is passed over. */
  takes(word: string): boolean {
    for (let i = 0; i < word.length; i += 1) if (this.bytes[this.at + i] !== word.charCodeAt(i)) return false;
    if (isRegular(this.bytes[this.at + word.length]) && /\w$/.test(word)) return false;
    this.at += word.length;
    return true;
  }

  demand(word: string): void {
    this.skipSpace();
    if (!this.takes(word)) throw damaged(word);
  }

  whole(): number {
    this.skipSpace();
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at += 1;
    if (this.at === start || this.at - start > 15) throw damaged('number');
    return Number(this.#latin(start, this.at));
  }

  #latin(from: number, to: number): string {
    let text = '';
    for (let i = from; i < to; i += 1) text += String.fromCharCode(this.bytes[i]!);
    return text;
  }

  value(depth = 0): PdfValue {
    if (depth > DEEPEST) throw damaged('depth');
    this.skipSpace();
    const byte = this.bytes[this.at];
    if (byte === undefined) throw damaged('end');
    if (byte === 47) return new PdfName(this.#name());
    if (byte === OPEN) return this.#text();
    if (byte === 91) return this.#list(depth);
    if (byte === 60) return this.bytes[this.at + 1] === 60 ? this.dictionary(depth) : this.#hexText();
    if (isDigit(byte) || byte === 43 || byte === 45 || byte === 46) return this.#numberOrReference();
    if (this.takes('null')) return null;
    if (this.takes('true')) return true;
    if (this.takes('false')) return false;
    throw damaged('object');
  }

  #name(): string {
    this.at += 1;
    let text = '';
    while (isRegular(this.bytes[this.at])) {
      const byte = this.bytes[this.at]!;
      if (byte === 35) {
        text += String.fromCharCode(hexDigit(this.bytes[this.at + 1]) * 16 + hexDigit(this.bytes[this.at + 2]));
        this.at += 3;
      } else {
        text += String.fromCharCode(byte);
        this.at += 1;
      }
    }
    return text;
  }

  #numberOrReference(): number | PdfReference {
    const start = this.at;
    this.at += 1;
    while (isDigit(this.bytes[this.at]) || this.bytes[this.at] === 46) this.at += 1;
    const text = this.#latin(start, this.at);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) || isRegular(this.bytes[this.at])) throw damaged('number');
    if (/^\d{1,10}$/.test(text)) {
      const after = this.at;
      this.skipSpace();
      const second = this.at;
      while (isDigit(this.bytes[this.at])) this.at += 1;
      const generation = this.#latin(second, this.at);
      this.skipSpace();
      if (/^\d{1,5}$/.test(generation) && this.takes('R')) return new PdfReference(Number(text), Number(generation));
      this.at = after;
    }
    return Number(text);
  }

  #text(): Uint8Array {
    const found: number[] = [];
    let open = 1;
    this.at += 1;
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw damaged('string');
      this.at += 1;
      if (byte === BACKSLASH) this.#escape(found);
      else {
        if (byte === OPEN) open += 1;
        if (byte === CLOSE) open -= 1;
        if (open === 0) return Uint8Array.from(found);
        found.push(byte);
      }
    }
  }

  #escape(found: number[]): void {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw damaged('string');
    if (byte >= 48 && byte <= 55) {
      let code = 0;
      for (let i = 0; i < 3 && this.bytes[this.at]! >= 48 && this.bytes[this.at]! <= 55; i += 1) {
        code = code * 8 + this.bytes[this.at]! - 48;
        this.at += 1;
      }
      found.push(code & 255);
      return;
    }
    this.at += 1;
    // A backslash at the end of a line joins it with the next.
    if (byte === 13 && this.bytes[this.at] === 10) this.at += 1;
    if (byte === 13 || byte === 10) return;
    found.push(escapes[byte] ?? byte);
  }

  #hexText(): Uint8Array {
    const digits: number[] = [];
    this.at += 1;
    for (;;) {
      const byte = this.bytes[this.at];
      this.at += 1;
      if (byte === 62) break;
      if (byte === undefined || !SPACE.has(byte)) digits.push(hexDigit(byte));
    }
    if (digits.length % 2 === 1) digits.push(0);
    return Uint8Array.from({ length: digits.length / 2 }, (_, i) => digits[2 * i]! * 16 + digits[2 * i + 1]!);
  }

  #list(depth: number): PdfValue[] {
    const found: PdfValue[] = [];
    this.at += 1;
    for (;;) {
      this.skipSpace();
      if (this.bytes[this.at] === 93) break;
      found.push(this.value(depth + 1));
    }
    this.at += 1;
    return found;
  }

  dictionary(depth = 0): PdfDictionary {
    this.skipSpace();
    if (!this.takes('<<')) throw damaged('dictionary');
    const found: PdfDictionary = new Map();
    for (;;) {
      this.skipSpace();
      if (this.takes('>>')) return found;
      if (this.bytes[this.at] !== 47) throw damaged('dictionary');
      const name = this.#name();
      if (found.has(name)) throw damaged(`/${name} twice`);
      found.set(name, this.value(depth + 1));
    }
  }
}

/** A text string: UTF-16 with byte order mark, else one byte a character (as far as our names go). */
export function pdfText(bytes: Uint8Array): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes.subarray(2));
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return new TextDecoder().decode(bytes.subarray(3));
  return [...bytes].map((byte) => String.fromCharCode(byte)).join('');
}
