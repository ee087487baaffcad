// Texts of erasing personal data: a text, oneself, and the list of what was erased.
import type { BodyKind } from '../kernel/actor.ts';
import type { Bilingual, Locale } from '../kernel/locale.ts';
import { bodyTexts } from './texts.ts';

/** 物业公司, property company: within a sentence. */
export const bodyIn = (body: BodyKind, locale: Locale): string =>
  (locale === 'zh' ? bodyTexts[body].zh : bodyTexts[body].en.toLowerCase());

export const erasureTexts = {
  ground: { zh: '理由', en: 'Ground' },
  ground_request: { zh: '本人或当事人要求', en: 'asked for by the person concerned' },
  ground_left: { zh: '搬离小区', en: 'moved away' },
  ground_error: { zh: '误写了个人信息', en: 'personal data written by mistake' },
  ground_law: { zh: '法律规定或主管部门要求', en: 'required by law or an authority' },
  // One text
  erase_text: { zh: '删除原文', en: 'Erase the text' },
  erase_title: { zh: '删除一段原文', en: 'Erase a text' },
  erase_what: { zh: '要删除的原文', en: 'The text to be erased' },
  erase_own_text: {
    zh: '这是您写的。删除后任何人都看不到原文，也恢复不了。',
    en: 'You wrote this. Once erased, nobody can read it and nothing brings it back.',
  },
  erase_other_text: {
    zh: '只有原文里有别人的个人信息（姓名、电话、房号、证件号等），或法律要求时才可以删。问得难听、问得不对，都不是理由。',
    en: 'Only where the text holds personal data of others (names, telephone, room or card numbers), or the law asks for it. That a question is unkind or mistaken is no ground.',
  },
  erase_stays: {
    zh: '删掉的只是原文。这条{what}本身、它的时间、答复期限和答复都留着，页面上写明“已按个人信息保护法删除”；哪一方在什么时候、以什么理由删的，会写进存证，全体业主可查。',
    en: 'Only the text goes. The {what} itself, its time, its deadline and its answers stay; the page says that the text was erased, and which body did so, when and on which ground goes on record for every owner.',
  },
  erase_told: { zh: '写的人会收到消息，可以不带个人信息再写一次。', en: 'Whoever wrote it is told, and may write again without personal data.' },
  question: { zh: '质询', en: 'question' },
  objection: { zh: '异议', en: 'objection' },
  comment: { zh: '评论', en: 'comment' },
  erase_for_good: { zh: '永久删除原文', en: 'Erase for good' },
  back: { zh: '返回', en: 'Back' },
  told_question: {
    zh: '您提的第 {number} 号质询，原文已由{body}删除（理由：{ground}）。质询、答复期限和答复都还在；您可以不带个人信息再提一次。',
    en: 'The text of your question {number} was erased by the {body} ({ground}). The question, its deadline and its answers stay; you may ask again without personal data.',
  },
  told_objection: {
    zh: '您对第 {number} 号签批单的书面异议，原文已由{body}删除（理由：{ground}）。异议还在，没有答复以前仍不能付款；您可以不带个人信息再提一次。',
    en: 'The text of your objection to proposal {number} was erased by the {body} ({ground}). The objection stays and still waits for its answer; you may object again without personal data.',
  },
  told_rating: {
    zh: '您在第 {number} 号质询评价答复时写的理由，原文已由{body}删除（理由：{ground}）。评价本身还在。',
    en: 'The reason you gave for a rating at question {number} was erased by the {body} ({ground}). The rating stays.',
  },
  told_comment: {
    zh: '您对第 {number} 号签批单的评论，原文已由{body}删除（理由：{ground}）。您可以不带个人信息再写一次。',
    en: 'The text of your comment on proposal {number} was erased by the {body} ({ground}). You may write again without personal data.',
  },
  // The list
  list_title: { zh: '删除记录', en: 'Erasures' },
  list_lede: {
    zh: '按个人信息保护法删掉的，只是人写的原文和人的身份信息。问题、异议和答复的数量、时间、期限都还在，存证一样能核验。',
    en: 'Under the Personal Information Protection Law only texts of persons and their identities are erased. Questions, objections and answers, their times and deadlines stay, and the log still verifies.',
  },
  questions: { zh: '质询与答复', en: 'Questions and answers' },
  erased_line: { zh: '{on}由{body}删除，理由：{ground}。', en: 'Erased on {on} by the {body}: {ground}.' },
  erased_line_own: { zh: '{on}由写的人自己删除。', en: 'Erased on {on} by whoever wrote it.' },
  list_none: { zh: '还没有删除过个人信息。', en: 'Nothing was erased so far.' },
  when: { zh: '时间', en: 'When' },
  what: { zh: '删除了什么', en: 'What was erased' },
  who: { zh: '谁删的', en: 'By' },
  record: { zh: '存证记录', en: 'Record' },
  of_question: { zh: '第 {number} 号质询的原文', en: 'text of question {number}' },
  of_objection: { zh: '对第 {number} 号签批单的一条异议的原文', en: 'text of an objection to proposal {number}' },
  of_rating: { zh: '对第 {number} 号质询的答复所作评价的理由', en: 'reason of a rating at question {number}' },
  of_comment: { zh: '对第 {number} 号签批单的一条评论的原文', en: 'text of a comment on proposal {number}' },
  of_label: { zh: '一把通行密钥的名称', en: 'name of a passkey' },
  of_identity: { zh: '一个人的姓名、登录和联系方式', en: 'name, login and contacts of a person' },
  of_identity_kept: {
    zh: '一个任过职的人的登录和联系方式（姓名随会计档案保存到 {until}）',
    en: 'login and contacts of somebody who served (the name is kept with the accounting archives until {until})',
  },
  of_payee: { zh: '第 {number} 号收款方（个人）的姓名和账号', en: 'name and account of payee {number} (a person)' },
  by_author: { zh: '本人', en: 'the person' },
  by_time: { zh: '保存期满', en: 'end of retention' },
  // My data
  mine_title: { zh: '我的个人信息', en: 'My personal data' },
  mine_text: {
    zh: '您可以下载这里存着的关于您的全部信息，也可以要求删除。',
    en: 'You may download everything kept about you here, and you may have it erased.',
  },
  mine_download: { zh: '下载我的全部信息', en: 'Download all my data' },
  mine_leave: { zh: '退出并删除我的信息', en: 'Leave and erase my data' },
  // Leaving
  leave_title: { zh: '退出并删除我的信息', en: 'Leave and erase my data' },
  leave_lede: { zh: '分两步：先看清删什么、留什么，再输一次密码确认。', en: 'In two steps: see what goes and what stays, then confirm with your password.' },
  serving_title: { zh: '您还在任职，现在不能删除', en: 'You are in office: nothing can be erased now' },
  serving_text: {
    zh: '制单、签批、经手的人，账上要查得到（会计法、会计档案管理办法）。任期结束以后，电话、邮箱和登录都可以删；姓名随会计档案再保存三十年，因为个人信息保护法第四十七条规定，法律要求保存的期限没有届满的，不删除、只存着。',
    en: 'The books must name who made, signed and paid (Accounting Law, Measures on Accounting Archives). After your term, telephone, e-mail and login can be erased; the name stays with the accounting archives for thirty years, because article 47 of the Personal Information Protection Law lets what other laws ask to keep be kept, and used for nothing else.',
  },
  serving_until: { zh: '{estate}：{office}，到 {until}', en: '{estate}: {office}, until {until}' },
  goes_title: { zh: '会删除的', en: 'What goes' },
  goes_name: { zh: '姓名、手机、邮箱', en: 'Name, telephone and e-mail' },
  goes_contacts: { zh: '手机、邮箱', en: 'Telephone and e-mail' },
  goes_login: { zh: '登录名、密码、所有设备上的登录和接口令牌', en: 'Login name, passwords, all sessions and tokens' },
  goes_homes: { zh: '您和房屋的对应：{homes}', en: 'That you live at {homes}' },
  goes_notices: { zh: '发给您的消息、通行密钥的名称', en: 'Notices to you, and the names of your passkeys' },
  stays_title: { zh: '会留下的', en: 'What stays' },
  stays_id: {
    zh: '存证里一个看不出是谁的编号。账簿、签批和存证一条都不少，照样能核验。',
    en: 'An opaque number in the log. No entry, signature or record goes, and all of it still verifies.',
  },
  stays_texts: {
    zh: '您提过的质询和异议本身：时间、期限、答复，页面上从来不写是谁提的。原文删不删，由您在下面选。',
    en: 'The questions and objections you raised, with their times, deadlines and answers; no page ever said whose they are. Whether their texts go is for you to choose below.',
  },
  stays_name: {
    zh: '您任过职，姓名随会计档案保存到 {until}（会计档案管理办法第十四条，三十年；个人信息保护法第四十七条），不作别的用处，到期自动删除。',
    en: 'You served, so your name stays with the accounting archives until {until} (Measures on Accounting Archives, article 14: thirty years; Personal Information Protection Law, article 47), is used for nothing else, and is then erased by itself.',
  },
  stays_paper: {
    zh: '已经印出的公示、已经下载的文件和服务器的旧备份，删除够不到；旧备份按保存期限销毁。',
    en: 'Printed disclosures, files already downloaded and old backups of the server are out of reach; old backups are destroyed in their time.',
  },
  why: { zh: '为什么删除', en: 'Why' },
  why_left: { zh: '我搬走了，不再是这里的业主', en: 'I have moved away' },
  why_request: { zh: '我没有搬走，只是不想再用', en: 'I have not moved and no longer want an account' },
  texts_too: { zh: '我写过的 {count} 条质询、异议和评论，原文也一起删除', en: 'Also erase the texts of the {count} questions, objections and comments I wrote' },
  next: { zh: '下一步', en: 'Next' },
  confirm_title: { zh: '最后确认', en: 'Last confirmation' },
  confirm_lede: { zh: '删除以后不能恢复。要再查账，需要物业或业委会重新发邀请。', en: 'Nothing brings it back. To read the books again you will need a new invitation.' },
  confirm_texts: { zh: '质询、异议和评论的原文一起删除', en: 'The texts of your questions, objections and comments go as well' },
  confirm_no_texts: { zh: '质询、异议和评论的原文留着，不写是谁', en: 'The texts of your questions, objections and comments stay, without your name' },
  password: { zh: '登录密码', en: 'Login password' },
  erase_me: { zh: '永久删除我的信息', en: 'Erase my data for good' },
  left_title: { zh: '您的信息已经删除', en: 'Your data are erased' },
  left_text: {
    zh: '姓名、联系方式、登录和房屋对应都已删除，您已退出所有设备。谢谢您看过这本账。',
    en: 'Your name, contacts, login and the link to your home are erased, and you are logged out everywhere. Thank you for having read these books.',
  },
  left_kept: {
    zh: '联系方式、登录和房屋对应都已删除，您已退出所有设备。因为任过职，姓名随会计档案保存到 {until}，到期自动删除。',
    en: 'Your contacts, login and the link to your home are erased, and you are logged out everywhere. Because you served, your name stays with the accounting archives until {until} and is then erased by itself.',
  },
} as const satisfies Record<string, Bilingual>;
