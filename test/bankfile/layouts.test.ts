// The banks' tables: recognised by their headings and nothing else, with whatever stands around the lines; and the traps
// in which other programs were caught (DOMAIN §5).
import t from 'tap';
import { recognise } from '../../src/bankfile/layout.ts';
import { layouts } from '../../src/bankfile/layouts.ts';
import { readTables } from '../../src/bankfile/table-read.ts';
import type { Statement } from '../../src/bankfile/statement.ts';
import { bankLayouts, bankTable, type BankLayout, type Printout } from '../../src/demo/bank-files.ts';
import { refused } from './printing.ts';

const line = (booked_on: string, amount: string, serial: string, more: object = {}) => ({
  booked_on, booked_time: '09:30:00', amount, serial, counterparty_name: '示例供电公司', counterparty_account: '6200100010000001005', counterparty_bank: '示例工商银行支行',
  memo: '转账', purpose: '电费', ...more,
});
const print: Printout = {
  account_number: '6200100020003000688', account_name: '示例小区业主委员会', from: '2026-08-01', to: '2026-08-31', opening: '1000.00',
  lines: [line('2026-08-03', '200.00', 'A1'), line('2026-08-03', '-50.00', 'A2'), line('2026-08-20', '-0.40', 'A3'), line('2026-08-21', '3.00', 'A4')],
};
function read(rows: string[][], options = {}): Statement {
  const found = readTables([rows], options);
  if (found.kind !== 'statement') throw new Error('not recognised');
  return found.statement;
}
const amounts = (statement: Statement): string[] => statement.lines.map((one) => `${one.amount} → ${one.balance}`);
const expected = ['200.00 → 1200.00', '-50.00 → 1150.00', '-0.40 → 1149.60', '3.00 → 1152.60'];
const tableOf = (layout: BankLayout): { rows: string[][]; header: number } => {
  const rows = bankTable(layout, print);
  return { rows, header: recognise(rows, layouts)!.header };
};

t.test('each header is one layout and no other', async (t) => {
  for (const layout of bankLayouts) {
    const { rows, header } = tableOf(layout);
    for (const other of layouts) {
      const found = recognise([rows[header]!], [other]);
      t.equal(found === null, other.format !== layout, `${layout} read as ${other.format}`);
    }
    const messy = rows[header]!.map((cell) => ` \t${cell.replace('(', '（').replace(')', '）')}\u3000`);
    t.equal(recognise([messy], layouts)?.layout.format, layout, `${layout} with padded headings and full-width brackets`);
    t.equal(recognise([[...rows[header]!].reverse()], layouts)?.layout.format, layout, `${layout} with its columns in another order`);
  }
});

t.test('money out is the bank\'s debit, in every layout', async (t) => {
  for (const layout of bankLayouts) {
    const { rows } = tableOf(layout);
    const statement = read(rows);
    t.same(amounts(statement), expected, layout);
    t.equal(statement.opening, '1000.00');
    t.equal(statement.lines[1]!.counterparty_name, '示例供电公司', `${layout}: the other side, not its bank`);
    t.equal(statement.lines[1]!.row, rows.findIndex((row) => row.some((cell) => /^1,?150\.00$|^\+1150\.00$/.test(cell))) + 1, `${layout}: the row a person finds it in`);
  }
});

t.test('what stands around the lines is no line', async (t) => {
  for (const layout of bankLayouts) {
    const { rows, header } = tableOf(layout);
    const heading = rows[header]!;
    const total = heading.map((_, column) => (column === 0 ? '本页合计' : ''));
    const messy = [
      ...rows.slice(0, header), heading, rows[header + 1]!, [], heading.map(() => '  '), total, heading, ...rows.slice(header + 2),
      ['第 1 页，共 1 页'], ['打印时间：2026-09-01 08:00', '', '打印人：李出纳'], ['温馨提示：本明细仅供参考。'], [''],
    ].map((row) => row.map((cell) => `${cell}\t`));
    t.same(amounts(read(messy)), expected, layout);
  }
});

t.test('a line with a damaged day is refused and never taken for a note', async (t) => {
  for (const layout of bankLayouts) {
    const { rows, header } = tableOf(layout);
    const column = recognise(rows, layouts)!.columns.booked_on![0]!;
    rows[header + 2]![column] = rows[header + 2]![column]!.replace('0', 'O');
    const refusal = refused(() => read(rows));
    t.equal(refusal.code, 'statement_date_unreadable', layout);
    t.equal(refusal.facts['row'], header + 3);
  }
});

t.test('a line above the header is refused and not left out', async (t) => {
  for (const layout of bankLayouts) {
    const { rows, header } = tableOf(layout);
    const [first] = rows.splice(header + 1, 1);
    const refusal = refused(() => read(rows.toSpliced(header, 0, first!)));
    t.same([refusal.code, refusal.facts['row'], refusal.facts['header']], ['statement_line_above_header', header + 1, header + 2], layout);
  }
});

t.test('a line is never taken for the values of the labels above it', async (t) => {
  const { rows, header } = tableOf('abc');
  const labels = ['总收入笔数', '总收入金额', '总支出笔数', '总支出金额'];
  t.same(amounts(read(rows.toSpliced(header + 2, 0, labels))), expected);
});

t.test('lines that move nothing, or both ways, are refused', async (t) => {
  const { rows, header } = tableOf('icbc-account');
  const change = (row: number, cells: Record<number, string>): string[][] =>
    rows.map((all, index) => (index === header + row ? all.map((cell, column) => cells[column] ?? cell) : all));
  t.equal(refused(() => read(change(1, { 5: '0.00', 6: '0.00' }))).code, 'statement_amount_zero');
  t.equal(refused(() => read(change(1, { 5: '', 6: ' ' }))).code, 'statement_amount_missing');
  t.equal(refused(() => read(change(1, { 5: '1.00' }))).code, 'statement_amount_twice');
  t.equal(refused(() => read(change(1, { 4: '借' }))).code, 'statement_side_contradicts');
  t.equal(refused(() => read(change(1, { 4: '?' }))).code, 'statement_side_unknown');
  t.match(refused(() => read(change(2, { 1: '6200100020003000699' }))).in('zh'), /本方账号是 6200100020003000699，前面写的是 6200100020003000688/);
  t.equal(refused(() => read(rows.map((all, index) => (index === header + 1 ? [...all, '1.00'] : all)))).code, 'statement_row_ragged');
  t.match(read(change(1, { 0: '000000000' })).lines[0]!.serial, '', 'nine noughts are no serial number');
});

t.test('CCB: the joined cell is one serial; the day is that of the booking; other currencies are refused', async (t) => {
  const { rows } = tableOf('ccb');
  rows[1]![13] = '1024-5105101Z0N4QY8K0A';
  rows[1]![2] = '20260802 23:50:00';
  const statement = read(rows);
  t.equal(statement.lines[0]!.serial, '1024-5105101Z0N4QY8K0A');
  t.equal(statement.lines[0]!.booked_on, '2026-08-03');
  t.equal(statement.lines[0]!.booked_time, '', 'the time of the order the evening before is not that of the booking');
  rows[2]![6] = '美元';
  t.same([refused(() => read(rows)).code, refused(() => read(rows)).facts['row']], ['statement_currency_foreign', 3]);
});

t.test('ICBC: 借/贷 beside one amount without a sign', async (t) => {
  const rows = [
    ['[HISTORYDETAIL]'], ['本方账号', '对方账号', '交易时间', '借/贷', '金额', '凭证号', '对方单位', '对方行号', '用途', '摘要', '附言', '个性化信息', '余额'],
    ['6200100020003000688', '', '2026-08-03', '贷', '200.00', '1', '', '', '', '', '', '', '1,200.00'],
    ['6200100020003000688', '', '2026-08-03', '借', '50.00', '2', '', '', '', '', '', '', '1,150.00'],
    ['6200100020003000688', '', '2026-08-04', '借', '-5.00', '3', '', '', '', '', '', '', '1,155.00'],
  ];
  const statement = read(rows);
  t.same(statement.lines.map((one) => one.amount), ['200.00', '-50.00', '5.00'], 'money out of −5.00 is money in');
  t.equal(statement.lines[2]!.red, true);
  rows[2]![3] = '';
  t.equal(refused(() => read(rows)).code, 'statement_side_unknown');
});

t.test('a workbook with the text of the table in its first column is read like the text', async (t) => {
  const rows = bankTable('bocom', print).map((row) => [row.map((cell) => `"${cell}"`).join(',')]);
  t.same(amounts(read(rows)), expected);
});

t.test('what the file states besides must agree with its lines', async (t) => {
  const boc = tableOf('boc').rows;
  const wrong = (row: number, value: string): string[][] => boc.map((all, index) => (index === row ? [all[0]!, value] : all));
  t.match(refused(() => read(wrong(1, '5'))).in('zh'), /“总笔数”文件写的是 5，逐行加起来是 4，差 1/);
  t.match(refused(() => read(wrong(2, '3'))).in('zh'), /支出（借方）笔数”文件写的是 3，逐行加起来是 2/);
  t.match(refused(() => read(wrong(3, '50.00'))).in('zh'), /支出（借方）合计”文件写的是 50\.00，逐行加起来是 50\.40，差 −0\.40/);
  t.match(refused(() => read(wrong(5, '203.10'))).in('en'), /states 203\.10 as the total of money in/);
  t.equal(refused(() => read(wrong(6, '20260804-20260831'))).code, 'statement_line_outside');
  t.equal(refused(() => read(wrong(6, '20260831-20260801'))).code, 'statement_period_reversed');

  const bocom = tableOf('bocom').rows;
  const cell = (row: number, column: number, value: string): string[][] => bocom.map((all, index) => (index === row ? all.with(column, value) : all));
  t.same(refused(() => read(cell(1, 5, '1,152.61'))).facts, { closing: '1,152.61', row: 7, expected: '1,152.60', difference: '0.01' });
  t.match(refused(() => read(cell(1, 3, '999.00'))).in('zh'), /期初余额是 999\.00，而第 4 行之前的余额应为 1,000\.00，差 1\.00 元/);
  t.equal(refused(() => read(cell(7, 4, '50.41'))).code, 'statement_totals_differ');
  t.match(refused(() => read([...bocom, ['支出合计：51.00']])).in('zh'), /“支出（借方）合计”在文件里写了两次而不一样：先是 50\.40，第 9 行又是 51\.00/);
  t.match(refused(() => read([...bocom, ['支出合计：3笔，共50.40元']])).in('zh'), /支出（借方）笔数”文件写的是 3，逐行加起来是 2/);
  t.same(amounts(read([...bocom, ['收入合计：详见下页']])), expected, 'a total in words is no total');
  t.equal(read(cell(0, 1, '62001000****000688')).account_number, '62001000****000688');
});
