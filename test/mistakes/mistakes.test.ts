// What users enter by mistake, by the interface and by the forms: a clear refusal that names the field, the
// page again with what was typed, or exactly one result; never an error of ours.
import t from 'tap';
import { SIGNING_PASSWORD } from '../helpers/house.ts';
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

const entries = async (desk: Desk): Promise<number> =>
  Number((await desk.superuser.query('select count(*) from journal_entry')).rows[0].count);

t.test('amounts that are none', async (t) => {
  const desk = await openDesk(t);
  const wrong: [typed: unknown, code: RegExp][] = [
    ['0.30000000000000004', /^amount_unreadable$/],
    ['1e5', /^amount_unreadable$/],
    [0.1 + 0.2, /^(amount_not_text|input_invalid)$/],
    [500, /^(amount_not_text|input_invalid)$/],
    ['100.005', /^amount_unreadable$/],
    ['-5.00', /^(amount_invalid|amount_not_positive)$/],
    ['0', /^(amount_invalid|amount_not_positive)$/],
    ['0.00', /^(amount_invalid|amount_not_positive)$/],
    ['-0', /^(amount_invalid|amount_not_positive)$/],
    ['999999999999.00', /^(amount_invalid|amount_too_large|total_too_large)$/],
    ['1234567890123', /^amount_unreadable$/],
    ['', /^amount_missing$|^amount_unreadable$/],
    ['   ', /^amount_missing$|^amount_unreadable$/],
    ['1,23.4', /^amount_unreadable$/],
    ['１２３．４５６', /^amount_unreadable$/],
    ['一百', /^amount_unreadable$/],
    ['=1+1', /^amount_unreadable$/],
    ['1 000', /^amount_unreadable$/],
    ['0x10', /^amount_unreadable$/],
    ['Infinity', /^amount_unreadable$/],
    ['NaN', /^amount_unreadable$/],
    [null, /./],
    [true, /./],
    [['5.00'], /./],
    [{}, /./],
    ['5'.repeat(10_000), /./],
  ];
  for (const [typed, code] of wrong) {
    const shown = JSON.stringify(typed).slice(0, 30);
    isProblem(
      t,
      await desk.call('POST', 'journal-entries', receipt(desk, { amount: typed })),
      { code, field: /^postings\.\d\.(debit|credit)$|^postings$/ },
      `API receipt ${shown}`,
    );
    isProblem(
      t,
      await desk.call('POST', 'payment-orders', order({ amount: typed })),
      { field: 'amount' },
      `API order ${shown}`,
    );
    isProblem(
      t,
      await desk.call('POST', 'bank-balances', {
        account: '1002',
        as_of: desk.days.today,
        balance: typed,
        voucher: '0'.repeat(64),
      }),
      typed === '0' || typed === '0.00' || typed === '-0' || /^9+\.00$/.test(String(typed))
        ? { field: 'voucher' }
        : { field: 'balance' },
      `API bank ${shown}`,
    );
    if (typeof typed !== 'string') continue;
    const kept = typed.slice(0, 200);
    isShownAgain(
      t,
      await desk.submit('/journal/new', receiptForm(desk, { amount: typed })),
      { field: 'amount', kept },
      `form of a receipt ${shown}`,
    );
    isShownAgain(
      t,
      await desk.submit('/orders', orderForm({ amount: typed }), []),
      { field: 'amount', kept },
      `form of an order ${shown}`,
    );
  }
  t.equal(await entries(desk), 0, 'nothing was booked');
});

t.test('amounts as people write them are understood, to the fen', async (t) => {
  const desk = await openDesk(t);
  const right: [typed: string, amount: string][] = [
    ['２３．５０', '23.50'],
    ['1,234.5', '1234.50'],
    ['￥100', '100.00'],
    ['¥ 100.10', '100.10'],
    ['100元', '100.00'],
    ['１，０００ 元', '1000.00'],
    [' 7000 ', '7000.00'],
  ];
  for (const [typed, amount] of right) {
    const done = await desk.submit('/journal/new', receiptForm(desk, { amount: typed }));
    t.match(
      done,
      { status: 303, location: /^\/e\/test\/journal\/\d+\?done=posted$/ },
      `form ${typed}`,
    );
    const seq = /journal\/(\d+)/.exec(done.location)?.[1];
    t.equal((await desk.call('GET', `journal-entries/${seq}`)).json().amount, amount, typed);
  }
});

t.test('days that cannot be booked', async (t) => {
  const desk = await openDesk(t);
  const wrong: [typed: string, code: RegExp][] = [
    [desk.days.closed, /^period_closed$/],
    [desk.days.before_books, /^period_closed$/],
    [desk.days.tomorrow, /^period_not_open$/],
    ['2999-12-31', /^period_not_open$/],
    ['2026-02-30', /^date_unreadable$/],
    ['2026-13-01', /^date_unreadable$/],
    ['0000-00-00', /^date_unreadable$/],
    ['26-3-5', /^date_unreadable$/],
    ['昨天', /^date_unreadable$/],
    ['', /^date_missing$/],
    ['2026-03-05T00:00:00Z', /^date_unreadable$/],
    ['1'.repeat(39), /^date_unreadable$/],
  ];
  for (const [typed, code] of wrong) {
    isProblem(
      t,
      await desk.call('POST', 'journal-entries', receipt(desk, { entry_date: typed })),
      { code, field: 'entry_date' },
      `API ${typed}`,
    );
    isShownAgain(
      t,
      await desk.submit('/journal/new', receiptForm(desk, { entry_date: typed })),
      { field: 'entry_date', kept: typed },
      `form ${typed}`,
    );
  }
  for (const typed of [20_261_005, null, {}, '1'.repeat(10_000)]) {
    isProblem(
      t,
      await desk.call('POST', 'journal-entries', receipt(desk, { entry_date: typed })),
      { field: 'entry_date' },
      `API ${JSON.stringify(typed).slice(0, 20)}`,
    );
  }
  const [year, month, day] = desk.days.today.split('-').map(Number) as [number, number, number];
  for (const typed of [
    `${year}/${month}/${day}`,
    `${year}年${month}月${day}日`,
    `${year}.${month}.${day}`,
    `${year}-${month}-${day}`,
  ]) {
    t.match(
      await desk.submit('/journal/new', receiptForm(desk, { entry_date: typed })),
      { status: 303 },
      `understood: ${typed}`,
    );
  }
  for (const [typed, field] of [
    ['2026-02-30', 'as_of'],
    [desk.days.tomorrow, 'as_of'],
    ['', 'as_of'],
    ['2020-01-01', 'as_of'],
  ] as const) {
    isProblem(
      t,
      await desk.call('POST', 'bank-balances', {
        account: '1002',
        as_of: typed,
        balance: '1.00',
        voucher: '0'.repeat(64),
      }),
      { field },
      `bank ${typed}`,
    );
  }
  for (const period of [
    '2026-13',
    '2026-00',
    '202610',
    '2026-1',
    'abc',
    '9999-12',
    '0000-01',
    '2020-01',
  ]) {
    isProblem(t, await desk.call('POST', `periods/${period}/close`, {}), {}, `close ${period}`);
    isProblem(t, await desk.call('GET', `disclosures/${period}.pdf`), {}, `disclosure ${period}`);
  }
});

t.test('days on which nothing can be paid or transferred', async (t) => {
  const desk = await openDesk(t);
  await desk.call('POST', 'journal-entries', receipt(desk));
  const upload = await desk.send(
    {
      method: 'POST',
      url: '/api/v1/estates/test/vouchers',
      payload:
        '--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' +
        '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n\r\n--b--\r\n',
    },
    { headers: { 'content-type': 'multipart/form-data; boundary=b' } },
  );
  const { id } = (
    await desk.call('POST', 'payment-orders', order({ vouchers: [upload.json().sha256] }))
  ).json();
  await desk.call('POST', `proposals/${id}/submit`, {});
  for (const as of ['manager', 'committee1'] as const) {
    const body = { decision: 'approve', method: 'password', password: SIGNING_PASSWORD };
    t.equal((await desk.call('POST', `proposals/${id}/sign`, body, { as })).statusCode, 200);
  }
  const transfer = (entry_date: string) => ({
    entry_date,
    description: '挪一点',
    account: '3101',
    fund: 'service',
    debit: '1.00',
    account_2: '4109',
    fund_2: 'service',
    credit_2: '1.00',
  });
  for (const typed of [
    desk.days.closed,
    desk.days.tomorrow,
    '2026-02-30',
    '',
    '昨天',
    desk.days.before_books,
  ]) {
    const shown = typed === '' ? 'nothing' : typed;
    isProblem(
      t,
      await desk.call('POST', `payment-orders/${id}/paid`, {
        paid_on: typed,
        bank_reference: 'A1',
      }),
      { field: 'paid_on' },
      `API paid on ${shown}`,
    );
    isShownAgain(
      t,
      await desk.submit(`/orders/${id}/paid`, { paid_on: typed, bank_reference: 'NX77' }),
      { field: 'paid_on', kept: 'NX77' },
      `form paid on ${shown}`,
    );
    if (typed === '') continue; // a transfer without a day is dated today
    isProblem(
      t,
      await desk.call('POST', 'transfers', {
        entry_date: typed,
        description: '挪一点',
        postings: [
          { account: '3101', fund: 'service', debit: '1.00' },
          { account: '4109', fund: 'service', credit: '1.00' },
        ],
      }),
      { field: 'entry_date' },
      `API transfer on ${shown}`,
    );
    isShownAgain(
      t,
      await desk.submit('/journal/transfer', transfer(typed), []),
      { field: 'entry_date', kept: '挪一点' },
      `form transfer on ${shown}`,
    );
  }
  for (const typed of ['', ' ', 'NX 号码', 'x'.repeat(65), "'; --", '🚗']) {
    isProblem(
      t,
      await desk.call('POST', `payment-orders/${id}/paid`, {
        paid_on: desk.days.today,
        bank_reference: typed,
      }),
      { field: 'bank_reference' },
      `API reference ${typed.slice(0, 8)}`,
    );
    isShownAgain(
      t,
      await desk.submit(`/orders/${id}/paid`, { paid_on: desk.days.today, bank_reference: typed }),
      { field: 'bank_reference' },
      `form reference ${typed.slice(0, 8)}`,
    );
  }
  t.equal(await entries(desk), 1);
});

t.test('accounts, funds, payees and dwellings that do not exist', async (t) => {
  const desk = await openDesk(t);
  const lines = (change: Record<string, unknown>, at = 1) => {
    const found = receipt(desk).postings as Record<string, unknown>[];
    return { postings: found.map((line, index) => (index === at ? { ...line, ...change } : line)) };
  };
  const wrong: [change: Record<string, unknown>, code: RegExp, field: RegExp][] = [
    [{ account: '9999' }, /^account_unknown$/, /^postings\.1\.account$/],
    [{ account: '5101' }, /^account_unknown$/, /^postings\.1\.account$/],
    [{ account: '' }, /^account_missing$/, /^postings\.1\.account$/],
    [{ account: "4104'; drop table posting" }, /./, /^postings\.1\.account$/],
    [{ account: 4104 }, /./, /^postings\.1\.account$/],
    [{ fund: 'gold' }, /^fund_unknown$/, /^postings\.1\.fund$/],
    [{ fund: '' }, /^fund_missing$/, /^postings\.1\.fund$/],
    [{ fund: 'deposit' }, /./, /^postings/],
    [{ unit: '99-9-999' }, /^unit_unknown$/, /^postings\.1\.unit$/],
    [{ payee: '999' }, /^line_payee_unknown$/, /^postings\.1\.payee$/],
    [{ payee: 'x' }, /./, /^postings\.1\.payee$/],
    [{ debit: '5.00' }, /^line_one_side$/, /^postings\.1\.debit$/],
    [{ colour: 'red' }, /^input_invalid$/, /colour/],
  ];
  for (const [change, code, field] of wrong) {
    isProblem(
      t,
      await desk.call('POST', 'journal-entries', receipt(desk, lines(change))),
      { code, field },
      `API ${JSON.stringify(change)}`,
    );
  }
  for (const [name, typed] of [
    ['account', '9999'],
    ['account', '5101'],
    ['account', ''],
    ['fund', 'gold'],
    ['fund', ''],
    ['bank_account', '9999'],
    ['unit', '99-9-999'],
  ] as const) {
    isShownAgain(
      t,
      await desk.submit('/journal/new', receiptForm(desk, { [name]: typed })),
      { field: name, kept: '快递柜场地费' },
      `form of a receipt: ${name} ${typed}`,
    );
  }
  for (const [change, field] of [
    [{ account: '9999' }, 'account'],
    [{ account: '5101' }, 'account'],
    [{ account: '1002' }, 'account'],
    [{ fund: 'gold' }, 'fund'],
    [{ bank_account: '4101' }, 'bank_account'],
    [{ purpose: '' }, 'purpose'],
    [{ payee: { payee_id: 999 } }, 'payee'],
    [{ vouchers: ['0'.repeat(64)] }, 'vouchers'],
    [{ vouchers: ['x'] }, /^vouchers/],
    [{ invoice: { number: '1', total: '70.00' } }, /^invoice/],
    [{ payee: { payee_id: -1 } }, /^payee/],
    [{ payee: 'me' }, /^payee/],
    [{ payee: { ...order().payee, account_number: '12' } }, /account_number$/],
    [{ payee: { ...order().payee, name: '' } }, /name$/],
  ] as const) {
    isProblem(
      t,
      await desk.call('POST', 'payment-orders', order(change)),
      { field },
      `API order ${JSON.stringify(change)}`,
    );
  }
  for (const [change, field] of [
    [{ account: '9999' }, 'account'],
    [{ fund: '' }, 'fund'],
    [{ purpose: ' ' }, 'purpose'],
    [{ payee: '999' }, 'payee'],
    [{ payee: '', name: '' }, 'payee'],
    [{ account_number: '1234' }, 'account_number'],
    [{ name: '' }, 'name'],
    [{ bank_name: '' }, 'bank_name'],
    [{ invoice_number: 'A1', invoice_total: '' }, 'invoice_total'],
    [{ invoice_number: '25512000000012345678', invoice_total: 'x' }, 'invoice_total'],
  ] as const) {
    isShownAgain(
      t,
      await desk.submit('/orders', orderForm(change), []),
      { field, kept: 'purpose' in change ? undefined : '地下车库灯具更换' },
      `form of an order ${JSON.stringify(change)}`,
    );
  }
  t.equal(await entries(desk), 0);
});
