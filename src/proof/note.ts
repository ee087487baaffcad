// Signed notes (c2sp.org/signed-note): a text, a blank line, and under it one line for each signature.
//   — <key name> <base64 of key id (4 bytes) ‖ signature>
// Two kinds of signatures are checked: 0x01 Ed25519 over the text, which the log makes, and 0x04 cosignatures of
// witnesses, over a time and the text (c2sp.org/tlog-cosignature). Whatever else stands there, such as ML-DSA-44, is
// of a key unknown here and is passed over. What a note says is believed only after openNote().
import { base64Of, bytesOfBase64, joined, same, utf8 } from './bytes.ts';
import { isEd25519Key } from './keys.ts';
import { ed25519Public, ed25519Sign, ed25519Verify, sha256 } from '#primitives';

export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;

export interface VerifierKey {
  name: string;
  /** First four bytes of SHA-256(name ‖ newline ‖ algorithm ‖ public key), as a number. */
  id: number;
  /** 0x01 Ed25519, 0x04 timestamped cosignature. */
  algorithm: number;
  /** 32 bytes. */
  public_key: Uint8Array;
}

/** A key and the secret that belongs to it. */
export interface Signer { key: VerifierKey; secret: Uint8Array }

// ── Keys: "name+id+base64(algorithm ‖ public key)" ───────────────────────────────────────────────

/** Not empty, without spaces of any script, without plus and without control characters. */
export const isKeyName = (name: string): boolean => /^[^\p{White_Space}\p{Cc}\p{Surrogate}+]+$/u.test(name);

const numberOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);

function bytesOfId(id: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, id);
  return bytes;
}

/** Makes a key of its parts. RangeError for a name, an algorithm or a public key that is none. */
export function keyOf(name: string, algorithm: number, public_key: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new RangeError('not the name of a key');
  if (algorithm !== ED25519 && algorithm !== COSIGNATURE) throw new RangeError('a key of another kind than Ed25519');
  if (!isEd25519Key(public_key)) throw new RangeError('not an Ed25519 key');
  const id = numberOf(sha256(joined(utf8(`${name}\n`), Uint8Array.of(algorithm), public_key)));
  return { name, id, algorithm, public_key };
}

export const keyIdText = ({ id }: Pick<VerifierKey, 'id'>): string => id.toString(16).padStart(8, '0');

export const verifierKeyText = (key: VerifierKey): string =>
  `${key.name}+${keyIdText(key)}+${base64Of(joined(Uint8Array.of(key.algorithm), key.public_key))}`;

/** Reads "name+id+base64". RangeError for anything but what verifierKeyText() writes. */
export function readVerifierKey(vkey: string): VerifierKey {
  const found = /^([^+]+)\+([0-9a-f]{8})\+([0-9A-Za-z+/=]+)$/.exec(vkey);
  if (found === null) throw new RangeError('not a verifier key: name+id+base64 is expected');
  const bytes = bytesOfBase64(found[3]!);
  const key = keyOf(found[1]!, bytes[0]!, bytes.subarray(1));
  if (keyIdText(key) !== found[2]) throw new RangeError('not a verifier key: its id is of another key');
  return key;
}

/** Whether it is the same key under the same name for the same kind of signature. */
export const sameKey = (a: VerifierKey, b: VerifierKey): boolean =>
  a.name === b.name && a.algorithm === b.algorithm && same(a.public_key, b.public_key);

// ── Signature lines ──────────────────────────────────────────────────────────────────────────────

export interface SignatureLine {
  name: string;
  id: number;
  /** What follows the key id. */
  signature: Uint8Array;
  /** As it stands in the note, newline included. */
  line: string;
}

const MARK = '— ';

export const signatureLine = ({ name, id }: Pick<VerifierKey, 'name' | 'id'>, signature: Uint8Array): string =>
  `${MARK}${name} ${base64Of(joined(bytesOfId(id), signature))}\n`;

/** Reads one line, newline included. RangeError otherwise. */
export function readSignatureLine(line: string): SignatureLine {
  const found = /^— ([^ ]+) ([^ ]+)\n$/.exec(line);
  if (found === null || !isKeyName(found[1]!)) throw new RangeError('not a signature of a note');
  const bytes = bytesOfBase64(found[2]!);
  if (bytes.length < 5) throw new RangeError('not a signature of a note: too short');
  return { name: found[1]!, id: numberOf(bytes), signature: bytes.subarray(4), line };
}

/** What a key signs under a text: the text; of a cosignature two lines before it, with the time that stands in the
 *  first eight bytes of the signature. Null when the signature cannot be one of its kind. */
export function signedPart({ algorithm }: VerifierKey, text: string, signature: Uint8Array): { message: Uint8Array; ed25519: Uint8Array } | null {
  if (algorithm === ED25519) return signature.length === 64 ? { message: utf8(text), ed25519: signature } : null;
  if (algorithm !== COSIGNATURE || signature.length !== 72) return null;
  const time = cosignatureTime(signature);
  return time === null ? null : { message: cosignedMessage(text, time), ed25519: signature.subarray(8) };
}

/** Seconds since 1970 in a cosignature; null when no such time can be told exactly. */
export function cosignatureTime(signature: Uint8Array): number | null {
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  return time <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(time) : null;
}

export const cosignedMessage = (text: string, time: number): Uint8Array => utf8(`cosignature/v1\ntime ${time}\n${text}`);

function holds(key: VerifierKey, text: string, signature: Uint8Array): boolean {
  const signed = signedPart(key, text, signature);
  return signed !== null && ed25519Verify(key.public_key, signed.message, signed.ed25519);
}

// ── Notes ────────────────────────────────────────────────────────────────────────────────────────

const MOST_SIGNATURES = 100;
const LONGEST = 1_000_000;

/** The parts of a note, unchecked: what anybody could have written. RangeError when it is no signed note. */
export function splitNote(note: string): { text: string; signatures: SignatureLine[] } {
  if (note.length > LONGEST || /[^\n\u0020-\u{10ffff}]|\p{Surrogate}/u.test(note)) throw new RangeError('not a signed note');
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) throw new RangeError('not a signed note: the signatures are missing');
  const lines = note.slice(blank + 2).match(/[^\n]*\n/g) ?? [];
  if (lines.length === 0 || lines.length > MOST_SIGNATURES) throw new RangeError('not a signed note: no signatures, or too many');
  return { text: note.slice(0, blank + 1), signatures: lines.map(readSignatureLine) };
}

export interface OpenedNote {
  /** Final newline included. */
  text: string;
  /** In the order of the note, each key once. */
  verified: { key: VerifierKey; signature: Uint8Array }[];
  /** Lines of keys that are not known, newline included. */
  unknown: string[];
}

/** Opens a note. RangeError when it is none, when a known key did not sign it, though it says so, and when no known
 *  key signed it at all. */
export function openNote(note: string, keys: readonly VerifierKey[]): OpenedNote {
  const { text, signatures } = splitNote(note);
  const verified: OpenedNote['verified'] = [];
  const unknown: string[] = [];
  for (const { name, id, signature, line } of signatures) {
    const [key, ...others] = keys.filter((one) => one.name === name && one.id === id);
    if (key === undefined) {
      if (!unknown.includes(line)) unknown.push(line);
      continue;
    }
    if (others.some((other) => !sameKey(other, key))) throw new RangeError(`two keys of one name and id: ${name}`);
    if (!holds(key, text, signature)) throw new RangeError(`the signature of ${name} does not hold`);
    if (!verified.some((one) => one.key === key)) verified.push({ key, signature });
  }
  if (verified.length === 0) throw new RangeError('no known key signed the note');
  return { text, verified, unknown };
}

/** A note with further signature lines; a line that is there already is not added again. */
export function withSignatures(note: string, lines: readonly string[]): string {
  const there = splitNote(note).signatures.map((one) => one.line);
  const added = [...new Set(lines)].filter((line) => !there.includes(readSignatureLine(line).line));
  return note + added.join('');
}

/** Signs a text with Ed25519 keys (0x01). RangeError for a text that cannot be a note's, or a secret of another key. */
export function signNote(text: string, signers: readonly Signer[]): string {
  if (!text.endsWith('\n') || signers.length === 0) throw new RangeError('a note ends in a newline and is signed');
  const lines = signers.map(({ key, secret }) => {
    if (key.algorithm !== ED25519 || !same(ed25519Public(secret), key.public_key)) throw new RangeError('not the secret of this key');
    return signatureLine(key, ed25519Sign(secret, utf8(text)));
  });
  const note = `${text}\n${lines.join('')}`;
  if (splitNote(note).text !== text) throw new RangeError('not the text of a note');
  return note;
}
