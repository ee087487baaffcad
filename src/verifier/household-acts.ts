// What doors do for households under a proposal: a fee rule begins or ends, bills are waived, a subsidy opens, its claims go to
// the funder. Each rests on a proposal of its kind that was approved; what it does to dwellings is not in the log.
import type { Books, Moment } from './books.ts';
import { carriedOut } from './carrying-out.ts';

/** Records and the kinds of proposals that may be behind them. */
export const householdActs: Readonly<Record<string, readonly string[]>> = {
  fee_rule_opened: ['fee_rule'], fee_rule_ended: ['fee_rule'],
  waiver_granted: ['waiver'],
  subsidy_opened: ['subsidy'], subsidy_ended: ['subsidy'], subsidy_batch_sent: ['subsidy_batch'],
};

export function rested(books: Books, moment: Moment): void {
  if (moment.body['proposal'] === undefined) return books.accuse('act_unsigned');
  carriedOut(books, moment, householdActs[moment.kind]!, moment.day);
}
