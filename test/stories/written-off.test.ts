// Arrears that nobody will pay: demanded in writing, then written off by resolution of the owners and under both keys. No entry is made,
// because no income was: the bills are lowered, the statement of account says by what, and what comes late after all is held for later.
import t from 'tap';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import { takePayments } from '../../src/billing/counter.ts';
import { makeReminders } from '../../src/billing/reminder.ts';
import { readAccount } from '../../src/billing/unit-account.ts';
import { proposeWaiver } from '../../src/billing/waiver.ts';
import { money, moneyFigures } from '../../src/kernel/money.ts';
import { compareExpected } from '../helpers/expected.ts';
import { openStory, refused, type Story } from './story.ts';

/** "2026-10-01  物业费 2026-10   102.00  –  102.00" */
async function statement(story: Story, unit: string, today: string): Promise<string> {
  const account = await story.within((trx) => readAccount(trx, { estate_id: story.h.estate.estate_id, unit, actor: story.h.actorOf('cashier'), from: null, to: null, today }));
  const figures = (amount: string): string => (amount === '' ? '' : moneyFigures(money(amount))).padStart(10);
  const width = (text: string): number => [...text].reduce((sum, mark) => sum + (mark.codePointAt(0)! > 0x2e7f ? 2 : 1), 0);
  const line = (on: string, text: string, debit: string, credit: string, balance: string): string =>
    `    ${on.padEnd(12)}${text}${' '.repeat(Math.max(1, 40 - width(text)))}${figures(debit)}${figures(credit)}${figures(balance)}`;
  return [`对账单 ${unit}`, ...account.rows.map((row) => line(row.on, row.zh, row.debit, row.credit, row.balance)),
    line('', '合计', account.debits, account.credits, account.closing), ''].join('\n');
}

t.test('arrears are demanded, then written off by a resolution under both keys', async (t) => {
  const story = await openStory(t);
  const { h, h: { house, estate, estate: { estate_id }, persons } } = story;
  const pay = (unit: string, amount: string, on: string, key: string) => takePayments(house, { estate_id, made_by: persons.cashier, payments: [
    { unit, amount: money(amount), paid_on: on, method: 'bank', key }] });
  await setBillingStart(house, { estate, actor: h.actorOf('cashier'), start_period: '2026-10' });
  story.at('2026-10-09 16:00');
  await pay('3-3-101', '60.00', '2026-10-09', 'in part');
  story.at('2026-11-02 09:00');
  await billDue(house, estate);

  story.at('2026-12-05 09:00');
  await billDue(house, estate);
  const demand = (change: Partial<Parameters<typeof makeReminders>[1]> = {}) => makeReminders(house, { estate, actor: h.actorOf('cashier'), kind: 'demand', pay_by: '2026-12-31', over: 30, building: '3', skip: '', ...change });
  const { seq, count } = await demand();
  t.equal(count, 4, 'the dwellings of building 3');
  t.match(await refused(demand()), /^reminder_none/, 'not twice within fifteen days');
  t.match(await refused(demand({ kind: 'reminder', actor: h.actorOf('committee1') })), /^not_allowed/);
  t.match((await h.superuser.query('select body from record where estate_id = $1 and seq = $2', [estate_id, seq])).rows[0].body, /^\{"by":"[^"]+","count":4,"kind":"demand"\}$/);

  story.at('2027-01-12 09:00');
  const write_off = { estate, actor: h.actorOf('cashier'), why: 'write_off', units: ['3-2-101', '3-3-101'], from_period: '2026-10', to_period: '2026-11', percent: '100', reason: '业主已故，无继承人；业主大会决议核销' };
  t.match(await refused(proposeWaiver(house, { ...write_off, to_period: '2027-02' })), /^waiver_months_invalid/, 'only bills that are there');
  const item = await proposeWaiver(house, { ...write_off, resolution: { title: '2027 年第一次业主大会决议', date: '2027-01-10', voucher: await story.paper('业主大会决议') } });
  t.equal(item.amount, '348.00', '204.00 and the 144.00 that are left of the other');
  const before = await statement(story, '3-3-101', '2027-01-12');
  t.notMatch(before, /核销/, 'nothing before both have signed');
  t.same(await story.signBoth(item), ['approved']);
  t.match(await refused(proposeWaiver(house, write_off)), /^waiver_nothing_open/, 'nothing twice');

  // Half a year later somebody pays after all: December, and the rest is held; what was written off does not come back to life.
  story.at('2027-01-20 10:00');
  await pay('3-3-101', '150.00', '2027-01-20', 'after all');
  const text = [await story.ledger('2027-01'), await statement(story, '3-2-101', '2027-01-20'), await statement(story, '3-3-101', '2027-01-20')].join('\n');
  await compareExpected(t, 'stories/written-off/expected.txt', text);
});
