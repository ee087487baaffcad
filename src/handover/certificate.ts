// The closing certificate (移交清单): what an outgoing company leaves behind, drawn from the books and never typed, except the
// contracts. Its balances end with a closed month, so that no later entry can change them; open bills, receipts and open matters
// are those of the moment it is drawn, at `size` records of the log. Lists by dwelling are in it as a count, a sum and a hash only.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { isoInstant, lastDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { money, moneyText, sum } from '../kernel/money.ts';
import { estateNow } from '../evidence/records.ts';

/** Type aliases, so that they are JSON for the document. */
export type Listed = { count: number; total: string; sha256: string };
export type Held = { dwellings: number; total: string; sha256: string };
export type BankRow = {
  account: string; name_zh: string; name_en: string; last4: string; book_balance: string; bank_balance: string | null; covered_to: string | null;
  difference: string | null; bank_items: number | null; book_items: number | null; remaining: string | null;
};
export type Contract = { title: string; party: string; ends_on: string | null };
export type KeyRow = { account: string; item: string; holder_body: string | null; serial_last4: string | null };
export type Open = {
  orders_signing: number; orders_signing_total: string; orders_unpaid: number; orders_unpaid_total: string;
  unexplained_out: string; unexplained_in: string; in_transit: string; inquiries: number;
};
export type Certificate = {
  period: Period; drawn_at: string; size: number; entries: number; entries_after: number; last_receipt: number;
  balances: { account: string; fund: string; balance: string }[];
  bank: BankRow[]; advance: Held; deposits: Held; bills: Listed & { dwellings: number };
  vouchers: { count: number; sha256: string }; keys: KeyRow[]; open: Open; contracts: Contract[];
};

/** SHA-256 over the lines, each with a line end, as the verifier reads them. */
export const hashOfLines = (lines: readonly string[]): string => sha256Hex(lines.map((line) => `${line}\n`).join(''));

export interface HeldRow { ref: string; unit: string; fund: string; amount: string }
export interface OpenBill { ref: string; unit: string; item: string; period: Period; due_on: BusinessDate; open: string; bill_id: number }

/** What is held for dwellings on an account at the end of a month. */
export async function heldAt(trx: Trx, estate_id: number, account: '2203' | '2241', period: Period): Promise<HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    select p.unit as ref, coalesce(u.unit, '') as unit, p.fund, sum(p.credit - p.debit)::numeric(16, 2) as amount
    from posting p left join unit u on u.estate_id = p.estate_id and u.ref = p.unit
    where p.estate_id = ${estate_id} and p.account = ${account} and p.unit is not null and p.period <= ${period}
    group by p.unit, u.unit, p.fund having sum(p.credit - p.debit) <> 0 order by u.unit, p.fund`.execute(trx);
  return rows;
}

/** Bills that were open at a size of the log: what was paid or taken off later counts as open still. */
export async function openBillsAt(trx: Trx, estate_id: number, { size, drawn_at }: Pick<Certificate, 'size' | 'drawn_at'>): Promise<OpenBill[]> {
  const { rows } = await sql<OpenBill>`
    select u.ref, b.unit, b.item, b.period, b.due_on, b.bill_id, (b.amount - paid.sum - reduced.sum)::numeric(16, 2) as open
    from bill b join unit u on u.estate_id = b.estate_id and u.unit = b.unit,
      lateral (select coalesce(sum(p.amount), 0) as sum from bill_payment p where p.estate_id = b.estate_id and p.bill_id = b.bill_id and p.seq <= ${size}
        and (select r.seq from journal_entry r where r.estate_id = p.estate_id and r.reverses = p.seq and r.seq <= ${size} limit 1) is null) as paid,
      lateral (select coalesce(sum(r.amount), 0) as sum from bill_reduction r where r.estate_id = b.estate_id and r.bill_id = b.bill_id and r.seq <= ${size}) as reduced
    where b.estate_id = ${estate_id} and (b.seq <= ${size} or (b.seq is null and b.made_at <= ${drawn_at}::timestamptz)) and b.amount > paid.sum + reduced.sum
    order by b.unit, b.period, b.item, b.bill_id`.execute(trx);
  return rows;
}

export const heldLines = (rows: readonly HeldRow[]): string[] => rows.map(({ ref, fund, amount }) => `${ref}\t${fund}\t${amount}`).sort();
export const billLines = (rows: readonly OpenBill[]): string[] => rows.map(({ ref, item, period, bill_id, open }) => `${ref}\t${item}\t${period}\t${bill_id}\t${open}`).sort();

const heldOf = (rows: readonly HeldRow[]): Held => ({
  dwellings: new Set(rows.map(({ ref }) => ref)).size, total: moneyText(sum(rows.map(({ amount }) => money(amount)))), sha256: hashOfLines(heldLines(rows)),
});

/** Hashes of the vouchers under entries up to a month, in their order. */
export async function vouchersAt(trx: Trx, estate_id: number, period: Period): Promise<string[]> {
  const { rows } = await sql<{ sha256: string }>`
    select distinct v.sha256 from entry_voucher v join journal_entry e on e.estate_id = v.estate_id and e.seq = v.seq
    where v.estate_id = ${estate_id} and e.period <= ${period}`.execute(trx);
  return rows.map(({ sha256 }) => sha256).sort();
}

/** Draws it, all in one transaction that holds the estate's lock or reads one moment. */
export async function drawCertificate(trx: Trx, estate_id: number, { period, contracts }: { period: Period; contracts: Contract[] }): Promise<Certificate> {
  const last = lastDay(period);
  const drawn_at = isoInstant(await estateNow(trx, estate_id));
  const { rows: [head] } = await sql<{ size: number; entries: number; entries_after: number; last_receipt: number }>`
    select h.size, (select count(*)::integer from journal_entry e where e.estate_id = h.estate_id and e.period <= ${period}) as entries,
      (select count(*)::integer from journal_entry e where e.estate_id = h.estate_id and e.period > ${period}) as entries_after,
      (select coalesce(max(r.number), 0) from receipt r where r.estate_id = h.estate_id) as last_receipt
    from log_head h where h.estate_id = ${estate_id}`.execute(trx);
  const { rows: balances } = await sql<Certificate['balances'][number]>`
    select account, fund, sum(debit - credit)::numeric(18, 2) as balance from balance
    where estate_id = ${estate_id} and period <= ${period} group by account, fund having sum(debit - credit) <> 0 order by account, fund`.execute(trx);
  const bills = await openBillsAt(trx, estate_id, { size: head!.size, drawn_at });
  const vouchers = await vouchersAt(trx, estate_id, period);
  return {
    period, drawn_at, ...head!, balances, bank: await banksAt(trx, estate_id, last),
    advance: heldOf(await heldAt(trx, estate_id, '2203', period)), deposits: heldOf(await heldAt(trx, estate_id, '2241', period)),
    bills: { count: bills.length, dwellings: new Set(bills.map(({ ref }) => ref)).size, total: moneyText(sum(bills.map(({ open }) => money(open)))), sha256: hashOfLines(billLines(bills)) },
    vouchers: { count: vouchers.length, sha256: hashOfLines(vouchers) },
    keys: await keysNow(trx, estate_id), open: await openNow(trx, estate_id, last), contracts,
  };
}

async function banksAt(trx: Trx, estate_id: number, day: BusinessDate): Promise<BankRow[]> {
  const { rows } = await sql<BankRow>`
    select s.account, b.name_zh, b.name_en, b.account_last4 as last4, s.bank_balance::numeric(18, 2) as bank_balance, s.covered_to,
      s.difference::numeric(18, 2) as difference, s.bank_items, s.book_items, s.remaining::numeric(18, 2) as remaining,
      (select coalesce(sum(x.debit - x.credit), 0)::numeric(18, 2) from balance x where x.estate_id = b.estate_id and x.account = b.account
        and x.period <= ${day.slice(0, 7)}) as book_balance
    from bank_standing(${estate_id}, ${day}::date) s join bank_account b on b.estate_id = ${estate_id} and b.account = s.account order by s.account`.execute(trx);
  return rows;
}

/** Who is said to hold which key and seal at the bank: by body, never by person. */
async function keysNow(trx: Trx, estate_id: number): Promise<KeyRow[]> {
  const { rows } = await sql<KeyRow>`
    select distinct on (o.account, o.item) o.account, o.item, o.holder_body, o.serial_last4 from bank_onboarding o
    join bank_account b on b.estate_id = o.estate_id and b.account = o.account and b.closed_on is null
    where o.estate_id = ${estate_id} and o.item in ('key_maker', 'key_checker', 'seal_property', 'seal_committee') and o.state = 'done'
    order by o.account, o.item, o.seq desc`.execute(trx);
  return rows;
}

async function openNow(trx: Trx, estate_id: number, day: BusinessDate): Promise<Open> {
  const { rows } = await sql<Open>`
    select (count(*) filter (where o.state in ('submitted', 'held')))::integer as orders_signing,
      coalesce(sum(o.amount) filter (where o.state in ('submitted', 'held')), 0)::numeric(16, 2) as orders_signing_total,
      (count(*) filter (where o.state = 'approved'))::integer as orders_unpaid,
      coalesce(sum(o.amount) filter (where o.state = 'approved'), 0)::numeric(16, 2) as orders_unpaid_total,
      (select coalesce(sum(s.unexplained_out), 0)::numeric(16, 2) from bank_standing(${estate_id}, ${day}::date) s) as unexplained_out,
      (select coalesce(sum(s.unexplained_in), 0)::numeric(16, 2) from bank_standing(${estate_id}, ${day}::date) s) as unexplained_in,
      (select coalesce(sum(b.debit - b.credit), 0)::numeric(16, 2) from balance b where b.estate_id = ${estate_id} and b.account = '1012'
        and b.period <= ${day.slice(0, 7)}) as in_transit,
      (select count(*)::integer from inquiry q where q.estate_id = ${estate_id}
        and not exists (select from answer a where a.estate_id = q.estate_id and a.inquiry_id = q.inquiry_id)) as inquiries
    from proposal o where o.estate_id = ${estate_id} and o.kind in ('payment', 'refund')`.execute(trx);
  return rows[0]!;
}
