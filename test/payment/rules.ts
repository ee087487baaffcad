// Further rules for tests: written beside the usual ones by the superuser, as a change of rules would have.
import type { TestHouse } from '../helpers/house.ts';
import type { Kind } from '../../src/approval/kinds.ts';

export interface RuleGiven {
  kind: Kind;
  class?: 'normal' | 'emergency';
  fund?: string | null;
  payee_class?: string | null;
  amount_from?: string;
  amount_to?: string | null;
  notice_days?: number;
  needs_resolution?: boolean;
  passkey_only?: boolean;
  month_cap?: string | null;
  ratify_days?: number | null;
  expires_days?: number;
  bodies?: Record<string, number>;
}

/** Gives its number. One for a fund goes before the usual ones. */
export async function addRule(h: TestHouse, given: RuleGiven): Promise<number> {
  const { estate_id } = h.estate;
  const { kind, class: of = 'normal', fund = null, payee_class = null, amount_from = '0.00', amount_to = null, notice_days = 0 } = given;
  const { needs_resolution = false, passkey_only = false, month_cap = null, ratify_days = null, expires_days = 30 } = given;
  const { rows } = await h.superuser.query<{ rule_id: number }>(
    `insert into rule (estate_id, rule_id, kind, class, fund, payee_class, amount_from, amount_to, notice_days, needs_resolution, passkey_only,
       month_cap, ratify_days, expires_days, valid_from)
     select $1, max(rule_id) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '2020-01-01' from rule where estate_id = $1 returning rule_id`,
    [estate_id, kind, of, fund, payee_class, amount_from, amount_to, notice_days, needs_resolution, passkey_only, month_cap, ratify_days, expires_days]);
  for (const [body, signers] of Object.entries(given.bodies ?? { property: 1, committee: 1 })) {
    await h.superuser.query('insert into rule_body (estate_id, rule_id, body, signers) values ($1, $2, $3, $4)',
      [estate_id, rows[0]!.rule_id, body, signers]);
  }
  return rows[0]!.rule_id;
}
