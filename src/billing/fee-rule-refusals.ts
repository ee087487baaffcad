// What may be wrong with a fee rule, its end, and a shared cost.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  fee_item_invalid: {
    status: 422,
    zh: '请选择收费项目，或选“其他”并写上名称；接口里用小写字母和下划线，例如 property_fee，late_fee 除外。',
    en: 'Choose what the fee is for, or "other" with a name; over the interface small letters and underscores, property_fee for example, not late_fee.',
  },
  fee_basis_invalid: {
    status: 422,
    zh: '计费方式不对：按面积、按户、按车位、按表、分摊，五选一。',
    en: 'The basis must be one of five: by area, fixed, by parking space, metered, shared.',
  },
  fee_rate_invalid: {
    status: 422,
    zh: '“{typed}”不能作单价：请填 0 以上、最多六位小数的数，例如 1.50。分摊费用没有单价。',
    en: '"{typed}" is no price: 0 or more with at most six decimals, for example 1.50. A shared cost has none.',
  },
  fee_meter_kind_invalid: {
    status: 422,
    zh: '按表计费要说明是哪种表：水、电、燃气、热力。',
    en: 'A metered fee needs the kind of meter: water, electricity, gas or heat.',
  },
  fee_apportion_invalid: {
    status: 422,
    zh: '分摊费用要说明按面积分还是按户分。',
    en: 'A shared cost is apportioned by area or by household: say which.',
  },
  fee_buildings_unknown: {
    status: 422,
    zh: '房屋台账里没有“{typed}”这个楼栋或分期。请按台账里的写法填，用逗号隔开；空着就是全部。',
    en: 'The register has no building or phase "{typed}". Write them as the register does, separated by commas; empty means all.',
  },
  fee_account_invalid: {
    status: 422,
    zh: '收到的钱不能记入科目“{account}”：请选收入科目，代收的水电费选 2242 代收代付款。',
    en: 'What is paid cannot be booked to account "{account}": choose an income account, or 2242 for what is collected for others.',
  },
  fee_cost_account_invalid: {
    status: 422,
    zh: '分摊费用要说明分摊哪个科目的支出：“{account}”不是可以记账的支出科目。公共水电一般是 5106 公共能耗。',
    en: 'A shared cost needs the account whose payments are shared: "{account}" is no expense account that takes entries. Common electricity and water are usually 5106.',
  },
  fee_fund_invalid: {
    status: 422,
    zh: '资金“{fund}”不收这个科目的钱，请从列表中选择，物业费一般是物业服务资金。',
    en: 'The fund "{fund}" takes no money on this account; choose one of the list, usually the property service fund.',
  },
  fee_due_invalid: {
    status: 422,
    zh: '交费期限不对：日子填 1 到 31（31 就是月底），推后 0 到 12 个月。',
    en: 'The due day is not right: a day from 1 to 31 (31 is the last of the month), 0 to 12 months later.',
  },
  fee_late_invalid: {
    status: 422,
    zh: '滞纳金不对：每天万分之 0.01 到 100，宽限 0 到 365 天，并且必须写上限（不超过账单的 100%）。合同没有约定的，三项都空着。',
    en: 'The late fee is not right: 0.01 to 100 of ten thousand a day, 0 to 365 days of grace, and a cap of at most 100 per cent of the bill is needed. Leave all empty where the contract agrees on none.',
  },
  fee_days_invalid: {
    status: 422,
    zh: '日期不对：从 {from} 到 {to} 之间的一天起，写成 2026-12-01 这样；止期可以空着，填了不能早于起期。',
    en: 'These days are not right: from a day between {from} and {to}, written as 2026-12-01; the last day may be left empty, and is not before the first.',
  },
  fee_rule_month_billed: {
    status: 409,
    zh: '“{name}”{period}的账单已经开出，开出的账单不能改。请从 {next} 或以后的一天起变更；已开的要更正，请提“减免、更正”。',
    en: 'The bills "{name_en}" of {period} are made, and a bill is not changed. Begin on {next} or later; what is billed is lowered by a waiver or correction.',
  },
  fee_rule_unknown: {
    status: 404,
    zh: '没有第 {rule} 号收费项目。',
    en: 'There is no fee rule no. {rule}.',
  },
  fee_rule_ended_already: {
    status: 409,
    zh: '第 {rule} 号收费项目已经定了 {ends_on} 为最后一天。',
    en: 'Fee rule no. {rule} has its last day already: {ends_on}.',
  },
  fee_rule_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，收费项目没有变更。',
    en: 'Proposal {proposal} has not all its signatures; no fee was changed.',
  },
  fee_rule_not_possible: {
    status: 409,
    zh: '签齐的时候，科目已停用、资金不收这个科目，或原来的收费项目已经结束，变更不能生效了。请重新提出。',
    en: 'By the time all had signed, the account was closed, the fund does not take it, or the old rule had ended. Propose anew.',
  },
  fee_rule_overtaken: {
    status: 409,
    zh: '签齐的时候，生效那个月的账单已经开出，变更不能生效了。请从下一个没有开账单的月份起重新提出。',
    en: 'By the time all had signed, the bills of its first month were made. Propose anew from the first month that is not billed.',
  },
  fee_needs_signer: {
    status: 409,
    zh: '您是{body}的签批人，提出后自己不能签，{body}只剩 {present} 人能签，需要 {asked} 人。请由出纳提出。',
    en: 'You sign for {body_en} and do not sign what you propose: {present} would be left of the {asked} needed. Let the cashier propose it.',
  },
  bill_not_there: {
    status: 404,
    zh: '这户没有第 {bill} 号账单，请从账单列表进入。',
    en: 'This dwelling has no bill {bill}; open it from the list of bills.',
  },
  shared_cost_item_invalid: {
    status: 422,
    zh: '请选择一个分摊项目；没有的话，先提出计费方式为“分摊”的收费项目。',
    en: 'Choose an item whose basis is shared; where there is none, propose such a fee rule first.',
  },
  shared_cost_period_invalid: {
    status: 422,
    zh: '月份不对：请填 {from} 到 {to} 之间的月份，写成 2026-10 这样。',
    en: 'The month is not right: from {from} to {to}, written as 2026-10.',
  },
  shared_cost_amount_invalid: {
    status: 422,
    zh: '“{typed}”不是金额：请填大于 0、最多两位小数的数。',
    en: '"{typed}" is no amount: above 0 with at most two decimals.',
  },
  shared_cost_entry_invalid: {
    status: 422,
    zh: '请选择付这笔费用的记账凭证：只有付出去的钱才能分摊。',
    en: 'Choose the entry by which this cost was paid: only what was paid is shared.',
  },
  shared_cost_beyond_entry: {
    status: 409,
    zh: '{number} 在这个项目签定的支出科目上没有付这么多（已冲销的不算，别处已分摊的要减去），不能分摊 {amount} 元。',
    en: '{number} did not pay as much on the account this fee shares (what is reversed does not count, what is shared already is taken off): {amount} yuan cannot be shared.',
  },
  shared_cost_twice: {
    status: 409,
    zh: '“{name}”{period}已经分摊过 {amount} 元，账单已开出。差额请并入下个月。',
    en: '"{name_en}" of {period} is shared already, {amount} yuan, and billed. Add the difference to the next month.',
  },
  shared_cost_nobody: {
    status: 422,
    zh: '“{name}”{period}没有要分摊的房屋：请看收费项目的起止日期和适用房屋。',
    en: 'No dwelling shares "{name_en}" of {period}: look at the days of the rule and the dwellings it is for.',
  },
});
