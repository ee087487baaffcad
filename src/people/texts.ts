// Texts of the pages of people: logging in, joining, my account, bodies, invitations.
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { Bilingual } from '../kernel/locale.ts';

export const texts = {
  // Logging in
  login_title: { zh: '登录', en: 'Log in' },
  login_name: { zh: '登录名', en: 'Login name' },
  login_hint: {
    zh: '加入时自己取的名字，例如手机号',
    en: 'The one you chose when joining, for example your phone number',
  },
  password: { zh: '登录密码', en: 'Password' },
  log_in: { zh: '登录', en: 'Log in' },
  no_login: { zh: '还没有账号？', en: 'No account yet?' },
  no_login_text: {
    zh: '业主凭邀请单加入：单子由业委会或物业投进每户信箱，上面有二维码和一串数字。',
    en: 'Owners join with an invitation sheet from the committee or the property company: a QR code and a row of digits, one for each dwelling.',
  },
  join_by_code: { zh: '我有邀请码', en: 'I have a code' },
  forgot: { zh: '忘记密码？', en: 'Forgot the password?' },
  forgot_text: {
    zh: '请业委会或物业再印一张邀请单，用新的登录名重新加入即可，账本内容不受影响。',
    en: 'Ask the committee or the property company for a new sheet and join again with another login name; the books are not affected.',
  },
  // First page
  landing_title: {
    zh: '小区公共账户，人人看得懂',
    en: "The estate's common account, open to every owner",
  },
  landing_lede: {
    zh: '明账是信托制小区的公开账本。',
    en: 'Mingzhang is the open set of books of an estate under the trust model.',
  },
  promise_read: { zh: '每一笔都能查', en: 'Every entry can be read' },
  promise_read_text: {
    zh: '收了什么、付给谁、谁签的字、附什么票据，业主登录就能看。',
    en: 'What came in, who was paid, who signed, with which voucher: any owner sees it after logging in.',
  },
  promise_keys: { zh: '两把钥匙才能动钱', en: 'Money moves with two keys' },
  promise_keys_text: {
    zh: '物业一把，业委会一把；少一方签字，一分钱也付不出去。',
    en: "One held by the property company, one by the owners' committee; without both, not a fen is paid.",
  },
  promise_stay: { zh: '记下就改不了', en: 'What is booked stays' },
  promise_stay_text: {
    zh: '记错只能红字冲销再补记，谁也不能偷偷改、偷偷删。',
    en: 'A mistake is reversed in red and booked anew; nobody can change or delete an entry.',
  },
  promise_month: { zh: '每月按时公示', en: 'Disclosed every month' },
  promise_month_text: {
    zh: '到日子自动发布收支公示，可下载、可打印、可核验，长期保存。',
    en: 'On its day the month is published by itself: to download, print and check, kept for ever.',
  },
  my_estates: { zh: '我的小区', en: 'My estates' },
  no_estate: { zh: '您还没有加入小区', en: 'You have not joined an estate yet' },
  no_estate_text: {
    zh: '请用邀请单上的数字加入您的房屋。',
    en: 'Join your dwelling with the digits on the invitation sheet.',
  },
  // Joining
  join_title: { zh: '凭邀请码加入', en: 'Join with a code' },
  join_lede: {
    zh: '三步：输入邀请码，核对房屋，取登录名和密码。',
    en: 'Three steps: the code, a look at the dwelling, a login name and password.',
  },
  code: { zh: '邀请码', en: 'Code' },
  code_hint: {
    zh: '邀请单上的 20 位数字，空格可以不写',
    en: 'The 20 digits on the sheet; blanks do not matter',
  },
  next: { zh: '下一步', en: 'Next' },
  join_unit: { zh: '这张邀请单属于', en: 'This sheet belongs to' },
  join_wrong_unit: {
    zh: '不是您家？请不要继续，把邀请单交还业委会或物业。',
    en: 'Not your dwelling? Please stop here and give the sheet back.',
  },
  join_estate: { zh: '小区', en: 'Estate' },
  join_dwelling: { zh: '房屋', en: 'Dwelling' },
  join_as: { zh: '加到我的账号“{name}”', en: 'Add to my account "{name}"' },
  choose_login: { zh: '取一个登录名', en: 'Choose a login name' },
  choose_login_hint: {
    zh: '2 个以上小写字母或数字，建议用手机号，好记；别人看不到',
    en: 'Two or more small letters or digits; your phone number is easy to remember; nobody else sees it',
  },
  choose_name: { zh: '怎么称呼您', en: 'How shall we call you' },
  choose_name_hint: {
    zh: '例如“王阿姨”，只有您自己看得到；不填就用登录名',
    en: 'Seen by yourself only; empty means the login name',
  },
  choose_password: { zh: '设一个密码', en: 'Choose a password' },
  choose_password_hint: {
    zh: '至少 {minimum} 个字。用一句只有自己知道的话最好记，汉字、空格都可以；请记在家里安全的地方。',
    en: 'At least {minimum} characters. A sentence only you know is easiest; blanks are fine. Keep a note of it in a safe place at home.',
  },
  join: { zh: '加入，查看账本', en: 'Join and read the books' },
  have_login: {
    zh: '已经有账号？先登录，再添加这套房屋',
    en: 'You have a login? Log in first, then add this dwelling',
  },
  privacy: {
    zh: '我们只存登录名、称呼和房屋号，用来确认您可以查账；账本里永远不出现您的名字。',
    en: 'We keep your login name, how to call you, and the dwelling, to know that you may read the books; your name never appears in them.',
  },
  // My account
  me_title: { zh: '我的账号', en: 'My account' },
  name: { zh: '姓名', en: 'Name' },
  my_offices: { zh: '我的职务', en: 'My offices' },
  my_homes: { zh: '我的房屋', en: 'My dwellings' },
  term_of: { zh: '任期 {from} 至 {to}', en: '{from} to {to}' },
  none_yet: { zh: '暂无', en: 'none' },
  add_home: { zh: '用邀请码添加房屋', en: 'Add a dwelling with a code' },
  change_password: { zh: '更改登录密码', en: 'Change the login password' },
  present_password: { zh: '现在的登录密码', en: 'Present password' },
  new_password: { zh: '新密码', en: 'New password' },
  new_password_hint: {
    zh: '至少 {minimum} 个字，用一句只有自己知道的话',
    en: 'At least {minimum} characters: a sentence only you know',
  },
  repeat_password: { zh: '再输一次新密码', en: 'The new password again' },
  change: { zh: '更改', en: 'Change' },
  password_ends_sessions: {
    zh: '更改后，其他设备和接口令牌都会退出。',
    en: 'Afterwards all other devices and tokens are logged out.',
  },
  signing_password: { zh: '签批密码', en: 'Signing password' },
  signing_text: {
    zh: '每次签批都要输入它。它和登录密码不同，请不要告诉任何人：谁知道它，谁就能以您的名义动钱。',
    en: 'Asked for each signature. It differs from the login password; tell nobody: whoever knows it can move money in your name.',
  },
  set_signing: { zh: '设置签批密码', en: 'Set the signing password' },
  change_signing: { zh: '更改签批密码', en: 'Change the signing password' },
  present_signing: { zh: '现在的签批密码', en: 'Present signing password' },
  new_signing: { zh: '新签批密码', en: 'New signing password' },
  repeat_signing: { zh: '再输一次新签批密码', en: 'The new signing password again' },
  tokens: { zh: '接口令牌', en: 'Tokens for programs' },
  tokens_text: {
    zh: '供程序读取或登记账目，一般用不到。令牌只显示一次，请像密码一样保管。',
    en: 'For programs that read or book; most people need none. A token is shown once; keep it like a password.',
  },
  token_label: { zh: '用途', en: 'What it is for' },
  token_scope: { zh: '权限', en: 'It may' },
  scope_read: { zh: '只能查看', en: 'read only' },
  scope_post: { zh: '可以查看和登记', en: 'read and post' },
  make_token: { zh: '新建令牌', en: 'Make a token' },
  token_made: { zh: '令牌已建好，只显示这一次', en: 'The token is made and shown only now' },
  token_once: {
    zh: '请马上复制保存；离开本页后就看不到了。',
    en: 'Copy it now; it cannot be shown again.',
  },
  token_since: {
    zh: '{made} 建，{seen} 用过，{until} 到期',
    en: 'made {made}, last used {seen}, ends {until}',
  },
  end_token: { zh: '停用', en: 'End' },
  logout_all: { zh: '在所有设备上退出', en: 'Log out everywhere' },
  logout_all_text: {
    zh: '手机丢了，或在别人的电脑上登录过，请点这里。',
    en: "If a phone is lost, or you logged in on somebody else's computer.",
  },
  // Bodies
  people_title: { zh: '各方与任期', en: 'Bodies and terms of office' },
  people_lede: {
    zh: '谁在哪一方任职、谁拿哪把钥匙，全体业主可查。',
    en: 'Who serves in which body and who holds which key, open to every owner.',
  },
  two_keys: { zh: '两把钥匙', en: 'The two keys' },
  two_keys_text: {
    zh: '付款要物业和业主两方都签字。同一个人在本小区永远不能拿两把钥匙，出纳不参与签字。',
    en: "A payment is signed by the company's side and the owners' side. Nobody can ever hold both keys in this estate, and a cashier signs nothing.",
  },
  key_company: { zh: '物业一方的钥匙', en: "the company's key" },
  key_owners: { zh: '业主一方的钥匙', en: "the owners' key" },
  key_none: { zh: '不持钥匙', en: 'no key' },
  signs: { zh: '可签字', en: 'signs' },
  signs_not: { zh: '不签字', en: 'does not sign' },
  nobody_in_office: { zh: '目前无人任职', en: 'nobody in office now' },
  erased: { zh: '（已离任）', en: '(left)' },
  all_terms: { zh: '全部任期', en: 'All terms' },
  no_terms: { zh: '还没有登记任期。', en: 'No terms are entered yet.' },
  body: { zh: '哪一方', en: 'Body' },
  office: { zh: '职务', en: 'Office' },
  starts_on: { zh: '开始', en: 'From' },
  ends_on: { zh: '结束', en: 'To' },
  in_office: { zh: '在任', en: 'In office' },
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  forms_link: { zh: '组织形式和名称的变更', en: 'Forms and names of the bodies' },
  setup_link: { zh: '建账和期初余额', en: 'Setting up, opening balances' },
  joined_title: { zh: '已加入的业主', en: 'Owners who joined' },
  joined_text: {
    zh: '只计户数，不显示是谁；一栋不足 {least} 户的不显示。',
    en: 'Dwellings are counted, nobody is named; fewer than {least} in a building are not shown.',
  },
  building: { zh: '{building} 栋', en: 'Building {building}' },
  joined_of: { zh: '{joined} / {units} 户', en: '{joined} of {units}' },
  joined_few: { zh: '其余 {count} 栋', en: 'The other {count} buildings' },
  fewer_than: { zh: '每栋不足 {least} 户', en: 'fewer than {least} each' },
  no_units: { zh: '还没有登记房屋。', en: 'No dwellings are entered yet.' },
  // Invitations
  invite_title: { zh: '邀请业主', en: 'Invite owners' },
  invite_lede: {
    zh: '为每户印一张邀请单，投进信箱；业主扫码或输入数字就能查账。',
    en: 'Print a sheet for each dwelling and put it into the letter box; owners scan it or type the digits.',
  },
  invite_whom: { zh: '给哪些房屋', en: 'For which dwellings' },
  invite_open: {
    zh: '还没有人加入的全部房屋（{count} 户）',
    en: 'All that nobody has joined yet ({count})',
  },
  invite_building: {
    zh: '某一栋中还没有人加入的',
    en: 'Those of one building that nobody has joined yet',
  },
  invite_named: { zh: '下面写明的房屋', en: 'Those named below' },
  invite_which_building: { zh: '楼栋', en: 'Building' },
  invite_units: { zh: '房屋号', en: 'Dwellings' },
  invite_units_hint: {
    zh: '每行一户，例如 3-2-1002；同一户要几张就印几次',
    en: 'One per line, for example 3-2-1002; print again for a second person of a household',
  },
  invite_print: { zh: '生成邀请单', en: 'Make the sheets' },
  invite_rules: { zh: '说明', en: 'Good to know' },
  invite_rule_once: {
    zh: '每个邀请码只能用一次，90 天内有效。',
    en: 'Each code works once, for 90 days.',
  },
  invite_rule_print: {
    zh: '数字只在生成时显示一次，系统不保存原文；没印好就重新生成，旧的用不上也会过期。',
    en: 'The digits are shown only when made and not kept; if printing fails, make new ones, the old ones expire.',
  },
  invite_rule_record: {
    zh: '谁在何时生成了多少张，会记入存证记录。',
    en: 'Who made how many, and when, goes on record.',
  },
  // The sheet
  sheet_title: { zh: '业主查账邀请单', en: 'Invitation to read the books' },
  sheet_print: { zh: '打印', en: 'Print' },
  sheet_back: { zh: '返回', en: 'Back' },
  sheet_note: {
    zh: '共 {count} 张。数字只显示这一次，请现在就打印（A4，沿虚线裁开）；用浏览器的打印功能即可。',
    en: "{count} sheets. The digits are shown only now: print at once (A4, cut along the dashed lines) with the browser's own print command.",
  },
} as const satisfies Record<string, Bilingual>;

export const officeTexts: Record<Office, Bilingual> = {
  cashier: { zh: '出纳', en: 'Cashier' },
  manager: { zh: '项目经理', en: 'Manager' },
  chair: { zh: '主任', en: 'Chair' },
  member: { zh: '委员', en: 'Member' },
  supervisor: { zh: '监事', en: 'Supervisor' },
  official: { zh: '工作人员', en: 'Official' },
  auditor: { zh: '审计人员', en: 'Auditor' },
  deputy: { zh: '候补（代签人）', en: 'Deputy' },
};

export const bodyTexts: Record<BodyKind, Bilingual> = {
  property: { zh: '物业公司', en: 'Property company' },
  committee: { zh: '业主委员会', en: "Owners' committee" },
  supervisor: { zh: '监事会', en: 'Supervisors' },
  party_branch: { zh: '小区党组织', en: 'Party branch' },
  community: { zh: '社区', en: 'Community' },
  street: { zh: '街道办事处', en: 'Street office' },
  auditor: { zh: '审计', en: 'Auditor' },
};
