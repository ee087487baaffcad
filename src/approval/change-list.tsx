// What changed since the version before, field by field, in words: whoever has signed that one signs again.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { formatDate } from '../web/locale.ts';
import { Card, DescriptionList } from '../web/parts.tsx';
import type { Change } from './changes.ts';
import { personName, wordsIn } from './facts.tsx';
import type { Subject } from './view.ts';
import { ruleSentence, payeeClasses, classNames } from './rule-text.ts';
import { officeWord } from './texts.ts';
import type { NewRule } from './kinds.ts';

type Word = keyof ReturnType<typeof wordsIn>;

const labels: Record<string, Word> = {
  amount: 'amount', purpose: 'purpose', fund: 'fund', account: 'account', bank_account: 'bank_account', 'payee.name': 'payee',
  'payee.account_last4': 'account_last4', 'payee.account_hash': 'payee_account', payee_class: 'payee', vouchers: 'vouchers',
  'invoice.number': 'invoice_number', 'invoice.total': 'invoice_total', invoice: 'invoice', reverses: 'reverses', reverses_number: 'reverses',
  entry_date: 'entry_date', description: 'description', reason: 'reason', period: 'period', entries: 'entries', debit: 'month_debit',
  class: 'class', emergency_reason: 'emergency_reason', 'resolution.title': 'resolution', 'resolution.date': 'resolution',
  'resolution.voucher': 'resolution', resolution: 'resolution', change: 'change', person: 'person', body: 'body', office: 'office',
  starts_on: 'term', ends_on: 'last_day', term: 'term', principal: 'delegation', delegate: 'delegation', after_days: 'after_days',
  valid_from: 'valid_from', postings: 'lines', rules: 'rules_new', ends: 'rules_ended',
};
/** Numbers within the program; what they stand for is a field of its own. */
const silent = ['payee.payee_id', 'reverses', 'term', 'notes'];

const listOf = (value: string): unknown[] => {
  try {
    const list: unknown = JSON.parse(value);
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
};

/** 借 1001 库存现金 300.00 */
function lineIn({ account = '', debit, credit }: Record<string, string>, names: Subject['names'], locale: Locale): string {
  const t = wordsIn(locale);
  const amount = debit ?? credit ?? '';
  return `${debit === undefined ? t.credit : t.debit} ${account} ${names.accounts[account]?.[locale] ?? ''} ${readMoney(amount) === null ? '' : moneyFigures(money(amount))}`;
}

function valueIn({ field: name }: Change, value: string, { names }: Subject, locale: Locale): string {
  const t = wordsIn(locale);
  if (value === '') return t.empty;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return formatDate(value, locale);
  switch (name) {
    case 'amount': case 'invoice.total': case 'debit': return readMoney(value) === null ? value : moneyFigures(money(value));
    case 'fund': return names.funds[value]?.[locale] ?? value;
    case 'account': case 'bank_account': return `${value} ${names.accounts[value]?.[locale] ?? ''}`.trim();
    case 'body': return names.bodies[value]?.[locale] ?? value;
    case 'office': return officeWord(value, locale);
    case 'change': return value === 'end' ? t.change_end : t.change_appoint;
    case 'class': return classNames[value as keyof typeof classNames]?.[locale] ?? value;
    case 'payee_class': return payeeClasses[value as keyof typeof payeeClasses]?.[locale] ?? value;
    case 'person': case 'principal': case 'delegate': return personName(names, value, locale);
    case 'payee.account_hash': case 'resolution.voucher': return t.changed;
    case 'vouchers': return listOf(value).map((hash) => names.vouchers.find((one) => one.sha256 === hash)?.file_name
      ?? `${String(hash).slice(0, 8)}…`).join(locale === 'zh' ? '、' : ', ') || t.empty;
    case 'postings': return listOf(value).map((line) => lineIn(line as Record<string, string>, names, locale)).join(locale === 'zh' ? '；' : '; ') || t.empty;
    case 'rules': return listOf(value).map((rule) => ruleSentence(rule as NewRule, names)[locale]).join(locale === 'zh' ? '；' : '; ') || t.empty;
    case 'ends': return fill(t.rules_count, { count: listOf(value).length });
    // A field this page does not know by name is told as changed; its spelling says nothing to a reader.
    default: return labels[name] === undefined || /^[[{]/.test(value) ? t.changed : value;
  }
}

/** Hashes say only that something differs, so their two sides would read alike. */
const wordless = ['payee.account_hash', 'resolution.voucher'];

export function ChangesCard({ subject, locale }: { subject: Subject; locale: Locale }): JSX.Element | null {
  const t = wordsIn(locale);
  const { view } = subject;
  if (view.version < 2) return null;
  return (
    <Card title={fill(t.changed_title, { version: view.version })} tone="amber">
      <p>{view.changes.length === 0 ? t.nothing_changed : t.changed_lede}</p>
      <DescriptionList items={view.changes.filter((change) => !silent.includes(change.field)).map((change) => {
        const label = labels[change.field];
        const before = valueIn(change, change.before, subject, locale);
        const after = valueIn(change, change.after, subject, locale);
        return {
          term: label === undefined ? t.other : t[label],
          value: wordless.includes(change.field) || label === undefined ? t.changed
            : <><span class="hint">{t.before}</span> <del>{before}</del><br /><span class="hint">{t.after}</span> <ins>{after}</ins></>,
        };
      })} />
    </Card>
  );
}
