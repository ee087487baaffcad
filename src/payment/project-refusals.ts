// Why an order may not be paid from the fund of a project: one for each answer of project_order_unfit().
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  project_milestone_unfit: {
    status: 422,
    zh: '这项资金不是项目资金，不用填付款节点。请改选项目的资金，或不填节点。',
    en: 'This fund belongs to no project and has no milestones: choose the project\'s fund, or leave the milestone out.',
  },
  project_milestone_missing: {
    status: 422,
    zh: '项目资金只按合同的付款节点支付：请填写第几个节点，或从项目页面的“按节点付款”开单。',
    en: 'Money of a project is paid for milestones of its contract only: say which one, or draw the order up from the project\'s page.',
  },
  project_milestone_unknown: {
    status: 422,
    zh: '这个项目没有第 {milestone} 个付款节点，请对照合同。',
    en: 'This project has no milestone {milestone}; compare the contract.',
  },
  project_milestone_not_due: {
    status: 409,
    zh: '第 {milestone} 个付款节点还没到：要等现场记录写明已达到，或验收签齐。',
    en: 'Milestone {milestone} is not due: a site report must say that it is reached, or the acceptance be signed.',
  },
  project_milestone_exceeded: {
    status: 409,
    zh: '超过这个来源在第 {milestone} 个节点的份额：最多还能付 {most} 元，这张单 {amount} 元。别的来源的钱要各开各的单，不能互相垫。',
    en: 'Beyond this source\'s share of milestone {milestone}: {most} at most, and this order asks for {amount}. Each source pays by an order of its own.',
  },
  project_payee_differs: {
    status: 409,
    zh: '收款方不是这个节点的合同方，请选签过合同的收款方。',
    en: 'The payee is not the contract\'s: choose whoever the contract was signed with.',
  },
  project_finished: {
    status: 409,
    zh: '项目已经结项，不再付款；结余只能退回来源。',
    en: 'The project is finished: nothing more is paid, the rest goes back to where it came from.',
  },
  project_not_finished: {
    status: 409,
    zh: '项目还没有结项，不能退款。请先提交结项报告，各方签齐后再按来源退回结余。',
    en: 'The project is not finished: money goes back after its final report is signed.',
  },
  project_account_unfit: {
    status: 422,
    zh: '科目 {account} 不是这个来源的科目，请选项目页面给出的科目。',
    en: 'Account {account} is not this source\'s; take the one the project\'s page names.',
  },
  project_rest_exceeded: {
    status: 409,
    zh: '超过这个来源的结余：最多还能退 {most} 元，这张单 {amount} 元。',
    en: 'Beyond what is left of this source: {most} at most may go back, and this order asks for {amount}.',
  },
  project_unit_exceeded: {
    status: 409,
    zh: '超过这一户应退的份额：最多还能退 {most} 元，这张单 {amount} 元。请填写房号，金额以项目的退款清单为准。',
    en: 'Beyond this dwelling\'s part: {most} at most may go back, and this order asks for {amount}. Name the dwelling; the list on the project\'s page has the sums.',
  },
});
