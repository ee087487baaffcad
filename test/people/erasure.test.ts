// Erasing personal data: who may, what goes, what stays, and that nothing of it is left anywhere in the database.
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { object, comment } from '../../src/approval/objection.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { answerInquiry, ask } from '../../src/inquiry/inquiry.ts';
import { inquiryCounts } from '../../src/inquiry/queries.ts';
import type { Actor } from '../../src/kernel/actor.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addDays, instant, today, type Clock } from '../../src/kernel/dates.ts';
import { erasePayee, eraseText, forgetNames, leave } from '../../src/people/erasure.ts';
import { issueInvitations, joinAsNew } from '../../src/people/invitation.ts';
import { ownData } from '../../src/people/about-me.ts';
import { readActor } from '../../src/people/queries.ts';
import { PASSWORD, signIn, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { addRule } from '../payment/rules.ts';
import { databaseSays, drafted, pay, receive, refusalOf, approved, submitted, within } from '../payment/story.ts';
import { deviceKey, keyHouse } from './keys.ts';
import { form } from './small-app.ts';

const NAME = '欧阳若曦';
const LOGIN = 'ouyang-rx';
const PHONE = '13577778888';
const EMAIL = 'ouyang.rx@example.cn';
const QUESTION = '我家楼下的灯什么时候修好呀？';
const OBJECTION = '这盏灯去年才换过一次吧？';

/** Everything the database holds, as text. */
async function dump({ superuser }: Pick<TestHouse, 'superuser'>): Promise<string> {
  const { rows: tables } = await superuser.query(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname in ('public', 'pgboss')`);
  const texts = await Promise.all(tables.map(async ({ name }) =>
    (await superuser.query(`select coalesce(string_agg(x::text, e'\\n'), '') as text from ${name} x`)).rows[0].text as string));
  return texts.join('\n');
}
const left = async (h: TestHouse, words: readonly string[]): Promise<string[]> => {
  const text = await dump(h);
  return words.filter((word) => text.includes(word));
};

async function isWhole({ superuser, estate }: TestHouse): Promise<boolean> {
  const { rows } = await superuser.query(`select seq, encode(leaf_hash, 'hex') as leaf,
    encode(record_leaf($2, seq, kind, recorded_at, number, body), 'base64') as bytes from record where estate_id = $1 order by seq`, [estate.estate_id, estate.code]);
  return rows.every(({ seq, leaf, bytes }, index) => seq === index + 1
    && createHash('sha256').update('\0').update(Buffer.from(bytes, 'base64')).digest('hex') === leaf);
}

interface Owner { actor: Actor; unit: string; browser: Record<string, string> }

/** An owner who joined by invitation, left telephone and e-mail address, and asked and objected. */
async function owner(h: TestHouse, app: FastifyInstance): Promise<Owner & { inquiry_id: number; objection: number; order: number }> {
  const unit = '2-3-101';
  const [sheet] = await within(h, (trx) => issueInvitations(trx, { estate: h.estate, actor: h.actorOf('manager'), units: [unit] }));
  const { person_id } = await joinAsNew(h.house, sheet!.code, { login: LOGIN, password: PASSWORD, name: NAME }, '10.0.0.1');
  await h.superuser.query('update person_identity set phone = $2, email = $3 where person_id = $1', [person_id, PHONE, EMAIL]);
  const actor = (await readActor(h.house, person_id, { kind: 'cookie', scopes: [], csrf: null }))!;
  const { inquiry_id } = await ask(h.house, { estate: h.estate, actor, about_seq: null, question: QUESTION, key: `${person_id}:form` });
  await addRule(h, { kind: 'payment', fund: 'public_income', notice_days: 7 });
  await receive(h, '90000.00', 'public_income');
  const order = await submitted(h, { fund: 'public_income' });
  const { objection_id } = await within(h, (trx) => object(trx, { estate: h.estate, actor, proposal_id: order, text: OBJECTION, key: 'o1' }));
  const browser = await signIn(app, LOGIN);
  await app.inject({ method: 'POST', url: '/api/v1/tokens', headers: browser, payload: { label: `${NAME}的表格`, scopes: ['read'] } });
  await app.inject({ method: 'POST', url: '/api/v1/session', payload: { login: LOGIN, password: 'not-my-password-9' } });
  return { actor, unit, browser, inquiry_id, objection: objection_id, order };
}

async function opened(t: Parameters<typeof testHouse>[0], options: Parameters<typeof testHouse>[1] = {}) {
  const h = await testHouse(t, options);
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const html = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ url, headers: { ...headers, accept: 'text/html' } });
    return { status: answer.statusCode, body: answer.body, location: String(answer.headers['location'] ?? '') };
  };
  const post = async (url: string, headers: Record<string, string>, fields: Record<string, string>) => {
    const sent = form(fields);
    const answer = await app.inject({ method: 'POST', url, payload: sent.payload, headers: { ...headers, ...sent.headers, accept: 'text/html' } });
    return { status: answer.statusCode, body: answer.body, location: String(answer.headers['location'] ?? '') };
  };
  return { h, app, html, post };
}

t.test('an owner leaves, and nothing of them is left anywhere', async (t) => {
  const { h, app, html, post } = await opened(t);
  const me = await owner(h, app);
  const { browser, inquiry_id, order } = me;
  const words = [NAME, LOGIN, PHONE, EMAIL, QUESTION, OBJECTION];
  t.same(await left(h, words), words, 'before, all of it is there');
  const counts = () => inEstate(h.house.db.app, h.estate.estate_id, (trx) => inquiryCounts(trx, h.estate.estate_id, today(h.house.clock)));
  const before = await counts();

  const account = await html('/me', browser);
  t.match(account.body, '/me/leave');
  const first = await html('/me/leave', browser);
  t.match(first.body, `示例小区 ${me.unit}`, 'says what goes');
  t.match(first.body, '我写过的 2 条');
  t.match((await post('/me/leave', browser, { texts: 'yes' })).body, '请选一个删除的理由');
  const step = await post('/me/leave', browser, { ground: 'left', texts: 'yes' });
  t.match(step, { status: 303, location: '/me/leave/confirm?ground=left&texts=yes' });
  t.match((await html(step.location, browser)).body, '登录密码');
  t.equal((await left(h, [NAME])).length, 1, 'nothing has gone yet');
  const wrong = await post('/me/leave/confirm', browser, { ground: 'left', texts: 'yes', password: 'wrong-password-1' });
  t.match(wrong, { status: 422 });
  t.match(wrong.body, '密码不对');
  const size = (await h.superuser.query('select size from log_head where estate_id = $1', [h.estate.estate_id])).rows[0].size;
  const done = await post('/me/leave/confirm', browser, { ground: 'left', texts: 'yes', password: PASSWORD });
  t.match(done, { status: 303, location: '/left' });
  t.match((await html('/left')).body, '您的信息已经删除');

  t.same(await left(h, words), [], 'not in any table');
  const { rows: resident } = await h.superuser.query('select * from resident where person_id = $1', [me.actor.person_id]);
  t.same(resident, [], 'nor where they lived');
  t.same((await h.superuser.query('select used_by from invitation where used_at is not null')).rows, [{ used_by: null }]);
  t.same((await h.superuser.query('select * from request_key where key like $1', [`%${me.actor.person_id}%`])).rows, []);
  const { rows: records } = await h.superuser.query('select body from record where estate_id = $1 and seq > $2 order by seq', [h.estate.estate_id, size]);
  t.match(records.map(({ body }) => JSON.parse(body)), [
    { what: 'value', field: 'question', ground: 'left', by: null, body: null },
    { what: 'value', field: 'objection', ground: 'left', by: null, body: null },
    { what: 'identity', person: me.actor.person_id, by: me.actor.person_id, ground: 'left' },
  ]);
  t.ok(await isWhole(h), 'the log is whole');

  t.same(await counts(), before, 'the question still counts, and its clock runs');
  t.match(await html('/me', browser), { status: 303 }, 'logged out');
  t.equal((await app.inject({ method: 'POST', url: '/api/v1/session', payload: { login: LOGIN, password: PASSWORD } })).statusCode, 401);
  const manager = await signIn(app, 'manager');
  const question = await html(`/e/test/inquiries/${inquiry_id}`, manager);
  t.match(question.body, '（已按个人信息保护法删除）');
  t.match(question.body, '最迟');
  t.notMatch(question.body, `/erasures/new?seq=`, 'nothing is left to erase');
  t.match((await html('/e/test/inquiries', manager)).body, '（已按个人信息保护法删除）');
  t.match((await html('/e/test/inquiries?lang=en', manager)).body, '(erased under the Personal Information Protection Law)');
  const proposal = await html(`/e/test/proposals/${order}`, manager);
  t.match(proposal.body, '（已按个人信息保护法删除）');
  t.match((await app.inject({ url: `/api/v1/estates/test/inquiries/${inquiry_id}`, headers: manager })).json(),
    { question: null, erased: { ground: 'left', body: null }, state: 'waiting' });
  t.match((await app.inject({ url: `/api/v1/estates/test/proposals/${order}/objections`, headers: manager })).json(),
    { items: [{ objection: null, erased: { ground: 'left' }, answer: null }] });
  t.same((await h.superuser.query('select waits_for($1, $2, current_date + 30) as waits', [h.estate.estate_id, order])).rows,
    [{ waits: 'order_objected' }], 'and the objection still holds the order up');
  await answerInquiry(h.house, { estate: h.estate, actor: h.actorOf('manager'), inquiry_id, answer: '已经修好。' });
  t.equal(await refusalOf(leave(h.house, me.actor, { password: PASSWORD, ground: 'left', texts: true })), 'confirmation_wrong', 'twice is once');
});

t.test('without ticking the box the texts stay, and say nothing of who wrote them', async (t) => {
  const { h, app } = await opened(t);
  const me = await owner(h, app);
  const answer = await app.inject({ method: 'POST', url: '/api/v1/me/erasure', headers: me.browser, payload: { password: PASSWORD, ground: 'request' } });
  t.same(answer.json(), { kept_until: null });
  t.same(await left(h, [NAME, LOGIN, PHONE, EMAIL, QUESTION, OBJECTION]), [QUESTION, OBJECTION]);
  t.match(String(answer.headers['set-cookie']), /session=;/, 'logged out');
});

t.test('one may see everything that is kept about oneself', async (t) => {
  const { h, app, html } = await opened(t);
  const me = await owner(h, app);
  const data = (await app.inject({ url: '/api/v1/me/data', headers: me.browser })).json();
  t.match(data, {
    name: NAME, login: LOGIN, phone: PHONE, email: EMAIL, estates: [{
      estate: 'test', homes: [{ unit: me.unit, left_at: null }], offices: [], written: [{ field: 'question', text: QUESTION }, { field: 'objection', text: OBJECTION }],
    }], sessions: [{ kind: 'cookie' }, { kind: 'bearer', label: `${NAME}的表格` }], wrong_passwords: [{ address: '127.0.0.1' }],
  });
  const file = await app.inject({ url: '/me/data.json', headers: me.browser });
  t.match(String(file.headers['content-disposition']), 'my-data.json');
  t.equal(file.json().person_id, me.actor.person_id);
  t.equal((await app.inject({ url: '/api/v1/me/data' })).statusCode, 401);
  const { token } = (await app.inject({ method: 'POST', url: '/api/v1/tokens', headers: me.browser, payload: { label: 'x', scopes: ['read', 'post'] } })).json();
  for (const [method, url] of [['GET', '/api/v1/me/data'], ['POST', '/api/v1/me/erasure']] as const) {
    const answer = await app.inject({ method, url, headers: { authorization: `Bearer ${token}` }, ...(method === 'POST' ? { payload: { password: PASSWORD, ground: 'left' } } : {}) });
    t.equal(answer.statusCode, 403, `${url} is not for programs`);
  }
  t.match(await ownData(h.house, h.actorOf('cashier')), { name: '何出纳', estates: [{ offices: [{ office: 'cashier' }], homes: [] }] });
  t.equal((await html('/me/data.json')).status >= 300, true);
});

t.test('whoever serves cannot be erased; afterwards all goes but the name, and that after thirty years', async (t) => {
  let now = instant('2026-11-23T02:00:00Z');
  const clock: Clock = () => now;
  const { h, app, html, post } = await opened(t, { demo_clock: clock, first_period: '2026-09' });
  const word = { name: '何出纳', phone: '13688889999', email: 'he@example.cn' };
  await h.superuser.query('update person_identity set phone = $2, email = $3 where person_id = $1', [h.persons.cashier, word.phone, word.email]);
  await receive(h, '90000.00');
  const order = await submitted(h);
  await within(h, (trx) => comment(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order, text: '发票原件在物业办公室。' }));
  const browser = await signIn(app, 'cashier');
  const serving = await html('/me/leave', browser);
  t.match(serving.body, '您还在任职，现在不能删除');
  t.match(serving.body, '示例小区：出纳，到 2099年12月31日');
  t.notMatch(serving.body, 'name="ground"');
  t.match(await post('/me/leave/confirm', browser, { ground: 'left', password: PASSWORD }), { status: 409 });
  t.equal(await refusalOf(leave(h.house, h.actorOf('cashier'), { password: PASSWORD, ground: 'left', texts: false })), 'erasure_in_office');
  t.equal((await h.superuser.query(`select erase_identity($1, $1, 'left', false) as status`, [h.persons.cashier])).rows[0].status, 'in_office', 'the door says so too');

  await h.superuser.query(`update term set ends_on = '2026-11-22' where person_id = $1`, [h.persons.cashier]);
  const page = await html('/me/leave', await signIn(app, 'cashier'));
  t.match(page.body, '姓名随会计档案保存到 2056年12月31日');
  t.same(await leave(h.house, h.actorOf('cashier'), { password: PASSWORD, ground: 'left', texts: true }), { kept_until: '2056-12-31' });
  t.same(await left(h, [word.phone, word.email, '发票原件在物业办公室。', word.name]), [word.name]);
  t.same((await h.superuser.query('select * from credential where person_id = $1', [h.persons.cashier])).rows, []);
  const { rows: [last] } = await h.superuser.query(`select body from record where estate_id = $1 order by seq desc limit 1`, [h.estate.estate_id]);
  t.same(JSON.parse(last.body), { by: h.persons.cashier, ground: 'left', kept_until: '2056-12-31', person: h.persons.cashier, what: 'identity' });
  const manager = await signIn(app, 'manager');
  t.match((await html('/e/test/people', manager)).body, word.name, 'who served is still named');
  t.match((await html(`/e/test/proposals/${order}`, manager)).body, '（已按个人信息保护法删除）', 'the comment is gone, that there was one is not');
  t.match((await html('/e/test/erasures', manager)).body, '姓名随会计档案保存到 2056年12月31日');
  t.equal(await databaseSays(h.superuser.query(`insert into term (estate_id, term_id, person_id, body, office, starts_on, ends_on)
    values ($1, 999, $2, 'auditor', 'auditor', '2027-01-01', '2028-01-01')`, [h.estate.estate_id, h.persons.cashier])), 'person_erased');

  t.equal(await forgetNames(h.house), 0, 'not before its time');
  now = instant('2056-12-31T02:00:00Z');
  t.equal(await forgetNames(h.house), 0, 'the last day');
  now = instant('2057-01-01T02:00:00Z');
  t.equal(await forgetNames(h.house), 1);
  t.same(await left(h, [word.name]), []);
  t.equal(await forgetNames(h.house), 0);
  t.ok(await isWhole(h));
});

t.test('the name of a passkey goes with its owner, also from what colleagues were told; its signatures stay', async (t) => {
  const h = await keyHouse(t);
  const label = '陈主任的小米手机';
  const key = deviceKey();
  const response = key.register(await h.begin('committee1', { method: 'password', password: 'both-keys-for-one' }));
  t.equal((await h.ask('committee1', 'POST', '/api/v1/passkeys', { label, response })).status, 201);
  t.match(await h.notices('committee2'), [{ text_zh: new RegExp(label) }]);
  await h.superuser.query(`update term set ends_on = current_date - 1 where person_id = $1`, [h.persons.committee1]);
  await leave(h.house, h.actorOf('committee1'), { password: PASSWORD, ground: 'left', texts: false });
  t.same(await left(h, [label]), []);
  t.equal((await h.superuser.query('select public_key from passkey')).rows.length, 1);
  t.match((await h.records('erased')), [{ what: 'value', field: 'label' }, { what: 'identity' }]);
});

t.test('manager and committee erase what says something about others; everybody sees that they did', async (t) => {
  const { h, app, html, post } = await opened(t);
  const me = await owner(h, app);
  const seq = async (text: string): Promise<number> => (await h.superuser.query('select seq from personal_value where value = $1', [text])).rows[0].seq;
  const [question, objection] = [await seq(QUESTION), await seq(OBJECTION)];
  const tried = (who: PersonName, of: number, ground = 'error') => refusalOf(eraseText(h.house, { estate: h.estate, actor: h.actorOf(who), seq: of, ground }));
  for (const who of ['cashier', 'supervisor', 'street', 'resident'] as const) t.equal(await tried(who, question), 'erasure_not_yours', who);
  t.equal(await tried('auditor', question), 'not_allowed');
  t.equal(await tried('stranger', question), 'estate_unknown');
  t.equal(await tried('manager', 1), 'erasure_not_yours', 'no other record');
  for (const ground of ['', 'left', 'unkind']) t.equal(await tried('manager', question, ground), 'erasure_ground_missing', ground);

  const manager = await signIn(app, 'manager');
  const shown = await html(`/e/test/inquiries/${me.inquiry_id}`, manager);
  t.match(shown.body, `/e/test/erasures/new?seq=${question}`);
  t.notMatch((await html(`/e/test/inquiries/${me.inquiry_id}`, await signIn(app, 'resident'))).body, '/erasures/new', 'not to others');
  t.match((await html(`/e/test/inquiries/${me.inquiry_id}`, me.browser)).body, '/erasures/new', 'but to whoever wrote it');
  const confirm = await html(`/e/test/erasures/new?seq=${question}`, manager);
  t.match(confirm.body, QUESTION);
  t.match(confirm.body, '问得难听、问得不对，都不是理由');
  t.match((await post('/e/test/erasures', manager, { seq: String(question) })).body, '请选一个删除的理由');
  t.match(await post('/e/test/erasures', manager, { seq: String(question), ground: 'error' }),
    { status: 303, location: `/e/test/inquiries/${me.inquiry_id}?done=erased` });
  t.equal(await tried('manager', question), 'erased_already');
  const { rows: told } = await h.superuser.query('select text_zh from notice where person_id = $1', [me.actor.person_id]);
  t.match(told, [{ text_zh: /原文已由物业公司删除（理由：误写了个人信息）/ }]);

  const own = await app.inject({ method: 'POST', url: '/api/v1/estates/test/erasures', headers: me.browser, payload: { seq: objection, ground: 'request' } });
  t.same(own.json(), { seq: objection, field: 'objection', number: me.order });
  const { rows: bodies } = await h.superuser.query(`select body from record where kind = 'erased' order by seq`);
  t.match(bodies.map(({ body }) => JSON.parse(body)), [{ by: h.persons.manager, body: 'property' }, { by: null, body: null }],
    'who wrote it stays out of the log');
  for (const who of ['street', 'auditor', 'resident'] as const) {
    const list = await html('/e/test/erasures', await signIn(app, who));
    t.match(list.body, `第 ${me.inquiry_id} 号质询的原文`, who);
    t.match(list.body, '误写了个人信息');
  }
  t.match((await app.inject({ url: '/api/v1/estates/test/erasures', headers: manager })).json(), {
    items: [{ what: 'value', field: 'objection', of_seq: objection, ground: 'request', body: null }, { field: 'question', body: 'property', number: me.inquiry_id }],
    next_cursor: null,
  });
  t.same(await left(h, [QUESTION, OBJECTION]), []);
  t.ok(await isWhole(h));
});

t.test('a person who is paid is erased when nothing was ever paid, or after thirty years', async (t) => {
  let now = instant('2026-11-23T02:00:00Z');
  const clock: Clock = () => now;
  const { h, app } = await opened(t, { demo_clock: clock, first_period: '2026-09' });
  const payee = (name: string, account_number: string) => ({ kind: 'individual', name, bank_name: '示例农商银行', account_number });
  await receive(h, '90000.00');
  const paid = await approved(h, { payee: payee('令狐小川', '6222021234567801'), amount: '100.00' });
  await pay(h, paid);
  await approved(h, { payee: payee('慕容小山', '6222021234567802'), amount: '100.00' });
  await drafted(h);
  const numberOf = async (name: string): Promise<number> => (await h.superuser.query('select payee_id from payee_identity where name = $1', [name])).rows[0].payee_id;
  const erase = (who: PersonName, payee_id: number, ground = 'error') => refusalOf(erasePayee(h.house, { estate: h.estate, actor: h.actorOf(who), payee_id, ground }));
  t.equal(await erase('cashier', await numberOf('令狐小川')), 'not_allowed');
  t.equal(await erase('manager', await numberOf('令狐小川')), 'payee_retained');
  t.equal(await erase('manager', await numberOf('慕容小山')), 'payee_in_use');
  t.equal(await erase('manager', await numberOf('川亮照明工程有限公司')), 'payee_is_company');
  t.equal(await erase('manager', 999), 'payee_not_there');
  const manager = await signIn(app, 'manager');
  const mistaken = (await app.inject({ method: 'POST', url: '/api/v1/estates/test/payees', headers: manager, payload: payee('东方小河', '6222021234567803') })).json();
  t.equal((await app.inject({ method: 'POST', url: `/api/v1/estates/test/payees/${mistaken.payee_id}/erasure`, headers: manager, payload: { ground: 'error' } })).statusCode, 204);
  t.equal(await erase('committee1', mistaken.payee_id), 'payee_erased_already');
  t.same(await left(h, ['东方小河', '6222021234567803']), []);
  t.match((await h.superuser.query('select public_name, account_hash from payee where payee_id = $1', [mistaken.payee_id])).rows,
    [{ public_name: '东*', account_hash: /^[0-9a-f]{64}$/ }], 'what the books rest on stays');
  t.match((await app.inject({ url: '/api/v1/estates/test/payees', headers: manager })).json().items.at(-1), { public_name: '东*' });
  t.equal(await databaseSays(h.superuser.query('delete from payee_identity')), 'erasure_needs_record');
  t.equal(await databaseSays(h.superuser.query('update payee_identity set name = name')), 'erasure_needs_record');
  for (const statement of ['delete from payee_identity', 'delete from person_identity', 'delete from credential', 'update person set erased_at = now()']) {
    t.match(await within(h, (trx) => trx.executeQuery({ sql: statement, parameters: [] } as never)).then(() => 'done', (error: Error) => error.message), 'permission denied', statement);
  }
  now = instant(`${addDays('2056-12-31', 1)}T02:00:00Z`);
  t.equal(await erase('manager', await numberOf('令狐小川'), 'law'), 'no refusal', 'after its time');
  t.same(await left(h, ['令狐小川', '6222021234567801']), []);
  t.ok(await isWhole(h));
});
