-- The operation log (操作日志) is searched by person, time and content (财会〔2024〕12号 §31-35), and the key that
-- signs the log is changed by a proposal.

-- ── Who, in the log ──────────────────────────────────────────────────────────────────────────────
-- Columns, not indexes over expressions: behind the walls of row-level security the database asks an index only
-- by operators it knows to be harmless, and a function of ours is not. Both say again what the body says.

CREATE FUNCTION read_person(p_text text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' THEN p_text::uuid END;
COMMENT ON FUNCTION read_person(text) IS 'A person''s id as it stands in a record; NULL of anything else.';

CREATE FUNCTION record_actor(p_kind text, p_body text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE j jsonb;
BEGIN
  -- Seats that others' signatures gave: nobody alone did it.
  IF p_kind IN ('term_opened', 'delegation_opened') THEN RETURN NULL; END IF;
  j := p_body::jsonb;
  IF p_kind = 'erased' THEN RETURN read_person(j ->> 'by'); END IF;
  RETURN read_person(coalesce(j ->> 'by', j ->> 'made_by', j ->> 'person', j ->> 'answered_by', j ->> 'stated_by', j ->> 'issued_by'));
END $$;
COMMENT ON FUNCTION record_actor(text, text) IS 'Who did what a record tells; NULL where the program did it, or several by their signatures.';

CREATE FUNCTION record_concerns(p_kind text, p_body text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE j jsonb;
BEGIN
  IF p_kind NOT IN ('term_opened', 'delegation_opened', 'passkey_revoked', 'signature', 'proposal_submitted', 'erased') THEN RETURN NULL; END IF;
  j := p_body::jsonb;
  RETURN read_person(CASE p_kind WHEN 'signature' THEN j ->> 'on_behalf_of' WHEN 'delegation_opened' THEN j ->> 'principal'
    WHEN 'proposal_submitted' THEN coalesce(j -> 'document' ->> 'person', j -> 'document' ->> 'delegate') ELSE j ->> 'person' END);
END $$;
COMMENT ON FUNCTION record_concerns(text, text) IS 'Whom a record is about besides who did it: appointed, represented, erased, their passkey revoked.';

ALTER TABLE record
  ADD COLUMN actor uuid GENERATED ALWAYS AS (record_actor(kind, body)) STORED,
  ADD COLUMN concerns uuid GENERATED ALWAYS AS (record_concerns(kind, body)) STORED;
COMMENT ON COLUMN record.actor IS 'Who did it, as the body says; for searching, not part of the leaf.';
COMMENT ON COLUMN record.concerns IS 'Whom else it is about, as the body says; for searching, not part of the leaf.';
CREATE INDEX record_of_actor ON record (estate_id, actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX record_about ON record (estate_id, concerns, seq) WHERE concerns IS NOT NULL;

-- Time needs no index: it never runs backwards in a log, so a moment is found by halving.
CREATE FUNCTION first_record_from(p_estate integer, p_at timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_low bigint := 1; v_high bigint; v_middle bigint;
BEGIN
  SELECT size + 1 INTO v_high FROM log_head WHERE estate_id = p_estate;
  WHILE v_low < v_high LOOP
    v_middle := (v_low + v_high) / 2;
    IF (SELECT recorded_at FROM record WHERE estate_id = p_estate AND seq = v_middle) < p_at THEN v_low := v_middle + 1;
    ELSE v_high := v_middle; END IF;
  END LOOP;
  RETURN v_low;
END $$;
COMMENT ON FUNCTION first_record_from(integer, timestamptz) IS
  'Number of the first record of a moment or later; one above the last where there is none.';
GRANT EXECUTE ON FUNCTION read_person(text) TO app, signer, auditor;
GRANT EXECUTE ON FUNCTION first_record_from(integer, timestamptz) TO app, signer, auditor;

-- ── Changing the log's key ───────────────────────────────────────────────────────────────────────
-- A new key asks whom a change of the rules asks: no rule of its own, so that no estate lacks one. What was signed with
-- the old key stays good; verifiers see the change in the log, and tell it.

ALTER TABLE proposal DROP CONSTRAINT proposal_kind_known;
ALTER TABLE proposal ADD CONSTRAINT proposal_kind_known CHECK (kind IN ('payment', 'transfer', 'reversal', 'refund', 'budget', 'rule',
  'membership', 'delegation', 'close', 'disclosure', 'log_key'));
COMMENT ON COLUMN proposal.kind IS
  'payment, transfer, reversal, refund, budget, rule, membership, delegation, close, disclosure or log_key.';

CREATE OR REPLACE FUNCTION rule_for(p_estate integer, p_kind text, p_class text, p_amount numeric, p_fund text, p_payee_class text, p_on date)
RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT r.rule_id FROM rule r
  WHERE r.estate_id = p_estate AND r.kind = CASE p_kind WHEN 'log_key' THEN 'rule' ELSE p_kind END AND r.class = p_class
    AND (r.fund IS NULL OR r.fund = p_fund) AND (r.payee_class IS NULL OR r.payee_class = p_payee_class)
    AND coalesce(p_amount, 0) >= r.amount_from AND (r.amount_to IS NULL OR coalesce(p_amount, 0) < r.amount_to)
    AND p_on BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
  ORDER BY (r.payee_class IS NOT NULL) DESC, (r.fund IS NOT NULL) DESC, r.valid_from DESC, r.rule_id DESC LIMIT 1
$$;

-- Document: {old_vkey, new_vkey, reason, resolution?}. Whether the service holds the new key only the service knows:
-- it looks before it calls.
CREATE FUNCTION change_log_key(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_key log_key; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'log_key');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_changed' ELSE v_why END; END IF;
  SELECT * INTO v_key FROM log_key WHERE estate_id = p_estate AND ended_seq IS NULL FOR UPDATE;
  -- Another change came first: what was signed is no longer what would happen.
  IF v_key.vkey IS DISTINCT FROM v ->> 'old_vkey' THEN
    RAISE EXCEPTION 'log_key_changed_meanwhile: the key that was to end is not the present one'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'log_key_changed_meanwhile';
  END IF;
  v_seq := write_record(p_estate, 'log_key_changed', format('{"new_vkey":%s,"old_vkey":%s,"proposal":%s}',
    to_json(v ->> 'new_vkey'), to_json(v ->> 'old_vkey'), p_proposal));
  UPDATE log_key SET ended_seq = v_seq WHERE estate_id = p_estate AND key_id = v_key.key_id;
  INSERT INTO log_key (estate_id, key_id, vkey, origin, opened_seq)
    VALUES (p_estate, v_key.key_id + 1, v ->> 'new_vkey', v_key.origin, v_seq);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'changed';
END $$;
COMMENT ON FUNCTION change_log_key(integer, bigint) IS
  'Ends the present key of a log and begins the one of an approved proposal. Statuses: changed, already_changed, order_not_approved, order_in_notice, order_objected; refuses by log_key_changed_meanwhile, log_key_once, log_key_shape, log_key_of_origin.';
GRANT EXECUTE ON FUNCTION change_log_key(integer, bigint) TO app;
