// What may be wrong with a waiver, discount, write-off or correction of bills.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  waiver_why_invalid: {
    status: 422,
    zh: '请选择种类：减免、优惠、核销、更正。',
    en: 'Choose what it is: waiver, discount, write-off or correction.',
  },
  waiver_units_invalid: {
    status: 422,
    zh: '没有房屋“{typed}”。请按台账里的房号填，一行一户，例如 3-2-1002，最多 {limit} 户。',
    en: 'There is no dwelling "{typed}". Write the numbers as in the register, one a line, 3-2-1002 for example, {limit} at most.',
  },
  waiver_reason_names_unit: {
    status: 422,
    zh: '理由里写了房号 {unit}。理由写进存证，永远公开，请不要写是哪一户。',
    en: 'The reason names dwelling {unit}. It goes into the log and stays public for ever: do not say which dwelling it is.',
  },
  waiver_item_invalid: {
    status: 422,
    zh: '没有收费项目“{typed}”，请从列表中选择，或选全部项目。',
    en: 'There is no item "{typed}"; choose one of the list, or all items.',
  },
  waiver_months_invalid: {
    status: 422,
    zh: '月份不对：写成 2026-10 这样，止月不早于起月，一次最多 {most} 个月。核销和更正只能对已经开出的账单，不能超过 {present}。',
    en: 'The months are not right: written as 2026-10, the last not before the first, {most} months at most. Write-offs and corrections are of bills that are made, up to {present}.',
  },
  waiver_measure_invalid: {
    status: 422,
    zh: '减多少不对：填百分比（0.01 到 100），或每张账单减多少元，两项只填一项。',
    en: 'How much is not right: either per cent (0.01 to 100) or yuan off each bill, one of the two.',
  },
  waiver_nothing_open: {
    status: 422,
    zh: '这些房屋在这些月份没有未交的账单，以后的月份也开不出账单，没有可减的。已经交了的，请提退款。',
    en: 'Nothing is open of these dwellings and months, and no bills are to come: there is nothing to take off. What is paid already is given back by a refund.',
  },
  waiver_needs_signer: {
    status: 409,
    zh: '您是{body}的签批人，提出后自己不能签，{body}只剩 {present} 人能签，需要 {asked} 人。请由出纳提出。',
    en: 'You sign for {body_en} and do not sign what you propose: {present} would be left of the {asked} needed. Let the cashier propose it.',
  },
  waiver_signers_benefit: {
    status: 409,
    zh: '名单里有 {count} 户住着能签批的任职人员，自己得益的不能签。请把他们的房屋分开，每户单独提一张；如果全体业主都一样，请改收费项目的单价。',
    en: '{count} persons who may sign live in these dwellings, and nobody signs what benefits them. Propose their dwellings one by one; where all owners benefit alike, change the fee rule instead.',
  },
  waiver_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，没有减免。',
    en: 'Proposal {proposal} has not all its signatures; nothing was taken off.',
  },
  waiver_not_possible: {
    status: 409,
    zh: '签齐的时候，这些账单已经没有未交的金额了，没有可减的。',
    en: 'By the time all had signed, nothing was open of these bills any more.',
  },
  waiver_unknown: {
    status: 404,
    zh: '没有第 {waiver} 号减免。',
    en: 'There is no waiver no. {waiver}.',
  },
});
