// What whoever keeps the three lists may get wrong.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  list_item_unknown: { status: 404, zh: '清单里没有第 {item} 项。请回到三张清单查找。', en: 'There is no item no. {item}. Please look in the lists.' },
  list_unknown: { status: 422, zh: '请选择列入哪张清单：需求、问题或项目。', en: 'Please choose a list: needs, problems or projects.' },
  list_state_unknown: { status: 422, zh: '请选择状态：待办、在办、办结或不办。', en: 'Please choose a state: open, doing, done or dropped.' },
  list_title_missing: { status: 422, zh: '请用一句话写明是什么事（最多 60 个字）。', en: 'Please say in a line what it is (60 characters at most).' },
  list_text_short: { status: 422, zh: '请至少写 2 个字。', en: 'Please write at least 2 characters.' },
  list_owner_unknown: { status: 422, zh: '请选择责任方：一方，或在任的人。', en: 'Please choose whose task it is: a body, or somebody in office.' },
  list_due_unreadable: { status: 422, zh: '“{typed}”不是日期，请填办结期限，例如 2026-10-31。', en: '"{typed}" is no date; please give the day by which it is to be done, for example 2026-10-31.' },
  list_due_past: { status: 422, zh: '办结期限 {due_on} 早于今天 {today}，请填今天或以后的日子。', en: 'The day {due_on} is before today, {today}; please choose a later one.' },
  list_link_unknown: { status: 422, zh: '没有找到要关联的单子、项目或预算。请写成 proposal:12、project:7 或 budget:2026:service:5102。', en: 'There is nothing of that name to link. Write proposal:12, project:7 or budget:2026:service:5102.' },
  list_note_done: { status: 422, zh: '办结请写明做了什么，居民要看。', en: 'Please say what was done; residents read it.' },
  list_note_dropped: { status: 422, zh: '不办请写明理由，理由公开。', en: 'Please say why it is dropped; the reason is public.' },
  list_note_later: { status: 422, zh: '推迟期限请写明理由，理由公开。', en: 'Please say why it takes longer; the reason is public.' },
  list_note_again: { status: 422, zh: '已办结的重新办理，请写明理由。', en: 'It was done; please say why it is taken up again.' },
  list_note_merged: { status: 422, zh: '合并请写明理由，例如“同一件事”。', en: 'Please say why they are merged, for example "the same matter".' },
  list_merge_itself: { status: 422, zh: '第 {item} 项不能并入它自己，请填另一项的编号。', en: 'Item no. {item} cannot be merged into itself; give the number of another.' },
  list_merged: { status: 409, zh: '第 {item} 项已并入第 {into} 项，请在那里继续。', en: 'Item no. {item} was merged into no. {into}; please go on there.' },
  list_nothing_changed: { status: 422, zh: '没有改动什么。请改状态、期限、责任方，或写一句办理说明。', en: 'Nothing was changed. Change the state, the day, whose task it is, or write a note.' },
  list_inquiry_unknown: { status: 404, zh: '没有第 {inquiry} 号质询。', en: 'There is no question no. {inquiry}.' },
  list_inquiry_listed: { status: 409, zh: '第 {inquiry} 号质询已经在清单里（第 {item} 项）。', en: 'Question no. {inquiry} stands in the lists already (item no. {item}).' },
});
