// A passkey in software, made of node:crypto alone: answers what a browser and a device would, so that the
// interface can be tried without either. The switches forge one thing each.
//   const key = softwareKey({ rp_id: 'localhost', origin: 'http://localhost:8080' })
//   const response = key.register(options)        const assertion = key.sign(options)
import { generateKeyPairSync, randomBytes, sign as signWith, type KeyObject } from 'node:crypto';
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server';
import { sha256 } from '../../src/kernel/digest.ts';

export interface Forgery {
  origin?: string;
  rp_id?: string;
  challenge?: string;
  /** 'webauthn.create' where 'webauthn.get' belongs, or the other way round. */
  type?: string;
  cross_origin?: boolean;
  /** false: somebody was there, but the device does not know who. */
  user_verified?: boolean;
  user_present?: boolean;
  /** Counter to report; otherwise one more than before, or always 0. */
  counter?: number;
  /** Changes the bytes after they were signed. */
  damaged?: boolean;
}

export interface SoftwareKeyOptions {
  rp_id: string;
  origin: string;
  algorithm?: -7 | -8 | -257;
  /** Counts its signatures, as a security key does; a phone's passkey does not. */
  counts?: boolean;
  /** May be copied to a cloud, and was. */
  synced?: boolean;
  transports?: string[];
}

// ── CBOR, as far as an attestation needs it ──────────────────────────────────────────────────────

type Encodable = number | string | Buffer | Map<number | string, Encodable>;

function head(major: number, argument: number): Buffer {
  if (argument < 24) return Buffer.from([(major << 5) | argument]);
  if (argument < 256) return Buffer.from([(major << 5) | 24, argument]);
  return Buffer.from([(major << 5) | 25, argument >> 8, argument & 255]);
}

function cbor(value: Encodable): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const bytes = Buffer.from(value, 'utf8');
    return Buffer.concat([head(3, bytes.length), bytes]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const parts = [...value].flatMap(([name, one]) => [cbor(name), cbor(one)]);
  return Buffer.concat([head(5, value.size), ...parts]);
}

const bytesOf = (base64url: string | undefined): Buffer => Buffer.from(base64url ?? '', 'base64url');

function newKey(algorithm: number): { private_key: KeyObject; cose: Buffer } {
  if (algorithm === -7) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = publicKey.export({ format: 'jwk' });
    const cose = new Map<number, Encodable>([[1, 2], [3, -7], [-1, 1], [-2, bytesOf(x)], [-3, bytesOf(y)]]);
    return { private_key: privateKey, cose: cbor(cose) };
  }
  if (algorithm === -8) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const { x } = publicKey.export({ format: 'jwk' });
    const cose = new Map<number, Encodable>([[1, 1], [3, -8], [-1, 6], [-2, bytesOf(x)]]);
    return { private_key: privateKey, cose: cbor(cose) };
  }
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: 'jwk' });
  const cose = new Map<number, Encodable>([[1, 3], [3, -257], [-1, bytesOf(n)], [-2, bytesOf(e)]]);
  return { private_key: privateKey, cose: cbor(cose) };
}

// ── The device ───────────────────────────────────────────────────────────────────────────────────

export type SoftwareKey = ReturnType<typeof softwareKey>;

export function softwareKey(options: SoftwareKeyOptions) {
  const { algorithm = -7, counts = false, synced = false, transports = ['internal'] } = options;
  const { private_key, cose } = newKey(algorithm);
  const id_bytes = randomBytes(32);
  const id = id_bytes.toString('base64url');
  let signatures = 0;

  const clientData = (type: string, challenge: string, forged: Forgery): Buffer =>
    Buffer.from(JSON.stringify({
      type: forged.type ?? type,
      challenge: forged.challenge ?? challenge,
      origin: forged.origin ?? options.origin,
      crossOrigin: forged.cross_origin ?? false,
    }));

  const deviceData = (forged: Forgery, attested?: Buffer): Buffer => {
    const flags = (forged.user_present === false ? 0 : 1) | (forged.user_verified === false ? 0 : 4)
      | (synced ? 8 | 16 : 0) | (attested === undefined ? 0 : 64);
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(forged.counter ?? (counts ? signatures : 0));
    return Buffer.concat([sha256(forged.rp_id ?? options.rp_id), Buffer.from([flags]), counter, attested ?? Buffer.alloc(0)]);
  };

  return {
    id,
    public_key: cose.toString('base64url'),
    algorithm,

    /** RegistrationResponseJSON with attestation "none". */
    register({ challenge }: Pick<PublicKeyCredentialCreationOptionsJSON, 'challenge'>, forged: Forgery = {}) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id_bytes.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id_bytes, cose]);
      const attestation = new Map<string, Encodable>([
        ['fmt', 'none'], ['attStmt', new Map()], ['authData', deviceData(forged, attested)],
      ]);
      return {
        id, rawId: id, type: 'public-key' as const, clientExtensionResults: {},
        response: {
          attestationObject: cbor(attestation).toString('base64url'),
          clientDataJSON: clientData('webauthn.create', challenge, forged).toString('base64url'),
          transports,
        },
      };
    },

    /** AuthenticationResponseJSON. */
    sign({ challenge }: Pick<PublicKeyCredentialRequestOptionsJSON, 'challenge'>, forged: Forgery = {}) {
      signatures += 1;
      const device = deviceData(forged);
      const client = clientData('webauthn.get', challenge, forged);
      const signed = Buffer.concat([device, sha256(client)]);
      const signature = signWith(algorithm === -8 ? null : 'sha256', signed, private_key);
      if (forged.damaged === true) signature[signature.length - 1]! ^= 1;
      return {
        id, rawId: id, type: 'public-key' as const, clientExtensionResults: {},
        response: {
          authenticatorData: device.toString('base64url'),
          clientDataJSON: client.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      };
    },
  };
}
