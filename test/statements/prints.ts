// Random accounts as banks print them: the property test writes each in every format and reads it back.
import { addDays } from '../../src/kernel/dates.ts';
import { money, moneyText, sum } from '../../src/kernel/money.ts';
import { bankFile, type Carrier } from '../helpers/bank-workbook.ts';
import { bankLayouts, type BankLayout, type PrintedLine, type Printout } from '../../src/demo/bank-files.ts';
import { camtFile, mt940File } from '../../src/demo/bank-messages.ts';
import type { Chance } from '../faults/random.ts';

const names = ['张三', '欧阳明月', '成都市锦江区某某物业服务有限公司', 'O\'Brien & Söhne', '李*', '国网四川省电力公司', '𠮷田贸易', '', '示例小区业主委员会'];
const memos = ['物业费', '转账', '结息', '手续费', '代收', 'POS 3-2-1002', '退汇', ''];
const purposes = ['3-2-1002 物业费', '2026年11月 停车费', '付款申请单 P2026-0007', '"引号", 逗号；分号|竖线', '<b>不是标签</b> & 不是实体', '', '单元门维修 第1期', '=1+1', '50%尾款'];

const amount = (chance: Chance): string => {
  const size = chance.weighted<string>([
    [4, `${chance.whole(0, 9999)}.${String(chance.whole(1, 99)).padStart(2, '0')}`], [3, `${chance.whole(1, 999)}.00`], [1, '0.01'],
    [1, `${chance.whole(1_000_000, 99_999_999)}.${chance.whole(10, 99)}`], [1, '850.00'],
  ]);
  return chance.happens(0.5) ? moneyText(money(size)) : `-${moneyText(money(size))}`;
};

export function randomPrint(chance: Chance, count: number): Printout {
  const from = addDays('2026-01-01', chance.whole(0, 300));
  const days = chance.whole(0, 40);
  const dates = Array.from({ length: count }, () => addDays(from, chance.whole(0, days))).toSorted();
  let second = 0;
  let previous = '';
  const lines: PrintedLine[] = dates.map((booked_on, at) => {
    second = booked_on === previous ? second + chance.whole(0, Math.floor(86_000 / (count + 1))) : chance.whole(0, 100);
    previous = booked_on;
    const two = (n: number): string => String(n).padStart(2, '0');
    const line: PrintedLine = {
      booked_on, booked_time: `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`, amount: amount(chance),
      serial: chance.happens(0.9) ? `S${String(at + 1).padStart(7, '0')}` : '', counterparty_name: chance.pick(names),
      counterparty_account: chance.pick(['6222021001112223334', '51001870836051500000', '']), counterparty_bank: chance.pick(['中国工商银行简阳支行', '']),
      memo: chance.pick(memos), purpose: chance.pick(purposes),
    };
    return line;
  });
  return {
    account_number: '4402201009100012345', account_name: '示例小区业主共有资金共管账户', from, to: addDays(from, days),
    opening: `${chance.whole(0, 1_000_000)}.${String(chance.whole(0, 99)).padStart(2, '0')}`, lines,
  };
}

export interface Written { format: string; bytes: Uint8Array }
export interface Writer {
  name: string;
  /** Whether the format itself says how much there was before the first line and after the last one, or totals. */
  framed: boolean;
  running: boolean;
  write(print: Printout): Uint8Array;
}

const framed: readonly BankLayout[] = ['abc', 'boc', 'bocom'];
const table = (layout: BankLayout, carrier: Carrier): Writer =>
  ({ name: `${layout} ${carrier}`, framed: framed.includes(layout), running: true, write: (print) => bankFile(layout, carrier, print).bytes });

export const messageWriters: readonly Writer[] = [2, 8, 13].map((version) => ({
  name: `camt.053.001.${String(version).padStart(2, '0')}`, framed: true, running: false, write: (print: Printout) => camtFile(print, version),
}));
export const swiftWriter: Writer = { name: 'mt940', framed: true, running: false, write: (print) => mt940File(print, 10) };

/** Every layout in text, and every carrier once. */
export const writers: readonly Writer[] = [
  ...bankLayouts.map((layout) => table(layout, 'csv')), ...bankLayouts.map((layout) => table(layout, 'xlsx')),
  table('ccb', 'xls'), table('cmb', 'xls'), table('icbc-detail', 'tab'), table('bocom', 'html'), ...messageWriters, swiftWriter,
];

/** Running balances a reader must find. */
export function balancesOf(print: Printout): string[] {
  let balance = money(print.opening);
  return print.lines.map(({ amount: moved }) => moneyText(balance = sum([balance, money(moved)])));
}
