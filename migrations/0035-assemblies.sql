-- The owners' assembly (业主大会): resolutions with their rolls, ballots and counts; opinions and surveys.
--   resolution:  draft → announced (the roll is frozen) → voting → papers are entered → counted → certified under both keys
--                called off while nobody has voted
-- The law says which majority a matter takes, by the day it is announced (majority_rule). The database makes the roll from the
-- register, takes each voter's ballot once, counts, and says whether it passed: no page and no person does. What a secret ballot
-- says is kept until the count and then goes; its commitment stays in the log, and whoever has the code can open it.

-- ── The law ──────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE majority_rule (
  rule_day date PRIMARY KEY,
  counted_of text NOT NULL CHECK (counted_of IN ('participants', 'all')),
  quorum_part integer NOT NULL,
  quorum_whole integer NOT NULL,
  quorum_above boolean NOT NULL,
  ordinary_part integer NOT NULL,
  ordinary_whole integer NOT NULL,
  ordinary_above boolean NOT NULL,
  special_part integer NOT NULL,
  special_whole integer NOT NULL,
  special_above boolean NOT NULL,
  special_matters text[] NOT NULL,
  source_zh text NOT NULL,
  source_en text NOT NULL
);
COMMENT ON TABLE majority_rule IS 'Majorities of the owners as the law has them, from a day on: of area and of owners alike. Reference table.';
COMMENT ON COLUMN majority_rule.rule_day IS 'First day; it holds until the next.';
COMMENT ON COLUMN majority_rule.counted_of IS 'Of what the majority is counted: participants, or all owners and all area.';
COMMENT ON COLUMN majority_rule.quorum_part IS 'How many of quorum_whole must take part.';
COMMENT ON COLUMN majority_rule.quorum_whole IS 'See quorum_part.';
COMMENT ON COLUMN majority_rule.quorum_above IS 'True: more than that (过). False: that is enough (以上 includes it, 民法典 §1259).';
COMMENT ON COLUMN majority_rule.ordinary_part IS 'How many of ordinary_whole must agree to an ordinary matter.';
COMMENT ON COLUMN majority_rule.ordinary_whole IS 'See ordinary_part.';
COMMENT ON COLUMN majority_rule.ordinary_above IS 'True: more than that.';
COMMENT ON COLUMN majority_rule.special_part IS 'How many of special_whole must agree to a special matter.';
COMMENT ON COLUMN majority_rule.special_whole IS 'See special_part.';
COMMENT ON COLUMN majority_rule.special_above IS 'True: more than that.';
COMMENT ON COLUMN majority_rule.special_matters IS 'Matters that take the special majority; all others take the ordinary one.';
COMMENT ON COLUMN majority_rule.source_zh IS 'Where it stands.';
COMMENT ON COLUMN majority_rule.source_en IS 'The same in English.';
INSERT INTO majority_rule VALUES
  ('2007-10-01', 'all', 1, 2, true, 1, 2, true, 2, 3, false, ARRAY['use_fund', 'raise_fund', 'rebuild'],
    '物权法第七十六条，物业管理条例（2007年修订）第十二条', 'Property Law §76, Property Management Regulations (2007) §12'),
  ('2021-01-01', 'participants', 2, 3, false, 1, 2, true, 3, 4, false, ARRAY['raise_fund', 'rebuild', 'common_parts'],
    '民法典第二百七十八条', 'Civil Code §278');
CALL guard_append_only('majority_rule');
GRANT SELECT ON majority_rule TO app, signer, auditor;

-- Whole numbers and areas are compared crosswise: nothing is divided, nothing rounded.
CREATE FUNCTION reaches(p_part numeric, p_whole numeric, p_of integer, p_in integer, p_above boolean) RETURNS boolean LANGUAGE sql IMMUTABLE
RETURN p_whole > 0 AND CASE WHEN p_above THEN p_part * p_in > p_whole * p_of ELSE p_part * p_in >= p_whole * p_of END;
COMMENT ON FUNCTION reaches(numeric, numeric, integer, integer, boolean) IS 'Whether a part of a whole is (more than) p_of in p_in.';

CREATE FUNCTION vote_outcome(p_rule date, p_special boolean, p_area numeric, p_voters numeric, p_part_area numeric, p_part_voters numeric,
  p_for_area numeric, p_for_voters numeric) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN NOT reaches(p_part_area, p_area, r.quorum_part, r.quorum_whole, r.quorum_above)
      OR NOT reaches(p_part_voters, p_voters, r.quorum_part, r.quorum_whole, r.quorum_above) THEN 'quorum_missing'
    WHEN NOT reaches(p_for_area, CASE r.counted_of WHEN 'all' THEN p_area ELSE p_part_area END, m.part, m.whole, m.above)
      OR NOT reaches(p_for_voters, CASE r.counted_of WHEN 'all' THEN p_voters ELSE p_part_voters END, m.part, m.whole, m.above) THEN 'majority_missing'
    ELSE 'passed' END
  FROM majority_rule r, LATERAL (SELECT CASE WHEN p_special THEN r.special_part ELSE r.ordinary_part END AS part,
    CASE WHEN p_special THEN r.special_whole ELSE r.ordinary_whole END AS whole, CASE WHEN p_special THEN r.special_above ELSE r.ordinary_above END AS above) AS m
  WHERE r.rule_day = p_rule
$$;
COMMENT ON FUNCTION vote_outcome(date, boolean, numeric, numeric, numeric, numeric, numeric, numeric) IS
  'passed, quorum_missing (too few took part) or majority_missing, by a rule; areas and owners of the roll, of those who took part, of those who agree.';
GRANT EXECUTE ON FUNCTION reaches(numeric, numeric, integer, integer, boolean),
  vote_outcome(date, boolean, numeric, numeric, numeric, numeric, numeric, numeric) TO app, signer, auditor;

-- ── Resolutions ──────────────────────────────────────────────────────────────────────────────────

CREATE TABLE resolution (
  estate_id integer NOT NULL REFERENCES estate,
  resolution_id bigint GENERATED ALWAYS AS IDENTITY,
  matter text NOT NULL CHECK (matter IN ('assembly_rules', 'covenant', 'committee', 'manager', 'use_fund', 'raise_fund', 'rebuild', 'common_parts', 'other')),
  title text NOT NULL CHECK (char_length(title) BETWEEN 2 AND 80),
  wording text NOT NULL CHECK (char_length(wording) BETWEEN 2 AND 4000),
  stricter boolean NOT NULL DEFAULT false,
  secret boolean NOT NULL DEFAULT false,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  paper_days smallint NOT NULL DEFAULT 3 CHECK (paper_days BETWEEN 0 AND 15),
  files text[] NOT NULL DEFAULT '{}' CHECK (cardinality(files) <= 10),
  drafted_by uuid NOT NULL REFERENCES person,
  drafted_at timestamptz NOT NULL,
  opened_seq bigint,
  opened_on date,
  rule_day date REFERENCES majority_rule,
  special boolean,
  voters integer,
  units integer,
  area numeric(14, 2),
  called_off_seq bigint,
  counted_seq bigint,
  counted_on date,
  outcome text CHECK (outcome IN ('passed', 'quorum_missing', 'majority_missing')),
  count_body text,
  count_sha256 text CHECK (count_sha256 = encode(sha256(convert_to(count_body, 'UTF8')), 'hex')),
  certified_seq bigint,
  certified_by bigint,
  PRIMARY KEY (estate_id, resolution_id),
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, called_off_seq) REFERENCES record,
  FOREIGN KEY (estate_id, counted_seq) REFERENCES record,
  FOREIGN KEY (estate_id, certified_seq) REFERENCES record,
  CONSTRAINT resolution_has_quorum FOREIGN KEY (estate_id, certified_by) REFERENCES quorum,
  -- Whoever announces it in the evening does not close it at midnight.
  CONSTRAINT resolution_days CHECK (ends_on BETWEEN starts_on + 2 AND starts_on + 60),
  CONSTRAINT resolution_opened_whole CHECK (num_nulls(opened_seq, opened_on, rule_day, special, voters, units, area) IN (0, 7)),
  CONSTRAINT resolution_counted_whole CHECK (num_nulls(counted_seq, counted_on, outcome, count_body, count_sha256) IN (0, 5)),
  CONSTRAINT resolution_in_turn CHECK ((opened_seq IS NOT NULL OR num_nonnulls(called_off_seq, counted_seq) = 0)
    AND num_nonnulls(called_off_seq, counted_seq) <= 1 AND (certified_seq IS NULL) = (certified_by IS NULL) AND (certified_seq IS NULL OR counted_seq IS NOT NULL))
);
COMMENT ON TABLE resolution IS 'What the owners are asked to resolve (业主大会决议). A draft is changed freely; announced, it stays as it is, and the doors alone go on with it.';
COMMENT ON COLUMN resolution.estate_id IS 'Estate.';
COMMENT ON COLUMN resolution.resolution_id IS 'Number.';
COMMENT ON COLUMN resolution.matter IS 'Item of 民法典 §278 (一) to (九): assembly_rules, covenant, committee, manager, use_fund, raise_fund, rebuild, common_parts, other.';
COMMENT ON COLUMN resolution.title IS 'Name.';
COMMENT ON COLUMN resolution.wording IS 'What exactly is resolved.';
COMMENT ON COLUMN resolution.stricter IS 'True: the special majority is asked although the law would be content with the ordinary one.';
COMMENT ON COLUMN resolution.secret IS 'True: nobody learns who chose what; false: an open vote.';
COMMENT ON COLUMN resolution.starts_on IS 'First day of voting.';
COMMENT ON COLUMN resolution.ends_on IS 'Last day of voting, until midnight in Shanghai.';
COMMENT ON COLUMN resolution.paper_days IS 'Days after it in which paper ballots that came in time may still be entered; then it is counted.';
COMMENT ON COLUMN resolution.files IS 'Vouchers that explain it, by hash.';
COMMENT ON COLUMN resolution.drafted_by IS 'Whoever drafted it.';
COMMENT ON COLUMN resolution.drafted_at IS 'When.';
COMMENT ON COLUMN resolution.opened_seq IS 'Record of the announcement, with the roll.';
COMMENT ON COLUMN resolution.opened_on IS 'Day of it: the roll is the register of that day.';
COMMENT ON COLUMN resolution.rule_day IS 'Which law answers.';
COMMENT ON COLUMN resolution.special IS 'Whether it takes the special majority.';
COMMENT ON COLUMN resolution.voters IS 'Owners on the roll; several dwellings of the same owners are one.';
COMMENT ON COLUMN resolution.units IS 'Dwellings on the roll.';
COMMENT ON COLUMN resolution.area IS 'Their area, square metres.';
COMMENT ON COLUMN resolution.called_off_seq IS 'Record with which it was called off.';
COMMENT ON COLUMN resolution.counted_seq IS 'Record of the count.';
COMMENT ON COLUMN resolution.counted_on IS 'Day of it.';
COMMENT ON COLUMN resolution.outcome IS 'passed, quorum_missing, majority_missing.';
COMMENT ON COLUMN resolution.count_body IS 'Body of the record of the count.';
COMMENT ON COLUMN resolution.count_sha256 IS 'SHA-256 of it: what certificates and orders name.';
COMMENT ON COLUMN resolution.certified_seq IS 'Record of the certificate.';
COMMENT ON COLUMN resolution.certified_by IS 'Proposal with its signatures.';
CALL wall_estate('resolution');
GRANT INSERT (estate_id, matter, title, wording, stricter, secret, starts_on, ends_on, paper_days, files, drafted_by, drafted_at),
  UPDATE (matter, title, wording, stricter, secret, starts_on, ends_on, paper_days, files), DELETE ON resolution TO app;

CREATE FUNCTION guard_resolution() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old resolution := OLD; v_new resolution := NEW;
BEGIN
  -- A draft: whoever may write it may throw it away; the door alone announces it.
  IF OLD.opened_seq IS NULL THEN
    IF TG_OP = 'UPDATE' AND NEW.opened_seq IS NOT NULL AND current_user <> 'owner' THEN
      RAISE EXCEPTION 'resolution_step_reserved' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    IF OLD.called_off_seq IS NULL AND OLD.counted_seq IS NULL THEN
      v_new.called_off_seq := NULL; v_new.counted_seq := NULL; v_new.counted_on := NULL; v_new.outcome := NULL; v_new.count_body := NULL; v_new.count_sha256 := NULL;
    END IF;
    IF OLD.certified_seq IS NULL AND OLD.outcome = 'passed' THEN v_new.certified_seq := NULL; v_new.certified_by := NULL; END IF;
  END IF;
  IF TG_OP <> 'UPDATE' OR current_user <> 'owner' OR v_old IS DISTINCT FROM v_new THEN
    RAISE EXCEPTION 'resolution_stays: what was announced is neither changed nor taken away' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_resolution BEFORE UPDATE OR DELETE ON resolution FOR EACH ROW EXECUTE FUNCTION guard_resolution();
ALTER TABLE resolution ENABLE ALWAYS TRIGGER guard_resolution;
CREATE TRIGGER keep_resolutions BEFORE TRUNCATE ON resolution FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE resolution ENABLE ALWAYS TRIGGER keep_resolutions;

CREATE TABLE resolution_voter (
  estate_id integer NOT NULL,
  resolution_id bigint NOT NULL,
  voter text NOT NULL CHECK (voter ~ '^[0-9a-f]{32}$'),
  area numeric(14, 2) NOT NULL CHECK (area > 0),
  units integer NOT NULL CHECK (units > 0),
  PRIMARY KEY (estate_id, resolution_id, voter),
  FOREIGN KEY (estate_id, resolution_id) REFERENCES resolution
);
COMMENT ON TABLE resolution_voter IS 'Roll of a resolution (表决权名册), frozen when it was announced: owners under a random name that is good for this vote only.';
COMMENT ON COLUMN resolution_voter.estate_id IS 'Estate.';
COMMENT ON COLUMN resolution_voter.resolution_id IS 'Resolution.';
COMMENT ON COLUMN resolution_voter.voter IS 'Random name: nobody can tell from the log who it is, nor that two votes are of one owner.';
COMMENT ON COLUMN resolution_voter.area IS 'Area of all dwellings of these owners, square metres.';
COMMENT ON COLUMN resolution_voter.units IS 'How many.';
CALL guard_append_only('resolution_voter');
CALL wall_estate('resolution_voter');

CREATE TABLE resolution_unit (
  estate_id integer NOT NULL,
  resolution_id bigint NOT NULL,
  unit text NOT NULL,
  voter text NOT NULL,
  area numeric(10, 2) NOT NULL CHECK (area > 0),
  PRIMARY KEY (estate_id, resolution_id, unit),
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, resolution_id, voter) REFERENCES resolution_voter
);
COMMENT ON TABLE resolution_unit IS 'Which dwellings stand behind a name on the roll: for whoever lives there, and for those who may see households. Never in the log.';
COMMENT ON COLUMN resolution_unit.estate_id IS 'Estate.';
COMMENT ON COLUMN resolution_unit.resolution_id IS 'Resolution.';
COMMENT ON COLUMN resolution_unit.unit IS 'Dwelling.';
COMMENT ON COLUMN resolution_unit.voter IS 'Name on the roll.';
COMMENT ON COLUMN resolution_unit.area IS 'Its area on the day of the roll, square metres.';
CREATE INDEX resolution_unit_voter ON resolution_unit (estate_id, resolution_id, voter);
CALL guard_append_only('resolution_unit');
CALL wall_estate('resolution_unit');

-- ── Ballots ──────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE paper_ballot (
  estate_id integer NOT NULL,
  paper_id bigint GENERATED ALWAYS AS IDENTITY,
  resolution_id bigint NOT NULL,
  voter text NOT NULL,
  voucher text NOT NULL,
  entered_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'cast', 'set_aside')),
  PRIMARY KEY (estate_id, paper_id),
  FOREIGN KEY (estate_id, resolution_id, voter) REFERENCES resolution_voter,
  FOREIGN KEY (estate_id, voucher) REFERENCES voucher (estate_id, sha256)
);
COMMENT ON TABLE paper_ballot IS 'Paper ballots (纸质选票) by their scans, each read by two persons of two bodies who agree, or by a third.';
COMMENT ON COLUMN paper_ballot.estate_id IS 'Estate.';
COMMENT ON COLUMN paper_ballot.paper_id IS 'Number.';
COMMENT ON COLUMN paper_ballot.resolution_id IS 'Resolution.';
COMMENT ON COLUMN paper_ballot.voter IS 'Whose it is, by the roll.';
COMMENT ON COLUMN paper_ballot.voucher IS 'Scan, for officers only.';
COMMENT ON COLUMN paper_ballot.entered_at IS 'When it was first entered.';
COMMENT ON COLUMN paper_ballot.state IS 'open: not yet agreed on. cast: it is a ballot now. set_aside: void, or the owners had voted already.';
CREATE UNIQUE INDEX paper_ballot_once ON paper_ballot (estate_id, resolution_id, voter) WHERE state = 'open';
CREATE UNIQUE INDEX paper_scan_once ON paper_ballot (estate_id, resolution_id, voucher) WHERE state <> 'set_aside';
CALL wall_estate('paper_ballot');

CREATE TABLE paper_entry (
  estate_id integer NOT NULL,
  paper_id bigint NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  body text NOT NULL,
  choice text CHECK (choice IN ('for', 'against', 'abstain', 'void')),
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, paper_id, person_id),
  FOREIGN KEY (estate_id, paper_id) REFERENCES paper_ballot,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE paper_entry IS 'Who read what on a paper ballot; nobody sees another''s reading before they have entered their own.';
COMMENT ON COLUMN paper_entry.estate_id IS 'Estate.';
COMMENT ON COLUMN paper_entry.paper_id IS 'Paper ballot.';
COMMENT ON COLUMN paper_entry.person_id IS 'Whoever read it.';
COMMENT ON COLUMN paper_entry.body IS 'For which body.';
COMMENT ON COLUMN paper_entry.choice IS 'for, against, abstain, void; NULL once a secret vote is counted.';
COMMENT ON COLUMN paper_entry.seq IS 'Record that it was read; what was read is not in the log.';
CALL wall_estate('paper_entry');

CREATE TABLE ballot (
  estate_id integer NOT NULL,
  resolution_id bigint NOT NULL,
  voter text NOT NULL,
  way text NOT NULL CHECK (way IN ('online', 'paper')),
  choice text CHECK (choice IN ('for', 'against', 'abstain')),
  commitment text CHECK (commitment ~ '^[0-9a-f]{64}$'),
  paper_id bigint,
  seq bigint NOT NULL,
  CONSTRAINT ballot_once PRIMARY KEY (estate_id, resolution_id, voter),
  FOREIGN KEY (estate_id, resolution_id, voter) REFERENCES resolution_voter,
  FOREIGN KEY (estate_id, paper_id) REFERENCES paper_ballot,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT ballot_open_or_secret CHECK ((choice IS NULL) <> (commitment IS NULL)),
  CONSTRAINT ballot_way CHECK ((way = 'paper') = (paper_id IS NOT NULL))
);
COMMENT ON TABLE ballot IS 'Ballots (选票): each owner on the roll once, never changed. Written by the doors only.';
COMMENT ON COLUMN ballot.estate_id IS 'Estate.';
COMMENT ON COLUMN ballot.resolution_id IS 'Resolution.';
COMMENT ON COLUMN ballot.voter IS 'Name on the roll.';
COMMENT ON COLUMN ballot.way IS 'online, paper.';
COMMENT ON COLUMN ballot.choice IS 'for, against, abstain; NULL in a secret vote.';
COMMENT ON COLUMN ballot.commitment IS 'In a secret vote: SHA-256 of the canonical array [code, resolution, voter, choice].';
COMMENT ON COLUMN ballot.paper_id IS 'Paper it was read from.';
COMMENT ON COLUMN ballot.seq IS 'Record.';
CALL guard_append_only('ballot');
CALL wall_estate('ballot');

CREATE TABLE secret_ballot (
  estate_id integer NOT NULL,
  resolution_id bigint NOT NULL,
  voter text NOT NULL,
  code text NOT NULL CHECK (code ~ '^[2-9A-HJ-NP-Z]{26}$'),
  choice text NOT NULL CHECK (choice IN ('for', 'against', 'abstain')),
  cast_by uuid,
  PRIMARY KEY (estate_id, resolution_id, voter),
  FOREIGN KEY (estate_id, resolution_id, voter) REFERENCES ballot
);
COMMENT ON TABLE secret_ballot IS 'What secret ballots say, until they are counted: then every row goes. The voter keeps the code.';
COMMENT ON COLUMN secret_ballot.estate_id IS 'Estate.';
COMMENT ON COLUMN secret_ballot.resolution_id IS 'Resolution.';
COMMENT ON COLUMN secret_ballot.voter IS 'Name on the roll.';
COMMENT ON COLUMN secret_ballot.code IS '26 random signs: the first ten stand in the list of the count, the others only on the voter''s slip.';
COMMENT ON COLUMN secret_ballot.choice IS 'for, against, abstain.';
COMMENT ON COLUMN secret_ballot.cast_by IS 'Whoever cast it online, who alone is shown the slip again; NULL of a paper.';
CREATE UNIQUE INDEX secret_code_once ON secret_ballot (estate_id, resolution_id, left(code, 10));
CALL wall_estate('secret_ballot');
-- Whoever audits sees that somebody voted and what was counted, never who chose what.
REVOKE SELECT ON secret_ballot, paper_entry FROM signer, auditor;

CREATE FUNCTION ballot_commitment(p_code text, p_resolution bigint, p_voter text, p_choice text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
RETURN encode(sha256(convert_to('[' || to_json(p_code) || ',' || p_resolution || ',' || to_json(p_voter) || ',' || to_json(p_choice) || ']', 'UTF8')), 'hex');
COMMENT ON FUNCTION ballot_commitment(text, bigint, text, text) IS 'SHA-256 of the canonical array [code, resolution, voter, choice], hexadecimal.';
GRANT EXECUTE ON FUNCTION ballot_commitment(text, bigint, text, text) TO app, signer, auditor;

CREATE FUNCTION guard_secret_ballot() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'INSERT' AND (SELECT b.commitment FROM ballot b WHERE b.estate_id = NEW.estate_id AND b.resolution_id = NEW.resolution_id AND b.voter = NEW.voter)
      = ballot_commitment(NEW.code, NEW.resolution_id, NEW.voter, NEW.choice) THEN RETURN NEW; END IF;
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM resolution r WHERE r.estate_id = OLD.estate_id AND r.resolution_id = OLD.resolution_id AND r.counted_seq IS NOT NULL) THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'secret_ballot_stays: until the count nothing of it is changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER guard_secret_ballot BEFORE INSERT OR UPDATE OR DELETE ON secret_ballot FOR EACH ROW EXECUTE FUNCTION guard_secret_ballot();
ALTER TABLE secret_ballot ENABLE ALWAYS TRIGGER guard_secret_ballot;
CREATE TRIGGER keep_secret_ballots BEFORE TRUNCATE ON secret_ballot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE secret_ballot ENABLE ALWAYS TRIGGER keep_secret_ballots;

CREATE FUNCTION guard_paper() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old jsonb := to_jsonb(OLD); v_new jsonb := to_jsonb(NEW);
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'paper_ballot' AND v_old ->> 'state' = 'open' AND v_old - 'state' = v_new - 'state' THEN RETURN NEW; END IF;
  -- A secret vote that is counted forgets what was read.
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'paper_entry' AND v_new ->> 'choice' IS NULL AND v_old - 'choice' = v_new - 'choice'
      AND EXISTS (SELECT FROM paper_ballot p JOIN resolution r ON r.estate_id = p.estate_id AND r.resolution_id = p.resolution_id
        WHERE p.estate_id = (v_old ->> 'estate_id')::integer AND p.paper_id = (v_old ->> 'paper_id')::bigint AND r.secret AND r.counted_seq IS NOT NULL) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'paper_ballot_stays: what was entered of a paper ballot stays' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER guard_paper_ballot BEFORE UPDATE OR DELETE ON paper_ballot FOR EACH ROW EXECUTE FUNCTION guard_paper();
CREATE TRIGGER guard_paper_entry BEFORE UPDATE OR DELETE ON paper_entry FOR EACH ROW EXECUTE FUNCTION guard_paper();
ALTER TABLE paper_ballot ENABLE ALWAYS TRIGGER guard_paper_ballot;
ALTER TABLE paper_entry ENABLE ALWAYS TRIGGER guard_paper_entry;
CREATE TRIGGER keep_paper_ballots BEFORE TRUNCATE ON paper_ballot FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER keep_paper_entries BEFORE TRUNCATE ON paper_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE paper_ballot ENABLE ALWAYS TRIGGER keep_paper_ballots;
ALTER TABLE paper_entry ENABLE ALWAYS TRIGGER keep_paper_entries;

-- ── What stands ──────────────────────────────────────────────────────────────────────────────────

-- Who is one owner: all dwellings of the same owners together. A dwelling of which the register names no owner counts by itself
-- (建筑物区分所有权司法解释 §9: one dwelling one person, several of the same buyer one person).
CREATE FUNCTION roll_on(p_estate integer, p_day date) RETURNS TABLE (unit text, area numeric, owners text) LANGUAGE sql STABLE AS $$
  SELECT u.unit, f.area_m2, coalesce((SELECT string_agg(DISTINCT t.party_id::text, ' ' ORDER BY t.party_id::text) FROM tenure t
      WHERE t.estate_id = u.estate_id AND t.unit = u.unit AND t.kind = 'owner' AND t.from_date <= p_day AND coalesce(t.to_date, 'infinity') >= p_day),
    'unit ' || u.unit)
  FROM unit u JOIN LATERAL (SELECT x.area_m2 FROM unit_fact x WHERE x.estate_id = u.estate_id AND x.unit = u.unit AND x.ended_seq IS NULL AND x.from_date <= p_day
    ORDER BY x.from_date DESC, x.fact_id DESC LIMIT 1) AS f ON true
  WHERE u.estate_id = p_estate AND (u.ended_on IS NULL OR u.ended_on >= p_day)
$$;
COMMENT ON FUNCTION roll_on(integer, date) IS 'Dwellings of a day with their area and, as one text, who owns them: the same text is the same owner.';
GRANT EXECUTE ON FUNCTION roll_on(integer, date) TO app, auditor;

CREATE FUNCTION resolution_state(p resolution, p_day date) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN p.opened_seq IS NULL THEN 'draft' WHEN p.called_off_seq IS NOT NULL THEN 'called_off' WHEN p.counted_seq IS NOT NULL THEN 'counted'
    WHEN p_day < p.starts_on THEN 'announced' WHEN p_day <= p.ends_on THEN 'voting' WHEN p_day <= p.ends_on + p.paper_days THEN 'papers' ELSE 'counting' END
$$;
COMMENT ON FUNCTION resolution_state(resolution, date) IS 'draft, announced, voting, papers (paper ballots that came in time are entered), counting (due), counted, called_off.';
GRANT EXECUTE ON FUNCTION resolution_state(resolution, date) TO app, signer, auditor;

-- Whether somebody may vote for a dwelling on the roll. A tenant may read the books and not vote; somebody who bought it after the roll was
-- made has the next vote. Whoever prints the invitations could join as the owner of dwellings where nobody has a login, once a vote is
-- announced: online votes whoever had the login before; the others bring a paper, which two bodies read.
CREATE FUNCTION ballot_right(p_estate integer, p_resolution bigint, p_unit text, p_person uuid) RETURNS text LANGUAGE sql STABLE AS $$
  WITH voting AS (SELECT r.opened_on, x.voter, a.recorded_at AS opened_at FROM resolution r JOIN resolution_unit x ON x.estate_id = r.estate_id AND x.resolution_id = r.resolution_id
      JOIN record a ON a.estate_id = r.estate_id AND a.seq = r.opened_seq
      WHERE r.estate_id = p_estate AND r.resolution_id = p_resolution AND x.unit = p_unit),
  held AS (SELECT t.kind, t.from_date, coalesce(t.to_date, 'infinity'::date) AS to_date, y.person_id FROM tenure t
      JOIN party y ON y.estate_id = t.estate_id AND y.party_id = t.party_id
      WHERE t.estate_id = p_estate AND t.unit = p_unit AND t.to_date IS DISTINCT FROM t.from_date - 1),
  owning AS (SELECT CASE
    WHEN NOT EXISTS (SELECT FROM resident r WHERE r.estate_id = p_estate AND r.unit = p_unit AND r.person_id = p_person AND r.left_at IS NULL) THEN 'not_yours'
    WHEN NOT EXISTS (SELECT FROM voting) THEN 'not_on_roll'
    WHEN EXISTS (SELECT FROM held h, voting v WHERE h.person_id = p_person AND h.kind = 'owner' AND v.opened_on BETWEEN h.from_date AND h.to_date) THEN 'may_vote'
    WHEN EXISTS (SELECT FROM held h WHERE h.person_id = p_person AND h.kind = 'tenant') THEN 'not_owner'
    WHEN EXISTS (SELECT FROM held h WHERE h.kind = 'tenant' AND estate_today(p_estate) BETWEEN h.from_date AND h.to_date) THEN 'not_owner'
    WHEN EXISTS (SELECT FROM held h, voting v WHERE h.kind = 'owner' AND h.from_date > v.opened_on) THEN 'not_on_roll'
    ELSE 'may_vote' END AS may)
  SELECT CASE WHEN o.may = 'may_vote' AND NOT EXISTS (SELECT FROM resident r, voting v
      WHERE r.estate_id = p_estate AND r.unit = p_unit AND r.person_id = p_person AND r.joined_at <= v.opened_at) THEN 'joined_late' ELSE o.may END
  FROM owning o
$$;
COMMENT ON FUNCTION ballot_right(integer, bigint, text, uuid) IS
  'may_vote, or why not: not_yours (does not live there), not_on_roll (not on it, or bought since), not_owner (a tenant, or a let dwelling and nobody says they own it), joined_late (the login came after the announcement: on paper).';
GRANT EXECUTE ON FUNCTION ballot_right(integer, bigint, text, uuid) TO app;

-- Whoever left a dwelling and comes back has been there since they came back, not since they first came.
CREATE FUNCTION begin_again() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.left_at <= estate_clock(NEW.estate_id) AND NEW.left_at IS NULL THEN NEW.joined_at := estate_clock(NEW.estate_id); END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION begin_again() IS 'Trigger: a resident who comes back joined when they came back.';
CREATE TRIGGER begin_again BEFORE UPDATE ON resident FOR EACH ROW EXECUTE FUNCTION begin_again();

-- Whether an order may rest on a resolution: certified, or counted so long ago that whoever holds back the certificate holds up nothing.
CREATE FUNCTION resolution_standing(p_estate integer, p_resolution bigint, p_day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT CASE WHEN r.counted_seq IS NULL THEN 'not_counted' WHEN r.outcome <> 'passed' THEN 'not_passed' WHEN r.certified_seq IS NOT NULL THEN 'certified'
      WHEN p_day > r.counted_on + 15 THEN 'uncertified' ELSE 'waiting' END
    FROM resolution r WHERE r.estate_id = p_estate AND r.resolution_id = p_resolution AND r.opened_seq IS NOT NULL), 'unknown')
$$;
COMMENT ON FUNCTION resolution_standing(integer, bigint, date) IS
  'certified; uncertified (passed, no certificate for more than 15 days: good, and marked); waiting (for the certificate); not_passed; not_counted; unknown.';
GRANT EXECUTE ON FUNCTION resolution_standing(integer, bigint, date) TO app, signer, auditor;

CREATE FUNCTION resolution_linked(p_estate integer, p_document jsonb, p_day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_document -> 'resolution' -> 'resolution_id' IS NULL THEN 'none'
    WHEN NOT EXISTS (SELECT FROM resolution r WHERE r.estate_id = p_estate AND to_jsonb(r.resolution_id) = p_document -> 'resolution' -> 'resolution_id'
      AND r.count_sha256 = p_document -> 'resolution' ->> 'count_sha256' AND r.title = p_document -> 'resolution' ->> 'title'
      AND r.counted_on::text = p_document -> 'resolution' ->> 'date') THEN 'differs'
    WHEN resolution_standing(p_estate, (p_document -> 'resolution' ->> 'resolution_id')::bigint, p_day) IN ('certified', 'uncertified') THEN 'good' ELSE 'not_good' END
$$;
COMMENT ON FUNCTION resolution_linked(integer, jsonb, date) IS 'What a document''s link to a counted resolution is worth: none (there is none), good, not_good (not passed, not certified), differs.';
GRANT EXECUTE ON FUNCTION resolution_linked(integer, jsonb, date) TO app, signer, auditor;

-- ── Doors ────────────────────────────────────────────────────────────────────────────────────────

-- Internal: the body for which a person acts, today; NULL where they hold none of these offices.
CREATE FUNCTION serves_for(p_estate integer, p_person uuid, p_offices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$
  SELECT t.body FROM term t WHERE t.estate_id = p_estate AND t.person_id = p_person AND t.office = ANY (p_offices)
    AND estate_today(p_estate) BETWEEN t.starts_on AND t.ends_on ORDER BY t.term_id LIMIT 1
$$;

-- Announces a resolution and freezes its roll.
CREATE FUNCTION open_resolution(p_estate integer, p_resolution bigint, p_by uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v resolution; v_law majority_rule; v_body text; v_today date; v_seq bigint; v_special boolean; v_voters integer; v_units integer; v_area numeric(14, 2); v_roll text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM resolution WHERE estate_id = p_estate AND resolution_id = p_resolution FOR UPDATE;
  IF v.resolution_id IS NULL THEN RETURN 'resolution_unknown'; END IF;
  IF v.opened_seq IS NOT NULL THEN RETURN 'already_opened'; END IF;
  v_body := serves_for(p_estate, p_by, ARRAY['chair', 'member', 'official']);
  IF v_body IS NULL THEN RETURN 'not_yours'; END IF;
  v_today := estate_today(p_estate);
  IF v.starts_on < v_today THEN RETURN 'days_over'; END IF;
  SELECT * INTO v_law FROM majority_rule m WHERE m.rule_day <= v_today ORDER BY m.rule_day DESC LIMIT 1;
  IF v_law.rule_day IS NULL THEN RETURN 'law_unknown'; END IF;
  IF EXISTS (SELECT FROM unnest(v.files) AS f(sha256) WHERE NOT EXISTS (SELECT FROM voucher w WHERE w.estate_id = p_estate AND w.sha256 = f.sha256)) THEN RETURN 'file_unknown'; END IF;
  v_special := v.stricter OR v.matter = ANY (v_law.special_matters);
  WITH lot AS MATERIALIZED (SELECT l.unit, l.area, l.owners FROM roll_on(p_estate, v_today) l),
  named AS MATERIALIZED (SELECT n.owners, left(encode(sha256(gen_random_uuid()::text::bytea), 'hex'), 32) AS voter FROM (SELECT DISTINCT l.owners FROM lot l) AS n),
  voting AS (INSERT INTO resolution_voter (estate_id, resolution_id, voter, area, units)
    SELECT p_estate, p_resolution, n.voter, sum(l.area), count(*) FROM lot l JOIN named n ON n.owners = l.owners GROUP BY n.voter)
  INSERT INTO resolution_unit (estate_id, resolution_id, unit, voter, area)
    SELECT p_estate, p_resolution, l.unit, n.voter, l.area FROM lot l JOIN named n ON n.owners = l.owners;
  SELECT count(*), sum(w.units), sum(w.area), '[' || string_agg(format('["%s","%s",%s]', w.voter, w.area, w.units), ',' ORDER BY w.voter COLLATE "C") || ']'
    INTO v_voters, v_units, v_area, v_roll FROM resolution_voter w WHERE w.estate_id = p_estate AND w.resolution_id = p_resolution;
  IF v_voters = 0 THEN RETURN 'roll_empty'; END IF;
  v_seq := write_record(p_estate, 'resolution_announced', format(
    '{"area":"%s","body":%s,"by":"%s","ends_on":"%s","files":%s,"matter":"%s","paper_days":%s,"resolution":%s,"roll":%s,"rule_day":"%s","secret":%s,"special":%s,"starts_on":"%s","title":%s,"units":%s,"voters":%s,"wording":%s}',
    v_area, to_json(v_body), p_by, v.ends_on, array_to_json(v.files), v.matter, v.paper_days, p_resolution, v_roll, v_law.rule_day, to_json(v.secret), to_json(v_special), v.starts_on,
    to_json(v.title), v_units, v_voters, to_json(v.wording)));
  UPDATE resolution SET opened_seq = v_seq, opened_on = v_today, rule_day = v_law.rule_day, special = v_special, voters = v_voters, units = v_units, area = v_area
    WHERE estate_id = p_estate AND resolution_id = p_resolution;
  RETURN 'opened';
END $$;
COMMENT ON FUNCTION open_resolution(integer, bigint, uuid) IS
  'Announces a draft and freezes its roll. Statuses: opened, already_opened, resolution_unknown, not_yours, days_over, law_unknown, file_unknown, roll_empty.';
GRANT EXECUTE ON FUNCTION open_resolution(integer, bigint, uuid) TO app;

CREATE FUNCTION call_off_resolution(p_estate integer, p_resolution bigint, p_by uuid, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v resolution; v_body text; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM resolution WHERE estate_id = p_estate AND resolution_id = p_resolution FOR UPDATE;
  IF v.opened_seq IS NULL THEN RETURN 'resolution_unknown'; END IF;
  IF v.called_off_seq IS NOT NULL OR v.counted_seq IS NOT NULL THEN RETURN 'already_over'; END IF;
  v_body := serves_for(p_estate, p_by, ARRAY['chair', 'member', 'official']);
  IF v_body IS NULL THEN RETURN 'not_yours'; END IF;
  -- Whoever sees that it goes badly must not be able to end it.
  IF EXISTS (SELECT FROM ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution)
    OR EXISTS (SELECT FROM paper_ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution) OR estate_today(p_estate) > v.ends_on THEN RETURN 'voting_begun'; END IF;
  v_seq := write_record(p_estate, 'resolution_called_off', format('{"body":%s,"by":"%s","reason":%s,"resolution":%s}', to_json(v_body), p_by, to_json(p_reason), p_resolution));
  UPDATE resolution SET called_off_seq = v_seq WHERE estate_id = p_estate AND resolution_id = p_resolution;
  RETURN 'called_off';
END $$;
COMMENT ON FUNCTION call_off_resolution(integer, bigint, uuid, text) IS
  'Calls a resolution off while nobody has voted. Statuses: called_off, resolution_unknown, already_over, not_yours, voting_begun.';
GRANT EXECUTE ON FUNCTION call_off_resolution(integer, bigint, uuid, text) TO app;

-- Internal: writes one ballot; the caller has looked at everything.
CREATE FUNCTION write_ballot(p_estate integer, v resolution, p_voter text, p_way text, p_choice text, p_code text, p_paper bigint, p_by uuid) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_seq bigint; v_commitment text; v_body text;
BEGIN
  IF v.secret THEN v_commitment := ballot_commitment(p_code, v.resolution_id, p_voter, p_choice); END IF;
  v_body := CASE WHEN v.secret THEN format('{"commitment":"%s",', v_commitment) ELSE format('{"choice":"%s",', p_choice) END
    || CASE WHEN p_paper IS NULL THEN '' ELSE format('"paper":%s,', p_paper) END || format('"resolution":%s,"voter":"%s","way":"%s"}', v.resolution_id, p_voter, p_way);
  v_seq := write_record(p_estate, 'ballot_cast', v_body);
  INSERT INTO ballot (estate_id, resolution_id, voter, way, choice, commitment, paper_id, seq)
    VALUES (p_estate, v.resolution_id, p_voter, p_way, CASE WHEN v.secret THEN NULL ELSE p_choice END, v_commitment, p_paper, v_seq);
  IF v.secret THEN
    INSERT INTO secret_ballot (estate_id, resolution_id, voter, code, choice, cast_by) VALUES (p_estate, v.resolution_id, p_voter, p_code, p_choice, p_by);
  END IF;
  RETURN v_seq;
END $$;

-- Internal: a record written a moment after midnight would stand outside its days for ever; the caller tries again and is told so.
CREATE FUNCTION refuse_after_midnight(p_estate integer, v resolution, p_states text[]) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF resolution_state(v, estate_today(p_estate)) <> ALL (p_states) THEN
    RAISE EXCEPTION 'the last day of resolution % ended while this was written', v.resolution_id USING ERRCODE = 'serialization_failure';
  END IF;
END $$;

-- p_code: 26 random signs, of a secret vote; NULL of an open one.
CREATE FUNCTION cast_ballot(p_estate integer, p_resolution bigint, p_unit text, p_person uuid, p_choice text, p_code text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v resolution; v_voter text; v_right text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM resolution WHERE estate_id = p_estate AND resolution_id = p_resolution FOR UPDATE;
  IF v.opened_seq IS NULL THEN RETURN 'resolution_unknown'; END IF;
  IF resolution_state(v, estate_today(p_estate)) <> 'voting' THEN RETURN 'not_voting'; END IF;
  IF p_choice IS NULL OR p_choice NOT IN ('for', 'against', 'abstain') THEN RETURN 'choice_unknown'; END IF;
  v_right := ballot_right(p_estate, p_resolution, p_unit, p_person);
  IF v_right <> 'may_vote' THEN RETURN v_right; END IF;
  SELECT x.voter INTO v_voter FROM resolution_unit x WHERE x.estate_id = p_estate AND x.resolution_id = p_resolution AND x.unit = p_unit;
  IF EXISTS (SELECT FROM ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution AND b.voter = v_voter) THEN RETURN 'already_voted'; END IF;
  PERFORM write_ballot(p_estate, v, v_voter, 'online', p_choice, p_code, NULL, p_person);
  PERFORM refuse_after_midnight(p_estate, v, ARRAY['voting']);
  RETURN 'cast';
END $$;
COMMENT ON FUNCTION cast_ballot(integer, bigint, text, uuid, text, text) IS
  'Casts a ballot for the owners of a dwelling, once and for good. Statuses: cast, resolution_unknown, not_voting, choice_unknown, not_yours, not_on_roll, not_owner, joined_late, already_voted.';
GRANT EXECUTE ON FUNCTION cast_ballot(integer, bigint, text, uuid, text, text) TO app;

-- Internal: one person's reading of a paper, and what follows once two of two bodies agree.
CREATE FUNCTION read_paper(p_estate integer, v resolution, p_paper bigint, p_choice text, p_by uuid, p_body text, p_code text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_paper paper_ballot; v_seq bigint; v_choice text;
BEGIN
  SELECT * INTO v_paper FROM paper_ballot WHERE estate_id = p_estate AND paper_id = p_paper FOR UPDATE;
  v_seq := write_record(p_estate, 'paper_ballot_read', format('{"body":%s,"by":"%s","paper":%s,"resolution":%s,"voter":"%s","voucher":"%s"}',
    to_json(p_body), p_by, p_paper, v.resolution_id, v_paper.voter, v_paper.voucher));
  INSERT INTO paper_entry (estate_id, paper_id, person_id, body, choice, seq) VALUES (p_estate, p_paper, p_by, p_body, p_choice, v_seq);
  -- Two of one body would be one side; what the third reads counts only if another read the same.
  SELECT e.choice INTO v_choice FROM paper_entry e WHERE e.estate_id = p_estate AND e.paper_id = p_paper
    GROUP BY e.choice HAVING count(DISTINCT e.body) >= 2 ORDER BY count(*) DESC LIMIT 1;
  IF v_choice IS NULL THEN RETURN 'read'; END IF;
  IF v_choice = 'void' OR EXISTS (SELECT FROM ballot b WHERE b.estate_id = p_estate AND b.resolution_id = v.resolution_id AND b.voter = v_paper.voter) THEN
    PERFORM write_record(p_estate, 'paper_ballot_set_aside', format('{"paper":%s,"resolution":%s,"voter":"%s","why":"%s"}', p_paper, v.resolution_id, v_paper.voter,
      CASE v_choice WHEN 'void' THEN 'void' ELSE 'voted' END));
    UPDATE paper_ballot SET state = 'set_aside' WHERE estate_id = p_estate AND paper_id = p_paper;
    RETURN CASE v_choice WHEN 'void' THEN 'set_aside' ELSE 'already_voted' END;
  END IF;
  PERFORM write_ballot(p_estate, v, v_paper.voter, 'paper', v_choice, p_code, p_paper, NULL);
  UPDATE paper_ballot SET state = 'cast' WHERE estate_id = p_estate AND paper_id = p_paper;
  RETURN 'cast';
END $$;

-- p_paper NULL: a paper nobody has entered yet, of the dwelling p_unit with the scan p_voucher. Else another reading of that one.
CREATE FUNCTION enter_paper_ballot(p_estate integer, p_resolution bigint, p_paper bigint, p_unit text, p_voucher text, p_choice text, p_by uuid, p_code text,
  OUT status text, OUT paper bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v resolution; v_paper paper_ballot; v_body text; v_voter text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM resolution WHERE estate_id = p_estate AND resolution_id = p_resolution FOR UPDATE;
  IF v.opened_seq IS NULL THEN status := 'resolution_unknown'; RETURN; END IF;
  IF resolution_state(v, estate_today(p_estate)) NOT IN ('voting', 'papers') THEN status := 'not_voting'; RETURN; END IF;
  IF p_choice IS NULL OR p_choice NOT IN ('for', 'against', 'abstain', 'void') THEN status := 'choice_unknown'; RETURN; END IF;
  v_body := serves_for(p_estate, p_by, ARRAY['cashier', 'manager', 'chair', 'member', 'supervisor', 'official']);
  IF v_body IS NULL THEN status := 'not_yours'; RETURN; END IF;
  IF p_paper IS NULL THEN
    SELECT x.voter INTO v_voter FROM resolution_unit x WHERE x.estate_id = p_estate AND x.resolution_id = p_resolution AND x.unit = p_unit;
    IF v_voter IS NULL THEN status := 'not_on_roll'; RETURN; END IF;
  ELSE
    SELECT * INTO v_paper FROM paper_ballot WHERE estate_id = p_estate AND paper_id = p_paper AND resolution_id = p_resolution;
    IF v_paper.paper_id IS NULL THEN status := 'paper_unknown'; RETURN; END IF;
    IF v_paper.state <> 'open' THEN status := 'paper_settled'; RETURN; END IF;
    IF EXISTS (SELECT FROM paper_entry e WHERE e.estate_id = p_estate AND e.paper_id = p_paper AND e.person_id = p_by) THEN status := 'read_already'; RETURN; END IF;
    v_voter := v_paper.voter;
  END IF;
  -- Nobody reads the ballot of where they live.
  IF EXISTS (SELECT FROM resolution_unit x WHERE x.estate_id = p_estate AND x.resolution_id = p_resolution AND x.voter = v_voter
      AND (EXISTS (SELECT FROM resident r WHERE r.estate_id = x.estate_id AND r.unit = x.unit AND r.person_id = p_by AND r.left_at IS NULL)
        OR EXISTS (SELECT FROM tenure t JOIN party y ON y.estate_id = t.estate_id AND y.party_id = t.party_id
          WHERE t.estate_id = x.estate_id AND t.unit = x.unit AND y.person_id = p_by))) THEN status := 'own_ballot'; RETURN; END IF;
  IF p_paper IS NULL THEN
    IF EXISTS (SELECT FROM ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution AND b.voter = v_voter) THEN status := 'already_voted'; RETURN; END IF;
    IF EXISTS (SELECT FROM paper_ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution AND b.voter = v_voter AND b.state = 'open') THEN status := 'paper_waits'; RETURN; END IF;
    IF NOT EXISTS (SELECT FROM voucher w WHERE w.estate_id = p_estate AND w.sha256 = p_voucher AND w.audience = 'officers') THEN status := 'scan_unknown'; RETURN; END IF;
    IF EXISTS (SELECT FROM paper_ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution AND b.voucher = p_voucher AND b.state <> 'set_aside') THEN status := 'scan_used'; RETURN; END IF;
    INSERT INTO paper_ballot (estate_id, resolution_id, voter, voucher, entered_at) VALUES (p_estate, p_resolution, v_voter, p_voucher, estate_clock(p_estate)) RETURNING paper_id INTO paper;
  ELSE paper := p_paper;
  END IF;
  status := read_paper(p_estate, v, paper, p_choice, p_by, v_body, p_code);
  PERFORM refuse_after_midnight(p_estate, v, ARRAY['voting', 'papers']);
END $$;
COMMENT ON FUNCTION enter_paper_ballot(integer, bigint, bigint, text, text, text, uuid, text) IS
  'One person''s reading of a paper ballot. Statuses: read (another reads it too), cast, set_aside, already_voted, resolution_unknown, not_voting, choice_unknown, not_yours, not_on_roll, paper_unknown, paper_settled, read_already, own_ballot, paper_waits, scan_unknown, scan_used.';
GRANT EXECUTE ON FUNCTION enter_paper_ballot(integer, bigint, bigint, text, text, text, uuid, text) TO app;

-- Internal: whether the ballots in the table are those of the log, one for one. A count of anything else would be a lie.
CREATE FUNCTION refuse_altered_ballots(p_estate integer, v resolution) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT c.body::jsonb AS j, c.seq FROM record c WHERE c.estate_id = p_estate AND c.kind = 'ballot_cast' AND c.seq > v.opened_seq
          AND (c.body::jsonb ->> 'resolution')::bigint = v.resolution_id) AS said
        FULL JOIN (SELECT b.*, s.code, s.choice AS kept FROM ballot b LEFT JOIN secret_ballot s ON s.estate_id = b.estate_id AND s.resolution_id = b.resolution_id AND s.voter = b.voter
          WHERE b.estate_id = p_estate AND b.resolution_id = v.resolution_id) AS found ON found.seq = said.seq
      WHERE found.seq IS NULL OR said.seq IS NULL OR found.voter IS DISTINCT FROM said.j ->> 'voter' OR found.choice IS DISTINCT FROM said.j ->> 'choice'
        OR found.commitment IS DISTINCT FROM said.j ->> 'commitment'
        OR v.secret AND found.commitment IS DISTINCT FROM ballot_commitment(found.code, v.resolution_id, found.voter, found.kept))
    OR EXISTS (SELECT FROM (SELECT l.value ->> 0 AS voter, l.value ->> 1 AS area FROM record c, jsonb_array_elements(c.body::jsonb -> 'roll') AS l(value)
          WHERE c.estate_id = p_estate AND c.seq = v.opened_seq) AS said
        FULL JOIN (SELECT w.voter, w.area::text AS area FROM resolution_voter w WHERE w.estate_id = p_estate AND w.resolution_id = v.resolution_id) AS found
          ON found.voter = said.voter AND found.area = said.area
      WHERE said.voter IS NULL OR found.voter IS NULL) THEN
    RAISE EXCEPTION 'ballot_altered: the ballots of resolution % are not those of the log', v.resolution_id USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ballot_altered';
  END IF;
END $$;

-- Counts: the database alone adds up, and says whether it passed. Called again it does nothing.
CREATE FUNCTION count_resolution(p_estate integer, p_resolution bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v resolution; v_today date; v_seq bigint; v_sums jsonb; v_part_area numeric(14, 2); v_part integer; v_outcome text; v_codes text := ''; v_open integer; v_body text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM resolution WHERE estate_id = p_estate AND resolution_id = p_resolution FOR UPDATE;
  v_today := estate_today(p_estate);
  CASE resolution_state(v, v_today)
    WHEN 'draft', 'called_off' THEN RETURN 'resolution_unknown';
    WHEN 'counted' THEN RETURN 'already_counted';
    WHEN 'counting' THEN NULL;
    ELSE RETURN 'not_over';
  END CASE;
  PERFORM refuse_altered_ballots(p_estate, v);
  WITH said AS (SELECT coalesce(b.choice, s.choice) AS choice, w.area FROM ballot b
      JOIN resolution_voter w ON w.estate_id = b.estate_id AND w.resolution_id = b.resolution_id AND w.voter = b.voter
      LEFT JOIN secret_ballot s ON s.estate_id = b.estate_id AND s.resolution_id = b.resolution_id AND s.voter = b.voter
      WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution)
  SELECT jsonb_object_agg(c.choice, jsonb_build_object('area', n.area::text, 'voters', n.voters)), sum(n.area), sum(n.voters) INTO v_sums, v_part_area, v_part
  FROM unnest(ARRAY['abstain', 'against', 'for']) AS c(choice),
    LATERAL (SELECT coalesce(sum(s.area), 0)::numeric(14, 2) AS area, count(*) AS voters FROM said s WHERE s.choice = c.choice) AS n;
  v_outcome := vote_outcome(v.rule_day, v.special, v.area, v.voters, v_part_area, v_part, (v_sums -> 'for' ->> 'area')::numeric, (v_sums -> 'for' ->> 'voters')::numeric);
  IF v.secret THEN
    SELECT '"codes":{' || string_agg(format('"%s":[%s]', c.choice, (SELECT coalesce(string_agg(format('"%s"', left(s.code, 10)), ',' ORDER BY s.code COLLATE "C"), '')
        FROM secret_ballot s WHERE s.estate_id = p_estate AND s.resolution_id = p_resolution AND s.choice = c.choice)), ',' ORDER BY c.choice) || '},'
      INTO v_codes FROM unnest(ARRAY['abstain', 'against', 'for']) AS c(choice);
  END IF;
  SELECT count(*) INTO v_open FROM paper_ballot b WHERE b.estate_id = p_estate AND b.resolution_id = p_resolution AND b.state = 'open';
  v_body := format('{"area":"%s","choices":{%s},%s"outcome":"%s","papers_open":%s,"part":{"area":"%s","voters":%s},"resolution":%s,"rule_day":"%s","special":%s,"voters":%s}',
    v.area, (SELECT string_agg(format('"%s":{"area":"%s","voters":%s}', c.choice, v_sums -> c.choice ->> 'area', v_sums -> c.choice ->> 'voters'), ',' ORDER BY c.choice)
      FROM unnest(ARRAY['abstain', 'against', 'for']) AS c(choice)),
    v_codes, v_outcome, v_open, v_part_area, v_part, p_resolution, v.rule_day, to_json(v.special), v.voters);
  v_seq := write_record(p_estate, 'resolution_counted', v_body);
  UPDATE resolution SET counted_seq = v_seq, counted_on = v_today, outcome = v_outcome, count_body = v_body, count_sha256 = encode(sha256(convert_to(v_body, 'UTF8')), 'hex')
    WHERE estate_id = p_estate AND resolution_id = p_resolution;
  -- From here on nobody can tell who chose what, not even whoever owns the database.
  IF v.secret THEN
    DELETE FROM secret_ballot WHERE estate_id = p_estate AND resolution_id = p_resolution;
    UPDATE paper_entry e SET choice = NULL FROM paper_ballot b WHERE e.estate_id = p_estate AND b.estate_id = p_estate AND b.paper_id = e.paper_id AND b.resolution_id = p_resolution;
  END IF;
  RETURN 'counted';
END $$;
COMMENT ON FUNCTION count_resolution(integer, bigint) IS
  'Counts a resolution whose days are over. Statuses: counted, already_counted, resolution_unknown, not_over; refuses by ballot_altered.';
GRANT EXECUTE ON FUNCTION count_resolution(integer, bigint) TO app;

-- Document: {resolution_id, resolution_title, count_sha256, counted_on, outcome, …}
CREATE FUNCTION certify_resolution(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_row resolution; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'resolution');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_certified' ELSE v_why END; END IF;
  SELECT * INTO v_row FROM resolution WHERE estate_id = p_estate AND resolution_id = (v ->> 'resolution_id')::bigint FOR UPDATE;
  IF v_row.outcome IS DISTINCT FROM 'passed' OR v_row.certified_seq IS NOT NULL OR v_row.count_sha256 IS DISTINCT FROM v ->> 'count_sha256' THEN
    RAISE EXCEPTION 'resolution_not_certifiable' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'resolution_not_certifiable';
  END IF;
  v_seq := write_record(p_estate, 'resolution_certified', format('{"count_sha256":"%s","proposal":%s,"resolution":%s}', v_row.count_sha256, p_proposal, v_row.resolution_id));
  UPDATE resolution SET certified_seq = v_seq, certified_by = p_proposal WHERE estate_id = p_estate AND resolution_id = v_row.resolution_id;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'certified';
END $$;
COMMENT ON FUNCTION certify_resolution(integer, bigint) IS
  'Certifies a counted resolution by an approved proposal. Statuses: certified, already_certified, order_not_approved, order_in_notice, order_objected; refuses by resolution_not_certifiable.';
GRANT EXECUTE ON FUNCTION certify_resolution(integer, bigint) TO app;

-- ── Orders that rest on a resolution ─────────────────────────────────────────────────────────────

ALTER TABLE payment_order ADD COLUMN resolution_id bigint,
  ADD CONSTRAINT order_resolution_known FOREIGN KEY (estate_id, resolution_id) REFERENCES resolution,
  DROP CONSTRAINT order_resolution_whole,
  ADD CONSTRAINT order_resolution_whole CHECK ((resolution_title IS NULL) = (resolution_date IS NULL)
    AND (resolution_title IS NULL) = (resolution_voucher IS NULL AND resolution_id IS NULL) AND num_nonnulls(resolution_voucher, resolution_id) <= 1);
COMMENT ON COLUMN payment_order.resolution_id IS 'Resolution counted here that it rests on; NULL where it names a file instead.';
GRANT UPDATE (resolution_id) ON payment_order TO app;

CALL amend_function('guard_proposal()',
  'AND sha256 = v_document -> ''resolution'' ->> ''voucher'') THEN',
  'AND sha256 = v_document -> ''resolution'' ->> ''voucher'') AND resolution_linked(NEW.estate_id, v_document, v_today) <> ''good'' THEN',
  'IF v_rule.needs_resolution AND NOT EXISTS',
  '-- A resolution that was voted on here must have passed, and be what the document says it is.
    IF resolution_linked(NEW.estate_id, v_document, v_today) NOT IN (''none'', ''good'') THEN
      RAISE EXCEPTION ''resolution_not_good: the resolution it rests on has not passed, is not certified, or is another''
        USING ERRCODE = ''restrict_violation'', CONSTRAINT = ''resolution_not_good'';
    END IF;
    -- Its certificate is about a resolution, and rests on no other.
    IF v_rule.needs_resolution AND NEW.kind <> ''resolution'' AND NOT EXISTS');

-- ── Opinions and surveys ─────────────────────────────────────────────────────────────────────────
-- They bind nobody and stand beside the accounts, never in them. One answer a dwelling; which answer is whose is not kept.

CREATE TABLE survey (
  estate_id integer NOT NULL REFERENCES estate,
  survey_id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('opinion', 'satisfaction')),
  title text NOT NULL CHECK (char_length(title) BETWEEN 2 AND 80),
  wording text NOT NULL CHECK (char_length(wording) BETWEEN 2 AND 2000),
  questions text[] NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  units integer NOT NULL CHECK (units > 0),
  opened_seq bigint NOT NULL,
  closed_seq bigint,
  answered integer,
  results jsonb,
  PRIMARY KEY (estate_id, survey_id),
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, closed_seq) REFERENCES record,
  CONSTRAINT survey_questions CHECK (cardinality(questions) BETWEEN 1 AND 10 AND (kind = 'satisfaction' OR cardinality(questions) = 1)),
  CONSTRAINT survey_days CHECK (ends_on BETWEEN starts_on + 1 AND starts_on + 90),
  CONSTRAINT survey_closed_whole CHECK (num_nulls(closed_seq, answered, results) IN (0, 3))
);
COMMENT ON TABLE survey IS 'Opinions (意见征集) and satisfaction surveys (满意度调查), one answer a dwelling.';
COMMENT ON COLUMN survey.estate_id IS 'Estate.';
COMMENT ON COLUMN survey.survey_id IS 'Number.';
COMMENT ON COLUMN survey.kind IS 'opinion: for, against, unsure. satisfaction: each question from 1 to 5.';
COMMENT ON COLUMN survey.title IS 'Name.';
COMMENT ON COLUMN survey.wording IS 'What it is about.';
COMMENT ON COLUMN survey.questions IS 'Questions in their order; of an opinion the one.';
COMMENT ON COLUMN survey.starts_on IS 'First day.';
COMMENT ON COLUMN survey.ends_on IS 'Last day.';
COMMENT ON COLUMN survey.units IS 'Dwellings that were asked.';
COMMENT ON COLUMN survey.opened_seq IS 'Record of its opening.';
COMMENT ON COLUMN survey.closed_seq IS 'Record of its close, with the result.';
COMMENT ON COLUMN survey.answered IS 'Dwellings that answered.';
COMMENT ON COLUMN survey.results IS 'For each question how many gave 1, 2, 3, 4, 5 (opinion: for, against, unsure); empty below five answers.';
CALL wall_estate('survey');
GRANT INSERT (estate_id, kind, title, wording, questions, starts_on, ends_on, units, opened_seq) ON survey TO app;

CREATE FUNCTION guard_survey() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old survey := OLD; v_new survey := NEW;
BEGIN
  v_new.closed_seq := NULL; v_new.answered := NULL; v_new.results := NULL;
  IF TG_OP <> 'UPDATE' OR OLD.closed_seq IS NOT NULL OR NEW.closed_seq IS NULL OR v_old IS DISTINCT FROM v_new THEN
    RAISE EXCEPTION 'survey_stays: a survey is only closed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_survey BEFORE UPDATE OR DELETE ON survey FOR EACH ROW EXECUTE FUNCTION guard_survey();
ALTER TABLE survey ENABLE ALWAYS TRIGGER guard_survey;
CREATE TRIGGER keep_surveys BEFORE TRUNCATE ON survey FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE survey ENABLE ALWAYS TRIGGER keep_surveys;

CREATE TABLE survey_taker (
  estate_id integer NOT NULL,
  survey_id bigint NOT NULL,
  unit text NOT NULL,
  CONSTRAINT survey_taker_once PRIMARY KEY (estate_id, survey_id, unit),
  FOREIGN KEY (estate_id, survey_id) REFERENCES survey,
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE survey_taker IS 'Dwellings that have answered; not what, and not when.';
COMMENT ON COLUMN survey_taker.estate_id IS 'Estate.';
COMMENT ON COLUMN survey_taker.survey_id IS 'Survey.';
COMMENT ON COLUMN survey_taker.unit IS 'Dwelling.';
CALL guard_append_only('survey_taker');
CALL wall_estate('survey_taker');

CREATE TABLE survey_answer (
  estate_id integer NOT NULL,
  survey_id bigint NOT NULL,
  answer_id uuid NOT NULL DEFAULT gen_random_uuid(),
  scores smallint[] NOT NULL,
  PRIMARY KEY (estate_id, survey_id, answer_id),
  FOREIGN KEY (estate_id, survey_id) REFERENCES survey
);
COMMENT ON TABLE survey_answer IS 'Answers, under a random number: whose they are is not kept.';
COMMENT ON COLUMN survey_answer.estate_id IS 'Estate.';
COMMENT ON COLUMN survey_answer.survey_id IS 'Survey.';
COMMENT ON COLUMN survey_answer.answer_id IS 'Random number.';
COMMENT ON COLUMN survey_answer.scores IS 'To each question 1 to 5, 0 for none; of an opinion 1 for, 2 against, 3 unsure.';
CALL guard_append_only('survey_answer');
CALL wall_estate('survey_answer');

CREATE TABLE survey_words (
  estate_id integer NOT NULL,
  survey_id bigint NOT NULL,
  answer_id uuid NOT NULL,
  words text NOT NULL CHECK (char_length(words) BETWEEN 1 AND 500),
  shown boolean NOT NULL DEFAULT false,
  PRIMARY KEY (estate_id, survey_id, answer_id),
  FOREIGN KEY (estate_id, survey_id, answer_id) REFERENCES survey_answer
);
COMMENT ON TABLE survey_words IS 'What people wrote beside their answer (personal data): erasable, hidden until somebody who moderates shows it.';
COMMENT ON COLUMN survey_words.estate_id IS 'Estate.';
COMMENT ON COLUMN survey_words.survey_id IS 'Survey.';
COMMENT ON COLUMN survey_words.answer_id IS 'Answer.';
COMMENT ON COLUMN survey_words.words IS 'Text.';
COMMENT ON COLUMN survey_words.shown IS 'Whether every owner sees it.';
CALL wall_estate('survey_words');
-- A row and the taker's row come of one transaction, and a login that reads both tables whole could put them together again.
REVOKE SELECT ON survey_answer, survey_words FROM signer, auditor;

CREATE FUNCTION answer_survey(p_estate integer, p_survey bigint, p_unit text, p_person uuid, p_scores smallint[], p_words text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v survey; v_answer uuid;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT * INTO v FROM survey WHERE estate_id = p_estate AND survey_id = p_survey;
  IF v.survey_id IS NULL THEN RETURN 'survey_unknown'; END IF;
  IF estate_today(p_estate) NOT BETWEEN v.starts_on AND v.ends_on OR v.closed_seq IS NOT NULL THEN RETURN 'not_open'; END IF;
  IF NOT EXISTS (SELECT FROM resident r WHERE r.estate_id = p_estate AND r.unit = p_unit AND r.person_id = p_person AND r.left_at IS NULL) THEN RETURN 'not_yours'; END IF;
  IF cardinality(p_scores) IS DISTINCT FROM cardinality(v.questions) OR array_position(p_scores, NULL) IS NOT NULL
    OR EXISTS (SELECT FROM unnest(p_scores) AS s(score) WHERE s.score NOT BETWEEN CASE v.kind WHEN 'opinion' THEN 1 ELSE 0 END AND CASE v.kind WHEN 'opinion' THEN 3 ELSE 5 END)
    OR NOT EXISTS (SELECT FROM unnest(p_scores) AS s(score) WHERE s.score > 0) THEN RETURN 'answer_unreadable'; END IF;
  INSERT INTO survey_taker (estate_id, survey_id, unit) VALUES (p_estate, p_survey, p_unit) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN 'already_answered'; END IF;
  INSERT INTO survey_answer (estate_id, survey_id, scores) VALUES (p_estate, p_survey, p_scores) RETURNING answer_id INTO v_answer;
  IF p_words <> '' THEN INSERT INTO survey_words (estate_id, survey_id, answer_id, words) VALUES (p_estate, p_survey, v_answer, p_words); END IF;
  RETURN 'answered';
END $$;
COMMENT ON FUNCTION answer_survey(integer, bigint, text, uuid, smallint[], text) IS
  'Answers a survey for a dwelling, once. Statuses: answered, survey_unknown, not_open, not_yours, answer_unreadable, already_answered.';
GRANT EXECUTE ON FUNCTION answer_survey(integer, bigint, text, uuid, smallint[], text) TO app;

CREATE FUNCTION close_survey(p_estate integer, p_survey bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v survey; v_answered integer; v_results text; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM survey WHERE estate_id = p_estate AND survey_id = p_survey FOR UPDATE;
  IF v.survey_id IS NULL THEN RETURN 'survey_unknown'; END IF;
  IF v.closed_seq IS NOT NULL THEN RETURN 'already_closed'; END IF;
  IF estate_today(p_estate) <= v.ends_on THEN RETURN 'not_over'; END IF;
  SELECT count(*) INTO v_answered FROM survey_answer a WHERE a.estate_id = p_estate AND a.survey_id = p_survey;
  -- Of four answers each could nearly be told.
  SELECT CASE WHEN v_answered < 5 THEN '[]' ELSE '[' || string_agg(n.spread, ',' ORDER BY n.place) || ']' END INTO v_results FROM (
    SELECT q.place, '[' || string_agg((SELECT count(*) FROM survey_answer a WHERE a.estate_id = p_estate AND a.survey_id = p_survey AND a.scores[q.place] = s.score)::text, ',' ORDER BY s.score) || ']' AS spread
    FROM generate_series(1, cardinality(v.questions)) AS q(place), generate_series(1, CASE v.kind WHEN 'opinion' THEN 3 ELSE 5 END) AS s(score) GROUP BY q.place) AS n;
  v_seq := write_record(p_estate, 'survey_closed', format('{"answered":%s,"kind":"%s","results":%s,"survey":%s,"units":%s}', v_answered, v.kind, v_results, p_survey, v.units));
  UPDATE survey SET closed_seq = v_seq, answered = v_answered, results = v_results::jsonb WHERE estate_id = p_estate AND survey_id = p_survey;
  RETURN 'closed';
END $$;
COMMENT ON FUNCTION close_survey(integer, bigint) IS 'Closes a survey whose days are over, with its result. Statuses: closed, already_closed, survey_unknown, not_over.';
GRANT EXECUTE ON FUNCTION close_survey(integer, bigint) TO app;

-- p_act: show, hide, erase. What is erased does not come back; that it was is a record.
CREATE FUNCTION moderate_survey_words(p_estate integer, p_survey bigint, p_answer uuid, p_act text, p_by uuid, p_reason text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_body text; v survey_words;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_body := serves_for(p_estate, p_by, ARRAY['chair', 'member', 'supervisor', 'official']);
  IF v_body IS NULL THEN RETURN 'not_yours'; END IF;
  SELECT * INTO v FROM survey_words WHERE estate_id = p_estate AND survey_id = p_survey AND answer_id = p_answer FOR UPDATE;
  IF v.answer_id IS NULL THEN RETURN 'words_unknown'; END IF;
  IF p_act = 'show' AND v.shown OR p_act = 'hide' AND NOT v.shown THEN RETURN 'done'; END IF;
  PERFORM write_record(p_estate, 'survey_words_moderated', format('{"act":"%s","answer":"%s","body":%s,"by":"%s","reason":%s,"survey":%s}', p_act, p_answer, to_json(v_body), p_by, to_json(p_reason), p_survey));
  IF p_act = 'erase' THEN DELETE FROM survey_words WHERE estate_id = p_estate AND survey_id = p_survey AND answer_id = p_answer;
  ELSE UPDATE survey_words SET shown = p_act = 'show' WHERE estate_id = p_estate AND survey_id = p_survey AND answer_id = p_answer; END IF;
  RETURN 'done';
END $$;
COMMENT ON FUNCTION moderate_survey_words(integer, bigint, uuid, text, uuid, text) IS 'Shows, hides or erases what somebody wrote in a survey. Statuses: done, not_yours, words_unknown.';
GRANT EXECUTE ON FUNCTION moderate_survey_words(integer, bigint, uuid, text, uuid, text) TO app;

-- The satisfaction survey that ended last by a day, within a year: a row for each question. Printed beside the accounts, no part of them.
CREATE FUNCTION survey_standing(p_estate integer, p_day date)
RETURNS TABLE (survey_id bigint, title text, starts_on date, ends_on date, units integer, answered integer, question integer, wording text, mean numeric, content integer, discontent integer)
LANGUAGE sql STABLE AS $$
  SELECT s.survey_id, s.title, s.starts_on, s.ends_on, s.units, s.answered, q.place::integer, q.wording,
    round(n.points / nullif(n.given, 0), 2), n.content::integer, n.discontent::integer
  FROM (SELECT x.* FROM survey x WHERE x.estate_id = p_estate AND x.kind = 'satisfaction' AND x.closed_seq IS NOT NULL AND x.ends_on <= p_day AND x.ends_on > p_day - 366
      ORDER BY x.ends_on DESC, x.survey_id DESC LIMIT 1) AS s,
    unnest(s.questions) WITH ORDINALITY AS q(wording, place),
    LATERAL (SELECT sum(c.people::numeric * c.score) AS points, sum(c.people::numeric) AS given, sum(c.people::integer) FILTER (WHERE c.score >= 4) AS content,
      sum(c.people::integer) FILTER (WHERE c.score <= 2) AS discontent FROM jsonb_array_elements_text(coalesce(s.results -> (q.place::integer - 1), '[]')) WITH ORDINALITY AS c(people, score)) AS n
  ORDER BY q.place
$$;
COMMENT ON FUNCTION survey_standing(integer, date) IS
  'The last satisfaction survey that ended by a day: sample (answered of units), for each question the mean of 1 to 5, how many gave 4 or 5 (content) and 1 or 2 (discontent); NULL below five answers.';
GRANT EXECUTE ON FUNCTION survey_standing(integer, date) TO app, auditor;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (',
  'IF p_kind IN (''resolution_announced'', ''resolution_called_off'', ''ballot_cast'', ''paper_ballot_read'', ''paper_ballot_set_aside'', ''resolution_counted'', ''resolution_certified'', ''survey_closed'', ''survey_words_moderated'', ');
