// The figures of one monthly disclosure (收支公示), complete: what the PDF prints, what its JSON
// attachment carries, what the HTML twin shows. Money is a decimal string with two places ("7000.00"),
// dates YYYY-MM-DD, instants ISO 8601 UTC. Nothing here is personal data.
export interface Named { name_zh: string; name_en: string }

export interface HeadingRow extends Named {
  account: string;
  month: string;
  year: string;
  /** Share of the month's total in per cent with one place ("12.3"), null when the total is zero. */
  share: string | null;
}

/** Money in or out that is neither income nor expense: deposits, prepayments, payables, opening. */
export interface OtherRow extends Named { account: string; received: string; paid: string }

export interface FundRow extends Named {
  fund: string;
  opening: string;
  received: string;
  paid: string;
  closing: string;
  purpose_zh: string;
  purpose_en: string;
}

export interface Signer extends Named {
  /** Body and office, never a person's name: "物业公司 · 项目经理". */
  body: string;
  office: string;
  method: string;
  signed_at: string;
  weak: boolean;
}

export interface EntryLine extends Named {
  account: string;
  fund: string;
  fund_zh: string;
  fund_en: string;
  debit: string;
  credit: string;
}

export interface EntryRow {
  seq: number;
  kind: 'receipt' | 'payment' | 'transfer';
  /** "收-041" */
  number: string;
  date: string;
  description: string;
  /** The lines against the bank (all lines for a transfer), in the order of the voucher. */
  lines: EntryLine[];
  /** Change of the estate's money by this entry; a red-letter reversal is negative in its own column. */
  received: string;
  paid: string;
  /** Money of the estate after this entry, in the order printed. */
  balance: string;
  signers: Signer[];
  vouchers: number;
  reverses: string | null;
  reversed_by: string | null;
  inquiries: { asked: number; open: number };
  /** Only of a payment under an emergency order: fewer signed, and whether the rest did afterwards. */
  emergency?: { ratify_by: string; ratified: boolean };
  /** Only of an entry that books what the bank moved and nobody explained: what is still not explained. */
  unexplained?: { side: 'debit' | 'credit'; left: string };
  /** Only of an entry that explains such a one: its number, and whether an order was signed for it after the fact. */
  settles?: { number: string; after_the_fact: boolean };
  /** Only of a bank fee under a standing mandate: the number of that proposal. */
  mandate?: number;
}

export interface Notice {
  kind: 'unclosed' | 'unsigned' | 'unreconciled' | 'unexplained' | 'unanswered' | 'late' | 'reversal';
  text_zh: string;
  text_en: string;
}

export interface BankRow extends Named {
  account_last4: string;
  /** Balance by the bank's own statement, null when none has been handed in for the month. */
  bank_balance: string | null;
  as_of: string | null;
  book_balance: string;
  /** Bank less books on that day. */
  difference: string | null;
  /** Ledger account. This and the next are absent from disclosures of before statements were kept line by line. */
  account?: string;
  /** Null: no statement reaches up to the month. */
  statement?: BankStatementRow | null;
  /** Only of an account that the bank closed. */
  closed_on?: string;
}

/** What stands between bank and books at the end of the last day of the month that statements cover (余额调节表). */
export interface BankStatementRow {
  from: string;
  covered_to: string;
  /** Lines of the bank that the books did not have by that day, and what they brought and took. */
  bank_items: number;
  bank_received: string;
  bank_paid: string;
  /** Entries that the bank did not have by that day. */
  book_items: number;
  book_received: string;
  book_paid: string;
  /** Of these lines, those that no entry answers to this day. */
  open_lines: number;
  /** Bank with the books' items less books with the bank's items. */
  remaining: string;
}

/** What the bank moved and nobody explained (待核实): raised in the month, or open at its end. */
export interface UnexplainedRow {
  seq: number;
  side: 'debit' | 'credit';
  account: string;
  account_last4: string;
  /** By the bank, and by the books. */
  booked_on: string;
  date: string;
  period: string;
  number: string;
  fund: string;
  amount: string;
  /** Not explained at the month's end, and not explained when this was drawn up. */
  left_then: string;
  left: string;
  /** Entries that explain it; of a debit, with the order that was signed for it after the fact. */
  settled: { seq: number; period: string; number: string; date: string; amount: string; order: number | null }[];
}

/** What of the dwellings' bills was collected (收费情况): a memorandum, for a bill is no entry. Nothing here points at a dwelling. */
export interface FeesRow {
  /** Open before the month and at its end, due or not: anybody can reckon these from areas, rates and the books. */
  opening: string;
  closing: string;
  /** Paid of bills of this month and of earlier ones. */
  collected: string;
  /** Bills for the month; collected up to its end, also in advance. `rate`: per cent of what was billed less reduced, "95.0". Both null
   *  where `overdue` is: the difference to `closing` would tell it. */
  month: { bills: number; billed: string; reduced: string; collected: string | null; rate: string | null };
  /** In the month, of bills of earlier months. */
  earlier: { reduced: string; collected: string | null };
  /** At the month's end, past the due day; null where so few dwellings are, or so few are not, that it would point at them. */
  overdue: { dwellings: number; owing: number; bills: number; amount: string } | null;
  /** Days past the due day: up to 30, 90, 365, more. Null: kept back. */
  ages: { age: 'd30' | 'd90' | 'd365' | 'older'; owing: number | null; amount: string | null }[];
}

// ── Beside the books ─────────────────────────────────────────────────────────────────────────────
// Absent from disclosures of before there was any of it.

/** Questions of owners (质询) as they stood on a day: counts, never a text or a person. */
export interface VoiceRow {
  day: string;
  /** Asked in the month, and answered in it; of these after their due day. */
  asked: number;
  answered: number;
  answered_late: number;
  /** Without an answer: in time, past the due day, past twice the days. */
  waiting: number;
  late: number;
  very_late: number;
  /** Answers whose asker was not satisfied, ever. */
  unsatisfied: number;
}

export interface BudgetLine extends Named {
  account: string;
  fund: string;
  fund_zh: string;
  fund_en: string;
  side: 'income' | 'expense';
  budget: string;
  /** Of the year up to the month's end, by the books, without the closing entries of the year. */
  actual: string;
  /** Orders approved and not yet paid. */
  committed: string;
  /** Budget less actual less committed; of an expense below zero: over budget. */
  left: string;
}

/** The year's budget (预算) and how far it is carried out at the month's end. */
export interface BudgetTold {
  year: string;
  day: string;
  /** Number of the proposal by which it holds. */
  proposal: number;
  lines: BudgetLine[];
  /** Orders of the year up to that day that went over the budget with a reason. */
  over: number;
}

export interface ProjectSource {
  source: string;
  source_zh: string;
  source_en: string;
  /** The source's own fund. */
  fund: string;
  target: string;
  /** Where dwellings pledge; else null. */
  pledged: string | null;
  received: string;
  spent: string;
  returned: string;
  /** Received less spent less returned: the money of its fund at the month's end. */
  left: string;
  /** What others spent themselves and never paid in, as noted: in no other figure. */
  outside: string;
}

/** Money with a purpose (项目), source by source. */
export interface ProjectTold extends Named {
  project: number;
  stage_zh: string;
  stage_en: string;
  sources: ProjectSource[];
}

/** A satisfaction survey (满意度调查): never part of the accounts. */
export interface SurveyTold extends Named {
  survey: number;
  from: string;
  to: string;
  /** Dwellings that could answer, and that did; `rate` in per cent "12.3". */
  asked: number;
  answered: number;
  rate: string;
  /** Answers of 4 or 5 to the first question in per cent, null where too few answered. */
  satisfied: string | null;
  /** Mean of 1 to 5 by question, null where too few answered. */
  questions: (Named & { mean: string | null })[];
}

/** The nightly checks of the books (自检), the last run before this was drawn up. */
export interface ChecksTold {
  at: string;
  checks: number;
  failed: Named[];
}

export interface DisclosureFigures {
  format: 'mingzhang/monthly-disclosure/v1';
  estate: Named & {
    code: string; households: number; area_m2: string; fee_rate: string | null;
    mode_zh: string; mode_en: string; trustee: string; committee: string;
  };
  period: string;
  version: number;
  /** Why there is a version above 1; null for version 1. */
  correction: Named | null;
  published_at: string | null;
  due_on: string;
  closed_at: string | null;
  /** Last record of the estate's log that these figures cover. */
  log: { size: number; leaf_hash: string };
  /** What was published of the month before, newest version; null where nothing was. */
  previous: { period: string; version: number; pdf_zh_sha256: string; pdf_en_sha256: string } | null;
  opening: string;
  received: string;
  paid: string;
  closing: string;
  notices: Notice[];
  bank: BankRow[];
  /** Absent from disclosures of before statements were kept line by line. */
  unexplained?: UnexplainedRow[];
  income: HeadingRow[];
  expense: HeadingRow[];
  income_total: { month: string; year: string };
  expense_total: { month: string; year: string };
  other: OtherRow[];
  funds: FundRow[];
  /** Twelve months up to this one, oldest first. */
  months: { period: string; received: string; paid: string }[];
  entries: EntryRow[];
  /** Signatures of the close of the month. */
  signatures: Signer[];
  /** Of disclosures of before there were bills; null since. */
  arrears: { bills: number; amount: string } | null;
  /** Absent where no bills are made. */
  fees?: FeesRow;
  voice?: VoiceRow;
  budget?: BudgetTold;
  projects?: ProjectTold[];
  surveys?: SurveyTold[];
  checks?: ChecksTold;
}
