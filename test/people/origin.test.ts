import t from 'tap';
import { csrfOf } from '../../src/people/origin.ts';
import { PASSWORD, signIn, testHouse } from '../helpers/house.ts';
import { form, smallApp } from './small-app.ts';

const browser = { 'user-agent': 'Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36' };

t.test("requests made in somebody's name by another site", async (t) => {
  const { house } = await testHouse(t);
  const app = await smallApp(house);
  t.teardown(() => app.close());
  const { cookie } = await signIn(app, 'resident');
  const csrf = csrfOf(cookie.split('=')[1]!);
  const logout = (headers: Record<string, string>, fields: Record<string, string> = {}) => {
    const sent = form({ token_id: 'none', ...fields });
    return app.inject({
      method: 'POST',
      url: '/me/tokens/end',
      payload: sent.payload,
      headers: { cookie, host: 'books.example', ...browser, ...sent.headers, ...headers },
    });
  };
  // An unknown token is a 404 of the form: the request came through.
  const through = 404;

  const cells: [string, Record<string, string>, Record<string, string>, number][] = [
    ['from a page of this site', { 'sec-fetch-site': 'same-origin' }, {}, through],
    ['typed by the person', { 'sec-fetch-site': 'none' }, {}, through],
    ['from another site', { 'sec-fetch-site': 'cross-site' }, {}, 403],
    [
      'from another site, though with the right token',
      { 'sec-fetch-site': 'cross-site' },
      { csrf },
      403,
    ],
    ['from a neighbour of the same domain', { 'sec-fetch-site': 'same-site' }, {}, 403],
    ['with our own Origin', { origin: 'http://books.example' }, {}, through],
    ['with another Origin', { origin: 'http://evil.example' }, {}, 403],
    ['with another port', { origin: 'http://books.example:8081' }, {}, 403],
    ['with an Origin that is no address', { origin: 'books.example' }, {}, 403],
    ['with a hidden Origin', { origin: 'null' }, {}, 403],
    ["with a hidden Origin and the form's token", { origin: 'null' }, { csrf }, through],
    ['with neither', {}, {}, 403],
    ["with neither, but the form's token", {}, { csrf }, through],
    ['with neither and a wrong token', {}, { csrf: `${csrf.slice(0, -1)}_` }, 403],
    ['with neither and the token as header', { 'x-csrf-token': csrf }, {}, through],
  ];
  for (const [name, headers, fields, status] of cells) {
    await t.test(`a form ${name}: ${status}`, async (t) => {
      const answer = await logout(headers, fields);
      t.equal(answer.statusCode, status);
      if (status === 403) t.match(answer.body, /cross_site|不像是从本网站/);
    });
  }

  await t.test('nobody is logged in by another site either', async (t) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/login',
      ...form({ login: 'stranger', password: PASSWORD }),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'cross-site',
      },
    });
    t.equal(answer.statusCode, 403);
    t.strictSame(answer.cookies, []);
  });

  await t.test('a program with a cookie jar and no browser may call the interface', async (t) => {
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: { cookie, 'user-agent': 'curl/8.0' },
      payload: { label: 'x', scopes: ['read'] },
    });
    t.equal(answer.statusCode, 201);
  });

  await t.test("an old browser's form does not reach the interface", async (t) => {
    const sent = form({ label: 'x' });
    const answer = await app.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      payload: sent.payload,
      headers: { cookie, ...browser, ...sent.headers },
    });
    t.equal(answer.statusCode, 403);
  });

  await t.test('reading is never refused', async (t) => {
    const answer = await app.inject({
      method: 'GET',
      url: '/api/v1/me',
      headers: { cookie, 'sec-fetch-site': 'cross-site' },
    });
    t.equal(answer.statusCode, 200);
  });
});
