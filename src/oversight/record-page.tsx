// One record of the log (存证记录) in plain words: who, when, what; below it the very text that was hashed, its
// fingerprint and the proof that it is in the log, for whoever would rather not take our word for it.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Frame } from '../web/frame.ts';
import { formatCount, pick } from '../web/locale.ts';
import { ActionLink, Card, Columns, DescriptionList, RowList, type Children } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { recordKindName } from './kinds.ts';
import { personAt, type Officers } from './officers.ts';
import { secondsOf } from './pages.tsx';
import { doerOf, type Told } from './reading.ts';
import type { Line, Shown } from './shown.ts';
import { texts } from './texts.ts';

export interface RecordShown {
  code: string;
  row: Told;
  officers: Officers;
  lines: readonly Line[];
  links: readonly { href: string; label: keyof typeof texts; seq?: number }[];
  concerns: string | null;
  size: number;
  /** Records that the latest checkpoint covers. */
  covered: number;
}

function Value({ value }: { value: Shown }): JSX.Element {
  switch (value.as) {
    case 'text': return (
      <>
        {value.href === undefined ? value.text : <a href={value.href}>{value.text}</a>}
        {value.hint !== undefined && <small class="hint"><br />{value.hint}</small>}
      </>
    );
    case 'code': return <code class="hash">{value.text}</code>;
    case 'parts': return <Lines lines={value.lines} />;
    case 'list': return value.items.length === 1 ? <Value value={value.items[0]!} /> : <ul>{value.items.map((item) => <li><Value value={item} /></li>)}</ul>;
    case 'table': return <PartsTable value={value} caption="" />;
  }
}

const figures = new Set(['debit', 'credit', 'amount']);

function PartsTable({ value, caption }: { value: Extract<Shown, { as: 'table' }>; caption: string }): JSX.Element {
  return (
    <LedgerTable caption={caption} caption_hidden rows={value.rows} columns={value.columns.map(({ field, label }, index) => ({
      key: field, title: label, lead: index === 0, type: figures.has(field) ? 'number' as const : undefined,
      cell: (row: Record<string, Shown>): Children => (row[field] === undefined || (row[field].as === 'text' && row[field].text === '') ? null : <Value value={row[field]} />),
    }))} />
  );
}

/** Plain facts in a list; what has parts of its own gets a heading and stands below. */
function Lines({ lines }: { lines: readonly Line[] }): JSX.Element {
  const wide = ({ value }: Line): boolean => value.as === 'table' || value.as === 'parts' || (value.as === 'list' && value.items.length > 3);
  return (
    <>
      <DescriptionList items={lines.filter((line) => !wide(line)).map(({ label, value }) => ({ term: label, value: <Value value={value} /> }))} />
      {lines.filter(wide).map(({ label, value }) => (
        <>
          <h3>{label}</h3>
          {value.as === 'table' ? <PartsTable value={value} caption={label} /> : <Value value={value} />}
        </>
      ))}
    </>
  );
}

function ProofCard({ shown, locale }: { shown: RecordShown; locale: Locale }): JSX.Element {
  const t = pick(texts, locale);
  const { code, row, covered } = shown;
  const api = `/api/v1/estates/${code}/log`;
  return (
    <Card title={t.proof} id="proof" actions={
      <>
        {row.seq <= covered && <ActionLink href={`${api}/proof/inclusion?seq=${row.seq}`} kind="alt" download>{t.proof_download}</ActionLink>}
        <ActionLink href={`${api}/records/${row.seq}/leaf`} kind="alt" download>{t.body_download}</ActionLink>
      </>
    }>
      <p class="hint">{t.proof_text}</p>
      {row.seq > covered && <p class="hint">{t.not_covered}</p>}
      <DescriptionList items={[{ term: t.leaf_hash, value: <code class="hash">{row.leaf_hash}</code> }]} />
      <details>
        <summary class="tap">{t.raw}</summary>
        <p><code class="hash">{row.body}</code></p>
      </details>
    </Card>
  );
}

export function recordPage(frame: Frame, shown: RecordShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, row, officers, links } = shown;
  const { name, offices } = doerOf(row, officers, locale);
  const near = (seq: number) => `/e/${code}/log/${seq}`;
  const body = (
    <>
      <Columns wide="left">
        <div>
          <Card title={recordKindName(row.kind)[locale]}>
            <DescriptionList items={[
              { term: t.person, value: offices === '' ? name : <>{name}<br /><small class="hint">{offices}</small></> },
              shown.concerns !== null && { term: t.concerns, value: personAt(officers, shown.concerns, row.recorded_at, locale) },
              { term: t.time, value: secondsOf(row.recorded_at, locale) },
              { term: t.kind, value: row.summary[locale] },
              row.number !== '-' && { term: t.number, value: row.number },
            ]} />
          </Card>
          <Card title={t.content} id="content"><Lines lines={shown.lines} /></Card>
        </div>
        <div>
          {links.length > 0 && (
            <Card title={t.about_this}>
              <RowList rows={links.map(({ href, label, seq }) => ({ href, label: fill(t[label], { seq: formatCount(seq ?? 0) }) }))} />
            </Card>
          )}
          <ProofCard shown={shown} locale={locale} />
        </div>
      </Columns>
      <nav class="pager" aria-label={t.log}>
        {row.seq > 1 && <a class="btn small alt" rel="prev" href={near(row.seq - 1)}>‹ {t.earlier}</a>}
        {row.seq < shown.size && <a class="btn small alt" rel="next" href={near(row.seq + 1)}>{t.later} ›</a>}
      </nav>
    </>
  );
  return page({ ...frame, title: fill(t.record_no, { seq: formatCount(row.seq) }), body, crumbs: [{ href: `/e/${code}/log`, label: t.to_log }] });
}
