-- Entries that no line of the bank answers: a reversal and what it reverses are looked up one after the other. Asked as one ("or"), every
-- entry was compared with every other.

CREATE OR REPLACE FUNCTION open_book_items(p_estate integer, p_account text)
RETURNS TABLE (seq bigint, entry_date date, period text, number text, description text, amount numeric) LANGUAGE sql STABLE AS $$
  SELECT e.seq, e.entry_date, e.period, entry_number(e.kind, e.number), e.description, b.amount
  FROM (SELECT p.seq, sum(p.debit - p.credit) AS amount FROM posting p WHERE p.estate_id = p_estate AND p.account = p_account
    GROUP BY p.seq HAVING sum(p.debit - p.credit) <> 0) AS b
  JOIN journal_entry e ON e.estate_id = p_estate AND e.seq = b.seq
  WHERE e.entry_date >= coalesce((SELECT min(s.period_from) FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = p_account), 'infinity')
    AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = p_account AND m.entry_seq = e.seq AND m.ended_seq IS NULL)
    AND NOT EXISTS (SELECT FROM journal_entry o WHERE o.estate_id = p_estate AND o.reverses = e.seq
      AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = p_account AND m.entry_seq = o.seq AND m.ended_seq IS NULL))
    AND NOT EXISTS (SELECT FROM journal_entry o WHERE o.estate_id = p_estate AND o.seq = e.reverses
      AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = p_account AND m.entry_seq = o.seq AND m.ended_seq IS NULL))
$$;
