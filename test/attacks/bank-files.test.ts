// Statement files that were tampered with on their way from the bank: who got the money is part of what a second body confirms.
import t from 'tap';
import { takeStatement } from '../../src/bank/statement.ts';
import { statementFiles } from '../../src/payment/voucher.ts';
import { bankFile } from '../../src/demo/bank-files.ts';
import type { PersonName } from '../helpers/house.ts';
import { testBooks } from '../disclosure/books.ts';

const printed = (name: string, number: string, serial = 'S2'): Buffer => Buffer.from(bankFile('bocom', 'csv', {
  account_number: '6222000011118866', account_name: '示例小区业主共有资金', from: '2031-10-01', to: '2031-10-31', opening: '500.00',
  lines: [
    { booked_on: '2031-10-05', booked_time: '10:00:00', amount: '-200.00', serial, counterparty_name: name, counterparty_account: number, counterparty_bank: '', memo: '转账', purpose: 'FK000123' },
  ],
}).bytes);

t.test('the second body\'s true file shows that the first one named another payee', async (t) => {
  const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
  const take = (bytes: Buffer, by: PersonName) => takeStatement(h.house, { estate: h.estate, actor: h.actorOf(by), bytes, file_name: 'x.csv', stated: { accept_opening: 'yes' } }, { files: statementFiles });
  // The bank printed 何某; the cashier's file names the company that was signed for.
  await take(printed('川亮照明工程有限公司', '6222021234567890'), 'cashier');
  await t.rejects(take(printed('何某', '6217000012345678'), 'committee1'), { code: 'statement_repeat_party', facts: { position: 1, file_party: '5678', kept_party: '7890' } });
  await t.rejects(take(printed('何某', ''), 'committee1'), { code: 'statement_repeat_party' });
  t.match(await take(printed('川亮照明工程有限公司', '6222 0212 3456 7890'), 'committee1'), { repeated: 1 });
  t.match(await take(printed('川亮照明工程有限公司', ''), 'supervisor'), { repeated: 1 }, 'a format that gives no number contradicts nothing');
});

t.test('a payer\'s telephone, ID card or card number in the column of serials does not reach the log', async (t) => {
  for (const serial of ['13800138000', '510104199001011230', '6222021234567894']) {
    const h = await testBooks(t, '2031-10', '2031-12-05 09:00');
    await takeStatement(h.house, { estate: h.estate, actor: h.actorOf('cashier'), bytes: printed('何某', '6217000012345678', serial), file_name: 'x.csv', stated: { accept_opening: 'yes' } }, { files: statementFiles });
    const { rows } = await h.superuser.query<{ body: string }>(`select body from record where kind = 'bank_statement_imported'`);
    t.notMatch(rows[0]!.body, new RegExp(serial), serial);
    t.equal((await h.superuser.query('select serial from bank_line')).rows[0].serial, '');
  }
});
