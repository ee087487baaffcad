// What may be wrong while an estate is founded by the guided page.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  found_key_missing: {
    status: 401,
    zh: '请先填建账码。建账码由管理员运行 npx mingzhang found 得到，一个码建一个小区。',
    en: 'Type the start key first. The operator gets one with "npx mingzhang found"; each founds one estate.',
  },
  found_key_unknown: {
    status: 404,
    zh: '没有这个建账码，或者已经过期。请核对，或请管理员再运行一次 npx mingzhang found。',
    en: 'There is no such start key, or it has expired. Check it, or have the operator run "npx mingzhang found" again.',
  },
  found_key_used: {
    status: 409,
    zh: '这个建账码已经建好了一个小区。要再建一个，请管理员再运行一次 npx mingzhang found。',
    en: 'This start key has founded its estate. For another one have the operator run "npx mingzhang found" again.',
  },
  found_key_many: {
    status: 422,
    zh: '一次最多做 {limit} 个建账码。',
    en: '{limit} start keys at a time at most.',
  },
  found_kind_missing: {
    status: 422,
    zh: '请选小区是哪一种。',
    en: 'Choose what kind of estate it is.',
  },
  found_choice_invalid: {
    status: 422,
    zh: '“{typed}”不在可选的里面，请重新选。',
    en: '"{typed}" is not one of the choices.',
  },
  found_field_missing: {
    status: 422,
    zh: '“{label}”还没有填。',
    en: '"{label_en}" is empty.',
  },
  found_last4_invalid: {
    status: 422,
    zh: '账号后四位“{typed}”应为四位数字；账户还没有开就写 0000，开好以后再改。',
    en: 'The last four digits "{typed}" are four figures; write 0000 where the account is not open yet.',
  },
  found_period_invalid: {
    status: 422,
    zh: '账簿的第一个月“{typed}”不对：从 {from} 到 {to}。',
    en: 'The first month "{typed}" is not right: from {from} to {to}.',
  },
  found_until_invalid: {
    status: 422,
    zh: '临时组织的计划截止日“{typed}”不对：请写成 2027-06-30 这样，在建账以后五年以内。',
    en: 'The last day "{typed}" of the temporary body is not right: write it as 2027-06-30, within five years.',
  },
  found_officer_missing: {
    status: 422,
    zh: '还缺{seat}：没有这个人，从第一天起就有单子签不齐。',
    en: 'The {seat_en} is missing: without one some proposals could not be signed from the first day.',
  },
  found_login_unknown: {
    status: 422,
    zh: '没有登录名“{login}”。没有账号的请填姓名，不用填登录名。',
    en: 'There is no login "{login}". Type a name instead where there is no account yet.',
  },
  found_units_wrong: {
    status: 422,
    zh: '房屋表有 {faults} 处要改，先看第 {row} 行：{why}（{fix}）。',
    en: '{faults} things in the dwellings must be put right, first row {row}: {why_en} ({fix_en}).',
  },
  found_units_unknown: {
    status: 422,
    zh: '认不出房屋表：要有“房号”和“面积”两列（或每行写“房号 面积”，例如 3-2-1002 85.00）。',
    en: 'The dwellings cannot be read: two columns are needed, dwelling and area, for example 3-2-1002 85.00.',
  },
  found_incomplete: {
    status: 422,
    zh: '“{step}”这一步还没有填完。',
    en: 'The step "{step_en}" is not complete.',
  },
});
