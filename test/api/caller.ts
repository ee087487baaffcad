// Somebody's program at the JSON interface: the calls of DESIGN §5 with a session cookie or a token.
import type { FastifyInstance, InjectOptions } from 'fastify';
import { PASSWORD } from '../helpers/house.ts';
import { multipart } from '../payment/files.ts';

export interface Answer {
  status: number;
  json: Record<string, any>;
  text: string;
  bytes: Buffer;
  headers: Record<string, unknown>;
}
export interface Caller {
  get(path: string): Promise<Answer>;
  post(path: string, body?: object, key?: string): Promise<Answer>;
  put(path: string, body: object): Promise<Answer>;
  delete(path: string): Promise<Answer>;
  upload(path: string, file: Buffer, name: string, audience?: string): Promise<Answer>;
}

/** Calls below /api/v1; a path that begins with / is taken from the root. */
export function callerWith(app: FastifyInstance, headers: Record<string, string>): Caller {
  const send = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, rest: InjectOptions = {}): Promise<Answer> => {
    const url = path.startsWith('/') ? path : `/api/v1/${path}`;
    const answer = await app.inject({ ...rest, method, url, headers: { ...headers, ...rest.headers } });
    const is_json = /json/.test(String(answer.headers['content-type']));
    return {
      status: answer.statusCode,
      json: is_json && answer.body !== '' ? (JSON.parse(answer.body) as Answer['json']) : {},
      text: answer.body,
      bytes: answer.rawPayload,
      headers: answer.headers,
    };
  };
  return {
    get: (path) => send('GET', path),
    post: (path, body, key) =>
      send('POST', path, {
        ...(body === undefined ? {} : { payload: body }),
        headers: key === undefined ? {} : { 'idempotency-key': key },
      }),
    put: (path, body) => send('PUT', path, { payload: body }),
    delete: (path) => send('DELETE', path),
    upload: (path, file, name, audience = 'owners') =>
      send('POST', path, multipart([
        { name: 'audience', content: audience },
        { name: 'file', file_name: name, content: file },
      ])),
  };
}

/** Logs in as a program does: no browser headers, the cookie is kept by hand. */
export async function bySession(app: FastifyInstance, login: string, password = PASSWORD): Promise<Caller> {
  const answer = await app.inject({ method: 'POST', url: '/api/v1/session', payload: { login, password } });
  if (answer.statusCode >= 300) throw new Error(`${login} cannot log in: ${answer.body}`);
  const [cookie] = answer.cookies;
  return callerWith(app, { cookie: `${cookie!.name}=${cookie!.value}` });
}

/** Makes a token with the session, and uses only the token from then on. */
export async function byToken(
  app: FastifyInstance, login: string, scopes: ('read' | 'post')[] = ['read', 'post'], password = PASSWORD,
): Promise<Caller> {
  const made = await (await bySession(app, login, password)).post('tokens', { label: `test of ${login}`, scopes });
  if (made.status !== 201) throw new Error(`${login} gets no token: ${made.text}`);
  return callerWith(app, { authorization: `Bearer ${String(made.json['token'])}` });
}
