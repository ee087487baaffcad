// What another form of a body, or the balances a set of books begins with, asks of whoever signs, in words.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { formName } from '../people/body-form.ts';
import { bodyTexts } from '../people/texts.ts';
import type { BodyKind } from '../kernel/actor.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  body: { zh: '哪一方', en: 'Body' },
  now: { zh: '现在', en: 'Now' },
  not_there: { zh: '还没有这一方，由这张单设立', en: 'not there yet; this opens it' },
  becomes: { zh: '改为', en: 'Becomes' },
  named: { zh: '{name}（{form}）', en: '{name} ({form})' },
  from: { zh: '从哪天起', en: 'From' },
  until: { zh: '临时，计划到', en: 'Temporary, meant until' },
  until_text: { zh: '{day}；到期不会自动换，要另签一张单', en: '{day}; it ends when another form is signed for, not by itself' },
  mode: { zh: '管理模式改为', en: 'Mode becomes' },
  trust: { zh: '信托制', en: 'trust' },
  commission: { zh: '酬金制', en: 'commission' },
  self_managed: { zh: '居民自管', en: 'self-managed' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  form_effect: { zh: '钥匙、任期和已经签的字都不变，变的是名称和形式；以前的文件还是以前的名字。', en: 'Keys, terms and signatures given stay; name and form change, and papers of earlier days keep the earlier name.' },
  day: { zh: '记账日期', en: 'Dated' },
  money: { zh: '其中银行和现金', en: 'Of which in the bank and in cash' },
  dwellings: { zh: '写到户的', en: 'By dwelling' },
  dwellings_of: { zh: '{count} 户的预收或押金', en: 'prepayments or deposits of {count} dwellings' },
  opening_effect: { zh: '一套账只登记一次。签齐后按下面的分录记一张转账凭证，以后每个月的余额都从这里开始。请对照银行余额和移交清单再签。',
    en: 'Once for a set of books. It is booked as one entry with the lines below, and every balance begins here. Compare it with the bank and the papers of the handover before signing.' },
} as const satisfies Record<string, Bilingual>;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});
const dateIn = (value: string, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value, locale) : value);
const nameIn = (said: Record<string, unknown>, locale: Locale): string =>
  fill(texts.named[locale], { name: text(said[locale === 'zh' ? 'name_zh' : 'name_en']), form: formName(text(said['form']), locale) });

export function bodyFormFacts({ view, code }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = view.document ?? {};
  const field = (name: string): string => text(document[name]);
  const before = record(document['before']);
  const mode = field('mode');
  return [
    { term: t.body, value: <a href={`/e/${code}/people/forms`}>{bodyTexts[field('body') as BodyKind]?.[locale] ?? field('body')}</a> },
    { term: t.now, value: text(before['name_zh']) === '' ? t.not_there : nameIn(before, locale) },
    { term: t.becomes, value: <strong>{nameIn(document, locale)}</strong> },
    { term: t.from, value: dateIn(field('from'), locale) },
    field('until') !== '' && { term: t.until, value: fill(t.until_text, { day: dateIn(field('until'), locale) }) },
    mode !== '' && { term: t.mode, value: mode === 'trust' ? t.trust : mode === 'commission' ? t.commission : t.self_managed },
    { term: t.effect, value: t.form_effect },
  ];
}

export function openingFacts({ view }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const field = (name: string): string => text(view.document?.[name]);
  return [
    { term: t.day, value: dateIn(field('entry_date'), locale) },
    readMoney(field('money')) !== null && { term: t.money, value: <strong>{moneyFigures(money(field('money')))}</strong> },
    !['', '0'].includes(field('dwellings')) && { term: t.dwellings, value: fill(t.dwellings_of, { count: field('dwellings') }) },
    { term: t.effect, value: t.opening_effect },
  ];
}
