// Lists as text: what the mechanisms end in besides the ledger. A Chinese character takes two columns.
import { sql, type RawBuilder } from 'kysely';
import type { Story } from './story.ts';

type Cell = string | number | boolean | null;
const width = (text: string): number => [...text].reduce((sum, one) => sum + (/[\u2e80-\uffe6]/u.test(one) ? 2 : 1), 0);
const textOf = (cell: Cell): string => (cell === null ? '–' : cell === true ? '是' : cell === false ? '否' : String(cell));

/** A list with its heading; amounts right, all else left. */
export function listText(title: string, columns: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [columns as readonly Cell[], ...rows].map((row) => row.map(textOf));
  const widths = columns.map((_column, at) => Math.max(...cells.map((row) => width(row[at] ?? ''))));
  const line = (row: string[]): string => `    ${row.map((cell, at) => {
    const gap = ' '.repeat(widths[at]! - width(cell));
    return /^-?[\d,]+\.\d\d$/.test(cell) ? gap + cell : cell + gap;
  }).join('  ').trimEnd()}`;
  return `${[title, ...(rows.length === 0 ? ['    无'] : cells.map(line))].join('\n')}\n`;
}

/** A query as a list: its columns are the headings. */
export async function listOf(story: Story, title: string, query: RawBuilder<unknown>): Promise<string> {
  const rows = await story.within(async (trx) => (await query.execute(trx)).rows as Record<string, Cell>[]);
  const columns = Object.keys(rows[0] ?? {});
  return listText(title, columns, rows.map((row) => columns.map((column) => row[column] ?? null)));
}

/** What an owner reads: a page without its frame and its tags, line by line. */
export const inEstateOf = (story: Story) => sql`${story.h.estate.estate_id}::integer`;
