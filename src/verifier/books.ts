// What the records of a log say together, as far as they were read: who serves, which rules hold, what is proposed
// and signed, what is booked. The files beside this one each judge one noun and write it down here.
import type { Facts } from './findings.ts';
import { Sums } from './fen.ts';
import type { Body } from './fields.ts';
import type { FindingCode } from './texts.ts';
import type { BankChain } from './bank-chain.ts';

/** A record in its turn. */
export interface Moment {
  seq: number;
  kind: string;
  /** "2026-10-05T01:02:03.123456Z" */
  at: string;
  /** Business day in Asia/Shanghai. */
  day: string;
  /** "2026-10 收-041" or "-". */
  number: string;
  body: Body;
  /** Taken from among earlier records that a file carries along: others between it and the next are not known. */
  learned: boolean;
}

export interface Term { term: number; person: string; body: string; office: string; starts_on: string; ends_on: string; seq: number }
export interface Delegation {
  delegation: number; body: string; principal: string; delegate: string; starts_on: string; ends_on: string; after_days: number; seq: number;
}
export interface Passkey { person: string; credential_id: string; public_key: string; algorithm: number; rp_id: string; revoked: number | null; seq: number }

export interface Rule {
  rule: number;
  kind: string;
  class: string;
  from: bigint;
  to: bigint | null;
  fund: string | null;
  payee_class: string | null;
  bodies: ReadonlyMap<string, number>;
  /** Bodies in their turn; empty where any order will do. */
  sequence: readonly string[];
  notice_days: number;
  needs_resolution: boolean;
  passkey_only: boolean;
  month_cap: bigint | null;
  ratify_days: number | null;
  expires_days: number;
  valid_from: string;
  /** null while it holds. */
  valid_to: string | null;
}

export interface Signed {
  seq: number;
  at: string;
  person: string;
  /** Whose vote it is. */
  vote: string;
  body: string;
  office: string;
  decision: string;
  method: string;
}

export type State = 'submitted' | 'returned' | 'withdrawn' | 'rejected' | 'held' | 'expired' | 'superseded' | 'approved' | 'executed';

export interface Proposal {
  proposal: number;
  kind: string;
  class: string;
  state: State;
  version: number;
  hash: string;
  /** Let go once it is carried out: by then it was compared. */
  document: Body;
  /** The very text that was hashed. */
  text: string;
  amount: bigint;
  fund: string | null;
  rule: Rule | undefined;
  /** Of an emergency order: the rule whose signers ratify it. */
  full_rule: Rule | undefined;
  maker: string;
  /** Whoever is appointed, ended or delegated to. */
  concerned: string | null;
  submitted_on: string;
  expires_on: string;
  /** First day on which it may be carried out. */
  payable_from: string;
  signatures: Signed[];
  /** Records of objections without an answer. */
  objections: Set<number>;
  approved_on: string | null;
  ratify_by: string | null;
  ratified_seq: number | null;
  executed_seq: number | null;
  /** Known from records that came along, or from before a gap: steps of it may be missing here. */
  uncertain: boolean;
}

export interface Line { account: string; fund: string; debit: number; credit: number; unit: string | null; payee: string | null }

export interface Entry {
  seq: number;
  kind: 'receipt' | 'payment' | 'transfer';
  period: string;
  number: number;
  date: string;
  description: string;
  lines: readonly Line[];
  vouchers: number;
  proposal: Proposal | null;
  /** Number of the proposal it names, also where that is not at hand. */
  ordered: number | null;
  reverses: number | null;
  /** Record of the entry that reverses it. */
  reversed_by: number | null;
  /** Line of the bank that it was made from. */
  bank_line: { account: string; position: number } | null;
  /** Suspense entry that it clears. */
  settles: number | null;
  /** Standing mandate for bank fees that it rests on. */
  mandate: number | null;
  /** Takes what dwellings paid in advance for their bills. */
  release: boolean;
  /** Year it closes, of an entry by a final account. */
  closes?: string;
}

export interface Inquiry { seq: number; day: string; about: number | null; answered_seq: number | null }
/** As it was from a record on. `closed_on`: last day of it, null while it is open. `first`: opened with the estate. */
export interface BankAccount { seq: number; first: boolean; account: string; last4: string; name_zh: string; closed_on: string | null }
export interface BankBalance { seq: number; account: string; as_of: string; balance: string }
export interface Published { seq: number; period: string; version: number; figures_sha256: string; pdf_zh_sha256: string; pdf_en_sha256: string }
/** `day`: on which the figures were drawn. */
export interface Prepared { seq: number; day: string; period: string; version: number; figures_sha256: string; facts_sha256: string }
/** `person`: null of an owner, whom the log does not name. `retired`: record of it. */
export interface Witness { witness: number; side: string; vkey: string; person: string | null; seq: number; retired: number | null }

export interface Match {
  account: string; lines: readonly number[]; entries: readonly number[];
  /** booked: the entry was made from the line. linked: both were there. offset: items of one side that cancel each other.
   *  opening: entries that are the balance before the first line. */
  way: 'booked' | 'linked' | 'offset' | 'opening';
  seq: number;
  ended_seq: number | null;
  /** Both sides are at hand, and are the same. */
  checked: boolean;
}

/** What waits in suspense: a line of the bank that was booked before anybody explained it. Fen. */
export interface Suspense {
  entry: Entry; side: 'debit' | 'credit'; fund: string; bank_account: string; amount: number;
  /** Entries that settle it, those that were reversed among them, and how much each takes. */
  settlements: { entry: Entry; amount: number }[];
}

/** What the bank may take by itself. Fen. */
export interface Mandate {
  proposal: Proposal; bank_account: string; account: string; fund: string; cap_each: number; cap_month: number; from: string; to: string;
  /** Nothing dated that day or later rests on it. */
  ended_on: string | null;
  /** Taken by month. */
  used: Map<string, number>;
}

/** `signers`: of the body that hands over. `taken`: proposal by which the next company took the books over. */
export interface HandedOver { body: string; hash: string; submitted_on: string; signers: readonly string[]; taken: number | null }

/** A vote of the owners from its announcement on. Areas in hundredths of square metres; ballots by name on the roll, null where secret. */
export interface Vote {
  resolution: number; title: string; seq: number; roll: ReadonlyMap<string, bigint>; area: bigint; rule_day: string; special: boolean; secret: boolean; starts_on: string; ends_on: string; paper_days: number;
  ballots: Map<string, string | null>;
  /** Whose a paper is, and who read it for which body. */
  papers: Map<number, { voter: string; by: Map<string, string> }>;
  over: boolean; counted_on: string | null; count_sha256: string | null; outcome: string | null; certified: boolean;
}

/** Everything read of one log. */
export class Books {
  readonly estate: string;
  /** Last record read in its turn, and its time. */
  seq = 0;
  at = '';
  /** Whether the records from the first one on are all known. */
  complete = false;
  /** First record known that is not part of opening the estate: from there on terms come by proposal. */
  opening_end = Infinity;
  is_demo: boolean | null = null;
  readonly body_names = new Map<string, { name_zh: string; name_en: string }>();
  /** Other names from a day on, by signed forms, in the order of the log. */
  readonly body_forms: { seq: number; body: string; from: string; name_zh: string }[] = [];
  /** Every ballot, as the table of ballots should have it: "seq, resolution, voter, way, choice or commitment". */
  readonly ballot_lines = new Map<number, string>();
  readonly log_keys = new Map<number, string>();
  readonly terms = new Map<number, Term>();
  readonly term_ends = new Map<number, string>();
  readonly delegations = new Map<number, Delegation>();
  readonly delegation_ends = new Map<number, string>();
  readonly passkeys = new Map<string, Passkey>();
  readonly revoked = new Map<string, number>();
  readonly rules = new Map<number, Rule>();
  readonly proposals = new Map<number, Proposal>();
  readonly nonces = new Set<string>();
  readonly entries = new Map<number, Entry>();
  readonly periods = new Map<string, Entry[]>();
  /** Last number by month and kind. */
  readonly numbers = new Map<string, number>();
  /** Month from which on all entries are known; '' when they all are. Null before any record was read in its turn. */
  known_from: string | null = null;
  closed_period: string | null = null;
  readonly closed_at = new Map<string, Moment>();
  readonly close_proposals = new Map<string, Proposal>();
  readonly inquiries = new Map<number, Inquiry>();
  /** By the entry they are about, so that nobody looks for them among all. */
  readonly asked_about = new Map<number, Inquiry[]>();
  readonly bank_accounts: BankAccount[] = [];
  readonly bank_balances: BankBalance[] = [];
  /** What the bank's statements say, by account. */
  readonly banks = new Map<string, BankChain>();
  readonly matches: Match[] = [];
  /** Matches that stand, by account and line, and by entry. */
  readonly line_matches = new Map<string, Match>();
  readonly entry_matches = new Map<number, Match[]>();
  readonly mandates = new Map<number, Mandate>();
  /** Orders that stand in a pay file, with its record. */
  readonly pay_file_orders = new Map<number, number>();
  /** Suspense entries, by record. */
  readonly suspense = new Map<number, Suspense>();
  /** Held for dwellings, by dwelling, account and fund, since the first record read. */
  readonly held = new Sums<string>();
  /** Name of the trustee from a record on, in the order of the log. */
  readonly trustees: { seq: number; trustee: string }[] = [];
  /** Closing certificates by proposal, with their signers of the company's side. */
  readonly handovers = new Map<number, HandedOver>();
  readonly votes = new Map<number, Vote>();
  readonly vouchers = new Map<string, number>();
  /** Entries by the hash of a voucher under them. */
  readonly voucher_entries = new Map<string, string[]>();
  readonly prepared: Prepared[] = [];
  readonly published: Published[] = [];
  readonly witnesses = new Map<number, Witness>();
  readonly counted = { records: 0, entries: 0, signatures: 0, by_passkey: 0, weak: 0, carried_out: 0, begun_earlier: 0, elsewhere: 0 };
  #accuse: (code: FindingCode, facts?: Facts) => void = () => {};

  constructor(estate: string) {
    this.estate = estate;
  }

  /** Reports at the record that is being read. */
  accuse(code: FindingCode, facts?: Facts): void {
    this.#accuse(code, facts);
  }

  reportTo(accuse: (code: FindingCode, facts?: Facts) => void): void {
    this.#accuse = accuse;
  }

  /** Records between the last one and the next are not known: what was under way may have gone on. */
  skip(): void {
    this.complete = false;
    this.numbers.clear();
    this.closed_period = null;
    // What was matched may have been undone meanwhile.
    this.line_matches.clear();
    this.entry_matches.clear();
    this.pay_file_orders.clear();
    // Ballots may be among what is not known.
    this.votes.clear();
    for (const proposal of this.proposals.values()) {
      proposal.uncertain = true;
      proposal.objections.clear();
    }
  }

  /** The term as ended early, if it was. */
  lastDay({ term, ends_on }: Term): string {
    const ended = this.term_ends.get(term);
    return ended !== undefined && ended < ends_on ? ended : ends_on;
  }

  lastDayOf({ delegation, ends_on }: Delegation): string {
    const ended = this.delegation_ends.get(delegation);
    return ended !== undefined && ended < ends_on ? ended : ends_on;
  }
}
