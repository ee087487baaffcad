// Who signs for a change that has no rule of its own, and whether enough are left when this person proposes it, who then does
// not sign: bank accounts, mandates, the log's key, fee rules, schemes, handovers (rule_for() says under which rule).
import { sql } from 'kysely';
import { signingTerms, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Money } from '../kernel/money.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Kind } from '../approval/kinds.ts';
import { ruleFor, type Rule } from '../approval/rules.ts';

export interface Signers { rule: Rule | null; refusal: Refusal | null }
export interface SignersAsked {
  kind: Kind;
  amount?: Money | null | undefined;
  fund?: string | null | undefined;
  today: BusinessDate;
  /** Words for a body that would have too few left: {body}, {body_en}, {asked}, {present}. */
  too_few: (facts: { body: string; body_en: string; asked: number; present: number }) => Refusal;
}

export async function signersFor(
  trx: Trx, { estate_id }: Estate, actor: Actor, { kind, amount = null, fund = null, today, too_few }: SignersAsked,
): Promise<Signers> {
  const rule = await ruleFor(trx, estate_id, { kind, amount, fund, on: today });
  const own = new Set(signingTerms(actor, estate_id).map((term) => term.body));
  for (const { body, signers, name_zh, name_en } of rule?.bodies ?? []) {
    if (!own.has(body)) continue;
    const { rows } = await sql<{ present: number }>`select signers_in_office(${estate_id}, ${body}, ${today}) as present`.execute(trx);
    const present = rows[0]!.present - 1;
    if (present < signers) return { rule, refusal: too_few({ body: name_zh, body_en: name_en, asked: signers, present }) };
  }
  return { rule, refusal: null };
}
