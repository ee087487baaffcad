import t from 'tap';
import { newCode, readCode } from '../../src/people/code.ts';
import { PASSWORD, signIn, testHouse, testUnits } from '../helpers/house.ts';
import { form, smallApp } from './small-app.ts';

const NEW = { login: '13800001234', password: 'the well behind the school', name: '张奶奶' };

t.test('codes', (t) => {
  const code = newCode(17);
  t.match(code, /^017\d{17}$/);
  t.strictSame(readCode(`${code.slice(0, 4)} ${code.slice(4, 8)}-${code.slice(8)}`), {
    code,
    estate_id: 17,
  });
  t.strictSame(
    readCode([...code].map((digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0)).join('')),
    { code, estate_id: 17 },
    'full-width',
  );
  t.equal(readCode(newCode(123456))?.estate_id, 123456);
  for (const typed of ['', '12', 'x'.repeat(20), code.slice(1), `${code}1`])
    t.equal(readCode(typed), null);
  // Every single wrong digit and every swap of neighbours is found.
  for (let place = 0; place < code.length; place += 1) {
    for (let digit = 0; digit < 10; digit += 1) {
      const wrong = code.slice(0, place) + digit + code.slice(place + 1);
      if (wrong !== code && readCode(wrong) !== null) t.fail(wrong);
    }
    const swapped =
      code.slice(0, place) + (code[place + 1] ?? '') + code[place]! + code.slice(place + 2);
    if (swapped !== code && swapped.length === code.length && readCode(swapped) !== null)
      t.fail(swapped);
  }
  t.equal(new Set(Array.from({ length: 1000 }, () => newCode(1))).size, 1000);
  t.end();
});

t.test('joining with an invitation', async (t) => {
  const { house, superuser, estate } = await testHouse(t, { units: testUnits(4) });
  const app = await smallApp(house);
  t.teardown(() => app.close());
  const cashier = await signIn(app, 'cashier');
  const issue = async (units?: string[]) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/estates/test/invitations',
      headers: cashier,
      payload: units === undefined ? {} : { units },
    });
    return answer.json().items as { unit: string; code: string; url: string; expires_on: string }[];
  };
  const one = async (unit: string) => (await issue([unit]))[0]!;
  const join = (
    payload: Record<string, string>,
    headers: Record<string, string> = {},
    remoteAddress = '10.0.0.1',
  ) => app.inject({ method: 'POST', url: '/api/v1/join', payload, headers, remoteAddress });

  await t.test('a code opens the books of its dwelling, once', async (t) => {
    const { code, url } = await one('3-2-102');
    t.equal(url, `http://localhost:8080/join?code=${code}`);
    const joined = await join({ code, ...NEW });
    t.equal(joined.statusCode, 201);
    t.match(joined.json(), { estate: 'test', unit: '3-2-102' });
    const cookie = { cookie: `session=${joined.cookies[0]!.value}` };
    t.equal(joined.cookies[0]!.maxAge, 30 * 24 * 3600);
    t.match((await app.inject({ method: 'GET', url: '/api/v1/me', headers: cookie })).json(), {
      name: '张奶奶',
      homes: [{ estate: 'test', unit: '3-2-102' }],
      offices: [],
    });
    const again = await join({ code, ...NEW, login: 'somebody-else' });
    t.equal(again.statusCode, 422);
    t.equal(again.json().code, 'invitation_invalid');
  });

  await t.test('of ten who use a code at the same moment one comes in', async (t) => {
    const { code } = await one('3-2-201');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        join({ code, ...NEW, login: `racer${i}` }, {}, `10.2.0.${i}`),
      ),
    );
    t.equal(answers.filter(({ statusCode }) => statusCode === 201).length, 1);
    const { rows } = await superuser.query(
      `select count(*)::integer as count from credential where login like 'racer%'`,
    );
    t.equal(rows[0].count, 1, 'the others leave no login behind');
  });

  await t.test('a taken login or a weak password does not use the code up', async (t) => {
    const { code } = await one('3-2-202');
    t.equal((await join({ code, ...NEW, login: 'cashier' })).json().code, 'login_taken');
    t.equal(
      (await join({ code, ...NEW, login: 'fresh1', password: 'woaini1314woaini1314' })).json().code,
      'password_common',
    );
    t.equal((await join({ code, ...NEW, login: 'fresh1' })).statusCode, 201);
  });

  await t.test('who has a login adds a dwelling to it', async (t) => {
    const { code } = await one('4-1-101');
    const headers = await signIn(app, 'resident');
    t.equal((await join({ code }, headers)).statusCode, 201);
    const { homes } = (await app.inject({ method: 'GET', url: '/api/v1/me', headers })).json();
    t.strictSame(
      homes.map(({ unit }: { unit: string }) => unit),
      ['1-1-101', '4-1-101'],
    );
    t.equal((await join({ code })).statusCode, 401, 'without a login one says who one is');
  });

  await t.test("a code of one's own dwelling is kept for the family", async (t) => {
    const { code } = await one('1-1-101');
    const headers = await signIn(app, 'resident');
    t.equal((await join({ code }, headers)).json().code, 'already_joined');
    t.equal((await join({ code, ...NEW, login: 'grandson' })).statusCode, 201);
  });

  await t.test('a code expires after ninety days', async (t) => {
    const { code, expires_on } = await one('3-3-101');
    t.match(expires_on, /^\d{4}-\d\d-\d\d$/);
    const { rows } = await superuser.query(
      `select extract(day from expires_at - issued_at)::integer as days from invitation where unit = '3-3-101'`,
    );
    t.equal(rows[0].days, 90);
    await superuser.query(
      `update invitation set expires_at = clock_timestamp() where unit = '3-3-101'`,
    );
    t.equal((await join({ code, ...NEW, login: 'late' })).json().code, 'invitation_invalid');
  });

  await t.test('a slip of the finger is told as one and counts as no guess', async (t) => {
    const { code } = await one('3-3-102');
    const slip = code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10);
    for (let i = 0; i < 25; i += 1)
      t.equal(
        (await join({ code: slip, ...NEW, login: 'slip' }, {}, '10.3.0.1')).json().code,
        'invitation_misread',
      );
    t.equal((await join({ code, ...NEW, login: 'slip' }, {}, '10.3.0.1')).statusCode, 201);
  });

  await t.test('guessing codes locks the address after twenty', async (t) => {
    const guess = () =>
      join({ code: newCode(estate.estate_id), ...NEW, login: 'guesser' }, {}, '10.4.0.1');
    for (let i = 0; i < 20; i += 1) t.equal((await guess()).json().code, 'invitation_invalid');
    const locked = await guess();
    t.equal(locked.statusCode, 429);
    t.ok(Number(locked.headers['retry-after']) > 0);
  });

  await t.test(
    'only the hash of a code is kept, and how many were made is on record',
    async (t) => {
      const issued = await issue();
      const { rows } = await superuser.query('select invitation::text as row from invitation');
      for (const { code } of issued.slice(0, 5)) t.notMatch(JSON.stringify(rows), code);
      const { rows: records } = await superuser.query(
        `select body from record where kind = 'invitations_issued' order by seq desc limit 1`,
      );
      t.match(records[0].body, `"count":${issued.length}`);
      t.notOk(
        issued.some(({ unit }) => unit === '1-1-101'),
        'without units: those that nobody has joined',
      );
      t.ok(issued.length > 100);
    },
  );

  await t.test('an unknown dwelling is named', async (t) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/estates/test/invitations',
      headers: cashier,
      payload: { units: ['1-1-101', '9-9-999'] },
    });
    t.equal(answer.statusCode, 422);
    t.match(answer.json(), { code: 'unit_unknown', field: 'units', facts: { unit: '9-9-999' } });
  });

  await t.test(
    'the sheet: a slip for each dwelling with code, QR and both languages, not kept by the browser',
    async (t) => {
      const sent = form({ choice: 'named', units: '2-1-101\n2—1—102，２-1-201' });
      const sheet = await app.inject({
        method: 'POST',
        url: '/e/test/invitations',
        payload: sent.payload,
        headers: { ...cashier, ...sent.headers },
      });
      t.equal(sheet.statusCode, 200);
      t.equal(sheet.headers['cache-control'], 'no-store');
      t.equal(sheet.body.match(/<section class="slip">/g)?.length, 3);
      t.match(sheet.body, /<p class="code">\d{4} \d{4} \d{4} \d{4} \d{4}<\/p>/);
      t.match(sheet.body, 'Scan the code');
      t.notMatch(sheet.body, 'style=');
      const href = /href="(\/assets\/sheet\/[^"]+)"/.exec(sheet.body)![1]!;
      t.match((await app.inject({ method: 'GET', url: href })).headers['content-type'], 'text/css');
    },
  );

  await t.test(
    'by browser: digits, a look at the dwelling, a login; a wrong form comes back filled in',
    async (t) => {
      const { code } = await one('5-1-101');
      const post = (url: string, fields: Record<string, string>) =>
        app.inject({ method: 'POST', url, ...form(fields) });
      t.match((await post('/join/code', { code: '1234' })).body, 'value="1234"');
      const found = await post('/join/code', { code });
      t.match(found.body, '5-1-101');
      t.match((await app.inject({ method: 'GET', url: `/join?code=${code}` })).body, '示例小区');
      const fields = {
        code,
        login: 'zhao-granny',
        name: '赵奶奶',
        password: NEW.password,
        repeat_password: NEW.password,
      };
      const wrong = await post('/join', { ...fields, repeat_password: 'differs' });
      t.equal(wrong.statusCode, 422);
      t.match(wrong.body, 'value="zhao-granny"');
      t.match(wrong.body, 'form-repeat_password-error');
      t.notMatch(wrong.body, NEW.password);
      const done = await post('/join', fields);
      t.equal(done.headers.location, '/e/test?done=joined');
      t.equal(done.statusCode, 303);
      t.equal((await post('/join', fields)).statusCode, 422);
    },
  );

  await t.test('a joined resident logs in like anybody', async () => {
    await signIn(app, NEW.login, NEW.password);
    await signIn(app, 'resident', PASSWORD);
  });
});
