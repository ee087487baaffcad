-- Projects: money with a purpose (改造、微创投、社区保障资金、慈善).
--   entered → opened (signed: targets by source, funds of its own) → contract → site, acceptance → finished → rest returned
-- Each of the four sources (government, organisation, households, donation) of a project has a restricted fund of its own,
-- p<project>_<source>, so that the door itself keeps them apart: every entry balances in every fund, and no transfer leads out of one.
--   received   借 1002            贷 3102xx  [p7_households]   a receipt, naming the dwelling
--   paid       借 5113            贷 1002    [p7_households]   by order, for a milestone, never beyond that source's share of it
--   returned   借 3102xx          贷 1002    [p7_households]   by refund order, after the final report, to whom it came from
-- project_order_unfit() says whether an order fits; the check before submission and the guard of proposals ask the same.

CREATE TABLE project (
  estate_id integer NOT NULL REFERENCES estate,
  project_id integer GENERATED ALWAYS AS IDENTITY,
  kind text NOT NULL CHECK (kind IN ('renovation', 'micro_grant', 'community_security', 'charity')),
  from_owner boolean NOT NULL,
  entered_by uuid NOT NULL REFERENCES person,
  entered_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, project_id),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project IS 'Projects (项目) as somebody entered them: title and text stand in personal_value of the record, field comment, title in the first line.';
COMMENT ON COLUMN project.estate_id IS 'Estate.';
COMMENT ON COLUMN project.project_id IS 'Number.';
COMMENT ON COLUMN project.kind IS 'renovation 改造, micro_grant 微创投, community_security 社区保障资金, charity 慈善.';
COMMENT ON COLUMN project.from_owner IS 'True: an owner applied; who that is is not shown.';
COMMENT ON COLUMN project.entered_by IS 'Person (opaque).';
COMMENT ON COLUMN project.entered_at IS 'When.';
COMMENT ON COLUMN project.seq IS 'Record.';
CALL guard_append_only('project');
CALL wall_estate('project');
GRANT INSERT ON project TO app;

CREATE TABLE project_opinion (
  estate_id integer NOT NULL,
  opinion_id integer GENERATED ALWAYS AS IDENTITY,
  project_id integer NOT NULL,
  unit text NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  stance text NOT NULL CHECK (stance IN ('for', 'against', 'words')),
  given_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, opinion_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project,
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_opinion IS 'Opinions of owners on projects (意见): of a dwelling the latest stance counts. Words stand in personal_value. It is no vote.';
COMMENT ON COLUMN project_opinion.estate_id IS 'Estate.';
COMMENT ON COLUMN project_opinion.opinion_id IS 'Number.';
COMMENT ON COLUMN project_opinion.project_id IS 'Project.';
COMMENT ON COLUMN project_opinion.unit IS 'Dwelling for which it is given; not shown.';
COMMENT ON COLUMN project_opinion.person_id IS 'Who gave it (opaque); not shown.';
COMMENT ON COLUMN project_opinion.stance IS 'for 赞成, against 反对, words 只说意见.';
COMMENT ON COLUMN project_opinion.given_at IS 'When.';
COMMENT ON COLUMN project_opinion.seq IS 'Record.';
CREATE INDEX project_opinion_project ON project_opinion (estate_id, project_id, unit);
CALL guard_append_only('project_opinion');
CALL wall_estate('project_opinion');
GRANT INSERT ON project_opinion TO app;

CREATE TABLE project_moderation (
  estate_id integer NOT NULL,
  opinion_id integer NOT NULL,
  seq bigint NOT NULL,
  hidden boolean NOT NULL,
  body text NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  reason text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
  PRIMARY KEY (estate_id, opinion_id, seq),
  FOREIGN KEY (estate_id, opinion_id) REFERENCES project_opinion,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_moderation IS 'Words of opinions hidden or shown again; the latest row counts. That an opinion was given is always shown.';
COMMENT ON COLUMN project_moderation.estate_id IS 'Estate.';
COMMENT ON COLUMN project_moderation.opinion_id IS 'Opinion.';
COMMENT ON COLUMN project_moderation.seq IS 'Record.';
COMMENT ON COLUMN project_moderation.hidden IS 'True: hidden; false: shown again.';
COMMENT ON COLUMN project_moderation.body IS 'Body in whose name.';
COMMENT ON COLUMN project_moderation.person_id IS 'Who did it (opaque).';
COMMENT ON COLUMN project_moderation.reason IS 'Why, shown in place of the words.';
CALL guard_append_only('project_moderation');
CALL wall_estate('project_moderation');
GRANT INSERT ON project_moderation TO app;

-- Whoever reads texts of persons anywhere (log, search) asks this one question: words hidden here are hidden there.
CREATE INDEX project_opinion_text ON project_opinion (estate_id, seq);
CREATE OR REPLACE FUNCTION moderation_of(p_estate integer, p_seq bigint, p_field text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT m.step FROM text_moderation m WHERE m.estate_id = p_estate AND m.of_seq = p_seq AND m.field = p_field ORDER BY m.moderation_id DESC LIMIT 1),
    (SELECT CASE WHEN m.hidden THEN 'hidden' ELSE 'restored' END FROM project_opinion o JOIN project_moderation m ON m.estate_id = o.estate_id AND m.opinion_id = o.opinion_id
      WHERE o.estate_id = p_estate AND o.seq = p_seq AND p_field = 'comment' ORDER BY m.seq DESC LIMIT 1))
$$;

CREATE TABLE project_plan (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  title_zh text NOT NULL CHECK (char_length(title_zh) BETWEEN 1 AND 40),
  title_en text NOT NULL CHECK (char_length(title_en) BETWEEN 1 AND 80),
  purpose text NOT NULL CHECK (char_length(purpose) BETWEEN 1 AND 500),
  deadline date NOT NULL,
  share_rule text NOT NULL CHECK (share_rule IN ('none', 'per_m2', 'fixed')),
  share numeric(14, 2) CHECK (share > 0),
  opened_on date NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, project_id),
  UNIQUE (estate_id, proposal_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project,
  CONSTRAINT project_plan_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT project_plan_share CHECK ((share IS NULL) = (share_rule = 'none'))
);
COMMENT ON TABLE project_plan IS 'What was signed when a project opened (立项). Written by carry_project() only.';
COMMENT ON COLUMN project_plan.estate_id IS 'Estate.';
COMMENT ON COLUMN project_plan.project_id IS 'Project.';
COMMENT ON COLUMN project_plan.proposal_id IS 'Proposal with the signatures.';
COMMENT ON COLUMN project_plan.title_zh IS 'Title in Chinese.';
COMMENT ON COLUMN project_plan.title_en IS 'Title in English.';
COMMENT ON COLUMN project_plan.purpose IS 'What its money may be spent for, and nothing else.';
COMMENT ON COLUMN project_plan.deadline IS 'Last day of the fundraising.';
COMMENT ON COLUMN project_plan.share_rule IS 'What a dwelling is asked for: none, per_m2 yuan for each square metre, fixed yuan.';
COMMENT ON COLUMN project_plan.share IS 'Yuan for each square metre or dwelling; NULL without a rule.';
COMMENT ON COLUMN project_plan.opened_on IS 'Day on which all had signed.';
COMMENT ON COLUMN project_plan.seq IS 'Record.';
CALL guard_append_only('project_plan');
CALL wall_estate('project_plan');

CREATE TABLE project_source (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  source text NOT NULL CHECK (source IN ('government', 'organisation', 'households', 'donation')),
  fund text NOT NULL,
  target numeric(14, 2) NOT NULL CHECK (target > 0),
  PRIMARY KEY (estate_id, project_id, source),
  UNIQUE (estate_id, fund),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_plan,
  FOREIGN KEY (estate_id, fund) REFERENCES fund
);
COMMENT ON TABLE project_source IS 'Sources of a project''s money (四源), each with its fund and target. Written by carry_project() only.';
COMMENT ON COLUMN project_source.estate_id IS 'Estate.';
COMMENT ON COLUMN project_source.project_id IS 'Project.';
COMMENT ON COLUMN project_source.source IS 'government 政府补贴, organisation 单位出资, households 居民自筹, donation 社会捐助.';
COMMENT ON COLUMN project_source.fund IS 'Its restricted fund.';
COMMENT ON COLUMN project_source.target IS 'Target, yuan.';
CALL guard_append_only('project_source');
CALL wall_estate('project_source');

CREATE TABLE project_pledge (
  estate_id integer NOT NULL,
  pledge_id integer GENERATED ALWAYS AS IDENTITY,
  project_id integer NOT NULL,
  unit text NOT NULL,
  person_id uuid NOT NULL REFERENCES person,
  amount numeric(14, 2) NOT NULL CHECK (amount >= 0),
  pledged_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, pledge_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_plan,
  FOREIGN KEY (estate_id, unit) REFERENCES unit,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_pledge IS 'Pledges of dwellings (认筹): of a dwelling the latest counts, 0.00 takes it back. A pledge is no debt and no entry.';
COMMENT ON COLUMN project_pledge.estate_id IS 'Estate.';
COMMENT ON COLUMN project_pledge.pledge_id IS 'Number.';
COMMENT ON COLUMN project_pledge.project_id IS 'Project.';
COMMENT ON COLUMN project_pledge.unit IS 'Dwelling.';
COMMENT ON COLUMN project_pledge.person_id IS 'Who pledged (opaque); not shown.';
COMMENT ON COLUMN project_pledge.amount IS 'Yuan.';
COMMENT ON COLUMN project_pledge.pledged_at IS 'When.';
COMMENT ON COLUMN project_pledge.seq IS 'Record.';
CREATE INDEX project_pledge_project ON project_pledge (estate_id, project_id, unit);
CALL guard_append_only('project_pledge');
CALL wall_estate('project_pledge');
GRANT INSERT ON project_pledge TO app;

CREATE TABLE project_gift (
  estate_id integer NOT NULL,
  gift_id integer GENERATED ALWAYS AS IDENTITY,
  project_id integer NOT NULL,
  source text NOT NULL,
  entry bigint NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  shown text NOT NULL CHECK (shown IN ('named', 'masked', 'anonymous')),
  is_company boolean NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, gift_id),
  FOREIGN KEY (estate_id, project_id, source) REFERENCES project_source,
  FOREIGN KEY (estate_id, entry) REFERENCES journal_entry (estate_id, seq),
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_gift IS 'Who gave (捐赠、出资), for entries of a project other than households''. The name stands in personal_value of the record, field comment, and can be erased.';
COMMENT ON COLUMN project_gift.estate_id IS 'Estate.';
COMMENT ON COLUMN project_gift.gift_id IS 'Number.';
COMMENT ON COLUMN project_gift.project_id IS 'Project.';
COMMENT ON COLUMN project_gift.source IS 'Source.';
COMMENT ON COLUMN project_gift.entry IS 'Journal entry with which it was received.';
COMMENT ON COLUMN project_gift.amount IS 'Yuan.';
COMMENT ON COLUMN project_gift.shown IS 'As the giver chose: named, masked (张*) or anonymous.';
COMMENT ON COLUMN project_gift.is_company IS 'True: an office, a company, a foundation.';
COMMENT ON COLUMN project_gift.seq IS 'Record.';
CALL guard_append_only('project_gift');
CALL wall_estate('project_gift');
GRANT INSERT ON project_gift TO app;

CREATE TABLE project_gift_naming (
  estate_id integer NOT NULL,
  gift_id integer NOT NULL,
  seq bigint NOT NULL,
  shown text NOT NULL CHECK (shown IN ('named', 'masked', 'anonymous')),
  PRIMARY KEY (estate_id, gift_id, seq),
  FOREIGN KEY (estate_id, gift_id) REFERENCES project_gift,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_gift_naming IS 'Later choices of givers how they are shown: consent may be taken back at any time. The latest row counts.';
COMMENT ON COLUMN project_gift_naming.estate_id IS 'Estate.';
COMMENT ON COLUMN project_gift_naming.gift_id IS 'Gift.';
COMMENT ON COLUMN project_gift_naming.seq IS 'Record.';
COMMENT ON COLUMN project_gift_naming.shown IS 'named, masked or anonymous.';
CALL guard_append_only('project_gift_naming');
CALL wall_estate('project_gift_naming');
GRANT INSERT ON project_gift_naming TO app;

CREATE TABLE project_quote (
  estate_id integer NOT NULL,
  quote_id integer GENERATED ALWAYS AS IDENTITY,
  project_id integer NOT NULL,
  bidder text NOT NULL CHECK (char_length(bidder) BETWEEN 1 AND 60),
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  sha256 text NOT NULL,
  entered_on date NOT NULL,
  entered_by uuid NOT NULL REFERENCES person,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, quote_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_plan,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_quote IS 'Quotes (报价) of contractors, with their file.';
COMMENT ON COLUMN project_quote.estate_id IS 'Estate.';
COMMENT ON COLUMN project_quote.quote_id IS 'Number.';
COMMENT ON COLUMN project_quote.project_id IS 'Project.';
COMMENT ON COLUMN project_quote.bidder IS 'Company.';
COMMENT ON COLUMN project_quote.amount IS 'Yuan.';
COMMENT ON COLUMN project_quote.sha256 IS 'File.';
COMMENT ON COLUMN project_quote.entered_on IS 'Day.';
COMMENT ON COLUMN project_quote.entered_by IS 'Who entered it (opaque).';
COMMENT ON COLUMN project_quote.seq IS 'Record.';
CALL guard_append_only('project_quote');
CALL wall_estate('project_quote');
GRANT INSERT ON project_quote TO app;

CREATE TABLE project_contract (
  estate_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  project_id integer NOT NULL,
  payee_id integer NOT NULL,
  contractor text NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  signed_on date NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, proposal_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_plan,
  CONSTRAINT project_contract_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, payee_id) REFERENCES payee,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_contract IS 'Contracts of a project (合同). Written by carry_project() only.';
COMMENT ON COLUMN project_contract.estate_id IS 'Estate.';
COMMENT ON COLUMN project_contract.proposal_id IS 'Proposal with the signatures; number of the contract.';
COMMENT ON COLUMN project_contract.project_id IS 'Project.';
COMMENT ON COLUMN project_contract.payee_id IS 'Who is paid.';
COMMENT ON COLUMN project_contract.contractor IS 'Name that may be shown, as it was signed.';
COMMENT ON COLUMN project_contract.amount IS 'Sum, yuan.';
COMMENT ON COLUMN project_contract.signed_on IS 'Day on which all had signed.';
COMMENT ON COLUMN project_contract.seq IS 'Record.';
CREATE INDEX project_contract_project ON project_contract (estate_id, project_id);
CALL guard_append_only('project_contract');
CALL wall_estate('project_contract');

CREATE TABLE project_milestone (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  milestone integer NOT NULL CHECK (milestone > 0),
  contract bigint NOT NULL,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
  due_when text NOT NULL CHECK (due_when IN ('contract', 'reached', 'accepted')),
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, project_id, milestone),
  FOREIGN KEY (estate_id, contract) REFERENCES project_contract
);
COMMENT ON TABLE project_milestone IS 'Milestones of contracts (付款节点). Written by carry_project() only.';
COMMENT ON COLUMN project_milestone.estate_id IS 'Estate.';
COMMENT ON COLUMN project_milestone.project_id IS 'Project.';
COMMENT ON COLUMN project_milestone.milestone IS 'Number within the project.';
COMMENT ON COLUMN project_milestone.contract IS 'Contract.';
COMMENT ON COLUMN project_milestone.name IS 'What it is.';
COMMENT ON COLUMN project_milestone.due_when IS 'contract: payable once signed; reached: once a site report says so; accepted: after acceptance.';
COMMENT ON COLUMN project_milestone.amount IS 'Yuan.';
CALL guard_append_only('project_milestone');
CALL wall_estate('project_milestone');

CREATE TABLE project_milestone_share (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  milestone integer NOT NULL,
  source text NOT NULL,
  amount numeric(14, 2) NOT NULL CHECK (amount > 0),
  PRIMARY KEY (estate_id, project_id, milestone, source),
  FOREIGN KEY (estate_id, project_id, milestone) REFERENCES project_milestone,
  FOREIGN KEY (estate_id, project_id, source) REFERENCES project_source
);
COMMENT ON TABLE project_milestone_share IS 'What each source pays of a milestone: the most that orders from its fund may take. Written by carry_project() only.';
COMMENT ON COLUMN project_milestone_share.estate_id IS 'Estate.';
COMMENT ON COLUMN project_milestone_share.project_id IS 'Project.';
COMMENT ON COLUMN project_milestone_share.milestone IS 'Milestone.';
COMMENT ON COLUMN project_milestone_share.source IS 'Source.';
COMMENT ON COLUMN project_milestone_share.amount IS 'Yuan.';
CALL guard_append_only('project_milestone_share');
CALL wall_estate('project_milestone_share');

CREATE TABLE project_site (
  estate_id integer NOT NULL,
  site_id integer GENERATED ALWAYS AS IDENTITY,
  project_id integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('progress', 'reached', 'defect', 'fixed')),
  milestone integer,
  defect integer,
  report text NOT NULL CHECK (char_length(report) BETWEEN 1 AND 500),
  body text NOT NULL,
  reported_by uuid NOT NULL REFERENCES person,
  reported_at timestamptz NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, site_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_plan,
  FOREIGN KEY (estate_id, project_id, milestone) REFERENCES project_milestone,
  FOREIGN KEY (estate_id, defect) REFERENCES project_site,
  FOREIGN KEY (estate_id, seq) REFERENCES record,
  CONSTRAINT project_site_shape CHECK ((kind = 'reached') = (milestone IS NOT NULL) AND (kind = 'fixed') = (defect IS NOT NULL))
);
COMMENT ON TABLE project_site IS 'Reports from the site (现场记录): progress, a milestone that is reached, a defect, a defect that is mended.';
COMMENT ON COLUMN project_site.estate_id IS 'Estate.';
COMMENT ON COLUMN project_site.site_id IS 'Number.';
COMMENT ON COLUMN project_site.project_id IS 'Project.';
COMMENT ON COLUMN project_site.kind IS 'progress 进展, reached 节点达到, defect 问题, fixed 已整改.';
COMMENT ON COLUMN project_site.milestone IS 'Milestone that is reached.';
COMMENT ON COLUMN project_site.defect IS 'Report of the defect that is mended.';
COMMENT ON COLUMN project_site.report IS 'Words.';
COMMENT ON COLUMN project_site.body IS 'Body of whoever reports.';
COMMENT ON COLUMN project_site.reported_by IS 'Who (opaque).';
COMMENT ON COLUMN project_site.reported_at IS 'When.';
COMMENT ON COLUMN project_site.seq IS 'Record.';
CREATE UNIQUE INDEX project_site_fixed_once ON project_site (estate_id, defect) WHERE defect IS NOT NULL;
CREATE UNIQUE INDEX project_site_reached_once ON project_site (estate_id, project_id, milestone) WHERE milestone IS NOT NULL;
CALL guard_append_only('project_site');
CALL wall_estate('project_site');
GRANT INSERT ON project_site TO app;

CREATE TABLE project_photo (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  sha256 text NOT NULL,
  site_id integer,
  PRIMARY KEY (estate_id, project_id, sha256),
  FOREIGN KEY (estate_id, project_id) REFERENCES project,
  FOREIGN KEY (estate_id, site_id) REFERENCES project_site,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher
);
COMMENT ON TABLE project_photo IS 'Pictures and papers of a project, or of a report from its site.';
COMMENT ON COLUMN project_photo.estate_id IS 'Estate.';
COMMENT ON COLUMN project_photo.project_id IS 'Project.';
COMMENT ON COLUMN project_photo.sha256 IS 'File.';
COMMENT ON COLUMN project_photo.site_id IS 'Report from the site; NULL of those the project was entered with.';
CALL guard_append_only('project_photo');
CALL wall_estate('project_photo');
GRANT INSERT ON project_photo TO app;

CREATE TABLE project_outside (
  estate_id integer NOT NULL,
  outside_id integer GENERATED ALWAYS AS IDENTITY,
  project_id integer NOT NULL,
  source text NOT NULL CHECK (source IN ('government', 'organisation', 'households', 'donation')),
  amount numeric(14, 2) NOT NULL CHECK (amount <> 0),
  note text NOT NULL CHECK (char_length(note) BETWEEN 1 AND 120),
  sha256 text,
  noted_on date NOT NULL,
  noted_by uuid NOT NULL REFERENCES person,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, outside_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project,
  FOREIGN KEY (estate_id, sha256) REFERENCES voucher,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_outside IS 'Money that others spend themselves and that never comes into the account (账外备查): memorandum figures, in no entry and no balance.';
COMMENT ON COLUMN project_outside.estate_id IS 'Estate.';
COMMENT ON COLUMN project_outside.outside_id IS 'Number.';
COMMENT ON COLUMN project_outside.project_id IS 'Project.';
COMMENT ON COLUMN project_outside.source IS 'Whose money.';
COMMENT ON COLUMN project_outside.amount IS 'Yuan; below zero where an earlier note is corrected.';
COMMENT ON COLUMN project_outside.note IS 'What for, who paid.';
COMMENT ON COLUMN project_outside.sha256 IS 'Paper, if any.';
COMMENT ON COLUMN project_outside.noted_on IS 'Day.';
COMMENT ON COLUMN project_outside.noted_by IS 'Who noted it (opaque).';
COMMENT ON COLUMN project_outside.seq IS 'Record.';
CALL guard_append_only('project_outside');
CALL wall_estate('project_outside');
GRANT INSERT ON project_outside TO app;

CREATE TABLE project_acceptance (
  estate_id integer NOT NULL,
  contract bigint NOT NULL,
  proposal_id bigint NOT NULL,
  accepted_on date NOT NULL,
  defects integer NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, contract),
  FOREIGN KEY (estate_id, contract) REFERENCES project_contract,
  CONSTRAINT project_acceptance_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_acceptance IS 'Acceptances of contracts (验收). Written by carry_project() only.';
COMMENT ON COLUMN project_acceptance.estate_id IS 'Estate.';
COMMENT ON COLUMN project_acceptance.contract IS 'Contract.';
COMMENT ON COLUMN project_acceptance.proposal_id IS 'Proposal with the signatures.';
COMMENT ON COLUMN project_acceptance.accepted_on IS 'Day on which all had signed.';
COMMENT ON COLUMN project_acceptance.defects IS 'Defects that were open, accepted with a reason.';
COMMENT ON COLUMN project_acceptance.seq IS 'Record.';
CALL guard_append_only('project_acceptance');
CALL wall_estate('project_acceptance');

CREATE TABLE project_report (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  proposal_id bigint NOT NULL,
  finished_on date NOT NULL,
  seq bigint NOT NULL,
  PRIMARY KEY (estate_id, project_id),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_plan,
  CONSTRAINT project_report_has_quorum FOREIGN KEY (estate_id, proposal_id) REFERENCES quorum,
  FOREIGN KEY (estate_id, seq) REFERENCES record
);
COMMENT ON TABLE project_report IS 'Final reports (结项报告): nothing more is paid, the rest goes back. Written by carry_project() only.';
COMMENT ON COLUMN project_report.estate_id IS 'Estate.';
COMMENT ON COLUMN project_report.project_id IS 'Project.';
COMMENT ON COLUMN project_report.proposal_id IS 'Proposal with the signatures.';
COMMENT ON COLUMN project_report.finished_on IS 'Day on which all had signed.';
COMMENT ON COLUMN project_report.seq IS 'Record.';
CALL guard_append_only('project_report');
CALL wall_estate('project_report');

CREATE TABLE project_rest (
  estate_id integer NOT NULL,
  project_id integer NOT NULL,
  source text NOT NULL,
  received numeric(14, 2) NOT NULL,
  spent numeric(14, 2) NOT NULL,
  rest numeric(14, 2) NOT NULL CHECK (rest >= 0 AND rest = received - spent),
  PRIMARY KEY (estate_id, project_id, source),
  FOREIGN KEY (estate_id, project_id) REFERENCES project_report,
  FOREIGN KEY (estate_id, project_id, source) REFERENCES project_source
);
COMMENT ON TABLE project_rest IS 'What was left of each source at the end, which goes back to where it came from. Written by carry_project() only.';
COMMENT ON COLUMN project_rest.estate_id IS 'Estate.';
COMMENT ON COLUMN project_rest.project_id IS 'Project.';
COMMENT ON COLUMN project_rest.source IS 'Source.';
COMMENT ON COLUMN project_rest.received IS 'Received in all, yuan.';
COMMENT ON COLUMN project_rest.spent IS 'Spent in all, yuan.';
COMMENT ON COLUMN project_rest.rest IS 'The rest, yuan.';
CALL guard_append_only('project_rest');
CALL wall_estate('project_rest');

ALTER TABLE payment_order ADD COLUMN milestone integer CHECK (milestone > 0);
COMMENT ON COLUMN payment_order.milestone IS 'Milestone of the project whose fund pays; NULL of all other orders.';
GRANT UPDATE (milestone) ON payment_order TO app;

-- ── Figures ──────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION project_account(p_source text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE p_source WHEN 'government' THEN '310201' WHEN 'organisation' THEN '310202' WHEN 'households' THEN '310203' WHEN 'donation' THEN '310204' END;
COMMENT ON FUNCTION project_account(text) IS 'Account that is credited when money of a source comes.';

-- A reversal counts as the entry it reverses; what closes a year moves costs into 3102xx and is neither money nor a gift.
CREATE FUNCTION project_lines(p_estate integer, p_project integer)
RETURNS TABLE (source text, unit text, seq bigint, origin text, is_money boolean, amount numeric) LANGUAGE sql STABLE AS $$
  SELECT s.source, l.unit, l.seq, CASE WHEN EXISTS (SELECT FROM proposal g WHERE g.estate_id = o.estate_id AND g.proposal_id = o.proposal_id AND g.kind IN ('payment', 'refund'))
    THEN 'payment' ELSE o.kind END, a.is_money, CASE WHEN a.is_money THEN l.debit - l.credit ELSE l.credit - l.debit END
  FROM project_source s
  JOIN posting l ON l.estate_id = s.estate_id AND l.fund = s.fund
  JOIN account a ON a.estate_id = l.estate_id AND a.account = l.account
  JOIN journal_entry e ON e.estate_id = l.estate_id AND e.seq = l.seq
  JOIN journal_entry o ON o.estate_id = e.estate_id AND o.seq = coalesce(e.reverses, e.seq)
  WHERE s.estate_id = p_estate AND s.project_id = p_project AND (a.is_money OR l.account = project_account(s.source))
    AND NOT EXISTS (SELECT FROM proposal f WHERE f.estate_id = o.estate_id AND f.proposal_id = o.proposal_id AND f.kind = 'final_account')
$$;
COMMENT ON FUNCTION project_lines(integer, integer) IS
  'Lines of a project''s funds on money and on its sources'' accounts: money coming in, or given to the source, above zero. origin: kind of the entry, of a reversal that of what it reverses; payment of an order that was signed after the fact.';

CREATE FUNCTION project_money(p_estate integer, p_project integer)
RETURNS TABLE (source text, fund text, target numeric, pledged numeric, received numeric, spent numeric, returned numeric, balance numeric, asked numeric, outside numeric)
LANGUAGE sql STABLE AS $$
  WITH line AS MATERIALIZED (SELECT * FROM project_lines(p_estate, p_project)), figure AS (
    SELECT s.source, s.fund, s.target,
      coalesce((SELECT sum(l.amount) FROM line l WHERE l.source = s.source AND NOT l.is_money AND l.origin <> 'payment'), 0) AS received,
      -coalesce((SELECT sum(l.amount) FROM line l WHERE l.source = s.source AND NOT l.is_money AND l.origin = 'payment'), 0) AS returned,
      coalesce((SELECT sum(l.amount) FROM line l WHERE l.source = s.source AND l.is_money), 0) AS balance
    FROM project_source s WHERE s.estate_id = p_estate AND s.project_id = p_project
  )
  SELECT f.source, f.fund, f.target, CASE f.source WHEN 'households' THEN (SELECT coalesce(sum(n.amount), 0) FROM (
      SELECT DISTINCT ON (p.unit) p.amount FROM project_pledge p WHERE p.estate_id = p_estate AND p.project_id = p_project ORDER BY p.unit, p.pledge_id DESC) AS n)
    END::numeric(16, 2), f.received::numeric(16, 2), (f.received - f.returned - f.balance)::numeric(16, 2), f.returned::numeric(16, 2), f.balance::numeric(16, 2),
    (SELECT coalesce(sum(o.amount), 0) FROM proposal o WHERE o.estate_id = p_estate AND o.fund = f.fund AND o.kind IN ('payment', 'refund')
      AND o.state IN ('submitted', 'held', 'approved'))::numeric(16, 2),
    (SELECT coalesce(sum(x.amount), 0) FROM project_outside x WHERE x.estate_id = p_estate AND x.project_id = p_project AND x.source = f.source)::numeric(16, 2)
  FROM figure f ORDER BY project_account(f.source)
$$;
COMMENT ON FUNCTION project_money(integer, integer) IS
  'A project''s money by source: target, pledged (NULL where nobody pledges), received, spent, returned, balance in the account, asked for by orders under way; outside the books as a memorandum.';

-- As ballot_right() of a vote: a tenant may say what they think, and does not speak for the dwelling in the rate of consent.
CREATE FUNCTION project_speaks(p_estate integer, p_unit text, p_person uuid, p_day date) RETURNS boolean LANGUAGE sql STABLE AS $$
  WITH held AS (SELECT t.kind, p_day BETWEEN t.from_date AND coalesce(t.to_date, 'infinity') AS now, y.person_id FROM tenure t
      JOIN party y ON y.estate_id = t.estate_id AND y.party_id = t.party_id
      WHERE t.estate_id = p_estate AND t.unit = p_unit AND t.to_date IS DISTINCT FROM t.from_date - 1)
  SELECT CASE
    WHEN NOT EXISTS (SELECT FROM held h WHERE h.kind = 'owner' AND h.now) THEN true
    WHEN EXISTS (SELECT FROM held h WHERE h.kind = 'owner' AND h.now AND h.person_id = p_person) THEN true
    WHEN EXISTS (SELECT FROM held h WHERE h.kind = 'tenant' AND (h.now OR h.person_id = p_person)) THEN false
    -- Whoever joined by the dwelling's invitation and is named in no line of the register, where nobody rents.
    ELSE true END
$$;
COMMENT ON FUNCTION project_speaks(integer, text, uuid, date) IS
  'Whether what a resident thought on a day counts for the dwelling: an owner''s does, a tenant''s does not; where the register names no owner, any resident''s.';

CREATE FUNCTION project_units(p_estate integer, p_project integer) RETURNS TABLE (ref text, paid numeric, paid_back numeric) LANGUAGE sql STABLE AS $$
  SELECT coalesce(l.unit, ''), coalesce(sum(l.amount) FILTER (WHERE l.origin <> 'payment'), 0)::numeric(16, 2),
    -coalesce(sum(l.amount) FILTER (WHERE l.origin = 'payment'), 0)::numeric(16, 2)
  FROM project_lines(p_estate, p_project) l WHERE l.source = 'households' AND NOT l.is_money GROUP BY 1
$$;
COMMENT ON FUNCTION project_units(integer, integer) IS 'What each dwelling (unit.ref; empty: none was named) paid in, and what went back to it.';

-- Whole fen, largest remainder first, then the earlier ref: as apportion() does in the program, so that the parts add up to the rest.
CREATE FUNCTION project_back(p_estate integer, p_project integer) RETURNS TABLE (ref text, paid numeric, due numeric, asked numeric)
LANGUAGE sql STABLE AS $$
  WITH paid AS (
    SELECT coalesce(l.unit, '') AS ref, (sum(l.amount) * 100)::bigint::numeric AS fen FROM project_lines(p_estate, p_project) l
    JOIN project_report r ON r.estate_id = p_estate AND r.project_id = p_project
    WHERE l.source = 'households' AND NOT l.is_money AND l.origin <> 'payment' AND l.seq < r.seq GROUP BY 1 HAVING sum(l.amount) > 0
  ), rest AS (
    SELECT (r.rest * 100)::bigint::numeric AS fen, (SELECT sum(p.fen) FROM paid p) AS whole FROM project_rest r
    WHERE r.estate_id = p_estate AND r.project_id = p_project AND r.source = 'households'
  ), part AS (
    SELECT p.ref, p.fen AS paid, div(r.fen * p.fen, r.whole) AS base, mod(r.fen * p.fen, r.whole) AS left_over, r.fen AS rest FROM paid p, rest r
  ), ranked AS (
    SELECT p.*, row_number() OVER (ORDER BY p.left_over DESC, p.ref COLLATE "C") AS place, p.rest - sum(p.base) OVER () AS missing FROM part p
  )
  SELECT k.ref, (k.paid / 100)::numeric(16, 2), ((k.base + CASE WHEN k.place <= k.missing THEN 1 ELSE 0 END) / 100)::numeric(16, 2),
    (SELECT coalesce(sum((v.value ->> 'debit')::numeric), 0) FROM project_source s
      JOIN proposal o ON o.estate_id = s.estate_id AND o.fund = s.fund AND o.kind = 'refund' AND subsidy_step(p_estate, o.proposal_id) <> 'none' AND o.state <> 'draft',
      jsonb_array_elements(o.document::jsonb -> 'postings') AS v(value)
      WHERE s.estate_id = p_estate AND s.project_id = p_project AND s.source = 'households' AND v.value ->> 'account' = '310203'
        AND coalesce(v.value ->> 'unit', '') = k.ref)::numeric(16, 2)
  FROM ranked k ORDER BY k.ref COLLATE "C"
$$;
COMMENT ON FUNCTION project_back(integer, integer) IS
  'What of the households'' rest goes back to each dwelling (unit.ref; empty: none was named), in proportion to what it paid; asked: by refund orders that live.';

CREATE FUNCTION project_milestone_state(p_estate integer, p_project integer, p_milestone integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE
    WHEN m.due_when = 'contract' THEN 'due'
    WHEN m.due_when = 'reached' THEN CASE WHEN EXISTS (SELECT FROM project_site s WHERE s.estate_id = p_estate AND s.project_id = p_project AND s.milestone = p_milestone) THEN 'due' ELSE 'not_due' END
    ELSE CASE WHEN EXISTS (SELECT FROM project_acceptance a WHERE a.estate_id = p_estate AND a.contract = m.contract) THEN 'due' ELSE 'not_due' END END
  FROM project_milestone m WHERE m.estate_id = p_estate AND m.project_id = p_project AND m.milestone = p_milestone
$$;
COMMENT ON FUNCTION project_milestone_state(integer, integer, integer) IS 'due: it may be paid; not_due; NULL where there is none.';

CREATE FUNCTION project_milestone_asked(p_estate integer, p_project integer, p_milestone integer, p_source text, p_except bigint) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(o.amount), 0)::numeric(16, 2) FROM project_source s JOIN proposal o ON o.estate_id = s.estate_id AND o.fund = s.fund AND o.kind IN ('payment', 'refund')
  WHERE s.estate_id = p_estate AND s.project_id = p_project AND s.source = p_source AND o.proposal_id IS DISTINCT FROM p_except AND o.state <> 'draft'
    AND subsidy_step(p_estate, o.proposal_id) <> 'none' AND o.document::jsonb ->> 'milestone' = p_milestone::text
$$;
COMMENT ON FUNCTION project_milestone_asked(integer, integer, integer, text, bigint) IS 'What orders from the fund of a source took or ask for of a milestone; reversed ones count no more.';

-- Whether an order from a project's fund fits. NULL: it does, or the fund is of no project.
CREATE FUNCTION project_order_unfit(p_estate integer, p_proposal bigint, p_fund text, p_account text, p_payee text, p_milestone integer, p_ref text, p_amount numeric)
RETURNS TABLE (code text, most numeric) LANGUAGE plpgsql STABLE AS $$
DECLARE v project_source; v_contract project_contract; v_most numeric; v_finished boolean;
BEGIN
  SELECT * INTO v FROM project_source s WHERE s.estate_id = p_estate AND s.fund = p_fund;
  IF v.project_id IS NULL THEN
    IF p_milestone IS NOT NULL THEN RETURN QUERY SELECT 'project_milestone_unfit', NULL::numeric; END IF;
    RETURN;
  END IF;
  v_finished := EXISTS (SELECT FROM project_report r WHERE r.estate_id = p_estate AND r.project_id = v.project_id);
  IF p_account LIKE '3102%' THEN
    -- Back to where it came from, once the final report is signed.
    IF p_account <> project_account(v.source) THEN RETURN QUERY SELECT 'project_account_unfit', NULL::numeric; RETURN; END IF;
    IF NOT v_finished THEN RETURN QUERY SELECT 'project_not_finished', NULL::numeric; RETURN; END IF;
    SELECT r.rest - (SELECT coalesce(sum(o.amount), 0) FROM proposal o WHERE o.estate_id = p_estate AND o.fund = p_fund AND o.kind IN ('payment', 'refund')
        AND o.document::jsonb ->> 'account' = p_account AND o.proposal_id IS DISTINCT FROM p_proposal AND o.state <> 'draft' AND subsidy_step(p_estate, o.proposal_id) <> 'none')
      INTO v_most FROM project_rest r WHERE r.estate_id = p_estate AND r.project_id = v.project_id AND r.source = v.source;
    IF p_amount > coalesce(v_most, 0) THEN RETURN QUERY SELECT 'project_rest_exceeded', coalesce(v_most, 0); RETURN; END IF;
    IF v.source = 'households' THEN
      SELECT b.due - b.asked INTO v_most FROM project_back(p_estate, v.project_id) b WHERE b.ref = coalesce(p_ref, '');
      -- An order that is submitted already counts itself.
      IF p_amount > coalesce(v_most, 0) AND NOT EXISTS (SELECT FROM proposal o WHERE o.estate_id = p_estate AND o.proposal_id = p_proposal AND o.state IN ('submitted', 'held', 'approved', 'executed')) THEN
        RETURN QUERY SELECT 'project_unit_exceeded', coalesce(v_most, 0);
      END IF;
    END IF;
    RETURN;
  END IF;
  IF p_milestone IS NULL THEN RETURN QUERY SELECT 'project_milestone_missing', NULL::numeric; RETURN; END IF;
  IF v_finished THEN RETURN QUERY SELECT 'project_finished', NULL::numeric; RETURN; END IF;
  SELECT c.* INTO v_contract FROM project_milestone m JOIN project_contract c ON c.estate_id = m.estate_id AND c.proposal_id = m.contract
    WHERE m.estate_id = p_estate AND m.project_id = v.project_id AND m.milestone = p_milestone;
  IF v_contract.proposal_id IS NULL THEN RETURN QUERY SELECT 'project_milestone_unknown', NULL::numeric; RETURN; END IF;
  IF p_payee IS DISTINCT FROM v_contract.payee_id::text THEN RETURN QUERY SELECT 'project_payee_differs', NULL::numeric; RETURN; END IF;
  IF project_milestone_state(p_estate, v.project_id, p_milestone) <> 'due' THEN RETURN QUERY SELECT 'project_milestone_not_due', NULL::numeric; RETURN; END IF;
  SELECT coalesce((SELECT s.amount FROM project_milestone_share s WHERE s.estate_id = p_estate AND s.project_id = v.project_id AND s.milestone = p_milestone AND s.source = v.source), 0)
    - project_milestone_asked(p_estate, v.project_id, p_milestone, v.source, p_proposal) INTO v_most;
  IF p_amount > v_most THEN RETURN QUERY SELECT 'project_milestone_exceeded', v_most; END IF;
END $$;
COMMENT ON FUNCTION project_order_unfit(integer, bigint, text, text, text, integer, text, numeric) IS
  'Why an order may not be paid from a project''s fund, with the most it could be; no row where it fits. The milestone''s share of its own source is the limit; no other source stands in.';
GRANT EXECUTE ON FUNCTION project_account(text), project_lines(integer, integer), project_money(integer, integer), project_units(integer, integer), project_back(integer, integer),
  project_milestone_state(integer, integer, integer), project_milestone_asked(integer, integer, integer, text, bigint),
  project_order_unfit(integer, bigint, text, text, text, integer, text, numeric) TO app, signer, auditor;
GRANT EXECUTE ON FUNCTION project_speaks(integer, text, uuid, date) TO app, auditor;

-- ── Guards ───────────────────────────────────────────────────────────────────────────────────────

-- Whatever is submitted for signing: money of a project's source is asked for only by an order that fits, moved by no transfer away from
-- its source, and never by a standing mandate. Under the lock of the log, so that two orders cannot both take one share.
CREATE FUNCTION guard_project_order() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_code text; v_line jsonb;
BEGIN
  IF NOT (NEW.state = 'submitted' AND OLD.state IN ('draft', 'returned')) THEN RETURN NEW; END IF;
  IF NOT EXISTS (SELECT FROM project_source s WHERE s.estate_id = NEW.estate_id) THEN RETURN NEW; END IF;
  v := NEW.document::jsonb;
  IF NEW.kind IN ('payment', 'refund') THEN
    PERFORM lock_estate(NEW.estate_id);
    SELECT l.value INTO v_line FROM jsonb_array_elements(coalesce(v -> 'postings', '[]')) AS l(value) WHERE l.value ? 'debit' LIMIT 1;
    SELECT u.code INTO v_code FROM project_order_unfit(NEW.estate_id, NEW.proposal_id, NEW.fund, v ->> 'account', v -> 'payee' ->> 'payee_id',
      (v ->> 'milestone')::integer, v_line ->> 'unit', NEW.amount) u;
    IF v_code IS NULL AND EXISTS (SELECT FROM jsonb_array_elements(coalesce(v -> 'postings', '[]')) AS l(value)
        WHERE (l.value ->> 'fund' IS DISTINCT FROM NEW.fund OR l.value ? 'debit' AND l.value ->> 'account' IS DISTINCT FROM v ->> 'account')
          AND EXISTS (SELECT FROM project_source s WHERE s.estate_id = NEW.estate_id AND s.fund IN (l.value ->> 'fund', NEW.fund))
      -- Of several dwellings in one order only the first was looked at.
      UNION ALL SELECT FROM project_source s WHERE s.estate_id = NEW.estate_id AND s.fund = NEW.fund
        AND (SELECT count(*) FROM jsonb_array_elements(coalesce(v -> 'postings', '[]')) AS l(value) WHERE l.value ? 'debit') <> 1) THEN
      v_code := 'project_lines_unfit';
    END IF;
  ELSIF NEW.kind = 'transfer' THEN
    IF EXISTS (SELECT FROM jsonb_array_elements(coalesce(v -> 'postings', '[]')) AS l(value) JOIN project_source s ON s.estate_id = NEW.estate_id AND s.fund = l.value ->> 'fund'
        WHERE l.value ->> 'account' LIKE '3102%')
      -- Nor does another fund fill a source up: what was given alone goes back at the end. From account to account it may be moved.
      OR EXISTS (SELECT FROM jsonb_array_elements(coalesce(v -> 'postings', '[]')) AS l(value) JOIN project_source s ON s.estate_id = NEW.estate_id AND s.fund = l.value ->> 'fund'
        JOIN account a ON a.estate_id = NEW.estate_id AND a.account = l.value ->> 'account' AND a.is_money
        GROUP BY s.fund HAVING sum(coalesce((l.value ->> 'debit')::numeric, 0) - coalesce((l.value ->> 'credit')::numeric, 0)) <> 0) THEN v_code := 'project_source_moved'; END IF;
  ELSIF NEW.kind = 'mandate' AND EXISTS (SELECT FROM project_source s WHERE s.estate_id = NEW.estate_id AND s.fund = v ->> 'fund') THEN
    v_code := 'project_no_mandate';
  END IF;
  IF v_code IS NOT NULL THEN
    RAISE EXCEPTION '%: money of a project is spent for its milestones only', v_code USING ERRCODE = 'restrict_violation', CONSTRAINT = v_code;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_project_order BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION guard_project_order();
ALTER TABLE proposal ENABLE ALWAYS TRIGGER guard_project_order;

-- A gift is told of an entry that brought at least so much from that source, and is told once.
CREATE FUNCTION guard_project_gift() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.amount + (SELECT coalesce(sum(g.amount), 0) FROM project_gift g WHERE g.estate_id = NEW.estate_id AND g.entry = NEW.entry)
      > (SELECT coalesce(sum(l.credit - l.debit), 0) FROM journal_entry e JOIN posting l ON l.estate_id = e.estate_id AND l.seq = e.seq
        JOIN project_source s ON s.estate_id = l.estate_id AND s.fund = l.fund AND s.project_id = NEW.project_id AND s.source = NEW.source
        WHERE e.estate_id = NEW.estate_id AND e.seq = NEW.entry AND e.kind = 'receipt' AND e.reverses IS NULL AND l.account = project_account(s.source)) THEN
    RAISE EXCEPTION 'project_gift_unfit: the entry did not bring so much' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'project_gift_unfit';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guard_project_gift BEFORE INSERT ON project_gift FOR EACH ROW EXECUTE FUNCTION guard_project_gift();
ALTER TABLE project_gift ENABLE ALWAYS TRIGGER guard_project_gift;

-- ── The door ─────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION refuse_project(p_why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'project_not_possible: %', p_why USING ERRCODE = 'restrict_violation', CONSTRAINT = 'project_not_possible';
END $$;

-- Documents, by step:
--   open      {project, title_zh, name_en, purpose, deadline, share_rule, share?, sources: [{source, target}], resolution?}
--   contract  {project, payee: {payee_id, name}, amount, milestones: [{milestone, name, due_when, amount, shares: {source: amount}}], quotes, few_quotes_reason?}
--   accept    {project, contract, defects, defects_reason?}
--   finish    {project, sources: [{source, received, spent, rest}]}
CREATE FUNCTION carry_project(p_estate integer, p_proposal bigint) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE v jsonb; v_why text; v_seq bigint; v_project integer; v_today date; v_plan project_plan; v_count integer; v_s record;
BEGIN
  PERFORM enter_estate(p_estate);
  SELECT why_not, document INTO v_why, v FROM approved_document(p_estate, p_proposal, 'project');
  IF v_why IS NOT NULL THEN RETURN CASE v_why WHEN 'already_done' THEN 'already_carried' ELSE v_why END; END IF;
  v_project := (v ->> 'project')::integer;
  v_today := estate_today(p_estate);
  IF NOT EXISTS (SELECT FROM project p WHERE p.estate_id = p_estate AND p.project_id = v_project) THEN PERFORM refuse_project('there is no such project'); END IF;
  SELECT * INTO v_plan FROM project_plan p WHERE p.estate_id = p_estate AND p.project_id = v_project;
  IF (v ->> 'step' = 'open') <> (v_plan.project_id IS NULL) THEN PERFORM refuse_project('it is opened, or it is not'); END IF;
  IF EXISTS (SELECT FROM project_report r WHERE r.estate_id = p_estate AND r.project_id = v_project) THEN PERFORM refuse_project('it is finished'); END IF;
  CASE v ->> 'step'
  WHEN 'open' THEN
    IF (v ->> 'deadline')::date < v_today THEN PERFORM refuse_project('its deadline is over'); END IF;
    v_seq := write_record(p_estate, 'project_opened', format('{"deadline":%s,"project":%s,"proposal":%s,"total":%s}', to_json(v ->> 'deadline'), v_project, p_proposal, to_json(v ->> 'amount')));
    INSERT INTO project_plan (estate_id, project_id, proposal_id, title_zh, title_en, purpose, deadline, share_rule, share, opened_on, seq)
      VALUES (p_estate, v_project, p_proposal, v ->> 'title_zh', v ->> 'name_en', v ->> 'purpose', (v ->> 'deadline')::date, v ->> 'share_rule', read_amount(v ->> 'share'), v_today, v_seq);
    FOR v_s IN SELECT x.value ->> 'source' AS source, read_amount(x.value ->> 'target') AS target, 'p' || v_project || '_' || (x.value ->> 'source') AS fund
        FROM jsonb_array_elements(v -> 'sources') AS x(value) LOOP
      INSERT INTO fund (estate_id, fund, name_zh, name_en, purpose_zh, purpose_en, is_restricted, place)
        VALUES (p_estate, v_s.fund, (v ->> 'title_zh') || '·' || CASE v_s.source WHEN 'government' THEN '政府补贴' WHEN 'organisation' THEN '单位出资' WHEN 'households' THEN '居民自筹' ELSE '社会捐助' END,
          (v ->> 'name_en') || ': ' || CASE v_s.source WHEN 'donation' THEN 'donations' WHEN 'organisation' THEN 'organisations' ELSE v_s.source END,
          '只用于项目“' || (v ->> 'title_zh') || '”，结余退回来源', 'Only for the project "' || (v ->> 'name_en') || '"; the rest goes back to its source', true,
          (SELECT least(max(f.place) + 1, 32000) FROM fund f WHERE f.estate_id = p_estate));
      -- 3103 is where a year is closed, source by source.
      INSERT INTO fund_account (estate_id, fund, account) SELECT p_estate, v_s.fund, a.account FROM account a
        WHERE a.estate_id = p_estate AND a.account IN (project_account(v_s.source), '5113', '2202', '1123', '3103');
      INSERT INTO project_source (estate_id, project_id, source, fund, target) VALUES (p_estate, v_project, v_s.source, v_s.fund, v_s.target);
    END LOOP;
  WHEN 'contract' THEN
    IF EXISTS (SELECT FROM project_milestone m WHERE m.estate_id = p_estate AND m.project_id = v_project
        AND m.milestone >= (SELECT min((x.value ->> 'milestone')::integer) FROM jsonb_array_elements(v -> 'milestones') AS x(value)))
      -- What was asked for an earlier contract says nothing of this one.
      OR (SELECT count(DISTINCT regexp_replace(k.bidder, '\s', '', 'g')) FROM jsonb_array_elements(v -> 'quotes') AS q(value)
        JOIN project_quote k ON k.estate_id = p_estate AND k.project_id = v_project AND k.quote_id = (q.value ->> 'quote')::integer
        WHERE k.seq > (SELECT coalesce(max(c.seq), 0) FROM project_contract c WHERE c.estate_id = p_estate AND c.project_id = v_project)) < 3 AND coalesce(v ->> 'few_quotes_reason', '') = '' THEN PERFORM refuse_project('another contract came first, or quotes are missing'); END IF;
    v_seq := write_record(p_estate, 'project_contracted', format('{"amount":%s,"contractor":%s,"project":%s,"proposal":%s}', to_json(v ->> 'amount'), to_json(v -> 'payee' ->> 'name'), v_project, p_proposal));
    INSERT INTO project_contract (estate_id, proposal_id, project_id, payee_id, contractor, amount, signed_on, seq)
      VALUES (p_estate, p_proposal, v_project, (v -> 'payee' ->> 'payee_id')::integer, v -> 'payee' ->> 'name', read_amount(v ->> 'amount'), v_today, v_seq);
    INSERT INTO project_milestone (estate_id, project_id, milestone, contract, name, due_when, amount)
      SELECT p_estate, v_project, (x.value ->> 'milestone')::integer, p_proposal, x.value ->> 'name', x.value ->> 'due_when', read_amount(x.value ->> 'amount')
      FROM jsonb_array_elements(v -> 'milestones') AS x(value);
    INSERT INTO project_milestone_share (estate_id, project_id, milestone, source, amount)
      SELECT p_estate, v_project, (x.value ->> 'milestone')::integer, y.key, read_amount(y.value) FROM jsonb_array_elements(v -> 'milestones') AS x(value), jsonb_each_text(x.value -> 'shares') AS y;
    -- Said once more, whoever wrote the document: every milestone is paid whole, and no source beyond its target.
    IF (SELECT sum(m.amount) FROM project_milestone m WHERE m.estate_id = p_estate AND m.contract = p_proposal) IS DISTINCT FROM read_amount(v ->> 'amount')
      OR EXISTS (SELECT FROM project_milestone m WHERE m.estate_id = p_estate AND m.contract = p_proposal AND m.amount IS DISTINCT FROM
        (SELECT sum(s.amount) FROM project_milestone_share s WHERE s.estate_id = p_estate AND s.project_id = v_project AND s.milestone = m.milestone))
      OR EXISTS (SELECT FROM project_source t WHERE t.estate_id = p_estate AND t.project_id = v_project AND t.target <
        (SELECT sum(s.amount) FROM project_milestone_share s WHERE s.estate_id = p_estate AND s.project_id = v_project AND s.source = t.source)) THEN
      PERFORM refuse_project('the sources do not bear the contract');
    END IF;
  WHEN 'accept' THEN
    SELECT count(*) INTO v_count FROM project_site d WHERE d.estate_id = p_estate AND d.project_id = v_project AND d.kind = 'defect'
      AND NOT EXISTS (SELECT FROM project_site f WHERE f.estate_id = p_estate AND f.defect = d.site_id);
    IF NOT EXISTS (SELECT FROM project_contract c WHERE c.estate_id = p_estate AND c.project_id = v_project AND c.proposal_id = (v ->> 'contract')::bigint)
      OR EXISTS (SELECT FROM project_acceptance a WHERE a.estate_id = p_estate AND a.contract = (v ->> 'contract')::bigint)
      -- A defect that was found while it was signed is not accepted unseen.
      OR v_count > coalesce((v ->> 'defects')::integer, 0) OR v_count > 0 AND coalesce(v ->> 'defects_reason', '') = '' THEN
      PERFORM refuse_project('it is accepted already, or defects are open');
    END IF;
    v_seq := write_record(p_estate, 'project_accepted', format('{"contract":%s,"defects":%s,"project":%s,"proposal":%s}', v ->> 'contract', v_count, v_project, p_proposal));
    INSERT INTO project_acceptance (estate_id, contract, proposal_id, accepted_on, defects, seq) VALUES (p_estate, (v ->> 'contract')::bigint, p_proposal, v_today, v_count, v_seq);
  WHEN 'finish' THEN
    IF EXISTS (SELECT FROM project_money(p_estate, v_project) m WHERE m.asked > 0 OR m.balance < 0)
      OR EXISTS (SELECT FROM project_money(p_estate, v_project) m LEFT JOIN LATERAL (SELECT x.value FROM jsonb_array_elements(v -> 'sources') AS x(value)
        WHERE x.value ->> 'source' = m.source) AS t ON true WHERE (m.received, m.spent, m.balance) IS DISTINCT FROM
          ((t.value ->> 'received')::numeric, (t.value ->> 'spent')::numeric, (t.value ->> 'rest')::numeric)) THEN
      PERFORM refuse_project('its figures changed while it was signed, or orders are under way');
    END IF;
    v_seq := write_record(p_estate, 'project_finished', format('{"project":%s,"proposal":%s,"rest":"%s"}', v_project, p_proposal,
      (SELECT coalesce(sum(m.balance), 0)::numeric(16, 2) FROM project_money(p_estate, v_project) m)));
    INSERT INTO project_report (estate_id, project_id, proposal_id, finished_on, seq) VALUES (p_estate, v_project, p_proposal, v_today, v_seq);
    INSERT INTO project_rest (estate_id, project_id, source, received, spent, rest)
      SELECT p_estate, v_project, m.source, m.received, m.spent, m.balance FROM project_money(p_estate, v_project) m;
  ELSE PERFORM refuse_project('unknown step');
  END CASE;
  UPDATE proposal SET state = 'executed', executed_at = estate_clock(p_estate) WHERE estate_id = p_estate AND proposal_id = p_proposal;
  RETURN 'carried';
END $$;
COMMENT ON FUNCTION carry_project(integer, bigint) IS
  'Carries out an approved step of a project: open, contract, accept, finish. Statuses: carried, already_carried, order_not_approved, order_in_notice, order_objected; refuses by project_not_possible.';
GRANT EXECUTE ON FUNCTION carry_project(integer, bigint) TO app;

CALL amend_function('append_record(integer, text, text)', 'IF p_kind IN (',
  'IF p_kind IN (''project_opened'', ''project_contracted'', ''project_accepted'', ''project_finished'', ');

-- Figures of all projects on a day, for those who print them.
CREATE FUNCTION project_standing(p_estate integer)
RETURNS TABLE (project_id integer, kind text, title_zh text, title_en text, stage text, source text, target numeric, pledged numeric, received numeric, spent numeric, returned numeric, balance numeric, outside numeric)
LANGUAGE sql STABLE AS $$
  SELECT p.project_id, j.kind, p.title_zh, p.title_en,
    CASE WHEN EXISTS (SELECT FROM project_report r WHERE r.estate_id = p_estate AND r.project_id = p.project_id) THEN 'finished'
      WHEN EXISTS (SELECT FROM project_acceptance a JOIN project_contract c ON c.estate_id = a.estate_id AND c.proposal_id = a.contract WHERE c.estate_id = p_estate AND c.project_id = p.project_id) THEN 'accepted'
      WHEN EXISTS (SELECT FROM project_contract c WHERE c.estate_id = p_estate AND c.project_id = p.project_id) THEN 'building' ELSE 'fundraising' END,
    m.source, m.target, m.pledged, m.received, m.spent, m.returned, m.balance, m.outside
  FROM project_plan p JOIN project j ON j.estate_id = p.estate_id AND j.project_id = p.project_id, LATERAL project_money(p_estate, p.project_id) m
  WHERE p.estate_id = p_estate ORDER BY p.project_id, project_account(m.source)
$$;
COMMENT ON FUNCTION project_standing(integer) IS 'Money of every opened project by source, for disclosures and boards.';
GRANT EXECUTE ON FUNCTION project_standing(integer) TO app, signer, auditor;

-- ── Persons ──────────────────────────────────────────────────────────────────────────────────────

CALL amend_function('knows_person(integer, uuid)', 'OR EXISTS (SELECT FROM objection WHERE estate_id = p_estate AND objected_by = p_person)',
  'OR EXISTS (SELECT FROM objection WHERE estate_id = p_estate AND objected_by = p_person)
    OR EXISTS (SELECT FROM project_opinion WHERE estate_id = p_estate AND person_id = p_person)
    OR EXISTS (SELECT FROM project WHERE estate_id = p_estate AND entered_by = p_person)');
CALL amend_function('erase_here(integer, uuid, uuid, text, boolean, date, text)', 'PERFORM retire_witness(p_estate, w.witness_id) FROM witness w',
  'PERFORM take_value(p_estate, v.seq, v.field, NULL, NULL, p_ground) FROM personal_value v WHERE v.estate_id = p_estate AND v.field = ''comment'' AND p_texts
      AND (EXISTS (SELECT FROM project_opinion z WHERE z.estate_id = p_estate AND z.seq = v.seq AND z.person_id = p_person)
        OR EXISTS (SELECT FROM project z WHERE z.estate_id = p_estate AND z.seq = v.seq AND z.entered_by = p_person AND z.from_owner)) ORDER BY v.seq;
  PERFORM retire_witness(p_estate, w.witness_id) FROM witness w');
