// A workbook (.xlsx) as it is made, sheet by sheet. Amounts are numbers, dates are dates, the head stays in sight; text
// that begins like a formula is neutralised as in CSV. More lines than a sheet takes go on to the next sheet. No
// streaming XLSX package is kept up, so the few parts are written here (xlsx-parts.ts).
import {
  columnLetters, contentTypes, MOST_ROWS, PACKAGE_RELATIONS, rowXml, SHEET_END, sheetHead, STYLES, workbookRelations, workbookXml,
  type Cells, type SheetColumn,
} from './xlsx-parts.ts';
import { zipped, type ZipFile } from './zip.ts';

export interface Sheet {
  name: string;
  columns: readonly SheetColumn[];
  /** How many rows will come, so that it is known how many sheets they take. */
  count: number;
  rows: AsyncIterable<readonly Cells[]> | Iterable<readonly Cells[]>;
}

async function* pagesOf(rows: Sheet['rows']): AsyncGenerator<readonly Cells[]> {
  yield* rows;
}

/** One sheet after the other out of the same stream of rows, each of at most `most`. */
function partsOf(sheet: Sheet, most: number): { name: string; content: (first: boolean) => AsyncGenerator<string> }[] {
  const { columns } = sheet;
  const letters = columns.map((_, i) => columnLetters(i));
  const pages = pagesOf(sheet.rows);
  let left: readonly Cells[] = [];
  const content = (last: boolean) => async function* part(first: boolean): AsyncGenerator<string> {
    yield sheetHead(columns, first);
    // The last one takes whatever comes, should there be more than was counted.
    const room = last ? Number.POSITIVE_INFINITY : most;
    let written = 0;
    while (written < room) {
      if (left.length === 0) {
        const page = await pages.next();
        if (page.done === true) break;
        left = page.value;
      }
      const now = left.slice(0, room - written);
      left = left.slice(now.length);
      yield now.map((row, i) => rowXml(columns, letters, written + i + 2, row)).join('');
      written += now.length;
    }
    yield SHEET_END;
  };
  const parts = Math.max(1, Math.ceil(sheet.count / most));
  return Array.from({ length: parts }, (_, i) => ({
    name: i === 0 ? sheet.name : `${sheet.name} ${i + 1}`, content: content(i === parts - 1),
  }));
}

/** A workbook of these sheets, as bytes. `most` rows a sheet. */
export function workbook(sheets: readonly Sheet[], most = MOST_ROWS): AsyncGenerator<Uint8Array> {
  const parts = sheets.flatMap((sheet) => partsOf(sheet, most));
  const files: ZipFile[] = [
    { path: '[Content_Types].xml', content: contentTypes(parts.length) },
    { path: '_rels/.rels', content: PACKAGE_RELATIONS },
    { path: 'xl/workbook.xml', content: workbookXml(parts.map((part) => part.name)) },
    { path: 'xl/_rels/workbook.xml.rels', content: workbookRelations(parts.length) },
    { path: 'xl/styles.xml', content: STYLES },
    ...parts.map((part, i) => ({ path: `xl/worksheets/sheet${i + 1}.xml`, content: part.content(i === 0) })),
  ];
  // Excel reads no zip64; a sheet stays far below 4 GB.
  return zipped(files, { zip64: false });
}
