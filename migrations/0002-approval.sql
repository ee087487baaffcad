-- Two keys: rules, proposals (签批单), signatures, quorum.
--   draft → submitted → approved → executed
--   side exits: returned (and submitted again as the next version), withdrawn, rejected, held, expired
-- Signatures are recorded by record_signature() alone, which only the role signer may call. A quorum is
-- a row whose foreign keys point at two approving signatures, of two persons of two bodies, over the
-- very document that is frozen in the proposal; money moves only with such a row.

CREATE TABLE rule (
  estate_id integer NOT NULL REFERENCES estate,
  rule_id integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('payment', 'transfer', 'reversal', 'close')),
  amount_from numeric(14, 2) NOT NULL DEFAULT 0,
  amount_to numeric(14, 2),
  fund text,
  valid_from date NOT NULL,
  valid_to date,
  expires_days smallint NOT NULL DEFAULT 30 CHECK (expires_days BETWEEN 1 AND 365),
  PRIMARY KEY (estate_id, rule_id),
  CONSTRAINT rule_band_in_order CHECK (amount_to IS NULL OR amount_to > amount_from)
);
COMMENT ON TABLE rule IS 'Who must sign what (签批规则), as dated data.';
COMMENT ON COLUMN rule.estate_id IS 'Estate.';
COMMENT ON COLUMN rule.rule_id IS 'Number of the rule within the estate.';
COMMENT ON COLUMN rule.kind IS 'Kind of proposal it is for.';
COMMENT ON COLUMN rule.amount_from IS 'Lower border of the band, included.';
COMMENT ON COLUMN rule.amount_to IS 'Upper border of the band, excluded; NULL without limit.';
COMMENT ON COLUMN rule.fund IS 'Only for this fund; NULL for all funds.';
COMMENT ON COLUMN rule.valid_from IS 'First day of validity.';
COMMENT ON COLUMN rule.valid_to IS 'Last day of validity; NULL while it holds.';
COMMENT ON COLUMN rule.expires_days IS 'Days after which a submitted proposal expires.';
CALL guard_append_only('rule');
CALL wall_estate('rule');

CREATE TABLE rule_body (
  estate_id integer NOT NULL,
  rule_id integer NOT NULL,
  body text NOT NULL,
  signers smallint NOT NULL CHECK (signers BETWEEN 1 AND 20),
  PRIMARY KEY (estate_id, rule_id, body),
  FOREIGN KEY (estate_id, rule_id) REFERENCES rule,
  FOREIGN KEY (estate_id, body) REFERENCES body
);
COMMENT ON TABLE rule_body IS 'Bodies a rule asks, and how many signers of each.';
COMMENT ON COLUMN rule_body.estate_id IS 'Estate.';
COMMENT ON COLUMN rule_body.rule_id IS 'Rule.';
COMMENT ON COLUMN rule_body.body IS 'Body.';
COMMENT ON COLUMN rule_body.signers IS 'How many of its members must sign.';
CALL guard_append_only('rule_body');
CALL wall_estate('rule_body');

CREATE FUNCTION open_rules(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF EXISTS (SELECT FROM rule WHERE estate_id = p_estate) THEN
    RAISE EXCEPTION 'rules_exist: rules are changed by a proposal under the old rule'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO rule (estate_id, rule_id, kind, amount_from, amount_to, fund, valid_from, expires_days)
    SELECT p_estate, r.rule_id, r.kind, r.amount_from, r.amount_to, r.fund, r.valid_from, r.expires_days
    FROM jsonb_to_recordset(p_body::jsonb -> 'rules') AS r(rule_id integer, kind text, amount_from numeric,
      amount_to numeric, fund text, valid_from date, expires_days smallint);
  INSERT INTO rule_body (estate_id, rule_id, body, signers)
    SELECT p_estate, (r.value ->> 'rule_id')::integer, b.key, b.value::smallint
    FROM jsonb_array_elements(p_body::jsonb -> 'rules') AS r(value), jsonb_each_text(r.value -> 'bodies') AS b;
  IF EXISTS (SELECT FROM rule r WHERE r.estate_id = p_estate AND
      (SELECT count(*) FROM rule_body b WHERE b.estate_id = p_estate AND b.rule_id = r.rule_id) < 2) THEN
    RAISE EXCEPTION 'rule_needs_two_bodies: every rule asks at least two bodies'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_needs_two_bodies';
  END IF;
  IF EXISTS (SELECT FROM rule r WHERE r.estate_id = p_estate AND NOT EXISTS
      (SELECT FROM rule_body b WHERE b.estate_id = p_estate AND b.rule_id = r.rule_id AND b.body = 'committee')) THEN
    RAISE EXCEPTION 'rule_needs_owners_key: every rule asks the owners'' side'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_needs_owners_key';
  END IF;
  RETURN write_record(p_estate, 'rules_opened', p_body);
END $$;
COMMENT ON FUNCTION open_rules(integer, text) IS 'First rules of an estate; later ones come by proposal.';
GRANT EXECUTE ON FUNCTION open_rules(integer, text) TO app;

CREATE TABLE proposal (
  estate_id integer NOT NULL REFERENCES estate,
  proposal_id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('payment', 'transfer', 'reversal', 'close')),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'submitted', 'approved', 'executed',
    'returned', 'withdrawn', 'rejected', 'held', 'expired', 'superseded')),
  version smallint NOT NULL DEFAULT 0,
  title text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
  amount numeric(14, 2) CHECK (amount > 0),
  fund text,
  document text,
  document_hash bytea CHECK (octet_length(document_hash) = 32),
  rule_id integer,
  made_by uuid NOT NULL REFERENCES person,
  payee_person uuid REFERENCES person,
  reason text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  submitted_at timestamptz,
  expires_on date,
  approved_at timestamptz,
  executed_at timestamptz,
  PRIMARY KEY (estate_id, proposal_id),
  FOREIGN KEY (estate_id, rule_id) REFERENCES rule,
  CONSTRAINT proposal_frozen CHECK (state IN ('draft', 'withdrawn') OR (document IS NOT NULL AND document_hash IS NOT NULL
    AND rule_id IS NOT NULL AND submitted_at IS NOT NULL AND expires_on IS NOT NULL AND version > 0)),
  CONSTRAINT proposal_hash_of_document CHECK (document IS NULL OR document_hash = sha256(convert_to(document, 'UTF8')))
);
COMMENT ON TABLE proposal IS 'Whatever needs more than one hand (签批单): a frozen document and its state.';
COMMENT ON COLUMN proposal.estate_id IS 'Estate.';
COMMENT ON COLUMN proposal.proposal_id IS 'Number; of a payment order as well.';
COMMENT ON COLUMN proposal.kind IS 'payment, transfer, reversal or close.';
COMMENT ON COLUMN proposal.state IS 'See the head of this file.';
COMMENT ON COLUMN proposal.version IS 'Counts submissions; every new one voids the signatures before.';
COMMENT ON COLUMN proposal.title IS 'One line for the queue.';
COMMENT ON COLUMN proposal.amount IS 'Sum that is moved; NULL where none is.';
COMMENT ON COLUMN proposal.fund IS 'Fund that pays; NULL where none or several.';
COMMENT ON COLUMN proposal.document IS 'Canonical JSON every signature covers, frozen at submission.';
COMMENT ON COLUMN proposal.document_hash IS 'SHA-256 of the document''s bytes.';
COMMENT ON COLUMN proposal.rule_id IS 'Rule that says who must sign.';
COMMENT ON COLUMN proposal.made_by IS 'Maker; never one of the signers.';
COMMENT ON COLUMN proposal.payee_person IS 'Person who is paid, if one is; never one of the signers.';
COMMENT ON COLUMN proposal.reason IS 'Why it was returned, rejected, withdrawn or held.';
COMMENT ON COLUMN proposal.created_at IS 'Drafted.';
COMMENT ON COLUMN proposal.submitted_at IS 'Last submitted.';
COMMENT ON COLUMN proposal.expires_on IS 'Last day for signing.';
COMMENT ON COLUMN proposal.approved_at IS 'Quorum reached.';
COMMENT ON COLUMN proposal.executed_at IS 'Carried out: paid, posted, closed.';
CREATE INDEX proposal_state ON proposal (estate_id, state, kind);
CALL wall_estate('proposal');
GRANT INSERT (estate_id, kind, title, amount, fund, made_by, payee_person) ON proposal TO app;
GRANT UPDATE (state, version, title, amount, fund, document, document_hash, rule_id, payee_person, reason, submitted_at, expires_on)
  ON proposal TO app;

CREATE TABLE signature (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  document_hash bytea NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  body text NOT NULL,
  office text NOT NULL,
  term_id integer NOT NULL,
  decision text NOT NULL CHECK (decision IN ('approve', 'reject')),
  method text NOT NULL CHECK (method IN ('password', 'passkey')),
  reason text NOT NULL DEFAULT '',
  evidence text NOT NULL DEFAULT '{}',
  signed_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT one_signature_per_person PRIMARY KEY (estate_id, proposal_id, document_hash, person_id),
  CONSTRAINT signature_of_quorum UNIQUE (estate_id, proposal_id, document_hash, body, person_id, decision),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, term_id) REFERENCES term,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT rejection_has_reason CHECK (decision = 'approve' OR reason <> '')
);
COMMENT ON TABLE signature IS 'Signatures (签批) over a document, append-only.';
COMMENT ON COLUMN signature.estate_id IS 'Estate.';
COMMENT ON COLUMN signature.proposal_id IS 'Proposal.';
COMMENT ON COLUMN signature.document_hash IS 'Document signed; another version needs another signature.';
COMMENT ON COLUMN signature.person_id IS 'Signer.';
COMMENT ON COLUMN signature.body IS 'Body the signer speaks for.';
COMMENT ON COLUMN signature.office IS 'Office held at that moment.';
COMMENT ON COLUMN signature.term_id IS 'Term of office that covers the moment.';
COMMENT ON COLUMN signature.decision IS 'approve or reject.';
COMMENT ON COLUMN signature.method IS 'password (weak: the server could forge it) or passkey.';
COMMENT ON COLUMN signature.reason IS 'Reason; always given for a rejection.';
COMMENT ON COLUMN signature.evidence IS 'What is needed to check a passkey signature years later, JSON.';
COMMENT ON COLUMN signature.signed_at IS 'Time of the record.';
COMMENT ON COLUMN signature.seq IS 'Record of the signature.';
CALL guard_append_only('signature');
CALL wall_estate('signature');

CREATE TABLE quorum (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  document_hash bytea NOT NULL,
  first_body text NOT NULL,
  first_person uuid NOT NULL,
  second_body text NOT NULL,
  second_person uuid NOT NULL,
  decision text NOT NULL DEFAULT 'approve' CHECK (decision = 'approve'),
  reached_at timestamptz NOT NULL,
  CONSTRAINT quorum_once PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT quorum_first_key FOREIGN KEY (estate_id, proposal_id, document_hash, first_body, first_person, decision)
    REFERENCES signature (estate_id, proposal_id, document_hash, body, person_id, decision),
  CONSTRAINT quorum_second_key FOREIGN KEY (estate_id, proposal_id, document_hash, second_body, second_person, decision)
    REFERENCES signature (estate_id, proposal_id, document_hash, body, person_id, decision),
  CONSTRAINT quorum_two_bodies CHECK (first_body <> second_body),
  CONSTRAINT quorum_two_persons CHECK (first_person <> second_person)
);
COMMENT ON TABLE quorum IS 'A proposal has all signatures its rule asks for; two of them stand here by key.';
COMMENT ON COLUMN quorum.estate_id IS 'Estate.';
COMMENT ON COLUMN quorum.proposal_id IS 'Proposal.';
COMMENT ON COLUMN quorum.document_hash IS 'Document that all signatures cover.';
COMMENT ON COLUMN quorum.first_body IS 'Body of the first key.';
COMMENT ON COLUMN quorum.first_person IS 'Signer of the first key.';
COMMENT ON COLUMN quorum.second_body IS 'Body of the second key.';
COMMENT ON COLUMN quorum.second_person IS 'Signer of the second key.';
COMMENT ON COLUMN quorum.decision IS 'Always approve, so that the keys match approving signatures only.';
COMMENT ON COLUMN quorum.reached_at IS 'When the last signature came.';
CALL guard_append_only('quorum');
CALL wall_estate('quorum');

-- The plain way for the web connection to wait its turn: it may not lock log_head itself.
CREATE FUNCTION lock_estate(p_estate integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_size bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT size INTO v_size FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  RETURN v_size;
END $$;
COMMENT ON FUNCTION lock_estate(integer) IS 'Locks the head of the log until the transaction ends; gives its size.';
GRANT EXECUTE ON FUNCTION lock_estate(integer) TO app;

-- The steps of one proposal are found without reading all steps of the estate.
CREATE INDEX record_proposal ON record (estate_id, ((body::jsonb ->> 'proposal')::bigint), seq)
  WHERE starts_with(kind, 'proposal_');

CREATE FUNCTION estate_today(p_estate integer) RETURNS date LANGUAGE sql VOLATILE AS $$
  SELECT (estate_clock(p_estate) AT TIME ZONE 'Asia/Shanghai')::date
$$;
COMMENT ON FUNCTION estate_today(integer) IS 'Business date in Asia/Shanghai.';
GRANT EXECUTE ON FUNCTION estate_today(integer) TO app, signer;

CREATE FUNCTION guard_proposal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.document IS NOT NULL THEN
      RAISE EXCEPTION 'proposal_starts_as_draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR (NEW.estate_id, NEW.proposal_id, NEW.kind, NEW.made_by)
      IS DISTINCT FROM (OLD.estate_id, OLD.proposal_id, OLD.kind, OLD.made_by) THEN
    RAISE EXCEPTION 'proposal_stays: a proposal is neither deleted nor given another maker'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.state, NEW.state) NOT IN (('draft', 'draft'), ('draft', 'submitted'), ('draft', 'withdrawn'),
      ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'returned'), ('submitted', 'withdrawn'),
      ('submitted', 'held'), ('held', 'submitted'), ('held', 'returned'), ('held', 'withdrawn'), ('held', 'expired'),
      ('submitted', 'expired'),
      ('submitted', 'rejected'), ('submitted', 'approved'), ('approved', 'executed'), ('approved', 'withdrawn'),
      ('submitted', 'superseded'), ('approved', 'superseded')) THEN
    RAISE EXCEPTION 'proposal_step_unknown: from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  -- The doors run as owner; a web connection may neither approve, reject nor execute.
  IF NEW.state IN ('approved', 'rejected', 'executed') AND current_user <> 'owner' THEN
    RAISE EXCEPTION 'proposal_step_reserved: % is set by signatures and postings only', NEW.state
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'submitted' AND OLD.state IN ('draft', 'returned') THEN
    IF NOT EXISTS (SELECT FROM rule r WHERE r.estate_id = NEW.estate_id AND r.rule_id = NEW.rule_id
        AND r.kind = NEW.kind AND (r.fund IS NULL OR r.fund = NEW.fund)
        AND coalesce(NEW.amount, 0) >= r.amount_from AND (r.amount_to IS NULL OR coalesce(NEW.amount, 0) < r.amount_to)
        AND estate_today(NEW.estate_id) BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
        AND NEW.expires_on <= estate_today(NEW.estate_id) + r.expires_days
        -- A fund's own rule goes before the general one.
        AND (r.fund IS NOT NULL OR NOT EXISTS (SELECT FROM rule o WHERE o.estate_id = r.estate_id AND o.kind = r.kind
          AND o.fund = NEW.fund AND coalesce(NEW.amount, 0) >= o.amount_from
          AND (o.amount_to IS NULL OR coalesce(NEW.amount, 0) < o.amount_to)
          AND estate_today(NEW.estate_id) BETWEEN o.valid_from AND coalesce(o.valid_to, 'infinity')))) THEN
      RAISE EXCEPTION 'rule_does_not_fit: rule % is not for % of %', NEW.rule_id, NEW.kind, NEW.amount
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version <> OLD.version + 1 OR (NEW.document::jsonb ->> 'version')::integer IS DISTINCT FROM NEW.version::integer
        OR NEW.document::jsonb ->> 'kind' IS DISTINCT FROM NEW.kind
        OR (NEW.document::jsonb ->> 'proposal')::bigint IS DISTINCT FROM NEW.proposal_id
        OR NEW.document::jsonb ->> 'estate' IS DISTINCT FROM (SELECT code FROM estate WHERE estate_id = NEW.estate_id)
        OR (NEW.document::jsonb ->> 'made_by')::uuid IS DISTINCT FROM NEW.made_by
        OR NEW.document::jsonb ->> 'fund' IS DISTINCT FROM NEW.fund
        OR NEW.document::jsonb ->> 'title' IS DISTINCT FROM NEW.title
        OR (NEW.document::jsonb ->> 'amount')::numeric IS DISTINCT FROM NEW.amount THEN
      RAISE EXCEPTION 'proposal_differs_from_document' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSIF OLD.state <> 'draft' AND (NEW.version, NEW.title, NEW.amount, NEW.fund, NEW.document, NEW.rule_id, NEW.payee_person,
      NEW.submitted_at, NEW.expires_on) IS DISTINCT FROM (OLD.version, OLD.title, OLD.amount, OLD.fund, OLD.document,
      OLD.rule_id, OLD.payee_person, OLD.submitted_at, OLD.expires_on) THEN
    RAISE EXCEPTION 'proposal_is_frozen: what was submitted is not edited; return it first'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'approved' AND NOT EXISTS (SELECT FROM quorum q WHERE q.estate_id = NEW.estate_id
      AND q.proposal_id = NEW.proposal_id AND q.document_hash = NEW.document_hash) THEN
    RAISE EXCEPTION 'proposal_without_quorum' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_proposal BEFORE INSERT OR UPDATE OR DELETE ON proposal
  FOR EACH ROW EXECUTE FUNCTION guard_proposal();
ALTER TABLE proposal ENABLE ALWAYS TRIGGER guard_proposal;
CREATE TRIGGER keep_proposals BEFORE TRUNCATE ON proposal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE proposal ENABLE ALWAYS TRIGGER keep_proposals;
