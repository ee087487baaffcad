// The pages and the interface of the register import: who may, a file put right on the page, the bad rows as a workbook that may be
// handed in again, the way back, and what a large register takes.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { readSheets } from '../../src/bankfile/spreadsheet-read.ts';
import { signIn, testHouse, type PersonName } from '../helpers/house.ts';
import { csvOf, workbookOf, type Drawn } from './sheets.ts';

function multipart(bytes: Buffer | null, fields: Record<string, string> = {}): { payload: Buffer; headers: Record<string, string> } {
  const border = '----test-border';
  const parts: Buffer[] = Object.entries(fields).map(([name, value]) => Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  if (bytes !== null) parts.push(Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="file"; filename="业主台账.xlsx"\r\n\r\n`), bytes, Buffer.from('\r\n'));
  parts.push(Buffer.from(`--${border}--\r\n`));
  return { payload: Buffer.concat(parts), headers: { 'content-type': `multipart/form-data; boundary=${border}` } };
}

t.test('the import of the register, on its pages', async (t) => {
  const made = await testHouse(t);
  const app = await buildApp(made.house);
  t.teardown(() => app.close());
  const cookies = new Map<string, Awaited<ReturnType<typeof signIn>>>();
  const as = async (who: PersonName) => cookies.get(who) ?? cookies.set(who, await signIn(app, who)).get(who)!;
  const upload = async (who: PersonName, url: string, bytes: Buffer | null, fields: Record<string, string> = {}) => {
    const { payload, headers } = multipart(bytes, fields);
    return app.inject({ method: 'POST', url, payload, headers: { ...await as(who), ...headers } });
  };
  const get = async (who: PersonName, url: string, accept = 'text/html') => app.inject({ url, headers: { ...await as(who), accept } });
  const BASE = '/e/test/register/import';
  const API = '/api/v1/estates/test/register/imports';
  const press = async (id: number, fields: Record<string, string>, who: PersonName = 'cashier') => app.inject({
    method: 'POST', url: `${BASE}/${id}`, payload: new URLSearchParams(fields).toString(), headers: { ...await as(who), 'content-type': 'application/x-www-form-urlencoded' },
  });
  const book: Drawn[] = [{ name: '房屋', rows: [['房号', '建筑面积', '业主', '身份证号'], ['20-1-101', '零', '甲某<b>', '110101199003077774'], ['20-1-102', 80, '乙某', 'x'], ['20-1-10三', 80, '=cmd()', 'x']] }];
  const files = workbookOf(book);

  await t.test('nobody but cashier and manager, whether there is an import or not', async (t) => {
    for (const who of ['committee1', 'supervisor', 'auditor', 'street', 'resident', 'stranger'] as const) {
      const expected = who === 'stranger' ? 404 : 403;
      t.equal((await upload(who, API, files)).statusCode, expected, who);
      for (const url of [BASE, `${BASE}/1`, `${BASE}/1/bad.xlsx`, `${BASE}/templates/units`, API, `${API}/1`]) t.equal((await get(who, url)).statusCode, expected, `${who} ${url}`);
    }
    t.equal((await get('cashier', `${BASE}/999`)).statusCode, 404);
  });

  const handed = await upload('cashier', BASE, files);
  const id = Number(String(handed.headers.location).split('/').at(-1));
  await t.test('the dry run names each bad cell, and keeps nothing of columns nobody needs', async (t) => {
    t.equal(handed.statusCode, 303);
    const page = (await get('cashier', `${BASE}/${id}`)).body;
    t.match(page, /有 2 处要改/);
    t.match(page, /name="c\.0\.2\.area" value="零"|value="零"/);
    t.match(page, /甲某&lt;b>|甲某&lt;b&gt;/);
    t.match(page, /没有收的列[\s\S]*身份证号/);
    t.notMatch(page, /110101199003077774/);
    t.notMatch((await made.superuser.query('select string_agg(cells, $1) as all from register_import_row', [' '])).rows[0].all, /110101/, 'nor in the database');
    t.match((await upload('cashier', BASE, null)).body, /没有收到文件/);
    t.match((await upload('cashier', BASE, Buffer.from('a,b\n1,2\n'))).body, /没有认出表头/);
    t.match((await upload('cashier', BASE, files, { kind: 'cats' })).body, /没有“cats”这种表/);
  });

  await t.test('the bad rows come as a workbook that may be put right and handed in', async (t) => {
    const bytes = (await get('cashier', `${BASE}/${id}/bad.xlsx`)).rawPayload;
    const [sheet] = await readSheets(bytes);
    t.same(sheet!.rows.map((row) => row.slice(0, 4)), [['房号', '建筑面积', '业主', '原行号'], ['20-1-101', '零', '甲某<b>', '2'], ['20-1-10三', '80', "'=cmd()", '4']]);
    t.match(sheet!.rows[1]![4], /B 建筑面积: 不是面积/);
    const again = await upload('cashier', API, bytes, { since: '2020-01-01' });
    t.same(again.json().faults.map(({ row, field }: { row: number; field: string }) => [row, field]), [[2, 'area'], [3, 'unit']]);
    t.equal((await app.inject({ method: 'DELETE', url: `${API}/${again.json().import_id}`, headers: await as('manager') })).statusCode, 204);
  });

  await t.test('put right on the page, taken, taken back only with the tick', async (t) => {
    t.equal((await press(id, { act: 'take' })).statusCode, 422);
    t.equal((await press(id, { 'c.0.2.area': '80', 'c.0.4.unit': 'x', 'skip.0.4': 'yes', since: '2020-01-01', act: 'check' })).statusCode, 303);
    t.match((await get('cashier', `${BASE}/${id}`)).body, /全部读懂[\s\S]*房屋 2 套，业主 2 条，不导入 1 行/);
    t.equal((await press(id, { act: 'take', since: '2020-01-01' })).statusCode, 303);
    t.match((await get('manager', `${BASE}/${id}`)).body, /第 \d+ 号导入：房屋 2 套，业主 2 条，不导入 1 行/);
    t.match((await press(id, { act: 'undo' })).body, /请先勾选/);
    t.equal((await press(id, { act: 'undo', sure: 'yes' }, 'manager')).statusCode, 303);
    t.match((await get('cashier', `${BASE}/${id}`)).body, /已撤回/);
    t.match((await get('cashier', BASE)).body, /业主台账\.xlsx[\s\S]*已撤回/);
  });

  await t.test('templates are read by the import they are for', async (t) => {
    for (const kind of ['units', 'spaces', 'meters', 'readings', 'bills']) {
      const answer = await upload('cashier', API, (await get('cashier', `${BASE}/templates/${kind}`)).rawPayload, { since: '2020-01-01' });
      t.same(answer.json().sheets.map((sheet: { kind: string; left_out: string[] }) => [sheet.kind, sheet.left_out]), [[kind, []]], kind);
      t.same(answer.json().faults.filter(({ code }: { code: string }) => !['unit_unknown', 'meter_unknown'].includes(code)), [], kind);
    }
  });

  await t.test('odd requests are refused in words', async (t) => {
    const odd = await upload('cashier', API, csvOf([['房号', '面积'], ['60-1-1', 'x']]));
    const { import_id } = odd.json();
    const correct = async (body: object) => (await app.inject({ method: 'POST', url: `${API}/${import_id}/corrections`, payload: body, headers: await as('cashier') })).json();
    t.match(await correct({ cells: [{ sheet: 9, row: 1, field: 'area', text: '1' }] }), { code: 'register_cell_unknown' });
    t.match(await correct({ cells: [{ sheet: 0, row: 2, field: '__proto__', text: '1' }] }), { code: 'register_cell_unknown' });
    t.match(await correct({ since: 'yesterday' }), { code: 'register_import_since' });
    for (const act of ['take', 'undo']) t.match((await app.inject({ method: 'POST', url: `${API}/${import_id}/${act}`, headers: await as('cashier') })).json(), { status: /4\d\d/ }, act);
    t.equal((await app.inject({ method: 'POST', url: BASE, payload: 'x', headers: { ...await as('cashier'), 'content-type': 'multipart/form-data; boundary=zz' } })).statusCode, 400);
  });

  await t.test('five thousand dwellings at once', async (t) => {
    const rows = Array.from({ length: 5_000 }, (_, i) => [`${70 + Math.floor(i / 500)}栋`, `${1 + Math.floor(i / 100) % 5}单元`, String(101 + i % 100), '85.5', `业主${i}`, `139${String(i).padStart(8, '0')}`]);
    const sent = await upload('cashier', API, csvOf([['楼栋', '单元', '房号', '面积', '业主', '电话'], ...rows]), { since: '2020-01-01' });
    t.same([sent.json().faulty, sent.json().counts], [0, { owners: 5_000, units: 5_000 }]);
    const taken = await app.inject({ method: 'POST', url: `${API}/${sent.json().import_id}/take`, headers: await as('cashier') });
    t.same([taken.statusCode, taken.json().counts], [200, { owners: 5_000, units: 5_000 }]);
    t.equal((await app.inject({ method: 'POST', url: `${API}/${sent.json().import_id}/undo`, headers: await as('cashier') })).statusCode, 200);
  });
});
