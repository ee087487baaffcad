// What a step of a project asks of whoever signs, in words: its money by source, its milestones, its defects, its rest.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  project: { zh: '项目', en: 'Project' },
  purpose: { zh: '用途', en: 'Purpose' },
  deadline: { zh: '筹款截止', en: 'Deadline' },
  share: { zh: '每户分摊', en: 'Share of a dwelling' },
  per_m2: { zh: '每平方米 {share} 元', en: '{share} yuan for each square metre' },
  fixed: { zh: '每户 {share} 元', en: '{share} yuan each' },
  none: { zh: '不分摊，自愿认筹', en: 'none: pledges are free' },
  government: { zh: '政府补贴', en: 'Government' }, organisation: { zh: '单位出资', en: 'Organisations' }, households: { zh: '居民自筹', en: 'Households' }, donation: { zh: '社会捐助', en: 'Donations' },
  target: { zh: '目标 {amount} 元', en: 'target {amount}' },
  contractor: { zh: '合同方', en: 'Contractor' },
  milestone: { zh: '节点 {number}', en: 'Milestone {number}' },
  milestone_text: { zh: '{name}：{amount} 元（{percent}%），{when}付；{shares}', en: '{name}: {amount} ({percent}%), payable {when}; {shares}' },
  when_contract: { zh: '签约后', en: 'once signed' }, when_reached: { zh: '现场达到后', en: 'once reached' }, when_accepted: { zh: '验收后', en: 'after acceptance' },
  quotes: { zh: '报价', en: 'Quotes' },
  few: { zh: '报价不足三份的理由', en: 'Why there are fewer than three' },
  defects: { zh: '没有整改的问题', en: 'Open defects' },
  defects_none: { zh: '没有', en: 'none' },
  defects_reason: { zh: '带问题验收的理由', en: 'Why it is accepted with them' },
  sum: { zh: '合同金额', en: 'Sum of the contract' },
  report: { zh: '结项说明', en: 'Report' },
  rest_text: { zh: '收 {received} 元，用 {spent} 元，结余 {rest} 元', en: 'received {received}, spent {spent}, left {rest}' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  effect_open: { zh: '每个来源开一个专用资金，只能用于这个项目，互相不能垫。签这张单不动用资金。', en: 'Each source gets a fund of its own, for this project alone; none stands in for another. This moves no money.' },
  effect_contract: { zh: '按节点付款，每笔付款单另行签批，每个来源不超过上面的份额。签这张单不动用资金。', en: 'Milestones are paid by orders signed by themselves, each source within its share above. This moves no money.' },
  effect_accept: { zh: '验收后的节点可以付款，付款单另行签批。', en: 'What is paid after acceptance may be paid, by orders signed by themselves.' },
  effect_finish: { zh: '项目不再付款；结余按来源退回，居民的按各户实缴比例退，退款单另行签批。', en: 'Nothing more is paid; the rest goes back to its sources, to dwellings in proportion to what they paid, by orders signed by themselves.' },
} as const satisfies Record<string, Bilingual>;
type T = ReturnType<typeof pick<typeof texts>>;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value as Record<string, unknown>[] : []);
const figures = (value: unknown): string => (readMoney(text(value)) === null ? text(value) : moneyFigures(money(text(value))));
const sourceIn = (t: T, source: unknown): string => (t as Readonly<Record<string, string>>)[text(source)] ?? text(source);

function openFacts(document: Readonly<Record<string, unknown>>, t: T, locale: Locale): Fact[] {
  const rule = text(document['share_rule']);
  const deadline = text(document['deadline']);
  return [
    { term: t.purpose, value: text(document['purpose']) },
    ...list(document['sources']).map((row): Fact => ({ term: sourceIn(t, row['source']), value: fill(t.target, { amount: figures(row['target']) }) })),
    { term: t.share, value: rule === 'per_m2' ? fill(t.per_m2, { share: figures(document['share']) }) : rule === 'fixed' ? fill(t.fixed, { share: figures(document['share']) }) : t.none },
    { term: t.deadline, value: /^\d{4}-\d{2}-\d{2}$/.test(deadline) ? formatDate(deadline, locale) : deadline }, { term: t.effect, value: t.effect_open },
  ];
}

function contractFacts(document: Readonly<Record<string, unknown>>, t: T, locale: Locale): (Fact | false)[] {
  const comma = locale === 'zh' ? '、' : ', ';
  const payee = (document['payee'] ?? {}) as Record<string, unknown>;
  const when = (row: Record<string, unknown>): string => (t as Readonly<Record<string, string>>)[`when_${text(row['due_when'])}`] ?? '';
  return [
    { term: t.contractor, value: <strong>{text(payee['name'])}</strong> },
    ...list(document['milestones']).map((row): Fact => ({
      term: fill(t.milestone, { number: text(row['milestone']) }), value: fill(t.milestone_text, {
        name: text(row['name']), amount: figures(row['amount']), percent: text(row['percent']).replace(/\.00$/, ''), when: when(row),
        shares: (['government', 'organisation', 'households', 'donation'] as const).map((source) => ({ source, amount: ((row['shares'] ?? {}) as Record<string, unknown>)[source] }))
          .filter(({ amount }) => amount !== undefined).map(({ source, amount }) => `${sourceIn(t, source)} ${figures(amount)}`).join(comma),
      }),
    })),
    { term: t.quotes, value: list(document['quotes']).map((row) => `${text(row['bidder'])} ${figures(row['amount'])}`).join(comma) || '–' },
    text(document['few_quotes_reason']) !== '' && { term: t.few, value: text(document['few_quotes_reason']) },
    { term: t.effect, value: t.effect_contract },
  ];
}

export function projectFacts({ view, code }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = view.document ?? {};
  const named = text(document[locale === 'zh' ? 'project_zh' : 'project_en']) || text(document[locale === 'zh' ? 'title_zh' : 'name_en']);
  const link: Fact = { term: t.project, value: <a href={`/e/${code}/projects/${text(document['project'])}`}>{named}</a> };
  switch (text(document['step'])) {
    case 'open': return [link, ...openFacts(document, t, locale)];
    case 'contract': return [link, ...contractFacts(document, t, locale)];
    case 'accept': return [
      link, { term: t.contractor, value: text(document['contractor']) }, { term: t.sum, value: figures(document['contract_amount']) },
      { term: t.defects, value: text(document['defects']) === '0' ? t.defects_none : <strong>{text(document['defects'])}</strong> },
      text(document['defects_reason']) !== '' && { term: t.defects_reason, value: text(document['defects_reason']) }, { term: t.effect, value: t.effect_accept },
    ];
    default: return [
      link, { term: t.report, value: text(document['report']) },
      ...list(document['sources']).map((row): Fact => ({ term: sourceIn(t, row['source']), value: fill(t.rest_text, { received: figures(row['received']), spent: figures(row['spent']), rest: figures(row['rest']) }) })),
      { term: t.effect, value: t.effect_finish },
    ];
  }
}
