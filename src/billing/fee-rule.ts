// Fee rules (收费项目): what is charged, how, from which day on. Both keys sign, as for a change of the rules (rule_for maps fee_rule to rule).
//   proposed → signed → in force from its first day until its last, or until a later rule of the same item takes its place
// It books nothing: bills are made under it (bill-making.ts), and what is paid of them goes to its account and fund. Never for a month whose
// bills are made: constraint fee_rule_month_billed in open_fee_rule().
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, addMonths, firstDay, lastDay, periodOf, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { LATE_FEE, signedRules, type SignedRule } from './fee-rule-queries.ts';
import { refusals } from './fee-rule-refusals.ts';
import { rateText, type AppliesTo, type Basis } from './reckon.ts';

export const bases: readonly Basis[] = ['area', 'fixed', 'space', 'metered', 'shared'];
export const meterKinds = ['water', 'electricity', 'gas', 'heat'] as const;
const YEARS_AHEAD = 2;

export interface FeeRuleAsked {
  estate: Estate;
  actor: Actor;
  /** property_fee, parking, water …; letters and underscores. The same item with a later start takes the earlier rule's place. */
  item: string;
  name_zh: string;
  name_en: string;
  basis: string;
  /** Yuan as typed, at most six decimals; empty for shared. */
  rate?: string | undefined;
  meter_kind?: string | undefined;
  apportion_by?: string | undefined;
  /** Of shared: the expense account (or 2242) whose payments may be shared, nothing else. */
  cost_account?: string | undefined;
  applies_to?: AppliesTo | undefined;
  account: string;
  fund: string;
  /** 1 to 31; 31 is the last day of the month. */
  due_day: number;
  due_months?: number | undefined;
  /** A day, as part of what is open: "0.0005"; empty: none was agreed. */
  late_rate?: string | undefined;
  late_grace_days?: number | undefined;
  /** Per cent of the bill. */
  late_cap_percent?: string | undefined;
  starts_on: string;
  ends_on?: string | undefined;
  resolution?: ResolutionTyped | undefined;
  key?: string | null | undefined;
}
export type FeeRuleProposed = { proposal_id: number; document_hash: string };

const decimal = (typed: string, places: number): string | null => {
  const text = typed.normalize('NFKC').trim();
  return new RegExp(`^[0-9]{1,5}(\\.[0-9]{1,${places}})?$`).test(text) ? text.replace(/^0+(?=[0-9])/, '') : null;
};
const whole = (value: number | undefined, from: number, to: number): boolean => value !== undefined && Number.isInteger(value) && value >= from && value <= to;

/** What the document says of a rule, in order of the fields; refuses whatever does not fit. */
function readRule(asked: FeeRuleAsked) {
  const { item, basis, meter_kind = '', apportion_by = '', due_day, due_months = 0 } = asked;
  if (!/^[a-z][a-z_]{1,30}$/.test(item) || item === LATE_FEE) throw refusals.fee_item_invalid({}, 'item');
  const name_zh = bookText(asked.name_zh, { field: 'name_zh', label: '名称 name_zh', limit: 30 });
  const name_en = bookText(asked.name_en, { field: 'name_en', label: '英文名称 name_en', limit: 60 });
  if (!bases.includes(basis as Basis)) throw refusals.fee_basis_invalid({}, 'basis');
  const typed = asked.rate ?? '';
  const rate = decimal(typed, 6);
  if ((basis === 'shared') !== (typed.trim() === '') || (basis !== 'shared' && rate === null)) throw refusals.fee_rate_invalid({ typed: typed.slice(0, 20) }, 'rate');
  if (basis === 'metered' && !(meterKinds as readonly string[]).includes(meter_kind)) throw refusals.fee_meter_kind_invalid({}, 'meter_kind');
  if (basis === 'shared' && !['area', 'household'].includes(apportion_by)) throw refusals.fee_apportion_invalid({}, 'apportion_by');
  if (!whole(due_day, 1, 31) || !whole(due_months, 0, 12)) throw refusals.fee_due_invalid({}, 'due_day');
  return {
    item, name_zh, name_en, basis, rate, meter_kind: basis === 'metered' ? meter_kind : null, apportion_by: basis === 'shared' ? apportion_by : null,
    cost_account: basis === 'shared' ? asked.cost_account ?? '' : null,
    due_day, due_months, ...readLate(asked),
  };
}

function readLate({ late_rate = '', late_grace_days = 0, late_cap_percent = '' }: FeeRuleAsked) {
  if (late_rate.trim() === '' && late_cap_percent.trim() === '') return { late_rate: null, late_grace_days: 0, late_cap_percent: null };
  const [rate, cap] = [decimal(late_rate, 6), decimal(late_cap_percent, 2)];
  if (rate === null || Number(rate) <= 0 || Number(rate) > 0.01 || cap === null || Number(cap) <= 0 || Number(cap) > 100 || !whole(late_grace_days, 0, 365)) {
    throw refusals.fee_late_invalid({}, late_rate.trim() === '' || rate === null ? 'late_rate' : 'late_cap_percent');
  }
  return { late_rate: rate, late_grace_days, late_cap_percent: cap };
}

/** Proposes a fee rule for signing; the proposal's number becomes the rule's. Refusals in this order: not_allowed, those of the fields
 *  (fee_item_invalid, text_*, fee_basis_invalid, fee_rate_invalid, fee_meter_kind_invalid, fee_apportion_invalid, fee_due_invalid,
 *  fee_late_invalid), fee_needs_signer, fee_days_invalid, fee_rule_month_billed, fee_account_invalid, fee_fund_invalid, fee_cost_account_invalid,
 *  fee_buildings_unknown, those of readResolution(), rule_missing. */
export async function proposeFeeRule(house: House, asked: FeeRuleAsked): Promise<FeeRuleProposed> {
  const { estate, actor, account, fund, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const rule = readRule(asked);
  const once_key = key === null ? null : `fee_rule:${actor.person_id}:${key}`;
  const { starts_on: from = '', ends_on: to = '', applies_to: only = {} } = asked;
  const content = { ...rule, account, fund, from, to, only, resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: content as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const signed = await signersOf(trx, estate, actor, today);
    const { starts_on, ends_on } = readDays({ from, to }, { estate, today });
    await refuseBilled(trx, estate_id, { item: rule.item, names: rule, from: starts_on });
    await refusePlaces(trx, estate_id, { account, fund });
    if (rule.cost_account !== null) await refuseCost(trx, estate_id, rule.cost_account);
    const applies_to = await readApplies(trx, estate_id, only);
    const before = (await signedRules(trx, estate_id)).filter((one) => one.item === rule.item && (one.ends_on === null || one.ends_on >= starts_on)).at(-1);
    const paper = await readResolution(trx, estate_id, resolution, { today, needed: signed?.needs_resolution === true });
    const row = { title: `收费项目：${rule.name_zh}，${starts_on} 起`, amount: null, fund };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'fee_rule', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: {
        change: 'open', ...rule, account, applies_to: applies_to as never, starts_on, ends_on, title_en: `Fee: ${rule.name_en}, from ${starts_on}`,
        ...(before === undefined ? {} : { before: { rule: before.rule_id, basis: before.basis, rate: before.rate === null ? null : rateText(before.rate), meter_kind: before.meter_kind,
          apportion_by: before.apportion_by, cost_account: before.cost_account } }),
        ...(paper === null ? {} : { resolution: paper }),
      },
    });
    return { proposal_id, document_hash };
  }));
}

async function signersOf(trx: Trx, estate: Estate, actor: Actor, today: BusinessDate) {
  const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'fee_rule', today, too_few: (facts) => refusals.fee_needs_signer(facts) });
  if (refusal !== null) throw refusal;
  return rule;
}

function readDays(typed: { from: string; to: string }, { estate, today }: { estate: Estate; today: BusinessDate }): { starts_on: BusinessDate; ends_on: BusinessDate | null } {
  const range = { from: firstDay(estate.first_period), to: lastDay(addMonths(periodOf(today), YEARS_AHEAD * 12)) };
  const starts_on = readDate(typed.from);
  if (starts_on === null || starts_on < range.from || starts_on > range.to) throw refusals.fee_days_invalid(range, 'starts_on');
  if (typed.to.trim() === '') return { starts_on, ends_on: null };
  const ends_on = readDate(typed.to);
  if (ends_on === null || ends_on < starts_on) throw refusals.fee_days_invalid(range, 'ends_on');
  return { starts_on, ends_on };
}

/** From the month of `from` on no bill may be there. */
async function refuseBilled(trx: Trx, estate_id: number, { item, names, from }: { item: string; names: { name_zh: string; name_en: string }; from: BusinessDate }): Promise<void> {
  const billed = await trx.selectFrom('bill').select(({ fn }) => fn.max('period').as('period')).where('estate_id', '=', estate_id).where('item', '=', item)
    .where('import_id', 'is', null).where('period', '>=', periodOf(from)).executeTakeFirst();
  const period = billed?.period ?? null;
  if (period !== null) throw refusals.fee_rule_month_billed({ name: names.name_zh, name_en: names.name_en, period, next: firstDay(addMonths(period, 1)) }, 'starts_on');
}

async function refusePlaces(trx: Trx, estate_id: number, { account, fund }: { account: string; fund: string }): Promise<void> {
  const found = await trx.selectFrom('account').select(['account', 'class', 'parent']).where('estate_id', '=', estate_id).where('account', '=', account)
    .where('is_postable', '=', true).where('closed_on', 'is', null).executeTakeFirst();
  if (found === undefined || (found.class !== 'income' && found.account !== '2242')) throw refusals.fee_account_invalid({ account: account.slice(0, 20) }, 'account');
  const purse = await trx.selectFrom('fund').select('is_restricted').where('estate_id', '=', estate_id).where('fund', '=', fund).executeTakeFirst();
  const fits = purse !== undefined && (!purse.is_restricted || (await trx.selectFrom('fund_account').select('account').where('estate_id', '=', estate_id)
    .where('fund', '=', fund).where('account', 'in', [account, found.parent ?? account]).executeTakeFirst()) !== undefined);
  if (!fits) throw refusals.fee_fund_invalid({ fund: fund.slice(0, 40) }, 'fund');
}

async function refuseCost(trx: Trx, estate_id: number, account: string): Promise<void> {
  const found = await trx.selectFrom('account').select('account').where('estate_id', '=', estate_id).where('account', '=', account).where('is_postable', '=', true)
    .where((eb) => eb.or([eb('class', '=', 'expense'), eb('account', '=', '2242')])).executeTakeFirst();
  if (found === undefined) throw refusals.fee_cost_account_invalid({ account: account.slice(0, 20) }, 'cost_account');
}

const kinds = ['dwelling', 'shop', 'office', 'storage', 'other'];
const occupancies = ['owner', 'let', 'vacant'];
async function readApplies(trx: Trx, estate_id: number, { buildings = [], kinds: of_kind = [], occupancies: used = [], phases = [] }: AppliesTo): Promise<AppliesTo> {
  for (const [field, typed] of [['buildings', buildings], ['phases', phases]] as const) {
    if (typed.length === 0) continue;
    const column = field === 'buildings' ? 'building' : 'phase';
    const known = new Set((await trx.selectFrom('unit').select(`${column} as name`).distinct().where('estate_id', '=', estate_id).execute()).map((row) => row.name));
    const missing = typed.find((name) => !known.has(name));
    if (missing !== undefined) throw refusals.fee_buildings_unknown({ typed: missing.slice(0, 20) }, field);
  }
  if (!of_kind.every((kind) => kinds.includes(kind)) || !used.every((use) => occupancies.includes(use))) throw refusals.fee_buildings_unknown({ typed: [...of_kind, ...used].join('、').slice(0, 40) }, 'kinds');
  const some = (names: readonly string[]): string[] => [...new Set(names)].sort();
  return {
    ...(buildings.length > 0 ? { buildings: some(buildings) } : {}), ...(of_kind.length > 0 ? { kinds: some(of_kind) } : {}),
    ...(used.length > 0 ? { occupancies: some(used) } : {}), ...(phases.length > 0 ? { phases: some(phases) } : {}),
  };
}

// ── Ending and carrying out ──────────────────────────────────────────────────────────────────────

export interface FeeEndAsked {
  estate: Estate; actor: Actor; rule: number;
  /** Last day. */
  ends_on: string;
  resolution?: ResolutionTyped | undefined; key?: string | null | undefined;
}

export async function feeRuleOf(trx: Trx, estate_id: number, rule: number): Promise<SignedRule> {
  const found = (await signedRules(trx, estate_id)).find((one) => one.rule_id === rule);
  if (found === undefined) throw refusals.fee_rule_unknown({ rule });
  return found;
}

/** Proposes the last day of a rule. Refusals: not_allowed, fee_rule_unknown, fee_rule_ended_already, fee_needs_signer, fee_days_invalid,
 *  fee_rule_month_billed, those of readResolution(), rule_missing. */
export async function proposeFeeEnd(house: House, asked: FeeEndAsked): Promise<FeeRuleProposed> {
  const { estate, actor, rule: number, resolution, key = null } = asked;
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  const once_key = key === null ? null : `fee_end:${actor.person_id}:${key}`;
  const content = { rule: number, ends_on: asked.ends_on, resolution: { ...resolution } };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: content as never }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const rule = await feeRuleOf(trx, estate_id, number);
    if (rule.ended_seq !== null) throw refusals.fee_rule_ended_already({ rule: number, ends_on: rule.ends_on ?? '' });
    const signed = await signersOf(trx, estate, actor, today);
    const range = { from: addDays(rule.starts_on, -1), to: rule.ends_on ?? lastDay(addMonths(periodOf(today), YEARS_AHEAD * 12)) };
    const ends_on = readDate(asked.ends_on);
    if (ends_on === null || ends_on < range.from || ends_on > range.to) throw refusals.fee_days_invalid(range, 'ends_on');
    await refuseBilled(trx, estate_id, { item: rule.item, names: rule, from: addDays(ends_on, 1) });
    const paper = await readResolution(trx, estate_id, resolution, { today, needed: signed?.needs_resolution === true });
    const row = { title: `停止收费：${rule.name_zh}，收到 ${ends_on} 为止`, amount: null, fund: rule.fund };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'fee_rule', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: { change: 'end', rule: number, item: rule.item, name_zh: rule.name_zh, name_en: rule.name_en, ends_on, title_en: `Fee ends: ${rule.name_en}, last day ${ends_on}`,
        ...(paper === null ? {} : { resolution: paper }) },
    });
    return { proposal_id, document_hash };
  }));
}

/** Begins or ends a rule whose proposal is signed; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays
 *  approved), fee_rule_not_approved, change_not_possible (it is superseded). */
export const executeFeeRule = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'open_fee_rule', done: 'opened', already: 'already_opened', not_approved: () => refusals.fee_rule_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ fee_rule_not_possible: () => refusals.fee_rule_not_possible(), fee_rule_month_billed: () => refusals.fee_rule_overtaken() }),
});
