// Hash and signatures in plain JavaScript (@noble/hashes, @noble/curves, BigInt): #primitives in a browser, also
// on a page opened from a USB stick, where crypto.subtle is missing. The same names, and the same answers, as
// primitives-node.ts: Ed25519 is checked by the equation of RFC 8032 §5.1.7 without the cofactor, as OpenSSL does,
// because with it a few hand-made keys and signatures would hold here and not there.
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 as sha256Of, sha512 } from '@noble/hashes/sha2.js';
import { hexOf, joined, same } from './bytes.ts';
import { isEd25519Key, isEd25519Signature, isP256Key, isRsaKey, numberOf, rawOfDer, rsaHolds, type P256Key, type RsaKey } from './keys.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => sha256Of(bytes);

/** SHA-256 of what comes piece by piece. */
export interface Hashing { update(bytes: Uint8Array): void; digest(): Uint8Array }
export function sha256Pieces(): Hashing {
  const running = sha256Of.create();
  return { update: (bytes) => void running.update(bytes), digest: () => running.digest() };
}

/** Points of keys. A key that comes a third time gets a table (5 ms, and then four times as fast): the same few
 *  persons sign everything. */
function keyPoints<P extends { precompute(window: number, lazy: boolean): P }>(read: (bytes: Uint8Array) => P): (bytes: Uint8Array) => P {
  const known = new Map<string, { point: P; uses: number }>();
  return (bytes) => {
    const name = hexOf(bytes);
    const key = known.get(name) ?? { point: read(bytes), uses: 0 };
    key.uses += 1;
    if (key.uses === 3) key.point.precompute(4, true);
    if (known.size >= MOST_KEYS) known.clear();
    known.set(name, key);
    return key.point;
  };
}

const MOST_KEYS = 200;
const edwardsKeys = keyPoints((bytes) => ed25519.Point.fromBytes(bytes));
const weierstrassKeys = keyPoints((bytes) => p256.Point.fromBytes(bytes));

// ── Ed25519 ──────────────────────────────────────────────────────────────────────────────────────

/** A new key pair; 32 bytes each. */
export function ed25519Key(): { secret: Uint8Array; public_key: Uint8Array } {
  const secret = ed25519.utils.randomSecretKey();
  return { secret, public_key: ed25519.getPublicKey(secret) };
}

export const ed25519Public = (secret: Uint8Array): Uint8Array => ed25519.getPublicKey(secret);

export const ed25519Sign = (secret: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, secret);

const littleEndian = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

export function ed25519Verify(public_key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isEd25519Signature(signature) || !isEd25519Key(public_key)) return false;
  try {
    const { Point } = ed25519;
    const r = signature.subarray(0, 32);
    const s = littleEndian(signature.subarray(32));
    if (s >= Point.Fn.ORDER) return false;
    const k = littleEndian(sha512(joined(r, public_key, message))) % Point.Fn.ORDER;
    const key = edwardsKeys(public_key);
    return same(Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k)).toBytes(), r);
  } catch {
    return false;
  }
}

// ── What passkeys sign with ──────────────────────────────────────────────────────────────────────

/** ECDSA on P-256 with SHA-256 (FIPS 186-5 §6.4.2); the signature in DER. */
export function es256Verify({ x, y }: P256Key, message: Uint8Array, der_signature: Uint8Array): boolean {
  const raw = rawOfDer(der_signature);
  if (raw === null || !isP256Key({ x, y })) return false;
  try {
    const { Point } = p256;
    const { Fn } = Point;
    const r = numberOf(raw.subarray(0, 32));
    const s = numberOf(raw.subarray(32));
    if (!Fn.isValidNot0(r) || !Fn.isValidNot0(s)) return false;
    const inverse = Fn.inv(s);
    const u1 = Fn.mul(Fn.create(numberOf(sha256(message))), inverse);
    const u2 = Fn.mul(r, inverse);
    const point = Point.BASE.multiplyUnsafe(u1).add(weierstrassKeys(joined(Uint8Array.of(4), x, y)).multiplyUnsafe(u2));
    return !point.is0() && Fn.create(point.toAffine().x) === r;
  } catch {
    return false;
  }
}

/** RSA PKCS #1 v1.5 with SHA-256. */
export const rs256Verify = ({ n, e }: RsaKey, message: Uint8Array, signature: Uint8Array): boolean =>
  isRsaKey({ n, e }) && rsaHolds({ n, e }, sha256(message), signature);
