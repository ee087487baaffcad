-- Subsidies for fees paid first (先缴后补): a scheme that both keys signed, claims for bills that are paid, batches to the funder,
-- money that arrives for a batch, and what was passed on to the dwellings.
--   claim:  claimed → in a batch that is signed and sent → the funder's money is there → passed on (credit on 2203, or paid out)
--           fallen: a payment of its bill was taken back before it was passed on
-- Everything here is written by the doors below; the service may only read. A bill is claimed once under a scheme, only when it is
-- paid in full, never for more than was paid, and never beyond what the scheme has for a dwelling or in all.

CREATE TABLE subsidy_scheme (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  name_zh text NOT NULL CHECK (char_length(name_zh) BETWEEN 1 AND 40),
  name_en text NOT NULL CHECK (char_length(name_en) BETWEEN 1 AND 80),
  funder text NOT NULL CHECK (char_length(funder) BETWEEN 1 AND 60),
  percent numeric(5, 2) CHECK (percent > 0 AND percent <= 100),
  amount_each numeric(14, 2) CHECK (amount_each > 0),
  items text[] NOT NULL CHECK (cardinality(items) BETWEEN 1 AND 20 AND NOT 'late_fee' = ANY (items)),
  first_period text NOT NULL CHECK (first_period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  last_period text NOT NULL CHECK (last_period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  unit_cap numeric(14, 2) CHECK (unit_cap > 0),
  budget numeric(14, 2) NOT NULL CHECK (budget > 0),
  last_day date NOT NULL,
  payout text NOT NULL CHECK (payout IN ('credit', 'pay')),
  opened_seq bigint NOT NULL,
  ended_on date,
  ended_seq bigint,
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT subsidy_scheme_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT subsidy_scheme_one_measure CHECK ((percent IS NULL) <> (amount_each IS NULL)),
  CONSTRAINT subsidy_scheme_periods_in_order CHECK (first_period <= last_period)
);
COMMENT ON TABLE subsidy_scheme IS 'Schemes (补贴方案): who gives how much for which bills, up to what sum. Written by open_subsidy() and end_subsidy() only.';
COMMENT ON COLUMN subsidy_scheme.estate_id IS 'Estate.';
COMMENT ON COLUMN subsidy_scheme.proposal_id IS 'Proposal with the signatures; number of the scheme.';
COMMENT ON COLUMN subsidy_scheme.name_zh IS 'Name in Chinese.';
COMMENT ON COLUMN subsidy_scheme.name_en IS 'Name in English.';
COMMENT ON COLUMN subsidy_scheme.funder IS 'Who gives the money (拨款方): an office, a company, a foundation.';
COMMENT ON COLUMN subsidy_scheme.percent IS 'Per cent of what was paid of a bill; NULL where it is a sum.';
COMMENT ON COLUMN subsidy_scheme.amount_each IS 'Yuan for each bill, not more than was paid of it; NULL where it is a percentage.';
COMMENT ON COLUMN subsidy_scheme.items IS 'Items of bills it is for.';
COMMENT ON COLUMN subsidy_scheme.first_period IS 'First month of bills it is for.';
COMMENT ON COLUMN subsidy_scheme.last_period IS 'Last month of bills it is for.';
COMMENT ON COLUMN subsidy_scheme.unit_cap IS 'Most for one dwelling, yuan; NULL without.';
COMMENT ON COLUMN subsidy_scheme.budget IS 'Most in all, yuan.';
COMMENT ON COLUMN subsidy_scheme.last_day IS 'Last day on which it may be claimed.';
COMMENT ON COLUMN subsidy_scheme.payout IS 'credit: put to the dwelling''s account for coming bills. pay: paid out by order.';
COMMENT ON COLUMN subsidy_scheme.opened_seq IS 'Record that began it.';
COMMENT ON COLUMN subsidy_scheme.ended_on IS 'Day on which a body ended it early: no claims from then on; what was claimed before goes on.';
COMMENT ON COLUMN subsidy_scheme.ended_seq IS 'Record of the early end.';
CALL wall_estate('subsidy_scheme');
CREATE FUNCTION guard_subsidy_scheme() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old subsidy_scheme := OLD; v_new subsidy_scheme := NEW;
BEGIN
  v_new.ended_on := NULL; v_new.ended_seq := NULL;
  IF TG_OP <> 'UPDATE' OR OLD.ended_seq IS NOT NULL OR NEW.ended_seq IS NULL OR v_old IS DISTINCT FROM v_new THEN
    RAISE EXCEPTION 'subsidy_scheme_stays: a scheme may only be ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_subsidy_scheme BEFORE UPDATE OR DELETE ON subsidy_scheme FOR EACH ROW EXECUTE FUNCTION guard_subsidy_scheme();
ALTER TABLE subsidy_scheme ENABLE ALWAYS TRIGGER guard_subsidy_scheme;
CREATE TRIGGER keep_subsidy_schemes BEFORE TRUNCATE ON subsidy_scheme FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE subsidy_scheme ENABLE ALWAYS TRIGGER keep_subsidy_schemes;

CREATE TABLE subsidy_claim (
  estate_id integer NOT NULL,
  claim_id bigint GENERATED ALWAYS AS IDENTITY,
  scheme bigint NOT NULL,
  bill_id bigint NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  paid numeric(14, 2) NOT NULL CHECK (paid >= amount),
  seq bigint NOT NULL,
  batch_id bigint,
  payout_id bigint,
  ended_seq bigint,
  PRIMARY KEY (estate_id, claim_id),
  FOREIGN KEY (estate_id, scheme) REFERENCES subsidy_scheme,
  FOREIGN KEY (estate_id, bill_id) REFERENCES bill,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, batch_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, payout_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record
);
COMMENT ON TABLE subsidy_claim IS 'Claims (补贴申领), one for each bill and scheme. Which dwelling claimed stands here and nowhere in the log.';
COMMENT ON COLUMN subsidy_claim.estate_id IS 'Estate.';
COMMENT ON COLUMN subsidy_claim.claim_id IS 'Number.';
COMMENT ON COLUMN subsidy_claim.scheme IS 'Scheme.';
COMMENT ON COLUMN subsidy_claim.bill_id IS 'Bill that was paid.';
COMMENT ON COLUMN subsidy_claim.amount IS 'What is claimed, yuan.';
COMMENT ON COLUMN subsidy_claim.paid IS 'What had been paid of the bill, yuan: where less is paid later on, the claim falls.';
COMMENT ON COLUMN subsidy_claim.seq IS 'Record it was claimed with.';
COMMENT ON COLUMN subsidy_claim.batch_id IS 'Proposal that asks the funder for it, the latest; it counts while that proposal lives.';
COMMENT ON COLUMN subsidy_claim.payout_id IS 'Transfer or payment order that passes it on, the latest; it counts while that lives.';
COMMENT ON COLUMN subsidy_claim.ended_seq IS 'Record with which it fell.';
CREATE UNIQUE INDEX subsidy_claim_once ON subsidy_claim (estate_id, scheme, bill_id) WHERE ended_seq IS NULL;
CREATE INDEX subsidy_claim_bill ON subsidy_claim (estate_id, bill_id);
CREATE INDEX subsidy_claim_batch ON subsidy_claim (estate_id, batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX subsidy_claim_payout ON subsidy_claim (estate_id, payout_id) WHERE payout_id IS NOT NULL;
CALL wall_estate('subsidy_claim');

CREATE TABLE subsidy_batch (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  scheme bigint NOT NULL,
  claims integer NOT NULL CHECK (claims > 0),
  total numeric(14, 2) NOT NULL CHECK (total > 0),
  list_sha256 text NOT NULL CHECK (list_sha256 ~ '^[0-9a-f]{64}$'),
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT subsidy_batch_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, scheme) REFERENCES subsidy_scheme,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE subsidy_batch IS 'Batches (补贴申报批次) that were signed and so asked of the funder. Written by send_subsidy_batch() only.';
COMMENT ON COLUMN subsidy_batch.estate_id IS 'Estate.';
COMMENT ON COLUMN subsidy_batch.proposal_id IS 'Proposal with the signatures; number of the batch.';
COMMENT ON COLUMN subsidy_batch.scheme IS 'Scheme.';
COMMENT ON COLUMN subsidy_batch.claims IS 'How many claims it asks for.';
COMMENT ON COLUMN subsidy_batch.total IS 'Their sum, yuan.';
COMMENT ON COLUMN subsidy_batch.list_sha256 IS 'SHA-256 of the list, subsidy_list().';
COMMENT ON COLUMN subsidy_batch.seq IS 'Record.';
CALL guard_append_only('subsidy_batch');
CALL wall_estate('subsidy_batch');

CREATE TABLE subsidy_arrival (
  estate_id integer NOT NULL,
  batch_id bigint NOT NULL,
  entry bigint NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, batch_id, entry),
  FOREIGN KEY (estate_id, batch_id) REFERENCES subsidy_batch,
  FOREIGN KEY (estate_id, entry) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE subsidy_arrival IS 'Which receipts of the fund fee_subsidy came for which batch. One whose entry is reversed counts no more.';
COMMENT ON COLUMN subsidy_arrival.estate_id IS 'Estate.';
COMMENT ON COLUMN subsidy_arrival.batch_id IS 'Batch.';
COMMENT ON COLUMN subsidy_arrival.entry IS 'Journal entry that credits 4105.';
COMMENT ON COLUMN subsidy_arrival.amount IS 'How much of it is for the batch, yuan.';
COMMENT ON COLUMN subsidy_arrival.seq IS 'Record.';
CREATE INDEX subsidy_arrival_entry ON subsidy_arrival (estate_id, entry);
CALL guard_append_only('subsidy_arrival');
CALL wall_estate('subsidy_arrival');

CREATE TABLE subsidy_payout (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  batch_id bigint NOT NULL,
  claims integer NOT NULL CHECK (claims > 0),
  total numeric(14, 2) NOT NULL CHECK (total > 0),
  PRIMARY KEY (estate_id, proposal_id),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, batch_id) REFERENCES subsidy_batch
);
COMMENT ON TABLE subsidy_payout IS 'Transfers and payment orders that pass subsidies on. Written by open_subsidy_payout() only; a transfer is booked only while every claim of it stands.';
COMMENT ON COLUMN subsidy_payout.estate_id IS 'Estate.';
COMMENT ON COLUMN subsidy_payout.proposal_id IS 'Transfer or payment order.';
COMMENT ON COLUMN subsidy_payout.batch_id IS 'Batch whose money it is.';
COMMENT ON COLUMN subsidy_payout.claims IS 'How many claims.';
COMMENT ON COLUMN subsidy_payout.total IS 'Their sum, yuan.';
CREATE INDEX subsidy_payout_batch ON subsidy_payout (estate_id, batch_id);
CALL guard_append_only('subsidy_payout');
CALL wall_estate('subsidy_payout');

-- ── What stands ──────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION subsidy_stands(p_estate integer, p_bill bigint, p_paid numeric) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT n.paid >= p_paid AND n.paid + bill_reduced(p_estate, p_bill) >= b.amount
  FROM bill b, LATERAL (SELECT bill_paid(p_estate, p_bill) AS paid) AS n WHERE b.estate_id = p_estate AND b.bill_id = p_bill
$$;
COMMENT ON FUNCTION subsidy_stands(integer, bigint, numeric) IS 'Whether a bill is still paid as it was when it was claimed for.';

-- Payments are never taken away, only reversed: where none was, a bill that was paid is paid.
CREATE FUNCTION subsidy_kept(p_estate integer, p_bill bigint, p_paid numeric) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM bill_payment y JOIN journal_entry r ON r.estate_id = y.estate_id AND r.reverses = y.seq
    WHERE y.estate_id = p_estate AND y.bill_id = p_bill) THEN subsidy_stands(p_estate, p_bill, p_paid) ELSE true END
$$;
COMMENT ON FUNCTION subsidy_kept(integer, bigint, numeric) IS 'subsidy_stands() of a bill that was paid in full once.';

CREATE FUNCTION subsidy_step(p_estate integer, p_proposal bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT CASE
    WHEN o.state IN ('draft', 'submitted', 'held', 'approved') THEN 'asked'
    WHEN o.state <> 'executed' THEN 'none'
    WHEN o.kind = 'subsidy_batch' THEN 'done'
    WHEN EXISTS (SELECT FROM journal_entry e WHERE e.estate_id = p_estate AND e.proposal_id = p_proposal AND e.reverses IS NULL
      AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = e.seq)) THEN 'done' ELSE 'none' END
    FROM proposal o WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal), 'none')
$$;
COMMENT ON FUNCTION subsidy_step(integer, bigint) IS 'How far a batch, a transfer or an order is: asked (being signed), done (sent, booked), none (there is none, it ended otherwise, or its entry was reversed).';
GRANT EXECUTE ON FUNCTION subsidy_stands(integer, bigint, numeric), subsidy_kept(integer, bigint, numeric), subsidy_step(integer, bigint) TO app, signer, auditor;

CREATE FUNCTION subsidy_arrived(p_estate integer, p_batch bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(a.amount), 0)::numeric(16, 2) FROM subsidy_arrival a WHERE a.estate_id = p_estate AND a.batch_id = p_batch
    AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = a.entry)
$$;
COMMENT ON FUNCTION subsidy_arrived(integer, bigint) IS 'What came for a batch by entries that are not reversed.';

CREATE FUNCTION subsidy_passed(p_estate integer, p_batch bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(p.total), 0)::numeric(16, 2) FROM subsidy_payout p WHERE p.estate_id = p_estate AND p.batch_id = p_batch
    AND subsidy_step(p_estate, p.proposal_id) <> 'none'
$$;
COMMENT ON FUNCTION subsidy_passed(integer, bigint) IS 'What of a batch was passed on or is being signed for.';
GRANT EXECUTE ON FUNCTION subsidy_arrived(integer, bigint), subsidy_passed(integer, bigint) TO app, signer, auditor;

CREATE FUNCTION subsidy_list(p_estate integer, p_batch bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce('[' || string_agg(format('[%s,%s,"%s"]', to_json(u.ref), c.bill_id, c.amount), ',' ORDER BY u.ref COLLATE "C", c.bill_id) || ']', '[]')
  FROM subsidy_claim c JOIN bill b ON b.estate_id = c.estate_id AND b.bill_id = c.bill_id
    JOIN unit u ON u.estate_id = b.estate_id AND u.unit = b.unit
  WHERE c.estate_id = p_estate AND c.batch_id = p_batch AND c.ended_seq IS NULL
$$;
COMMENT ON FUNCTION subsidy_list(integer, bigint) IS 'List of a batch, canonical JSON: [[unit.ref, bill, amount], …]. Its SHA-256 is what is signed.';
GRANT EXECUTE ON FUNCTION subsidy_list(integer, bigint) TO app, auditor;

-- What of these bills (NULL: of all) may be claimed under a scheme, first paid first; the preview and the door ask the same.
CREATE FUNCTION subsidy_judged(p_estate integer, p_scheme bigint, p_bills bigint[])
RETURNS TABLE (bill_id bigint, unit text, paid numeric, amount numeric, status text) LANGUAGE sql STABLE AS $$
  WITH scheme AS (
    SELECT s.*, (SELECT coalesce(sum(c.amount), 0) FROM subsidy_claim c WHERE c.estate_id = p_estate AND c.scheme = p_scheme
      AND c.ended_seq IS NULL) AS used
    FROM subsidy_scheme s WHERE s.estate_id = p_estate AND s.proposal_id = p_scheme
  ), asked AS (
    SELECT b.bill_id, b.unit, b.amount, b.item = ANY (s.items) AND b.period BETWEEN s.first_period AND s.last_period AS inside, s.*,
      coalesce(p.paid, 0) AS paid, p.settled,
      (SELECT coalesce(sum(c.amount), 0) FROM subsidy_claim c WHERE c.estate_id = p_estate AND c.bill_id = b.bill_id AND c.ended_seq IS NULL) AS covered,
      EXISTS (SELECT FROM subsidy_claim c WHERE c.estate_id = p_estate AND c.scheme = p_scheme AND c.bill_id = b.bill_id AND c.ended_seq IS NULL) AS claimed
    FROM (SELECT m.percent, m.amount_each, m.items, m.first_period, m.last_period, m.unit_cap, m.budget - m.used AS left_over FROM scheme m) AS s
    JOIN bill b ON b.estate_id = p_estate AND (b.bill_id = ANY (p_bills)
      OR p_bills IS NULL AND b.item = ANY (s.items) AND b.period BETWEEN s.first_period AND s.last_period)
    LEFT JOIN LATERAL (SELECT sum(y.amount) AS paid, max(y.seq) AS settled FROM bill_payment y WHERE y.estate_id = p_estate AND y.bill_id = b.bill_id
      AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = y.seq)) AS p ON true
  ), priced AS (
    SELECT a.*, CASE WHEN NOT a.inside THEN 'bill_outside' WHEN a.claimed THEN 'already_claimed'
        WHEN a.paid = 0 OR a.paid + bill_reduced(p_estate, a.bill_id) < a.amount THEN 'bill_not_paid'
        WHEN a.covered >= a.paid THEN 'bill_covered' END AS why,
      least(CASE WHEN a.percent IS NULL THEN a.amount_each ELSE round(a.paid * a.percent / 100, 2) END, a.paid - a.covered) AS wish
    FROM asked a
  ), held AS (
    SELECT b.unit, sum(c.amount) AS held FROM subsidy_claim c JOIN bill b ON b.estate_id = c.estate_id AND b.bill_id = c.bill_id
    WHERE c.estate_id = p_estate AND c.scheme = p_scheme AND c.ended_seq IS NULL GROUP BY b.unit
  ), capped AS (
    SELECT p.*, CASE WHEN p.why IS NOT NULL THEN 0 WHEN p.unit_cap IS NULL THEN p.wish ELSE least(p.wish, greatest(0, p.unit_cap - coalesce(h.held, 0)
        - sum(p.wish) FILTER (WHERE p.why IS NULL) OVER (PARTITION BY p.unit ORDER BY p.settled, p.bill_id) + p.wish)) END AS part
    FROM priced p LEFT JOIN held h ON h.unit = p.unit
  ), queued AS (
    SELECT c.*, sum(c.part) OVER (ORDER BY c.settled NULLS LAST, c.bill_id) AS running FROM capped c
  )
  SELECT q.bill_id, q.unit, q.paid::numeric(14, 2), q.part::numeric(14, 2), CASE WHEN q.why IS NOT NULL THEN q.why WHEN q.part <= 0 THEN 'cap_reached'
    WHEN q.running > q.left_over THEN 'budget_used_up' ELSE 'claimable' END
  FROM queued q ORDER BY q.settled NULLS LAST, q.bill_id
$$;
COMMENT ON FUNCTION subsidy_judged(integer, bigint, bigint[]) IS
  'Bills with what may be claimed for them: claimable, or bill_outside, already_claimed, bill_not_paid, bill_covered, cap_reached, budget_used_up. Bills paid first come first.';
GRANT EXECUTE ON FUNCTION subsidy_judged(integer, bigint, bigint[]) TO app, auditor;

-- ── Guards ───────────────────────────────────────────────────────────────────────────────────────

-- Said a second time, independently of the door that reckons.
CREATE FUNCTION guard_subsidy_claims() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_wrong text;
BEGIN
  PERFORM 1 FROM log_head h WHERE h.estate_id IN (SELECT i.estate_id FROM inserted i) FOR UPDATE;
  SELECT CASE
    -- Whoever writes without having entered the estate sees no bill, and so has none that is paid.
    WHEN EXISTS (SELECT FROM inserted i LEFT JOIN bill b ON b.estate_id = i.estate_id AND b.bill_id = i.bill_id
        LEFT JOIN subsidy_scheme s ON s.estate_id = i.estate_id AND s.proposal_id = i.scheme
        WHERE b.bill_id IS NULL OR s.proposal_id IS NULL OR NOT b.item = ANY (s.items) OR b.period NOT BETWEEN s.first_period AND s.last_period OR NOT subsidy_stands(i.estate_id, i.bill_id, i.paid)
          OR i.amount > CASE WHEN s.percent IS NULL THEN s.amount_each ELSE round(bill_paid(i.estate_id, i.bill_id) * s.percent / 100, 2) END)
      THEN 'subsidy_bill_not_paid'
    WHEN EXISTS (SELECT FROM inserted i WHERE (SELECT sum(c.amount) FROM subsidy_claim c WHERE c.estate_id = i.estate_id AND c.bill_id = i.bill_id
        AND c.ended_seq IS NULL) > bill_paid(i.estate_id, i.bill_id)) THEN 'subsidy_bill_covered'
    WHEN EXISTS (SELECT FROM subsidy_scheme s WHERE (s.estate_id, s.proposal_id) IN (SELECT i.estate_id, i.scheme FROM inserted i)
        AND (SELECT sum(c.amount) FROM subsidy_claim c WHERE c.estate_id = s.estate_id AND c.scheme = s.proposal_id AND c.ended_seq IS NULL) > s.budget)
      THEN 'subsidy_budget_exceeded'
    WHEN EXISTS (SELECT FROM subsidy_scheme s JOIN subsidy_claim c ON c.estate_id = s.estate_id AND c.scheme = s.proposal_id AND c.ended_seq IS NULL
        JOIN bill b ON b.estate_id = c.estate_id AND b.bill_id = c.bill_id
        WHERE (s.estate_id, s.proposal_id) IN (SELECT i.estate_id, i.scheme FROM inserted i) AND s.unit_cap IS NOT NULL
        GROUP BY s.estate_id, s.proposal_id, s.unit_cap, b.unit HAVING sum(c.amount) > s.unit_cap) THEN 'subsidy_cap_exceeded'
    END INTO v_wrong;
  IF v_wrong IS NOT NULL THEN
    RAISE EXCEPTION '%: a claim is not what its scheme allows', v_wrong USING ERRCODE = 'restrict_violation', CONSTRAINT = v_wrong;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_subsidy_claims AFTER INSERT ON subsidy_claim REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION guard_subsidy_claims();
ALTER TABLE subsidy_claim ENABLE ALWAYS TRIGGER guard_subsidy_claims;

-- What is claimed stays; a claim only goes into another batch or payout while the former is dead, and falls once, before it is passed on.
CREATE FUNCTION guard_subsidy_claim() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old subsidy_claim := OLD; v_new subsidy_claim := NEW;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_old.batch_id := NULL; v_old.payout_id := NULL; v_old.ended_seq := NULL;
    v_new.batch_id := NULL; v_new.payout_id := NULL; v_new.ended_seq := NULL;
  END IF;
  IF TG_OP <> 'UPDATE' OR v_old IS DISTINCT FROM v_new OR OLD.ended_seq IS NOT NULL
      OR OLD.batch_id IS DISTINCT FROM NEW.batch_id AND subsidy_step(OLD.estate_id, OLD.batch_id) <> 'none'
      OR OLD.payout_id IS DISTINCT FROM NEW.payout_id AND subsidy_step(OLD.estate_id, OLD.payout_id) <> 'none'
      OR NEW.ended_seq IS NOT NULL AND subsidy_step(OLD.estate_id, OLD.payout_id) = 'done' THEN
    RAISE EXCEPTION 'subsidy_claim_stays: a claim is neither changed nor taken back once it is on its way' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_subsidy_claim BEFORE UPDATE OR DELETE ON subsidy_claim FOR EACH ROW EXECUTE FUNCTION guard_subsidy_claim();
ALTER TABLE subsidy_claim ENABLE ALWAYS TRIGGER guard_subsidy_claim;
CREATE TRIGGER keep_subsidy_claims BEFORE TRUNCATE ON subsidy_claim FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE subsidy_claim ENABLE ALWAYS TRIGGER keep_subsidy_claims;

-- A transfer that passes subsidies on is booked only while every claim of it stands, and for exactly their sum. What an order paid at
-- the bank is booked whatever became of the claim: the money is gone, and the claim is shown as one to be asked back.
CREATE FUNCTION guard_subsidy_payout() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT i.estate_id, i.seq, sum(i.debit) AS debit FROM inserted i WHERE i.account = '5114' AND i.debit > 0 GROUP BY i.estate_id, i.seq) AS n
      JOIN journal_entry e ON e.estate_id = n.estate_id AND e.seq = n.seq AND e.kind = 'transfer'
      JOIN subsidy_payout p ON p.estate_id = n.estate_id AND p.proposal_id = e.proposal_id,
      LATERAL (SELECT count(*) AS claims, coalesce(sum(c.amount), 0) AS total FROM subsidy_claim c WHERE c.estate_id = p.estate_id
        AND c.payout_id = p.proposal_id AND c.ended_seq IS NULL AND subsidy_kept(c.estate_id, c.bill_id, c.paid)) AS s
      WHERE n.debit <> p.total OR s.claims <> p.claims OR s.total <> p.total) THEN
    RAISE EXCEPTION 'subsidy_payout_changed: a claim behind the entry has fallen' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'subsidy_payout_changed';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_subsidy_payout AFTER INSERT ON posting REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION guard_subsidy_payout();
ALTER TABLE posting ENABLE ALWAYS TRIGGER guard_subsidy_payout;

-- ── Doors ────────────────────────────────────────────────────────────────────────────────────────

-- Document: {name_zh, name_en, funder, percent | amount_each, items, first_period, last_period, unit_cap?, budget, last_day, payout, resolution?}
CREATE FUNCTION open_subsidy(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'subsidy');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_opened' ELSE v_why END; END IF;
  IF (v ->> 'last_day')::date < estate_today(p_estate) THEN
    RAISE EXCEPTION 'subsidy_not_possible: its days are over' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'subsidy_not_possible';
  END IF;
  v_seq := write_record(p_estate, 'subsidy_opened', format('{"budget":%s,"last_day":%s,"proposal":%s}', to_json(v ->> 'budget'), to_json(v ->> 'last_day'), p_proposal));
  INSERT INTO subsidy_scheme (estate_id, proposal_id, name_zh, name_en, funder, percent, amount_each, items, first_period, last_period, unit_cap, budget,
      last_day, payout, opened_seq)
    VALUES (p_estate, p_proposal, v ->> 'name_zh', v ->> 'name_en', v ->> 'funder', (v ->> 'percent')::numeric, read_amount(v ->> 'amount_each'),
      ARRAY(SELECT jsonb_array_elements_text(v -> 'items')), v ->> 'first_period', v ->> 'last_period', read_amount(v ->> 'unit_cap'),
      read_amount(v ->> 'budget'), (v ->> 'last_day')::date, v ->> 'payout', v_seq);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'opened';
END $$;
COMMENT ON FUNCTION open_subsidy(integer, bigint) IS
  'Begins a scheme by an approved proposal. Statuses: opened, already_opened, order_not_approved, order_in_notice, order_objected; refuses by subsidy_not_possible.';
GRANT EXECUTE ON FUNCTION open_subsidy(integer, bigint) TO app;

-- Either body that was asked for its signature stops new claims alone, as it ends a mandate alone.
CREATE FUNCTION end_subsidy(p_estate integer, p_scheme bigint, p_by uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v subsidy_scheme; v_seq bigint; v_today date;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_today := estate_today(p_estate);
  SELECT * INTO v FROM subsidy_scheme WHERE estate_id = p_estate AND proposal_id = p_scheme FOR UPDATE;
  IF v.proposal_id IS NULL THEN RETURN 'scheme_unknown'; END IF;
  IF v.ended_seq IS NOT NULL OR v.last_day < v_today THEN RETURN 'already_ended'; END IF;
  IF NOT EXISTS (SELECT FROM term t JOIN proposal o ON o.estate_id = t.estate_id AND o.proposal_id = p_scheme
      JOIN rule_body b ON b.estate_id = t.estate_id AND b.rule_id = o.rule_id AND b.body = t.body
      WHERE t.estate_id = p_estate AND t.person_id = p_by AND v_today BETWEEN t.starts_on AND t.ends_on
        AND t.office NOT IN ('cashier', 'deputy', 'auditor')) THEN
    RETURN 'not_yours';
  END IF;
  v_seq := write_record(p_estate, 'subsidy_ended', format('{"by":"%s","scheme":%s}', p_by, p_scheme));
  UPDATE subsidy_scheme SET ended_on = v_today, ended_seq = v_seq WHERE estate_id = p_estate AND proposal_id = p_scheme;
  RETURN 'ended';
END $$;
COMMENT ON FUNCTION end_subsidy(integer, bigint, uuid) IS 'Ends a scheme for new claims by one of the bodies that signed. Statuses: ended, already_ended, scheme_unknown, not_yours.';
GRANT EXECUTE ON FUNCTION end_subsidy(integer, bigint, uuid) TO app;

CREATE FUNCTION drop_subsidy_claims(p_estate integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v record; v_seq bigint; v_count integer := 0;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  FOR v IN SELECT c.scheme, array_agg(c.claim_id) AS ids, count(*) AS claims, sum(c.amount) AS total FROM subsidy_claim c
      -- Only a payment that was reversed makes a claim fall.
      WHERE c.estate_id = p_estate AND c.ended_seq IS NULL AND EXISTS (SELECT FROM bill_payment y JOIN journal_entry r ON r.estate_id = y.estate_id
          AND r.reverses = y.seq WHERE y.estate_id = p_estate AND y.bill_id = c.bill_id)
        AND NOT subsidy_stands(p_estate, c.bill_id, c.paid)
        -- An order may be paid at the bank any moment: its claims stay, as what is to be asked back.
        AND CASE subsidy_step(p_estate, c.payout_id) WHEN 'none' THEN true WHEN 'asked' THEN EXISTS (SELECT FROM proposal o
          WHERE o.estate_id = p_estate AND o.proposal_id = c.payout_id AND o.kind = 'transfer') ELSE false END
      GROUP BY c.scheme ORDER BY c.scheme LOOP
    v_seq := write_record(p_estate, 'subsidy_claims_fallen', format('{"count":%s,"scheme":%s,"total":"%s"}', v.claims, v.scheme, v.total));
    UPDATE subsidy_claim SET ended_seq = v_seq WHERE estate_id = p_estate AND claim_id = ANY (v.ids);
    v_count := v_count + v.claims;
  END LOOP;
  RETURN v_count;
END $$;
COMMENT ON FUNCTION drop_subsidy_claims(integer) IS 'Ends the claims whose bill is no longer paid and which were not passed on; gives how many.';
GRANT EXECUTE ON FUNCTION drop_subsidy_claims(integer) TO app;

-- p_by: the officer; NULL where somebody claims for their own dwelling, who is nobody in the log.
CREATE FUNCTION claim_subsidies(p_estate integer, p_scheme bigint, p_bills bigint[], p_by uuid)
RETURNS TABLE (bill bigint, claimed numeric, status text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v subsidy_scheme; v_seq bigint; v_count bigint; v_total numeric;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM drop_subsidy_claims(p_estate);
  SELECT * INTO v FROM subsidy_scheme s WHERE s.estate_id = p_estate AND s.proposal_id = p_scheme;
  IF v.proposal_id IS NULL OR v.ended_on IS NOT NULL OR v.last_day < estate_today(p_estate) THEN
    RETURN QUERY SELECT NULL::bigint, NULL::numeric, CASE WHEN v.proposal_id IS NULL THEN 'scheme_unknown' ELSE 'scheme_over' END;
    RETURN;
  END IF;
  RETURN QUERY SELECT j.bill_id, j.amount, CASE j.status WHEN 'claimable' THEN 'claimed' ELSE j.status END FROM subsidy_judged(p_estate, p_scheme, p_bills) j;
  SELECT count(*), sum(j.amount) INTO v_count, v_total FROM subsidy_judged(p_estate, p_scheme, p_bills) j WHERE j.status = 'claimable';
  IF v_count = 0 THEN RETURN; END IF;
  v_seq := write_record(p_estate, 'subsidies_claimed', CASE WHEN p_by IS NULL THEN format('{"count":%s,"scheme":%s,"total":"%s"}', v_count, p_scheme, v_total)
    ELSE format('{"by":"%s","count":%s,"scheme":%s,"total":"%s"}', p_by, v_count, p_scheme, v_total) END);
  INSERT INTO subsidy_claim (estate_id, scheme, bill_id, amount, paid, seq)
    SELECT p_estate, p_scheme, j.bill_id, j.amount, j.paid, v_seq FROM subsidy_judged(p_estate, p_scheme, p_bills) j WHERE j.status = 'claimable';
END $$;
COMMENT ON FUNCTION claim_subsidies(integer, bigint, bigint[], uuid) IS
  'Claims for these bills (NULL: for all that are paid), first paid first. A row for each bill: claimed or why not (subsidy_judged); or one row scheme_unknown, scheme_over.';
GRANT EXECUTE ON FUNCTION claim_subsidies(integer, bigint, bigint[], uuid) TO app;

CREATE FUNCTION gather_subsidy_batch(p_estate integer, p_scheme bigint, p_proposal bigint, OUT claims integer, OUT total numeric, OUT list_sha256 text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM drop_subsidy_claims(p_estate);
  PERFORM 1 FROM proposal o WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal AND o.kind = 'subsidy_batch' AND o.state = 'draft';
  IF NOT FOUND THEN RAISE EXCEPTION 'subsidy_batch_not_draft: %', p_proposal USING ERRCODE = 'restrict_violation'; END IF;
  UPDATE subsidy_claim c SET batch_id = p_proposal WHERE c.estate_id = p_estate AND c.scheme = p_scheme AND c.ended_seq IS NULL
    AND c.batch_id IS DISTINCT FROM p_proposal AND subsidy_step(p_estate, c.batch_id) = 'none';
  SELECT count(*), coalesce(sum(c.amount), 0) INTO claims, total FROM subsidy_claim c WHERE c.estate_id = p_estate AND c.batch_id = p_proposal AND c.ended_seq IS NULL;
  list_sha256 := encode(sha256(convert_to(subsidy_list(p_estate, p_proposal), 'UTF8')), 'hex');
END $$;
COMMENT ON FUNCTION gather_subsidy_batch(integer, bigint, bigint) IS 'Puts all claims of a scheme that are in no living batch into this draft of one; count, sum and hash of its list.';
GRANT EXECUTE ON FUNCTION gather_subsidy_batch(integer, bigint, bigint) TO app;

-- Document: {scheme, claims, amount, list_sha256, …}
CREATE FUNCTION send_subsidy_batch(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_hash text; v_count bigint; v_total numeric;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'subsidy_batch');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_sent' ELSE v_why END; END IF;
  PERFORM drop_subsidy_claims(p_estate);
  v_hash := encode(sha256(convert_to(subsidy_list(p_estate, p_proposal), 'UTF8')), 'hex');
  SELECT count(*), sum(c.amount) INTO v_count, v_total FROM subsidy_claim c WHERE c.estate_id = p_estate AND c.batch_id = p_proposal AND c.ended_seq IS NULL;
  IF v_hash IS DISTINCT FROM v ->> 'list_sha256' OR v_total IS DISTINCT FROM read_amount(v ->> 'amount') THEN
    RAISE EXCEPTION 'subsidy_batch_changed: claims fell while it was signed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'subsidy_batch_changed';
  END IF;
  v_seq := write_record(p_estate, 'subsidy_batch_sent', format('{"count":%s,"list_sha256":"%s","proposal":%s,"scheme":%s,"total":"%s"}', v_count, v_hash, p_proposal,
    v ->> 'scheme', v_total));
  INSERT INTO subsidy_batch (estate_id, proposal_id, scheme, claims, total, list_sha256, seq)
    VALUES (p_estate, p_proposal, (v ->> 'scheme')::bigint, v_count, v_total, v_hash, v_seq);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'sent';
END $$;
COMMENT ON FUNCTION send_subsidy_batch(integer, bigint) IS
  'Asks the funder for a batch by an approved proposal. Statuses: sent, already_sent, order_not_approved, order_in_notice, order_objected; refuses by subsidy_batch_changed.';
GRANT EXECUTE ON FUNCTION send_subsidy_batch(integer, bigint) TO app;

CREATE FUNCTION link_subsidy_arrival(p_estate integer, p_batch bigint, p_entry bigint, p_amount numeric, p_by uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v subsidy_batch; v_seq bigint; v_credit numeric;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM subsidy_batch b WHERE b.estate_id = p_estate AND b.proposal_id = p_batch;
  IF v.proposal_id IS NULL THEN RETURN 'batch_unknown'; END IF;
  IF EXISTS (SELECT FROM subsidy_arrival a WHERE a.estate_id = p_estate AND a.batch_id = p_batch AND a.entry = p_entry) THEN RETURN 'already_linked'; END IF;
  SELECT sum(l.credit) INTO v_credit FROM journal_entry e JOIN posting l ON l.estate_id = e.estate_id AND l.seq = e.seq
    WHERE e.estate_id = p_estate AND e.seq = p_entry AND e.reverses IS NULL AND l.account = '4105' AND l.fund = 'fee_subsidy'
      AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = e.seq);
  IF coalesce(v_credit, 0) <= 0 THEN RETURN 'entry_unfit'; END IF;
  IF p_amount IS NULL OR p_amount <= 0 OR p_amount + (SELECT coalesce(sum(a.amount), 0) FROM subsidy_arrival a
      WHERE a.estate_id = p_estate AND a.entry = p_entry) > v_credit THEN RETURN 'entry_exceeded'; END IF;
  IF p_amount + subsidy_arrived(p_estate, p_batch) > v.total THEN RETURN 'batch_exceeded'; END IF;
  v_seq := write_record(p_estate, 'subsidy_arrived', format('{"amount":"%s","batch":%s,"by":"%s","entry":%s}', p_amount::numeric(14, 2), p_batch, p_by, p_entry));
  INSERT INTO subsidy_arrival (estate_id, batch_id, entry, amount, seq) VALUES (p_estate, p_batch, p_entry, p_amount, v_seq);
  RETURN 'linked';
END $$;
COMMENT ON FUNCTION link_subsidy_arrival(integer, bigint, bigint, numeric, uuid) IS
  'Says for which batch a receipt of the fund fee_subsidy came. Statuses: linked, already_linked, batch_unknown, entry_unfit, entry_exceeded, batch_exceeded.';
GRANT EXECUTE ON FUNCTION link_subsidy_arrival(integer, bigint, bigint, numeric, uuid) TO app;

-- What of a batch may be passed on now: claims that stand and are in no living payout, first claimed first, as far as the money goes.
CREATE FUNCTION subsidy_payable(p_estate integer, p_batch bigint) RETURNS TABLE (claim_id bigint, unit text, ref text, amount numeric, running numeric, covered boolean)
LANGUAGE sql STABLE AS $$
  WITH free AS MATERIALIZED (SELECT subsidy_arrived(p_estate, p_batch) - subsidy_passed(p_estate, p_batch) AS left_over),
  living AS MATERIALIZED (SELECT p.proposal_id FROM subsidy_payout p WHERE p.estate_id = p_estate AND p.batch_id = p_batch
    AND subsidy_step(p_estate, p.proposal_id) <> 'none')
  SELECT n.claim_id, n.unit, n.ref, n.amount, n.running, n.running <= f.left_over
  FROM (SELECT c.claim_id, u.unit, u.ref, c.amount, sum(c.amount) OVER (ORDER BY c.claim_id) AS running
    FROM subsidy_claim c JOIN bill b ON b.estate_id = c.estate_id AND b.bill_id = c.bill_id JOIN unit u ON u.estate_id = b.estate_id AND u.unit = b.unit
    WHERE c.estate_id = p_estate AND c.batch_id = p_batch AND c.ended_seq IS NULL AND NOT EXISTS (SELECT FROM living l WHERE l.proposal_id = c.payout_id)
      AND subsidy_kept(p_estate, c.bill_id, c.paid)) AS n, free f ORDER BY n.claim_id
$$;
COMMENT ON FUNCTION subsidy_payable(integer, bigint) IS 'Claims of a batch that are not passed on yet; covered: the money that arrived goes so far.';
GRANT EXECUTE ON FUNCTION subsidy_payable(integer, bigint) TO app, auditor;

-- Ties claims to the frozen transfer or payment order that passes them on, and compares the two dwelling by dwelling.
CREATE FUNCTION open_subsidy_payout(p_estate integer, p_batch bigint, p_proposal bigint, p_claims bigint[]) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_way text; v_kind text; v_document jsonb; v_count bigint; v_total numeric; v_units bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM drop_subsidy_claims(p_estate);
  SELECT s.payout INTO v_way FROM subsidy_batch b JOIN subsidy_scheme s ON s.estate_id = b.estate_id AND s.proposal_id = b.scheme
    WHERE b.estate_id = p_estate AND b.proposal_id = p_batch;
  IF v_way IS NULL THEN RETURN 'batch_unknown'; END IF;
  SELECT o.kind, o.document::jsonb INTO v_kind, v_document FROM proposal o WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal
    AND o.state IN ('submitted', 'held', 'approved');
  IF v_kind IS NULL OR v_kind <> (CASE v_way WHEN 'credit' THEN 'transfer' ELSE 'payment' END)
      OR EXISTS (SELECT FROM subsidy_payout p WHERE p.estate_id = p_estate AND p.proposal_id = p_proposal) THEN RETURN 'order_unfit'; END IF;
  IF cardinality(p_claims) IS DISTINCT FROM (SELECT count(DISTINCT x.claim) FROM unnest(p_claims) AS x(claim)) THEN RETURN 'claim_not_payable'; END IF;
  SELECT count(*), coalesce(sum(p.amount), 0), count(DISTINCT p.ref) INTO v_count, v_total, v_units FROM subsidy_payable(p_estate, p_batch) p WHERE p.claim_id = ANY (p_claims);
  IF v_count <> cardinality(p_claims) OR v_count = 0 THEN RETURN 'claim_not_payable'; END IF;
  IF v_total > subsidy_arrived(p_estate, p_batch) - subsidy_passed(p_estate, p_batch) THEN RETURN 'arrived_exceeded'; END IF;
  IF v_way = 'pay' AND (v_units <> 1 OR v_document ->> 'account' IS DISTINCT FROM '5114' OR v_document ->> 'fund' IS DISTINCT FROM 'fee_subsidy'
        OR read_amount(v_document ->> 'amount') IS DISTINCT FROM v_total
        -- An order that names a dwelling pays that one's claims.
        OR EXISTS (SELECT FROM jsonb_array_elements(v_document -> 'postings') l WHERE l.value ->> 'account' = '5114'
          AND l.value ->> 'unit' NOT IN (SELECT p.ref FROM subsidy_payable(p_estate, p_batch) p WHERE p.claim_id = ANY (p_claims))))
      OR v_way = 'credit' AND (EXISTS (
          SELECT FROM (SELECT l.value ->> 'unit' AS ref, sum((l.value ->> 'credit')::numeric) AS amount FROM jsonb_array_elements(v_document -> 'postings') l
              WHERE l.value ->> 'account' = '2203' GROUP BY 1) AS d
          FULL JOIN (SELECT p.ref, sum(p.amount) AS amount FROM subsidy_payable(p_estate, p_batch) p WHERE p.claim_id = ANY (p_claims) GROUP BY 1) AS c USING (ref)
          WHERE d.amount IS DISTINCT FROM c.amount)
        OR (SELECT sum((l.value ->> 'debit')::numeric) FROM jsonb_array_elements(v_document -> 'postings') l WHERE l.value ->> 'account' = '5114'
          AND l.value ->> 'fund' = 'fee_subsidy') IS DISTINCT FROM v_total) THEN RETURN 'order_unfit'; END IF;
  INSERT INTO subsidy_payout (estate_id, proposal_id, batch_id, claims, total) VALUES (p_estate, p_proposal, p_batch, v_count, v_total);
  UPDATE subsidy_claim SET payout_id = p_proposal WHERE estate_id = p_estate AND claim_id = ANY (p_claims);
  RETURN 'opened';
END $$;
COMMENT ON FUNCTION open_subsidy_payout(integer, bigint, bigint, bigint[]) IS
  'Ties claims to the transfer or payment order that passes them on. Statuses: opened, batch_unknown, order_unfit, claim_not_payable, arrived_exceeded.';
GRANT EXECUTE ON FUNCTION open_subsidy_payout(integer, bigint, bigint, bigint[]) TO app;

-- Nobody signs for a subsidy behind which no claim stands: an order that went back keeps its row here while its claims go with another
-- order, and one that was never tied has none. What the bank paid already is signed for afterwards, and seen by everybody as that.
CREATE FUNCTION subsidy_behind(p_estate integer, p_proposal bigint, p_document text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT d.amount IS NULL OR p_document::jsonb ? 'after_the_fact' OR EXISTS (SELECT FROM subsidy_payout p, LATERAL (
      SELECT count(*) AS claims, coalesce(sum(c.amount), 0) AS total FROM subsidy_claim c WHERE c.estate_id = p_estate AND c.payout_id = p_proposal
        AND c.ended_seq IS NULL) AS s WHERE p.estate_id = p_estate AND p.proposal_id = p_proposal AND p.total = d.amount AND s.total = p.total AND s.claims = p.claims)
  FROM (SELECT sum((l.value ->> 'debit')::numeric) AS amount FROM jsonb_array_elements(coalesce(p_document::jsonb -> 'postings', '[]')) AS l(value)
    WHERE l.value ->> 'account' = '5114' AND l.value ->> 'fund' = 'fee_subsidy' AND (l.value ->> 'debit')::numeric > 0) AS d
$$;
COMMENT ON FUNCTION subsidy_behind(integer, bigint, text) IS 'Whether claims stand behind all that a transfer or an order passes on; true of all else.';
CALL amend_function('record_signature(integer, text)',
  'IF v ->> ''decision'' = ''reject'' AND coalesce(v ->> ''reason'', '''') = '''' THEN RETURN ''reason_missing''; END IF;',
  'IF v ->> ''decision'' = ''reject'' AND coalesce(v ->> ''reason'', '''') = '''' THEN RETURN ''reason_missing''; END IF;
  IF v ->> ''decision'' = ''approve'' AND NOT subsidy_behind(p_estate, v_proposal.proposal_id, v_proposal.document) THEN RETURN ''subsidy_claims_missing''; END IF;');

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (',
  'IF p_kind IN (''subsidy_opened'', ''subsidy_ended'', ''subsidies_claimed'', ''subsidy_claims_fallen'', ''subsidy_batch_sent'', ''subsidy_arrived'', ');
