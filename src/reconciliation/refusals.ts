// What can go wrong when lines of the bank are matched: which line, which figures, and what to do instead.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  reconcile_account_unknown: {
    status: 404,
    zh: '没有科目为 {account} 的共管账户，请从列表里选。',
    en: 'There is no joint bank account {account}; choose one of the list.',
  },
  bank_line_missing: {
    status: 404,
    zh: '账户 {account} 没有第 {position} 条流水，请刷新后重选。',
    en: 'Bank account {account} has no line {position}; reload and choose again.',
  },
  bank_line_answered: {
    status: 409,
    zh: '第 {position} 条流水已经勾对过了，请刷新页面。要改，先在“已勾对”里撤销。',
    en: 'Line {position} is matched already; reload the page. To change it, undo the match under "Matched" first.',
  },
  candidate_gone: {
    status: 409,
    zh: '第 {position} 条流水的这个勾对建议已经不成立了（账上刚有变化）。没有入账，请刷新后重新确认。',
    en: 'This suggestion for line {position} no longer holds, because the books have changed. Nothing was booked; reload and confirm again.',
  },
  match_nothing: {
    status: 422,
    zh: '请选择这条流水对应什么：账上的凭证、付款申请单，或者直接入账的科目。',
    en: 'Please say what the line is: entries of the books, payment orders, or an account to book it to.',
  },
  match_sums_differ: {
    status: 422,
    zh: '流水合计 {lines}，所选凭证合计 {entries}，相差 {difference}。请补选或去掉几项，直到两边相等。',
    en: 'The lines add up to {lines}, the chosen entries to {entries}; they differ by {difference}. Add or remove items until both agree.',
  },
  match_entry_unknown: {
    status: 422,
    zh: '所选的凭证里，有的不在账户 {account} 上，或已经和别的流水勾对。请刷新后重选。',
    en: 'One of the chosen entries is not on bank account {account}, or is matched with another line. Reload and choose again.',
  },
  match_payee_differs: {
    status: 422,
    zh: '银行把这笔钱付到了尾号 {paid_to} 的账户，签批的收款账户尾号是 {signed_to}，不能勾对。请先转入待核实，再补签付款申请单。',
    en: 'The bank paid this to an account ending {paid_to}, but the signed order pays to one ending {signed_to}: they cannot be matched. Put the line to suspense and have an order signed for it afterwards.',
  },
  match_before_signed: {
    status: 422,
    zh: '银行 {booked_on} 就付了款，{number} 到 {approved_on} 才签齐，不能当作先签后付。请先转入待核实，再另开一张事后补单。',
    en: 'The bank paid on {booked_on}, but {number} had its signatures only on {approved_on}. Put the line to suspense and have an order signed after the fact.',
  },
  match_lines_both_ways: {
    status: 422,
    zh: '不能把收入和支出的流水放在一起勾对。只有同一对方账户退回的一进一出两笔，才能互相抵消。',
    en: 'Lines in and out cannot be matched together. Only two lines with the same other account, one out and one back, cancel each other.',
  },
  match_paid_in_cash: {
    status: 422,
    zh: '{booked_on} 这笔是现金支取，{number} 签批的是转账到收款账户，不能勾对。请转入待核实，再补签。',
    en: 'The line of {booked_on} is cash that was drawn; {number} was signed for a transfer to an account. Put the line to suspense and have an order signed for it afterwards.',
  },
  match_return_unsigned: {
    status: 422,
    zh: '{booked_on} 付出的这笔钱没有签齐的付款申请单，退了回来也不能与退款互相抵消。付出的转入待核实并公开，退回的按收入入账。',
    en: 'Nobody had signed for what was paid on {booked_on}: that it came back does not cancel it. Put the debit to suspense, where it is public, and book what came back.',
  },
  match_orders_sum: {
    status: 422,
    zh: '流水合计 {lines}，所选付款申请单合计 {orders}，相差 {difference}。请选金额正好相等的单。',
    en: 'The lines add up to {lines}, the chosen orders to {orders}; they differ by {difference}. Choose orders of exactly that sum.',
  },
  match_order_unknown: {
    status: 422,
    zh: '付款申请单 {order} 还没有签齐、正在公示或有异议、已经付过，或者不是从这个账户付的，不能勾对。',
    en: 'Order {order} is not approved, waits, is paid already, or is not paid from this account: it cannot be matched.',
  },
  match_money_in_only: {
    status: 422,
    zh: '支出的流水不能直接入账：要有签齐的付款申请单，或授权扣费。没有单的，转入待核实后补签。',
    en: 'Money that went out is not booked directly: it needs an approved order or a mandate. Without one, put it to suspense and have an order signed afterwards.',
  },
  receipt_parts_differ: {
    status: 422,
    zh: '各项合计 {parts}，应为 {lines}，相差 {difference}。请改到正好相等。',
    en: 'The parts add up to {parts}, but should be {lines}; they differ by {difference}. Make them agree exactly.',
  },
  receipt_account_unfit: {
    status: 422,
    zh: '“{account}”不能作收款的科目：请从列表里选收入、负债等科目；银行存款、待核实和基金科目不行。',
    en: '"{account}" cannot take a receipt: choose an income or liability account of the list; not a bank account, suspense or equity.',
  },
  receipt_fund_unknown: { status: 422, zh: '没有代码为 {fund} 的资金，请从列表里选。', en: 'There is no fund {fund}; choose one of the list.' },
  receipt_unit_unknown: { status: 422, zh: '没有房号 {unit}，请写成 3-2-1002 这样。', en: 'There is no dwelling {unit}; write it as 3-2-1002.' },
  receipt_too_many: { status: 422, zh: '一条流水最多拆成 {limit} 项。', en: 'A line is split into at most {limit} parts.' },
  bank_match_unknown: {
    status: 404,
    zh: '没有这条勾对，或者已经撤销了。',
    en: 'There is no such match, or it was undone already.',
  },
  bank_match_booked: {
    status: 409,
    zh: '这笔账是从流水直接入账的，不能只撤销勾对。要改，请对凭证 {number} 提红字冲销，冲销后流水会重新待勾对。',
    en: 'This entry was booked from the line, so the match cannot be undone alone. Propose a reversal of entry {number}; the line is then open again.',
  },
  match_rule_unknown: { status: 404, zh: '没有第 {rule} 号勾对规则。', en: 'There is no matching rule {rule}.' },
  match_rule_words: {
    status: 422,
    zh: '请至少写一个摘要里会出现的词，每个 2 到 20 个字，用逗号隔开，最多 30 个。',
    en: 'Give at least one word that the bank writes, each 2 to 20 characters, separated by commas, at most 30.',
  },
  suspense_not_open: {
    status: 409,
    zh: '第 {entry} 号待核实款项已经核实完了，或者不存在，请刷新页面。',
    en: 'There is no unexplained item {entry}, or it is settled already; reload the page.',
  },
  suspense_debit_by_order: {
    status: 422,
    zh: '待核实的支出只能用签齐的付款申请单核销，不能直接记科目。请点“补付款申请单”。',
    en: 'An unexplained debit is settled by an approved order only. Choose "order signed afterwards".',
  },
  suspense_fund_missing: {
    status: 409,
    zh: '小区没有非限定的资金，待核实款项没有地方记。请先登记一项不限定用途的资金。',
    en: 'The estate has no unrestricted fund to book unexplained money to. Enter one first.',
  },
});
