-- Rules learned from what people confirmed: who pays regularly for what, and which words of a bank mean a fee or interest.
-- A rule never books money out: a fee rule only recognises a line, and the mandate both keys signed says the rest. What is
-- proposed for a line is found anew whenever somebody looks, so that it is never older than the books.

CREATE TABLE match_rule (
  estate_id integer NOT NULL REFERENCES estate,
  rule_id bigint GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('fee', 'interest', 'receipt')),
  words text[] NOT NULL DEFAULT '{}' CHECK (cardinality(words) <= 30),
  payer_hash text CHECK (payer_hash ~ '^[0-9a-f]{64}$'),
  account text,
  fund text,
  unit text,
  by_itself boolean,
  is_on boolean NOT NULL DEFAULT true,
  confirmations integer NOT NULL DEFAULT 0 CHECK (confirmations >= 0),
  hits integer NOT NULL DEFAULT 0 CHECK (hits >= 0),
  last_hit_at timestamptz,
  made_by uuid REFERENCES person,
  made_at timestamptz NOT NULL,
  changed_by uuid REFERENCES person,
  changed_at timestamptz,
  PRIMARY KEY (estate_id, rule_id),
  FOREIGN KEY (estate_id, account) REFERENCES account,
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  CONSTRAINT match_rule_books_no_debit CHECK (kind <> 'fee' OR (account IS NULL AND fund IS NULL AND unit IS NULL)),
  CONSTRAINT match_rule_not_suspense CHECK (account NOT IN ('1291', '2291')),
  CONSTRAINT match_rule_by_payer_or_words CHECK ((kind = 'receipt') = (payer_hash IS NOT NULL) AND (kind = 'receipt') = (words = '{}'))
);
COMMENT ON TABLE match_rule IS 'Rules of matching (勾对规则): shown, editable, switched off by a person. Officers only.';
COMMENT ON COLUMN match_rule.estate_id IS 'Estate.';
COMMENT ON COLUMN match_rule.rule_id IS 'Number.';
COMMENT ON COLUMN match_rule.kind IS 'fee: recognises a bank fee, which a mandate then allows or not. interest: a credit of the bank. receipt: who pays for what.';
COMMENT ON COLUMN match_rule.words IS 'Words of the bank, of fees and interest.';
COMMENT ON COLUMN match_rule.payer_hash IS 'SHA-256 of who pays: account number, or the name where the bank gives no number.';
COMMENT ON COLUMN match_rule.account IS 'Ledger account credited; NULL of a fee, or where bills decide.';
COMMENT ON COLUMN match_rule.fund IS 'Fund credited.';
COMMENT ON COLUMN match_rule.unit IS 'Dwelling it is paid for; its open bills are paid.';
COMMENT ON COLUMN match_rule.by_itself IS 'Whether what it finds is booked without asking, as a person set it; NULL: after enough confirmations.';
COMMENT ON COLUMN match_rule.is_on IS 'False: it finds nothing.';
COMMENT ON COLUMN match_rule.confirmations IS 'How often people confirmed it.';
COMMENT ON COLUMN match_rule.hits IS 'How many lines it booked by itself.';
COMMENT ON COLUMN match_rule.last_hit_at IS 'When it did so last.';
COMMENT ON COLUMN match_rule.made_by IS 'Who confirmed it first; NULL of those that come with the program.';
COMMENT ON COLUMN match_rule.made_at IS 'When.';
COMMENT ON COLUMN match_rule.changed_by IS 'Who changed it last by hand.';
COMMENT ON COLUMN match_rule.changed_at IS 'When.';
CREATE UNIQUE INDEX match_rule_once ON match_rule
  (estate_id, kind, coalesce(payer_hash, ''), coalesce(account, ''), coalesce(fund, ''), coalesce(unit, ''));
CALL wall_estate('match_rule');
GRANT INSERT, UPDATE (words, by_itself, is_on, confirmations, hits, last_hit_at, changed_by, changed_at) ON match_rule TO app;

CREATE TABLE match_rule_payer (
  estate_id integer NOT NULL,
  rule_id bigint NOT NULL,
  name text NOT NULL CHECK (char_length(name) <= 200),
  account_number text NOT NULL CHECK (char_length(account_number) <= 60),
  PRIMARY KEY (estate_id, rule_id),
  FOREIGN KEY (estate_id, rule_id) REFERENCES match_rule
);
COMMENT ON TABLE match_rule_payer IS 'Who a rule is about, in words: officers only, erasable; the rule goes on by its hash.';
COMMENT ON COLUMN match_rule_payer.estate_id IS 'Estate.';
COMMENT ON COLUMN match_rule_payer.rule_id IS 'Rule.';
COMMENT ON COLUMN match_rule_payer.name IS 'Name of the payer as the bank writes it.';
COMMENT ON COLUMN match_rule_payer.account_number IS 'Account of the payer, or empty.';
CALL wall_estate('match_rule_payer');
GRANT INSERT, UPDATE (name, account_number), DELETE ON match_rule_payer TO app;

-- How often a line was matched before: what is booked from it anew takes another key.
CREATE INDEX bank_match_ended ON bank_match (estate_id, account, position) WHERE ended_seq IS NOT NULL AND position IS NOT NULL;
