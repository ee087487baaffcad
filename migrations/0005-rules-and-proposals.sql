-- Rules as dated data, changed only by a proposal under the old rule; all kinds of proposals; notice,
-- objections, emergencies. Who must sign is decided in one place, rule_for(): the guard of proposals, the
-- web and the page that answers "who must sign?" all ask it.

ALTER TABLE rule DROP CONSTRAINT rule_kind_check;
ALTER TABLE rule
  ADD CONSTRAINT rule_kind_known CHECK (kind IN ('payment', 'transfer', 'reversal', 'refund', 'budget', 'rule',
    'membership', 'delegation', 'close', 'disclosure')),
  ADD COLUMN payee_class text CONSTRAINT rule_payee_class_known CHECK (payee_class IN ('company', 'individual', 'officer')),
  ADD COLUMN class text NOT NULL DEFAULT 'normal' CONSTRAINT rule_class_known CHECK (class IN ('normal', 'emergency', 'vacancy')),
  ADD COLUMN in_sequence boolean NOT NULL DEFAULT false,
  ADD COLUMN notice_days smallint NOT NULL DEFAULT 0 CONSTRAINT rule_notice_days CHECK (notice_days BETWEEN 0 AND 60),
  ADD COLUMN needs_resolution boolean NOT NULL DEFAULT false,
  ADD COLUMN passkey_only boolean NOT NULL DEFAULT false,
  ADD COLUMN month_cap numeric(14, 2) CONSTRAINT rule_month_cap CHECK (month_cap > 0),
  ADD COLUMN ratify_days smallint CONSTRAINT rule_ratify_days CHECK (ratify_days BETWEEN 1 AND 60),
  -- In an emergency fewer sign, so it has a cap for each order and for the month, and a day for the rest to sign.
  ADD CONSTRAINT rule_emergency_bounded CHECK (CASE class WHEN 'emergency'
    THEN kind = 'payment' AND amount_to IS NOT NULL AND month_cap IS NOT NULL AND ratify_days IS NOT NULL AND notice_days = 0
    ELSE month_cap IS NULL AND ratify_days IS NULL END),
  -- Where a body has no signers left, others seat its next members: on a resolution of the owners, announced.
  ADD CONSTRAINT rule_vacancy_bounded CHECK (class <> 'vacancy' OR (kind = 'membership' AND needs_resolution AND notice_days > 0)),
  ADD CONSTRAINT rule_payee_of_payment CHECK (payee_class IS NULL OR kind IN ('payment', 'refund'));
COMMENT ON COLUMN rule.payee_class IS 'Only for payees of this class: company, individual, officer (holds an office here); NULL for all.';
COMMENT ON COLUMN rule.class IS 'normal; emergency (应急): fewer signers now, the rest ratify afterwards; vacancy (缺位): appointments to a body that has too few signers left.';
COMMENT ON COLUMN rule.in_sequence IS 'True: the bodies sign in the order of rule_body.place.';
COMMENT ON COLUMN rule.notice_days IS 'Days between submission, which announces it, and the first day it may be carried out.';
COMMENT ON COLUMN rule.needs_resolution IS 'True: rests on a resolution of the owners (业主大会决议), named in the document with its file.';
COMMENT ON COLUMN rule.passkey_only IS 'True: the signing password (weak) does not count.';
COMMENT ON COLUMN rule.month_cap IS 'Emergency: all emergency orders of a calendar month together, yuan.';
COMMENT ON COLUMN rule.ratify_days IS 'Emergency: days within which the signers of the normal rule ratify.';

ALTER TABLE rule_body ADD COLUMN place smallint NOT NULL DEFAULT 1 CONSTRAINT rule_body_place CHECK (place BETWEEN 1 AND 9);
COMMENT ON COLUMN rule_body.place IS 'Turn of the body where the rule asks for a sequence; 1 for all where it does not.';

-- A rule is never edited; it may be given its last day, once, by the door that changes rules.
DROP TRIGGER append_only ON rule;
CREATE FUNCTION guard_rule() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old rule := OLD; v_new rule := NEW;
BEGIN
  v_old.valid_to := NULL; v_new.valid_to := NULL;
  IF TG_OP <> 'UPDATE' OR v_old IS DISTINCT FROM v_new OR OLD.valid_to IS NOT NULL OR NEW.valid_to IS NULL THEN
    RAISE EXCEPTION 'append_only: a rule is not edited; it ends, and another begins' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_rule BEFORE UPDATE OR DELETE ON rule FOR EACH ROW EXECUTE FUNCTION guard_rule();
ALTER TABLE rule ENABLE ALWAYS TRIGGER guard_rule;
CREATE TRIGGER keep_rules BEFORE TRUNCATE ON rule FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE rule ENABLE ALWAYS TRIGGER keep_rules;

-- The rule for a proposal. One for the very payee and fund goes first, then one for the payee, then one for
-- the fund, then the general one: who is paid says more about a temptation than which pot pays.
CREATE FUNCTION rule_for(p_estate integer, p_kind text, p_class text, p_amount numeric, p_fund text, p_payee_class text, p_on date)
RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT r.rule_id FROM rule r
  WHERE r.estate_id = p_estate AND r.kind = p_kind AND r.class = p_class
    AND (r.fund IS NULL OR r.fund = p_fund) AND (r.payee_class IS NULL OR r.payee_class = p_payee_class)
    AND coalesce(p_amount, 0) >= r.amount_from AND (r.amount_to IS NULL OR coalesce(p_amount, 0) < r.amount_to)
    AND p_on BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
  ORDER BY (r.payee_class IS NOT NULL) DESC, (r.fund IS NOT NULL) DESC, r.valid_from DESC, r.rule_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION rule_for(integer, text, text, numeric, text, text, date) IS
  'Number of the rule for kind, class, amount, fund and class of payee on a day; NULL where none fits.';
GRANT EXECUTE ON FUNCTION rule_for(integer, text, text, numeric, text, text, date) TO app, signer, auditor;

-- What must be true of the rules of an estate on a day, whoever wrote them.
CREATE FUNCTION judge_rules(p_estate integer, p_on date) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_rule integer; v_kind text;
BEGIN
  SELECT r.rule_id INTO v_rule FROM rule r WHERE r.estate_id = p_estate
    AND (SELECT count(*) FROM rule_body b WHERE b.estate_id = p_estate AND b.rule_id = r.rule_id) < 2 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'rule_needs_two_bodies: rule % asks fewer than two bodies', v_rule
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_needs_two_bodies';
  END IF;
  SELECT r.rule_id INTO v_rule FROM rule r WHERE r.estate_id = p_estate AND r.class <> 'vacancy' AND NOT EXISTS
    (SELECT FROM rule_body b WHERE b.estate_id = p_estate AND b.rule_id = r.rule_id AND b.body = 'committee') LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'rule_needs_owners_key: rule % does not ask the owners'' side', v_rule
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rule_needs_owners_key';
  END IF;
  SELECT a.rule_id INTO v_rule FROM rule a JOIN rule b ON b.estate_id = a.estate_id AND b.rule_id > a.rule_id
      AND (b.kind, b.class) = (a.kind, a.class) AND (b.fund, b.payee_class) IS NOT DISTINCT FROM (a.fund, a.payee_class)
      AND b.amount_from < coalesce(a.amount_to, 'infinity') AND a.amount_from < coalesce(b.amount_to, 'infinity')
      AND b.valid_from <= coalesce(a.valid_to, 'infinity') AND a.valid_from <= coalesce(b.valid_to, 'infinity')
      AND a.valid_from <= coalesce(a.valid_to, 'infinity') AND b.valid_from <= coalesce(b.valid_to, 'infinity')
    WHERE a.estate_id = p_estate LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'rules_overlap: two rules answer for the same case, one of them is %', v_rule
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rules_overlap';
  END IF;
  -- Every case has an answer: for each kind the general bands go from nothing to any sum. Kinds are those that
  -- had a rule at any time, and "rule" itself, so that rules can always be changed.
  SELECT k.kind INTO v_kind FROM (SELECT kind FROM rule WHERE estate_id = p_estate AND class = 'normal' UNION SELECT 'rule') AS k
    WHERE NOT coalesce((SELECT min(r.amount_from) = 0 AND bool_or(r.amount_to IS NULL)
        AND count(*) FILTER (WHERE r.amount_to IS NOT NULL AND NOT EXISTS (SELECT FROM rule n
          WHERE n.estate_id = p_estate AND n.kind = r.kind AND n.class = 'normal' AND n.fund IS NULL AND n.payee_class IS NULL
            AND n.amount_from = r.amount_to AND p_on BETWEEN n.valid_from AND coalesce(n.valid_to, 'infinity'))) = 0
      FROM rule r WHERE r.estate_id = p_estate AND r.kind = k.kind AND r.class = 'normal' AND r.fund IS NULL
        AND r.payee_class IS NULL AND p_on BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')), false) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'rules_gap: some amounts of % have no rule', v_kind
      USING ERRCODE = 'check_violation', CONSTRAINT = 'rules_gap';
  END IF;
END $$;
COMMENT ON FUNCTION judge_rules(integer, date) IS
  'Refuses rules with fewer than two bodies, without the owners'' side, with overlapping bands, or with gaps.';

-- Internal: writes the rules of a document. {rules: [{kind, class?, amount_from, amount_to, fund, payee_class?, bodies: {body: signers},
-- sequence?: [body], notice_days?, needs_resolution?, passkey_only?, month_cap?, ratify_days?, expires_days}]}
CREATE FUNCTION write_rules(p_estate integer, p_rules jsonb, p_first integer, p_valid_from date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO rule (estate_id, rule_id, kind, class, amount_from, amount_to, fund, payee_class, in_sequence, notice_days,
      needs_resolution, passkey_only, month_cap, ratify_days, valid_from, valid_to, expires_days)
    SELECT p_estate, p_first + v.i::integer - 1, r.kind, coalesce(r.class, 'normal'), coalesce(r.amount_from, 0), r.amount_to, r.fund,
      r.payee_class, v.value ? 'sequence', coalesce(r.notice_days, 0), coalesce(r.needs_resolution, false),
      coalesce(r.passkey_only, false), r.month_cap, r.ratify_days, coalesce(p_valid_from, r.valid_from), r.valid_to,
      coalesce(r.expires_days, 30)
    FROM jsonb_array_elements(p_rules) WITH ORDINALITY AS v(value, i), jsonb_to_record(v.value) AS r(kind text, class text,
      amount_from numeric, amount_to numeric, fund text, payee_class text, notice_days smallint, needs_resolution boolean,
      passkey_only boolean, month_cap numeric, ratify_days smallint, valid_from date, valid_to date, expires_days smallint);
  INSERT INTO rule_body (estate_id, rule_id, body, signers, place)
    SELECT p_estate, p_first + v.i::integer - 1, b.key, b.value::smallint,
      coalesce((SELECT s.place FROM jsonb_array_elements_text(v.value -> 'sequence') WITH ORDINALITY AS s(body, place)
        WHERE s.body = b.key), 1)
    FROM jsonb_array_elements(p_rules) WITH ORDINALITY AS v(value, i), jsonb_each_text(v.value -> 'bodies') AS b;
END $$;

CREATE OR REPLACE FUNCTION open_rules(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_from date;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF EXISTS (SELECT FROM rule WHERE estate_id = p_estate) THEN
    RAISE EXCEPTION 'rules_exist: rules are changed by a proposal under the old rule'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM write_rules(p_estate, p_body::jsonb -> 'rules', 1, NULL);
  SELECT min(valid_from) INTO v_from FROM rule WHERE estate_id = p_estate;
  PERFORM judge_rules(p_estate, v_from);
  RETURN write_record(p_estate, 'rules_opened', p_body);
END $$;

-- ── Proposals ────────────────────────────────────────────────────────────────────────────────────

ALTER TABLE proposal DROP CONSTRAINT proposal_kind_check;
ALTER TABLE proposal
  ADD CONSTRAINT proposal_kind_known CHECK (kind IN ('payment', 'transfer', 'reversal', 'refund', 'budget', 'rule',
    'membership', 'delegation', 'close', 'disclosure')),
  ADD COLUMN payee_class text CONSTRAINT proposal_payee_class_known CHECK (payee_class IN ('company', 'individual', 'officer')),
  ADD COLUMN class text NOT NULL DEFAULT 'normal' CONSTRAINT proposal_class_known CHECK (class IN ('normal', 'emergency', 'vacancy')),
  ADD COLUMN payable_from date,
  ADD COLUMN full_rule_id integer,
  ADD COLUMN ratify_by date,
  ADD COLUMN ratified_at timestamptz,
  ADD CONSTRAINT proposal_full_rule FOREIGN KEY (estate_id, full_rule_id) REFERENCES rule,
  -- Fewer eyes are never for money to those in office.
  ADD CONSTRAINT emergency_not_for_officers CHECK (class <> 'emergency' OR payee_class IS DISTINCT FROM 'officer'),
  ADD CONSTRAINT proposal_ratified_emergency CHECK (ratified_at IS NULL OR class = 'emergency');
COMMENT ON COLUMN proposal.kind IS 'payment, transfer, reversal, refund, budget, rule, membership, delegation, close or disclosure.';
COMMENT ON COLUMN proposal.payee_person IS 'Person who is paid, appointed or delegated to, if one is; never one of the signers.';
COMMENT ON COLUMN proposal.payee_class IS 'Class of the payee: company, individual, officer; NULL where nobody is paid.';
COMMENT ON COLUMN proposal.class IS 'normal; emergency (应急): signed by fewer, ratified afterwards, shown in public; vacancy (缺位): see rule.class.';
COMMENT ON COLUMN proposal.payable_from IS 'First day on which it may be carried out: submission and the rule''s notice days.';
COMMENT ON COLUMN proposal.full_rule_id IS 'Emergency: the normal rule, whose signers ratify.';
COMMENT ON COLUMN proposal.ratify_by IS 'Emergency: last day for ratification.';
COMMENT ON COLUMN proposal.ratified_at IS 'Emergency: when the normal rule was satisfied after the fact.';
GRANT INSERT (payee_class, class) ON proposal TO app;
GRANT UPDATE (payee_class, class, payable_from, full_rule_id) ON proposal TO app;

CREATE TABLE objection (
  estate_id integer NOT NULL,
  objection_id integer GENERATED ALWAYS AS IDENTITY,
  proposal_id bigint NOT NULL,
  body text,
  objected_by uuid NOT NULL REFERENCES person,
  objection text NOT NULL CHECK (char_length(objection) BETWEEN 2 AND 1000),
  objected_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, objection_id),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE objection IS 'Written objections (书面异议) to a proposal: it is not carried out until each is answered.';
COMMENT ON COLUMN objection.estate_id IS 'Estate.';
COMMENT ON COLUMN objection.objection_id IS 'Number.';
COMMENT ON COLUMN objection.proposal_id IS 'Proposal.';
COMMENT ON COLUMN objection.body IS 'Body of the objector; NULL for an owner, whose name is not shown.';
COMMENT ON COLUMN objection.objected_by IS 'Objector (opaque).';
COMMENT ON COLUMN objection.objection IS 'Text.';
COMMENT ON COLUMN objection.objected_at IS 'When.';
COMMENT ON COLUMN objection.seq IS 'Record.';
CREATE INDEX objection_proposal ON objection (estate_id, proposal_id);
CALL guard_append_only('objection');
CALL wall_estate('objection');
GRANT INSERT ON objection TO app;

CREATE TABLE objection_answer (
  estate_id integer NOT NULL,
  objection_id integer NOT NULL,
  answer text NOT NULL CHECK (char_length(answer) BETWEEN 2 AND 2000),
  body text NOT NULL,
  answered_by uuid NOT NULL REFERENCES person,
  answered_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT objection_answered_once PRIMARY KEY (estate_id, objection_id),
  FOREIGN KEY (estate_id, objection_id) REFERENCES objection,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE objection_answer IS 'Written answers (书面答复) to objections; the first lets the proposal go on.';
COMMENT ON COLUMN objection_answer.estate_id IS 'Estate.';
COMMENT ON COLUMN objection_answer.objection_id IS 'Objection.';
COMMENT ON COLUMN objection_answer.answer IS 'Text.';
COMMENT ON COLUMN objection_answer.body IS 'Body that answers.';
COMMENT ON COLUMN objection_answer.answered_by IS 'Who wrote it; never the objector.';
COMMENT ON COLUMN objection_answer.answered_at IS 'When.';
COMMENT ON COLUMN objection_answer.seq IS 'Record.';
CALL guard_append_only('objection_answer');
CALL wall_estate('objection_answer');
GRANT INSERT ON objection_answer TO app;

-- Whoever objects does not answer; and what is carried out cannot be objected to any more (there is the inquiry).
CREATE FUNCTION guard_objection() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'objection' THEN
    IF NOT EXISTS (SELECT FROM proposal WHERE estate_id = NEW.estate_id AND proposal_id = NEW.proposal_id
        AND state IN ('submitted', 'held', 'approved')) THEN
      RAISE EXCEPTION 'objection_too_late: the proposal is not open any more'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'objection_too_late';
    END IF;
  ELSIF EXISTS (SELECT FROM objection WHERE estate_id = NEW.estate_id AND objection_id = NEW.objection_id
      AND objected_by = NEW.answered_by) THEN
    RAISE EXCEPTION 'objection_own_answer: nobody answers their own objection'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'objection_own_answer';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_objection BEFORE INSERT ON objection FOR EACH ROW EXECUTE FUNCTION guard_objection();
ALTER TABLE objection ENABLE ALWAYS TRIGGER guard_objection;
CREATE TRIGGER guard_objection BEFORE INSERT ON objection_answer FOR EACH ROW EXECUTE FUNCTION guard_objection();
ALTER TABLE objection_answer ENABLE ALWAYS TRIGGER guard_objection;

-- Why an approved proposal is not carried out on a day: order_in_notice, order_objected; NULL when it may be.
CREATE FUNCTION waits_for(p_estate integer, p_proposal bigint, p_on date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    -- Without notice days an order may be dated before it was asked for: the bill came late.
    WHEN o.payable_from > p_on AND o.payable_from > (o.submitted_at AT TIME ZONE 'Asia/Shanghai')::date THEN 'order_in_notice'
    WHEN EXISTS (SELECT FROM objection j WHERE j.estate_id = o.estate_id AND j.proposal_id = o.proposal_id AND NOT EXISTS
      (SELECT FROM objection_answer a WHERE a.estate_id = j.estate_id AND a.objection_id = j.objection_id)) THEN 'order_objected'
  END FROM proposal o WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal
$$;
COMMENT ON FUNCTION waits_for(integer, bigint, date) IS
  'order_in_notice before the first day it may be carried out, order_objected while an objection is unanswered, else NULL.';
GRANT EXECUTE ON FUNCTION waits_for(integer, bigint, date) TO app, signer, auditor;

CREATE FUNCTION signers_in_office(p_estate integer, p_body text, p_on date) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT count(DISTINCT t.person_id)::integer FROM term t WHERE t.estate_id = p_estate AND t.body = p_body
    AND t.office NOT IN ('cashier', 'auditor', 'deputy') AND p_on BETWEEN t.starts_on AND t.ends_on
$$;
COMMENT ON FUNCTION signers_in_office(integer, text, date) IS 'Persons of a body who may sign on a day, deputies not counted.';
GRANT EXECUTE ON FUNCTION signers_in_office(integer, text, date) TO app, signer, auditor;

CREATE OR REPLACE FUNCTION guard_proposal() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_rule rule; v_document jsonb; v_today date; v_payee text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'draft' OR NEW.document IS NOT NULL THEN
      RAISE EXCEPTION 'proposal_starts_as_draft' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' OR (NEW.estate_id, NEW.proposal_id, NEW.kind, NEW.made_by)
      IS DISTINCT FROM (OLD.estate_id, OLD.proposal_id, OLD.kind, OLD.made_by) THEN
    RAISE EXCEPTION 'proposal_stays: a proposal is neither deleted nor given another maker'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF (OLD.state, NEW.state) NOT IN (('draft', 'draft'), ('draft', 'submitted'), ('draft', 'withdrawn'),
      ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'returned'), ('submitted', 'withdrawn'),
      ('submitted', 'held'), ('held', 'submitted'), ('held', 'returned'), ('held', 'withdrawn'), ('held', 'expired'),
      ('submitted', 'expired'),
      ('submitted', 'rejected'), ('submitted', 'approved'), ('approved', 'executed'), ('approved', 'withdrawn'),
      ('submitted', 'superseded'), ('approved', 'superseded'))
      -- Ratification adds to what was approved and changes no state.
      AND NOT (OLD.state = NEW.state AND NEW.state IN ('approved', 'executed') AND OLD.ratified_at IS NULL
        AND NEW.ratified_at IS NOT NULL) THEN
    RAISE EXCEPTION 'proposal_step_unknown: from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
  END IF;
  -- The doors run as owner; a web connection may neither approve, reject nor execute.
  IF NEW.state IN ('approved', 'rejected', 'executed') AND current_user <> 'owner' THEN
    RAISE EXCEPTION 'proposal_step_reserved: % is set by signatures and postings only', NEW.state
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state = 'submitted' AND OLD.state IN ('draft', 'returned') THEN
    v_today := estate_today(NEW.estate_id);
    v_document := NEW.document::jsonb;
    SELECT * INTO v_rule FROM rule r WHERE r.estate_id = NEW.estate_id AND r.rule_id = NEW.rule_id;
    IF NEW.rule_id IS DISTINCT FROM rule_for(NEW.estate_id, NEW.kind, NEW.class, NEW.amount, NEW.fund, NEW.payee_class, v_today)
        OR NEW.expires_on > v_today + v_rule.expires_days
        OR NEW.payable_from IS DISTINCT FROM v_today + v_rule.notice_days
        OR NEW.full_rule_id IS DISTINCT FROM (CASE WHEN NEW.class = 'emergency'
          THEN rule_for(NEW.estate_id, NEW.kind, 'normal', NEW.amount, NEW.fund, NEW.payee_class, v_today) END)
        OR (NEW.class = 'emergency' AND NEW.full_rule_id IS NULL) THEN
      RAISE EXCEPTION 'rule_does_not_fit: rule % is not for % of %', NEW.rule_id, NEW.kind, NEW.amount
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version <> OLD.version + 1 OR (v_document ->> 'version')::integer IS DISTINCT FROM NEW.version::integer
        OR v_document ->> 'kind' IS DISTINCT FROM NEW.kind
        OR (v_document ->> 'proposal')::bigint IS DISTINCT FROM NEW.proposal_id
        OR v_document ->> 'estate' IS DISTINCT FROM (SELECT code FROM estate WHERE estate_id = NEW.estate_id)
        OR (v_document ->> 'made_by')::uuid IS DISTINCT FROM NEW.made_by
        OR v_document ->> 'fund' IS DISTINCT FROM NEW.fund
        OR v_document ->> 'title' IS DISTINCT FROM NEW.title
        OR v_document ->> 'payee_class' IS DISTINCT FROM NEW.payee_class
        OR coalesce(v_document ->> 'class', 'normal') <> NEW.class
        OR (v_document ->> 'amount')::numeric IS DISTINCT FROM NEW.amount THEN
      RAISE EXCEPTION 'proposal_differs_from_document' USING ERRCODE = 'restrict_violation';
    END IF;
    -- Who is paid is what the order says, so that nobody chooses the milder rule by naming the payee's class.
    SELECT y.kind INTO v_payee FROM payment_order d JOIN payee y ON y.estate_id = d.estate_id AND y.payee_id = d.payee_id
      WHERE d.estate_id = NEW.estate_id AND d.proposal_id = NEW.proposal_id;
    IF FOUND AND NEW.payee_class IS DISTINCT FROM (CASE WHEN EXISTS (SELECT FROM term t WHERE t.estate_id = NEW.estate_id
        AND t.person_id = NEW.payee_person AND v_today BETWEEN t.starts_on AND t.ends_on) THEN 'officer' ELSE v_payee END) THEN
      RAISE EXCEPTION 'payee_class_differs: the payee is not of the class %', NEW.payee_class USING ERRCODE = 'restrict_violation';
    END IF;
    IF v_rule.needs_resolution AND NOT EXISTS (SELECT FROM voucher WHERE estate_id = NEW.estate_id
        AND sha256 = v_document -> 'resolution' ->> 'voucher') THEN
      RAISE EXCEPTION 'resolution_missing: rule % asks a resolution of the owners', NEW.rule_id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'resolution_missing';
    END IF;
    IF NEW.class = 'emergency' AND EXISTS (SELECT FROM proposal o WHERE o.estate_id = NEW.estate_id AND o.class = 'emergency'
        AND o.ratified_at IS NULL AND o.ratify_by < v_today AND o.state IN ('approved', 'executed')) THEN
      RAISE EXCEPTION 'emergency_not_ratified: an earlier emergency order is overdue for ratification'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'emergency_not_ratified';
    END IF;
    IF NEW.class = 'vacancy' AND (v_document ->> 'change' IS DISTINCT FROM 'appoint' OR NOT EXISTS (SELECT FROM rule_body b
        WHERE b.estate_id = NEW.estate_id AND b.body = v_document ->> 'body'
          AND b.rule_id = rule_for(NEW.estate_id, NEW.kind, 'normal', NEW.amount, NEW.fund, NEW.payee_class, v_today)
          AND b.signers > signers_in_office(NEW.estate_id, b.body, v_today))) THEN
      RAISE EXCEPTION 'vacancy_not_there: the body has signers enough for the normal rule'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'vacancy_not_there';
    END IF;
  ELSIF OLD.state <> 'draft' AND (NEW.version, NEW.title, NEW.amount, NEW.fund, NEW.document, NEW.rule_id, NEW.payee_person,
      NEW.submitted_at, NEW.expires_on, NEW.payee_class, NEW.class, NEW.payable_from, NEW.full_rule_id)
      IS DISTINCT FROM (OLD.version, OLD.title, OLD.amount, OLD.fund, OLD.document,
      OLD.rule_id, OLD.payee_person, OLD.submitted_at, OLD.expires_on, OLD.payee_class, OLD.class, OLD.payable_from,
      OLD.full_rule_id) THEN
    RAISE EXCEPTION 'proposal_is_frozen: what was submitted is not edited; return it first'
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'approved' AND NOT EXISTS (SELECT FROM quorum q WHERE q.estate_id = NEW.estate_id
      AND q.proposal_id = NEW.proposal_id AND q.document_hash = NEW.document_hash) THEN
    RAISE EXCEPTION 'proposal_without_quorum' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- What the lines of a document take out of the money of each fund.
CREATE FUNCTION money_out(p_estate integer, p_document text) RETURNS TABLE (fund text, amount numeric) LANGUAGE sql STABLE AS $$
  SELECT o.fund, o.amount FROM (SELECT l.value ->> 'fund' AS fund,
      sum(coalesce((l.value ->> 'credit')::numeric, 0) - coalesce((l.value ->> 'debit')::numeric, 0)) AS amount
    FROM jsonb_array_elements(p_document::jsonb -> 'postings') AS l(value)
    JOIN account a ON a.estate_id = p_estate AND a.account = l.value ->> 'account' AND a.is_money
    GROUP BY l.value ->> 'fund') AS o WHERE o.amount > 0
$$;
COMMENT ON FUNCTION money_out(integer, text) IS 'Funds whose money a document''s lines lower, and by how much.';
GRANT EXECUTE ON FUNCTION money_out(integer, text) TO app, signer, auditor;

-- A refund (退款) is paid as a payment is: it reserves, and it goes through the same door. A transfer reserves what it
-- takes from a fund, until it is carried out: else an order approved beside it would be paid out of nothing.
CREATE OR REPLACE FUNCTION fund_available(p_estate integer, p_fund text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT sum(b.debit - b.credit) FROM balance b JOIN account a USING (estate_id, account)
      WHERE b.estate_id = p_estate AND b.fund = p_fund AND a.is_money), 0)
    - coalesce((SELECT sum(o.amount) FROM proposal o WHERE o.estate_id = p_estate AND o.kind IN ('payment', 'refund')
      AND o.state = 'approved' AND o.fund = p_fund), 0)
    - coalesce((SELECT sum(m.amount) FROM proposal o, money_out(p_estate, o.document) m WHERE o.estate_id = p_estate
      AND o.kind = 'transfer' AND o.state = 'approved' AND m.fund = p_fund), 0)
$$;

-- Changes words in the text of a function, each of which must stand there exactly once: a long function
-- is not copied whole for three lines. \sf shows the result.
CREATE PROCEDURE amend_function(amended regprocedure, VARIADIC words text[]) LANGUAGE plpgsql AS $$
DECLARE v_text text := pg_get_functiondef(amended);
BEGIN
  FOR i IN 1 .. cardinality(words) BY 2 LOOP
    IF (length(v_text) - length(replace(v_text, words[i], ''))) <> length(words[i]) THEN
      RAISE EXCEPTION 'not exactly once in %: %', amended, words[i];
    END IF;
    v_text := replace(v_text, words[i], words[i + 1]);
  END LOOP;
  EXECUTE v_text;
END $$;

-- The door: a refund books as a payment; announced and objected orders wait.
CALL amend_function('post_entries(integer, text[])',
  'OR o.kind <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE ''reversal'' END) THEN ''order_not_approved''',
  'OR CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE ''reversal'' END)
            THEN ''order_not_approved''
          -- Carried out once already, it waits for nothing.
          WHEN o.waits IS NOT NULL AND paid.seq IS NULL THEN o.waits',
  'SELECT e.i, o.state, o.kind, o.amount, o.document::jsonb AS document',
  'SELECT e.i, o.state, o.kind, o.amount, o.document::jsonb AS document, waits_for(p_estate, e.proposal_id, e.entry_date) AS waits');
CALL amend_function('guard_order()',
  'OR o.kind <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE ''reversal'' END',
  'OR CASE o.kind WHEN ''refund'' THEN ''payment'' ELSE o.kind END <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE ''reversal'' END',
  'THEN ''order_amount_differs: the entry and its order differ''',
  'THEN ''order_amount_differs: the entry and its order differ''
      WHEN waits_for(e.estate_id, e.proposal_id, e.entry_date) IS NOT NULL
        THEN ''order_waits: the order behind the entry is announced or objected to''');

CALL amend_function('close_period(integer, bigint)',
  'IF v_period IS NULL THEN RETURN ''order_not_approved''; END IF;',
  'IF v_period IS NULL THEN RETURN ''order_not_approved''; END IF;
  IF waits_for(p_estate, p_proposal, estate_today(p_estate)) IS NOT NULL THEN
    RETURN waits_for(p_estate, p_proposal, estate_today(p_estate));
  END IF;');
COMMENT ON FUNCTION close_period(integer, bigint) IS
  'Closes the month an approved proposal names. Statuses: closed, already_closed, order_not_approved, order_in_notice, order_objected, period_before_open, period_not_ended, drafts_left, figures_changed.';

-- ── Changing the rules ───────────────────────────────────────────────────────────────────────────

-- Carries an approved proposal of kind rule out. Its document: {ends: [rule], rules: […], valid_from}. Days before
-- the change keep their rules; what was submitted under an old rule is finished under it.
CREATE FUNCTION change_rules(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_proposal proposal; v_document jsonb; v_from date; v_first integer; v_ended integer; v_waits text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT o.* INTO v_proposal FROM proposal o
    JOIN quorum q ON q.estate_id = o.estate_id AND q.proposal_id = o.proposal_id AND q.document_hash = o.document_hash
    WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal AND o.kind = 'rule' FOR UPDATE OF o;
  IF v_proposal.state = 'executed' THEN RETURN 'already_changed'; END IF;
  IF v_proposal.state IS DISTINCT FROM 'approved' THEN RETURN 'order_not_approved'; END IF;
  v_waits := waits_for(p_estate, p_proposal, estate_today(p_estate));
  IF v_waits IS NOT NULL THEN RETURN v_waits; END IF;
  v_document := v_proposal.document::jsonb;
  v_from := greatest((v_document ->> 'valid_from')::date, estate_today(p_estate));
  SELECT max(rule_id) + 1 INTO v_first FROM rule WHERE estate_id = p_estate;
  UPDATE rule SET valid_to = v_from - 1 WHERE estate_id = p_estate AND valid_to IS NULL
    AND rule_id IN (SELECT value::integer FROM jsonb_array_elements_text(v_document -> 'ends'));
  GET DIAGNOSTICS v_ended = ROW_COUNT;
  -- Another change came first: what was signed is no longer what would happen.
  IF v_ended <> jsonb_array_length(v_document -> 'ends') THEN
    RAISE EXCEPTION 'rules_changed_meanwhile: a rule that was to end has ended already'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rules_changed_meanwhile';
  END IF;
  PERFORM write_rules(p_estate, v_document -> 'rules', v_first, v_from);
  -- On that day, and on each later day on which a rule begins, or the day after one has ended.
  PERFORM judge_rules(p_estate, d.day) FROM (SELECT v_from AS day UNION SELECT valid_from FROM rule
    WHERE estate_id = p_estate AND valid_from > v_from UNION SELECT valid_to + 1 FROM rule
    WHERE estate_id = p_estate AND valid_to >= v_from) AS d;
  PERFORM write_record(p_estate, 'rules_changed', format('{"ends":%s,"first_rule":%s,"proposal":%s,"valid_from":"%s"}',
    replace((v_document -> 'ends')::text, ' ', ''), v_first, p_proposal, v_from));
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'changed';
END $$;
COMMENT ON FUNCTION change_rules(integer, bigint) IS
  'Carries a rule change out. Statuses: changed, already_changed, order_not_approved, order_in_notice, order_objected; refuses by the constraints of judge_rules() and rules_changed_meanwhile.';
GRANT EXECUTE ON FUNCTION change_rules(integer, bigint) TO app;

-- Estates from before this file have no rule for the kinds that are new. They get the strictest they have
-- (that of their largest payments), as a record of their log, so that they can change it by a proposal.
CREATE PROCEDURE add_new_rules() LANGUAGE plpgsql AS $$
DECLARE v_estate integer; v_rule rule; v_next integer; v_kind text;
BEGIN
  FOR v_estate IN SELECT estate_id FROM estate ORDER BY estate_id LOOP
    PERFORM set_config('mingzhang.estate', v_estate::text, true);
    SELECT * INTO v_rule FROM rule WHERE estate_id = v_estate AND kind = 'payment' AND fund IS NULL
      ORDER BY amount_to IS NULL DESC, valid_from DESC, rule_id DESC LIMIT 1;
    CONTINUE WHEN NOT FOUND;
    FOREACH v_kind IN ARRAY array['refund', 'budget', 'rule', 'membership', 'delegation', 'disclosure'] LOOP
      SELECT max(rule_id) + 1 INTO v_next FROM rule WHERE estate_id = v_estate;
      INSERT INTO rule (estate_id, rule_id, kind, valid_from, expires_days)
        VALUES (v_estate, v_next, v_kind, v_rule.valid_from, v_rule.expires_days);
      INSERT INTO rule_body (estate_id, rule_id, body, signers)
        SELECT v_estate, v_next, body, signers FROM rule_body WHERE estate_id = v_estate AND rule_id = v_rule.rule_id;
    END LOOP;
    PERFORM write_record(v_estate, 'rules_completed', format('{"as_rule":%s,"kinds":["budget","delegation","disclosure","membership","refund","rule"]}', v_rule.rule_id));
  END LOOP;
  PERFORM set_config('mingzhang.estate', '', true);
END $$;
CALL add_new_rules();
DROP PROCEDURE add_new_rules();
