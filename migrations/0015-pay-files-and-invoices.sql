-- Orders signed after the fact, pay files for the bank, and what invoice files say.

-- ── Orders after the fact (事后补单) ─────────────────────────────────────────────────────────────

-- Money that left without an order was booked to 1291 by the service; such an order explains it, and is never paid
-- again. How much of the entry is left the door judges when it is settled (post_entries, 0012).
ALTER TABLE payment_order ADD COLUMN settles bigint,
  ADD CONSTRAINT order_settles_entry FOREIGN KEY (estate_id, settles) REFERENCES journal_entry (estate_id, seq);
COMMENT ON COLUMN payment_order.settles IS
  'Entry on 1291 (suspense) that this order explains after the fact; NULL of an order that is paid as usual.';
CREATE INDEX payment_order_settles ON payment_order (estate_id, settles) WHERE settles IS NOT NULL;

-- The lines that settle it come from where the door compares them.
GRANT EXECUTE ON FUNCTION settled_postings(integer, jsonb, bigint) TO app, signer, auditor;

-- The money of such an order has left its fund already, when the suspense was booked: it reserves nothing a second time and
-- needs nothing free. Where another fund is to bear it, that fund needs the money as for any payment.
CREATE FUNCTION is_gone(p_estate integer, p_document text, p_fund text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT p_document LIKE '%"after_the_fact":{%' AND EXISTS (SELECT FROM posting s WHERE s.estate_id = p_estate
    AND s.seq = (p_document::jsonb -> 'after_the_fact' ->> 'entry')::bigint AND s.account = '1291' AND s.fund = p_fund)
$$;
COMMENT ON FUNCTION is_gone(integer, text, text) IS 'Whether the money of an order after the fact has left this very fund already.';
GRANT EXECUTE ON FUNCTION is_gone(integer, text, text) TO app, signer, auditor;

CREATE OR REPLACE FUNCTION money_out(p_estate integer, p_document text) RETURNS TABLE (fund text, amount numeric) LANGUAGE sql STABLE AS $$
  SELECT o.fund, o.amount FROM (SELECT l.value ->> 'fund' AS fund,
      sum(coalesce((l.value ->> 'credit')::numeric, 0) - coalesce((l.value ->> 'debit')::numeric, 0)) AS amount
    FROM jsonb_array_elements(p_document::jsonb -> 'postings') AS l(value)
    JOIN account a ON a.estate_id = p_estate AND a.account = l.value ->> 'account' AND a.is_money
    GROUP BY l.value ->> 'fund') AS o WHERE o.amount > 0 AND NOT is_gone(p_estate, p_document, o.fund)
$$;
CREATE OR REPLACE FUNCTION fund_available(p_estate integer, p_fund text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT sum(b.debit - b.credit) FROM balance b JOIN account a USING (estate_id, account)
      WHERE b.estate_id = p_estate AND b.fund = p_fund AND a.is_money), 0)
    - coalesce((SELECT sum(o.amount) FROM proposal o WHERE o.estate_id = p_estate AND o.kind IN ('payment', 'refund')
      AND o.state = 'approved' AND o.fund = p_fund AND NOT is_gone(p_estate, o.document, p_fund)), 0)
    - coalesce((SELECT sum(m.amount) FROM proposal o, money_out(p_estate, o.document) m WHERE o.estate_id = p_estate
      AND o.kind = 'transfer' AND o.state = 'approved' AND m.fund = p_fund), 0)
$$;
CALL amend_function('record_signature(integer, text)',
  'v_proposal.kind IN (''payment'', ''refund'') AND fund_available(p_estate, v_proposal.fund) < v_proposal.amount',
  'v_proposal.kind IN (''payment'', ''refund'') AND fund_available(p_estate, v_proposal.fund) < v_proposal.amount
        AND NOT is_gone(p_estate, v_proposal.document, v_proposal.fund)');

-- ── Pay files (付款文件) ─────────────────────────────────────────────────────────────────────────

CREATE TABLE pay_file (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  bank_account text NOT NULL,
  format text NOT NULL CHECK (format ~ '^[a-z0-9.-]{1,30}$'),
  count integer NOT NULL CHECK (count > 0),
  total numeric(16, 2) NOT NULL CHECK (total > 0),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  made_by uuid NOT NULL REFERENCES person,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  FOREIGN KEY (estate_id, bank_account) REFERENCES bank_account
);
COMMENT ON TABLE pay_file IS 'Files of approved orders handed to the bank; written by make_pay_file() only.';
COMMENT ON COLUMN pay_file.estate_id IS 'Estate.';
COMMENT ON COLUMN pay_file.seq IS 'Record; number of the file.';
COMMENT ON COLUMN pay_file.bank_account IS 'Bank account that pays.';
COMMENT ON COLUMN pay_file.format IS 'pain.001, or bank and kind of table: icbc-csv, ccb-xlsx, plain-csv.';
COMMENT ON COLUMN pay_file.count IS 'Orders in it.';
COMMENT ON COLUMN pay_file.total IS 'Their sum, yuan.';
COMMENT ON COLUMN pay_file.sha256 IS 'SHA-256 of the file: whoever downloads it again gets these bytes.';
COMMENT ON COLUMN pay_file.made_by IS 'Who made it.';
COMMENT ON COLUMN pay_file.made_at IS 'When.';
CALL guard_append_only('pay_file');
CALL wall_estate('pay_file');

CREATE TABLE pay_file_void (
  estate_id integer NOT NULL,
  pay_file bigint NOT NULL,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
  voided_by uuid NOT NULL REFERENCES person,
  voided_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, pay_file),
  FOREIGN KEY (estate_id, pay_file) REFERENCES pay_file (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE pay_file_void IS 'Pay files declared void (the bank refused one): their unpaid orders may go into another; written by void_pay_file() only.';
COMMENT ON COLUMN pay_file_void.estate_id IS 'Estate.';
COMMENT ON COLUMN pay_file_void.pay_file IS 'Pay file.';
COMMENT ON COLUMN pay_file_void.reason IS 'Why.';
COMMENT ON COLUMN pay_file_void.voided_by IS 'Who declared it.';
COMMENT ON COLUMN pay_file_void.voided_at IS 'When.';
COMMENT ON COLUMN pay_file_void.seq IS 'Record.';
CALL guard_append_only('pay_file_void');
CALL wall_estate('pay_file_void');

CREATE TABLE pay_file_order (
  estate_id integer NOT NULL,
  pay_file bigint NOT NULL,
  proposal_id bigint NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  stands boolean NOT NULL DEFAULT true,
  PRIMARY KEY (estate_id, pay_file, proposal_id),
  FOREIGN KEY (estate_id, pay_file) REFERENCES pay_file (estate_id, seq),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES payment_order (estate_id, proposal_id)
);
COMMENT ON TABLE pay_file_order IS 'Orders of a pay file; written by make_pay_file() and void_pay_file() only.';
COMMENT ON COLUMN pay_file_order.estate_id IS 'Estate.';
COMMENT ON COLUMN pay_file_order.pay_file IS 'Pay file.';
COMMENT ON COLUMN pay_file_order.proposal_id IS 'Order.';
COMMENT ON COLUMN pay_file_order.amount IS 'Its amount, yuan.';
COMMENT ON COLUMN pay_file_order.stands IS 'Until the file is declared void: an order stands in one file at most.';
CREATE UNIQUE INDEX pay_file_order_once ON pay_file_order (estate_id, proposal_id) WHERE stands;
CALL wall_estate('pay_file_order');
-- Void once, and nothing else: the rows of a file say what the bank was handed.
CREATE FUNCTION guard_pay_file_order() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'UPDATE' OR NEW.stands OR (NEW.estate_id, NEW.pay_file, NEW.proposal_id, NEW.amount)
      IS DISTINCT FROM (OLD.estate_id, OLD.pay_file, OLD.proposal_id, OLD.amount)
      OR NOT EXISTS (SELECT FROM pay_file_void v WHERE v.estate_id = OLD.estate_id AND v.pay_file = OLD.pay_file) THEN
    RAISE EXCEPTION 'pay_file_is_fixed: a pay file is declared void as a whole, with a record' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_pay_file_order BEFORE UPDATE OR DELETE ON pay_file_order FOR EACH ROW EXECUTE FUNCTION guard_pay_file_order();
ALTER TABLE pay_file_order ENABLE ALWAYS TRIGGER guard_pay_file_order;
CREATE TRIGGER keep_pay_file_orders BEFORE TRUNCATE ON pay_file_order FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
ALTER TABLE pay_file_order ENABLE ALWAYS TRIGGER keep_pay_file_orders;

-- Body: {bank_account, count, format, made_by, orders: [proposal…], sha256, total}. Statuses, first match wins over
-- all its orders: bank_account_unknown, order_unknown, order_not_approved, order_in_notice, order_objected,
-- order_after_the_fact, order_elsewhere (paid from another account), order_in_file, pay_file_differs (count or total);
-- else made. `proposal` names the order at fault, `seq` the file.
CREATE FUNCTION make_pay_file(p_estate integer, p_body text)
RETURNS TABLE (status text, seq bigint, proposal bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
#variable_conflict use_column
DECLARE
  v jsonb := p_body::jsonb; v_today date; v_wrong record; v_count integer; v_total numeric; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  -- The lock of the log first: an order is not withdrawn, paid or exported twice while it is put into a file.
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  v_today := estate_today(p_estate);
  IF NOT EXISTS (SELECT FROM bank_account b WHERE b.estate_id = p_estate AND b.account = v ->> 'bank_account') THEN
    RETURN QUERY SELECT 'bank_account_unknown', NULL::bigint, NULL::bigint; RETURN;
  END IF;
  SELECT w.wrong, o.id INTO v_wrong
  FROM (SELECT e.value::bigint AS id FROM jsonb_array_elements_text(v -> 'orders') AS e(value)) AS o
  LEFT JOIN proposal p ON p.estate_id = p_estate AND p.proposal_id = o.id AND p.kind IN ('payment', 'refund')
  LEFT JOIN payment_order y ON y.estate_id = p_estate AND y.proposal_id = p.proposal_id,
  LATERAL (SELECT CASE
    WHEN y.proposal_id IS NULL THEN 'order_unknown'
    WHEN p.state <> 'approved' THEN 'order_not_approved'
    WHEN waits_for(p_estate, o.id, v_today) IS NOT NULL THEN waits_for(p_estate, o.id, v_today)
    WHEN p.document::jsonb ? 'after_the_fact' THEN 'order_after_the_fact'
    WHEN y.bank_account <> v ->> 'bank_account' THEN 'order_elsewhere'
    WHEN EXISTS (SELECT FROM pay_file_order f WHERE f.estate_id = p_estate AND f.proposal_id = o.id AND f.stands) THEN 'order_in_file'
  END) AS w(wrong)
  WHERE w.wrong IS NOT NULL ORDER BY o.id LIMIT 1;
  IF v_wrong.wrong IS NOT NULL THEN
    RETURN QUERY SELECT v_wrong.wrong, NULL::bigint, v_wrong.id; RETURN;
  END IF;
  SELECT count(*), sum(p.amount) INTO v_count, v_total
  FROM (SELECT DISTINCT e.value::bigint AS id FROM jsonb_array_elements_text(v -> 'orders') AS e(value)) AS o
  JOIN proposal p ON p.estate_id = p_estate AND p.proposal_id = o.id;
  IF v_count = 0 OR v_count <> (v ->> 'count')::integer OR v_count <> jsonb_array_length(v -> 'orders') OR v_total <> read_amount(v ->> 'total')
      OR read_amount(v ->> 'total') IS NULL THEN
    RETURN QUERY SELECT 'pay_file_differs', NULL::bigint, NULL::bigint; RETURN;
  END IF;
  v_seq := write_record(p_estate, 'pay_file_made', p_body);
  INSERT INTO pay_file (estate_id, seq, bank_account, format, count, total, sha256, made_by, made_at)
    SELECT p_estate, v_seq, v ->> 'bank_account', v ->> 'format', v_count, v_total, v ->> 'sha256', (v ->> 'made_by')::uuid, r.recorded_at
    FROM record r WHERE r.estate_id = p_estate AND r.seq = v_seq;
  INSERT INTO pay_file_order (estate_id, pay_file, proposal_id, amount)
    SELECT p_estate, v_seq, p.proposal_id, p.amount
    FROM jsonb_array_elements_text(v -> 'orders') AS e(value)
    JOIN proposal p ON p.estate_id = p_estate AND p.proposal_id = e.value::bigint;
  RETURN QUERY SELECT 'made', v_seq, NULL::bigint;
END $$;
COMMENT ON FUNCTION make_pay_file(integer, text) IS
  'Records a file of approved orders for the bank; each order stands in one file at most.';
GRANT EXECUTE ON FUNCTION make_pay_file(integer, text) TO app;

-- Body: {by, pay_file, reason}. Statuses: voided, already_voided, pay_file_unknown.
CREATE FUNCTION void_pay_file(p_estate integer, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb := p_body::jsonb; v_file bigint := (p_body::jsonb ->> 'pay_file')::bigint; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT EXISTS (SELECT FROM pay_file WHERE estate_id = p_estate AND seq = v_file) THEN RETURN 'pay_file_unknown'; END IF;
  IF EXISTS (SELECT FROM pay_file_void WHERE estate_id = p_estate AND pay_file = v_file) THEN RETURN 'already_voided'; END IF;
  v_seq := write_record(p_estate, 'pay_file_voided', p_body);
  INSERT INTO pay_file_void (estate_id, pay_file, reason, voided_by, voided_at, seq)
    SELECT p_estate, v_file, v ->> 'reason', (v ->> 'by')::uuid, r.recorded_at, v_seq
    FROM record r WHERE r.estate_id = p_estate AND r.seq = v_seq;
  UPDATE pay_file_order SET stands = false WHERE estate_id = p_estate AND pay_file = v_file;
  RETURN 'voided';
END $$;
COMMENT ON FUNCTION void_pay_file(integer, text) IS
  'Declares a pay file void, with a reason: its unpaid orders may go into another one.';
GRANT EXECUTE ON FUNCTION void_pay_file(integer, text) TO app;

-- Both kinds are claims about money: only their own doors append them.
CREATE FUNCTION guard_pay_file_record() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (NEW.kind = 'pay_file_made' AND NOT EXISTS (SELECT FROM pay_file f WHERE f.estate_id = NEW.estate_id AND f.seq = NEW.seq))
      OR (NEW.kind = 'pay_file_voided' AND NOT EXISTS (SELECT FROM pay_file_void f WHERE f.estate_id = NEW.estate_id AND f.seq = NEW.seq)) THEN
    RAISE EXCEPTION 'record_kind_reserved: %', NEW.kind USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guard_pay_file_record AFTER INSERT ON record DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.kind IN ('pay_file_made', 'pay_file_voided')) EXECUTE FUNCTION guard_pay_file_record();
ALTER TABLE record ENABLE ALWAYS TRIGGER guard_pay_file_record;

-- ── Invoices (发票) ──────────────────────────────────────────────────────────────────────────────

-- What an invoice file says of itself. Seller and buyer may be persons: for officers only, and never in the log.
CREATE TABLE invoice (
  estate_id integer NOT NULL,
  sha256 text NOT NULL,
  source text NOT NULL CHECK (source IN ('xml', 'ofd', 'pdf')),
  number text NOT NULL CHECK (number ~ '^[0-9A-Z-]{4,40}$'),
  issued_on date,
  seller_name text NOT NULL CHECK (char_length(seller_name) BETWEEN 1 AND 200),
  seller_tax_number text CHECK (char_length(seller_tax_number) BETWEEN 1 AND 40),
  buyer_name text NOT NULL CHECK (char_length(buyer_name) BETWEEN 1 AND 200),
  buyer_tax_number text CHECK (char_length(buyer_tax_number) BETWEEN 1 AND 40),
  total numeric(14, 2) NOT NULL,
  is_red boolean NOT NULL,
  reverses text CHECK (reverses ~ '^[0-9A-Z-]{4,40}$'),
  PRIMARY KEY (estate_id, sha256),
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher (estate_id, sha256)
);
COMMENT ON TABLE invoice IS 'What invoice files among the vouchers say; may name persons: officers only, never in the log.';
COMMENT ON COLUMN invoice.estate_id IS 'Estate.';
COMMENT ON COLUMN invoice.sha256 IS 'Voucher: the file.';
COMMENT ON COLUMN invoice.source IS 'What was read: xml, ofd, or an XML inside a pdf.';
COMMENT ON COLUMN invoice.number IS 'Number of a digital invoice; of an older one code and number together.';
COMMENT ON COLUMN invoice.issued_on IS 'Day of issue.';
COMMENT ON COLUMN invoice.seller_name IS 'Seller.';
COMMENT ON COLUMN invoice.seller_tax_number IS 'Tax number of the seller.';
COMMENT ON COLUMN invoice.buyer_name IS 'Buyer.';
COMMENT ON COLUMN invoice.buyer_tax_number IS 'Tax number of the buyer.';
COMMENT ON COLUMN invoice.total IS 'Total with tax, yuan; negative of a red one.';
COMMENT ON COLUMN invoice.is_red IS 'Red invoice (红字): takes another one back.';
COMMENT ON COLUMN invoice.reverses IS 'Number of the invoice it takes back, where it says so.';
CREATE INDEX invoice_number ON invoice (estate_id, number);
CREATE INDEX invoice_reverses ON invoice (estate_id, reverses) WHERE reverses IS NOT NULL;
CALL guard_append_only('invoice');
CALL wall_estate('invoice');
GRANT INSERT ON invoice TO app;

CREATE TABLE invoice_title (
  estate_id integer NOT NULL REFERENCES estate,
  name text NOT NULL CHECK (char_length(name) BETWEEN 2 AND 100),
  added_by uuid NOT NULL REFERENCES person,
  added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (estate_id, name)
);
COMMENT ON TABLE invoice_title IS 'Names of buyers that invoices may be made out to (发票抬头), besides the estate and its bodies.';
COMMENT ON COLUMN invoice_title.estate_id IS 'Estate.';
COMMENT ON COLUMN invoice_title.name IS 'Name as it stands on the invoice.';
COMMENT ON COLUMN invoice_title.added_by IS 'Who added it.';
COMMENT ON COLUMN invoice_title.added_at IS 'When.';
CALL wall_estate('invoice_title');
GRANT INSERT, DELETE ON invoice_title TO app;
