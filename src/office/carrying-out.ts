// Carrying out a change that was signed: an appointment, a delegation, another key, a bank account, a mandate.
//   approved → waits (announced, objected to) | carried out by its door | by now impossible: superseded, with the reason
// Called again it does nothing: the door says so. One transaction under the estate's lock; what became impossible while it was
// signed changes nothing, and the proposal says why it ended.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { lockEstate, supersede } from '../approval/proposal.ts';
import { readProposal, type Document } from '../approval/queries.ts';
import { refuseWaiting } from '../approval/waiting.ts';
import { refusals } from './refusals.ts';

export interface CarryingOut {
  /** The door, (estate, proposal) → status. */
  door: 'carry_project' | 'certify_resolution' | 'change_membership' | 'change_body_form' | 'open_delegation' | 'change_log_key' | 'change_bank_account' | 'open_mandate' | 'hand_over' | 'take_over' | 'open_subsidy' | 'send_subsidy_batch' | 'open_fee_rule' | 'grant_waiver' | 'publish_budget';
  /** Its status when it has carried the change out now, and when it had before. */
  done: string;
  already: string;
  /** For any other status. */
  not_approved: () => Refusal;
  /** Looked at once more before it is carried out; what it throws is judged by `impossible`. */
  before?: ((trx: Trx, document: Document) => Promise<void>) | undefined;
  /** Done with it, in the same transaction. */
  after?: ((trx: Trx, document: Document) => Promise<void>) | undefined;
  /** Why it can never be carried out, in words; null for anything that waiting may mend. */
  impossible: (error: unknown, document: Document) => Refusal | null | Promise<Refusal | null>;
}

/** Refusals: waits_for_notice, waits_for_answer (it stays approved), that of `not_approved`, change_not_possible (it is superseded). */
export async function carryOutChange(house: House, estate: Estate, proposal_id: number, change: CarryingOut): Promise<void> {
  const { estate_id } = estate;
  const { door, done, already, not_approved, before, after, impossible } = change;
  let document: Document = {};
  try {
    await inEstate(house.db.app, estate_id, async (trx) => {
      await lockEstate(trx, estate_id);
      const proposal = await readProposal(trx, estate_id, proposal_id);
      document = proposal?.document ?? {};
      if (proposal?.state === 'approved') {
        await refuseWaiting(trx, estate_id, proposal_id);
        await before?.(trx, document);
      }
      const { rows } = await sql<{ status: string }>`select ${sql.ref(door)}(${estate_id}, ${proposal_id}) as status`.execute(trx);
      const { status } = rows[0]!;
      if (status === already) return;
      if (status !== done) throw not_approved();
      await after?.(trx, document);
    });
  } catch (error) {
    const why = await impossible(error, document);
    if (why === null) throw error;
    throw await supersedeWith(house, estate, proposal_id, why);
  }
}

async function supersedeWith(house: House, estate: Estate, proposal_id: number, why: Refusal): Promise<Refusal> {
  const reason = why.in('zh');
  await inEstate(house.db.app, estate.estate_id, (trx) => supersede(trx, { estate, proposal_id, reason }));
  return refusals.change_not_possible({ proposal: proposal_id, reason, reason_en: why.in('en') });
}

/** Impossible is what violates one of these constraints. */
export const byConstraint = (makers: Readonly<Record<string, () => Refusal>>) => (error: unknown): Refusal | null => {
  const why = constraintRefusal(error, makers);
  return why instanceof Refusal && why !== error ? why : null;
};
