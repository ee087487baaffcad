// Texts of the books' pages, Chinese first, as an accountant or a retiree would write them.
import type { Bilingual } from '../kernel/locale.ts';

type CheckText = { readonly ok: Bilingual; readonly not_ok: Bilingual };

/** What the close gate looks at (已替您查过). */
export const checkTexts = {
  months_before_closed: {
    ok: { zh: '以前各月都已结账。', en: 'All months before are closed.' },
    not_ok: {
      zh: '要按月份顺序结账，请先结 {next}。',
      en: 'Months are closed in order; close {next} first.',
    },
  },
  month_ended: {
    ok: { zh: '这个月已经过完。', en: 'The month is over.' },
    not_ok: {
      zh: '{period} 还没过完，{last_day} 以后才能结账。',
      en: '{period} is not over; it can be closed after {last_day}.',
    },
  },
  no_drafts: {
    ok: { zh: '没有未记账的草稿。', en: 'No drafts are left.' },
    not_ok: {
      zh: '还有 {drafts} 张草稿没有记账，请先记账或删除。',
      en: '{drafts} drafts are not posted; post or delete them first.',
    },
  },
  no_undecided: {
    ok: { zh: '没有未签完的冲销或转账。', en: 'No reversal or transfer waits for signatures.' },
    not_ok: {
      zh: '还有 {count} 张本月的冲销或转账没有签完（第 {proposals} 号），请先签完或撤回。',
      en: '{count} reversals or transfers of the month are undecided (no. {proposals}); have them signed or withdrawn first.',
    },
  },
  in_balance: {
    ok: {
      zh: '本月 {entries} 张凭证，借方 {debit} 等于贷方 {credit}。',
      en: '{entries} entries; debits {debit} equal credits {credit}.',
    },
    not_ok: {
      zh: '借贷不平：借方 {debit}，贷方 {credit}。请联系系统管理员。',
      en: 'Debits {debit} differ from credits {credit}. Please tell the administrator.',
    },
  },
  bank_stated: {
    ok: { zh: '银行月末余额已登记。', en: "The bank's balance at the end of the month is stated." },
    not_ok: {
      zh: '科目 {accounts} 的银行余额（{last_day}）还没登记；可以结账，但收支公示会写明未对账。',
      en: 'The bank balance of account {accounts} at {last_day} is not stated; the month may be closed, and the disclosure will say it is unreconciled.',
    },
  },
  // One a bank account: see bankTexts.
  bank_reconciled: { ok: { zh: '', en: '' }, not_ok: { zh: '', en: '' } },
} satisfies Record<string, CheckText>;

/** Sentences about one bank account at the close. */
export const bankTexts = {
  account: { zh: '{name}（尾号 {last4}）：', en: '{name_en} (ending {last4}): ' },
  covered: { zh: '银行对账单逐笔到 {covered_to}。', en: 'statements go line by line to {covered_to}.' },
  covered_early: { zh: '银行对账单逐笔只到 {covered_to}，没有到月末。', en: 'statements end on {covered_to}, before the end of the month.' },
  no_statement: { zh: '没有银行对账单，不能逐笔核对。', en: 'no bank statement; nothing was compared line by line.' },
  agrees: { zh: '账面与银行相符，差额 0.00。', en: 'Books and bank agree, difference 0.00.' },
  explained: { zh: '相差 {difference}，由 {items} 笔未达账项说明，调节后差额 0.00。', en: '{items} items in transit explain the difference of {difference}; after them it is 0.00.' },
  differs: { zh: '相差 {difference}，列明未达账项后仍差 {remaining}。', en: 'They differ by {difference}; after all items {remaining} remain.' },
  open_lines: { zh: '有 {open_lines} 笔流水没有记账。', en: '{open_lines} lines are not in the books.' },
  unexplained_out: { zh: '待核实支出 {out}，没有签批。', en: 'Unexplained debits of {out}, without an order.' },
  unexplained_in: { zh: '待核实收入 {in}。', en: 'Unexplained credits of {in}.' },
  disclosed: { zh: '可以结账，收支公示会写明。', en: 'The month may be closed; the disclosure will say so.' },
} as const satisfies Record<string, Bilingual>;

export const texts = {
  journal: { zh: '明细账', en: 'Journal' },
  journal_of: { zh: '明细账 · {period}', en: 'Journal · {period}' },
  entry: { zh: '记账凭证', en: 'Journal entry' },
  lede: {
    zh: '每一笔收支都在这里；记上的不改不删，更正用红字。',
    en: 'Every receipt and payment is here. Nothing is changed or deleted; a correction is a red-letter entry.',
  },
  period: { zh: '月份', en: 'Month' },
  all_periods: { zh: '全部月份', en: 'All months' },
  account: { zh: '科目', en: 'Account' },
  fund: { zh: '资金', en: 'Fund' },
  all: { zh: '全部', en: 'All' },
  kind: { zh: '收 / 付 / 转', en: 'Kind' },
  receipt: { zh: '收款', en: 'Receipts' },
  payment: { zh: '付款', en: 'Payments' },
  transfer: { zh: '转账', en: 'Transfers' },
  kind_receipt: { zh: '收款凭证', en: 'Receipt' },
  kind_payment: { zh: '付款凭证', en: 'Payment' },
  kind_transfer: { zh: '转账凭证', en: 'Transfer' },
  search: { zh: '查找', en: 'Search' },
  search_hint: { zh: '摘要、凭证号、金额', en: 'Memo, number, amount' },
  date: { zh: '日期', en: 'Date' },
  number: { zh: '凭证号', en: 'Number' },
  description: { zh: '摘要', en: 'Memo' },
  received: { zh: '收入', en: 'In' },
  paid: { zh: '支出', en: 'Out' },
  balance: { zh: '余额', en: 'Balance' },
  signed_by: { zh: '签批', en: 'Signed by' },
  attached: { zh: '附件', en: 'Vouchers' },
  record: { zh: '存证号', en: 'Record' },
  opening: { zh: '期初余额', en: 'Opening' },
  closing: { zh: '期末余额', en: 'Closing' },
  totals: { zh: '合计（{n} 笔）', en: 'Total ({n} entries)' },
  moved: { zh: '转 {amount}', en: 'moved {amount}' },
  inquiries_open: { zh: '{n} 个质询 · 待答复', en: '{n} questions · open' },
  inquiries_done: { zh: '{n} 个质询 · 已答复', en: '{n} questions · answered' },
  redletter: { zh: '红字冲销', en: 'Red-letter reversal' },
  was_reversed: { zh: '已冲销', en: 'reversed' },
  more_accounts: { zh: '{name} 等 {n} 个科目', en: '{name} and {n} more' },
  none_found: { zh: '没有符合条件的凭证。', en: 'No entry matches.' },
  nothing_yet: { zh: '这个月还没有凭证。', en: 'No entries in this month yet.' },
  post_receipt: { zh: '登记收款', en: 'Enter a receipt' },
  propose_transfer: { zh: '提转账申请', en: 'Propose a transfer' },
  drafts: { zh: '未记账的草稿', en: 'Drafts, not posted' },
  drafts_hint: {
    zh: '草稿不算账；有草稿的月份不能结账。',
    en: 'Drafts are not in the books; a month with drafts cannot be closed.',
  },
  no_memo: { zh: '（没有摘要）', en: '(no memo)' },

  amount: { zh: '金额', en: 'Amount' },
  reference: { zh: '银行流水号', en: 'Bank reference' },
  payee: { zh: '收款方', en: 'Payee' },
  unit: { zh: '房屋', en: 'Dwelling' },
  proposal: { zh: '签批单', en: 'Proposal' },
  proposal_no: { zh: '第 {n} 号', en: 'No. {n}' },
  recorded_at: { zh: '记账时间', en: 'Recorded' },
  record_no: { zh: '第 {seq} 号记录', en: 'Record {seq}' },
  leaf_hash: { zh: '存证指纹', en: 'Leaf hash' },
  postings: { zh: '分录', en: 'Lines' },
  line: { zh: '行', en: 'Line' },
  debit: { zh: '借方', en: 'Debit' },
  credit: { zh: '贷方', en: 'Credit' },
  vouchers: { zh: '原始凭证', en: 'Original vouchers' },
  vouchers_private: {
    zh: '另有 {n} 份附件含个人信息，只向各方签批人开放。',
    en: '{n} more vouchers show personal data and are open to the officers only.',
  },
  emergency: { zh: '程序', en: 'Procedure' },
  ratified: { zh: '补签', en: 'ratified' },
  who_signed: { zh: '看谁签的字，怎么签的', en: 'Who signed, and how' },
  signatures: { zh: '谁签了字', en: 'Who signed' },
  no_signatures: {
    zh: '收款由出纳登记，不需要签批；每月与银行余额核对。',
    en: 'Receipts are entered by the cashier and need no signature; every month the books are compared with the bank.',
  },
  method_password: { zh: '签批密码（弱）', en: 'signing password (weak)' },
  method_passkey: { zh: '通行密钥', en: 'passkey' },
  reverses_this: {
    zh: '这是红字凭证，冲销 {number}。',
    en: 'This is a red-letter entry; it reverses {number}.',
  },
  reversed_by_this: {
    zh: '这张凭证已由 {number} 红字冲销。',
    en: 'This entry was reversed by {number}.',
  },
  reversal_waits: {
    zh: '这张凭证的红字冲销正在签批。',
    en: 'A reversal of this entry waits for signatures.',
  },
  reconciliation: { zh: '银行存款余额调节表', en: 'Reconciliation statement' },
  see: { zh: '查看', en: 'Open' },
  questions: { zh: '质询', en: 'Questions' },
  ask: { zh: '我要质询', en: 'Ask about this entry' },
  ask_hint: {
    zh: '对这笔账有疑问？提出后有答复期限，问答对全体业主公开。',
    en: 'Anything unclear? Your question has an answer date and is public to all owners.',
  },
  reverse: { zh: '红字冲销', en: 'Reverse' },

  new_receipt: { zh: '登记收款', en: 'Enter a receipt' },
  new_receipt_lede: {
    zh: '钱到账以后登记；记账后不能改，写错了要红字冲销。',
    en: 'Enter money once it has arrived. A posted entry is never edited; a mistake is reversed.',
  },
  entry_date: { zh: '到账日期', en: 'Day it arrived' },
  entry_date_hint: { zh: '可填 {first} 到 {last}。', en: 'From {first} to {last}.' },
  description_hint: {
    zh: '写清什么钱、哪一期，例如“快递柜场地费 第四季度”。不要写姓名、电话、卡号。',
    en: 'What and for which time, for example "Parcel lockers, 4th quarter". No names, telephone or card numbers.',
  },
  bank_account: { zh: '存入', en: 'Paid into' },
  income_account: { zh: '记入科目', en: 'Booked to' },
  fund_hint: {
    zh: '这笔钱属于哪项资金；一项资金的钱不能给另一项用。',
    en: 'The fund the money belongs to; one fund never pays for another.',
  },
  unit_optional: { zh: '房屋（可不填）', en: 'Dwelling (optional)' },
  unit_hint: {
    zh: '例如 3-2-1002；公开账上不显示。',
    en: 'Such as 3-2-1002; not shown in the public books.',
  },
  more_lines: { zh: '一张凭证记几笔（最多 {n} 行）', en: 'Several lines in one entry (up to {n})' },
  line_no: { zh: '第 {n} 行', en: 'Line {n}' },
  files: { zh: '原始凭证（回单、收据）', en: 'Original vouchers (bank slip, receipt)' },
  audience_owners: {
    zh: '附件不含个人信息，业主都可以看',
    en: 'The vouchers show no personal data; every owner may open them',
  },
  post: { zh: '记账', en: 'Post' },
  save_draft: { zh: '存草稿', en: 'Save as draft' },
  delete_draft: { zh: '删除草稿', en: 'Delete the draft' },
  group_income: { zh: '收入', en: 'Income' },
  group_liability: { zh: '负债（预收、押金等）', en: 'Liabilities (advances, deposits)' },
  group_fund: { zh: '基金', en: 'Funds' },
  group_asset: { zh: '资产', en: 'Assets' },
  group_expense: { zh: '支出（退回等）', en: 'Expenses (returned money)' },

  new_transfer: { zh: '转账申请', en: 'Propose a transfer' },
  new_transfer_lede: {
    zh: '不动银行存款的调整，或资金之间的划转。双方签齐后自动记账。',
    en: 'Adjustments, or moving money between funds. Booked by itself once both keys have signed.',
  },
  transfer_date: { zh: '记账日期', en: 'Date of the entry' },
  transfer_lines_hint: {
    zh: '每行只填借方或贷方；每项资金的借方合计要等于贷方合计。',
    en: 'Each line has a debit or a credit; within each fund debits must equal credits.',
  },
  submit: { zh: '提交签批', en: 'Submit for signing' },
  new_reversal: { zh: '红字冲销 {number}', en: 'Reverse {number}' },
  new_reversal_lede: {
    zh: '双方签齐后，按下面的红字自动记账；原凭证保留。再登记一张正确的即可。',
    en: 'Once both keys have signed, the lines below are booked in red; the old entry stays. Then post the right entry.',
  },
  reason: { zh: '原因', en: 'Reason' },
  reason_hint: {
    zh: '会印在收支公示里，例如“重复录入，银行只收到一笔”。',
    en: 'Printed in the disclosure, for example "entered twice; the bank received it once".',
  },

  accounts: { zh: '科目余额', en: 'Balances' },
  accounts_of: { zh: '科目余额表 · {period}', en: 'Trial balance · {period}' },
  balances_as_of: { zh: '各科目余额 · {date}', en: 'Balances at the end of {date}' },
  as_of: { zh: '或看某一天', en: 'Or on a day' },
  opening_debit: { zh: '期初借方', en: 'Opening debit' },
  opening_credit: { zh: '期初贷方', en: 'Opening credit' },
  closing_debit: { zh: '期末借方', en: 'Closing debit' },
  closing_credit: { zh: '期末贷方', en: 'Closing credit' },
  turnover_debit: { zh: '本期借方', en: 'Debit turnover' },
  turnover_credit: { zh: '本期贷方', en: 'Credit turnover' },
  total: { zh: '合计', en: 'Total' },
  in_balance: { zh: '借贷平衡', en: 'In balance' },
  side: { zh: '方向', en: 'Side' },
  side_debit: { zh: '借', en: 'Debit' },
  side_credit: { zh: '贷', en: 'Credit' },
  accounts_empty: { zh: '到这个月为止还没有记账。', en: 'Nothing is booked up to this month.' },

  periods: { zh: '结账', en: 'Closing' },
  periods_lede: {
    zh: '按月结账，要双方签字；结了就不再打开，更正记在以后的月份。',
    en: 'Months are closed one by one under two signatures and stay closed; corrections go into a later month.',
  },
  state: { zh: '状态', en: 'State' },
  state_open: { zh: '未结账', en: 'open' },
  state_closed: { zh: '已结账', en: 'closed' },
  state_waiting: { zh: '结账签批中', en: 'waiting for signatures' },
  entries: { zh: '凭证数', en: 'Entries' },
  closed_on: { zh: '结账时间', en: 'Closed' },
  close_month: { zh: '提交 {period} 结账', en: 'Propose to close {period}' },
  close_of: { zh: '{period} 结账前检查', en: 'Before closing {period}' },
  close_waits: {
    zh: '{period} 的结账正在签批。',
    en: 'The close of {period} waits for signatures.',
  },
  close_not_yours: { zh: '由出纳或项目经理提交。', en: 'The cashier or the manager proposes it.' },
  close_shut: { zh: '上面还有未完成的项目。', en: 'Something above is not done yet.' },
} as const satisfies Record<string, Bilingual>;
