// Requests made in somebody's name by a page of another site (CSRF). A request that changes
// something and rests on a cookie must come from a page of this site:
//   Sec-Fetch-Site says so; else Origin is exactly this host; else the form carries the session's
//      token.
// Without all three it is let through only where no foreign page can have sent it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
export const isSafe = (request: FastifyRequest): boolean => SAFE.has(request.method);

const hostOf = (address: string): string | undefined => {
  try {
    return new URL(address).host;
  } catch {
    return undefined;
  }
};

/** What the browser says of the page that sent the request. */
export function senderOf(request: FastifyRequest, public_url: string): 'own' | 'other' | 'untold' {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'own' : 'other';
  const { origin } = request.headers;
  // A form's Origin is "null" where its page hides its address; the form's token decides then.
  if (origin === undefined || origin === 'null') return 'untold';
  const host = hostOf(origin);
  return host !== undefined && (host === request.host || host === hostOf(public_url))
    ? 'own'
    : 'other';
}

/** The token of a session's forms: nobody can make it without the cookie, and it does not tell
 *  the cookie. */
export const csrfOf = (token: string): string =>
  createHmac('sha256', token).update('mingzhang/csrf/v1').digest('base64url');

export function isToken(given: unknown, wanted: string): boolean {
  if (typeof given !== 'string') return false;
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const FORMS = new Set([
  '',
  'application/x-www-form-urlencoded',
  'multipart/form-data',
  'text/plain',
]);

/** Whether a page of another site could have sent this without the browser asking us first (a
 *  form can; JSON  cannot), told for requests that carry neither Sec-Fetch-Site nor Origin. */
export function foreignPageCouldSend(request: FastifyRequest): boolean {
  const media_type = (request.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (request.method !== 'POST' || !FORMS.has(media_type)) return false;
  // The interface is called by programs with a cookie jar too. A browser, whose cookies alone are
  // worth stealing, cannot be made to hide that it is one.
  const browser =
    request.headers.origin !== undefined ||
    /^(Mozilla|Opera)\//.test(request.headers['user-agent'] ?? '');
  return browser || !request.url.startsWith('/api/');
}
