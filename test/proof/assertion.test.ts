// A signature by passkey is checked years later, by the server or in a browser: against the examples of the
// specification, and against every way in which one may be forged or bent.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { readAuthenticatorData, type AssertionEvidence } from '../../src/proof/assertion.ts';
import { softwareKey, type Forgery, type SoftwareKey } from '../helpers/passkey.ts';
import { libraries } from './both.ts';

interface Vector {
  section: string; title: string; algorithm: number; user_verified: boolean; cross_origin: boolean; public_key: string;
  challenge: string; authenticator_data: string; client_data_json: string; signature: string;
}
const { rp_id, origin, vectors } = JSON.parse(
  readFileSync(new URL('../../fixtures/webauthn/level3.json', import.meta.url), 'utf8'),
) as { rp_id: string; origin: string; vectors: Vector[] };
const bytes = (base64url: string): Buffer => Buffer.from(base64url, 'base64url');

const challenge = Buffer.alloc(32, 7);
const place = { rp_id: 'localhost', origin: 'http://localhost:8080' };

function evidenceOf(key: SoftwareKey, forged: Forgery = {}): AssertionEvidence {
  const { response } = key.sign({ challenge: challenge.toString('base64url') }, forged);
  const device = readAuthenticatorData(bytes(response.authenticatorData));
  return {
    credential_id: key.id, authenticator_data: response.authenticatorData, client_data_json: response.clientDataJSON,
    signature: response.signature, public_key: key.public_key, algorithm: key.algorithm, ...place,
    sign_count: device.sign_count, backup_eligible: device.backup_eligible, backed_up: device.backed_up,
  };
}

for (const [library, { readCoseKey, signatureHolds, verifyOffline }] of libraries) {
  t.test(`${library}: the examples of WebAuthn Level 3, section 16`, async (t) => {
    t.equal(vectors.length, 4);
    for (const vector of vectors) {
      const name = `${vector.section} ${vector.title}`;
      const { sign_count, backup_eligible, backed_up } = readAuthenticatorData(bytes(vector.authenticator_data));
      const evidence: AssertionEvidence = {
        ...vector, credential_id: '', rp_id, origin, sign_count, backup_eligible, backed_up,
      };
      t.ok(signatureHolds(vector), name);
      // We ask for a verified user on our own page, which some of the examples are not.
      t.equal(verifyOffline(evidence, bytes(vector.challenge)), vector.user_verified && !vector.cross_origin, name);
      t.notOk(verifyOffline(evidence, Buffer.alloc(32)), `${name}: for no other challenge`);
      for (const part of ['authenticator_data', 'client_data_json', 'signature'] as const) {
        const bent = bytes(vector[part]);
        bent[bent.length - 1]! ^= 1;
        t.notOk(signatureHolds({ ...vector, [part]: bent.toString('base64url') }), `${name}: ${part} bent by a bit`);
      }
    }
  });

  t.test(`${library}: ES256, EdDSA and RS256 hold; forged ones do not`, async (t) => {
    for (const algorithm of [-7, -8, -257] as const) {
      const key = softwareKey({ ...place, algorithm, counts: true, synced: true });
      const good = evidenceOf(key);
      t.ok(verifyOffline(good, challenge), `${algorithm}`);
      const forgeries: Record<string, Forgery> = {
        'another page': { origin: 'https://evil.example' },
        'another host': { rp_id: 'evil.example' },
        'another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
        'an enrolment': { type: 'webauthn.create' },
        'a frame of another site': { cross_origin: true },
        'a user the device did not recognise': { user_verified: false },
        'nobody there': { user_present: false },
        'a damaged signature': { damaged: true },
      };
      for (const [name, forged] of Object.entries(forgeries)) {
        t.notOk(verifyOffline(evidenceOf(key, forged), challenge), `${algorithm}: ${name}`);
      }
      const other = softwareKey({ ...place, algorithm });
      t.notOk(verifyOffline({ ...good, public_key: other.public_key }, challenge), `${algorithm}: somebody else's key`);
      t.notOk(verifyOffline({ ...good, sign_count: good.sign_count + 1 }, challenge), `${algorithm}: another counter`);
      t.notOk(verifyOffline({ ...good, backed_up: false }, challenge), `${algorithm}: another backup flag`);
      t.notOk(verifyOffline({ ...good, algorithm: algorithm === -7 ? -8 : -7 }, challenge), `${algorithm}: another algorithm`);
      t.notOk(verifyOffline({ ...good, client_data_json: 'bm90IGpzb24' }, challenge), `${algorithm}: client data that are none`);
    }
  });

  t.test(`${library}: a key that is not exactly a COSE key of a known kind is not read`, async (t) => {
    const good = bytes(vectors[0]!.public_key);
    t.equal(readCoseKey(good).algorithm, -7);
    const wrong: Record<string, Buffer> = {
      empty: Buffer.alloc(0),
      'cut short': good.subarray(0, 40),
      'with something behind it': Buffer.concat([good, Buffer.from([0])]),
      'an array': Buffer.from('80', 'hex'),
      'on another curve': Buffer.from(good.toString('hex').replace('2001', '2002'), 'hex'),
      'ES384': Buffer.from(good.toString('hex').replace('0326', '033822'), 'hex'),
      'of endless length': Buffer.from('bf0102', 'hex'),
      'a length of four gigabytes': Buffer.from('a1015affffffff', 'hex'),
      'with a label twice': Buffer.from('a201020102', 'hex'),
    };
    for (const [name, bent] of Object.entries(wrong)) t.throws(() => readCoseKey(bent), name);
    for (let i = 0; i < good.length * 8; i += 1) {
      const bent = Buffer.from(good);
      bent[i >> 3]! ^= 1 << (i & 7);
      t.notOk(signatureHolds({ ...vectors[0]!, public_key: bent.toString('base64url') }), `bit ${i} of the key`);
    }
  });
}
