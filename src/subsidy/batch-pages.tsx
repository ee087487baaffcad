// The page of one batch, for those who may see dwellings: the list for the funder, the money that came, what is passed on.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { AmountField, Button, ButtonRow, DateField, Form, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable, Pager } from '../web/tables.tsx';
import { nameOf, type T } from './pages.tsx';
import { ClaimTable } from './scheme-pages.tsx';
import type { ArrivalRow, BatchRow, ClaimRow, FreeEntry, PayoutRow, Scheme } from './queries.ts';
import { texts } from './texts.ts';

const figures = (amount: string): string => moneyFigures(money(amount));

export interface UnitDue { unit: string; bills: number; amount: string; covered: boolean }
export interface BatchShown {
  code: string;
  batch: BatchRow;
  scheme: Scheme;
  listed: { items: ClaimRow[]; next_cursor: number | null };
  arrivals: ArrivalRow[];
  payouts: PayoutRow[];
  /** What the money that came goes for; null for whoever may not pass it on. */
  due: { bills: number; amount: string; most: number; units: UnitDue[]; more: boolean } | null;
  /** Null for whoever may not enter receipts. */
  free: FreeEntry[] | null;
  today: string;
  form_key: string;
  values: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
  failed: 'arrivals' | 'payouts' | null;
}
interface Parts { shown: BatchShown; csrf: string | undefined; t: T; locale: Locale }

function ArrivalCard({ shown, csrf, t, locale }: Parts): JSX.Element {
  const { code, batch, arrivals, free, today, form_key, failed, values, errors } = shown;
  const open = money(batch.total).greaterThan(money(batch.arrived));
  return (
    <Card title={t.arrivals} id="arrivals">
      <LedgerTable caption={t.arrivals} caption_hidden rows={arrivals} empty={<p>{t.arrival_none}</p>} rowState={(row) => (row.reversed ? 'muted' : undefined)} columns={[
        { key: 'number', title: t.entry, lead: true, cell: (row) => <><a href={`/e/${code}/journal/${row.entry}`}>{row.number}</a>{row.reversed && <> <Chip tone="amber">{t.reversed}</Chip></>}</> },
        { key: 'entry_date', title: t.arrival_day, type: 'date', cell: (row) => formatDate(row.entry_date, locale) }, { key: 'amount', title: t.amount, type: 'money' },
      ]} />
      {free !== null && open && (
        <Form action={`/e/${code}/subsidy-batches/${batch.batch}/arrivals`} id="arrival-form" csrf={csrf} form_key={`${form_key}-a`}
          values={failed === 'arrivals' ? values : { entry: String(free[0]?.entry ?? ''), entry_date: today }} errors={failed === 'arrivals' ? errors : {}}>
          {free.length > 0 && <SelectField name="entry" label={t.arrival_entry} hint={t.arrival_entry_hint} empty={false} options={[
            ...free.map((row) => ({ value: String(row.entry), label: fill(t.arrival_choice, { date: formatDate(row.entry_date, locale), number: row.number, amount: figures(row.free) }) })),
            { value: '', label: t.arrival_new },
          ]} />}
          <DateField name="entry_date" label={t.arrival_day} max={today} required={free.length === 0} />
          <AmountField name="amount" label={t.arrival_amount} hint={free.length > 0 ? t.arrival_amount_hint : undefined} required={free.length === 0} />
          <TextField name="reference" label={t.arrival_reference} autocomplete="off" />
          <ButtonRow><Button>{t.arrival_button}</Button></ButtonRow>
        </Form>
      )}
    </Card>
  );
}

function CreditForm({ shown, csrf, t }: Parts): JSX.Element {
  const { code, batch, due, form_key, errors, failed } = shown;
  const { bills, amount, units, most, more } = due!;
  if (bills === 0) return <p class="hint">{t.pass_on_none}</p>;
  return (
    <Form action={`/e/${code}/subsidy-batches/${batch.batch}/payouts`} id="payout-form" csrf={csrf} form_key={`${form_key}-p`} errors={failed === 'payouts' ? errors : {}}>
      <p>{fill(t.pass_on_credit, { count: bills, units: units.length, amount: figures(amount) })} {more && fill(t.pass_on_limit, { most })}</p>
      <ButtonRow><Button>{t.pass_on_button}</Button></ButtonRow>
    </Form>
  );
}

function PayForms({ shown, csrf, t }: Parts): JSX.Element {
  const { code, batch, due, form_key, values, errors, failed } = shown;
  const units = due!.units.filter((row) => row.covered);
  if (units.length === 0) return <p class="hint">{t.pass_on_none}</p>;
  return (
    <>
      <p>{t.pass_on_pay}</p>
      <LedgerTable caption={t.pass_on} caption_hidden rows={units} columns={[
        { key: 'unit', title: t.unit, lead: true }, { key: 'bills', title: t.bills, type: 'number' }, { key: 'amount', title: t.amount, type: 'money' },
        { key: 'order', title: t.draw_up, cell: (row) => (
          <a href={withQuery(`/e/${code}/orders/new`, { kind: 'payment', account: '5114', fund: 'fee_subsidy', amount: row.amount, purpose: fill(t.order_purpose, { batch: batch.batch }) })}>{t.draw_up}</a>
        ) },
      ]} />
      <Form action={`/e/${code}/subsidy-batches/${batch.batch}/payouts`} id="tie-form" csrf={csrf} form_key={`${form_key}-t`}
        values={failed === 'payouts' ? values : {}} errors={failed === 'payouts' ? errors : {}}>
        <SelectField name="unit" label={t.order_unit} required options={units.map((row) => ({ value: row.unit, label: fill(t.order_unit_choice, { unit: row.unit, amount: figures(row.amount) }) }))} />
        <TextField name="order" label={t.order_number} input_mode="numeric" autocomplete="off" short required />
        <ButtonRow><Button>{t.order_button}</Button></ButtonRow>
      </Form>
    </>
  );
}

function PassingCard(parts: Parts): JSX.Element {
  const { shown: { code, payouts, due, scheme }, t } = parts;
  return (
    <Card title={t.pass_on} id="payouts">
      {due !== null && (scheme.payout === 'credit' ? <CreditForm {...parts} /> : <PayForms {...parts} />)}
      {payouts.length > 0 && (
        <LedgerTable caption={t.payouts} rows={payouts} rowState={(row) => (row.step === 'none' ? 'muted' : undefined)} columns={[
          { key: 'proposal', title: t.signed, lead: true, cell: (row) => <a href={`/e/${code}/proposals/${row.proposal}`}>{fill(t.proposal, { number: row.proposal })}</a> },
          { key: 'claims', title: t.bills, type: 'number' }, { key: 'total', title: t.amount, type: 'money' },
          { key: 'step', title: t.state, cell: (row) => <><Chip tone={row.step === 'done' ? 'ok' : 'plain'}>{t[`payout_${row.step}`]}</Chip>
            {row.entry !== null && <> <a href={`/e/${code}/journal/${row.entry}`}>{t.entry}</a></>}</> },
        ]} />
      )}
      {payouts.length === 0 && due === null && <EmptyState title={t.payout_none} />}
    </Card>
  );
}

export function batchPage(frame: Frame, shown: BatchShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, batch, scheme } = shown;
  const parts = { shown, csrf: frame.session?.csrf, t, locale };
  const path = `/e/${code}/subsidy-batches/${batch.batch}`;
  const sent = batch.state === 'executed';
  return page({
    ...frame, title: fill(t.batch_title, { batch: batch.batch }), lede: fill(t.batch_lede, { name: nameOf(scheme, locale), funder: scheme.funder }),
    crumbs: [{ href: `/e/${code}/subsidies`, label: t.title }, { href: `/e/${code}/subsidies/${scheme.scheme}`, label: nameOf(scheme, locale) }],
    body: (
      <>
        <Card>
          <Figures items={[{ label: t.paper_sum, amount: batch.total }, { label: t.arrived, amount: batch.arrived }, { label: t.passed_on, amount: batch.passed }]} />
          <DescriptionList items={[
            { term: t.state, value: t[`batch_state_${batch.state as 'submitted' | 'held' | 'approved' | 'executed'}`] }, { term: t.paper_count, value: String(batch.claims) },
            { term: t.signed, value: <a href={`/e/${code}/proposals/${batch.batch}`}>{fill(t.proposal, { number: batch.batch })}</a> },
          ]} />
        </Card>
        {!money(batch.fallen).isZero() && sent && <Notice tone="amber">{fill(t.fell_after, { amount: figures(batch.fallen) })}</Notice>}
        {sent && (
          <Card title={t.list} id="list" >
            <p class="hint">{fill(t.list_hint, { hash: '' })}<code class="hash">{batch.list_sha256}</code></p>
            <ButtonRow><ActionLink kind="alt" href={`${path}/list.pdf`} download>{t.list_pdf}</ActionLink>{' '}<ActionLink kind="alt" href={`${path}/list.xlsx`} download>{t.list_xlsx}</ActionLink></ButtonRow>
          </Card>
        )}
        {sent && <ArrivalCard {...parts} />}
        {sent && <PassingCard {...parts} />}
        <Card title={t.claims} id="claims"><p class="hint">{t.claims_hint}</p><ClaimTable claims={shown.listed.items} t={t} locale={locale} />
          <Pager here={frame.here} next_cursor={shown.listed.next_cursor === null ? null : String(shown.listed.next_cursor)} shown={shown.listed.items.length} total={batch.claims} /></Card>
      </>
    ),
  });
}
