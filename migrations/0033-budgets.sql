-- Open budgets (开放式预算) and final accounts (决算): a draft for a year, open to owners' comments, signed, published; what is spent
-- against it, and the closing of a year.
--   draft:   edited → open for comments → edited again, or as it is → signed (proposal of kind budget) → published → adjusted by another
--   order:   within the budget, or submitted with the reason why not, in public
--   year:    over → final account signed → income and expense carried to the fund's own account by one entry
-- What is published is written by publish_budget() only. Entries of final accounts are closing entries: no figure counts them as income
-- or expense (closing_lines), and nobody reverses them: what comes late is carried over by a further final account of the year.

CREATE TABLE budget (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  year smallint NOT NULL CHECK (year BETWEEN 2000 AND 2999),
  version smallint NOT NULL CHECK (version > 0),
  adjusts bigint,
  reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
  rate numeric(5, 2) CHECK (rate BETWEEN 0 AND 100),
  published_on date NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT budget_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  CONSTRAINT budget_version_once UNIQUE (estate_id, year, version),
  CONSTRAINT budget_adjusts_one FOREIGN KEY (estate_id, adjusts) REFERENCES budget,
  CONSTRAINT budget_adjusted_with_reason CHECK ((adjusts IS NULL) = (version = 1) AND (adjusts IS NULL) = (reason IS NULL)),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE budget IS 'Budgets (预算) that were signed and published. The last version of a year is in force. Written by publish_budget() only.';
COMMENT ON COLUMN budget.estate_id IS 'Estate.';
COMMENT ON COLUMN budget.proposal_id IS 'Proposal with the signatures; number of the version.';
COMMENT ON COLUMN budget.year IS 'Year, January to December.';
COMMENT ON COLUMN budget.version IS '1, then one for each adjustment.';
COMMENT ON COLUMN budget.adjusts IS 'Version it takes the place of; NULL for the first.';
COMMENT ON COLUMN budget.reason IS 'Why it was adjusted; NULL for the first.';
COMMENT ON COLUMN budget.rate IS 'Share of billed fees that is expected to be paid, per cent; NULL where none was billed.';
COMMENT ON COLUMN budget.published_on IS 'Day from which it is in force.';
COMMENT ON COLUMN budget.seq IS 'Record.';
CALL guard_append_only('budget');
CALL wall_estate('budget');

CREATE TABLE budget_line (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  fund text NOT NULL,
  account text NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount >= 0),
  note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 200),
  PRIMARY KEY (estate_id, proposal_id, fund, account),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES budget,
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, account) REFERENCES account
);
COMMENT ON TABLE budget_line IS 'Lines of a published budget: what a fund expects for an account of income, or may spend for one of expense.';
COMMENT ON COLUMN budget_line.estate_id IS 'Estate.';
COMMENT ON COLUMN budget_line.proposal_id IS 'Version.';
COMMENT ON COLUMN budget_line.fund IS 'Fund.';
COMMENT ON COLUMN budget_line.account IS 'Account of income or expense.';
COMMENT ON COLUMN budget_line.amount IS 'For the whole year, yuan.';
COMMENT ON COLUMN budget_line.note IS 'What it rests on, for everybody to read.';
CALL guard_append_only('budget_line');
CALL wall_estate('budget_line');

CREATE TABLE budget_draft (
  estate_id integer NOT NULL REFERENCES estate,
  draft_id bigint GENERATED ALWAYS AS IDENTITY,
  year smallint NOT NULL CHECK (year BETWEEN 2000 AND 2999),
  adjusts bigint,
  reason text CHECK (char_length(reason) BETWEEN 1 AND 500),
  rate numeric(5, 2) CHECK (rate BETWEEN 0 AND 100),
  basis text NOT NULL,
  made_by uuid NOT NULL REFERENCES person,
  made_at timestamptz NOT NULL,
  comment_from date,
  comment_until date,
  opened_seq bigint,
  opened_lines text,
  proposal_id bigint,
  dropped_at timestamptz,
  PRIMARY KEY (estate_id, draft_id),
  FOREIGN KEY (estate_id, adjusts) REFERENCES budget,
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  CONSTRAINT budget_draft_adjusts_with_reason CHECK ((adjusts IS NULL) = (reason IS NULL)),
  CONSTRAINT budget_draft_opened_whole CHECK (num_nonnulls(comment_from, comment_until, opened_seq, opened_lines) IN (0, 4)),
  CONSTRAINT budget_draft_time_to_comment CHECK (comment_until - comment_from BETWEEN 3 AND 60)
);
COMMENT ON TABLE budget_draft IS 'Budgets in the making. Its state is told from the clock and from its proposal.';
COMMENT ON COLUMN budget_draft.estate_id IS 'Estate.';
COMMENT ON COLUMN budget_draft.draft_id IS 'Number.';
COMMENT ON COLUMN budget_draft.year IS 'Year.';
COMMENT ON COLUMN budget_draft.adjusts IS 'Version in force that it would take the place of; NULL for the first of a year.';
COMMENT ON COLUMN budget_draft.reason IS 'Why that is to be adjusted.';
COMMENT ON COLUMN budget_draft.rate IS 'Share of billed fees that was paid over the months of the basis, per cent; NULL where none was billed.';
COMMENT ON COLUMN budget_draft.basis IS 'JSON: the months whose figures the first lines come from, and those figures by fund and account.';
COMMENT ON COLUMN budget_draft.made_by IS 'Who began it.';
COMMENT ON COLUMN budget_draft.made_at IS 'When.';
COMMENT ON COLUMN budget_draft.comment_from IS 'First day of the latest comment period.';
COMMENT ON COLUMN budget_draft.comment_until IS 'Last day of it; nothing is changed up to then.';
COMMENT ON COLUMN budget_draft.opened_seq IS 'Record that opened it, with the lines owners comment on.';
COMMENT ON COLUMN budget_draft.opened_lines IS 'Those lines, JSON.';
COMMENT ON COLUMN budget_draft.proposal_id IS 'Proposal it was submitted with, the latest.';
COMMENT ON COLUMN budget_draft.dropped_at IS 'When it was given up.';
CALL wall_estate('budget_draft');
GRANT INSERT (estate_id, year, adjusts, reason, rate, basis, made_by, made_at),
  UPDATE (reason, comment_from, comment_until, opened_seq, opened_lines, proposal_id, dropped_at) ON budget_draft TO app;

CREATE TABLE budget_draft_line (
  estate_id integer NOT NULL,
  draft_id bigint NOT NULL,
  fund text NOT NULL,
  account text NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount >= 0),
  note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 200),
  PRIMARY KEY (estate_id, draft_id, fund, account),
  FOREIGN KEY (estate_id, draft_id) REFERENCES budget_draft,
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, account) REFERENCES account
);
COMMENT ON TABLE budget_draft_line IS 'Lines of a draft as they stand now.';
COMMENT ON COLUMN budget_draft_line.estate_id IS 'Estate.';
COMMENT ON COLUMN budget_draft_line.draft_id IS 'Draft.';
COMMENT ON COLUMN budget_draft_line.fund IS 'Fund.';
COMMENT ON COLUMN budget_draft_line.account IS 'Account of income or expense.';
COMMENT ON COLUMN budget_draft_line.amount IS 'For the whole year, yuan.';
COMMENT ON COLUMN budget_draft_line.note IS 'What it rests on.';
CALL wall_estate('budget_draft_line');
GRANT INSERT, DELETE ON budget_draft_line TO app;

CREATE TABLE budget_comment (
  estate_id integer NOT NULL,
  comment_id bigint GENERATED ALWAYS AS IDENTITY,
  draft_id bigint NOT NULL,
  fund text,
  account text,
  commented_by uuid NOT NULL REFERENCES person,
  commented_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, comment_id),
  FOREIGN KEY (estate_id, draft_id) REFERENCES budget_draft,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT budget_comment_on_a_line CHECK ((fund IS NULL) = (account IS NULL))
);
COMMENT ON TABLE budget_comment IS 'Comments of owners on a draft. The text lies in personal_value; who wrote it is not in the log.';
COMMENT ON COLUMN budget_comment.estate_id IS 'Estate.';
COMMENT ON COLUMN budget_comment.comment_id IS 'Number.';
COMMENT ON COLUMN budget_comment.draft_id IS 'Draft.';
COMMENT ON COLUMN budget_comment.fund IS 'Fund of the line it is about; NULL: about the whole.';
COMMENT ON COLUMN budget_comment.account IS 'Account of that line.';
COMMENT ON COLUMN budget_comment.commented_by IS 'Who wrote it; shown to nobody.';
COMMENT ON COLUMN budget_comment.commented_at IS 'When.';
COMMENT ON COLUMN budget_comment.seq IS 'Record that commits to the text.';
CREATE INDEX budget_comment_draft ON budget_comment (estate_id, draft_id);
CALL guard_append_only('budget_comment');
CALL wall_estate('budget_comment');
GRANT INSERT ON budget_comment TO app;

CREATE TABLE budget_answer (
  estate_id integer NOT NULL,
  answer_id bigint GENERATED ALWAYS AS IDENTITY,
  comment_id bigint NOT NULL,
  answer text NOT NULL CHECK (char_length(answer) BETWEEN 2 AND 1000),
  body text NOT NULL,
  answered_by uuid NOT NULL REFERENCES person,
  answered_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, answer_id),
  FOREIGN KEY (estate_id, comment_id) REFERENCES budget_comment,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE budget_answer IS 'Answers of the bodies to comments.';
COMMENT ON COLUMN budget_answer.estate_id IS 'Estate.';
COMMENT ON COLUMN budget_answer.answer_id IS 'Number.';
COMMENT ON COLUMN budget_answer.comment_id IS 'Comment.';
COMMENT ON COLUMN budget_answer.answer IS 'Text.';
COMMENT ON COLUMN budget_answer.body IS 'Body that answers.';
COMMENT ON COLUMN budget_answer.answered_by IS 'Officer.';
COMMENT ON COLUMN budget_answer.answered_at IS 'When.';
COMMENT ON COLUMN budget_answer.seq IS 'Record.';
CREATE INDEX budget_answer_comment ON budget_answer (estate_id, comment_id);
CALL guard_append_only('budget_answer');
CALL wall_estate('budget_answer');
GRANT INSERT ON budget_answer TO app;

ALTER TABLE payment_order ADD COLUMN over_budget_reason text CHECK (char_length(over_budget_reason) BETWEEN 1 AND 200);
COMMENT ON COLUMN payment_order.over_budget_reason IS 'Why it may exceed the budget, for everybody to read; NULL where nobody said.';
GRANT INSERT (over_budget_reason), UPDATE (over_budget_reason) ON payment_order TO app;

-- ── Closing entries ──────────────────────────────────────────────────────────────────────────────

CREATE INDEX proposal_final_account ON proposal (estate_id) WHERE kind = 'final_account';

-- Debits and credits by closing entries, by the year they close and the month they stand in.
CREATE FUNCTION closing_lines(p_estate integer)
RETURNS TABLE (year integer, seq bigint, period text, account text, fund text, debit numeric, credit numeric) LANGUAGE sql STABLE AS $$
  SELECT (o.document::jsonb ->> 'year')::integer, p.seq, p.period, p.account, p.fund, p.debit, p.credit
  FROM proposal o JOIN journal_entry e ON e.estate_id = o.estate_id AND e.proposal_id = o.proposal_id
  JOIN posting p ON p.estate_id = e.estate_id AND p.seq = e.seq
  WHERE o.estate_id = p_estate AND o.kind = 'final_account'
$$;
COMMENT ON FUNCTION closing_lines(integer) IS 'Lines of the entries of final accounts: what figures of income and expense leave out.';
GRANT EXECUTE ON FUNCTION closing_lines(integer) TO app, auditor;

-- Turnover by month, account and fund as a year's income and expense are told: without closing entries.
CREATE FUNCTION turnover_before_closing(p_estate integer, p_from text, p_to text)
RETURNS TABLE (period text, account text, fund text, debit numeric, credit numeric) LANGUAGE sql STABLE AS $$
  SELECT b.period, b.account, b.fund, b.debit - coalesce(c.debit, 0), b.credit - coalesce(c.credit, 0)
  FROM balance b LEFT JOIN (SELECT l.period, l.account, l.fund, sum(l.debit) AS debit, sum(l.credit) AS credit FROM closing_lines(p_estate) l
    GROUP BY l.period, l.account, l.fund) c ON c.period = b.period AND c.account = b.account AND c.fund = b.fund
  WHERE b.estate_id = p_estate AND b.period BETWEEN p_from AND p_to
$$;
COMMENT ON FUNCTION turnover_before_closing(integer, text, text) IS 'Debits and credits of the months from one to another, by account and fund, without closing entries.';
GRANT EXECUTE ON FUNCTION turnover_before_closing(integer, text, text) TO app, auditor;

-- Debits less credits of each account of income and expense: of the year, and what of it is not carried over yet.
CREATE FUNCTION year_rest(p_estate integer, p_year integer)
RETURNS TABLE (fund text, account text, class text, actual numeric, rest numeric) LANGUAGE sql STABLE AS $$
  SELECT n.fund, n.account, a.class, sum(n.actual)::numeric(16, 2), sum(n.actual + n.closed)::numeric(16, 2)
  FROM (SELECT t.fund, t.account, t.debit - t.credit AS actual, 0 AS closed FROM turnover_before_closing(p_estate, p_year || '-01', p_year || '-12') t
    UNION ALL SELECT l.fund, l.account, 0, l.debit - l.credit FROM closing_lines(p_estate) l WHERE l.year = p_year) n
  JOIN account a ON a.estate_id = p_estate AND a.account = n.account AND a.class IN ('income', 'expense')
  GROUP BY n.fund, n.account, a.class
$$;
COMMENT ON FUNCTION year_rest(integer, integer) IS 'By fund and account of income and expense: debits less credits of a year, and what of it no closing entry has carried over.';
GRANT EXECUTE ON FUNCTION year_rest(integer, integer) TO app, auditor;

-- Where a fund's surplus goes: the owners' fund, or of restricted money the account that says whose it is.
CREATE FUNCTION fund_equity(p_estate integer, p_fund text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN NOT f.is_restricted THEN '3101' ELSE coalesce(
      (SELECT min(u.account) FROM fund_account u WHERE u.estate_id = p_estate AND u.fund = p_fund AND u.account LIKE '3102__'),
      (SELECT CASE min(u.account) WHEN '4105' THEN '310201' ELSE '310204' END FROM fund_account u
        WHERE u.estate_id = p_estate AND u.fund = p_fund AND u.account IN ('4105', '4106') HAVING count(*) > 0), '310205') END
  FROM fund f WHERE f.estate_id = p_estate AND f.fund = p_fund
$$;
COMMENT ON FUNCTION fund_equity(integer, text) IS 'Account of a fund that takes its surplus when a year is closed: 3101, or of restricted funds one below 3102.';
GRANT EXECUTE ON FUNCTION fund_equity(integer, text) TO app, auditor;

-- The door knows which accounts a restricted fund may be used for; closing them is not using them. What closing entries may hold is
-- said by the guard below.
CALL amend_function('post_entries(integer, text[])',
  'WHEN t.fund_restricted OR (', 'WHEN (t.fund_restricted AND o.kind IS DISTINCT FROM ''final_account'') OR (');

CREATE FUNCTION guard_closing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM inserted e JOIN proposal o ON o.estate_id = e.estate_id AND o.proposal_id = e.proposal_id AND o.kind = 'final_account'
      CROSS JOIN LATERAL (SELECT (o.document::jsonb ->> 'year')::integer AS year) y
      WHERE e.kind = 'transfer' AND (e.reverses IS NOT NULL OR e.period < y.year || '-12'
        OR EXISTS (SELECT FROM posting p JOIN account a ON a.estate_id = p.estate_id AND a.account = p.account
          WHERE p.estate_id = e.estate_id AND p.seq = e.seq
            AND NOT (a.class IN ('income', 'expense') OR p.account IN ('3103', fund_equity(p.estate_id, p.fund))))
        OR EXISTS (SELECT FROM posting p WHERE p.estate_id = e.estate_id AND p.seq = e.seq AND p.account = '3103'
          GROUP BY p.fund HAVING sum(p.debit - p.credit) <> 0)
        OR EXISTS (SELECT FROM posting p JOIN year_rest(e.estate_id, y.year) r ON r.fund = p.fund AND r.account = p.account
          WHERE p.estate_id = e.estate_id AND p.seq = e.seq AND r.rest <> 0)
        OR EXISTS (SELECT FROM posting p JOIN account a ON a.estate_id = p.estate_id AND a.account = p.account AND a.class IN ('income', 'expense')
          LEFT JOIN year_rest(e.estate_id, y.year) r ON r.fund = p.fund AND r.account = p.account
          WHERE p.estate_id = e.estate_id AND p.seq = e.seq AND r.account IS NULL))) THEN
    RAISE EXCEPTION 'closing_differs: the entry does not carry over what the year left' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'closing_differs';
  END IF;
  IF EXISTS (SELECT FROM inserted e JOIN journal_entry t ON t.estate_id = e.estate_id AND t.seq = e.reverses
      JOIN proposal o ON o.estate_id = t.estate_id AND o.proposal_id = t.proposal_id AND o.kind = 'final_account' WHERE e.reverses IS NOT NULL) THEN
    RAISE EXCEPTION 'closing_stays: a closing entry is not reversed' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'closing_stays';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_closing AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION guard_closing();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER guard_closing;

-- ── What is spent against a budget ───────────────────────────────────────────────────────────────

-- The version of a year in force at the end of a day; NULL without.
CREATE FUNCTION budget_in_force(p_estate integer, p_year integer, p_day date) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT b.proposal_id FROM budget b WHERE b.estate_id = p_estate AND b.year = p_year AND b.published_on <= p_day ORDER BY b.version DESC LIMIT 1
$$;
COMMENT ON FUNCTION budget_in_force(integer, integer, date) IS 'Version of a year''s budget in force at the end of a day; NULL without.';
GRANT EXECUTE ON FUNCTION budget_in_force(integer, integer, date) TO app, auditor;

-- budget: NULL where the year has none, 0 where the line is not in it. actual: by the day, without closing entries. committed: orders that
-- were approved by the day and not paid; asked: orders that wait for signatures now.
CREATE FUNCTION budget_execution(p_estate integer, p_year integer, p_day date)
RETURNS TABLE (fund text, account text, class text, budget numeric, actual numeric, committed numeric, asked numeric) LANGUAGE sql STABLE AS $$
  WITH span AS (
    SELECT least(p_day, make_date(p_year, 12, 31)) AS day, budget_in_force(p_estate, p_year, p_day) AS version
  ), part AS (
    SELECT l.fund, l.account, l.amount AS budget, 0::numeric AS actual, 0::numeric AS committed, 0::numeric AS asked
    FROM span s JOIN budget_line l ON l.estate_id = p_estate AND l.proposal_id = s.version
    UNION ALL
    SELECT t.fund, t.account, 0, t.debit - t.credit, 0, 0 FROM span s, turnover_before_closing(p_estate, p_year || '-01', p_year || '-12') t
      WHERE t.period < to_char(s.day, 'YYYY-MM')
    UNION ALL
    SELECT p.fund, p.account, 0, p.debit - p.credit, 0, 0 FROM span s
      JOIN journal_entry e ON e.estate_id = p_estate AND e.period = to_char(s.day, 'YYYY-MM') AND e.entry_date <= s.day
      JOIN posting p ON p.estate_id = e.estate_id AND p.seq = e.seq AND p.period = e.period
      WHERE to_char(s.day, 'YYYY') = p_year::text
        AND NOT EXISTS (SELECT FROM proposal o WHERE o.estate_id = e.estate_id AND o.proposal_id = e.proposal_id AND o.kind = 'final_account')
    UNION ALL
    SELECT o.fund, o.account, 0, 0,
      CASE WHEN p.approved_at IS NOT NULL AND (p.approved_at AT TIME ZONE 'Asia/Shanghai')::date <= s.day THEN o.amount ELSE 0 END,
      CASE WHEN p.state IN ('submitted', 'held') AND p.approved_at IS NULL THEN o.amount ELSE 0 END
    FROM span s JOIN proposal p ON p.estate_id = p_estate AND p.kind = 'payment' AND (p.state IN ('submitted', 'held', 'approved')
        OR p.state = 'executed' AND (p.executed_at AT TIME ZONE 'Asia/Shanghai')::date > s.day)
      JOIN payment_order o ON o.estate_id = p.estate_id AND o.proposal_id = p.proposal_id AND o.settles IS NULL
      -- What was signed last year and is not paid is paid from this year's.
      WHERE to_char(p.submitted_at AT TIME ZONE 'Asia/Shanghai', 'YYYY') <= p_year::text
  )
  SELECT p.fund, p.account, a.class, CASE WHEN (SELECT version FROM span) IS NOT NULL THEN sum(p.budget) END::numeric(16, 2),
    (CASE a.class WHEN 'income' THEN -1 ELSE 1 END * sum(p.actual))::numeric(16, 2), sum(p.committed)::numeric(16, 2), sum(p.asked)::numeric(16, 2)
  FROM part p JOIN account a ON a.estate_id = p_estate AND a.account = p.account AND a.class IN ('income', 'expense')
  JOIN fund f ON f.estate_id = p_estate AND f.fund = p.fund
  GROUP BY f.place, p.fund, a.class, p.account
  HAVING sum(p.budget) <> 0 OR sum(p.actual) <> 0 OR sum(p.committed) <> 0 OR sum(p.asked) <> 0
  ORDER BY f.place, p.fund, CASE a.class WHEN 'income' THEN 1 ELSE 2 END, p.account
$$;
COMMENT ON FUNCTION budget_execution(integer, integer, date) IS
  'Budget, actual, committed (approved, unpaid) and asked for (being signed) of a year up to a day, by fund and account; budget is NULL where the year has none.';
GRANT EXECUTE ON FUNCTION budget_execution(integer, integer, date) TO app, auditor;

-- What an order meets: no row where no budget is in force this year, the account is none of expense, or the fund is a restricted one that
-- the budget does not speak of: its purpose and its project govern it.
CREATE FUNCTION budget_for_order(p_estate integer, p_proposal bigint, p_fund text, p_account text, p_amount numeric, p_settles boolean)
RETURNS TABLE (version bigint, budget numeric, actual numeric, committed numeric, asked numeric, remaining numeric) LANGUAGE sql STABLE AS $$
  SELECT n.version, coalesce(x.budget, 0)::numeric(16, 2), coalesce(x.actual, 0)::numeric(16, 2), (coalesce(x.committed, 0) - n.own_committed)::numeric(16, 2),
    (coalesce(x.asked, 0) - n.own_asked)::numeric(16, 2),
    (coalesce(x.budget, 0) - coalesce(x.actual, 0) - coalesce(x.committed, 0) - coalesce(x.asked, 0) + n.own_committed + n.own_asked)::numeric(16, 2)
  FROM (SELECT v.today, v.version, CASE WHEN o.approved_at IS NOT NULL AND o.state = 'approved' AND NOT p_settles THEN p_amount ELSE 0 END AS own_committed,
      CASE WHEN o.approved_at IS NULL AND o.state IN ('submitted', 'held') AND NOT p_settles THEN p_amount ELSE 0 END AS own_asked
    FROM (SELECT estate_today(p_estate) AS today, budget_in_force(p_estate, extract(year FROM estate_today(p_estate))::integer, estate_today(p_estate)) AS version) v
    LEFT JOIN proposal o ON o.estate_id = p_estate AND o.proposal_id = p_proposal) n
  LEFT JOIN LATERAL (SELECT * FROM budget_execution(p_estate, extract(year FROM n.today)::integer, n.today) e
    WHERE e.fund = p_fund AND e.account = p_account) x ON true
  WHERE n.version IS NOT NULL AND EXISTS (SELECT FROM account a WHERE a.estate_id = p_estate AND a.account = p_account AND a.class = 'expense')
    AND (EXISTS (SELECT FROM fund f WHERE f.estate_id = p_estate AND f.fund = p_fund AND NOT f.is_restricted)
      OR EXISTS (SELECT FROM budget_line l WHERE l.estate_id = p_estate AND l.proposal_id = n.version AND l.fund = p_fund))
$$;
COMMENT ON FUNCTION budget_for_order(integer, bigint, text, text, numeric, boolean) IS
  'Line of the budget in force that an order would be spent from, without the order itself. No row: no budget this year, no account of expense, or restricted money the budget does not speak of.';
GRANT EXECUTE ON FUNCTION budget_for_order(integer, bigint, text, text, numeric, boolean) TO app, auditor;

-- No order beyond the budget without its reason in the signed document. An emergency has its own; of what the bank took already the
-- document says so.
CREATE FUNCTION guard_order_budget() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.class = 'normal' AND NOT NEW.document::jsonb ? 'after_the_fact' AND coalesce(NEW.document::jsonb ->> 'over_budget_reason', '') = ''
      AND EXISTS (SELECT FROM budget_for_order(NEW.estate_id, NEW.proposal_id, NEW.fund, NEW.document::jsonb ->> 'account', NEW.amount, false) b
        WHERE b.remaining < NEW.amount) THEN
    RAISE EXCEPTION 'order_over_budget: the order exceeds the budget and gives no reason' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'order_over_budget';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_order_budget BEFORE UPDATE ON proposal FOR EACH ROW
  WHEN (NEW.kind = 'payment' AND NEW.state = 'submitted' AND OLD.state IN ('draft', 'returned')) EXECUTE FUNCTION guard_order_budget();
ALTER TABLE proposal ENABLE ALWAYS TRIGGER guard_order_budget;

-- ── Drafts and their guards ──────────────────────────────────────────────────────────────────────

CREATE FUNCTION budget_draft_state(p_estate integer, p_draft bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN d.dropped_at IS NOT NULL THEN 'dropped' WHEN o.state = 'executed' THEN 'published'
    WHEN o.state IN ('submitted', 'held', 'approved') THEN 'signing'
    WHEN d.opened_seq IS NULL THEN 'editing' WHEN estate_today(p_estate) <= d.comment_until THEN 'commenting' ELSE 'settling' END
  FROM budget_draft d LEFT JOIN proposal o ON o.estate_id = d.estate_id AND o.proposal_id = d.proposal_id
  WHERE d.estate_id = p_estate AND d.draft_id = p_draft
$$;
COMMENT ON FUNCTION budget_draft_state(integer, bigint) IS 'editing, commenting, settling (comments are over), signing, published or dropped, on the estate''s day.';
GRANT EXECUTE ON FUNCTION budget_draft_state(integer, bigint) TO app, auditor;

CREATE FUNCTION guard_budget_draft() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_state text := budget_draft_state(OLD.estate_id, OLD.draft_id);
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.estate_id, NEW.draft_id, NEW.year, NEW.adjusts, NEW.rate, NEW.basis, NEW.made_by, NEW.made_at)
      IS DISTINCT FROM (OLD.estate_id, OLD.draft_id, OLD.year, OLD.adjusts, OLD.rate, OLD.basis, OLD.made_by, OLD.made_at)
      OR v_state IN ('signing', 'published', 'dropped')
      OR v_state = 'commenting' AND (NEW.reason IS DISTINCT FROM OLD.reason OR NEW.proposal_id IS DISTINCT FROM OLD.proposal_id OR NEW.opened_seq <> OLD.opened_seq)
      OR (NEW.comment_from, NEW.comment_until, NEW.opened_lines) IS DISTINCT FROM (OLD.comment_from, OLD.comment_until, OLD.opened_lines)
        AND NEW.opened_seq IS NOT DISTINCT FROM OLD.opened_seq
      OR NEW.opened_seq IS DISTINCT FROM OLD.opened_seq AND (NEW.comment_from IS DISTINCT FROM estate_today(NEW.estate_id)
        OR NOT EXISTS (SELECT FROM record r WHERE r.estate_id = NEW.estate_id AND r.seq = NEW.opened_seq AND r.kind = 'budget_opened'
          AND (r.body::jsonb ->> 'draft')::bigint = NEW.draft_id AND r.body::jsonb -> 'lines' = NEW.opened_lines::jsonb
          AND r.body::jsonb ->> 'until' = NEW.comment_until::text)) THEN
    RAISE EXCEPTION 'budget_draft_stays: a draft is not changed while owners comment or sign' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'budget_draft_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_budget_draft BEFORE UPDATE OR DELETE ON budget_draft FOR EACH ROW EXECUTE FUNCTION guard_budget_draft();
ALTER TABLE budget_draft ENABLE ALWAYS TRIGGER guard_budget_draft;
CREATE TRIGGER keep_budget_drafts BEFORE TRUNCATE ON budget_draft FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE budget_draft ENABLE ALWAYS TRIGGER keep_budget_drafts;

CREATE FUNCTION guard_budget_draft_line() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v budget_draft_line;
BEGIN
  IF TG_OP = 'DELETE' THEN v := OLD; ELSE v := NEW; END IF;
  IF TG_OP = 'UPDATE' OR budget_draft_state(v.estate_id, v.draft_id) NOT IN ('editing', 'settling') THEN
    RAISE EXCEPTION 'budget_draft_stays: a draft is not changed while owners comment or sign' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'budget_draft_stays';
  END IF;
  RETURN v;
END $$;
CREATE TRIGGER guard_budget_draft_line BEFORE INSERT OR UPDATE OR DELETE ON budget_draft_line FOR EACH ROW EXECUTE FUNCTION guard_budget_draft_line();
ALTER TABLE budget_draft_line ENABLE ALWAYS TRIGGER guard_budget_draft_line;
CREATE TRIGGER keep_budget_draft_lines BEFORE TRUNCATE ON budget_draft_line FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE budget_draft_line ENABLE ALWAYS TRIGGER keep_budget_draft_lines;

-- ── Signing and publishing ───────────────────────────────────────────────────────────────────────

-- Document: {draft, year, adjusts?, reason?, rate?, lines: [{fund, account, amount, note?}], comments: {…}, changed: […]}
-- Why a document is no budget that may be signed; NULL where it is.
CREATE FUNCTION budget_fault(p_estate integer, p_proposal bigint, v jsonb) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN d.draft_id IS NULL OR d.proposal_id IS DISTINCT FROM p_proposal OR d.year::text <> v ->> 'year' OR d.adjusts::text IS DISTINCT FROM v ->> 'adjusts'
      OR d.reason IS DISTINCT FROM v ->> 'reason' THEN 'budget_differs'
    WHEN d.opened_seq IS NULL OR d.comment_until >= estate_today(p_estate) THEN 'budget_not_commented'
    WHEN budget_in_force(p_estate, d.year, 'infinity') IS DISTINCT FROM d.adjusts THEN 'budget_changed_meanwhile'
    WHEN d.year < extract(year FROM estate_today(p_estate)) THEN 'budget_year_over'
    WHEN jsonb_array_length(v -> 'lines') = 0 OR EXISTS (SELECT FROM jsonb_array_elements(v -> 'lines') l
        FULL JOIN (SELECT x.* FROM budget_draft_line x WHERE x.estate_id = p_estate AND x.draft_id = d.draft_id) x
          ON x.fund = l.value ->> 'fund' AND x.account = l.value ->> 'account'
        WHERE x.amount IS DISTINCT FROM read_amount(l.value ->> 'amount') OR x.note IS DISTINCT FROM coalesce(l.value ->> 'note', '')) THEN 'budget_differs'
    WHEN EXISTS (SELECT FROM budget_draft_line x LEFT JOIN account a ON a.estate_id = x.estate_id AND a.account = x.account
        LEFT JOIN fund f ON f.estate_id = x.estate_id AND f.fund = x.fund
        WHERE x.estate_id = p_estate AND x.draft_id = d.draft_id AND (a.class NOT IN ('income', 'expense') OR NOT a.is_postable
          OR f.is_restricted AND NOT EXISTS (SELECT FROM fund_account u WHERE u.estate_id = x.estate_id AND u.fund = x.fund AND u.account IN (x.account, a.parent))))
      THEN 'budget_line_unfit'
    END
  FROM (SELECT 1) one LEFT JOIN budget_draft d ON d.estate_id = p_estate AND d.draft_id = (v ->> 'draft')::bigint
$$;
COMMENT ON FUNCTION budget_fault(integer, bigint, jsonb) IS
  'Why a document is no budget to be signed: budget_differs, budget_not_commented, budget_changed_meanwhile, budget_year_over, budget_line_unfit; NULL where it is one.';

CREATE FUNCTION guard_budget_submission() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_why text := budget_fault(NEW.estate_id, NEW.proposal_id, NEW.document::jsonb);
BEGIN
  IF v_why IS NOT NULL THEN
    RAISE EXCEPTION '%: this is no budget to be signed', v_why USING ERRCODE = 'restrict_violation', CONSTRAINT = v_why;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_budget_submission BEFORE UPDATE ON proposal FOR EACH ROW
  WHEN (NEW.kind = 'budget' AND NEW.state = 'submitted' AND OLD.state IN ('draft', 'returned')) EXECUTE FUNCTION guard_budget_submission();
ALTER TABLE proposal ENABLE ALWAYS TRIGGER guard_budget_submission;

CREATE FUNCTION publish_budget(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_version integer;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'budget');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_published' ELSE v_why END; END IF;
  v_why := budget_fault(p_estate, p_proposal, v);
  IF v_why IS NOT NULL THEN
    RAISE EXCEPTION '%: it is no budget any more', v_why USING ERRCODE = 'restrict_violation', CONSTRAINT = v_why;
  END IF;
  SELECT coalesce(max(b.version), 0) + 1 INTO v_version FROM budget b WHERE b.estate_id = p_estate AND b.year = (v ->> 'year')::integer;
  v_seq := write_record(p_estate, 'budget_published', format('{"proposal":%s,"version":%s,"year":%s}', p_proposal, v_version, v ->> 'year'));
  INSERT INTO budget (estate_id, proposal_id, year, version, adjusts, reason, rate, published_on, seq)
    VALUES (p_estate, p_proposal, (v ->> 'year')::integer, v_version, (v ->> 'adjusts')::bigint, v ->> 'reason', (v ->> 'rate')::numeric,
      estate_today(p_estate), v_seq);
  INSERT INTO budget_line (estate_id, proposal_id, fund, account, amount, note)
    SELECT p_estate, p_proposal, l.value ->> 'fund', l.value ->> 'account', read_amount(l.value ->> 'amount'), coalesce(l.value ->> 'note', '')
    FROM jsonb_array_elements(v -> 'lines') l;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'published';
END $$;
COMMENT ON FUNCTION publish_budget(integer, bigint) IS
  'Puts an approved budget in force. Statuses: published, already_published, order_not_approved, order_in_notice, order_objected; refuses by what budget_fault() says.';
GRANT EXECUTE ON FUNCTION publish_budget(integer, bigint) TO app;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''budget_published'', ');

-- Comments are texts of persons: they go with their author, and their author is known to the estate.
CALL amend_function('erase_here(integer, uuid, uuid, text, boolean, date, text)',
  'OR v.field = ''comment'' AND r.body::jsonb ->> ''by'' = p_person::text',
  'OR v.field = ''comment'' AND EXISTS (SELECT FROM budget_comment c WHERE c.estate_id = p_estate AND c.seq = v.seq AND c.commented_by = p_person)
        OR v.field = ''comment'' AND r.body::jsonb ->> ''by'' = p_person::text');
CALL amend_function('knows_person(integer, uuid)',
  'OR EXISTS (SELECT FROM objection WHERE estate_id = p_estate AND objected_by = p_person)',
  'OR EXISTS (SELECT FROM objection WHERE estate_id = p_estate AND objected_by = p_person)
    OR EXISTS (SELECT FROM budget_comment WHERE estate_id = p_estate AND commented_by = p_person)');
