// Signing rules as sentences (付款 100,000.00 元起：物业公司 1 人 + 业主委员会 2 人，公示 10 天), in both languages: on the
// pages, in refusals, in titles. Words only; what a rule means is decided in the database.
import { fill, type Bilingual, type Locale } from '../kernel/locale.ts';
import { money, moneyFigures } from '../kernel/money.ts';
import type { BodyKind } from '../kernel/actor.ts';
import { kindName } from './texts.ts';
import type { Kind, NewRule, PayeeClass, RuleClass } from './kinds.ts';

export interface RuleNames { funds: Record<string, Bilingual>; bodies: Record<string, Bilingual> }

/** Names where no estate is at hand: on the help page. */
export const usualBodies: Record<BodyKind, Bilingual> = {
  property: { zh: '物业公司', en: 'property company' },
  committee: { zh: '业主委员会', en: "owners' committee" },
  supervisor: { zh: '监事会', en: 'supervisors' },
  party_branch: { zh: '小区党组织', en: 'Party branch' },
  community: { zh: '社区', en: 'community' },
  street: { zh: '街道办事处', en: 'street office' },
  auditor: { zh: '审计', en: 'auditor' },
};

/** Kinds whose proposals carry an amount, so that bands mean something. */
export const kindsWithAmount: readonly Kind[] = ['payment', 'refund', 'transfer', 'reversal'];
export const kindsWithFund = kindsWithAmount;
export const kindsWithPayee: readonly Kind[] = ['payment', 'refund'];
/** Kinds that can be announced before they are carried out: all but the disclosure, which has its own day. */
export const kindsWithNotice: readonly Kind[] = [...kindsWithAmount, 'close', 'budget', 'rule', 'membership', 'delegation'];
/** Kinds whose proposals can name a resolution of the owners. */
export const kindsWithResolution: readonly Kind[] = ['payment', 'refund', 'budget', 'rule', 'membership'];

const texts = {
  any: { zh: '{kind}，不论金额', en: '{kind} of any amount' },
  below: { zh: '{kind}不满 {to} 元', en: '{kind} below {to}' },
  from: { zh: '{kind} {from} 元起', en: '{kind} from {from}' },
  between: { zh: '{kind} {from} 元起、不满 {to} 元', en: '{kind} from {from} to below {to}' },
  emergency: { zh: '应急{kind}', en: 'emergency {kind}' },
  vacancy: { zh: '缺位时的{kind}', en: '{kind} of a vacant body' },
  qualified: { zh: '{kind}（{what}）', en: '{kind} ({what})' },
  signers: { zh: '{body} {count} 人', en: '{body} {count}' },
  turn_first: { zh: '先{signers}', en: 'first {signers}' },
  turn_next: { zh: '再{signers}', en: 'then {signers}' },
  notice: { zh: '公示 {days} 天', en: 'announced for {days} days' },
  resolution: { zh: '须业主大会决议', en: "on the owners' resolution" },
  passkey: { zh: '只能用通行密钥签', en: 'by passkey only' },
  cap: { zh: '每月合计不超过 {cap} 元', en: 'at most {cap} a month' },
  ratify: { zh: '其余签批人 {days} 天内补签', en: 'the other signers ratify within {days} days' },
  sentence: { zh: '{case}：{demand}', en: '{case}: {demand}' },
} as const satisfies Record<string, Bilingual>;

export const payeeClasses: Record<PayeeClass, Bilingual> = {
  company: { zh: '付给单位', en: 'to companies' },
  individual: { zh: '付给个人', en: 'to individuals' },
  officer: { zh: '付给在任人员', en: 'to persons in office' },
};
export const classNames: Record<RuleClass, Bilingual> = {
  normal: { zh: '普通', en: 'normal' },
  emergency: { zh: '应急', en: 'emergency' },
  vacancy: { zh: '缺位', en: 'vacancy' },
};

const figures = (amount: string | null): string => (amount === null ? '' : moneyFigures(money(amount)));
export const both = (make: (locale: Locale) => string): Bilingual => ({ zh: make('zh'), en: make('en') });

type Case = Pick<NewRule, 'kind' | 'class' | 'amount_from' | 'amount_to' | 'fund' | 'payee_class'>;

/** 应急付款（公共收益，付给个人） */
function subject({ kind, class: of = 'normal', fund, payee_class = null }: Case, { funds }: RuleNames, locale: Locale): string {
  const named = kindName(kind, locale);
  const classed = of === 'normal' ? named : fill(texts[of][locale], { kind: named });
  const what = [fund === null ? null : funds[fund]?.[locale] ?? fund, payee_class === null ? null : payeeClasses[payee_class][locale]]
    .filter((part) => part !== null).join(locale === 'zh' ? '，' : ', ');
  return what === '' ? classed : fill(texts.qualified[locale], { kind: classed, what });
}

/** 应急付款（公共收益）: rules that share the amounts among them. */
export const slotText = (rule: Case, names: RuleNames): Bilingual => both((locale) => capital(subject(rule, names, locale)));
/** An English sentence begins with a capital letter; Chinese has none. */
export const capital = (text: string): string => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());

/** 付款 100,000.00 元起 */
export function caseText(rule: Case, names: RuleNames): Bilingual {
  const { kind, amount_from, amount_to } = rule;
  const lowest = money(amount_from).isZero();
  return both((locale) => {
    const facts = { kind: subject(rule, names, locale), from: figures(amount_from), to: figures(amount_to) };
    if (lowest && amount_to === null) return kindsWithAmount.includes(kind) ? fill(texts.any[locale], facts) : facts.kind;
    if (lowest) return fill(texts.below[locale], facts);
    return fill(amount_to === null ? texts.from[locale] : texts.between[locale], facts);
  });
}

const usualOrder: readonly string[] = ['property', 'supervisor', 'party_branch', 'community', 'street', 'committee', 'auditor'];

/** 物业公司 1 人 + 业主委员会 2 人；先物业公司 1 人，再业主委员会 1 人 */
export function signersText({ bodies, sequence }: Pick<NewRule, 'bodies' | 'sequence'>, names: RuleNames): Bilingual {
  const asked = Object.entries(bodies).filter(([, count]) => count > 0);
  const place = (body: string): number => (sequence ?? usualOrder as readonly BodyKind[]).indexOf(body as BodyKind);
  asked.sort(([a], [b]) => place(a) - place(b));
  return both((locale) => {
    const parts = asked.map(([body, count]) => fill(texts.signers[locale], { body: names.bodies[body]?.[locale] ?? body, count }));
    if (sequence === undefined) return parts.join(' + ');
    return parts.map((signers, index) => fill(texts[index === 0 ? 'turn_first' : 'turn_next'][locale], { signers })).join(locale === 'zh' ? '，' : ', ');
  });
}

/** What a rule asks beside signers: 公示 10 天, 须业主大会决议, … */
export function conditionsOf(rule: NewRule): Bilingual[] {
  const { notice_days = 0, needs_resolution, passkey_only, month_cap, ratify_days } = rule;
  const filled = (text: Bilingual, facts: Record<string, string | number> = {}): Bilingual => both((locale) => fill(text[locale], facts));
  return [
    ...(notice_days > 0 ? [filled(texts.notice, { days: notice_days })] : []),
    ...(needs_resolution === true ? [texts.resolution] : []),
    ...(passkey_only === true ? [texts.passkey] : []),
    ...(month_cap === undefined ? [] : [filled(texts.cap, { cap: figures(month_cap) })]),
    ...(ratify_days === undefined ? [] : [filled(texts.ratify, { days: ratify_days })]),
  ];
}

/** 物业公司 1 人 + 业主委员会 2 人，公示 10 天，须业主大会决议 */
export function demandText(rule: NewRule, names: RuleNames): Bilingual {
  const signers = signersText(rule, names);
  return both((locale) => [signers, ...conditionsOf(rule)].map((part) => part[locale]).join(locale === 'zh' ? '，' : ', '));
}

export function ruleSentence(rule: NewRule, names: RuleNames): Bilingual {
  const [which, demand] = [caseText(rule, names), demandText(rule, names)];
  return both((locale) => capital(fill(texts.sentence[locale], { case: which[locale], demand: demand[locale] })));
}
