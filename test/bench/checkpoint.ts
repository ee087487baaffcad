// How long a checkpoint takes after one record was appended, in logs of growing size, beside the appending alone.
//   npm run bench:checkpoint            aim: at most 20 ms after one append, whatever the size
import { isMainThread } from 'node:worker_threads';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { testHouse } from '../helpers/house.ts';

const ROUNDS = 60;
const endings: (() => unknown)[] = [];
const h = await testHouse({ teardown: (work) => void endings.unshift(work) });
const { house, estate: { estate_id }, estate } = h;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** Lets the log grow as a superuser may: the bench is about the checkpoint, not the posting. */
async function grow(to: number): Promise<void> {
  await h.superuser.query(`
    with one as (select e.estate_id, e.code, l.size, l.recorded_at from estate e join log_head l using (estate_id) where estate_id = $1),
    made as (insert into record (estate_id, seq, kind, recorded_at, body, leaf_hash)
      select estate_id, size + i, 'test_record', recorded_at, body, sha256('\\x00'::bytea || record_leaf(code, size + i, 'test_record', recorded_at, '-', body))
      from one, generate_series(1, $2 - size) i, lateral (select format('{"i":%s}', i)) as b(body) returning 1)
    update log_head set size = $2 where estate_id = $1 and (select count(*) from made) >= 0`, [estate_id, to]);
}

const append = (): Promise<number> => inEstate(house.db.app, estate_id, (trx) => appendRecord(trx, estate_id, 'test_record', { i: 0 }));
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const at = (times: number[], share: number): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * share)]!;

if (isMainThread) {
  print(`checkpoint after one append, ${ROUNDS} rounds each; medians and p95 in ms`);
  print('   records   append   checkpoint     p95   ratio to append');
  for (const size of [300, 10_000, 100_000, 1_000_000]) {
    await grow(size);
    const filling = await timed(() => issueCheckpoint(house, estate));
    const appends: number[] = [];
    const checkpoints: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      appends.push(await timed(append));
      checkpoints.push(await timed(() => issueCheckpoint(house, estate)));
    }
    const [a, c] = [at(appends, 0.5), at(checkpoints, 0.5)];
    print(`${String(size).padStart(10)}${a.toFixed(2).padStart(9)}${c.toFixed(2).padStart(13)}${at(checkpoints, 0.95).toFixed(2).padStart(8)}${(c / a).toFixed(1).padStart(18)}`
      + `   (first checkpoint of the grown log: ${filling.toFixed(0)} ms)`);
  }
}
for (const work of endings) await work();
process.exit(0);
