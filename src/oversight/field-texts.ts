// How the fields of a record's body are called, and their coded values, in both languages. A field that is not here is
// shown by its own name: a record is never shown with something left out.
import { changeTexts } from '../estate/register-texts.ts';
import { itemTexts } from '../bank/onboarding-texts.ts';
import { formTexts } from '../people/body-form.ts';
import { auditKindTexts } from '../approval/audit-scope.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { assemblyLabels, assemblyValues } from './assembly-field-texts.ts';
import { budgetLabels } from './budget-field-texts.ts';
import { householdLabels } from './household-field-texts.ts';
import { inquiryLabels, inquiryValues, itemStates, hidingOutcomes } from './inquiry-field-texts.ts';
import { projectLabels } from './project-field-texts.ts';

export const decisions: Readonly<Record<string, Bilingual>> = {
  approve: { zh: '同意', en: 'Approved' }, reject: { zh: '拒绝', en: 'Rejected' }, ratify: { zh: '补签', en: 'Ratified' },
};
export const methods: Readonly<Record<string, Bilingual>> = {
  passkey: { zh: '通行密钥', en: 'passkey' }, password: { zh: '签批密码', en: 'signing password' },
};
export const mediaTypes: Readonly<Record<string, Bilingual>> = {
  'application/pdf': { zh: 'PDF', en: 'PDF' }, 'image/jpeg': { zh: 'JPEG', en: 'JPEG' }, 'image/png': { zh: 'PNG', en: 'PNG' },
  'application/ofd': { zh: 'OFD', en: 'OFD' }, 'application/xml': { zh: 'XML', en: 'XML' },
  'text/csv': { zh: '文本表格', en: 'text table' }, 'text/plain': { zh: '报文', en: 'message' }, 'application/vnd.ms-excel': { zh: 'Excel', en: 'Excel' },
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { zh: 'Excel', en: 'Excel' },
};
export const sides: Readonly<Record<string, Bilingual>> = {
  committee: { zh: '业委会', en: 'committee' }, street: { zh: '街道或社区', en: 'street office or community' }, resident: { zh: '业主', en: 'owner' },
};

/** Values that are codes, by field. */
export const codedValues: Readonly<Record<string, Readonly<Record<string, Bilingual>>>> = {
  pages: auditKindTexts,
  ...assemblyValues,
  ...inquiryValues,
  outcome: { ...assemblyValues['outcome'], ...hidingOutcomes },
  form: formTexts, decision: decisions, method: methods, media_type: mediaTypes, side: sides,
  mode: { trust: { zh: '信托制', en: 'trust' }, commission: { zh: '酬金制', en: 'commission' }, self_managed: { zh: '居民自管', en: 'self-managed' } },
  key_side: { company: { zh: '物业一方', en: 'company' }, owners: { zh: '业主一方', en: 'owners' } },
  audience: { owners: { zh: '全体业主', en: 'every owner' }, officers: { zh: '任职人员', en: 'those in office' } },
  ground: { request: { zh: '本人或当事人要求', en: 'asked for by the person concerned' }, left: { zh: '搬离小区', en: 'moved away' },
    error: { zh: '误写了个人信息', en: 'personal data written by mistake' }, law: { zh: '法律规定或主管部门要求', en: 'required by law or an authority' } },
  what: { ...changeTexts, value: { zh: '一段文字', en: 'a text' }, identity: { zh: '一个人的身份信息', en: 'who a person is' }, payee: { zh: '收款人的姓名和账号', en: "a payee's name and account" } },
  change: { appoint: { zh: '任命', en: 'appoint' }, end: { zh: '提前卸任', en: 'early end' },
    open: { zh: '开立账户', en: 'open the account' }, change: { zh: '变更账户', en: 'change the account' }, close: { zh: '注销账户', en: 'close the account' } },
  item: { ...Object.fromEntries(Object.entries(itemTexts).map(([item, { label }]) => [item, label])), property_fee: { zh: '物业费', en: 'Property fee' } },
  state: { open: { zh: '待办', en: 'to do' }, done: { zh: '已办', en: 'done' }, not_needed: { zh: '不需要', en: 'not needed' }, doing: itemStates['doing']!, dropped: itemStates['dropped']! },
  confirmed_by: { password: { zh: '签批密码', en: 'signing password' }, passkey: { zh: '另一把通行密钥', en: 'another passkey' }, recovery_code: { zh: '恢复码', en: 'recovery code' } },
  algorithm: { '-7': { zh: 'ES256', en: 'ES256' }, '-8': { zh: 'EdDSA', en: 'EdDSA' }, '-257': { zh: 'RS256', en: 'RS256' } },
  state_before: { draft: { zh: '草稿', en: 'draft' }, submitted: { zh: '签批中', en: 'waiting for signatures' }, returned: { zh: '已退回', en: 'returned' },
    held: { zh: '已暂缓', en: 'on hold' }, approved: { zh: '已签齐', en: 'approved' } },
};

export const entryKindNames: Readonly<Record<string, Bilingual>> = {
  receipt: { zh: '收款', en: 'receipt' }, payment: { zh: '付款', en: 'payment' }, transfer: { zh: '转账', en: 'transfer' },
};

const labels: Readonly<Record<string, Bilingual>> = {
  ...assemblyLabels,
  ...budgetLabels,
  ...projectLabels,
  ...inquiryLabels,
  ...householdLabels,
  inspection: { zh: '自查次数', en: 'Inspection' }, invariant: { zh: '自查项目', en: 'Invariant' }, found: { zh: '不符处数', en: 'Places' }, sample: { zh: '例如', en: 'Such as' },
  pages: { zh: '看了哪类页面', en: 'Kind of pages' }, scope: { zh: '查账范围', en: 'Scope' },
  form: { zh: '组织形式', en: 'Form' },
  until: { zh: '到哪天为止', en: 'Until' },
  comment: { zh: '评论', en: 'Comment' },
  seq: { zh: '哪条记录', en: 'Which record' },
  about: { zh: '问的是', en: 'About' }, aaguid: { zh: '验证器型号', en: 'Model of the authenticator' },
  account: { zh: '科目', en: 'Account' }, account_hash: { zh: '账号指纹', en: 'Fingerprint of the account' }, account_last4: { zh: '账号尾号', en: 'Account ends in' },
  after_days: { zh: '提交满几天才代签', en: 'Signs after days' }, algorithm: { zh: '算法', en: 'Algorithm' },
  amount: { zh: '金额', en: 'Amount' }, amount_from: { zh: '金额起', en: 'From' }, amount_to: { zh: '不满', en: 'Below' },
  answer: { zh: '答复', en: 'Answer' }, answer_days: { zh: '质询答复期限（天）', en: 'Days to answer' }, answered_by: { zh: '答复人', en: 'Answered by' },
  area_m2: { zh: '计费面积（平方米）', en: 'Area, square metres' }, as_of: { zh: '截至', en: 'As of' }, as_rule: { zh: '依照规则', en: 'As rule' },
  audience: { zh: '给谁', en: 'For whom' }, attestation_object: { zh: '登记证明', en: 'Attestation' }, authenticator_data: { zh: '验证器数据', en: 'Authenticator data' },
  backed_up: { zh: '已备份到云端', en: 'Backed up' }, backup_eligible: { zh: '可备份到云端', en: 'May be backed up' },
  balance: { zh: '余额', en: 'Balance' }, bank_account: { zh: '付款账户', en: 'Paid from' }, bank_name: { zh: '开户行', en: 'Bank' },
  bodies: { zh: '谁来签', en: 'Who signs' }, body: { zh: '一方', en: 'Body' }, by: { zh: '办理人', en: 'By' },
  before: { zh: '变更前', en: 'Before' }, cap_each: { zh: '每笔最多', en: 'Most at once' }, cap_month: { zh: '每月最多', en: 'Most in a month' },
  change: { zh: '办什么', en: 'Change' }, changed: { zh: '改到别户', en: 'Given to another' }, closed_on: { zh: '销户日期', en: 'Closed on' }, checkpoint_size: { zh: '检查点（记录数）', en: 'Checkpoint of records' }, class: { zh: '类别', en: 'Class' },
  client_data_json: { zh: '浏览器数据', en: 'Client data' }, code: { zh: '代码', en: 'Code' }, committee: { zh: '业主组织', en: "Owners' committee" },
  confirmed_by: { zh: '登记时验证了', en: 'Confirmed by' }, correction: { zh: '更正原因', en: 'Reason of the correction' }, count: { zh: '数量', en: 'Number' },
  credential_id: { zh: '密钥编号', en: 'Credential' }, credit: { zh: '贷方', en: 'Credit' }, date: { zh: '日期', en: 'Date' }, debit: { zh: '借方', en: 'Debit' },
  decision: { zh: '决定', en: 'Decision' }, delegate: { zh: '代签人（乙）', en: 'Deputy' }, delegation: { zh: '委托编号', en: 'Delegation' },
  description: { zh: '摘要', en: 'Memo' }, disclosure_day: { zh: '公示日', en: 'Disclosure day' }, document: { zh: '签批单内容', en: 'Document' },
  document_hash: { zh: '签批单指纹', en: 'Fingerprint of the document' }, due_on: { zh: '期限', en: 'Due' },
  emergency_reason: { zh: '应急理由', en: 'Why it cannot wait' }, ends: { zh: '停用的规则', en: 'Rules that end' }, ends_on: { zh: '到', en: 'Until' },
  entered: { zh: '新登记', en: 'Entered' }, entries: { zh: '凭证张数', en: 'Entries' }, entry_date: { zh: '记账日期', en: 'Entry date' }, estate: { zh: '小区', en: 'Estate' },
  evidence: { zh: '签名证据', en: 'Evidence' }, expires_days: { zh: '签批期限（天）', en: 'Days to sign' }, expires_on: { zh: '签批到期', en: 'To be signed by' },
  facts_sha256: { zh: '事实文件指纹', en: 'Fingerprint of the facts' }, fee_rate: { zh: '物业费标准（元/平方米·月）', en: 'Fee, yuan per square metre and month' },
  field: { zh: '项目', en: 'Field' }, fields: { zh: '项目', en: 'Fields' }, figures_sha256: { zh: '数据指纹', en: 'Fingerprint of the figures' }, file_name: { zh: '文件名', en: 'File name' },
  first_period: { zh: '建账月份', en: 'First month' }, first_rule: { zh: '新规则从第几条起', en: 'New rules from number' }, from: { zh: '从', en: 'From' }, fund: { zh: '资金', en: 'Fund' },
  ground: { zh: '理由', en: 'Ground' }, holder: { zh: '保管人', en: 'Kept by' }, holder_body: { zh: '保管一方', en: 'Body that keeps it' }, item: { zh: '项目', en: 'Item' }, households: { zh: '户数', en: 'Households' }, inquiry: { zh: '质询编号', en: 'Question' }, inquiry_record: { zh: '质询记录', en: 'Record of the question' },
  invoice: { zh: '发票', en: 'Invoice' }, is_demo: { zh: '演示小区', en: 'Demonstration' }, issued_by: { zh: '印发人', en: 'Issued by' },
  kept_until: { zh: '姓名保留到', en: 'Name kept until' }, key: { zh: '防重编号', en: 'Key' }, key_side: { zh: '持哪把钥匙', en: 'Key' }, kind: { zh: '种类', en: 'Kind' }, kinds: { zh: '种类', en: 'Kinds' },
  relay: { zh: '推送', en: 'Relay' }, relay_kind: { zh: '推送种类', en: 'Kind of relay' }, host: { zh: '接收地址的域名', en: 'Host' }, events: { zh: '推送哪些事', en: 'What is sent' }, why: { zh: '原因', en: 'Why' },
  log_size: { zh: '包含记录数', en: 'Records in it' }, label: { zh: '名称', en: 'Label' }, made_by: { zh: '制单人', en: 'Made by' }, mandate: { zh: '扣费授权', en: 'Mandate' }, media_type: { zh: '文件类型', en: 'Type of file' },
  method: { zh: '签名方式', en: 'Signed with' }, mode: { zh: '管理模式', en: 'Mode' }, month_cap: { zh: '每月上限', en: 'Cap a month' },
  name: { zh: '名称', en: 'Name' }, name_en: { zh: '英文名', en: 'English name' }, name_zh: { zh: '名称', en: 'Chinese name' },
  needs_resolution: { zh: '须业主大会决议', en: "On the owners' resolution" }, new_vkey: { zh: '新公钥', en: 'New public key' }, nonce: { zh: '随机数', en: 'Nonce' },
  notes: { zh: '说明', en: 'Notes' }, notice_days: { zh: '公示天数', en: 'Days of notice' }, number: { zh: '号码', en: 'Number' },
  objection: { zh: '异议', en: 'Objection' }, objection_record: { zh: '异议记录', en: 'Record of the objection' }, office: { zh: '职务', en: 'Office' },
  one_time_code: { zh: '加验证码', en: 'One-time code' }, old_vkey: { zh: '旧公钥', en: 'Old public key' }, on_behalf_of: { zh: '代谁签', en: 'In the place of' }, opened_on: { zh: '开户日期', en: 'Opened on' }, origin: { zh: '来源', en: 'Origin' },
  passkey_only: { zh: '只能用通行密钥签', en: 'By passkey only' }, payable_from: { zh: '可办理日', en: 'May be carried out from' },
  payee: { zh: '收款方', en: 'Payee' }, payee_class: { zh: '付给', en: 'Class of payee' }, payee_id: { zh: '收款方编号', en: 'Payee number' },
  pdf_en_sha256: { zh: '英文 PDF 指纹', en: 'Fingerprint of the English PDF' }, pdf_zh_sha256: { zh: '中文 PDF 指纹', en: 'Fingerprint of the Chinese PDF' },
  period: { zh: '月份', en: 'Month' }, person: { zh: '人员', en: 'Person' }, postings: { zh: '分录', en: 'Lines' }, principal: { zh: '本人（甲）', en: 'Principal' },
  proposal: { zh: '签批单', en: 'Proposal' }, public_key: { zh: '公钥', en: 'Public key' }, purpose: { zh: '用途', en: 'Purpose' },
  question: { zh: '质询', en: 'Question' }, rate: { zh: '单价', en: 'Rate' }, ratify_days: { zh: '补签期限（天）', en: 'Days to ratify' }, reason: { zh: '理由', en: 'Reason' },
  reference: { zh: '业务编号', en: 'Reference' }, resolution: { zh: '决议', en: 'Resolution' }, reverses: { zh: '冲销', en: 'Reverses' },
  reverses_number: { zh: '冲销凭证', en: 'Reverses' }, rp_id: { zh: '绑定网址', en: 'Bound to' }, rule: { zh: '签批规则', en: 'Rule' }, rule_id: { zh: '编号', en: 'Number' },
  rules: { zh: '签批规则', en: 'Rules' }, sequence: { zh: '签批顺序', en: 'In the order' }, sha256: { zh: '文件指纹', en: 'Fingerprint of the file' },
  serial_last4: { zh: '序列号尾号', en: 'Serial ends in' }, start_period: { zh: '起始月份', en: 'First month' }, state: { zh: '状态', en: 'State' },
  side: { zh: '身份', en: 'Side' }, sign_count: { zh: '签名计数', en: 'Counter' }, signature: { zh: '签名', en: 'Signature' }, size: { zh: '大小', en: 'Size' },
  starts_on: { zh: '从', en: 'From' }, stated_by: { zh: '登记人', en: 'Stated by' }, state_before: { zh: '原状态', en: 'State before' },
  submitted_on: { zh: '提交日期', en: 'Submitted' }, term: { zh: '任期', en: 'Term' }, title: { zh: '标题', en: 'Title' }, title_en: { zh: '英文标题', en: 'English title' },
  to: { zh: '到', en: 'To' }, total: { zh: '总额', en: 'Total' }, transports: { zh: '连接方式', en: 'Transports' }, trustee: { zh: '受托人', en: 'Trustee' }, unit: { zh: '房屋', en: 'Dwelling' },
  valid_from: { zh: '生效日', en: 'Valid from' }, valid_to: { zh: '失效日', en: 'Valid to' }, version: { zh: '版本', en: 'Version' }, vkey: { zh: '公钥', en: 'Public key' },
  voucher: { zh: '原始凭证', en: 'Voucher' }, vouchers: { zh: '原始凭证', en: 'Vouchers' }, what: { zh: '是什么', en: 'What' }, witness: { zh: '见证人编号', en: 'Witness' },
};

/** Name of a field; its own spelling where none is known. */
export const labelOf = (field: string): Bilingual => labels[field] ?? { zh: field, en: field };
export const isNamed = (field: string): boolean => Object.hasOwn(labels, field);

/** Fields in the order in which they are told; the others follow as they stand in the body. */
export const fieldOrder: readonly string[] = ['title', 'description', 'question', 'objection', 'answer', 'reason', 'decision', 'proposal', 'amount', 'fund', 'account',
  'kind', 'entry_date', 'period', 'person', 'office', 'body', 'starts_on', 'ends_on', 'postings', 'vouchers', 'document', 'rules'];
/** The same for the columns of a table of lines. */
export const columnOrder: readonly string[] = ['account', 'fund', 'unit', 'payee', 'debit', 'credit'];
