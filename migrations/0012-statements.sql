-- Bank statements line by line, the matching of lines with entries, and what the door may book on the bank's word:
-- an unexplained line goes to 待核实 (suspense) the day it is seen, a debit among them as a public exception until an order is
-- signed for it afterwards; bank fees go under a standing mandate. Promise 3 stays: whoever pays needs an order first. The
-- bank's line is no leave to pay; it says that money is gone, and the books must say so too.

-- ── Suspense accounts ────────────────────────────────────────────────────────────────────────────
-- Codes are fixed, like 1002: doors and verifiers know them by number.
CREATE PROCEDURE add_suspense_accounts() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO account (estate_id, account, name_zh, name_en, class, is_money, is_postable, opened_on)
    SELECT v.estate_id, n.account, n.name_zh, n.name_en, n.class, false, true, to_date(v.first_period, 'YYYY-MM')
    FROM (VALUES ('1291', '待核实支出', 'Unexplained debits', 'asset'), ('2291', '待核实收入', 'Unexplained credits', 'liability'))
      AS n(account, name_zh, name_en, class)
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
CALL add_suspense_accounts();
DROP PROCEDURE add_suspense_accounts();

-- ── Bank accounts ────────────────────────────────────────────────────────────────────────────────
ALTER TABLE bank_account ADD COLUMN closed_on date;
COMMENT ON COLUMN bank_account.closed_on IS 'Day the bank closed it; NULL while it is open.';

CREATE TABLE bank_account_number (
  estate_id integer NOT NULL,
  account text NOT NULL,
  number text NOT NULL CHECK (number ~ '^[0-9A-Za-z-]{6,40}$'),
  salt text NOT NULL CHECK (salt ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (estate_id, account),
  FOREIGN KEY (estate_id, account) REFERENCES bank_account
);
COMMENT ON TABLE bank_account_number IS 'Full numbers of the estate''s own bank accounts, for pay files and for recognising statements; officers only, never in the log.';
COMMENT ON COLUMN bank_account_number.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_account_number.account IS 'Bank account, by its ledger account.';
COMMENT ON COLUMN bank_account_number.number IS 'Account number as the bank writes it, without spaces.';
COMMENT ON COLUMN bank_account_number.salt IS '32 random bytes, hexadecimal: opens the hash in the record.';
CALL wall_estate('bank_account_number');
GRANT INSERT ON bank_account_number TO app;

-- ── Statements ───────────────────────────────────────────────────────────────────────────────────
CREATE TABLE bank_statement (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  account text NOT NULL,
  sha256 text NOT NULL,
  format text NOT NULL CHECK (char_length(format) BETWEEN 1 AND 100),
  period_from date NOT NULL,
  period_to date NOT NULL,
  period_stated boolean NOT NULL,
  opening numeric(16, 2) NOT NULL,
  closing numeric(16, 2) NOT NULL,
  first_position bigint NOT NULL CHECK (first_position > 0),
  lines integer NOT NULL CHECK (lines >= 0),
  repeated integer NOT NULL CHECK (repeated >= 0),
  imported_by uuid NOT NULL REFERENCES person,
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, account) REFERENCES bank_account,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher,
  CONSTRAINT statement_period_in_order CHECK (period_from <= period_to)
);
COMMENT ON TABLE bank_statement IS 'Statement files (对账单) taken whole, written by take_statement() only. One without new lines confirms what is there.';
COMMENT ON COLUMN bank_statement.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_statement.seq IS 'Record.';
COMMENT ON COLUMN bank_statement.account IS 'Bank account.';
COMMENT ON COLUMN bank_statement.sha256 IS 'The file, kept as a voucher.';
COMMENT ON COLUMN bank_statement.format IS 'Format it was read in.';
COMMENT ON COLUMN bank_statement.period_from IS 'First day it covers.';
COMMENT ON COLUMN bank_statement.period_to IS 'Last day it covers.';
COMMENT ON COLUMN bank_statement.period_stated IS 'True where the file states its days; false where whoever handed it in did.';
COMMENT ON COLUMN bank_statement.opening IS 'Balance before its first line, by the bank.';
COMMENT ON COLUMN bank_statement.closing IS 'Balance after its last line, by the bank.';
COMMENT ON COLUMN bank_statement.first_position IS 'Position of its first new line; one above the last where it brought none.';
COMMENT ON COLUMN bank_statement.lines IS 'New lines.';
COMMENT ON COLUMN bank_statement.repeated IS 'Lines at its beginning that were there already, the very same.';
COMMENT ON COLUMN bank_statement.imported_by IS 'Who handed it in.';
COMMENT ON COLUMN bank_statement.imported_at IS 'When.';
CREATE INDEX bank_statement_period ON bank_statement (estate_id, account, period_to, seq);
CALL guard_append_only('bank_statement');
CALL wall_estate('bank_statement');

CREATE TABLE bank_line (
  estate_id integer NOT NULL,
  account text NOT NULL,
  position bigint NOT NULL CHECK (position > 0),
  seq bigint NOT NULL,
  booked_on date NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount <> 0),
  balance numeric(16, 2) NOT NULL,
  serial text NOT NULL CHECK (serial ~ '^[0-9A-Za-z._/-]{0,64}$'),
  PRIMARY KEY (estate_id, account, position),
  FOREIGN KEY (estate_id, seq) REFERENCES bank_statement
);
COMMENT ON TABLE bank_line IS 'Lines of bank statements (银行流水), written by take_statement() only: position n+1 has the balance of n plus its own amount.';
COMMENT ON COLUMN bank_line.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_line.account IS 'Bank account.';
COMMENT ON COLUMN bank_line.position IS 'Place among all lines of the account, from 1 without gaps, in the order of the bank.';
COMMENT ON COLUMN bank_line.seq IS 'Statement that brought it.';
COMMENT ON COLUMN bank_line.booked_on IS 'Day of the bank''s booking.';
COMMENT ON COLUMN bank_line.amount IS 'Yuan; above zero in, below zero out (the bank''s 借方).';
COMMENT ON COLUMN bank_line.balance IS 'Balance after it, by the bank.';
COMMENT ON COLUMN bank_line.serial IS 'Serial number of the bank; empty where it gives none.';
CREATE INDEX bank_line_day ON bank_line (estate_id, account, booked_on, position);
CALL guard_append_only('bank_line');
CALL wall_estate('bank_line');

CREATE TABLE bank_line_detail (
  estate_id integer NOT NULL,
  account text NOT NULL,
  position bigint NOT NULL,
  booked_time text NOT NULL DEFAULT '',
  counterparty_name text NOT NULL DEFAULT '',
  counterparty_account text NOT NULL DEFAULT '',
  counterparty_bank text NOT NULL DEFAULT '',
  memo text NOT NULL DEFAULT '',
  purpose text NOT NULL DEFAULT '',
  PRIMARY KEY (estate_id, account, position),
  FOREIGN KEY (estate_id, account, position) REFERENCES bank_line
);
COMMENT ON TABLE bank_line_detail IS 'What the bank says about a line besides money: who and what for. Officers only, never in the log; the file itself is kept.';
COMMENT ON COLUMN bank_line_detail.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_line_detail.account IS 'Bank account.';
COMMENT ON COLUMN bank_line_detail.position IS 'Line.';
COMMENT ON COLUMN bank_line_detail.booked_time IS 'Time of the booking, hh:mm:ss, or empty.';
COMMENT ON COLUMN bank_line_detail.counterparty_name IS 'Name of the other side (对方户名).';
COMMENT ON COLUMN bank_line_detail.counterparty_account IS 'Account of the other side.';
COMMENT ON COLUMN bank_line_detail.counterparty_bank IS 'Bank of the other side.';
COMMENT ON COLUMN bank_line_detail.memo IS '摘要.';
COMMENT ON COLUMN bank_line_detail.purpose IS '用途, 附言.';
CALL guard_append_only('bank_line_detail');
CALL wall_estate('bank_line_detail');
GRANT INSERT ON bank_line_detail TO app;

-- One statement may state several month ends.
ALTER TABLE bank_balance DROP CONSTRAINT bank_balance_pkey, ADD PRIMARY KEY (estate_id, seq, account, as_of);

-- Takes a file whole or not at all. Body, canonical JSON: {account, closing, format, from, imported_by, lines: [[booked_on, amount,
-- balance, serial] …], opening, period_stated, repeated, to, voucher}. `lines` are those that are not there yet; the caller has
-- compared the `repeated` ones before them, one by one. Violations carry a constraint name the caller has words for.
CREATE FUNCTION take_statement(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v jsonb := p_body::jsonb; v_account text := v ->> 'account'; v_from date := (v ->> 'from')::date; v_to date := (v ->> 'to')::date;
  v_opening numeric := (v ->> 'opening')::numeric; v_closing numeric := (v ->> 'closing')::numeric;
  v_last bank_line; v_last_to date; v_count integer := jsonb_array_length(v -> 'lines'); v_repeated integer := (v ->> 'repeated')::integer;
  v_before numeric; v_position bigint; v_wrong text; v_seq bigint; v_at timestamptz; v_today date;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_today := estate_today(p_estate);
  SELECT * INTO v_last FROM bank_line l WHERE l.estate_id = p_estate AND l.account = v_account ORDER BY l.position DESC LIMIT 1;
  SELECT max(s.period_to) INTO v_last_to FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = v_account;
  v_position := coalesce(v_last.position, 0) + 1;
  -- Before the first line of all stands the opening of the first file.
  v_before := coalesce(v_last.balance, (SELECT s.closing FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = v_account
    ORDER BY s.period_to DESC, s.seq DESC LIMIT 1), v_opening);
  v_wrong := CASE
    WHEN NOT EXISTS (SELECT FROM bank_account b WHERE b.estate_id = p_estate AND b.account = v_account
      AND (b.closed_on IS NULL OR v_to <= b.closed_on)) THEN 'statement_account_open'
    WHEN v_from > v_to OR v_to > v_today OR v_count > 200000 OR v_repeated < 0 THEN 'statement_days'
    WHEN v_from > v_last_to + 1 THEN 'statement_gap'
    WHEN v_last_to IS NULL AND v_repeated > 0 THEN 'statement_overlap'
    WHEN v_repeated = 0 AND v_opening <> v_before AND (v_count > 0 OR v_to > coalesce(v_last_to, v_to - 1)) THEN 'statement_continues'
  END;
  IF v_wrong IS NULL AND v_count > 0 THEN
    SELECT min(CASE
        WHEN l.amount IS NULL OR l.amount = 0 OR l.balance <> v_before + l.running THEN 'statement_balance'
        WHEN l.booked_on < coalesce(l.previous, v_last.booked_on, v_from) OR l.booked_on < coalesce(v_last_to, v_from)
          OR l.booked_on < v_from OR l.booked_on > v_to THEN 'statement_line_day'
      END) INTO v_wrong
    FROM (SELECT (n.value ->> 0)::date AS booked_on, read_amount(n.value ->> 1) AS amount, (n.value ->> 2)::numeric AS balance,
        sum(read_amount(n.value ->> 1)) OVER (ORDER BY n.i) AS running, lag((n.value ->> 0)::date) OVER (ORDER BY n.i) AS previous
      FROM jsonb_array_elements(v -> 'lines') WITH ORDINALITY AS n(value, i)) AS l;
    IF v_wrong IS NULL AND v_closing <> (v -> 'lines' -> -1 ->> 2)::numeric THEN v_wrong := 'statement_closing'; END IF;
  ELSIF v_wrong IS NULL AND v_to >= coalesce(v_last_to, v_to) AND v_closing <> v_before THEN
    v_wrong := 'statement_closing';
  END IF;
  IF v_wrong IS NOT NULL THEN
    RAISE EXCEPTION '%: the statement does not continue the books of the bank account', v_wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = v_wrong;
  END IF;
  v_seq := write_record(p_estate, 'bank_statement_imported', p_body);
  SELECT recorded_at INTO v_at FROM record WHERE estate_id = p_estate AND seq = v_seq;
  INSERT INTO bank_statement (estate_id, seq, account, sha256, format, period_from, period_to, period_stated, opening, closing,
      first_position, lines, repeated, imported_by, imported_at)
    VALUES (p_estate, v_seq, v_account, v ->> 'voucher', v ->> 'format', v_from, v_to, (v ->> 'period_stated')::boolean, v_opening, v_closing,
      v_position, v_count, v_repeated, (v ->> 'imported_by')::uuid, v_at);
  INSERT INTO bank_line (estate_id, account, position, seq, booked_on, amount, balance, serial)
    SELECT p_estate, v_account, v_position + n.i - 1, v_seq, (n.value ->> 0)::date, (n.value ->> 1)::numeric, (n.value ->> 2)::numeric, n.value ->> 3
    FROM jsonb_array_elements(v -> 'lines') WITH ORDINALITY AS n(value, i);
  -- What the bank says of its days stands where a balance typed from paper stands: every month's end, and the last day.
  IF v_to >= coalesce(v_last_to, v_to) THEN
    INSERT INTO bank_balance (estate_id, seq, account, as_of, balance, sha256, stated_by, stated_at)
      SELECT p_estate, v_seq, v_account, d.day, coalesce((SELECT l.balance FROM bank_line l WHERE l.estate_id = p_estate AND l.account = v_account
          AND l.booked_on <= d.day ORDER BY l.position DESC LIMIT 1), v_opening), v ->> 'voucher', (v ->> 'imported_by')::uuid, v_at
      FROM (SELECT v_to AS day UNION SELECT (m + interval '1 month' - interval '1 day')::date
        FROM generate_series(date_trunc('month', v_from::timestamp), date_trunc('month', v_to::timestamp), interval '1 month') AS m
        WHERE (m + interval '1 month' - interval '1 day')::date BETWEEN v_from AND v_to) AS d;
  END IF;
  RETURN v_seq;
END $$;
COMMENT ON FUNCTION take_statement(integer, text) IS
  'Takes a statement file whole: record, statement, lines, balances of month ends and last day. Refuses by statement_account_open, statement_days, statement_gap, statement_overlap, statement_continues, statement_balance, statement_line_day, statement_closing.';
GRANT EXECUTE ON FUNCTION take_statement(integer, text) TO app;

-- ── Lines and entries ────────────────────────────────────────────────────────────────────────────
CREATE SEQUENCE bank_match_number AS bigint;
CREATE TABLE bank_match (
  estate_id integer NOT NULL,
  match_id bigint NOT NULL,
  item integer NOT NULL CHECK (item > 0),
  account text NOT NULL,
  position bigint,
  entry_seq bigint,
  way text NOT NULL CHECK (way IN ('booked', 'linked', 'offset', 'opening')),
  seq bigint NOT NULL,
  ended_seq bigint,
  PRIMARY KEY (estate_id, match_id, item),
  FOREIGN KEY (estate_id, account, position) REFERENCES bank_line,
  FOREIGN KEY (estate_id, entry_seq) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT match_of_something CHECK (position IS NOT NULL OR entry_seq IS NOT NULL)
);
COMMENT ON TABLE bank_match IS 'Lines of the bank and entries of the books that are the same money (勾对); a match of one with one is one row, others a row for each side''s items.';
COMMENT ON COLUMN bank_match.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_match.match_id IS 'Match.';
COMMENT ON COLUMN bank_match.item IS 'Row of the match, from 1.';
COMMENT ON COLUMN bank_match.account IS 'Bank account.';
COMMENT ON COLUMN bank_match.position IS 'Line of the bank, if the row names one.';
COMMENT ON COLUMN bank_match.entry_seq IS 'Entry of the books, if the row names one.';
COMMENT ON COLUMN bank_match.way IS 'booked: the entry was made from the line. linked: both were there. offset: items of one side that cancel each other. opening: entries that are the balance before the first line.';
COMMENT ON COLUMN bank_match.seq IS 'Record that made it: the entry itself, or bank_lines_matched.';
COMMENT ON COLUMN bank_match.ended_seq IS 'Record that ended it: a reversal of its entry, or bank_match_ended.';
CREATE UNIQUE INDEX bank_match_line_once ON bank_match (estate_id, account, position) WHERE ended_seq IS NULL AND position IS NOT NULL;
CREATE UNIQUE INDEX bank_match_entry_once ON bank_match (estate_id, account, entry_seq) WHERE ended_seq IS NULL AND entry_seq IS NOT NULL;
CREATE INDEX bank_match_entry ON bank_match (estate_id, entry_seq);
CREATE FUNCTION guard_bank_match() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.ended_seq IS NOT NULL OR NEW.ended_seq IS NULL
      OR (NEW.estate_id, NEW.match_id, NEW.item, NEW.account, NEW.position, NEW.entry_seq, NEW.way, NEW.seq)
        IS DISTINCT FROM (OLD.estate_id, OLD.match_id, OLD.item, OLD.account, OLD.position, OLD.entry_seq, OLD.way, OLD.seq) THEN
    RAISE EXCEPTION 'bank_match_stays: a match is ended, not changed' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_bank_match BEFORE UPDATE OR DELETE ON bank_match FOR EACH ROW EXECUTE FUNCTION guard_bank_match();
ALTER TABLE bank_match ENABLE ALWAYS TRIGGER guard_bank_match;
CREATE TRIGGER keep_bank_matches BEFORE TRUNCATE ON bank_match FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE bank_match ENABLE ALWAYS TRIGGER keep_bank_matches;
CALL wall_estate('bank_match');

-- Matches what is there on both sides. Body: {account, by, matches: [{entries: [seq], lines: [position]}]}; sums agree to the
-- fen. One status a match, in order: matched, line_unknown, line_taken, entry_unknown, entry_taken, match_empty, sums_differ,
-- line_unsigned: a debit that left before the entry's order was signed, or that is to cancel against a credit though no order of
-- its sum was ever signed.
CREATE FUNCTION match_bank_lines(p_estate integer, p_body text) RETURNS TABLE (place integer, status text, match_id bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v jsonb := p_body::jsonb; v_account text := v ->> 'account'; v_by uuid := (v ->> 'by')::uuid; v_seq bigint; v_kept jsonb; v_all jsonb;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  WITH asked AS MATERIALIZED (
    SELECT m.i::integer AS i, m.value FROM jsonb_array_elements(v -> 'matches') WITH ORDINALITY AS m(value, i)
  ), line AS MATERIALIZED (
    SELECT a.i, l.value::bigint AS position, row_number() OVER (PARTITION BY l.value ORDER BY a.i) AS turn,
      coalesce(jsonb_array_length(a.value -> 'entries'), 0) = 0 AS offsets
    FROM asked a, jsonb_array_elements_text(a.value -> 'lines') AS l(value)
  ), entry AS MATERIALIZED (
    SELECT a.i, e.value::bigint AS entry_seq, row_number() OVER (PARTITION BY e.value ORDER BY a.i) AS turn
    FROM asked a, jsonb_array_elements_text(a.value -> 'entries') AS e(value)
  ), line_sum AS (
    SELECT l.i, bool_or(b.amount IS NULL) AS unknown, sum(b.amount) AS amount, count(*) AS count,
      bool_or(l.turn > 1 OR m.match_id IS NOT NULL) AS taken, min(b.booked_on) FILTER (WHERE b.amount < 0) AS out_on,
      bool_or(b.amount < 0 AND NOT EXISTS (SELECT FROM proposal p JOIN payment_order y ON y.estate_id = p.estate_id AND y.proposal_id = p.proposal_id
        WHERE p.estate_id = p_estate AND p.state IN ('approved', 'executed') AND y.bank_account = v_account AND p.amount = -b.amount
          AND (p.approved_at AT TIME ZONE 'Asia/Shanghai')::date <= b.booked_on)) FILTER (WHERE l.offsets) AS unsigned
    FROM line l LEFT JOIN LATERAL (SELECT x.amount, x.booked_on FROM bank_line x
      WHERE x.estate_id = p_estate AND x.account = v_account AND x.position = l.position LIMIT 1) AS b ON true
    LEFT JOIN LATERAL (SELECT x.match_id FROM bank_match x WHERE x.estate_id = p_estate AND x.account = v_account
      AND x.position = l.position AND x.ended_seq IS NULL LIMIT 1) AS m ON true GROUP BY l.i
  ), entry_sum AS (
    SELECT e.i, bool_or(coalesce(b.amount, 0) = 0) AS unknown, sum(b.amount) AS amount, count(*) AS count,
      bool_or(e.turn > 1 OR m.match_id IS NOT NULL) AS taken, max(o.signed_on) AS signed_on
    FROM entry e LEFT JOIN LATERAL (SELECT (p.approved_at AT TIME ZONE 'Asia/Shanghai')::date AS signed_on FROM journal_entry x
      JOIN proposal p ON p.estate_id = x.estate_id AND p.proposal_id = x.proposal_id
      WHERE x.estate_id = p_estate AND x.seq = e.entry_seq AND x.reverses IS NULL LIMIT 1) AS o ON true
    LEFT JOIN LATERAL (SELECT sum(x.debit - x.credit) AS amount FROM posting x
      WHERE x.estate_id = p_estate AND x.seq = e.entry_seq AND x.account = v_account) AS b ON true
    LEFT JOIN LATERAL (SELECT x.match_id FROM bank_match x WHERE x.estate_id = p_estate AND x.account = v_account
      AND x.entry_seq = e.entry_seq AND x.ended_seq IS NULL LIMIT 1) AS m ON true GROUP BY e.i
  ), judged AS (
    SELECT a.i, a.value, coalesce(l.count, 0) AS lines, coalesce(e.count, 0) AS entries, CASE
      WHEN l.unknown THEN 'line_unknown' WHEN l.taken THEN 'line_taken' WHEN e.unknown THEN 'entry_unknown' WHEN e.taken THEN 'entry_taken'
      WHEN coalesce(l.count, 0) + coalesce(e.count, 0) < 2 THEN 'match_empty'
      WHEN coalesce(l.amount, 0) <> coalesce(e.amount, 0) THEN 'sums_differ'
      WHEN l.unsigned OR e.signed_on > l.out_on THEN 'line_unsigned' ELSE 'matched' END AS status
    FROM asked a LEFT JOIN line_sum l USING (i) LEFT JOIN entry_sum e USING (i)
  )
  SELECT coalesce(jsonb_agg(jsonb_build_object('i', i, 'status', status, 'match', nextval('bank_match_number'), 'lines', lines, 'entries', entries,
      'value', jsonb_build_object('entries', coalesce(value -> 'entries', '[]'), 'lines', coalesce(value -> 'lines', '[]'))) ORDER BY i), '[]')
    INTO v_all FROM judged;
  SELECT coalesce(jsonb_agg(r.value ORDER BY (r.value ->> 'i')::integer), '[]') INTO v_kept
    FROM jsonb_array_elements(v_all) AS r(value) WHERE r.value ->> 'status' = 'matched';
  IF jsonb_array_length(v_kept) > 0 THEN
    -- Canonical by hand: keys in order, no spaces.
    v_seq := write_record(p_estate, 'bank_lines_matched', format('{"account":%s,"by":"%s","matches":[%s]}', to_json(v_account), v_by,
      (SELECT string_agg(format('{"entries":%s,"lines":%s}', replace((r.value -> 'value' -> 'entries')::text, ' ', ''),
        replace((r.value -> 'value' -> 'lines')::text, ' ', '')), ',' ORDER BY (r.value ->> 'i')::integer) FROM jsonb_array_elements(v_kept) AS r(value))));
    INSERT INTO bank_match (estate_id, match_id, item, account, position, entry_seq, way, seq)
    SELECT p_estate, (r.value ->> 'match')::bigint, n.item, v_account, n.position, n.entry_seq,
      CASE WHEN (r.value ->> 'lines')::integer = 0 OR (r.value ->> 'entries')::integer = 0 THEN 'offset' ELSE 'linked' END, v_seq
    FROM jsonb_array_elements(v_kept) AS r(value), LATERAL (
      SELECT coalesce(l.i, e.i)::integer AS item, l.value::bigint AS position, e.value::bigint AS entry_seq
      FROM jsonb_array_elements_text(r.value -> 'value' -> 'lines') WITH ORDINALITY AS l(value, i)
      FULL JOIN jsonb_array_elements_text(r.value -> 'value' -> 'entries') WITH ORDINALITY AS e(value, i) ON l.i = e.i) AS n;
  END IF;
  RETURN QUERY SELECT (r.value ->> 'i')::integer, r.value ->> 'status',
    CASE WHEN r.value ->> 'status' = 'matched' THEN (r.value ->> 'match')::bigint END FROM jsonb_array_elements(v_all) AS r(value);
END $$;
COMMENT ON FUNCTION match_bank_lines(integer, text) IS
  'Matches lines of the bank with entries of the books. Statuses: matched, line_unknown, line_taken, entry_unknown, entry_taken, match_empty, sums_differ, line_unsigned.';
GRANT EXECUTE ON FUNCTION match_bank_lines(integer, text) TO app;

-- Books that begin on the first day of the first statement carry their opening balance as entries of that day. Together with
-- what was booked before, they are the statement's opening, which no line answers. Body: {account, by, entries: [seq], opening}.
CREATE FUNCTION match_opening(p_estate integer, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v jsonb := p_body::jsonb; v_account text := v ->> 'account'; v_first bank_statement; v_entries bigint[]; v_status text; v_seq bigint; v_match bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v_first FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = v_account ORDER BY s.seq LIMIT 1;
  v_entries := array(SELECT DISTINCT e.value::bigint FROM jsonb_array_elements_text(v -> 'entries') AS e(value));
  v_status := CASE
    WHEN EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = v_account AND m.way = 'opening' AND m.ended_seq IS NULL) THEN 'opening_matched'
    WHEN v_first.seq IS NULL OR cardinality(v_entries) = 0 OR (SELECT count(*) FROM journal_entry e
      WHERE e.estate_id = p_estate AND e.seq = ANY (v_entries) AND e.entry_date = v_first.period_from) <> cardinality(v_entries) THEN 'entry_unknown'
    WHEN EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = v_account AND m.entry_seq = ANY (v_entries) AND m.ended_seq IS NULL) THEN 'entry_taken'
    WHEN (v ->> 'opening')::numeric IS DISTINCT FROM v_first.opening OR coalesce((SELECT sum(p.debit - p.credit) FROM posting p
      JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq WHERE p.estate_id = p_estate AND p.account = v_account
        AND (e.entry_date < v_first.period_from OR e.seq = ANY (v_entries))), 0) <> v_first.opening THEN 'sums_differ'
    ELSE 'matched' END;
  IF v_status <> 'matched' THEN RETURN v_status; END IF;
  v_seq := write_record(p_estate, 'bank_opening_matched', p_body);
  v_match := nextval('bank_match_number');
  INSERT INTO bank_match (estate_id, match_id, item, account, entry_seq, way, seq)
    SELECT p_estate, v_match, row_number() OVER (ORDER BY e.seq), v_account, e.seq, 'opening', v_seq FROM unnest(v_entries) AS e(seq);
  RETURN v_status;
END $$;
COMMENT ON FUNCTION match_opening(integer, text) IS
  'Matches the entries of the first statement''s first day that are its opening balance. Statuses: matched, opening_matched, entry_unknown, entry_taken, sums_differ.';
GRANT EXECUTE ON FUNCTION match_opening(integer, text) TO app;

-- A match that somebody made is undone by somebody; one that an entry made ends with the reversal of the entry.
CREATE FUNCTION end_bank_match(p_estate integer, p_match bigint, p_by uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v bank_match; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v FROM bank_match m WHERE m.estate_id = p_estate AND m.match_id = p_match AND m.ended_seq IS NULL LIMIT 1;
  IF v.match_id IS NULL THEN RETURN 'match_unknown'; END IF;
  IF v.way = 'booked' THEN RETURN 'match_booked'; END IF;
  v_seq := write_record(p_estate, 'bank_match_ended', format('{"account":%s,"by":"%s","entries":[%s],"lines":[%s]}', to_json(v.account), p_by,
    coalesce((SELECT string_agg(m.entry_seq::text, ',' ORDER BY m.item) FROM bank_match m WHERE m.estate_id = p_estate AND m.match_id = p_match AND m.entry_seq IS NOT NULL), ''),
    coalesce((SELECT string_agg(m.position::text, ',' ORDER BY m.item) FROM bank_match m WHERE m.estate_id = p_estate AND m.match_id = p_match AND m.position IS NOT NULL), '')));
  UPDATE bank_match m SET ended_seq = v_seq WHERE m.estate_id = p_estate AND m.match_id = p_match AND m.ended_seq IS NULL;
  RETURN 'ended';
END $$;
COMMENT ON FUNCTION end_bank_match(integer, bigint, uuid) IS 'Ends a match made by hand. Statuses: ended, match_unknown, match_booked (reverse the entry instead).';
GRANT EXECUTE ON FUNCTION end_bank_match(integer, bigint, uuid) TO app;

-- ── Suspense ─────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE journal_entry
  ADD COLUMN bank_account text,
  ADD COLUMN bank_position bigint,
  ADD COLUMN settles bigint,
  ADD COLUMN mandate bigint,
  ADD CONSTRAINT entry_of_line FOREIGN KEY (estate_id, bank_account, bank_position) REFERENCES bank_line,
  ADD CONSTRAINT entry_settles FOREIGN KEY (estate_id, settles) REFERENCES journal_entry (estate_id, seq),
  ADD CONSTRAINT mandate_has_quorum FOREIGN KEY (estate_id, mandate) REFERENCES quorum,
  DROP CONSTRAINT payment_has_order,
  ADD CONSTRAINT payment_has_order CHECK (proposal_id IS NOT NULL OR (reverses IS NULL AND (kind = 'receipt'
    OR (kind = 'payment' AND bank_position IS NOT NULL) OR (kind = 'transfer' AND settles IS NOT NULL))));
COMMENT ON COLUMN journal_entry.bank_account IS 'Bank account of the line it was made from.';
COMMENT ON COLUMN journal_entry.bank_position IS 'Line of the bank it was made from.';
COMMENT ON COLUMN journal_entry.settles IS 'Suspense entry that it clears, whole or in part.';
COMMENT ON COLUMN journal_entry.mandate IS 'Standing mandate for bank fees that it rests on.';
CREATE INDEX journal_entry_settles ON journal_entry (estate_id, settles) WHERE settles IS NOT NULL;
CREATE INDEX journal_entry_of_mandate ON journal_entry (estate_id, mandate, period) WHERE mandate IS NOT NULL;

CREATE FUNCTION suspense_left(p_estate integer, p_seq bigint)
RETURNS TABLE (side text, fund text, bank_account text, amount numeric, left_amount numeric) LANGUAGE sql STABLE AS $$
  SELECT CASE p.account WHEN '1291' THEN 'debit' ELSE 'credit' END, p.fund, e.bank_account, abs(p.debit - p.credit),
    abs(p.debit - p.credit) - coalesce((SELECT sum(abs(q.debit - q.credit)) FROM journal_entry s
      JOIN posting q ON q.estate_id = s.estate_id AND q.seq = s.seq AND q.account = p.account
      WHERE s.estate_id = p_estate AND s.settles = e.seq
        AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = s.seq)), 0)
  FROM journal_entry e JOIN posting p ON p.estate_id = e.estate_id AND p.seq = e.seq AND p.account IN ('1291', '2291')
  WHERE e.estate_id = p_estate AND e.seq = p_seq AND e.bank_position IS NOT NULL AND e.settles IS NULL
    AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = e.seq)
$$;
COMMENT ON FUNCTION suspense_left(integer, bigint) IS
  'Of a suspense entry that stands: debit (money went out) or credit, its fund, its bank account, its amount and what is not settled yet. No row of any other entry.';

CREATE FUNCTION open_suspense(p_estate integer)
RETURNS TABLE (seq bigint, side text, account text, "position" bigint, booked_on date, entry_date date, period text, number text,
  fund text, amount numeric, left_amount numeric) LANGUAGE sql STABLE AS $$
  SELECT e.seq, s.side, e.bank_account, e.bank_position, l.booked_on, e.entry_date, e.period, entry_number(e.kind, e.number),
    s.fund, s.amount, s.left_amount
  FROM posting p
  JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq AND e.bank_position IS NOT NULL AND e.settles IS NULL
  CROSS JOIN LATERAL suspense_left(p_estate, e.seq) AS s
  JOIN bank_line l ON l.estate_id = e.estate_id AND l.account = e.bank_account AND l.position = e.bank_position
  WHERE p.estate_id = p_estate AND p.account IN ('1291', '2291') AND s.left_amount <> 0
$$;
COMMENT ON FUNCTION open_suspense(integer) IS 'Suspense entries (待核实) with something left, of both sides.';
GRANT EXECUTE ON FUNCTION suspense_left(integer, bigint), open_suspense(integer) TO app, signer, auditor;

-- The lines with which a signed order clears a suspense debit: its bank account becomes 1291 where the fund is the same; where
-- another fund pays, that fund's money goes out and comes back to the fund the debit was charged to.
CREATE FUNCTION settled_postings(p_estate integer, p_postings jsonb, p_settles bigint) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_settles IS NULL THEN p_postings ELSE (
    SELECT CASE
      WHEN s.side <> 'debit' OR b.value ->> 'account' <> s.bank_account THEN NULL
      WHEN b.value ->> 'fund' = s.fund THEN (SELECT jsonb_agg(CASE WHEN n.value = b.value THEN n.value || '{"account": "1291"}' ELSE n.value END)
        FROM jsonb_array_elements(p_postings) AS n(value))
      ELSE p_postings || jsonb_build_array(
        jsonb_build_object('account', s.bank_account, 'fund', s.fund, 'debit', b.value ->> 'credit'),
        jsonb_build_object('account', '1291', 'fund', s.fund, 'credit', b.value ->> 'credit')) END
    FROM suspense_left(p_estate, p_settles) AS s, LATERAL (SELECT n.value FROM jsonb_array_elements(p_postings) AS n(value)
      JOIN account a ON a.estate_id = p_estate AND a.account = n.value ->> 'account' AND a.is_money WHERE n.value ? 'credit' LIMIT 1) AS b) END
$$;
COMMENT ON FUNCTION settled_postings(integer, jsonb, bigint) IS 'Lines of an order as they clear a suspense debit; unchanged without one.';

-- Replaced by 0016, which knows mandates. NULL: the mandate covers it; else mandate_unknown or mandate_exceeded.
CREATE FUNCTION mandate_verdict(p_estate integer, p_mandate bigint, p_bank_account text, p_account text, p_fund text, p_amount numeric, p_on date)
RETURNS text LANGUAGE sql STABLE AS $$ SELECT 'mandate_unknown'::text $$;

-- ── The door ─────────────────────────────────────────────────────────────────────────────────────
CREATE OR REPLACE FUNCTION entry_is_readable(j jsonb) RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(j ->> 'kind' IN ('receipt', 'payment', 'transfer')
  AND j ->> 'entry_date' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND (j ->> 'entry_date')::date IS NOT NULL
  AND char_length(j ->> 'description') BETWEEN 1 AND 200 AND char_length(j ->> 'key') BETWEEN 1 AND 200
  AND jsonb_array_length(j -> 'postings') <= 10000
  AND coalesce(jsonb_array_length(j -> 'vouchers'), 0) <= 1000
  AND coalesce(j ->> 'proposal' ~ '^[1-9][0-9]{0,17}$', true) AND coalesce(j ->> 'reverses' ~ '^[1-9][0-9]{0,17}$', true)
  AND coalesce(j ->> 'settles' ~ '^[1-9][0-9]{0,17}$', true) AND coalesce(j ->> 'mandate' ~ '^[1-9][0-9]{0,17}$', true)
  AND (NOT j ? 'bank_line' OR (j -> 'bank_line' ->> 'account' ~ '^[0-9]{4,6}$' AND j -> 'bank_line' ->> 'position' ~ '^[1-9][0-9]{0,17}$'))
  AND EXISTS (SELECT FROM person WHERE person_id = (j ->> 'made_by')::uuid), false);

CALL amend_function('post_entries(integer, text[])',
  -- Claims on one line, one suspense entry or one mandate are judged one after the other.
  'j.value ->> ''proposal'' AS proposal, j.value ->> ''reverses'' AS reverses
      FROM unnest(v_left)',
  'j.value ->> ''proposal'' AS proposal, j.value ->> ''reverses'' AS reverses,
        j.value -> ''bank_line'' AS line, j.value ->> ''settles'' AS settles, j.value ->> ''mandate'' AS mandate
      FROM unnest(v_left)',
  'CASE WHEN reverses IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY reverses ORDER BY i) END AS c',
  'greatest(CASE WHEN coalesce(reverses, settles) IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY coalesce(reverses, settles) ORDER BY i) END,
          CASE WHEN line IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY line ORDER BY i) END,
          CASE WHEN mandate IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY mandate ORDER BY i) END) AS c',
  'j.value ->> ''reference'' AS reference',
  'j.value ->> ''reference'' AS reference, j.value -> ''bank_line'' ->> ''account'' AS bank_account,
        (j.value -> ''bank_line'' ->> ''position'')::bigint AS bank_position, (j.value ->> ''settles'')::bigint AS settles,
        (j.value ->> ''mandate'')::bigint AS mandate',
  'SELECT l.*, a.class, a.is_money,', 'SELECT l.*, e.bank_account, a.class, a.is_money,',
  'coalesce(sum(debit - credit) FILTER (WHERE is_money), 0) AS money,',
  'coalesce(sum(debit - credit) FILTER (WHERE is_money), 0) AS money,
        coalesce(sum(debit - credit) FILTER (WHERE account = bank_account), 0) AS on_bank,
        coalesce(sum(debit - credit) FILTER (WHERE account = ''1291''), 0) AS unexplained_out,
        coalesce(sum(credit - debit) FILTER (WHERE account = ''2291''), 0) AS unexplained_in,
        bool_or(account IN (''1291'', ''2291'')) AS in_suspense,
        min(account) FILTER (WHERE debit <> 0) AS debit_account, min(fund) AS first_fund,',
  'SELECT e.i, o.state, o.kind, o.amount,',
  'SELECT e.i, e.settles, (o.approved_at AT TIME ZONE ''Asia/Shanghai'')::date AS signed_on, o.state, o.kind, o.amount,',
  'SELECT x.state, x.kind, x.amount, x.document FROM proposal x', 'SELECT x.state, x.kind, x.amount, x.document, x.approved_at FROM proposal x',
  'FROM ordered o, jsonb_array_elements(o.document -> ''postings'') AS v(value)',
  'FROM ordered o, jsonb_array_elements(settled_postings(p_estate, o.document -> ''postings'', o.settles)) AS v(value)',
  'AND e.reverses IS NULL AND x.i IS NOT NULL) THEN ''fund_restricted''',
  'AND e.reverses IS NULL AND e.settles IS NULL AND x.i IS NOT NULL) THEN ''fund_restricted''',
  'WHEN f.i IS NOT NULL THEN ''fund_unbalanced''',
  'WHEN f.i IS NOT NULL THEN ''fund_unbalanced''
          -- An entry made from a line of the bank is that line, to the fen, and the line is booked once.
          WHEN e.bank_position IS NOT NULL AND k.amount IS NULL THEN ''bank_line_unknown''
          WHEN e.bank_position IS NOT NULL AND k.taken THEN ''bank_line_taken''
          WHEN e.bank_position IS NOT NULL AND (k.amount <> t.on_bank OR e.entry_date < k.booked_on OR e.reverses IS NOT NULL
            OR e.settles IS NOT NULL) THEN ''bank_line_differs''
          -- What left before it was signed for was not paid under the order: it is unexplained, and signed for after the fact, by
          -- an order that says so (and then clears the entry it names, see order_amount_differs).
          WHEN e.reverses IS NULL AND o.document -> ''after_the_fact'' ->> ''entry'' IS NULL
            AND o.signed_on > coalesce(k.booked_on, u.booked_on) THEN ''order_signed_late''
          WHEN e.settles IS NOT NULL AND (u.side IS NULL OR e.kind <> ''transfer'' OR e.reverses IS NOT NULL) THEN ''suspense_unknown''
          -- It clears its own entry, in its own fund, and touches no other suspense.
          WHEN e.settles IS NOT NULL AND EXISTS (SELECT FROM line_check l WHERE l.i = e.i AND l.account IN (''1291'', ''2291'') AND NOT (l.fund = u.fund
            AND CASE u.side WHEN ''debit'' THEN l.account = ''1291'' AND l.credit <> 0 ELSE l.account = ''2291'' AND l.debit <> 0 END)) THEN ''suspense_reserved''
          WHEN e.settles IS NOT NULL AND greatest(abs(t.unexplained_out), abs(t.unexplained_in)) NOT BETWEEN 0.01 AND u.left_amount
            THEN ''suspense_exceeded''
          WHEN e.mandate IS NOT NULL AND (e.kind <> ''payment'' OR e.bank_position IS NULL OR e.proposal_id IS NOT NULL OR t.lines <> 2)
            THEN ''mandate_unknown''
          WHEN e.mandate IS NOT NULL AND g.status IS NOT NULL THEN g.status
          -- Suspense is what the bank says and nobody explains: booked from a line, cleared by a settlement, nothing else.
          WHEN t.in_suspense AND e.reverses IS NULL AND e.settles IS NULL AND NOT coalesce(e.bank_position IS NOT NULL AND t.lines = 2
            AND e.proposal_id IS NULL AND e.mandate IS NULL AND ((e.kind = ''payment'' AND t.unexplained_out = -k.amount)
              OR (e.kind = ''receipt'' AND t.unexplained_in = k.amount)), false) THEN ''suspense_reserved''
          WHEN e.reverses IS NOT NULL AND w.amount > w.left_amount THEN ''suspense_settled''',
  'WHEN e.proposal_id IS NULL AND (e.kind <> ''receipt'' OR e.reverses IS NOT NULL OR t.beyond_receipt) THEN ''order_required''',
  'WHEN e.proposal_id IS NULL AND (e.kind <> ''receipt'' OR e.reverses IS NOT NULL OR t.beyond_receipt)
            AND NOT (e.kind = ''payment'' AND e.bank_position IS NOT NULL AND (e.mandate IS NOT NULL OR t.in_suspense))
            -- An unexplained credit that was explained is what it would have been on its day: a receipt, on one hand.
            AND NOT (e.kind = ''transfer'' AND coalesce(u.side = ''credit'', false) AND NOT EXISTS (SELECT FROM line_check l WHERE l.i = e.i
              AND ((l.debit <> 0 AND NOT (l.account = ''2291'' AND l.fund = u.fund) AND NOT (l.account = u.bank_account AND l.fund <> u.fund))
                OR (l.credit <> 0 AND (l.account IN (''1291'', ''2291'') OR (l.is_money AND NOT (l.account = u.bank_account AND l.fund = u.fund)))))))
            THEN ''order_required''',
  'OR CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE ''reversal'' END)',
  'OR CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END
              <> CASE WHEN e.reverses IS NOT NULL THEN ''reversal'' WHEN e.settles IS NOT NULL THEN ''payment'' ELSE e.kind END)',
  'WHEN e.proposal_id IS NOT NULL AND e.reverses IS NULL AND d.shape IS DISTINCT FROM t.shape THEN ''order_amount_differs''',
  'WHEN e.proposal_id IS NOT NULL AND e.reverses IS NULL AND d.shape IS DISTINCT FROM t.shape THEN ''order_amount_differs''
          -- Signed for a debit that the bank had made already: it clears that one, and pays nothing.
          WHEN o.document ? ''after_the_fact'' AND (o.document -> ''after_the_fact'' ->> ''entry'')::bigint IS DISTINCT FROM e.settles
            AND e.reverses IS NULL THEN ''order_amount_differs''',
  'LEFT JOIN LATERAL (SELECT x.seq FROM journal_entry x
        WHERE x.estate_id = p_estate AND x.reverses = e.reverses LIMIT 1) AS undone ON true',
  'LEFT JOIN LATERAL (SELECT x.seq FROM journal_entry x
        WHERE x.estate_id = p_estate AND x.reverses = e.reverses LIMIT 1) AS undone ON true
      LEFT JOIN LATERAL (SELECT x.amount, x.booked_on, EXISTS (SELECT FROM bank_match y WHERE y.estate_id = p_estate AND y.account = x.account
          AND y.position = x.position AND y.ended_seq IS NULL) AS taken FROM bank_line x
        WHERE x.estate_id = p_estate AND x.account = e.bank_account AND x.position = e.bank_position LIMIT 1) AS k ON e.bank_position IS NOT NULL
      LEFT JOIN LATERAL (SELECT x.*, y.booked_on FROM suspense_left(p_estate, e.settles) AS x
        JOIN journal_entry n ON n.estate_id = p_estate AND n.seq = e.settles
        JOIN bank_line y ON y.estate_id = p_estate AND y.account = n.bank_account AND y.position = n.bank_position LIMIT 1) AS u ON e.settles IS NOT NULL
      LEFT JOIN LATERAL (SELECT x.amount, x.left_amount FROM suspense_left(p_estate, e.reverses) AS x LIMIT 1) AS w ON e.reverses IS NOT NULL
      LEFT JOIN LATERAL (SELECT mandate_verdict(p_estate, e.mandate, e.bank_account, t.debit_account, t.first_fund, t.debit, e.entry_date) AS status)
        AS g ON e.mandate IS NOT NULL',
  'proposal_id, reverses, made_by, key, content_hash)',
  'proposal_id, reverses, made_by, key, content_hash, bank_account, bank_position, settles, mandate)',
  'proposal_id, reverses, made_by, key, content_hash FROM accepted',
  'proposal_id, reverses, made_by, key, content_hash, bank_account, bank_position, settles, mandate FROM accepted
    ), new_match AS (
      INSERT INTO bank_match (estate_id, match_id, item, account, position, entry_seq, way, seq)
      SELECT p_estate, nextval(''bank_match_number''), 1, a.bank_account, a.bank_position, a.seq, ''booked'', a.seq
      FROM accepted a WHERE a.bank_position IS NOT NULL
    ), ended_match AS (
      -- What is reversed is no longer the line''s money: the line is open again.
      UPDATE bank_match m SET ended_seq = a.seq FROM accepted a, bank_match n
      WHERE a.reverses IS NOT NULL AND n.estate_id = p_estate AND n.entry_seq = a.reverses AND n.ended_seq IS NULL
        AND m.estate_id = p_estate AND m.match_id = n.match_id AND m.ended_seq IS NULL');
COMMENT ON FUNCTION post_entries(integer, text[]) IS
  'The one door into the books: a batch of canonical entries in, one status per entry out.';

CREATE OR REPLACE FUNCTION guard_posting() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_wrong text;
BEGIN
  SELECT w.wrong INTO v_wrong FROM (
    SELECT i.estate_id, i.seq, sum(i.debit) AS debit, bool_or(i.credit <> 0 AND a.is_money) AS money_out,
      coalesce(sum(i.debit - i.credit) FILTER (WHERE a.is_money), 0) AS money,
      bool_and(a.is_money OR i.account = '1291') AS to_suspense
    FROM inserted i, LATERAL (SELECT coalesce((SELECT x.is_money FROM account x
      WHERE x.estate_id = i.estate_id AND x.account = i.account), false) AS is_money OFFSET 0) AS a GROUP BY i.estate_id, i.seq
  ) AS n, LATERAL (SELECT e.xact, e.amount, e.proposal_id, e.bank_account, e.bank_position, e.settles, e.mandate FROM journal_entry e
    WHERE e.estate_id = n.estate_id AND e.seq = n.seq LIMIT 1) AS e, LATERAL (SELECT CASE
      WHEN e.xact <> pg_current_xact_id()
        THEN 'entry_is_complete: lines cannot be added to an entry that is already in the books'
      WHEN e.amount <> n.debit THEN 'entry_is_complete: the lines do not add up to their entry'
      -- Without an order money only goes where the bank says it went: into suspense, or under a mandate; or between funds, when a credit is cleared.
      WHEN e.proposal_id IS NULL AND n.money_out AND NOT coalesce(CASE WHEN e.settles IS NOT NULL THEN n.money = 0
        ELSE (n.to_suspense OR e.mandate IS NOT NULL) AND n.money = (SELECT l.amount FROM bank_line l WHERE l.estate_id = n.estate_id
          AND l.account = e.bank_account AND l.position = e.bank_position) END, false)
        THEN 'order_required: money moves out without an order'
    END) AS w(wrong) WHERE w.wrong IS NOT NULL LIMIT 1;
  IF v_wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', v_wrong USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM inserted GROUP BY estate_id, seq, fund HAVING sum(debit) <> sum(credit)) THEN
    RAISE EXCEPTION 'fund_unbalanced: debits and credits differ' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CALL amend_function('guard_order()',
  'OR CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE ''reversal'' END',
  'OR CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END
        <> CASE WHEN e.reverses IS NOT NULL THEN ''reversal'' WHEN e.settles IS NOT NULL THEN ''payment'' ELSE e.kind END',
  'WHEN e.kind = ''payment'' AND e.reverses IS NULL AND e.amount IS DISTINCT FROM o.amount',
  'WHEN (e.kind = ''payment'' AND e.reverses IS NULL AND e.amount IS DISTINCT FROM o.amount)
          OR (e.settles IS NOT NULL AND e.amount <> o.amount AND e.amount <> o.amount * 2)');

-- ── What is still open on either side ────────────────────────────────────────────────────────────
CREATE FUNCTION open_bank_lines(p_estate integer, p_account text)
RETURNS TABLE ("position" bigint, booked_on date, amount numeric, balance numeric, serial text, seq bigint) LANGUAGE sql STABLE AS $$
  SELECT l.position, l.booked_on, l.amount, l.balance, l.serial, l.seq FROM bank_line l
  WHERE l.estate_id = p_estate AND l.account = p_account AND NOT EXISTS (SELECT FROM bank_match m
    WHERE m.estate_id = p_estate AND m.account = p_account AND m.position = l.position AND m.ended_seq IS NULL)
$$;
COMMENT ON FUNCTION open_bank_lines(integer, text) IS 'Lines of the bank that no entry answers.';

-- An entry and its reversal that are both unmatched cancel each other: the bank never saw either. Entries before the first
-- statement's first day are not looked for: the opening balance stands for them.
CREATE FUNCTION open_book_items(p_estate integer, p_account text)
RETURNS TABLE (seq bigint, entry_date date, period text, number text, description text, amount numeric) LANGUAGE sql STABLE AS $$
  SELECT e.seq, e.entry_date, e.period, entry_number(e.kind, e.number), e.description, b.amount
  FROM (SELECT p.seq, sum(p.debit - p.credit) AS amount FROM posting p WHERE p.estate_id = p_estate AND p.account = p_account
    GROUP BY p.seq HAVING sum(p.debit - p.credit) <> 0) AS b
  JOIN journal_entry e ON e.estate_id = p_estate AND e.seq = b.seq
  WHERE e.entry_date >= coalesce((SELECT min(s.period_from) FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = p_account), 'infinity')
    AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = p_account AND m.entry_seq = e.seq AND m.ended_seq IS NULL)
    AND NOT EXISTS (SELECT FROM journal_entry o WHERE o.estate_id = p_estate AND (o.reverses = e.seq OR o.seq = e.reverses)
      AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = p_account AND m.entry_seq = o.seq AND m.ended_seq IS NULL))
$$;
COMMENT ON FUNCTION open_book_items(integer, text) IS 'Entries on a bank account that no line of the bank answers, from the first day a statement covers.';
GRANT EXECUTE ON FUNCTION open_bank_lines(integer, text), open_book_items(integer, text) TO app, signer, auditor;

-- ── The log ──────────────────────────────────────────────────────────────────────────────────────
CALL amend_function('append_record(integer, text, text)',
  '''witness_retired'', ''erased'')', '''witness_retired'', ''erased'', ''bank_statement_imported'', ''bank_lines_matched'', ''bank_match_ended'', ''bank_opening_matched'',
      ''bank_account_changed'', ''bank_account_closed'', ''mandate_opened'', ''mandate_ended'')');

CREATE OR REPLACE FUNCTION record_actor(p_kind text, p_body text) RETURNS uuid LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE j jsonb;
BEGIN
  -- Seats that others' signatures gave: nobody alone did it.
  IF p_kind IN ('term_opened', 'delegation_opened') THEN RETURN NULL; END IF;
  j := p_body::jsonb;
  IF p_kind = 'erased' THEN RETURN read_person(j ->> 'by'); END IF;
  RETURN read_person(coalesce(j ->> 'by', j ->> 'made_by', j ->> 'person', j ->> 'answered_by', j ->> 'stated_by', j ->> 'issued_by',
    j ->> 'imported_by'));
END $$;

-- Plans made while a table was empty pick any index that begins with the estate: after many rows at once (a first
-- statement, an import) the statistics are taken anew instead of waiting for autovacuum's next round.
CREATE FUNCTION refresh_statistics() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  ANALYZE record, journal_entry, posting, entry_voucher, balance, bank_line, bank_line_detail, bank_match;
END $$;
COMMENT ON FUNCTION refresh_statistics() IS 'Takes the planner''s statistics of the books and the bank''s lines anew: after thousands of rows at once.';
GRANT EXECUTE ON FUNCTION refresh_statistics() TO app;
