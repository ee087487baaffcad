// Which public keys and signatures are looked at at all, before any library is asked: libraries differ at the
// edges (keys of small order, two spellings of one point, odd RSA numbers), and two verifiers must never give
// two answers. Both sets of primitives ask here first, so what they are asked further is what all agree on.
import { bytesOfHex, hexOf, same } from './bytes.ts';

export interface P256Key { x: Uint8Array; y: Uint8Array }
export interface RsaKey { n: Uint8Array; e: Uint8Array }

/** Bytes as one number, the first byte the highest. */
export const numberOf = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${hexOf(bytes)}`));

// ── Ed25519 (RFC 8032) ───────────────────────────────────────────────────────────────────────────

/** y of the eight points whose order divides eight: under such a key one signature fits many messages. */
const smallOrder = [
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map(bytesOfHex);

/** Whether 32 bytes may be a key: y below 2^255 − 19, and not of small order. */
export function isEd25519Key(public_key: Uint8Array): boolean {
  if (public_key.length !== 32) return false;
  const y = new Uint8Array(public_key);
  y[31]! &= 0x7f;
  const above = y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff) && y[0]! >= 0xed;
  return !above && !smallOrder.some((one) => same(one, y));
}

/** Whether 64 bytes may be a signature: its point R is looked at like a key, because some libraries refuse one of
 *  small order and some do not. */
export const isEd25519Signature = (signature: Uint8Array): boolean => signature.length === 64 && isEd25519Key(signature.subarray(0, 32));

// ── ECDSA on P-256 ───────────────────────────────────────────────────────────────────────────────

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Whether x and y, 32 bytes each, are a point of the curve. */
export function isP256Key({ x: x_bytes, y: y_bytes }: P256Key): boolean {
  if (x_bytes.length !== 32 || y_bytes.length !== 32) return false;
  const x = numberOf(x_bytes);
  const y = numberOf(y_bytes);
  return x < P && y < P && (y * y - x * x * x + 3n * x - B) % P === 0n;
}

/** r and s, 32 bytes each, of a DER signature (X.690 §8, 10: each number in its one spelling); null otherwise. */
export function rawOfDer(der: Uint8Array): Uint8Array | null {
  const raw = new Uint8Array(64);
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2) return null;
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    if (der[at] !== 2 || length === 0 || number.length !== length || number[0]! >= 0x80) return null;
    const padded = number[0] === 0 && length > 1;
    if (padded && number[1]! < 0x80) return null;
    const plain = padded ? number.subarray(1) : number;
    if (plain.length > 32) return null;
    raw.set(plain, end - plain.length);
    at += 2 + length;
  }
  return at === der.length ? raw : null;
}

// ── RSA, PKCS #1 v1.5 with SHA-256 ───────────────────────────────────────────────────────────────

/** Whether a modulus of 2048 to 8192 bits and an exponent of at most 32, both odd, in their one spelling. */
export function isRsaKey({ n, e }: RsaKey): boolean {
  const bits = (n.length - 1) * 8 + (32 - Math.clz32(n[0] ?? 0));
  const odd = (bytes: Uint8Array): boolean => (bytes.at(-1)! & 1) === 1;
  return n.length > 0 && n[0] !== 0 && bits >= 2048 && bits <= 8192 && odd(n)
    && e.length > 0 && e.length <= 4 && e[0] !== 0 && odd(e) && numberOf(e) >= 3n;
}

/** DigestInfo of SHA-256 before its 32 bytes: RFC 8017 §9.2, note 1. */
const DIGEST_INFO = bytesOfHex('3031300d060960864801650304020105000420');

/** Whether a signature raised to e is exactly 00 01 FF … FF 00 DigestInfo hash: RFC 8017 §8.2.2, by comparison
 *  with what must come out, never by reading what did. */
export function rsaHolds({ n: n_bytes, e: e_bytes }: RsaKey, hash: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== n_bytes.length) return false;
  const n = numberOf(n_bytes);
  let power = numberOf(signature);
  if (power >= n) return false;
  let result = 1n;
  for (let e = numberOf(e_bytes); e > 0n; e >>= 1n) {
    if ((e & 1n) === 1n) result = (result * power) % n;
    power = (power * power) % n;
  }
  const expected = new Uint8Array(n_bytes.length).fill(0xff);
  expected.set([0, 1]);
  expected.set([0], expected.length - 32 - DIGEST_INFO.length - 1);
  expected.set(DIGEST_INFO, expected.length - 32 - DIGEST_INFO.length);
  expected.set(hash, expected.length - 32);
  return result === numberOf(expected);
}
