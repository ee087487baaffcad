// Who may change a person's keys: the person, shown afresh for each change, not a browser left open.
//   enrol the first key       signing password with its one-time code (login password where there is none),
//                             or a recovery code; three days after the last one was revoked
//   enrol a further key       another key of theirs, on this or another device, or a recovery code
//   revoke a key              signing password alone, or a key: taking a key away must be easy
//   print recovery codes      a key; where there is none, the signing password with its one-time code
// What a key signs for this begins with other words than what it signs for money (TRUST §3), names the
// act and the person, and is taken once: table enrolment_challenge, one row a person.
import { randomBytes } from 'node:crypto';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { sql } from 'kysely';
import type { Actor } from '../kernel/actor.ts';
import { sha256 } from '../kernel/digest.ts';
import { instant, laterBy, shanghaiTime } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { confirmByPassword } from './credential.ts';
import {
  judgeAssertion,
  liveKeys,
  ownPasskeys,
  readAssertion,
  requestOptions,
  type ConfirmedBy,
  type PasskeyRow,
} from './passkey.ts';
import { rpIdOf } from './passkey-place.ts';
import { confirmByRecoveryCode } from './recovery-code.ts';
import { refusals } from './refusals.ts';

export const LIFETIME = 5 * 60_000;

export type Act =
  | { act: 'enrol' }
  | { act: 'revoke'; credential_id: string }
  | { act: 'recovery_codes' };

export interface Proof {
  method: ConfirmedBy;
  password?: string | undefined;
  /** One-time code. */
  code?: string | undefined;
  recovery_code?: string | undefined;
  /** AuthenticationResponseJSON, or its text. */
  assertion?: unknown;
}

type Doors = Pick<House, 'db' | 'clock' | 'settings'>;

// ── Challenges ───────────────────────────────────────────────────────────────────────────────────

/** What it is for, as it stands in what is signed. */
export const purposeOf = (act: Act): string =>
  act.act === 'revoke' ? `confirm revoke ${act.credential_id}` : `confirm ${act.act}`;

const challengeBytes = (person_id: string, purpose: string, nonce: string): Buffer =>
  sha256(`mingzhang/key/v1\n${purpose}\n${person_id}\n${nonce}`);

/** Draws up a challenge for one purpose; the one before it is void. */
export async function drawKeyChallenge(
  house: Doors,
  person_id: string,
  purpose: string,
  confirmed_by: ConfirmedBy,
): Promise<Buffer> {
  const nonce = randomBytes(32).toString('hex');
  const row = {
    challenge: `${nonce} ${purpose}`,
    confirmed_by,
    expires_at: laterBy(house.clock(), LIFETIME),
  };
  await house.db.app
    .insertInto('enrolment_challenge')
    .values({ person_id, ...row })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute();
  return challengeBytes(person_id, purpose, nonce);
}

/** Takes the challenge that was drawn up for this purpose: it answers once. Refusal: challenge_expired. */
export async function takeKeyChallenge(
  house: Doors,
  person_id: string,
  purpose: string,
): Promise<{ challenge: Buffer; confirmed_by: ConfirmedBy }> {
  const row = await house.db.app
    .deleteFrom('enrolment_challenge')
    .where('person_id', '=', person_id)
    .where('expires_at', '>', house.clock())
    // 64 signs of the nonce and a blank stand before it.
    .where(sql<boolean>`substr(challenge, 66) = ${purpose}`)
    .returning(['challenge', 'confirmed_by'])
    .executeTakeFirst();
  if (row === undefined) throw refusals.challenge_expired();
  return {
    challenge: challengeBytes(person_id, purpose, row.challenge.split(' ')[0]!),
    confirmed_by: row.confirmed_by as ConfirmedBy,
  };
}

// ── Confirming ───────────────────────────────────────────────────────────────────────────────────

/** The person's keys that a browser can ask here. */
export const usableKeys = async (
  house: Doors,
  person_id: string,
  host: string,
): Promise<PasskeyRow[]> =>
  liveKeys(await ownPasskeys(house, person_id), rpIdOf(house.settings, host));

/** What a browser asks one of the person's keys with, to confirm an act. Refusals: passkey_none,
 *  passkey_address_missing. */
export async function confirmationOptions(
  house: Doors,
  { person_id }: Actor,
  act: Act,
  host: string,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const rp_id = rpIdOf(house.settings, host);
  if (rp_id === null) throw refusals.passkey_address_missing();
  const keys = await usableKeys(house, person_id, host);
  if (keys.length === 0) throw refusals.passkey_none();
  const challenge = await drawKeyChallenge(house, person_id, purposeOf(act), 'passkey');
  return requestOptions(rp_id, challenge, keys);
}

/** Long enough for the other members to read that a key was revoked, and for its owner to say it was not they. */
const AFTER_REVOCATION = 3 * 86_400_000;

/** Where there are keys, a password does not make or print the way to another one; nor does it right after they
 *  were revoked, else a stolen password would turn a key into one of the thief's. Refusals: passkey_confirms_next,
 *  recovery_by_key, passkey_revoked_lately. */
async function refusePasswordAlone(
  house: Doors,
  person_id: string,
  act: 'enrol' | 'recovery_codes',
  host: string,
): Promise<void> {
  const all = await ownPasskeys(house, person_id);
  if (liveKeys(all, rpIdOf(house.settings, host)).length > 0) {
    throw act === 'enrol'
      ? refusals.passkey_confirms_next({}, 'password')
      : refusals.recovery_by_key({}, 'password');
  }
  const until = guardedUntil(all);
  if (until > house.clock()) throw refusals.passkey_revoked_lately({ until: shanghaiTime(until) }, 'password');
}

function guardedUntil(all: readonly PasskeyRow[]): Date {
  const revoked = all.flatMap(({ revoked_at }) => (revoked_at === null ? [] : [revoked_at.getTime()]));
  return laterBy(instant('1970-01-01T00:00:00Z'), Math.max(0, ...revoked) + AFTER_REVOCATION);
}

/** The first signing password is set with the login password: not beside a key, nor right after one was revoked, else a
 *  stolen login would be a signature. Refusals: signing_password_by_key, signing_password_later. */
export async function refuseFirstSigningPassword(house: Doors, person_id: string): Promise<void> {
  const all = await ownPasskeys(house, person_id);
  const revoked = new Set(all.filter((key) => key.revoked_at !== null).map((key) => key.credential_id));
  if (all.some((key) => !revoked.has(key.credential_id))) throw refusals.signing_password_by_key({}, 'present_password');
  const until = guardedUntil(all);
  if (until > house.clock()) throw refusals.signing_password_later({ until: shanghaiTime(until) }, 'present_password');
}

/** Checks the proof of an act. Refusals: those of refusePasswordAlone(), challenge_expired, those of
 *  confirmByPassword(), confirmByRecoveryCode() and judgeAssertion(). */
export async function confirm(
  house: Doors,
  { person_id }: Actor,
  act: Act,
  { proof, host }: { proof: Proof; host: string },
): Promise<ConfirmedBy> {
  const { method, password = '', code, recovery_code = '', assertion } = proof;
  if (method === 'passkey') {
    const answer = readAssertion(assertion);
    const { challenge } = await takeKeyChallenge(house, person_id, purposeOf(act));
    const keys = await usableKeys(house, person_id, host);
    await judgeAssertion(house.settings, keys, answer, challenge);
  } else if (method === 'recovery_code') {
    // A code is for enrolling only; used up for anything else it would be missed one day.
    if (act.act !== 'enrol') throw refusals.recovery_code_enrols_only({}, 'recovery_code');
    await confirmByRecoveryCode(house, person_id, recovery_code);
  } else {
    if (act.act !== 'revoke') await refusePasswordAlone(house, person_id, act.act, host);
    const code_asked = act.act !== 'revoke';
    await confirmByPassword(house, person_id, { password, code }, { code_asked });
  }
  return method;
}
