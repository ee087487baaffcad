// What somebody needs who wants to pay (交费): what is open, and to which account. An account is shown only where both keys signed for
// its number (bank_account.number_hash) and the number kept here is the one that was signed (guard_bank_account_number). Numbers that
// the bank gave single dwellings are not shown: nobody signs for them, so that whoever enters them could have people pay elsewhere.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { openBills, type OpenBill } from './queries.ts';

export interface PayAccount {
  account: string;
  /** Holder as the bank knows it: what was signed. */
  holder: string;
  bank_name: string;
  number: string;
}

/** Open accounts that were signed for by both keys, the first one first. */
export async function payAccounts(trx: Trx, estate_id: number): Promise<PayAccount[]> {
  const { rows } = await sql<PayAccount>`
    select b.account, b.name_zh as holder, b.bank_name, n.number
    from bank_account b join bank_account_number n on n.estate_id = b.estate_id and n.account = b.account
    where b.estate_id = ${estate_id} and b.closed_on is null and b.number_hash is not null
      and b.number_hash = commitment_of(n.salt, 'account_number', n.number)
    order by b.account`.execute(trx);
  return rows;
}

export interface Owed { bills: OpenBill[]; open: string; /** Received in advance and not used yet. */ held: string }

/** What is open of a dwelling, from a month on where the reader lives there since then. */
export async function owedBy(trx: Trx, { estate_id, unit, from }: { estate_id: number; unit: string; from: string | null }): Promise<Owed> {
  const bills = (await openBills(trx, estate_id, { units: [unit] })).filter((bill) => from === null || bill.period >= from.slice(0, 7));
  // What the reader may see began with their own months: what an owner before them left is no figure of theirs.
  const { rows: [row] } = await sql<{ held: string }>`
    select coalesce(sum(p.credit - p.debit), 0)::numeric(16, 2) as held from unit u join posting p on p.estate_id = u.estate_id and p.unit = u.ref and p.account = '2203'
    join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
    where u.estate_id = ${estate_id} and u.unit = ${unit} and (${from}::date is null or e.entry_date >= ${from}::date)`.execute(trx);
  const held = money(row!.held);
  return { bills, open: moneyText(sum(bills.map((bill) => money(bill.open)))), held: held.isNegative() ? '0.00' : moneyText(held) };
}

/** What to write on the transfer, so that matching knows the dwelling: dwellingsIn() reads it back. */
export const payReference = (unit: string): string => `${unit} 物业费`;
