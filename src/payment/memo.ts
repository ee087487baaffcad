// The memo (摘要) of what an order books, and the answer to its booking.
import type { Document } from '../approval/queries.ts';
import { MEMO_LIMIT } from '../ledger/entry.ts';

export interface Paid {
  status: 'posted' | 'already_posted';
  seq: number;
  period: string;
  /** "付-012". */
  number: string;
}

/** Room for "事后补单：" before it. */
const LIMIT = MEMO_LIMIT - 5;

/** The order's purpose and the payee as everybody may read it: a person is masked already. */
export function memoOf(document: Document): string {
  const payee = document['payee'] as { name?: string } | undefined;
  const memo = `${String(document['purpose'])}（${payee?.name ?? ''}）`;
  return [...memo].length <= LIMIT ? memo : String(document['purpose']);
}
