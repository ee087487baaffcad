// Batches to the funder (补贴申报批次): all claims that wait, as one list with one sum, signed by whom a transfer of that sum asks.
//   gathered and proposed → signed → sent      side exits: what is not signed sets its claims free for the next batch
// The document names count, sum and SHA-256 of the list [[unit.ref, bill, amount], …]; who they are stands in the table only.
// Where a claim falls while it is signed, the list is another and the batch is superseded: send_subsidy_batch().
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { readScheme } from './queries.ts';
import { refusals } from './refusals.ts';
import { FUND, type Proposed } from './scheme.ts';

export interface BatchAsked { estate: Estate; actor: Actor | null; scheme: number; key?: string | null | undefined }

/** Proposes a batch of all claims that wait. Refusals in this order: those of demand() for propose, subsidy_unknown, subsidy_nothing_to_send,
 *  subsidy_needs_signer, rule_missing. */
export async function proposeBatch(house: House, { estate, actor: asks, scheme, key = null }: BatchAsked): Promise<Proposed> {
  const { estate_id } = estate;
  const actor = demand(asks, estate_id, 'propose');
  const once_key = key === null ? null : `subsidy_batch:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { scheme } }, async () => {
    await lockEstate(trx, estate_id);
    const { name_zh, name_en, funder } = await readScheme(trx, estate_id, scheme);
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'subsidy_batch', title: name_zh, amount: null, fund: FUND, made_by: actor.person_id });
    const { rows: [list] } = await sql<{ claims: number; total: string; list_sha256: string }>`select claims, total::numeric(14, 2) as total, list_sha256
      from gather_subsidy_batch(${estate_id}, ${scheme}, ${proposal_id})`.execute(trx);
    const { claims, total, list_sha256 } = list!;
    if (claims === 0) throw refusals.subsidy_nothing_to_send();
    const amount = money(total);
    const today = await estateToday(trx, estate_id);
    const { refusal } = await signersFor(trx, estate, actor, { kind: 'subsidy_batch', amount, fund: FUND, today, too_few: refusals.subsidy_needs_signer });
    if (refusal !== null) throw refusal;
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, amount, fund: FUND, title: `向${funder}申报补贴：${name_zh}`,
      content: { scheme, claims, list_sha256, funder, scheme_zh: name_zh, scheme_en: name_en, title_en: `Subsidies asked of ${funder}: ${name_en}` },
    });
    return { proposal_id, document_hash };
  }), { retryable: true });
}

/** Sends an approved batch; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved), subsidy_not_approved,
 *  change_not_possible (it is superseded: its list changed). */
export const executeBatch = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'send_subsidy_batch', done: 'sent', already: 'already_sent', not_approved: () => refusals.subsidy_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ subsidy_batch_changed: () => refusals.subsidy_batch_changed() }),
});
