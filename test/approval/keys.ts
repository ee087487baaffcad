// A house whose signers sign with passkeys over the interface: the application as it runs, and a passkey in
// software for each of them.
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { SIGNING_PASSWORD, signIn, testHouse, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import { softwareKey, type Forgery, type SoftwareKey } from '../helpers/passkey.ts';
import type { Ending } from '../helpers/postgres.ts';
import { proposal } from '../payment/story.ts';

export interface Answer { status: number; json: Record<string, any>; body: string }

export interface SigningDoors {
  app: FastifyInstance;
  ask(who: string, method: 'GET' | 'POST', path: string, body?: object): Promise<Answer>;
  /** Everybody logs in anew; for tests that set the clock. */
  forget(): void;
  /** Enrols a key of a new device; gives it. */
  enrol(who: string): Promise<SoftwareKey>;
  /** Options for signing a proposal. */
  options(who: string, id: number, decision?: string): Promise<{ nonce: string; options: { challenge: string } }>;
  /** Signs with a key; the answer of the interface. */
  signWith(who: string, key: SoftwareKey, id: number, decision?: string, forged?: Forgery): Promise<Answer>;
}

export type SigningHouse = TestHouse & SigningDoors;

const HOST = 'localhost:8080';

export async function signingHouse(t: Ending, options: TestHouseOptions = {}): Promise<SigningHouse> {
  const house = await testHouse(t, options);
  return { ...house, ...await signingDoors(t, house) };
}

/** The application over a house that is there already, and the hands of its signers. */
export async function signingDoors(t: Ending, house: TestHouse): Promise<SigningDoors> {
  const app = await buildApp(house.house);
  t.teardown(async () => {
    await app.close();
    await closePrinter();
  });
  const sessions = new Map<string, ReturnType<typeof signIn>>();
  const ask: SigningHouse['ask'] = async (who, method, path, body) => {
    if (!sessions.has(who)) sessions.set(who, signIn(app, who));
    const answer = await app.inject({
      method, url: path.startsWith('/') ? path : `/api/v1/estates/test/${path}`, headers: { host: HOST, ...await sessions.get(who)! },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, json: /json/.test(String(answer.headers['content-type'])) ? answer.json() : {}, body: answer.body };
  };
  const fine = (answer: Answer): Answer => {
    if (answer.status >= 300) throw new Error(`${answer.status} ${answer.body.slice(0, 300)}`);
    return answer;
  };
  const enrol: SigningHouse['enrol'] = async (who) => {
    const key = softwareKey({ rp_id: 'localhost', origin: `http://${HOST}` });
    const begun = fine(await ask(who, 'POST', '/api/v1/passkeys/options', { method: 'password', password: SIGNING_PASSWORD }));
    fine(await ask(who, 'POST', '/api/v1/passkeys', { label: '手机', response: key.register(begun.json['options']) }));
    return key;
  };
  const asked: SigningHouse['options'] = async (who, id, decision = 'approve') => {
    const { document_hash } = await proposal(house, id);
    return fine(await ask(who, 'POST', `proposals/${id}/sign/options`, { decision, document_hash })).json as never;
  };
  const signWith: SigningHouse['signWith'] = async (who, key, id, decision = 'approve', forged = {}) => {
    const { nonce, options: request } = await asked(who, id, decision);
    const { document_hash } = await proposal(house, id);
    return ask(who, 'POST', `proposals/${id}/sign`, {
      decision, method: 'passkey', assertion: key.sign(request, forged), nonce, document_hash,
      ...(decision === 'reject' ? { reason: '凭证不全' } : {}),
    });
  };
  return { app, ask, enrol, options: asked, signWith, forget: () => sessions.clear() };
}
