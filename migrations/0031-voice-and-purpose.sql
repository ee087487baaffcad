-- The owners' voice and money with a purpose: kinds of proposals for final accounts, projects, certified resolutions, the forms of
-- the bodies, and opening balances.

ALTER TABLE proposal DROP CONSTRAINT proposal_kind_known;
ALTER TABLE proposal ADD CONSTRAINT proposal_kind_known CHECK (kind IN ('payment', 'transfer', 'reversal', 'refund', 'budget', 'rule',
  'membership', 'delegation', 'close', 'disclosure', 'log_key', 'bank_account', 'mandate', 'fee_rule', 'waiver', 'subsidy', 'subsidy_batch',
  'handover', 'takeover', 'final_account', 'project', 'resolution', 'body_form', 'opening'));
COMMENT ON COLUMN proposal.kind IS 'payment, transfer, reversal, refund, budget, rule, membership, delegation, close, disclosure, log_key, bank_account, mandate, fee_rule, waiver, subsidy, subsidy_batch, handover, takeover, final_account, project, resolution, body_form or opening.';

-- No rules of their own, so that old estates need none: what gives money its purpose (projects, the final account) asks whom the
-- budget asks, or, where an estate has no rule for budgets, whom a change of the rules asks.
CREATE OR REPLACE FUNCTION rule_for(p_estate integer, p_kind text, p_class text, p_amount numeric, p_fund text, p_payee_class text, p_on date)
RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT r.rule_id FROM rule r
  WHERE r.estate_id = p_estate AND r.kind = CASE
      WHEN p_kind IN ('log_key', 'bank_account', 'mandate', 'fee_rule', 'subsidy', 'handover', 'takeover', 'resolution', 'body_form', 'opening') THEN 'rule'
      WHEN p_kind IN ('waiver', 'subsidy_batch') THEN 'transfer'
      WHEN p_kind IN ('budget', 'final_account', 'project') THEN
        CASE WHEN EXISTS (SELECT FROM rule b WHERE b.estate_id = p_estate AND b.kind = 'budget' AND b.class = p_class
          AND p_on BETWEEN b.valid_from AND coalesce(b.valid_to, 'infinity')) THEN 'budget' ELSE 'rule' END
      ELSE p_kind END
    AND r.class = p_class
    AND (r.fund IS NULL OR r.fund = p_fund) AND (r.payee_class IS NULL OR r.payee_class = p_payee_class)
    AND coalesce(p_amount, 0) >= r.amount_from AND (r.amount_to IS NULL OR coalesce(p_amount, 0) < r.amount_to)
    AND p_on BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
  ORDER BY (r.payee_class IS NOT NULL) DESC, (r.fund IS NOT NULL) DESC, r.valid_from DESC, r.rule_id DESC LIMIT 1
$$;

-- The door: closing entries of a year and the balances a set of books begins with are transfers of their own kind of proposal. Only
-- opening balances may bring money that came from nowhere in these books.
CALL amend_function('post_entries(integer, text[])',
  'CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END',
  'CASE o.kind WHEN ''refund'' THEN ''payment'' WHEN ''final_account'' THEN ''transfer'' WHEN ''opening'' THEN ''transfer'' ELSE o.kind END',
  'WHEN e.kind = ''transfer'' AND e.reverses IS NULL AND t.money <> 0 THEN ''order_required''',
  'WHEN e.kind = ''transfer'' AND e.reverses IS NULL AND t.money <> 0 AND o.kind IS DISTINCT FROM ''opening'' THEN ''order_required''');
CALL amend_function('guard_order()',
  'CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END',
  'CASE o.kind WHEN ''refund'' THEN ''payment'' WHEN ''final_account'' THEN ''transfer'' WHEN ''opening'' THEN ''transfer'' ELSE o.kind END');
