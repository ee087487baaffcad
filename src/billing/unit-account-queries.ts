// Reads for the statement of account of a dwelling: its bills, what was taken off them, and every entry that credits or debits it.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate, Period } from '../kernel/dates.ts';

export interface BillFact {
  bill_id: number;
  item: string;
  name_zh: string;
  name_en: string;
  period: Period;
  /** Day it was made here. */
  made_on: BusinessDate;
  amount: string;
}
export interface ReductionFact { bill_id: number; why: string; name_zh: string; name_en: string; period: Period; on: BusinessDate; amount: string }
export interface EntryFact {
  seq: number;
  kind: 'receipt' | 'payment' | 'transfer';
  on: BusinessDate;
  /** "2026-10 收-041" */
  number: string;
  description: string;
  /** Entry it takes back, and of that entry the kind. */
  reverses: number | null;
  /** Credits less debits that name the dwelling: on 2203, on deposits (2241), and on all other accounts. */
  ahead: string;
  deposit: string;
  other: string;
  /** What it, or the entry it takes back, pays of bills that are seen. */
  paid: string;
  /** And of bills that are not seen, being somebody else's. */
  unseen: string;
  receipt: number | null;
  method: string | null;
}

const NAMES = sql`
  coalesce(case when b.of_bill is not null then '滞纳金' end, f.name_zh, case when b.item = 'property_fee' then '物业费' end, b.item) as name_zh,
  coalesce(case when b.of_bill is not null then 'Late fee' end, f.name_en, case when b.item = 'property_fee' then 'Property fee' end, b.item) as name_en`;
const RULE = sql`left join fee_rule f on f.estate_id = b.estate_id and f.proposal_id = coalesce(b.rule_id, (select g.proposal_id from fee_rule g
  where g.estate_id = b.estate_id and g.item = b.item order by g.starts_on desc, g.proposal_id desc limit 1))`;

export interface AccountFacts { bills: BillFact[]; reductions: ReductionFact[]; entries: EntryFact[] }

/** `since`: bills of earlier months, and late fees on them, are as if they were not; entries come from the beginning. */
export async function accountFacts(trx: Trx, { estate_id, unit, since }: { estate_id: number; unit: string; since: Period | null }): Promise<AccountFacts> {
  const seen = since === null ? sql`` : sql`and coalesce((select o.period from bill o where o.estate_id = b.estate_id and o.bill_id = b.of_bill), b.period) >= ${since}`;
  const bills = await sql<BillFact>`
    select b.bill_id, b.item, b.period, (b.made_at at time zone 'Asia/Shanghai')::date as made_on, b.amount, ${NAMES} from bill b ${RULE}
    where b.estate_id = ${estate_id} and b.unit = ${unit} ${seen} order by made_on, b.period, b.bill_id`.execute(trx);
  const reductions = await sql<ReductionFact>`
    select r.bill_id, r.why, b.period, (c.recorded_at at time zone 'Asia/Shanghai')::date as "on", r.amount, ${NAMES}
    from bill b join bill_reduction r on r.estate_id = b.estate_id and r.bill_id = b.bill_id
    join record c on c.estate_id = r.estate_id and c.seq = r.seq ${RULE}
    where b.estate_id = ${estate_id} and b.unit = ${unit} ${seen} order by r.reduction_id`.execute(trx);
  const entries = await sql<EntryFact>`
    with line as (
      select p.seq, coalesce(sum(p.credit - p.debit) filter (where p.account = '2203'), 0) as ahead,
        coalesce(sum(p.credit - p.debit) filter (where p.account = '2241'), 0) as deposit,
        coalesce(sum(p.credit - p.debit) filter (where p.account not in ('2203', '2241')), 0) as other, u.ref
      from unit u join posting p on p.estate_id = u.estate_id and p.unit = u.ref
      where u.estate_id = ${estate_id} and u.unit = ${unit} group by p.seq, u.ref
    )
    select e.seq, e.kind, e.entry_date as "on", e.period || ' ' || entry_number(e.kind, e.number) as number, e.description, e.reverses,
      l.ahead::numeric(16, 2) as ahead, l.deposit::numeric(16, 2) as deposit, l.other::numeric(16, 2) as other,
      coalesce((select sum(y.amount) from bill_payment y join bill b on b.estate_id = y.estate_id and b.bill_id = y.bill_id
        where y.estate_id = ${estate_id} and y.seq = coalesce(e.reverses, e.seq) and b.unit = ${unit} ${seen}), 0)::numeric(16, 2) as paid,
      ${since === null ? sql`0::numeric(16, 2)` : sql`coalesce((select sum(y.amount) from bill_payment y join bill b on b.estate_id = y.estate_id and b.bill_id = y.bill_id
        where y.estate_id = ${estate_id} and y.seq = coalesce(e.reverses, e.seq) and b.unit = ${unit} and not (true ${seen})), 0)::numeric(16, 2)`} as unseen,
      t.number as receipt, n.method
    from line l join journal_entry e on e.estate_id = ${estate_id} and e.seq = l.seq
    left join receipt t on t.estate_id = e.estate_id and t.seq = coalesce(e.reverses, e.seq) and t.unit_ref = l.ref
    left join receipt_note n on n.estate_id = t.estate_id and n.number = t.number
    order by e.entry_date, e.seq`.execute(trx);
  return { bills: bills.rows, reductions: reductions.rows, entries: entries.rows };
}
