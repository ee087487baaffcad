// What may be wrong with a spreadsheet for the register as a whole, and with taking it or taking it back. What is wrong with
// single cells: import-faults.ts.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  register_file_missing: { status: 422, zh: '没有收到文件。请选择一个 Excel、WPS 或 CSV 表格。', en: 'No file came. Choose a spreadsheet (Excel, WPS or CSV).' },
  register_upload_broken: { status: 400, zh: '文件没有传完整，请重新选择文件再交一次。一次只交一个文件。', en: 'The upload was broken; please choose the file and send it again, one at a time.' },
  register_undo_unsure: { status: 422, zh: '请先勾选“确定撤回”，再点撤回。', en: 'Tick the box first, then take it back.' },
  register_file_too_large: { status: 413, zh: '文件太大：{what_zh}（最多 {limit}）。请按楼栋分成几份导入。', en: 'The file is too large: {what_en} (at most {limit}). Import it building by building.' },
  register_file_unreadable: {
    status: 422,
    zh: '这个文件读不了：{what_zh}。请用 Excel 或 WPS 打开，另存为 .xlsx（不加密码）再导入。',
    en: 'The file cannot be read: {what_en}. Open it, save it as .xlsx without a password, and import that.',
  },
  register_sheet_unknown: {
    status: 422,
    zh: '没有认出表头。房屋表要有“房号”和“建筑面积”或“业主”；车位表要有“车位号”；水电表要有“表号”；抄表要有“本次读数”；欠费表要有“房号”“月份”“欠费金额”。请改好表头，或下载样表。',
    en: 'No headings were recognised. Dwellings need their number and the area or the owner, parking spaces and meters their number, readings the value, open bills the dwelling, the month and the amount. Change the headings, or use a template.',
  },
  register_sheet_empty: { status: 422, zh: '表头下面没有一行内容。', en: 'There is no row below the headings.' },
  register_rows_too_many: { status: 422, zh: '表里有 {rows} 行，一次最多 {limit} 行。请按楼栋分成几份导入。', en: 'The file has {rows} rows; at most {limit} at once. Import it building by building.' },
  register_kind_invalid: { status: 422, zh: '没有“{typed}”这种表。', en: 'There is no kind of sheet "{typed}".' },
  register_file_known: { status: 409, zh: '同一个文件已经在第 {import} 号导入里登记过。要重来，请先撤回那一次。', en: 'The same file was taken as import {import}. To do it again, take that one back first.' },
  register_import_unknown: { status: 404, zh: '没有这份导入，或已经丢弃。', en: 'There is no such import, or it was dropped.' },
  register_import_done: { status: 409, zh: '第 {import} 号导入已经登记，不能再改。可以整份撤回。', en: 'Import {import} was taken and is not changed any more. It can be taken back as a whole.' },
  register_import_faulty: {
    status: 422,
    zh: '还有 {faults} 处不对（第一处：{sheet}第 {row} 行），一行也没有登记。请改好，或选择不导入这些行。',
    en: '{faults} cells are wrong still (the first: row {row}{sheet_en}); nothing was entered. Put them right, or leave these rows out.',
  },
  register_import_since: {
    status: 422,
    zh: '有的行没写起始日期，请在“没写日期的行，从哪一天算起”里填一个今天或以前的日期，例如交房日。',
    en: 'Some rows name no first day: say from which day they count (today or earlier), for example the day of delivery.',
  },
  register_import_nothing: { status: 422, zh: '没有要登记的内容：每一行都已经在登记里，或没有选入。', en: 'There is nothing to enter: every row is in the register already or was left out.' },
  register_changed_meanwhile: { status: 409, zh: '登记刚刚被别人改过，没有导入任何内容。请再看一遍，再点导入。', en: 'The register was changed at the same moment; nothing was taken. Look again and press once more.' },
  register_cell_unknown: { status: 422, zh: '没有第 {row} 行，或没有“{field}”这一列。', en: 'There is no row {row}, or no column "{field}".' },
  register_import_not_taken: { status: 409, zh: '第 {import} 号还没有登记，不用撤回；不要了请丢弃。', en: 'Import {import} was not taken yet; drop it instead.' },
  register_import_bills_old: {
    status: 409,
    zh: '这份导入里的欠费登记已满 {days} 天，不能再整份撤回。要减免、更正，请走减免签批单，由两方签批。',
    en: 'The open bills of this import are older than {days} days and cannot be taken back any more. To lower them, propose a waiver or correction, which both bodies sign.',
  },
  register_import_stands: {
    status: 409,
    zh: '不能撤回，后来的登记已经用到它：{what}。请先处理这些，或逐户更正。',
    en: 'It cannot be taken back, because later entries rest on it: {what_en}. Undo these first, or correct dwelling by dwelling.',
  },
});
