// The page of one scheme: progress for everybody; claims by dwelling and what to do next for those entitled. And the form that proposes one.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, type Rule } from '../approval/rules.ts';
import type { OfficeForm } from '../office/membership-pages.tsx';
import { texts as officeTexts } from '../approval/office-texts.ts';
import { AmountField, Button, ButtonRow, CheckField, DateField, FileField, Form, PeriodField, RadioField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { Card, Chip, DescriptionList, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable, Pager } from '../web/tables.tsx';
import { ClaimChip, nameOf, ProgressRows, schemeFacts, type T } from './pages.tsx';
import type { BatchRow, Choice, ClaimRow, Progress } from './queries.ts';
import { texts } from './texts.ts';

const figures = (amount: string): string => moneyFigures(money(amount));

export interface SchemeShown {
  code: string;
  row: Progress;
  items: Choice[];
  batches: BatchRow[];
  /** Null for whoever may not see who claimed. */
  claims: { rows: ClaimRow[]; next_cursor: number | null } | null;
  /** What may be claimed now, and what budget or cap leave out; null for whoever may not claim for others. */
  offer: { bills: number; amount: string; left_out: number } | null;
  /** Claims that wait for a batch; null for whoever may not propose. */
  waiting: { claims: number; amount: string } | null;
  signs: boolean;
  opens_batches: boolean;
  form_key: string;
  errors: Readonly<Record<string, string>>;
  /** Which form the errors belong to. */
  failed: 'claims' | 'batches' | 'end' | null;
}

function WorkCard({ shown, csrf, t }: { shown: SchemeShown; csrf: string | undefined; t: T }): JSX.Element | null {
  const { code, row, offer, waiting, form_key, errors, failed, signs } = shown;
  const path = `/e/${code}/subsidies/${row.scheme}`;
  return (
    <>
      {offer !== null && row.state === 'open' && (
        <Card title={t.claim_all} id="claim-all">
          <Form action={`${path}/claims`} id="claims" csrf={csrf} form_key={`${form_key}-c`} errors={failed === 'claims' ? errors : {}}>
            <p>{offer.bills === 0 ? t.claim_all_none : fill(t.claim_all_text, { count: offer.bills, amount: figures(offer.amount) })}{' '}
              {offer.left_out > 0 && fill(t.claim_all_left, { count: offer.left_out })}</p>
            {offer.bills > 0 && <ButtonRow><Button>{fill(t.claim_all_button, { count: offer.bills })}</Button></ButtonRow>}
          </Form>
        </Card>
      )}
      {waiting !== null && waiting.claims > 0 && (
        <Card title={t.make_batch} id="make-batch">
          <Form action={`${path}/batches`} id="batch" csrf={csrf} form_key={`${form_key}-b`} errors={failed === 'batches' ? errors : {}}>
            <p>{fill(t.make_batch_text, { count: waiting.claims, amount: figures(waiting.amount) })}</p>
            <ButtonRow><Button>{t.make_batch_button}</Button></ButtonRow>
          </Form>
        </Card>
      )}
      {signs && row.state === 'open' && (
        <Card title={t.end} id="end">
          <Form action={`${path}/end`} id="end-form" csrf={csrf} errors={failed === 'end' ? errors : {}}>
            <p>{t.end_text}</p>
            <ButtonRow><Button kind="danger">{t.end}</Button></ButtonRow>
          </Form>
        </Card>
      )}
    </>
  );
}

function BatchTable({ shown, t, locale }: { shown: SchemeShown; t: T; locale: Locale }): JSX.Element {
  const { code, batches, opens_batches } = shown;
  const state = (row: BatchRow): string => t[`batch_state_${row.state as 'submitted' | 'held' | 'approved' | 'executed'}`];
  return (
    <Card title={t.batches} id="batches">
      <LedgerTable caption={t.batches} caption_hidden rows={batches} empty={<EmptyState title={t.no_batches} />} columns={[
        { key: 'batch', title: t.batches, lead: true, cell: (row) => (opens_batches ? <a href={`/e/${code}/subsidy-batches/${row.batch}`}>{fill(t.batch, { batch: row.batch })}</a>
          : fill(t.batch, { batch: row.batch })) },
        { key: 'submitted_on', title: t.paper_count, type: 'number', cell: (row) => row.claims },
        { key: 'total', title: t.amount, type: 'money' }, { key: 'arrived', title: t.arrived, type: 'money' }, { key: 'passed', title: t.passed_on, type: 'money' },
        { key: 'state', title: t.state, cell: (row) => <><Chip tone={row.state === 'executed' ? 'ok' : 'plain'}>{state(row)}</Chip>{' '}
          <a href={`/e/${code}/proposals/${row.batch}`}>{t.signed}{locale === 'zh' ? '' : ' '}</a></> },
      ]} />
    </Card>
  );
}

/** Claims by dwelling, for those entitled; the batch page shows the same columns. */
export function ClaimTable({ claims, csv, t, locale }: { claims: readonly ClaimRow[]; csv?: string | undefined; t: T; locale: Locale }): JSX.Element {
  return (
    <LedgerTable caption={t.claims} caption_hidden csv={csv} rows={claims} empty={<EmptyState title={t.no_claims} />}
      rowState={(row) => (row.state === 'reclaim' ? 'alarm' : row.state === 'fallen' ? 'muted' : undefined)} columns={[
        { key: 'unit', title: t.unit, lead: true }, { key: 'period', title: t.bill, cell: (row) => `${formatPeriod(row.period, locale)} ${nameOf(row, locale)}` },
        { key: 'paid', title: t.paid, type: 'money' }, { key: 'paid_on', title: t.paid_on, type: 'date', cell: (row) => (row.paid_on === null ? '' : formatDate(row.paid_on, locale)) },
        { key: 'amount', title: t.subsidy, type: 'money' }, { key: 'state', title: t.state, cell: (row) => <ClaimChip state={row.state} t={t} /> },
      ]} />
  );
}

export function schemePage(frame: Frame, shown: SchemeShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, row, claims } = shown;
  return page({
    ...frame, title: nameOf(row, locale), crumbs: [{ href: `/e/${code}/subsidies`, label: t.title }],
    body: (
      <>
        <Card>
          <p><Chip tone={row.state === 'open' ? 'ok' : 'plain'}>{row.state === 'open' ? t.state_open : t.state_over}</Chip></p>
          <DescriptionList items={[...schemeFacts(row, shown.items, t, locale),
            { term: t.signed, value: <a href={`/e/${code}/proposals/${row.scheme}`}>{fill(t.proposal, { number: row.scheme })}</a> }]} />
        </Card>
        <Card title={t.progress}><ProgressRows row={row} t={t} /></Card>
        <WorkCard shown={shown} csrf={frame.session?.csrf} t={t} />
        <BatchTable shown={shown} t={t} locale={locale} />
        {claims !== null && (
          <Card title={t.claims} id="claims-list">
            <p class="hint">{t.claims_hint}</p>
            <ClaimTable claims={claims.rows} csv={claims.rows.length === 0 ? undefined : csvTwin(withQuery(`/e/${code}/subsidies/${row.scheme}/claims`, {}))} t={t} locale={locale} />
            <Pager here={frame.here} next_cursor={claims.next_cursor === null ? null : String(claims.next_cursor)} shown={claims.rows.length} />
          </Card>
        )}
      </>
    ),
  });
}

export interface FormShown {
  code: string;
  items: Choice[];
  today: string;
  rule: Rule | null;
  refused: string | null;
  names: RuleNames;
  form: OfficeForm;
}

export function schemeFormPage(frame: Frame, shown: FormShown): string {
  const { locale } = frame;
  const t = { ...pick(officeTexts, locale), ...pick(texts, locale) };
  const { code, form, items, today, rule, refused, names } = shown;
  const needed = rule?.needs_resolution === true;
  return page({
    ...frame, title: t.form_title, lede: t.form_lede, crumbs: [{ href: `/e/${code}/subsidies`, label: t.title }],
    body: (
      <Form action={`/e/${code}/subsidies/new`} multipart csrf={frame.session?.csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <Card>
          <TextField name="name_zh" label={t.name_zh} hint={t.name_zh_hint} autocomplete="off" required />
          <TextField name="name_en" label={t.name_en} autocomplete="off" />
          <TextField name="funder" label={t.funder} hint={t.funder_hint} autocomplete="off" required />
          <TextField name="percent" label={t.percent} hint={t.percent_hint} autocomplete="off" />
          <AmountField name="amount_each" label={t.amount_each} />
        </Card>
        <Card title={t.items}>
          {items.map((item, index) => <CheckField name={index === 0 ? 'items' : `item_${item.value}`} value={item.value} label={item[locale]}
            checked={form.values[index === 0 ? 'items' : `item_${item.value}`] === item.value} />)}
          <PeriodField name="first_period" label={t.first_period} required />
          <PeriodField name="last_period" label={t.last_period} required />
        </Card>
        <Card>
          <AmountField name="budget" label={t.budget_field} hint={t.budget_hint} required />
          <AmountField name="unit_cap" label={t.unit_cap} />
          <DateField name="last_day" label={t.last_day} min={today} required />
          <RadioField name="payout" label={t.payout} required options={[{ value: 'credit', label: t.payout_credit }, { value: 'pay', label: t.payout_pay }]} />
        </Card>
        <Card title={t.basis}>
          <p class="hint">{t.basis_hint}</p>
          <TextField name="resolution_title" label={t.resolution_title} autocomplete="off" required={needed} />
          <DateField name="resolution_date" label={t.resolution_date} max={today} required={needed} />
          <FileField name="vouchers" label={t.vouchers} kept={form.kept} required={needed} />
          {/* A letter of grant may name persons: for officers unless somebody says otherwise. */}
          <RadioField name="audience" label={t.audience} required options={[{ value: 'owners', label: t.audience_owners }, { value: 'officers', label: t.audience_officers }]} />
        </Card>
        {refused !== null && <Notice tone="amber">{refused}</Notice>}
        {rule !== null && <Card><DescriptionList items={[{ term: t.signed_by, value: ruleSentence(newRuleOf(rule), names)[locale] }]} /></Card>}
        <ButtonRow><Button>{t.submit}</Button></ButtonRow>
      </Form>
    ),
  });
}
