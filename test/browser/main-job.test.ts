// The main job from end to end, in a real Chromium, on an empty estate and a month of 31 days: income,
// an order with its voucher, two keys, payment, the bank's balance, the close, the disclosure on a
// resident's phone, a question and its answer. Every step by clicking and typing.
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { lastDay } from '../../src/kernel/dates.ts';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
import { pngFile } from '../payment/files.ts';
import { pdfBytes } from '../bank/statement.ts';
import { goTo, logIn, longMonth, openPlace, phone, said, type Place } from './persons.ts';

t.setTimeout(180_000);
const period = longMonth();
const [year, month] = [period.slice(0, 4), String(Number(period.slice(5)))];
const named = `${year}年${month}月`;
const day = (n: number): string => `${period}-${String(n).padStart(2, '0')}`;
const invoice = { name: '发票-照明.pdf', mimeType: 'application/pdf', buffer: pdfBytes() };
const picture = { name: '验收照片.png', mimeType: 'image/png', buffer: pngFile(64) };

async function postReceipt(
  page: Page,
  receipt: { on: string; memo: string; amount: string; account: string; fund: string },
): Promise<void> {
  await goTo(page, '明细');
  await page.getByRole('link', { name: '登记收款' }).click();
  await page.getByLabel('到账日期').fill(receipt.on);
  await page.getByLabel('摘要').fill(receipt.memo);
  await page.getByLabel('金额', { exact: true }).fill(receipt.amount);
  await page.getByLabel('记入科目', { exact: true }).selectOption(receipt.account);
  await page.getByLabel('资金', { exact: true }).selectOption({ label: receipt.fund });
  await page.getByRole('button', { name: '记账' }).click();
}

async function draftOrder(page: Page): Promise<void> {
  await goTo(page, '付款');
  await page.getByRole('link', { name: '填付款单' }).click();
  await page.getByLabel('收款方', { exact: true }).selectOption({ label: '新的收款方' });
  await page.getByLabel('户名').fill('川亮照明工程有限公司');
  await page.getByLabel('开户行').fill('示例建设银行支行');
  await page.getByLabel('收款账号').fill('6200 1000 1000 0001 011');
  await page.getByLabel('金额', { exact: true }).fill('7000');
  await page.getByLabel('用哪项资金').selectOption({ label: '公共收益' });
  await page.getByLabel('支出科目').selectOption({ label: '5102 共用部位设施运行维护' });
  await page.getByLabel('用途').fill('地下车库灯具更换');
  await page.getByLabel('凭证', { exact: true }).setInputFiles([invoice, picture]);
  await page.getByRole('button', { name: '提交签批' }).click();
}

async function signAll(page: Page): Promise<void> {
  await goTo(page, '签批');
  for (const box of await page.getByRole('checkbox').all()) await box.check();
  await page.getByLabel('签批密码').fill(SIGNING_PASSWORD);
  await page.getByRole('button', { name: '一起签名' }).click();
}

async function signOne(page: Page, title: RegExp): Promise<void> {
  await goTo(page, '签批');
  await page.getByRole('link', { name: title }).first().click();
  await page.getByLabel('签批密码').fill(SIGNING_PASSWORD);
  await page.getByRole('button', { name: '用签批密码批准' }).click();
}

async function recordPaid(page: Page, reference: string): Promise<void> {
  await goTo(page, '付款');
  await page.getByRole('link', { name: '地下车库灯具更换' }).click();
  await page.getByLabel('付款日期').fill(day(12));
  await page.getByLabel('银行流水号').fill(reference);
  await page.getByRole('button', { name: '已付，记账' }).click();
}

/** Everything an owner's paper says: the code, as it stands on the printed sheet. */
async function printInvitation(page: Page, unit: string): Promise<string> {
  await goTo(page, '邀请业主');
  await page.getByLabel('下面写明的房屋').check();
  await page.getByLabel('房屋号').fill(unit);
  await page.getByRole('button', { name: '生成邀请单' }).click();
  const digits = page.getByText(/^(\d{4,5} ){3,4}\d{4,5}$/);
  return (await digits.innerText()).trim();
}

/** A form that was refused says 422, which the browser notes too. */
const fine = (t: Test, place: Place): void => {
  const found = place.complaints.splice(0).filter((text) => !text.includes('status of 422'));
  t.same(found, [], 'no complaint of the policy, a script or a missing file');
};

t.test('from income to the answer on a resident’s phone, by clicking and typing', async (t) => {
  const place = await openPlace(t, { first_period: period });
  const cashier = await place.person();
  const manager = await place.person();
  const member = await place.person({ viewport: phone });
  const resident = await place.person({ viewport: phone });
  const { page: desk } = cashier;

  await logIn(desk, 'cashier');
  await postReceipt(desk, {
    on: day(5), memo: '10 月物业费 首批', amount: '60,000', account: '4101', fund: '物业服务资金',
  });
  t.equal(await said(desk), '已记账。');
  await postReceipt(desk, {
    on: day(9), memo: '快递柜场地费 第四季度', amount: '12500.50', account: '4104', fund: '公共收益',
  });
  t.equal(await said(desk), '已记账。');
  // A slip of the pen comes back filled in, with the reason at its field.
  await postReceipt(desk, {
    on: day(31), memo: '存款利息', amount: '12.345', account: '4107', fund: '公共收益',
  });
  t.match(await desk.getByRole('alert').innerText(), /两位小数/);
  t.equal(await desk.getByLabel('摘要').inputValue(), '存款利息');
  await desk.getByLabel('金额', { exact: true }).fill('12.34');
  await desk.getByRole('button', { name: '记账' }).click();
  t.equal(await said(desk), '已记账。', 'the last of 31 days');

  await draftOrder(desk);
  t.equal(await said(desk), '已提交签批。');
  t.match(await desk.getByRole('main').innerText(), /柒仟元整/);
  t.equal(await desk.locator('iframe').getAttribute('title'), '发票-照明.pdf');
  const [sent] = await Promise.all([
    desk.waitForResponse((answer) => answer.headers()['content-type'] === 'application/pdf'),
    desk.reload(),
  ]);
  t.equal(sent.status(), 200, 'the voucher stands beside the order');
  t.notMatch(sent.headers()['content-security-policy'], /sandbox/, 'a sandbox would keep the viewer shut');
  fine(t, place);

  await logIn(manager.page, 'manager');
  await signAll(manager.page);
  t.equal(await said(manager.page), '已签名。');

  await logIn(member.page, 'committee2');
  await signOne(member.page, /地下车库灯具更换/);
  t.equal(await said(member.page), '已签名，各方签齐。');
  t.match(await member.page.getByRole('main').innerText(), /物业公司 · 项目经理/);
  const thumb = member.page.locator('img.thumb');
  await thumb.scrollIntoViewIfNeeded();
  const width = await thumb.evaluate(async (img: HTMLImageElement) => {
    await img.decode();
    return img.naturalWidth;
  });
  t.equal(width, 64, 'the picture of the voucher is shown');

  await recordPaid(desk, '20261012000123');
  t.equal(await said(desk), '已登记付款并记账。');
  t.match(await desk.getByRole('main').innerText(), /付-001/);

  await goTo(desk, '银行');
  await desk.getByLabel('日期').fill(lastDay(period));
  await desk.getByLabel('银行余额', { exact: true }).fill('65512.84');
  await desk
    .getByLabel('银行对账单或余额证明')
    .setInputFiles({ ...invoice, name: '对账单.pdf', buffer: Buffer.concat([pdfBytes(), Buffer.from('%2\n')]) });
  await desk.getByRole('button', { name: '交上并与账本对照' }).click();
  await desk.getByRole('row', { name: new RegExp(`${named}.*65,512\\.84.*一致`) }).waitFor();

  await goTo(desk, '结账');
  await desk.getByRole('button', { name: `提交 ${named} 结账` }).click();
  t.equal(await said(desk), '已提交签批。');
  await signAll(manager.page);
  t.equal(await said(manager.page), '已签名。');
  await signOne(member.page, /结账/);
  t.equal(await said(member.page), '已签名，各方签齐。');
  await goTo(desk, '结账');
  await desk.getByRole('row', { name: new RegExp(`${named}.*已结账.*65,512\\.84`) }).waitFor();
  fine(t, place);

  await goTo(manager.page, '公示');
  await manager.page.getByRole('row', { name: new RegExp(named) }).getByRole('link', { name: '看草稿' }).click();
  await manager.page.getByRole('button', { name: '现在发布' }).click();
  t.equal(await said(manager.page), '收支公示已发布。');

  const code = await printInvitation(manager.page, '1-2-101');
  const { page: owner } = resident;
  await owner.goto('/e/test');
  await owner.getByRole('link', { name: '我有邀请码' }).click();
  await owner.getByLabel('邀请码').fill(code);
  await owner.getByRole('button', { name: '下一步' }).click();
  t.match(await owner.getByRole('main').innerText(), /1-2-101/);
  await owner.getByLabel('取一个登录名').fill('13800000002');
  await owner.getByLabel('设一个密码').fill('桂花开了我们一起去看账本明明白白');
  await owner.getByLabel('再输一次').fill('桂花开了我们一起去看账本明明白白');
  await owner.getByRole('button', { name: '加入，查看账本' }).click();
  t.equal(await said(owner), '欢迎！您现在可以查看小区的每一笔账。');
  t.match(await owner.getByRole('main').innerText(), /65,512\.84/);

  const [file] = await Promise.all([
    owner.waitForEvent('download'),
    owner.getByRole('link', { name: /^下载 PDF/ }).click(),
  ]);
  const bytes = await readFile(await file.path());
  t.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  t.equal(file.suggestedFilename(), `收支公示-示例小区-${period}-第1版.pdf`);

  await owner.getByRole('link', { name: '在网页上看' }).click();
  await owner.getByRole('heading', { name: `${named}收支公示` }).waitFor();
  await owner.getByRole('link', { name: /地下车库灯具更换/ }).click();
  const entry = await owner.getByRole('main').innerText();
  for (const words of ['付-001', '7,000.00', '柒仟元整', '项目经理', '业委会委员', '发票-照明.pdf']) {
    t.match(entry, words, `the entry says ${words}`);
  }
  await owner.getByRole('link', { name: '我要质询' }).click();
  await owner.getByRole('textbox', { name: '问题' }).fill('换了几盏灯，保修多久？');
  await owner.getByRole('button', { name: '提出', exact: true }).click();
  t.equal(await said(owner), '质询已提出，答复期限已开始计算。');

  await manager.page.goto('/e/test');
  await manager.page.getByRole('link', { name: /等待答复的质询/ }).click();
  await manager.page.getByRole('link', { name: '换了几盏灯，保修多久？' }).click();
  await manager.page.getByLabel('答复', { exact: true }).fill('换了 48 盏，保修两年，合同见附件。');
  await manager.page.getByRole('button', { name: '发布答复' }).click();
  t.equal(await said(manager.page), '答复已公开。');
  await goTo(owner, '质询');
  await owner.getByRole('link', { name: '换了几盏灯，保修多久？' }).click();
  t.match(await owner.getByRole('main').innerText(), /换了 48 盏，保修两年/);
  fine(t, place);
});

t.test('without script: log in, post, order, sign twice, pay', async (t) => {
  const place = await openPlace(t, { first_period: period });
  const cashier = await place.person({ script: false });
  const manager = await place.person({ script: false });
  const chair = await place.person({ script: false, viewport: phone });
  await logIn(cashier.page, 'cashier');
  await postReceipt(cashier.page, {
    on: day(9), memo: '快递柜场地费 第四季度', amount: '12500.50', account: '4104', fund: '公共收益',
  });
  t.equal(await said(cashier.page), '已记账。');
  await draftOrder(cashier.page);
  t.equal(await said(cashier.page), '已提交签批。');
  await logIn(manager.page, 'manager');
  await signAll(manager.page);
  t.equal(await said(manager.page), '已签名。');
  await logIn(chair.page, 'committee1');
  await signOne(chair.page, /地下车库灯具更换/);
  t.equal(await said(chair.page), '已签名，各方签齐。');
  await recordPaid(cashier.page, '20261012000123');
  t.equal(await said(cashier.page), '已登记付款并记账。');
  await goTo(cashier.page, '首页');
  t.match(await cashier.page.getByRole('main').innerText(), /5,500\.50/);
  await cashier.page.getByRole('button', { name: '退出' }).click();
  await cashier.page.getByRole('link', { name: '登录' }).first().waitFor();
});
