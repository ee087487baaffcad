// What a budget, its adjustment, or the final account of a year asks of whoever signs, in words; the lines stand on pages of their own.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import { formatDate, pick } from '../web/locale.ts';
import type { Fact } from '../web/parts.tsx';
import type { Subject } from './view.ts';

const texts = {
  year: { zh: '年度', en: 'Year' },
  income: { zh: '收入预算', en: 'Income planned' },
  expense: { zh: '支出预算', en: 'Expense planned' },
  gap: { zh: '收支差额', en: 'Income less expense' },
  rate: { zh: '收缴率', en: 'Collection rate' },
  rate_text: { zh: '{rate}%（收费按实收估算）', en: '{rate}% of what is billed is expected' },
  why: { zh: '调整理由', en: 'Why it is adjusted' },
  changes: { zh: '调整', en: 'Adjusted' },
  changes_text: { zh: '{count} 处，合计变动：收入和支出见明细', en: '{count} lines' },
  change: { zh: '{fund} · {account}：{before} → {after}（{difference}）', en: '{fund} · {account}: {before} → {after} ({difference})' },
  more: { zh: '还有 {count} 处，见明细', en: 'and {count} more' },
  comments: { zh: '业主意见', en: 'Comments of owners' },
  comments_text: { zh: '{from}至{until}征求意见，收到 {count} 条，已答复 {answered} 条', en: 'open from {from} to {until}; {count} came, {answered} answered' },
  changed: { zh: '征求意见以后改动', en: 'Changed after the comments' },
  unchanged: { zh: '没有改动', en: 'nothing' },
  lines: { zh: '明细', en: 'Lines' },
  see: { zh: '看全部 {count} 行', en: 'See all lines ({count})' },
  effect: { zh: '签了以后', en: 'Afterwards' },
  budget_effect: { zh: '预算立即公布、生效；以后每张付款单都和它核对，超过的要公开说明理由。签这张单不动用资金。', en: 'It is published and in force at once; every order is checked against it from then on, and one beyond it says why in public. This moves no money.' },
  result: { zh: '{income} 收入，{expense} 支出，{word} {surplus}', en: '{income} income, {expense} expense, {word} {surplus}' },
  surplus: { zh: '结余', en: 'surplus' },
  deficit: { zh: '亏空', en: 'deficit' },
  account: { zh: '决算表', en: 'Final account' },
  see_account: { zh: '看决算与预算对照', en: 'See it beside the budget' },
  final_effect: { zh: '全年收入和支出转入各项资金，记一张转账凭证，不动用资金；入账以后不能冲销，以后补记的另做补充决算。', en: 'Income and expense of the year go to the funds by one entry, which moves no money and is never reversed; what comes late takes a supplement.' },
} as const satisfies Record<string, Bilingual>;

const SHOWN = 12;
const text = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
const record = (value: unknown): Record<string, unknown> => (typeof value === 'object' && value !== null ? value as Record<string, unknown> : {});
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(record) : []);
const figures = (value: unknown): string => (readMoney(text(value)) === null ? '–' : moneyFigures(money(text(value))));
const dateIn = (value: unknown, locale: Locale): string => (/^\d{4}-\d{2}-\d{2}$/.test(text(value)) ? formatDate(text(value), locale) : text(value));

function changeList(changes: readonly Record<string, unknown>[], { names }: Subject, locale: Locale): Fact['value'] {
  const t = pick(texts, locale);
  if (changes.length === 0) return t.unchanged;
  return (
    <ul>
      {changes.slice(0, SHOWN).map((one) => (
        <li>{fill(t.change, {
          fund: names.funds[text(one['fund'])]?.[locale] ?? text(one['fund']), account: names.accounts[text(one['account'])]?.[locale] ?? text(one['account']),
          before: figures(one['before']), after: figures(one['after']), difference: text(one['difference']).startsWith('-') ? figures(one['difference']) : `+${figures(one['difference'])}`,
        })}</li>
      ))}
      {changes.length > SHOWN && <li>{fill(t.more, { count: changes.length - SHOWN })}</li>}
    </ul>
  );
}

export function budgetFacts(subject: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const { view, code } = subject;
  const document = view.document ?? {};
  const [totals, comments, lines] = [record(document['totals']), record(document['comments']), records(document['lines'])];
  const gap = readMoney(text(totals['income'])) !== null && readMoney(text(totals['expense'])) !== null ? money(text(totals['income'])).minus(text(totals['expense'])).toFixed(2) : '';
  return [
    { term: t.year, value: text(document['year']) },
    text(document['reason']) !== '' && { term: t.why, value: <strong>{text(document['reason'])}</strong> },
    { term: t.income, value: <strong>{figures(totals['income'])}</strong> },
    { term: t.expense, value: <strong>{figures(totals['expense'])}</strong> },
    { term: t.gap, value: figures(gap) },
    text(document['rate']) !== '' && { term: t.rate, value: fill(t.rate_text, { rate: text(document['rate']) }) },
    document['adjusts'] !== undefined && { term: t.changes, value: changeList(records(document['changes']), subject, locale) },
    { term: t.comments, value: <a href={`/e/${code}/budget-drafts/${text(document['draft'])}#comments`}>{fill(t.comments_text, {
      from: dateIn(comments['from'], locale), until: dateIn(comments['until'], locale), count: text(comments['count']), answered: text(comments['answered']),
    })}</a> },
    { term: t.changed, value: changeList(records(document['changed']), subject, locale) },
    { term: t.lines, value: <a href={`/e/${code}/budget-versions/${view.proposal_id}`}>{fill(t.see, { count: lines.length })}</a> },
    { term: t.effect, value: t.budget_effect },
  ];
}

export function finalAccountFacts({ view, code, names }: Subject, locale: Locale): (Fact | false)[] {
  const t = pick(texts, locale);
  const document = view.document ?? {};
  return [
    { term: t.year, value: text(document['year']) },
    ...records(document['funds']).map((row): Fact => ({
      term: names.funds[text(row['fund'])]?.[locale] ?? text(row['fund']),
      value: fill(t.result, { income: figures(row['income']), expense: figures(row['expense']), word: text(row['surplus']).startsWith('-') ? t.deficit : t.surplus,
        surplus: figures(text(row['surplus']).replace(/^-/, '')) }),
    })),
    { term: t.account, value: <a href={`/e/${code}/final-accounts/${text(document['year'])}`}>{t.see_account}</a> },
    { term: t.effect, value: t.final_effect },
  ];
}
