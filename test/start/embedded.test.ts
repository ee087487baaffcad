// The built-in PostgreSQL: found again, taken over after a kill, back by itself, held by one service.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import t from 'tap';
import { dataFolder, run, type Child, type Ending } from './child.ts';

interface Holder extends Child { url: string; owned: boolean; folder: string }

async function hold(t: Ending, data: string, mode = ''): Promise<Holder> {
  const child = run(t, ['test/start/holder.ts', data, mode]);
  const [line] = await child.hears(/^\{.*\}$/m);
  return { ...child, ...(JSON.parse(line) as { url: string; owned: boolean; folder: string }) };
}

async function query<T>(url: string, statement: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(statement)).rows as T[];
  } finally {
    await client.end();
  }
}

const postmaster = (holder: Holder): number =>
  Number(readFileSync(join(holder.folder, 'postmaster.pid'), 'utf8').split('\n')[0]);

t.test('the built-in PostgreSQL, from the first start through every kind of end', async (t) => {
  const data = dataFolder(t);
  const first = await hold(t, data);
  t.ok(first.owned);
  await query(first.url, 'create table kept (n integer); insert into kept values (1)');

  t.equal(statSync(join(data, 'postgres.passwords')).mode & 0o777, 0o600, 'nobody else reads the passwords');
  t.equal(statSync(join(data, 'postgres.logins')).mode & 0o777, 0o600);
  t.equal(statSync(first.folder).mode & 0o777, 0o700);
  const [settings] = await query<Record<string, string>>(first.url, `select current_setting('data_checksums') as sums,
    current_setting('listen_addresses') as listens, current_setting('server_encoding') as encoding`);
  t.same(settings, { sums: 'on', listens: '127.0.0.1', encoding: 'UTF8' });
  await t.rejects(query(first.url.replace(/:[^:@]*@/, ':wrong@'), 'select 1'), /password authentication failed/);

  const second = run(t, ['test/start/holder.ts', data]);
  t.equal(await second.ended, 1, 'a second service is refused');
  t.match(second.said(), /already running on .* \(process \d+\)/);

  const guest = await hold(t, data, 'join');
  t.notOk(guest.owned, 'the command line joins the running one');
  guest.process.kill('SIGTERM');
  await guest.ended;
  t.same(await query(first.url, 'select n from kept'), [{ n: 1 }], 'and leaves it running');

  process.kill(postmaster(first), 'SIGKILL');
  let rows: unknown[] = [];
  for (let turn = 0; rows.length === 0 && turn < 200; turn += 1) {
    rows = await query(first.url, 'select n from kept').catch(() => []);
    if (rows.length === 0) await sleep(50);
  }
  t.same(rows, [{ n: 1 }], 'a PostgreSQL that was killed comes back by itself, on the same port');

  first.process.kill('SIGKILL');
  await first.ended;
  t.same(await query(first.url, 'select n from kept'), [{ n: 1 }], 'a killed service leaves PostgreSQL running');
  const left = postmaster(first);
  const third = await hold(t, data);
  t.ok(third.owned, 'and the next start takes over');
  t.not(postmaster(third), left);
  t.same(await query(third.url, 'select n from kept'), [{ n: 1 }]);

  third.process.kill('SIGTERM');
  t.equal(await third.ended, 0);
  await t.rejects(query(third.url, 'select 1'), /ECONNREFUSED/, 'a clean end ends PostgreSQL as well');

  const port = Number(new URL(third.url).port);
  const thief = createServer();
  await new Promise<void>((done) => { thief.listen(port, '127.0.0.1', done); });
  // A number that another program has by now, as after a crash or in a container.
  writeFileSync(join(third.folder, 'postmaster.pid'), `${process.pid}\n${third.folder}\n0\n${port}\n\n127.0.0.1\n\nready\n`);
  const fourth = await hold(t, data);
  thief.close();
  t.not(Number(new URL(fourth.url).port), port, 'a taken port: it takes another');
  t.same(await query(fourth.url, 'select n from kept'), [{ n: 1 }], 'a stale postmaster.pid is no hindrance');
  fourth.process.kill('SIGTERM');
  t.equal(await fourth.ended, 0);

  writeFileSync(join(fourth.folder, 'PG_VERSION'), '17\n');
  const older = run(t, ['test/start/holder.ts', data]);
  t.equal(await older.ended, 1);
  t.match(older.said(), /made by PostgreSQL 17, this program brings 18/);
});
