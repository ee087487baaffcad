// Original vouchers: judged by content, kept once, opened by whoever may.
import t from 'tap';
import { mediaTypeOf } from '../../src/payment/content.ts';
import { cleanFileName } from '../../src/payment/voucher-file.ts';
import { signIn, testHouse } from '../helpers/house.ts';
import { jpegFile, multipart, ofdFile, pngFile, xmlFile, zipFile } from './files.ts';
import { smallApp } from './small-app.ts';
import { approved, pdfFile, receive, refusalOf, voucher } from './story.ts';

const MB = 1024 * 1024;
const html = '<!doctype html><html><body>发票</body></html>';
const table: [string, string, Buffer, string][] = [
  ['a PDF', '发票.pdf', pdfFile(), 'application/pdf'],
  ['a PDF under another name', '发票.txt', pdfFile(), 'application/pdf'],
  ['a PNG', '照片.png', pngFile(), 'image/png'],
  ['a JPEG', '照片.jpg', jpegFile(), 'image/jpeg'],
  ['an OFD', '发票.ofd', ofdFile(), 'application/ofd'],
  ['an XML invoice', '发票.xml', xmlFile(), 'application/xml'],
  ['an XML invoice with BOM', '发票.xml', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), xmlFile()]), 'application/xml'],
  ['an XML in GBK', 'a.xml', Buffer.concat([Buffer.from('<?xml version="1.0" encoding="GBK"?><a>'), Buffer.from([0xb7, 0xa2, 0xc6, 0xb1]), Buffer.from('</a>')]), 'application/xml'],
  ['an empty file', '空.pdf', Buffer.alloc(0), 'file_empty'],
  ['21 MB', '大.pdf', Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(21 * MB), Buffer.from('%%EOF')]), 'file_too_large'],
  ['an .exe named .pdf', '发票.pdf', Buffer.concat([Buffer.from('MZ\x90\x00', 'latin1'), Buffer.alloc(200)]), 'file_type_refused'],
  ['HTML', 'a.html', Buffer.from(html), 'file_type_refused'],
  ['HTML without a doctype', 'a.xml', Buffer.from('<html><script>alert(1)</script></html>'), 'file_type_refused'],
  ['SVG', 'a.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'file_type_refused'],
  ['SVG named as XML', 'a.xml', xmlFile('<svg:svg xmlns:svg="http://www.w3.org/2000/svg"/>'), 'file_type_refused'],
  ['a GIF', 'a.gif', Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff;', 'latin1'), 'file_type_refused'],
  ['plain text', 'a.txt', Buffer.from('发票'), 'file_type_refused'],
  ['a zip that is no OFD', 'a.zip', zipFile([{ name: 'a.txt', size: 3 }]), 'file_type_refused'],
  ['a zip bomb', 'a.ofd', zipFile([{ name: 'OFD.xml', size: 300 }, { name: 'big', size: 4_000_000_000, packed: 400 }]), 'file_unsafe'],
  ['a zip of 1,001 files', 'a.ofd', zipFile([{ name: 'OFD.xml', size: 1 }, ...Array.from({ length: 1000 }, (_, i) => ({ name: `f${i}`, size: 1 }))]), 'file_unsafe'],
  ['a zip that climbs out', 'a.ofd', zipFile([{ name: 'OFD.xml', size: 1 }, { name: '../../etc/passwd', size: 1 }]), 'file_unsafe'],
  ['a zip cut short', 'a.ofd', ofdFile().subarray(0, 60), 'file_damaged'],
  ['a PDF cut short', 'a.pdf', Buffer.from('%PDF-1.7\nhello'), 'file_damaged'],
  ['a PNG cut short', 'a.png', pngFile().subarray(0, 40), 'file_damaged'],
  ['a JPEG that is only a header', 'a.jpg', Buffer.concat([jpegFile().subarray(0, 20), Buffer.alloc(40)]), 'file_damaged'],
  ['XML with a DTD', 'a.xml', xmlFile('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), 'file_unsafe'],
  ['XML that reads a file', 'a.xml', xmlFile('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'), 'file_unsafe'],
  ['XML with a style sheet', 'a.xml', xmlFile('<?xml-stylesheet href="x.xsl"?><a/>'), 'file_unsafe'],
  ['XML that is not well-formed', 'a.xml', xmlFile('<a><b></a>'), 'file_damaged'],
  ['XML in a wrong encoding', 'a.xml', Buffer.concat([xmlFile('<a>'), Buffer.from([0xff, 0xfe, 0xb1]), Buffer.from('</a>')]), 'file_damaged'],
];

t.test('what a file is, is judged by its content', async (t) => {
  for (const [what, name, bytes, expected] of table) {
    const judged = mediaTypeOf(bytes, name);
    const code = await refusalOf(judged);
    t.equal(code === 'no refusal' ? await judged : code, expected, what);
  }
});

t.test('a file name is only a name', (t) => {
  t.equal(cleanFileName('..\\..\\windows\\发票.pdf'), '发票.pdf');
  t.equal(cleanFileName('/etc/passwd'), 'passwd');
  t.equal(cleanFileName('a\u202Efdp.exe\u0000"<b>'), 'afdp.exeb');
  t.equal(cleanFileName(undefined), 'file');
  t.equal(cleanFileName('...'), 'file');
  t.equal([...cleanFileName(`${'长'.repeat(300)}.pdf`)].length, 120);
  t.match(cleanFileName(`${'长'.repeat(300)}.pdf`), /\.pdf$/);
  t.end();
});

t.test('vouchers over the interface', async (t) => {
  const h = await testHouse(t);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const cashier = await signIn(app, 'cashier');
  const url = '/api/v1/estates/test/vouchers';
  const send = async (parts: Parameters<typeof multipart>[0], as: object = cashier) => {
    const { payload, headers } = multipart(parts);
    return app.inject({ method: 'POST', url, payload, headers: { ...as, ...headers } });
  };
  const bytes = pngFile(3);
  const one = await send([{ name: 'audience', content: 'owners' }, { name: 'file', file_name: '../验收单.png', content: bytes }]);
  t.equal(one.statusCode, 201, one.body);
  t.match(one.json(), { media_type: 'image/png', size: bytes.length, file_name: '验收单.png', audience: 'owners' });
  const again = await send([{ name: 'file', file_name: 'b.png', content: bytes }]);
  t.equal(again.json<{ sha256: string }>().sha256, one.json<{ sha256: string }>().sha256, 'the same file is the same voucher');
  t.equal(again.json<{ file_name: string }>().file_name, '验收单.png');
  const { rows } = await h.superuser.query(`select count(*)::int as n from record where kind = 'voucher_received'`);
  t.same(rows, [{ n: 1 }]);
  const two = await send([{ name: 'a', file_name: 'a.pdf', content: pdfFile() }, { name: 'b', file_name: 'b.xml', content: xmlFile() }]);
  t.equal(two.json<{ items: unknown[] }>().items.length, 2);
  const cases: [Parameters<typeof multipart>[0], number, string][] = [
    [[{ name: 'file', file_name: 'a.exe', content: 'MZ' }], 415, 'file_type_refused'],
    [[{ name: 'file', file_name: 'a.pdf', content: '' }], 422, 'file_empty'],
    [[{ name: 'file', file_name: '', content: '' }], 422, 'file_missing'],
    [[{ name: 'audience', content: 'owners' }], 422, 'file_missing'],
    [[{ name: 'file', file_name: 'a.pdf', content: Buffer.alloc(21 * MB, 'x') }], 413, 'file_too_large'],
    [Array.from({ length: 11 }, (_, i) => ({ name: 'file', file_name: `${i}.pdf`, content: pdfFile() })), 413, 'files_too_many'],
    [[{ name: 'audience', content: 'world' }, { name: 'file', file_name: 'a.pdf', content: pdfFile() }], 422, 'audience_invalid'],
  ];
  for (const [parts, status, code] of cases) {
    const answer = await send(parts);
    t.same([answer.statusCode, answer.json<{ code: string }>().code], [status, code], code);
    t.match(answer.json<{ detail: string }>().detail, /[一-龥]/);
  }
  const bare = await app.inject({ method: 'POST', url, headers: cashier, payload: {} });
  t.equal(bare.json<{ code: string }>().code, 'file_missing');
  const resident = await signIn(app, 'resident');
  t.equal((await send([{ name: 'file', file_name: 'a.pdf', content: pdfFile() }], resident)).statusCode, 403);
});

t.test('owners open what is for owners and belongs to a signed order', async (t) => {
  const h = await testHouse(t);
  await receive(h, '50000.00');
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const logins = { cashier: await signIn(app, 'cashier'), resident: await signIn(app, 'resident'), auditor: await signIn(app, 'auditor'), stranger: await signIn(app, 'stranger') };
  const [shared, secret, loose] = [await voucher(h, 'owners'), await voucher(h, 'officers'), await voucher(h, 'owners')];
  await approved(h, { vouchers: [shared, secret] });
  const open = async (who: keyof typeof logins, sha256: string, more: Record<string, string> = {}) =>
    app.inject({ url: `/e/test/vouchers/${sha256}`, headers: { ...logins[who], accept: 'application/json', ...more } });
  const cells: [keyof typeof logins, string, number][] = [
    ['cashier', shared, 200], ['cashier', secret, 200], ['cashier', loose, 200], ['auditor', secret, 200],
    ['resident', shared, 200], ['resident', secret, 404], ['resident', loose, 404], ['stranger', shared, 404],
    ['cashier', '0'.repeat(64), 404],
  ];
  for (const [who, sha256, status] of cells) t.equal((await open(who, sha256)).statusCode, status, `${who} ${status}`);
  const answer = await open('resident', shared);
  t.match(answer.headers, { 'content-type': 'application/pdf', 'x-content-type-options': 'nosniff', etag: `"${shared}"`, 'cache-control': /private/ });
  t.match(answer.headers['content-disposition'], /^inline; filename="_+\.pdf"; filename\*=UTF-8''%E5%8F%91%E7%A5%A8\.pdf$/);
  t.equal((await open('resident', shared, { 'if-none-match': `"${shared}"` })).statusCode, 304);
  t.equal((await open('resident', secret, { 'if-none-match': `"${secret}"` })).statusCode, 404, 'a guessed tag opens nothing');
});
