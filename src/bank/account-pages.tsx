// Pages of bank accounts: all of them with their mandates, the form of a proposal, the form of a mandate.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { ResolutionFields, type OfficeForm } from '../office/membership-pages.tsx';
import { Amount } from '../web/amount.tsx';
import { AmountField, Button, ButtonRow, DateField, Form, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, DescriptionList, EmptyState, Notice, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { texts as formTexts } from './account-change-texts.ts';
import type { AccountChange } from './account-change.ts';
import type { AccountShown, AskedAccount, Choice } from './account-queries.ts';
import type { MandateRow } from './mandate.ts';
import type { Onboarding } from './onboarding.ts';
import { grouped, KeysNotice, nameIn } from './onboarding-parts.tsx';
import { texts as listTexts } from './onboarding-texts.ts';

const both = (locale: Locale) => ({ ...pick(listTexts, locale), ...pick(formTexts, locale) });
type T = ReturnType<typeof both>;

export interface AccountsShown {
  code: string;
  accounts: AccountShown[];
  /** How each open account stands at the bank, for officers. */
  onboarding: Readonly<Record<string, Onboarding>>;
  asked: AskedAccount[];
  mandates: MandateRow[];
  names: RuleNames & { accounts: Record<string, { zh: string; en: string }> };
  officer: boolean;
  /** Whether this person may propose, and may end a mandate. */
  proposes: boolean;
  signs: boolean;
}

function AccountCard({ row, shown, t, locale }: { row: AccountShown; shown: AccountsShown; t: T; locale: Locale }): JSX.Element {
  const { code, officer, proposes } = shown;
  const base = `/e/${code}/bank/accounts/${row.account}`;
  const in_use = row.closed_on === null;
  const items = shown.onboarding[row.account]?.items ?? [];
  const list = fill(t.list_of, { done: items.filter((item) => item.state !== 'open').length, all: items.length });
  return (
    <Card title={nameIn(row, locale)} id={`account-${row.account}`} actions={in_use && proposes ? (
      <ButtonRow><ActionLink href={`${base}/change`} kind="alt">{t.change_this}</ActionLink> <ActionLink href={`${base}/close`} kind="alt">{t.close_this}</ActionLink></ButtonRow>
    ) : undefined}>
      <DescriptionList items={[
        { term: t.bank, value: row.bank_name },
        { term: t.last4, value: row.account_last4 },
        officer && { term: t.whole_number, value: row.number === null ? <span class="hint">{t.number_missing}</span> : <span class="nowrap">{grouped(row.number)}</span> },
        { term: t.ledger, value: <a href={`/e/${code}/accounts/${row.account}`}>{row.account}</a> },
        { term: t.state, value: in_use ? <Chip tone="ok">{t.in_use}</Chip> : <Chip>{fill(t.closed, { day: formatDate(row.closed_on!, locale) })}</Chip> },
      ]} />
      {officer && <p><a class="tap" href={base}>{items.length === 0 ? t.list : list} ›</a></p>}
    </Card>
  );
}

const tones: Record<MandateRow['state'], Tone> = { coming: 'plain', in_force: 'ok', over: 'plain', ended: 'plain' };

function MandateTable({ shown, csrf, t, locale }: { shown: AccountsShown; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const { code, mandates, names } = shown;
  const accountName = (account: string): string => `${account} ${names.accounts[account]?.[locale] ?? ''}`.trim();
  return (
    <LedgerTable caption={t.mandates} caption_hidden rows={mandates} empty={<EmptyState title={t.no_mandates} />}
      rowState={(row) => (row.state === 'in_force' ? undefined : 'muted')} columns={[
        { key: 'purpose', title: t.purpose, lead: true, cell: (row) => <><a href={`/e/${code}/proposals/${row.mandate}`}>{row.purpose}</a><br /><small class="hint">
          {accountName(row.account)} · {names.funds[row.fund]?.[locale] ?? row.fund}</small></> },
        { key: 'cap_each', title: t.cap_each, type: 'money' }, { key: 'cap_month', title: t.cap_month, type: 'money' },
        { key: 'month', title: t.month_used, type: 'money' },
        { key: 'taken', title: t.taken, type: 'money', cell: (row) => <><Amount value={row.taken} /><br /><small class="hint">{fill(t.taken_of, { count: row.entries })}</small></> },
        { key: 'days', title: t.validity, cell: (row) => fill(t.days, { from: formatDate(row.valid_from, locale), to: formatDate(row.valid_to, locale) }) },
        { key: 'state', title: t.state, cell: (row) => (
          <><Chip tone={tones[row.state]}>{row.state === 'ended' ? fill(t.ended, { day: formatDate(row.ended_on!, locale) }) : t[row.state]}</Chip>
            {shown.signs && ['coming', 'in_force'].includes(row.state) && (
              <Form action={`/e/${code}/bank/mandates/${row.mandate}/end`} id={`end-${row.mandate}`} csrf={csrf}><Button kind="danger">{t.end}</Button></Form>
            )}</>
        ) },
      ]} />
  );
}

export function accountsPage(frame: Frame, shown: AccountsShown): string {
  const { locale } = frame;
  const t = both(locale);
  const { code, accounts, asked, proposes } = shown;
  return page({
    ...frame, title: t.accounts, lede: t.accounts_lede, crumbs: [{ href: `/e/${code}/bank`, label: t.to_bank }],
    body: (
      <>
        {asked.length > 0 && (
          <Card title={t.proposals} id="proposals">
            <ul>
              {asked.map((row) => (
                <li><a class="tap" href={`/e/${code}/proposals/${row.proposal_id}`}>{fill(t.proposal, { proposal: row.proposal_id })} {locale === 'zh' ? row.title : row.title_en ?? row.title}</a>
                  {row.number !== null && <><br />{t.whole_number} <strong class="nowrap">{grouped(row.number)}</strong> <small class="hint">{t.compare_number}</small></>}</li>
              ))}
            </ul>
          </Card>
        )}
        {accounts.map((row) => (['one_body', 'one_person'].includes(shown.onboarding[row.account]?.keys ?? '')
          ? <KeysNotice onboarding={shown.onboarding[row.account]!} bodies={shown.names.bodies} locale={locale} account={nameIn(row, locale)} /> : null))}
        <Columns>{accounts.map((row) => <AccountCard row={row} shown={shown} t={t} locale={locale} />)}</Columns>
        {proposes && <ButtonRow><ActionLink href={`/e/${code}/bank/accounts/new`}>{t.open_new}</ActionLink></ButtonRow>}
        <Card title={t.mandates} id="mandates" actions={proposes ? <ButtonRow><ActionLink href={`/e/${code}/bank/mandates/new`} kind="alt">{t.new_mandate}</ActionLink></ButtonRow> : undefined}>
          <p>{t.mandates_lede}</p>
          <MandateTable shown={shown} csrf={frame.session?.csrf} t={t} locale={locale} />
          {shown.signs && shown.mandates.some((row) => row.state === 'in_force') && <p class="hint">{t.end_hint}</p>}
        </Card>
      </>
    ),
  });
}

export interface ProposedForm {
  code: string;
  rule: Rule | null;
  names: RuleNames;
  /** Why this person cannot propose it, in words. */
  refused: string | null;
  today: string;
  form: OfficeForm;
}

function Signers({ shown, t, locale }: { shown: ProposedForm; t: T; locale: Locale }): JSX.Element {
  return (
    <>
      {shown.refused !== null && <Notice tone="amber">{shown.refused}</Notice>}
      {shown.rule !== null && <DescriptionList items={[{ term: t.signed_by, value: <>{ruleSentence(newRuleOf(shown.rule), shown.names)[locale]}<br /><small class="hint">{t.signed_hint}</small></> }]} />}
    </>
  );
}

export function changePage(frame: Frame, { change, account, ...shown }: ProposedForm & { change: AccountChange; account: AccountShown | null }): string {
  const { locale } = frame;
  const t = both(locale);
  const { code, form, today } = shown;
  const action = change === 'open' ? `/e/${code}/bank/accounts/new` : `/e/${code}/bank/accounts/${account!.account}/${change}`;
  return page({
    ...frame, title: t[`title_${change}`], lede: t[`lede_${change}`], crumbs: [{ href: `/e/${code}/bank/accounts`, label: t.accounts }],
    body: (
      <Form action={action} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          {account !== null && <DescriptionList items={[{ term: t.account, value: `${nameIn(account, locale)} · ${fill(t.account_text, { bank: account.bank_name, last4: account.account_last4 })}` }]} />}
          {change !== 'close' && (
            <>
              <TextField name="name_zh" label={t.name_zh} hint={t.name_zh_hint} autocomplete="off" required />
              <TextField name="name_en" label={t.name_en} hint={t.name_en_hint} autocomplete="off" required />
              <TextField name="bank_name" label={t.bank_name} hint={t.bank_name_hint} autocomplete="off" required />
              <TextField name="account_number" label={t.account_number} input_mode="numeric" autocomplete="off" required={change === 'open'}
                hint={change === 'open' ? t.account_number_hint : t.account_number_keep} />
            </>
          )}
          {change === 'open' && <DateField name="opened_on" label={t.opened_on} hint={t.opened_on_hint} max={today} required />}
          {change === 'close' && <DateField name="closed_on" label={t.closed_on} max={today} required />}
          <TextField name="reason" label={t.reason} hint={t.reason_hint} autocomplete="off" required />
          <Signers shown={shown} t={t} locale={locale} />
        </Card>
        {shown.rule?.needs_resolution === true && <ResolutionFields form={form} locale={locale} today={today} />}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}

export function mandatePage(frame: Frame, { choices, ...shown }: ProposedForm & { choices: Record<'bank_accounts' | 'expenses' | 'funds', Choice[]> }): string {
  const { locale } = frame;
  const t = both(locale);
  const { code, form, today } = shown;
  const options = (rows: Choice[], with_code: boolean) => rows.map((row) => ({ value: row.value, label: with_code ? `${row.value} ${nameIn(row, locale)}` : nameIn(row, locale) }));
  return page({
    ...frame, title: t.title_mandate, lede: t.mandates_lede, crumbs: [{ href: `/e/${code}/bank/accounts`, label: t.accounts }],
    body: (
      <Form action={`/e/${code}/bank/mandates/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <TextField name="purpose" label={t.purpose} hint={t.purpose_hint} autocomplete="off" required />
          <SelectField name="bank_account" label={t.bank_account} required empty={choices.bank_accounts.length === 1 ? false : undefined} options={options(choices.bank_accounts, true)} />
          <SelectField name="account" label={t.expense} required options={options(choices.expenses, true)} />
          <SelectField name="fund" label={t.fund} required options={options(choices.funds, false)} />
          <AmountField name="cap_each" label={t.cap_each} required />
          <AmountField name="cap_month" label={t.cap_month} required />
          <DateField name="valid_from" label={t.valid_from} min={today} required />
          <DateField name="valid_to" label={t.valid_to} min={today} required />
          <Signers shown={shown} t={t} locale={locale} />
        </Card>
        {shown.rule?.needs_resolution === true && <ResolutionFields form={form} locale={locale} today={today} />}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}
