// Texts of the books' pages, Chinese first, as an accountant or a retiree would write them.
import type { Bilingual } from '../kernel/locale.ts';

type CheckText = { readonly ok: Bilingual; readonly not_ok: Bilingual };

/** What the close gate looks at (已替您查过). */
export const checkTexts = {
  months_before_closed: {
    ok: { zh: '以前各月都已结账。', en: 'All months before are closed.' },
    not_ok: { zh: '要按月份顺序结账，请先结 {next}。', en: 'Months are closed in order; close {next} first.' },
  },
  month_ended: {
    ok: { zh: '这个月已经过完。', en: 'The month is over.' },
    not_ok: { zh: '{period} 还没过完，{last_day} 以后才能结账。', en: '{period} is not over; it can be closed after {last_day}.' },
  },
  no_drafts: {
    ok: { zh: '没有未记账的草稿。', en: 'No drafts are left.' },
    not_ok: { zh: '还有 {drafts} 张草稿没有记账，请先记账或删除。', en: '{drafts} drafts are not posted; post or delete them first.' },
  },
  no_undecided: {
    ok: { zh: '没有未签完的冲销或转账。', en: 'No reversal or transfer waits for signatures.' },
    not_ok: {
      zh: '还有 {count} 张本月的冲销或转账没有签完（第 {proposals} 号），请先签完或撤回。',
      en: '{count} reversals or transfers of the month are undecided (no. {proposals}); have them signed or withdrawn first.',
    },
  },
  in_balance: {
    ok: { zh: '本月 {entries} 张凭证，借方 {debit} 等于贷方 {credit}。', en: '{entries} entries; debits {debit} equal credits {credit}.' },
    not_ok: { zh: '借贷不平：借方 {debit}，贷方 {credit}。请联系系统管理员。', en: 'Debits {debit} differ from credits {credit}. Please tell the administrator.' },
  },
  bank_stated: {
    ok: { zh: '银行月末余额已登记。', en: "The bank's balance at the end of the month is stated." },
    not_ok: {
      zh: '科目 {accounts} 的银行余额（{last_day}）还没登记；可以结账，但收支公示会写明未对账。',
      en: 'The bank balance of account {accounts} at {last_day} is not stated; the month may be closed, and the disclosure will say it is unreconciled.',
    },
  },
} satisfies Record<string, CheckText>;
