// Texts of the pages of arrears, Chinese and English.
import type { Bilingual } from '../kernel/locale.ts';
import type { Age } from './arrears.ts';

export const ageNames: Readonly<Record<Age, Bilingual>> = {
  d30: { zh: '逾期 30 天以内', en: 'Up to 30 days overdue' },
  d90: { zh: '31 至 90 天', en: '31 to 90 days' },
  d365: { zh: '91 天至一年', en: '91 days to a year' },
  older: { zh: '一年以上', en: 'Over a year' },
};

export const arrearsTexts = {
  title: { zh: '欠费', en: 'Arrears' },
  lede: { zh: '截至 {day}，过了交费期限还没交的费用。只公布户数和合计，不公布哪一户。', en: 'What was overdue on {day}. Numbers and sums only, never which dwelling.' },
  dwellings: { zh: '户数', en: 'Dwellings' },
  owing: { zh: '欠费户数', en: 'Dwellings that owe' },
  amount: { zh: '欠费合计', en: 'Overdue' },
  bills: { zh: '账单', en: 'Bills' },
  age: { zh: '逾期多久', en: 'How long overdue' },
  by_age: { zh: '按逾期时间', en: 'By age' },
  by_building: { zh: '按楼栋', en: 'By building' },
  building: { zh: '楼栋', en: 'Building' },
  building_named: { zh: '{building} 栋', en: 'Building {building}' },
  hidden: { zh: '不公布', en: 'Not shown' },
  hidden_why: { zh: '“不公布”的：一栋不足 10 户，或欠费、不欠费的不足 3 户，公布了就能猜出是谁。为了不能用合计倒推，有时还会多隐去一栋或一档。', en: 'Not shown: a building of fewer than 10 dwellings, or one in which fewer than 3 owe or fewer than 3 do not, where the figure would point at somebody. Sometimes one more is kept back, so that no difference gives it away.' },
  too_few: { zh: '户数太少，公布合计就等于公布是谁，所以不公布。', en: 'So few dwellings are concerned that the total would point at somebody; it is not shown.' },
  none: { zh: '没有逾期未交的费用。', en: 'Nothing is overdue.' },
  officers: { zh: '逐户明细（任职人员）', en: 'By dwelling (for officers)' },
  units_title: { zh: '欠费明细', en: 'Arrears by dwelling' },
  units_lede: { zh: '截至今天逐户逾期未交的费用。涉及个人信息：只用于核对和催缴，不张贴、不转发。', en: 'What is overdue today, by dwelling. Personal data: for checking and reminding only, not to be posted or passed on.' },
  unit: { zh: '房屋', en: 'Dwelling' },
  oldest: { zh: '最早到期日', en: 'Oldest due day' },
  total: { zh: '合计', en: 'Total' },
  filter_age: { zh: '逾期', en: 'Overdue' },
  filter_any: { zh: '全部', en: 'All' },
  over_30: { zh: '超过 30 天', en: 'More than 30 days' },
  over_90: { zh: '超过 90 天', en: 'More than 90 days' },
  over_365: { zh: '超过一年', en: 'More than a year' },
  filter_unit: { zh: '房号', en: 'Dwelling' },
  reminders: { zh: '催缴', en: 'Reminders' },
  back: { zh: '欠费', en: 'Arrears' },
} as const satisfies Record<string, Bilingual>;
