// The service as a newcomer meets it: started, stopped, killed and started again, from the outside.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { freePort } from '../../src/kernel/embedded.ts';
import { testDatabase, withClient } from '../helpers/postgres.ts';
import { dataFolder, run, type Child } from './child.ts';

interface Running extends Child { port: number; at: string }

async function start(t: Test, env: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const child = run(t, ['src/server.ts'], { PORT: String(port), MINGZHANG_DEMO: 'off', ...env });
  await child.hears(/明账 Mingzhang: http/);
  return { ...child, port, at: `http://127.0.0.1:${port}` };
}

async function ready(at: string): Promise<{ status: string; reasons: string[] }> {
  let answer = { status: '', reasons: [''] };
  for (let turn = 0; turn < 200 && answer.status !== 'ready'; turn += 1) {
    answer = await (await fetch(`${at}/readyz`)).json() as typeof answer;
    if (answer.status !== 'ready') await sleep(50);
  }
  return answer;
}

t.test('started, killed, started again: the data are found, and a second service is refused', async (t) => {
  const data = dataFolder(t);
  const first = await start(t, { MINGZHANG_DATA: data });
  t.match(first.said(), /mingzhang init/, 'an empty database says what to do next');
  t.match(await ready(first.at), { status: 'ready', reasons: [] });
  t.equal((await fetch(`${first.at}/healthz`)).status, 200);

  const second = run(t, ['src/server.ts'], { PORT: String(first.port), MINGZHANG_DATA: data });
  t.equal(await second.ended, 1);
  t.match(second.said(), new RegExp(`^Port ${first.port} on 127\\.0\\.0\\.1 is already in use .*PORT=`), 'a taken port is one line');
  t.equal(second.said().trim().split('\n').length, 1);

  const flags = ['--code', 'kept', '--name', '留存小区', '--trustee', '甲物业', '--committee', '业委会', '--bank', '某行',
    '--account-last4', '0001', '--cashier-name', '甲', '--manager-name', '乙', '--chair-name', '丙'];
  const init = run(t, ['bin/mingzhang.mjs', 'init', ...flags], { MINGZHANG_DATA: data });
  t.equal(await init.ended, 0, init.said());
  t.match(init.said(), /\/e\/kept/, 'the command line works beside the running service');
  t.match(await ready(first.at), { status: 'ready' }, 'which keeps its database');

  first.process.kill('SIGKILL');
  await first.ended;
  const third = await start(t, { MINGZHANG_DATA: data });
  t.match(await ready(third.at), { status: 'ready' });
  t.notMatch(third.said(), /mingzhang init/, 'the estate is there');

  const demo = run(t, ['bin/mingzhang.mjs', 'demo'], { MINGZHANG_DATA: data });
  t.equal(await demo.ended, 1);
  t.match(demo.said(), /already holds an estate/);
  third.process.kill('SIGTERM');
  third.process.kill('SIGTERM'); // npm passes on what its whole group got already
  t.equal(await third.ended, 0, third.said());
});

t.test('SIGTERM finishes the request under way, takes no other, and ends', async (t) => {
  const { urls } = await testDatabase(t, { empty: true });
  const service = await start(t, { DATABASE_URL: urls.superuser, MINGZHANG_DATA: dataFolder(t) });
  await ready(service.at);
  const idle = connect(service.port, '127.0.0.1');
  idle.on('error', () => undefined);
  const slow = connect(service.port, '127.0.0.1');
  let answer = '';
  slow.setEncoding('utf8').on('data', (part: string) => { answer += part; });
  const answered = new Promise<void>((done) => { slow.once('data', () => done()); });
  const body = JSON.stringify({ login: 'nobody', password: 'not a password of anybody' });
  slow.write(`POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`);
  await sleep(200);
  const began = performance.now();
  service.process.kill('SIGTERM');
  await sleep(400);
  t.equal(answer, '', 'it waits');
  await t.rejects(fetch(`${service.at}/healthz`), 'nobody else is let in');
  slow.write(body);
  await answered;
  t.match(answer, /^HTTP\/1\.1 4\d\d /, 'the request under way is answered');
  t.notMatch(answer, /^HTTP\/1\.1 (500|503)/);
  t.equal(await service.ended, 0, service.said());
  t.ok(performance.now() - began < 8_000, 'well within ten seconds');
});

t.test('what keeps it from starting is one line and exit code 1', async (t) => {
  const { urls, name } = await testDatabase(t, { empty: true });
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: 'eighty' }, /^PORT="eighty" is not right/],
    [{ HOST: '192.0.2.1' }, /^HOST="192\.0\.2\.1" is not an address of this machine/],
    [{ DATABASE_URL: urls.superuser.replace(name, 'nonesuch'), PORT: '0' }, /^The PostgreSQL at .* has no database "nonesuch"/],
  ];
  await Promise.all(cases.map(async ([env, message]) => {
    const child = run(t, ['src/server.ts'], { MINGZHANG_DATA: dataFolder(t), ...env });
    t.equal(await child.ended, 1);
    t.match(child.said(), message);
    t.equal(child.said().trim().split('\n').length, 1, child.said());
  }));
});

t.test('while the database is away it says so, and recovers', async (t) => {
  const { urls, name } = await testDatabase(t, { empty: true });
  const service = await start(t, { DATABASE_URL: urls.superuser, MINGZHANG_DATA: dataFolder(t) });
  await ready(service.at);
  const elsewhere = new URL(urls.superuser);
  elsewhere.pathname = '/postgres';
  await withClient(elsewhere.href, async (client) => {
    await client.query(`alter database ${name} with allow_connections false`);
    await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1`, [name]);
    const away = await fetch(`${service.at}/readyz`);
    t.equal(away.status, 503);
    t.match(await away.json(), { status: 'not_ready', reasons: [/database/] });
    t.equal((await fetch(`${service.at}/healthz`)).status, 200, 'the process lives');
    await client.query(`alter database ${name} with allow_connections true`);
  });
  t.match(await ready(service.at), { status: 'ready' });
});
