// Balances as of any day, trial balance, account ledger. Closed figures come from `balance`
// (one row per month, account and fund); only the running month is added up from its postings, so that
// the cost of a figure depends on a month and not on history.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import { minus, money, moneyText, negated, sum, type Money } from '../kernel/money.ts';

export type AccountClass = 'asset' | 'liability' | 'fund' | 'income' | 'expense';

export interface AccountRow {
  account: string;
  parent: string | null;
  name_zh: string;
  name_en: string;
  class: AccountClass;
  is_money: boolean;
  is_postable: boolean;
  opened_on: BusinessDate;
  closed_on: BusinessDate | null;
}

export interface FundRow {
  fund: string;
  name_zh: string;
  name_en: string;
  purpose_zh: string;
  purpose_en: string;
  is_restricted: boolean;
  /** What a restricted fund may be used for, besides its money accounts. */
  accounts: string[];
}

/** The chart, in the order of the codes. */
export async function accountsOf(trx: Trx, estate_id: number): Promise<AccountRow[]> {
  const rows = await trx
    .selectFrom('account')
    .select([
      'account',
      'parent',
      'name_zh',
      'name_en',
      'class',
      'is_money',
      'is_postable',
      'opened_on',
      'closed_on',
    ])
    .where('estate_id', '=', estate_id)
    .orderBy('account')
    .execute();
  return rows as AccountRow[];
}

export async function fundsOf(trx: Trx, estate_id: number): Promise<FundRow[]> {
  const rows = await trx
    .selectFrom('fund')
    .select(['fund', 'name_zh', 'name_en', 'purpose_zh', 'purpose_en', 'is_restricted'])
    .where('estate_id', '=', estate_id)
    .orderBy('place')
    .orderBy('fund')
    .execute();
  const uses = await trx
    .selectFrom('fund_account')
    .select(['fund', 'account'])
    .where('estate_id', '=', estate_id)
    .orderBy('account')
    .execute();
  return rows.map((row) => ({
    ...row,
    accounts: uses.filter((use) => use.fund === row.fund).map((use) => use.account),
  }));
}

// ── Balances ─────────────────────────────────────────────────────────────────────────────────────

/** Where an account's balance normally stands (余额方向). */
export const sideOf = (account_class: string): 'debit' | 'credit' =>
  account_class === 'asset' || account_class === 'expense' ? 'debit' : 'credit';

/** Debits less credits, turned to the side where the account normally stands. */
export const onSide = (account_class: string, debits_less_credits: Money): Money =>
  sideOf(account_class) === 'debit' ? debits_less_credits : negated(debits_less_credits);

export interface BalanceRow {
  account: string;
  fund: string;
  name_zh: string;
  name_en: string;
  class: AccountClass;
  is_money: boolean;
  side: 'debit' | 'credit';
  /** On the side of the account: a bank deposit and an income are positive when they are there. */
  balance: Money;
}

/** Balance of every account in every fund at the end of a day. */
export async function balancesAsOf(
  trx: Trx,
  estate_id: number,
  as_of: BusinessDate,
): Promise<BalanceRow[]> {
  const period = periodOf(as_of);
  const { rows } = await sql<Omit<BalanceRow, 'side' | 'balance'> & { balance: string }>`
    select a.account, f.fund, a.name_zh, a.name_en, a.class, a.is_money, sum(m.amount)::numeric(18, 2) as balance
    from (
      select account, fund, debit - credit as amount from balance
      where estate_id = ${estate_id} and period < ${period}
      union all
      select p.account, p.fund, p.debit - p.credit from posting p
      join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = ${estate_id} and e.estate_id = ${estate_id} and p.period = ${period}
        and e.period = ${period} and e.entry_date <= ${as_of}::date
    ) m
    join account a on a.estate_id = ${estate_id} and a.account = m.account
    join fund f on f.estate_id = ${estate_id} and f.fund = m.fund
    group by a.account, f.fund, a.name_zh, a.name_en, a.class, a.is_money, f.place
    order by a.account, f.place, f.fund`.execute(trx);
  return rows.map((row) => ({
    ...row,
    side: sideOf(row.class),
    balance: onSide(row.class, money(row.balance)),
  }));
}

/** Money of the estate, or of one fund, at the end of a month: cash and bank. */
export async function moneyAfter(
  trx: Trx,
  estate_id: number,
  period: Period,
  fund?: string,
): Promise<Money> {
  const { rows } = await sql<{ balance: string }>`
    select coalesce(sum(b.debit - b.credit), 0)::numeric(18, 2) as balance
    from balance b join account a on a.estate_id = b.estate_id and a.account = b.account
    where b.estate_id = ${estate_id} and b.period <= ${period} and a.is_money
      and (${fund ?? null}::text is null or b.fund = ${fund ?? null})`.execute(trx);
  return money(rows[0]!.balance);
}

export interface TrialRow {
  account: string;
  parent: string | null;
  name_zh: string;
  name_en: string;
  class: AccountClass;
  opening_debit: string;
  opening_credit: string;
  debit: string;
  credit: string;
  closing_debit: string;
  closing_credit: string;
}
type TrialSums = Pick<
  TrialRow,
  'opening_debit' | 'opening_credit' | 'debit' | 'credit' | 'closing_debit' | 'closing_credit'
>;
export interface TrialBalance {
  period: Period;
  rows: TrialRow[];
  totals: TrialSums;
  balances: boolean;
}

const columns = [
  'opening_debit',
  'opening_credit',
  'debit',
  'credit',
  'closing_debit',
  'closing_credit',
] as const;

/** Debits less credits as a pair of columns: a balance stands on one side only. */
const twoSides = (amount: Money): [string, string] =>
  amount.isNegative() ? ['0.00', moneyText(negated(amount))] : [moneyText(amount), '0.00'];

/** Trial balance of a month (科目余额表): opening, turnover, closing by account; debits equal credits. */
export async function trialBalance(
  trx: Trx,
  estate_id: number,
  { period, fund }: { period: Period; fund?: string | undefined },
): Promise<TrialBalance> {
  const { rows } = await sql<
    Omit<TrialRow, keyof TrialSums> & { opening: string; debit: string; credit: string }
  >`
    select a.account, a.parent, a.name_zh, a.name_en, a.class,
      coalesce(sum(b.debit - b.credit) filter (where b.period < ${period}), 0)::numeric(18, 2) as opening,
      coalesce(sum(b.debit) filter (where b.period = ${period}), 0)::numeric(18, 2) as debit,
      coalesce(sum(b.credit) filter (where b.period = ${period}), 0)::numeric(18, 2) as credit
    from balance b join account a on a.estate_id = b.estate_id and a.account = b.account
    where b.estate_id = ${estate_id} and b.period <= ${period}
      and (${fund ?? null}::text is null or b.fund = ${fund ?? null})
    group by a.account, a.parent, a.name_zh, a.name_en, a.class order by a.account`.execute(trx);
  const shown = rows.map(({ opening, ...row }): TrialRow => {
    const before = money(opening);
    const after = sum([before, money(row.debit), negated(money(row.credit))]);
    const [opening_debit, opening_credit] = twoSides(before);
    const [closing_debit, closing_credit] = twoSides(after);
    return { ...row, opening_debit, opening_credit, closing_debit, closing_credit };
  });
  const totals = Object.fromEntries(
    columns.map((name) => [name, moneyText(sum(shown.map((row) => money(row[name]))))]),
  ) as unknown as TrialSums;
  const balances =
    totals.opening_debit === totals.opening_credit &&
    totals.debit === totals.credit &&
    totals.closing_debit === totals.closing_credit;
  return { period, rows: shown, totals, balances };
}

// ── Account ledger ───────────────────────────────────────────────────────────────────────────────

export interface AccountLine {
  seq: number;
  line: number;
  kind: string;
  number: number;
  period: Period;
  entry_date: BusinessDate;
  description: string;
  account: string;
  fund: string;
  debit: string;
  credit: string;
  is_red: boolean;
  /** On the account's own side, after this line. */
  balance: string;
}

export interface AccountLedger {
  opening: string;
  closing: string;
  debit: string;
  credit: string;
  lines: AccountLine[];
}

export interface LedgerAsked {
  account: Pick<AccountRow, 'account' | 'class'>;
  fund?: string | undefined;
  from: BusinessDate;
  to: BusinessDate;
}

/** One account with its second level (明细账): balance before, every line, running balance. */
export async function accountLedger(
  trx: Trx,
  estate_id: number,
  asked: LedgerAsked,
): Promise<AccountLedger> {
  const {
    account: { account, class: account_class },
    fund = null,
    from,
    to,
  } = asked;
  const month = periodOf(from);
  const { rows: before } = await sql<{ amount: string }>`
    select coalesce(sum(m.amount), 0)::numeric(18, 2) as amount from (
      select b.debit - b.credit as amount from balance b
      join account a on a.estate_id = b.estate_id and a.account = b.account
      where b.estate_id = ${estate_id} and b.period < ${month} and ${account} in (a.account, a.parent)
        and (${fund}::text is null or b.fund = ${fund})
      union all
      select p.debit - p.credit from posting p
      join account a on a.estate_id = p.estate_id and a.account = p.account
      join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = ${estate_id} and p.period = ${month} and e.entry_date < ${from}::date
        and ${account} in (a.account, a.parent) and (${fund}::text is null or p.fund = ${fund})
    ) m`.execute(trx);
  const opening = money(before[0]!.amount);
  const { rows } = await sql<AccountLine>`
    select e.seq, p.line, e.kind, e.number, e.period, e.entry_date, e.description, p.account, p.fund, p.debit, p.credit,
      e.reverses is not null as is_red,
      (${moneyText(opening)}::numeric + sum(p.debit - p.credit) over (order by e.entry_date, e.seq, p.line))::numeric(18, 2) as balance
    from posting p
    join account a on a.estate_id = p.estate_id and a.account = p.account
    join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
    where p.estate_id = ${estate_id} and e.estate_id = ${estate_id} and ${account} in (a.account, a.parent)
      and p.period between ${month} and ${periodOf(to)} and e.entry_date between ${from}::date and ${to}::date
      and (${fund}::text is null or p.fund = ${fund})
    order by e.entry_date, e.seq, p.line`.execute(trx);
  const turned = (amount: Money): string => moneyText(onSide(account_class, amount));
  const lines = rows.map((row) => ({ ...row, balance: turned(money(row.balance)) }));
  const debit = sum(rows.map((row) => money(row.debit)));
  const credit = sum(rows.map((row) => money(row.credit)));
  return {
    opening: turned(opening),
    closing: turned(minus(sum([opening, debit]), credit)),
    debit: moneyText(debit),
    credit: moneyText(credit),
    lines,
  };
}
