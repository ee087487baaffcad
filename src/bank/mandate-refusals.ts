// What may be wrong with a standing mandate for bank fees.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  mandate_account_unknown: {
    status: 422,
    zh: '“{account}”不是可以记账的支出科目，请从列表中选择，例如 5119 其他支出。',
    en: '"{account}" is no expense account that takes entries; choose one of the list, for example 5119 Other expenses.',
  },
  mandate_fund_unknown: {
    status: 422,
    zh: '资金“{fund}”不能承担这个科目的费用，请从列表中选择。',
    en: 'The fund "{fund}" cannot bear this account; choose one of the list.',
  },
  mandate_cap_invalid: {
    status: 422,
    zh: '“{typed}”不是限额：请填大于 0、最多两位小数的金额，例如 50.00。',
    en: '"{typed}" is no limit: an amount above 0 with at most two decimals, for example 50.00.',
  },
  mandate_caps_order: {
    status: 422,
    zh: '每月限额 {month} 元小于每笔限额 {each} 元，请改正。',
    en: 'The limit for a month, {month}, is below the limit for each, {each}.',
  },
  mandate_days_invalid: {
    status: 422,
    zh: '有效期不对：请写成 2026-12-01 这样，从今天（{today}）或以后的一天起，止期不早于起期，最长 {years} 年。',
    en: 'These days are not right: write them as 2026-12-01, from today ({today}) or later, the last not before the first, {years} years at most.',
  },
  mandate_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，授权没有生效。',
    en: 'Proposal {proposal} has not all its signatures; the mandate did not begin.',
  },
  mandate_not_possible: {
    status: 409,
    zh: '签齐的时候，账户已注销、科目已停用，或有效期已过，授权不能生效了。请重新提出。',
    en: 'By the time all had signed, the bank account or the account was closed, or the days were over. Propose anew.',
  },
  mandate_not_there: {
    status: 404,
    zh: '没有第 {mandate} 号扣费授权。',
    en: 'There is no mandate no. {mandate}.',
  },
  mandate_ended_already: {
    status: 409,
    zh: '第 {mandate} 号扣费授权已经结束了。',
    en: 'Mandate no. {mandate} has ended already.',
  },
  mandate_not_yours: {
    status: 403,
    zh: '只有签过这项授权的各方（物业、业委会等）的签批人可以单独结束它。',
    en: 'A mandate is ended by those who may sign for one of the bodies that signed it.',
  },
});
