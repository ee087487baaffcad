// Who signs for a change of bank accounts or a mandate: whom a change of the rules asks (rule_for), and whether enough are
// left when this person proposes it, who then does not sign.
import { sql } from 'kysely';
import { signingTerms, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { ruleFor, type Rule } from '../approval/rules.ts';
import { refusals } from './account-change-refusals.ts';

export interface Signers { rule: Rule | null; refusal: Refusal | null }

export async function signersFor(trx: Trx, { estate_id }: Estate, actor: Actor, kind: 'bank_account' | 'mandate', today: BusinessDate): Promise<Signers> {
  const rule = await ruleFor(trx, estate_id, { kind, amount: null, fund: null, on: today });
  const own = new Set(signingTerms(actor, estate_id).map((term) => term.body));
  for (const { body, signers, name_zh, name_en } of rule?.bodies ?? []) {
    if (!own.has(body)) continue;
    const { rows } = await sql<{ present: number }>`select signers_in_office(${estate_id}, ${body}, ${today}) as present`.execute(trx);
    const present = rows[0]!.present - 1;
    if (present < signers) return { rule, refusal: refusals.bank_change_needs_signer({ body: name_zh, body_en: name_en, asked: signers, present }) };
  }
  return { rule, refusal: null };
}
