// Pages of fees: all of them for every owner, the form of a proposal, the end of one, shared costs.
import type { JSX } from 'preact';
import { tenThousandths } from '../approval/fee-facts.tsx';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import { moneyFigures, money } from '../kernel/money.ts';
import { ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { AmountField, Button, ButtonRow, DateField, Form, PeriodField, RadioField, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { bases, meterKinds } from './fee-rule.ts';
import { kindWords, texts } from './fee-rule-texts.ts';
import type { SignedRule } from './fee-rule-queries.ts';
import { feeItems } from './fee-words.ts';
import { rateText } from './reckon.ts';
import type { PaidCost, SharedCostRow } from './shared-cost.ts';

type T = ReturnType<typeof pick<typeof texts>>;
export interface Choice { value: string; name_zh: string; name_en: string }
const nameIn = (row: { name_zh: string; name_en: string }, locale: Locale): string => (locale === 'zh' ? row.name_zh : row.name_en);
const optionsOf = (rows: readonly Choice[], locale: Locale, with_code = false) => rows.map((row) => ({ value: row.value, label: with_code ? `${row.value} ${nameIn(row, locale)}` : nameIn(row, locale) }));

export function howText({ basis, rate, meter_kind, apportion_by }: Pick<SignedRule, 'basis' | 'rate' | 'meter_kind' | 'apportion_by'>, t: T, locale: Locale): string {
  if (basis === 'shared') return apportion_by === 'area' ? t.shared_area : t.shared_household;
  return fill(t[basis], { rate: rateText(rate ?? '0'), meter: kindWords[meter_kind ?? '']?.[locale] ?? '' });
}

function whoText({ applies_to: { buildings = [], kinds = [], occupancies = [], phases = [] } }: SignedRule, locale: Locale): string {
  return [...phases, ...buildings.map((name) => (locale === 'zh' ? `${name} 栋` : `building ${name}`)), ...[...kinds, ...occupancies].map((code) => kindWords[code]?.[locale] ?? code)]
    .join(locale === 'zh' ? '、' : ', ');
}

function dueText({ due_day, due_months }: SignedRule, t: T): string {
  const day = due_day === 31 ? t.due_last : fill(t.due_text, { day: due_day });
  return due_months === 0 ? day : fill(t.due_later, { months: due_months, day });
}

export type ShownRule = SignedRule & { state: 'in_force' | 'coming' | 'over' | 'replaced' };
export interface FeesShown { code: string; rules: ShownRule[]; asked: { proposal_id: number; title: string; title_en: string | null }[]; own_rate: string | null; proposes: boolean; officer: boolean }

export function feesPage(frame: Frame, shown: FeesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, rules, asked, own_rate, proposes, officer } = shown;
  return page({
    ...frame, title: t.fees, lede: t.fees_lede,
    body: (
      <>
        {asked.length > 0 && <Card title={t.asked}><ul>{asked.map((row) => <li><a class="tap" href={`/e/${code}/proposals/${row.proposal_id}`}>{locale === 'zh' ? row.title : row.title_en ?? row.title}</a></li>)}</ul></Card>}
        {own_rate !== null && <p>{fill(t.own_rate, { rate: own_rate })}</p>}
        <LedgerTable caption={t.fees} caption_hidden rows={rows(rules)} empty={<EmptyState title={t.none} />} rowState={(row) => (['over', 'replaced'].includes(row.state) ? 'muted' : undefined)} columns={[
          { key: 'item', title: t.item, lead: true, cell: (row) => <><a href={`/e/${code}/proposals/${row.rule_id}`}>{nameIn(row, locale)}</a>{whoText(row, locale) !== '' && <><br /><small class="hint">{whoText(row, locale)}</small></>}</> },
          { key: 'how', title: t.how, cell: (row) => howText(row, t, locale) },
          { key: 'days', title: t.days, cell: (row) => (row.ends_on === null ? fill(t.since, { from: formatDate(row.starts_on, locale) }) : fill(t.from_to, { from: formatDate(row.starts_on, locale), to: formatDate(row.ends_on, locale) })) },
          { key: 'due', title: t.due, cell: (row) => dueText(row, t) },
          { key: 'late', title: t.late, cell: (row) => (row.late_rate === null ? t.late_none : fill(t.late_text, { rate: tenThousandths(row.late_rate), grace: row.late_grace_days, cap: rateText(row.late_cap_percent ?? '0').replace(/\.00$/, '') })) },
          { key: 'state', title: t.state, cell: (row) => <><Chip tone={row.state === 'in_force' ? 'ok' : 'plain'}>{t[row.state]}</Chip>
            {proposes && row.ended_seq === null && row.state !== 'over' && row.state !== 'replaced' && <> <a class="tap" href={`/e/${code}/fees/${row.rule_id}/end`}>{t.end_this}</a></>}</> },
        ]} />
        <ButtonRow>
          {proposes && <ActionLink href={`/e/${code}/fees/new`}>{t.propose}</ActionLink>}
          <ActionLink href={`/e/${code}/fees/costs`} kind="alt">{t.costs}</ActionLink>
          {officer && <ActionLink href={`/e/${code}/waivers`} kind="alt">{t.to_waivers}</ActionLink>}
        </ButtonRow>
      </>
    ),
  });
}
const rows = (rules: readonly ShownRule[]): ShownRule[] => [...rules].sort((a, b) => (a.state === 'in_force' ? 0 : 1) - (b.state === 'in_force' ? 0 : 1));

export interface FeeForm { code: string; today: string; rule: Rule | null; refused: string | null; names: RuleNames; form: OfficeForm }

function Signers({ shown, t, locale }: { shown: FeeForm; t: T; locale: Locale }): JSX.Element {
  return (
    <>
      {shown.refused !== null && <Notice tone="amber">{shown.refused}</Notice>}
      {shown.rule !== null && <DescriptionList items={[{ term: t.signed_by, value: ruleSentence(newRuleOf(shown.rule), shown.names)[locale] }]} />}
    </>
  );
}

const words = (codes: readonly string[], locale: Locale) => codes.map((code) => ({ value: code, label: kindWords[code]![locale] }));

export function feeFormPage(frame: Frame, { items, accounts, costs, funds, phases, ...shown }: FeeForm & { items: Choice[]; accounts: Choice[]; costs: Choice[]; funds: Choice[]; phases: string[] }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, form, today } = shown;
  return page({
    ...frame, title: t.title_new, lede: t.new_lede, crumbs: [{ href: `/e/${code}/fees`, label: t.fees }],
    body: (
      <Form action={`/e/${code}/fees/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <SelectField name="item" label={t.choose_item} required options={[...optionsOf(items, locale), { value: 'new', label: t.other_item }]} />
          <TextField name="name_zh" label={t.name_zh} hint={t.name_hint} autocomplete="off" />
          <TextField name="name_en" label={t.name_en} hint={t.name_hint} autocomplete="off" />
          <RadioField name="basis" label={t.basis} required options={bases.map((basis) => ({ value: basis, label: t[`basis_${basis}`] }))} />
          <TextField name="rate" label={t.rate} hint={t.rate_hint} input_mode="decimal" autocomplete="off" short />
          <SelectField name="meter_kind" label={t.meter_kind} options={words(meterKinds, locale)} />
          <SelectField name="apportion_by" label={t.apportion_by} options={[{ value: 'area', label: t.by_area }, { value: 'household', label: t.by_household }]} />
          <SelectField name="cost_account" label={t.cost_account} hint={t.cost_account_hint} options={optionsOf(costs, locale, true)} />
        </Card>
        <Card title={t.who}>
          <p class="hint">{t.who_hint}</p>
          <TextField name="buildings" label={t.buildings} hint={t.buildings_hint} autocomplete="off" />
          {phases.length > 0 && <SelectField name="phases" label={t.phases} empty={t.any} options={phases.map((phase) => ({ value: phase, label: phase }))} />}
          <SelectField name="kinds" label={t.kinds} empty={t.any} options={words(['dwelling', 'shop', 'office', 'storage', 'other'], locale)} />
          <SelectField name="occupancies" label={t.occupancies} empty={t.any} options={words(['owner', 'let', 'vacant'], locale)} />
        </Card>
        <Card title={t.books}>
          <SelectField name="account" label={t.account} required options={optionsOf(accounts, locale, true)} />
          <SelectField name="fund" label={t.fund} required options={optionsOf(funds, locale)} />
          <TextField name="due_day" label={t.due_day} hint={t.due_day_hint} input_mode="numeric" short required />
          <TextField name="due_months" label={t.due_months} input_mode="numeric" short />
          <TextField name="late_rate" label={t.late_rate} hint={t.late_hint} input_mode="decimal" short />
          <TextField name="late_grace_days" label={t.late_grace} input_mode="numeric" short />
          <TextField name="late_cap_percent" label={t.late_cap} input_mode="decimal" short />
        </Card>
        <Card>
          <DateField name="starts_on" label={t.starts_on} hint={t.starts_hint} required />
          <DateField name="ends_on" label={t.ends_on} />
          <Signers shown={shown} t={t} locale={locale} />
        </Card>
        {shown.rule?.needs_resolution === true && <ResolutionFields form={form} locale={locale} today={today} />}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}

export function feeEndPage(frame: Frame, { fee, ...shown }: FeeForm & { fee: SignedRule }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, form, today } = shown;
  return page({
    ...frame, title: t.title_end, lede: t.end_lede, crumbs: [{ href: `/e/${code}/fees`, label: t.fees }],
    body: (
      <Form action={`/e/${code}/fees/${fee.rule_id}/end`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <DescriptionList items={[{ term: t.item, value: nameIn(fee, locale) }, { term: t.how, value: howText(fee, t, locale) }, { term: t.days, value: fill(t.since, { from: formatDate(fee.starts_on, locale) }) }]} />
          <DateField name="ends_on" label={t.last_day} required />
          <Signers shown={shown} t={t} locale={locale} />
        </Card>
        {shown.rule?.needs_resolution === true && <ResolutionFields form={form} locale={locale} today={today} />}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}

export interface CostsShown { code: string; costs: SharedCostRow[]; /** Null for whoever may not enter one. */ entering: { form_key: string; values: Record<string, string>; errors: Record<string, string>; items: Choice[]; paid: PaidCost[] } | null }

export function costsPage(frame: Frame, { code, costs, entering }: CostsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.costs, lede: t.costs_lede, crumbs: [{ href: `/e/${code}/fees`, label: t.fees }],
    body: (
      <>
        <LedgerTable caption={t.costs} caption_hidden rows={costs} empty={<EmptyState title={t.costs_none} />} columns={[
          { key: 'item', title: t.item, lead: true, cell: (row) => nameIn(row, locale) }, { key: 'period', title: t.month, cell: (row) => formatPeriod(row.period, locale) },
          { key: 'amount', title: t.amount, type: 'money' },
          { key: 'entry', title: t.cost_entry, cell: (row) => <a href={`/e/${code}/journal/${row.entry_seq}`}>{row.number}</a> },
          { key: 'bills', title: t.bills, type: 'number', cell: (row) => fill(t.count, { count: row.bills }) },
        ]} />
        {entering !== null && (
          <Card title={t.cost_enter}>
            {entering.items.length === 0 ? <p>{t.cost_none_rule}</p> : (
              <Form action={`/e/${code}/fees/costs`} csrf={frame.session?.csrf} form_key={entering.form_key} values={entering.values} errors={entering.errors}>
                <SelectField name="item" label={t.item} required empty={entering.items.length === 1 ? false : undefined} options={optionsOf(entering.items, locale)} />
                <PeriodField name="period" label={t.cost_month} required />
                <SelectField name="entry" label={t.cost_entry} required options={entering.paid.map((row) => ({ value: String(row.seq),
                  label: fill(t.cost_left, { number: row.number, description: row.description, left: moneyFigures(money(row.left)) }) }))} />
                <AmountField name="amount" label={t.cost_amount} required />
                <p class="hint">{t.cost_final}</p>
                <ButtonRow><Button>{t.cost_enter}</Button></ButtonRow>
              </Form>
            )}
          </Card>
        )}
      </>
    ),
  });
}

/** Items to choose from: those everybody knows and those signed here. */
export function itemChoices(rules: readonly SignedRule[]): Choice[] {
  const known = Object.entries(feeItems).filter(([code]) => code !== 'late_fee').map(([value, name]) => ({ value, name_zh: name.zh, name_en: name.en }));
  const own = new Map(rules.filter((rule) => feeItems[rule.item] === undefined).map((rule) => [rule.item, { value: rule.item, name_zh: rule.name_zh, name_en: rule.name_en }]));
  return [...known, ...own.values()];
}
