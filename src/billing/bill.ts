// Bills (账单): what each dwelling owes for a month under the fee rules (fee-rule.ts), reckoned by reckon.ts, written by bill-making.ts.
//   made (by the job as soon as due; missed months are made up for) → paid in parts or in full (receipt.ts), or taken off (waiver.ts)
//   a receipt that is reversed gives its bills back: bill_paid()
// Once for each dwelling, item and month: index bill_once. A bill makes no entry: the books count what is received.
// area, fixed and space are billed on the 1st for the month that begins; metered when the month is over and read; shared when its cost is
// entered; late fees when the month's books are closed. An estate without a signed rule for the property fee bills its own rate (estate.fee_rate,
// 元/平方米·月) from the month the cashier sets, so that nobody owes here what they paid elsewhere; a signed rule bills from its first day.
import { appendRecord, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, lastDay, PERIOD_PATTERN, periodOf, periodsBetween, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { sum, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { makeBills } from './bill-making.ts';
import { monthsOfRules, PROPERTY_FEE, rulesOf, unbilledMonths } from './fee-rule-queries.ts';
import { billLateFees, lateMonthsDue } from './late-fee.ts';
import { startPeriod } from './queries.ts';
import { refusals } from './refusals.ts';

export { PROPERTY_FEE } from './fee-rule-queries.ts';

export interface MadeBills { period: Period; made: number; total: Money }
type Billed = Pick<Estate, 'estate_id' | 'fee_rate'>;

/** Makes the bills of a month, of all items, for all dwellings that have none yet, and takes off what waivers say; called again it makes
 *  none. Give the estate's row; one transaction, under the estate's lock. Nothing is made where there is neither rate nor rule. */
export async function billMonth(trx: Trx, estate: Billed, period: Period): Promise<MadeBills> {
  const items = await makeBills(trx, estate, period);
  return { period, made: items.reduce((all, one) => all + one.made, 0), total: sum(items.map((one) => one.total)) };
}

/** Months up to the present one for which bills are missing: never gone through, or with readings that came later. */
export async function periodsDue(trx: Trx, estate: Billed): Promise<Period[]> {
  const { estate_id } = estate;
  const today = await estateToday(trx, estate_id);
  const present = periodOf(today);
  const runs = new Set((await trx.selectFrom('bill_run').select(['item', 'period']).where('estate_id', '=', estate_id).execute()).map((run) => `${run.item} ${run.period}`));
  const start = await startPeriod(trx, estate_id, PROPERTY_FEE);
  const due = new Set<Period>();
  for (const [item, rules] of await rulesOf(trx, estate)) {
    const ahead = rules.filter((rule) => ['area', 'fixed', 'space'].includes(rule.basis) && (rule.rule_id !== null || start !== null));
    if (ahead.length > 0) {
      const { first, last } = monthsOfRules(ahead);
      const from = ahead[0]!.rule_id === null && first < start! ? start! : first;
      const to = last !== null && last < present ? last : present;
      if (from <= to) for (const period of periodsBetween(from, to)) if (!runs.has(`${item} ${period}`)) due.add(period);
    }
    for (const kind of new Set(rules.flatMap((rule) => rule.meter_kind ?? []))) {
      const since = rules.map((rule) => rule.starts_on).sort()[0]!;
      for (const period of await unbilledMonths(trx, estate_id, { item, kind, since, to: lastDay(addMonths(present, -1)) })) due.add(period);
    }
  }
  return [...due].sort();
}

/** Whether the job has anything to do here. */
export const isBillingDue = async (trx: Trx, estate: Billed): Promise<boolean> =>
  (await periodsDue(trx, estate)).length > 0 || (await lateMonthsDue(trx, estate.estate_id)).length > 0;

/** For the job: makes what is due, oldest month first, each in a transaction of its own; late fees last. */
export async function billDue(house: House, estate: Estate): Promise<MadeBills[]> {
  const { estate_id } = estate;
  const due = await inEstate(house.db.app, estate_id, (trx) => periodsDue(trx, estate), { readOnly: true });
  const made: MadeBills[] = [];
  for (const period of due) made.push(await inEstate(house.db.app, estate_id, (trx) => billMonth(trx, estate, period)));
  for (const period of await inEstate(house.db.app, estate_id, (trx) => lateMonthsDue(trx, estate_id), { readOnly: true })) {
    made.push({ period, ...await inEstate(house.db.app, estate_id, (trx) => billLateFees(trx, estate, period)) });
  }
  return made.filter((one) => one.made > 0).map(({ period, made: count, total }) => ({ period, made: count, total }));
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
    for (const period of await periodsDue(trx, estate)) made += (await billMonth(trx, estate, period)).made;
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
