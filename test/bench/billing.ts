// How long the bills of a large estate take: 5,000 dwellings, twelve months, a fee by area whose price changes in mid-month, every bill with its
// lines and its record. Beside it in the same run: as many bare rows, written in one statement a month; the months gone through again; and the
// last month against the first, so that growth shows.
//   npm run bench:billing
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import { billMonth } from '../../src/billing/bill.ts';
import { executeFeeRule, proposeFeeRule } from '../../src/billing/fee-rule.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { addMonths, lastDay } from '../../src/kernel/dates.ts';
import { testBooks } from '../disclosure/books.ts';
import { signAs } from '../helpers/approved.ts';

const UNITS = 5_000;
const MONTHS = 12;
const MOST_SECONDS = 30;
const endings: (() => unknown)[] = [];
const seconds = (from: number): number => (performance.now() - from) / 1_000;

const h = await testBooks({ teardown: (work) => { endings.unshift(work); } }, '2031-01', '2031-01-03 09:00');
try {
  const { estate, estate: { estate_id } } = h;
  await inEstate(h.db.app, estate_id, (trx) => sql`insert into unit (estate_id, unit, building, stairwell, area_m2)
    select ${estate_id}, 'B' || (i / 100) || '-1-' || (1000 + i % 100), 'B' || (i / 100), '1', 60 + (i % 73) + (i % 97) / 100.0 from generate_series(0, ${UNITS}::integer - 1) as i`.execute(trx));
  const { rows: [units] } = await h.superuser.query('select count(*)::integer as n from unit where estate_id = $1', [estate_id]);
  const open = async (change: object): Promise<void> => {
    const item = await proposeFeeRule(h.house, { estate, actor: h.actorOf('cashier'), item: 'property_fee', name_zh: '物业费', name_en: 'Property fee', basis: 'area', rate: '1.20', account: '4101', fund: 'service',
      due_day: 31, starts_on: '2031-01-01', late_rate: '0.0005', late_cap_percent: '20', ...change });
    await signAs(h.house, estate, h.persons.manager, 'property', item);
    for (const name of ['committee1', 'committee2'] as const) await signAs(h.house, estate, h.persons[name], 'committee', item);
    await executeFeeRule(h.house, estate, item.proposal_id);
  };
  await open({});
  await open({ rate: '1.35', starts_on: '2031-06-16' });

  const times: number[] = [];
  let made = 0;
  const all = performance.now();
  for (let month = 0; month < MONTHS; month += 1) {
    const period = addMonths('2031-01', month);
    const started = performance.now();
    made += (await inEstate(h.db.app, estate_id, (trx) => billMonth(trx, estate, period))).made;
    times.push(seconds(started));
  }
  const taken = seconds(all);
  assert.equal(made, units.n * MONTHS);
  const again = performance.now();
  for (let month = 0; month < MONTHS; month += 1) await inEstate(h.db.app, estate_id, (trx) => billMonth(trx, estate, addMonths('2031-01', month)));
  const idle = seconds(again);

  const bare = performance.now();
  for (let month = 0; month < MONTHS; month += 1) {
    const period = addMonths('2031-01', month);
    await inEstate(h.db.app, estate_id, (trx) => sql`insert into bill (estate_id, unit, item, period, amount, due_on, made_at)
      select ${estate_id}, u.unit, 'bare', ${period}, round(u.area_m2 * 1.2, 2), ${lastDay(period)}::date, now() from unit u where u.estate_id = ${estate_id}`.execute(trx));
  }
  const base = seconds(bare);
  const { rows: [sums] } = await h.superuser.query(`select count(*) filter (where lines = '[]')::integer as unexplained, sum(amount) as total,
    sum((select sum((l ->> 'amount')::numeric) from jsonb_array_elements(lines::jsonb) as l)) as lines from bill where estate_id = $1 and item = 'property_fee'`, [estate_id]);
  assert.equal(sums.unexplained, 0);
  assert.equal(sums.total, sums.lines, 'lines add up to the bills');
  console.log(`${made} bills of ${units.n} dwellings and ${MONTHS} months: ${taken.toFixed(1)} s (${Math.round(made / taken)} a second), ${sums.total} yuan, lines add up`);
  console.log(`gone through again, nothing to make: ${idle.toFixed(1)} s, ratio ${(idle / taken).toFixed(2)}`);
  console.log(`bare rows, one statement a month: ${base.toFixed(1)} s; ratio of bills to bare rows ${(taken / base).toFixed(1)}`);
  console.log(`first month ${times[0]!.toFixed(2)} s, last ${times.at(-1)!.toFixed(2)} s, ratio ${(times.at(-1)! / times[0]!).toFixed(2)}; month with two prices ${times[5]!.toFixed(2)} s`);
  if (taken > MOST_SECONDS) {
    console.error(`more than ${MOST_SECONDS} seconds`);
    process.exitCode = 1;
  }
} finally {
  for (const end of endings) await end();
}
