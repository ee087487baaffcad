// Hash and signatures by node:crypto: #primitives on the server and for `mingzhang verify`. The same names,
// and the same answers, as primitives-browser.ts. A key that comes again (one person signs for years) is read once.
import {
  createHash, createPrivateKey, createPublicKey, generateKeyPairSync, hash, sign, verify, type JsonWebKey, type KeyObject,
} from 'node:crypto';
import { base64urlOf, joined } from './bytes.ts';
import { isEd25519Key, isEd25519Signature, isP256Key, isRsaKey, rawOfDer, type P256Key, type RsaKey } from './keys.ts';

const plain = ({ buffer, byteOffset, length }: Buffer): Uint8Array => new Uint8Array(buffer, byteOffset, length);

export const sha256 = (bytes: Uint8Array): Uint8Array => plain(hash('sha256', bytes, 'buffer'));

/** SHA-256 of what comes piece by piece. */
export interface Hashing { update(bytes: Uint8Array): void; digest(): Uint8Array }
export function sha256Pieces(): Hashing {
  const running = createHash('sha256');
  return { update: (bytes) => void running.update(bytes), digest: () => plain(running.digest()) };
}

const MOST_KEYS = 4_000;
const keys = new Map<string, KeyObject>();

function keyFor(jwk: JsonWebKey): KeyObject {
  const name = [jwk.kty, jwk.x, jwk.y, jwk.n, jwk.e].join(' ');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (keys.size >= MOST_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

// ── Ed25519 ──────────────────────────────────────────────────────────────────────────────────────

/** PKCS #8 of an Ed25519 key before its 32 bytes: RFC 8410 §7. */
const PRIVATE = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);

function privateKey(secret: Uint8Array): KeyObject {
  if (secret.length !== 32) throw new RangeError('an Ed25519 secret has 32 bytes');
  return createPrivateKey({ key: Buffer.from(joined(PRIVATE, secret)), format: 'der', type: 'pkcs8' });
}

/** A new key pair; 32 bytes each. */
export function ed25519Key(): { secret: Uint8Array; public_key: Uint8Array } {
  const { d, x } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { secret: plain(Buffer.from(d!, 'base64url')), public_key: plain(Buffer.from(x!, 'base64url')) };
}

export const ed25519Public = (secret: Uint8Array): Uint8Array =>
  plain(Buffer.from(createPublicKey(privateKey(secret)).export({ format: 'jwk' }).x!, 'base64url'));

export const ed25519Sign = (secret: Uint8Array, message: Uint8Array): Uint8Array => plain(sign(null, message, privateKey(secret)));

export function ed25519Verify(public_key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isEd25519Signature(signature) || !isEd25519Key(public_key)) return false;
  try {
    return verify(null, message, keyFor({ kty: 'OKP', crv: 'Ed25519', x: base64urlOf(public_key) }), signature);
  } catch {
    return false;
  }
}

// ── What passkeys sign with ──────────────────────────────────────────────────────────────────────

/** ECDSA on P-256 with SHA-256; the signature in DER. */
export function es256Verify({ x, y }: P256Key, message: Uint8Array, der_signature: Uint8Array): boolean {
  const raw = rawOfDer(der_signature);
  if (raw === null || !isP256Key({ x, y })) return false;
  try {
    const key = keyFor({ kty: 'EC', crv: 'P-256', x: base64urlOf(x), y: base64urlOf(y) });
    return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, raw);
  } catch {
    return false;
  }
}

/** RSA PKCS #1 v1.5 with SHA-256. */
export function rs256Verify({ n, e }: RsaKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isRsaKey({ n, e })) return false;
  try {
    return verify('sha256', message, keyFor({ kty: 'RSA', n: base64urlOf(n), e: base64urlOf(e) }), signature);
  } catch {
    return false;
  }
}
