// The XML table of Excel 2003 (a Workbook of Worksheets in one text), which some banks name .xls: sheets → rows → cells.
import { refusals } from './read-refusals.ts';
import { MOST_COLUMNS, MOST_MERGED, numberText, type Sheet } from './spreadsheet-value.ts';
import { attribute, tags, unescaped } from './spreadsheet-xml.ts';
import { MOST_LINES, MOST_ROWS } from './table.ts';

export const looksLikeTableXml = (text: string): boolean =>
  /<(?:[\w.-]+:)?Workbook[\s>]/.test(text.slice(0, 2_000)) && text.slice(0, 5_000).includes('schemas-microsoft-com:office:spreadsheet');

const damaged = (): Error => refusals.statement_file_damaged({ what_zh: 'Excel 2003 XML 表格', what_en: 'the XML table of Excel 2003' });

function valueOf(type: string | undefined, written: string): string {
  const text = unescaped(written);
  if (type === 'Number') return numberText(text);
  if (type === 'DateTime') return text.replace(/(\.\d+)?Z?$/, '').replace('T', ' ').replace(/ 00:00:00$/, '');
  return text;
}

/** Where the next row or cell stands: one further, or where the file says. */
function placeOf(attributes: string, length: number): number {
  const said = attribute(attributes, '(?:[\\w.-]+:)?Index');
  const place = said === undefined ? length : Number(said) - 1;
  if (!Number.isInteger(place) || place < length) throw damaged();
  return place;
}

/** Refusals: statement_file_unsafe, statement_file_damaged, statement_too_large. */
export const tableXmlRows = (text: string): string[][][] => tableXmlSheets(text).map(({ rows }) => rows);

/** Refusals as above. */
export function tableXmlSheets(text: string): Sheet[] {
  if (text.includes('<!')) throw refusals.statement_file_unsafe({ what_zh: 'DTD、注释或标记段', what_en: 'a document type, a comment or a marked section' });
  const sheets: Sheet[] = [];
  let name = '';
  let rows: string[][] | null = null;
  let row: string[] | null = null;
  let data: { from: number; type: string | undefined } | null = null;
  let column = 0;
  let spans = 0;
  for (const tag of tags({ text })) {
    if (tag.name === 'Worksheet' && tag.opens) name = unescaped(attribute(tag.attributes, '(?:[\\w.-]+:)?Name') ?? '');
    else if (tag.name === 'Table') {
      if (tag.opens) sheets.push({ name, rows: rows = [], merged: [] });
      if (tag.closes) rows = null;
    } else if (tag.name === 'Row' && rows !== null) {
      if (tag.opens) {
        const place = placeOf(tag.attributes, rows.length);
        if (place >= MOST_ROWS) throw refusals.statement_too_large({ what_zh: `有第 ${place + 1} 行`, what_en: `it has a row ${place + 1}`, limit: `${MOST_LINES} 行` });
        while (rows.length < place) rows.push([]);
        rows.push(row = []);
        column = 0;
      }
      if (tag.closes) row = null;
    } else if (tag.name === 'Cell' && row !== null) {
      if (tag.opens) column = placeOf(tag.attributes, column);
      if (column >= MOST_COLUMNS) throw refusals.statement_too_large({ what_zh: `有第 ${column + 1} 列`, what_en: `it has a column ${column + 1}`, limit: `${MOST_COLUMNS} 列` });
      const across = Math.min(MOST_COLUMNS, Number(/MergeAcross="(\d{1,3})"/.exec(tag.attributes)?.[1] ?? 0));
      const down = Number(/MergeDown="(\d{1,6})"/.exec(tag.attributes)?.[1] ?? 0);
      const { merged } = sheets.at(-1)!;
      if (tag.opens && rows !== null && across + down > 0 && merged.length < MOST_MERGED) merged.push({ top: rows.length - 1, bottom: rows.length - 1 + down, left: column, right: column + across });
      if (tag.opens) spans = across;
      if (tag.closes) column += 1 + spans;
    } else if (tag.name === 'Data' && row !== null) {
      if (tag.opens && !tag.closes) data = { from: tag.to, type: attribute(tag.attributes, '(?:[\\w.-]+:)?Type') };
      else if (!tag.opens && data !== null) {
        const value = valueOf(data.type, text.slice(data.from, tag.from));
        data = null;
        if (value === '') continue;
        while (row.length < column) row.push('');
        row[column] = value;
      }
    }
  }
  if (rows !== null || row !== null || data !== null) throw damaged();
  return sheets;
}
