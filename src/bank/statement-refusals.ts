// Why a statement file that can be read is still not taken: the account, its days, what stands there already. Each
// shows the line, both figures and the difference, and which days to export.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  statement_account_unknown: {
    status: 422,
    zh: '文件里的账号尾号是 {ending}，本小区没有这个共管账户（登记的有：{known}）。请确认下载的是本小区的账户。',
    en: 'The file is of an account ending {ending}; this estate has no such bank account (it has: {known}). Please make sure to download the account of this estate.',
  },
  statement_account_missing: {
    status: 422,
    zh: '文件里没有写账号，请选择它是哪个共管账户的流水。',
    en: 'The file names no account; please choose the bank account it is of.',
  },
  statement_account_differs: {
    status: 422,
    zh: '您选的是尾号 {chosen} 的账户，文件里的账号尾号却是 {ending}。请选对账户，或重新下载。',
    en: 'You chose the account ending {chosen}, but the file is of one ending {ending}. Please choose the right account, or download the file again.',
  },
  statement_account_open: {
    status: 422,
    zh: '尾号 {ending} 的账户已于 {closed_on} 销户，文件却到 {to}，多出 {days} 天。请下载到销户日为止的流水。',
    en: 'The account ending {ending} was closed on {closed_on}; the file goes on to {to}, {days} days more. Please download it up to the day it was closed.',
  },
  statement_days: {
    status: 422,
    zh: '对账单的期间 {from} 至 {to} 不对：起日不能晚于止日，止日不能晚于今天（{today}）。请改正日期，或在银行过完这一天后再下载。',
    en: 'The days {from} to {to} cannot be: the first is not after the last, and the last not after today ({today}). Please correct them, or download the file when the day is over.',
  },
  statement_day_invalid: {
    status: 422,
    zh: '“{typed}”不是日期，请写成 2026-10-31 这样。',
    en: '"{typed}" is not a date; write it as 2026-10-31.',
  },
  statement_days_differ: {
    status: 422,
    zh: '文件写明的期间是 {stated_from} 至 {stated_to}，您填的是 {from} 至 {to}。文件写明的期间不能改，请留空。',
    en: 'The file states {stated_from} to {stated_to}; you typed {from} to {to}. What the file states stays; please leave the days empty.',
  },
  statement_line_beyond: {
    status: 422,
    zh: '第 {row} 行是 {booked_on} 的流水，不在您填的 {from} 至 {to} 之内。请把期间改到包含全部流水。',
    en: 'Row {row} is of {booked_on}, outside {from} to {to} as you typed. Please let the days cover every line.',
  },
  statement_figure_invalid: {
    status: 422,
    zh: '“{typed}”不是余额：只填数字，最多两位小数，例如 145644.48。',
    en: '"{typed}" is not a balance: digits with at most two decimals, for example 145644.48.',
  },
  statement_amount_large: {
    status: 422,
    zh: '第 {row} 行的数 {figure} 太大：一笔流水最多 9,999,999,999.99 元，余额最多 99,999,999,999,999.99 元。请确认文件没有被改动。',
    en: 'Row {row} has the figure {figure}, which is too large: a line is at most 9,999,999,999.99 yuan, a balance 99,999,999,999,999.99. Please make sure the file was not changed.',
  },
  statement_before_first: {
    status: 422,
    zh: '文件从 {from} 开始，而这个账户的第一份对账单从 {first} 开始。流水只能接在后面，不能插到前面；请下载从 {first} 起的流水。',
    en: 'The file begins on {from}, but the first statement of this account on {first}. Lines are added behind, never in front; please download from {first} on.',
  },
  statement_before_books: {
    status: 422,
    zh: '文件从 {from} 开始，本小区的账本从 {begins} 开始；之前的流水已包含在建账余额里。请下载从 {begins} 起的流水。',
    en: 'The file begins on {from}, the books of this estate on {begins}; what moved before is in their opening balances. Please download from {begins} on.',
  },
  statement_gap: {
    status: 422,
    zh: '对账单断开了：已收到 {last_to}，文件从 {from} 开始，中间缺 {missing_from} 至 {missing_to}（{days} 天）。请先交这几天的流水，或下载从 {missing_from} 起的。',
    en: 'There is a gap: statements cover up to {last_to}, the file begins on {from}; {missing_from} to {missing_to} are missing ({days} days). Please hand in those days first, or download from {missing_from} on.',
  },
  statement_continues: {
    status: 422,
    zh: '余额接不上：已收的流水到 {last_to} 余额是 {closing}，文件期初（{from}）是 {opening}，差 {difference} 元。中间有流水没有收到，请下载从 {last_to} 起的流水。',
    en: 'The balances do not continue: {closing} after the lines up to {last_to}, while the file opens (on {from}) with {opening}, a difference of {difference}. Lines between are missing; please download from {last_to} on.',
  },
  statement_repeat_differs: {
    status: 409,
    zh: '第 {row} 行与已收的第 {position} 笔流水不一样：{what}文件里是 {file_line}，已收的是 {kept_line}，金额相差 {difference} 元。已收的流水不会改动；请从网银重新下载（格式与上次相同），仍不一样请告诉业委会并向银行核实。',
    en: 'Row {row} differs from line {position}, which was taken before: {what_en}the file says {file_line_en}, the line {kept_line_en}, amounts {difference} apart. What was taken stays; please download the file again (in the same format as before), and if it still differs tell the committee and ask the bank.',
  },
  statement_repeat_party: {
    status: 409,
    zh: '第 {row} 行与已收的第 {position} 笔流水日期、金额、余额都一样，对方却不是同一个：文件里的对方尾号 {file_party}，已收的尾号 {kept_party}。两份文件必有一份不是银行的原件，请告诉业委会并向银行核实。',
    en: 'Row {row} and line {position}, which was taken before, have the same day, amount and balance, but not the same other side: ending {file_party} in the file, ending {kept_party} in the line. One of the two files is not what the bank printed: tell the committee and ask the bank.',
  },
  statement_repeat_missing: {
    status: 409,
    zh: '文件缺了一笔已收的流水：第 {position} 笔（{kept_line}），文件里应在第 {row} 行处，相差 {difference} 元。请从网银重新下载 {from} 至 {to} 的全部流水，仍缺少请告诉业委会并向银行核实。',
    en: 'The file lacks a line that was taken before: line {position} ({kept_line_en}), which would stand at row {row}, a difference of {difference}. Please download all of {from} to {to} again, and if it is still missing tell the committee and ask the bank.',
  },
  statement_repeat_more: {
    status: 409,
    zh: '文件在已收过的日期里多出一笔：第 {row} 行（{file_line}），相差 {difference} 元；对账单已收到 {last_to}，里面没有它。请从网银重新下载，仍有这一笔请告诉业委会并向银行核实。',
    en: 'The file has one line more in days that were taken before: row {row} ({file_line_en}), a difference of {difference}; statements up to {last_to} do not have it. Please download the file again, and if it is still there tell the committee and ask the bank.',
  },
  statement_overlap: {
    status: 409,
    zh: '文件与已收的对账单重叠的部分对不上：期初余额文件写的是 {opening}，按已收的流水是 {expected}，差 {difference} 元。请从网银重新下载。',
    en: 'The file does not fit what was taken before: it opens with {opening}, by the lines taken it is {expected}, a difference of {difference}. Please download it again.',
  },
  statement_confirmed_differs: {
    status: 409,
    zh: '文件的期末余额 {closing}（{to}）与已收流水的余额 {expected} 不一样，差 {difference} 元。请从网银重新下载，仍不一样请告诉业委会并向银行核实。',
    en: 'The file closes with {closing} on {to}; by the lines taken before it is {expected}, a difference of {difference}. Please download it again, and if it still differs tell the committee and ask the bank.',
  },
  statement_balance: {
    status: 422,
    zh: '第 {row} 行起余额接不上：期初 {opening} 加各行发生额，与文件写的余额不一致，期末 {closing}，差 {difference} 元。请从网银重新下载。',
    en: 'From row {row} on the balances do not follow: {opening} and the lines do not give what the file says; it closes with {closing}, a difference of {difference}. Please download it again.',
  },
  statement_line_day: {
    status: 422,
    zh: '第 {row} 行的日期 {booked_on} 不在 {from} 至 {to} 之内，或早于已收的流水（到 {last_to}）。请从网银重新下载，不要排序。',
    en: 'Row {row} is dated {booked_on}, outside {from} to {to} or before what was taken already (up to {last_to}). Please download the file again and do not sort it.',
  },
  statement_closing: {
    status: 422,
    zh: '期末余额不对：文件写的是 {closing}，按流水算是 {expected}，差 {difference} 元。请从网银重新下载。',
    en: 'The closing balance is wrong: the file says {closing}, the lines give {expected}, a difference of {difference}. Please download the file again.',
  },
  statement_unmapped: {
    status: 422,
    zh: '不认识这种表格（表头：{header}）。请在网页“银行”里交这个文件并选出各列的含义，以后同样的表格会自动识别。',
    en: 'This table is not known (its header: {header}). Please hand the file in on the page "Bank" and choose what each column is; the same table is recognised from then on.',
  },
  statement_not_yours_to_begin: {
    status: 409,
    zh: '文件里没有写明{lacks}，由物业以外的一方交来时，只能确认已收的流水，不能带来新的日子和流水（{from} 至 {to}，{n} 笔新的）。请等出纳先交，您再交自己下载的这一份来确认；或在网银导出写明账号和期间的格式（如“对账单”、camt.053）再交。',
    en: 'The file does not state {lacks_en}. From anybody but the property company such a file can confirm lines that were taken, not bring new days or lines ({from} to {to}, {n} new). Let the cashier hand in theirs first, then yours confirms it; or export a format that states both account and days (such as the bank\'s statement or camt.053).',
  },
  statement_first_opening_differs: {
    status: 409,
    zh: '这是该账户的第一份对账单，期初余额（{from}）是 {opening}，账面是 {books}，相差 {difference} 元。收下后期初不能再改：请先核对期初凭证和文件；确认银行就是这个数的，请勾选“确认期初不一致”再收。',
    en: 'This is the first statement of the account: it opens (on {from}) with {opening}, the books have {books}, a difference of {difference}. Once taken, the opening stays. Check the opening entries and the file first; if the bank does say so, tick that you accept the difference (accept_opening) and take it.',
  },
  statement_file_missing: {
    status: 422,
    zh: '请选择从网银下载的对账单文件。',
    en: 'Please choose the statement file downloaded from the bank.',
  },
  statement_file_too_large: {
    status: 413,
    zh: '“{file_name}”超过 {limit}。请在网银按更短的期间分几次下载。',
    en: '"{file_name}" is larger than {limit}. Please download shorter periods one after the other.',
  },
  statement_files_too_many: {
    status: 422,
    zh: '一次最多交 {limit} 个文件，请分几次。',
    en: '{limit} files at a time at most; please hand them in in several goes.',
  },
  statement_upload_broken: {
    status: 400,
    zh: '文件没有传完整，请再传一次。',
    en: 'The upload broke off; please send it again.',
  },
  statement_format_differs: {
    status: 422,
    zh: '您说的格式是“{typed}”，文件却是“{format}”。格式按内容识别，请留空或改正。',
    en: 'You said the format is "{typed}", but the file is "{format}". Formats are recognised by content; leave it out or correct it.',
  },
  intake_unknown: {
    status: 404,
    zh: '没有这个待收的文件：可能已被删除，或是别人交的。请重新上传。',
    en: 'There is no such file waiting: it may have been removed, or somebody else handed it in. Please upload it again.',
  },
  intake_too_many: {
    status: 409,
    zh: '您已有 {n} 个上传后还没处理的文件，请先收下或删除。',
    en: 'You have {n} files uploaded and not dealt with; please take or remove them first.',
  },
  intake_under_way: {
    status: 409,
    zh: '这个文件正在收，请等它结束。',
    en: 'This file is being taken in; please wait until that is done.',
  },
  statement_unknown: {
    status: 404,
    zh: '没有编号为 {seq} 的对账单。',
    en: 'There is no statement number {seq}.',
  },
  bank_balance_contradicts_lines: {
    status: 409,
    zh: '{as_of} 已有银行流水，当天余额是 {lines}，您填的是 {balance}，差 {difference} 元。请核对；流水有变动的，请交新的对账单文件。',
    en: 'There are bank lines for {as_of}: the balance of that day is {lines}, you typed {balance}, a difference of {difference}. Please check it; if the lines changed, hand in a new statement file.',
  },
});
