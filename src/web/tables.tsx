// Tables as an accountant rules them: caption, headings, amounts to the right, totals at the foot,
// a CSV twin beside it. On a phone each row becomes a card; on paper it is a table again.
// The explicit roles keep it a table for screen readers when the phone style changes its boxes.
import type { JSX } from 'preact';
import { fill } from '../kernel/locale.ts';
import type { Money } from '../kernel/money.ts';
import { Amount } from './amount.tsx';
import { useTexts } from './context.ts';
import { Input } from './field.tsx';
import { pathOf, safeHref, withQuery } from './links.ts';
import { formatCount } from './locale.ts';
import type { Children } from './parts.tsx';

export type ColumnType = 'text' | 'date' | 'money' | 'number' | 'code';
export type RowState = 'redletter' | 'alarm' | 'muted' | undefined;

export interface Column<R> {
  key: string;
  title: string;
  /** The heading leads to the same table in this column's order. */
  sort_href?: string | undefined;
  type?: ColumnType | undefined;
  cell?: ((row: R) => Children) | undefined;
  /** The heading of the row: th scope=row, and the card's title on a phone. */
  lead?: boolean | undefined;
}

export interface Total {
  label: string;
  cells: Readonly<Record<string, Money | string | Children>>;
}

export interface LedgerTableProps<R> {
  caption: string;
  columns: readonly Column<R>[];
  rows: readonly R[];
  empty?: Children;
  totals?: readonly Total[] | undefined;
  csv?: string | undefined;
  caption_hidden?: boolean | undefined;
  rowState?: ((row: R) => RowState) | undefined;
  rowId?: ((row: R) => string | undefined) | undefined;
}

const isFigure = (type: ColumnType | undefined): boolean => type === 'money' || type === 'number';
const cellClass = (type: ColumnType | undefined): string | undefined =>
  isFigure(type) ? 'num' : type === 'date' || type === 'code' ? 'nowrap' : undefined;

const isMoney = (value: unknown): value is Money | string =>
  typeof value === 'string'
    ? /^-?[0-9]+(\.[0-9]{1,2})?$/.test(value)
    : typeof value === 'object' && value !== null && 'toFixed' in value;

function shown<R>(column: Column<R>, row: R, state: RowState): Children {
  if (column.cell !== undefined) return column.cell(row);
  const value = (row as Record<string, unknown>)[column.key];
  if (column.type === 'money' && isMoney(value)) {
    return (
      <Amount value={value} redletter={state === 'redletter' && String(value).startsWith('-')} />
    );
  }
  return value as Children;
}

function BodyRow<R>({ row, table }: { row: R; table: LedgerTableProps<R> }): JSX.Element {
  const state = table.rowState?.(row);
  return (
    <tr role="row" class={state} id={table.rowId?.(row)}>
      {table.columns.map((column) =>
        column.lead === true ? (
          <th role="rowheader" scope="row" class={cellClass(column.type)}>
            {shown(column, row, state)}
          </th>
        ) : (
          <td role="cell" class={cellClass(column.type)} data-label={column.title}>
            {shown(column, row, state)}
          </td>
        ),
      )}
    </tr>
  );
}

function TotalRow<R>({
  total,
  columns,
}: {
  total: Total;
  columns: readonly Column<R>[];
}): JSX.Element {
  const first = Math.max(
    1,
    columns.findIndex((column) => column.key in total.cells),
  );
  return (
    <tr role="row">
      <th role="rowheader" scope="row" colSpan={first}>
        {total.label}
      </th>
      {columns.slice(first).map((column) => {
        const value = total.cells[column.key];
        return (
          <td role="cell" class={cellClass(column.type)} data-label={column.title}>
            {column.type === 'money' && isMoney(value) ? (
              <Amount value={value} />
            ) : (
              (value as Children)
            )}
          </td>
        );
      })}
    </tr>
  );
}

export const CsvLink = ({ href }: { href: string }): JSX.Element => (
  <a class="csv" href={safeHref(href)} download>
    {useTexts().csv}
  </a>
);

export function LedgerTable<R>(table: LedgerTableProps<R>): JSX.Element {
  const t = useTexts();
  const { caption, columns, rows, totals, csv } = table;
  const tools = csv !== undefined && (
    <p class="table-tools">
      <CsvLink href={csv} />
    </p>
  );
  if (rows.length === 0) {
    return (
      <div class="table-block">
        {tools}
        <div class="empty">{table.empty ?? t.table_empty}</div>
      </div>
    );
  }
  return (
    <div class="table-block">
      {tools}
      <table role="table" class="ledger">
        <caption class={table.caption_hidden === true ? 'hidden' : undefined}>{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th role="columnheader" scope="col" class={cellClass(column.type)}>
                {column.sort_href === undefined ? column.title : <a href={safeHref(column.sort_href)}>{column.title}</a>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <BodyRow row={row} table={table} />
          ))}
        </tbody>
        {totals !== undefined && totals.length > 0 && (
          <tfoot role="rowgroup">
            {totals.map((total) => (
              <TotalRow total={total} columns={columns} />
            ))}
          </tfoot>
        )}
      </table>
    </div>
  );
}

export interface FilterField {
  name: string;
  label: string;
  type: 'select' | 'search' | 'date' | 'month' | 'hidden';
  value?: string | undefined;
  options?: readonly { value: string; label: string }[] | undefined;
  hint?: string | undefined;
}

export interface FiltersProps {
  action: string;
  fields: readonly FilterField[];
  csv?: string | undefined;
  reset_href?: string | undefined;
}

function FilterInput({ field }: { field: FilterField }): JSX.Element {
  const t = useTexts();
  const id = `filter-${field.name}`;
  const value = field.value ?? '';
  if (field.type === 'hidden') return <input type="hidden" name={field.name} value={value} />;
  if (field.type !== 'select') {
    return (
      <div class="filter">
        <label for={id}>{field.label}</label>
        <Input id={id} type={field.type} name={field.name} value={value} placeholder={field.hint} />
      </div>
    );
  }
  const options = field.options ?? [];
  const has_any = options.some((option) => option.value === '');
  return (
    <div class="filter">
      <label for={id}>{field.label}</label>
      <select id={id} name={field.name}>
        {!has_any && (
          <option value="" selected={value === ''}>
            {t.any}
          </option>
        )}
        {options.map((option) => (
          <option value={option.value} selected={option.value === value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}

/** A table's filters: a plain GET form, so that the address says what is shown. */
export function Filters({ action, fields, csv, reset_href }: FiltersProps): JSX.Element {
  const t = useTexts();
  return (
    <form
      class="filters"
      method="get"
      action={safeHref(pathOf(action))}
      role="search"
      aria-label={t.filter}
      data-auto-submit
    >
      {fields.map((field) => (
        <FilterInput field={field} />
      ))}
      <div class="filter-go">
        <button type="submit" class="btn small alt">
          {t.show}
        </button>
        {reset_href !== undefined && (
          <a class="tap" href={safeHref(reset_href)}>
            {t.reset}
          </a>
        )}
        {csv !== undefined && <CsvLink href={csv} />}
      </div>
    </form>
  );
}

export interface PagerProps {
  here: string;
  next_cursor?: string | null | undefined;
  shown: number;
  total?: number | undefined;
}

/** Forward by cursor; back to the start. Nothing when all fits on one page. */
export function Pager({ here, next_cursor, shown, total }: PagerProps): JSX.Element {
  const t = useTexts();
  const later = /[?&]cursor=[^&]/.test(here);
  const facts = { shown: formatCount(shown), total: formatCount(total ?? 0) };
  return (
    <nav class="pager" aria-label={t.pages}>
      <span class="hint">{fill(total === undefined ? t.shown : t.shown_of, facts)}</span>
      {later && (
        <a class="tap" href={withQuery(here, { cursor: null })}>
          {t.first_page}
        </a>
      )}
      {typeof next_cursor === 'string' && (
        <a class="btn small alt" rel="next" href={withQuery(here, { cursor: next_cursor })}>
          {t.next_page}
        </a>
      )}
    </nav>
  );
}
