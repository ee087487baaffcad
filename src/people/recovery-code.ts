// Recovery codes (恢复码): eight, printed once and kept at home, for enrolling a passkey when no other device
// is at hand. Each works once; only its SHA-256 is kept. New ones make the old ones worthless.
//   7K2M-9QXD-4RTB: twelve signs of Crockford's base32 (60 bits), in which O is read as 0, I and L as 1
import { randomInt } from 'node:crypto';
import { sha256 } from '../kernel/digest.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { countFailure, forgetFailures, refuseGuessing } from './limits.ts';
import { refusals } from './refusals.ts';

export const RECOVERY_CODES = 8;
const SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const LENGTH = 12;

type Doors = Pick<House, 'db' | 'clock'>;

const newRecoveryCode = (): string =>
  Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');

/** In groups of four, as printed. */
const spaced = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** A code as typed, as it is hashed; null when it cannot be one. */
export function readRecoveryCode(typed: string): string | null {
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\p{P}]+/gu, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return code.length === LENGTH && [...code].every((sign) => SIGNS.includes(sign)) ? code : null;
}

/** Issues eight new codes; those before them no longer work. They are given here and never again. */
export async function issueRecoveryCodes(house: Doors, person_id: string): Promise<string[]> {
  const codes = Array.from({ length: RECOVERY_CODES }, newRecoveryCode);
  const issued_at = house.clock();
  // Recovery codes belong to a person, not to an estate: estate 0 is none.
  await inEstate(house.db.app, 0, async (trx: Trx) => {
    await trx.deleteFrom('recovery_code').where('person_id', '=', person_id).execute();
    await trx
      .insertInto('recovery_code')
      .values(codes.map((code) => ({ person_id, code_hash: sha256(code), issued_at })))
      .execute();
  });
  return codes.map(spaced);
}

/** How many codes are left, and when they were printed. */
export async function recoveryCodesOf(
  house: Doors,
  person_id: string,
): Promise<{ unused: number; issued_at: Date | null }> {
  const rows = await house.db.app
    .selectFrom('recovery_code')
    .select(['issued_at', 'used_at'])
    .where('person_id', '=', person_id)
    .execute();
  return {
    unused: rows.filter(({ used_at }) => used_at === null).length,
    issued_at: rows[0]?.issued_at ?? null,
  };
}

/** Uses a code up; whether it was one of the person's that had not been used. */
export async function takeRecoveryCode(
  house: Doors,
  person_id: string,
  typed: string,
): Promise<boolean> {
  const code = readRecoveryCode(typed);
  if (code === null) return false;
  const taken = await house.db.app
    .updateTable('recovery_code')
    .set({ used_at: house.clock() })
    .where('person_id', '=', person_id)
    .where('code_hash', '=', sha256(code))
    .where('used_at', 'is', null)
    .returning('person_id')
    .executeTakeFirst();
  return taken !== undefined;
}

/** Confirms by a recovery code, which is used up. Refusals: too_many_tries, recovery_code_wrong. */
export async function confirmByRecoveryCode(
  house: Doors,
  person_id: string,
  typed: string,
): Promise<void> {
  const guess = { login: `recovery ${person_id}`, address: null };
  await refuseGuessing(house, guess);
  if (await takeRecoveryCode(house, person_id, typed)) {
    await forgetFailures(house, guess.login);
    return;
  }
  await countFailure(house, guess);
  throw refusals.recovery_code_wrong({}, 'recovery_code');
}
