// Findings about what is printed and exported: figures, balances, journals, vouchers.
import type { Told } from './told.ts';

export const figureTexts = {
  figures_differ: ['broken', 'figures', '{what}：公示写 {said}，按记录应是 {found}', '{what}: the disclosure says {said}, the records {found}'],
  entry_not_in_log: ['broken', 'figures', '公示了一张日志里没有的凭证，或公示了两次', 'an entry is printed that the log does not have, or printed twice'],
  entry_not_printed: ['broken', 'hidden', '{period} 有一张凭证没有公示（第 {seq} 条记录）', 'an entry of {period} is not printed (record {seq})'],
  entry_row_differs: ['broken', 'figures', '公示的凭证和记录不符：{field}', 'the printed entry is not as recorded: {field}'],
  entries_csv_differs: ['broken', 'figures', '表格 entries.csv 和公示的数字不一致', 'the spreadsheet entries.csv is not made from these figures'],
  entries_after_figures: ['caution', 'know', '有 {count} 张凭证在公示取数之后才登记，会在下一版公示', '{count} entries were recorded after the figures were drawn; the next version will have them'],
  balances_differ: ['broken', 'figures', '余额和凭证不符：{what}', 'the balances are not those of the entries: {what}'],
  opening_differs: ['broken', 'history', '期初余额和 {other} 接不上：{what} 写 {said}，应是 {found}', 'the opening balance does not follow from {other}: {what} says {said}, it should be {found}'],
  name_changed: ['caution', 'renamed', '{what} 在 {other} 里叫“{before}”，这里叫“{now}”', '{what} is called "{before}" in {other} and "{now}" here'],
  openings_on_trust: ['caution', 'more_files', '期初余额和本年累计来自以前的月份，没有以前的文件可以核对', 'opening balances and sums of the year come from months before, of which no file is at hand'],
  standing_differs: ['broken', 'tables', '数据库里的{what}和存证记录不符', 'the database has another {what} than the records'],
  postings_differ: ['broken', 'tables', '数据库里 {period} 的分录和存证记录不符', 'the entry lines of {period} in the database are not those of the records'],
  journal_differs: ['broken', 'figures', '导出的账本和存证记录不符：{entry}', 'the exported journal is not what the records say: {entry}'],
  archive_file_altered: ['broken', 'altered', '文件和清单里的校验值不符', 'the file is not the one in the manifest'],
  archive_file_missing: ['broken', 'hidden', '审计包缺少这个文件', 'the package lacks this file'],
  archive_file_extra: ['caution', 'know', '清单里没有这个文件', 'the manifest does not name this file'],
  voucher_altered: ['broken', 'voucher', '原始凭证的内容变了：和当初登记的校验值不符', 'the voucher was changed: it does not match the hash that was recorded'],
  voucher_unrecorded: ['broken', 'voucher', '原始凭证没有交来的记录（{sha256}…）', 'there is no record of this voucher being handed in ({sha256}…)'],
  voucher_missing: ['broken', 'voucher', '{number} 的原始凭证不在审计包里（{sha256}…）', 'a voucher of {number} is not in the package ({sha256}…)'],
  vouchers_withheld: ['caution', 'know', '有 {count} 个原始凭证只限任职人员查看，没有收录', '{count} vouchers are for officers only and are not included'],
  voucher_unknown: ['broken', 'voucher', '账里没有这个文件：它不是任何凭证的原始凭证（校验值 {sha256}…）', 'the books do not know this file: it is no original voucher of any entry (SHA-256 {sha256}…)'],
} as const satisfies Record<string, Told>;
