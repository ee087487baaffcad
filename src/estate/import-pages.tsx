// Pages of the import: handing a spreadsheet in, what was read of it with every bad cell to be put right in place, what it brought.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import { Button, ButtonRow, CheckField, DateField, FileField, Form, SelectField, TextField } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { formatCount, formatInstant, pick } from '../web/locale.ts';
import { ActionLink, Card, Chip, Notice } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import { LedgerTable } from '../web/tables.tsx';
import { notes as noteTexts, type NoteCode } from './import-faults.ts';
import { sheetKinds } from './import-headings.ts';
import type { Fault } from './import-plan.ts';
import type { ImportRow } from './import-queries.ts';
import type { Looked } from './import.ts';
import { columnText, expectedText, whyText } from './import-template.ts';
import { countsText, fieldTexts, kindNames, texts } from './import-texts.ts';

type T = ReturnType<typeof pick<typeof texts>>;
/** Bad cells on one page; each is a field. */
export const SHOWN_FAULTS = 60;

const home = (code: string): string => `/e/${code}/register/import`;
const crumbs = (code: string, t: T) => [{ href: `/e/${code}/register`, label: t.register }, { href: home(code), label: t.title }];
const tones = { draft: 'amber', taken: 'ok', undone: 'plain' } as const;
const brings = ({ counts }: Pick<ImportRow, 'counts'>, locale: Locale): string => countsText(counts, locale);

export interface ListShown { code: string; csrf: string | undefined; items: readonly ImportRow[]; errors: Record<string, string>; values: Record<string, string> }

export function importListPage(frame: Frame, { code, csrf, items, errors, values }: ListShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const body = (
    <>
      <p>{t.lead}</p>
      <Card title={t.upload}>
        <Form action={home(code)} csrf={csrf} multipart errors={errors} values={values}>
          <FileField name="file" label={t.file} hint={t.file_hint} accept=".xlsx,.xls,.csv,.txt,.html,.xml" required />
          <SelectField name="kind" label={t.kind} empty={t.kind_auto} options={sheetKinds.map((kind) => ({ value: kind, label: kindNames[kind][locale] }))} />
          <ButtonRow><Button>{t.send}</Button></ButtonRow>
        </Form>
        <p class="hint">{t.template_hint}</p>
        <p>{sheetKinds.map((kind, at) => <>{at > 0 && ' · '}<a class="tap" href={`${home(code)}/templates/${kind}`} download>{kindNames[kind][locale]}</a></>)}</p>
      </Card>
      <Card title={t.list}>
        {items.length === 0 ? <p>{t.none}</p> : (
          <LedgerTable caption={t.list} rows={items} caption_hidden columns={[
            { key: 'number', title: t.number, type: 'number', cell: (row) => String(row.import_id) },
            { key: 'file', title: t.file_name, lead: true, cell: (row) => <a href={`${home(code)}/${row.import_id}`}>{row.file_name}</a> },
            { key: 'handed', title: t.handed, cell: (row) => `${formatInstant(row.handed_at, locale)} ${row.by_name ?? ''}` },
            { key: 'state', title: t.state, cell: (row) => <Chip tone={tones[row.state]}>{t[`state_${row.state}`]}</Chip> },
            { key: 'brings', title: t.brings, cell: (row) => brings(row, locale) },
          ]} />
        )}
      </Card>
    </>
  );
  return page({ ...frame, title: t.title, crumbs: crumbs(code, t).slice(0, 1), body });
}

export interface OneShown { code: string; csrf: string | undefined; looked: Looked; errors: Record<string, string>; values: Record<string, string> }

const cellName = ({ sheet, row, field }: Pick<Fault, 'sheet' | 'row' | 'field'>): string => `c.${sheet}.${row}.${field}`;

const optional: readonly string[] = ['phone', 'tenant_phone', 'share', 'note', 'since', 'until', 'payer', 'occupancy', 'kind', 'start_on', 'start_value', 'due_on', 'co_owner'];

/** One bad row: each bad cell a field with its reason, and the box that leaves the row out. */
function BadRow({ row, faults, values, locale, t }: { row: ImportRow; faults: readonly Fault[]; values: Record<string, string>; locale: Locale; t: T }): JSX.Element {
  const { sheet, row: number } = faults[0]!;
  const { name, kind } = row.shapes[sheet]!;
  const where = row.shapes.length > 1 || name !== '' ? (locale === 'zh' ? `“${name === '' ? kindNames[kind].zh : name}”` : `${name === '' ? kindNames[kind].en : name}, `) : '';
  return (
    <fieldset class="field">
      <legend>{fill(locale === 'zh' ? '{where}第 {number} 行' : '{where}row {number}', { where, number })}{faults[0]!.about !== '' && <span class="hint"> · {faults[0]!.about}</span>}</legend>
      {faults.map((fault) => (
        <TextField name={cellName(fault)} label={columnText(row, fault, locale)} value={values[cellName(fault)] ?? fault.text}
          required={!optional.includes(fault.field)} error={whyText(fault, locale)} hint={`${t.expected}：${expectedText(fault, locale)}`} />
      ))}
      <CheckField name={`skip.${sheet}.${number}`} label={fill(t.skip, { row: number })} checked={values[`skip.${sheet}.${number}`] === 'yes'} />
    </fieldset>
  );
}

function groupedRows(faults: readonly Fault[]): Fault[][] {
  return [...Map.groupBy(faults, ({ sheet, row }) => `${sheet} ${row}`).values()];
}

const listed = (rows: readonly number[], t: T): string =>
  rows.slice(0, 12).join('、') + (rows.length > 12 ? fill(t.more_rows, { n: rows.length }) : '');

function Notes({ looked, locale, t }: { looked: Looked; locale: Locale; t: T }): JSX.Element | null {
  const lines: string[] = [];
  const { shapes } = looked.row;
  for (const [sheet, { name, passed }] of shapes.entries()) {
    const where = shapes.length > 1 ? `${name} ` : '';
    for (const { why, rows } of passed) lines.push(where + fill(t[`passed_${why}`], { rows: listed(rows, t) }));
    const notes = Map.groupBy(looked.notes.filter((note) => note.sheet === sheet), ({ code }) => code);
    for (const [code, list] of notes as Map<NoteCode, typeof looked.notes>) {
      lines.push(where + fill(t.note_rows, { note: noteTexts[code][locale], rows: listed([...new Set(list.map(({ row }) => row))], t) }));
    }
  }
  if (looked.skipped > 0) lines.push(fill(t.skipped, { n: looked.skipped }));
  return lines.length === 0 ? null : <Card title={t.notes}><ul class="plain-list">{lines.map((line) => <li>{line}</li>)}</ul></Card>;
}

const Sheets = ({ row, locale, t }: { row: ImportRow; locale: Locale; t: T }): JSX.Element => (
  <Card title={t.sheets}>
    <LedgerTable caption={t.sheets} rows={row.shapes} caption_hidden columns={[
      { key: 'sheet', title: t.sheet, lead: true, cell: ({ name, kind }) => `${name === '' ? '' : `${name} · `}${kindNames[kind][locale]}` },
      { key: 'columns', title: t.rows_read, cell: ({ columns }) => columns.map(({ column, field, heading }) => {
        const known = fieldTexts[field][locale];
        return `${column} ${heading === known ? heading : `${heading} → ${known}`}`;
      }).join(locale === 'zh' ? '；' : '; ') },
      { key: 'left', title: t.left_out, cell: ({ left_out }) => (left_out.length === 0 ? t.left_out_none : left_out.join('、')) },
    ]} />
    <p class="hint">{fill(t.kept, { sha256: `${row.sha256.slice(0, 16)}…` })}</p>
  </Card>
);

function Draft({ shown: { code, csrf, looked, errors, values }, locale, t }: { shown: OneShown; locale: Locale; t: T }): JSX.Element {
  const { row, faults, counts, needs_since, plan, skipped } = looked;
  const what = countsText(counts, locale);
  const is_empty = Object.values(plan).every((list) => list.length === 0);
  const bad = groupedRows(faults.slice(0, SHOWN_FAULTS));
  const asks_since = needs_since || row.since !== null;
  const why_not = faults.length > 0 ? fill(t.not_yet, { n: faults.length }) : needs_since ? t.not_since : is_empty ? t.nothing : undefined;
  return (
    <>
      {faults.length > 0 ? (
        <Notice tone="amber" title={fill(t.bad_title, { n: formatCount(faults.length) })}>
          <p>{t.bad_text}</p>
          {what !== '' && <p>{fill(t.so_far, { what })}</p>}
          <p><a class="tap" href={`${home(code)}/${row.import_id}/bad.xlsx`} download>{t.bad_file}</a></p>
        </Notice>
      ) : is_empty ? <Notice tone="info" title={t.nothing} /> : <Notice tone="ok" title={t.all_good}><p>{fill(t.all_good_text, { what })}</p></Notice>}
      <Notes looked={looked} locale={locale} t={t} />
      <Form id="fix" action={`${home(code)}/${row.import_id}`} csrf={csrf} values={{ since: row.since ?? '', ...values }} errors={errors}>
        {asks_since && <DateField name="since" label={t.since} hint={t.since_hint} required={needs_since} />}
        {bad.length > 0 && (
          <Card title={t.bad_list}>
            {faults.length > SHOWN_FAULTS && <p>{fill(t.bad_shown, { shown: SHOWN_FAULTS, n: faults.length })}</p>}
            {bad.map((list) => <BadRow row={row} faults={list} values={values} locale={locale} t={t} />)}
          </Card>
        )}
        <ButtonRow>
          {(faults.length > 0 || asks_since) && <Button name="act" value="check" kind={why_not === undefined ? 'alt' : 'primary'}>{faults.length > 0 ? t.check : t.since_set}</Button>}
          <Button name="act" value="take" why_not={why_not}>{t.take}</Button>
          {skipped > 0 && <Button name="act" value="unskip" kind="alt">{t.unskip}</Button>}
          <Button name="act" value="drop" kind="alt">{t.drop}</Button>
        </ButtonRow>
      </Form>
    </>
  );
}

export function importPage(frame: Frame, shown: OneShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const { code, csrf, looked: { row }, errors } = shown;
  const facts = { number: row.import_id, what: brings(row, locale) };
  const body = (
    <>
      {row.state === 'draft' && <Draft shown={shown} locale={locale} t={t} />}
      {row.state === 'taken' && <Notice tone="ok" title={t.taken} action={{ href: `/e/${code}/register`, label: t.see_register }}><p>{fill(t.taken_text, facts)}</p></Notice>}
      {row.state === 'undone' && <Notice tone="info" title={t.undone}><p>{fill(t.taken_text, facts)} {t.undone_text}</p></Notice>}
      <Sheets row={row} locale={locale} t={t} />
      {row.state === 'taken' && (
        <Card title={t.undo}>
          <p>{t.undo_text}</p>
          <Form id="undo" action={`${home(code)}/${row.import_id}`} csrf={csrf} errors={errors}>
            <CheckField name="sure" label={fill(t.undo_sure, facts)} />
            <ButtonRow><Button name="act" value="undo" kind="danger">{t.undo}</Button></ButtonRow>
          </Form>
        </Card>
      )}
      {row.state !== 'draft' && <p><ActionLink kind="alt" href={home(code)}>{t.another}</ActionLink></p>}
    </>
  );
  return page({ ...frame, title: row.file_name, crumbs: crumbs(code, t), body });
}
