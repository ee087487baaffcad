// What may be wrong with asking for a reconciliation statement.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  reconciliation_account_unknown: {
    status: 404,
    zh: '本小区没有科目为 {account} 的共管账户，请从银行页面上的列表进入。',
    en: 'This estate has no bank account under ledger account {account}; choose one of the list on the bank page.',
  },
  reconciliation_month_outside: {
    status: 404,
    zh: '{period} 不在账内：账目从 {first_period} 起，到 {last_period} 止。',
    en: '{period} is not in these books, which run from {first_period} to {last_period}.',
  },
});
