// A deposit with a deduction: the money lies apart, what was damaged is kept back under two keys with its evidence, the rest goes
// back to whoever paid, and nobody gets at a neighbour's deposit on the way.
import t from 'tap';
import { proposeDeduction, takeDeposit, type DepositTyped } from '../../src/billing/deposit.ts';
import { readProposal } from '../../src/approval/queries.ts';
import { compareExpected } from '../helpers/expected.ts';
import { openStory, refused } from './story.ts';

const owner = { kind: 'individual', name: '刘小芳', bank_name: '示例农商银行', account_number: '6228 4800 1234 5678 901' };

t.test('a decoration deposit is kept apart, part of it is kept back for the lift door, the rest is returned', async (t) => {
  const story = await openStory(t);
  const { house, estate, actorOf } = story.h;
  const take = (typed: Partial<DepositTyped>, key: string) => takeDeposit(house, {
    estate, actor: actorOf('cashier'), key, typed: { unit: '3-2-101', kind: 'renovation', amount: '2000.00', method: 'bank', payer: '刘小芳', ...typed },
  });
  story.at('2026-10-09 16:00');
  const taken = await take({ paid_on: '2026-10-08' }, 'one');
  t.match(taken, { unit: '3-2-101', receipt: 1, number: '2026-10 收-001' });
  t.same(await take({ paid_on: '2026-10-08' }, 'one'), taken, 'pressed twice');
  const neighbour = await take({ unit: '3栋3单元101', amount: '1500.00', payer: '张伟', method: 'cash' }, 'two');
  t.match(neighbour, { unit: '3-3-101', receipt: 2 });
  t.match(await refused(take({ unit: '9-9-901' }, 'x1')), /^deposit_unit_unknown/);
  t.match(await refused(take({ amount: '0' }, 'x2')), /^deposit_amount_invalid/);
  t.match(await refused(take({ paid_on: '2026-10-10' }, 'x3')), /^deposit_day_invalid/, 'tomorrow has not come');
  t.match(await refused(take({ method: 'opening' }, 'x4')), /^deposit_method_unknown/);

  story.at('2026-10-20 09:00');
  const deduct = (amount: string, key: string, more: Partial<{ reason: string; vouchers: string[] }> = {}) => proposeDeduction(house, {
    estate, actor: actorOf('cashier'), key, typed: { unit: '3-2-101', amount, reason: '修复装修时撞坏的电梯门', vouchers: [evidence], ...more },
  });
  const evidence = await story.paper('维修账单');
  t.match(await refused(deduct('2000.01', 'y1')), /^deposit_exceeded/, 'more than was handed in');
  t.match(await refused(deduct('300.00', 'y2', { vouchers: [] })), /^deposit_vouchers_missing/);
  t.match(await refused(deduct('300.00', 'y3', { reason: '3栋2单元101撞坏电梯门' })), /^deposit_reason_names_unit/);
  const deduction = await deduct('300.00', 'z');
  t.equal((await deduct('300.00', 'z')).proposal_id, deduction.proposal_id, 'pressed twice');
  t.match(await refused(deduct('1700.01', 'y4')), /^deposit_exceeded/, 'what is being kept back is not there a second time');

  const refund = (amount: string, more: object = {}) => story.typed(owner, {
    kind: 'refund', amount, fund: 'deposit', account: '2241', unit: '3-2-101', purpose: '退装修押金，已验收', ...more,
  }).then((order) => story.draft(order));
  t.match(await refused(refund('100.00', { purpose: '退 3-2-101 装修押金' })), /^order_purpose_names_unit/);
  t.match(await refused(refund('100.00', { account: '1123', fund: 'service' })), /^order_unit_unfit/);
  t.match(await refused(refund('100.00', { unit: '9-9-901' })), /^order_unit_unknown/);
  t.match(await refused(refund('1700.01').then((order) => story.submit(order))), /^order_unit_exceeded/, 'the deduction is under way');
  t.match(await refused(refund('1000.00', { unit: null }).then((order) => story.submit(order))), /^order_unit_missing/, 'nothing is held for no dwelling');
  const back = await story.submit(await refund('1700.00'));
  t.match(await refused(refund('0.01').then((order) => story.submit(order))), /^order_unit_exceeded/, 'asked for once');
  const document = (await story.within((trx) => readProposal(trx, estate.estate_id, back.proposal_id)))!.document!;
  t.notMatch(JSON.stringify(document), /3-2-101|刘小芳/, 'the document knows the dwelling by its random name');
  t.same(await story.signBoth(deduction, back), ['approved', 'approved']);
  story.at('2026-10-21 10:00');
  await story.pay(back.proposal_id, '2026-10-21');

  // The neighbour's deposit came in cash and is in transit until it is paid into the bank.
  await story.receive(`
2026-10-21 收 现金存入共管账户
    借 1002 deposit          1,500.00
    贷 1012 deposit          1,500.00
`);
  const text = await story.ledger('2026-10');
  t.notMatch(text, /刘小芳|3-2-101/);
  await compareExpected(t, 'stories/deposit-with-deduction/expected.txt', text);
});
