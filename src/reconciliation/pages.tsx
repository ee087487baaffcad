// The work page of matching: three lists by address. Open lines each with their best candidate, confirmed by ticking, with
// keys where scripts run; what lies in suspense; what is matched, and how it is undone.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { assetUrl } from '../web/assets.ts';
import { Button, ButtonRow, Form, HiddenToken } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import { formatDay, formatInstant, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Notice, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import type { MatchShown } from './done.ts';
import type { BankAccountNamed } from './queries.ts';
import { deadlineOf, type OpenSuspense } from './suspense.ts';
import { texts } from './texts.ts';
import type { CandidateShown, LineShown } from './view.ts';

export const tabs = ['open', 'suspense', 'done'] as const;
export type Tab = (typeof tabs)[number];

export interface WorkShown {
  code: string;
  account: string;
  accounts: BankAccountNamed[];
  tab: Tab;
  counts: Record<Tab, number>;
  q: string;
  now: Date;
  lines: LineShown[];
  /** All that fit the filter. */
  found: number;
  suspense: OpenSuspense[];
  done: MatchShown[];
  next_cursor: string | null;
  /** Whether whoever looks may act. */
  acts: boolean;
  /** Boxes ticked beforehand. */
  all: boolean;
  results: { position: number; text: string }[];
}

type T = ReturnType<typeof pick<typeof texts>>;

export const accountName = (row: BankAccountNamed, locale: Locale): string =>
  `${locale === 'zh' ? row.name_zh : row.name_en} · ${row.bank_name} · ${row.account_last4}`;

export const toneOf = (why: CandidateShown['code']): Tone =>
  (['same_amount', 'order_amount', 'name', 'day_sum', 'lines_sum', 'returned'].includes(why) ? 'amber' : 'ok');

/** What the bank says of a line, in one line. */
export const saidOf = (line: Pick<LineShown, 'counterparty_name' | 'memo' | 'purpose'>): string =>
  [line.counterparty_name, line.memo, line.purpose].filter((text) => text !== '').join(' · ') || '–';

export const daysText = (days: number, t: { days: string; days_today: string }): string => (days === 0 ? t.days_today : fill(t.days, { days }));

export const lineHref = (code: string, account: string, position: number): string => `/e/${code}/bank/reconcile/${account}/${position}`;

function whenText(line: LineShown, now: Date, t: T, locale: Locale): string {
  const deadline = deadlineOf(line);
  return deadline <= now ? t.until_now : fill(t.until, { when: formatInstant(deadline, locale) });
}

function OpenRow({ line, shown, t, locale }: { line: LineShown; shown: WorkShown; t: T; locale: Locale }): JSX.Element {
  const [best, ...others] = line.candidates;
  const href = lineHref(shown.code, shown.account, line.position);
  return (
    <li class="choice-row" id={`line-${line.position}`} tabIndex={-1} data-line={href}>
      {shown.acts && (
        <span class="batch-box">
          {best !== undefined && (
            <input type="checkbox" name="items" value={`${line.position}|${best.id}`} checked={shown.all}
              aria-label={fill(t.choose_this, { position: line.position, text: best.text })} />
          )}
        </span>
      )}
      <div class="row">
        <span class="row-label">{formatDay(line.booked_on, locale)} · {saidOf(line)}</span>
        <span class="row-value"><Amount value={line.amount.replace('-', '')} way={line.amount.startsWith('-') ? 'out' : 'in'} strong /></span>
        <span class="row-chips">
          {best === undefined ? <Chip tone="red">{t.no_candidate}</Chip> : <><Chip tone={toneOf(best.code)}>{best.why}</Chip> {best.text}</>}
        </span>
        <small class="hint">
          {others.length > 0 && <>{fill(t.more_candidates, { count: others.length })} · </>}
          {whenText(line, shown.now, t, locale)} · <a class="tap" href={href}>{t.other}</a>
        </small>
      </div>
    </li>
  );
}

function OpenList({ frame, shown, t }: { frame: Frame; shown: WorkShown; t: T }): JSX.Element {
  const { locale, here } = frame;
  if (shown.lines.length === 0) {
    return <Card><EmptyState title={shown.q === '' ? t.nothing_open : t.nothing_found} text={shown.q === '' ? t.nothing_open_text : undefined} /></Card>;
  }
  const rows = <ul class="rows">{shown.lines.map((line) => <OpenRow line={line} shown={shown} t={t} locale={locale} />)}</ul>;
  return (
    <Card>
      {!shown.acts ? rows : (
        <div data-match-keys>
          <Form action={`/e/${shown.code}/bank/reconcile?account=${shown.account}`} csrf={frame.session?.csrf} id="match">
            <p class="share">
              <a class="tap" href={withQuery(here, { all: shown.all ? null : '1' })}>{shown.all ? t.choose_none : t.choose_all}</a>
            </p>
            {rows}
            <ButtonRow>
              <Button name="action" value="confirm">{t.confirm}</Button>
              <Button name="action" value="run" kind="alt">{t.run}</Button>
            </ButtonRow>
          </Form>
          <p class="hint from-desk" data-match-help>{t.keys}</p>
          <script type="module" src={assetUrl('match.js')} />
        </div>
      )}
      <Pager here={here} next_cursor={shown.next_cursor} shown={shown.lines.length} total={shown.found} />
    </Card>
  );
}

function SuspenseList({ frame, shown, t }: { frame: Frame; shown: WorkShown; t: T }): JSX.Element {
  const { locale } = frame;
  return (
    <Card>
      <LedgerTable caption={t.tab_suspense} caption_hidden rows={shown.suspense} empty={<EmptyState title={t.nothing_suspense} />}
        rowState={(row) => (row.side === 'debit' ? 'alarm' : undefined)} columns={[
          { key: 'number', title: t.suspense_number, lead: true, cell: (row) => <a href={`/e/${shown.code}/journal/${row.seq}`}>{row.number}</a> },
          { key: 'side', title: t.line, cell: (row) => <Chip tone={row.side === 'debit' ? 'red' : 'amber'}>{row.side === 'debit' ? t.debit : t.credit}</Chip> },
          { key: 'said', title: t.counterparty, cell: (row) => saidOf(row) },
          { key: 'booked_on', title: t.booked_on, type: 'date', cell: (row) => <>{formatDay(row.booked_on, locale)} <small class="hint">{daysText(row.days, t)}</small></> },
          { key: 'amount', title: t.amount, type: 'money' }, { key: 'left_amount', title: t.left, type: 'money' },
          ...(shown.acts ? [{ key: 'act', title: t.settle, cell: (row: OpenSuspense) => <a class="tap" href={`/e/${shown.code}/bank/suspense/${row.seq}`}>{t.settle}</a> }] : []),
        ]} />
    </Card>
  );
}

function Undo({ row, frame, shown, t }: { row: MatchShown; frame: Frame; shown: WorkShown; t: T }): JSX.Element | null {
  if (!shown.acts) return null;
  if (row.way === 'booked') return <a class="tap" href={`/e/${shown.code}/journal/${row.entries[0]!.seq}/reversal`}>{t.reverse}</a>;
  return (
    <form method="post" action={`/e/${shown.code}/bank/matches/${row.match_id}/end`}>
      {frame.session?.csrf !== undefined && <HiddenToken name="csrf" value={frame.session.csrf} />}
      <HiddenToken name="account" value={shown.account} />
      <button type="submit" class="plain">{t.undo}</button>
    </form>
  );
}

function DoneList({ frame, shown, t }: { frame: Frame; shown: WorkShown; t: T }): JSX.Element {
  const { locale } = frame;
  return (
    <Card>
      <LedgerTable caption={t.tab_done} caption_hidden rows={shown.done} empty={<EmptyState title={t.nothing_done} />} columns={[
        {
          key: 'lines', title: t.lines, lead: true, cell: (row) => (
            <>{row.lines.slice(0, 5).map((line) => <div>{formatDay(line.booked_on, locale)} <Amount value={line.amount} /> <small class="hint">#{line.position}</small></div>)}
              {row.lines.length > 5 && '…'}</>
          ),
        },
        {
          key: 'entries', title: t.matched_with, cell: (row) => (
            <>{row.entries.slice(0, 5).map((entry) => <div><a href={`/e/${shown.code}/journal/${entry.seq}`}>{entry.number}</a> {entry.description}</div>)}
              {row.entries.length > 5 && '…'}</>
          ),
        },
        { key: 'way', title: t.way, cell: (row) => <Chip>{t[`done_way_${row.way}`]}</Chip> },
        ...(shown.acts ? [{ key: 'undo', title: t.act, cell: (row: MatchShown) => <Undo row={row} frame={frame} shown={shown} t={t} /> }] : []),
      ]} />
      <Pager here={frame.here} next_cursor={shown.next_cursor} shown={shown.done.length} total={shown.counts.done} />
    </Card>
  );
}

export function workPage(frame: Frame, shown: WorkShown): string {
  const { locale, here } = frame;
  const t = pick(texts, locale);
  const { code, account, accounts, tab } = shown;
  return page({
    ...frame, title: t.title, lede: t.lede,
    crumbs: [{ href: `/e/${code}/bank`, label: locale === 'zh' ? '银行' : 'Bank' }],
    body: (
      <>
        {shown.results.length > 0 && (
          <Notice tone="amber" title={t.result_title}>
            <ul>{shown.results.map((result) => <li>{fill(t.result_line, result)}</li>)}</ul>
          </Notice>
        )}
        <nav class="tabs" aria-label={t.tabs}>
          {tabs.map((one) => (
            <a href={withQuery(`/e/${code}/bank/reconcile`, { account, tab: one })} aria-current={one === tab ? 'page' : undefined}>
              {t[`tab_${one}`]} <span class="tab-count">{shown.counts[one]}</span>
            </a>
          ))}
        </nav>
        {(tab === 'open' || accounts.length > 1) && (
          <Filters action={`/e/${code}/bank/reconcile`} reset_href={shown.q === '' ? undefined : withQuery(here, { q: null, cursor: null })} fields={[
            { name: 'tab', label: '', type: 'hidden', value: tab },
            accounts.length > 1
              ? { name: 'account', label: t.account, type: 'select', value: account, options: [{ value: account, label: '' }, ...accounts.map((row) => ({ value: row.account, label: accountName(row, locale) }))].slice(1) }
              : { name: 'account', label: '', type: 'hidden', value: account },
            ...(tab === 'open' ? [{ name: 'q', label: t.search, type: 'search' as const, value: shown.q }] : []),
          ]} />
        )}
        {tab === 'open' && <OpenList frame={frame} shown={shown} t={t} />}
        {tab === 'suspense' && <SuspenseList frame={frame} shown={shown} t={t} />}
        {tab === 'done' && <DoneList frame={frame} shown={shown} t={t} />}
        <p><a class="tap" href={`/e/${code}/bank/rules`}>{t.rules}</a></p>
      </>
    ),
  });
}
