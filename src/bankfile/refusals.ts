// Why a bank's file is not taken. A file is taken whole or not at all, so each of these names the row, both figures
// and the difference, and says that the way out is a fresh export, never a file mended by hand.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  statement_amount_unreadable: {
    status: 422,
    zh: '第 {row} 行“{column}”写的是“{text}”，读不出金额。金额应为半角数字、至多两位小数，如 1,234.50。请从网银重新下载，不要手工修改文件。',
    en: 'Row {row}, "{column}", says "{text}", which is no amount. An amount has plain digits and at most two places, like 1,234.50. Please download the file from the bank again and do not edit it.',
  },
  statement_amount_missing: {
    status: 422,
    zh: '第 {row} 行“{column}”没有金额。请从网银重新下载。',
    en: 'Row {row} has no amount in "{column}". Please download the file from the bank again.',
  },
  statement_amount_twice: {
    status: 422,
    zh: '第 {row} 行“{column}”里收入 {in}、支出 {out} 同时有数，一行流水只能是收或者支。请从网银重新下载，或重新选择各列的含义。',
    en: 'Row {row}, "{column}", has both {in} in and {out} out; a line is either one. Please download the file again, or choose the columns anew.',
  },
  statement_amount_zero: {
    status: 422,
    zh: '第 {row} 行“{column}”的金额是 0.00，不是一笔收支。请从网银重新下载。',
    en: 'Row {row}, "{column}", has the amount 0.00, which moves no money. Please download the file from the bank again.',
  },
  statement_date_unreadable: {
    status: 422,
    zh: '第 {row} 行“{column}”写的是“{text}”，读不出日期。日期应像 20260801、2026-08-01 或 2026年8月1日。请从网银重新下载。',
    en: 'Row {row}, "{column}", says "{text}", which is no date. A date looks like 20260801 or 2026-08-01. Please download the file from the bank again.',
  },
  statement_time_unreadable: {
    status: 422,
    zh: '第 {row} 行“{column}”写的是“{text}”，读不出时间。时间应像 15:24:03 或 152403。请从网银重新下载。',
    en: 'Row {row}, "{column}", says "{text}", which is no time of day. A time looks like 15:24:03 or 152403. Please download the file from the bank again.',
  },
  statement_count_unreadable: {
    status: 422,
    zh: '第 {row} 行“{column}”写的是“{text}”，读不出笔数。请从网银重新下载。',
    en: 'Row {row}, "{column}", says "{text}", which is no number of lines. Please download the file from the bank again.',
  },
  statement_side_unknown: {
    status: 422,
    zh: '第 {row} 行“{column}”写的是“{text}”，看不出是借（支出）还是贷（收入）。请从网银重新下载。',
    en: 'Row {row}, "{column}", says "{text}", which is neither debit (money out) nor credit (money in). Please download the file from the bank again.',
  },
  statement_side_contradicts: {
    status: 422,
    zh: '第 {row} 行“{column}”是“{text}”，金额 {amount} 却写在另一边。请从网银重新下载。',
    en: 'Row {row}, "{column}", says "{text}", but its amount {amount} stands on the other side. Please download the file from the bank again.',
  },
  statement_cell_too_long: {
    status: 422,
    zh: '第 {row} 行“{column}”有 {length} 个字，最多 {limit} 个。这不像银行导出的文件，请从网银重新下载。',
    en: 'Row {row}, "{column}", has {length} characters; {limit} are the most. That is not how banks write; please download the file again.',
  },
  statement_row_ragged: {
    status: 422,
    zh: '第 {row} 行有 {cells} 格，表头只有 {columns} 格，数字可能错了列（多半是金额里的逗号被当成了分隔符）。请改用网银的 Excel 格式下载。',
    en: 'Row {row} has {cells} cells and the header {columns}, so that figures may stand in the wrong column (a comma inside an amount, most likely). Please download the Excel format instead.',
  },
  statement_text_broken: {
    status: 422,
    zh: '文件第 {row} 行起不成表格（引号没有成对）。请从网银重新下载，不要用其他软件另存。',
    en: 'From line {row} on the file is no table (a quotation mark is not closed). Please download it from the bank again and do not save it with other software.',
  },
  statement_too_long: {
    status: 413,
    zh: '文件有 {rows} 行，一次最多 {limit} 行。请在网银按更短的期间分几次下载。',
    en: 'The file has {rows} rows; {limit} is the most at a time. Please download shorter periods one after the other.',
  },
  statement_no_table: {
    status: 422,
    zh: '文件里没有找到流水表（看了前 {rows} 行，没有一行像“日期、金额、余额”的表头）。请在网银导出“交易明细”或“对账单”。',
    en: 'No table of bank lines was found (none of the first {rows} rows looks like a header with date, amount and balance). Please export the account details or the statement from the bank.',
  },
  statement_line_above_header: {
    status: 422,
    zh: '第 {row} 行像一笔流水，却在表头（第 {header} 行）上面，不会被读到。请从网银重新下载，不要移动各行。',
    en: 'Row {row} looks like a line but stands above the header (row {header}), where it would not be read. Please download the file again and do not move rows.',
  },
  statement_several_tables: {
    status: 422,
    zh: '文件里有 {count} 张流水表。一次只能交一个账户的一张表，请分开下载。',
    en: 'The file holds {count} tables of bank lines. One account and one table at a time; please download them apart.',
  },
  statement_accounts_differ: {
    status: 422,
    zh: '第 {row} 行的本方账号是 {account}，前面写的是 {other}。一个文件只能是一个账户的流水，请分开下载。',
    en: 'Row {row} belongs to the account {account}; before, the file says {other}. One file is for one account; please download them apart.',
  },
  statement_currency_foreign: {
    status: 422,
    zh: '第 {row} 行的币种是“{currency}”。这里只记人民币账户，请下载人民币账户的流水。',
    en: 'Row {row} is in the currency "{currency}". These books hold yuan (CNY) only; please download the yuan account.',
  },
  statement_fact_twice: {
    status: 422,
    zh: '“{label_zh}”在文件里写了两次而不一样：先是 {first}，第 {row} 行又是 {second}。请从网银重新下载。',
    en: 'The file states the {label_en} twice and differently: {first} first, {second} in row {row}. Please download it from the bank again.',
  },
  statement_sum_too_large: {
    status: 422,
    zh: '到第 {row} 行为止的数额 {amount} 超出了账户可能有的范围（上限 {limit}）。这不像真实的银行流水，请从网银重新下载。',
    en: 'By row {row} the figures reach {amount}, more than an account can hold ({limit} at most). That is not how banks write; please download the file again.',
  },
  statement_given_differs: {
    status: 422,
    zh: '您填写的{label_zh}是 {given}，文件写的是 {printed}，差 {difference} 元。请核对后重填，或者不填。',
    en: 'You entered {given} as the {label_en}; the file says {printed}, a difference of {difference}. Please check it, or leave it empty.',
  },
  statement_balance_missing: {
    status: 422,
    zh: '第 {row} 行没有余额，而其他行有。缺了余额就核对不出漏行，请从网银重新下载。',
    en: 'Row {row} has no balance while other rows have one. Without it a lost line would not be found; please download the file again.',
  },
  statement_balance_broken: {
    status: 422,
    zh: '第 {row} 行接不上第 {previous} 行：上一余额 {before}，本行 {amount}，应余 {expected}，文件写的是 {balance}，差 {difference} 元。不是本行的数被改动，就是第 {previous} 行与第 {row} 行之间缺了 {difference} 元的流水。请从网银重新下载。',
    en: 'Row {row} does not follow from row {previous}: {before} before, {amount} moved, so {expected}; the file says {balance}, a difference of {difference}. Either a figure of row {row} was changed, or between row {previous} and row {row} lines of {difference} yuan are missing. Please download the file again.',
  },
  statement_balance_wrong: {
    status: 422,
    zh: '第 {row} 行的余额不对：上一余额 {before}，本行 {amount}，应余 {expected}，文件写的是 {balance}，差 {difference} 元；而{next_zh}是从 {expected} 接下去的。请从网银重新下载。',
    en: 'The balance of row {row} is wrong: {before} before, {amount} moved, so {expected}; the file says {balance}, a difference of {difference}, while {next_en} goes on from {expected}. Please download the file again.',
  },
  statement_line_doubled: {
    status: 422,
    zh: '第 {row} 行与第 {other} 行是同一笔（{booked_on}，{amount}，余额 {balance}），重复了一次，余额因此接不上，差 {difference} 元。请从网银重新下载。',
    en: 'Row {row} repeats row {other} ({booked_on}, {amount}, balance {balance}), and so the balances do not follow, by {difference}. Please download the file again.',
  },
  statement_lines_swapped: {
    status: 422,
    zh: '第 {row} 行与第 {other} 行前后颠倒了（余额 {balance} 与 {other_balance}，差 {difference} 元；对调后余额就接上了）。请从网银重新下载，不要排序。',
    en: 'Row {row} and row {other} stand in the wrong order (balances {balance} and {other_balance}, {difference} apart; exchanged, they follow). Please download the file again and do not sort it.',
  },
  statement_opening_missing: {
    status: 422,
    zh: '文件没有逐笔余额，也没有写期初余额。请填写期初余额（网银“对账单”上有）后再交。',
    en: 'The file has neither running balances nor an opening balance. Please enter the opening balance (it stands on the bank\'s statement) and hand the file in again.',
  },
  statement_opening_differs: {
    status: 422,
    zh: '期初余额是 {opening}，而第 {row} 行之前的余额应为 {expected}，差 {difference} 元。不是第 {row} 行的数被改动，就是它前面缺了 {difference} 元的流水。请从网银重新下载。',
    en: 'The opening balance is {opening}, but before row {row} it must have been {expected}, a difference of {difference}. Either a figure of row {row} was changed, or lines of {difference} yuan before it are missing. Please download the file again.',
  },
  statement_closing_differs: {
    status: 422,
    zh: '期末余额是 {closing}，而第 {row} 行（最后一笔）之后的余额是 {expected}，差 {difference} 元。多半是后面缺了流水，请从网银重新下载。',
    en: 'The closing balance is {closing}, but after row {row}, the last line, it is {expected}, a difference of {difference}. Lines after it are missing, most likely; please download the file again.',
  },
  statement_totals_differ: {
    status: 422,
    zh: '“{label_zh}”文件写的是 {printed}，逐行加起来是 {counted}，差 {difference}。可能少了行、多了行或改了数，请从网银重新下载。',
    en: 'The file states {printed} as the {label_en}; the lines add up to {counted}, a difference of {difference}. Lines were lost, added or changed; please download the file again.',
  },
  statement_line_outside: {
    status: 422,
    zh: '第 {row} 行的日期 {booked_on} 不在文件写明的 {from} 至 {to} 之内。请从网银重新下载。',
    en: 'Row {row} is dated {booked_on}, outside {from} to {to} as the file states. Please download the file again.',
  },
  statement_order_broken: {
    status: 422,
    zh: '第 {row} 行的日期 {booked_on} 早于前一笔（第 {previous} 行，{before}），流水没有按先后排列。请从网银重新下载，不要排序。',
    en: 'Row {row} is dated {booked_on}, before the line it follows (row {previous}, {before}); the lines are not in order. Please download the file again and do not sort it.',
  },
  statement_period_reversed: {
    status: 422,
    zh: '文件写明的起止日期颠倒了：从 {from} 到 {to}。请从网银重新下载。',
    en: 'The dates the file states are the wrong way round: from {from} to {to}. Please download the file again.',
  },
  statement_empty: {
    status: 422,
    zh: '文件里一笔流水也没有，又没有同时写明起止日期和期初、期末余额，无法当作“本期无流水”的证明。请下载带余额的对账单。',
    en: 'The file has no lines and does not state its dates, opening and closing balance, so that it does not prove a period without lines. Please download the statement with balances.',
  },
  statement_empty_differs: {
    status: 422,
    zh: '文件里一笔流水也没有，期初余额 {opening} 与期末余额 {closing} 却差 {difference} 元：缺了流水。请从网银重新下载。',
    en: 'The file has no lines, yet its opening balance {opening} and its closing balance {closing} differ by {difference}: lines are missing. Please download the file again.',
  },
  statement_mapping_wrong: {
    status: 422,
    zh: '所选的列不够或有重复：{what_zh}。请重新选择各列的含义。',
    en: 'The columns chosen do not do: {what_en}. Please choose the columns anew.',
  },
});
