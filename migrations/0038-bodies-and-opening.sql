-- The sides of an estate beyond the two keys: the Party branch (党组织); the forms the owners' body and the management take, with
-- their days (temporary bodies among them); and the balances a set of books begins with, under two signatures.

-- ── The Party branch ─────────────────────────────────────────────────────────────────────────────

ALTER TABLE body DROP CONSTRAINT body_body_check, ADD CONSTRAINT body_known CHECK (body IN
  ('property', 'committee', 'supervisor', 'party_branch', 'community', 'street', 'auditor'));
COMMENT ON TABLE body IS 'Bodies of an estate (各方): property company, owners'' committee, supervisors, Party branch, community, street office, auditor.';
ALTER TABLE term DROP CONSTRAINT term_office_of_body, ADD CONSTRAINT term_office_of_body CHECK ((body, office) IN (
  ('property', 'cashier'), ('property', 'manager'), ('property', 'deputy'), ('committee', 'chair'), ('committee', 'member'), ('committee', 'deputy'),
  ('supervisor', 'supervisor'), ('supervisor', 'deputy'), ('party_branch', 'official'), ('community', 'official'), ('street', 'official'),
  ('auditor', 'auditor')));

-- ── Forms of bodies ──────────────────────────────────────────────────────────────────────────────
-- Who holds the owners' key is not always an owners' committee, nor the company's key always a company's: a temporary conference of
-- residents, a yard's committee, a committee for assets, custody by the community. The body stays, and with it what it signed;
-- form and name change from a day on, by a proposal, and whoever prints a paper asks what it was called on that day.

CREATE TABLE body_form (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  body text NOT NULL,
  form text NOT NULL,
  name_zh text NOT NULL CHECK (char_length(name_zh) BETWEEN 1 AND 60),
  name_en text NOT NULL CHECK (char_length(name_en) BETWEEN 1 AND 80),
  mode text CHECK (mode IN ('trust', 'commission', 'self_managed')),
  from_day date NOT NULL,
  until_day date,
  proposal_id bigint,
  PRIMARY KEY (estate_id, seq, body),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  CONSTRAINT body_form_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  CONSTRAINT body_form_of_body CHECK (CASE body
    WHEN 'committee' THEN form IN ('owners_committee', 'joint_conference', 'yard_committee', 'asset_committee', 'property_committee', 'self_committee')
    WHEN 'property' THEN form IN ('company', 'community_custody', 'self_service') ELSE form = 'usual' END),
  CONSTRAINT body_form_mode_of_company CHECK (mode IS NULL OR body = 'property'),
  CONSTRAINT body_form_in_order CHECK (until_day IS NULL OR until_day >= from_day)
);
COMMENT ON TABLE body_form IS 'Forms of bodies (组织形式) and their names, each from a day on; written by open_body_form() and change_body_form() only.';
COMMENT ON COLUMN body_form.estate_id IS 'Estate.';
COMMENT ON COLUMN body_form.seq IS 'Record that says so: body_opened or body_formed.';
COMMENT ON COLUMN body_form.body IS 'Body.';
COMMENT ON COLUMN body_form.form IS 'committee: owners_committee 业委会, joint_conference 临时居民联席会议, yard_committee 院委会, asset_committee 资产管理委员会, property_committee 物管会, self_committee 自管会; property: company 专业物业, community_custody 社区托管, self_service 居民自管; others: usual.';
COMMENT ON COLUMN body_form.name_zh IS 'Name in Chinese, as printed.';
COMMENT ON COLUMN body_form.name_en IS 'Name in English, as printed.';
COMMENT ON COLUMN body_form.mode IS 'The estate''s mode from then on, where the form of management changes it; else NULL.';
COMMENT ON COLUMN body_form.from_day IS 'First day.';
COMMENT ON COLUMN body_form.until_day IS 'Last day a temporary body is meant for; it goes on until another form begins. NULL: not temporary.';
COMMENT ON COLUMN body_form.proposal_id IS 'Proposal with the signatures; NULL for the form with which the books began.';
CREATE UNIQUE INDEX body_form_of_proposal_once ON body_form (estate_id, proposal_id);
CALL guard_append_only('body_form');
CALL wall_estate('body_form');

CREATE FUNCTION form_at_opening(p_body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE p_body WHEN 'committee' THEN 'owners_committee' WHEN 'property' THEN 'company' ELSE 'usual' END;
COMMENT ON FUNCTION form_at_opening(text) IS 'Form of a body where nobody said another.';
GRANT EXECUTE ON FUNCTION form_at_opening(text) TO app, auditor;

CREATE FUNCTION body_form_on(p_estate integer, p_body text, p_day date) RETURNS body_form LANGUAGE sql STABLE AS $$
  SELECT f FROM body_form f WHERE f.estate_id = p_estate AND f.body = p_body
  -- Before the first day that is written down, the first form holds.
  ORDER BY f.from_day <= p_day DESC, CASE WHEN f.from_day <= p_day THEN f.from_day END DESC, f.from_day, CASE WHEN f.from_day <= p_day THEN -f.seq ELSE f.seq END LIMIT 1
$$;
COMMENT ON FUNCTION body_form_on(integer, text, date) IS 'Form and names of a body on a day; all NULL where its form never changed and was not said at the opening: the row in body holds.';
CREATE FUNCTION body_name_on(p_estate integer, p_body text, p_day date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((body_form_on(p_estate, p_body, p_day)).name_zh, (SELECT b.name_zh FROM body b WHERE b.estate_id = p_estate AND b.body = p_body))
$$;
COMMENT ON FUNCTION body_name_on(integer, text, date) IS 'Chinese name of a body on a day, as papers of that day say it.';
GRANT EXECUTE ON FUNCTION body_form_on(integer, text, date), body_name_on(integer, text, date) TO app, signer, auditor;

-- In the transaction that opens the estate: the form a body begins with. p_seq: its record body_opened, which says the same.
CREATE FUNCTION open_body_form(p_estate integer, p_seq bigint, p_until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT r.body::jsonb INTO v FROM record r JOIN log_head h USING (estate_id)
    WHERE r.estate_id = p_estate AND r.seq = p_seq AND r.kind = 'body_opened' AND h.opened_in = pg_current_xact_id();
  IF v ->> 'form' IS NULL OR EXISTS (SELECT FROM body_form f WHERE f.estate_id = p_estate AND f.body = v ->> 'body') THEN
    RAISE EXCEPTION 'body_form_needs_proposal: after the opening a form changes by a proposal' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'body_form_needs_proposal';
  END IF;
  INSERT INTO body_form (estate_id, seq, body, form, name_zh, name_en, from_day, until_day)
    SELECT p_estate, p_seq, v ->> 'body', v ->> 'form', v ->> 'name_zh', v ->> 'name_en', to_date(e.first_period, 'YYYY-MM'), p_until FROM estate e WHERE e.estate_id = p_estate;
END $$;
COMMENT ON FUNCTION open_body_form(integer, bigint, date) IS 'Keeps the form with which a body begins, while the estate is opened; refuses by body_form_needs_proposal.';
GRANT EXECUTE ON FUNCTION open_body_form(integer, bigint, date) TO app;

-- What holds today stands in body and estate, where every page and paper of today reads it.
CREATE FUNCTION apply_body_forms(p_estate integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v body_form; v_body text; v_count integer := 0; v_today date;
BEGIN
  PERFORM enter_estate(p_estate);
  v_today := estate_today(p_estate);
  FOR v_body IN SELECT DISTINCT f.body FROM body_form f WHERE f.estate_id = p_estate LOOP
    v := body_form_on(p_estate, v_body, v_today);
    CONTINUE WHEN v.from_day > v_today OR v.proposal_id IS NULL;
    UPDATE body SET name_zh = v.name_zh, name_en = v.name_en
      WHERE estate_id = p_estate AND body = v_body AND (name_zh, name_en) IS DISTINCT FROM (v.name_zh, v.name_en);
    IF FOUND THEN v_count := v_count + 1; END IF;
    IF v_body = 'committee' THEN
      UPDATE estate SET committee = v.name_zh WHERE estate_id = p_estate AND committee <> v.name_zh;
    ELSIF v_body = 'property' THEN
      UPDATE estate e SET mode = w.mode FROM (SELECT f.mode FROM body_form f WHERE f.estate_id = p_estate AND f.body = 'property' AND f.mode IS NOT NULL
        AND f.from_day <= v_today ORDER BY f.from_day DESC, f.seq DESC LIMIT 1) AS w WHERE e.estate_id = p_estate AND e.mode <> w.mode;
    END IF;
  END LOOP;
  RETURN v_count;
END $$;
COMMENT ON FUNCTION apply_body_forms(integer) IS 'Brings names, and the estate''s mode, to what holds today by the signed forms; gives how many bodies changed their names.';
GRANT EXECUTE ON FUNCTION apply_body_forms(integer) TO app;

-- Document: {body, form, name_zh, name_en, from, until?, mode?, before: {form, name_zh, name_en} | null, resolution?}
-- A body that is not there yet (a Party branch, in an old estate) is opened by it. Nothing changes for days that are past.
CREATE FUNCTION change_body_form(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_from date; v_until date; v_body body; v_now body_form; v_opened bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'body_form');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_changed' ELSE v_why END; END IF;
  v_from := greatest((v ->> 'from')::date, estate_today(p_estate));
  v_until := (v ->> 'until')::date;
  SELECT * INTO v_body FROM body WHERE estate_id = p_estate AND body = v ->> 'body' FOR UPDATE;
  -- The form that was to be left: the last one that was signed, begun or not.
  SELECT * INTO v_now FROM body_form f WHERE f.estate_id = p_estate AND f.body = v ->> 'body' ORDER BY f.from_day DESC, f.seq DESC LIMIT 1;
  IF (v_body.body IS NULL) <> (v -> 'before' IS NULL OR v -> 'before' = 'null') OR v_until < v_from OR (v_body.body IS NOT NULL
      AND (coalesce(v_now.form, form_at_opening(v ->> 'body')), coalesce(v_now.name_zh, v_body.name_zh), coalesce(v_now.name_en, v_body.name_en))
        IS DISTINCT FROM (v -> 'before' ->> 'form', v -> 'before' ->> 'name_zh', v -> 'before' ->> 'name_en')) OR v_now.from_day > v_from THEN
    RAISE EXCEPTION 'body_form_not_possible: the body is not what it was when this was submitted, or its last day is past'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'body_form_not_possible';
  END IF;
  v_seq := write_record(p_estate, 'body_formed', format('{"body":%s,"form":%s,"from":%s,%s"name_en":%s,"name_zh":%s,"proposal":%s%s}', to_json(v ->> 'body'), to_json(v ->> 'form'),
    to_json(v_from::text), CASE WHEN v ->> 'mode' IS NULL THEN '' ELSE format('"mode":%s,', to_json(v ->> 'mode')) END, to_json(v ->> 'name_en'), to_json(v ->> 'name_zh'), p_proposal,
    CASE WHEN v_until IS NULL THEN '' ELSE format(',"until":%s', to_json(v_until::text)) END));
  IF v_body.body IS NULL THEN
    INSERT INTO body (estate_id, body, key_side, name_zh, name_en)
      VALUES (p_estate, v ->> 'body', CASE v ->> 'body' WHEN 'property' THEN 'company' WHEN 'committee' THEN 'owners' END, v ->> 'name_zh', v ->> 'name_en');
  ELSIF v_now.body IS NULL THEN
    -- What it was until now, so that the history begins where the books begin.
    SELECT min(r.seq) INTO v_opened FROM record r WHERE r.estate_id = p_estate AND r.kind = 'body_opened' AND r.body::jsonb ->> 'body' = v ->> 'body';
    INSERT INTO body_form (estate_id, seq, body, form, name_zh, name_en, from_day)
      SELECT p_estate, coalesce(v_opened, 1), v ->> 'body', form_at_opening(v ->> 'body'), v_body.name_zh, v_body.name_en, to_date(e.first_period, 'YYYY-MM')
      FROM estate e WHERE e.estate_id = p_estate;
  END IF;
  INSERT INTO body_form (estate_id, seq, body, form, name_zh, name_en, mode, from_day, until_day, proposal_id)
    VALUES (p_estate, v_seq, v ->> 'body', v ->> 'form', v ->> 'name_zh', v ->> 'name_en', v ->> 'mode', v_from, v_until, p_proposal);
  PERFORM apply_body_forms(p_estate);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'changed';
END $$;
COMMENT ON FUNCTION change_body_form(integer, bigint) IS
  'Gives a body another form and name from a day on, or opens one, by an approved proposal. Statuses: changed, already_changed, order_not_approved, order_in_notice, order_objected; refuses by body_form_not_possible, body_form_of_body.';
GRANT EXECUTE ON FUNCTION change_body_form(integer, bigint) TO app;
CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''body_formed'', ');

-- ── Opening balances ─────────────────────────────────────────────────────────────────────────────
-- The rule: once in the life of the books; dated their first day; while that month is open; before anything else that was signed is
-- booked (what came in, and what the bank took by itself, does no harm). Only what one has and owes: money, other assets, liabilities,
-- the owners' funds, never income or expense. What was paid in advance and deposits name their dwelling, so that they can be given back.
-- Where the bank's first statement begins with the same day, both begin with the same figure.

CREATE FUNCTION guard_opening() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_wrong text; v_first date;
BEGIN
  IF NEW.reverses IS NOT NULL OR NOT EXISTS (SELECT FROM proposal o WHERE o.estate_id = NEW.estate_id AND o.proposal_id = NEW.proposal_id AND o.kind = 'opening') THEN
    RETURN NULL;
  END IF;
  SELECT to_date(e.first_period, 'YYYY-MM') INTO v_first FROM estate e WHERE e.estate_id = NEW.estate_id;
  v_wrong := CASE
    WHEN NEW.entry_date <> v_first THEN 'opening_day_differs'
    WHEN EXISTS (SELECT FROM journal_entry e JOIN proposal o ON o.estate_id = e.estate_id AND o.proposal_id = e.proposal_id
      WHERE e.estate_id = NEW.estate_id AND e.seq <> NEW.seq AND o.kind = 'opening') THEN 'opening_once'
    WHEN EXISTS (SELECT FROM journal_entry e WHERE e.estate_id = NEW.estate_id AND e.seq <> NEW.seq AND e.proposal_id IS NOT NULL) THEN 'opening_too_late'
    WHEN EXISTS (SELECT FROM posting p JOIN account a ON a.estate_id = p.estate_id AND a.account = p.account
      WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq AND (a.class NOT IN ('asset', 'liability', 'fund') OR p.account IN ('1291', '2291'))) THEN 'opening_account_wrong'
    WHEN EXISTS (SELECT FROM posting p WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq AND p.account IN ('2203', '2241') AND p.unit IS NULL) THEN 'opening_unit_missing'
    -- Else one dwelling would begin with what is another's, and the document shows no dwelling to whoever signs.
    WHEN EXISTS (SELECT FROM posting p WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq AND p.account IN ('2203', '2241')
      GROUP BY p.account, p.fund, p.unit HAVING sum(p.credit - p.debit) < 0) THEN 'opening_dwelling_negative'
    WHEN EXISTS (SELECT FROM posting p JOIN account a ON a.estate_id = p.estate_id AND a.account = p.account WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq AND a.is_money
      GROUP BY p.account, p.fund HAVING sum(p.debit - p.credit) < 0) THEN 'opening_money_negative'
    WHEN EXISTS (SELECT FROM (SELECT DISTINCT ON (s.account) s.account, s.opening, s.period_from FROM bank_statement s WHERE s.estate_id = NEW.estate_id ORDER BY s.account, s.period_from, s.seq) AS b
      WHERE b.period_from = v_first AND b.opening <> coalesce((SELECT sum(p.debit - p.credit) FROM posting p
        WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq AND p.account = b.account), 0)) THEN 'opening_bank_differs'
  END;
  IF v_wrong IS NOT NULL THEN
    RAISE EXCEPTION '%: opening balances cannot be booked so', v_wrong USING ERRCODE = 'restrict_violation', CONSTRAINT = v_wrong;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_opening AFTER INSERT ON journal_entry
  FOR EACH ROW WHEN (NEW.kind = 'transfer' AND NEW.proposal_id IS NOT NULL) EXECUTE FUNCTION guard_opening();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER guard_opening;

CREATE TABLE opening_draft (
  estate_id integer PRIMARY KEY REFERENCES estate,
  content text NOT NULL CHECK (char_length(content) <= 200000),
  saved_by uuid NOT NULL REFERENCES person,
  saved_at timestamptz NOT NULL
);
COMMENT ON TABLE opening_draft IS 'Opening balances as typed, before they are proposed (personal data: amounts beside dwellings); gone with the proposal.';
COMMENT ON COLUMN opening_draft.estate_id IS 'Estate.';
COMMENT ON COLUMN opening_draft.content IS 'Lines as typed: account, fund, debit, credit, dwelling, with tabs between.';
COMMENT ON COLUMN opening_draft.saved_by IS 'Who saved it.';
COMMENT ON COLUMN opening_draft.saved_at IS 'When.';
CALL wall_estate('opening_draft');
REVOKE SELECT ON opening_draft FROM signer, auditor;
GRANT INSERT, UPDATE (content, saved_by, saved_at), DELETE ON opening_draft TO app;

-- ── Guided founding of estates ───────────────────────────────────────────────────────────────────

CREATE TABLE founding (
  founding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE CHECK (octet_length(token_hash) = 32),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  content text NOT NULL DEFAULT '{}',
  opened_estate integer REFERENCES estate,
  opened_at timestamptz,
  sheets bytea
);
COMMENT ON TABLE founding IS 'Start keys of the guided page that founds an estate, and what was filled in so far. A key founds one estate, once.';
COMMENT ON COLUMN founding.founding_id IS 'Number.';
COMMENT ON COLUMN founding.token_hash IS 'SHA-256 of the key; the key itself is kept nowhere.';
COMMENT ON COLUMN founding.created_at IS 'When it was made.';
COMMENT ON COLUMN founding.expires_at IS 'Until when it works.';
COMMENT ON COLUMN founding.content IS 'Steps as filled in (personal data: names of first officers); emptied when the estate is opened or the key expires.';
COMMENT ON COLUMN founding.opened_estate IS 'Estate it founded; NULL until then.';
COMMENT ON COLUMN founding.opened_at IS 'When.';
COMMENT ON COLUMN founding.sheets IS 'First passwords, encrypted with the key itself, so that a broken page does not lock everybody out; gone as soon as they are printed, within a day.';
GRANT SELECT, INSERT, UPDATE (content, opened_estate, opened_at, sheets), DELETE ON founding TO app;
