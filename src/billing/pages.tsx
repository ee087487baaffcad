// Pages of bills: all dwellings for officers, one dwelling with its receipts for them and for whoever lives there.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form, PeriodField, TextArea } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, formatPeriod, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Figures } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import type { BillRow, BillTotals, UnitBills } from './queries.ts';
import { texts } from './texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface BillForm { id: 'start' | 'numbers' | null; form_key: string; values: Record<string, string>; errors: Record<string, string> }
export interface BillsShown {
  code: string;
  totals: BillTotals;
  units: UnitBills[];
  next_cursor: string | null;
  q: string;
  open_only: boolean;
  start_period: string | null;
  fee_rate: string | null;
  /** Whether fees are signed: they bill by themselves, whatever is set here. */
  signed: boolean;
  /** How many of the bank's numbers are entered. */
  numbers: number;
  dwellings: number;
  /** Null for whoever may not change anything. */
  form: BillForm | null;
}

function StartCard({ shown, form, csrf, t, locale }: { shown: BillsShown; form: BillForm; csrf: string | undefined; t: T; locale: Locale }): JSX.Element {
  const { code, start_period, fee_rate } = shown;
  const mine = form.id === 'start';
  return (
    <Card title={t.start} id="start">
      {shown.signed && <p>{t.start_signed} <a href={`/e/${code}/fees`}>{t.to_fees}</a></p>}
      <p>{start_period === null ? t.start_off : fill(t.start_on, { month: formatPeriod(start_period, locale), rate: fee_rate ?? '–' })}</p>
      {fee_rate === null ? <p>{t.rate_missing}</p> : (
        <Form action={`/e/${code}/bills/start`} id="start-form" csrf={csrf} form_key={form.form_key} values={mine ? form.values : { start_period: start_period ?? '' }} errors={mine ? form.errors : {}}>
          <PeriodField name="start_period" label={t.start_field} hint={t.start_hint} />
          <p class="hint">{fill(t.start_now, { units: shown.dwellings })}</p>
          <ButtonRow><Button kind="alt">{t.save}</Button></ButtonRow>
        </Form>
      )}
    </Card>
  );
}

function NumbersCard({ shown, form, csrf, t }: { shown: BillsShown; form: BillForm; csrf: string | undefined; t: T }): JSX.Element {
  const mine = form.id === 'numbers';
  return (
    <Card title={t.numbers} id="numbers">
      <p>{fill(t.numbers_lede, { count: shown.numbers })}</p>
      <Form action={`/e/${shown.code}/bills/numbers`} id="numbers-form" csrf={csrf} form_key={`${form.form_key}-n`} values={mine ? form.values : {}} errors={mine ? form.errors : {}}>
        <TextArea name="list" label={t.list} hint={t.list_hint} rows={5} required />
        <ButtonRow><Button kind="alt">{t.enter}</Button></ButtonRow>
      </Form>
    </Card>
  );
}

export function billsPage(frame: Frame, shown: BillsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, totals, units, form } = shown;
  const csrf = frame.session?.csrf;
  return page({
    ...frame, title: t.bills, lede: t.lede,
    body: (
      <>
        {totals.units > 0 && <Card><Figures items={[
          { label: t.billed, amount: totals.billed }, { label: t.paid, amount: totals.paid }, { label: t.open, amount: totals.open }, { label: t.owing, text: `${totals.owing} / ${totals.units}` },
        ]} /></Card>}
        {totals.units > 0 && <Filters action={`/e/${code}/bills`} reset_href={shown.q !== '' || shown.open_only ? `/e/${code}/bills` : undefined} fields={[
          { name: 'q', label: t.filter_unit, type: 'search', value: shown.q },
          { name: 'open', label: t.filter_state, type: 'select', value: shown.open_only ? '1' : '', options: [{ value: '', label: t.all }, { value: '1', label: t.filter_open }] },
        ]} />}
        <LedgerTable caption={t.bills} caption_hidden csv={totals.units > 0 ? csvTwin(withQuery(frame.here, { cursor: null })) : undefined} rows={units}
          empty={<EmptyState title={t.none} text={form === null ? undefined : t.none_hint} />} columns={[
            { key: 'unit', title: t.unit, lead: true, cell: (row) => <a href={`/e/${code}/bills/${row.unit}`}>{row.unit}</a> },
            { key: 'bills', title: t.count, type: 'number' }, { key: 'billed', title: t.billed, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' },
            { key: 'open', title: t.open, type: 'money', cell: (row) => <Amount value={row.open} strong={row.oldest !== null} /> },
            { key: 'overdue', title: t.overdue, type: 'money' },
            { key: 'oldest', title: t.oldest, cell: (row) => (row.oldest === null ? <Chip tone="ok">{t.settled}</Chip> : formatPeriod(row.oldest, locale)) },
          ]} />
        <Pager here={frame.here} next_cursor={shown.next_cursor} shown={units.length} />
        {form !== null && <StartCard shown={shown} form={form} csrf={csrf} t={t} locale={locale} />}
        {form !== null && <NumbersCard shown={shown} form={form} csrf={csrf} t={t} />}
      </>
    ),
  });
}

export interface UnitShown { code: string; officer: boolean; /** Whether bills are made here at all. */ billing: boolean; units: { unit: string; bills: BillRow[]; open: string }[] }

/** The bills of one dwelling, or of all of whoever lives in several. */
export function unitBillsPage(frame: Frame, { code, officer, billing, units }: UnitShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: units.length === 1 ? `${t.bills} ${units[0]!.unit}` : t.bills, lede: officer ? undefined : t.lede_own,
    crumbs: officer ? [{ href: `/e/${code}/bills`, label: t.back }] : [],
    body: (
      <>
        {units.map(({ unit, bills, open }) => (
          <Card title={units.length === 1 ? undefined : unit}>
            {bills.length > 0 && <Figures items={[{ label: t.open, amount: open }]} />}
            <LedgerTable caption={`${t.bills} ${unit}`} caption_hidden rows={bills} empty={<EmptyState title={billing ? t.none_own : t.off_here} />} columns={[
              { key: 'period', title: t.period, lead: true, cell: (row) => <a href={`/e/${code}/bills/${unit}/${row.bill_id}`}>{formatPeriod(row.period, locale)}</a> },
              { key: 'item', title: t.item, cell: (row) => (locale === 'zh' ? row.name_zh : row.name_en) },
              { key: 'amount', title: t.amount, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' },
              { key: 'open', title: t.open, type: 'money', cell: (row) => (Number(row.open) === 0 ? <Chip tone="ok">{t.settled}</Chip> : <Amount value={row.open} strong />) },
              { key: 'due_on', title: t.due_on, type: 'date', cell: (row) => formatDate(row.due_on, locale) },
              { key: 'entries', title: t.entries, cell: (row) => row.entries.map((entry, index) => (
                <>{index > 0 && <br />}<a href={`/e/${code}/journal/${entry.seq}`}>{entry.number}</a>{entry.reversed && <> <Chip>{t.reversed}</Chip></>}</>
              )) },
            ]} />
          </Card>
        ))}
        {units.length === 0 && <EmptyState title={billing ? t.none_own : t.off_here} />}
      </>
    ),
  });
}
