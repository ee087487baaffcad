// Against the two keys: whoever serves here and would like one key to be enough.
import t from 'tap';
import { sql } from 'kysely';
import { buildApp } from '../../src/app.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { usualRules, presets } from '../../src/approval/presets.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { openToken } from '../../src/people/token.ts';
import type { Answer } from '../api/caller.ts';
import { signingHouse } from '../approval/keys.ts';
import { api, officeHouse, OPENED } from '../office/office-house.ts';
import { PASSWORD, SIGNING_PASSWORD, signIn } from '../helpers/house.ts';
import { softwareKey } from '../helpers/passkey.ts';
import { addRule } from '../payment/rules.ts';
import { proposal, receive, submitted } from '../payment/story.ts';

t.setTimeout(200_000);
const idOf = (answer: Answer): number => {
  if (answer.json['proposal_id'] === undefined) throw new Error(answer.text);
  return answer.json['proposal_id'] as number;
};
const codeOf = ({ json, status }: Answer): string => String(json['code'] ?? json['status'] ?? status);

t.test('the company does not hold the first password of a member of the committee', async (t) => {
  const h = await officeHouse(t);
  const asked = await h.appoint({ new_person: { name: '李新', login: 'lixin' }, office: 'member' });
  t.equal(codeOf(asked), 'new_person_of_other_body', asked.text);
});

t.test('manager and chair alone do not become a second committee member by a delegation nobody gave', async (t) => {
  const h = await officeHouse(t);
  await h.owner('sun', '孙候补');
  await h.seat({ login: 'sun' }, 'manager', 'committee1');
  const delegation = idOf(await (await h.as('cashier')).post(`${api}/delegations`, {
    principal_term: await h.term('committee2'), deputy_term: await h.term('sun'), starts_on: OPENED, ends_on: '2026-11-15' }));
  t.match((await (await h.as('committee1')).get(`/e/test/proposals/${delegation}`)).text, '被代签的人还没有签字同意');
  await h.sign(delegation, 'manager', 'committee1');
  const large = await h.order('cashier', { amount: '200000.00' });
  await h.sign(large, 'manager', 'committee1');
  t.equal(await h.signed(large, 'sun'), 'delegation_missing', 'the vote of a member who was never asked');
  t.match((await (await h.as('committee2')).get(`${api}/notices`)).text, '您的签名由候补代签，2026-11-05 至 2026-11-15');
  h.at('2026-11-05');
  const member = await h.as('committee2');
  t.equal((await member.post(`${api}/delegations/1/end`)).status, 204, 'who hears of it and ends it alone');
  t.equal(await h.signed(large, 'sun'), 'delegation_missing');
});

t.test('an owner who objects is not found out by the log', async (t) => {
  const h = await officeHouse(t);
  const cashier = await h.as('cashier');
  await addRule(h, { kind: 'payment', fund: 'service', notice_days: 7 });
  const order = await h.order();
  const objected = await (await h.as('resident')).post(`${api}/proposals/${order}/objections`, { text: '报价太高，请说明。' });
  t.equal(objected.status, 201, objected.text);
  // Whoever prints a name beside an opaque id: an appointment that is proposed and taken back.
  const id = idOf(await h.appoint({ login: 'resident' }));
  const { json } = await cashier.get(`${api}/proposals/${id}`);
  const opaque = (json['document'] as { person: string }).person;
  const { json: log } = await cashier.get(`${api}/log/records?limit=500`);
  const raised = log['items'].filter((row: { kind: string }) => row.kind === 'objection_raised');
  t.equal(raised.length, 1);
  t.notOk(raised[0].body.includes(opaque), 'the log does not tell every officer who objected');
  await (await h.as('resident')).post(`${api}/inquiries`, { question: '电费为什么多？' });
  const { json: later } = await cashier.get(`${api}/log/records?limit=500`);
  const [question] = later['items'].filter((row: { kind: string }) => row.kind === 'inquiry_asked');
  t.notOk(question.body.includes(opaque), 'nor who asked a question');
  const { json: evidence } = await cashier.get(`${api}/proposals/${order}/evidence.json`);
  t.notOk(JSON.stringify(evidence).includes(opaque));
  const page = await cashier.get(`/e/test/proposals/${order}`);
  t.notMatch(page.text, '王阿姨');
  await (await h.as('manager')).post(`${api}/objections/${objected.json['objection_id']}/answer`, { text: '已比价三家。' });
  for (const who of ['cashier', 'manager', 'committee1', 'street']) {
    t.notMatch((await (await h.as(who)).get(`${api}/notices`)).text, '王阿姨', who);
  }
});

t.test('a stolen login is not a signature where there are passkeys', async (t) => {
  const h = await officeHouse(t);
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  await h.superuser.query(`update credential set signing_hash = null where login = 'committee1'`);
  const headers = { host: 'localhost:8080', ...await signIn(app, 'committee1') };
  const begun = await app.inject({ method: 'POST', url: '/api/v1/passkeys/options', headers, payload: { method: 'password', password: PASSWORD } });
  const key = softwareKey({ rp_id: 'localhost', origin: 'http://localhost:8080' });
  const made = await app.inject({ method: 'POST', url: '/api/v1/passkeys', headers,
    payload: { label: '手机', response: key.register(begun.json().options) } });
  t.equal(made.statusCode, 201, made.body);
  // The thief has the login password and no more.
  const own = 'thief-has-a-second-key';
  const thief = await app.inject({ method: 'POST', url: '/me/signing-password',
    headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ present_password: PASSWORD, new_password: own, repeat_password: own }).toString() });
  t.not(thief.statusCode, 303, 'a first signing password is set with the login password alone');
  const order = await h.order();
  const signed = await app.inject({ method: 'POST', url: `/api/v1/${api}/proposals/${order}/sign`, headers,
    payload: { decision: 'approve', method: 'password', password: own } });
  t.not(signed.json().status, 'signed', 'and signs');
});

t.test('a contractor is not paid as a refund where refunds ask less', async (t) => {
  const h = await officeHouse(t);
  await addRule(h, { kind: 'payment', fund: 'service', bodies: { property: 1, committee: 2 }, notice_days: 7, needs_resolution: true });
  const order = await h.order('cashier', { kind: 'refund', amount: '5000.00' }).catch((error: Error) => error.message);
  t.match(String(order), 'refund_account_unfit', 'lamps bought from a contractor are no refund');
});

t.test('nobody is seated by fewer of the committee than sign the largest payment, nor before the owners could object', (t) => {
  for (const preset of presets) {
    const rules = usualRules(preset).filter((rule) => (rule.class ?? 'normal') === 'normal');
    const most = Math.max(...rules.filter((rule) => rule.kind === 'payment').map((rule) => rule.bodies.committee ?? 0));
    for (const kind of ['membership', 'delegation']) {
      t.equal(rules.find((rule) => rule.kind === kind)!.bodies.committee, Math.min(most, 2), `${preset} ${kind}`);
    }
    t.match(rules.find((rule) => rule.kind === 'membership'), { notice_days: 3, needs_resolution: true });
  }
  t.end();
});

t.test('whoever is concerned neither stops the proposal nor answers for it', async (t) => {
  const h = await officeHouse(t);
  const chair = await h.as('committee1');
  const ending = idOf(await (await h.as('cashier')).post(`${api}/terms/${await h.term('committee1')}/end`, { resolution: await h.resolution() }));
  for (const step of ['return', 'hold']) {
    t.equal(codeOf(await chair.post(`${api}/proposals/${ending}/${step}`, { reason: '我不同意' })), 'concerned_steps_aside', step);
  }
  t.notMatch((await chair.get(`/e/test/proposals/${ending}`)).text, 'value="hold"', 'nor does the page offer it');
  t.match((await chair.get(`${api}/notices`)).text, '提前结束业主委员会一位', 'but they hear of it');
  t.equal((await h.sign(ending, 'manager', 'committee2')).at(-1)!.json['state'], 'executed');

  const own = await h.order('cashier', { payee: { kind: 'individual', name: '李委员', bank_name: '农业银行', account_number: '6228480000009999' } });
  const objected = await (await h.as('supervisor')).post(`${api}/proposals/${own}/objections`, { text: '发票抬头不对，请说明。' });
  const answer = (login: string) => h.as(login).then((one) => one.post(`${api}/objections/${objected.json['objection_id']}/answer`, { text: '已换发票。' }));
  t.equal(codeOf(await answer('committee2')), 'concerned_steps_aside', 'nobody answers for money to themselves');
  t.equal((await answer('manager')).status, 201);
});

t.test('the notice is not got around: not by a day in the past, not by taking back, not by an answer of one\'s own', async (t) => {
  const h = await officeHouse(t);
  await addRule(h, { kind: 'payment', fund: 'service', notice_days: 7 });
  const order = await h.order();
  await h.sign(order, 'manager', 'committee1');
  const pay = async (paid_on: string) => codeOf(await (await h.as('cashier')).post(`${api}/payment-orders/${order}/paid`, { paid_on, bank_reference: 'YH1' }));
  for (const day of [OPENED, '2026-11-01', '2026-10-01', '2026-11-09', '2026-12-01']) t.not(await pay(day), 'posted', day);
  const second = await h.order();
  h.at('2026-11-08');
  await (await h.as('cashier')).post(`${api}/proposals/${second}/return`, { reason: '改金额' });
  const { json: draft } = await (await h.as('cashier')).get(`${api}/payment-orders/${second}`);
  const changed = await (await h.as('cashier')).put(`${api}/payment-orders/${second}`, { payee: { payee_id: draft['payee'].payee_id }, amount: '777.77',
    fund: 'service', account: '5102', purpose: '还没想好', vouchers: draft['vouchers'] });
  t.equal(changed.status, 200, changed.text);
  for (const path of [`/e/test/proposals/${second}`, `${api}/proposals/${second}`, `${api}/announcements`, '/e/test']) {
    t.notMatch((await (await h.as('resident')).get(path)).text, /还没想好|777\.77/, `${path}: what is being changed is no neighbour's business yet`);
  }
  await (await h.as('cashier')).post(`${api}/proposals/${second}/submit`);
  t.match((await (await h.as('cashier')).get(`${api}/proposals/${second}`)).json, { version: 2, payable_from: '2026-11-15' }, 'announced anew');
  h.at('2026-11-09');
  t.not(await pay('2026-11-08'), 'posted', 'a day before the notice was over');
  const { json } = await (await h.as('street')).post(`${api}/proposals/${order}/objections`, { text: '没有比价，请说明。' });
  t.equal(await pay('2026-11-09'), 'order_objected');
  t.equal(codeOf(await (await h.as('street')).post(`${api}/objections/${json['objection_id']}/answer`, { text: '没事了。' })), 'objection_own_answer');
  t.equal(codeOf(await (await h.as('resident')).post(`${api}/objections/${json['objection_id']}/answer`, { text: '没事了。' })), 'not_allowed');
  await (await h.as('manager')).post(`${api}/objections/${json['objection_id']}/answer`, { text: '已比价三家。' });
  t.equal(await pay('2026-11-09'), 'posted');
});

t.test('one database role alone carries nothing out', async (t) => {
  const h = await officeHouse(t);
  const [signed, open] = [await h.order(), await h.order()];
  await h.sign(signed, 'manager', 'committee1');
  const { estate_id } = h.estate;
  const says = async (role: 'app' | 'signer', text: string): Promise<string> => {
    try {
      return await inEstate(h.house.db[role], estate_id, async (trx) => JSON.stringify((await sql.raw(text).execute(trx)).rows));
    } catch (error) {
      return (error as Error).message;
    }
  };
  const person = h.persons.committee1;
  for (const text of ['record_signature(1, \'{}\')', 'enrol_passkey(1, \'{}\', null, null)', 'write_term(1, \'{}\', \'\')', 'write_rules(1, \'[]\', 1, null)',
    'write_record(1, \'signature\', \'{}\')', 'judge_assertion(1, \'{}\', \'\')']) {
    t.match(await says('app', `select ${text}`), 'permission denied', text);
  }
  t.match(await says('app', `select open_term(${estate_id}, '{"body":"committee","office":"member","person":"${person}","starts_on":"2026-01-01",
    "ends_on":"2029-01-01"}', '')`), 'term_needs_proposal');
  t.match(await says('app', `select open_rules(${estate_id}, '{"rules":[]}')`), 'rules_exist');
  for (const table of ['signature', 'quorum', 'term', 'key_holder', 'rule', 'rule_body', 'delegation', 'passkey', 'record']) {
    t.match(await says('app', `insert into ${table} (estate_id) values (${estate_id})`), 'permission denied', table);
  }
  for (const text of ['signing_challenge set used_at = null', 'passkey set revoked_at = null', 'rule set valid_to = null', 'log_head set opened_in = null',
    'proposal set ratified_at = now()', 'estate set is_demo = true', 'objection set objection = \'\'']) {
    t.match(await says('app', `update ${text}`), 'permission denied', text);
  }
  t.match(await says('app', `update proposal set state = 'approved' where proposal_id = ${open}`), 'proposal_step_reserved');
  t.match(await says('app', `update proposal set state = 'returned', payable_from = '2026-01-01' where proposal_id = ${open}`), 'proposal_is_frozen');
  for (const kind of ['signature', 'term_opened', 'rules_changed', 'passkey_enrolled', 'delegation_opened', 'journal_entry']) {
    t.match(await says('app', `select append_record(${estate_id}, '${kind}', '{}')`), 'record_kind_reserved', kind);
  }
  for (const text of [`post_entries(${estate_id}, '{}')`, `change_rules(${estate_id}, 1)`, `change_membership(${estate_id}, 1)`, `open_delegation(${estate_id}, 1)`,
    `close_period(${estate_id}, 1)`, `append_record(${estate_id}, 'some_kind', '{}')`, `revoke_passkey(${estate_id}, '{}')`]) {
    t.match(await says('signer', `select ${text}`), 'permission denied', text);
  }
  for (const table of ['credential', 'person_identity', 'recovery_code', 'session', 'enrolment_challenge']) {
    t.match(await says('signer', `select * from ${table}`), 'permission denied', table);
  }
  // With the signing password's method the role signer alone may claim signatures (README); by passkey it may not.
  const claim = (method: string) => says('signer', `select record_signature(${estate_id}, jsonb_build_object('proposal', ${open}, 'document_hash',
    (select encode(document_hash, 'hex') from proposal where proposal_id = ${open}), 'person', '${person}', 'body', 'committee', 'decision', 'approve',
    'method', '${method}', 'evidence', '{"credential_id":"AAAAAAAAAAAAAAAAAAAAAA"}'::jsonb)::text) as status`);
  t.match(await claim('passkey'), 'passkey_unknown');
});

t.test('a token reads and posts for its owner; it holds no key', async (t) => {
  const h = await officeHouse(t);
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const order = await h.order();
  const actor = { ...h.actorOf('committee1') };
  const { token } = await openToken(h.house, actor, { label: '程序', scopes: ['read'] });
  const send = (url: string, payload: object) => app.inject({ method: 'POST', url, payload, headers: { authorization: `Bearer ${token}` } });
  for (const [path, body] of Object.entries({
    [`proposals/${order}/sign`]: { decision: 'approve', method: 'password', password: 'x' }, [`proposals/${order}/return`]: { reason: '退回' },
    [`proposals/${order}/hold`]: { reason: '搁置' }, [`proposals/${order}/comments`]: { text: '评论' }, 'objections/1/answer': { text: '答复' },
    'terms/1/end': {}, 'delegations/1/end': {}, 'rules/changes': { ends: [1], rules: [], valid_from: OPENED, reason: '改规则' },
  })) t.equal((await send(`/api/v1/${api}/${path}`, body)).json().code, 'token_scope', path);
  const posting = await openToken(h.house, actor, { label: '程序', scopes: ['post'] });
  const headers = { authorization: `Bearer ${posting.token}`, host: 'localhost:8080' };
  const proof = { method: 'password', password: SIGNING_PASSWORD };
  for (const [path, payload] of Object.entries({
    'passkeys/options': proof, passkeys: { label: '手机', response: softwareKey({ rp_id: 'localhost', origin: 'http://localhost:8080' }).register({ challenge: 'AAAA' }) }, 'recovery-codes': proof,
    'passkeys/revoke': { ...proof, credential_id: 'A'.repeat(43), reason: 'lost' },
  })) t.equal((await app.inject({ method: 'POST', url: `/api/v1/${path}`, headers, payload })).json().code, 'token_by_token', path);
});

t.test('what people write stays text', async (t) => {
  const h = await officeHouse(t);
  const evil = '<img src=x onerror=alert(1)>"\'';
  const cashier = await h.as('cashier');
  const order = await h.order('cashier', { purpose: `=cmd|calc ${evil}` });
  await (await h.as('committee1')).post(`${api}/proposals/${order}/comments`, { text: evil });
  await (await h.as('supervisor')).post(`${api}/proposals/${order}/objections`, { text: evil });
  await (await h.as('committee1')).post(`${api}/proposals/${order}/hold`, { reason: evil });
  await h.appoint({ login: 'resident', resolution: { ...await h.resolution(), title: evil } });
  for (const path of [`proposals/${order}`, 'queue', 'people', 'orders', 'notices', `proposals/${order + 1}`]) {
    const { text, status } = await cashier.get(`/e/test/${path}`);
    t.ok(status === 200, path);
    t.notMatch(text, '<img src=x', path);
  }
  for (const path of ['queue.csv', 'orders.csv', 'people.csv', 'queue.csv?tab=others']) {
    for (const cell of (await cashier.get(`/e/test/${path}`)).text.split(/[,\n]/)) t.notMatch(cell, /^"?[=+@]/, path);
  }
});

t.test('a passkey signs once, for its own person, and not after it was revoked', async (t) => {
  const h = await signingHouse(t);
  await receive(h, '9000.00');
  const [order, other] = [await submitted(h), await submitted(h)];
  const { document_hash } = await proposal(h, order);
  const [mine, theirs] = [await h.enrol('committee1'), await h.enrol('committee2')];
  const asked = await h.options('committee1', order);
  const send = (who: string, id: number, more: object) => h.ask(who, 'POST', `proposals/${id}/sign`,
    { decision: 'approve', method: 'passkey', nonce: asked.nonce, document_hash, ...more });
  const assertion = mine.sign(asked.options);
  t.equal((await send('committee1', order, { assertion: theirs.sign(asked.options) })).json['code'], 'passkey_unknown', 'the key of a colleague');
  t.equal((await send('committee1', order, { assertion: { ...theirs.sign(asked.options), id: mine.id } })).json['code'], 'assertion_invalid');
  t.equal((await send('committee2', order, { assertion })).json['code'], 'challenge_invalid', 'the challenge of a colleague');
  t.equal((await send('committee1', order, { assertion, decision: 'reject', reason: '不同意' })).json['code'], 'challenge_invalid');
  t.equal((await send('committee1', other, { assertion })).json['code'], 'document_changed', 'another order');
  t.equal((await send('committee1', other, { assertion, document_hash: (await proposal(h, other)).document_hash })).json['code'], 'challenge_invalid');
  for (const forged of [{ user_verified: false }, { user_present: false }, { origin: 'http://127.0.0.1:8080' }, { origin: 'https://localhost.evil.example' },
    { rp_id: 'evil.example' }, { cross_origin: true }, { type: 'webauthn.create' }, { damaged: true }]) {
    t.equal((await send('committee1', order, { assertion: mine.sign(asked.options, forged) })).json['code'], 'assertion_invalid', JSON.stringify(forged));
  }
  // Revoked by its owner, who finds it gone, while the thief holds a challenge.
  await h.ask('committee1', 'POST', '/api/v1/passkeys/revoke', { credential_id: mine.id, reason: 'lost', method: 'password', password: SIGNING_PASSWORD });
  t.equal((await send('committee1', order, { assertion })).json['code'], 'passkey_unknown');
  const good = await h.options('committee2', order);
  const once = { assertion: theirs.sign(good.options), nonce: good.nonce };
  t.equal((await send('committee2', order, once)).json['status'], 'signed');
  t.equal((await send('committee2', order, once)).json['code'], 'challenge_invalid', 'and not twice');
});
