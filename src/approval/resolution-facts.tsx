// What a certificate of an owners' resolution asks of whoever signs, in words: the figures of the count are those of the document.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  resolution: { zh: '决议', en: 'Resolution' },
  open: { zh: '第 {number} 号：{title}', en: 'No. {number}: {title}' },
  counted_on: { zh: '计票日期', en: 'Counted on' },
  roll: { zh: '全体业主', en: 'All owners' },
  part: { zh: '参加表决', en: 'Took part' },
  for: { zh: '同意', en: 'For' },
  against: { zh: '反对', en: 'Against' },
  abstain: { zh: '弃权', en: 'Abstained' },
  share: { zh: '{voters} 人，{area} 平方米', en: '{voters} owners, {area} square metres' },
  outcome: { zh: '结果', en: 'Outcome' },
  passed: { zh: '通过（程序按法律规定的多数计算）', en: 'passed, by the majority of the law as the program reckons it' },
  hash: { zh: '计票的 SHA-256', en: 'SHA-256 of the count' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  effect_text: { zh: '付款单可以用它作依据。签之前请核对纸质票和公示的结果。签这张单不动用资金。', en: 'Orders may rest on it. Before you sign, compare the papers with what was published. This moves no money.' },
} as const satisfies Record<string, Bilingual>;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});

export function resolutionFacts({ view, code }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const field = (name: string): string => text(view.document?.[name]);
  const share = (value: unknown): string => fill(t.share, { voters: text(record(value)['voters']), area: text(record(value)['area']) });
  const choices = record(view.document?.['choices']);
  const day = field('counted_on');
  return [
    { term: t.resolution, value: <a href={`/e/${code}/resolutions/${field('resolution_id')}`}>{fill(t.open, { number: field('resolution_id'), title: field('resolution_title') })}</a> },
    { term: t.counted_on, value: /^\d{4}-\d{2}-\d{2}$/.test(day) ? formatDate(day, locale) : day },
    { term: t.roll, value: share(view.document) },
    { term: t.part, value: share(view.document?.['part']) },
    { term: t.for, value: <strong>{share(choices['for'])}</strong> },
    { term: t.against, value: share(choices['against']) },
    { term: t.abstain, value: share(choices['abstain']) },
    { term: t.outcome, value: t.passed },
    { term: t.hash, value: <code class="hash">{field('count_sha256')}</code> },
    { term: t.effect, value: t.effect_text },
  ];
}
