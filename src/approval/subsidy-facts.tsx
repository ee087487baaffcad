// What a scheme of subsidies, or a batch of claims to its funder, asks of whoever signs, in words.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  name: { zh: '方案', en: 'Scheme' },
  funder: { zh: '拨款方', en: 'Funder' },
  what: { zh: '补多少', en: 'How much' },
  percent: { zh: '缴清的账单，补实缴金额的 {percent}%', en: '{percent}% of what was paid, for bills paid in full' },
  each: { zh: '缴清的账单，每张补 {amount} 元（不超过实缴）', en: '{amount} yuan for each bill paid in full, not more than was paid' },
  bills: { zh: '补哪些账单', en: 'Which bills' },
  from_to: { zh: '{from}至{to}', en: '{from} to {to}' },
  items: { zh: '收费项目', en: 'Items' },
  budget: { zh: '补贴总额', en: 'Budget' },
  cap: { zh: '每户最多', en: 'Most for a dwelling' },
  no_cap: { zh: '不设上限', en: 'no limit' },
  last_day: { zh: '申领截止', en: 'Claim by' },
  payout: { zh: '怎么发放', en: 'Passed on as' },
  credit: { zh: '记入该户预收，抵以后的账单（一张转账单发多户，另行签批）', en: 'credit for the dwelling\'s coming bills, by transfers signed by themselves' },
  pay: { zh: '逐户付款，每笔另行签批', en: 'payment to each dwelling, each signed by itself' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  scheme_effect: { zh: '住户可以为缴清的账单申领，每张账单一次，申领到总额为止。签这张单不动用资金。', en: 'Dwellings may claim for bills that are paid, once for each, until the budget is used up. This moves no money.' },
  batch_effect: { zh: '名单交给拨款方。只有账单已缴清的申领在里面；拨款到账以后，发放另行签批。签这张单不动用资金。', en: 'The list goes to the funder. It holds only claims for bills that are paid; what arrives is passed on under signatures of its own. This moves no money.' },
  claims: { zh: '申领', en: 'Claims' },
  claims_text: { zh: '{count} 张账单', en: '{count} bills' },
  list: { zh: '名单', en: 'List' },
  open: { zh: '查看名单', en: 'See the list' },
  hash: { zh: '名单的 SHA-256', en: 'SHA-256 of the list' },
} as const satisfies Record<string, Bilingual>;

const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const figuresIn = (amount: string): string => (readMoney(amount) === null ? amount : moneyFigures(money(amount)));
const monthIn = (value: string, locale: Locale): string => (/^\d{4}-\d{2}$/.test(value) ? formatPeriod(value, locale) : value);
const dateIn = (value: string, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(value) ? formatDate(value, locale) : value);

export function subsidyFacts({ view }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const field = (name: string): string => text(view.document?.[name]);
  const items = view.document?.['items'];
  const names = (Array.isArray(items) ? items.map(text) : []).map((item) => (item === 'property_fee' && locale === 'zh' ? '物业费' : item === 'property_fee' ? 'property fee' : item));
  return [
    { term: t.funder, value: <strong>{field('funder')}</strong> },
    { term: t.what, value: field('percent') === '' ? fill(t.each, { amount: figuresIn(field('amount_each')) }) : fill(t.percent, { percent: field('percent').replace(/\.00$/, '') }) },
    { term: t.bills, value: fill(t.from_to, { from: monthIn(field('first_period'), locale), to: monthIn(field('last_period'), locale) }) },
    { term: t.items, value: names.join(locale === 'zh' ? '、' : ', ') },
    { term: t.budget, value: <strong>{figuresIn(field('budget'))}</strong> },
    { term: t.cap, value: field('unit_cap') === '' ? t.no_cap : figuresIn(field('unit_cap')) },
    { term: t.last_day, value: dateIn(field('last_day'), locale) },
    { term: t.payout, value: field('payout') === 'pay' ? t.pay : t.credit },
    { term: t.effect, value: t.scheme_effect },
  ];
}

export function subsidyBatchFacts({ view, code, officer }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const field = (name: string): string => text(view.document?.[name]);
  return [
    { term: t.name, value: <a href={`/e/${code}/subsidies/${field('scheme')}`}>{field(locale === 'zh' ? 'scheme_zh' : 'scheme_en')}</a> },
    { term: t.funder, value: field('funder') },
    { term: t.claims, value: fill(t.claims_text, { count: field('claims') }) },
    officer && { term: t.list, value: <a href={`/e/${code}/subsidy-batches/${view.proposal_id}`}>{t.open}</a> },
    { term: t.hash, value: <code class="hash">{field('list_sha256')}</code> },
    { term: t.effect, value: t.batch_effect },
  ];
}
