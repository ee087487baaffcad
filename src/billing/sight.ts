// Who sees whose bills: officers all of them, whoever lives somewhere their own, and nobody another's: not even whether
// there is such a dwelling.
import { may, type Actor } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { refusals } from './refusals.ts';

export const ownUnits = (actor: Actor, estate_id: number): string[] =>
  [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))];

/** Refusal: bill_unit_unknown. */
export async function refuseForeign(trx: Trx, { estate_id, actor, unit }: { estate_id: number; actor: Actor; unit: string }): Promise<void> {
  if (ownUnits(actor, estate_id).includes(unit)) return;
  const known = may(actor, estate_id, 'read_officers')
    && await trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirst() !== undefined;
  if (!known) throw refusals.bill_unit_unknown({ unit: unit.slice(0, 40) });
}
