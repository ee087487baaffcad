// How long the board over many estates takes: npm run bench:board [-- ESTATES]. A street of small demo estates is made through the same
// services as any other (mingzhang demo --estates 200 does the same), then its board is asked for as an official does: page, table file
// and interface, through the whole service. Beside it, in the same run: the bare SELECT of the kept figures without any wall, what it
// would cost to count all estates at every look instead, and an inspection of one estate.
import { sql } from 'kysely';
import { buildApp } from '../../src/app.ts';
import { makeStreet } from '../../src/demo/street.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { boardFigures, readBoard, refreshBoard, isAlarming } from '../../src/oversight/board.ts';
import { findFailures } from '../../src/oversight/inspection.ts';
import { invariants } from '../../src/oversight/invariants.ts';
import { readActor } from '../../src/people/queries.ts';
import { PASSWORD, signIn, SIGNING_PASSWORD, testHouse } from '../helpers/house.ts';
import type { Ending } from '../helpers/postgres.ts';

const TARGET_MS = 300;
const estates = Number(process.argv[2] ?? 200);
const ROUNDS = 25;

const endings: (() => unknown)[] = [];
const h = await testHouse({ teardown: (work: () => unknown) => { endings.push(work); } } as never as Ending);
const { house, superuser } = h;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function timed(work: () => Promise<unknown>, rounds = ROUNDS): Promise<{ median: number; worst: number }> {
  const times: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { median: times[Math.floor(times.length / 2)]!, worst: times.at(-1)! };
}
const ms = (n: number): string => `${n.toFixed(1)} ms`;

const begun = performance.now();
const made = await makeStreet(house, { estates, password: PASSWORD, signing_password: SIGNING_PASSWORD });
say(`${made} estates made in ${((performance.now() - begun) / 1000).toFixed(1)} s (${ms((performance.now() - begun) / made)} each)`);

const app = await buildApp(house);
const headers = await signIn(app, 'street');
const actor = (await readActor(house, h.persons.street, { kind: 'cookie', scopes: [], csrf: null }))!;
const rows = await readBoard(house, actor);
say(`${rows.length} estates on the board; alarming: ${boardFigures.map((figure) => `${figure} ${rows.filter(({ counted }) => counted !== null && isAlarming(counted, figure)).length}`).join(', ')}`);

const ask = async (url: string): Promise<number> => {
  const answer = await app.inject({ url, headers });
  if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode} ${answer.body.slice(0, 200)}`);
  return answer.rawPayload.length;
};
await ask('/board');
const page = await timed(() => ask('/board'));
const table = await timed(() => ask('/board.csv?sort=collection&order=asc'));
const api = await timed(() => ask('/api/v1/board?sort=exceptions'));
const query = await timed(() => readBoard(house, actor));
const bare = await timed(() => superuser.query('select * from board_figure f join estate e using (estate_id)'));
say(`page        median ${ms(page.median)}, worst ${ms(page.worst)} (${await ask('/board')} bytes), target ${TARGET_MS} ms: ${page.worst < TARGET_MS ? 'held' : 'MISSED'}`);
say(`table file  median ${ms(table.median)}, worst ${ms(table.worst)}`);
say(`interface   median ${ms(api.median)}, worst ${ms(api.worst)}`);
say(`query       median ${ms(query.median)} behind the wall, ${ms(bare.median)} bare: ${(query.median / bare.median).toFixed(1)} times`);

const all = await house.db.app.selectFrom('estate').selectAll().execute();
const recount = await timed(async () => { for (const estate of all) await refreshBoard(house, estate); }, 1);
say(`counting all ${all.length} anew: ${ms(recount.median)}, ${ms(recount.median / all.length)} each (the task does so for estates whose log has grown)`);
const one = all.at(-1)!;
const inspection = await timed(() => findFailures(house, one), 5);
const { rows: [size] } = await inEstate(house.db.app, one.estate_id, (trx) => sql<{ size: number }>`select size from log_head where estate_id = ${one.estate_id}`.execute(trx));
say(`inspection of one estate (${size!.size} records, ${invariants.length} invariants): ${ms(inspection.median)}`);

await app.close();
for (const end of endings.reverse()) await end();
process.exitCode = page.worst < TARGET_MS ? 0 : 1;
