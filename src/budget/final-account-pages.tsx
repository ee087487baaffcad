// The final account of a year: by fund, beside the budget, and the entry that closes it.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { minus, money, moneyText } from '../kernel/money.ts';
import type { OfficeForm } from '../office/membership-pages.tsx';
import { texts as officeTexts } from '../approval/office-texts.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, DateField, FileField, Form, RadioField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { isClosed, resultOf, type FinalAccount } from './final-account.ts';
import { accountIn, fundIn, type T } from './pages.tsx';
import { totalOf, type ExecutionRow } from './queries.ts';
import { texts } from './texts.ts';

export interface FinalShown {
  code: string;
  account: FinalAccount;
  over: boolean;
  proposes: boolean;
  today: string;
  rule: Rule | null;
  names: RuleNames;
  form: OfficeForm;
}

/** Actual less budget: of income above zero is good, of expense below zero. */
export const beyondOf = (row: Pick<ExecutionRow, 'budget' | 'actual'>): string | null => (row.budget === null ? null : moneyText(minus(money(row.actual), money(row.budget))));

/** Actual in per cent of the budget: what is only committed is no result of the year. */
export const doneOf = ({ budget, actual }: Pick<ExecutionRow, 'budget' | 'actual'>): string =>
  (budget === null || money(budget).isZero() ? '–' : `${money(actual).times(100).dividedBy(money(budget)).toFixed(1)}%`);

function ProposeCard({ shown, csrf, t, locale }: { shown: FinalShown; csrf: string | undefined; t: T; locale: Locale }): JSX.Element | null {
  const { code, account, form, rule, names, today, proposes } = shown;
  const [told] = Object.values(form.errors);
  if (told !== undefined && account.refusal !== null) return <Notice tone="amber">{told}</Notice>;
  if (!proposes || !shown.over) return null;
  const words = pick(officeTexts, locale);
  const needed = rule?.needs_resolution === true;
  if (account.refusal !== null) return account.proposed === null ? <Notice tone="info">{account.refusal.in(locale)}</Notice> : null;
  return (
    <Card title={t.final_propose} id="propose">
      <p>{t.final_propose_text}</p>
      <Form action={`/e/${code}/final-accounts/${account.year}`} multipart csrf={csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <details class="field" open={needed || Object.keys(form.errors).length > 0}>
          <summary class="tap">{t.basis_file}</summary>
          <TextField name="resolution_title" label={words.resolution_title} autocomplete="off" required={needed} />
          <DateField name="resolution_date" label={words.resolution_date} max={today} required={needed} />
          <FileField name="vouchers" label={words.vouchers} kept={form.kept} required={needed} />
          <RadioField name="audience" label={words.audience} required options={[{ value: 'owners', label: words.audience_owners }, { value: 'officers', label: words.audience_officers }]} />
        </details>
        {rule !== null && <DescriptionList items={[{ term: t.need_signed, value: ruleSentence(newRuleOf(rule), names)[locale] }]} />}
        <ButtonRow><Button>{t.final_propose}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

function stateChip({ account }: FinalShown, t: T): JSX.Element {
  if (account.proposed !== null) return <Chip tone="plain">{t.final_signing}</Chip>;
  if (isClosed(account)) return <Chip tone="ok">{t.final_closed}</Chip>;
  return <Chip tone="amber">{account.closings.length > 0 ? t.final_partly : t.final_open}</Chip>;
}

export function finalPage(frame: Frame, shown: FinalShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, account } = shown;
  const { year, rows, funds, closings, proposed } = account;
  const total = resultOf(funds);
  return page({
    ...frame, title: fill(t.final, { year }), lede: t.final_lede, crumbs: [{ href: `/e/${code}/budgets?year=${year}`, label: t.title }],
    body: (
      <>
        <p>{stateChip(shown, t)} {!shown.over && <span class="hint">{t.final_so_far}</span>}{' '}
          {proposed !== null && <a href={`/e/${code}/proposals/${proposed.proposal_id}`}>{t.see_proposal}</a>}</p>
        <ProposeCard shown={shown} csrf={frame.session?.csrf} t={t} locale={locale} />
        <Card title={t.final_by_fund}>
          <LedgerTable caption={t.final_by_fund} caption_hidden rows={funds} empty={<EmptyState title={t.no_rows} />} totals={funds.length < 2 ? [] : [{ label: t.total, cells: { ...total } }]} columns={[
            { key: 'fund', title: t.fund, lead: true, cell: (row) => fundIn(row, locale) }, { key: 'income', title: t.income, type: 'money' }, { key: 'expense', title: t.expense, type: 'money' },
            { key: 'surplus', title: t.surplus, type: 'money' }, { key: 'equity', title: t.equity, type: 'code' },
          ]} />
          <ButtonRow><ActionLink kind="alt" href={`/e/${code}/final-accounts/${year}/final-account.pdf`} download>{t.download}</ActionLink></ButtonRow>
        </Card>
        <Card title={t.final_rows}>
          {(['income', 'expense'] as const).map((kind, at) => {
            const own = rows.filter((row) => row.class === kind);
            const sums = totalOf(own);
            return (
              <LedgerTable caption={t[kind]} rows={own} csv={at === 0 ? csvTwin(`/e/${code}/final-accounts/${year}/rows`) : undefined} empty={<EmptyState title={t.no_rows} />}
                totals={[{ label: t[`total_${kind}`], cells: { budget: sums.budget ?? '–', actual: sums.actual, beyond: beyondOf(sums) ?? '–', percent: doneOf(sums) } }]} columns={[
                  { key: 'account', title: t.account, lead: true, cell: (row) => accountIn(row, locale) }, { key: 'fund', title: t.fund, cell: (row) => fundIn(row, locale) },
                  { key: 'budget', title: t.budget, type: 'money', cell: (row) => (row.budget === null ? '–' : <Amount value={row.budget} />) }, { key: 'actual', title: t.actual, type: 'money' },
                  { key: 'beyond', title: t.beyond, type: 'money', cell: (row) => <Amount value={beyondOf(row)} /> },
                  { key: 'percent', title: t.percent, type: 'number', cell: (row) => doneOf(row) },
                ]} />
            );
          })}
        </Card>
        {closings.length > 0 && (
          <Card title={t.closings} id="closings">
            <LedgerTable caption={t.closings} caption_hidden rows={closings} columns={[
              { key: 'number', title: t.entry, lead: true, cell: (row) => <a href={`/e/${code}/journal/${row.entry}`}>{row.number}</a> },
              { key: 'entry_date', title: t.day, type: 'date', cell: (row) => formatDate(row.entry_date, locale) }, { key: 'surplus', title: t.surplus, type: 'money' },
              { key: 'proposal_id', title: t.signed_by, cell: (row) => <a href={`/e/${code}/proposals/${row.proposal_id}`}>{t.see_proposal}</a> },
            ]} />
          </Card>
        )}
      </>
    ),
  });
}
