// What a passkey (通行密钥) signed, and whether it holds, with nothing but node:crypto: so that a stored
// signature can be checked years later, without the server and without any library that may be gone by then.
//   signed bytes = authenticator data ‖ SHA-256(client data)                      WebAuthn Level 3, §7.2
// The client data name the challenge, which is the hash of the document (TRUST §3), and the page it was signed
// on; the authenticator data name the host and say that somebody was there and was recognised.
import { createPublicKey, verify, type JsonWebKey, type KeyObject } from 'node:crypto';
import { sha256 } from '../kernel/digest.ts';

/** What is kept of a signature by passkey; bytes as base64url. */
export interface AssertionEvidence {
  credential_id: string;
  authenticator_data: string;
  client_data_json: string;
  signature: string;
  /** COSE_Key of the enrolment. */
  public_key: string;
  /** COSE algorithm: -7 ES256, -8 EdDSA, -257 RS256. */
  algorithm: number;
  /** Host name the key is bound to. */
  rp_id: string;
  /** Page it was signed on. */
  origin: string;
  sign_count: number;
  backup_eligible: boolean;
  backed_up: boolean;
}

export const ALGORITHMS = [-7, -8, -257] as const;

// ── CBOR (RFC 8949), as far as a COSE key needs it ───────────────────────────────────────────────

type Label = number | string;
type Cbor = number | string | Buffer | boolean | null;

class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new RangeError('CBOR ends too early');
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }

  #head(): { major: number; argument: number } {
    const first = this.#take(1)[0]!;
    const low = first & 31;
    if (low < 24) return { major: first >> 5, argument: low };
    if (low > 26) throw new RangeError('CBOR of a kind that no COSE key has');
    return { major: first >> 5, argument: this.#take(2 ** (low - 24)).readUIntBE(0, 2 ** (low - 24)) };
  }

  value(): Cbor {
    const { major, argument } = this.#head();
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return Buffer.from(this.#take(argument));
    if (major === 3) return this.#take(argument).toString('utf8');
    if (major === 7 && (argument === 20 || argument === 21)) return argument === 21;
    if (major === 7 && argument === 22) return null;
    throw new RangeError('CBOR of a kind that no COSE key has');
  }

  map(): Map<Label, Cbor> {
    const { major, argument } = this.#head();
    if (major !== 5 || argument > 20) throw new RangeError('not a COSE key');
    const map = new Map<Label, Cbor>();
    for (let i = 0; i < argument; i += 1) {
      const label = this.value();
      if (typeof label !== 'number' && typeof label !== 'string') throw new RangeError('not a label of a COSE key');
      if (map.has(label)) throw new RangeError('a COSE key with the same label twice');
      map.set(label, this.value());
    }
    if (this.#at !== this.#bytes.length) throw new RangeError('something follows the COSE key');
    return map;
  }
}

// ── COSE keys (RFC 9052, 9053) ───────────────────────────────────────────────────────────────────

const KTY = 1;
const ALG = 3;

function part(key: Map<Label, Cbor>, label: number, length?: number): string {
  const value = key.get(label);
  if (!Buffer.isBuffer(value) || (length !== undefined && value.length !== length)) {
    throw new RangeError(`part ${label} of the COSE key is missing or of the wrong length`);
  }
  return value.toString('base64url');
}

function jwkOf(key: Map<Label, Cbor>): JsonWebKey {
  const is = (kty: number, alg: number, curve?: number): boolean =>
    key.get(KTY) === kty && key.get(ALG) === alg && (curve === undefined || key.get(-1) === curve);
  if (is(2, -7, 1)) return { kty: 'EC', crv: 'P-256', x: part(key, -2, 32), y: part(key, -3, 32) };
  if (is(1, -8, 6)) return { kty: 'OKP', crv: 'Ed25519', x: part(key, -2, 32) };
  if (is(3, -257)) return { kty: 'RSA', n: part(key, -1), e: part(key, -2) };
  throw new RangeError('a COSE key of another kind than ES256, EdDSA (Ed25519) or RS256');
}

/** The public key of a COSE_Key and its algorithm. Throws RangeError or TypeError for anything else. */
export function readCoseKey(bytes: Uint8Array): { key: KeyObject; algorithm: number } {
  const map = new Reader(Buffer.from(bytes)).map();
  return { key: createPublicKey({ key: jwkOf(map), format: 'jwk' }), algorithm: map.get(ALG) as number };
}

// ── What was signed ──────────────────────────────────────────────────────────────────────────────

export interface AuthenticatorData {
  rp_id_hash: Buffer;
  user_present: boolean;
  user_verified: boolean;
  backup_eligible: boolean;
  backed_up: boolean;
  sign_count: number;
}

/** Authenticator data of a signature: WebAuthn Level 3, §6.1. Throws RangeError when too short. */
export function readAuthenticatorData(bytes: Buffer): AuthenticatorData {
  if (bytes.length < 37) throw new RangeError('authenticator data have 37 bytes at least');
  const flags = bytes[32]!;
  return {
    rp_id_hash: bytes.subarray(0, 32),
    user_present: (flags & 1) !== 0,
    user_verified: (flags & 4) !== 0,
    backup_eligible: (flags & 8) !== 0,
    backed_up: (flags & 16) !== 0,
    sign_count: bytes.readUInt32BE(33),
  };
}

export interface ClientData {
  type: unknown;
  challenge: unknown;
  origin: unknown;
  crossOrigin?: unknown;
}

/** The client data as the browser wrote them. Throws SyntaxError or TypeError. */
export function readClientData(base64url: string): ClientData {
  const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
  if (typeof value !== 'object' || value === null) throw new TypeError('client data are an object');
  return value as ClientData;
}

const bytesOf = (base64url: string): Buffer => Buffer.from(base64url, 'base64url');

/** Whether the signature is one of this key over these very bytes; says nothing of what they mean. */
export function signatureHolds(evidence: Pick<AssertionEvidence,
  'authenticator_data' | 'client_data_json' | 'signature' | 'public_key' | 'algorithm'>): boolean {
  try {
    const { key, algorithm } = readCoseKey(bytesOf(evidence.public_key));
    if (algorithm !== evidence.algorithm) return false;
    const signed = Buffer.concat([bytesOf(evidence.authenticator_data), sha256(bytesOf(evidence.client_data_json))]);
    return verify(algorithm === -8 ? null : 'sha256', signed, key, bytesOf(evidence.signature));
  } catch {
    return false;
  }
}

/** Whether a stored signature by passkey holds for this challenge: made for it, on the page and for the host
 *  that are written down, by somebody the device recognised, with this key. Needs no server and no database. */
export function verifyOffline(evidence: AssertionEvidence, challenge: Uint8Array): boolean {
  try {
    const client = readClientData(evidence.client_data_json);
    const device = readAuthenticatorData(bytesOf(evidence.authenticator_data));
    return client.type === 'webauthn.get'
      && client.challenge === Buffer.from(challenge).toString('base64url')
      && client.origin === evidence.origin
      && client.crossOrigin !== true
      && device.rp_id_hash.equals(sha256(evidence.rp_id))
      && device.user_present && device.user_verified
      && device.sign_count === evidence.sign_count
      && device.backup_eligible === evidence.backup_eligible && device.backed_up === evidence.backed_up
      && signatureHolds(evidence);
  } catch {
    return false;
  }
}
