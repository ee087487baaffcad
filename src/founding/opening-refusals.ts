// What may be wrong with opening balances.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  opening_empty: {
    status: 422,
    zh: '还没有填期初余额：请粘贴或上传表格，每行写科目、资金、借方或贷方金额，预收和押金写到户。',
    en: 'There are no opening balances yet: paste or upload a table with account, fund, debit or credit, and the dwelling for prepayments and deposits.',
  },
  opening_rows_wrong: {
    status: 422,
    zh: '有 {faults} 处要改，先看第 {row} 行：{why}（{fix}）。改好再提交，什么都还没有登记。',
    en: '{faults} things must be put right, first row {row}: {why_en} ({fix_en}). Nothing is recorded yet.',
  },
  opening_uneven: {
    status: 422,
    zh: '借贷不平：{what}。每项资金的借方和贷方要相等；页面上列出了能配平的那几行。',
    en: 'Debit and credit differ: {what_en}. They are equal within each fund; the page shows the lines that would even them out.',
  },
  opening_too_long: {
    status: 422,
    zh: '一共 {lines} 行，期初凭证最多 {limit} 行。零星的预收和押金可以不放进来，在收费页逐户登记，方式选“期初结转”。',
    en: '{lines} lines; the opening entry takes {limit}. Leave small prepayments and deposits out and take them at the counter, method "brought forward".',
  },
  opening_text_too_long: {
    status: 413,
    zh: '表格太长（{length} 字，最多 {limit}）。期初余额一般几十行，请只留有余额的行。',
    en: 'The table is too long ({length} characters, {limit} at most). Keep only lines with a balance.',
  },
  opening_file_unreadable: {
    status: 422,
    zh: '这个文件读不出来：{what}请用页面上的模板另存为 Excel 或 CSV 再传，或直接粘贴。',
    en: 'This file cannot be read: {what_en} Save it from the template as Excel or CSV, or paste the rows.',
  },
  opening_once: {
    status: 409,
    zh: '期初余额已经登记过（{what}），一套账只有一次。有错请做红字冲销或转账，由双方签批。',
    en: 'The opening balances are there already ({what_en}); a set of books has them once. Correct them by a reversal or a transfer, signed by both.',
  },
  opening_waits: {
    status: 409,
    zh: '第 {proposal} 号期初余额签批单正在办理，请先签完或撤回，再提交新的。',
    en: 'Proposal no. {proposal} for opening balances is under way; finish or withdraw it first.',
  },
  opening_month_closed: {
    status: 409,
    zh: '建账的第一个月（{period}）已经结账，期初余额不能再登记。请改用转账，由双方签批。',
    en: 'The first month of the books ({period}) is closed, so opening balances cannot be booked any more. Use a transfer, signed by both.',
  },
  opening_too_late: {
    status: 409,
    zh: '账上已经有签批后入账的凭证，期初余额要在它们之前登记，现在不能再登记。漏记的请用转账补上，由双方签批。',
    en: 'Something that was signed is booked already; opening balances come before it. What was left out is put right by a transfer, signed by both.',
  },
  opening_day_differs: {
    status: 409,
    zh: '期初凭证的日期必须是建账月份的第一天。请重新提交。',
    en: 'The opening entry bears the first day of the first month. Propose it again.',
  },
  opening_account_wrong: {
    status: 422,
    zh: '期初余额只能用资产、负债和共有基金科目，不能用收入、支出和待核实科目。',
    en: 'Opening balances take assets, liabilities and the owners\' funds, not income, expense or suspense.',
  },
  opening_unit_missing: {
    status: 422,
    zh: '预收物业费（2203）和押金（2241）要写到户。',
    en: 'Prepayments (2203) and deposits (2241) name their dwelling.',
  },
  opening_dwelling_negative: {
    status: 422,
    zh: '有一户的预收物业费（2203）或押金（2241）是借方余额。欠的钱不能从别户的预收、押金里出，请改成贷方，或把欠费作为账单。',
    en: 'A dwelling\'s prepayment (2203) or deposit (2241) is less than nothing. What it owes is a bill, and is not taken from what others paid in.',
  },
  opening_money_negative: {
    status: 422,
    zh: '期初的银行存款和现金不能是负数。欠别人的钱写到负债科目，例如 2202 应付供应商款。',
    en: 'Books do not begin with less than nothing in the bank. What is owed goes on a liability, for example 2202.',
  },
  opening_bank_differs: {
    status: 422,
    zh: '银行对不上：{account} 的对账单从 {from} 起，期初余额是 {bank}，表里是 {books}，差 {difference}。请核对表格；对账单收下以后期初不能再改。',
    en: 'The bank says otherwise: the statement of {account} begins on {from} with {bank}, the table has {books}, {difference} apart. Check the table.',
  },
  opening_needs_signer: {
    status: 409,
    zh: '{body}要 {asked} 人签，除了您只剩 {present} 人。请由出纳或另一方来提出。',
    en: 'The {body_en} must give {asked} signatures, and without you there are {present}. Let the cashier or the other side propose it.',
  },
});
