import t from 'tap';
import { openEstateRow } from '../../src/estate/estate.ts';
import { unitByRef, unitNamed, unitsOf } from '../../src/estate/queries.ts';
import { enterUnits } from '../../src/estate/units.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { testEstate, testHouse, testUnits } from '../helpers/house.ts';

t.test('estates', async (t) => {
  const { house, estate, other, superuser } = await testHouse(t);
  const row = testEstate('2026-10');

  await t.test('an estate opens with its log, whose first record says what it is', async (t) => {
    const opened = await openEstateRow(house, { ...row, code: 'plum', is_demo: true });
    const { rows } = await superuser.query(
      'select seq, kind, body from record where estate_id = $1',
      [opened.estate_id],
    );
    t.equal(rows.length, 1);
    t.match(rows[0], { seq: 1, kind: 'estate_opened' });
    t.match(JSON.parse(rows[0].body), {
      code: 'plum',
      name_zh: '示例小区',
      mode: 'trust',
      first_period: '2026-10',
      is_demo: true,
      area_m2: '38080.00',
    });
    const { rows: heads } = await superuser.query(
      'select size, closed_period from log_head where estate_id = $1',
      [opened.estate_id],
    );
    t.strictSame(heads, [{ size: 1, closed_period: '2026-09' }]);
  });

  await t.test('an estate whose opening fails half way does not exist', async (t) => {
    await t.rejects(
      openEstateRow(house, { ...row, code: 'pear' }, () => Promise.reject(new Error('stop'))),
      /stop/,
    );
    const { rows } = await superuser.query(`select from estate where code = 'pear'`);
    t.equal(rows.length, 0);
  });

  await t.test('a code belongs to one estate, and is plain', async (t) => {
    await t.rejects(openEstateRow(house, row), { code: 'estate_code_taken', field: 'code' });
    for (const code of ['', 'a', 'Test', '1st', 'x y', '小区', 'a/../b', `a${'b'.repeat(40)}`]) {
      await t.rejects(
        openEstateRow(house, { ...row, code }),
        { code: 'estate_code_invalid' },
        code,
      );
    }
  });

  await t.test('figures that cannot be are refused with their field', async (t) => {
    const wrong = {
      name_zh: ' ',
      name_en: 'x'.repeat(81),
      mode: 'other',
      households: -1,
      area_m2: '1e5',
      fee_rate: '1.234',
      first_period: '2026-13',
      disclosure_day: 29,
      answer_days: 0,
    };
    for (const [field, value] of Object.entries(wrong)) {
      await t.rejects(
        openEstateRow(house, { ...row, code: 'wrong', [field]: value }),
        { code: 'estate_invalid', field },
        field,
      );
    }
  });

  await t.test(
    '448 dwellings are entered at once, each with a name of its own for the journal',
    async (t) => {
      const { estate_id } = other;
      await inEstate(house.db.app, estate_id, (trx) => enterUnits(trx, estate_id, testUnits(16)));
      await inEstate(house.db.app, estate_id, async (trx) => {
        const units = await unitsOf(trx, estate_id);
        t.equal(units.length, 448);
        t.equal(new Set(units.map(({ ref }) => ref)).size, 448);
        t.strictSame(
          units.slice(0, 3).map(({ unit }) => unit),
          ['1-1-101', '1-1-102', '1-1-201'],
        );
        const named = await unitNamed(trx, estate_id, '3-2-801');
        t.match(named, { building: '3', stairwell: '2', area_m2: '85.00' });
        t.strictSame(await unitByRef(trx, estate_id, named!.ref), named);
      });
      await inEstate(house.db.app, estate.estate_id, async (trx) => {
        t.equal(
          await unitNamed(trx, other.estate_id, '3-2-801'),
          undefined,
          'another estate does not see them',
        );
      });
    },
  );

  await t.test('a bad list of dwellings is refused as a whole, with line and reason', async (t) => {
    const unit = { unit: '9-1-101', building: '9', stairwell: '1', area_m2: '85.00' };
    const enter = (...units: (typeof unit)[]) =>
      inEstate(house.db.app, estate.estate_id, (trx) => enterUnits(trx, estate.estate_id, units));
    await t.rejects(enter(), { code: 'units_empty' });
    await t.rejects(enter(unit, { ...unit, unit: '9栋101' }), {
      code: 'unit_invalid',
      facts: { line: 2 },
    });
    await t.rejects(enter({ ...unit, building: '' }), { code: 'unit_building_missing' });
    for (const area_m2 of ['0', '0.00', '-1', '85.123', '八十五', ''])
      await t.rejects(enter({ ...unit, area_m2 }), { code: 'unit_area_invalid' }, area_m2);
    await t.rejects(enter(unit, unit), { code: 'unit_twice', facts: { line: 2 } });
    await t.rejects(enter(unit, { ...unit, unit: '1-1-101' }), { code: 'units_taken' });
    await inEstate(house.db.app, estate.estate_id, async (trx) => {
      t.equal(await unitNamed(trx, estate.estate_id, '9-1-101'), undefined);
    });
  });
});
