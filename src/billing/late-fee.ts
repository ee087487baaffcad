// Late fees (滞纳金; in law 违约金, 民法典 §585): where the rule a bill was made under agreed on one, with its days of grace and its cap.
// Made by the job for a month gone by, once its books are closed: then no receipt can be dated into it any more, and nobody is
// charged for days on which they had paid. A late fee is a bill of its own (item late_fee, of_bill), once for each bill and month; none
// is reckoned on a late fee, and none on what was waived.
import { sql } from 'kysely';
import { lockEstate } from '../approval/proposal.ts';
import { estateToday } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { addMonths, lastDay, periodOf, periodsBetween, type BusinessDate, type Period } from '../kernel/dates.ts';
import { minus, money } from '../kernel/money.ts';
import { writeBills, type MadeItem, type NewBill } from './bill-making.ts';
import { LATE_FEE } from './fee-rule-queries.ts';
import { reckonLate } from './reckon.ts';

interface LateRow {
  bill_id: number; unit: string; ref: string; amount: string; reduced: string; due_on: BusinessDate; rule_id: number;
  late_rate: string; late_grace_days: number; late_cap_percent: string; earlier: string; payments: { on: BusinessDate; amount: string }[];
}

/** Makes the late fees of a month for all bills that were late in it and have none for it yet. */
export async function billLateFees(trx: Trx, { estate_id }: Pick<Estate, 'estate_id'>, period: Period): Promise<MadeItem> {
  await lockEstate(trx, estate_id);
  const to = lastDay(period);
  const { rows } = await sql<LateRow>`
    select b.bill_id, b.unit, u.ref, b.amount, bill_reduced(b.estate_id, b.bill_id) as reduced, b.due_on, b.rule_id,
      r.late_rate, r.late_grace_days, r.late_cap_percent,
      (select coalesce(sum(f.amount), 0)::numeric(14, 2) from bill f where f.estate_id = b.estate_id and f.of_bill = b.bill_id) as earlier,
      coalesce((select json_agg(json_build_object('on', e.entry_date, 'amount', y.amount::text)) from bill_payment y
        join journal_entry e on e.estate_id = y.estate_id and e.seq = y.seq where y.estate_id = b.estate_id and y.bill_id = b.bill_id
          and not exists (select from journal_entry x where x.estate_id = e.estate_id and x.reverses = e.seq and x.entry_date <= ${to}::date)), '[]') as payments
    from bill b join fee_rule r on r.estate_id = b.estate_id and r.proposal_id = b.rule_id join unit u on u.estate_id = b.estate_id and u.unit = b.unit
    where b.estate_id = ${estate_id} and b.item <> ${LATE_FEE} and r.late_rate is not null and b.due_on + r.late_grace_days < ${to}::date
      and (b.amount > bill_paid(b.estate_id, b.bill_id) + bill_reduced(b.estate_id, b.bill_id)
        or exists (select from bill_payment y join journal_entry e on e.estate_id = y.estate_id and e.seq = y.seq
          where y.estate_id = b.estate_id and y.bill_id = b.bill_id and e.entry_date > b.due_on + r.late_grace_days))
      and not exists (select from bill f where f.estate_id = b.estate_id and f.of_bill = b.bill_id and f.period = ${period})
    order by b.bill_id`.execute(trx);
  const today = await estateToday(trx, estate_id);
  const bills = rows.flatMap((row): NewBill[] => {
    const late = reckonLate(period, {
      owed: minus(money(row.amount), money(row.reduced)), due_on: row.due_on, grace_days: row.late_grace_days, rate: row.late_rate, cap_percent: row.late_cap_percent,
      earlier: money(row.earlier), payments: row.payments.map(({ on, amount }) => ({ on, amount: money(amount) })),
    });
    return late === null ? [] : [{ ...late, unit: row.unit, ref: row.ref, rule_id: row.rule_id, of_bill: row.bill_id, due_on: lastDay(periodOf(today)) }];
  });
  return writeBills(trx, { estate_id, item: LATE_FEE, period, bills });
}

/** Closed months, from that of the first rule with late fees on, that were not gone through. */
export async function lateMonthsDue(trx: Trx, estate_id: number): Promise<Period[]> {
  const { rows: [row] } = await sql<{ first: Period | null; closed: Period }>`
    select to_char((select min(r.starts_on) from fee_rule r where r.estate_id = h.estate_id and r.late_rate is not null), 'YYYY-MM') as first, h.closed_period as closed
    from log_head h where h.estate_id = ${estate_id}`.execute(trx);
  if (row === undefined || row.first === null || row.first > row.closed) return [];
  const gone = addMonths(periodOf(await estateToday(trx, estate_id)), -1);
  const done = new Set((await trx.selectFrom('bill_run').select('period').where('estate_id', '=', estate_id).where('item', '=', LATE_FEE).execute()).map((run) => run.period));
  return periodsBetween(row.first, row.closed < gone ? row.closed : gone).filter((period) => !done.has(period));
}
