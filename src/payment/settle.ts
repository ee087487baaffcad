// Money that is gone already (事后补单): the bank paid without an order, the service booked it to 1291 待核实支出 the same day,
// and an order is signed for it afterwards. Its document says so (after_the_fact: entry, number, day), it is labelled so
// wherever it is shown, and at quorum it is carried out by itself: nothing is paid a second time.
//   借 the order's account   贷 1291   transfer entry under the order; it settles the suspense entry (post_entries)
//   where another fund bears it:  借 the order's account 贷 bank [that fund]   借 bank 贷 1291 [the fund that was charged]
// An order that was approved in time, while the line came in unmatched, settles the same way: settleOrder().
// No more is settled than is left of the entry: suspense_exceeded, judged by the door.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, sum, zero } from '../kernel/money.ts';
import { estateToday } from '../evidence/records.ts';
import { afterTheFactOf } from '../approval/after-the-fact.tsx';
import { lockEstate } from '../approval/proposal.ts';
import { readProposal, type Proposal } from '../approval/queries.ts';
import { refuseWaiting } from '../approval/waiting.ts';
import { entryBody, linesOfJson } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { refused, told, type Check } from './check-result.ts';
import { memoOf, type Paid } from './memo.ts';
import type { Order } from './queries.ts';
import { refusals } from './refusals.ts';

/** An unexplained debit with something left of it. */
export interface Suspense {
  seq: number;
  /** "2026-10 付-012". */
  number: string;
  /** Day of the bank's booking. */
  paid_on: BusinessDate;
  bank_account: string;
  fund: string;
  amount: string;
  left: string;
}

/** Null where the entry is no unexplained debit that stands. */
export async function suspenseOf(trx: Trx, estate_id: number, seq: number): Promise<Suspense | null> {
  const { rows } = await sql<Suspense>`
    select e.seq, e.period || ' ' || entry_number(e.kind, e.number) as number, l.booked_on as paid_on, s.bank_account, s.fund,
      s.amount::numeric(16, 2) as amount, s.left_amount::numeric(16, 2) as "left"
    from suspense_left(${estate_id}, ${seq}) s
    join journal_entry e on e.estate_id = ${estate_id} and e.seq = ${seq}
    join bank_line l on l.estate_id = e.estate_id and l.account = e.bank_account and l.position = e.bank_position
    where s.side = 'debit'`.execute(trx);
  return rows[0] ?? null;
}

/** The same, for an order that is drafted. Refusals: settles_unknown, settles_settled. */
export async function demandSuspense(trx: Trx, estate_id: number, seq: number): Promise<Suspense> {
  const found = await suspenseOf(trx, estate_id, seq);
  if (found === null) throw refusals.settles_unknown({ entry: seq }, 'settles');
  if (!money(found.left).greaterThan(zero)) throw refusals.settles_settled({ number: found.number }, 'settles');
  return found;
}

const texts = {
  after: {
    zh: '事后补单：钱已于 {day} 由银行付出（凭证 {number}，待核实），签齐后只补记用途，不再付款',
    en: 'Signed after the fact: the bank paid it on {day} (entry {number}, unexplained); signing books what it was for and pays nothing',
  },
};

/** Whether what is left of the entry covers the order and the others that wait for their signatures. */
export async function suspenseChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  if (order.settles === null) return [];
  const found = await suspenseOf(trx, estate_id, order.settles);
  if (found === null || !money(found.left).greaterThan(zero)) {
    return [refused('after_the_fact', refusals.settles_settled({ number: found?.number ?? String(order.settles) }, 'settles'))];
  }
  const { rows } = await sql<{ amount: string }>`
    select o.amount from payment_order o join proposal p on p.estate_id = o.estate_id and p.proposal_id = o.proposal_id
    where o.estate_id = ${estate_id} and o.settles = ${order.settles} and o.proposal_id <> ${order.order_id}
      and p.state in ('submitted', 'held', 'approved')`.execute(trx);
  const pending = sum(rows.map((row) => money(row.amount)));
  const free = minus(money(found.left), pending);
  const amount = money(order.amount);
  if (amount.greaterThan(free)) {
    return [refused('after_the_fact', refusals.settles_exceeded({
      number: found.number, left: moneyFigures(money(found.left)), pending: moneyFigures(pending), amount: moneyFigures(amount),
      over: moneyFigures(minus(amount, free)),
    }, 'amount'))];
  }
  const other = await otherPayee(trx, estate_id, order);
  if (other !== null) return [refused('after_the_fact', refusals.settles_payee_differs({ number: found.number, ...other }, 'payee'))];
  return [told('after_the_fact', 'attention', texts.after, { day: found.paid_on, number: found.number })];
}

/** The last signs of both accounts, where the bank says that the money went to another than the order's. */
async function otherPayee(trx: Trx, estate_id: number, { settles, payee_id }: Order): Promise<{ paid_to: string; signed_to: string } | null> {
  const { rows: [row] } = await sql<{ said: string; signed: string | null; last4: string }>`
    select d.counterparty_account as said, i.account_number as signed, y.account_last4 as last4
    from journal_entry e join bank_line_detail d on d.estate_id = e.estate_id and d.account = e.bank_account and d.position = e.bank_position
    join payee y on y.estate_id = e.estate_id and y.payee_id = ${payee_id}
    left join payee_identity i on i.estate_id = y.estate_id and i.payee_id = y.payee_id
    where e.estate_id = ${estate_id} and e.seq = ${settles}`.execute(trx);
  const said = (row?.said ?? '').normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
  if (row === undefined || !/[0-9A-Z]{4}$/.test(said)) return null;
  const signed = row.signed ?? row.last4;
  const same = row.signed !== null && /^[0-9A-Z]{8,}$/.test(said) ? said === signed : said.slice(-4) === signed.slice(-4);
  return same ? null : { paid_to: said.slice(-4), signed_to: signed.slice(-4) };
}

export interface SettlementAsked { proposal_id: number; suspense_seq: number; made_by: string }

/** The entry with which an approved order clears a suspense entry, as the door takes it. Refusals: order_unknown,
 *  order_not_approved, settles_unknown, settles_elsewhere. */
export async function settlementBody(trx: Trx, estate_id: number, asked: SettlementAsked): Promise<string> {
  const { proposal_id, suspense_seq, made_by } = asked;
  const proposal = await readProposal(trx, estate_id, proposal_id);
  const document = documentOf(proposal, proposal_id);
  const found = await suspenseOf(trx, estate_id, suspense_seq);
  if (found === null) throw refusals.settles_unknown({ entry: suspense_seq }, 'settles');
  const { rows } = await sql<{ postings: unknown }>`
    select settled_postings(${estate_id}, ${JSON.stringify(document['postings'])}::jsonb, ${suspense_seq}) as postings`.execute(trx);
  const postings = rows[0]?.postings ?? null;
  if (postings === null) {
    throw refusals.settles_elsewhere({ number: found.number, account: found.bank_account, own: String(document['bank_account']) }, 'settles');
  }
  const memo = memoOf(document);
  const after = afterTheFactOf(document) !== null;
  return entryBody({
    kind: 'transfer', entry_date: await estateToday(trx, estate_id), description: after ? `事后补单：${memo}` : memo,
    key: `order:${proposal_id}`, made_by, postings: linesOfJson(postings), proposal: proposal_id, settles: suspense_seq,
    vouchers: document['vouchers'] as string[],
  });
}

function documentOf(proposal: Proposal | null, proposal_id: number) {
  if (proposal?.kind !== 'payment' && proposal?.kind !== 'refund') throw refusals.order_unknown({ order: proposal_id });
  if (proposal.document === null) throw ledgerRefusals.order_not_approved({ proposal: proposal_id });
  return proposal.document;
}

async function settle(trx: Trx, estate_id: number, asked: SettlementAsked): Promise<Paid> {
  const body = await settlementBody(trx, estate_id, asked);
  const [result] = await postEntries(trx, estate_id, [body]);
  if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
  return { status: result!.status as Paid['status'], seq: result!.seq!, period: result!.period!, number: result!.number! };
}

/** Clears a suspense entry with an order that is approved and not paid, by hand. Refusals: those of demand() for
 *  post_receipt, order_unknown, order_not_approved, settles_unknown, settles_elsewhere, those of the door. */
export async function settleOrder(
  house: House, { estate: { estate_id }, actor, proposal_id, suspense_seq }:
  { estate: Estate; actor: Actor | null; proposal_id: number; suspense_seq: number },
): Promise<Paid> {
  const made_by = demand(actor, estate_id, 'post_receipt').person_id;
  return inEstate(house.db.app, estate_id, (trx) => settle(trx, estate_id, { proposal_id, suspense_seq, made_by }));
}

/** Carries out an approved order: one signed after the fact is booked at once; any other waits for the bank. Called again
 *  it does nothing. Refusals: those of refuseWaiting() and of the door. */
export async function executeOrder(house: House, { estate_id }: Estate, proposal_id: number): Promise<'waits' | undefined> {
  return inEstate(house.db.app, estate_id, async (trx) => {
    await lockEstate(trx, estate_id);
    const proposal = await readProposal(trx, estate_id, proposal_id);
    const after = afterTheFactOf(proposal?.document ?? null);
    if (proposal === null || after === null) return 'waits';
    if (proposal.state !== 'approved') return undefined;
    await refuseWaiting(trx, estate_id, proposal_id);
    await settle(trx, estate_id, { proposal_id, suspense_seq: after.entry, made_by: proposal.made_by });
    return undefined;
  }, { retryable: true });
}
