// Cells are read strictly: an amount, a day, a time, or a refusal with row, column and what stands there.
import t from 'tap';
import { accountNumber, isYuan, momentOf, plainCell, readAmount, readClock, readCount, readText } from '../../src/bankfile/value.ts';
import { refused } from './printing.ts';

const at = { row: 12, column: '贷方发生额' };

t.test('amounts as banks print them', async (t) => {
  for (const [cell, amount] of [
    ['1,234.50', '1234.50'], ['￥1,200.00', '1200.00'], ['¥ 3', '3.00'], ['-1200.00', '-1200.00'], ['+267.10', '267.10'], ['1200', '1200.00'], ['12.5', '12.50'],
    ['0.00', '0.00'], ['0', '0.00'], ['.03', '0.03'], ['-.5', '-0.50'], ['  88.00\t', '88.00'], ['\u00a088.00\u3000', '88.00'], ['999,999,999,999.99', '999999999999.99'],
    ['RMB12.00', '12.00'], ['="7.20"', '7.20'],
  ] as const) t.equal(readAmount(cell, at), amount, JSON.stringify(cell));
  for (const cell of ['', '  ', '\t', '-', '--', '—']) t.equal(readAmount(cell, at), null, `${JSON.stringify(cell)} is none`);
});

t.test('what is not exactly an amount is refused with row, column and what stands there', async (t) => {
  for (const cell of [
    '1e5', '1E5', '-0', '-0.00', '２３．５０', '23.505', '12.3.4', '1.2,3', '12,34.00', '1,23', ',123.00', '0012.00', '12.', '.', '+', '- 5', '5-', '(5.00)', '0x10', 'NaN', 'Infinity',
    '1 200.00', '壹佰元', '12,345,67', '1234567890123.00', '1,234.50元整', '5.00CR', '"5"', '٣', '1\u200b2.0.0', '=1+1',
  ]) {
    const refusal = refused(() => readAmount(cell, at));
    t.equal(refusal.code, 'statement_amount_unreadable', JSON.stringify(cell));
    t.match(refusal.in('zh'), /第 12 行“贷方发生额”写的是/);
    t.equal(refusal.facts['row'], 12);
  }
  t.ok(String(refused(() => readAmount('9'.repeat(5_000), at)).facts['text']).length < 60, 'a monstrous cell is shown in part');
});

t.test('days and times in the spellings of banks', async (t) => {
  for (const [cell, date, time] of [
    ['20260801', '2026-08-01', ''], ['2026-08-01', '2026-08-01', ''], ['2026/8/1', '2026-08-01', ''], ['2026.8.1', '2026-08-01', ''], ['2026年08月01日', '2026-08-01', ''],
    ['20260801 15:24:03', '2026-08-01', '15:24:03'], ['20260801152403', '2026-08-01', '15:24:03'], ['2026-08-01 15:24', '2026-08-01', '15:24:00'], ['2026-08-01T15:24:03', '2026-08-01', '15:24:03'],
    ['2026/8/1 9:04:03', '2026-08-01', '09:04:03'], ['2026-08-01-15.24.03.123456', '2026-08-01', '15:24:03'], ['2026年8月1日 15时24分', '2026-08-01', '15:24:00'], ['20260801 152403', '2026-08-01', '15:24:03'],
    ['\t2026-08-01 15:24:03\t', '2026-08-01', '15:24:03'], ['2024-02-29', '2024-02-29', ''],
  ] as const) t.same(momentOf(cell), { date, time }, cell);
  // A bare serial number of a spreadsheet is no day, nor what could be two days.
  for (const cell of ['46235', '8/1/26', '01/08/2026', '2026-02-30', '20261301', '2026-08', '26-08-01', '20260801 25:00', '２０２６０８０１', '2026080', '20260801x', '0000-00-00', '2026-08-011', '1e9']) {
    t.equal(momentOf(cell), null, cell);
  }
  t.equal(readClock('152403', at), '15:24:03');
  t.equal(readClock('93005', at), '09:30:05');
  t.equal(readClock('15:24:03.250', at), '15:24:03');
  t.equal(readClock('20260801 15:24:03', at), '15:24:03');
  t.equal(refused(() => readClock('25:00:00', at)).code, 'statement_time_unreadable');
});

t.test('texts, counts, accounts, currencies', async (t) => {
  t.equal(plainCell("'0012"), '0012');
  t.equal(plainCell('="000123"'), '000123');
  t.equal(plainCell('a\u0000\r\nb\u200b'), 'a b');
  t.equal(plainCell('a\ud800b').isWellFormed(), true);
  t.equal(refused(() => readText('长'.repeat(1_001), at)).code, 'statement_cell_too_long');
  t.equal(readCount('共12笔', at), 12);
  t.equal(refused(() => readCount('一打', at)).code, 'statement_count_unreadable');
  t.equal(accountNumber('10-5456 0104 0000'), '10545601040000');
  t.equal(accountNumber('６２２２０００1'), '62220001');
  t.equal(accountNumber('6222****1234'), '6222****1234');
  t.equal(accountNumber('示例小区'), null);
  for (const yuan of ['CNY', 'rmb', '人民币', '人民币元', '156', ' 人民币 ']) t.ok(isYuan(yuan), yuan);
  for (const other of ['USD', '美元', '港币', '']) t.notOk(isYuan(other), other);
});
