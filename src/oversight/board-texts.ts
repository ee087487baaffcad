// Words of the board, of an estate's oversight page and of the evidence behind each figure.
import type { Bilingual } from '../kernel/locale.ts';
import type { BoardFigure } from './board.ts';

export const figureTexts: Record<BoardFigure, { /** Above a narrow column. */ short: Bilingual; title: Bilingual; what: Bilingual }> = {
  late_disclosures: { short: { zh: '公示逾期', en: 'Disclosures' }, title: { zh: '公示逾期', en: 'Late disclosures' },
    what: { zh: '过了公示日还没发布的月份，以及近一年晚发布的月份。', en: 'Months whose disclosure is past its day and missing, and those of the last year that came late.' } },
  late_answers: { short: { zh: '质询逾期', en: 'Answers' }, title: { zh: '质询逾期', en: 'Late answers' }, what: { zh: '过了答复期限还没有答复的质询。', en: 'Questions past their day without an answer.' } },
  unreconciled_days: { short: { zh: '未对账', en: 'Bank' }, title: { zh: '未对账天数', en: 'Days unreconciled' },
    what: { zh: '从哪一天起没有银行对账单，或有流水没有对应的凭证；取等得最久的账户。', en: 'Since when there is no bank statement, or a line of the bank without an entry; of the account that waits longest.' } },
  exceptions: { short: { zh: '无签批支出', en: 'Unordered' }, title: { zh: '没有签批的支出', en: 'Debits nobody ordered' }, what: { zh: '银行扣了、没有人签批、至今没有说清的支出。', en: 'Debits of the bank that nobody ordered and nobody has explained.' } },
  emergencies: { short: { zh: '应急付款', en: 'Emergency' }, title: { zh: '应急付款', en: 'Emergency payments' }, what: { zh: '近一年的应急付款，先付后补签；过期没有补签的要追问。', en: 'Emergency payments of the last year, signed by fewer and ratified afterwards; ask about those that were not.' } },
  weak_signatures: { short: { zh: '密码签名', en: 'Passwords' }, title: { zh: '密码签名占比', en: 'Password signatures' },
    what: { zh: '近九十天用签批密码签的名。密码签名不如通行密钥：服务器自己也写得出。', en: 'Signatures of the last ninety days by signing password: weaker than passkeys, for the server could write them.' } },
  expiring_terms: { short: { zh: '任期将满', en: 'Terms' }, title: { zh: '任期将满', en: 'Expiring terms' }, what: { zh: '三十天内到期、还没有续任的任期。', en: 'Terms that end within thirty days and that no other follows.' } },
  collection: { short: { zh: '收缴率', en: 'Collected' }, title: { zh: '收缴率', en: 'Collection rate' }, what: { zh: '近一年到期的账单，减免以后应收多少、收了多少。不足十户的小区不列。', en: 'Bills that fell due within a year: asked for after waivers, and paid. Not told where fewer than ten dwellings are billed.' } },
  failing: { short: { zh: '自查不符', en: 'Checks' }, title: { zh: '自查不符', en: 'Failed checks' }, what: { zh: '每天夜里自查账簿，不成立的项目。', en: 'What does not hold of what the books are asked every night.' } },
};

export const texts = {
  title: { zh: '监督看板', en: 'Board' },
  lede: { zh: '您监督的 {count} 个小区。点数字看依据；这里只能看，不能改。', en: 'The {count} estate(s) you watch. Press a figure for what it consists of; nothing can be changed here.' },
  estate: { zh: '小区', en: 'Estate' },
  counted: { zh: '统计于', en: 'Counted' },
  not_counted: { zh: '还没有统计', en: 'not counted yet' },
  not_counted_hint: { zh: '新小区十分钟内自动统计。', en: 'A new estate is counted within ten minutes.' },
  stale: { zh: '数字已过一天没有更新：统计任务可能停了，请告诉运维人员。', en: 'Some figures are more than a day old: the counting may have stopped; please tell the operator.' },
  none: { zh: '没有符合的小区', en: 'No such estate' },
  days: { zh: '{count} 天', en: '{count} d' },
  of_amount: { zh: '{amount} 元', en: '{amount} yuan' },
  unratified: { zh: '{count} 笔未补签', en: '{count} not ratified' },
  of: { zh: '{part} / {all}', en: '{part} / {all}' },
  nothing: { zh: '—', en: '—' },
  sort: { zh: '排序', en: 'Sort by' }, order: { zh: '顺序', en: 'Order' }, desc: { zh: '从大到小', en: 'largest first' }, asc: { zh: '从小到大', en: 'smallest first' },
  by_attention: { zh: '要留意的在前', en: 'what needs attention' }, by_name: { zh: '小区名称', en: 'name' },
  search: { zh: '小区名称', en: 'Name of the estate' }, only: { zh: '范围', en: 'Show' }, all: { zh: '全部小区', en: 'all estates' }, only_attention: { zh: '只看要留意的', en: 'only those that need attention' },
  summary: { zh: '合计', en: 'Together' }, estates: { zh: '小区', en: 'Estates' }, with_alarms: { zh: '要留意的小区', en: 'Estates that need attention' },
  how: { zh: '数字怎么来', en: 'Where the figures come from' },
  how_text: { zh: '每个小区的数字在它自己的账里统计，账有变动或换日后十分钟内重算，统计时间列在最后一栏。点开后的依据是当场重新列出的，可能比看板更新。红字表示要留意：有逾期、有没签批的支出、应急付款过期没补签、{days} 天以上没对账、半数以上用密码签名、收缴率不到 {enough}%、自查不符。',
    en: "An estate's figures are counted within its own books, anew within ten minutes of any change and of each new day; the last column says when. What a figure leads to is listed on the spot and may be newer. Red asks for attention: something is late, a debit nobody ordered, an emergency payment not ratified in time, more than {days} days without the bank, half of the signatures or more by password, less than {enough} % collected, a failed check." },

  hub: { zh: '监督', en: 'Oversight' },
  hub_lede: { zh: '街道、监事和审计看到的数字，业主同样看得到。每个数字点开是它的依据。', en: 'What the street office, the supervisors and the auditors see of this estate, for every owner to see too. Each figure leads to what it consists of.' },
  figures: { zh: '指标（现在统计）', en: 'Figures, counted now' },
  inspections: { zh: '账簿自查', en: 'Inspection of the books' }, objections: { zh: '书面异议', en: 'Written objections' }, access: { zh: '谁查过账', en: 'Who looked at the books' },
  inspected: { zh: '{time} 查了 {all} 项，', en: '{all} checks at {time}: ' }, all_hold: { zh: '全部成立', en: 'all hold' }, some_fail: { zh: '{count} 项不符', en: '{count} failed' },
  never_inspected: { zh: '今晚第一次自查。', en: 'The first inspection is tonight.' },
  open_objections: { zh: '等答复 {count} 条', en: '{count} wait for an answer' }, no_objections: { zh: '没有等答复的异议', en: 'none waits for an answer' },
  access_now: { zh: '{count} 人有查账权限', en: '{count} may audit' }, access_none: { zh: '现在没有人有查账权限', en: 'nobody has auditing access' },
  to_board: { zh: '回到看板', en: 'Back to the board' },

  evidence_none: { zh: '没有。', en: 'None.' },
  item: { zh: '内容', en: 'What' }, day: { zh: '日期', en: 'Day' }, amount: { zh: '金额', en: 'Amount' }, state: { zh: '情况', en: 'State' },
  asked: { zh: '应收', en: 'Asked for' }, paid: { zh: '已收', en: 'Paid' }, rate: { zh: '收缴率', en: 'Rate' }, month: { zh: '月份', en: 'Month' }, sum: { zh: '合计', en: 'Total' },
  listed: { zh: '共 {count} 项，列于 {time}', en: '{count} item(s), listed {time}' },
  first_of: { zh: '只列最近 {shown} 项，共 {count} 项；下载表格可得全部。', en: 'The latest {shown} of {count}; the table file has all of them.' },
  signed_of: { zh: '近九十天共 {all} 个签名，其中 {weak} 个用密码。', en: '{weak} of {all} signatures of the last ninety days were by password.' },
} as const satisfies Record<string, Bilingual>;

/** What is said of an item by its code. */
export const noteTexts: Readonly<Record<string, Bilingual>> = {
  missing: { zh: '没有发布', en: 'not published' }, published_late: { zh: '晚发布', en: 'published late' },
  late: { zh: '逾期', en: 'late' }, very_late: { zh: '严重逾期', en: 'very late' },
  no_statement: { zh: '从这天起没有对账单', en: 'no statement from this day on' }, open_lines: { zh: '有流水没有凭证', en: 'lines of the bank without an entry' },
  ratified: { zh: '已补签', en: 'ratified' }, waiting: { zh: '等补签', en: 'to be ratified' }, overdue: { zh: '过期没有补签', en: 'not ratified in time' },
};
