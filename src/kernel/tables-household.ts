// Row types of the estate register and of what dwellings owe and pay: see tables.ts, which takes them in.
import type { ColumnType } from 'kysely';

type Read<S> = ColumnType<S, never, never>;
type Fixed<S, I = S> = ColumnType<S, I, never>;
type Open<S, I = S, U = S> = ColumnType<S, I, U>;

/** Area, kind and occupancy of dwellings, each from a day on. */
export interface UnitFactTable {
  estate_id: Fixed<number>;
  fact_id: Fixed<number | null, never>;
  unit: Fixed<string>;
  from_date: Fixed<string>;
  area_m2: Fixed<string>;
  kind: Fixed<string>;
  occupancy: Fixed<string>;
  seq: Fixed<number | null, number | null | undefined>;
  import_id: Fixed<number | null, number | null | undefined>;
  ended_seq: Open<number | null, number | null | undefined, number | null>;
}

/** Which dwellings a record register_changed was about; for officers. */
export interface RegisterChangeTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  unit: Fixed<string>;
}

/** Owners and tenants (业主、租户) by an opaque id. */
export interface PartyTable {
  estate_id: Fixed<number>;
  party_id: Fixed<string, string | undefined>;
  kind: Fixed<string, string | undefined>;
  person_id: Open<string | null, string | null | undefined, string | null>;
  entered_at: Fixed<Date>;
  import_id: Fixed<number | null, number | null | undefined>;
  erased_at: Open<Date | null, Date | null | undefined, Date | null>;
}

/** Who owners and tenants are (personal data). */
export interface PartyIdentityTable {
  estate_id: Fixed<number>;
  party_id: Fixed<string>;
  name: string;
  phone: Open<string, string | undefined, string>;
  note: Open<string, string | undefined, string>;
}

/** Who owned or rented which dwelling from when to when (产权、租赁), and whether they are the ones who pay. Owners before a handover keep theirs, ended. */
export interface TenureTable {
  estate_id: Fixed<number>;
  tenure_id: Fixed<number | null, never>;
  unit: Fixed<string>;
  party_id: Fixed<string>;
  kind: Fixed<string>;
  share: Fixed<string, string | undefined>;
  pays: Open<boolean, boolean | undefined, boolean>;
  from_date: Fixed<string>;
  to_date: Open<string | null, string | null | undefined, string | null>;
  seq: Fixed<number>;
  import_id: Fixed<number | null, number | null | undefined>;
  ended_seq: Open<number | null, number | null | undefined, number | null>;
}

/** Parking spaces (车位). */
export interface ParkingSpaceTable {
  estate_id: Fixed<number>;
  space: Fixed<string>;
  kind: Open<string, string | undefined, string>;
  area_m2: Open<string | null, string | null | undefined, string | null>;
  ended_on: Open<string | null, string | null | undefined, string | null>;
  import_id: Fixed<number | null, number | null | undefined>;
}

/** Which dwelling uses which parking space, from when to when. */
export interface SpaceHoldingTable {
  estate_id: Fixed<number>;
  holding_id: Fixed<number | null, never>;
  space: Fixed<string>;
  unit: Fixed<string>;
  from_date: Fixed<string>;
  to_date: Open<string | null, string | null | undefined, string | null>;
  seq: Fixed<number>;
  import_id: Fixed<number | null, number | null | undefined>;
  ended_seq: Open<number | null, number | null | undefined, number | null>;
}

/** Meters (水表、电表…) of dwellings, and of common parts where they name no dwelling. */
export interface MeterTable {
  estate_id: Fixed<number>;
  meter: Fixed<string>;
  kind: Fixed<string>;
  unit: Fixed<string | null, string | null | undefined>;
  multiplier: Fixed<string, string | undefined>;
  digits: Fixed<number, number | undefined>;
  ended_on: Open<string | null, string | null | undefined, string | null>;
  import_id: Fixed<number | null, number | null | undefined>;
}

/** Readings of meters. A wrong one is ended and entered anew. */
export interface MeterReadingTable {
  estate_id: Fixed<number>;
  reading_id: Fixed<number | null, never>;
  meter: Fixed<string>;
  read_on: Fixed<string>;
  value: Fixed<string>;
  way: Fixed<string, string | undefined>;
  entered_by: Fixed<string>;
  seq: Fixed<number>;
  import_id: Fixed<number | null, number | null | undefined>;
  ended_seq: Open<number | null, number | null | undefined, number | null>;
}

/** Fee rules (收费项目), written by open_fee_rule() only. */
export interface FeeRuleTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  item: Read<string>;
  name_zh: Read<string>;
  name_en: Read<string>;
  basis: Read<string>;
  rate: Read<string | null>;
  meter_kind: Read<string | null>;
  apportion_by: Read<string | null>;
  cost_account: Read<string | null>;
  applies_to: Read<string>;
  account: Read<string>;
  fund: Read<string>;
  due_day: Read<number>;
  due_months: Read<number>;
  late_rate: Read<string | null>;
  late_grace_days: Read<number>;
  late_cap_percent: Read<string | null>;
  starts_on: Read<string>;
  ends_on: Read<string | null>;
  opened_seq: Read<number>;
  ended_seq: Read<number | null>;
}

/** What was taken off bills (减免、核销、更正), each under a proposal; a bill is never changed and never deleted. */
export interface BillReductionTable {
  estate_id: Read<number>;
  reduction_id: Read<number | null>;
  bill_id: Read<number>;
  amount: Read<string>;
  why: Read<string>;
  proposal_id: Read<number | null>;
  seq: Read<number>;
}

/** Receipts (收据), numbered without gaps by estate; written with their entry, by the door alone. */
export interface ReceiptTable {
  estate_id: Read<number>;
  number: Read<number>;
  seq: Read<number>;
  unit_ref: Read<string>;
  amount: Read<string>;
}

/** Who paid and how (personal data). */
export interface ReceiptNoteTable {
  estate_id: Fixed<number>;
  number: Fixed<number>;
  payer: Open<string, string | undefined, string>;
  method: Fixed<string>;
  party_id: Open<string | null, string | null | undefined, string | null>;
}

/** What was paid in advance for one item only, as the payer chose. What is not here is for whatever is billed. The sums are those of 2203, unit_held(). */
export interface PrepaymentTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  unit: Fixed<string>;
  item: Fixed<string>;
  from_period: Fixed<string, string | undefined>;
  amount: Fixed<string>;
}

/** What residents ask to have put right about their own dwelling (更正申请): personal, erased with the person. */
export interface CorrectionRequestTable {
  estate_id: Fixed<number>;
  request_id: Fixed<number, never>;
  unit: Fixed<string>;
  person_id: Fixed<string>;
  about: Fixed<string>;
  request: Fixed<string>;
  asked_at: Fixed<Date>;
  due_on: Fixed<string>;
  outcome: Open<string | null, never, string>;
  answer: Open<string | null, never, string>;
  answered_by: Open<string | null, never, string>;
  answered_at: Open<Date | null, never, Date>;
}

/** What a person wants to be told; who is not here is told everything. */
export interface NoticeChoiceTable {
  estate_id: Fixed<number>;
  person_id: Fixed<string>;
  bills: boolean;
  mail: boolean;
  stop_word: Fixed<string>;
  /** JSON, by topic: now, digest or none. */
  ways: ColumnType<Record<string, string>, string | undefined, string>;
}

/** What a deposit was given for; the sums are those of 2241. */
export interface DepositTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  unit: Fixed<string>;
  kind: Fixed<string>;
  amount: Fixed<string>;
}

/** Settlement files of WeChat, Alipay and card machines (结算单). */
export interface SettlementTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  channel: Fixed<string>;
  sha256: Fixed<string>;
  first_on: Fixed<string>;
  last_on: Fixed<string>;
  lines: Fixed<number>;
  gross: Fixed<string>;
  fee: Fixed<string>;
  taken_by: Fixed<string>;
}

/** Payments of a settlement file, each of a channel once. */
export interface SettlementLineTable {
  estate_id: Fixed<number>;
  settlement: Fixed<number>;
  line: Fixed<number>;
  channel: Fixed<string>;
  reference: Fixed<string>;
  paid_on: Fixed<string>;
  amount: Fixed<string>;
  unit: Fixed<string>;
  seq: Fixed<number>;
}

/** Settlement files looked at and not taken yet (personal data). */
export interface SettlementDraftTable {
  estate_id: Fixed<number>;
  draft_id: Fixed<number | null, never>;
  channel: Fixed<string>;
  sha256: Fixed<string>;
  file_name: Fixed<string>;
  content: string;
  made_by: Fixed<string>;
  made_at: Fixed<Date>;
}

/** Which channel's money an entry 借 bank 贷 1012 brought to the bank. */
export interface TransitArrivalTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  channel: Fixed<string>;
}

/** Transfers 借 5119 贷 1012 for what a channel keeps. */
export interface TransitFeeTable {
  estate_id: Fixed<number>;
  proposal_id: Fixed<number>;
  channel: Fixed<string>;
  settlement: Fixed<number | null, number | null | undefined>;
}

/** Reminders (催缴) made at one time. */
export interface ReminderBatchTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  kind: Fixed<string>;
  made_on: Fixed<string>;
  pay_by: Fixed<string>;
  made_by: Fixed<string>;
}

/** One letter to whoever pays for a dwelling. */
export interface ReminderTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  unit: Fixed<string>;
  made_on: Fixed<string>;
  bills: Fixed<string>;
  amount: Fixed<string>;
}

/** Spreadsheets on their way into the register, and those that were taken. */
export interface RegisterImportTable {
  estate_id: Fixed<number>;
  import_id: Fixed<number, never>;
  handed_by: Fixed<string>;
  handed_at: Fixed<Date>;
  file_name: Fixed<string>;
  sha256: Fixed<string>;
  sheets: Fixed<string>;
  since: Open<string | null, string | null | undefined, string | null>;
  state: Open<'draft' | 'taken' | 'undone', undefined, 'taken' | 'undone'>;
  counts: Open<string, undefined, string>;
  taken_seq: Open<number | null, undefined, number>;
  undone_seq: Open<number | null, undefined, number>;
}

/** Rows of a draft (personal data); deleted when it is taken or dropped. */
export interface RegisterImportRowTable {
  estate_id: Fixed<number>;
  import_id: Fixed<number>;
  sheet: Fixed<number>;
  row: Fixed<number>;
  cells: string;
  is_skipped: Open<boolean, boolean | undefined, boolean>;
}

/** Dwellings, spaces and meters an import brought, new or again. */
export interface RegisterImportObjectTable {
  estate_id: Fixed<number>;
  import_id: Fixed<number>;
  kind: Fixed<'unit' | 'space' | 'meter'>;
  number: Fixed<string>;
}

/** Months of an item that were gone through. */
export interface BillRunTable {
  estate_id: Fixed<number>;
  item: Fixed<string>;
  period: Fixed<string>;
  made_at: Fixed<Date>;
}

/** Readings up to which an item is billed. */
export interface BillReadingTable {
  estate_id: Fixed<number>;
  item: Fixed<string>;
  reading_id: Fixed<number>;
  bill_id: Fixed<number | null>;
}

/** Costs of a month that the dwellings share (公摊). */
export interface SharedCostTable {
  estate_id: Fixed<number>;
  item: Fixed<string>;
  period: Fixed<string>;
  amount: Fixed<string>;
  entry_seq: Fixed<number>;
  entered_by: Fixed<string>;
  seq: Fixed<number>;
}

/** Waivers, discounts, write-offs and corrections in force, written by grant_waiver() only. */
export interface WaiverTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  why: Read<string>;
  item: Read<string | null>;
  percent: Read<string | null>;
  amount: Read<string | null>;
  from_period: Read<string | null>;
  to_period: Read<string | null>;
  most: Read<string>;
  seq: Read<number>;
}

/** Dwellings a waiver is for. */
export interface WaiverUnitTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  unit: Read<string>;
}

/** Schemes (补贴方案), written by open_subsidy() and end_subsidy() only. */
export interface SubsidySchemeTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  name_zh: Read<string>;
  name_en: Read<string>;
  funder: Read<string>;
  percent: Read<string | null>;
  amount_each: Read<string | null>;
  items: Read<string[]>;
  first_period: Read<string>;
  last_period: Read<string>;
  unit_cap: Read<string | null>;
  budget: Read<string>;
  last_day: Read<string>;
  payout: Read<'credit' | 'pay'>;
  opened_seq: Read<number>;
  ended_on: Read<string | null>;
  ended_seq: Read<number | null>;
}

/** Claims for subsidies (补贴申领), one for each bill and scheme; written by their doors only. */
export interface SubsidyClaimTable {
  estate_id: Read<number>;
  claim_id: Read<number>;
  scheme: Read<number>;
  bill_id: Read<number>;
  amount: Read<string>;
  paid: Read<string>;
  seq: Read<number>;
  batch_id: Read<number | null>;
  payout_id: Read<number | null>;
  ended_seq: Read<number | null>;
}

/** Batches (补贴申报批次) that were signed and so asked of the funder. */
export interface SubsidyBatchTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  scheme: Read<number>;
  claims: Read<number>;
  total: Read<string>;
  list_sha256: Read<string>;
  seq: Read<number>;
}

/** Which receipts of the fund fee_subsidy came for which batch. */
export interface SubsidyArrivalTable {
  estate_id: Read<number>;
  batch_id: Read<number>;
  entry: Read<number>;
  amount: Read<string>;
  seq: Read<number>;
}

/** Transfers and payment orders that pass subsidies on. */
export interface SubsidyPayoutTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  batch_id: Read<number>;
  claims: Read<number>;
  total: Read<string>;
}

/** Changes of companies: a certificate that was signed, and who took it over. */
export interface HandoverTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  body: Read<string>;
  period: Read<string>;
  outgoing: Read<string>;
  seq: Read<number | null>;
  takeover_id: Read<number | null>;
  incoming: Read<string | null>;
  taken_from: Read<string | null>;
  taken_seq: Read<number | null>;
}

export interface HouseholdTables {
  handover: HandoverTable;
  subsidy_scheme: SubsidySchemeTable;
  subsidy_claim: SubsidyClaimTable;
  subsidy_batch: SubsidyBatchTable;
  subsidy_arrival: SubsidyArrivalTable;
  subsidy_payout: SubsidyPayoutTable;
  bill_run: BillRunTable;
  bill_reading: BillReadingTable;
  shared_cost: SharedCostTable;
  waiver: WaiverTable;
  waiver_unit: WaiverUnitTable;
  register_import: RegisterImportTable;
  register_import_row: RegisterImportRowTable;
  register_import_object: RegisterImportObjectTable;
  reminder_batch: ReminderBatchTable;
  reminder: ReminderTable;
  correction_request: CorrectionRequestTable;
  notice_choice: NoticeChoiceTable;
  unit_fact: UnitFactTable;
  register_change: RegisterChangeTable;
  party: PartyTable;
  party_identity: PartyIdentityTable;
  tenure: TenureTable;
  parking_space: ParkingSpaceTable;
  space_holding: SpaceHoldingTable;
  meter: MeterTable;
  meter_reading: MeterReadingTable;
  fee_rule: FeeRuleTable;
  bill_reduction: BillReductionTable;
  receipt: ReceiptTable;
  receipt_note: ReceiptNoteTable;
  prepayment: PrepaymentTable;
  deposit: DepositTable;
  settlement: SettlementTable;
  settlement_line: SettlementLineTable;
  settlement_draft: SettlementDraftTable;
  transit_arrival: TransitArrivalTable;
  transit_fee: TransitFeeTable;
}
