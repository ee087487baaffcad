// Matching (勾对): what each open line of a bank account is. Pure: the same sources give the same plan, however often and on
// whichever machine. The order of the steps is the order of trust; what one step takes, the next no longer sees.
//   1 the bank's serial stands in an entry              4 amount and payee's account of one order
//   2 reference, amount and payee of an order agree     5 an entry by the amount alone, nothing competing
//   3 an entry of the same payee or dwelling            6 fees under a mandate, bills, rules, interest    7 all else is proposed
// Every step is linear in the number of lines, apart from sorting.
import type { OpenLine } from './candidate.ts';
import { linkByAmount, linkByEvidence, linkByReference, mayBe, proposeEntries, proposeReturns, proposeSubsets, proposeSums } from './match-entries.ts';
import { OrdersByAmount, payByPayee, payByReference, proposeFiles, proposeOrders, takeFees } from './match-orders.ts';
import { recognise, takeReceipts, unitRef } from './match-receipts.ts';
import { Days, DAYS_APART, evidenceOf, groupBy, isOut, Matching, type Plan, type Sources } from './matching.ts';
import { addDays } from '../kernel/dates.ts';

/** Whether an entry in the books may be the same money. */
function entriesCompete(matching: Matching): (line: OpenLine) => boolean {
  const days = new Map([...groupBy(matching.items.values(), (item) => item.amount)]
    .map(([amount, items]) => [amount, new Days(items, (item) => item.entry_date)]));
  return (line) => (days.get(line.amount)?.within(addDays(line.booked_on, -DAYS_APART), addDays(line.booked_on, DAYS_APART), 50) ?? [])
    .some((item) => mayBe(line, item));
}

/** Whether an approved order may be what a debit paid. */
function ordersCompete(matching: Matching): (line: OpenLine) => boolean {
  const orders = new OrdersByAmount(matching.orders.values());
  return (line) => isOut(line.amount) && orders.meant(line).length > 0;
}

export function matchLines(sources: Sources): Plan {
  const matching = new Matching(sources);
  const named = recognise(sources);
  const evidence = evidenceOf(unitRef(sources, named));
  linkByReference(matching);
  payByReference(matching);
  linkByEvidence(matching, evidence);
  payByPayee(matching, entriesCompete(matching));
  linkByAmount(matching, evidence, ordersCompete(matching));
  const competes = entriesCompete(matching);
  takeFees(matching, competes);
  const proposeReceipts = takeReceipts(matching, named, competes);
  proposeEntries(matching, evidence);
  proposeOrders(matching);
  proposeFiles(matching);
  proposeReceipts();
  proposeSums(matching);
  proposeSubsets(matching);
  proposeReturns(matching);
  return matching.plan;
}
