-- The view over many estates: figures of each for the street's board, what auditors may read and what they read, and the nightly
-- inspection of the books. Nothing here changes money or rights of others; figures are derived and can be counted again.

-- ── What a figure of the board consists of ───────────────────────────────────────────────────────
-- One function says what is counted; the board adds it up, the page of evidence lists it. So no figure is without its rows.
CREATE FUNCTION disclosure_due_on(p_estate integer, p_period text) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT (to_date(greatest(p_period, to_char(e.created_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')), 'YYYY-MM') + interval '1 month')::date + e.disclosure_day - 1
  FROM estate e WHERE e.estate_id = p_estate
$$;
COMMENT ON FUNCTION disclosure_due_on(integer, text) IS 'Day on which a month''s disclosure is due; months that ended before the estate was opened here are due with the opening month.';

CREATE FUNCTION board_items(p_estate integer, p_day date)
RETURNS TABLE (figure text, ref text, day date, amount numeric, note text) LANGUAGE sql STABLE AS $$
  -- Disclosures that are due and not there, and those of the last year that came after their day.
  SELECT 'late_disclosures', m.period, m.due_on, NULL::numeric, CASE WHEN d.period IS NULL THEN 'missing' ELSE 'published_late' END
  FROM (SELECT to_char(x, 'YYYY-MM') AS period, disclosure_due_on(p_estate, to_char(x, 'YYYY-MM')) AS due_on
    FROM estate e, generate_series(to_date(e.first_period, 'YYYY-MM')::timestamp, date_trunc('month', p_day::timestamp) - interval '1 month', interval '1 month') AS x
    WHERE e.estate_id = p_estate) AS m
  LEFT JOIN disclosure d ON d.estate_id = p_estate AND d.period = m.period AND d.version = 1
  WHERE m.due_on < p_day AND (d.period IS NULL OR ((d.published_at AT TIME ZONE 'Asia/Shanghai')::date > d.due_on AND d.due_on > p_day - 365))
  UNION ALL
  -- Questions past their day without an answer.
  SELECT 'late_answers', q.inquiry_id::text, q.due_on, NULL, q.state FROM inquiry_states(p_estate, p_day) AS q WHERE q.state IN ('late', 'very_late')
  UNION ALL
  -- Bank accounts: from which day on no statement was handed in, and lines without an entry.
  SELECT 'unreconciled_days', k.account, n.day, n.amount, n.note
  FROM bank_account k
  LEFT JOIN LATERAL (SELECT min(s.period_from) AS first, max(s.period_to) AS last FROM bank_statement s
    WHERE s.estate_id = p_estate AND s.account = k.account) AS c ON true
  CROSS JOIN LATERAL (
    SELECT coalesce(c.last + 1, (SELECT greatest(to_date(e.first_period, 'YYYY-MM'), a.opened_on) FROM estate e JOIN account a ON a.estate_id = e.estate_id AND a.account = k.account
        WHERE e.estate_id = p_estate)) AS day, NULL::numeric AS amount, 'no_statement' AS note
    UNION ALL
    SELECT min(r.day), sum(r.amount), 'open_lines' FROM reconciling_items(p_estate, k.account, p_day) AS r
    WHERE c.first IS NOT NULL AND r.side = 'bank' AND r.answered_on IS NULL HAVING count(*) > 0) AS n
  WHERE k.estate_id = p_estate AND n.day < p_day AND coalesce(n.day <= k.closed_on, true)
  UNION ALL
  -- Debits of the bank that nobody ordered and nobody has explained.
  SELECT 'exceptions', s.seq::text, s.booked_on, s.left_amount, s.number FROM open_suspense(p_estate) AS s WHERE s.side = 'debit'
  UNION ALL
  -- Emergency payments of the last year.
  SELECT 'emergencies', o.proposal_id::text, (o.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, o.amount,
    CASE WHEN o.ratified_at IS NOT NULL THEN 'ratified' WHEN o.ratify_by < p_day THEN 'overdue' ELSE 'waiting' END
  FROM proposal o WHERE o.estate_id = p_estate AND o.class = 'emergency' AND o.state IN ('approved', 'executed')
    AND o.submitted_at >= ((p_day - 365)::timestamp AT TIME ZONE 'Asia/Shanghai')
  UNION ALL
  -- Signatures of the last ninety days that rest on a password: the service could have written them itself.
  SELECT 'weak_signatures', g.proposal_id::text, (g.signed_at AT TIME ZONE 'Asia/Shanghai')::date, NULL, g.body || ':' || g.office
  FROM signature g WHERE g.estate_id = p_estate AND g.method = 'password' AND g.signed_at >= ((p_day - 90)::timestamp AT TIME ZONE 'Asia/Shanghai')
  UNION ALL
  -- Terms that end within thirty days and that nobody's next term follows; an auditor's access is meant to end.
  SELECT 'expiring_terms', t.term_id::text, t.ends_on, NULL, t.body || ':' || t.office
  FROM term t WHERE t.estate_id = p_estate AND t.office <> 'auditor' AND p_day BETWEEN t.starts_on AND t.ends_on AND t.ends_on <= p_day + 30
    AND NOT EXISTS (SELECT FROM term n WHERE n.estate_id = p_estate AND n.person_id = t.person_id AND n.body = t.body AND n.office = t.office
      AND n.starts_on <= t.ends_on + 1 AND n.ends_on > p_day + 30)
  UNION ALL
  -- Bills that fell due within the last year, month by month: what was asked for after waivers, and in the note what was paid of it.
  SELECT 'collection', b.period, max(b.due_on), sum(b.amount - b.reduced), sum(b.paid)::text
  FROM bills_on(p_estate, p_day) AS b WHERE b.due_on < p_day AND b.due_on >= p_day - 365
    -- So few dwellings that a rate would point at one: not told.
    AND (SELECT count(*) FROM unit u WHERE u.estate_id = p_estate AND u.ended_on IS NULL) >= 10 GROUP BY b.period
$$;
COMMENT ON FUNCTION board_items(integer, date) IS
  'What each figure of the board consists of on a day: late_disclosures (month), late_answers (question), unreconciled_days (bank account, from which day), exceptions (entry), emergencies (order), weak_signatures (proposal), expiring_terms (term), collection (month: asked for, and paid in the note).';
GRANT EXECUTE ON FUNCTION disclosure_due_on(integer, text), board_items(integer, date) TO app, auditor;

-- ── Inspections ──────────────────────────────────────────────────────────────────────────────────
CREATE TABLE inspection (
  estate_id integer NOT NULL REFERENCES estate,
  inspection_id integer NOT NULL CHECK (inspection_id > 0),
  inspected_at timestamptz NOT NULL,
  day date NOT NULL,
  size bigint NOT NULL,
  invariants smallint NOT NULL CHECK (invariants > 0),
  failing smallint NOT NULL CHECK (failing BETWEEN 0 AND invariants),
  PRIMARY KEY (estate_id, inspection_id)
);
COMMENT ON TABLE inspection IS 'Nightly inspections (每日自查) of the books: every invariant of the list is asked of the database.';
COMMENT ON COLUMN inspection.estate_id IS 'Estate.';
COMMENT ON COLUMN inspection.inspection_id IS 'Number within the estate.';
COMMENT ON COLUMN inspection.inspected_at IS 'When, by the estate''s clock.';
COMMENT ON COLUMN inspection.day IS 'Business date it was for.';
COMMENT ON COLUMN inspection.size IS 'Number of records in the log then.';
COMMENT ON COLUMN inspection.invariants IS 'How many invariants were asked.';
COMMENT ON COLUMN inspection.failing IS 'How many did not hold.';
CALL guard_append_only('inspection');
CALL wall_estate('inspection');

CREATE TABLE inspection_finding (
  estate_id integer NOT NULL,
  inspection_id integer NOT NULL,
  invariant text NOT NULL CHECK (invariant ~ '^[a-z_]{3,60}$'),
  zh text NOT NULL,
  en text NOT NULL,
  found integer NOT NULL CHECK (found > 0),
  sample text NOT NULL CHECK (char_length(sample) <= 600),
  PRIMARY KEY (estate_id, inspection_id, invariant),
  FOREIGN KEY (estate_id, inspection_id) REFERENCES inspection
);
COMMENT ON TABLE inspection_finding IS 'Invariants that did not hold at an inspection.';
COMMENT ON COLUMN inspection_finding.estate_id IS 'Estate.';
COMMENT ON COLUMN inspection_finding.inspection_id IS 'Inspection.';
COMMENT ON COLUMN inspection_finding.invariant IS 'Name of the invariant.';
COMMENT ON COLUMN inspection_finding.zh IS 'What ought to be so, in Chinese, as the list had it then.';
COMMENT ON COLUMN inspection_finding.en IS 'The same in English.';
COMMENT ON COLUMN inspection_finding.found IS 'How many places contradict it.';
COMMENT ON COLUMN inspection_finding.sample IS 'The first of them: numbers of entries, proposals, records; never a name or a dwelling.';
CALL guard_append_only('inspection_finding');
CALL wall_estate('inspection_finding');

-- Findings: [{"invariant": …, "zh": …, "en": …, "found": …, "sample": …}]. What begins or ceases to fail since the inspection before is a record; what goes on failing is not told every night.
CREATE FUNCTION record_inspection(p_estate integer, p_invariants integer, p_findings jsonb) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_id integer; v_size bigint; v record;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT size INTO v_size FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT coalesce(max(inspection_id), 0) INTO v_id FROM inspection WHERE estate_id = p_estate;
  FOR v IN SELECT f.invariant, f.found, f.sample FROM jsonb_to_recordset(p_findings) AS f(invariant text, found integer, sample text)
      WHERE NOT EXISTS (SELECT FROM inspection_finding o WHERE o.estate_id = p_estate AND o.inspection_id = v_id AND o.invariant = f.invariant) ORDER BY f.invariant LOOP
    PERFORM write_record(p_estate, 'invariant_failed', format('{"found":%s,"inspection":%s,"invariant":"%s","sample":%s}', v.found, v_id + 1, v.invariant, to_json(v.sample)::text));
  END LOOP;
  FOR v IN SELECT o.invariant FROM inspection_finding o WHERE o.estate_id = p_estate AND o.inspection_id = v_id
      AND NOT EXISTS (SELECT FROM jsonb_to_recordset(p_findings) AS f(invariant text) WHERE f.invariant = o.invariant) ORDER BY o.invariant LOOP
    PERFORM write_record(p_estate, 'invariant_held', format('{"inspection":%s,"invariant":"%s"}', v_id + 1, v.invariant));
  END LOOP;
  INSERT INTO inspection (estate_id, inspection_id, inspected_at, day, size, invariants, failing)
    VALUES (p_estate, v_id + 1, estate_clock(p_estate), estate_today(p_estate), v_size, p_invariants, jsonb_array_length(p_findings));
  INSERT INTO inspection_finding (estate_id, inspection_id, invariant, zh, en, found, sample)
    SELECT p_estate, v_id + 1, f.invariant, f.zh, f.en, f.found, left(f.sample, 600)
    FROM jsonb_to_recordset(p_findings) AS f(invariant text, zh text, en text, found integer, sample text);
  RETURN v_id + 1;
END $$;
COMMENT ON FUNCTION record_inspection(integer, integer, jsonb) IS
  'Keeps the result of an inspection and gives its number; what began to fail, or holds again, since the one before is a record (invariant_failed, invariant_held).';
GRANT EXECUTE ON FUNCTION record_inspection(integer, integer, jsonb) TO app;

-- ── The board ────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE board_figure (
  estate_id integer PRIMARY KEY REFERENCES estate,
  day date NOT NULL,
  size bigint NOT NULL,
  counted_at timestamptz NOT NULL,
  late_disclosures integer NOT NULL,
  late_answers integer NOT NULL,
  unreconciled_days integer NOT NULL,
  exceptions integer NOT NULL,
  exceptions_amount numeric(16, 2) NOT NULL,
  emergencies integer NOT NULL,
  emergencies_amount numeric(16, 2) NOT NULL,
  unratified integer NOT NULL,
  signatures integer NOT NULL,
  weak_signatures integer NOT NULL,
  expiring_terms integer NOT NULL,
  billed numeric(16, 2) NOT NULL,
  collected numeric(16, 2) NOT NULL,
  failing integer
);
COMMENT ON TABLE board_figure IS 'Figures of an estate for the board over many estates, counted by refresh_board() whenever its log has grown or a day has begun; derived, never evidence by itself.';
COMMENT ON COLUMN board_figure.estate_id IS 'Estate.';
COMMENT ON COLUMN board_figure.day IS 'Business date they were counted for.';
COMMENT ON COLUMN board_figure.size IS 'Number of records in the log they were counted from.';
COMMENT ON COLUMN board_figure.counted_at IS 'When they were counted, by the database''s clock.';
COMMENT ON COLUMN board_figure.late_disclosures IS 'Disclosures past their day and missing, or published late within a year.';
COMMENT ON COLUMN board_figure.late_answers IS 'Questions past their day without an answer.';
COMMENT ON COLUMN board_figure.unreconciled_days IS 'Days since the bank and the books were last known to agree, of the account that waits longest.';
COMMENT ON COLUMN board_figure.exceptions IS 'Debits of the bank that nobody ordered and nobody has explained.';
COMMENT ON COLUMN board_figure.exceptions_amount IS 'Yuan of these.';
COMMENT ON COLUMN board_figure.emergencies IS 'Emergency payments of the last year.';
COMMENT ON COLUMN board_figure.emergencies_amount IS 'Yuan of these.';
COMMENT ON COLUMN board_figure.unratified IS 'Emergency payments whose ratification is overdue.';
COMMENT ON COLUMN board_figure.signatures IS 'Signatures of the last ninety days.';
COMMENT ON COLUMN board_figure.weak_signatures IS 'Of these, by signing password.';
COMMENT ON COLUMN board_figure.expiring_terms IS 'Terms that end within thirty days without another that follows.';
COMMENT ON COLUMN board_figure.billed IS 'Yuan of bills that fell due within a year, after waivers.';
COMMENT ON COLUMN board_figure.collected IS 'Yuan of these that were paid.';
COMMENT ON COLUMN board_figure.failing IS 'Invariants that did not hold at the last inspection; NULL before the first.';
CALL wall_estate('board_figure');
-- Whoever watches several estates sees the figures of those where they serve today, and of no other.
CREATE POLICY watched ON board_figure FOR SELECT TO app USING (EXISTS (SELECT FROM term t WHERE t.estate_id = board_figure.estate_id
  AND t.person_id = current_person() AND t.office IN ('official', 'supervisor', 'auditor') AND estate_today(board_figure.estate_id) BETWEEN t.starts_on AND t.ends_on));

CREATE FUNCTION refresh_board(p_estate integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_day date := estate_today(p_estate);
BEGIN
  PERFORM enter_estate(p_estate);
  INSERT INTO board_figure
  SELECT p_estate, v_day, (SELECT size FROM log_head WHERE estate_id = p_estate), clock_timestamp(),
    count(*) FILTER (WHERE i.figure = 'late_disclosures'), count(*) FILTER (WHERE i.figure = 'late_answers'),
    coalesce(max(v_day - i.day) FILTER (WHERE i.figure = 'unreconciled_days'), 0),
    count(*) FILTER (WHERE i.figure = 'exceptions'), coalesce(sum(i.amount) FILTER (WHERE i.figure = 'exceptions'), 0),
    count(*) FILTER (WHERE i.figure = 'emergencies'), coalesce(sum(i.amount) FILTER (WHERE i.figure = 'emergencies'), 0),
    count(*) FILTER (WHERE i.figure = 'emergencies' AND i.note = 'overdue'),
    (SELECT count(*) FROM signature g WHERE g.estate_id = p_estate AND g.signed_at >= ((v_day - 90)::timestamp AT TIME ZONE 'Asia/Shanghai')),
    count(*) FILTER (WHERE i.figure = 'weak_signatures'), count(*) FILTER (WHERE i.figure = 'expiring_terms'),
    coalesce(sum(i.amount) FILTER (WHERE i.figure = 'collection'), 0), coalesce(sum(i.note::numeric) FILTER (WHERE i.figure = 'collection'), 0),
    (SELECT n.failing FROM inspection n WHERE n.estate_id = p_estate ORDER BY n.inspection_id DESC LIMIT 1)
  FROM board_items(p_estate, v_day) AS i
  ON CONFLICT (estate_id) DO UPDATE SET (day, size, counted_at, late_disclosures, late_answers, unreconciled_days, exceptions, exceptions_amount, emergencies,
      emergencies_amount, unratified, signatures, weak_signatures, expiring_terms, billed, collected, failing)
    = ROW (excluded.day, excluded.size, excluded.counted_at, excluded.late_disclosures, excluded.late_answers, excluded.unreconciled_days, excluded.exceptions,
      excluded.exceptions_amount, excluded.emergencies, excluded.emergencies_amount, excluded.unratified, excluded.signatures, excluded.weak_signatures,
      excluded.expiring_terms, excluded.billed, excluded.collected, excluded.failing);
END $$;
COMMENT ON FUNCTION refresh_board(integer) IS 'Counts the figures of an estate anew for the board.';
GRANT EXECUTE ON FUNCTION refresh_board(integer) TO app;

-- ── Access of auditors ───────────────────────────────────────────────────────────────────────────
ALTER TABLE term ADD CONSTRAINT term_of_auditor UNIQUE (estate_id, term_id, office);

CREATE TABLE audit_scope (
  estate_id integer NOT NULL,
  term_id integer NOT NULL,
  office text NOT NULL DEFAULT 'auditor' CHECK (office = 'auditor'),
  proposal_id bigint NOT NULL,
  from_day date,
  to_day date,
  kinds text[] NOT NULL CONSTRAINT audit_scope_kinds CHECK (cardinality(kinds) > 0
    AND kinds <@ ARRAY['books', 'vouchers', 'orders', 'disclosures', 'bank', 'households', 'log', 'exports', 'voice']),
  PRIMARY KEY (estate_id, term_id),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  CONSTRAINT audit_scope_of_auditor FOREIGN KEY (estate_id, term_id, office) REFERENCES term (estate_id, term_id, office),
  CONSTRAINT audit_scope_in_order CHECK (to_day >= from_day)
);
COMMENT ON TABLE audit_scope IS 'What an auditor may read (查账范围), as the bodies signed it. A term without a row here reads everything an auditor may.';
COMMENT ON COLUMN audit_scope.estate_id IS 'Estate.';
COMMENT ON COLUMN audit_scope.term_id IS 'Term of the auditor: its days are the days of the access.';
COMMENT ON COLUMN audit_scope.office IS 'Always auditor: nobody else''s reading is narrowed.';
COMMENT ON COLUMN audit_scope.proposal_id IS 'Appointment that was signed, with this scope in its document.';
COMMENT ON COLUMN audit_scope.from_day IS 'First day of what may be read; NULL: from the beginning.';
COMMENT ON COLUMN audit_scope.to_day IS 'Last day of what may be read; NULL: up to the present.';
COMMENT ON COLUMN audit_scope.kinds IS 'Kinds of pages: books, vouchers, orders, disclosures, bank, households, log, exports, voice.';
CALL guard_append_only('audit_scope');
CALL wall_estate('audit_scope');

-- The scope comes with the term, out of the very document that was signed: {scope: {from, to, kinds: […]}}
CREATE FUNCTION open_audit_scope() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb;
BEGIN
  SELECT o.document::jsonb -> 'scope' INTO v FROM proposal o WHERE o.estate_id = NEW.estate_id AND o.proposal_id = NEW.proposal_id;
  IF v IS NULL OR v = 'null'::jsonb THEN RETURN NULL; END IF;
  INSERT INTO audit_scope (estate_id, term_id, proposal_id, from_day, to_day, kinds)
    VALUES (NEW.estate_id, NEW.term_id, NEW.proposal_id, (v ->> 'from')::date, (v ->> 'to')::date,
      ARRAY(SELECT k.value FROM jsonb_array_elements_text(v -> 'kinds') AS k(value)));
  RETURN NULL;
END $$;
CREATE TRIGGER open_audit_scope AFTER INSERT ON term FOR EACH ROW WHEN (NEW.office = 'auditor' AND NEW.proposal_id IS NOT NULL) EXECUTE FUNCTION open_audit_scope();
ALTER TABLE term ENABLE ALWAYS TRIGGER open_audit_scope;

CREATE TABLE audit_read (
  estate_id integer NOT NULL,
  term_id integer NOT NULL,
  day date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('general', 'books', 'vouchers', 'orders', 'disclosures', 'bank', 'households', 'log', 'exports', 'voice')),
  read_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, term_id, day, kind),
  FOREIGN KEY (estate_id, term_id) REFERENCES term,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE audit_read IS 'Who looked at what (查账记录): each auditor, day and kind of pages once, with its record. Shown to every member.';
COMMENT ON COLUMN audit_read.estate_id IS 'Estate.';
COMMENT ON COLUMN audit_read.term_id IS 'Term of the auditor.';
COMMENT ON COLUMN audit_read.day IS 'Business date.';
COMMENT ON COLUMN audit_read.kind IS 'Kind of pages; general: what every owner sees of offices and rules.';
COMMENT ON COLUMN audit_read.read_at IS 'First look of the day.';
COMMENT ON COLUMN audit_read.seq IS 'Record.';
CALL guard_append_only('audit_read');
CALL wall_estate('audit_read');

CREATE FUNCTION note_audit_read(p_estate integer, p_term integer, p_kind text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_day date := estate_today(p_estate); v_person uuid; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT person_id INTO v_person FROM term WHERE estate_id = p_estate AND term_id = p_term AND office = 'auditor' AND v_day BETWEEN starts_on AND ends_on;
  IF v_person IS NULL THEN RETURN 'term_over'; END IF;
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF EXISTS (SELECT FROM audit_read WHERE estate_id = p_estate AND term_id = p_term AND day = v_day AND kind = p_kind) THEN RETURN 'noted_already'; END IF;
  v_seq := write_record(p_estate, 'audit_read', format('{"by":"%s","day":"%s","pages":"%s","term":%s}', v_person, v_day, p_kind, p_term));
  INSERT INTO audit_read (estate_id, term_id, day, kind, read_at, seq)
    VALUES (p_estate, p_term, v_day, p_kind, (SELECT recorded_at FROM record WHERE estate_id = p_estate AND seq = v_seq), v_seq);
  RETURN 'noted';
END $$;
COMMENT ON FUNCTION note_audit_read(integer, integer, text) IS 'Notes that an auditor looked at a kind of pages today, once a day. Statuses: noted, noted_already, term_over.';
GRANT EXECUTE ON FUNCTION note_audit_read(integer, integer, text) TO app;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''audit_read'', ''invariant_failed'', ''invariant_held'', ');
