// Row types of questions, lists, votes, surveys and of what is sent to people: see tables.ts, which takes them in.
import type { ColumnType } from 'kysely';

export type Read<S> = ColumnType<S, never, never>;
export type Fixed<S, I = S> = ColumnType<S, I, never>;
export type Open<S, I = S, U = S> = ColumnType<S, I, U>;

/** Nightly inspections of the books; written by record_inspection() only. */
export interface InspectionTable {
  estate_id: Read<number>;
  inspection_id: Read<number>;
  inspected_at: Read<Date>;
  day: Read<string>;
  size: Read<number>;
  invariants: Read<number>;
  failing: Read<number>;
}
/** Invariants that did not hold at an inspection. */
export interface InspectionFindingTable {
  estate_id: Read<number>;
  inspection_id: Read<number>;
  invariant: Read<string>;
  found: Read<number>;
  sample: Read<string>;
}
/** Figures of an estate for the board; written by refresh_board() only. */
export interface BoardFigureTable {
  estate_id: Read<number>;
  day: Read<string>;
  size: Read<number>;
  counted_at: Read<Date>;
  late_disclosures: Read<number>;
  late_answers: Read<number>;
  unreconciled_days: Read<number>;
  exceptions: Read<number>;
  exceptions_amount: Read<string>;
  emergencies: Read<number>;
  emergencies_amount: Read<string>;
  unratified: Read<number>;
  signatures: Read<number>;
  weak_signatures: Read<number>;
  expiring_terms: Read<number>;
  billed: Read<string>;
  collected: Read<string>;
  failing: Read<number | null>;
}
/** What an auditor may read, out of the signed appointment. */
export interface AuditScopeTable {
  estate_id: Read<number>;
  term_id: Read<number>;
  office: Read<string>;
  proposal_id: Read<number>;
  from_day: Read<string | null>;
  to_day: Read<string | null>;
  kinds: Read<string[]>;
}
/** Who looked at what: auditor, day and kind of pages once; written by note_audit_read() only. */
export interface AuditReadTable {
  estate_id: Read<number>;
  term_id: Read<number>;
  day: Read<string>;
  kind: Read<string>;
  read_at: Read<Date>;
  seq: Read<number>;
}

export interface VoiceTables {
  inspection: InspectionTable;
  inspection_finding: InspectionFindingTable;
  board_figure: BoardFigureTable;
  audit_scope: AuditScopeTable;
  audit_read: AuditReadTable;
}
