// What may be wrong with a balance handed in from the bank.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  bank_account_unknown: {
    status: 422,
    zh: '本小区没有科目为 {account} 的共管账户，请从列表中选择。',
    en: 'This estate has no bank account under ledger account {account}; choose one of the list.',
  },
  bank_date_invalid: {
    status: 422,
    zh: '“{typed}”不是日期，请写成 2026-10-31 这样。',
    en: '"{typed}" is not a date; write it as 2026-10-31.',
  },
  bank_date_ahead: {
    status: 422,
    zh: '{as_of} 还没有过完：银行只能说明今天（{today}）及以前的余额。',
    en: '{as_of} is not over yet: a bank states balances up to today ({today}).',
  },
  bank_date_before_books: {
    status: 422,
    zh: '{as_of} 早于建账月份 {first_period}，请填建账以后的日期。',
    en: '{as_of} is before the first month of these books, {first_period}.',
  },
  bank_balance_invalid: {
    status: 422,
    zh: '“{typed}”不是余额：只填数字，最多两位小数，例如 145644.48，不能是负数。',
    en: '"{typed}" is not a balance: digits with at most two decimals, for example 145644.48, and not negative.',
  },
  bank_statement_missing: {
    status: 422,
    zh: '请附上银行自己出的对账单或余额证明（PDF 或照片）。',
    en: 'Please attach the bank\'s own statement (PDF or picture).',
  },
  bank_statement_unknown: {
    status: 422,
    zh: '没有收到过这个文件（{sha256}…），请先上传对账单。',
    en: 'No such file ({sha256}…) has been received; upload the statement first.',
  },
});
