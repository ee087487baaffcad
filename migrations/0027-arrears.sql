-- Arrears (欠费) and reminders (催缴). What was open on a day is reckoned from the bills, the entries that paid them by that day and
-- what was taken off them by then, so that the figures of a month are the same whenever they are drawn. Reminders stand here
-- dwelling by dwelling; the log knows how many were made, never whom they went to.

CREATE FUNCTION bills_on(p_estate integer, p_day date)
RETURNS TABLE (bill_id bigint, unit text, item text, period text, due_on date, amount numeric, paid numeric, reduced numeric, open numeric)
LANGUAGE sql STABLE AS $$
  WITH paid AS (
    SELECT y.bill_id, sum(y.amount) AS amount FROM bill_payment y
    JOIN journal_entry e ON e.estate_id = y.estate_id AND e.seq = y.seq AND e.entry_date <= p_day
    LEFT JOIN journal_entry r ON r.estate_id = y.estate_id AND r.reverses = y.seq AND r.entry_date <= p_day
    WHERE y.estate_id = p_estate AND r.seq IS NULL GROUP BY y.bill_id
  ), reduced AS (
    SELECT d.bill_id, sum(d.amount) AS amount FROM bill_reduction d
    JOIN record c ON c.estate_id = d.estate_id AND c.seq = d.seq
    WHERE d.estate_id = p_estate AND (c.recorded_at AT TIME ZONE 'Asia/Shanghai')::date <= p_day GROUP BY d.bill_id
  )
  SELECT b.bill_id, b.unit, b.item, b.period, b.due_on, b.amount, coalesce(p.amount, 0)::numeric(14, 2), coalesce(d.amount, 0)::numeric(14, 2),
    (b.amount - coalesce(p.amount, 0) - coalesce(d.amount, 0))::numeric(14, 2)
  FROM bill b LEFT JOIN paid p USING (bill_id) LEFT JOIN reduced d USING (bill_id)
  WHERE b.estate_id = p_estate AND b.period <= to_char(p_day, 'YYYY-MM')
$$;
COMMENT ON FUNCTION bills_on(integer, date) IS 'Every bill of months up to a day''s, and what of it was paid (by entries not reversed), taken off and open on that day.';
GRANT EXECUTE ON FUNCTION bills_on(integer, date) TO app, auditor;

CREATE FUNCTION arrears_on(p_estate integer, p_day date)
RETURNS TABLE (unit text, building text, d30 numeric, d90 numeric, d365 numeric, older numeric, bills integer, oldest_due date)
LANGUAGE sql STABLE AS $$
  SELECT u.unit, u.building,
    coalesce(sum(b.open) FILTER (WHERE p_day - b.due_on BETWEEN 1 AND 30), 0)::numeric(16, 2),
    coalesce(sum(b.open) FILTER (WHERE p_day - b.due_on BETWEEN 31 AND 90), 0)::numeric(16, 2),
    coalesce(sum(b.open) FILTER (WHERE p_day - b.due_on BETWEEN 91 AND 365), 0)::numeric(16, 2),
    coalesce(sum(b.open) FILTER (WHERE p_day - b.due_on > 365), 0)::numeric(16, 2),
    count(b.bill_id)::integer, min(b.due_on)
  FROM unit u LEFT JOIN bills_on(p_estate, p_day) b ON b.unit = u.unit AND b.open > 0 AND b.due_on < p_day
  WHERE u.estate_id = p_estate AND (u.ended_on IS NULL OR u.ended_on >= p_day OR b.bill_id IS NOT NULL)
  GROUP BY u.unit, u.building
$$;
COMMENT ON FUNCTION arrears_on(integer, date) IS 'Every dwelling and what of it was overdue on a day, by age: up to 30, 90, 365 days after the due day, and older.';
GRANT EXECUTE ON FUNCTION arrears_on(integer, date) TO app, auditor;

CREATE TABLE reminder_batch (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('reminder', 'demand')),
  made_on date NOT NULL,
  pay_by date NOT NULL,
  made_by uuid NOT NULL REFERENCES person,
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT reminder_time_to_pay CHECK (pay_by >= made_on + CASE kind WHEN 'demand' THEN 15 ELSE 7 END)
);
COMMENT ON TABLE reminder_batch IS 'Reminders (催缴) made at one time.';
COMMENT ON COLUMN reminder_batch.estate_id IS 'Estate.';
COMMENT ON COLUMN reminder_batch.seq IS 'Record.';
COMMENT ON COLUMN reminder_batch.kind IS 'reminder 缴费提醒, or demand 催缴函: the demand in writing before anybody goes to court (民法典 §944).';
COMMENT ON COLUMN reminder_batch.made_on IS 'Day; what was overdue is of this day.';
COMMENT ON COLUMN reminder_batch.pay_by IS 'Last day of the time set for paying (合理期限).';
COMMENT ON COLUMN reminder_batch.made_by IS 'Who made them.';
CALL guard_append_only('reminder_batch');
CALL wall_estate('reminder_batch');
GRANT INSERT ON reminder_batch TO app;

CREATE TABLE reminder (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  unit text NOT NULL,
  made_on date NOT NULL,
  bills text NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, seq, unit),
  FOREIGN KEY (estate_id, seq) REFERENCES reminder_batch,
  FOREIGN KEY (estate_id, unit) REFERENCES unit
);
COMMENT ON TABLE reminder IS 'One letter (催缴函) to whoever pays for a dwelling; for officers and that dwelling only, never in the log.';
COMMENT ON COLUMN reminder.estate_id IS 'Estate.';
COMMENT ON COLUMN reminder.seq IS 'Batch.';
COMMENT ON COLUMN reminder.unit IS 'Dwelling.';
COMMENT ON COLUMN reminder.made_on IS 'Day.';
COMMENT ON COLUMN reminder.bills IS 'Canonical JSON [{bill, due_on, item, open, period}]: what was asked for, oldest first.';
COMMENT ON COLUMN reminder.amount IS 'Sum of it, yuan.';
CREATE INDEX reminder_unit ON reminder (estate_id, unit, made_on);
CALL guard_append_only('reminder');
CALL wall_estate('reminder');
GRANT INSERT ON reminder TO app;

-- Nobody is reminded every other day: fifteen days lie between two letters to a dwelling. Whoever makes a batch holds the head of the
-- log (its record), so that two batches made at once see each other.
CREATE FUNCTION guard_reminder() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  PERFORM 1 FROM log_head h WHERE h.estate_id IN (SELECT i.estate_id FROM inserted i) FOR UPDATE;
  IF EXISTS (SELECT FROM inserted i JOIN reminder r ON r.estate_id = i.estate_id AND r.unit = i.unit AND r.seq <> i.seq
      WHERE abs(i.made_on - r.made_on) < 15) THEN
    RAISE EXCEPTION 'reminder_too_soon: a dwelling was reminded less than 15 days before'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'reminder_too_soon';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_reminder AFTER INSERT ON reminder REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION guard_reminder();
ALTER TABLE reminder ENABLE ALWAYS TRIGGER guard_reminder;
