// Making the bills of one item and month (开账单): reckons every dwelling that has none yet, writes bills with their lines and one
// record for all of them, {count, item, period, rule, sha256, total}: the hash is over the canonical list [[ref, amount] …], ordered by
// ref, so that anybody who is shown the list can prove it is the one that was made. Called again it makes what is missing, once.
import { sql } from 'kysely';
import { appendRecord, estateToday } from '../evidence/records.ts';
import { lockEstate } from '../approval/proposal.ts';
import type { Estate } from '../kernel/actor.ts';
import { canonical } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { addDays, lastDay, type BusinessDate, type Period } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import { dwellingsOf, holdingsOf, LATE_FEE, monthsOfRules, rulesOf, unbilledMeters } from './fee-rule-queries.ts';
import { releaseHeld } from './release.ts';
import { dueOn, reckonMeters, reckonMonth, reckonShared, reckonSpaces, type BillLine, type Dwelling, type FeeRule, type Reckoned } from './reckon.ts';

export interface NewBill {
  unit: string;
  ref: string;
  amount: Money;
  due_on: BusinessDate;
  rule_id: number | null;
  lines: BillLine[];
  of_bill?: number | undefined;
  /** Readings up to which it is billed. */
  readings?: readonly number[] | undefined;
}
export interface MadeItem { item: string; made: number; total: Money }
type Billed = Pick<Estate, 'estate_id' | 'fee_rate'>;

/** Days to pay a bill that is made after its due day. */
const DAYS_TO_PAY = 15;

/** Writes new bills of one item and month with their record; those that are there already stay. They are numbered in the order of the random
 *  names: numbers of bills stand in signed documents that every owner reads, and in the order of the doors they would say which door. */
export async function writeBills(trx: Trx, { estate_id, item, period, bills }: { estate_id: number; item: string; period: Period; bills: readonly NewBill[] }): Promise<MadeItem> {
  await sql`insert into bill_run (estate_id, item, period, made_at) values (${estate_id}, ${item}, ${period}, estate_clock(${estate_id})) on conflict do nothing`.execute(trx);
  if (bills.length === 0) return { item, made: 0, total: zero };
  const listed = [...bills].sort((a, b) => (a.ref < b.ref ? -1 : a.ref > b.ref ? 1 : 0));
  const total = sum(listed.map((bill) => bill.amount));
  const rules = new Set(listed.map((bill) => bill.rule_id));
  const seq = await appendRecord(trx, estate_id, 'bills_made', {
    count: listed.length, item, period, rule: rules.size === 1 ? listed[0]!.rule_id : null,
    sha256: sha256Hex(canonical(listed.map((bill) => [bill.ref, moneyText(bill.amount)]))), total: moneyText(total),
  });
  const { rows } = await sql<{ bill_id: number; unit: string }>`
    insert into bill (estate_id, unit, item, period, amount, due_on, made_at, rule_id, lines, of_bill, seq)
    select ${estate_id}, n.unit, ${item}, ${period}, n.amount, n.due_on, estate_clock(${estate_id}), n.rule_id, n.lines, n.of_bill, ${seq}
    from unnest(${listed.map((bill) => bill.unit)}::text[], ${listed.map((bill) => moneyText(bill.amount))}::numeric[], ${listed.map((bill) => bill.due_on)}::date[],
      ${listed.map((bill) => bill.rule_id)}::bigint[], ${listed.map((bill) => canonical(bill.lines))}::text[], ${listed.map((bill) => bill.of_bill ?? null)}::bigint[])
      with ordinality as n(unit, amount, due_on, rule_id, lines, of_bill, place)
    order by n.place returning bill_id, unit`.execute(trx);
  const numbers = new Map(rows.map((row) => [row.unit, row.bill_id]));
  const read = listed.flatMap((bill) => (bill.readings ?? []).map((reading_id) => ({ estate_id, item, reading_id, bill_id: numbers.get(bill.unit)! })));
  if (read.length > 0) await trx.insertInto('bill_reading').values(read).execute();
  return { item, made: listed.length, total };
}

/** The day a bill is due: never one that had passed before anybody could see the bill, where a rule was signed. */
function dueDay(rule: FeeRule, period: Period, today: BusinessDate): BusinessDate {
  const due = dueOn(rule, period);
  return rule.rule_id === null || due >= today ? due : addDays(today, DAYS_TO_PAY);
}

interface Making { trx: Trx; estate_id: number; period: Period; today: BusinessDate; dwellings: Dwelling[] }

async function billsOfItem({ trx, estate_id, period, today, dwellings }: Making, item: string, rules: readonly FeeRule[]): Promise<{ bills: NewBill[]; looked_at: number[] }> {
  // A bill that was taken back with its import is none: the month is billed as if it had never come.
  const { rows: billed } = await sql<{ unit: string }>`select b.unit from bill b where b.estate_id = ${estate_id} and b.item = ${item} and b.period = ${period}
    and (b.import_id is null or not exists (select from bill_reduction r where r.estate_id = b.estate_id and r.bill_id = b.bill_id and r.why = 'import_undone'))`.execute(trx);
  const there = new Set(billed.map((row) => row.unit));
  const missing = dwellings.filter((dwelling) => !there.has(dwelling.unit));
  const bases = new Set(rules.map((rule) => rule.basis));
  const found = new Map<string, { reckoned: Reckoned; readings?: readonly number[] }>();
  const looked_at: number[] = [];
  if (bases.has('area') || bases.has('fixed')) {
    for (const dwelling of missing) keep(dwelling, reckonMonth(period, rules, dwelling));
  }
  if (bases.has('space')) {
    const held = await holdingsOf(trx, estate_id, period);
    for (const dwelling of missing) keep(dwelling, reckonSpaces(period, rules, dwelling, held.get(dwelling.unit) ?? []));
  }
  if (bases.has('metered') && lastDay(period) < today) {
    for (const kind of new Set(rules.flatMap((rule) => rule.meter_kind ?? []))) {
      const read = await unbilledMeters(trx, estate_id, { item, kind, to: lastDay(period), since: rules.map((rule) => rule.starts_on).sort()[0]! });
      for (const dwelling of missing) {
        const own = read.get(dwelling.unit);
        if (own === undefined) continue;
        const reckoned = reckonMeters(rules.filter((rule) => rule.meter_kind === kind), dwelling, own.used);
        if (reckoned === null) looked_at.push(...own.readings);
        else keep(dwelling, reckoned, own.readings);
      }
    }
  }
  if (bases.has('shared')) {
    const cost = await trx.selectFrom('shared_cost').select('amount').where('estate_id', '=', estate_id).where('item', '=', item).where('period', '=', period).executeTakeFirst();
    // All at once or not at all: a later dwelling would have to be paid by the earlier ones.
    if (cost !== undefined && there.size === 0) {
      for (const [unit, reckoned] of reckonShared(period, rules, dwellings, money(cost.amount))) found.set(unit, { reckoned });
    }
  }
  function keep({ unit }: Dwelling, reckoned: Reckoned | null, readings?: readonly number[]): void {
    // One item, one basis a dwelling and month: where rules of two kinds meet in a month, the first that gives something counts.
    if (reckoned !== null && !found.has(unit)) found.set(unit, { reckoned, ...(readings === undefined ? {} : { readings }) });
  }
  const refs = new Map(dwellings.map((dwelling) => [dwelling.unit, dwelling.ref]));
  return { looked_at, bills: [...found].map(([unit, { reckoned: { amount, lines, rule }, readings }]) => ({
    unit, ref: refs.get(unit)!, amount, lines, readings, rule_id: rule.rule_id, due_on: dueDay(rule, period, today),
  })) };
}

/** Makes every bill of a month that is missing, of all items or of one, and takes off what waivers say. */
export async function makeBills(trx: Trx, estate: Billed, period: Period, only?: string): Promise<MadeItem[]> {
  const { estate_id } = estate;
  await lockEstate(trx, estate_id);
  const today = await estateToday(trx, estate_id);
  const rules = await rulesOf(trx, estate);
  const making: Making = { trx, estate_id, period, today, dwellings: await dwellingsOf(trx, estate_id, period) };
  const made: MadeItem[] = [];
  for (const [item, of_item] of rules) {
    if ((only !== undefined && item !== only) || item === LATE_FEE) continue;
    const { first, last } = monthsOfRules(of_item);
    if (period < first || (last !== null && period > last)) continue;
    const { bills, looked_at } = await billsOfItem(making, item, of_item);
    made.push(await writeBills(trx, { estate_id, item, period, bills }));
    if (looked_at.length > 0) await trx.insertInto('bill_reading').values(looked_at.map((reading_id) => ({ estate_id, item, reading_id, bill_id: null }))).execute();
  }
  await sql`select apply_waivers(${estate_id}, ${period})`.execute(trx);
  // What was paid in advance pays them at once.
  await releaseHeld(trx, { estate_id });
  return made;
}
