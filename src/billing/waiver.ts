// Waivers and discounts of bills (减免、优惠), write-offs (核销) and corrections (更正): a bill is never changed and never deleted, only
// lowered, by a proposal that both keys sign under the rule for a transfer of the sum (rule_for maps waiver to transfer).
//   proposed (each open bill with its amount, and what may be taken off bills to come, together the most) → signed → grant_waiver()
//   lowers the open bills at once, and bills to come as they are made: apply_waivers(), until the sum that was signed is used up
// It books nothing: unpaid bills are no entries. Never more than is open (constraint bill_reduced_below_zero). Whoever may sign and
// lives in a dwelling that benefits does not sign: they are the proposal's payee_person, one at most. Dwellings stand in the document by
// unit.ref only.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, firstDay, PERIOD_PATTERN, periodOf, periodsBetween, shanghaiInstant, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { LATE_FEE, rulesOf } from './fee-rule-queries.ts';
import { dwellingIndex, openBills } from './queries.ts';
import { fenUp, millionths } from './reckon.ts';
import { dwellingsIn } from './unit-name.ts';
import { refusals } from './waiver-refusals.ts';

export const whys = ['waiver', 'discount', 'write_off', 'correction'] as const;
export type Why = (typeof whys)[number];
const MOST_UNITS = 500;
const MOST_MONTHS = 60;

export interface WaiverAsked {
  estate: Estate;
  actor: Actor;
  /** waiver 减免, discount 优惠: also of bills to come; write_off 核销, correction 更正: of bills that are made. */
  why: string;
  /** Numbers of the dwellings. */
  units: readonly string[];
  /** Empty: all items, of bills to come all but late fees. */
  item?: string | undefined;
  from_period: string;
  to_period: string;
  /** Per cent of each bill (of what is open, where it is less), or yuan off each: one of the two. */
  percent?: string | undefined;
  amount_each?: string | undefined;
  reason: string;
  resolution?: ResolutionTyped | undefined;
  key?: string | null | undefined;
}
export type WaiverProposed = { proposal_id: number; document_hash: string; amount: string };

interface Measure { percent: string | null; amount_each: Money | null }
function readMeasure(percent: string, amount_each: string): Measure {
  const [p, a] = [percent.normalize('NFKC').trim().replace(/%$/, ''), amount_each.trim()];
  const each = a === '' ? null : readMoney(a);
  const valid = p === '' ? each !== null && each.greaterThan(zero) : a === '' && /^[0-9]{1,3}(\.[0-9]{1,2})?$/.test(p) && Number(p) > 0 && Number(p) <= 100;
  if (!valid) throw refusals.waiver_measure_invalid({}, p === '' && a !== '' ? 'amount_each' : 'percent');
  return { percent: p === '' ? null : p.replace(/^0+(?=[0-9])/, ''), amount_each: each };
}
/** Off a bill of this amount with this much open. */
function off({ percent, amount_each }: Measure, amount: Money, open: Money): Money {
  const wanted = percent === null ? amount_each! : fenUp(millionths(moneyText(amount)) * millionths(percent), 100n);
  return wanted.lessThan(open) ? wanted : open;
}

/** Proposes it for signing. Refusals in this order: not_allowed, waiver_why_invalid, text_*, waiver_measure_invalid, waiver_months_invalid,
 *  waiver_units_invalid, waiver_reason_names_unit, waiver_item_invalid, waiver_nothing_open, waiver_needs_signer, waiver_signers_benefit, those of readResolution(),
 *  rule_missing. */
export async function proposeWaiver(house: House, asked: WaiverAsked): Promise<WaiverProposed> {
  const { estate, actor, item = '', resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const why = whys.find((one) => one === asked.why);
  if (why === undefined) throw refusals.waiver_why_invalid({}, 'why');
  const reason = bookText(asked.reason, { field: 'reason', label: '理由 reason', limit: 200 });
  const measure = readMeasure(asked.percent ?? '', asked.amount_each ?? '');
  const once_key = key === null ? null : `waiver:${actor.person_id}:${key}`;
  const { from_period, to_period, units: typed } = asked;
  const content = { why, reason, units: [...typed], item, from_period, to_period, percent: measure.percent, each: measure.amount_each === null ? null : moneyText(measure.amount_each), resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: content as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    refuseMonths(from_period, to_period, { why, present: periodOf(today) });
    const dwellings = await readUnits(trx, estate_id, typed);
    // Document and log name dwellings by their random names only, and every owner reads the reason beside them.
    const [named] = dwellingsIn(await dwellingIndex(trx, estate_id), reason);
    if (named !== undefined) throw refusals.waiver_reason_names_unit({ unit: named.unit }, 'reason');
    if (item !== '' && item !== LATE_FEE && !(await rulesOf(trx, estate)).has(item)) throw refusals.waiver_item_invalid({ typed: item.slice(0, 31) }, 'item');
    const units = dwellings.map((one) => one.unit);
    const bills = (await openBills(trx, estate_id, { units })).filter((bill) => bill.period >= from_period && bill.period <= to_period && (item === '' || bill.item === item))
      .map((bill) => ({ ...bill, off: off(measure, money(bill.amount), money(bill.open)) }));
    const coming = why === 'write_off' || why === 'correction' || item === LATE_FEE ? null : await comingBills(trx, estate, { units, item, from_period, to_period, measure });
    const now = sum(bills.map((bill) => bill.off));
    const amount = coming === null ? now : sum([now, coming.most]);
    if (amount.isZero()) throw refusals.waiver_nothing_open({}, 'from_period');
    const fund = await fundOf(trx, estate, bills.map((bill) => bill.item), item);
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'waiver', amount, fund, today, too_few: (facts) => refusals.waiver_needs_signer(facts) });
    if (refusal !== null) throw refusal;
    const payee_person = await benefiting(trx, estate_id, { units, from_period, proposer: actor.person_id });
    const paper = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const names = { waiver: ['减免', 'Waiver'], discount: ['优惠', 'Discount'], write_off: ['核销', 'Write-off'], correction: ['更正', 'Correction'] }[why];
    const row = { title: `账单${names[0]}：${dwellings.length} 户，${from_period} 至 ${to_period}`, amount, fund, payee_person };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'waiver', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: {
        why, reason, units: dwellings.map((one) => one.ref).sort(), bills: bills.map((bill) => [bill.bill_id, moneyText(bill.off)]), open_total: moneyText(now),
        title_en: `${names[1]} of bills: ${dwellings.length} dwellings, ${from_period} to ${to_period}`,
        ...(item === '' ? {} : { item }), ...(measure.percent === null ? { amount_each: moneyText(measure.amount_each!) } : { percent: measure.percent }),
        ...(coming === null || coming.most.isZero() ? {} : { from_period: coming.from, to_period, coming_total: moneyText(coming.most) }),
        ...(paper === null ? {} : { resolution: paper }),
      },
    });
    return { proposal_id, document_hash, amount: moneyText(amount) };
  }));
}

function refuseMonths(from: string, to: string, { why, present }: { why: Why; present: Period }): void {
  const made_only = why === 'write_off' || why === 'correction';
  const valid = (period: string): boolean => new RegExp(PERIOD_PATTERN).test(period);
  const wrong = !valid(from) ? 'from_period' : !valid(to) || to < from || to > addMonths(from, MOST_MONTHS - 1) || (made_only && to > present) || to > addMonths(present, MOST_MONTHS) ? 'to_period' : null;
  if (wrong !== null) throw refusals.waiver_months_invalid({ most: MOST_MONTHS, present }, wrong);
}

async function readUnits(trx: Trx, estate_id: number, typed: readonly string[]): Promise<{ unit: string; ref: string }[]> {
  const units = [...new Set(typed.map((one) => one.normalize('NFKC').trim()).filter((one) => one !== ''))];
  if (units.length === 0 || units.length > MOST_UNITS) throw refusals.waiver_units_invalid({ typed: String(units.length), limit: MOST_UNITS }, 'units');
  const found = await trx.selectFrom('unit').select(['unit', 'ref']).where('estate_id', '=', estate_id).where('unit', 'in', units).orderBy('unit').execute();
  const known = new Set(found.map((row) => row.unit));
  const missing = units.find((unit) => !known.has(unit));
  if (missing !== undefined) throw refusals.waiver_units_invalid({ typed: missing.slice(0, 40), limit: MOST_UNITS }, 'units');
  return found;
}

/** What bills to come may be lowered by, reckoned from the last bill of each item: the most that is signed for. */
async function comingBills(
  trx: Trx, { estate_id }: Estate, { units, item, from_period, to_period, measure }: { units: string[]; item: string; from_period: Period; to_period: Period; measure: Measure },
): Promise<{ from: Period; most: Money } | null> {
  const { rows } = await sql<{ unit: string; item: string; amount: string; period: Period }>`
    select distinct on (b.unit, b.item) b.unit, b.item, b.amount, b.period from bill b
    where b.estate_id = ${estate_id} and b.unit = any(${units}::text[]) and b.item <> ${LATE_FEE} and b.import_id is null ${item === '' ? sql`` : sql`and b.item = ${item}`}
    order by b.unit, b.item, b.period desc`.execute(trx);
  const last = rows.map((row) => row.period).sort().at(0);
  const from = last === undefined || last < from_period ? from_period : addMonths(last, 1);
  if (from > to_period) return null;
  const parts = rows.flatMap((row) => {
    const first = row.period < from_period ? from_period : addMonths(row.period, 1);
    const each = off(measure, money(row.amount), money(row.amount));
    return first > to_period ? [] : periodsBetween(first, to_period).map(() => each);
  });
  return { from, most: sum(parts) };
}

/** Fund by which the rule is chosen: that of the items, where it is one. */
async function fundOf(trx: Trx, { estate_id }: Estate, items: readonly string[], item: string): Promise<string | null> {
  const asked = item === '' ? items : [item];
  const rows = await trx.selectFrom('fee_rule').select(['item', 'fund']).where('estate_id', '=', estate_id).orderBy('starts_on').orderBy('proposal_id').execute();
  const by_item = new Map(rows.map((row) => [row.item, row.fund]));
  const funds = new Set(asked.map((one) => by_item.get(one) ?? 'service'));
  return funds.size === 1 ? [...funds][0]! : null;
}

/** Who may sign and owns, rents or lives in one of the dwellings, or lived there in the months it is about: null, one person, or a refusal. Whoever
 *  proposes does not sign anyhow. */
async function benefiting(trx: Trx, estate_id: number, { units, from_period, proposer }: { units: string[]; from_period: Period; proposer: string }): Promise<string | null> {
  const { rows } = await sql<{ person_id: string }>`
    select distinct t.person_id from term t
    where t.estate_id = ${estate_id} and t.office not in ('cashier', 'auditor') and estate_today(t.estate_id) between t.starts_on and t.ends_on and t.person_id <> ${proposer}::uuid
      and (exists (select from resident r where r.estate_id = t.estate_id and r.person_id = t.person_id and r.unit = any(${units}::text[])
          and (r.left_at is null or r.left_at >= ${shanghaiInstant(firstDay(from_period))}))
        or exists (select from party p join tenure n on n.estate_id = p.estate_id and n.party_id = p.party_id where p.estate_id = t.estate_id and p.person_id = t.person_id
          and n.unit = any(${units}::text[]) and (n.to_date is null or n.to_date >= n.from_date)))`.execute(trx);
  if (rows.length > 1) throw refusals.waiver_signers_benefit({ count: rows.length }, 'units');
  return rows[0]?.person_id ?? null;
}

/** Carries a signed one out; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved), waiver_not_approved,
 *  change_not_possible (it is superseded). */
export const executeWaiver = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'grant_waiver', done: 'granted', already: 'already_granted', not_approved: () => refusals.waiver_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ waiver_not_possible: () => refusals.waiver_not_possible() }),
});

// ── Reads ────────────────────────────────────────────────────────────────────────────────────────

export interface WaiverRow {
  proposal_id: number; why: Why; item: string | null; percent: string | null; amount: string | null; from_period: Period | null; to_period: Period | null;
  most: string; used: string; units: number; reason: string; granted_on: string;
}
/** Those in force and those that are used up, newest first. */
export async function waivers(trx: Trx, estate_id: number): Promise<WaiverRow[]> {
  const { rows } = await sql<WaiverRow>`
    select w.proposal_id, w.why, w.item, w.percent, w.amount, w.from_period, w.to_period, w.most, coalesce((o.document::jsonb) ->> 'reason', '') as reason,
      ((o.executed_at at time zone 'Asia/Shanghai')::date)::text as granted_on,
      (select coalesce(sum(r.amount), 0)::numeric(16, 2) from bill_reduction r where r.estate_id = w.estate_id and r.proposal_id = w.proposal_id) as used,
      (select count(*)::integer from waiver_unit u where u.estate_id = w.estate_id and u.proposal_id = w.proposal_id) as units
    from waiver w join proposal o on o.estate_id = w.estate_id and o.proposal_id = w.proposal_id where w.estate_id = ${estate_id} order by w.proposal_id desc limit 500`.execute(trx);
  return rows;
}

export interface WaiverPart { unit: string; item: string; period: Period; bill_id: number; billed: string; off: string }
/** Bill by bill, as signed for and as taken off; for those who may read households. Refusal: waiver_unknown. */
export async function waiverOf(trx: Trx, estate_id: number, proposal_id: number): Promise<{ title: string; state: string; amount: string; units: string[]; asked: WaiverPart[]; done: WaiverPart[] }> {
  const proposal = await trx.selectFrom('proposal').select(['title', 'state', 'amount', 'document']).where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id)
    .where('kind', '=', 'waiver').executeTakeFirst();
  if (proposal === undefined || proposal.document === null) throw refusals.waiver_unknown({ waiver: proposal_id });
  const document = JSON.parse(proposal.document) as { units: string[]; bills: [number, string][] };
  const units = await trx.selectFrom('unit').select('unit').where('estate_id', '=', estate_id).where('ref', 'in', document.units).orderBy('unit').execute();
  const asked = await sql<WaiverPart>`select b.unit, b.item, b.period, b.bill_id, b.amount as billed, n.off::text as off
    from unnest(${document.bills.map(([id]) => id)}::bigint[], ${document.bills.map(([, amount]) => amount)}::numeric(14, 2)[]) as n(bill_id, off)
    join bill b on b.estate_id = ${estate_id} and b.bill_id = n.bill_id order by b.unit, b.period, b.bill_id`.execute(trx);
  const done = await sql<WaiverPart>`select b.unit, b.item, b.period, b.bill_id, b.amount as billed, r.amount as off from bill_reduction r
    join bill b on b.estate_id = r.estate_id and b.bill_id = r.bill_id where r.estate_id = ${estate_id} and r.proposal_id = ${proposal_id} order by b.unit, b.period, b.bill_id`.execute(trx);
  return { title: proposal.title, state: proposal.state, amount: proposal.amount ?? '0.00', units: units.map((row) => row.unit), asked: asked.rows, done: done.rows };
}

/** What is left of the signed sum. */
export const leftOf = ({ most, used }: WaiverRow): Money => minus(money(most), money(used));
