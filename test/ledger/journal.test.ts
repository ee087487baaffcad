// Posting and reading the journal through the interface, as a cashier, an owner and a stranger would.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { addDays, addMonths, firstDay, periodOf, today } from '../../src/kernel/dates.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { printJournal, readJournal, typedEntry } from '../helpers/journal-text.ts';
import { signIn, testHouse } from '../helpers/house.ts';

const base = '/api/v1/estates/test';

t.test('the journal over the interface', async (t) => {
  const {
    house,
    estate: { estate_id },
    home,
  } = await testHouse(t);
  const app = await buildApp(house);
  t.teardown(() => app.close());
  const [cashier, resident, auditor, stranger] = await Promise.all(
    (['cashier', 'resident', 'auditor', 'stranger'] as const).map((name) => signIn(app, name)),
  );
  const now = today(house.clock);
  const month = periodOf(now);
  const earlier = firstDay(addMonths(month, -1));

  const send = (
    payload: unknown,
    headers: Record<string, string> = cashier!,
    path = 'journal-entries',
  ) =>
    app.inject({
      method: 'POST',
      url: `${base}/${path}`,
      headers: { ...headers, 'content-type': 'application/json' },
      payload: JSON.stringify(payload),
    });
  const get = async (path: string, headers: Record<string, string> = cashier!) =>
    app.inject({ url: `${base}/${path}`, headers });
  const receipt = (change: Record<string, unknown> = {}) => ({
    kind: 'receipt',
    entry_date: now,
    description: '快递柜场地费 第四季度',
    postings: [
      { account: '1002', fund: 'public_income', debit: '500.00' },
      { account: '4104', fund: 'public_income', credit: '500.00' },
    ],
    ...change,
  });
  const lines = (amount: unknown, change: Record<string, unknown> = {}) => ({
    postings: [
      { account: '1002', fund: 'service', debit: amount, ...change },
      { account: '4101', fund: 'service', credit: amount },
    ],
  });

  await t.test('a cashier posts a receipt; the same key gives the same entry', async (t) => {
    const headers = { ...cashier!, 'idempotency-key': 'slip-77' };
    const first = await send(receipt(), headers);
    t.equal(first.statusCode, 201);
    t.match(first.json(), {
      status: 'posted',
      number: '收-001',
      period: month,
      leaf_hash: /^[0-9a-f]{64}$/,
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(receipt(), headers)));
    for (const again of answers) {
      t.equal(again.statusCode, 200);
      t.equal(again.json().seq, first.json().seq);
    }
    const other = await send(receipt({ description: '别的' }), headers);
    t.equal(other.statusCode, 409);
    t.equal(other.json().code, 'key_reused');
  });

  await t.test('mistakes are refused with the field and a reason, never with a 5xx', async (t) => {
    const long = '账'.repeat(10_000);
    const cases: [string, unknown, string, string?][] = [
      ['a JSON number', receipt(lines(7000.1)), 'amount_not_text', 'postings.0.debit'],
      [
        'float noise',
        receipt(lines('0.30000000000000004')),
        'amount_unreadable',
        'postings.0.debit',
      ],
      ['an exponent', receipt(lines('1e5')), 'amount_unreadable'],
      ['three places', receipt(lines('1.005')), 'amount_unreadable'],
      ['no amount', receipt(lines('')), 'amount_missing'],
      ['zero', receipt(lines('0.00')), 'amount_invalid', 'postings.0.debit'],
      ['minus zero', receipt(lines('-0')), 'amount_invalid'],
      ['a negative amount', receipt(lines('-5.00')), 'amount_invalid'],
      ['full-width digits in JSON', receipt(lines('１００')), 'input_invalid'],
      ['too large', receipt(lines('10000000000.00')), 'total_too_large'],
      [
        'sums too large',
        receipt({ postings: [...Array(3)].flatMap(() => lines('999999999999.99').postings) }),
        'total_too_large',
        'postings',
      ],
      ['both sides', receipt(lines('1.00', { credit: '1.00' })), 'line_one_side'],
      ['no side', receipt({ postings: [{ account: '1002', fund: 'service' }] }), 'line_one_side'],
      ['no lines', receipt({ postings: [] }), 'lines_missing', 'postings'],
      [
        'one line',
        receipt({ postings: [{ account: '1002', fund: 'service', debit: '1.00' }] }),
        'amount_invalid',
        'postings',
      ],
      [
        '501 lines',
        receipt({
          postings: Array.from({ length: 501 }, () => ({
            account: '1002',
            fund: 'service',
            debit: '1.00',
          })),
        }),
        'too_many_lines',
      ],
      [
        'a day that is none',
        receipt({ entry_date: '2026-02-30' }),
        'date_unreadable',
        'entry_date',
      ],
      ['no day', receipt({ entry_date: '' }), 'date_missing', 'entry_date'],
      ['tomorrow', receipt({ entry_date: addDays(now, 1) }), 'period_not_open', 'entry_date'],
      [
        'a closed month',
        receipt({ entry_date: addDays(earlier, -1) }),
        'period_closed',
        'entry_date',
      ],
      [
        'an unknown account',
        receipt({
          postings: [
            { account: '9999', fund: 'service', debit: '1.00' },
            { account: '4101', fund: 'service', credit: '1.00' },
          ],
        }),
        'account_unknown',
        'postings.0.account',
      ],
      [
        'a heading',
        receipt({
          postings: [
            { account: '1002', fund: 'service', debit: '1.00' },
            { account: '5101', fund: 'service', credit: '1.00' },
          ],
        }),
        'account_unknown',
        'postings.1.account',
      ],
      [
        'an unknown fund',
        receipt({
          postings: [
            { account: '1002', fund: 'gold', debit: '1.00' },
            { account: '4101', fund: 'gold', credit: '1.00' },
          ],
        }),
        'fund_unknown',
        'postings.0.fund',
      ],
      [
        'a restricted fund',
        receipt({
          postings: [
            { account: '1002', fund: 'deposit', debit: '1.00' },
            { account: '4101', fund: 'deposit', credit: '1.00' },
          ],
        }),
        'fund_restricted',
        'postings.1.fund',
      ],
      [
        'unequal sides',
        receipt({
          postings: [
            { account: '1002', fund: 'service', debit: '3.00' },
            { account: '4101', fund: 'service', credit: '1.00' },
          ],
        }),
        'entry_unbalanced',
        'postings',
      ],
      [
        'one fund for another',
        receipt({
          postings: [
            { account: '1002', fund: 'service', debit: '1.00' },
            { account: '4101', fund: 'public_income', credit: '1.00' },
          ],
        }),
        'fund_unbalanced',
        'postings.0.fund',
      ],
      [
        'a payment',
        receipt({
          kind: 'payment',
          postings: [
            { account: '5102', fund: 'service', debit: '1.00' },
            { account: '1002', fund: 'service', credit: '1.00' },
          ],
        }),
        'order_required',
        'postings.0.account',
      ],
      [
        'a memo of 10,000 characters',
        receipt({ description: long }),
        'text_too_long',
        'description',
      ],
      ['an empty memo', receipt({ description: '  \n' }), 'text_empty', 'description'],
      ['half a character', receipt({ description: 'a\ud83d' }), 'characters_broken', 'description'],
      [
        'a telephone number in full-width digits',
        receipt({ description: '王女士 １３８００１３８０００' }),
        'text_personal',
        'description',
      ],
      [
        'a voucher nobody uploaded',
        receipt({ vouchers: ['0'.repeat(64)] }),
        'voucher_unknown',
        'vouchers',
      ],
      [
        'an unknown dwelling',
        receipt(lines('1.00', { unit: '99-9-999' })),
        'unit_unknown',
        'postings.0.unit',
      ],
      ['an unknown payee', receipt(lines('1.00', { payee: '77' })), 'line_payee_unknown'],
      ['a field too many', receipt({ note: 'x' }), 'input_invalid', 'note'],
      ['an array', [], 'entry_unreadable'],
      ['nothing', null, 'input_invalid'],
    ];
    for (const [name, payload, code, field] of cases) {
      const answer = await send(payload);
      const problem = answer.json();
      t.equal(problem.code, code, name);
      t.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${name}: ${answer.statusCode}`);
      if (field !== undefined) t.equal(problem.field, field, `${name}: ${problem.field}`);
      t.notMatch(problem.detail, /\{\w+\}/, `${name}: every figure is filled in`);
    }
    const unbalanced = await send(
      receipt({
        postings: [
          { account: '1002', fund: 'service', debit: '3.00' },
          { account: '4101', fund: 'service', credit: '1.00' },
        ],
      }),
      { ...cashier!, 'accept-language': 'en' },
    );
    t.match(unbalanced.json().detail, /debits 3\.00, credits 1\.00, difference 2\.00/);
  });

  await t.test('emoji, rare characters and full-width digits in a memo', async (t) => {
    for (const description of ['𠮷㙟小区🏠停车', '第１２期']) {
      const answer = await send(receipt({ description }));
      t.ok([201, 422].includes(answer.statusCode), answer.body);
    }
  });

  await t.test('a batch gives each entry its own answer', async (t) => {
    const answer = await send(
      {
        entries: [
          receipt(),
          receipt(lines(7)),
          receipt({ description: '' }),
          receipt({ note: 1 }),
          receipt(lines('2.00', { unit: '99-9-999' })),
          'nonsense',
          receipt({ key: 'same' }),
          receipt({ key: 'same' }),
          receipt({ key: 'same', description: '另一笔' }),
          receipt(),
        ],
      },
      cashier!,
      'journal-entries/batch',
    );
    t.equal(answer.statusCode, 200);
    t.strictSame(
      answer.json().results.map((one: { status: string }) => one.status),
      [
        'posted',
        'amount_not_text',
        'text_empty',
        'input_invalid',
        'unit_unknown',
        'entry_unreadable',
        'posted',
        'already_posted',
        'key_reused',
        'posted',
      ],
    );
    t.match(answer.json().results[1].problem, {
      code: 'amount_not_text',
      field: 'postings.0.debit',
    });
    const again = { ...cashier!, 'idempotency-key': 'batch-1' };
    const first = await send({ entries: [receipt(), receipt()] }, again, 'journal-entries/batch');
    const second = await send({ entries: [receipt(), receipt()] }, again, 'journal-entries/batch');
    t.strictSame(
      second.json().results.map((one: { seq: number }) => one.seq),
      first.json().results.map((one: { seq: number }) => one.seq),
    );
    t.equal((await send({ entries: [] }, cashier!, 'journal-entries/batch')).statusCode, 400);
    t.equal(
      (
        await send(
          { entries: Array.from({ length: 1001 }, () => receipt()) },
          cashier!,
          'journal-entries/batch',
        )
      ).statusCode,
      400,
    );
  });

  await t.test('owners and auditors read and do not post; strangers do neither', async (t) => {
    for (const headers of [resident!, auditor!]) {
      t.equal((await get('journal-entries', headers)).statusCode, 200);
      t.equal((await send(receipt(), headers)).statusCode, 403);
      t.equal(
        (await send({ entries: [receipt()] }, headers, 'journal-entries/batch')).statusCode,
        403,
      );
    }
    t.equal((await get('journal-entries', stranger!)).statusCode, 404);
    t.equal((await send(receipt(), stranger!)).statusCode, 404);
    t.equal((await get('journal-entries', {})).statusCode, 401);
  });

  await t.test('a dwelling is named to officers and to those who live there', async (t) => {
    const own = await send(receipt(lines('102.00', { unit: home })));
    const other = await send(receipt(lines('102.00', { unit: '8-3-101' })));
    const unitOf = async (seq: number, headers: Record<string, string>) =>
      (await get(`journal-entries/${seq}`, headers)).json().postings[0].unit;
    t.equal(await unitOf(own.json().seq, cashier!), home);
    t.equal(await unitOf(own.json().seq, resident!), home);
    t.equal(await unitOf(other.json().seq, cashier!), '8-3-101');
    t.equal(await unitOf(other.json().seq, resident!), null);
    const { body } = await inEstate(house.db.app, estate_id, (trx) =>
      trx
        .selectFrom('record')
        .select('body')
        .where('estate_id', '=', estate_id)
        .where('seq', '=', other.json().seq)
        .executeTakeFirstOrThrow(),
    );
    t.notMatch(body, /8-3-101/, 'the log knows an opaque name only');
  });

  await t.test('search by memo, number and amount; pages by cursor; running balance', async (t) => {
    const text = `
      ${earlier} 收 期初余额
          借 1002 service  1,000.00
          贷 3101 service  1,000.00
      ${earlier} 收 停车费 100%_a
          借 1002 public_income  120.00
          贷 4102 public_income  120.00`;
    for (const entry of readJournal(text)) t.equal((await send(typedEntry(entry))).statusCode, 201);
    const list = async (query: string) =>
      (await get(`journal-entries?${query}`)).json() as {
        items: { seq: number; number: string; balance: string; received: string }[];
        next_cursor: string | null;
      };
    const month_before = await list(`period=${periodOf(earlier)}`);
    t.strictSame(
      month_before.items.map((row) => [row.number, row.balance]),
      [
        ['收-001', '1000.00'],
        ['收-002', '1120.00'],
      ],
    );
    t.equal((await list('q=100%25_a')).items.length, 1, 'signs of a pattern are plain characters');
    t.equal((await list('q=_______________')).items.length, 0);
    t.equal(
      (await list(`q=${encodeURIComponent('收-2')}&period=${periodOf(earlier)}`)).items[0]!.number,
      '收-002',
    );
    t.equal((await list(`q=${encodeURIComponent(`${periodOf(earlier)} 收-002`)}`)).items.length, 1);
    t.equal((await list(`q=${encodeURIComponent('1,000.00')}`)).items.length, 1);
    t.equal(
      (await list(`fund=public_income&period=${periodOf(earlier)}`)).items[0]!.balance,
      '120.00',
      "the fund's own balance",
    );
    t.equal((await list(`account=4102&period=${periodOf(earlier)}`)).items[0]!.received, '120.00');
    const all = await list('limit=200');
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const part: Awaited<ReturnType<typeof list>> = await list(
        `limit=3${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...part.items.map((row) => row.seq));
      cursor = part.next_cursor;
    } while (cursor !== null);
    t.strictSame(
      seen,
      all.items.map((row) => row.seq),
      'every entry once, in order',
    );
    for (const query of [
      'cursor=x',
      'cursor=2026-13-01.5',
      'limit=0',
      'limit=1000',
      'limit=x',
      'period=2026-13',
      'from=2026-02-30',
      'kind=gift',
      'x=1',
    ]) {
      t.equal(
        (await get(`journal-entries?${query}`)).statusCode >= 400 &&
          (await get(`journal-entries?${query}`)).statusCode < 500,
        true,
        query,
      );
    }
    t.equal((await get('journal-entries?q=%00%F0%9F%98%80')).statusCode, 200);
  });

  await t.test('figures agree: list, balances, trial balance and a plain sum', async (t) => {
    const {
      rows: [plain],
    } = await inEstate(house.db.app, estate_id, async (trx) => ({
      rows: await trx
        .selectFrom('posting')
        .select((eb) => eb.fn.sum<string>('debit').as('debit'))
        .where('estate_id', '=', estate_id)
        .where('account', '=', '1002')
        .execute(),
    }));
    const balances = (await get('balances')).json() as { account: string; balance: string }[];
    const bank = balances
      .filter((row) => row.account === '1002')
      .reduce((all, row) => all + Number(row.balance) * 100, 0);
    t.equal((bank / 100).toFixed(2), plain!.debit);
    const last = (
      (await get('journal-entries?limit=200')).json() as { items: { balance: string }[] }
    ).items.at(-1)!;
    t.equal(last.balance, plain!.debit);
    const past = (await get(`balances?as_of=${addDays(earlier, -1)}`)).json() as unknown[];
    t.strictSame(past, []);
    t.equal(
      (await get(`balances?as_of=${earlier}`))
        .json()
        .find((row: { account: string; fund: string }) => row.account === '3101').balance,
      '1000.00',
    );
  });

  await t.test('printed as accountants write it', async (t) => {
    const printed = await inEstate(house.db.app, estate_id, (trx) =>
      printJournal(trx, estate_id, { period: periodOf(earlier) }),
    );
    t.equal(
      printed,
      [
        `${earlier} 收-001 期初余额`,
        '    借 1002 银行存款            service              1,000.00',
        '    贷 3101 共有基金（非限定）  service              1,000.00',
        `${earlier} 收-002 停车费 100%_a`,
        '    借 1002 银行存款            public_income          120.00',
        '    贷 4102 停车费（月租）      public_income          120.00',
        '',
      ].join('\n'),
    );
    t.strictSame(
      readJournal(printed).map((one) => one.lines.length),
      [2, 2],
      'and read back',
    );
  });

  await t.test('drafts are kept, changed, deleted, and are no entries', async (t) => {
    const content = {
      description: '晾衣绳',
      bank_account: '1002',
      reference: '',
      lines: [{ account: '4104', fund: '', amount: '5x', unit: '' }],
      vouchers: [],
      form_key: 'f1',
    };
    const saved = await send({ entry_date: now, content }, cashier!, 'journal-drafts');
    t.equal(saved.statusCode, 201);
    const { draft_id } = saved.json();
    t.equal(
      (await send({ entry_date: now, content }, cashier!, 'journal-drafts')).json().draft_id,
      draft_id,
      'pressed twice',
    );
    const put = await app.inject({
      method: 'PUT',
      url: `${base}/journal-drafts/${draft_id}`,
      headers: cashier!,
      payload: { entry_date: earlier, content: { ...content, description: '纱窗' } },
    });
    t.equal(put.json().content.description, '纱窗');
    t.equal((await get('journal-drafts')).json().length, 1);
    t.equal((await get('journal-drafts', resident!)).statusCode, 403);
    t.equal(
      (
        await app.inject({
          method: 'DELETE',
          url: `${base}/journal-drafts/${draft_id}`,
          headers: cashier!,
        })
      ).statusCode,
      204,
    );
    t.equal((await get(`journal-drafts/${draft_id}`)).statusCode, 404);
  });
});
