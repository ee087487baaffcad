// Login and signing password. The login opens the books; the signing password is asked anew for
// each signature and differs from the login, so that a seen login is not a stolen signature. With it
// goes a one-time code of the person's phone: a signing password alone counts in a demo estate only.
import { databaseRefusal } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { countFailure, forgetFailures, refuseGuessing, type Guess } from './limits.ts';
import { isSecret, stepOf, useCode } from './one-time-code.ts';
import { checkNewPassword, hashPassword, inTurn, matchesNow } from './password.ts';
import { readLogin } from './person.ts';
import { refusals } from './refusals.ts';

type Doors = Pick<House, 'db' | 'clock' | 'settings'>;

interface Credential {
  person_id: string;
  login: string;
  password_hash: string;
  signing_hash: string | null;
  totp_secret: string | null;
}

async function credentialOf(
  house: Doors,
  by: { login: string } | { person_id: string },
): Promise<Credential | undefined> {
  const query = house.db.app
    .selectFrom('credential')
    .select(['person_id', 'login', 'password_hash', 'signing_hash', 'totp_secret']);
  try {
    return await (
      'login' in by
        ? query.where('login', '=', by.login)
        : query.where('person_id', '=', by.person_id)
    ).executeTakeFirst();
  } catch (error) {
    throw databaseRefusal(error);
  }
}

/** One counted try. The limit is looked at again in turn, so that a thousand tries sent at once
 *  are no way around it. `then`: what must be right besides; if it throws, earlier failures are not
 *  forgotten. Refusals: too_many_tries, passwords_busy. */
async function tried(
  house: Doors,
  guess: Guess & { login: string },
  phc: string | null | undefined,
  password: string,
  then: () => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  await refuseGuessing(house, guess);
  return inTurn(async () => {
    await refuseGuessing(house, guess);
    if (!(await matchesNow(phc, password))) {
      await countFailure(house, guess);
      return false;
    }
    await then();
    await forgetFailures(house, guess.login);
    return true;
  });
}

/** The person behind a login and password. Whether the login or the password was wrong is not
 *  told, not by time  either. Refusals: too_many_tries, login_wrong. */
export async function recognise(
  house: Doors,
  { login: typed, password, address }: { login: string; password: string; address: string },
): Promise<string> {
  const login = readLogin(typed).slice(0, 100);
  const credential = await credentialOf(house, { login });
  const right = await tried(house, { login, address }, credential?.password_hash, password);
  if (!right || credential === undefined) throw refusals.login_wrong({}, 'password');
  return credential.person_id;
}

const signingGuess = (person_id: string) =>
  ({ login: `signing ${person_id}`, address: null }) as const;
const loginGuess = (person_id: string) =>
  ({ login: `password ${person_id}`, address: null }) as const;

export interface PasswordProof {
  password: string;
  code?: string | undefined;
}

/** A try with the signing password and, where codes are set up, a code: wrong codes count like wrong
 *  passwords, and a wrong password uses no code up. `instead`: uses up what stands for a code when
 *  the phone is gone; gives whether it was right. */
async function triedWithCode(
  house: Doors,
  person_id: string,
  credential: Credential | undefined,
  { password, code = '' }: PasswordProof,
  instead: (typed: string) => Promise<boolean> = () => Promise.resolve(false),
): Promise<boolean> {
  const secret = credential?.totp_secret ?? null;
  if (secret !== null && code.trim() === '') throw refusals.code_missing({}, 'code');
  const guess = signingGuess(person_id);
  return tried(house, guess, credential?.signing_hash, password, async () => {
    if (secret === null || (await instead(code))) return;
    const outcome = await useCode(house, person_id, secret, code);
    if (outcome === 'used') throw refusals.code_used({}, 'code');
    if (outcome === 'right') return;
    await countFailure(house, guess);
    throw refusals.code_wrong({}, 'code');
  });
}

export interface SecondFactor {
  /** One-time code as typed. */
  code?: string | undefined;
  /** Whether it is for a demo estate, where a signing password counts without a code. */
  demo: boolean;
}

/** Whether this is the person's signing password; a one-time code goes with it. Refusals:
 *  code_not_set_up, code_missing, too_many_tries, code_wrong, code_used. */
export async function checkSigningPassword(
  house: Doors,
  person_id: string,
  password: string,
  { code = '', demo }: SecondFactor,
): Promise<boolean> {
  const credential = await credentialOf(house, { person_id });
  if ((credential?.totp_secret ?? null) === null && !demo)
    throw refusals.code_not_set_up({}, 'code');
  return triedWithCode(house, person_id, credential, { password, code });
}

/** Confirms something about one's own keys by the signing password and the code that goes with it, or by
 *  the login password where there is no signing password. `code_asked: false`: the password alone is
 *  enough, because taking a key away must not need the phone that was lost. Refusals: code_missing,
 *  too_many_tries, confirmation_wrong, code_wrong, code_used. */
export async function confirmByPassword(
  house: Doors,
  person_id: string,
  proof: PasswordProof,
  { code_asked = true }: { code_asked?: boolean } = {},
): Promise<void> {
  const credential = await credentialOf(house, { person_id });
  const hash = credential?.signing_hash ?? null;
  const right =
    hash !== null && code_asked
      ? await triedWithCode(house, person_id, credential, proof)
      : await tried(
          house,
          hash === null ? loginGuess(person_id) : signingGuess(person_id),
          hash ?? credential?.password_hash,
          proof.password,
        );
  if (!right) throw refusals.confirmation_wrong({}, 'password');
}

/** Confirms by the login password what only its owner may do. Refusals: too_many_tries, confirmation_wrong. */
export async function confirmLogin(house: Doors, person_id: string, password: string): Promise<void> {
  const credential = await credentialOf(house, { person_id });
  if (!(await tried(house, loginGuess(person_id), credential?.password_hash, password)))
    throw refusals.confirmation_wrong({}, 'password');
}

/** What a person can confirm with. */
export async function factorsOf(
  house: Doors,
  person_id: string,
): Promise<{ signing_password: boolean; one_time_code: boolean }> {
  const credential = await credentialOf(house, { person_id });
  return {
    signing_password: typeof credential?.signing_hash === 'string',
    one_time_code: typeof credential?.totp_secret === 'string',
  };
}

// ── One-time codes ───────────────────────────────────────────────────────────────────────────────

export interface CodeSetup extends PasswordProof {
  person_id: string;
  /** What the page showed, and the phone now holds. */
  secret: string;
}

/** Sets one-time codes up, with a first code of the phone and the signing password. That code counts as
 *  used. Refusals: code_set_up_already, signing_password_unset, code_secret_invalid, code_wrong,
 *  too_many_tries, confirmation_wrong. */
export async function setUpCodes(
  house: Doors,
  { person_id, secret, password, code = '' }: CodeSetup,
): Promise<void> {
  const credential = await credentialOf(house, { person_id });
  if (credential?.totp_secret !== null) throw refusals.code_set_up_already();
  if (credential.signing_hash === null) throw refusals.signing_password_unset();
  if (!isSecret(secret)) throw refusals.code_secret_invalid({}, 'code');
  const step = stepOf(secret, code, house.clock());
  // Whoever holds the secret can make the code: a wrong one is a slip, not a guess.
  if (step === null) throw refusals.code_wrong({}, 'code');
  if (!(await tried(house, signingGuess(person_id), credential.signing_hash, password)))
    throw refusals.confirmation_wrong({}, 'password');
  const done = await house.db.app
    .updateTable('credential')
    .set({ totp_secret: secret, totp_step: step })
    .where('person_id', '=', person_id)
    .where('totp_secret', 'is', null)
    .returning('person_id')
    .executeTakeFirst();
  if (done === undefined) throw refusals.code_set_up_already();
}

/** Turns one-time codes off. `instead` as of triedWithCode. Refusals: code_not_on, code_missing,
 *  too_many_tries, confirmation_wrong, code_wrong, code_used. */
export async function turnCodesOff(
  house: Doors,
  person_id: string,
  proof: PasswordProof,
  instead?: (typed: string) => Promise<boolean>,
): Promise<void> {
  const credential = await credentialOf(house, { person_id });
  const secret = credential?.totp_secret ?? null;
  if (secret === null) throw refusals.code_not_on();
  if (!(await triedWithCode(house, person_id, credential, proof, instead)))
    throw refusals.confirmation_wrong({}, 'password');
  await house.db.app
    .updateTable('credential')
    .set({ totp_secret: null })
    .where('person_id', '=', person_id)
    .where('totp_secret', '=', secret)
    .execute();
}

// ── Changing passwords ───────────────────────────────────────────────────────────────────────────

interface Change {
  person_id: string;
  name: string;
  present: string;
  wanted: string;
  repeated?: string | undefined;
}

function checkWanted(house: Doors, { wanted, repeated, name }: Change, login: string): void {
  checkNewPassword(wanted, {
    minimum: house.settings.password_minimum,
    field: 'new_password',
    own: [login, name],
  });
  if (repeated !== undefined && repeated !== wanted)
    throw refusals.password_repeat_differs({}, 'repeat_password');
}

/** Changes the login password. Refusals in this order: password_short, password_long,
 *  password_common,  password_repeat_differs, too_many_tries, password_wrong, passwords_alike. */
export async function changePassword(house: Doors, change: Change): Promise<void> {
  const { person_id, present, wanted } = change;
  const credential = await credentialOf(house, { person_id });
  checkWanted(house, change, credential?.login ?? '');
  const guess = loginGuess(person_id);
  if (!(await tried(house, guess, credential?.password_hash, present)))
    throw refusals.password_wrong({}, 'present_password');
  if (
    credential!.signing_hash !== null &&
    (await inTurn(() => matchesNow(credential!.signing_hash, wanted)))
  ) {
    throw refusals.passwords_alike({}, 'new_password');
  }
  const password_hash = await hashPassword(wanted);
  await house.db.app
    .updateTable('credential')
    .set({ password_hash, changed_at: house.clock() })
    .where('person_id', '=', person_id)
    .execute();
}

/** Changes the signing password, or sets the first one; `present` is the old signing password,
 *  or the login  password where there was none. Refusals as of changePassword. */
export async function changeSigningPassword(house: Doors, change: Change): Promise<void> {
  const { person_id, present, wanted } = change;
  const credential = await credentialOf(house, { person_id });
  checkWanted(house, change, credential?.login ?? '');
  const had = credential?.signing_hash ?? null;
  const guess = had === null ? loginGuess(person_id) : signingGuess(person_id);
  if (!(await tried(house, guess, had ?? credential?.password_hash, present)))
    throw refusals.password_wrong({}, 'present_password');
  if (await inTurn(() => matchesNow(credential!.password_hash, wanted)))
    throw refusals.passwords_alike({}, 'new_password');
  const signing_hash = await hashPassword(wanted);
  await house.db.app
    .updateTable('credential')
    .set({ signing_hash, changed_at: house.clock() })
    .where('person_id', '=', person_id)
    .execute();
}
