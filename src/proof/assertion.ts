// What a passkey (通行密钥) signed, and whether it holds, with the primitives alone: so that a stored signature can
// be checked years later, without the server and without any library that may be gone by then.
//   signed bytes = authenticator data ‖ SHA-256(client data)                      WebAuthn Level 3, §7.2
// The client data name the challenge, which is the hash of the document (TRUST §3), and the page it was signed
// on; the authenticator data name the host and say that somebody was there and was recognised.
import { base64urlOf, bytesOfBase64url, joined, same, textOf, utf8 } from './bytes.ts';
import { isEd25519Key, isP256Key, isRsaKey, type P256Key, type RsaKey } from './keys.ts';
import { ed25519Verify, es256Verify, rs256Verify, sha256 } from '#primitives';

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
type Cbor = number | string | Uint8Array | boolean | null;

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  #take(length: number): Uint8Array {
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
    return { major: first >> 5, argument: this.#take(2 ** (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0) };
  }

  value(): Cbor {
    const { major, argument } = this.#head();
    if (major === 0) return argument;
    if (major === 1) return -1 - argument;
    if (major === 2) return new Uint8Array(this.#take(argument));
    if (major === 3) return textOf(this.#take(argument));
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

function part(key: Map<Label, Cbor>, label: number): Uint8Array {
  const value = key.get(label);
  if (!(value instanceof Uint8Array)) throw new RangeError(`part ${label} of the COSE key is missing`);
  return value;
}

export type PublicKey = ({ algorithm: -7 } & P256Key) | { algorithm: -8; x: Uint8Array } | ({ algorithm: -257 } & RsaKey);

/** The public key of a COSE_Key and its algorithm. Throws RangeError or TypeError for anything else, and for a key
 *  that no signature can be checked with. */
export function readCoseKey(bytes: Uint8Array): PublicKey {
  const map = new Reader(bytes).map();
  const is = (kty: number, alg: number, curve?: number): boolean =>
    map.get(KTY) === kty && map.get(ALG) === alg && (curve === undefined || map.get(-1) === curve);
  if (is(2, -7, 1)) {
    const point = { x: part(map, -2), y: part(map, -3) };
    if (isP256Key(point)) return { algorithm: -7, ...point };
  } else if (is(1, -8, 6)) {
    const x = part(map, -2);
    if (isEd25519Key(x)) return { algorithm: -8, x };
  } else if (is(3, -257)) {
    const numbers = { n: part(map, -1), e: part(map, -2) };
    if (isRsaKey(numbers)) return { algorithm: -257, ...numbers };
  }
  throw new RangeError('no COSE key, or of another kind than ES256, EdDSA (Ed25519) or RS256');
}

/** readCoseKey() on base64url, which reads a key that comes again only once. */
export function keyReader(): (public_key: string) => PublicKey {
  const keys = new Map<string, PublicKey>();
  return (public_key) => {
    const known = keys.get(public_key);
    if (known !== undefined) return known;
    const key = readCoseKey(bytesOfBase64url(public_key));
    keys.set(public_key, key);
    return key;
  };
}

// ── What was signed ──────────────────────────────────────────────────────────────────────────────

export interface AuthenticatorData {
  rp_id_hash: Uint8Array;
  user_present: boolean;
  user_verified: boolean;
  backup_eligible: boolean;
  backed_up: boolean;
  sign_count: number;
}

/** Authenticator data of a signature: WebAuthn Level 3, §6.1. Throws RangeError when too short. */
export function readAuthenticatorData(bytes: Uint8Array): AuthenticatorData {
  if (bytes.length < 37) throw new RangeError('authenticator data have 37 bytes at least');
  const flags = bytes[32]!;
  return {
    rp_id_hash: bytes.subarray(0, 32),
    user_present: (flags & 1) !== 0,
    user_verified: (flags & 4) !== 0,
    backup_eligible: (flags & 8) !== 0,
    backed_up: (flags & 16) !== 0,
    sign_count: new DataView(bytes.buffer, bytes.byteOffset).getUint32(33),
  };
}

export interface ClientData {
  type: unknown;
  challenge: unknown;
  origin: unknown;
  crossOrigin?: unknown;
}

/** The client data as the browser wrote them. Throws SyntaxError, RangeError or TypeError. */
export function readClientData(base64url: string): ClientData {
  const value: unknown = JSON.parse(textOf(bytesOfBase64url(base64url)));
  if (typeof value !== 'object' || value === null) throw new TypeError('client data are an object');
  return value as ClientData;
}

type Signed = Pick<AssertionEvidence, 'authenticator_data' | 'client_data_json' | 'signature' | 'public_key' | 'algorithm'>;

/** Whether the signature is one of this key over these very bytes; says nothing of what they mean. */
export function signatureHolds(evidence: Signed, keyOf: (public_key: string) => PublicKey = keyReader()): boolean {
  try {
    const key = keyOf(evidence.public_key);
    if (key.algorithm !== evidence.algorithm) return false;
    const signed = joined(bytesOfBase64url(evidence.authenticator_data), sha256(bytesOfBase64url(evidence.client_data_json)));
    const signature = bytesOfBase64url(evidence.signature);
    if (key.algorithm === -8) return ed25519Verify(key.x, signed, signature);
    return key.algorithm === -7 ? es256Verify(key, signed, signature) : rs256Verify(key, signed, signature);
  } catch {
    return false;
  }
}

/** Whether a stored signature by passkey holds for this challenge: made for it, on the page and for the host
 *  that are written down, by somebody the device recognised, with this key. Needs no server and no database. */
export function verifyOffline(evidence: AssertionEvidence, challenge: Uint8Array): boolean {
  try {
    const client = readClientData(evidence.client_data_json);
    const device = readAuthenticatorData(bytesOfBase64url(evidence.authenticator_data));
    return client.type === 'webauthn.get'
      && client.challenge === base64urlOf(challenge)
      && client.origin === evidence.origin
      && client.crossOrigin !== true
      && same(device.rp_id_hash, sha256(utf8(evidence.rp_id)))
      && device.user_present && device.user_verified
      && device.sign_count === evidence.sign_count
      && device.backup_eligible === evidence.backup_eligible && device.backed_up === evidence.backed_up
      && signatureHolds(evidence);
  } catch {
    return false;
  }
}
