import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import type { BodyKind, Office } from '../../src/kernel/actor.ts';
import { appoint, endTerm } from '../../src/people/term.ts';
import { openBody } from '../../src/people/body.ts';
import { readActor, termsOf } from '../../src/people/queries.ts';
import { testHouse, type PersonName } from '../helpers/house.ts';

t.test('terms of office', async (t) => {
  const { house, estate, other, persons, superuser } = await testHouse(t);
  const { estate_id } = estate;
  const into = (
    name: PersonName,
    body: BodyKind,
    office: Office,
    days: { starts_on?: string; ends_on?: string } = {},
  ) =>
    inEstate(house.db.app, estate_id, (trx) =>
      appoint(trx, {
        estate_id,
        person_id: persons[name],
        body,
        office,
        starts_on: '2026-01-01',
        ends_on: '2026-12-31',
        resolution: '',
        ...days,
      }),
    );

  await t.test('a cashier cannot hold a committee office in the same estate', async (t) => {
    await t.rejects(into('cashier', 'committee', 'member'), { code: 'holds_other_key' });
    await t.rejects(into('committee1', 'property', 'manager'), { code: 'holds_other_key' });
  });

  await t.test('not even after the first term has ended', async (t) => {
    const term_id = await into('auditor', 'property', 'cashier', {
      starts_on: '2021-01-01',
      ends_on: '2021-12-31',
    });
    t.type(term_id, 'number');
    await t.rejects(into('auditor', 'committee', 'member', { starts_on: '2026-01-01' }), {
      code: 'holds_other_key',
    });
  });

  await t.test('the database refuses the second key by itself', async (t) => {
    await t.rejects(
      superuser.query(
        `insert into term (estate_id, term_id, person_id, body, key_side, office, starts_on, ends_on)
      values ($1, 900, $2, 'committee', 'owners', 'member', '2026-01-01', '2026-12-31')`,
        [estate_id, persons.cashier],
      ),
      /term_one_key/,
    );
    await t.rejects(
      superuser.query(`update key_holder set key_side = 'owners' where person_id = $1`, [
        persons.cashier,
      ]),
      /append_only/,
    );
  });

  await t.test(
    'a person may serve in the committee of one estate and in the company of another',
    async (t) => {
      await inEstate(house.db.app, other.estate_id, (trx) =>
        openBody(trx, {
          estate_id: other.estate_id,
          body: 'property',
          name_zh: '物业公司',
          name_en: 'Property company',
        }),
      );
      await inEstate(house.db.app, other.estate_id, (trx) =>
        appoint(trx, {
          estate_id: other.estate_id,
          person_id: persons.committee2,
          body: 'property',
          office: 'manager',
          starts_on: '2026-01-01',
          ends_on: '2099-12-31',
          resolution: '',
        }),
      );
      const actor = await readActor(house, persons.committee2, {
        kind: 'cookie',
        scopes: [],
        csrf: null,
      });
      t.strictSame(
        actor?.terms.map((term) => [term.estate_id, term.office]),
        [
          [estate_id, 'member'],
          [other.estate_id, 'manager'],
        ],
      );
    },
  );

  await t.test('an office belongs to its body', async (t) => {
    await t.rejects(into('resident', 'committee', 'cashier'), {
      code: 'office_not_of_body',
      field: 'office',
    });
  });

  await t.test('a term has an order and days that exist', async (t) => {
    await t.rejects(into('resident', 'supervisor', 'supervisor', { ends_on: '2025-12-31' }), {
      code: 'term_dates_invalid',
    });
    await t.rejects(into('resident', 'supervisor', 'supervisor', { starts_on: '2026-02-30' }), {
      code: 'term_dates_invalid',
    });
  });

  await t.test('the same office is not held twice at the same time', async (t) => {
    await t.rejects(into('manager', 'property', 'manager'), { code: 'already_in_office' });
  });

  await t.test('ten appointments at the same moment have ten numbers', async (t) => {
    const years = Array.from({ length: 10 }, (_, index) => 2030 + index);
    const numbers = await Promise.all(
      years.map((year) =>
        into('resident', 'supervisor', 'supervisor', {
          starts_on: `${year}-01-01`,
          ends_on: `${year}-12-31`,
        }),
      ),
    );
    t.equal(new Set(numbers).size, 10);
  });

  await t.test('an office ends with its term, and the log tells it without a name', async (t) => {
    const [term] = (
      await inEstate(house.db.app, estate_id, (trx) => termsOf(trx, estate_id))
    ).filter(({ office, body }) => office === 'official' && body === 'street');
    await inEstate(house.db.app, estate_id, (trx) =>
      endTerm(trx, { estate_id, term_id: term!.term_id, ends_on: '2024-12-31' }),
    );
    const actor = await readActor(house, persons.street, {
      kind: 'cookie',
      scopes: [],
      csrf: null,
    });
    t.strictSame(actor?.terms, []);
    const { rows } = await superuser.query(
      `select kind, body from record where estate_id = $1 and kind in ('term_opened', 'term_ended') order by seq`,
      [estate_id],
    );
    t.equal(rows.at(-1).body, `{"ends_on":"2024-12-31","term":${term!.term_id}}`);
    const text = rows.map(({ body }: { body: string }) => body).join();
    for (const name of ['何出纳', '陈主任', '赵街道']) t.notMatch(text, name);
  });

  await t.test('a term is not made longer by ending it later', async (t) => {
    await t.rejects(
      inEstate(house.db.app, estate_id, (trx) =>
        endTerm(trx, { estate_id, term_id: 1, ends_on: '2199-12-31' }),
      ),
      { code: 'term_dates_invalid' },
    );
    await t.rejects(
      inEstate(house.db.app, estate_id, (trx) =>
        endTerm(trx, { estate_id, term_id: 999, ends_on: '2026-12-31' }),
      ),
      { code: 'term_unknown' },
    );
  });
});
