// The memorandum of fees in the disclosure: what leads from open before the month to open after it, what is overdue, and what is kept back.
import t from 'tap';
import { billDue, setBillingStart } from '../../src/billing/bill.ts';
import { takePayments } from '../../src/billing/counter.ts';
import { assembleFigures } from '../../src/disclosure/assemble.ts';
import { csvTable } from '../../src/disclosure/tables.ts';
import { money } from '../../src/kernel/money.ts';
import { feeLines } from '../../reports/monthly-disclosure/fee-lines.ts';
import { renderMonthlyDisclosure } from '../../reports/monthly-disclosure/layout.ts';
import { sayIn } from '../../reports/monthly-disclosure/words.ts';
import { readPdf } from '../reports/reading.ts';
import { testBooks } from './books.ts';

t.test('the disclosure tells what was billed and collected, in sums that point at nobody', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-02 09:00');
  const { estate } = h;
  const figures = async (period: string) => assembleFigures(h.house, estate, period, { version: 1, published_at: null, correction: null });
  t.notOk('fees' in await figures('2031-10'), 'no bills, no memorandum: as before there were bills');
  await setBillingStart(h.house, { estate, actor: h.actorOf('cashier'), start_period: '2031-10' });
  const units = (await h.superuser.query<{ unit: string }>('select unit from unit where estate_id = $1 order by unit', [estate.estate_id])).rows.map(({ unit }) => unit);
  let keys = 0;
  const pay = async (some: readonly string[], amount: string, on: string) => takePayments(h.house, { estate_id: estate.estate_id, made_by: h.persons.cashier,
    payments: some.map((unit) => ({ unit, amount: money(amount), paid_on: on, method: 'bank' as const, key: `f${keys += 1}` })) });
  await pay(units.slice(0, 20), '102.00', '2031-11-02');
  const october = (await figures('2031-10')).fees!;
  t.match(october, { month: { bills: 28, billed: '2856.00', collected: '0.00', rate: '0.0' }, closing: '2856.00', overdue: { owing: 0 } },
    'what came in November is not October\'s, and on its last day October is in time');
  h.at('2031-12-03 09:00');
  await billDue(h.house, estate);
  await pay(units.slice(0, 6), '102.00', '2031-12-03');
  const november = (await figures('2031-11')).fees!;
  t.same(november, {
    opening: '2856.00', closing: '3672.00', collected: '2040.00', month: { bills: 28, billed: '2856.00', reduced: '0.00', collected: '0.00', rate: '0.0' },
    earlier: { reduced: '0.00', collected: '2040.00' }, overdue: { dwellings: 28, owing: 8, bills: 8, amount: '816.00' },
    ages: [{ age: 'd30', owing: 8, amount: '816.00' }, { age: 'd90', owing: 0, amount: '0.00' }, { age: 'd365', owing: 0, amount: '0.00' }, { age: 'older', owing: 0, amount: '0.00' }],
  });
  await pay(units.slice(6, 27), '500.00', '2031-12-03');
  h.at('2032-01-02 09:00');
  await billDue(h.house, estate);
  const december = await figures('2031-12');
  t.match(december.fees, { opening: '3672.00', closing: '918.00', collected: '5610.00', overdue: null, month: { billed: '2856.00', collected: null, rate: null }, earlier: { collected: null } }, 'one alone is overdue, so the sums that would tell how much are kept back');
  t.ok(december.fees!.ages.every(({ amount, owing }) => amount === null && owing === null));
  for (const locale of ['zh', 'en'] as const) {
    const { text } = await readPdf(await renderMonthlyDisclosure(await figures('2031-11'), locale));
    t.match(text, locale === 'zh' ? /收费情况/ : /Feesbilledandcollected/);
    t.match(text, /816\.00/);
    for (const unit of units) t.notMatch(text, unit);
  }
  t.same(feeLines(november, sayIn('zh')).map(({ text, amount }) => `${text} ${amount}`),
    ['月初未收 2856.00', '本月账单 28 张 2856.00', '减免、核销 0.00', '本月账单已收（收缴率 0.0%） 0.00', '收回以前月份 -2040.00', '月末未收 3672.00']);
  t.equal(csvTable('fees', december, { q: '', kind: '', account: '', fund: '' }, 'zh').rows.length, 5);
});
