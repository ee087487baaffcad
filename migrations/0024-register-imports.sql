-- Spreadsheets taken into the register (导入台账): handed in, looked at, put right on the page, taken whole or not at all, taken back.
--   draft → taken → undone      a draft that is dropped, or a week old, is deleted
-- What is staged holds names and telephones: it goes when the import is taken or dropped. Of the file itself only its hash is kept.

CREATE TABLE register_import (
  estate_id integer NOT NULL REFERENCES estate,
  import_id bigint GENERATED ALWAYS AS IDENTITY,
  handed_by uuid NOT NULL REFERENCES person,
  handed_at timestamptz NOT NULL,
  file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 120),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  sheets text NOT NULL,
  since date,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'taken', 'undone')),
  counts text NOT NULL DEFAULT '{}',
  taken_seq bigint,
  undone_seq bigint,
  PRIMARY KEY (estate_id, import_id),
  FOREIGN KEY (estate_id, taken_seq) REFERENCES record,
  FOREIGN KEY (estate_id, undone_seq) REFERENCES record,
  CONSTRAINT register_import_state_whole CHECK ((state = 'draft') = (taken_seq IS NULL) AND (state = 'undone') = (undone_seq IS NOT NULL))
);
COMMENT ON TABLE register_import IS 'Spreadsheets on their way into the register, and those that were taken.';
COMMENT ON COLUMN register_import.estate_id IS 'Estate.';
COMMENT ON COLUMN register_import.import_id IS 'Number.';
COMMENT ON COLUMN register_import.handed_by IS 'Who handed it in.';
COMMENT ON COLUMN register_import.handed_at IS 'When.';
COMMENT ON COLUMN register_import.file_name IS 'Name of the file, without numbers of persons.';
COMMENT ON COLUMN register_import.sha256 IS 'SHA-256 of the file; the file itself is not kept.';
COMMENT ON COLUMN register_import.sheets IS 'Canonical JSON: the sheets, what kind each is, which of their columns were taken and which were not.';
COMMENT ON COLUMN register_import.since IS 'First day of owners, tenants and parking spaces whose row names none.';
COMMENT ON COLUMN register_import.state IS 'draft, taken, undone.';
COMMENT ON COLUMN register_import.counts IS 'Canonical JSON: what it brought, by kind.';
COMMENT ON COLUMN register_import.taken_seq IS 'Record of its being taken.';
COMMENT ON COLUMN register_import.undone_seq IS 'Record of its being taken back.';
-- The same file stands in the register once; taken back, it may come again.
CREATE UNIQUE INDEX register_import_once ON register_import (estate_id, sha256) WHERE state = 'taken';
CALL wall_estate('register_import');
GRANT INSERT, UPDATE (since, state, counts, taken_seq, undone_seq), DELETE ON register_import TO app;

-- What was taken stays: a draft is changed and deleted, nothing else is but by being taken back.
CREATE FUNCTION guard_register_import() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state <> 'undone' OR OLD.state = 'undone'
      OR (NEW.since, NEW.counts, NEW.taken_seq) IS DISTINCT FROM (OLD.since, OLD.counts, OLD.taken_seq)) THEN
    RAISE EXCEPTION 'register_import_taken: import % was taken', OLD.import_id USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_import_taken';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER guard_register_import BEFORE UPDATE OR DELETE ON register_import FOR EACH ROW EXECUTE FUNCTION guard_register_import();
ALTER TABLE register_import ENABLE ALWAYS TRIGGER guard_register_import;

CREATE TABLE register_import_row (
  estate_id integer NOT NULL,
  import_id bigint NOT NULL,
  sheet smallint NOT NULL,
  row integer NOT NULL CHECK (row > 0),
  cells text NOT NULL,
  is_skipped boolean NOT NULL DEFAULT false,
  PRIMARY KEY (estate_id, import_id, sheet, row),
  FOREIGN KEY (estate_id, import_id) REFERENCES register_import
);
COMMENT ON TABLE register_import_row IS 'Rows of a draft (personal data): as the sheet has them, or as they were put right; deleted when it is taken or dropped.';
COMMENT ON COLUMN register_import_row.estate_id IS 'Estate.';
COMMENT ON COLUMN register_import_row.import_id IS 'Import.';
COMMENT ON COLUMN register_import_row.sheet IS 'Sheet, from 0.';
COMMENT ON COLUMN register_import_row.row IS 'Row as the spreadsheet numbers it, from 1.';
COMMENT ON COLUMN register_import_row.cells IS 'JSON {field: text}: the cells of the columns that are known, nothing else.';
COMMENT ON COLUMN register_import_row.is_skipped IS 'True: somebody left the row out.';
CALL wall_estate('register_import_row');
GRANT INSERT, UPDATE (cells, is_skipped), DELETE ON register_import_row TO app;

CREATE TABLE register_import_object (
  estate_id integer NOT NULL,
  import_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('unit', 'space', 'meter')),
  number text NOT NULL,
  PRIMARY KEY (estate_id, import_id, kind, number),
  FOREIGN KEY (estate_id, import_id) REFERENCES register_import
);
COMMENT ON TABLE register_import_object IS 'Dwellings, spaces and meters an import brought, new or again; what else it brought carries its number (import_id).';
COMMENT ON COLUMN register_import_object.estate_id IS 'Estate.';
COMMENT ON COLUMN register_import_object.import_id IS 'Import.';
COMMENT ON COLUMN register_import_object.kind IS 'unit, space, meter.';
COMMENT ON COLUMN register_import_object.number IS 'Its number.';
CALL guard_append_only('register_import_object');
CALL wall_estate('register_import_object');
GRANT INSERT ON register_import_object TO app;

-- ── Open bills of the time before ────────────────────────────────────────────────────────────────
-- Once for each dwelling, item and month, among those that were not taken back with their import: so that what was imported wrongly
-- may be imported rightly. Taken back is: reduced to nothing, with the import's own word.
DROP INDEX bill_once;
CREATE UNIQUE INDEX bill_once ON bill (estate_id, unit, item, period, coalesce(of_bill, 0), coalesce(import_id, 0));
CREATE INDEX bill_import ON bill (estate_id, import_id) WHERE import_id IS NOT NULL;
CREATE INDEX bill_import_month ON bill (estate_id, unit, item, period) WHERE import_id IS NOT NULL;

-- Beside an imported bill none is made for the same month; beside any other bill none is imported.
CREATE FUNCTION is_billed(p_estate integer, p_unit text, p_item text, p_period text, p_import bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM bill b WHERE b.estate_id = p_estate AND b.unit = p_unit AND b.item = p_item AND b.period = p_period
    AND b.of_bill IS NULL AND b.import_id IS DISTINCT FROM p_import
    AND (b.import_id IS NULL OR NOT EXISTS (SELECT FROM bill_reduction r
      WHERE r.estate_id = b.estate_id AND r.bill_id = b.bill_id AND r.why = 'import_undone')))
$$;
COMMENT ON FUNCTION is_billed(integer, text, text, text, bigint) IS 'Whether a dwelling has a bill of this month, by another import or none, that was not taken back.';
GRANT EXECUTE ON FUNCTION is_billed(integer, text, text, text, bigint) TO app;

-- Sixty thousand bills take this way: so it is one look into an index that holds imported bills only, and names are spelled out
-- instead of a search path set for each row.
CREATE FUNCTION guard_imported_bill() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.import_id IS NULL THEN
    PERFORM FROM public.bill b WHERE b.estate_id = NEW.estate_id AND b.unit = NEW.unit AND b.item = NEW.item AND b.period = NEW.period AND b.import_id IS NOT NULL LIMIT 1;
    IF NOT FOUND THEN RETURN NEW; END IF;
    IF public.is_billed(NEW.estate_id, NEW.unit, NEW.item, NEW.period, NULL) THEN RETURN NULL; END IF;
  ELSIF public.is_billed(NEW.estate_id, NEW.unit, NEW.item, NEW.period, NEW.import_id) THEN
    RAISE EXCEPTION 'bill_once: dwelling % has a bill of this month', NEW.unit USING ERRCODE = 'unique_violation', CONSTRAINT = 'bill_once';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_imported_bill BEFORE INSERT ON bill FOR EACH ROW WHEN (NEW.of_bill IS NULL) EXECUTE FUNCTION guard_imported_bill();
ALTER TABLE bill ENABLE ALWAYS TRIGGER guard_imported_bill;

CREATE FUNCTION import_bills(p_estate integer, p_import bigint, p_seq bigint, p_units text[], p_items text[], p_periods text[], p_amounts numeric[], p_due date[])
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_made integer;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM register_import i WHERE i.estate_id = p_estate AND i.import_id = p_import AND i.state = 'draft') OR NOT EXISTS (
      SELECT FROM record r WHERE r.estate_id = p_estate AND r.seq = p_seq AND r.kind = 'register_imported' AND (r.body::jsonb ->> 'import')::bigint = p_import) THEN
    RAISE EXCEPTION 'register_import_taken: import %', p_import USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_import_taken';
  END IF;
  INSERT INTO bill (estate_id, unit, item, period, amount, due_on, made_at, lines, seq, import_id)
    SELECT p_estate, g.unit, g.item, g.period, g.amount, g.due, estate_clock(p_estate),
      '[{"amount":"' || g.amount::numeric(14, 2) || '","what":"imported"}]', p_seq, p_import
    FROM unnest(p_units, p_items, p_periods, p_amounts, p_due) AS g(unit, item, period, amount, due)
    JOIN unit u ON u.estate_id = p_estate AND u.unit = g.unit ORDER BY u.ref, g.item, g.period;
  GET DIAGNOSTICS v_made = ROW_COUNT;
  RETURN v_made;
END $$;
COMMENT ON FUNCTION import_bills(integer, bigint, bigint, text[], text[], text[], numeric[], date[]) IS 'Enters the open bills that a draft brings, under its record.';
GRANT EXECUTE ON FUNCTION import_bills(integer, bigint, bigint, text[], text[], text[], numeric[], date[]) TO app;

-- Takes the bills of an import back: only while none was paid, lowered or followed by a late fee, only all of them, and only
-- within thirty days. Later what a dwelling owes is lowered as any other bill is, under both keys: whoever imports a dwelling's
-- debts could else let them go alone.
CREATE FUNCTION undo_imported_bills(p_estate integer, p_import bigint, p_seq bigint)
RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_taken integer;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM register_import i WHERE i.estate_id = p_estate AND i.import_id = p_import AND i.state = 'taken') OR NOT EXISTS (
      SELECT FROM record r WHERE r.estate_id = p_estate AND r.seq = p_seq AND r.kind = 'register_import_undone' AND (r.body::jsonb ->> 'import')::bigint = p_import) THEN
    RAISE EXCEPTION 'register_import_taken: import % is not there to be taken back', p_import USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_import_taken';
  END IF;
  IF EXISTS (SELECT FROM bill b WHERE b.estate_id = p_estate AND b.import_id = p_import AND (bill_paid(p_estate, b.bill_id) > 0
      OR bill_reduced(p_estate, b.bill_id) > 0 OR EXISTS (SELECT FROM bill l WHERE l.estate_id = p_estate AND l.of_bill = b.bill_id))) THEN
    RAISE EXCEPTION 'register_import_bills_used: a bill of import % was paid or lowered', p_import
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_import_bills_used';
  END IF;
  IF EXISTS (SELECT FROM bill b WHERE b.estate_id = p_estate AND b.import_id = p_import AND b.made_at < estate_clock(p_estate) - interval '30 days') THEN
    RAISE EXCEPTION 'register_import_bills_old: bills of import % are older than thirty days', p_import
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'register_import_bills_old';
  END IF;
  INSERT INTO bill_reduction (estate_id, bill_id, amount, why, seq)
    SELECT p_estate, b.bill_id, b.amount, 'import_undone', p_seq FROM bill b WHERE b.estate_id = p_estate AND b.import_id = p_import ORDER BY b.bill_id;
  GET DIAGNOSTICS v_taken = ROW_COUNT;
  RETURN v_taken;
END $$;
COMMENT ON FUNCTION undo_imported_bills(integer, bigint, bigint) IS 'Reduces all bills of an import to nothing, under the record of its being taken back.';
GRANT EXECUTE ON FUNCTION undo_imported_bills(integer, bigint, bigint) TO app;
