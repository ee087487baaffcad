// Signing rules (签批规则): who must sign what, as dated data. A rule asks at least two bodies; a rule
// for one fund goes before the general one; a band holds its lower border and not its upper one.
// First rules come with the estate through open_rules(); later ones by a proposal under the old rule.
import { sql } from 'kysely';
import { canonical, type Json } from '../kernel/canonical.ts';
import type { BodyKind } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { moneyText, type Money } from '../kernel/money.ts';
import type { Kind } from './proposal.ts';
import { refusals } from './refusals.ts';

export interface NewRule {
  kind: Kind;
  /** Included; "0.00" when there is no lower border. */
  amount_from: string;
  /** Excluded; null without limit. */
  amount_to: string | null;
  fund: string | null;
  expires_days: number;
  bodies: Partial<Record<BodyKind, number>>;
}

export interface Rule {
  rule_id: number;
  kind: Kind;
  amount_from: string;
  amount_to: string | null;
  fund: string | null;
  valid_from: BusinessDate;
  valid_to: BusinessDate | null;
  expires_days: number;
  bodies: { body: BodyKind; signers: number; name_zh: string; name_en: string }[];
}

/** From here on an order takes the stricter rule, and so does a transfer: it may carry the bank's money into
 *  the cash box. Shenzhen asks an announcement from the same sum. */
const LARGE = '100000.00';

/** The usual rules of a mode: two bodies for everything, more of the owners' side for large sums. */
export function usualRules(mode: string): NewRule[] {
  const [first, second]: [BodyKind, BodyKind] = mode === 'self_managed'
    ? ['committee', 'supervisor'] : ['property', 'committee'];
  const rule = (kind: Kind, amount_from: string, amount_to: string | null, bodies: NewRule['bodies']): NewRule =>
    ({ kind, amount_from, amount_to, fund: null, expires_days: 30, bodies });
  const one = { [first]: 1, [second]: 1 };
  // Self-managed estates ask two committee members; elsewhere the committee is the second key.
  const more = mode === 'self_managed' ? { committee: 2, supervisor: 1 } : { property: 1, committee: 2 };
  return [
    ...(['payment', 'transfer'] as const).flatMap((kind) => [rule(kind, '0.00', LARGE, one), rule(kind, LARGE, null, more)]),
    ...(['reversal', 'close'] as const).map((kind) => rule(kind, '0.00', null, one)),
  ];
}

/** First rules of an estate; `rules` other than the usual ones of its mode may be given.
 *  Refusal: rules_exist. */
export async function openRules(
  trx: Trx,
  { estate_id, mode, valid_from, rules = usualRules(mode) }:
  { estate_id: number; mode: string; valid_from: BusinessDate; rules?: NewRule[] | undefined },
): Promise<void> {
  const found = await trx.selectFrom('rule').select('rule_id').where('estate_id', '=', estate_id).limit(1).executeTakeFirst();
  if (found !== undefined) throw refusals.rules_exist();
  const body: Json = { rules: rules.map((rule, index): Json => ({ ...rule, rule_id: index + 1, valid_from })) };
  await sql`select open_rules(${estate_id}, ${canonical(body)})`.execute(trx);
}

/** The rule for a proposal of today, its fund's own before the general one. Null when none fits. */
export async function ruleFor(
  trx: Trx, estate_id: number,
  { kind, amount, fund, on }: { kind: Kind; amount: Money | null; fund: string | null; on: BusinessDate },
): Promise<Rule | null> {
  const sum = amount === null ? '0.00' : moneyText(amount);
  const rules = (await readRules(trx, estate_id, on)).filter((rule) => rule.kind === kind
    && (rule.fund === null || rule.fund === fund));
  const { rows } = await sql<{ rule_id: number }>`
    select rule_id from rule
    where estate_id = ${estate_id} and kind = ${kind} and rule_id = any(${rules.map((r) => r.rule_id)}::integer[])
      and amount_from <= ${sum}::numeric and (amount_to is null or amount_to > ${sum}::numeric)
    order by (fund is null), valid_from desc, rule_id desc limit 1`.execute(trx);
  return rules.find((rule) => rule.rule_id === rows[0]?.rule_id) ?? null;
}

/** All rules that hold on a day, with their bodies. */
export async function readRules(trx: Trx, estate_id: number, on: BusinessDate): Promise<Rule[]> {
  const { rows } = await sql<Rule>`
    select r.rule_id, r.kind, r.amount_from, r.amount_to, r.fund, r.valid_from, r.valid_to, r.expires_days,
      jsonb_agg(jsonb_build_object('body', b.body, 'signers', b.signers, 'name_zh', n.name_zh, 'name_en', n.name_en)
        order by b.body = 'committee', b.body desc) as bodies
    from rule r
    join rule_body b on b.estate_id = r.estate_id and b.rule_id = r.rule_id
    join body n on n.estate_id = b.estate_id and n.body = b.body
    where r.estate_id = ${estate_id} and ${on}::date between r.valid_from and coalesce(r.valid_to, 'infinity')
    group by r.estate_id, r.rule_id
    order by array_position(array['payment', 'transfer', 'reversal', 'close'], r.kind), r.fund nulls first, r.amount_from`
    .execute(trx);
  return rows;
}
