-- Receipts at the counter: what is held in advance is held until a bill takes it. Until now a receipt dated before the month of a bill
-- put the money on 2203 and counted the bill as paid, so that nothing ever took it from there.

-- A bill is paid by what is credited to income (or 2242): not by what is held for the dwelling, nor by its deposit.
CALL amend_function('guard_bill_payment()', 'AND l.seq = NEW.seq AND l.unit = v_ref), 0)',
  'AND l.seq = NEW.seq AND l.unit = v_ref AND l.account NOT IN (''2203'', ''2241'')), 0)');

-- Nobody keeps more for an item than the entry has put by for the dwelling.
CREATE FUNCTION guard_prepayment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM log_head WHERE estate_id = NEW.estate_id FOR UPDATE;
  IF (SELECT sum(a.amount) FROM prepayment a WHERE a.estate_id = NEW.estate_id AND a.seq = NEW.seq AND a.unit = NEW.unit)
      > coalesce((SELECT sum(l.credit) FROM posting l JOIN unit u ON u.estate_id = l.estate_id AND u.ref = l.unit
        WHERE l.estate_id = NEW.estate_id AND l.seq = NEW.seq AND u.unit = NEW.unit AND l.account = '2203'), 0) THEN
    RAISE EXCEPTION 'prepayment_beyond_entry: the entry puts less by for the dwelling'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'prepayment_beyond_entry';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_prepayment AFTER INSERT ON prepayment FOR EACH ROW EXECUTE FUNCTION guard_prepayment();
ALTER TABLE prepayment ENABLE ALWAYS TRIGGER guard_prepayment;

-- Bills of later months that were counted as paid are open again, and the money is kept for their item: the next release pays them.
ALTER TABLE bill_payment DISABLE TRIGGER append_only;
CREATE PROCEDURE keep_ahead() LANGUAGE plpgsql AS $$
DECLARE v estate;
BEGIN
  FOR v IN SELECT * FROM estate LOOP
    PERFORM enter_estate(v.estate_id);
    INSERT INTO prepayment (estate_id, seq, unit, item, from_period, amount)
      SELECT y.estate_id, y.seq, b.unit, b.item, b.period, sum(y.amount) FROM bill_payment y
      JOIN bill b ON b.estate_id = y.estate_id AND b.bill_id = y.bill_id JOIN journal_entry e ON e.estate_id = y.estate_id AND e.seq = y.seq
      WHERE y.estate_id = v.estate_id AND b.period > e.period AND NOT e.release GROUP BY y.estate_id, y.seq, b.unit, b.item, b.period;
    DELETE FROM bill_payment y USING bill b, journal_entry e
      WHERE y.estate_id = v.estate_id AND b.estate_id = y.estate_id AND b.bill_id = y.bill_id AND e.estate_id = y.estate_id AND e.seq = y.seq
        AND b.period > e.period AND NOT e.release;
  END LOOP;
END $$;
CALL keep_ahead();
DROP PROCEDURE keep_ahead();
ALTER TABLE bill_payment ENABLE ALWAYS TRIGGER append_only;
