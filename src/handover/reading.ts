// Who reads which certificate: officers all of them, owners those that both sides signed or that were taken over.
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { handoverOf, isPublic, type HandoverShown } from './queries.ts';
import { refusals } from './refusals.ts';

/** Refusals: those of demand() for read_books, handover_unknown. */
export async function readableHandover(trx: Trx, { estate: { estate_id }, actor, handover }: { estate: Estate; actor: Actor | null; handover: number }): Promise<HandoverShown> {
  const reader = demand(actor, estate_id, 'read_books');
  const found = await handoverOf(trx, estate_id, handover);
  if (found === null || !(isPublic(found) || may(reader, estate_id, 'read_officers'))) throw refusals.handover_unknown({ handover });
  return found;
}
