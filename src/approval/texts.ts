// Texts of the approval pages, Chinese and English.
import type { Bilingual, Locale } from '../kernel/locale.ts';
import { formatPeriod } from '../web/locale.ts';
import { officeTitleIn } from './office-texts.ts';

const states: Record<string, Bilingual> = {
  draft: { zh: '草稿', en: 'draft' },
  submitted: { zh: '签批中', en: 'waiting for signatures' },
  approved: { zh: '已签齐', en: 'approved' },
  executed: { zh: '已办结', en: 'carried out' },
  returned: { zh: '已退回修改', en: 'returned' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  rejected: { zh: '已拒绝', en: 'rejected' },
  held: { zh: '已暂缓', en: 'on hold' },
  expired: { zh: '已过期', en: 'expired' },
  superseded: { zh: '已被取代', en: 'superseded' },
};
export const stateName = (state: string, locale: Locale): string => states[state]?.[locale] ?? state;
export const stateNames = states;

const kinds: Record<string, Bilingual> = {
  payment: { zh: '付款', en: 'payment' },
  transfer: { zh: '转账分录', en: 'transfer' },
  reversal: { zh: '红字冲销', en: 'reversal' },
  close: { zh: '结账', en: 'closing of a month' },
  refund: { zh: '退款', en: 'refund' },
  budget: { zh: '预算', en: 'budget' },
  rule: { zh: '签批规则', en: 'signing rules' },
  membership: { zh: '任免', en: 'offices' },
  delegation: { zh: '委托代签', en: 'delegation' },
  disclosure: { zh: '公示', en: 'disclosure' },
  log_key: { zh: '存证密钥', en: "log's key" },
  bank_account: { zh: '共管账户', en: 'bank account' },
  mandate: { zh: '扣费授权', en: 'mandate for bank fees' },
  fee_rule: { zh: '收费项目', en: 'fee rule' },
  waiver: { zh: '减免核销', en: 'waiver' },
  subsidy: { zh: '缴费补贴方案', en: 'subsidy scheme' },
  subsidy_batch: { zh: '补贴申报批次', en: 'batch of subsidies' },
  handover: { zh: '移交', en: 'handover' },
  takeover: { zh: '接收', en: 'takeover' },
  final_account: { zh: '决算', en: 'final account' },
  project: { zh: '项目', en: 'project' },
  resolution: { zh: '业主大会决议', en: "owners' resolution" },
  body_form: { zh: '组织形式', en: 'form of a body' },
  opening: { zh: '期初余额', en: 'opening balances' },
};
export const kindName = (kind: string, locale: Locale): string => kinds[kind]?.[locale] ?? kind;

export interface Titled {
  kind: string;
  title: string;
  /** Of a change of rules: its document says the title in both languages. */
  title_en?: string | null | undefined;
}

/** A title as it was signed; where it is our own phrase, it is said in both languages. */
export function titleIn({ kind, title, title_en }: Titled, locale: Locale): string {
  if (kind === 'membership' || kind === 'delegation') return officeTitleIn(title, locale);
  if (kind === 'close') {
    const period = /\d{4}-\d{2}$/.exec(title)?.[0];
    if (period === undefined) return title;
    return locale === 'zh' ? `${formatPeriod(period, locale)}结账` : `Close ${formatPeriod(period, locale)}`;
  }
  if (locale === 'zh') return title;
  const [, number, reason] = (kind === 'reversal' ? /^红字冲销 (.+?)（(.*)）$/su.exec(title) : null) ?? [];
  if (number !== undefined) return `Reversal of ${number} (${reason})`;
  return title_en ?? title;
}

export const texts = {
  queue: { zh: '签批', en: 'To sign' },
  queue_lede: { zh: '动钱、调账、结账都要两方签。一张单签齐才能办。', en: 'Moving money, adjusting and closing need two bodies. A proposal goes ahead once all have signed.' },
  sign_chosen: { zh: '一起签名', en: 'Sign the ticked ones' },
  choose_this: { zh: '勾选：{title}', en: 'Tick: {title}' },
  signed_of: { zh: '{signed} / {needed}', en: '{signed} / {needed}' },
  signed_of_long: { zh: '已签 {signed} 个，共要 {needed} 个', en: '{signed} of {needed} signatures' },
  batch_title: { zh: '签名结果', en: 'What was signed' },
  batch_line: { zh: '第 {proposal} 号：{text}', en: 'No. {proposal}: {text}' },
  batch_signed: { zh: '已签名', en: 'signed' },
  batch_approved: { zh: '已签名，各方签齐', en: 'signed; all signatures are there' },
  expires: { zh: '{day}到期', en: 'until {day}' },
  by_office: { zh: '{office}制单', en: 'drawn up by: {office}' },
  title_payment: { zh: '付款签批', en: 'Payment to sign' },
  title_transfer: { zh: '转账分录签批', en: 'Transfer to sign' },
  title_refund: { zh: '退款签批', en: 'Refund to sign' },
  title_budget: { zh: '预算签批', en: 'Budget to sign' },
  title_rule: { zh: '签批规则变更', en: 'Change of the signing rules' },
  title_membership: { zh: '任免签批', en: 'Appointment to sign' },
  title_delegation: { zh: '委托代签', en: 'Delegation to sign' },
  title_log_key: { zh: '更换存证密钥', en: "Change of the log's key" },
  title_bank_account: { zh: '共管账户签批', en: 'Bank account to sign' },
  title_mandate: { zh: '扣费授权签批', en: 'Mandate to sign' },
  title_fee_rule: { zh: '收费项目签批', en: 'Fee rule to sign' },
  title_waiver: { zh: '减免核销签批', en: 'Waiver to sign' },
  title_subsidy: { zh: '补贴方案签批', en: 'Subsidy scheme to sign' },
  title_subsidy_batch: { zh: '补贴批次签批', en: 'Batch of subsidies to sign' },
  title_handover: { zh: '移交签批', en: 'Handover to sign' },
  title_takeover: { zh: '接收签批', en: 'Takeover to sign' },
  title_final_account: { zh: '决算签批单', en: 'Final account to sign' },
  title_project: { zh: '项目签批单', en: 'Project to sign' },
  title_resolution: { zh: '业主大会决议确认单', en: 'Resolution to certify' },
  title_body_form: { zh: '组织形式变更签批单', en: 'Form of a body to sign' },
  title_opening: { zh: '期初余额签批单', en: 'Opening balances to sign' },
  title_disclosure: { zh: '公示签批', en: 'Disclosure to sign' },
  title_reversal: { zh: '红字冲销签批', en: 'Reversal to sign' },
  title_close: { zh: '结账签批', en: 'Closing to sign' },
  pay_to: { zh: '付给', en: 'Pay to' },
  purpose: { zh: '用途', en: 'For' },
  from: { zh: '从', en: 'From' },
  available: { zh: '这项资金现在可用', en: 'Available in this fund' },
  account_last4: { zh: '收款账号', en: 'To account' },
  last4: { zh: '尾号 {last4}', en: 'ending in {last4}' },
  invoice: { zh: '发票', en: 'Invoice' },
  invoice_of: { zh: '{number}，总额 {total} 元', en: '{number}, total {total}' },
  vouchers: { zh: '凭证', en: 'Vouchers' },
  check_words: { zh: '核对词', en: 'Check words' },
  check_words_hint: { zh: '请和另一位签批人核对：两边看到的六个词应一样。', en: 'Compare with the other signer: both must see the same six words.' },
  state: { zh: '状态', en: 'State' },
  reason: { zh: '理由', en: 'Reason' },
  number: { zh: '单号', en: 'Number' },
  version: { zh: '第 {version} 版', en: 'version {version}' },
  description: { zh: '摘要', en: 'Memo' },
  entry_date: { zh: '记账日期', en: 'Entry date' },
  reverses: { zh: '冲销凭证', en: 'Reverses' },
  period: { zh: '结账月份', en: 'Month' },
  entries: { zh: '凭证张数', en: 'Entries' },
  month_debit: { zh: '借方合计（等于贷方）', en: 'Sum of debits (equal to credits)' },
  close_effect: { zh: '签齐后这个月不能再记账，也不能反结账；以后更正用红字冲销。', en: 'Once signed, nothing more is booked in this month and it never reopens; corrections are reversals.' },
  see_checks: { zh: '看结账检查', en: 'See the checks' },
  close_bank: { zh: '与银行核对（科目 {account}）', en: 'Bank (account {account})' },
  close_bank_none: { zh: '没有银行对账单', en: 'no bank statement' },
  close_bank_covered: { zh: '逐笔核对到 {date}，差额 {difference}', en: 'line by line to {date}, difference {difference}' },
  close_bank_lines: { zh: '{lines} 笔流水没有记账', en: '{lines} lines not in the books' },
  close_bank_out: { zh: '待核实支出 {amount} 元，没有签批', en: 'unexplained debits of {amount} yuan, without an order' },
  close_bank_in: { zh: '待核实收入 {amount} 元', en: 'unexplained credits of {amount} yuan' },
  payment_order: { zh: '付款单', en: 'Payment order' },
  voided: { zh: '作废', en: 'void' },
  invoice_number: { zh: '发票号码', en: 'Invoice number' },
  invoice_total: { zh: '发票总额', en: 'Invoice total' },
  open_order: { zh: '看付款单', en: 'Open the payment order' },
  lines: { zh: '分录', en: 'Lines' },
  account: { zh: '科目', en: 'Account' },
  fund: { zh: '资金', en: 'Fund' },
  debit: { zh: '借方', en: 'Debit' },
  credit: { zh: '贷方', en: 'Credit' },
  amount: { zh: '金额', en: 'Amount' },
  checked: { zh: '已替您查过', en: 'Checked for you' },
  changed_title: { zh: '第 {version} 版改了这些', en: 'Changed in version {version}' },
  changed_lede: { zh: '上一版的签名已不作数，请看清改动再签。', en: 'Signatures of the version before no longer count; look at the changes before signing.' },
  field: { zh: '项目', en: 'Field' },
  before: { zh: '原来', en: 'Before' },
  after: { zh: '现在', en: 'Now' },
  empty: { zh: '（空）', en: '(empty)' },
  payee: { zh: '收款方', en: 'Payee' },
  payee_account: { zh: '收款账号', en: 'Payee account' },
  bank_account: { zh: '付款账户', en: 'Paid from' },
  signatures: { zh: '签批', en: 'Signatures' },
  waiting_body: { zh: '等 {body}', en: 'Waiting for {body}' },
  waiting_count: { zh: '还要 {count} 人', en: '{count} more' },
  earlier: { zh: '上一版的签名，已不作数', en: 'over an earlier version; no longer counts' },
  step_submitted: { zh: '提交签批', en: 'Submitted' },
  step_returned: { zh: '退回修改', en: 'Returned' },
  step_withdrawn: { zh: '撤回', en: 'Withdrawn' },
  step_commented: { zh: '评论', en: 'Comment' },
  step_held: { zh: '暂缓', en: 'Put on hold' },
  step_released: { zh: '恢复签批', en: 'Released' },
  step_expired: { zh: '过期', en: 'Expired' },
  step_superseded: { zh: '被取代', en: 'Superseded' },
  step_executed: { zh: '办结', en: 'Carried out' },
  decide: { zh: '您的决定', en: 'Your decision' },
  password: { zh: '签批密码', en: 'Signing password' },
  otherwise: { zh: '不同意，或再等等', en: 'Not like this, or not now' },
  reason_hint: { zh: '制单人会看到，也会存证。不要写姓名、电话、身份证号。', en: 'The maker sees it and it goes on record. No names, telephone or ID numbers.' },
  return: { zh: '退回修改', en: 'Return for correction' },
  hold: { zh: '先放一放', en: 'Put on hold' },
  reject: { zh: '拒绝', en: 'Reject' },
  release: { zh: '恢复签批', en: 'Release for signing' },
  withdraw: { zh: '撤回这张单', en: 'Withdraw' },
  cancel: { zh: '取消（不付了）', en: 'Cancel (do not pay)' },
  take_back: { zh: '取回修改', en: 'Take back for correction' },
  other_steps: { zh: '其他操作', en: 'Other steps' },
  approved_payment: { zh: '已签齐，等出纳到银行办理付款。款已为它留出。', en: 'All signatures are there. The cashier pays at the bank; the sum is set aside.' },
  approved_other: { zh: '已签齐，系统会自动办理；没有办成会再试。', en: 'All signatures are there; it is carried out by itself and tried again if it fails.' },
  rules: { zh: '签批规则', en: 'Signing rules' },
  kind: { zh: '事项', en: 'What' },
  band: { zh: '金额', en: 'Amount' },
  fund_any: { zh: '所有资金', en: 'all funds' },
  who: { zh: '谁来签', en: 'Who signs' },
  days: { zh: '签批期限', en: 'Time to sign' },
  days_of: { zh: '{days} 天', en: '{days} days' },
  since: { zh: '从哪天起', en: 'Since' },
} as const satisfies Record<string, Bilingual>;

const offices: Record<string, Bilingual> = {
  cashier: { zh: '出纳', en: 'cashier' }, manager: { zh: '项目经理', en: 'manager' }, chair: { zh: '主任', en: 'chair' },
  member: { zh: '委员', en: 'member' }, supervisor: { zh: '监事', en: 'supervisor' }, official: { zh: '工作人员', en: 'official' },
  auditor: { zh: '审计', en: 'auditor' }, deputy: { zh: '候补', en: 'deputy' },
};
export const officeWord = (office: string, locale: Locale): string => offices[office]?.[locale] ?? office;
