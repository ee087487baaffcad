// A dishonest cashier at the bank's lines: what left may not be explained away, by one hand, behind what others signed for something else.
import { sql } from 'kysely';
import t from 'tap';
import { matchByHand, confirmCandidates } from '../../src/reconciliation/by-hand.ts';
import { changeRule, listRules } from '../../src/reconciliation/rule.ts';
import { listExceptions } from '../../src/reconciliation/suspense.ts';
import { settleDebit } from '../../src/reconciliation/settle.ts';
import { makePayFile } from '../../src/payment/pay-file.ts';
import { proposeAccountChange } from '../../src/bank/account-change.ts';
import { executors } from '../../src/executors.ts';
import { money } from '../../src/kernel/money.ts';
import { signAs } from '../helpers/approved.ts';
import { receive, transfer } from '../disclosure/books.ts';
import { pay, refusalOf } from '../payment/story.ts';
import { scene } from '../reconciliation/scene.ts';

const lamps = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;
const friend = { name: '何某', number: '6217000012345678' };

t.test('a debit to a friend is not settled by somebody else\'s approved order', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-06', amount: '-850.00', ...friend, purpose: '货款' }]);
  await h.run();
  const [alarm] = await h.work((trx) => listExceptions(trx, estate.estate_id));
  t.match(alarm, { amount: '850.00' });
  h.at('2031-10-10 09:00');
  const order = await h.order({ payee: lamps, amount: '850.00' });
  const said = await refusalOf(settleDebit(h.house, { estate, actor, order: order.id, entry: alarm!.seq! }));
  t.not(said, 'no refusal', 'the lamps were not paid by it, and it was signed four days later');
  t.equal((await h.work((trx) => listExceptions(trx, estate.estate_id))).length, 1, 'the alarm stays public');
});

t.test('money lent to a friend for a month is no offset', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  h.at('2031-10-31 09:00');
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-07', amount: '-50000.00', ...friend, purpose: '借款' },
    { on: '2031-10-30', amount: '50000.00', ...friend, purpose: '还款' },
  ]);
  const said = await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2, 3] }));
  await h.run();
  t.not(said, 'no refusal', 'nobody had signed for it');
  t.equal((await h.work((trx) => listExceptions(trx, estate.estate_id))).length, 1, 'the debit is public');
});

t.test('nor is money that was gone for three days', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  h.at('2031-10-31 09:00');
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-07', amount: '-50000.00', ...friend, purpose: '借款' },
    { on: '2031-10-10', amount: '50000.00', ...friend, purpose: '还款' },
  ]);
  const [id] = (await h.candidates(2)).map((one) => one.split(' ')[0]!);
  if (id !== undefined) await confirmCandidates(h.house, { estate, actor, account: '1002', items: [{ position: 2, candidate: id }] });
  await h.run();
  t.equal((await h.work((trx) => listExceptions(trx, estate.estate_id))).length, 1, 'the debit is public');
});

t.test('what was signed for and came back still cancels', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  // Two of one sum: which of them the bank paid is for a person to say.
  await h.order({ payee: lamps, amount: '850.00' });
  await h.order({ payee: lamps, amount: '850.00', purpose: '二期' });
  h.at('2031-10-10 09:00');
  const other = { name: lamps.name, number: lamps.account_number };
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-08', amount: '-850.00', ...other }, { on: '2031-10-09', amount: '850.00', ...other, memo: '退汇' }]);
  t.match((await h.candidates(3)).join(), /offset:2,3 proposed returned/);
  t.equal(await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2, 3] })), 'no refusal');
});

t.test('takings are not netted with a payment that never left', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const order = await h.order({ payee: lamps, amount: '150.00' });
  h.at('2031-10-10 09:00');
  const taken = await receive(h, { date: '2031-10-09', amount: '850.00' });
  const said = await pay(h, order.id, { paid_on: '2031-10-09' });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-09', amount: '700.00', memo: '现金存入' }]);
  t.not(await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2], entries: [taken, said.seq] })), 'no refusal');
});

t.test('a collective debit does not go before its signatures', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  h.at('2031-10-10 09:00');
  const orders = [await h.order({ payee: lamps, amount: '400.00' }), await h.order({ payee: lamps, amount: '450.00' })].map((one) => one.id);
  await makePayFile(h.house, { estate, actor, orders, format: 'plain-csv', bank_account: '1002', account_number: '6222000011118866' });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-07', amount: '-850.00', memo: '现金支取' }]);
  t.not(await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2], orders })), 'no refusal', 'it left three days before');
});

t.test('and neither when the orders were registered as paid', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  h.at('2031-10-10 09:00');
  const orders = [await h.order({ payee: lamps, amount: '400.00' }), await h.order({ payee: lamps, amount: '450.00' })].map((one) => one.id);
  await makePayFile(h.house, { estate, actor, orders, format: 'plain-csv', bank_account: '1002', account_number: '6222000011118866' });
  const entries: number[] = [];
  for (const id of orders) entries.push((await pay(h, id, { paid_on: '2031-10-10' })).seq);
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-07', amount: '-850.00', memo: '现金支取' }]);
  t.not(await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2], entries })), 'no refusal');
});

t.test('a transfer to the estate\'s other account does not stand for money that went to a friend', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const sign = async (item: { proposal_id: number; document_hash: string }): Promise<void> => {
    await signAs(h.house, h.estate, h.persons.manager, 'property', item);
    await signAs(h.house, h.estate, h.persons.committee1, 'committee', item);
    await signAs(h.house, h.estate, h.persons.committee2, 'committee', item);
    await executors.bank_account!(h.house, h.estate, item.proposal_id);
  };
  await sign(await proposeAccountChange(h.house, { estate, actor: h.actorOf('cashier'), reason: '按业委会决定', change: 'open', name_zh: '改造专户', name_en: 'Renovation account',
    bank_name: '中国农业银行简阳支行', account_number: '6228480402564891234', opened_on: '2031-10-06' }));
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  await transfer(h, { date: '2031-10-06', lines: [{ account: '100202', fund: 'service', debit: money('50000.00') }, { account: '1002', fund: 'service', credit: money('50000.00') }] });
  const other = { name: '示例小区', number: '6228480402564891234' };
  await transfer(h, { date: '2031-10-06', lines: [{ account: '100202', fund: 'service', debit: money('70.00') }, { account: '1002', fund: 'service', credit: money('70.00') }] });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-06', amount: '-50000.00', ...friend }, { on: '2031-10-06', amount: '-70.00', ...other }]);
  t.same(await h.candidates(2), []);
  t.match((await h.candidates(3)).join(), / certain /);
  t.match(await h.run(), { alarms: 1 });
});

t.test('what is signed after the fact names who got the money', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-06', amount: '-850.00', ...friend, purpose: '货款' }]);
  await h.run();
  const [alarm] = await h.work((trx) => listExceptions(trx, estate.estate_id));
  t.equal(await refusalOf(h.order({ payee: lamps, amount: '850.00', settles: alarm!.seq } as never)), 'settles_payee_differs');
  t.equal(await refusalOf(h.order({ payee: { ...lamps, name: '何师傅维修部', account_number: friend.number }, amount: '850.00', settles: alarm!.seq } as never)), 'no refusal');
});

t.test('cash is no bank fee, whatever words a cashier puts into the rule', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  await h.mandate({ each: '500.00', month: '500.00' });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-06', amount: '-480.00', memo: '现金支取' }]);
  await h.run();
  const { items } = await h.work((trx) => listRules(trx, estate.estate_id, { limit: 10 }));
  const fees = items.find((one) => one.kind === 'fee')!;
  await changeRule(h.house, { estate, actor, rule_id: fees.rule_id, words: [...fees.words, '现金'] });
  await h.bank.take([{ on: '2031-10-06', amount: '-20.00', memo: '现金支取' }]);
  t.match(await h.run(), { booked: 0, alarms: 1 });
});

t.test('nor is it the collective debit of a pay file that never reached the bank', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const orders = [await h.order({ payee: lamps, amount: '400.00' }), await h.order({ payee: lamps, amount: '450.00' })].map((one) => one.id);
  await makePayFile(h.house, { estate, actor, orders, format: 'plain-csv', bank_account: '1002', account_number: '6222000011118866' });
  h.at('2031-10-10 09:00');
  await h.bank.take([
    { on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-08', amount: '-850.00', memo: '现金支取' },
    { on: '2031-10-08', amount: '-850.00', name: '成都批量商贸有限公司', number: '6217000012345678', memo: '转账' },
  ]);
  t.same(await h.candidates(2), []);
  t.same(await h.candidates(3), []);
  t.not(await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [2], orders })), 'no refusal');
  t.not(await refusalOf(matchByHand(h.house, { estate, actor, account: '1002', positions: [3], orders })), 'no refusal');
});

t.test('a pay file pays whom the document names, whatever stands beside it', async (t) => {
  const h = await scene(t);
  const { estate, estate: { estate_id } } = h;
  const actor = h.actorOf('cashier');
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const order = await h.order({ payee: lamps, amount: '400.00' });
  await h.order({ payee: { ...lamps, account_number: friend.number }, amount: '1.00' });
  // What somebody who has taken over the service may write.
  await h.work((trx) => sql`update payment_order set payee_id = (select payee_id from payee_identity where estate_id = ${estate_id} and account_number = ${friend.number})
    where estate_id = ${estate_id} and proposal_id = ${order.id}`.execute(trx));
  const file = { estate, actor, orders: [order.id], format: 'plain-csv', bank_account: '1002', account_number: '6222000011118866' };
  t.equal(await refusalOf(makePayFile(h.house, file)), 'pay_file_payee_changed');
});
