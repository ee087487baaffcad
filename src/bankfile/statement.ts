// What a bank's file says, whatever its format: one account, a span of days, an opening balance, lines in the order
// of the bank, a closing balance. Pure: it knows neither files nor the database, and chain.ts proves it before anybody
// believes it (opening + lines = closing, every running balance continuous).
import type { BusinessDate } from '../kernel/dates.ts';

/** A line (银行流水) as the bank printed it. Money is text with two places ("-1200.00"). */
export interface StatementLine {
  /** Where it stands in the file, as a person would look for it: row of the sheet, line of the text, entry of the message; from 1. */
  row: number;
  booked_on: BusinessDate;
  /** "15:24:03", empty where the bank gives none. */
  booked_time: string;
  /** Above zero: money in (bank: 贷方). Below zero: money out (bank: 借方). */
  amount: string;
  /** Running balance after the line; null only until chain.ts has computed it. */
  balance: string | null;
  /** The bank's serial number of the line; empty where there is none (or "000000000"). */
  serial: string;
  counterparty_name: string;
  counterparty_account: string;
  counterparty_bank: string;
  /** 摘要. */
  memo: string;
  /** 用途, 附言, remittance information. */
  purpose: string;
  /** True for a red-letter line: negative on the side it takes back. Its amount has the sign of what it does (money out
   *  of −5.00 is money in), but the bank counts it in the totals of the other side. */
  red?: true;
}

/** As parsed, not yet proven. What the file does not say is null. */
export interface RawStatement {
  /** "icbc-detail", "cmb", "camt.053", "mt940", "mapping:<signature>". */
  format: string;
  account_number: string | null;
  account_name: string | null;
  currency: string | null;
  from: BusinessDate | null;
  to: BusinessDate | null;
  opening: string | null;
  closing: string | null;
  /** Totals as printed, to be compared: number and sum of lines out and in. */
  out_count: number | null;
  out_total: string | null;
  in_count: number | null;
  in_total: string | null;
  /** Number of all lines as printed. */
  line_count?: number | null;
  lines: StatementLine[];
}

/** Proven: the lines are oldest first, each has its balance. */
export interface Statement extends RawStatement {
  opening: string;
  closing: string;
  lines: (StatementLine & { balance: string })[];
}

/** Columns picked by a person for a bank that is not known here; numbers count from 0. */
export interface Mapping {
  /** SHA-256 of the header cells: which files it is for. */
  signature: string;
  booked_on: number;
  booked_time: number | null;
  /** Either one signed column … */
  amount: number | null;
  /** … or money in and money out apart. */
  amount_in: number | null;
  amount_out: number | null;
  /** 借/贷 (支/收, D/C) in a column of its own: then `amount` has no sign. */
  side?: number | null;
  balance: number | null;
  serial: number | null;
  counterparty_name: number | null;
  counterparty_account: number | null;
  counterparty_bank: number | null;
  memo: number | null;
  purpose: number | null;
}

export interface ReadOptions {
  /** For layouts that are not known here. */
  mappings?: readonly Mapping[] | undefined;
  /** Given by a person for files that have no balances. */
  opening?: string | undefined;
  closing?: string | undefined;
}

/** What a file that is a table, but of no known layout, offers the mapping screen. */
export interface TablePreview {
  signature: string;
  /** Cells of the header row, trimmed. */
  header: string[];
  /** Row of the header in the file, from 1. */
  header_row: number;
  /** The first rows below it. */
  sample: string[][];
  /** What each column looks like it is; null where nothing was guessed. */
  guess: Mapping | null;
}

export type ReadStatement =
  | { kind: 'statement'; statement: Statement }
  | { kind: 'unmapped'; preview: TablePreview };
