// Hash and signatures in plain JavaScript (@noble/hashes, @noble/curves, BigInt): #primitives in a browser, also
// on a page opened from a USB stick, where crypto.subtle is missing. The same names, and the same answers, as
// primitives-node.ts: Ed25519 is checked by the equation of RFC 8032 §5.1.7 without the cofactor, as OpenSSL does,
// because with it a few hand-made keys and signatures would hold here and not there.
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { sha256 as sha256Of, sha512 } from '@noble/hashes/sha2.js';
import { joined, same } from './bytes.ts';
import { isEd25519Key, isP256Key, isRsaKey, rawOfDer, rsaHolds, type P256Key, type RsaKey } from './keys.ts';

export const sha256 = (bytes: Uint8Array): Uint8Array => sha256Of(bytes);

// ── Ed25519 ──────────────────────────────────────────────────────────────────────────────────────

/** A new key pair; 32 bytes each. */
export function ed25519Key(): { secret: Uint8Array; public_key: Uint8Array } {
  const secret = ed25519.utils.randomSecretKey();
  return { secret, public_key: ed25519.getPublicKey(secret) };
}

export const ed25519Public = (secret: Uint8Array): Uint8Array => ed25519.getPublicKey(secret);

export const ed25519Sign = (secret: Uint8Array, message: Uint8Array): Uint8Array => ed25519.sign(message, secret);

const { Point } = ed25519;
const littleEndian = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

export function ed25519Verify(public_key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isEd25519Key(public_key)) return false;
  try {
    const r = signature.subarray(0, 32);
    const s = littleEndian(signature.subarray(32));
    if (s >= Point.Fn.ORDER) return false;
    const k = littleEndian(sha512(joined(r, public_key, message))) % Point.Fn.ORDER;
    const key = Point.fromBytes(public_key);
    return same(Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k)).toBytes(), r);
  } catch {
    return false;
  }
}

// ── What passkeys sign with ──────────────────────────────────────────────────────────────────────

/** ECDSA on P-256 with SHA-256; the signature in DER. */
export function es256Verify({ x, y }: P256Key, message: Uint8Array, der_signature: Uint8Array): boolean {
  const raw = rawOfDer(der_signature);
  if (raw === null || !isP256Key({ x, y })) return false;
  return p256.verify(raw, message, joined(Uint8Array.of(4), x, y), { lowS: false, format: 'compact' });
}

/** RSA PKCS #1 v1.5 with SHA-256. */
export const rs256Verify = ({ n, e }: RsaKey, message: Uint8Array, signature: Uint8Array): boolean =>
  isRsaKey({ n, e }) && rsaHolds({ n, e }, sha256(message), signature);
