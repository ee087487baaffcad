// Shared costs (公摊): what the common parts cost in a month, paid under both keys, apportioned to the fen over the dwellings its rule is for.
//   entered with the entry that paid it → bills of all dwellings at once
// Nobody can share more than was paid on the account the signed rule names (constraint shared_cost_beyond_entry), nor a month twice (primary key).
import { appendRecord, estateToday } from '../evidence/records.ts';
import { lockEstate } from '../approval/proposal.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { PERIOD_PATTERN, periodOf, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyFigures, moneyText, readMoney, zero } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { sql } from 'kysely';
import { makeBills } from './bill-making.ts';
import { signedRules, type SignedRule } from './fee-rule-queries.ts';
import { refusals } from './fee-rule-refusals.ts';

export interface SharedCostAsked {
  estate: Estate;
  actor: Actor | null;
  item: string;
  period: string;
  /** Yuan as typed. */
  amount: string;
  /** seq of the entry that paid it. */
  entry: number;
  key?: string | null | undefined;
}
export type SharedCostEntered = { item: string; period: Period; made: number; amount: string };

/** Enters the cost and makes its bills. Refusals: those of demand() for post_receipt, shared_cost_amount_invalid, shared_cost_item_invalid,
 *  shared_cost_period_invalid, shared_cost_twice, shared_cost_entry_invalid, shared_cost_beyond_entry, shared_cost_nobody. */
export async function enterSharedCost(house: House, asked: SharedCostAsked): Promise<SharedCostEntered> {
  const { estate, item, period, entry, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'post_receipt');
  const sum = readMoney(asked.amount);
  if (sum === null || !sum.greaterThan(zero) || sum.greaterThan(99_999_999)) throw refusals.shared_cost_amount_invalid({ typed: asked.amount.slice(0, 20) }, 'amount');
  const amount = moneyText(sum);
  const once_key = key === null ? null : `shared_cost:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { item, period, amount, entry } }, async () => {
    await lockEstate(trx, estate_id);
    const rules = (await signedRules(trx, estate_id)).filter((one) => one.item === item && one.basis === 'shared');
    const rule = rules.at(-1);
    if (rule === undefined) throw refusals.shared_cost_item_invalid({}, 'item');
    await refuseMonth(trx, estate, rules, period);
    const paid = await trx.selectFrom('journal_entry').select(['seq', 'period', 'kind', 'number']).where('estate_id', '=', estate_id).where('seq', '=', entry).executeTakeFirst();
    if (paid === undefined) throw refusals.shared_cost_entry_invalid({}, 'entry');
    const seq = await appendRecord(trx, estate_id, 'shared_cost_entered', { amount, by: actor.person_id, entry, item, period });
    try {
      await trx.insertInto('shared_cost').values({ estate_id, item, period, amount, entry_seq: entry, entered_by: actor.person_id, seq }).execute();
    } catch (error) {
      throw constraintRefusal(error, { shared_cost_beyond_entry: () => refusals.shared_cost_beyond_entry({ number: `${paid.period} #${paid.number}`, amount: moneyFigures(sum) }, 'entry') });
    }
    const [made] = await makeBills(trx, estate, period, item);
    if (made === undefined || made.made === 0) throw refusals.shared_cost_nobody({ name: rule.name_zh, name_en: rule.name_en, period }, 'item');
    return { item, period, made: made.made, amount };
  }));
}

async function refuseMonth(trx: Trx, { estate_id, first_period }: Estate, rules: readonly SignedRule[], period: string): Promise<void> {
  const to = periodOf(await estateToday(trx, estate_id));
  const rule = rules.at(-1)!;
  const begun = periodOf(rules.map((one) => one.starts_on).sort()[0]!);
  const from = begun > first_period ? begun : first_period;
  if (!new RegExp(PERIOD_PATTERN).test(period) || period > to || period < from) throw refusals.shared_cost_period_invalid({ from, to }, 'period');
  const before = await trx.selectFrom('shared_cost').select('amount').where('estate_id', '=', estate_id).where('item', '=', rule.item).where('period', '=', period).executeTakeFirst();
  if (before !== undefined) throw refusals.shared_cost_twice({ name: rule.name_zh, name_en: rule.name_en, period, amount: before.amount }, 'period');
}

export interface SharedCostRow { item: string; period: Period; amount: string; entry_seq: number; number: string; description: string; bills: number; name_zh: string; name_en: string }
export async function sharedCosts(trx: Trx, estate_id: number): Promise<SharedCostRow[]> {
  const { rows } = await sql<SharedCostRow>`
    select c.item, c.period, c.amount, c.entry_seq, e.period || ' ' || entry_number(e.kind, e.number) as number, e.description,
      (select count(*)::integer from bill b where b.estate_id = c.estate_id and b.item = c.item and b.period = c.period) as bills, r.name_zh, r.name_en
    from shared_cost c join journal_entry e on e.estate_id = c.estate_id and e.seq = c.entry_seq
    cross join lateral (select f.name_zh, f.name_en from fee_rule f where f.estate_id = c.estate_id and f.item = c.item order by f.starts_on desc, f.proposal_id desc limit 1) r
    where c.estate_id = ${estate_id} order by c.period desc, c.item limit 200`.execute(trx);
  return rows;
}

export interface PaidCost { seq: number; number: string; entry_date: string; description: string; left: string }
/** Entries that paid something which is not shared yet, newest first. */
export async function paidCosts(trx: Trx, estate_id: number): Promise<PaidCost[]> {
  const { rows } = await sql<PaidCost>`
    select e.seq, e.period || ' ' || entry_number(e.kind, e.number) as number, e.entry_date, e.description, (p.paid - c.shared)::numeric(16, 2) as left
    from journal_entry e
    cross join lateral (select coalesce(sum(x.debit - x.credit), 0) as paid from posting x where x.estate_id = e.estate_id and x.seq = e.seq
      and exists (select from fee_rule r where r.estate_id = x.estate_id and r.cost_account = x.account)) p
    cross join lateral (select coalesce(sum(s.amount), 0) as shared from shared_cost s where s.estate_id = e.estate_id and s.entry_seq = e.seq) c
    where e.estate_id = ${estate_id} and e.kind in ('payment', 'transfer') and e.reverses is null and p.paid > c.shared
      and not exists (select from journal_entry r where r.estate_id = e.estate_id and r.reverses = e.seq)
    order by e.seq desc limit 60`.execute(trx);
  return rows;
}
