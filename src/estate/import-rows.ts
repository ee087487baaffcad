// From the sheets of a file to rows of cells by field (台账行): what stands above, below and between the dwellings is passed over
// and told (titles, totals, repeated headings, "3栋2单元" over a group), merged and left-out cells take the words above them.
// Pure: no database.
import { cellText, readPart } from './import-cells.ts';
import { columnName, recognise, unmerged, type Field, type Recognised, type SheetKind } from './import-headings.ts';
import type { Sheet } from '../bankfile/spreadsheet-read.ts';

export type Cells = Partial<Record<Field, string>>;
export interface SheetRow { sheet: number; row: number; cells: Cells }
/** What was read of a sheet and what was not; kept with the import, without any cell of it. */
export interface SheetShape {
  name: string;
  kind: SheetKind;
  columns: { field: Field; column: string; heading: string }[];
  left_out: string[];
  passed: { why: 'total' | 'heading' | 'group'; rows: number[] }[];
}

export const MOST_IMPORT_ROWS = 30_000;
const TOTAL = /^(?:本页|本栋|本单元|全部|小区)?(?:合计|总计|小计|共计|累计|总数)(?:数|金额|面积|户数)?[:：]?$|^合\s+计$|^total$/i;
const MOST_CELL = 500;

/** "3栋", "3栋2单元", "一期3号楼" alone in its row: over a group of dwellings. */
function groupOf(raw: readonly string[]): Cells | null {
  const filled = raw.filter((text) => text !== '');
  if (new Set(filled).size !== 1 || !/(?:栋|幢|号楼|座|单元)$/u.test(filled[0]!.replace(/\s/g, ''))) return null;
  const read = readPart(filled[0]!);
  if ('fault' in read) return null;
  const { phase, parts } = read.value;
  const is_stairwell = parts.length === 1 && filled[0]!.endsWith('单元');
  return { ...(phase === '' ? {} : { phase }), ...(is_stairwell ? { stairwell: parts[0]! } : { building: parts[0]!, stairwell: parts[1] ?? '' }) };
}

const several: ReadonlySet<Field> = new Set(['owner', 'co_owner', 'phone', 'share']);
const carried = ['phase', 'building', 'stairwell'] as const;

function rowsOf(sheet: number, source: Sheet, filled: readonly string[][], found: Recognised): { shape: SheetShape; rows: SheetRow[] } {
  const passed = new Map<'total' | 'heading' | 'group', number[]>();
  const pass = (why: 'total' | 'heading' | 'group', row: number): void => { passed.set(why, [...passed.get(why) ?? [], row]); };
  const rows: SheetRow[] = [];
  const has = new Set(found.columns.map(({ field }) => field));
  let group: Cells = {};
  let above: Cells = {};
  for (let at = found.first + found.depth; at < filled.length; at += 1) {
    const raw = filled[at]!.map((text) => text.trim());
    const cells: Cells = {};
    for (const { at: column, field } of found.columns) {
      // Of several people each has a line of the cell.
      const text = cellText(several.has(field) ? raw[column]?.replace(/[ \t]*[\r\n]+[ \t]*/g, '、') : raw[column]).slice(0, MOST_CELL);
      if (text !== '') cells[field] = text;
    }
    const number = at + 1;
    const over = groupOf(raw.filter((text) => text !== ''));
    if (over !== null) {
      group = over.building === undefined ? { ...group, ...over } : over;
      above = {};
      pass('group', number);
      continue;
    }
    // A number before the rows ("12") is no cell that counts.
    if (Object.keys(cells).length === 0) continue;
    if ((source.rows[at] ?? []).slice(0, 8).some((text) => TOTAL.test(text.trim()))) { pass('total', number); continue; }
    if (found.columns.filter(({ at: column, heading }) => cellText(raw[column]) !== '' && heading.endsWith(cellText(raw[column]))).length >= 2) { pass('heading', number); continue; }
    fillDown(cells, above, group, has, found.kind);
    above = cells;
    rows.push({ sheet, row: number, cells });
  }
  return {
    shape: {
      name: source.name.slice(0, 60), kind: found.kind, left_out: found.left_out.map(({ heading }) => heading),
      columns: found.columns.map(({ field, at, heading }) => ({ field, column: columnName(at), heading })),
      passed: [...passed].map(([why, list]) => ({ why, rows: list.slice(0, 50) })),
    },
    rows,
  };
}

/** Building and stairwell that are left out are those above; a name alone is one more owner of the dwelling above. */
function fillDown(cells: Cells, above: Cells, group: Cells, has: ReadonlySet<Field>, kind: SheetKind): void {
  const own = carried.some((field) => cells[field] !== undefined);
  if (kind === 'units' && cells.unit === undefined && cells.owner !== undefined && cells.area === undefined && !own && above.unit !== undefined) {
    for (const field of ['unit', ...carried] as const) if (above[field] !== undefined) cells[field] = above[field];
    return;
  }
  // Of spaces and meters without a dwelling an empty cell means none.
  if (cells.unit === undefined) return;
  const full = /-.*-|[栋幢座]|号楼/u.test(cells.unit.normalize('NFKC'));
  for (const [at, field] of carried.entries()) {
    if (cells[field] !== undefined) continue;
    // Where another building begins, its stairwell is not the one above.
    const same = carried.slice(0, at).every((before) => cells[before] === above[before]);
    const text = has.has(field) ? (same ? above[field] : undefined) ?? group[field] : full ? undefined : group[field];
    if (text !== undefined && text !== '') cells[field] = text;
  }
}

export interface ReadRegister { shapes: SheetShape[]; rows: SheetRow[]; unread: string[]; most: number }

/** All sheets that are known, their rows, and the names of the sheets that were not. */
export function readRegister(sheets: readonly Sheet[], asked: SheetKind | null): ReadRegister {
  const shapes: SheetShape[] = [];
  const rows: SheetRow[] = [];
  const unread: string[] = [];
  for (const sheet of sheets) {
    if (sheet.rows.every((row) => row.every((text) => text.trim() === ''))) continue;
    const filled = unmerged(sheet);
    const found = recognise(filled, asked);
    if (found === null) unread.push(sheet.name.slice(0, 60));
    else {
      const read = rowsOf(shapes.length, sheet, filled, found);
      shapes.push(read.shape);
      rows.push(...read.rows);
    }
  }
  return { shapes, rows, unread, most: MOST_IMPORT_ROWS };
}
