// Reads of deposits (押金): what is held for each dwelling, what moved, what is asked for. The sums are those of the books (2241).
import { sql } from 'kysely';
import type { Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { byPlace } from '../estate/register-queries.ts';
import { sightOf } from './sight.ts';

export const DEPOSIT_ACCOUNT = '2241';
export const DEPOSIT_FUND = 'deposit';
export const depositKinds = ['renovation', 'access', 'other'] as const;
export type DepositKind = (typeof depositKinds)[number];

export interface UnitDeposit {
  unit: string;
  ref: string;
  taken: string;
  given_back: string;
  held: string;
  /** Asked for by refunds and deductions that are not booked yet. */
  underway: string;
  /** Day of the oldest deposit that stands; null where the books name none. */
  since: BusinessDate | null;
}

/** Dwellings that gave a deposit, in the order of the doors; `held_only`: those for which something is held now. */
export async function depositsByUnit(trx: Trx, estate_id: number, { unit, held_only = false }: { unit?: string | undefined; held_only?: boolean } = {}): Promise<UnitDeposit[]> {
  const { rows } = await sql<UnitDeposit>`
    select u.unit, u.ref, s.taken, s.given_back, s.held, unit_underway(${estate_id}, u.ref, ${DEPOSIT_ACCOUNT}, ${DEPOSIT_FUND}, null) as underway, s.since
    from (select p.unit as ref, sum(p.credit)::numeric(16, 2) as taken, sum(p.debit)::numeric(16, 2) as given_back,
        sum(p.credit - p.debit)::numeric(16, 2) as held, min(e.entry_date) filter (where p.credit > 0) as since
      from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = ${estate_id} and p.unit is not null and p.account = ${DEPOSIT_ACCOUNT} and p.fund = ${DEPOSIT_FUND} group by p.unit) s
    join unit u on u.estate_id = ${estate_id} and u.ref = s.ref
    where (${unit ?? null}::text is null or u.unit = ${unit ?? null}) and (not ${held_only} or s.held <> 0)`.execute(trx);
  return rows.sort((a, b) => byPlace(a.unit, b.unit));
}

/** What the books hold on 2241 in all, and of it for no dwelling (from before dwellings were named). */
export async function depositTotals(trx: Trx, estate_id: number): Promise<{ held: string; unnamed: string }> {
  const { rows: [row] } = await sql<{ held: string; unnamed: string }>`
    select coalesce(sum(p.credit - p.debit), 0)::numeric(16, 2) as held, coalesce(sum(p.credit - p.debit) filter (where p.unit is null), 0)::numeric(16, 2) as unnamed
    from posting p where p.estate_id = ${estate_id} and p.account = ${DEPOSIT_ACCOUNT}`.execute(trx);
  return row!;
}

export interface DepositMove {
  seq: number;
  number: string;
  entry_date: BusinessDate;
  description: string;
  kind: DepositKind | null;
  /** Below zero in a red-letter reversal. */
  taken: string;
  given_back: string;
  /** Held after it. */
  held: string;
  receipt: number | null;
  reversed: boolean;
}

/** Everything on 2241 of one dwelling, oldest first; from a day on, as if nothing had been there before. */
export async function depositMoves(trx: Trx, estate_id: number, { unit, from }: { unit: string; from: BusinessDate | null }): Promise<DepositMove[]> {
  const { rows } = await sql<DepositMove>`
    select e.seq, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, e.description, d.kind,
      s.credit as taken, s.debit as given_back, (sum(s.credit - s.debit) over (order by e.entry_date, e.seq))::numeric(16, 2) as held,
      r.number as receipt, exists (select from journal_entry x where x.estate_id = e.estate_id and x.reverses = e.seq) as reversed
    from unit u
    join lateral (select p.seq, sum(p.credit)::numeric(16, 2) as credit, sum(p.debit)::numeric(16, 2) as debit from posting p
      where p.estate_id = u.estate_id and p.unit = u.ref and p.account = ${DEPOSIT_ACCOUNT} and p.fund = ${DEPOSIT_FUND} group by p.seq) s on true
    join journal_entry e on e.estate_id = u.estate_id and e.seq = s.seq
    left join deposit d on d.estate_id = e.estate_id and d.seq = e.seq and d.unit = u.unit
    left join receipt r on r.estate_id = e.estate_id and r.seq = e.seq and r.unit_ref = u.ref
    where u.estate_id = ${estate_id} and u.unit = ${unit} and (${from}::date is null or e.entry_date >= ${from}::date)
    order by e.entry_date, e.seq`.execute(trx);
  return rows;
}

export interface DepositAsked { proposal_id: number; kind: 'refund' | 'payment' | 'transfer'; state: string; amount: string; title: string }

/** Refunds and deductions of a dwelling that are not booked yet. */
export async function depositsAsked(trx: Trx, estate_id: number, ref: string): Promise<DepositAsked[]> {
  const { rows } = await sql<DepositAsked>`
    select o.proposal_id, o.kind, o.state, o.title, sum((l.value ->> 'debit')::numeric)::numeric(16, 2) as amount
    from proposal o, jsonb_array_elements(o.document::jsonb -> 'postings') as l(value)
    where o.estate_id = ${estate_id} and o.state in ('submitted', 'held', 'approved') and o.kind in ('payment', 'refund', 'transfer')
      and l.value ->> 'unit' = ${ref} and l.value ->> 'account' = ${DEPOSIT_ACCOUNT} and l.value ? 'debit'
    group by o.proposal_id, o.kind, o.state, o.title order by o.proposal_id`.execute(trx);
  return rows;
}

/** First day of what somebody who lives there may see: nobody sees what the owner before them paid. Null: all of it. */
export async function seenFrom(trx: Trx, { estate_id, actor, unit }: { estate_id: number; actor: Actor; unit: string }): Promise<BusinessDate | null> {
  const sight = await sightOf(trx, { estate_id, actor });
  return sight.all ? null : sight.units.get(unit) ?? null;
}
