// Pages and interface of disclosures: files with their headers, the same sums everywhere, who may what.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { publishDue } from '../../src/disclosure/publish.ts';
import { money, moneyFigures, moneyText, sum } from '../../src/kernel/money.ts';
import { personNames, signIn } from '../helpers/house.ts';
import { closeMonth, due, payOut, receive, testBooks } from './books.ts';
import { form, formType, smallApp } from './small-app.ts';

const API = '/api/v1/estates/test/disclosures';

async function pdfText(bytes: Buffer): Promise<string[]> {
  const task = getDocument({ data: new Uint8Array(bytes), useSystemFonts: false, verbosity: 0 });
  const pdf = await task.promise;
  const pages: string[] = [];
  for (let n = 1; n <= pdf.numPages; n += 1) {
    const content = await (await pdf.getPage(n)).getTextContent();
    pages.push(content.items.map((item) => ('str' in item ? item.str : '')).join(' '));
  }
  await task.destroy();
  return pages;
}

/** Rows of a CSV without quoted line breaks, by heading. */
function csvRows(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv.replace(/^\uFEFF/, '').trim().split('\r\n');
  const cells = (line: string) => [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(,|$)/g)].map((m) => m[1]!.replace(/^"|"$/g, ''));
  const names = cells(head);
  return lines.map((line) => Object.fromEntries(cells(line).map((cell, i) => [names[i] ?? '', cell])));
}
const total = (amounts: string[]): string => moneyText(sum(amounts.filter((a) => a !== '').map(money)));

t.test('the sums of PDF, CSV, page, interface and plain SQL agree to the fen', async (t) => {
  const h = await testBooks(t, '2031-10');
  for (let n = 0; n < 40; n += 1) {
    await receive(h, { date: `2031-10-0${1 + (n % 9)}`, amount: `${100 + n}.${String(n).padStart(2, '0')}`, description: `收入 ${n}` });
  }
  for (let n = 0; n < 5; n += 1) await payOut(h, { date: '2031-10-01', amount: `1${n}.3${n}`, account: ['5104', '5106'][n % 2]! });
  h.at('2031-11-03 10:00');
  await closeMonth(h, '2031-10');
  h.at(due(h, '2031-10'));
  await publishDue(h.house);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const headers = await signIn(app, 'resident');
  const get = (url: string, more: Record<string, string> = {}) => app.inject({ url, headers: { ...headers, ...more } });

  const { figures } = (await get(`${API}/2031-10`)).json();
  const rows = csvRows((await get(`${API}/2031-10.csv?lang=en`)).body);
  const twin = csvRows((await get('/e/test/disclosures/2031-10.csv?lang=en')).body);
  const page = (await get('/e/test/disclosures/2031-10?lang=en', { accept: 'text/html' })).body;
  const pdf = await get(`${API}/2031-10.pdf?lang=zh`);
  const pages = await pdfText(pdf.rawPayload);
  const { rows: [plain] } = await h.superuser.query(`select
    sum(p.debit) filter (where a.is_money)::text as received, sum(p.credit) filter (where a.is_money)::text as paid
    from posting p join account a using (estate_id, account) where p.estate_id = $1 and p.period = '2031-10'`, [h.estate.estate_id]);

  t.equal(figures.received, plain.received);
  t.equal(figures.paid, plain.paid);
  t.equal(total(rows.map((r) => r['received']!)), plain.received);
  t.equal(total(rows.map((r) => r['paid']!)), plain.paid);
  t.equal(total(twin.map((r) => r['Received']!)), plain.received);
  t.equal(total(twin.map((r) => r['Paid']!)), plain.paid);
  for (const amount of [figures.opening, figures.received, figures.paid, figures.closing]) {
    t.ok(pages[0]!.includes(moneyFigures(money(amount))), `PDF page one says ${amount}`);
    t.ok(page.includes(moneyFigures(money(amount))), `the page says ${amount}`);
  }
  t.equal(figures.entries.length, 45);
  const text = pages.join(' ').replace(/\s+/g, '');
  for (const { number } of figures.entries) t.equal(text.split(number).length - 1, 1, `${number} once in the PDF`);
});

t.test('the auditor draws the same figures with psql alone', { skip: process.env['PSQL'] === 'none' }, async (t) => {
  const psql = await promisify(execFile)('psql', ['--version']).then(() => true, () => false);
  if (!psql) return t.comment('no psql on this machine');
  const h = await testBooks(t, '2031-10');
  await receive(h, { date: '2031-10-02', amount: '1234.56' });
  const file = fileURLToPath(new URL('../../reports/monthly-disclosure/figures.sql', import.meta.url));
  for (const role of ['auditor', 'app'] as const) {
    const { stdout } = await promisify(execFile)('psql', [h.urls[role], '-qAX', '-v', 'estate=test', '-v', 'period=2031-10', '-f', file]);
    t.match(stdout, /2031-10\|1234\.56\|0\.00/, `${role} sees the month`);
    t.match(stdout, /account\|fund\|debit\|credit\n\(0 rows\)/, 'and no difference');
  }
});

t.test('a PDF comes with name, hash and length, and is kept by the browser', async (t) => {
  const h = await testBooks(t, '2031-10');
  await receive(h, { date: '2031-10-02', amount: '10.00' });
  h.at(due(h, '2031-10'));
  await publishDue(h.house);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const headers = await signIn(app, 'resident');
  for (const url of [`${API}/2031-10.pdf?version=1&lang=zh`, '/e/test/disclosures/2031-10.pdf?version=1&lang=zh']) {
    const answer = await app.inject({ url, headers });
    t.equal(answer.statusCode, 200);
    t.equal(answer.headers['content-type'], 'application/pdf');
    const disposition = String(answer.headers['content-disposition']);
    t.match(disposition, /^inline; filename="disclosure-test-2031-10-v1\.pdf"; filename\*=UTF-8''/);
    t.equal(decodeURIComponent(disposition.split("UTF-8''")[1]!), '收支公示-示例小区-2031-10-第1版.pdf');
    t.match(answer.headers['cache-control'], /private.*immutable/);
    t.equal(Number(answer.headers['content-length']), answer.rawPayload.length);
    const again = await app.inject({ url, headers: { ...headers, 'if-none-match': String(answer.headers['etag']) } });
    t.equal(again.statusCode, 304);
  }
  t.match((await app.inject({ url: `${API}/2031-10.pdf`, headers })).headers['cache-control'], 'private, no-cache');
  const json = await app.inject({ url: `${API}/2031-10.json`, headers });
  const row = (await h.superuser.query('select figures, figures_sha256 from disclosure')).rows[0];
  t.equal(json.body, row.figures, 'byte for byte');
  t.equal(json.headers['etag'], `"${row.figures_sha256}"`);
  for (const [url, code] of [
    [`${API}/2031-10?x`, 200], [`${API}/2031-10.pdf?version=2`, 404], [`${API}/2031-11`, 404], [`${API}/2001-01`, 404],
    [`${API}/2031-13`, 400], [`${API}/2031-10.pdf?version=0`, 400],
  ] as const) t.equal((await app.inject({ url, headers })).statusCode, code, url);
});

t.test('who may see and do what', async (t) => {
  const h = await testBooks(t, '2031-10');
  await receive(h, { date: '2031-10-02', amount: '10.00' });
  h.at('2031-11-02 09:00');
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const officers = ['cashier', 'manager', 'committee1', 'committee2', 'supervisor', 'street', 'auditor'];
  for (const name of personNames) {
    const headers = await signIn(app, name);
    const own = name !== 'stranger';
    const get = async (url: string) => (await app.inject({ url, headers })).statusCode;
    t.equal(await get('/e/test'), own ? 200 : 404, `${name} home`);
    t.equal(await get('/e/test/disclosures'), own ? 200 : 404, `${name} list`);
    t.equal(await get(API), own ? 200 : 404, `${name} interface`);
    t.equal(await get('/e/test/disclosures/2031-10'), officers.includes(name) ? 200 : 404, `${name} draft`);
    const post = await app.inject({ method: 'POST', url: `${API}/2031-10`, headers, payload: { publish: 'now' } });
    t.equal(post.statusCode, ['manager', 'committee1'].includes(name) ? 409 : own ? 403 : 404, `${name} publishes an open month`);
  }
  t.equal((await app.inject({ url: API })).statusCode, 401);
  t.equal((await app.inject({ url: '/e/test' })).statusCode, 303);
});

t.test('manager publishes early and corrects on the page; a wrong form comes back', async (t) => {
  const h = await testBooks(t, '2031-10');
  await receive(h, { date: '2031-10-02', amount: '10.00' });
  h.at('2031-11-02 09:00');
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const headers = { ...await signIn(app, 'manager'), ...formType, accept: 'text/html' };
  const address = '/e/test/disclosures/2031-10';
  const draft = await app.inject({ url: address, headers });
  t.match(draft.body, /草稿/);
  t.match(draft.body, /还没有结账，不能提前发布/);
  t.equal((await app.inject({ method: 'POST', url: `${address}/publish`, headers, payload: form({}) })).statusCode, 409);
  await closeMonth(h, '2031-10');
  const published = await app.inject({ method: 'POST', url: `${address}/publish`, headers, payload: form({ form_key: 'a' }) });
  t.equal(published.statusCode, 303);
  t.equal(published.headers.location, `${address}?done=published`);
  const wrong = await app.inject({ method: 'POST', url: `${address}/corrections`, headers, payload: form({ reason: '错' }) });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, />\s*错<\/textarea>/);
  t.match(wrong.body, /请写明更正了什么/);
  const right = { method: 'POST' as const, url: `${address}/corrections`, headers, payload: form({ reason: '补充附件说明', form_key: 'b' }) };
  const answers = await Promise.all([1, 2, 3].map(() => app.inject(right)));
  t.ok(answers.every((a) => a.statusCode === 303 && a.headers.location === `${address}?version=2&done=published`));
  t.equal((await h.superuser.query('select from disclosure')).rowCount, 2);
  const second = await app.inject({ url: address, headers });
  t.match(second.body, /更正第 1 版/);
  const first = await app.inject({ url: `${address}?version=1`, headers });
  t.match(first.body, /最新是第 2 版/);
  const list = await app.inject({ url: '/e/test/disclosures', headers });
  t.match(list.body, /第 2 版[^]*第 1 版/);
  t.match((await app.inject({ url: '/e/test/disclosures.csv', headers })).body, /2031-10,2,更正/);
});

t.test('the home page says what is there, what is wrong, and stays small', async (t) => {
  const h = await testBooks(t, '2031-09');
  await receive(h, { date: '2031-09-02', amount: '143131.00', account: '3101' });
  for (let n = 0; n < 12; n += 1) {
    await payOut(h, { date: '2031-09-01', amount: `1${n}0.00`, account: ['5102', '5103', '5104', '5105', '5106', '5107', '5108', '5109', '5110', '5111', '5112', '5119'][n]! });
  }
  h.at(due(h, '2031-09'));
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  let headers = { ...await signIn(app, 'resident'), accept: 'text/html' };
  const before = (await app.inject({ url: '/e/test', headers })).body;
  t.match(before, /收支公示逾期/);
  t.match(before, /还没有收到银行的余额/);
  await publishDue(h.house);
  const answer = await app.inject({ url: '/e/test', headers });
  t.notMatch(answer.body, /收支公示逾期/);
  t.match(answer.body, /¥139,471\.00/);
  t.match(answer.body, /上个月钱花在哪里/);
  t.match(answer.body, /journal\?period=2031-09&amp;account=5119/);
  t.match(answer.body, /全部 12 项/);
  t.match(answer.body, /disclosures\/2031-09\.pdf\?version=1&amp;lang=zh/);
  t.ok(answer.rawPayload.length < 100_000, `${answer.rawPayload.length} bytes`);
  t.notMatch(answer.body, /我的待办/);
  headers = { ...await signIn(app, 'manager'), accept: 'text/html' };
  t.match((await app.inject({ url: '/e/test', headers })).body, /我的待办/);
  t.match((await app.inject({ url: '/e/test?lang=en', headers })).body, /Waiting for me/);
});
