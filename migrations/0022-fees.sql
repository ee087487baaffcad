-- Fee rules and waivers carried out, shared costs, and what the job has done: open_fee_rule(), grant_waiver(), apply_waivers().

-- ── Fee rules ────────────────────────────────────────────────────────────────────────────────────
-- A rule stays as it was signed; only its last day is set, once, by another proposal.
CREATE FUNCTION guard_fee_rule() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old fee_rule := OLD; v_new fee_rule := NEW;
BEGIN
  IF TG_OP = 'UPDATE' THEN v_new.ends_on := v_old.ends_on; v_new.ended_seq := v_old.ended_seq; END IF;
  IF TG_OP = 'DELETE' OR v_old.ended_seq IS NOT NULL OR v_new IS DISTINCT FROM v_old THEN
    RAISE EXCEPTION 'fee_rule_stays: a fee rule may only be given its last day' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_fee_rule BEFORE UPDATE OR DELETE ON fee_rule FOR EACH ROW EXECUTE FUNCTION guard_fee_rule();
ALTER TABLE fee_rule ENABLE ALWAYS TRIGGER guard_fee_rule;
CREATE TRIGGER keep_fee_rules BEFORE TRUNCATE ON fee_rule FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE fee_rule ENABLE ALWAYS TRIGGER keep_fee_rules;

CREATE TABLE bill_run (
  estate_id integer NOT NULL REFERENCES estate,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,30}$'),
  period text NOT NULL CHECK (period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  made_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, item, period)
);
COMMENT ON TABLE bill_run IS 'Months of an item that were gone through, whether or not anybody owed anything: so the job knows what it missed.';
COMMENT ON COLUMN bill_run.estate_id IS 'Estate.';
COMMENT ON COLUMN bill_run.item IS 'Item, or late_fee.';
COMMENT ON COLUMN bill_run.period IS 'Month.';
COMMENT ON COLUMN bill_run.made_at IS 'When, for the first time.';
CALL guard_append_only('bill_run');
CALL wall_estate('bill_run');
GRANT INSERT ON bill_run TO app;

CREATE PROCEDURE add_bill_runs() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO bill_run (estate_id, item, period, made_at)
      SELECT b.estate_id, b.item, b.period, min(b.made_at) FROM bill b WHERE b.estate_id = v.estate_id AND b.import_id IS NULL
      GROUP BY b.estate_id, b.item, b.period;
  END LOOP;
END $$;
CALL add_bill_runs();
DROP PROCEDURE add_bill_runs();

-- Document: {change: "open", item, name_zh, name_en, basis, rate, meter_kind, apportion_by, applies_to: {…}, account, due_day, due_months,
--            cost_account, late_rate, late_grace_days, late_cap_percent, starts_on, ends_on, resolution?}   (fund: that of the proposal)
--        or {change: "end", rule, item, ends_on, resolution?}
-- Never for a month whose bills are made: what was billed stays as it was signed then.
CREATE FUNCTION open_fee_rule(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_account account; v_fund fund; v_rule fee_rule; v_seq bigint; v_first date;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'fee_rule');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_opened' ELSE v_why END; END IF;
  v_first := CASE v ->> 'change' WHEN 'end' THEN (v ->> 'ends_on')::date + 1 ELSE (v ->> 'starts_on')::date END;
  IF EXISTS (SELECT FROM bill b WHERE b.estate_id = p_estate AND b.item = v ->> 'item' AND b.import_id IS NULL AND b.period >= to_char(v_first, 'YYYY-MM')) THEN
    RAISE EXCEPTION 'fee_rule_month_billed: bills of this month are made' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fee_rule_month_billed';
  END IF;
  IF v ->> 'change' = 'end' THEN
    SELECT * INTO v_rule FROM fee_rule r WHERE r.estate_id = p_estate AND r.proposal_id = (v ->> 'rule')::bigint FOR UPDATE;
    IF v_rule.proposal_id IS NULL OR v_rule.ended_seq IS NOT NULL OR v_rule.item <> v ->> 'item' OR (v ->> 'ends_on')::date < v_rule.starts_on - 1
        OR (v ->> 'ends_on')::date > coalesce(v_rule.ends_on, 'infinity') THEN
      RAISE EXCEPTION 'fee_rule_not_possible: the rule is ended already' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fee_rule_not_possible';
    END IF;
    v_seq := write_record(p_estate, 'fee_rule_ended', format('{"ends_on":%s,"item":%s,"proposal":%s,"rule":%s}', to_json(v ->> 'ends_on'),
      to_json(v_rule.item), p_proposal, v_rule.proposal_id));
    UPDATE fee_rule SET ends_on = (v ->> 'ends_on')::date, ended_seq = v_seq WHERE estate_id = p_estate AND proposal_id = v_rule.proposal_id;
  ELSE
    SELECT * INTO v_account FROM account WHERE estate_id = p_estate AND account = v ->> 'account';
    SELECT * INTO v_fund FROM fund WHERE estate_id = p_estate AND fund = v ->> 'fund';
    IF NOT (v_account.class = 'income' OR v_account.account = '2242') OR NOT v_account.is_postable OR v_account.closed_on IS NOT NULL OR v_fund.fund IS NULL
        OR v_account.account IS NULL
        OR (v_fund.is_restricted AND NOT EXISTS (SELECT FROM fund_account f WHERE f.estate_id = p_estate AND f.fund = v_fund.fund
          AND f.account IN (v_account.account, v_account.parent))) THEN
      RAISE EXCEPTION 'fee_rule_not_possible: account or fund no longer fit' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'fee_rule_not_possible';
    END IF;
    v_seq := write_record(p_estate, 'fee_rule_opened', format('{"item":%s,"proposal":%s,"starts_on":%s}', to_json(v ->> 'item'), p_proposal,
      to_json(v ->> 'starts_on')));
    INSERT INTO fee_rule (estate_id, proposal_id, item, name_zh, name_en, basis, rate, meter_kind, apportion_by, cost_account, applies_to, account, fund, due_day, due_months,
        late_rate, late_grace_days, late_cap_percent, starts_on, ends_on, opened_seq)
      VALUES (p_estate, p_proposal, v ->> 'item', v ->> 'name_zh', v ->> 'name_en', v ->> 'basis', (v ->> 'rate')::numeric, v ->> 'meter_kind', v ->> 'apportion_by', v ->> 'cost_account',
        coalesce(v -> 'applies_to', '{}')::text, v_account.account, v_fund.fund, (v ->> 'due_day')::smallint, (v ->> 'due_months')::smallint,
        (v ->> 'late_rate')::numeric, coalesce((v ->> 'late_grace_days')::smallint, 0), (v ->> 'late_cap_percent')::numeric,
        (v ->> 'starts_on')::date, (v ->> 'ends_on')::date, v_seq);
  END IF;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'opened';
END $$;
COMMENT ON FUNCTION open_fee_rule(integer, bigint) IS 'Begins or ends a fee rule by an approved proposal. Statuses: opened, already_opened, order_not_approved, order_in_notice, order_objected; refuses by fee_rule_month_billed, fee_rule_not_possible.';
GRANT EXECUTE ON FUNCTION open_fee_rule(integer, bigint) TO app;

-- ── Metered and shared ───────────────────────────────────────────────────────────────────────────

CREATE TABLE bill_reading (
  estate_id integer NOT NULL,
  item text NOT NULL,
  reading_id bigint NOT NULL,
  bill_id bigint,
  PRIMARY KEY (estate_id, item, reading_id),
  FOREIGN KEY (estate_id, reading_id) REFERENCES meter_reading,
  FOREIGN KEY (estate_id, bill_id) REFERENCES bill
);
COMMENT ON TABLE bill_reading IS 'Readings up to which an item is billed: the next bill begins with what the last billed reading showed, even if it was taken back since, so that an error is made good by itself.';
COMMENT ON COLUMN bill_reading.estate_id IS 'Estate.';
COMMENT ON COLUMN bill_reading.item IS 'Item.';
COMMENT ON COLUMN bill_reading.reading_id IS 'Reading.';
COMMENT ON COLUMN bill_reading.bill_id IS 'Bill; NULL where there was nothing to bill.';
CALL guard_append_only('bill_reading');
CALL wall_estate('bill_reading');
GRANT INSERT ON bill_reading TO app;

CREATE TABLE shared_cost (
  estate_id integer NOT NULL REFERENCES estate,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,30}$'),
  period text NOT NULL CHECK (period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  entry_seq bigint NOT NULL,
  entered_by uuid NOT NULL REFERENCES person,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, item, period),
  FOREIGN KEY (estate_id, entry_seq) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE shared_cost IS 'Costs of a month that the dwellings share (公摊): each rests on the entry that paid it, and never on more than was paid on the account the rule names.';
COMMENT ON COLUMN shared_cost.estate_id IS 'Estate.';
COMMENT ON COLUMN shared_cost.item IS 'Item of a fee rule with basis shared.';
COMMENT ON COLUMN shared_cost.period IS 'Month it is for.';
COMMENT ON COLUMN shared_cost.amount IS 'Yuan to apportion.';
COMMENT ON COLUMN shared_cost.entry_seq IS 'Entry by which it was paid.';
COMMENT ON COLUMN shared_cost.entered_by IS 'Who entered it.';
COMMENT ON COLUMN shared_cost.seq IS 'Record.';
CREATE INDEX shared_cost_entry ON shared_cost (estate_id, entry_seq);
CALL guard_append_only('shared_cost');
CALL wall_estate('shared_cost');
GRANT INSERT ON shared_cost TO app;

CREATE FUNCTION guard_shared_cost() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM log_head WHERE estate_id = NEW.estate_id FOR UPDATE;
  IF (SELECT coalesce(sum(c.amount), 0) FROM shared_cost c WHERE c.estate_id = NEW.estate_id AND c.entry_seq = NEW.entry_seq)
      > (SELECT coalesce(sum(p.debit - p.credit), 0) FROM posting p JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq
        WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.entry_seq AND e.reverses IS NULL
          AND EXISTS (SELECT FROM fee_rule r WHERE r.estate_id = p.estate_id AND r.item = NEW.item AND r.cost_account = p.account
            AND r.starts_on <= (to_date(NEW.period, 'YYYY-MM') + interval '1 month')::date - 1)
          AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = e.estate_id AND r.reverses = e.seq)) THEN
    RAISE EXCEPTION 'shared_cost_beyond_entry: less was paid of what the rule shares' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'shared_cost_beyond_entry';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_shared_cost AFTER INSERT ON shared_cost FOR EACH ROW EXECUTE FUNCTION guard_shared_cost();
ALTER TABLE shared_cost ENABLE ALWAYS TRIGGER guard_shared_cost;

-- ── Waivers ──────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE waiver (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  why text NOT NULL CHECK (why IN ('waiver', 'discount', 'write_off', 'correction')),
  item text,
  percent numeric(5, 2) CHECK (percent > 0 AND percent <= 100),
  amount numeric(14, 2) CHECK (amount > 0),
  from_period text CHECK (from_period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  to_period text CHECK (to_period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  most numeric(14, 2) NOT NULL CHECK (most > 0),
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT waiver_of_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT waiver_whole CHECK ((from_period IS NULL) = (to_period IS NULL) AND to_period >= from_period
    AND (from_period IS NULL OR (percent IS NULL) <> (amount IS NULL)))
);
COMMENT ON TABLE waiver IS 'Waivers, discounts, write-offs and corrections in force (减免、优惠、核销、更正), written by grant_waiver() only.';
COMMENT ON COLUMN waiver.estate_id IS 'Estate.';
COMMENT ON COLUMN waiver.proposal_id IS 'Proposal with the signatures; number of the waiver.';
COMMENT ON COLUMN waiver.why IS 'waiver 减免, discount 优惠, write_off 核销, correction 更正.';
COMMENT ON COLUMN waiver.item IS 'Item of bills to come; NULL: of all items but late fees.';
COMMENT ON COLUMN waiver.percent IS 'Per cent of each bill to come; NULL where an amount is given.';
COMMENT ON COLUMN waiver.amount IS 'Yuan off each bill to come; NULL where per cent are given.';
COMMENT ON COLUMN waiver.from_period IS 'First month of bills to come; NULL: none.';
COMMENT ON COLUMN waiver.to_period IS 'Last month of bills to come.';
COMMENT ON COLUMN waiver.most IS 'Sum that was signed, yuan: no more is taken off, whatever the bills are.';
COMMENT ON COLUMN waiver.seq IS 'Record.';
CALL guard_append_only('waiver');
CALL wall_estate('waiver');

CREATE TABLE waiver_unit (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  unit text NOT NULL,
  PRIMARY KEY (estate_id, proposal_id, unit),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES waiver,
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE waiver_unit IS 'Dwellings a waiver is for.';
COMMENT ON COLUMN waiver_unit.estate_id IS 'Estate.';
COMMENT ON COLUMN waiver_unit.proposal_id IS 'Waiver.';
COMMENT ON COLUMN waiver_unit.unit IS 'Dwelling.';
CREATE INDEX waiver_unit_unit ON waiver_unit (estate_id, unit);
CALL guard_append_only('waiver_unit');
CALL wall_estate('waiver_unit');

CREATE UNIQUE INDEX bill_reduction_once ON bill_reduction (estate_id, bill_id, proposal_id) WHERE proposal_id IS NOT NULL;
CREATE INDEX bill_reduction_proposal ON bill_reduction (estate_id, proposal_id) WHERE proposal_id IS NOT NULL;

-- Takes off the bills of a month what was signed for it; called again it takes nothing more. Gives the sum.
CREATE FUNCTION apply_waivers(p_estate integer, p_period text) RETURNS numeric
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE w waiver; v_left numeric; v_bills bigint[]; v_amounts numeric[]; v_seq bigint; v_sum numeric; v_total numeric := 0;
BEGIN
  PERFORM enter_estate(p_estate);
  IF NOT EXISTS (SELECT FROM waiver x WHERE x.estate_id = p_estate AND p_period BETWEEN x.from_period AND x.to_period) THEN RETURN 0; END IF;
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  FOR w IN SELECT * FROM waiver x WHERE x.estate_id = p_estate AND p_period BETWEEN x.from_period AND x.to_period ORDER BY x.proposal_id LOOP
    v_left := w.most - (SELECT coalesce(sum(r.amount), 0) FROM bill_reduction r WHERE r.estate_id = p_estate AND r.proposal_id = w.proposal_id);
    SELECT array_agg(n.bill_id ORDER BY n.bill_id), array_agg(n.off ORDER BY n.bill_id), sum(n.off) INTO v_bills, v_amounts, v_sum
    FROM (SELECT o.bill_id, o.off, sum(o.off) OVER (ORDER BY o.bill_id) AS so_far
      FROM (SELECT b.bill_id, least(coalesce(w.amount, round(b.amount * w.percent / 100, 2)),
            b.amount - bill_paid(p_estate, b.bill_id) - bill_reduced(p_estate, b.bill_id)) AS off
          FROM bill b JOIN waiver_unit u ON u.estate_id = b.estate_id AND u.proposal_id = w.proposal_id AND u.unit = b.unit
          WHERE b.estate_id = p_estate AND b.period = p_period AND b.import_id IS NULL AND b.item <> 'late_fee' AND (w.item IS NULL OR b.item = w.item)
            AND NOT EXISTS (SELECT FROM bill_reduction r WHERE r.estate_id = p_estate AND r.bill_id = b.bill_id AND r.proposal_id = w.proposal_id)) AS o
      WHERE o.off > 0) AS n
    WHERE n.so_far <= v_left;
    CONTINUE WHEN v_bills IS NULL;
    v_seq := write_record(p_estate, 'waiver_applied', format('{"count":%s,"period":%s,"proposal":%s,"total":"%s"}', cardinality(v_bills), to_json(p_period), w.proposal_id, v_sum));
    INSERT INTO bill_reduction (estate_id, bill_id, amount, why, proposal_id, seq)
      SELECT p_estate, n.bill_id, n.off, w.why, w.proposal_id, v_seq FROM unnest(v_bills, v_amounts) AS n(bill_id, off);
    v_total := v_total + v_sum;
  END LOOP;
  RETURN v_total;
END $$;
COMMENT ON FUNCTION apply_waivers(integer, text) IS 'Takes off the bills of a month what waivers in force say, never more than was signed and never more than is open.';
GRANT EXECUTE ON FUNCTION apply_waivers(integer, text) TO app;

-- Document: {why, reason, units: [ref …], bills: [[bill, amount] …], item?, percent? | amount_each?, from_period?, to_period?, resolution?}; its amount is the most.
CREATE FUNCTION grant_waiver(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_bills bigint[]; v_amounts numeric[]; v_sum numeric; v_period text;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'waiver');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_granted' ELSE v_why END; END IF;
  -- What was paid or taken off since it was proposed is not given twice.
  SELECT array_agg(n.bill_id ORDER BY n.bill_id), array_agg(n.off ORDER BY n.bill_id), sum(n.off) INTO v_bills, v_amounts, v_sum
  FROM (SELECT b.bill_id, least(read_amount(x.value ->> 1), b.amount - bill_paid(p_estate, b.bill_id) - bill_reduced(p_estate, b.bill_id)) AS off
    FROM jsonb_array_elements(coalesce(v -> 'bills', '[]')) AS x JOIN bill b ON b.estate_id = p_estate AND b.bill_id = (x.value ->> 0)::bigint
    JOIN unit u ON u.estate_id = b.estate_id AND u.unit = b.unit WHERE v -> 'units' ? u.ref) AS n
  WHERE n.off > 0;
  IF v_bills IS NULL AND v ->> 'from_period' IS NULL THEN
    RAISE EXCEPTION 'waiver_not_possible: nothing is open of these bills any more' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'waiver_not_possible';
  END IF;
  IF v_sum > read_amount(v ->> 'amount') THEN
    RAISE EXCEPTION 'waiver_not_possible: more than was signed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'waiver_not_possible';
  END IF;
  v_seq := write_record(p_estate, 'waiver_granted', format('{"count":%s,"proposal":%s,"total":"%s"}', coalesce(cardinality(v_bills), 0), p_proposal, coalesce(v_sum, 0.00)));
  INSERT INTO waiver (estate_id, proposal_id, why, item, percent, amount, from_period, to_period, most, seq)
    VALUES (p_estate, p_proposal, v ->> 'why', v ->> 'item', (v ->> 'percent')::numeric, read_amount(v ->> 'amount_each'), v ->> 'from_period', v ->> 'to_period',
      read_amount(v ->> 'amount'), v_seq);
  INSERT INTO waiver_unit (estate_id, proposal_id, unit)
    SELECT p_estate, p_proposal, u.unit FROM unit u WHERE u.estate_id = p_estate AND v -> 'units' ? u.ref;
  INSERT INTO bill_reduction (estate_id, bill_id, amount, why, proposal_id, seq)
    SELECT p_estate, n.bill_id, n.off, v ->> 'why', p_proposal, v_seq FROM unnest(v_bills, v_amounts) AS n(bill_id, off);
  -- Months that were billed between proposal and signature.
  FOR v_period IN SELECT DISTINCT b.period FROM bill b WHERE b.estate_id = p_estate AND b.period BETWEEN v ->> 'from_period' AND v ->> 'to_period' ORDER BY 1 LOOP
    PERFORM apply_waivers(p_estate, v_period);
  END LOOP;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'granted';
END $$;
COMMENT ON FUNCTION grant_waiver(integer, bigint) IS 'Takes off bills what an approved proposal says, and begins what it says of bills to come. Statuses: granted, already_granted, order_not_approved, order_in_notice, order_objected; refuses by waiver_not_possible.';
GRANT EXECUTE ON FUNCTION grant_waiver(integer, bigint) TO app;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''fee_rule_opened'', ''fee_rule_ended'', ''waiver_granted'', ''waiver_applied'', ');
