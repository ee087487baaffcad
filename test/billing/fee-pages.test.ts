// Fees, waivers and bills as people see them: proposed by forms, signed by both, shown to owners; each bill to its own dwelling, and to a new
// owner nothing of the former one's.
import t from 'tap';
import { billDue } from '../../src/billing/bill.ts';
import { billLateFees } from '../../src/billing/late-fee.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { api, officeHouse } from '../office/office-house.ts';

t.test('a fee from the form to the bill on a page', async (t) => {
  const h = await officeHouse(t, { first_period: '2026-10' });
  const { estate, estate: { estate_id } } = h;
  const page = async (who: string, path: string, lang = 'zh') => (await h.as(who)).get(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  const sent = { item: 'property_fee', name_zh: '', name_en: '', basis: 'area', rate: '1.50', buildings: '', account: '4101', fund: 'service', due_day: '10', due_months: '0', late_rate: '5', late_grace_days: '0',
    late_cap_percent: '20', starts_on: '2026-10-01', form_key: 'f1' };
  const wrong = await h.form('cashier', '/e/test/fees/new', { ...sent, rate: 'x', form_key: 'f0' }, null);
  t.equal(wrong.status, 422);
  t.match(wrong.text, /“x”不能作单价/);
  t.equal((await h.form('resident', '/e/test/fees/new', sent, null)).status, 403);
  const made = await h.form('cashier', '/e/test/fees/new', sent, null);
  t.equal(made.status, 303, made.text.slice(0, 300));
  const proposal = Number(/proposals\/(\d+)/.exec(String(made.headers['location']))![1]);
  const asked = await page('committee1', `proposals/${proposal}`);
  for (const words of [/每平方米每月 1\.50 元/, /每天按未交金额的万分之 5，最多为账单的 20%/, /以前月份没有开过的账单会补开/, /4101 物业费（当期） · 物业服务资金/]) t.match(asked.text, words);
  t.match((await h.sign(proposal, 'manager', 'committee1', 'committee2')).at(-1)!.json, { state: 'executed' });
  t.match((await page('resident', 'fees')).text, /每天万分之 5，宽限 0 天，最多 20%/);
  t.match((await (await h.as('resident')).get(`${api}/fee-rules`)).json['items'], [{ rule: proposal, item: 'property_fee', rate: '1.500000', late_rate: '0.000500', state: 'in_force' }]);

  // The resident bought on 16 November; somebody else owned it before.
  const party = async (person: string | null): Promise<string> => (await h.superuser.query(`insert into party (estate_id, entered_at, person_id) values ($1, now(), $2) returning party_id`, [estate_id, person])).rows[0].party_id;
  await h.superuser.query(`insert into tenure (estate_id, unit, party_id, kind, from_date, to_date, seq) values ($1, $2, $3, 'owner', '2020-01-01', '2026-11-15', 1), ($1, $2, $4, 'owner', '2026-11-16', null, 1)`,
    [estate_id, h.home, await party(null), await party(h.persons.resident)]);
  t.match(await billDue(h.house, estate), [{ period: '2026-10', made: 28 }, { period: '2026-11', made: 28 }]);
  h.at('2026-12-01');
  await inEstate(h.db.app, estate_id, (trx) => billLateFees(trx, estate, '2026-11'));
  const bills = (await h.superuser.query('select bill_id, item, period, of_bill, unit from bill where estate_id = $1 order by bill_id', [estate_id])).rows as { bill_id: number; item: string; period: string; of_bill: number | null; unit: string }[];
  const number = (unit: string, item: string, period: string, of?: number): number => bills.find((one) => one.unit === unit && one.item === item && one.period === period && (of === undefined || one.of_bill === of))!.bill_id;
  const [before, own] = [number(h.home, 'property_fee', '2026-10'), number(h.home, 'property_fee', '2026-11')];
  const late_before = number(h.home, 'late_fee', '2026-11', before);
  const shown = await page('resident', `bills/${h.home}/${own}`);
  t.equal(shown.status, 200);
  for (const words of [/127\.50/, /85\.00 平方米 × 每月 1\.50 元/, /各人按天分担/, /另一方/, /63\.75/, /2026年11月10日/]) t.match(shown.text, words);
  t.notMatch(shown.text, /2026年10月/, 'nothing of the month before');
  for (const id of [before, late_before, number('1-2-101', 'property_fee', '2026-11'), 999_999]) {
    t.equal((await page('resident', `bills/${h.home}/${id}`)).status, 404, `bill ${id}`);
    t.equal((await page('resident', `bills/${h.home}/${id}.pdf`)).status, 404);
    t.equal((await (await h.as('resident')).get(`${api}/bills/${h.home}/${id}`)).json['code'], 'bill_not_there');
  }
  t.equal((await page('resident', `bills/1-2-101/${number('1-2-101', 'property_fee', '2026-11')}`)).status, 404);
  const list = (await (await h.as('resident')).get(`${api}/bills/${h.home}`)).json['items'] as { bill_id: number }[];
  t.notOk(list.some((bill) => [before, late_before].includes(bill.bill_id)), 'nor in the list');
  t.match((await (await h.as('resident')).get(`${api}/bills`)).json['items'], [{ unit: h.home, oldest: '2026-11' }]);
  t.notMatch((await page('resident', 'bills')).text, /2026年10月/);
  t.match((await page('cashier', `bills/${h.home}/${late_before}`)).text, /这是 2026年10月物业费账单没按时交的滞纳金/);
  const pdf = await page('resident', `bills/${h.home}/${own}.pdf`);
  t.match(pdf.bytes.subarray(0, 5).toString(), '%PDF-');
  t.match((await (await h.as('resident')).get(`${api}/bills/${h.home}/${own}`)).json, { amount: '127.50', lines: [{ what: 'area', quantity: '85.00', amount: '127.50' }],
    shares: [{ days: 15, own: false, amount: '63.75', names: null }, { days: 15, own: true, amount: '63.75', names: null }] });
  for (const path of ['bills.csv', `bills/${h.home}`, `bills/${h.home}/${own}`]) t.not((await page('street', path)).status, 200, `the street office does not see ${path}`);

  const waiver = await h.form('cashier', '/e/test/waivers/new', { why: 'waiver', units: '1-2-101\n1-3-101', item: 'property_fee', from_period: '2026-10', to_period: '2026-12', percent: '10', amount_each: '', reason: '电梯停运', form_key: 'w1' }, null);
  t.equal(waiver.status, 303, waiver.text.slice(0, 300));
  const asked_waiver = Number(/proposals\/(\d+)/.exec(String(waiver.headers['location']))![1]);
  const paper = (await page('street', `proposals/${asked_waiver}`)).text;
  t.match(paper, /2 户/);
  t.notMatch(paper, /1-2-101/, 'the street office does not read who it is for');
  t.equal((await page('street', `waivers/${asked_waiver}`)).status, 403);
  t.match((await page('committee1', `waivers/${asked_waiver}`)).text, /1-2-101、1-3-101/);
  t.match((await h.sign(asked_waiver, 'manager', 'committee1')).at(-1)!.json, { state: 'executed' });
  t.match((await (await h.as('auditor')).get(`${api}/waivers`)).json['items'], [{ why: 'waiver', units: 2, used: '51.00', most: '76.50' }]);
  t.match((await page('cashier', `bills/1-2-101/${number('1-2-101', 'property_fee', '2026-10')}`)).text, /减免/);
  t.equal((await page('cashier', 'fees/costs')).status, 200);
  t.equal((await h.form('cashier', '/e/test/fees/costs', { item: 'x', period: '2026-10', amount: '1.00', entry: '1', form_key: 'c1' }, null)).status, 422);
  t.equal((await page('cashier', `fees/${proposal}/end`)).status, 200);
  t.equal((await page('cashier', 'fees/999999/end')).status, 404);
  for (const path of ['fees', 'waivers', `bills/${h.home}/${own}`, 'fees/new', 'waivers/new']) t.equal((await page('cashier', path, 'en')).status, 200, path);
});
