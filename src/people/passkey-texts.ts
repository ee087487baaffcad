// Texts of passkeys, recovery codes and one-time codes.
import type { Bilingual } from '../kernel/locale.ts';

export const keyTexts = {
  // On the account page
  keys_title: { zh: '我签名用的钥匙', en: 'What I sign with' },
  keys_text: {
    zh: '通行密钥最可靠：签名要用您的手机或电脑按指纹、刷脸，别人拿到密码也签不了。',
    en: 'A passkey is the surest: it signs with the finger, face or PIN on your own phone or computer, and nobody can do so with a password.',
  },
  passkeys: { zh: '通行密钥', en: 'Passkeys' },
  keys_count: { zh: '{count} 把', en: '{count}' },
  keys_none: { zh: '还没有', en: 'none yet' },
  recovery_codes: { zh: '恢复码', en: 'Recovery codes' },
  codes_left: { zh: '还剩 {count} 个', en: '{count} left' },
  one_time_code: { zh: '一次性验证码', en: 'One-time codes' },
  code_on: { zh: '已设置', en: 'set up' },
  code_off: { zh: '未设置', en: 'not set up' },
  // List
  passkeys_lede: {
    zh: '登记、注销都会记入存证记录，并通知您这一方的全体成员。',
    en: 'Each enrolment and revocation goes on record, and everybody in your body is told.',
  },
  my_passkeys: { zh: '我的通行密钥', en: 'My passkeys' },
  no_passkeys: { zh: '还没有登记通行密钥。', en: 'No passkey is enrolled yet.' },
  one_passkey: {
    zh: '只有一把：手机丢了就签不了名。建议在另一台设备上再登记一把。',
    en: 'Only one: if the phone is lost you cannot sign. Better enrol another on a second device.',
  },
  enrolled_on: { zh: '登记时间', en: 'Enrolled' },
  confirmed_by: { zh: '登记凭据', en: 'Confirmed by' },
  last_used: { zh: '最近一次签名', en: 'Last signed' },
  never_used: { zh: '还没有签过名', en: 'has not signed yet' },
  where_kept: { zh: '存在哪里', en: 'Where it is kept' },
  kept_device: { zh: '只在这一台设备里，不能复制', en: 'in this one device only; it cannot be copied' },
  kept_synced: {
    zh: '已同步到手机厂商的云端账户，换手机还能用',
    en: "copied to the phone maker's cloud account; it survives a new phone",
  },
  kept_may_sync: {
    zh: '可以同步到手机厂商的云端账户，登记时还没有同步',
    en: "may be copied to the phone maker's cloud account; it was not when enrolled",
  },
  works_at: { zh: '可用网址', en: 'Works at' },
  revoked_on: { zh: '{on} 注销', en: 'revoked {on}' },
  revoked_title: { zh: '已注销的通行密钥', en: 'Revoked passkeys' },
  revoke: { zh: '注销这把', en: 'Revoke it' },
  // Enrolling
  enrol_title: { zh: '登记新的通行密钥', en: 'Enrol a passkey' },
  enrol_text: {
    zh: '按下面的按钮，设备会请您按指纹、刷脸或输入屏幕锁密码。电脑上登记时，也可以选“用手机”，扫一下屏幕上的二维码。',
    en: 'After the button, the device asks for your finger, face or screen lock. On a computer you may choose the phone instead and scan the code on the screen.',
  },
  key_label: { zh: '给它取个名字', en: 'Give it a name' },
  key_label_hint: { zh: '例如：手机、办公室电脑。同一方的人会在通知里看到', en: 'For example: phone, office computer. Your body reads it in a notice' },
  confirm_signing: { zh: '签批密码', en: 'Signing password' },
  confirm_login: { zh: '登录密码', en: 'Login password' },
  confirm_either_hint: {
    zh: '用通行密钥确认，就不用填',
    en: 'Not needed if a passkey confirms',
  },
  confirm_code: { zh: '一次性验证码', en: 'One-time code' },
  confirm_code_hint: { zh: '手机验证器里的 6 位数字', en: 'The 6 digits of the app on your phone' },
  confirm_recovery: { zh: '恢复码', en: 'Recovery code' },
  confirm_recovery_hint: {
    zh: '已有的通行密钥在手边就不用填；不在手边时，输入一个打印的恢复码，用后划掉',
    en: 'Leave it empty if a passkey you have is at hand; if not, type one of the printed codes and cross it out',
  },
  enrol_first: { zh: '登记', en: 'Enrol' },
  enrol_next_text: {
    zh: '会先请您用已有的通行密钥确认，再登记新的。',
    en: 'You are first asked for a passkey you have, then the new one is made.',
  },
  script_needed: {
    zh: '这里要用到浏览器的脚本，您的浏览器没有运行它。',
    en: 'This needs the scripts of the page, which your browser did not run.',
  },
  wrong_address: { zh: '这个网址上不能用通行密钥', en: 'Passkeys do not work at this address' },
  wrong_address_text: {
    zh: '浏览器只在有名字的安全网址上使用通行密钥。请用 {address} 打开，在那里重新登录一次。',
    en: 'Browsers use passkeys only at a safe address with a name. Please open {address} and log in there.',
  },
  open_there: { zh: '用 {address} 打开', en: 'Open {address}' },
  no_address_text: {
    zh: '本系统还没有设置带域名的 https 网址。请管理员设置 MINGZHANG_PUBLIC_URL。在此之前，请用签批密码加一次性验证码签名。',
    en: 'This service has no https address with a name yet. The operator sets MINGZHANG_PUBLIC_URL. Until then sign with signing password and one-time code.',
  },
  // Revoking
  revoke_title: { zh: '注销通行密钥“{label}”', en: 'Revoke the passkey "{label}"' },
  revoke_text: {
    zh: '注销后马上不能再签名，不能恢复；以前签过的名仍然有效。',
    en: 'It signs no more from this moment, for good; what it signed before stays valid.',
  },
  reason: { zh: '原因', en: 'Reason' },
  reason_lost: { zh: '设备丢了或被偷', en: 'the device is lost or stolen' },
  reason_replaced: { zh: '换了新的设备', en: 'replaced by a new device' },
  reason_other: { zh: '其他', en: 'other' },
  revoke_by_password: { zh: '用密码确认注销', en: 'Revoke, confirmed by password' },
  revoke_by_key: { zh: '用通行密钥确认注销', en: 'Revoke, confirmed by a passkey' },
  // Recovery codes
  recovery_text: {
    zh: '手机丢了或换了，用一个恢复码就能登记新的通行密钥。每个只能用一次。请打印出来放在家里，不要拍照、不要存手机。',
    en: 'If the phone is lost or replaced, one of these enrols a new passkey. Each works once. Keep them on paper at home: no photo, not on the phone.',
  },
  recovery_state: {
    zh: '没用过的，{issued} 打印。',
    en: 'not used yet; printed {issued}.',
  },
  recovery_none: { zh: '还没有恢复码。登记第一把通行密钥时会给您。', en: 'None yet: they come with your first passkey.' },
  recovery_renew: { zh: '换一张新的恢复码', en: 'Print new recovery codes' },
  recovery_renew_text: { zh: '换新以后，旧的全部作废。', en: 'The old ones stop working.' },
  renew_by_password: { zh: '用密码确认', en: 'Confirm by password' },
  renew_by_key: { zh: '用通行密钥确认', en: 'Confirm by a passkey' },
  sheet_title: { zh: '恢复码', en: 'Recovery codes' },
  sheet_enrolled: { zh: '通行密钥“{label}”已登记。', en: 'The passkey "{label}" is enrolled.' },
  sheet_note: {
    zh: '这张纸只显示这一次，请现在就打印（用浏览器的打印功能），没有打印机就抄下来。',
    en: "Shown only this once: print it now with the browser's print command, or copy it by hand.",
  },
  sheet_done: { zh: '已经打印好，返回', en: 'Printed; go back' },
  // One-time codes
  code_title: { zh: '一次性验证码', en: 'One-time codes' },
  code_lede: {
    zh: '用签批密码签名时，还要输入手机上每半分钟换一次的 6 位数字：别人只知道密码也签不了。',
    en: 'When you sign by password you also type 6 digits from your phone that change every half minute, so that a password alone is not enough.',
  },
  code_weak: {
    zh: '通行密钥更可靠，也更省事；有了通行密钥可以不设验证码。',
    en: 'A passkey is surer and easier; with one you need no codes.',
  },
  code_steps: { zh: '设置步骤', en: 'How to set them up' },
  code_step_app: {
    zh: '在手机应用商店安装一个“身份验证器”（如 Microsoft Authenticator、FreeOTP）。',
    en: 'Install an authenticator app on your phone (Microsoft Authenticator, FreeOTP or another).',
  },
  code_step_scan: {
    zh: '用它扫描下面的二维码；不能扫描时，把下面的字母数字输进去。',
    en: 'Scan the QR code below with it; if that does not work, type the letters and digits below.',
  },
  code_step_type: {
    zh: '把它显示的 6 位数字填在下面，再输入签批密码。',
    en: 'Type the 6 digits it shows below, and your signing password.',
  },
  code_secret: { zh: '密钥', en: 'Secret' },
  code_now: { zh: '手机上显示的 6 位数字', en: 'The 6 digits on your phone' },
  code_set_up: { zh: '设置', en: 'Set up' },
  code_is_on: { zh: '一次性验证码已设置', en: 'One-time codes are set up' },
  code_is_on_text: {
    zh: '用签批密码签名时要输入手机上的 6 位数字。换手机时，先在这里关闭，再用新手机设置。',
    en: 'Signing by password asks for the 6 digits on your phone. For a new phone, turn them off here and set them up again.',
  },
  code_or_recovery: { zh: '一次性验证码', en: 'One-time code' },
  code_or_recovery_hint: {
    zh: '手机上的 6 位数字；手机丢了，就输入一个恢复码',
    en: 'The 6 digits on your phone or, if it is lost, a recovery code',
  },
  code_turn_off: { zh: '关闭一次性验证码', en: 'Turn one-time codes off' },
  code_needs_signing: {
    zh: '请先设置签批密码，再设置一次性验证码。',
    en: 'Set a signing password first, then the one-time codes.',
  },
  code_done: { zh: '一次性验证码已设置。', en: 'One-time codes are set up.' },
  code_off_done: { zh: '一次性验证码已关闭。', en: 'One-time codes are turned off.' },
  enrolled_done: { zh: '通行密钥已登记。', en: 'The passkey is enrolled.' },
  revoked_done: { zh: '通行密钥已注销。', en: 'The passkey is revoked.' },
  // Said by the script
  say_working: { zh: '请按设备上的提示操作……', en: 'Please follow your device …' },
  say_sending: { zh: '正在核对……', en: 'Checking …' },
  say_cancelled: {
    zh: '没有完成。可能取消了，或等得太久，请再按一次。',
    en: 'Not completed: cancelled, or it took too long. Please press again.',
  },
  say_present: {
    zh: '这台设备上已经登记过您的通行密钥，不用再登记。',
    en: 'A passkey of yours is on this device already.',
  },
  say_unsupported: {
    zh: '这个浏览器不支持通行密钥，或网址不是 https。请换手机自带的浏览器。',
    en: 'This browser does not support passkeys, or the address is not https. Please use another.',
  },
  say_failed: {
    zh: '没有连上，什么也没有办理。请再试一次。',
    en: 'The service was not reached; nothing was done. Please try again.',
  },
} as const satisfies Record<string, Bilingual>;

export const confirmedTexts = {
  password: { zh: '密码', en: 'password' },
  passkey: { zh: '另一把通行密钥', en: 'another passkey' },
  recovery_code: { zh: '恢复码', en: 'a recovery code' },
} as const satisfies Record<string, Bilingual>;

/** {name} of the person, {label} of the key; sent to the whole body. */
export const keyNoticeTexts = {
  enrolled: {
    zh: '{name}于 {month} 月 {day} 日登记了新的通行密钥“{label}”（用{confirmed}确认）。如果不是本人操作，请马上让本人注销，并通知各方。',
    en: '{name} enrolled a new passkey "{label}" on {on} (confirmed by {confirmed}). If it was not they who did it, have them revoke it at once and tell the bodies.',
  },
  revoked: {
    zh: '{name}于 {month} 月 {day} 日注销了通行密钥“{label}”。如果不是本人操作，请马上告诉本人，并通知各方。',
    en: '{name} revoked the passkey "{label}" on {on}. If it was not they who did it, tell them at once, and the bodies.',
  },
  signing_password: {
    zh: '{name}于 {month} 月 {day} 日设置或更改了签批密码。如果不是本人操作，请马上告诉本人，并通知各方。',
    en: '{name} set or changed the signing password on {on}. If it was not they who did it, tell them at once, and the bodies.',
  },
  codes_on: {
    zh: '{name}于 {month} 月 {day} 日设置了签批用的一次性验证码。如果不是本人操作，请马上告诉本人，并通知各方。',
    en: '{name} set up one-time codes for signing on {on}. If it was not they who did it, tell them at once, and the bodies.',
  },
  codes_off: {
    zh: '{name}于 {month} 月 {day} 日关闭了签批用的一次性验证码。如果不是本人操作，请马上告诉本人，并通知各方。',
    en: '{name} turned off the one-time codes for signing on {on}. If it was not they who did it, tell them at once, and the bodies.',
  },
  recovery_codes: {
    zh: '您的恢复码换了新的一张，旧的已作废。如果不是您本人操作，请马上更改密码，注销不认识的通行密钥，并通知各方。',
    en: 'Your recovery codes were printed anew and the old ones no longer work. If it was not you, change your passwords at once, revoke any passkey you do not know, and tell the bodies.',
  },
} as const satisfies Record<string, Bilingual>;
