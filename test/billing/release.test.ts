// A receipt that turns out to be worth nothing, when its money has gone to bills already: the dwelling owes it, and the next payment makes
// up for it before anything else is held.
import t from 'tap';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import { takePayments } from '../../src/billing/counter.ts';
import { openBills } from '../../src/billing/queries.ts';
import { money } from '../../src/kernel/money.ts';
import { openStory } from '../stories/story.ts';

t.test('what was released of a receipt that is void is made up for first', async (t) => {
  const story = await openStory(t);
  const { h: { house, estate, estate: { estate_id }, persons, actorOf, superuser } } = story;
  const take = (amount: string, paid_on: string) => takePayments(house, { estate_id, made_by: persons.cashier, payments: [
    { unit: '3-2-101', amount: money(amount), paid_on, method: 'cash', key: `short ${paid_on}` }] });
  const held = async () => (await superuser.query("select sum(credit - debit) as held from posting where estate_id = $1 and account = '2203'", [estate_id])).rows[0].held;
  await setBillingStart(house, { estate, actor: actorOf('cashier'), start_period: '2026-11' });
  story.at('2026-10-09 10:00');
  const [forged] = await take('300.00', '2026-10-09');
  story.at('2026-11-01 10:00');
  await billDue(house, estate);
  t.equal(await held(), '198.00', 'November took its part');
  t.same(await story.signBoth(await story.reverse(forged!.seq, '假币，收款作废')), ['approved']);
  t.equal(await held(), '-102.00');
  story.at('2026-12-01 10:00');
  await billDue(house, estate);
  await take('150.00', '2026-12-01');
  t.equal(await held(), '0.00');
  t.same((await story.within((trx) => openBills(trx, estate_id, { units: ['3-2-101'] }))).map((bill) => bill.open), ['54.00'], 'the rest of December');
});
