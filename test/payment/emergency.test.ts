// Emergency orders (先付后补签): fewer sign, within caps, for nobody in office; labelled in public until the rest have
// ratified, and no other while one is overdue.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { assembleFigures } from '../../src/disclosure/assemble.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { addDays, instant, today, type Clock } from '../../src/kernel/dates.ts';
import { orderChecks } from '../../src/payment/check.ts';
import { changeOrder, type OrderTyped } from '../../src/payment/order.ts';
import { returnForCorrection } from '../../src/approval/proposal.ts';
import { signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { multipart, pngFile } from './files.ts';
import { addRule } from './rules.ts';
import { drafted, pay, proposal, receive, refusalOf, sign, submit, submitted, typedOrder, within } from './story.ts';

// The usual rules: below 200,000 by one of each side, 200,000 a month; from 100,000 on the normal rule asks two of the committee.
const burst: Partial<OrderTyped> = { class: 'emergency', emergency_reason: '主水管爆裂，三栋停水', amount: '120000.00', purpose: '抢修主水管' };

async function dated(t: Parameters<typeof testHouse>[0]): Promise<{ h: TestHouse; go: (days: number) => void }> {
  let now = instant('2026-11-03T02:00:00Z');
  const clock: Clock = () => now;
  const h = await testHouse(t, { demo_clock: clock, first_period: '2026-10' });
  await receive(h, '900000.00');
  return { h, go: (days) => { now = instant(`${addDays(today(clock), days)}T02:00:00Z`); } };
}
const checkOf = async (h: TestHouse, order: number, code: string) =>
  (await within(h, (trx) => orderChecks(trx, h.estate.estate_id, order))).find((check) => check.code === code);

t.test('paid under two signatures, ratified by the third, labelled everywhere', async (t) => {
  const { h } = await dated(t);
  const order = await submitted(h, burst);
  t.match(await proposal(h, order), { class: 'emergency', document: { class: 'emergency', emergency_reason: '主水管爆裂，三栋停水' } });
  t.match(await checkOf(h, order, 'emergency'), { state: 'attention', text_zh: '应急付款：先由 物业公司 1 人、业主委员会 1 人 签，付后 7 天内由 物业公司 1 人、业主委员会 2 人 补签，对全体业主标明“应急”' });
  await sign(h, order, 'manager');
  t.equal((await sign(h, order, 'committee1')).status, 'approved');
  t.match(await proposal(h, order), { ratify_by: '2026-11-10', ratified_at: null });
  t.equal((await pay(h, order)).status, 'posted');
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const [resident, cashier] = [await signIn(app, 'resident'), await signIn(app, 'cashier')];
  const page = async (url: string, who = resident, lang = 'zh'): Promise<string> =>
    (await app.inject({ url: `/e/test${url}`, headers: { ...who, accept: 'text/html', 'accept-language': lang } })).body;
  const { rows: [entry] } = await h.superuser.query<{ seq: number }>('select seq from journal_entry where proposal_id = $1', [order]);
  const places: [string, typeof resident][] = [[`/proposals/${order}`, resident], [`/journal/${entry!.seq}`, resident], [`/orders/${order}`, cashier], ['/orders', cashier]];
  for (const [place, who] of places) t.match(await page(place, who), '应急，待补签，至 11月10日', place);
  t.match(await page(`/journal/${entry!.seq}`, resident, 'en'), 'Emergency, to be ratified by 10 Nov');
  t.match((await app.inject({ url: `/api/v1/estates/test/journal-entries/${entry!.seq}`, headers: resident })).json(), { emergency: { ratify_by: '2026-11-10', ratified_at: null } });
  t.match((await app.inject({ url: `/api/v1/estates/test/payment-orders/${order}`, headers: cashier })).json(),
    { class: 'emergency', kind: 'payment', emergency_reason: '主水管爆裂，三栋停水', ratify_by: '2026-11-10' });
  const notices = async (): Promise<string> => (await assembleFigures(h.house, h.estate, '2026-11', { version: 1, published_at: null, correction: null }))
    .notices.map((one) => one.text_zh).join('\n');
  t.match(await notices(), '应急付款待补签 1 笔，合计 120,000.00 元，最早应于 2026年11月10日 前补签。');
  t.equal((await sign(h, order, 'committee1', { decision: 'ratify' })).status, 'already_signed');
  t.equal((await sign(h, order, 'committee2', { decision: 'ratify' })).status, 'ratified');
  for (const [place, who] of places) t.match(await page(place, who), '应急，已补签', place);
  t.match(await page(`/journal/${entry!.seq}`), '补签');
  t.notMatch(await notices(), '应急');
  t.notMatch(await notices(), '早于签齐', 'a ratification afterwards is no payment before its signatures');
});

t.test('no emergency without a reason, for a refund, above the band or for somebody in office', async (t) => {
  const { h } = await dated(t);
  t.equal(await refusalOf(drafted(h, { ...burst, emergency_reason: ' ' })), 'emergency_reason_missing');
  t.equal(await refusalOf(drafted(h, { ...burst, emergency_reason: '打 13812345678' })), 'text_personal');
  t.equal(await refusalOf(drafted(h, { ...burst, kind: 'refund' })), 'emergency_payment_only');
  t.equal(await refusalOf(submitted(h, { ...burst, amount: '199999.99' })), 'no refusal', 'below the border');
  const large = await drafted(h, { ...burst, amount: '200000.00' });
  t.match(await checkOf(h, large, 'emergency'), { state: 'refused', text_zh: '没有适用的应急规则：金额 200,000.00 元，应急付款一张要不满 200,000.00 元。请按普通程序提交。' });
  t.equal(await refusalOf(submit(h, large)), 'emergency_not_possible');
  const officer = { kind: 'individual', name: '李委员', bank_name: '农业银行', account_number: '6228480000001234' };
  t.equal(await refusalOf(submitted(h, { ...burst, payee: officer })), 'emergency_not_for_officers');
  t.equal((await within(h, (trx) => orderChecks(trx, h.estate.estate_id, large))).some((check) => check.code === 'large'), false);
});

t.test('all emergencies of a month stay below their cap: told before, and judged at the last signature', async (t) => {
  const { h, go } = await dated(t);
  const [first, second] = [await submitted(h, { ...burst, amount: '150000.00' }), await submitted(h, { ...burst, amount: '60000.00' })];
  for (const order of [first, second]) await sign(h, order, 'manager');
  t.equal((await sign(h, first, 'committee1')).status, 'approved');
  t.equal((await sign(h, second, 'committee1')).status, 'emergency_cap_exceeded', 'what was submitted before is judged too');
  const third = await drafted(h, { ...burst, amount: '50000.01' });
  t.match((await checkOf(h, third, 'emergency'))?.refusal?.facts, { used: '150,000.00', amount: '50,000.01', cap: '200,000.00' });
  t.equal(await refusalOf(submit(h, third)), 'emergency_month_exceeded');
  t.equal(await refusalOf(submitted(h, { ...burst, amount: '50000.00' })), 'no refusal', 'exactly the cap');
  await sign(h, first, 'committee2', { decision: 'ratify' });
  go(28);
  t.equal(await refusalOf(submit(h, third)), 'no refusal', 'the next month begins anew');
});

t.test('while one is overdue for ratification no other is submitted; the page says so', async (t) => {
  const { h, go } = await dated(t);
  const order = await submitted(h, burst);
  await sign(h, order, 'manager');
  await sign(h, order, 'committee1');
  await pay(h, order);
  const other = await drafted(h, { ...burst, amount: '500.00' });
  go(7);
  t.match(await checkOf(h, other, 'emergency'), { state: 'attention' }, 'the last day still counts');
  go(1);
  t.match(await checkOf(h, other, 'emergency'), { state: 'refused' });
  t.equal(await refusalOf(submit(h, other)), 'emergency_not_ratified');
  const notices = (await assembleFigures(h.house, h.estate, '2026-11', { version: 1, published_at: null, correction: null })).notices;
  t.ok(notices.some((one) => one.text_zh === '其中 1 笔应急付款过了补签期限，至今没有补签；补签以前不能再办应急付款。'));
  t.equal((await sign(h, order, 'committee2', { decision: 'ratify' })).status, 'ratified', 'late is better than never');
  t.equal(await refusalOf(submit(h, other)), 'no refusal');
});

t.test('a returned order may turn into an emergency or back; the next signer sees it', async (t) => {
  const { h } = await dated(t);
  const order = await submitted(h, { amount: '500.00' });
  const vouchers = (await proposal(h, order)).document!['vouchers'] as string[];
  const change = async (more: Partial<OrderTyped>) => {
    await within(h, (trx) => returnForCorrection(trx, { estate: h.estate, actor: h.actorOf('manager'), proposal_id: order, reason: '改' }));
    const typed = await typedOrder(h, { amount: '500.00', vouchers, ...more });
    await within(h, (trx) => changeOrder(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order, order: typed }));
    await submit(h, order);
  };
  await change({ class: 'emergency', emergency_reason: '停水' });
  t.equal((await proposal(h, order)).class, 'emergency');
  await change({});
  t.match(await proposal(h, order), { class: 'normal' });
  t.notOk('class' in (await proposal(h, order)).document! || 'emergency_reason' in (await proposal(h, order)).document!, 'left out, not empty');
  const refund = await typedOrder(h, { kind: 'refund', vouchers });
  await within(h, (trx) => returnForCorrection(trx, { estate: h.estate, actor: h.actorOf('manager'), proposal_id: order, reason: '改' }));
  t.equal(await refusalOf(within(h, (trx) => changeOrder(trx, { estate: h.estate, actor: h.actorOf('cashier'), proposal_id: order, order: refund }))), 'order_kind_stays');
});

t.test('the form offers an emergency only where a rule allows one', async (t) => {
  const { h } = await dated(t);
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const cashier = await signIn(app, 'cashier');
  const page = async (url: string, lang = 'zh') => (await app.inject({ url: `/e/test${url}`, headers: { ...cashier, accept: 'text/html', 'accept-language': lang } })).body;
  const form = await page('/orders/new');
  for (const words of ['应急（先付后补签）', '一张不满 200,000.00 元，每月合计不超过 200,000.00 元', '7 天内补签', '为什么等不及']) t.match(form, words, words);
  t.notMatch(form, '业主大会决议', 'no rule asks one');
  t.notMatch(await page('/orders/new?kind=refund'), '应急（先付后补签）');
  t.match(await page('/orders/new', 'en'), 'Emergency (paid first, ratified later)');
  const fields = {
    payee: 'new', kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行', account_number: '6222021234567890', amount: '500', fund: 'service',
    account: '5102', bank_account: '1002', purpose: '抢修', audience: 'owners', form_key: 'k1', next: 'submit', order_kind: 'payment', class: 'emergency',
  };
  const send = async (more: Record<string, string>) => {
    const parts = [...Object.entries({ ...fields, ...more }).map(([name, content]) => ({ name, content })), { name: 'vouchers', file_name: '照片.png', content: pngFile() }];
    const { payload, headers } = multipart(parts);
    return app.inject({ method: 'POST', url: '/e/test/orders', payload, headers: { ...cashier, accept: 'text/html', 'accept-language': 'zh', ...headers } });
  };
  const wrong = await send({ emergency_reason: '' });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, '应急付款要写明为什么等不及');
  t.match(wrong.body, /name="class"[^>]*checked|checked[^>]*name="class"/, 'the box is still ticked');
  const sent = await send({ emergency_reason: '电梯困人', form_key: 'k2' });
  t.equal(sent.statusCode, 303);
  t.equal((await proposal(h, Number(/orders\/(\d+)/.exec(String(sent.headers['location']))![1]))).class, 'emergency');
  await h.superuser.query(`update rule set valid_to = '2026-11-01' where class = 'emergency'`);
  t.notMatch(await page('/orders/new'), '应急（先付后补签）');
  t.equal(await refusalOf(submitted(h, { ...burst, amount: '500.00' })), 'emergency_not_possible');
  await addRule(h, { kind: 'payment', class: 'emergency', fund: 'public_income', amount_to: '1000.00', month_cap: '1000.00', ratify_days: 3 });
  t.match(await page('/orders/new'), '一张不满 1,000.00 元');
});
