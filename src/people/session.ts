// Sessions (登录): a random token in a cookie or, for programs, as bearer token; the database keeps
// only its SHA-256.
//   opened → used → idle too long, too old, logged out, or ended with all others
// Whoever holds an office is logged out after 30 minutes without a click and after 12 hours at the
// latest; residents, who only read, stay logged in for 30 days: old people find no login maze.
import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../kernel/actor.ts';
import { sha256 } from '../kernel/digest.ts';
import { databaseRefusal } from '../kernel/database.ts';
import { laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { csrfOf, foreignPageCouldSend, isSafe, isToken, senderOf } from './origin.ts';
import { readActor } from './queries.ts';
import { refusals } from './refusals.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const IDLE_OFFICER = 30 * MINUTE;
const LONGEST_OFFICER = 12 * 60 * MINUTE;
const LONGEST_RESIDENT = 30 * DAY;
export const LONGEST_TOKEN = 365 * DAY;
const BEARER_PREFIX = 'mz_';

type Doors = Pick<House, 'db' | 'clock' | 'settings'>;

// ── Cookie ───────────────────────────────────────────────────────────────────────────────────────

const isSecure = (house: Doors, request: FastifyRequest): boolean =>
  house.settings.public_url.startsWith('https:') || request.protocol === 'https';
const cookieName = (house: Doors, request: FastifyRequest): string =>
  isSecure(house, request) ? '__Host-session' : 'session';
const cookieOptions = (house: Doors, request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(house, request) }) as const;

export const newToken = (): string => randomBytes(32).toString('base64url');

// ── Opening and ending ───────────────────────────────────────────────────────────────────────────

/** Opens a session for whoever has just shown who they are, always with a new token; the one
 *  this browser  had before ends. Gives the person as actor. */
export async function openSession(
  house: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
  person_id: string,
): Promise<Actor> {
  const token = newToken();
  const actor = await readActor(house, person_id, {
    kind: 'cookie',
    scopes: [],
    csrf: csrfOf(token),
  });
  if (actor === undefined) throw refusals.login_wrong({}, 'password');
  const now = house.clock();
  const longest = actor.terms.length > 0 ? LONGEST_OFFICER : LONGEST_RESIDENT;
  const before = request.cookies[cookieName(house, request)];
  const { app } = house.db;
  if (before !== undefined) await endSession(house, before);
  await app
    .insertInto('session')
    .values({
      token_hash: sha256(token),
      person_id,
      kind: 'cookie',
      created_at: now,
      seen_at: now,
      expires_at: laterBy(now, longest),
    })
    .execute();
  await app
    .deleteFrom('session')
    .where('person_id', '=', person_id)
    .where('expires_at', '<', laterBy(now, -30 * DAY))
    .execute();
  reply.setCookie(cookieName(house, request), token, {
    ...cookieOptions(house, request),
    maxAge: longest / 1000,
  });
  reply.header('cache-control', 'no-store');
  return actor;
}

const endSession = (house: Doors, token: string) =>
  house.db.app
    .updateTable('session')
    .set({ revoked_at: house.clock() })
    .where('token_hash', '=', sha256(token))
    .where('revoked_at', 'is', null)
    .execute();

/** Logs this browser out. */
export async function closeSession(
  house: Doors,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const name = cookieName(house, request);
  const token = request.cookies[name];
  if (token !== undefined) await endSession(house, token);
  reply.clearCookie(name, cookieOptions(house, request));
}

/** Logs a person out everywhere; `tokens`: also ends what programs hold. */
export async function closeAllSessions(
  house: Doors,
  person_id: string,
  { tokens }: { tokens: boolean },
): Promise<void> {
  let query = house.db.app
    .updateTable('session')
    .set({ revoked_at: house.clock() })
    .where('person_id', '=', person_id)
    .where('revoked_at', 'is', null);
  if (!tokens) query = query.where('kind', '=', 'cookie');
  await query.execute();
}

// ── Recognising ──────────────────────────────────────────────────────────────────────────────────

async function sessionOf(house: Doors, token: string, kind: Actor['kind']) {
  try {
    return await house.db.app
      .selectFrom('session')
      .select(['person_id', 'scopes', 'created_at', 'seen_at'])
      .where('token_hash', '=', sha256(token))
      .where('kind', '=', kind)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', house.clock())
      .executeTakeFirst();
  } catch (error) {
    throw databaseRefusal(error);
  }
}

async function actorBy(house: Doors, token: string, kind: Actor['kind']): Promise<Actor | null> {
  const session = await sessionOf(house, token, kind);
  if (session === undefined) return null;
  const csrf = kind === 'cookie' ? csrfOf(token) : null;
  const actor = await readActor(house, session.person_id, { kind, scopes: session.scopes, csrf });
  if (actor === undefined) return null;
  const now = house.clock().getTime();
  const idle = now - session.seen_at.getTime();
  // By the office held now: a resident who was elected yesterday is under the officers' limits
  // today.
  if (
    kind === 'cookie' &&
    actor.terms.length > 0 &&
    (idle > IDLE_OFFICER || now - session.created_at.getTime() > LONGEST_OFFICER)
  )
    return null;
  if (idle > MINUTE) {
    await house.db.app
      .updateTable('session')
      .set({ seen_at: house.clock() })
      .where('token_hash', '=', sha256(token))
      .execute();
  }
  return actor;
}

async function actorOf(house: Doors, request: FastifyRequest): Promise<Actor | null> {
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) {
    const actor = await actorBy(house, bearer, 'bearer');
    if (actor === null) throw refusals.token_invalid();
    return actor;
  }
  const token = request.cookies[cookieName(house, request)];
  return token === undefined ? null : actorBy(house, token, 'cookie');
}

/** A new bearer token's text: the prefix lets scanners find one that was published by mistake. */
export const newBearer = (): string => BEARER_PREFIX + newToken();

// ── Hooks ────────────────────────────────────────────────────────────────────────────────────────

interface FormBody {
  csrf?: unknown;
}

/** Sets request.actor for every request and refuses what a foreign page sent. Refusals:
 *  token_invalid, cross_site. */
export function attachActor(app: FastifyInstance, house: Doors): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('needs_form_token', false);
  app.addHook('onRequest', async (request, reply) => {
    // Nobody is asked for here, and these answer while the database is away.
    if (/^\/(assets\/|healthz|readyz)/.test(request.url)) return;
    request.actor = await actorOf(house, request);
    // What is made for one person is not for the caches on the way.
    if (request.actor !== null) reply.header('cache-control', 'private, no-cache');
    if (isSafe(request) || request.actor?.kind === 'bearer') return;
    const sender = senderOf(request, house.settings.public_url);
    if (sender === 'other') throw refusals.cross_site();
    const csrf = request.actor?.csrf ?? null;
    request.needs_form_token =
      sender === 'untold' &&
      csrf !== null &&
      foreignPageCouldSend(request) &&
      !isToken(request.headers['x-csrf-token'], csrf);
  });
  app.addHook('preValidation', async (request) => {
    if (isSafe(request)) return;
    const body = request.body as FormBody | null | undefined;
    const given = typeof body === 'object' && body !== null ? body.csrf : undefined;
    if (request.needs_form_token && !isToken(given, request.actor?.csrf ?? ''))
      throw refusals.cross_site();
    // The token is the hook's business: the schemas of the forms do not know it.
    if (given !== undefined && isForm(request)) delete body!.csrf;
  });
}

const isForm = (request: FastifyRequest): boolean =>
  (request.headers['content-type'] ?? '')
    .toLowerCase()
    .startsWith('application/x-www-form-urlencoded');

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by attachActor: neither Sec-Fetch-Site nor Origin told where the form came from. */
    needs_form_token: boolean;
  }
}
