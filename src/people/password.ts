// Passwords (口令): argon2id with 19 MiB, two passes, one lane, as OWASP asks at least; kept as a PHC
// string that names its own parameters. At most two are computed at once: each takes 19 MiB and a
// core.
import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { isWeakPassword } from './weak-passwords.ts';
import { refusals } from './refusals.ts';

const MEMORY_KIB = 19_456;
const PASSES = 2;
const LANES = 1;
const AT_ONCE = 2;
const MOST_WAITING = 200;
export const PASSWORD_MAXIMUM = 256;

/** A hash that was made before, in place of a password. */
export interface Hashed {
  phc: string;
}

// ── The queue ────────────────────────────────────────────────────────────────────────────────────

let running = 0;
const waiting: (() => void)[] = [];

/** Does `work` when one of the two places is free. Refusal: passwords_busy, when too many wait. */
export async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1;
  else {
    if (waiting.length >= MOST_WAITING) throw refusals.passwords_busy();
    // Whoever leaves hands over the place, so that `running` stays as it is.
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

// ── Hashing ──────────────────────────────────────────────────────────────────────────────────────

const derive = (parameters: Argon2Parameters): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });

/** The same password typed with another input method (full-width digits, composed letters) is
 *  the same. */
const typed = (password: string): string => password.normalize('NFKC');
const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

async function hashNow(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const key = await derive({
    message: typed(password),
    nonce,
    parallelism: LANES,
    tagLength: 32,
    memory: MEMORY_KIB,
    passes: PASSES,
  });
  return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(nonce)}$${base64(key)}`;
}

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
// Made once per process: an unknown login takes as long as a known one.
let nobody: Promise<string> | undefined;

/** Whether the password belongs to the hash. Without a hash the answer is no, after the same
 *  time. Call it inTurn. */
export async function matchesNow(
  phc: string | null | undefined,
  password: string,
): Promise<boolean> {
  const known = phc ?? (await (nobody ??= hashNow(randomBytes(24).toString('base64'))));
  const parts = PHC.exec(known);
  if (parts === null) throw new TypeError('not an argon2id PHC string');
  const [, memory, passes, lanes, nonce, key] = parts;
  const wanted = Buffer.from(key!, 'base64');
  const found = await derive({
    message: typed(password),
    nonce: Buffer.from(nonce!, 'base64'),
    tagLength: wanted.length,
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(lanes),
  });
  return timingSafeEqual(found, wanted) && typeof phc === 'string';
}

export const hashPassword = (password: string | Hashed): Promise<string> =>
  typeof password === 'string' ? inTurn(() => hashNow(password)) : Promise.resolve(password.phc);

// ── What a new password must be ──────────────────────────────────────────────────────────────────

export interface PasswordRule {
  minimum: number;
  field: string;
  /** Login and name of the person: not a password either. */
  own: readonly string[];
}

/** No rules of composition: length, and not one of the first guesses. Refusals: password_short,
 *  password_long,  password_common. */
export function checkNewPassword(password: string, { minimum, field, own }: PasswordRule): void {
  const length = [...typed(password)].length;
  if (length < minimum) throw refusals.password_short({ minimum, length }, field);
  if (length > PASSWORD_MAXIMUM)
    throw refusals.password_long({ maximum: PASSWORD_MAXIMUM, length }, field);
  if (isWeakPassword(password, own)) throw refusals.password_common({}, field);
}
