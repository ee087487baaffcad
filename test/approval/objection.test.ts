// Objections, comments, announcements: who may say what, who answers, and that nothing is carried out meanwhile.
import t from 'tap';
import { sql } from 'kysely';
import type { FastifyInstance } from 'fastify';
import { buildApp } from '../../src/app.ts';
import { answerObjection, comment, object } from '../../src/approval/objection.ts';
import { announcedNow, announcements, objectionsOf, readTalk } from '../../src/approval/objection-queries.ts';
import { returnForCorrection, withdraw } from '../../src/approval/proposal.ts';
import { stepsOf } from '../../src/approval/queries.ts';
import { executeApproved } from '../../src/approval/sign.ts';
import { viewProposal } from '../../src/approval/view.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { assembleFigures } from '../../src/disclosure/assemble.ts';
import { executors } from '../../src/executors.ts';
import { addDays, instant, today, type Clock } from '../../src/kernel/dates.ts';
import { proposeClose } from '../../src/ledger/close.ts';
import { proposeReversal, proposeTransfer } from '../../src/ledger/correction.ts';
import { signIn, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { addRule } from '../payment/rules.ts';
import { approved, databaseSays, drafted, pay, proposal, receive, refusalOf, sign, submitted, within } from '../payment/story.ts';

const raise = (h: TestHouse, proposal_id: number, who: PersonName, text = '报价比去年高一倍，请说明。') =>
  within(h, (trx) => object(trx, { estate: h.estate, actor: h.actorOf(who), proposal_id, text }));
const answer = (h: TestHouse, objection_id: number, who: PersonName, text = '今年多换了两台水泵，附报价对比。') =>
  within(h, (trx) => answerObjection(trx, { estate: h.estate, actor: h.actorOf(who), objection_id, text }));

/** A house whose days one can turn. */
async function dated(t: Parameters<typeof testHouse>[0]): Promise<{ h: TestHouse; go: (days: number) => void; day: () => string }> {
  let now = instant('2026-11-23T02:00:00Z');
  const clock: Clock = () => now;
  const h = await testHouse(t, { demo_clock: clock, first_period: '2026-09' });
  return { h, go: (days) => { now = instant(`${addDays(today(clock), days)}T02:00:00Z`); }, day: () => today(clock) };
}

t.test('a supervisor objects; the order is paid only after somebody else has answered', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  const { objection_id } = await raise(h, order, 'supervisor');
  t.equal(await refusalOf(raise(h, order, 'supervisor', '再问一次')), 'objection_waits', 'one is enough to stop it');
  await sign(h, order, 'manager');
  t.equal((await sign(h, order, 'committee1')).status, 'approved', 'objecting does not keep the keys from signing');
  t.equal(await refusalOf(pay(h, order)), 'order_objected');
  t.equal(await refusalOf(answer(h, objection_id, 'supervisor')), 'objection_own_answer');
  t.equal(await refusalOf(answer(h, objection_id, 'street')), 'objection_answer_not_yours', 'a body that is not asked');
  t.equal(await refusalOf(answer(h, objection_id, 'auditor')), 'not_allowed');
  t.equal(await refusalOf(answer(h, objection_id, 'resident')), 'not_allowed');
  t.equal(await refusalOf(answer(h, 999, 'cashier')), 'objection_unknown');
  t.same(await answer(h, objection_id, 'cashier'), { objection_id, proposal_id: order });
  t.equal(await refusalOf(answer(h, objection_id, 'manager')), 'objection_answered_already');
  t.equal((await pay(h, order)).status, 'posted');
  t.equal(await refusalOf(raise(h, order, 'street')), 'objection_too_late', 'what is paid is asked about, not objected to');
});

t.test('whoever may: supervisors, street and community at any time, owners only while it is announced', async (t) => {
  const { h, go, day } = await dated(t);
  await addRule(h, { kind: 'payment', fund: 'public_income', notice_days: 7 });
  await receive(h, '90000.00', 'public_income');
  await receive(h, '90000.00');
  const plain = await submitted(h);
  const order = await submitted(h, { fund: 'public_income' });
  t.equal((await proposal(h, order)).payable_from, addDays(day(), 7));
  for (const who of ['cashier', 'manager', 'committee1', 'auditor'] as const) t.equal(await refusalOf(raise(h, order, who)), 'not_allowed', who);
  t.equal(await refusalOf(raise(h, order, 'stranger')), 'estate_unknown');
  t.equal(await refusalOf(raise(h, plain, 'resident')), 'proposal_not_public', 'not announced, not shown');
  t.equal((await raise(h, order, 'street')).objection_id > 0, true);
  const { objection_id } = await raise(h, order, 'resident');
  t.equal(await refusalOf(answer(h, objection_id, 'committee2')), 'no refusal', 'a signer of a body that is asked');
  for (const _ of [1, 2]) await answer(h, (await raise(h, order, 'resident', '还是没有说清楚')).objection_id, 'manager');
  t.equal(await refusalOf(raise(h, order, 'resident')), 'too_many_objections');
  go(6);
  t.equal(await refusalOf(raise(h, order, 'resident')), 'too_many_objections', 'the last day of the notice');
  go(1);
  t.equal(await refusalOf(raise(h, order, 'resident')), 'objection_not_announced', 'the first day it may be paid');
  t.equal(await refusalOf(raise(h, order, 'supervisor', '等一下')), 'no refusal');
});

t.test('an announced order is read by every owner from its submission on, and paid not before its day', async (t) => {
  const { h, go, day } = await dated(t);
  await addRule(h, { kind: 'payment', fund: 'public_income', notice_days: 3 });
  await receive(h, '90000.00', 'public_income');
  const order = await submitted(h, { fund: 'public_income' });
  const seen = () => within(h, (trx) => viewProposal(trx, { estate: h.estate, actor: h.actorOf('resident'), proposal_id: order }));
  t.match(await seen(), { state: 'submitted', amount: '7000.00' });
  t.match(await within(h, (trx) => announcedNow(trx, h.estate.estate_id)), { count: 1, amount: '7000.00' });
  await sign(h, order, 'manager');
  await sign(h, order, 'committee1');
  const early = await pay(h, order).then(() => null, (error: unknown) => error as { code: string; facts: object; field: string });
  t.match(early, { code: 'order_in_notice', facts: { payable_from: addDays(day(), 3), entry_date: day() }, field: 'paid_on' });
  go(3);
  t.equal(await refusalOf(pay(h, order, { paid_on: addDays(day(), -1) })), 'order_in_notice', 'nor dated back into the notice');
  t.match(await within(h, (trx) => announcedNow(trx, h.estate.estate_id)), { count: 0 });
  t.match((await within(h, (trx) => announcements(trx, h.estate.estate_id, { ended: 9 }))).open, [{ proposal_id: order, runs: false }]);
  t.equal((await pay(h, order)).status, 'posted');
  const list = await within(h, (trx) => announcements(trx, h.estate.estate_id, { ended: 9 }));
  t.match(list, { open: [], ended: [{ proposal_id: order, state: 'executed' }] });
  const rejected = await submitted(h, { fund: 'public_income' });
  await sign(h, rejected, 'committee1', { decision: 'reject', reason: '先比价' });
  t.match(await within(h, (trx) => viewProposal(trx, { estate: h.estate, actor: h.actorOf('resident'), proposal_id: rejected })),
    { state: 'rejected' }, 'what became of it is theirs to know');
});

t.test('an owner is never named: not on a page, not over the interface; in the log stands an opaque id', async (t) => {
  const { h } = await dated(t);
  await addRule(h, { kind: 'payment', fund: 'public_income', notice_days: 7 });
  await receive(h, '90000.00', 'public_income');
  const order = await submitted(h, { fund: 'public_income' });
  await raise(h, order, 'resident');
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const manager = await signIn(app, 'manager');
  const api = await app.inject({ url: `/api/v1/estates/test/proposals/${order}/objections`, headers: manager });
  t.match(api.json(), { items: [{ body: null, body_zh: null, mine: false, answer: null }] });
  t.notOk(api.body.includes(h.persons.resident));
  const page = await app.inject({ url: `/e/test/proposals/${order}`, headers: { ...manager, accept: 'text/html' } });
  t.match(page.body, '一位业主');
  t.notMatch(page.body, '王阿姨');
  const mine = await app.inject({ url: `/e/test/proposals/${order}`, headers: { ...await signIn(app, 'resident'), accept: 'text/html' } });
  t.match(mine.body, '一位业主（您）');
  const { rows } = await h.superuser.query(`select kind, body::jsonb - 'document_hash' as body from record where kind like 'objection%'`);
  t.match(rows, [{ kind: 'objection_raised', body: { proposal: order, version: 1, by: null, body: null } }]);
});

t.test('the database itself: no answer to oneself, no second answer, no objection to what is paid, nothing changed', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await approved(h);
  const { objection_id } = await raise(h, order, 'supervisor');
  const asApp = (query: ReturnType<typeof sql>): Promise<string> => databaseSays(within(h, (trx) => query.execute(trx)));
  const { estate_id } = h.estate;
  const own = (by: string) => sql`insert into objection_answer (estate_id, objection_id, answer, body, answered_by, answered_at, seq)
    values (${estate_id}, ${objection_id}, '可以', 'property', ${by}, now(), 1)`;
  t.equal(await asApp(own(h.persons.supervisor)), 'objection_own_answer');
  t.equal(await asApp(own(h.persons.manager)), 'accepted');
  t.equal(await asApp(own(h.persons.cashier)), 'objection_answered_once');
  t.match(await asApp(sql`update objection set objection = '没事'`), /permission|append_only/);
  t.match(await databaseSays(h.superuser.query(`delete from objection`)), /append_only/);
  await pay(h, order);
  t.equal(await asApp(sql`insert into objection (estate_id, proposal_id, body, objected_by, objection, objected_at, seq)
    values (${estate_id}, ${order}, 'supervisor', ${h.persons.supervisor}, '太晚', now(), 1)`), 'objection_too_late');
});

t.test('a transfer, a reversal and a close wait as a payment does, and are carried out by the job afterwards', async (t) => {
  const { h, go, day } = await dated(t);
  for (const kind of ['transfer', 'reversal'] as const) await addRule(h, { kind, fund: 'service', notice_days: 5 });
  await receive(h, '5000.00');
  const actor = h.actorOf('cashier');
  const transfer = await proposeTransfer(h.house, {
    estate: h.estate, actor, description: '暂收转物业费',
    postings: [{ account: '4109', fund: 'service', debit: '100.00' }, { account: '4101', fund: 'service', credit: '100.00' }],
  });
  const { rows: [receipt] } = await h.superuser.query<{ seq: number }>('select seq from journal_entry order by seq limit 1');
  const reversal = await proposeReversal(h.house, { estate: h.estate, actor, seq: Number(receipt!.seq), reason: '重复' });
  const signAll = async (proposal_id: number) => {
    await sign(h, proposal_id, 'manager');
    return sign(h, proposal_id, 'committee1');
  };
  const run = () => executeApproved(h.house, h.estate, executors);
  for (const one of [transfer, reversal]) t.equal((await signAll(one.proposal_id)).status, 'approved');
  t.same(await run(), [], 'announced: it stays approved');
  t.equal((await proposal(h, transfer.proposal_id)).state, 'approved');
  const { objection_id } = await raise(h, transfer.proposal_id, 'supervisor');
  go(5);
  t.same(await run(), [reversal.proposal_id], 'the other is objected to');
  t.same((await h.superuser.query('select entry_date::text from journal_entry where reverses is not null')).rows, [{ entry_date: day() }],
    'dated on the day it is booked: the notice ran beyond the day that was signed');
  await answer(h, objection_id, 'committee1');
  t.same(await run(), [transfer.proposal_id]);
  t.same(await run(), [], 'once');

  const close = await proposeClose(h.house, { estate: h.estate, actor, period: '2026-09' });
  const objected = await raise(h, close.proposal_id, 'supervisor');
  await signAll(close.proposal_id);
  t.same(await run(), []);
  t.match((await within(h, (trx) => sql<{ s: string }>`select close_period(${h.estate.estate_id}, ${close.proposal_id}) as s`.execute(trx))).rows,
    [{ s: 'order_objected' }], 'the door says so too');
  await answer(h, objected.objection_id, 'committee2');
  t.same(await run(), [close.proposal_id]);
});

t.test('whoever gives the last signature is told calmly when it will be carried out', async (t) => {
  const { h } = await dated(t);
  await addRule(h, { kind: 'transfer', fund: 'service', notice_days: 8 });
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const { proposal_id } = await proposeTransfer(h.house, {
    estate: h.estate, actor: h.actorOf('cashier'), description: '暂收转物业费',
    postings: [{ account: '4109', fund: 'service', debit: '100.00' }, { account: '4101', fund: 'service', credit: '100.00' }],
  });
  await sign(h, proposal_id, 'manager');
  const answerOf = await app.inject({
    method: 'POST', url: `/api/v1/estates/test/proposals/${proposal_id}/sign`, headers: { ...await signIn(app, 'committee1'), 'accept-language': 'zh' },
    payload: { decision: 'approve', method: 'password', password: 'both-keys-for-one' },
  });
  t.match(answerOf.json(), { status: 'approved', state: 'approved', detail: '已签齐，公示期满（12月1日）后自动办理。' });
});

t.test('an answered objection stays answered through the next version; an open one stays open', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  const { objection_id } = await raise(h, order, 'supervisor');
  await within(h, (trx) => returnForCorrection(trx, { estate: h.estate, actor: h.actorOf('manager'), proposal_id: order, reason: '请补报价' }));
  t.equal(await refusalOf(raise(h, order, 'street')), 'objection_too_late', 'it is back with its maker');
  await answer(h, objection_id, 'cashier', '已按异议改小');
  const talk = await within(h, async (trx) => readTalk(trx, { estate: h.estate, actor: h.actorOf('supervisor'), proposal: await viewProposal(trx, { estate: h.estate, actor: h.actorOf('supervisor'), proposal_id: order }) }));
  t.match(talk, { objections: [{ mine: true, body: 'supervisor', answer: { body: 'property', answer: '已按异议改小' } }], may_comment: true, may_answer: false });
  t.match((await within(h, (trx) => objectionsOf(trx, h.estate.estate_id, [order], h.persons.manager)))[0], { mine: false });
});

t.test('objecting and paying at once: whichever comes first, nothing is paid over an open objection', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const outcomes = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    const order = await approved(h, { amount: '10.00' });
    const works = [() => refusalOf(raise(h, order, 'supervisor')), () => refusalOf(pay(h, order)), () => refusalOf(raise(h, order, 'street'))];
    const turned = works.map((_, index) => works[(index + round) % works.length]!);
    await Promise.all(turned.map((work) => work()));
    const { rows: [found] } = await h.superuser.query<{ state: string; objections: number; late: number }>(
      `select o.state, (select count(*)::int from objection j where j.proposal_id = o.proposal_id) as objections, (select count(*)::int from objection j
         where j.proposal_id = o.proposal_id and j.seq < (select seq from journal_entry e where e.proposal_id = o.proposal_id)) as late
       from proposal o where o.proposal_id = $1`, [order]);
    t.equal(found!.late, 0, 'no entry after an objection');
    t.ok(found!.state === 'executed' ? found!.objections === 0 : found!.objections > 0, `${found!.state}, ${found!.objections}`);
    outcomes.add(found!.state);
  }
  t.comment([...outcomes].join(', '));
});

t.test('comments of those in office stand among what happened and stop nothing', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  const say = (who: PersonName, text: string, proposal_id = order) =>
    within(h, (trx) => comment(trx, { estate: h.estate, actor: h.actorOf(who), proposal_id, text }));
  for (const who of ['cashier', 'manager', 'committee1', 'supervisor', 'street'] as const) t.equal(await refusalOf(say(who, '看过了，没有意见。')), 'no refusal', who);
  for (const who of ['resident', 'auditor'] as const) t.equal(await refusalOf(say(who, '看过了')), 'not_allowed', who);
  t.equal(await refusalOf(say('stranger', '看过了')), 'estate_unknown');
  t.equal(await refusalOf(say('manager', '打 13812345678 问他')), 'text_personal');
  t.equal(await refusalOf(say('manager', '？')), 'text_too_short');
  t.equal(await refusalOf(say('manager', '字'.repeat(501))), 'text_too_long');
  t.equal(await refusalOf(say('manager', '看看', 999)), 'proposal_unknown');
  t.equal(await refusalOf(say('manager', '看看', await drafted(h))), 'comment_too_early');
  await sign(h, order, 'manager');
  await sign(h, order, 'committee1');
  const steps = await within(h, (trx) => stepsOf(trx, h.estate.estate_id, order));
  t.match(steps[2], { step: 'commented', body: 'property', office: 'manager', reason: '看过了，没有意见。' });
  t.equal((await pay(h, order)).status, 'posted');
});

t.test('the interface and the forms: said once, wrong ones come back as they were typed', async (t) => {
  const { h } = await dated(t);
  await addRule(h, { kind: 'payment', fund: 'public_income', notice_days: 7 });
  await receive(h, '90000.00', 'public_income');
  const order = await submitted(h, { fund: 'public_income' });
  const app: FastifyInstance = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const resident = await signIn(app, 'resident');
  const cashier = await signIn(app, 'cashier');
  const post = (url: string, headers: object, text: string) => app.inject({ method: 'POST', url: `/api/v1/estates/test${url}`, headers: { ...headers }, payload: { text } });
  const key = { ...resident, 'idempotency-key': 'one' };
  const first = await post(`/proposals/${order}/objections`, key, '为什么不招标？');
  t.equal(first.statusCode, 201);
  t.same((await post(`/proposals/${order}/objections`, key, '为什么不招标？')).json(), first.json(), 'pressed twice');
  t.equal((await post(`/proposals/${order}/objections`, resident, '为什么不招标？')).json().code, 'objection_waits');
  t.equal((await post(`/proposals/${order}/comments`, resident, '为什么')).statusCode, 403);
  t.equal((await post(`/proposals/${order}/comments`, cashier, '已补报价')).statusCode, 201);
  t.equal((await app.inject({ method: 'POST', url: `/api/v1/estates/test/proposals/${order}/objections`, payload: { text: '为什么' } })).statusCode, 401);
  const { objection_id } = first.json();
  t.equal((await post(`/objections/${objection_id}/answer`, cashier, '三家比价，附后')).statusCode, 201);
  const list = await app.inject({ url: '/api/v1/estates/test/announcements', headers: resident });
  t.match(list.json(), { items: [{ proposal_id: order, runs: true, objections: 1, unanswered: 0, payable_from: '2026-11-30' }], ended: [] });

  const page = async (url: string, headers: object, lang = 'zh') =>
    (await app.inject({ url: `/e/test${url}`, headers: { ...headers, accept: 'text/html', 'accept-language': lang } }));
  const form = (url: string, headers: object, fields: Record<string, string>) => app.inject({
    method: 'POST', url: `/e/test${url}`, payload: new URLSearchParams(fields).toString(),
    headers: { ...headers, accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'zh' },
  });
  const shown = await page('/announcements', resident);
  for (const words of ['公示中的支出', '7,000.00', '11月29日', '为什么不招标？', '三家比价，附后', '提书面异议']) t.match(shown.body, words, words);
  t.match((await page('/announcements', resident, 'en')).body, 'Announced spending');
  t.match((await page('', resident)).body, '公示中的支出');
  t.match((await page('', resident)).body, '7,000.00 元');
  t.match((await page(`/proposals/${order}`, cashier)).body, '已补报价');
  const wrong = await form(`/proposals/${order}/objections`, resident, { text: '电话 13812345678', form_key: 'f1' });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, '电话 13812345678');
  t.match(wrong.body, '像手机号（138…78）');
  const sent = await Promise.all([1, 2, 3].map(() => form(`/proposals/${order}/objections`, resident, { text: '请公开三家报价', form_key: 'f2' })));
  t.same(sent.map((one) => one.statusCode), [303, 303, 303]);
  t.equal(sent[0]!.headers['location'], `/e/test/proposals/${order}?done=objected#talk`);
  const [, second] = await within(h, (trx) => objectionsOf(trx, h.estate.estate_id, [order], h.persons.resident));
  t.match(second, { objection: '请公开三家报价', answer: null });
  const bad = await form(`/objections/${second!.objection_id}/answer`, cashier, { text: '好' });
  t.equal(bad.statusCode, 422);
  t.match(bad.body, '至少 2 个字');
  t.equal((await form(`/objections/${second!.objection_id}/answer`, resident, { text: '我来答' })).statusCode, 403);
  t.equal((await form(`/objections/${second!.objection_id}/answer`, cashier, { text: '明天贴到公告栏' })).statusCode, 303);
  t.equal((await form(`/proposals/${order}/comments`, cashier, { text: '已贴' })).statusCode, 303);
  t.equal((await form('/objections/999/answer', cashier, { text: '明天贴' })).statusCode, 404);
  t.equal((await page(`/proposals/${order}/objections`, resident)).statusCode, 200);
});

t.test('page one of the disclosure counts objections nobody has answered', async (t) => {
  const { h } = await dated(t);
  await receive(h, '90000.00');
  const order = await submitted(h);
  const notices = async (): Promise<string[]> => (await assembleFigures(h.house, h.estate, '2026-10', { version: 1, published_at: null, correction: null }))
    .notices.map((one) => one.text_zh);
  const { objection_id } = await raise(h, order, 'supervisor');
  t.ok((await notices()).includes('有 1 条书面异议没有答复，涉及 1 件事项；答复以前不能办理。'));
  await answer(h, objection_id, 'cashier');
  t.notMatch((await notices()).join(''), '异议');
  await raise(h, order, 'street', '还有疑问');
  await within(h, (trx) => withdraw(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order, reason: '不办了' }));
  t.notMatch((await notices()).join(''), '异议', 'nothing waits for it any more');
});
