// The corporate exports of six banks, by their headings. Learned from headings in public code and from forms that
// cashiers know; where a bank has changed a heading over the years, all its spellings stand in order of preference.
// What is not here goes through the mapping screen. Order matters: the more particular layout comes first.
import type { Layout } from './layout.ts';

/** ICBC, 企业网银 › 明细查询: first cell [HISTORYDETAIL], then money in and out as 转入/转出. */
const icbcDetail: Layout = {
  format: 'icbc-detail',
  needs: [['交易时间'], ['对方单位', '对方单位名称'], ['转入金额'], ['转出金额']],
  headings: {
    booked_on: ['交易时间'],
    amount_in: ['转入金额'], amount_out: ['转出金额'], side: ['借贷标志', '借/贷'],
    balance: ['余额'], serial: ['凭证号'],
    counterparty_name: ['对方单位', '对方单位名称'], counterparty_account: ['对方账号'], counterparty_bank: ['对方行名', '对方行号'],
    memos: ['摘要'], purposes: ['用途', '附言', '回单个性化信息', '个性化信息'],
    currency: ['币种'], own_account: ['本方账号'],
  },
};

/** ICBC, the older form with 本方账号 in each row; 借/贷 beside 借方/贷方发生额 or beside one 金额. */
const icbcAccount: Layout = {
  format: 'icbc-account',
  needs: [['本方账号'], ['交易时间'], ['对方单位名称', '对方单位'], ['贷方发生额', '金额', '发生额'], ['个性化信息', '回单个性化信息']],
  headings: {
    booked_on: ['交易时间'],
    amount_in: ['贷方发生额'], amount_out: ['借方发生额'], amount_unsigned: ['金额', '发生额'], side: ['借/贷', '借贷标志'],
    balance: ['余额'], serial: ['凭证号'],
    counterparty_name: ['对方单位名称', '对方单位'], counterparty_account: ['对方账号'], counterparty_bank: ['对方行名', '对方行号'],
    memos: ['摘要'], purposes: ['用途', '附言', '个性化信息', '回单个性化信息'],
    currency: ['币种'], own_account: ['本方账号'],
  },
};

/** CCB. The serial stands in one cell with the number of the line ("账户明细编号-交易流水号"): kept whole, for a transfer and
 *  its fee share the second half. 记账日期 is the day of the booking, 交易时间 that of the order. */
const ccb: Layout = {
  format: 'ccb',
  needs: [['账户明细编号-交易流水号'], ['记账日期', '交易时间'], ['借方发生额/元(支取)', '借方发生额/元', '借方发生额(支取)']],
  headings: {
    booked_on: ['记账日期', '交易时间'], booked_time: ['交易时间'],
    amount_in: ['贷方发生额/元(收入)', '贷方发生额/元', '贷方发生额(收入)'],
    amount_out: ['借方发生额/元(支取)', '借方发生额/元', '借方发生额(支取)'],
    balance: ['余额', '余额/元'], serial: ['账户明细编号-交易流水号'],
    counterparty_name: ['对方户名'], counterparty_account: ['对方账号'], counterparty_bank: ['对方开户机构'],
    memos: ['摘要'], purposes: ['备注', '用途'],
    currency: ['币种'], own_account: ['账号', '本方账号'], own_name: ['账户名称', '本方账户名称'],
  },
};

/** ABC: the columns are ours already (收入, 支出). 交易行名 is the bank of the other side, never its name. */
const abc: Layout = {
  format: 'abc',
  needs: [['交易时间', '交易日期'], ['收入金额'], ['支出金额'], ['账户余额', '本次余额'], ['交易行名']],
  headings: {
    booked_on: ['交易时间', '交易日期'],
    amount_in: ['收入金额'], amount_out: ['支出金额'],
    balance: ['账户余额', '本次余额'], serial: ['交易日志号', '日志号', '交易流水号'],
    counterparty_name: ['对方户名'], counterparty_account: ['对方账号'], counterparty_bank: ['交易行名'],
    memos: ['摘要', '交易摘要'], purposes: ['交易用途', '交易附言'],
    currency: ['币种'],
  },
};

/** BOC: a block of facts, then bilingual headings and one signed amount. The other side of money in is the payer. */
const boc: Layout = {
  format: 'boc',
  needs: [['交易类型'], ['付款人名称'], ['收款人名称'], ['交易日期'], ['交易金额'], ['交易后余额']],
  headings: {
    booked_on: ['交易日期'], booked_time: ['交易时间'],
    amount: ['交易金额'], side: ['交易类型'], balance: ['交易后余额'], serial: ['交易流水号'],
    payer_name: ['付款人名称'], payer_account: ['付款人账号'], payer_bank: ['付款人开户行名', '付款人开户行名称'],
    payee_name: ['收款人名称'], payee_account: ['收款人账号'], payee_bank: ['收款人开户行名', '收款人开户行名称'],
    memos: ['摘要'], purposes: ['用途', '交易附言', '备注'],
    currency: ['交易货币'],
  },
};

/** CMB: 借方 and 贷方 are the bank's. A 冲账 line stands in red (negative) on the side it takes back. */
const cmb: Layout = {
  format: 'cmb',
  needs: [['交易日'], ['借方金额'], ['贷方金额'], ['余额'], ['收(付)方名称']],
  headings: {
    booked_on: ['交易日'], booked_time: ['交易时间'],
    amount_in: ['贷方金额'], amount_out: ['借方金额'],
    balance: ['余额'], serial: ['流水号'],
    counterparty_name: ['收(付)方名称'], counterparty_account: ['收(付)方账号'], counterparty_bank: ['收(付)方开户行名', '收(付)方开户行'],
    memos: ['摘要', '业务摘要'], purposes: ['用途', '其它摘要', '其他摘要', '扩展摘要'],
    currency: ['币种'], own_account: ['账号'], own_name: ['账号名称'],
  },
};

/** BOCOM: facts above the table, 借方 and 贷方 are the bank's. */
const bocom: Layout = {
  format: 'bocom',
  needs: [
    ['交易时间', '交易日期', '记账日期'], ['借方发生额', '借方发生额(支出)'], ['贷方发生额', '贷方发生额(收入)'], ['余额'], ['对方户名'],
    ['凭证号码'], ['对方行名'],
  ],
  not: ['本方账号', '账户明细编号-交易流水号', '个性化信息'],
  headings: {
    booked_on: ['记账日期', '交易日期', '交易时间'], booked_time: ['交易时间'],
    amount_in: ['贷方发生额', '贷方发生额(收入)'], amount_out: ['借方发生额', '借方发生额(支出)'], side: ['借贷标志'],
    balance: ['余额'], serial: ['交易流水号', '核心流水号', '流水号'],
    counterparty_name: ['对方户名'], counterparty_account: ['对方账号'], counterparty_bank: ['对方行名'],
    memos: ['摘要'], purposes: ['用途', '附言', '备注'],
    currency: ['币种'],
  },
};

export const layouts: readonly Layout[] = [icbcDetail, icbcAccount, ccb, abc, boc, cmb, bocom];
