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
}
