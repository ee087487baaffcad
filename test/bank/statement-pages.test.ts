// Statement files over pages and interface: who may, what they see, long files, drafts of others, the dry run that writes nothing.
import t from 'tap';
import { buildApp } from '../../src/app.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { change, handIn, readIntake } from '../../src/bank/intake.ts';
import { takingsOf } from '../../src/bank/taking.ts';
import { statementOptions } from '../../src/statement-options.ts';
import { fileOf, type Moved } from '../helpers/bank-file.ts';
import { signIn, type PersonName } from '../helpers/house.ts';
import { testBooks } from '../disclosure/books.ts';

const october = { from: '2031-10-01', to: '2031-10-31', opening: '500.00' };
const lines: Moved[] = [['2031-10-02', '1000.00', 'S1', '刘先生', '3-2-1002 物业费'], ['2031-10-05', '-200.00', 'S2', '青松绿化', '绿化']];

function multipart(fields: Record<string, string>, files: Record<string, { name: string; bytes: Buffer }[]>): { payload: Buffer; headers: Record<string, string> } {
  const border = '----test-border';
  const parts: Buffer[] = Object.entries(fields).map(([name, value]) => Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`));
  for (const [field, list] of Object.entries(files)) {
    for (const { name, bytes } of list) {
      parts.push(Buffer.from(`--${border}\r\ncontent-disposition: form-data; name="${field}"; filename="${name}"\r\ncontent-type: text/csv\r\n\r\n`), bytes, Buffer.from('\r\n'));
    }
  }
  parts.push(Buffer.from(`--${border}--\r\n`));
  return { payload: Buffer.concat(parts as Uint8Array[]), headers: { 'content-type': `multipart/form-data; boundary=${border}` } };
}

t.test('statement files over the interface and the pages', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const cookies = new Map<string, Awaited<ReturnType<typeof signIn>>>();
  const as = async (who: PersonName) => {
    if (!cookies.has(who)) cookies.set(who, await signIn(app, who));
    return cookies.get(who)!;
  };
  const post = async (who: PersonName, bytes: Buffer | null, fields: Record<string, string> = {}, key = '') => {
    const { payload, headers } = multipart(fields, bytes === null ? {} : { file: [{ name: '流水.csv', bytes }] });
    return app.inject({ method: 'POST', url: '/api/v1/estates/test/bank-statements', payload,
      headers: { ...await as(who), ...headers, ...(key === '' ? {} : { 'idempotency-key': key }) } });
  };
  const get = async (who: PersonName, path: string, accept = 'application/json') => app.inject({ url: path, headers: { ...await as(who), accept } });
  const count = async (table: string) => (await h.superuser.query(`select count(*)::integer as n from ${table} where estate_id = $1`, [h.estate.estate_id])).rows[0].n;
  const file = fileOf(lines, october);

  await t.test('the interface', async (t) => {
    for (const who of ['resident', 'auditor', 'street'] as const) t.equal((await post(who, file)).statusCode, 403, who);
    t.match((await post('cashier', null)).json(), { code: 'statement_file_missing' });
    const records = await count('record');
    const dry = await post('cashier', file, { dry_run: 'yes' });
    t.equal(dry.statusCode, 200, dry.body);
    t.match(dry.json(), { account: '1002', lines: 2, repeated: 0, in_total: '1000.00', out_total: '200.00', already: null, opening_differs: true, warnings: [{ code: 'opening_differs', zh: /相差 500\.00/ }] });
    t.equal(await count('record'), records, 'a dry run writes nothing');
    t.match((await post('cashier', file, { format: 'ccb' })).json(), { code: 'statement_format_differs' });
    t.match((await post('cashier', file, { bank_account: '1003' })).json(), { code: 'statement_account_missing' });
    t.match((await post('cashier', Buffer.from('name,age\nx,3\n'))).json(), { code: 'statement_no_table' });
    t.match((await post('cashier', file)).json(), { code: 'statement_first_opening_differs', detail: /500\.00.*0\.00/ });
    t.equal(await count('bank_line'), 0);
    const accepted = { accept_opening: 'yes' };
    const both = await Promise.all([post('cashier', file, accepted, 'k'), post('cashier', file, accepted, 'k')]);
    t.same(both.map((one) => one.statusCode), [201, 201]);
    t.same(both[0]!.json(), both[1]!.json());
    t.match(both[0]!.json(), { account: '1002', lines: 2, repeated: 0, opening: '500.00', closing: '1300.00', already: false });
    t.match((await post('cashier', fileOf([], { ...october, opening: '500.00' }), {}, 'k')).json(), { code: 'key_reused' });
    t.match((await post('cashier', file)).json(), { already: true, lines: 2 });
    t.match((await get('cashier', '/api/v1/estates/test/bank-statements')).json(), { items: [{ body: 'property', confirmed_by: [], lines: 2, file_name: '流水.csv' }], next_cursor: null });
    t.match((await post('committee1', file)).json(), { already: false, lines: 0, repeated: 2 });
    const { items: [second, first] } = (await get('resident', '/api/v1/estates/test/bank-statements')).json();
    t.match([second, first], [{ body: 'committee', confirmed_by: ['property'], file_name: '' }, { body: 'property', confirmed_by: ['committee'] }]);
    t.match((await get('resident', `/api/v1/estates/test/bank-statements/${first.seq}`)).json(), { seq: first.seq, period_stated: true });
    t.equal((await get('resident', '/api/v1/estates/test/bank-statements/1')).statusCode, 404);
    t.match((await get('cashier', '/api/v1/estates/test/bank-balances')).json(), { items: [{ origin: 'file', as_of: '2031-10-31' }] });
  });

  await t.test('owners see every movement and nobody behind it', async (t) => {
    const officer = (await get('supervisor', '/api/v1/estates/test/bank-lines?period=2031-10')).json();
    t.match(officer.items, [{ position: 2, amount: '-200.00', detail: { counterparty_name: '青松绿化' } }, { position: 1, detail: { memo: '3-2-1002 物业费' } }]);
    const owner = (await get('resident', '/api/v1/estates/test/bank-lines')).json();
    t.match(owner.items, [{ position: 2, amount: '-200.00', balance: '1300.00', detail: null }, { position: 1, detail: null }]);
    t.same((await get('resident', `/api/v1/estates/test/bank-lines?q=${encodeURIComponent('刘先生')}`)).json().items, [], 'nor by searching for them');
    t.equal((await get('supervisor', `/api/v1/estates/test/bank-lines?q=${encodeURIComponent('刘先生')}`)).json().items.length, 1);
    t.same((await get('cashier', '/api/v1/estates/test/bank-lines?direction=in')).json().items.map((one: { position: number }) => one.position), [1]);
    t.match((await get('cashier', '/api/v1/estates/test/bank-lines?state=matched')).json().items[0], { amount: '-200.00', entries: [{ description: /待核实支出/ }] }, 'the debit nobody signed was looked at as soon as it came');
    const csv = await get('resident', '/e/test/bank/lines.csv?period=2031-10');
    t.notMatch(csv.body, /刘先生|青松|S2/);
    t.match(csv.body, /2031-10-05,,200\.00,1300\.00/);
    t.match((await get('cashier', '/e/test/bank/lines.csv')).body, /青松绿化/);
    t.notMatch((await get('resident', '/e/test/bank/lines', 'text/html')).body, /刘先生|青松/);
    const { sha256 } = (await get('resident', '/api/v1/estates/test/bank-statements')).json().items[0];
    t.equal((await get('resident', `/e/test/vouchers/${sha256}`)).statusCode, 404, 'nor the file');
    await h.superuser.query(`alter table voucher disable trigger all; update voucher set audience = 'owners'; alter table voucher enable trigger all`);
    t.equal((await get('resident', `/e/test/vouchers/${sha256}`)).statusCode, 404, 'also where it had been handed in for owners before');
    const kept = await get('cashier', `/e/test/vouchers/${sha256}`);
    t.match([kept.statusCode, kept.headers['content-type'], kept.headers['content-disposition']], [200, /text\/csv/, /attachment/]);
    t.match((await get('resident', '/e/test/bank/statements.csv')).body, /已由业主委员会确认/);
  });

  await t.test('a typed balance does not contradict the lines', async (t) => {
    const sha256 = (await get('cashier', '/api/v1/estates/test/bank-statements')).json().items[0].sha256;
    const state = async (as_of: string, balance: string) => (await app.inject({ method: 'POST', url: '/api/v1/estates/test/bank-balances', headers: await as('cashier'),
      payload: { account: '1002', as_of, balance, voucher: sha256 } })).json();
    t.match(await state('2031-10-04', '1300.00'), { code: 'bank_balance_contradicts_lines', detail: /1,500\.00.*−200\.00/ });
    t.match(await state('2031-10-04', '1500.00'), { seq: Number });
    t.match(await state('2031-10-01', '500.00'), { seq: Number }, 'before the first line the opening counts');
    t.match(await state('2031-11-30', '7.00'), { seq: Number }, 'of days without a file paper speaks');
  });

  await t.test('the pages', async (t) => {
    t.equal((await get('resident', '/e/test/bank/files', 'text/html')).statusCode, 403);
    const upload = async (who: PersonName, files: { name: string; bytes: Buffer }[]) => {
      const { payload, headers } = multipart({}, { files });
      return app.inject({ method: 'POST', url: '/e/test/bank/files', payload, headers: { ...await as(who), ...headers, accept: 'text/html' } });
    };
    const press = async (who: PersonName, url: string, fields: Record<string, string>) => app.inject({ method: 'POST', url, payload: new URLSearchParams(fields).toString(),
      headers: { ...await as(who), 'content-type': 'application/x-www-form-urlencoded', accept: 'text/html' } });
    t.match((await upload('cashier', [])).body, /请选择从网银下载的对账单文件/);
    t.match((await upload('cashier', [{ name: 'x.csv', bytes: Buffer.alloc(20 * 1024 * 1024 + 1, 48) }])).statusCode, 413);
    const november = fileOf([['2031-11-03', '10.00', 'T1']], { from: '2031-11-01', to: '2031-11-30', opening: '1300.00' });
    const december = fileOf([['2031-12-01', '10.00', 'U1']], { from: '2031-12-01', to: '2031-12-04', opening: '1310.00' });
    const sent = await upload('cashier', [{ name: '十二月 13800138000.csv', bytes: december }, { name: '<b>十一月.csv', bytes: november }]);
    t.equal(sent.statusCode, 303);
    const url = sent.headers.location!;
    const shown = (await get('cashier', url, 'text/html')).body;
    t.match(shown, /b十一月\.csv/, 'the oldest first');
    t.match(shown, /新增 1 笔/);
    t.notMatch(shown, /<b>十一月|13800138000/);
    t.equal((await get('committee1', url, 'text/html')).statusCode, 404, 'a draft is its own');
    t.equal((await press('committee1', url, { act: 'take' })).statusCode, 404, 'and nobody else takes it in their name');
    // The later month first: told which days are missing, nothing taken.
    const other = /bank\/files\/\d+/.exec(shown.slice(shown.indexOf('十二月') - 120))![0];
    const early = await press('cashier', `/e/test/${other}`, { act: 'take' });
    t.equal(early.statusCode, 422);
    t.match(early.body, /缺 2031-11-01 至 2031-11-30（30 天）/);
    const pressed = await Promise.all([1, 2, 3].map(() => press('cashier', url, { act: 'take' })));
    t.ok(pressed.every((one) => [303, 404].includes(one.statusCode)), pressed.map((one) => one.statusCode).join());
    t.match((await get('cashier', url, 'text/html')).body, /已收下/);
    t.equal(await count('bank_line'), 3);
    t.equal((await press('cashier', `/e/test/${other}`, { act: 'take' })).statusCode, 303);
    t.equal(await count('bank_line'), 4);
    t.equal((await h.superuser.query('select count(content)::integer as n from statement_intake')).rows[0].n, 0, 'no bytes stay behind');
    const gone = await upload('cashier', [{ name: 'x.csv', bytes: fileOf([], { from: '2031-12-05', to: '2031-12-05', opening: '1.00' }) }]);
    t.equal((await press('cashier', gone.headers.location!, { act: 'drop' })).statusCode, 303);
    t.equal((await get('cashier', gone.headers.location!, 'text/html')).statusCode, 404);
  });

  await t.test('a long file is taken beside the request, and again after a restart', async (t) => {
    const many: Moved[] = Array.from({ length: 5_000 }, (_, n) => ['2031-12-05', n % 2 === 0 ? '2.00' : '-1.00', `L${n}`]);
    const bytes = fileOf(many, { from: '2031-12-05', to: '2031-12-05', opening: '1320.00' });
    const { estate } = h;
    const actor = h.actorOf('manager');
    const row = await handIn(h.house, { estate, actor, bytes, file_name: 'long.csv' });
    const read = () => inEstate(h.db.app, estate.estate_id, (trx) => readIntake(trx, { estate, actor, id: row.intake_id }));
    // As a process that was ended in the middle left it.
    await inEstate(h.db.app, estate.estate_id, (trx) => change(trx, row, { state: 'running', attempts: 1, step: 'details', done: 100, total: 5_000 }));
    const progress = await get('manager', `/e/test/bank/files/${row.intake_id}`, 'text/html');
    t.equal(progress.headers['refresh'], '3');
    t.match(progress.body, /正在保存明细：100 \/ 5,000/);
    const before = await count('bank_line');
    const takings = takingsOf(h.house, { files: statementOptions.files });
    takings.look(estate);
    takings.look();
    await takings.idle();
    t.match(await read(), { state: 'done', lines: 5_000 });
    t.equal(await count('bank_line'), before + 5_000, 'once');
    // One that cannot be taken says why on its page.
    const wrong = await handIn(h.house, { estate, actor, bytes: fileOf(many, { from: '2031-12-05', to: '2031-12-05', opening: '9.00' }), file_name: 'wrong.csv' });
    await inEstate(h.db.app, estate.estate_id, (trx) => change(trx, wrong, { state: 'waiting' }));
    takings.look(estate);
    await takings.idle();
    t.match(await inEstate(h.db.app, estate.estate_id, (trx) => readIntake(trx, { estate, actor, id: wrong.intake_id })), { state: 'refused', told_zh: /不一样/ });
    t.match((await get('manager', `/e/test/bank/files/${wrong.intake_id}`, 'text/html')).body, /这个文件不能收/);
    await takings.stop();
  });
});
