// Reads of matching, each one question for a whole bank account: its open lines, open entries, approved orders, rules.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BookItem, Mandate, OpenLine, OpenOrder, Rule } from './candidate.ts';

/** Lines that are not matched by count: cheap, and only as good as that. */
export async function linesLeft(trx: Trx, estate_id: number, account: string): Promise<number> {
  const { rows: [row] } = await sql<{ left: number }>`
    select ((select count(*) from bank_line where estate_id = ${estate_id} and account = ${account})
      - (select count(*) from bank_match where estate_id = ${estate_id} and account = ${account} and ended_seq is null and position is not null))::integer as left`
    .execute(trx);
  return row!.left;
}

/** Lines that no entry answers, oldest first. Those before the first month of the books are the opening balance's. Looked up by
 *  key one by one (LIMIT 1), so that statistics that are not there yet do not make it a product of two tables. */
export async function openLines(trx: Trx, estate_id: number, account: string): Promise<OpenLine[]> {
  const { rows } = await sql<OpenLine>`
    select l.position, l.booked_on, l.amount, l.serial, coalesce(d.counterparty_name, '') as counterparty_name,
      coalesce(d.counterparty_account, '') as counterparty_account, coalesce(d.memo, '') as memo, coalesce(d.purpose, '') as purpose,
      s.sha256, s.imported_by, s.imported_at, coalesce(t.tries, 0)::integer as tries
    from bank_line l
    cross join lateral (select x.sha256, x.imported_by, x.imported_at from bank_statement x where x.estate_id = ${estate_id} and x.seq = l.seq limit 1) s
    left join lateral (select x.* from bank_line_detail x where x.estate_id = ${estate_id} and x.account = ${account}
      and x.position = l.position limit 1) d on true
    left join lateral (select x.match_id from bank_match x where x.estate_id = ${estate_id} and x.account = ${account}
      and x.position = l.position and x.ended_seq is null limit 1) m on true
    left join (select position, count(*) as tries from bank_match where estate_id = ${estate_id} and account = ${account}
      and ended_seq is not null and position is not null group by position) t on t.position = l.position
    where l.estate_id = ${estate_id} and l.account = ${account} and m.match_id is null and l.booked_on >= (select to_date(first_period, 'YYYY-MM') from estate where estate_id = ${estate_id})
    order by l.position`.execute(trx);
  return rows;
}

/** Entries on the account that no line answers. */
export async function bookItems(trx: Trx, estate_id: number, account: string): Promise<BookItem[]> {
  const { rows } = await sql<BookItem>`
    select i.seq, i.entry_date, i.amount::numeric(14, 2) as amount, i.period || ' ' || i.number as number, i.description,
      coalesce(e.reference, '') as reference, coalesce(y.account_number, t.number, '') as payee_account, coalesce(p.account_last4, t.account_last4, '') as payee_last4,
      (q.approved_at at time zone 'Asia/Shanghai')::date as approved_on, f.pay_file,
      (select case when count(distinct g.unit) = 1 then min(g.unit) end from posting g
        where g.estate_id = ${estate_id} and g.seq = i.seq and g.unit is not null) as unit_ref
    from open_book_items(${estate_id}, ${account}) i
    join journal_entry e on e.estate_id = ${estate_id} and e.seq = i.seq
    left join proposal q on q.estate_id = e.estate_id and q.proposal_id = e.proposal_id and e.reverses is null
    left join payment_order o on o.estate_id = q.estate_id and o.proposal_id = q.proposal_id
    left join payee p on p.estate_id = o.estate_id and p.payee_id = o.payee_id
    left join payee_identity y on y.estate_id = o.estate_id and y.payee_id = o.payee_id
    left join pay_file_order f on f.estate_id = o.estate_id and f.proposal_id = o.proposal_id and f.stands
    -- What moves to another account of the estate goes to that account's number.
    left join lateral (select n.number, b.account_last4 from posting x join bank_account b on b.estate_id = x.estate_id and b.account = x.account
      left join bank_account_number n on n.estate_id = b.estate_id and n.account = b.account
      where e.kind = 'transfer' and i.amount < 0 and x.estate_id = e.estate_id and x.seq = e.seq and x.account <> ${account} and x.debit > 0
      order by x.debit desc, x.account limit 1) t on true
    order by i.entry_date, i.seq`.execute(trx);
  return rows;
}

/** Approved orders and refunds of the account that are not paid, except those signed for a debit afterwards. */
export async function openOrders(trx: Trx, estate_id: number, account: string): Promise<OpenOrder[]> {
  const { rows } = await sql<OpenOrder>`
    select p.proposal_id, o.reference, o.amount, y.public_name as payee_name, coalesce(i.account_number, '') as payee_account,
      y.account_last4 as payee_last4, o.purpose, (p.approved_at at time zone 'Asia/Shanghai')::date as approved_on,
      case when p.payable_from > (p.submitted_at at time zone 'Asia/Shanghai')::date then p.payable_from end as payable_from,
      exists (select from objection j where j.estate_id = p.estate_id and j.proposal_id = p.proposal_id and not exists
        (select from objection_answer a where a.estate_id = j.estate_id and a.objection_id = j.objection_id)) as objected, f.pay_file
    from proposal p
    join payment_order o on o.estate_id = p.estate_id and o.proposal_id = p.proposal_id
    join payee y on y.estate_id = o.estate_id and y.payee_id = o.payee_id
    left join payee_identity i on i.estate_id = o.estate_id and i.payee_id = o.payee_id
    left join pay_file_order f on f.estate_id = p.estate_id and f.proposal_id = p.proposal_id and f.stands
    where p.estate_id = ${estate_id} and p.kind in ('payment', 'refund') and p.state = 'approved' and o.bank_account = ${account}
      and o.settles is null
    order by p.approved_at, p.proposal_id`.execute(trx);
  return rows;
}

/** Mandates for fees of the account, past ones too: a line may be old. The door judges caps and days again. */
export async function mandatesOf(trx: Trx, estate_id: number, account: string): Promise<Mandate[]> {
  const { rows } = await sql<Mandate>`
    select proposal_id, account, fund, cap_each, valid_from, least(valid_to, ended_on - 1) as valid_to from mandate
    where estate_id = ${estate_id} and bank_account = ${account} order by proposal_id`.execute(trx);
  return rows;
}

export const rulesInForce = (trx: Trx, estate_id: number): Promise<Rule[]> =>
  trx.selectFrom('match_rule').select(['rule_id', 'kind', 'words', 'payer_hash', 'account', 'fund', 'unit', 'by_itself', 'is_on', 'confirmations'])
    .where('estate_id', '=', estate_id).where('is_on', '=', true).orderBy('rule_id').execute();

/** The fund that unexplained money is booked to: the first that is bound to no purpose. Null where there is none. */
export async function firstFreeFund(trx: Trx, estate_id: number): Promise<string | null> {
  const row = await trx.selectFrom('fund').select('fund').where('estate_id', '=', estate_id).where('is_restricted', '=', false)
    .orderBy('place').orderBy('fund').limit(1).executeTakeFirst();
  return row?.fund ?? null;
}

export interface BankAccountNamed { account: string; name_zh: string; name_en: string; bank_name: string; account_last4: string }

export const bankAccountsOf = (trx: Trx, estate_id: number): Promise<BankAccountNamed[]> =>
  trx.selectFrom('bank_account').select(['account', 'name_zh', 'name_en', 'bank_name', 'account_last4'])
    .where('estate_id', '=', estate_id).orderBy('account').execute();

/** Bank accounts with lines that no entry answers. */
export async function accountsWithOpenLines(trx: Trx, estate_id: number): Promise<string[]> {
  const { rows } = await sql<{ account: string }>`select b.account from bank_account b where b.estate_id = ${estate_id}
    and exists (select from open_bank_lines(${estate_id}, b.account)) order by b.account`.execute(trx);
  return rows.map((row) => row.account);
}
