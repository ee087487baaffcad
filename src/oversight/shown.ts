// A record's body as lines that can be read: labels for field names, names for codes and numbers, links to what it is
// about. Everything that stands in the body is shown, also fields nobody has given a name; only what is empty is left
// out. The raw text stands below.
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { saidText } from '../evidence/personal-value.ts';
import type { NewRule } from '../approval/kinds.ts';
import { classNames, payeeClasses, ruleSentence } from '../approval/rule-text.ts';
import { kindName } from '../approval/texts.ts';
import type { Names } from '../approval/view.ts';
import { officeTexts } from '../people/texts.ts';
import { formatCount, formatDate, formatInstant, formatPeriod, formatSize, pick } from '../web/locale.ts';
import { codedValues, columnOrder, entryKindNames, fieldOrder, isNamed, labelOf } from './field-texts.ts';
import { officeText, personAt, type Officers } from './officers.ts';
import type { Body, Kept } from './summaries.ts';
import { texts } from './texts.ts';

export interface Line { field: string; label: string; value: Shown }
export type Shown =
  | { as: 'text'; text: string; href?: string | undefined; hint?: string | undefined }
  | { as: 'code'; text: string }
  | { as: 'parts'; lines: Line[] }
  | { as: 'list'; items: Shown[] }
  /** Columns in order of fields, one row for each part of a list. */
  | { as: 'table'; columns: { field: string; label: string }[]; rows: Record<string, Shown>[] };

export interface Setting {
  code: string;
  kind: string;
  recorded_at: string;
  locale: Locale;
  officers: Officers;
  names: Names;
  payees: Readonly<Record<string, string>>;
  units: Readonly<Record<string, string>>;
  kept: Kept;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HASH = /^[0-9a-f]{64}$/;
const amounts = new Set(['amount', 'balance', 'debit', 'credit', 'total', 'amount_from', 'amount_to', 'month_cap', 'cap_each', 'cap_month', 'rate']);
const sums = new Set(['checkpoint_size', 'log_size', 'entries', 'count', 'households']);

const text = (words: string, href?: string): Shown => ({ as: 'text', text: words, href });
const isParts = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Numbers that stand for something with a page of its own. */
function numberOf(field: string, value: number, setting: Setting): Shown | null {
  const { code, locale, names, officers, kind } = setting;
  const here = `/e/${code}`;
  const no = locale === 'zh' ? `第 ${value} 号` : `no. ${value}`;
  switch (field) {
    case 'proposal': return text(no, `${here}/proposals/${value}`);
    case 'inquiry': return text(no, `${here}/inquiries/${value}`);
    case 'about': case 'reverses': return text(fill(pick(texts, locale).record_no, { seq: value }), `${here}/journal/${value}`);
    case 'inquiry_record': case 'objection_record': return text(fill(pick(texts, locale).record_no, { seq: value }), `${here}/log/${value}`);
    case 'seq': return text(fill(pick(texts, locale).record_no, { seq: value }), `${here}/log/${value}`);
    case 'rule': case 'as_rule': case 'first_rule': return text(no, `${here}/rules`);
    case 'term': {
      const term = names.terms[String(value)];
      if (term === undefined) return text(no);
      return text(`${personAt(officers, term.person_id, setting.recorded_at, locale)}${locale === 'zh' ? '，' : ', '}${officeText(term as never, locale)}`, `${here}/people`);
    }
    case 'size': return text(kind === 'voucher_received' || kind === 'export_made' ? formatSize(value) : formatCount(value));
    default: return sums.has(field) ? text(formatCount(value)) : null;
  }
}

function namedCode(field: string, value: string, path: readonly string[], setting: Setting): string | null {
  const { locale, names, kind } = setting;
  switch (field) {
    case 'fund': return names.funds[value]?.[locale] ?? null;
    case 'account': case 'bank_account': return names.accounts[value] === undefined ? null : `${value} ${names.accounts[value][locale]}`;
    case 'body': return names.bodies[value]?.[locale] ?? null;
    case 'office': return officeTexts[value as keyof typeof officeTexts]?.[locale] ?? null;
    case 'kind': return kind === 'export_made' ? null : kind === 'journal_entry' ? entryKindNames[value]?.[locale] ?? null : kindName(value, locale);
    case 'class': return classNames[value as keyof typeof classNames]?.[locale] ?? null;
    case 'payee_class': return payeeClasses[value as keyof typeof payeeClasses]?.[locale] ?? null;
    case 'payee': return path.includes('postings') ? setting.payees[value] ?? null : null;
    case 'unit': return setting.units[value] ?? null;
    case 'field': return isNamed(value) ? labelOf(value)[locale] : null;
    default: return codedValues[field]?.[value]?.[locale] ?? null;
  }
}

function shownHash(hash: string, { code, names, locale }: Setting): Shown {
  const file = names.vouchers.find((one) => one.sha256 === hash);
  if (file === undefined) return { as: 'code', text: hash };
  return { as: 'text', text: file.file_name, href: `/e/${code}/vouchers/${hash}`, hint: `${formatSize(file.size)}${locale === 'zh' ? '，指纹 ' : ', '}${hash.slice(0, 12)}…` };
}

function shownText(field: string, value: string, path: readonly string[], setting: Setting): Shown {
  const { locale, officers, recorded_at, code } = setting;
  if (value === '') return text('');
  if (HASH.test(value) && field !== 'unit') return shownHash(value, setting);
  if (UUID.test(value)) return text(personAt(officers, value, recorded_at, locale));
  const named = namedCode(field, value, path, setting);
  if (named !== null) return text(named, field === 'account' ? `/e/${code}/accounts/${value}` : undefined);
  if (amounts.has(field) && readMoney(value) !== null) return text(locale === 'zh' ? `${moneyFigures(money(value))} 元` : moneyFigures(money(value)));
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return text(formatDate(value, locale));
  if (['period', 'first_period', 'from', 'to'].includes(field) && /^\d{4}-\d{2}$/.test(value)) return text(formatPeriod(value, locale));
  if (/^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value)) return text(formatInstant(value, locale));
  if (/^[A-Za-z0-9_-]{40,}$/.test(value) || field.endsWith('vkey')) return { as: 'code', text: value };
  return text(value);
}

/** {"committee": 1, "property": 1} → who signs, in words. */
function signersOf(value: Body, { names, locale }: Setting): Shown {
  const parts = Object.entries(value).map(([body, count]) => `${names.bodies[body]?.[locale] ?? body} ${String(count)}${locale === 'zh' ? ' 人' : ''}`);
  return text(parts.join(' + '));
}

/** A list of parts that all hold nothing but plain values is a table. */
function tableOf(rows: readonly Body[], path: readonly string[], setting: Setting): Shown | null {
  if (rows.some((row) => Object.values(row).some((value) => typeof value === 'object' && value !== null))) return null;
  const fields = inOrder([...new Set(rows.flatMap((row) => Object.keys(row)))], columnOrder);
  if (fields.length > 7) return null;
  return {
    as: 'table', columns: fields.map((field) => ({ field, label: labelOf(field)[setting.locale] })),
    rows: rows.map((row) => Object.fromEntries(fields.map((field) => [field, shownValue(field, row[field] ?? '', path, setting)]))),
  };
}

function shownList(field: string, list: readonly unknown[], path: readonly string[], setting: Setting): Shown {
  const { locale, names } = setting;
  if (list.length === 0) return text('');
  // Rules are told as the page of the rules tells them.
  if (field === 'rules' && list.every(isParts)) {
    return { as: 'list', items: list.map((rule) => text(ruleSentence(rule as unknown as NewRule, names)[locale])) };
  }
  const table = list.every(isParts) ? tableOf(list, path, setting) : null;
  if (table !== null) return table;
  if (list.every((one) => typeof one === 'number')) return text(list.join(locale === 'zh' ? '、' : ', '));
  const single = field === 'vouchers' ? 'voucher' : field === 'kinds' ? 'kind' : field === 'sequence' ? 'body' : field;
  return { as: 'list', items: list.map((one) => shownValue(single, one, path, setting)) };
}

function shownValue(field: string, value: unknown, path: readonly string[], setting: Setting): Shown {
  const { locale } = setting;
  if (value === null || value === undefined) return text('');
  if (typeof value === 'boolean') return text(locale === 'zh' ? (value ? '是' : '否') : value ? 'yes' : 'no');
  if (typeof value === 'number') {
    return numberOf(field, value, setting) ?? text(codedValues[field]?.[String(value)]?.[locale] ?? String(value));
  }
  if (typeof value === 'string') return shownText(field, value, path, setting);
  if (Array.isArray(value)) return shownList(field, value, [...path, field], setting);
  if (field === 'bodies') return signersOf(value as Body, setting);
  return { as: 'parts', lines: linesOf(value as Body, [...path, field], setting) };
}

function inOrder(fields: readonly string[], order: readonly string[] = fieldOrder): string[] {
  const place = (field: string): number => (order.includes(field) ? order.indexOf(field) : order.length);
  return fields.map((field, index) => ({ field, index })).sort((a, b) => place(a.field) - place(b.field) || a.index - b.index).map(({ field }) => field);
}

const COMMITMENT = /_commitment$/;

/** A text that is kept apart, with why; its fingerprint stands in the raw text. */
function keptText(field: string, { kept, locale }: Setting): Shown {
  const said = kept[field] ?? { text: null, erased: null };
  return { as: 'text', text: saidText(said, locale), hint: said.text === null ? undefined : pick(texts, locale).kept_apart };
}

function linesOf(body: Body, path: readonly string[], setting: Setting): Line[] {
  const { locale } = setting;
  const fields = Object.keys(body).map((name) => name.replace(COMMITMENT, ''));
  return inOrder(fields).flatMap((field): Line[] => {
    const label = labelOf(path.at(-1) === 'evidence' && field === 'code' ? 'one_time_code' : field)[locale];
    if (Object.hasOwn(body, `${field}_commitment`)) return [{ field, label, value: keptText(field, setting) }];
    const value = shownValue(field, body[field], path, setting);
    return value.as === 'text' && value.text === '' ? [] : [{ field, label, value }];
  });
}

export const shownBody = (body: Body, setting: Setting): Line[] => linesOf(body, [], setting);

/** Hashes of files and persons' ids anywhere in a body, to be looked up before it is shown. */
export function mentioned(value: unknown, found = { hashes: new Set<string>(), persons: new Set<string>(), payees: new Set<string>() }, field = '') {
  if (typeof value === 'string') {
    if (HASH.test(value)) found.hashes.add(value);
    else if (UUID.test(value)) found.persons.add(value);
    else if (field === 'payee' && /^[1-9][0-9]{0,8}$/.test(value)) found.payees.add(value);
  } else if (Array.isArray(value)) {
    for (const one of value) mentioned(one, found, field);
  } else if (isParts(value)) {
    for (const [name, one] of Object.entries(value)) mentioned(one, found, name);
  }
  return found;
}
