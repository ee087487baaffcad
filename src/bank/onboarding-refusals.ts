// What may be wrong with a note about the bank's onboarding.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  onboarding_item_unknown: {
    status: 422,
    zh: '开户清单里没有“{item}”这一项，请从清单中选择。',
    en: 'The list has no item "{item}"; choose one of it.',
  },
  onboarding_state_unknown: {
    status: 422,
    zh: '请选择：待办、已办，或不需要。',
    en: 'Choose one: to do, done, or not needed.',
  },
  onboarding_by_itself: {
    status: 409,
    zh: '“{item}”由系统自动打勾，不能手工登记为已办；确实用不着的可以登记为不需要。',
    en: '"{item_en}" is ticked by itself and cannot be noted as done; where it is not wanted, note it as not needed.',
  },
  onboarding_holder_missing: {
    status: 422,
    zh: '请选择谁保管。U盾和印鉴要写明在谁手里，保管人应是在任人员。',
    en: 'Say who keeps it: keys and seals are with a person in office.',
  },
  onboarding_serial_invalid: {
    status: 422,
    zh: '请填U盾背面序列号的后四位（数字或字母），现在填的是“{typed}”。',
    en: 'Give the last four signs of the serial number on its back; "{typed}" was given.',
  },
  onboarding_other_body: {
    status: 403,
    zh: '这一项要由{body}一方的人登记：账号要两方分别核对。',
    en: 'This is noted by somebody of {body_en}: each side compares the number itself.',
  },
  onboarding_number_missing: {
    status: 409,
    zh: '还没有登记完整账号，没有可以核对的。请先登记账号。',
    en: 'The whole number is not entered yet, so there is nothing to compare with. Enter it first.',
  },
  onboarding_file_unknown: {
    status: 422,
    zh: '没有收到过这个文件（{sha256}…），请重新上传。',
    en: 'No such file ({sha256}…) has been received; upload it again.',
  },
});
