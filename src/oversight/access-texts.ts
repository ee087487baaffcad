// Words of the pages of auditors' access, inspections and objections.
import type { Bilingual } from '../kernel/locale.ts';
import type { ObjectionState } from './objection-queries.ts';

export const texts = {
  hub: { zh: '监督', en: 'Oversight' },
  // Access
  access: { zh: '谁查过账', en: 'Who looked at the books' },
  access_lede: { zh: '审计、纪检等查账的人，权限从哪天到哪天、能看什么，看过什么，都列在这里，全体业主看得到。', en: 'Who may look at the books from outside, from when to when and at what, and what they looked at: for every owner to see.' },
  grant: { zh: '授权查账', en: 'Grant access' },
  auditors: { zh: '查账权限', en: 'Access' },
  who: { zh: '查账人', en: 'Auditor' }, from: { zh: '起', en: 'From' }, until: { zh: '止', en: 'Until' }, days: { zh: '账目时间', en: 'Days of the books' }, kinds: { zh: '可以看', en: 'May look at' },
  state: { zh: '状态', en: 'State' }, in_force: { zh: '有效', en: 'in force' }, over: { zh: '已到期', en: 'over' }, coming: { zh: '未开始', en: 'to begin' },
  everything: { zh: '审计可以看的全部', en: 'everything an auditor may' }, rests_on: { zh: '依据', en: 'Rests on' }, proposal: { zh: '第 {proposal} 号签批单', en: 'proposal no. {proposal}' }, first_term: { zh: '建账时', en: 'with the estate' },
  no_auditors: { zh: '还没有人有过查账权限', en: 'Nobody ever had access' },
  end: { zh: '提前结束', en: 'end early' },
  reads: { zh: '看过什么', en: 'What was looked at' }, day: { zh: '日期', en: 'Day' }, looked_at: { zh: '看了哪类页面', en: 'Kinds of pages' }, first_at: { zh: '当天首次', en: 'First look' },
  no_reads: { zh: '还没有人查过账', en: 'Nobody has looked yet' },
  gone: { zh: '（身份已抹除）', en: '(erased)' },
  // Grant
  grant_title: { zh: '授权查账', en: 'Grant access to the books' },
  grant_lede: { zh: '提一张任命签批单，两方签齐当天生效。查账人只能看、不能改，看了什么每天公开，到期自动失效。', en: 'An appointment that both keys sign; it holds from that day. The auditor reads and changes nothing, what was looked at is public day by day, and the access ends by itself.' },
  whom: { zh: '授权给谁', en: 'To whom' },
  new_name: { zh: '姓名', en: 'Name' }, new_login: { zh: '登录名', en: 'Login' }, new_login_hint: { zh: '查账人还没有账号时填：给他起一个登录名，密码提交后只显示一次。', en: 'For somebody without a login: make one up; the password is shown once after submitting.' },
  owner_login: { zh: '已有账号的登录名', en: 'Login of somebody who has one' }, owner_login_hint: { zh: '查账人已有账号时填这一项，姓名和新登录名留空。', en: 'Fill in this one only where the auditor has a login already.' },
  term: { zh: '权限期限', en: 'How long' }, starts_on: { zh: '开始', en: 'First day' }, ends_on: { zh: '结束', en: 'Last day' }, ends_hint: { zh: '最长 {most} 天。', en: '{most} days at most.' },
  scope: { zh: '能看什么', en: 'What may be read' }, scope_hint: { zh: '不限时间就留空。限了时间，就只能打开那段时间的凭证、签批单、公示、流水；只显示现在情况的页面也看不到。', en: 'Leave the days empty for no limit. With a limit, only entries, proposals, disclosures and lines of those days open, and no page that shows the present.' },
  scope_from: { zh: '账目从', en: 'Books from' }, scope_to: { zh: '账目到', en: 'Books to' },
  submit: { zh: '提交签批', en: 'Submit for signing' },
  // Inspections
  invariants: { zh: '账簿自查', en: 'Inspection of the books' },
  invariants_lede: { zh: '每天夜里，系统把账簿必须成立的 {count} 条逐条查一遍。有一条不成立，各方都会收到消息，公示首页也会写明。', en: 'Every night the books are asked whether the {count} things that must be so are so. Where one is not, all bodies are told, and page one of the disclosure says it.' },
  last: { zh: '最近一次', en: 'The last one' }, last_text: { zh: '{time}，查了 {all} 条，存证到第 {size} 条记录。', en: '{time}: {all} checks, with {size} records in the log.' },
  all_hold: { zh: '全部成立。', en: 'All hold.' }, failed: { zh: '{count} 条不成立', en: '{count} do not hold' }, never: { zh: '还没有自查过，今晚第一次。', en: 'None yet; the first is tonight.' },
  sentence: { zh: '必须成立', en: 'What must be so' }, result: { zh: '结果', en: 'Result' }, holds: { zh: '成立', en: 'holds' }, contradicted: { zh: '{found} 处不符：{sample}', en: '{found} contradict it: {sample}' }, not_asked: { zh: '还没查', en: 'not asked yet' },
  query: { zh: '查法（SQL）', en: 'How it is asked (SQL)' }, query_hint: { zh: '{estate} 是本小区的编号，审计可以在数据库里照样查。', en: '{estate} is the number of this estate; an auditor may run it in the database.' },
  history: { zh: '以往', en: 'Before' }, number: { zh: '次数', en: 'No.' }, time: { zh: '时间', en: 'Time' },
  inspect_now: { zh: '现在查一遍', en: 'Inspect now' },
  // Objections
  objections: { zh: '书面异议', en: 'Written objections' },
  objections_lede: { zh: '监事、社区、街道或业主对签批单提的书面异议。有答复以前，那张单不能办理；{days} 天没有答复算逾期。', en: 'Objections in writing by supervisors, community, street office or owners. Until one is answered its proposal is not carried out; after {days} days without an answer it is late.' },
  about: { zh: '哪张单', en: 'About' }, raised_by: { zh: '谁提的', en: 'By' }, an_owner: { zh: '一位业主', en: 'an owner' }, raised: { zh: '提出', en: 'Raised' }, due: { zh: '答复期限', en: 'Answer due' },
  objection: { zh: '异议', en: 'Objection' }, answer: { zh: '答复', en: 'Answer' }, erased: { zh: '（原文已删除）', en: '(text erased)' }, waited: { zh: '{days} 天', en: '{days} d' }, clock: { zh: '等了', en: 'Waited' },
  by: { zh: '{body}，{day}', en: '{body}, {day}' }, no_answer: { zh: '没有答复', en: 'none' },
  any_state: { zh: '全部', en: 'all' }, any_body: { zh: '全部', en: 'all' }, none: { zh: '没有书面异议', en: 'No written objections' }, none_such: { zh: '没有符合的异议', en: 'None like that' },
  owner_side: { zh: '业主', en: 'owners' },
} as const satisfies Record<string, Bilingual>;

export const stateTexts: Record<ObjectionState, Bilingual> = {
  waiting: { zh: '等答复', en: 'waiting' }, late: { zh: '逾期未答复', en: 'late' }, answered: { zh: '已答复', en: 'answered' }, answered_late: { zh: '逾期才答复', en: 'answered late' },
  moot: { zh: '签批单已撤回或作废', en: 'proposal ended' },
};
