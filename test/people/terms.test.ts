import t from 'tap';
import pg from 'pg';
import { openEstateRow } from '../../src/estate/estate.ts';
import type { BodyKind, Estate, Office } from '../../src/kernel/actor.ts';
import { canonical } from '../../src/kernel/canonical.ts';
import { inEstate, type Trx } from '../../src/kernel/database.ts';
import { openBody } from '../../src/people/body.ts';
import { readActor } from '../../src/people/queries.ts';
import { appoint, checkAppointment } from '../../src/people/term.ts';
import { databaseSays } from '../payment/story.ts';
import { testEstate, testHouse, type PersonName, type TestHouse } from '../helpers/house.ts';

const year = { starts_on: '2026-01-01', ends_on: '2026-12-31' };

/** A further estate; `work` stands in the transaction that opens it. */
const opening = (h: TestHouse, code: string, work: (trx: Trx, estate_id: number) => Promise<void>): Promise<Estate> =>
  openEstateRow(h.house, { ...testEstate('2026-01'), code }, async (trx, { estate_id }) => {
    for (const body of ['property', 'committee', 'supervisor'] as const) {
      await openBody(trx, { estate_id, body, name_zh: body, name_en: body });
    }
    await work(trx, estate_id);
  });

t.test('the first terms come with the estate', async (t) => {
  const h = await testHouse(t);
  const { persons } = h;
  const into = (trx: Trx, estate_id: number) => (name: PersonName, body: BodyKind, office: Office, days: Partial<typeof year> = {}) =>
    appoint(trx, { estate_id, person_id: persons[name], body, office, resolution: '', ...year, ...days });

  await t.test('nobody holds both keys, not even one after the other', async (t) => {
    await opening(h, 'keys', async (trx, estate_id) => {
      const seat = into(trx, estate_id);
      t.equal(await seat('cashier', 'property', 'cashier'), 1);
      await t.rejects(seat('cashier', 'committee', 'member'), { code: 'holds_other_key', field: 'person_id' });
      t.equal(await seat('auditor', 'committee', 'member', { starts_on: '2021-01-01', ends_on: '2021-12-31' }), 2);
      await t.rejects(seat('auditor', 'property', 'manager', { starts_on: '2030-01-01', ends_on: '2030-12-31' }), { code: 'holds_other_key' });
    });
  });

  await t.test('an office belongs to its body, a term has days that exist, an office is not held twice', async (t) => {
    await opening(h, 'days', async (trx, estate_id) => {
      const seat = into(trx, estate_id);
      await t.rejects(seat('resident', 'committee', 'cashier'), { code: 'office_not_of_body', field: 'office' });
      await t.rejects(seat('resident', 'street', 'official'), { code: 'body_unknown', field: 'body' });
      await t.rejects(seat('resident', 'supervisor', 'supervisor', { ends_on: '2025-12-31' }), { code: 'term_dates_invalid' });
      await t.rejects(seat('resident', 'supervisor', 'supervisor', { starts_on: '2026-02-30' }), { code: 'term_dates_invalid' });
      await seat('resident', 'committee', 'chair');
      await t.rejects(seat('resident', 'committee', 'chair', { starts_on: '2026-12-31', ends_on: '2027-12-31' }), { code: 'already_in_office' });
      t.equal(await seat('resident', 'committee', 'chair', { starts_on: '2027-01-01', ends_on: '2027-12-31' }), 2, 'a second term follows');
    });
  });

  await t.test('whoever keeps the money does not sign as well', async (t) => {
    await opening(h, 'till', async (trx, estate_id) => {
      const seat = into(trx, estate_id);
      await seat('cashier', 'property', 'cashier');
      await t.rejects(seat('cashier', 'property', 'deputy', { starts_on: '2026-12-31', ends_on: '2027-12-31' }), { code: 'cashier_signs_nothing' });
      await seat('manager', 'property', 'manager');
      await t.rejects(seat('manager', 'property', 'cashier'), { code: 'cashier_signs_nothing', message: /manager.*cashier/s });
      t.equal(await seat('cashier', 'property', 'manager', { starts_on: '2027-01-01', ends_on: '2027-12-31' }), 3, 'afterwards one may');
    });
  });

  await t.test('a person may serve in the committee of one estate and in the company of another', async (t) => {
    const third = await opening(h, 'third', async (trx, estate_id) => {
      await into(trx, estate_id)('committee2', 'property', 'manager', { ends_on: '2099-12-31' });
    });
    const actor = await readActor(h.house, persons.committee2, { kind: 'cookie', scopes: [], csrf: null });
    t.strictSame(actor?.terms.map((term) => [term.estate_id, term.office]), [[h.estate.estate_id, 'member'], [third.estate_id, 'manager']]);
  });

  await t.test('the log tells of terms without names', async (t) => {
    const { rows } = await h.superuser.query<{ body: string }>(
      `select body from record where estate_id = $1 and kind = 'term_opened' order by seq`, [h.estate.estate_id]);
    t.equal(rows.length, 7);
    t.strictSame(JSON.parse(rows[0]!.body), {
      body: 'property', office: 'cashier', person: persons.cashier, starts_on: '2020-01-01', ends_on: '2099-12-31', term: 1,
    });
    for (const name of ['何出纳', '陈主任', '赵街道']) t.notMatch(rows.map(({ body }) => body).join(), name);
  });
});

t.test('once an estate is open, nobody appoints anybody', async (t) => {
  const h = await testHouse(t);
  const { estate_id } = h.estate;
  const term = { estate_id, person_id: h.persons.resident, body: 'committee', office: 'member', ...year } as const;
  await inEstate(h.house.db.app, estate_id, (trx) => checkAppointment(trx, term));
  await t.rejects(inEstate(h.house.db.app, estate_id, (trx) => appoint(trx, { ...term, resolution: '' })), { code: 'term_needs_proposal' });

  const app = new pg.Client({ connectionString: h.urls.app });
  await app.connect();
  t.teardown(() => app.end());
  await app.query(`select set_config('mingzhang.estate', $1, false)`, [String(estate_id)]);
  const text = canonical({ person: h.persons.resident, body: 'committee', office: 'member', ...year });
  const row = `(estate_id, term_id, person_id, body, key_side, office, starts_on, ends_on)
    values (${estate_id}, 900, '${h.persons.resident}', 'committee', 'owners', 'member', '2026-01-01', '2026-12-31')`;
  const denied: [string, string][] = [
    [`insert into term ${row}`, 'permission'],
    [`update term set ends_on = '2020-01-02' where term_id = 1`, 'permission'],
    [`update term set person_id = '${h.persons.resident}' where term_id = 3`, 'permission'],
    [`delete from term`, 'permission'],
    [`insert into key_holder (estate_id, person_id, key_side) values (${estate_id}, '${h.persons.resident}', 'owners')`, 'permission'],
    [`update key_holder set key_side = 'owners'`, 'permission'],
    [`select open_term(${estate_id}, '${text}', '')`, 'term_needs_proposal'],
    [`select write_term(${estate_id}, '${text}', '')`, 'permission'],
    [`update log_head set opened_in = pg_current_xact_id() where estate_id = ${estate_id}`, 'permission'],
    [`insert into delegation (estate_id) values (${estate_id})`, 'permission'],
    [`update delegation set ends_on = '2099-12-31'`, 'permission'],
    [`select append_record(${estate_id}, 'term_opened', '${text}')`, 'record_kind_reserved'],
    [`select append_record(${estate_id}, 'delegation_opened', '{}')`, 'record_kind_reserved'],
  ];
  for (const [statement, word] of denied) t.equal(await databaseSays(app.query(statement)), word, statement.slice(0, 70));
});

t.test('the database refuses the second key by itself, and a longer term', async (t) => {
  const h = await testHouse(t);
  t.equal(await databaseSays(h.superuser.query(
    `insert into term (estate_id, term_id, person_id, body, key_side, office, starts_on, ends_on)
     values ($1, 900, $2, 'committee', 'owners', 'member', '2026-01-01', '2026-12-31')`, [h.estate.estate_id, h.persons.cashier])), 'term_one_key');
  t.equal(await databaseSays(h.superuser.query(
    `update key_holder set key_side = 'owners' where person_id = $1`, [h.persons.cashier])), 'append_only');
  t.equal(await databaseSays(h.superuser.query(`update term set ends_on = '2199-12-31' where term_id = 1`)), 'term_stays');
});
