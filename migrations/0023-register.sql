-- What keeping the register needs besides the tables of 0019: a login of a dwelling ends on the day its owner or tenant leaves, and
-- officers find beside the log which dwelling a change was about.

-- A day ahead counts from that day on: readers of resident compare left_at with their clock.
CREATE FUNCTION end_residence(p_estate integer, p_unit text, p_person uuid, p_at timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE resident SET left_at = p_at WHERE estate_id = p_estate AND unit = p_unit AND person_id = p_person
    AND left_at IS DISTINCT FROM p_at AND (p_at IS NULL OR left_at IS NULL OR left_at > p_at);
  RETURN FOUND;
END $$;
COMMENT ON FUNCTION end_residence(integer, text, uuid, timestamptz) IS 'A login of a dwelling ends at a moment, which may lie ahead, or goes on (NULL); false where nothing changed.';
GRANT EXECUTE ON FUNCTION end_residence(integer, text, uuid, timestamptz) TO app;
COMMENT ON COLUMN resident.left_at IS 'Until when; NULL while they live there. A moment ahead: until then.';

-- The invitation sheet of a former owner opens no door of the new one's.
CREATE FUNCTION void_invitations(p_estate integer, p_unit text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_void integer;
BEGIN
  UPDATE invitation SET expires_at = estate_clock(p_estate) WHERE estate_id = p_estate AND unit = p_unit
    AND used_at IS NULL AND expires_at > estate_clock(p_estate);
  GET DIAGNOSTICS v_void = ROW_COUNT;
  RETURN v_void;
END $$;
REVOKE ALL ON FUNCTION void_invitations(integer, text) FROM PUBLIC;
COMMENT ON FUNCTION void_invitations(integer, text) IS 'Codes of a dwelling that nobody used yet work no more: after a change of owners new sheets are printed.';
GRANT EXECUTE ON FUNCTION void_invitations(integer, text) TO app;

-- Only who pays from when on is new rows; nobody edits it in place.
REVOKE UPDATE (pays) ON tenure FROM app;

CREATE TABLE register_change (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  unit text NOT NULL,
  PRIMARY KEY (estate_id, seq, unit),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE register_change IS 'Which dwellings a record register_changed was about: for officers only, since the log itself, which every owner reads, does not say.';
COMMENT ON COLUMN register_change.estate_id IS 'Estate.';
COMMENT ON COLUMN register_change.seq IS 'Record.';
COMMENT ON COLUMN register_change.unit IS 'Dwelling.';
CREATE INDEX register_change_unit ON register_change (estate_id, unit, seq);
CALL guard_append_only('register_change');
CALL wall_estate('register_change');
GRANT INSERT ON register_change TO app;
