-- Owners' questions: what they are about, the answer clock, ratings, escalation, moderation; and the three lists (三张清单).
--   asked → waiting → late (from the day after due_on) → very late (once the days have passed a second time) → answered
--   answered → reopened once, by a rating "not" → waiting again, with a clock of its own
-- What a state is is told from the estate's clock by inquiry_states() and never stored. Everything here is append-only but
-- the clock's own setting, which its door alone changes, with a record.

-- ── The answer clock ─────────────────────────────────────────────────────────────────────────────

CREATE TABLE answer_clock (
  estate_id integer PRIMARY KEY REFERENCES estate,
  due_on_workday boolean NOT NULL DEFAULT false,
  escalate_days smallint NOT NULL DEFAULT 7 CHECK (escalate_days BETWEEN 1 AND 60),
  changed_seq bigint NOT NULL,
  FOREIGN KEY (estate_id, changed_seq) REFERENCES record
);
COMMENT ON TABLE answer_clock IS 'How the days of answers are counted; without a row: days of the calendar, escalated further after seven more. Written by set_answer_clock() only; estate.answer_days belongs to it.';
COMMENT ON COLUMN answer_clock.estate_id IS 'Estate.';
COMMENT ON COLUMN answer_clock.due_on_workday IS 'A last day that falls on a holiday or a weekend moves to the next working day.';
COMMENT ON COLUMN answer_clock.escalate_days IS 'Days after "very late" and the notice to the supervisors, until community and street office are told.';
COMMENT ON COLUMN answer_clock.changed_seq IS 'Record of the latest change.';
CALL wall_estate('answer_clock');

CREATE TABLE holiday (
  estate_id integer NOT NULL REFERENCES estate,
  day date NOT NULL,
  works boolean NOT NULL DEFAULT false,
  PRIMARY KEY (estate_id, day)
);
COMMENT ON TABLE holiday IS 'Public holidays (节假日), and weekends that are worked instead (调休上班), as an estate registered them. Written by set_answer_clock() only.';
COMMENT ON COLUMN holiday.estate_id IS 'Estate.';
COMMENT ON COLUMN holiday.day IS 'Day.';
COMMENT ON COLUMN holiday.works IS 'A weekend that is worked; false: a holiday.';
CALL wall_estate('holiday');

CREATE FUNCTION is_workday(p_estate integer, p_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT h.works FROM holiday h WHERE h.estate_id = p_estate AND h.day = p_day), extract(isodow FROM p_day) < 6)
$$;
COMMENT ON FUNCTION is_workday(integer, date) IS 'Whether work is done on a day: Monday to Friday, but for what is registered otherwise.';

CREATE FUNCTION answer_due(p_estate integer, p_from date, p_days integer) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce((SELECT c.due_on_workday FROM answer_clock c WHERE c.estate_id = p_estate), false)
    -- Nobody is away for longer than sixty days.
    THEN coalesce((SELECT p_from + p_days + n FROM generate_series(0, 60) AS n WHERE is_workday(p_estate, p_from + p_days + n) ORDER BY n LIMIT 1), p_from + p_days)
    ELSE p_from + p_days END
$$;
COMMENT ON FUNCTION answer_due(integer, date, integer) IS 'Last day of so many days from a day on: days of the calendar; where the estate asks for it, moved from a holiday or weekend to the next working day.';
GRANT EXECUTE ON FUNCTION is_workday(integer, date), answer_due(integer, date, integer) TO app, auditor;

-- {answer_days, by, due_on_workday, escalate_days, holidays: [{day, works}]}, canonical JSON: the whole setting, as it is from now on.
-- Those who have to answer do not set their own clock: chair of the committee, community or street office.
CREATE FUNCTION set_answer_clock(p_estate integer, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb := p_body::jsonb; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM term t WHERE t.estate_id = p_estate AND t.person_id = (v ->> 'by')::uuid AND t.office IN ('chair', 'official')
      AND estate_today(p_estate) BETWEEN t.starts_on AND t.ends_on) THEN RETURN 'clock_needs_office'; END IF;
  v_seq := write_record(p_estate, 'answer_clock_set', p_body);
  UPDATE estate SET answer_days = (v ->> 'answer_days')::smallint WHERE estate_id = p_estate;
  INSERT INTO answer_clock (estate_id, due_on_workday, escalate_days, changed_seq)
    VALUES (p_estate, (v ->> 'due_on_workday')::boolean, (v ->> 'escalate_days')::smallint, v_seq)
    ON CONFLICT (estate_id) DO UPDATE SET due_on_workday = excluded.due_on_workday, escalate_days = excluded.escalate_days, changed_seq = excluded.changed_seq;
  DELETE FROM holiday WHERE estate_id = p_estate;
  INSERT INTO holiday (estate_id, day, works) SELECT p_estate, (h ->> 'day')::date, (h ->> 'works')::boolean FROM jsonb_array_elements(v -> 'holidays') AS h;
  RETURN 'set';
END $$;
COMMENT ON FUNCTION set_answer_clock(integer, text) IS 'Sets days, holidays and escalation of the answer clock, with a record; questions asked before keep their days. Statuses: set, clock_needs_office.';
GRANT EXECUTE ON FUNCTION set_answer_clock(integer, text) TO app;

-- ── What a question is about, and in which list it stands ────────────────────────────────────────

ALTER TABLE inquiry ADD COLUMN about_kind text CHECK (about_kind IN ('entry', 'proposal', 'budget', 'project', 'bill')),
  ADD COLUMN about_id text CHECK (about_id ~ '^[0-9a-z_:]{1,60}$'),
  ADD COLUMN category text NOT NULL DEFAULT 'question' CHECK (category IN ('question', 'need', 'problem', 'project')),
  ADD COLUMN answer_days smallint CHECK (answer_days BETWEEN 1 AND 60),
  ADD CONSTRAINT inquiry_about_whole CHECK ((about_kind IS NULL) = (about_id IS NULL) AND (about_kind IS NOT DISTINCT FROM 'entry') = (about_seq IS NOT NULL)) NOT VALID;
COMMENT ON COLUMN inquiry.about_seq IS 'Journal entry it is about; NULL where it is about something else or nothing in particular.';
COMMENT ON COLUMN inquiry.about_kind IS 'entry, proposal, budget, project or bill; NULL for a general question, and of entries asked about before this column was there.';
COMMENT ON COLUMN inquiry.about_id IS 'Number of it; of a budget line year:fund:account. A bill''s stays here: the log and other owners are told "a bill".';
COMMENT ON COLUMN inquiry.category IS 'question, or the list it was asked for: need (需求), problem (问题), project (项目).';
COMMENT ON COLUMN inquiry.answer_days IS 'Days for the answer as they were when it was asked; NULL of older questions: those of the estate.';
CREATE INDEX inquiry_about ON inquiry (estate_id, about_kind, about_id) WHERE about_kind IS NOT NULL;
CREATE INDEX inquiry_asker ON inquiry (estate_id, asked_by, asked_at);

-- No question is written with another last day than the clock gives it.
CREATE FUNCTION guard_inquiry() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  NEW.answer_days := (SELECT answer_days FROM estate WHERE estate_id = NEW.estate_id);
  IF NEW.question IS NULL AND NEW.due_on IS DISTINCT FROM answer_due(NEW.estate_id, (NEW.asked_at AT TIME ZONE 'Asia/Shanghai')::date, NEW.answer_days) THEN
    RAISE EXCEPTION 'inquiry_due_differs: % is not the last day by the answer clock', NEW.due_on USING ERRCODE = 'check_violation', CONSTRAINT = 'inquiry_due_differs';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_inquiry BEFORE INSERT ON inquiry FOR EACH ROW EXECUTE FUNCTION guard_inquiry();
ALTER TABLE inquiry ENABLE ALWAYS TRIGGER guard_inquiry;

CREATE TABLE inquiry_name (
  estate_id integer NOT NULL,
  choice_id bigint GENERATED ALWAYS AS IDENTITY,
  inquiry_id integer NOT NULL,
  shown boolean NOT NULL,
  chosen_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, choice_id),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry
);
COMMENT ON TABLE inquiry_name IS 'Whether askers agreed to be named beside a question (单独同意，PIPL §25); the latest counts, without one a pseudonym is shown. The name itself lies in person_identity alone.';
COMMENT ON COLUMN inquiry_name.estate_id IS 'Estate.';
COMMENT ON COLUMN inquiry_name.choice_id IS 'Number.';
COMMENT ON COLUMN inquiry_name.inquiry_id IS 'Question.';
COMMENT ON COLUMN inquiry_name.shown IS 'Agreed, or taken back.';
COMMENT ON COLUMN inquiry_name.chosen_at IS 'When.';
CREATE INDEX inquiry_name_of ON inquiry_name (estate_id, inquiry_id, choice_id DESC);
CALL guard_append_only('inquiry_name');
CALL wall_estate('inquiry_name');
GRANT INSERT ON inquiry_name TO app;

CREATE TABLE answer_voucher (
  estate_id integer NOT NULL,
  answer_id integer NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (estate_id, answer_id, sha256),
  FOREIGN KEY (estate_id, answer_id) REFERENCES answer,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher
);
COMMENT ON TABLE answer_voucher IS 'Vouchers that an answer shows every owner; only files handed in for owners.';
COMMENT ON COLUMN answer_voucher.estate_id IS 'Estate.';
COMMENT ON COLUMN answer_voucher.answer_id IS 'Answer.';
COMMENT ON COLUMN answer_voucher.sha256 IS 'Voucher.';
CREATE INDEX answer_voucher_file ON answer_voucher (estate_id, sha256);
CALL guard_append_only('answer_voucher');
CALL wall_estate('answer_voucher');
GRANT INSERT ON answer_voucher TO app;
CREATE FUNCTION guard_answer_voucher() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT audience FROM voucher WHERE estate_id = NEW.estate_id AND sha256 = NEW.sha256) IS DISTINCT FROM 'owners'
      OR EXISTS (SELECT FROM bank_statement WHERE estate_id = NEW.estate_id AND sha256 = NEW.sha256) THEN
    RAISE EXCEPTION 'answer_voucher_private: an answer shows owners what was handed in for them'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_voucher_private';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_answer_voucher BEFORE INSERT ON answer_voucher FOR EACH ROW EXECUTE FUNCTION guard_answer_voucher();
ALTER TABLE answer_voucher ENABLE ALWAYS TRIGGER guard_answer_voucher;

-- ── Ratings, the second round, extensions ────────────────────────────────────────────────────────

CREATE TABLE inquiry_rating (
  estate_id integer NOT NULL,
  rating_id integer GENERATED ALWAYS AS IDENTITY,
  inquiry_id integer NOT NULL,
  answer_id integer NOT NULL,
  side text NOT NULL CHECK (side IN ('asker', 'committee', 'supervisor')),
  rating text NOT NULL CHECK (rating IN ('satisfied', 'partly', 'not')),
  rated_by uuid NOT NULL REFERENCES person,
  rated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, rating_id),
  CONSTRAINT rating_once UNIQUE (estate_id, answer_id, side),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry,
  FOREIGN KEY (estate_id, answer_id) REFERENCES answer,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE inquiry_rating IS 'What the asker, the committee and the supervisors think of an answer, once each. The reason is a text of its writer, which the record commits to (personal_value, field comment).';
COMMENT ON COLUMN inquiry_rating.estate_id IS 'Estate.';
COMMENT ON COLUMN inquiry_rating.rating_id IS 'Number.';
COMMENT ON COLUMN inquiry_rating.inquiry_id IS 'Question.';
COMMENT ON COLUMN inquiry_rating.answer_id IS 'Answer.';
COMMENT ON COLUMN inquiry_rating.side IS 'asker, committee or supervisor; a body does not rate its own answer.';
COMMENT ON COLUMN inquiry_rating.rating IS 'satisfied, partly or not.';
COMMENT ON COLUMN inquiry_rating.rated_by IS 'Who rated (opaque); of the asker not shown.';
COMMENT ON COLUMN inquiry_rating.rated_at IS 'When.';
COMMENT ON COLUMN inquiry_rating.seq IS 'Record.';
CREATE INDEX inquiry_rating_of ON inquiry_rating (estate_id, inquiry_id);
CALL guard_append_only('inquiry_rating');
CALL wall_estate('inquiry_rating');
GRANT INSERT ON inquiry_rating TO app;
CREATE FUNCTION guard_inquiry_rating() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_answer answer; v_asker uuid;
BEGIN
  SELECT * INTO v_answer FROM answer WHERE estate_id = NEW.estate_id AND answer_id = NEW.answer_id;
  SELECT asked_by INTO v_asker FROM inquiry WHERE estate_id = NEW.estate_id AND inquiry_id = NEW.inquiry_id;
  IF v_answer.inquiry_id IS DISTINCT FROM NEW.inquiry_id OR v_answer.answered_by = NEW.rated_by OR v_answer.body = NEW.side
      OR (NEW.side = 'asker') <> (NEW.rated_by = v_asker)
      OR NEW.side <> 'asker' AND NOT EXISTS (SELECT FROM term t WHERE t.estate_id = NEW.estate_id AND t.person_id = NEW.rated_by AND t.body = NEW.side
        AND estate_today(NEW.estate_id) BETWEEN t.starts_on AND t.ends_on) THEN
    RAISE EXCEPTION 'rating_not_theirs: an answer is rated by whoever asked, by the committee and by the supervisors, and by no one who gave it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rating_not_theirs';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_inquiry_rating BEFORE INSERT ON inquiry_rating FOR EACH ROW EXECUTE FUNCTION guard_inquiry_rating();
ALTER TABLE inquiry_rating ENABLE ALWAYS TRIGGER guard_inquiry_rating;

CREATE TABLE inquiry_reopening (
  estate_id integer NOT NULL,
  inquiry_id integer NOT NULL,
  rating_id integer NOT NULL,
  due_on date NOT NULL,
  reopened_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT reopened_once PRIMARY KEY (estate_id, inquiry_id),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry,
  FOREIGN KEY (estate_id, rating_id) REFERENCES inquiry_rating,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE inquiry_reopening IS 'Questions whose answer was found not to satisfy: the clock began again, once.';
COMMENT ON COLUMN inquiry_reopening.estate_id IS 'Estate.';
COMMENT ON COLUMN inquiry_reopening.inquiry_id IS 'Question.';
COMMENT ON COLUMN inquiry_reopening.rating_id IS 'Rating "not" that reopened it.';
COMMENT ON COLUMN inquiry_reopening.due_on IS 'Last day for the second answer.';
COMMENT ON COLUMN inquiry_reopening.reopened_at IS 'When.';
COMMENT ON COLUMN inquiry_reopening.seq IS 'Record of the rating.';
CALL guard_append_only('inquiry_reopening');
CALL wall_estate('inquiry_reopening');
GRANT INSERT ON inquiry_reopening TO app;
CREATE FUNCTION guard_inquiry_reopening() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM inquiry_rating g JOIN inquiry i ON i.estate_id = g.estate_id AND i.inquiry_id = g.inquiry_id JOIN estate e ON e.estate_id = g.estate_id
      WHERE g.estate_id = NEW.estate_id AND g.rating_id = NEW.rating_id AND g.inquiry_id = NEW.inquiry_id AND g.rating = 'not' AND g.seq = NEW.seq
        AND NEW.due_on = answer_due(NEW.estate_id, (NEW.reopened_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(i.answer_days, e.answer_days))) THEN
    RAISE EXCEPTION 'reopening_unfit: a rating "not" reopens a question, for its own days' USING ERRCODE = 'check_violation', CONSTRAINT = 'reopening_unfit';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_inquiry_reopening BEFORE INSERT ON inquiry_reopening FOR EACH ROW EXECUTE FUNCTION guard_inquiry_reopening();
ALTER TABLE inquiry_reopening ENABLE ALWAYS TRIGGER guard_inquiry_reopening;

CREATE TABLE inquiry_extension (
  estate_id integer NOT NULL,
  inquiry_id integer NOT NULL,
  round smallint NOT NULL CHECK (round IN (1, 2)),
  due_before date NOT NULL,
  due_on date NOT NULL CHECK (due_on > due_before),
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 5 AND 200),
  body text NOT NULL CHECK (body IN ('property', 'committee')),
  extended_by uuid NOT NULL REFERENCES person,
  extended_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT extended_once PRIMARY KEY (estate_id, inquiry_id),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE inquiry_extension IS 'More time for an answer: once for a question, before its last day is over, with a reason everybody reads.';
COMMENT ON COLUMN inquiry_extension.estate_id IS 'Estate.';
COMMENT ON COLUMN inquiry_extension.inquiry_id IS 'Question.';
COMMENT ON COLUMN inquiry_extension.round IS '1, or 2 after it was reopened.';
COMMENT ON COLUMN inquiry_extension.due_before IS 'Last day until then.';
COMMENT ON COLUMN inquiry_extension.due_on IS 'Last day from then on; at most the days of the question later.';
COMMENT ON COLUMN inquiry_extension.reason IS 'Why.';
COMMENT ON COLUMN inquiry_extension.body IS 'Body that will answer.';
COMMENT ON COLUMN inquiry_extension.extended_by IS 'Who took it.';
COMMENT ON COLUMN inquiry_extension.extended_at IS 'When.';
COMMENT ON COLUMN inquiry_extension.seq IS 'Record.';
CALL guard_append_only('inquiry_extension');
CALL wall_estate('inquiry_extension');
GRANT INSERT ON inquiry_extension TO app;

CREATE FUNCTION inquiry_states(p_estate integer, p_day date)
RETURNS TABLE (inquiry_id integer, round integer, days integer, asked_on date, due_on date, very_late_after date, state text, days_late integer,
  answers integer, answered_on date, answered_late boolean, extended boolean, rating text) LANGUAGE sql STABLE AS $$
  WITH clock AS (
    SELECT i.inquiry_id, coalesce(i.answer_days, e.answer_days)::integer AS days, (i.asked_at AT TIME ZONE 'Asia/Shanghai')::date AS asked_on,
      o.seq AS reopened, x.round AS extended, a.answers, a.first_on, a.again_on, g.rating,
      CASE WHEN x.round = 1 THEN x.due_on ELSE i.due_on END AS first_due, CASE WHEN x.round = 2 THEN x.due_on ELSE o.due_on END AS second_due
    FROM inquiry i JOIN estate e ON e.estate_id = i.estate_id
    LEFT JOIN inquiry_reopening o ON o.estate_id = i.estate_id AND o.inquiry_id = i.inquiry_id AND (o.reopened_at AT TIME ZONE 'Asia/Shanghai')::date <= p_day
    LEFT JOIN inquiry_extension x ON x.estate_id = i.estate_id AND x.inquiry_id = i.inquiry_id AND (x.extended_at AT TIME ZONE 'Asia/Shanghai')::date <= p_day
    CROSS JOIN LATERAL (SELECT count(*)::integer AS answers, (min(w.answered_at) AT TIME ZONE 'Asia/Shanghai')::date AS first_on,
        (min(w.answered_at) FILTER (WHERE w.seq > o.seq) AT TIME ZONE 'Asia/Shanghai')::date AS again_on
      FROM answer w WHERE w.estate_id = i.estate_id AND w.inquiry_id = i.inquiry_id AND (w.answered_at AT TIME ZONE 'Asia/Shanghai')::date <= p_day) AS a
    LEFT JOIN LATERAL (SELECT r.rating FROM inquiry_rating r WHERE r.estate_id = i.estate_id AND r.inquiry_id = i.inquiry_id AND r.side = 'asker'
      AND (o.seq IS NULL OR r.seq > o.seq) AND (r.rated_at AT TIME ZONE 'Asia/Shanghai')::date <= p_day ORDER BY r.seq DESC LIMIT 1) AS g ON true
    WHERE i.estate_id = p_estate AND (i.asked_at AT TIME ZONE 'Asia/Shanghai')::date <= p_day
  ), now AS (
    SELECT c.*, CASE WHEN c.reopened IS NULL THEN c.first_due ELSE c.second_due END AS due, CASE WHEN c.reopened IS NULL THEN c.first_on ELSE c.again_on END AS done_on
    FROM clock c
  )
  SELECT n.inquiry_id, CASE WHEN n.reopened IS NULL THEN 1 ELSE 2 END, n.days, n.asked_on, n.due, n.due + n.days,
    CASE WHEN n.done_on IS NOT NULL THEN 'answered' WHEN p_day <= n.due THEN 'waiting' WHEN p_day <= n.due + n.days THEN 'late' ELSE 'very_late' END,
    CASE WHEN n.done_on IS NULL THEN greatest(p_day - n.due, 0) ELSE greatest(n.done_on - n.due, 0) END,
    n.answers, n.done_on, coalesce(n.first_on > n.first_due, false) OR coalesce(n.again_on > n.second_due, false), n.extended IS NOT NULL, n.rating
  FROM now n
$$;
COMMENT ON FUNCTION inquiry_states(integer, date) IS 'Questions as they stand at the end of a day: state waiting, late (past due_on), very_late (past very_late_after) or answered; answered_on of the round it is in; answered_late where an answer of any round came after its last day; rating the asker''s, of the round.';

CREATE FUNCTION inquiry_standing(p_estate integer, p_day date)
RETURNS TABLE (asked integer, waiting integer, late integer, very_late integer, answered integer, answered_late integer, unsatisfied integer) LANGUAGE sql STABLE AS $$
  SELECT count(*)::integer, count(*) FILTER (WHERE s.state = 'waiting')::integer, count(*) FILTER (WHERE s.state = 'late')::integer,
    count(*) FILTER (WHERE s.state = 'very_late')::integer, count(*) FILTER (WHERE s.state = 'answered')::integer,
    count(*) FILTER (WHERE s.answered_late)::integer, count(*) FILTER (WHERE s.rating = 'not')::integer
  FROM inquiry_states(p_estate, p_day) s
$$;
COMMENT ON FUNCTION inquiry_standing(integer, date) IS 'Counts of questions at the end of a day: asked = waiting + late + very_late + answered. answered_late: an answer came after its last day; unsatisfied: the asker''s word on the answer of this round is "not".';
GRANT EXECUTE ON FUNCTION inquiry_states(integer, date), inquiry_standing(integer, date) TO app, auditor;

-- The body that answers takes the time while there is some left.
CREATE FUNCTION guard_inquiry_extension() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v record;
BEGIN
  SELECT * INTO v FROM inquiry_states(NEW.estate_id, (NEW.extended_at AT TIME ZONE 'Asia/Shanghai')::date) s WHERE s.inquiry_id = NEW.inquiry_id;
  IF v.state IS DISTINCT FROM 'waiting' OR v.round <> NEW.round OR v.due_on <> NEW.due_before
      OR NEW.due_on > answer_due(NEW.estate_id, NEW.due_before, v.days)
      OR NOT EXISTS (SELECT FROM term t WHERE t.estate_id = NEW.estate_id AND t.person_id = NEW.extended_by AND t.body = NEW.body
        AND estate_today(NEW.estate_id) BETWEEN t.starts_on AND t.ends_on) THEN
    RAISE EXCEPTION 'extension_unfit: once, before the last day is over, for at most as many days again' USING ERRCODE = 'check_violation', CONSTRAINT = 'extension_unfit';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_inquiry_extension BEFORE INSERT ON inquiry_extension FOR EACH ROW EXECUTE FUNCTION guard_inquiry_extension();
ALTER TABLE inquiry_extension ENABLE ALWAYS TRIGGER guard_inquiry_extension;

-- ── Escalation ───────────────────────────────────────────────────────────────────────────────────

CREATE TABLE inquiry_escalation (
  estate_id integer NOT NULL,
  inquiry_id integer NOT NULL,
  round smallint NOT NULL CHECK (round IN (1, 2)),
  step smallint NOT NULL CHECK (step IN (1, 2)),
  bodies text[] NOT NULL,
  due_on date NOT NULL,
  days_late integer NOT NULL CHECK (days_late > 0),
  escalated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT escalated_once PRIMARY KEY (estate_id, inquiry_id, round, step),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE inquiry_escalation IS 'Very late answers that were brought before others: the supervisors, then community and street office. Written by escalate_inquiries() only.';
COMMENT ON COLUMN inquiry_escalation.estate_id IS 'Estate.';
COMMENT ON COLUMN inquiry_escalation.inquiry_id IS 'Question.';
COMMENT ON COLUMN inquiry_escalation.round IS '1, or 2 after it was reopened.';
COMMENT ON COLUMN inquiry_escalation.step IS '1: the supervisors, or whoever watches where nobody serves there. 2: community and street office.';
COMMENT ON COLUMN inquiry_escalation.bodies IS 'Bodies that were told; empty where nobody serves in any.';
COMMENT ON COLUMN inquiry_escalation.due_on IS 'Last day that passed.';
COMMENT ON COLUMN inquiry_escalation.days_late IS 'Days since.';
COMMENT ON COLUMN inquiry_escalation.escalated_at IS 'When.';
COMMENT ON COLUMN inquiry_escalation.seq IS 'Record.';
CALL guard_append_only('inquiry_escalation');
CALL wall_estate('inquiry_escalation');

-- Asks the clock what is due, not when it was last asked: after a pause of any length everything is made up for, each step once.
CREATE FUNCTION escalate_inquiries(p_estate integer) RETURNS TABLE (inquiry integer, stage integer, told text[], due date, late_days integer)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v record; v_today date; v_watching text[]; v_first text[]; v_second text[]; v_more integer; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_today := estate_today(p_estate);
  v_more := coalesce((SELECT c.escalate_days FROM answer_clock c WHERE c.estate_id = p_estate), 7);
  v_watching := array(SELECT DISTINCT t.body FROM term t WHERE t.estate_id = p_estate AND t.body IN ('supervisor', 'community', 'street')
    AND v_today BETWEEN t.starts_on AND t.ends_on ORDER BY t.body);
  v_second := array_remove(v_watching, 'supervisor');
  v_first := CASE WHEN 'supervisor' = ANY (v_watching) THEN array['supervisor'] ELSE v_second END;
  FOR v IN SELECT s.*, i.seq AS asked_seq, n.n AS step FROM inquiry_states(p_estate, v_today) s
      JOIN inquiry i ON i.estate_id = p_estate AND i.inquiry_id = s.inquiry_id CROSS JOIN generate_series(1, 2) AS n(n)
      WHERE s.state = 'very_late' AND (n.n = 1 OR v_today > s.very_late_after + v_more)
        AND NOT EXISTS (SELECT FROM inquiry_escalation x WHERE x.estate_id = p_estate AND x.inquiry_id = s.inquiry_id AND x.round = s.round AND x.step = n.n)
      ORDER BY s.inquiry_id, n.n LOOP
    inquiry := v.inquiry_id; stage := v.step; told := CASE v.step WHEN 1 THEN v_first ELSE v_second END; due := v.due_on; late_days := v.days_late;
    v_seq := write_record(p_estate, 'inquiry_escalated', format('{"bodies":%s,"days_late":%s,"due_on":"%s","inquiry":%s,"inquiry_record":%s,"round":%s,"step":%s}',
      to_json(told), late_days, due, inquiry, v.asked_seq, v.round, stage));
    INSERT INTO inquiry_escalation (estate_id, inquiry_id, round, step, bodies, due_on, days_late, escalated_at, seq)
      VALUES (p_estate, inquiry, v.round, stage, told, due, late_days, estate_clock(p_estate), v_seq);
    RETURN NEXT;
  END LOOP;
END $$;
COMMENT ON FUNCTION escalate_inquiries(integer) IS 'Brings very late answers before the supervisors and, later, before community and street office, each once, with a record; gives what is new.';
GRANT EXECUTE ON FUNCTION escalate_inquiries(integer) TO app;

-- ── Moderation ───────────────────────────────────────────────────────────────────────────────────

CREATE TABLE text_moderation (
  estate_id integer NOT NULL,
  moderation_id integer GENERATED ALWAYS AS IDENTITY,
  of_seq bigint NOT NULL,
  field text NOT NULL CHECK (field IN ('question', 'comment', 'objection')),
  step text NOT NULL CHECK (step IN ('hidden', 'appealed', 'upheld', 'restored')),
  body text,
  moderated_by uuid REFERENCES person,
  reason text CHECK (char_length(reason) BETWEEN 5 AND 200),
  moderated_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, moderation_id),
  FOREIGN KEY (estate_id, of_seq) REFERENCES record,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT moderation_whole CHECK ((step = 'appealed') = (body IS NULL) AND (body IS NULL) = (moderated_by IS NULL) AND (body IS NULL) = (reason IS NULL))
);
COMMENT ON TABLE text_moderation IS 'Texts of owners that were hidden, and what became of it: hidden → appealed (申诉) → upheld or restored. Hiding takes the text from view, never that something was asked, nor its clock.';
COMMENT ON COLUMN text_moderation.estate_id IS 'Estate.';
COMMENT ON COLUMN text_moderation.moderation_id IS 'Number; the latest of a text counts.';
COMMENT ON COLUMN text_moderation.of_seq IS 'Record that commits to the text.';
COMMENT ON COLUMN text_moderation.field IS 'Which text of it.';
COMMENT ON COLUMN text_moderation.step IS 'hidden, appealed, upheld or restored.';
COMMENT ON COLUMN text_moderation.body IS 'Body that hid it or decided; NULL of an appeal, which is the writer''s.';
COMMENT ON COLUMN text_moderation.moderated_by IS 'Who, of that body.';
COMMENT ON COLUMN text_moderation.reason IS 'Why; everybody reads it.';
COMMENT ON COLUMN text_moderation.moderated_at IS 'When.';
COMMENT ON COLUMN text_moderation.seq IS 'Record.';
CREATE INDEX text_moderation_of ON text_moderation (estate_id, of_seq, moderation_id DESC);
CALL guard_append_only('text_moderation');
CALL wall_estate('text_moderation');
GRANT INSERT ON text_moderation TO app;

CREATE FUNCTION moderation_of(p_estate integer, p_seq bigint, p_field text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT m.step FROM text_moderation m WHERE m.estate_id = p_estate AND m.of_seq = p_seq AND m.field = p_field ORDER BY m.moderation_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION moderation_of(integer, bigint, text) IS 'Where the moderation of a text stands; NULL where there was none. It is shown where there was none or it was restored.';
GRANT EXECUTE ON FUNCTION moderation_of(integer, bigint, text) TO app, auditor;

-- Who is asked hides nothing: committee, supervisors, community, street office. Who hid a text does not decide about it.
CREATE FUNCTION guard_text_moderation() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_last text_moderation; v_hider text_moderation;
BEGIN
  SELECT * INTO v_last FROM text_moderation m WHERE m.estate_id = NEW.estate_id AND m.of_seq = NEW.of_seq AND m.field = NEW.field ORDER BY m.moderation_id DESC LIMIT 1;
  SELECT * INTO v_hider FROM text_moderation m WHERE m.estate_id = NEW.estate_id AND m.of_seq = NEW.of_seq AND m.field = NEW.field AND m.step = 'hidden' LIMIT 1;
  IF NOT EXISTS (SELECT FROM record r WHERE r.estate_id = NEW.estate_id AND r.seq = NEW.of_seq AND r.body::jsonb ? (NEW.field || '_commitment'))
      OR (CASE NEW.step WHEN 'hidden' THEN v_last.step IS NULL WHEN 'appealed' THEN v_last.step = 'hidden' ELSE v_last.step IN ('hidden', 'appealed') END) IS NOT TRUE
      OR NEW.step <> 'appealed' AND NOT EXISTS (SELECT FROM term t WHERE t.estate_id = NEW.estate_id AND t.person_id = NEW.moderated_by AND t.body = NEW.body
        AND t.office IN ('chair', 'member', 'supervisor', 'official') AND estate_today(NEW.estate_id) BETWEEN t.starts_on AND t.ends_on)
      OR NEW.step IN ('upheld', 'restored') AND (NEW.body NOT IN ('supervisor', 'community', 'street') OR NEW.body = v_hider.body OR NEW.moderated_by = v_hider.moderated_by) THEN
    RAISE EXCEPTION 'moderation_unfit: % after %', NEW.step, coalesce(v_last.step, 'nothing') USING ERRCODE = 'check_violation', CONSTRAINT = 'moderation_unfit';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_text_moderation BEFORE INSERT ON text_moderation FOR EACH ROW EXECUTE FUNCTION guard_text_moderation();
ALTER TABLE text_moderation ENABLE ALWAYS TRIGGER guard_text_moderation;

-- Whoever leaves takes along what they wrote on answers as well.
CALL amend_function('erase_here(integer, uuid, uuid, text, boolean, date, text)',
  'OR v.field = ''comment'' AND r.body::jsonb ->> ''by'' = p_person::text',
  'OR v.field = ''comment'' AND EXISTS (SELECT FROM inquiry_rating g WHERE g.estate_id = p_estate AND g.seq = v.seq AND g.rated_by = p_person)
        OR v.field = ''comment'' AND r.body::jsonb ->> ''by'' = p_person::text');

-- ── The three lists ──────────────────────────────────────────────────────────────────────────────

CREATE TABLE list_item (
  estate_id integer NOT NULL REFERENCES estate,
  item_id integer GENERATED ALWAYS AS IDENTITY,
  inquiry_id integer,
  opened_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, item_id),
  CONSTRAINT listed_once UNIQUE (estate_id, inquiry_id),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE list_item IS 'Items of the three lists (需求清单、问题清单、项目清单): from a question, or entered by whoever serves. How an item stands is its last list_change.';
COMMENT ON COLUMN list_item.estate_id IS 'Estate.';
COMMENT ON COLUMN list_item.item_id IS 'Number.';
COMMENT ON COLUMN list_item.inquiry_id IS 'Question it came from; NULL where none.';
COMMENT ON COLUMN list_item.opened_at IS 'When.';
COMMENT ON COLUMN list_item.seq IS 'Record.';
CALL guard_append_only('list_item');
CALL wall_estate('list_item');
GRANT INSERT ON list_item TO app;

CREATE TABLE list_change (
  estate_id integer NOT NULL,
  item_id integer NOT NULL,
  step smallint NOT NULL CHECK (step > 0),
  list text NOT NULL CHECK (list IN ('need', 'problem', 'project')),
  title text CHECK (char_length(title) BETWEEN 2 AND 60),
  detail text CHECK (char_length(detail) BETWEEN 2 AND 500),
  owner_body text NOT NULL,
  owner_term integer,
  due_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'doing', 'done', 'dropped')),
  note text CHECK (char_length(note) BETWEEN 2 AND 300),
  merged_into integer,
  proposal_id bigint,
  project_id bigint,
  budget_line text CHECK (budget_line ~ '^[0-9]{4}:[a-z0-9_]{1,40}:[0-9]{4,12}$'),
  body text,
  changed_by uuid REFERENCES person,
  changed_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT list_step_once PRIMARY KEY (estate_id, item_id, step),
  FOREIGN KEY (estate_id, item_id) REFERENCES list_item,
  FOREIGN KEY (estate_id, owner_body) REFERENCES body,
  FOREIGN KEY (estate_id, owner_term) REFERENCES term,
  FOREIGN KEY (estate_id, merged_into) REFERENCES list_item,
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT list_drop_has_reason CHECK (state NOT IN ('done', 'dropped') OR note IS NOT NULL),
  CONSTRAINT list_not_into_itself CHECK (merged_into <> item_id),
  CONSTRAINT list_change_whose CHECK ((body IS NULL) = (changed_by IS NULL) AND (body IS NOT NULL OR step = 1))
);
COMMENT ON TABLE list_change IS 'History of the three lists: each row says how an item stood from then on. None is changed; the last one counts.';
COMMENT ON COLUMN list_change.estate_id IS 'Estate.';
COMMENT ON COLUMN list_change.item_id IS 'Item.';
COMMENT ON COLUMN list_change.step IS 'Number within the item, from 1, without gaps.';
COMMENT ON COLUMN list_change.list IS 'need (需求), problem (问题) or project (项目).';
COMMENT ON COLUMN list_change.title IS 'Title; NULL: the text of the question, as far as it is shown.';
COMMENT ON COLUMN list_change.detail IS 'More words of whoever keeps the lists; NULL without.';
COMMENT ON COLUMN list_change.owner_body IS 'Body whose task it is (责任方).';
COMMENT ON COLUMN list_change.owner_term IS 'Person in office whose task it is, by their term; NULL: the body''s.';
COMMENT ON COLUMN list_change.due_on IS 'Day by which it is to be done.';
COMMENT ON COLUMN list_change.state IS 'open, doing, done or dropped.';
COMMENT ON COLUMN list_change.note IS 'What was done, or why it was dropped, put off or merged.';
COMMENT ON COLUMN list_change.merged_into IS 'Item it was merged into; both remain shown.';
COMMENT ON COLUMN list_change.proposal_id IS 'Order or other proposal that carries it out.';
COMMENT ON COLUMN list_change.project_id IS 'Project.';
COMMENT ON COLUMN list_change.budget_line IS 'Line of a budget: year:fund:account.';
COMMENT ON COLUMN list_change.body IS 'Body for which it was changed; NULL of the first step where an owner''s question opened it.';
COMMENT ON COLUMN list_change.changed_by IS 'Who changed it.';
COMMENT ON COLUMN list_change.changed_at IS 'When.';
COMMENT ON COLUMN list_change.seq IS 'Record.';
CREATE INDEX list_change_project ON list_change (estate_id, project_id) WHERE project_id IS NOT NULL;
CREATE INDEX list_change_merged ON list_change (estate_id, merged_into) WHERE merged_into IS NOT NULL;
CALL guard_append_only('list_change');
CALL wall_estate('list_change');
GRANT INSERT ON list_change TO app;

CREATE FUNCTION guard_list_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_last list_change; v_into list_change;
BEGIN
  SELECT * INTO v_last FROM list_change c WHERE c.estate_id = NEW.estate_id AND c.item_id = NEW.item_id ORDER BY c.step DESC LIMIT 1;
  IF NEW.step <> coalesce(v_last.step, 0) + 1 OR v_last.merged_into IS NOT NULL THEN
    RAISE EXCEPTION 'list_step_unfit: step % of item %', NEW.step, NEW.item_id USING ERRCODE = 'check_violation', CONSTRAINT = 'list_step_unfit';
  END IF;
  IF NEW.title IS NULL AND (SELECT inquiry_id FROM list_item WHERE estate_id = NEW.estate_id AND item_id = NEW.item_id) IS NULL THEN
    RAISE EXCEPTION 'list_title_missing: an item that came from no question has a title' USING ERRCODE = 'check_violation', CONSTRAINT = 'list_title_missing';
  END IF;
  IF NEW.merged_into IS NOT NULL THEN
    SELECT * INTO v_into FROM list_change c WHERE c.estate_id = NEW.estate_id AND c.item_id = NEW.merged_into ORDER BY c.step DESC LIMIT 1;
    IF v_into.item_id IS NULL OR v_into.merged_into IS NOT NULL THEN
      RAISE EXCEPTION 'list_merge_unfit: item % cannot take another', NEW.merged_into USING ERRCODE = 'check_violation', CONSTRAINT = 'list_merge_unfit';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_list_change BEFORE INSERT ON list_change FOR EACH ROW EXECUTE FUNCTION guard_list_change();
ALTER TABLE list_change ENABLE ALWAYS TRIGGER guard_list_change;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''answer_clock_set'', ''inquiry_escalated'', ');
