// What may go wrong with logins, passwords, passkeys, offices, invitations and tokens, and the way out
// of each.
import { catalogue } from '../kernel/refusal.ts';

export const refusals = catalogue({
  // ── Logging in ──
  login_wrong: {
    status: 401,
    zh: '登录名或密码不对。请检查大小写和中英文输入法，再试一次；忘记密码请找业委会或物业。',
    en: 'Login name or password is not right. Check capitals and try again; if you forgot the password, ask the committee or the property company.',
  },
  too_many_tries: {
    status: 429,
    zh: '连续输错 {tries} 次，为安全起见请等 {minutes} 分钟再试。等的时候不用做任何事。',
    en: '{tries} wrong tries; for safety please wait {minutes} minutes and try again. There is nothing else to do.',
  },
  passwords_busy: {
    status: 503,
    zh: '同时登录或签名的人太多，请过几秒再试。',
    en: 'Too many people are logging in or signing at once. Please try again in a few seconds.',
  },
  cross_site: {
    status: 403,
    zh: '这个请求不像是从本网站的页面发出的，为防冒用没有办理。请打开本网站的页面，刷新后重新提交。程序请改用接口令牌，或带上 X-CSRF-Token（见 GET /api/v1/me）。',
    en: 'This request does not come from a page of this site; it was refused so that nobody acts in your name. Reload the page here and send again. Programs use a bearer token, or the header X-CSRF-Token (see GET /api/v1/me).',
  },
  token_invalid: {
    status: 401,
    zh: '接口令牌无效：可能写错、已过期或已停用。请在“我的账号”里新建一枚。',
    en: 'The token is not valid: mistyped, expired or revoked. Make a new one under "My account".',
  },
  // ── Passwords ──
  password_short: {
    status: 422,
    zh: '密码至少 {minimum} 个字，现在只有 {length} 个。可以用一句自己记得住的话，中文也行。',
    en: 'A password needs at least {minimum} characters; this one has {length}. A sentence you remember does well.',
  },
  password_long: {
    status: 422,
    zh: '密码最多 {maximum} 个字，现在有 {length} 个。',
    en: 'A password may have {maximum} characters at most; this one has {length}.',
  },
  password_common: {
    status: 422,
    zh: '这个密码太常见，别人容易猜到（常用词、连号、重复或登录名都不行）。请换一句只有自己知道的话。',
    en: 'This password is too common and easily guessed (common words, runs, repetitions and the login name are refused). Take a sentence only you know.',
  },
  password_repeat_differs: {
    status: 422,
    zh: '两次输入的密码不一样，请重新输入。',
    en: 'The two entries of the password differ; please type it again.',
  },
  passwords_alike: {
    status: 422,
    zh: '签批密码不能和登录密码相同：登录密码被人看到时，签名仍然安全。',
    en: 'The signing password must differ from the login password, so that a seen login is not a stolen signature.',
  },
  password_wrong: {
    status: 422,
    zh: '现在的密码不对，没有更改。请再试一次。',
    en: 'The present password is not right; nothing was changed. Please try again.',
  },
  // ── One-time codes ──
  code_missing: {
    status: 422,
    zh: '请输入手机验证器里显示的 6 位一次性验证码。',
    en: 'Please enter the one-time code of 6 digits that the app on your phone shows.',
  },
  code_wrong: {
    status: 422,
    zh: '一次性验证码不对。请看手机验证器里现在显示的 6 位数字；总是不对，请把手机时间设为自动校准。',
    en: 'The one-time code is not right. Take the 6 digits the app shows now; if it is never right, set the clock of the phone to automatic.',
  },
  code_used: {
    status: 422,
    zh: '这个一次性验证码已经用过，每个只能用一次。请等手机上换成下一个（最多半分钟）再输入。',
    en: 'This one-time code was used already; each works once. Wait for the next one on your phone (half a minute at most).',
  },
  code_not_set_up: {
    status: 422,
    zh: '您还没有设置一次性验证码，签批密码单独不能签名。请到“我的账号”设置一次性验证码，或登记通行密钥后用通行密钥签。',
    en: 'You have not set up one-time codes, and a signing password alone does not sign. Set them up under "My account", or enrol a passkey and sign with it.',
  },
  code_set_up_already: {
    status: 409,
    zh: '一次性验证码已经设置过了。要换手机，请先关闭，再重新设置。',
    en: 'One-time codes are set up already. For another phone, turn them off first and set them up again.',
  },
  code_not_on: {
    status: 409,
    zh: '您没有设置一次性验证码，不用关闭。',
    en: 'One-time codes are not set up; there is nothing to turn off.',
  },
  code_secret_invalid: {
    status: 422,
    zh: '验证码的密钥不完整，没有设置。请刷新页面，重新扫描二维码。',
    en: 'The secret of the codes is not complete; nothing was set up. Reload the page and scan the QR code again.',
  },
  signing_password_unset: {
    status: 409,
    zh: '您还没有签批密码。请先在“我的账号”设置签批密码，再设置一次性验证码。',
    en: 'You have no signing password yet. Set one under "My account" first, then the one-time codes.',
  },
  confirmation_wrong: {
    status: 422,
    zh: '密码不对，没有办理。请再试一次。',
    en: 'The password is not right; nothing was done. Please try again.',
  },
  // ── Passkeys ──
  passkey_without_office: {
    status: 403,
    zh: '您现在没有需要签名的职务，用不到通行密钥。任职后再来登记。',
    en: 'You hold no office that signs, so there is nothing to use a passkey for. Come back when you are appointed.',
  },
  passkey_address_wrong: {
    status: 422,
    zh: '在这个网址上不能用通行密钥。请用 {address} 打开，重新登录后再登记。',
    en: 'Passkeys do not work at this address. Please open {address}, log in there and try again.',
  },
  passkey_address_missing: {
    status: 422,
    zh: '本系统还没有设置可用通行密钥的网址（要 https 和域名）。请管理员设置 MINGZHANG_PUBLIC_URL；在此之前可用签批密码加一次性验证码签名。',
    en: 'This service has no address yet at which passkeys work (https and a name). The operator sets MINGZHANG_PUBLIC_URL; until then sign with signing password and one-time code.',
  },
  passkey_script_needed: {
    status: 422,
    zh: '登记通行密钥要用浏览器的脚本，您的浏览器没有运行。请打开脚本，或换手机自带的浏览器再试。',
    en: 'Enrolling a passkey needs the scripts of the page, which did not run. Allow them, or use another browser.',
  },
  passkey_confirms_next: {
    status: 422,
    zh: '您已经有通行密钥，再登记一把要用已有的那把确认；它不在手边时，请用打印的恢复码。',
    en: 'You have a passkey already: a further one is confirmed with it or, if it is not at hand, with a printed recovery code.',
  },
  recovery_by_key: {
    status: 422,
    zh: '您有通行密钥，换恢复码要用它确认，只凭密码不行。',
    en: 'You have a passkey: new recovery codes are confirmed with it, not by a password alone.',
  },
  passkey_revoked_lately: {
    status: 409,
    zh: '您的通行密钥刚注销，为防冒用，{until} 以后才能只凭签批密码登记新的；有恢复码可以马上登记。',
    en: 'Your passkey was revoked lately. Against misuse, a new one by signing password alone waits until {until}; with a recovery code it can be enrolled now.',
  },
  signing_password_by_key: {
    status: 409,
    zh: '您有通行密钥，它就是您的签名，不必再设签批密码：否则偷到登录密码的人也能设一个来签。通行密钥都不在手边了，请用恢复码登记新的。',
    en: 'You have a passkey, and it is your signature: no signing password is set beside it, else whoever steals your login could set one and sign. If no passkey is at hand any more, enrol a new one with a recovery code.',
  },
  signing_password_later: {
    status: 409,
    zh: '您的通行密钥刚注销，为防冒用，{until} 以后才能设签批密码；有恢复码可以马上登记新的通行密钥。',
    en: 'Your passkey was revoked lately. Against misuse, a signing password can be set from {until} on; with a recovery code a new passkey can be enrolled now.',
  },
  passkey_none: {
    status: 422,
    zh: '您在这里还没有可用的通行密钥。请先到“我的账号”登记一把，或改用签批密码加一次性验证码。',
    en: 'You have no passkey that works here. Enrol one under "My account", or use signing password and one-time code.',
  },
  passkey_unknown: {
    status: 403,
    zh: '这把通行密钥不是您登记的，或者已经注销，没有办理。请到“我的账号”查看。',
    en: 'This passkey is not one of yours, or was revoked; nothing was done. See "My account".',
  },
  passkey_exists: {
    status: 409,
    zh: '这把通行密钥已经登记过，或已注销，不能再登记。请另建一把。',
    en: 'This passkey was enrolled before, or was revoked, and cannot be enrolled again. Please make another one.',
  },
  passkey_invalid: {
    status: 422,
    zh: '设备给出的通行密钥没有通过核对，没有登记。请确认网址无误、设备已开屏幕锁（指纹、人脸或密码），刷新页面再试。',
    en: 'What the device gave did not pass the check; nothing was enrolled. Make sure of the address and that the device has a screen lock (finger, face or PIN), reload and try again.',
  },
  passkey_cloned: {
    status: 403,
    zh: '通行密钥“{label}”的使用次数倒退了，可能被人复制，没有办理。请马上注销它，另登记一把，并告诉各方。',
    en: 'The counter of the passkey "{label}" went backwards: there may be a copy of it. Nothing was done. Revoke it at once, enrol another, and tell the bodies.',
  },
  assertion_invalid: {
    status: 422,
    zh: '通行密钥的签名没有通过核对，没有办理。请刷新页面，再用指纹、人脸或屏幕锁确认一次。',
    en: 'What the passkey signed did not pass the check; nothing was done. Reload the page and confirm again with finger, face or screen lock.',
  },
  challenge_expired: {
    status: 409,
    zh: '这次确认已过时或已用过（5 分钟内有效，只能用一次），没有办理。请重新开始。',
    en: 'This confirmation is out of date or was used already (it holds for 5 minutes, once); nothing was done. Please start again.',
  },
  recovery_code_wrong: {
    status: 422,
    zh: '恢复码不对，或已经用过。恢复码有 12 个字母和数字，每个只能用一次，请换一个没划掉的。',
    en: 'The recovery code is not right, or was used already. It has 12 letters and digits and works once; take another that is not crossed out.',
  },
  recovery_code_enrols_only: {
    status: 422,
    zh: '恢复码只用来登记新的通行密钥。这件事请用签批密码或已有的通行密钥确认。',
    en: 'A recovery code only enrols a new passkey. Confirm this with the signing password or a passkey you have.',
  },
  // ── Persons ──
  name_invalid: {
    status: 422,
    zh: '姓名或称呼应为 1 到 60 个字。',
    en: 'A name has 1 to 60 characters.',
  },
  login_invalid: {
    status: 422,
    zh: '登录名“{login}”不能用：请用 2 到 60 个小写字母、数字或 . _ - @，以字母或数字开头，例如手机号。',
    en: 'The login name "{login}" cannot be used: 2 to 60 lower-case letters, digits or . _ - @, a letter or digit first.',
  },
  login_taken: {
    status: 409,
    zh: '登录名“{login}”已经有人用了，请换一个；如果就是您本人，请先登录，再用邀请码添加房屋。',
    en: 'The login name "{login}" is taken; please choose another. If it is yours, log in first and add the dwelling with the code.',
  },
  // ── Bodies and terms ──
  body_unknown: {
    status: 404,
    zh: '本小区没有登记“{body}”这一方。',
    en: 'This estate has no body "{body_en}".',
  },
  body_exists: {
    status: 409,
    zh: '本小区的“{body}”已经登记过了，每种机构只有一个。',
    en: 'The body "{body}" is entered already; there is one of each kind.',
  },
  office_not_of_body: {
    status: 422,
    zh: '“{body}”没有“{office}”这个职务。',
    en: 'The body "{body_en}" has no office "{office_en}".',
  },
  term_dates_invalid: {
    status: 422,
    zh: '任期 {starts_on} 至 {ends_on} 不对：日期要存在，结束不能早于开始。',
    en: 'The term {starts_on} to {ends_on} is not right: both days must exist, and the end may not come before the start.',
  },
  already_in_office: {
    status: 409,
    zh: '此人在 {starts_on} 至 {ends_on} 期间已担任该职务，任期不能重叠。',
    en: 'This person already holds the office from {starts_on} to {ends_on}; terms may not overlap.',
  },
  holds_other_key: {
    status: 409,
    zh: '此人在本小区持有或曾持有{held}一方的钥匙，永远不能再持{wanted}一方的钥匙。两把钥匙必须分属两方的人，请另选一人。',
    en: "This person holds or held the {held_en}'s key in this estate and can never hold the {wanted_en}'s. The two keys belong to different people; please choose another person.",
  },
  cashier_signs_nothing: {
    status: 409,
    zh: '此人在 {starts_on} 至 {ends_on} 期间任“{held}”，不能同时任“{wanted}”：出纳管钱不签批（会计法第三十五条）。请另选一人，或先卸任。',
    en: 'This person is {held_en} from {starts_on} to {ends_on} and cannot be {wanted_en} at the same time: a cashier keeps the money and signs nothing (Accounting Act, §35). Choose another person, or end that office first.',
  },
  term_needs_proposal: {
    status: 403,
    zh: '小区建账以后，任免要提“任免”签批单，由各方按规则签批；谁也不能直接改。',
    en: 'Once the estate is open, offices change by a proposal that the bodies sign; nobody changes them directly.',
  },
  term_unknown: {
    status: 404,
    zh: '没有编号为 {term_id} 的任期。',
    en: 'There is no term {term_id}.',
  },
  // ── Invitations ──
  invitation_misread: {
    status: 422,
    zh: '邀请码应为 {digits} 位数字，您输入的有错漏。请对照邀请单，每四位一组核对。',
    en: 'An invitation code has {digits} digits and something is missing or mistyped. Compare it with the sheet, four digits at a time.',
  },
  invitation_invalid: {
    status: 422,
    zh: '这个邀请码不能用：可能已用过或已过期。请向业委会或物业再要一张邀请单。',
    en: 'This code does not work: it may be used already or have expired. Please ask the committee or the property company for a new sheet.',
  },
  already_joined: {
    status: 409,
    zh: '您已经登记在 {unit}，不用再加一次；邀请码没有用掉，可以给家人用。',
    en: 'You belong to {unit} already; the code was not used up, somebody of your family can use it.',
  },
  invitations_too_many: {
    status: 422,
    zh: '一次最多印 {limit} 户的邀请单，这次有 {count} 户。请按楼栋分几次印。',
    en: 'At most {limit} dwellings at once; these are {count}. Please print building by building.',
  },
  invitations_none: {
    status: 422,
    zh: '没有需要印邀请单的房屋：这些房屋都已有人加入，或没有选择房屋。',
    en: 'There is no dwelling to print for: all have been joined, or none was chosen.',
  },
  unit_unknown: {
    status: 422,
    zh: '本小区没有登记房屋 {unit}。请核对栋、单元和房号。',
    en: 'There is no dwelling {unit} in this estate. Please check building, stairwell and room.',
  },
  // ── Tokens ──
  token_unknown: {
    status: 404,
    zh: '没有这枚令牌，或它不是您的。',
    en: 'There is no such token, or it is not yours.',
  },
  token_by_token: {
    status: 403,
    zh: '接口令牌不能用来新建或停用令牌、添加房屋、更改密码或邮箱，请用浏览器登录后办理。',
    en: 'A token cannot make or end tokens, add dwellings, or change passwords or the e-mail address; log in with a browser to do so.',
  },
});
