// Unexplained money that was explained: a credit is cleared by whoever keeps the books, on one hand, because it had come
// in anyway.    借 2291 待核实收入 [fund of suspense]   贷 income or liability
//               of another fund: 贷 bank [fund of suspense]  借 bank [its fund]
// A debit is cleared by an order only (payment/settle.ts): one signed after the fact, or one that had allowed it before it left
// and pays to the account it went to, as for a line that is open (by-hand.ts). Never more than is left: suspense_exceeded, judged by the door.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { money } from '../kernel/money.ts';
import { estateToday } from '../evidence/records.ts';
import { entryBody } from '../ledger/entry.ts';
import { explainRefusal } from '../ledger/explain.ts';
import { isBooked, postEntries } from '../ledger/gate.ts';
import { readMemo } from '../ledger/typed-entry.ts';
import { settleOrder } from '../payment/settle.ts';
import { keepReceipts, noteOf } from './book.ts';
import { refuseOtherPayee } from './by-hand.ts';
import { clearingLines, readParts, type PartTyped } from './parts.ts';
import { openOrders } from './queries.ts';
import { refusals } from './refusals.ts';
import { learn } from './rule.ts';
import { openSuspense } from './suspense.ts';

export interface Settling {
  estate: Estate;
  actor: Actor | null;
  /** seq of the suspense entry. */
  entry: number;
  parts: readonly PartTyped[];
  description?: string | undefined;
  /** Idempotency key of the form or the caller. */
  key: string;
}

/** Clears unexplained money that came in, whole or in part. Refusals: those of demand() for reconcile, suspense_not_open,
 *  suspense_debit_by_order, those of readParts() and of the door. */
export async function settleCredit(house: House, { estate: { estate_id }, actor, entry, parts: typed, description = '', key }: Settling): Promise<{ seq: number }> {
  const by = demand(actor, estate_id, 'reconcile').person_id;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const again = await trx.selectFrom('journal_entry').select('seq').where('estate_id', '=', estate_id).where('key', '=', keyOf(entry, by, key)).executeTakeFirst();
    if (again !== undefined) return { seq: again.seq };
    const open = (await openSuspense(trx, estate_id)).find((row) => row.seq === entry);
    if (open === undefined) throw refusals.suspense_not_open({ entry });
    if (open.side === 'debit') throw refusals.suspense_debit_by_order();
    const entry_date = await estateToday(trx, estate_id);
    const { credits, payments, prepaid, learned } = await readParts(trx, estate_id, typed, { total: money(open.left_amount), on: entry_date, whole: false });
    const body = entryBody({
      kind: 'transfer', entry_date, made_by: by, key: keyOf(entry, by, key), settles: entry,
      description: description.trim() === '' ? `核实待核实收入（${open.number}）` : readMemo(description),
      postings: clearingLines(credits, { fund: open.fund, bank_account: open.account }),
    });
    const [result] = await postEntries(trx, estate_id, [body]);
    if (!isBooked(result!.status)) throw await explainRefusal(trx, estate_id, result!, body);
    await keepReceipts(trx, estate_id, [{ seq: result!.seq!, payments, prepaid, note: noteOf(open) }]);
    if (learned !== null) await learn(trx, estate_id, open, learned, by);
    return { seq: result!.seq! };
  });
}

/** Clears an unexplained debit with an approved order that was signed for it in time. Refusals: those of demand() for reconcile, suspense_not_open,
 *  match_order_unknown, match_payee_differs, match_before_signed, those of settleOrder(). */
export async function settleDebit(
  house: House, { estate, actor, entry, order: proposal_id }: { estate: Estate; actor: Actor | null; entry: number; order: number },
): Promise<void> {
  demand(actor, estate.estate_id, 'reconcile');
  await inEstate(house.db.app, estate.estate_id, async (trx) => {
    const open = (await openSuspense(trx, estate.estate_id)).find((row) => row.seq === entry && row.side === 'debit');
    if (open === undefined) throw refusals.suspense_not_open({ entry });
    const order = (await openOrders(trx, estate.estate_id, open.account)).find((one) => one.proposal_id === proposal_id);
    if (order === undefined || order.objected || (order.payable_from !== null && order.payable_from > open.booked_on)) {
      throw refusals.match_order_unknown({ order: proposal_id }, 'orders');
    }
    refuseOtherPayee({ ...open, amount: `-${open.amount}` }, order, order.reference);
  }, { readOnly: true });
  await settleOrder(house, { estate, actor, proposal_id, suspense_seq: entry });
}

const keyOf = (entry: number, by: string, key: string): string => `settle:${entry}:${by}:${key}`.slice(0, 200);
