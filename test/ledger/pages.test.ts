// The pages of the books, without script: forms come back filled in, five presses book once, and every
// table has its CSV twin.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { addMonths, firstDay, periodOf, today } from '../../src/kernel/dates.ts';
import { signIn, testHouse } from '../helpers/house.ts';

t.test('pages of the books', async (t) => {
  const { house } = await testHouse(t);
  const app = await buildApp(house);
  t.teardown(() => app.close());
  const [cashier, committee, resident] = await Promise.all(
    (['cashier', 'committee1', 'resident'] as const).map((name) => signIn(app, name)),
  );
  const now = today(house.clock);
  const month = periodOf(now);
  const get = (url: string, headers: Record<string, string> = cashier!) =>
    app.inject({ url: `/e/test${url}`, headers: { accept: 'text/html', ...headers } });
  const tokens = async (url: string): Promise<Record<string, string>> => {
    const { body } = await get(url);
    const value = (name: string): string =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? '';
    return { csrf: value('csrf'), form_key: value('form_key') };
  };
  const post = (
    url: string,
    fields: Record<string, string>,
    headers: Record<string, string> = cashier!,
  ) =>
    app.inject({
      method: 'POST',
      url: `/e/test${url}`,
      headers: {
        accept: 'text/html',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      payload: new URLSearchParams(fields).toString(),
    });
  const multipart = (
    url: string,
    fields: Record<string, string>,
    files: { name: string; type: string; bytes: Buffer }[],
  ) => {
    const border = '----mingzhang';
    const parts = [
      ...Object.entries(fields).map(([name, value]) =>
        Buffer.from(
          `--${border}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
        ),
      ),
      ...files.flatMap((file) => [
        Buffer.from(
          `--${border}\r\ncontent-disposition: form-data; name="vouchers"; filename="${file.name}"\r\n` +
            `content-type: ${file.type}\r\n\r\n`,
        ),
        file.bytes,
        Buffer.from('\r\n'),
      ]),
      Buffer.from(`--${border}--\r\n`),
    ];
    return app.inject({
      method: 'POST',
      url: `/e/test${url}`,
      payload: Buffer.concat(parts),
      headers: {
        accept: 'text/html',
        'content-type': `multipart/form-data; boundary=${border}`,
        ...cashier,
      },
    });
  };
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const typed = {
    entry_date: now,
    description: '快递柜场地费 第四季度',
    amount: '５００.00',
    account: '4104',
    fund: 'public_income',
    bank_account: '1002',
    action: 'post',
  };
  let seq = 0;

  await t.test(
    'a cashier enters a receipt with its bank slip; five presses book it once',
    async (t) => {
      const fields = { ...(await tokens('/journal/new')), ...typed };
      const answers = [];
      for (let i = 0; i < 5; i += 1)
        answers.push(
          await multipart('/journal/new', fields, [
            { name: '回单.png', type: 'image/png', bytes: png },
          ]),
        );
      for (const answer of answers) t.equal(answer.statusCode, 303, answer.body.slice(0, 300));
      t.equal(new Set(answers.map((one) => one.headers.location)).size, 1);
      seq = Number(/journal\/(\d+)\?done=posted/.exec(String(answers[0]!.headers.location))![1]);
      const page = await get(`/journal/${seq}?done=posted`);
      for (const expected of [
        '已记账',
        '收-001',
        '500.00',
        '伍佰元整',
        '4104',
        '公共收益',
        '回单.png',
        '红字冲销',
      ])
        t.match(page.body, expected);
      t.notMatch(
        (await get(`/journal/${seq}`, resident!)).body,
        '回单.png',
        'an officers-only file is counted, not shown',
      );
      t.match((await get(`/journal/${seq}`, resident!)).body, `/e/test/inquiries/new?about=${seq}`);
    },
  );

  await t.test('a wrong form comes back filled in with the reason at its field', async (t) => {
    const wrong: [Record<string, string>, string, RegExp][] = [
      [{ amount: '0.1+0.2' }, 'amount', /0\.1\+0\.2/],
      [{ amount: '' }, 'amount', /没有填写金额/],
      [{ amount: '0' }, 'amount', /大于零/],
      [{ amount: '-5' }, 'amount', /大于零/],
      [{ description: '账'.repeat(300) }, 'description', /最多 200 个字/],
      [{ entry_date: '2031-01-01' }, 'entry_date', /还没有到/],
      [{ entry_date: `${addMonths(month, -3)}-01` }, 'entry_date', /已经结账/],
      [{ entry_date: '昨天' }, 'entry_date', /看不懂/],
      [{ account: '' }, 'account', /没有选科目/],
      [{ account: '5101' }, 'account', /不能记账/],
      [{ fund: 'deposit' }, 'fund', /专款专用/],
      [{ bank_account: '4101' }, 'bank_account', /科目/],
      [{ unit: '99-9-9' }, 'unit', /没有房屋/],
      [{ amount_2: '7.00', account_2: '4102', fund_2: '' }, 'fund_2', /没有选资金/],
      [{ amount_3: 'x', account_3: '4102' }, 'amount_3', /不是元和分/],
    ];
    for (const [change, field, reason] of wrong) {
      const answer = await post('/journal/new', {
        ...(await tokens('/journal/new')),
        ...typed,
        ...change,
      });
      t.ok(answer.statusCode >= 400 && answer.statusCode < 500, `${field} ${answer.statusCode}`);
      t.match(answer.body, new RegExp(`id="form-${field}-error"`), `the reason stands at ${field}`);
      t.match(answer.body, reason);
      if (change['description'] === undefined)
        t.match(answer.body, 'value="快递柜场地费 第四季度"', 'the memo is kept');
    }
  });

  await t.test(
    'a file that is not what it says comes back with everything else kept',
    async (t) => {
      const fields = { ...(await tokens('/journal/new')), ...typed, description: '附件不对' };
      const answer = await multipart('/journal/new', fields, [
        { name: '回单.png', type: 'image/png', bytes: png },
        {
          name: '发票.pdf',
          type: 'application/pdf',
          bytes: Buffer.from('MZ\x90\x00 this is a program'),
        },
      ]);
      t.ok(answer.statusCode >= 400 && answer.statusCode < 500);
      t.match(answer.body, 'value="附件不对"');
      t.match(answer.body, 'vouchers_kept', 'the good file stays');
    },
  );

  await t.test('several lines in one receipt, in two funds', async (t) => {
    const answer = await post('/journal/new', {
      ...(await tokens('/journal/new')),
      ...typed,
      description: '银行到账汇总',
      amount: '1,200.00',
      account: '4101',
      fund: 'service',
      unit: '3-2-101',
      amount_2: '120',
      account_2: '4102',
      fund_2: 'public_income',
      amount_5: '30',
      account_5: '4101',
      fund_5: 'service',
    });
    t.equal(answer.statusCode, 303, answer.body.slice(0, 300));
    const page = await get(String(answer.headers.location).replace('/e/test', ''));
    for (const expected of ['1,350.00', '1,230.00', '120.00', '3-2-101'])
      t.match(page.body, expected);
    t.notMatch(
      (await get(String(answer.headers.location).replace('/e/test', ''), resident!)).body,
      '3-2-101',
    );
  });

  await t.test('a draft is saved, listed, opened again, and gone once posted', async (t) => {
    const saved = await post('/journal/new', {
      ...(await tokens('/journal/new')),
      ...typed,
      description: '半张凭证',
      amount: '',
      action: 'draft',
    });
    t.equal(saved.headers.location, '/e/test/journal?done=saved');
    const list = await get('/journal');
    const draft = /journal\/new\?draft=(\d+)/.exec(list.body)![1]!;
    t.match(list.body, '半张凭证');
    t.notMatch((await get('/journal', resident!)).body, '半张凭证');
    const url = `/journal/new?draft=${draft}`;
    t.match((await get(url)).body, 'value="半张凭证"');
    const posted = await post('/journal/new', {
      ...(await tokens(url)),
      ...typed,
      draft_id: draft,
      description: '整张凭证',
    });
    t.match(posted.headers.location, /done=posted/);
    t.equal((await get(url)).statusCode, 404);
  });

  await t.test('a reversal is proposed on a form, and leads to the proposal', async (t) => {
    const url = `/journal/${seq}/reversal`;
    const empty = await post(url, { ...(await tokens(url)), reason: '' });
    t.match(empty.body, 'id="form-reason-error"');
    const sent = await post(url, { ...(await tokens(url)), reason: '重复录入' });
    t.match(sent.headers.location, /^\/e\/test\/proposals\/\d+\?done=submitted$/);
    t.match((await get(`/journal/${seq}`)).body, '正在签批');
    t.equal((await get(url, resident!)).statusCode, 403);
  });

  await t.test(
    'a transfer is proposed by the committee as well; mistakes stand at their lines',
    async (t) => {
      const lines = {
        entry_date: now,
        description: '计提本月酬金',
        account: '5110',
        fund: 'service',
        debit: '10',
        account_2: '2251',
        fund_2: 'service',
        credit_2: '10',
      };
      const fields = async () => ({ ...(await tokens('/journal/transfer')), ...lines });
      t.match(
        (await post('/journal/transfer', { ...(await fields()), credit_2: '' }, committee!)).body,
        'id="form-debit_2-error"',
      );
      t.match(
        (await post('/journal/transfer', { ...(await fields()), credit_2: '11' }, committee!)).body,
        /借贷不平/,
      );
      t.match(
        (await post('/journal/transfer', { ...(await fields()), account_2: '' }, committee!)).body,
        'id="form-account_2-error"',
      );
      t.match(
        (await post('/journal/transfer', { ...(await fields()), account_2: '1002' }, committee!)).body,
        /转账凭证不能让钱进出账户/,
      );
      t.match(
        (await post('/journal/transfer', await fields(), committee!)).headers.location,
        /proposals/,
      );
    },
  );

  await t.test('the closing page says what stands in the way', async (t) => {
    const page = await get('/periods');
    t.match(page.body, /结账前检查/);
    const before = addMonths(month, -1);
    const refused = await post(`/periods/${month}/close`, await tokens('/periods'));
    t.equal(refused.statusCode, 409);
    t.match(refused.body, /先结/);
    t.equal(
      (await post(`/periods/${before}/close`, await tokens('/periods'), resident!)).statusCode,
      403,
    );
    t.match(
      (await post(`/periods/${before}/close`, await tokens('/periods'))).headers.location,
      /proposals/,
    );
    t.match((await get('/periods')).body, '正在签批');
  });

  await t.test('every page in both languages, for an owner, and its CSV twin', async (t) => {
    const pages = [
      '/journal',
      '/journal?period=all',
      `/journal?period=${month}&account=4104&fund=public_income&kind=receipt&q=500`,
      `/journal/${seq}`,
      '/accounts',
      `/accounts?as_of=${now}`,
      '/accounts/1002',
      `/accounts/1002?fund=service&period=${month}`,
      '/accounts/5101',
      '/periods',
    ];
    for (const url of pages) {
      for (const lang of ['zh', 'en']) {
        const answer = await get(`${url}${url.includes('?') ? '&' : '?'}lang=${lang}`, resident!);
        t.equal(answer.statusCode, 200, url);
        t.notMatch(answer.body, /undefined|NaN|\[object/, url);
        if (lang === 'en')
          t.notMatch(
            /<h1[^>]*>([^<]*)/.exec(answer.body)?.[1] ?? '',
            /明细账|科目余额|结账$/,
            `${url} speaks English`,
          );
        const csv = /href="(\/e\/test[^"]*\.csv[^"]*)"/.exec(answer.body)?.[1];
        if (csv === undefined) continue;
        const twin = await get(csv.replace('/e/test', '').replaceAll('&amp;', '&'), resident!);
        t.equal(twin.statusCode, 200, csv);
        t.match(twin.headers['content-type'], /text\/csv/);
      }
    }
    const csv = (await get('/journal.csv?period=all')).body;
    t.equal(
      csv.split('\r\n').filter((line) => line !== '').length,
      4,
      'a heading and three entries',
    );
    for (const url of [
      '/journal/999999',
      '/accounts/9999',
      '/journal?cursor=x',
      '/journal?period=x',
      '/accounts?as_of=x',
      '/journal/new?draft=77',
    ]) {
      const { statusCode } = await get(url);
      t.ok(statusCode >= 400 && statusCode < 500, `${url} ${statusCode}`);
    }
    t.equal((await get('/journal/new', resident!)).statusCode, 403);
    t.ok(firstDay(month) <= now);
  });
});
