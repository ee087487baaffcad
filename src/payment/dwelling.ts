// Whose money goes back (退给哪一户): deposits (2241), what was paid in advance (2203), a fee collected twice or for others, a
// subsidy paid out. The order names the dwelling; its document only the dwelling's random name (unit.ref), so that neither log nor
// signers' papers tell what 3-2-1002 got. Nobody takes more of a dwelling than is held for it and not asked for elsewhere; the
// door looks again (unit_exceeded). What is held for no dwelling, from before dwellings were named, goes back without one.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { minus, money, moneyFigures, moneyText, zero, type Money } from '../kernel/money.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { unitNamed } from '../estate/queries.ts';
import { refused, told, type Check } from './check-result.ts';
import type { Order } from './queries.ts';
import { refusals } from './refusals.ts';

/** Liabilities that are held dwelling by dwelling. */
export const HELD: readonly string[] = ['2203', '2241'];
/** And what else may go back to a dwelling: what is collected for others, subsidies passed on, income (by class). */
const MORE: readonly string[] = ['2242', '5114', '310203'];

const texts = {
  held: { zh: '这户存着 {held} 元，退后剩 {left} 元', en: '{held} held for this dwelling, {left} left afterwards' },
  underway: { zh: '这户存着 {held} 元，另有 {underway} 元正在办，退后剩 {left} 元', en: '{held} held for this dwelling, {underway} asked for elsewhere, {left} left afterwards' },
  unnamed: { zh: '没有登记到户的款项共 {held} 元，付后剩 {left} 元：请核对交款收据', en: '{held} are held for no dwelling, {left} left afterwards: compare the old receipt' },
  owner: { zh: '收款人是这户登记的业主或租户', en: 'The payee is a registered owner or tenant of the dwelling' },
  stranger: { zh: '收款人不是这户登记的业主或租户：请核对当时交款的人和委托书', en: 'The payee is no registered owner or tenant of the dwelling: check who paid, and their authority' },
  nobody: { zh: '这户没有登记业主，收款人是不是交款的人要看收据', en: 'No owner is registered for the dwelling: compare the payee with the old receipt' },
  paid_in: { zh: '这户在这个科目上一共交过 {paid} 元', en: 'The dwelling paid {paid} on this account in all' },
  paid_less: { zh: '这户在这个科目上只交过 {paid} 元，退得比交的多', en: 'The dwelling paid only {paid} on this account, less than goes back' },
} as const satisfies Record<string, Bilingual>;

interface Wanted { account: string; fund: string; purpose: string; settles: number | null }

/** The dwelling as typed, null where none is. Refusals: order_unit_unfit, order_unit_unknown, order_purpose_names_unit. */
export async function readDwelling(trx: Trx, estate_id: number, typed: string | null | undefined, wanted: Wanted): Promise<string | null> {
  const name = (typed ?? '').normalize('NFKC').replace(/[\s\u2010-\u2015]/gu, (found) => (/\s/.test(found) ? '' : '-')).toUpperCase();
  if (name === '') return null;
  const account = await trx.selectFrom('account').select(['class', 'name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .where('account', '=', wanted.account).executeTakeFirst();
  if (wanted.settles !== null || account === undefined || (account.class !== 'income' && !HELD.includes(wanted.account) && !MORE.includes(wanted.account))) {
    throw refusals.order_unit_unfit({ account: wanted.account, name: account?.name_zh ?? '', name_en: account?.name_en ?? '' }, 'unit');
  }
  const found = await unitNamed(trx, estate_id, name) ?? await unitNamed(trx, estate_id, typed!.trim());
  if (found === undefined) throw refusals.order_unit_unknown({ unit: name.slice(0, 40) }, 'unit');
  // The purpose becomes the memo of the books, for everybody and for ever.
  if (wanted.purpose.normalize('NFKC').replace(/[\u2010-\u2015]/gu, '-').toUpperCase().includes(found.unit.toUpperCase())) {
    throw refusals.order_purpose_names_unit({ unit: found.unit }, 'purpose');
  }
  return found.unit;
}

export const refOf = async (trx: Trx, estate_id: number, unit: string | null): Promise<string | undefined> =>
  (unit === null ? undefined : (await unitNamed(trx, estate_id, unit))?.ref);

/** Who may sign and owns, rents or lives in the dwelling to which money goes back: they do not sign for it, whatever name the payee has. The
 *  maker does not sign anyhow. Of several the committee's, whose key is the second. */
export async function signerAtHome(trx: Trx, estate_id: number, unit: string | null, maker: string): Promise<string | null> {
  if (unit === null) return null;
  const { rows } = await sql<{ person_id: string }>`
    select t.person_id from term t
    where t.estate_id = ${estate_id} and t.office not in ('cashier', 'auditor') and estate_today(t.estate_id) between t.starts_on and t.ends_on and t.person_id <> ${maker}::uuid
      and (exists (select from resident r where r.estate_id = t.estate_id and r.person_id = t.person_id and r.unit = ${unit} and (r.left_at is null or r.left_at > estate_clock(t.estate_id)))
        or exists (select from party p join tenure n on n.estate_id = p.estate_id and n.party_id = p.party_id where p.estate_id = t.estate_id and p.person_id = t.person_id
          and n.unit = ${unit} and (n.to_date is null or n.to_date >= n.from_date)))
    order by (t.body = 'committee') desc, t.term_id limit 1`.execute(trx);
  return rows[0]?.person_id ?? null;
}

export interface Held { held: Money; underway: Money; free: Money }

/** What is held for a dwelling (ref; null: for no dwelling) and how much of it is asked for by other proposals. */
export async function heldOf(
  trx: Trx, estate_id: number, { ref, account, fund, except = null }: { ref: string | null; account: string; fund: string; except?: number | null },
): Promise<Held> {
  const { rows: [row] } = await sql<{ held: string; underway: string }>`
    select case when ${ref}::text is null
        then (select coalesce(sum(p.credit - p.debit), 0)::numeric(16, 2) from posting p where p.estate_id = ${estate_id} and p.account = ${account}
          and p.fund = ${fund} and p.unit is null)
        else unit_held(${estate_id}, ${ref}, ${account}, ${fund}) end as held,
      unit_underway(${estate_id}, ${ref}, ${account}, ${fund}, ${except}::bigint) as underway`.execute(trx);
  const [held, underway] = [money(row!.held), money(row!.underway)];
  return { held, underway, free: minus(held, underway) };
}

/** What may go back to a dwelling from 2203 or 2241, as the form begins with it; empty where there is nothing. */
export async function freeFor(trx: Trx, estate_id: number, { unit, account, fund }: { unit: string; account: string; fund: string }): Promise<string> {
  const ref = HELD.includes(account) ? await refOf(trx, estate_id, unit) : undefined;
  if (ref === undefined) return '';
  const { free } = await heldOf(trx, estate_id, { ref, account, fund });
  return free.greaterThan(zero) ? moneyText(free) : '';
}

async function payeeCheck(trx: Trx, estate_id: number, order: Order): Promise<Check> {
  const { rows: [row] } = await sql<{ known: number; same: boolean }>`
    select count(i.name)::integer as known, coalesce(bool_or(regexp_replace(i.name, '[\\s·•.]', '', 'g') = regexp_replace(y.name, '[\\s·•.]', '', 'g')), false) as same
    from tenure t join party_identity i on i.estate_id = t.estate_id and i.party_id = t.party_id,
      (select name from payee_identity where estate_id = ${estate_id} and payee_id = ${order.payee_id}) as y
    where t.estate_id = ${estate_id} and t.unit = ${order.unit} and t.ended_seq is null`.execute(trx);
  if ((row?.known ?? 0) === 0) return told('unit_payee', 'attention', texts.nobody);
  return row!.same ? told('unit_payee', 'ok', texts.owner) : told('unit_payee', 'attention', texts.stranger);
}

async function incomeCheck(trx: Trx, estate_id: number, order: Order, ref: string): Promise<Check> {
  const { rows: [row] } = await sql<{ paid: string }>`
    select coalesce(sum(p.credit - p.debit), 0)::numeric(16, 2) as paid from posting p
    where p.estate_id = ${estate_id} and p.unit = ${ref} and p.account = ${order.account} and p.fund = ${order.fund}`.execute(trx);
  const paid = money(row!.paid);
  return paid.lessThan(money(order.amount)) && order.state !== 'executed'
    ? told('unit_held', 'attention', texts.paid_less, { paid: moneyFigures(paid) }) : told('unit_held', 'ok', texts.paid_in, { paid: moneyFigures(paid) });
}

/** Of orders that give back: enough is held for the dwelling, and the payee lives there. The texts name no dwelling. */
export async function dwellingChecks(trx: Trx, estate_id: number, order: Order): Promise<Check[]> {
  const held_account = HELD.includes(order.account);
  if (!held_account && order.unit === null) return [];
  if (order.settles !== null) return [];
  const ref = await refOf(trx, estate_id, order.unit);
  const payee = order.unit === null ? [] : [await payeeCheck(trx, estate_id, order)];
  if (!held_account) return [...(order.account === '5114' ? [] : [await incomeCheck(trx, estate_id, order, ref!)]), ...payee];
  if (order.state === 'executed') return payee;
  const { held, underway, free } = await heldOf(trx, estate_id, { ref: ref ?? null, account: order.account, fund: order.fund, except: order.order_id });
  const amount = money(order.amount);
  const left = minus(free, amount);
  const facts = { held: moneyFigures(held), underway: moneyFigures(underway), left: moneyFigures(left), free: moneyFigures(free), amount: moneyFigures(amount) };
  if (left.isNegative()) {
    return [refused('unit_held', ref === undefined ? refusals.order_unit_missing(facts, 'unit') : refusals.order_unit_exceeded(facts, 'amount'))];
  }
  if (ref === undefined) return [told('unit_held', 'attention', texts.unnamed, facts)];
  return [told('unit_held', 'ok', underway.equals(zero) ? texts.held : texts.underway, facts), ...payee];
}
