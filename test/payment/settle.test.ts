// Orders signed after the fact: the bank has paid already, the order explains it, and nothing is paid a second time.
import t from 'tap';
import { executeApproved, signProposals } from '../../src/approval/sign.ts';
import { executors } from '../../src/executors.ts';
import { entryBody } from '../../src/ledger/entry.ts';
import { postEntries } from '../../src/ledger/gate.ts';
import { today } from '../../src/kernel/dates.ts';
import { money } from '../../src/kernel/money.ts';
import { makePayFile } from '../../src/payment/pay-file.ts';
import { changeOrder } from '../../src/payment/order.ts';
import { paymentBodies } from '../../src/payment/pay.ts';
import { readOrder } from '../../src/payment/queries.ts';
import { settleOrder, suspenseOf } from '../../src/payment/settle.ts';
import { bankOf } from '../helpers/bank-lines.ts';
import { SIGNING_PASSWORD, signIn, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';
import { smallApp } from './small-app.ts';
import { approved, drafted, next, pay, proposal, receive, refusalOf, submit, submitted, typedOrder, within } from './story.ts';

/** The bank paid somebody; nobody knows why. Gives the entry on 1291. */
async function unexplained(h: TestHouse, bank: ReturnType<typeof bankOf>, amount: string, position: number, fund = 'service'): Promise<number> {
  const day = today(h.house.clock);
  await bank.take([[day, `-${amount}`]], position === 1 ? { opening: '90000.00' } : {});
  const body = entryBody({
    kind: 'payment', entry_date: day, description: '待核实支出', key: `line ${next()}`, made_by: h.persons.cashier, bank_line: { account: '1002', position },
    postings: [{ account: '1291', fund, debit: money(amount) }, { account: '1002', fund, credit: money(amount) }],
  });
  const [result] = await within(h, (trx) => postEntries(trx, h.estate.estate_id, [body]));
  if (result?.status !== 'posted') throw new Error(`suspense: ${result?.status}`);
  return result.seq!;
}

async function signBoth(h: TestHouse, proposal_id: number): Promise<Awaited<ReturnType<typeof signProposals>>[number]> {
  let last;
  for (const who of ['manager', 'committee1'] satisfies PersonName[]) {
    const { document_hash } = await proposal(h, proposal_id);
    [last] = await signProposals(h.house, {
      estate: h.estate, actor: h.actorOf(who), items: [{ proposal_id, document_hash: document_hash! }], decision: 'approve', method: 'password',
      password: SIGNING_PASSWORD,
    }, executors);
  }
  return last!;
}

const linesOf = async (h: TestHouse, proposal_id: number): Promise<string[]> => {
  const { rows } = await h.superuser.query<{ line: string }>(`select concat_ws(' ', p.account, p.fund, p.debit, p.credit) as line
    from posting p join journal_entry e using (estate_id, seq) where e.proposal_id = $1 order by p.line`, [proposal_id]);
  return rows.map((row) => row.line);
};

t.test('an order after the fact explains a debit, books itself when it is signed, and is never paid', async (t) => {
  const h = await testHouse(t);
  const { estate } = h;
  await receive(h, '800.00');
  await receive(h, '5000.00', 'public_income');
  const bank = bankOf(h);
  const seq = await unexplained(h, bank, '800.00', 1);

  t.equal(await refusalOf(drafted(h, { settles: seq + 1000 })), 'settles_unknown');
  t.equal(await refusalOf(drafted(h, { settles: seq, amount: '800.01' })), 'settles_exceeded');
  t.equal(await refusalOf(drafted(h, { settles: seq, amount: '1.00', class: 'emergency', emergency_reason: '急' })), 'settles_is_no_emergency');
  t.equal(await refusalOf(drafted(h, { account: '1291' })), 'order_account_unfit', 'nobody books to suspense by hand');
  t.equal(await refusalOf(drafted(h, { account: '2291', kind: 'refund' })), 'order_account_unfit');

  // The fund is empty: its money has gone already, so the order needs none.
  const first = await submitted(h, { settles: seq, amount: '600.00', bank_account: '1001' });
  const order = await within(h, (trx) => readOrder(trx, estate.estate_id, first));
  t.equal(order.bank_account, '1002', 'the account that was charged, whatever was typed');
  const { document } = await proposal(h, first);
  t.match(document, { after_the_fact: { entry: seq, number: order.settles_number, paid_on: today(h.house.clock) } });
  t.equal(await refusalOf(drafted(h, { settles: seq, amount: '200.01' })), 'settles_exceeded', 'what another order asks is not left');
  t.equal(await refusalOf(within(h, async (trx) => {
    const second = await typedOrder(h, { settles: seq, amount: '200.00' });
    await changeOrder(trx, { estate, actor: h.actorOf('cashier'), proposal_id: await drafted(h, { amount: '1.00' }), order: second });
  })), 'order_settles_stays');
  t.equal(await refusalOf(pay(h, first)), 'order_after_the_fact');

  const result = await signBoth(h, first);
  t.match(result, { status: 'approved', not_executed: undefined });
  t.match(await proposal(h, first), { state: 'executed' });
  t.same(await linesOf(h, first), ['5102 service 600.00 0.00', '1291 service 0.00 600.00']);
  const { rows: [entry] } = await h.superuser.query(`select kind, description, settles from journal_entry where proposal_id = $1`, [first]);
  t.match(entry, { kind: 'transfer', description: /^事后补单：地下车库灯具更换（/, settles: seq });
  t.match(await within(h, (trx) => suspenseOf(trx, estate.estate_id, seq)), { left: '200.00' });
  t.equal(await refusalOf(pay(h, first)), 'order_after_the_fact', 'not afterwards either');

  // Another fund bears the rest: it needs the money, and gives it to the fund that was charged.
  const second = await submitted(h, { settles: seq, amount: '200.00', fund: 'public_income' });
  await signBoth(h, second);
  t.same(await linesOf(h, second), [
    '5102 public_income 200.00 0.00', '1002 public_income 0.00 200.00', '1002 service 200.00 0.00', '1291 service 0.00 200.00',
  ]);
  t.match(await within(h, (trx) => suspenseOf(trx, estate.estate_id, seq)), { left: '0.00' });
  t.equal(await refusalOf(drafted(h, { settles: seq, amount: '0.01' })), 'settles_settled');
});

t.test('orders that were approved in time wait for the bank, go into no trouble, and may settle an unmatched line', async (t) => {
  const h = await testHouse(t);
  const { estate, house } = h;
  await receive(h, '50000.00');
  const order = await approved(h, { amount: '500.00' });
  t.same(await executeApproved(house, estate, executors), [], 'nothing is carried out by itself');
  t.match(await proposal(h, order), { state: 'approved' });

  const bank = bankOf(h);
  const seq = await unexplained(h, bank, '500.00', 1);
  t.equal(await refusalOf(settleOrder(house, { estate, actor: h.actorOf('committee1'), proposal_id: order, suspense_seq: seq })), 'not_allowed');
  const settled = await settleOrder(house, { estate, actor: h.actorOf('cashier'), proposal_id: order, suspense_seq: seq });
  t.match(settled, { status: 'posted' });
  t.same(await linesOf(h, order), ['5102 service 500.00 0.00', '1291 service 0.00 500.00']);
  t.match(await settleOrder(house, { estate, actor: h.actorOf('cashier'), proposal_id: order, suspense_seq: seq }), { status: 'already_posted' },
    'sent twice, booked once');
  const { rows: [entry] } = await h.superuser.query(`select description from journal_entry where proposal_id = $1`, [order]);
  t.notMatch(entry.description, /事后补单/, 'it was signed before the bank paid');

  // Two orders after the fact for one debit, both signed to the last but one signature: the second is refused by the door.
  const other = await unexplained(h, bank, '300.00', 2);
  const mine = await drafted(h, { settles: other, amount: '300.00' });
  const theirs = await drafted(h, { settles: other, amount: '300.00' }, 'committee2');
  await submit(h, mine);
  t.equal(await refusalOf(submit(h, theirs, 'committee2')), 'settles_exceeded');
  t.equal(await refusalOf(makePayFile(house, {
    estate, actor: h.actorOf('cashier'), orders: [mine], format: 'plain-csv', bank_account: '1002', account_number: '6222000000008866',
  })), 'order_not_approved');
  // What the bank's lines pay, many at once.
  const [a, b] = [await approved(h, { amount: '10.00' }), await approved(h, { amount: '20.00' })];
  const day = today(house.clock);
  await bank.take([[day, '-20.00'], [day, '-10.00']]);
  const results = await within(h, async (trx) => postEntries(trx, estate.estate_id, await paymentBodies(trx, estate.estate_id, [
    { proposal_id: a, made_by: h.persons.cashier, paid_on: day, reference: 'L4', bank_line: { account: '1002', position: 4 } },
    { proposal_id: b, made_by: h.persons.cashier, paid_on: day, reference: 'L3', bank_line: { account: '1002', position: 3 } },
  ])));
  t.same(results.map((result) => result.status), ['posted', 'posted']);
  t.equal(await refusalOf(within(h, (trx) => paymentBodies(trx, estate.estate_id, [{ proposal_id: mine, made_by: h.persons.cashier, paid_on: day, reference: 'x' }]))),
    'order_after_the_fact');
});

t.test('the label stands on the form, the order, the queue and the signing page', async (t) => {
  const h = await testHouse(t);
  await receive(h, '900.00');
  const seq = await unexplained(h, bankOf(h), '900.00', 1);
  const app = await smallApp(h.house, executors);
  t.teardown(() => app.close());
  const cashier = await signIn(app, 'cashier');
  const page = async (url: string, headers: Record<string, string>): Promise<string> => (await app.inject({ url, headers })).body;
  const form = await page(`/e/test/orders/new?settles=${seq}`, cashier);
  t.match(form, new RegExp(`name="settles"[^>]*value="${seq}"`));
  t.match(form, /事后补单/);
  t.match(form, /value="900\.00"/, 'begins with all that is left');
  t.equal((await app.inject({ url: '/e/test/orders/new?settles=999999', headers: cashier })).statusCode, 422);
  const order = await submitted(h, { settles: seq, amount: '900.00' });
  const manager = await signIn(app, 'manager');
  for (const url of [`/e/test/orders/${order}`, '/e/test/orders', '/e/test/queue', `/e/test/proposals/${order}`]) {
    t.match(await page(url, manager), /事后补单/, url);
    t.match(await page(url, { ...manager, cookie: `${manager.cookie}; locale=en` }), /signed after the fact|事后补单/i, `${url} in English`);
  }
  const one = await app.inject({ url: `/api/v1/estates/test/payment-orders/${order}`, headers: manager });
  t.match(one.json(), { after_the_fact: { entry: seq }, checks: [{}] });
});
