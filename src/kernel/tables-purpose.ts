// Row types of budgets, projects, forms of bodies and opening balances: see tables.ts, which takes them in.
import type { ColumnType } from 'kysely';

export type Read<S> = ColumnType<S, never, never>;
export type Fixed<S, I = S> = ColumnType<S, I, never>;
export type Open<S, I = S, U = S> = ColumnType<S, I, U>;

/** Forms of bodies (组织形式), each from a day on: written by doors. */
export interface BodyFormTable {
  estate_id: Read<number>;
  seq: Read<number>;
  body: Read<string>;
  form: Read<string>;
  name_zh: Read<string>;
  name_en: Read<string>;
  mode: Read<string | null>;
  from_day: Read<string>;
  until_day: Read<string | null>;
  proposal_id: Read<number | null>;
}

/** Opening balances as typed, before they are proposed. */
export interface OpeningDraftTable {
  estate_id: Fixed<number>;
  content: string;
  saved_by: string;
  saved_at: Date;
}

/** Start keys of the guided page that founds an estate. */
export interface FoundingTable {
  founding_id: Read<number>;
  token_hash: Fixed<Buffer>;
  created_at: Fixed<Date>;
  expires_at: Fixed<Date>;
  content: Open<string, string | undefined>;
  opened_estate: Open<number | null, number | null | undefined>;
  opened_at: Open<Date | null, Date | null | undefined>;
  sheets: Open<Buffer | null, Buffer | null | undefined>;
}

/** Budgets that were signed and published: written by a door. */
export interface BudgetTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  year: Read<number>;
  version: Read<number>;
  adjusts: Read<number | null>;
  reason: Read<string | null>;
  rate: Read<string | null>;
  published_on: Read<string>;
  seq: Read<number>;
}

/** Lines of a published budget. */
export interface BudgetLineTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  fund: Read<string>;
  account: Read<string>;
  amount: Read<string>;
  note: Read<string>;
}

/** Budgets in the making. */
export interface BudgetDraftTable {
  estate_id: Fixed<number>;
  draft_id: Fixed<number, never>;
  year: Fixed<number>;
  adjusts: Fixed<number | null>;
  reason: Open<string | null>;
  rate: Fixed<string | null>;
  basis: Fixed<string>;
  made_by: Fixed<string>;
  made_at: Fixed<Date>;
  comment_from: Open<string | null, never, string>;
  comment_until: Open<string | null, never, string>;
  opened_seq: Open<number | null, never, number>;
  opened_lines: Open<string | null, never, string>;
  proposal_id: Open<number | null, never, number>;
  dropped_at: Open<Date | null, never, Date>;
}

/** Lines of a draft; written anew as a whole. */
export interface BudgetDraftLineTable {
  estate_id: Fixed<number>;
  draft_id: Fixed<number>;
  fund: Fixed<string>;
  account: Fixed<string>;
  amount: Fixed<string>;
  note: Fixed<string>;
}

/** Comments of owners on a draft; the text lies in personal_value. */
export interface BudgetCommentTable {
  estate_id: Fixed<number>;
  comment_id: Fixed<number, never>;
  draft_id: Fixed<number>;
  fund: Fixed<string | null>;
  account: Fixed<string | null>;
  commented_by: Fixed<string>;
  commented_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Answers to comments. */
export interface BudgetAnswerTable {
  estate_id: Fixed<number>;
  answer_id: Fixed<number, never>;
  comment_id: Fixed<number>;
  answer: Fixed<string>;
  body: Fixed<string>;
  answered_by: Fixed<string>;
  answered_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Projects (项目) as somebody entered them; title and text stand in personal_value. */
export interface ProjectTable {
  estate_id: Fixed<number>;
  project_id: Fixed<number, number | undefined>;
  kind: Fixed<'renovation' | 'micro_grant' | 'community_security' | 'charity'>;
  from_owner: Fixed<boolean>;
  entered_by: Fixed<string>;
  entered_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Opinions of owners on projects: of a dwelling the latest stance counts. */
export interface ProjectOpinionTable {
  estate_id: Fixed<number>;
  opinion_id: Fixed<number, number | undefined>;
  project_id: Fixed<number>;
  unit: Fixed<string>;
  person_id: Fixed<string>;
  stance: Fixed<'for' | 'against' | 'words'>;
  given_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Words of opinions hidden or shown again; the latest row counts. */
export interface ProjectModerationTable {
  estate_id: Fixed<number>;
  opinion_id: Fixed<number>;
  seq: Fixed<number>;
  hidden: Fixed<boolean>;
  body: Fixed<string>;
  person_id: Fixed<string>;
  reason: Fixed<string>;
}

/** What was signed when a project opened; written by carry_project() only. */
export interface ProjectPlanTable {
  estate_id: Read<number>;
  project_id: Read<number>;
  proposal_id: Read<number>;
  title_zh: Read<string>;
  title_en: Read<string>;
  purpose: Read<string>;
  deadline: Read<string>;
  share_rule: Read<'none' | 'per_m2' | 'fixed'>;
  share: Read<string | null>;
  opened_on: Read<string>;
  seq: Read<number>;
}

/** Sources of a project's money, each with its fund and target. */
export interface ProjectSourceTable {
  estate_id: Read<number>;
  project_id: Read<number>;
  source: Read<'government' | 'organisation' | 'households' | 'donation'>;
  fund: Read<string>;
  target: Read<string>;
}

/** Pledges of dwellings; the latest counts. */
export interface ProjectPledgeTable {
  estate_id: Fixed<number>;
  pledge_id: Fixed<number, number | undefined>;
  project_id: Fixed<number>;
  unit: Fixed<string>;
  person_id: Fixed<string>;
  amount: Fixed<string>;
  pledged_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Who gave, for entries of a project; the name stands in personal_value. */
export interface ProjectGiftTable {
  estate_id: Fixed<number>;
  gift_id: Fixed<number, number | undefined>;
  project_id: Fixed<number>;
  source: Fixed<string>;
  entry: Fixed<number>;
  amount: Fixed<string>;
  shown: Fixed<'named' | 'masked' | 'anonymous'>;
  is_company: Fixed<boolean>;
  seq: Fixed<number>;
}

/** Later choices of givers how they are shown. */
export interface ProjectGiftNamingTable {
  estate_id: Fixed<number>;
  gift_id: Fixed<number>;
  seq: Fixed<number>;
  shown: Fixed<'named' | 'masked' | 'anonymous'>;
}

/** Quotes of contractors. */
export interface ProjectQuoteTable {
  estate_id: Fixed<number>;
  quote_id: Fixed<number, number | undefined>;
  project_id: Fixed<number>;
  bidder: Fixed<string>;
  amount: Fixed<string>;
  sha256: Fixed<string>;
  entered_on: Fixed<string>;
  entered_by: Fixed<string>;
  seq: Fixed<number>;
}

/** Contracts, milestones and what each source pays of them; written by carry_project() only. */
export interface ProjectContractTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  project_id: Read<number>;
  payee_id: Read<number>;
  contractor: Read<string>;
  amount: Read<string>;
  signed_on: Read<string>;
  seq: Read<number>;
}
export interface ProjectMilestoneTable {
  estate_id: Read<number>;
  project_id: Read<number>;
  milestone: Read<number>;
  contract: Read<number>;
  name: Read<string>;
  due_when: Read<'contract' | 'reached' | 'accepted'>;
  amount: Read<string>;
}
export interface ProjectMilestoneShareTable {
  estate_id: Read<number>;
  project_id: Read<number>;
  milestone: Read<number>;
  source: Read<string>;
  amount: Read<string>;
}

/** Reports from the site. */
export interface ProjectSiteTable {
  estate_id: Fixed<number>;
  site_id: Fixed<number, number | undefined>;
  project_id: Fixed<number>;
  kind: Fixed<'progress' | 'reached' | 'defect' | 'fixed'>;
  milestone: Fixed<number | null, number | null | undefined>;
  defect: Fixed<number | null, number | null | undefined>;
  report: Fixed<string>;
  body: Fixed<string>;
  reported_by: Fixed<string>;
  reported_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Pictures and papers of a project, or of a report from its site. */
export interface ProjectPhotoTable {
  estate_id: Fixed<number>;
  project_id: Fixed<number>;
  sha256: Fixed<string>;
  site_id: Fixed<number | null, number | null | undefined>;
}

/** Money that never comes into the account: memorandum figures. */
export interface ProjectOutsideTable {
  estate_id: Fixed<number>;
  outside_id: Fixed<number, number | undefined>;
  project_id: Fixed<number>;
  source: Fixed<string>;
  amount: Fixed<string>;
  note: Fixed<string>;
  sha256: Fixed<string | null, string | null | undefined>;
  noted_on: Fixed<string>;
  noted_by: Fixed<string>;
  seq: Fixed<number>;
}

/** Acceptances and final reports; written by carry_project() only. */
export interface ProjectAcceptanceTable {
  estate_id: Read<number>;
  contract: Read<number>;
  proposal_id: Read<number>;
  accepted_on: Read<string>;
  defects: Read<number>;
  seq: Read<number>;
}
export interface ProjectReportTable {
  estate_id: Read<number>;
  project_id: Read<number>;
  proposal_id: Read<number>;
  finished_on: Read<string>;
  seq: Read<number>;
}
export interface ProjectRestTable {
  estate_id: Read<number>;
  project_id: Read<number>;
  source: Read<string>;
  received: Read<string>;
  spent: Read<string>;
  rest: Read<string>;
}

export interface PurposeTables {
  project: ProjectTable;
  project_opinion: ProjectOpinionTable;
  project_moderation: ProjectModerationTable;
  project_plan: ProjectPlanTable;
  project_source: ProjectSourceTable;
  project_pledge: ProjectPledgeTable;
  project_gift: ProjectGiftTable;
  project_gift_naming: ProjectGiftNamingTable;
  project_quote: ProjectQuoteTable;
  project_contract: ProjectContractTable;
  project_milestone: ProjectMilestoneTable;
  project_milestone_share: ProjectMilestoneShareTable;
  project_site: ProjectSiteTable;
  project_photo: ProjectPhotoTable;
  project_outside: ProjectOutsideTable;
  project_acceptance: ProjectAcceptanceTable;
  project_report: ProjectReportTable;
  project_rest: ProjectRestTable;
  budget: BudgetTable;
  budget_line: BudgetLineTable;
  budget_draft: BudgetDraftTable;
  budget_draft_line: BudgetDraftLineTable;
  budget_comment: BudgetCommentTable;
  budget_answer: BudgetAnswerTable;
  body_form: BodyFormTable;
  opening_draft: OpeningDraftTable;
  founding: FoundingTable;
}
