// Words of the import of the register, in both languages.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney } from '../kernel/money.ts';
import type { Field, SheetKind } from './import-headings.ts';

export const kindNames: Record<SheetKind, Bilingual> = {
  units: { zh: '房屋和业主', en: 'Dwellings and owners' }, spaces: { zh: '车位', en: 'Parking spaces' }, meters: { zh: '水电气表', en: 'Meters' },
  readings: { zh: '抄表读数', en: 'Readings' }, bills: { zh: '以前的欠费', en: 'Open bills of the time before' },
};

export const fieldTexts: Record<Field, Bilingual> = {
  phase: { zh: '期区', en: 'Phase' }, building: { zh: '楼栋', en: 'Building' }, stairwell: { zh: '单元', en: 'Stairwell' }, unit: { zh: '房号', en: 'Dwelling' },
  area: { zh: '建筑面积', en: 'Area' }, kind: { zh: '房屋类型', en: 'Kind' }, occupancy: { zh: '入住情况', en: 'Occupancy' }, owner: { zh: '业主', en: 'Owner' },
  co_owner: { zh: '共有人', en: 'Co-owner' }, phone: { zh: '电话', en: 'Telephone' }, share: { zh: '份额', en: 'Share' }, since: { zh: '起始日期', en: 'First day' },
  until: { zh: '截止日期', en: 'Last day' }, note: { zh: '备注', en: 'Remark' }, tenant: { zh: '租户', en: 'Tenant' }, tenant_phone: { zh: '租户电话', en: "Tenant's telephone" },
  tenant_since: { zh: '起租日', en: 'Tenant from' }, payer: { zh: '缴费人', en: 'Who pays' }, space: { zh: '车位号', en: 'Parking space' }, space_kind: { zh: '车位性质', en: 'Kind of space' },
  space_area: { zh: '车位面积', en: 'Area of the space' }, meter: { zh: '表号', en: 'Meter' }, meter_kind: { zh: '表类型', en: 'Kind of meter' }, multiplier: { zh: '倍率', en: 'Ratio' },
  digits: { zh: '位数', en: 'Digits' }, start_value: { zh: '起始读数', en: 'First reading' }, start_on: { zh: '装表日期', en: 'Put in on' }, read_on: { zh: '抄表日期', en: 'Read on' },
  value: { zh: '本次读数', en: 'Reading' }, item: { zh: '收费项目', en: 'Fee' }, period: { zh: '月份', en: 'Month' }, amount: { zh: '欠费金额', en: 'Amount' }, due_on: { zh: '应缴日期', en: 'Due' },
};

const countWords: Record<string, Bilingual> = {
  units: { zh: '房屋 {n} 套', en: '{n} dwellings' }, owners: { zh: '业主 {n} 条', en: '{n} owners' }, tenants: { zh: '租户 {n} 条', en: '{n} tenants' },
  spaces: { zh: '车位 {n} 个', en: '{n} parking spaces' }, holdings: { zh: '车位使用 {n} 条', en: '{n} spaces in use' }, meters: { zh: '表 {n} 块', en: '{n} meters' },
  readings: { zh: '读数 {n} 条', en: '{n} readings' }, bills: { zh: '以前的欠费 {n} 笔', en: '{n} open bills' }, bills_total: { zh: '共 {n} 元', en: '{n} yuan in all' },
  skipped: { zh: '不导入 {n} 行', en: '{n} rows left out' },
};

/** What an import brings or brought, in words: "房屋 448 套，业主 450 条"; also in the log. */
export function countsText(counts: Readonly<Record<string, unknown>>, locale: Locale): string {
  return Object.entries(countWords).flatMap(([name, words]) => {
    const n = counts[name];
    if (typeof n !== 'number' && typeof n !== 'string') return [];
    const amount = name === 'bills_total' && typeof n === 'string' && readMoney(n) !== null;
    return [fill(words[locale], { n: amount ? moneyFigures(money(n)) : String(n) })];
  }).join(locale === 'zh' ? '，' : ', ');
}

export const texts = {
  title: { zh: '导入台账', en: 'Import the register' },
  register: { zh: '小区台账', en: 'Register' },
  lead: {
    zh: '把现有的 Excel、WPS 或 CSV 表格直接交上来：合并单元格、“3栋2单元1002”这样的写法、几行表头、合计行都认得。先试读，一行也不登记；有错的逐格指出来，当场改好或不导入，全对了再一次登记。登记以后还能整份撤回。',
    en: 'Hand in the spreadsheets you have (Excel, WPS, CSV): merged cells, "3栋2单元1002", several rows of headings and totals are understood. It is only read at first; every bad cell is named and put right here or its row left out; when all is right it is entered at once. An import can be taken back as a whole.',
  },
  upload: { zh: '选择表格', en: 'Choose a spreadsheet' },
  file: { zh: '表格文件', en: 'Spreadsheet' },
  file_hint: {
    zh: '.xlsx、.xls、.csv，最大 20 MB。一个工作簿可以有几张表：房屋、车位、水电表、抄表、欠费。身份证号等用不着的列不会收。',
    en: '.xlsx, .xls or .csv, 20 MB at most. A workbook may have several sheets: dwellings, spaces, meters, readings, open bills. Columns that are not needed, such as identity numbers, are not taken.',
  },
  kind: { zh: '这是什么表', en: 'What it is' },
  kind_auto: { zh: '自动认', en: 'tell by its headings' },
  send: { zh: '试读', en: 'Read it' },
  templates: { zh: '样表', en: 'Templates' },
  template_hint: { zh: '没有现成的表，可以从样表填起：', en: 'Where there is no spreadsheet yet:' },
  list: { zh: '导入记录', en: 'Imports' },
  none: { zh: '还没有导入过。', en: 'None yet.' },
  number: { zh: '编号', en: 'No.' },
  file_name: { zh: '文件', en: 'File' },
  handed: { zh: '交来', en: 'Handed in' },
  state: { zh: '状态', en: 'State' },
  brings: { zh: '内容', en: 'Brings' },
  by: { zh: '谁', en: 'By' },
  state_draft: { zh: '待改正、待登记', en: 'to be put right and taken' },
  state_taken: { zh: '已登记', en: 'taken' },
  state_undone: { zh: '已撤回', en: 'taken back' },
  all_good: { zh: '全部读懂，没有错', en: 'Everything was understood' },
  all_good_text: { zh: '登记后：{what}。', en: 'It will enter: {what}.' },
  bad_title: { zh: '有 {n} 处要改', en: '{n} cells to put right' },
  bad_text: {
    zh: '一行也还没有登记。改好下面的格子，或勾选“不导入这一行”，再点“改好再查”。',
    en: 'Nothing is entered yet. Put the cells below right, or tick "leave this row out", then check again.',
  },
  nothing: { zh: '没有要登记的内容。', en: 'There is nothing to enter.' },
  so_far: { zh: '其余部分：{what}。', en: 'The rest: {what}.' },
  bad_list: { zh: '要改的格子', en: 'Cells to put right' },
  bad_shown: { zh: '先列出前 {shown} 处，共 {n} 处；改好这些再看后面的。', en: 'The first {shown} of {n}; the others follow when these are right.' },
  row: { zh: '行', en: 'Row' },
  column: { zh: '列', en: 'Column' },
  has: { zh: '现在写的', en: 'It says' },
  reason: { zh: '哪里不对', en: 'What is wrong' },
  expected: { zh: '应该怎样', en: 'Expected' },
  blank: { zh: '（空）', en: '(empty)' },
  fix: { zh: '{sheet}第 {row} 行，{column}', en: '{sheet} row {row}, {column}' },
  skip: { zh: '不导入第 {row} 行', en: 'leave row {row} out' },
  check: { zh: '改好再查', en: 'Check again' },
  take: { zh: '全部登记', en: 'Enter all' },
  drop: { zh: '丢弃', en: 'Drop' },
  bad_file: { zh: '下载有错的行（Excel）', en: 'Download the bad rows (Excel)' },
  not_yet: { zh: '还有 {n} 处不对', en: '{n} cells are wrong still' },
  not_since: { zh: '先填“从哪一天算起”', en: 'say from which day rows without one count' },
  since: { zh: '没写日期的行，从哪一天算起', en: 'Rows without a day count from' },
  since_hint: {
    zh: '业主、租户、车位没写起始日期的，读数没写抄表日期的，都按这一天。业主登录后看得到这一天所在月份起的账单；后来买房的业主请在表里写自己的日期。',
    en: 'For owners, tenants, spaces and readings whose row names no day. Owners who log in see bills from the month of this day on; whoever bought later should have their own day in the sheet.',
  },
  since_set: { zh: '保存日期', en: 'Keep the day' },
  sheets: { zh: '读到了什么', en: 'What was read' },
  sheet: { zh: '表', en: 'Sheet' },
  rows_read: { zh: '第几列当作什么', en: 'Columns' },
  left_out: { zh: '没有收的列', en: 'Columns not taken' },
  left_out_none: { zh: '没有', en: 'none' },
  skipped: { zh: '有 {n} 行选了不导入。', en: '{n} rows are left out.' },
  unskip: { zh: '全部重新选入', en: 'Take them in again' },
  notes: { zh: '请留意', en: 'Please note' },
  passed_total: { zh: '合计行，跳过：第 {rows} 行', en: 'Totals, passed over: rows {rows}' },
  passed_heading: { zh: '重复的表头，跳过：第 {rows} 行', en: 'Repeated headings, passed over: rows {rows}' },
  passed_group: { zh: '楼栋标题行，管下面各行：第 {rows} 行', en: 'Titles over groups: rows {rows}' },
  note_rows: { zh: '{note}：第 {rows} 行', en: '{note}: rows {rows}' },
  more_rows: { zh: '等 {n} 行', en: 'and more, {n} in all' },
  taken: { zh: '已登记', en: 'Taken' },
  taken_text: { zh: '第 {number} 号导入：{what}。', en: 'Import {number}: {what}.' },
  undone: { zh: '已撤回', en: 'Taken back' },
  undone_text: {
    zh: '这份导入带来的登记都已结束，姓名已删除。改好的表格可以重新导入。',
    en: 'All that this import brought has ended, and its names are erased. A corrected spreadsheet may be imported.',
  },
  undo: { zh: '撤回这份导入', en: 'Take this import back' },
  undo_text: {
    zh: '这份导入带来的每一条都会结束，账单减为零，就像没有导入过。已经收过款、开过账单或后来变更过的，会拒绝并指出是哪一户。以前的欠费只能在登记后 30 天内撤回，以后要减要走签批。',
    en: 'Each thing it brought ends and its bills are reduced to nothing, as if it had never been. What was paid, billed or changed since is refused, and told by dwelling. Open bills can be taken back within 30 days; later they are lowered under both keys only.',
  },
  undo_sure: { zh: '确定撤回第 {number} 号导入的全部内容', en: 'Yes, take back all of import {number}' },
  kept: { zh: '表格文件本身不保存，只记下它的指纹（SHA-256）：{sha256}', en: 'The spreadsheet itself is not kept, only its fingerprint (SHA-256): {sha256}' },
  another: { zh: '再导入一份', en: 'Import another' },
  see_register: { zh: '看台账', en: 'See the register' },
} as const satisfies Record<string, Bilingual>;
