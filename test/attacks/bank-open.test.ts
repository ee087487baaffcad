// What should be public, and is not yet.
import t from 'tap';
import { proposeAccountChange } from '../../src/bank/account-change.ts';
import { stateBankBalance } from '../../src/bank/balance.ts';
import { executors } from '../../src/executors.ts';
import { reconcileAccount } from '../../src/reconciliation/reconcile.ts';
import { listExceptions } from '../../src/reconciliation/suspense.ts';
import { signAs } from '../helpers/approved.ts';
import { closeMonth, receive, testBooks } from '../disclosure/books.ts';
import { pay, refusalOf } from '../payment/story.ts';
import { scene } from '../reconciliation/scene.ts';
import { bankOf } from '../reconciliation/bank.ts';
import { receiveTestVoucher } from '../bank/statement.ts';

import { takeStatement } from '../../src/bank/statement.ts';
import type { Stated } from '../../src/bank/statement-file.ts';
import { statementFiles } from '../../src/payment/voucher.ts';
import { fileOf } from '../helpers/bank-file.ts';
import type { PersonName } from '../helpers/house.ts';

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
  t.comment(await reconcileAccount(h.house, estate, '100202', { actor: null }));
  t.equal((await h.work((trx) => listExceptions(trx, estate.estate_id))).length, 1);
});

t.test('a file that was no file of the bank can be set right', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
  const take = (bytes: Buffer, by: PersonName, stated: Stated = {}) =>
    takeStatement(h.house, { estate: h.estate, actor: h.actorOf(by), bytes, file_name: 'x.csv', stated }, { files: statementFiles });
  // This layout prints neither account nor days: whoever may confirm a statement may also make one up.
  await take(fileOf([['2031-10-02', '1.00', 'X1'], ['2031-12-05', '-1.00', 'X2']], { from: '', to: '', opening: '500.00', layout: 'icbc-detail' }), 'supervisor');
  const month = { from: '2031-10-01', to: '2031-10-31', opening: '700.00' };
  t.equal(await refusalOf(take(fileOf([['2031-10-02', '1000.00', 'S1']], month), 'cashier')), 'no refusal', 'the bank\'s own file');
});
