// What an auditor is told whose access is over, or who asks for more than was signed; and what a grant may get wrong.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  access_expired: {
    status: 403,
    zh: '您在{estate}的查账权限已于 {ended_on} 到期。还要查账的，请业委会主任、项目经理或街道在“监督 › 谁查过账”里再提一次授权，两方签齐后当天生效。',
    en: 'Your access to the books of {estate_en} ended on {ended_on}. To go on, ask the committee chair, the manager or the street office to propose it again under Oversight › Who looked at the books; it holds as soon as both keys have signed.',
  },
  access_kind: {
    status: 403,
    zh: '签批给您的查账范围不含{page}；可以看的有：{kinds}。要看更多，请授权的一方另提一张授权签批单。',
    en: 'What was signed for you does not include {page_en}; it includes: {kinds_en}. For more, ask for another grant.',
  },
  access_days: {
    status: 403,
    zh: '签批给您的查账范围是 {days}，这一页是 {shown} 的内容。请打开范围以内的月份，例如 {example}。',
    en: 'What was signed for you covers {days_en}; this page shows {shown_en}. Please open a month within it, such as {example}.',
  },
  scope_kinds_missing: {
    status: 422,
    zh: '请至少勾选一类可以查看的内容。',
    en: 'Please tick at least one kind of pages.',
  },
  scope_kind_unknown: {
    status: 422,
    zh: '没有“{typed}”这一类内容，可选：{kinds}。',
    en: 'There is no kind of pages "{typed}"; there are: {kinds_en}.',
  },
  scope_day_unreadable: {
    status: 422,
    zh: '日期“{typed}”看不懂，请写成 2026-03-05 这样；不限就留空。',
    en: 'The day "{typed}" cannot be read; write it like 2026-03-05, or leave it empty for no limit.',
  },
  scope_days_reversed: {
    status: 422,
    zh: '账目开始日期 {from} 在结束日期 {to} 之后，请对调。',
    en: 'The first day {from} lies after the last day {to}; please exchange them.',
  },
  access_too_long: {
    status: 422,
    zh: '查账权限一次最多 {most} 天，这里写的是 {days} 天。到期还要查的，再授权一次。',
    en: 'Access is granted for {most} days at most, and these are {days}. Grant it again if more is needed.',
  },
});
