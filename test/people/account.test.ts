import t from 'tap';
import {
  changePassword,
  changeSigningPassword,
  checkSigningPassword,
} from '../../src/people/credential.ts';
import { enterPerson } from '../../src/people/person.ts';
import { PASSWORD, SIGNING_PASSWORD, signIn, testHouse } from '../helpers/house.ts';
import { form, smallApp } from './small-app.ts';

t.test('my account', async (t) => {
  const { house, persons, superuser } = await testHouse(t);
  const app = await smallApp(house);
  t.teardown(() => app.close());
  const me = (headers: Record<string, string>) =>
    app.inject({ method: 'GET', url: '/api/v1/me', headers });
  const post = (
    url: string,
    headers: Record<string, string>,
    fields: Record<string, string> = {},
  ) => {
    const sent = form(fields);
    return app.inject({
      method: 'POST',
      url,
      payload: sent.payload,
      headers: { ...headers, ...sent.headers },
    });
  };
  const token = async (headers: Record<string, string>, scopes: string[]) =>
    (
      await app.inject({
        method: 'POST',
        url: '/api/v1/tokens',
        headers,
        payload: { label: 'for the test', scopes },
      })
    ).json();

  await t.test('a token is shown once and kept as hash', async (t) => {
    const headers = await signIn(app, 'auditor');
    const made = await token(headers, ['read']);
    t.match(made.token, /^mz_[\w-]{43}$/);
    const list = (await app.inject({ method: 'GET', url: '/api/v1/tokens', headers })).json();
    t.match(list.items, [{ token_id: made.token_id, label: 'for the test', scopes: ['read'] }]);
    t.notMatch(JSON.stringify(list), made.token);
    const { rows } = await superuser.query('select session::text as row from session');
    t.notMatch(JSON.stringify(rows), made.token);
    const bearer = { authorization: `Bearer ${made.token}` };
    t.match((await me(bearer)).json(), { login: 'auditor', csrf: null });
    t.equal(
      (await app.inject({ method: 'DELETE', url: `/api/v1/tokens/${made.token_id}`, headers }))
        .statusCode,
      204,
    );
    const ended = await me(bearer);
    t.equal(ended.statusCode, 401);
    t.equal(ended.json().code, 'token_invalid');
  });

  await t.test('a read token reads and does not act; a post token does both', async (t) => {
    const headers = await signIn(app, 'cashier');
    const invite = async (scopes: string[]) => {
      const made = await token(headers, scopes);
      return app.inject({
        method: 'POST',
        url: '/api/v1/estates/test/invitations',
        payload: { units: ['1-1-101'] },
        headers: { authorization: `Bearer ${made.token}`, 'sec-fetch-site': 'cross-site' },
      });
    };
    const refused = await invite(['read']);
    t.equal(refused.statusCode, 403);
    t.equal(refused.json().code, 'token_scope');
    t.equal(
      (await invite(['post'])).statusCode,
      201,
      'a bearer token is no cookie: where it comes from does not matter',
    );
  });

  await t.test("a token makes no tokens, and nobody ends another's", async (t) => {
    const headers = await signIn(app, 'cashier');
    const made = await token(headers, ['read', 'post']);
    const bearer = { authorization: `Bearer ${made.token}` };
    t.equal(
      (
        await app.inject({
          method: 'POST',
          url: '/api/v1/tokens',
          headers: bearer,
          payload: { label: 'x', scopes: ['post'] },
        })
      ).json().code,
      'token_by_token',
    );
    const other = await app.inject({
      method: 'DELETE',
      url: `/api/v1/tokens/${made.token_id}`,
      headers: await signIn(app, 'manager'),
    });
    t.equal(other.json().code, 'token_unknown');
  });

  await t.test('the signing password is another than the login password', async (t) => {
    t.ok(await checkSigningPassword(house, persons.manager, SIGNING_PASSWORD, { demo: true }));
    t.notOk(await checkSigningPassword(house, persons.manager, PASSWORD, { demo: true }));
    t.notOk(await checkSigningPassword(house, persons.cashier, PASSWORD, { demo: true }), 'a cashier has none');
  });

  await t.test('five wrong signing passwords lock signing, not logging in', async (t) => {
    for (let i = 0; i < 5; i += 1)
      t.notOk(await checkSigningPassword(house, persons.supervisor, `wrong ${i}`, { demo: true }));
    await t.rejects(checkSigningPassword(house, persons.supervisor, SIGNING_PASSWORD, { demo: true }), {
      code: 'too_many_tries',
    });
    await signIn(app, 'supervisor');
    await superuser.query('delete from login_failure');
  });

  await t.test(
    'changing the password needs the old one, twice the new one, and logs out everywhere else',
    async (t) => {
      const here = await signIn(app, 'committee2');
      const elsewhere = await signIn(app, 'committee2');
      const program = await token(here, ['read']);
      const fields = {
        present_password: PASSWORD,
        new_password: 'a window over the river',
        repeat_password: 'a window over the river',
      };
      for (const [wrong, field, reason] of [
        [{ present_password: 'not it' }, 'present_password', '现在的密码不对'],
        [{ repeat_password: 'something else' }, 'repeat_password', '两次输入的密码不一样'],
        [{ new_password: 'short', repeat_password: 'short' }, 'new_password', '至少 15 个字'],
        [
          { new_password: SIGNING_PASSWORD, repeat_password: SIGNING_PASSWORD },
          'new_password',
          '不能和登录密码相同',
        ],
      ] as const) {
        const answer = await post('/me/password', here, { ...fields, ...wrong });
        t.equal(answer.statusCode, 422);
        t.match(answer.body, `id="password-form-${field}-error"`);
        t.match(answer.body, reason);
      }
      const done = await post('/me/password', here, fields);
      t.equal(done.statusCode, 303);
      const renewed = {
        cookie: `session=${done.cookies.find(({ name }) => name === 'session')!.value}`,
      };
      t.equal((await me(renewed)).statusCode, 200, 'this browser stays in, with a new token');
      for (const out of [here, elsewhere, { authorization: `Bearer ${program.token}` }])
        t.equal((await me(out)).statusCode, 401);
      t.equal(
        (
          await app.inject({
            method: 'POST',
            url: '/api/v1/session',
            payload: { login: 'committee2', password: PASSWORD },
          })
        ).statusCode,
        401,
      );
      await signIn(app, 'committee2', fields.new_password);
    },
  );

  await t.test(
    'the first signing password needs the login password, later ones the old signing password',
    async (t) => {
      const person_id = await enterPerson(house, {
        name: '新委员',
        login: 'newcomer',
        password: 'seven lanterns in the yard',
        signing_password: null,
      });
      const change = { person_id, name: '新委员' };
      await t.rejects(
        changeSigningPassword(house, {
          ...change,
          present: 'wrong',
          wanted: 'a bridge of old stones',
        }),
        { code: 'password_wrong' },
      );
      await t.rejects(
        changeSigningPassword(house, {
          ...change,
          present: 'seven lanterns in the yard',
          wanted: 'seven lanterns in the yard',
        }),
        { code: 'passwords_alike' },
      );
      await changeSigningPassword(house, {
        ...change,
        present: 'seven lanterns in the yard',
        wanted: 'a bridge of old stones',
      });
      await t.rejects(
        changeSigningPassword(house, {
          ...change,
          present: 'seven lanterns in the yard',
          wanted: 'a mill beside the water',
        }),
        { code: 'password_wrong' },
      );
      await changeSigningPassword(house, {
        ...change,
        present: 'a bridge of old stones',
        wanted: 'a mill beside the water',
      });
      t.ok(await checkSigningPassword(house, person_id, 'a mill beside the water', { demo: true }));
      await t.rejects(
        changePassword(house, {
          ...change,
          present: 'seven lanterns in the yard',
          wanted: 'a mill beside the water',
        }),
        { code: 'passwords_alike' },
      );
    },
  );

  await t.test(
    'a person needs a name, a login that can be typed, and a password of their own',
    async (t) => {
      const person = {
        name: '甲',
        login: 'jia',
        password: 'seven lanterns in the yard',
        signing_password: null,
      };
      await t.rejects(enterPerson(house, { ...person, name: ' ' }), { code: 'name_invalid' });
      await t.rejects(enterPerson(house, { ...person, login: '张三' }), { code: 'login_invalid' });
      await t.rejects(enterPerson(house, { ...person, login: 'CASHIER' }), { code: 'login_taken' });
      await t.rejects(enterPerson(house, { ...person, signing_password: person.password }), {
        code: 'passwords_alike',
      });
      await t.rejects(enterPerson(house, { ...person, password: 'jiajiajiajiajiajia' }), {
        code: 'password_common',
      });
    },
  );

  await t.test('the page shows what is mine and makes a token that is shown once', async (t) => {
    const headers = await signIn(app, 'manager');
    const page = await app.inject({ method: 'GET', url: '/me', headers });
    t.match(page.body, '马经理');
    t.match(page.body, '更改签批密码');
    const resident = await app.inject({
      method: 'GET',
      url: '/me',
      headers: await signIn(app, 'resident'),
    });
    t.notMatch(resident.body, '签批密码', 'who signs nothing is not bothered with it');
    const made = await post('/me/tokens', headers, { label: '报表', scope: 'read' });
    const text = /mz_[\w-]{43}/.exec(made.body)![0];
    t.equal((await me({ authorization: `Bearer ${text}` })).statusCode, 200);
    t.notMatch((await app.inject({ method: 'GET', url: '/me', headers })).body, text);
  });

  await t.test('logging out everywhere ends browsers and programs', async (t) => {
    const here = await signIn(app, 'street');
    const there = await signIn(app, 'street');
    const program = await token(here, ['read']);
    t.equal((await post('/me/logout-everywhere', here)).statusCode, 303);
    for (const out of [here, there, { authorization: `Bearer ${program.token}` }])
      t.equal((await me(out)).statusCode, 401);
  });
});
