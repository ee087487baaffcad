// What may be wrong with schemes of subsidies, claims, batches, the funder's money and passing it on.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  subsidy_measure_unclear: {
    status: 422,
    zh: '请在“按比例”和“按定额”里填一个，而且只填一个：例如按比例 30，或每张账单 50.00 元。',
    en: 'Fill in either the percentage or the sum, not both and not neither: 30 per cent, say, or 50.00 yuan a bill.',
  },
  subsidy_percent_invalid: {
    status: 422,
    zh: '“{typed}”不是比例：请填大于 0、不超过 100 的数，最多两位小数，例如 30 就是 30%。',
    en: '"{typed}" is no percentage: above 0 and at most 100, with at most two decimals; 30 means 30%.',
  },
  subsidy_amount_invalid: {
    status: 422,
    zh: '“{typed}”不是金额：请填大于 0、最多两位小数的金额，例如 50.00。',
    en: '"{typed}" is no amount: above 0 with at most two decimals, for example 50.00.',
  },
  subsidy_items_unknown: {
    status: 422,
    zh: '“{item}”不是本小区的收费项目，请从列表中至少选一项：{choices}。',
    en: '"{item}" is no item that is billed here; choose at least one of: {choices}.',
  },
  subsidy_periods_invalid: {
    status: 422,
    zh: '账单月份不对：请写成 2026-10 这样，止月不早于起月，最长 {years} 年。',
    en: 'These months are not right: write them as 2026-10, the last not before the first, {years} years at most.',
  },
  subsidy_cap_above_budget: {
    status: 422,
    zh: '每户最多 {cap} 元，比总额 {budget} 元还多，请改正。',
    en: 'The most for one dwelling, {cap}, is above the whole budget of {budget}.',
  },
  subsidy_last_day_invalid: {
    status: 422,
    zh: '申领截止日不对：请写成 2026-12-31 这样，今天（{today}）或以后，最晚 {years} 年内。',
    en: 'The last day for claims is not right: write it as 2026-12-31, today ({today}) or later, within {years} years.',
  },
  subsidy_payout_invalid: {
    status: 422,
    zh: '“{typed}”不是发放办法：请选 credit（记入该户预收，抵以后的账单）或 pay（逐户付款）。',
    en: '"{typed}" is no way to pass it on: choose credit (for the dwelling\'s coming bills) or pay (paid out by order).',
  },
  subsidy_needs_signer: {
    status: 409,
    zh: '您提出以后就不能再签，{body}要签 {asked} 人，只剩 {present} 人能签。请由出纳，或由签批人更多的一方提出。',
    en: 'Whoever proposes does not sign: {body_en} must sign with {asked}, and {present} would be left. Let the cashier or the other body propose it.',
  },
  subsidy_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，没有办理。',
    en: 'Proposal {proposal} has not all its signatures; nothing was done.',
  },
  subsidy_not_possible: {
    status: 409,
    zh: '签齐的时候，申领截止日已过，方案不能生效了。请重新提出。',
    en: 'By the time all had signed, the last day for claims was over. Propose the scheme anew.',
  },
  subsidy_unknown: {
    status: 404,
    zh: '没有第 {scheme} 号补贴方案。',
    en: 'There is no subsidy scheme no. {scheme}.',
  },
  subsidy_over: {
    status: 409,
    zh: '第 {scheme} 号补贴方案到 {last_day} 为止，不能再申领了。已经申领的照常办理。',
    en: 'Scheme no. {scheme} took claims until {last_day}. What was claimed before goes on.',
  },
  subsidy_ended_already: {
    status: 409,
    zh: '第 {scheme} 号补贴方案已经结束了。',
    en: 'Scheme no. {scheme} has ended already.',
  },
  subsidy_not_yours: {
    status: 403,
    zh: '只有签过这项方案的各方（物业、业委会等）的签批人可以单独停止申领。',
    en: 'A scheme is ended by those who may sign for one of the bodies that signed it.',
  },
  subsidy_bill_unknown: {
    status: 404,
    zh: '没有第 {bill} 号账单，或它不是您家的。',
    en: 'There is no bill {bill}, or it is not yours.',
  },
  subsidy_bill_outside: {
    status: 409,
    zh: '第 {bill} 号账单不在补贴范围：方案只补 {from} 至 {to} 的 {items}。',
    en: 'Bill {bill} is not what the scheme is for: {items} of {from} to {to}.',
  },
  subsidy_claimed_already: {
    status: 409,
    zh: '第 {bill} 号账单已经按这项方案申领过了，一张账单只补一次。没有重复登记。',
    en: 'Bill {bill} was claimed under this scheme before; a bill is subsidised once. Nothing was recorded.',
  },
  subsidy_bill_not_paid: {
    status: 409,
    zh: '第 {bill} 号账单还没有缴清，先缴后补：缴清入账以后再申领。',
    en: 'Bill {bill} is not paid in full yet. The subsidy is for bills that are paid first; claim it once the payment is booked.',
  },
  subsidy_bill_covered: {
    status: 409,
    zh: '第 {bill} 号账单缴的钱，已经由别的补贴补足了。',
    en: 'What was paid of bill {bill} is covered by other subsidies already.',
  },
  subsidy_cap_reached: {
    status: 409,
    zh: '这户已经领满每户上限 {cap} 元。',
    en: 'This dwelling has reached the most for one dwelling, {cap}.',
  },
  subsidy_budget_used_up: {
    status: 409,
    zh: '补贴总额 {budget} 元只剩 {left} 元，不够这次申领，没有登记。请等拨款方追加，另立方案。',
    en: 'Of the budget of {budget}, {left} is left, which is not enough for this claim; nothing was recorded. More money takes another scheme.',
  },
  subsidy_nothing_to_claim: {
    status: 409,
    zh: '现在没有可以申领的账单：要在补贴范围内、已经缴清、没有申领过。',
    en: 'There is nothing to claim now: bills must be within the scheme, paid in full and not claimed yet.',
  },
  subsidy_nothing_to_send: {
    status: 409,
    zh: '没有待申报的申领：已登记的都在别的批次里。',
    en: 'No claims wait to be sent: all are in other batches.',
  },
  subsidy_batch_changed: {
    status: 409,
    zh: '签批期间有账单的收款被冲销，名单变了，这一批不能申报了。请重新做一批。',
    en: 'While it was signed, payments of some bills were reversed, so that the list is another. Make the batch anew.',
  },
  subsidy_batch_unknown: {
    status: 404,
    zh: '没有第 {batch} 号补贴批次，或它还没有签齐。',
    en: 'There is no batch no. {batch}, or it is not signed yet.',
  },
  subsidy_entry_unfit: {
    status: 422,
    zh: '第 {entry} 号凭证不是缴费补贴资金的拨款收入（贷 4105、资金 fee_subsidy），或已被冲销，请从列表中选择。',
    en: 'Entry {entry} is no receipt of the fee subsidies (credit 4105, fund fee_subsidy), or is reversed; choose one of the list.',
  },
  subsidy_entry_exceeded: {
    status: 409,
    zh: '这张凭证没有 {amount} 元可以认到这一批：它的一部分已认给别的批次。',
    en: 'The entry has not {amount} left for this batch: part of it was linked to another.',
  },
  subsidy_batch_exceeded: {
    status: 409,
    zh: '这一批共申报 {total} 元，已到账 {arrived} 元，再认 {amount} 元就超过了。多拨的钱请另作登记或退回拨款方。',
    en: 'The batch asks for {total} and {arrived} has arrived; {amount} more would be beyond it. Give back what is too much, or link it to another batch.',
  },
  subsidy_linked_already: {
    status: 409,
    zh: '这张凭证已经认到这一批了。',
    en: 'The entry is linked to this batch already.',
  },
  subsidy_arrival_unclear: {
    status: 422,
    zh: '请选择已入账的拨款凭证，或填写到账日期和金额。',
    en: 'Choose an entry that is booked already, or fill in day and amount.',
  },
  subsidy_nothing_to_pass_on: {
    status: 409,
    zh: '现在没有可以发放的：到账 {arrived} 元，已发放或正在签批 {passed} 元。拨款到账以后再发放。',
    en: 'Nothing can be passed on now: {arrived} arrived, {passed} is passed on or being signed for. Wait for the money.',
  },
  subsidy_pays_otherwise: {
    status: 409,
    zh: '这项方案的发放办法是{way}，不能这样发放。',
    en: 'This scheme passes subsidies on {way_en}, not this way.',
  },
  subsidy_order_unfit: {
    status: 422,
    zh: '第 {order} 号不是发放这户补贴的付款单：要已提交签批，科目 5114、资金 fee_subsidy，金额正好 {amount} 元，没有用过。',
    en: 'No. {order} is no order for this: it must be submitted, from account 5114 and fund fee_subsidy, of exactly {amount}, and not used before.',
  },
  subsidy_claims_moved: {
    status: 409,
    zh: '名单刚刚变了（有收款被冲销，或别人已在发放），没有办理。请刷新后再试。',
    en: 'The list has just changed (a payment was reversed, or somebody else passes it on); nothing was done. Reload and try again.',
  },
  subsidy_payout_changed: {
    status: 409,
    zh: '签批期间有账单的收款被冲销，这笔发放不能入账了。请重新发放。',
    en: 'While it was signed, payments of some bills were reversed, so this cannot be booked. Pass the subsidies on anew.',
  },
});
