// Names of the fields in records and documents about budgets and final accounts.
import type { Bilingual } from '../kernel/locale.ts';

export const budgetLabels: Readonly<Record<string, Bilingual>> = {
  draft: { zh: '预算草案', en: 'Draft budget' }, year: { zh: '年度', en: 'Year' }, lines: { zh: '明细', en: 'Lines' }, comment_record: { zh: '意见记录', en: 'Record of the comment' },
  adjusts: { zh: '调整哪一版', en: 'Version that is adjusted' }, over_budget: { zh: '超预算', en: 'Beyond the budget' }, over_budget_reason: { zh: '为什么超预算', en: 'Why beyond the budget' },
  used: { zh: '已用', en: 'Used' }, over: { zh: '超出', en: 'Beyond' }, comments: { zh: '业主意见', en: 'Comments of owners' }, changes: { zh: '调整前后', en: 'Before and after' },
  totals: { zh: '合计', en: 'Totals' }, income: { zh: '收入', en: 'Income' }, expense: { zh: '支出', en: 'Expense' }, after: { zh: '调整后', en: 'After' }, funds: { zh: '各项资金', en: 'Funds' },
  rows: { zh: '与预算对照', en: 'Beside the budget' }, surplus: { zh: '收支差额', en: 'Surplus' }, actual: { zh: '实际', en: 'Actual' },
};
