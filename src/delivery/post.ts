// One POST to another server: over https, to a public address, within ten seconds, following nothing it says. The answer is read up
// to 16 KB and trusted in nothing. Names are looked up here, for the connection itself, so that a name that points somewhere
// else a moment later leads nowhere.
import { lookup as lookupAll, type LookupAddress } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPublicAddress, whyNotPublic } from './address.ts';

const LONGEST_MS = 10_000;
const MOST_BYTES = 16 * 1024;

export interface Answer { status: number; text: string }
/** The other side could not be reached or did not answer; `problem` says why, in a word. */
export class NoAnswer extends Error {
  readonly problem: string;
  constructor(problem: string) {
    super(problem);
    this.problem = problem;
  }
}

/** Every address of a name has to be public: one inner address among them is a trap. */
export const lookupPublic: LookupFunction = (hostname, options, done) => {
  lookupAll(hostname, { ...options, all: true }, (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => {
    if (error !== null) return done(error, '', 0);
    const [first] = found;
    if (first === undefined || !found.every(({ address }) => isPublicAddress(address))) {
      return done(Object.assign(new Error('an address that is not public'), { code: 'EINNER' }), '', 0);
    }
    return options.all === true ? (done as unknown as (error: null, all: LookupAddress[]) => void)(null, found) : done(null, first.address, first.family);
  });
};

const problems: Readonly<Record<string, string>> = {
  EINNER: 'not_public', ENOTFOUND: 'no_such_host', EAI_AGAIN: 'no_such_host', ECONNREFUSED: 'refused_connection', ECONNRESET: 'cut_off', EPIPE: 'cut_off',
  ETIMEDOUT: 'timeout', ABORT_ERR: 'timeout', EHOSTUNREACH: 'unreachable', ENETUNREACH: 'unreachable',
};
function problemOf(error: unknown): string {
  const { code = '', name = '' } = error as { code?: string; name?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return 'timeout';
  if (/CERT|SSL|TLS|SIGNATURE|ISSUER/.test(code)) return 'certificate';
  return problems[code] ?? 'no_answer';
}

/** Sends a body; throws NoAnswer where none comes. A redirect is an answer like any other and is not followed. */
export function post(
  url: URL, { headers, body, loopback = false, longest = LONGEST_MS }: { headers: Readonly<Record<string, string>>; body: string; loopback?: boolean | undefined; longest?: number },
): Promise<Answer> {
  if (whyNotPublic(url, { loopback }) !== null) return Promise.reject(new NoAnswer('not_public'));
  const plain = url.protocol === 'http:';
  const bytes = Buffer.from(body);
  return new Promise((resolve, reject) => {
    const asked = (plain ? requestHttp : requestHttps)(url, {
      method: 'POST', agent: false, signal: AbortSignal.timeout(longest), ...(plain ? {} : { lookup: lookupPublic }),
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Mingzhang', 'content-length': String(bytes.length), ...headers },
    }, (answer) => {
      const parts: Buffer[] = [];
      let size = 0;
      const done = (): void => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') });
      answer.on('data', (part: Buffer) => {
        size += part.length;
        if (size <= MOST_BYTES) parts.push(part);
        else {
          answer.destroy();
          done();
        }
      });
      answer.on('end', done);
      answer.on('error', (error) => reject(new NoAnswer(problemOf(error))));
    });
    asked.on('error', (error) => reject(new NoAnswer(problemOf(error))));
    asked.end(bytes);
  });
}
