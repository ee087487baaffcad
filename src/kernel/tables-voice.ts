// Row types of questions, lists, votes, surveys and of what is sent to people: see tables.ts, which takes them in.
import type { ColumnType } from 'kysely';
import type { AssemblyTables } from './tables-assembly.ts';
import type { InquiryTables } from './tables-inquiry.ts';

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
  zh: Read<string>;
  en: Read<string>;
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

/** What happened and may be told to every owner (通报), for robots, webhooks and the feed; append-only. */
export interface BulletinTable {
  estate_id: Fixed<number>;
  bulletin_id: Read<number>;
  key: Fixed<string>;
  kind: Fixed<string>;
  facts: ColumnType<Record<string, string | number | null>, string, never>;
  text_zh: Fixed<string>;
  text_en: Fixed<string>;
  href: Fixed<string>;
  happened_at: Fixed<Date>;
}

/** How far log and calendar were looked through for bulletins. */
export interface BulletinHeadTable {
  estate_id: Fixed<number>;
  seq: number;
  at: Date;
}

/** Where bulletins are sent (推送): robots of groups and signed webhooks. */
export interface RelayTable {
  estate_id: Fixed<number>;
  relay_id: Read<number>;
  kind: Fixed<string>;
  label: string;
  host: Fixed<string>;
  events: string[];
  locale: string;
  sealed_address: Fixed<Buffer>;
  sealed_secret: Open<Buffer | null>;
  sealed_before: Open<Buffer | null, Buffer | null | undefined>;
  before_until: Open<Date | null, Date | null | undefined>;
  opened_by: Fixed<string>;
  opened_at: Fixed<Date>;
  seq: Fixed<number>;
  ended_at: ColumnType<Date | null, never, Date>;
  ended_by: ColumnType<string | null, never, string | null>;
  ended_why: ColumnType<string | null, never, string>;
}

/** What is to be sent, and what became of it. */
export interface OutboxTable {
  estate_id: Fixed<number>;
  outbox_id: Read<number>;
  delivery_id: Read<string>;
  channel: Fixed<string>;
  key: Fixed<string>;
  person_id: Fixed<string | null, string | null | undefined>;
  relay_id: Fixed<number | null, number | null | undefined>;
  bulletin_id: Fixed<number | null, number | null | undefined>;
  made_at: Fixed<Date>;
  next_at: Date;
  attempts: Open<number, never>;
  state: Open<string, never>;
  problem: Open<string | null, never>;
  ended_at: Open<Date | null, never>;
}

/** Keys of feeds; only their hashes. */
export interface FeedKeyTable {
  estate_id: Fixed<number>;
  person_id: Fixed<string>;
  key_hash: Buffer;
  made_at: Date;
}

export interface VoiceTables extends InquiryTables, AssemblyTables {
  bulletin: BulletinTable;
  bulletin_head: BulletinHeadTable;
  relay: RelayTable;
  outbox: OutboxTable;
  feed_key: FeedKeyTable;
  inspection: InspectionTable;
  inspection_finding: InspectionFindingTable;
  board_figure: BoardFigureTable;
  audit_scope: AuditScopeTable;
  audit_read: AuditReadTable;
}
