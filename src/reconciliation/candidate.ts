// What a line of the bank may be (勾对候选): entries that are in the books, an approved order, a fee under a mandate,
// interest, bills of a dwelling, or what somebody is known to pay for. Pure types and the words of two judgements:
//   certain    the program books or links it by itself      proposed   a person says yes or no
// A line for which there is neither is unexplained and goes to 待核实 at once.
import type { BusinessDate } from '../kernel/dates.ts';
import type { OpenBill } from '../billing/queries.ts';

/** A line of the bank that no entry answers, with what the bank says about it. */
export interface OpenLine {
  position: number;
  booked_on: BusinessDate;
  /** Above zero in, below zero out. */
  amount: string;
  serial: string;
  counterparty_name: string;
  counterparty_account: string;
  memo: string;
  purpose: string;
  /** Statement that brought it: its file, who handed it in and when. */
  sha256: string;
  imported_by: string;
  imported_at: Date;
  /** How often it was matched before; part of the key of what is booked from it. */
  tries: number;
}

/** An entry on the bank account that no line answers. */
export interface BookItem {
  seq: number;
  entry_date: BusinessDate;
  amount: string;
  /** "2026-11 付-003". */
  number: string;
  description: string;
  /** Reference of the bank as the cashier entered it; empty where none. */
  reference: string;
  /** Account the order behind it pays to; empty where there is no order or its payee was erased. */
  payee_account: string;
  payee_last4: string;
  /** Day on which the order behind it had all its signatures. */
  approved_on: BusinessDate | null;
  /** unit.ref of the one dwelling it credits. */
  unit_ref: string | null;
  pay_file: number | null;
}

/** An approved order that is not paid, of this bank account. */
export interface OpenOrder {
  proposal_id: number;
  reference: string;
  amount: string;
  payee_name: string;
  payee_account: string;
  payee_last4: string;
  purpose: string;
  approved_on: BusinessDate;
  /** First day on which it may be paid, where it is announced. */
  payable_from: BusinessDate | null;
  /** An objection to it is unanswered. */
  objected: boolean;
  pay_file: number | null;
}

/** A standing mandate by which the bank may take its fees. */
export interface Mandate {
  proposal_id: number;
  account: string;
  fund: string;
  cap_each: string;
  valid_from: BusinessDate;
  /** Last day; earlier than signed where a body ended it. */
  valid_to: BusinessDate;
}

export interface Rule {
  rule_id: number;
  kind: 'fee' | 'interest' | 'receipt';
  words: string[];
  payer_hash: string | null;
  account: string | null;
  fund: string | null;
  unit: string | null;
  by_itself: boolean | null;
  is_on: boolean;
  confirmations: number;
}

export type Why =
  | 'same_reference' | 'same_payee' | 'same_unit' | 'only_one' | 'same_amount' | 'day_sum' | 'file_sum' | 'lines_sum' | 'returned'
  | 'order_reference' | 'order_payee' | 'order_amount' | 'fee' | 'interest' | 'virtual_account' | 'unit' | 'name' | 'learned';

/** Where a credit goes: straight to an account, or to the bills of dwellings. */
export interface ReceiptPlan {
  account: string | null;
  fund: string;
  /** Dwellings whose open bills are paid, oldest first; what is left is paid ahead for the first. */
  units: { unit: string; ref: string }[];
  bills: OpenBill[];
}

export interface Candidate {
  /** Names it in forms and in the interface, "order:12": the same as long as the books are the same. */
  id: string;
  why: Why;
  certain: boolean;
  /** Lines it answers, the one it is shown for among them. */
  lines: number[];
  entries: number[];
  orders: number[];
  mandate?: Mandate | undefined;
  receipt?: ReceiptPlan | undefined;
  rule?: number | undefined;
}

const digitsOf = (account: string): string => account.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();

/** A whole account number to compare by, or '' where the bank gives none or hides a part of it. */
export const accountKey = (account: string): string => {
  const plain = digitsOf(account);
  return /^[0-9A-Z]{8,}$/.test(plain) ? plain : '';
};

/** Whether the bank paid to the account that was signed. unknown: the bank does not say, or hides it. */
export function sameAccount(bank_says: string, { payee_account, payee_last4 }: Pick<OpenOrder, 'payee_account' | 'payee_last4'>): 'same' | 'other' | 'unknown' {
  const said = digitsOf(bank_says);
  const tail = /[0-9A-Z]{4}$/.exec(said)?.[0];
  if (tail === undefined) return 'unknown';
  const signed = accountKey(payee_account);
  if (accountKey(said) !== '' && signed !== '') return accountKey(said) === signed ? 'same' : 'other';
  const signed_tail = signed === '' ? payee_last4 : signed.slice(-4);
  return signed_tail === '' || signed_tail === tail ? 'unknown' : 'other';
}
