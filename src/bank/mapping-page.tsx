// The mapping screen: the first rows of an unknown table with a choice above each column, and how three lines would be
// read with them.
import type { JSX } from 'preact';
import { fill, type Locale } from '../kernel/locale.ts';
import type { Mapping, TablePreview } from '../bankfile/statement.ts';
import { Button, ButtonRow, Form } from '../web/forms.tsx';
import type { Frame } from '../web/frame.ts';
import { pick } from '../web/locale.ts';
import { Card } from '../web/parts.tsx';
import { page } from '../web/shell.tsx';
import type { IntakeRow } from './intake.ts';
import { crumbs, LineTable, type T } from './intake-pages.tsx';
import type { Tried } from './mapping.ts';
import { columnRoles, columnTexts, texts } from './statement-texts.ts';

export interface MappingShown {
  code: string;
  csrf: string | undefined;
  row: IntakeRow;
  preview: TablePreview;
  /** Role of each column, by its number. */
  chosen: Readonly<Record<number, string>>;
  tried: Tried | null;
}

export const rolesOf = (mapping: Mapping | null): Record<number, string> => {
  if (mapping === null) return {};
  const fields = mapping as unknown as Record<string, number | null | undefined>;
  return Object.fromEntries(columnRoles.flatMap((role) => (typeof fields[role] === 'number' ? [[fields[role], role]] : [])));
};

function Choice({ column, header, role, locale, t }: { column: number; header: string; role: string; locale: Locale; t: T }): JSX.Element {
  return (
    <select name={`c${column}`} aria-label={`${fill(t.column_n, { n: column + 1 })} ${header}`}>
      <option value="">{t.none}</option>
      {columnRoles.map((one) => <option value={one} selected={one === role}>{columnTexts[one][locale]}</option>)}
    </select>
  );
}

export function mappingPage(frame: Frame, { code, csrf, row, preview, chosen, tried }: MappingShown): string {
  const { locale } = frame;
  const t = pick(texts, locale);
  const readable = tried !== null && tried.refusal === null && tried.lines.length > 0;
  // The opening balance is asked on the next page.
  const needs_opening = tried?.refusal?.code === 'statement_opening_missing';
  const body = (
    <>
      <Card><p>{t.mapping_hint}</p><p>{t.bank_side}</p></Card>
      <Form id="mapping" action={`/e/${code}/bank/files/${row.intake_id}`} csrf={csrf}
        errors={tried === null || tried.refusal === null || needs_opening ? {} : { '': tried.refusal.in(locale) }}>
        <div class="table-block">
          <table class="mapping">
            <caption class="hidden">{t.mapping}</caption>
            <thead>
              <tr>{preview.header.map((cell, column) => <th scope="col"><Choice column={column} header={cell} role={chosen[column] ?? ''} locale={locale} t={t} /></th>)}</tr>
              <tr>{preview.header.map((cell) => <th scope="col">{cell}</th>)}</tr>
            </thead>
            <tbody>{preview.sample.map((cells) => <tr>{preview.header.map((_cell, column) => <td>{cells[column] ?? ''}</td>)}</tr>)}</tbody>
          </table>
        </div>
        <ButtonRow>
          <Button name="act" value="try" kind={readable ? 'alt' : 'primary'}>{t.try_mapping}</Button>
          {(readable || needs_opening) && <Button name="act" value="map">{t.keep_mapping}</Button>}
          <Button name="act" value="drop" kind="alt">{t.throw_away}</Button>
        </ButtonRow>
      </Form>
      {readable && <Card><LineTable lines={tried.lines} title={t.as_read} locale={locale} t={t} /></Card>}
    </>
  );
  return page({ ...frame, title: t.mapping, lede: row.file_name, crumbs: crumbs(code, t), body });
}
