// Paid (登记付款): the bank has carried an approved order out, and the cashier books it.
//   借 the order's account (its fund)   贷 1002 bank deposit   exactly the lines that were signed
// One order is paid at most once (journal_entry_order_once), and only with its quorum
// (journal_entry_has_quorum). The same registration sent again gets the first answer.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { afterTheFactOf } from '../approval/after-the-fact.tsx';
import { readProposal, readProposals, type Proposal } from '../approval/queries.ts';
import { entryBody, entryNumber, linesOfJson } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { refusals as ledgerRefusals } from '../ledger/refusals.ts';
import { memoOf, type Paid } from './memo.ts';
import { refusals } from './refusals.ts';

export { memoOf, type Paid } from './memo.ts';

export interface Paying {
  estate: Estate;
  actor: Actor | null;
  proposal_id: number;
  /** Day of the bank's booking, as typed. */
  paid_on: string;
  bank_reference: string;
}

/** A bank's reference: it may be as long as a card number, so it is held to letters, digits, hyphens. */
function readBankReference(typed: string): string {
  const reference = typed.normalize('NFKC').replace(/\s/g, '');
  if (!/^[0-9A-Za-z-]{1,64}$/.test(reference)) throw refusals.bank_reference_invalid({}, 'bank_reference');
  return reference;
}

/** Books the payment of an approved order, or of a refund. Refusals: those of demand() for post_receipt, order_unknown,
 *  paid_on_invalid, bank_reference_invalid, order_not_approved, order_in_notice, order_objected, order_already_paid,
 *  those of the door. */
export async function payOrder(house: House, paying: Paying): Promise<Paid> {
  const { estate: { estate_id }, proposal_id } = paying;
  const cashier = demand(paying.actor, estate_id, 'post_receipt');
  const paid_on = readDate(paying.paid_on);
  if (paid_on === null) throw refusals.paid_on_invalid({ typed: paying.paid_on.slice(0, 40) }, 'paid_on');
  const reference = readBankReference(paying.bank_reference);
  return inEstate(house.db.app, estate_id, async (trx) => {
    const body = await paymentBody(trx, estate_id, { proposal_id, made_by: cashier.person_id, paid_on, reference });
    const [result] = await postEntries(trx, estate_id, [body]);
    if (result !== undefined && isBooked(result.status)) {
      return { status: result.status, seq: result.seq!, period: result.period!, number: result.number! };
    }
    throw await refusalFor(trx, estate_id, proposal_id, result!, body);
  });
}

export interface PaymentAsked {
  proposal_id: number;
  made_by: string;
  paid_on: BusinessDate;
  reference: string;
  /** Line of the bank that it is booked from. */
  bank_line?: { account: string; position: number } | undefined;
}

/** The entry that pays an approved order, as the door takes it: it judges the state under its lock.
 *  Refusals: order_unknown, order_not_approved, order_after_the_fact. */
export async function paymentBody(trx: Trx, estate_id: number, asked: PaymentAsked): Promise<string> {
  return bodyOf(await readProposal(trx, estate_id, asked.proposal_id), asked);
}

function bodyOf(proposal: Proposal | null, { proposal_id, made_by, paid_on, reference, bank_line }: PaymentAsked): string {
  if (proposal?.kind !== 'payment' && proposal?.kind !== 'refund') throw refusals.order_unknown({ order: proposal_id });
  // A document is there from the first submission on.
  if (proposal.document === null) throw ledgerRefusals.order_not_approved({ proposal: proposal_id });
  const after = afterTheFactOf(proposal.document);
  if (after !== null) throw refusals.order_after_the_fact({ order: proposal_id, number: after.number });
  return entryBody({
    kind: 'payment', entry_date: paid_on, description: memoOf(proposal.document), key: `order:${proposal_id}`, made_by,
    postings: linesOfJson(proposal.document['postings']), proposal: proposal_id, reference, bank_line,
    vouchers: proposal.document['vouchers'] as string[],
  });
}

/** The same for many orders at once, read in one query; in the order asked. Refusals: those of paymentBody(). */
export async function paymentBodies(trx: Trx, estate_id: number, asked: readonly PaymentAsked[]): Promise<string[]> {
  const proposals = await readProposals(trx, estate_id, asked.map((one) => one.proposal_id));
  return asked.map((one) => bodyOf(proposals.get(one.proposal_id) ?? null, one));
}

async function refusalFor(
  trx: Trx, estate_id: number, proposal_id: number, result: Parameters<typeof explainRefusal>[2], body: string,
): Promise<Refusal> {
  // The key is the order's own: with another day or reference it means "paid once already".
  if (result.status === 'key_reused' || result.status === 'order_already_paid') {
    const entry = await trx.selectFrom('journal_entry').select(['kind', 'period', 'number'])
      .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
    const number = entry === undefined ? '–' : `${entry.period} ${entryNumber(entry.kind, entry.number)}`;
    return ledgerRefusals.order_already_paid({ proposal: proposal_id, number });
  }
  const refusal = await explainRefusal(trx, estate_id, result, body);
  if (refusal.field !== 'entry_date') return refusal;
  return new Refusal(refusal.code, { status: refusal.status, ...refusal.text }, refusal.facts, 'paid_on');
}
