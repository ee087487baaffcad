-- Fee rules (收费项目): what a dwelling owes and why, dated, signed by both keys as a change of the rules is. Bills are made under a
-- rule, show how they were reckoned, and are lowered only by a proposal.

ALTER TABLE proposal DROP CONSTRAINT proposal_kind_known;
ALTER TABLE proposal ADD CONSTRAINT proposal_kind_known CHECK (kind IN ('payment', 'transfer', 'reversal', 'refund', 'budget', 'rule',
  'membership', 'delegation', 'close', 'disclosure', 'log_key', 'bank_account', 'mandate', 'fee_rule', 'waiver', 'subsidy', 'subsidy_batch',
  'handover', 'takeover'));
COMMENT ON COLUMN proposal.kind IS 'payment, transfer, reversal, refund, budget, rule, membership, delegation, close, disclosure, log_key, bank_account, mandate, fee_rule, waiver, subsidy, subsidy_batch, handover or takeover.';

-- No rules of their own, so that old estates need none: what makes rules asks whom a change of the rules asks, what gives up
-- money asks whom a transfer of that sum asks.
CREATE OR REPLACE FUNCTION rule_for(p_estate integer, p_kind text, p_class text, p_amount numeric, p_fund text, p_payee_class text, p_on date)
RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT r.rule_id FROM rule r
  WHERE r.estate_id = p_estate AND r.kind = CASE WHEN p_kind IN ('log_key', 'bank_account', 'mandate', 'fee_rule', 'subsidy', 'handover', 'takeover') THEN 'rule'
      WHEN p_kind IN ('waiver', 'subsidy_batch') THEN 'transfer' ELSE p_kind END
    AND r.class = p_class
    AND (r.fund IS NULL OR r.fund = p_fund) AND (r.payee_class IS NULL OR r.payee_class = p_payee_class)
    AND coalesce(p_amount, 0) >= r.amount_from AND (r.amount_to IS NULL OR coalesce(p_amount, 0) < r.amount_to)
    AND p_on BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
  ORDER BY (r.payee_class IS NOT NULL) DESC, (r.fund IS NOT NULL) DESC, r.valid_from DESC, r.rule_id DESC LIMIT 1
$$;

CREATE TABLE fee_rule (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,30}$' AND item <> 'late_fee'),
  name_zh text NOT NULL CHECK (char_length(name_zh) BETWEEN 1 AND 30),
  name_en text NOT NULL CHECK (char_length(name_en) BETWEEN 1 AND 60),
  basis text NOT NULL CHECK (basis IN ('area', 'fixed', 'metered', 'space', 'shared')),
  rate numeric(14, 6) CHECK (rate >= 0),
  meter_kind text CHECK (meter_kind IN ('water', 'electricity', 'gas', 'heat')),
  apportion_by text CHECK (apportion_by IN ('area', 'household')),
  cost_account text,
  applies_to text NOT NULL DEFAULT '{}',
  account text NOT NULL,
  fund text NOT NULL,
  due_day smallint NOT NULL CHECK (due_day BETWEEN 1 AND 31),
  due_months smallint NOT NULL DEFAULT 0 CHECK (due_months BETWEEN 0 AND 12),
  late_rate numeric(9, 6) CHECK (late_rate > 0 AND late_rate <= 0.01),
  late_grace_days smallint NOT NULL DEFAULT 0 CHECK (late_grace_days BETWEEN 0 AND 365),
  late_cap_percent numeric(6, 2) CHECK (late_cap_percent > 0 AND late_cap_percent <= 100),
  starts_on date NOT NULL,
  ends_on date,
  opened_seq bigint NOT NULL,
  ended_seq bigint,
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT fee_rule_of_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, account) REFERENCES account,
  FOREIGN KEY (estate_id, cost_account) REFERENCES account (estate_id, account),
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT fee_rule_basis_whole CHECK ((basis = 'metered') = (meter_kind IS NOT NULL) AND (basis = 'shared') = (apportion_by IS NOT NULL)
    AND (basis = 'shared') = (rate IS NULL) AND (basis = 'shared') = (cost_account IS NOT NULL)),
  CONSTRAINT fee_rule_late_capped CHECK ((late_rate IS NULL) = (late_cap_percent IS NULL)),
  CONSTRAINT fee_rule_days_in_order CHECK (ends_on >= starts_on - 1)
);
COMMENT ON TABLE fee_rule IS 'Fee rules (收费项目), written by open_fee_rule() only: of an item the one with the latest starts_on not after the day counts, until its ends_on.';
COMMENT ON COLUMN fee_rule.estate_id IS 'Estate.';
COMMENT ON COLUMN fee_rule.proposal_id IS 'Proposal with the signatures; number of the rule.';
COMMENT ON COLUMN fee_rule.item IS 'What for: property_fee, parking, water …; the same item with a later start replaces the earlier rule.';
COMMENT ON COLUMN fee_rule.name_zh IS 'Name in Chinese, as bills print it.';
COMMENT ON COLUMN fee_rule.name_en IS 'Name in English.';
COMMENT ON COLUMN fee_rule.basis IS 'area: rate × m² a month. fixed: rate a dwelling and month. metered: rate × consumption. space: rate a parking space and month. shared: a cost of the month, apportioned.';
COMMENT ON COLUMN fee_rule.rate IS 'Yuan; NULL of shared.';
COMMENT ON COLUMN fee_rule.meter_kind IS 'Of metered: which meters.';
COMMENT ON COLUMN fee_rule.apportion_by IS 'Of shared: by area or by household.';
COMMENT ON COLUMN fee_rule.cost_account IS 'Of shared: the account whose payments may be shared, 5106 for example; nothing else that was paid can be.';
COMMENT ON COLUMN fee_rule.applies_to IS 'Canonical JSON {buildings?, kinds?, occupancies?, phases?}: dwellings it is for; what is left out restricts nothing.';
COMMENT ON COLUMN fee_rule.account IS 'Account credited when paid: income, or 2242 of what is collected for others.';
COMMENT ON COLUMN fee_rule.fund IS 'Fund credited.';
COMMENT ON COLUMN fee_rule.due_day IS 'Day of the month by which it is due; 31: the last.';
COMMENT ON COLUMN fee_rule.due_months IS 'Months after the billed month in which that day lies.';
COMMENT ON COLUMN fee_rule.late_rate IS 'Late fee (滞纳金) a day, as part of what is open: 0.0005; NULL: none was agreed.';
COMMENT ON COLUMN fee_rule.late_grace_days IS 'Days after the due day without late fee.';
COMMENT ON COLUMN fee_rule.late_cap_percent IS 'Most late fee of a bill, per cent of the bill.';
COMMENT ON COLUMN fee_rule.starts_on IS 'First day.';
COMMENT ON COLUMN fee_rule.ends_on IS 'Last day; NULL without end.';
COMMENT ON COLUMN fee_rule.opened_seq IS 'Record that began it.';
COMMENT ON COLUMN fee_rule.ended_seq IS 'Record that gave it its last day.';
CREATE INDEX fee_rule_item ON fee_rule (estate_id, item, starts_on);
CALL wall_estate('fee_rule');

-- ── Bills ────────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE bill
  ADD COLUMN rule_id bigint,
  ADD COLUMN lines text NOT NULL DEFAULT '[]',
  ADD COLUMN of_bill bigint,
  ADD COLUMN seq bigint,
  ADD COLUMN import_id bigint,
  ADD FOREIGN KEY (estate_id, rule_id) REFERENCES fee_rule (estate_id, proposal_id),
  ADD FOREIGN KEY (estate_id, of_bill) REFERENCES bill (estate_id, bill_id),
  ADD FOREIGN KEY (estate_id, seq) REFERENCES record,
  ADD CONSTRAINT bill_late_fee_of_bill CHECK ((item = 'late_fee') = (of_bill IS NOT NULL)),
  DROP CONSTRAINT bill_once;
-- A late fee stands once for each bill and month.
CREATE UNIQUE INDEX bill_once ON bill (estate_id, unit, item, period, coalesce(of_bill, 0));
CREATE INDEX bill_of_bill ON bill (estate_id, of_bill) WHERE of_bill IS NOT NULL;
COMMENT ON COLUMN bill.item IS 'What for: an item of the fee rules, or late_fee 滞纳金.';
COMMENT ON COLUMN bill.rule_id IS 'Fee rule it was made under; NULL of bills by the estate''s own rate, and of imported ones.';
COMMENT ON COLUMN bill.lines IS 'Canonical JSON: how the amount was reckoned, [{amount, days?, from?, of?, quantity?, rate?, to?, what}], the parts adding up to it.';
COMMENT ON COLUMN bill.of_bill IS 'Of a late fee: the bill that was not paid in time.';
COMMENT ON COLUMN bill.seq IS 'Record it was made with.';
COMMENT ON COLUMN bill.import_id IS 'Import that brought it (open bills of the time before).';

CREATE TABLE bill_reduction (
  estate_id integer NOT NULL,
  reduction_id bigint GENERATED ALWAYS AS IDENTITY,
  bill_id bigint NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  why text NOT NULL CHECK (why IN ('waiver', 'discount', 'write_off', 'correction', 'import_undone')),
  proposal_id bigint,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, reduction_id),
  FOREIGN KEY (estate_id, bill_id) REFERENCES bill,
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT bill_reduction_signed CHECK (proposal_id IS NOT NULL OR why = 'import_undone')
);
COMMENT ON TABLE bill_reduction IS 'What was taken off bills (减免、核销、更正), each under a proposal; a bill is never changed and never deleted.';
COMMENT ON COLUMN bill_reduction.estate_id IS 'Estate.';
COMMENT ON COLUMN bill_reduction.reduction_id IS 'Number.';
COMMENT ON COLUMN bill_reduction.bill_id IS 'Bill.';
COMMENT ON COLUMN bill_reduction.amount IS 'Yuan.';
COMMENT ON COLUMN bill_reduction.why IS 'waiver 减免, discount 优惠, write_off 核销, correction 更正, import_undone: its import was taken back.';
COMMENT ON COLUMN bill_reduction.proposal_id IS 'Proposal with the signatures.';
COMMENT ON COLUMN bill_reduction.seq IS 'Record.';
CREATE INDEX bill_reduction_bill ON bill_reduction (estate_id, bill_id);
CALL guard_append_only('bill_reduction');
CALL wall_estate('bill_reduction');

CREATE FUNCTION bill_reduced(p_estate integer, p_bill bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(r.amount), 0)::numeric(14, 2) FROM bill_reduction r WHERE r.estate_id = p_estate AND r.bill_id = p_bill
$$;
COMMENT ON FUNCTION bill_reduced(integer, bigint) IS 'What was taken off a bill.';
GRANT EXECUTE ON FUNCTION bill_reduced(integer, bigint) TO app, signer, auditor;

-- Never below zero: not by payments, not by reductions, not by both.
CREATE FUNCTION guard_bill_reduction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM log_head WHERE estate_id = NEW.estate_id FOR UPDATE;
  IF bill_paid(NEW.estate_id, NEW.bill_id) + bill_reduced(NEW.estate_id, NEW.bill_id)
      > (SELECT b.amount FROM bill b WHERE b.estate_id = NEW.estate_id AND b.bill_id = NEW.bill_id) THEN
    RAISE EXCEPTION 'bill_reduced_below_zero: less is open of bill %', NEW.bill_id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'bill_reduced_below_zero';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_bill_reduction AFTER INSERT ON bill_reduction FOR EACH ROW EXECUTE FUNCTION guard_bill_reduction();
ALTER TABLE bill_reduction ENABLE ALWAYS TRIGGER guard_bill_reduction;
CALL amend_function('guard_bill_payment()', 'IF bill_paid(NEW.estate_id, NEW.bill_id) > v_bill.amount THEN',
  'IF bill_paid(NEW.estate_id, NEW.bill_id) + bill_reduced(NEW.estate_id, NEW.bill_id) > v_bill.amount THEN');
