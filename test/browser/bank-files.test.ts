// Statement files in a real Chromium: dropped, read on trial, taken; an unknown table whose columns are chosen; what owners
// see of the lines. At a desk, on a phone, and without script. SHOTS=folder keeps a picture of every page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import t from 'tap';
import { addDays, addMonths, firstDay, lastDay, periodOf, systemClock, today } from '../../src/kernel/dates.ts';
import { fileOf, type Moved } from '../helpers/bank-file.ts';
import { desk, logIn, openPlace, phone } from './persons.ts';

t.setTimeout(150_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
}

const said = (page: Page): Promise<string> => page.locator('main').innerText();

const shots = process.env['SHOTS'];
let pictures = 0;
async function look(t: { same: (a: unknown, b: unknown, c: string) => unknown; ok: (a: unknown, c: string) => unknown }, page: Page, name: string): Promise<void> {
  t.same(await violations(page), [], name);
  const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth') as number;
  t.ok(wide <= 0, `${name}: nothing sticks out (${wide})`);
  if (shots === undefined) return;
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${String(pictures += 1).padStart(2, '0')}-${name}.png`), fullPage: true });
}

const now = today(systemClock);
const last = addMonths(periodOf(now), -1);
const day = (period: string, n: number): string => `${period}-${String(n).padStart(2, '0')}`;
const first_month: Moved[] = [
  [day(last, 3), '1224.00', 'A1', '王小明', '3-2-1002 物业费'], [day(last, 3), '1224.00', 'A2', '李小红', '5-1-301 物业费'],
  [day(last, 9), '-1800.00', 'A3', '青松绿化有限公司', '十月绿化养护'], [day(last, 20), '-5.50', 'A4', '', '网银服务费'], [day(last, 28), '12.34', 'A5', '', '结息'],
];
const second_month: Moved[] = [[addDays(now, -1), '120.00', 'B1', '赵师傅', '停车费']];

t.test('files at a desk: dropped, looked at, taken in their order', async (t) => {
  const place = await openPlace(t, { first_period: last });
  const folder = await mkdtemp(join(tmpdir(), 'bank-files-'));
  const keep = (name: string, bytes: Buffer | string): string => {
    writeFileSync(join(folder, name), bytes);
    return join(folder, name);
  };
  const october = keep('交易明细-上月.csv', fileOf(first_month, { from: firstDay(last), to: lastDay(last), opening: '50000.00' }));
  const november = keep('交易明细-本月.xlsx', fileOf(second_month, { from: firstDay(periodOf(now)), to: addDays(now, -1) >= firstDay(periodOf(now)) ? addDays(now, -1) : now, opening: '50654.84', layout: 'cmb', carrier: 'xlsx' }));

  const { page } = await place.person({ viewport: desk });
  await logIn(page, 'cashier');
  await page.goto('/e/test/bank');
  await look(t, page, 'bank-empty');
  // Both at once, the later one first: the oldest is shown first.
  await page.setInputFiles('input[name=files]', [november, october]);
  await page.getByRole('button', { name: '上传并试读' }).click();
  await page.waitForURL(/bank\/files\/\d+$/);
  t.match(await said(page), /新增 5 笔/);
  t.match(await said(page), /第一份对账单/);
  await look(t, page, 'dry-run');
  await page.getByRole('button', { name: '收下这份对账单' }).click();
  await page.getByText('还不能提交').first().waitFor();
  t.match(await said(page), /期初余额.*50,000\.00，账面是 0\.00/, 'another opening than the books is taken only when somebody says so');
  t.same(place.complaints.splice(0).filter((text) => !text.includes('status of 409')), []);
  await look(t, page, 'opening-differs');
  await page.getByLabel(/确认期初不一致/).check();
  await page.getByRole('button', { name: '收下这份对账单' }).click();
  await page.waitForURL(/bank\/files\/\d+$/);
  t.match(await said(page), /已收下[^]*新增 5 笔/);
  await look(t, page, 'taken');
  await page.getByRole('link', { name: /下一个文件/ }).click();
  await page.waitForLoadState();
  t.match(await said(page), /新增 1 笔/);
  await page.getByRole('button', { name: '收下这份对账单' }).click();
  await page.getByText('已收下').first().waitFor();

  // The same again, and one with a changed digit.
  await page.goto('/e/test/bank/files');
  await page.setInputFiles('input[name=files]', october);
  await page.getByRole('button', { name: '上传并试读' }).click();
  await page.getByText('已经收过').first().waitFor();
  await look(t, page, 'already');
  await page.getByRole('button', { name: '不要这个文件' }).click();
  await page.waitForURL(/bank\/files$/);
  const forged = keep('改过的.csv', fileOf(first_month.map((line, at) => (at === 2 ? [line[0], '-1300.00', 'A3'] as const : line)), { from: firstDay(last), to: lastDay(last), opening: '50000.00' }));
  await page.setInputFiles('input[name=files]', forged);
  await page.getByRole('button', { name: '上传并试读' }).click();
  await page.getByText('这个文件不能收').first().waitFor();
  t.match(await said(page), /第 3 笔/);
  t.equal(await page.getByRole('button', { name: '收下这份对账单' }).count(), 0, 'there is nothing to press');
  await look(t, page, 'refused');
  await page.getByRole('button', { name: '不要这个文件' }).click();

  // A bank nobody here knows.
  const unknown = keep('村镇银行.csv', ['流水导出', '日期,对方名称,存入金额,付出金额,账面余额,说明', `${now},某人,10.00,,50784.84,停车`, `${now},,,4.84,50780.00,手续费`, ''].join('\r\n'));
  await page.goto('/e/test/bank/files');
  await page.setInputFiles('input[name=files]', unknown);
  await page.getByRole('button', { name: '上传并试读' }).click();
  await page.waitForURL(/bank\/files\/\d+$/);
  if (/选出各列/.test(await said(page))) {
    for (const [column, role] of Object.entries({ c0: 'booked_on', c1: 'counterparty_name', c2: 'amount_in', c3: 'amount_out', c4: 'balance', c5: 'memo' })) await page.selectOption(`select[name=${column}]`, role);
    await page.getByRole('button', { name: '看看怎么读' }).click();
    await page.getByText('头几笔会这样读').waitFor();
    await look(t, page, 'mapping');
    await page.getByRole('button', { name: '保存并继续' }).click();
    await page.getByText('按本小区选定的列读取').waitFor();
    t.match(await said(page), /文件里没有账号/);
    await look(t, page, 'dry-run-by-word');
    await page.getByRole('button', { name: '收下这份对账单' }).click();
    await page.getByText('已收下').first().waitFor();
  } else t.fail(`no mapping screen: ${await said(page)}`);
  await page.goto('/e/test/bank/statements');
  await look(t, page, 'statements');
  await page.goto('/e/test/bank/lines');
  t.match(await said(page), /青松绿化有限公司/);
  await look(t, page, 'lines');
  await page.goto('/e/test/bank');
  await look(t, page, 'bank');

  // The committee confirms from a phone, without script.
  const committee = (await place.person({ viewport: phone, script: false })).page;
  await logIn(committee, 'committee1');
  await committee.goto('/e/test/bank');
  await committee.setInputFiles('input[name=files]', october);
  await committee.getByRole('button', { name: '上传并试读' }).click();
  await committee.getByRole('button', { name: '收下，作为又一份凭证' }).click();
  await committee.getByText('已收下').first().waitFor();
  const there = (await place.person({ viewport: phone })).page;
  await logIn(there, 'committee1');
  await there.goto('/e/test/bank/statements');
  t.match(await said(there), /已由.*确认/);
  await look(t, there, 'phone-statements');
  await there.goto('/e/test/bank');
  await look(t, there, 'phone-bank');
  await there.goto('/e/test/bank/lines');
  await look(t, there, 'phone-lines');
  await there.goto('/e/test/bank/files');
  await there.setInputFiles('input[name=files]', forged);
  await there.getByRole('button', { name: '上传并试读' }).click();
  await there.getByText('这个文件不能收').first().waitFor();
  await look(t, there, 'phone-refused');

  // An owner sees every movement, and nobody's name.
  const owner = (await place.person({ viewport: phone })).page;
  await logIn(owner, 'resident');
  await owner.goto('/e/test/bank/lines');
  t.match(await said(owner), /1,224\.00/);
  t.notMatch(await said(owner), /王小明|3-2-1002|青松/);
  await look(t, owner, 'phone-owner-lines');
  await owner.goto('/e/test/bank?lang=en');
  await look(t, owner, 'phone-owner-bank-en');
  t.notOk(await owner.locator('input[name=files]').count());
  const english = (await place.person({ viewport: desk })).page;
  await logIn(english, 'manager');
  await english.goto('/e/test/bank/files?lang=en');
  await english.setInputFiles('input[name=files]', [november]);
  await english.getByRole('button', { name: 'Upload and read' }).click();
  await english.getByText('handed in this statement before').first().waitFor();
  await look(t, english, 'english-already');
  for (const path of ['bank', 'bank/lines', 'bank/statements']) {
    await english.goto(`/e/test/${path}`);
    await look(t, english, `english-${path.replace('/', '-')}`);
  }
  t.same(place.complaints, []);
});
