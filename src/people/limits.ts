// Limits on guessing: five wrong tries for one login, twenty from one address, in a quarter of an
// hour. Wrong passwords, wrong signing passwords and wrong invitation codes all count. A success
// forgets the login's.
import type { FastifyReply } from 'fastify';
import { sql } from 'kysely';
import type { Db } from '../kernel/database.ts';
import { laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { refusals } from './refusals.ts';

const WINDOW = 15 * 60_000;
const KEPT = 60 * 60_000;
const OF_LOGIN = 5;
const OF_ADDRESS = 20;

export interface Guess {
  /** Login name tried, or what stands for it: "signing <person>". null: counted by address
   *  alone. */
  login: string | null;
  /** null: counted by login alone. */
  address: string | null;
}

const nth = (db: Db, column: 'login' | 'address', value: string, since: Date, n: number) =>
  db
    .selectFrom('login_failure')
    .select('failed_at')
    .where(column, '=', value)
    .where('failed_at', '>', since)
    .orderBy('failed_at', 'desc')
    .offset(n - 1)
    .limit(1)
    .executeTakeFirst();

/** Refuses when there were too many wrong tries. Refusal: too_many_tries (facts: tries, minutes,
 *  seconds). */
export async function refuseGuessing(
  { db, clock }: Pick<House, 'db' | 'clock'>,
  { login, address }: Guess,
): Promise<void> {
  const now = clock();
  const since = laterBy(now, -WINDOW);
  const limits = [
    ...(login === null ? [] : ([{ column: 'login', value: login, most: OF_LOGIN }] as const)),
    ...(address === null
      ? []
      : ([{ column: 'address', value: address, most: OF_ADDRESS }] as const)),
  ];
  for (const { column, value, most } of limits) {
    const oldest = await nth(db.app, column, value, since, most);
    if (oldest === undefined) continue;
    const seconds = Math.max(
      1,
      Math.ceil((oldest.failed_at.getTime() + WINDOW - now.getTime()) / 1000),
    );
    throw refusals.too_many_tries({ tries: most, minutes: Math.ceil(seconds / 60), seconds });
  }
}

/** Counts a wrong try; what is too old to matter is deleted on the way. */
export async function countFailure(
  { db, clock }: Pick<House, 'db' | 'clock'>,
  { login, address }: Guess,
): Promise<void> {
  const failed_at = clock();
  await db.app
    .insertInto('login_failure')
    .values({ login: (login ?? '').slice(0, 100), address: address ?? '', failed_at })
    .execute();
  await db.app
    .deleteFrom('login_failure')
    .where('failed_at', '<', laterBy(failed_at, -KEPT))
    .execute();
}

/** A success: the login's failures are forgotten, those of the address are not. */
export const forgetFailures = ({ db }: Pick<House, 'db'>, login: string) =>
  sql`delete from login_failure where login = ${login}`.execute(db.app);

/** A refusal for too many tries tells the browser, too, how long to wait. */
export async function tellingWait<T>(reply: FastifyReply, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'too_many_tries')
      reply.header('retry-after', String(error.facts['seconds']));
    throw error;
  }
}
