// The journal as hledger and Beancount read it: their own programs accept it, and what they add up is what the
// books say, account by account and fund by fund.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { beancountText } from '../../src/exchange/beancount.ts';
import { openBooks } from '../../src/exchange/books.ts';
import { hledgerText } from '../../src/exchange/hledger.ts';
import { beancountBalances, hledgerBalances } from './readers.ts';
import { balancesOf, folderFor, missing, ODD_MEMO, run, sampleBooks, textOf } from './sample.ts';

const h = await sampleBooks(t);
const ranges = [{}, { from: '2031-10', to: '2031-10' }, { from: '2031-11', to: '2031-11' }];
const name = (range: { from?: string; to?: string }): string => `${range.from ?? 'first'} to ${range.to ?? 'last'} month`;

t.test('hledger accepts the journal strictly, and its balances are ours', { skip: missing('hledger') }, async (t) => {
  for (const range of ranges) {
    const books = await openBooks(h.house, h.estate, range);
    const file = join(folderFor(t), 'journal.hledger');
    writeFileSync(file, await textOf(hledgerText(h.house, books)));
    run('hledger', ['-f', file, 'check', '--strict', 'ordereddates', 'payees']);
    t.strictSame(hledgerBalances(file), await balancesOf(h, books.to), name(range));
  }
});

t.test('hledger notices when an amount was changed', { skip: missing('hledger') }, async (t) => {
  const file = join(folderFor(t), 'journal.hledger');
  const text = await textOf(hledgerText(h.house, await openBooks(h.house, h.estate, {})));
  writeFileSync(file, text.replaceAll('513.60 CNY', '513.61 CNY').replaceAll('-513.60 CNY', '-513.61 CNY'));
  t.throws(() => run('hledger', ['-f', file, 'check', '--strict']), /balance assertion/i);
});

t.test('bean-check accepts the journal, and its balances are ours', { skip: missing('bean-check') }, async (t) => {
  for (const range of ranges) {
    const books = await openBooks(h.house, h.estate, range);
    const file = join(folderFor(t), 'journal.beancount');
    writeFileSync(file, await textOf(beancountText(h.house, books)));
    t.equal(run('bean-check', [file]), '', 'nothing to complain of');
    t.strictSame(beancountBalances(file, books), await balancesOf(h, books.to), name(range));
  }
});

t.test('bean-check notices when an amount was changed by a fen', { skip: missing('bean-check') }, async (t) => {
  const file = join(folderFor(t), 'journal.beancount');
  const text = await textOf(beancountText(h.house, await openBooks(h.house, h.estate, {})));
  writeFileSync(file, text.replaceAll(/(Service|service) {2}(-?)513\.60 CNY/g, '$1  $2513.61 CNY'));
  t.throws(() => run('bean-check', [file]), /Balance failed/);
});

t.test('an entry carries what an auditor asks for', async (t) => {
  const books = await openBooks(h.house, h.estate, {});
  const hledger = await textOf(hledgerText(h.house, books));
  const beancount = await textOf(beancountText(h.house, books));
  t.match(hledger, new RegExp(`reverses:${h.reversed}\\b`), 'what a reversal reverses');
  t.match(hledger, new RegExp(`reversed-by:${h.reversal}\\b`));
  t.match(hledger, /1002 银行存款:service 物业服务资金 {2}-888\.88 CNY/, 'in red, on the same side');
  t.match(hledger, /signed-by:property\/manager\/password committee\/chair\/password/);
  t.match(hledger, `vouchers:${h.vouchers.officers}`);
  t.match(hledger, /\(2031-10 付-001\) 川亮＂照明＂；｜\[有限\]公司, \(A\) = 责任 \{制\} \| =1\+1； 灯具/);
  t.match(beancount, /\* "川亮\\"照明\\";\|\[有限\]公司, \(A\) = 责任 \{制\}" "=1\+1; 灯具\|更换 \\"三栋\\"/);
  t.match(beancount, new RegExp(`#receipt #reversal \\^seq-${h.reversal} \\^seq-${h.reversed}`));
  t.match(beancount, '"NX-2031-10-06"', 'the reference of the bank');
  t.notMatch(hledger + beancount, /何出纳|马经理|张师傅|李业主/, 'and no name of a person');
  t.ok(ODD_MEMO.includes('"'));
});

t.test('what was opened stays as it was: entries posted meanwhile are not in it', async (t) => {
  const books = await openBooks(h.house, h.estate, {});
  const before = await textOf(hledgerText(h.house, books));
  const { receive } = await import('../disclosure/books.ts');
  await receive(h, { date: '2031-11-05', amount: '1.00', description: '后来的一笔' });
  t.equal(await textOf(hledgerText(h.house, books)), before);
  t.match(await textOf(hledgerText(h.house, await openBooks(h.house, h.estate, {}))), '后来的一笔');
});
