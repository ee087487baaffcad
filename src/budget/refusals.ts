// What may go wrong around budgets, final accounts and the comments on them.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  budget_year_invalid: {
    status: 422,
    zh: '“{typed}”不能编预算：只能编 {year} 年或 {next} 年的，过去的年份不补编。',
    en: '"{typed}" cannot be budgeted for: only {year} or {next} can, never a year that is over.',
  },
  budget_draft_exists: {
    status: 409,
    zh: '{year} 年已有一份预算在编（第 {draft} 号草案），请接着那一份做，或先放弃它。',
    en: 'A budget of {year} is in the making already (draft {draft}); go on with that, or give it up first.',
  },
  budget_reason_missing: {
    status: 422,
    zh: '{year} 年预算已公布。调整要写明理由，全体业主都能看到。',
    en: 'The budget of {year} is published. An adjustment needs a reason, which every owner can read.',
  },
  budget_draft_unknown: {
    status: 404,
    zh: '没有第 {draft} 号预算草案。',
    en: 'There is no budget draft {draft}.',
  },
  budget_unknown: {
    status: 404,
    zh: '{year} 年没有已公布的预算。',
    en: 'No budget of {year} is published.',
  },
  budget_version_unknown: {
    status: 404,
    zh: '第 {proposal} 号签批单不是预算。',
    en: 'Proposal {proposal} is no budget.',
  },
  budget_not_editable: {
    status: 409,
    zh: '这份草案{state}，现在不能改。征求意见期间、签批期间内容不变，大家看到的才是同一份。',
    en: 'This draft is {state_en} and cannot be changed now: owners and signers all see the same while they do.',
  },
  budget_lines_missing: {
    status: 422,
    zh: '预算还一行都没有，请先填写各项金额。',
    en: 'The budget has no line yet; fill in amounts first.',
  },
  budget_lines_too_many: {
    status: 422,
    zh: '一份预算最多 {most} 行，这里有 {count} 行。',
    en: 'A budget has at most {most} lines; these are {count}.',
  },
  budget_line_twice: {
    status: 422,
    zh: '{fund} · {account} 填了两次，请并成一行。',
    en: '{fund} · {account} is there twice; make it one line.',
  },
  budget_account_unfit: {
    status: 422,
    zh: '科目“{account}”不能列入预算：只列收入（4 开头）和支出（5 开头）的明细科目。',
    en: 'Account "{account}" is none for a budget: only accounts of income (4…) and expense (5…) that can be posted to.',
  },
  budget_fund_unknown: {
    status: 422,
    zh: '没有“{fund}”这项资金，请从列表中选择。',
    en: 'There is no fund "{fund}"; choose one of the list.',
  },
  budget_fund_restricted: {
    status: 422,
    zh: '{fund}是专款，不能用于科目 {account}；可用的科目有：{accounts}。',
    en: 'The fund {fund} is restricted and not for account {account}; it may be used for: {accounts}.',
  },
  budget_amount_invalid: {
    status: 422,
    zh: '{fund} · {account}：“{typed}”不是金额。请填 0 到 9,999,999,999.99 之间的数，最多两位小数。',
    en: '{fund} · {account}: "{typed}" is no amount. Give a number from 0 to 9,999,999,999.99 with at most two decimals.',
  },
  budget_days_invalid: {
    status: 422,
    zh: '征求意见的天数要在 3 到 60 天之间，“{typed}”不行。',
    en: 'Comments are open for 3 to 60 days; "{typed}" is not that.',
  },
  budget_not_commented: {
    status: 409,
    zh: '还不能提交签批：预算要先公开征求业主意见，到期以后才能提交{until}。',
    en: 'This cannot be submitted yet: owners comment first, and it is signed after that{until_en}.',
  },
  budget_changed_meanwhile: {
    status: 409,
    zh: '{year} 年预算在此期间已有新的版本，这份草案不再对得上。请放弃它，另起一份。',
    en: 'The budget of {year} has a newer version meanwhile, which this draft does not follow. Give it up and begin another.',
  },
  budget_year_over: {
    status: 409,
    zh: '{year} 年已经过去，预算不能再公布或调整；超支的原因写进决算。',
    en: 'The year {year} is over: its budget is neither published nor adjusted any more; what went beyond it is told in the final account.',
  },
  budget_differs: {
    status: 409,
    zh: '草案和要签批的内容对不上，没有提交。请刷新后再试。',
    en: 'Draft and document differ; nothing was submitted. Reload and try again.',
  },
  budget_line_unfit: {
    status: 409,
    zh: '有的科目或资金已不能使用，预算没有提交。请改过再试。',
    en: 'An account or a fund of it can no longer be used; nothing was submitted. Change the line and try again.',
  },
  budget_not_approved: {
    status: 409,
    zh: '第 {proposal} 号预算还没有签齐，不能公布。',
    en: 'Budget {proposal} is not signed by all who must, so it is not published.',
  },
  budget_needs_signer: {
    status: 409,
    zh: '{body}要签 {asked} 人，您提出以后只剩 {present} 人能签。请由其他人提出。',
    en: '{body_en} is asked for {asked} signatures, and {present} could sign if you propose. Let somebody else propose it.',
  },
  budget_not_open: {
    status: 409,
    zh: '这份草案现在不在征求意见：{state}。可以到“质询”里提问。',
    en: 'This draft is not open for comments: it is {state_en}. Ask under Questions instead.',
  },
  budget_comment_unknown: {
    status: 404,
    zh: '没有第 {comment} 号意见。',
    en: 'There is no comment {comment}.',
  },
  budget_comment_too_short: {
    status: 422,
    zh: '意见只有 {length} 个字，请写清楚。',
    en: 'A comment of {length} character(s) says too little.',
  },
  budget_comment_twice: {
    status: 409,
    zh: '同样的意见您已经提过，没有重复登记。',
    en: 'You have made this very comment already; it was not taken twice.',
  },
  budget_comments_too_many: {
    status: 429,
    zh: '您今天已提 {count} 条意见，每天最多 {limit} 条。请明天再提。',
    en: 'You made {count} comments today, and {limit} a day is the most. Go on tomorrow.',
  },
  budget_comment_line_unknown: {
    status: 422,
    zh: '草案里没有这一行，请从列表中选择，或对整份预算提意见。',
    en: 'The draft has no such line; choose one of the list, or comment on the whole.',
  },
  budget_answer_too_short: {
    status: 422,
    zh: '答复只有 {length} 个字，请写清楚。',
    en: 'An answer of {length} character(s) says too little.',
  },
  budget_answer_needs_office: {
    status: 403,
    zh: '预算意见由物业公司或业主委员会答复。',
    en: 'Comments on a budget are answered by the property company or the owners\' committee.',
  },
  final_account_year_invalid: {
    status: 404,
    zh: '没有 {year} 年的账：账从 {first} 年开始。',
    en: 'There are no books of {year}: they begin with {first}.',
  },
  final_account_year_not_over: {
    status: 409,
    zh: '{year} 年还没有过完，{next} 年 1 月 1 日起才能办理决算。',
    en: 'The year {year} is not over; its final account can be drawn from 1 January {next} on.',
  },
  final_account_months_open: {
    status: 409,
    zh: '{year} 年 11 月以前还有没结账的月份（已结到 {closed}）。请先在“结账”里逐月结账，再办理决算。',
    en: 'Months before December {year} are not closed yet (closed up to {closed}). Close them first, month by month.',
  },
  final_account_proposed: {
    status: 409,
    zh: '{year} 年决算正在签批（第 {proposal} 号）。',
    en: 'The final account of {year} is being signed (no. {proposal}).',
  },
  final_account_nothing: {
    status: 409,
    zh: '{year} 年没有待结转的收入和支出：已经结转完，或全年没有发生额。',
    en: 'No income or expense of {year} is left to carry over: it is done, or there was none.',
  },
  final_account_changed: {
    status: 409,
    zh: '签批期间 {year} 年又记了账，要结转的数变了，这张决算不能入账。请重新提交决算。',
    en: 'Entries were made for {year} while this was signed, so that other sums are to be carried over. Submit the final account anew.',
  },
  final_account_not_approved: {
    status: 409,
    zh: '第 {proposal} 号决算还没有签齐，不能结转。',
    en: 'Final account {proposal} is not signed by all who must, so nothing is carried over.',
  },
});
