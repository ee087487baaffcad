// Passkeys in a real Chromium with its virtual authenticator: enrolling the first, printing the recovery codes,
// a second device with one of them, revoking with a key, and what a person is told when it does not work.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CDPSession, Page } from 'playwright-core';
import t from 'tap';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
import { verifyOffline } from '../../src/proof/assertion.ts';
import { passkeyOptions, verifyAssertion } from '../../src/people/passkey.ts';
import { desk, logIn, openPlace, phone, type Place } from './persons.ts';

t.setTimeout(180_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, and what runs over the right edge. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`(async () => {
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] });
    const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth + 1 ? ['runs over the edge'] : [];
    return [...wide, ...violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' | '))];
  })()`);
}

interface Device { page: Page; cdp: CDPSession; authenticator: string; set(options: { verified: boolean }): Promise<void> }

/** A browser at localhost with a screen lock, as a laptop or a phone has it. */
async function device(place: Place, { viewport = desk, locale = 'zh-CN' } = {}): Promise<Device> {
  const context = await place.browser.newContext({ baseURL: place.address.replace('127.0.0.1', 'localhost'), viewport, locale });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) place.complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => place.complaints.push(`${page.url()}: ${error.message}`));
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId: authenticator } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const set = async ({ verified }: { verified: boolean }): Promise<void> => {
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId: authenticator, isUserVerified: verified });
  };
  return { page, cdp, authenticator, set };
}

const openKeys = async (page: Page): Promise<void> => {
  await page.goto('/me');
  await page.getByRole('link', { name: /^通行密钥/ }).click();
  // The button does nothing before its script is there: on a busy machine that takes a while.
  await page.waitForURL('**/me/passkeys');
  await page.waitForLoadState('load');
};
const press = (page: Page, name: string): Promise<void> => page.getByRole('button', { name, exact: true }).click();

t.test('a chair enrols the laptop, prints the codes, enrols the phone with one, and revokes the phone', async (t) => {
  const place = await openPlace(t);
  const laptop = await device(place);
  const { page } = laptop;
  await logIn(page, 'committee1');
  await openKeys(page);
  await page.getByLabel('给它取个名字').fill('办公室电脑');
  await page.getByLabel('签批密码').fill('not the right one');
  await press(page, '登记');
  await page.getByText('密码不对，没有办理。请再试一次。').waitFor();
  t.equal(await page.evaluate('document.activeElement.name'), 'password', 'the field at fault has the focus');

  await laptop.set({ verified: false });
  await page.getByLabel('签批密码').fill(SIGNING_PASSWORD);
  await press(page, '登记');
  await page.getByText('没有完成。可能取消了，或等得太久，请再按一次。').waitFor();
  await laptop.set({ verified: true });
  await page.getByLabel('签批密码').fill('');
  await press(page, '登记');
  await page.getByText('通行密钥“办公室电脑”已登记。').waitFor();
  t.pass('pressed again, what was confirmed is not asked a second time');
  const codes = await page.locator('.codes li').allInnerTexts();
  t.equal(codes.length, 8);
  t.same(await faults(page), [], 'the sheet is accessible');
  await page.getByRole('link', { name: /已经打印好/ }).click();
  t.match(await page.getByRole('main').innerText(), /办公室电脑[\s\S]*还没有签过名[\s\S]*还剩 8 个/);

  await t.test('on the same device there is not a second one', async (t) => {
    await page.getByLabel('给它取个名字').fill('又一把');
    await press(page, '登记');
    await page.getByText('这台设备上已经登记过您的通行密钥').waitFor();
    t.equal((await page.getByRole('link', { name: '注销这把' }).all()).length, 1);
  });

  const mobile = await device(place, { viewport: phone });
  await logIn(mobile.page, 'committee1');
  await openKeys(mobile.page);
  await mobile.page.getByLabel('给它取个名字').fill('手机');
  await mobile.page.getByLabel('恢复码').fill(codes[0]!.toLowerCase());
  await press(mobile.page, '登记');
  await mobile.page.getByText('通行密钥已登记。').waitFor();
  t.same(await faults(mobile.page), [], 'the list is accessible on a phone');
  t.match(await mobile.page.getByRole('main').innerText(), /手机[\s\S]*办公室电脑[\s\S]*还剩 7 个/);

  await t.test('what the device signs is verified with and without the library', async (t) => {
    const { house, estate, persons } = place;
    const challenge = Buffer.alloc(32, 5);
    const asked = { estate, person_id: persons.committee1, challenge };
    const options = await passkeyOptions(house, asked);
    t.equal(options.allowCredentials?.length, 2);
    const script = `(async () => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(${JSON.stringify(options)});
      return (await navigator.credentials.get({ publicKey })).toJSON();
    })()`;
    const evidence = await verifyAssertion(house, { ...asked, assertion: await mobile.page.evaluate(script) });
    t.equal(evidence.origin, place.address.replace('127.0.0.1', 'localhost'));
    t.ok(verifyOffline(evidence, challenge));
    t.notOk(verifyOffline(evidence, Buffer.alloc(32, 6)));
  });

  await page.reload();
  await page.locator('section.card', { has: page.getByRole('heading', { name: '手机' }) }).getByRole('link', { name: '注销这把' }).click();
  await page.getByRole('heading', { name: '注销通行密钥“手机”' }).waitFor();
  t.same(await faults(page), [], 'the page of revocation is accessible');
  await page.getByLabel('设备丢了或被偷').check();
  await press(page, '用通行密钥确认注销');
  await page.getByText('通行密钥已注销。').waitFor();
  t.match(await page.getByRole('main').innerText(), /已注销的通行密钥\s*手机/);

  await page.getByText('换一张新的恢复码').click();
  await press(page, '用通行密钥确认');
  await page.getByText('这张纸只显示这一次').waitFor();
  const renewed = await page.locator('.codes li').allInnerTexts();
  t.equal(renewed.filter((code) => !codes.includes(code)).length, 8);

  const { rows } = await place.superuser.query(
    `select kind from record where kind like 'passkey%' and estate_id = $1 order by seq`, [place.estate.estate_id]);
  t.same(rows.map(({ kind }) => kind), ['passkey_enrolled', 'passkey_enrolled', 'passkey_revoked']);
  t.same(place.complaints.filter((text) => !/status of (422|403)/.test(text)), [], 'no complaint of the policy or a script');
});

t.test('opened at an address without a name, the page leads to where passkeys work', async (t) => {
  const place = await openPlace(t, { settings: { public_url: 'http://127.0.0.1:8080' } });
  const { page } = await place.person({ viewport: phone });
  await logIn(page, 'manager');
  await page.goto('/me/passkeys');
  const link = page.getByRole('link', { name: /^用 http:\/\/localhost:\d+ 打开$/ });
  await link.click();
  await page.getByLabel('登录名', { exact: true }).fill('manager');
  t.match(page.url(), /^http:\/\/localhost:\d+\/login/);
});

t.test('in production, a page that was opened elsewhere says where passkeys work', async (t) => {
  const place = await openPlace(t, { settings: { public_url: 'http://localhost:8080', production: true } });
  const { page } = await device(place);
  await logIn(page, 'manager');
  await page.goto('/me/passkeys');
  await page.getByText('请用 http://localhost:8080 打开').waitFor();
  t.match(await page.locator('#make-said').getAttribute('class'), 'field-error');
});

t.test('without script the page says that it needs one', async (t) => {
  const place = await openPlace(t);
  const { page } = await place.person({ script: false });
  await logIn(page, 'manager');
  await page.goto(`${place.address.replace('127.0.0.1', 'localhost')}/login?next=%2Fme%2Fpasskeys`);
  await page.getByLabel('登录名', { exact: true }).fill('manager');
  await page.getByLabel('登录密码', { exact: true }).fill('open-books-for-all');
  await page.getByRole('button', { name: '登录' }).click();
  const line = page.getByText('这里要用到浏览器的脚本，您的浏览器没有运行它。');
  await line.first().waitFor();
  t.equal(await line.count(), 1);
});
