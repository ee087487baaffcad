// What the cashier sees before taking a payment: the dwelling that was looked for, what is open and held, and what the months to come cost.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import { payerOn, unitsOfParty } from '../estate/register-queries.ts';
import type { Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { addMonths, firstDay, lastDay, periodOf, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { minus, money, moneyText, sum, zero, type Money } from '../kernel/money.ts';
import { openDays } from '../ledger/period-queries.ts';
import { rulesOf } from './fee-rule-queries.ts';
import { nameKey, openBills, unitsByName, type OpenBill } from './queries.ts';
import { reckonMonth, reckonSpaces, type Dwelling, type FeeRule, type Holding } from './reckon.ts';
import { itemNames } from './receipt-queries.ts';
import { heldOf, promisedOf } from './release.ts';
import { freeOf, keptFor, type Held } from './release-held.ts';

const FOUND = 30;
const MONTHS = 12;

export interface FoundDwelling { unit: string; names: string; bills: number; open: string }

/** Dwellings whose number begins so, or whose owner, tenant or resident has this name. For read_households only. */
export async function findDwellings(trx: Trx, estate_id: number, typed: string): Promise<FoundDwelling[]> {
  const q = typed.normalize('NFKC').trim();
  if (q === '') return [];
  const today = await estateToday(trx, estate_id);
  const named = [...await unitsOfParty(trx, estate_id, q, today), ...(await unitsByName(trx, estate_id)).get(nameKey(q)) ?? []];
  const { rows } = await sql<FoundDwelling>`
    select u.unit, coalesce((select string_agg(distinct i.name, '、') from tenure n join party_identity i on i.estate_id = n.estate_id and i.party_id = n.party_id
        where n.estate_id = u.estate_id and n.unit = u.unit and n.from_date <= ${today}::date and (n.to_date is null or n.to_date >= ${today}::date)), '') as names,
      count(b.bill_id)::integer as bills, coalesce(sum(b.open), 0)::numeric(16, 2) as open
    from unit u left join lateral (select x.bill_id, x.amount - bill_paid(x.estate_id, x.bill_id) - bill_reduced(x.estate_id, x.bill_id) as open from bill x
      where x.estate_id = u.estate_id and x.unit = u.unit) b on b.open > 0
    where u.estate_id = ${estate_id} and (starts_with(u.unit, ${q.toUpperCase()}) or u.unit = any(${named}::text[]))
    group by u.estate_id, u.unit order by u.unit limit ${FOUND}`.execute(trx);
  const order = new Intl.Collator('zh', { numeric: true });
  const exact = rows.filter((row) => row.unit === q.toUpperCase());
  return exact.length > 0 ? exact : rows.sort((a, b) => order.compare(a.unit, b.unit));
}

/** Months ahead of an item, each with what all months up to it cost together. */
export interface AheadItem { item: string; name: Bilingual; fund: string; months: { period: Period; amount: string; total: string }[] }
export interface HeldShown { fund: string; amount: string; free: string; bound: { name: Bilingual; from: Period; amount: string }[]; promised: string }

export interface Counter {
  unit: string;
  ref: string;
  today: BusinessDate;
  /** First day that may be booked. */
  first: BusinessDate;
  people: { party_id: string; name: string; kind: 'owner' | 'tenant' }[];
  bills: OpenBill[];
  open: string;
  held: HeldShown[];
  ahead: AheadItem[];
  banks: { account: string; name: Bilingual }[];
}

/** Undefined where there is no such dwelling. */
export async function counterOf(trx: Trx, estate: Pick<Estate, 'estate_id' | 'fee_rate'>, unit: string): Promise<Counter | undefined> {
  const { estate_id } = estate;
  const row = await trx.selectFrom('unit').select(['unit', 'ref', 'building', 'phase', 'ended_on']).where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirst();
  if (row === undefined) return undefined;
  const today = await estateToday(trx, estate_id);
  const bills = await openBills(trx, estate_id, { units: [unit] });
  const names = await itemNames(trx, estate_id);
  const held = (await heldOf(trx, estate_id, [row.ref])).get(row.ref) ?? new Map<string, Held>();
  const promised = await promisedOf(trx, estate_id);
  const people = await payerOn(trx, estate_id, unit, today, { named: true });
  const banks = await trx.selectFrom('account').select(['account', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).where('is_money', '=', true)
    .where('is_postable', '=', true).where('closed_on', 'is', null).where('account', '<>', '1001').orderBy('account').execute();
  return {
    unit, ref: row.ref, today, first: (await openDays(trx, estate_id)).first, bills, open: moneyText(sum(bills.map((bill) => money(bill.open)))),
    people: people.filter((one) => one.name !== null).map(({ party_id, name, kind }) => ({ party_id, name: name!, kind })),
    held: [...held].map(([fund, one]) => ({
      fund, amount: moneyText(one.held), free: moneyText(freeOf(one)), promised: moneyText(promised.get(`${row.ref} ${fund}`) ?? zero),
      bound: one.bound.map(({ item, from, amount }) => ({ name: names.get(item) ?? { zh: item, en: item }, from, amount: moneyText(amount) })),
    })),
    ahead: await aheadOf(trx, estate, row, { today, names, held }),
    banks: banks.map(({ account, name_zh, name_en }) => ({ account, name: { zh: `${account} ${name_zh}`, en: `${account} ${name_en}` } })),
  };
}

type UnitRow = Pick<Dwelling, 'unit' | 'ref' | 'building' | 'phase' | 'ended_on'>;

/** Months that are not billed and not paid ahead yet, as the rules that are signed by now reckon them. */
async function aheadOf(
  trx: Trx, estate: Pick<Estate, 'estate_id' | 'fee_rate'>, row: UnitRow,
  { today, names, held }: { today: BusinessDate; names: ReadonlyMap<string, Bilingual & { fund: string }>; held: ReadonlyMap<string, Held> },
): Promise<AheadItem[]> {
  const { estate_id } = estate;
  const facts = await trx.selectFrom('unit_fact').select(['from_date', 'area_m2', 'kind', 'occupancy']).where('estate_id', '=', estate_id).where('unit', '=', row.unit)
    .where('ended_seq', 'is', null).orderBy('from_date').orderBy('fact_id').execute();
  const spaces = (await trx.selectFrom('space_holding').select(['space', 'from_date', 'to_date']).where('estate_id', '=', estate_id).where('unit', '=', row.unit).execute())
    .filter((one) => one.to_date === null || one.to_date >= one.from_date);
  const billed = new Map((await trx.selectFrom('bill').select(['item', (eb) => eb.fn.max('period').as('last')]).where('estate_id', '=', estate_id).where('unit', '=', row.unit)
    .groupBy('item').execute()).map((one) => [one.item, one.last]));
  const found: AheadItem[] = [];
  for (const [item, rules] of await rulesOf(trx, estate)) {
    const name = names.get(item) ?? { zh: item, en: item, fund: 'service' };
    const last = billed.get(item);
    const present = periodOf(today);
    let period = last !== undefined && last >= present ? addMonths(last, 1) : present;
    const kept = (held.get(name.fund)?.bound ?? []).filter((one) => one.item === item).map((one) => ({ ...one }));
    let total: Money = zero;
    const months: AheadItem['months'] = [];
    for (let left = MONTHS * 3; left > 0 && months.length < MONTHS; left -= 1, period = addMonths(period, 1)) {
      const amount = costOf(period, rules, { ...row, facts }, spaces);
      if (amount === null) continue;
      // Months that are paid ahead already are not offered again.
      const usable = keptFor(kept, item, period);
      if (!sum(usable.map((one) => one.amount)).lessThan(amount)) {
        let rest = amount;
        for (const one of usable) {
          const part = one.amount.lessThan(rest) ? one.amount : rest;
          one.amount = minus(one.amount, part);
          rest = minus(rest, part);
        }
        continue;
      }
      total = sum([total, amount]);
      months.push({ period, amount: moneyText(amount), total: moneyText(total) });
    }
    if (months.length > 0) found.push({ item, name: { zh: name.zh, en: name.en }, fund: name.fund, months });
  }
  return found;
}

function costOf(period: Period, rules: readonly FeeRule[], dwelling: Dwelling, spaces: readonly Holding[]): Money | null {
  const monthly = reckonMonth(period, rules, dwelling) ?? reckonSpaces(period, rules, dwelling, spaces.filter((one) => one.from_date <= lastDay(period) && (one.to_date === null || one.to_date >= firstDay(period))));
  return monthly === null || monthly.amount.isZero() ? null : monthly.amount;
}

export interface DayTakings { method: string | null; count: number; amount: string }

/** What was taken on a day, by method; void receipts left out. */
export async function takingsOn(trx: Trx, estate_id: number, day: BusinessDate): Promise<DayTakings[]> {
  const { rows } = await sql<DayTakings>`
    select n.method, count(*)::integer as count, sum(r.amount)::numeric(16, 2) as amount from receipt r join journal_entry e on e.estate_id = r.estate_id and e.seq = r.seq
    left join receipt_note n on n.estate_id = r.estate_id and n.number = r.number
    where r.estate_id = ${estate_id} and e.entry_date = ${day}::date
      and not exists (select from journal_entry x where x.estate_id = r.estate_id and x.reverses = r.seq)
    group by n.method order by sum(r.amount) desc`.execute(trx);
  return rows;
}
