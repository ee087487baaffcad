import t from 'tap';
import { demand } from '../../src/kernel/actor.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { readActor } from '../../src/people/queries.ts';
import { personNames, signIn, testHouse, type PersonName } from '../helpers/house.ts';
import { form, smallApp } from './small-app.ts';

t.test('who may see what', async (t) => {
  const { house, persons, estate, other, superuser } = await testHouse(t);
  const app = await smallApp(house);
  t.teardown(() => app.close());
  const as = Object.fromEntries(
    await Promise.all(personNames.map(async (name) => [name, await signIn(app, name)])),
  ) as Record<PersonName, Record<string, string>>;
  const get = (url: string, headers: Record<string, string> = {}) =>
    app.inject({ method: 'GET', url, headers });
  const members: PersonName[] = [
    'cashier',
    'manager',
    'committee1',
    'committee2',
    'supervisor',
    'street',
    'auditor',
    'resident',
  ];
  const inviters: PersonName[] = ['cashier', 'manager', 'committee1', 'committee2'];

  await t.test('reading: every member, nobody else', async (t) => {
    for (const path of [
      '/api/v1/estates/test',
      '/api/v1/estates/test/bodies',
      '/e/test/people',
      '/e/test/people.csv',
    ]) {
      for (const name of members)
        t.equal((await get(path, as[name])).statusCode, 200, `${name} ${path}`);
      t.equal((await get(path, as.stranger)).statusCode, 404, `stranger ${path}`);
      t.equal((await get(path)).statusCode, path.startsWith('/e/') ? 303 : 401, `nobody ${path}`);
    }
  });

  await t.test('inviting: cashier, manager and committee', async (t) => {
    for (const name of personNames) {
      const wanted = inviters.includes(name) ? 201 : name === 'stranger' ? 404 : 403;
      const answer = await app.inject({
        method: 'POST',
        url: '/api/v1/estates/test/invitations',
        headers: as[name],
        payload: { units: ['1-1-101'] },
      });
      t.equal(answer.statusCode, wanted, name);
      const page = await app.inject({
        method: 'POST',
        url: '/e/test/invitations',
        payload: form({ choice: 'building', building: '2' }).payload,
        headers: { ...as[name], 'content-type': 'application/x-www-form-urlencoded' },
      });
      t.equal(page.statusCode, wanted === 201 ? 200 : wanted, name);
    }
  });

  await t.test(
    'a person of another estate cannot tell this one from one that does not exist',
    async (t) => {
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/bodies'],
        ['POST', '/invitations'],
      ] as const) {
        const ask = async (code: string) => {
          const answer = await app.inject({
            method,
            url: `/api/v1/estates/${code}${path}`,
            headers: as.stranger,
            ...(method === 'POST' ? { payload: {} } : {}),
          });
          const { request_id: _id, ...rest } = answer.json();
          return { status: answer.statusCode, ...rest };
        };
        t.strictSame(await ask('test'), await ask('no-such-estate'));
        t.equal((await ask('test')).code, 'estate_unknown');
      }
      const page = await get('/e/test/people', as.stranger);
      t.notMatch(page.body, '示例小区');
      t.notMatch(page.body, '何出纳');
      for (const code of ['test', 'no-such-estate'])
        t.equal((await get(`/api/v1/estates/${code}`)).statusCode, 401);
    },
  );

  await t.test("one sees one's own estates only", async (t) => {
    t.strictSame(
      (await get('/api/v1/estates', as.resident))
        .json()
        .items.map(({ code }: { code: string }) => code),
      ['test'],
    );
    t.strictSame(
      (await get('/api/v1/estates', as.stranger))
        .json()
        .items.map(({ code }: { code: string }) => code),
      ['other'],
    );
    t.equal((await get('/api/v1/estates')).statusCode, 401);
  });

  await t.test('officers are named to owners, residents to nobody', async (t) => {
    const answer = await get('/api/v1/estates/test/bodies', as.resident);
    t.match(answer.body, '陈主任');
    t.notMatch(answer.body, '王阿姨');
    t.match(answer.json().items[0], { body: 'property', key_side: 'company' });
    const page = await get('/e/test/people', as.resident);
    t.match(page.body, '陈主任');
    t.match(page.body, '物业一方的钥匙');
    t.match(page.body, '每栋不足 5 户', 'one resident in a building is not counted in public');
    const main = page.body.slice(page.body.indexOf('<main'));
    t.notMatch(main, '王阿姨');
  });

  await t.test(
    "outside its estate the database itself shows only one's own terms and homes",
    async (t) => {
      const rows = await inEstate(
        house.db.app,
        0,
        (trx) => trx.selectFrom('term').selectAll().execute(),
        { person_id: persons.manager },
      );
      t.strictSame(
        rows.map(({ person_id }) => person_id),
        [persons.manager],
      );
      const none = await inEstate(
        house.db.app,
        0,
        (trx) => trx.selectFrom('resident').selectAll().execute(),
        { person_id: persons.manager },
      );
      t.strictSame(none, []);
      const actor = await readActor(house, persons.manager, {
        kind: 'cookie',
        scopes: [],
        csrf: null,
      });
      t.throws(() => demand(actor!, other.estate_id, 'read_books'), { code: 'estate_unknown' });
      t.equal(demand(actor!, estate.estate_id, 'read_books'), actor);
    },
  );

  await t.test('an erased person is logged out at once', async (t) => {
    await superuser.query('delete from credential where person_id = $1', [persons.street]);
    t.equal((await get('/api/v1/me', as.street)).statusCode, 401);
  });
});
