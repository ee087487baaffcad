// Invoices: what their files say, held against what the order says, before anybody is asked to sign.
import { deflateRawSync, deflateSync } from 'node:zlib';
import t from 'tap';
import { inEstate } from '../../src/kernel/database.ts';
import { orderChecks } from '../../src/payment/check.ts';
import { mediaTypeOf } from '../../src/payment/content.ts';
import { changeTitles } from '../../src/payment/invoice.ts';
import { readInvoiceFile } from '../../src/payment/invoice-file.ts';
import { readOrder } from '../../src/payment/queries.ts';
import { registerVouchers, keepFile } from '../../src/payment/voucher.ts';
import { zipped } from '../../src/web/zip.ts';
import { signIn, testHouse, type TestHouse } from '../helpers/house.ts';
import { multipart, xmlFile } from './files.ts';
import { smallApp } from './small-app.ts';
import { company, drafted, receive, refusalOf, sign, submit, submitted, within } from './story.ts';

interface Said { number?: string; total?: string; seller?: string; buyer?: string; extra?: string; issued?: string }
const NUMBER = '25512000000012345678';
/** 数电票. */
const digital = ({ number = NUMBER, total = '7000.00', seller = company.name, buyer = '示例小区', extra = '', issued = '2026-10-08' }: Said = {}): Buffer =>
  xmlFile(`<EInvoice><Header><EIid>${number}</EIid></Header><EInvoiceData>${extra}`
    + `<SellerInformation><SellerIdNum>91510100MA6XXXXX0X</SellerIdNum><SellerName>${seller}</SellerName></SellerInformation>`
    + `<BuyerInformation><BuyerIdNum>52510100MJXXXXXX1X</BuyerIdNum><BuyerName>${buyer}</BuyerName></BuyerInformation>`
    + `<BasicInformation><TotalAmWithoutTax>6796.12</TotalAmWithoutTax><TotalTaxAm>203.88</TotalTaxAm><TotalTax-includedAmount>${total}</TotalTax-includedAmount></BasicInformation>`
    + `</EInvoiceData><TaxSupervisionInfo><InvoiceNumber>${number}</InvoiceNumber><IssueTime>${issued}</IssueTime></TaxSupervisionInfo></EInvoice>`);
/** The electronic invoice before it, as it lies in an OFD. */
const older = ({ total = '318.00', note = '' }: { total?: string; note?: string } = {}): string =>
  '<?xml version="1.0" encoding="UTF-8"?><fp:eInvoice xmlns:fp="http://www.edrm.org.cn/schema/e-invoice/2019"><fp:InvoiceCode>011001900311</fp:InvoiceCode>'
  + `<fp:InvoiceNo>21010038</fp:InvoiceNo><fp:IssueDate>2020年04月07日</fp:IssueDate><fp:Buyer><fp:BuyerName>示例小区业主委员会</fp:BuyerName></fp:Buyer>`
  + `<fp:Seller><fp:SellerName>川亮照明工程有限公司</fp:SellerName><fp:SellerTaxID>91X</fp:SellerTaxID></fp:Seller>`
  + `<fp:TaxInclusiveTotalAmount>${total}</fp:TaxInclusiveTotalAmount><fp:Note>${note}</fp:Note></fp:eInvoice>`;

async function ofd(path: string, content: string | Buffer): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of zipped([{ path: 'OFD.xml', content: '<ofd:OFD/>' }, { path, content: Buffer.from(content) }], { zip64: false })) pieces.push(piece);
  return Buffer.concat(pieces);
}
const read = async (bytes: Buffer) => readInvoiceFile(bytes, await mediaTypeOf(bytes, 'x'), 'x');

t.test('a digital invoice, an older one in an OFD and one attached to a PDF say what they are', async (t) => {
  t.match(await read(digital()), {
    source: 'xml', number: NUMBER, issued_on: '2026-10-08', seller_name: company.name, seller_tax_number: '91510100MA6XXXXX0X', buyer_name: '示例小区',
    is_red: false, reverses: null,
  });
  t.equal((await read(digital()))!.total.toFixed(2), '7000.00');
  t.match(await read(await ofd('Doc_0/Attachs/original_invoice.xml', older())), {
    source: 'ofd', number: '01100190031121010038', issued_on: '2020-04-07', seller_name: '川亮照明工程有限公司', is_red: false });
  t.match(await read(await ofd('Doc_3/Attachments/x.xml', digital())), { source: 'ofd', number: NUMBER });
  const stream = deflateSync(digital());
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj\n<</Names<</EmbeddedFiles 2 0 R>>>>\nendobj\n3 0 obj\n<</Type/EmbeddedFile/Filter/FlateDecode>>\nstream\n'),
    stream, Buffer.from('\nendstream\nendobj\ntrailer\n<<>>\n%%EOF\n')]);
  t.match(await read(pdf), { source: 'pdf', number: NUMBER });
  t.match(await read(digital({ total: '-7000.00' })), { is_red: true });
  t.match(await read(digital({ total: '7000.00', extra: '<SpecificInformation><RedEInvoice><OriginalInvoiceCode>25512000000011111111</OriginalInvoiceCode></RedEInvoice></SpecificInformation>' })),
    { is_red: true, reverses: '25512000000011111111' });
  t.match(await read(digital({ total: '-1.00', extra: '<AdditionalInformation><Remark>被红冲蓝字数电票号码：25512000000022222222 红字发票信息确认单编号：1</Remark></AdditionalInformation>' })),
    { reverses: '25512000000022222222' });
  t.match(await read(await ofd('Doc_0/Attachs/original_invoice.xml', older({ total: '-318.00', note: '对应正数发票代码:011001900311号码:21010037' }))),
    { is_red: true, reverses: '01100190031121010037' });
});

t.test('what is no invoice is none, and what is built to do harm is refused', async (t) => {
  for (const [what, bytes] of Object.entries({
    'only a header': xmlFile(), 'no number': digital({ number: '' }), 'a total in another notation': digital({ total: '1e5' }),
    'three places': digital({ total: '1.005' }), 'not a number': digital({ total: 'NaN' }), 'nobody sells': digital({ seller: '' }),
    'a name without end': digital({ seller: '甲'.repeat(201) }), 'another root': xmlFile('<note><EInvoiceData/></note>'),
    'a huge sum': digital({ total: '99999999999999.00' }), 'a prototype': xmlFile('<EInvoice><__proto__><InvoiceNumber>1</InvoiceNumber></__proto__><EInvoiceData/></EInvoice>'),
  })) t.equal(await read(bytes), null, what);
  t.match(await read(digital({ issued: '20261399' })), { issued_on: null }, 'a day that is none is left out');
  const entities = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><EInvoice/>';
  t.equal(await refusalOf(ofd('Doc_0/Attachs/original_invoice.xml', entities).then(read)), 'file_unsafe');
  // A bomb: the directory says little, the stream holds much.
  const bomb = deflateRawSync(Buffer.alloc(40_000_000, 0x20), { level: 9 });
  const name = Buffer.from('Doc_0/Attachs/original_invoice.xml');
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt16LE(8, 10);
  central.writeUInt32LE(bomb.length, 20);
  central.writeUInt32LE(1000, 24);
  central.writeUInt16LE(name.length, 28);
  const root = Buffer.from('OFD.xml');
  const second = Buffer.from(central);
  second.writeUInt16LE(root.length, 28);
  second.writeUInt32LE(0, 20);
  second.writeUInt32LE(0, 24);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(2, 8);
  end.writeUInt16LE(2, 10);
  end.writeUInt32LE(local.length + name.length + bomb.length, 16);
  t.equal(await refusalOf(read(Buffer.concat([local, name, bomb, central, name, second, root, end]))), 'file_unsafe', 'however small the directory says it is');
  const deep = xmlFile(`<EInvoice>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}<EInvoiceData/></EInvoice>`);
  t.equal(await read(deep).catch((error: unknown) => (error as { code?: string }).code), null, 'twenty thousand levels');
  const pdf_bomb = Buffer.concat([Buffer.from('%PDF-1.7\n3 0 obj\n<</Type/EmbeddedFile>>\nstream\n'), deflateSync(Buffer.alloc(40_000_000)), Buffer.from('\nendstream\n%%EOF')]);
  t.equal(await read(pdf_bomb), null);
});

async function invoice(h: TestHouse, bytes: Buffer): Promise<string> {
  const file = await keepFile(h.house, bytes, '发票.xml');
  const [kept] = await within(h, (trx) => registerVouchers(trx, { estate: h.estate, actor: h.actorOf('cashier'), files: [file], audience: 'officers' }));
  return kept!.sha256;
}
async function statesOf(h: TestHouse, order: number): Promise<Record<string, string>> {
  const checks = await within(h, (trx) => orderChecks(trx, h.estate.estate_id, order));
  return Object.fromEntries(checks.map((check) => [check.code, check.state]));
}

t.test('number and total come from the file, and what differs from it is refused while it is drafted', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const file = await invoice(h, digital());
  const order = await drafted(h, { vouchers: [file] });
  t.match(await within(h, (trx) => readOrder(trx, h.estate.estate_id, order)), { invoice_number: NUMBER, invoice_total: '7000.00' });
  t.match(await statesOf(h, order), { invoice_total: 'ok', invoice_file: 'ok', invoice_title: 'ok', invoice_seller: 'ok' });
  const typed = (number: string, total: string) => refusalOf(drafted(h, { vouchers: [file], amount: '1.00', invoice: { number, total } }));
  t.equal(await typed(NUMBER, '7000.01'), 'invoice_total_differs');
  t.equal(await typed('25512000000000000000', '7000.00'), 'invoice_number_differs');
  t.equal(await typed(NUMBER, ''), 'no refusal', 'the number alone is enough');

  const red = await invoice(h, digital({ number: '25512000000099999999', total: '-7000.00', extra: `<SpecificInformation><RedEInvoice><OriginalInvoiceCode>${NUMBER}</OriginalInvoiceCode></RedEInvoice></SpecificInformation>` }));
  t.equal(await refusalOf(drafted(h, { vouchers: [red] })), 'invoice_red');
  t.equal(await refusalOf(drafted(h, { vouchers: [file, red] })), 'invoice_red');
  t.equal(await refusalOf(drafted(h, { vouchers: [file] })), 'invoice_reversed', 'the red one is in the books already');
  t.equal(await refusalOf(submit(h, order)), 'invoice_reversed', 'and stops the draft that was begun before');
  t.equal(await refusalOf(drafted(h, { invoice: { number: NUMBER, total: '7000.00' } })), 'invoice_reversed', 'also where the number is typed');

  const [one, two] = [await invoice(h, digital({ number: '25512000000000000001', total: '100.00' })), await invoice(h, digital({ number: '25512000000000000002', total: '50.00' }))];
  t.equal(await refusalOf(drafted(h, { vouchers: [one, two], amount: '100.00' })), 'invoice_several');
  const several = await drafted(h, { vouchers: [one, two], amount: '100.00', invoice: { number: '25512000000000000001', total: '' } });
  t.match(await statesOf(h, several), { invoice_more: 'attention', invoice_total: 'ok' });
  t.equal(await refusalOf(drafted(h, { vouchers: [one], amount: '100.01' })), 'invoice_exceeded');
  const paid = await submitted(h, { vouchers: [one], amount: '60.00' });
  t.equal(await refusalOf(drafted(h, { vouchers: [one], amount: '40.01' })), 'invoice_exceeded');
  t.equal(await refusalOf(drafted(h, { amount: '40.01', invoice: { number: '25512000000000000001', total: '900.00' } })), 'invoice_exceeded',
    'a typed total is held to the file\'s');
  await sign(h, paid, 'manager', { decision: 'reject', reason: '不对' });
  t.equal(await refusalOf(drafted(h, { vouchers: [one], amount: '40.01' })), 'no refusal');

  const twin = await invoice(h, digital({ number: '25512000000000000001', total: '100.00', seller: '另一家有限公司' }));
  t.match(await statesOf(h, await drafted(h, { vouchers: [twin], amount: '1.00' })), { invoice_other_file: 'attention', invoice_seller: 'attention' });

  // Buyers.
  const stranger = await invoice(h, digital({ number: '25512000000000000003', buyer: '隔壁 小区（业主共有资金）' }));
  const foreign = await drafted(h, { vouchers: [stranger], amount: '1.00' });
  t.match(await statesOf(h, foreign), { invoice_title: 'attention', invoice_seller: 'ok' });
  const titles = (typed: string[], who: 'cashier' | 'supervisor' = 'cashier') =>
    within(h, (trx) => changeTitles(trx, { estate: h.estate, actor: h.actorOf(who), typed }));
  t.same((await titles(['隔壁小区(业主共有资金)', ' '])).added, ['隔壁小区(业主共有资金)']);
  t.match(await statesOf(h, foreign), { invoice_title: 'ok' }, 'brackets and blanks make no difference');
  t.equal(await refusalOf(titles(['x'])), 'title_too_short');
  t.equal(await refusalOf(titles(['张三 13800138000'])), 'text_personal');
  t.equal(await refusalOf(titles([], 'supervisor')), 'not_allowed');
  // A check names no buyer and no seller: owners read it where an order is announced.
  const texts = JSON.stringify(await within(h, (trx) => orderChecks(trx, h.estate.estate_id, foreign)));
  t.notMatch(texts, /隔壁|川亮/);
});

t.test('the signing page shows officers what the file says, and owners not', async (t) => {
  const h = await testHouse(t);
  await receive(h, '90000.00');
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const [cashier, manager] = [await signIn(app, 'cashier'), await signIn(app, 'manager')];
  const fields = { payee: 'new', kind: 'company', name: company.name, bank_name: company.bank_name, account_number: company.account_number, amount: '7000.00',
    fund: 'service', account: '5102', bank_account: '1002', purpose: '灯具', audience: 'owners', next: 'submit', invoice_number: '', invoice_total: '' };
  const csrf = /name="csrf" value="([^"]+)"/.exec((await app.inject({ url: '/e/test/orders/new', headers: cashier })).body)![1]!;
  const send = (more: Record<string, string>, file: Buffer) => app.inject({
    method: 'POST', url: '/e/test/orders', ...(() => {
      const { payload, headers } = multipart([...Object.entries({ ...fields, csrf, ...more }).map(([name, content]) => ({ name, content })),
        { name: 'vouchers', file_name: '发票.xml', content: file }]);
      return { payload, headers: { ...cashier, ...headers } };
    })(),
  });
  const file = digital({ seller: '另一家有限公司', buyer: '示例小区' });
  const wrong = await send({ invoice_number: NUMBER, invoice_total: '1.00' }, file);
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, /文件上是 7,000.00 元/);
  const done = await send({}, file);
  t.equal(done.statusCode, 303, done.body.slice(0, 200));
  const order = /orders\/(\d+)/.exec(String(done.headers.location))![1]!;
  for (const url of [`/e/test/proposals/${order}`, `/e/test/orders/${order}`]) {
    const page = (await app.inject({ url, headers: manager })).body;
    t.match(page, /另一家有限公司/, url);
    t.match(page, /不一致/, url);
  }
  await sign(h, Number(order), 'manager');
  await sign(h, Number(order), 'committee1');
  const resident = await signIn(app, 'resident');
  const open = await app.inject({ url: `/e/test/proposals/${order}`, headers: resident });
  t.equal(open.statusCode, 200);
  t.notMatch(open.body, /另一家有限公司/);
  // Another estate may have the very same file: nobody sees across the wall.
  const kept = await keepFile(h.house, file, '发票.xml');
  await inEstate(h.house.db.app, h.other.estate_id, (trx) =>
    registerVouchers(trx, { estate: h.other, actor: h.actorOf('stranger'), files: [kept], audience: 'officers' }));
  const { rows } = await h.superuser.query(`select count(distinct estate_id)::int as estates from invoice where number = $1`, [NUMBER]);
  t.same(rows, [{ estates: 2 }]);
  t.match(await statesOf(h, Number(order)), { invoice_other_file: undefined });
});
