// Checks that follow from the signing rules: does the sum take a stricter rule, is it announced, does it need a
// resolution, may it be an emergency, and would several orders to one payee together take a stricter rule than
// each alone (拆单, the usual way around a limit). rule_for() chooses every rule; nothing here chooses another.
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { money, moneyFigures, sum, type Money } from '../kernel/money.ts';
import { Refusal } from '../kernel/refusal.ts';
import { refusals as approvalRefusals } from '../approval/refusals.ts';
import { linkedResolution } from '../approval/resolution.ts';
import { readRules, ruleFor, type Rule } from '../approval/rules.ts';
import { refused, told, type Check } from './check-result.ts';
import { emergenciesOf, ordersNear, type NearOrder, type Order } from './queries.ts';
import { refusals } from './refusals.ts';
import type { PayeeClass } from '../approval/kinds.ts';

/** An order, the class of its payee, and the day on which it is or would be submitted. */
export interface Asked { order: Order; payee_class: PayeeClass; today: BusinessDate; submitted_on: BusinessDate }

/** Days within which orders to one payee are added up. */
export const SPLIT_DAYS = 7;
const SMALLEST = money('0.01');

const texts = {
  large: { zh: '金额达到 {limit} 元，按较严的规则签批：{who}', en: 'From {limit} on the stricter rule applies: {who_en}' },
  notice: { zh: '按规则先公示 {days} 天，业主可以提书面异议，期满才能付', en: 'By the rule it is announced for {days} days, owners may object in writing, and it is paid afterwards' },
  passkey: { zh: '按规则只能用通行密钥签', en: 'By the rule it is signed with passkeys only' },
  resolution: { zh: '附有业主大会决议：{title}（{date}）', en: 'Rests on a resolution of the owners: {title} ({date})' },
  resolution_voted: { zh: '按第 {resolution_id} 号业主表决：{title}（{date} 计票通过）', en: 'Rests on vote {resolution_id} of the owners: {title} (passed {date})' },
  resolution_uncertified: { zh: '第 {resolution_id} 号业主表决“{title}”{date} 计票通过，超过 15 天没有签认，请核对', en: 'Vote {resolution_id} of the owners, {title}, passed on {date}; no certificate within 15 days: please check' },
  emergency: { zh: '应急付款：先由 {who} 签，付后 {days} 天内由 {full} 补签，对全体业主标明“应急”', en: 'Emergency: {who_en} sign first, {full_en} ratify within {days} days; every owner sees that it was one' },
  split: {
    zh: '可能拆单：{days} 天内同一收款方还有 {references}，连这张共 {count} 张，合计 {total} 元，按合计要走较严的规则（{who}）',
    en: 'Split? Within {days} days the same payee has {references}; with this one {count} orders of {total} together, for which the stricter rule would apply ({who_en})',
  },
} as const satisfies Record<string, Bilingual>;

const who = (rule: Rule): string => rule.bodies.map((b) => `${b.name_zh} ${b.signers} 人`).join('、');
const who_en = (rule: Rule): string => rule.bodies.map((b) => `${b.name_en} (${b.signers})`).join(', ');

/** Does one rule ask something the other does not: a body or more of it, notice, a resolution, a passkey? */
export function isStricter(rule: Rule, than: Rule): boolean {
  const signers = new Map(than.bodies.map((b) => [b.body, b.signers]));
  return rule.bodies.some((b) => b.signers > (signers.get(b.body) ?? 0)) || rule.notice_days > than.notice_days
    || (rule.needs_resolution && !than.needs_resolution) || (rule.passkey_only && !than.passkey_only);
}

/** The normal rule for a sum of the order's kind, fund and payee. */
const normalRule = (
  trx: Trx, estate_id: number, { order, payee_class, today }: Asked, amount: Money, fund = order.fund,
): Promise<Rule | null> => ruleFor(trx, estate_id, { kind: order.kind, amount, fund, payee_class, on: today });

/** All of them, in the order in which submitting refuses. */
export async function ruleChecks(trx: Trx, estate_id: number, asked: Asked): Promise<Check[]> {
  const { order } = asked;
  const amount = money(order.amount);
  const normal = await normalRule(trx, estate_id, asked, amount);
  const split = await splitCheck(trx, estate_id, asked, normal);
  if (order.class === 'emergency') return [...await emergencyChecks(trx, estate_id, asked, normal), ...split];
  // Without a rule submitting says so itself.
  if (normal === null) return [];
  const smallest = await normalRule(trx, estate_id, asked, SMALLEST);
  const facts = { limit: moneyFigures(money(normal.amount_from)), who: who(normal), who_en: who_en(normal), days: normal.notice_days };
  return [
    ...await resolutionChecks(trx, estate_id, asked, normal),
    ...(smallest !== null && isStricter(normal, smallest) ? [told('large', 'attention', texts.large, facts)] : []),
    ...(normal.notice_days > 0 ? [told('notice', 'attention', texts.notice, facts)] : []),
    ...(normal.passkey_only ? [told('passkey', 'attention', texts.passkey)] : []),
    ...split,
  ];
}

async function resolutionChecks(trx: Trx, estate_id: number, { order: { resolution, state }, today }: Asked, { needs_resolution }: Rule): Promise<Check[]> {
  if (resolution !== null && 'resolution_id' in resolution) {
    // Once submitted, it was good on that day.
    if (!['draft', 'returned'].includes(state)) return [told('resolution', 'ok', texts.resolution_voted, { ...resolution })];
    try {
      const { certified } = await linkedResolution(trx, estate_id, resolution.resolution_id, { today, field: 'resolution_id' });
      return [told('resolution', certified ? 'ok' : 'attention', certified ? texts.resolution_voted : texts.resolution_uncertified, { ...resolution })];
    } catch (error) {
      if (error instanceof Refusal) return [refused('resolution', error)];
      throw error;
    }
  }
  if (resolution !== null) return [told('resolution', 'ok', texts.resolution, { title: resolution.title, date: resolution.date })];
  return needs_resolution ? [refused('resolution', approvalRefusals.resolution_missing({}, 'resolution_title'))] : [];
}

/** The amount below which an emergency order stays, over all its rules; null where there is none. */
export function emergencyLimit(rules: readonly Rule[]): Money | null {
  const limits = rules.filter((rule) => rule.amount_to !== null).map((rule) => money(rule.amount_to!));
  return limits.length === 0 ? null : limits.reduce((a, b) => (b.greaterThan(a) ? b : a));
}

async function emergencyChecks(trx: Trx, estate_id: number, { order, payee_class, today }: Asked, full: Rule | null): Promise<Check[]> {
  const amount = money(order.amount);
  const rule = await ruleFor(trx, estate_id, { kind: order.kind, class: 'emergency', amount, fund: order.fund, payee_class, on: today });
  if (rule === null || full === null) {
    const rules = (await readRules(trx, estate_id, { on: today })).filter((one) => one.class === 'emergency' && one.kind === order.kind);
    const limit = moneyFigures(emergencyLimit(rules) ?? money('0.00'));
    return [refused('emergency', refusals.emergency_not_possible({ amount: moneyFigures(amount), limit }, 'amount'))];
  }
  if (payee_class === 'officer') return [refused('emergency', approvalRefusals.emergency_not_for_officers({}, 'class'))];
  const open = ['draft', 'returned', 'submitted', 'held'].includes(order.state);
  const { amount: used, overdue } = await emergenciesOf(trx, estate_id, today);
  if (open && overdue) return [refused('emergency', approvalRefusals.emergency_not_ratified({}, 'class'))];
  if (open && rule.month_cap !== null && sum([money(used), amount]).greaterThan(money(rule.month_cap))) {
    return [refused('emergency', refusals.emergency_month_exceeded({
      used: moneyFigures(money(used)), amount: moneyFigures(amount), cap: moneyFigures(money(rule.month_cap)),
    }, 'class'))];
  }
  return [
    told('emergency', 'attention', texts.emergency,
      { who: who(rule), who_en: who_en(rule), full: who(full), full_en: who_en(full), days: rule.ratify_days ?? 0 }),
    ...await resolutionChecks(trx, estate_id, { order, payee_class, today, submitted_on: today }, rule),
  ];
}

/** Orders that would each take a milder rule than their sum. One that takes the strict rule by itself hides nothing
 *  and is left out of the sum. */
async function splitCheck(trx: Trx, estate_id: number, asked: Asked, own: Rule | null): Promise<Check[]> {
  const { order, submitted_on } = asked;
  let others = await ordersNear(trx, estate_id, order, submitted_on, SPLIT_DAYS);
  if (own === null || others.length === 0) return [];
  const rules = new Map<number, Rule>();
  for (const { order_id, amount, fund } of others) {
    rules.set(order_id, await normalRule(trx, estate_id, asked, money(amount), fund) ?? own);
  }
  const totalOf = (list: readonly NearOrder[]): Money => sum([money(order.amount), ...list.map((other) => money(other.amount))]);
  for (;;) {
    const together = await normalRule(trx, estate_id, asked, totalOf(others));
    if (together === null || others.length === 0 || !isStricter(together, own)) return [];
    const milder = others.filter(({ order_id }) => isStricter(together, rules.get(order_id)!));
    if (milder.length === others.length) {
      return [told('split', 'attention', texts.split, {
        days: SPLIT_DAYS, references: others.map((other) => other.reference).join('、'), count: others.length + 1,
        total: moneyFigures(totalOf(others)), who: who(together), who_en: who_en(together),
      })];
    }
    others = milder;
  }
}
