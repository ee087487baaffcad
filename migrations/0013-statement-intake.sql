-- Statement files on their way in: what a person says of files the program cannot read alone (which column is what), and
-- files that were handed in and not yet taken. Nothing here is a record: a draft may be thrown away, and then its bytes are
-- gone with it. Only take_statement() (0012) makes anything last.

-- Tables of banks come as text, as workbooks, as XML; they are kept as the bank made them.
ALTER TABLE voucher DROP CONSTRAINT voucher_media_type_check, ADD CONSTRAINT voucher_media_type_check CHECK (media_type IN (
  'application/pdf', 'image/jpeg', 'image/png', 'application/ofd', 'application/xml', 'text/csv', 'text/plain',
  'application/vnd.ms-excel', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'));

CREATE TABLE statement_mapping (
  estate_id integer NOT NULL REFERENCES estate,
  signature text NOT NULL CHECK (signature ~ '^[0-9a-f]{64}$'),
  header jsonb NOT NULL,
  columns jsonb NOT NULL,
  chosen_by uuid NOT NULL REFERENCES person,
  chosen_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, signature)
);
COMMENT ON TABLE statement_mapping IS 'Tables of banks that are not known to the program: which column is what, chosen once on a preview.';
COMMENT ON COLUMN statement_mapping.estate_id IS 'Estate.';
COMMENT ON COLUMN statement_mapping.signature IS 'SHA-256 of the header cells: the files it is for.';
COMMENT ON COLUMN statement_mapping.header IS 'The header cells themselves.';
COMMENT ON COLUMN statement_mapping.columns IS 'Column of each meaning, from 0 (Mapping in src/bankfile/statement.ts).';
COMMENT ON COLUMN statement_mapping.chosen_by IS 'Who chose.';
COMMENT ON COLUMN statement_mapping.chosen_at IS 'When.';
CALL wall_estate('statement_mapping');
GRANT INSERT, UPDATE ON statement_mapping TO app;

CREATE TABLE statement_intake (
  estate_id integer NOT NULL REFERENCES estate,
  intake_id integer GENERATED ALWAYS AS IDENTITY,
  handed_by uuid NOT NULL REFERENCES person,
  handed_at timestamptz NOT NULL,
  file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 200),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size integer NOT NULL CHECK (size BETWEEN 1 AND 20971520),
  content bytea,
  first_day date,
  lines integer,
  account text,
  period_from date,
  period_to date,
  opening numeric(16, 2),
  closing numeric(16, 2),
  accept_opening boolean NOT NULL DEFAULT false,
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'waiting', 'running', 'done', 'refused')),
  attempts smallint NOT NULL DEFAULT 0,
  step text NOT NULL DEFAULT 'waiting',
  done integer NOT NULL DEFAULT 0,
  total integer NOT NULL DEFAULT 0,
  told_zh text,
  told_en text,
  seq bigint,
  PRIMARY KEY (estate_id, intake_id),
  FOREIGN KEY (estate_id, account) REFERENCES bank_account,
  FOREIGN KEY (estate_id, seq) REFERENCES bank_statement,
  CONSTRAINT intake_done_whole CHECK ((state = 'done') = (seq IS NOT NULL) AND (state = 'done') = (content IS NULL))
);
COMMENT ON TABLE statement_intake IS 'Statement files handed in and not yet taken (draft), being taken, or taken; only who handed one in sees it.';
COMMENT ON COLUMN statement_intake.estate_id IS 'Estate.';
COMMENT ON COLUMN statement_intake.intake_id IS 'Number.';
COMMENT ON COLUMN statement_intake.handed_by IS 'Who handed it in.';
COMMENT ON COLUMN statement_intake.handed_at IS 'When.';
COMMENT ON COLUMN statement_intake.file_name IS 'Name of the file, without numbers of persons.';
COMMENT ON COLUMN statement_intake.sha256 IS 'SHA-256 of the file.';
COMMENT ON COLUMN statement_intake.size IS 'Bytes.';
COMMENT ON COLUMN statement_intake.content IS 'The file until it is taken; then it is a voucher.';
COMMENT ON COLUMN statement_intake.first_day IS 'First day in it, for the order of several files; NULL while it cannot be read.';
COMMENT ON COLUMN statement_intake.lines IS 'Lines in it; NULL while it cannot be read.';
COMMENT ON COLUMN statement_intake.account IS 'Bank account, where the person chose it.';
COMMENT ON COLUMN statement_intake.period_from IS 'First day, where the person stated it.';
COMMENT ON COLUMN statement_intake.period_to IS 'Last day, where the person stated it.';
COMMENT ON COLUMN statement_intake.opening IS 'Opening balance, where the person stated it.';
COMMENT ON COLUMN statement_intake.closing IS 'Closing balance, where the person stated it.';
COMMENT ON COLUMN statement_intake.accept_opening IS 'The person accepts that the first statement opens with another balance than the books.';
COMMENT ON COLUMN statement_intake.state IS 'draft, waiting, running, done, refused.';
COMMENT ON COLUMN statement_intake.attempts IS 'How often taking it was begun.';
COMMENT ON COLUMN statement_intake.step IS 'What is being done now.';
COMMENT ON COLUMN statement_intake.done IS 'Lines done in this step.';
COMMENT ON COLUMN statement_intake.total IS 'Lines in all.';
COMMENT ON COLUMN statement_intake.told_zh IS 'Why it was not taken, in Chinese.';
COMMENT ON COLUMN statement_intake.told_en IS 'The same in English.';
COMMENT ON COLUMN statement_intake.seq IS 'Statement it became, or was already.';
CREATE UNIQUE INDEX statement_intake_once ON statement_intake (estate_id, handed_by, sha256) WHERE state IN ('draft', 'waiting', 'running');
CREATE INDEX statement_intake_open ON statement_intake (estate_id, state) WHERE state IN ('waiting', 'running');
CALL wall_estate('statement_intake');
GRANT INSERT, UPDATE, DELETE ON statement_intake TO app;
