// Who must sign a case (谁来签): the rule that answers, who is in office to satisfy it, and what happens when somebody is
// missing. rule_for() chooses the rule; this file reads and says it.
import { sql } from 'kysely';
import type { BodyKind, Office } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures, moneyText, type Money } from '../kernel/money.ts';
import { termsOf } from '../people/queries.ts';
import { officeTexts } from '../people/texts.ts';
import { formatDate } from '../web/locale.ts';
import { refusals } from '../approval/refusals.ts';
import { both, classNames, kindsWithAmount, payeeClasses, ruleSentence, type RuleNames } from '../approval/rule-text.ts';
import { newRuleOf, ruleFor, type Rule } from '../approval/rules.ts';
import { kindName } from '../approval/texts.ts';
import type { Kind, PayeeClass, RuleClass } from '../approval/kinds.ts';

export interface CaseAsked {
  kind: Kind;
  class: RuleClass;
  amount: Money | null;
  fund: string | null;
  payee_class: PayeeClass | null;
}

export interface Seated {
  body: BodyKind;
  name: Bilingual;
  asked: number;
  /** Turn, where the rule asks for a sequence. */
  place: number;
  persons: { name: string | null; office: Office }[];
  /** Sign only in the place of whoever delegated to them. */
  deputies: { name: string | null }[];
}

export interface Who {
  asked: CaseAsked;
  rule: Rule;
  bodies: Seated[];
  /** The way for what cannot wait, where the case has one. */
  emergency: Rule | null;
  today: BusinessDate;
  names: RuleNames;
}

/** The answer for a case today. Refusal: rule_missing. */
export async function whoSigns(trx: Trx, estate_id: number, asked: CaseAsked, { today, names }: { today: BusinessDate; names: RuleNames }): Promise<Who> {
  const rule = await ruleFor(trx, estate_id, { ...asked, on: today });
  if (rule === null) {
    const { kind, amount } = asked;
    const sum = amount === null ? '–' : moneyText(amount);
    throw refusals.rule_missing({ kind: kindName(kind, 'zh'), kind_en: kindName(kind, 'en'), amount: sum }, 'amount');
  }
  const terms = await termsOf(trx, estate_id, { on: today });
  const bodies = rule.bodies.map((one): Seated => {
    const seated = terms.filter((term) => term.body === one.body);
    const signing = seated.filter((term) => !['cashier', 'auditor', 'deputy'].includes(term.office));
    return {
      body: one.body, name: { zh: one.name_zh, en: one.name_en }, asked: one.signers, place: one.place,
      persons: signing.filter((term, index) => signing.findIndex((other) => other.person_id === term.person_id) === index)
        .map(({ name, office }) => ({ name, office })),
      deputies: seated.filter((term) => term.office === 'deputy').map(({ name }) => ({ name })),
    };
  });
  const faster = asked.class !== 'normal' || asked.kind !== 'payment' || asked.payee_class === 'officer' ? null
    : await ruleFor(trx, estate_id, { ...asked, class: 'emergency', on: today });
  return { asked, rule, bodies, emergency: faster !== null && isFaster(faster, rule) ? faster : null, today, names };
}

/** An emergency that asks as many, of what waits for nothing, helps nobody. */
const isFaster = (emergency: Rule, rule: Rule): boolean => rule.notice_days > 0 || (rule.needs_resolution && !emergency.needs_resolution)
  || rule.bodies.some(({ body, signers }) => signers > (emergency.bodies.find((one) => one.body === body)?.signers ?? 0));

/** Other rules a case could fall under if its fund or payee were named: "公共收益" has a rule of its own. */
export async function narrowerRules(trx: Trx, estate_id: number, { kind, class: of, fund, payee_class }: CaseAsked, today: BusinessDate): Promise<number[]> {
  const { rows } = await sql<{ rule_id: number }>`
    select rule_id from rule where estate_id = ${estate_id} and kind = ${kind} and class = ${of}
      and ${today}::date between valid_from and coalesce(valid_to, 'infinity')
      and ((${fund}::text is null and fund is not null) or (${payee_class}::text is null and payee_class is not null))
    order by rule_id`.execute(trx);
  return rows.map((row) => row.rule_id);
}

// ── In words ─────────────────────────────────────────────────────────────────────────────────────

const texts = {
  from_fund: { zh: '从“{fund}”{what}', en: '{what} from {fund}' },
  with_amount: { zh: '{what} {amount} 元', en: '{what} of {amount}' },
  answer: { zh: '{what}，要{signers}签名{order}。', en: '{what} has to be signed by {signers}{order}.' },
  any_order: { zh: '，先后不限', en: ', in any order' },
  signer: { zh: '{body} {count} 人', en: '{count} of the {body}' },
  afterwards: { zh: '，然后', en: ', then ' },
  since: { zh: '第 {number} 号规则，{day}起', en: 'rule {number}, in force since {day}' },
  notice: { zh: '要公示 {days} 天：提交当天起公示，第 {days} 天后才能办，期间的书面异议要先答复。', en: 'Announced for {days} days from the day it is submitted; it is carried out after them, and once every objection is answered.' },
  no_notice: { zh: '不用公示，签齐就能办。', en: 'No notice: it is carried out once all have signed.' },
  resolution: { zh: '要先有业主大会决议，提交时填写并附上文件。', en: "Needs a resolution of the owners first, with its file attached." },
  no_resolution: { zh: '不用业主大会决议。', en: "No resolution of the owners is needed." },
  passkey: { zh: '只能用通行密钥签，签批密码不算。', en: 'By passkey only; the signing password does not count.' },
  password: { zh: '签批密码也算（公示里会标“弱”），用通行密钥更稳妥。', en: 'A signing password counts too (printed as weak); a passkey is safer.' },
  short: { zh: '{body}现在只有 {present} 人能签，规则要 {asked} 人，签不齐。请先提“任免”签批单补人。', en: '{body} has only {present} who can sign where {asked} are asked: it cannot be signed. Propose appointments first.' },
  exact: { zh: '{body}正好 {present} 人，一个都不能缺；制单人、收款人自己不能签。谁不在，要由候补代签（先提“委托代签”）。', en: '{body} has exactly {present}: nobody may be missing, and neither the maker nor the payee signs. For whoever is away a deputy signs, after a delegation.' },
  spare: { zh: '{body}有 {present} 人，缺 {spare} 人也签得齐。', en: '{body} has {present}; {spare} may be missing.' },
  expires: { zh: '{days} 天内没有签齐，单子就过期，不会自动通过；可以重新提交。', en: 'Not signed within {days} days it expires; it never passes by itself, and can be submitted again.' },
  emergency: { zh: '等不及时可走应急：{rule}。应急单会公开标明。', en: 'What cannot wait may go as an emergency: {rule}. Emergency orders are marked in public.' },
  emergency_case: { zh: '这是应急：先少签，之后其余签批人要在 {days} 天内补签；过期不补签，就不能再提应急单。每月合计不超过 {cap} 元。', en: 'An emergency: fewer sign first, the others ratify within {days} days; if they do not, no further emergency order can be made. At most {cap} a month.' },
  never: { zh: '制单人、收款人、出纳不能签。', en: 'The maker, the payee and the cashier never sign.' },
  erased: { zh: '（姓名已删除）', en: '(name erased)' },
} as const satisfies Record<string, Bilingual>;

/** 从“公共收益”付款 8,000.00 元（付给个人） */
function caseOf({ asked, names }: Who, locale: 'zh' | 'en'): string {
  const { kind, fund, amount, payee_class } = asked;
  const named = asked.class === 'normal' ? kindName(kind, locale)
    : `${classNames[asked.class][locale]}${locale === 'zh' ? '' : ' '}${kindName(kind, locale)}`;
  const sum = amount === null || !kindsWithAmount.includes(kind) ? named : fill(texts.with_amount[locale], { what: named, amount: moneyFigures(amount) });
  const from = fund === null ? sum : fill(texts.from_fund[locale], { what: sum, fund: names.funds[fund]?.[locale] ?? fund });
  return payee_class === null ? from : `${from}${locale === 'zh' ? '（' : ' ('}${payeeClasses[payee_class][locale]}${locale === 'zh' ? '）' : ')'}`;
}

/** The answer as one sentence. */
export function whoSentence(who: Who): Bilingual {
  const { in_sequence } = who.rule;
  const inTurn = [...who.bodies].sort((a, b) => (in_sequence ? a.place - b.place : 0));
  return both((locale) => {
    const what = caseOf(who, locale);
    const signers = inTurn.map(({ name, asked }) => fill(texts.signer[locale], { body: name[locale], count: asked }));
    return fill(texts.answer[locale], {
      what: locale === 'zh' ? what : `${what[0]!.toUpperCase()}${what.slice(1)}`,
      signers: signers.join(in_sequence ? texts.afterwards[locale] : locale === 'zh' ? '、' : ' and '),
      order: in_sequence ? '' : texts.any_order[locale],
    });
  });
}

export const ruleLabel = (rule: Rule): Bilingual =>
  both((locale) => fill(texts.since[locale], { number: rule.rule_id, day: formatDate(rule.valid_from, locale) }));

const plain = (text: Bilingual, facts: (locale: 'zh' | 'en') => Record<string, string | number> = () => ({})): Bilingual =>
  both((locale) => fill(text[locale], facts(locale)));

export interface WhoTerms { notice: Bilingual; resolution: Bilingual; method: Bilingual; never: Bilingual; absence: { short: boolean; text: Bilingual }[] }

/** Notice, resolution, weakest method, and what happens if somebody is missing. */
export function whoTerms({ rule, bodies, emergency, names }: Who): WhoTerms {
  const { notice_days, needs_resolution, passkey_only, expires_days, month_cap, ratify_days } = rule;
  const cap = month_cap === null ? '' : moneyFigures(money(month_cap));
  const absence = bodies.map(({ name, asked, persons }) => {
    const present = persons.length;
    const text = texts[present < asked ? 'short' : present === asked ? 'exact' : 'spare'];
    return { short: present < asked, text: plain(text, (locale) => ({ body: name[locale], present, asked, spare: present - asked })) };
  });
  return {
    notice: plain(notice_days > 0 ? texts.notice : texts.no_notice, () => ({ days: notice_days })),
    resolution: needs_resolution ? texts.resolution : texts.no_resolution,
    method: passkey_only ? texts.passkey : texts.password,
    never: texts.never,
    absence: [
      ...absence,
      { short: false, text: plain(texts.expires, () => ({ days: expires_days })) },
      ...(ratify_days === null ? [] : [{ short: false, text: plain(texts.emergency_case, () => ({ days: ratify_days, cap })) }]),
      ...(emergency === null ? [] : [{ short: false, text: plain(texts.emergency, (locale) => ({ rule: ruleSentence(newRuleOf(emergency), names)[locale] })) }]),
    ],
  };
}

export const personText = ({ name, office }: { name: string | null; office: Office }): Bilingual =>
  both((locale) => (locale === 'zh' ? `${name ?? texts.erased.zh}（${officeTexts[office].zh}）` : `${name ?? texts.erased.en} (${officeTexts[office].en})`));
