// Kinds of bulletins (通报): what may be told outside these pages because every owner may read it here. Each says its sentence in
// both languages from facts that hold no personal data: numbers, days, sums of the estate; never a name, a dwelling, a free text.
import type { Bilingual } from '../kernel/locale.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { kindName } from '../approval/texts.ts';
import { formatDate, formatPeriod } from '../web/locale.ts';

/** Values of facts are numbers and plain texts; what is not known is null. */
export type Facts = Readonly<Record<string, string | number | null>>;

interface KindOf {
  name: Bilingual;
  text: Bilingual;
  /** Where there is another sentence for some facts. */
  text_for?: (facts: Facts) => Bilingual | null;
  /** Ticked when a relay is set up. */
  usual: boolean;
  /** Stands in the feed. */
  feed: boolean;
}

const corrected: Bilingual = {
  zh: '{period}收支公示发布了第 {version} 版（更正版），前面的版本仍可下载。', en: 'Version {version} of the disclosure of {period} is published beside the earlier ones.',
};

const kinds = {
  disclosure_published: {
    name: { zh: '发布收支公示', en: 'Disclosure published' },
    text: { zh: '{period}收支公示已发布，可以下载核验。', en: 'The disclosure of {period} is published; download and verify it.' },
    text_for: ({ version }) => (version === 1 ? null : corrected),
    usual: true, feed: true,
  },
  exception_raised: {
    name: { zh: '出现没有签批的支出', en: 'Debit nobody signed for' },
    text: { zh: '银行 {day} 从尾号 {last4} 的共管账户付出 {amount} 元，没有签批的付款申请单，正在核实。', en: 'On {day} the bank paid {amount} yuan out of the joint account ending {last4} without a signed order; it is being looked into.' },
    usual: true, feed: true,
  },
  exception_settled: {
    name: { zh: '没有签批的支出已核实', en: 'Debit explained' },
    text: { zh: '{day} 那笔 {amount} 元没有签批的支出，已事后补单核实。', en: 'The unexplained debit of {amount} yuan of {day} was explained and signed for afterwards.' },
    usual: true, feed: true,
  },
  answer_late: {
    name: { zh: '质询超期未答复', en: 'Question not answered in time' },
    text: { zh: '第 {inquiry} 号质询应在 {due_on} 前答复，现在还没有答复。', en: 'Question {inquiry} was to be answered by {due_on} and is not.' },
    usual: true, feed: true,
  },
  answer_very_late: {
    name: { zh: '质询严重超期', en: 'Question long overdue' },
    text: { zh: '第 {inquiry} 号质询应在 {due_on} 前答复，已严重超期，仍没有答复。', en: 'Question {inquiry} was to be answered by {due_on}; it is long overdue.' },
    usual: true, feed: true,
  },
  invariant_failed: {
    name: { zh: '账务自查发现问题', en: 'Check of the books failed' },
    text: { zh: '夜间自查有一项没有通过，请看自查结果。', en: 'A nightly check of the books failed; see the results.' },
    usual: true, feed: true,
  },
  inquiry_asked: {
    name: { zh: '业主提出质询', en: 'Question asked' },
    text: { zh: '业主提出第 {inquiry} 号质询，应在 {due_on} 前答复。', en: 'Question {inquiry} was asked; it is to be answered by {due_on}.' },
    usual: false, feed: false,
  },
  inquiry_answered: {
    name: { zh: '答复质询', en: 'Question answered' },
    text: { zh: '第 {inquiry} 号质询已答复。', en: 'Question {inquiry} is answered.' },
    usual: false, feed: false,
  },
  proposal_submitted: {
    name: { zh: '有单子等签批', en: 'Something waits for signatures' },
    text: { zh: '第 {proposal} 号{what}已提交，等各方签批。', en: 'No. {proposal}, {what}, was submitted and waits for signatures.' },
    usual: false, feed: false,
  },
  objection_raised: {
    name: { zh: '收到书面异议', en: 'Written objection' },
    text: { zh: '第 {proposal} 号签批单收到书面异议，答复以前不能办理。', en: 'A written objection to no. {proposal} was raised; it waits until that is answered.' },
    usual: false, feed: false,
  },
  period_closed: {
    name: { zh: '月度结账', en: 'Month closed' },
    text: { zh: '{period}已结账。', en: '{period} is closed.' },
    usual: false, feed: true,
  },
  budget_published: {
    name: { zh: '预算公布', en: 'Budget published' },
    text: { zh: '{year} 年预算已签批公布。', en: 'The budget of {year} is signed and published.' },
    usual: true, feed: true,
  },
  project_opened: {
    name: { zh: '项目立项筹款', en: 'Project opened' },
    text: { zh: '第 {project} 号项目已立项，开始筹款。', en: 'Project {project} is approved and raises its funds.' },
    usual: true, feed: true,
  },
  project_finished: {
    name: { zh: '项目结项', en: 'Project finished' },
    text: { zh: '第 {project} 号项目已结项，总结报告可以查看。', en: 'Project {project} is finished; its final report is there.' },
    usual: true, feed: true,
  },
  resolution_announced: {
    name: { zh: '公告业主表决', en: 'Vote announced' },
    text: { zh: '第 {resolution} 号业主表决已公告，请按公告的日子投票。', en: 'Vote no. {resolution} of the owners is announced; vote on the days it names.' },
    usual: true, feed: true,
  },
  resolution_counted: {
    name: { zh: '业主表决计票', en: 'Votes counted' },
    text: { zh: '第 {resolution} 号业主表决已计票，结果可以查看核对。', en: 'Vote no. {resolution} of the owners is counted; see and check the result.' },
    usual: true, feed: true,
  },
  relay_tested: {
    name: { zh: '试发', en: 'Test' },
    text: { zh: '这是一条试发的消息：明账的推送已接通。', en: 'This is a test: the relay of Mingzhang works.' },
    usual: false, feed: false,
  },
} as const satisfies Record<string, KindOf>;

export type BulletinKind = keyof typeof kinds;
export const bulletinKinds: Readonly<Record<string, KindOf>> = kinds;
/** What a relay may ask for; a test goes to whoever pressed the button for. */
export const choosableKinds = (Object.keys(kinds) as BulletinKind[]).filter((kind) => kind !== 'relay_tested');
export const usualKinds = choosableKinds.filter((kind) => kinds[kind].usual);
export const feedKinds = choosableKinds.filter((kind) => kinds[kind].feed);
export const kindTitle = (kind: string, locale: Locale): string => bulletinKinds[kind]?.name[locale] ?? kind;

function inLocale(kind: BulletinKind, facts: Facts, locale: Locale): string {
  const given = Object.fromEntries(Object.entries(facts).filter((fact): fact is [string, string | number] => fact[1] !== null));
  const told: Record<string, string | number> = { ...given };
  for (const name of ['day', 'due_on']) if (typeof given[name] === 'string') told[name] = formatDate(given[name], locale);
  if (typeof given['period'] === 'string') told['period'] = formatPeriod(given['period'], locale);
  if (typeof given['amount'] === 'string') told['amount'] = moneyFigures(money(given['amount']));
  if (typeof given['proposal_kind'] === 'string') told['what'] = kindName(given['proposal_kind'], locale);
  const described: KindOf = kinds[kind];
  return fill((described.text_for?.(facts) ?? described.text)[locale], told);
}

export const bulletinText = (kind: BulletinKind, facts: Facts): Bilingual => ({ zh: inLocale(kind, facts, 'zh'), en: inLocale(kind, facts, 'en') });
