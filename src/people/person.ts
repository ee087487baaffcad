// Persons: an opaque id for the books, the identity beside it (erasable), the login beside that.
// Only the id ever enters the log.

import { constraintRefusal, databaseRefusal, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { checkNewPassword, hashPassword, type Hashed } from './password.ts';
import { refusals } from './refusals.ts';

export interface NewPerson {
  name: string;
  login: string;
  /** As typed; or a hash made before, for whoever enters many persons with one password (tests,
   *  the demo). */
  password: string | Hashed;
  signing_password: string | Hashed | null;
  phone?: string | null;
  email?: string | null;
}

/** A login name as it is kept: full-width and capital letters folded, no blanks. */
export const readLogin = (typed: string): string => typed.normalize('NFKC').trim().toLowerCase();
const readName = (typed: string): string =>
  typed
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

export interface CheckedPerson {
  name: string;
  login: string;
  password_hash: string;
  signing_hash: string | null;
  phone: string | null;
  email: string | null;
}

/** Checks what was typed and hashes the passwords: the slow part, done before any transaction. */
export async function checkPerson(
  house: Pick<House, 'settings'>,
  person: NewPerson,
): Promise<CheckedPerson> {
  const login = readLogin(person.login);
  const name = readName(person.name);
  if (name === '' || [...name].length > 60) throw refusals.name_invalid({}, 'name');
  if (!/^[a-z0-9][a-z0-9._@-]{1,59}$/.test(login)) {
    throw refusals.login_invalid({ login: [...person.login].slice(0, 60).join('') }, 'login');
  }
  const { password, signing_password } = person;
  const rule = { minimum: house.settings.password_minimum, own: [login, name] };
  if (typeof password === 'string') checkNewPassword(password, { ...rule, field: 'password' });
  if (typeof signing_password === 'string') {
    checkNewPassword(signing_password, { ...rule, field: 'signing_password' });
    if (signing_password === password) throw refusals.passwords_alike({}, 'signing_password');
  }
  const [password_hash, signing_hash] = await Promise.all([
    hashPassword(password),
    signing_password === null ? null : hashPassword(signing_password),
  ]);
  return {
    name,
    login,
    password_hash,
    signing_hash,
    phone: person.phone ?? null,
    email: person.email ?? null,
  };
}

/** Writes the rows of a checked person. Refusal: login_taken. */
export async function writePerson(trx: Trx, person: CheckedPerson): Promise<string> {
  const { name, phone, email, login, password_hash, signing_hash } = person;
  try {
    const { person_id } = await trx
      .insertInto('person')
      .defaultValues()
      .returning('person_id')
      .executeTakeFirstOrThrow();
    await trx.insertInto('person_identity').values({ person_id, name, phone, email }).execute();
    await trx
      .insertInto('credential')
      .values({ person_id, login, password_hash, signing_hash })
      .execute();
    return person_id;
  } catch (error) {
    throw constraintRefusal(error, { login_once: () => refusals.login_taken({ login }, 'login') });
  }
}

/** Enters a person with a login; gives the opaque id. Refusals: name_invalid, login_invalid,
 *  login_taken,  password_short, password_long, password_common, passwords_alike. */
export async function enterPerson(
  house: Pick<House, 'db' | 'settings'>,
  person: NewPerson,
): Promise<string> {
  const checked = await checkPerson(house, person);
  try {
    return await house.db.app.transaction().execute((trx) => writePerson(trx, checked));
  } catch (error) {
    throw databaseRefusal(error);
  }
}
