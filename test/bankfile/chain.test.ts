// The chain of balances, told as a person would check it with a pencil: which row, both figures, the difference.
import t from 'tap';
import { proveChain } from '../../src/bankfile/chain.ts';
import type { RawStatement, StatementLine } from '../../src/bankfile/statement.ts';
import { addDays } from '../../src/kernel/dates.ts';
import { refused } from './printing.ts';

/** "amount balance" a line, one day after the other from 1 August, rows from 2. */
function raw(lines: string[], facts: Partial<RawStatement> = {}): RawStatement {
  return {
    format: 'test', account_number: null, account_name: null, currency: null, from: null, to: null, opening: null, closing: null, out_count: null, out_total: null,
    in_count: null, in_total: null,
    lines: lines.map((text, index): StatementLine => {
      const [amount, balance] = text.split(' ');
      return {
        row: index + 2, booked_on: addDays('2026-08-01', index), booked_time: '', amount: amount!, balance: balance ?? null, serial: `${amount}/${balance}`, counterparty_name: '',
        counterparty_account: '', counterparty_bank: '', memo: '', purpose: '',
      };
    }),
    ...facts,
  };
}
const good = ['200.00 1200.00', '-50.00 1150.00', '-0.40 1149.60', '3.00 1152.60', '10.00 1162.60'];
const told = (lines: string[], facts: Partial<RawStatement> = {}, options = {}): string => refused(() => proveChain(raw(lines, facts), options)).in('zh');

t.test('the opening follows from the first line, the closing from the last', async (t) => {
  const statement = proveChain(raw(good));
  t.same([statement.opening, statement.closing], ['1000.00', '1162.60']);
  t.same(proveChain(raw(good.slice(0, 1))).opening, '1000.00');
  const turned = raw(good);
  turned.lines.reverse();
  t.same(proveChain(turned).lines.map((line) => line.row), [2, 3, 4, 5, 6], 'newest first is read the other way round');
  t.same(proveChain(raw(good, { opening: '1000.00', closing: '1162.60', out_total: '50.40', out_count: 2, in_total: '213.00', in_count: 3, line_count: 5 })).lines.length, 5);
});

t.test('what is wrong is told with row, both figures and the difference', async (t) => {
  t.equal(told(good.with(2, '-0.50 1149.60')),
    '第 4 行接不上第 3 行：上一余额 1,150.00，本行 −0.50，应余 1,149.50，文件写的是 1,149.60，差 0.10 元。不是本行的数被改动，就是第 3 行与第 4 行之间缺了 0.10 元的流水。请从网银重新下载。');
  t.match(told(good.with(2, '-0.40 1149.80')), /^第 4 行的余额不对：上一余额 1,150\.00，本行 −0\.40，应余 1,149\.60，文件写的是 1,149\.80，差 0\.20 元；而后面第 5 行是从 1,149\.60 接下去的/);
  t.match(told(good.toSpliced(2, 1)), /^第 4 行接不上第 3 行：.*第 3 行与第 4 行之间缺了 −0\.40 元的流水/);
  const twice = raw([...good.slice(0, 3), ...good.slice(2)]);
  twice.lines[3]!.booked_on = twice.lines[2]!.booked_on;
  t.match(refused(() => proveChain(twice)).in('zh'), /^第 5 行与第 4 行是同一笔（2026-08-03，−0\.40，余额 1,149\.60），重复了一次/);
  t.match(told([good[0]!, good[2]!, good[1]!, good[3]!, good[4]!]), /^第 3 行与第 4 行前后颠倒了/);
  t.match(told([good[1]!, good[0]!, good[2]!, good[3]!]), /^第 2 行与第 3 行前后颠倒了/, 'the first two, where no opening is stated');
  t.match(told(good, { opening: '990.00' }), /^期初余额是 990\.00，而第 2 行之前的余额应为 1,000\.00，差 10\.00 元/);
  t.match(told(good, { closing: '1162.00' }), /^期末余额是 1,162\.00，而第 6 行（最后一笔）之后的余额是 1,162\.60，差 −0\.60 元/);
  t.match(told(good.with(4, '10.00 1162.90'), { closing: '1162.60' }), /^第 6 行的余额不对.*；而期末余额是从 1,162\.60 接下去的/, 'the closing balance goes on from the right one');
  t.match(told(good.with(3, '3.00')), /^第 5 行没有余额，而其他行有/);
  t.match(told(good, {}, { opening: '1.00', closing: '1162.60' }), /^期初余额是 1\.00/);
  t.match(told(good, { opening: '1000.00' }, { opening: '999.00' }), /^您填写的期初余额是 999\.00，文件写的是 1,000\.00，差 1\.00 元/);
});

t.test('far-off doubles are named too, and equal payments of one day stay two', async (t) => {
  const far = raw([...good, good[1]!]);
  far.lines[5]!.booked_on = far.lines[1]!.booked_on;
  t.match(refused(() => proveChain(far)).in('zh'), /^第 7 行与第 3 行是同一笔/);
  const equal = raw(['100.00 1100.00', '100.00 1200.00', '-100.00 1100.00', '100.00 1200.00']);
  equal.lines.forEach((line) => Object.assign(line, { booked_on: '2026-08-01', serial: '' }));
  t.equal(proveChain(equal).lines.length, 4);
});

t.test('where both directions follow, the days, then the times, decide', async (t) => {
  const both = raw(['5.00 1005.00', '-5.00 1000.00', '5.00 1005.00']);
  t.equal(proveChain(both).opening, '1000.00');
  both.lines.reverse();
  t.same(proveChain(both).lines.map((line) => line.booked_on), ['2026-08-01', '2026-08-02', '2026-08-03']);
  both.lines.forEach((line, index) => Object.assign(line, { booked_on: '2026-08-01', booked_time: `1${5 - index}:00:00` }));
  t.same(proveChain(both).lines.map((line) => line.booked_time), ['13:00:00', '14:00:00', '15:00:00']);
});

t.test('days never run backwards and lie within the days that are stated', async (t) => {
  const back = raw(good);
  back.lines[2]!.booked_on = '2026-08-01';
  t.match(refused(() => proveChain(back)).in('zh'), /^第 4 行的日期 2026-08-01 早于前一笔（第 3 行，2026-08-02）/);
  t.match(told(good, { from: '2026-08-02', to: '2026-08-31' }), /^第 2 行的日期 2026-08-01 不在文件写明的 2026-08-02 至 2026-08-31 之内/);
  t.match(told(good, { to: '2026-08-04' }), /^第 6 行/);
  t.match(told(good, { from: '2026-09-01', to: '2026-08-01' }), /起止日期颠倒/);
});

t.test('a red-letter line counts on the side it takes back or on the side its money goes, as banks differ', async (t) => {
  const red = raw(['200.00 1200.00', '-50.00 1150.00', '50.00 1200.00']);
  red.lines[2]!.red = true;
  t.equal(proveChain({ ...red, out_total: '0.00', out_count: 2, in_total: '200.00', in_count: 1 }).lines.length, 3);
  t.equal(proveChain({ ...red, out_total: '50.00', out_count: 1, in_total: '250.00', in_count: 2 }).lines.length, 3);
  t.equal(refused(() => proveChain({ ...red, out_total: '100.00' })).code, 'statement_totals_differ');
});

t.test('a file without lines proves a quiet month only with its days and both balances', async (t) => {
  const days = { from: '2026-08-01', to: '2026-08-31' };
  t.same(proveChain(raw([], { ...days, opening: '5.00', closing: '5.00' })).lines, []);
  t.same(proveChain(raw([], days), { opening: '5.00', closing: '5.00' }).closing, '5.00');
  t.equal(refused(() => proveChain(raw([], { ...days, opening: '5.00' }))).code, 'statement_empty');
  t.equal(refused(() => proveChain(raw([], { opening: '5.00', closing: '5.00' }))).code, 'statement_empty');
  t.match(told([], { ...days, opening: '5.00', closing: '6.00' }), /期初余额 5\.00 与期末余额 6\.00 却差 1\.00 元/);
  t.equal(refused(() => proveChain(raw([], { ...days, opening: '5.00', closing: '5.00', line_count: 2 }))).code, 'statement_totals_differ');
});

t.test('yuan only, and 200,000 lines at most', async (t) => {
  t.match(told(good, { currency: 'USD' }), /币种是“USD”/);
  const line = raw(good).lines[0]!;
  t.equal(refused(() => proveChain(raw([], { lines: Array.from({ length: 200_001 }, () => line) }))).code, 'statement_too_long');
});

t.test('figures beyond what an account can hold are refused, not reckoned with', async (t) => {
  const huge = Array.from({ length: 300 }, (_, index) => `${index % 2 === 0 ? '' : '-'}999999999999.99 ${index % 2 === 0 ? '999999999999.99' : '0.00'}`);
  t.equal(refused(() => proveChain(raw(huge.map((line) => line.replace('-', '').split(' ')[0]!)), { opening: '0.00' })).code, 'statement_sum_too_large');
  const alternating = raw(huge);
  alternating.lines.forEach((line, index) => Object.assign(line, { booked_on: '2026-08-01', serial: String(index) }));
  t.equal(refused(() => proveChain(alternating)).code, 'statement_sum_too_large', 'the totals of both sides');
  t.equal(refused(() => proveChain(raw(['1.00 2.00'], { opening: '9999999999999999.99' }))).code, 'statement_sum_too_large');
  t.equal(refused(() => proveChain(raw(['9999999999999999.99 9999999999999999.99']))).code, 'statement_sum_too_large');
});
