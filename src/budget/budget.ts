// Budgets (开放式预算): a draft that owners commented on is signed, published and in force for its year; it is adjusted only by another
// one, with its reason, and both stay.
//   settled draft → submitted → signed as the rule for budgets asks → published by publish_budget() → every order is checked against it
// The document holds the lines, what was said (counts), what was changed after the comments, and of an adjustment what it changes in
// the budget in force, so that nobody signs for something other than owners saw without being told.
// The database asks the same before a document may be signed and before it is published: budget_fault().
import { draftProposal, lockEstate, submitProposal } from '../approval/proposal.ts';
import { readResolution, type ResolutionTyped } from '../approval/resolution.ts';
import { estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { minus, money, moneyText, sum } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { byConstraint, carryOutChange } from '../office/carrying-out.ts';
import { signersFor } from '../office/signers.ts';
import { editable, lineJson } from './draft.ts';
import { budgetLines, draftLines, inForce, keyOf, readDraft, type Draft, type Line } from './queries.ts';
import { refusals } from './refusals.ts';

/** A type alias, so that it is JSON to once(). */
export type Proposed = { proposal_id: number; document_hash: string };
/** A line that differs from what it is compared with; null where it is not there. A type alias, so that it is JSON for the document. */
export type LineChange = { fund: string; account: string; before: string | null; after: string | null; difference: string };

/** What differs between two sets of lines, in the order of the later one. */
export function changesBetween(before: readonly Pick<Line, 'fund' | 'account' | 'amount'>[], after: readonly Pick<Line, 'fund' | 'account' | 'amount'>[]): LineChange[] {
  const then = new Map(before.map((line) => [keyOf(line), line.amount]));
  const now = new Map(after.map((line) => [keyOf(line), line.amount]));
  const lines = [...after, ...before.filter((line) => !now.has(keyOf(line)))];
  return lines.flatMap((line): LineChange[] => {
    const [from, to] = [then.get(keyOf(line)) ?? null, now.get(keyOf(line)) ?? null];
    const difference = minus(money(to ?? '0.00'), money(from ?? '0.00'));
    return from !== null && to !== null && difference.isZero() ? [] : [{ fund: line.fund, account: line.account, before: from, after: to, difference: moneyText(difference) }];
  });
}

const totals = (lines: readonly Line[]) => {
  const of = (kind: Line['class']): string => moneyText(sum(lines.filter((line) => line.class === kind).map((line) => money(line.amount))));
  return { income: of('income'), expense: of('expense') };
};

const faults = (year: number) => ({
  budget_differs: () => refusals.budget_differs(),
  budget_not_commented: () => refusals.budget_not_commented({ until: '', until_en: '' }),
  budget_changed_meanwhile: () => refusals.budget_changed_meanwhile({ year }),
  budget_year_over: () => refusals.budget_year_over({ year }),
  budget_line_unfit: () => refusals.budget_line_unfit(),
});

interface Asked { estate: Estate; actor: Actor | null; draft: number; resolution?: ResolutionTyped | undefined; key?: string | null | undefined }

/** A draft whose comments are over. Refusals: those of editable(), budget_not_commented, budget_year_over, budget_changed_meanwhile, budget_lines_missing. */
async function settled(trx: Trx, estate_id: number, number: number): Promise<{ draft: Draft; lines: Line[]; before: Line[] }> {
  const open = await readDraft(trx, estate_id, number, { all: true });
  if (open.state === 'commenting') {
    throw refusals.budget_not_commented({ until: `（${open.comment_until!} 截止）`, until_en: `, from the day after ${open.comment_until!} on` });
  }
  const draft = await editable(trx, estate_id, number);
  if (draft.state === 'editing') throw refusals.budget_not_commented({ until: '', until_en: '' });
  if (draft.year < Number((await estateToday(trx, estate_id)).slice(0, 4))) throw refusals.budget_year_over({ year: draft.year });
  const present = await inForce(trx, estate_id, draft.year);
  if ((present?.proposal_id ?? null) !== draft.adjusts) throw refusals.budget_changed_meanwhile({ year: draft.year });
  const lines = await draftLines(trx, estate_id, number);
  if (lines.length === 0) throw refusals.budget_lines_missing({}, 'lines');
  return { draft, lines, before: present === null ? [] : await budgetLines(trx, estate_id, present.proposal_id) };
}

/** Proposes a draft for signing. Refusals in this order: those of demand() for propose, budget_draft_unknown, budget_not_editable,
 *  budget_not_commented, budget_year_over, budget_changed_meanwhile, budget_lines_missing, budget_needs_signer, those of readResolution(), rule_missing. */
export async function submitBudget(house: House, { estate, actor: asking, draft: number, resolution, key = null }: Asked): Promise<Proposed> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'propose');
  const once_key = key === null ? null : `budget:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { draft: number, resolution: { ...resolution } } as never }, async () => {
    await lockEstate(trx, estate_id);
    const { draft, lines, before } = await settled(trx, estate_id, number);
    const { year, adjusts, reason, rate, comment_from, comment_until, opened_lines, comments, answered } = draft;
    const today = await estateToday(trx, estate_id);
    const { rule, refusal } = await signersFor(trx, estate, actor, { kind: 'budget', today, too_few: refusals.budget_needs_signer });
    if (refusal !== null) throw refusal;
    const signed = await readResolution(trx, estate_id, resolution, { today, needed: rule?.needs_resolution === true });
    const row = { title: adjusts === null ? `${year} 年预算` : `${year} 年预算调整`, amount: null, fund: null };
    const proposal_id = await draftAgain(trx, estate_id, draft, actor) ?? await draftProposal(trx, { estate_id, kind: 'budget', made_by: actor.person_id, ...row });
    await trx.updateTable('budget_draft').set({ proposal_id }).where('estate_id', '=', estate_id).where('draft_id', '=', number).execute();
    const { document_hash } = await submitProposal(trx, {
      estate, proposal_id, actor, ...row,
      content: {
        draft: number, year, title_en: adjusts === null ? `Budget ${year}` : `Adjustment of the budget ${year}`, lines: lines.map(lineJson), totals: totals(lines),
        comments: { from: comment_from!, until: comment_until!, count: comments, answered },
        changed: changesBetween(JSON.parse(opened_lines!) as Line[], lines),
        ...(adjusts === null ? {} : { adjusts, reason: reason!, changes: changesBetween(before, lines) }),
        ...(rate === null ? {} : { rate }), ...(signed === null ? {} : { resolution: signed }),
      },
    }).catch((error: unknown) => { throw constraintRefusal(error, faults(year)); });
    return { proposal_id, document_hash };
  }));
}

/** One that came back for correction is submitted again by whoever made it, as its next version. */
async function draftAgain(trx: Trx, estate_id: number, { proposal_id }: Draft, actor: Actor): Promise<number | null> {
  if (proposal_id === null) return null;
  const before = await trx.selectFrom('proposal').select(['state', 'made_by']).where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
  return before?.state === 'returned' && before.made_by === actor.person_id ? proposal_id : null;
}

/** Publishes an approved budget; called again it does nothing. Refusals: waits_for_notice, waits_for_answer (it stays approved), budget_not_approved,
 *  change_not_possible (it is superseded). */
export const executeBudget = (house: House, estate: Estate, proposal_id: number): Promise<void> => carryOutChange(house, estate, proposal_id, {
  door: 'publish_budget', done: 'published', already: 'already_published', not_approved: () => refusals.budget_not_approved({ proposal: proposal_id }),
  impossible: (error, document) => byConstraint(faults(Number(document['year'])))(error),
});
