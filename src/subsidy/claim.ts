// Claims for subsidies (补贴申领): by whoever lives there for their own bills, or by the cashier for everybody's at once.
//   claimed → sent with a batch → passed on      fallen: a payment of its bill was reversed before
// The database reckons what a claim is worth and refuses what is not paid, claimed before, or beyond cap and budget
// (claim_subsidies, guard_subsidy_claims, subsidy_claim_once). The log says how many and how much, never who.
import { sql } from 'kysely';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyFigures, moneyText, sum } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { ownBills, readScheme, schemeUsed, type Scheme } from './queries.ts';
import { refusals } from './refusals.ts';

export interface ClaimAsked {
  estate: Estate;
  actor: Actor | null;
  scheme: number;
  /** Bills by number; null: all that may be claimed, of the estate for the cashier, of their own for anybody else. */
  bills?: readonly number[] | null | undefined;
  /** The cashier claims for their own home only where this is set. */
  own?: boolean | undefined;
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). `left_out`: bills of the estate that cap or budget left out. */
export type Claimed = { claims: number; total: string; left_out: number };
interface Row { bill: number | null; claimed: string | null; status: string }

/** Claims; bills named one by one are claimed all or none. Refusals: those of demand() for own_home or post_receipt, subsidy_unknown, subsidy_over,
 *  subsidy_bill_unknown (also of a neighbour's), subsidy_bill_outside, subsidy_claimed_already, subsidy_bill_not_paid, subsidy_bill_covered,
 *  subsidy_cap_reached, subsidy_budget_used_up, subsidy_nothing_to_claim. */
export async function claimSubsidies(house: House, asked: ClaimAsked): Promise<Claimed> {
  const { estate, scheme, bills = null, own = false, key = null } = asked;
  const { estate_id } = estate;
  const office = !own && may(asked.actor, estate_id, 'post_receipt');
  const actor = demand(asked.actor, estate_id, office ? 'post_receipt' : 'own_home');
  const once_key = key === null ? null : `subsidy_claim:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { scheme, bills: bills as number[] | null, own } }, async () => {
    const found = await readScheme(trx, estate_id, scheme);
    const visible = office ? null : new Set((await ownBills(trx, estate_id, actor)).map((row) => row.bill_id));
    const foreign = visible === null ? undefined : bills?.find((bill) => !visible.has(bill));
    if (foreign !== undefined) throw refusals.subsidy_bill_unknown({ bill: foreign }, 'bills');
    const meant = bills ?? (visible === null ? null : [...visible]);
    const { rows } = await sql<Row>`select bill, claimed, status from claim_subsidies(${estate_id}, ${scheme}, ${meant === null ? null : [...meant]}::bigint[],
      ${office ? actor.person_id : null}::uuid)`.execute(trx);
    if (rows[0]?.status === 'scheme_over') throw refusals.subsidy_over({ scheme, last_day: found.ended_on ?? found.last_day });
    if (bills !== null) await refuseNamed(trx, estate_id, found, bills, rows);
    const claimed = rows.filter((row) => row.status === 'claimed');
    const left_out = rows.filter((row) => ['cap_reached', 'budget_used_up'].includes(row.status)).length;
    const beyond = rows.find((row) => row.status === 'budget_used_up') ?? rows.find((row) => row.status === 'cap_reached');
    if (claimed.length === 0) throw beyond === undefined ? refusals.subsidy_nothing_to_claim() : await whyNot(trx, estate_id, found, beyond);
    return { claims: claimed.length, total: moneyText(sum(claimed.map((row) => money(row.claimed!)))), left_out };
  }), { retryable: true });
}

async function refuseNamed(trx: Trx, estate_id: number, scheme: Scheme, bills: readonly number[], rows: readonly Row[]): Promise<void> {
  const missing = bills.find((bill) => !rows.some((row) => row.bill === bill));
  if (missing !== undefined) throw refusals.subsidy_bill_unknown({ bill: missing }, 'bills');
  const refused = rows.find((row) => row.status !== 'claimed');
  if (refused !== undefined) throw await whyNot(trx, estate_id, scheme, refused);
}

async function whyNot(trx: Trx, estate_id: number, scheme: Scheme, { bill, status }: Row): Promise<Refusal> {
  const facts = { bill: bill ?? 0 };
  switch (status) {
    case 'bill_outside': return refusals.subsidy_bill_outside({ ...facts, from: scheme.first_period, to: scheme.last_period, items: scheme.items.join('、') }, 'bills');
    case 'already_claimed': return refusals.subsidy_claimed_already(facts, 'bills');
    case 'bill_not_paid': return refusals.subsidy_bill_not_paid(facts, 'bills');
    case 'bill_covered': return refusals.subsidy_bill_covered(facts, 'bills');
    case 'cap_reached': return refusals.subsidy_cap_reached({ cap: moneyFigures(money(scheme.unit_cap ?? '0.00')) }, 'bills');
    default: return refusals.subsidy_budget_used_up({ budget: moneyFigures(money(scheme.budget)),
      left: moneyFigures(minus(money(scheme.budget), await schemeUsed(trx, estate_id, scheme.scheme))) }, 'bills');
  }
}

/** Ends claims whose bill is no longer paid; for the job. Gives how many. */
export const dropFallenClaims = (house: House, { estate_id }: Pick<Estate, 'estate_id'>): Promise<number> => inEstate(house.db.app, estate_id, async (trx) =>
  (await sql<{ fallen: number }>`select drop_subsidy_claims(${estate_id}) as fallen`.execute(trx)).rows[0]!.fallen);
