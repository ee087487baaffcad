// A witness's device for the tests, without a browser: it makes its key, enrols it and cosigns by the interface. It
// checks nothing, so that the tests can also let it sign what it should not.
import type { FastifyInstance } from 'fastify';
import { base64Of, hexOf } from '../../src/proof/bytes.ts';
import { cosign } from '../../src/proof/cosignature.ts';
import { COSIGNATURE, keyOf, verifierKeyText, type VerifierKey } from '../../src/proof/note.ts';
import { ed25519Key, sha256 } from '#primitives';
import { signIn, type PersonName } from '../helpers/house.ts';

export const BASE = '/api/v1/estates/test';
export const seconds = (): number => Math.floor(Date.now() / 1000);

export interface TestDevice {
  headers: Record<string, string>;
  side: string;
  key: VerifierKey;
  secret: Uint8Array;
  vkey: string;
  witness_id: number;
  line(note: string, time?: number): string;
  /** Hands in a cosignature of the checkpoint of that size; gives status code and body. */
  cosign(size: number, options?: { line?: string; time?: number }): Promise<{ status: number; json: any }>;
}

let made = 0;
/** A key of a device; each has another name. */
export function deviceKey(side: string, origin = 'localhost:8080/test') {
  const { secret, public_key } = ed25519Key();
  made += 1;
  const key = keyOf(`${origin}/${side}-${hexOf(sha256(public_key)).slice(0, 8)}`, COSIGNATURE, public_key);
  return { secret, key, vkey: verifierKeyText(key), number: made, text: base64Of(secret) };
}

export async function enrolled(app: FastifyInstance, login: PersonName | string, side: string): Promise<TestDevice> {
  const headers = await signIn(app, login);
  const { secret, key, vkey } = deviceKey(side);
  const answer = await app.inject({ method: 'POST', url: `${BASE}/witnesses`, headers, payload: { side, vkey } });
  if (answer.statusCode !== 201) throw new Error(`${login} is not enrolled: ${answer.body}`);
  const { witness_id } = answer.json();
  const line = (note: string, time = seconds()): string => cosign(note, secret, key, time).trimEnd();
  return {
    headers, side, key, secret, vkey, witness_id, line,
    async cosign(size, options = {}) {
      const note = (await app.inject(`${BASE}/log/checkpoint?size=${size}`)).body;
      const handed = await app.inject({
        method: 'POST', url: `${BASE}/checkpoints/${size}/cosignatures`, headers,
        payload: { witness: witness_id, line: options.line ?? line(note, options.time) },
      });
      return { status: handed.statusCode, json: handed.json() };
    },
  };
}
