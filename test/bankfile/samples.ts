// The September of a fictional account, for the samples in fixtures/bank: fees by unit, two equal payments on one day, a
// payment that came back, a fee of the bank, interest. Names and numbers are made up.
import type { BankLayout, PrintedLine, Printout } from '../../src/demo/bank-files.ts';
import type { Carrier } from '../helpers/bank-workbook.ts';

type Short = [day: string, time: string, amount: string, name: string, account: string, bank: string, memo: string, purpose: string, red?: true];
const rural = '示例农商行营业部';
const short: Short[] = [
  ['01', '08:31:12', '1224.00', '周明', '6217000010000003101', rural, '转账存入', '1-1-301 物业费 第三季度'],
  ['01', '08:47:55', '1530.00', '吴晓兰', '6217000010000003102', rural, '转账存入', '3-2-1002 三季度物业费'],
  ['01', '10:02:09', '4400.00', '示例停车服务部', '6200100010000001021', '示例建设银行支行', '电子汇入', '9月月租停车费 第1批'],
  ['02', '09:15:30', '-2316.40', '示例供电公司', '6200100010000001005', '示例工商银行支行', '公共用电', '8月公共用电 SL-0091'],
  ['02', '09:15:31', '-655.20', '示例自来水有限公司', '6200100010000001006', '示例工商银行支行', '公共用水', '8月公共用水 SL-0092'],
  ['03', '11:20:00', '500.00', '迅达快递柜运营部', '6200100010000001022', '示例农业银行支行', '电子汇入', '快递柜场地费 9月'],
  ['04', '14:05:17', '1224.00', '郑秀英', '6217000010000003103', '示例邮储银行支行', '跨行转入', '物业费'],
  ['04', '14:05:17', '1224.00', '郑秀英', '6217000010000003103', '示例邮储银行支行', '跨行转入', '物业费'],
  ['07', '09:30:02', '-19200.00', '安居保安服务有限公司', '6200100010000001001', rural, '劳务费', '秩序员6人 8月 SL-0093'],
  ['07', '09:30:03', '-8100.00', '净源保洁服务有限公司', '6200100010000001002', rural, '劳务费', '保洁3人 8月 SL-0094'],
  ['08', '10:11:45', '-1800.00', '绿意园林养护有限公司', '6200100010000001008', '示例农业银行支行', '养护费', '绿化养护 8月 SL-0095'],
  ['09', '10:11:46', '1800.00', '绿意园林养护有限公司', '6200100010000001008', '示例农业银行支行', '冲账', '账号户名不符退回 SL-0095', true],
  ['10', '15:40:21', '36720.00', '代收过渡户', '6200100010000009001', rural, '批量代收', '9月10日代收物业费 24户'],
  ['11', '16:22:08', '-1800.00', '绿意园林养护有限公司', '6200100010000001018', '示例农业银行支行', '养护费', '绿化养护 8月 SL-0098'],
  ['14', '08:59:59', '0.03', '陈安宁', '6217000010000002001', rural, '转账存入', '测试, 请勿"退回"'],
  ['15', '09:02:33', '-6240.00', '示例市社会保险基金管理局', '6200100010000001004', '示例工商银行支行', '代扣', '社会保险费 9月 SL-0099'],
  ['18', '11:11:11', '-1050.00', '示例市税务局', '6200100010000001014', '国家金库示例支库', '税款', '增值税及附加 SL-0100'],
  ['21', '00:12:05', '88.41', '', '', '', '结息', '2026年第三季度利息'],
  ['25', '17:30:00', '-12.00', '', '', '', '手续费', '转账汇款手续费'],
  ['29', '13:45:10', '2448.00', '周明', '6217000010000003101', rural, '转账存入', '1-1-301 第四季度及补缴'],
  ['30', '16:59:58', '-600.00', '示例小区业主委员会', '6200100010000001015', rural, '经费', '业委会办公经费 9月 SL-0101'],
];

const serialOf = (layout: BankLayout, day: string, index: number): string => {
  if (layout === 'ccb') return `${1201 + index}-5101${day}0N4QY8K${String(index).padStart(2, '0')}`;
  if (layout === 'boc') return `1095852370${String(60 + index)}`;
  // The fee and the interest have no voucher at ICBC.
  if (layout.startsWith('icbc')) return index === 17 || index === 18 ? '' : `0000${String(71_500 + index * 3)}`;
  return `K2609${day}${String(4_001 + index * 17)}`;
};

export function sample(layout: BankLayout): Printout {
  return {
    account_number: '6200100020003006688', account_name: '示例小区业主委员会（共管账户）', from: '2026-09-01', to: '2026-09-30', opening: '143131.00',
    lines: short.map(([day, time, amount, name, account, bank, memo, purpose, red], index): PrintedLine => ({
      booked_on: `2026-09-${day}`, booked_time: time, amount, serial: serialOf(layout, day, index), counterparty_name: name, counterparty_account: account,
      counterparty_bank: bank, memo, purpose, ...(red === true ? { red } : {}),
    })),
  };
}

/** Files of fixtures/bank, by layout and carrier. */
export const sampleFiles: readonly (readonly [string, BankLayout, Carrier])[] = [
  ['icbc-detail.csv', 'icbc-detail', 'csv'], ['icbc-detail-tab.xls', 'icbc-detail', 'tab'], ['icbc-account.csv', 'icbc-account', 'csv'], ['ccb.csv', 'ccb', 'csv'],
  ['ccb-html.xls', 'ccb', 'html'], ['abc.csv', 'abc', 'csv'], ['abc.xls', 'abc', 'xls'], ['boc.csv', 'boc', 'csv'], ['cmb.csv', 'cmb', 'csv'], ['cmb.xlsx', 'cmb', 'xlsx'],
  ['bocom.csv', 'bocom', 'csv'], ['bocom-html.xls', 'bocom', 'html'],
];

/** A bank that is not known here: for the mapping screen. */
export const unknownBank: string[][] = (() => {
  const rows: string[][] = [['示例农村商业银行账户明细'], ['账号：', '6200100020003006688', '户名：', '示例小区业主委员会（共管账户）'], ['查询日期：', '2026-09-01至2026-09-30'],
    ['交易日期', '对方户名', '收入金额', '支出金额', '余额', '币种', '对方账号', '用途', '附言', '核心流水号']];
  let fen = 14_313_100;
  const yuan = (value: number): string => `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
  for (const [index, [day, , amount, name, account, , memo, purpose]] of short.entries()) {
    const moved = Number(amount.replace('.', ''));
    fen += moved;
    rows.push([`2026-09-${day}`, name, moved > 0 ? yuan(moved) : '', moved < 0 ? yuan(-moved) : '', yuan(fen), '人民币', account, purpose, memo, `NS${9001 + index}`]);
  }
  return rows;
})();
