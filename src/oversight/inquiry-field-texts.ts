// Words of the records of questions and of the three lists: names of fields, and codes.
import type { Bilingual } from '../kernel/locale.ts';

export const inquiryLabels: Readonly<Record<string, Bilingual>> = {
  subject: { zh: '所问事项', en: 'Subject' }, category: { zh: '类别', en: 'Category' }, due_before: { zh: '原期限', en: 'Due before' }, days_late: { zh: '逾期天数', en: 'Days late' },
  step: { zh: '步骤', en: 'Step' }, round: { zh: '第几轮答复', en: 'Round' }, rating: { zh: '评价', en: 'Rating' }, due_on_workday: { zh: '顺延到工作日', en: 'Moved to a working day' },
  escalate_days: { zh: '再过几天报社区、街道', en: 'Days until escalated further' }, holidays: { zh: '节假日', en: 'Holidays' }, works: { zh: '上班', en: 'Worked' }, day: { zh: '日期', en: 'Day' },
  list: { zh: '清单', en: 'List' }, owner_body: { zh: '责任方', en: 'Whose task' }, owner_term: { zh: '责任人（任期编号）', en: 'Person (term)' },
  detail: { zh: '说明', en: 'Details' }, merged_into: { zh: '并入第几项', en: 'Merged into item' }, budget_line: { zh: '预算', en: 'Budget line' },
};
const lists = { need: { zh: '需求清单', en: 'list of needs' }, problem: { zh: '问题清单', en: 'list of problems' }, project: { zh: '项目清单', en: 'list of projects' } } as const;
export const itemStates: Readonly<Record<string, Bilingual>> = {
  open: { zh: '待办', en: 'open' }, doing: { zh: '在办', en: 'in hand' }, done: { zh: '已办结', en: 'done' }, dropped: { zh: '不办', en: 'dropped' },
};
export const hidingOutcomes: Readonly<Record<string, Bilingual>> = { upheld: { zh: '维持隐藏', en: 'stays hidden' }, restored: { zh: '恢复显示', en: 'shown again' } };
export const ratingSides: Readonly<Record<string, Bilingual>> = { asker: { zh: '提问人', en: 'Whoever asked' }, committee: { zh: '业委会', en: 'Committee' }, supervisor: { zh: '监事', en: 'Supervisors' } };
export const inquiryValues: Readonly<Record<string, Readonly<Record<string, Bilingual>>>> = {
  rating: { satisfied: { zh: '满意', en: 'satisfied' }, partly: { zh: '部分满意', en: 'partly satisfied' }, not: { zh: '不满意', en: 'not satisfied' } },
  list: lists, category: { ...lists, question: { zh: '提问', en: 'question' } },
};
