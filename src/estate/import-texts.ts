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
  zh: {
    title: '导入台账', register: '小区台账',
    lead: '把现有的 Excel、WPS 或 CSV 表格直接交上来：合并单元格、“3栋2单元1002”这样的写法、几行表头、合计行都认得。先试读，一行也不登记；有错的逐格指出来，当场改好或不导入，全对了再一次登记。登记以后还能整份撤回。',
    upload: '选择表格', file: '表格文件', file_hint: '.xlsx、.xls、.csv，最大 20 MB。一个工作簿可以有几张表：房屋、车位、水电表、抄表、欠费。身份证号等用不着的列不会收。',
    kind: '这是什么表', kind_auto: '自动认', send: '试读', templates: '样表', template_hint: '没有现成的表，可以从样表填起：',
    list: '导入记录', none: '还没有导入过。', number: '编号', file_name: '文件', handed: '交来', state: '状态', brings: '内容', by: '谁',
    state_draft: '待改正、待登记', state_taken: '已登记', state_undone: '已撤回',
    all_good: '全部读懂，没有错', all_good_text: '登记后：{what}。', bad_title: '有 {n} 处要改', bad_text: '一行也还没有登记。改好下面的格子，或勾选“不导入这一行”，再点“改好再查”。',
    nothing: '没有要登记的内容。', so_far: '其余部分：{what}。',
    bad_list: '要改的格子', bad_shown: '先列出前 {shown} 处，共 {n} 处；改好这些再看后面的。', row: '行', column: '列', has: '现在写的', reason: '哪里不对', expected: '应该怎样', blank: '（空）',
    fix: '{sheet}第 {row} 行，{column}', skip: '不导入第 {row} 行', check: '改好再查', take: '全部登记', drop: '丢弃', bad_file: '下载有错的行（Excel）',
    not_yet: '还有 {n} 处不对', not_since: '先填“从哪一天算起”', since: '没写日期的行，从哪一天算起',
    since_hint: '业主、租户、车位没写起始日期的，读数没写抄表日期的，都按这一天。业主登录后看得到这一天所在月份起的账单；后来买房的业主请在表里写自己的日期。',
    since_set: '保存日期', sheets: '读到了什么', sheet: '表', rows_read: '第几列当作什么', left_out: '没有收的列', left_out_none: '没有', skipped: '有 {n} 行选了不导入。', unskip: '全部重新选入',
    notes: '请留意', passed_total: '合计行，跳过：第 {rows} 行', passed_heading: '重复的表头，跳过：第 {rows} 行', passed_group: '楼栋标题行，管下面各行：第 {rows} 行', note_rows: '{note}：第 {rows} 行', more_rows: '等 {n} 行',
    taken: '已登记', taken_text: '第 {number} 号导入：{what}。', undone: '已撤回', undone_text: '这份导入带来的登记都已结束，姓名已删除。改好的表格可以重新导入。',
    undo: '撤回这份导入', undo_text: '这份导入带来的每一条都会结束，账单减为零，就像没有导入过。已经收过款、开过账单或后来变更过的，会拒绝并指出是哪一户。', undo_sure: '确定撤回第 {number} 号导入的全部内容',
    kept: '表格文件本身不保存，只记下它的指纹（SHA-256）：{sha256}', another: '再导入一份', see_register: '看台账',
  },
  en: {
    title: 'Import the register', register: 'Register',
    lead: 'Hand in the spreadsheets you have (Excel, WPS, CSV): merged cells, "3栋2单元1002", several rows of headings and totals are understood. It is only read at first; every bad cell is named and put right here or its row left out; when all is right it is entered at once. An import can be taken back as a whole.',
    upload: 'Choose a spreadsheet', file: 'Spreadsheet', file_hint: '.xlsx, .xls or .csv, 20 MB at most. A workbook may have several sheets: dwellings, spaces, meters, readings, open bills. Columns that are not needed, such as identity numbers, are not taken.',
    kind: 'What it is', kind_auto: 'tell by its headings', send: 'Read it', templates: 'Templates', template_hint: 'Where there is no spreadsheet yet:',
    list: 'Imports', none: 'None yet.', number: 'No.', file_name: 'File', handed: 'Handed in', state: 'State', brings: 'Brings', by: 'By',
    state_draft: 'to be put right and taken', state_taken: 'taken', state_undone: 'taken back',
    all_good: 'Everything was understood', all_good_text: 'It will enter: {what}.', bad_title: '{n} cells to put right', bad_text: 'Nothing is entered yet. Put the cells below right, or tick "leave this row out", then check again.',
    nothing: 'There is nothing to enter.', so_far: 'The rest: {what}.',
    bad_list: 'Cells to put right', bad_shown: 'The first {shown} of {n}; the others follow when these are right.', row: 'Row', column: 'Column', has: 'It says', reason: 'What is wrong', expected: 'Expected', blank: '(empty)',
    fix: '{sheet} row {row}, {column}', skip: 'leave row {row} out', check: 'Check again', take: 'Enter all', drop: 'Drop', bad_file: 'Download the bad rows (Excel)',
    not_yet: '{n} cells are wrong still', not_since: 'say from which day rows without one count', since: 'Rows without a day count from',
    since_hint: 'For owners, tenants, spaces and readings whose row names no day. Owners who log in see bills from the month of this day on; whoever bought later should have their own day in the sheet.',
    since_set: 'Keep the day', sheets: 'What was read', sheet: 'Sheet', rows_read: 'Columns', left_out: 'Columns not taken', left_out_none: 'none', skipped: '{n} rows are left out.', unskip: 'Take them in again',
    notes: 'Please note', passed_total: 'Totals, passed over: rows {rows}', passed_heading: 'Repeated headings, passed over: rows {rows}', passed_group: 'Titles over groups: rows {rows}', note_rows: '{note}: rows {rows}', more_rows: 'and more, {n} in all',
    taken: 'Taken', taken_text: 'Import {number}: {what}.', undone: 'Taken back', undone_text: 'All that this import brought has ended, and its names are erased. A corrected spreadsheet may be imported.',
    undo: 'Take this import back', undo_text: 'Each thing it brought ends and its bills are reduced to nothing, as if it had never been. What was paid, billed or changed since is refused, and told by dwelling.', undo_sure: 'Yes, take back all of import {number}',
    kept: 'The spreadsheet itself is not kept, only its fingerprint (SHA-256): {sha256}', another: 'Import another', see_register: 'See the register',
  },
} as const;
