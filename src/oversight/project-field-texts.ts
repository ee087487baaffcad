// Names of the fields in records and documents about projects.
import type { Bilingual } from '../kernel/locale.ts';

export const projectLabels: Readonly<Record<string, Bilingual>> = {
  project: { zh: '项目', en: 'Project' }, from_owner: { zh: '业主申请', en: 'Applied for by an owner' }, stance: { zh: '态度', en: 'Stance' }, opinion: { zh: '意见', en: 'Opinion' },
  comment_commitment: { zh: '原文承诺值', en: 'Commitment to the text' }, shown: { zh: '公开方式', en: 'Shown as' }, gift: { zh: '捐助', en: 'Gift' }, source: { zh: '来源', en: 'Source' }, sources: { zh: '来源', en: 'Sources' },
  bidder: { zh: '报价单位', en: 'Bidder' }, contractor: { zh: '合同方', en: 'Contractor' }, contract: { zh: '合同', en: 'Contract' }, milestone: { zh: '付款节点', en: 'Milestone' }, milestones: { zh: '付款节点', en: 'Milestones' },
  defect: { zh: '问题', en: 'Defect' }, defects: { zh: '未整改的问题', en: 'Open defects' }, defects_reason: { zh: '带问题验收的理由', en: 'Why it is accepted with defects' }, report: { zh: '记录', en: 'Report' }, photos: { zh: '照片', en: 'Photos' },
  note: { zh: '说明', en: 'Note' }, deadline: { zh: '截止日', en: 'Deadline' }, rest: { zh: '结余', en: 'Rest' }, step: { zh: '步骤', en: 'Step' }, share_rule: { zh: '分摊方式', en: 'Share' }, share: { zh: '每户分摊', en: 'Share of a dwelling' },
  target: { zh: '目标', en: 'Target' }, received: { zh: '已收', en: 'Received' }, spent: { zh: '已用', en: 'Spent' }, quotes: { zh: '报价', en: 'Quotes' }, quote: { zh: '报价', en: 'Quote' }, few_quotes_reason: { zh: '报价不足的理由', en: 'Why there are fewer quotes' },
  due_when: { zh: '何时可付', en: 'Payable' }, shares: { zh: '各来源分担', en: 'Borne by' }, contract_amount: { zh: '合同金额', en: 'Sum of the contract' }, project_zh: { zh: '项目名称', en: 'Project' }, project_en: { zh: '项目英文名称', en: 'Project in English' },
};
