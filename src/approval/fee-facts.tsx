// What a proposal about a fee or a waiver asks, in words: how it is reckoned and from when, what it was before; how many dwellings, how much
// of which bills. Dwellings are not named here: whoever may know them follows the link.
import type { JSX } from 'preact';
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { formatDate, formatPeriod } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const words = {
  item: { zh: '收费项目', en: 'Fee' },
  change: { zh: '变更', en: 'Change' },
  stop: { zh: '停止收费', en: 'No longer charged' },
  last_day: { zh: '最后一天', en: 'Last day' },
  how: { zh: '怎么收', en: 'How it is reckoned' },
  area: { zh: '每平方米每月 {rate} 元', en: '{rate} yuan a square metre and month' },
  fixed: { zh: '每户每月 {rate} 元', en: '{rate} yuan a dwelling and month' },
  space: { zh: '每个车位每月 {rate} 元', en: '{rate} yuan a parking space and month' },
  metered: { zh: '按表计量（{meter}），每单位 {rate} 元', en: 'metered ({meter}), {rate} yuan a unit' },
  shared: { zh: '当月在 {cost} 科目的实际支出由适用的房屋分摊，{by}', en: 'what was paid on account {cost} for the month, shared by the dwellings {by}' },
  by_area: { zh: '按面积', en: 'by area' },
  by_household: { zh: '按户', en: 'equally' },
  before: { zh: '现在', en: 'Now' },
  before_none: { zh: '现在没有这一项（或按小区登记的单价）', en: 'No such fee yet (or the estate\'s own rate)' },
  from: { zh: '从哪天起', en: 'From' },
  until: { zh: '{from} 起，到 {to} 为止', en: '{from} to {to}' },
  back: { zh: '起始日早于提出日：以前月份没有开过的账单会补开。', en: 'It begins before it was proposed: bills of earlier months that were not made will be.' },
  who: { zh: '适用房屋', en: 'For' },
  all: { zh: '全部房屋', en: 'all dwellings' },
  buildings: { zh: '{names} 栋', en: 'building {names}' },
  phases: { zh: '{names}', en: 'phase {names}' },
  due: { zh: '交费期限', en: 'Due' },
  due_this: { zh: '当月 {day} 日', en: 'day {day} of the month' },
  due_later: { zh: '{months} 个月后的 {day} 日', en: 'day {day}, {months} months later' },
  due_last: { zh: '月底', en: 'the last' },
  late: { zh: '滞纳金', en: 'Late fee' },
  late_none: { zh: '没有约定', en: 'None was agreed' },
  late_text: { zh: '超过期限 {grace} 天后，每天按未交金额的万分之 {rate}，最多为账单的 {cap}%', en: 'after {grace} days of grace, {rate} of ten thousand a day of what is open, at most {cap} per cent of the bill' },
  account: { zh: '收到后记入', en: 'Booked to' },
  why: { zh: '种类', en: 'Kind' },
  reason: { zh: '理由', en: 'Reason' },
  dwellings: { zh: '房屋', en: 'Dwellings' },
  dwellings_count: { zh: '{count} 户', en: '{count}' },
  see: { zh: '逐户清单', en: 'Dwelling by dwelling' },
  bills: { zh: '已开出、未交的账单', en: 'Bills that are open' },
  bills_text: { zh: '{count} 张，共减', en: '{count}, lowered by' },
  coming: { zh: '以后开出的账单', en: 'Bills to come' },
  coming_text: { zh: '{from}至{to}，每张减 {measure}，最多共减', en: '{from} to {to}, {measure} off each, at most' },
  most: { zh: '批准后最多减到这个数，用完为止；不动已经交了的钱。', en: 'No more than this is taken off, whatever the bills are; what is paid stays.' },
} as const satisfies Record<string, Bilingual>;

const kinds: Record<string, Bilingual> = {
  dwelling: { zh: '住宅', en: 'dwellings' }, shop: { zh: '商铺', en: 'shops' }, office: { zh: '办公', en: 'offices' }, storage: { zh: '储藏间', en: 'storage' }, other: { zh: '其他', en: 'other' },
  owner: { zh: '自住', en: 'lived in by owners' }, let: { zh: '出租', en: 'let' }, vacant: { zh: '空置', en: 'vacant' },
  water: { zh: '水表', en: 'water' }, electricity: { zh: '电表', en: 'electricity' }, gas: { zh: '燃气表', en: 'gas' }, heat: { zh: '热力表', en: 'heat' },
};
const whys: Record<string, Bilingual> = {
  waiver: { zh: '减免', en: 'Waiver' }, discount: { zh: '优惠', en: 'Discount' }, write_off: { zh: '核销（收不回来的欠费）', en: 'Write-off of what cannot be collected' }, correction: { zh: '更正', en: 'Correction' },
};
type Doc = Readonly<Record<string, unknown>>;
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : []);
const dayIn = (day: string, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(day) ? formatDate(day, locale) : day);
const monthIn = (period: string, locale: Locale): string => (/^\d{4}-\d{2}$/.test(period) ? formatPeriod(period, locale) : period);

function howIn(rule: Doc, locale: Locale): string {
  const basis = text(rule['basis']);
  if (!['area', 'fixed', 'space', 'metered', 'shared'].includes(basis)) return basis;
  return fill(words[basis as 'area'][locale], {
    rate: text(rule['rate']), meter: kinds[text(rule['meter_kind'])]?.[locale] ?? '', cost: text(rule['cost_account']), by: words[rule['apportion_by'] === 'area' ? 'by_area' : 'by_household'][locale],
  });
}

function whoIn(applies: Doc, locale: Locale): string {
  const joined = locale === 'zh' ? '、' : ', ';
  const parts = [
    ...(list(applies['phases']).length > 0 ? [fill(words.phases[locale], { names: list(applies['phases']).join(joined) })] : []),
    ...(list(applies['buildings']).length > 0 ? [fill(words.buildings[locale], { names: list(applies['buildings']).join(joined) })] : []),
    ...[...list(applies['kinds']), ...list(applies['occupancies'])].map((code) => kinds[code]?.[locale] ?? code),
  ];
  return parts.length === 0 ? words.all[locale] : parts.join(joined);
}

export function feeRuleFacts({ view, names }: Subject, locale: Locale): (Fact | false)[] {
  const doc: Doc = view.document ?? {};
  const item = { term: words.item[locale], value: <strong>{text(doc[locale === 'zh' ? 'name_zh' : 'name_en'])}</strong> };
  if (doc['change'] === 'end') return [item, { term: words.change[locale], value: words.stop[locale] }, { term: words.last_day[locale], value: dayIn(text(doc['ends_on']), locale) }];
  const before = doc['before'] as Doc | undefined;
  const [starts, ends] = [text(doc['starts_on']), text(doc['ends_on'])];
  const late = text(doc['late_rate']);
  const day = text(doc['due_day']) === '31' ? words.due_last[locale] : text(doc['due_day']);
  const months = Number(text(doc['due_months']) || '0');
  const account = text(doc['account']);
  return [
    item,
    { term: words.how[locale], value: howIn(doc, locale) },
    { term: words.before[locale], value: before === undefined ? words.before_none[locale] : howIn(before, locale) },
    { term: words.from[locale], value: <>{ends === '' ? dayIn(starts, locale) : fill(words.until[locale], { from: dayIn(starts, locale), to: dayIn(ends, locale) })}
      {starts < text(doc['submitted_on']) && <><br /><small class="hint">{words.back[locale]}</small></>}</> },
    { term: words.who[locale], value: whoIn((doc['applies_to'] ?? {}) as Doc, locale) },
    { term: words.due[locale], value: day === words.due_last[locale] && months === 0 ? day : fill(months === 0 ? words.due_this[locale] : words.due_later[locale], { day, months }) },
    { term: words.late[locale], value: late === '' ? words.late_none[locale]
      : fill(words.late_text[locale], { grace: text(doc['late_grace_days']), rate: tenThousandths(late), cap: text(doc['late_cap_percent']) }) },
    { term: words.account[locale], value: `${account} ${names.accounts[account]?.[locale] ?? ''} · ${names.funds[view.fund ?? '']?.[locale] ?? view.fund ?? ''}` },
  ];
}

/** "0.0005" → "5": text by text, no float. */
export function tenThousandths(rate: string): string {
  const [whole = '0', places = ''] = rate.split('.');
  const moved = `${whole}${places.padEnd(4, '0').slice(0, 4)}`.replace(/^0+(?=\d)/, '');
  const rest = places.slice(4).replace(/0+$/, '');
  return rest === '' ? moved : `${moved}.${rest}`;
}

export function waiverFacts({ view, code }: Subject, locale: Locale): (Fact | false)[] {
  const doc: Doc = view.document ?? {};
  const bills = Array.isArray(doc['bills']) ? doc['bills'].length : 0;
  const measure = text(doc['percent']) === '' ? `${text(doc['amount_each'])} ${locale === 'zh' ? '元' : 'yuan'}` : `${text(doc['percent'])}%`;
  const sum = (amount: unknown): JSX.Element => <Amount value={text(amount) || '0.00'} yuan />;
  return [
    { term: words.why[locale], value: <strong>{whys[text(doc['why'])]?.[locale] ?? ''}</strong> },
    { term: words.reason[locale], value: text(doc['reason']) },
    { term: words.dwellings[locale], value: <>{fill(words.dwellings_count[locale], { count: list(doc['units']).length })} · <a href={`/e/${code}/waivers/${view.proposal_id}`}>{words.see[locale]}</a></> },
    bills > 0 && { term: words.bills[locale], value: <>{fill(words.bills_text[locale], { count: bills })} {sum(doc['open_total'])}</> },
    text(doc['from_period']) !== '' && { term: words.coming[locale], value: <>{fill(words.coming_text[locale], {
      from: monthIn(text(doc['from_period']), locale), to: monthIn(text(doc['to_period']), locale), measure,
    })} {sum(doc['coming_total'])}<br /><small class="hint">{words.most[locale]}</small></> },
  ];
}
