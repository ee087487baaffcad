// Pay files: what goes in, that it goes in once, and what the file says.
import { createHash } from 'node:crypto';
import t from 'tap';
import { withdraw } from '../../src/approval/proposal.ts';
import { addDays, today } from '../../src/kernel/dates.ts';
import { encodeGb18030, unwritable } from '../../src/kernel/gb18030.ts';
import { money } from '../../src/kernel/money.ts';
import { makePayFile, openPayFile, voidPayFile, type PayFileAsked } from '../../src/payment/pay-file.ts';
import { payFile, payFormatName, payFormats, usualFormat, type PayOrder } from '../../src/payment/pay-file-formats.ts';
import { ordersOfFile, payableOrders, readPayFile } from '../../src/payment/pay-file-queries.ts';
import { archiveEntries, unpack } from '../../src/payment/archive.ts';
import { signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { smallApp } from './small-app.ts';
import { approved, company, databaseSays, drafted, next, pay, receive, refusalOf, submitted, within } from './story.ts';

const NUMBER = '6222000000008866';
const order = (transfers: PayOrder['transfers']): PayOrder => ({
  message_id: 'MZ-test-12', made_at: new Date('2026-11-10T01:02:03Z'), on: '2026-11-10',
  debtor: { name: '示例小区', bank_name: '示例农商银行', account_number: NUMBER }, transfers,
});
const transfer = (given: Partial<PayOrder['transfers'][number]['payee']> = {}, purpose = '灯具') =>
  ({ reference: 'FK000012', purpose, amount: money('7000.10'), payee: { name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890', ...given } });

t.test('GB18030 is written as it is read, for every character that is not for private use', async (t) => {
  let text = '';
  for (let code = 0; code < 0x10000; code += 1) if ((code < 0xd800 || code > 0xf8ff) && code !== 0xfffd) text += String.fromCodePoint(code);
  text += '𠮷😀\u{10ffff}';
  const back = new TextDecoder('gb18030', { fatal: true }).decode(encodeGb18030(text.slice(0, 0xd000) + text.slice(0xd000)));
  // A mark at the very beginning would be taken for a byte order mark: there is none.
  let differs = 0;
  for (let i = 0; i < text.length; i += 1) if (text[i] !== back[i]) differs += 1;
  t.equal(differs, 0);
  t.equal(back.length, text.length);
  t.equal(unwritable('甲\ue5e5'), '\ue5e5');
  t.equal(unwritable('\ud800'), '\ud800');
  t.equal(await refusalOf(payFile('plain-csv', order([transfer({ name: '甲\ue5e5' })]))), 'pay_file_text_unwritable');
});

t.test('every format says whom, how much and what for, and cuts no name', async (t) => {
  for (const format of payFormats) {
    const file = await payFile(format, order([transfer(), transfer({ name: '王,"五"' })]));
    const text = format.endsWith('xlsx')
      ? (unpack(file, archiveEntries(file)!.find((entry) => entry.name.endsWith('sheet1.xml'))!, 1_000_000) as { bytes: Buffer }).bytes.toString()
      : new TextDecoder(format === 'pain.001' ? 'utf-8' : 'gb18030', { fatal: true }).decode(file);
    for (const part of ['川亮照明工程有限公司', '6222021234567890', '工商银行简阳支行', 'FK000012 灯具']) t.ok(text.includes(part), `${format}: ${part}`);
    t.match(text, /7000\.10?\b/, `${format}: the amount in yuan`);
    t.notMatch(payFormatName(format).zh, /-/);
    const long = order([transfer({ name: '长'.repeat(format.startsWith('icbc') || format.startsWith('cmb') ? 32 : 141) })]);
    if (!format.startsWith('plain')) t.equal(await refusalOf(payFile(format, long)), 'pay_file_name_too_long', format);
    if (format !== 'pain.001') t.equal(await refusalOf(payFile(format, order([transfer({ name: '=HYPERLINK("x")' })]))), 'pay_file_text_unsafe', format);
  }
  const lines = new TextDecoder('gb18030').decode(await payFile('ccb-csv', order([transfer({}, '用途'.repeat(80))]))).split('\r\n');
  t.equal(lines.length, 3);
  t.match(lines[1], /FK000012 用途(用途)+用?,FK000012$/, 'words of the purpose are shortened, the reference is not');
  t.equal(usualFormat('中国工商银行简阳支行'), 'icbc-xlsx');
  t.equal(usualFormat('示例农商银行'), 'plain-xlsx');
  const pain = (await payFile('pain.001', order([transfer({ name: 'A & B <有限>' }), transfer()]))).toString();
  t.match(pain, /<NbOfTxs>2<\/NbOfTxs><CtrlSum>14000\.20<\/CtrlSum>/);
  t.match(pain, /<Nm>A &amp; B &lt;有限&gt;<\/Nm>/);
  t.match(pain, /<ReqdExctnDt><Dt>2026-11-10<\/Dt><\/ReqdExctnDt>/);
});

const made = (h: TestHouse, orders: number[], given: Partial<PayFileAsked> = {}): Promise<number> => makePayFile(h.house, {
  estate: h.estate, actor: h.actorOf('cashier'), orders, format: 'pain.001', bank_account: '1002', account_number: NUMBER, ...given,
});

t.test('an order goes into one file, is paid or cancelled afterwards, and into another once that one is void', async (t) => {
  const h = await testHouse(t);
  const { house, estate } = h;
  await receive(h, '90000.00');
  const [a, b, c] = [await approved(h, { amount: '100.00' }), await approved(h, { amount: '200.05' }), await approved(h, { amount: '0.01' })];
  const waiting = await submitted(h, { amount: '5.00' });
  const cash = await approved(h, { amount: '1.00', bank_account: '1001' });

  t.equal(await refusalOf(made(h, [])), 'pay_file_empty');
  t.equal(await refusalOf(made(h, [a, waiting])), 'order_not_approved');
  t.equal(await refusalOf(made(h, [a, 999_999])), 'order_unknown');
  t.equal(await refusalOf(made(h, [a, cash])), 'order_elsewhere');
  t.equal(await refusalOf(made(h, [a], { bank_account: '1001' })), 'paying_account_unknown', 'cash is no bank account');
  t.equal(await refusalOf(made(h, [a], { account_number: '' })), 'debtor_number_missing');
  t.equal(await refusalOf(made(h, [a], { account_number: '6222000000008867' })), 'debtor_number_differs');
  t.equal(await refusalOf(made(h, [a], { format: 'icbc-pdf' })), 'pay_format_unknown');
  t.equal(await refusalOf(made(h, [a], { pay_on: addDays(today(house.clock), -1) })), 'pay_on_invalid');
  t.equal(await refusalOf(made(h, [a], { actor: h.actorOf('supervisor') })), 'not_allowed');
  t.equal(await refusalOf(made(h, Array.from({ length: 201 }, (_, i) => i + 1))), 'pay_file_too_many');

  // Twice at the same moment, by two persons: one file has it.
  const both = await Promise.allSettled([made(h, [a, b]), made(h, [b, c], { actor: h.actorOf('committee1') })]);
  t.same(both.map((one) => one.status).sort(), ['fulfilled', 'rejected']);
  const seq = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))[0]!;
  const inside = (await within(h, (trx) => ordersOfFile(trx, estate.estate_id, seq))).map((one) => one.order_id);
  const left = [a, b, c].filter((id) => !inside.includes(id));
  t.same((await within(h, (trx) => payableOrders(trx, estate.estate_id, '1002', 10))).map((one) => one.order_id), left);
  t.equal(await refusalOf(made(h, [inside[0]!, ...left])), 'order_in_file');

  // The file is the record's, byte for byte, as often as it is asked for.
  const { bytes, file, file_name } = await openPayFile(house, { estate, actor: h.actorOf('committee1'), pay_file: seq });
  t.equal(createHash('sha256').update(bytes).digest('hex'), file.sha256);
  t.same((await openPayFile(house, { estate, actor: h.actorOf('cashier'), pay_file: seq })).bytes, bytes);
  t.match(file_name, /^pay-test-\d{4}-\d\d-\d\d-\d+\.xml$/);
  t.match(bytes.toString(), new RegExp(`<MsgId>MZ-test-${seq}</MsgId>`), 'named by its record');
  t.equal(await refusalOf(openPayFile(house, { estate, actor: h.actorOf('auditor'), pay_file: seq })), 'not_allowed');
  const { rows: [record] } = await h.superuser.query(`select body::jsonb as body from record where seq = $1 and kind = 'pay_file_made'`, [seq]);
  t.match(record.body, { bank_account: '1002', format: 'pain.001', count: 2, orders: inside, total: file.total, sha256: file.sha256, made_by: String });
  t.notMatch(JSON.stringify(record.body), /8866|6222/, 'no account number in the log');

  // One is paid, the other cancelled after the export.
  await pay(h, inside[0]!);
  await within(h, (trx) => withdraw(trx, { estate, proposal_id: inside[1]!, actor: h.actorOf('cashier'), reason: '填错' }));
  t.match(await within(h, (trx) => readPayFile(trx, estate.estate_id, seq)), { paid: 1, cancelled: 1, void_reason: null });
  t.equal(await refusalOf(voidPayFile(house, { estate, actor: h.actorOf('cashier'), pay_file: seq, reason: ' ' })), 'text_empty');
  await voidPayFile(house, { estate, actor: h.actorOf('cashier'), pay_file: seq, reason: '有一张取消了' });
  t.equal(await refusalOf(voidPayFile(house, { estate, actor: h.actorOf('cashier'), pay_file: seq, reason: '再来' })), 'pay_file_void_already');
  t.equal(await refusalOf(voidPayFile(house, { estate, actor: h.actorOf('cashier'), pay_file: seq + 1000, reason: '没有' })), 'pay_file_unknown');
  t.equal(await refusalOf(made(h, [inside[0]!])), 'order_not_approved', 'paid is paid');

  const again = await made(h, left, { format: 'cmb-csv', key: 'once' });
  t.equal(await made(h, left, { format: 'cmb-csv', key: 'once' }), again, 'the same form sent twice is one file');
  await voidPayFile(house, { estate, actor: h.actorOf('cashier'), pay_file: again, reason: '银行退回' });
  t.ok(await made(h, left, { format: 'plain-xlsx' }) > again, 'into another once that one is void');
});

t.test('the door looks itself, and a file that was made stays as it is', async (t) => {
  const h = await testHouse(t);
  const { estate } = h;
  await receive(h, '9000.00');
  const order_id = await approved(h, { amount: '100.00' });
  const draft = await drafted(h, { amount: '1.00' });
  const body = (given: object) => JSON.stringify({
    bank_account: '1002', count: 1, format: 'plain-csv', made_by: h.persons.cashier, orders: [order_id], sha256: 'a'.repeat(64), total: '100.00', ...given,
  });
  const door = async (given: object = {}): Promise<string> => within(h, async (trx) => {
    const { sql } = await import('kysely');
    const { rows } = await sql<{ status: string }>`select status from make_pay_file(${estate.estate_id}, ${body(given)})`.execute(trx);
    return rows[0]!.status;
  });
  t.equal(await door({ orders: [draft] }), 'order_not_approved');
  t.equal(await door({ total: '99.99' }), 'pay_file_differs');
  t.equal(await door({ count: 2, orders: [order_id, order_id], total: '200.00' }), 'pay_file_differs', 'named twice is once');
  t.equal(await door({ orders: [], count: 0, total: '0.00' }), 'pay_file_differs');
  t.equal(await door({ bank_account: '1001' }), 'bank_account_unknown');
  t.equal(await door(), 'made');
  t.equal(await door(), 'order_in_file');
  const su = h.superuser;
  t.equal(await databaseSays(su.query(`update pay_file set total = 1`)), 'append_only');
  t.equal(await databaseSays(su.query(`update pay_file_order set stands = false`)), 'pay_file_is_fixed', 'not without a record');
  t.equal(await databaseSays(su.query(`delete from pay_file_order`)), 'pay_file_is_fixed');
  t.equal(await databaseSays(su.query(`truncate pay_file_order`)), 'append_only');
  const forged = within(h, async (trx) => {
    const { appendRecord } = await import('../../src/evidence/records.ts');
    await appendRecord(trx, estate.estate_id, 'pay_file_made', { made_by: h.persons.cashier, orders: [order_id] });
  });
  t.equal(await databaseSays(forged), 'record_kind_reserved');
});

t.test('over pages and interface: made, downloaded, a cancelled order shown in red, declared void', async (t) => {
  const h = await testHouse(t);
  await receive(h, '9000.00');
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const [cashier, supervisor, resident] = [await signIn(app, 'cashier'), await signIn(app, 'supervisor'), await signIn(app, 'resident')];
  const get = (url: string, headers = cashier) => app.inject({ url, headers });
  const post = (url: string, fields: [string, string][]) => app.inject({
    method: 'POST', url, headers: { ...cashier, 'content-type': 'application/x-www-form-urlencoded' }, payload: new URLSearchParams(fields).toString(),
  });
  t.match((await get('/e/test/pay-files/new')).body, /没有可以付的单/);
  const [a, b] = [
    await approved(h, { amount: '100.00', purpose: '修水泵' }),
    await approved(h, { amount: '23.45', payee: { ...company, name: `成都某某电梯${next()}有限公司`, account_number: '6222021234567891' } }),
  ];
  const form = (await get('/e/test/pay-files/new')).body;
  t.match(form, /修水泵/);
  t.match(form, /123\.45/, 'the sum of all that could be paid');
  const csrf = /name="csrf" value="([^"]+)"/.exec(form)![1]!;
  const fields: [string, string][] = [['csrf', csrf], ['form_key', 'k1'], ['bank_account', '1002'], ['format', 'icbc-csv'], ['pay_on', today(h.house.clock)],
    ['debtor_name', '示例小区业主共有资金']];
  const wrong = await post('/e/test/pay-files', [...fields, ['orders', String(a)], ['account_number', '6222000000001111']]);
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, /尾号是 8866/);
  t.match(wrong.body, /value="6222000000001111"/, 'comes back as it was typed');
  t.equal((await post('/e/test/pay-files', [...fields, ['account_number', NUMBER]])).statusCode, 422, 'nothing chosen');
  const done = await post('/e/test/pay-files', [...fields, ['orders', String(a)], ['orders', String(b)], ['account_number', NUMBER]]);
  t.equal(done.statusCode, 303, done.body.slice(0, 300));
  const page = String(done.headers.location).replace(/\?.*/, '');
  t.match((await get(page)).body, /123\.45/);
  const file = await get(`${page}/file`);
  t.equal(file.headers['cache-control'], 'no-store');
  t.match(new TextDecoder('gb18030').decode(file.rawPayload), /示例小区业主共有资金.*FK/);
  t.equal((await get(`${page}/file`, supervisor)).statusCode, 403);
  t.equal((await get(page, resident)).statusCode, 403);
  t.notMatch((await get(page, supervisor)).body, /\/file"/);
  t.match((await get(`/e/test/orders/${a}`)).body, /已做进付款文件/);
  await within(h, (trx) => withdraw(trx, { estate: h.estate, proposal_id: b, actor: h.actorOf('cashier'), reason: '不修了' }));
  t.match((await get(page)).body, /1 张单做文件以后被取消了：FK/);
  t.match((await get('/e/test/pay-files')).body, /1 张单已取消/);
  t.equal((await post(`${page}/void`, [['csrf', csrf], ['reason', '']])).statusCode, 422);
  t.equal((await post(`${page}/void`, [['csrf', csrf], ['reason', '有单取消']])).statusCode, 303);
  t.match((await get(page)).body, /作废：有单取消/);
  // The interface.
  const api = '/api/v1/estates/test/pay-files';
  const send = (method: 'POST' | 'PUT', url: string, payload: object) => app.inject({ method, url, headers: cashier, payload });
  const one = await send('POST', api, { orders: [a], format: 'pain.001', bank_account: '1002', account_number: NUMBER });
  t.equal(one.statusCode, 201, one.body);
  t.match(one.json(), { count: 1, total: '100.00', void: null, orders: [{ id: a, reference: /^FK/, state: 'approved' }] });
  t.equal((await send('POST', api, { orders: [a], format: 'pain.001', bank_account: '1002', account_number: NUMBER })).json().code, 'order_in_file');
  t.match((await get(api)).json(), { items: [{ id: one.json().id }, { void: { reason: '有单取消' } }] });
  t.match((await send('POST', `${api}/${one.json().id}/void`, { reason: '银行退回' })).json(), { void: { reason: '银行退回' } });
  t.equal((await get(`${api}/${one.json().id}/file`)).headers['content-type'], 'application/xml');
});
