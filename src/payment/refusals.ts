// What can go wrong with vouchers, payees and payment orders: the field, the figures, the way out.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  // Vouchers
  file_missing: {
    status: 422,
    zh: '没有收到文件，请选择一个 PDF、JPEG、PNG、OFD 或 XML 文件。',
    en: 'No file arrived; please choose a PDF, JPEG, PNG, OFD or XML file.',
  },
  file_empty: {
    status: 422,
    zh: '“{file_name}”是空文件（0 字节），请重新扫描或重新下载后再上传。',
    en: '"{file_name}" is empty (0 bytes); please scan or download it again.',
  },
  file_too_large: {
    status: 413,
    zh: '“{file_name}”超过 {limit}。请把扫描分辨率调到 200 dpi，或拆成几个文件。',
    en: '"{file_name}" is larger than {limit}. Scan it at 200 dpi or split it into several files.',
  },
  files_too_many: {
    status: 413,
    zh: '一次最多上传 {limit} 个文件，请分几次上传。',
    en: 'At most {limit} files at a time; please upload the rest afterwards.',
  },
  upload_broken: {
    status: 400,
    zh: '上传中断或不完整，没有收下。请检查网络，再上传一次。',
    en: 'The upload broke off or was incomplete and nothing was taken. Check the connection and send it again.',
  },
  file_type_refused: {
    status: 415,
    zh: '“{file_name}”的内容不是 PDF、JPEG、PNG、OFD 或 XML（{found}），没有收下。改扩展名没有用，请另存为 PDF 或拍照上传。',
    en: '"{file_name}" is not a PDF, JPEG, PNG, OFD or XML by its content ({found}). Renaming does not help; save it as PDF or take a picture.',
  },
  file_damaged: {
    status: 422,
    zh: '“{file_name}”看起来是 {type}，但不完整或已损坏（{what}）。请重新下载或扫描。',
    en: '"{file_name}" looks like {type} but is incomplete or damaged ({what_en}). Please download or scan it again.',
  },
  file_unsafe: {
    status: 422,
    zh: '“{file_name}”里有不安全的内容（{what}），没有收下。请用开票平台原样下载的文件。',
    en: '"{file_name}" contains something unsafe ({what_en}) and was not taken. Use the file as the invoice platform gave it.',
  },
  voucher_not_found: {
    status: 404,
    zh: '没有这份凭证，或它含个人信息，只给经办各方看。',
    en: 'There is no such voucher, or it shows personal data and is for the officers only.',
  },
  audience_invalid: {
    status: 422,
    zh: '请选择凭证给谁看：全体业主，或仅经办各方。',
    en: 'Please choose who may open the vouchers: every owner, or officers only.',
  },
  // Payees
  payee_unknown: {
    status: 422,
    zh: '没有第 {payee} 号收款方，请从列表里选，或登记新的收款方。',
    en: 'There is no payee no. {payee}; choose one of the list or enter a new one.',
  },
  payee_missing: {
    status: 422,
    zh: '请选收款方，或在下面登记新的收款方（户名、开户行、账号）。',
    en: 'Please choose a payee, or enter a new one below (name, bank, account).',
  },
  payee_kind_invalid: {
    status: 422,
    zh: '请选择收款方是单位还是个人。',
    en: 'Please say whether the payee is a company or a person.',
  },
  payee_name_invalid: {
    status: 422,
    zh: '请填写收款方户名，2 到 60 个字，与银行账户一致。',
    en: 'Please give the payee\'s name as the bank has it, 2 to 60 characters.',
  },
  bank_name_invalid: {
    status: 422,
    zh: '请填写开户行，2 到 60 个字，例如“工商银行简阳支行”。',
    en: 'Please give the payee\'s bank, 2 to 60 characters.',
  },
  account_number_invalid: {
    status: 422,
    zh: '收款账号应为 8 到 30 位数字，现在有 {length} 位{other}，请核对。',
    en: 'The account number has 8 to 30 digits; this one has {length}{other_en}. Please check it.',
  },
  // Orders
  amount_not_positive: {
    status: 422,
    zh: '金额要大于 0，现在是 {amount}。要冲回已付的款，请提红字冲销。',
    en: 'The amount must be above 0; it is {amount}. To take a payment back, propose a reversal.',
  },
  amount_too_large: {
    status: 422,
    zh: '金额 {amount} 超过一张单的上限 {limit} 元，请核对位数。',
    en: 'The amount {amount} is above the limit of one order, {limit}; please check its digits.',
  },
  order_fund_unknown: {
    status: 422,
    zh: '没有“{fund}”这项资金，请从列表里选。',
    en: 'There is no fund "{fund}"; please choose one of the list.',
  },
  order_account_unknown: {
    status: 422,
    zh: '没有可记账的科目“{account}”，请从列表里选支出或负债科目。',
    en: 'There is no account "{account}" to book on; please choose an expense or liability account.',
  },
  order_account_unfit: {
    status: 422,
    zh: '科目 {account} {name} 不能作为付款用途，请选支出、负债或预付科目。',
    en: 'Account {account} {name_en} cannot be what a payment is for; choose an expense, liability or prepayment.',
  },
  order_unit_unfit: {
    status: 422,
    zh: '科目 {account} {name} 不用填房号：只有退押金、退预收款、退多收的费用才写退给哪一户。',
    en: 'Account {account} {name_en} takes no dwelling: only deposits, money received in advance and fees that go back name one.',
  },
  order_unit_unknown: {
    status: 422,
    zh: '没有登记房屋“{unit}”。请照房屋清单写，例如 3-2-1002。',
    en: 'There is no dwelling "{unit}". Write it as in the register, for example 3-2-1002.',
  },
  order_unit_missing: {
    status: 422,
    zh: '请写明退给哪一户：没有登记到户的款项只剩 {free} 元可退，这张单要退 {amount} 元。',
    en: 'Say which dwelling it goes back to: only {free} are held for no dwelling, and {amount} are asked for.',
  },
  order_unit_exceeded: {
    status: 409,
    zh: '这户存着 {held} 元，其中 {underway} 元正在办别的单，还能退 {free} 元；这张单要退 {amount} 元。请改金额，或先撤回别的单。',
    en: '{held} are held for this dwelling, {underway} of it asked for by other proposals, so that {free} may go back; {amount} are asked for. Change the amount or withdraw the other proposal.',
  },
  order_purpose_names_unit: {
    status: 422,
    zh: '用途里写了房号 {unit}。用途会永远公开，请只写“退装修押金”这样的话；房号填在“退给哪一户”里，只有经办各方看得到。',
    en: 'The purpose names dwelling {unit}. It stays public for ever: write "decoration deposit returned"; the dwelling belongs in its own field, which officers alone see.',
  },
  refund_account_unfit: {
    status: 422,
    zh: '退款是把收到的钱退回去，不能记在支出科目 {account} {name}。请选收入或往来科目（押金、预收）；买东西、付工程款请填付款单。',
    en: 'A refund gives back what was received and is not booked to the expense account {account} {name_en}. Choose an income or a liability account (deposits); for what is bought, make a payment order.',
  },
  paying_account_unknown: {
    status: 422,
    zh: '“{account}”不是银行存款或备用金科目，请选付款账户。',
    en: '"{account}" is not a bank or cash account; please choose the account that pays.',
  },
  invoice_incomplete: {
    status: 422,
    zh: '发票号码和发票总额要一起填，或都不填。',
    en: 'Invoice number and invoice total go together, or leave both empty.',
  },
  invoice_number_invalid: {
    status: 422,
    zh: '发票号码应为 4 到 40 位字母或数字；数电票填 20 位号码，老发票填“代码+号码”。',
    en: 'An invoice number has 4 to 40 letters or digits; older invoices: code and number together.',
  },
  order_unknown: {
    status: 404,
    zh: '没有第 {order} 号付款单。',
    en: 'There is no payment order no. {order}.',
  },
  order_not_draft: {
    status: 409,
    zh: '这张付款单已是“{state}”，不能再改。要改请签批人“退回修改”。',
    en: 'This payment order is {state_en} and can no longer be changed. A signer may return it.',
  },
  order_not_yours: {
    status: 403,
    zh: '这张付款单不是您制的，只有制单人能改。',
    en: 'This payment order is not yours; only its maker changes it.',
  },
  order_kind_stays: {
    status: 422,
    zh: '付款单和退款单不能互改，请撤回这张，另填一张。',
    en: 'An order does not turn into a refund, nor a refund into an order. Withdraw this one and draw up another.',
  },
  order_resolution_incomplete: {
    status: 422,
    zh: '业主大会决议要填全：决议名称、日期，并附上决议文件；没有决议就都不填。',
    en: 'A resolution of the owners needs its title, its date and its file; without a resolution leave all three empty.',
  },
  order_resolution_date: {
    status: 422,
    zh: '决议日期“{typed}”不对：请写成 2026-10-12，不能晚于今天（{today}）。',
    en: 'The date "{typed}" of the resolution is not right: write 2026-10-12, and not later than today ({today}).',
  },
  order_over_budget: {
    status: 422,
    zh: '超预算 {over} 元：{account}全年 {budget} 元，已支出和已批、在签的共 {used} 元，这次 {amount} 元。要么等预算调整，要么在“为什么超预算”里写明理由再提交，全体业主都能看到。',
    en: 'Beyond the budget by {over}: {account_en} has {budget} this year, {used} is spent, approved or being signed, and this is {amount}. Have the budget adjusted, or say why under "Why beyond the budget"; every owner reads it.',
  },
  emergency_reason_missing: {
    status: 422,
    zh: '应急付款要写明为什么等不及，例如“主水管爆裂，三栋停水”。这句话全体业主都能看到。',
    en: 'An emergency order says why it cannot wait ("main pipe burst, three buildings without water"). Every owner reads it.',
  },
  emergency_payment_only: {
    status: 422,
    zh: '退款没有应急程序，请按普通程序提交。',
    en: 'There is no emergency for refunds; submit it as a normal one.',
  },
  emergency_not_possible: {
    status: 422,
    zh: '没有适用的应急规则：金额 {amount} 元，应急付款一张要不满 {limit} 元。请按普通程序提交。',
    en: 'No emergency rule fits: the amount is {amount}, and one emergency order stays below {limit}. Submit it as a normal order.',
  },
  emergency_month_exceeded: {
    status: 422,
    zh: '本月应急付款已有 {used} 元，加上这张 {amount} 元，超过每月上限 {cap} 元。请按普通程序提交。',
    en: 'Emergency orders of this month come to {used}; with {amount} more they exceed the cap of {cap}. Submit it as a normal order.',
  },
  // Checks that refuse at submission
  voucher_missing: {
    status: 422,
    zh: '还没有附凭证。请上传发票、合同或验收单，再提交签批。',
    en: 'No voucher is attached. Upload the invoice, contract or acceptance slip, then submit.',
  },
  invoice_exceeded: {
    status: 422,
    zh: '发票 {invoice} 总额 {total} 元，别的单已用 {used} 元，加上这张 {amount} 元超出 {over} 元。请核对金额或发票。',
    en: 'Invoice {invoice} is for {total}; {used} of it is used by other orders, and {amount} more exceeds it by {over}. Check amount or invoice.',
  },
  available_exceeded: {
    status: 422,
    zh: '“{fund}”可用 {available} 元，这张单要 {amount} 元，差 {missing} 元。请改小金额、换资金，或等款到账。',
    en: '{fund_en} has {available} available, the order asks {amount}, {missing} short. Lower it, choose another fund, or wait for money.',
  },
  order_fund_restricted: {
    status: 422,
    zh: '“{fund}”专款专用，不能用于科目 {account} {account_name}。请换资金或换科目。',
    en: '{fund_en} is restricted and not for account {account} {account_name_en}. Choose another fund or account.',
  },
  // Invoices
  invoice_several: {
    status: 422,
    zh: '附了几张发票（{numbers}）。一张单对应一张发票：请填上这张单付的是哪一张，别的发票另填付款单。',
    en: 'Several invoices are attached ({numbers}). An order pays one invoice: say which one, and make an order of its own for each other.',
  },
  invoice_red: {
    status: 422,
    zh: '发票 {invoice} 是红字发票（{total} 元），不能据以付款。请附蓝字发票；对方退款请登记收款。',
    en: 'Invoice {invoice} is a red one ({total}): it takes back and is not paid. Attach the blue invoice; money that comes back is a receipt.',
  },
  invoice_reversed: {
    status: 422,
    zh: '发票 {invoice} 已被红字发票 {red} 冲红，不能据以付款。请向对方要重开的发票。',
    en: 'Invoice {invoice} was taken back by the red invoice {red} and is not paid. Ask for the one issued in its place.',
  },
  invoice_number_differs: {
    status: 422,
    zh: '填的发票号码是 {typed}，附的发票文件上是 {file}。请核对；留空就按文件填。',
    en: 'The invoice number typed is {typed}, the attached file says {file}. Check it; left empty it is taken from the file.',
  },
  invoice_total_differs: {
    status: 422,
    zh: '发票 {invoice} 填的总额是 {typed} 元，附的发票文件上是 {file} 元。请核对；留空就按文件填。',
    en: 'For invoice {invoice} the total typed is {typed}, the attached file says {file}. Check it; left empty it is taken from the file.',
  },
  titles_too_many: {
    status: 422,
    zh: '认可的发票抬头最多 {limit} 个，请删去不用的。',
    en: 'At most {limit} invoice titles can be added; remove those that are not needed.',
  },
  title_too_short: {
    status: 422,
    zh: '抬头“{name}”太短，至少 2 个字。',
    en: 'The title "{name}" is too short; it has at least 2 characters.',
  },
  // After the fact
  settles_unknown: {
    status: 422,
    zh: '第 {entry} 号不是待核实支出，不能事后补单。请从“待核实”页面选。',
    en: 'Entry no. {entry} is no unexplained debit, so no order is signed for it after the fact. Choose one on the page of exceptions.',
  },
  settles_settled: {
    status: 409,
    zh: '待核实支出 {number} 已经核销完，或已冲销，不用再补单。',
    en: 'The unexplained debit {number} is settled or reversed already; it needs no order.',
  },
  settles_payee_differs: {
    status: 422,
    zh: '银行已把凭证 {number} 的钱付到了尾号 {paid_to} 的账户，这张单的收款方尾号是 {signed_to}。事后补单要写实际收到钱的一方。',
    en: 'The bank paid entry {number} to an account ending {paid_to}; the payee of this order ends in {signed_to}. An order after the fact names whoever got the money.',
  },
  settles_exceeded: {
    status: 422,
    zh: '待核实支出 {number} 还剩 {left} 元，在签的补单占 {pending} 元，这张 {amount} 元超出 {over} 元。请改小金额。',
    en: 'Of the unexplained debit {number} {left} is left and {pending} is asked by orders being signed; {amount} exceeds it by {over}. Lower the amount.',
  },
  settles_elsewhere: {
    status: 422,
    zh: '待核实支出 {number} 是从账户 {account} 付的，这张单写的是 {own}，不能用它核销。',
    en: 'The unexplained debit {number} was paid from account {account}, this order names {own}; it does not settle it.',
  },
  settles_is_no_emergency: {
    status: 422,
    zh: '钱已经付出，事后补单没有应急程序，请按普通程序提交。',
    en: 'The money has gone already: an order after the fact is never an emergency. Submit it as a normal one.',
  },
  order_settles_stays: {
    status: 422,
    zh: '付款单和事后补单不能互改，也不能改成核销另一笔。请撤回这张，另填一张。',
    en: 'An order after the fact stays one, for the same debit. Withdraw this one and draw up another.',
  },
  order_after_the_fact: {
    status: 409,
    zh: '第 {order} 号是事后补单，钱已由银行付出（{number}），不能再付，也不进付款文件；签齐后自动记账。',
    en: 'Order no. {order} is signed after the fact: the bank has paid it ({number}). It is not paid again; it books itself once it is signed.',
  },
  // Pay files
  pay_file_empty: {
    status: 422,
    zh: '还没有选付款单。请至少选一张已签齐的单。',
    en: 'No order is chosen. Choose at least one that has all its signatures.',
  },
  pay_file_too_many: {
    status: 422,
    zh: '选了 {count} 张单，一个付款文件最多 {limit} 张，请分成几个文件。',
    en: '{count} orders are chosen; a pay file has at most {limit}. Make several files.',
  },
  pay_format_unknown: {
    status: 422,
    zh: '没有“{typed}”这种付款文件格式，请从列表里选。',
    en: 'There is no pay file format "{typed}"; choose one of the list.',
  },
  pay_on_invalid: {
    status: 422,
    zh: '期望付款日“{typed}”不对：请写成 2026-10-12，不能早于今天（{today}）。',
    en: 'The day of payment "{typed}" is not right: write 2026-10-12, and not before today ({today}).',
  },
  debtor_number_missing: {
    status: 422,
    zh: '还没有登记付款账户（尾号 {last4}）的完整账号，请填写；只用在这个文件里，不保存。',
    en: 'The full number of the paying account (ending in {last4}) is not stored; type it. It is used in this file only and not kept.',
  },
  debtor_number_differs: {
    status: 422,
    zh: '付款账户的尾号是 {last4}，填的账号尾号是 {typed}。请核对。',
    en: 'The paying account ends in {last4}, the number typed in {typed}. Please check it.',
  },
  debtor_name_invalid: {
    status: 422,
    zh: '请填写付款账户的户名，2 到 60 个字，与银行一致。',
    en: 'Give the holder of the paying account as the bank has it, 2 to 60 characters.',
  },
  order_elsewhere: {
    status: 422,
    zh: '{order} 从科目 {own} 的账户付，不是 {account}。请另做一个付款文件。',
    en: '{order} is paid from account {own}, not {account}. Make another pay file for it.',
  },
  order_in_file: {
    status: 409,
    zh: '{order} 已在第 {file} 号付款文件里，一张单只进一个文件。银行没有受理的，先把那个文件作废。',
    en: '{order} stands in pay file no. {file} already; an order goes into one file. If the bank refused that one, declare it void first.',
  },
  pay_file_payee_changed: {
    status: 409,
    zh: '付款申请单 {order} 的收款户名、开户行、账号与签批的不一致，不能导出。请告诉业委会，并查操作日志。',
    en: 'Name, bank or account of the payee of order {order} are not those that were signed: it is not exported. Tell the committee, and look at the operation log.',
  },
  pay_file_payee_erased: {
    status: 409,
    zh: '{order} 的收款方户名和账号已依法删除，不能做付款文件。请撤回这张单，重新登记收款方。',
    en: 'Name and account of the payee of {order} were erased as the law asks. Withdraw the order and enter the payee again.',
  },
  pay_file_name_too_long: {
    status: 422,
    zh: '{order} 的“{name}”有 {length} 个字节，{bank}的格式最多 {limit}。户名、账号不能截短：请换一种格式（ISO 20022 或通用表格），或在网银单笔付。',
    en: '{order}: "{name}" has {length} bytes, the format of {bank_en} takes {limit}. Names and accounts are not shortened: choose another format (ISO 20022, plain table), or pay it singly.',
  },
  pay_file_text_unsafe: {
    status: 422,
    zh: '{order} 的“{name}”以公式符号开头，表格软件会把它当公式。请改用 ISO 20022 格式，或更正收款方。',
    en: '{order}: "{name}" begins as a formula does and would be run by a spreadsheet. Choose ISO 20022, or correct the payee.',
  },
  pay_file_text_unwritable: {
    status: 422,
    zh: '{order} 的“{name}”里有银行编码（GB18030）写不出的字，请改用 ISO 20022 格式，或更正收款方。',
    en: '{order}: "{name}" has a character that GB18030 cannot write. Choose ISO 20022, or correct the payee.',
  },
  pay_file_refused: {
    status: 409,
    zh: '付款文件没有做成（{status}，第 {order} 号）。请刷新页面，看单子是否已变动。',
    en: 'The pay file was not made ({status}, order no. {order}). Reload the page: an order may have changed.',
  },
  pay_file_unknown: {
    status: 404,
    zh: '没有第 {file} 号付款文件。',
    en: 'There is no pay file no. {file}.',
  },
  pay_file_void_already: {
    status: 409,
    zh: '第 {file} 号付款文件已经作废。',
    en: 'Pay file no. {file} is void already.',
  },
  // Paying
  paid_on_invalid: {
    status: 422,
    zh: '付款日期“{typed}”看不懂，请写成 2026-10-12。',
    en: 'The date "{typed}" cannot be read; write 2026-10-12.',
  },
  bank_reference_invalid: {
    status: 422,
    zh: '请填写银行流水号，1 到 64 位字母、数字或横线。',
    en: 'Please give the bank\'s reference, 1 to 64 letters, digits or hyphens.',
  },
});
