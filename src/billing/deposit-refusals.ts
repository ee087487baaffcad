// What may be wrong with deposits: taking one, keeping part of one back.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  deposit_unit_unknown: {
    status: 422,
    zh: '没有登记房屋“{unit}”。请照房屋清单写，例如 3-2-1002。',
    en: 'There is no dwelling "{unit}". Write it as in the register, for example 3-2-1002.',
  },
  deposit_kind_unknown: {
    status: 422,
    zh: '请选押金是哪一种：装修押金、门禁卡押金或其他。',
    en: 'Choose what the deposit is for: decoration, access cards or other.',
  },
  deposit_method_unknown: {
    status: 422,
    zh: '请选怎么交的：转账、现金、刷卡、微信或支付宝。',
    en: 'Choose how it was paid: bank transfer, cash, card, WeChat or Alipay.',
  },
  deposit_amount_invalid: {
    status: 422,
    zh: '金额“{typed}”读不懂：请写大于 0、最多两位小数的金额，例如 2000.00。',
    en: 'The amount "{typed}" cannot be read: write an amount above zero with at most two decimals, for example 2000.00.',
  },
  deposit_day_invalid: {
    status: 422,
    zh: '日期“{typed}”不对：请写成 2026-10-05 这样，最晚今天（{today}）。',
    en: 'The day "{typed}" will not do: write it as 2026-10-05, today ({today}) at the latest.',
  },
  deposit_payer_too_long: {
    status: 422,
    zh: '交款人最多 60 个字，现在有 {length} 个字。',
    en: 'The payer may have 60 characters at most and has {length}.',
  },
  deposit_exceeded: {
    status: 409,
    zh: '这户存着押金 {held} 元，其中 {underway} 元正在办退款或扣款，还能扣 {free} 元；要扣 {amount} 元。请改金额，或先撤回别的单。',
    en: '{held} are held for this dwelling, {underway} of it being returned or kept back already, so that {free} may be kept back; {amount} are asked for. Change the amount or withdraw the other proposal.',
  },
  deposit_vouchers_missing: {
    status: 422,
    zh: '扣押金要附依据：照片、修复报价或账单、双方签字的确认单。请至少上传一份。',
    en: 'Keeping part of a deposit back needs evidence: pictures, the bill for the repair, the statement signed by both. Attach at least one file.',
  },
  deposit_reason_names_unit: {
    status: 422,
    zh: '原因里写了房号 {unit}。原因会成为账上的摘要，永远公开：请只写“扣押金：修复损坏的电梯轿厢”这样的话。',
    en: 'The reason names dwelling {unit}. It becomes the memo of the books and stays public for ever: write "kept back for the repair of the lift" and the like.',
  },
});
