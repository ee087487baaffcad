-- What the reconciliation statement (银行存款余额调节表), the close, the disclosure and the home page ask of the bank's lines and
-- the books: where both stand at the end of a day, and what keeps them apart. Nothing is written here.

-- An item counts as of the day, matches as of now. Of a match that lies wholly before the day nothing is left; of one whose two
-- halves up to the day differ, what there is of it by then is an item, answered on the day the other half came. Of the books
-- only entries from the first day of the first statement on are looked for; the opening balance stands for those before.
CREATE FUNCTION reconciling_items(p_estate integer, p_account text, p_day date)
RETURNS TABLE (side text, "position" bigint, seq bigint, day date, amount numeric, answered_on date) LANGUAGE sql STABLE AS $$
  WITH until AS MATERIALIZED (
    SELECT coalesce(max(l.position), 0) AS position FROM bank_line l WHERE l.estate_id = p_estate AND l.account = p_account AND l.booked_on <= p_day
  ), late AS MATERIALIZED (
    -- Matches that reach over the day: few, whatever the number of lines.
    SELECT m.match_id FROM bank_match m CROSS JOIN until LEFT JOIN journal_entry e ON e.estate_id = p_estate AND e.seq = m.entry_seq
    WHERE m.estate_id = p_estate AND m.account = p_account AND m.ended_seq IS NULL GROUP BY m.match_id
    HAVING bool_or(m.position > until.position OR e.entry_date > p_day) AND bool_or(m.position <= until.position OR e.entry_date <= p_day)
  ), member AS MATERIALIZED (
    SELECT m.match_id, 'bank' AS side, l.position, NULL::bigint AS seq, l.booked_on AS day, l.amount
    FROM late JOIN bank_match m ON m.estate_id = p_estate AND m.match_id = late.match_id AND m.ended_seq IS NULL
    JOIN bank_line l ON l.estate_id = p_estate AND l.account = m.account AND l.position = m.position
    UNION ALL
    SELECT m.match_id, 'books', NULL, e.seq, e.entry_date, (SELECT sum(p.debit - p.credit) FROM posting p
      WHERE p.estate_id = p_estate AND p.seq = e.seq AND p.account = p_account)
    FROM late JOIN bank_match m ON m.estate_id = p_estate AND m.match_id = late.match_id AND m.ended_seq IS NULL
    JOIN journal_entry e ON e.estate_id = p_estate AND e.seq = m.entry_seq
  ), half AS (
    SELECT match_id, max(member.day) AS answered_on FROM member GROUP BY match_id
    HAVING coalesce(sum(member.amount) FILTER (WHERE member.side = 'bank' AND member.day <= p_day), 0)
      <> coalesce(sum(member.amount) FILTER (WHERE member.side = 'books' AND member.day <= p_day), 0)
  ), loose AS MATERIALIZED (
    SELECT b.seq, e.entry_date, b.amount, e.reverses
    FROM (SELECT p.seq, sum(p.debit - p.credit) AS amount FROM posting p WHERE p.estate_id = p_estate AND p.account = p_account
        AND NOT EXISTS (SELECT FROM bank_match m WHERE m.estate_id = p_estate AND m.account = p_account AND m.entry_seq = p.seq AND m.ended_seq IS NULL)
      GROUP BY p.seq HAVING sum(p.debit - p.credit) <> 0) AS b
    JOIN journal_entry e ON e.estate_id = p_estate AND e.seq = b.seq
  )
  SELECT m.side, m.position, m.seq, m.day, m.amount, h.answered_on FROM half h JOIN member m USING (match_id) WHERE m.day <= p_day
  UNION ALL
  SELECT 'bank', l.position, NULL, l.booked_on, l.amount, NULL FROM bank_line l
  WHERE l.estate_id = p_estate AND l.account = p_account AND l.booked_on <= p_day AND NOT EXISTS (SELECT FROM bank_match m
    WHERE m.estate_id = p_estate AND m.account = p_account AND m.position = l.position AND m.ended_seq IS NULL)
  UNION ALL
  -- An entry and its reversal that the bank never saw cancel each other, from the day of the reversal on.
  SELECT 'books', NULL, e.seq, e.entry_date, e.amount, coalesce(u.entry_date, o.entry_date)
  FROM loose e LEFT JOIN loose u ON u.reverses = e.seq LEFT JOIN loose o ON o.seq = e.reverses
  WHERE e.entry_date <= p_day AND coalesce(u.entry_date > p_day, o.entry_date > p_day, true)
    AND (e.entry_date >= (SELECT min(s.period_from) FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = p_account)
      OR u.seq IS NOT NULL OR o.seq IS NOT NULL)
$$;
COMMENT ON FUNCTION reconciling_items(integer, text, date) IS
  'What stands between a bank account and its books at the end of a day: lines of the bank (side bank) that the books did not have by then, entries (side books) that the bank did not have. answered_on: the day the other side came; NULL: not yet.';

CREATE FUNCTION book_balance_on(p_estate integer, p_account text, p_day date) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT (coalesce((SELECT sum(b.debit - b.credit) FROM balance b
      WHERE b.estate_id = p_estate AND b.account = p_account AND b.period < to_char(p_day, 'YYYY-MM')), 0)
    + coalesce((SELECT sum(p.debit - p.credit) FROM posting p JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq
      WHERE p.estate_id = p_estate AND p.account = p_account AND p.period = to_char(p_day, 'YYYY-MM') AND e.entry_date <= p_day), 0))::numeric(18, 2)
$$;
COMMENT ON FUNCTION book_balance_on(integer, text, date) IS 'Balance of an account by the books at the end of a day, all funds together.';

CREATE FUNCTION bank_standing(p_estate integer, p_day date)
RETURNS TABLE (account text, covered_from date, covered_to date, bank_balance numeric, book_balance numeric, difference numeric,
  bank_items integer, bank_received numeric, bank_paid numeric, book_items integer, book_received numeric, book_paid numeric,
  open_lines integer, remaining numeric, unexplained_out numeric, unexplained_in numeric) LANGUAGE sql STABLE AS $$
  SELECT k.account, c.covered_from, c.day, n.bank, n.books, (n.bank - n.books)::numeric(18, 2),
    i.bank_items, i.bank_received, i.bank_paid, i.book_items, i.book_received, i.book_paid, i.open_lines,
    (n.bank + i.book_received - i.book_paid - n.books - i.bank_received + i.bank_paid)::numeric(18, 2), u.paid, u.received
  FROM bank_account k
  LEFT JOIN LATERAL (SELECT min(s.period_from) AS covered_from, least(max(s.period_to), p_day) AS day FROM bank_statement s
    WHERE s.estate_id = p_estate AND s.account = k.account HAVING min(s.period_from) <= p_day) AS c ON true
  LEFT JOIN LATERAL (SELECT coalesce(
      (SELECT l.balance FROM bank_line l WHERE l.estate_id = p_estate AND l.account = k.account AND l.booked_on <= c.day ORDER BY l.position DESC LIMIT 1),
      (SELECT s.opening FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = k.account ORDER BY s.seq LIMIT 1)) AS bank,
    book_balance_on(p_estate, k.account, c.day) AS books) AS n ON c.day IS NOT NULL
  LEFT JOIN LATERAL (SELECT (count(*) FILTER (WHERE r.side = 'bank'))::integer AS bank_items, (count(*) FILTER (WHERE r.side = 'books'))::integer AS book_items,
      coalesce(sum(r.amount) FILTER (WHERE r.side = 'bank' AND r.amount > 0), 0)::numeric(18, 2) AS bank_received,
      coalesce(-sum(r.amount) FILTER (WHERE r.side = 'bank' AND r.amount < 0), 0)::numeric(18, 2) AS bank_paid,
      coalesce(sum(r.amount) FILTER (WHERE r.side = 'books' AND r.amount > 0), 0)::numeric(18, 2) AS book_received,
      coalesce(-sum(r.amount) FILTER (WHERE r.side = 'books' AND r.amount < 0), 0)::numeric(18, 2) AS book_paid,
      (count(*) FILTER (WHERE r.side = 'bank' AND r.answered_on IS NULL))::integer AS open_lines
    FROM reconciling_items(p_estate, k.account, c.day) AS r) AS i ON c.day IS NOT NULL
  CROSS JOIN LATERAL (SELECT coalesce(sum(o.left_amount) FILTER (WHERE o.side = 'debit'), 0)::numeric(18, 2) AS paid,
      coalesce(sum(o.left_amount) FILTER (WHERE o.side = 'credit'), 0)::numeric(18, 2) AS received
    FROM open_suspense(p_estate) AS o WHERE o.account = k.account AND o.entry_date <= p_day) AS u
  WHERE k.estate_id = p_estate
$$;
COMMENT ON FUNCTION bank_standing(integer, date) IS
  'Every bank account at the end of a day, or of the last day before it that statements cover: both balances, their difference (bank less books), the items that explain it, what remains, lines without any entry, and what of 待核实 is not explained as of now. NULL from covered_from on: no statement reaches that far.';

CREATE FUNCTION suspense_on(p_estate integer, p_day date)
RETURNS TABLE (seq bigint, side text, account text, "position" bigint, booked_on date, entry_date date, period text, number text,
  fund text, amount numeric, left_then numeric, left_now numeric) LANGUAGE sql STABLE AS $$
  SELECT e.seq, s.side, e.bank_account, e.bank_position, l.booked_on, e.entry_date, e.period, entry_number(e.kind, e.number), s.fund, s.amount,
    s.left_amount + coalesce((SELECT sum(abs(q.debit - q.credit)) FROM journal_entry x
      JOIN posting q ON q.estate_id = x.estate_id AND q.seq = x.seq AND q.account = p.account
      WHERE x.estate_id = p_estate AND x.settles = e.seq AND x.entry_date > p_day
        AND NOT EXISTS (SELECT FROM journal_entry r WHERE r.estate_id = p_estate AND r.reverses = x.seq)), 0), s.left_amount
  FROM posting p
  JOIN journal_entry e ON e.estate_id = p.estate_id AND e.seq = p.seq AND e.bank_position IS NOT NULL AND e.settles IS NULL
  CROSS JOIN LATERAL suspense_left(p_estate, e.seq) AS s
  JOIN bank_line l ON l.estate_id = e.estate_id AND l.account = e.bank_account AND l.position = e.bank_position
  WHERE p.estate_id = p_estate AND p.account IN ('1291', '2291') AND e.entry_date <= p_day
$$;
COMMENT ON FUNCTION suspense_on(integer, date) IS
  'Suspense entries (待核实) dated up to a day that stand, explained or not: left_then is what no entry dated up to the day explains, left_now what none explains as of now.';
GRANT EXECUTE ON FUNCTION reconciling_items(integer, text, date), book_balance_on(integer, text, date), bank_standing(integer, date),
  suspense_on(integer, date) TO app, signer, auditor;

CREATE FUNCTION reconciliation_day(p_estate integer, p_account text, p_period text) RETURNS date LANGUAGE sql STABLE AS $$
  SELECT least(c.covered_to, m.last_day) FROM (SELECT min(s.period_from) AS covered_from, max(s.period_to) AS covered_to
      FROM bank_statement s WHERE s.estate_id = p_estate AND s.account = p_account) AS c,
    (SELECT to_date(p_period, 'YYYY-MM') AS first_day, (to_date(p_period, 'YYYY-MM') + interval '1 month' - interval '1 day')::date AS last_day) AS m
  WHERE c.covered_from <= m.last_day AND c.covered_to >= m.first_day
$$;
COMMENT ON FUNCTION reconciliation_day(integer, text, text) IS
  'Day a month''s reconciliation is drawn for: its last one, or the last one that statements cover; NULL where they cover no day of it.';
GRANT EXECUTE ON FUNCTION reconciliation_day(integer, text, text) TO app, signer, auditor;
