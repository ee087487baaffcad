// The page of a year's budget for everybody: planned, come to, left, fund by fund; its versions; orders beyond it; drafts open for comments.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, negated } from '../kernel/money.ts';
import { stateName } from '../approval/texts.ts';
import { Amount } from '../web/amount.tsx';
import { ActionLink, Card, Chip, Columns, DescriptionList, EmptyState, Figures, Notice, RowList } from '../web/parts.tsx';
import { ButtonRow } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDate, pick } from '../web/locale.ts';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, type Column, type Total } from '../web/tables.tsx';
import { totalOf, type Draft, type ExecutionRow, type FundChoice, type Line, type OverOrder, type Version } from './queries.ts';
import { stateTexts, texts } from './texts.ts';

export type T = ReturnType<typeof pick<typeof texts>>;
export const figures = (amount: string): string => moneyFigures(money(amount));
export const fundIn = (row: { fund_zh: string; fund_en: string }, locale: Locale): string => (locale === 'zh' ? row.fund_zh : row.fund_en);
export const accountIn = (row: { account: string; account_zh: string; account_en: string }, locale: Locale): string => `${row.account} ${locale === 'zh' ? row.account_zh : row.account_en}`;

/** Used of planned, as a bar; what stands beside it says the same in figures. */
function Bar({ percent, over, wide }: { percent: string; over: boolean; wide?: boolean }): JSX.Element {
  const width = Math.min(100, Math.max(0, Number(percent)));
  return (
    <svg viewBox="0 0 100 4" width={wide === true ? '100%' : '96'} height="6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="hundred-kept" x="0" y="0" width="100" height="4" />
      <rect class="hundred-part" x="0" y="0" width={width} height="4" fill-opacity={over ? 1 : 0.7} />
    </svg>
  );
}

function Remaining({ row, t }: { row: Pick<ExecutionRow, 'remaining' | 'class' | 'budget'>; t: T }): JSX.Element {
  if (row.remaining === null) return <>–</>;
  const left = money(row.remaining);
  if (!left.isNegative()) return <Amount value={row.remaining} />;
  if (row.class === 'income') return <Chip tone="ok">{fill(t.more_by, { amount: moneyFigures(negated(left)) })}</Chip>;
  return <Chip tone="red">{money(row.budget!).isZero() ? `${t.unplanned} ` : ''}{fill(t.over_by, { amount: moneyFigures(negated(left)) })}</Chip>;
}

const columnsOf = (code: string, year: number, t: T, locale: Locale): Column<ExecutionRow>[] => [
  { key: 'account', title: t.account, lead: true, cell: (row) => (
    <><a href={withQuery(`/e/${code}/journal`, { period: 'all', account: row.account, fund: row.fund })}>{accountIn(row, locale)}</a>{' '}
      <small><a class="screen-only" href={withQuery(`/e/${code}/inquiries/new`, { subject: `budget:${year}:${row.fund}:${row.account}` })} aria-label={`${t.ask}: ${accountIn(row, locale)}`}>{t.ask}</a></small></>
  ) },
  { key: 'budget', title: t.budget, type: 'money', cell: (row) => (row.budget === null ? '–' : <Amount value={row.budget} />) },
  { key: 'actual', title: t.actual, type: 'money' },
  { key: 'committed', title: t.committed, type: 'money', cell: (row) => (money(row.committed).isZero() ? '–' : <Amount value={row.committed} />) },
  { key: 'remaining', title: t.remaining, type: 'money', cell: (row) => <Remaining row={row} t={t} /> },
  { key: 'percent', title: t.percent, type: 'number', cell: (row) => (row.percent === null ? '–'
    : <>{row.percent}%<br /><Bar percent={row.percent} over={row.class === 'expense' && money(row.remaining!).isNegative()} /></>) },
];

function totalRow(label: string, rows: readonly ExecutionRow[]): Total {
  const { budget, actual, committed, remaining, percent } = totalOf(rows);
  return { label, cells: { budget: budget ?? '–', actual, committed, remaining: remaining ?? '–', percent: percent === null ? '–' : `${percent}%` } };
}

function FundTable({ rows, code, year, t, locale }: { rows: ExecutionRow[]; code: string; year: number; t: T; locale: Locale }): JSX.Element {
  const [income, expense] = [rows.filter((row) => row.class === 'income'), rows.filter((row) => row.class === 'expense')];
  const name = fundIn(rows[0]!, locale);
  const over = (row: ExecutionRow) => (row.class === 'expense' && row.remaining !== null && money(row.remaining).isNegative() ? 'alarm' as const : undefined);
  return (
    <Card title={name} id={`fund-${rows[0]!.fund}`}>
      {([[income, t.income, t.total_income], [expense, t.expense, t.total_expense]] as const).filter(([part]) => part.length > 0).map(([part, kind, total]) => (
        <LedgerTable caption={`${name} · ${kind}`} rows={part} columns={columnsOf(code, year, t, locale)} totals={part.length < 2 ? [] : [totalRow(total, part)]} rowState={over}
          rowId={(row) => `line-${row.fund}-${row.account}`} />
      ))}
    </Card>
  );
}

export interface YearShown {
  code: string;
  year: number;
  /** Years to go to, newest first. */
  years: number[];
  day: string;
  versions: Version[];
  rows: ExecutionRow[];
  filter: { fund: string; class: string };
  funds: FundChoice[];
  drafts: Draft[];
  over: number;
  /** Years that may be drawn up or adjusted by whoever looks; empty for all others. */
  begins: { year: number; adjusts: boolean }[];
}

function DraftCards({ shown, t, locale }: { shown: YearShown; t: T; locale: Locale }): JSX.Element {
  return (
    <>
      {shown.drafts.filter(({ state }) => state === 'commenting').map((draft) => (
        <Notice tone="info" title={fill(draft.adjusts === null ? t.draft_title : t.adjust_title, { year: draft.year })}
          action={{ href: `/e/${shown.code}/budget-drafts/${draft.draft_id}`, label: t.comment_now }}>
          {fill(t.open_until, { date: formatDate(draft.comment_until!, locale) })}
        </Notice>
      ))}
    </>
  );
}

function Summary({ shown, t, locale }: { shown: YearShown; t: T; locale: Locale }): JSX.Element {
  const { rows, versions, day, year } = shown;
  const [income, expense] = (['income', 'expense'] as const).map((kind) => totalOf(rows.filter((row) => row.class === kind)));
  const [present] = versions;
  return (
    <Card title={fill(t.execution_of, { year })}>
      <p class="hint">{fill(t.as_of, { date: formatDate(day, locale) })}{present !== undefined && <> · {fill(t.version_of, { version: present.version, date: formatDate(present.published_on, locale) })}</>}</p>
      <Figures items={[
        ...(present === undefined ? [] : [{ label: t.income_budget, amount: present.income }]), { label: t.received_so_far, amount: income!.actual },
        ...(present === undefined ? [] : [{ label: t.expense_budget, amount: present.expense }]), { label: t.spent_so_far, amount: expense!.actual }, { label: t.committed_so_far, amount: expense!.committed },
      ]} />
      {expense!.percent !== null && <p>{t.expense} {expense!.percent}%<Bar percent={expense!.percent} over={money(expense!.remaining!).isNegative()} wide /></p>}
      {income!.percent !== null && <p>{t.income} {income!.percent}%<Bar percent={income!.percent} over={false} wide /></p>}
      {shown.over > 0 && <p><a href={`/e/${shown.code}/over-budget?year=${year}`}>{fill(t.over_some, { year, count: shown.over })}</a></p>}
    </Card>
  );
}

export function yearPage(frame: Frame, shown: YearShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, year, years, rows, versions, filter, funds, begins } = shown;
  const here = withQuery(`/e/${code}/budgets/${year}/execution`, Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== '')));
  const listed = [...new Set(rows.map(({ fund }) => fund))];
  return page({
    ...frame, title: t.title, lede: t.lede,
    body: (
      <>
        <DraftCards shown={shown} t={t} locale={locale} />
        {begins.length > 0 && <ButtonRow>{begins.map((one) => (
          <ActionLink kind="alt" href={`/e/${code}/budgets/new?year=${one.year}`}>{fill(one.adjusts ? t.new_adjustment : t.new_draft, { year: one.year })}</ActionLink>
        ))}</ButtonRow>}
        {versions.length === 0 && <Notice tone="amber" title={fill(t.none, { year })}>{t.none_hint}</Notice>}
        <Summary shown={shown} t={t} locale={locale} />
        <Filters action={`/e/${code}/budgets`} csv={csvTwin(here)} reset_href={`/e/${code}/budgets`} fields={[
          { name: 'year', label: t.years, type: 'select', value: String(year), options: [{ value: '', label: fill(t.year_of, { year: years[0] ?? year }) },
            ...years.slice(1).map((one) => ({ value: String(one), label: fill(t.year_of, { year: one }) }))] },
          { name: 'fund', label: t.fund, type: 'select', value: filter.fund, options: [{ value: '', label: t.all_funds }, ...funds.map((fund) => ({ value: fund.fund, label: fund[`name_${locale}`] }))] },
          { name: 'class', label: t.class, type: 'select', value: filter.class, options: [{ value: '', label: t.all_classes }, { value: 'income', label: t.income }, { value: 'expense', label: t.expense }] },
        ]} />
        {listed.map((fund) => <FundTable rows={rows.filter((row) => row.fund === fund)} code={code} year={year} t={t} locale={locale} />)}
        {rows.length === 0 && <EmptyState title={t.no_rows} />}
        {rows.length > 0 && <p class="hint">{t.remaining_hint}</p>}
        <Columns>
          <Versions shown={shown} t={t} locale={locale} />
          <Others shown={shown} t={t} locale={locale} />
        </Columns>
      </>
    ),
  });
}

function Versions({ shown: { code, versions, year }, t, locale }: { shown: YearShown; t: T; locale: Locale }): JSX.Element {
  return (
    <Card title={t.versions} id="versions">
      {versions.length === 0 ? <EmptyState title={fill(t.none, { year })} /> : (
        <RowList rows={versions.map((one) => ({
          label: fill(t.see_version, { version: one.version }), href: `/e/${code}/budget-versions/${one.proposal_id}`, value: formatDate(one.published_on, locale),
          note: one.reason ?? t.first_version,
        }))} />
      )}
      {versions.length > 0 && <ButtonRow><ActionLink kind="alt" href={`/e/${code}/budgets/${year}/budget.pdf`} download>{t.download}</ActionLink></ButtonRow>}
    </Card>
  );
}

function Others({ shown: { code, drafts, year, over }, t, locale }: { shown: YearShown; t: T; locale: Locale }): JSX.Element {
  return (
    <Card title={t.drafts} id="drafts">
      <RowList rows={[
        ...drafts.map((draft) => ({
          label: `${fill(t.year_of, { year: draft.year })} · ${fill(t.draft, { draft: draft.draft_id })}`, href: `/e/${code}/budget-drafts/${draft.draft_id}`,
          value: <Chip tone={draft.state === 'commenting' ? 'ok' : 'plain'}>{stateTexts[draft.state][locale]}</Chip>,
        })),
        { label: fill(t.final, { year }), href: `/e/${code}/final-accounts/${year}`, value: '›' },
        { label: t.over_orders, href: `/e/${code}/over-budget?year=${year}`, value: String(over) },
      ]} />
    </Card>
  );
}

// ── One version ──────────────────────────────────────────────────────────────────────────────────

export interface ChangeRow { fund: string; account: string; fund_zh: string; fund_en: string; account_zh: string; account_en: string; before: string | null; after: string | null; difference: string }

export function ChangeTable({ caption, rows, csv, t, locale }: { caption: string; rows: readonly ChangeRow[]; csv?: string | undefined; t: T; locale: Locale }): JSX.Element {
  return (
    <LedgerTable caption={caption} csv={csv} rows={rows} columns={[
      { key: 'account', title: t.account, lead: true, cell: (row) => `${fundIn(row, locale)} · ${accountIn(row, locale)}` },
      { key: 'before', title: t.before, type: 'money', cell: (row) => (row.before === null ? '–' : <Amount value={row.before} />) },
      { key: 'after', title: t.after, type: 'money', cell: (row) => (row.after === null ? '–' : <Amount value={row.after} />) },
      { key: 'difference', title: t.difference, type: 'money' },
    ]} />
  );
}

export function LineTables({ lines, csv, t, locale }: { lines: readonly Line[]; csv?: string | undefined; t: T; locale: Locale }): JSX.Element {
  return (
    <>
      {(['income', 'expense'] as const).map((kind) => {
        const rows = lines.filter((line) => line.class === kind);
        const total = totalOf(rows.map((line) => ({ ...line, budget: line.amount, actual: '0.00', committed: '0.00', asked: '0.00', remaining: null, percent: null }))).budget ?? '0.00';
        return (
          <LedgerTable caption={t[kind]} csv={kind === 'income' ? csv : undefined} rows={rows} empty={<EmptyState title={t.no_rows} />} rowId={(row) => `line-${row.fund}-${row.account}`}
            totals={[{ label: t[`total_${kind}`], cells: { amount: total } }]} columns={[
              { key: 'account', title: t.account, lead: true, cell: (row) => accountIn(row, locale) }, { key: 'fund', title: t.fund, cell: (row) => fundIn(row, locale) },
              { key: 'amount', title: t.amount, type: 'money' }, { key: 'note', title: t.note },
            ]} />
        );
      })}
    </>
  );
}

export interface VersionShown {
  code: string;
  year: number;
  /** Null while it is being signed, or where it never was. */
  version: number | null;
  proposal_id: number;
  state: string;
  published_on: string | null;
  reason: string | null;
  rate: string | null;
  lines: Line[];
  changes: ChangeRow[];
  adjusts: number | null;
  comments: { from: string; until: string; count: number; answered: number } | null;
  draft: number | null;
}

export function versionPage(frame: Frame, shown: VersionShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, year, version, proposal_id, comments } = shown;
  return page({
    ...frame, title: version === null ? fill(t.proposed_title, { year }) : fill(t.version_title, { year, version }), crumbs: [{ href: `/e/${code}/budgets?year=${year}`, label: t.title }],
    body: (
      <>
        <Card>
          <DescriptionList items={[
            { term: t.state, value: <a href={`/e/${code}/proposals/${proposal_id}`}>{stateName(shown.state as never, locale)}</a> },
            shown.published_on !== null && { term: t.published_on, value: formatDate(shown.published_on, locale) },
            shown.reason !== null && { term: t.reason, value: <strong>{shown.reason}</strong> },
            shown.rate !== null && { term: t.rate, value: fill(t.rate_text, { rate: shown.rate }) },
            comments !== null && { term: t.comments, value: <a href={`/e/${code}/budget-drafts/${shown.draft}#comments`}>{fill(t.comments_told, {
              ...comments, from: formatDate(comments.from, locale), until: formatDate(comments.until, locale) })}</a> },
          ]} />
        </Card>
        {shown.adjusts !== null && <Card title={t.changes} id="changes"><ChangeTable caption={t.changes} rows={shown.changes} t={t} locale={locale} /></Card>}
        <Card title={t.lines} id="lines"><LineTables lines={shown.lines} csv={csvTwin(`/e/${code}/budget-versions/${proposal_id}/lines`)} t={t} locale={locale} /></Card>
      </>
    ),
  });
}

// ── Orders beyond the budget ─────────────────────────────────────────────────────────────────────

export const whyIn = (row: OverOrder, t: T): string => (row.why === 'reason' ? row.reason ?? '' : row.why === 'emergency' ? fill(t.why_emergency, { reason: row.reason ?? '' }) : t.why_after);

export interface OverShown { code: string; year: number; years: number[]; rows: OverOrder[] }

export function overPage(frame: Frame, { code, year, years, rows }: OverShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  return page({
    ...frame, title: t.over_orders, lede: t.over_lede, crumbs: [{ href: `/e/${code}/budgets?year=${year}`, label: t.title }],
    body: (
      <>
        <Filters action={`/e/${code}/over-budget`} csv={csvTwin(`/e/${code}/over-budget?year=${year}`)} fields={[
          { name: 'year', label: t.years, type: 'select', value: String(year), options: [{ value: '', label: fill(t.year_of, { year: years[0] ?? year }) }, ...years.slice(1).map((one) => ({ value: String(one), label: fill(t.year_of, { year: one }) }))] },
        ]} />
        <LedgerTable caption={t.over_orders} caption_hidden rows={rows} empty={<EmptyState title={fill(t.over_none, { year })} />} columns={[
          { key: 'title', title: t.order, lead: true, cell: (row) => <a href={`/e/${code}/proposals/${row.order}`}>{row.title}</a> },
          { key: 'submitted_on', title: t.day, type: 'date', cell: (row) => formatDate(row.submitted_on, locale) },
          { key: 'account', title: t.account, cell: (row) => `${fundIn(row, locale)} · ${accountIn(row, locale)}` },
          { key: 'amount', title: t.amount, type: 'money' }, { key: 'over', title: t.over, type: 'money' },
          { key: 'why', title: t.why, cell: (row) => whyIn(row, t) }, { key: 'state', title: t.state, cell: (row) => stateName(row.state as never, locale) },
        ]} />
      </>
    ),
  });
}
