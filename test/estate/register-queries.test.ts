// What the register answers: which facts hold on a day and from when to when, who pays which days, what a meter used.
import fc from 'fast-check';
import t from 'tap';
import { sql } from 'kysely';
import { factsBetween, payersAmong, payersBetween, payersOn, seesSince, tenuresOf, unitOn, unitsOfParty, unitsOn, type Tenure } from '../../src/estate/register-queries.ts';
import { metersOf, readingsOf, spacesBetween, spacesOn, usedBetween } from '../../src/estate/place-queries.ts';
import { appendRecord } from '../../src/evidence/records.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { testHouse } from '../helpers/house.ts';

t.test('the register on a day', async (t) => {
  const { house, estate: { estate_id }, persons, home } = await testHouse(t, { first_period: '2026-01' });
  const inside = <T>(work: (trx: Trx) => Promise<T>) => inEstate(house.db.app, estate_id, work);
  const second = '8-3-101';
  await inside(async (trx) => {
    const seq = await appendRecord(trx, estate_id, 'register_changed', { by: persons.cashier, what: 'facts' });
    const fact = (unit: string, from_date: string, area_m2: string, occupancy = 'owner') => trx.insertInto('unit_fact')
      .values({ estate_id, unit, from_date, area_m2, kind: 'dwelling', occupancy, seq }).execute();
    await fact(home, '2026-03-15', '90.00');
    await fact(home, '2026-03-15', '91.50');
    await fact(home, '2026-06-01', '91.50', 'vacant');
    const party = async (name: string, phone = '', person_id: string | null = null): Promise<string> => {
      const { party_id } = await trx.insertInto('party').values({ estate_id, person_id, entered_at: sql`now()` }).returning('party_id').executeTakeFirstOrThrow();
      await trx.insertInto('party_identity').values({ estate_id, party_id, name, phone }).execute();
      return party_id;
    };
    const tenure = (unit: string, party_id: string, from_date: string, to_date: string | null, change: object = {}) =>
      trx.insertInto('tenure').values({ estate_id, unit, party_id, kind: 'owner', from_date, to_date, seq, ...change }).execute();
    const before = await party('赵 一', '138-0000-1111');
    await tenure(home, before, '2015-01-01', '2026-03-14');
    await tenure(home, await party('钱二', '13900002222', persons.resident), '2026-03-15', null, { share: '1/2' });
    await tenure(home, await party('孙三'), '2026-03-15', null, { share: '1/2', pays: false });
    await tenure(home, await party('李租'), '2026-04-01', '2026-04-20', { kind: 'tenant' });
    await tenure(home, await party('未曾'), '2026-05-01', '2026-04-30');
    await tenure(second, before, '2020-01-01', null);
    await trx.insertInto('parking_space').values([{ estate_id, space: 'B1-2' }, { estate_id, space: 'B1-10', kind: 'owned', area_m2: '12.50' }]).execute();
    await trx.insertInto('space_holding').values([{ estate_id, space: 'B1-10', unit: home, from_date: '2026-01-01', to_date: '2026-03-09', seq },
      { estate_id, space: 'B1-10', unit: second, from_date: '2026-03-10', seq }]).execute();
    await trx.insertInto('meter').values([{ estate_id, meter: 'W1', kind: 'water', unit: home, multiplier: '1.5', digits: 4 }, { estate_id, meter: 'E0', kind: 'electricity' }]).execute();
    const reading = (read_on: string, value: string, way = 'read', ended_seq: number | null = null) =>
      trx.insertInto('meter_reading').values({ estate_id, meter: 'W1', read_on, value, way, entered_by: persons.cashier, seq, ended_seq }).execute();
    await reading('2026-01-31', '9980.5', 'start');
    await reading('2026-02-28', '9999', 'read', seq);
    await reading('2026-02-28', '9990.5');
    await reading('2026-03-31', '10.25');
  });

  await t.test('the latest fact not after the day holds, of two the last entered', async (t) => {
    const area = async (day: string) => inside(async (trx) => { const { area_m2, occupancy } = (await unitOn(trx, estate_id, home, day))!; return `${area_m2} ${occupancy}`; });
    t.same([await area('2026-03-14'), await area('2026-03-15'), await area('2026-06-01')], ['85.00 owner', '91.50 owner', '91.50 vacant']);
    t.same((await inside((trx) => factsBetween(trx, estate_id, '2026-03-01', '2026-06-30', { units: [home] }))).map(({ from, to, area_m2, occupancy }) => [from, to, area_m2, occupancy]),
      [['2026-03-01', '2026-03-14', '85.00', 'owner'], ['2026-03-15', '2026-05-31', '91.50', 'owner'], ['2026-06-01', '2026-06-30', '91.50', 'vacant']]);
    const all = await inside((trx) => unitsOn(trx, estate_id, '2026-03-31'));
    t.equal(all.length, 28);
    await inside((trx) => trx.updateTable('unit').set({ ended_on: '2026-03-20' }).where('estate_id', '=', estate_id).where('unit', '=', '1-1-101').execute());
    t.equal((await inside((trx) => unitsOn(trx, estate_id, '2026-03-31'))).length, 27, 'a dwelling that was merged is gone');
    t.same((await inside((trx) => factsBetween(trx, estate_id, '2026-03-01', '2026-03-31', { units: ['1-1-101'] }))).map(({ from, to }) => [from, to]).at(-1)?.[1], '2026-03-20');
    await inside((trx) => trx.updateTable('unit').set({ ended_on: null }).where('estate_id', '=', estate_id).where('unit', '=', '1-1-101').execute());
  });

  await t.test('a month is shared out among those who pay its days', async (t) => {
    const tenures = await inside((trx) => tenuresOf(trx, estate_id, { units: [home], named: true }));
    t.notOk(tenures.some(({ name }) => name === '未曾'), 'what was taken back never was');
    const spans = (from: string, to: string) => payersBetween(tenures, from, to).map((span) => `${span.from} ${span.to} ${span.payers.map(({ name }) => name).join('、')}`);
    t.same(spans('2026-03-01', '2026-03-31'), ['2026-03-01 2026-03-14 赵 一', '2026-03-15 2026-03-31 钱二']);
    t.same(spans('2026-04-01', '2026-04-30'), ['2026-04-01 2026-04-20 李租', '2026-04-21 2026-04-30 钱二']);
    t.same(spans('2014-12-01', '2015-01-31'), ['2014-12-01 2014-12-31 ', '2015-01-01 2015-01-31 赵 一']);
    const payers = await inside((trx) => payersOn(trx, estate_id, '2026-07-01'));
    t.equal(payers.get(home)?.[0]?.name, null, 'names only where they are asked for');
  });

  await t.test('a resident sees from their own first day on, and one who is not linked from that of the present owners', async (t) => {
    const since = (person_id: string) => inside((trx) => seesSince(trx, { estate_id, person_id, units: [home, second, '2-1-101'], today: '2026-11-10' }));
    t.same([...await since(persons.resident)], [[home, '2026-03-15'], [second, '2020-01-01'], ['2-1-101', null]]);
    t.equal((await since(persons.stranger)).get(home), '2026-03-15');
    await inside(async (trx) => {
      const { party_id, seq } = (await tenuresOf(trx, estate_id, { units: [home], person_id: persons.resident }))[0]!;
      await trx.insertInto('tenure').values([{ estate_id, unit: home, party_id, kind: 'owner', from_date: '2010-01-01', to_date: '2012-12-31', seq },
        { estate_id, unit: home, party_id, kind: 'owner', from_date: '2026-01-01', to_date: '2026-03-14', seq }]).execute();
    });
    t.equal((await since(persons.resident)).get(home), '2026-01-01', 'not what others owed in the years between');
  });

  await t.test('dwellings are found by a name or by the end of a telephone number', async (t) => {
    const found = (typed: string) => inside((trx) => unitsOfParty(trx, estate_id, typed, '2026-11-10'));
    t.same(await found('赵一'), [second], 'no more where they lived before');
    t.same(await found('2222'), [home]);
    t.same(await found('22'), []);
    t.same(await found('%'), []);
  });

  await t.test('spaces and meters on their days', async (t) => {
    t.same((await inside((trx) => spacesBetween(trx, estate_id, '2026-03-01', '2026-03-31'))).map(({ unit, space, from, to }) => [unit, space, from, to]),
      [[home, 'B1-10', '2026-03-01', '2026-03-09'], [second, 'B1-10', '2026-03-10', '2026-03-31']].sort((a, b) => (a[0]! < b[0]! ? -1 : 1)));
    t.same((await inside((trx) => spacesOn(trx, estate_id, '2026-03-09'))).map(({ space, unit }) => [space, unit]), [['B1-2', null], ['B1-10', home]]);
    const used = await inside((trx) => usedBetween(trx, estate_id, '2026-02-01', '2026-03-31', { kind: 'water' }));
    t.same(used.map(({ quantity, from_value, to_value }) => [from_value, to_value, quantity]), [['9980.5', '9990.5', '15'], ['9990.5', '10.25', '29.625']], 'past 9999 it begins at 0 again');
    t.same((await inside((trx) => metersOf(trx, estate_id, { before: '2026-03-01' }))).map(({ meter, last_value }) => [meter, last_value]), [['E0', null], ['W1', '9990.5']]);
    t.equal((await inside((trx) => readingsOf(trx, estate_id, ['W1']))).length, 3);
  });
});

t.test('whatever the tenures, each day of a month has the payers of that day, once', async (t) => {
  const day = fc.integer({ min: -20, max: 50 }).map((n) => addDays('2026-11-01', n));
  const tenure = fc.record({ from_date: day, to_date: fc.option(day), kind: fc.constantFrom('owner', 'tenant'), pays: fc.boolean(), party_id: fc.constantFrom('a', 'b', 'c') })
    .filter(({ from_date, to_date }) => to_date === null || to_date >= from_date) as unknown as fc.Arbitrary<Tenure>;
  fc.assert(fc.property(fc.array(tenure, { maxLength: 6 }), (tenures) => {
    const spans = payersBetween(tenures, '2026-11-01', '2026-11-30');
    let next = '2026-11-01';
    for (const span of spans) {
      if (span.from !== next || span.to < span.from) return false;
      for (let on = span.from; on <= span.to; on = addDays(on, 1)) {
        const there = payersAmong(tenures, on).map(({ party_id }) => party_id).sort().join();
        if (there !== span.payers.map(({ party_id }) => party_id).sort().join()) return false;
      }
      next = addDays(span.to, 1);
    }
    return next === '2026-12-01';
  }), { numRuns: 500 });
  t.pass('500 registers');
});
