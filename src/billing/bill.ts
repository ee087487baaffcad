// Bills (账单): each month every dwelling owes its area times the estate's fee rate (estate.fee_rate, 元/平方米·月).
//   made (on the 1st, by the job; missed months are made up for) → paid in parts or in full (receipt.ts)
//   a receipt that is reversed gives its bills back: bill_paid()
// Once for each dwelling, item and month: index bill_once. A bill makes no entry: the books count what is received.
// Off until the cashier sets the first month, so that nobody owes here what they paid elsewhere.
import { sql } from 'kysely';
import { appendRecord, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, lastDay, PERIOD_PATTERN, periodOf, periodsBetween, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { billedPeriods, startPeriod } from './queries.ts';
import { refusals } from './refusals.ts';

/** What bills are for; more items come with their own rates. */
export const PROPERTY_FEE = 'property_fee';

export interface MadeBills { period: Period; made: number; total: Money }

/** Makes the bills of a month for all dwellings that have none yet; called again it makes none. Nothing is made where
 *  the estate has no fee rate. */
export async function billMonth(trx: Trx, estate: Pick<Estate, 'estate_id' | 'fee_rate'>, period: Period): Promise<MadeBills> {
  const { estate_id, fee_rate } = estate;
  if (fee_rate === null) return { period, made: 0, total: money('0.00') };
  // Half a fen is rounded up, as everywhere: numeric, never a float.
  const { rows: [row] } = await sql<{ made: number; total: string }>`
    with made as (
      insert into bill (estate_id, unit, item, period, amount, due_on, made_at)
      select ${estate_id}, u.unit, ${PROPERTY_FEE}, ${period}, round(u.area_m2 * ${fee_rate}::numeric, 2), ${lastDay(period)}::date,
        estate_clock(${estate_id})
      from unit u where u.estate_id = ${estate_id} and round(u.area_m2 * ${fee_rate}::numeric, 2) > 0 order by u.unit
      on conflict do nothing returning amount
    ) select count(*)::integer as made, coalesce(sum(amount), 0)::numeric(16, 2) as total from made`.execute(trx);
  const { made, total } = row!;
  if (made > 0) await appendRecord(trx, estate_id, 'bills_made', { count: made, item: PROPERTY_FEE, period, rate: fee_rate, total });
  return { period, made, total: money(total) };
}

/** Months from the first one that was set to the present one for which no bill was made; none while it is off. */
export async function periodsDue(trx: Trx, estate_id: number): Promise<Period[]> {
  const start = await startPeriod(trx, estate_id, PROPERTY_FEE);
  if (start === null) return [];
  const present = periodOf(await estateToday(trx, estate_id));
  if (start > present) return [];
  const billed = new Set(await billedPeriods(trx, estate_id, PROPERTY_FEE));
  return periodsBetween(start, present).filter((period) => !billed.has(period));
}

/** For the job: makes what is due, oldest month first, each in a transaction of its own. */
export async function billDue(house: House, estate: Estate): Promise<MadeBills[]> {
  const due = await inEstate(house.db.app, estate.estate_id, (trx) => periodsDue(trx, estate.estate_id), { readOnly: true });
  const made: MadeBills[] = [];
  for (const period of due) made.push(await inEstate(house.db.app, estate.estate_id, (trx) => billMonth(trx, estate, period)));
  return made.filter((one) => one.made > 0);
}

export interface StartAsked {
  estate: Estate;
  actor: Actor | null;
  /** "2026-10"; empty or null: no more bills by themselves. */
  start_period: string | null;
  key?: string | null | undefined;
}
export type StartSet = { start_period: Period | null; made: number };

/** Sets the first month of bills and makes what is due at once. Refusals: those of demand() for post_receipt,
 *  billing_start_invalid, billing_rate_missing, billing_units_missing. */
export async function setBillingStart(house: House, asked: StartAsked): Promise<StartSet> {
  const { estate, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  const typed = (asked.start_period ?? '').normalize('NFKC').trim();
  const start_period = typed === '' ? null : typed;
  const once_key = key === null ? null : `billing_start:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { start_period } }, async () => {
    if (start_period !== null) await refuseStart(trx, estate, start_period);
    if (start_period === await startPeriod(trx, estate_id, PROPERTY_FEE)) return { start_period, made: 0 };
    const seq = await appendRecord(trx, estate_id, 'billing_set', { by: actor.person_id, item: PROPERTY_FEE, start_period });
    await trx.insertInto('billing_start').values({ estate_id, seq, item: PROPERTY_FEE, start_period, set_by: actor.person_id }).execute();
    let made = 0;
    for (const period of await periodsDue(trx, estate_id)) made += (await billMonth(trx, estate, period)).made;
    return { start_period, made };
  }));
}

async function refuseStart(trx: Trx, { estate_id, first_period, fee_rate }: Estate, typed: string): Promise<void> {
  const to = addMonths(periodOf(await estateToday(trx, estate_id)), 12);
  if (!new RegExp(PERIOD_PATTERN).test(typed) || typed < first_period || typed > to) {
    throw refusals.billing_start_invalid({ typed: typed.slice(0, 20), from: first_period, to }, 'start_period');
  }
  if (fee_rate === null) throw refusals.billing_rate_missing({}, 'start_period');
  const unit = await trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).limit(1).executeTakeFirst();
  if (unit === undefined) throw refusals.billing_units_missing({}, 'start_period');
}
