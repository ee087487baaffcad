-- The estate, its record log, its people.
-- Every table of an estate has estate_id first in every key and is walled by row-level security:
-- a connection sees only the estate named by the setting mingzhang.estate of its transaction.
-- Roles: owner owns all and logs in nowhere; app reads, and writes through doors where money or
-- proof is concerned; signer alone records signatures; auditor reads everything.

-- Doors and guards say where they look, with pg_temp last and in so many words: left out, it comes first,
-- and a temporary table "account" or "rule" of the caller's would stand in for the real one.

ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO app, signer, auditor;

CREATE FUNCTION current_estate() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('mingzhang.estate', true), '')::integer;
COMMENT ON FUNCTION current_estate() IS 'Estate of this transaction, NULL when none was named.';

CREATE FUNCTION current_person() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('mingzhang.person', true), '')::uuid;
COMMENT ON FUNCTION current_person() IS 'Person of this transaction, NULL when none was named.';
GRANT EXECUTE ON FUNCTION current_estate(), current_person() TO app, signer, auditor;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'append_only: % of % is refused; what is recorded stays, a correction is a new record',
    lower(TG_OP), TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
COMMENT ON FUNCTION refuse_change() IS
  'Guard of append-only tables. ENABLE ALWAYS, so that session_replication_role cannot skip it.';

-- Guards one table against UPDATE, DELETE and TRUNCATE, by anybody.
CREATE PROCEDURE guard_append_only(guarded regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %s
                  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', guarded);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER append_only', guarded);
END $$;

-- Walls one estate table: app, signer and the owner of the doors see one estate, auditor reads all.
CREATE PROCEDURE wall_estate(walled regclass) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', walled);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', walled);
  EXECUTE format('CREATE POLICY own_estate ON %s TO owner, app, signer
                  USING (estate_id = current_estate()) WITH CHECK (estate_id = current_estate())', walled);
  EXECUTE format('CREATE POLICY audit ON %s FOR SELECT TO auditor USING (true)', walled);
  EXECUTE format('GRANT SELECT ON %s TO app, signer, auditor', walled);
END $$;

-- ── Estate ───────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE estate (
  estate_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL CONSTRAINT estate_code_once UNIQUE
    CONSTRAINT estate_code_plain CHECK (code ~ '^[a-z][a-z0-9-]{1,30}$'),
  name_zh text NOT NULL CHECK (char_length(name_zh) BETWEEN 1 AND 60),
  name_en text NOT NULL CHECK (char_length(name_en) BETWEEN 1 AND 80),
  mode text NOT NULL CHECK (mode IN ('trust', 'commission', 'self_managed')),
  households integer NOT NULL CHECK (households >= 0),
  area_m2 numeric(12, 2) NOT NULL CHECK (area_m2 >= 0),
  fee_rate numeric(8, 2),
  trustee text NOT NULL,
  committee text NOT NULL,
  first_period text NOT NULL CHECK (first_period ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  disclosure_day smallint NOT NULL DEFAULT 10 CHECK (disclosure_day BETWEEN 1 AND 28),
  answer_days smallint NOT NULL DEFAULT 7 CHECK (answer_days BETWEEN 1 AND 60),
  is_demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE estate IS 'Residential estate (小区): one set of books each. Reference table.';
COMMENT ON COLUMN estate.estate_id IS 'Number of the estate, first column of every key.';
COMMENT ON COLUMN estate.code IS 'Short name in addresses and in the log''s origin; never changed.';
COMMENT ON COLUMN estate.name_zh IS 'Name of the estate in Chinese.';
COMMENT ON COLUMN estate.name_en IS 'Name of the estate in English.';
COMMENT ON COLUMN estate.mode IS 'trust 信托制, commission 酬金制, self_managed 居民自管.';
COMMENT ON COLUMN estate.households IS 'Number of households (户).';
COMMENT ON COLUMN estate.area_m2 IS 'Area that bears fees, square metres.';
COMMENT ON COLUMN estate.fee_rate IS 'Property fee, yuan per square metre and month; NULL when none.';
COMMENT ON COLUMN estate.trustee IS 'Name of the property company (受托人).';
COMMENT ON COLUMN estate.committee IS 'Name of the owners'' committee or its substitute.';
COMMENT ON COLUMN estate.first_period IS 'First month of these books.';
COMMENT ON COLUMN estate.disclosure_day IS 'Day of the following month on which the disclosure is due.';
COMMENT ON COLUMN estate.answer_days IS 'Days within which a question must be answered.';
COMMENT ON COLUMN estate.is_demo IS 'Fictional estate: its clock may be set, and every page says so.';
COMMENT ON COLUMN estate.created_at IS 'When the row was written.';
GRANT SELECT ON estate TO app, signer, auditor;
GRANT INSERT ON estate TO app;
GRANT UPDATE (name_zh, name_en, households, area_m2, fee_rate, trustee, committee, disclosure_day, answer_days)
  ON estate TO app;

-- ── Record log ───────────────────────────────────────────────────────────────────────────────────

CREATE TABLE log_head (
  estate_id integer PRIMARY KEY REFERENCES estate,
  size bigint NOT NULL DEFAULT 0,
  closed_period text NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT '-infinity'
);
COMMENT ON TABLE log_head IS 'The one lock row of an estate: whoever appends locks it first, so seq has no gaps.';
COMMENT ON COLUMN log_head.estate_id IS 'Estate.';
COMMENT ON COLUMN log_head.size IS 'Number of records; the last record''s seq.';
COMMENT ON COLUMN log_head.closed_period IS 'Last closed month; all months up to it are closed.';
COMMENT ON COLUMN log_head.recorded_at IS 'Time of the last record: the log''s time never runs backwards.';

CREATE TABLE record (
  estate_id integer NOT NULL REFERENCES estate,
  seq bigint NOT NULL CHECK (seq > 0),
  kind text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),
  recorded_at timestamptz NOT NULL,
  number text NOT NULL DEFAULT '-',
  body text NOT NULL,
  leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
  PRIMARY KEY (estate_id, seq)
);
COMMENT ON TABLE record IS 'Record log (存证记录): everything that matters about an estate, append-only.';
COMMENT ON COLUMN record.estate_id IS 'Estate.';
COMMENT ON COLUMN record.seq IS 'Place in the log, from 1, without gaps.';
COMMENT ON COLUMN record.kind IS 'What it is: journal_entry, proposal_submitted, signature, …';
COMMENT ON COLUMN record.recorded_at IS 'Clock of the database when it was appended.';
COMMENT ON COLUMN record.number IS 'Voucher number ("2026-10 收-041") of a journal entry, else "-".';
COMMENT ON COLUMN record.body IS 'Canonical JSON (RFC 8785), kept and hashed as these very bytes.';
COMMENT ON COLUMN record.leaf_hash IS 'SHA-256 of 0x00 and the leaf bytes (see record_leaf).';
CREATE INDEX record_kind ON record (estate_id, kind, seq DESC);
CALL guard_append_only('record');
CALL wall_estate('record');
CALL wall_estate('log_head');

CREATE FUNCTION record_leaf(code text, seq bigint, kind text, recorded_at timestamptz, number text, body text)
RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE RETURN convert_to(
  'mingzhang/record/v1' || E'\n' || code || E'\n' || seq || E'\n' || kind || E'\n'
  || to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || E'\n'
  || number || E'\n' || body, 'UTF8');
COMMENT ON FUNCTION record_leaf(text, bigint, text, timestamptz, text, text) IS
  'Leaf bytes of a record: UTF-8 lines version, estate code, seq, kind, time in UTC, voucher number, body.';
GRANT EXECUTE ON FUNCTION record_leaf(text, bigint, text, timestamptz, text, text) TO app, signer, auditor;

CREATE FUNCTION estate_clock(p_estate integer) RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
  SELECT CASE WHEN is_demo
    THEN coalesce(nullif(current_setting('mingzhang.demo_clock', true), '')::timestamptz, clock_timestamp())
    ELSE clock_timestamp() END
  FROM estate WHERE estate_id = p_estate
$$;
COMMENT ON FUNCTION estate_clock(integer) IS
  'The database''s clock. Only a demo estate, marked so for ever in its first record, may have it set.';
GRANT EXECUTE ON FUNCTION estate_clock(integer) TO app, signer;

-- Which estate a door works for; a caller that is already inside another estate is refused.
CREATE FUNCTION enter_estate(p_estate integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF current_estate() IS NULL THEN
    PERFORM set_config('mingzhang.estate', p_estate::text, true);
  ELSIF current_estate() <> p_estate THEN
    RAISE EXCEPTION 'other_estate: this transaction works for estate %, not %', current_estate(), p_estate
      USING ERRCODE = 'insufficient_privilege';
  END IF;
END $$;

-- Appends one record; the caller has entered the estate. Internal: the doors use it.
CREATE FUNCTION write_record(p_estate integer, p_kind text, p_body text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_code text; v_seq bigint; v_at timestamptz;
BEGIN
  SELECT code INTO v_code FROM estate WHERE estate_id = p_estate;
  UPDATE log_head SET size = size + 1, recorded_at = greatest(recorded_at, estate_clock(p_estate))
    WHERE estate_id = p_estate RETURNING size, recorded_at INTO v_seq, v_at;
  IF v_seq IS NULL THEN
    RAISE EXCEPTION 'estate_unknown: %', p_estate USING ERRCODE = 'no_data_found';
  END IF;
  INSERT INTO record (estate_id, seq, kind, recorded_at, body, leaf_hash)
  VALUES (p_estate, v_seq, p_kind, v_at, p_body,
    sha256('\x00'::bytea || record_leaf(v_code, v_seq, p_kind, v_at, '-', p_body)));
  RETURN v_seq;
END $$;

CREATE FUNCTION append_record(p_estate integer, p_kind text, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  -- These kinds are claims of money or proof: only their own doors may append them.
  IF p_kind IN ('journal_entry', 'signature', 'period_closed', 'estate_opened', 'rules_opened') THEN
    RAISE EXCEPTION 'record_kind_reserved: %', p_kind USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM p_body::jsonb;
  RETURN write_record(p_estate, p_kind, p_body);
END $$;
COMMENT ON FUNCTION append_record(integer, text, text) IS
  'Appends a record (kind, canonical JSON) and gives its seq. Money and signatures have doors of their own.';
GRANT EXECUTE ON FUNCTION append_record(integer, text, text) TO app;

CREATE FUNCTION open_log(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  INSERT INTO log_head (estate_id, closed_period)
    SELECT estate_id, to_char(to_date(first_period, 'YYYY-MM') - interval '1 month', 'YYYY-MM')
    FROM estate WHERE estate_id = p_estate;
  IF (p_body::jsonb ->> 'is_demo')::boolean IS DISTINCT FROM (SELECT is_demo FROM estate WHERE estate_id = p_estate) THEN
    RAISE EXCEPTION 'estate_opened must state is_demo as it is';
  END IF;
  RETURN write_record(p_estate, 'estate_opened', p_body);
END $$;
COMMENT ON FUNCTION open_log(integer, text) IS 'Opens an estate''s log with its first record.';
GRANT EXECUTE ON FUNCTION open_log(integer, text) TO app;

-- ── People ───────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE person (
  person_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  erased_at timestamptz
);
COMMENT ON TABLE person IS 'Opaque person: the only thing the books know of anybody. Reference table.';
COMMENT ON COLUMN person.person_id IS 'Random id; never derived from the person.';
COMMENT ON COLUMN person.created_at IS 'When the person was entered.';
COMMENT ON COLUMN person.erased_at IS 'When the identity was erased, if it was.';

CREATE TABLE person_identity (
  person_id uuid PRIMARY KEY REFERENCES person,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  phone text,
  email text
);
COMMENT ON TABLE person_identity IS 'Who a person is (personal data): erasable, never in the log.';
COMMENT ON COLUMN person_identity.person_id IS 'Person.';
COMMENT ON COLUMN person_identity.name IS 'Name.';
COMMENT ON COLUMN person_identity.phone IS 'Telephone.';
COMMENT ON COLUMN person_identity.email IS 'E-mail address.';

CREATE TABLE credential (
  person_id uuid PRIMARY KEY REFERENCES person,
  login text NOT NULL CONSTRAINT login_once UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._@-]{1,59}$'),
  password_hash text NOT NULL,
  signing_hash text,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE credential IS 'Login and signing password of a person, argon2id.';
COMMENT ON COLUMN credential.person_id IS 'Person.';
COMMENT ON COLUMN credential.login IS 'Login name, lower case.';
COMMENT ON COLUMN credential.password_hash IS 'argon2id of the login password, PHC string.';
COMMENT ON COLUMN credential.signing_hash IS 'argon2id of the signing password, NULL when the person signs nothing.';
COMMENT ON COLUMN credential.changed_at IS 'Last change.';

CREATE TABLE session (
  token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
  person_id uuid NOT NULL REFERENCES person,
  kind text NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  label text NOT NULL DEFAULT '',
  scopes text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
COMMENT ON TABLE session IS 'Login of a browser (cookie) or of a machine (bearer); only the token''s SHA-256 is kept.';
COMMENT ON COLUMN session.token_hash IS 'SHA-256 of the 256-bit token.';
COMMENT ON COLUMN session.person_id IS 'Person.';
COMMENT ON COLUMN session.kind IS 'cookie or bearer.';
COMMENT ON COLUMN session.label IS 'What a machine token is for, as its owner wrote it.';
COMMENT ON COLUMN session.scopes IS 'What a bearer token may do: read, post; empty for a cookie.';
COMMENT ON COLUMN session.created_at IS 'Begin; the absolute limit counts from here.';
COMMENT ON COLUMN session.seen_at IS 'Last use; the idle limit counts from here.';
COMMENT ON COLUMN session.expires_at IS 'End at the latest.';
COMMENT ON COLUMN session.revoked_at IS 'When it was ended by logging out.';
CREATE INDEX session_person ON session (person_id);

CREATE TABLE login_failure (
  login text NOT NULL,
  address text NOT NULL,
  failed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE login_failure IS 'Failed logins and codes of late, for the limits; old rows are deleted.';
COMMENT ON COLUMN login_failure.login IS 'Login name tried.';
COMMENT ON COLUMN login_failure.address IS 'Address it came from.';
COMMENT ON COLUMN login_failure.failed_at IS 'When.';
CREATE INDEX login_failure_login ON login_failure (login, failed_at);
CREATE INDEX login_failure_address ON login_failure (address, failed_at);

GRANT SELECT, INSERT ON person, person_identity, credential, session, login_failure TO app;
GRANT UPDATE (erased_at) ON person TO app;
GRANT UPDATE (name, phone, email), DELETE ON person_identity TO app;
GRANT UPDATE (password_hash, signing_hash, changed_at), DELETE ON credential TO app;
GRANT UPDATE (seen_at, revoked_at), DELETE ON session TO app;
GRANT DELETE ON login_failure TO app;
GRANT SELECT ON person TO signer, auditor;

CREATE TABLE body (
  estate_id integer NOT NULL REFERENCES estate,
  body text NOT NULL CHECK (body IN ('property', 'committee', 'supervisor', 'community', 'street', 'auditor')),
  key_side text CHECK (key_side IN ('company', 'owners')),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  PRIMARY KEY (estate_id, body),
  UNIQUE (estate_id, body, key_side)
);
COMMENT ON TABLE body IS 'Bodies of an estate (各方): property company, owners'' committee, supervisors, community, street office, auditor.';
COMMENT ON COLUMN body.estate_id IS 'Estate.';
COMMENT ON COLUMN body.body IS 'Kind of body; one of each per estate.';
COMMENT ON COLUMN body.key_side IS 'Which key it may hold: company or owners; NULL for bodies that only watch.';
COMMENT ON COLUMN body.name_zh IS 'Name in Chinese, as printed.';
COMMENT ON COLUMN body.name_en IS 'Name in English, as printed.';
CALL wall_estate('body');
GRANT INSERT ON body TO app;

CREATE TABLE key_holder (
  estate_id integer NOT NULL REFERENCES estate,
  person_id uuid NOT NULL REFERENCES person,
  key_side text NOT NULL CHECK (key_side IN ('company', 'owners')),
  CONSTRAINT one_key_per_person PRIMARY KEY (estate_id, person_id),
  UNIQUE (estate_id, person_id, key_side)
);
COMMENT ON TABLE key_holder IS 'Which of the two keys a person may ever hold in an estate: one side, for good.';
COMMENT ON COLUMN key_holder.estate_id IS 'Estate.';
COMMENT ON COLUMN key_holder.person_id IS 'Person.';
COMMENT ON COLUMN key_holder.key_side IS 'company or owners.';
CALL guard_append_only('key_holder');
CALL wall_estate('key_holder');
GRANT INSERT ON key_holder TO app;

CREATE TABLE term (
  estate_id integer NOT NULL REFERENCES estate,
  term_id integer NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  body text NOT NULL,
  key_side text,
  office text NOT NULL CHECK (office IN ('cashier', 'manager', 'chair', 'member', 'supervisor', 'official', 'auditor')),
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  resolution text NOT NULL DEFAULT '',
  PRIMARY KEY (estate_id, term_id),
  FOREIGN KEY (estate_id, body) REFERENCES body,
  CONSTRAINT term_key_of_body FOREIGN KEY (estate_id, body, key_side) REFERENCES body (estate_id, body, key_side),
  CONSTRAINT term_one_key FOREIGN KEY (estate_id, person_id, key_side) REFERENCES key_holder (estate_id, person_id, key_side),
  CONSTRAINT term_office_of_body CHECK ((body, office) IN (('property', 'cashier'), ('property', 'manager'),
    ('committee', 'chair'), ('committee', 'member'), ('supervisor', 'supervisor'), ('community', 'official'),
    ('street', 'official'), ('auditor', 'auditor'))),
  CONSTRAINT term_key_named CHECK ((body IN ('property', 'committee')) = (key_side IS NOT NULL)),
  CONSTRAINT term_in_order CHECK (ends_on >= starts_on)
);
COMMENT ON TABLE term IS 'Terms of office: who serves in which body of which estate, from when to when.';
COMMENT ON COLUMN term.estate_id IS 'Estate.';
COMMENT ON COLUMN term.term_id IS 'Number of the term within the estate.';
COMMENT ON COLUMN term.person_id IS 'Person.';
COMMENT ON COLUMN term.body IS 'Body.';
COMMENT ON COLUMN term.key_side IS 'Key of the body; the same person never holds both (term_one_key).';
COMMENT ON COLUMN term.office IS 'Office; a cashier signs nothing (会计法 §35).';
COMMENT ON COLUMN term.starts_on IS 'First day.';
COMMENT ON COLUMN term.ends_on IS 'Last day.';
COMMENT ON COLUMN term.resolution IS 'What the appointment rests on.';
CREATE INDEX term_person ON term (person_id);
CALL wall_estate('term');
-- Logging in asks for a person's offices before any estate is entered.
CREATE POLICY own_terms ON term FOR SELECT TO app USING (person_id = current_person());
GRANT INSERT, UPDATE (ends_on) ON term TO app;

-- Whoever could lengthen a term could sign for ever: a longer one is a new appointment, with its record.
CREATE FUNCTION guard_term() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.ends_on > OLD.ends_on OR (NEW.estate_id, NEW.term_id, NEW.person_id, NEW.body, NEW.office, NEW.starts_on)
      IS DISTINCT FROM (OLD.estate_id, OLD.term_id, OLD.person_id, OLD.body, OLD.office, OLD.starts_on) THEN
    RAISE EXCEPTION 'term_stays: a term may only be ended earlier; anything else is a new appointment'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_term BEFORE UPDATE ON term FOR EACH ROW EXECUTE FUNCTION guard_term();
ALTER TABLE term ENABLE ALWAYS TRIGGER guard_term;

CREATE TABLE unit (
  estate_id integer NOT NULL REFERENCES estate,
  unit text NOT NULL CHECK (unit ~ '^[0-9A-Za-z]+(-[0-9A-Za-z]+){1,3}$'),
  building text NOT NULL,
  stairwell text NOT NULL DEFAULT '',
  area_m2 numeric(10, 2) NOT NULL CHECK (area_m2 > 0),
  ref text NOT NULL DEFAULT encode(sha256(gen_random_uuid()::text::bytea), 'hex') CHECK (ref ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (estate_id, unit),
  UNIQUE (estate_id, ref)
);
COMMENT ON TABLE unit IS 'Dwelling or shop (房屋) of an estate: "3-2-1002".';
COMMENT ON COLUMN unit.estate_id IS 'Estate.';
COMMENT ON COLUMN unit.unit IS 'Building, stairwell and room.';
COMMENT ON COLUMN unit.building IS 'Building (栋).';
COMMENT ON COLUMN unit.stairwell IS 'Stairwell (单元), empty where there is none.';
COMMENT ON COLUMN unit.area_m2 IS 'Area, square metres.';
COMMENT ON COLUMN unit.ref IS 'Random name of the dwelling in the journal, which says nothing of who lives there.';
CALL wall_estate('unit');
GRANT INSERT, UPDATE (area_m2) ON unit TO app;

CREATE TABLE resident (
  estate_id integer NOT NULL REFERENCES estate,
  unit text NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  joined_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  left_at timestamptz,
  PRIMARY KEY (estate_id, unit, person_id),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE resident IS 'Who may read the books for which dwelling.';
COMMENT ON COLUMN resident.estate_id IS 'Estate.';
COMMENT ON COLUMN resident.unit IS 'Dwelling.';
COMMENT ON COLUMN resident.person_id IS 'Person.';
COMMENT ON COLUMN resident.joined_at IS 'Since when.';
COMMENT ON COLUMN resident.left_at IS 'Until when.';
CREATE INDEX resident_person ON resident (person_id);
CALL wall_estate('resident');
CREATE POLICY own_homes ON resident FOR SELECT TO app USING (person_id = current_person());
GRANT INSERT, UPDATE (left_at) ON resident TO app;

CREATE TABLE invitation (
  estate_id integer NOT NULL REFERENCES estate,
  code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
  unit text NOT NULL,
  issued_by uuid NOT NULL REFERENCES person,
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz NOT NULL,
  used_by uuid REFERENCES person,
  used_at timestamptz,
  PRIMARY KEY (estate_id, code_hash),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE invitation IS 'Invitation codes for dwellings; only the SHA-256 of a code is kept, each works once.';
COMMENT ON COLUMN invitation.estate_id IS 'Estate.';
COMMENT ON COLUMN invitation.code_hash IS 'SHA-256 of the code.';
COMMENT ON COLUMN invitation.unit IS 'Dwelling it is for.';
COMMENT ON COLUMN invitation.issued_by IS 'Who printed it.';
COMMENT ON COLUMN invitation.issued_at IS 'When.';
COMMENT ON COLUMN invitation.expires_at IS 'Until when it works.';
COMMENT ON COLUMN invitation.used_by IS 'Who joined with it.';
COMMENT ON COLUMN invitation.used_at IS 'When.';
CALL wall_estate('invitation');
GRANT INSERT, UPDATE (used_by, used_at) ON invitation TO app;

CREATE TABLE request_key (
  estate_id integer NOT NULL REFERENCES estate,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 200),
  content_hash bytea NOT NULL CHECK (octet_length(content_hash) = 32),
  answer jsonb NOT NULL,
  answered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (estate_id, key)
);
COMMENT ON TABLE request_key IS 'Idempotency keys: the same key with the same content gets the first answer again.';
COMMENT ON COLUMN request_key.estate_id IS 'Estate.';
COMMENT ON COLUMN request_key.key IS 'Kind of request, person and the caller''s key.';
COMMENT ON COLUMN request_key.content_hash IS 'SHA-256 of the content it came with.';
COMMENT ON COLUMN request_key.answer IS 'First answer.';
COMMENT ON COLUMN request_key.answered_at IS 'When.';
CALL wall_estate('request_key');
GRANT INSERT ON request_key TO app;

CREATE SCHEMA pgboss;
GRANT ALL ON SCHEMA pgboss TO app;
