// A house whose persons enrol passkeys over the interface, for the tests of keys.
import type { FastifyInstance } from 'fastify';
import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { SIGNING_PASSWORD, signIn, testHouse, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import { softwareKey, type Forgery, type SoftwareKey, type SoftwareKeyOptions } from '../helpers/passkey.ts';
import type { Ending } from '../helpers/postgres.ts';
import { smallApp } from './small-app.ts';

export const place = { rp_id: 'localhost', origin: 'http://localhost:8080' };
/** A key of a device opened at the house's address. */
export const deviceKey = (options: Partial<SoftwareKeyOptions> = {}): SoftwareKey => softwareKey({ ...place, ...options });

export interface Answer { status: number; json: any; body: string; headers: Record<string, unknown> }
export type Headers = Record<string, string>;

export interface KeyHouse extends TestHouse {
  app: FastifyInstance;
  /** Asks as somebody who has logged in; the body goes as JSON, a text as a form. */
  ask(login: string, method: 'GET' | 'POST', url: string, body?: object | string, headers?: Headers): Promise<Answer>;
  /** What startRegistration() gets. */
  begin(login: string, proof: object): Promise<PublicKeyCredentialCreationOptionsJSON>;
  /** What startAuthentication() gets, for an act. */
  challenge(login: string, act: object): Promise<PublicKeyCredentialRequestOptionsJSON>;
  enrol(login: string, key: SoftwareKey, proof?: object, forged?: Forgery): Promise<Answer>;
  records(kind: string, estate_id?: number): Promise<any[]>;
  notices(login: string): Promise<{ text_zh: string; text_en: string; href: string }[]>;
}

export const password = { method: 'password', password: SIGNING_PASSWORD };

export async function keyHouse(t: Ending, options: TestHouseOptions = {}): Promise<KeyHouse> {
  const house = await testHouse(t, options);
  const app = await smallApp(house.house);
  t.teardown(() => app.close());
  const sessions = new Map<string, Promise<Headers>>();
  const session = (login: string): Promise<Headers> => {
    if (!sessions.has(login)) sessions.set(login, signIn(app, login));
    return sessions.get(login)!;
  };
  const ask: KeyHouse['ask'] = async (login, method, url, body, headers = {}) => {
    const answer = await app.inject({
      method, url,
      headers: {
        host: 'localhost:8080', ...await session(login), ...headers,
        ...(typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(body === undefined ? {} : { payload: body }),
    });
    const json = /json/.test(String(answer.headers['content-type'])) ? answer.json() : null;
    return { status: answer.statusCode, json, body: answer.body, headers: answer.headers };
  };
  const options_ = async (answer: Answer): Promise<any> => {
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`);
    return answer.json.options;
  };
  const begin: KeyHouse['begin'] = async (login, proof) => options_(await ask(login, 'POST', '/api/v1/passkeys/options', proof));
  return {
    ...house, app, ask, begin,
    challenge: async (login, act) => options_(await ask(login, 'POST', '/api/v1/passkeys/confirmation', act)),
    enrol: async (login, key, proof = password, forged = {}) => {
      const response = key.register(await begin(login, proof), forged);
      return ask(login, 'POST', '/api/v1/passkeys', { label: '手机', response });
    },
    records: async (kind, estate_id = house.estate.estate_id) => {
      const { rows } = await house.superuser.query(
        'select body from record where kind = $1 and estate_id = $2 order by seq', [kind, estate_id]);
      return rows.map(({ body }) => JSON.parse(body as string));
    },
    notices: async (login) => {
      const { rows } = await house.superuser.query(
        `select n.text_zh, n.text_en, n.href from notice n join credential c using (person_id)
         where c.login = $1 order by n.notice_id`, [login]);
      return rows as any[];
    },
  };
}
