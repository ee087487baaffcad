// The register's pages and interface: who sees names, who does not even learn that a dwelling is there, and forms that come back
// with what was typed.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { enterMeter } from '../../src/estate/meter.ts';
import { signIn, testHouse, type PersonName } from '../helpers/house.ts';

t.test('pages of the register', async (t) => {
  const h = await testHouse(t, { first_period: '2026-01' });
  const { house, estate, home } = h;
  const app = await buildApp(house, {});
  t.teardown(() => app.close());
  const headers = Object.fromEntries(await Promise.all((['cashier', 'manager', 'committee1', 'street', 'resident', 'auditor'] as const)
    .map(async (name) => [name, await signIn(app, name)]))) as Partial<Record<PersonName, Record<string, string>>>;
  const get = (name: PersonName, url: string, more: Record<string, string> = {}) => app.inject({ method: 'GET', url: `/e/test/register${url}`, headers: { ...headers[name], ...more } });
  const send = async (name: PersonName, url: string, typed: Record<string, string>) => {
    const { csrf } = (await app.inject({ method: 'GET', url: '/api/v1/me', headers: headers[name]! })).json<{ csrf?: string }>();
    return app.inject({ method: 'POST', url: `/e/test/register${url}`, headers: { ...headers[name], 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ ...(csrf === undefined ? {} : { csrf }), ...typed }).toString() });
  };
  const dwelling = `/units/${home}`;

  await t.test('a form does what it says and comes back with what was typed', async (t) => {
    const sold = { step: 'owners', from_date: '2018-05-01', owner_1_name: '秦可卿', owner_1_phone: '138 0000 1111', owner_1_share: '1/2', owner_2_name: '贾蓉', owner_2_share: '1/3' };
    const refused = await send('cashier', dwelling, sold);
    t.equal(refused.statusCode, 422);
    t.match(refused.body, /加起来是 5\/6/);
    t.match(refused.body, /value="秦可卿"/);
    t.equal((await send('cashier', dwelling, { ...sold, owner_2_share: '50%', form_key: 'k' })).statusCode, 303);
    t.equal((await send('cashier', dwelling, { ...sold, owner_2_share: '50%', form_key: 'k' })).statusCode, 303, 'pressed twice');
    t.equal((await send('cashier', dwelling, { step: 'tenant_in', name: '尤二姐', from_date: '2026-06-01', pays: 'yes', note: '押一付三' })).statusCode, 303);
    t.equal((await send('cashier', dwelling, { step: 'facts', from_date: '2026-03-01', area_m2: '90', kind: 'dwelling', occupancy: 'owner' })).statusCode, 303);
    for (const step of ['fact_back', 'tenant_out', 'payer', 'contact', 'link', 'space', 'space_back', 'meter', 'meter_new', 'end', 'nothing', '__proto__']) {
      const answer = await send('cashier', dwelling, { step });
      t.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${step} without anything is refused: ${answer.statusCode}`);
    }
    t.equal((await send('cashier', '/units/9-9-909', sold)).statusCode, 404);
    t.equal((await send('cashier', '/spaces', { list: 'B1-001 B1-002', kind: 'common' })).statusCode, 303);
    t.equal((await send('cashier', '', { unit: '9-1-101', building: '9', area_m2: '100', kind: 'shop', occupancy: 'vacant' })).statusCode, 303);
    t.equal((await send('cashier', '', { unit: '9-1-101', building: '9', area_m2: '100', kind: 'shop', occupancy: 'vacant' })).statusCode, 409);
  });

  await t.test('the readings of a building are entered at once, or nothing of them', async (t) => {
    for (const [meter, unit] of [['W-1', home], ['W-2', '1-2-101']] as const) {
      await enterMeter(house, { estate, actor: h.actorOf('cashier'), meter, kind: 'water', unit, from_date: '2026-01-01', value: '100' });
    }
    const wrong = await send('cashier', '/readings?building=1&kind=', { day: '2026-02-01', 'value_W-1': '110', 'value_W-2': '90' });
    t.equal(wrong.statusCode, 422);
    t.match(wrong.body, /value="110"/, 'what was right is still there');
    t.match(wrong.body, /id="readings-form-value_W-2-error"/);
    t.equal((await send('cashier', '/readings?building=1&kind=', { day: '2026-02-01', 'value_W-1': '110', 'value_W-2': '90', 'rolled_W-2': 'yes' })).statusCode, 303);
    t.match((await get('committee1', '/readings?building=1')).body, /W-1 · 110/);
  });

  await t.test('names are for those who need them', async (t) => {
    const pages = ['', '?q=秦', `?q=${encodeURIComponent('1380000')}`, dwelling, '/spaces', '/changes', '/readings', '.csv', '/spaces.csv'];
    for (const url of pages) {
      t.equal((await get('committee1', encodeURI(decodeURI(url)))).statusCode, 200, `the committee reads ${url}`);
      for (const name of ['street', 'resident'] as const) {
        const answer = await get(name, encodeURI(decodeURI(url)));
        t.equal(answer.statusCode, 403, `${name} does not: ${url}`);
        t.notMatch(answer.body, /秦可卿|尤二姐|1-2-101/);
      }
    }
    const [there, nowhere] = await Promise.all([dwelling, '/units/9-9-909'].map((url) => get('resident', url, { accept: 'application/json' })));
    t.same([there!.statusCode, there!.json().code], [nowhere!.statusCode, nowhere!.json().code], 'nor whether a dwelling is there');
    t.match((await get('committee1', dwelling)).body, /秦可卿[\s\S]*业主 1\/2[\s\S]*尤二姐/);
    t.notMatch((await get('committee1', dwelling)).body, /name="step"/, 'who reads only has no forms');
    t.match((await get('committee1', '.csv')).body, /1-1-101,,1,1,90\.00,住宅,出租,秦可卿、贾蓉、尤二姐,尤二姐/);
    t.match((await get('cashier', `${dwelling}?day=2026-05-01`)).body, /账单由谁付<\/dt><dd>秦可卿、贾蓉/, 'as it was on a day');
    t.match((await get('committee1', '/changes')).body, /登记业主或过户[\s\S]*何出纳/);
    t.match((await get('auditor', `${dwelling}?lang=en`)).body, /Owners and tenants/);
  });

  await t.test('the interface says the same', async (t) => {
    const ask = async (name: PersonName, path: string) => app.inject({ method: 'GET', url: `/api/v1/estates/test/register/${path}`, headers: headers[name]! });
    t.match((await ask('auditor', `units/${home}`)).json(), { now: { area_m2: '90.00', occupancy: 'let' }, tenures: [{ name: '秦可卿' }, { name: '贾蓉' }, { name: '尤二姐', linked: false }], meters: [{ meter: 'W-1', last_value: '110' }] });
    t.match((await ask('auditor', 'meter-use?from=2026-01-01&to=2026-12-31')).json().items, [{ quantity: '10' }, { quantity: '999990' }]);
    t.equal((await ask('street', `units/${home}`)).statusCode, 403);
    for (const path of ['units?day=2026-13-01', 'units/x%00y', `units/${home}?day=x`, 'meter-use?from=x&to=y', 'changes?before=99999999999999999999']) {
      const { statusCode } = await ask('cashier', path);
      t.ok(statusCode >= 400 && statusCode < 500, `${path}: ${statusCode}`);
    }
    const post = (path: string, payload: object) => app.inject({ method: 'POST', url: `/api/v1/estates/test/register/${path}`, headers: headers['cashier']!, payload });
    t.equal((await post(`units/${home}/parties/nobody`, { name: '甲' })).statusCode, 404);
    t.equal((await post(`units/${home}/tenures/9007199254740991/end`, { last_day: '2026-11-01', occupancy: 'owner' })).statusCode, 404);
    t.equal((await post(`units/${home}/owners`, { from_date: '2026-11-01', owners: [{ name: '甲\u0000乙' }], keep_logins: [] })).statusCode, 200);
  });
});
