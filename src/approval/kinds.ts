// What kinds of proposals, rules and decisions there are: the words the other files of this slice share.
import type { BodyKind } from '../kernel/actor.ts';

export const kinds = ['payment', 'refund', 'transfer', 'reversal', 'close', 'disclosure', 'budget', 'rule', 'membership',
  'delegation'] as const;
/** Kinds that have rules of their own. */
export type RuleKind = (typeof kinds)[number];
/** The log's key, bank accounts, standing mandates, fee rules, schemes of subsidies, handovers, certified resolutions, forms of bodies and
 *  opening balances are signed under the rule for changing rules, waivers and batches of subsidies under that for a transfer of the
 *  sum, projects and final accounts under that for the budget: rule_for(). */
export const proposalKinds = [...kinds, 'log_key', 'bank_account', 'mandate', 'fee_rule', 'waiver', 'subsidy', 'subsidy_batch', 'handover',
  'takeover', 'final_account', 'project', 'resolution', 'body_form', 'opening'] as const;
export type Kind = (typeof proposalKinds)[number];
export type State = 'draft' | 'submitted' | 'approved' | 'executed' | 'returned' | 'withdrawn' | 'rejected'
  | 'held' | 'expired' | 'superseded';
export type Decision = 'approve' | 'reject' | 'ratify';

export type RuleClass = 'normal' | 'emergency' | 'vacancy';
export type PayeeClass = 'company' | 'individual' | 'officer';

/** A type alias, so that it is JSON for the document and the record. */
export type NewRule = {
  kind: RuleKind;
  /** Absent: normal. */
  class?: RuleClass;
  /** Included; "0.00" when there is no lower border. */
  amount_from: string;
  /** Excluded; null without limit. */
  amount_to: string | null;
  fund: string | null;
  payee_class?: PayeeClass | null;
  expires_days: number;
  bodies: Partial<Record<BodyKind, number>>;
  /** Bodies in the order in which they sign; absent: in any order. */
  sequence?: BodyKind[];
  /** Days between submission, which announces it, and the first day it may be carried out. */
  notice_days?: number;
  needs_resolution?: boolean;
  passkey_only?: boolean;
  month_cap?: string;
  ratify_days?: number;
};
