-- Receipts (收据), money received in advance, money in transit, deposits kept back: what the door must know of a dwelling's money.

-- ── Accounts ─────────────────────────────────────────────────────────────────────────────────────
-- Codes are fixed, like 1002: the door and the verifiers know 1012, 2203, 2241 and 5114 by number.
CREATE PROCEDURE add_household_accounts() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO account (estate_id, account, name_zh, name_en, class, is_money, is_postable, opened_on)
    SELECT v.estate_id, n.account, n.name_zh, n.name_en, n.class, false, true, to_date(v.first_period, 'YYYY-MM')
    FROM (VALUES ('1012', '在途收款', 'Receipts in transit', 'asset'), ('2203', '预收物业费', 'Property fees received in advance', 'liability'),
      ('2241', '押金', 'Deposits held', 'liability'), ('4111', '滞纳金收入', 'Late fees', 'income'), ('5114', '补贴发放', 'Subsidies passed on', 'expense')) AS n(account, name_zh, name_en, class)
    ON CONFLICT DO NOTHING;
    INSERT INTO fund (estate_id, fund, name_zh, name_en, purpose_zh, purpose_en, is_restricted, place)
    SELECT v.estate_id, 'fee_subsidy', '缴费补贴资金', 'Fee subsidies', '政府、单位给业主的缴费补贴（先缴后补），只发给已缴费的房屋',
      'Subsidies for fees that were paid first; only passed on to those dwellings', true, coalesce(max(f.place), 0) + 1 FROM fund f WHERE f.estate_id = v.estate_id
    ON CONFLICT DO NOTHING;
    INSERT INTO fund_account (estate_id, fund, account) VALUES (v.estate_id, 'fee_subsidy', '4105'), (v.estate_id, 'fee_subsidy', '5114')
    ON CONFLICT DO NOTHING;
  END LOOP;
END $$;
CALL add_household_accounts();
DROP PROCEDURE add_household_accounts();

-- ── What the estate holds for a dwelling ─────────────────────────────────────────────────────────
CREATE INDEX posting_unit ON posting (estate_id, unit, account, seq) WHERE unit IS NOT NULL;

CREATE FUNCTION unit_held(p_estate integer, p_unit text, p_account text, p_fund text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(p.credit - p.debit), 0)::numeric(16, 2) FROM posting p
  WHERE p.estate_id = p_estate AND p.unit = p_unit AND p.account = p_account AND p.fund = p_fund
$$;
COMMENT ON FUNCTION unit_held(integer, text, text, text) IS 'Held for a dwelling (unit.ref) on a liability: 2203 received in advance, 2241 deposits.';
GRANT EXECUTE ON FUNCTION unit_held(integer, text, text, text) TO app, signer, auditor;

-- What a line without a dwelling may take: what was put there without one, from before dwellings were named, and never what dwellings hold.
CREATE FUNCTION unnamed_held(p_estate integer, p_account text, p_fund text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce(sum(p.credit - p.debit) FILTER (WHERE p.unit IS NOT NULL), 0) <= 0 THEN 'infinity'
    ELSE coalesce(sum(p.credit - p.debit) FILTER (WHERE p.unit IS NULL), 0) END
  FROM posting p WHERE p.estate_id = p_estate AND p.account = p_account AND p.fund = p_fund
$$;
COMMENT ON FUNCTION unnamed_held(integer, text, text) IS 'Held on a liability for no dwelling; infinity where no dwelling holds anything there.';
GRANT EXECUTE ON FUNCTION unnamed_held(integer, text, text) TO app, signer, auditor;

-- What of a dwelling's bills may be taken from what it paid in advance: bills of months up to this one, not paid and not waived.
CREATE FUNCTION unit_owes(p_estate integer, p_ref text, p_period text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(b.amount - bill_paid(p_estate, b.bill_id) - bill_reduced(p_estate, b.bill_id)), 0)::numeric(16, 2)
  FROM unit u JOIN bill b ON b.estate_id = u.estate_id AND b.unit = u.unit
  WHERE u.estate_id = p_estate AND u.ref = p_ref AND b.period <= p_period
$$;
COMMENT ON FUNCTION unit_owes(integer, text, text) IS 'Open bills of a dwelling (unit.ref) up to a month.';
GRANT EXECUTE ON FUNCTION unit_owes(integer, text, text) TO app, signer, auditor;

-- ── The door ─────────────────────────────────────────────────────────────────────────────────────
-- release: true    a transfer that needs no order: 借 2203 (dwelling)  贷 income or 2242 (the same dwelling, the same fund), not more than
--                  is held for it and not more than it owes. The money was the owner's; the bill is what it was paid for.
-- 1012             a receipt may debit money in transit (WeChat, Alipay, POS, cash on its way), as it may debit a bank account.
--                  No line on it names a dwelling: what arrives was received before, and would have a second receipt.
-- 2203, 2241       nobody takes more of a dwelling than is held for it, except the red letters of a receipt that bounced.
-- Restricted money leaves its fund in a transfer only as what it was held or given for: a deposit kept back, a subsidy passed on.
ALTER TABLE journal_entry ADD COLUMN release boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT payment_has_order,
  ADD CONSTRAINT payment_has_order CHECK (proposal_id IS NOT NULL OR (reverses IS NULL AND (kind = 'receipt'
    OR (kind = 'payment' AND bank_position IS NOT NULL) OR (kind = 'transfer' AND (settles IS NOT NULL OR release)))));
COMMENT ON COLUMN journal_entry.release IS 'True: takes what a dwelling paid in advance for its bills, without an order.';

CREATE OR REPLACE FUNCTION entry_is_readable(j jsonb) RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(j ->> 'kind' IN ('receipt', 'payment', 'transfer')
  AND j ->> 'entry_date' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND (j ->> 'entry_date')::date IS NOT NULL
  AND char_length(j ->> 'description') BETWEEN 1 AND 200 AND char_length(j ->> 'key') BETWEEN 1 AND 200
  AND jsonb_array_length(j -> 'postings') <= 10000
  AND coalesce(jsonb_array_length(j -> 'vouchers'), 0) <= 1000
  AND coalesce(j ->> 'proposal' ~ '^[1-9][0-9]{0,17}$', true) AND coalesce(j ->> 'reverses' ~ '^[1-9][0-9]{0,17}$', true)
  AND coalesce(j ->> 'settles' ~ '^[1-9][0-9]{0,17}$', true) AND coalesce(j ->> 'mandate' ~ '^[1-9][0-9]{0,17}$', true)
  AND (NOT j ? 'bank_line' OR (j -> 'bank_line' ->> 'account' ~ '^[0-9]{4,6}$' AND j -> 'bank_line' ->> 'position' ~ '^[1-9][0-9]{0,17}$'))
  AND (NOT j ? 'release' OR j -> 'release' = 'true')
  AND EXISTS (SELECT FROM person WHERE person_id = (j ->> 'made_by')::uuid), false);
CALL amend_function('post_entries(integer, text[])',
  -- Whatever takes from dwellings is judged one after the other.
  'j.value -> ''bank_line'' AS line, j.value ->> ''settles'' AS settles',
  'jsonb_path_exists(j.value, ''$.postings[*] ? (exists(@.debit) && (@.account == "2203" || @.account == "2241"))'') AS takes,
        j.value -> ''bank_line'' AS line, j.value ->> ''settles'' AS settles',
  'CASE WHEN line IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY line ORDER BY i) END,',
  'CASE WHEN line IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY line ORDER BY i) END,
          CASE WHEN NOT takes THEN 1 ELSE row_number() OVER (PARTITION BY takes ORDER BY i) END,',
  '(j.value ->> ''mandate'')::bigint AS mandate',
  '(j.value ->> ''mandate'')::bigint AS mandate, coalesce((j.value -> ''release'')::boolean, false) AS release',
  'bool_or(CASE WHEN is_money THEN credit <> 0 ELSE debit <> 0 END) AS beyond_receipt',
  'bool_or(CASE WHEN is_money THEN credit <> 0 ELSE debit <> 0 AND account <> ''1012'' END) AS beyond_receipt,
        bool_or(account = ''1012'' AND unit IS NOT NULL AND NOT is_red) AS transit_named',
  'SELECT DISTINCT i FROM (SELECT i FROM line_check WHERE is_money AND is_restricted
        GROUP BY i, fund HAVING sum(debit) < sum(credit)) AS drained',
  'SELECT DISTINCT i FROM (SELECT i FROM line_check WHERE is_restricted
        GROUP BY i, fund HAVING sum(credit - debit) FILTER (WHERE is_money) > 0 AND sum(credit - debit) FILTER (WHERE is_money)
          <> coalesce(sum(debit) FILTER (WHERE account = ''5114'' OR (account = ''2241'' AND unit IS NOT NULL)), 0)) AS drained
    ), taken AS (
      -- What an entry takes from each dwelling, and what is held for it before.
      SELECT DISTINCT n.i FROM (SELECT l.i, l.unit, l.account, l.fund, sum(l.debit - l.credit) AS taken FROM line_check l
          WHERE l.account IN (''2203'', ''2241'') AND NOT l.is_red AND (l.unit IS NOT NULL OR EXISTS (SELECT FROM entry e WHERE e.i = l.i AND e.settles IS NULL))
          GROUP BY l.i, l.unit, l.account, l.fund HAVING sum(l.debit - l.credit) > 0) AS n
      WHERE n.taken > CASE WHEN n.unit IS NULL THEN unnamed_held(p_estate, n.account, n.fund) ELSE unit_held(p_estate, n.unit, n.account, n.fund) END
    ), released AS (
      SELECT e.i, bool_or(n.wrong) AS wrong, bool_or(n.beyond) AS beyond FROM entry e, LATERAL (
        SELECT coalesce(bool_or(l.unit IS NULL OR NOT ((l.account = ''2203'' AND l.credit = 0) OR ((l.class = ''income'' OR l.account = ''2242'') AND l.debit = 0))), true)
            OR sum(l.debit) <> sum(l.credit) AS wrong,
          sum(l.debit) > unit_owes(p_estate, l.unit, e.period) AS beyond
        FROM line_check l WHERE l.i = e.i GROUP BY l.unit, l.fund) AS n WHERE e.release GROUP BY e.i',
  'WHEN e.reverses IS NOT NULL AND w.amount > w.left_amount THEN ''suspense_settled''',
  'WHEN e.reverses IS NOT NULL AND w.amount > w.left_amount THEN ''suspense_settled''
          WHEN e.release AND (e.kind <> ''transfer'' OR e.proposal_id IS NOT NULL OR e.reverses IS NOT NULL OR e.settles IS NOT NULL
            OR e.bank_position IS NOT NULL OR y.wrong IS NOT FALSE) THEN ''release_differs''
          WHEN t.transit_named THEN ''transit_names_unit''
          WHEN h.i IS NOT NULL THEN ''unit_exceeded''
          WHEN e.release AND y.beyond THEN ''release_exceeded''',
  'AND NOT (e.kind = ''payment'' AND e.bank_position IS NOT NULL AND (e.mandate IS NOT NULL OR t.in_suspense))',
  'AND NOT e.release AND NOT (e.kind = ''payment'' AND e.bank_position IS NOT NULL AND (e.mandate IS NOT NULL OR t.in_suspense))',
  'LEFT JOIN fund_drained x USING (i)', 'LEFT JOIN fund_drained x USING (i) LEFT JOIN taken h USING (i) LEFT JOIN released y USING (i)',
  'content_hash, bank_account, bank_position, settles, mandate)', 'content_hash, bank_account, bank_position, settles, mandate, release)',
  'content_hash, bank_account, bank_position, settles, mandate FROM accepted', 'content_hash, bank_account, bank_position, settles, mandate, release FROM accepted');

-- Every released yuan names the bill it was for: looked at when the transaction ends, because the bill's row refers to the entry.
CREATE FUNCTION guard_release() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF (SELECT coalesce(sum(p.amount), 0) FROM bill_payment p WHERE p.estate_id = NEW.estate_id AND p.seq = NEW.seq) <> NEW.amount THEN
    RAISE EXCEPTION 'release_names_bills: what is released must be kept as paid of bills' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'release_names_bills';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER guard_release AFTER INSERT ON journal_entry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.release) EXECUTE FUNCTION guard_release();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER guard_release;

-- ── Receipts ─────────────────────────────────────────────────────────────────────────────────────
-- Every entry that takes in money for a dwelling has a receipt number the moment it is booked: nobody can forget to issue one,
-- leave a number out or use one twice. A receipt whose entry is reversed is void and keeps its number.

CREATE TABLE receipt (
  estate_id integer NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  seq bigint NOT NULL,
  unit_ref text NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, number),
  CONSTRAINT receipt_once UNIQUE (estate_id, seq, unit_ref),
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry
);
COMMENT ON TABLE receipt IS 'Receipts (收据), numbered without gaps by estate; written with their entry, by the door alone.';
COMMENT ON COLUMN receipt.estate_id IS 'Estate.';
COMMENT ON COLUMN receipt.number IS 'Number, from 1 without gaps.';
COMMENT ON COLUMN receipt.seq IS 'Entry.';
COMMENT ON COLUMN receipt.unit_ref IS 'Dwelling it is for (unit.ref).';
COMMENT ON COLUMN receipt.amount IS 'Yuan credited to the dwelling.';
CREATE INDEX receipt_unit ON receipt (estate_id, unit_ref, number);
CALL wall_estate('receipt');

CREATE PROCEDURE number_receipts() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO receipt (estate_id, number, seq, unit_ref, amount)
    SELECT v.estate_id, row_number() OVER (ORDER BY n.seq, n.unit), n.seq, n.unit, n.amount
    FROM (SELECT p.seq, p.unit, sum(p.credit) AS amount FROM posting p JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq
      WHERE p.estate_id = v.estate_id AND p.unit IS NOT NULL AND p.credit > 0 AND e.reverses IS NULL
        AND (e.kind = 'receipt' OR (e.settles IS NOT NULL AND e.proposal_id IS NULL)) GROUP BY p.seq, p.unit) AS n;
  END LOOP;
END $$;
CALL number_receipts();
DROP PROCEDURE number_receipts();
CALL guard_append_only('receipt');

CREATE FUNCTION issue_receipts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO receipt (estate_id, number, seq, unit_ref, amount)
  SELECT n.estate_id, coalesce((SELECT max(r.number) FROM receipt r WHERE r.estate_id = n.estate_id), 0)
      + row_number() OVER (PARTITION BY n.estate_id ORDER BY n.seq, n.unit), n.seq, n.unit, n.amount
  FROM (SELECT i.estate_id, i.seq, i.unit, sum(i.credit) AS amount FROM inserted i WHERE i.unit IS NOT NULL AND i.credit > 0
      GROUP BY i.estate_id, i.seq, i.unit) AS n,
    LATERAL (SELECT e.kind, e.reverses, e.settles, e.proposal_id FROM journal_entry e WHERE e.estate_id = n.estate_id AND e.seq = n.seq LIMIT 1) AS e
  WHERE e.reverses IS NULL AND (e.kind = 'receipt' OR (e.settles IS NOT NULL AND e.proposal_id IS NULL));
  RETURN NULL;
END $$;
CREATE TRIGGER issue_receipts AFTER INSERT ON posting REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION issue_receipts();
ALTER TABLE posting ENABLE ALWAYS TRIGGER issue_receipts;

CREATE TABLE receipt_note (
  estate_id integer NOT NULL,
  number integer NOT NULL,
  payer text NOT NULL DEFAULT '' CHECK (char_length(payer) <= 60),
  method text NOT NULL CHECK (method IN ('bank', 'cash', 'pos', 'wechat', 'alipay', 'opening')),
  party_id uuid,
  PRIMARY KEY (estate_id, number),
  FOREIGN KEY (estate_id, number) REFERENCES receipt,
  FOREIGN KEY (estate_id, party_id) REFERENCES party
);
COMMENT ON TABLE receipt_note IS 'Who paid and how (personal data): officers and the dwelling''s own people, erasable, never in the log.';
COMMENT ON COLUMN receipt_note.estate_id IS 'Estate.';
COMMENT ON COLUMN receipt_note.number IS 'Receipt.';
COMMENT ON COLUMN receipt_note.payer IS 'Name of who paid, or empty.';
COMMENT ON COLUMN receipt_note.method IS 'bank 转账, cash 现金, pos 刷卡, wechat 微信, alipay 支付宝, opening 期初结转.';
COMMENT ON COLUMN receipt_note.party_id IS 'Owner or tenant who paid, where known.';
CALL wall_estate('receipt_note');
GRANT INSERT, UPDATE (payer, party_id), DELETE ON receipt_note TO app;

-- ── Received in advance ──────────────────────────────────────────────────────────────────────────

CREATE TABLE prepayment (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  unit text NOT NULL,
  item text NOT NULL CHECK (item ~ '^[a-z][a-z_]{1,30}$'),
  from_period text NOT NULL DEFAULT '1900-01' CHECK (from_period ~ '^[1-9][0-9]{3}-(0[1-9]|1[0-2])$'),
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, seq, unit, item, from_period),
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE prepayment IS 'What was paid in advance for one item only, as the payer chose. What is not here is for whatever is billed. The sums are those of 2203, unit_held().';
COMMENT ON COLUMN prepayment.estate_id IS 'Estate.';
COMMENT ON COLUMN prepayment.seq IS 'Entry.';
COMMENT ON COLUMN prepayment.unit IS 'Dwelling.';
COMMENT ON COLUMN prepayment.item IS 'Item it is for.';
COMMENT ON COLUMN prepayment.from_period IS 'First month it is for: bills of earlier months are not paid from it.';
COMMENT ON COLUMN prepayment.amount IS 'Yuan on 2203.';
CREATE INDEX prepayment_unit ON prepayment (estate_id, unit);
CALL guard_append_only('prepayment');
CALL wall_estate('prepayment');
GRANT INSERT ON prepayment TO app;
