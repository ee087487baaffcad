// Which bank account a statement file is of: by the number in the file, against the full numbers kept for officers or,
// where none was entered, the last four digits. Nobody can hand in one account's file as another's.
import type { Trx } from '../kernel/database.ts';
import { refusals } from './statement-refusals.ts';

export interface StatementAccount {
  account: string;
  name_zh: string;
  name_en: string;
  bank_name: string;
  account_last4: string;
  closed_on: string | null;
}

interface Numbered extends StatementAccount { number: string | null }

const plain = (number: string): string => number.normalize('NFKC').replace(/[\s-]/g, '');

/** What the file prints of its number (some banks mask the middle) fits this account. */
function fits(printed: string, { number, account_last4 }: Numbered): boolean {
  const kept = number === null ? null : plain(number);
  if (!printed.includes('*')) return kept === null ? printed.endsWith(account_last4) : printed === kept;
  const [head, tail] = [/^[^*]*/.exec(printed)![0], /[^*]*$/.exec(printed)![0]];
  // A mask that leaves fewer than four digits at the end says nothing.
  if (tail.length < 4) return false;
  return kept === null ? tail.endsWith(account_last4) : kept.startsWith(head) && kept.endsWith(tail);
}

export interface AccountFound {
  account: StatementAccount;
  /** False where the file names no account, so that the person said whose it is, or there is only one. */
  named: boolean;
}

/** Refusals: statement_account_unknown, _missing, _differs. `chosen`: ledger account the person picked. */
export async function accountOf(trx: Trx, estate_id: number, printed_number: string | null, chosen: string | null): Promise<AccountFound> {
  const rows: Numbered[] = await trx.selectFrom('bank_account as b')
    .leftJoin('bank_account_number as n', (join) => join.onRef('n.estate_id', '=', 'b.estate_id').onRef('n.account', '=', 'b.account'))
    .select(['b.account', 'b.name_zh', 'b.name_en', 'b.bank_name', 'b.account_last4', 'b.closed_on', 'n.number'])
    .where('b.estate_id', '=', estate_id).orderBy('b.account').execute();
  const known = rows.map((row) => row.account_last4).join('、');
  const picked = chosen === null ? undefined : rows.find((row) => row.account === chosen);
  if (chosen !== null && picked === undefined) throw refusals.statement_account_missing({}, 'bank_account');
  const printed = printed_number === null ? '' : plain(printed_number);
  if (printed === '') {
    const open = rows.filter((row) => row.closed_on === null);
    const account = picked ?? (open.length === 1 ? open[0] : undefined);
    if (account === undefined) throw refusals.statement_account_missing({}, 'bank_account');
    return { account: withoutNumber(account), named: false };
  }
  const found = rows.filter((row) => fits(printed, row));
  const ending = printed.slice(-4);
  if (found.length === 0) throw refusals.statement_account_unknown({ ending, known }, 'bank_account');
  if (picked !== undefined && !found.includes(picked)) {
    throw refusals.statement_account_differs({ chosen: picked.account_last4, ending }, 'bank_account');
  }
  const account = picked ?? (found.length === 1 ? found[0] : undefined);
  if (account === undefined) throw refusals.statement_account_missing({}, 'bank_account');
  return { account: withoutNumber(account), named: true };
}

const withoutNumber = ({ number: _number, ...account }: Numbered): StatementAccount => account;
