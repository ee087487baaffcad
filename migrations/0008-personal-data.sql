-- Personal data (个人信息): what persons write stands in the log as commitments only; what opens them can be erased.
--   stored → erased        the record that commits to it stays, and one more says what was erased, on which ground, by whom
-- A commitment is SHA-256 of the canonical array [salt, field, value]; a body carries it as "<field>_commitment".
-- No value goes without its record (guard_personal_value, guard_payee_identity): a text that is missing without one
-- was taken away by hand, and the pages say so. Records written before this file keep their text in the body.

CREATE TABLE personal_value (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  field text NOT NULL CHECK (field ~ '^[a-z][a-z_]{1,30}$'),
  salt text NOT NULL CHECK (salt ~ '^[0-9a-f]{64}$'),
  value text NOT NULL CHECK (char_length(value) BETWEEN 1 AND 2000),
  PRIMARY KEY (estate_id, seq, field),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE personal_value IS 'Texts of persons that records commit to (个人信息原文): questions, objections, comments, names of passkeys. Erasable through the doors only.';
COMMENT ON COLUMN personal_value.estate_id IS 'Estate.';
COMMENT ON COLUMN personal_value.seq IS 'Record whose body carries the commitment.';
COMMENT ON COLUMN personal_value.field IS 'question, objection, comment, label.';
COMMENT ON COLUMN personal_value.salt IS '32 random bytes, hexadecimal: without them the commitment tells nothing, however short the text.';
COMMENT ON COLUMN personal_value.value IS 'Text.';
CALL wall_estate('personal_value');
-- The account page lists one's own passkeys of every estate, by the names one gave them.
CREATE POLICY own_labels ON personal_value FOR SELECT TO app USING (field = 'label' AND EXISTS (SELECT FROM passkey k
  WHERE k.estate_id = personal_value.estate_id AND k.seq = personal_value.seq AND k.person_id = current_person()));
GRANT INSERT ON personal_value TO app;

-- The strings are escaped as RFC 8785 asks (test/evidence/commitments.test.ts compares).
CREATE FUNCTION commitment_of(salt text, field text, value text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN encode(sha256(convert_to('[' || to_json(salt) || ',' || to_json(field) || ',' || to_json(value) || ']', 'UTF8')), 'hex');
COMMENT ON FUNCTION commitment_of(text, text, text) IS 'SHA-256 of the canonical array [salt, field, value], hexadecimal.';
GRANT EXECUTE ON FUNCTION commitment_of(text, text, text) TO app, signer, auditor;

CREATE INDEX record_erased ON record (estate_id, ((body::jsonb ->> 'seq')::bigint)) WHERE kind = 'erased';

-- Internal: whether the log says that a value was erased.
CREATE FUNCTION is_erased(p_estate integer, p_seq bigint, p_field text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM record r WHERE r.estate_id = p_estate AND r.kind = 'erased'
    AND (r.body::jsonb ->> 'seq')::bigint = p_seq AND r.body::jsonb ->> 'field' = p_field)
$$;
GRANT EXECUTE ON FUNCTION is_erased(integer, bigint, text) TO app, signer, auditor;

CREATE FUNCTION guard_personal_value() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF (SELECT body::jsonb ->> (NEW.field || '_commitment') FROM record WHERE estate_id = NEW.estate_id AND seq = NEW.seq)
        IS DISTINCT FROM commitment_of(NEW.salt, NEW.field, NEW.value) THEN
      RAISE EXCEPTION 'commitment_differs: this is not what record % commits to', NEW.seq
        USING ERRCODE = 'check_violation', CONSTRAINT = 'commitment_differs';
    END IF;
    IF is_erased(NEW.estate_id, NEW.seq, NEW.field) THEN
      RAISE EXCEPTION 'erased_stays: what was erased does not come back' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' OR NOT is_erased(OLD.estate_id, OLD.seq, OLD.field) THEN
    RAISE EXCEPTION 'erasure_needs_record: a text is erased through erase_value(), which leaves a record'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER guard_personal_value BEFORE INSERT OR UPDATE OR DELETE ON personal_value
  FOR EACH ROW EXECUTE FUNCTION guard_personal_value();
ALTER TABLE personal_value ENABLE ALWAYS TRIGGER guard_personal_value;
CREATE TRIGGER keep_personal_values BEFORE TRUNCATE ON personal_value FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE personal_value ENABLE ALWAYS TRIGGER keep_personal_values;

-- From now on neither the log nor a table that is kept for ever holds the text itself.
ALTER TABLE record ADD CONSTRAINT record_text_by_commitment CHECK (
  kind NOT IN ('inquiry_asked', 'objection_raised', 'proposal_commented', 'passkey_enrolled')
  OR NOT body::jsonb ?| array['question', 'objection', 'comment', 'reason', 'label']) NOT VALID;
ALTER TABLE inquiry ALTER COLUMN question DROP NOT NULL,
  ADD CONSTRAINT inquiry_text_by_commitment CHECK (question IS NULL) NOT VALID;
COMMENT ON COLUMN inquiry.question IS 'Text of questions from before there were commitments; NULL since: see personal_value.';
ALTER TABLE objection ALTER COLUMN objection DROP NOT NULL,
  ADD CONSTRAINT objection_text_by_commitment CHECK (objection IS NULL) NOT VALID;
COMMENT ON COLUMN objection.objection IS 'Text of objections from before there were commitments; NULL since: see personal_value.';
ALTER TABLE passkey ALTER COLUMN label DROP NOT NULL,
  ADD CONSTRAINT passkey_label_by_commitment CHECK (label IS NULL) NOT VALID;
COMMENT ON COLUMN passkey.label IS 'Name of keys enrolled before there were commitments; NULL since: see personal_value.';

-- ── Passkeys ─────────────────────────────────────────────────────────────────────────────────────

-- The body says label_commitment in place of label; salt and name come beside it, NULL where the name was erased
-- before the key is copied to a further estate.
DROP FUNCTION enrol_passkey(integer, text);
CREATE FUNCTION enrol_passkey(p_estate integer, p_body text, p_salt text, p_label text) RETURNS bigint
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
  INSERT INTO passkey (estate_id, credential_id, person_id, public_key, algorithm, rp_id, aaguid, transports,
    backup_eligible, backed_up, confirmed_by, enrolled_at, seq)
  SELECT p_estate, v ->> 'credential_id', (v ->> 'person')::uuid, from_base64url(v ->> 'public_key'), (v ->> 'algorithm')::integer,
    v ->> 'rp_id', v ->> 'aaguid', array(SELECT jsonb_array_elements_text(v -> 'transports')),
    (v ->> 'backup_eligible')::boolean, (v ->> 'backed_up')::boolean, v ->> 'confirmed_by', r.recorded_at, v_seq
  FROM record r WHERE r.estate_id = p_estate AND r.seq = v_seq;
  IF p_label IS NOT NULL THEN
    INSERT INTO personal_value (estate_id, seq, field, salt, value) VALUES (p_estate, v_seq, 'label', p_salt, p_label);
  END IF;
  RETURN v_seq;
END $$;
COMMENT ON FUNCTION enrol_passkey(integer, text, text, text) IS
  'Records a passkey whose enrolment was verified, with the name it commits to. Only the role signer may call it.';
GRANT EXECUTE ON FUNCTION enrol_passkey(integer, text, text, text) TO signer;

-- ── Erasing a text ───────────────────────────────────────────────────────────────────────────────

-- Internal: the record of an erasure, canonical JSON; every value is a plain string, a number or null.
CREATE FUNCTION write_erased(p_estate integer, p_ground text, p_facts jsonb) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF p_ground IS NULL OR p_ground NOT IN ('request', 'left', 'error', 'law') THEN
    RAISE EXCEPTION 'ground_unknown: %', p_ground USING ERRCODE = 'check_violation';
  END IF;
  RETURN write_record(p_estate, 'erased', (SELECT '{' || string_agg(to_json(key) || ':' || value::text, ',' ORDER BY key COLLATE "C") || '}'
    FROM jsonb_each(p_facts || jsonb_build_object('ground', p_ground))));
END $$;

-- Internal: erases one text, with the record of it. The first answer to the request that brought it goes as well:
-- its hash has no salt.
CREATE FUNCTION take_value(p_estate integer, p_seq bigint, p_field text, p_by uuid, p_body text, p_ground text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_erased bigint;
BEGIN
  v_erased := write_erased(p_estate, p_ground,
    jsonb_build_object('what', 'value', 'seq', p_seq, 'field', p_field, 'by', p_by, 'body', p_body));
  DELETE FROM personal_value WHERE estate_id = p_estate AND seq = p_seq AND field = p_field;
  DELETE FROM request_key k WHERE k.estate_id = p_estate AND (k.answer ->> 'seq' = p_seq::text
    OR k.answer ->> 'inquiry_id' IN (SELECT i.inquiry_id::text FROM inquiry i WHERE i.estate_id = p_estate AND i.seq = p_seq)
    OR k.answer ->> 'objection_id' IN (SELECT j.objection_id::text FROM objection j WHERE j.estate_id = p_estate AND j.seq = p_seq));
  RETURN v_erased;
END $$;

-- Internal: the body for which a person may erase what others wrote, today; NULL where there is none.
CREATE FUNCTION erases_for(p_estate integer, p_person uuid) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT t.body FROM term t WHERE t.estate_id = p_estate AND t.person_id = p_person AND t.office IN ('manager', 'chair', 'member')
    AND estate_today(p_estate) BETWEEN t.starts_on AND t.ends_on ORDER BY t.term_id LIMIT 1
$$;

-- p_by NULL: whoever wrote it asks; who that is stays out of the log. Else somebody in office, because the text says
-- something about others; then never the name of a passkey.
CREATE FUNCTION erase_value(p_estate integer, p_seq bigint, p_field text, p_by uuid, p_ground text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_body text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF p_by IS NOT NULL THEN
    v_body := erases_for(p_estate, p_by);
    IF v_body IS NULL OR p_field NOT IN ('question', 'objection', 'comment') THEN
      RAISE EXCEPTION 'erasure_needs_office: % may not erase this', p_by
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'erasure_needs_office';
    END IF;
  END IF;
  IF NOT EXISTS (SELECT FROM personal_value WHERE estate_id = p_estate AND seq = p_seq AND field = p_field) THEN RETURN NULL; END IF;
  RETURN take_value(p_estate, p_seq, p_field, p_by, v_body, p_ground);
END $$;
COMMENT ON FUNCTION erase_value(integer, bigint, text, uuid, text) IS
  'Erases one text and appends the record erased; gives its seq, NULL where there is nothing to erase. The record that commits to it stays.';
GRANT EXECUTE ON FUNCTION erase_value(integer, bigint, text, uuid, text) TO app;

-- ── Erasing a person ─────────────────────────────────────────────────────────────────────────────

REVOKE DELETE ON person_identity, credential FROM app;
REVOKE UPDATE (erased_at) ON person FROM app;
COMMENT ON COLUMN person.erased_at IS 'When the identity was erased, if it was; of whoever served the name is kept on until the retention of the journal ends.';

-- Accounting archives are kept for 30 years from the end of the year (会计档案管理办法 §14 and its table), and with them
-- the names of those who made, signed and paid: PIPL §47 lets what the law asks to keep stay.
CREATE FUNCTION retained_until(p_last date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN make_date(extract(year FROM p_last)::integer + 30, 12, 31);
COMMENT ON FUNCTION retained_until(date) IS 'Last day of the retention of accounting archives of a day: 30 years after its year.';
GRANT EXECUTE ON FUNCTION retained_until(date) TO app, signer, auditor;

-- Nobody is appointed who cannot log in any more and has no name.
CREATE FUNCTION guard_appointee() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT erased_at FROM person WHERE person_id = NEW.person_id FOR SHARE) IS NOT NULL THEN
    RAISE EXCEPTION 'person_erased: the person was erased' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'person_erased';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_appointee BEFORE INSERT ON term FOR EACH ROW EXECUTE FUNCTION guard_appointee();
ALTER TABLE term ENABLE ALWAYS TRIGGER guard_appointee;

-- Internal: whether an estate knows a person in any way. The caller has entered the estate.
CREATE FUNCTION knows_person(p_estate integer, p_person uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM resident WHERE estate_id = p_estate AND person_id = p_person)
    OR EXISTS (SELECT FROM term WHERE estate_id = p_estate AND person_id = p_person)
    OR EXISTS (SELECT FROM inquiry WHERE estate_id = p_estate AND asked_by = p_person)
    OR EXISTS (SELECT FROM objection WHERE estate_id = p_estate AND objected_by = p_person)
    OR EXISTS (SELECT FROM notice WHERE estate_id = p_estate AND person_id = p_person)
    OR EXISTS (SELECT FROM proposal WHERE estate_id = p_estate AND payee_person = p_person)
$$;

-- Internal: what one estate holds of a person.
CREATE FUNCTION erase_here(p_estate integer, p_person uuid, p_by uuid, p_ground text, p_texts boolean, p_kept date, p_name text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM take_value(p_estate, v.seq, v.field, NULL, NULL, p_ground)
    FROM personal_value v JOIN record r ON r.estate_id = v.estate_id AND r.seq = v.seq
    WHERE v.estate_id = p_estate AND (
      v.field = 'label' AND EXISTS (SELECT FROM passkey k WHERE k.estate_id = p_estate AND k.seq = v.seq AND k.person_id = p_person)
      OR p_texts AND (v.field = 'question' AND EXISTS (SELECT FROM inquiry i WHERE i.estate_id = p_estate AND i.seq = v.seq AND i.asked_by = p_person)
        OR v.field = 'objection' AND EXISTS (SELECT FROM objection j WHERE j.estate_id = p_estate AND j.seq = v.seq AND j.objected_by = p_person)
        OR v.field = 'comment' AND r.body::jsonb ->> 'by' = p_person::text))
    ORDER BY v.seq;
  PERFORM retire_witness(p_estate, w.witness_id) FROM witness w
    WHERE w.estate_id = p_estate AND w.person_id = p_person AND w.retired_at IS NULL ORDER BY w.witness_id;
  -- What colleagues were told of a passkey names it.
  DELETE FROM notice n WHERE n.estate_id = p_estate AND (n.person_id = p_person
    OR n.key IN (SELECT unnest(array['passkey enrolled ' || k.seq, 'passkey revoked ' || k.revoked_seq]) FROM passkey k
      WHERE k.estate_id = p_estate AND k.person_id = p_person)
    OR p_name IS NOT NULL AND (position(p_name IN text_zh) > 0 OR position(p_name IN text_en) > 0));
  UPDATE invitation SET used_by = NULL WHERE estate_id = p_estate AND used_by = p_person;
  DELETE FROM resident WHERE estate_id = p_estate AND person_id = p_person;
  DELETE FROM signing_challenge WHERE estate_id = p_estate AND person_id = p_person;
  DELETE FROM request_key WHERE estate_id = p_estate AND position(p_person::text IN key) > 0;
  PERFORM write_erased(p_estate, p_ground, jsonb_build_object('what', 'identity', 'person', p_person, 'by', p_by)
    || CASE WHEN p_kept IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('kept_until', p_kept) END);
END $$;

-- Statuses: erased, kept (of whoever served: all but the name), already_erased, in_office, person_unknown.
-- Locks the heads of all logs that know the person, in the order of their numbers, then the person.
CREATE FUNCTION erase_identity(p_person uuid, p_by uuid, p_ground text, p_texts boolean) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_before text := coalesce(current_setting('mingzhang.estate', true), ''); v_estate integer; v_estates integer[] := '{}';
  v_today date; v_last date; v_kept date; v_name text; v_login text; v_erased timestamptz; v_serving boolean := false;
BEGIN
  FOR v_estate IN SELECT estate_id FROM estate ORDER BY estate_id LOOP
    PERFORM set_config('mingzhang.estate', v_estate::text, true);
    CONTINUE WHEN NOT knows_person(v_estate, p_person);
    PERFORM 1 FROM log_head WHERE estate_id = v_estate FOR UPDATE;
    v_estates := v_estates || v_estate;
    v_today := greatest(v_today, estate_today(v_estate));
    v_last := greatest(v_last, (SELECT max(ends_on) FROM term WHERE estate_id = v_estate AND person_id = p_person));
    v_serving := v_serving OR EXISTS (SELECT FROM term WHERE estate_id = v_estate AND person_id = p_person
      AND ends_on >= estate_today(v_estate));
  END LOOP;
  PERFORM set_config('mingzhang.estate', v_before, true);
  SELECT erased_at INTO v_erased FROM person WHERE person_id = p_person FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'person_unknown'; END IF;
  IF v_serving THEN RETURN 'in_office'; END IF;
  SELECT name INTO v_name FROM person_identity WHERE person_id = p_person;
  SELECT login INTO v_login FROM credential WHERE person_id = p_person;
  IF retained_until(v_last) >= v_today THEN v_kept := retained_until(v_last); END IF;
  IF v_name IS NULL OR (v_erased IS NOT NULL AND v_kept IS NOT NULL) THEN RETURN 'already_erased'; END IF;
  FOREACH v_estate IN ARRAY v_estates LOOP
    PERFORM set_config('mingzhang.estate', v_estate::text, true);
    PERFORM erase_here(v_estate, p_person, p_by, p_ground, p_texts, v_kept,
      CASE WHEN v_last IS NOT NULL AND v_kept IS NULL THEN v_name END);
  END LOOP;
  PERFORM set_config('mingzhang.estate', v_before, true);
  DELETE FROM recovery_code WHERE person_id = p_person;
  DELETE FROM enrolment_challenge WHERE person_id = p_person;
  DELETE FROM session WHERE person_id = p_person;
  DELETE FROM login_failure WHERE login IN (v_login, 'signing ' || p_person, 'password ' || p_person);
  DELETE FROM credential WHERE person_id = p_person;
  IF v_kept IS NULL THEN DELETE FROM person_identity WHERE person_id = p_person;
  ELSE UPDATE person_identity SET phone = NULL, email = NULL WHERE person_id = p_person; END IF;
  UPDATE person SET erased_at = coalesce(erased_at, clock_timestamp()) WHERE person_id = p_person;
  RETURN CASE WHEN v_kept IS NULL THEN 'erased' ELSE 'kept' END;
END $$;
COMMENT ON FUNCTION erase_identity(uuid, uuid, text, boolean) IS
  'Erases who a person is, in every estate, with a record in each; p_texts also what they wrote. The opaque id stays. Statuses: erased, kept, already_erased, in_office, person_unknown.';
GRANT EXECUTE ON FUNCTION erase_identity(uuid, uuid, text, boolean) TO app;

-- ── Erasing a payee ──────────────────────────────────────────────────────────────────────────────

REVOKE DELETE ON payee_identity FROM app;

CREATE FUNCTION guard_payee_identity() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR NOT EXISTS (SELECT FROM record WHERE estate_id = OLD.estate_id AND kind = 'erased'
      AND body::jsonb ->> 'payee' = OLD.payee_id::text) THEN
    RAISE EXCEPTION 'erasure_needs_record: a payee is erased through erase_payee(), which leaves a record'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER guard_payee_identity BEFORE UPDATE OR DELETE ON payee_identity FOR EACH ROW EXECUTE FUNCTION guard_payee_identity();
ALTER TABLE payee_identity ENABLE ALWAYS TRIGGER guard_payee_identity;
CREATE TRIGGER keep_payee_identities BEFORE TRUNCATE ON payee_identity FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE payee_identity ENABLE ALWAYS TRIGGER keep_payee_identities;

CREATE FUNCTION payee_retained_until(p_estate integer, p_payee integer) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT retained_until(max(e.entry_date)) FROM payment_order o
    JOIN journal_entry e ON e.estate_id = o.estate_id AND e.proposal_id = o.proposal_id
    WHERE o.estate_id = p_estate AND o.payee_id = p_payee
$$;
COMMENT ON FUNCTION payee_retained_until(integer, integer) IS 'Last day on which a payee''s name and account must be kept; NULL where nothing was ever paid.';
GRANT EXECUTE ON FUNCTION payee_retained_until(integer, integer) TO app, signer, auditor;

-- Statuses: erased, already_erased, payee_unknown, payee_is_company, payee_in_use, payee_retained.
CREATE FUNCTION erase_payee(p_estate integer, p_payee integer, p_by uuid, p_ground text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_kind text; v_body text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_body := erases_for(p_estate, p_by);
  IF v_body IS NULL THEN
    RAISE EXCEPTION 'erasure_needs_office: % may not erase this', p_by
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'erasure_needs_office';
  END IF;
  SELECT kind INTO v_kind FROM payee WHERE estate_id = p_estate AND payee_id = p_payee;
  IF NOT FOUND THEN RETURN 'payee_unknown'; END IF;
  IF v_kind = 'company' THEN RETURN 'payee_is_company'; END IF;
  IF NOT EXISTS (SELECT FROM payee_identity WHERE estate_id = p_estate AND payee_id = p_payee) THEN RETURN 'already_erased'; END IF;
  IF EXISTS (SELECT FROM payment_order o JOIN proposal p ON p.estate_id = o.estate_id AND p.proposal_id = o.proposal_id
      WHERE o.estate_id = p_estate AND o.payee_id = p_payee
        AND p.state IN ('draft', 'returned', 'submitted', 'held', 'approved')) THEN
    RETURN 'payee_in_use';
  END IF;
  IF payee_retained_until(p_estate, p_payee) >= estate_today(p_estate) THEN RETURN 'payee_retained'; END IF;
  PERFORM write_erased(p_estate, p_ground, jsonb_build_object('what', 'payee', 'payee', p_payee, 'by', p_by, 'body', v_body));
  DELETE FROM payee_identity WHERE estate_id = p_estate AND payee_id = p_payee;
  RETURN 'erased';
END $$;
COMMENT ON FUNCTION erase_payee(integer, integer, uuid, text) IS
  'Erases name and account of a person who is paid: entered by mistake and never paid, or after the retention. Masked name and commitment stay.';
GRANT EXECUTE ON FUNCTION erase_payee(integer, integer, uuid, text) TO app;
