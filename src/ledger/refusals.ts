// What can go wrong with an entry, a correction or a close: the field, the figures, the way out.
// The first part is one text per status of post_entries(); explain.ts puts the figures in.
import { refusals as keyRefusals } from '../kernel/once.ts';
import { refusals as actorRefusals } from '../kernel/actor.ts';
import { catalogue } from '../kernel/refusal.ts';

export const refusals = {
  key_reused: keyRefusals.key_reused,
  estate_unknown: actorRefusals.estate_unknown,
  ...catalogue({
    entry_unreadable: {
      status: 422,
      zh: '这张凭证的内容不完整或格式不对，没有记账。请检查日期、摘要和每一行分录。',
      en: 'The entry is incomplete or malformed and was not booked. Check the date, the memo and every line.',
    },
    period_closed: {
      status: 409,
      zh: '日期 {entry_date} 所在的月份已经结账（已结账到 {closed_period}），不能再记。请用 {first_open} 起的日期；要更正已结账的月份，请用现在的日期做红字冲销。',
      en: 'The month of {entry_date} is closed (books are closed up to {closed_period}). Use a date from {first_open} on; a closed month is corrected by a red-letter reversal dated now.',
    },
    period_not_open: {
      status: 422,
      zh: '日期 {entry_date} 还没有到（今天是 {today}），不能提前记账。请改成今天或以前的日期。',
      en: '{entry_date} is still to come (today is {today}) and cannot be booked yet. Use today or an earlier day.',
    },
    account_unknown: {
      status: 422,
      zh: '科目“{account}”不能记账：科目表里没有它，或它是上级科目、当天还没启用。请从科目表里选末级科目。',
      en: 'Account "{account}" cannot be used: it is not in the chart, is a heading, or was not open that day. Choose a bottom-level account of the chart.',
    },
    account_closed: {
      status: 422,
      zh: '科目“{account}”从 {closed_on} 起停用，{entry_date} 的凭证不能用它。请换一个科目。',
      en: 'Account "{account}" is out of use since {closed_on} and cannot take an entry of {entry_date}. Choose another account.',
    },
    fund_unknown: {
      status: 422,
      zh: '没有“{fund}”这项资金。请从资金列表里选：{funds}。',
      en: 'There is no fund "{fund}". Choose one of: {funds}.',
    },
    fund_restricted: {
      status: 422,
      zh: '“{fund}”专款专用，不能用于科目“{account}”。这项资金只能用于：{allowed}。请换资金或换科目。',
      en: '"{fund}" is kept for its purpose and may not be used for account "{account}". It may be used for: {allowed}. Change the fund or the account.',
    },
    amount_invalid: {
      status: 422,
      zh: '第 {line} 行的金额“{amount}”不能记账：必须大于零、最多两位小数、不超过 9,999,999,999.99，且每行只填借方或贷方；一张凭证 2 至 500 行（现有 {lines} 行）。',
      en: 'The amount "{amount}" in line {line} cannot be booked: above zero, at most two decimals, at most 9,999,999,999.99, and either debit or credit; an entry has 2 to 500 lines (this one {lines}).',
    },
    entry_unbalanced: {
      status: 422,
      zh: '借贷不平：借方合计 {debit}，贷方合计 {credit}，相差 {difference}。请检查各行金额，使两边相等。',
      en: 'The entry does not balance: debits {debit}, credits {credit}, difference {difference}. Correct the lines until both sides are equal.',
    },
    fund_unbalanced: {
      status: 422,
      zh: '“{fund}”这项资金借贷不平：借方 {debit}，贷方 {credit}，相差 {difference}。每项资金都要各自借贷相等，不能互相占用。',
      en: 'Fund "{fund}" does not balance: debits {debit}, credits {credit}, difference {difference}. Each fund must balance by itself; one never pays for another.',
    },
    transfer_moves_money: {
      status: 422,
      zh: '转账凭证不能让钱进出账户：现金、银行科目借方合计 {debit}，贷方合计 {credit}，相差 {difference}。付钱请填付款申请单，收钱请登记收款。',
      en: 'A transfer cannot move money in or out: cash and bank are debited {debit} and credited {credit}, difference {difference}. Draft a payment order for money out, record a receipt for money in.',
    },
    transfer_exceeds_fund: {
      status: 422,
      zh: '“{fund}”可用余额 {available}，不够转出 {amount}，还差 {missing}。请减少金额，或等钱到账后再提。',
      en: 'Fund "{fund}" has {available} available, which is not enough to move {amount}; {missing} are missing. Move less, or wait until the money has come in.',
    },
    order_required: {
      status: 409,
      zh: '这张凭证会动用资金或调整往来（科目“{account}”），要先有签批齐全的单据。直接记账只限收款：借记资金科目，贷记收入或负债。付款请填付款申请单，调整请提转账申请。',
      en: 'This entry moves money out or adjusts accounts ("{account}") and needs an approved order. Only receipts are booked directly: debit money, credit income or a liability. Draft a payment order, or propose a transfer.',
    },
    order_not_approved: {
      status: 409,
      zh: '签批单第 {proposal} 号还没有签齐，或不是这种单据，不能记账。请等各方签齐。',
      en: 'Proposal no. {proposal} is not approved, or is of another kind, so nothing was booked. Wait for all signatures.',
    },
    order_in_notice: {
      status: 409,
      zh: '签批单第 {proposal} 号要先公示，{payable_from} 起才能付款、才能记账；日期 {entry_date} 早于这一天。',
      en: 'Proposal no. {proposal} is announced first: it is paid and booked from {payable_from} on, and {entry_date} is earlier.',
    },
    bank_line_unknown: {
      status: 422,
      zh: '银行账户 {account} 没有第 {position} 条流水。请先导入对账单，再从列表中选。',
      en: 'There is no line {position} of bank account {account}. Take the statement in first and choose from the list.',
    },
    bank_line_taken: {
      status: 409,
      zh: '银行账户 {account} 的第 {position} 条流水（{booked_on}，{line_amount} 元）已经入账或勾对，不能再入一次。',
      en: 'Line {position} of bank account {account} ({booked_on}, {line_amount} yuan) is booked or matched already.',
    },
    bank_line_differs: {
      status: 422,
      zh: '凭证与银行流水不一致：第 {position} 条流水是 {booked_on} 的 {line_amount} 元（负数为支出），凭证日期 {entry_date}。金额要一分不差，日期不能早于银行。',
      en: 'Entry and bank line differ: line {position} is {line_amount} yuan (negative: out) of {booked_on}, the entry is dated {entry_date}. Amounts must agree to the fen, and the entry is not earlier than the bank.',
    },
    order_signed_late: {
      status: 409,
      zh: '银行 {left_on} 就付了款，签批单第 {proposal} 号到 {signed_on} 才签齐，不能当作先签后付。请转入待核实，再另开一张事后补单。',
      en: 'The bank paid on {left_on}, but proposal no. {proposal} had its signatures only on {signed_on}. Put the line to suspense and have an order signed after the fact for it.',
    },
    suspense_unknown: {
      status: 422,
      zh: '记录 {settles} 不是还在待核实的款项，不能这样转销。请从待核实清单中选。',
      en: 'Record {settles} is no money waiting to be explained. Choose from the list of what is unexplained.',
    },
    suspense_exceeded: {
      status: 422,
      zh: '待核实款（记录 {settles}）只剩 {left} 元没有说明，转销金额要大于零、不超过它。',
      en: 'Only {left} yuan of the unexplained money (record {settles}) are left; what clears it is above zero and not more.',
    },
    suspense_reserved: {
      status: 422,
      zh: '科目 {account}（待核实）只能由系统按银行流水记入、按说明转销，不能直接使用。请选别的科目。',
      en: 'Account {account} (unexplained) is booked from lines of the bank and cleared by explaining them, nothing else. Choose another account.',
    },
    suspense_settled: {
      status: 409,
      zh: '这笔待核实款（记录 {settles}）已经有转销（还剩 {left} 元）。请先冲销转销的凭证。',
      en: 'This unexplained money (record {settles}) is cleared in part or whole ({left} yuan left). Reverse the clearing entries first.',
    },
    mandate_unknown: {
      status: 409,
      zh: '第 {mandate} 号授权扣费没有生效、已经结束，或不适用这笔扣款（账户、科目、资金、日期都要相符）。',
      en: 'Mandate {mandate} is not in force, or is not for this debit (bank account, account, fund and date must agree).',
    },
    mandate_exceeded: {
      status: 409,
      zh: '这笔扣款超过第 {mandate} 号授权扣费的单笔或本月限额，按不明支出处理，请补签付款申请单。',
      en: 'This debit is above what mandate {mandate} allows each time or each month. It counts as unexplained until an order is signed for it.',
    },
    release_differs: {
      status: 422,
      zh: '预收转收入只能是同一户、同一资金的“借 2203，贷收入（或 2242）”，没有记账。',
      en: 'What was paid in advance is released as 2203 to income (or 2242) of the same dwelling and fund, and nothing else; nothing was booked.',
    },
    transit_names_unit: {
      status: 422,
      zh: '科目 1012（在途收款）的分录不写房屋：这笔钱收到时已经开过收据，再写会多出一张收据。请去掉这一行的房屋。',
      en: 'A line on account 1012 (in transit) names no dwelling: that money had its receipt when it was received, and would have a second one. Leave the dwelling out of that line.',
    },
    release_exceeded: {
      status: 409,
      zh: '要转出的预收款超过这户到 {period} 为止的未缴账单，没有记账。',
      en: 'More would be released than the dwelling owes up to {period}; nothing was booked.',
    },
    unit_exceeded: {
      status: 409,
      zh: '科目 {account} 里替 {unit} 存着 {held} 元，要转出或退还 {taken} 元，超过了。请改成不超过余额的金额。',
      en: 'On account {account} {held} yuan are held for {unit}; {taken} would be taken. Take no more than is there.',
    },
    order_objected: {
      status: 409,
      zh: '签批单第 {proposal} 号有人提了书面异议，还没有答复。答复以后才能付款、才能记账。',
      en: 'There is a written objection to proposal no. {proposal} that nobody has answered. It is paid and booked after the answer.',
    },
    order_amount_differs: {
      status: 409,
      zh: '凭证与签批单第 {proposal} 号上签过字的内容不一样，没有记账。只能照签批的科目、资金和金额记。',
      en: 'The entry differs from what was signed in proposal no. {proposal}; nothing was booked. Book exactly the accounts, funds and amounts that were signed.',
    },
    order_already_paid: {
      status: 409,
      zh: '签批单第 {proposal} 号已经记过账（{number}），没有重复记账。',
      en: 'Proposal no. {proposal} is already booked ({number}); it was not booked again.',
    },
    reversal_target_unknown: {
      status: 422,
      zh: '第 {reverses} 号记录不是可以冲销的凭证：没有这张凭证，或它本身就是红字凭证。请从明细账里重新选。',
      en: 'Record {reverses} is no entry that can be reversed: there is none, or it is a red-letter entry itself. Choose it again from the journal.',
    },
    closing_stays: {
    status: 409,
    zh: '{number} 是决算结转，不能冲销。错在原来的凭证，请更正原凭证，再做一次补充决算。',
    en: '{number} closes a year and is not reversed. Put the wrong entry right, then draw a supplementary final account.',
  },
  already_reversed: {
      status: 409,
      zh: '这张凭证已经由 {number} 红字冲销过，不能再冲一次。',
      en: 'This entry was already reversed by {number} and cannot be reversed twice.',
    },
    reversal_differs: {
      status: 409,
      zh: '红字凭证要和原凭证（第 {reverses} 号）的科目、资金、金额逐行相反，现在不一致，没有记账。',
      en: 'A red-letter entry must mirror entry {reverses} line by line; this one does not, so nothing was booked.',
    },
    voucher_unknown: {
      status: 422,
      zh: '附件 {sha256}… 还没有上传到本小区。请先上传原始凭证，再记账。',
      en: 'Voucher {sha256}… has not been uploaded to this estate. Upload the original first, then post.',
    },
    books_unavailable: {
      status: 503,
      zh: '账本暂时没有应答，不能确定这一笔是否已记上。请用同一张表单（同一个 Idempotency-Key）再提交一次，不会重复记账。',
      en: 'The books did not answer, so it is not certain whether this entry was booked. Send the same form (the same Idempotency-Key) again; it is booked once only.',
    },
    date_unreadable: {
      status: 422,
      zh: '日期“{typed}”看不懂，或没有这一天。请写成 2026-10-05 这样。',
      en: '"{typed}" is not a day that exists. Write it like 2026-10-05.',
    },
    date_missing: {
      status: 422,
      zh: '没有填写日期。请填写钱到账或记账的日期，例如 2026-10-05。',
      en: 'The date is empty. Enter the day, such as 2026-10-05.',
    },
    amount_unreadable: {
      status: 422,
      zh: '金额“{typed}”不是元和分。请写成 7000.00 这样，最多两位小数，不要写 1e5 或公式。',
      en: '"{typed}" is not an amount in yuan and fen. Write it like 7000.00 with at most two decimals; no exponents, no formulas.',
    },
    amount_not_text: {
      status: 422,
      zh: '金额 {typed} 写成了 JSON 数字，小数会走样。请加引号写成文字，例如 "7000.00"。',
      en: 'The amount {typed} is a JSON number, which loses decimals. Write it as a string, such as "7000.00".',
    },
    amount_missing: {
      status: 422,
      zh: '没有填写金额。请填写大于零的金额，例如 7000.00。',
      en: 'The amount is empty. Enter an amount above zero, such as 7000.00.',
    },
    line_one_side: {
      status: 422,
      zh: '第 {line} 行要填借方或贷方，而且只填一个。',
      en: 'Line {line} needs a debit or a credit, and only one of them.',
    },
    account_missing: {
      status: 422,
      zh: '第 {line} 行没有选科目。请选择。',
      en: 'Line {line} has no account. Please choose one.',
    },
    fund_missing: {
      status: 422,
      zh: '第 {line} 行没有选资金。请选择这笔钱属于哪项资金。',
      en: 'Line {line} has no fund. Choose the fund the money belongs to.',
    },
    lines_missing: {
      status: 422,
      zh: '还没有填任何一行。请至少填一行科目、资金和金额。',
      en: 'No line is filled in. Enter at least one line with account, fund and amount.',
    },
    too_many_lines: {
      status: 422,
      zh: '一张凭证最多 {limit} 行，现有 {lines} 行。请分成几张凭证。',
      en: 'An entry has at most {limit} lines; this one has {lines}. Split it into several entries.',
    },
    total_too_large: {
      status: 422,
      zh: '一张凭证的合计不能超过 9,999,999,999.99 元。请核对金额，或分成几张凭证。',
      en: 'The total of an entry may not exceed 9,999,999,999.99 yuan. Check the amounts or split the entry.',
    },
    unit_unknown: {
      status: 422,
      zh: '没有房屋“{unit}”。请写成 3-2-1002（栋-单元-室）这样，或留空。',
      en: 'There is no dwelling "{unit}". Write it like 3-2-1002 (building-stairwell-room), or leave it empty.',
    },
    line_payee_unknown: {
      status: 422,
      zh: '没有编号为“{payee}”的收款方。请先登记收款方，或把这一栏留空。',
      en: 'There is no payee number "{payee}". Enter the payee first, or leave it out.',
    },
    characters_broken: {
      status: 422,
      zh: '“{field}”里有残缺的字符（半个表情或乱码），请删去重写。',
      en: '"{field}" contains a broken character (half an emoji or garbage); please remove it and write it again.',
    },
    entry_unknown: {
      status: 404,
      zh: '没有第 {seq} 号记账凭证。请从明细账里查找。',
      en: 'There is no journal entry {seq}. Please look in the journal.',
    },
    account_not_in_chart: {
      status: 404,
      zh: '科目表里没有“{account}”。请从科目余额表进入。',
      en: 'There is no account "{account}" in the chart. Start from the trial balance.',
    },
    draft_unknown: {
      status: 404,
      zh: '没有第 {draft} 号草稿，可能已经记账或删除。',
      en: 'There is no draft {draft}; it may have been posted or deleted.',
    },
    cursor_invalid: {
      status: 400,
      zh: '翻页位置“{cursor}”无效，请从第一页重新查看。',
      en: 'The cursor "{cursor}" is not valid; start again from the first page.',
    },
    period_unreadable: {
      status: 400,
      zh: '月份“{typed}”看不懂。请写成 2026-10 这样。',
      en: '"{typed}" is not a month. Write it like 2026-10.',
    },
    reversal_proposed: {
      status: 409,
      zh: '{number} 的红字冲销已经提交签批（签批单第 {proposal} 号），不用再提。',
      en: 'A reversal of {number} already waits for signatures (proposal no. {proposal}); there is no need for another.',
    },
    period_not_in_books: {
      status: 404,
      zh: '账簿里没有 {period} 这个月：从 {first_period} 开始，到 {last_period} 为止。',
      en: '{period} is not a month of these books, which run from {first_period} to {last_period}.',
    },
    period_already_closed: {
      status: 409,
      zh: '{period} 已经结账，不能再结，也不能反结账。要更正请在本月做红字冲销。',
      en: '{period} is closed and stays closed. Correct it by a red-letter reversal in the open month.',
    },
    close_gate_shut: {
      status: 409,
      zh: '{period} 还不能结账：{reasons} 处理好再提交。',
      en: '{period} cannot be closed yet: {reasons_en} Put this right and propose it again.',
    },
    close_proposed: {
      status: 409,
      zh: '{period} 的结账已经提交签批（签批单第 {proposal} 号），请等各方签齐。',
      en: 'The close of {period} already waits for signatures (proposal no. {proposal}).',
    },
    figures_changed: {
      status: 409,
      zh: '{period} 在签批以后又有新的凭证，签过的数字已不符，没有结账。请重新提交结账，各方再签一次。',
      en: 'Entries were booked in {period} after the signatures, so the signed figures no longer hold and nothing was closed. Propose the close again and have it signed anew.',
    },
    close_not_possible: {
      status: 409,
      zh: '签批单第 {proposal} 号现在不能执行结账（{status}）。请在结账页查看还差什么。',
      en: 'The close of proposal no. {proposal} cannot be carried out now ({status}). See on the closing page what is missing.',
    },
  }),
};
