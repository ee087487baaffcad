// Somebody on the internet without a login, and a resident with bad intentions.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { diskStorage } from '../../src/kernel/storage.ts';
import { withoutCodes } from '../../src/log.ts';
import { PASSWORD, testHouse } from '../helpers/house.ts';
import { receipt, web } from './web.ts';

t.test('nobody gets more guesses by writing addresses into a header', async (t) => {
  const h = await testHouse(t);
  const app = await buildApp(h.house, { trustProxy: true });
  t.teardown(() => app.close());
  const guess = async (forwarded: string, n: number): Promise<number> => (await app.inject({
    method: 'POST', url: '/api/v1/session', headers: { 'x-forwarded-for': forwarded }, payload: { login: `nobody${n}`, password: 'guess' },
  })).statusCode;
  for (let n = 0; n < 20; n += 1) t.equal(await guess(`10.9.8.${n}, 203.0.113.7`, n), 401);
  t.equal(await guess('10.9.8.99, 203.0.113.7', 20), 429, 'the proxy saw one address all the time');
  t.equal(await guess('203.0.113.8', 21), 401, 'another visitor is not in the way');
});

t.test('after logging in nobody is led to another site, nor into a failure', async (t) => {
  const h = await testHouse(t);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const next = async (typed: string) => (await app.inject({
    method: 'POST', url: '/login', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ login: 'resident', password: PASSWORD, next: typed }).toString(),
  })).headers.location;
  for (const elsewhere of ['//evil.example', '/\\evil.example', 'https://evil.example', '/\t/evil.example', '/e/示例', '/ü', '/a\r\nSet-Cookie: x=1', '']) {
    t.equal(await next(elsewhere), '/', JSON.stringify(elsewhere));
  }
  t.equal(await next('/e/test/journal?q=%E7%81%AF'), '/e/test/journal?q=%E7%81%AF');
});

t.test('a code for joining does not stand in the log, however the address wraps it', (t) => {
  for (const url of ['/join?code=00173051846299371048', '/login?next=%2Fjoin%3Fcode%3D00173051846299371048',
    '/login?next=%2Fjoin%3Flang%3Dzh%26code%3D00173051846299371048&lang=en', '/join?lang=zh&CODE=00173051846299371048']) {
    t.notMatch(withoutCodes(url), '00173051846299371048', url);
  }
  t.equal(withoutCodes('/login?next=%2Fjoin%3Fcode%3D0017&lang=en'), '/login?next=%2Fjoin%3Fcode%3D…&lang=en');
  t.equal(withoutCodes('/e/test/journal?q=code'), '/e/test/journal?q=code');
  t.end();
});

t.test('a resident cannot occupy the service with a body of a million mistakes', async (t) => {
  const site = await web(t);
  await site.send('resident', 'GET', '~/periods');
  const entries = `[${'{},'.repeat(1_000_000)}{}]`;
  const began = performance.now();
  const answer = await site.send('resident', 'POST', '~/journal-entries/batch', `{"entries":${entries}}`, { 'content-type': 'application/json' });
  t.ok([400, 403, 413, 422].includes(answer.status), String(answer.status));
  t.ok(performance.now() - began < 4_000, 'refused in little more than reading it takes');
  const sent = await site.send('cashier', 'POST', '~/journal-entries/batch', { entries: [receipt(site.today, '1.00'), {}, { kind: 'receipt' }, receipt(site.today, '2.00')] });
  t.same(sent.json.results.map((one: { status: string }) => one.status === 'posted'), [true, false, false, true], 'every mistake of an honest batch is told');
});

t.test('a file that was damaged on the disk is whole again when it is handed in again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'mingzhang-attack-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const storage = diskStorage(folder);
  const bytes = Buffer.from('invoice');
  const hash = await storage.keep(bytes);
  await writeFile(join(folder, hash.slice(0, 2), hash), 'inv');
  await t.rejects(storage.read(hash), /was changed on disk/);
  t.equal(await storage.keep(bytes), hash);
  t.same(await storage.read(hash), bytes);
});
