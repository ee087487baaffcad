-- Audit packages: what was asked for, how far it is, what came out of it. The package itself is a file under its hash.
--   waiting → running → done        side exit: failed; a running one whose service was ended is taken up again
-- What was handed out stands in the log as well (record export_made), so that nobody can say they never had it.

CREATE TABLE export_job (
  estate_id integer NOT NULL REFERENCES estate,
  export_id integer GENERATED ALWAYS AS IDENTITY,
  audience text NOT NULL CHECK (audience IN ('officers', 'owners')),
  first_month text NOT NULL CHECK (first_month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  last_month text NOT NULL CHECK (last_month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  asked_by uuid NOT NULL REFERENCES person,
  asked_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  attempts smallint NOT NULL DEFAULT 0,
  step text NOT NULL DEFAULT 'waiting',
  done bigint NOT NULL DEFAULT 0,
  total bigint NOT NULL DEFAULT 0,
  error text,
  log_size bigint,
  sha256 text CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size bigint,
  made_at timestamptz,
  seq bigint,
  dropped_at timestamptz,
  PRIMARY KEY (estate_id, export_id),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT export_months_in_order CHECK (first_month <= last_month),
  CONSTRAINT export_done_whole CHECK ((state = 'done') = (sha256 IS NOT NULL AND size IS NOT NULL AND made_at IS NOT NULL
    AND log_size IS NOT NULL AND seq IS NOT NULL))
);
COMMENT ON TABLE export_job IS 'Audit packages (审计包): asked for, in the making, made.';
COMMENT ON COLUMN export_job.estate_id IS 'Estate.';
COMMENT ON COLUMN export_job.export_id IS 'Number.';
COMMENT ON COLUMN export_job.audience IS 'officers: with all original vouchers; owners: without those that only officers may open.';
COMMENT ON COLUMN export_job.first_month IS 'First month of journal and vouchers; the log in it is always whole.';
COMMENT ON COLUMN export_job.last_month IS 'Last month.';
COMMENT ON COLUMN export_job.asked_by IS 'Who asked first (opaque).';
COMMENT ON COLUMN export_job.asked_at IS 'When.';
COMMENT ON COLUMN export_job.state IS 'waiting, running, done, failed.';
COMMENT ON COLUMN export_job.attempts IS 'How often it was begun.';
COMMENT ON COLUMN export_job.step IS 'What is being written now.';
COMMENT ON COLUMN export_job.done IS 'Steps of work done: records, entries of each format, files.';
COMMENT ON COLUMN export_job.total IS 'Steps of work in all.';
COMMENT ON COLUMN export_job.error IS 'Why the last try did not succeed.';
COMMENT ON COLUMN export_job.log_size IS 'Records of the log in it.';
COMMENT ON COLUMN export_job.sha256 IS 'SHA-256 of the package, its name in the storage.';
COMMENT ON COLUMN export_job.size IS 'Bytes.';
COMMENT ON COLUMN export_job.made_at IS 'When it was finished.';
COMMENT ON COLUMN export_job.seq IS 'Record export_made.';
COMMENT ON COLUMN export_job.dropped_at IS 'When its file was let go of; it can be made again.';
CREATE INDEX export_job_open ON export_job (estate_id, state) WHERE state IN ('waiting', 'running');
-- The same package is made once at a time, whoever asks for it.
CREATE UNIQUE INDEX export_job_once ON export_job (estate_id, audience, first_month, last_month) WHERE state IN ('waiting', 'running');
CALL wall_estate('export_job');
GRANT INSERT ON export_job TO app;
GRANT UPDATE (state, attempts, step, done, total, error, log_size, sha256, size, made_at, seq, dropped_at) ON export_job TO app;

-- What was made stays as it was made; only its file may be let go of.
CREATE FUNCTION guard_export_job() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old export_job := OLD; v_new export_job := NEW;
BEGIN
  v_old.dropped_at := NULL; v_new.dropped_at := NULL;
  IF TG_OP = 'DELETE' OR (OLD.state = 'done' AND (v_old IS DISTINCT FROM v_new OR OLD.dropped_at IS NOT NULL)) THEN
    RAISE EXCEPTION 'append_only: what was handed out stays on record' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_export_job BEFORE UPDATE OR DELETE ON export_job FOR EACH ROW EXECUTE FUNCTION guard_export_job();
ALTER TABLE export_job ENABLE ALWAYS TRIGGER guard_export_job;
CREATE TRIGGER keep_export_jobs BEFORE TRUNCATE ON export_job FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE export_job ENABLE ALWAYS TRIGGER keep_export_jobs;
