// Files as people hand them in by mistake, or on purpose: checked by content, refused by name, and the form
// comes back with all the rest of it.
import t from 'tap';
import { ofdFile, pngFile, jpegFile, xmlFile, zipFile, type Part } from '../payment/files.ts';
import { multipart } from '../payment/files.ts';
import {
  API,
  isProblem,
  isShownAgain,
  openDesk,
  orderForm,
  receiptForm,
  type Desk,
} from './desk.ts';

const pdf = (inside = 'x'): Buffer =>
  Buffer.from(`%PDF-1.7\n%${inside}\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n`);
const huge = Buffer.concat([
  Buffer.from('%PDF-1.7\n'),
  Buffer.alloc(21 * 1024 * 1024, 0x20),
  Buffer.from('\n%%EOF\n'),
]);
const program = Buffer.concat([
  Buffer.from('MZ\x90\0\x03\0\0\0', 'latin1'),
  Buffer.alloc(500),
  Buffer.from('PE\0\0'),
]);
const page = Buffer.from('<!doctype html><html><script>alert(1)</script></html>');
const dtd = xmlFile('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>');
const laughs = xmlFile(
  `<!DOCTYPE lolz [<!ENTITY a "${'ha'.repeat(50)}"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>`,
);

const wrong: [what: string, name: string, bytes: Buffer, code: string, status: number][] = [
  ['an empty file', '发票.pdf', Buffer.alloc(0), 'file_empty', 422],
  ['21 MB', '扫描.pdf', huge, 'file_too_large', 413],
  ['a program named .pdf', '发票.pdf', program, 'file_type_refused', 415],
  ['a page named .png', '截图.png', page, 'file_type_refused', 415],
  ['a page named .xml', '发票.xml', page, 'file_type_refused', 415],
  ['a truncated PDF', '发票.pdf', Buffer.from('%PDF-1.7\n1 0 obj\n<<'), 'file_damaged', 422],
  ['a truncated PNG', '照片.png', pngFile().subarray(0, 40), 'file_damaged', 422],
  ['a truncated JPEG', '照片.jpg', jpegFile().subarray(0, 30), 'file_damaged', 422],
  ['XML with a DTD', '数电票.xml', dtd, 'file_unsafe', 422],
  ['XML that multiplies', '数电票.xml', laughs, 'file_unsafe', 422],
  ['XML cut off', '数电票.xml', xmlFile('<a><b>'), 'file_damaged', 422],
  [
    'a spreadsheet',
    '明细.xlsx',
    zipFile([{ name: 'xl/workbook.xml', size: 100 }]),
    'file_type_refused',
    415,
  ],
  [
    'an archive that swells',
    '发票.ofd',
    zipFile([{ name: 'OFD.xml', size: 2_000_000_000, packed: 1000 }]),
    'file_unsafe',
    422,
  ],
  [
    'an archive that leads out',
    '发票.ofd',
    zipFile([
      { name: 'OFD.xml', size: 10 },
      { name: '../../etc/passwd', size: 10 },
    ]),
    'file_unsafe',
    422,
  ],
  ['plain text', '说明.txt', Buffer.from('发票丢了'), 'file_type_refused', 415],
  [
    'SVG',
    '章.png',
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'),
    'file_type_refused',
    415,
  ],
];

const upload = async (desk: Desk, parts: Part[], headers: Record<string, string> = {}) => {
  const body = multipart(parts);
  return desk.send(
    { method: 'POST', url: `${API}/vouchers`, payload: body.payload },
    { headers: { ...body.headers, ...headers } },
  );
};
const vouchers = async (desk: Desk): Promise<number> =>
  Number((await desk.superuser.query('select count(*) from voucher')).rows[0].count);

t.test('files that are not what they say are refused, and nothing of them is kept', async (t) => {
  const desk = await openDesk(t);
  for (const [what, file_name, content, code, status] of wrong) {
    isProblem(
      t,
      await upload(desk, [{ name: 'file', file_name, content }]),
      { code, status },
      `API: ${what}`,
    );
    const answer = await desk.submit('/journal/new', receiptForm(desk), [
      { name: 'vouchers', file_name, content },
    ]);
    isShownAgain(
      t,
      answer,
      { field: 'vouchers', kept: '快递柜场地费', status },
      `form of a receipt: ${what}`,
    );
    t.match(answer.html, file_name, 'the file is named');
    isShownAgain(
      t,
      await desk.submit('/orders', orderForm(), [{ name: 'vouchers', file_name, content }]),
      { field: 'vouchers', kept: '地下车库灯具更换', status },
      `form of an order: ${what}`,
    );
  }
  t.equal(await vouchers(desk), 0);
  isShownAgain(
    t,
    await desk.submit(
      '/bank',
      { account: '1002', as_of: desk.days.today, balance: '１，０００.00' },
      [{ name: 'vouchers', file_name: '对账单.pdf', content: program }],
    ),
    { field: 'vouchers', kept: '１，０００.00' },
    'bank: a program',
  );
  isShownAgain(
    t,
    await desk.submit('/bank', { account: '1002', as_of: desk.days.today, balance: '1000' }, []),
    { field: 'vouchers', kept: '1000' },
    'bank: no statement',
  );
  t.equal(
    (await desk.superuser.query('select count(*)::integer from bank_balance')).rows[0].count,
    0,
  );
});

t.test('a good file beside a bad one stays with the form', async (t) => {
  const desk = await openDesk(t);
  const answer = await desk.submit('/orders', orderForm(), [
    { name: 'vouchers', file_name: '发票.pdf', content: pdf() },
    { name: 'vouchers', file_name: '截图.png', content: page },
  ]);
  isShownAgain(
    t,
    answer,
    { field: 'vouchers', kept: '地下车库灯具更换' },
    'the second file is refused',
  );
  const kept = /name="vouchers_kept" value="([0-9a-f]{64})"/.exec(answer.html)?.[1] ?? '';
  t.match(
    await desk.submit('/orders', orderForm({ vouchers_kept: kept, next: 'save' }), []),
    { status: 303 },
    'and the first is there on the second try',
  );
  const list = (await desk.call('GET', 'payment-orders')).json();
  t.same(list.items[0].vouchers, [kept]);
  t.match(
    await desk.submit('/journal/new', receiptForm(desk, { vouchers_kept: 'f'.repeat(64) }), []),
    { status: 303 },
    'a voucher that is none is left out',
  );
});

t.test('good files under odd names are taken, and come back under a harmless one', async (t) => {
  const desk = await openDesk(t);
  const names: [given: string, kept: RegExp][] = [
    ['../../../etc/passwd.pdf', /^passwd\.pdf$/],
    ['C:\\发票\\a.pdf', /^a\.pdf$/],
    ['发票 <b>.pdf', /^发票 b\.pdf$/],
    ['x\u202Efdp.exe', /^xfdp\.exe$/],
    [`${'长'.repeat(300)}.pdf`, /^长{116}\.pdf$/],
    ['.pdf', /^pdf$/],
    ['🚗.pdf', /pdf$/],
  ];
  for (const [index, [file_name, kept]] of names.entries()) {
    const answer = await upload(desk, [{ name: 'file', file_name, content: pdf(`odd ${index}`) }]);
    t.equal(answer.statusCode, 201, file_name.slice(0, 20));
    t.match(answer.json().file_name, kept);
    const back = await desk.call('GET', `vouchers/${answer.json().sha256}`);
    t.equal(back.statusCode, 200);
    t.match(back.headers, { 'x-content-type-options': 'nosniff' });
  }
  for (const [file_name, content] of [
    ['a.exe', pdf('named a program')],
    ['票.ofd', ofdFile()],
    ['照.png', pngFile()],
    ['照.jpg', jpegFile()],
    ['票.xml', xmlFile()],
  ] as const) {
    t.equal(
      (await upload(desk, [{ name: 'file', file_name, content }])).statusCode,
      201,
      file_name,
    );
  }
});

t.test('uploads that are not even forms', async (t) => {
  const desk = await openDesk(t);
  isProblem(t, await upload(desk, []), { code: 'file_missing' }, 'no file');
  isProblem(
    t,
    await upload(desk, [{ name: 'audience', content: 'owners' }]),
    { code: 'file_missing' },
    'only a field',
  );
  isProblem(
    t,
    await upload(desk, [
      { name: 'file', file_name: 'a.pdf', content: pdf('x') },
      { name: 'audience', content: 'everybody' },
    ]),
    { code: 'audience_invalid' },
    'audience',
  );
  isProblem(
    t,
    await upload(
      desk,
      Array.from({ length: 11 }, (_, n) => ({
        name: 'file',
        file_name: `${n}.pdf`,
        content: pdf(`n ${n}`),
      })),
    ),
    { code: 'files_too_many' },
    'eleven files',
  );
  const cases: [what: string, headers: Record<string, string>, payload: Buffer | string][] = [
    ['JSON', { 'content-type': 'application/json' }, '{"file":"x"}'],
    ['no content type', {}, 'x'],
    ['no boundary', { 'content-type': 'multipart/form-data' }, 'x'],
    ['another boundary', { 'content-type': 'multipart/form-data; boundary=abc' }, '--xyz\r\n\r\n'],
    ['nothing', { 'content-type': 'multipart/form-data; boundary=abc' }, ''],
    [
      'cut off',
      { 'content-type': 'multipart/form-data; boundary=abc' },
      '--abc\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7',
    ],
    ['urlencoded', { 'content-type': 'application/x-www-form-urlencoded' }, 'file=x'],
  ];
  for (const [what, headers, payload] of cases) {
    isProblem(
      t,
      await desk.send({ method: 'POST', url: `${API}/vouchers`, payload }, { headers }),
      {},
      `API: ${what}`,
    );
    for (const path of ['/journal/new', '/orders', '/bank']) {
      const answer = await desk.send(
        { method: 'POST', url: `/e/test${path}`, payload },
        { headers: { ...headers, accept: 'text/html' } },
      );
      t.ok(
        answer.statusCode >= 400 && answer.statusCode < 500,
        `${path}: ${what}: ${answer.statusCode}`,
      );
    }
  }
  for (const hash of [
    'x',
    '0'.repeat(64),
    '../../etc/passwd',
    '%2e%2e%2f',
    '0'.repeat(300),
    'F'.repeat(64),
  ]) {
    isProblem(t, await desk.call('GET', `vouchers/${hash}`), {}, `voucher ${hash.slice(0, 20)}`);
  }
});
