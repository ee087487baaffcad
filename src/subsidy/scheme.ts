// Subsidies for fees paid first (先缴后补): schemes. An office, a company or a foundation promises part of what owners pay.
//   proposed → signed (as a change of the rules is) → open for claims until its last day     ended early by either body alone
// A scheme says: who gives, per cent or yuan for each bill, of which items and months, the most for a dwelling and in all, how
// it is passed on. It is never changed: more money is another scheme. Written by open_subsidy() and end_subsidy() only.
import { sql } from 'kysely';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, PERIOD_PATTERN, periodOf, readDate, type BusinessDate, type Period } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyFigures, moneyText, readMoney, zero, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { itemChoices } from './queries.ts';
import { refusals } from './refusals.ts';

export const FUND = 'fee_subsidy';
const MOST_YEARS = 5;
const LARGEST = 99_999_999;

export interface SchemeTyped {
  name_zh: string;
  name_en?: string | undefined;
  funder: string;
  /** As typed; one of the two. */
  percent?: string | undefined;
  amount_each?: string | undefined;
  items: readonly string[];
  first_period: string;
  last_period: string;
  /** Empty: none. */
  unit_cap?: string | undefined;
  budget: string;
  last_day: string;
  payout: string;
  resolution?: ResolutionTyped | undefined;
}
export interface SchemeAsked extends SchemeTyped {
  estate: Estate;
  actor: Actor | null;
  /** Idempotency key; null: every call is a new proposal. */
  key?: string | null | undefined;
}
/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };

function readAmount(typed: string, field: string): Money {
  const amount = readMoney(typed);
  if (amount === null || !amount.greaterThan(zero) || amount.greaterThan(LARGEST)) throw refusals.subsidy_amount_invalid({ typed: typed.slice(0, 20) }, field);
  return amount;
}

function readMeasure({ percent = '', amount_each = '' }: SchemeTyped): { percent: string } | { amount_each: string } {
  if ((percent.trim() === '') === (amount_each.trim() === '')) throw refusals.subsidy_measure_unclear({}, 'percent');
  if (percent.trim() === '') return { amount_each: moneyText(readAmount(amount_each, 'amount_each')) };
  const share = readMoney(percent.replace(/[%％]\s*$/u, ''));
  if (share === null || !share.greaterThan(zero) || share.greaterThan(100)) throw refusals.subsidy_percent_invalid({ typed: percent.slice(0, 20) }, 'percent');
  return { percent: moneyText(share) };
}

function readPeriods({ first_period, last_period }: SchemeTyped): { first_period: Period; last_period: Period } {
  const [first, last] = [first_period, last_period].map((typed) => typed.normalize('NFKC').trim()) as [string, string];
  const wrong = (field: string) => refusals.subsidy_periods_invalid({ years: MOST_YEARS }, field);
  const shape = new RegExp(PERIOD_PATTERN);
  if (!shape.test(first)) throw wrong('first_period');
  if (!shape.test(last) || last < first || last >= addMonths(first, MOST_YEARS * 12)) throw wrong('last_period');
  return { first_period: first, last_period: last };
}

function readCaps({ unit_cap = '', budget: typed }: SchemeTyped): { budget: string; unit_cap?: string } {
  const budget = readAmount(typed, 'budget');
  if (unit_cap.trim() === '') return { budget: moneyText(budget) };
  const cap = readAmount(unit_cap, 'unit_cap');
  if (cap.greaterThan(budget)) throw refusals.subsidy_cap_above_budget({ cap: moneyFigures(cap), budget: moneyFigures(budget) }, 'unit_cap');
  return { budget: moneyText(budget), unit_cap: moneyText(cap) };
}

function readLastDay(typed: string, today: BusinessDate): BusinessDate {
  const day = readDate(typed);
  if (day === null || day < today || periodOf(day) > addMonths(periodOf(today), MOST_YEARS * 12)) throw refusals.subsidy_last_day_invalid({ today, years: MOST_YEARS }, 'last_day');
  return day;
}

async function readItems(trx: Trx, estate_id: number, typed: readonly string[]): Promise<string[]> {
  const choices = await itemChoices(trx, estate_id);
  const items = [...new Set(typed.map((item) => item.trim()).filter((item) => item !== ''))].sort();
  const wrong = items.length === 0 ? '' : items.find((item) => !choices.some((choice) => choice.value === item));
  if (wrong !== undefined) throw refusals.subsidy_items_unknown({ item: wrong.slice(0, 40), choices: choices.map((choice) => `${choice.value} ${choice.zh}`).join('、') }, 'items');
  return items;
}

/** Proposes a scheme for signing. Refusals in this order: not_allowed, text_*, subsidy_measure_unclear, subsidy_percent_invalid, subsidy_amount_invalid,
 *  subsidy_periods_invalid, subsidy_cap_above_budget, subsidy_payout_invalid, subsidy_needs_signer, subsidy_last_day_invalid, subsidy_items_unknown,
 *  those of readResolution(), rule_missing. */
export async function proposeScheme(house: House, asked: SchemeAsked): Promise<Proposed> {
  const { estate, payout, resolution, key = null } = asked;
  const { estate_id } = estate;
  const actor = demand(asked.actor, estate_id, 'propose');
  const name_zh = bookText(asked.name_zh, { field: 'name_zh', label: '方案名称 name', limit: 40 });
  const name_en = (asked.name_en ?? '').trim() === '' ? name_zh : bookText(asked.name_en!, { field: 'name_en', label: '英文名称 name in English', limit: 80 });
  const funder = bookText(asked.funder, { field: 'funder', label: '拨款方 funder', limit: 60 });
  const facts = { name_zh, name_en, funder, ...readMeasure(asked), ...readPeriods(asked), ...readCaps(asked), payout };
  if (payout !== 'credit' && payout !== 'pay') throw refusals.subsidy_payout_invalid({ typed: payout.slice(0, 20) }, 'payout');
  const once_key = key === null ? null : `subsidy:${actor.person_id}:${key}`;
  const content = { ...facts, items: [...asked.items], last_day: asked.last_day, resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: content as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'subsidy', fund: FUND, today, too_few: refusals.subsidy_needs_signer });
    if (refusal !== null) throw refusal;
    const last_day = readLastDay(asked.last_day, today);
    const items = await readItems(trx, estate_id, asked.items);
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const row = { title: `缴费补贴：${name_zh}`, amount: null, fund: FUND };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'subsidy', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: { ...facts, items, last_day, title_en: `Fee subsidy: ${name_en}`, ...(signed === null ? {} : { resolution: signed }) },
    });
    return { proposal_id, document_hash };
  }));
}

/** Opens an approved scheme; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved), subsidy_not_approved,
 *  change_not_possible (it is superseded). */
export const executeScheme = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'open_subsidy', done: 'opened', already: 'already_opened', not_approved: () => refusals.subsidy_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ subsidy_not_possible: () => refusals.subsidy_not_possible() }),
});

/** Stops new claims at once, for one body alone. Refusals: those of demand() for sign, subsidy_unknown, subsidy_ended_already, subsidy_not_yours. */
export async function endScheme(house: House, { estate, actor, scheme }: { estate: Estate; actor: Actor | null; scheme: number }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'sign');
  const status = await inEstate(house.db.app, estate_id, async (trx) =>
    (await sql<{ status: string }>`select end_subsidy(${estate_id}, ${scheme}, ${person_id}::uuid) as status`.execute(trx)).rows[0]!.status);
  if (status === 'scheme_unknown') throw refusals.subsidy_unknown({ scheme });
  if (status === 'already_ended') throw refusals.subsidy_ended_already({ scheme });
  if (status !== 'ended') throw refusals.subsidy_not_yours();
}
