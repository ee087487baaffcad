// Login and signing password. The login opens the books; the signing password is asked anew for
// each signature and differs from the login, so that a seen login is not a stolen signature.
import { databaseRefusal } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { countFailure, forgetFailures, refuseGuessing, type Guess } from './limits.ts';
import { checkNewPassword, hashPassword, inTurn, matchesNow } from './password.ts';
import { readLogin } from './person.ts';
import { refusals } from './refusals.ts';

type Doors = Pick<House, 'db' | 'clock' | 'settings'>;

interface Credential {
  person_id: string;
  login: string;
  password_hash: string;
  signing_hash: string | null;
}

async function credentialOf(
  house: Doors,
  by: { login: string } | { person_id: string },
): Promise<Credential | undefined> {
  const query = house.db.app
    .selectFrom('credential')
    .select(['person_id', 'login', 'password_hash', 'signing_hash']);
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
 *  are no way  around it. Refusals: too_many_tries, passwords_busy. */
async function tried(
  house: Doors,
  guess: Guess & { login: string },
  phc: string | null | undefined,
  password: string,
): Promise<boolean> {
  await refuseGuessing(house, guess);
  return inTurn(async () => {
    await refuseGuessing(house, guess);
    const right = await matchesNow(phc, password);
    await (right ? forgetFailures(house, guess.login) : countFailure(house, guess));
    return right;
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

/** Whether this is the person's signing password. Refusal: too_many_tries. */
export async function checkSigningPassword(
  house: Doors,
  person_id: string,
  password: string,
): Promise<boolean> {
  const credential = await credentialOf(house, { person_id });
  return tried(
    house,
    { login: `signing ${person_id}`, address: null },
    credential?.signing_hash,
    password,
  );
}

/** Whether the person has a signing password. */
export const maySignByPassword = async (house: Doors, person_id: string): Promise<boolean> =>
  typeof (await credentialOf(house, { person_id }))?.signing_hash === 'string';

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
  const guess = { login: `password ${person_id}`, address: null };
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
  const guess = { login: `${had === null ? 'password' : 'signing'} ${person_id}`, address: null };
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
