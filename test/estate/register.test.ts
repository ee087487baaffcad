// Keeping the register: facts from a day on, owners who come and go, tenants, spaces, meters; who may, what is refused,
// and what a neighbour, a former owner and the log come to know.
import t, { type Test } from 'tap';
import { changePayer, correctParty, eraseParty, handOver, linkParty, moveTenantIn, moveTenantOut, shareTyped } from '../../src/estate/household.ts';
import { endMeter, enterMeter, enterReadings, replaceMeter, takeBackReading } from '../../src/estate/meter.ts';
import { metersOf, spacesBetween, usedBetween } from '../../src/estate/place-queries.ts';
import { changeFacts, endDwelling, enterDwelling, refreshUnits, takeBackFact, type Asked } from '../../src/estate/register.ts';
import { factsOf, payerOn, seesSince, tenuresOf, unitOn } from '../../src/estate/register-queries.ts';
import { enterSpaces, giveSpace, returnSpace } from '../../src/estate/space.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { addDays, clockAt, today } from '../../src/kernel/dates.ts';
import { readActor } from '../../src/people/queries.ts';
import { testHouse, type PersonName } from '../helpers/house.ts';

t.test('the register', async (t) => {
  const h = await testHouse(t, { first_period: '2026-01', demo_clock: clockAt('2026-11-10T02:00:00Z') });
  const { house, estate, estate: { estate_id }, persons, home } = h;
  const now = today(house.clock);
  const as = (name: PersonName, key: string | null = null): Asked => ({ estate, actor: h.actorOf(name), key });
  const cashier = as('cashier');
  const inside = <T>(work: (trx: Trx) => Promise<T>) => inEstate(house.db.app, estate_id, work);
  const refused = async (t: Test, done: Promise<unknown>, code: string, message = code) => t.rejects(done, { code }, message);
  const fact = { unit: home, area_m2: '91.5', kind: 'dwelling', occupancy: 'owner' };

  await t.test('only cashier and manager keep it; officials and residents do not, the committee reads', async (t) => {
    for (const name of ['committee1', 'supervisor', 'street', 'auditor', 'resident'] as const) {
      await refused(t, changeFacts(house, { ...as(name), ...fact, from_date: '2026-12-01' }), 'not_allowed', name);
    }
    await refused(t, changeFacts(house, { ...as('stranger'), ...fact, from_date: '2026-12-01' }), 'estate_unknown');
    t.equal((await inside((trx) => factsOf(trx, estate_id, home))).length, 1);
  });

  await t.test('a fact holds from its day on, and a wrong one is taken back', async (t) => {
    const twice = () => changeFacts(house, { ...as('cashier', 'k1'), ...fact, from_date: '2026年12月1日' });
    t.same([await twice(), await twice()], [{ unit: home, carried: 0 }, { unit: home, carried: 0 }], 'pressed twice, entered once');
    t.same(await changeFacts(house, { ...cashier, ...fact, area_m2: '９０．２５㎡', from_date: '2026-03-01' }), { unit: home, carried: 0 }, 'until the next area that was entered');
    const area = async (day: string) => (await inside((trx) => unitOn(trx, estate_id, home, day)))!.area_m2;
    t.same([await area('2026-02-28'), await area('2026-03-01'), await area('2026-12-01')], ['85.00', '90.25', '91.50']);
    const row = async () => (await inside((trx) => trx.selectFrom('unit').select('area_m2').where('estate_id', '=', estate_id).where('unit', '=', home).executeTakeFirstOrThrow())).area_m2;
    t.equal(await row(), '90.25', 'as it is today');
    t.equal(await inside((trx) => refreshUnits(trx, estate_id, '2026-12-01')), 1, 'the job brings it to the day');
    t.equal(await row(), '91.50');
    const { rows: told } = await h.superuser.query('select text_zh from notice where person_id = $1 order by notice_id', [persons.resident]);
    t.match(told.map(({ text_zh }) => text_zh), [/从 2026-12-01 起有变更，请核对/, /从 2026-03-01 起/], 'whoever lives there is told');
    await refused(t, changeFacts(house, { ...cashier, ...fact, from_date: '2026-12-05' }), 'register_unchanged');
    for (const [change, code] of [[{ area_m2: '0' }, 'register_number_invalid'], [{ area_m2: '-3' }, 'register_number_invalid'], [{ area_m2: '1.234' }, 'register_number_invalid'],
      [{ kind: 'villa' }, 'register_choice_unknown'], [{ from_date: '2026-02-30' }, 'register_day_invalid'], [{ from_date: '2029-01-01' }, 'register_day_invalid'],
      [{ unit: '9-9-909' }, 'register_unit_unknown']] as const) await refused(t, changeFacts(house, { ...cashier, ...fact, from_date: '2026-05-01', ...change }), code);
    const facts = await inside((trx) => factsOf(trx, estate_id, home));
    await refused(t, takeBackFact(house, { ...cashier, unit: home, fact_id: facts.at(-1)!.fact_id }), 'register_fact_first');
    await refused(t, takeBackFact(house, { ...cashier, unit: '2-1-101', fact_id: facts[0]!.fact_id }), 'register_fact_unknown', 'of another dwelling');
    for (const { fact_id, seq } of facts) if (seq !== null) await takeBackFact(house, { ...cashier, unit: home, fact_id });
    t.equal(await area('2026-12-01'), '85.00');
    t.equal(await row(), '85.00');
    await refused(t, takeBackFact(house, { ...cashier, unit: home, fact_id: facts[0]!.fact_id }), 'register_fact_unknown', 'twice');
  });

  const owners = async (day: string) => (await inside((trx) => tenuresOf(trx, estate_id, { units: [home], on: day, named: true })))
    .filter(({ kind }) => kind === 'owner').map(({ name, share }) => `${name}${share === '' ? '' : ` ${share}`}`).sort();

  await t.test('owners come and go; shares make a whole', async (t) => {
    const give = (from_date: string, list: { name: string; share?: string; phone?: string }[], change: object = {}) => handOver(house, { ...cashier, unit: home, from_date, owners: list, ...change });
    t.same(await give('2018-05-01', [{ name: '王阿姨', share: '50%' }, { name: '王大伯', share: '1/2' }]), { unit: home, from_date: '2018-05-01', owners: 2, ended: 0, logins_ended: 0 });
    t.ok((await readActor(house, persons.resident, { kind: 'cookie', scopes: [], csrf: null }))!.homes.length === 1, 'the first owners were there before the register');
    const { party_id } = (await inside((trx) => tenuresOf(trx, estate_id, { units: [home], named: true }))).find(({ name }) => name === '王阿姨')!;
    await refused(t, linkParty(house, { ...cashier, unit: home, party_id, person_id: persons.stranger }), 'party_login_unknown');
    await refused(t, linkParty(house, { ...cashier, unit: '2-1-101', party_id, person_id: persons.resident }), 'tenure_unknown');
    await linkParty(house, { ...cashier, unit: home, party_id, person_id: persons.resident });
    for (const [list, code] of [[[], 'owners_missing'], [[{ name: ' ' }], 'party_name_invalid'], [[{ name: '甲', share: '2/3' }, { name: '乙', share: '1/2' }], 'shares_not_whole'],
      [[{ name: '甲', share: '1/2' }, { name: '乙' }], 'shares_incomplete'], [[{ name: '甲' }, { name: '甲' }], 'owner_twice'], [[{ name: '甲', share: '3/2' }], 'share_invalid'],
      [[{ name: '甲', phone: '打给他' }], 'party_phone_invalid']] as const) await refused(t, give('2026-11-20', [...list]), code);
    t.same(['50%', '33.3%', '2/6', ''].map((typed) => shareTyped(typed)), ['1/2', '333/1000', '1/3', '']);
    // One of the two buys the other out: the same person, no login lost.
    t.same(await give('2024-02-01', [{ name: '王阿姨' }]), { unit: home, from_date: '2024-02-01', owners: 1, ended: 2, logins_ended: 0 });
    t.same([await owners('2024-01-31'), await owners('2024-02-01')], [['王大伯 1/2', '王阿姨 1/2'], ['王阿姨']]);
    const since = await inside((trx) => seesSince(trx, { estate_id, person_id: persons.resident, units: [home], today: now }));
    t.equal(since.get(home), '2018-05-01');
    await refused(t, give('2023-01-01', [{ name: '甲' }]), 'handover_not_last');
    await h.superuser.query(`insert into invitation (estate_id, code_hash, unit, issued_by, expires_at) values ($1, sha256('x'), $2, $3, '2027-01-01')`, [estate_id, home, persons.cashier]);
    // Sold from 20 November on, entered ten days ahead: the login ends with the last day.
    t.same(await give('2026-11-20', [{ name: '新业主', phone: '13800001111' }]), { unit: home, from_date: '2026-11-20', owners: 1, ended: 1, logins_ended: 1 });
    const homes = async (instant: string) => (await readActor({ ...house, clock: clockAt(instant) }, persons.resident, { kind: 'cookie', scopes: [], csrf: null }))!.homes.length;
    t.same([await homes('2026-11-19T15:59:00Z'), await homes('2026-11-19T16:01:00Z')], [1, 0], 'at midnight in Shanghai');
    t.same([await owners('2026-11-19'), await owners('2026-11-20')], [['王阿姨'], ['新业主']]);
    const { rows: [sheet] } = await h.superuser.query('select count(*)::integer as open from invitation where estate_id = $1 and unit = $2 and used_at is null and expires_at > $3', [estate_id, home, house.clock()]);
    t.equal(sheet.open, 0, 'a sheet the former owner kept opens nothing');
    // A mistake: nobody sold anything.
    await give('2026-11-20', [{ name: '王阿姨' }]);
    t.same([await owners('2026-11-20'), await homes('2026-12-01T00:00:00Z')], [['王阿姨'], 1]);
    t.equal((await inside((trx) => payerOn(trx, estate_id, home, '2026-12-01', { named: true })))[0]?.name, '王阿姨');
    await t.rejects(inside((trx) => trx.updateTable('tenure').set({ pays: false }).where('estate_id', '=', estate_id).execute()), /permission denied/);
  });

  await t.test('a tenant moves in, pays, moves out', async (t) => {
    const { tenure_id } = await moveTenantIn(house, { ...cashier, unit: home, name: '李租客', phone: '13900002222', from_date: '2026-06-01', pays: true });
    const pays = async (day: string) => (await inside((trx) => payerOn(trx, estate_id, home, day, { named: true }))).map(({ name }) => name).join();
    const lives = async (day: string) => (await inside((trx) => unitOn(trx, estate_id, home, day)))!.occupancy;
    t.same([await pays('2026-05-31'), await pays('2026-06-01'), await lives('2026-06-01')], ['王阿姨', '李租客', 'let']);
    const changed = await changePayer(house, { ...cashier, unit: home, tenure_id, pays: false, from_date: '2026-08-01' });
    t.same([await pays('2026-07-31'), await pays('2026-08-01')], ['李租客', '王阿姨']);
    const { rows: [person] } = await h.superuser.query(`insert into person default values returning person_id`);
    await h.superuser.query(`insert into person_identity (person_id, name) values ($1, '李租客')`, [person.person_id]);
    await h.superuser.query(`insert into resident (estate_id, unit, person_id) values ($1, $2, $3)`, [estate_id, home, person.person_id]);
    const tenant = (await inside((trx) => tenuresOf(trx, estate_id, { units: [home] }))).find((one) => one.tenure_id === changed.tenure_id)!;
    await linkParty(house, { ...cashier, unit: home, party_id: tenant.party_id, person_id: person.person_id });
    t.equal((await inside((trx) => seesSince(trx, { estate_id, person_id: person.person_id, units: [home], today: now }))).get(home), '2026-06-01', 'a tenant sees from their own day on');
    await refused(t, eraseParty(house, { ...as('manager'), unit: home, party_id: tenant.party_id }), 'party_needed');
    await refused(t, moveTenantOut(house, { ...cashier, unit: home, tenure_id: changed.tenure_id, last_day: '2026-05-01', occupancy: 'vacant' }), 'tenancy_days_wrong');
    await moveTenantOut(house, { ...cashier, unit: home, tenure_id: changed.tenure_id, last_day: '2026-10-31', occupancy: 'vacant' });
    t.same([await lives('2026-10-31'), await lives('2026-11-01')], ['let', 'vacant']);
    const { rows: [resident] } = await h.superuser.query('select left_at from resident where person_id = $1', [person.person_id]);
    t.equal(resident.left_at.toISOString(), '2026-10-31T16:00:00.000Z');
    await correctParty(house, { ...cashier, unit: home, party_id: tenant.party_id, name: '李租户' });
    await refused(t, eraseParty(house, { ...cashier, unit: home, party_id: tenant.party_id }), 'not_allowed', 'a cashier erases nobody');
    await eraseParty(house, { ...as('manager'), unit: home, party_id: tenant.party_id });
    const gone = (await inside((trx) => tenuresOf(trx, estate_id, { units: [home], named: true }))).find((one) => one.party_id === tenant.party_id)!;
    t.same([gone.name, gone.person_id, gone.to_date !== null], [null, null, true]);
    await refused(t, eraseParty(house, { ...as('manager'), unit: home, party_id: tenant.party_id }), 'party_erased');
    const { rows: [erased] } = await h.superuser.query(`select body from record where estate_id = $1 and kind = 'erased'`, [estate_id]);
    t.match(JSON.parse(erased.body), { what: 'party', party: tenant.party_id, by: persons.manager });
  });

  await t.test('a correction of before goes on through later changes of something else', async (t) => {
    const unit = '5-1-101';
    const rented = await moveTenantIn(house, { ...cashier, unit, name: '租客甲', from_date: '2026-06-01', to_date: '2026-12-31' });
    await moveTenantIn(house, { ...cashier, unit, name: '租客乙', from_date: '2026-10-01' });
    t.same(await changeFacts(house, { ...cashier, unit, from_date: '2026-03-01', area_m2: '88', kind: 'dwelling', occupancy: 'owner' }), { unit, carried: 1 });
    const on = async (day: string) => { const { area_m2, occupancy } = (await inside((trx) => unitOn(trx, estate_id, unit, day)))!; return `${area_m2} ${occupancy}`; };
    t.same([await on('2026-03-01'), await on('2026-06-01')], ['88.00 owner', '88.00 let']);
    await moveTenantOut(house, { ...cashier, unit, tenure_id: rented.tenure_id, last_day: '2026-07-31', occupancy: 'vacant' });
    t.same([await on('2026-07-31'), await on('2026-08-01'), await on('2026-10-01')], ['88.00 let', '88.00 vacant', '88.00 let'], 'the next tenant was entered before');
    const area = (await inside((trx) => factsOf(trx, estate_id, unit))).find(({ from_date }) => from_date === '2026-03-01')!;
    await takeBackFact(house, { ...cashier, unit, fact_id: area.fact_id });
    t.equal(await on('2026-06-30'), '85.00 let', 'with what it carried along');
  });

  await t.test('a space belongs to one dwelling at a time', async (t) => {
    t.same(await enterSpaces(house, { ...cashier, list: 'B1-001、B1-002\nＢ１－００３', kind: 'common' }), { entered: 3 });
    await refused(t, enterSpaces(house, { ...cashier, list: 'B1-004 B1-003', kind: 'common' }), 'space_taken');
    await refused(t, enterSpaces(house, { ...cashier, list: ' ', kind: 'common' }), 'spaces_missing');
    await giveSpace(house, { ...cashier, unit: home, space: 'B1-001', from_date: '2026-02-01' });
    await refused(t, giveSpace(house, { ...cashier, unit: '2-1-101', space: 'B1-001', from_date: '2026-09-01' }), 'space_held');
    await refused(t, giveSpace(house, { ...cashier, unit: '2-1-101', space: 'B9-001', from_date: '2026-09-01' }), 'space_unknown');
    const { rows: [{ holding_id }] } = await h.superuser.query('select holding_id from space_holding where estate_id = $1', [estate_id]);
    await refused(t, returnSpace(house, { ...cashier, unit: '2-1-101', holding_id: Number(holding_id), last_day: '2026-08-31' }), 'holding_unknown');
    await returnSpace(house, { ...cashier, unit: home, holding_id: Number(holding_id), last_day: '2026-08-31' });
    await giveSpace(house, { ...cashier, unit: '2-1-101', space: 'B1-001', from_date: '2026-09-01' });
    await refused(t, returnSpace(house, { ...cashier, unit: home, holding_id: Number(holding_id), last_day: '2026-09-30' }), 'space_days_wrong', 'not into the neighbour\'s days');
    t.same((await inside((trx) => spacesBetween(trx, estate_id, '2026-08-01', '2026-09-30'))).map(({ unit, from, to }) => [unit, from, to]),
      [[home, '2026-08-01', '2026-08-31'], ['2-1-101', '2026-09-01', '2026-09-30']]);
    const race = await Promise.allSettled(['3-1-101', '4-1-101'].map((unit) => giveSpace(house, { ...cashier, unit, space: 'B1-002', from_date: '2026-10-01' })));
    t.same(race.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'two cashiers at the same moment');
  });

  await t.test('meters are read forwards, replaced with both readings, and corrected from the end', async (t) => {
    await enterMeter(house, { ...cashier, meter: 'W-1', kind: 'water', unit: home, digits: '4', from_date: '2026-09-30', value: '9990' });
    await enterMeter(house, { ...cashier, meter: 'E-0', kind: 'electricity', unit: '', multiplier: '20', from_date: '2026-09-30', value: '100' });
    await refused(t, enterMeter(house, { ...cashier, meter: 'W-1', kind: 'water', unit: home, from_date: '2026-09-30', value: '1' }), 'meter_taken');
    const read = (day: string, readings: { meter: string; value: string; rolled?: boolean }[]) => enterReadings(house, { ...cashier, day, readings });
    await refused(t, read('2026-10-31', [{ meter: 'E-0', value: '110' }, { meter: 'W-1', value: '8' }]), 'reading_below', 'nothing of it is entered');
    t.equal((await read('2026-10-31', [{ meter: 'E-0', value: '110' }, { meter: 'W-1', value: '8' }]).catch((error: { field?: string }) => error.field)), 'value_W-1', 'the field at fault');
    t.same(await read('2026-10-31', [{ meter: 'E-0', value: '110' }, { meter: 'W-1', value: '8', rolled: true }]), { entered: 2 });
    for (const [day, readings, code] of [['2026-10-31', [{ meter: 'E-0', value: '120' }], 'reading_not_last'], ['2026-11-11', [{ meter: 'E-0', value: '120' }], 'reading_ahead'],
      ['2026-11-09', [{ meter: 'X', value: '1' }], 'meter_unknown'], ['2026-11-09', [{ meter: 'W-1', value: '12345' }], 'reading_too_long'],
      ['2026-11-09', [{ meter: 'W-1', value: '9,5x' }], 'register_number_invalid'], ['2026-11-09', [{ meter: 'W-1', value: '' }], 'readings_missing'],
      ['2026-11-09', [{ meter: 'W-1', value: '9' }, { meter: 'W-1', value: '10' }], 'reading_twice']] as const) await refused(t, read(day, [...readings]), code);
    await replaceMeter(house, { ...cashier, meter: 'W-1', day: '2026-11-05', last_value: '9.5', new_meter: 'W-2', value: '0' });
    await refused(t, read('2026-11-09', [{ meter: 'W-1', value: '12' }]), 'meter_unknown', 'it was taken out');
    await read('2026-11-09', [{ meter: 'W-2', value: '2.25' }]);
    const used = async () => (await inside((trx) => usedBetween(trx, estate_id, '2026-10-01', '2026-11-30'))).map(({ meter, quantity }) => `${meter} ${quantity}`).sort();
    t.same(await used(), ['E-0 200', 'W-1 1.5', 'W-1 18', 'W-2 2.25']);
    const { rows } = await h.superuser.query('select reading_id, meter from meter_reading where estate_id = $1 order by reading_id', [estate_id]);
    const of = (meter: string) => rows.filter((row) => row.meter === meter).map(({ reading_id }) => Number(reading_id));
    await refused(t, takeBackReading(house, { ...cashier, meter: 'W-1', reading_id: of('W-1')[1]! }), 'reading_not_latest');
    await takeBackReading(house, { ...cashier, meter: 'W-2', reading_id: of('W-2').at(-1)! });
    await refused(t, takeBackReading(house, { ...cashier, meter: 'W-2', reading_id: of('W-2')[0]! }), 'reading_first');
    t.same(await used(), ['E-0 200', 'W-1 1.5', 'W-1 18']);
    await endMeter(house, { ...cashier, meter: 'W-2', day: '2026-11-10', last_value: '3' });
    t.equal((await inside((trx) => metersOf(trx, estate_id, { units: [home], on: addDays(now, 1) }))).length, 0);
  });

  await t.test('a dwelling comes in, and leaves when nothing hangs on it', async (t) => {
    const fresh = { unit: '9-1-101', building: '9', stairwell: '1', phase: '二期', area_m2: '120', kind: 'shop', occupancy: 'vacant' };
    await enterDwelling(house, { ...cashier, ...fresh });
    await refused(t, enterDwelling(house, { ...cashier, ...fresh }), 'register_unit_taken');
    await refused(t, enterDwelling(house, { ...cashier, ...fresh, unit: '九栋' }), 'register_unit_invalid');
    t.match(await inside((trx) => unitOn(trx, estate_id, '9-1-101', '2026-01-01')), { kind: 'shop', area_m2: '120.00', phase: '二期' });
    await refused(t, endDwelling(house, { ...cashier, unit: home, last_day: '2026-11-09' }), 'register_unit_in_use');
    await endDwelling(house, { ...cashier, unit: '9-1-101', last_day: '2026-11-09' });
    await refused(t, changeFacts(house, { ...cashier, ...fact, unit: '9-1-101', from_date: '2026-11-10' }), 'register_unit_ended');
  });

  await t.test('the log says that something changed: no name, no dwelling, no day', async (t) => {
    const { rows } = await h.superuser.query<{ body: string }>(`select body from record where estate_id = $1 and kind = 'register_changed'`, [estate_id]);
    t.ok(rows.length > 15);
    for (const { body } of rows) t.same(Object.keys(JSON.parse(body)).sort(), ['by', 'count', 'what']);
    const about = await h.superuser.query<{ unit: string }>(`select distinct c.unit from register_change c where estate_id = $1`, [estate_id]);
    t.ok(about.rows.some(({ unit }) => unit === home), 'officers find the dwelling beside the log');
    await t.rejects(h.superuser.query('delete from register_change where estate_id = $1', [estate_id]), /append_only/);
  });
});
