// Matching in a real Chromium: a cashier walks the open lines by keys, confirms two at once, books another, puts one to
// suspense; without script the same by ticking; an owner reads the exception on a phone.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import t from 'tap';
import { billMonth } from '../../src/billing/bill.ts';
import { addDays, firstDay, periodOf, today } from '../../src/kernel/dates.ts';
import { reconcileAccount } from '../../src/reconciliation/reconcile.ts';
import { approved, receive, within } from '../payment/story.ts';
import { bankOf } from '../reconciliation/bank.ts';
import { desk, logIn, openPlace, phone } from './persons.ts';

t.setTimeout(180_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const shots = process.env['SHOTS'];
if (shots !== undefined) mkdirSync(shots, { recursive: true });

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
}

async function shot(page: Page, name: string): Promise<void> {
  if (shots !== undefined) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
}

t.test('open lines, one by one and together', async (t) => {
  const place = await openPlace(t);
  const now = today(place.house.clock);
  await receive(place, '50000.00');
  await within(place, (trx) => billMonth(trx, place.estate, periodOf(now)));
  const order = await approved(place, { amount: '640.00' });
  await approved(place, { amount: '640.00', purpose: '公共水费' });
  const bank = bankOf(place);
  const first = firstDay(place.estate.first_period);
  await bank.take([
    { on: now, amount: '50000.00', serial: 'N1', memo: '往来款' },
    { on: now, amount: '-640.00', serial: 'N2', name: '川亮照明工程有限公司', number: '6222021234567890', purpose: '灯具' },
    { on: now, amount: '100.00', serial: 'N3', name: '张三', number: '6217111122224444', purpose: '1栋1单元101物业费' },
    { on: now, amount: '99.00', serial: 'N4', name: '李四', number: '6217111122225555', purpose: '1-2-101' },
    { on: now, amount: '12.34', memo: '结息' },
    { on: now, amount: '-3000.00', serial: 'N5', name: '某人', number: '6217999988887777', purpose: '借款' },
    { on: now, amount: '777.00', serial: 'N6', name: '不知名', number: '6217111122226666' },
  ], { from: addDays(first, 0) });
  const done = await reconcileAccount(place.house, place.estate, '1002', { actor: null });
  t.match(done, { linked: 1, suspended: 2, alarms: 1, waiting: 4 });
  t.ok(order > 0);
  const { page } = await place.person({ viewport: desk });
  await logIn(page, 'cashier');

  await t.test('by keys: walk, choose, confirm', async (t) => {
    await page.goto('/e/test/bank/reconcile');
    await shot(page, 'work-desk-zh');
    t.same(await violations(page), []);
    t.equal(await page.locator('[data-line]').count(), 4);
    for (const key of ['j', 'j', 'x', 'j', ' ', 'k', 'k']) await page.keyboard.press(key);
    t.equal(await page.evaluate('document.activeElement.id'), 'line-2', 'back at the first');
    t.same(await page.locator('input[name=items]:checked').evaluateAll((boxes) => boxes.map((box) => (box as { value?: string }).value?.split('|')[0])), ['3', '4']);
    await page.keyboard.press('/');
    t.equal(await page.evaluate('document.activeElement.type'), 'search');
    await page.locator('#line-3').focus();
    await Promise.all([page.waitForURL(/done=matched/), page.keyboard.press('Enter')]);
    t.match(await page.locator('main').innerText(), /已勾对/);
    t.equal(await page.locator('[data-line]').count(), 2);
  });

  await t.test('one line by hand: twins are chosen by a person, an unknown credit is booked', async (t) => {
    await page.getByText('另选或拆分').first().click();
    await shot(page, 'line-debit-desk-zh');
    t.same(await violations(page), []);
    await page.getByRole('button', { name: '确认这个' }).first().click();
    await page.waitForURL(/done=matched/);
    await page.goto('/e/test/bank/reconcile?tab=suspense');
    await shot(page, 'suspense-desk-zh');
    await page.getByRole('link', { name: '核实', exact: true }).last().click();
    await shot(page, 'settle-desk-zh');
    t.same(await violations(page), []);
    await page.locator('select[name=account]').selectOption('4104');
    await page.getByRole('button', { name: '核实' }).click();
    t.match(await page.locator('main').innerText(), /没有代码为/, 'the fund is missing, and said so');
    await page.locator('select[name=fund]').selectOption('public_income');
    await page.getByRole('button', { name: '核实' }).click();
    await page.waitForURL(/done=settled/);
    await page.goto('/e/test/bank/reconcile?tab=done');
    await shot(page, 'done-desk-zh');
    t.same(await violations(page), []);
    await page.getByRole('button', { name: '撤销勾对' }).first().click();
    await page.waitForURL(/done=unmatched/);
    await page.goto('/e/test/bank/rules');
    await shot(page, 'rules-desk-zh');
    t.same(await violations(page), []);
  });

  await t.test('on a phone and without script the same', async (t) => {
    const { page: bare } = await place.person({ viewport: phone, script: false });
    await logIn(bare, 'cashier');
    await bare.goto('/e/test/bank/reconcile');
    await shot(bare, 'work-phone-zh');
    await bare.getByText('全选有建议的').click();
    await bare.getByRole('button', { name: '确认所选' }).click();
    t.match(bare.url(), /done=matched/);
    for (const [path, name] of [['bank/suspense/', 'settle'], ['bank/rules', 'rules'], ['bank/reconcile?tab=done', 'done'], ['bank/reconcile?tab=suspense', 'suspense']] as const) {
      const seq = path.endsWith('/') ? (await place.superuser.query('select seq from open_suspense($1) limit 1', [place.estate.estate_id])).rows[0].seq : '';
      await bare.goto(`/e/test/${path}${seq}`);
      await shot(bare, `${name}-phone-zh`);
      t.equal(await bare.evaluate('document.documentElement.scrollWidth <= innerWidth'), true, `${name} fits`);
    }
  });

  await t.test('every owner reads what nobody signed for', async (t) => {
    const { page: owner } = await place.person({ viewport: phone });
    await logIn(owner, 'resident');
    await owner.goto('/e/test/exceptions');
    await shot(owner, 'exceptions-phone-zh');
    t.match(await owner.locator('main').innerText(), /3,000\.00[\s\S]*8866[\s\S]*没有说明/);
    t.notMatch(await owner.locator('main').innerText(), /某人|7777/, 'not who got it');
    t.same(await violations(owner), []);
    t.equal((await owner.goto('/e/test/bank/reconcile'))?.status(), 403);
    for (const [path, name] of [['exceptions', 'exceptions'], ['bank/reconcile', 'work'], ['bank/rules', 'rules'], ['bank/reconcile?tab=done', 'done']] as const) {
      await page.goto(`/e/test/${path}${path.includes('?') ? '&' : '?'}lang=en`);
      await shot(page, `${name}-desk-en`);
      t.notMatch((await page.locator('main').innerText()).replace(/[（(].*?[）)]/g, ''), /undefined|\{\w+\}/);
    }
  });
  t.same(place.complaints.filter((one) => !/status of (403|422)/.test(one)), []);
});
