// The figures of one reconciliation statement (银行存款余额调节表), complete: what the page shows, the PDF prints and the
// interface gives. Money is a decimal string with two places ("7000.00"), dates YYYY-MM-DD, instants ISO 8601 UTC.
export interface Named { name_zh: string; name_en: string }

/** A line of the bank that the books did not have by the day. */
export interface BankItem {
  position: number;
  date: string;
  /** Above zero in, below zero out. */
  amount: string;
  /** The bank's own number of it; empty where it gives none. */
  serial: string;
  /** Day and number of the entry that answers it since ("2026-11 付-003"); null: none does. */
  answered_on: string | null;
  answered_by: string | null;
  /** What the bank says about it; null for readers who are no officers. */
  text: string | null;
}

/** An entry that the bank did not have by the day. */
export interface BookItem {
  seq: number;
  date: string;
  period: string;
  number: string;
  description: string;
  amount: string;
  /** Day of the bank's line, or of the reversal, that answers it since; null: nothing does. */
  answered_on: string | null;
  /** Number of that reversal; null: it was not reversed, or the bank has it all the same. */
  reversed_by: string | null;
}

/** Booked to 待核实 because the bank says so, and not explained at the end of the day. */
export interface SuspenseItem {
  seq: number;
  side: 'debit' | 'credit';
  position: number;
  date: string;
  period: string;
  number: string;
  fund: string;
  fund_zh: string;
  fund_en: string;
  amount: string;
  /** Not explained at the end of the day, and as of the drawing. */
  left_then: string;
  left_now: string;
  /** Days from the bank's booking to the day. */
  days: number;
  settled_by: string | null;
  text: string | null;
}

export interface StatementFile {
  seq: number;
  from: string;
  to: string;
  format: string;
  /** The format as people say it: "建设银行". */
  format_name: Named;
  lines: number;
  repeated: number;
  imported_at: string;
  /** Body and office of whoever handed it in, never a person's name: "物业公司 · 出纳"; null: nobody in office that day. */
  by: (Named & { body: string }) | null;
}

export interface ReconciliationFigures {
  format: 'mingzhang/reconciliation/v1';
  estate: Named & { code: string; trustee: string; committee: string };
  bank_account: Named & { account: string; bank_name: string; account_last4: string; closed_on: string | null };
  period: string;
  last_day: string;
  /** Day it is drawn for: the month's last, or the last one that statements cover; null: the bank has said nothing. */
  as_of: string | null;
  /** statement: line by line. balance: only a balance was handed in. none: nothing was. */
  basis: 'statement' | 'balance' | 'none';
  covered_from: string | null;
  covered_to: string | null;
  drawn_at: string;
  /** Records of the log it covers. */
  size: number;
  bank_balance: string | null;
  book_balance: string;
  /** Bank less books, before the items. */
  difference: string | null;
  book_items: BookItem[];
  bank_items: BankItem[];
  totals: { book_received: string; book_paid: string; bank_received: string; bank_paid: string };
  adjusted_bank: string | null;
  adjusted_books: string;
  /** Adjusted bank less adjusted books: what set both apart before the first statement, and nothing else. */
  remaining: string | null;
  suspense: SuspenseItem[];
  statements: StatementFile[];
  /** Bodies other than the first that handed in the same days themselves. */
  confirmed_by: (Named & { body: string })[];
  closed_at: string | null;
  signers: (Named & { body: string; signed_at: string })[];
}
