// The list of disclosures: every month, its versions, on time or late, and the files.
import type { JSX } from 'preact';
import type { Estate } from '../kernel/actor.ts';
import { fill, type Locale } from '../kernel/locale.ts';
import type { CsvColumn } from '../web/csv.ts';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatDate, formatInstant, formatPeriod, formatSize, pick } from '../web/locale.ts';
import { Chip } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import type { MonthRow, VersionRow } from './queries.ts';
import { texts } from './texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
/** One line of the list: a version, or a month without one. */
interface Line { month: MonthRow; row: VersionRow | null }

export const linesOf = (months: readonly MonthRow[]): Line[] => months.flatMap((month): Line[] =>
  (month.versions.length === 0 ? [{ month, row: null }] : month.versions.map((row) => ({ month, row }))));

function stateOf({ month, row }: Line, t: T): { text: string; tone: 'ok' | 'amber' | 'red' | 'plain' } {
  if (row === null) return month.state === 'overdue' ? { text: t.overdue, tone: 'red' } : { text: t.ahead, tone: 'plain' };
  if (row.version > 1) return { text: t.correction, tone: 'amber' };
  return row.on_time ? { text: t.on_time, tone: 'ok' } : { text: t.late, tone: 'red' };
}

export function listCsv(months: readonly MonthRow[], locale: Locale): { columns: CsvColumn[]; rows: object[] } {
  const t = pick(texts, locale);
  return {
    columns: [
      { key: 'period', title: t.month }, { key: 'version', title: t.version, type: 'number' }, { key: 'state', title: t.state },
      { key: 'due_on', title: t.due }, { key: 'published_at', title: t.published },
      { key: 'pdf_zh_size', title: t.size_zh, type: 'number' }, { key: 'pdf_zh_sha256', title: t.sha_zh },
      { key: 'pdf_en_size', title: t.size_en, type: 'number' }, { key: 'pdf_en_sha256', title: t.sha_en },
      { key: 'checkpoint_size', title: t.checkpoint_at, type: 'number' },
    ],
    rows: linesOf(months).map((line) => ({
      ...line.row, period: line.month.period, due_on: line.month.due_on, state: stateOf(line, t).text,
    })),
  };
}

function Files({ base, row, t, locale }: { base: string; row: VersionRow; t: T; locale: Locale }): JSX.Element {
  const address = `${base}/${row.period}.pdf?version=${row.version}`;
  return (
    <>
      <a class="tap" href={`${address}&lang=zh`}>PDF 中文 {formatSize(row.pdf_zh_size)}</a>{' '}
      <a class="tap" href={`${address}&lang=en`}>PDF English {formatSize(row.pdf_en_size)}</a>{' '}
      <a class="tap" href={`${base}/${row.period}.json?version=${row.version}`}>{t.json}</a>{' '}
      <a class="tap" href={`${base}/${row.period}/notice.pdf?version=${row.version}&lang=${locale}`}>{t.notice_short}</a>
    </>
  );
}

export function listPage(frame: Frame, { estate, months, officer }: { estate: Estate; months: MonthRow[]; officer: boolean }): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const base = `/e/${estate.code}/disclosures`;
  const table = (
    <LedgerTable caption={t.disclosures} caption_hidden csv={csvTwin(frame.here)} rows={linesOf(months)}
      rowState={({ month, row }) => (row === null && month.state === 'overdue' ? 'alarm' : row === null ? 'muted' : undefined)}
      columns={[
        {
          key: 'month', title: t.month, lead: true, cell: ({ month, row }) => {
            const name = formatPeriod(month.period, locale);
            if (row !== null) return <a href={`${base}/${month.period}${row === month.versions[0] ? '' : `?version=${row.version}`}`}>{name}</a>;
            return officer ? <>{name} <a class="tap" href={`${base}/${month.period}`}>{t.preview}</a></> : name;
          },
        },
        { key: 'version', title: t.version, cell: ({ row }) => (row === null ? t.not_published : fill(t.version_n, { n: row.version })) },
        { key: 'state', title: t.state, cell: (line) => { const state = stateOf(line, t); return <Chip tone={state.tone}>{state.text}</Chip>; } },
        { key: 'due', title: t.due, type: 'date', cell: ({ month }) => formatDate(month.due_on, locale) },
        { key: 'published', title: t.published, type: 'date', cell: ({ row }) => (row === null ? '' : formatInstant(row.published_at, locale)) },
        { key: 'files', title: t.files, cell: ({ row }) => (row === null ? '' : <Files base={base} row={row} t={t} locale={locale} />) },
      ]} />
  );
  const body = (
    <>
      {table}
      <p><a class="tap" href={`/e/${estate.code}/export`}>{t.take_away}</a></p>
    </>
  );
  return page({ ...frame, title: t.disclosures, lede: fill(t.disclosures_lede, { day: estate.disclosure_day }), body });
}
