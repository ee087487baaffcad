// Balances of the bank: handed in with the bank's own statement, compared with the books in public.
import t from 'tap';
import { receiveTestVoucher } from './statement.ts';
import { stateBankBalance } from '../../src/bank/balance.ts';
import { latestBalances, monthEnds } from '../../src/bank/queries.ts';
import { inEstate } from '../../src/kernel/database.ts';
import { signIn } from '../helpers/house.ts';
import { payOut, receive, testBooks, type Books } from '../disclosure/books.ts';
import { fileForm, smallApp } from '../disclosure/small-app.ts';
import { pdfBytes } from './statement.ts';

const months = (h: Books, to: string) => inEstate(h.db.app, h.estate.estate_id, (trx) => monthEnds(trx, h.estate.estate_id, { from: '2031-10', to }));

t.test('the books of the very day are what a balance is compared with', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-20 09:00');
  await receive(h, { date: '2031-10-05', amount: '1000.00' });
  await payOut(h, { date: '2031-10-30', amount: '100.00' });
  await receive(h, { date: '2031-11-02', amount: '50.00' });
  const sha256 = await receiveTestVoucher(h);
  const state = (as_of: string, balance: string, more = {}) => stateBankBalance(h.house,
    { estate: h.estate, actor: h.actorOf('cashier'), account: '1002', as_of, balance, sha256, ...more });
  await state('2031-10-29', '1000.00');
  t.match(await months(h, '2031-11'), [
    { period: '2031-11', book_balance: '950.00', bank_balance: null, difference: null },
    { period: '2031-10', book_balance: '900.00', bank_balance: '1000.00', as_of: '2031-10-29', difference: '0.00' }]);
  await state('2031-10-31', '860.00');
  t.match((await months(h, '2031-10'))[0], { as_of: '2031-10-31', difference: '-40.00' });
  const right = await state('2031年10月31日', '９００');
  t.same(await state('2031-10-31', '900.00'), right, 'the same once more is the same');
  t.match((await months(h, '2031-10'))[0], { bank_balance: '900.00', difference: '0.00' }, 'the last one for a day counts');
  t.match(await inEstate(h.db.app, h.estate.estate_id, (trx) => latestBalances(trx, h.estate.estate_id)),
    [{ as_of: '2031-10-31', difference: '0.00' }]);
  const logged = await h.superuser.query(`select body from record where kind = 'bank_balance_stated'`);
  t.equal(logged.rowCount, 3, 'one record each, none for the repeated one');

  for (const [as_of, balance, code, field, more] of [
    ['2031-02-30', '1.00', 'bank_date_invalid', 'as_of'], ['2031-11-21', '1.00', 'bank_date_ahead', 'as_of'],
    ['2031-09-30', '1.00', 'bank_date_before_books', 'as_of'], ['2031-11-01', '0.1+0.2', 'bank_balance_invalid', 'balance'],
    ['2031-11-01', '-5', 'bank_balance_invalid', 'balance'], ['2031-11-01', '1.005', 'bank_balance_invalid', 'balance'],
    ['2031-11-01', '1.00', 'bank_account_unknown', 'account', { account: '9999' }],
    ['2031-11-01', '1.00', 'bank_statement_missing', 'voucher', { sha256: '' }],
    ['2031-11-01', '1.00', 'bank_statement_unknown', 'voucher', { sha256: 'a'.repeat(64) }],
  ] as const) await t.rejects(state(as_of, balance, more), { code, field }, code);
  await t.rejects(stateBankBalance(h.house, { estate: h.estate, actor: h.actorOf('resident'), account: '1002', as_of: '2031-11-01', balance: '1.00', sha256 }),
    { code: 'not_allowed' });
});

t.test('the page: a wrong form comes back with its file, a right one once', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-02 09:00');
  await receive(h, { date: '2031-10-05', amount: '1000.00' });
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const as = { ...await signIn(app, 'cashier'), accept: 'text/html' };
  const send = (fields: Record<string, string>, file = true) => {
    const { payload, headers } = fileForm(fields, file ? { name: '对账单.pdf', bytes: pdfBytes(), type: 'application/pdf' } : null);
    return app.inject({ method: 'POST', url: '/e/test/bank', headers: { ...as, ...headers }, payload });
  };
  const wrong = await send({ account: '1002', as_of: '2031-10-31', balance: '1,00,0.005', form_key: 'x' });
  t.equal(wrong.statusCode, 422);
  t.match(wrong.body, /不是余额/);
  t.match(wrong.body, /name="vouchers_kept"/);
  t.match(wrong.body, /value="1,00,0\.005"/);
  t.equal((await send({ account: '1002', as_of: '2031-10-31', balance: '1000' }, false)).statusCode, 422);
  const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send({ account: '1002', as_of: '2031-10-31', balance: '1,000.00', form_key: 'y' })));
  t.ok(answers.every((a) => a.statusCode === 303), answers.map((a) => a.statusCode).join());
  t.equal((await h.superuser.query('select from bank_balance')).rowCount, 1);
  const page = (await app.inject({ url: '/e/test/bank', headers: { ...await signIn(app, 'resident'), accept: 'text/html' } })).body;
  t.match(page, /一致/);
  t.notMatch(page, /交上并与账本对照/, 'the form is for cashier and manager');
  t.match((await app.inject({ url: '/e/test/bank.csv', headers: as })).body, /2031-10,1002,1000\.00,1000\.00,2031-10-31,0\.00,一致/);
  t.match((await app.inject({ url: '/api/v1/estates/test/bank-balances', headers: as })).json(),
    { items: [{ account: '1002', balance: '1000.00', book_balance: '1000.00', difference: '0.00', counts: true }], next_cursor: null });
});

t.test('the interface takes a balance for a voucher that was received', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-11-02 09:00');
  const sha256 = await receiveTestVoucher(h);
  const app = await smallApp(h.house);
  t.teardown(() => app.close());
  const url = '/api/v1/estates/test/bank-balances';
  const post = async (who: string, payload: object) => app.inject({ method: 'POST', url, payload,
    headers: { ...await signIn(app, who), 'idempotency-key': 'k1' } });
  const body = { account: '1002', as_of: '2031-10-31', balance: '0.00', voucher: sha256 };
  t.equal((await post('resident', body)).statusCode, 403);
  t.equal((await post('cashier', { ...body, balance: 5 })).statusCode, 400);
  const first = await post('cashier', body);
  t.equal(first.statusCode, 201);
  t.same((await post('cashier', body)).json(), first.json());
  t.match((await post('cashier', { ...body, balance: '1.00' })).json(), { code: 'key_reused' });
});
