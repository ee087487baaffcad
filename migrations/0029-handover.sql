-- Handover between companies (物业交接): the outgoing company and the committee sign a closing certificate (移交清单) with the figures of
-- a closed month; the incoming company and the committee sign that they take over that very certificate. The books go on: numbers,
-- balances, what dwellings paid in advance, their deposits and open bills stay with the estate. Only the trustee's name changes.

CREATE TABLE handover (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  body text NOT NULL,
  period text NOT NULL CHECK (period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  outgoing text NOT NULL,
  seq bigint,
  takeover_id bigint,
  incoming text,
  taken_from date,
  taken_seq bigint,
  PRIMARY KEY (estate_id, proposal_id),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, taken_seq) REFERENCES record,
  CONSTRAINT takeover_of_quorum FOREIGN KEY (estate_id, takeover_id) REFERENCES quorum,
  CONSTRAINT takeover_whole CHECK ((takeover_id IS NULL) = (incoming IS NULL) AND (takeover_id IS NULL) = (taken_from IS NULL) AND (takeover_id IS NULL) = (taken_seq IS NULL)),
  CONSTRAINT handover_or_takeover CHECK (seq IS NOT NULL OR takeover_id IS NOT NULL)
);
COMMENT ON TABLE handover IS 'Changes of companies, written by hand_over() and take_over() only: certificate signed → taken over.';
COMMENT ON COLUMN handover.estate_id IS 'Estate.';
COMMENT ON COLUMN handover.proposal_id IS 'Proposal that holds the closing certificate.';
COMMENT ON COLUMN handover.body IS 'Body that holds the company''s key.';
COMMENT ON COLUMN handover.period IS 'Closed month with whose end the certificate ends.';
COMMENT ON COLUMN handover.outgoing IS 'Trustee who hands over.';
COMMENT ON COLUMN handover.seq IS 'Record of the handover; NULL: the outgoing company did not sign, and the owners resolved to go on without it.';
COMMENT ON COLUMN handover.takeover_id IS 'Proposal by which the next company took over; NULL until then.';
COMMENT ON COLUMN handover.incoming IS 'Trustee who took over.';
COMMENT ON COLUMN handover.taken_from IS 'First day of the next company.';
COMMENT ON COLUMN handover.taken_seq IS 'Record of the takeover.';
CREATE UNIQUE INDEX handover_taken_once ON handover (estate_id, takeover_id) WHERE takeover_id IS NOT NULL;
CALL wall_estate('handover');

CREATE FUNCTION guard_handover() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old handover := OLD; v_new handover := NEW;
BEGIN
  v_new.takeover_id := NULL; v_new.incoming := NULL; v_new.taken_from := NULL; v_new.taken_seq := NULL;
  IF TG_OP <> 'UPDATE' OR OLD.takeover_id IS NOT NULL OR NEW.takeover_id IS NULL OR v_old IS DISTINCT FROM v_new THEN
    RAISE EXCEPTION 'handover_stays: a certificate may only be taken over, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_handover BEFORE UPDATE OR DELETE ON handover FOR EACH ROW EXECUTE FUNCTION guard_handover();
ALTER TABLE handover ENABLE ALWAYS TRIGGER guard_handover;
CREATE TRIGGER keep_handovers BEFORE TRUNCATE ON handover FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE handover ENABLE ALWAYS TRIGGER keep_handovers;

-- Internal: votes of a body for the document of a proposal as it is now.
CREATE FUNCTION votes_of(p_estate integer, p_proposal bigint, p_body text) RETURNS uuid[] LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(array_agg(s.person_id) || array_agg(coalesce(s.on_behalf_of, s.person_id)), '{}') FROM signature s
  JOIN proposal o ON o.estate_id = s.estate_id AND o.proposal_id = s.proposal_id AND o.document_hash = s.document_hash
  WHERE s.estate_id = p_estate AND s.proposal_id = p_proposal AND s.body = p_body AND s.decision = 'approve'
$$;

-- Document: {body, outgoing, ends_on, certificate: {period, size, …}, others?, resolution?}
CREATE FUNCTION hand_over(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_period text;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'handover');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_handed_over' ELSE v_why END; END IF;
  v_period := v -> 'certificate' ->> 'period';
  -- The company that hands over signs, and the committee. A later certificate takes the place of one that nobody took over.
  IF cardinality(votes_of(p_estate, p_proposal, v ->> 'body')) = 0 OR cardinality(votes_of(p_estate, p_proposal, 'committee')) = 0
      OR NOT EXISTS (SELECT FROM body b WHERE b.estate_id = p_estate AND b.body = v ->> 'body' AND b.key_side = 'company')
      OR (SELECT e.trustee FROM estate e WHERE e.estate_id = p_estate) <> v ->> 'outgoing'
      OR coalesce((SELECT h.closed_period FROM log_head h WHERE h.estate_id = p_estate) < v_period, true) THEN
    RAISE EXCEPTION 'handover_not_possible: a side is missing, the trustee is another, or the month is not closed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'handover_not_possible';
  END IF;
  v_seq := write_record(p_estate, 'company_handed_over', format('{"body":%s,"period":%s,"proposal":%s}', to_json(v ->> 'body'), to_json(v_period), p_proposal));
  INSERT INTO handover (estate_id, proposal_id, body, period, outgoing, seq) VALUES (p_estate, p_proposal, v ->> 'body', v_period, v ->> 'outgoing', v_seq);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'handed_over';
END $$;
COMMENT ON FUNCTION hand_over(integer, bigint) IS
  'Carries a closing certificate out that both sides signed. Statuses: handed_over, already_handed_over, order_not_approved, order_in_notice, order_objected; refuses by handover_not_possible.';
GRANT EXECUTE ON FUNCTION hand_over(integer, bigint) TO app;

-- Document: {body, from, handover, handover_hash, trustee, differences?, resolution?}
-- Whoever signs for the incoming company did not sign for the outgoing one, and came into office after the certificate was drawn up.
CREATE FUNCTION take_over(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_given handover; v_certificate proposal; v_votes uuid[];
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'takeover');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_taken_over' ELSE v_why END; END IF;
  SELECT * INTO v_given FROM handover h WHERE h.estate_id = p_estate AND h.proposal_id = (v ->> 'handover')::bigint FOR UPDATE;
  SELECT * INTO v_certificate FROM proposal o WHERE o.estate_id = p_estate AND o.proposal_id = (v ->> 'handover')::bigint AND o.kind = 'handover';
  v_votes := votes_of(p_estate, p_proposal, v ->> 'body');
  IF v_certificate.proposal_id IS NULL OR encode(v_certificate.document_hash, 'hex') <> v ->> 'handover_hash' OR v_given.takeover_id IS NOT NULL
      OR (v_given.proposal_id IS NULL AND (v_certificate.state NOT IN ('expired', 'rejected', 'withdrawn') OR v -> 'resolution' IS NULL))
      OR EXISTS (SELECT FROM handover h WHERE h.estate_id = p_estate AND h.proposal_id > v_certificate.proposal_id)
      OR v ->> 'body' <> v_certificate.document::jsonb ->> 'body' OR (v ->> 'from')::date > estate_today(p_estate)
      OR cardinality(v_votes) = 0 OR cardinality(votes_of(p_estate, p_proposal, 'committee')) = 0 THEN
    RAISE EXCEPTION 'takeover_not_possible: another certificate, taken over already, or a side is missing'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'takeover_not_possible';
  END IF;
  IF v_votes && votes_of(p_estate, v_certificate.proposal_id, v ->> 'body') OR EXISTS (SELECT FROM unnest(v_votes) AS p(person)
      WHERE NOT EXISTS (SELECT FROM term t WHERE t.estate_id = p_estate AND t.person_id = p.person AND t.body = v ->> 'body'
        AND t.starts_on >= (v_certificate.document::jsonb ->> 'submitted_on')::date))
      -- A term renewed for the occasion makes nobody of the outgoing company one of the next.
      OR EXISTS (SELECT FROM unnest(v_votes) AS p(person) JOIN term t ON t.estate_id = p_estate AND t.person_id = p.person AND t.body = v ->> 'body'
        AND t.starts_on < (v_certificate.document::jsonb ->> 'submitted_on')::date AND t.ends_on >= (v_certificate.document::jsonb ->> 'submitted_on')::date) THEN
    RAISE EXCEPTION 'takeover_by_outgoing: whoever signs for the incoming company serves it since the certificate'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'takeover_by_outgoing';
  END IF;
  v_seq := write_record(p_estate, 'company_took_over', format('{"body":%s,"from":%s,"handover":%s,"proposal":%s,"trustee":%s}', to_json(v ->> 'body'),
    to_json(v ->> 'from'), v_certificate.proposal_id, p_proposal, to_json(v ->> 'trustee')));
  IF v_given.proposal_id IS NULL THEN
    INSERT INTO handover (estate_id, proposal_id, body, period, outgoing, takeover_id, incoming, taken_from, taken_seq)
      VALUES (p_estate, v_certificate.proposal_id, v ->> 'body', v_certificate.document::jsonb -> 'certificate' ->> 'period', v_certificate.document::jsonb ->> 'outgoing',
        p_proposal, v ->> 'trustee', (v ->> 'from')::date, v_seq);
  ELSE
    UPDATE handover SET takeover_id = p_proposal, incoming = v ->> 'trustee', taken_from = (v ->> 'from')::date, taken_seq = v_seq
      WHERE estate_id = p_estate AND proposal_id = v_given.proposal_id;
  END IF;
  UPDATE estate SET trustee = v ->> 'trustee' WHERE estate_id = p_estate;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'taken_over';
END $$;
COMMENT ON FUNCTION take_over(integer, bigint) IS
  'The next company takes the books over under a signed proposal; the trustee''s name changes. Statuses: taken_over, already_taken_over, order_not_approved, order_in_notice, order_objected; refuses by takeover_not_possible, takeover_by_outgoing.';
GRANT EXECUTE ON FUNCTION take_over(integer, bigint) TO app;
CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''company_handed_over'', ''company_took_over'', ');
