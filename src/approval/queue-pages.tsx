// The queue on a phone: three tabs by address, one line for each proposal that says what it is, how far it is and
// who is missing. On a desk several may be signed with one password; a phone shows that on request.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { Button, ButtonRow, Form, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { csvTwin, withQuery } from '../web/links.ts';
import { formatDay, pick } from '../web/locale.ts';
import { Card, Chip, EmptyState, Notice, type Children, type Tone } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, Pager } from '../web/tables.tsx';
import type { CsvColumn } from '../web/csv.ts';
import type { QueueRow, Tab } from './queue.ts';
import { tabs } from './queue.ts';
import { queueTexts } from './queue-texts.ts';
import { kindName, stateName, texts, titleIn } from './texts.ts';
import type { Names } from './view.ts';
import { proposalKinds } from './kinds.ts';

type T = Record<keyof typeof queueTexts, string>;
const tOf = (locale: Locale): T => pick(queueTexts, locale);

export interface QueueShown {
  code: string;
  tab: Tab;
  counts: Record<Tab, number>;
  items: QueueRow[];
  next: number | null;
  names: Names;
  filter: { kind: string; fund: string; q: string };
  /** The phone shows the boxes and the password as well. */
  batch: boolean;
  /** Whether a one-time code goes with this person's signing password. */
  code_asked: boolean;
  /** Outcome of a batch that did not go through as a whole. */
  results: { proposal_id: number; ok: boolean; text: string }[];
  form: { values: Record<string, string>; errors: Record<string, string> };
  /** Warnings above the list. */
  warnings?: Children;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
const countOf = ({ needed }: QueueRow) => ({
  signed: sum(needed.map((row) => row.signers - row.missing)), needed: sum(needed.map((row) => row.signers)),
});

/** Whether somebody is still asked to sign it. */
const isOpen = (row: QueueRow): boolean => row.state === 'submitted' || row.state === 'held' || row.decision === 'ratify' || isUnratified(row);
const isUnratified = (row: QueueRow): boolean =>
  row.ratify_by !== null && row.days_left !== null && ['approved', 'executed'].includes(row.state);

/** 还差：业主委员会 1 人 */
export function missingText({ needed }: Pick<QueueRow, 'needed'>, locale: Locale): string {
  const t = tOf(locale);
  return needed.filter((row) => row.missing > 0)
    .map((row) => fill(t.missing_count, { body: locale === 'zh' ? row.name_zh : row.name_en, count: row.missing }))
    .join(locale === 'zh' ? '、' : ', ');
}

function daysText(days: number, t: T): string {
  if (days < 0) return fill(t.late, { days: -days });
  if (days === 0) return t.today_last;
  return days === 1 ? t.one_day_left : fill(t.days_left, { days });
}

const tones: Record<string, Tone> = { rejected: 'red', expired: 'red', held: 'amber', returned: 'amber', approved: 'ok', executed: 'ok' };

/** What must be seen at a glance, each with its tone. */
function labelsOf(row: QueueRow, names: Names, locale: Locale): { text: string; tone: Tone }[] {
  const t = tOf(locale);
  const found: ({ text: string; tone: Tone } | false)[] = [
    row.class === 'emergency' && { text: t.emergency, tone: 'red' },
    row.after_the_fact && { text: t.after_the_fact, tone: 'red' },
    row.class === 'vacancy' && { text: t.vacancy, tone: 'amber' },
    (row.decision === 'ratify' || isUnratified(row)) && { text: t.ratify, tone: 'amber' },
    row.state !== 'submitted' && row.decision !== 'ratify' && { text: stateName(row.state, locale), tone: tones[row.state] ?? 'plain' },
    row.objections > 0 && { text: t.objected, tone: 'red' },
    row.payable_from !== null && { text: fill(t.in_notice, { day: formatDay(row.payable_from, locale) }), tone: 'plain' },
    row.on_behalf_of !== null && { text: fill(t.behalf, { name: names.persons[row.on_behalf_of] ?? t.erased }), tone: 'amber' },
    row.passkey_only && row.decision !== null && { text: t.passkey_only, tone: 'plain' },
  ];
  return found.filter((label) => label !== false);
}

function noteOf(row: QueueRow, names: Names, locale: Locale): string {
  const t = tOf(locale);
  const missing = isOpen(row) ? missingText(row, locale) : '';
  return [
    kindName(row.kind, locale), row.fund === null ? '' : names.funds[row.fund]?.[locale] ?? '',
    missing === '' ? '' : fill(t.missing, { who: missing }), row.days_left === null ? '' : daysText(row.days_left, t),
  ].filter((part) => part !== '').join(' · ');
}

function Line({ row, shown, locale }: { row: QueueRow; shown: QueueShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const count = countOf(row);
  return (
    <a class="row" href={`/e/${shown.code}/proposals/${row.proposal_id}`}>
      <span class="row-label">{titleIn(row, locale)}</span>
      <span class="row-value">{row.amount !== null && <Amount value={row.amount} strong />}</span>
      <span class="row-chips">
        {isOpen(row) && count.needed > 0 && (
          <Chip tone="ok"><span aria-hidden="true">{fill(t.signed_of, count)}</span><span class="hidden">{fill(t.signed_of_long, count)}</span></Chip>
        )}
        {labelsOf(row, shown.names, locale).map(({ text, tone }) => <> <Chip tone={tone}>{text}</Chip></>)}
      </span>
      <small class="hint">{noteOf(row, shown.names, locale)}</small>
    </a>
  );
}

/** By password one may sign several; ratifying, and what asks for a passkey, goes one by one. */
const inBatch = (row: QueueRow): boolean => row.decision === 'approve' && !row.passkey_only;

function MineList({ shown, csrf, locale }: { shown: QueueShown; csrf: string | undefined; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const old = pick(texts, locale);
  const several = shown.items.some(inBatch);
  return (
    <div class={shown.batch ? 'batch shown' : 'batch'}>
      <Form action={`/e/${shown.code}/queue`} csrf={csrf} values={shown.form.values} errors={shown.form.errors} id="batch">
        <ul class="rows">
          {shown.items.map((row) => (
            <li class="choice-row">
              {inBatch(row) && (
                <label class="batch-box">
                  <input type="checkbox" name="items" value={`${row.proposal_id}:${row.document_hash}`}
                    aria-label={fill(old.choose_this, { title: titleIn(row, locale) })} />
                </label>
              )}
              <Line row={row} shown={shown} locale={locale} />
            </li>
          ))}
        </ul>
        {several && (
          <div class="batch-sign">
            <h3>{t.batch_title}</h3>
            <TextField name="password" type="password" label={old.password} hint={t.batch_hint} autocomplete="off" required />
            {shown.code_asked && (
              <TextField name="code" label={t.code} hint={t.code_hint} autocomplete="one-time-code" input_mode="numeric" short />
            )}
            <ButtonRow><Button kind="alt">{old.sign_chosen}</Button></ButtonRow>
          </div>
        )}
      </Form>
      {several && !shown.batch && (
        <p class="batch-open"><a class="tap" href={`/e/${shown.code}/queue?batch=1`}>{t.batch_open}</a></p>
      )}
    </div>
  );
}

function Tabs({ shown, here, locale }: { shown: QueueShown; here: string; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  return (
    <nav class="tabs" aria-label={t.tabs}>
      {tabs.map((tab) => (
        <a href={withQuery(here, { tab, cursor: null, batch: null, done: null })} aria-current={tab === shown.tab ? 'page' : undefined}>
          {t[`tab_${tab}`]} <span class="tab-count">{shown.counts[tab]}</span>
        </a>
      ))}
    </nav>
  );
}

function Found({ shown, csrf, here, locale }: { shown: QueueShown; csrf: string | undefined; here: string; locale: Locale }): JSX.Element {
  const t = tOf(locale);
  const filtered = Object.values(shown.filter).some((value) => value !== '');
  if (shown.items.length === 0) {
    return (
      <Card>
        <EmptyState title={filtered ? t.nothing_found : t[`nothing_${shown.tab}`]} text={!filtered && shown.tab === 'mine' ? t.nothing_mine_text : undefined} />
      </Card>
    );
  }
  return (
    <Card>
      {shown.tab === 'mine' ? <MineList shown={shown} csrf={csrf} locale={locale} />
        : <ul class="rows">{shown.items.map((row) => <li><Line row={row} shown={shown} locale={locale} /></li>)}</ul>}
      {(shown.next !== null || /[?&]cursor=/.test(here)) && (
        <Pager here={here} next_cursor={shown.next === null ? null : String(shown.next)} shown={shown.items.length} total={shown.counts[shown.tab]} />
      )}
    </Card>
  );
}

export function queuePage(frame: Frame, shown: QueueShown): string {
  const { locale, here } = frame;
  const t = tOf(locale);
  const old = pick(texts, locale);
  const { filter } = shown;
  const refused = shown.results.some((result) => !result.ok);
  const filtered = Object.values(filter).some((value) => value !== '');
  return page({
    ...frame, title: old.queue,
    body: (
      <>
        {shown.warnings}
        {shown.results.length > 0 && (
          <Notice tone={refused ? 'amber' : 'ok'} title={old.batch_title}>
            <ul>{shown.results.map((result) => <li>{fill(old.batch_line, { proposal: result.proposal_id, text: result.text })}</li>)}</ul>
          </Notice>
        )}
        <Tabs shown={shown} here={here} locale={locale} />
        <Found shown={shown} csrf={frame.session?.csrf} here={here} locale={locale} />
        <details open={filtered}>
          <summary class="tap">{t.find}</summary>
          <Filters action={`/e/${shown.code}/queue`} csv={csvTwin(withQuery(here, { cursor: null, batch: null }))}
            reset_href={filtered ? `/e/${shown.code}/queue?tab=${shown.tab}` : undefined} fields={[
              { name: 'tab', label: '', type: 'hidden', value: shown.tab },
              { name: 'kind', label: t.kind, type: 'select', value: filter.kind,
                options: proposalKinds.map((kind) => ({ value: kind, label: kindName(kind, locale) })) },
              { name: 'fund', label: t.fund, type: 'select', value: filter.fund,
                options: Object.entries(shown.names.funds).map(([value, label]) => ({ value, label: label[locale] })) },
              { name: 'q', label: t.q, type: 'search', value: filter.q },
            ]} />
        </details>
        <p class="hint">{old.queue_lede}</p>
      </>
    ),
  });
}

/** The same list as a table file. */
export function queueCsv(items: readonly QueueRow[], names: Names, locale: Locale): { columns: CsvColumn[]; rows: object[] } {
  const t = tOf(locale);
  return {
    columns: [
      { key: 'number', title: t.number, type: 'number' }, { key: 'kind', title: t.kind }, { key: 'title', title: t.title },
      { key: 'amount', title: t.amount, type: 'money' }, { key: 'fund', title: t.fund }, { key: 'state', title: t.state },
      { key: 'signed', title: t.signed, type: 'number' }, { key: 'needed', title: t.needed, type: 'number' },
      { key: 'missing', title: t.missing_title }, { key: 'until', title: t.until, type: 'date' }, { key: 'labels', title: t.labels },
    ],
    rows: items.map((row) => ({
      number: row.proposal_id, kind: kindName(row.kind, locale), title: titleIn(row, locale), amount: row.amount,
      fund: row.fund === null ? '' : names.funds[row.fund]?.[locale], state: stateName(row.state, locale), ...countOf(row),
      missing: isOpen(row) ? missingText(row, locale) : '', until: isUnratified(row) ? row.ratify_by : row.expires_on,
      labels: labelsOf(row, names, locale).map((label) => label.text).join(locale === 'zh' ? '、' : ', '),
    })),
  };
}
