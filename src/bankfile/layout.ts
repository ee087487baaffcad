// How a bank lays out its table: which heading names which column. A layout is recognised by the cells of its header
// row and by nothing else; files are renamed, saved anew and mailed around before they arrive here.
//
// Sides are the bank's: 借方 (debit) lowers what the bank owes us, so it is money OUT; 贷方 (credit) is money IN.
import { plainCell } from './value.ts';

/** What a column can be. Those in plural are joined where several are filled. */
export interface Headings {
  booked_on: readonly string[];
  booked_time?: readonly string[];
  /** One column with a sign: above zero is money in. */
  amount?: readonly string[];
  amount_in?: readonly string[];
  amount_out?: readonly string[];
  /** One column without a side; 借 or 贷 stands beside it. */
  amount_unsigned?: readonly string[];
  /** 借/贷, 来账/往账 … checked against the columns where both stand. */
  side?: readonly string[];
  balance?: readonly string[];
  serial?: readonly string[];
  counterparty_name?: readonly string[];
  counterparty_account?: readonly string[];
  counterparty_bank?: readonly string[];
  /** Payer and payee apart (BOC): the other side of money in is the payer, of money out the payee. */
  payer_name?: readonly string[];
  payer_account?: readonly string[];
  payer_bank?: readonly string[];
  payee_name?: readonly string[];
  payee_account?: readonly string[];
  payee_bank?: readonly string[];
  memos?: readonly string[];
  purposes?: readonly string[];
  currency?: readonly string[];
  own_account?: readonly string[];
  own_name?: readonly string[];
}
export type Role = keyof Headings;

export interface Layout {
  /** Kept with every statement. */
  format: string;
  /** Headings of which each must stand in the header row (one of each group). */
  needs: readonly (readonly string[])[];
  /** Headings that would make it another bank's table. */
  not?: readonly string[];
  headings: Headings;
}

/** Where each role stands: numbers of columns from 0. */
export type Columns = Partial<Record<Role, number[]>>;

/** A heading for comparing: full-width forms made plain, blanks gone, a translation in brackets
 *  ("交易日期[ Transaction Date ]"), the unit ("余额(元)") and decoration at the ends left out. */
export function plainHeading(raw: string): string {
  const text = plainCell(raw).normalize('NFKC');
  // "[HISTORYDETAIL]" is a mark, not a translation of nothing.
  const named = text.startsWith('[') ? text : text.replace(/\s*\[[^\]]*\]\s*$/, '');
  return named.replace(/\s+/g, '').replace(/^[#*]+|[:*]+$/g, '').replace(/\((?:元|人民币|人民币元)\)$/, '');
}

/** Which of `headings` this layout's roles are; null where it is not this layout. A heading of money or days that
 *  stands there twice makes the table ambiguous: then it is not this layout either, and a person chooses. */
export function columnsOf(layout: Layout, headings: readonly string[]): Columns | null {
  const places = new Map<string, number[]>();
  headings.forEach((heading, column) => {
    if (heading !== '') places.set(heading, [...(places.get(heading) ?? []), column]);
  });
  if (!layout.needs.every((group) => group.some((name) => places.has(name)))) return null;
  if (layout.not?.some((name) => places.has(name)) === true) return null;

  const columns: Columns = {};
  for (const [role, names] of Object.entries(layout.headings) as [Role, readonly string[]][]) {
    const several = role === 'memos' || role === 'purposes';
    const found = names.flatMap((name) => places.get(name) ?? []);
    if (found.length === 0) continue;
    const first = places.get(names.find((name) => places.has(name))!)!;
    if (/^(?:booked_on|amount|balance|side)/.test(role) && first.length > 1) return null;
    columns[role] = several ? found : [first[0]!];
  }
  const one = columns.amount !== undefined;
  const two = columns.amount_in !== undefined && columns.amount_out !== undefined;
  const flagged = columns.amount_unsigned !== undefined && columns.side !== undefined;
  return columns.booked_on !== undefined && (one || two || flagged) ? columns : null;
}

/** The header row of a known layout among the first rows; rows count from 0 here. */
export interface Recognised { layout: Layout; columns: Columns; header: number }

/** Rows that may stand before the header: the longest known preamble has some twenty. */
export const MOST_PREAMBLE_ROWS = 80;

export function recognise(rows: readonly (readonly string[])[], layouts: readonly Layout[]): Recognised | null {
  const last = Math.min(rows.length, MOST_PREAMBLE_ROWS);
  for (let header = 0; header < last; header += 1) {
    const row = rows[header]!;
    if (row.length < 4 || row.length > 300) continue;
    const headings = row.map(plainHeading);
    for (const layout of layouts) {
      const columns = columnsOf(layout, headings);
      if (columns !== null) return { layout, columns, header };
    }
  }
  return null;
}
