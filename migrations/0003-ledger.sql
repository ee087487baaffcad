-- The ledger: accounts, funds, journal, balances, and the one door post_entries().

CREATE TABLE account (
  estate_id integer NOT NULL REFERENCES estate,
  account text NOT NULL CHECK (account ~ '^[1-5][0-9]{3}([0-9]{2})?$'),
  parent text,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  class text NOT NULL CHECK (class IN ('asset', 'liability', 'fund', 'income', 'expense')),
  is_money boolean NOT NULL DEFAULT false,
  is_postable boolean NOT NULL DEFAULT true,
  opened_on date NOT NULL,
  closed_on date,
  PRIMARY KEY (estate_id, account),
  FOREIGN KEY (estate_id, parent) REFERENCES account (estate_id, account)
);
COMMENT ON TABLE account IS 'Chart of accounts (会计科目), two levels.';
COMMENT ON COLUMN account.estate_id IS 'Estate.';
COMMENT ON COLUMN account.account IS 'Code: four digits, or six for the second level.';
COMMENT ON COLUMN account.parent IS 'Account of the first level.';
COMMENT ON COLUMN account.name_zh IS 'Name in Chinese.';
COMMENT ON COLUMN account.name_en IS 'Name in English.';
COMMENT ON COLUMN account.class IS 'asset 资产, liability 负债, fund 基金 (net assets), income 收入, expense 支出.';
COMMENT ON COLUMN account.is_money IS 'Cash and bank: a credit here is money leaving.';
COMMENT ON COLUMN account.is_postable IS 'False for headings.';
COMMENT ON COLUMN account.opened_on IS 'First day of use.';
COMMENT ON COLUMN account.closed_on IS 'From this day on nothing is posted here.';
CALL wall_estate('account');
GRANT INSERT, UPDATE (closed_on, name_zh, name_en) ON account TO app;

CREATE TABLE fund (
  estate_id integer NOT NULL REFERENCES estate,
  fund text NOT NULL CHECK (fund ~ '^[a-z][a-z0-9_]{1,40}$'),
  name_zh text NOT NULL,
  name_en text NOT NULL,
  purpose_zh text NOT NULL,
  purpose_en text NOT NULL,
  is_restricted boolean NOT NULL,
  place smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (estate_id, fund)
);
COMMENT ON TABLE fund IS 'Funds (资金): money given for a purpose. Every posting carries one.';
COMMENT ON COLUMN fund.estate_id IS 'Estate.';
COMMENT ON COLUMN fund.fund IS 'Code.';
COMMENT ON COLUMN fund.name_zh IS 'Name in Chinese.';
COMMENT ON COLUMN fund.name_en IS 'Name in English.';
COMMENT ON COLUMN fund.purpose_zh IS 'What it may be spent for, Chinese.';
COMMENT ON COLUMN fund.purpose_en IS 'What it may be spent for, English.';
COMMENT ON COLUMN fund.is_restricted IS 'True: only the accounts of fund_account may be used with it.';
COMMENT ON COLUMN fund.place IS 'Order in lists.';
CALL wall_estate('fund');
GRANT INSERT ON fund TO app;

CREATE TABLE fund_account (
  estate_id integer NOT NULL,
  fund text NOT NULL,
  account text NOT NULL,
  PRIMARY KEY (estate_id, fund, account),
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, account) REFERENCES account
);
COMMENT ON TABLE fund_account IS 'What a restricted fund may be used for; its money accounts are always allowed.';
COMMENT ON COLUMN fund_account.estate_id IS 'Estate.';
COMMENT ON COLUMN fund_account.fund IS 'Fund.';
COMMENT ON COLUMN fund_account.account IS 'Account.';
CALL wall_estate('fund_account');
GRANT INSERT ON fund_account TO app;

CREATE TABLE voucher (
  estate_id integer NOT NULL REFERENCES estate,
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  media_type text NOT NULL CHECK (media_type IN ('application/pdf', 'image/jpeg', 'image/png', 'application/ofd', 'application/xml')),
  size integer NOT NULL CHECK (size BETWEEN 1 AND 20971520),
  file_name text NOT NULL CHECK (char_length(file_name) BETWEEN 1 AND 200),
  audience text NOT NULL DEFAULT 'officers' CHECK (audience IN ('owners', 'officers')),
  uploaded_by uuid NOT NULL REFERENCES person,
  uploaded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, sha256),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE voucher IS 'Original vouchers (原始凭证): files by their hash.';
COMMENT ON COLUMN voucher.estate_id IS 'Estate.';
COMMENT ON COLUMN voucher.sha256 IS 'SHA-256 of the file, hexadecimal; its name in the storage.';
COMMENT ON COLUMN voucher.media_type IS 'Kind of file, by its content.';
COMMENT ON COLUMN voucher.size IS 'Bytes, at most 20 MiB.';
COMMENT ON COLUMN voucher.file_name IS 'Name it came with.';
COMMENT ON COLUMN voucher.audience IS 'owners: every owner may open it; officers: it shows personal data.';
COMMENT ON COLUMN voucher.uploaded_by IS 'Who handed it in.';
COMMENT ON COLUMN voucher.uploaded_at IS 'When.';
COMMENT ON COLUMN voucher.seq IS 'Record of the upload.';
CALL guard_append_only('voucher');
CALL wall_estate('voucher');
GRANT INSERT ON voucher TO app;

CREATE TABLE journal_entry (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('receipt', 'payment', 'transfer')),
  period text NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  entry_date date NOT NULL,
  description text NOT NULL,
  amount numeric(16, 2) NOT NULL,
  reference text,
  proposal_id bigint,
  reverses bigint,
  made_by uuid NOT NULL REFERENCES person,
  key text NOT NULL,
  content_hash bytea NOT NULL,
  xact xid8 NOT NULL DEFAULT pg_current_xact_id(),
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT journal_entry_number_once UNIQUE (estate_id, period, kind, number),
  CONSTRAINT journal_entry_key_once UNIQUE (estate_id, key),
  CONSTRAINT journal_entry_order_once UNIQUE (estate_id, proposal_id),
  CONSTRAINT journal_entry_reversed_once UNIQUE (estate_id, reverses),
  CONSTRAINT journal_entry_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, reverses) REFERENCES journal_entry (estate_id, seq),
  CONSTRAINT payment_has_order CHECK (proposal_id IS NOT NULL OR (kind = 'receipt' AND reverses IS NULL)),
  CONSTRAINT entry_date_in_period CHECK (to_char(entry_date, 'YYYY-MM') = period)
);
COMMENT ON TABLE journal_entry IS 'Journal entries (记账凭证), written by post_entries() only.';
COMMENT ON COLUMN journal_entry.estate_id IS 'Estate.';
COMMENT ON COLUMN journal_entry.seq IS 'Record of the entry.';
COMMENT ON COLUMN journal_entry.kind IS 'receipt 收, payment 付, transfer 转.';
COMMENT ON COLUMN journal_entry.period IS 'Month, YYYY-MM.';
COMMENT ON COLUMN journal_entry.number IS 'Voucher number within month and kind, without gaps.';
COMMENT ON COLUMN journal_entry.entry_date IS 'Business date, Asia/Shanghai.';
COMMENT ON COLUMN journal_entry.description IS 'Memo (摘要).';
COMMENT ON COLUMN journal_entry.amount IS 'Sum of the debits.';
COMMENT ON COLUMN journal_entry.reference IS 'Reference of the bank, if any.';
COMMENT ON COLUMN journal_entry.proposal_id IS 'Order behind it: every payment, transfer and reversal has one.';
COMMENT ON COLUMN journal_entry.reverses IS 'Entry that this red-letter entry reverses.';
COMMENT ON COLUMN journal_entry.made_by IS 'Maker (opaque).';
COMMENT ON COLUMN journal_entry.key IS 'Idempotency key.';
COMMENT ON COLUMN journal_entry.content_hash IS 'SHA-256 of the body: same key, other content is refused.';
COMMENT ON COLUMN journal_entry.xact IS 'Database transaction; no posting joins an entry of an earlier one.';
CREATE INDEX journal_entry_date ON journal_entry (estate_id, entry_date, seq);
CALL guard_append_only('journal_entry');
CALL wall_estate('journal_entry');

CREATE TABLE posting (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  line smallint NOT NULL CHECK (line > 0),
  period text NOT NULL,
  account text NOT NULL,
  fund text NOT NULL,
  debit numeric(14, 2) NOT NULL DEFAULT 0,
  credit numeric(14, 2) NOT NULL DEFAULT 0,
  unit text,
  payee text,
  PRIMARY KEY (estate_id, seq, line),
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry,
  FOREIGN KEY (estate_id, account) REFERENCES account,
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  CONSTRAINT posting_one_side CHECK ((debit = 0) <> (credit = 0))
);
COMMENT ON TABLE posting IS 'Lines of journal entries (分录行), written by post_entries() only.';
COMMENT ON COLUMN posting.estate_id IS 'Estate.';
COMMENT ON COLUMN posting.seq IS 'Entry.';
COMMENT ON COLUMN posting.line IS 'Line within the entry.';
COMMENT ON COLUMN posting.period IS 'Month of the entry.';
COMMENT ON COLUMN posting.account IS 'Account.';
COMMENT ON COLUMN posting.fund IS 'Fund; debits equal credits within each.';
COMMENT ON COLUMN posting.debit IS 'Debit (借), yuan; negative only in a red-letter entry.';
COMMENT ON COLUMN posting.credit IS 'Credit (贷), yuan; negative only in a red-letter entry.';
COMMENT ON COLUMN posting.unit IS 'Opaque name of a dwelling (unit.ref).';
COMMENT ON COLUMN posting.payee IS 'Payee number.';
CREATE INDEX posting_account ON posting (estate_id, account, period, seq);
CALL guard_append_only('posting');
CALL wall_estate('posting');

CREATE TABLE entry_voucher (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (estate_id, seq, sha256),
  FOREIGN KEY (estate_id, seq) REFERENCES journal_entry,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher
);
COMMENT ON TABLE entry_voucher IS 'Original vouchers of journal entries, written by post_entries() only.';
COMMENT ON COLUMN entry_voucher.estate_id IS 'Estate.';
COMMENT ON COLUMN entry_voucher.seq IS 'Entry.';
COMMENT ON COLUMN entry_voucher.sha256 IS 'Voucher.';
CALL guard_append_only('entry_voucher');
CALL wall_estate('entry_voucher');

CREATE TABLE balance (
  estate_id integer NOT NULL,
  period text NOT NULL,
  account text NOT NULL,
  fund text NOT NULL,
  debit numeric(18, 2) NOT NULL,
  credit numeric(18, 2) NOT NULL,
  entries integer NOT NULL,
  PRIMARY KEY (estate_id, period, account, fund)
);
COMMENT ON TABLE balance IS 'Turnover (本期发生额) by month, account and fund; kept by post_entries().';
COMMENT ON COLUMN balance.estate_id IS 'Estate.';
COMMENT ON COLUMN balance.period IS 'Month.';
COMMENT ON COLUMN balance.account IS 'Account.';
COMMENT ON COLUMN balance.fund IS 'Fund.';
COMMENT ON COLUMN balance.debit IS 'Sum of debits.';
COMMENT ON COLUMN balance.credit IS 'Sum of credits.';
COMMENT ON COLUMN balance.entries IS 'Number of lines.';
CALL wall_estate('balance');

CREATE TABLE number_head (
  estate_id integer NOT NULL,
  period text NOT NULL,
  kind text NOT NULL,
  last integer NOT NULL,
  PRIMARY KEY (estate_id, period, kind)
);
COMMENT ON TABLE number_head IS 'Last voucher number by month and kind; kept by post_entries().';
COMMENT ON COLUMN number_head.estate_id IS 'Estate.';
COMMENT ON COLUMN number_head.period IS 'Month.';
COMMENT ON COLUMN number_head.kind IS 'receipt, payment, transfer.';
COMMENT ON COLUMN number_head.last IS 'Last number given.';
CALL wall_estate('number_head');

-- The second wall behind the door: whoever inserts, an entry comes whole, in one statement and in the
-- transaction that made it (a balanced pair would otherwise slip into an old entry unseen), it balances
-- in every fund, and no money account is credited without an order.
-- Rows are looked up one by one on purpose: a plan made while the tables were empty stays good.
CREATE FUNCTION guard_posting() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_wrong text;
BEGIN
  SELECT w.wrong INTO v_wrong FROM (
    SELECT i.estate_id, i.seq, sum(i.debit) AS debit, bool_or(i.credit <> 0 AND (SELECT a.is_money FROM account a
      WHERE a.estate_id = i.estate_id AND a.account = i.account)) AS money_out
    FROM inserted i GROUP BY i.estate_id, i.seq
  ) AS n, LATERAL (SELECT e.xact, e.amount, e.proposal_id FROM journal_entry e
    WHERE e.estate_id = n.estate_id AND e.seq = n.seq LIMIT 1) AS e, LATERAL (SELECT CASE
      WHEN e.xact <> pg_current_xact_id()
        THEN 'entry_is_complete: lines cannot be added to an entry that is already in the books'
      WHEN e.amount <> n.debit THEN 'entry_is_complete: the lines do not add up to their entry'
      WHEN e.proposal_id IS NULL AND n.money_out THEN 'order_required: money moves out without an order'
    END) AS w(wrong) WHERE w.wrong IS NOT NULL LIMIT 1;
  IF v_wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', v_wrong USING ERRCODE = 'restrict_violation';
  END IF;
  IF EXISTS (SELECT FROM inserted GROUP BY estate_id, seq, fund HAVING sum(debit) <> sum(credit)) THEN
    RAISE EXCEPTION 'fund_unbalanced: debits and credits differ' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_posting AFTER INSERT ON posting REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION guard_posting();
ALTER TABLE posting ENABLE ALWAYS TRIGGER guard_posting;

CREATE FUNCTION kind_letter(kind text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE kind WHEN 'receipt' THEN '收' WHEN 'payment' THEN '付' ELSE '转' END;
CREATE FUNCTION entry_number(kind text, number integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN kind_letter(kind) || '-' || CASE WHEN number < 1000 THEN lpad(number::text, 3, '0') ELSE number::text END;
COMMENT ON FUNCTION entry_number(text, integer) IS 'Voucher number as printed: 收-041.';
GRANT EXECUTE ON FUNCTION kind_letter(text), entry_number(text, integer) TO app, signer, auditor;

CREATE FUNCTION read_amount(amount text) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN amount ~ '^-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,2})?$' THEN amount::numeric END;
COMMENT ON FUNCTION read_amount(text) IS 'Yuan with at most two places and ten digits before them, else NULL.';

-- Shape of a body, before anything is decided about it. A cast that fails is an answer as well: see
-- readable_bodies(). Written to be inlined.
CREATE FUNCTION entry_is_readable(j jsonb) RETURNS boolean LANGUAGE sql STABLE
RETURN coalesce(j ->> 'kind' IN ('receipt', 'payment', 'transfer')
  AND j ->> 'entry_date' ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND (j ->> 'entry_date')::date IS NOT NULL
  AND char_length(j ->> 'description') BETWEEN 1 AND 200 AND char_length(j ->> 'key') BETWEEN 1 AND 200
  AND jsonb_array_length(j -> 'postings') <= 10000
  AND coalesce(jsonb_array_length(j -> 'vouchers'), 0) <= 1000
  AND coalesce(j ->> 'proposal' ~ '^[1-9][0-9]{0,17}$', true) AND coalesce(j ->> 'reverses' ~ '^[1-9][0-9]{0,17}$', true)
  AND EXISTS (SELECT FROM person WHERE person_id = (j ->> 'made_by')::uuid), false);

CREATE FUNCTION readable_bodies(p_bodies text[]) RETURNS boolean[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_readable boolean[]; v_body text;
BEGIN
  BEGIN
    RETURN array(SELECT entry_is_readable(j.value) FROM unnest(p_bodies) WITH ORDINALITY AS b(body, i),
      LATERAL (SELECT b.body::jsonb OFFSET 0) AS j(value) ORDER BY b.i);
  EXCEPTION WHEN data_exception THEN
    -- At least one cannot even be parsed: look at each alone, so that it spoils no other.
    NULL;
  END;
  FOREACH v_body IN ARRAY p_bodies LOOP
    BEGIN
      v_readable := v_readable || coalesce(entry_is_readable(v_body::jsonb), false);
    EXCEPTION WHEN data_exception THEN
      v_readable := v_readable || false;
    END;
  END LOOP;
  RETURN v_readable;
END $$;
COMMENT ON FUNCTION readable_bodies(text[]) IS
  'For each body whether it has the shape of an entry: real date, memo of 1 to 200 characters, known maker.';

-- The one door into journal_entry, posting, entry_voucher and balance.
-- A body is canonical JSON: {kind, entry_date, description, key, made_by, postings: [{account, fund,
-- debit|credit, unit?, payee?}], proposal?, reverses?, reference?, vouchers?}. Each gets one status, the first
-- that applies: posted, already_posted, key_reused, estate_unknown, entry_unreadable, period_closed,
-- period_not_open, account_unknown, account_closed, fund_unknown, fund_restricted, amount_invalid,
-- entry_unbalanced, fund_unbalanced, order_required, order_not_approved, order_amount_differs,
-- order_already_paid, reversal_target_unknown, already_reversed, reversal_differs, voucher_unknown.
-- A bad entry spoils no other; entry_unreadable is a body that is no entry at all.
CREATE FUNCTION post_entries(p_estate integer, p_bodies text[])
RETURNS TABLE (place integer, status text, seq bigint, period text, number text, recorded_at timestamptz, leaf_hash bytea)
-- Planned once per connection: with a plan of its own, each call would spend three quarters of its time planning.
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v_head log_head; v_code text; v_at timestamptz; v_today date;
  v_readable boolean[]; v_left integer[]; v_now integer[]; v_found jsonb; v_row jsonb;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT * INTO v_head FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  IF NOT FOUND THEN
    RETURN QUERY SELECT i, 'estate_unknown', NULL::bigint, NULL::text, NULL::text, NULL::timestamptz, NULL::bytea
      FROM generate_subscripts(p_bodies, 1) AS i;
    RETURN;
  END IF;
  SELECT code INTO v_code FROM estate WHERE estate_id = p_estate;
  v_at := greatest(v_head.recorded_at, estate_clock(p_estate));
  v_today := (v_at AT TIME ZONE 'Asia/Shanghai')::date;

  v_readable := readable_bodies(p_bodies);
  RETURN QUERY SELECT r.i::integer, 'entry_unreadable', NULL::bigint, NULL::text, NULL::text, NULL::timestamptz, NULL::bytea
    FROM unnest(v_readable) WITH ORDINALITY AS r(readable, i) WHERE NOT r.readable;
  v_left := array(SELECT r.i::integer FROM unnest(v_readable) WITH ORDINALITY AS r(readable, i) WHERE r.readable);

  -- Two entries of one call may claim the same key, order or target: such a later one waits for the next
  -- round, where it is judged against what the earlier one did. Nearly always there is one round.
  WHILE cardinality(v_left) > 0 LOOP
    WITH claim AS (
      SELECT i, j.value ->> 'key' AS key, j.value ->> 'proposal' AS proposal, j.value ->> 'reverses' AS reverses
      FROM unnest(v_left) AS i, LATERAL (SELECT p_bodies[i]::jsonb OFFSET 0) AS j(value)
    ), ranked AS (
      SELECT i, row_number() OVER (PARTITION BY key ORDER BY i) AS a,
        CASE WHEN proposal IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY proposal ORDER BY i) END AS b,
        CASE WHEN reverses IS NULL THEN 1 ELSE row_number() OVER (PARTITION BY reverses ORDER BY i) END AS c
      FROM claim
    )
    SELECT coalesce(array_agg(i) FILTER (WHERE a = 1 AND b = 1 AND c = 1), '{}'),
           coalesce(array_agg(i) FILTER (WHERE NOT (a = 1 AND b = 1 AND c = 1)), '{}')
      INTO v_now, v_left FROM ranked;

    WITH entry AS MATERIALIZED (
      SELECT i, p_bodies[i] AS body, j.value AS j, sha256(convert_to(p_bodies[i], 'UTF8')) AS content_hash,
        j.value ->> 'kind' AS kind, (j.value ->> 'entry_date')::date AS entry_date, left(j.value ->> 'entry_date', 7) AS period,
        j.value ->> 'description' AS description, j.value ->> 'key' AS key, (j.value ->> 'made_by')::uuid AS made_by,
        (j.value ->> 'proposal')::bigint AS proposal_id, (j.value ->> 'reverses')::bigint AS reverses,
        j.value ->> 'reference' AS reference
      FROM unnest(v_now) AS i, LATERAL (SELECT p_bodies[i]::jsonb OFFSET 0) AS j(value)
    ), line AS MATERIALIZED (
      SELECT e.i, l.line::smallint AS line, l.value ->> 'account' AS account, l.value ->> 'fund' AS fund,
        l.value ->> 'unit' AS unit, l.value ->> 'payee' AS payee,
        CASE WHEN l.value ? 'debit' THEN read_amount(l.value ->> 'debit') ELSE 0 END AS debit,
        CASE WHEN l.value ? 'credit' THEN read_amount(l.value ->> 'credit') ELSE 0 END AS credit,
        (l.value ? 'debit') <> (l.value ? 'credit') AS one_side
      FROM entry e, jsonb_array_elements(e.j -> 'postings') WITH ORDINALITY AS l(value, line)
    ), line_check AS (
      SELECT l.*, a.class, a.is_money, f.is_restricted, e.reverses IS NOT NULL AS is_red,
        a.account IS NULL OR NOT a.is_postable OR a.opened_on > e.entry_date AS account_unknown,
        coalesce(a.closed_on <= e.entry_date, false) AS account_closed,
        f.fund IS NULL AS fund_unknown,
        coalesce(f.is_restricted AND NOT a.is_money AND NOT EXISTS (SELECT FROM fund_account u
          WHERE u.estate_id = p_estate AND u.fund = l.fund AND u.account IN (l.account, a.parent)), false) AS fund_restricted
      FROM line l JOIN entry e USING (i)
      LEFT JOIN account a ON a.estate_id = p_estate AND a.account = l.account
      LEFT JOIN fund f ON f.estate_id = p_estate AND f.fund = l.fund
    ), total AS (
      SELECT i, count(*) AS lines, sum(debit) AS debit, sum(credit) AS credit,
        bool_or(account_unknown) AS account_unknown, bool_or(account_closed) AS account_closed,
        bool_or(fund_unknown) AS fund_unknown, bool_or(fund_restricted) AS fund_restricted,
        bool_or(NOT one_side OR debit IS NULL OR credit IS NULL OR (debit = 0 AND credit = 0)
          OR (NOT is_red AND (debit < 0 OR credit < 0)) OR (is_red AND (debit > 0 OR credit > 0))) AS amount_invalid,
        -- Money may come in on one hand only as a plain receipt: money debited, nothing else debited.
        bool_or(CASE WHEN is_money THEN credit <> 0 ELSE debit <> 0 END) AS beyond_receipt,
        coalesce(sum(debit - credit) FILTER (WHERE is_money), 0) AS money,
        jsonb_agg(jsonb_build_array(account, fund, debit, credit, unit, payee)
          ORDER BY account, fund, debit, credit, unit, payee) AS shape
      FROM line_check GROUP BY i
    ), fund_total AS (
      SELECT DISTINCT i FROM (SELECT i FROM line GROUP BY i, fund HAVING sum(debit) IS DISTINCT FROM sum(credit)) AS uneven
    ), fund_drained AS (
      -- Money given for one purpose does not become money for another, not even under two signatures.
      SELECT DISTINCT i FROM (SELECT i FROM line_check WHERE is_money AND is_restricted
        GROUP BY i, fund HAVING sum(debit) < sum(credit)) AS drained
    ), target AS (
      SELECT e.i, o.kind, o.reverses, jsonb_agg(jsonb_build_array(p.account, p.fund, -p.debit, -p.credit, p.unit, p.payee)
          ORDER BY p.account, p.fund, -p.debit, -p.credit, p.unit, p.payee) AS shape
      FROM entry e, LATERAL (SELECT x.kind, x.reverses FROM journal_entry x
        WHERE x.estate_id = p_estate AND x.seq = e.reverses LIMIT 1) AS o,
        LATERAL (SELECT y.account, y.fund, y.debit, y.credit, y.unit, y.payee FROM posting y
        WHERE y.estate_id = p_estate AND y.seq = e.reverses LIMIT 500) AS p
      WHERE e.reverses IS NOT NULL GROUP BY e.i, o.kind, o.reverses
    ), ordered AS (
      SELECT e.i, o.state, o.kind, o.amount, o.document::jsonb AS document
      FROM entry e, LATERAL (SELECT x.document_hash FROM quorum x
        WHERE x.estate_id = p_estate AND x.proposal_id = e.proposal_id LIMIT 1) AS q,
        LATERAL (SELECT x.state, x.kind, x.amount, x.document FROM proposal x
        WHERE x.estate_id = p_estate AND x.proposal_id = e.proposal_id AND x.document_hash = q.document_hash LIMIT 1) AS o
      WHERE e.proposal_id IS NOT NULL
    ), document_shape AS (
      SELECT l.i, jsonb_agg(jsonb_build_array(account, fund, debit, credit, unit, payee)
          ORDER BY account, fund, debit, credit, unit, payee) AS shape
      FROM (SELECT o.i, v.value ->> 'account' AS account, v.value ->> 'fund' AS fund, v.value ->> 'unit' AS unit,
          v.value ->> 'payee' AS payee, coalesce(read_amount(v.value ->> 'debit'), 0) AS debit,
          coalesce(read_amount(v.value ->> 'credit'), 0) AS credit
        FROM ordered o, jsonb_array_elements(o.document -> 'postings') AS v(value)) AS l GROUP BY l.i
    ), verdict AS (
      SELECT e.*, t.debit AS amount, prior.seq AS prior_seq,
        CASE
          WHEN prior.content_hash = e.content_hash THEN 'already_posted'
          WHEN prior.content_hash IS NOT NULL THEN 'key_reused'
          WHEN e.period <= v_head.closed_period THEN 'period_closed'
          WHEN e.entry_date > v_today THEN 'period_not_open'
          WHEN t.account_unknown THEN 'account_unknown'
          WHEN t.account_closed THEN 'account_closed'
          WHEN t.fund_unknown THEN 'fund_unknown'
          WHEN t.fund_restricted OR (e.kind = 'transfer' AND e.reverses IS NULL AND x.i IS NOT NULL) THEN 'fund_restricted'
          -- Ten thousand million yuan an entry: sums of sums stay far below what the figures can hold.
          WHEN coalesce(t.lines, 0) < 2 OR t.lines > 500 OR t.amount_invalid OR abs(t.debit) > 9999999999.99 THEN 'amount_invalid'
          WHEN t.debit <> t.credit THEN 'entry_unbalanced'
          WHEN f.i IS NOT NULL THEN 'fund_unbalanced'
          WHEN e.proposal_id IS NULL AND (e.kind <> 'receipt' OR e.reverses IS NOT NULL OR t.beyond_receipt) THEN 'order_required'
          -- A transfer moves between accounts and funds; money that leaves the estate has a payee and an order.
          WHEN e.kind = 'transfer' AND e.reverses IS NULL AND t.money <> 0 THEN 'order_required'
          WHEN e.proposal_id IS NOT NULL AND (o.i IS NULL OR o.state NOT IN ('approved', 'executed')
            OR o.kind <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE 'reversal' END) THEN 'order_not_approved'
          WHEN e.proposal_id IS NOT NULL AND e.reverses IS NULL AND d.shape IS DISTINCT FROM t.shape THEN 'order_amount_differs'
          -- The vouchers that were signed are the vouchers that are booked.
          WHEN e.proposal_id IS NOT NULL AND NOT coalesce(e.j -> 'vouchers', '[]') @> coalesce(o.document -> 'vouchers', '[]')
            THEN 'order_amount_differs'
          WHEN e.proposal_id IS NOT NULL AND e.reverses IS NOT NULL
            AND (o.document ->> 'reverses')::bigint IS DISTINCT FROM e.reverses THEN 'order_amount_differs'
          WHEN paid.seq IS NOT NULL THEN 'order_already_paid'
          WHEN e.reverses IS NOT NULL AND (r.i IS NULL OR r.reverses IS NOT NULL) THEN 'reversal_target_unknown'
          WHEN undone.seq IS NOT NULL THEN 'already_reversed'
          WHEN e.reverses IS NOT NULL AND (r.kind <> e.kind OR r.shape IS DISTINCT FROM t.shape) THEN 'reversal_differs'
          WHEN EXISTS (SELECT FROM jsonb_array_elements_text(e.j -> 'vouchers') AS v(sha256) WHERE
            (SELECT x.seq FROM voucher x WHERE x.estate_id = p_estate AND x.sha256 = v.sha256 LIMIT 1) IS NULL) THEN 'voucher_unknown'
          ELSE 'posted'
        END AS status
      FROM entry e LEFT JOIN total t USING (i) LEFT JOIN fund_total f USING (i) LEFT JOIN target r USING (i)
      LEFT JOIN fund_drained x USING (i)
      LEFT JOIN ordered o USING (i) LEFT JOIN document_shape d USING (i)
      -- LIMIT 1 keeps these lookups by key, whatever the planner thinks of the size of the journal.
      LEFT JOIN LATERAL (SELECT x.seq, x.content_hash FROM journal_entry x
        WHERE x.estate_id = p_estate AND x.key = e.key LIMIT 1) AS prior ON true
      LEFT JOIN LATERAL (SELECT x.seq FROM journal_entry x
        WHERE x.estate_id = p_estate AND x.proposal_id = e.proposal_id LIMIT 1) AS paid ON true
      LEFT JOIN LATERAL (SELECT x.seq FROM journal_entry x
        WHERE x.estate_id = p_estate AND x.reverses = e.reverses LIMIT 1) AS undone ON true
    ), accepted AS MATERIALIZED (
      SELECT v.*, v_head.size + row_number() OVER (ORDER BY v.i) AS seq,
        (coalesce(n.last, 0) + row_number() OVER (PARTITION BY v.period, v.kind ORDER BY v.i))::integer AS number
      FROM verdict v LEFT JOIN number_head n ON n.estate_id = p_estate AND n.period = v.period AND n.kind = v.kind
      WHERE v.status = 'posted'
    ), new_balance AS (
      INSERT INTO balance AS b (estate_id, period, account, fund, debit, credit, entries)
      SELECT p_estate, a.period, l.account, l.fund, sum(l.debit), sum(l.credit), count(*)::integer
      FROM accepted a JOIN line l USING (i) GROUP BY a.period, l.account, l.fund
      ON CONFLICT (estate_id, period, account, fund) DO UPDATE SET debit = b.debit + excluded.debit,
        credit = b.credit + excluded.credit, entries = b.entries + excluded.entries
    ), new_number AS (
      INSERT INTO number_head (estate_id, period, kind, last)
      SELECT p_estate, period, kind, max(number) FROM accepted GROUP BY period, kind
      ON CONFLICT (estate_id, period, kind) DO UPDATE SET last = excluded.last
    ), new_record AS (
      INSERT INTO record (estate_id, seq, kind, recorded_at, number, body, leaf_hash)
      SELECT p_estate, a.seq, 'journal_entry', v_at, n.text, a.body,
        sha256('\x00'::bytea || record_leaf(v_code, a.seq, 'journal_entry', v_at, n.text, a.body))
      FROM accepted a, LATERAL (SELECT a.period || ' ' || entry_number(a.kind, a.number)) AS n(text)
      RETURNING seq, number, leaf_hash
    ), new_entry AS (
      INSERT INTO journal_entry (estate_id, seq, kind, period, number, entry_date, description, amount, reference,
        proposal_id, reverses, made_by, key, content_hash)
      SELECT p_estate, seq, kind, period, number, entry_date, description, amount, reference,
        proposal_id, reverses, made_by, key, content_hash FROM accepted
    ), new_posting AS (
      INSERT INTO posting (estate_id, seq, line, period, account, fund, debit, credit, unit, payee)
      SELECT p_estate, a.seq, l.line, a.period, l.account, l.fund, l.debit, l.credit, l.unit, l.payee
      FROM accepted a JOIN line l USING (i)
    ), new_voucher AS (
      INSERT INTO entry_voucher (estate_id, seq, sha256)
      SELECT DISTINCT p_estate, a.seq, v.sha256 FROM accepted a, jsonb_array_elements_text(a.j -> 'vouchers') AS v(sha256)
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('place', v.i, 'status', v.status, 'seq', coalesce(a.seq, v.prior_seq),
        'proposal', a.proposal_id)), '[]') INTO v_found
    FROM verdict v LEFT JOIN accepted a USING (i);

    v_head.size := v_head.size + (SELECT count(*) FROM jsonb_array_elements(v_found) AS r WHERE r ->> 'status' = 'posted');
    FOR v_row IN SELECT value FROM jsonb_array_elements(v_found) LOOP
      IF v_row ->> 'status' = 'posted' AND v_row ->> 'proposal' IS NOT NULL THEN
        UPDATE proposal o SET state = 'executed', executed_at = v_at
          WHERE o.estate_id = p_estate AND o.proposal_id = (v_row ->> 'proposal')::bigint;
      END IF;
    END LOOP;
    RETURN QUERY SELECT (r.value ->> 'place')::integer, r.value ->> 'status', e.seq, e.period,
        entry_number(e.kind, e.number), c.recorded_at, c.leaf_hash
      FROM jsonb_array_elements(v_found) AS r
      LEFT JOIN LATERAL (SELECT x.seq, x.period, x.kind, x.number FROM journal_entry x WHERE x.estate_id = p_estate
        AND x.seq = (r.value ->> 'seq')::bigint AND r.value ->> 'status' IN ('posted', 'already_posted') LIMIT 1) AS e ON true
      LEFT JOIN LATERAL (SELECT x.recorded_at, x.leaf_hash FROM record x
        WHERE x.estate_id = p_estate AND x.seq = e.seq LIMIT 1) AS c ON true;
  END LOOP;

  UPDATE log_head SET size = v_head.size, recorded_at = v_at WHERE estate_id = p_estate AND size <> v_head.size;
END $$;
COMMENT ON FUNCTION post_entries(integer, text[]) IS
  'The one door into the books: a batch of canonical entries in, one status per entry out.';
GRANT EXECUTE ON FUNCTION post_entries(integer, text[]) TO app;

CREATE TABLE journal_draft (
  estate_id integer NOT NULL REFERENCES estate,
  draft_id bigint GENERATED ALWAYS AS IDENTITY,
  entry_date date NOT NULL,
  content jsonb NOT NULL,
  made_by uuid NOT NULL REFERENCES person,
  saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (estate_id, draft_id)
);
COMMENT ON TABLE journal_draft IS 'Entries a cashier has begun and not posted: not part of the books, in the way of closing.';
COMMENT ON COLUMN journal_draft.estate_id IS 'Estate.';
COMMENT ON COLUMN journal_draft.draft_id IS 'Number.';
COMMENT ON COLUMN journal_draft.entry_date IS 'Business date.';
COMMENT ON COLUMN journal_draft.content IS 'The form as it was left.';
COMMENT ON COLUMN journal_draft.made_by IS 'Who began it.';
COMMENT ON COLUMN journal_draft.saved_at IS 'When it was last saved.';
CALL wall_estate('journal_draft');
GRANT INSERT, UPDATE (entry_date, content, saved_at), DELETE ON journal_draft TO app;

CREATE TABLE period_close (
  estate_id integer NOT NULL,
  period text NOT NULL,
  proposal_id bigint NOT NULL,
  entries integer NOT NULL,
  debit numeric(18, 2) NOT NULL,
  closed_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, period),
  CONSTRAINT close_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE period_close IS 'Closed months (结账): one way, in order, under two signatures.';
COMMENT ON COLUMN period_close.estate_id IS 'Estate.';
COMMENT ON COLUMN period_close.period IS 'Month.';
COMMENT ON COLUMN period_close.proposal_id IS 'Proposal with the signatures.';
COMMENT ON COLUMN period_close.entries IS 'Number of entries of the month.';
COMMENT ON COLUMN period_close.debit IS 'Sum of the month''s debits, equal to its credits.';
COMMENT ON COLUMN period_close.closed_at IS 'When.';
COMMENT ON COLUMN period_close.seq IS 'Record of the close.';
CALL guard_append_only('period_close');
CALL wall_estate('period_close');

CREATE FUNCTION close_period(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_head log_head; v_period text; v_state text; v_document jsonb; v_entries integer; v_debit numeric; v_seq bigint;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT * INTO v_head FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT o.state, o.document::jsonb INTO v_state, v_document FROM proposal o
    JOIN quorum q ON q.estate_id = o.estate_id AND q.proposal_id = o.proposal_id AND q.document_hash = o.document_hash
    WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal AND o.kind = 'close';
  v_period := v_document ->> 'period';
  IF v_state = 'executed' THEN RETURN 'already_closed'; END IF;
  IF v_state IS DISTINCT FROM 'approved' THEN RETURN 'order_not_approved'; END IF;
  IF v_period IS NULL THEN RETURN 'order_not_approved'; END IF;
  IF v_period <= v_head.closed_period THEN RETURN 'already_closed'; END IF;
  IF v_period <> to_char(to_date(v_head.closed_period, 'YYYY-MM') + interval '1 month', 'YYYY-MM') THEN
    RETURN 'period_before_open';
  END IF;
  IF v_period >= to_char(estate_today(p_estate), 'YYYY-MM') THEN RETURN 'period_not_ended'; END IF;
  IF EXISTS (SELECT FROM journal_draft WHERE estate_id = p_estate AND to_char(entry_date, 'YYYY-MM') = v_period) THEN
    RETURN 'drafts_left';
  END IF;
  SELECT count(*), coalesce(sum(amount), 0) INTO v_entries, v_debit FROM journal_entry
    WHERE estate_id = p_estate AND period = v_period;
  -- What was signed is what is closed: an entry posted after the signatures asks for new ones.
  IF v_entries <> (v_document ->> 'entries')::integer OR v_debit <> (v_document ->> 'debit')::numeric THEN
    RETURN 'figures_changed';
  END IF;
  v_seq := write_record(p_estate, 'period_closed', format('{"debit":"%s","entries":%s,"period":"%s","proposal":%s}',
    v_debit::numeric(18, 2), v_entries, v_period, p_proposal));
  INSERT INTO period_close (estate_id, period, proposal_id, entries, debit, closed_at, seq)
    SELECT p_estate, v_period, p_proposal, v_entries, v_debit, r.recorded_at, v_seq
    FROM record r WHERE r.estate_id = p_estate AND r.seq = v_seq;
  UPDATE log_head SET closed_period = v_period WHERE estate_id = p_estate;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate)
    WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'closed';
END $$;
COMMENT ON FUNCTION close_period(integer, bigint) IS
  'Closes the month an approved proposal names. Statuses: closed, already_closed, order_not_approved, period_before_open, period_not_ended, drafts_left, figures_changed.';
GRANT EXECUTE ON FUNCTION close_period(integer, bigint) TO app;

-- Money of a fund today, and what of it is promised to approved, unpaid orders.
CREATE FUNCTION fund_available(p_estate integer, p_fund text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT sum(b.debit - b.credit) FROM balance b JOIN account a USING (estate_id, account)
      WHERE b.estate_id = p_estate AND b.fund = p_fund AND a.is_money), 0)
    - coalesce((SELECT sum(o.amount) FROM proposal o WHERE o.estate_id = p_estate AND o.kind = 'payment'
      AND o.state = 'approved' AND o.fund = p_fund), 0)
$$;
COMMENT ON FUNCTION fund_available(integer, text) IS 'Money of a fund less what approved, unpaid orders reserve.';
GRANT EXECUTE ON FUNCTION fund_available(integer, text) TO app, signer, auditor;

-- The only way a signature comes into being. Body: {proposal, document_hash, person, body, decision, method,
-- reason?, evidence?}. Statuses, first match wins: proposal_unknown, proposal_not_open, proposal_expired,
-- document_changed, signer_is_maker, signer_is_payee, signer_not_in_office, signer_is_cashier, body_not_asked,
-- already_signed, reason_missing, fund_insufficient; else signed (more are needed), approved, rejected.
CREATE FUNCTION record_signature(p_estate integer, p_body text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v jsonb := p_body::jsonb; v_proposal proposal; v_term term; v_seq bigint; v_at timestamptz; v_today date; v_status text;
BEGIN
  PERFORM enter_estate(p_estate);
  -- One signer at a time in an estate: the sum that is still free is decided under this lock. Everyone
  -- locks the log's head first and the proposal second, so that nobody waits in a circle.
  PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;
  SELECT * INTO v_proposal FROM proposal WHERE estate_id = p_estate AND proposal_id = (v ->> 'proposal')::bigint FOR UPDATE;
  IF NOT FOUND THEN RETURN 'proposal_unknown'; END IF;
  v_today := estate_today(p_estate);
  IF v_proposal.state <> 'submitted' THEN RETURN 'proposal_not_open'; END IF;
  IF v_proposal.expires_on < v_today THEN RETURN 'proposal_expired'; END IF;
  IF encode(v_proposal.document_hash, 'hex') IS DISTINCT FROM v ->> 'document_hash' THEN RETURN 'document_changed'; END IF;
  IF v_proposal.made_by = (v ->> 'person')::uuid THEN RETURN 'signer_is_maker'; END IF;
  IF v_proposal.payee_person = (v ->> 'person')::uuid THEN RETURN 'signer_is_payee'; END IF;
  SELECT * INTO v_term FROM term t WHERE t.estate_id = p_estate AND t.person_id = (v ->> 'person')::uuid
    AND t.body = v ->> 'body' AND v_today BETWEEN t.starts_on AND t.ends_on ORDER BY (t.office = 'cashier'), t.term_id LIMIT 1;
  IF NOT FOUND THEN RETURN 'signer_not_in_office'; END IF;
  IF v_term.office = 'cashier' THEN RETURN 'signer_is_cashier'; END IF;
  IF NOT EXISTS (SELECT FROM rule_body WHERE estate_id = p_estate AND rule_id = v_proposal.rule_id AND body = v_term.body) THEN
    RETURN 'body_not_asked';
  END IF;
  IF EXISTS (SELECT FROM signature WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id
      AND document_hash = v_proposal.document_hash AND person_id = v_term.person_id) THEN
    RETURN 'already_signed';
  END IF;
  IF v ->> 'decision' = 'reject' AND coalesce(v ->> 'reason', '') = '' THEN RETURN 'reason_missing'; END IF;
  BEGIN
    v_seq := write_record(p_estate, 'signature', p_body);
    SELECT recorded_at INTO v_at FROM record WHERE estate_id = p_estate AND seq = v_seq;
    INSERT INTO signature (estate_id, proposal_id, document_hash, person_id, body, office, term_id, decision, method,
      reason, evidence, signed_at, seq)
    VALUES (p_estate, v_proposal.proposal_id, v_proposal.document_hash, v_term.person_id, v_term.body, v_term.office,
      v_term.term_id, v ->> 'decision', v ->> 'method', coalesce(v ->> 'reason', ''), coalesce(v -> 'evidence', '{}')::text,
      v_at, v_seq);
    IF v ->> 'decision' = 'reject' THEN
      UPDATE proposal SET state = 'rejected', reason = v ->> 'reason'
        WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id;
      RETURN 'rejected';
    END IF;
    IF EXISTS (SELECT FROM rule_body r WHERE r.estate_id = p_estate AND r.rule_id = v_proposal.rule_id AND r.signers >
        (SELECT count(*) FROM signature s WHERE s.estate_id = p_estate AND s.proposal_id = v_proposal.proposal_id
          AND s.document_hash = v_proposal.document_hash AND s.body = r.body AND s.decision = 'approve')) THEN
      RETURN 'signed';
    END IF;
    INSERT INTO quorum (estate_id, proposal_id, document_hash, first_body, first_person, second_body, second_person, reached_at)
      SELECT p_estate, v_proposal.proposal_id, v_proposal.document_hash, a.body, a.person_id, b.body, b.person_id, v_at
      FROM signature a JOIN signature b ON b.estate_id = a.estate_id AND b.proposal_id = a.proposal_id
        AND b.document_hash = a.document_hash AND b.decision = 'approve' AND b.body <> a.body AND b.person_id <> a.person_id
      WHERE a.estate_id = p_estate AND a.proposal_id = v_proposal.proposal_id
        AND a.document_hash = v_proposal.document_hash AND a.decision = 'approve'
      ORDER BY a.seq, b.seq LIMIT 1;
    IF NOT FOUND THEN RETURN 'signed'; END IF;
    IF v_proposal.kind = 'payment' AND fund_available(p_estate, v_proposal.fund) < v_proposal.amount THEN
      RAISE EXCEPTION 'fund_insufficient' USING ERRCODE = 'MZ001';
    END IF;
    UPDATE proposal SET state = 'approved', approved_at = v_at
      WHERE estate_id = p_estate AND proposal_id = v_proposal.proposal_id;
    RETURN 'approved';
  EXCEPTION WHEN SQLSTATE 'MZ001' THEN
    RETURN 'fund_insufficient';
  END;
END $$;
COMMENT ON FUNCTION record_signature(integer, text) IS
  'Records one signature and, when the rule is satisfied, the quorum. Only the role signer may call it.';
GRANT EXECUTE ON FUNCTION record_signature(integer, text) TO signer;

-- A wall behind the door once more, whoever inserts (a superuser as well): an entry under an order is of
-- the order's kind and for exactly its amount, its lines add up to what it says, and no money account is
-- credited without an order.
CREATE FUNCTION guard_order() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  v_wrong text;
BEGIN
  SELECT w.wrong INTO v_wrong FROM inserted e, LATERAL (SELECT o.state, o.kind, o.amount FROM proposal o
    WHERE o.estate_id = e.estate_id AND o.proposal_id = e.proposal_id LIMIT 1) AS o, LATERAL (SELECT CASE
      WHEN o.state NOT IN ('approved', 'executed') OR o.kind <> CASE WHEN e.reverses IS NULL THEN e.kind ELSE 'reversal' END
        THEN 'order_not_approved: the order behind the entry is not approved for it'
      WHEN e.kind = 'payment' AND e.reverses IS NULL AND e.amount IS DISTINCT FROM o.amount
        THEN 'order_amount_differs: the entry and its order differ'
    END) AS w(wrong) WHERE w.wrong IS NOT NULL LIMIT 1;
  IF v_wrong IS NOT NULL THEN
    RAISE EXCEPTION '%', v_wrong USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER guard_order AFTER INSERT ON journal_entry REFERENCING NEW TABLE AS inserted
  FOR EACH STATEMENT EXECUTE FUNCTION guard_order();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER guard_order;


