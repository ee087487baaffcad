// From rows of cells to a proven statement: known layouts first, then what a person mapped before, else a preview for
// the mapping screen. The way in for whoever has decoded a file (text through textRows, spreadsheets sheet by sheet).
import { proveChain } from './chain.ts';
import { MOST_PREAMBLE_ROWS, recognise } from './layout.ts';
import { layouts } from './layouts.ts';
import { mappedHeader, mappedTable, previewTable } from './mapping.ts';
import { refusals } from './refusals.ts';
import type { RawStatement, ReadOptions, ReadStatement } from './statement.ts';
import { readBody } from './table-body.ts';
import { textRows } from './table.ts';

type Rows = readonly (readonly string[])[];

/** Some workbooks hold the text of a table, line by line, in their first column. */
function unwrapped(rows: Rows): Rows {
  const head = rows.slice(0, MOST_PREAMBLE_ROWS);
  const single = head.every((row) => row.slice(1).every((cell) => cell.trim() === ''));
  return single && head.some((row) => /[,\t|;].*[,\t|;].*[,\t|;]/.test(row[0] ?? '')) ? textRows(rows.map((row) => row[0] ?? '').join('\n')) : rows;
}

/** One table parsed, not yet proven; null where no known layout and no mapping fits. */
export function parseTable(rows: Rows, options: ReadOptions = {}): RawStatement | null {
  const known = recognise(rows, layouts);
  if (known !== null) return readBody(rows, { format: known.layout.format, columns: known.columns, header: known.header });
  const mapped = mappedHeader(rows, options.mappings ?? []);
  return mapped === null ? null : readBody(rows, mappedTable(mapped.mapping, mapped.header, rows[mapped.header]!.length));
}

/** The one table among the sheets of a file. Refusals: statement_no_table, statement_several_tables, those of reading
 *  and of proveChain. */
export function readTables(given: readonly Rows[], options: ReadOptions = {}): ReadStatement {
  const sheets = given.map(unwrapped);
  const known = sheets.filter((rows) => recognise(rows, layouts) !== null || mappedHeader(rows, options.mappings ?? []) !== null);
  if (known.length > 1) throw refusals.statement_several_tables({ count: known.length });
  if (known.length === 1) return { kind: 'statement', statement: proveChain(parseTable(known[0]!, options)!, options) };
  const previews = sheets.map(previewTable).filter((preview) => preview !== null);
  if (previews.length > 1) throw refusals.statement_several_tables({ count: previews.length });
  if (previews.length === 1) return { kind: 'unmapped', preview: previews[0]! };
  throw refusals.statement_no_table({ rows: Math.max(0, ...sheets.map((rows) => Math.min(rows.length, MOST_PREAMBLE_ROWS))) });
}
