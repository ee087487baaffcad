// Pages of deposits: all dwellings for officers; one dwelling for them and for whoever lives there.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { stateName } from '../approval/texts.ts';
import { Amount } from '../web/amount.tsx';
import {
  AmountField, Button, ButtonRow, CheckField, DateField, FileField, Form, RadioField, SelectField, TextField, type Option,
} from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Columns, EmptyState, Figures, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable } from '../web/tables.tsx';
import type { VoucherItem } from '../web/vouchers.tsx';
import { depositKinds, type DepositAsked, type DepositMove, type UnitDeposit } from './deposit-queries.ts';
import { depositMethods } from './deposit.ts';
import { texts } from './deposit-texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface DepositForm { form_key: string; values: Readonly<Record<string, string>>; errors: Readonly<Record<string, string>>; kept: VoucherItem[] }
export interface TakeForm extends DepositForm { bank_accounts: Option[]; today: string }

function TakeCard({ code, form, unit, csrf, t }: { code: string; form: TakeForm; unit: string | null; csrf: string | undefined; t: T }): JSX.Element {
  const one = form.bank_accounts.length === 1;
  return (
    <Card title={t.take} id="take">
      <Form action={`/e/${code}/deposits`} id="take-form" csrf={csrf} form_key={form.form_key}
        values={{ unit: unit ?? '', kind: 'renovation', method: 'bank', paid_on: form.today, ...form.values }} errors={form.errors}>
        <TextField name="unit" label={t.unit} hint={t.unit_hint} autocomplete="off" short required />
        <SelectField name="kind" label={t.kind} options={depositKinds.map((value) => ({ value, label: t[value] }))} empty={false} required />
        <AmountField name="amount" label={t.amount} required />
        <RadioField name="method" label={t.method} required
          options={depositMethods.map((value) => ({ value, label: t[value], ...(value === 'cash' ? { hint: t.cash_hint } : {}) }))} />
        {!one && <SelectField name="bank_account" label={t.bank_account} options={form.bank_accounts} empty={false} />}
        <TextField name="payer" label={t.payer} hint={t.payer_hint} autocomplete="off" />
        <DateField name="paid_on" label={t.paid_on} max={form.today} required />
        <ButtonRow><Button>{t.book}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

export interface DepositsShown {
  code: string;
  units: UnitDeposit[];
  totals: { held: string; unnamed: string };
  held_only: boolean;
  /** Null for whoever takes no money. */
  form: TakeForm | null;
}

export function depositsPage(frame: Frame, { code, units, totals, held_only, form }: DepositsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const none = totals.unnamed === '0.00';
  return page({
    ...frame, title: t.deposits, lede: t.lede,
    body: (
      <>
        <Card>
          <Figures items={[
            { label: t.held_total, amount: totals.held }, { label: t.dwellings, text: String(units.filter((row) => row.held !== '0.00').length) },
            ...(none ? [] : [{ label: t.unnamed, amount: totals.unnamed }]),
          ]} />
          {!none && <p class="hint">{t.unnamed_hint}</p>}
        </Card>
        <Filters action={`/e/${code}/deposits`} fields={[{
          name: 'show', label: t.filter_unit, type: 'select', value: held_only ? '' : 'all',
          options: [{ value: '', label: t.filter_held }, { value: 'all', label: t.filter_all }],
        }]} />
        <LedgerTable caption={t.deposits} caption_hidden csv={units.length > 0 ? csvTwin(frame.here) : undefined} rows={units}
          empty={<EmptyState title={t.none} text={form === null ? undefined : t.none_hint} />} columns={[
            { key: 'unit', title: t.unit, lead: true, cell: (row) => <a href={`/e/${code}/deposits/${row.unit}`}>{row.unit}</a> },
            { key: 'taken', title: t.taken, type: 'money' }, { key: 'given_back', title: t.given_back, type: 'money' },
            { key: 'held', title: t.held, type: 'money' },
            { key: 'underway', title: t.underway, type: 'money' },
            { key: 'since', title: t.since, type: 'date', cell: (row) => (row.since === null ? '' : formatDate(row.since, locale)) },
          ]} />
        {form !== null && <TakeCard code={code} form={form} unit={null} csrf={frame.session?.csrf} t={t} />}
      </>
    ),
  });
}

export interface UnitDepositShown {
  code: string;
  unit: string;
  /** Opened from the list of all. */
  officer: boolean;
  moves: DepositMove[];
  asked: DepositAsked[];
  held: string;
  /** What may still be returned or kept back. */
  free: string;
  deduct: DepositForm | null;
  /** Address of the refund's form, filled in. */
  refund_href: string | null;
}

const unlessNone = (amount: string): JSX.Element | string => (amount === '0.00' ? '' : <Amount value={amount} redletter={amount.startsWith('-')} />);

function MovesTable({ code, moves, here, t, locale }: { code: string; moves: DepositMove[]; here: string; t: T; locale: Locale }): JSX.Element {
  return (
    <LedgerTable caption={t.moves} csv={moves.length > 0 ? csvTwin(here) : undefined} rows={moves} empty={t.none}
      rowState={(row) => (row.taken.startsWith('-') || row.given_back.startsWith('-') ? 'redletter' : row.reversed ? 'muted' : undefined)} columns={[
        { key: 'entry_date', title: t.day, type: 'date', lead: true, cell: (row) => formatDate(row.entry_date, locale) },
        { key: 'description', title: t.what, cell: (row) => <>{row.description} {row.reversed && <Chip>{t.reversed}</Chip>}</> },
        { key: 'taken', title: t.taken, type: 'money', cell: (row) => unlessNone(row.taken) },
        { key: 'given_back', title: t.given_back, type: 'money', cell: (row) => unlessNone(row.given_back) },
        { key: 'held', title: t.held, type: 'money' },
        { key: 'receipt', title: t.receipt, cell: (row) => (row.receipt === null ? '' : <a href={`/e/${code}/receipts/${row.receipt}`}>{fill(t.receipt_no, { number: row.receipt })}</a>) },
        { key: 'number', title: t.entry, type: 'code', cell: (row) => <a href={`/e/${code}/journal/${row.seq}`}>{row.number}</a> },
      ]} />
  );
}

function DeductCard({ shown, form, csrf, t }: { shown: UnitDepositShown; form: DepositForm; csrf: string | undefined; t: T }): JSX.Element {
  return (
    <Card title={t.deduct} id="deduct">
      <p class="hint">{t.deduct_hint}</p>
      <Form action={`/e/${shown.code}/deposits/${shown.unit}/deductions`} id="deduct-form" multipart csrf={csrf} form_key={form.form_key} values={form.values} errors={form.errors}>
        <AmountField name="amount" label={t.deduct_amount} required />
        <TextField name="reason" label={t.reason} hint={t.reason_hint} autocomplete="off" required />
        <FileField name="vouchers" label={t.vouchers} hint={t.vouchers_hint} kept={form.kept} multiple required />
        <CheckField name="audience" value="owners" label={t.audience_owners} />
        <ButtonRow><Button kind="alt">{t.submit}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

export function unitDepositPage(frame: Frame, shown: UnitDepositShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, unit, officer, moves, asked, held, free, deduct, refund_href } = shown;
  const to_do = refund_href !== null || deduct !== null;
  return page({
    ...frame, title: fill(t.one, { unit }), lede: officer ? undefined : t.lede_own,
    crumbs: officer ? [{ href: `/e/${code}/deposits`, label: t.all }] : [],
    body: (
      <>
        <Card><Figures items={[{ label: t.held, amount: held }, ...(held === free ? [] : [{ label: t.left, amount: free }])]} /></Card>
        {asked.length > 0 && (
          <Card title={t.asked}>
            <RowList rows={asked.map((one) => ({
              label: `${one.kind === 'transfer' ? t.asked_transfer : t.asked_refund} · ${one.title}`, amount: one.amount,
              chip: <Chip>{stateName(one.state, locale)}</Chip>, href: `/e/${code}/proposals/${one.proposal_id}`,
            }))} />
          </Card>
        )}
        {moves.length === 0 ? <EmptyState title={officer ? t.none : t.none_own} /> : <MovesTable code={code} moves={moves} here={frame.here} t={t} locale={locale} />}
        {to_do && (
          <Columns>
            {refund_href !== null && <Card title={t.back} id="return"><p>{t.back_hint}</p><p><ActionLink href={refund_href}>{t.back}</ActionLink></p></Card>}
            {deduct !== null && <DeductCard shown={shown} form={deduct} csrf={frame.session?.csrf} t={t} />}
          </Columns>
        )}
      </>
    ),
  });
}
