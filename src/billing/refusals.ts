// What may be wrong with bills, their payment, and the list of a bank's numbers for dwellings.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  billing_start_invalid: {
    status: 422,
    zh: '“{typed}”不能作开账单的起始月份：请写成 2026-10 这样，不早于建账月份 {from}，最晚 {to}；空着就是不开账单。',
    en: '"{typed}" cannot be the first month of bills: write it as 2026-10, not before {from} and not after {to}; left empty, no bills are made.',
  },
  billing_rate_missing: {
    status: 409,
    zh: '本小区没有登记物业费单价，开不出账单。请先在小区资料里登记每平方米每月多少元。',
    en: 'This estate has no fee rate, so no bills can be made. Enter the fee per square metre and month first.',
  },
  billing_units_missing: {
    status: 409,
    zh: '本小区还没有登记房屋，开不出账单。请先登记房屋清单。',
    en: 'No dwellings are entered in this estate, so no bills can be made. Enter them first.',
  },
  bill_unit_unknown: {
    status: 404,
    zh: '没有房屋 {unit}，或它不是您家的：别家的账单只有任职人员看得到。',
    en: 'There is no dwelling {unit}, or it is not yours: the bills of others are for officers only.',
  },
  bill_unknown: {
    status: 422,
    zh: '没有第 {bill} 号账单，请刷新页面后重新选择。',
    en: 'There is no bill {bill}; reload the page and choose again.',
  },
  bill_overpaid: {
    status: 409,
    zh: '这笔收款冲的账单里，有一张已经没有这么多欠款了（可能刚由别的收款结清）。没有入账，请刷新后重新勾对。',
    en: 'One of the bills this receipt would pay has less open than that (another receipt may just have paid it). Nothing was booked; reload and match again.',
  },
  bill_payment_beyond_entry: {
    status: 409,
    zh: '冲账单的金额多于凭证里记在这户名下的金额，没有入账。请刷新后重新勾对。',
    en: 'More would be paid of the bills than the entry credits to the dwelling; nothing was booked. Reload and match again.',
  },
  bill_entry_reversed: {
    status: 409,
    zh: '这张凭证是红字冲销，或已被红字冲销，不能拿来冲账单。',
    en: 'The entry reverses another or is reversed, so it pays no bill.',
  },
  allocation_beyond_amount: {
    status: 422,
    zh: '选的账单和预交月份合计 {asked} 元，收到的只有 {amount} 元，多了 {over} 元。请减少选的项目，或改收款金额。',
    en: 'The bills and months ahead that were chosen come to {asked}, and {amount} is paid: {over} too much. Choose less, or correct the amount.',
  },
  allocation_beyond_bill: {
    status: 422,
    zh: '{period} {name}只剩 {open} 元未交，填了 {asked} 元。多出的可以留空，由系统冲别的账单或转入预收。',
    en: 'Of the {name_en} for {period} only {open} is open, and {asked} was entered. Leave the rest out: it goes to other bills or is held in advance.',
  },
  allocation_bill_gone: {
    status: 409,
    zh: '第 {bill} 号账单已经结清、减免，或不是这一户的。没有入账，请刷新后重新选择。',
    en: 'Bill {bill} is paid or waived already, or belongs to another dwelling. Nothing was booked; reload and choose again.',
  },
  payment_unit_unknown: {
    status: 422,
    zh: '没有登记房屋“{unit}”。请写登记的房号，例如 3-2-1002。',
    en: 'There is no dwelling "{unit}". Write it as it is entered here, for example 3-2-1002.',
  },
  payment_nothing: {
    status: 422,
    zh: '收款金额应大于 0，请填写实际收到的金额。',
    en: 'The amount must be above zero; enter what was received.',
  },
  payment_method_unknown: {
    status: 422,
    zh: '没有选收款方式，请选现金、微信、支付宝、刷卡或银行转账。',
    en: 'Say how it was paid: cash, WeChat Pay, Alipay, card or bank transfer.',
  },
  payment_day_unreadable: {
    status: 422,
    zh: '收款日期“{typed}”读不懂，请写成 {today} 这样。',
    en: 'The date "{typed}" cannot be read; write it as {today}.',
  },
  payment_amount_unreadable: {
    status: 422,
    zh: '金额“{typed}”读不懂：只写数字，最多两位小数，例如 306.00。',
    en: 'The amount "{typed}" cannot be read: digits and at most two places, for example 306.00.',
  },
  payment_item_unknown: {
    status: 422,
    zh: '没有收费项目“{item}”，或预交金额不对。请写收费项目的代码，例如 property_fee。',
    en: 'There is no fee "{item}", or the amount ahead is not above zero. Write the item of a fee rule, for example property_fee.',
  },
  receipt_unknown: {
    status: 404,
    zh: '没有第 {number} 号收据，或它不是您家的：别家的收据只有管账和监督的人看得到。',
    en: 'There is no receipt {number}, or it is not yours: the receipts of others are for those who keep or watch over the fees.',
  },
  payments_too_many: {
    status: 422,
    zh: '一次最多收 {limit} 笔，这里有 {payments} 笔，请分几次提交。',
    en: '{limit} payments are the most at a time, and there are {payments}; send them in parts.',
  },
  virtual_accounts_empty: {
    status: 422,
    zh: '清单是空的。请粘贴两列：房号和银行给这户的子账号，每户一行。',
    en: 'The list is empty. Paste two columns, dwelling and the bank\'s number for it, one dwelling a line.',
  },
  virtual_accounts_too_many: {
    status: 422,
    zh: '清单有 {lines} 行，一次最多 {limit} 行，请分几次提交。',
    en: 'The list has {lines} lines, and {limit} are the most at a time; send it in parts.',
  },
  virtual_account_line_invalid: {
    status: 422,
    zh: '第 {line} 行“{text}”读不懂：应是房号、子账号两列，用逗号或制表符隔开，例如 3-2-1002,8866200100010027。整份清单没有保存。',
    en: 'Line {line}, "{text}", cannot be read: dwelling and number, separated by a comma or tab, for example 3-2-1002,8866200100010027. Nothing was saved.',
  },
  virtual_account_unit_unknown: {
    status: 422,
    zh: '第 {line} 行的房屋“{unit}”没有登记过。请改成登记的房号，例如 3-2-1002。整份清单没有保存。',
    en: 'Line {line}: there is no dwelling "{unit}". Write it as it is entered here, for example 3-2-1002. Nothing was saved.',
  },
  virtual_account_twice: {
    status: 422,
    zh: '子账号 {number} 在第 {line} 行和第 {first} 行给了两户。一个子账号只能对应一户。整份清单没有保存。',
    en: 'The number {number} is given to two dwellings, in lines {first} and {line}. A number belongs to one dwelling. Nothing was saved.',
  },
});
