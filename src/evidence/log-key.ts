// Keys of an estate's log (存证密钥): the first is made with the estate, later ones by a proposal (office/), old ones
// are kept for ever: a checkpoint of years ago is still verified by the key of its time.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { House, LogKeys } from '../kernel/house.ts';

export interface LogKey {
  key_id: number;
  /** C2SP verifier key. */
  vkey: string;
  origin: string;
  /** Record that made it known; null `ended_seq`: the present key. */
  opened_seq: number;
  ended_seq: number | null;
}

/** All keys of a log, oldest first. */
export const logKeys = async (trx: Trx, estate_id: number): Promise<LogKey[]> =>
  trx.selectFrom('log_key').select(['key_id', 'vkey', 'origin', 'opened_seq', 'ended_seq'])
    .where('estate_id', '=', estate_id).orderBy('key_id').execute();

export const presentKey = async (trx: Trx, estate_id: number): Promise<LogKey | null> =>
  (await logKeys(trx, estate_id)).find((key) => key.ended_seq === null) ?? null;

/** Host and estate: the name of a log for ever, also when the service moves. */
export const originFor = (house: House, estate: Pick<Estate, 'code'>): string =>
  `${new URL(house.settings.public_url).host}/${estate.code}`;

/** The present key; a log that has none yet gets its first. */
export async function demandLogKey(house: House, keys: LogKeys, trx: Trx, estate: Pick<Estate, 'estate_id' | 'code'>): Promise<LogKey> {
  const { estate_id } = estate;
  const found = await presentKey(trx, estate_id);
  if (found !== null) return found;
  const origin = originFor(house, estate);
  const vkey = await keys.create(origin, { first: true });
  await sql`select open_log_key(${estate_id}, ${origin}, ${vkey})`.execute(trx);
  return (await presentKey(trx, estate_id))!;
}
