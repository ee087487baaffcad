-- Passkeys, one-time codes, delegation (乙代甲), ratification, membership by proposal, notices.

-- ── Passkeys ─────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE passkey (
  estate_id integer NOT NULL REFERENCES estate,
  credential_id text NOT NULL CHECK (credential_id ~ '^[A-Za-z0-9_-]+$' AND octet_length(credential_id) BETWEEN 16 AND 1400),
  person_id uuid NOT NULL REFERENCES person,
  public_key bytea NOT NULL,
  algorithm integer NOT NULL CHECK (algorithm IN (-7, -8, -257)),
  rp_id text NOT NULL,
  aaguid text NOT NULL,
  transports text[] NOT NULL DEFAULT '{}',
  label text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 60),
  backup_eligible boolean NOT NULL,
  backed_up boolean NOT NULL,
  confirmed_by text NOT NULL CHECK (confirmed_by IN ('password', 'passkey', 'recovery_code')),
  enrolled_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  sign_count bigint NOT NULL DEFAULT 0,
  revoked_at timestamptz,
  revoked_seq bigint,
  PRIMARY KEY (estate_id, credential_id),
  CONSTRAINT passkey_of_person UNIQUE (estate_id, credential_id, person_id),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, revoked_seq) REFERENCES record (estate_id, seq),
  CONSTRAINT passkey_revoked_on_record CHECK ((revoked_at IS NULL) = (revoked_seq IS NULL))
);
COMMENT ON TABLE passkey IS 'Passkeys (通行密钥) of signers, one row in each estate where they serve; enrolment and revocation are records.';
COMMENT ON COLUMN passkey.estate_id IS 'Estate.';
COMMENT ON COLUMN passkey.credential_id IS 'Credential id, base64url.';
COMMENT ON COLUMN passkey.person_id IS 'Person whose key it is.';
COMMENT ON COLUMN passkey.public_key IS 'Public key, COSE_Key bytes.';
COMMENT ON COLUMN passkey.algorithm IS 'COSE algorithm: -7 ES256, -8 EdDSA, -257 RS256.';
COMMENT ON COLUMN passkey.rp_id IS 'Relying party (host name) it is bound to.';
COMMENT ON COLUMN passkey.aaguid IS 'Model of the authenticator, as it says itself.';
COMMENT ON COLUMN passkey.transports IS 'How a browser may reach it.';
COMMENT ON COLUMN passkey.label IS 'Name its owner gave it.';
COMMENT ON COLUMN passkey.backup_eligible IS 'Whether it may be copied to a provider''s cloud.';
COMMENT ON COLUMN passkey.backed_up IS 'Whether it was, at enrolment; each signature says it anew.';
COMMENT ON COLUMN passkey.confirmed_by IS 'What its owner proved at enrolment: signing password (first key), another passkey, or a printed recovery code.';
COMMENT ON COLUMN passkey.enrolled_at IS 'When.';
COMMENT ON COLUMN passkey.seq IS 'Record passkey_enrolled.';
COMMENT ON COLUMN passkey.sign_count IS 'Counter of the authenticator at its last signature.';
COMMENT ON COLUMN passkey.revoked_at IS 'When it was revoked.';
COMMENT ON COLUMN passkey.revoked_seq IS 'Record passkey_revoked.';
CREATE INDEX passkey_person ON passkey (person_id);
CALL wall_estate('passkey');
-- The account page lists one's own keys of every estate.
CREATE POLICY own_passkeys ON passkey FOR SELECT TO app USING (person_id = current_person());

CREATE FUNCTION guard_passkey() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old passkey := OLD; v_new passkey := NEW;
BEGIN
  v_old.sign_count := 0; v_new.sign_count := 0;
  v_old.revoked_at := NULL; v_new.revoked_at := NULL; v_old.revoked_seq := NULL; v_new.revoked_seq := NULL;
  IF TG_OP <> 'UPDATE' OR v_old IS DISTINCT FROM v_new OR (OLD.revoked_at IS NOT NULL AND NEW IS DISTINCT FROM OLD) THEN
    RAISE EXCEPTION 'append_only: a passkey is not edited; it is revoked, and another enrolled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_passkey BEFORE UPDATE OR DELETE ON passkey FOR EACH ROW EXECUTE FUNCTION guard_passkey();
ALTER TABLE passkey ENABLE ALWAYS TRIGGER guard_passkey;
CREATE TRIGGER keep_passkeys BEFORE TRUNCATE ON passkey FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE passkey ENABLE ALWAYS TRIGGER keep_passkeys;

CREATE TABLE recovery_code (
  person_id uuid NOT NULL REFERENCES person,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  used_at timestamptz,
  PRIMARY KEY (person_id, code_hash)
);
COMMENT ON TABLE recovery_code IS 'Printed recovery codes (恢复码) for enrolling a passkey; only the SHA-256 is kept, each works once.';
COMMENT ON COLUMN recovery_code.person_id IS 'Person.';
COMMENT ON COLUMN recovery_code.code_hash IS 'SHA-256 of the code.';
COMMENT ON COLUMN recovery_code.issued_at IS 'When it was printed.';
COMMENT ON COLUMN recovery_code.used_at IS 'When it was used.';
GRANT SELECT, INSERT, DELETE ON recovery_code TO app;
GRANT UPDATE (used_at) ON recovery_code TO app;

ALTER TABLE credential ADD COLUMN totp_secret text, ADD COLUMN totp_step bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN credential.totp_secret IS 'Secret of the one-time codes (RFC 6238), base32; NULL where none is set up.';
COMMENT ON COLUMN credential.totp_step IS 'Time step of the last code used: each code works once.';
GRANT UPDATE (totp_secret, totp_step) ON credential TO app;

CREATE TABLE enrolment_challenge (
  person_id uuid PRIMARY KEY REFERENCES person,
  challenge text NOT NULL,
  confirmed_by text NOT NULL CHECK (confirmed_by IN ('password', 'passkey', 'recovery_code')),
  expires_at timestamptz NOT NULL
);
COMMENT ON TABLE enrolment_challenge IS 'What an enrolment under way must answer; one per person, for minutes.';
COMMENT ON COLUMN enrolment_challenge.person_id IS 'Person.';
COMMENT ON COLUMN enrolment_challenge.challenge IS 'Nonce and purpose; the challenge is drawn from both.';
COMMENT ON COLUMN enrolment_challenge.confirmed_by IS 'What the person proved before it was given.';
COMMENT ON COLUMN enrolment_challenge.expires_at IS 'Until when.';
GRANT SELECT, INSERT, DELETE, UPDATE (challenge, confirmed_by, expires_at) ON enrolment_challenge TO app;

CREATE TABLE signing_challenge (
  estate_id integer NOT NULL,
  nonce text NOT NULL CHECK (nonce ~ '^[0-9a-f]{64}$'),
  proposal_id bigint NOT NULL,
  document_hash bytea NOT NULL CHECK (octet_length(document_hash) = 32),
  decision text NOT NULL CHECK (decision IN ('approve', 'reject', 'ratify')),
  person_id uuid NOT NULL REFERENCES person,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (estate_id, nonce),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal
);
COMMENT ON TABLE signing_challenge IS 'What a passkey is asked to sign: one document, one decision, one person, once, for minutes.';
COMMENT ON COLUMN signing_challenge.estate_id IS 'Estate.';
COMMENT ON COLUMN signing_challenge.nonce IS '32 random bytes, hexadecimal.';
COMMENT ON COLUMN signing_challenge.proposal_id IS 'Proposal.';
COMMENT ON COLUMN signing_challenge.document_hash IS 'Document.';
COMMENT ON COLUMN signing_challenge.decision IS 'approve, reject or ratify.';
COMMENT ON COLUMN signing_challenge.person_id IS 'Person who asked.';
COMMENT ON COLUMN signing_challenge.expires_at IS 'Until when, by the real clock; milliseconds, part of what is signed.';
COMMENT ON COLUMN signing_challenge.used_at IS 'When it was used.';
CALL wall_estate('signing_challenge');
GRANT INSERT, DELETE ON signing_challenge TO app;

-- TRUST §3: SHA-256 over lines, so that no part can be read as another: version, decision, document, nonce, expiry.
CREATE FUNCTION signing_challenge_bytes(decision text, document text, nonce text, expires_at timestamptz) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE RETURN sha256(convert_to('mingzhang/sign/v1' || E'\n' || decision || E'\n' || document || E'\n'
  || nonce || E'\n' || to_char(expires_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'UTF8'));
COMMENT ON FUNCTION signing_challenge_bytes(text, text, text, timestamptz) IS 'Challenge of a signature by passkey, 32 bytes.';
GRANT EXECUTE ON FUNCTION signing_challenge_bytes(text, text, text, timestamptz) TO app, signer, auditor;

CREATE FUNCTION from_base64url(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN decode(rpad(translate(value, '-_', '+/'), (length(value) + 3) / 4 * 4, '='), 'base64');
CREATE FUNCTION to_base64url(value bytea) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN rtrim(translate(replace(encode(value, 'base64'), E'\n', ''), '+/', '-_'), '=');
GRANT EXECUTE ON FUNCTION from_base64url(text), to_base64url(bytea) TO app, signer, auditor;

-- Enrolment, after the role signer's caller has verified the authenticator's answer. Body (canonical JSON):
-- {person, credential_id, public_key, algorithm, rp_id, origin, aaguid, transports, label, backup_eligible, backed_up,
--  confirmed_by, attestation_object, client_data_json}; bytes as base64url.
CREATE FUNCTION enrol_passkey(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb := p_body::jsonb; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM term WHERE estate_id = p_estate AND person_id = (v ->> 'person')::uuid
      AND ends_on >= estate_today(p_estate) AND office NOT IN ('cashier', 'auditor')) THEN
    RAISE EXCEPTION 'passkey_without_office: the person signs nothing in this estate'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'passkey_without_office';
  END IF;
  v_seq := write_record(p_estate, 'passkey_enrolled', p_body);
  INSERT INTO passkey (estate_id, credential_id, person_id, public_key, algorithm, rp_id, aaguid, transports, label,
    backup_eligible, backed_up, confirmed_by, enrolled_at, seq)
  SELECT p_estate, v ->> 'credential_id', (v ->> 'person')::uuid, from_base64url(v ->> 'public_key'), (v ->> 'algorithm')::integer,
    v ->> 'rp_id', v ->> 'aaguid', array(SELECT jsonb_array_elements_text(v -> 'transports')), v ->> 'label',
    (v ->> 'backup_eligible')::boolean, (v ->> 'backed_up')::boolean, v ->> 'confirmed_by', r.recorded_at, v_seq
  FROM record r WHERE r.estate_id = p_estate AND r.seq = v_seq;
  RETURN v_seq;
END $$;
COMMENT ON FUNCTION enrol_passkey(integer, text) IS 'Records a passkey whose enrolment was verified. Only the role signer may call it.';
GRANT EXECUTE ON FUNCTION enrol_passkey(integer, text) TO signer;

-- Revocation: {person, credential_id, reason, by}. Taking a key away is never refused for want of rank.
CREATE FUNCTION revoke_passkey(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb := p_body::jsonb; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM passkey WHERE estate_id = p_estate AND credential_id = v ->> 'credential_id'
      AND person_id = (v ->> 'person')::uuid AND revoked_at IS NULL) THEN
    RETURN NULL;
  END IF;
  v_seq := write_record(p_estate, 'passkey_revoked', p_body);
  UPDATE passkey k SET revoked_at = r.recorded_at, revoked_seq = v_seq FROM record r
    WHERE r.estate_id = p_estate AND r.seq = v_seq AND k.estate_id = p_estate AND k.credential_id = v ->> 'credential_id';
  RETURN v_seq;
END $$;
COMMENT ON FUNCTION revoke_passkey(integer, text) IS 'Revokes a passkey; gives the seq of the record, NULL where there was none to revoke.';
GRANT EXECUTE ON FUNCTION revoke_passkey(integer, text) TO app;

-- ── Terms and delegation by proposal ─────────────────────────────────────────────────────────────

-- A deputy (候补, 代签人) signs nothing of their own, only in the place of whoever delegated to them.
ALTER TABLE term DROP CONSTRAINT term_office_check, DROP CONSTRAINT term_office_of_body;
ALTER TABLE term
  ADD CONSTRAINT term_office_known CHECK (office IN ('cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'auditor', 'deputy')),
  ADD CONSTRAINT term_office_of_body CHECK ((body, office) IN (('property', 'cashier'), ('property', 'manager'), ('property', 'deputy'),
    ('committee', 'chair'), ('committee', 'member'), ('committee', 'deputy'), ('supervisor', 'supervisor'), ('supervisor', 'deputy'),
    ('community', 'official'), ('street', 'official'), ('auditor', 'auditor'))),
  ADD COLUMN proposal_id bigint,
  ADD CONSTRAINT term_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum;
COMMENT ON COLUMN term.proposal_id IS 'Proposal with the signatures; NULL for the first terms, which come with the estate.';
CREATE UNIQUE INDEX term_of_proposal_once ON term (estate_id, proposal_id);

-- Appointing oneself would be the way around the two keys: the web role no longer writes terms.
REVOKE INSERT, UPDATE (ends_on) ON term FROM app;
REVOKE INSERT ON key_holder FROM app;
ALTER TABLE log_head ADD COLUMN opened_in xid8;
COMMENT ON COLUMN log_head.opened_in IS 'Database transaction that opened the log: only in it are terms given without a proposal.';
CREATE FUNCTION note_opening() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.opened_in := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER note_opening BEFORE INSERT ON log_head FOR EACH ROW EXECUTE FUNCTION note_opening();
ALTER TABLE log_head ENABLE ALWAYS TRIGGER note_opening;

-- Internal: one term with its key and record. {body, office, person, starts_on, ends_on, proposal?}
CREATE FUNCTION write_term(p_estate integer, v jsonb, p_resolution text) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_side text; v_held text; v_term integer;
BEGIN
  SELECT key_side INTO v_side FROM body WHERE estate_id = p_estate AND body = v ->> 'body';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'body_unknown: %', v ->> 'body' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'body_unknown';
  END IF;
  IF v_side IS NOT NULL THEN
    INSERT INTO key_holder (estate_id, person_id, key_side) VALUES (p_estate, (v ->> 'person')::uuid, v_side) ON CONFLICT DO NOTHING;
    SELECT key_side INTO v_held FROM key_holder WHERE estate_id = p_estate AND person_id = (v ->> 'person')::uuid;
    IF v_held <> v_side THEN
      RAISE EXCEPTION 'holds_other_key: the person holds the key of the other side'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'term_one_key';
    END IF;
  END IF;
  IF EXISTS (SELECT FROM term WHERE estate_id = p_estate AND person_id = (v ->> 'person')::uuid AND body = v ->> 'body'
      AND office = v ->> 'office' AND starts_on <= (v ->> 'ends_on')::date AND ends_on >= (v ->> 'starts_on')::date) THEN
    RAISE EXCEPTION 'already_in_office' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'already_in_office';
  END IF;
  -- Whoever keeps the money signs nothing (会计法 §35), in no office.
  IF EXISTS (SELECT FROM term WHERE estate_id = p_estate AND person_id = (v ->> 'person')::uuid AND office <> 'auditor'
      AND v ->> 'office' <> 'auditor' AND (office = 'cashier') <> (v ->> 'office' = 'cashier')
      AND starts_on <= (v ->> 'ends_on')::date AND ends_on >= (v ->> 'starts_on')::date) THEN
    RAISE EXCEPTION 'cashier_signs_nothing' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'cashier_signs_nothing';
  END IF;
  SELECT coalesce(max(term_id), 0) + 1 INTO v_term FROM term WHERE estate_id = p_estate;
  PERFORM write_record(p_estate, 'term_opened', format('{"body":"%s","ends_on":"%s","office":"%s","person":"%s",%s"starts_on":"%s","term":%s}',
    v ->> 'body', v ->> 'ends_on', v ->> 'office', v ->> 'person',
    coalesce('"proposal":' || (v ->> 'proposal') || ',', ''), v ->> 'starts_on', v_term));
  INSERT INTO term (estate_id, term_id, person_id, body, key_side, office, starts_on, ends_on, resolution, proposal_id)
    VALUES (p_estate, v_term, (v ->> 'person')::uuid, v ->> 'body', v_side, v ->> 'office', (v ->> 'starts_on')::date,
      (v ->> 'ends_on')::date, p_resolution, (v ->> 'proposal')::bigint);
  RETURN v_term;
END $$;

CREATE FUNCTION open_term(p_estate integer, p_body text, p_resolution text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate AND opened_in = pg_current_xact_id() FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'term_needs_proposal: after the estate was opened, offices change by a proposal'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'term_needs_proposal';
  END IF;
  RETURN write_term(p_estate, p_body::jsonb - 'proposal', p_resolution);
END $$;
COMMENT ON FUNCTION open_term(integer, text, text) IS 'First terms of an estate, in the transaction that opens it; gives the number.';
GRANT EXECUTE ON FUNCTION open_term(integer, text, text) TO app;

CREATE TABLE delegation (
  estate_id integer NOT NULL,
  delegation_id integer NOT NULL,
  body text NOT NULL,
  principal uuid NOT NULL REFERENCES person,
  delegate uuid NOT NULL REFERENCES person,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  after_days smallint NOT NULL DEFAULT 0 CHECK (after_days BETWEEN 0 AND 30),
  proposal_id bigint NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, delegation_id),
  FOREIGN KEY (estate_id, body) REFERENCES body,
  CONSTRAINT delegation_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  CONSTRAINT delegation_of_proposal_once UNIQUE (estate_id, proposal_id),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT delegation_two_persons CHECK (principal <> delegate),
  CONSTRAINT delegation_in_order CHECK (ends_on >= starts_on OR ends_on = starts_on - 1)
);
COMMENT ON TABLE delegation IS 'Delegations (乙代甲): a deputy of the same body signs in another''s place, for some days, in public.';
COMMENT ON COLUMN delegation.estate_id IS 'Estate.';
COMMENT ON COLUMN delegation.delegation_id IS 'Number.';
COMMENT ON COLUMN delegation.body IS 'Body of both.';
COMMENT ON COLUMN delegation.principal IS 'Whose vote it is (甲).';
COMMENT ON COLUMN delegation.delegate IS 'Who signs (乙); holds the office of deputy in the same body.';
COMMENT ON COLUMN delegation.starts_on IS 'First day.';
COMMENT ON COLUMN delegation.ends_on IS 'Last day; the day before the first when it was ended before it began.';
COMMENT ON COLUMN delegation.after_days IS 'Substitute: only for what has waited that many days since submission; 0 at once.';
COMMENT ON COLUMN delegation.proposal_id IS 'Proposal with the signatures.';
COMMENT ON COLUMN delegation.seq IS 'Record.';
CREATE INDEX delegation_delegate ON delegation (estate_id, delegate);
CALL wall_estate('delegation');
CREATE FUNCTION guard_delegation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old delegation := OLD; v_new delegation := NEW;
BEGIN
  v_old.ends_on := NULL; v_new.ends_on := NULL;
  IF TG_OP <> 'UPDATE' OR v_old IS DISTINCT FROM v_new OR NEW.ends_on > OLD.ends_on THEN
    RAISE EXCEPTION 'delegation_stays: a delegation may only be ended earlier' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_delegation BEFORE UPDATE OR DELETE ON delegation FOR EACH ROW EXECUTE FUNCTION guard_delegation();
ALTER TABLE delegation ENABLE ALWAYS TRIGGER guard_delegation;
CREATE TRIGGER keep_delegations BEFORE TRUNCATE ON delegation FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE delegation ENABLE ALWAYS TRIGGER keep_delegations;

-- Internal: locks an approved proposal of a kind for carrying it out; its document, or why not.
CREATE FUNCTION approved_document(p_estate integer, p_proposal bigint, p_kind text, OUT why_not text, OUT document jsonb)
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_proposal proposal;
BEGIN
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT o.* INTO v_proposal FROM proposal o
    JOIN quorum q ON q.estate_id = o.estate_id AND q.proposal_id = o.proposal_id AND q.document_hash = o.document_hash
    WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal AND o.kind = p_kind FOR UPDATE OF o;
  why_not := CASE WHEN v_proposal.state = 'executed' THEN 'already_done'
    WHEN v_proposal.state IS DISTINCT FROM 'approved' THEN 'order_not_approved'
    ELSE waits_for(p_estate, p_proposal, estate_today(p_estate)) END;
  document := v_proposal.document::jsonb;
END $$;

-- Document: {change: "appoint", person, body, office, starts_on, ends_on, resolution: {title, date, voucher}}
--        or {change: "end", term, ends_on, resolution}
CREATE FUNCTION change_membership(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_term term; v_last date;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'membership');
  IF v_why IS NOT NULL THEN RETURN v_why; END IF;
  IF v ->> 'change' = 'appoint' THEN
    -- Signed late, it begins late: no term lies before the signatures it rests on.
    PERFORM write_term(p_estate, jsonb_build_object('body', v ->> 'body', 'office', v ->> 'office', 'person', v ->> 'person',
      'starts_on', greatest((v ->> 'starts_on')::date, estate_today(p_estate)), 'ends_on', v ->> 'ends_on', 'proposal', p_proposal),
      concat_ws(' ', v -> 'resolution' ->> 'title', v -> 'resolution' ->> 'date'));
  ELSE
    SELECT * INTO v_term FROM term WHERE estate_id = p_estate AND term_id = (v ->> 'term')::integer;
    -- Never backwards: a signature given under the term was good when it was given.
    v_last := greatest((v ->> 'ends_on')::date, v_term.starts_on, estate_today(p_estate) - 1);
    IF v_term.term_id IS NULL OR v_term.ends_on <= v_last THEN
      RAISE EXCEPTION 'term_ended_already' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'term_ended_already';
    END IF;
    PERFORM write_record(p_estate, 'term_ended', format('{"ends_on":"%s","proposal":%s,"term":%s}', v_last, p_proposal, v_term.term_id));
    UPDATE term SET ends_on = v_last WHERE estate_id = p_estate AND term_id = v_term.term_id;
  END IF;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'changed';
END $$;
COMMENT ON FUNCTION change_membership(integer, bigint) IS
  'Carries an appointment or an early end out. Statuses: changed, already_done, order_not_approved, order_in_notice, order_objected; refuses by term_one_key, already_in_office, body_unknown, term_office_of_body, term_in_order, term_ended_already.';
GRANT EXECUTE ON FUNCTION change_membership(integer, bigint) TO app;

-- Document: {body, principal, delegate, starts_on, ends_on, after_days}
CREATE FUNCTION open_delegation(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_number integer; v_seq bigint; v_from date;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'delegation');
  IF v_why IS NOT NULL THEN RETURN v_why; END IF;
  -- Whoever neither asked for it nor signed it may be away, or may not know: three days to end it before anybody votes for them.
  v_from := greatest((v ->> 'starts_on')::date, estate_today(p_estate) + CASE WHEN EXISTS (SELECT FROM proposal o
    WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal AND (o.made_by = (v ->> 'principal')::uuid
      OR EXISTS (SELECT FROM signature s WHERE s.estate_id = o.estate_id AND s.proposal_id = o.proposal_id
        AND s.document_hash = o.document_hash AND s.person_id = (v ->> 'principal')::uuid AND s.decision = 'approve'))) THEN 0 ELSE 3 END);
  IF v_from > (v ->> 'ends_on')::date OR NOT EXISTS (SELECT FROM term t WHERE t.estate_id = p_estate AND t.person_id = (v ->> 'principal')::uuid
        AND t.body = v ->> 'body' AND t.office NOT IN ('cashier', 'deputy') AND t.ends_on >= v_from)
      OR NOT EXISTS (SELECT FROM term t WHERE t.estate_id = p_estate AND t.person_id = (v ->> 'delegate')::uuid
        AND t.body = v ->> 'body' AND t.office = 'deputy' AND t.ends_on >= v_from) THEN
    RAISE EXCEPTION 'delegation_not_possible: both must serve in the body, the delegate as deputy'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'delegation_not_possible';
  END IF;
  SELECT coalesce(max(delegation_id), 0) + 1 INTO v_number FROM delegation WHERE estate_id = p_estate;
  v_seq := write_record(p_estate, 'delegation_opened',
    format('{"after_days":%s,"body":"%s","delegate":"%s","delegation":%s,"ends_on":"%s","principal":"%s","proposal":%s,"starts_on":"%s"}',
      v ->> 'after_days', v ->> 'body', v ->> 'delegate', v_number, v ->> 'ends_on', v ->> 'principal', p_proposal, v_from));
  INSERT INTO delegation (estate_id, delegation_id, body, principal, delegate, starts_on, ends_on, after_days, proposal_id, seq)
    VALUES (p_estate, v_number, v ->> 'body', (v ->> 'principal')::uuid, (v ->> 'delegate')::uuid, v_from,
      (v ->> 'ends_on')::date, (v ->> 'after_days')::smallint, p_proposal, v_seq);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'opened';
END $$;
COMMENT ON FUNCTION open_delegation(integer, bigint) IS
  'Carries a delegation out. Statuses: opened, already_done, order_not_approved, order_in_notice, order_objected; refuses by delegation_not_possible.';
GRANT EXECUTE ON FUNCTION open_delegation(integer, bigint) TO app;

-- The principal comes back: the delegation ends today, by either of the two, alone. {delegation, by}
CREATE FUNCTION end_delegation(p_estate integer, p_delegation integer, p_by uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v delegation; v_last date;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM delegation WHERE estate_id = p_estate AND delegation_id = p_delegation FOR UPDATE;
  v_last := greatest(estate_today(p_estate) - 1, v.starts_on - 1);
  IF v.delegation_id IS NULL OR p_by NOT IN (v.principal, v.delegate) OR v.ends_on <= v_last THEN RETURN false; END IF;
  PERFORM write_record(p_estate, 'delegation_ended', format('{"by":"%s","delegation":%s,"ends_on":"%s"}', p_by, p_delegation, v_last));
  UPDATE delegation SET ends_on = v_last WHERE estate_id = p_estate AND delegation_id = p_delegation;
  RETURN true;
END $$;
COMMENT ON FUNCTION end_delegation(integer, integer, uuid) IS 'Ends a delegation by either of its two persons; false where there is nothing to end.';
GRANT EXECUTE ON FUNCTION end_delegation(integer, integer, uuid) TO app;

-- ── Signatures ───────────────────────────────────────────────────────────────────────────────────

ALTER TABLE signature DROP CONSTRAINT signature_decision_check, DROP CONSTRAINT rejection_has_reason;
ALTER TABLE signature
  ADD CONSTRAINT signature_decision_known CHECK (decision IN ('approve', 'reject', 'ratify')),
  ADD CONSTRAINT rejection_has_reason CHECK (decision <> 'reject' OR reason <> ''),
  ADD COLUMN on_behalf_of uuid REFERENCES person,
  ADD COLUMN vote_of uuid GENERATED ALWAYS AS (coalesce(on_behalf_of, person_id)) STORED,
  ADD COLUMN delegation_id integer,
  ADD COLUMN credential_id text,
  ADD CONSTRAINT one_vote UNIQUE (estate_id, proposal_id, document_hash, vote_of),
  ADD CONSTRAINT signature_delegated FOREIGN KEY (estate_id, delegation_id) REFERENCES delegation,
  ADD CONSTRAINT signature_delegation_named CHECK ((delegation_id IS NULL) = (on_behalf_of IS NULL)),
  ADD CONSTRAINT signature_passkey FOREIGN KEY (estate_id, credential_id, person_id) REFERENCES passkey (estate_id, credential_id, person_id),
  ADD CONSTRAINT signature_passkey_named CHECK ((method = 'passkey') = (credential_id IS NOT NULL));
COMMENT ON COLUMN signature.decision IS 'approve, reject, or ratify (an emergency order, afterwards).';
COMMENT ON COLUMN signature.on_behalf_of IS 'Person in whose place a deputy signed (乙代甲); NULL for one''s own signature.';
COMMENT ON COLUMN signature.vote_of IS 'Whose vote it is: one per document, by whichever hand.';
COMMENT ON COLUMN signature.delegation_id IS 'Delegation it rests on.';
COMMENT ON COLUMN signature.credential_id IS 'Passkey it was made with.';

-- Internal: what a passkey's answer must show besides its signature, which the caller verifies: the right key of
-- the right person, an unused challenge for this very document and decision, our host, a verified user.
CREATE FUNCTION judge_assertion(p_estate integer, v jsonb, p_document text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_key passkey; v_challenge signing_challenge; v_client jsonb; v_bytes bytea; e jsonb := v -> 'evidence';
BEGIN
  SELECT * INTO v_key FROM passkey WHERE estate_id = p_estate AND credential_id = e ->> 'credential_id'
    AND person_id = (v ->> 'person')::uuid FOR UPDATE;
  IF NOT FOUND OR v_key.revoked_at IS NOT NULL THEN RETURN 'passkey_unknown'; END IF;
  SELECT * INTO v_challenge FROM signing_challenge WHERE estate_id = p_estate AND nonce = e ->> 'nonce' FOR UPDATE;
  v_client := convert_from(from_base64url(e ->> 'client_data_json'), 'UTF8')::jsonb;
  v_bytes := from_base64url(e ->> 'authenticator_data');
  IF v_challenge.nonce IS NULL OR v_challenge.used_at IS NOT NULL OR v_challenge.expires_at < clock_timestamp()
      OR v_challenge.person_id <> (v ->> 'person')::uuid OR v_challenge.proposal_id <> (v ->> 'proposal')::bigint
      OR encode(v_challenge.document_hash, 'hex') <> v ->> 'document_hash' OR v_challenge.decision <> v ->> 'decision'
      OR v_client ->> 'type' IS DISTINCT FROM 'webauthn.get'
      OR v_client ->> 'challenge' IS DISTINCT FROM to_base64url(signing_challenge_bytes(v ->> 'decision', p_document,
        v_challenge.nonce, v_challenge.expires_at))
      OR octet_length(v_bytes) < 37 OR substr(v_bytes, 1, 32) <> sha256(convert_to(v_key.rp_id, 'UTF8'))
      -- Bits 0 and 2: somebody was there, and the device knew who.
      OR get_byte(v_bytes, 32) & 5 <> 5 THEN
    RETURN 'challenge_invalid';
  END IF;
  UPDATE signing_challenge SET used_at = clock_timestamp() WHERE estate_id = p_estate AND nonce = v_challenge.nonce;
  UPDATE passkey SET sign_count = coalesce((e ->> 'sign_count')::bigint, 0)
    WHERE estate_id = p_estate AND credential_id = v_key.credential_id;
  RETURN NULL;
EXCEPTION WHEN data_exception THEN
  RETURN 'challenge_invalid';
END $$;

-- The only way a signature comes into being. Body: {proposal, document_hash, person, body, decision, method, reason,
-- evidence, on_behalf_of?}. Statuses, first match wins: proposal_unknown, proposal_not_open, proposal_expired,
-- document_changed, signer_is_maker, signer_is_payee, signer_not_in_office, signer_is_cashier, body_not_asked,
-- delegation_missing, already_signed, reason_missing, out_of_turn, method_too_weak, passkey_unknown, challenge_invalid,
-- fund_insufficient, emergency_cap_exceeded; then signed, approved, rejected, ratified.
CREATE OR REPLACE FUNCTION record_signature(p_estate integer, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v jsonb := p_body::jsonb; v_proposal proposal; v_rule rule; v_term term; v_delegation integer; v_vote uuid;
  v_seq bigint; v_at timestamptz; v_today date; v_status text; v_ratifies boolean := p_body::jsonb ->> 'decision' = 'ratify';
BEGIN
  PERFORM enter_estate(p_estate);
  -- One signer at a time in an estate: the sum that is still free is decided under this lock. Everyone
  -- locks the log's head first and the proposal second, so that nobody waits in a circle.
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v_proposal FROM proposal WHERE estate_id = p_estate AND proposal_id = (v ->> 'proposal')::bigint FOR UPDATE;
  IF NOT FOUND THEN RETURN 'proposal_unknown'; END IF;
  v_today := estate_today(p_estate);
  v_vote := coalesce((v ->> 'on_behalf_of')::uuid, (v ->> 'person')::uuid);
  IF v_ratifies THEN
    IF v_proposal.class <> 'emergency' OR v_proposal.state NOT IN ('approved', 'executed') OR v_proposal.ratified_at IS NOT NULL THEN
      RETURN 'proposal_not_open';
    END IF;
  ELSE
    IF v_proposal.state <> 'submitted' THEN RETURN 'proposal_not_open'; END IF;
    IF v_proposal.expires_on < v_today THEN RETURN 'proposal_expired'; END IF;
  END IF;
  IF encode(v_proposal.document_hash, 'hex') IS DISTINCT FROM v ->> 'document_hash' THEN RETURN 'document_changed'; END IF;
  IF v_proposal.made_by IN ((v ->> 'person')::uuid, v_vote) THEN RETURN 'signer_is_maker'; END IF;
  IF v_proposal.payee_person IN ((v ->> 'person')::uuid, v_vote) THEN RETURN 'signer_is_payee'; END IF;
  SELECT * INTO v_term FROM term t WHERE t.estate_id = p_estate AND t.person_id = (v ->> 'person')::uuid
    AND t.body = v ->> 'body' AND v_today BETWEEN t.starts_on AND t.ends_on
    ORDER BY (t.office = 'cashier'), ((t.office = 'deputy') = (v ->> 'on_behalf_of' IS NULL)), t.term_id LIMIT 1;
  IF NOT FOUND THEN RETURN 'signer_not_in_office'; END IF;
  IF v_term.office = 'cashier' THEN RETURN 'signer_is_cashier'; END IF;
  SELECT * INTO v_rule FROM rule WHERE estate_id = p_estate
    AND rule_id = CASE WHEN v_ratifies THEN v_proposal.full_rule_id ELSE v_proposal.rule_id END;
  IF NOT EXISTS (SELECT FROM rule_body WHERE estate_id = p_estate AND rule_id = v_rule.rule_id AND body = v_term.body) THEN
    RETURN 'body_not_asked';
  END IF;
  IF v_term.office = 'deputy' OR v ->> 'on_behalf_of' IS NOT NULL THEN
    SELECT d.delegation_id INTO v_delegation FROM delegation d JOIN term t ON t.estate_id = d.estate_id AND t.person_id = d.principal
        AND t.body = d.body AND t.office NOT IN ('cashier', 'deputy') AND v_today BETWEEN t.starts_on AND t.ends_on
      WHERE d.estate_id = p_estate AND d.principal = v_vote AND d.delegate = v_term.person_id AND d.body = v_term.body
        AND v_term.office = 'deputy' AND v_today BETWEEN d.starts_on AND d.ends_on
        AND (v_proposal.submitted_at AT TIME ZONE 'Asia/Shanghai')::date + d.after_days <= v_today
      ORDER BY d.delegation_id LIMIT 1;
    IF NOT FOUND THEN RETURN 'delegation_missing'; END IF;
  END IF;
  -- One vote each, by whichever hand: neither does the principal sign again, nor a deputy for two.
  IF EXISTS (SELECT FROM signature WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id
      AND document_hash = v_proposal.document_hash AND (person_id = v_term.person_id OR vote_of = v_vote)) THEN
    RETURN 'already_signed';
  END IF;
  IF v ->> 'decision' = 'reject' AND coalesce(v ->> 'reason', '') = '' THEN RETURN 'reason_missing'; END IF;
  IF v ->> 'decision' = 'approve' AND v_rule.in_sequence AND EXISTS (
      SELECT FROM rule_body e JOIN rule_body mine ON mine.estate_id = e.estate_id AND mine.rule_id = e.rule_id AND mine.body = v_term.body
      WHERE e.estate_id = p_estate AND e.rule_id = v_rule.rule_id AND e.place < mine.place AND e.signers >
        (SELECT count(*) FROM signature s WHERE s.estate_id = p_estate AND s.proposal_id = v_proposal.proposal_id
          AND s.document_hash = v_proposal.document_hash AND s.body = e.body AND s.decision = 'approve')) THEN
    RETURN 'out_of_turn';
  END IF;
  IF v ->> 'decision' <> 'reject' AND v_rule.passkey_only AND v ->> 'method' <> 'passkey' THEN RETURN 'method_too_weak'; END IF;
  BEGIN
    IF v ->> 'method' = 'passkey' THEN
      v_status := judge_assertion(p_estate, v, v_proposal.document);
      IF v_status IS NOT NULL THEN RETURN v_status; END IF;
    END IF;
    v_seq := write_record(p_estate, 'signature', p_body);
    SELECT recorded_at INTO v_at FROM record WHERE estate_id = p_estate AND seq = v_seq;
    INSERT INTO signature (estate_id, proposal_id, document_hash, person_id, body, office, term_id, decision, method,
      reason, evidence, signed_at, seq, on_behalf_of, delegation_id, credential_id)
    VALUES (p_estate, v_proposal.proposal_id, v_proposal.document_hash, v_term.person_id, v_term.body, v_term.office,
      v_term.term_id, v ->> 'decision', v ->> 'method', coalesce(v ->> 'reason', ''), coalesce(v -> 'evidence', '{}')::text,
      v_at, v_seq, (v ->> 'on_behalf_of')::uuid, v_delegation,
      CASE WHEN v ->> 'method' = 'passkey' THEN v -> 'evidence' ->> 'credential_id' END);
    IF v ->> 'decision' = 'reject' THEN
      UPDATE proposal SET state = 'rejected', reason = v ->> 'reason'
        WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id;
      RETURN 'rejected';
    END IF;
    IF EXISTS (SELECT FROM rule_body r WHERE r.estate_id = p_estate AND r.rule_id = v_rule.rule_id AND r.signers >
        (SELECT count(*) FROM signature s WHERE s.estate_id = p_estate AND s.proposal_id = v_proposal.proposal_id
          AND s.document_hash = v_proposal.document_hash AND s.body = r.body
          AND (s.decision = 'approve' OR v_ratifies AND s.decision = 'ratify'))) THEN
      RETURN 'signed';
    END IF;
    IF v_ratifies THEN
      UPDATE proposal SET ratified_at = v_at WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id;
      RETURN 'ratified';
    END IF;
    INSERT INTO quorum (estate_id, proposal_id, document_hash, first_body, first_person, second_body, second_person, reached_at)
      SELECT p_estate, v_proposal.proposal_id, v_proposal.document_hash, a.body, a.person_id, b.body, b.person_id, v_at
      FROM signature a JOIN signature b ON b.estate_id = a.estate_id AND b.proposal_id = a.proposal_id
        AND b.document_hash = a.document_hash AND b.decision = 'approve' AND b.body <> a.body AND b.person_id <> a.person_id
      WHERE a.estate_id = p_estate AND a.proposal_id = v_proposal.proposal_id
        AND a.document_hash = v_proposal.document_hash AND a.decision = 'approve'
      ORDER BY a.seq, b.seq LIMIT 1;
    IF NOT FOUND THEN RETURN 'signed'; END IF;
    IF v_proposal.kind IN ('payment', 'refund') AND fund_available(p_estate, v_proposal.fund) < v_proposal.amount
        OR v_proposal.kind = 'transfer' AND EXISTS (SELECT FROM money_out(p_estate, v_proposal.document) m
          WHERE fund_available(p_estate, m.fund) < m.amount) THEN
      RAISE EXCEPTION 'fund_insufficient' USING ERRCODE = 'MZ001';
    END IF;
    IF v_proposal.class = 'emergency' AND v_rule.month_cap < v_proposal.amount + (SELECT coalesce(sum(o.amount), 0) FROM proposal o
        WHERE o.estate_id = p_estate AND o.class = 'emergency' AND o.state IN ('approved', 'executed')
          AND to_char(o.approved_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = to_char(v_today, 'YYYY-MM')) THEN
      RAISE EXCEPTION 'emergency_cap_exceeded' USING ERRCODE = 'MZ001';
    END IF;
    UPDATE proposal SET state = 'approved', approved_at = v_at,
        ratify_by = CASE WHEN v_proposal.class = 'emergency' THEN v_today + v_rule.ratify_days END,
        -- Signed by as many as the normal rule asks: nothing is left to ratify.
        ratified_at = CASE WHEN v_proposal.class = 'emergency' AND NOT EXISTS (SELECT FROM rule_body r WHERE r.estate_id = p_estate
          AND r.rule_id = v_proposal.full_rule_id AND r.signers > (SELECT count(*) FROM signature s WHERE s.estate_id = p_estate
            AND s.proposal_id = v_proposal.proposal_id AND s.document_hash = v_proposal.document_hash AND s.body = r.body
            AND s.decision = 'approve')) THEN v_at END
      WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id;
    RETURN 'approved';
  EXCEPTION WHEN SQLSTATE 'MZ001' THEN
    RETURN SQLERRM;
  END;
END $$;

-- Who could sign now, and in whose place: the queue, the reminders and the pages ask this; record_signature()
-- judges by itself and agrees (test/approval). p_proposal NULL: of all open proposals.
CREATE FUNCTION open_seats(p_estate integer, p_proposal bigint, p_on date)
RETURNS TABLE (proposal_id bigint, person_id uuid, body text, office text, on_behalf_of uuid, decision text)
LANGUAGE sql STABLE AS $$
  WITH asked AS (
    SELECT o.proposal_id, o.document_hash, o.made_by, o.payee_person, o.submitted_at, r.in_sequence, r.rule_id,
      CASE WHEN o.state = 'submitted' THEN 'approve' ELSE 'ratify' END AS decision
    FROM proposal o JOIN rule r ON r.estate_id = o.estate_id
      AND r.rule_id = CASE WHEN o.state = 'submitted' THEN o.rule_id ELSE o.full_rule_id END
    WHERE o.estate_id = p_estate AND (p_proposal IS NULL OR o.proposal_id = p_proposal)
      AND (o.state = 'submitted' AND o.expires_on >= p_on
        OR o.class = 'emergency' AND o.state IN ('approved', 'executed') AND o.ratified_at IS NULL)
  ), wanting AS (
    SELECT a.*, b.body, b.place FROM asked a JOIN rule_body b ON b.estate_id = p_estate AND b.rule_id = a.rule_id
    WHERE b.signers > (SELECT count(*) FROM signature s WHERE s.estate_id = p_estate AND s.proposal_id = a.proposal_id
      AND s.document_hash = a.document_hash AND s.body = b.body AND s.decision IN ('approve', a.decision))
  ), turn AS (
    SELECT w.* FROM wanting w WHERE NOT (w.in_sequence AND w.decision = 'approve'
      AND EXISTS (SELECT FROM wanting e WHERE e.proposal_id = w.proposal_id AND e.place < w.place))
  ), seat AS (
    SELECT t.proposal_id, m.person_id, t.body, m.office, NULL::uuid AS on_behalf_of, t.decision, t.made_by, t.payee_person, t.document_hash
    FROM turn t JOIN term m ON m.estate_id = p_estate AND m.body = t.body AND m.office NOT IN ('cashier', 'deputy')
      AND p_on BETWEEN m.starts_on AND m.ends_on
    UNION
    SELECT t.proposal_id, d.delegate, t.body, 'deputy', d.principal, t.decision, t.made_by, t.payee_person, t.document_hash
    FROM turn t JOIN delegation d ON d.estate_id = p_estate AND d.body = t.body AND p_on BETWEEN d.starts_on AND d.ends_on
      AND (t.submitted_at AT TIME ZONE 'Asia/Shanghai')::date + d.after_days <= p_on
    WHERE EXISTS (SELECT FROM term m WHERE m.estate_id = p_estate AND m.person_id = d.principal AND m.body = d.body
        AND m.office NOT IN ('cashier', 'deputy') AND p_on BETWEEN m.starts_on AND m.ends_on)
      AND EXISTS (SELECT FROM term m WHERE m.estate_id = p_estate AND m.person_id = d.delegate AND m.body = d.body
        AND m.office = 'deputy' AND p_on BETWEEN m.starts_on AND m.ends_on)
  )
  SELECT s.proposal_id, s.person_id, s.body, s.office, s.on_behalf_of, s.decision FROM seat s
  WHERE s.made_by NOT IN (s.person_id, coalesce(s.on_behalf_of, s.person_id))
    AND (s.payee_person IS NULL OR s.payee_person NOT IN (s.person_id, coalesce(s.on_behalf_of, s.person_id)))
    AND NOT EXISTS (SELECT FROM signature g WHERE g.estate_id = p_estate AND g.proposal_id = s.proposal_id
      AND g.document_hash = s.document_hash AND (g.person_id = s.person_id OR g.vote_of = coalesce(s.on_behalf_of, s.person_id)))
$$;
COMMENT ON FUNCTION open_seats(integer, bigint, date) IS
  'Who could sign which open proposal on a day, for which body, in whose place, with which decision.';
GRANT EXECUTE ON FUNCTION open_seats(integer, bigint, date) TO app, signer, auditor;

-- Kinds of records that only their own doors append.
CREATE OR REPLACE FUNCTION append_record(p_estate integer, p_kind text, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  -- These kinds are claims of money or proof: only their own doors may append them.
  IF p_kind IN ('journal_entry', 'signature', 'period_closed', 'estate_opened', 'rules_opened', 'rules_changed', 'rules_completed',
      'term_opened', 'term_ended', 'delegation_opened', 'delegation_ended', 'passkey_enrolled', 'passkey_revoked') THEN
    RAISE EXCEPTION 'record_kind_reserved: %', p_kind USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM p_body::jsonb;
  RETURN write_record(p_estate, p_kind, p_body);
END $$;

-- ── Payment orders ───────────────────────────────────────────────────────────────────────────────

ALTER TABLE payment_order
  ADD COLUMN resolution_title text CHECK (char_length(resolution_title) BETWEEN 1 AND 120),
  ADD COLUMN resolution_date date,
  ADD COLUMN resolution_voucher text,
  ADD COLUMN emergency_reason text CHECK (char_length(emergency_reason) BETWEEN 1 AND 200),
  ADD CONSTRAINT order_resolution_file FOREIGN KEY (estate_id, resolution_voucher) REFERENCES voucher (estate_id, sha256),
  ADD CONSTRAINT order_resolution_whole CHECK ((resolution_title IS NULL) = (resolution_date IS NULL)
    AND (resolution_title IS NULL) = (resolution_voucher IS NULL));
COMMENT ON COLUMN payment_order.resolution_title IS 'Resolution of the owners it rests on (业主大会决议), if any.';
COMMENT ON COLUMN payment_order.resolution_date IS 'Day of the resolution.';
COMMENT ON COLUMN payment_order.resolution_voucher IS 'Its file.';
COMMENT ON COLUMN payment_order.emergency_reason IS 'Why it cannot wait; of an emergency order only.';
GRANT UPDATE (resolution_title, resolution_date, resolution_voucher, emergency_reason) ON payment_order TO app;

-- ── Notices ──────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE notice (
  estate_id integer NOT NULL REFERENCES estate,
  notice_id bigint GENERATED ALWAYS AS IDENTITY,
  person_id uuid NOT NULL REFERENCES person,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
  text_zh text NOT NULL,
  text_en text NOT NULL,
  href text NOT NULL,
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  mailed_at timestamptz,
  PRIMARY KEY (estate_id, notice_id),
  CONSTRAINT notice_once UNIQUE (estate_id, person_id, key)
);
COMMENT ON TABLE notice IS 'Notices (消息) to persons in office: reminders, warnings, announcements. Not part of the log.';
COMMENT ON COLUMN notice.estate_id IS 'Estate.';
COMMENT ON COLUMN notice.notice_id IS 'Number.';
COMMENT ON COLUMN notice.person_id IS 'Person it is for.';
COMMENT ON COLUMN notice.key IS 'What it is about; the same is told a person once.';
COMMENT ON COLUMN notice.text_zh IS 'Text, Chinese.';
COMMENT ON COLUMN notice.text_en IS 'Text, English.';
COMMENT ON COLUMN notice.href IS 'Page where something can be done about it.';
COMMENT ON COLUMN notice.created_at IS 'When.';
COMMENT ON COLUMN notice.read_at IS 'When it was read.';
COMMENT ON COLUMN notice.mailed_at IS 'When it went out by e-mail.';
CREATE INDEX notice_unread ON notice (estate_id, person_id, notice_id DESC);
CALL wall_estate('notice');
GRANT INSERT, UPDATE (read_at, mailed_at) ON notice TO app;
