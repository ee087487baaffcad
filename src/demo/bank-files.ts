// Statement files (对账单, 交易明细) as the banks' programs give them, written from a list of lines: for the demo estate, for
// the samples in fixtures/bank, and for tests that read them back. Fictional throughout. Each layout is what
// src/bankfile/layouts.ts knows; how a cashier gets it (text, HTML or a workbook) is the carrier.
import type { BusinessDate } from '../kernel/dates.ts';
import { minus, money, moneyText, negated, sum, type Money } from '../kernel/money.ts';
import { groupedAmount } from '../kernel/money-text.ts';
import type { StatementLine } from '../bankfile/statement.ts';
import { encodeGb18030 } from '../kernel/gb18030.ts';

export type BankLayout = 'icbc-detail' | 'icbc-account' | 'ccb' | 'abc' | 'boc' | 'cmb' | 'bocom';
export const bankLayouts: readonly BankLayout[] = ['icbc-detail', 'icbc-account', 'ccb', 'abc', 'boc', 'cmb', 'bocom'];
/** csv: commas, GB18030. tab: tabs, GB18030, named .xls. html: a table named .xls. (Workbooks: the tests write them.) */
export type Carrier = 'csv' | 'tab' | 'html';

export type PrintedLine = Omit<StatementLine, 'row' | 'balance'>;

/** What is printed: lines oldest first, balances follow from the opening. */
export interface Printout {
  account_number: string;
  account_name: string;
  from: BusinessDate;
  to: BusinessDate;
  opening: string;
  lines: readonly PrintedLine[];
}

interface Row { line: PrintedLine; balance: string; in: string; out: string }

const plainDay = (date: BusinessDate): string => date.replaceAll('-', '');
const grouped = (amount: string): string => groupedAmount(amount).replace('\u2212', '-');

/** Amounts by the bank's sides (out = 借方); a red-letter line is negative on the side it takes back. */
function rowsOf({ opening, lines }: Printout): Row[] {
  let balance: Money = money(opening);
  return lines.map((line) => {
    const amount = money(line.amount);
    balance = sum([balance, amount]);
    const isIn = amount.isNegative() === (line.red === true);
    return {
      line, balance: moneyText(balance),
      in: isIn ? moneyText(amount) : '', out: isIn ? '' : moneyText(negated(amount)),
    };
  });
}

const totalOf = (rows: readonly Row[], side: 'in' | 'out'): string => moneyText(sum(rows.filter((row) => row[side] !== '').map((row) => money(row[side]))));
const countOf = (rows: readonly Row[], side: 'in' | 'out'): string => String(rows.filter((row) => row[side] !== '').length);
const closingOf = (print: Printout, rows: readonly Row[]): string => rows.at(-1)?.balance ?? moneyText(minus(money(print.opening), money('0')));

const orNought = (amount: string): string => grouped(amount === '' ? '0.00' : amount);
const orNothing = (amount: string): string => (amount === '' ? '' : grouped(amount));

const writers: Record<BankLayout, (print: Printout) => string[][]> = {
  // Nothing is known of the account here, not even its number.
  'icbc-detail': (print) => [
    ['[HISTORYDETAIL]'],
    ['凭证号', '交易时间', '对方单位', '对方账号', '转入金额', '转出金额', '余额', '摘要', '附言'],
    ...rowsOf(print).map(({ line, balance, in: paidIn, out }) => [
      line.serial || '000000000', `${line.booked_on} ${line.booked_time || '00:00:00'}`, line.counterparty_name, line.counterparty_account,
      orNothing(paidIn), orNothing(out), grouped(balance), line.memo, line.purpose,
    ]),
  ],

  'icbc-account': (print) => [
    ['[HISTORYDETAIL]'],
    ['凭证号', '本方账号', '对方账号', '交易时间', '借/贷', '借方发生额', '贷方发生额', '对方行号', '摘要', '用途', '对方单位名称', '余额', '个性化信息'],
    ...rowsOf(print).map(({ line, balance, in: paidIn, out }) => [
      line.serial || '000000000', print.account_number, line.counterparty_account, `${line.booked_on}-${(line.booked_time || '00:00:00').replaceAll(':', '.')}.000000`,
      paidIn === '' ? '借' : '贷', orNought(out), orNought(paidIn), line.counterparty_bank, line.memo, line.purpose, line.counterparty_name, grouped(balance), '',
    ]),
  ],

  ccb: (print) => [
    [
      '账号', '账户名称', '交易时间', '借方发生额/元(支取)', '贷方发生额/元(收入)', '余额', '币种', '对方户名', '对方账号', '对方开户机构', '记账日期', '摘要', '备注',
      '账户明细编号-交易流水号', '企业流水号', '凭证种类', '凭证号', '交易介质编号',
    ],
    ...rowsOf(print).map(({ line, balance, in: paidIn, out }) => [
      print.account_number, print.account_name, `${plainDay(line.booked_on)} ${line.booked_time || '00:00:00'}`, orNought(out), orNought(paidIn), grouped(balance),
      '人民币元', line.counterparty_name, line.counterparty_account, line.counterparty_bank, plainDay(line.booked_on), line.memo, line.purpose, line.serial, '', '', '', '',
    ]),
  ],

  // Newest first; below it a row of labels over a row of totals.
  abc: (print) => {
    const rows = rowsOf(print);
    return [
      ['账户明细'],
      [`账号：${print.account_number}  户名：${print.account_name}  币种：人民币`],
      ['交易时间', '收入金额', '支出金额', '账户余额', '交易行名', '对方省市', '对方账号', '对方户名', '交易用途', '摘要'],
      ...rows.toReversed().map(({ line, balance, in: paidIn, out }) => [
        `${line.booked_on} ${line.booked_time || '00:00:00'}`, orNothing(paidIn), orNothing(out), grouped(balance), line.counterparty_bank, '', line.counterparty_account,
        line.counterparty_name, line.purpose, line.memo,
      ]),
      ['总收入笔数', '总收入金额', '总支出笔数', '总支出金额'],
      [countOf(rows, 'in'), orNought(totalOf(rows, 'in')), countOf(rows, 'out'), orNought(totalOf(rows, 'out'))],
      ['说明：本明细仅供参考，以银行出具的对账单为准。'],
    ];
  },

  boc: (print) => {
    const rows = rowsOf(print);
    return [
      ['查询账号[ Inquirer account number ]', print.account_number],
      ['总笔数[ Total number ]', String(rows.length)],
      ['借方发生总笔数[ Total Numbers of Debited Payments ]', countOf(rows, 'out')],
      ['借方发生总额[ Total Debit Amount of Payments ]', orNought(totalOf(rows, 'out'))],
      ['贷方发生总笔数[ Total Numbers of Credited Payments ]', countOf(rows, 'in')],
      ['贷方发生总额[ Total Credit Amount of Payments ]', orNought(totalOf(rows, 'in'))],
      ['查询时间范围[ Time Range ]', `${plainDay(print.from)}-${plainDay(print.to)}`],
      [
        '交易类型[ Transaction Type ]', '业务类型[ Business type ]', '付款人开户行号[ Account holding bank number of payer ]',
        '付款人开户行名[ Payer account bank ]', '付款人账号[ Debit Account No. ]', "付款人名称[ Payer's Name ]",
        '收款人开户行行号[ Account holding bank number of beneficiary ]', '收款人开户行名[ Beneficiary account bank ]',
        "收款人账号[ Payee's Account Number ]", "收款人名称[ Payee's Name ]", '交易日期[ Transaction Date ]', '交易时间[ Transaction time ]',
        '交易货币[ Trade Currency ]', '交易金额[ Trade Amount ]', '交易后余额[ After-transaction balance ]', '起息日期[ Value Date ]',
        '汇率[ Exchange rate ]', '交易流水号[ Transaction reference number ]', '凭证类型[ Voucher type ]', '凭证号码[ Voucher number ]',
        '摘要[ Reference ]', '用途[ Purpose ]', '交易附言[ Remark ]', '备注[ Remarks ]',
      ],
      ...rows.map(({ line, balance, in: paidIn }) => {
        const isIn = paidIn !== '';
        const ours = ['', '示例银行营业部', print.account_number, print.account_name];
        const theirs = ['', line.counterparty_bank, line.counterparty_account, line.counterparty_name];
        return [
          isIn ? '来账' : '往账', '转账', ...(isIn ? theirs : ours), ...(isIn ? ours : theirs), plainDay(line.booked_on), line.booked_time, 'CNY',
          `${line.amount.startsWith('-') ? '' : '+'}${line.amount}`, `${balance.startsWith('-') ? '' : '+'}${balance}`, plainDay(line.booked_on), '', line.serial, '', '',
          line.memo, line.purpose, '', '',
        ];
      }),
    ];
  },

  // Newest first.
  cmb: (print) => [
    ['招商银行企业银行 账务明细查询'],
    [`账号：${print.account_number}`, '', `账号名称：${print.account_name}`],
    [`起始日期：${plainDay(print.from)}`, '', `截止日期：${plainDay(print.to)}`],
    ['币种：人民币'],
    [],
    [
      '账号', '账号名称', '币种', '交易日', '交易时间', '起息日', '交易类型', '借方金额', '贷方金额', '余额', '摘要', '流水号', '流程实例号', '业务名称', '用途',
      '业务参考号', '业务摘要', '其它摘要', '收(付)方分行名', '收(付)方名称', '收(付)方账号', '收(付)方开户行行号', '收(付)方开户行名', '收(付)方开户行地址',
      '信息标志', '有否附件信息', '冲账标志', '扩展摘要', '交易分析码', '票据号',
    ],
    ...rowsOf(print).toReversed().map(({ line, balance, in: paidIn, out }) => [
      print.account_number, print.account_name, '人民币', plainDay(line.booked_on), line.booked_time, plainDay(line.booked_on), '转账', out, paidIn, balance, line.memo,
      line.serial, '', '', line.purpose, '', '', '', '', line.counterparty_name, line.counterparty_account, '', line.counterparty_bank, '', '', '',
      line.red === true ? 'Y' : '', '', '', '',
    ]),
  ],

  bocom: (print) => {
    const rows = rowsOf(print);
    return [
      ['查询账号：', print.account_number, '户名：', print.account_name, '币种：', '人民币'],
      ['查询时间范围：', `${print.from} 至 ${print.to}`, '期初余额：', grouped(print.opening), '期末余额：', grouped(closingOf(print, rows))],
      ['交易时间', '摘要', '凭证种类', '凭证号码', '借方发生额', '贷方发生额', '余额', '对方账号', '对方户名', '对方行名', '用途', '交易流水号'],
      ...rows.map(({ line, balance, in: paidIn, out }) => [
        `${line.booked_on} ${line.booked_time || '00:00:00'}`, line.memo, '', '', orNothing(out), orNothing(paidIn), grouped(balance), line.counterparty_account,
        line.counterparty_name, line.counterparty_bank, line.purpose, line.serial,
      ]),
      ['合计', '', '', '', orNought(totalOf(rows, 'out')), orNought(totalOf(rows, 'in')), '', '', '', '', '', ''],
    ];
  },
};

/** The rows of the file, before any carrier. */
export const bankTable = (layout: BankLayout, print: Printout): string[][] => writers[layout](print);

function commaCell(layout: BankLayout, cell: string): string {
  // ICBC pads with a tab so that a spreadsheet leaves long numbers alone.
  const padded = layout.startsWith('icbc') && cell !== '' && !cell.startsWith('[') ? `${cell}\t` : cell;
  return /[",\n\t]/.test(padded) ? `"${padded.replaceAll('"', '""')}"` : padded;
}
const markup = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Rows in a carrier; `layout` only chooses the habits of that bank. Tabs and line breaks in a text become blanks. */
export function carried(layout: BankLayout, carrier: Carrier, rows: readonly (readonly string[])[]): Uint8Array {
  if (carrier === 'csv') return encodeGb18030(rows.map((row) => row.map((cell) => commaCell(layout, cell)).join(',')).join('\r\n') + '\r\n');
  if (carrier === 'tab') return encodeGb18030(rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n"]/g, ' ')).join('\t')).join('\r\n') + '\r\n');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td style="mso-number-format:'\\@'">${markup(cell) || '&nbsp;'}</td>`).join('')}</tr>`).join('\n');
  return encodeGb18030(`<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type" content="text/html; charset=GBK"></head>
<body><table border="1">
${body}
</table></body></html>
`);
}

/** A whole file, and the name the bank gives it (which nobody here reads). */
export function bankFile(layout: BankLayout, carrier: Carrier, print: Printout): { file_name: string; bytes: Uint8Array } {
  const extension = carrier === 'csv' ? 'csv' : 'xls';
  return { file_name: `${layout}-${plainDay(print.from)}-${plainDay(print.to)}.${extension}`, bytes: carried(layout, carrier, bankTable(layout, print)) };
}
