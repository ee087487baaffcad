// The words of the monthly disclosure in Chinese and English. They stand beside the layout because
// the printed page is one design: the length of a word decides the width of a column.
import type { Locale } from '../../src/kernel/locale.ts';

const zh = {
  title: '收支公示',
  period: '{year} 年 {month} 月',
  file_title: '{estate} {period} 收支公示（第 {version} 版）',
  households: '{n} 户',
  facts: '{estate}（{households}，{area} m²）　{mode}',
  issue: '第 {version} 版　{published} 发布',
  draft_issue: '第 {version} 版　草稿，尚未发布；应于 {due} 前发布',
  draft: '草稿',
  draft_box: '草稿　尚未发布',
  parties: '受托人：{trustee}　监督：{committee}',
  fee: '收费标准 {rate} 元/m²·月',
  currency: '金额单位：人民币元',
  correction: '本版更正：',
  correction_rest: '　以前各版仍可下载，不删除。',
  qr: '二维码，内容为：{text}',
  qr_caption: '核对码，见末页',
  opening: '期初余额',
  received: '本月收到',
  paid: '本月付出',
  closing: '期末余额',
  please_note: '请注意',
  nothing_to_note: '本期没有要特别提请注意的事项。',
  in_order: '',
  is_closed: '本月已结账',
  is_signed: '两方已签署',
  is_reconciled: '账面与银行相符',
  bank_line:
    '银行核对：{name}（尾号 {last4}）账面 {books}，银行 {bank}（{as_of}），差额 {difference}。',
  bank_line_missing: '银行核对：{name}（尾号 {last4}）账面 {books}，本月未交银行对账单，无法核对。',
  income: '收入',
  expense: '支出',
  heading: '项目',
  month: '本月',
  year: '本年累计',
  share: '占比',
  total: '合计',
  none: '本月没有。',
  other: '其他收付',
  other_note: '押金、预收款、代收代付等：收到时不是收入，付出时不是支出，但钱确实进出了账户。',
  other_none: '本月没有押金、预收款、代收代付等其他收付。',
  other_received: '收到',
  other_paid: '付出',
  bridge:
    '期初 {opening} ＋ 收入 {income} ＋ 其他收到 {other_received} − 支出 {expense}' +
    ' − 其他付出 {other_paid} ＝ 期末 {closing}',
  bridge_off: '按上式应为 {expected}，与期末余额相差 {difference}，待查明。',
  arrears: '尚欠费：{bills} 笔账单，共 {amount} 元（只公布总数，不公布各户）。',
  funds: '各项资金',
  fund: '资金',
  fund_opening: '期初',
  fund_received: '收',
  fund_paid: '支',
  fund_closing: '期末',
  purpose: '只能用于',
  bank: '银行核对',
  bank_account: '银行账户',
  last4: '{name}（尾号 {last4}）',
  book_balance: '账面余额',
  bank_balance: '银行对账单余额',
  as_of: '对账单日期',
  difference: '差额',
  no_statement: '未交对账单',
  agrees: '相符',
  differs: '不符',
  months: '十二个月收付',
  months_alt: '十二个月收付柱形图。',
  months_unit: '单位：万元',
  entries: '本月每一笔（共 {n} 笔）',
  no_entries: '本月没有任何收付。期初余额就是期末余额。',
  date: '日期',
  number: '凭证号',
  memo: '摘要',
  account: '科目／资金',
  entry_received: '收到',
  entry_paid: '付出',
  balance: '余额',
  signers: '两方签批',
  vouchers: '附件',
  carried: '期初余额',
  entries_total: '合计（{n} 笔）',
  reverses: '【红字】冲销 {number}',
  reversed_by: '【已冲销】由 {number} 红字冲销',
  emergency_ratified: '【应急】先付后补签，已补签',
  emergency_open: '【应急】先付，待补签，期限 {ratify_by}',
  asked: '质询 {asked} 个，已答复',
  asked_open: '质询 {asked} 个，{open} 个未答复',
  memo_below: '（摘要较长，全文见下）',
  debit: '借',
  credit: '贷',
  transfer: '转账，不动银行存款',
  unsigned_mark: '–',
  weak: '（弱）',
  entries_off: '逐笔合计与首页数字不符：差额 收到 {received}，付出 {paid}，待查明。',
  days: '{date}（{n} 笔）',
  signatures: '结账签署',
  not_signed: '尚未签署：本月结账还没有任何一方签署。',
  check: '怎样核对这份文件',
  footer: '{estate}　{period} 收支公示　第 {version} 版　存证至第 {size} 条',
  page: '第 {page} / {pages} 页',
  attachment_json: '本期公示的全部数字（JSON）',
  attachment_csv: '本月逐笔明细（CSV，可用表格软件打开）',
  rare: '有些字不在本文件所用字体中，以其 Unicode 编号印出：{list}。附件中是原字。',
};

export type TextName = keyof typeof zh;

const en: Record<TextName, string> = {
  title: 'Statement of income and expense',
  period: '{month_name} {year}',
  file_title: '{estate}: statement of income and expense, {period} (version {version})',
  households: '{n} households',
  facts: '{estate} ({households}, {area} m²), {mode}',
  issue: 'Version {version}, published {published} (Beijing time)',
  draft_issue: 'Version {version}, draft, not yet published; due by {due}',
  draft: 'DRAFT',
  draft_box: 'Draft, not published',
  parties: 'Trustee: {trustee}   Overseen by: {committee}',
  fee: 'Fee {rate} yuan per m² and month',
  currency: 'All amounts in yuan (CNY)',
  correction: 'Corrected in this version: ',
  correction_rest: '  Earlier versions stay available and are never deleted.',
  qr: 'QR code that reads: {text}',
  qr_caption: 'Check code, see last page',
  opening: 'Opening balance',
  received: 'Received this month',
  paid: 'Paid this month',
  closing: 'Closing balance',
  please_note: 'Please note',
  nothing_to_note: 'Nothing needs special notice. ',
  in_order: 'In order: ',
  is_closed: 'the month is closed',
  is_signed: 'both parties have signed',
  is_reconciled: 'books and bank agree',
  bank_line:
    'Bank: {name} (ending {last4}) by the books {books}, by the bank {bank} ({as_of}), ' +
    'difference {difference}.',
  bank_line_missing:
    'Bank: {name} (ending {last4}) by the books {books}; no statement was handed in for the month.',
  income: 'Income',
  expense: 'Expense',
  heading: 'Heading',
  month: 'Month',
  year: 'Year to date',
  share: 'Share',
  total: 'Total',
  none: 'None this month.',
  other: 'Other money in and out',
  other_note:
    'Deposits, prepayments, money passed on: not income when received and not expense ' +
    'when paid, but it did move through the account.',
  other_none: 'No deposits, prepayments or money passed on this month.',
  other_received: 'Received',
  other_paid: 'Paid',
  bridge:
    'Opening {opening} + income {income} + other received {other_received}' +
    ' − expense {expense} − other paid {other_paid} = closing {closing}',
  bridge_off:
    'This line gives {expected}, which differs from the closing balance by {difference}: ' +
    'to be explained.',
  arrears:
    'Fees not yet paid: {bills} bills, {amount} yuan in all (totals only, no household is named).',
  funds: 'Funds',
  fund: 'Fund',
  fund_opening: 'Opening',
  fund_received: 'Received',
  fund_paid: 'Paid',
  fund_closing: 'Closing',
  purpose: 'May only be used for',
  bank: 'Books against bank',
  bank_account: 'Bank account',
  last4: '{name} (ending {last4})',
  book_balance: 'By the books',
  bank_balance: 'By the bank statement',
  as_of: 'Statement as of',
  difference: 'Difference',
  no_statement: 'no statement handed in',
  agrees: 'agrees',
  differs: 'does not agree',
  months: 'Twelve months',
  months_alt: 'Bar chart of money received and paid in twelve months.',
  months_unit: 'in thousand yuan',
  entries: 'Every entry of the month ({n})',
  no_entries:
    'Nothing was received or paid this month. The opening balance is the closing balance.',
  date: 'Date',
  number: 'No.',
  memo: 'Memo (as written)',
  account: 'Account / fund',
  entry_received: 'Received',
  entry_paid: 'Paid',
  balance: 'Balance',
  signers: 'Signed by',
  vouchers: 'Files',
  carried: 'Opening balance',
  entries_total: 'Total ({n} entries)',
  reverses: '[red] reverses {number}',
  reversed_by: '[reversed] by {number}',
  emergency_ratified: '[emergency] paid first, ratified since',
  emergency_open: '[emergency] paid first, to be ratified by {ratify_by}',
  asked: 'Questions: {asked}, answered',
  asked_open: 'Questions: {asked}, {open} unanswered',
  memo_below: '(long memo, in full below)',
  debit: 'Dr',
  credit: 'Cr',
  transfer: 'transfer, bank money unchanged',
  unsigned_mark: '–',
  weak: ' (weak)',
  entries_off:
    'The entries do not add up to page one: difference received {received}, paid {paid}, ' +
    'to be explained.',
  days: '{date} ({n} entries)',
  signatures: 'Signatures of the close',
  not_signed: 'Not yet signed: nobody has signed the close of this month.',
  check: 'How to check this file',
  footer: '{estate}   Income and expense {period}   Version {version}   Records up to no. {size}',
  page: 'Page {page} of {pages}',
  attachment_json: 'All figures of this disclosure (JSON)',
  attachment_csv: 'Every entry of the month (CSV, opens in a spreadsheet)',
  rare:
    'Some characters are not in the fonts of this file and are printed by their Unicode number: ' +
    '{list}. The attachments carry the characters themselves.',
};

export const texts: Record<Locale, Record<TextName, string>> = { zh, en };

/** How a signature was given, by `Signer.method`. An unknown method is printed as it is. */
export const methods: Record<Locale, Readonly<Record<string, string>>> = {
  zh: { passkey: '通行密钥', password: '签批密码', password_code: '签批密码加一次性验证码' },
  en: {
    passkey: 'passkey',
    password: 'signing password',
    password_code: 'signing password and code',
  },
};

/** The last page. Each step says what to do, with what, and what must come out. */
export const checkSteps: Record<Locale, readonly { head: string; text: string }[]> = {
  zh: [
    {
      head: '取出附件',
      text:
        '这份 PDF 里附着两个文件：figures.json（本期全部数字）和 entries.csv（逐笔明细）。用 Adobe Acrobat、Firefox ' +
        '等打开，在“附件”栏里可以另存。',
    },
    {
      head: '自己加一遍',
      text:
        '用表格软件打开 entries.csv，“收到”一列合计应为 {received}，“付出”一列合计应为 {paid}。期初 {opening} ' +
        '加收到、减付出，应为期末 {closing}。',
    },
    {
      head: '与上月相连',
      text: '本期期初余额应等于上月公示的期末余额。收、付、转各类凭证号从小到大逐一相连，不应跳号。',
    },
    {
      head: '与银行相比',
      text: '“银行核对”一栏的银行余额来自银行对账单。有差额的，首页必须说明；未交对账单的，也会写明。',
    },
    {
      head: '与账本相比',
      text:
        '这些数字算到账本的第 {size} 条存证记录，它的指纹是 {leaf_hash}。右上角二维码写的是同一内容：{qr}。无论何时再查第 {size} ' +
        '条记录，指纹都应一字不差。',
    },
    {
      head: '是不是同一份',
      text: '同一期、同一版的文件，无论谁在什么时候下载，每一个字节都应相同。可以与邻居比对文件的 SHA-256。更正只会另出新版，旧版永远保留。',
    },
    {
      head: '它不能证明什么',
      text: '这份文件能让人发现事后改动，但不能证明每一笔钱都入了账、每一笔用途都属实。所以还要看银行对账单和原始凭证。',
    },
    {
      head: '有疑问就问',
      text: '对任何一笔都可以按凭证号提出质询，质询和答复会记在该笔账下，逾期未答会印在首页。',
    },
  ],
  en: [
    {
      head: 'Take out the attachments',
      text:
        'Two files are attached to this PDF: figures.json (all figures of the month) and ' +
        'entries.csv (every entry). Open it with Adobe Acrobat, Firefox or the like and ' +
        'save them from the list of attachments.',
    },
    {
      head: 'Add it up yourself',
      text:
        'Open entries.csv in a spreadsheet: the column received must add up to {received}, ' +
        'the column paid to {paid}. Opening {opening} plus received less paid must give ' +
        'closing {closing}.',
    },
    {
      head: 'Join it to last month',
      text:
        'The opening balance must equal the closing balance of the month before. The ' +
        'voucher numbers of each kind run on one by one without a gap.',
    },
    {
      head: 'Compare it with the bank',
      text:
        'The bank balance comes from the statement of the bank. A difference must be ' +
        'explained on page one, and so must a missing statement.',
    },
    {
      head: 'Compare it with the log',
      text:
        'These figures cover the records of the estate up to no. {size}, whose fingerprint ' +
        'is {leaf_hash}. The QR code at the top right of page one says the same: {qr}. ' +
        'Whenever record {size} is looked up again, the fingerprint must be the same, ' +
        'letter by letter.',
    },
    {
      head: 'Is it the same file?',
      text:
        'Everyone who downloads the same month and version, at any time, must get the same ' +
        'bytes. Compare the SHA-256 of the file with a neighbour. A correction is a new ' +
        'version; the old one stays for ever.',
    },
    {
      head: 'What it does not prove',
      text:
        'This file shows later changes. It does not prove that every payment was entered ' +
        'or that every purpose is true. For that, look at bank statements and original ' +
        'vouchers too.',
    },
    {
      head: 'Ask',
      text:
        'Anyone may ask about any entry by its voucher number. Question and answer stay ' +
        'with the entry, and an overdue answer is printed on page one.',
    },
  ],
};

export const marksNote: Record<Locale, string> = {
  zh: '符号：红字和“−”表示冲减；【红字】冲销以前的一笔，【已冲销】的一笔不再有效；“–”表示该笔不需要签批（如收款）；（弱）表示用签批密码签署，服务器理论上可以伪造，不如通行密钥可靠。',
  en:
    'Marks: red figures with a minus (−) are deductions; [red] cancels an earlier entry, ' +
    'and a [reversed] entry no longer counts; a dash (–) means that no signature is needed ' +
    '(a receipt, for example); (weak) means signed with a signing password, which the ' +
    'server could forge in theory, unlike a passkey.',
};
