// A payment: drafted, returned for a missing acceptance report, changed, signed by both keys, paid. What
// was signed before the change counts for nothing, and the order is paid once, whoever tries again.
import t from 'tap';
import { compareExpected } from '../helpers/expected.ts';
import { noticesText, openStory, refused } from './story.ts';

t.test('a payment is returned, changed, signed by both keys and paid once', async (t) => {
  const story = await openStory(t);
  story.at('2026-10-05 16:00');
  await story.receive(`
2026-10-05 收 月租停车费 110 个车位
    借 1002 public_income   13,200.00
    贷 4102 public_income   13,200.00
`);
  story.at('2026-10-08 09:00');
  const order = await story.typed('川亮照明工程有限公司', {
    amount: '7,200.00',
    fund: 'public_income',
    account: '5102',
    purpose: '地下车库灯具更换',
    invoice: { number: '25512000000012345678', total: '7,200.00' },
  });
  const id = await story.draft(order);
  t.match(await refused(story.pay(id, '2026-10-08')), /^order_not_approved/, 'a draft is not paid');
  const first = await story.submit(id);
  t.same(
    await story.sign('cashier', first).catch((error: { code: string }) => [error.code]),
    ['signing_password_wrong'],
    'no key for the maker',
  );
  t.same(await story.sign('manager', first), ['signed']);
  t.match(await refused(story.pay(id, '2026-10-08')), /^order_not_approved/, 'one key is not two');

  story.at('2026-10-08 20:00');
  t.match(
    await refused(story.change(id, order)),
    /^order_not_draft/,
    'what is being signed stays as it is',
  );
  await story.giveBack(id, 'committee1', '发票多开 200 元，另请附验收单');
  story.at('2026-10-10 09:30');
  await story.change(id, {
    ...order,
    amount: '7000.00',
    invoice: { number: '25512000000012345678', total: '7000.00' },
    vouchers: [...order.vouchers, await story.paper('验收单')],
  });
  const second = await story.submit(id);
  t.not(second.document_hash, first.document_hash);
  t.same(
    await story.sign('committee1', first),
    ['document_changed'],
    'nobody signs the old version',
  );
  t.same(await story.sign('committee1', second), ['signed'], 'the manager is asked again');
  t.match(await refused(story.pay(id, '2026-10-10')), /^order_not_approved/);
  t.same(await story.sign('manager', second), ['approved']);

  story.at('2026-10-12 10:30');
  t.match(await refused(story.pay(id, '2026-10-13')), /^period_not_open/, 'not tomorrow');
  const paid = await story.pay(id, '2026-10-12', 'NX2026101200042');
  t.match(paid, { status: 'posted', number: '付-001' });
  t.match(
    await story.pay(id, '2026-10-12', 'NX2026101200042'),
    { status: 'already_posted', seq: paid.seq },
    'the same again is one payment',
  );
  t.match(
    await refused(story.pay(id, '2026-10-12', 'NX2026101200043')),
    /^order_already_paid: 签批单第 1 号已经记过账（2026-10 付-001）/,
  );

  // The same invoice on a second order: its total is used up, and nobody is asked to sign.
  const again = story.typed('川亮照明工程有限公司', {
    amount: '0.01',
    fund: 'public_income',
    account: '5102',
    purpose: '车库灯具尾款',
    invoice: { number: '25512000000012345678', total: '7000.00' },
  });
  t.match(await refused(story.draft(await again)), /^invoice_exceeded/);

  story.at('2026-11-01 10:00');
  await story.stateBank('2026-10', '6200.00');
  await story.close('2026-10');
  const figures = await story.publish('2026-10');
  t.match(figures.entries[1], {
    number: '付-001',
    paid: '7000.00',
    vouchers: 2,
    signers: [{ office: 'chair' }, { office: 'manager' }],
  });
  await compareExpected(
    t,
    'stories/returned-and-paid/expected.txt',
    `${await story.ledger('2026-10')}\n${noticesText(figures)}`,
  );
});
