// Enrolling a passkey: the person confirms who they are, the device makes a key for this host and answers our
// challenge, and the log of every estate where the person signs, now or later, records all that is
// needed to check its signatures for ever: public key, what the device and the browser said, how it was
// confirmed. The body is told. With the first key come the recovery codes.
import {
  generateRegistrationOptions,
  verifyRegistrationResponse,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/server';
import { ALGORITHMS, readClientData, readCoseKey } from '../proof/assertion.ts';
import type { Actor } from '../kernel/actor.ts';
import { sha256 } from '../kernel/digest.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { bookText } from '../kernel/text.ts';
import {
  confirm,
  drawKeyChallenge,
  LIFETIME,
  takeKeyChallenge,
  usableKeys,
  type Proof,
} from './passkey-confirm.ts';
import { announceKey, tellOfRecoveryCodes } from './passkey-notice.ts';
import { isOwnOrigin, placeOf, rpIdOf } from './passkey-place.ts';
import { descriptors, recordEnrolment, type ConfirmedBy, type Enrolment } from './passkey.ts';
import { issueRecoveryCodes, recoveryCodesOf } from './recovery-code.ts';
import { signingEstates } from './queries.ts';
import { refusals } from './refusals.ts';

/** Host name keys are enrolled for on a page opened at `host`. Refusals: passkey_address_wrong,
 *  passkey_address_missing. */
function demandPlace(house: House, host: string): string {
  const { works, address } = placeOf(house.settings, host);
  const rp_id = rpIdOf(house.settings, host);
  if (rp_id === null || address === null) throw refusals.passkey_address_missing();
  if (!works) throw refusals.passkey_address_wrong({ address });
  return rp_id;
}

const enrolling = (rp_id: string): string => `enrol ${rp_id}`;

/** What startRegistration() of @simplewebauthn/browser makes a key with, once the person has confirmed.
 *  Refusals: passkey_without_office, passkey_address_wrong, passkey_address_missing, those of confirm(). */
export async function enrolmentOptions(
  house: House,
  actor: Actor,
  { host, proof }: { host: string; proof: Proof },
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const rp_id = demandPlace(house, host);
  const { person_id } = actor;
  if ((await signingEstates(house, person_id)).length === 0)
    throw refusals.passkey_without_office();
  const confirmed_by = await confirm(house, actor, { act: 'enrol' }, { proof, host });
  const keys = await usableKeys(house, person_id, host);
  const challenge = await drawKeyChallenge(house, person_id, enrolling(rp_id), confirmed_by);
  return generateRegistrationOptions({
    rpName: '明账 Mingzhang',
    rpID: rp_id,
    userName: actor.login,
    userDisplayName: actor.name,
    // Opaque, and the same for all keys of a person: a device keeps one key for each.
    userID: new Uint8Array(sha256(`mingzhang/user/v1\n${person_id}`)),
    challenge: new Uint8Array(challenge),
    timeout: LIFETIME,
    attestationType: 'none',
    excludeCredentials: descriptors(keys),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: [...ALGORITHMS],
  });
}

export interface NewKey {
  host: string;
  /** Name its owner gives it: "手机". */
  label: string;
  /** RegistrationResponseJSON, or its text. */
  response: unknown;
}

export interface Enrolled {
  credential_id: string;
  label: string;
  confirmed_by: ConfirmedBy;
  backup_eligible: boolean;
  backed_up: boolean;
  /** New recovery codes, shown now and never again; null: the person has some left. */
  recovery_codes: string[] | null;
}

/** Enrols the key a device made. Refusals: those of bookText() for the label, passkey_address_wrong,
 *  passkey_invalid, challenge_expired, passkey_confirms_next, passkey_exists, passkey_without_office. */
export async function enrolPasskey(
  house: House,
  { person_id }: Actor,
  { host, label: typed, response }: NewKey,
): Promise<Enrolled> {
  const label = bookText(typed, { field: 'label', label: '名称 name', limit: 60 });
  const rp_id = demandPlace(house, host);
  const answer = readRegistration(response);
  const estates = await signingEstates(house, person_id);
  if (estates.length === 0) throw refusals.passkey_without_office();
  const { challenge, confirmed_by } = await takeKeyChallenge(house, person_id, enrolling(rp_id));
  // Two windows at once must not make two first keys.
  if (confirmed_by === 'password' && (await usableKeys(house, person_id, host)).length > 0)
    throw refusals.passkey_confirms_next({}, 'password');
  const key = await judgeRegistration(house, answer, { rp_id, challenge });
  await enrolIn(house, estates, { ...key, person: person_id, confirmed_by }, { person_id, label, confirmed_by });
  return {
    credential_id: key.credential_id,
    label,
    confirmed_by,
    backup_eligible: key.backup_eligible,
    backed_up: key.backed_up,
    recovery_codes: await firstRecoveryCodes(house, person_id),
  };
}

/** One estate after another. When the first has it, the key is enrolled; an estate that fails after that
 *  gets it when the person first signs there (copyPasskeys). */
async function enrolIn(
  house: House,
  estates: readonly number[],
  enrolment: Enrolment,
  key: { person_id: string; label: string; confirmed_by: ConfirmedBy },
): Promise<void> {
  let enrolled = false;
  for (const estate_id of estates) {
    try {
      const seq = await recordEnrolment(house, estate_id, enrolment, key.label);
      enrolled = true;
      if (seq === null) continue;
      await inEstate(house.db.app, estate_id, (trx) =>
        announceKey(trx, { estate_id, seq, event: 'enrolled', ...key }),
      );
    } catch (error) {
      if (!enrolled) throw error;
      house.log.error({ err: error, estate_id }, 'a passkey was not recorded or announced in an estate');
    }
  }
}

async function firstRecoveryCodes(house: House, person_id: string): Promise<string[] | null> {
  const { unused } = await recoveryCodesOf(house, person_id);
  return unused > 0 ? null : issueRecoveryCodes(house, person_id);
}

/** Prints new recovery codes; the old ones no longer work. Refusals: passkey_without_office, those of
 *  confirm(). */
export async function renewRecoveryCodes(
  house: House,
  actor: Actor,
  { host, proof }: { host: string; proof: Proof },
): Promise<string[]> {
  const estates = await signingEstates(house, actor.person_id);
  if (estates.length === 0) throw refusals.passkey_without_office();
  await confirm(house, actor, { act: 'recovery_codes' }, { proof, host });
  const codes = await issueRecoveryCodes(house, actor.person_id);
  const issued = isoInstant(house.clock());
  for (const estate_id of estates)
    await inEstate(house.db.app, estate_id, (trx) =>
      tellOfRecoveryCodes(trx, estate_id, actor.person_id, issued),
    );
  return codes;
}

// ── What the device says ─────────────────────────────────────────────────────────────────────────

interface Registration {
  id: string;
  attestationObject: string;
  clientDataJSON: string;
  transports: string[];
}

const LONGEST_PART = 30_000;
const isBytes = (value: unknown): value is string =>
  typeof value === 'string' && /^[\w-]+$/.test(value) && value.length <= LONGEST_PART;
const knownTransports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'];

/** The parts of a RegistrationResponseJSON, given as JSON or as its text. Refusal: passkey_invalid. */
function readRegistration(given: unknown): Registration {
  let value = given;
  try {
    if (typeof value === 'string') value = JSON.parse(value);
  } catch {
    value = null;
  }
  const { id, response } = (value ?? {}) as { id?: unknown; response?: Record<string, unknown> };
  const { attestationObject, clientDataJSON, transports } = response ?? {};
  if (!isBytes(id) || !/^.{16,1400}$/.test(id) || !isBytes(attestationObject) || !isBytes(clientDataJSON))
    throw refusals.passkey_invalid({}, 'response');
  const told: unknown[] = Array.isArray(transports) ? transports : [];
  return { id, attestationObject, clientDataJSON, transports: knownTransports.filter((one) => told.includes(one)) };
}

/** What is recorded of a key, when it was made for this challenge, on our page, by somebody the device
 *  recognised. Refusal: passkey_invalid. */
async function judgeRegistration(
  house: House,
  answer: Registration,
  { rp_id, challenge }: { rp_id: string; challenge: Buffer },
) {
  const { id, attestationObject, clientDataJSON, transports } = answer;
  try {
    const { origin, crossOrigin } = readClientData(clientDataJSON);
    if (!isOwnOrigin(house.settings, rp_id, origin) || crossOrigin === true)
      throw new Error('made on another page');
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: 'public-key',
        response: { attestationObject, clientDataJSON },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge.toString('base64url'),
      expectedOrigin: origin,
      expectedRPID: rp_id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...ALGORITHMS],
    });
    if (!verified || registrationInfo.credential.id !== id) throw new Error('not verified');
    const { credential, credentialDeviceType, credentialBackedUp, aaguid } = registrationInfo;
    return {
      credential_id: id,
      public_key: Buffer.from(credential.publicKey).toString('base64url'),
      // A key that cannot be read without the library is not taken.
      algorithm: readCoseKey(credential.publicKey).algorithm,
      rp_id,
      origin,
      aaguid,
      transports,
      backup_eligible: credentialDeviceType === 'multiDevice',
      backed_up: credentialBackedUp,
      attestation_object: attestationObject,
      client_data_json: clientDataJSON,
    };
  } catch (error) {
    house.log.warn({ err: error }, 'what a device answered to an enrolment was refused');
    throw refusals.passkey_invalid({}, 'response');
  }
}
