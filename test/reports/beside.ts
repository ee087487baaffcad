// What stands beside the books, as a month of the sample estate has it.
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';

const fund = { service: ['物业服务资金', 'Services'], public_income: ['公共收益', 'Public income'] } as const;
const line = (key: keyof typeof fund, side: 'income' | 'expense', account: string, names: [string, string], amounts: [string, string, string, string]) => ({
  account, fund: key, fund_zh: fund[key][0], fund_en: fund[key][1], name_zh: names[0], name_en: names[1], side,
  budget: amounts[0], actual: amounts[1], committed: amounts[2], left: amounts[3],
});
const source = (key: string, names: [string, string], amounts: [string, string | null, string, string, string, string], outside = '0.00') => ({
  source: key, source_zh: names[0], source_en: names[1], fund: `p1_${key}`,
  target: amounts[0], pledged: amounts[1], received: amounts[2], spent: amounts[3], returned: amounts[4], left: amounts[5], outside,
});

export const beside = (): Required<Pick<DisclosureFigures, 'voice' | 'budget' | 'projects' | 'surveys' | 'checks'>> => ({
  voice: { day: '2026-11-10', asked: 6, answered: 5, answered_late: 1, waiting: 2, late: 1, very_late: 1, unsatisfied: 1 },
  checks: { at: '2026-11-09T18:10:00Z', checks: 24, failed: [] },
  budget: {
    year: '2026', day: '2026-10-31', proposal: 12, over: 1,
    lines: [
      line('service', 'income', '4101', ['物业服务费', 'Service fees'], ['520000.00', '433120.00', '0.00', '86880.00']),
      line('public_income', 'income', '4102', ['停车费', 'Parking'], ['158400.00', '132000.00', '0.00', '26400.00']),
      line('service', 'expense', '510101', ['秩序维护人员费用', 'Guards'], ['230400.00', '192000.00', '19200.00', '19200.00']),
      line('service', 'expense', '5102', ['维修养护', 'Repairs'], ['60000.00', '41280.50', '1380.00', '17339.50']),
      line('public_income', 'expense', '5104', ['绿化', 'Greenery'], ['18000.00', '17500.00', '9800.00', '-9300.00']),
    ],
  },
  projects: [
    { project: 1, name_zh: '3 栋加装电梯', name_en: 'A lift for building 3', stage_zh: '施工中：第 2 个节点已验收', stage_en: 'Under way: milestone 2 accepted', sources: [
      source('government', ['政府补贴', 'Government'], ['180000.00', null, '180000.00', '108000.00', '0.00', '72000.00']),
      source('organisation', ['产权单位', 'Organisation'], ['60000.00', null, '30000.00', '30000.00', '0.00', '0.00']),
      source('households', ['居民自筹', 'Households'], ['112000.00', '98000.00', '91500.00', '67200.00', '0.00', '24300.00']),
      source('donation', ['社会捐赠', 'Donations'], ['8000.00', null, '5200.00', '4800.00', '0.00', '400.00']),
    ] },
    { project: 2, name_zh: '社区保障资金', name_en: 'Community security fund', stage_zh: '进行中', stage_en: 'Under way', sources: [
      source('government', ['政府拨款', 'Government'], ['30000.00', null, '18000.00', '6000.00', '0.00', '12000.00'], '12000.00'),
    ] },
  ],
  surveys: [{
    survey: 1, name_zh: '2026 年下半年满意度', name_en: 'Second half of 2026', from: '2026-10-01', to: '2026-10-20', asked: 448, answered: 187, rate: '41.7', satisfied: '90.4',
    questions: [
      { name_zh: '对物业服务总体满意吗？', name_en: 'Are you satisfied with the services?', mean: '4.5' },
      { name_zh: '收支公示看得懂吗？', name_en: 'Is the disclosure easy to follow?', mean: '4.1' },
      { name_zh: '电梯维修及时吗？', name_en: 'Are the lifts repaired in time?', mean: null },
    ],
  }],
});
