// Names of the fields in records about resolutions, ballots and surveys.
import type { Bilingual } from '../kernel/locale.ts';

export const assemblyLabels: Readonly<Record<string, Bilingual>> = {
  act: { zh: '处理', en: 'Act' }, answered: { zh: '已填户数', en: 'Answered' }, area: { zh: '面积（平方米）', en: 'Area, square metres' }, choice: { zh: '选择', en: 'Choice' },
  choices: { zh: '各项票数', en: 'Votes by choice' }, codes: { zh: '票号', en: 'Codes' }, commitment: { zh: '选票承诺值', en: 'Commitment' }, count_sha256: { zh: '计票指纹', en: 'Fingerprint of the count' },
  counted_on: { zh: '计票日期', en: 'Counted on' }, files: { zh: '附件', en: 'Files' }, matter: { zh: '表决事项', en: 'Matter' }, outcome: { zh: '结果', en: 'Outcome' }, paper: { zh: '纸质票编号', en: 'Paper ballot' },
  paper_days: { zh: '纸质票录入天数', en: 'Days to enter papers' }, papers_open: { zh: '没录完的纸质票', en: 'Papers not settled' }, part: { zh: '参加表决', en: 'Took part' },
  questions: { zh: '问题', en: 'Questions' }, resolution_id: { zh: '表决编号', en: 'Resolution number' }, resolution_title: { zh: '决议名称', en: 'Resolution' }, results: { zh: '结果', en: 'Result' },
  roll: { zh: '名册（随机名、面积、套数）', en: 'Roll: random name, area, dwellings' }, rule_day: { zh: '适用法律自', en: 'Law from' }, secret: { zh: '无记名', en: 'Secret' },
  special: { zh: '四分之三（特别）多数', en: 'Special majority' }, survey: { zh: '调查编号', en: 'Survey' }, voter: { zh: '名册上的随机名', en: 'Name on the roll' }, voters: { zh: '业主人数', en: 'Owners' },
  way: { zh: '方式', en: 'Way' }, why: { zh: '原因', en: 'Why' }, wording: { zh: '内容', en: 'Wording' },
};
export const assemblyValues: Readonly<Record<string, Readonly<Record<string, Bilingual>>>> = {
  choice: { for: { zh: '同意', en: 'for' }, against: { zh: '反对', en: 'against' }, abstain: { zh: '弃权', en: 'abstain' } },
  outcome: { passed: { zh: '通过', en: 'passed' }, quorum_missing: { zh: '参加人数不够，没有通过', en: 'too few took part; not passed' }, majority_missing: { zh: '同意不够，没有通过', en: 'too few agreed; not passed' } },
  way: { online: { zh: '网上', en: 'online' }, paper: { zh: '纸质', en: 'on paper' } },
  act: { show: { zh: '公开', en: 'shown' }, hide: { zh: '隐藏', en: 'hidden' }, erase: { zh: '删除', en: 'erased' } },
};
