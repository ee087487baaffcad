// What a search of the log may get wrong, and what is not for everybody.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  log_for_officers: {
    status: 403,
    zh: '操作日志写明每一步是谁做的，供任职人员、监事、街道和审计查阅。业主可以看明细账和收支公示：每条存证记录都附在公示的 PDF 里，可以自己核对；要查某一步，请向业委会或监事会提出质询。',
    en: 'The operation log names who did each step; it is for those in office, supervisors, the street office and auditors. Owners read the journal and the disclosures, whose PDFs carry every record to check for themselves; to have a step looked into, put a question to the committee or the supervisors.',
  },
  log_person_unknown: {
    status: 422,
    zh: '没有在本小区任过职的人符合“{typed}”。请从列表里选，或输入姓名。',
    en: 'Nobody who held an office here is called "{typed}". Please choose from the list, or give a name.',
  },
  log_kind_unknown: {
    status: 422,
    zh: '没有“{typed}”这种记录。请从列表里选一种。',
    en: 'There is no kind of record "{typed}". Please choose one from the list.',
  },
  log_day_unreadable: {
    status: 422,
    zh: '日期“{typed}”看不懂，请写成 2026-03-05 这样。',
    en: 'The day "{typed}" cannot be read; write it like 2026-03-05.',
  },
  log_days_reversed: {
    status: 422,
    zh: '开始日期 {from} 在结束日期 {to} 之后，请对调。',
    en: 'The first day {from} lies after the last day {to}; please exchange them.',
  },
  figure_unknown: {
    status: 404,
    zh: '没有“{typed}”这个指标。请从“监督”页选一个。',
    en: 'There is no figure "{typed}". Please choose one on the page Oversight.',
  },
  record_unknown: {
    status: 404,
    zh: '存证里没有第 {seq} 号记录，现在共有 {size} 条。',
    en: 'There is no record number {seq}; the log has {size} of them now.',
  },
});
