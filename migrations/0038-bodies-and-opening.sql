-- The sides of an estate beyond the two keys: the Party branch (党组织); the forms the owners' body and the management take, with
-- their days (temporary bodies among them); and the balances a set of books begins with, under two signatures.

-- ── The Party branch ─────────────────────────────────────────────────────────────────────────────

ALTER TABLE body DROP CONSTRAINT body_body_check, ADD CONSTRAINT body_known CHECK (body IN
  ('property', 'committee', 'supervisor', 'party_branch', 'community', 'street', 'auditor'));
COMMENT ON TABLE body IS 'Bodies of an estate (各方): property company, owners'' committee, supervisors, Party branch, community, street office, auditor.';
ALTER TABLE term DROP CONSTRAINT term_office_of_body, ADD CONSTRAINT term_office_of_body CHECK ((body, office) IN (
  ('property', 'cashier'), ('property', 'manager'), ('property', 'deputy'), ('committee', 'chair'), ('committee', 'member'), ('committee', 'deputy'),
  ('supervisor', 'supervisor'), ('supervisor', 'deputy'), ('party_branch', 'official'), ('community', 'official'), ('street', 'official'),
  ('auditor', 'auditor')));
