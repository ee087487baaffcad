// Subsidies as people see them: everybody totals, whoever lives here their own claims, and dwellings only those who may see households.
import t from 'tap';
import { billMonth } from '../../src/billing/bill.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { pdfLines } from '../helpers/pdf-lines.ts';
import { pdfFile } from '../payment/story.ts';
import { api, officeHouse } from '../office/office-house.ts';
import { billsMade, payBill } from './made.ts';

t.test('a scheme from its form to the dwellings, by credit and by order', async (t) => {
  const h = await officeHouse(t);
  const { estate: { estate_id } } = h;
  const page = async (who: string, path = 'subsidies', lang = 'zh') => (await h.as(who)).get(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  t.match((await page('resident')).text, /还没有补贴方案/);
  await inEstate(h.house.db.app, estate_id, (trx) => billMonth(trx, h.estate, '2026-11'));
  const bills = await billsMade(h);
  for (const bill of bills.slice(0, 3)) await payBill(h, bill, '2026-11-02');
  const [home, next] = [bills[0]!.unit, bills[1]!.unit];

  const filled = { name_zh: '先缴后补', funder: '示例街道办事处', percent: '50', items: 'property_fee', first_period: '2026-11', last_period: '2027-01', budget: '1000', last_day: '2027-02-28', payout: 'credit',
    resolution_title: '拨款通知', resolution_date: '2026-11-01', audience: 'officers' };
  let scheme = 0;
  await t.test('the form comes back with what is wrong, and proposes once', async (t) => {
    t.equal((await page('resident', 'subsidies/new')).status, 403);
    t.match((await page('cashier', 'subsidies/new')).text, /业主委员会 2 人/);
    const sent = { name_zh: '先缴后补', funder: '示例街道办事处', percent: '50', items: ['property_fee'], first_period: '2026-11', last_period: '2027-01', budget: '1000', last_day: '2027-02-28', payout: 'credit' };
    for (const [change, code, field] of [[{ percent: '' }, 'subsidy_measure_unclear', 'percent'], [{ amount_each: '5' }, 'subsidy_measure_unclear', 'percent'], [{ percent: '101' }, 'subsidy_percent_invalid', 'percent'],
      [{ percent: '', amount_each: '-5' }, 'subsidy_amount_invalid', 'amount_each'], [{ items: ['pool'] }, 'subsidy_items_unknown', 'items'], [{ last_period: '2026-10' }, 'subsidy_periods_invalid', 'last_period'],
      [{ first_period: 'soon' }, 'subsidy_periods_invalid', 'first_period'], [{ unit_cap: '2000' }, 'subsidy_cap_above_budget', 'unit_cap'], [{ last_day: '2026-10-01' }, 'subsidy_last_day_invalid', 'last_day'],
      [{ payout: 'cash' }, 'subsidy_payout_invalid', 'payout'], [{ budget: 'x' }, 'subsidy_amount_invalid', 'budget'], [{ funder: '张三 13800138000' }, 'text_personal', 'funder'], [{ name_zh: '' }, 'text_empty', 'name_zh']] as const) {
      t.match((await (await h.as('cashier')).post(`${api}/subsidies`, { ...sent, ...change })).json, { status: 422, code, field }, JSON.stringify(change));
    }
    const wrong = await h.form('cashier', '/e/test/subsidies/new', { ...filled, percent: '101', form_key: 'w' }, pdfFile());
    t.equal(wrong.status, 422);
    t.match(wrong.text, /不是比例[\s\S]*value="示例街道办事处"/, 'with what was typed');
    const one = await h.form('cashier', '/e/test/subsidies/new', { ...filled, form_key: 'k1' }, pdfFile());
    t.equal(one.status, 303);
    scheme = Number(/proposals\/(\d+)/.exec(String(one.headers['location']))![1]);
    t.match((await page('manager', `proposals/${scheme}`)).text, /补实缴金额的 50%[\s\S]*1,000\.00/);
    await h.sign(scheme, 'manager', 'committee1', 'committee2');
    t.equal((await h.state(scheme)).state, 'executed');
  });

  await t.test('whoever lives here sees and claims their own, and no other dwelling', async (t) => {
    const own = (await page('resident')).text;
    t.match(own, /您家有 1 张缴清的账单可以申领，共 51\.00 元/);
    t.notMatch(own, new RegExp(`${next}|申领明细`));
    t.equal((await h.form('resident', `/e/test/subsidies/${scheme}/claims`, { own: 'yes', form_key: 'r1' }, null)).status, 303);
    t.match((await page('resident')).text, /已申领，待申报/);
    const again = await h.form('resident', `/e/test/subsidies/${scheme}/claims`, { own: 'yes', form_key: 'r2' }, null);
    t.equal(again.status, 409);
    t.match(again.text, /现在没有可以申领的账单：/);
    for (const path of [`subsidies/${scheme}/claims.csv`, 'subsidy-batches/1', 'subsidy-batches/1/list.pdf', 'subsidy-batches/1/list.xlsx']) t.equal((await page('resident', path)).status, 403, path);
    t.equal((await page('street', `subsidies/${scheme}/claims.csv`)).status, 403, 'the street sees totals');
    t.notMatch((await page('street', `subsidies/${scheme}`)).text, new RegExp(home));
    const resident = await h.as('resident');
    t.match((await resident.get(`${api}/subsidies/${scheme}/claims`)).json, { items: [{ unit: home, amount: '51.00', state: 'claimed' }] });
    t.match((await resident.post(`${api}/subsidies/${scheme}/claims`, { bills: [bills[1]!.bill_id] })).json, { code: 'subsidy_bill_unknown', status: 404 });
    t.match((await resident.post(`${api}/subsidies/${scheme}/claims`, { bills: [bills[0]!.bill_id] })).json, { code: 'subsidy_claimed_already', status: 409 });
    t.match((await (await h.as('street')).get(`${api}/subsidies`)).json, { items: [{ scheme, claims: 1, claimed: '51.00', left: '949.00' }] });
    t.same((await (await h.as('street')).get(`${api}/subsidies/${scheme}/claims`)).json, { items: [], next_cursor: null });
    // Somebody moved in this month: what the former owner paid before is not theirs to see or to claim.
    await h.superuser.query(`select set_config('mingzhang.estate', $1, false)`, [String(estate_id)]);
    await h.superuser.query(`insert into party (estate_id, party_id, person_id, entered_at) values ($1, '00000000-0000-4000-8000-000000000001', $2, now())`, [estate_id, h.persons.resident]);
    await h.superuser.query(`insert into tenure (estate_id, unit, party_id, kind, from_date, seq) values ($1, $2, '00000000-0000-4000-8000-000000000001', 'owner', '2026-12-01', 1)`, [estate_id, home]);
    t.same((await resident.get(`${api}/subsidies/${scheme}/claims`)).json['items'], []);
    t.match((await resident.post(`${api}/subsidies/${scheme}/claims`, { bills: [bills[0]!.bill_id] })).json, { code: 'subsidy_bill_unknown' });
    t.notMatch((await page('resident')).text, /已申领，待申报/);
  });

  let batch = 0;
  await t.test('the cashier claims for all, sends a batch and passes on what came', async (t) => {
    t.match((await page('cashier', `subsidies/${scheme}`)).text, /现在有 2 张缴清的账单可以申领，共 102\.00 元/);
    t.equal((await h.form('committee1', `/e/test/subsidies/${scheme}/claims`, {}, null)).status, 403);
    t.equal((await h.form('cashier', `/e/test/subsidies/${scheme}/claims`, { form_key: 'c1' }, null)).status, 303);
    t.match((await page('auditor', `subsidies/${scheme}/claims.csv`)).text, new RegExp(`${next},物业费,2026-11,102\\.00,102\\.00,2026-11-02,51\\.00,`));
    t.equal((await h.form('auditor', `/e/test/subsidies/${scheme}/batches`, {}, null)).status, 403);
    const made = await h.form('cashier', `/e/test/subsidies/${scheme}/batches`, { form_key: 'b1' }, null);
    batch = Number(/proposals\/(\d+)/.exec(String(made.headers['location']))![1]);
    t.match((await page('committee1', `proposals/${batch}`)).text, /3 张账单/);
    t.equal((await page('cashier', `subsidy-batches/${batch}/list.pdf`)).status, 404, 'nothing goes out before it is signed');
    await h.sign(batch, 'manager', 'committee1');
    t.equal((await h.state(batch)).state, 'executed');
    const pdf = await page('cashier', `subsidy-batches/${batch}/list.pdf`);
    t.equal(pdf.status, 200);
    const lines = (await pdfLines(pdf.bytes)).flat().join('\n');
    t.match(lines, new RegExp(`${next}[\\s\\S]*153\\.00`));
    t.equal((await page('cashier', `subsidy-batches/${batch}/list.xlsx`)).bytes.subarray(0, 2).toString(), 'PK');
    const path = `/e/test/subsidy-batches/${batch}`;
    t.match((await h.form('cashier', `${path}/payouts`, { form_key: 'p0' }, null)).text, /现在没有可以发放的/);
    t.equal((await h.form('cashier', `${path}/arrivals`, { form_key: 'a0' }, null)).status, 422);
    t.equal((await h.form('cashier', `${path}/arrivals`, { entry_date: '2026-11-02', amount: '153.00', form_key: 'a1' }, null)).status, 303);
    t.match((await page('cashier', `subsidy-batches/${batch}`)).text, /够发 3 张账单、3 户，共 153\.00 元/);
    const passed = await h.form('cashier', `${path}/payouts`, { form_key: 'p1' }, null);
    const transfer = Number(/proposals\/(\d+)/.exec(String(passed.headers['location']))![1]);
    t.notMatch((await page('street', `proposals/${transfer}`)).text, new RegExp(`${home}|${next}`), 'no dwelling on what is signed');
    await h.sign(transfer, 'manager', 'committee1');
    t.equal((await h.state(transfer)).state, 'executed');
    t.match((await (await h.as('auditor')).get(`${api}/subsidy-batches/${batch}`)).json, { batch: { arrived: '153.00', passed: '153.00' }, payouts: [{ proposal: transfer, step: 'done' }], claims: [{ state: 'passed' }, {}, {}] });
    t.match((await page('street')).text, /已发放/);
    t.match((await page('street', `subsidies/${scheme}`, 'en')).text, /Passed on/);
    const { rows: [held] } = await h.superuser.query(`select unit_held($1, $2, '2203', 'service') as held`, [estate_id, bills[1]!.ref]);
    t.equal(held.held, '51.00');
  });

  await t.test('a scheme that pays out ties a payment order of exactly the sum to the dwelling', async (t) => {
    const cashier = await h.as('cashier');
    const asked = { name_zh: '困难家庭补贴', funder: '示例慈善基金会', amount_each: '20.00', items: ['property_fee'], first_period: '2026-11', last_period: '2026-11', budget: '45.00', last_day: '2026-12-31', payout: 'pay' };
    const { proposal_id: pays } = (await cashier.post(`${api}/subsidies`, asked)).json as { proposal_id: number };
    await h.sign(pays, 'manager', 'committee1', 'committee2');
    t.match((await cashier.post(`${api}/subsidies/${pays}/claims`, {})).json, { claims: 2, total: '40.00', left_out: 1 }, 'the budget goes for two, first paid first');
    t.match((await cashier.post(`${api}/subsidies/${pays}/claims`, {})).json, { code: 'subsidy_budget_used_up' });
    const { proposal_id: asks } = (await cashier.post(`${api}/subsidies/${pays}/batches`)).json as { proposal_id: number };
    await h.sign(asks, 'manager', 'committee1');
    const { entry } = (await cashier.post(`${api}/subsidy-batches/${asks}/arrivals`, { amount: '40.00', entry_date: '2026-11-02' })).json as { entry: number };
    t.type(entry, 'number');
    t.match((await cashier.post(`${api}/subsidy-batches/${asks}/payouts`, {})).json, { code: 'subsidy_pays_otherwise' });
    t.match((await page('cashier', `subsidy-batches/${asks}`)).text, /orders\/new\?kind=payment&amp;account=5114&amp;fund=fee_subsidy&amp;amount=20\.00/);
    const wrong = await h.order('cashier', { amount: '21.00', fund: 'fee_subsidy', account: '5114', purpose: '发放缴费补贴' });
    const other = await h.order('cashier', { amount: '20.00', fund: 'service', account: '5102' });
    for (const order of [wrong, other, 1, 999_999]) t.match((await cashier.post(`${api}/subsidy-batches/${asks}/payouts`, { order, unit: home })).json, { code: 'subsidy_order_unfit' });
    const right = await h.order('cashier', { amount: '20.00', fund: 'fee_subsidy', account: '5114', purpose: '发放缴费补贴' });
    t.match((await cashier.post(`${api}/subsidy-batches/${asks}/payouts`, { order: right, unit: home })).json, { claims: 1, total: '20.00' });
    t.match((await cashier.post(`${api}/subsidy-batches/${asks}/payouts`, { order: right, unit: next })).json, { code: 'subsidy_order_unfit' }, 'one order, one dwelling');
    t.match((await cashier.post(`${api}/subsidy-batches/${asks}/payouts`, { order: right, unit: home })).json, { code: 'subsidy_nothing_to_pass_on' }, 'and a dwelling once');
    await h.sign(right, 'manager', 'committee1');
    t.equal((await h.pay(right)).status, 200);
    t.match((await cashier.get(`${api}/subsidy-batches/${asks}`)).json['claims'].map((row: { state: string }) => row.state), ['passed', 'sent']);
    for (const { text } of [await page('cashier'), await page('cashier', `subsidies/${pays}`), await page('cashier', `subsidy-batches/${asks}`, 'en')]) t.notMatch(text, /undefined|\{[a-z_]+\}/);
    t.equal((await page('cashier', 'subsidies/999')).status, 404);
    t.equal((await page('cashier', 'subsidy-batches/999')).status, 404);
  });
});
