// Is a set of signing rules sound? Asked before anybody signs a change, in the words of the person who makes it;
// judge_rules() asks the same again when the change is carried out (test/approval/rules.test.ts compares them).
//   one rule:  two bodies, the owners' side among them, as many signers as are in office, bands, days, caps
//   together:  on every day from the change on, each case has exactly one answer
import type { BodyKind } from '../kernel/actor.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { addDays } from '../kernel/dates.ts';
import { fill, type Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures, moneyText, readMoney, type Money } from '../kernel/money.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { formatDate } from '../web/locale.ts';
import { refusals } from './rule-refusals.ts';
import {
  both, kindsWithAmount, kindsWithFund, kindsWithNotice, kindsWithPayee, kindsWithResolution, ruleSentence, type RuleNames,
} from './rule-text.ts';
import { plainRule } from './rules.ts';
import { kindName } from './texts.ts';
import type { Kind, NewRule } from './kinds.ts';

/** What a rule is held against: names of funds and bodies, and who is in office today. */
export interface Ground extends RuleNames { present: Partial<Record<BodyKind, number>> }

/** An amount as a person types it; null where nothing is typed. Refusal: rule_amount_unreadable. */
export function readAmount(typed: string | null | undefined, field: string): Money | null {
  if (typed === null || typed === undefined || typed.trim() === '') return null;
  const amount = readMoney(typed);
  if (amount !== null && !amount.isNegative()) return amount;
  throw refusals.rule_amount_unreadable({ typed: typed.slice(0, 40) }, field);
}

/** A rule as typed or sent, with its amounts as the books write them. Refusals: rule_amount_unreadable. */
export function readRule(typed: NewRule, at = ''): NewRule {
  const { amount_from, amount_to, month_cap, ...rest } = typed;
  const [from, to, cap] = [readAmount(amount_from, `${at}amount_from`), readAmount(amount_to, `${at}amount_to`), readAmount(month_cap, `${at}month_cap`)];
  return plainRule({
    ...rest, amount_from: from === null ? '0.00' : moneyText(from), amount_to: to === null ? null : moneyText(to),
    ...(cap === null ? {} : { month_cap: moneyText(cap) }),
  });
}

const parts: Record<'band' | 'fund' | 'payee' | 'notice' | 'resolution', Bilingual> = {
  band: { zh: '金额档', en: 'amounts' }, fund: { zh: '资金', en: 'fund' }, payee: { zh: '收款方类别', en: 'class of payee' },
  notice: { zh: '公示天数', en: 'days of notice' }, resolution: { zh: '业主大会决议', en: "resolution of the owners" },
};

interface Days { name: 'notice_days' | 'expires_days' | 'ratify_days'; least: number; most: number; label: Bilingual }
const dayFields: Days[] = [
  { name: 'notice_days', least: 0, most: 60, label: { zh: '公示天数', en: 'days of notice' } },
  { name: 'expires_days', least: 1, most: 365, label: { zh: '签批期限', en: 'days to sign' } },
  { name: 'ratify_days', least: 1, most: 60, label: { zh: '补签期限', en: 'days to ratify' } },
];

/** One rule by itself, as readRule() gives it; `at` goes before the names of the fields. Refusals in this order: rule_band_invalid,
 *  rule_not_for_kind, rule_days_invalid, rule_fund_unknown, rule_body_unknown, rule_signers_invalid, rule_sequence_incomplete,
 *  rule_emergency_needs, rule_only_emergency, rule_vacancy_needs, rule_needs_two_bodies, rule_needs_owners_key, rule_unreachable. */
export function checkRule(rule: NewRule, ground: Ground, at = ''): void {
  checkBand(rule, at);
  checkKind(rule, at);
  for (const { name, least, most, label } of dayFields) {
    const days = rule[name] ?? (name === 'ratify_days' ? least : 0);
    if (!Number.isInteger(days) || days < least || days > most) {
      throw refusals.rule_days_invalid({ label: label.zh, label_en: label.en, least, most, days }, at + name);
    }
  }
  if (rule.fund !== null && ground.funds[rule.fund] === undefined) throw refusals.rule_fund_unknown({ fund: rule.fund.slice(0, 60) }, `${at}fund`);
  checkBodies(rule, ground, at);
  checkClass(rule, at);
  const names = ruleSentence(rule, ground);
  const sentence = { rule: names.zh, rule_en: names.en };
  const asked = Object.keys(rule.bodies) as BodyKind[];
  if (asked.length < 2) throw refusals.rule_needs_two_bodies(sentence, `${at}bodies`);
  if (rule.class !== 'vacancy' && !asked.includes('committee')) throw refusals.rule_needs_owners_key(sentence, `${at}signers_committee`);
  for (const body of asked) {
    const present = ground.present[body] ?? 0;
    const { zh, en } = ground.bodies[body]!;
    if (rule.bodies[body]! > present) {
      throw refusals.rule_unreachable({ ...sentence, body: zh, body_en: en, asked: rule.bodies[body]!, present }, `${at}signers_${body}`);
    }
  }
}

function checkBand({ amount_from, amount_to }: NewRule, at: string): void {
  if (amount_to === null || money(amount_to).greaterThan(money(amount_from))) return;
  throw refusals.rule_band_invalid({ from: moneyFigures(money(amount_from)), to: moneyFigures(money(amount_to)) }, `${at}amount_to`);
}

/** Nothing may be asked that proposals of the kind do not carry: such a rule would never apply, or never be satisfied. */
function checkKind({ kind, amount_from, amount_to, fund, payee_class, notice_days = 0, needs_resolution }: NewRule, at: string): void {
  const refuse = (what: keyof typeof parts, field: string): Refusal => refusals.rule_not_for_kind({
    kind: kindName(kind, 'zh'), kind_en: kindName(kind, 'en'), what: parts[what].zh, what_en: parts[what].en,
  }, at + field);
  const bounded = amount_to !== null || !money(amount_from).isZero();
  if (bounded && !kindsWithAmount.includes(kind)) throw refuse('band', 'amount_from');
  if (fund !== null && !kindsWithFund.includes(kind)) throw refuse('fund', 'fund');
  if ((payee_class ?? null) !== null && !kindsWithPayee.includes(kind)) throw refuse('payee', 'payee_class');
  if (notice_days > 0 && !kindsWithNotice.includes(kind)) throw refuse('notice', 'notice_days');
  if (needs_resolution === true && !kindsWithResolution.includes(kind)) throw refuse('resolution', 'needs_resolution');
}

function checkBodies({ bodies, sequence }: NewRule, ground: Ground, at: string): void {
  const named = (list: readonly string[]) => both((locale) => list.map((body) => ground.bodies[body]?.[locale] ?? body).join(locale === 'zh' ? '、' : ', '));
  const known = named(Object.keys(ground.bodies));
  for (const [body, signers] of Object.entries(bodies)) {
    const name = ground.bodies[body];
    if (name === undefined) throw refusals.rule_body_unknown({ body: body.slice(0, 40), bodies: known.zh, bodies_en: known.en }, `${at}bodies`);
    if (!Number.isInteger(signers) || signers < 1 || signers > 20) {
      throw refusals.rule_signers_invalid({ body: name.zh, body_en: name.en, signers }, `${at}signers_${body}`);
    }
  }
  if (sequence === undefined) return;
  const asked = Object.keys(bodies);
  const astray = [...new Set([...asked.filter((body) => !sequence.includes(body as BodyKind)),
    ...sequence.filter((body, index) => !asked.includes(body) || sequence.indexOf(body) !== index)])];
  if (astray.length === 0) return;
  const wrong = named(astray);
  throw refusals.rule_sequence_incomplete({ bodies: wrong.zh, bodies_en: wrong.en }, `${at}place_${astray[0]}`);
}

const needs: Record<string, Bilingual> = {
  payment: { zh: '事项应为付款', en: 'the kind "payment"' },
  membership: { zh: '事项应为任免', en: 'the kind "offices"' },
  amount_to: { zh: '单笔上限（金额“不满”）', en: 'a limit for each order (the upper border)' },
  month_cap: { zh: '每月上限', en: 'a cap for the month' },
  ratify_days: { zh: '补签期限', en: 'days to ratify' },
  no_notice: { zh: '公示天数应为 0', en: 'no days of notice' },
  not_officers: { zh: '收款方不能是在任人员', en: 'a payee who holds no office' },
  resolution: { zh: '须业主大会决议', en: 'a resolution of the owners' },
  notice: { zh: '公示天数', en: 'days of notice' },
  no_company: { zh: '不能要物业公司签', en: 'no signer of the property company' },
};

function checkClass(rule: NewRule, at: string): void {
  const { kind, amount_to, month_cap, ratify_days, notice_days = 0, needs_resolution, bodies, payee_class } = rule;
  const missing: [string, string][] = [];
  const want = (holds: boolean, need: string, field = need): void => void (holds || missing.push([need, at + field]));
  if (rule.class === 'emergency') {
    want(kind === 'payment', 'payment', 'kind');
    want(payee_class !== 'officer', 'not_officers', 'payee_class');
    want(amount_to !== null, 'amount_to');
    want(month_cap !== undefined && !money(month_cap).isZero(), 'month_cap');
    want(ratify_days !== undefined, 'ratify_days');
    want(notice_days === 0, 'no_notice', 'notice_days');
  } else {
    if (month_cap !== undefined) throw refusals.rule_only_emergency({}, `${at}month_cap`);
    if (ratify_days !== undefined) throw refusals.rule_only_emergency({}, `${at}ratify_days`);
  }
  if (rule.class === 'vacancy') {
    want(kind === 'membership', 'membership', 'kind');
    want(needs_resolution === true, 'resolution', 'needs_resolution');
    want(notice_days > 0, 'notice', 'notice_days');
    want(!('property' in bodies), 'no_company', 'signers_property');
  }
  if (missing.length === 0) return;
  const text = both((locale) => missing.map(([need]) => needs[need]![locale]).join(locale === 'zh' ? '、' : ', '));
  const refuse = rule.class === 'emergency' ? refusals.rule_emergency_needs : refusals.rule_vacancy_needs;
  throw refuse({ missing: text.zh, missing_en: text.en }, missing[0]![1]);
}

// ── Together ─────────────────────────────────────────────────────────────────────────────────────

export interface Standing { rule: NewRule; valid_from: BusinessDate; valid_to: BusinessDate | null }

const slotOf = ({ kind, class: of = 'normal', fund, payee_class = null }: NewRule): string => [kind, of, fund ?? '', payee_class ?? ''].join(' ');
/** Rules of one slot share the amounts among them. */
export const sameSlot = (a: NewRule, b: NewRule): boolean => slotOf(a) === slotOf(b);

const cents = (amount: string): bigint => BigInt(money(amount).times(100).toFixed(0));
export const bandsMeet = (a: NewRule, b: NewRule): boolean =>
  (b.amount_to === null || cents(a.amount_from) < cents(b.amount_to)) && (a.amount_to === null || cents(b.amount_from) < cents(a.amount_to));

const LAST = '9999-12-31';
const lastOf = ({ valid_to }: Standing): BusinessDate => valid_to ?? LAST;
const daysMeet = (a: Standing, b: Standing): boolean => a.valid_from <= lastOf(b) && b.valid_from <= lastOf(a)
  && a.valid_from <= lastOf(a) && b.valid_from <= lastOf(b);

/** All rules there ever were and will be, from a day on. Refusals: rules_overlap, rules_gap. */
export function checkTogether(standing: readonly Standing[], from: BusinessDate, names: RuleNames): void {
  for (const [index, a] of standing.entries()) {
    const b = standing.slice(index + 1).find((other) => sameSlot(a.rule, other.rule) && bandsMeet(a.rule, other.rule) && daysMeet(a, other));
    if (b === undefined) continue;
    const [one, two] = [ruleSentence(a.rule, names), ruleSentence(b.rule, names)];
    throw refusals.rules_overlap({ rule: one.zh, rule_en: one.en, other: two.zh, other_en: two.en });
  }
  const normal = standing.filter(({ rule }) => (rule.class ?? 'normal') === 'normal');
  const kinds = new Set<Kind>([...normal.map(({ rule }) => rule.kind), 'rule']);
  for (const day of turningDays(standing, from)) {
    const holding = normal.filter((one) => one.valid_from <= day && day <= lastOf(one));
    for (const kind of kinds) {
      const gap = firstGap(holding.map(({ rule }) => rule).filter((rule) => rule.kind === kind && rule.fund === null && (rule.payee_class ?? null) === null));
      if (gap !== null) throw gapRefusal(kind, gap, day);
    }
  }
}

/** The first day and every later one on which a rule begins or the day after one ends. */
const turningDays = (standing: readonly Standing[], from: BusinessDate): BusinessDate[] =>
  [...new Set([from, ...standing.flatMap(({ valid_from, valid_to }) => [valid_from, ...(valid_to === null ? [] : [addDays(valid_to, 1)])])])]
    .filter((day) => day >= from).sort();

interface Gap { from: string; to: string | null }

/** Amounts without a rule; null when the bands go from nothing to any sum. */
export function firstGap(rules: readonly NewRule[]): Gap | null {
  let reached: string | null = '0.00';
  for (const { amount_from, amount_to } of [...rules].sort((a, b) => (cents(a.amount_from) < cents(b.amount_from) ? -1 : 1))) {
    if (reached === null) return null;
    if (cents(amount_from) > cents(reached)) return { from: reached, to: amount_from };
    reached = amount_to;
  }
  return reached === null ? null : { from: reached, to: null };
}

const gapTexts = {
  all: { zh: '任何金额', en: 'of any amount' },
  open: { zh: ' {from} 元及以上', en: 'from {from} on' },
  below: { zh: '不满 {to} 元', en: 'below {to}' },
  bounded: { zh: ' {from} 元及以上、不满 {to} 元', en: 'from {from} to below {to}' },
};

function gapRefusal(kind: Kind, { from, to }: Gap, day: BusinessDate): Refusal {
  const lowest = money(from).isZero();
  const text = to === null ? gapTexts[lowest ? 'all' : 'open'] : gapTexts[lowest ? 'below' : 'bounded'];
  const amounts = both((locale) => fill(text[locale], { from: moneyFigures(money(from)), to: to === null ? '' : moneyFigures(money(to)) }));
  return refusals.rules_gap({
    kind: kindName(kind, 'zh'), kind_en: kindName(kind, 'en'), amounts: amounts.zh, amounts_en: amounts.en,
    day: formatDate(day, 'zh'), day_en: formatDate(day, 'en'),
  });
}
