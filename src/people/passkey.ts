// Passkeys (通行密钥): a person's signature that the server cannot make.
//   enrolled (passkey-enrol.ts) → used for signing → revoked (passkey-revoke.ts), for good
// A key is a row in each estate where its person signs (constraint passkey_of_person), because each estate's
// log must prove its signatures by itself. Whoever is appointed in a further estate finds their keys
// there when they first sign: copyPasskeys(). record_signature() judges key, challenge, host and
// presence; the signature itself is verified here, with the library and again without it.
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { sql } from 'kysely';
import {
  readAuthenticatorData,
  readClientData,
  verifyOffline,
  type AssertionEvidence,
} from '../proof/assertion.ts';
import type { Estate } from '../kernel/actor.ts';
import { commit } from '../evidence/personal-value.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { announceKey } from './passkey-notice.ts';
import { isOwnOrigin, rpIdOf } from './passkey-place.ts';
import { refusals } from './refusals.ts';

export type { AssertionEvidence } from '../proof/assertion.ts';
export type ConfirmedBy = 'password' | 'passkey' | 'recovery_code';

export interface PasskeyRow {
  estate_id: number;
  credential_id: string;
  person_id: string;
  public_key: Buffer;
  algorithm: number;
  rp_id: string;
  transports: string[];
  label: string;
  backup_eligible: boolean;
  backed_up: boolean;
  confirmed_by: ConfirmedBy;
  enrolled_at: Date;
  seq: number;
  sign_count: number;
  revoked_at: Date | null;
  revoked_seq: number | null;
}

const rows = (trx: Trx, person_id: string) =>
  trx
    .selectFrom('passkey as k')
    .leftJoin('personal_value as v', (join) =>
      join.onRef('v.estate_id', '=', 'k.estate_id').onRef('v.seq', '=', 'k.seq').on('v.field', '=', 'label'),
    )
    .select([
      'k.estate_id',
      'k.credential_id',
      'k.person_id',
      'k.public_key',
      'k.algorithm',
      'k.rp_id',
      'k.transports',
      'k.backup_eligible',
      'k.backed_up',
      'k.confirmed_by',
      'k.enrolled_at',
      'k.seq',
      'k.sign_count',
      'k.revoked_at',
      'k.revoked_seq',
      // Its owner's name for it; keys from before there were commitments hold it themselves.
      ({ fn, ref, val }) => fn.coalesce('v.value', ref('k.label'), val('–')).as('label'),
    ])
    .where('k.person_id', '=', person_id)
    .orderBy('k.enrolled_at')
    .orderBy('k.credential_id');

/** A person's keys in an estate, without those revoked. */
export const passkeysOf = async (
  trx: Trx,
  estate_id: number,
  person_id: string,
): Promise<PasskeyRow[]> =>
  (await rows(trx, person_id)
    .where('k.estate_id', '=', estate_id)
    .where('k.revoked_at', 'is', null)
    .execute()) as PasskeyRow[];

type Doors = Pick<House, 'db'>;

/** A person's keys in all estates, one row for each estate (policy own_passkeys). */
export const ownPasskeys = (house: Doors, person_id: string): Promise<PasskeyRow[]> =>
  inEstate(
    house.db.app,
    0,
    async (trx) => (await rows(trx, person_id).orderBy('k.estate_id').execute()) as PasskeyRow[],
    { person_id, readOnly: true },
  );

/** Those not revoked in any estate, one row each, bound to this host; the counter is the highest seen. */
export function liveKeys(all: readonly PasskeyRow[], rp_id: string | null): PasskeyRow[] {
  const revoked = new Set(all.filter((k) => k.revoked_at !== null).map((k) => k.credential_id));
  const live = new Map<string, PasskeyRow>();
  for (const key of all) {
    if (revoked.has(key.credential_id) || key.rp_id !== rp_id) continue;
    const before = live.get(key.credential_id);
    const sign_count = Math.max(key.sign_count, before?.sign_count ?? 0);
    live.set(key.credential_id, { ...(before ?? key), sign_count });
  }
  return [...live.values()];
}

// ── One key in several estates ───────────────────────────────────────────────────────────────────

/** What is recorded of an enrolment, without the name of the key. */
export type Enrolment = { credential_id: string; person: string } & { [key: string]: Json | undefined };

/** Records an enrolment in an estate's log, which commits to the name of the key. null: it is there already. Refusals:
 *  passkey_exists (revoked here, or somebody else's), passkey_without_office. */
export async function recordEnrolment(
  house: Doors,
  estate_id: number,
  enrolment: Enrolment,
  label: string,
): Promise<number | null> {
  const { credential_id, person } = enrolment;
  // A salt for each estate: their logs tell nothing of each other.
  const { salt, commitment } = commit('label', label);
  const body = canonical({ ...enrolment, label_commitment: commitment });
  try {
    return await inEstate(house.db.signer, estate_id, async (trx) => {
      const known = await passkeysOf(trx, estate_id, person);
      if (known.some((key) => key.credential_id === credential_id)) return null;
      const found = await sql<{ seq: number }>`
        select enrol_passkey(${estate_id}, ${body}, ${salt}, ${label}) as seq`.execute(trx);
      return found.rows[0]!.seq;
    });
  } catch (error) {
    throw constraintRefusal(error, {
      passkey_pkey: () => refusals.passkey_exists(),
      passkey_without_office: () => refusals.passkey_without_office(),
    });
  }
}

/** Revokes a key in one estate, if it is not; gives the seq of the record. */
export async function recordRevocation(
  trx: Trx,
  estate_id: number,
  body: { person: string; credential_id: string; reason: string; by: string },
): Promise<number | null> {
  const { rows: found } = await sql<{ seq: number | null }>`
    select revoke_passkey(${estate_id}, ${canonical(body)}) as seq`.execute(trx);
  return found[0]!.seq;
}

const recordBody = (house: Doors, estate_id: number, seq: number): Promise<string> =>
  inEstate(
    house.db.app,
    estate_id,
    async (trx) => {
      const { body } = await trx
        .selectFrom('record')
        .select('body')
        .where('estate_id', '=', estate_id)
        .where('seq', '=', seq)
        .executeTakeFirstOrThrow();
      return body;
    },
    { readOnly: true },
  );

/** Brings an estate up to date with the person's keys in their other estates: what was enrolled there is
 *  recorded here, what was revoked there is revoked here. Safe to call at any time and twice. */
export async function copyPasskeys(
  house: Pick<House, 'db' | 'log'>,
  person_id: string,
  estate_id: number,
): Promise<void> {
  const all = await ownPasskeys(house, person_id);
  const here = all.filter((key) => key.estate_id === estate_id);
  for (const credential_id of new Set(all.map((key) => key.credential_id))) {
    const places = all.filter((key) => key.credential_id === credential_id);
    const present = here.find((key) => key.credential_id === credential_id);
    const revoked = places.find((key) => key.revoked_at !== null);
    if (revoked !== undefined && present?.revoked_at === null)
      await copyRevocation(house, estate_id, revoked);
    if (revoked === undefined && present === undefined)
      await copyEnrolment(house, estate_id, places[0]!);
  }
}

async function copyRevocation(house: Doors, estate_id: number, key: PasskeyRow): Promise<void> {
  const body = JSON.parse(await recordBody(house, key.estate_id, key.revoked_seq!));
  await inEstate(house.db.app, estate_id, async (trx) => {
    const seq = await recordRevocation(trx, estate_id, body);
    if (seq !== null) await announceKey(trx, { ...key, estate_id, seq, event: 'revoked' });
  });
}

async function copyEnrolment(
  house: Pick<House, 'db' | 'log'>,
  estate_id: number,
  key: PasskeyRow,
): Promise<void> {
  try {
    const { label: _name, ...enrolment } = JSON.parse(await recordBody(house, key.estate_id, key.seq)) as Enrolment;
    const seq = await recordEnrolment(house, estate_id, enrolment as Enrolment, key.label);
    if (seq === null) return;
    await inEstate(house.db.app, estate_id, (trx) =>
      announceKey(trx, { ...key, estate_id, seq, event: 'enrolled' }),
    );
  } catch (error) {
    // No office here that signs, or somebody was quicker: then there is nothing to copy.
    if (!(error instanceof Refusal) || !error.code.startsWith('passkey_')) throw error;
  }
}

// ── Signing ──────────────────────────────────────────────────────────────────────────────────────

/** How a browser may reach a key. One in a phone may be asked over the air from another device as well. */
const reachable = (transports: readonly string[]): { transports?: string[] } =>
  transports.length === 0
    ? {}
    : {
        transports: [
          ...new Set([...transports, ...(transports.includes('internal') ? ['hybrid'] : [])]),
        ],
      };

export const descriptors = (keys: readonly PasskeyRow[]) =>
  keys.map(({ credential_id, transports }) => ({
    id: credential_id,
    type: 'public-key' as const,
    ...reachable(transports),
  })) as { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] }[];

const MINUTES = 60_000;

export const requestOptions = (
  rp_id: string,
  challenge: Buffer,
  keys: readonly PasskeyRow[],
): PublicKeyCredentialRequestOptionsJSON => ({
  challenge: challenge.toString('base64url'),
  rpId: rp_id,
  allowCredentials: descriptors(keys) as never,
  userVerification: 'required',
  timeout: 4 * MINUTES,
});

interface Asked {
  estate: Estate;
  person_id: string;
  /** 32 bytes, what is signed. */
  challenge: Buffer;
}

/** What startAuthentication() of @simplewebauthn/browser asks a person's keys of an estate with. `host`: of
 *  the request. Refusals: passkey_address_missing, passkey_none. */
export async function passkeyOptions(
  house: Pick<House, 'db' | 'log' | 'settings'>,
  { estate, person_id, challenge, host }: Asked & { host?: string },
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const rp_id = rpIdOf(house.settings, host);
  if (rp_id === null) throw refusals.passkey_address_missing();
  await copyPasskeys(house, person_id, estate.estate_id);
  const keys = await inEstate(
    house.db.app,
    estate.estate_id,
    (trx) => passkeysOf(trx, estate.estate_id, person_id),
    { readOnly: true },
  );
  const usable = keys.filter((key) => key.rp_id === rp_id);
  if (usable.length === 0) throw refusals.passkey_none({}, 'method');
  return requestOptions(rp_id, challenge, usable);
}

/** Verifies what a passkey signed for a challenge, and gives what is kept of it. Refusals:
 *  assertion_invalid, passkey_unknown, passkey_cloned. */
export async function verifyAssertion(
  house: Pick<House, 'db' | 'settings'>,
  { estate, person_id, assertion, challenge }: Asked & { assertion: unknown },
): Promise<AssertionEvidence> {
  const answer = readAssertion(assertion);
  const keys = await inEstate(
    house.db.app,
    estate.estate_id,
    (trx) => passkeysOf(trx, estate.estate_id, person_id),
    { readOnly: true },
  );
  return judgeAssertion(house.settings, keys, answer, challenge);
}

interface Answer {
  id: string;
  authenticatorData: string;
  clientDataJSON: string;
  signature: string;
}

const LONGEST_PART = 8_000;
const isBytes = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]+$/.test(value) && value.length <= LONGEST_PART;

/** The parts of an AuthenticationResponseJSON, given as JSON or as its text. Refusal: assertion_invalid. */
export function readAssertion(assertion: unknown): Answer {
  let value = assertion;
  try {
    if (typeof value === 'string') value = JSON.parse(value);
  } catch {
    value = null;
  }
  const { id, response } = (value ?? {}) as { id?: unknown; response?: Record<string, unknown> };
  const { authenticatorData, clientDataJSON, signature } = response ?? {};
  if (!isBytes(id) || !isBytes(authenticatorData) || !isBytes(clientDataJSON) || !isBytes(signature))
    throw refusals.assertion_invalid({}, 'assertion');
  return { id, authenticatorData, clientDataJSON, signature };
}

/** The evidence of an answer by one of these keys to this challenge. Refusals: as of verifyAssertion. */
export async function judgeAssertion(
  settings: House['settings'],
  keys: readonly PasskeyRow[],
  answer: Answer,
  challenge: Buffer,
): Promise<AssertionEvidence> {
  const key = keys.find((one) => one.credential_id === answer.id);
  if (key === undefined) throw refusals.passkey_unknown({}, 'assertion');
  const evidence = await verified(settings, key, answer, challenge);
  // Read again without the library, as anybody will in ten years: what fails then is not taken now.
  if (evidence === null || !verifyOffline(evidence, challenge))
    throw refusals.assertion_invalid({}, 'assertion');
  // Most keys of phones do not count (0); one that does never goes back, unless there are two of it.
  if (evidence.sign_count <= key.sign_count && (evidence.sign_count > 0 || key.sign_count > 0))
    throw refusals.passkey_cloned({ label: key.label }, 'assertion');
  return evidence;
}

async function verified(
  settings: House['settings'],
  key: PasskeyRow,
  { id, ...response }: Answer,
  challenge: Buffer,
): Promise<AssertionEvidence | null> {
  try {
    const { origin } = readClientData(response.clientDataJSON);
    if (!isOwnOrigin(settings, key.rp_id, origin)) return null;
    const outcome = await verifyAuthenticationResponse({
      response: { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} },
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: origin,
      expectedRPID: key.rp_id,
      requireUserVerification: true,
      // The counter is looked at afterwards, when the signature is known to be good.
      credential: { id, publicKey: new Uint8Array(key.public_key), counter: 0 },
    });
    if (!outcome.verified) return null;
    const device = readAuthenticatorData(Buffer.from(response.authenticatorData, 'base64url'));
    return {
      credential_id: id,
      authenticator_data: response.authenticatorData,
      client_data_json: response.clientDataJSON,
      signature: response.signature,
      public_key: key.public_key.toString('base64url'),
      algorithm: key.algorithm,
      rp_id: key.rp_id,
      origin,
      sign_count: device.sign_count,
      backup_eligible: device.backup_eligible,
      backed_up: device.backed_up,
    };
  } catch {
    return null;
  }
}
