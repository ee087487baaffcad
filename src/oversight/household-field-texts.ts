// Names of the fields in records and documents about dwellings' money and changes of companies.
import type { Bilingual } from '../kernel/locale.ts';

export const householdLabels: Readonly<Record<string, Bilingual>> = {
  // Fee rules, waivers, bills.
  basis: { zh: '计费方式', en: 'Reckoned by' }, due_day: { zh: '应缴日（每月几号）', en: 'Due on day' }, due_months: { zh: '晚几个月应缴', en: 'Months later' },
  late_rate: { zh: '滞纳金日率', en: 'Late fee a day' }, late_grace_days: { zh: '滞纳金宽限（天）', en: 'Days of grace' }, late_cap_percent: { zh: '滞纳金上限（%）', en: 'Cap of late fees, %' },
  applies_to: { zh: '适用于', en: 'Applies to' }, apportion_by: { zh: '按什么分摊', en: 'Apportioned by' }, meter_kind: { zh: '表计', en: 'Meter' },
  percent: { zh: '百分比', en: 'Per cent' }, bills: { zh: '账单', en: 'Bills' }, units: { zh: '房屋', en: 'Dwellings' }, items: { zh: '收费项目', en: 'Items' }, from_period: { zh: '从哪个月', en: 'From month' },
  to_period: { zh: '到哪个月', en: 'To month' }, entry: { zh: '凭证', en: 'Entry' }, release: { zh: '预收转收入', en: 'Release of advance payments' },
  // Register and requests.
  import: { zh: '导入', en: 'Import' }, import_id: { zh: '导入', en: 'Import' }, counts: { zh: '各类行数', en: 'Rows by kind' }, taken: { zh: '入账记录', en: 'Taken in by record' },
  request: { zh: '更正申请', en: 'Request' }, outcome: { zh: '结果', en: 'Outcome' },
  // Channels.
  left_out: { zh: '没有入账的行', en: 'Lines left out' }, refunds: { zh: '退款笔数', en: 'Refunds' }, refunded: { zh: '退款金额', en: 'Refunded' },
  // Subsidies.
  scheme: { zh: '补贴方案', en: 'Scheme' }, batch: { zh: '申报批次', en: 'Batch' }, budget: { zh: '预算', en: 'Budget' }, last_day: { zh: '最后一天', en: 'Last day' },
  list_sha256: { zh: '名单校验值', en: 'Hash of the list' }, funder: { zh: '出资方', en: 'Funder' }, payout: { zh: '发放方式', en: 'Paid out by' }, cap: { zh: '上限', en: 'Cap' },
  // Change of companies.
  handover: { zh: '移交清单', en: 'Closing certificate' }, handover_hash: { zh: '移交清单指纹', en: 'Fingerprint of the certificate' }, outgoing: { zh: '移交方', en: 'Handed over by' },
  certificate: { zh: '清单内容', en: 'Certificate' }, others: { zh: '其他移交事项', en: 'What else is handed over' }, differences: { zh: '核对出的差异', en: 'Differences found' },
  drawn_at: { zh: '编制时间', en: 'Drawn at' }, entries_after: { zh: '之后的凭证', en: 'Entries since' }, last_receipt: { zh: '最后一张收据号', en: 'Last receipt' },
  balances: { zh: '科目余额', en: 'Balances' }, advance: { zh: '预收', en: 'Paid in advance' }, deposits: { zh: '押金', en: 'Deposits' }, dwellings: { zh: '户数', en: 'Dwellings' },
  contracts: { zh: '合同', en: 'Contracts' }, party: { zh: '对方', en: 'Other party' }, keys: { zh: '银行U盾和印鉴', en: 'Keys and seals' }, open: { zh: '没办完的事', en: 'Open matters' },
  bank: { zh: '银行账户', en: 'Bank accounts' }, last4: { zh: '尾号', en: 'Ending in' }, book_balance: { zh: '账面余额', en: 'Balance in the books' }, bank_balance: { zh: '银行余额', en: 'Balance of the bank' },
  covered_to: { zh: '对账单到', en: 'Statements to' }, difference: { zh: '差额', en: 'Difference' }, remaining: { zh: '未核清', en: 'Unexplained' }, bank_items: { zh: '银行在途笔数', en: 'Items of the bank' },
  book_items: { zh: '账面在途笔数', en: 'Items of the books' }, orders_signing: { zh: '签批中的付款', en: 'Payments being signed' }, orders_signing_total: { zh: '签批中的金额', en: 'Sum being signed' },
  orders_unpaid: { zh: '已签批没付的款', en: 'Signed and unpaid' }, orders_unpaid_total: { zh: '已签批没付的金额', en: 'Sum signed and unpaid' }, unexplained_out: { zh: '没有签批的支出', en: 'Unexplained debits' },
  unexplained_in: { zh: '待核实收入', en: 'Unexplained credits' }, in_transit: { zh: '在途收款', en: 'Receipts in transit' }, inquiries: { zh: '没答复的质询', en: 'Questions unanswered' },
};
