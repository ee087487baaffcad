// A passkey in software (ES256), so that many sign at the same moment without a browser. What it answers is
// what a browser would send: authenticator data, client data, signature.
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

export const RP_ID = 'localhost';
export const ORIGIN = 'http://localhost:8080';

export interface SoftKey {
  credential_id: string;
  /** COSE_Key bytes, base64url. */
  public_key: string;
  /** AuthenticationResponseJSON for a challenge of 32 bytes. */
  answer(challenge: Buffer): object;
}

const sha256 = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();

function coseKey(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: 'jwk' }) as { x: string; y: string };
  return Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'), Buffer.from(x, 'base64url'), Buffer.from('225820', 'hex'), Buffer.from(y, 'base64url'),
  ]);
}

const USER_PRESENT = 1;
const USER_VERIFIED = 4;

export function softKey(): SoftKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const credential_id = randomBytes(24).toString('base64url');
  return {
    credential_id,
    public_key: coseKey(publicKey).toString('base64url'),
    answer(challenge) {
      const client = Buffer.from(JSON.stringify({
        type: 'webauthn.get', challenge: challenge.toString('base64url'), origin: ORIGIN, crossOrigin: false,
      }));
      // Counter 0, as the keys of phones: two signatures at once are not taken for a copied key.
      const device = Buffer.concat([sha256(Buffer.from(RP_ID)), Buffer.from([USER_PRESENT | USER_VERIFIED, 0, 0, 0, 0])]);
      const signature = sign('sha256', Buffer.concat([device, sha256(client)]), privateKey);
      return {
        id: credential_id, rawId: credential_id, type: 'public-key', clientExtensionResults: {},
        response: {
          authenticatorData: device.toString('base64url'), clientDataJSON: client.toString('base64url'),
          signature: signature.toString('base64url'),
        },
      };
    },
  };
}
