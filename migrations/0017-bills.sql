-- Open bills (账单): what each dwelling owes for a month, and which receipts paid it. Small on purpose: bills are made from
-- area and rate, paid in full or in part, and given back when the receipt is reversed. They do not stand in the log one by
-- one (who owes what is nobody else's business); one record says how many were made, and for how much.

CREATE TABLE bill (
  estate_id integer NOT NULL REFERENCES estate,
  bill_id bigint GENERATED ALWAYS AS IDENTITY,
  unit text NOT NULL,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,30}$'),
  period text NOT NULL CHECK (period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  amount numeric(14, 2) NOT NULL CONSTRAINT bill_amount_above_zero CHECK (amount > 0),
  due_on date NOT NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, bill_id),
  CONSTRAINT bill_once UNIQUE (estate_id, unit, item, period),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE bill IS 'Bills (账单): what a dwelling owes for a month.';
COMMENT ON COLUMN bill.estate_id IS 'Estate.';
COMMENT ON COLUMN bill.bill_id IS 'Number.';
COMMENT ON COLUMN bill.unit IS 'Dwelling.';
COMMENT ON COLUMN bill.item IS 'What for: property_fee 物业费.';
COMMENT ON COLUMN bill.period IS 'Month it is for.';
COMMENT ON COLUMN bill.amount IS 'Amount, yuan.';
COMMENT ON COLUMN bill.due_on IS 'Last day on which it is paid in time.';
COMMENT ON COLUMN bill.made_at IS 'When.';
CREATE INDEX bill_period ON bill (estate_id, period);
CALL guard_append_only('bill');
CALL wall_estate('bill');
GRANT INSERT ON bill TO app;

CREATE TABLE bill_payment (
  estate_id integer NOT NULL,
  bill_id bigint NOT NULL,
  seq bigint NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, bill_id, seq),
  FOREIGN KEY (estate_id, bill_id) REFERENCES bill,
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry (estate_id, seq)
);
COMMENT ON TABLE bill_payment IS 'Which receipts paid which bills. One whose entry is reversed counts no more: bill_paid().';
COMMENT ON COLUMN bill_payment.estate_id IS 'Estate.';
COMMENT ON COLUMN bill_payment.bill_id IS 'Bill.';
COMMENT ON COLUMN bill_payment.seq IS 'Journal entry.';
COMMENT ON COLUMN bill_payment.amount IS 'How much of the entry is for the bill, yuan.';
CREATE INDEX bill_payment_entry ON bill_payment (estate_id, seq);
CALL guard_append_only('bill_payment');
CALL wall_estate('bill_payment');
GRANT INSERT ON bill_payment TO app;

CREATE FUNCTION bill_paid(p_estate integer, p_bill bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(p.amount), 0)::numeric(14, 2) FROM bill_payment p
  WHERE p.estate_id = p_estate AND p.bill_id = p_bill
    -- LIMIT keeps it a lookup by key, whatever the planner thinks of the size of the journal.
    AND (SELECT r.seq FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = p.seq LIMIT 1) IS NULL
$$;
COMMENT ON FUNCTION bill_paid(integer, bigint) IS 'What was paid of a bill by entries that are not reversed.';
GRANT EXECUTE ON FUNCTION bill_paid(integer, bigint) TO app, signer, auditor;

-- A bill is not paid twice over, and no entry pays more of a dwelling's bills than it credits to that dwelling. Whoever
-- writes a payment has the log's lock already (they posted); without it, two payments could each look at an open bill.
CREATE FUNCTION guard_bill_payment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v_bill bill; v_ref text;
BEGIN
  PERFORM 1 FROM log_head WHERE estate_id = NEW.estate_id FOR UPDATE;
  SELECT * INTO v_bill FROM bill WHERE estate_id = NEW.estate_id AND bill_id = NEW.bill_id;
  SELECT ref INTO v_ref FROM unit WHERE estate_id = NEW.estate_id AND unit = v_bill.unit;
  IF (SELECT e.reverses FROM journal_entry e WHERE e.estate_id = NEW.estate_id AND e.seq = NEW.seq) IS NOT NULL
      OR (SELECT e.seq FROM journal_entry e WHERE e.estate_id = NEW.estate_id AND e.reverses = NEW.seq LIMIT 1) IS NOT NULL THEN
    RAISE EXCEPTION 'bill_entry_reversed: the entry reverses another or is reversed'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'bill_entry_reversed';
  END IF;
  IF bill_paid(NEW.estate_id, NEW.bill_id) > v_bill.amount THEN
    RAISE EXCEPTION 'bill_overpaid: more than is open of the bill'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'bill_overpaid';
  END IF;
  IF (SELECT sum(p.amount) FROM bill_payment p JOIN bill b ON b.estate_id = p.estate_id AND b.bill_id = p.bill_id
        WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq AND b.unit = v_bill.unit)
      > coalesce((SELECT sum(l.credit) FROM posting l WHERE l.estate_id = NEW.estate_id AND l.seq = NEW.seq AND l.unit = v_ref), 0) THEN
    RAISE EXCEPTION 'bill_payment_beyond_entry: the entry credits less to the dwelling'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'bill_payment_beyond_entry';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_bill_payment AFTER INSERT ON bill_payment FOR EACH ROW EXECUTE FUNCTION guard_bill_payment();
ALTER TABLE bill_payment ENABLE ALWAYS TRIGGER guard_bill_payment;

CREATE TABLE billing_start (
  estate_id integer NOT NULL REFERENCES estate,
  seq bigint NOT NULL,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,30}$'),
  start_period text CHECK (start_period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  set_by uuid NOT NULL REFERENCES person,
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE billing_start IS 'From which month on bills are made by themselves; the last row of an item counts, none: never.';
COMMENT ON COLUMN billing_start.estate_id IS 'Estate.';
COMMENT ON COLUMN billing_start.seq IS 'Record.';
COMMENT ON COLUMN billing_start.item IS 'What for: property_fee 物业费.';
COMMENT ON COLUMN billing_start.start_period IS 'First month; NULL: switched off.';
COMMENT ON COLUMN billing_start.set_by IS 'Who set it.';
CALL guard_append_only('billing_start');
CALL wall_estate('billing_start');
GRANT INSERT ON billing_start TO app;

CREATE TABLE unit_virtual_account (
  estate_id integer NOT NULL,
  virtual_account text NOT NULL CHECK (virtual_account ~ '^[0-9A-Z]{4,40}$'),
  unit text NOT NULL,
  entered_by uuid NOT NULL REFERENCES person,
  entered_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, virtual_account),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE unit_virtual_account IS 'Numbers (子账号) that a bank gives each dwelling to pay to: who pays to one pays for that dwelling. For officers only.';
COMMENT ON COLUMN unit_virtual_account.estate_id IS 'Estate.';
COMMENT ON COLUMN unit_virtual_account.virtual_account IS 'Number of the bank, digits and capital letters.';
COMMENT ON COLUMN unit_virtual_account.unit IS 'Dwelling.';
COMMENT ON COLUMN unit_virtual_account.entered_by IS 'Who entered it last.';
COMMENT ON COLUMN unit_virtual_account.entered_at IS 'When.';
CREATE INDEX unit_virtual_account_unit ON unit_virtual_account (estate_id, unit);
CALL wall_estate('unit_virtual_account');
GRANT INSERT, UPDATE (unit, entered_by, entered_at) ON unit_virtual_account TO app;
