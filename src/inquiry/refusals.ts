// What a person asking or answering may get wrong.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  question_too_short: {
    status: 422,
    zh: '问题只有 {length} 个字，请写清楚要问什么（至少 2 个字）。',
    en: 'The question has {length} character; please say what you ask (at least 2).',
  },
  answer_too_short: {
    status: 422,
    zh: '答复只有 {length} 个字，请写清楚（至少 2 个字）。',
    en: 'The answer has {length} character; please write at least 2.',
  },
  inquiry_entry_unknown: {
    status: 422,
    zh: '账簿里没有第 {seq} 号记录的凭证，请从凭证页面点“就这笔账提问”。',
    en: 'There is no entry with record number {seq}; open the entry and choose "Ask about this entry".',
  },
  too_many_questions: {
    status: 429,
    zh: '您今天已提出 {asked} 个问题，每人每天最多 {limit} 个。请明天再提，或等先前的问题得到答复。',
    en: 'You have asked {asked} questions today; {limit} a day is the most. Please ask tomorrow, or wait for answers.',
  },
  inquiry_unknown: {
    status: 404,
    zh: '没有第 {inquiry} 号质询。请回到质询列表查找。',
    en: 'There is no question number {inquiry}. Please look in the list of questions.',
  },
  answer_needs_office: {
    status: 403,
    zh: '只有物业公司和业主委员会的任职人员可以答复。',
    en: 'Only officers of the property company and the owners\' committee may answer.',
  },
  answer_own_question: {
    status: 403,
    zh: '这是您自己提的质询，不能自己答复，请由别人答复。',
    en: 'You asked this yourself; somebody else must answer it.',
  },
  category_unknown: {
    status: 422,
    zh: '请选择：只是提问，或列入需求、问题、项目清单。',
    en: 'Please choose: a question only, or the list of needs, problems or projects.',
  },
  subject_unknown: {
    status: 422,
    zh: '没有找到您要问的单子、预算、项目或自家账单。请从那一页点“提问”，或者不带它提一般问题。',
    en: 'There is no such proposal, budget line, project or bill of yours. Choose "Ask" on its page, or ask a general question.',
  },
  question_repeated: {
    status: 409,
    zh: '这个问题您 {days} 天内已经提过（第 {inquiry} 号）。请到那里看答复；还不满意可以在那里评价。',
    en: 'You asked this within the last {days} days (question {inquiry}). Look for the answer there; if it does not satisfy you, say so there.',
  },
  asking_paused: {
    status: 429,
    zh: '您近30天有 {count} 个问题因内容被隐藏，{until} 以后才能再提。认为隐藏不当，可以在原问题页面申诉。',
    en: '{count} of your questions of the last 30 days were hidden; you may ask again after {until}. If you disagree, appeal on their pages.',
  },
  answer_vouchers_many: {
    status: 422,
    zh: '一次答复最多附 {limit} 份凭证，现在有 {count} 份。其余的请另发补充答复。',
    en: 'An answer carries {limit} files at most; there are {count}. Please put the others into a further answer.',
  },
  answer_voucher_unknown: {
    status: 422,
    zh: '没有这份凭证（{sha256}…）。请重新上传。',
    en: 'There is no such voucher ({sha256}…). Please upload it again.',
  },
  answer_voucher_private: {
    status: 422,
    zh: '“{file}”登记为只供任职人员查看，不能附在公开答复里。请遮住姓名、电话、账号后另传一份给业主看的。',
    en: '"{file}" was handed in for officers only and cannot stand in a public answer. Black out names, telephones and account numbers and upload a copy for owners.',
  },
  extension_reason_short: {
    status: 422,
    zh: '延期理由只有 {length} 个字，请写清楚为什么要更多时间（至少 5 个字）；理由会公开。',
    en: 'The reason has {length} characters; please say why more time is needed (at least 5). It is public.',
  },
  extended_already: {
    status: 409,
    zh: '第 {inquiry} 号质询已经延期过一次，不能再延。请在期限内答复。',
    en: 'Question {inquiry} was given more time once already. Please answer by its day.',
  },
  extension_too_late: {
    status: 409,
    zh: '期限 {due_on} 已过，或已经答复，不能再延期。请直接答复。',
    en: 'The day {due_on} is over, or it is answered: there is nothing to extend. Please answer.',
  },
  extension_days: {
    status: 422,
    zh: '延期 {days} 天不行：最多 {most} 天，至少 1 天。',
    en: '{days} days cannot be given: at least 1 and at most {most}.',
  },
  rating_unknown: {
    status: 422,
    zh: '请选择：满意、部分满意或不满意。',
    en: 'Please choose: satisfied, partly or not.',
  },
  rating_reason_missing: {
    status: 422,
    zh: '请写一句哪里没有答清楚；不说理由，答复的人不知道该补什么。',
    en: 'Please say in a sentence what is missing: whoever answers must know what to add.',
  },
  rating_too_early: {
    status: 409,
    zh: '第 {inquiry} 号质询还没有答复，等有了答复再评价。',
    en: 'Question {inquiry} has no answer yet; rate it when it has one.',
  },
  rating_not_yours: {
    status: 403,
    zh: '答复由提问人、业委会和监事评价；自己一方的答复不能自己评。',
    en: 'Answers are rated by whoever asked, the committee and the supervisors, and no body rates its own.',
  },
  rating_over: {
    status: 409,
    zh: '评价在答复后 {days} 天内（到 {last_day}）为止。还有疑问请另提一个问题。',
    en: 'Answers are rated within {days} days (until {last_day}). Please ask anew.',
  },
  rated_already: {
    status: 409,
    zh: '这一答复您这一方已经评价过，评价不能改。有了新的答复可以再评。',
    en: 'Your side has rated this answer already, and ratings do not change. A further answer can be rated.',
  },
  hiding_needs_office: {
    status: 403,
    zh: '隐藏文字的只能是业委会、监事会、社区和街道，被问的物业公司不能。',
    en: 'Only the committee, the supervisors, the community and the street office hide a text; the company that is asked does not.',
  },
  hiding_unknown: {
    status: 404,
    zh: '第 {inquiry} 号质询里没有这段文字。请回到质询页面重新选择。',
    en: 'There is no such text at question {inquiry}. Please go back to its page.',
  },
  hiding_reason_short: {
    status: 422,
    zh: '理由只有 {length} 个字，请写清楚（至少 5 个字）；全体业主都会看到。',
    en: 'The reason has {length} characters; please write at least 5. Every owner reads it.',
  },
  hidden_already: {
    status: 409,
    zh: '这段文字已经隐藏。',
    en: 'This text is hidden already.',
  },
  hiding_decided: {
    status: 409,
    zh: '这段文字经申诉已恢复显示，不能再次隐藏。里面有别人的个人信息时，请用“删除原文”。',
    en: 'This text was restored after an appeal and is not hidden again. If it holds personal data of others, use "Erase the text".',
  },
  appeal_unfit: {
    status: 409,
    zh: '这段文字没有被隐藏，或已经申诉、裁定过。请看质询页面上的经过。',
    en: 'This text is not hidden, or was appealed and decided already. See what happened on the page of the question.',
  },
  decision_unknown: {
    status: 422,
    zh: '请选择：维持隐藏，或恢复显示。',
    en: 'Please choose: keep it hidden, or restore it.',
  },
  decision_not_yours: {
    status: 403,
    zh: '由没有参与隐藏的监事裁定；监事自己隐藏的，由社区或街道裁定。',
    en: 'Supervisors who had no part in hiding it decide; of what supervisors hid, the community or the street office.',
  },
  clock_days: {
    status: 422,
    zh: '答复期限请填 1 到 {most} 天。',
    en: 'Days for an answer: 1 to {most}.',
  },
  clock_escalate_days: {
    status: 422,
    zh: '再等几天报社区、街道，请填 1 到 {most} 天。',
    en: 'Further days until community and street office are told: 1 to {most}.',
  },
  clock_holiday_unreadable: {
    status: 422,
    zh: '读不懂这一行：“{line}”。请写成 2026-10-01，或 2026-10-01..2026-10-07；调休上班的日子后面加“上班”。',
    en: 'This line cannot be read: "{line}". Write 2026-10-01 or 2026-10-01..2026-10-07; add "work" to a weekend that is worked.',
  },
  clock_holidays_many: {
    status: 422,
    zh: '节假日最多登记 {limit} 天，请删去过去的年份。',
    en: 'At most {limit} days can be registered; please leave out past years.',
  },
  clock_needs_office: {
    status: 403,
    zh: '答复期限由业委会主任、社区或街道设定，要在任期内。',
    en: 'The clock is set by the chair of the committee, the community or the street office, within their term.',
  },
});
