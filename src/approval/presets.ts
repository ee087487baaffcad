// Presets (常用规则): where an estate begins. Thresholds are configuration and not law: each can be changed by a
// proposal, and /e/{estate}/rules/help explains them.
//   trust 信托制, commission 酬金制: property company and owners' committee, two of the committee from a large sum on.
//   trust_announced 信托制，大额先公示: the same, and large payments are announced for ten days, as in Shenzhen.
//   self_managed 居民自管: there is no company; the second key is the supervisors' or the community's.
//   small_tiers 小额分级: the steps of a Guangxi model, for committees of five.
import type { BodyKind } from '../kernel/actor.ts';
import type { RuleKind, NewRule } from './kinds.ts';

export const presets = ['trust', 'trust_announced', 'commission', 'self_managed', 'self_managed_community', 'small_tiers'] as const;
export type Preset = (typeof presets)[number];

/** From here on an order takes the stricter rule, and so does a transfer: it may carry the bank's money into
 *  the cash box. */
const LARGE = '100000.00';
/** Shenzhen asks so many days of notice, from the same sum on. */
const ANNOUNCED = 10;

type Bodies = NewRule['bodies'];
const rule = (kind: RuleKind, amount_from: string, amount_to: string | null, bodies: Bodies, more: Partial<NewRule> = {}): NewRule =>
  ({ kind, amount_from, amount_to, fund: null, expires_days: 30, bodies, ...more });

const APPOINTMENT: Partial<NewRule> = { needs_resolution: true, notice_days: 3 };
/** Who seats the next members where a body has no signers left: never the company, and only announced. */
const VACANCY: Partial<NewRule> = { class: 'vacancy', needs_resolution: true, notice_days: 7 };
const EMERGENCY: Partial<NewRule> = { class: 'emergency', month_cap: '200000.00', ratify_days: 7 };

/** The usual rules of a mode: two bodies for everything, more of the owners' side for large sums. */
export function usualRules(preset: Preset): NewRule[] {
  if (preset === 'small_tiers') return smallTiers();
  const second: BodyKind = preset === 'self_managed_community' ? 'community' : 'supervisor';
  const alone = preset === 'self_managed' || preset === 'self_managed_community';
  const one: Bodies = alone ? { committee: 1, [second]: 1 } : { property: 1, committee: 1 };
  // Self-managed estates ask two committee members; elsewhere the committee is the second key.
  const more: Bodies = alone ? { committee: 2, [second]: 1 } : { property: 1, committee: 2 };
  const announced: Partial<NewRule> = preset === 'trust_announced' ? { notice_days: ANNOUNCED } : {};
  return [
    rule('payment', '0.00', LARGE, one), rule('payment', LARGE, null, more, announced),
    rule('transfer', '0.00', LARGE, one), rule('transfer', LARGE, null, more),
    ...(['reversal', 'close'] as const).map((kind) => rule(kind, '0.00', null, one)),
    ...otherRules(one, more, announced),
  ];
}

function otherRules(one: Bodies, more: Bodies, large: Partial<NewRule> = {}): NewRule[] {
  return [
    rule('refund', '0.00', LARGE, one), rule('refund', LARGE, null, more, large),
    ...seldom(one, more),
    rule('payment', '0.00', '200000.00', one, EMERGENCY),
  ];
}

// Whoever seats signers holds what they will sign: no fewer than for the largest sums, and the owners hear of it first.
const seldom = (one: Bodies, more: Bodies): NewRule[] => [
  ...(['budget', 'rule'] as const).map((kind) => rule(kind, '0.00', null, more)),
  rule('membership', '0.00', null, more, APPOINTMENT),
  rule('delegation', '0.00', null, more), rule('disclosure', '0.00', null, one),
  rule('membership', '0.00', null, { community: 1, street: 1 }, VACANCY),
];

/** 300 yuan: two of the committee (chair and vice-chair there); to 500 all five; to 1,000 the owners'
 *  representatives as well, here the supervisors; above, the owners' meeting. Refunds and emergencies are no way around. */
function smallTiers(): NewRule[] {
  const one: Bodies = { property: 1, committee: 1 };
  const more: Bodies = { property: 1, committee: 2 };
  const five: Bodies = { property: 1, committee: 5 };
  return [
    rule('payment', '0.00', '300.00', more), rule('payment', '300.00', '500.00', five),
    rule('payment', '500.00', '1000.00', { ...five, supervisor: 2 }),
    rule('payment', '1000.00', null, { ...five, supervisor: 2 }, { needs_resolution: true, notice_days: 7 }),
    rule('refund', '0.00', '1000.00', more), rule('refund', '1000.00', null, five),
    rule('transfer', '0.00', null, more),
    ...(['reversal', 'close'] as const).map((kind) => rule(kind, '0.00', null, one)),
    ...seldom(one, more),
    rule('payment', '0.00', '5000.00', more, { ...EMERGENCY, month_cap: '10000.00' }),
  ];
}
