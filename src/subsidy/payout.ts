// The funder's money, and passing it on.
//   arrives    借 1002 [fee_subsidy]   贷 4105 [fee_subsidy]           a receipt, linked to its batch
//   credit     借 5114 [fee_subsidy]   贷 1002 [fee_subsidy]           one transfer under two keys for many dwellings
//              借 1002 [service]       贷 2203 [service], each dwelling: it pays their coming bills
//   pay        借 5114 [fee_subsidy]   贷 1002 [fee_subsidy]           a payment order for each dwelling, drawn up as any other and tied here
// Never more than arrived for the batch, no claim twice, and booked only while every claim behind it stands:
// open_subsidy_payout(), guard_subsidy_payout.
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal, supersede } from '../approval/proposal.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, moneyText, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { entryBody, lineJson, sumsOf, type EntryLine } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { readDay } from '../ledger/typed-entry.ts';
import { freeEntries, payable, readBatch, readScheme, type BatchRow } from './queries.ts';
import { refusals } from './refusals.ts';
import { FUND, type Proposed } from './scheme.ts';

/** Most dwellings of one transfer: a page and a printed entry stay readable. */
export const MOST_DWELLINGS = 400;
const INCOME = '4105';
const PASSED_ON = '5114';

// ── Arrival ──────────────────────────────────────────────────────────────────────────────────────

export interface ArrivalAsked {
  estate: Estate;
  actor: Actor | null;
  batch: number;
  /** An entry that is booked already (from the bank's line); else one is booked now. */
  entry?: number | null | undefined;
  /** Yuan as typed; of an entry: as much as is free and asked for, where it is empty. */
  amount?: string | undefined;
  entry_date?: string | undefined;
  bank_account?: string | undefined;
  reference?: string | undefined;
  key?: string | null | undefined;
}
export type Arrived = { entry: number; amount: string };

/** Says for which batch money came, booking it where it is not. Refusals: those of demand() for post_receipt, subsidy_batch_unknown, subsidy_arrival_unclear,
 *  subsidy_amount_invalid, subsidy_entry_unfit, subsidy_entry_exceeded, subsidy_batch_exceeded, subsidy_linked_already, those of post_entries(). */
export async function takeArrival(house: House, asked: ArrivalAsked): Promise<Arrived> {
  const { estate, batch, entry = null, amount = '', entry_date = '', bank_account = '1002', reference = '', key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  const once_key = key === null ? null : `subsidy_arrival:${actor.person_id}:${key}`;
  const content = { batch, entry, amount, entry_date, bank_account, reference };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    await lockEstate(trx, estate_id);
    const found = await readBatch(trx, estate_id, batch);
    if (found.state !== 'executed') throw refusals.subsidy_batch_unknown({ batch });
    const open = minus(money(found.total), money(found.arrived));
    const typed = amount.trim() === '' ? null : readMoney(amount);
    if (amount.trim() !== '' && (typed === null || !typed.greaterThan(zero))) throw refusals.subsidy_amount_invalid({ typed: amount.slice(0, 20) }, 'amount');
    if (entry === null && (typed === null || entry_date.trim() === '')) throw refusals.subsidy_arrival_unclear({}, typed === null ? 'amount' : 'entry_date');
    if (entry === null && typed!.greaterThan(open)) throw beyondBatch(found, typed!);
    const seq = entry ?? await bookArrival(trx, estate, actor, { batch: found, amount: typed!, entry_date, bank_account, reference });
    const free = entry === null ? typed! : money((await freeEntries(trx, estate_id)).find((row) => row.entry === entry)?.free ?? '0.00');
    const part = typed ?? (free.lessThan(open) ? free : open);
    const { rows } = await sql<{ status: string }>`select link_subsidy_arrival(${estate_id}, ${batch}, ${seq}, ${part.isZero() ? null : moneyText(part)}::numeric,
      ${actor.person_id}::uuid) as status`.execute(trx);
    refuseArrival(rows[0]!.status, { found, seq, part });
    return { entry: seq, amount: moneyText(part) };
  }), { retryable: true });
}

const beyondBatch = (batch: BatchRow, amount: Money) => refusals.subsidy_batch_exceeded({
  total: moneyFigures(money(batch.total)), arrived: moneyFigures(money(batch.arrived)), amount: moneyFigures(amount),
}, 'amount');

function refuseArrival(status: string, { found, seq, part }: { found: BatchRow; seq: number; part: Money }): void {
  switch (status) {
    case 'linked': return;
    case 'batch_unknown': throw refusals.subsidy_batch_unknown({ batch: found.batch });
    case 'entry_unfit': throw refusals.subsidy_entry_unfit({ entry: seq }, 'entry');
    case 'already_linked': throw refusals.subsidy_linked_already({}, 'entry');
    case 'batch_exceeded': throw beyondBatch(found, part);
    default: throw part.isZero() ? beyondBatch(found, part) : refusals.subsidy_entry_exceeded({ amount: moneyFigures(part) }, 'amount');
  }
}

interface Booked { batch: BatchRow; amount: Money; entry_date: string; bank_account: string; reference: string }

async function bookArrival(trx: Trx, { estate_id }: Estate, actor: Actor, { batch, amount, entry_date, bank_account, reference }: Booked): Promise<number> {
  const { funder } = await readScheme(trx, estate_id, batch.scheme);
  const body = entryBody({
    kind: 'receipt', entry_date: readDay(entry_date, 'entry_date'), description: `${funder}拨付缴费补贴（第 ${batch.batch} 批）`,
    key: `subsidy:${batch.batch}:${entry_date}:${moneyText(amount)}:${reference}`, made_by: actor.person_id, reference: reference.trim() === '' ? undefined : reference.trim().slice(0, 60),
    postings: [{ account: bank_account, fund: FUND, debit: amount }, { account: INCOME, fund: FUND, credit: amount }],
  });
  const [result] = await postEntries(trx, estate_id, [body]);
  if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
  return result!.seq!;
}

// ── Passing on ───────────────────────────────────────────────────────────────────────────────────

export interface PayoutAsked {
  estate: Estate;
  actor: Actor | null;
  batch: number;
  /** Of a scheme that pays out: the payment order and the dwelling it is for. */
  order?: number | null | undefined;
  unit?: string | undefined;
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). */
export type PassedOn = Proposed & { claims: number; total: string };

/** Passes on what the money goes to: by a transfer that is proposed now, or by a payment order that was submitted. Refusals: those of demand() for
 *  draft_order, subsidy_batch_unknown, subsidy_pays_otherwise, subsidy_nothing_to_pass_on, subsidy_order_unfit, subsidy_claims_moved, rule_missing. */
export async function passOn(house: House, asked: PayoutAsked): Promise<PassedOn> {
  const { estate, batch, order = null, unit = '', key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'draft_order');
  const once_key = key === null ? null : `subsidy_payout:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { batch, order, unit } }, async () => {
    await lockEstate(trx, estate_id);
    const found = await readBatch(trx, estate_id, batch);
    if (found.state !== 'executed') throw refusals.subsidy_batch_unknown({ batch });
    const { payout, name_zh, name_en } = await readScheme(trx, estate_id, found.scheme);
    if ((payout === 'pay') !== (order !== null)) {
      throw refusals.subsidy_pays_otherwise(payout === 'pay' ? { way: '逐户付款（先开付款单）', way_en: 'by payment orders' } : { way: '记入各户预收', way_en: 'as credit' });
    }
    const due = (await payable(trx, estate_id, batch)).filter((row) => (order === null ? row.covered : row.unit === unit.trim()));
    const chosen = order === null ? firstDwellings(due) : due;
    const total = sum(chosen.map((row) => money(row.amount)));
    const facts = { arrived: moneyFigures(money(found.arrived)), passed: moneyFigures(money(found.passed)) };
    if (chosen.length === 0) throw refusals.subsidy_nothing_to_pass_on(facts);
    const proposed = order === null ? await proposeTransfer(trx, estate, actor, { title: `发放缴费补贴：${name_zh}（第 ${batch} 批）`, title_en: `Subsidies passed on: ${name_en}`, chosen, total })
      : { proposal_id: order, document_hash: '' };
    const { rows } = await sql<{ status: string }>`select open_subsidy_payout(${estate_id}, ${batch}, ${proposed.proposal_id}, ${chosen.map((row) => row.claim_id)}::bigint[]) as status`.execute(trx);
    const { status } = rows[0]!;
    if (status === 'order_unfit') throw refusals.subsidy_order_unfit({ order: proposed.proposal_id, amount: moneyFigures(total) }, 'order');
    if (status === 'arrived_exceeded') throw refusals.subsidy_nothing_to_pass_on(facts);
    if (status !== 'opened') throw refusals.subsidy_claims_moved();
    return { ...proposed, claims: chosen.length, total: moneyText(total) };
  }), { retryable: true });
}

function firstDwellings<R extends { ref: string }>(rows: readonly R[]): R[] {
  const refs = new Set([...new Set(rows.map((row) => row.ref))].slice(0, MOST_DWELLINGS));
  return rows.filter((row) => refs.has(row.ref));
}

interface Transfer { title: string; title_en: string; chosen: readonly { ref: string; amount: string }[]; total: Money }

/** The lines are frozen with the signatures: dwellings by their opaque name, each once. */
async function proposeTransfer(trx: Trx, estate: Estate, actor: Actor, { title, title_en, chosen, total }: Transfer): Promise<Proposed> {
  const { estate_id } = estate;
  const parts = new Map<string, Money[]>();
  for (const { ref, amount } of chosen) parts.set(ref, [...(parts.get(ref) ?? []), money(amount)]);
  const postings: EntryLine[] = [
    { account: PASSED_ON, fund: FUND, debit: total }, { account: '1002', fund: FUND, credit: total }, { account: '1002', fund: 'service', debit: total },
    ...[...parts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([unit, amounts]): EntryLine => ({ account: '2203', fund: 'service', credit: sum(amounts), unit })),
  ];
  const entry_date = await estateToday(trx, estate_id);
  const body = entryBody({ kind: 'transfer', entry_date, description: title, made_by: actor.person_id, key: 'trial', postings });
  // Nobody is asked to sign what could never be booked.
  const [result] = await postEntries(trx, estate_id, [body]);
  if (result!.status !== 'order_required') throw await explainRefusal(trx, estate_id, result!, body);
  const row = { title, amount: sumsOf(postings).debit, fund: null };
  const proposal_id = await draftProposal(trx, { estate_id, kind: 'transfer', made_by: actor.person_id, ...row });
  const { document_hash } = await submitProposal(trx, {
    estate, proposal_id, actor, ...row, content: { entry_date, description: title, title_en, postings: postings.map(lineJson), vouchers: [] },
  });
  return { proposal_id, document_hash };
}

/** Carries a transfer out by `execute`; one that passes subsidies on and whose claims fell meanwhile is superseded instead. Refusals: those of `execute`,
 *  subsidy_payout_changed. */
export const guardedPayout = (execute: (house: House, estate: Estate, proposal_id: number) => Promise<'waits' | void>) =>
  async (house: House, estate: Estate, proposal_id: number): Promise<'waits' | void> => {
    const { estate_id } = estate;
    const changed = () => refusals.subsidy_payout_changed();
    const fallen = await inEstate(house.db.app, estate_id, async (trx) => {
      const payout = await trx.selectFrom('subsidy_payout').select('proposal_id').where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
      if (payout === undefined) return false;
      await lockEstate(trx, estate_id);
      const { rows } = await sql<{ fallen: boolean }>`select coalesce(sum(c.amount) filter (where c.ended_seq is null and subsidy_kept(c.estate_id, c.bill_id, c.paid)), 0) <> p.total as fallen
        from subsidy_payout p left join subsidy_claim c on c.estate_id = p.estate_id and c.payout_id = p.proposal_id
        where p.estate_id = ${estate_id} and p.proposal_id = ${proposal_id} group by p.total`.execute(trx);
      if (rows[0]?.fallen === true) await supersede(trx, { estate, proposal_id, reason: changed().in('zh') });
      return rows[0]?.fallen === true;
    });
    if (fallen) throw changed();
    try {
      return await execute(house, estate, proposal_id);
    } catch (error) {
      throw constraintRefusal(error, { subsidy_payout_changed: changed });
    }
  };
