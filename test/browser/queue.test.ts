// The queue in a real Chromium, on a phone and at a desk: three tabs by address, the urgent ones first, who is missing,
// one row a thumb wide; several at once by password; the list as a table file.
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import t from 'tap';
import { hold } from '../../src/approval/proposal.ts';
import { draftProposal, submitProposal } from '../../src/approval/proposal.ts';
import { money } from '../../src/kernel/money.ts';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
import { approved, pay, receive, sign, submitted, within } from '../payment/story.ts';
import { desk, goTo, logIn, openPlace, phone, said, type Place } from './persons.ts';

t.setTimeout(120_000);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(`axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] })
    .then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 120)).join(' | ')))`);
}

/** An emergency order that manager and chair have signed, and the other member has to ratify. */
async function emergency(place: Place): Promise<number> {
  const id = await within(place, async (trx) => {
    const row = { kind: 'payment' as const, title: '水管爆裂抢修', amount: money('120000.00'), fund: 'service', class: 'emergency' as const };
    const proposal_id = await draftProposal(trx, { estate_id: place.estate.estate_id, made_by: place.persons.cashier, ...row });
    await submitProposal(trx, { estate: place.estate, proposal_id, actor: place.actorOf('cashier'), ...row, content: { emergency_reason: '主管爆裂' } });
    return proposal_id;
  });
  await sign(place, id, 'manager');
  await sign(place, id, 'committee1');
  return id;
}

const rows = (page: Page): Promise<string[]> => page.locator('main a.row').allInnerTexts();

t.test('three tabs, each proposal in one of them', async (t) => {
  const place = await openPlace(t);
  await receive(place, '300000.00');
  await pay(place, await approved(place, { purpose: '电梯维保' }));
  const plain = await submitted(place);
  await sign(place, plain, 'manager');
  const held = await submitted(place, { purpose: '绿化补种' });
  await within(place, (trx) => hold(trx, { estate: place.estate, proposal_id: held, actor: place.actorOf('committee1'), reason: '等验收单' }));
  const urgent = await emergency(place);
  const { page } = await place.person({ viewport: phone });
  await logIn(page, 'committee2');
  await goTo(page, '签批');

  await t.test('mine: what is to be ratified first, who is missing, how long there is', async (t) => {
    const [first, second, ...more] = await rows(page);
    t.match(first, /水管爆裂抢修[\s\S]*120,000\.00[\s\S]*2 \/ 3[\s\S]*应急[\s\S]*待补签[\s\S]*还差：业主委员会 1 人 · 还有 7 天/);
    t.match(second, /地下车库灯具更换[\s\S]*7,000\.00[\s\S]*1 \/ 2[\s\S]*还差：业主委员会 1 人 · 还有 30 天/);
    t.same(more, []);
    t.same(await violations(page), []);
    t.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    for (const box of await page.locator('main a.row, .tabs a').all()) {
      t.ok((await box.boundingBox())!.height >= 44, 'high enough for a thumb');
    }
  });

  await t.test('others and finished, by address', async (t) => {
    await page.getByRole('navigation', { name: '签批列表' }).getByRole('link', { name: /等别人/ }).click();
    t.match(page.url(), /tab=others/);
    t.match(await rows(page), [/绿化补种[\s\S]*已暂缓/]);
    await page.getByRole('navigation', { name: '签批列表' }).getByRole('link', { name: /已了结/ }).click();
    t.match(await rows(page), [/电梯维保[\s\S]*已办结/]);
    t.same(await violations(page), []);
    await page.goto('/e/test/queue?tab=done&q=没有这个字');
    t.match(await page.getByRole('main').innerText(), /没有符合条件的单/);
  });

  await t.test('the same list as a table file', async (t) => {
    await page.goto('/e/test/queue?tab=mine&kind=payment');
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
    const csv = await readFile(await file.path(), 'utf8');
    t.match(csv, /单号,事项,标题,金额/);
    t.match(csv, new RegExp(`${urgent},付款,水管爆裂抢修,120000\\.00,.*应急、待补签`));
    t.equal(csv.trim().split('\r\n').length, 3);
  });

  await t.test('ratified, the next one is a tap away, and then nothing is left', async (t) => {
    await page.goto('/e/test/queue');
    await page.getByRole('link', { name: /水管爆裂抢修/ }).click();
    await page.getByRole('link', { name: '去签批' }).click();
    await page.getByLabel('签批密码').fill(SIGNING_PASSWORD);
    await page.getByRole('button', { name: '用签批密码补签' }).click();
    t.equal(await said(page), '已补签，各方签齐。');
    await page.getByRole('link', { name: /^下一张：.*地下车库灯具更换/ }).first().click();
    await page.getByRole('link', { name: '去签批' }).click();
    await page.getByLabel('签批密码').fill(SIGNING_PASSWORD);
    await page.getByRole('button', { name: '用签批密码批准' }).click();
    t.equal(await said(page), '已签名，各方签齐。');
    t.match(await page.getByRole('main').innerText(), /没有要您签的了/);
    await page.getByRole('link', { name: '回到签批列表' }).first().click();
    t.match(await page.getByRole('main').innerText(), /没有要您签的单/);
  });
  t.same(place.complaints, []);
});

t.test('several at once by password: at a desk at hand, on a phone on request', async (t) => {
  const place = await openPlace(t);
  await receive(place, '300000.00');
  await submitted(place, { purpose: '门禁卡制作', amount: '600.00' });
  await submitted(place, { purpose: '垃圾桶更换', amount: '900.00' });
  await emergency(place);
  const { page } = await place.person({ viewport: phone });
  await logIn(page, 'committee2');
  await page.goto('/e/test/queue');
  t.equal(await page.getByRole('checkbox').filter({ visible: true }).count(), 0);
  t.equal(await page.getByLabel('签批密码').isVisible(), false);
  await page.getByRole('link', { name: /一次签几张/ }).click();
  t.equal(await page.getByRole('checkbox').filter({ visible: true }).count(), 2, 'what is to be ratified goes one by one');
  t.same(await violations(page), []);
  await page.setViewportSize(desk);
  await page.goto('/e/test/queue');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByLabel('签批密码').fill('not the right one');
  await page.getByRole('button', { name: '一起签名' }).click();
  t.match(await page.getByRole('alert').innerText(), /签批密码不对/);
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByLabel('签批密码').fill(SIGNING_PASSWORD);
  await page.getByRole('button', { name: '一起签名' }).click();
  t.equal(await said(page), '已签名。');
  t.match(await rows(page), [/水管爆裂抢修/]);
  t.same(await violations(page), []);
});
