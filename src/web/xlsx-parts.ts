// The XML of a workbook (ECMA-376), as little of it as Excel, WPS and LibreOffice need: cells are written once and
// never held, so a workbook of a million lines takes no more memory than one of ten.
import type { BusinessDate } from '../kernel/dates.ts';
import { daysBetween } from '../kernel/dates.ts';
import { neutralText } from './csv.ts';

export type CellType = 'text' | 'money' | 'number' | 'date';
export interface SheetColumn { key: string; title: string; type?: CellType; width: number }
export type Cells = Record<string, string | number | null | undefined>;

/** Excel takes 1,048,576 rows; the head is one of them. */
export const MOST_ROWS = 1_048_000;
const MOST_TEXT = 32_000;
const styles: Record<CellType | 'head', number> = { text: 0, head: 1, money: 2, date: 3, number: 4 };

// Characters that XML 1.0 cannot hold, and halves of characters.
const unholdable = /[[\p{Cc}--[\t\n\r]]\p{Cs}\ufffe\uffff]/gv;
export const xmlText = (text: string): string => text.replace(unholdable, '')
  .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Cut at what a cell holds; "_x0041_" would be read as a character's code, so its underscore is coded itself. */
function cellText(text: string): string {
  const cut = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}…` : text;
  return xmlText(neutralText(cut).replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'));
}

/** A, B, … Z, AA … */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest === 0 ? '' : columnLetters(rest - 1)) + String.fromCharCode(65 + (index % 26));
}

const plainNumber = /^-?[0-9]{1,15}(\.[0-9]{1,2})?$/;
/** Excel counts days from here. */
const serial = (date: BusinessDate): number => daysBetween('1899-12-30', date);

function cellXml(place: string, type: CellType, value: string | number): string {
  const text = String(value);
  if (type === 'date' && /^\d{4}-\d{2}-\d{2}$/.test(text)) return `<c r="${place}" s="${styles.date}"><v>${serial(text)}</v></c>`;
  if ((type === 'money' || type === 'number') && plainNumber.test(text)) return `<c r="${place}" s="${styles[type]}"><v>${text}</v></c>`;
  return `<c r="${place}" s="${styles.text}" t="inlineStr"><is><t xml:space="preserve">${cellText(text)}</t></is></c>`;
}

export function rowXml(columns: readonly SheetColumn[], letters: readonly string[], number: number, row: Cells): string {
  let cells = '';
  for (let i = 0; i < columns.length; i += 1) {
    const { key, type = 'text' } = columns[i]!;
    const value = row[key];
    if (value !== null && value !== undefined && value !== '') cells += cellXml(`${letters[i]!}${number}`, type, value);
  }
  return `<row r="${number}">${cells}</row>`;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATED = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

export function sheetHead(columns: readonly SheetColumn[], first: boolean): string {
  const widths = columns.map(({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`).join('');
  const titles = columns.map(({ title }, i) =>
    `<c r="${columnLetters(i)}1" s="${styles.head}" t="inlineStr"><is><t>${xmlText(title)}</t></is></c>`).join('');
  return `${DECLARED}<worksheet xmlns="${MAIN}"><sheetViews><sheetView${first ? ' tabSelected="1"' : ''} workbookViewId="0">`
    + '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/>'
    + `</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths}</cols><sheetData><row r="1">${titles}</row>`;
}
export const SHEET_END = '</sheetData></worksheet>';

export const contentTypes = (sheets: number): string => `${DECLARED}<Types xmlns="${PACKAGE}/content-types">`
  + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
  + '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
  + '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
  + Array.from({ length: sheets }, (_, i) => `<Override PartName="/xl/worksheets/sheet${i + 1}.xml" `
    + 'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>').join('') + '</Types>';

export const PACKAGE_RELATIONS = `${DECLARED}<Relationships xmlns="${PACKAGE}/relationships">`
  + `<Relationship Id="rId1" Type="${RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

export const workbookXml = (names: readonly string[]): string => `${DECLARED}<workbook xmlns="${MAIN}" xmlns:r="${RELATED}"><sheets>`
  + names.map((name, i) => `<sheet name="${xmlText(name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('') + '</sheets></workbook>';

export const workbookRelations = (sheets: number): string => `${DECLARED}<Relationships xmlns="${PACKAGE}/relationships">`
  + Array.from({ length: sheets }, (_, i) =>
    `<Relationship Id="rId${i + 1}" Type="${RELATED}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')
  + `<Relationship Id="rId${sheets + 1}" Type="${RELATED}/styles" Target="styles.xml"/></Relationships>`;

/** In the order of `styles`: text, head, money, date, whole number. */
export const STYLES = `${DECLARED}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>`
  + '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>'
  + '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
  + '<fill><patternFill patternType="solid"><fgColor rgb="FFE8ECF0"/><bgColor indexed="64"/></patternFill></fill></fills>'
  + '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
  + '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">'
  + '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
  + '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
  + '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
  + '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
  + '<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
  + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
