// Texts of appointments, ends and delegations, and their titles. A title stands in the signed document in one
// spelling, without a name; it is our own wording, so it can be said in both languages.
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';
import { bodyTexts, officeTexts } from '../people/texts.ts';

const changes = {
  appoint: { zh: '任命', en: 'Appoint' },
  end: { zh: '卸任', en: 'End of office' },
  delegate: { zh: '委托代签', en: 'Delegation' },
} as const satisfies Record<string, Bilingual>;

const SPLIT = { zh: ' · ', en: ', ' } as const;
const COLON = { zh: '：', en: ': ' } as const;

/** 任命：业主委员会 · 主任 */
export const membershipTitle = (change: 'appoint' | 'end', body: BodyKind, office: Office): string =>
  `${changes[change].zh}${COLON.zh}${bodyTexts[body].zh}${SPLIT.zh}${officeTexts[office].zh}`;

/** 委托代签：业主委员会 */
export const delegationTitle = (body: BodyKind): string => `${changes.delegate.zh}${COLON.zh}${bodyTexts[body].zh}`;

const wordIn = (words: Readonly<Record<string, Bilingual>>, zh: string, locale: Locale): string | undefined =>
  Object.values(words).find((word) => word.zh === zh)?.[locale];

/** The title in a language; as it stands where it is not one of ours. */
export function officeTitleIn(title: string, locale: Locale): string {
  const [change = '', rest = ''] = title.split(COLON.zh);
  const [body = '', office] = rest.split(SPLIT.zh);
  const words = [wordIn(changes, change, locale), wordIn(bodyTexts, body, locale),
    ...(office === undefined ? [] : [wordIn(officeTexts, office, locale)])];
  if (words.some((word) => word === undefined)) return title;
  return `${words[0]}${COLON[locale]}${words.slice(1).join(SPLIT[locale])}`;
}

export const texts = {
  people: { zh: '各方', en: 'Bodies' },
  // Appointing
  appoint_title: { zh: '提出任命', en: 'Propose an appointment' },
  appoint_lede: {
    zh: '任命要各方按规则签批，附上决议或任免文件。签齐以前，被提名的人什么也看不到、签不了。',
    en: 'An appointment is signed by the bodies its rule asks, with the resolution attached. Until then the person sees and signs nothing.',
  },
  what: { zh: '任什么职', en: 'Which office' },
  seat: { zh: '哪一方、什么职务', en: 'Body and office' },
  seat_hint: {
    zh: '候补（代签人）自己不签批，只在受托期间代本方的人签',
    en: 'A deputy signs nothing of their own, only for somebody of the body who delegated to them',
  },
  starts_on: { zh: '任期第一天', en: 'First day' },
  ends_on: { zh: '任期最后一天', en: 'Last day' },
  whom: { zh: '任命谁', en: 'Who' },
  whom_hint: { zh: '姓名不进签批单和存证记录，只存一个代号', en: 'Names stay out of the proposal and the log, which hold an opaque id' },
  person: { zh: '人选', en: 'Person' },
  person_owner: { zh: '本小区业主（填登录名）', en: 'An owner of this estate (by login name)' },
  person_new: { zh: '新的人（还没有账号）', en: 'Somebody new, without a login' },
  person_held: { zh: '任过职的人', en: 'Holds or held an office' },
  person_choices: { zh: '其他人', en: 'Others' },
  owner_fields: { zh: '业主的登录名', en: "The owner's login name" },
  owner_login: { zh: '登录名', en: 'Login name' },
  owner_login_hint: { zh: '请本人告诉您；别人的登录名在系统里查不到', en: 'Ask the person; it cannot be looked up here' },
  new_fields: { zh: '新人的姓名和登录名', en: 'Name and login of somebody new' },
  new_name: { zh: '姓名', en: 'Name' },
  new_login: { zh: '登录名', en: 'Login name' },
  new_login_hint: {
    zh: '2 个以上小写字母或数字，建议用手机号。提交后显示一次性密码，请当面交给本人',
    en: 'Two or more small letters or digits, for example a phone number. A one-time password is shown afterwards: hand it over in person',
  },
  basis: { zh: '依据', en: 'What it rests on' },
  basis_hint: {
    zh: '业委会、监事会附业主大会决议；物业、社区、街道、审计附本单位的任免文件',
    en: 'For committee and supervisors the resolution of the owners; for the others the letter of their own organisation',
  },
  resolution_title: { zh: '文件名称', en: 'Title of the document' },
  resolution_title_hint: { zh: '例如：2026 年第二次业主大会决议。不要写姓名', en: 'For example: second owners\' assembly of 2026. No names' },
  resolution_date: { zh: '文件日期', en: 'Its date' },
  vouchers: { zh: '文件', en: 'File' },
  audience: { zh: '谁能看这份文件', en: 'Who may open the file' },
  audience_owners: { zh: '签齐后全体业主', en: 'every owner, once it is signed' },
  audience_officers: { zh: '只有各方任职的人（文件里有个人信息时）', en: 'only those in office (where it holds personal data)' },
  submit: { zh: '提交签批', en: 'Submit for signing' },
  vacancy: { zh: '缺位补选', en: 'A body without enough signers' },
  vacancy_text: {
    zh: '{body}现在只有 {have} 人能签，普通规则要 {needed} 人，签不齐。任命{body}的人时，自动改按“缺位”规则：{who}签，附业主大会决议，公示 {days} 天。',
    en: '{body}: {have} in office can sign where the normal rule asks {needed}, so it could never be signed. Appointments to it take the vacancy rule by themselves: {who} sign, on a resolution of the owners, announced for {days} days.',
  },
  vacancy_no_rule: {
    zh: '{body}现在只有 {have} 人能签，普通规则要 {needed} 人，签不齐；本小区又没有“缺位”规则。请先按规则补上一条。',
    en: '{body}: {have} in office can sign where the normal rule asks {needed}, so it could never be signed, and this estate has no vacancy rule.',
  },
  // Ending
  end_title: { zh: '提出卸任', en: 'Propose the end of a term' },
  end_lede: {
    zh: '签齐后生效。本人不签这张单；他以前签过的字照样算数。',
    en: 'It takes effect once it is signed. The person concerned does not sign it; what they signed before still counts.',
  },
  who: { zh: '谁', en: 'Who' },
  now_until: { zh: '原任期', en: 'The term as it is' },
  last_day: { zh: '最后一天', en: 'Last day' },
  at_once: { zh: '签齐即卸任', en: 'as soon as it is signed' },
  last_day_hint: { zh: '不填就是签齐当天起不再任职', en: 'Left empty, the office ends as soon as it is signed' },
  // A new person
  paper_title: { zh: '一次性密码', en: 'One-time password' },
  paper_lede: { zh: '只显示这一次，请打印或抄下，当面交给本人。', en: 'Shown only now: print or copy it and hand it over in person.' },
  paper_estate: { zh: '小区', en: 'Estate' },
  paper_address: { zh: '网址', en: 'Address' },
  paper_login: { zh: '登录名', en: 'Login name' },
  paper_password: { zh: '一次性密码', en: 'One-time password' },
  paper_steps: { zh: '拿到后', en: 'What to do with it' },
  paper_step_login: { zh: '用它登录一次，马上在“我的账号”换成只有自己知道的密码。', en: 'Log in with it once and at once set a password only you know, under "My account".' },
  paper_step_wait: { zh: '签批单签齐以前，登录后看不到任何内容，这是正常的。', en: 'Until the proposal is signed there is nothing to see after logging in; that is as it should be.' },
  paper_step_sign: { zh: '要签批的职务，签齐后再到“我的账号”登记通行密钥或设置签批密码。', en: 'For an office that signs: once appointed, enrol a passkey or set a signing password under "My account".' },
  paper_go: { zh: '看签批单', en: 'To the proposal' },
  paper_again: {
    zh: '这份表已提交过，一次性密码只显示那一次，现在看不到了。没有记下的话，请撤回签批单，换一个登录名重新提出。',
    en: 'This form was sent before, and the one-time password was shown then and never again. If nobody noted it, withdraw the proposal and propose it anew with another login name.',
  },
  // Delegating
  delegate_title: { zh: '提出委托代签', en: 'Propose a delegation' },
  delegate_lede: {
    zh: '签批人出差、生病时，由本方的候补在一段日子里代签。委托要各方按规则签批，公开可查；制单人和收款人的签名谁也不能代。',
    en: 'While a signer is away or ill, a deputy of the same body signs in their place for some days. It is signed by the bodies its rule asks and shown in public; nobody signs in the place of a maker or payee.',
  },
  principal: { zh: '委托人（甲）', en: 'In whose place' },
  principal_hint: { zh: '因事不能签的那位签批人', en: 'The signer who cannot sign' },
  deputy: { zh: '候补（乙）', en: 'Deputy' },
  deputy_hint: { zh: '和委托人同一方', en: 'Of the same body' },
  deputy_missing: { zh: '候补不在名单里？', en: 'Is the deputy not in the list?' },
  delegation_starts: { zh: '从哪天', en: 'From' },
  delegation_ends: { zh: '到哪天', en: 'To' },
  after_days: { zh: '满几天没签才代签', en: 'Days to wait' },
  after_days_hint: {
    zh: '填 0 随时可代签；填 7 就只代签提交满 7 天还没签的单',
    en: '0: at once; 7: only what has waited 7 days since it was submitted',
  },
  no_deputy: { zh: '还没有候补', en: 'There is no deputy yet' },
  no_deputy_text: {
    zh: '只有本方的候补才能代签。请先提“任命”签批单，任命一位候补。',
    en: 'Only a deputy of the same body signs for others. Propose the appointment of a deputy first.',
  },
  no_deputy_go: { zh: '任命一位候补', en: 'Appoint a deputy' },
  delegation_note: {
    zh: '委托以后，同一张单只算一票：候补签了，本人就不用签，也不能再签。',
    en: 'It stays one vote: once the deputy has signed, the principal neither needs to nor can.',
  },
} as const satisfies Record<string, Bilingual>;
