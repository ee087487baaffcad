// Row types of every table, as the database has them (migrations/). A column the web connection may
// not write has the insert or update type `never`, so that the compiler refuses what the grants refuse.
// numeric comes as a decimal string: turn it into Money with money(). date is YYYY-MM-DD.
import type { ColumnType } from 'kysely';
import type { HouseholdTables } from './tables-household.ts';
import type { PurposeTables } from './tables-purpose.ts';
import type { VoiceTables } from './tables-voice.ts';

type Read<S> = ColumnType<S, never, never>;
type Fixed<S, I = S> = ColumnType<S, I, never>;
type Open<S, I = S, U = S> = ColumnType<S, I, U>;

/** Residential estate (小区): one set of books each. Reference table. */
export interface EstateTable {
  estate_id: Fixed<number, number | undefined>;
  code: Fixed<string>;
  name_zh: string;
  name_en: string;
  mode: Fixed<string>;
  households: number;
  area_m2: string;
  fee_rate: Open<string | null, string | null | undefined>;
  trustee: string;
  committee: string;
  first_period: Fixed<string>;
  disclosure_day: Open<number, number | undefined>;
  answer_days: Open<number, number | undefined>;
  is_demo: Fixed<boolean, boolean | undefined>;
  created_at: Fixed<Date, Date | undefined>;
}

/** The one lock row of an estate: whoever appends locks it first, so seq has no gaps. */
export interface LogHeadTable {
  estate_id: Read<number>;
  size: Read<number>;
  closed_period: Read<string>;
  recorded_at: Read<Date>;
  opened_in: Read<string>;
}

/** Record log (存证记录): everything that matters about an estate, append-only. */
export interface RecordTable {
  estate_id: Read<number>;
  seq: Read<number>;
  kind: Read<string>;
  recorded_at: Read<Date>;
  number: Read<string>;
  body: Read<string>;
  leaf_hash: Read<Buffer>;
  actor: Read<string | null>;
  concerns: Read<string | null>;
}

/** Public keys that sign the checkpoints of an estate's log; the secret ones lie in the key folder. */
export interface LogKeyTable {
  estate_id: Read<number>;
  key_id: Read<number>;
  vkey: Read<string>;
  origin: Read<string>;
  opened_seq: Read<number>;
  ended_seq: Read<number | null>;
}

/** Roots of full tiles of 256 hashes (C2SP tlog-tiles); level 0 is record.leaf_hash. */
export interface LogTileTable {
  estate_id: Read<number>;
  level: Read<number>;
  index: Read<number>;
  hash: Read<Buffer>;
}

/** Checkpoints (检查点): size and root of the log at a moment, signed. */
export interface CheckpointTable {
  estate_id: Read<number>;
  size: Read<number>;
  root: Read<Buffer>;
  note: Read<string>;
  key_id: Read<number>;
  issued_at: Read<Date>;
}

/** Witnesses (见证人): persons whose own device cosigns checkpoints. */
export interface WitnessTable {
  estate_id: Read<number>;
  witness_id: Read<number>;
  person_id: Read<string>;
  side: Read<'committee' | 'street' | 'resident'>;
  vkey: Read<string>;
  enrolled_at: Read<Date>;
  seq: Read<number>;
  retired_at: Read<Date | null>;
  retired_seq: Read<number | null>;
}

/** Cosignatures (见证签名) of checkpoints. */
export interface CosignatureTable {
  estate_id: Read<number>;
  size: Read<number>;
  witness_id: Read<number>;
  signed_at: Read<Date>;
  line: Read<string>;
}

/** Texts of persons that records commit to (个人信息原文): questions, objections, comments, names of passkeys. */
export interface PersonalValueTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  field: Fixed<string>;
  salt: Fixed<string>;
  value: Fixed<string>;
}

/** Opaque person: the only thing the books know of anybody. Reference table. */
export interface PersonTable {
  person_id: Fixed<string, string | undefined>;
  created_at: Fixed<Date, Date | undefined>;
  erased_at: Read<Date | null>;
}

/** Who a person is (personal data): erasable, never in the log. */
export interface PersonIdentityTable {
  person_id: Fixed<string>;
  name: string;
  phone: Open<string | null, string | null | undefined>;
  email: Open<string | null, string | null | undefined>;
}

/** Login and signing password of a person, argon2id. */
export interface CredentialTable {
  person_id: Fixed<string>;
  login: Fixed<string>;
  password_hash: string;
  signing_hash: Open<string | null, string | null | undefined>;
  totp_secret: Open<string | null, string | null | undefined>;
  totp_step: Open<number, number | undefined>;
  changed_at: Open<Date, Date | undefined>;
}

/** Login of a browser (cookie) or of a machine (bearer); only the token's SHA-256 is kept. */
export interface SessionTable {
  token_hash: Fixed<Buffer>;
  person_id: Fixed<string>;
  kind: Fixed<string>;
  label: Fixed<string, string | undefined>;
  scopes: Fixed<string[], string[] | undefined>;
  created_at: Fixed<Date, Date | undefined>;
  seen_at: Open<Date, Date | undefined>;
  expires_at: Fixed<Date>;
  revoked_at: Open<Date | null, Date | null | undefined>;
}

/** Failed logins and codes of late, for the limits; old rows are deleted. */
export interface LoginFailureTable {
  login: Fixed<string>;
  address: Fixed<string>;
  failed_at: Fixed<Date, Date | undefined>;
}

/** Bodies of an estate (各方): property company, owners' committee, supervisors, community, street office, auditor. */
export interface BodyTable {
  estate_id: Fixed<number>;
  body: Fixed<string>;
  key_side: Fixed<string | null, string | null | undefined>;
  name_zh: Fixed<string>;
  name_en: Fixed<string>;
}

/** Which of the two keys a person may ever hold in an estate: one side, for good. */
export interface KeyHolderTable {
  estate_id: Read<number>;
  person_id: Read<string>;
  key_side: Read<string>;
}

/** Terms of office: who serves in which body of which estate, from when to when. */
export interface TermTable {
  estate_id: Read<number>;
  term_id: Read<number>;
  person_id: Read<string>;
  body: Read<string>;
  key_side: Read<string | null>;
  office: Read<string>;
  starts_on: Read<string>;
  ends_on: Read<string>;
  resolution: Read<string>;
  proposal_id: Read<number | null>;
}

/** Dwelling or shop (房屋) of an estate: "3-2-1002". */
export interface UnitTable {
  estate_id: Fixed<number>;
  unit: Fixed<string>;
  building: string;
  stairwell: Open<string, string | undefined, string>;
  area_m2: string;
  ref: Fixed<string, string | undefined>;
  phase: Open<string, string | undefined, string>;
  kind: Open<string, string | undefined, string>;
  occupancy: Open<string, string | undefined, string>;
  ended_on: Open<string | null, string | null | undefined, string | null>;
  import_id: Fixed<number | null, number | null | undefined>;
}

/** Who may read the books for which dwelling. */
export interface ResidentTable {
  estate_id: Fixed<number>;
  unit: Fixed<string>;
  person_id: Fixed<string>;
  joined_at: Fixed<Date, Date | undefined>;
  left_at: Open<Date | null, Date | null | undefined>;
}

/** Invitation codes for dwellings; only the SHA-256 of a code is kept, each works once. */
export interface InvitationTable {
  estate_id: Fixed<number>;
  code_hash: Fixed<Buffer>;
  unit: Fixed<string>;
  issued_by: Fixed<string>;
  issued_at: Fixed<Date, Date | undefined>;
  expires_at: Fixed<Date>;
  used_by: Open<string | null, string | null | undefined>;
  used_at: Open<Date | null, Date | null | undefined>;
}

/** Passkeys (通行密钥) of signers, one row in each estate where they serve; enrolment and revocation are records. */
export interface PasskeyTable {
  estate_id: Read<number>;
  credential_id: Read<string>;
  person_id: Read<string>;
  public_key: Read<Buffer>;
  algorithm: Read<number>;
  rp_id: Read<string>;
  aaguid: Read<string>;
  transports: Read<string[]>;
  label: Read<string | null>;
  backup_eligible: Read<boolean>;
  backed_up: Read<boolean>;
  confirmed_by: Read<string>;
  enrolled_at: Read<Date>;
  seq: Read<number>;
  sign_count: Read<number>;
  revoked_at: Read<Date | null>;
  revoked_seq: Read<number | null>;
}

/** Printed recovery codes (恢复码) for enrolling a passkey; only the SHA-256 is kept, each works once. */
export interface RecoveryCodeTable {
  person_id: Fixed<string>;
  code_hash: Fixed<Buffer>;
  issued_at: Fixed<Date, Date | undefined>;
  used_at: Open<Date | null, Date | null | undefined>;
}

/** What an enrolment under way must answer; one per person, for minutes. */
export interface EnrolmentChallengeTable {
  person_id: Fixed<string>;
  challenge: string;
  confirmed_by: string;
  expires_at: Date;
}

/** Notices (消息) to persons in office: reminders, warnings, announcements. Not part of the log. */
export interface NoticeTable {
  estate_id: Fixed<number>;
  notice_id: Read<number>;
  person_id: Fixed<string>;
  key: Fixed<string>;
  text_zh: Fixed<string>;
  text_en: Fixed<string>;
  href: Fixed<string>;
  created_at: Fixed<Date>;
  read_at: ColumnType<Date | null, never, Date | null>;
  mailed_at: ColumnType<Date | null, never, Date | null>;
  way: Open<string, string | undefined>;
}

/** Idempotency keys: the same key with the same content gets the first answer again. */
export interface RequestKeyTable {
  estate_id: Fixed<number>;
  key: Fixed<string>;
  content_hash: Fixed<Buffer>;
  answer: Fixed<unknown>;
  answered_at: Fixed<Date, Date | undefined>;
}

/** Who must sign what (签批规则), as dated data. */
export interface RuleTable {
  estate_id: Read<number>;
  rule_id: Read<number>;
  kind: Read<string>;
  amount_from: Read<string>;
  amount_to: Read<string | null>;
  fund: Read<string | null>;
  valid_from: Read<string>;
  valid_to: Read<string | null>;
  expires_days: Read<number>;
  payee_class: Read<string | null>;
  class: Read<string>;
  in_sequence: Read<boolean>;
  notice_days: Read<number>;
  needs_resolution: Read<boolean>;
  passkey_only: Read<boolean>;
  month_cap: Read<string | null>;
  ratify_days: Read<number | null>;
}

/** Bodies a rule asks, and how many signers of each. */
export interface RuleBodyTable {
  estate_id: Read<number>;
  rule_id: Read<number>;
  body: Read<string>;
  signers: Read<number>;
  place: Read<number>;
}

/** Whatever needs more than one hand (签批单): a frozen document and its state. */
export interface ProposalTable {
  estate_id: Fixed<number>;
  proposal_id: Read<number>;
  kind: Fixed<string>;
  state: ColumnType<string, never, string>;
  version: ColumnType<number, never, number>;
  title: string;
  amount: Open<string | null, string | null | undefined>;
  fund: Open<string | null, string | null | undefined>;
  document: ColumnType<string | null, never, string | null>;
  document_hash: ColumnType<Buffer | null, never, Buffer | null>;
  rule_id: ColumnType<number | null, never, number | null>;
  made_by: Fixed<string>;
  payee_person: Open<string | null, string | null | undefined>;
  reason: ColumnType<string, never, string>;
  created_at: Read<Date>;
  submitted_at: ColumnType<Date | null, never, Date | null>;
  expires_on: ColumnType<string | null, never, string | null>;
  approved_at: Read<Date | null>;
  executed_at: Read<Date | null>;
  payee_class: Open<string | null, string | null | undefined>;
  class: Open<string, string | undefined>;
  payable_from: ColumnType<string | null, never, string | null>;
  full_rule_id: ColumnType<number | null, never, number | null>;
  ratify_by: Read<string | null>;
  ratified_at: Read<Date | null>;
}

/** Signatures (签批) over a document, append-only. */
export interface SignatureTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  document_hash: Read<Buffer>;
  person_id: Read<string>;
  body: Read<string>;
  office: Read<string>;
  term_id: Read<number>;
  decision: Read<string>;
  method: Read<string>;
  reason: Read<string>;
  evidence: Read<string>;
  signed_at: Read<Date>;
  seq: Read<number>;
  on_behalf_of: Read<string | null>;
  vote_of: Read<string>;
  delegation_id: Read<number | null>;
  credential_id: Read<string | null>;
}

/** Written objections (书面异议) to a proposal: it is not carried out until each is answered. */
export interface ObjectionTable {
  estate_id: Fixed<number>;
  objection_id: Read<number>;
  proposal_id: Fixed<number>;
  body: Fixed<string | null>;
  objected_by: Fixed<string>;
  objection: Read<string | null>;
  objected_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Written answers (书面答复) to objections; the first lets the proposal go on. */
export interface ObjectionAnswerTable {
  estate_id: Fixed<number>;
  objection_id: Fixed<number>;
  answer: Fixed<string>;
  body: Fixed<string>;
  answered_by: Fixed<string>;
  answered_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Delegations (乙代甲): a deputy of the same body signs in another's place, for some days, in public. */
export interface DelegationTable {
  estate_id: Read<number>;
  delegation_id: Read<number>;
  body: Read<string>;
  principal: Read<string>;
  delegate: Read<string>;
  starts_on: Read<string>;
  ends_on: Read<string>;
  after_days: Read<number>;
  proposal_id: Read<number>;
  seq: Read<number>;
}

/** What a passkey is asked to sign: one document, one decision, one person, once, for minutes. */
export interface SigningChallengeTable {
  estate_id: Fixed<number>;
  nonce: Fixed<string>;
  proposal_id: Fixed<number>;
  document_hash: Fixed<Buffer>;
  decision: Fixed<string>;
  person_id: Fixed<string>;
  expires_at: Fixed<Date>;
  used_at: Read<Date | null>;
}

/** A proposal has all signatures its rule asks for; two of them stand here by key. */
export interface QuorumTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  document_hash: Read<Buffer>;
  first_body: Read<string>;
  first_person: Read<string>;
  second_body: Read<string>;
  second_person: Read<string>;
  decision: Read<string>;
  reached_at: Read<Date>;
}

/** Chart of accounts (会计科目), two levels. */
export interface AccountTable {
  estate_id: Fixed<number>;
  account: Fixed<string>;
  parent: Fixed<string | null, string | null | undefined>;
  name_zh: string;
  name_en: string;
  class: Fixed<string>;
  is_money: Fixed<boolean, boolean | undefined>;
  is_postable: Fixed<boolean, boolean | undefined>;
  opened_on: Fixed<string>;
  closed_on: Open<string | null, string | null | undefined>;
}

/** Funds (资金): money given for a purpose. Every posting carries one. */
export interface FundTable {
  estate_id: Fixed<number>;
  fund: Fixed<string>;
  name_zh: Fixed<string>;
  name_en: Fixed<string>;
  purpose_zh: Fixed<string>;
  purpose_en: Fixed<string>;
  is_restricted: Fixed<boolean>;
  place: Fixed<number, number | undefined>;
}

/** What a restricted fund may be used for; its money accounts are always allowed. */
export interface FundAccountTable {
  estate_id: Fixed<number>;
  fund: Fixed<string>;
  account: Fixed<string>;
}

/** Original vouchers (原始凭证): files by their hash. */
export interface VoucherTable {
  estate_id: Fixed<number>;
  sha256: Fixed<string>;
  media_type: Fixed<string>;
  size: Fixed<number>;
  file_name: Fixed<string>;
  audience: Fixed<string, string | undefined>;
  uploaded_by: Fixed<string>;
  uploaded_at: Fixed<Date, Date | undefined>;
  seq: Fixed<number>;
}

/** Journal entries (记账凭证), written by post_entries() only. */
export interface JournalEntryTable {
  estate_id: Read<number>;
  seq: Read<number>;
  kind: Read<string>;
  period: Read<string>;
  number: Read<number>;
  entry_date: Read<string>;
  description: Read<string>;
  amount: Read<string>;
  reference: Read<string | null>;
  proposal_id: Read<number | null>;
  reverses: Read<number | null>;
  made_by: Read<string>;
  key: Read<string>;
  content_hash: Read<Buffer>;
  xact: Read<string>;
  bank_account: Read<string | null>;
  bank_position: Read<number | null>;
  settles: Read<number | null>;
  mandate: Read<number | null>;
  /** Takes what a dwelling paid in advance for its bills, without an order. */
  release: Read<boolean>;
}

/** Lines of journal entries (分录行), written by post_entries() only. */
export interface PostingTable {
  estate_id: Read<number>;
  seq: Read<number>;
  line: Read<number>;
  period: Read<string>;
  account: Read<string>;
  fund: Read<string>;
  debit: Read<string>;
  credit: Read<string>;
  unit: Read<string | null>;
  payee: Read<string | null>;
}

/** Original vouchers of journal entries, written by post_entries() only. */
export interface EntryVoucherTable {
  estate_id: Read<number>;
  seq: Read<number>;
  sha256: Read<string>;
}

/** Turnover (本期发生额) by month, account and fund; kept by post_entries(). */
export interface BalanceTable {
  estate_id: Read<number>;
  period: Read<string>;
  account: Read<string>;
  fund: Read<string>;
  debit: Read<string>;
  credit: Read<string>;
  entries: Read<number>;
}

/** Last voucher number by month and kind; kept by post_entries(). */
export interface NumberHeadTable {
  estate_id: Read<number>;
  period: Read<string>;
  kind: Read<string>;
  last: Read<number>;
}

/** Entries a cashier has begun and not posted: not part of the books, in the way of closing. */
export interface JournalDraftTable {
  estate_id: Fixed<number>;
  draft_id: Fixed<number, number | undefined>;
  entry_date: string;
  content: unknown;
  made_by: Fixed<string>;
  saved_at: Open<Date, Date | undefined>;
}

/** Closed months (结账): one way, in order, under two signatures. */
export interface PeriodCloseTable {
  estate_id: Read<number>;
  period: Read<string>;
  proposal_id: Read<number>;
  entries: Read<number>;
  debit: Read<string>;
  closed_at: Read<Date>;
  seq: Read<number>;
}

/** Payees (收款方) as every owner may see them: a company by name, a person masked (张*). */
export interface PayeeTable {
  estate_id: Fixed<number>;
  payee_id: Fixed<number, number | undefined>;
  kind: Fixed<string>;
  public_name: Fixed<string>;
  account_last4: Fixed<string>;
  account_hash: Fixed<string>;
  person_id: Fixed<string | null, string | null | undefined>;
  entered_by: Fixed<string>;
  entered_at: Fixed<Date, Date | undefined>;
}

/** Full name and bank account of payees (may be personal data): erasable, never in the log. */
export interface PayeeIdentityTable {
  estate_id: Fixed<number>;
  payee_id: Fixed<number>;
  name: Fixed<string>;
  bank_name: Fixed<string>;
  account_number: Fixed<string>;
  salt: Fixed<string>;
}

/** Payment orders (付款申请单): the working copy; what counts is the frozen document of the proposal. */
export interface PaymentOrderTable {
  estate_id: Fixed<number>;
  proposal_id: Fixed<number>;
  payee_id: number;
  amount: string;
  fund: string;
  account: string;
  bank_account: string;
  purpose: string;
  reference: Fixed<string>;
  invoice_number: Open<string | null, string | null | undefined>;
  invoice_total: Open<string | null, string | null | undefined>;
  changed_at: Open<Date, Date | undefined>;
  resolution_title: Open<string | null, string | null | undefined>;
  resolution_date: Open<string | null, string | null | undefined>;
  resolution_voucher: Open<string | null, string | null | undefined>;
  /** Resolution that was counted here, instead of a file. */
  resolution_id: Open<number | null, number | null | undefined>;
  emergency_reason: Open<string | null, string | null | undefined>;
  over_budget_reason: Open<string | null, string | null | undefined>;
  /** Entry on 1291 that it explains after the fact. */
  settles: Fixed<number | null, number | null | undefined>;
  /** Dwelling whose money goes back. */
  unit: Open<string | null, string | null | undefined>;
  /** Milestone of the project whose fund pays. */
  milestone: Open<number | null, number | null | undefined>;
}

/** Pay files (付款文件): approved orders handed to the bank. */
export interface PayFileTable {
  estate_id: Read<number>;
  seq: Read<number>;
  bank_account: Read<string>;
  format: Read<string>;
  count: Read<number>;
  total: Read<string>;
  sha256: Read<string>;
  made_by: Read<string>;
  made_at: Read<Date>;
}

/** Pay files declared void. */
export interface PayFileVoidTable {
  estate_id: Read<number>;
  pay_file: Read<number>;
  reason: Read<string>;
  voided_by: Read<string>;
  voided_at: Read<Date>;
  seq: Read<number>;
}

/** Orders of a pay file; an order stands in one file at most. */
export interface PayFileOrderTable {
  estate_id: Read<number>;
  pay_file: Read<number>;
  proposal_id: Read<number>;
  amount: Read<string>;
  stands: Read<boolean>;
}

/** What invoice files among the vouchers say; officers only. */
export interface InvoiceTable {
  estate_id: Fixed<number>;
  sha256: Fixed<string>;
  source: Fixed<string>;
  number: Fixed<string>;
  issued_on: Fixed<string | null>;
  seller_name: Fixed<string>;
  seller_tax_number: Fixed<string | null>;
  buyer_name: Fixed<string>;
  buyer_tax_number: Fixed<string | null>;
  total: Fixed<string>;
  is_red: Fixed<boolean>;
  reverses: Fixed<string | null>;
}

/** Names of buyers that invoices may be made out to, besides the estate and its bodies. */
export interface InvoiceTitleTable {
  estate_id: Fixed<number>;
  name: Fixed<string>;
  added_by: Fixed<string>;
  added_at: Fixed<Date, Date | undefined>;
}

/** Original vouchers of payment orders. */
export interface OrderVoucherTable {
  estate_id: Fixed<number>;
  proposal_id: Fixed<number>;
  sha256: Fixed<string>;
}

/** Jointly controlled bank accounts (共管账户), by their ledger account. */
export interface BankAccountTable {
  estate_id: Read<number>;
  account: Read<string>;
  name_zh: Read<string>;
  name_en: Read<string>;
  bank_name: Read<string>;
  account_last4: Read<string>;
  closed_on: Read<string | null>;
  number_hash: Read<string | null>;
}

/** Full numbers of the estate's own bank accounts; officers only, never in the log. */
export interface BankAccountNumberTable {
  estate_id: Fixed<number>;
  account: Fixed<string>;
  number: Fixed<string>;
  salt: Fixed<string>;
}

/** Statement files taken whole, written by take_statement() only. */
export interface BankStatementTable {
  estate_id: Read<number>;
  seq: Read<number>;
  account: Read<string>;
  sha256: Read<string>;
  format: Read<string>;
  period_from: Read<string>;
  period_to: Read<string>;
  period_stated: Read<boolean>;
  opening: Read<string>;
  closing: Read<string>;
  first_position: Read<number>;
  lines: Read<number>;
  repeated: Read<number>;
  imported_by: Read<string>;
  imported_at: Read<Date>;
}

/** Lines of bank statements (银行流水), written by take_statement() only. */
export interface BankLineTable {
  estate_id: Read<number>;
  account: Read<string>;
  position: Read<number>;
  seq: Read<number>;
  booked_on: Read<string>;
  /** Above zero in, below zero out. */
  amount: Read<string>;
  balance: Read<string>;
  serial: Read<string>;
}

/** What the bank says about a line besides money; officers only. */
export interface BankLineDetailTable {
  estate_id: Fixed<number>;
  account: Fixed<string>;
  position: Fixed<number>;
  booked_time: Fixed<string, string | undefined>;
  counterparty_name: Fixed<string, string | undefined>;
  counterparty_account: Fixed<string, string | undefined>;
  counterparty_bank: Fixed<string, string | undefined>;
  memo: Fixed<string, string | undefined>;
  purpose: Fixed<string, string | undefined>;
}

/** Tables of banks unknown to the program: which column is what. */
export interface StatementMappingTable {
  estate_id: Fixed<number>;
  signature: Fixed<string>;
  header: Open<string[], string, string>;
  columns: Open<Record<string, number | null>, string, string>;
  chosen_by: string;
  chosen_at: Date;
}

/** Statement files handed in and not yet taken, being taken, or taken. */
export interface StatementIntakeTable {
  estate_id: Fixed<number>;
  intake_id: Fixed<number, never>;
  handed_by: Fixed<string>;
  handed_at: Open<Date>;
  file_name: Fixed<string>;
  sha256: Fixed<string>;
  size: Fixed<number>;
  content: Open<Buffer | null>;
  first_day: Open<string | null, string | null | undefined>;
  lines: Open<number | null, number | null | undefined>;
  account: Open<string | null, string | null | undefined>;
  period_from: Open<string | null, string | null | undefined>;
  period_to: Open<string | null, string | null | undefined>;
  opening: Open<string | null, string | null | undefined>;
  closing: Open<string | null, string | null | undefined>;
  accept_opening: Open<boolean, boolean | undefined>;
  state: Open<string, string | undefined>;
  attempts: Open<number, number | undefined>;
  step: Open<string, string | undefined>;
  done: Open<number, number | undefined>;
  total: Open<number, number | undefined>;
  told_zh: Open<string | null, string | null | undefined>;
  told_en: Open<string | null, string | null | undefined>;
  seq: Open<number | null, number | null | undefined>;
}

/** Lines of the bank and entries of the books that are the same money (勾对), written by the doors only. */
export interface BankMatchTable {
  estate_id: Read<number>;
  match_id: Read<number>;
  item: Read<number>;
  account: Read<string>;
  position: Read<number | null>;
  entry_seq: Read<number | null>;
  way: Read<'booked' | 'linked' | 'offset' | 'opening'>;
  seq: Read<number>;
  ended_seq: Read<number | null>;
}

/** Rules of matching lines of the bank (勾对规则): officers only; never books money out. */
export interface MatchRuleTable {
  estate_id: Fixed<number>;
  rule_id: Read<number>;
  kind: Fixed<'fee' | 'interest' | 'receipt'>;
  words: Open<string[], string[] | undefined>;
  payer_hash: Fixed<string | null, string | null | undefined>;
  account: Fixed<string | null, string | null | undefined>;
  fund: Fixed<string | null, string | null | undefined>;
  unit: Fixed<string | null, string | null | undefined>;
  by_itself: Open<boolean | null, boolean | null | undefined>;
  is_on: Open<boolean, boolean | undefined>;
  confirmations: Open<number, number | undefined>;
  hits: Open<number, number | undefined>;
  last_hit_at: Open<Date | null, Date | null | undefined>;
  made_by: Fixed<string | null, string | null | undefined>;
  made_at: Fixed<Date>;
  changed_by: Open<string | null, string | null | undefined>;
  changed_at: Open<Date | null, Date | null | undefined>;
}

/** Who a rule of matching is about: officers only, erasable. */
export interface MatchRulePayerTable {
  estate_id: Fixed<number>;
  rule_id: Fixed<number>;
  name: string;
  account_number: string;
}

/** Closing balances by the bank's own statement, each with the statement as voucher. */
export interface BankBalanceTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  account: Fixed<string>;
  as_of: Fixed<string>;
  balance: Fixed<string>;
  sha256: Fixed<string>;
  stated_by: Fixed<string>;
  stated_at: Fixed<Date, Date | undefined>;
}

/** Owners' questions (质询) with an answer clock; shown without the asker's name. */
export interface InquiryTable {
  estate_id: Fixed<number>;
  inquiry_id: Fixed<number, number | undefined>;
  about_seq: Fixed<number | null, number | null | undefined>;
  about_kind: Fixed<string | null, string | null | undefined>;
  about_id: Fixed<string | null, string | null | undefined>;
  category: Fixed<string, string | undefined>;
  answer_days: Read<number | null>;
  question: Read<string | null>;
  asked_by: Fixed<string>;
  asked_at: Fixed<Date>;
  due_on: Fixed<string>;
  seq: Fixed<number>;
}

/** Answers (答复) by the property company or the committee. */
export interface AnswerTable {
  estate_id: Fixed<number>;
  answer_id: Fixed<number, number | undefined>;
  inquiry_id: Fixed<number>;
  answer: Fixed<string>;
  body: Fixed<string>;
  answered_by: Fixed<string>;
  answered_at: Fixed<Date>;
  seq: Fixed<number>;
}

/** Drafts of monthly disclosures, made on the 1st for the bodies to look through. */
export interface DisclosureDraftTable {
  estate_id: Fixed<number>;
  period: Fixed<string>;
  figures: string;
  drafted_at: Date;
}

/** Published monthly disclosures (收支公示): for ever; a correction is the next version beside. */
export interface DisclosureTable {
  estate_id: Fixed<number>;
  period: Fixed<string>;
  version: Fixed<number>;
  figures: Fixed<string>;
  figures_sha256: Fixed<string>;
  pdf_zh_sha256: Fixed<string>;
  pdf_en_sha256: Fixed<string>;
  pdf_zh_size: Fixed<number>;
  pdf_en_size: Fixed<number>;
  due_on: Fixed<string>;
  published_at: Fixed<Date>;
  seq: Fixed<number>;
  /** Checkpoint sealed into the PDFs; null where none could be signed. */
  checkpoint_size: Open<number | null, number | null | undefined, never>;
}

/** Audit packages (审计包): asked for, in the making, made. */
export interface ExportJobTable {
  estate_id: Fixed<number>;
  export_id: Read<number>;
  audience: Fixed<string>;
  first_month: Fixed<string>;
  last_month: Fixed<string>;
  asked_by: Fixed<string>;
  asked_at: Fixed<Date>;
  state: Open<string, string | undefined>;
  attempts: Open<number, number | undefined>;
  step: Open<string, string | undefined>;
  done: Open<number, number | undefined>;
  total: Open<number, number | undefined>;
  error: Open<string | null, string | null | undefined>;
  log_size: Open<number | null, number | null | undefined>;
  sha256: Open<string | null, string | null | undefined>;
  size: Open<number | null, number | null | undefined>;
  made_at: Open<Date | null, Date | null | undefined>;
  seq: Open<number | null, number | null | undefined>;
  dropped_at: Open<Date | null, Date | null | undefined>;
}

/** Full number of the bank account that a proposal opens or changes; officers only. */
export interface BankAccountAskedTable {
  estate_id: Fixed<number>;
  proposal_id: Fixed<number>;
  number: Fixed<string>;
  salt: Fixed<string>;
}

/** What was done at the bank for a bank account (开户事项); the last row of an item counts. */
export interface BankOnboardingTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  account: Fixed<string>;
  item: Fixed<string>;
  state: Fixed<string>;
  note: Fixed<string>;
  holder: Fixed<string | null>;
  holder_body: Fixed<string | null>;
  serial_last4: Fixed<string | null>;
  sha256: Fixed<string | null>;
  noted_by: Fixed<string>;
  body: Fixed<string>;
  noted_at: Fixed<Date>;
}

/** Standing mandates for bank fees (授权扣费), written by open_mandate() and end_mandate() only. */
export interface MandateTable {
  estate_id: Read<number>;
  proposal_id: Read<number>;
  bank_account: Read<string>;
  account: Read<string>;
  fund: Read<string>;
  purpose: Read<string>;
  cap_each: Read<string>;
  cap_month: Read<string>;
  valid_from: Read<string>;
  valid_to: Read<string>;
  opened_seq: Read<number>;
  ended_on: Read<string | null>;
  ended_seq: Read<number | null>;
}

/** Bills (账单): what a dwelling owes for a month. */
export interface BillTable {
  estate_id: Fixed<number>;
  bill_id: Fixed<number, never>;
  unit: Fixed<string>;
  item: Fixed<string>;
  period: Fixed<string>;
  amount: Fixed<string>;
  due_on: Fixed<string>;
  made_at: Fixed<Date>;
  rule_id: Fixed<number | null, number | null | undefined>;
  /** Canonical JSON: how the amount was reckoned. */
  lines: Fixed<string, string | undefined>;
  of_bill: Fixed<number | null, number | null | undefined>;
  seq: Fixed<number | null, number | null | undefined>;
  import_id: Fixed<number | null, number | null | undefined>;
}

/** Which entries paid which bills; one whose entry is reversed counts no more. */
export interface BillPaymentTable {
  estate_id: Fixed<number>;
  bill_id: Fixed<number>;
  seq: Fixed<number>;
  amount: Fixed<string>;
}

/** From which month on bills are made by themselves; the last row of an item counts. */
export interface BillingStartTable {
  estate_id: Fixed<number>;
  seq: Fixed<number>;
  item: Fixed<string>;
  start_period: Fixed<string | null>;
  set_by: Fixed<string>;
}

/** Numbers (子账号) that a bank gives each dwelling to pay to; officers only. */
export interface UnitVirtualAccountTable {
  estate_id: Fixed<number>;
  virtual_account: Fixed<string>;
  unit: string;
  entered_by: string;
  entered_at: Date;
}

export interface Tables extends HouseholdTables, PurposeTables, VoiceTables {
  estate: EstateTable;
  log_head: LogHeadTable;
  record: RecordTable;
  personal_value: PersonalValueTable;
  log_key: LogKeyTable;
  log_tile: LogTileTable;
  checkpoint: CheckpointTable;
  witness: WitnessTable;
  cosignature: CosignatureTable;
  person: PersonTable;
  person_identity: PersonIdentityTable;
  credential: CredentialTable;
  session: SessionTable;
  login_failure: LoginFailureTable;
  body: BodyTable;
  key_holder: KeyHolderTable;
  term: TermTable;
  unit: UnitTable;
  resident: ResidentTable;
  invitation: InvitationTable;
  passkey: PasskeyTable;
  recovery_code: RecoveryCodeTable;
  enrolment_challenge: EnrolmentChallengeTable;
  notice: NoticeTable;
  request_key: RequestKeyTable;
  rule: RuleTable;
  rule_body: RuleBodyTable;
  proposal: ProposalTable;
  signature: SignatureTable;
  quorum: QuorumTable;
  objection: ObjectionTable;
  objection_answer: ObjectionAnswerTable;
  delegation: DelegationTable;
  signing_challenge: SigningChallengeTable;
  account: AccountTable;
  fund: FundTable;
  fund_account: FundAccountTable;
  voucher: VoucherTable;
  journal_entry: JournalEntryTable;
  posting: PostingTable;
  entry_voucher: EntryVoucherTable;
  balance: BalanceTable;
  number_head: NumberHeadTable;
  journal_draft: JournalDraftTable;
  period_close: PeriodCloseTable;
  payee: PayeeTable;
  payee_identity: PayeeIdentityTable;
  payment_order: PaymentOrderTable;
  order_voucher: OrderVoucherTable;
  pay_file: PayFileTable;
  pay_file_void: PayFileVoidTable;
  pay_file_order: PayFileOrderTable;
  invoice: InvoiceTable;
  invoice_title: InvoiceTitleTable;
  bank_account: BankAccountTable;
  match_rule: MatchRuleTable;
  match_rule_payer: MatchRulePayerTable;
  bank_balance: BankBalanceTable;
  bank_account_number: BankAccountNumberTable;
  bank_statement: BankStatementTable;
  bank_line: BankLineTable;
  bank_line_detail: BankLineDetailTable;
  statement_mapping: StatementMappingTable;
  statement_intake: StatementIntakeTable;
  bank_match: BankMatchTable;
  inquiry: InquiryTable;
  answer: AnswerTable;
  disclosure_draft: DisclosureDraftTable;
  disclosure: DisclosureTable;
  export_job: ExportJobTable;
  bank_account_asked: BankAccountAskedTable;
  bank_onboarding: BankOnboardingTable;
  mandate: MandateTable;
  bill: BillTable;
  bill_payment: BillPaymentTable;
  billing_start: BillingStartTable;
  unit_virtual_account: UnitVirtualAccountTable;
}
