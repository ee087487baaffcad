// What was paid in advance goes to the bills as they are made (预收款冲抵): by the job, and whenever bills are made.
//   借 2203 received in advance [fund] dwelling   贷 the account of the bill [fund] dwelling       release: true
// No order: the money was the owner's, the bill is what it was paid for. The door compares with what is held (unit_exceeded) and owed
// (release_exceeded), and every released yuan must name its bill by the end of the transaction (release_names_bills).
// Oldest first; what was paid for one item goes to bills of that item only; nothing that a refund is signed or waits to be signed for.
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { lockEstate } from '../approval/proposal.ts';
import { estateToday } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { periodOf, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, sum, zero, type Money } from '../kernel/money.ts';
import { entryBody, linesOfJson, type EntryLine } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { FEE_FUND, oldestFirst } from './allocation.ts';
import { openBills, type OpenBill } from './queries.ts';
import { accountOf, AHEAD, recordManyPayments, type BillPart } from './receipt.ts';
import { freeOf, heldAfter, keptFor, type Held, type HeldEvent } from './release-held.ts';

/** Dwellings in one entry. */
const DWELLINGS = 200;

interface EventRow { ref: string; fund: string; seq: number; net: string; reverses: number | null; release: boolean; items: { item: string; month: string; amount: string; fund: string | null }[] | null }

/** Held in advance, by dwelling (unit.ref) and fund, with what of it is for one item only. Dwellings that hold nothing are left out. */
export async function heldOf(trx: Trx, estate_id: number, refs?: readonly string[]): Promise<Map<string, Map<string, Held>>> {
  const fundOf = (item: ReturnType<typeof sql.ref>) =>
    sql`(select f.fund from fee_rule f where f.estate_id = ${estate_id} and f.item = ${item} order by f.starts_on desc, f.proposal_id desc limit 1)`;
  const { rows } = await sql<EventRow>`
    with holder as (select p.unit from posting p where p.estate_id = ${estate_id} and p.account = ${AHEAD} and p.unit is not null
        ${refs === undefined ? sql`` : sql`and p.unit = any(${[...refs]}::text[])`} group by p.unit, p.fund having sum(p.credit - p.debit) > 0)
    select p.unit as ref, p.fund, p.seq, sum(p.credit - p.debit)::numeric(16, 2) as net, e.reverses, e.release,
      case when e.release then (select json_agg(json_build_object('item', b.item, 'month', b.period, 'amount', y.amount::text, 'fund', ${fundOf(sql.ref('b.item'))})) from bill_payment y
          join bill b on b.estate_id = y.estate_id and b.bill_id = y.bill_id join unit u on u.estate_id = b.estate_id and u.unit = b.unit
          where y.estate_id = p.estate_id and y.seq = p.seq and u.ref = p.unit)
        else (select json_agg(json_build_object('item', a.item, 'month', a.from_period, 'amount', a.amount::text, 'fund', ${fundOf(sql.ref('a.item'))})) from prepayment a
          join unit u on u.estate_id = a.estate_id and u.unit = a.unit where a.estate_id = p.estate_id and a.seq = p.seq and u.ref = p.unit) end as items
    from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
    where p.estate_id = ${estate_id} and p.account = ${AHEAD} and p.unit in (select h.unit from holder h)
    group by p.estate_id, p.unit, p.fund, p.seq, e.reverses, e.release order by p.unit, p.fund, p.seq`.execute(trx);
  const events = new Map<string, Map<string, HeldEvent[]>>();
  for (const { ref, fund, seq, net, reverses, release, items } of rows) {
    const of_unit = events.get(ref) ?? new Map<string, HeldEvent[]>();
    events.set(ref, of_unit);
    of_unit.set(fund, [...of_unit.get(fund) ?? [], {
      seq, net: net.startsWith('-') ? minus(zero, money(net.slice(1))) : money(net), reverses, release,
      items: (items ?? []).filter((one) => (one.fund ?? FEE_FUND) === fund).map(({ item, month, amount }) => ({ item, month, amount: money(amount) })),
    }]);
  }
  return new Map([...events].map(([ref, funds]) => [ref, new Map([...funds].map(([fund, list]) => [fund, heldAfter(list)]))]));
}

/** What orders under way would take of 2203, by dwelling and fund: not for bills as long as they are not withdrawn. */
export async function promisedOf(trx: Trx, estate_id: number): Promise<Map<string, Money>> {
  const { rows } = await sql<{ postings: unknown }>`select (p.document::jsonb) -> 'postings' as postings from proposal p
    where p.estate_id = ${estate_id} and p.state in ('submitted', 'held', 'approved') and p.kind in ('refund', 'transfer', 'payment')
      and p.document like ${`%"${AHEAD}"%`}`.execute(trx);
  const promised = new Map<string, Money>();
  for (const { postings } of rows) {
    if (!Array.isArray(postings)) continue;
    for (const { account, fund, unit, debit } of linesOfJson(postings)) {
      if (account !== AHEAD || unit === undefined || debit === undefined || debit.isNegative()) continue;
      promised.set(`${unit} ${fund}`, sum([promised.get(`${unit} ${fund}`) ?? zero, debit]));
    }
  }
  return promised;
}

/** For the job, every day: what arrived on 2203, or was let go by an order that was withdrawn, goes to what is billed by now. */
export const releaseDue = ({ db }: House, { estate_id }: Pick<Estate, 'estate_id'>): Promise<Released> =>
  inEstate(db.app, estate_id, (trx) => releaseHeld(trx, { estate_id }));

interface Part { bill: OpenBill; amount: Money }
const smaller = (a: Money, b: Money): Money => (a.lessThan(b) ? a : b);

/** What of the bills of one dwelling is paid from what it holds in their fund, oldest first. Pure. */
export function releasable(bills: readonly OpenBill[], held: ReadonlyMap<string, Held>, promised: ReadonlyMap<string, Money> = new Map()): Part[] {
  const left = new Map([...held].map(([fund, one]) => {
    const kept = promised.get(fund) ?? zero;
    const free = freeOf(one);
    // A refund takes what is free first; what is left of it takes from what is kept for items, so they must wait.
    const beyond = kept.greaterThan(free) ? minus(kept, free) : zero;
    return [fund, { free: kept.greaterThan(free) ? zero : minus(free, kept), bound: one.bound.map((part) => ({ ...part })), beyond }];
  }));
  const parts: Part[] = [];
  for (const bill of oldestFirst(bills)) {
    const here = left.get(bill.fund);
    if (here === undefined) continue;
    const open = money(bill.open);
    let from_item: Money = zero;
    for (const part of keptFor(here.bound, bill.item, bill.period)) {
      // What is promised beyond what is free stays, wherever it lies.
      const waits = smaller(here.beyond, part.amount);
      const used = smaller(minus(part.amount, waits), minus(open, from_item));
      here.beyond = minus(here.beyond, waits);
      part.amount = minus(part.amount, sum([waits, used]));
      from_item = sum([from_item, used]);
    }
    const rest = minus(open, from_item);
    const from_free = here.free.lessThan(rest) ? here.free : rest;
    const amount = sum([from_item, from_free]);
    if (amount.isZero()) continue;
    here.free = minus(here.free, from_free);
    parts.push({ bill, amount });
  }
  return parts;
}

export interface Released { entries: number[]; dwellings: number; total: Money }

/** Pays bills up to the present month from what was paid in advance; called again it finds nothing. `units`: only these dwellings
 *  ("3-2-1002"). In the caller's transaction, under the log's lock; the entries are made in the name of who last took money in advance.
 *  Refusals: those of the door, where the books have changed meanwhile. */
export async function releaseHeld(trx: Trx, { estate_id, units }: { estate_id: number; units?: readonly string[] | undefined }): Promise<Released> {
  const none: Released = { entries: [], dwellings: 0, total: zero };
  if (units?.length === 0) return none;
  await lockEstate(trx, estate_id);
  const on = await estateToday(trx, estate_id);
  const holders = await holdersOf(trx, estate_id, units);
  const bills = (await openBills(trx, estate_id, { units: holders })).filter((bill) => bill.period <= periodOf(on));
  if (bills.length === 0) return none;
  const held = await heldOf(trx, estate_id, [...new Set(bills.map((bill) => bill.ref))]);
  const promised = await promisedOf(trx, estate_id);
  const by_unit = new Map<string, OpenBill[]>();
  for (const bill of bills) by_unit.set(bill.ref, [...by_unit.get(bill.ref) ?? [], bill]);
  // In the order of the random names: in that of the doors the lines of an entry would say which is whose.
  const parts = [...by_unit].sort(([a], [b]) => (a < b ? -1 : 1)).map(([ref, some]) => {
    const funds = held.get(ref)!;
    return releasable(some, funds, new Map([...funds.keys()].map((fund) => [fund, promised.get(`${ref} ${fund}`) ?? zero])));
  }).filter((some) => some.length > 0);
  if (parts.length === 0) return none;
  const made_by = await lastTaker(trx, estate_id);
  const entries: number[] = [];
  for (let from = 0; from < parts.length; from += DWELLINGS) {
    entries.push(await post(trx, { estate_id, made_by, on, parts: parts.slice(from, from + DWELLINGS) }));
  }
  return { entries, dwellings: parts.length, total: sum(parts.flat().map((part) => part.amount)) };
}

/** Dwellings that hold something; most estates have few. */
async function holdersOf(trx: Trx, estate_id: number, units: readonly string[] | undefined): Promise<string[]> {
  const { rows } = await sql<{ unit: string }>`select u.unit from unit u join (select distinct p.unit from posting p
      where p.estate_id = ${estate_id} and p.account = ${AHEAD} and p.unit is not null
        ${units === undefined ? sql`` : sql`and p.unit in (select n.ref from unit n where n.estate_id = ${estate_id} and n.unit = any(${[...units]}::text[]))`}
      group by p.unit, p.fund having sum(p.credit - p.debit) > 0) h on h.unit = u.ref
    where u.estate_id = ${estate_id} order by u.unit`.execute(trx);
  return rows.map((row) => row.unit);
}

async function lastTaker(trx: Trx, estate_id: number): Promise<string> {
  const row = await trx.selectFrom('posting as p').innerJoin('journal_entry as e', (join) => join.onRef('e.estate_id', '=', 'p.estate_id').onRef('e.seq', '=', 'p.seq'))
    .select('e.made_by').where('p.estate_id', '=', estate_id).where('p.account', '=', AHEAD).where('p.unit', 'is not', null).where('p.credit', '>', '0')
    .orderBy('p.seq', 'desc').limit(1).executeTakeFirstOrThrow();
  return row.made_by;
}

async function post(
  trx: Trx, { estate_id, made_by, on, parts }: { estate_id: number; made_by: string; on: BusinessDate; parts: readonly Part[][] },
): Promise<number> {
  const lines = new Map<string, EntryLine & { debit?: Money; credit?: Money }>();
  const add = (side: 'debit' | 'credit', account: string, { fund, ref: unit }: OpenBill, amount: Money): void => {
    const key = `${fund} ${unit} ${side} ${account}`;
    lines.set(key, { account, fund, unit, [side]: sum([lines.get(key)?.[side] ?? zero, amount]) });
  };
  const payments: BillPart[] = [];
  for (const { bill, amount } of parts.flat()) {
    add('debit', AHEAD, bill, amount);
    add('credit', accountOf(bill, on), bill, amount);
    payments.push({ bill_id: bill.bill_id, amount });
  }
  const body = entryBody({
    kind: 'transfer', release: true, entry_date: on, description: `预收款冲抵账单（${parts.length} 户）`, key: `release:${randomUUID()}`, made_by, postings: [...lines.values()],
  });
  const [result] = await postEntries(trx, estate_id, [body]);
  if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
  await recordManyPayments(trx, estate_id, payments.map((part) => ({ ...part, seq: result!.seq! })));
  return result!.seq!;
}
