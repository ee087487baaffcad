// What is sent, against servers that really listen: letters through SMTP, robots of groups, signed webhooks. Each once, again after
// a failure, never to somebody it is not for, and nothing personal in any of it.
import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { deliverDue, isDeliveryDue } from '../../src/delivery/deliver.ts';
import { queueDigests } from '../../src/delivery/digest.ts';
import { PAUSES } from '../../src/delivery/outbox.ts';
import { changeRelay, endRelay, openRelay, renewSecret, resendRelay, testRelay, type NewRelay } from '../../src/delivery/relay.ts';
import { relaysOf } from '../../src/delivery/relay-queries.ts';
import { sample } from '../../src/delivery/sample.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { laterBy, shanghaiInstant } from '../../src/kernel/dates.ts';
import { openMail } from '../../src/kernel/mail.ts';
import { keepLetterChoice, letterChoiceOf } from '../../src/kernel/notice-choice.ts';
import { notify } from '../../src/kernel/notice.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { submittedProposal } from '../helpers/approved.ts';
import { testHouse, type PersonName } from '../helpers/house.ts';
import { receiver } from '../helpers/receiver.ts';
import { mailServer } from '../helpers/smtp.ts';

const MINUTE = 60_000;
const codeOf = async (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: unknown) => (error instanceof Refusal ? error.code : String(error)));

async function open(t: Test) {
  let now = shanghaiInstant('2031-10-01', '10:00');
  const h = await testHouse(t, { first_period: '2031-09', demo_clock: () => now });
  const post = await mailServer(t);
  const there = await receiver(t);
  const { estate } = h;
  const { estate_id } = estate;
  const house = {
    ...h.house, mail: openMail(post.url, 'https://books.example.cn'), settings: { ...h.house.settings, public_url: 'https://books.example.cn', relays_on_loopback: true },
  };
  const within = <T>(work: Parameters<typeof inEstate<T>>[2]): Promise<T> => inEstate(house.db.app, estate_id, work);
  return {
    ...h, house, post, there, estate_id, within,
    later: (minutes: number) => { now = laterBy(now, minutes * MINUTE); },
    at: (date: string, time: string) => { now = shanghaiInstant(date, time); },
    now: () => now,
    send: () => deliverDue(house, estate),
    relay: (typed: Partial<NewRelay>, by: PersonName = 'manager') => openRelay(house, {
      estate, actor: h.actorOf(by), kind: 'webhook', label: '对账系统', address: there.url('/hook'), events: ['disclosure_published', 'exception_raised', 'proposal_submitted'], locale: 'zh', ...typed }),
    /** Something that goes to whoever wants disclosures, without printing one. */
    publish: (period: string) => within((trx) => appendRecord(trx, estate_id, 'disclosure_published', { period, version: 1 })),
    give: (name: PersonName, email: string) => h.superuser.query('update person_identity set email = $1 where person_id = $2', [email, h.persons[name]]),
    tell: (names: readonly PersonName[], key: string) => within((trx) => notify(trx, { estate_id, person_ids: names.map((name) => h.persons[name]), key, href: '/e/test/queue', text: { zh: `${key}（中文）`, en: `${key} (English)` } })),
    outbox: async () => (await h.superuser.query("select channel, state, attempts, problem from outbox where estate_id = $1 order by outbox_id", [estate_id])).rows,
  };
}

t.test('webhooks', async (t) => {
  const h = await open(t);
  await h.publish('2031-07');
  h.later(1);
  const { relay, secret } = await h.relay({});
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  h.later(2);
  await h.publish('2031-08');
  t.equal(await isDeliveryDue(h.house, h.estate), true);

  await t.test('a bulletin goes out once, signed; what happened before the relay does not', async (t) => {
    t.same(await h.send(), [`webhook ${relay} sent 1`]);
    t.same(await h.send(), []);
    t.equal(await isDeliveryDue(h.house, h.estate), false);
    const [one, ...more] = h.there.posted;
    t.same(more, []);
    const { type, data } = JSON.parse(one!.body);
    t.same([type, data.estate, data.facts, data.url, data.text_zh], ['disclosure_published', 'test', { period: '2031-08', version: 1 }, 'https://books.example.cn/e/test/disclosures/2031-08', '2031年8月收支公示已发布，可以下载核验。']);
  });

  await t.test('the sample of the page takes it, once, and nothing that was changed, is old or was signed with another secret', async (t) => {
    const file = join(t.testdir({}), 'verify.mjs');
    await writeFile(file, sample);
    const { verify } = await import(pathToFileURL(file).href);
    const { headers, body } = h.there.posted[0]!;
    const now = h.now().getTime();
    t.throws(() => verify(headers, `${body} `, secret, now), /not signed/);
    t.throws(() => verify({ ...headers, 'webhook-id': '1' }, body, secret, now), /not signed/);
    t.throws(() => verify(headers, body, `whsec_${Buffer.alloc(32).toString('base64')}`, now), /not signed/);
    t.throws(() => verify(headers, body, secret, now + 10 * MINUTE), /too old/);
    t.equal(verify(headers, body, secret, now).type, 'disclosure_published');
    t.equal(verify(headers, body, secret, now), null, 'a replay');
  });

  await t.test('a server in trouble is tried again with growing pauses, under the same id; the rest waits along', async (t) => {
    h.there.posted.length = 0;
    h.there.answer = { status: 503, text: '' };
    await h.publish('2031-09');
    await submittedProposal(h.house, h.estate, h.persons, { kind: 'payment', amount: '8000.00', fund: 'service' });
    t.same(await h.send(), [`webhook ${relay} http_503 1`], 'the second is not tried against a server that is down');
    t.same(await h.send(), []);
    h.later(PAUSES[0]);
    t.same(await h.send(), [`webhook ${relay} http_503 1`]);
    h.later(PAUSES[1]);
    h.there.answer = { status: 204, text: '' };
    t.same((await h.send()).sort(), [`webhook ${relay} sent 1`, `webhook ${relay} sent 1`]);
    const ids = h.there.posted.map(({ headers }) => headers['webhook-id']);
    t.equal(new Set(ids.slice(0, 3)).size, 1, 'three tries of the first');
    t.equal(new Set(ids).size, 2);
    t.notMatch(h.there.posted.map(({ body }) => body).join(), /8,?000/, 'no sum of what waits for signatures');
  });

  await t.test('after the last try it is given up, the manager and the chair are told, and it can be sent again', async (t) => {
    h.there.answer = { status: 500, text: '' };
    await h.publish('2031-10');
    for (const pause of [0, ...PAUSES]) {
      h.later(pause);
      t.same(await h.send(), [`webhook ${relay} http_500 1`]);
    }
    t.match((await h.outbox()).at(-1), { state: 'failed', attempts: PAUSES.length + 1, problem: 'http_500' });
    const { rows } = await h.superuser.query("select distinct person_id, count(*)::int as told from notice where key like 'relay:%:trouble:%' or key like 'relay:%:lost:%' group by 1");
    t.same(rows.map((row) => row.person_id).sort(), [h.persons.manager, h.persons.committee1].sort());
    t.ok(rows.every((row) => row.told === 2));
    h.there.answer = { status: 200, text: '' };
    h.there.posted.length = 0;
    t.equal(await resendRelay(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay }), 1);
    t.same(await h.send(), [`webhook ${relay} sent 1`]);
  });

  await t.test('a new secret signs along with the old one for a day', async (t) => {
    const fresh = await renewSecret(h.house, { estate: h.estate, actor: h.actorOf('committee1'), relay });
    t.not(fresh, secret);
    const signatures = async (): Promise<string[]> => {
      h.there.posted.length = 0;
      await testRelay(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay });
      await h.send();
      return String(h.there.posted[0]!.headers['webhook-signature']).split(' ');
    };
    const right = (of: string): string => {
      const { headers, body } = h.there.posted[0]!;
      return `v1,${createHmac('sha256', Buffer.from(of.slice(6), 'base64')).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest('base64')}`;
    };
    t.same(await signatures(), [right(fresh), right(secret!)]);
    h.later(25 * 60);
    t.same(await signatures(), [right(fresh)]);
  });

  await t.test('two processes at once send nothing twice; one that dies leaves it to be sent again', async (t) => {
    h.there.posted.length = 0;
    for (const period of ['2031-11', '2031-12', '2032-01', '2032-02']) await h.publish(period);
    await Promise.all([h.send(), h.send(), h.send()]);
    t.equal(h.there.posted.length, 4);
    t.equal(new Set(h.there.posted.map(({ headers }) => headers['webhook-id'])).size, 4);
    await h.publish('2032-03');
    await h.send();
    // Claimed, and then the process was gone: as if it had never been answered.
    await h.superuser.query("update outbox set state = 'waiting', ended_at = null, next_at = $1 where outbox_id = (select max(outbox_id) from outbox)", [laterBy(h.now(), 10 * MINUTE)]);
    t.same(await h.send(), [], 'not while somebody may be at it');
    h.later(10);
    t.same(await h.send(), [`webhook ${relay} sent 1`]);
    const ids = h.there.posted.slice(-2).map(({ headers }) => headers['webhook-id']);
    t.equal(ids[0], ids[1], 'and the receiver knows it');
  });

  await t.test('410 ends it, as a record, and everybody concerned is told', async (t) => {
    h.there.answer = { status: 410, text: '' };
    await h.publish('2032-04');
    await h.send();
    const [row] = await h.within((trx) => relaysOf(trx, h.estate_id));
    t.match(row, { ended_why: 'gone' });
    t.equal(await codeOf(testRelay(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay })), 'relay_ended_already');
    const { rows } = await h.superuser.query("select kind, body from record where kind like 'relay%' order by seq");
    t.same(rows.map((one) => one.kind), ['relay_opened', 'relay_secret_changed', 'relay_ended']);
    const everything = rows.map((one) => one.body).join();
    t.notMatch(everything, /\/hook|whsec/, 'no address and no secret in the log');
    const { rows: kept } = await h.superuser.query("select r::text as row from relay r union all select o::text from outbox o union all select k.answer::text from request_key k");
    t.notMatch(kept.map((one) => one.row).join(), /\/hook|whsec_/, 'nor anywhere in the database');
  });
});

t.test('robots of groups', async (t) => {
  const h = await open(t);
  const relays: Record<string, number> = {};
  for (const [kind, secret] of [['wecom', ''], ['dingtalk', 'SEC0123456789abcdef'], ['feishu', 'feishu-secret-1']] as const) {
    relays[kind] = (await h.relay({ kind, secret, label: `${kind} 业主群`, address: h.there.url(`/${kind}?access_token=abcdefgh`), locale: kind === 'feishu' ? 'en' : 'zh' })).relay;
  }
  for (const period of ['2031-07', '2031-08', '2031-09']) await h.publish(period);
  h.there.answer = { status: 200, text: '{"errcode":0,"errmsg":"ok","code":0}' };
  t.same((await h.send()).sort(), ['dingtalk 2 sent 3', 'feishu 3 sent 3', 'wecom 1 sent 3'].map((word) => word.replace(/(\w+) \d/, (_all, kind: string) => `${kind} ${relays[kind]}`)).sort(), 'what waits for a group is one message');
  const of = (kind: string) => h.there.posted.find(({ path }) => path.startsWith(`/${kind}`))!;
  const wecom = JSON.parse(of('wecom').body);
  t.same(Object.keys(wecom), ['msgtype', 'markdown']);
  t.match(wecom.markdown.content, /^\*\*明账·示例小区\*\*\n- \*\*发布收支公示\*\* 2031年7月收支公示已发布，可以下载核验。 \[查看\]\(https:\/\/books\.example\.cn\/e\/test\/disclosures\/2031-07\)\n/);
  t.ok(Buffer.byteLength(wecom.markdown.content) < 4096);
  const dingtalk = new URL(of('dingtalk').path, 'http://x');
  const stamp = dingtalk.searchParams.get('timestamp')!;
  t.equal(stamp, String(h.now().getTime()));
  t.equal(dingtalk.searchParams.get('sign'), createHmac('sha256', 'SEC0123456789abcdef').update(`${stamp}\nSEC0123456789abcdef`).digest('base64'));
  t.equal(dingtalk.searchParams.get('access_token'), 'abcdefgh');
  t.match(JSON.parse(of('dingtalk').body), { msgtype: 'markdown', markdown: { title: '明账·示例小区' } });
  const feishu = JSON.parse(of('feishu').body);
  t.equal(feishu.sign, createHmac('sha256', `${feishu.timestamp}\nfeishu-secret-1`).update('').digest('base64'));
  t.equal(feishu.content.post.en_us.content.length, 3);
  t.match(feishu.content.post.en_us.content[0][0].text, 'The disclosure of July 2031 is published');

  await t.test('a robot that says no with status 200 has not taken it', async (t) => {
    h.there.answer = { status: 200, text: '{"errcode":310000,"errmsg":"sign not match","code":19021}' };
    await h.publish('2031-10');
    await h.send();
    const rows = await h.within((trx) => relaysOf(trx, h.estate_id));
    t.same(rows.map((row) => row.problem), ['robot_310000', 'robot_310000', 'robot_310000']);
    h.there.answer = { status: 200, text: '<html>' };
    h.later(1);
    await h.send();
    t.same((await h.within((trx) => relaysOf(trx, h.estate_id)))[0]!.problem, 'robot_unreadable');
  });

  await t.test('forty days of standing still are made up for once, in messages a group can bear', async (t) => {
    h.there.answer = { status: 200, text: '{"errcode":0,"code":0}' };
    h.later(40 * 24 * 60);
    for (let n = 1; n <= 25; n += 1) await h.publish(`2032-${String((n % 12) + 1).padStart(2, '0')}`);
    h.there.posted.length = 0;
    await h.send();
    t.equal(h.there.posted.filter(({ path }) => path.startsWith('/wecom')).length, 3, '25 and the one that waited, ten at a time');
    t.same(await h.send(), []);
  });
});

t.test('relays are set up by manager or chair, and nobody ends one unseen', async (t) => {
  const h = await open(t);
  const { relay } = await h.relay({ kind: 'wecom', label: '业主群', address: h.there.url('/send?key=12345678') });
  for (const name of ['cashier', 'committee2', 'supervisor', 'street', 'auditor', 'resident'] as const) {
    t.equal(await codeOf(h.relay({}, name)), 'not_allowed', name);
    t.equal(await codeOf(endRelay(h.house, { estate: h.estate, actor: h.actorOf(name), relay })), 'not_allowed', name);
  }
  t.equal(await codeOf(h.relay({}, 'stranger')), 'estate_unknown');
  for (const [typed, code] of [[{ kind: 'fax' }, 'relay_kind_unknown'], [{ label: ' ' }, 'text_empty'], [{ label: '张三 13800138000' }, 'text_personal'], [{ events: [] }, 'relay_events_unknown'],
    [{ events: ['relay_tested'] }, 'relay_events_unknown'], [{ locale: 'fr' }, 'relay_locale_unknown'], [{ address: 'http://10.0.0.1/' }, 'relay_address_invalid'],
    [{ kind: 'dingtalk', secret: 'short' }, 'relay_secret_invalid'], [{ kind: 'wecom', secret: 'longenough' }, 'relay_secret_invalid']] as const) {
    t.equal(await codeOf(h.relay(typed as Partial<NewRelay>)), code, JSON.stringify(typed));
  }
  t.equal(await codeOf(openRelay({ ...h.house, secrets: null }, { estate: h.estate, actor: h.actorOf('manager'), kind: 'wecom', label: '群', address: h.there.url('/'), events: ['period_closed'], locale: 'zh' })), 'relay_keyless');
  t.equal(await codeOf(renewSecret(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay })), 'relay_no_secret');
  await changeRelay(h.house, { estate: h.estate, actor: h.actorOf('committee1'), relay, label: '业主大群', events: ['period_closed'], locale: 'zh' });
  await h.publish('2031-09');
  t.same(await h.send(), [], 'what it no longer asks for is not sent');
  await endRelay(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay });
  t.equal(await codeOf(endRelay(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay })), 'relay_ended_already');
  const { rows } = await h.superuser.query("select person_id from notice where key = $1", [`relay:${relay}:ended`]);
  t.same(rows.map((row) => row.person_id).sort(), [h.persons.manager, h.persons.committee1, h.persons.committee2].sort());
  for (let n = 0; n < 5; n += 1) t.equal(await codeOf(h.relay({ label: `系统 ${n}` })), 'done');
  const second = (await h.relay({ label: '系统' })).relay;
  const test = () => testRelay(h.house, { estate: h.estate, actor: h.actorOf('manager'), relay: second });
  for (let n = 0; n < 5; n += 1) t.equal(await codeOf(test()), 'done');
  t.equal(await codeOf(test()), 'relay_tests_too_many');
  // The key beside the database is lost: nothing is sent, least of all unsigned, and nothing breaks.
  await h.superuser.query('update relay set sealed_secret = sealed_address where relay_id = $1', [second]);
  h.there.posted.length = 0;
  await h.send();
  t.same([(await h.within((trx) => relaysOf(trx, h.estate_id, second)))[0]!.problem, h.there.posted.length], ['key_lost', 0]);
});

t.test('letters', async (t) => {
  const h = await open(t);
  const { estate_id } = h;
  await h.give('manager', 'ma@example.cn');
  await h.give('committee1', 'chen@example.cn');
  const choose = (name: PersonName, ways: Record<string, string>, more = {}) => h.within(async (trx) => {
    const kept = await letterChoiceOf(trx, estate_id, h.persons[name]);
    await keepLetterChoice(trx, estate_id, h.persons[name], { ...kept, ...more, ways: { ...kept.ways, ...ways } as never });
  });

  await t.test('go out at once, in the morning or not at all, as each chose; about one\'s keys always', async (t) => {
    await choose('manager', { outcome: 'digest', question: 'none' });
    for (const key of ['remind:1:1:2', 'maker:1:1:approved', 'inquiry:1', 'passkey revoked 7']) await h.tell(['manager'], key);
    t.same(await h.send(), ['letter sent 2']);
    t.match(h.post.letters[0]!.text, /passkey revoked 7（中文）[^]*remind:1:1:2（中文）/);
    t.notMatch(h.post.letters[0]!.text, /maker|inquiry/);
    t.same(await h.send(), []);
  });

  await t.test('in the morning there is one, with what waits to be signed and since when, and none at night', async (t) => {
    h.post.letters.length = 0;
    await submittedProposal(h.house, h.estate, h.persons, { kind: 'payment', amount: '8000.00', fund: 'service' });
    h.at('2031-10-04', '07:59');
    t.equal(await queueDigests(h.house, h.estate), 0);
    h.at('2031-10-04', '08:00');
    t.equal(await queueDigests(h.house, h.estate), 2, 'manager and chair, who gave addresses and may sign');
    t.equal(await queueDigests(h.house, h.estate), 0, 'once a day');
    await h.send();
    t.same(h.post.letters.map(({ to }) => to).sort(), ['chen@example.cn', 'ma@example.cn']);
    const letter = h.post.letters.find(({ to }) => to === 'ma@example.cn')!;
    t.match(letter.subject, '明账·早间汇总：1 张单等您签批，1 条消息');
    t.match(letter.text, /等您签批 1 张，最久的已等 3 天：\n\n1\. 第 \d+ 号付款“payment”（8,000\.00 元），已等 3 天，最晚[^\n]*签\n {3}https:\/\/books\.example\.cn\/e\/test\/proposals\/\d+/);
    t.match(letter.text, 'maker:1:1:approved（中文）', 'and what was to come in the morning');
    t.match(letter.text, 'https://books.example.cn/e/test/notices/choices');
    h.at('2031-10-04', '21:00');
    t.equal(await queueDigests(h.house, h.estate), 0);
  });

  await t.test('whoever wants none in the morning gets none, and a morning that was missed is made up for', async (t) => {
    h.post.letters.length = 0;
    await choose('committee1', {}, { queue: false });
    h.at('2031-10-05', '15:20');
    t.equal(await queueDigests(h.house, h.estate), 1);
    await h.send();
    t.same(h.post.letters.map(({ to }) => to), ['ma@example.cn']);
    await choose('manager', {}, { mail: false });
    h.at('2031-10-06', '08:00');
    t.equal(await queueDigests(h.house, h.estate), 0);
    await h.tell(['manager'], 'passkey added 8');
    t.same(await h.send(), []);
    await choose('manager', {}, { mail: true });
  });

  await t.test('a server that says later is asked later, one letter alone; one that is away keeps all of them', async (t) => {
    h.post.letters.length = 0;
    h.post.busy.add('ma@example.cn');
    await h.tell(['manager', 'committee1'], 'exception:9');
    t.same((await h.send()).sort(), ['letter later 1', 'letter sent 1']);
    h.post.busy.clear();
    h.later(1);
    t.same(await h.send(), ['letter sent 1']);
    h.post.closed = true;
    await h.tell(['manager', 'committee1'], 'exception:10');
    await t.rejects(h.send(), 'whoever runs the service is told');
    t.same(await h.send(), []);
    h.post.closed = false;
    h.later(1);
    t.same(await h.send(), ['letter sent 1', 'letter sent 1']);
    const ids = h.post.letters.map((letter) => letter.id);
    t.equal(new Set(ids).size, 4);
    t.ok(ids.every((id) => /^<[0-9a-f-]{36}@example\.cn>$/.test(id)), 'the id of the delivery');
  });

  await t.test('what was read meanwhile is not mailed any more', async (t) => {
    h.post.letters.length = 0;
    h.post.closed = true;
    await h.tell(['manager'], 'exception:11');
    await t.rejects(h.send());
    await h.superuser.query("update notice set read_at = now() where key = 'exception:11'");
    h.post.closed = false;
    h.later(5);
    t.same([await h.send(), h.post.letters.length], [[], 0]);
    t.equal((await h.outbox()).at(-1).state, 'dropped');
  });
});
