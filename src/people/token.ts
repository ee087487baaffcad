// Bearer tokens (接口令牌) for programs: shown once, kept as SHA-256, ended by their owner at any time.
//   read: see what the person may see        post: also do what the person may do
// A token neither makes tokens nor changes passwords.
import { isoInstant, laterBy } from '../kernel/dates.ts';
import { refusals as actorRefusals, type Actor } from '../kernel/actor.ts';
import { sha256 } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import { refusals } from './refusals.ts';
import { LONGEST_TOKEN, newBearer } from './session.ts';

export type Scope = 'read' | 'post';
export interface TokenRow {
  token_id: string;
  label: string;
  scopes: string[];
  created_at: string;
  seen_at: string;
  expires_at: string;
}
type Doors = Pick<House, 'db' | 'clock'>;

/** The person behind a browser. Refusals: login_required, token_by_token. */
export function demandBrowser(actor: Actor | null): Actor {
  if (actor === null) throw actorRefusals.login_required();
  if (actor.kind !== 'cookie') throw refusals.token_by_token();
  return actor;
}

// The first half of the hash: names a token, cannot be used as one.
const idOf = (token_hash: Buffer): string => token_hash.toString('hex').slice(0, 32);

/** Makes a token; its text is in the answer and nowhere else. */
export async function openToken(
  house: Doors,
  actor: Actor,
  { label, scopes }: { label: string; scopes: readonly Scope[] },
) {
  const token = newBearer();
  const now = house.clock();
  const expires_at = laterBy(now, LONGEST_TOKEN);
  const token_hash = sha256(token);
  const all = [...new Set<Scope>(['read', ...scopes])];
  await house.db.app
    .insertInto('session')
    .values({
      token_hash,
      person_id: actor.person_id,
      kind: 'bearer',
      label: label.trim(),
      scopes: all,
      created_at: now,
      seen_at: now,
      expires_at,
    })
    .execute();
  return {
    token_id: idOf(token_hash),
    token,
    label: label.trim(),
    scopes: all,
    expires_at: isoInstant(expires_at),
  };
}

/** A person's tokens that still work, newest first. */
export async function tokensOf(house: Doors, person_id: string): Promise<TokenRow[]> {
  const rows = await house.db.app
    .selectFrom('session')
    .select(['token_hash', 'label', 'scopes', 'created_at', 'seen_at', 'expires_at'])
    .where('person_id', '=', person_id)
    .where('kind', '=', 'bearer')
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', house.clock())
    .orderBy('created_at', 'desc')
    .execute();
  return rows.map(({ token_hash, label, scopes, ...times }) => ({
    token_id: idOf(token_hash),
    label,
    scopes,
    created_at: isoInstant(times.created_at),
    seen_at: isoInstant(times.seen_at),
    expires_at: isoInstant(times.expires_at),
  }));
}

/** Ends one of the person's own tokens. Refusal: token_unknown. */
export async function closeToken(house: Doors, person_id: string, token_id: string): Promise<void> {
  const own = await house.db.app
    .selectFrom('session')
    .select('token_hash')
    .where('person_id', '=', person_id)
    .where('kind', '=', 'bearer')
    .where('revoked_at', 'is', null)
    .execute();
  const found = own.find(({ token_hash }) => idOf(token_hash) === token_id);
  if (found === undefined) throw refusals.token_unknown({}, 'token_id');
  await house.db.app
    .updateTable('session')
    .set({ revoked_at: house.clock() })
    .where('token_hash', '=', found.token_hash)
    .execute();
}
