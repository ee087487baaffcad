// What doors do for households under a proposal: a fee rule begins or ends, bills are waived, a subsidy opens, its claims go to
// the funder. Each rests on a proposal of its kind that was approved; what it does to dwellings is not in the log.
import type { Books, Moment } from './books.ts';
import { carriedOut, stateFacts } from './carrying-out.ts';
import { wholeIn } from './fields.ts';

/** Records and the kinds of proposals that may be behind them. */
export const householdActs: Readonly<Record<string, readonly string[]>> = {
  fee_rule_opened: ['fee_rule'], fee_rule_ended: ['fee_rule'],
  waiver_granted: ['waiver'],
  project_opened: ['project'], project_contracted: ['project'], project_accepted: ['project'], project_finished: ['project'],
  subsidy_opened: ['subsidy'], subsidy_batch_sent: ['subsidy_batch'],
  body_formed: ['body_form'],
  budget_published: ['budget'],
};

export function rested(books: Books, moment: Moment): void {
  if (moment.body['proposal'] === undefined) return books.accuse('act_unsigned');
  carriedOut(books, moment, householdActs[moment.kind]!, moment.day);
}

/** A waiver of coming months is applied to each month's bills as they are made: by then it was granted. */
export function waiverApplied(books: Books, { body, learned }: Moment): void {
  const number = wholeIn(body, 'proposal');
  const proposal = books.proposals.get(number);
  if (learned || proposal === undefined) return;
  if (proposal.kind !== 'waiver') books.accuse('order_of_other_kind', { proposal: number });
  // That it was granted stands in the file of that month.
  else if (books.complete && proposal.state !== 'executed') books.accuse('order_not_approved', { proposal: number, ...stateFacts(proposal.state) });
}
