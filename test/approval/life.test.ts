// Every step of a proposal's life besides signing: who takes it, when, with what reason, and what it leaves.
import t from 'tap';
import { changesBetween } from '../../src/approval/changes.ts';
import { expireDue, hold, release, returnForCorrection, withdraw, type StepAsked } from '../../src/approval/proposal.ts';
import { availableIn, stepsOf } from '../../src/approval/queries.ts';
import { viewProposal } from '../../src/approval/view.ts';
import type { Trx } from '../../src/kernel/database.ts';
import { addDays, instant, today, type Clock } from '../../src/kernel/dates.ts';
import { changeOrder } from '../../src/payment/order.ts';
import { testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import {
  approved, drafted, pay, proposal, receive, refusalOf, sign, submit, submitted, typedOrder, within,
} from '../payment/story.ts';

type Step = (trx: Trx, asked: StepAsked) => Promise<void>;
const take = (h: TestHouse, step: Step, proposal_id: number, who: PersonName, reason?: string) =>
  refusalOf(within(h, (trx) => step(trx, { estate: h.estate, actor: h.actorOf(who), proposal_id, reason })));
const stepNames = async (h: TestHouse, order: number): Promise<string[]> =>
  (await within(h, (trx) => stepsOf(trx, h.estate.estate_id, order))).map((row) => row.step);

t.test('an approved, unpaid order is cancelled by either body or its maker; it is never paid and its sum is free again', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const free = () => within(h, (trx) => availableIn(trx, h.estate.estate_id, 'service'));
  for (const who of ['committee2', 'manager', 'cashier'] as const) {
    const order = await approved(h);
    t.equal(await free(), '13000.00', 'set aside');
    t.equal(await take(h, withdraw, order, 'supervisor', '不该付'), 'return_not_yours');
    t.equal(await take(h, withdraw, order, who), 'reason_missing');
    t.equal(await take(h, withdraw, order, who, '供应商倒闭'), 'no refusal', who);
    t.equal(await free(), '20000.00');
    t.equal(await refusalOf(pay(h, order)), 'order_not_approved');
    t.equal(await take(h, withdraw, order, who, '再来一次'), 'proposal_finished');
    const { rows } = await h.superuser.query(`select body::jsonb ->> 'state_before' as was, body::jsonb ->> 'reason' as reason, body::jsonb ->> 'by' as by
      from record where kind = 'proposal_withdrawn' order by seq desc limit 1`);
    t.same(rows, [{ was: 'approved', reason: '供应商倒闭', by: h.persons[who] }], 'and stands in the log');
  }
  const paid = await approved(h);
  await pay(h, paid);
  t.equal(await take(h, withdraw, paid, 'manager', '后悔'), 'proposal_finished', 'what is paid is corrected in red');
});

t.test('before it is approved only its maker withdraws; a signer who disagrees returns or rejects, and answers for it', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await submitted(h);
  for (const who of ['manager', 'committee1'] as const) t.equal(await take(h, withdraw, order, who, '不要'), 'withdraw_not_yours', who);
  t.equal(await take(h, hold, order, 'manager', '等发票'), 'no refusal');
  t.equal(await take(h, withdraw, order, 'manager', '不要'), 'withdraw_not_yours');
  t.equal(await take(h, returnForCorrection, order, 'committee1', '请补'), 'no refusal');
  t.equal(await take(h, withdraw, order, 'committee1', '不要'), 'withdraw_not_yours');
  t.equal(await take(h, withdraw, order, 'cashier', '不办了'), 'no refusal');
  t.same(await stepNames(h, order), ['submitted', 'held', 'returned', 'withdrawn']);
  const draft = await drafted(h);
  t.equal(await take(h, withdraw, draft, 'manager', '不要'), 'withdraw_not_yours');
  t.equal(await take(h, withdraw, draft, 'cashier'), 'no refusal', 'a draft nobody saw goes without a reason');
  t.same(await stepNames(h, draft), [], 'and without a record');
});

t.test('a rejection is a signature: with its reason on record, by a body that is asked, and the end', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await submitted(h);
  t.equal(await refusalOf(sign(h, order, 'committee1', { decision: 'reject' })), 'reason_missing');
  t.equal((await sign(h, order, 'supervisor', { decision: 'reject', reason: '不行' })).status, 'body_not_asked');
  t.equal((await sign(h, order, 'manager')).status, 'signed');
  t.equal((await sign(h, order, 'committee1', { decision: 'reject', reason: '验收单缺签字' })).status, 'rejected');
  t.match(await proposal(h, order), { state: 'rejected', reason: '验收单缺签字' });
  const { rows } = await h.superuser.query(`select body::jsonb ->> 'decision' as decision, body::jsonb ->> 'reason' as reason
    from record where kind = 'signature' order by seq desc limit 1`);
  t.same(rows, [{ decision: 'reject', reason: '验收单缺签字' }]);
  for (const step of [withdraw, returnForCorrection, hold, release]) {
    t.match(await take(h, step, order, 'cashier', '再来'), /proposal_(finished|not_open|not_held)/);
  }
  t.equal((await sign(h, order, 'committee2')).status, 'proposal_not_open');
});

t.test('held, nobody signs; released they do; both run out on the last day for signing', async (t) => {
  let now = instant('2026-11-23T02:00:00Z');
  const clock: Clock = () => now;
  const h = await testHouse(t, { demo_clock: clock, first_period: '2026-10' });
  const go = (days: number): void => { now = instant(`${addDays(today(clock), days)}T02:00:00Z`); };
  await receive(h, '20000.00');
  const [held, open] = [await submitted(h, { amount: '10.00' }), await submitted(h, { amount: '20.00' })];
  t.equal(await take(h, hold, held, 'manager'), 'reason_missing');
  t.equal(await take(h, hold, held, 'manager', '等发票'), 'no refusal');
  t.equal((await sign(h, held, 'committee1')).status, 'proposal_not_open');
  t.equal(await take(h, hold, held, 'committee1', '也等'), 'proposal_not_open');
  t.equal(await take(h, release, held, 'committee2'), 'no refusal', 'either body goes on');
  t.equal(await take(h, release, held, 'committee2'), 'proposal_not_held');
  t.equal((await sign(h, held, 'committee1')).status, 'signed');
  await take(h, hold, held, 'manager', '还等');
  go(30);
  t.equal((await proposal(h, open)).expires_on, today(clock));
  t.equal(await within(h, (trx) => expireDue(trx, h.estate)).then(String), '', 'the last day still counts');
  go(1);
  t.equal((await sign(h, open, 'manager')).status, 'proposal_expired', 'also before the job has run');
  t.equal(await take(h, release, held, 'manager'), 'proposal_expired');
  t.same(await within(h, (trx) => expireDue(trx, h.estate)), [held, open]);
  t.same(await within(h, (trx) => expireDue(trx, h.estate)), [], 'once');
  t.same([(await proposal(h, held)).state, (await proposal(h, open)).state], ['expired', 'expired']);
  t.equal(await take(h, withdraw, open, 'cashier', '算了'), 'proposal_finished');
});

t.test('the next version voids the signatures and shows each field that differs', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await submitted(h, { purpose: '灯具' });
  await sign(h, order, 'manager');
  await take(h, returnForCorrection, order, 'committee1', '金额不对');
  t.equal((await sign(h, order, 'committee1')).status, 'proposal_not_open');
  const typed = await typedOrder(h, { amount: '6000.00', purpose: '灯具', vouchers: (await proposal(h, order)).document!['vouchers'] as string[] });
  await within(h, (trx) => changeOrder(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order, order: typed }));
  await submit(h, order);
  const view = await within(h, (trx) => viewProposal(trx, { estate: h.estate, actor: h.actorOf('committee1'), proposal_id: order }));
  t.match(view, { version: 2, signatures: [], earlier_signatures: [{ body: 'property' }] });
  t.same(view.changes, [{ field: 'amount', before: '7000.00', after: '6000.00' }]);
  t.equal((await sign(h, order, 'committee1')).status, 'signed');
  t.equal((await sign(h, order, 'manager')).status, 'approved', 'who signed the version before signs again');
});

t.test('changes are told field by field, nested ones by their path, lists of parts by the parts that differ', async (t) => {
  const payment = {
    kind: 'payment', version: 1, amount: '10.00', payee: { payee_id: 1, name: '甲公司' }, payee_class: 'company', vouchers: ['a'],
    postings: [{ account: '5102' }],
  };
  t.same(changesBetween(payment, {
    ...payment, version: 2, payee_class: 'officer', class: 'emergency', emergency_reason: '水管爆裂',
    resolution: { title: '业主大会决议', date: '2026-09-12', voucher: 'ff' }, postings: [{ account: '5103' }], vouchers: ['a', 'b'],
  }), [
    { field: 'class', before: 'normal', after: 'emergency' },
    { field: 'emergency_reason', before: '', after: '水管爆裂' },
    { field: 'payee_class', before: 'company', after: 'officer' },
    { field: 'resolution.date', before: '', after: '2026-09-12' },
    { field: 'resolution.title', before: '', after: '业主大会决议' },
    { field: 'resolution.voucher', before: '', after: 'ff' },
    { field: 'vouchers', before: '["a"]', after: '["a","b"]' },
  ], 'the lines of a payment follow from the rest');
  const rule = (kind: string, committee: number) => ({ kind, amount_from: '0.00', bodies: { committee, property: 1 } });
  const change = { kind: 'rule', ends: [1, 2], rules: [rule('payment', 1), rule('close', 1), rule('budget', 2)], valid_from: '2026-12-01' };
  t.same(changesBetween(change, { ...change, rules: [rule('budget', 2), rule('payment', 1), rule('close', 2)] }), [{
    field: 'rules', before: '[{"amount_from":"0.00","bodies":{"committee":1,"property":1},"kind":"close"}]',
    after: '[{"amount_from":"0.00","bodies":{"committee":2,"property":1},"kind":"close"}]',
  }]);
  t.same(changesBetween(change, { ...change, rules: [...change.rules].reverse() }), [], 'another order says the same');
  t.same(changesBetween({ postings: [{ account: '1', debit: '1.00' }] }, { postings: [{ account: '1', debit: '2.00' }] }),
    [{ field: 'postings', before: '[{"account":"1","debit":"1.00"}]', after: '[{"account":"1","debit":"2.00"}]' }], 'of a transfer they are the matter');
  const membership = { change: 'appoint', person: 'p1', ends_on: '2027-01-01' };
  t.same(changesBetween(membership, { ...membership, person: 'p2' }), [{ field: 'person', before: 'p1', after: 'p2' }]);
});
