// The HTML twin of a disclosure: everything the PDF says, with the entries as a table that filters.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Amount } from '../web/amount.tsx';
import { MonthsChart } from '../web/chart.tsx';
import { Button, ButtonRow, Form, TextArea } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { withQuery } from '../web/links.ts';
import {
  formatCount, formatDate, formatHash, formatInstant, formatKey, formatPeriod, formatSize, pick,
} from '../web/locale.ts';
import {
  ActionLink, Card, Chip, DescriptionList, Figures, Notice, Timeline,
} from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager } from '../web/tables.tsx';
import type { PrintedSeal } from '../../reports/kit/seal.ts';
import type { BankRow, DisclosureFigures, HeadingRow } from '../../reports/monthly-disclosure/figures.ts';
import { witnessWords } from '../../reports/monthly-disclosure/words.ts';
import type { VersionRow } from './queries.ts';
import { marksOf, nameIn, unexplainedShown, type EntryFilter, type EntryShown, type FilteredEntries, type TableName, type UnexplainedShown } from './tables.ts';
import { texts } from './texts.ts';
import { BesideLines, BudgetCard, ProjectsCard, SurveysCard } from './beside-cards.tsx';
import { FeesCard } from './fees-card.tsx';
import { sayIn } from '../../reports/monthly-disclosure/words.ts';

type T = ReturnType<typeof pick<typeof texts>>;

export interface FormShown { form_key: string; values: Record<string, string>; errors: Record<string, string> }

export interface TwinShown {
  code: string;
  figures: DisclosureFigures;
  /** Null for a draft. */
  version: VersionRow | null;
  versions: VersionRow[];
  filter: EntryFilter;
  entries: FilteredEntries;
  /** The part of the filtered entries on this page, and where the next begins. */
  rows: EntryShown[];
  next_cursor: string | null;
  closed: boolean;
  /** Null: of a draft, and of a version published without a checkpoint. */
  seal: PrintedSeal | null;
  /** The forms of manager and chair; null for others. */
  form: FormShown | null;
}

/** An empty cell says "not here" better than 0.00 does. */
const moved = (amount: string): JSX.Element | null => (amount === '0.00' ? null : <Amount value={amount} redletter={amount.startsWith('-')} />);

interface Part { shown: TwinShown; frame: Frame; locale: Locale; t: T; base: string }

/** Address of a table of this version as a file. */
function csvOf({ shown, base }: Part, table: TableName): string | undefined {
  const { version, filter, figures } = shown;
  if (version === null) return undefined;
  const address = `${base}/${figures.period}.csv`;
  if (table !== 'entries') return withQuery(address, { version: String(version.version), table });
  return withQuery(address, { version: String(version.version), ...Object.fromEntries(
    Object.entries(filter).map(([name, value]) => [name, value === '' ? null : value])) });
}

const beside = (part: Part) => ({
  figures: part.shown.figures, locale: part.locale, code: part.shown.code, csv: (table: TableName) => csvOf(part, table),
});

function DraftHead({ shown, frame, locale, t, base }: Part): JSX.Element {
  const { figures, form, closed } = shown;
  const due = formatDate(figures.due_on, locale);
  return (
    <Notice tone="amber" title={t.draft_mark}>
      {fill(t.draft_text, { due })}
      {form !== null && (
        <Form id="publish" action={`${base}/${figures.period}/publish`} csrf={frame.session?.csrf} form_key={form.form_key} errors={form.errors}>
          <p class="hint">{closed ? fill(t.publish_early, { due }) : ''}</p>
          <ButtonRow><Button kind="alt" why_not={closed ? undefined : t.publish_open}>{t.publish_now}</Button></ButtonRow>
        </Form>
      )}
    </Notice>
  );
}

function VersionHead({ shown, locale, t, base }: Part): JSX.Element | null {
  const { version, versions, figures } = shown;
  if (version === null) return null;
  const latest = versions[0]!;
  const address = `${base}/${figures.period}`;
  const size = locale === 'zh' ? version.pdf_zh_size : version.pdf_en_size;
  return (
    <>
      {latest.version !== version.version && (
        <Notice tone="amber" action={{ href: address, label: t.open_latest }}>
          {fill(t.other_version, { shown: version.version, latest: latest.version })}
        </Notice>
      )}
      {figures.correction !== null && <Notice tone="amber" title={t.corrected}>{nameIn(figures.correction, locale)}</Notice>}
      <p>
        <ActionLink href={`${address}.pdf?version=${version.version}&lang=${locale}`} download>
          {fill(t.download_pdf, { size: formatSize(size) })}
        </ActionLink>{' '}
        <a class="tap" href={`${address}.pdf?version=${version.version}&lang=${locale === 'zh' ? 'en' : 'zh'}`} download hreflang={locale === 'zh' ? 'en' : 'zh'}>
          {locale === 'zh' ? 'PDF English' : 'PDF 中文'}
        </a>{' '}
        <a class="tap" href={`${address}.json?version=${version.version}`}>{t.json}</a>{' '}
        <a class="tap" href={`${address}/notice.pdf?version=${version.version}&lang=${locale}`} download>{t.notice_sheet}</a>
      </p>
    </>
  );
}

function Balances({ shown: { figures }, t }: Part): JSX.Element {
  return (
    <Card>
      <Figures items={[
        { label: t.opening, amount: figures.opening }, { label: t.received, amount: figures.received },
        { label: t.paid, amount: figures.paid }, { label: t.closing, amount: figures.closing },
      ]} />
    </Card>
  );
}

function Notices({ shown: { figures }, locale, t }: Part): JSX.Element {
  if (figures.notices.length === 0) return <Notice tone="ok" title={t.notices}>{t.no_notices}</Notice>;
  return (
    <Notice tone="alarm" title={t.notices}>
      <ul>{figures.notices.map((notice) => <li>{locale === 'zh' ? notice.text_zh : notice.text_en}</li>)}</ul>
    </Notice>
  );
}

function Headings({ part, name }: { part: Part; name: 'income' | 'expense' }): JSX.Element {
  const { shown: { code, figures }, locale, t } = part;
  const total = figures[`${name}_total`];
  return (
    <Card title={t[name]}>
      <LedgerTable<HeadingRow> caption={t[name]} caption_hidden csv={csvOf(part, name)} rows={figures[name]}
        totals={[{ label: t.total, cells: { month: total.month, year: total.year } }]}
        columns={[
          {
            key: 'account', title: t.heading, lead: true,
            cell: (row) => <a href={`/e/${code}/journal?period=${figures.period}&account=${row.account}`}>{nameIn(row, locale)}</a>,
          },
          { key: 'month', title: t.this_month, type: 'money' }, { key: 'year', title: t.year_to_date, type: 'money' },
          { key: 'share', title: t.share, type: 'number', cell: (row) => row.share ?? '' },
        ]} />
    </Card>
  );
}

/** Equal, or set apart by nothing but items that are listed. */
const isExplained = ({ difference, statement, as_of }: BankRow): boolean => difference !== null
  && (Number(difference) === 0 || (statement?.covered_to === as_of && Number(statement?.remaining ?? NaN) === 0));

function SmallTables({ part }: { part: Part }): JSX.Element {
  const { shown: { figures, code }, locale, t } = part;
  return (
    <>
      {figures.other.length > 0 && (
        <Card title={t.other}>
          {figures.other.some(({ account }) => account === '1012') && <p class="hint">{sayIn(locale)('other_transit')}</p>}
          <LedgerTable caption={t.other} caption_hidden csv={csvOf(part, 'other')} rows={figures.other} columns={[
            { key: 'account', title: t.heading, lead: true, cell: (row) => nameIn(row, locale) },
            { key: 'received', title: t.received, type: 'money' }, { key: 'paid', title: t.paid, type: 'money' },
          ]} />
        </Card>
      )}
      {figures.fees !== undefined && <FeesCard fees={figures.fees} csv={csvOf(part, 'fees')} locale={locale} arrears_href={`/e/${code}/arrears`} />}
      <Card title={t.funds}>
        <LedgerTable caption={t.funds} caption_hidden csv={csvOf(part, 'funds')} rows={figures.funds} columns={[
          { key: 'fund', title: t.fund, lead: true, cell: (row) => nameIn(row, locale) },
          { key: 'opening', title: t.opening, type: 'money' }, { key: 'received', title: t.received, type: 'money' },
          { key: 'paid', title: t.paid, type: 'money' }, { key: 'closing', title: t.closing, type: 'money' },
        ]} />
      </Card>
      <BudgetCard {...beside(part)} />
      <ProjectsCard {...beside(part)} />
      <Card title={t.bank}>
        <LedgerTable caption={t.bank} caption_hidden csv={csvOf(part, 'bank')} rows={figures.bank}
          rowState={(row) => (isExplained(row) ? undefined : 'alarm')} columns={[
            { key: 'account', title: t.bank_account, lead: true, cell: (row) => `${nameIn(row, locale)} ${row.account_last4}` },
            { key: 'bank_balance', title: t.bank_says, type: 'money', cell: (row) => (row.bank_balance === null ? t.not_stated : <Amount value={row.bank_balance} />) },
            { key: 'as_of', title: t.as_of, type: 'date', cell: (row) => (row.as_of === null ? '' : formatDate(row.as_of, locale)) },
            { key: 'book_balance', title: t.books_say, type: 'money' },
            { key: 'difference', title: t.difference, type: 'money', cell: (row) => <Amount value={row.difference} /> },
            ...(figures.bank.every((row) => row.statement === undefined) ? [] : [
              { key: 'covered_to', title: t.covered_to, type: 'date' as const, cell: (row: BankRow) => (row.statement === null || row.statement === undefined ? <Chip tone="red">{t.not_by_line}</Chip>
                : <a href={`/e/${code}/bank/reconciliation/${row.account}/${figures.period}`}>{formatDate(row.statement.covered_to, locale)}</a>) },
              { key: 'remaining', title: t.remaining, type: 'money' as const, cell: (row: BankRow) => <Amount value={row.statement?.remaining} /> },
            ]),
          ]} />
      </Card>
      {(figures.unexplained ?? []).length > 0 && (
        <Card title={t.unexplained}>
          <p class="hint">{t.unexplained_note}</p>
          <LedgerTable<UnexplainedShown> caption={t.unexplained} caption_hidden csv={csvOf(part, 'unexplained')} rows={unexplainedShown(figures, locale)}
            rowState={(row) => (row.debit && row.left !== '0.00' ? 'alarm' : undefined)} columns={[
              { key: 'booked_on', title: t.booked_on, type: 'date', cell: (row) => formatDate(row.booked_on, locale) },
              { key: 'number', title: t.number, lead: true, cell: (row) => <a href={`/e/${code}/journal/${row.seq}`}>{row.number}</a> },
              { key: 'side', title: t.side, cell: (row) => <Chip tone={row.debit ? 'red' : 'plain'}>{row.side}</Chip> },
              { key: 'amount', title: t.amount, type: 'money' }, { key: 'left', title: t.left, type: 'money' },
              { key: 'settled', title: t.settled_by, cell: (row) => (row.settled.length === 0 ? t.settled_nothing : row.settled.map((text) => <div>{text}</div>)) },
            ]} />
        </Card>
      )}
    </>
  );
}

function Notes({ entry, t, locale }: { entry: EntryShown; t: T; locale: Locale }): JSX.Element {
  return (
    <>
      {entry.reverses !== null && <> <Chip tone="red">{fill(t.reverses, { number: entry.reverses })}</Chip></>}
      {entry.reversed_by !== null && <> <Chip tone="red">{fill(t.reversed_by, { number: entry.reversed_by })}</Chip></>}
      {entry.emergency !== undefined && (
        <> <Chip tone={entry.emergency.ratified ? 'plain' : 'red'}>
          {fill(entry.emergency.ratified ? t.emergency_ratified : t.emergency_open, { ratify_by: entry.emergency.ratify_by })}
        </Chip></>
      )}
      {marksOf(entry, locale).map(({ text, tone }) => <> <Chip tone={tone}>{text}</Chip></>)}
      {entry.asked > 0 && <> <Chip tone={entry.open > 0 ? 'amber' : 'plain'}>{fill(t.asked, { asked: entry.asked, open: entry.open })}</Chip></>}
    </>
  );
}

function Entries({ part }: { part: Part }): JSX.Element {
  const { shown, frame, locale, t, base } = part;
  const { figures, filter, entries, rows, code } = shown;
  const kinds = (['receipt', 'payment', 'transfer'] as const).map((value) => ({ value, label: t[`kind_${value}`] }));
  const headings = [...figures.income, ...figures.expense].map((row) => ({ value: row.account, label: `${row.account} ${nameIn(row, locale)}` }));
  const address = `${base}/${figures.period}`;
  const fixed = shown.version === null ? [] : [{ name: 'version', label: '', type: 'hidden' as const, value: String(shown.version.version) }];
  return (
    <Card title={fill(t.entries, { n: figures.entries.length })} id="entries">
      <Filters action={address} reset_href={address} csv={csvOf(part, 'entries')} fields={[
        ...fixed,
        { name: 'q', label: t.search, type: 'search', value: filter.q, hint: t.search_hint },
        { name: 'kind', label: t.kind, type: 'select', value: filter.kind, options: kinds },
        { name: 'account', label: t.account, type: 'select', value: filter.account, options: headings },
        {
          name: 'fund', label: t.fund, type: 'select', value: filter.fund,
          options: figures.funds.map((fund) => ({ value: fund.fund, label: nameIn(fund, locale) })),
        },
      ]} />
      <LedgerTable caption={fill(t.entries, { n: figures.entries.length })} caption_hidden rows={rows}
        rowState={(row) => (row.reverses !== null ? 'redletter' : undefined)} rowId={(row) => `entry-${row.seq}`}
        totals={[{ label: t.total, cells: { received: entries.received, paid: entries.paid } }]}
        columns={[
          { key: 'date', title: t.date, type: 'date', cell: (row) => row.date.slice(5) },
          { key: 'number', title: t.number, type: 'code' },
          {
            key: 'description', title: t.memo, lead: true,
            cell: (row) => <><a href={`/e/${code}/journal/${row.seq}`}>{row.description}</a><Notes entry={row} t={t} locale={locale} /></>,
          },
          { key: 'account', title: t.account }, { key: 'fund', title: t.fund },
          { key: 'received', title: t.received, type: 'money', cell: (row) => moved(row.received) },
          { key: 'paid', title: t.paid, type: 'money', cell: (row) => moved(row.paid) },
          { key: 'balance', title: t.balance, type: 'money' },
          { key: 'signers', title: t.signers }, { key: 'vouchers', title: t.vouchers, type: 'number', cell: (row) => (row.vouchers === 0 ? '' : row.vouchers) },
        ]} />
      <Pager here={frame.here} next_cursor={shown.next_cursor} shown={rows.length} total={entries.rows.length} />
      <p class="hint">{t.weak_note}</p>
    </Card>
  );
}

/** The checkpoint sealed into the PDF: what to compare, what to download, who has witnessed it. */
function SealCard({ shown: { seal, version, code }, locale, t }: Part): JSX.Element | null {
  if (version === null) return null;
  if (seal === null) return <Notice tone="alarm" title={t.unsealed}>{t.unsealed_text}</Notice>;
  const name = `${code}-${seal.size}.checkpoint`;
  return (
    <Card title={t.seal}>
      <p>{t.seal_text}</p>
      <DescriptionList items={[
        { term: t.seal_records, value: fill(t.seal_records_n, { size: formatCount(seal.size) }) },
        { term: t.seal_root, value: <span class="hash groups">{formatHash(seal.root)}</span> },
        { term: t.seal_key, value: <span class="hash groups">{formatKey(seal.vkey)}</span> },
        { term: t.seal_witnessed, value: witnessWords(seal.witnessed, locale) },
      ]} />
      <div class="buttons">
        <a class="btn alt" href={`/api/v1/estates/${code}/log/checkpoint?size=${seal.size}`} download={name}>{t.download_checkpoint}</a>
        <a class="btn alt" href="/verify">{t.check_here}</a>
        <a class="btn alt" href={`/e/${code}/proof`}>{t.proof_page}</a>
      </div>
    </Card>
  );
}

function Foot({ part }: { part: Part }): JSX.Element {
  const { shown: { figures, versions, version, form }, frame, locale, t, base } = part;
  const address = `${base}/${figures.period}`;
  const estate = figures.estate;
  return (
    <>
      <Card title={t.signatures}>
        {figures.signatures.length === 0 ? <p>{t.no_signatures}</p> : (
          <Timeline steps={figures.signatures.map((signer) => ({
            state: 'done', title: `${nameIn(signer, locale)}${signer.weak ? t.weak : ''}`, when: formatInstant(signer.signed_at, locale),
          }))} />
        )}
      </Card>
      <Card title={t.estate_facts}>
        <DescriptionList items={[
          { term: t.households, value: String(estate.households) }, { term: t.area, value: `${estate.area_m2} m²` },
          estate.fee_rate !== null && { term: t.fee_rate, value: fill(t.fee_unit, { rate: estate.fee_rate }) },
          { term: t.mode, value: locale === 'zh' ? estate.mode_zh : estate.mode_en },
          { term: t.trustee, value: estate.trustee }, { term: t.committee, value: estate.committee },
          { term: t.closed_at, value: figures.closed_at === null ? t.not_closed : formatInstant(figures.closed_at, locale) },
        ]} />
        <p class="hint">{fill(t.log, { size: figures.log.size, hash: figures.log.leaf_hash })}</p>
      </Card>
      {versions.length > 1 && (
        <Card title={t.all_versions}>
          <ul>
            {versions.map((row) => (
              <li>
                <a class="tap" href={`${address}?version=${row.version}`}>{fill(t.version_n, { n: row.version })}</a>{' '}
                {formatInstant(row.published_at, locale)}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {version !== null && form !== null && (
        <Card title={t.correct}>
          <p>{t.correct_text}</p>
          <Form id="correct" action={`${address}/corrections`} csrf={frame.session?.csrf} form_key={form.form_key}
            values={form.values} errors={form.errors}>
            <TextArea name="reason" label={t.reason} hint={t.reason_hint} required rows={2} />
            <ButtonRow><Button kind="alt">{t.correct}</Button></ButtonRow>
          </Form>
        </Card>
      )}
    </>
  );
}

export function twinPage(frame: Frame, shown: TwinShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${shown.code}/disclosures`;
  const part: Part = { shown, frame, locale, t, base };
  const { figures, version } = shown;
  const month = fill(t.twin_title, { month: formatPeriod(figures.period, locale) });
  const body = (
    <>
      {version === null ? <DraftHead {...part} /> : <VersionHead {...part} />}
      <Balances {...part} />
      <Notices {...part} />
      <BesideLines {...beside(part)} />
      <Headings part={part} name="income" />
      <Headings part={part} name="expense" />
      <SmallTables part={part} />
      <Card title={t.months}><MonthsChart months={figures.months} /></Card>
      <SurveysCard {...beside(part)} />
      <Entries part={part} />
      <SealCard {...part} />
      <Foot part={part} />
    </>
  );
  const lede = version === null ? t.draft_mark : `${fill(t.version_n, { n: version.version })} · ${fill(t.due_and_published, {
    due: formatDate(figures.due_on, locale), published: formatInstant(version.published_at, locale) })}`;
  return page({
    ...frame, title: version === null ? `${month}（${t.draft_mark}）` : month, lede,
    crumbs: [{ href: base, label: t.disclosures }], body,
  });
}
