// Bytes and how they are spelled: UTF-8, hexadecimal, Base64 (RFC 4648 §4) and Base64url (§5, without padding).
// Only the canonical spelling is read: one value has one text, so that a proof cannot be varied without being
// another one. Plain Uint8Array only: this runs in a browser too.
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Half of a surrogate pair alone: no UTF-8 spells it, and TextEncoder would put U+FFFD in its place. */
const lone = /\p{Surrogate}/u;

/** UTF-8 of a text. RangeError for a text that has none. */
export function utf8(text: string): Uint8Array {
  // Five times as fast where there is isWellFormed(): older phones have none.
  if (typeof text.isWellFormed === 'function' ? !text.isWellFormed() : lone.test(text)) {
    throw new RangeError('half a surrogate pair has no UTF-8');
  }
  return encoder.encode(text);
}

/** Text of UTF-8, a byte order mark included. TypeError for bytes that are no UTF-8. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes);

// ── Hexadecimal ──────────────────────────────────────────────────────────────────────────────────

const hexPairs = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += hexPairs[byte]!;
  return text;
}

/** Small letters only. RangeError otherwise. */
export function bytesOfHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new RangeError('not hexadecimal');
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

// ── Base64 ───────────────────────────────────────────────────────────────────────────────────────

const COMMON = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const STANDARD = `${COMMON}+/`;
const URL_SAFE = `${COMMON}-_`;

function spelled(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  let i = 0;
  for (; i + 2 < bytes.length; i += 3) {
    const group = (bytes[i]! << 16) | (bytes[i + 1]! << 8) | bytes[i + 2]!;
    text += alphabet[group >> 18]! + alphabet[(group >> 12) & 63]! + alphabet[(group >> 6) & 63]! + alphabet[group & 63]!;
  }
  const left = bytes.length - i;
  if (left === 1) text += alphabet[bytes[i]! >> 2]! + alphabet[(bytes[i]! & 3) << 4]!;
  if (left === 2) {
    const group = (bytes[i]! << 8) | bytes[i + 1]!;
    text += alphabet[group >> 10]! + alphabet[(group >> 4) & 63]! + alphabet[(group & 15) << 2]!;
  }
  return text;
}

const valuesOf = (alphabet: string): Int8Array => {
  const values = new Int8Array(128).fill(-1);
  for (let i = 0; i < 64; i += 1) values[alphabet.charCodeAt(i)] = i;
  return values;
};
const standardValues = valuesOf(STANDARD);
const urlSafeValues = valuesOf(URL_SAFE);

/** Digits without padding; bits that are left over must be zero, else two texts would spell the same bytes. */
function unspelled(digits: string, values: Int8Array): Uint8Array {
  if (digits.length % 4 === 1) throw new RangeError('not Base64: of an impossible length');
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const code = digits.charCodeAt(i);
    const value = code < 128 ? values[code]! : -1;
    if (value < 0) throw new RangeError('not Base64: a letter that it does not have');
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  if ((held & ((1 << bits) - 1)) !== 0) throw new RangeError('not Base64 in its canonical spelling');
  return bytes;
}

export const base64Of = (bytes: Uint8Array): string => spelled(bytes, STANDARD) + ['', '==', '='][bytes.length % 3]!;

/** Padded, without anything around it. RangeError otherwise. */
export function bytesOfBase64(text: string): Uint8Array {
  const found = /^([^=]*)(={0,2})$/.exec(text);
  if (found === null || text.length % 4 !== 0) throw new RangeError('not Base64: padding is missing or misplaced');
  return unspelled(found[1]!, standardValues);
}

export const base64urlOf = (bytes: Uint8Array): string => spelled(bytes, URL_SAFE);

/** Without padding. RangeError otherwise. */
export const bytesOfBase64url = (text: string): Uint8Array => unspelled(text, urlSafeValues);

// ── Several together ─────────────────────────────────────────────────────────────────────────────

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether the bytes are the same; they are public, so time may tell. */
export function same(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** A whole number as it is written in C2SP formats: decimal digits, no sign, no leading zeros. RangeError for
 *  anything else, and above 2^53 − 1. */
export function readWhole(text: string): number {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw new RangeError('not a whole number');
  return value;
}
