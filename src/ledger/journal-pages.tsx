// The journal (明细账). What a resident sees first: date, what for, in or out, what is left, who signed,
// what is attached.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import { Amount } from '../web/amount.tsx';
import type { CsvColumn } from '../web/csv.ts';
import { officeName, type Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatCount, formatDate, formatDay, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, EmptyState, Figures, RowList } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager, type Column, type FilterField } from '../web/tables.tsx';
import type { SignerRow } from '../approval/queries.ts';
import type { Draft } from './draft.ts';
import type { JournalRow, JournalTotals } from './journal-queries.ts';
import type { AccountRow, FundRow } from './queries.ts';
import { texts } from './texts.ts';

export type Texts = Record<keyof typeof texts, string>;
export const textsIn = (locale: Locale): Texts => pick(texts, locale);
export const nameOf = (row: { name_zh: string; name_en: string }, locale: Locale): string =>
  locale === 'zh' ? row.name_zh : row.name_en;

/** "项目经理 · 业委会主任". */
export const signersText = (signers: readonly SignerRow[], locale: Locale): string =>
  [...new Set(signers.map((one) => officeName(one.office, locale)))].join(' · ');

export interface JournalShown {
  code: string;
  /** null: all months. */
  period: string | null;
  periods: readonly string[];
  accounts: readonly AccountRow[];
  funds: readonly FundRow[];
  asked: {
    account?: string | undefined;
    fund?: string | undefined;
    kind?: string | undefined;
    q?: string | undefined;
  };
  rows: readonly JournalRow[];
  next_cursor: string | null;
  totals: JournalTotals;
  /** Money before and after the month; null where a filter hides part of it. */
  borders: { opening: string; closing: string } | null;
  drafts: readonly Draft[];
  may_post: boolean;
  may_propose: boolean;
}

/** The accounts of an entry in one cell: the largest, and how many more. */
function accountsText(row: JournalRow, locale: Locale): string {
  const first = row.accounts[0];
  if (first === undefined) return '';
  const name = `${first.account} ${nameOf(first, locale)}`;
  return row.accounts.length === 1
    ? name
    : fill(textsIn(locale).more_accounts, {
        name,
        n: locale === 'zh' ? row.accounts.length : row.accounts.length - 1,
      });
}

function Memo({
  row,
  code,
  locale,
}: {
  row: JournalRow;
  code: string;
  locale: Locale;
}): JSX.Element {
  const t = textsIn(locale);
  const asked = fill(row.open_inquiries > 0 ? t.inquiries_open : t.inquiries_done, {
    n: row.inquiries,
  });
  const is_moved = row.kind === 'transfer' && row.received === '0.00' && row.paid === '0.00';
  return (
    <>
      <a href={`/e/${code}/journal/${row.seq}`}>{row.description}</a>
      {is_moved && (
        <>
          {' '}
          <Chip>
            {fill(t.moved, {
              amount: moneyFigures(money(row.inside === '0.00' ? row.amount : row.inside)),
            })}
          </Chip>
        </>
      )}
      {row.reversed_by !== null && (
        <>
          {' '}
          <Chip tone="red">{t.was_reversed}</Chip>
        </>
      )}
      {row.inquiries > 0 && (
        <>
          {' '}
          <Chip tone={row.open_inquiries > 0 ? 'amber' : 'ok'}>{asked}</Chip>
        </>
      )}
    </>
  );
}

export const unlessZero = (amount: string): string | null => (amount === '0.00' ? null : amount);

function journalColumns(code: string, locale: Locale, has_year: boolean): Column<JournalRow>[] {
  const t = textsIn(locale);
  const red = (row: JournalRow, amount: string): JSX.Element => (
    <Amount value={unlessZero(amount)} redletter={row.reverses !== null && amount !== '0.00'} />
  );
  return [
    {
      key: 'entry_date',
      title: t.date,
      type: 'date',
      cell: (row) => (has_year ? formatDate : formatDay)(row.entry_date, locale),
    },
    { key: 'number', title: t.number, type: 'code' },
    {
      key: 'description',
      title: t.description,
      lead: true,
      cell: (row) => <Memo row={row} code={code} locale={locale} />,
    },
    { key: 'accounts', title: t.account, cell: (row) => accountsText(row, locale) },
    { key: 'received', title: t.received, type: 'money', cell: (row) => red(row, row.received) },
    { key: 'paid', title: t.paid, type: 'money', cell: (row) => red(row, row.paid) },
    { key: 'balance', title: t.balance, type: 'money' },
    { key: 'signers', title: t.signed_by, cell: (row) => signersText(row.signers, locale) },
    {
      key: 'vouchers',
      title: t.attached,
      type: 'number',
      cell: (row) => (row.vouchers === 0 ? '' : row.vouchers),
    },
  ];
}

export const accountOption = (row: AccountRow, locale: Locale) => ({
  value: row.account,
  label: `${row.account} ${nameOf(row, locale)}`,
});
export const fundOption = (row: FundRow, locale: Locale) => ({
  value: row.fund,
  label: nameOf(row, locale),
});

function journalFilters(shown: JournalShown, locale: Locale): FilterField[] {
  const t = textsIn(locale);
  const { asked, period } = shown;
  const any = { value: '', label: t.all };
  return [
    {
      name: 'period',
      label: t.period,
      type: 'select',
      value: period ?? 'all',
      options: [
        ...shown.periods.map((one) => ({ value: one, label: formatPeriod(one, locale) })),
        { value: 'all', label: t.all_periods },
      ],
    },
    {
      name: 'account',
      label: t.account,
      type: 'select',
      value: asked.account,
      options: [any, ...shown.accounts.map((row) => accountOption(row, locale))],
    },
    {
      name: 'fund',
      label: t.fund,
      type: 'select',
      value: asked.fund,
      options: [any, ...shown.funds.map((row) => fundOption(row, locale))],
    },
    {
      name: 'kind',
      label: t.kind,
      type: 'select',
      value: asked.kind,
      options: [
        any,
        { value: 'receipt', label: t.receipt },
        { value: 'payment', label: t.payment },
        { value: 'transfer', label: t.transfer },
      ],
    },
    { name: 'q', label: t.search, type: 'search', value: asked.q, hint: t.search_hint },
  ];
}

function DraftCard({ shown, locale }: { shown: JournalShown; locale: Locale }): JSX.Element {
  const t = textsIn(locale);
  return (
    <Card title={t.drafts} tone="amber">
      <p class="hint">{t.drafts_hint}</p>
      <RowList
        rows={shown.drafts.map((draft) => ({
          label: draft.content.description === '' ? t.no_memo : draft.content.description,
          value: draft.content.lines[0]?.amount ?? '',
          note: formatDate(draft.entry_date, locale),
          href: shown.may_post ? `/e/${shown.code}/journal/new?draft=${draft.draft_id}` : undefined,
        }))}
      />
    </Card>
  );
}

export function journalPage(frame: Frame, shown: JournalShown): string {
  const { locale, here } = frame;
  const t = textsIn(locale);
  const { code, period, totals, borders } = shown;
  const title =
    period === null ? t.journal : fill(t.journal_of, { period: formatPeriod(period, locale) });
  const filtered = Object.values(shown.asked).some((value) => value !== undefined && value !== '');
  const body = (
    <>
      {(shown.may_post || shown.may_propose) && (
        <p class="buttons">
          {shown.may_post && (
            <ActionLink href={`/e/${code}/journal/new`}>{t.post_receipt}</ActionLink>
          )}
          {shown.may_propose && (
            <ActionLink href={`/e/${code}/journal/transfer`} kind="alt">
              {t.propose_transfer}
            </ActionLink>
          )}
        </p>
      )}
      {shown.drafts.length > 0 && <DraftCard shown={shown} locale={locale} />}
      <Filters
        action={`/e/${code}/journal`}
        fields={journalFilters(shown, locale)}
        reset_href={filtered ? `/e/${code}/journal` : undefined}
      />
      {borders !== null && (
        <Figures
          items={[
            { label: t.opening, amount: borders.opening },
            { label: t.received, amount: totals.received },
            { label: t.paid, amount: totals.paid },
            { label: t.closing, amount: borders.closing },
          ]}
        />
      )}
      <LedgerTable
        caption={title}
        caption_hidden
        columns={journalColumns(code, locale, period === null)}
        rows={shown.rows}
        csv={csvTwin(here)}
        empty={<EmptyState title={filtered ? t.none_found : t.nothing_yet} />}
        rowState={(row) => (row.reverses === null ? undefined : 'redletter')}
        rowId={(row) => `entry-${row.seq}`}
        totals={[
          {
            label: fill(t.totals, { n: formatCount(totals.entries) }),
            cells: {
              received: totals.received,
              paid: totals.paid,
              ...(borders === null ? {} : { balance: borders.closing }),
            },
          },
        ]}
      />
      <Pager
        here={here}
        next_cursor={shown.next_cursor}
        shown={shown.rows.length}
        total={totals.entries}
      />
    </>
  );
  return page({ ...frame, title, lede: t.lede, body });
}

/** The CSV twin: what the page shows, plainly. */
export function journalCsv(locale: Locale, code_names: Readonly<Record<string, string>>) {
  const t = textsIn(locale);
  const columns: CsvColumn[] = [
    { key: 'entry_date', title: t.date, type: 'date' },
    { key: 'number', title: t.number },
    { key: 'description', title: t.description },
    { key: 'accounts', title: t.account },
    { key: 'funds', title: t.fund },
    { key: 'received', title: t.received, type: 'money' },
    { key: 'paid', title: t.paid, type: 'money' },
    { key: 'balance', title: t.balance, type: 'money' },
    { key: 'signers', title: t.signed_by },
    { key: 'vouchers', title: t.attached, type: 'number' },
    { key: 'seq', title: t.record, type: 'number' },
  ];
  const rowOf = (row: JournalRow) => ({
    ...row,
    accounts: row.accounts.map((one) => `${one.account} ${nameOf(one, locale)}`).join('; '),
    funds: row.funds.map((fund) => code_names[fund] ?? fund).join('; '),
    signers: signersText(row.signers, locale),
  });
  return { columns, rowOf };
}
