// Checkpoints (检查点): how many records the log of an estate has and the root of their tree, signed with the log's
// key. Issued at least every minute when something was appended, when a month is closed, with every disclosure, and
// whenever somebody asks; never by a posting, which only keeps its leaf hash.
//   records committed → fill_tiles() → root → signer (refuses what does not go on from its last) → record_checkpoint()
// One at a time for an estate: an advisory lock, so that several instances do not sign past each other.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House, LogKeys } from '../kernel/house.ts';
import { SignerRefusal } from './key-folder.ts';
import { demandLogKey, type LogKey } from './log-key.ts';
import { StoredTree, proveConsistency } from './stored-tree.ts';

export interface IssuedCheckpoint {
  size: number;
  root: Buffer;
  /** C2SP signed note, with the signature of the log alone. */
  note: string;
  issued_at: Date;
}

type Of = Pick<Estate, 'estate_id' | 'code'>;

/** The latest checkpoint, or the one of a size; null where there is none. */
export async function readCheckpointRow(trx: Trx, estate_id: number, size?: number): Promise<IssuedCheckpoint | null> {
  const query = trx.selectFrom('checkpoint').select(['size', 'root', 'note', 'issued_at']).where('estate_id', '=', estate_id);
  return await (size === undefined ? query.orderBy('size', 'desc').limit(1) : query.where('size', '=', size)).executeTakeFirst() ?? null;
}

export const latestCheckpoint = (trx: Trx, estate_id: number): Promise<IssuedCheckpoint | null> => readCheckpointRow(trx, estate_id);

/** Whether records were appended since the last checkpoint. */
export async function isCheckpointDue(trx: Trx, estate_id: number): Promise<boolean> {
  const head = await trx.selectFrom('log_head').select('size').where('estate_id', '=', estate_id).executeTakeFirst();
  return (head?.size ?? 0) > ((await latestCheckpoint(trx, estate_id))?.size ?? 0);
}

/** A key folder that hangs (a network disk) must not hold up a publication. */
const PATIENCE_MS = 15_000;

async function inTime<T>(work: Promise<T>, patience: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the key folder did not answer within ${patience / 1000} s`)), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

interface Signing extends Pick<LogKey, 'vkey' | 'origin'> { keys: LogKeys; patience: number }

async function issue(trx: Trx, estate: Of, { keys, vkey, origin, patience }: Signing): Promise<IssuedCheckpoint> {
  const { estate_id } = estate;
  // Only committed records are seen here: nothing is signed that might still be taken back.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`checkpoint ${estate_id}`}, 0))`.execute(trx);
  const { size } = await trx.selectFrom('log_head').select('size').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
  const latest = await latestCheckpoint(trx, estate_id);
  if (latest?.size === size) return latest;
  await sql`select fill_tiles(${estate_id})`.execute(trx);
  const root = (await new StoredTree(trx, estate_id, size).peaks()).root();
  const note = await inTime(keys.sign(vkey, { origin, size, root }, (from) => proveConsistency(trx, estate_id, from, size)), patience);
  await sql`select record_checkpoint(${estate_id}, ${size}, ${Buffer.from(root)}, ${note}, ${vkey})`.execute(trx);
  return (await readCheckpointRow(trx, estate_id, size))!;
}

/** Signs what the log has now; what is signed already is given as it is. Null, with a line for the operator in the
 *  log, where nothing can be signed: no key folder or a hanging one, a lost key, or a log that does not go on from what
 *  was signed. */
export async function issueCheckpoint(house: House, estate: Of, { patience = PATIENCE_MS } = {}): Promise<IssuedCheckpoint | null> {
  const keys = house.log_keys ?? null;
  if (keys === null) return null;
  try {
    const { vkey, origin } = await inEstate(house.db.app, estate.estate_id, (trx) => demandLogKey(house, keys, trx, estate));
    return await inEstate(house.db.signer, estate.estate_id, (trx) => issue(trx, estate, { keys, vkey, origin, patience }));
  } catch (error) {
    const refused = error instanceof SignerRefusal;
    house.log.error({ err: error, estate: estate.code }, refused
      ? 'the signer refuses: the log is not the one it signed before; compare it with a backup and with the files of the owners'
      : 'no checkpoint could be signed');
    return null;
  }
}
