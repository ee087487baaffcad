// Start keys (建账码): whoever has one may found one estate by the guided page. Made on the command line by whoever runs the service.
//   made → filling in (kept between the steps) → used once: the estate is there      expired after its days: what was filled in goes
// Only the SHA-256 of a key is kept. The first passwords are kept for a day, encrypted with the key, so that a page that broke off
// locks nobody out.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { sha256 } from '../kernel/digest.ts';
import { laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { FoundingDraft } from './found-draft.ts';
import { refusals } from './found-refusals.ts';

type Doors = Pick<House, 'db' | 'clock'>;
const DAY = 24 * 3600_000;
export const KEY_DAYS = 14;
const SHEETS_MS = DAY;
const MOST_KEYS = 500;

/** Without I, L, O, 0 and 1: it may have to be typed. Eighty bits. */
const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
function newKey(): string {
  const drawn: string[] = [];
  while (drawn.length < 16) for (const byte of randomBytes(32)) if (byte < 248 && drawn.length < 16) drawn.push(letters[byte % letters.length]!);
  return drawn.join('').replace(/(.{4})(?=.)/g, '$1-');
}
export const readKey = (typed: string): string => typed.normalize('NFKC').toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 40).replace(/(.{4})(?=.)/g, '$1-');
const hashOf = (key: string): Buffer => sha256(`mingzhang/founding/v1 ${readKey(key)}`);

/** Makes start keys; their text is in the answer and nowhere else. Refusal: found_key_many. */
export async function makeStartKeys(house: Doors, { count = 1, days = KEY_DAYS }: { count?: number; days?: number } = {}): Promise<string[]> {
  if (!Number.isInteger(count) || count < 1 || count > MOST_KEYS) throw refusals.found_key_many({ limit: MOST_KEYS }, 'count');
  const now = house.clock();
  await forgetFoundings(house);
  const keys = Array.from({ length: count }, newKey);
  await house.db.app.insertInto('founding').values(keys.map((key) => ({ token_hash: hashOf(key), created_at: now, expires_at: laterBy(now, days * DAY) }))).execute();
  return keys;
}

/** What expired goes, names and all; so do sheets after a day. Called by the job of the night, and with every new key. */
export async function forgetFoundings({ db, clock }: Doors): Promise<void> {
  await db.app.deleteFrom('founding').where('expires_at', '<', clock()).where('opened_estate', 'is', null).execute();
  await db.app.updateTable('founding').set({ sheets: null }).where('sheets', 'is not', null).where('opened_at', '<', laterBy(clock(), -SHEETS_MS)).execute();
}

export interface Founding { founding_id: number; draft: FoundingDraft; opened_estate: number | null; sheets: Buffer | null; expires_at: Date }

/** Refusals: found_key_missing, found_key_unknown. */
export async function foundingBy(house: Doors, key: string | undefined): Promise<Founding> {
  if (key === undefined || readKey(key) === '') throw refusals.found_key_missing({}, 'key');
  const row = await house.db.app.selectFrom('founding').select(['founding_id', 'content', 'opened_estate', 'opened_at', 'sheets', 'expires_at']).where('token_hash', '=', hashOf(key)).executeTakeFirst();
  const now = house.clock();
  if (row === undefined || (row.opened_estate === null && row.expires_at < now)) throw refusals.found_key_unknown({}, 'key');
  const is_old = row.opened_at !== null && laterBy(row.opened_at, SHEETS_MS) < now;
  return { founding_id: row.founding_id, draft: JSON.parse(row.content) as FoundingDraft, opened_estate: row.opened_estate, sheets: is_old ? null : row.sheets, expires_at: row.expires_at };
}

/** Keeps a step. Refusal: found_key_used. */
export async function keepDraft({ db }: Doors, founding_id: number, draft: FoundingDraft): Promise<void> {
  const { numUpdatedRows } = await db.app.updateTable('founding').set({ content: JSON.stringify(draft) }).where('founding_id', '=', founding_id).where('opened_estate', 'is', null).executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) throw refusals.found_key_used();
}

export async function forgetSheets({ db }: Doors, founding_id: number): Promise<void> {
  await db.app.updateTable('founding').set({ sheets: null }).where('founding_id', '=', founding_id).execute();
}

// ── The first passwords, for a day ───────────────────────────────────────────────────────────────

export interface FirstLogin { body: string; office: string; name: string; login: string; password: string | null; signing_password: string | null }

const cipherKey = (key: string): Buffer => Buffer.from(hkdfSync('sha256', readKey(key), 'mingzhang/founding-sheets/v1', '', 32));

export function lockSheets(key: string, logins: readonly FirstLogin[]): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', cipherKey(key), iv);
  const text = Buffer.concat([cipher.update(JSON.stringify(logins), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), text]);
}

export function unlockSheets(key: string, locked: Buffer): FirstLogin[] {
  const decipher = createDecipheriv('aes-256-gcm', cipherKey(key), locked.subarray(0, 12));
  decipher.setAuthTag(locked.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(locked.subarray(28)), decipher.final()]).toString('utf8')) as FirstLogin[];
}
