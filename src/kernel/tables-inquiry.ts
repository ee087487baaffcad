// Row types of questions and of the three lists: see tables-voice.ts, which takes them in.
import type { Fixed, Read } from './tables-voice.ts';

/** How the days of answers are counted; written by set_answer_clock() only. */
export interface AnswerClockTable {
  estate_id: Read<number>;
  due_on_workday: Read<boolean>;
  escalate_days: Read<number>;
  changed_seq: Read<number>;
}
/** Public holidays, and weekends that are worked; written by set_answer_clock() only. */
export interface HolidayTable {
  estate_id: Read<number>;
  day: Read<string>;
  works: Read<boolean>;
}
/** Whether askers agreed to be named. */
export interface InquiryNameTable {
  estate_id: Fixed<number>;
  choice_id: Fixed<number, never>;
  inquiry_id: Fixed<number>;
  shown: Fixed<boolean>;
  chosen_at: Fixed<Date>;
}
/** Vouchers of answers. */
export interface AnswerVoucherTable {
  estate_id: Fixed<number>;
  answer_id: Fixed<number>;
  sha256: Fixed<string>;
}
/** What asker, committee and supervisors think of an answer. */
export interface InquiryRatingTable {
  estate_id: Fixed<number>;
  rating_id: Fixed<number, never>;
  inquiry_id: Fixed<number>;
  answer_id: Fixed<number>;
  side: Fixed<string>;
  rating: Fixed<string>;
  rated_by: Fixed<string>;
  rated_at: Fixed<Date>;
  seq: Fixed<number>;
}
/** Questions that were reopened, once. */
export interface InquiryReopeningTable {
  estate_id: Fixed<number>;
  inquiry_id: Fixed<number>;
  rating_id: Fixed<number>;
  due_on: Fixed<string>;
  reopened_at: Fixed<Date>;
  seq: Fixed<number>;
}
/** More time for an answer, once. */
export interface InquiryExtensionTable {
  estate_id: Fixed<number>;
  inquiry_id: Fixed<number>;
  round: Fixed<number>;
  due_before: Fixed<string>;
  due_on: Fixed<string>;
  reason: Fixed<string>;
  body: Fixed<string>;
  extended_by: Fixed<string>;
  extended_at: Fixed<Date>;
  seq: Fixed<number>;
}
/** Very late answers that were brought before others; written by escalate_inquiries() only. */
export interface InquiryEscalationTable {
  estate_id: Read<number>;
  inquiry_id: Read<number>;
  round: Read<number>;
  step: Read<number>;
  bodies: Read<string[]>;
  due_on: Read<string>;
  days_late: Read<number>;
  escalated_at: Read<Date>;
  seq: Read<number>;
}
/** Texts that were hidden, and what became of it. */
export interface TextModerationTable {
  estate_id: Fixed<number>;
  moderation_id: Fixed<number, never>;
  of_seq: Fixed<number>;
  field: Fixed<string>;
  step: Fixed<string>;
  body: Fixed<string | null>;
  moderated_by: Fixed<string | null>;
  reason: Fixed<string | null>;
  moderated_at: Fixed<Date>;
  seq: Fixed<number>;
}
/** Items of the three lists. */
export interface ListItemTable {
  estate_id: Fixed<number>;
  item_id: Fixed<number, never>;
  inquiry_id: Fixed<number | null, number | null | undefined>;
  opened_at: Fixed<Date>;
  seq: Fixed<number>;
}
/** How an item stood from then on. */
export interface ListChangeTable {
  estate_id: Fixed<number>;
  item_id: Fixed<number>;
  step: Fixed<number>;
  list: Fixed<string>;
  title: Fixed<string | null>;
  detail: Fixed<string | null>;
  owner_body: Fixed<string>;
  owner_term: Fixed<number | null>;
  due_on: Fixed<string>;
  state: Fixed<string>;
  note: Fixed<string | null>;
  merged_into: Fixed<number | null>;
  proposal_id: Fixed<number | null>;
  project_id: Fixed<number | null>;
  budget_line: Fixed<string | null>;
  body: Fixed<string | null>;
  changed_by: Fixed<string | null>;
  changed_at: Fixed<Date>;
  seq: Fixed<number>;
}

export interface InquiryTables {
  answer_clock: AnswerClockTable;
  holiday: HolidayTable;
  inquiry_name: InquiryNameTable;
  answer_voucher: AnswerVoucherTable;
  inquiry_rating: InquiryRatingTable;
  inquiry_reopening: InquiryReopeningTable;
  inquiry_extension: InquiryExtensionTable;
  inquiry_escalation: InquiryEscalationTable;
  text_moderation: TextModerationTable;
  list_item: ListItemTable;
  list_change: ListChangeTable;
}
