// What pages and interface show of a seal: the checkpoint of each version, who witnessed it since, the notice-board sheet.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/print.ts';
import { correctDisclosure, publishDisclosure } from '../../src/disclosure/publish.ts';
import { issueCheckpoint } from '../../src/evidence/checkpointer.ts';
import { formatHash } from '../../src/web/locale.ts';
import { readPdf, squeezed } from '../reports/reading.ts';
import { signIn } from '../helpers/house.ts';
import { due, receive, testBooks } from './books.ts';
import { smallApp } from './small-app.ts';

t.teardown(closePrinter);

t.test('the page of a month shows the checkpoint sealed into it, and says when there is none', async (t) => {
  const h = await testBooks(t);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  await publishDisclosure({ ...h.house, log_keys: null }, { estate: h.estate, period: '2031-10' });
  await correctDisclosure(h.house, { estate: h.estate, actor: h.actorOf('manager'), period: '2031-10' }, '补签检查点');
  const as = { ...await signIn(app, 'resident'), accept: 'text/html' };
  const get = async (url: string) => app.inject({ url, headers: as });
  const { rows: [row] } = await h.superuser.query('select c.*, k.vkey from checkpoint c join log_key k using (estate_id, key_id) order by size desc limit 1');
  const page = (await get('/e/test/disclosures/2031-10')).body;
  t.ok(page.includes(formatHash(row.root.toString('hex'))), 'the root in groups of four');
  t.ok(page.includes(row.vkey.split('+').at(-1)), 'the key');
  t.ok(page.includes(`/api/v1/estates/test/log/checkpoint?size=${row.size}`), 'its download');
  t.match(page, /还没有人见证/);
  t.match(page, /\/notice\.pdf\?version=2&amp;lang=zh/);
  t.notMatch(page, /这一版没有检查点/);
  const first = (await get('/e/test/disclosures/2031-10?version=1')).body;
  t.match(first, /这一版没有检查点/);
  t.match((await get('/e/test/disclosures/2031-10?version=1&lang=en')).body, /This version has no checkpoint/);
  const list = (await app.inject({ url: '/api/v1/estates/test/disclosures', headers: as })).json().items
    .find(({ period }: { period: string }) => period === '2031-10').versions;
  t.same(list.map((one: { checkpoint_size: number | null }) => one.checkpoint_size), [row.size, null]);
  t.match((await get('/e/test/disclosures')).body, /disclosures\/2031-10\/notice\.pdf/);
  t.match((await get('/e/test/disclosures.csv')).body, /检查点/);
});

t.test('the sheet for the notice board: a file of the page and of the interface, asked for again by its hash', async (t) => {
  const h = await testBooks(t);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  await receive(h, { date: '2031-10-01', amount: '500.00' });
  h.at(due(h, '2031-10'));
  await publishDisclosure(h.house, { estate: h.estate, period: '2031-10' });
  const as = await signIn(app, 'resident');
  for (const url of ['/e/test/disclosures/2031-10/notice.pdf', '/api/v1/estates/test/disclosures/2031-10/notice.pdf']) {
    const answer = await app.inject({ url: `${url}?lang=en`, headers: as });
    t.equal(answer.statusCode, 200);
    t.equal(answer.headers['content-type'], 'application/pdf');
    t.match(answer.headers['content-disposition'], /filename="disclosure-test-2031-10-v1\.notice\.en\.pdf"; filename\*=UTF-8''Notice-Example%20Estate-2031-10-v1\.pdf/);
    const { text, pages } = await readPdf(answer.rawPayload);
    t.equal(pages.length, 1);
    t.ok(text.includes('500.00') && text.includes('Checkpointofthelog'));
    const again = await app.inject({ url: `${url}?lang=en`, headers: { ...as, 'if-none-match': answer.headers.etag as string } });
    t.equal(again.statusCode, 304);
    const zh = await app.inject({ url: `${url}?lang=zh&version=1`, headers: as });
    t.not(zh.headers.etag, answer.headers.etag);
    const root = await sealedRoot(h);
    t.ok(squeezed((await readPdf(zh.rawPayload)).text).includes(root), 'the root of the sealed checkpoint');
    t.equal((await app.inject({ url: `${url}?version=2`, headers: as })).statusCode, 404);
    t.equal((await app.inject({ url: url.replace('2031-10', '2031-11'), headers: as })).statusCode, 404);
    t.equal((await app.inject({ url, headers: await signIn(app, 'stranger') })).statusCode, 404, 'not for other estates');
  }
});

/** Root of the checkpoint in the published version. */
async function sealedRoot(h: Awaited<ReturnType<typeof testBooks>>): Promise<string> {
  await issueCheckpoint(h.house, h.estate);
  const { rows } = await h.superuser.query('select encode(c.root, \'hex\') as root from disclosure d join checkpoint c on c.estate_id = d.estate_id and c.size = d.checkpoint_size');
  return rows[0].root;
}

t.test('what fails in the background is told where the operator looks', async (t) => {
  const h = await testBooks(t);
  const app = await buildApp(h.house, { warnings: () => ['checkpoint test failed at 2031-10-28T01:00:00.000Z; the log says why'] });
  t.teardown(() => app.close());
  const answer = await app.inject('/readyz');
  t.equal(answer.statusCode, 200);
  t.match(answer.json(), { status: 'ready', warnings: [/checkpoint test failed/] });
});
