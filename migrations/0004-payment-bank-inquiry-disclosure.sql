-- Payment orders and payees, what the bank says, owners' questions, monthly disclosures.

CREATE TABLE payee (
  estate_id integer NOT NULL REFERENCES estate,
  payee_id integer GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('company', 'individual')),
  public_name text NOT NULL CHECK (char_length(public_name) BETWEEN 1 AND 100),
  account_last4 text NOT NULL CHECK (account_last4 ~ '^[0-9]{4}$'),
  account_hash text NOT NULL CHECK (account_hash ~ '^[0-9a-f]{64}$'),
  person_id uuid REFERENCES person,
  entered_by uuid NOT NULL REFERENCES person,
  entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (estate_id, payee_id)
);
COMMENT ON TABLE payee IS 'Payees (收款方) as every owner may see them: a company by name, a person masked (张*).';
COMMENT ON COLUMN payee.estate_id IS 'Estate.';
COMMENT ON COLUMN payee.payee_id IS 'Number.';
COMMENT ON COLUMN payee.kind IS 'company or individual.';
COMMENT ON COLUMN payee.public_name IS 'Name that is shown; masked for an individual.';
COMMENT ON COLUMN payee.account_last4 IS 'Last four digits of the bank account.';
COMMENT ON COLUMN payee.account_hash IS 'SHA-256 of the canonical array [salt, "payee", {name, bank, account}]; orders carry it.';
COMMENT ON COLUMN payee.person_id IS 'Person of this estate, if it is one: that person never signs for the payment.';
COMMENT ON COLUMN payee.entered_by IS 'Who entered the payee.';
COMMENT ON COLUMN payee.entered_at IS 'When.';
CALL guard_append_only('payee');
CALL wall_estate('payee');
GRANT INSERT ON payee TO app;

CREATE TABLE payee_identity (
  estate_id integer NOT NULL,
  payee_id integer NOT NULL,
  name text NOT NULL,
  bank_name text NOT NULL,
  account_number text NOT NULL,
  salt text NOT NULL,
  PRIMARY KEY (estate_id, payee_id),
  FOREIGN KEY (estate_id, payee_id) REFERENCES payee
);
COMMENT ON TABLE payee_identity IS 'Full name and bank account of payees (may be personal data): erasable, never in the log.';
COMMENT ON COLUMN payee_identity.estate_id IS 'Estate.';
COMMENT ON COLUMN payee_identity.payee_id IS 'Payee.';
COMMENT ON COLUMN payee_identity.name IS 'Full name.';
COMMENT ON COLUMN payee_identity.bank_name IS 'Bank (开户行).';
COMMENT ON COLUMN payee_identity.account_number IS 'Account number.';
COMMENT ON COLUMN payee_identity.salt IS '32 random bytes, hexadecimal: opens payee.account_hash.';
CALL wall_estate('payee_identity');
GRANT INSERT, DELETE ON payee_identity TO app;

CREATE TABLE payment_order (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  payee_id integer NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  fund text NOT NULL,
  account text NOT NULL,
  bank_account text NOT NULL,
  purpose text NOT NULL CHECK (char_length(purpose) BETWEEN 1 AND 200),
  reference text NOT NULL,
  invoice_number text CHECK (char_length(invoice_number) BETWEEN 4 AND 40),
  invoice_total numeric(14, 2) CHECK (invoice_total > 0),
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (estate_id, proposal_id),
  CONSTRAINT order_reference_once UNIQUE (estate_id, reference),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES proposal,
  FOREIGN KEY (estate_id, payee_id) REFERENCES payee,
  FOREIGN KEY (estate_id, fund) REFERENCES fund,
  FOREIGN KEY (estate_id, account) REFERENCES account,
  FOREIGN KEY (estate_id, bank_account) REFERENCES account (estate_id, account),
  CONSTRAINT invoice_number_and_total CHECK ((invoice_number IS NULL) = (invoice_total IS NULL))
);
COMMENT ON TABLE payment_order IS 'Payment orders (付款申请单): the working copy; what counts is the frozen document of the proposal.';
COMMENT ON COLUMN payment_order.estate_id IS 'Estate.';
COMMENT ON COLUMN payment_order.proposal_id IS 'Proposal; number of the order.';
COMMENT ON COLUMN payment_order.payee_id IS 'Payee.';
COMMENT ON COLUMN payment_order.amount IS 'Amount, yuan.';
COMMENT ON COLUMN payment_order.fund IS 'Fund that pays.';
COMMENT ON COLUMN payment_order.account IS 'Account that is debited.';
COMMENT ON COLUMN payment_order.bank_account IS 'Money account that is credited.';
COMMENT ON COLUMN payment_order.purpose IS 'What for; becomes the memo of the entry.';
COMMENT ON COLUMN payment_order.reference IS 'Short reference for the bank transfer.';
COMMENT ON COLUMN payment_order.invoice_number IS 'Invoice number.';
COMMENT ON COLUMN payment_order.invoice_total IS 'Total of the invoice: all its orders together may not exceed it.';
COMMENT ON COLUMN payment_order.changed_at IS 'Last change.';
CREATE INDEX payment_order_invoice ON payment_order (estate_id, invoice_number);
CREATE INDEX payment_order_payee ON payment_order (estate_id, payee_id);
CALL wall_estate('payment_order');
GRANT INSERT, UPDATE (payee_id, amount, fund, account, bank_account, purpose, invoice_number, invoice_total, changed_at)
  ON payment_order TO app;

CREATE TABLE order_voucher (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  sha256 text NOT NULL,
  PRIMARY KEY (estate_id, proposal_id, sha256),
  FOREIGN KEY (estate_id, proposal_id) REFERENCES payment_order,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher
);
COMMENT ON TABLE order_voucher IS 'Original vouchers of payment orders.';
COMMENT ON COLUMN order_voucher.estate_id IS 'Estate.';
COMMENT ON COLUMN order_voucher.proposal_id IS 'Order.';
COMMENT ON COLUMN order_voucher.sha256 IS 'Voucher.';
CALL wall_estate('order_voucher');
GRANT INSERT, DELETE ON order_voucher TO app;

CREATE TABLE bank_account (
  estate_id integer NOT NULL REFERENCES estate,
  account text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  bank_name text NOT NULL,
  account_last4 text NOT NULL CHECK (account_last4 ~ '^[0-9]{4}$'),
  PRIMARY KEY (estate_id, account),
  FOREIGN KEY (estate_id, account) REFERENCES account (estate_id, account)
);
COMMENT ON TABLE bank_account IS 'Jointly controlled bank accounts (共管账户), by their ledger account.';
COMMENT ON COLUMN bank_account.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_account.account IS 'Ledger account (1002…).';
COMMENT ON COLUMN bank_account.name_zh IS 'Name in Chinese.';
COMMENT ON COLUMN bank_account.name_en IS 'Name in English.';
COMMENT ON COLUMN bank_account.bank_name IS 'Bank.';
COMMENT ON COLUMN bank_account.account_last4 IS 'Last four digits; the full number stays at the bank.';
CALL wall_estate('bank_account');
GRANT INSERT ON bank_account TO app;

CREATE TABLE bank_balance (
  estate_id integer NOT NULL,
  seq bigint NOT NULL,
  account text NOT NULL,
  as_of date NOT NULL,
  balance numeric(16, 2) NOT NULL,
  sha256 text NOT NULL,
  stated_by uuid NOT NULL REFERENCES person,
  stated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (estate_id, seq),
  FOREIGN KEY (estate_id, account) REFERENCES bank_account,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE bank_balance IS 'Closing balances by the bank''s own statement, each with the statement as voucher.';
COMMENT ON COLUMN bank_balance.estate_id IS 'Estate.';
COMMENT ON COLUMN bank_balance.seq IS 'Record.';
COMMENT ON COLUMN bank_balance.account IS 'Bank account.';
COMMENT ON COLUMN bank_balance.as_of IS 'Day whose closing balance it is.';
COMMENT ON COLUMN bank_balance.balance IS 'Balance by the bank, yuan.';
COMMENT ON COLUMN bank_balance.sha256 IS 'The bank''s statement.';
COMMENT ON COLUMN bank_balance.stated_by IS 'Who handed it in.';
COMMENT ON COLUMN bank_balance.stated_at IS 'When.';
CREATE INDEX bank_balance_day ON bank_balance (estate_id, account, as_of, seq);
CALL guard_append_only('bank_balance');
CALL wall_estate('bank_balance');
GRANT INSERT ON bank_balance TO app;

CREATE TABLE inquiry (
  estate_id integer NOT NULL REFERENCES estate,
  inquiry_id integer GENERATED ALWAYS AS IDENTITY,
  about_seq bigint,
  question text NOT NULL CHECK (char_length(question) BETWEEN 2 AND 1000),
  asked_by uuid NOT NULL REFERENCES person,
  asked_at timestamptz NOT NULL,
  due_on date NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, inquiry_id),
  FOREIGN KEY (estate_id, about_seq) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE inquiry IS 'Owners'' questions (质询) with an answer clock; shown without the asker''s name.';
COMMENT ON COLUMN inquiry.estate_id IS 'Estate.';
COMMENT ON COLUMN inquiry.inquiry_id IS 'Number.';
COMMENT ON COLUMN inquiry.about_seq IS 'Journal entry it is about; NULL for a general one.';
COMMENT ON COLUMN inquiry.question IS 'Text.';
COMMENT ON COLUMN inquiry.asked_by IS 'Asker (opaque); not shown.';
COMMENT ON COLUMN inquiry.asked_at IS 'When.';
COMMENT ON COLUMN inquiry.due_on IS 'Last day for an answer.';
COMMENT ON COLUMN inquiry.seq IS 'Record.';
CREATE INDEX inquiry_entry ON inquiry (estate_id, about_seq);
CALL guard_append_only('inquiry');
CALL wall_estate('inquiry');
GRANT INSERT ON inquiry TO app;

CREATE TABLE answer (
  estate_id integer NOT NULL,
  answer_id integer GENERATED ALWAYS AS IDENTITY,
  inquiry_id integer NOT NULL,
  answer text NOT NULL CHECK (char_length(answer) BETWEEN 2 AND 2000),
  body text NOT NULL,
  answered_by uuid NOT NULL REFERENCES person,
  answered_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, answer_id),
  FOREIGN KEY (estate_id, inquiry_id) REFERENCES inquiry,
  FOREIGN KEY (estate_id, body) REFERENCES body,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE answer IS 'Answers (答复) by the property company or the committee.';
COMMENT ON COLUMN answer.estate_id IS 'Estate.';
COMMENT ON COLUMN answer.answer_id IS 'Number.';
COMMENT ON COLUMN answer.inquiry_id IS 'Question.';
COMMENT ON COLUMN answer.answer IS 'Text.';
COMMENT ON COLUMN answer.body IS 'Body that answers.';
COMMENT ON COLUMN answer.answered_by IS 'Who wrote it.';
COMMENT ON COLUMN answer.answered_at IS 'When.';
COMMENT ON COLUMN answer.seq IS 'Record.';
CREATE INDEX answer_inquiry ON answer (estate_id, inquiry_id);
CALL guard_append_only('answer');
CALL wall_estate('answer');
GRANT INSERT ON answer TO app;

CREATE TABLE disclosure_draft (
  estate_id integer NOT NULL REFERENCES estate,
  period text NOT NULL,
  figures text NOT NULL,
  drafted_at timestamptz NOT NULL,
  PRIMARY KEY (estate_id, period)
);
COMMENT ON TABLE disclosure_draft IS 'Drafts of monthly disclosures, made on the 1st for the bodies to look through.';
COMMENT ON COLUMN disclosure_draft.estate_id IS 'Estate.';
COMMENT ON COLUMN disclosure_draft.period IS 'Month.';
COMMENT ON COLUMN disclosure_draft.figures IS 'Figures, canonical JSON.';
COMMENT ON COLUMN disclosure_draft.drafted_at IS 'When it was drawn up.';
CALL wall_estate('disclosure_draft');
GRANT INSERT, UPDATE (figures, drafted_at) ON disclosure_draft TO app;

CREATE TABLE disclosure (
  estate_id integer NOT NULL REFERENCES estate,
  period text NOT NULL,
  version smallint NOT NULL CHECK (version > 0),
  figures text NOT NULL,
  figures_sha256 text NOT NULL,
  pdf_zh_sha256 text NOT NULL CHECK (pdf_zh_sha256 ~ '^[0-9a-f]{64}$'),
  pdf_en_sha256 text NOT NULL CHECK (pdf_en_sha256 ~ '^[0-9a-f]{64}$'),
  pdf_zh_size integer NOT NULL,
  pdf_en_size integer NOT NULL,
  due_on date NOT NULL,
  published_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  CONSTRAINT disclosure_version_once PRIMARY KEY (estate_id, period, version),
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT figures_hash_of_figures CHECK (figures_sha256 = encode(sha256(convert_to(figures, 'UTF8')), 'hex'))
);
COMMENT ON TABLE disclosure IS 'Published monthly disclosures (收支公示): for ever; a correction is the next version beside.';
COMMENT ON COLUMN disclosure.estate_id IS 'Estate.';
COMMENT ON COLUMN disclosure.period IS 'Month.';
COMMENT ON COLUMN disclosure.version IS 'Version, from 1.';
COMMENT ON COLUMN disclosure.figures IS 'Everything it says, canonical JSON.';
COMMENT ON COLUMN disclosure.figures_sha256 IS 'SHA-256 of the figures.';
COMMENT ON COLUMN disclosure.pdf_zh_sha256 IS 'SHA-256 of the Chinese PDF, its name in the storage.';
COMMENT ON COLUMN disclosure.pdf_en_sha256 IS 'SHA-256 of the English PDF.';
COMMENT ON COLUMN disclosure.pdf_zh_size IS 'Bytes of the Chinese PDF.';
COMMENT ON COLUMN disclosure.pdf_en_size IS 'Bytes of the English PDF.';
COMMENT ON COLUMN disclosure.due_on IS 'Day it was due.';
COMMENT ON COLUMN disclosure.published_at IS 'When it was published.';
COMMENT ON COLUMN disclosure.seq IS 'Record of the publication.';
CALL guard_append_only('disclosure');
CALL wall_estate('disclosure');
GRANT INSERT ON disclosure TO app;
