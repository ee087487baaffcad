// Statements that were taken, one of them, and the lines of the bank.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { negatedText } from '../bankfile/value.ts';
import { Amount } from '../web/amount.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatCount, formatDate, formatInstant, formatPeriod, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, DescriptionList, EmptyState, Figures } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import { accountText, crumbs, daysText, moneyIn, moneyOut, type T } from './intake-pages.tsx';
import type { CoveredAccount, LineDetail, LineFilter, LineRow, LineTotals, StatementRow } from './statement-queries.ts';
import { formatName, texts } from './statement-texts.ts';

const named = (row: { zh: string; en: string }, locale: Locale): string => row[locale];
export const bodyName = (row: StatementRow, locale: Locale): string => (locale === 'zh' ? row.body_zh : row.body_en);

/** Who confirms a statement, in a word. */
export function confirmedText(row: StatementRow, locale: Locale, t: T): string {
  if (row.confirmed_by.length === 0) return t.not_confirmed;
  return fill(t.confirmed, { bodies: row.confirmed_by.map((one) => named(one, locale)).join(locale === 'zh' ? '、' : ', ') });
}

const ConfirmedChip = ({ row, locale, t }: { row: StatementRow; locale: Locale; t: T }): JSX.Element => (
  <Chip tone={row.confirmed_by.length === 0 ? 'amber' : 'ok'}>{confirmedText(row, locale, t)}</Chip>
);
const Days = ({ row, locale, t }: { row: StatementRow; locale: Locale; t: T }): JSX.Element => (
  <>{daysText(row, locale, t)}{!row.period_stated && <> <Chip tone="amber">{t.by_word}</Chip></>}{!row.last_day_whole && <> <Chip tone="amber">{t.last_day_later}</Chip></>}</>
);

export interface StatementsShown { code: string; may_hand_in: boolean; accounts: readonly CoveredAccount[]; items: readonly StatementRow[]; next_cursor: string | null }

export function statementsPage(frame: Frame, { code, may_hand_in, accounts, items, next_cursor }: StatementsShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const several = accounts.length > 1;
  const endingOf = (account: string): string => accounts.find((one) => one.account === account)?.account_last4 ?? account;
  const body = (
    <>
      <div class="buttons">
        {may_hand_in && <ActionLink href={`/e/${code}/bank/files`}>{t.hand_in}</ActionLink>}
        <ActionLink kind="alt" href={`/e/${code}/bank/lines`}>{t.lines}</ActionLink>
      </div>
      <LedgerTable caption={t.statements} caption_hidden csv={csvTwin(frame.here)} rows={items} empty={<EmptyState title={t.statements_none} />} columns={[
        { key: 'days', title: t.period, lead: true, cell: (row) => <a href={`/e/${code}/bank/statements/${row.seq}`}><Days row={row} locale={locale} t={t} /></a> },
        ...(several ? [{ key: 'account', title: t.account, cell: (row: StatementRow) => endingOf(row.account) }] : []),
        { key: 'lines', title: t.lines_n, cell: (row) => fill(t.lines_new_repeated, { lines: formatCount(row.lines), repeated: formatCount(row.repeated) }) },
        { key: 'opening', title: t.opening, type: 'money' },
        { key: 'closing', title: t.closing, type: 'money' },
        { key: 'by', title: t.by, cell: (row) => <>{bodyName(row, locale)} <ConfirmedChip row={row} locale={locale} t={t} /></> },
        { key: 'at', title: t.handed_at, type: 'date', cell: (row) => formatInstant(row.imported_at, locale) },
      ]} />
      <Pager here={frame.here} next_cursor={next_cursor} shown={items.length} />
    </>
  );
  return page({ ...frame, title: t.statements, lede: t.statements_lede, crumbs: crumbs(code, t, false), body });
}

export function statementPage(frame: Frame, { code, row, account }: { code: string; row: StatementRow; account: CoveredAccount }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const body = (
    <>
      <Card>
        <Figures items={[{ label: t.opening, amount: row.opening }, { label: t.closing, amount: row.closing }]} />
        <DescriptionList items={[
          { term: t.account, value: accountText(account, locale, t) },
          { term: t.period, value: <>{daysText(row, locale, t)} <Chip tone={row.period_stated ? 'plain' : 'amber'}>{row.period_stated ? t.by_file : t.by_word}</Chip>{!row.last_day_whole && <> <Chip tone="amber">{t.last_day_later}</Chip></>}</> },
          { term: t.lines_n, value: fill(t.lines_new_repeated, { lines: formatCount(row.lines), repeated: formatCount(row.repeated) }) },
          { term: t.format, value: formatName(row.format)[locale] },
          { term: t.by, value: <>{bodyName(row, locale)} <ConfirmedChip row={row} locale={locale} t={t} /></> },
          { term: t.handed_at, value: formatInstant(row.imported_at, locale) },
          row.file_name !== '' && { term: t.file, value: <a href={`/e/${code}/vouchers/${row.sha256}`}>{row.file_name}</a> },
          { term: t.hash, value: <code class="hash">{row.sha256}</code> },
          { term: t.record, value: formatCount(row.seq) },
        ]} />
      </Card>
      {row.lines > 0 && <div class="buttons"><ActionLink href={`/e/${code}/bank/lines?account=${row.account}&statement=${row.seq}`}>{t.see_lines}</ActionLink></div>}
    </>
  );
  return page({ ...frame, title: fill(t.statement_n, { n: row.seq }), lede: t.statements_lede,
    crumbs: [...crumbs(code, t, false), { href: `/e/${code}/bank/statements`, label: t.statements }], body });
}

const saidOf = ({ memo, purpose }: LineDetail): string => [memo, purpose].filter((part, index, all) => part !== '' && all.indexOf(part) === index).join('；');

function Entries({ row, code, t }: { row: LineRow; code: string; t: T }): JSX.Element {
  if (row.state === 'open') return <Chip tone="amber">{t.open}</Chip>;
  if (row.entries.length === 0) return <Chip>{t.offset}</Chip>;
  return <>{row.entries.map((entry) => <div><a href={`/e/${code}/journal/${entry.seq}`}>{entry.period} {entry.number}</a> {entry.description}</div>)}</>;
}

export interface LinesShown {
  code: string;
  in_full: boolean;
  accounts: readonly CoveredAccount[];
  months: readonly string[];
  filter: LineFilter;
  items: readonly LineRow[];
  totals: LineTotals;
  next_cursor: string | null;
}

export function linesPage(frame: Frame, { code, in_full, accounts, months, filter, items, totals, next_cursor }: LinesShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const any = { value: '', label: t.any };
  const fields = [
    { name: 'account', label: t.account, type: accounts.length > 1 ? 'select' as const : 'hidden' as const, value: filter.account,
      options: accounts.map((one) => ({ value: one.account, label: `${locale === 'zh' ? one.name_zh : one.name_en} ${one.account_last4}` })) },
    { name: 'period', label: t.month, type: 'select' as const, value: filter.period ?? '', options: [any, ...months.map((value) => ({ value, label: formatPeriod(value, locale) }))] },
    { name: 'direction', label: t.direction, type: 'select' as const, value: filter.direction ?? '', options: [any, { value: 'in', label: t.in }, { value: 'out', label: t.out }] },
    { name: 'state', label: t.state, type: 'select' as const, value: filter.state ?? '', options: [any, { value: 'open', label: t.open }, { value: 'matched', label: t.matched }] },
    { name: 'q', label: t.search, type: 'search' as const, value: filter.q ?? '' },
    ...(filter.statement === undefined ? [] : [{ name: 'statement', label: '', type: 'hidden' as const, value: String(filter.statement) }]),
  ];
  const details = in_full ? [
    { key: 'counterparty', title: t.counterparty, cell: (row: LineRow) => <>{row.detail!.counterparty_name}{row.detail!.counterparty_account !== '' && <small class="hint"> {row.detail!.counterparty_account}</small>}</> },
    { key: 'memo', title: t.memo, cell: (row: LineRow) => saidOf(row.detail!) },
  ] : [];
  const body = (
    <>
      <Filters action={`/e/${code}/bank/lines`} fields={fields} csv={csvTwin(frame.here)} reset_href={`/e/${code}/bank/lines?account=${filter.account}`} />
      {filter.statement !== undefined && <p class="hint"><a href={`/e/${code}/bank/statements/${filter.statement}`}>{fill(t.of_statement, { n: filter.statement })}</a></p>}
      <LedgerTable caption={t.lines} caption_hidden rows={items} empty={<EmptyState title={t.lines_none} />} rowId={(row) => `line-${row.position}`} columns={[
        { key: 'booked_on', title: t.day, type: 'date', lead: true, cell: (row) => formatDate(row.booked_on, locale) },
        { key: 'in', title: t.in, type: 'money', cell: (row) => <Amount value={moneyIn(row.amount)} /> },
        { key: 'out', title: t.out, type: 'money', cell: (row) => <Amount value={moneyOut(row.amount)} /> },
        { key: 'balance', title: t.balance, type: 'money', cell: (row) => <Amount value={row.balance} /> },
        ...details,
        { key: 'entry', title: t.entry, cell: (row) => <Entries row={row} code={code} t={t} /> },
      ]} totals={totals.lines === 0 ? undefined : [{ label: fill(t.totals, { n: formatCount(totals.lines), open: formatCount(totals.open) }), cells: { in: totals.in, out: totals.out } }]} />
      <Pager here={frame.here} next_cursor={next_cursor} shown={items.length} total={totals.lines} />
    </>
  );
  return page({ ...frame, title: t.lines, lede: t.lines_lede, crumbs: [...crumbs(code, t, false), { href: `/e/${code}/bank/statements`, label: t.statements }], body });
}

/** Columns of the CSV, for whom they are. */
export function lineColumns(in_full: boolean, t: T) {
  return [
    { key: 'position', title: t.position, type: 'number' as const }, { key: 'booked_on', title: t.day, type: 'date' as const },
    { key: 'in', title: t.in, type: 'money' as const }, { key: 'out', title: t.out, type: 'money' as const }, { key: 'balance', title: t.balance, type: 'money' as const },
    ...(in_full ? [{ key: 'counterparty_name', title: t.counterparty }, { key: 'memo', title: t.memo }, { key: 'serial', title: t.serial }] : []),
    { key: 'state', title: t.state }, { key: 'entry', title: t.entry },
  ];
}

export const lineRow = (row: LineRow, t: T): object => ({
  position: row.position, booked_on: row.booked_on, in: moneyIn(row.amount), out: row.amount.startsWith('-') ? negatedText(row.amount) : null, balance: row.balance,
  counterparty_name: row.detail?.counterparty_name, memo: row.detail === null ? undefined : saidOf(row.detail), serial: row.detail?.serial,
  state: row.state === 'open' ? t.open : t.matched, entry: row.entries.map((entry) => `${entry.period} ${entry.number}`).join(' '),
});
