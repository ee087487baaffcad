// Who signs for a change of bank accounts or a mandate: whom a change of the rules asks.
import type { Actor, Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { signersFor as signersOf, type Signers } from '../office/signers.ts';
import { refusals } from './account-change-refusals.ts';

export const signersFor = (trx: Trx, estate: Estate, actor: Actor, kind: 'bank_account' | 'mandate', today: BusinessDate): Promise<Signers> =>
  signersOf(trx, estate, actor, { kind, today, too_few: (facts) => refusals.bank_change_needs_signer(facts) });
