// The guided page: an estate of each kind is founded through its routes, whole or not at all, with the logins on paper and the opening
// balances waiting for both signatures.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { makeStartKeys } from '../../src/founding/found-key.ts';
import { estateKinds, estatePresets, type EstateKind } from '../../src/founding/presets.ts';
import { clockAt, instant, type Clock } from '../../src/kernel/dates.ts';
import { bySession } from '../api/caller.ts';
import { testHouse } from '../helpers/house.ts';

const officers: Record<string, string> = { name_cashier: '何出纳', name_manager: '马经理', name_chair: '陈主任', name_member: '李委员', name_supervisor: '周监事', name_community: '孙社区', name_branch: '钱书记' };
const units = ['3栋2单元1001\t85.00', '3-2-1002,90.5', '4-1-301 72'].join('\n');
const table = ['科目\t资金\t借方\t贷方\t房号', '1002\t物业服务资金\t8000\t\t', '2203\t物业服务资金\t\t120\t3-2-1002', '3101\t物业服务资金\t\t7880\t'].join('\n');

t.test('an estate of each kind is founded by the page', async (t) => {
  let clock: Clock = clockAt(new Date().toISOString());
  const h = await testHouse(t, { clock: () => clock() });
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const one = async (method: 'GET' | 'POST', url: string, cookie: string, payload?: Record<string, string>) => {
    const answer = await app.inject({ method, url, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' }, ...(payload === undefined ? {} : { payload: new URLSearchParams(payload).toString() }) });
    return { status: answer.statusCode, to: String(answer.headers['location'] ?? ''), text: answer.body, cookies: answer.cookies };
  };
  const begin = async (key: string): Promise<string> => {
    const { cookies, to } = await one('GET', `/found?key=${key}`, '');
    t.match(to, /^\/found\/kind$/);
    return `founding=${cookies.find(({ name }) => name === 'founding')!.value}`;
  };
  const fieldsOf = (html: string): Record<string, string> => Object.fromEntries([
    ...[...html.matchAll(/<input [^>]*?name="([a-z0-9_]+)"[^>]*?>/g)].flatMap(([tag, name]): [string, string][] => (/type="(?:radio|hidden|file)"/.test(tag) && !/checked/.test(tag) ? [] : [[name!, /value="([^"]*)"/.exec(tag)?.[1] ?? '']])),
    ...[...html.matchAll(/<select [^>]*?name="([a-z_]+)"[^>]*>(.*?)<\/select>/gs)].map(([, name, options]): [string, string] => [name!, /<option value="([^"]*)" selected/.exec(options!)?.[1] ?? '']),
  ]);
  /** Fills in every step as somebody does who takes the presets as they are. */
  const fillIn = async (kind: EstateKind, code: string, cookie: string): Promise<void> => {
    const step = async (name: string, more: Record<string, string>): Promise<void> => {
      const form = await one('GET', `/found/${name}`, cookie);
      t.equal(form.status, 200, `${kind} ${name}`);
      const sent = await one('POST', `/found/${name}`, cookie, { ...fieldsOf(form.text), ...more });
      t.equal(sent.status, 303, `${kind} ${name}: ${/role="alert".*?<li>(.*?)<\/li>/s.exec(sent.text)?.[1] ?? ''}`);
    };
    await step('kind', { kind });
    await step('basics', { name_zh: `示例${estatePresets[kind].name.zh}`, code, bank_name: '示例农商银行', account_last4: '0000' });
    await step('parties', estatePresets[kind].property === 'company' ? { trustee: '安心物业服务有限公司' } : {});
    await step('officers', officers);
    await step('units', { units });
    await step('opening', { table });
  };

  const keys = await makeStartKeys(h.house, { count: 7 });
  for (const [index, kind] of estateKinds.entries()) {
    await t.test(kind, async (t) => {
      const code = `found${index}`;
      const cookie = await begin(keys[index]!);
      await fillIn(kind, code, cookie);
      const check = await one('GET', '/found/check', cookie);
      t.equal(check.status, 200);
      t.match(check.text, /3 户，共 247\.50 平方米/);
      t.notMatch(check.text, /undefined|\{[a-z_]+\}/);
      const [a, b] = await Promise.all([one('POST', '/found/open', cookie, {}), one('POST', '/found/open', cookie, {})]);
      t.same([a.to, b.to], ['/found/done', '/found/done'], 'pressed twice');
      const { rows: [estate] } = await h.superuser.query('select estate_id, mode, committee, trustee, households, area_m2::text from estate where code = $1', [code]);
      t.match(estate, { mode: estatePresets[kind].mode, households: 3, area_m2: '247.50' });
      const { rows: forms } = await h.superuser.query(`select body, form, name_zh, until_day is not null as temporary from body_form where estate_id = $1 and body in ('committee', 'property') order by body`, [estate.estate_id]);
      t.match(forms, [{ body: 'committee', form: estatePresets[kind].committee, name_zh: estate.committee }, { body: 'property', form: estatePresets[kind].property }]);
      const { rows: bodies } = await h.superuser.query('select body from body where estate_id = $1', [estate.estate_id]);
      t.ok(bodies.some((row) => row.body === 'party_branch'));
      const done = await one('GET', '/found/done', cookie);
      t.match(done.text, new RegExp(`${code}-cashier`));
      const password = new RegExp(`${code}-cashier</code>.*?<code>([a-z-]+\\d{4})</code>`, 's').exec(done.text)![1]!;
      t.match((await one('GET', '/found/sheets', cookie)).text, new RegExp(password));
      const cashier = await bySession(app, `${code}-cashier`, password);
      t.match((await cashier.get(`/e/${code}/opening?lang=zh`)).text, /试算通过：3 行/, 'the draft waits for the cashier');
      t.match((await cashier.post(`estates/${code}/opening-balances`, { table })).json, { proposal_id: Number }, 'and can be signed under the rules it began with');
      t.equal((await one('POST', '/found/printed', cookie, {})).status, 303);
      t.notMatch((await one('GET', '/found/done', cookie)).text, new RegExp(password));
      t.equal((await one('POST', '/found/kind', cookie, { kind })).to, '/found/done', 'a key founds one estate');
    });
  }

  await t.test('what is wrong is told at its step, and nothing is half done', async (t) => {
    const before = (await h.superuser.query('select count(*)::int as n from estate')).rows[0]!.n as number;
    for (const key of ['', 'AAAA-BBBB-CCCC-DDDD']) t.match((await one('POST', '/found/key', '', { key })).status, /401|404/);
    t.equal((await one('POST', '/found/open', 'founding=AAAA', {})).status, 404);
    const cookie = await begin(keys[5]!);
    t.equal((await one('GET', '/found/check', cookie)).to, '/found/kind', 'no step is skipped');
    t.equal((await one('POST', '/found/kind', cookie, {})).status, 422);
    await fillIn('new_built', 'half', cookie);
    const wrong = async (step: string, more: Record<string, string>) => {
      const form = await one('GET', `/found/${step}`, cookie);
      const sent = await one('POST', `/found/${step}`, cookie, { ...fieldsOf(form.text), ...more });
      t.equal(sent.status === 422 || sent.status === 409, true, `${step} ${sent.status}`);
      return sent.text;
    };
    t.match(await wrong('basics', { code: 'found0' }), /已经/);
    t.match(await wrong('basics', { account_last4: '12' }), /应为四位数字/);
    t.match(await wrong('basics', { first_period: '2020-01' }), /账簿的第一个月/);
    t.match(await wrong('officers', { ...officers, name_chair: '' }), /还缺/);
    t.match(await wrong('officers', { ...officers, login_street: 'nobody-at-all' }), /没有登录名/);
    t.match(await wrong('units', { units: '3-2-1002,85\n3-2-1003,很大' }), /第 2 行/);
    t.match(await wrong('opening', { table: '1002\tservice\t5\t\t' }), /借贷不平/);
    t.equal((await h.superuser.query('select count(*)::int as n from estate')).rows[0]!.n, before);
    // The code is taken between the steps and the last press: everything is refused, nothing is left behind.
    await h.superuser.query(`insert into estate (code, name_zh, name_en, mode, households, area_m2, trustee, committee, first_period)
      values ('half', '别的', 'Other', 'trust', 1, 1, '–', '–', '2026-01')`);
    const persons = (await h.superuser.query('select count(*)::int as n from person')).rows[0]!.n;
    t.equal((await one('POST', '/found/open', cookie, {})).status, 409);
    t.equal((await h.superuser.query('select count(*)::int as n from person')).rows[0]!.n, persons);
    t.equal((await one('GET', '/found/check', cookie)).status, 200, 'and what was filled in is still there');
  });

  await t.test('another kind asks again what it changes; a key expires, and what was typed goes', async (t) => {
    const cookie = await begin(keys[6]!);
    await fillIn('new_built', 'again', cookie);
    t.equal((await one('POST', '/found/kind', cookie, { kind: 'rural' })).to, '/found/basics');
    t.match((await one('GET', '/found/basics', cookie)).text, /value="self_managed" selected/);
    clock = () => instant('2099-01-01T00:00:00Z');
    t.equal((await one('GET', '/found/basics', cookie)).status, 404);
    await makeStartKeys(h.house);
    t.same((await h.superuser.query(`select count(*)::int as n from founding where content <> '{}'`)).rows, [{ n: 0 }]);
  });
});
