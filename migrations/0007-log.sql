-- The log as a Merkle tree (RFC 6962): the keys that sign it, tiles, checkpoints, witnesses.
-- record ─ leaf hashes ─ log_tile ─ checkpoint (signed by log_key) ─ cosignature (by witness)
-- Postings add no tree nodes; the checkpointer does, afterwards. The database computes each node and each root by
-- itself, so that what it keeps fits its own records; whether they are the true ones, only files outside can tell.

-- A record is one line wherever the log is written down: log files keep the very bytes that were hashed.
ALTER TABLE record ADD CONSTRAINT record_one_line
  CHECK (position(E'\n' IN body) = 0 AND position(E'\t' IN body) = 0 AND position(E'\r' IN body) = 0
    AND position(E'\n' IN number) = 0 AND position(E'\t' IN number) = 0 AND position(E'\r' IN number) = 0);

-- ── Keys ─────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE log_key (
  estate_id integer NOT NULL REFERENCES estate,
  key_id smallint NOT NULL CHECK (key_id > 0),
  vkey text NOT NULL CONSTRAINT log_key_shape CHECK (vkey ~ '^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$'),
  origin text NOT NULL,
  opened_seq bigint NOT NULL,
  ended_seq bigint,
  PRIMARY KEY (estate_id, key_id),
  CONSTRAINT log_key_once UNIQUE (estate_id, vkey),
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT log_key_of_origin CHECK (starts_with(vkey, origin || '+'))
);
COMMENT ON TABLE log_key IS 'Public keys that sign the checkpoints of an estate''s log; the secret ones lie in the key folder, never here.';
COMMENT ON COLUMN log_key.estate_id IS 'Estate.';
COMMENT ON COLUMN log_key.key_id IS 'Number, from 1.';
COMMENT ON COLUMN log_key.vkey IS 'Verifier key (C2SP signed-note): name, key hash, algorithm and public key.';
COMMENT ON COLUMN log_key.origin IS 'Origin of the log: host and estate; the same for all its keys.';
COMMENT ON COLUMN log_key.opened_seq IS 'Record that made it known: log_key_opened, or log_key_changed.';
COMMENT ON COLUMN log_key.ended_seq IS 'Record of the change that ended it; NULL for the present one.';
CREATE UNIQUE INDEX log_key_present ON log_key (estate_id) WHERE ended_seq IS NULL;
CALL wall_estate('log_key');

CREATE FUNCTION guard_log_key() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old log_key := OLD; v_new log_key := NEW;
BEGIN
  v_old.ended_seq := NULL; v_new.ended_seq := NULL;
  IF TG_OP <> 'UPDATE' OR v_old IS DISTINCT FROM v_new OR OLD.ended_seq IS NOT NULL OR NEW.ended_seq IS NULL THEN
    RAISE EXCEPTION 'append_only: a key of the log is kept for ever; it ends, and another begins' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_log_key BEFORE UPDATE OR DELETE ON log_key FOR EACH ROW EXECUTE FUNCTION guard_log_key();
ALTER TABLE log_key ENABLE ALWAYS TRIGGER guard_log_key;
CREATE TRIGGER keep_log_keys BEFORE TRUNCATE ON log_key FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE log_key ENABLE ALWAYS TRIGGER keep_log_keys;

CREATE FUNCTION open_log_key(p_estate integer, p_origin text, p_vkey text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_seq bigint; v_vkey text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT vkey INTO v_vkey FROM log_key WHERE estate_id = p_estate AND ended_seq IS NULL;
  IF FOUND THEN RETURN v_vkey; END IF;
  IF p_origin !~ ('^[^\s+/]+/' || (SELECT code FROM estate WHERE estate_id = p_estate) || '$') THEN
    RAISE EXCEPTION 'origin_wrong: the origin of a log is a host and the estate, not %', p_origin USING ERRCODE = 'check_violation';
  END IF;
  v_seq := write_record(p_estate, 'log_key_opened', format('{"origin":%s,"vkey":%s}', to_json(p_origin), to_json(p_vkey)));
  INSERT INTO log_key (estate_id, key_id, vkey, origin, opened_seq) VALUES (p_estate, 1, p_vkey, p_origin, v_seq);
  RETURN p_vkey;
END $$;
COMMENT ON FUNCTION open_log_key(integer, text, text) IS
  'Puts the first key of a log on record and gives the present one; where there is one already, that. Later ones come by a proposal.';
GRANT EXECUTE ON FUNCTION open_log_key(integer, text, text) TO app;

-- ── Tree ─────────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE log_tile (
  estate_id integer NOT NULL REFERENCES estate,
  level smallint NOT NULL CHECK (level BETWEEN 1 AND 6),
  index bigint NOT NULL CHECK (index >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (estate_id, level, index)
);
COMMENT ON TABLE log_tile IS 'Roots of full tiles of 256 hashes (C2SP tlog-tiles), written by fill_tiles() only; level 0 is record.leaf_hash.';
COMMENT ON COLUMN log_tile.estate_id IS 'Estate.';
COMMENT ON COLUMN log_tile.level IS 'Level of the hash: 1 covers 256 records, 2 covers 65,536, …';
COMMENT ON COLUMN log_tile.index IS 'Place within the level, from 0.';
COMMENT ON COLUMN log_tile.hash IS 'Root of the 256 hashes below.';
CALL guard_append_only('log_tile');
CALL wall_estate('log_tile');

CREATE FUNCTION tree_root(p_hashes bytea[]) RETURNS bytea LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE v bytea[] := p_hashes; w bytea[]; v_left bytea; v_hash bytea;
BEGIN
  WHILE cardinality(v) > 1 LOOP
    w := '{}'; v_left := NULL;
    FOREACH v_hash IN ARRAY v LOOP
      IF v_left IS NULL THEN v_left := v_hash;
      ELSE w := w || sha256('\x01'::bytea || v_left || v_hash); v_left := NULL; END IF;
    END LOOP;
    v := w;
  END LOOP;
  RETURN v[1];
END $$;
COMMENT ON FUNCTION tree_root(bytea[]) IS 'Root of a complete tree over 1, 2, 4, … 256 hashes (RFC 6962).';

-- Internal: the hashes of one level of tiles from p_from on, in order.
CREATE FUNCTION tile_hashes(p_estate integer, p_level integer, p_from bigint, p_count integer) RETURNS bytea[] LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_level = 0
    THEN array(SELECT leaf_hash FROM record WHERE estate_id = p_estate AND seq > p_from AND seq <= p_from + p_count ORDER BY seq)
    ELSE array(SELECT hash FROM log_tile WHERE estate_id = p_estate AND level = p_level AND index >= p_from AND index < p_from + p_count
      ORDER BY index) END
$$;

CREATE FUNCTION fill_tiles(p_estate integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_level integer := 1; v_below bigint; v_next bigint; v_made integer := 0;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT size INTO v_below FROM log_head WHERE estate_id = p_estate;
  WHILE v_below >= 256 LOOP
    v_below := v_below / 256;
    SELECT coalesce(max(index) + 1, 0) INTO v_next FROM log_tile WHERE estate_id = p_estate AND level = v_level;
    WHILE v_next < v_below LOOP
      INSERT INTO log_tile (estate_id, level, index, hash)
        VALUES (p_estate, v_level, v_next, tree_root(tile_hashes(p_estate, v_level - 1, v_next * 256, 256)))
        ON CONFLICT DO NOTHING;
      v_next := v_next + 1; v_made := v_made + 1;
    END LOOP;
    v_level := v_level + 1;
  END LOOP;
  RETURN v_made;
END $$;
COMMENT ON FUNCTION fill_tiles(integer) IS 'Adds the tiles that have become full since the last time; gives how many.';
GRANT EXECUTE ON FUNCTION fill_tiles(integer) TO app, signer;

CREATE FUNCTION log_root(p_estate integer, p_size bigint) RETURNS bytea LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_root bytea; v_bits integer; v_node bytea; v_end bigint := p_size;
BEGIN
  -- The smallest complete tree lies at the right end, so the root is folded from there.
  FOR v_bits IN 0..47 LOOP
    CONTINUE WHEN (p_size >> v_bits) & 1 = 0;
    v_end := v_end - (1::bigint << v_bits);
    v_node := tree_root(tile_hashes(p_estate, v_bits / 8, v_end >> (v_bits / 8 * 8), 1 << (v_bits % 8)));
    v_root := CASE WHEN v_root IS NULL THEN v_node ELSE sha256('\x01'::bytea || v_node || v_root) END;
  END LOOP;
  RETURN v_root;
END $$;
COMMENT ON FUNCTION log_root(integer, bigint) IS 'Root of the first p_size records (RFC 6962); the tiles below must be there (fill_tiles).';
GRANT EXECUTE ON FUNCTION tree_root(bytea[]), tile_hashes(integer, integer, bigint, integer), log_root(integer, bigint) TO app, signer, auditor;

-- ── Checkpoints ──────────────────────────────────────────────────────────────────────────────────

CREATE TABLE checkpoint (
  estate_id integer NOT NULL REFERENCES estate,
  size bigint NOT NULL CHECK (size > 0),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  note text NOT NULL,
  key_id smallint NOT NULL,
  issued_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, size),
  FOREIGN KEY (estate_id, size) REFERENCES record,
  FOREIGN KEY (estate_id, key_id) REFERENCES log_key
);
COMMENT ON TABLE checkpoint IS 'Checkpoints (检查点): size and root of the log at a moment, signed; written by record_checkpoint() only.';
COMMENT ON COLUMN checkpoint.estate_id IS 'Estate.';
COMMENT ON COLUMN checkpoint.size IS 'Number of records it covers.';
COMMENT ON COLUMN checkpoint.root IS 'Root of their tree.';
COMMENT ON COLUMN checkpoint.note IS 'Signed note (C2SP tlog-checkpoint).';
COMMENT ON COLUMN checkpoint.key_id IS 'Key that signed it.';
COMMENT ON COLUMN checkpoint.issued_at IS 'When.';
CALL guard_append_only('checkpoint');
CALL wall_estate('checkpoint');

CREATE FUNCTION record_checkpoint(p_estate integer, p_size bigint, p_root bytea, p_note text, p_vkey text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_key log_key;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT * INTO v_key FROM log_key WHERE estate_id = p_estate AND vkey = p_vkey AND ended_seq IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'log_key_unknown: % is not the present key of this log', p_vkey USING ERRCODE = 'restrict_violation';
  END IF;
  IF p_size > (SELECT size FROM log_head WHERE estate_id = p_estate) OR p_root IS DISTINCT FROM log_root(p_estate, p_size)
      OR NOT starts_with(p_note, v_key.origin || E'\n' || p_size || E'\n' || encode(p_root, 'base64') || E'\n\n— ') THEN
    RAISE EXCEPTION 'checkpoint_wrong: this is not what the log has at size %', p_size USING ERRCODE = 'restrict_violation';
  END IF;
  INSERT INTO checkpoint (estate_id, size, root, note, key_id, issued_at)
    VALUES (p_estate, p_size, p_root, p_note, v_key.key_id, estate_clock(p_estate)) ON CONFLICT DO NOTHING;
END $$;
COMMENT ON FUNCTION record_checkpoint(integer, bigint, bytea, text, text) IS
  'Keeps a signed checkpoint; refuses one that is not what the log has. Only the role signer, which has verified it.';
GRANT EXECUTE ON FUNCTION record_checkpoint(integer, bigint, bytea, text, text) TO signer;

-- ── Witnesses ────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE witness (
  estate_id integer NOT NULL REFERENCES estate,
  witness_id integer NOT NULL CHECK (witness_id > 0),
  person_id uuid NOT NULL REFERENCES person,
  side text NOT NULL CHECK (side IN ('committee', 'street', 'resident')),
  vkey text NOT NULL CONSTRAINT witness_vkey_shape CHECK (vkey ~ '^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$'),
  enrolled_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  retired_at timestamptz,
  retired_seq bigint,
  PRIMARY KEY (estate_id, witness_id),
  CONSTRAINT witness_key_once UNIQUE (estate_id, vkey),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, retired_seq) REFERENCES record,
  CONSTRAINT witness_retired_whole CHECK ((retired_at IS NULL) = (retired_seq IS NULL))
);
COMMENT ON TABLE witness IS 'Witnesses (见证人): persons whose own device cosigns checkpoints, so that two histories would be noticed.';
COMMENT ON COLUMN witness.estate_id IS 'Estate.';
COMMENT ON COLUMN witness.witness_id IS 'Number.';
COMMENT ON COLUMN witness.person_id IS 'Person; of a resident the log does not say who.';
COMMENT ON COLUMN witness.side IS 'committee 业委会, street 街道或社区, resident 业主. Policy: committee AND (street OR resident).';
COMMENT ON COLUMN witness.vkey IS 'Public key (C2SP signed-note, cosignature/v1); the secret one stays in the device.';
COMMENT ON COLUMN witness.enrolled_at IS 'When it was enrolled.';
COMMENT ON COLUMN witness.seq IS 'Record of the enrolment.';
COMMENT ON COLUMN witness.retired_at IS 'When it ended: another device, or out of office.';
COMMENT ON COLUMN witness.retired_seq IS 'Record of that.';
CREATE UNIQUE INDEX witness_device ON witness (estate_id, person_id, side) WHERE retired_at IS NULL;
CALL wall_estate('witness');

CREATE FUNCTION guard_witness() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old witness := OLD; v_new witness := NEW;
BEGIN
  v_old.retired_at := NULL; v_old.retired_seq := NULL; v_new.retired_at := NULL; v_new.retired_seq := NULL;
  IF TG_OP <> 'UPDATE' OR v_old IS DISTINCT FROM v_new OR OLD.retired_at IS NOT NULL OR NEW.retired_at IS NULL THEN
    RAISE EXCEPTION 'append_only: a witness is not changed; it retires, once' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_witness BEFORE UPDATE OR DELETE ON witness FOR EACH ROW EXECUTE FUNCTION guard_witness();
ALTER TABLE witness ENABLE ALWAYS TRIGGER guard_witness;
CREATE TRIGGER keep_witnesses BEFORE TRUNCATE ON witness FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE witness ENABLE ALWAYS TRIGGER keep_witnesses;

CREATE TABLE cosignature (
  estate_id integer NOT NULL,
  size bigint NOT NULL,
  witness_id integer NOT NULL,
  signed_at timestamptz NOT NULL,
  line text NOT NULL CHECK (line ~ '^— [^\s+]+ [A-Za-z0-9+/]{102}==$'),
  PRIMARY KEY (estate_id, size, witness_id),
  FOREIGN KEY (estate_id, size) REFERENCES checkpoint,
  FOREIGN KEY (estate_id, witness_id) REFERENCES witness
);
COMMENT ON TABLE cosignature IS 'Cosignatures (见证签名) of checkpoints, written by record_cosignature() only.';
COMMENT ON COLUMN cosignature.estate_id IS 'Estate.';
COMMENT ON COLUMN cosignature.size IS 'Checkpoint.';
COMMENT ON COLUMN cosignature.witness_id IS 'Witness.';
COMMENT ON COLUMN cosignature.signed_at IS 'Time in the signature, by the witness''s device.';
COMMENT ON COLUMN cosignature.line IS 'Line of the signed note (C2SP tlog-cosignature).';
CREATE INDEX cosignature_witness ON cosignature (estate_id, witness_id, size DESC);
CALL guard_append_only('cosignature');
CALL wall_estate('cosignature');

-- Internal: whether a person may witness for a side now.
CREATE FUNCTION may_witness(p_estate integer, p_person uuid, p_side text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE p_side
    WHEN 'resident' THEN EXISTS (SELECT FROM resident r WHERE r.estate_id = p_estate AND r.person_id = p_person AND r.left_at IS NULL)
    ELSE EXISTS (SELECT FROM term t WHERE t.estate_id = p_estate AND t.person_id = p_person
      AND t.body = ANY (CASE p_side WHEN 'committee' THEN array['committee'] WHEN 'street' THEN array['street', 'community'] END)
      AND estate_today(p_estate) BETWEEN t.starts_on AND t.ends_on) END
$$;
GRANT EXECUTE ON FUNCTION may_witness(integer, uuid, text) TO app, signer, auditor;

CREATE FUNCTION enrol_witness(p_estate integer, p_person uuid, p_side text, p_vkey text) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id integer; v_old integer; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT coalesce(may_witness(p_estate, p_person, p_side), false) THEN
    RAISE EXCEPTION 'witness_not_entitled: not of this side now' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'witness_not_entitled';
  END IF;
  -- Another device takes the place of the one before.
  SELECT witness_id INTO v_old FROM witness WHERE estate_id = p_estate AND person_id = p_person AND side = p_side AND retired_at IS NULL;
  IF FOUND THEN PERFORM retire_witness(p_estate, v_old); END IF;
  SELECT coalesce(max(witness_id), 0) + 1 INTO v_id FROM witness WHERE estate_id = p_estate;
  -- Who a resident is stays out of the log.
  v_seq := write_record(p_estate, 'witness_enrolled', format('{"person":%s,"side":"%s","vkey":%s,"witness":%s}',
    CASE WHEN p_side = 'resident' THEN 'null' ELSE format('"%s"', p_person) END, p_side, to_json(p_vkey), v_id));
  INSERT INTO witness (estate_id, witness_id, person_id, side, vkey, enrolled_at, seq)
    VALUES (p_estate, v_id, p_person, p_side, p_vkey, estate_clock(p_estate), v_seq);
  RETURN v_id;
END $$;
COMMENT ON FUNCTION enrol_witness(integer, uuid, text, text) IS 'Enrols a person''s device as a witness for a side; the one before retires.';

CREATE FUNCTION retire_witness(p_estate integer, p_witness integer) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM witness WHERE estate_id = p_estate AND witness_id = p_witness AND retired_at IS NULL) THEN RETURN false; END IF;
  v_seq := write_record(p_estate, 'witness_retired', format('{"witness":%s}', p_witness));
  UPDATE witness SET retired_at = estate_clock(p_estate), retired_seq = v_seq WHERE estate_id = p_estate AND witness_id = p_witness;
  RETURN true;
END $$;
COMMENT ON FUNCTION retire_witness(integer, integer) IS 'Ends a witness; false where there is none to end.';
GRANT EXECUTE ON FUNCTION enrol_witness(integer, uuid, text, text), retire_witness(integer, integer) TO app;

-- Statuses: recorded, already_recorded, checkpoint_unknown, witness_unknown, witness_not_entitled, witness_goes_back.
CREATE FUNCTION record_cosignature(p_estate integer, p_witness integer, p_size bigint, p_time timestamptz, p_line text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_witness witness;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT * INTO v_witness FROM witness WHERE estate_id = p_estate AND witness_id = p_witness FOR UPDATE;
  IF NOT FOUND OR v_witness.retired_at IS NOT NULL THEN RETURN 'witness_unknown'; END IF;
  IF NOT may_witness(p_estate, v_witness.person_id, v_witness.side) THEN RETURN 'witness_not_entitled'; END IF;
  IF NOT EXISTS (SELECT FROM checkpoint WHERE estate_id = p_estate AND size = p_size) THEN RETURN 'checkpoint_unknown'; END IF;
  IF EXISTS (SELECT FROM cosignature WHERE estate_id = p_estate AND size = p_size AND witness_id = p_witness) THEN RETURN 'already_recorded'; END IF;
  -- A witness's memory only grows: an older checkpoint after a newer one would say nothing.
  IF EXISTS (SELECT FROM cosignature WHERE estate_id = p_estate AND witness_id = p_witness AND size > p_size) THEN RETURN 'witness_goes_back'; END IF;
  INSERT INTO cosignature (estate_id, size, witness_id, signed_at, line) VALUES (p_estate, p_size, p_witness, p_time, p_line);
  RETURN 'recorded';
END $$;
COMMENT ON FUNCTION record_cosignature(integer, integer, bigint, timestamptz, text) IS
  'Keeps a cosignature. Only the role signer, which has verified it.';
GRANT EXECUTE ON FUNCTION record_cosignature(integer, integer, bigint, timestamptz, text) TO signer;

-- ── Disclosures and reserved kinds ───────────────────────────────────────────────────────────────

ALTER TABLE disclosure ADD COLUMN checkpoint_size bigint,
  ADD CONSTRAINT disclosure_checkpoint FOREIGN KEY (estate_id, checkpoint_size) REFERENCES checkpoint (estate_id, size);
COMMENT ON COLUMN disclosure.checkpoint_size IS 'Checkpoint sealed into the PDFs; NULL where none could be signed, and of disclosures from before there were any.';

-- Kinds of records that only their own doors append.
CREATE OR REPLACE FUNCTION append_record(p_estate integer, p_kind text, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM enter_estate(p_estate);
  -- These kinds are claims of money or proof: only their own doors may append them.
  IF p_kind IN ('journal_entry', 'signature', 'period_closed', 'estate_opened', 'rules_opened', 'rules_changed', 'rules_completed',
      'term_opened', 'term_ended', 'delegation_opened', 'delegation_ended', 'passkey_enrolled', 'passkey_revoked',
      'log_key_opened', 'log_key_changed', 'witness_enrolled', 'witness_retired', 'erased') THEN
    RAISE EXCEPTION 'record_kind_reserved: %', p_kind USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM p_body::jsonb;
  RETURN write_record(p_estate, p_kind, p_body);
END $$;
