// Arrears: ages by the due day, what every owner may see of them, and that nothing hidden can be reckoned out of what is shown.
import fc from 'fast-check';
import t from 'tap';
import { ages, overdueOf, publicArrears, type UnitArrears } from '../../src/billing/arrears.ts';
import { arrearsOn } from '../../src/billing/arrears-queries.ts';
import { setBillingStart } from '../../src/billing/bill.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { moneyText, sum } from '../../src/kernel/money.ts';
import { testBooks } from '../disclosure/books.ts';

const dwelling = (building: string, number: number, owed: Partial<Record<(typeof ages)[number], string>> = {}): UnitArrears => ({
  unit: `${building}-1-${number}`, building, d30: '0.00', d90: '0.00', d365: '0.00', older: '0.00', bills: Object.keys(owed).length, oldest_due: null, ...owed,
});
const block = (building: string, size: number, owe: number, amount = '100.00'): UnitArrears[] =>
  Array.from({ length: size }, (_, number) => dwelling(building, number, number < owe ? { d30: amount } : {}));
const shown = (rows: UnitArrears[]): string => publicArrears(rows).buildings.map(({ building, owing, amount }) => `${building} ${owing ?? '-'} ${amount ?? '-'}`).join(', ');

t.test('a building is shown only where its figure points at nobody, and never by a difference', async (t) => {
  t.equal(shown([...block('1', 20, 5), ...block('2', 20, 3)]), '1 5 500.00, 2 3 300.00');
  t.equal(shown([...block('1', 20, 5), ...block('2', 20, 2)]), '1 - -, 2 - -', 'the total less building 1 would be building 2');
  t.equal(shown([...block('1', 20, 5), ...block('2', 12, 4), ...block('3', 20, 2)]), '1 5 500.00, 2 - -, 3 - -', 'the smaller one is hidden too');
  t.equal(shown([...block('1', 20, 5), ...block('2', 9, 4), ...block('3', 9, 4)]), '1 5 500.00, 2 - -, 3 - -', 'two small ones hide each other');
  t.equal(shown([...block('1', 20, 18), ...block('2', 20, 4), ...block('3', 20, 4)]), '1 - -, 2 - -, 3 4 400.00', 'two who paid are as easy to guess as two who did not');
  t.equal(shown([...block('10', 20, 5), ...block('2', 20, 3)]), '2 3 300.00, 10 5 500.00');
  t.equal(publicArrears([...block('1', 20, 2)]).total, null);
  t.equal(publicArrears([...block('1', 9, 4)]).total, null);
  t.same(publicArrears(block('1', 20, 0)).total, { dwellings: 20, owing: 0, bills: 0, amount: '0.00' }, 'nobody owes: nobody is found');
  t.ok(publicArrears(block('1', 20, 2)).ages.every(({ amount, owing }) => amount === null && owing === null));
  const aged = [...block('1', 40, 6), dwelling('1', 90, { older: '9000.00' }), dwelling('1', 91, { d90: '50.00' }), dwelling('1', 92, { d90: '50.00' }), dwelling('1', 93, { d90: '50.00' })];
  t.same(publicArrears(aged).ages.map(({ age, owing, amount }) => [age, owing, amount]),
    [['d30', 6, '600.00'], ['d90', null, null], ['d365', 0, '0.00'], ['older', null, null]], 'one who owes for over a year, and the smallest other age with them');
});

t.test('whatever is hidden is, all together, a group that would pass itself', async (t) => {
  const one = fc.record({ building: fc.constantFrom('1', '2', '3', '4', '5'), owed: fc.array(fc.constantFrom(...ages), { maxLength: 2 }) });
  fc.assert(fc.property(fc.array(one, { maxLength: 120 }), (given) => {
    const rows = given.map(({ building, owed }, number) => dwelling(building, number, Object.fromEntries(owed.map((age) => [age, `${number + 1}.07`]))));
    const { total, buildings, ages: by_age } = publicArrears(rows);
    const owing = rows.filter((row) => !overdueOf(row).isZero());
    if (total === null) return buildings.every(({ amount }) => amount === null) && by_age.every(({ amount }) => amount === null);
    if (total.owing === 0) return true;
    const kept = new Set(buildings.filter(({ amount }) => amount === null).map(({ building }) => building));
    const inside = rows.filter(({ building }) => kept.has(building));
    const owe = inside.filter((row) => !overdueOf(row).isZero()).length;
    const safe = kept.size === 0 || (inside.length >= 10 && owe >= 3 && inside.length - owe >= 3);
    const ages_kept = by_age.filter(({ amount }) => amount === null).map(({ age }) => age);
    const behind = owing.filter((row) => ages_kept.some((age) => row[age] !== '0.00')).length;
    return safe && (ages_kept.length === 0 || behind >= 3) && total.amount === moneyText(sum(owing.map(overdueOf)));
  }), { numRuns: 300 });
  t.pass();
});

t.test('a bill is in arrears from the day after its due day, by age, as things stood on the day asked for', async (t) => {
  const h = await testBooks(t, '2031-10', '2032-04-05 09:00');
  const { estate_id } = h.estate;
  await setBillingStart(h.house, { estate: h.estate, actor: h.actorOf('cashier'), start_period: '2031-10' });
  const on = async (day: string) => (await inEstate(h.db.app, estate_id, (trx) => arrearsOn(trx, estate_id, day))).find(({ unit }) => unit === h.home)!;
  t.match(await on('2031-10-31'), { bills: 0, d30: '0.00', oldest_due: null }, 'on its due day it is paid in time');
  t.match(await on('2031-11-01'), { bills: 1, d30: '102.00', oldest_due: '2031-10-31' });
  t.match(await on('2031-11-30'), { bills: 1, d30: '102.00', d90: '0.00' }, 'the thirtieth day');
  t.match(await on('2031-12-01'), { bills: 2, d30: '102.00', d90: '102.00' });
  t.match(await on('2032-04-05'), { bills: 6, d30: '102.00', d90: '204.00', d365: '306.00', older: '0.00' });
  t.match(await on('2032-11-01'), { bills: 7, d365: '612.00', older: '102.00' }, 'bills up to the present one');
});
