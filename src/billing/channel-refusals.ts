// What may be wrong with settlement files, with money in transit, and with what a channel keeps.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  settlement_file_missing: {
    status: 422,
    zh: '没有收到文件。请选择微信、支付宝或刷卡机的结算文件（CSV、xls、xlsx）。',
    en: 'No file arrived. Choose the settlement file of WeChat, Alipay or the card machine (CSV, xls, xlsx).',
  },
  settlement_file_too_large: {
    status: 413,
    zh: '文件超过 {limit}。请按天或按月分开下载。',
    en: 'The file is larger than {limit}. Download it by day or by month.',
  },
  settlement_upload_broken: {
    status: 400,
    zh: '上传中断或不完整，没有收下。请再上传一次。',
    en: 'The upload broke off or was incomplete and nothing was taken. Send it again.',
  },
  settlement_taken_before: {
    status: 409,
    zh: '这个文件已经登记过了（{from} 至 {to}，{lines} 笔，{gross} 元），没有重复登记。',
    en: 'This very file was taken before ({from} to {to}, {lines} payments, {gross}); it is not taken twice.',
  },
  settlement_empty: {
    status: 422,
    zh: '文件里没有收款行。请确认下载的是交易明细，不是汇总。',
    en: 'The file has no rows of payments. Make sure it is the list of payments and not the summary.',
  },
  settlement_too_long: {
    status: 422,
    zh: '文件有 {rows} 行，一次最多 {limit} 行。请按天或按月分开下载。',
    en: 'The file has {rows} rows, and {limit} are the most at a time. Download it by day or by month.',
  },
  settlement_columns_missing: {
    status: 422,
    zh: '请选出“{what}”是哪一列。',
    en: 'Choose the column of "{what_en}".',
  },
  settlement_columns_twice: {
    status: 422,
    zh: '日期、金额、参考号、手续费不能选同一列。',
    en: 'Day, amount, reference and fee cannot be the same column.',
  },
  settlement_draft_unknown: {
    status: 404,
    zh: '这份结算文件已经登记、放弃，或超过七天没有办。需要的话请重新上传。',
    en: 'This settlement file was taken or thrown away, or lay here for more than seven days. Upload it again if needed.',
  },
  settlement_rows_bad: {
    status: 422,
    zh: '还有 {count} 行没有弄清（第 {rows} 行），整份文件没有登记。请改好，或者选“这行不登记”。',
    en: '{count} rows are not clear yet (row {rows}); nothing of the file was taken. Put them right or leave them out.',
  },
  settlement_nothing: {
    status: 422,
    zh: '没有可登记的收款：每一行不是退款，就是登记过，或者被选为不登记。',
    en: 'There is nothing to take: every row is a refund, was taken before, or is left out.',
  },
  settlement_fee_beyond: {
    status: 422,
    zh: '手续费合计 {fee} 元，不小于收款合计 {gross} 元。请核对手续费是哪一列。',
    en: 'The fees, {fee}, are not less than the payments, {gross}. Check which column holds the fee.',
  },
  settlement_unknown: {
    status: 404,
    zh: '没有第 {settlement} 号结算。',
    en: 'There is no settlement {settlement}.',
  },
  transit_channel_unknown: {
    status: 422,
    zh: '请选是哪个渠道：微信、支付宝、刷卡或现金。',
    en: 'Choose the channel: WeChat, Alipay, card or cash.',
  },
  transit_amount_invalid: {
    status: 422,
    zh: '金额“{typed}”读不懂：请写最多两位小数的金额，例如 2000.00。',
    en: 'The amount "{typed}" cannot be read: write it with at most two decimals, for example 2000.00.',
  },
  transit_amount_missing: {
    status: 422,
    zh: '请写到账多少钱。',
    en: 'Say how much arrived.',
  },
  transit_day_invalid: {
    status: 422,
    zh: '日期“{typed}”不对：请写成 2026-10-05 这样，最晚今天（{today}）。',
    en: 'The day "{typed}" will not do: write it as 2026-10-05, today ({today}) at the latest.',
  },
  transit_exceeded: {
    status: 409,
    zh: '{channel}在{fund}里的在途款只有 {open} 元，不能到账 {amount} 元。多出来的请先登记收款。',
    en: 'Only {open} of {channel_en} are in transit in {fund_en}, so {amount} cannot arrive. Take in first what is beyond it.',
  },
  transit_fee_exceeded: {
    status: 409,
    zh: '{channel}的在途款只有 {open} 元，没有 {amount} 元的手续费可转。',
    en: 'Only {open} of {channel_en} are in transit, less than the fee of {amount}.',
  },
  transit_fee_of_cash: {
    status: 422,
    zh: '现金没有渠道手续费：没有存进银行的现金是短款，一直显示为在途，请查明后存入。银行收的费用按银行流水记账。',
    en: 'Cash has no channel that keeps a fee: cash that was not paid into the bank is missing and stays in transit; find it and pay it in. What the bank charges is booked from its statement.',
  },
  transit_fee_proposed: {
    status: 409,
    zh: '这份结算的手续费已经提交签批（第 {proposal} 号），没有重复提交。',
    en: 'The fee of this settlement is proposed already (no. {proposal}); it is not proposed twice.',
  },
  transit_entry_unknown: {
    status: 404,
    zh: '没有这笔没写明渠道的到账，或者已经写明了。',
    en: 'There is no such arrival without a channel, or its channel is known by now.',
  },
});
