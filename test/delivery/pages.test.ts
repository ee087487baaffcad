// Relays, choices and the feed as people meet them: what is shown, to whom, and what is shown never again.
import t, { type Test } from 'tap';
import { buildApp } from '../../src/app.ts';
import { deliverDue } from '../../src/delivery/deliver.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { laterBy, shanghaiInstant } from '../../src/kernel/dates.ts';
import { openMail } from '../../src/kernel/mail.ts';
import { reconcileDue } from '../../src/reconciliation/reconcile.ts';
import { signIn, testHouse, type PersonName } from '../helpers/house.ts';
import { bankOf } from '../helpers/bank-lines.ts';
import { receiver } from '../helpers/receiver.ts';
import { mailServer } from '../helpers/smtp.ts';
import { form } from '../people/small-app.ts';

async function open(t: Test) {
  let now = shanghaiInstant('2031-10-06', '10:00');
  const h = await testHouse(t, { first_period: '2031-09', demo_clock: () => now });
  const post = await mailServer(t);
  h.house.mail = openMail(post.url, 'https://books.example.cn');
  h.house.settings.relays_on_loopback = true;
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const as = async (name: PersonName) => {
    const headers = await signIn(app, name);
    return {
      get: (url: string) => app.inject({ url, headers }),
      post: (url: string, fields: Record<string, string> = {}) => app.inject({ method: 'POST', url, payload: form(fields).payload, headers: { ...headers, ...form(fields).headers } }),
      api: (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) => app.inject({ method, url: `/api/v1/estates/test/${path}`, headers, ...(payload === undefined ? {} : { payload }) }),
    };
  };
  return { ...h, app, as, post, later: (minutes: number) => { now = laterBy(now, minutes * 60_000); }, send: () => deliverDue(h.house, h.estate) };
}

t.test('a relay by its pages', async (t) => {
  const h = await open(t);
  const there = await receiver(t);
  const manager = await h.as('manager');
  t.match((await manager.get('/e/test/relays')).body, '还没有推送');
  const wrong = await manager.post('/e/test/relays', { kind: 'webhook', label: '对账', address: 'https://192.168.1.1/x', secret: 'topsecret1', locale: 'zh', event_period_closed: 'yes', form_key: 'k1' });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, '“192.168.1.1”不是公网地址');
  t.match(wrong.body, 'value="对账"', 'the form comes back filled in');
  t.notMatch(wrong.body, 'topsecret1', 'but for the secret');
  const fields = { kind: 'webhook', label: '对账系统', address: there.url('/hook?word=abc'), locale: 'zh', event_disclosure_published: 'yes', form_key: 'k2' };
  const made = await manager.post('/e/test/relays', fields);
  t.equal(made.statusCode, 200);
  t.equal(made.headers['cache-control'], 'no-store');
  const secret = /whsec_[A-Za-z0-9+/=]+/.exec(made.body)![0];
  t.match(made.body, '只显示这一次');
  t.equal((await manager.post('/e/test/relays', fields)).statusCode, 303, 'pressed twice it is one');
  const page = (await manager.get('/e/test/relays/1')).body;
  t.notMatch(page, secret);
  t.notMatch(page, 'word=abc');
  t.match(page, '127.0.0.1');
  await inEstate(h.house.db.app, h.estate.estate_id, (trx) => appendRecord(trx, h.estate.estate_id, 'disclosure_published', { period: '2031-09', version: 1 }));
  there.answer = { status: 500, text: 'secret words of the other side' };
  await h.send();
  const failing = (await manager.get('/e/test/relays/1')).body;
  t.match(failing, /送不到[^]*2031年9月收支公示已发布[^]*对方回应 500/);
  t.notMatch(failing, 'secret words');
  t.match((await manager.post('/e/test/relays/1/test')).body, '已放入待发');
  t.match((await manager.post('/e/test/relays/1', { label: '', locale: 'zh' })).body, '“名称 name”没有填写');
  t.equal((await manager.post('/e/test/relays/1', { label: '新名', locale: 'en', event_period_closed: 'yes' })).statusCode, 303);
  t.match((await manager.get('/e/test/relays?lang=en')).body, /Month closed[^]*1|新名/);
  await manager.get('/e/test/relays?lang=zh');
  t.match((await manager.get('/e/test/relays/1/deliveries.csv')).body, '对方回应 500');
  const renewed = (await manager.post('/e/test/relays/1/secret')).body;
  t.match(renewed, '原来的密钥还会再签 24 小时');
  t.match((await manager.post('/e/test/relays/1/end')).body, '已停用');
  t.equal((await manager.post('/e/test/relays/1/test')).statusCode, 409);
  for (const name of ['cashier', 'supervisor', 'street'] as const) {
    const who = await h.as(name);
    const seen = await who.get('/e/test/relays');
    t.equal(seen.statusCode, 200, name);
    t.notMatch(seen.body, 'relay-form', name);
    t.equal((await who.post('/e/test/relays', fields)).statusCode, 403, name);
  }
  const resident = await h.as('resident');
  t.equal((await resident.get('/e/test/relays')).statusCode, 403);
  t.equal((await resident.api('GET', 'relays')).statusCode, 403);
  const { items } = (await manager.api('GET', 'relays')).json();
  t.same([items[0].label, items[0].ended_why, 'address' in items[0]], ['新名', 'by_hand', false]);
  t.match((await manager.api('GET', 'relays/1/deliveries?limit=1')).json(), { items: [{ state: 'dropped' }] });
  t.equal((await manager.api('GET', 'relays/9/deliveries')).statusCode, 404);
  for (const path of ['/e/test/relays/x', '/e/test/relays/999999999', '/e/test/relays/1?before=x']) t.ok([400, 404, 422].includes((await manager.get(path)).statusCode), path);
});

t.test('choices of a resident and of an officer', async (t) => {
  const h = await open(t);
  const resident = await h.as('resident');
  const shown = (await resident.get('/e/test/notices/choices')).body;
  t.match(shown, '您还没有填邮箱');
  t.match(shown, '账单、催缴');
  t.notMatch(shown, '等您签批的单子', 'who signs nothing is not asked about it');
  t.match((await resident.get('/e/test/notices')).body, 'href="/e/test/notices/choices"');
  t.equal((await resident.post('/e/test/notices/choices', { mail: 'yes', bill: 'digest', question: 'none', other: 'now', alarm: 'now' })).statusCode, 303);
  t.match((await resident.api('GET', 'notices/choices')).json(), { mail: true, bills: false, queue: true, ways: { bill: 'digest', question: 'none', sign: 'now' } });
  const wrong = await resident.post('/e/test/notices/choices', { bill: 'never' });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, '“never”不是可选的方式');
  const manager = await h.as('manager');
  t.match((await manager.get('/e/test/notices/choices')).body, '每天早上 8 点汇总等我签批的单子');
  t.match((await manager.api('PUT', 'notices/choices', { ways: { sign: 'digest' }, queue: false })).json(), { queue: false, mail: true, ways: { sign: 'digest', outcome: 'now' } });
  t.match((await resident.api('GET', 'notices/choices')).json(), { queue: true }, 'each their own');
  t.equal((await manager.api('PUT', 'notices/choices', { ways: { keys: 'none' } })).json().code, 'way_unknown', 'about one\'s keys there is no choice');
  const { token } = (await h.app.inject({ method: 'POST', url: '/api/v1/tokens', headers: await signIn(h.app, 'manager'), payload: { label: 'x', scopes: ['post'] } })).json();
  const bearer = { authorization: `Bearer ${token}` };
  for (const [method, url] of [['PUT', 'notices/choices'], ['POST', 'feed-key'], ['DELETE', 'feed-key']] as const) {
    t.equal((await h.app.inject({ method, url: `/api/v1/estates/test/${url}`, headers: bearer, ...(method === 'PUT' ? { payload: { mail: false } } : {}) })).statusCode, 403, `no token silences its person: ${url}`);
  }
  const stranger = await h.as('stranger');
  t.equal((await stranger.get('/e/test/notices/choices')).statusCode, 404);
});

t.test('the feed opens with its key, for as long as its person belongs here', async (t) => {
  const h = await open(t);
  const { estate_id } = h.estate;
  const resident = await h.as('resident');
  const page = (await resident.post('/e/test/notices/feed', { step: 'make' })).body;
  const address = /http:\/\/localhost:8080(\/e\/test\/feed\.atom\?key=[\w-]{32})</.exec(page)![1]!;
  t.notMatch((await resident.get('/e/test/notices/choices')).body, 'key=', 'shown once');
  t.notMatch((await h.superuser.query('select k::text as row from feed_key k')).rows[0].row, address.slice(-32), 'and not kept');
  await inEstate(h.house.db.app, estate_id, (trx) => appendRecord(trx, estate_id, 'disclosure_published', { period: '2031-09', version: 2 }));
  await inEstate(h.house.db.app, estate_id, (trx) => appendRecord(trx, estate_id, 'proposal_commented', { proposal: 1 }));
  const asked = (await resident.api('POST', 'inquiries', { question: '13 栋 <b>王阿姨</b> 家门口的灯？' })).json();
  const bank = bankOf(h);
  await bank.take([['2031-10-05', '-1234.56']]);
  h.later(11 * 60);
  await h.send();
  await reconcileDue(h.house, h.estate);
  h.later(9 * 24 * 60);
  await h.send();
  const feed = await h.app.inject({ url: address });
  t.equal(feed.statusCode, 200);
  t.match(feed.headers['content-type'], 'application/atom+xml');
  t.match(feed.body, /<title>示例小区·公示与异常<\/title>/);
  t.match(feed.body, /<summary>2031年9月收支公示发布了第 2 版（更正版），前面的版本仍可下载。<\/summary>/);
  t.match(feed.body, new RegExp(`第 ${asked.inquiry_id} 号质询应在`), 'a late answer');
  t.match(feed.body, '付出 1,234.56 元，没有签批的付款申请单', 'a debit nobody signed for');
  t.equal(feed.body.split('1,234.56').length, 2, 'told once, though the books took it later');
  t.notMatch(feed.body, /王阿姨|13 栋/, 'no word of anybody');
  t.match((await h.app.inject({ url: `${address}&lang=en` })).body, 'Debit nobody signed for');
  t.equal((await h.app.inject({ url: address, headers: { 'if-none-match': String(feed.headers['etag']) } })).statusCode, 304);
  t.equal(new Set([...feed.body.matchAll(/<id>(.*?)<\/id>/g)].map((found) => found[1])).size, [...feed.body.matchAll(/<id>/g)].length);

  for (const wrong of ['/e/test/feed.atom', '/e/test/feed.atom?key=', `/e/test/feed.atom?key=${'a'.repeat(32)}`, address.replace('/test/', '/other/'), '/e/test/feed.atom?key=%00']) {
    t.ok([400, 404, 422].includes((await h.app.inject({ url: wrong })).statusCode), wrong);
  }
  const next = (await resident.api('POST', 'feed-key')).json().url as string;
  t.equal((await h.app.inject({ url: address })).statusCode, 404, 'another address ends the one before');
  const path = next.replace('http://localhost:8080', '');
  t.equal((await h.app.inject({ url: path })).statusCode, 200);
  await h.superuser.query('update resident set left_at = $1 where person_id = $2', [new Date(), h.persons.resident]);
  t.equal((await h.app.inject({ url: path })).statusCode, 404, 'whoever moved away reads no more');
  await h.superuser.query('update resident set left_at = null where person_id = $1', [h.persons.resident]);
  t.equal((await h.app.inject({ url: path })).statusCode, 200);
  t.equal((await resident.api('DELETE', 'feed-key')).statusCode, 204);
  t.equal((await h.app.inject({ url: path })).statusCode, 404);
});
