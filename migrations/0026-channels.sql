-- Money that goes back to a dwelling (refunds name whose it is), deposits (押金), and what customers pay through WeChat, Alipay,
-- card machines and in cash: in transit (1012) until it arrives at the bank.

-- ── Orders that give back ────────────────────────────────────────────────────────────────────────
ALTER TABLE payment_order ADD COLUMN unit text, ADD FOREIGN KEY (estate_id, unit) REFERENCES unit;
COMMENT ON COLUMN payment_order.unit IS 'Dwelling whose money goes back (deposit, received in advance, fee paid twice); NULL of all else. In the document: unit.ref.';
CREATE INDEX payment_order_unit ON payment_order (estate_id, unit) WHERE unit IS NOT NULL;
GRANT UPDATE (unit) ON payment_order TO app;

CREATE FUNCTION unit_underway(p_estate integer, p_unit text, p_account text, p_fund text, p_except bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum((l.value ->> 'debit')::numeric), 0)::numeric(16, 2)
  FROM proposal o, jsonb_array_elements(o.document::jsonb -> 'postings') AS l(value)
  WHERE o.estate_id = p_estate AND o.state IN ('submitted', 'held', 'approved') AND o.kind IN ('payment', 'refund', 'transfer')
    AND o.proposal_id IS DISTINCT FROM p_except AND l.value ? 'debit'
    AND l.value ->> 'account' = p_account AND l.value ->> 'fund' = p_fund AND l.value ->> 'unit' IS NOT DISTINCT FROM p_unit
$$;
COMMENT ON FUNCTION unit_underway(integer, text, text, text, bigint) IS
  'What proposals that are being signed or wait to be carried out would take of a dwelling''s money (unit.ref; NULL: of what is held for no dwelling).';
GRANT EXECUTE ON FUNCTION unit_underway(integer, text, text, text, bigint) TO app, signer, auditor;

-- ── Deposits ─────────────────────────────────────────────────────────────────────────────────────
-- 借 bank, or 1012 [deposit]  贷 2241 [deposit] dwelling. What is held is unit_held(); this says what for.
CREATE TABLE deposit (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  unit text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('renovation', 'access', 'other')),
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, seq, unit),
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE deposit IS 'What a deposit was given for. The sums are those of 2241, unit_held(); one whose entry is reversed counts no more.';
COMMENT ON COLUMN deposit.estate_id IS 'Estate.';
COMMENT ON COLUMN deposit.seq IS 'Entry.';
COMMENT ON COLUMN deposit.unit IS 'Dwelling.';
COMMENT ON COLUMN deposit.kind IS 'renovation 装修押金, access 门禁卡押金, other.';
COMMENT ON COLUMN deposit.amount IS 'Yuan on 2241.';
CREATE INDEX deposit_unit ON deposit (estate_id, unit);
CALL guard_append_only('deposit');
CALL wall_estate('deposit');
GRANT INSERT ON deposit TO app;

-- A deposit paid by card or in cash is in transit as any other receipt.
CREATE PROCEDURE allow_deposits_in_transit() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO fund_account (estate_id, fund, account) SELECT f.estate_id, f.fund, '1012' FROM fund f
      WHERE f.estate_id = v.estate_id AND f.fund = 'deposit' ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
CALL allow_deposits_in_transit();
DROP PROCEDURE allow_deposits_in_transit();

-- ── Settlements ──────────────────────────────────────────────────────────────────────────────────
CREATE TABLE settlement (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  channel text NOT NULL CHECK (channel IN ('wechat', 'alipay', 'pos')),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  first_on date NOT NULL,
  last_on date NOT NULL,
  lines integer NOT NULL CHECK (lines > 0),
  gross numeric(14, 2) NOT NULL CHECK (gross > 0),
  fee numeric(14, 2) NOT NULL CHECK (fee >= 0 AND fee < gross),
  taken_by uuid NOT NULL REFERENCES person,
  PRIMARY KEY (estate_id, seq),
  CONSTRAINT settlement_once UNIQUE (estate_id, sha256),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE settlement IS 'Settlement files (结算单) of WeChat, Alipay and card machines: what customers paid there and what the channel keeps. The file itself is not kept: it names payers.';
COMMENT ON COLUMN settlement.estate_id IS 'Estate.';
COMMENT ON COLUMN settlement.seq IS 'Record.';
COMMENT ON COLUMN settlement.channel IS 'wechat 微信支付, alipay 支付宝, pos 刷卡.';
COMMENT ON COLUMN settlement.sha256 IS 'Of the file: the same file is taken once.';
COMMENT ON COLUMN settlement.first_on IS 'First day on which somebody paid.';
COMMENT ON COLUMN settlement.last_on IS 'Last day.';
COMMENT ON COLUMN settlement.lines IS 'Payments taken.';
COMMENT ON COLUMN settlement.gross IS 'What customers paid, yuan.';
COMMENT ON COLUMN settlement.fee IS 'What the channel keeps, yuan.';
COMMENT ON COLUMN settlement.taken_by IS 'Who took it in.';
CALL guard_append_only('settlement');
CALL wall_estate('settlement');
GRANT INSERT ON settlement TO app;

CREATE TABLE settlement_line (
  estate_id integer NOT NULL,
  settlement bigint NOT NULL,
  line integer NOT NULL CHECK (line > 0),
  channel text NOT NULL,
  reference text NOT NULL CHECK (char_length(reference) BETWEEN 4 AND 64),
  paid_on date NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  unit text NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, settlement, line),
  CONSTRAINT settlement_line_once UNIQUE (estate_id, channel, reference),
  FOREIGN KEY (estate_id, settlement) REFERENCES settlement,
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry (estate_id, seq)
);
COMMENT ON TABLE settlement_line IS 'Payments of a settlement file and the entries they were booked with: each payment of a channel once, whatever files name it.';
COMMENT ON COLUMN settlement_line.estate_id IS 'Estate.';
COMMENT ON COLUMN settlement_line.settlement IS 'Settlement.';
COMMENT ON COLUMN settlement_line.line IS 'Row of the file as a spreadsheet shows it.';
COMMENT ON COLUMN settlement_line.channel IS 'Of the settlement; here for the constraint.';
COMMENT ON COLUMN settlement_line.reference IS 'Number the channel gave the payment.';
COMMENT ON COLUMN settlement_line.paid_on IS 'Day.';
COMMENT ON COLUMN settlement_line.amount IS 'Yuan.';
COMMENT ON COLUMN settlement_line.unit IS 'Dwelling it was booked for.';
COMMENT ON COLUMN settlement_line.seq IS 'Entry.';
CREATE INDEX settlement_line_entry ON settlement_line (estate_id, seq);
CALL guard_append_only('settlement_line');
CALL wall_estate('settlement_line');
GRANT INSERT ON settlement_line TO app;

CREATE TABLE settlement_draft (
  estate_id integer NOT NULL REFERENCES estate,
  draft_id bigint GENERATED ALWAYS AS IDENTITY,
  channel text NOT NULL CHECK (channel IN ('wechat', 'alipay', 'pos')),
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  file_name text NOT NULL CHECK (char_length(file_name) <= 200),
  content text NOT NULL,
  made_by uuid NOT NULL REFERENCES person,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, draft_id)
);
COMMENT ON TABLE settlement_draft IS 'Settlement files looked at and not taken yet (personal data): deleted when taken or thrown away, at the latest after seven days.';
COMMENT ON COLUMN settlement_draft.estate_id IS 'Estate.';
COMMENT ON COLUMN settlement_draft.draft_id IS 'Number.';
COMMENT ON COLUMN settlement_draft.channel IS 'wechat, alipay, pos.';
COMMENT ON COLUMN settlement_draft.sha256 IS 'Of the file.';
COMMENT ON COLUMN settlement_draft.file_name IS 'Name of the file.';
COMMENT ON COLUMN settlement_draft.content IS 'JSON: the table as read, which column is what, what the cashier said of rows.';
COMMENT ON COLUMN settlement_draft.made_by IS 'Who brought it.';
COMMENT ON COLUMN settlement_draft.made_at IS 'When.';
CALL wall_estate('settlement_draft');
GRANT INSERT, UPDATE (content), DELETE ON settlement_draft TO app;

-- ── In transit ───────────────────────────────────────────────────────────────────────────────────
CREATE TABLE transit_arrival (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  channel text NOT NULL CHECK (channel IN ('wechat', 'alipay', 'pos', 'cash')),
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry (estate_id, seq)
);
COMMENT ON TABLE transit_arrival IS 'Which channel''s money an entry 借 bank 贷 1012 brought to the bank.';
COMMENT ON COLUMN transit_arrival.estate_id IS 'Estate.';
COMMENT ON COLUMN transit_arrival.seq IS 'Entry.';
COMMENT ON COLUMN transit_arrival.channel IS 'wechat, alipay, pos, cash.';
CALL guard_append_only('transit_arrival');
CALL wall_estate('transit_arrival');
GRANT INSERT ON transit_arrival TO app;

CREATE TABLE transit_fee (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  channel text NOT NULL CHECK (channel IN ('wechat', 'alipay', 'pos', 'cash')),
  settlement bigint,
  PRIMARY KEY (estate_id, proposal_id),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, settlement) REFERENCES settlement
);
COMMENT ON TABLE transit_fee IS 'Transfers 借 5119 贷 1012 that were proposed for what a channel keeps.';
COMMENT ON COLUMN transit_fee.estate_id IS 'Estate.';
COMMENT ON COLUMN transit_fee.proposal_id IS 'Proposal.';
COMMENT ON COLUMN transit_fee.channel IS 'wechat, alipay, pos, cash.';
COMMENT ON COLUMN transit_fee.settlement IS 'Settlement whose fee it is; NULL where typed by hand.';
CALL guard_append_only('transit_fee');
CALL wall_estate('transit_fee');
GRANT INSERT ON transit_fee TO app;

-- A reversal moves with the entry it reverses; what the bank's line alone tells is read from its words.
CREATE FUNCTION transit_channel(p_estate integer, p_seq bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT l.channel FROM settlement_line l WHERE l.estate_id = p_estate AND l.seq = e.of LIMIT 1),
    (SELECT a.channel FROM transit_arrival a WHERE a.estate_id = p_estate AND a.seq = e.of),
    (SELECT f.channel FROM transit_fee f WHERE f.estate_id = p_estate AND f.proposal_id = e.proposal_id),
    (SELECT n.method FROM receipt r JOIN receipt_note n ON n.estate_id = r.estate_id AND n.number = r.number
      WHERE r.estate_id = p_estate AND r.seq = e.of AND n.method IN ('wechat', 'alipay', 'pos', 'cash') LIMIT 1),
    (SELECT CASE WHEN w.words ~ '财付通|微信|TENPAY|WECHAT' THEN 'wechat' WHEN w.words ~ '支付宝|蚂蚁|ALIPAY' THEN 'alipay'
        WHEN w.words ~ '银联|收单|POS|刷卡|商户' THEN 'pos' WHEN w.words ~ '现金|存现|现存' THEN 'cash' END
      FROM journal_entry j JOIN journal_entry k ON k.estate_id = j.estate_id AND k.seq = coalesce(j.settles, j.seq)
        JOIN bank_line_detail d ON d.estate_id = k.estate_id AND d.account = k.bank_account AND d.position = k.bank_position,
        LATERAL (SELECT upper(concat_ws(' ', d.counterparty_name, d.memo, d.purpose)) AS words) AS w
      WHERE j.estate_id = p_estate AND j.seq = e.of),
    'other')
  FROM (SELECT coalesce(j.reverses, j.seq) AS of, j.proposal_id FROM journal_entry j WHERE j.estate_id = p_estate AND j.seq = p_seq) AS e
$$;
COMMENT ON FUNCTION transit_channel(integer, bigint) IS 'Channel of an entry on 1012: wechat, alipay, pos, cash, or other where nothing tells.';
GRANT EXECUTE ON FUNCTION transit_channel(integer, bigint) TO app, signer, auditor;
CREATE INDEX posting_transit ON posting (estate_id, seq) WHERE account = '1012';
