// Two keys in a real Chromium with its virtual authenticator: enrol, sign on a phone, the second person signs on
// their own device, paid, and the owner reads who signed. What a passkey signed is good for nothing else.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { openRules } from '../../src/approval/rules.ts';
import { openEstateRow } from '../../src/estate/estate.ts';
import { verifyEvidence, type EvidenceBundle } from '../../src/proof/signatures.ts';
import { today } from '../../src/kernel/dates.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { money } from '../../src/kernel/money.ts';
import { openBody } from '../../src/people/body.ts';
import { readActor } from '../../src/people/queries.ts';
import { appoint } from '../../src/people/term.ts';
import { PASSWORD, SIGNING_PASSWORD, testEstate } from '../helpers/house.ts';
import { pay, proposal, receive, submit, submitted, within } from '../payment/story.ts';
import { returnForCorrection } from '../../src/approval/proposal.ts';
import { desk, goTo, logIn, openPlace, phone, said, type Place } from './persons.ts';

t.setTimeout(180_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Device { context: BrowserContext; page: Page; cdp: CDPSession; verified(yes: boolean): Promise<void> }
const localhost = (place: Place): string => place.address.replace('127.0.0.1', 'localhost');

/** Somebody's phone or laptop, with an authenticator of its own. */
async function device(place: Place, { viewport = phone, locale = 'zh-CN' } = {}): Promise<Device> {
  const context = await place.browser.newContext({ baseURL: localhost(place), viewport, locale });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) place.complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => place.complaints.push(`${page.url()}: ${error.message}`));
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true,
  } });
  return { context, page, cdp, verified: async (isUserVerified) => {
    await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  } };
}

async function enrol(page: Page, login: string): Promise<void> {
  await logIn(page, login);
  await page.goto('/me/passkeys');
  await page.getByLabel('给它取个名字').fill('手机');
  await page.locator('input[name=password]').fill(SIGNING_PASSWORD);
  await page.getByRole('button', { name: '登记', exact: true }).click();
  await page.getByText('通行密钥“手机”已登记。').waitFor();
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
}
/** What is said when the next page is there. */
async function after(page: Page): Promise<string> {
  await page.waitForURL(/[?&]done=/);
  return said(page);
}
const wide = (page: Page): Promise<boolean> => page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth + 1');

/** A browser notes every answer that refuses; those are asked for here. */
const fine = (t: Test, place: Place): boolean =>
  t.same(place.complaints.splice(0).filter((text) => !/status of 4(03|09|22)/.test(text)), [], 'no complaint of the policy or a script');

t.test('enrol, sign with a thumb, the second person signs, paid, and the owner reads who signed', async (t) => {
  const place = await openPlace(t);
  await receive(place, '20000.00');
  const id = await submitted(place);
  await submitted(place, { purpose: '消防应急灯更换 12 只', amount: '1380.00' });
  const manager = await device(place);
  const chair = await device(place);
  await enrol(manager.page, 'manager');
  await enrol(chair.page, 'committee1');

  const { page } = manager;
  await page.goto('/e/test');
  let taps = 0;
  const tap = async (what: ReturnType<Page['locator']>): Promise<void> => {
    taps += 1;
    await what.waitFor();
    await page.waitForLoadState('load');
    await what.click();
  };
  const began = performance.now();
  await tap(page.getByRole('navigation', { name: '主要栏目' }).getByRole('link', { name: '签批', exact: true }));
  await tap(page.getByRole('link', { name: /地下车库灯具更换/ }));
  await tap(page.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true }));
  t.equal(await after(page), '已签名。');
  t.comment(`approved on a phone in ${taps} taps and ${((performance.now() - began) / 1000).toFixed(1)} s, reading not counted`);
  t.equal(taps, 3);
  t.match(await page.getByRole('main').innerText(), /物业公司 · 项目经理[\s\S]*马经理[\s\S]*通行密钥（强）/);

  await t.test('the next one is a tap away', async (t) => {
    await page.getByRole('link', { name: /^下一张：.*消防应急灯更换/ }).first().click();
    await page.getByRole('heading', { name: '付款签批' }).waitFor();
    t.match(page.url(), /proposals\/2$/);
  });

  await chair.page.goto(`/e/test/proposals/${id}`);
  t.equal(await wide(chair.page), false, 'nothing runs over the edge');
  t.same(await violations(chair.page), [], 'accessible on a phone');
  await chair.page.setViewportSize(desk);
  t.same(await violations(chair.page), [], 'accessible at a desk');
  t.equal(await chair.page.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true }).count(), 1, 'one button, not two');
  await chair.page.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true }).click();
  t.equal(await after(chair.page), '已签名，各方签齐。');
  t.match(await chair.page.getByRole('main').innerText(), /2 \/ 2/);
  await pay(place, id);

  const { page: owner } = await place.person({ viewport: phone });
  await logIn(owner, 'resident');
  await goTo(owner, '明细');
  await owner.getByRole('link', { name: /地下车库灯具更换/ }).click();
  await owner.getByRole('link', { name: '看谁签的字，怎么签的' }).click();
  const told = await owner.getByRole('main').innerText();
  t.match(told, /这笔 7,000\.00 元，物业公司项目经理马经理 \d+月\d+日用通行密钥签了，业主委员会主任陈主任 \d+月\d+日用通行密钥签了，两方都签齐后才付。/);
  t.match(told, /2 个签名都是通行密钥签的，全部验算通过/);
  t.same(await violations(owner), [], 'accessible');
  t.equal(await wide(owner), false);
  const [file] = await Promise.all([owner.waitForEvent('download'), owner.getByRole('link', { name: '下载签名证据（JSON）' }).click()]);
  t.equal(file.suggestedFilename(), `evidence-test-${id}.json`);
  const bundle = JSON.parse(await readFile(await file.path(), 'utf8')) as EvidenceBundle;
  t.match(verifyEvidence(bundle), { ok: true, complete: true, strong: 2, weak: 0 }, 'what Chromium signed holds without server and library');
  fine(t, place);
});

/** A second estate in which manager and chair serve as well, with a proposal of the same number. */
async function secondEstate(place: Place): Promise<{ code: string; proposal_id: number; document_hash: string }> {
  const { house, persons } = place;
  const term = { starts_on: '2020-01-01', ends_on: '2099-12-31', resolution: '' };
  const row = { ...testEstate(place.estate.first_period, true), code: 'second', name_zh: '另一小区', name_en: 'Second Estate' };
  const estate = await openEstateRow(house, row, async (trx, { estate_id }) => {
    for (const [body, name_zh] of [['property', '物业公司'], ['committee', '业主委员会']] as const) {
      await openBody(trx, { estate_id, body, name_zh, name_en: body });
    }
    await appoint(trx, { estate_id, person_id: persons.cashier, body: 'property', office: 'cashier', ...term });
    await appoint(trx, { estate_id, person_id: persons.manager, body: 'property', office: 'manager', ...term });
    await appoint(trx, { estate_id, person_id: persons.committee1, body: 'committee', office: 'chair', ...term });
    const both = { kind: 'payment' as const, amount_from: '0.00', amount_to: null, fund: null, expires_days: 30, bodies: { property: 1, committee: 1 } };
    await openRules(trx, { estate_id, mode: 'trust', valid_from: today(house.clock), rules: [both, { ...both, kind: 'rule' }] });
  });
  const actor = (await readActor(house, persons.cashier, { kind: 'cookie', scopes: [], csrf: null }))!;
  return inEstate(house.db.app, estate.estate_id, async (trx) => {
    const made = { kind: 'payment' as const, title: '川亮照明工程有限公司 · 地下车库灯具更换', amount: money('7000.00'), fund: null };
    const proposal_id = await draftProposal(trx, { estate_id: estate.estate_id, made_by: persons.cashier, ...made });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...made, content: {} });
    return { code: 'second', proposal_id, document_hash };
  });
}

t.test('what a passkey signed for one document, decision, person and estate is refused for every other', async (t) => {
  const place = await openPlace(t);
  await receive(place, '20000.00');
  const [id, other_id] = [await submitted(place), await submitted(place)];
  const [manager, chair] = [await device(place), await device(place)];
  await enrol(manager.page, 'manager');
  await enrol(chair.page, 'committee1');
  const second = await secondEstate(place);

  // The browser's answer is caught on its way, before the server has seen it.
  let caught: Record<string, unknown> = {};
  await manager.context.route(`**/proposals/${id}/sign`, async (route) => {
    caught = route.request().postDataJSON() as Record<string, unknown>;
    await route.abort();
  });
  await manager.page.goto(`/e/test/proposals/${id}`);
  await manager.page.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true }).click();
  await manager.page.getByText('网络不通，不知道签成没有').filter({ visible: true }).waitFor();
  await manager.context.unroute(`**/proposals/${id}/sign`);
  t.match(caught, { decision: 'approve', method: 'passkey', nonce: /^[0-9a-f]{64}$/ });

  const other_hash = (await proposal(place, other_id)).document_hash!;
  const send = async (device: Device, code: string, number: number, change: Record<string, unknown> = {}): Promise<string> => {
    const answer = await device.context.request.post(`${localhost(place)}/api/v1/estates/${code}/proposals/${number}/sign`, {
      data: { ...caught, ...change }, headers: { 'sec-fetch-site': 'same-origin' },
    });
    const { code: refused, status } = (await answer.json()) as { code?: string; status?: unknown };
    return refused ?? String(status);
  };
  const fresh = async (device: Device, code: string, number: number, asked: { decision: string; document_hash: string }): Promise<string> => {
    const answer = await device.context.request.post(`${localhost(place)}/api/v1/estates/${code}/proposals/${number}/sign/options`, {
      data: asked, headers: { 'sec-fetch-site': 'same-origin' },
    });
    return ((await answer.json()) as { nonce: string }).nonce;
  };
  const document_hash = String(caught['document_hash']);
  const assertion = JSON.parse(JSON.stringify(caught['assertion'])) as { response: { clientDataJSON: string } };
  const elsewhere = Buffer.from(Buffer.from(assertion.response.clientDataJSON, 'base64url').toString('utf8').replace(/localhost:\d+/, 'evil.example'))
    .toString('base64url');
  const refused: [string, () => Promise<string>, RegExp][] = [
    ['another document', () => send(manager, 'test', other_id, { document_hash: other_hash }), /challenge_invalid/],
    ['another document, under a challenge of its own', async () => send(manager, 'test', other_id, {
      document_hash: other_hash, nonce: await fresh(manager, 'test', other_id, { decision: 'approve', document_hash: other_hash }),
    }), /assertion_invalid/],
    ['another decision', () => send(manager, 'test', id, { decision: 'reject', reason: '不同意' }), /challenge_invalid/],
    ['another decision, under a challenge of its own', async () => send(manager, 'test', id, {
      decision: 'reject', reason: '不同意', nonce: await fresh(manager, 'test', id, { decision: 'reject', document_hash }),
    }), /assertion_invalid/],
    ['another person', () => send(chair, 'test', id), /challenge_invalid/],
    ['another person, under a challenge of their own', async () => send(chair, 'test', id, {
      nonce: await fresh(chair, 'test', id, { decision: 'approve', document_hash }),
    }), /passkey_unknown|assertion_invalid/],
    ['another estate', () => send(manager, second.code, second.proposal_id, { document_hash: second.document_hash }), /challenge_invalid/],
    ['another estate, under a challenge of its own', async () => send(manager, second.code, second.proposal_id, {
      document_hash: second.document_hash,
      nonce: await fresh(manager, second.code, second.proposal_id, { decision: 'approve', document_hash: second.document_hash }),
    }), /assertion_invalid/],
    ['another page', () => send(manager, 'test', id, { assertion: { ...assertion, response: { ...assertion.response, clientDataJSON: elsewhere } } }), /assertion_invalid/],
    ['as a password', () => send(manager, 'test', id, { method: 'password' }), /signing_password_wrong/],
  ];
  for (const [what, work, expected] of refused) t.match(await work(), expected, what);
  const { rows } = await place.superuser.query('select count(*)::integer as count from signature');
  t.equal(rows[0].count, 0, 'nothing was signed by any of it');
  t.equal(await send(manager, 'test', id), 'signed', 'for what it was made for it is good');
  t.match(await send(manager, 'test', id), /challenge_invalid/, 'once');
  await within(place, (trx) => returnForCorrection(trx, { estate: place.estate, proposal_id: id, actor: place.actorOf('committee1'), reason: '改用途' }));
  await submit(place, id);
  t.match(await send(manager, 'test', id, { document_hash: (await proposal(place, id)).document_hash! }), /challenge_invalid/, 'not for the next version');
});

t.test('what a person is told when it does not work', async (t) => {
  const place = await openPlace(t);
  await receive(place, '20000.00');
  const id = await submitted(place);
  const { page, context, verified } = await device(place);
  await enrol(page, 'manager');
  await page.goto(`/e/test/proposals/${id}`);
  const button = page.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true });

  await verified(false);
  await button.click();
  await page.getByText('没有签成：您取消了').filter({ visible: true }).waitFor();
  t.equal(await button.getAttribute('aria-disabled'), null, 'the button is back');
  await verified(true);

  await t.test('a document that was changed meanwhile is not signed', async (t) => {
    await within(place, (trx) => returnForCorrection(trx, { estate: place.estate, proposal_id: id, actor: place.actorOf('committee1'), reason: '改用途' }));
    await submit(place, id);
    await button.click();
    await page.getByText('您打开之后这张单改过了').filter({ visible: true }).waitFor();
    t.equal((await proposal(place, id)).state, 'submitted');
    await page.reload();
    t.match(await page.getByRole('main').innerText(), /第 2 版改了这些/);
  });

  await t.test('a rejection by passkey carries its reason', async (t) => {
    await page.getByLabel('理由').fill('验收单缺业主代表签字');
    await page.getByRole('button', { name: '用通行密钥拒绝' }).click();
    t.equal(await after(page), '已拒绝，理由已记录。');
    t.match(await proposal(place, id), { state: 'rejected', reason: '验收单缺业主代表签字' });
  });

  await t.test('without scripts the button explains itself, and the password still signs', async (t) => {
    const number = await submitted(place, { purpose: '门禁卡制作', amount: '600.00' });
    const plain = await place.browser.newContext({ baseURL: localhost(place), viewport: phone, locale: 'zh-CN', javaScriptEnabled: false });
    const bare = await plain.newPage();
    await bare.goto(`/login?next=${encodeURIComponent(`/e/test/proposals/${number}`)}`);
    await bare.getByLabel('登录名', { exact: true }).fill('manager');
    await bare.getByLabel('登录密码', { exact: true }).fill(PASSWORD);
    await bare.getByRole('button', { name: '登录' }).click();
    await bare.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true }).click();
    t.match(await bare.getByRole('alert').innerText(), /浏览器要开着脚本/);
    await bare.getByLabel('签批密码').fill(SIGNING_PASSWORD);
    await bare.getByRole('button', { name: '用签批密码批准' }).click();
    t.equal(await said(bare), '已签名。');
  });

  await t.test('on a device without the key one is told so', async (t) => {
    const number = await submitted(place, { purpose: '垃圾桶更换', amount: '900.00' });
    const stranger = await device(place);
    await logIn(stranger.page, 'manager');
    await stranger.page.goto(`/e/test/proposals/${number}`);
    await stranger.page.getByRole('button', { name: '用通行密钥批准' }).filter({ visible: true }).click();
    await stranger.page.getByText('这台设备上没有您登记的通行密钥').filter({ visible: true }).waitFor();
    t.pass('in plain words');
  });

  await t.test('a colleague gets the address, logs in and is there', async (t) => {
    const number = await submitted(place, { purpose: '绿化补种', amount: '800.00' });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: localhost(place) });
    await page.goto(`/e/test/proposals/${number}`);
    // Chromium on a desk shares nothing; a phone would open its own sheet here.
    await page.evaluate('delete Navigator.prototype.share');
    await page.reload();
    await page.getByRole('button', { name: '发给同事' }).click();
    await page.getByText('本页地址已复制').waitFor();
    const address = String(await page.evaluate('navigator.clipboard.readText()'));
    t.match(address, new RegExp(`/e/test/proposals/${number}$`));
    const colleague = await place.person({ viewport: phone });
    await colleague.page.goto(address);
    await colleague.page.getByLabel('登录名', { exact: true }).fill('committee1');
    await colleague.page.getByLabel('登录密码', { exact: true }).fill(PASSWORD);
    await colleague.page.getByRole('button', { name: '登录' }).click();
    await colleague.page.waitForURL(address);
    t.match(await colleague.page.getByRole('main').innerText(), /绿化补种/);
  });
  fine(t, place);
});
