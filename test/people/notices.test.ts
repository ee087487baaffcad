// Notices: told once, read by whom they are for, counted on every page, mailed once where a mail server is set.
import t, { type Test } from 'tap';
import { buildApp } from '../../src/app.ts';
import { startJobs } from '../../src/jobs.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { shanghaiInstant } from '../../src/kernel/dates.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { isMailAddress, openMail } from '../../src/kernel/mail.ts';
import { markRead, noticesOf, notify, unreadNotices } from '../../src/kernel/notice.ts';
import { submittedProposal } from '../helpers/approved.ts';
import { signIn, testHouse, type PersonName, type TestHouse, type TestHouseOptions } from '../helpers/house.ts';
import { mailServer } from '../helpers/smtp.ts';
import { form } from './small-app.ts';

const tell = (h: TestHouse, names: readonly PersonName[], key: string, text = key): Promise<string[]> =>
  inEstate(h.house.db.app, h.estate.estate_id, (trx) => notify(trx, {
    estate_id: h.estate.estate_id, person_ids: names.map((name) => h.persons[name]), key,
    text: { zh: `${text}（中文）`, en: `${text} (English)` }, href: '/e/test/queue',
  }));

async function open(t: Test, options: TestHouseOptions = {}) {
  const h = await testHouse(t, options);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const as = async (name: PersonName) => {
    const headers = await signIn(app, name);
    return {
      get: (url: string) => app.inject({ method: 'GET', url, headers }),
      post: (url: string, fields: Record<string, string> = {}) =>
        app.inject({ method: 'POST', url, payload: form(fields).payload, headers: { ...headers, ...form(fields).headers } }),
      api: (method: 'GET' | 'POST', path: string, payload?: object) =>
        app.inject({ method, url: `/api/v1/estates/test/${path}`, headers, ...(payload === undefined ? {} : { payload }) }),
    };
  };
  return { ...h, app, as };
}

t.test('the same thing is told a person once', async (t) => {
  const h = await testHouse(t);
  t.same(await tell(h, ['manager', 'manager', 'committee1'], 'one').then((ids) => ids.sort()), [h.persons.manager, h.persons.committee1].sort());
  t.same(await tell(h, ['manager', 'committee2'], 'one'), [h.persons.committee2]);
  t.same(await tell(h, [], 'two'), []);
  const { estate_id } = h.estate;
  await inEstate(h.house.db.app, estate_id, async (trx) => {
    t.equal(await unreadNotices(trx, estate_id, h.persons.manager), 1);
    t.equal(await markRead(trx, estate_id, h.persons.committee1, []), 0);
    const [own] = await noticesOf(trx, estate_id, h.persons.committee1, { limit: 1 });
    t.equal(await markRead(trx, estate_id, h.persons.manager, [own!.notice_id]), 0, 'nobody reads for another');
    t.equal(await markRead(trx, estate_id, h.persons.manager), 1);
    t.equal(await markRead(trx, estate_id, h.persons.manager), 0);
  });
});

t.test('notices are for whoever serves or lives here, each their own', async (t) => {
  const h = await open(t);
  await tell(h, ['manager'], 'for the manager');
  for (const name of ['cashier', 'manager', 'committee1', 'supervisor', 'street', 'auditor'] as const) {
    const who = await h.as(name);
    const page = await who.get('/e/test/notices');
    t.equal(page.statusCode, 200, name);
    t.equal(page.body.includes('for the manager'), name === 'manager', name);
    t.equal((await who.api('GET', 'notices')).json().items.length, name === 'manager' ? 1 : 0, name);
  }
  const resident = await h.as('resident');
  t.equal((await resident.get('/e/test/notices')).statusCode, 200);
  t.same((await resident.api('GET', 'notices')).json().items, []);
  t.equal((await resident.api('POST', 'notices/read', {})).statusCode, 200);
  const stranger = await h.as('stranger');
  t.equal((await stranger.get('/e/test/notices')).statusCode, 404);
  t.equal((await stranger.api('GET', 'notices')).statusCode, 404);
  t.equal((await h.app.inject({ url: '/api/v1/estates/test/notices' })).statusCode, 401);
});

t.test('the count stands on every page until they are read', async (t) => {
  const h = await open(t);
  const manager = await h.as('manager');
  const badge = async (): Promise<string | undefined> => /href="\/e\/test\/notices">消息<span class="count"[^>]*>(\d+)</.exec((await manager.get('/e/test/queue')).body)?.[1];
  t.equal(await badge(), undefined);
  for (const key of ['one', 'two', 'three']) await tell(h, ['manager'], key);
  t.equal(await badge(), '3');
  const page = (await manager.get('/e/test/notices')).body;
  t.ok(page.indexOf('three（中文）') < page.indexOf('one（中文）'), 'newest first');
  t.match(page, '3 条未读');
  t.match((await manager.get('/e/test/notices?lang=en')).body, 'two (English)');
  await manager.get('/e/test/notices?lang=zh');
  const id = /\/e\/test\/notices\/(\d+)/.exec(page)![1]!;
  const opened = await manager.get(`/e/test/notices/${id}`);
  t.equal(opened.statusCode, 303);
  t.equal(opened.headers.location, '/e/test/queue');
  t.equal(await badge(), '2');
  const other = await h.as('committee1');
  const refused = await other.get(`/e/test/notices/${id}`);
  t.equal(refused.statusCode, 404);
  t.match(refused.body, '没有这条消息');
  const marked = await manager.post('/e/test/notices/read');
  t.equal(marked.statusCode, 303);
  t.equal(marked.headers.location, '/e/test/notices');
  t.equal(await badge(), undefined);
  t.match((await manager.get('/e/test/notices')).body, '全部已读');
});

t.test('long lists come page by page', async (t) => {
  const h = await open(t);
  for (let n = 1; n <= 35; n += 1) await tell(h, ['manager'], `notice ${n}`);
  const manager = await h.as('manager');
  const first = (await manager.get('/e/test/notices')).body;
  const next = /href="(\/e\/test\/notices\?before=\d+)"/.exec(first)![1]!;
  const second = (await manager.get(next)).body;
  t.match(second, 'notice 5（中文）');
  t.notMatch(second, 'notice 6（中文）');
  t.match(first, '更早的消息');
  t.notMatch(second, '更早的消息');
  const listed = (await manager.api('GET', 'notices?limit=20')).json();
  t.equal(listed.items.length, 20);
  t.equal(listed.unread, 35);
  const rest = (await manager.api('GET', `notices?limit=20&cursor=${listed.next_cursor}`)).json();
  t.same([rest.items.length, rest.next_cursor], [15, null]);
  const { notice_id } = listed.items[0];
  t.same((await manager.api('POST', 'notices/read', { notice_ids: [notice_id, 999_999] })).json(), { marked: 1, unread: 34 });
  t.same((await manager.api('POST', 'notices/read', {})).json(), { marked: 34, unread: 0 });
  for (const wrong of [{ notice_ids: [1e300] }, { notice_ids: ['1'] }, { notice_ids: [-1] }, { all: true }]) {
    t.ok([400, 422].includes((await manager.api('POST', 'notices/read', wrong)).statusCode), JSON.stringify(wrong));
  }
  t.ok((await manager.get('/e/test/notices?before=x')).statusCode < 500);
  t.equal((await manager.get('/e/test/notices/999999999999')).statusCode, 404);
});

t.test('a token that may only read marks nothing', async (t) => {
  const h = await open(t);
  await tell(h, ['manager'], 'one');
  const headers = await signIn(h.app, 'manager');
  const { token } = (await h.app.inject({
    method: 'POST', url: '/api/v1/tokens', headers, payload: { label: 'reader', scopes: ['read'] },
  })).json();
  const bearer = { authorization: `Bearer ${token}` };
  t.equal((await h.app.inject({ url: '/api/v1/estates/test/notices', headers: bearer })).json().unread, 1);
  const answer = await h.app.inject({ method: 'POST', url: '/api/v1/estates/test/notices/read', headers: bearer, payload: {} });
  t.equal(answer.json().code, 'token_scope');
  for (const path of ['read', 'email']) {
    const page = await h.app.inject({ method: 'POST', url: `/e/test/notices/${path}`, headers: { ...bearer, ...form({}).headers }, payload: 'email=thief%40example.cn' });
    t.equal(page.statusCode, 403, `no token turns letters elsewhere: ${path}`);
  }
});

// ── E-mail ───────────────────────────────────────────────────────────────────────────────────────

t.test('addresses are plain', (t) => {
  for (const fine of ['a@example.cn', 'chen.zhuren+books@mail.example.com', '13800000000@qq.com']) t.ok(isMailAddress(fine), fine);
  for (const wrong of ['', 'a', 'a@b', 'a@@example.cn', 'a b@example.cn', '"a"@example.cn', 'a@example.cn\r\nBcc: x@y.cn', '陈@example.cn',
    'a@-example.cn', '<a@example.cn>', 'a@example.cn,b@example.cn', `${'a'.repeat(200)}@example.cn`]) t.notOk(isMailAddress(wrong), wrong);
  t.end();
});

t.test('a person gives an address and takes it away', async (t) => {
  const post = await mailServer(t);
  const h = await open(t);
  h.house.mail = openMail(post.url, 'https://books.example.cn');
  const manager = await h.as('manager');
  const address = async () => (await h.superuser.query('select email from person_identity where person_id = $1', [h.persons.manager])).rows[0].email;
  const wrong = await manager.post('/e/test/notices/email', { email: '马经理', step: 'save' });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, '“马经理”不像邮箱地址');
  t.match(wrong.body, 'value="马经理"');
  t.equal((await manager.post('/e/test/notices/email', { email: ' ma＠example.cn ', step: 'save' })).statusCode, 303);
  t.equal(await address(), 'ma@example.cn');
  t.match((await manager.get('/e/test/notices')).body, 'value="ma@example.cn"');
  t.equal((await manager.post('/e/test/notices/email', { email: 'ma@example.cn', step: 'remove' })).statusCode, 303);
  t.equal(await address(), null);
});

async function posted(t: Test) {
  const post = await mailServer(t);
  const h = await testHouse(t);
  const house = { ...h.house, mail: openMail(post.url, 'https://books.example.cn'), settings: { ...h.house.settings, public_url: 'https://books.example.cn' } };
  const give = (name: PersonName, email: string) =>
    h.superuser.query('update person_identity set email = $1 where person_id = $2', [email, h.persons[name]]);
  return { ...h, post, house, give, send: () => deliverDue(house, h.estate) };
}

t.test('what is unread goes out once, all of it in one letter, with links', async (t) => {
  const h = await posted(t);
  await h.give('manager', 'ma@example.cn');
  await tell(h, ['manager', 'committee1'], '第一件');
  await tell(h, ['manager'], '第二件');
  t.same(await h.send(), ['letter sent 2']);
  t.same(await h.send(), [], 'nothing is sent twice');
  const [letter, ...others] = h.post.letters;
  t.same(others, [], 'whoever gave no address gets none');
  t.match(letter, { to: 'ma@example.cn', from: /books@example\.cn/, subject: '明账·示例小区：2 条新消息 / 2 new notice(s)' });
  t.match(letter!.text, /^马经理，您好：\n\n示例小区有 2 条新消息给您。\n\n1\. 第二件（中文）\n {3}https:\/\/books\.example\.cn\/e\/test\/notices\/\d+\n\n2\. 第一件/);
  t.ok(letter!.text.indexOf('第一件（中文）') < letter!.text.indexOf('第一件 (English)'), 'Chinese first, then English');
  t.match(letter!.text, 'https://books.example.cn/e/test/notices\n');
});

t.test('what was read on the page is not mailed', async (t) => {
  const h = await posted(t);
  await h.give('manager', 'ma@example.cn');
  await tell(h, ['manager'], 'one');
  await inEstate(h.house.db.app, h.estate.estate_id, (trx) => markRead(trx, h.estate.estate_id, h.persons.manager));
  t.same(await h.send(), []);
});

t.test('an address that does not exist does not keep others from their letters, nor is it tried for ever', async (t) => {
  const h = await posted(t);
  await h.give('manager', 'gone@example.cn');
  await h.give('committee1', 'chen@example.cn');
  h.post.unknown.add('gone@example.cn');
  await tell(h, ['manager', 'committee1'], 'one');
  t.same((await h.send()).sort(), ['letter refused 1', 'letter sent 1']);
  t.same(h.post.letters.map((letter) => letter.to), ['chen@example.cn']);
  t.same(await h.send(), []);
});

t.test('a mail server that is away: the letter goes out when it is back', async (t) => {
  const h = await posted(t);
  await h.give('manager', 'ma@example.cn');
  await tell(h, ['manager'], 'one');
  h.post.closed = true;
  await t.rejects(h.send());
  t.same(h.post.letters, []);
  h.post.closed = false;
  t.same(await h.send(), [], 'not before its pause is over');
  await h.superuser.query("update outbox set next_at = now() - interval '1 second'");
  t.same(await h.send(), ['letter sent 1']);
});

t.test('without a mail server nothing is sent, nothing fails, and the page says so', async (t) => {
  const h = await open(t);
  await tell(h, ['manager'], 'one');
  t.same(await deliverDue(h.house, h.estate), []);
  const manager = await h.as('manager');
  const page = (await manager.get('/e/test/notices')).body;
  t.match(page, '本站还没有设置发邮件的服务器');
  t.notMatch(page, 'name="email"');
});

t.test('the timetable reminds at its start and mails what it has to tell, once', async (t) => {
  let now = shanghaiInstant('2031-10-01', '10:00');
  const post = await mailServer(t);
  const h = await testHouse(t, { first_period: '2031-09', demo_clock: () => now });
  await h.superuser.query('update person_identity set email = $1 where person_id = $2', ['ma@example.cn', h.persons.manager]);
  await submittedProposal(h.house, h.estate, h.persons, { kind: 'payment', amount: '8000.00', fund: 'service' });
  now = shanghaiInstant('2031-10-04', '10:00');
  const house = { ...h.house, mail: openMail(post.url, 'https://books.example.cn') };
  const jobs = startJobs(house, { executors: {}, timetable: false });
  t.teardown(() => jobs.stop());
  await jobs.ready;
  await jobs.idle();
  await jobs.run('deliver');
  await jobs.idle();
  await jobs.run('remind');
  await jobs.run('deliver');
  await jobs.idle();
  t.same(jobs.lastFailures(), []);
  const letters = post.letters.map((letter) => letter.text);
  t.equal(letters.length, 2, 'the reminder, and the letter of the morning');
  t.equal(letters.filter((text) => /第 \d+ 号付款“payment”（8,000\.00 元）已等了 3 天/.test(text)).length, 1);
  t.equal(letters.filter((text) => text.includes('等您签批 1 张，最久的已等 3 天')).length, 1);
});
