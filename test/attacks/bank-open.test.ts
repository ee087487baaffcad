// What should be public, and is not yet.
import t from 'tap';
import { proposeAccountChange } from '../../src/bank/account-change.ts';
import { stateBankBalance } from '../../src/bank/balance.ts';
import { money } from '../../src/kernel/money.ts';
import { executors } from '../../src/executors.ts';
import { reconcileAccount } from '../../src/reconciliation/reconcile.ts';
import { assembleFigures } from '../../src/disclosure/assemble.ts';
import { openDebits } from '../../src/disclosure/home-bank.ts';
import { exceptionHistory, listExceptions } from '../../src/reconciliation/suspense.ts';
import { buildApp } from '../../src/app.ts';
import { signAs } from '../helpers/approved.ts';
import { closeMonth, matchLines, receive, testBooks, transfer } from '../disclosure/books.ts';
import { pay, refusalOf } from '../payment/story.ts';
import { scene } from '../reconciliation/scene.ts';
import { bankOf } from '../reconciliation/bank.ts';
import { receiveTestVoucher } from '../bank/statement.ts';

import { takeStatement } from '../../src/bank/statement.ts';
import type { Stated } from '../../src/bank/statement-file.ts';
import { statementFiles } from '../../src/payment/voucher.ts';
import { fileOf } from '../helpers/bank-file.ts';
import { signIn, type PersonName } from '../helpers/house.ts';

const lamps = { kind: 'company', name: '川亮照明工程有限公司', bank_name: '工商银行简阳支行', account_number: '6222021234567890' } as const;

t.test('who draws cash is not answered by the amount alone', async (t) => {
  const h = await scene(t);
  await receive(h, { date: '2031-10-06', amount: '90000.00', account: '3101' });
  const order = await h.order({ payee: lamps, amount: '850.00' });
  h.at('2031-10-10 09:00');
  await pay(h, order.id, { paid_on: '2031-10-08' });
  await h.bank.take([{ on: '2031-10-06', amount: '90000.00' }, { on: '2031-10-10', amount: '-850.00', memo: '现金支取' }]);
  t.notMatch((await h.candidates(2)).join(), / certain /, 'the bank names nobody');
});

t.test('a debit of an account that was closed meanwhile is public all the same', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  const sign = async (item: { proposal_id: number; document_hash: string }) => {
    await signAs(h.house, h.estate, h.persons.manager, 'property', item);
    await signAs(h.house, h.estate, h.persons.committee1, 'committee', item);
    await signAs(h.house, h.estate, h.persons.committee2, 'committee', item);
    await executors.bank_account!(h.house, h.estate, item.proposal_id);
  };
  const ask = (asked: object) => proposeAccountChange(h.house, { estate, actor: h.actorOf('cashier'), reason: '按业委会决定', ...asked } as never);
  await sign(await ask({ change: 'open', name_zh: '改造专户', name_en: 'Renovation account', bank_name: '中国农业银行简阳支行', account_number: '6228480402564891234', opened_on: '2031-10-06' }));
  h.at('2031-10-28 09:00');
  const sha256 = await receiveTestVoucher(h);
  await stateBankBalance(h.house, { estate, actor: h.actorOf('cashier'), account: '100202', as_of: '2031-10-28', balance: '0.00', sha256 });
  // Money came and went; nothing of it was booked, so that both sides say 0.00.
  const bank = bankOf(h, '100202');
  await sign(await ask({ change: 'close', account: '100202', closed_on: '2031-10-28' }));
  h.at('2031-11-05 09:00');
  await closeMonth(h, '2031-10');
  await bank.take([{ on: '2031-10-07', amount: '50000.00', name: '某单位', number: '6217000099998888' }, { on: '2031-10-20', amount: '-50000.00', name: '何某', number: '6217000012345678' }],
    { from: '2031-10-06', to: '2031-10-28', by: h.persons.supervisor });
  t.match(await reconcileAccount(h.house, estate, '100202', { actor: null }), { booked: 0, suspended: 0 }, 'the books take nothing on it any more');
  const told = async () => (await h.query<{ text_zh: string }>(`select text_zh from notice where person_id = $1 and key like 'exception:line:%'`, [h.persons.committee1])).map((row) => row.text_zh);
  t.match(await told(), [/2031.*10.*20.*50,000\.00 元.*记不进去/], 'committee, supervisors and manager hear of it at once');
  await reconcileAccount(h.house, estate, '100202', { actor: null });
  t.equal((await told()).length, 1, 'and once');
  const shown = () => h.work(async (trx) => ({
    open: await listExceptions(trx, estate.estate_id), home: await openDebits(trx, estate.estate_id, '2031-11-05'),
    history: (await exceptionHistory(trx, estate.estate_id, { limit: 10 })).items,
  }));
  t.same(await shown(), { open: [], home: [], history: [] }, 'until the evening somebody may still say what it was');
  h.at('2031-11-05 20:00');
  const debit = { seq: null, account: '100202', position: 2, booked_on: '2031-10-20', left_amount: '50000.00' };
  t.match(await shown(), { open: [debit], home: [{ row: 'line-100202-2', amount: '50000.00' }], history: [debit] }, 'then every owner reads it: list, home page, history');
  const app = await buildApp(h.house);
  t.teardown(() => app.close());
  const headers = await signIn(app, 'resident');
  const read = async (path: string, accept: string) => (await app.inject({ url: path, headers: { ...headers, accept } })).body;
  t.match(JSON.parse(await read('/api/v1/estates/test/exceptions', 'application/json')), { open: [debit], items: [debit] });
  t.match(await read('/e/test/exceptions', 'text/html'), /id="line-100202-2"[^]*50,000\.00[^]*没有说明，也没能记账/);
  t.match(await read('/e/test/exceptions.csv', 'text/csv'), /2031-10-20,50000\.00,50000\.00,1234,银行流水第 2 笔,没有说明，也没能记账/);
  t.match(await read('/e/test', 'text/html'), /银行付出 50,000\.00 元，没有签批[^]*exceptions#line-100202-2/);
  h.at('2031-11-06 08:00');
  const { notices } = await assembleFigures(h.house, estate, '2031-10', { version: 1, published_at: null, correction: null });
  t.match(notices.map((one) => one.text_zh).join('\n'), /没有记账的流水里有 1 笔是银行付出，合计 50,000\.00 元/, 'page one says so from the next day on');
});

t.test('an account is not closed over lines that are not in the books, nor before its statements reach that day', async (t) => {
  const h = await scene(t);
  const { estate } = h;
  await receive(h, { date: '2031-10-06', amount: '100.00', account: '3101' });
  const other = bankOf(h, '100202');
  const ask = (asked: object) => proposeAccountChange(h.house, { estate, actor: h.actorOf('cashier'), reason: '按业委会决定', ...asked } as never);
  const item = await ask({ change: 'open', name_zh: '改造专户', name_en: 'Renovation account', bank_name: '中国农业银行简阳支行', account_number: '6228480402564891234', opened_on: '2031-10-06' });
  await signAs(h.house, estate, h.persons.manager, 'property', item);
  await signAs(h.house, estate, h.persons.committee1, 'committee', item);
  await signAs(h.house, estate, h.persons.committee2, 'committee', item);
  await executors.bank_account!(h.house, estate, item.proposal_id);
  h.at('2031-10-20 09:00');
  await receive(h, { date: '2031-10-07', amount: '70.00', bank: '100202' });
  await transfer(h, { date: '2031-10-20', lines: [{ account: '1002', fund: 'service', debit: money('70.00') }, { account: '100202', fund: 'service', credit: money('70.00') }] });
  h.at('2031-10-28 09:00');
  await other.take([{ on: '2031-10-07', amount: '70.00' }, { on: '2031-10-20', amount: '-70.00' }], { from: '2031-10-06', to: '2031-10-26' });
  const close = { change: 'close', account: '100202', closed_on: '2031-10-28' };
  await t.rejects(ask(close), { code: 'bank_account_lines_left', facts: { lines: '2', line_day: '2031-10-07' } });
  const entries = await h.query<{ seq: number }>(`select seq from posting where account = '100202' order by seq`);
  await matchLines(h, entries.map(({ seq }, index) => ({ entries: [seq], lines: [index + 1] })), '100202');
  await t.rejects(ask(close), { code: 'bank_account_statements_short', facts: { covered_to: '2031-10-26', closed_on: '2031-10-28' } });
  await other.take([], { from: '2031-10-27', to: '2031-10-28' });
  t.match(await ask(close), { proposal_id: Number });
});

t.test('a made-up file cannot stand before the bank\'s own', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
  const take = (bytes: Buffer, by: PersonName, stated: Stated = {}) =>
    takeStatement(h.house, { estate: h.estate, actor: h.actorOf(by), bytes, file_name: 'x.csv', stated }, { files: statementFiles });
  // This layout prints neither account nor days: whoever may confirm a statement might make one up.
  const made_up = fileOf([['2031-10-02', '1.00', 'X1'], ['2031-12-05', '-1.00', 'X2']], { from: '', to: '', opening: '500.00', layout: 'icbc-detail' });
  for (const by of ['supervisor', 'committee1'] as const) {
    await t.rejects(take(made_up, by, { accept_opening: 'yes', from: '2031-10-01', to: '2031-12-05' }), { code: 'statement_not_yours_to_begin', facts: { lacks: '账号和期间', n: 2 } }, by);
  }
  t.equal((await h.superuser.query('select from bank_statement')).rowCount, 0, 'and no days without lines either');
  await t.rejects(take(fileOf([], { from: '', to: '', opening: '500.00', layout: 'icbc-detail' }), 'supervisor', { from: '2031-10-01', to: '2031-12-05', opening: '500.00' }), /statement_/);
  // What the books were opened with is what a first statement has to open with.
  await receive(h, { date: '2031-10-01', amount: '700.00', account: '3101' });
  const month = { from: '2031-10-01', to: '2031-10-31', opening: '700.00' };
  const own = fileOf([['2031-10-02', '1000.00', 'S1']], month);
  await t.rejects(take(fileOf([['2031-10-02', '1000.00', 'S1']], { ...month, opening: '500.00' }), 'cashier'),
    { code: 'statement_first_opening_differs', facts: { books: '700.00', opening: '500.00', difference: '−200.00' } });
  t.equal(await refusalOf(take(own, 'cashier')), 'no refusal', 'the bank\'s own file');
  t.match(await take(own, 'supervisor'), { lines: 0, repeated: 1 }, 'which the others confirm');
  const next = fileOf([['2031-11-02', '5.00', 'S2']], { from: '2031-11-01', to: '2031-11-30', opening: '1700.00' });
  t.match(await take(next, 'supervisor'), { lines: 1 }, 'a file that names account and days may also come from them first');
});
