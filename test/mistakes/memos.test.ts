// Memos, purposes and questions as users write them by mistake: what cannot be printed, kept for ever or
// shown to everybody is refused at its field; everything else is kept as it is and never becomes markup.
import t from 'tap';
import {
  isProblem,
  isShownAgain,
  openDesk,
  order,
  orderForm,
  receipt,
  receiptForm,
  type Desk,
} from './desk.ts';
import { multipart, xmlFile } from '../payment/files.ts';

const entries = async (desk: Desk): Promise<number> =>
  Number((await desk.superuser.query('select count(*) from journal_entry')).rows[0].count);

const memos: [what: string, typed: string, code: RegExp][] = [
  ['10,000 characters', '长'.repeat(10_000), /^text_too_long$/],
  ['201 characters', '长'.repeat(201), /^text_too_long$/],
  ['an emoji', '停车费🚗', /^text_unprintable$/],
  ['𠮷', '收𠮷先生停车费', /^text_unprintable$/],
  ['a flag', '🇨🇳 国庆', /^text_unprintable$/],
  ['an RTL override', '停车费\u202E元005', /^text_unprintable$/],
  ['a telephone number in pieces', '业主 138\u200B0013\u200B8000', /^text_personal$/],
  ['an ID-card number', '收 510123199001011234 停车费', /^text_personal$/],
  ['one in full width', '收 ５１０１２３１９９００１０１１２３４', /^text_personal$/],
  ['a telephone number', '业主 13800138000 交停车费', /^text_personal$/],
  ['one with spaces', '138 0013 8000 交', /^text_personal$/],
  ['a bank-card number', '卡号 6222 0212 3456 7890 12 转入', /^text_personal$/],
  ['nothing', '', /^text_empty$/],
  ['spaces', '　 \t', /^text_empty$/],
  ['half an emoji', 'x\uD83D', /^(characters_broken|text_unprintable)$/],
];

t.test('memos that cannot be kept for ever', async (t) => {
  const desk = await openDesk(t);
  for (const [what, typed, code] of memos) {
    isProblem(
      t,
      await desk.call('POST', 'journal-entries', receipt(desk, { description: typed })),
      { code, field: 'description' },
      `API memo: ${what}`,
    );
    isProblem(
      t,
      await desk.call('POST', 'payment-orders', order({ purpose: typed })),
      { field: 'purpose' },
      `API purpose: ${what}`,
    );
    isProblem(
      t,
      await desk.call(
        'POST',
        'inquiries',
        { question: typed.length === 201 ? typed.repeat(3) : typed },
        { as: 'resident' },
      ),
      { field: 'question' },
      `API question: ${what}`,
    );
    // A browser sends well-formed UTF-8 only.
    if (!typed.isWellFormed()) continue;
    isShownAgain(
      t,
      await desk.submit('/journal/new', receiptForm(desk, { description: typed })),
      { field: 'description', kept: typed.trim() },
      `form memo: ${what}`,
    );
    isShownAgain(
      t,
      await desk.submit('/orders', orderForm({ purpose: typed }), []),
      { field: 'purpose', kept: typed.trim() },
      `form purpose: ${what}`,
    );
    isShownAgain(
      t,
      await desk.submit(
        '/inquiries',
        { question: typed.length === 201 ? typed.repeat(3) : typed },
        null,
        { as: 'resident' },
      ),
      { field: 'question', kept: typed.trim() },
      `form question: ${what}`,
    );
  }
  for (const [typed, names] of [
    ['收𠮷先生停车费', /“𠮷”（U\+20BB7）/],
    ['停车费🚗', /“🚗”（U\+1F697）/],
  ] as const) {
    t.match(
      (await desk.call('POST', 'journal-entries', receipt(desk, { description: typed }))).json()
        .detail,
      names,
      'the character is named',
    );
  }
  for (const typed of [null, 5, ['停车费'], { zh: '停车费' }]) {
    isProblem(
      t,
      await desk.call('POST', 'journal-entries', receipt(desk, { description: typed })),
      { field: 'description' },
      `API memo ${JSON.stringify(typed)}`,
    );
  }
  isProblem(
    t,
    await desk.call('POST', 'journal-entries', receipt(desk, { reference: '长'.repeat(100) })),
    { field: 'reference' },
    'API reference',
  );
  isShownAgain(
    t,
    await desk.submit('/journal/new', receiptForm(desk, { reference: '6222021234567890123' })),
    { field: 'reference' },
    'form reference',
  );
  t.equal(await entries(desk), 0);
});

t.test('memos that look odd and are kept as they are, on one line', async (t) => {
  const desk = await openDesk(t);
  const odd: [typed: string, kept: string][] = [
    ['㙟先生 停车费', '㙟先生 停车费'],
    ['第一行\n第二行\t第三格', '第一行 第二行 第三格'],
    ['停\u0000车费', '停 车费'],
    ["Robert'); DROP TABLE posting;--", "Robert'); DROP TABLE posting;--"],
    ['<script>alert(1)</script><b onclick="x">', '<script>alert(1)</script><b onclick="x">'],
    ['=1+1 @SUM', '=1+1 @SUM'],
    ['"引号" & \'单\' `反`', '"引号" & \'单\' `反`'],
    ['停车\u200D费\uFEFF 十月', '停车费 十月'],
    ['cafe\u0301 租金', 'café 租金'],
    ['100% {name} ${x} \\n', '100% {name} ${x} \\n'],
    ['长'.repeat(200), '长'.repeat(200)],
  ];
  const locations: string[] = [];
  for (const [typed, kept] of odd) {
    const done = await desk.submit('/journal/new', receiptForm(desk, { description: typed }));
    t.match(done, { status: 303 }, `form: ${JSON.stringify(typed).slice(0, 40)}`);
    const seq = /journal\/(\d+)/.exec(done.location)?.[1];
    t.equal((await desk.call('GET', `journal-entries/${seq}`)).json().description, kept);
    locations.push(`/journal/${seq}`);
  }
  const html = '<script>alert(1)</script><b onclick="x">';
  const asked = await desk.submit('/inquiries', { question: `${html} 是什么？` }, null, {
    as: 'resident',
  });
  t.match(asked, { status: 303 });
  const inquiry = /inquiries\/(\d+)/.exec(asked.location)?.[1];
  t.match(
    await desk.submit(`/inquiries/${inquiry}`, { answer: `${html} 是代码。` }, null, {
      as: 'manager',
    }),
    { status: 303 },
  );
  const drafted = await desk.submit(
    '/orders',
    orderForm({ purpose: html, name: `<i>${'甲'.repeat(3)}</i>公司` }),
    [],
  );
  t.match(drafted, { status: 303 });
  const shown = [
    ...locations,
    '/journal',
    '/journal?period=all',
    '',
    '/accounts/1002',
    '/accounts/4104',
    '/inquiries',
    `/inquiries/${inquiry}`,
    '/orders',
    drafted.location.slice('/e/test'.length),
    '/queue',
    '/disclosures',
    `/disclosures/${desk.days.today.slice(0, 7)}`,
    `/journal?q=${encodeURIComponent(html)}`,
    `/orders?q=${encodeURIComponent(html)}`,
    `/journal/${locations[4]!.slice(9)}/reversal`,
    `/inquiries/new?about=${locations[4]!.slice(9)}`,
  ];
  for (const path of shown) {
    const { status, html: body } = await desk.page(
      path,
      path.startsWith('/inquiries/new') ? { as: 'resident' } : {},
    );
    t.equal(status, 200, path);
    t.notMatch(body, /<script>alert|<b onclick|<i>甲/, `${path}: nothing typed becomes markup`);
  }
  for (const path of ['/journal.csv', '/accounts/1002.csv', '/orders.csv']) {
    const { html: csv } = await desk.page(path);
    t.notMatch(csv, /(^|,)"?=1\+1/m, `${path}: nothing typed becomes a formula`);
  }
});

t.test('no free text enters the log or a list with a telephone or a card in it', async (t) => {
  const desk = await openDesk(t);
  const phone = '138 0013 8000';
  const refused = { code: 'text_personal', status: 422 };
  const posted = await desk.call('POST', 'journal-entries', receipt(desk));
  t.equal(posted.statusCode, 201);
  const calls: [what: string, method: 'POST', path: string, body: unknown, as?: 'resident' | 'committee1'][] = [
    ['memo', 'POST', 'journal-entries', receipt(desk, { description: phone })],
    ['reference of the bank', 'POST', 'journal-entries', receipt(desk, { reference: phone })],
    ['purpose of an order', 'POST', 'payment-orders', order({ purpose: phone })],
    ['invoice number', 'POST', 'payment-orders', order({ invoice: { number: '13800138000', total: '70.00' } })],
    ['reason of an emergency', 'POST', 'payment-orders', order({ class: 'emergency', emergency_reason: phone })],
    ['name of a resolution', 'POST', 'payment-orders', order({ resolution: { title: phone, date: desk.days.today, voucher: 'a'.repeat(64) } })],
    ['name of a company', 'POST', 'payees', { kind: 'company', name: `电工 ${phone}`, bank_name: '示例农商银行', account_number: '6222021234567890' }],
    ['reason of a reversal', 'POST', `journal-entries/${posted.json<{ seq: number }>().seq}/reversal`, { reason: phone }],
    ['transfer', 'POST', 'transfers', {
      entry_date: desk.days.today, description: phone, postings: [
        { account: '1002', fund: 'public_income', credit: '1.00' }, { account: '1002', fund: 'property_fee', debit: '1.00' },
      ],
    }],
    ['question', 'POST', 'inquiries', { question: phone }, 'resident'],
  ];
  for (const [what, method, path, body, as = 'cashier'] of calls) {
    isProblem(t, await desk.call(method, path, body, { as }), refused, what);
  }
  const batch = await desk.call('POST', 'journal-entries/batch', {
    entries: [receipt(desk, { description: `卡 6222021234567890128`, key: 'b1' }), receipt(desk, { key: `b2 ${phone}` }), receipt(desk, { key: 'b3' })],
  });
  t.same(batch.json<{ results: { status: string }[] }>().results.map(({ status }) => status), ['text_personal', 'text_personal', 'posted'], 'each entry of a batch');
  isProblem(t, await desk.call('POST', 'journal-entries', receipt(desk), { headers: { 'idempotency-key': '510123199001011408' } }),
    refused, 'the key of a caller');
  const serial = await desk.call('POST', 'journal-entries', receipt(desk), { headers: { 'idempotency-key': '2026100512345678' } });
  t.equal(serial.statusCode, 201, 'a serial number of the bank is a good key');
});

t.test('a file keeps its name without the numbers in it', async (t) => {
  const desk = await openDesk(t);
  const form = multipart([{ name: 'audience', content: 'officers' },
    { name: 'file', content: xmlFile(), file_name: '张三 １３８００１３８０００ 收据 20261005.xml', media_type: 'application/xml' }]);
  const answer = await desk.send({ method: 'POST', url: '/api/v1/estates/test/vouchers', payload: form.payload }, form);
  t.match(answer.json(), { items: [{ file_name: '张三 *** 收据 20261005.xml' }] });
});
