// What may be wrong with what a resident asks for at home.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  home_unknown: {
    status: 404,
    zh: '您名下没有这套房屋。看自己的家，请打开“我家”；要加一套房屋，请用邀请码。',
    en: 'This is none of your dwellings. Your own are under "My home"; another one is added with an invitation code.',
  },
  correction_about_unknown: {
    status: 422,
    zh: '请选择哪里不对：姓名电话、面积用途、车位、表计、账单、缴费或其他。',
    en: 'Choose what is wrong: name and telephone, area and use, parking, meters, a bill, a payment, or something else.',
  },
  corrections_waiting: {
    status: 409,
    zh: '您已有 {count} 条更正申请没有答复，请等答复以后再提（每人同时最多 {limit} 条）。',
    en: '{count} requests of yours wait for an answer; ask again when they are answered (at most {limit} at a time).',
  },
  correction_unknown: {
    status: 404,
    zh: '没有第 {request} 号更正申请，或它不是您能看的。',
    en: 'There is no request no. {request}, or it is not for you to see.',
  },
  correction_answered: {
    status: 409,
    zh: '第 {request} 号更正申请已经答复过了。',
    en: 'Request no. {request} has been answered already.',
  },
  correction_outcome_missing: {
    status: 422,
    zh: '请选择“已更正”或“不予更正”，并写明理由。',
    en: 'Choose "put right" or "refused", and say why.',
  },
  stop_unknown: {
    status: 404,
    zh: '这个退订链接已经失效。请登录后在“我家”里关闭邮件提醒。',
    en: 'This link has expired. Log in and turn the letters off under "My home".',
  },
});
