// Signing rules (签批规则): who must sign what, as dated data. A rule asks at least two bodies, the owners'
// side among them; the one for the very payee and fund goes before the one for the payee, that before the one
// for the fund, that before the general one; a band holds its lower border and not its upper one.
// First rules come with the estate through open_rules(); later ones by a proposal under the old rule
// (rule-change.ts). rule_for() in the database chooses; nothing here chooses a second time.
import { sql } from 'kysely';
import { canonical, type Json } from '../kernel/canonical.ts';
import type { BodyKind } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { moneyText, type Money } from '../kernel/money.ts';
import { usualRules, type Preset } from './presets.ts';
import { refusals } from './refusals.ts';
import type { Kind, NewRule, PayeeClass, RuleClass, RuleKind } from './kinds.ts';



export interface Rule {
  rule_id: number;
  kind: RuleKind;
  class: RuleClass;
  amount_from: string;
  amount_to: string | null;
  fund: string | null;
  payee_class: PayeeClass | null;
  in_sequence: boolean;
  notice_days: number;
  needs_resolution: boolean;
  passkey_only: boolean;
  month_cap: string | null;
  ratify_days: number | null;
  valid_from: BusinessDate;
  valid_to: BusinessDate | null;
  expires_days: number;
  /** In the order in which they sign, where the rule asks for one. */
  bodies: { body: BodyKind; signers: number; place: number; name_zh: string; name_en: string }[];
}

/** The same rule in its shortest spelling: defaults are left out, bodies in one order. Two rules say the same
 *  where their plain spellings are equal as canonical JSON. */
export function plainRule(rule: NewRule): NewRule {
  const { kind, amount_from, amount_to, fund, expires_days, payee_class, sequence, month_cap, ratify_days } = rule;
  return {
    kind, amount_from, amount_to, fund, expires_days,
    bodies: Object.fromEntries(Object.entries(rule.bodies).filter(([, signers]) => signers !== 0)),
    ...(rule.class === undefined || rule.class === 'normal' ? {} : { class: rule.class }),
    ...(payee_class === undefined || payee_class === null ? {} : { payee_class }),
    ...(sequence === undefined || sequence.length === 0 ? {} : { sequence }),
    ...(rule.notice_days === undefined || rule.notice_days === 0 ? {} : { notice_days: rule.notice_days }),
    ...(rule.needs_resolution === true ? { needs_resolution: true } : {}),
    ...(rule.passkey_only === true ? { passkey_only: true } : {}),
    ...(month_cap === undefined ? {} : { month_cap }),
    ...(ratify_days === undefined ? {} : { ratify_days }),
  };
}

/** A rule of the database as one would write it down anew. */
export function newRuleOf(rule: Rule): NewRule {
  const { bodies, in_sequence, month_cap, ratify_days, kind, amount_from, amount_to, fund, payee_class, expires_days } = rule;
  return plainRule({
    kind, class: rule.class, amount_from, amount_to, fund, payee_class, expires_days,
    notice_days: rule.notice_days, needs_resolution: rule.needs_resolution, passkey_only: rule.passkey_only,
    bodies: Object.fromEntries(bodies.map((one) => [one.body, one.signers])),
    ...(in_sequence ? { sequence: [...bodies].sort((a, b) => a.place - b.place).map((one) => one.body) } : {}),
    ...(month_cap === null ? {} : { month_cap }),
    ...(ratify_days === null ? {} : { ratify_days }),
  });
}

/** First rules of an estate: those of a preset, by default of its mode; others may be given.
 *  Refusal: rules_exist. */
export async function openRules(
  trx: Trx,
  { estate_id, mode, valid_from, preset = mode as Preset, rules = usualRules(preset) }:
  { estate_id: number; mode: string; valid_from: BusinessDate; preset?: Preset | undefined; rules?: NewRule[] | undefined },
): Promise<void> {
  const found = await trx.selectFrom('rule').select('rule_id').where('estate_id', '=', estate_id).limit(1).executeTakeFirst();
  if (found !== undefined) throw refusals.rules_exist();
  const body: Json = { rules: rules.map((rule, index): Json => ({ ...rule, rule_id: index + 1, valid_from })) };
  await sql`select open_rules(${estate_id}, ${canonical(body)})`.execute(trx);
}

export interface RuleAsked {
  kind: Kind;
  class?: RuleClass | undefined;
  amount: Money | null;
  fund: string | null;
  payee_class?: PayeeClass | null | undefined;
  on: BusinessDate;
}

/** The rule that answers for a case, as rule_for() chooses it. Null when none fits. */
export async function ruleFor(trx: Trx, estate_id: number, asked: RuleAsked): Promise<Rule | null> {
  const { kind, class: wanted = 'normal', amount, fund, payee_class = null, on } = asked;
  const sum = amount === null ? null : moneyText(amount);
  const { rows } = await sql<{ rule_id: number | null }>`
    select rule_for(${estate_id}, ${kind}, ${wanted}, ${sum}, ${fund}, ${payee_class}, ${on}) as rule_id`.execute(trx);
  const rule_id = rows[0]!.rule_id;
  return rule_id === null ? null : (await readRules(trx, estate_id, { only: rule_id }))[0] ?? null;
}

/** Rules with their bodies: those that hold on a day, one by its number, or all there ever were. */
export async function readRules(
  trx: Trx, estate_id: number, { on, only }: { on?: BusinessDate; only?: number } = {},
): Promise<Rule[]> {
  const { rows } = await sql<Rule>`
    select r.rule_id, r.kind, r.class, r.amount_from, r.amount_to, r.fund, r.payee_class, r.in_sequence, r.notice_days,
      r.needs_resolution, r.passkey_only, r.month_cap, r.ratify_days, r.valid_from, r.valid_to, r.expires_days,
      jsonb_agg(jsonb_build_object('body', b.body, 'signers', b.signers, 'place', b.place, 'name_zh', n.name_zh, 'name_en', n.name_en)
        order by b.place, b.body = 'committee', b.body desc) as bodies
    from rule r
    join rule_body b on b.estate_id = r.estate_id and b.rule_id = r.rule_id
    join body n on n.estate_id = b.estate_id and n.body = b.body
    where r.estate_id = ${estate_id} and (${only ?? null}::integer is null or r.rule_id = ${only ?? null})
      and (${on ?? null}::date is null or ${on ?? null}::date between r.valid_from and coalesce(r.valid_to, 'infinity'))
    group by r.estate_id, r.rule_id
    order by array_position(array['payment', 'refund', 'transfer', 'reversal', 'close', 'disclosure', 'budget', 'rule', 'membership',
      'delegation'], r.kind), array_position(array['normal', 'emergency', 'vacancy'], r.class), r.payee_class nulls first,
      r.fund nulls first, r.amount_from, r.rule_id`
    .execute(trx);
  return rows;
}

/** Proposals that made and ended each rule; null for those that came with the estate, and for those that hold. */
export type Origins = Map<number, { made_by: number | null; ended_by: number | null }>;

/** From the log: each change tells its first new number and which rules it ended. */
export async function ruleOrigins(trx: Trx, estate_id: number): Promise<Origins> {
  const { rows: changes } = await sql<{ proposal: number; first_rule: number; ends: number[] }>`
    select (body::jsonb ->> 'proposal')::integer as proposal, (body::jsonb ->> 'first_rule')::integer as first_rule,
      array(select jsonb_array_elements_text(body::jsonb -> 'ends')::integer) as ends
    from record where estate_id = ${estate_id} and kind = 'rules_changed' order by seq`.execute(trx);
  const rules = await trx.selectFrom('rule').select('rule_id').where('estate_id', '=', estate_id).execute();
  return new Map(rules.map(({ rule_id }) => [rule_id, {
    made_by: changes.findLast((change) => change.first_rule <= rule_id)?.proposal ?? null,
    ended_by: changes.find((change) => change.ends.includes(rule_id))?.proposal ?? null,
  }]));
}
