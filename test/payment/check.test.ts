// What is looked at before anybody is asked to sign.
import t from 'tap';
import { orderChecks } from '../../src/payment/check.ts';
import { changeOrder, type OrderTyped } from '../../src/payment/order.ts';
import { testHouse, type TestHouse } from '../helpers/house.ts';
import { approved, company, drafted, pay, receive, refusalOf, sign, submit, submitted, typedOrder, voucher, within } from './story.ts';

async function statesOf(h: TestHouse, order: number): Promise<Record<string, string>> {
  const checks = await within(h, (trx) => orderChecks(trx, h.estate.estate_id, order));
  return Object.fromEntries(checks.map((check) => [check.code, check.state]));
}

t.test('without a voucher an order is not submitted', async (t) => {
  const h = await testHouse(t);
  await receive(h, '20000.00');
  const order = await drafted(h, { vouchers: [] });
  t.match(await statesOf(h, order), { voucher_attached: 'refused' });
  t.equal(await refusalOf(submit(h, order)), 'voucher_missing');
});

t.test('orders of one invoice together never exceed its total', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const invoice = { number: '25512000000012345678', total: '10000.00' };
  const second = await drafted(h, { amount: '4000.01', invoice });
  const first = await submitted(h, { amount: '6000.00', invoice });
  t.equal(await refusalOf(submit(h, second)), 'invoice_exceeded');
  t.equal(await refusalOf(drafted(h, { amount: '4000.01', invoice })), 'invoice_exceeded', 'already while it is drafted');
  const third = await drafted(h, { amount: '4000.00', invoice });
  t.match(await statesOf(h, third), { invoice_total: 'ok' });
  t.equal(await refusalOf(submit(h, third)), 'no refusal');
  t.equal(await refusalOf(drafted(h, { amount: '0.01', invoice: { ...invoice, total: '20000.00' } })), 'invoice_exceeded', 'the smaller total counts');
  await sign(h, first, 'manager', { decision: 'reject', reason: '重复' });
  t.equal(await refusalOf(submit(h, second)), 'no refusal', 'a rejected order frees its part');
  const lower = await drafted(h, { amount: '1.00', invoice: { number: 'ABCD', total: '5.00' } });
  t.match(await statesOf(h, lower), { invoice_total: 'ok' });
  t.match(await statesOf(h, await drafted(h)), { invoice_total: 'attention' }, 'no invoice is worth a look');
});

t.test('two orders submitted at once cannot both take the rest of an invoice', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const invoice = { number: '25512000000099999999', total: '10000.00' };
  const orders = await Promise.all(Array.from({ length: 6 }, () => drafted(h, { amount: '4000.00', invoice })));
  const answers = await Promise.all(orders.map((order) => refusalOf(submit(h, order))));
  t.equal(answers.filter((answer) => answer === 'no refusal').length, 2);
});

t.test('an order above what its fund has is refused with the figures; approved ones are set aside', async (t) => {
  const h = await testHouse(t);
  await receive(h, '10000.00');
  await receive(h, '500.00', 'public_income');
  const order = await drafted(h, { amount: '10000.01' });
  t.match(await statesOf(h, order), { available: 'refused' });
  const refused = await submit(h, order).then(() => null, (error: unknown) => error as { facts: object });
  t.match(refused?.facts, { available: '10,000.00', amount: '10,000.01', missing: '0.01' });
  t.equal(await refusalOf(drafted(h, { amount: '500.01', fund: 'public_income' }).then((id) => submit(h, id))), 'available_exceeded', 'one fund never pays for another');
  const waiting = await submitted(h, { amount: '6000.00' });
  await approved(h, { amount: '4000.01' });
  t.equal(await refusalOf(drafted(h, { amount: '6000.00' }).then((id) => submit(h, id))), 'available_exceeded');
  await sign(h, waiting, 'manager');
  const last = await sign(h, waiting, 'committee1');
  t.equal(last.status, 'fund_insufficient', 'the last signature finds the sum taken');
  t.match(last.refusal?.facts, { available: '5,999.99', missing: '0.01' });
  const { rows } = await h.superuser.query('select count(*)::int as n from signature where proposal_id = $1', [waiting]);
  t.same(rows, [{ n: 1 }], 'and is not recorded');
});

t.test('a restricted fund pays for nothing else', async (t) => {
  const h = await testHouse(t);
  await h.superuser.query(`select 1`);
  const order = await drafted(h, { fund: 'deposit', account: '5102' });
  t.match(await statesOf(h, order), { fund_use: 'refused' });
  t.equal(await refusalOf(submit(h, order)), 'order_fund_restricted');
});

t.test('what deserves a second look: files, payees, sums', async (t) => {
  const h = await testHouse(t);
  await receive(h, '900000.00');
  const shared = await voucher(h);
  const first = await approved(h, { amount: '1000.00', vouchers: [shared] });
  t.match(await statesOf(h, first), { payee_first: 'attention' });
  await pay(h, first);
  const again = await drafted(h, { amount: '1000.00', vouchers: [shared] });
  t.match(await statesOf(h, again), { voucher_reused: 'attention', payee_first: 'ok' });
  for (const amount of ['1000.00', '1200.00']) await pay(h, await approved(h, { amount }));
  t.match(await statesOf(h, await drafted(h, { amount: '2000.00' })), { payee_usual: undefined });
  t.match(await statesOf(h, await drafted(h, { amount: '2000.01' })), { payee_usual: 'attention' });
  t.equal(await refusalOf(submitted(h, { amount: '2000.01' })), 'no refusal', 'an attention stops nobody');
  t.match(await statesOf(h, await drafted(h, { amount: '99999.99' })), { large: undefined });
  t.match(await statesOf(h, await drafted(h, { amount: '100000.00' })), { large: 'attention' });
  const officer = { kind: 'individual', name: '李委员', bank_name: '农业银行', account_number: '6228480000001234' };
  t.match(await statesOf(h, await drafted(h, { payee: officer })), { payee_officer: 'attention' });
});

t.test('a change of the payee is a change of the account, seen by the next signer', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const order = await drafted(h);
  const other: OrderTyped = await typedOrder(h, { payee: { ...company, account_number: '6222021234560000' } });
  await within(h, (trx) => changeOrder(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order, order: other }));
  await submit(h, order);
  const { rows } = await h.superuser.query<{ last4: string }>(`select document::jsonb -> 'payee' ->> 'account_last4' as last4 from proposal where proposal_id = $1`, [order]);
  t.same(rows, [{ last4: '0000' }]);
});
