// A dwelling is sold in mid-month: the bill stays one bill, says whose days cost what, and the seller pays their part; the new owner sees
// the month of the sale and nothing of before. What is prepaid stays with the dwelling.
import t from 'tap';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import { billDetail } from '../../src/billing/bill-detail.ts';
import { takePayments } from '../../src/billing/counter.ts';
import { openBills } from '../../src/billing/queries.ts';
import { readAccount } from '../../src/billing/unit-account.ts';
import { handOver } from '../../src/estate/household.ts';
import { money, moneyFigures, moneyText, sum } from '../../src/kernel/money.ts';
import { compareExpected } from '../helpers/expected.ts';
import { openStory } from './story.ts';

const UNIT = '3-2-101';

t.test('a dwelling changes hands on the 20th', async (t) => {
  const story = await openStory(t);
  const { h: { house, estate, estate: { estate_id }, actorOf, persons } } = story;
  const cashier = { estate, actor: actorOf('cashier') };
  const bills = () => story.within((trx) => openBills(trx, estate_id, { units: [UNIT] }));
  const pay = (amount: string, paid_on: string, payer: string, key: string, bill_id: number) => takePayments(house, { estate_id, made_by: persons.cashier,
    payments: [{ unit: UNIT, amount: money(amount), paid_on, method: 'bank', key, payer, choice: { bills: [{ bill_id, amount: money(amount) }] } }] });

  story.at('2026-10-03 09:00');
  await handOver(house, { ...cashier, unit: UNIT, from_date: '2018-05-01', owners: [{ name: '原业主' }] });
  await setBillingStart(house, { ...cashier, start_period: '2026-10' });
  story.at('2026-11-02 09:00');
  await billDue(house, estate);
  story.at('2026-11-21 10:00');
  const sold = await handOver(house, { ...cashier, unit: UNIT, from_date: '2026-11-20', owners: [{ name: '新业主甲', share: '1/2' }, { name: '新业主乙', share: '1/2' }] });
  t.match(sold, { owners: 2, ended: 1 });

  const [october, november] = await bills();
  const detail = await story.within((trx) => billDetail(trx, { estate_id, actor: actorOf('cashier'), unit: UNIT, bill_id: november!.bill_id }));
  t.equal(moneyText(sum(detail.shares.map((share) => money(share.amount)))), november!.amount, 'the parts are the bill, to the fen');
  t.same(detail.shares.map(({ days }) => days), [19, 11]);
  const whole = await story.within((trx) => billDetail(trx, { estate_id, actor: actorOf('cashier'), unit: UNIT, bill_id: october!.bill_id }));
  t.same(whole.shares, [], 'October is the former owner\'s alone');

  await pay(october!.amount, '2026-11-21', '原业主', 'seller october', october!.bill_id);
  await pay(detail.shares[0]!.amount, '2026-11-21', '原业主', 'seller november', november!.bill_id);
  await pay(detail.shares[1]!.amount, '2026-11-21', '新业主甲', 'buyer november', november!.bill_id);
  t.same(await bills(), [], 'both have paid their days');

  const account = await story.within((trx) => readAccount(trx, { estate_id, unit: UNIT, actor: actorOf('cashier'), from: null, to: null, today: '2026-11-21' }));
  const text = [
    await story.ledger('2026-11'),
    `2026年11月物业费 ${moneyFigures(money(november!.amount))}`,
    ...detail.shares.map((share) => `    ${share.from} 至 ${share.to} ${share.days} 天 ${(share.names ?? []).join('、')} ${moneyFigures(money(share.amount))}`), '',
    `对账单 ${UNIT}`, ...account.rows.map((row) => `    ${row.on} ${row.zh} ${row.debit === '' ? '' : `应收 ${row.debit}`}${row.credit === '' ? '' : `实收 ${row.credit}`} 余额 ${row.balance}`), '',
  ].join('\n');
  await compareExpected(t, 'stories/owner-change/expected.txt', text);
});
