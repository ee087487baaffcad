// What may be wrong with appointments, early ends and delegations, and the way out.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  // ── Appointments and ends ──
  appointee_missing: {
    status: 422,
    zh: '没有说明任命谁：请选一位任过职的人，或填业主的登录名，或填新人的姓名和登录名，只能选一样。',
    en: 'Nobody is named: choose somebody who held an office here, or give an owner\'s login name, or the name and login of somebody new; one of the three.',
  },
  seat_missing: {
    status: 422,
    zh: '没有选任什么职，请选哪一方、什么职务。',
    en: 'No office is chosen; please choose body and office.',
  },
  new_person_of_other_body: {
    status: 422,
    zh: '新人的首次密码会经提出人的手，{body}的新人不能由别的一方录入。请此人先用邀请码自己注册，再按登录名提出；或由{body}的人来提出。',
    en: 'Whoever proposes somebody new sees their first password, so somebody new for the {body} is not entered by another body. Let them join with an invitation code first and propose their login name; or let somebody of the {body} propose.',
  },
  appointee_unknown: {
    status: 404,
    zh: '本小区没有登录名为“{login}”的人。请核对；还没有账号的人，请选“新的人”。',
    en: 'Nobody of this estate has the login name "{login}". Please check it; for somebody without a login choose "somebody new".',
  },
  appointee_login_taken: {
    status: 409,
    zh: '登录名“{login}”已经有人用了。如果就是这个人，请改选“本小区业主”并填这个登录名；不是，就换一个登录名。',
    en: 'The login name "{login}" is taken. If it is this very person, choose "an owner of this estate" and give it there; if not, take another.',
  },
  term_over_already: {
    status: 422,
    zh: '任期到 {ends_on} 就满了，早于今天（{today}），签齐时已无效。请填以后的日期。',
    en: 'The term would be over on {ends_on}, before today ({today}). Give a later last day.',
  },
  term_before_resolution: {
    status: 422,
    zh: '任期从 {starts_on} 开始，早于决议日期 {date}：决议以前不能任职。请核对这两个日期。',
    en: 'The term would begin on {starts_on}, before the resolution of {date} it rests on. Please check the two days.',
  },
  term_too_long: {
    status: 422,
    zh: '任期最长 {years} 年，{starts_on} 至 {ends_on} 超过了。请核对结束日期；届满可以续任。',
    en: 'A term is {years} years at most; {starts_on} to {ends_on} is longer. Please check the last day; another term may follow.',
  },
  term_end_invalid: {
    status: 422,
    zh: '最后一天应在 {from} 至 {to} 之间（原任期到 {ends_on}），现在填的是“{typed}”。',
    en: 'The last day is between {from} and {to} (the term ends on {ends_on}); given is "{typed}".',
  },
  term_over: {
    status: 409,
    zh: '第 {term} 号任期到 {ends_on} 已经结束，不用再提卸任。',
    en: 'Term {term} was over on {ends_on}; there is nothing to end.',
  },
  membership_proposed: {
    status: 409,
    zh: '这件事已经提出，在第 {proposal} 号签批单里，请到签批页查看，不用再提。',
    en: 'This is proposed already, as proposal no. {proposal}; please look there instead of proposing it again.',
  },
  // ── Delegations ──
  delegation_person_missing: {
    status: 422,
    zh: '委托要有两个人：请选委托人，再选本方的候补。',
    en: 'A delegation takes two persons: choose in whose place, and the deputy.',
  },
  delegation_days_invalid: {
    status: 422,
    zh: '委托期间“{starts_on}”至“{ends_on}”不对：日期要存在，结束不能早于开始，也不能早于今天（{today}）。',
    en: 'The days "{starts_on}" to "{ends_on}" are not right: both must exist, and the last may come neither before the first nor before today ({today}).',
  },
  delegation_wait_invalid: {
    status: 422,
    zh: '“满几天才代签”应在 0 到 30 之间，现在是 {after_days}。',
    en: 'The days to wait before the deputy signs are 0 to 30, not {after_days}.',
  },
  delegation_to_self: {
    status: 422,
    zh: '委托人和候补是同一个人，不用委托。请另选一人。',
    en: 'That is the same person twice; there is nothing to delegate. Choose another.',
  },
  delegation_across_bodies: {
    status: 422,
    zh: '委托人在{principal_body}，候补在{deputy_body}：委托只能在同一方之内，否则一方就拿到两把钥匙。请选本方的候补。',
    en: 'One serves in {principal_body_en}, the other in {deputy_body_en}: a delegation stays within a body, or one side would hold both keys. Choose a deputy of the same body.',
  },
  principal_signs_nothing: {
    status: 422,
    zh: '“{office}”自己不签批，没有可以委托的签名。请选一位签批人。',
    en: 'A {office_en} signs nothing that could be delegated. Choose somebody who signs.',
  },
  delegate_not_deputy: {
    status: 422,
    zh: '只能委托给本方的候补（代签人）。请先提“任命”签批单任命一位候补，签齐后再提委托。',
    en: 'Only a deputy of the same body may sign for others. Propose the appointment of a deputy first; once it is signed, propose the delegation.',
  },
  delegation_outside_term: {
    status: 422,
    zh: '委托期间 {starts_on} 至 {ends_on} 超出两人的任期：两人都在任的是 {from} 至 {to}。请把日期改到这之内。',
    en: 'The delegation from {starts_on} to {ends_on} goes beyond the terms of the two, who both serve from {from} to {to}. Keep within these days.',
  },
  delegation_exists: {
    status: 409,
    zh: '这两人在 {starts_on} 至 {ends_on} 已有委托，不用再提。要改期间，请先结束原来的委托。',
    en: 'These two have a delegation from {starts_on} to {ends_on} already. To change its days, end that one first.',
  },
  delegation_proposed: {
    status: 409,
    zh: '这项委托已经提出，在第 {proposal} 号签批单里，请到签批页查看。',
    en: 'This delegation is proposed already, as proposal no. {proposal}; please look there.',
  },
  delegation_unknown: {
    status: 404,
    zh: '没有第 {delegation} 号委托，请到“各方”页查看。',
    en: 'There is no delegation no. {delegation}; see the page of bodies.',
  },
  delegation_not_yours: {
    status: 403,
    zh: '委托只能由委托人或候补本人结束。',
    en: 'A delegation is ended by the one who gave it or by the deputy.',
  },
  delegation_over: {
    status: 409,
    zh: '这项委托已经结束（到 {ends_on}），不用再结束。',
    en: 'This delegation was over on {ends_on} already.',
  },
  // ── Carrying out ──
  change_not_possible: {
    status: 409,
    zh: '第 {proposal} 号签批单签齐了，但已经办不成，没有任何变动，这张单作废：{reason}请按现在的情况重新提出。',
    en: 'Proposal {proposal} has its signatures but can no longer be carried out; nothing was changed and it is superseded: {reason_en} Please propose it anew as things are now.',
  },
  change_not_approved: {
    status: 409,
    zh: '第 {proposal} 号签批单没有签齐，没有办理。',
    en: 'Proposal {proposal} has not all its signatures; nothing was done.',
  },
  term_ended_meanwhile: {
    status: 409,
    zh: '这个任期在签批期间已经结束或改短。',
    en: 'The term was ended or shortened while it was being signed.',
  },
  delegation_not_possible: {
    status: 409,
    zh: '委托期间已过，或者两人中有人已不在任。',
    en: 'The days of the delegation are over, or one of the two is no longer in office.',
  },
});
