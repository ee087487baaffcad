// Workbooks of the import: an empty one to fill in, with examples, and the bad rows of a file with what is wrong with each.
import { fill, type Locale } from '../kernel/locale.ts';
import { workbook } from '../web/xlsx.ts';
import type { Cells as SheetCells, SheetColumn } from '../web/xlsx-parts.ts';
import { faults as faultTexts } from './import-faults.ts';
import type { Field, SheetKind } from './import-headings.ts';
import type { JudgedRow } from './import-judge.ts';
import type { Fault } from './import-plan.ts';
import type { ImportRow } from './import-queries.ts';
import { fieldTexts, kindNames, texts } from './import-texts.ts';

/** Headings as the import reads them, in Chinese whoever asks: they are what is recognised. */
const examples: Record<SheetKind, { headings: readonly string[]; rows: readonly (readonly string[])[] }> = {
  units: {
    headings: ['楼栋', '单元', '房号', '建筑面积', '房屋类型', '入住状态', '业主姓名', '联系电话', '产权份额', '交房日期', '租户', '租户电话', '起租日期', '缴费人', '备注'],
    rows: [['3栋', '2单元', '1002', '85.00', '住宅', '自住', '张三、李四', '', '1/2、1/2', '2019-06-01'], ['3栋', '2单元', '1003', '92.50', '住宅', '出租', '王五', '', '', '2020-03-15', '赵六', '', '2026-01-01', '租户']],
  },
  spaces: { headings: ['车位号', '车位性质', '车位面积', '房号', '起始日期', '到期日期'], rows: [['B1-023', '产权', '12.50', '3-2-1002', '2019-06-01'], ['B1-024', '共有', '', '3-2-1003', '2026-01-01', '2026-12-31']] },
  meters: { headings: ['表号', '表类型', '房号', '倍率', '位数', '起始读数', '装表日期'], rows: [['S-0001', '水', '3-2-1002', '1', '6', '0', '2019-06-01'], ['D-0900', '电', '公共', '20', '6', '1530', '2019-06-01']] },
  readings: { headings: ['表号', '房号', '本次读数', '抄表日期'], rows: [['S-0001', '3-2-1002', '128', '2026-11-01']] },
  bills: { headings: ['房号', '收费项目', '欠费月份', '欠费金额'], rows: [['3-2-1002', '物业费', '2025-03', '102.00'], ['3-2-1003', '物业费', '2025年1-12月', '1332.00']] },
};

export function templateWorkbook(kind: SheetKind): AsyncGenerator<Uint8Array> {
  const { headings, rows } = examples[kind];
  const columns: SheetColumn[] = headings.map((title) => ({ key: title, title, width: 14 }));
  const cells = rows.map((row): SheetCells => Object.fromEntries(headings.map((title, at) => [title, row[at] ?? ''])));
  return workbook([{ name: kindNames[kind].zh, columns, count: cells.length, rows: [cells] }]);
}

export const whyText = ({ code, facts }: Fault, locale: Locale): string => fill(faultTexts[code].why[locale], facts);
export const expectedText = ({ code, facts }: Fault, locale: Locale): string => fill(faultTexts[code].expected[locale], facts);
export function columnText({ shapes }: ImportRow, { sheet, field }: Fault, locale: Locale): string {
  const column = shapes[sheet]?.columns.find((one) => one.field === field);
  return column === undefined ? fieldTexts[field][locale] : `${column.column} ${column.heading}`;
}

/** The bad rows of a draft as a workbook that may be put right and handed in: the sheets' own columns, then row and reasons. */
export function badRowsWorkbook(row: ImportRow, faults: readonly Fault[], rows: readonly JudgedRow[], locale: Locale): AsyncGenerator<Uint8Array> {
  const reasons = new Map<string, Fault[]>();
  for (const fault of faults) reasons.set(`${fault.sheet} ${fault.row}`, [...reasons.get(`${fault.sheet} ${fault.row}`) ?? [], fault]);
  const sheets = row.shapes.map((shape, sheet) => {
    const bad = rows.filter((one) => one.sheet === sheet && reasons.has(`${sheet} ${one.row}`));
    // A column that the sheet lacks and a row needs stands behind the others.
    const lacking = new Set(faults.filter((fault) => fault.sheet === sheet && !shape.columns.some(({ field }) => field === fault.field)).map(({ field }) => field));
    const columns: SheetColumn[] = [
      ...shape.columns.map(({ field, heading }) => ({ key: field, title: heading.split(' ').at(-1)!, width: 16 })),
      ...[...lacking].map((field: Field) => ({ key: field, title: fieldTexts[field].zh, width: 16 })),
      { key: '#row', title: locale === 'zh' ? '原行号' : 'row in the file', width: 10 }, { key: '#why', title: locale === 'zh' ? '哪里不对' : 'what is wrong', width: 60 },
      { key: '#expected', title: texts.expected[locale], width: 60 },
    ];
    const cells = bad.map((one): SheetCells => {
      const list = reasons.get(`${sheet} ${one.row}`)!;
      const told = (text: (fault: Fault, locale: Locale) => string): string => list.map((fault) => `${columnText(row, fault, locale)}: ${text(fault, locale)}`).join('\n');
      return { ...one.cells, '#row': String(one.row), '#why': told(whyText), '#expected': told(expectedText) };
    });
    return { name: (shape.name || kindNames[shape.kind][locale]).replace(/[[\]:*?/\\]/g, ' ').slice(0, 28), columns, count: cells.length, rows: [cells] };
  });
  return workbook(sheets.filter(({ count }) => count > 0));
}
