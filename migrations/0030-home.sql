-- My home: what residents ask to have put right, what they want to be told, and what becomes of the register when they leave.

CREATE TABLE correction_request (
  estate_id integer NOT NULL,
  request_id bigint GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  about text NOT NULL CHECK (about IN ('person', 'unit', 'space', 'meter', 'bill', 'payment', 'other')),
  request text NOT NULL CHECK (char_length(request) BETWEEN 1 AND 1000),
  asked_at timestamptz NOT NULL,
  due_on date NOT NULL,
  outcome text CHECK (outcome IN ('done', 'refused')),
  answer text CHECK (char_length(answer) BETWEEN 1 AND 1000),
  answered_by uuid REFERENCES person,
  answered_at timestamptz,
  PRIMARY KEY (estate_id, request_id),
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  CONSTRAINT correction_answered_whole CHECK ((outcome IS NULL) = (answer IS NULL) AND (outcome IS NULL) = (answered_by IS NULL) AND (outcome IS NULL) = (answered_at IS NULL))
);
COMMENT ON TABLE correction_request IS 'What residents ask to have put right about their own dwelling (更正申请, PIPL §46): personal, for them and the office only, erased with the person; the log counts them.';
COMMENT ON COLUMN correction_request.estate_id IS 'Estate.';
COMMENT ON COLUMN correction_request.request_id IS 'Number.';
COMMENT ON COLUMN correction_request.unit IS 'Dwelling.';
COMMENT ON COLUMN correction_request.person_id IS 'Who asks.';
COMMENT ON COLUMN correction_request.about IS 'person 姓名电话, unit 面积用途, space 车位, meter 表计, bill 账单, payment 缴费, other.';
COMMENT ON COLUMN correction_request.request IS 'What is wrong and what is right.';
COMMENT ON COLUMN correction_request.asked_at IS 'When.';
COMMENT ON COLUMN correction_request.due_on IS 'Day by which the estate answers.';
COMMENT ON COLUMN correction_request.outcome IS 'done 已更正, refused 不予更正; NULL while it waits.';
COMMENT ON COLUMN correction_request.answer IS 'What was done, or why not.';
COMMENT ON COLUMN correction_request.answered_by IS 'Who answered.';
COMMENT ON COLUMN correction_request.answered_at IS 'When.';
CREATE INDEX correction_request_person ON correction_request (estate_id, person_id, request_id);
CALL wall_estate('correction_request');
GRANT INSERT, UPDATE (outcome, answer, answered_by, answered_at) ON correction_request TO app;

CREATE TABLE notice_choice (
  estate_id integer NOT NULL REFERENCES estate,
  person_id uuid NOT NULL REFERENCES person,
  bills boolean NOT NULL DEFAULT true,
  mail boolean NOT NULL DEFAULT true,
  stop_word text NOT NULL CHECK (stop_word ~ '^[0-9a-f]{32}$'),
  PRIMARY KEY (estate_id, person_id)
);
COMMENT ON TABLE notice_choice IS 'What a person wants to be told; who is not here is told everything.';
COMMENT ON COLUMN notice_choice.estate_id IS 'Estate.';
COMMENT ON COLUMN notice_choice.person_id IS 'Person.';
COMMENT ON COLUMN notice_choice.bills IS 'Whether they are told of new bills.';
COMMENT ON COLUMN notice_choice.mail IS 'Whether notices go out by e-mail.';
COMMENT ON COLUMN notice_choice.stop_word IS 'Random word in the link by which letters are stopped without a login; it does nothing else.';
CREATE UNIQUE INDEX notice_choice_stop ON notice_choice (estate_id, stop_word);
CALL wall_estate('notice_choice');
GRANT INSERT, UPDATE (bills, mail) ON notice_choice TO app;

-- ── Leaving ──────────────────────────────────────────────────────────────────────────────────────
-- Somebody who erases themselves is no longer linked to the register; where nothing of theirs lasts there, it forgets them too.
-- An owner who still owns stays in it: the estate must know whom to bill (PIPL §13, performance of a contract).
CREATE FUNCTION party_lasts(p_estate integer, p_party uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM tenure t WHERE t.estate_id = p_estate AND t.party_id = p_party AND t.to_date IS DISTINCT FROM t.from_date - 1
      AND coalesce(t.to_date, 'infinity') >= estate_today(p_estate))
    OR EXISTS (SELECT FROM tenure t JOIN bill b ON b.estate_id = t.estate_id AND b.unit = t.unit
        AND b.period BETWEEN to_char(t.from_date, 'YYYY-MM') AND to_char(t.to_date, 'YYYY-MM')
      WHERE t.estate_id = p_estate AND t.party_id = p_party AND t.to_date >= t.from_date
        AND b.amount > bill_paid(p_estate, b.bill_id) + bill_reduced(p_estate, b.bill_id))
$$;
COMMENT ON FUNCTION party_lasts(integer, uuid) IS 'Whether the register still needs a party: it owns or rents, or owes bills of its time.';
GRANT EXECUTE ON FUNCTION party_lasts(integer, uuid) TO app, signer, auditor;

-- Internal: takes name, telephone and note out of the register, and the name from the receipts: those that are linked to them, and those of
-- their dwellings on which somebody typed the same name.
CREATE FUNCTION forget_party(p_estate integer, p_party uuid) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE receipt_note n SET payer = '' FROM receipt r JOIN unit u ON u.estate_id = r.estate_id AND u.ref = r.unit_ref
    JOIN tenure t ON t.estate_id = u.estate_id AND t.unit = u.unit JOIN party_identity i ON i.estate_id = t.estate_id AND i.party_id = t.party_id
    WHERE n.estate_id = p_estate AND r.estate_id = p_estate AND r.number = n.number AND t.party_id = p_party AND n.party_id IS NULL
      AND replace(n.payer, ' ', '') = replace(i.name, ' ', '');
  DELETE FROM party_identity WHERE estate_id = p_estate AND party_id = p_party;
  UPDATE receipt_note SET payer = '', party_id = NULL WHERE estate_id = p_estate AND party_id = p_party;
  UPDATE party SET erased_at = coalesce(erased_at, estate_clock(p_estate)), person_id = NULL WHERE estate_id = p_estate AND party_id = p_party;
END $$;

CALL amend_function('erase_here(integer, uuid, uuid, text, boolean, date, text)',
  'DELETE FROM resident WHERE estate_id = p_estate AND person_id = p_person;',
  'DELETE FROM resident WHERE estate_id = p_estate AND person_id = p_person;
  DELETE FROM correction_request WHERE estate_id = p_estate AND person_id = p_person;
  DELETE FROM notice_choice WHERE estate_id = p_estate AND person_id = p_person;
  PERFORM forget_party(p_estate, y.party_id) FROM party y
    WHERE y.estate_id = p_estate AND y.person_id = p_person AND NOT party_lasts(p_estate, y.party_id);
  UPDATE party SET person_id = NULL WHERE estate_id = p_estate AND person_id = p_person;');

-- Somebody who sold and moved away asks by letter or at the counter: manager, chair or a member erases the entry.
-- Statuses: erased, already_erased, party_unknown, party_lasts.
CREATE FUNCTION erase_party(p_estate integer, p_party uuid, p_by uuid, p_ground text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_body text;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_body := erases_for(p_estate, p_by);
  IF v_body IS NULL THEN
    RAISE EXCEPTION 'erasure_needs_office: % may not erase this', p_by
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'erasure_needs_office';
  END IF;
  IF NOT EXISTS (SELECT FROM party WHERE estate_id = p_estate AND party_id = p_party) THEN RETURN 'party_unknown'; END IF;
  IF NOT EXISTS (SELECT FROM party_identity WHERE estate_id = p_estate AND party_id = p_party) THEN RETURN 'already_erased'; END IF;
  IF party_lasts(p_estate, p_party) THEN RETURN 'party_lasts'; END IF;
  PERFORM write_erased(p_estate, p_ground, jsonb_build_object('what', 'party', 'party', p_party, 'by', p_by, 'body', v_body));
  PERFORM forget_party(p_estate, p_party);
  RETURN 'erased';
END $$;
COMMENT ON FUNCTION erase_party(integer, uuid, uuid, text) IS
  'Erases who an owner or tenant was, once nothing of theirs lasts. Statuses: erased, already_erased, party_unknown, party_lasts.';
GRANT EXECUTE ON FUNCTION erase_party(integer, uuid, uuid, text) TO app;
