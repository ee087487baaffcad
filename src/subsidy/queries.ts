// Reads of subsidies: schemes with how far they are, in totals for everybody; claims by dwelling for those entitled; one's own.
import { sql } from 'kysely';
import { seesSince } from '../estate/register-queries.ts';
import { estateToday } from '../evidence/records.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { money, type Money } from '../kernel/money.ts';
import { refusals } from './refusals.ts';

export interface Choice extends Bilingual { value: string }

/** Items that are billed here: of the fee rules, and the property fee. */
export async function itemChoices(trx: Trx, estate_id: number): Promise<Choice[]> {
  const { rows } = await sql<Choice>`
    select distinct on (f.item) f.item as value, f.name_zh as zh, f.name_en as en from fee_rule f where f.estate_id = ${estate_id}
    order by f.item, f.starts_on desc, f.proposal_id desc`.execute(trx);
  return rows.some((row) => row.value === 'property_fee') ? rows : [{ value: 'property_fee', zh: '物业费', en: 'Property fee' }, ...rows];
}

export interface Scheme {
  scheme: number;
  name_zh: string;
  name_en: string;
  funder: string;
  percent: string | null;
  amount_each: string | null;
  items: string[];
  first_period: string;
  last_period: string;
  unit_cap: string | null;
  budget: string;
  last_day: string;
  payout: 'credit' | 'pay';
  ended_on: string | null;
}
const SCHEME = sql`s.proposal_id as scheme, s.name_zh, s.name_en, s.funder, s.percent, s.amount_each, s.items, s.first_period, s.last_period, s.unit_cap, s.budget,
  s.last_day, s.payout, s.ended_on`;

/** Refusal: subsidy_unknown. */
export async function readScheme(trx: Trx, estate_id: number, scheme: number): Promise<Scheme> {
  const { rows } = await sql<Scheme>`select ${SCHEME} from subsidy_scheme s where s.estate_id = ${estate_id} and s.proposal_id = ${scheme}`.execute(trx);
  if (rows[0] === undefined) throw refusals.subsidy_unknown({ scheme });
  return rows[0];
}

export async function schemeUsed(trx: Trx, estate_id: number, scheme: number): Promise<Money> {
  const { rows } = await sql<{ used: string }>`select coalesce(sum(c.amount), 0)::numeric(16, 2) as used from subsidy_claim c
    where c.estate_id = ${estate_id} and c.scheme = ${scheme} and c.ended_seq is null`.execute(trx);
  return money(rows[0]!.used);
}

/** How far a scheme is: sums and counts, never a dwelling. */
export interface Progress extends Scheme {
  state: 'open' | 'over';
  claims: number;
  claimed: string;
  left: string;
  sent_claims: number;
  sent: string;
  arrived: string;
  passed_claims: number;
  passed: string;
  /** Being signed: a batch to the funder, money to the dwellings. */
  asking: string;
  passing: string;
  /** Fell because a payment was reversed. */
  fallen_claims: number;
  fallen: string;
  /** Passed on, or ordered, although the bill is not paid any more: to be asked back. */
  to_reclaim: string;
}

/** How far each batch and payout is, asked once for each of them. */
const STEPS = (estate_id: number) => sql`step as materialized (select n.proposal_id, subsidy_step(${estate_id}, n.proposal_id) as step from (
    select c.batch_id as proposal_id from subsidy_claim c where c.estate_id = ${estate_id} union select c.payout_id from subsidy_claim c where c.estate_id = ${estate_id}) n
  where n.proposal_id is not null)`;

/** Newest first. */
export async function progressOf(trx: Trx, estate_id: number, today: string, only: number | null = null): Promise<Progress[]> {
  const { rows } = await sql<Progress>`
    with ${STEPS(estate_id)}, claim as (
      select c.scheme, c.claim_id, c.amount, c.ended_seq, coalesce(b.step, 'none') as batch, coalesce(p.step, 'none') as payout,
        case when c.payout_id is null then false else not subsidy_kept(c.estate_id, c.bill_id, c.paid) end as undone
      from subsidy_claim c left join step b on b.proposal_id = c.batch_id left join step p on p.proposal_id = c.payout_id where c.estate_id = ${estate_id} and (${only}::bigint is null or c.scheme = ${only}::bigint)
    ), told as (
      select c.scheme, count(*) filter (where c.ended_seq is null)::integer as claims, sum(c.amount) filter (where c.ended_seq is null) as claimed,
        sum(c.amount) filter (where c.ended_seq is null and c.batch = 'asked') as asking,
        count(*) filter (where c.ended_seq is null and c.payout = 'done')::integer as passed_claims, sum(c.amount) filter (where c.ended_seq is null and c.payout = 'done') as passed,
        sum(c.amount) filter (where c.ended_seq is null and c.payout = 'asked') as passing,
        count(*) filter (where c.ended_seq is not null)::integer as fallen_claims, sum(c.amount) filter (where c.ended_seq is not null) as fallen,
        sum(c.amount) filter (where c.ended_seq is null and c.payout <> 'none' and c.undone) as to_reclaim
      from claim c group by c.scheme
    ), batch as (
      select b.scheme, sum(b.claims)::integer as sent_claims, sum(b.total) as sent, sum(subsidy_arrived(b.estate_id, b.proposal_id)) as arrived
      from subsidy_batch b where b.estate_id = ${estate_id} group by b.scheme
    )
    select ${SCHEME}, case when s.ended_on is null and s.last_day >= ${today}::date then 'open' else 'over' end as state,
      coalesce(t.claims, 0) as claims, coalesce(t.claimed, 0)::numeric(16, 2) as claimed, (s.budget - coalesce(t.claimed, 0))::numeric(16, 2) as left,
      coalesce(b.sent_claims, 0) as sent_claims, coalesce(b.sent, 0)::numeric(16, 2) as sent, coalesce(b.arrived, 0)::numeric(16, 2) as arrived,
      coalesce(t.passed_claims, 0) as passed_claims, coalesce(t.passed, 0)::numeric(16, 2) as passed, coalesce(t.asking, 0)::numeric(16, 2) as asking,
      coalesce(t.passing, 0)::numeric(16, 2) as passing, coalesce(t.fallen_claims, 0) as fallen_claims, coalesce(t.fallen, 0)::numeric(16, 2) as fallen,
      coalesce(t.to_reclaim, 0)::numeric(16, 2) as to_reclaim
    from subsidy_scheme s left join told t on t.scheme = s.proposal_id left join batch b on b.scheme = s.proposal_id
    where s.estate_id = ${estate_id} and (${only}::bigint is null or s.proposal_id = ${only}::bigint) order by s.proposal_id desc`.execute(trx);
  return rows;
}

/** The fund against what the schemes say: what came in for no batch yet, and what was passed on without a claim. */
export interface FundTold { balance: string; unlinked: string; beside: string }

export async function fundTold(trx: Trx, estate_id: number): Promise<FundTold> {
  const { rows } = await sql<FundTold>`
    select coalesce((select sum(b.debit - b.credit) from balance b join account a on a.estate_id = b.estate_id and a.account = b.account
        where b.estate_id = ${estate_id} and b.fund = 'fee_subsidy' and a.is_money), 0)::numeric(16, 2) as balance,
      (coalesce((select sum(b.credit - b.debit) from balance b where b.estate_id = ${estate_id} and b.fund = 'fee_subsidy' and b.account = '4105'), 0)
        - coalesce((select sum(subsidy_arrived(b.estate_id, b.proposal_id)) from subsidy_batch b where b.estate_id = ${estate_id}), 0))::numeric(16, 2) as unlinked,
      (coalesce((select sum(b.debit - b.credit) from balance b where b.estate_id = ${estate_id} and b.fund = 'fee_subsidy' and b.account = '5114'), 0)
        - coalesce((select sum(p.total) from subsidy_payout p where p.estate_id = ${estate_id} and subsidy_step(p.estate_id, p.proposal_id) = 'done'), 0))::numeric(16, 2) as beside`.execute(trx);
  return rows[0]!;
}

/** What may be claimed now under each open scheme, of all bills or of some. */
export async function claimable(trx: Trx, estate_id: number, scheme: number, bills: readonly number[] | null): Promise<{ bill_id: number; amount: string; status: string }[]> {
  const { rows } = await sql<{ bill_id: number; amount: string; status: string }>`select bill_id, amount, status
    from subsidy_judged(${estate_id}, ${scheme}, ${bills === null ? null : [...bills]}::bigint[])`.execute(trx);
  return rows;
}

// ── One's own ────────────────────────────────────────────────────────────────────────────────────

export interface OwnBill { bill_id: number; unit: string; item: string; period: string; amount: string }

/** Bills of the dwellings of whoever asks: who is entered as owner or tenant has those of their own months only, anybody else those since the
 *  present owners came. */
export async function ownBills(trx: Trx, estate_id: number, actor: Actor): Promise<OwnBill[]> {
  const units = [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))];
  if (units.length === 0) return [];
  const since = await seesSince(trx, { estate_id, person_id: actor.person_id, units, today: await estateToday(trx, estate_id) });
  const seen = JSON.stringify(units.map((unit) => ({ unit, first: since.get(unit)?.slice(0, 7) ?? '' })));
  const { rows } = await sql<OwnBill>`
    with stay as (
      select t.unit, to_char(t.from_date, 'YYYY-MM') as first, coalesce(to_char(t.to_date, 'YYYY-MM'), '9999-12') as last
      from tenure t join party p on p.estate_id = t.estate_id and p.party_id = t.party_id
      where t.estate_id = ${estate_id} and p.person_id = ${actor.person_id} and (t.to_date is null or t.to_date >= t.from_date)
    )
    select b.bill_id, b.unit, b.item, b.period, b.amount from bill b join json_to_recordset(${seen}::json) as w(unit text, first text) on w.unit = b.unit
    cross join lateral (select coalesce((select o.period from bill o where o.estate_id = b.estate_id and o.bill_id = b.of_bill), b.period) as period) m
    where b.estate_id = ${estate_id} and (exists (select from stay s where s.unit = b.unit and m.period between s.first and s.last)
      or (not exists (select from stay s where s.unit = b.unit) and m.period >= w.first))
    order by b.unit, b.period, b.bill_id`.execute(trx);
  return rows;
}

// ── Claims by dwelling ───────────────────────────────────────────────────────────────────────────

export type ClaimState = 'claimed' | 'asked' | 'sent' | 'passing' | 'passed' | 'reclaim' | 'fallen';
export interface ClaimRow {
  claim_id: number;
  scheme: number;
  unit: string;
  ref: string;
  bill_id: number;
  item: string;
  name_zh: string;
  name_en: string;
  period: string;
  billed: string;
  paid: string;
  /** Day on which the last part of the bill was paid. */
  paid_on: string | null;
  amount: string;
  batch: number | null;
  payout: number | null;
  state: ClaimState;
}
export interface ClaimsAsked { scheme?: number | undefined; batch?: number | undefined; units?: readonly string[] | undefined; bills?: readonly number[] | undefined; limit: number; after?: number | undefined }

/** By number, 1-1-101 and 1-1-1001 as they were claimed. */
export async function claimRows(trx: Trx, estate_id: number, { scheme, batch, units, bills, limit, after }: ClaimsAsked): Promise<{ items: ClaimRow[]; next_cursor: number | null }> {
  const { rows } = await sql<ClaimRow>`
    with ${STEPS(estate_id)}
    select c.claim_id, c.scheme, b.unit, u.ref, c.bill_id, b.item, coalesce(f.name_zh, case b.item when 'property_fee' then '物业费' else b.item end) as name_zh,
      coalesce(f.name_en, case b.item when 'property_fee' then 'Property fee' else b.item end) as name_en, b.period, b.amount as billed, c.paid, c.amount,
      (select max(e.entry_date) from bill_payment y join journal_entry e on e.estate_id = y.estate_id and e.seq = y.seq where y.estate_id = c.estate_id and y.bill_id = c.bill_id
        and not exists (select from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq)) as paid_on,
      case when s.batch = 'none' then null else c.batch_id end as batch, case when s.payout = 'none' then null else c.payout_id end as payout,
      case when c.ended_seq is not null then 'fallen' when s.payout <> 'none' and not subsidy_kept(c.estate_id, c.bill_id, c.paid) then 'reclaim'
        when s.payout = 'done' then 'passed' when s.payout = 'asked' then 'passing' when s.batch = 'done' then 'sent' when s.batch = 'asked' then 'asked' else 'claimed' end as state
    from subsidy_claim c join bill b on b.estate_id = c.estate_id and b.bill_id = c.bill_id join unit u on u.estate_id = b.estate_id and u.unit = b.unit
    left join fee_rule f on f.estate_id = b.estate_id and f.proposal_id = b.rule_id
    left join step sb on sb.proposal_id = c.batch_id left join step sp on sp.proposal_id = c.payout_id
    cross join lateral (select coalesce(sb.step, 'none') as batch, coalesce(sp.step, 'none') as payout) s
    where c.estate_id = ${estate_id} ${scheme === undefined ? sql`` : sql`and c.scheme = ${scheme}`} ${batch === undefined ? sql`` : sql`and c.batch_id = ${batch}`}
      ${units === undefined ? sql`` : sql`and b.unit = any(${[...units]}::text[])`} ${bills === undefined ? sql`` : sql`and c.bill_id = any(${[...bills]}::bigint[])`}
      ${after === undefined ? sql`` : sql`and c.claim_id > ${after}`}
    order by c.claim_id limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? items.at(-1)!.claim_id : null };
}

/** Claims of a scheme that are in no living batch. */
export async function waitingClaims(trx: Trx, estate_id: number, scheme: number): Promise<{ claims: number; amount: string }> {
  const { rows } = await sql<{ claims: number; amount: string }>`with ${STEPS(estate_id)}
    select count(*)::integer as claims, coalesce(sum(c.amount), 0)::numeric(16, 2) as amount from subsidy_claim c left join step s on s.proposal_id = c.batch_id
    where c.estate_id = ${estate_id} and c.scheme = ${scheme} and c.ended_seq is null and coalesce(s.step, 'none') = 'none'`.execute(trx);
  return rows[0]!;
}

// ── Batches ──────────────────────────────────────────────────────────────────────────────────────

export interface BatchRow {
  batch: number;
  scheme: number;
  state: string;
  claims: number;
  total: string;
  list_sha256: string | null;
  /** Claims in it that fell afterwards. */
  fallen: string;
  arrived: string;
  passed: string;
  submitted_on: string | null;
}

/** Batches of a scheme with those that are being signed, newest first; those that came to nothing are left out. */
export async function batchRows(trx: Trx, estate_id: number, { scheme, batch }: { scheme?: number | undefined; batch?: number | undefined }): Promise<BatchRow[]> {
  const { rows } = await sql<BatchRow>`
    select o.proposal_id as batch, (o.document::jsonb ->> 'scheme')::bigint as scheme, o.state, coalesce(b.claims, (o.document::jsonb ->> 'claims')::integer) as claims,
      coalesce(b.total, o.amount) as total, b.list_sha256, coalesce((select sum(c.amount) from subsidy_claim c where c.estate_id = o.estate_id and c.batch_id = o.proposal_id
        and c.ended_seq is not null), 0)::numeric(16, 2) as fallen, subsidy_arrived(o.estate_id, o.proposal_id) as arrived, subsidy_passed(o.estate_id, o.proposal_id) as passed,
      o.document::jsonb ->> 'submitted_on' as submitted_on
    from proposal o left join subsidy_batch b on b.estate_id = o.estate_id and b.proposal_id = o.proposal_id
    where o.estate_id = ${estate_id} and o.kind = 'subsidy_batch' and o.state in ('submitted', 'held', 'approved', 'executed')
      ${scheme === undefined ? sql`` : sql`and (o.document::jsonb ->> 'scheme')::bigint = ${scheme}`} ${batch === undefined ? sql`` : sql`and o.proposal_id = ${batch}`}
    order by o.proposal_id desc`.execute(trx);
  return rows;
}

/** Refusal: subsidy_batch_unknown. */
export async function readBatch(trx: Trx, estate_id: number, batch: number): Promise<BatchRow> {
  const [row] = await batchRows(trx, estate_id, { batch });
  if (row === undefined) throw refusals.subsidy_batch_unknown({ batch });
  return row;
}

export interface ArrivalRow { entry: number; number: string; entry_date: string; amount: string; reversed: boolean }
export const arrivalRows = async (trx: Trx, estate_id: number, batch: number): Promise<ArrivalRow[]> => (await sql<ArrivalRow>`
  select a.entry, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, a.amount,
    exists (select from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq) as reversed
  from subsidy_arrival a join journal_entry e on e.estate_id = a.estate_id and e.seq = a.entry
  where a.estate_id = ${estate_id} and a.batch_id = ${batch} order by a.entry`.execute(trx)).rows;

export interface FreeEntry { entry: number; number: string; entry_date: string; description: string; free: string }
/** Receipts of the fund that are not linked to batches, or not whole. */
export const freeEntries = async (trx: Trx, estate_id: number): Promise<FreeEntry[]> => (await sql<FreeEntry>`
  select e.seq as entry, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, e.description, (l.credit - a.linked)::numeric(14, 2) as free
  from (select p.seq, sum(p.credit) as credit from posting p where p.estate_id = ${estate_id} and p.account = '4105' and p.fund = 'fee_subsidy' group by p.seq) l
  join journal_entry e on e.estate_id = ${estate_id} and e.seq = l.seq
  cross join lateral (select coalesce(sum(x.amount), 0) as linked from subsidy_arrival x where x.estate_id = e.estate_id and x.entry = e.seq) a
  where e.reverses is null and l.credit > a.linked and not exists (select from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq)
  order by e.seq desc limit 100`.execute(trx)).rows;

export interface PayoutRow { proposal: number; kind: string; state: string; claims: number; total: string; step: 'asked' | 'done' | 'none'; entry: number | null }
export const payoutRows = async (trx: Trx, estate_id: number, batch: number): Promise<PayoutRow[]> => (await sql<PayoutRow>`
  select p.proposal_id as proposal, o.kind, o.state, p.claims, p.total, subsidy_step(p.estate_id, p.proposal_id) as step,
    (select e.seq from journal_entry e where e.estate_id = p.estate_id and e.proposal_id = p.proposal_id and e.reverses is null limit 1) as entry
  from subsidy_payout p join proposal o on o.estate_id = p.estate_id and o.proposal_id = p.proposal_id
  where p.estate_id = ${estate_id} and p.batch_id = ${batch} order by p.proposal_id`.execute(trx)).rows;

export interface Payable { claim_id: number; unit: string; ref: string; amount: string; covered: boolean }
/** What of a batch is not passed on yet, first claimed first; covered: the money goes so far. */
export const payable = async (trx: Trx, estate_id: number, batch: number): Promise<Payable[]> => (await sql<Payable>`
  select claim_id, unit, ref, amount, covered from subsidy_payable(${estate_id}, ${batch})`.execute(trx)).rows;
