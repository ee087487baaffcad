// The steps of a project that are signed (签批): each a proposal of kind project, carried out by carry_project().
//   open      targets by source, what a dwelling is asked for, deadline        → funds of its own
//   contract  payee, milestones, what each source bears of each                → contract.ts
//   accept    with the acceptance paper; open defects only with a reason
//   finish    costs and rest by source; from then on nothing is paid, the rest goes back
// One step of a project at a time. What changed while it was signed makes it impossible: it is superseded, and proposed anew.
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, periodOf, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { money, moneyFigures, moneyText, negated, readMoney, sum, zero, type Money } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { sourceNames, sources, type Source } from './kinds.ts';
import { TITLE_LIMIT } from './project.ts';
import { contractsOf, demandOpen, demandProject, readPlan, siteRows, stepUnderway } from './queries.ts';
import { refusals } from './refusals.ts';

const LARGEST = 99_999_999;
const MOST_YEARS = 3;
/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };
export interface Asked { estate: Estate; actor: Actor | null; project: number; key?: string | null | undefined }

export function readAmount(typed: string, field: string): Money {
  const amount = readMoney(typed);
  if (amount === null || !amount.greaterThan(zero) || amount.greaterThan(LARGEST)) throw refusals.project_amount_invalid({ typed: typed.slice(0, 20) }, field);
  return amount;
}

export interface Step { title: string; amount: Money | null; content: { readonly [key: string]: Json | undefined } }

/** Files of the estate, each once; what is no file of it is left out. */
export async function filesOf(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<string[]> {
  if (hashes.length === 0) return [];
  const rows = await trx.selectFrom('voucher').select('sha256').where('estate_id', '=', estate_id).where('sha256', 'in', [...hashes]).execute();
  return rows.map((row) => row.sha256).sort();
}

/** Proposes a step. Refusals: those of demand() for propose, project_stage_busy, project_needs_signer, those of `made`, rule_missing. */
export async function proposeStep(
  house: House, { estate, actor: asking, project, key = null }: Asked, typed: Json, made: (trx: Trx, facts: { today: BusinessDate; actor: Actor; needs_resolution: boolean }) => Promise<Step>,
): Promise<Proposed> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'propose');
  const once_key = key === null ? null : `project_step:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { project, typed } }, async () => {
    await lockEstate(trx, estate_id);
    await demandProject(trx, estate_id, project);
    const underway = await stepUnderway(trx, estate_id, project);
    if (underway !== null) throw refusals.project_stage_busy({ proposal: underway.proposal_id });
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'project', today, too_few: refusals.project_needs_signer });
    if (refusal !== null) throw refusal;
    const { title, amount, content } = await made(trx, { today, actor, needs_resolution: rule?.needs_resolution === true });
    const row = { title, amount, fund: null };
    const proposal_id = await draftProposal(trx, { estate_id, kind: 'project', made_by: actor.person_id, ...row });
    const { document_hash } = await submitProposal(trx, { estate, proposal_id, actor, ...row, content: { project, ...content } });
    return { proposal_id, document_hash };
  }), { retryable: true });
}

/** Carries an approved step out; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved), project_not_approved,
 *  change_not_possible (it is superseded). */
export const executeProject = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'carry_project', done: 'carried', already: 'already_carried', not_approved: () => refusals.project_not_approved({ proposal: proposal_id }),
  impossible: byConstraint({ project_not_possible: () => refusals.project_step_impossible() }),
});

// ── Opening ──────────────────────────────────────────────────────────────────────────────────────

export interface OpenTyped {
  title_zh: string;
  title_en?: string | undefined;
  purpose: string;
  deadline: string;
  share_rule: string;
  share?: string | undefined;
  /** Yuan by source, as typed; empty: not a source of this project. */
  targets: Partial<Record<Source, string | undefined>>;
  resolution?: ResolutionTyped | undefined;
}

function readDeadline(typed: string, today: BusinessDate): BusinessDate {
  const day = readDate(typed);
  if (day === null || day < today || periodOf(day) > addMonths(periodOf(today), MOST_YEARS * 12)) throw refusals.project_deadline_invalid({ today, years: MOST_YEARS }, 'deadline');
  return day;
}

function readShare({ share_rule, share = '' }: OpenTyped, asks_households: boolean): { share_rule: string; share?: string } {
  const given = share.trim() !== '';
  if (!['none', 'per_m2', 'fixed'].includes(share_rule) || (share_rule === 'none') === given || (given && !asks_households)) throw refusals.project_share_unclear({}, 'share');
  return given ? { share_rule, share: moneyText(readAmount(share, 'share')) } : { share_rule };
}

/** Proposes to open a project. Refusals: those of proposeStep(), text_*, project_target_missing, project_amount_invalid, project_share_unclear,
 *  project_open_already, project_deadline_invalid, those of readResolution(), project_resolution_needed. */
export async function proposeOpening(house: House, asked: Asked & { typed: OpenTyped }): Promise<Proposed> {
  const { typed, estate: { estate_id } } = asked;
  demand(asked.actor, estate_id, 'propose');
  const title_zh = bookText(typed.title_zh, { field: 'title_zh', label: '项目名称 title', limit: TITLE_LIMIT });
  const title_en = (typed.title_en ?? '').trim() === '' ? title_zh : bookText(typed.title_en!, { field: 'title_en', label: '英文名称 title in English', limit: 80 });
  const purpose = bookText(typed.purpose, { field: 'purpose', label: '用途 purpose', limit: 300 });
  const targets = sources.filter((source) => (typed.targets[source] ?? '').trim() !== '').map((source) => ({ source, target: moneyText(readAmount(typed.targets[source]!, `target_${source}`)) }));
  if (targets.length === 0) throw refusals.project_target_missing({}, 'target_government');
  const share = readShare(typed, targets.some(({ source }) => source === 'households'));
  const content = { step: 'open', title_zh, title_en, purpose, ...share, sources: targets };
  return proposeStep(house, asked, { ...content, deadline: typed.deadline, resolution: { ...typed.resolution } } as Json, async (trx, { today, needs_resolution }) => {
    const plan = await trx.selectFrom('project_plan').select('project_id').where('estate_id', '=', estate_id).where('project_id', '=', asked.project).executeTakeFirst();
    if (plan !== undefined) throw refusals.project_open_already();
    const deadline = readDeadline(typed.deadline, today);
    // 民法典 §278: whoever is asked for money has been asked for consent.
    const needed = needs_resolution || share.share_rule !== 'none';
    const given = [typed.resolution?.title, typed.resolution?.date, typed.resolution?.voucher, typed.resolution?.resolution_id].some((part) => String(part ?? '').trim() !== '');
    if (needed && !given) throw refusals.project_resolution_needed({}, 'resolution.title');
    const resolution = await readResolution(trx, estate_id, typed.resolution, { today, needed });
    return {
      title: `项目立项：${title_zh}`, amount: sum(targets.map(({ target }) => money(target))),
      content: { ...content, deadline, title_en: `Project: ${title_en}`, name_en: title_en, ...(resolution === null ? {} : { resolution }) },
    };
  });
}

// ── Acceptance and final report ──────────────────────────────────────────────────────────────────

/** Proposes to accept a contract's work. Refusals: those of proposeStep(), text_*, project_not_open, project_finished_already, accept_contract_unknown,
 *  accept_defects_open, accept_file_missing. */
export async function proposeAcceptance(house: House, asked: Asked & { contract: number; reason?: string | undefined; vouchers: readonly string[] }): Promise<Proposed> {
  const { contract, vouchers, project, estate: { estate_id } } = asked;
  const reason = (asked.reason ?? '').trim() === '' ? null : bookText(asked.reason!, { field: 'reason', label: '理由 reason', limit: 200 });
  return proposeStep(house, asked, { step: 'accept', contract, reason, vouchers: [...vouchers] }, async (trx) => {
    await demandOpen(trx, estate_id, project);
    const found = (await contractsOf(trx, estate_id, project)).find((row) => row.contract === contract && row.accepted_on === null);
    if (found === undefined) throw refusals.accept_contract_unknown({}, 'contract');
    const defects = (await siteRows(trx, estate_id, project)).filter((row) => row.open).length;
    if (defects > 0 && reason === null) throw refusals.accept_defects_open({ defects }, 'reason');
    const files = await filesOf(trx, estate_id, vouchers);
    if (files.length === 0) throw refusals.accept_file_missing({}, 'vouchers');
    const { plan } = await readPlan(trx, estate_id, project);
    return {
      title: `项目验收：${plan.title_zh}`, amount: null,
      content: { step: 'accept', contract, contractor: found.contractor, contract_amount: found.amount, defects, ...(reason === null ? {} : { defects_reason: reason }),
        project_zh: plan.title_zh, project_en: plan.title_en, title_en: `Acceptance: ${plan.title_en}`, vouchers: files },
    };
  });
}

/** Proposes the final report. Refusals: those of proposeStep(), text_*, project_not_open, project_finished_already, finish_orders_open, finish_in_the_red. */
export async function proposeFinish(house: House, asked: Asked & { report: string; vouchers?: readonly string[] | undefined }): Promise<Proposed> {
  const { project, vouchers = [], estate: { estate_id } } = asked;
  const report = bookText(asked.report, { field: 'report', label: '结项说明 report', limit: 500 });
  return proposeStep(house, asked, { step: 'finish', report, vouchers: [...vouchers] }, async (trx) => {
    await demandOpen(trx, estate_id, project);
    const { plan, sources: rows } = await readPlan(trx, estate_id, project);
    const asking = sum(rows.map((row) => money(row.asked)));
    if (asking.greaterThan(zero)) throw refusals.finish_orders_open({ amount: moneyFigures(asking) });
    const short = rows.find((row) => money(row.balance).isNegative());
    if (short !== undefined) throw refusals.finish_in_the_red({ source: sourceNames[short.source].zh, source_en: sourceNames[short.source].en, amount: moneyFigures(negated(money(short.balance))) });
    return {
      title: `项目结项：${plan.title_zh}`, amount: null,
      content: {
        step: 'finish', report, project_zh: plan.title_zh, project_en: plan.title_en, title_en: `Final report: ${plan.title_en}`, vouchers: await filesOf(trx, estate_id, vouchers),
        sources: rows.map(({ source, target, received, spent, balance }) => ({ source, target, received, spent, rest: balance })),
      },
    };
  });
}
