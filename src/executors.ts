// What happens by itself once a proposal of a kind has its quorum. A payment waits for the bank, unless the bank came first.
import { executeAccountChange } from './bank/account-change.ts';
import { executeMandate } from './bank/mandate.ts';
import { executeBudget } from './budget/budget.ts';
import { executeFinalAccount } from './budget/final-account.ts';
import { executeFeeRule } from './billing/fee-rule.ts';
import { executeWaiver } from './billing/waiver.ts';
import { executeBodyForm } from './founding/body-form.ts';
import { executeOpening } from './founding/opening.ts';
import { executeDelegation } from './office/delegation.ts';
import { executeLogKeyChange } from './office/log-key-change.ts';
import { executeMembership } from './office/membership.ts';
import { executeHandover, executeTakeover } from './handover/handover.ts';
import { issueCheckpoint } from './evidence/checkpointer.ts';
import type { Executors } from './approval/proposal.ts';
import { executeRuleChange } from './rule/change.ts';
import { executeClose } from './ledger/close.ts';
import { executeReversal, executeTransfer } from './ledger/correction.ts';
import { executeOrder } from './payment/settle.ts';
import { executeProject } from './project/step.ts';
import { executeCertificate } from './assembly/resolution.ts';
import { executeBatch } from './subsidy/batch.ts';
import { guardedPayout } from './subsidy/payout.ts';
import { executeScheme } from './subsidy/scheme.ts';

export const executors: Executors = {
  // Only what was signed after the fact: any other order waits for the bank.
  payment: executeOrder,
  refund: executeOrder,
  // One that passes subsidies on is for claims that still stand.
  transfer: guardedPayout(executeTransfer),
  reversal: executeReversal,
  // A closed month is signed for at once: from then on its entries cannot change unseen.
  close: async (house, estate, proposal_id) => {
    await executeClose(house, estate, proposal_id);
    await issueCheckpoint(house, estate);
  },
  rule: executeRuleChange,
  membership: executeMembership,
  body_form: executeBodyForm,
  opening: executeOpening,
  delegation: executeDelegation,
  bank_account: executeAccountChange,
  mandate: executeMandate,
  handover: executeHandover,
  takeover: executeTakeover,
  fee_rule: executeFeeRule,
  waiver: executeWaiver,
  budget: executeBudget,
  final_account: executeFinalAccount,
  project: executeProject,
  subsidy: executeScheme,
  resolution: executeCertificate,
  subsidy_batch: executeBatch,
  // Signed with the new key at once, so that nobody waits for the first checkpoint that shows it.
  log_key: async (house, estate, proposal_id) => {
    await executeLogKeyChange(house, estate, proposal_id);
    await issueCheckpoint(house, estate);
  },
};
