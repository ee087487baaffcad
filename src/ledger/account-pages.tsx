// Trial balance (科目余额表), balances on a day, one account with its running balance, and the months with
// their close.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, formatInstant, formatPeriod } from '../web/locale.ts';
import { Card, Checks, Chip, EmptyState, Figures, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, type FilterField } from '../web/tables.tsx';
import type { SignerRow } from '../approval/queries.ts';
import type { GateCheck } from './close.ts';
import { entryNumber } from './entry.ts';
import { fundOption, nameOf, signersText, textsIn } from './journal-pages.tsx';
import type { PeriodRow } from './period-queries.ts';
import type { AccountLedger, AccountRow, BalanceRow, FundRow, TrialBalance } from './queries.ts';

interface Choice {
  code: string;
  periods: readonly string[];
  funds: readonly FundRow[];
  period: string;
  fund: string | undefined;
}

const periodFilter = ({ periods, period }: Choice, locale: Locale): FilterField => ({
  name: 'period',
  label: textsIn(locale).period,
  type: 'select',
  value: period,
  options: periods.map((one) => ({ value: one, label: formatPeriod(one, locale) })),
});
const fundFilter = ({ funds, fund }: Choice, locale: Locale): FilterField => ({
  name: 'fund',
  label: textsIn(locale).fund,
  type: 'select',
  value: fund,
  options: [
    { value: '', label: textsIn(locale).all },
    ...funds.map((row) => fundOption(row, locale)),
  ],
});
const shownAmount = (amount: string, is_red = false): JSX.Element => (
  <Amount value={amount === '0.00' ? null : amount} redletter={is_red && amount !== '0.00'} />
);

export interface AccountsShown extends Choice {
  trial: TrialBalance;
  /** Asked for a day instead of a month. */
  day: { as_of: string; rows: readonly BalanceRow[] } | null;
}

export const trialColumns = (locale: Locale) => {
  const t = textsIn(locale);
  return [
    { key: 'opening_debit', title: t.opening_debit },
    { key: 'opening_credit', title: t.opening_credit },
    { key: 'debit', title: t.turnover_debit },
    { key: 'credit', title: t.turnover_credit },
    { key: 'closing_debit', title: t.closing_debit },
    { key: 'closing_credit', title: t.closing_credit },
  ] as const;
};

function TrialTable({
  shown,
  locale,
  here,
}: {
  shown: AccountsShown;
  locale: Locale;
  here: string;
}): JSX.Element {
  const t = textsIn(locale);
  const { trial, code, period, fund } = shown;
  const query = `?period=${period}${fund === undefined ? '' : `&fund=${fund}`}`;
  return (
    <>
      <LedgerTable
        caption={fill(t.accounts_of, { period: formatPeriod(period, locale) })}
        caption_hidden
        rows={trial.rows}
        csv={csvTwin(here)}
        empty={<EmptyState title={t.accounts_empty} />}
        columns={[
          {
            key: 'account',
            title: t.account,
            lead: true,
            cell: (row) => (
              <a href={`/e/${code}/accounts/${row.account}${query}`}>
                {row.account} {nameOf(row, locale)}
              </a>
            ),
          },
          ...trialColumns(locale).map((column) => ({
            ...column,
            type: 'money' as const,
            cell: (row: TrialBalance['rows'][number]) => shownAmount(row[column.key]),
          })),
        ]}
        totals={[{ label: t.total, cells: { ...trial.totals } }]}
      />
      {trial.rows.length > 0 && trial.balances && (
        <p class="agrees">
          <span aria-hidden="true">✓</span> {t.in_balance}
        </p>
      )}
    </>
  );
}

function DayTable({
  shown,
  day,
  locale,
  here,
}: {
  shown: AccountsShown;
  day: NonNullable<AccountsShown['day']>;
  locale: Locale;
  here: string;
}): JSX.Element {
  const t = textsIn(locale);
  const fundName = (code: string): string => {
    const row = shown.funds.find((one) => one.fund === code);
    return row === undefined ? code : nameOf(row, locale);
  };
  return (
    <LedgerTable
      caption={fill(t.balances_as_of, { date: formatDate(day.as_of, locale) })}
      caption_hidden
      rows={day.rows}
      csv={csvTwin(here)}
      empty={<EmptyState title={t.accounts_empty} />}
      columns={[
        {
          key: 'account',
          title: t.account,
          lead: true,
          cell: (row) => (
            <a href={`/e/${shown.code}/accounts/${row.account}`}>
              {row.account} {nameOf(row, locale)}
            </a>
          ),
        },
        { key: 'fund', title: t.fund, cell: (row) => fundName(row.fund) },
        { key: 'side', title: t.side, cell: (row) => t[`side_${row.side}`] },
        { key: 'balance', title: t.balance, type: 'money' },
      ]}
    />
  );
}

export function accountsPage(frame: Frame, shown: AccountsShown): string {
  const { locale, here } = frame;
  const t = textsIn(locale);
  const { code, day, period } = shown;
  const title =
    day === null
      ? fill(t.accounts_of, { period: formatPeriod(period, locale) })
      : fill(t.balances_as_of, { date: formatDate(day.as_of, locale) });
  const body = (
    <>
      <Filters
        action={`/e/${code}/accounts`}
        fields={[
          periodFilter(shown, locale),
          fundFilter(shown, locale),
          { name: 'as_of', label: t.as_of, type: 'date', value: day?.as_of },
        ]}
        reset_href={day === null ? undefined : `/e/${code}/accounts`}
      />
      {day === null ? (
        <TrialTable shown={shown} locale={locale} here={here} />
      ) : (
        <DayTable shown={shown} day={day} locale={locale} here={here} />
      )}
    </>
  );
  return page({ ...frame, title, body });
}

export interface AccountShown extends Choice {
  account: AccountRow;
  ledger: AccountLedger;
}

export function accountPage(frame: Frame, shown: AccountShown): string {
  const { locale, here } = frame;
  const t = textsIn(locale);
  const { code, account, ledger, period } = shown;
  const name = `${account.account} ${nameOf(account, locale)}`;
  const body = (
    <>
      <Filters
        action={`/e/${code}/accounts/${account.account}`}
        fields={[periodFilter(shown, locale), fundFilter(shown, locale)]}
      />
      <Figures
        items={[
          { label: t.opening, amount: ledger.opening },
          { label: t.debit, amount: ledger.debit },
          { label: t.credit, amount: ledger.credit },
          { label: t.closing, amount: ledger.closing },
        ]}
      />
      <LedgerTable
        caption={`${name} · ${formatPeriod(period, locale)}`}
        caption_hidden
        rows={ledger.lines}
        csv={csvTwin(here)}
        empty={<EmptyState title={t.nothing_yet} />}
        rowState={(row) => (row.is_red ? 'redletter' : undefined)}
        columns={[
          {
            key: 'entry_date',
            title: t.date,
            type: 'date',
            cell: (row) => formatDate(row.entry_date, locale),
          },
          {
            key: 'number',
            title: t.number,
            type: 'code',
            cell: (row) => entryNumber(row.kind, row.number),
          },
          {
            key: 'description',
            title: t.description,
            lead: true,
            cell: (row) => <a href={`/e/${code}/journal/${row.seq}`}>{row.description}</a>,
          },
          {
            key: 'debit',
            title: t.debit,
            type: 'money',
            cell: (row) => shownAmount(row.debit, row.is_red),
          },
          {
            key: 'credit',
            title: t.credit,
            type: 'money',
            cell: (row) => shownAmount(row.credit, row.is_red),
          },
          { key: 'balance', title: t.balance, type: 'money' },
        ]}
        totals={[
          {
            label: t.total,
            cells: { debit: ledger.debit, credit: ledger.credit, balance: ledger.closing },
          },
        ]}
      />
    </>
  );
  return page({
    ...frame,
    title: name,
    body,
    crumbs: [{ href: `/e/${code}/accounts?period=${period}`, label: t.accounts }],
  });
}

// ── Months ───────────────────────────────────────────────────────────────────────────────────────

export interface PeriodsShown {
  code: string;
  rows: readonly PeriodRow[];
  signers: ReadonlyMap<number, SignerRow[]>;
  /** The month that is closed next. */
  next: { period: string; checks: readonly GateCheck[]; proposal_id: number | null } | null;
  may_close: boolean;
  form_key: string;
  refused: string | null;
}

const checkStates = { ok: 'ok', note: 'attention', refused: 'refused' } as const;

function NextClose({ shown, frame }: { shown: PeriodsShown; frame: Frame }): JSX.Element | null {
  const { locale } = frame;
  const t = textsIn(locale);
  const { next, code } = shown;
  if (next === null) return null;
  const period = formatPeriod(next.period, locale);
  if (next.proposal_id !== null) {
    return (
      <Notice
        tone="amber"
        action={{ href: `/e/${code}/proposals/${next.proposal_id}`, label: t.see }}
      >
        {fill(t.close_waits, { period })}
      </Notice>
    );
  }
  const why_not = !shown.may_close
    ? t.close_not_yours
    : next.checks.some((one) => one.state === 'refused')
      ? t.close_shut
      : undefined;
  return (
    <Card title={fill(t.close_of, { period })} id="next">
      <Checks
        items={next.checks.map((one) => ({
          state: checkStates[one.state],
          text: one.account === undefined ? one.text[locale]
            : <>{one.text[locale]} <a href={`/e/${code}/bank/reconciliation/${one.account}/${next.period}`}>{t.reconciliation}</a></>,
        }))}
      />
      <Form
        action={`/e/${code}/periods/${next.period}/close`}
        csrf={frame.session?.csrf}
        form_key={shown.form_key}
      >
        <ButtonRow>
          <Button why_not={why_not}>{fill(t.close_month, { period })}</Button>
        </ButtonRow>
      </Form>
    </Card>
  );
}

export function periodsPage(frame: Frame, shown: PeriodsShown): string {
  const { locale, here } = frame;
  const t = textsIn(locale);
  const { code, rows } = shown;
  const state = (row: PeriodRow): JSX.Element => {
    if (row.state === 'closed') return <Chip tone="ok">{t.state_closed}</Chip>;
    return row.proposal_id === null ? (
      <Chip>{t.state_open}</Chip>
    ) : (
      <Chip tone="amber">{t.state_waiting}</Chip>
    );
  };
  const signed = (row: PeriodRow): JSX.Element | string => {
    if (row.proposal_id === null) return '';
    const offices = signersText(shown.signers.get(row.proposal_id) ?? [], locale);
    return (
      <a href={`/e/${code}/proposals/${row.proposal_id}`}>{offices === '' ? t.see : offices}</a>
    );
  };
  const body = (
    <>
      {shown.refused !== null && <Notice tone="alarm">{shown.refused}</Notice>}
      <NextClose shown={shown} frame={frame} />
      <LedgerTable
        caption={t.periods}
        caption_hidden
        rows={rows}
        csv={csvTwin(here)}
        columns={[
          {
            key: 'period',
            title: t.period,
            lead: true,
            cell: (row) => (
              <a href={`/e/${code}/journal?period=${row.period}`}>
                {formatPeriod(row.period, locale)}
              </a>
            ),
          },
          { key: 'state', title: t.state, cell: state },
          { key: 'entries', title: t.entries, type: 'number' },
          { key: 'received', title: t.received, type: 'money' },
          { key: 'paid', title: t.paid, type: 'money' },
          { key: 'closing', title: t.closing, type: 'money' },
          {
            key: 'closed_at',
            title: t.closed_on,
            type: 'date',
            cell: (row) => (row.closed_at === null ? '' : formatInstant(row.closed_at, locale)),
          },
          { key: 'signers', title: t.signed_by, cell: signed },
        ]}
      />
    </>
  );
  return page({ ...frame, title: t.periods, lede: t.periods_lede, body });
}
