// What may be in the way of opening, changing or closing a bank account, and the way out.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  bank_change_unknown: {
    status: 422,
    zh: '“{typed}”不是对共管账户能办的事，只有开立、变更、注销。',
    en: '"{typed}" cannot be done to a bank account; it is opened, changed or closed.',
  },
  bank_number_invalid: {
    status: 422,
    zh: '账号不对：应为 6 到 40 位数字（可夹字母、短横），末四位是数字；现在有 {length} 位。请照银行回单抄写。',
    en: 'That is no account number: 6 to 40 digits (letters and hyphens may be among them), ending in four digits; it has {length}. Copy it from the bank\'s slip.',
  },
  bank_number_missing: {
    status: 422,
    zh: '请填写完整账号。签批单里只放末四位和加盐哈希，完整账号只有任职人员看得到。',
    en: 'Please give the whole number. The proposal holds its last four digits and a salted hash; only officers see all of it.',
  },
  bank_number_differs: {
    status: 422,
    zh: '这个账号末四位是 {last4}，和登记的不一样。请核对；银行换了账号的，请提出变更。',
    en: 'This number ends in {last4}, and the account entered here ends otherwise. Check it; where the bank gave another number, propose a change.',
  },
  bank_number_there: {
    status: 409,
    zh: '完整账号已经登记过。银行换了账号的，请提出变更，由各方签批。',
    en: 'The whole number is entered already. Where the bank gave another, propose a change, which the bodies sign.',
  },
  bank_account_code_invalid: {
    status: 422,
    zh: '科目“{account}”不能用：新账户的科目是 1002 加两位数字（100202 到 100299），并且还没有用过。',
    en: 'The ledger account "{account}" cannot be used: a new bank account has 1002 and two more digits (100202 to 100299), and one not used yet.',
  },
  bank_account_closed: {
    status: 409,
    zh: '尾号 {last4} 的账户已于 {closed_on} 注销，不能再变更。',
    en: 'The account ending in {last4} was closed on {closed_on} and cannot be changed.',
  },
  bank_account_unchanged: {
    status: 422,
    zh: '和现在登记的一样，没有要变更的内容。请改动户名、开户行或账号中至少一项。',
    en: 'This is what is entered already. Change the name, the bank or the number.',
  },
  bank_opened_on_invalid: {
    status: 422,
    zh: '开户日期“{typed}”不对：请写成 2026-11-05 这样，不早于 {from}，不晚于今天 {today}。',
    en: 'The day of opening "{typed}" is not right: write it as 2026-11-05, not before {from} and not after today, {today}.',
  },
  bank_closed_on_invalid: {
    status: 422,
    zh: '销户日期“{typed}”不对：请写成 2026-11-30 这样，不晚于今天 {today}。',
    en: 'The day of closing "{typed}" is not right: write it as 2026-11-30, not after today, {today}.',
  },
  bank_change_under_way: {
    status: 409,
    zh: '第 {proposal} 号签批单已经在办这个账户的事，办完或撤回以前不能再提。',
    en: 'Proposal {proposal} is about this account already; finish or withdraw it first.',
  },
  bank_change_needs_signer: {
    status: 422,
    zh: '这件事要{body} {asked} 人签，您是其中一员，提出人自己不能签，剩下 {present} 人就签不齐了。请出纳，或别的不用签的人来提出。',
    en: 'This asks {asked} of {body_en}. You are one of them, whoever proposes does not sign, and the {present} left are too few. Let the cashier, or another who need not sign, propose it.',
  },
  bank_change_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，共管账户没有变动。',
    en: 'Proposal {proposal} has not all its signatures; no bank account was changed.',
  },
  bank_account_there: {
    status: 409,
    zh: '科目 {account} 下已经有共管账户了。',
    en: 'There is a bank account under ledger account {account} already.',
  },
  bank_account_ledger: {
    status: 409,
    zh: '科目 {account} 不是可以记账的资金科目，不能作共管账户。',
    en: 'Ledger account {account} takes no money, so it cannot stand for a bank account.',
  },
  bank_account_changed_meanwhile: {
    status: 409,
    zh: '签齐之前，这个账户已被别的签批单变更或注销了。请按现在的情况重新提出。',
    en: 'Another proposal changed or closed this account before this one had its signatures. Propose anew from what is there now.',
  },
  bank_account_number_unsigned: {
    status: 409,
    zh: '登记的完整账号和签批单里的哈希对不上，没有办理。请撤回，重新提出。',
    en: 'The number kept does not fit the hash that was signed; nothing was done. Withdraw it and propose anew.',
  },
  bank_account_books_left: {
    status: 409,
    zh: '账上这个账户还有 {books} 元（各项资金都要为 0.00），不能注销。请先把余额转到别的账户。',
    en: 'By the books {books} lies in this account (every fund must be at 0.00), so it cannot be closed. Move the balance to another account first.',
  },
  bank_account_bank_left: {
    status: 409,
    zh: '银行最近的余额是 {bank}，不是 0.00，不能注销。请转出余额（含最后一次利息），导入销户前的对账单再办。',
    en: 'The bank\'s last balance is {bank}, not 0.00, so it cannot be closed. Move the balance out, with the last interest, and import the last statement.',
  },
  bank_account_orders_wait: {
    status: 409,
    zh: '还有付款单要从这个账户付（第 {orders} 号），不能注销。请先付清，或撤回改从别的账户付。',
    en: 'Payment orders wait to be paid from this account (no. {orders}), so it cannot be closed. Pay them, or withdraw them and pay from another.',
  },
  bank_account_suspense_left: {
    status: 409,
    zh: '这个账户还有待核实的款项，查清以前不能注销。请先到对账页面核实。',
    en: 'Money of this account is still unexplained, so it cannot be closed. Settle it on the page of reconciliation first.',
  },
  bank_account_lines_left: {
    status: 409,
    zh: '银行流水里还有 {lines} 笔（最早 {line_day}）没有记账，销户以后就记不进去了。请先到对账页面逐笔勾对或记账。',
    en: '{lines} lines of the bank (the first of {line_day}) are not in the books, and could not be booked once the account is closed. Match or book each on the page of reconciliation first.',
  },
  bank_account_statements_short: {
    status: 409,
    zh: '银行对账单只收到 {covered_to}，没有到销户日 {closed_on}。请先交到销户日为止的对账单，并逐笔勾对。',
    en: 'The bank\'s statements go to {covered_to}, not to {closed_on}, the day of closing. Hand in the statement up to that day and match its lines first.',
  },
  bank_account_last: {
    status: 409,
    zh: '这是最后一个在用的共管账户，注销了就没有账户收付款。请先开立新账户。',
    en: 'This is the last account in use: without it nothing could be received or paid. Open another first.',
  },
  bank_account_closing_day: {
    status: 409,
    zh: '销户日期 {closed_on} 早于这个账户最后一笔流水或凭证，或晚于今天。请填银行的销户日期。',
    en: '{closed_on} is before the last line or entry of this account, or after today. Give the day on which the bank closed it.',
  },
});
