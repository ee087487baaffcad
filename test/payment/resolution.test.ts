// What rests on a resolution of the owners, and refunds: the same order with what its rule asks.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { availableIn } from '../../src/approval/queries.ts';
import { closePrinter } from '../../src/disclosure/publish.ts';
import { addDays, today } from '../../src/kernel/dates.ts';
import { orderChecks } from '../../src/payment/check.ts';
import { signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { multipart, pngFile, type Part } from './files.ts';
import { addRule } from './rules.ts';
import { approved, drafted, pay, pdfFile, proposal, receive, refusalOf, sign, submit, submitted, typedOrder, voucher, within } from './story.ts';

const statesOf = async (h: TestHouse, order: number): Promise<Record<string, string>> =>
  Object.fromEntries((await within(h, (trx) => orderChecks(trx, h.estate.estate_id, order))).map((check) => [check.code, check.state]));

t.test('from the rule\'s limit on an order names a resolution, whole and with its file', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00', 'public_income');
  await addRule(h, { kind: 'payment', fund: 'public_income', amount_from: '0.00', amount_to: '1000.00' });
  await addRule(h, { kind: 'payment', fund: 'public_income', amount_from: '1000.00', needs_resolution: true });
  const file = await voucher(h);
  const whole = { title: '2026年第二次业主大会决议', date: '2026-09-12', voucher: file };
  const order = { fund: 'public_income', amount: '1000.00' };
  const bare = await drafted(h, order);
  t.match(await statesOf(h, bare), { resolution: 'refused' });
  t.equal(await refusalOf(submit(h, bare)), 'resolution_missing');
  t.equal(await refusalOf(submitted(h, { ...order, amount: '999.99' })), 'no refusal', 'below the limit none is asked');
  for (const part of ['title', 'date', 'voucher'] as const) {
    t.equal(await refusalOf(drafted(h, { ...order, resolution: { ...whole, [part]: '' } })), 'order_resolution_incomplete', part);
  }
  for (const date of ['去年', '2026-02-30', addDays(today(h.house.clock), 1)]) {
    t.equal(await refusalOf(drafted(h, { ...order, resolution: { ...whole, date } })), 'order_resolution_date', date);
  }
  t.equal(await refusalOf(drafted(h, { ...order, resolution: { ...whole, voucher: 'f'.repeat(64) } })), 'order_resolution_incomplete');
  const good = await drafted(h, { ...order, resolution: whole });
  t.match(await statesOf(h, good), { resolution: 'ok', large: 'attention' });
  await submit(h, good);
  t.match((await proposal(h, good)).document, { resolution: whole });
  await sign(h, good, 'manager');
  await sign(h, good, 'committee1');
  t.equal((await pay(h, good)).status, 'posted');
  t.notOk('resolution' in (await proposal(h, await submitted(h, { ...order, amount: '5.00' }))).document!, 'left out where there is none');
});

t.test('owners open the file of the resolution a public order rests on, and those of what is announced', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00', 'public_income');
  await receive(h, '90000.00');
  await addRule(h, { kind: 'payment', fund: 'public_income', needs_resolution: true, notice_days: 7 });
  const [file, invoice, secret] = [await voucher(h), await voucher(h), await voucher(h, 'officers')];
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const resident = await signIn(app, 'resident');
  const open = async (sha256: string): Promise<number> => (await app.inject({ url: `/api/v1/estates/test/vouchers/${sha256}`, headers: resident })).statusCode;
  const order = await drafted(h, { fund: 'public_income', vouchers: [invoice, secret], resolution: { title: '决议', date: '2026-09-12', voucher: file } });
  t.same(await Promise.all([file, invoice, secret].map(open)), [404, 404, 404], 'a draft shows nothing');
  await submit(h, order);
  t.same(await Promise.all([file, invoice, secret].map(open)), [200, 200, 404], 'announced: what is for owners');
  const plain = await voucher(h);
  const other = await submitted(h, { vouchers: [await voucher(h)], resolution: { title: '决议', date: '2026-09-12', voucher: plain } });
  t.equal(await open(plain), 404, 'not announced, not signed');
  await sign(h, other, 'manager');
  await sign(h, other, 'committee1');
  t.equal(await open(plain), 200);
});

t.test('the form asks for a resolution where some rule does, and keeps its file apart from the vouchers', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00', 'public_income');
  await addRule(h, { kind: 'payment', fund: 'public_income', amount_from: '1000.00', needs_resolution: true });
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const cashier = await signIn(app, 'cashier');
  const page = async (url: string, lang = 'zh') => (await app.inject({ url: `/e/test${url}`, headers: { ...cashier, accept: 'text/html', 'accept-language': lang } })).body;
  t.match(await page('/orders/new'), '这些款要有业主大会决议：1,000.00 元及以上（公共收益）');
  t.match(await page('/orders/new', 'en'), '1,000.00 and above');
  const send = async (fields: Record<string, string>, files: Part[] = []) => {
    const { payload, headers } = multipart([...Object.entries(fields).map(([name, content]) => ({ name, content })), ...files]);
    return app.inject({ method: 'POST', url: '/e/test/orders', payload, headers: { ...cashier, accept: 'text/html', 'accept-language': 'zh', ...headers } });
  };
  const fields = {
    payee: 'new', kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行', account_number: '6222021234567890', amount: '1000', fund: 'public_income',
    account: '5102', bank_account: '1002', purpose: '更换大门', audience: 'owners', form_key: 'r1', next: 'submit', order_kind: 'payment',
  };
  const files = [{ name: 'vouchers', file_name: '报价.png', content: pngFile() }, { name: 'resolution_file', file_name: '决议.pdf', content: pdfFile('r') }];
  const wrong = await send({ ...fields, resolution_title: '第二次业主大会决议', resolution_date: '' }, files);
  t.equal(wrong.statusCode, 422);
  const kept = /name="resolution_file_kept" value="([0-9a-f]{64})"/.exec(wrong.body)?.[1];
  const invoice = /name="vouchers_kept" value="([0-9a-f]{64})"/.exec(wrong.body)?.[1];
  t.ok(kept !== undefined && invoice !== undefined && kept !== invoice, 'both files come back, each where it belongs');
  const sent = await send({ ...fields, resolution_title: '第二次业主大会决议', resolution_date: '2026-09-12', vouchers_kept: invoice!, resolution_file_kept: kept!, form_key: 'r2' });
  t.equal(sent.statusCode, 303);
  const id = Number(/orders\/(\d+)/.exec(String(sent.headers['location']))![1]);
  t.match((await proposal(h, id)).document, { vouchers: [invoice], resolution: { title: '第二次业主大会决议', date: '2026-09-12', voucher: kept } });
  t.match(await page(`/orders/${id}`), '第二次业主大会决议（2026年9月12日）');
  t.match(await page(`/proposals/${id}`), '第二次业主大会决议');
});

t.test('a refund takes the rules of refunds, is paid through the same door, and is listed as what it is', async (t) => {
  const h = await testHouse(t);
  await receive(h, '9000.00');
  const tenant = { kind: 'individual', name: '钱小满', bank_name: '农业银行', account_number: '6228480000009999' };
  const refund = { kind: 'refund' as const, payee: tenant, amount: '1200.00', account: '4109', purpose: '退多收的停车费' };
  const order = await submitted(h, refund);
  t.match(await proposal(h, order), { kind: 'refund', payee_class: 'individual', document: { kind: 'refund', reference: /^TK\d{6}$/ } });
  await sign(h, order, 'manager');
  t.equal((await sign(h, order, 'committee1')).status, 'approved');
  const free = () => within(h, (trx) => availableIn(trx, h.estate.estate_id, 'service'));
  t.equal(await free(), '7800.00', 'its sum is set aside');
  const greedy = await submitted(h, { amount: '7000.00' });
  await sign(h, greedy, 'manager');
  t.equal((await sign(h, greedy, 'committee1')).status, 'approved');
  t.equal((await sign(h, await submitted(h, { ...refund, amount: '700.00' }), 'manager')).status, 'signed');
  t.equal((await pay(h, order)).status, 'posted');
  t.same((await h.superuser.query('select kind, description, amount from journal_entry where proposal_id = $1', [order])).rows,
    [{ kind: 'payment', description: '退多收的停车费（钱*）', amount: '1200.00' }], 'in the journal it is a payment');
  await addRule(h, { kind: 'refund', fund: 'service', bodies: { property: 1, committee: 2 } });
  const strict = await approved(h, { ...refund, amount: '10.00' });
  t.equal((await proposal(h, strict)).state, 'submitted', 'its own rule asks a third');
  const app = await buildApp(h.house);
  t.teardown(async () => { await app.close(); await closePrinter(); });
  const cashier = await signIn(app, 'cashier');
  const get = (url: string) => app.inject({ url, headers: { ...cashier, 'accept-language': 'zh' } });
  t.same((await get('/api/v1/estates/test/payment-orders?kind=refund')).json().items.map((one: { id: number }) => one.id).includes(greedy), false);
  t.match((await get('/api/v1/estates/test/payment-orders?kind=refund')).json().items.at(-1), { id: order, kind: 'refund', state: 'executed' });
  const body = { ...await typedOrder(h, { ...refund, amount: '5.00' }) };
  const made = await app.inject({ method: 'POST', url: '/api/v1/estates/test/payment-orders', headers: cashier, payload: body });
  t.match(made.json(), { reference: /^TK/, state: 'draft' });
  t.equal((await app.inject({ method: 'POST', url: '/api/v1/estates/test/payment-orders', headers: cashier, payload: { ...body, kind: 'gift' } })).statusCode, 400);
  const page = await app.inject({ url: `/e/test/orders/${order}`, headers: { ...cashier, accept: 'text/html', 'accept-language': 'zh' } });
  t.match(page.body, '退款单 TK');
  t.match((await app.inject({ url: '/e/test/orders?kind=refund', headers: { ...cashier, accept: 'text/html', 'accept-language': 'zh' } })).body, '退多收的停车费');
  t.match((await app.inject({ url: `/e/test/proposals/${order}`, headers: { ...cashier, accept: 'text/html', 'accept-language': 'zh' } })).body, '退款签批');
});
