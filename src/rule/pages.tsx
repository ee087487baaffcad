// The rules as sentences and as a table, with their versions; and the page that answers who must sign a case.
import type { JSX } from 'preact';
import { businessDate, type BusinessDate } from '../kernel/dates.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, DescriptionList, Notice, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable, type Column } from '../web/tables.tsx';
import type { ProposalRow } from '../approval/queries.ts';
import { capital, caseText, classNames, conditionsOf, demandText, payeeClasses, signersText, type RuleNames } from '../approval/rule-text.ts';
import { texts } from '../approval/rule-texts.ts';
import { newRuleOf, type Origins, type Rule } from '../approval/rules.ts';
import { kindName, stateName, titleIn } from '../approval/texts.ts';
import { personText, ruleLabel, whoSentence, whoTerms, type Seated, type Who } from './who-signs.ts';
import { type Kind, kinds, type PayeeClass, type RuleClass } from '../approval/kinds.ts';

type T = Record<keyof typeof texts, string>;

// ── Who signs? ───────────────────────────────────────────────────────────────────────────────────

export interface WhoTyped { kind: string; class: string; amount: string; fund: string; payee_class: string }
export const nothingTyped: WhoTyped = { kind: '', class: '', amount: '', fund: '', payee_class: '' };

interface Choice { name: keyof WhoTyped; label: string; value: string; options: { value: string; label: string }[] }

const Select = ({ name, label, value, options }: Choice): JSX.Element => (
  <div class="filter">
    <label for={`who-${name}`}>{label}</label>
    <select id={`who-${name}`} name={name}>
      {options.map((option) => <option value={option.value} selected={option.value === value}>{option.label}</option>)}
    </select>
  </div>
);

export const classesOf: Partial<Record<Kind, readonly RuleClass[]>> = { payment: ['normal', 'emergency'], membership: ['normal', 'vacancy'] };

function WhoForm({ code, typed, names, locale }: { code: string; typed: WhoTyped; names: RuleNames; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const choices = (list: Record<string, { zh: string; en: string }>) => Object.entries(list).map(([value, name]) => ({ value, label: name[locale] }));
  return (
    <form class="filters" method="get" action={`/e/${code}/rules/who`}>
      <Select name="kind" label={t.kind} value={typed.kind === '' ? 'payment' : typed.kind}
        options={kinds.map((kind) => ({ value: kind, label: capital(kindName(kind, locale)) }))} />
      <div class="filter">
        <label for="who-amount">{t.amount}</label>
        <input id="who-amount" type="text" name="amount" value={typed.amount} inputMode="decimal" autocomplete="off" placeholder={t.amount_example} />
      </div>
      <Select name="fund" label={t.fund} value={typed.fund} options={[{ value: '', label: t.fund_any }, ...choices(names.funds)]} />
      <Select name="payee_class" label={t.payee} value={typed.payee_class} options={[{ value: '', label: t.payee_any }, ...choices(payeeClasses)]} />
      <Select name="class" label={t.class} value={typed.class === '' ? 'normal' : typed.class} options={choices(classNames)} />
      <div class="filter-go"><button type="submit" class="btn small">{t.ask}</button></div>
    </form>
  );
}

export interface WhoShown {
  code: string;
  typed: WhoTyped;
  names: RuleNames;
  answer: Who | null;
  /** Why there is no answer. */
  refused: string | null;
  /** Rules for a fund or payee that was not named. */
  narrower: Rule[];
}

function SeatedText({ seated, locale }: { seated: Seated; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const comma = locale === 'zh' ? '、' : ', ';
  const { persons, deputies } = seated;
  return (
    <>
      {persons.length === 0 ? <strong>{t.nobody}</strong> : persons.map((person) => personText(person)[locale]).join(comma)}
      {deputies.length > 0 && <><br /><small class="hint">{fill(t.deputies, { names: deputies.map(({ name }) => name ?? '–').join(comma) })}</small></>}
    </>
  );
}

function Answer({ who, shown, locale }: { who: Who; shown: WhoShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const terms = whoTerms(who);
  return (
    <Card title={t.answer} tone={terms.absence.some(({ short }) => short) ? 'amber' : undefined} id="answer">
      <p><strong>{whoSentence(who)[locale]}</strong></p>
      <DescriptionList items={[
        { term: t.by_rule, value: <a href={`/e/${shown.code}/rules#rule-${who.rule.rule_id}`}>{capital(ruleLabel(who.rule)[locale])}</a> },
        { term: t.notice, value: terms.notice[locale] },
        { term: t.resolution, value: terms.resolution[locale] },
        { term: t.method, value: terms.method[locale] },
        { term: t.never, value: terms.never[locale] },
      ]} />
      <h3>{t.who_could}</h3>
      <ul>
        {who.bodies.map((seated) => (
          <li>
            {fill(t.asked_of, { body: seated.name[locale], asked: seated.asked, present: seated.persons.length })}{locale === 'zh' ? '：' : ': '}
            <SeatedText seated={seated} locale={locale} />
          </li>
        ))}
      </ul>
      <h3>{t.absent}</h3>
      <ul>{terms.absence.map(({ short, text }) => <li>{short ? <strong>{text[locale]}</strong> : text[locale]}</li>)}</ul>
      {shown.narrower.length > 0 && (
        <>
          <p class="hint">{t.narrower}</p>
          <ul>{shown.narrower.map((rule) => <li>{capital(caseText(newRuleOf(rule), shown.names)[locale])}</li>)}</ul>
        </>
      )}
    </Card>
  );
}

export function whoPage(frame: Frame, shown: WhoShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.ask_who, lede: t.ask_who_lede, crumbs: [{ href: `/e/${shown.code}/rules`, label: t.rules }],
    body: (
      <>
        <WhoForm code={shown.code} typed={shown.typed} names={shown.names} locale={locale} />
        {shown.refused !== null && <Notice tone="amber">{shown.refused}</Notice>}
        {shown.answer !== null && <Answer who={shown.answer} shown={shown} locale={locale} />}
      </>
    ),
  });
}

// ── The rules ────────────────────────────────────────────────────────────────────────────────────

export interface RulesShown {
  code: string;
  /** All there ever were and will be. */
  rules: Rule[];
  origins: Origins;
  today: BusinessDate;
  names: RuleNames;
  /** Changes under way; of officers only. */
  open_changes: ProposalRow[];
  may_propose: boolean;
  csv: string;
}

function RuleSentences({ rules, names, locale }: { rules: Rule[]; names: RuleNames; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  if (rules.length === 0) return <p class="hint">{t.empty}</p>;
  return (
    <RowList rows={rules.map((rule) => ({
      label: capital(caseText(newRuleOf(rule), names)[locale]), note: demandText(newRuleOf(rule), names)[locale],
      ...(rule.valid_to === null ? {} : { value: fill(t.until, { day: formatDate(rule.valid_to, locale) }) }),
    }))} />
  );
}

const isOver = (rule: Rule, today: BusinessDate): boolean => rule.valid_to !== null && rule.valid_to < today;
const holds = (rule: Rule, today: BusinessDate): boolean => rule.valid_from <= today && !isOver(rule, today);
const neverHeld = (rule: Rule): boolean => rule.valid_to !== null && rule.valid_to < rule.valid_from;

function Origin({ proposal, code, t }: { proposal: number | null; code: string; t: T }): JSX.Element {
  if (proposal === null) return <>{t.with_estate}</>;
  return <a href={`/e/${code}/proposals/${proposal}`}>{fill(t.by_proposal, { proposal })}</a>;
}

function RuleTable({ shown, rules, caption, csv, dated, locale }: {
  shown: RulesShown; rules: Rule[]; caption: string; csv?: string | undefined; dated: boolean; locale: Locale;
}): JSX.Element {
  const t = pick(texts, locale);
  const { names, code, origins } = shown;
  const columns: Column<Rule>[] = [
    { key: 'rule_id', title: t.number, type: 'number' },
    { key: 'case', title: t.case, lead: true, cell: (rule) => capital(caseText(newRuleOf(rule), names)[locale]) },
    { key: 'signers', title: t.signers, cell: (rule) => signersText(newRuleOf(rule), names)[locale] },
    { key: 'conditions', title: t.conditions, cell: (rule) => conditionsOf(newRuleOf(rule)).map((one) => one[locale]).join(locale === 'zh' ? '，' : ', ') },
    { key: 'days', title: t.days, cell: (rule) => fill(t.days_of, { days: rule.expires_days }) },
    { key: 'valid_from', title: t.valid_from, type: 'date', cell: (rule) => formatDate(rule.valid_from, locale) },
    ...(dated ? [{ key: 'valid_to', title: t.valid_to, type: 'date' as const, cell: (rule: Rule) =>
      (neverHeld(rule) ? t.not_used : rule.valid_to === null ? '' : formatDate(rule.valid_to, locale)) }] : []),
    { key: 'made_by', title: t.made_by, cell: (rule) => <Origin proposal={origins.get(rule.rule_id)?.made_by ?? null} code={code} t={t} /> },
    ...(dated ? [{ key: 'ended_by', title: t.ended_by, cell: (rule: Rule) =>
      (rule.valid_to === null ? '' : <Origin proposal={origins.get(rule.rule_id)?.ended_by ?? null} code={code} t={t} />) }] : []),
  ];
  return <LedgerTable caption={caption} columns={columns} rows={rules} empty={t.empty} csv={csv} rowId={(rule) => `rule-${rule.rule_id}`} />;
}

function OpenChanges({ shown, locale }: { shown: RulesShown; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  if (shown.open_changes.length === 0) return null;
  return (
    <Card title={t.open_changes}>
      <RowList rows={shown.open_changes.map((row) => ({
        label: titleIn(row, locale), href: `/e/${shown.code}/proposals/${row.proposal_id}`,
        note: fill(t.open_change_note, {
          state: stateName(row.state, locale), day: row.submitted_at === null ? '' : formatDate(businessDate(row.submitted_at), locale),
        }),
      }))} />
    </Card>
  );
}

export function rulesPage(frame: Frame, shown: RulesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { rules, today, code } = shown;
  const current = rules.filter((rule) => holds(rule, today));
  const future = rules.filter((rule) => rule.valid_from > today && !neverHeld(rule));
  const past = rules.filter((rule) => isOver(rule, today) || neverHeld(rule));
  return page({
    ...frame, title: t.rules, lede: t.lede,
    body: (
      <>
        <Card title={t.ask_who}><WhoForm code={code} typed={nothingTyped} names={shown.names} locale={locale} /></Card>
        <div class="buttons">
          {shown.may_propose && <ActionLink href={`/e/${code}/rules/change`}>{t.propose}</ActionLink>}
          <ActionLink href={`/e/${code}/rules/help`} kind="alt">{t.help}</ActionLink>
        </div>
        <OpenChanges shown={shown} locale={locale} />
        <Card title={t.now}><RuleSentences rules={current} names={shown.names} locale={locale} /></Card>
        <Notice tone="info">{t.in_flight}</Notice>
        <details>
          <summary class="tap">{t.table}</summary>
          <RuleTable shown={shown} rules={current} caption={t.now} csv={shown.csv} dated={current.some((rule) => rule.valid_to !== null)} locale={locale} />
        </details>
        {future.length > 0 && <RuleTable shown={shown} rules={future} caption={t.future} dated={true} locale={locale} />}
        {past.length > 0 && <RuleTable shown={shown} rules={past} caption={t.past} dated={true} locale={locale} />}
      </>
    ),
  });
}

/** Columns and rows of the CSV twin: every rule there ever was, with all its columns. */
export function rulesCsv({ rules, origins, names }: Pick<RulesShown, 'rules' | 'origins' | 'names'>, locale: Locale) {
  const t = pick(texts, locale);
  const yes = (holding: boolean): string => (holding ? t.yes : t.no);
  const columns = [
    { key: 'rule_id', title: t.number, type: 'number' }, { key: 'kind', title: t.csv_kind }, { key: 'class', title: t.csv_class },
    { key: 'amount_from', title: t.amount_from, type: 'money' }, { key: 'amount_to', title: t.amount_to, type: 'money' },
    { key: 'fund', title: t.fund_word }, { key: 'payee_class', title: t.payee_class }, { key: 'signers', title: t.signers },
    { key: 'in_sequence', title: t.in_sequence }, { key: 'notice_days', title: t.notice_days, type: 'number' },
    { key: 'needs_resolution', title: t.needs_resolution }, { key: 'passkey_only', title: t.passkey_only },
    { key: 'month_cap', title: t.month_cap, type: 'money' }, { key: 'ratify_days', title: t.ratify_days, type: 'number' },
    { key: 'expires_days', title: t.expires_days, type: 'number' }, { key: 'valid_from', title: t.valid_from, type: 'date' },
    { key: 'valid_to', title: t.valid_to, type: 'date' }, { key: 'made_by', title: t.made_by }, { key: 'ended_by', title: t.ended_by },
  ] as const;
  const origin = (proposal: number | null = null): string => (proposal === null ? t.with_estate : fill(t.by_proposal, { proposal }));
  const rows = rules.map((rule) => ({
    ...rule, kind: kindName(rule.kind, locale), class: classNames[rule.class][locale],
    fund: rule.fund === null ? '' : names.funds[rule.fund]?.[locale] ?? rule.fund,
    payee_class: rule.payee_class === null ? '' : payeeClasses[rule.payee_class as PayeeClass][locale],
    signers: signersText(newRuleOf(rule), names)[locale],
    in_sequence: yes(rule.in_sequence), needs_resolution: yes(rule.needs_resolution), passkey_only: yes(rule.passkey_only),
    made_by: origin(origins.get(rule.rule_id)?.made_by),
    ended_by: rule.valid_to === null ? '' : origin(origins.get(rule.rule_id)?.ended_by),
  }));
  return { columns, rows };
}
