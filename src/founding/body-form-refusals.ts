// What may be wrong with another form of a body.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  body_form_body_unknown: {
    status: 422,
    zh: '没有“{typed}”这一方，请从列表里选。',
    en: 'There is no body "{typed}"; choose one of the list.',
  },
  body_form_unknown: {
    status: 422,
    zh: '“{typed}”不是{body}可以用的组织形式，可以用的有：{forms}。',
    en: '"{typed}" is no form of the {body_en}; there are: {forms_en}.',
  },
  body_form_mode_unknown: {
    status: 422,
    zh: '管理模式“{typed}”不对：应为信托制、酬金制或居民自管，并且只在变更服务一方时填写。',
    en: 'The mode "{typed}" is not right: trust, commission or self-managed, and only with a change of who manages.',
  },
  body_form_from_invalid: {
    status: 422,
    zh: '生效日期“{typed}”不对：请写成 2026-12-01 这样，从今天（{today}）起一年以内。',
    en: 'The first day "{typed}" is not right: write it as 2026-12-01, from today ({today}) on and within a year.',
  },
  body_form_from_early: {
    status: 422,
    zh: '{body}已经签了从 {from} 起的另一种形式，这一次要在它之后。',
    en: 'Another form of the {body_en} from {from} on is signed already; this one comes after it.',
  },
  body_form_until_invalid: {
    status: 422,
    zh: '临时组织的计划截止日“{typed}”不对：不早于生效日，最长五年；不是临时的请留空。',
    en: 'The last day "{typed}" of a temporary body is not right: not before its first day, five years at most; leave it empty for one that stays.',
  },
  body_form_same: {
    status: 409,
    zh: '{name}现在就是这个形式和名称，没有变化。',
    en: '{name_en} has this form and name already; nothing would change.',
  },
  body_form_waits: {
    status: 409,
    zh: '第 {proposal} 号组织形式签批单正在办理，请先签完或撤回。',
    en: 'Proposal no. {proposal} for the form of this body is under way; finish or withdraw it first.',
  },
  body_form_needs_signer: {
    status: 409,
    zh: '{body}要 {asked} 人签，除了您只剩 {present} 人。请由出纳或另一方来提出。',
    en: 'The {body_en} must give {asked} signatures, and without you there are {present}. Let the cashier or the other side propose it.',
  },
  body_form_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单还没有签齐，组织形式不变。',
    en: 'Proposal no. {proposal} is not signed by all; the form stays.',
  },
  body_form_not_possible: {
    status: 409,
    zh: '签批期间这一方的名称或形式已经变了，或者临时期限已过。请按现在的情况重新提出。',
    en: 'The body\'s name or form changed while this was signed, or its last day is past. Propose it again as things are now.',
  },
});
