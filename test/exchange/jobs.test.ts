// Audit packages in the making: asked for once, made once, taken up again after an interruption, downloaded in parts,
// put on record, and given to whom they are meant for.
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { KEPT, MOST_ATTEMPTS } from '../../src/exchange/job.ts';
import { startExports } from '../../src/exchange/making.ts';
import { readRangeHeader } from '../../src/exchange/send.ts';
import type { House } from '../../src/kernel/house.ts';
import { receive } from '../disclosure/books.ts';
import { signIn } from '../helpers/house.ts';
import { csvRows, readZip } from './readers.ts';
import { sampleBooks } from './sample.ts';

const h = await sampleBooks(t);
const app: FastifyInstance = await buildApp(h.house);
t.teardown(() => app.close());
const API = '/api/v1/estates/test';
const headersOf = new Map<string, Record<string, string>>();
for (const name of ['auditor', 'resident', 'stranger', 'cashier']) headersOf.set(name, await signIn(app, name));
const ask = (name: string, method: 'GET' | 'POST' | 'HEAD', url: string, more: { headers?: Record<string, string>; payload?: object } = {}) =>
  app.inject({ method, url, headers: { ...headersOf.get(name)!, ...more.headers }, ...(more.payload === undefined ? {} : { payload: more.payload }) });
interface Shown { id: number; state: string; percent: number; sha256: string; size: number; audience: string; available: boolean; href: string; log_size: number; seq: number }

/** Makes all that is asked for. */
async function makeAll(house: House = h.house): Promise<void> {
  const exports = startExports(house);
  exports.look();
  await exports.idle();
  await exports.stop();
}
const stateOf = async (id: number) => (await h.superuser.query('select state, attempts, error from export_job where export_id = $1', [id])).rows[0];
const fresh = async (): Promise<void> => void await receive(h, { date: '2031-11-05', amount: '1.00', description: '又一笔' });

t.test('asked for, made, downloaded', async (t) => {
  const asked = await ask('auditor', 'POST', `${API}/exports`, { payload: {} });
  t.equal(asked.statusCode, 202);
  const job = asked.json<Shown>();
  t.match(job, { state: 'waiting', audience: 'officers', from: '2031-10', to: '2031-11', available: false });
  t.equal(asked.headers.location, `${API}/exports/${job.id}`);
  t.match((await ask('auditor', 'GET', `${API}/exports/${job.id}/audit.zip`)).json(), { code: 'export_not_ready' });
  await makeAll();
  const done = (await ask('auditor', 'GET', job.href)).json<Shown>();
  t.match(done, { state: 'done', percent: 100, available: true });
  const file = await ask('auditor', 'GET', `${job.href}/audit.zip`);
  t.equal(file.statusCode, 200);
  t.equal(createHash('sha256').update(file.rawPayload).digest('hex'), done.sha256);
  t.equal(Number(file.headers['content-length']), done.size);
  t.match(file.headers['content-disposition'], "attachment; filename=\"audit-test-2031-10-to-2031-11.zip\"; filename*=UTF-8''%E5%AE%A1");
  t.ok((await readZip(file.rawPayload)).has('manifest.json'));
  const { rows } = await h.superuser.query("select kind, body::jsonb as body from record where estate_id = $1 and seq = $2", [h.estate.estate_id, done.seq]);
  t.match(rows[0], { kind: 'export_made', body: { kind: 'audit', audience: 'officers', sha256: done.sha256, from: '2031-10', to: '2031-11', by: h.persons.auditor } });
});

t.test('a broken download goes on where it broke off', async (t) => {
  const { items } = (await ask('auditor', 'GET', `${API}/exports`)).json<{ items: Shown[] }>();
  const url = `${items[0]!.href}/audit.zip`;
  const whole = await ask('auditor', 'GET', url);
  const etag = String(whole.headers.etag);
  t.equal(etag, `"${items[0]!.sha256}"`);
  t.equal(whole.headers['accept-ranges'], 'bytes');
  const half = Math.floor(whole.rawPayload.length / 2);
  const rest = await ask('auditor', 'GET', url, { headers: { range: `bytes=${half}-`, 'if-range': etag } });
  t.equal(rest.statusCode, 206);
  t.equal(rest.headers['content-range'], `bytes ${half}-${whole.rawPayload.length - 1}/${whole.rawPayload.length}`);
  t.ok(Buffer.concat([whole.rawPayload.subarray(0, half), rest.rawPayload]).equals(whole.rawPayload));
  const other = await ask('auditor', 'GET', url, { headers: { range: `bytes=${half}-`, 'if-range': '"another"' } });
  t.equal(other.statusCode, 200, 'another file is sent whole');
  t.equal((await ask('auditor', 'GET', url, { headers: { 'if-none-match': etag } })).statusCode, 304);
  const beyond = await ask('auditor', 'GET', url, { headers: { range: `bytes=${whole.rawPayload.length}-` } });
  t.same([beyond.statusCode, beyond.headers['content-range']], [416, `bytes */${whole.rawPayload.length}`]);
  const head = await ask('auditor', 'HEAD', url);
  t.same([head.statusCode, Number(head.headers['content-length']), head.rawPayload.length], [200, whole.rawPayload.length, 0]);
});

t.test('ranges as browsers and curl write them', async (t) => {
  t.same(readRangeHeader('bytes=0-0', 10), { start: 0, end: 0 });
  t.same(readRangeHeader('bytes=4-', 10), { start: 4, end: 9 });
  t.same(readRangeHeader('bytes=-3', 10), { start: 7, end: 9 });
  t.same(readRangeHeader('bytes=-30', 10), { start: 0, end: 9 });
  t.same(readRangeHeader('bytes=4-400', 10), { start: 4, end: 9 });
  for (const header of [undefined, '', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'lines=1-2', 'bytes=a-b']) t.equal(readRangeHeader(header, 10), null, String(header));
  for (const header of ['bytes=10-', 'bytes=-0', 'bytes=99-100']) t.throws(() => readRangeHeader(header, 10), { code: 'export_range_beyond' }, header);
});

t.test('what is there already is not made a second time, until something is recorded', async (t) => {
  const first = (await ask('auditor', 'POST', `${API}/exports`, { payload: {} })).json<Shown>();
  t.equal(first.state, 'done', 'nothing but the package itself was recorded since');
  t.equal((await ask('cashier', 'POST', `${API}/exports`, { payload: {} })).json<Shown>().id, first.id, 'whoever serves asks');
  await fresh();
  const keyed = { headers: { 'idempotency-key': 'k1' }, payload: {} };
  const second = (await ask('auditor', 'POST', `${API}/exports`, keyed)).json<Shown>();
  t.not(second.id, first.id);
  t.equal((await ask('auditor', 'POST', `${API}/exports`, keyed)).json<Shown>().id, second.id, 'the same key, the same package');
  t.equal((await ask('auditor', 'POST', `${API}/exports`, { payload: {} })).json<Shown>().id, second.id, 'one at a time');
  const many = await Promise.all(Array.from({ length: 8 }, () => ask('cashier', 'POST', `${API}/exports`, { payload: { from: '2031-11' } })));
  t.equal(new Set(many.map((answer) => answer.json<Shown>().id)).size, 1, 'also of eight at the same moment');
  await makeAll();
});

t.test('one address gives the newest, or says where the first is being made', async (t) => {
  t.match(await ask('auditor', 'GET', `${API}/export/audit.zip`), { statusCode: 200 });
  const asked = await ask('resident', 'GET', `${API}/export/audit.zip`);
  t.equal(asked.statusCode, 202);
  t.match(asked.headers.location, `${API}/exports/`);
  await makeAll();
  const file = await ask('resident', 'GET', `${API}/export/audit.zip`);
  t.equal(file.statusCode, 200);
  const vouchers = csvRows((await readZip(file.rawPayload)).get('vouchers.csv')!.toString());
  t.match(vouchers.find((row) => row['sha256'] === h.vouchers.officers)!['state'], 'withheld');
});

t.test('owners see packages for owners only; strangers see nothing', async (t) => {
  const { items } = (await ask('resident', 'GET', `${API}/exports`)).json<{ items: Shown[] }>();
  t.same(new Set(items.map((item) => item.audience)), new Set(['owners']));
  const officers = (await ask('auditor', 'GET', `${API}/exports`)).json<{ items: Shown[] }>().items.find((item) => item.audience === 'officers')!;
  for (const url of [officers.href, `${officers.href}/audit.zip`, `/e/test/export/packages/${officers.id}`, `/e/test/export/packages/${officers.id}/audit.zip`]) {
    t.equal((await ask('resident', 'GET', url)).statusCode, 404, url);
  }
  t.equal((await ask('stranger', 'GET', officers.href)).statusCode, 404);
  t.equal((await ask('stranger', 'POST', `${API}/exports`, { payload: {} })).statusCode, 404);
  const { rows } = await h.superuser.query("select body::jsonb ->> 'by' as by from record where kind = 'export_made' and body::jsonb ->> 'audience' = 'owners'");
  t.same(rows, [{ by: null }], 'an owner is nobody in the log');
});

t.test('what a restart interrupted is taken up again', async (t) => {
  await fresh();
  const job = (await ask('auditor', 'POST', `${API}/exports`, { payload: {} })).json<Shown>();
  let reached = (): void => undefined;
  const middle = new Promise<void>((resolve) => { reached = resolve; });
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => { go = resolve; });
  const first = startExports(h.house, { verifier: async () => { reached(); await held; return Buffer.from('v'); } });
  first.look();
  await middle;
  t.match(await stateOf(job.id), { state: 'running', attempts: 1 });
  const elsewhere = startExports({ ...h.house });
  elsewhere.look();
  await elsewhere.idle();
  t.match(await stateOf(job.id), { state: 'running', attempts: 1 }, 'another instance leaves it to whoever is at it');
  const stopping = first.stop();
  go();
  await stopping;
  t.match(await stateOf(job.id), { state: 'waiting', attempts: 0 });
  await elsewhere.stop();
  await makeAll();
  t.match(await stateOf(job.id), { state: 'done', attempts: 1 });
});

t.test('what a crash left as running is taken up again', async (t) => {
  await fresh();
  const job = (await ask('auditor', 'POST', `${API}/exports`, { payload: {} })).json<Shown>();
  await h.superuser.query("update export_job set state = 'running', attempts = 1, done = 5, total = 10 where export_id = $1", [job.id]);
  t.match((await ask('auditor', 'GET', job.href)).json(), { state: 'running', percent: 50 });
  await makeAll();
  t.match(await stateOf(job.id), { state: 'done', attempts: 2 });
});

t.test('what cannot be made says so, after several tries, and leaves room for the next', async (t) => {
  await fresh();
  const job = (await ask('auditor', 'POST', `${API}/exports`, { payload: {} })).json<Shown>();
  const broken: House = { ...h.house, storage: { ...h.house.storage, keepStream: async () => { throw new Error('disk on fire'); } } };
  for (let tries = 1; tries < MOST_ATTEMPTS; tries += 1) {
    await makeAll(broken);
    t.match(await stateOf(job.id), { state: 'waiting', attempts: tries, error: 'disk on fire' });
  }
  await makeAll(broken);
  t.match(await stateOf(job.id), { state: 'failed', attempts: MOST_ATTEMPTS });
  t.match((await ask('auditor', 'GET', `${job.href}/audit.zip`)).json(), { code: 'export_failed' });
  const next = (await ask('auditor', 'POST', `${API}/exports`, { payload: {} })).json<Shown>();
  t.not(next.id, job.id);
  await makeAll();
  t.match(await stateOf(next.id), { state: 'done' });
});

t.test('old files give way to new ones, and stay on record', async (t) => {
  const first = (await ask('resident', 'GET', `${API}/exports`)).json<{ items: Shown[] }>().items.at(-1)!;
  for (let i = 0; i < KEPT.owners; i += 1) {
    await fresh();
    await ask('resident', 'POST', `${API}/exports`, { payload: {} });
    await makeAll();
  }
  t.match((await ask('resident', 'GET', first.href)).json(), { state: 'done', available: false, sha256: first.sha256 });
  t.match((await ask('resident', 'GET', `${first.href}/audit.zip`)), { statusCode: 410 });
  t.equal(await h.house.storage.open(first.sha256), null);
  const newest = (await ask('resident', 'GET', `${API}/exports`)).json<{ items: Shown[] }>().items[0]!;
  t.equal((await ask('resident', 'GET', `${newest.href}/audit.zip`)).statusCode, 200);
  await t.rejects(h.superuser.query('update export_job set sha256 = repeat($1, 64) where export_id = $2', ['0', newest.id]), /append_only/);
  await t.rejects(h.superuser.query('delete from export_job where export_id = $1', [newest.id]), /append_only/);
});

t.test('months outside the books, or the wrong way round, are named', async (t) => {
  t.match((await ask('auditor', 'POST', `${API}/exports`, { payload: { from: '2031-09' } })).json(), { code: 'export_outside', field: 'from', status: 422 });
  t.match((await ask('auditor', 'GET', `${API}/export/csv?from=2031-11&to=2031-10`)).json(), { code: 'export_reversed', field: 'to' });
  t.match((await ask('auditor', 'GET', `${API}/export/hledger?to=2032-01`)).json(), { code: 'export_outside', field: 'to' });
  t.equal((await ask('auditor', 'GET', '/e/test/export/csv?from=2031-11&to=2031-10')).statusCode, 422);
});

t.test('journals stream over HTTP, compressed where the reader takes it', async (t) => {
  for (const [format, type] of [['hledger', 'text/plain'], ['beancount', 'text/plain'], ['csv', 'text/csv'], ['xlsx', 'application/vnd.openxml']] as const) {
    const plain = await ask('resident', 'GET', `${API}/export/${format}`);
    t.equal(plain.statusCode, 200);
    t.match(plain.headers['content-type'], type);
    t.match(plain.headers['content-disposition'], `filename="books-test-2031-10-to-2031-11.${format}"`);
    const packed = await ask('resident', 'GET', `/e/test/export/${format}?from=&to=`, { headers: { 'accept-encoding': 'gzip' } });
    t.equal(packed.headers['content-encoding'], format === 'xlsx' ? undefined : 'gzip');
    if (format !== 'xlsx') {
      const { gunzipSync } = await import('node:zlib');
      t.ok(gunzipSync(packed.rawPayload).equals(plain.rawPayload), format);
    }
    t.equal((await ask('resident', 'HEAD', `${API}/export/${format}`)).statusCode, 200);
  }
});

t.test('pages: choose, ask, watch, download', async (t) => {
  const page = await ask('resident', 'GET', '/e/test/export?lang=zh');
  t.match(page.body, '制作审计包');
  t.match(page.body, '/e/test/export/hledger');
  await fresh();
  const key = /name="form_key" value="([^"]+)"/.exec(page.body)![1]!;
  const csrf = /name="csrf" value="([^"]+)"/.exec(page.body)![1]!;
  const asked = await app.inject({ method: 'POST', url: '/e/test/export', headers: { ...headersOf.get('resident')!, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ from: '2031-11', to: '2031-11', form_key: key, csrf }).toString() });
  t.equal(asked.statusCode, 303);
  const watching = await ask('resident', 'GET', String(asked.headers.location));
  t.equal(watching.headers['refresh'], '5', 'the page asks again by itself, without script');
  t.match(watching.body, '<progress');
  await makeAll();
  const done = await ask('resident', 'GET', String(asked.headers.location));
  t.equal(done.headers['refresh'], undefined);
  t.match(done.body, 'audit.zip');
  t.equal((await ask('resident', 'GET', `${asked.headers.location}/audit.zip`)).statusCode, 200);
  t.match((await ask('auditor', 'GET', '/e/test/export?lang=en')).body, 'Officers (all vouchers)');
});
