// The same submission pressed five times at once: exactly one result, and everybody is told the same. The
// same key with other content: refused, and nothing done.
import t from 'tap';
import { addMonths, lastDay } from '../../src/kernel/dates.ts';
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

const FIVE = [1, 2, 3, 4, 5];
const count = async (desk: Desk, sql: string): Promise<number> =>
  Number((await desk.superuser.query(`select count(*) from ${sql}`)).rows[0].count);
const key = (name: string) => ({ headers: { 'idempotency-key': name } });

t.test(
  'five presses of one form are one entry, one order, one question, one proposal',
  async (t) => {
    const desk = await openDesk(t);
    const forms: [what: string, table: string, press: () => ReturnType<Desk['submit']>][] = [
      [
        'a receipt',
        'journal_entry',
        () => desk.submit('/journal/new', receiptForm(desk, { form_key: 'receipt-1' })),
      ],
      [
        'a receipt with an empty file field',
        'journal_entry',
        () => desk.submit('/journal/new', receiptForm(desk, { form_key: 'receipt-2' }), []),
      ],
      [
        'a receipt with a file',
        'journal_entry',
        () =>
          desk.submit('/journal/new', receiptForm(desk, { form_key: 'receipt-3' }), [
            {
              name: 'vouchers',
              file_name: '回单.pdf',
              content: '%PDF-1.7\n%same\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n',
            },
          ]),
      ],
      [
        'an order',
        'payment_order',
        () => desk.submit('/orders', orderForm({ form_key: 'order-1' }), []),
      ],
      [
        'a question',
        'inquiry',
        () =>
          desk.submit('/inquiries', { question: '车库灯为什么换两次？', form_key: 'ask-1' }, null, {
            as: 'resident',
          }),
      ],
      [
        'an answer',
        'answer',
        () =>
          desk.submit(
            '/inquiries/1',
            { answer: '第一次是 A 区，第二次是 B 区。', form_key: 'answer-1' },
            null,
            { as: 'manager' },
          ),
      ],
      [
        'a transfer',
        "proposal where kind = 'transfer'",
        () =>
          desk.submit(
            '/journal/transfer',
            {
              entry_date: desk.days.today,
              description: '公共收益补助物业服务',
              account: '1002',
              fund: 'service',
              debit: '10.00',
              account_2: '3101',
              fund_2: 'service',
              credit_2: '10.00',
              account_3: '3101',
              fund_3: 'public_income',
              debit_3: '10.00',
              account_4: '1002',
              fund_4: 'public_income',
              credit_4: '10.00',
              form_key: 'transfer-1',
            },
            [],
          ),
      ],
      [
        'a reversal',
        "proposal where kind = 'reversal'",
        async () => {
          const { rows } = await desk.superuser.query('select min(seq) as seq from journal_entry');
          return desk.submit(
            `/journal/${rows[0].seq}/reversal`,
            { reason: '重复录入', form_key: 'reversal-1' },
            [],
          );
        },
      ],
    ];
    for (const [what, table, press] of forms) {
      const before = await count(desk, table);
      const answers = await Promise.all(FIVE.map(press));
      t.strictSame(
        answers.map(({ status }) => status),
        [303, 303, 303, 303, 303],
        `${what}: each press is answered alike`,
      );
      t.equal(
        new Set(answers.map(({ location }) => location)).size,
        1,
        `${what}: and leads to the same page`,
      );
      t.equal(await count(desk, table), before + 1, `${what}: one result`);
    }
  },
);

t.test('a form sent again with other content is shown again with a new key', async (t) => {
  const desk = await openDesk(t);
  t.match(await desk.submit('/journal/new', receiptForm(desk, { form_key: 'one' })), {
    status: 303,
  });
  const other = await desk.submit(
    '/journal/new',
    receiptForm(desk, { form_key: 'one', amount: '500.01' }),
  );
  t.equal(other.status, 409);
  t.match(other.html, /这次提交的编号已用于另一项内容/);
  t.ok(other.html.includes('value="500.01"') && !other.html.includes('value="one"'));
  const again = await desk.submit(
    '/journal/new',
    receiptForm(desk, { form_key: 'two', amount: 'x' }),
  );
  isShownAgain(t, again, { field: 'amount', kept: 'x' }, 'a mistake');
  t.match(
    await desk.submit('/journal/new', receiptForm(desk, { form_key: 'two' })),
    { status: 303 },
    'corrected under the same key',
  );
  t.match(
    await desk.submit('/orders', orderForm({ form_key: 'one' }), []),
    { status: 303 },
    'another kind of form has keys of its own',
  );
  t.equal(
    (await desk.submit('/orders', orderForm({ form_key: 'one', amount: '70.01' }), [])).status,
    409,
  );
  t.match(
    await desk.submit('/inquiries', { question: '灯为什么换两次？', form_key: 'one' }, null, {
      as: 'resident',
    }),
    { status: 303 },
  );
  t.equal(
    (
      await desk.submit('/inquiries', { question: '门为什么修两次？', form_key: 'one' }, null, {
        as: 'resident',
      })
    ).status,
    409,
  );
  t.equal(await count(desk, 'journal_entry'), 2);
  t.equal(await count(desk, 'payment_order'), 1);
});

t.test(
  'five calls with one key are one result; the same key with other content is refused',
  async (t) => {
    const desk = await openDesk(t);
    const booked = await desk.call('POST', 'journal-entries', receipt(desk, { amount: '900.00' }));
    t.equal(booked.statusCode, 201);
    const { seq } = booked.json();
    const sha256 = (
      await desk.send(
        {
          method: 'POST',
          url: '/api/v1/estates/test/vouchers',
          payload:
            '--b\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' +
            '%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n\r\n--b--\r\n',
        },
        { headers: { 'content-type': 'multipart/form-data; boundary=b' } },
      )
    ).json().sha256;
    const calls: [
      what: string,
      path: string,
      body: unknown,
      other: unknown,
      as: 'cashier' | 'resident' | 'manager',
      table: string,
    ][] = [
      [
        'a receipt',
        'journal-entries',
        receipt(desk),
        receipt(desk, { amount: '500.01' }),
        'cashier',
        'journal_entry',
      ],
      [
        'an order',
        'payment-orders',
        order(),
        order({ amount: '70.01' }),
        'cashier',
        'payment_order',
      ],
      [
        'a question',
        'inquiries',
        { question: '灯为什么换两次？' },
        { question: '门为什么修两次？' },
        'resident',
        'inquiry',
      ],
      [
        'an answer',
        'inquiries/1/answers',
        { answer: '两处灯。' },
        { answer: '一处灯。' },
        'manager',
        'answer',
      ],
      [
        'a reversal',
        `journal-entries/${seq}/reversal`,
        { reason: '重复录入' },
        { reason: '录错' },
        'cashier',
        "proposal where kind = 'reversal'",
      ],
      [
        'a transfer',
        'transfers',
        {
          entry_date: desk.days.today,
          description: '挪一点',
          postings: [
            { account: '3101', fund: 'service', debit: '1.00' },
            { account: '4109', fund: 'service', credit: '1.00' },
          ],
        },
        {
          entry_date: desk.days.today,
          description: '挪两点',
          postings: [
            { account: '3101', fund: 'service', debit: '2.00' },
            { account: '4109', fund: 'service', credit: '2.00' },
          ],
        },
        'cashier',
        "proposal where kind = 'transfer'",
      ],
      [
        'a bank balance',
        'bank-balances',
        { account: '1002', as_of: desk.days.today, balance: '900.00', voucher: sha256 },
        { account: '1002', as_of: desk.days.today, balance: '901.00', voucher: sha256 },
        'cashier',
        'bank_balance',
      ],
      [
        'a payee',
        'payees',
        order().payee,
        { ...order().payee, account_number: '6222021234567891' },
        'cashier',
        'payee',
      ],
    ];
    for (const [what, path, body, other, as, table] of calls) {
      const before = await count(desk, table);
      const asked = { as, ...key(`five ${what}`) };
      const answers = await Promise.all(FIVE.map(() => desk.call('POST', path, body, asked)));
      t.ok(
        answers.every(({ statusCode }) => statusCode === 200 || statusCode === 201),
        `${what}: ${answers.map((a) => a.statusCode).join(' ')}`,
      );
      const told = answers.map((answer) => {
        const { status: _status, ...rest } = answer.json();
        return JSON.stringify(rest);
      });
      t.equal(new Set(told).size, 1, `${what}: everybody is told the same`);
      const after = await count(desk, table);
      t.ok(after - before <= 1 && after > 0, `${what}: one result (${before} → ${after})`);
      isProblem(
        t,
        await desk.call('POST', path, other, asked),
        { code: 'key_reused', status: 409 },
        `${what}: other content under the key`,
      );
      t.equal(await count(desk, table), after);
    }
    const batch = {
      entries: [
        receipt(desk, { key: 'line-1' }),
        receipt(desk, { key: 'line-2' }),
        receipt(desk, { key: 'line-1' }),
      ],
    };
    const before = await count(desk, 'journal_entry');
    const results = (
      await Promise.all(FIVE.map(() => desk.call('POST', 'journal-entries/batch', batch)))
    ).map((answer) => answer.json().results);
    t.equal(await count(desk, 'journal_entry'), before + 2, 'a batch with keys sent five times');
    t.equal(new Set(results.flat().map((one: { seq: number }) => one.seq)).size, 2);
    for (const bad of ['', 'x'.repeat(101), 'x'.repeat(5000)]) {
      isProblem(
        t,
        await desk.call('POST', 'journal-entries', receipt(desk), {
          headers: { 'idempotency-key': bad },
        }),
        {},
        `a key of ${bad.length} characters`,
      );
    }
    t.equal(
      (await desk.call('POST', 'journal-entries', receipt(desk), key('five a receipt'))).statusCode,
      200,
      'the first answer, a minute later',
    );
  },
);

t.test('paying, closing, signing and stating a balance five times at once', async (t) => {
  const desk = await openDesk(t);
  await desk.call('POST', 'journal-entries', receipt(desk, { amount: '900.00' }));
  const statement = await desk.submit(
    '/bank',
    { account: '1002', as_of: desk.days.today, balance: '900', form_key: 'bank-1' },
    [
      {
        name: 'vouchers',
        file_name: '对账单.pdf',
        content: '%PDF-1.7\n%st\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n',
      },
    ],
  );
  t.match(statement, { status: 303 });
  const [voucher] = (await desk.superuser.query('select sha256 from voucher')).rows;
  const made = (
    await desk.call('POST', 'payment-orders', order({ vouchers: [voucher.sha256] }))
  ).json();
  const submits = await Promise.all(
    FIVE.map(() => desk.call('POST', `proposals/${made.id}/submit`, {})),
  );
  t.equal(submits.filter(({ statusCode }) => statusCode === 200).length, 1, 'submitted once');
  for (const answer of submits.filter(({ statusCode }) => statusCode !== 200))
    isProblem(t, answer, { status: 409 }, 'the others are told why');
  const sign = (as: 'manager' | 'committee1') =>
    desk.call(
      'POST',
      `proposals/${made.id}/sign`,
      { decision: 'approve', method: 'password', password: 'both-keys-for-one' },
      { as },
    );
  for (const as of ['manager', 'committee1'] as const) {
    const signed = await Promise.all(FIVE.map(() => sign(as)));
    t.equal(signed.filter(({ statusCode }) => statusCode === 200).length, 1, `${as} signs once`);
    t.ok(
      signed.every(({ statusCode }) => statusCode < 500 || statusCode === 503),
      signed.map((s) => s.statusCode).join(' '),
    );
  }
  t.equal(await count(desk, `signature where proposal_id = ${made.id}`), 2);
  const paid = await Promise.all(
    FIVE.map(() =>
      desk.call('POST', `payment-orders/${made.id}/paid`, {
        paid_on: desk.days.today,
        bank_reference: 'NX1',
      }),
    ),
  );
  t.same(
    paid.map(({ statusCode }) => statusCode >= 200 && statusCode < 300),
    [true, true, true, true, true],
  );
  t.equal(new Set(paid.map((answer) => answer.json().seq)).size, 1);
  isProblem(
    t,
    await desk.call('POST', `payment-orders/${made.id}/paid`, {
      paid_on: desk.days.today,
      bank_reference: 'NX2',
    }),
    { code: 'order_already_paid', status: 409 },
    'another reference',
  );
  const before = addMonths(desk.days.today.slice(0, 7), -1);
  isProblem(
    t,
    await desk.call('POST', `periods/${before}/close`, {}),
    { code: 'period_already_closed', status: 409 },
    `closed up to ${lastDay(before)}`,
  );
});
