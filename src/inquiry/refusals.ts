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
});
