// Reading pay files: one with its orders, a list, and what could go into the next.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { refusals } from './refusals.ts';
import type { State } from '../approval/kinds.ts';

export interface PayFile {
  /** Its record, and its number. */
  seq: number;
  bank_account: string;
  account_zh: string;
  account_en: string;
  account_last4: string;
  format: string;
  count: number;
  total: string;
  sha256: string;
  made_by: string;
  made_at: Date;
  made_on: BusinessDate;
  /** Where it was declared void. */
  void_reason: string | null;
  voided_at: Date | null;
  voided_on: BusinessDate | null;
  voided_by: string | null;
  /** Orders that were paid, and those that were cancelled after the export. */
  paid: number;
  cancelled: number;
}

const shown = sql`
  f.seq, f.bank_account, b.name_zh as account_zh, b.name_en as account_en, b.account_last4, f.format, f.count, f.total, f.sha256, f.made_by,
  f.made_at, to_char(f.made_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as made_on, v.reason as void_reason, v.voided_at, v.voided_by,
  to_char(v.voided_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as voided_on,
  n.paid, n.cancelled
  from pay_file f join bank_account b on b.estate_id = f.estate_id and b.account = f.bank_account
  left join pay_file_void v on v.estate_id = f.estate_id and v.pay_file = f.seq
  cross join lateral (select count(*) filter (where p.state = 'executed')::integer as paid,
      count(*) filter (where p.state not in ('approved', 'executed'))::integer as cancelled
    from pay_file_order o join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    where o.estate_id = f.estate_id and o.pay_file = f.seq) n`;

/** Refusal: pay_file_unknown. */
export async function readPayFile(trx: Trx, estate_id: number, seq: number): Promise<PayFile> {
  const { rows } = await sql<PayFile>`select ${shown} where f.estate_id = ${estate_id} and f.seq = ${seq}`.execute(trx);
  if (rows[0] === undefined) throw refusals.pay_file_unknown({ file: seq });
  return rows[0];
}

/** Newest first; `cursor` is the number of the last one shown. */
export async function payFileList(
  trx: Trx, estate_id: number, { cursor = null, limit }: { cursor?: number | null; limit: number },
): Promise<{ items: PayFile[]; next_cursor: string | null }> {
  const { rows } = await sql<PayFile>`select ${shown} where f.estate_id = ${estate_id}
    and (${cursor}::bigint is null or f.seq < ${cursor}::bigint) order by f.seq desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.seq) : null };
}

export interface FileOrder {
  order_id: number;
  reference: string;
  payee_name: string;
  account_last4: string;
  purpose: string;
  amount: string;
  state: State;
  reason: string;
  entry_seq: number | null;
  entry_number: string | null;
}

const orderColumns = sql`o.proposal_id as order_id, o.reference, y.public_name as payee_name, y.account_last4, o.purpose, p.amount, p.state, p.reason`;

export async function ordersOfFile(trx: Trx, estate_id: number, seq: number): Promise<FileOrder[]> {
  const { rows } = await sql<FileOrder>`
    select ${orderColumns}, e.seq as entry_seq, e.period || ' ' || entry_number(e.kind, e.number) as entry_number
    from pay_file_order f join payment_order o on o.estate_id = f.estate_id and o.proposal_id = f.proposal_id
    join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    join payee y on y.estate_id = o.estate_id and y.payee_id = o.payee_id
    left join journal_entry e on e.estate_id = o.estate_id and e.proposal_id = o.proposal_id
    where f.estate_id = ${estate_id} and f.pay_file = ${seq} order by o.proposal_id`.execute(trx);
  return rows;
}

/** File in which an order stands; null for none. */
export async function fileOfOrder(trx: Trx, estate_id: number, proposal_id: number): Promise<number | null> {
  const row = await trx.selectFrom('pay_file_order').select('pay_file').where('estate_id', '=', estate_id)
    .where('proposal_id', '=', proposal_id).where('stands', '=', true).executeTakeFirst();
  return row?.pay_file ?? null;
}

export interface PayingAccount { account: string; name_zh: string; name_en: string; bank_name: string; account_last4: string; has_number: boolean }

/** Open bank accounts, and whether the full number of each is known. */
export async function payingAccounts(trx: Trx, estate_id: number): Promise<PayingAccount[]> {
  const { rows } = await sql<PayingAccount>`
    select b.account, b.name_zh, b.name_en, b.bank_name, b.account_last4, n.number is not null as has_number
    from bank_account b left join bank_account_number n on n.estate_id = b.estate_id and n.account = b.account
    where b.estate_id = ${estate_id} and b.closed_on is null order by b.account`.execute(trx);
  return rows;
}

export type Payable = Pick<FileOrder, 'order_id' | 'reference' | 'payee_name' | 'account_last4' | 'purpose' | 'amount'> & { kind: 'payment' | 'refund' };

/** Orders that could be paid from an account today and stand in no file, oldest first. */
export async function payableOrders(trx: Trx, estate_id: number, bank_account: string, limit: number): Promise<Payable[]> {
  const { rows } = await sql<Payable>`
    select ${orderColumns}, p.kind from proposal p
    join payment_order o on o.estate_id = p.estate_id and o.proposal_id = p.proposal_id
    join payee y on y.estate_id = o.estate_id and y.payee_id = o.payee_id
    where p.estate_id = ${estate_id} and p.state = 'approved' and p.kind in ('payment', 'refund') and o.settles is null
      and o.bank_account = ${bank_account} and waits_for(p.estate_id, p.proposal_id, estate_today(p.estate_id)) is null
      and not exists (select from pay_file_order f where f.estate_id = o.estate_id and f.proposal_id = o.proposal_id and f.stands)
    order by p.proposal_id limit ${limit}`.execute(trx);
  return rows;
}
