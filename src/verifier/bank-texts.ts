// Findings about the bank's word: statements, lines, suspense, matches.
import type { Told } from './told.ts';

export const bankTexts = {
  // ── Bank accounts, mandates, pay files ──
  bank_account_without_proposal: ['broken', 'unsigned', '银行账户 {account} 的开立或变更没有签批单', 'bank account {account} was opened or changed without a proposal'],
  bank_account_differs: ['broken', 'unsigned', '银行账户 {account} 和签批的不一致，或与以前的记录矛盾', 'bank account {account} is not what was signed, or contradicts what was before'],
  mandate_differs: ['broken', 'unsigned', '扣费和第 {mandate} 号授权不符（账户、科目、资金、日期），或没有这项授权', 'the fee is not what mandate {mandate} allows (account, fund, days), or there is no such mandate'],
  mandate_exceeded: ['broken', 'unsigned', '扣费超过第 {mandate} 号授权的限额：这次 {amount} 元，当月 {month} 元', 'the fee exceeds mandate {mandate}: {amount} yuan at once, {month} in the month'],
  pay_file_wrong: ['broken', 'unsigned', '付款文件里的第 {proposal} 号付款申请单{why}', 'in the pay file: order {proposal} {why}'],

  // ── Statements ──
  bank_account_unknown: ['broken', 'bank', '对账单的账户 {account} 不是小区的，或者当时已经销户', 'the statement is of account {account}, which is none of the estate\'s, or was closed'],
  bank_days_missing: ['broken', 'bank', '账户 {account} 的对账单缺 {from} 至 {to}', 'there is no statement of account {account} for {from} to {to}'],
  statement_not_continued: ['broken', 'bank', '账户 {account} 的对账单接不上前面的：期初写 {said}，应是 {found}', 'the statement of account {account} does not continue the one before: it opens with {said}, not {found}'],
  statement_unbalanced: ['broken', 'bank', '账户 {account} 第 {line} 行流水的余额写 {said}，应是 {found}', 'account {account}, line {line}: the balance says {said}, it should be {found}'],
  statement_misdated: ['broken', 'bank', '账户 {account} 第 {line} 行流水的日期不对：{date}', 'account {account}, line {line}: the day is wrong: {date}'],
  bank_start_differs: ['broken', 'history', '账户 {account} 在文件起点的流水（行数、余额、日期）写 {said}，按记录应是 {found}', 'account {account} where the file begins (lines, balance, day): it says {said}, the records {found}'],
  earlier_statements_differ: ['broken', 'attachment', '附带的账户 {account} 以前的对账单接不上', 'the earlier statements of account {account} that came along do not join'],

  // ── Entries from lines ──
  bank_line_unknown: ['broken', 'bank', '凭证依据的银行流水不存在：账户 {account} 第 {position} 行', 'the entry was made from a line that the bank does not have: account {account}, line {position}'],
  bank_line_twice: ['broken', 'bank', '同一行银行流水记了两次账：账户 {account} 第 {position} 行', 'one line of the bank was booked twice: account {account}, line {position}'],
  bank_line_differs: ['broken', 'bank', '凭证和它依据的银行流水（账户 {account} 第 {position} 行）不符：凭证 {said}，银行 {found}', 'the entry is not its line of the bank (account {account}, line {position}): {said} is booked, the bank says {found}'],
  suspense_misused: ['broken', 'money', '待核实科目（1291、2291）只按一行银行流水记入、按清理凭证转出，这张凭证都不是', 'suspense (1291, 2291) takes one line of the bank and is cleared by a settlement; this entry is neither'],
  suspense_unknown: ['broken', 'money', '要清理的第 {settles} 条记录不是一笔还在的待核实款项', 'record {settles}, which is settled here, is no suspense entry that stands'],
  suspense_exceeded: ['broken', 'money', '第 {entry} 条记录的待核实款项只剩 {left} 元，这里转出 {amount} 元', 'of the suspense entry {entry} {left} yuan are left; here {amount} are taken'],
  order_after_the_fact: ['broken', 'unsigned', '第 {proposal} 号签批单是为已经划走的钱事后补签的，却另外付了款或清理了别的款项', 'proposal {proposal} was signed for money that had gone already, and was used to pay, or to clear something else'],
  order_signed_late: ['broken', 'unsigned', '银行 {left_on} 就付了款，第 {proposal} 号签批单到 {signed_on} 才签齐，却当作先签后付', 'the bank paid on {left_on}, but proposal {proposal} had its signatures only on {signed_on}, and is shown as signed before'],
  match_differs: ['broken', 'bank', '账户 {account} 的勾对不成立：{why}', 'a match on account {account} does not hold: {why}'],

  // ── To know ──
  bank_elsewhere: ['caution', 'more_files', '{count} 张凭证依据的银行流水在以前的记录里，这些文件不能核对', '{count} entries were made from lines of the bank in earlier records, which these files do not show'],
  unexplained_open: ['caution', 'unexplained', '有 {count} 笔银行支出待核实，共 {amount} 元，最早的是 {number}', '{count} debits of the bank are unexplained, {amount} yuan in all, the first is {number}'],
} as const satisfies Record<string, Told>;
