// The operation log (操作日志): who did what, when, the latest first.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { shanghaiTime, instant } from '../kernel/dates.ts';
import type { Frame } from '../web/frame.ts';
import { csvTwin } from '../web/links.ts';
import { formatCount, formatDate, formatInstant, pick } from '../web/locale.ts';
import { withQuery } from '../web/links.ts';
import { Chip, EmptyState, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { Filters, LedgerTable, Pager, type Column, type FilterField } from '../web/tables.tsx';
import type { Typed } from './asked.ts';
import { recordKindName, recordKinds } from './kinds.ts';
import { nameOfPerson, officeText, type Officers } from './officers.ts';
import { doerOf, type LogPage, type Told } from './reading.ts';
import { texts } from './texts.ts';

export interface LogShown extends LogPage { code: string; typed: Typed; size: number }

/** 2026年3月5日 08:00:12: an operation log tells seconds. */
export function secondsOf(recorded_at: string, locale: Locale): string {
  const time = shanghaiTime(instant(recorded_at));
  return `${formatDate(time.slice(0, 10), locale)}${locale === 'zh' ? ' ' : ', '}${time.slice(11)}`;
}

function columns(code: string, officers: Officers, locale: Locale): Column<Told>[] {
  const t = pick(texts, locale);
  return [
    { key: 'seq', title: t.seq, type: 'code', cell: (row) => formatCount(row.seq) },
    { key: 'time', title: t.time, type: 'date', cell: (row) => secondsOf(row.recorded_at, locale) },
    { key: 'summary', title: t.content, lead: true, cell: (row) => <a href={`/e/${code}/log/${row.seq}`}>{row.summary[locale]}</a> },
    { key: 'kind', title: t.kind, cell: (row) => <Chip tone="plain">{recordKindName(row.kind)[locale]}</Chip> },
    { key: 'who', title: t.person, cell: (row) => {
      const { name, offices } = doerOf(row, officers, locale);
      return offices === '' ? name : <>{name} <span class="hint">{offices}</span></>;
    } },
  ];
}

/** Those in office now first, then those who were. */
function personOptions(officers: Officers, locale: Locale): { value: string; label: string }[] {
  const last = (terms: readonly { ends_on: string }[]): string => terms.map(({ ends_on }) => ends_on).sort().at(-1) ?? '';
  return [...officers.values()].filter(({ terms }) => terms.length > 0).sort((a, b) => last(b.terms).localeCompare(last(a.terms)) || a.person_id.localeCompare(b.person_id))
    .map(({ person_id, terms }) => ({
      value: person_id,
      label: `${nameOfPerson(officers, person_id, locale)} · ${[...new Set(terms.map((term) => officeText(term, locale)))].join(locale === 'zh' ? '、' : '; ')}`,
    }));
}

function filters({ typed, officers }: LogShown, locale: Locale): FilterField[] {
  const t = pick(texts, locale);
  const people = personOptions(officers, locale);
  // A name that was typed into the address stays one of the choices.
  const other = typed.person === undefined || people.some(({ value }) => value === typed.person) ? [] : [{ value: typed.person, label: typed.person }];
  return [
    { name: 'person', label: t.person, type: 'select', value: typed.person, options: [{ value: '', label: t.anybody }, ...other, ...people] },
    { name: 'kind', label: t.kind, type: 'select', value: typed.kind,
      options: [{ value: '', label: t.all_kinds }, ...Object.entries(recordKinds).map(([value, name]) => ({ value, label: name[locale] }))] },
    { name: 'from', label: t.from, type: 'date', value: typed.from },
    { name: 'to', label: t.to, type: 'date', value: typed.to },
    { name: 'q', label: t.search, type: 'search', value: typed.q, hint: t.search_hint },
  ];
}

function SearchedTo({ shown, here, locale }: { shown: LogShown; here: string; locale: Locale }): JSX.Element | null {
  const t = pick(texts, locale);
  const { searched_to, next_cursor } = shown;
  if (searched_to === null) return null;
  return (
    <Notice tone="info" action={{ href: withQuery(here, { cursor: String(next_cursor) }), label: t.search_on }}>
      {fill(t.searched_to, { time: formatInstant(searched_to.recorded_at, locale), seq: formatCount(searched_to.seq) })}
    </Notice>
  );
}

export function logPage(frame: Frame, shown: LogShown): string {
  const { locale, here } = frame;
  const t = pick(texts, locale);
  const { code, items, officers, next_cursor, searched_to } = shown;
  const filtered = Object.values(shown.typed).some((value) => value !== undefined);
  const body = (
    <>
      <Filters action={`/e/${code}/log`} fields={filters(shown, locale)} reset_href={filtered ? `/e/${code}/log` : undefined} />
      <p class="hint">{fill(t.size, { size: formatCount(shown.size) })} · <a href={`/e/${code}/log/key`}>{t.keys}</a></p>
      <LedgerTable caption={t.log} caption_hidden columns={columns(code, officers, locale)} rows={items} csv={csvTwin(withQuery(here, { cursor: null }))}
        empty={<EmptyState title={t.none_found} text={searched_to === null ? t.none_found_text : undefined} />} rowId={(row) => `record-${row.seq}`} />
      <SearchedTo shown={shown} here={here} locale={locale} />
      <Pager here={here} next_cursor={searched_to !== null || next_cursor === null ? null : String(next_cursor)} shown={items.length} />
    </>
  );
  return page({ ...frame, title: t.log, lede: t.lede, body });
}
