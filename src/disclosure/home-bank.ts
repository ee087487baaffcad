// Whether the bank says what the books say, as the home page tells it: by the lines of its statements, or where there are none,
// by the last balance handed in.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { daysBetween, type BusinessDate } from '../kernel/dates.ts';
import { money } from '../kernel/money.ts';

export interface BankToday {
  account: string;
  name_zh: string;
  name_en: string;
  account_last4: string;
  /** Last day the bank has spoken for; null: it never has. */
  as_of: BusinessDate | null;
  by_line: boolean;
  bank_balance: string | null;
  book_balance: string | null;
  /** Bank less books on that day. */
  difference: string | null;
  /** Items that stand between both, and lines among them that no entry answers. */
  items: number;
  open_lines: number;
  /** What remains after the items; the difference itself where there are no lines. */
  remaining: string | null;
}

/** agrees: to the fen. explained: items in transit say why not. open: lines of the bank are not in the books. differs: nothing
 *  says why. never: some account was never compared. */
export type BankState = 'agrees' | 'explained' | 'open' | 'differs' | 'never';

export interface BankNow {
  state: BankState;
  /** Day up to which all accounts are compared; null with `never`. */
  as_of: BusinessDate | null;
  accounts: BankToday[];
}

const isZero = (amount: string | null): boolean => amount === null || money(amount).isZero();

function stateOf(accounts: readonly BankToday[]): BankState {
  if (accounts.some((row) => !isZero(row.remaining))) return 'differs';
  if (accounts.some((row) => row.open_lines > 0)) return 'open';
  if (accounts.length === 0 || accounts.some((row) => row.as_of === null)) return 'never';
  return accounts.every((row) => isZero(row.difference)) ? 'agrees' : 'explained';
}

/** Every bank account that is open, as the bank last spoke of it. One query. */
export async function bankNow(trx: Trx, estate_id: number, today: BusinessDate): Promise<BankNow> {
  const { rows } = await sql<BankToday>`
    select k.account, k.name_zh, k.name_en, k.account_last4, coalesce(n.covered_to >= s.as_of, n.covered_to is not null) as by_line,
      case when coalesce(n.covered_to >= s.as_of, n.covered_to is not null) then n.covered_to else s.as_of end as as_of,
      case when coalesce(n.covered_to >= s.as_of, n.covered_to is not null) then n.bank_balance else s.balance end as bank_balance,
      case when coalesce(n.covered_to >= s.as_of, n.covered_to is not null) then n.book_balance else b.book end as book_balance,
      case when coalesce(n.covered_to >= s.as_of, n.covered_to is not null) then n.difference else (s.balance - b.book)::numeric(18, 2) end as difference,
      case when coalesce(n.covered_to >= s.as_of, n.covered_to is not null) then n.remaining else (s.balance - b.book)::numeric(18, 2) end as remaining,
      coalesce(n.bank_items + n.book_items, 0) as items, coalesce(n.open_lines, 0) as open_lines
    from bank_account k
    left join bank_standing(${estate_id}, ${today}) n on n.account = k.account
    left join lateral (select x.as_of, x.balance from bank_balance x where x.estate_id = k.estate_id and x.account = k.account
      order by x.as_of desc, x.seq desc limit 1) s on true
    left join lateral (select book_balance_on(k.estate_id, k.account, s.as_of) as book) b on s.as_of is not null
    where k.estate_id = ${estate_id} and (k.closed_on is null or k.closed_on > ${today}) order by k.account`.execute(trx);
  const state = stateOf(rows);
  const days = rows.flatMap((row) => row.as_of ?? []).sort();
  return { state, as_of: state === 'never' ? null : days[0] ?? null, accounts: rows };
}

/** `row`: on the page of exceptions. */
export interface OpenDebit { row: string; booked_on: BusinessDate; amount: string; account_last4: string; days: number }

/** What the bank paid out and nobody has explained, oldest first: booked to 1291, or not in the books at all. */
export async function openDebits(trx: Trx, estate_id: number, today: BusinessDate): Promise<OpenDebit[]> {
  const { rows } = await sql<Omit<OpenDebit, 'days'>>`
    select d.row, d.booked_on, d.amount::numeric(16, 2) as amount, k.account_last4 from (
      select 'entry-' || o.seq as row, o.booked_on, o.left_amount as amount, o.account, o.position from open_suspense(${estate_id}) o where o.side = 'debit'
      union all
      select 'line-' || u.account || '-' || u.position, u.booked_on, u.amount, u.account, u.position from unbooked_debits(${estate_id}, estate_clock(${estate_id})) u) d
    join bank_account k on k.estate_id = ${estate_id} and k.account = d.account
    order by d.booked_on, d.account, d.position`.execute(trx);
  return rows.map((row) => ({ ...row, days: daysBetween(row.booked_on, today) }));
}
