// What a proposal about a bank account or a standing mandate asks, in words: what it is now and what it will be, what the
// bank may take by itself.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { readMoney } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import { formatDate, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  does: { zh: '办什么', en: 'What' },
  open: { zh: '开立新的共管账户', en: 'Open another joint account' },
  change: { zh: '变更共管账户', en: 'Change the joint account' },
  close: { zh: '注销共管账户', en: 'Close the joint account' },
  name: { zh: '账户名称', en: 'Name' },
  bank: { zh: '开户行', en: 'Bank' },
  number: { zh: '账号', en: 'Number' },
  last4: { zh: '尾号 {last4}', en: 'ending in {last4}' },
  number_hint: { zh: '完整账号只有任职人员看得到，请核对后再签', en: 'officers see the whole number; compare it before signing' },
  compare: { zh: '核对完整账号', en: 'Compare the whole number' },
  becomes: { zh: '{before} → {after}', en: '{before} → {after}' },
  ledger: { zh: '会计科目', en: 'Ledger account' },
  new_ledger: { zh: '{account}（新开）', en: '{account} (new)' },
  opened_on: { zh: '开户日期', en: 'Opened on' },
  closed_on: { zh: '销户日期', en: 'Closed on' },
  why: { zh: '理由', en: 'Why' },
  from_account: { zh: '从哪个账户扣', en: 'Taken from' },
  what_for: { zh: '扣什么费', en: 'What for' },
  bears: { zh: '记到', en: 'Booked to' },
  cap_each: { zh: '每笔最多', en: 'Most at once' },
  cap_month: { zh: '每月最多', en: 'Most in a month' },
  days: { zh: '有效期', en: 'Valid' },
  from_to: { zh: '{from}至{to}', en: '{from} to {to}' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  effect_text: {
    zh: '银行在限额以内自动扣的费，按对账单逐笔入账、逐笔公示，不再一笔一笔签。超过限额的照样要查。任何一方都可以单独结束这项授权。',
    en: 'Fees the bank takes within these limits are booked from the statement and disclosed one by one, without a signature each. What goes beyond them is looked into. Either body may end the mandate alone.',
  },
} as const satisfies Record<string, Bilingual>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const dateIn = (date: string, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(date) ? formatDate(date, locale) : date);

export function bankAccountFacts({ view, code, officer }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = view.document ?? {};
  const field = (name: string): string => text(document[name]);
  const was = (typeof document['before'] === 'object' && document['before'] !== null ? document['before'] : {}) as Record<string, unknown>;
  const changed = (name: string): string => (text(was[name]) === '' || was[name] === document[name] ? field(name)
    : fill(t.becomes, { before: text(was[name]), after: field(name) }));
  const change = field('change');
  const name = locale === 'zh' ? 'name_zh' : 'name_en';
  return [
    { term: t.does, value: <strong>{change === 'open' ? t.open : change === 'close' ? t.close : t.change}</strong> },
    { term: t.name, value: changed(name) },
    { term: t.bank, value: changed('bank_name') },
    { term: t.number, value: (
      <>{fill(t.last4, { last4: changed('account_last4') })}
        {field('account_hash') !== '' && <><br /><small class="hint">{t.number_hint}</small></>}
        {field('account_hash') !== '' && officer && <> <a href={`/e/${code}/bank/accounts#proposals`}>{t.compare}</a></>}</>
    ) },
    { term: t.ledger, value: change === 'open' ? fill(t.new_ledger, { account: field('account') }) : field('account') },
    field('opened_on') !== '' && { term: t.opened_on, value: dateIn(field('opened_on'), locale) },
    field('closed_on') !== '' && { term: t.closed_on, value: dateIn(field('closed_on'), locale) },
    { term: t.why, value: field('reason') },
  ];
}

export function mandateFacts({ view, names }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = view.document ?? {};
  const field = (name: string): string => text(document[name]);
  const named = (account: string): string => `${account} ${names.accounts[account]?.[locale] ?? ''}`.trim();
  const amount = (name: string) => (readMoney(field(name)) === null ? field(name) : <Amount value={field(name)} yuan />);
  return [
    { term: t.what_for, value: <strong>{field('purpose')}</strong> },
    { term: t.from_account, value: named(field('bank_account')) },
    { term: t.bears, value: [named(field('account')), names.funds[field('fund')]?.[locale] ?? field('fund')].join(' · ') },
    { term: t.cap_each, value: amount('cap_each') },
    { term: t.cap_month, value: amount('cap_month') },
    { term: t.days, value: fill(t.from_to, { from: dateIn(field('valid_from'), locale), to: dateIn(field('valid_to'), locale) }) },
    { term: t.effect, value: t.effect_text },
  ];
}
