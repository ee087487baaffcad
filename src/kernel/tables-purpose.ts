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

export interface PurposeTables {
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
