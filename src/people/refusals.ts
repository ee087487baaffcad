// What may go wrong with logins, passwords, offices, invitations and tokens, and the way out of
// each.
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
    zh: '签名密码不能和登录密码相同：登录密码被人看到时，签名仍然安全。',
    en: 'The signing password must differ from the login password, so that a seen login is not a stolen signature.',
  },
  password_wrong: {
    status: 422,
    zh: '现在的密码不对，没有更改。请再试一次。',
    en: 'The present password is not right; nothing was changed. Please try again.',
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
    en: 'This estate has no body "{body}".',
  },
  body_exists: {
    status: 409,
    zh: '本小区的“{body}”已经登记过了，每种机构只有一个。',
    en: 'The body "{body}" is entered already; there is one of each kind.',
  },
  office_not_of_body: {
    status: 422,
    zh: '“{body}”没有“{office}”这个职务。',
    en: 'The body "{body}" has no office "{office}".',
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
    zh: '接口令牌不能用来新建或停用令牌、添加房屋或更改密码，请用浏览器登录后办理。',
    en: 'A token cannot make or end tokens, add dwellings or change passwords; log in with a browser to do so.',
  },
});
