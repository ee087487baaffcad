// A superuser who also owns the server and its key folder: rewrites a record of the log, computes every hash anew and
// lets the signer forget what it signed. Everything on the server then fits together; only files and devices outside
// remember.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import type { TestHouse } from '../helpers/house.ts';

const tables = ['record', 'checkpoint', 'cosignature', 'log_tile'];

async function forgetful(h: TestHouse, change: () => Promise<unknown>): Promise<number> {
  for (const table of tables) await h.superuser.query(`alter table ${table} disable trigger all`);
  await change();
  for (const table of ['cosignature', 'checkpoint', 'log_tile']) await h.superuser.query(`delete from ${table} where estate_id = $1`, [h.estate.estate_id]);
  for (const table of tables) await h.superuser.query(`alter table ${table} enable trigger all`);
  const logs = await readdir(h.key_folder);
  await Promise.all(logs.map((log) => rm(join(h.key_folder, log, 'last.json'), { force: true })));
  return (await issueCheckpoint(h.house, h.estate))!.size;
}

/** Another body for one record; gives the size of the new checkpoint. */
export const rewriteLog = (h: TestHouse, seq: number): Promise<number> => forgetful(h, () => h.superuser.query(`
  update record r set body = '{"rewritten":true}',
    leaf_hash = sha256('\\x00'::bytea || record_leaf(e.code, r.seq, r.kind, r.recorded_at, r.number, '{"rewritten":true}'))
  from estate e where e.estate_id = r.estate_id and r.estate_id = $1 and r.seq = $2`, [h.estate.estate_id, seq]));

/** An old backup: the last records were never there. */
export const setBackLog = (h: TestHouse, size: number): Promise<number> => forgetful(h, async () => {
  await h.superuser.query('delete from record where estate_id = $1 and seq > $2', [h.estate.estate_id, size]);
  await h.superuser.query('update log_head set size = $2 where estate_id = $1', [h.estate.estate_id, size]);
});
