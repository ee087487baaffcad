-- Bank accounts are opened, changed and closed by proposal; what has to be done at the bank for one is a list anybody in office
-- can read; and the bank may take its fees under a standing mandate. All are signed under the rule for changing rules, so
-- that no estate lacks one.

ALTER TABLE proposal DROP CONSTRAINT proposal_kind_known;
ALTER TABLE proposal ADD CONSTRAINT proposal_kind_known CHECK (kind IN ('payment', 'transfer', 'reversal', 'refund', 'budget', 'rule',
  'membership', 'delegation', 'close', 'disclosure', 'log_key', 'bank_account', 'mandate'));
COMMENT ON COLUMN proposal.kind IS
  'payment, transfer, reversal, refund, budget, rule, membership, delegation, close, disclosure, log_key, bank_account or mandate.';

CREATE OR REPLACE FUNCTION rule_for(p_estate integer, p_kind text, p_class text, p_amount numeric, p_fund text, p_payee_class text, p_on date)
RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT r.rule_id FROM rule r
  WHERE r.estate_id = p_estate AND r.kind = CASE WHEN p_kind IN ('log_key', 'bank_account', 'mandate') THEN 'rule' ELSE p_kind END
    AND r.class = p_class
    AND (r.fund IS NULL OR r.fund = p_fund) AND (r.payee_class IS NULL OR r.payee_class = p_payee_class)
    AND coalesce(p_amount, 0) >= r.amount_from AND (r.amount_to IS NULL OR coalesce(p_amount, 0) < r.amount_to)
    AND p_on BETWEEN r.valid_from AND coalesce(r.valid_to, 'infinity')
  ORDER BY (r.payee_class IS NOT NULL) DESC, (r.fund IS NOT NULL) DESC, r.valid_from DESC, r.rule_id DESC LIMIT 1
$$;

-- ── Bank accounts ────────────────────────────────────────────────────────────────────────────────

REVOKE INSERT ON bank_account FROM app;
ALTER TABLE bank_account ADD COLUMN number_hash text CHECK (number_hash ~ '^[0-9a-f]{64}$');
COMMENT ON COLUMN bank_account.number_hash IS
  'SHA-256 of the canonical array [salt, "account_number", number] that was signed for; NULL where only the last four digits were.';

-- The number that goes with a proposal: signers see it, the document holds its hash only.
CREATE TABLE bank_account_asked (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  number text NOT NULL CHECK (number ~ '^[0-9A-Za-z-]{6,40}$'),
  salt text NOT NULL CHECK (salt ~ '^[0-9a-f]{64}$'),
  PRIMARY KEY (estate_id, proposal_id),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal
);
COMMENT ON TABLE bank_account_asked IS 'Full number of the bank account that a proposal opens or changes: for officers only, its hash stands in the document.';
COMMENT ON COLUMN bank_account_asked.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_account_asked.proposal_id IS 'Proposal.';
COMMENT ON COLUMN bank_account_asked.number IS 'Account number.';
COMMENT ON COLUMN bank_account_asked.salt IS '32 random bytes, hexadecimal: opens the hash in the document.';
CALL guard_append_only('bank_account_asked');
CALL wall_estate('bank_account_asked');
GRANT INSERT ON bank_account_asked TO app;

-- A full number ends in the four digits everybody knows, and hashes to what was signed where a number was signed.
CREATE FUNCTION guard_bank_account_number() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v bank_account;
BEGIN
  SELECT * INTO v FROM bank_account WHERE estate_id = NEW.estate_id AND account = NEW.account;
  IF right(NEW.number, 4) <> v.account_last4
      OR (v.number_hash IS NOT NULL AND v.number_hash <> commitment_of(NEW.salt, 'account_number', NEW.number)) THEN
    RAISE EXCEPTION 'bank_account_number_differs: not the number of bank account %', NEW.account
      USING ERRCODE = 'check_violation', CONSTRAINT = 'bank_account_number_differs';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_bank_account_number BEFORE INSERT OR UPDATE ON bank_account_number
  FOR EACH ROW EXECUTE FUNCTION guard_bank_account_number();
ALTER TABLE bank_account_number ENABLE ALWAYS TRIGGER guard_bank_account_number;

-- First accounts of an estate, in the transaction that opens it; afterwards by proposal. Body: {account, account_last4,
-- bank_name, name_en, name_zh}.
CREATE FUNCTION open_bank_account(p_estate integer, p_body text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb := p_body::jsonb; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate AND opened_in = pg_current_xact_id() FOR UPDATE;
  IF NOT FOUND OR v ? 'proposal' THEN
    RAISE EXCEPTION 'bank_account_needs_proposal: after the estate was opened, bank accounts change by a proposal'
      USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'bank_account_needs_proposal';
  END IF;
  v_seq := write_record(p_estate, 'bank_account_opened', p_body);
  INSERT INTO bank_account (estate_id, account, name_zh, name_en, bank_name, account_last4)
    VALUES (p_estate, v ->> 'account', v ->> 'name_zh', v ->> 'name_en', v ->> 'bank_name', v ->> 'account_last4');
  RETURN v_seq;
END $$;
COMMENT ON FUNCTION open_bank_account(integer, text) IS 'First bank accounts of an estate, in the transaction that opens it; gives the record.';
GRANT EXECUTE ON FUNCTION open_bank_account(integer, text) TO app;

-- Internal: what the record of a change says, keys in order; closed_on only of a close.
CREATE FUNCTION bank_account_body(p_row bank_account, p_proposal bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT format('{"account":%s,"account_last4":%s,"bank_name":%s,%s"name_en":%s,"name_zh":%s,"proposal":%s}',
    to_json(p_row.account), to_json(p_row.account_last4), to_json(p_row.bank_name),
    CASE WHEN p_row.closed_on IS NULL THEN '' ELSE format('"closed_on":"%s",', p_row.closed_on) END,
    to_json(p_row.name_en), to_json(p_row.name_zh), p_proposal)
$$;

CREATE FUNCTION refuse_bank_account(p_constraint text, p_message text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%: %', p_constraint, p_message USING ERRCODE = 'restrict_violation', CONSTRAINT = p_constraint;
END $$;

-- What the bank paid out and no entry answers, once the day is over on which it had to be booked (deadlineOf() in
-- src/reconciliation/suspense.ts: 20:00 of the day its statement was taken; one taken later than that, 23:50). Where the books
-- refuse even 待核实 (account and month closed), this is what keeps it public.
CREATE FUNCTION unbooked_debits(p_estate integer, p_now timestamptz)
RETURNS TABLE (account text, "position" bigint, booked_on date, amount numeric) LANGUAGE sql STABLE AS $$
  SELECT l.account, l.position, l.booked_on, -l.amount
  FROM bank_line l JOIN bank_statement s ON s.estate_id = p_estate AND s.seq = l.seq
  CROSS JOIN LATERAL (SELECT s.imported_at AT TIME ZONE 'Asia/Shanghai' AS taken) AS t
  WHERE l.estate_id = p_estate AND l.amount < 0
    AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = l.account AND m.position = l.position
      AND m.ended_seq IS NULL AND m.position IS NOT NULL)
    AND l.booked_on >= (SELECT to_date(e.first_period, 'YYYY-MM') FROM estate e WHERE e.estate_id = p_estate)
    AND p_now AT TIME ZONE 'Asia/Shanghai' >= t.taken::date + CASE WHEN t.taken::time < '20:00' THEN time '20:00' ELSE time '23:50' END
$$;
COMMENT ON FUNCTION unbooked_debits(integer, timestamptz) IS
  'Debits of the bank that no entry answers though by now they should have been booked; amounts above zero.';
GRANT EXECUTE ON FUNCTION unbooked_debits(integer, timestamptz) TO app, signer, auditor;

-- What is in the way of closing: the first that applies, NULL where nothing is.
CREATE FUNCTION bank_account_in_use(p_estate integer, p_account text, p_closed_on date) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN (SELECT coalesce(sum(b.debit - b.credit), 0) FROM balance b WHERE b.estate_id = p_estate AND b.account = p_account) <> 0
      OR EXISTS (SELECT FROM balance b WHERE b.estate_id = p_estate AND b.account = p_account GROUP BY b.fund HAVING sum(b.debit - b.credit) <> 0)
      THEN 'bank_account_books_left'
    WHEN coalesce((SELECT b.balance FROM bank_balance b WHERE b.estate_id = p_estate AND b.account = p_account
        ORDER BY b.as_of DESC, b.seq DESC LIMIT 1),
      -- A bank that never said anything about an account the books have used has not said that it is empty.
      CASE WHEN EXISTS (SELECT FROM balance b WHERE b.estate_id = p_estate AND b.account = p_account) THEN 1 ELSE 0 END) <> 0
      THEN 'bank_account_bank_left'
    WHEN EXISTS (SELECT FROM payment_order y JOIN proposal o ON o.estate_id = y.estate_id AND o.proposal_id = y.proposal_id
        WHERE y.estate_id = p_estate AND y.bank_account = p_account AND o.state IN ('submitted', 'held', 'approved'))
      THEN 'bank_account_orders_wait'
    WHEN EXISTS (SELECT FROM open_suspense(p_estate) s WHERE s.account = p_account) THEN 'bank_account_suspense_left'
    WHEN EXISTS (SELECT FROM open_bank_lines(p_estate, p_account)) THEN 'bank_account_lines_left'
    WHEN NOT EXISTS (SELECT FROM bank_account b WHERE b.estate_id = p_estate AND b.account <> p_account AND b.closed_on IS NULL)
      THEN 'bank_account_last'
    WHEN p_closed_on > estate_today(p_estate)
      OR p_closed_on < (SELECT max(l.booked_on) FROM bank_line l WHERE l.estate_id = p_estate AND l.account = p_account)
      OR p_closed_on < (SELECT max(e.entry_date) FROM posting p JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq
        WHERE p.estate_id = p_estate AND p.account = p_account)
      THEN 'bank_account_closing_day'
    -- Where the bank is compared line by line, it is to the last day: nothing can be booked on the account afterwards.
    WHEN p_closed_on > (SELECT max(s.period_to) FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = p_account)
      THEN 'bank_account_statements_short'
  END
$$;
COMMENT ON FUNCTION bank_account_in_use(integer, text, date) IS 'Why a bank account cannot be closed on a day; NULL where it can.';
GRANT EXECUTE ON FUNCTION bank_account_in_use(integer, text, date) TO app, signer, auditor;

-- Document: {change: "open", account, account_last4, account_hash, bank_name, name_en, name_zh, opened_on, reason, resolution?}
--        or {change: "change", account, account_last4, account_hash?, bank_name, name_en, name_zh, before: {account_last4, bank_name, name_en, name_zh}, …}
--        or {change: "close", account, closed_on, account_last4, bank_name, name_en, name_zh, …}
CREATE FUNCTION change_bank_account(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_account account; v_row bank_account; v_number bank_account_asked; v_hash text;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'bank_account');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_changed' ELSE v_why END; END IF;
  SELECT * INTO v_number FROM bank_account_asked WHERE estate_id = p_estate AND proposal_id = p_proposal;
  SELECT * INTO v_row FROM bank_account WHERE estate_id = p_estate AND account = v ->> 'account' FOR UPDATE;
  v_hash := v ->> 'account_hash';
  IF v_hash IS NOT NULL AND (v_number.number IS NULL OR right(v_number.number, 4) IS DISTINCT FROM v ->> 'account_last4'
      OR commitment_of(v_number.salt, 'account_number', v_number.number) <> v_hash) THEN
    PERFORM refuse_bank_account('bank_account_number_differs', 'the number kept is not the one that was signed');
  END IF;
  IF v ->> 'change' = 'open' THEN
    IF v_row.account IS NOT NULL THEN PERFORM refuse_bank_account('bank_account_there', 'there is a bank account already'); END IF;
    SELECT * INTO v_account FROM account WHERE estate_id = p_estate AND account = v ->> 'account';
    IF v_account.account IS NULL THEN
      INSERT INTO account (estate_id, account, parent, name_zh, name_en, class, is_money, is_postable, opened_on)
        VALUES (p_estate, v ->> 'account', '1002', v ->> 'name_zh', v ->> 'name_en', 'asset', true, true, (v ->> 'opened_on')::date);
    ELSIF NOT v_account.is_money OR NOT v_account.is_postable OR v_account.closed_on IS NOT NULL THEN
      PERFORM refuse_bank_account('bank_account_ledger', 'the ledger account takes no money');
    END IF;
    INSERT INTO bank_account (estate_id, account, name_zh, name_en, bank_name, account_last4, number_hash)
      VALUES (p_estate, v ->> 'account', v ->> 'name_zh', v ->> 'name_en', v ->> 'bank_name', v ->> 'account_last4', v_hash)
      RETURNING * INTO v_row;
    PERFORM write_record(p_estate, 'bank_account_opened', bank_account_body(v_row, p_proposal));
  ELSIF v_row.account IS NULL OR v_row.closed_on IS NOT NULL OR v ->> 'change' NOT IN ('change', 'close')
      OR (v ->> 'change' = 'change' AND (v_row.account_last4, v_row.bank_name, v_row.name_en, v_row.name_zh) IS DISTINCT FROM
        (v -> 'before' ->> 'account_last4', v -> 'before' ->> 'bank_name', v -> 'before' ->> 'name_en', v -> 'before' ->> 'name_zh')) THEN
    -- Another change came first: what was signed is no longer what would happen.
    PERFORM refuse_bank_account('bank_account_changed_meanwhile', 'the bank account is not what it was when this was submitted');
  ELSIF v ->> 'change' = 'change' THEN
    IF v_hash IS NOT NULL OR v_row.account_last4 <> v ->> 'account_last4' THEN
      DELETE FROM bank_account_number WHERE estate_id = p_estate AND account = v_row.account;
    END IF;
    UPDATE bank_account SET name_zh = v ->> 'name_zh', name_en = v ->> 'name_en', bank_name = v ->> 'bank_name',
        account_last4 = v ->> 'account_last4', number_hash = coalesce(v_hash, number_hash)
      WHERE estate_id = p_estate AND account = v_row.account RETURNING * INTO v_row;
    -- A ledger account of its own is called as the bank account is.
    UPDATE account SET name_zh = v_row.name_zh, name_en = v_row.name_en
      WHERE estate_id = p_estate AND account = v_row.account AND parent = '1002';
    PERFORM write_record(p_estate, 'bank_account_changed', bank_account_body(v_row, p_proposal));
  ELSE
    v_why := bank_account_in_use(p_estate, v_row.account, (v ->> 'closed_on')::date);
    IF v_why IS NOT NULL THEN PERFORM refuse_bank_account(v_why, 'the bank account is in use'); END IF;
    UPDATE bank_account SET closed_on = (v ->> 'closed_on')::date
      WHERE estate_id = p_estate AND account = v_row.account RETURNING * INTO v_row;
    UPDATE account SET closed_on = v_row.closed_on + 1 WHERE estate_id = p_estate AND account = v_row.account;
    PERFORM write_record(p_estate, 'bank_account_closed', bank_account_body(v_row, p_proposal));
  END IF;
  IF v_hash IS NOT NULL THEN
    INSERT INTO bank_account_number (estate_id, account, number, salt) VALUES (p_estate, v_row.account, v_number.number, v_number.salt);
  END IF;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'changed';
END $$;
COMMENT ON FUNCTION change_bank_account(integer, bigint) IS
  'Opens, changes or closes a bank account by an approved proposal. Statuses: changed, already_changed, order_not_approved, order_in_notice, order_objected; refuses by bank_account_number_differs, bank_account_there, bank_account_ledger, bank_account_changed_meanwhile, and by what bank_account_in_use() says.';
GRANT EXECUTE ON FUNCTION change_bank_account(integer, bigint) TO app;

-- ── What has to be done at the bank ──────────────────────────────────────────────────────────────

CREATE TABLE bank_onboarding (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  account text NOT NULL,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,40}$'),
  state text NOT NULL CHECK (state IN ('open', 'done', 'not_needed')),
  note text NOT NULL DEFAULT '' CHECK (char_length(note) <= 200),
  holder uuid REFERENCES person,
  holder_body text,
  serial_last4 text CHECK (serial_last4 ~ '^[0-9A-Z]{4}$'),
  sha256 text,
  noted_by uuid NOT NULL REFERENCES person,
  body text NOT NULL,
  noted_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, account) REFERENCES bank_account,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, holder_body) REFERENCES body (estate_id, body),
  CONSTRAINT onboarding_holder_whole CHECK ((holder IS NULL) = (holder_body IS NULL))
);
COMMENT ON TABLE bank_onboarding IS 'What was done at the bank for a bank account (开户事项), item by item; the last row of an item counts. Officers only.';
COMMENT ON COLUMN bank_onboarding.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_onboarding.seq IS 'Record.';
COMMENT ON COLUMN bank_onboarding.account IS 'Bank account.';
COMMENT ON COLUMN bank_onboarding.item IS 'Item of the list (src/bank/onboarding.ts).';
COMMENT ON COLUMN bank_onboarding.state IS 'open, done or not_needed.';
COMMENT ON COLUMN bank_onboarding.note IS 'Remark; never in the log.';
COMMENT ON COLUMN bank_onboarding.holder IS 'Of a key (U盾) or seal: who keeps it.';
COMMENT ON COLUMN bank_onboarding.holder_body IS 'Body of the holder.';
COMMENT ON COLUMN bank_onboarding.serial_last4 IS 'Of a key: the last four signs of its serial number.';
COMMENT ON COLUMN bank_onboarding.sha256 IS 'File, if any.';
COMMENT ON COLUMN bank_onboarding.noted_by IS 'Who noted it.';
COMMENT ON COLUMN bank_onboarding.body IS 'For which body.';
COMMENT ON COLUMN bank_onboarding.noted_at IS 'When.';
CREATE INDEX bank_onboarding_item ON bank_onboarding (estate_id, account, item, seq);
CALL guard_append_only('bank_onboarding');
CALL wall_estate('bank_onboarding');
GRANT INSERT ON bank_onboarding TO app;

-- ── Mandates ─────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE mandate (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  bank_account text NOT NULL,
  account text NOT NULL,
  fund text NOT NULL,
  purpose text NOT NULL,
  cap_each numeric(14, 2) NOT NULL CHECK (cap_each > 0),
  cap_month numeric(14, 2) NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  opened_seq bigint NOT NULL,
  ended_on date,
  ended_seq bigint,
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT mandate_of_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, bank_account) REFERENCES bank_account (estate_id, account),
  FOREIGN KEY (estate_id, account) REFERENCES account,
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, opened_seq) REFERENCES record,
  FOREIGN KEY (estate_id, ended_seq) REFERENCES record,
  CONSTRAINT mandate_caps_in_order CHECK (cap_month >= cap_each),
  CONSTRAINT mandate_days_in_order CHECK (valid_to >= valid_from),
  CONSTRAINT mandate_end_whole CHECK ((ended_on IS NULL) = (ended_seq IS NULL))
);
COMMENT ON TABLE mandate IS 'Standing mandates (授权扣费): what a bank may take by itself, for what, how much at once and in a month. Written by open_mandate() and end_mandate() only.';
COMMENT ON COLUMN mandate.estate_id IS 'Estate.';
COMMENT ON COLUMN mandate.proposal_id IS 'Proposal with the signatures; number of the mandate.';
COMMENT ON COLUMN mandate.bank_account IS 'Bank account the fees are taken from.';
COMMENT ON COLUMN mandate.account IS 'Account that bears them.';
COMMENT ON COLUMN mandate.fund IS 'Fund that bears them.';
COMMENT ON COLUMN mandate.purpose IS 'What for.';
COMMENT ON COLUMN mandate.cap_each IS 'Most at once, yuan.';
COMMENT ON COLUMN mandate.cap_month IS 'Most in a calendar month, yuan.';
COMMENT ON COLUMN mandate.valid_from IS 'First day.';
COMMENT ON COLUMN mandate.valid_to IS 'Last day.';
COMMENT ON COLUMN mandate.opened_seq IS 'Record that began it.';
COMMENT ON COLUMN mandate.ended_on IS 'Day on which a body ended it early: nothing dated then or later rests on it.';
COMMENT ON COLUMN mandate.ended_seq IS 'Record of the early end.';
CALL wall_estate('mandate');
CREATE FUNCTION guard_mandate() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_old mandate := OLD; v_new mandate := NEW;
BEGIN
  v_new.ended_on := NULL; v_new.ended_seq := NULL;
  IF TG_OP <> 'UPDATE' OR OLD.ended_seq IS NOT NULL OR NEW.ended_seq IS NULL OR v_old IS DISTINCT FROM v_new THEN
    RAISE EXCEPTION 'mandate_stays: a mandate may only be ended' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_mandate BEFORE UPDATE OR DELETE ON mandate FOR EACH ROW EXECUTE FUNCTION guard_mandate();
ALTER TABLE mandate ENABLE ALWAYS TRIGGER guard_mandate;
CREATE TRIGGER keep_mandates BEFORE TRUNCATE ON mandate FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE mandate ENABLE ALWAYS TRIGGER keep_mandates;

-- Document: {bank_account, account, fund, purpose, cap_each, cap_month, valid_from, valid_to, resolution?}
CREATE FUNCTION open_mandate(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_account account; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'mandate');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_opened' ELSE v_why END; END IF;
  SELECT * INTO v_account FROM account WHERE estate_id = p_estate AND account = v ->> 'account';
  IF v_account.class IS DISTINCT FROM 'expense' OR NOT v_account.is_postable OR v_account.closed_on IS NOT NULL
      OR NOT EXISTS (SELECT FROM bank_account b WHERE b.estate_id = p_estate AND b.account = v ->> 'bank_account' AND b.closed_on IS NULL)
      OR (v ->> 'valid_to')::date < estate_today(p_estate) THEN
    RAISE EXCEPTION 'mandate_not_possible: bank account, account or days no longer fit'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'mandate_not_possible';
  END IF;
  v_seq := write_record(p_estate, 'mandate_opened', format('{"proposal":%s,"valid_from":%s,"valid_to":%s}', p_proposal,
    to_json(v ->> 'valid_from'), to_json(v ->> 'valid_to')));
  INSERT INTO mandate (estate_id, proposal_id, bank_account, account, fund, purpose, cap_each, cap_month, valid_from, valid_to, opened_seq)
    VALUES (p_estate, p_proposal, v ->> 'bank_account', v ->> 'account', v ->> 'fund', v ->> 'purpose', read_amount(v ->> 'cap_each'),
      read_amount(v ->> 'cap_month'), (v ->> 'valid_from')::date, (v ->> 'valid_to')::date, v_seq);
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'opened';
END $$;
COMMENT ON FUNCTION open_mandate(integer, bigint) IS
  'Begins a standing mandate by an approved proposal. Statuses: opened, already_opened, order_not_approved, order_in_notice, order_objected; refuses by mandate_not_possible.';
GRANT EXECUTE ON FUNCTION open_mandate(integer, bigint) TO app;

-- Either body that was asked for its signature ends it alone, at once, by one of those who may sign for it.
CREATE FUNCTION end_mandate(p_estate integer, p_mandate bigint, p_by uuid) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v mandate; v_seq bigint; v_today date;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_today := estate_today(p_estate);
  SELECT * INTO v FROM mandate WHERE estate_id = p_estate AND proposal_id = p_mandate FOR UPDATE;
  IF v.proposal_id IS NULL THEN RETURN 'mandate_unknown'; END IF;
  IF v.ended_seq IS NOT NULL OR v.valid_to < v_today THEN RETURN 'already_ended'; END IF;
  IF NOT EXISTS (SELECT FROM term t JOIN proposal o ON o.estate_id = t.estate_id AND o.proposal_id = p_mandate
      JOIN rule_body b ON b.estate_id = t.estate_id AND b.rule_id = o.rule_id AND b.body = t.body
      WHERE t.estate_id = p_estate AND t.person_id = p_by AND v_today BETWEEN t.starts_on AND t.ends_on
        AND t.office NOT IN ('cashier', 'deputy', 'auditor')) THEN
    RETURN 'not_yours';
  END IF;
  v_seq := write_record(p_estate, 'mandate_ended', format('{"by":"%s","mandate":%s}', p_by, p_mandate));
  UPDATE mandate SET ended_on = v_today, ended_seq = v_seq WHERE estate_id = p_estate AND proposal_id = p_mandate;
  RETURN 'ended';
END $$;
COMMENT ON FUNCTION end_mandate(integer, bigint, uuid) IS 'Ends a mandate by one of the bodies that signed. Statuses: ended, already_ended, mandate_unknown, not_yours.';
GRANT EXECUTE ON FUNCTION end_mandate(integer, bigint, uuid) TO app;

-- Caps are read from what was signed, not from the table beside it. What was reversed counts no more.
CREATE OR REPLACE FUNCTION mandate_verdict(p_estate integer, p_mandate bigint, p_bank_account text, p_account text, p_fund text, p_amount numeric, p_on date)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN d.document IS NULL OR p_on NOT BETWEEN (d.document ->> 'valid_from')::date AND (d.document ->> 'valid_to')::date OR p_on >= m.ended_on
      OR p_bank_account IS DISTINCT FROM d.document ->> 'bank_account' OR p_account IS DISTINCT FROM d.document ->> 'account'
      OR p_fund IS DISTINCT FROM d.document ->> 'fund' THEN 'mandate_unknown'
    WHEN p_amount > read_amount(d.document ->> 'cap_each')
      OR p_amount + (SELECT coalesce(sum(e.amount), 0) FROM journal_entry e WHERE e.estate_id = p_estate AND e.mandate = p_mandate
          AND e.period = to_char(p_on, 'YYYY-MM')
          AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = e.seq)) > read_amount(d.document ->> 'cap_month')
      THEN 'mandate_exceeded'
  END
  FROM (SELECT 1) AS one LEFT JOIN mandate m ON m.estate_id = p_estate AND m.proposal_id = p_mandate
  LEFT JOIN LATERAL (SELECT o.document::jsonb AS document FROM proposal o JOIN quorum q ON q.estate_id = o.estate_id AND q.proposal_id = o.proposal_id
      AND q.document_hash = o.document_hash
    WHERE o.estate_id = p_estate AND o.proposal_id = m.proposal_id AND o.kind = 'mandate' AND o.state = 'executed') AS d ON true
$$;
COMMENT ON FUNCTION mandate_verdict(integer, bigint, text, text, text, numeric, date) IS
  'Whether a mandate covers a fee: NULL if so; else mandate_unknown (none, another account or fund, another day, ended) or mandate_exceeded.';
GRANT EXECUTE ON FUNCTION mandate_verdict(integer, bigint, text, text, text, numeric, date) TO app, signer, auditor;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (', 'IF p_kind IN (''bank_account_opened'', ');
