import t from 'tap';
import { instant, laterBy } from '../../src/kernel/dates.ts';
import { PASSWORD, signIn, testHouse } from '../helpers/house.ts';
import { form, smallApp } from './small-app.ts';

const MINUTE = 60_000;

t.test('logging in', async (t) => {
  let now = instant('2026-11-20T02:00:00Z');
  const { house, superuser } = await testHouse(t, { clock: () => now, first_period: '2026-10' });
  const app = await smallApp(house);
  t.teardown(() => app.close());
  const pass = (minutes: number) => {
    now = laterBy(now, minutes * MINUTE);
  };
  const me = (headers: Record<string, string>) =>
    app.inject({ method: 'GET', url: '/api/v1/me', headers });
  const logIn = (
    login: string,
    password: string,
    headers: Record<string, string> = {},
    remoteAddress = '10.0.0.1',
  ) =>
    app.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { login, password },
      headers,
      remoteAddress,
    });
  t.beforeEach(() => superuser.query('delete from login_failure'));

  await t.test('the right password opens a session and tells who one is', async (t) => {
    const answer = await logIn('Cashier ', PASSWORD);
    t.equal(answer.statusCode, 200);
    t.match(answer.json(), {
      name: '何出纳',
      login: 'cashier',
      offices: [{ estate: 'test', body: 'property', office: 'cashier' }],
      homes: [],
    });
    const [cookie] = answer.cookies;
    t.match(cookie, {
      name: 'session',
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
      maxAge: 12 * 3600,
    });
    t.notOk(cookie!.secure);
    t.match((await me({ cookie: `session=${cookie!.value}` })).json(), { name: '何出纳' });
    const { rows } = await superuser.query(`select encode(token_hash, 'hex') as hash from session`);
    t.notMatch(JSON.stringify(rows), cookie!.value, 'the token itself is nowhere in the database');
  });

  await t.test('over HTTPS the cookie is __Host- and Secure', async (t) => {
    const secure = await smallApp({
      ...house,
      settings: { ...house.settings, public_url: 'https://books.example' },
    });
    const answer = await secure.inject({
      method: 'POST',
      url: '/api/v1/session',
      payload: { login: 'cashier', password: PASSWORD },
    });
    t.match(answer.cookies[0], {
      name: '__Host-session',
      secure: true,
      httpOnly: true,
      sameSite: 'Lax',
      path: '/',
    });
    t.notOk(answer.cookies[0]!.domain);
    await secure.close();
  });

  await t.test(
    'a wrong password and an unknown login get the same answer after about the same time',
    async (t) => {
      const timed = async (login: string) => {
        const started = performance.now();
        const answer = await logIn(login, 'a wrong password of some length');
        return { answer, took: performance.now() - started };
      };
      await timed('warm-up');
      const known = await timed('manager');
      const unknown = await timed('nobody-at-all');
      t.equal(known.answer.statusCode, 401);
      const { request_id: _a, ...first } = known.answer.json();
      const { request_id: _b, ...second } = unknown.answer.json();
      t.strictSame(first, second);
      t.ok(
        unknown.took > known.took / 3 && known.took > unknown.took / 3,
        `${known.took} and ${unknown.took} ms`,
      );
    },
  );

  await t.test(
    'five wrong passwords lock the login for a quarter of an hour, also for the right one',
    async (t) => {
      for (let i = 0; i < 5; i += 1)
        t.equal((await logIn('manager', `wrong ${i}`)).statusCode, 401);
      const locked = await logIn('manager', PASSWORD, {}, '10.0.0.2');
      t.equal(locked.statusCode, 429);
      t.equal(locked.json().code, 'too_many_tries');
      t.equal(locked.headers['retry-after'], '900');
      t.equal((await logIn('cashier', PASSWORD)).statusCode, 200, 'another login is not locked');
      pass(14);
      t.equal((await logIn('manager', PASSWORD)).statusCode, 429);
      pass(2);
      t.equal((await logIn('manager', PASSWORD)).statusCode, 200);
    },
  );

  await t.test('a success forgets the wrong tries of that login', async (t) => {
    for (let i = 0; i < 4; i += 1) await logIn('manager', 'wrong');
    t.equal((await logIn('manager', PASSWORD)).statusCode, 200);
    for (let i = 0; i < 4; i += 1) t.equal((await logIn('manager', 'wrong')).statusCode, 401);
    t.equal((await logIn('manager', PASSWORD)).statusCode, 200);
  });

  await t.test('twenty wrong tries lock an address, not the others', async (t) => {
    for (let i = 0; i < 20; i += 1) t.equal((await logIn(`somebody${i}`, 'wrong')).statusCode, 401);
    t.equal((await logIn('cashier', PASSWORD)).statusCode, 429);
    t.equal((await logIn('cashier', PASSWORD, {}, '10.0.0.9')).statusCode, 200);
  });

  await t.test('a hundred wrong tries at once are not more than six', async (t) => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) => logIn('committee1', `wrong ${i}`, {}, `10.1.0.${i}`)),
    );
    const tried = answers.filter(({ statusCode }) => statusCode === 401).length;
    t.ok(tried >= 5 && tried <= 6, `${tried} were tried`);
    t.equal(answers.filter(({ statusCode }) => statusCode === 429).length, 100 - tried);
  });

  await t.test('an officer is logged out after half an hour without a click', async (t) => {
    const headers = await signIn(app, 'cashier');
    pass(29);
    t.equal((await me(headers)).statusCode, 200);
    pass(29);
    t.equal((await me(headers)).statusCode, 200, 'each click counts anew');
    pass(31);
    t.equal((await me(headers)).statusCode, 401);
  });

  await t.test('and after twelve hours at the latest', async (t) => {
    const headers = await signIn(app, 'cashier');
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      pass(20);
      t.equal((await me(headers)).statusCode, 200);
    }
    pass(21);
    t.equal((await me(headers)).statusCode, 401);
  });

  await t.test('a resident stays logged in for thirty days', async (t) => {
    const headers = await signIn(app, 'resident');
    pass(29 * 24 * 60);
    t.equal((await me(headers)).statusCode, 200);
    pass(2 * 24 * 60);
    t.equal((await me(headers)).statusCode, 401);
  });

  await t.test('logging in again gives a new token and ends the old one', async (t) => {
    const first = await signIn(app, 'cashier');
    const answer = await logIn('cashier', PASSWORD, first);
    t.not(`session=${answer.cookies[0]!.value}`, first.cookie);
    t.equal((await me(first)).statusCode, 401);
  });

  await t.test('logging out ends the session', async (t) => {
    const headers = await signIn(app, 'cashier');
    t.equal(
      (await app.inject({ method: 'DELETE', url: '/api/v1/session', headers })).statusCode,
      204,
    );
    t.equal((await me(headers)).statusCode, 401);
  });

  await t.test('a made-up cookie is nobody', async (t) => {
    t.equal((await me({ cookie: 'session=AAAA' })).statusCode, 401);
  });

  await t.test(
    'the page asks again with the login kept and the reason shown, then leads on',
    async (t) => {
      const wrong = await app.inject({
        method: 'POST',
        url: '/login',
        ...form({ login: 'cashier', password: 'nope', next: '/e/test' }),
      });
      t.equal(wrong.statusCode, 401);
      t.match(wrong.body, 'value="cashier"');
      t.match(wrong.body, '登录名或密码不对');
      t.notMatch(wrong.body, 'nope');
      const right = await app.inject({
        method: 'POST',
        url: '/login',
        ...form({ login: 'cashier', password: PASSWORD, next: '/e/test' }),
      });
      t.equal(right.statusCode, 303);
      t.equal(right.headers.location, '/e/test');
    },
  );

  await t.test('after logging in nobody is led to another site', async (t) => {
    for (const next of [
      'https://evil.example',
      '//evil.example',
      '/\\evil.example',
      '/\t/evil.example',
      'javascript:alert(1)',
    ]) {
      const answer = await app.inject({
        method: 'POST',
        url: '/login',
        ...form({ login: 'cashier', password: PASSWORD, next }),
      });
      t.equal(answer.headers.location, '/', next);
    }
  });

  await t.test('a page asked for without a login leads to the login and back', async (t) => {
    const answer = await app.inject({ method: 'GET', url: '/e/test/people?x=1' });
    t.equal(answer.statusCode, 303);
    t.equal(answer.headers.location, '/login?next=%2Fe%2Ftest%2Fpeople%3Fx%3D1');
  });

  await t.test('the first page greets strangers and leads members to their estate', async (t) => {
    t.match((await app.inject({ method: 'GET', url: '/' })).body, '两把钥匙才能动钱');
    const answer = await app.inject({
      method: 'GET',
      url: '/',
      headers: await signIn(app, 'resident'),
    });
    t.equal(answer.headers.location, '/e/test');
  });
});
