// Every kind of record there is, by name, in the order of a filter: the books first, the machinery last. A kind that
// is written somewhere and is not here fails test/oversight/kinds.test.ts.
import type { Bilingual } from '../kernel/locale.ts';

const kinds = {
  journal_entry: { zh: '记账', en: 'Journal entry' },
  voucher_received: { zh: '收到原始凭证', en: 'Voucher received' },
  pay_file_made: { zh: '做付款文件', en: 'Pay file made' },
  pay_file_voided: { zh: '付款文件作废', en: 'Pay file declared void' },
  invoice_titles_changed: { zh: '改发票抬头', en: 'Accepted invoice titles changed' },
  bank_statement_imported: { zh: '导入银行对账单', en: 'Bank statement taken in' },
  bank_lines_matched: { zh: '银行流水与凭证勾对', en: 'Bank lines matched' },
  bank_match_ended: { zh: '撤销勾对', en: 'Match ended' },
  bank_balance_stated: { zh: '登记银行余额', en: 'Bank balance stated' },
  period_closed: { zh: '结账', en: 'Month closed' },
  proposal_submitted: { zh: '提交签批', en: 'Submitted for signing' },
  signature: { zh: '签名', en: 'Signature' },
  proposal_returned: { zh: '退回修改', en: 'Returned' },
  proposal_withdrawn: { zh: '撤回', en: 'Withdrawn' },
  proposal_held: { zh: '暂缓', en: 'Put on hold' },
  proposal_released: { zh: '恢复签批', en: 'Released for signing' },
  proposal_expired: { zh: '签批过期', en: 'Proposal expired' },
  proposal_superseded: { zh: '签批单被取代', en: 'Proposal superseded' },
  proposal_commented: { zh: '评论签批单', en: 'Comment on a proposal' },
  objection_raised: { zh: '书面异议', en: 'Written objection' },
  objection_answered: { zh: '答复异议', en: 'Objection answered' },
  inquiry_asked: { zh: '提出质询', en: 'Question asked' },
  inquiry_answered: { zh: '答复质询', en: 'Question answered' },
  disclosure_prepared: { zh: '编成公示', en: 'Disclosure prepared' },
  disclosure_published: { zh: '发布公示', en: 'Disclosure published' },
  term_opened: { zh: '任职', en: 'Term of office' },
  term_ended: { zh: '提前卸任', en: 'Term ended early' },
  delegation_opened: { zh: '委托代签', en: 'Delegation' },
  delegation_ended: { zh: '结束委托', en: 'Delegation ended' },
  rules_opened: { zh: '首批签批规则', en: 'First signing rules' },
  rules_changed: { zh: '变更签批规则', en: 'Signing rules changed' },
  rules_completed: { zh: '补足签批规则', en: 'Signing rules completed' },
  passkey_enrolled: { zh: '登记通行密钥', en: 'Passkey enrolled' },
  passkey_revoked: { zh: '停用通行密钥', en: 'Passkey revoked' },
  invitations_issued: { zh: '印发邀请码', en: 'Invitations issued' },
  witness_enrolled: { zh: '登记见证人', en: 'Witness enrolled' },
  witness_retired: { zh: '见证人退出', en: 'Witness retired' },
  export_made: { zh: '做成审计包', en: 'Audit package made' },
  erased: { zh: '抹除个人信息', en: 'Personal data erased' },
  log_key_opened: { zh: '启用存证密钥', en: 'Log key opened' },
  log_key_changed: { zh: '更换存证密钥', en: 'Log key changed' },
  estate_opened: { zh: '建账', en: 'Estate opened' },
  body_opened: { zh: '登记一方', en: 'Body entered' },
  bank_account_opened: { zh: '登记共管账户', en: 'Bank account entered' },
  bank_account_changed: { zh: '变更共管账户', en: 'Bank account changed' },
  bank_account_closed: { zh: '注销共管账户', en: 'Bank account closed' },
  onboarding_noted: { zh: '登记开户事项', en: 'Bank onboarding noted' },
  mandate_opened: { zh: '授权银行扣费', en: 'Mandate for bank fees' },
  mandate_ended: { zh: '结束扣费授权', en: 'Mandate ended' },
  billing_set: { zh: '设定开账单的月份', en: 'Start of bills set' },
  bills_made: { zh: '开出账单', en: 'Bills made' },
  virtual_accounts_entered: { zh: '登记银行子账号', en: 'Numbers of dwellings entered' },
} as const satisfies Record<string, Bilingual>;

export type RecordKind = keyof typeof kinds;
export const recordKinds: Readonly<Record<string, Bilingual>> = kinds;
export const isKind = (kind: string): kind is RecordKind => Object.hasOwn(kinds, kind);
/** Its name; of a kind from a later version its code. */
export const recordKindName = (kind: string): Bilingual => recordKinds[kind] ?? { zh: kind, en: kind };
