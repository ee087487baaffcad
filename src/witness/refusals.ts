// What a witness, or the device of one, may get wrong.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  witness_not_entitled: {
    status: 403,
    zh: '您现在不能以“{side}”的身份见证；您可以见证的身份：{sides}。',
    en: 'You cannot witness as "{side_en}" now; you may as: {sides_en}.',
  },
  witness_key_unreadable: {
    status: 422,
    zh: '这不是见证用的公钥，应为“{name}…+8 位编号+44 位公钥”。请刷新页面，让手机重新生成一把。',
    en: 'This is not the public key of a witness; "{name}…+8 hex digits+44 characters" is expected. Reload the page and let the device make a new one.',
  },
  witness_key_used: {
    status: 409,
    zh: '这把见证钥匙已经登记过，不能再登记一次。请刷新页面，让手机重新生成一把。',
    en: 'This key of a witness is on record already and cannot be enrolled again. Reload the page and let the device make a new one.',
  },
  witness_unknown: {
    status: 404,
    zh: '没有第 {witness} 号见证设备。请刷新页面后再试。',
    en: 'There is no witness number {witness}. Reload the page and try again.',
  },
  witness_of_another: {
    status: 403,
    zh: '第 {witness} 号见证设备不是您的，只能停用和使用自己的设备。',
    en: 'Witness number {witness} is not yours; only your own device can be used or retired by you.',
  },
  witness_retired: {
    status: 409,
    zh: '第 {witness} 号见证设备已停用。请刷新页面，把这台手机重新登记。',
    en: 'Witness number {witness} has retired. Reload the page and enrol this device again.',
  },
  cosignature_wrong: {
    status: 422,
    zh: '见证签名和第 {size} 条处的检查点对不上，没有收下。请刷新页面再试一次。',
    en: 'The cosignature does not fit the checkpoint of {size} records and was not kept. Reload the page and try once more.',
  },
  cosignature_time_wrong: {
    status: 422,
    zh: '见证签名上的时间是 {time}，现在是 {now}，相差太多。请把手机的日期和时间调准后再见证。',
    en: 'The cosignature says {time}, and it is {now}: too far apart. Set the date and time of the device and witness again.',
  },
  witness_goes_back: {
    status: 409,
    zh: '这台设备已见证到第 {latest} 条，不能再回头见证第 {size} 条。请刷新页面，见证最新的检查点。',
    en: 'This device has witnessed {latest} records already and cannot go back to {size}. Reload the page and witness the latest checkpoint.',
  },
  witness_log_empty: {
    status: 404,
    zh: '账本还没有签名钥匙，暂时不能登记见证设备。有新记录后一分钟内会自动生成，请稍后再试。',
    en: 'The log has no key yet, so no witness can be enrolled. It is made within a minute after a record; try again shortly.',
  },
});
