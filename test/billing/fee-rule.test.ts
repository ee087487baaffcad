// Fee rules: signed by both keys, dated, never for a month that is billed; bills of every kind made under them once.
import t from 'tap';
import { billDue, billMonth } from '../../src/billing/bill.ts';
import { executeFeeRule, proposeFeeEnd, proposeFeeRule, type FeeRuleAsked } from '../../src/billing/fee-rule.ts';
import { enterSharedCost, paidCosts } from '../../src/billing/shared-cost.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { payOut, receive, reverse, testBooks, type Books } from '../disclosure/books.ts';
import { signAs } from '../helpers/approved.ts';

const work = <T>(h: Books, does: (trx: Trx) => Promise<T>): Promise<T> => inEstate(h.db.app, h.estate.estate_id, does);
const usual = { name_zh: '物业服务费', name_en: 'Service fee', item: 'property_fee', basis: 'area', rate: '1.50', account: '4101', fund: 'service', due_day: 31, starts_on: '2031-11-16' };
const ask = (h: Books, change: Partial<FeeRuleAsked> = {}) => proposeFeeRule(h.house, { estate: h.estate, actor: h.actorOf('cashier'), ...usual, ...change });
async function sign(h: Books, item: { proposal_id: number; document_hash: string }): Promise<void> {
  await signAs(h.house, h.estate, h.persons.manager, 'property', item);
  for (const name of ['committee1', 'committee2'] as const) await signAs(h.house, h.estate, h.persons[name], 'committee', item);
}
const open = async (h: Books, change: Partial<FeeRuleAsked> = {}): Promise<number> => {
  const item = await ask(h, change);
  await sign(h, item);
  await executeFeeRule(h.house, h.estate, item.proposal_id);
  return item.proposal_id;
};
const bills = async (h: Books, where: string): Promise<string[]> => (await h.superuser.query(
  `select unit, item, period, amount, due_on::text, lines from bill where estate_id = $1 and ${where} order by item, period, unit`, [h.estate.estate_id])).rows
  .map((row) => `${row.unit} ${row.item} ${row.period} ${row.amount} ${row.due_on} ${row.lines}`);

t.test('fees are charged as both keys signed them, from the day they signed', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-03 09:00');
  const { estate, estate: { estate_id } } = h;
  await work(h, (trx) => billMonth(trx, estate, '2031-10'));

  await t.test('what does not fit is refused, naming the field', async (t) => {
    for (const [change, code, field] of [
      [{ item: 'late_fee' }, 'fee_item_invalid', 'item'], [{ item: 'Fee 1' }, 'fee_item_invalid', 'item'], [{ basis: 'weight' }, 'fee_basis_invalid', 'basis'],
      [{ rate: '1,5' }, 'fee_rate_invalid', 'rate'], [{ rate: '-1' }, 'fee_rate_invalid', 'rate'], [{ basis: 'shared' }, 'fee_rate_invalid', 'rate'], [{ rate: '' }, 'fee_rate_invalid', 'rate'],
      [{ basis: 'metered' }, 'fee_meter_kind_invalid', 'meter_kind'], [{ basis: 'shared', rate: '' }, 'fee_apportion_invalid', 'apportion_by'], [{ due_day: 0 }, 'fee_due_invalid', 'due_day'], [{ basis: 'shared', rate: '', apportion_by: 'area', cost_account: '4101' }, 'fee_cost_account_invalid', 'cost_account'],
      [{ late_rate: '0.02', late_cap_percent: '20' }, 'fee_late_invalid', 'late_cap_percent'], [{ late_rate: '0.0005' }, 'fee_late_invalid', 'late_cap_percent'],
      [{ starts_on: '2031-09-30' }, 'fee_days_invalid', 'starts_on'], [{ starts_on: 'soon' }, 'fee_days_invalid', 'starts_on'], [{ ends_on: '2031-11-15' }, 'fee_days_invalid', 'ends_on'],
      [{ starts_on: '2031-10-31' }, 'fee_rule_month_billed', 'starts_on'], [{ account: '5119' }, 'fee_account_invalid', 'account'], [{ fund: 'maintenance' }, 'fee_fund_invalid', 'fund'],
      [{ fund: 'none' }, 'fee_fund_invalid', 'fund'], [{ applies_to: { buildings: ['99'] } }, 'fee_buildings_unknown', 'buildings'], [{ applies_to: { kinds: ['castle'] } }, 'fee_buildings_unknown', 'kinds'],
      [{ name_zh: '' }, 'text_empty', 'name_zh'],
    ] as const) await t.rejects(ask(h, change as Partial<FeeRuleAsked>), { code, field }, JSON.stringify(change));
    for (const who of ['resident', 'supervisor'] as const) await t.rejects(ask(h, { actor: h.actorOf(who) }), { code: 'not_allowed' }, who);
  });

  const [first, again] = await Promise.all([1, 2].map(() => ask(h, { key: 'pressed twice' })));
  t.equal(first!.proposal_id, again!.proposal_id);
  await t.rejects(executeFeeRule(h.house, estate, first!.proposal_id), { code: 'fee_rule_not_approved' });
  await sign(h, first!);
  await executeFeeRule(h.house, estate, first!.proposal_id);
  await executeFeeRule(h.house, estate, first!.proposal_id);
  const rule = first!.proposal_id;
  await open(h, { item: 'waste', name_zh: '垃圾处理费', name_en: 'Waste', basis: 'fixed', rate: '8', starts_on: '2031-12-01', applies_to: { buildings: ['1'] }, due_day: 15, due_months: 1 });
  await work(h, async (trx) => {
    await billMonth(trx, estate, '2031-11');
    const made = await billMonth(trx, estate, '2031-11');
    t.equal(made.made, 0, 'once');
  });
  t.same(await bills(h, `unit = '1-1-101' and period = '2031-11'`), [
    `1-1-101 property_fee 2031-11 63.75 2031-11-30 [{"amount":"63.75","days":15,"from":"2031-11-16","of":30,"quantity":"85.00","rate":"1.50","rule":${rule},"to":"2031-11-30","what":"area"}]`,
  ], 'the estate\'s own rate was not switched on: nothing before the first day of the rule');
  await t.rejects(ask(h, { starts_on: '2031-11-20' }), { code: 'fee_rule_month_billed' });

  await t.test('a rule whose first month is billed while it is signed is superseded', async (t) => {
    h.at('2031-12-02 09:00');
    const late = await ask(h, { rate: '9.99', starts_on: '2031-12-01' });
    await work(h, (trx) => billMonth(trx, estate, '2031-12'));
    await sign(h, late);
    await t.rejects(executeFeeRule(h.house, estate, late.proposal_id), { code: 'change_not_possible' });
    t.equal((await bills(h, `item = 'waste' and period = '2031-12'`)).length, 4, 'four dwellings in building 1');
    t.match((await bills(h, `item = 'waste'`))[0], /1-1-101 waste 2031-12 8\.00 2032-01-15/);
    await t.rejects(h.superuser.query('update fee_rule set rate = 9'), /fee_rule_stays/);
    await t.rejects(h.superuser.query('delete from fee_rule'), /fee_rule_stays/);
  });

  await t.test('an end is signed too, and bills stop by the day', async (t) => {
    const before = await proposeFeeEnd(h.house, { estate, actor: h.actorOf('cashier'), rule, ends_on: '2032-01-10' });
    await sign(h, before);
    await executeFeeRule(h.house, estate, before.proposal_id);
    await t.rejects(proposeFeeEnd(h.house, { estate, actor: h.actorOf('cashier'), rule, ends_on: '2032-01-05' }), { code: 'fee_rule_ended_already' });
    h.at('2032-02-01 00:20');
    t.match(await billDue(h.house, estate), [{ period: '2032-01' }, { period: '2032-02', made: 4 }], 'made up for: in February waste only');
    t.match((await bills(h, `unit = '1-1-101' and item = 'property_fee' and period >= '2032'`)), [/^1-1-101 property_fee 2032-01 41\.13 2032-02-16/], 'due fifteen days after it could be seen');
    t.same(await billDue(h.house, estate), []);
  });

  await t.test('a shared cost is what was paid, to the fen, once', async (t) => {
    await receive(h, { date: '2032-02-01', amount: '5000.00' });
    await open(h, { item: 'common_energy', name_zh: '公摊电费', name_en: 'Common electricity', basis: 'shared', rate: '', apportion_by: 'area', cost_account: '5106', account: '4109', starts_on: '2032-01-01' });
    const seq = await payOut(h, { date: '2032-02-01', amount: '1000.00', account: '5106' });
    const enter = (change = {}) => enterSharedCost(h.house, { estate, actor: h.actorOf('cashier'), item: 'common_energy', period: '2032-01', amount: '1000.00', entry: seq, ...change });
    t.match(await work(h, (trx) => paidCosts(trx, estate_id)), [{ seq, left: '1000.00' }]);
    for (const [change, code] of [[{ amount: '1000.01' }, 'shared_cost_beyond_entry'], [{ amount: 'x' }, 'shared_cost_amount_invalid'], [{ item: 'waste' }, 'shared_cost_item_invalid'],
      [{ period: '2032-03' }, 'shared_cost_period_invalid'], [{ entry: 1 }, 'shared_cost_entry_invalid'], [{ period: '2031-12' }, 'shared_cost_period_invalid'], [{ actor: h.actorOf('committee1') }, 'not_allowed']] as const) {
      await t.rejects(enter(change), { code }, JSON.stringify(change).slice(0, 60));
    }
    t.match(await enter(), { made: 28 });
    await t.rejects(enter({ amount: '1.00' }), { code: 'shared_cost_twice' });
    const { rows: [row] } = await h.superuser.query(`select sum(amount) as total, min(amount) as least, max(amount) as most from bill where item = 'common_energy'`);
    t.match(row, { total: '1000.00', least: '35.71', most: '35.72' });
    const wages = await payOut(h, { date: '2032-02-01', amount: '900.00', account: '510101' });
    await t.rejects(enter({ period: '2032-02', amount: '900.00', entry: wages }), { code: 'shared_cost_beyond_entry' }, 'wages are not what the rule shares');
    const other = await payOut(h, { date: '2032-02-01', amount: '50.00', account: '5106' });
    await reverse(h, { date: '2032-02-01', seq: other, kind: 'payment' });
    await t.rejects(enter({ period: '2032-02', amount: '50.00', entry: other }), { code: 'shared_cost_beyond_entry' }, 'what was reversed was not paid');
  });

  await t.test('a meter is billed once the month is over, from where the last bill ended', async (t) => {
    await open(h, { item: 'water', name_zh: '水费', name_en: 'Water', basis: 'metered', meter_kind: 'water', rate: '3.45', account: '2242', starts_on: '2032-03-01' });
    const read = (read_on: string, value: string, way = 'read') => h.superuser.query(`insert into meter_reading (estate_id, meter, read_on, value, way, entered_by, seq)
      values ($1, 'W1', $2, $3, $4, $5, 1) returning reading_id`, [estate_id, read_on, value, way, h.persons.cashier]);
    await h.superuser.query(`insert into meter (estate_id, meter, kind, unit) values ($1, 'W1', 'water', '1-1-101')`, [estate_id]);
    await read('2032-02-29', '100', 'start');
    const wrong = (await read('2032-03-31', '150')).rows[0].reading_id;
    h.at('2032-03-31 09:00');
    await billDue(h.house, estate);
    t.same(await bills(h, `item = 'water'`), [], 'the month is not over');
    h.at('2032-04-02 09:00');
    t.match(await billDue(h.house, estate), [{ period: '2032-03', made: 1 }, { period: '2032-04' }]);
    t.match(await bills(h, `item = 'water'`), [/ 172\.50 .*"before":"100".*"now":"150","quantity":"50"/]);
    await h.superuser.query('update meter_reading set ended_seq = 1 where reading_id = $1', [wrong]);
    await read('2032-03-31', '140');
    await read('2032-04-30', '160');
    h.at('2032-05-03 09:00');
    await billDue(h.house, estate);
    t.match((await bills(h, `item = 'water' and period = '2032-04'`)), [/ 34\.50 .*"before":"150".*"now":"160","quantity":"10"/], 'the ten too many of March are made good');
  });
});
