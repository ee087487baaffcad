// Banks that are not known here: the file is shown with a guess, a person picks the columns, and every later file with the
// same header is read by them.
import t from 'tap';
import { headerSignature, previewTable } from '../../src/bankfile/mapping.ts';
import { readTables } from '../../src/bankfile/table-read.ts';
import { textRows } from '../../src/bankfile/table.ts';
import type { Mapping, Statement } from '../../src/bankfile/statement.ts';
import { refused } from './printing.ts';

const rural = textRows(`示例农村商业银行账户明细
账号：,6200100020003000688,户名：,示例小区业主委员会
查询日期：,2026-08-01至2026-08-31
交易日期,对方户名,收入金额,支出金额,余额,币种,对方账号,用途,附言,核心流水号
2026-08-03,王女士,"1,200.00",,"2,200.00",人民币,6217000010000002001,3-2-1002 物业费,,K1
2026-08-05,示例供电公司,,50.00,"2,150.00",人民币,6200100010000001005,电费,,K2
合计,,"1,200.00",50.00,,,,,,
`);
const statementOf = (rows: string[][], mappings: Mapping[], options = {}): Statement => {
  const read = readTables([rows], { mappings, ...options });
  if (read.kind !== 'statement') throw new Error('not mapped');
  return read.statement;
};

t.test('an unknown table is shown with its header, its first rows and a guess', async (t) => {
  const read = readTables([rural]);
  if (read.kind !== 'unmapped') return void t.fail('it is not known');
  const { preview } = read;
  t.equal(preview.header_row, 4);
  t.equal(preview.header[9], '核心流水号');
  t.equal(preview.sample.length, 3);
  t.same(preview.guess, {
    signature: preview.signature, booked_on: 0, booked_time: null, amount: null, amount_in: 2, amount_out: 3, side: null, balance: 4, serial: 9,
    counterparty_name: 1, counterparty_account: 6, counterparty_bank: null, memo: null, purpose: 7,
  });
  const statement = statementOf(rural, [preview.guess!]);
  t.equal(statement.format, `mapping:${preview.signature}`);
  t.same(statement.lines.map((line) => [line.booked_on, line.amount, line.balance, line.serial, line.counterparty_name]), [
    ['2026-08-03', '1200.00', '2200.00', 'K1', '王女士'], ['2026-08-05', '-50.00', '2150.00', 'K2', '示例供电公司'],
  ]);
  t.same([statement.opening, statement.account_number, statement.from, statement.in_total], ['1000.00', '6200100020003000688', '2026-08-01', '1200.00']);
});

t.test('the signature is that of the headings, not of their padding', async (t) => {
  const header = rural[3]!;
  t.equal(headerSignature([...header.map((cell) => ` ${cell}\t`), '', '']), headerSignature(header));
  t.not(headerSignature(header.with(2, '支出金额').with(3, '收入金额')), headerSignature(header), 'exchanged columns are another header');
  const guess = previewTable(rural)!.guess!;
  const moved = rural.map((row) => row.map((cell) => `${cell} `));
  t.equal(statementOf([['过滤条件：全部'], ...moved], [guess]).lines.length, 2, 'the header may stand lower');
  const other = readTables([rural.map((row, index) => (index === 3 ? row.with(9, '流水号') : row))], { mappings: [guess] });
  t.equal(other.kind, 'unmapped');
});

t.test('one column without a sign, the side beside it', async (t) => {
  const rows = textRows('序号,交易日期,收支标志,交易金额,账户余额,对手户名\n1,20260803,收,200.00,1200.00,王女士\n2,20260804,支,50.00,1150.00,示例供电公司');
  const guess = previewTable(rows)!.guess!;
  t.same([guess.side, guess.amount, guess.balance, guess.counterparty_name], [2, 3, 4, 5]);
  t.same(statementOf(rows, [guess]).lines.map((line) => line.amount), ['200.00', '-50.00']);
  // Read as signed, the balances tell that it is not.
  t.equal(refused(() => statementOf(rows, [{ ...guess, side: null }])).code, 'statement_balance_broken');
});

t.test('without balances the opening balance is asked for, and the closing is proven', async (t) => {
  const rows = textRows('日期,金额,摘要\n2026/8/4,-50.00,电费\n2026/8/3,200.00,物业费');
  const guess = previewTable(rows)!.guess!;
  t.equal(refused(() => statementOf(rows, [guess])).code, 'statement_opening_missing');
  const statement = statementOf(rows, [guess], { opening: '1000.00', closing: '1150.00' });
  t.same(statement.lines.map((line) => [line.row, line.balance]), [[3, '1200.00'], [2, '1150.00']], 'newest first is turned round');
  t.equal(statementOf(rows, [guess], { closing: '1150.00' }).opening, '1000.00');
  t.match(refused(() => statementOf(rows, [guess], { opening: '1000.00', closing: '1150.01' })).in('zh'), /期末余额是 1,150\.01.*第 2 行.*1,150\.00.*差 0\.01/);
});

t.test('columns that do not make a statement are refused', async (t) => {
  const guess = previewTable(rural)!.guess!;
  for (const [what, change] of [
    ['no money', { amount_in: null, amount_out: null }], ['money in only', { amount_out: null }], ['two ways', { amount: 2 }],
    ['day and balance in one', { booked_on: 4 }], ['the same twice', { amount_out: 2 }], ['no such column', { balance: 99 }], ['a fraction', { balance: 1.5 }], ['below', { memo: -1 }],
  ] as const) t.equal(refused(() => statementOf(rural, [{ ...guess, ...change }])).code, 'statement_mapping_wrong', what);
});

t.test('what is no table of a bank is refused', async (t) => {
  for (const text of ['', 'hello', '姓名,电话\n张三,1', '日期,天气,心情\n2026-08-01,晴,好']) {
    t.equal(refused(() => readTables([textRows(text)])).code, 'statement_no_table', JSON.stringify(text));
  }
  t.equal(refused(() => readTables([])).code, 'statement_no_table');
  t.equal(refused(() => readTables([rural, rural])).code, 'statement_several_tables');
  t.equal(readTables([[['说明']], rural, []]).kind, 'unmapped', 'sheets without a table do not count');
});
