// One-time codes (一次性验证码, RFC 6238): six digits of an app on the phone, new every half minute, asked
// for beside the signing password. The secret is kept here and on the phone; a code that was used does not
// work again: credential.totp_step is the time step of the last one, and only ever grows.
import { Secret, TOTP } from 'otpauth';
import { laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';

const PERIOD = 30;
/** The phone's clock may be half a minute off. */
const WINDOW = 1;
const SECRET_BYTES = 20;
const ISSUER = '明账';

const generator = (secret: string): TOTP =>
  new TOTP({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD });

export const newSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;
/** Base32 of 20 bytes, as newSecret() makes it. */
export const isSecret = (text: string): boolean => /^[A-Z2-7]{32}$/.test(text);

/** In groups of four, for typing it into a phone that cannot scan. */
export const spacedSecret = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');

/** What the QR code says to the app (otpauth:). */
export const secretUri = (secret: string, login: string): string =>
  new TOTP({
    issuer: ISSUER,
    label: login,
    secret: Secret.fromBase32(secret),
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD,
  }).toString();

/** Six digits as typed: full-width digits and blanks do not matter. null: not a code. */
export function readCode(typed: string): string | null {
  const code = typed.normalize('NFKC').replace(/\s+/g, '');
  return /^\d{6}$/.test(code) ? code : null;
}

/** The time step a code belongs to at that moment; null when it is not right. */
export function stepOf(secret: string, typed: string, now: Date): number | null {
  const token = readCode(typed);
  if (token === null) return null;
  const timestamp = now.getTime();
  const delta = generator(secret).validate({ token, timestamp, window: WINDOW });
  return delta === null ? null : Math.floor(timestamp / (PERIOD * 1000)) + delta;
}

/** The code of a moment: what the app on the phone shows. For the demo and the tests. */
export const codeAt = (secret: string, now: Date, steps = 0): string =>
  generator(secret).generate({ timestamp: laterBy(now, steps * PERIOD * 1000).getTime() });

/** Uses a code up. 'used': it was right, and has been used before (or a later one has). */
export async function useCode(
  house: Pick<House, 'db' | 'clock'>,
  person_id: string,
  secret: string,
  typed: string,
): Promise<'right' | 'used' | 'wrong'> {
  const step = stepOf(secret, typed, house.clock());
  if (step === null) return 'wrong';
  const taken = await house.db.app
    .updateTable('credential')
    .set({ totp_step: step })
    .where('person_id', '=', person_id)
    .where('totp_secret', '=', secret)
    .where('totp_step', '<', step)
    .returning('person_id')
    .executeTakeFirst();
  return taken === undefined ? 'used' : 'right';
}
