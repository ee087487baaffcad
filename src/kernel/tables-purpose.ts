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

export interface PurposeTables {
  body_form: BodyFormTable;
  opening_draft: OpeningDraftTable;
  founding: FoundingTable;
}
