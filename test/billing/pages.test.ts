// Bills as people see them: officers all of them, owners their own; switched on and listed by the cashier alone.
import t from 'tap';
import { api, officeHouse } from '../office/office-house.ts';
import { startJobs } from '../../src/jobs.ts';
import { executors } from '../../src/executors.ts';

t.test('bills are switched on by the cashier, seen in full by officers, and by owners for their own home only', async (t) => {
  const h = await officeHouse(t);
  const page = async (who: string, path = 'bills', lang = 'zh') => (await h.as(who)).get(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
  t.match((await page('resident')).text, /本小区还没有在这里开账单/);
  t.match((await page('cashier')).text, /没有打开/);
  t.notMatch((await page('supervisor')).text, /name="start_period"|name="list"/, 'who supervises reads');
  const start = (who: string, start_period: string) => h.form(who, '/e/test/bills/start', { start_period, form_key: `k${who}${start_period}` }, null);
  t.equal((await start('committee1', '2026-11')).status, 403);
  const wrong = await start('cashier', '2026-10');
  t.equal(wrong.status, 422);
  t.match(wrong.text, /不早于建账月份 2026-11/);
  t.equal((await start('cashier', '2026-12')).status, 303);
  t.match((await page('cashier')).text, /从2026年12月起/);
  t.match((await (await h.as('cashier')).get(`${api}/bills`)).json, { items: [] }, 'December has not come');

  h.at('2026-12-01');
  const jobs = startJobs(h.house, { executors, timetable: false });
  await jobs.ready;
  await jobs.idle();
  t.same(jobs.lastFailures().filter((one) => one.task === 'bill'), []);
  await jobs.stop();
  t.equal((await (await h.as('cashier')).get(`${api}/bills?limit=500`)).json['items'].length, 28, 'made by the job');

  t.match((await page('cashier')).text, /2,856\.00/);
  const [first, second] = ['1-1-101', '1-2-101'];
  const own = (await page('resident')).text;
  t.match(own, /您家的账单/);
  t.match(own, /102\.00/);
  t.notMatch(own, new RegExp(second));
  for (const path of [`bills/${second}`, 'bills/9-9-999', "bills/x'--"]) t.equal((await page('resident', path)).status, 404, path);
  t.equal((await page('resident', `bills/${first}`)).status, 200);
  t.equal((await page('supervisor', `bills/${second}`)).status, 200);
  t.equal((await page('supervisor', 'bills/9-9-999')).status, 404);
  t.equal((await page('resident', 'bills.csv')).status, 403);
  t.match((await page('auditor', 'bills.csv?open=1')).text, /1-1-101,1,102\.00,0\.00,102\.00,0\.00,2026-12/);
  t.match((await (await h.as('resident')).get(`${api}/bills`)).json['items'].map((row: { unit: string }) => row.unit), [first]);
  t.equal((await (await h.as('resident')).get(`${api}/bills/${second}`)).json['code'], 'bill_unit_unknown');
  t.match((await (await h.as('resident')).get(`${api}/bills/${first}`)).json['items'], [{ unit: first, period: '2026-12', amount: '102.00', open: '102.00', entries: [] }]);
  t.match((await (await h.as('cashier')).get(`${api}/bills?limit=3&q=2-`)).json, { items: [{ unit: '2-1-101' }, {}, {}], next_cursor: '2-3-101' });
  t.match((await (await h.as('cashier')).get(`${api}/bills?limit=3&q=2-&cursor=2-3-101`)).json, { items: [{ unit: '2-4-101' }], next_cursor: null });
  t.match((await page('cashier', 'bills?q=2-&open=1', 'en')).text, /2-4-101/);
  t.notMatch((await page('cashier', 'bills?q=2-')).text, />1-1-101</);

  const numbers = await h.form('cashier', '/e/test/bills/numbers', { list: '1-1-101,8866\nx', form_key: 'n1' }, null);
  t.equal(numbers.status, 422);
  t.match(numbers.text, /第 2 行“x”读不懂/);
  t.equal((await h.form('cashier', '/e/test/bills/numbers', { list: '1-1-101,88662001', form_key: 'n2' }, null)).status, 303);
  t.match((await page('cashier')).text, /已登记 1 个/);
  t.same((await (await h.as('cashier')).post(`${api}/bills/numbers`, { list: '1-2-101,88662002' })).json, { entered: 1, changed: 0 });
  t.equal((await (await h.as('manager')).post(`${api}/bills/start`, { start_period: null })).status, 200);
});
