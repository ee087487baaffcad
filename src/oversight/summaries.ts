// One line of each record, in plain words, in both languages: what a reader of the log sees before opening it.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures, readMoney, sum } from '../kernel/money.ts';
import { saidText, type Said } from '../evidence/personal-value.ts';
import { kindName, titleIn } from '../approval/texts.ts';
import { feeItems } from '../billing/fee-words.ts';
import { countsText } from '../estate/import-texts.ts';
import { changeTexts } from '../estate/register-texts.ts';
import { formName } from '../people/body-form.ts';
import { auditKindTexts } from '../approval/audit-scope.ts';
import { bodyTexts } from '../people/texts.ts';
import { formatDate, formatPeriod, formatSize } from '../web/locale.ts';
import { codedValues, decisions, labelOf, mediaTypes, methods, sides } from './field-texts.ts';
import { itemStates, inquiryValues, ratingSides, hidingOutcomes } from './inquiry-field-texts.ts';
import { recordKindName, type RecordKind } from './kinds.ts';
import { invariantNamed } from './invariants.ts';
import { nameOfPerson, officeText, type HeldOffice, type Officers } from './officers.ts';
import type { LogRow } from './queries.ts';

export type Body = { readonly [name: string]: unknown };

export const bodyOf = (row: Pick<LogRow, 'body'>): Body => {
  const value: unknown = JSON.parse(row.body);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Body : {};
};

const both = (make: (locale: Locale) => string): Bilingual => ({ zh: make('zh'), en: make('en') });
const text = (body: Body, name: string): string => {
  const value = body[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
const part = (body: Body, name: string): Body => {
  const value = body[name];
  return typeof value === 'object' && value !== null ? value as Body : {};
};
const figures = (amount: string): string => (readMoney(amount) === null ? amount : moneyFigures(money(amount)));
const inLocale = (names: Readonly<Record<string, Bilingual>>, code: string, locale: Locale): string => names[code]?.[locale] ?? code;

const channelName = (channel: string, locale: Locale): string => inLocale({ wechat: { zh: '微信', en: 'WeChat Pay' }, alipay: { zh: '支付宝', en: 'Alipay' }, pos: { zh: '刷卡', en: 'Card' } }, channel, locale);

interface Told { body: Body; row: LogRow; officers: Officers; locale: Locale; title: string; said: (name: string) => string }
type Teller = (told: Told) => string;

/** A sentence with the fields of the body by name; a field that is empty takes its bracket along. */
const said = (zh: string, en: string, more: (told: Told) => Record<string, string> = () => ({})): Teller => (told) => {
  const { body, locale } = told;
  const facts: Record<string, string> = { ...more(told) };
  for (const [name, value] of Object.entries(body)) {
    if (facts[name] === undefined && (typeof value === 'string' || typeof value === 'number')) facts[name] = String(value);
  }
  return fill(locale === 'zh' ? zh : en, facts).replace(/\{\w+\}/g, '').replace(/(?:。理由：|\. Reason:|[：:，,])\s*$/u, '').trim();
};

const reason = (told: Told): Record<string, string> => ({ reason: told.said('reason') });
const day = (name: string) => ({ body, locale }: Told): Record<string, string> =>
  ({ [name]: text(body, name) === '' ? '' : formatDate(text(body, name), locale) });
const monthIn = (value: string, locale: Locale): string => (/^\d{4}-\d{2}$/.test(value) ? formatPeriod(value, locale) : value);
const month = ({ body, locale }: Told): Record<string, string> => ({ period: formatPeriod(text(body, 'period'), locale) });

function entry({ body, row, locale }: Told): string {
  const lines = Array.isArray(body['postings']) ? body['postings'] as { debit?: string }[] : [];
  const amount = moneyFigures(sum(lines.flatMap(({ debit }) => (debit === undefined ? [] : [money(debit)]))));
  return locale === 'zh' ? `${row.number} ${text(body, 'description')}，${amount} 元` : `${row.number} ${text(body, 'description')}, ${amount} yuan`;
}

function submitted({ body, locale }: Told): string {
  const document = part(body, 'document');
  const kind = text(document, 'kind');
  const title = titleIn({ kind, title: text(document, 'title'), title_en: text(document, 'title_en') || null }, locale);
  const amount = text(document, 'amount');
  const head = locale === 'zh' ? `第 ${text(body, 'proposal')} 号${kindName(kind, 'zh')}：${title}` : `No. ${text(body, 'proposal')}, ${kindName(kind, 'en')}: ${title}`;
  if (amount === '') return head;
  return locale === 'zh' ? `${head}，${figures(amount)} 元` : `${head}, ${figures(amount)} yuan`;
}

function signature({ body, officers, locale, title, said: words }: Told): string {
  const behalf = text(body, 'on_behalf_of');
  const name = behalf === '' ? '' : nameOfPerson(officers, behalf, locale);
  const why = words('reason');
  const decision = inLocale(decisions, text(body, 'decision'), locale);
  const method = inLocale(methods, text(body, 'method'), locale);
  if (locale === 'zh') return `${decision}第 ${text(body, 'proposal')} 号：${title}（${method}${name === '' ? '' : `，代${name}`}）${why === '' ? '' : `。理由：${why}`}`;
  return `${decision} no. ${text(body, 'proposal')}: ${title} (${method}${name === '' ? '' : `, for ${name}`})${why === '' ? '' : `. Reason: ${why}`}`;
}

const importCounts = ({ body, locale }: Told): Record<string, string> => ({ what: countsText(part(body, 'counts'), locale) });
const officeOf = ({ body, locale }: Told): string =>
  (Object.hasOwn(bodyTexts, text(body, 'body')) ? officeText(body as unknown as HeldOffice, locale) : text(body, 'office'));
const personIn = (name: string) => ({ body, officers, locale }: Told): string =>
  (text(body, name) === '' ? '' : nameOfPerson(officers, text(body, name), locale));
const bodyName = ({ body, locale }: Told): string => inLocale(bodyTexts, text(body, 'body'), locale);

/** Whose term it was, by its number. */
function termHolder({ body, officers, locale }: Told): string {
  for (const officer of officers.values()) {
    const term = officer.terms.find(({ term_id }) => String(term_id) === text(body, 'term'));
    if (term !== undefined) return `${nameOfPerson(officers, officer.person_id, locale)} ${officeText(term, locale)}`;
  }
  return text(body, 'term');
}

function erased({ body, officers, locale }: Told): string {
  const ground = inLocale(codedValues['ground']!, text(body, 'ground'), locale);
  const why = locale === 'zh' ? `（${ground}）` : ` (${ground})`;
  switch (text(body, 'what')) {
    case 'value': return (locale === 'zh' ? `删除第 ${text(body, 'seq')} 号记录的${labelOf(text(body, 'field')).zh}原文`
      : `Text of record no. ${text(body, 'seq')}: ${labelOf(text(body, 'field')).en.toLowerCase()}`) + why;
    case 'payee': return (locale === 'zh' ? `删除第 ${text(body, 'payee')} 号收款人的姓名和账号` : `Name and account of payee no. ${text(body, 'payee')}`) + why;
    case 'identity': return (locale === 'zh' ? `删除身份信息：${nameOfPerson(officers, text(body, 'person'), 'zh')}` : `Who a person is: ${nameOfPerson(officers, text(body, 'person'), 'en')}`) + why;
    case 'party': return (locale === 'zh' ? '删除台账里一位业主或租户的姓名和电话' : 'Name and telephone of an owner or tenant in the register') + why;
    default: return '';
  }
}

const step = said('第 {proposal} 号：{title}。理由：{reason}', 'No. {proposal}: {title}. Reason: {reason}', (told) => ({ ...reason(told), title: told.title }));

/** Items with names of their own are told by their code. */
const itemName = ({ body, locale }: Told): string => inLocale(feeItems, text(body, 'item'), locale);

const sentence = ({ body, locale }: Told): Record<string, string> => ({ sentence: invariantNamed(text(body, 'invariant'))?.[locale] ?? text(body, 'invariant') });

const tellers: Record<RecordKind, Teller> = {
  journal_entry: entry,
  voucher_received: said('{type} 文件，{size}', '{type} file, {size}', ({ body }) => ({
    type: inLocale(mediaTypes, text(body, 'media_type'), 'zh'), size: formatSize(Number(text(body, 'size'))),
  })),
  pay_file_made: said('{account_name} 账户 {count} 笔，合计 {total} 元（{format}）', 'Account {account_name}: {count} transfers of {total} yuan together ({format})',
    ({ body }) => ({ account_name: text(body, 'bank_account'), total: figures(text(body, 'total')) })),
  pay_file_voided: said('第 {pay_file} 号付款文件作废。理由：{reason}', 'Pay file no. {pay_file} declared void. Reason: {reason}', reason),
  invoice_titles_changed: said('认可的发票抬头：{list}', 'Invoice titles that are accepted: {list}', ({ body, locale }) => ({
    list: (Array.isArray(body['names']) ? body['names'] as string[] : []).join(locale === 'zh' ? '、' : ', ') || (locale === 'zh' ? '没有另加' : 'none added'),
  })),
  bank_statement_imported: said('{account} 账户对账单，{from}至{to}，新流水 {count} 条，余额 {closing} 元', 'Statement of account {account}, {from} to {to}: {count} new lines, balance {closing} yuan',
    (told) => ({ ...day('from')(told), ...day('to')(told), count: String(Array.isArray(told.body['lines']) ? told.body['lines'].length : 0), closing: figures(text(told.body, 'closing')) })),
  bank_lines_matched: said('{account} 账户勾对 {count} 组', 'Account {account}: {count} matches', ({ body }) => ({ count: String(Array.isArray(body['matches']) ? body['matches'].length : 0) })),
  bank_match_ended: said('{account} 账户撤销一组勾对', 'Account {account}: a match ended'),
  match_rule_changed: said('第 {rule} 条勾对规则：{state}', 'Matching rule no. {rule}: {state}', ({ body, locale }) => ({
    state: body['is_on'] === false ? (locale === 'zh' ? '停用' : 'off') : locale === 'zh' ? `${text(body, 'account') || '按房屋'} ${text(body, 'fund')}` : `${text(body, 'account') || 'by dwelling'} ${text(body, 'fund')}`,
  })),
  bank_opening_matched: said('{account} 账户期初余额 {opening} 元与对账单一致', 'Account {account}: the opening balance of {opening} yuan is the statement\'s', ({ body }) => ({ opening: figures(text(body, 'opening')) })),
  bank_balance_stated: said('{account} 账户 {as_of}余额 {balance} 元', 'Account {account} on {as_of}: {balance} yuan',
    (told) => ({ ...day('as_of')(told), balance: figures(text(told.body, 'balance')) })),
  period_closed: said('{period}结账：{entries} 张凭证，借方合计 {debit} 元', '{period} closed: {entries} entries, debits of {debit} yuan',
    (told) => ({ ...month(told), debit: figures(text(told.body, 'debit')) })),
  proposal_submitted: submitted,
  signature,
  proposal_returned: step,
  proposal_withdrawn: step,
  proposal_held: step,
  proposal_released: step,
  proposal_commented: said('第 {proposal} 号：{title}。评论：{comment}', 'No. {proposal}: {title}. Comment: {comment}',
    (told) => ({ comment: told.said('comment') || told.said('reason'), title: told.title })),
  proposal_superseded: step,
  proposal_expired: said('第 {proposal} 号：{title}。过了期限 {expires_on}', 'No. {proposal}: {title}. Not signed by {expires_on}', (told) => ({ ...day('expires_on')(told), title: told.title })),
  objection_raised: said('对第 {proposal} 号（{title}）：{objection}', 'To no. {proposal} ({title}): {objection}',
    ({ said: words, title }) => ({ objection: words('objection'), title })),
  objection_answered: said('第 {proposal} 号（{title}）的异议：{answer}', 'Objection to no. {proposal} ({title}): {answer}',
    ({ said: words, title }) => ({ answer: words('answer'), title })),
  inquiry_asked: said('{question}', '{question}', ({ said: words }) => ({ question: words('question') })),
  inquiry_answered: said('{body_name}答复第 {inquiry} 号质询：{answer}', '{body_name} to question no. {inquiry}: {answer}',
    (told) => ({ body_name: bodyName(told), answer: told.said('answer') })),
  inquiry_extended: said('第 {inquiry} 号质询延期到{due_on}：{reason}', 'Question no. {inquiry}, until {due_on}: {reason}', day('due_on')),
  inquiry_rated: said('{side_name}评价第 {inquiry} 号质询的答复：{word}{again}', '{side_name} on the answer to question no. {inquiry}: {word}{again}', ({ body, locale }) => ({
    side_name: inLocale(ratingSides, text(body, 'side'), locale), word: inLocale(inquiryValues['rating']!, text(body, 'rating'), locale),
    again: text(body, 'due_on') === '' ? '' : locale === 'zh' ? `，重新计时到${formatDate(text(body, 'due_on'), locale)}` : `; to be answered again by ${formatDate(text(body, 'due_on'), locale)}`,
  })),
  inquiry_escalated: said('第 {inquiry} 号质询逾期 {days_late} 天，报请{bodies}督促', 'Question no. {inquiry}, {days_late} days overdue, brought before {bodies}', ({ body, locale }) => ({
    bodies: (Array.isArray(body['bodies']) ? body['bodies'] as string[] : []).map((one) => inLocale(bodyTexts, one, locale)).join(locale === 'zh' ? '、' : ', ') || (locale === 'zh' ? '（无人在任）' : '(nobody serves)'),
  })),
  answer_clock_set: said('{answer_days} 天内答复，严重逾期再过 {escalate_days} 天报社区、街道', '{answer_days} days for an answer, {escalate_days} more until escalated further'),
  text_hidden: said('{body_name}隐藏第 {inquiry} 号质询里的文字。理由：{reason}', '{body_name} hid words at question no. {inquiry}. Reason: {reason}', (told) => ({ body_name: bodyName(told), ...reason(told) })),
  hiding_appealed: said('第 {inquiry} 号质询', 'Question no. {inquiry}'),
  hiding_decided: said('{body_name}对第 {inquiry} 号质询里的文字：{word}。理由：{reason}', '{body_name} on words at question no. {inquiry}: {word}. Reason: {reason}',
    (told) => ({ body_name: bodyName(told), word: inLocale(hidingOutcomes, text(told.body, 'outcome'), told.locale), ...reason(told) })),
  list_item_opened: said('{list_name}，期限{due_on}：{title}', '{list_name}, by {due_on}: {title}', (told) => ({ ...day('due_on')(told), list_name: inLocale(inquiryValues['list']!, text(told.body, 'list'), told.locale) })),
  list_item_changed: said('第 {item} 项，{state_name}，期限{due_on}：{note}', 'Item no. {item}, {state_name}, by {due_on}: {note}', (told) => ({ ...day('due_on')(told),
    state_name: text(told.body, 'merged_into') !== '' ? (told.locale === 'zh' ? `并入第 ${text(told.body, 'merged_into')} 项` : `merged into ${text(told.body, 'merged_into')}`) : inLocale(itemStates, text(told.body, 'state'), told.locale) })),
  disclosure_prepared: said('{period}收支公示第 {version} 版', 'Disclosure of {period}, version {version}', month),
  disclosure_published: said('{period}收支公示第 {version} 版：{correction}', 'Disclosure of {period}, version {version}: {correction}', month),
  term_opened: said('{name} 任{office_name}，{starts_on}至{ends_on}', '{name}: {office_name}, {starts_on} to {ends_on}',
    (told) => ({ name: personIn('person')(told), office_name: officeOf(told), ...day('starts_on')(told), ...day('ends_on')(told) })),
  term_ended: said('{holder}，任到{ends_on}', '{holder}, until {ends_on}', (told) => ({ holder: termHolder(told), ...day('ends_on')(told) })),
  delegation_opened: said('{to} 代 {of} 签，{starts_on}至{ends_on}', '{to} signs for {of}, {starts_on} to {ends_on}',
    (told) => ({ to: personIn('delegate')(told), of: personIn('principal')(told), ...day('starts_on')(told), ...day('ends_on')(told) })),
  delegation_ended: said('第 {delegation} 号委托到{ends_on}为止', 'Delegation no. {delegation} ends on {ends_on}', day('ends_on')),
  rules_opened: said('{count} 条规则', '{count} rules', ({ body }) => ({ count: String(Array.isArray(body['rules']) ? body['rules'].length : 0) })),
  rules_changed: said('按第 {proposal} 号签批单，{valid_from}起', 'By proposal no. {proposal}, from {valid_from}', day('valid_from')),
  rules_completed: said('升级时按第 {as_rule} 条规则补足', 'Completed at an upgrade, as rule {as_rule}'),
  passkey_enrolled: said('{name}：{label}', '{name}: {label}', (told) => ({ name: personIn('person')(told), label: told.said('label') })),
  passkey_revoked: said('{name}：{reason}', '{name}: {reason}', (told) => ({ name: personIn('person')(told), ...reason(told) })),
  invitations_issued: said('{count} 张', '{count} of them'),
  witness_enrolled: said('第 {witness} 号见证人：{side_name} {name}', 'Witness no. {witness}: {side_name} {name}',
    (told) => ({ side_name: inLocale(sides, text(told.body, 'side'), told.locale), name: personIn('person')(told) })),
  witness_retired: said('第 {witness} 号见证人', 'Witness no. {witness}'),
  relay_opened: said('推送“{label}”（{relay_kind} {host}）', 'Relay "{label}" ({relay_kind} {host})'),
  relay_changed: said('推送“{label}”', 'Relay "{label}"'),
  relay_secret_changed: said('推送“{label}”', 'Relay "{label}"'),
  relay_ended: said('推送“{label}”（{how}）', 'Relay "{label}" ({how})', ({ body, locale }) => ({
    how: inLocale({ by_hand: { zh: '由人停用', en: 'by hand' }, gone: { zh: '接收地址已不存在', en: 'the address is gone' } }, text(body, 'why'), locale) })),
  export_made: said('{from}至{to}，{size}', '{from} to {to}, {size}', ({ body, locale }) => ({
    from: monthIn(text(body, 'from'), locale), to: monthIn(text(body, 'to'), locale), size: formatSize(Number(text(body, 'size'))),
  })),
  erased,
  log_key_opened: said('{origin} 的第一把密钥', 'First key of {origin}'),
  log_key_changed: said('按第 {proposal} 号签批单', 'By proposal no. {proposal}'),
  estate_opened: said('{name}', '{name}', ({ body, locale }) => ({ name: text(body, locale === 'zh' ? 'name_zh' : 'name_en') })),
  body_opened: said('{name}', '{name}', ({ body, locale }) => ({ name: text(body, locale === 'zh' ? 'name_zh' : 'name_en') })),
  body_formed: said('{name}（{form_name}），从{from}起，按第 {proposal} 号签批单', '{name} ({form_name}) from {from}, by proposal no. {proposal}', (told) => ({
    name: text(told.body, told.locale === 'zh' ? 'name_zh' : 'name_en'), form_name: formName(text(told.body, 'form'), told.locale), ...day('from')(told) })),
  bank_account_opened: said('{bank_name}，尾号 {account_last4}', '{bank_name}, ending in {account_last4}'),
  bank_account_changed: said('{bank_name}，尾号 {account_last4}，按第 {proposal} 号签批单', '{bank_name}, ending in {account_last4}, by proposal no. {proposal}'),
  bank_account_closed: said('{bank_name}，尾号 {account_last4}，{closed_on}，按第 {proposal} 号签批单', '{bank_name}, ending in {account_last4}, on {closed_on}, by proposal no. {proposal}', day('closed_on')),
  onboarding_noted: said('{account} 账户：{item_name}，{state_name}', 'Account {account}: {item_name}, {state_name}',
    ({ body, locale }) => ({ item_name: inLocale(codedValues['item']!, text(body, 'item'), locale), state_name: inLocale(codedValues['state']!, text(body, 'state'), locale) })),
  mandate_opened: said('按第 {proposal} 号签批单，{valid_from}至{valid_to}', 'By proposal no. {proposal}, {valid_from} to {valid_to}', (told) => ({ ...day('valid_from')(told), ...day('valid_to')(told) })),
  mandate_ended: said('第 {mandate} 号授权，由一方结束', 'Mandate no. {mandate}, ended by one body'),
  company_handed_over: said('截至{period}的移交清单，按第 {proposal} 号签批单', 'Certificate as of {period}, by proposal no. {proposal}', month),
  company_took_over: said('{trustee}从{from}起接收，按第 {handover} 号移交清单', '{trustee} from {from}, by certificate no. {handover}', day('from')),
  billing_set: said('{start}', '{start}', ({ body, locale }) => ({ start: text(body, 'start_period') === '' ? (locale === 'zh' ? '停止自动开账单' : 'No more bills by themselves')
    : locale === 'zh' ? `从${monthIn(text(body, 'start_period'), locale)}起自动开账单` : `Bills by themselves from ${monthIn(text(body, 'start_period'), locale)}` })),
  fee_rule_opened: said('{item_name}，{starts_on}起，按第 {proposal} 号签批单', '{item_name}, from {starts_on}, by proposal no. {proposal}', (told) => ({ item_name: itemName(told), ...day('starts_on')(told) })),
  fee_rule_ended: said('{item_name}第 {rule} 号，收到{ends_on}为止，按第 {proposal} 号签批单', '{item_name}, no. {rule}, until {ends_on}, by proposal no. {proposal}', (told) => ({ item_name: itemName(told), ...day('ends_on')(told) })),
  shared_cost_entered: said('{item_name} {period}共 {amount} 元，按付款凭证分摊', '{item_name} of {period}: {amount} yuan, as paid, to be shared', (told) => ({ item_name: itemName(told), ...month(told), amount: figures(text(told.body, 'amount')) })),
  waiver_granted: said('{count} 张账单共减 {total} 元，按第 {proposal} 号签批单', '{count} bills lowered by {total} yuan, by proposal no. {proposal}', (told) => ({ total: figures(text(told.body, 'total')) })),
  waiver_applied: said('{period} {count} 张账单减 {total} 元，按第 {proposal} 号签批单', '{count} bills of {period} lowered by {total} yuan, by proposal no. {proposal}', (told) => ({ ...month(told), total: figures(text(told.body, 'total')) })),
  bills_made: said('{period}{item_name}账单 {count} 张，合计 {total} 元', '{count} bills of {period}, {item_name}, {total} yuan together', (told) => ({ ...month(told), item_name: itemName(told), total: figures(text(told.body, 'total')) })),
  correction_asked: said('第 {request} 号更正申请', 'Request no. {request}'),
  correction_answered: said('第 {request} 号更正申请：{outcome}', 'Request no. {request}: {outcome}', ({ body, locale }) => ({
    outcome: text(body, 'outcome') === 'done' ? (locale === 'zh' ? '已更正' : 'put right') : (locale === 'zh' ? '不予更正' : 'refused'),
  })),
  register_changed: ({ body, locale }) => changeTexts[text(body, 'what') as keyof typeof changeTexts]?.[locale] ?? text(body, 'what'),
  reminders_made: said('{kind_name} {count} 封', '{kind_name}, {count} letters', ({ body, locale }) => ({
    kind_name: text(body, 'kind') === 'demand' ? (locale === 'zh' ? '催缴函' : 'Demands for payment') : locale === 'zh' ? '缴费提醒' : 'Reminders' })),
  register_imported: said('第 {import} 号：{what}', 'No. {import}: {what}', importCounts),
  register_import_undone: said('第 {import} 号：{what}', 'No. {import}: {what}', importCounts),
  settlement_taken: said('{channel_name} {first_on}至{last_on}，{lines} 笔共 {gross} 元，手续费 {fee} 元，不登记 {left_out} 行，渠道退款 {refunds} 笔', '{channel_name}, {first_on} to {last_on}: {lines} payments, {gross} yuan, fee {fee}; {left_out} rows left out, {refunds} refunds of the channel',
    (told) => ({ ...day('first_on')(told), ...day('last_on')(told), gross: figures(text(told.body, 'gross')), fee: figures(text(told.body, 'fee')), channel_name: channelName(text(told.body, 'channel'), told.locale) })),
  virtual_accounts_entered: said('新登记 {entered} 个，改到别户 {changed} 个', '{entered} entered, {changed} given to another dwelling'),
  budget_opened: said('{year} 年预算，第 {draft} 号草案，{until}截止', 'Budget {year}, draft {draft}, until {until}', day('until')),
  budget_commented: said('第 {draft} 号草案：{comment}', 'Draft {draft}: {comment}', ({ said: words }) => ({ comment: words('comment') })),
  budget_answered: said('第 {comment} 号意见：{answer}', 'Comment {comment}: {answer}'),
  budget_dropped: said('{year} 年预算，第 {draft} 号草案', 'Budget {year}, draft {draft}'),
  budget_published: said('{year} 年预算第 {version} 版，按第 {proposal} 号签批单', 'Budget {year}, version {version}, by proposal no. {proposal}'),
  subsidy_opened: said('第 {proposal} 号补贴方案，总额 {budget} 元，{last_day}前申领', 'Scheme no. {proposal}: {budget} yuan in all, to be claimed by {last_day}',
    (told) => ({ ...day('last_day')(told), budget: figures(text(told.body, 'budget')) })),
  subsidy_ended: said('第 {scheme} 号补贴方案，由一方停止申领', 'Scheme no. {scheme}: ended for new claims by one body'),
  subsidies_claimed: said('第 {scheme} 号补贴方案：{count} 张账单，{total} 元', 'Scheme no. {scheme}: {count} bills, {total} yuan', ({ body }) => ({ total: figures(text(body, 'total')) })),
  subsidy_claims_fallen: said('第 {scheme} 号补贴方案：收款被冲销，{count} 张账单的申领失效，{total} 元', 'Scheme no. {scheme}: {count} claims fell with their payments, {total} yuan',
    ({ body }) => ({ total: figures(text(body, 'total')) })),
  subsidy_batch_sent: said('第 {proposal} 批：{count} 张账单，{total} 元', 'Batch no. {proposal}: {count} bills, {total} yuan', ({ body }) => ({ total: figures(text(body, 'total')) })),
  resolution_announced: said('第 {resolution} 号：{title}，{starts_on}至{ends_on}，{voters} 位业主、{area} 平方米', 'No. {resolution}: {title}, {starts_on} to {ends_on}, {voters} owners with {area} square metres',
    (told) => ({ ...day('starts_on')(told), ...day('ends_on')(told) })),
  resolution_called_off: said('第 {resolution} 号。理由：{reason}', 'No. {resolution}. Reason: {reason}', reason),
  ballot_cast: said('第 {resolution} 号表决，{how}{choice_name}', 'Resolution no. {resolution}, {how}{choice_name}', ({ body, locale }) => {
    const choice = text(body, 'choice') === '' ? '' : inLocale(codedValues['choice']!, text(body, 'choice'), locale);
    return { how: inLocale(codedValues['way']!, text(body, 'way'), locale), choice_name: choice === '' ? '' : locale === 'zh' ? `，${choice}` : `, ${choice}` };
  }),
  paper_ballot_read: said('第 {resolution} 号表决第 {paper} 号纸质票', 'Resolution no. {resolution}, paper no. {paper}'),
  paper_ballot_set_aside: said('第 {resolution} 号表决第 {paper} 号纸质票不计', 'Resolution no. {resolution}, paper no. {paper} is not counted'),
  resolution_counted: said('第 {resolution} 号：{result}', 'No. {resolution}: {result}', ({ body, locale }) => ({ result: inLocale(codedValues['outcome']!, text(body, 'outcome'), locale) })),
  resolution_certified: said('第 {resolution} 号决议，按第 {proposal} 号签批单', 'Resolution no. {resolution}, by proposal no. {proposal}'),
  survey_opened: said('{title}，{starts_on}至{ends_on}', '{title}, {starts_on} to {ends_on}', (told) => ({ ...day('starts_on')(told), ...day('ends_on')(told) })),
  survey_closed: said('第 {survey} 号调查：{units} 户中 {answered} 户填写', 'Survey no. {survey}: {answered} of {units} dwellings answered'),
  survey_words_moderated: said('第 {survey} 号调查的一条留言：{what}。理由：{reason}', 'A text of survey no. {survey}: {what}. Reason: {reason}',
    (told) => ({ ...reason(told), what: inLocale(codedValues['act']!, text(told.body, 'act'), told.locale) })),
  project_entered: said('{comment}', '{comment}', (told) => ({ comment: told.said('comment').split('\n')[0]! })),
  project_opinion_given: said('第 {project} 号项目：{stance_name}{comment}', 'Project no. {project}: {stance_name}{comment}', (told) => {
    const stance = { for: { zh: '赞成', en: 'for' }, against: { zh: '反对', en: 'against' }, words: { zh: '意见', en: 'words' } }[text(told.body, 'stance')]?.[told.locale] ?? '';
    return { stance_name: stance, comment: text(told.body, 'comment_commitment') === '' ? '' : `${told.locale === 'zh' ? '。' : '. '}${told.said('comment')}` };
  }),
  project_opinion_hidden: said('第 {project} 号项目第 {opinion} 条意见。理由：{reason}', 'Project no. {project}, opinion no. {opinion}. Reason: {reason}', reason),
  project_opinion_shown: said('第 {project} 号项目第 {opinion} 条意见。理由：{reason}', 'Project no. {project}, opinion no. {opinion}. Reason: {reason}', reason),
  project_opened: said('第 {project} 号项目，目标 {total} 元，{deadline}截止，按第 {proposal} 号签批单', 'Project no. {project}: {total} yuan by {deadline}, by proposal no. {proposal}', (told) => ({ ...day('deadline')(told), total: figures(text(told.body, 'total')) })),
  project_pledged: said('第 {project} 号项目：一户认筹 {amount} 元', 'Project no. {project}: a dwelling pledged {amount} yuan', ({ body }) => ({ amount: figures(text(body, 'amount')) })),
  project_gift_received: said('第 {project} 号项目收到 {amount} 元', 'Project no. {project}: {amount} yuan', ({ body }) => ({ amount: figures(text(body, 'amount')) })),
  project_gift_naming_changed: said('第 {project} 号项目第 {gift} 笔', 'Project no. {project}, gift no. {gift}'),
  project_quote_entered: said('第 {project} 号项目：{bidder}报价 {amount} 元', 'Project no. {project}: {bidder}, {amount} yuan', ({ body }) => ({ amount: figures(text(body, 'amount')) })),
  project_contracted: said('第 {project} 号项目：{contractor}，{amount} 元，按第 {proposal} 号签批单', 'Project no. {project}: {contractor}, {amount} yuan, by proposal no. {proposal}', ({ body }) => ({ amount: figures(text(body, 'amount')) })),
  project_site_reported: said('第 {project} 号项目：{report}', 'Project no. {project}: {report}'),
  project_accepted: said('第 {project} 号项目，按第 {proposal} 号签批单', 'Project no. {project}, by proposal no. {proposal}'),
  project_outside_noted: said('第 {project} 号项目，账外 {amount} 元：{note}', 'Project no. {project}, outside the books {amount} yuan: {note}', ({ body }) => ({ amount: figures(text(body, 'amount')) })),
  project_finished: said('第 {project} 号项目，结余 {rest} 元，按第 {proposal} 号签批单', 'Project no. {project}, {rest} yuan left, by proposal no. {proposal}', ({ body }) => ({ rest: figures(text(body, 'rest')) })),
  invariant_failed: said('第 {inspection} 次自查：{sentence}现有 {found} 处不符（{sample}）', 'Inspection no. {inspection}: "{sentence}" is contradicted in {found} place(s) ({sample})', sentence),
  invariant_held: said('第 {inspection} 次自查：{sentence}现已成立', 'Inspection no. {inspection}: "{sentence}" holds again', sentence),
  audit_read: said('{who}看了{what}', '{who} looked at {what}', (told) => ({ who: personIn('by')(told), what: inLocale(auditKindTexts, text(told.body, 'pages'), told.locale) })),
  subsidy_arrived: said('第 {batch} 批到账 {amount} 元', 'Batch no. {batch}: {amount} yuan arrived', ({ body }) => ({ amount: figures(text(body, 'amount')) })),
};

/** Texts that are kept apart from the record, by field. */
export type Kept = Readonly<Record<string, Said>>;

/** Titles of proposals by number. */
export type Titles = ReadonlyMap<number, Bilingual>;

/** The proposal whose title a record's line borrows. */
export const proposalIn = (row: Pick<LogRow, 'kind' | 'body'>): number | null => {
  if (row.kind === 'journal_entry' || row.kind === 'proposal_submitted' || !row.body.includes('"proposal":')) return null;
  const { proposal } = bodyOf(row);
  return typeof proposal === 'number' ? proposal : null;
};

/** What a record tells, in one line; never empty. */
export function summaryOf(row: LogRow, officers: Officers, { kept = {}, titles }: { kept?: Kept; titles: Titles }): Bilingual {
  const body = bodyOf(row);
  const teller = Object.hasOwn(tellers, row.kind) ? tellers[row.kind as RecordKind] : null;
  const proposal = proposalIn(row);
  const titleOf = (locale: Locale): string => (proposal === null ? '' : titles.get(proposal)?.[locale] ?? '');
  return both((locale) => (teller?.({ body, row, officers, locale, title: titleOf(locale), said: (name) => (kept[name] === undefined ? text(body, name) : saidText(kept[name], locale)) }) ?? '') || recordKindName(row.kind)[locale]);
}
