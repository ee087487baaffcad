// Drafts of budgets (预算草案): begun from the figures of the year before, changed line by line, opened to the owners' comments.
//   editing → commenting (nothing changes up to the last day) → settling (changed by what was said, or not) → signing → published
//   side exit: dropped, before it is signed
// An adjustment (调整) is a draft that follows the budget in force and says why. A year has one draft at a time.
// The guards say the same: guard_budget_draft, guard_budget_draft_line (constraint budget_draft_stays).
import { lockEstate } from '../approval/proposal.ts';
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText, readMoney } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { basisOf, noteOf, type Basis } from './basis.ts';
import { budgetLines, choicesOf, draftLines, draftsOf, inForce, keyOf, readDraft, type Draft } from './queries.ts';
import { refusals } from './refusals.ts';
import { stateTexts } from './texts.ts';

export const DAYS = { least: 3, usual: 7, most: 60 } as const;
export const MOST_LINES = 400;
const LARGEST = '9999999999.99';

interface Asked { estate: Estate; actor: Actor | null }
export const stateFacts = (state: Draft['state']) => ({ state: stateTexts[state].zh, state_en: stateTexts[state].en });

/** Begins a draft of this year or the next. Refusals in this order: those of demand() for propose, budget_year_invalid, budget_draft_exists,
 *  budget_reason_missing, text_*. */
export async function beginDraft(house: House, { estate, actor, year: typed, reason = '', key = null }: Asked & { year: string; reason?: string | undefined; key?: string | null | undefined }): Promise<{ draft: number }> {
  const { estate_id, first_period } = estate;
  const { person_id } = demand(actor, estate_id, 'propose');
  const once_key = key === null ? null : `budget-draft:${person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { year: typed, reason } }, async () => {
    await lockEstate(trx, estate_id);
    const today = await estateToday(trx, estate_id);
    const present = Number(today.slice(0, 4));
    const year = Number(typed.normalize('NFKC').trim().replace(/年$/u, ''));
    if (year !== present && year !== present + 1) throw refusals.budget_year_invalid({ typed: typed.slice(0, 12), year: present, next: present + 1 }, 'year');
    const living = (await draftsOf(trx, estate_id, { all: true, year })).find(({ state }) => state !== 'dropped' && state !== 'published');
    if (living !== undefined) throw refusals.budget_draft_exists({ year, draft: living.draft_id }, 'year');
    const before = await inForce(trx, estate_id, year);
    if (before !== null && reason.trim() === '') throw refusals.budget_reason_missing({ year }, 'reason');
    const why = before === null ? null : bookText(reason, { field: 'reason', label: '调整理由 reason', limit: 500 });
    const basis = await basisOf(trx, estate_id, { year, today, first_period });
    const { draft_id } = await trx.insertInto('budget_draft').values({
      estate_id, year, adjusts: before?.proposal_id ?? null, reason: why, rate: before === null ? basis.rate : before.rate, basis: JSON.stringify(basis), made_by: person_id,
      made_at: await estateNow(trx, estate_id),
    }).returning('draft_id').executeTakeFirstOrThrow();
    const lines = before === null ? await proposedLines(trx, estate_id, basis) : await budgetLines(trx, estate_id, before.proposal_id);
    await writeLines(trx, estate_id, draft_id, lines);
    return { draft: draft_id };
  }));
}

/** What the months before let expect; what a budget cannot have a line for is left out. */
async function proposedLines(trx: Trx, estate_id: number, basis: Basis): Promise<LineRead[]> {
  const { accounts, funds } = await choicesOf(trx, estate_id);
  const known = new Set(accounts.map(({ account }) => account));
  return basis.rows.filter(({ fund, account }) => {
    const found = funds.find((one) => one.fund === fund);
    return known.has(account) && found !== undefined && (!found.is_restricted || found.accounts.includes(account));
  }).map((row) => ({ fund: row.fund, account: row.account, amount: row.proposed, note: noteOf(row, basis) }));
}

interface LineRead { fund: string; account: string; amount: string; note: string }

async function writeLines(trx: Trx, estate_id: number, draft_id: number, lines: readonly LineRead[]): Promise<void> {
  await trx.deleteFrom('budget_draft_line').where('estate_id', '=', estate_id).where('draft_id', '=', draft_id).execute();
  if (lines.length === 0) return;
  await trx.insertInto('budget_draft_line').values(lines.map(({ fund, account, amount, note }) => ({ estate_id, draft_id, fund, account, amount, note }))).execute();
}

export interface LineTyped { fund: string; account: string; amount: string; note?: string | undefined }

async function readLines(trx: Trx, estate_id: number, typed: readonly LineTyped[]): Promise<LineRead[]> {
  if (typed.length > MOST_LINES) throw refusals.budget_lines_too_many({ most: MOST_LINES, count: typed.length }, 'lines');
  const { accounts, funds } = await choicesOf(trx, estate_id);
  const seen = new Set<string>();
  return typed.map(({ fund, account, amount: text, note = '' }) => {
    const field = `amount_${account}_${fund}`;
    const found = funds.find((one) => one.fund === fund);
    if (found === undefined) throw refusals.budget_fund_unknown({ fund: fund.slice(0, 40) }, 'new_fund');
    const named = accounts.find((one) => one.account === account);
    if (named === undefined) throw refusals.budget_account_unfit({ account: account.slice(0, 20) }, 'new_account');
    if (found.is_restricted && !found.accounts.includes(account)) {
      throw refusals.budget_fund_restricted({ fund: found.name_zh, account, accounts: found.accounts.join('、') }, 'new_account');
    }
    if (seen.has(keyOf({ fund, account }))) throw refusals.budget_line_twice({ fund: found.name_zh, account: `${account} ${named.name_zh}` }, 'new_account');
    seen.add(keyOf({ fund, account }));
    const amount = readMoney(text);
    if (amount === null || amount.isNegative() || amount.greaterThan(LARGEST)) {
      throw refusals.budget_amount_invalid({ fund: found.name_zh, account: `${account} ${named.name_zh}`, typed: text.slice(0, 20) }, field);
    }
    return { fund, account, amount: moneyText(amount), note: note.trim() === '' ? '' : bookText(note, { field: `note_${account}_${fund}`, label: `${account} 说明 note`, limit: 200 }) };
  });
}

/** A draft under the log's lock, which may still be changed. Refusals: budget_draft_unknown, budget_not_editable. */
export async function editable(trx: Trx, estate_id: number, draft: number): Promise<Draft> {
  await lockEstate(trx, estate_id);
  const found = await readDraft(trx, estate_id, draft, { all: true });
  if (found.state !== 'editing' && found.state !== 'settling') throw refusals.budget_not_editable(stateFacts(found.state));
  return found;
}

/** Writes the lines anew, all or none. Refusals in this order: those of demand() for propose and editable(), budget_lines_too_many, and of each
 *  line budget_fund_unknown, budget_account_unfit, budget_fund_restricted, budget_line_twice, budget_amount_invalid, text_*. */
export async function changeLines(house: House, { estate, actor, draft, lines }: Asked & { draft: number; lines: readonly LineTyped[] }): Promise<void> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'propose');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await editable(trx, estate_id, draft);
    await writeLines(trx, estate_id, draft, await readLines(trx, estate_id, lines));
  });
}

export const lineJson = ({ fund, account, amount, note }: LineRead) => ({ fund, account, amount, ...(note === '' ? {} : { note }) });

/** Opens a draft to comments for some days, with a record of what owners comment on. Refusals in this order: those of demand() for propose,
 *  budget_days_invalid, those of editable(), budget_lines_missing. */
export async function openDraft(house: House, { estate, actor, draft, days: typed = '' }: Asked & { draft: number; days?: string | undefined }): Promise<{ until: string }> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'propose');
  const days = typed.trim() === '' ? DAYS.usual : Number(typed.normalize('NFKC').trim());
  if (!Number.isSafeInteger(days) || days < DAYS.least || days > DAYS.most) throw refusals.budget_days_invalid({ typed: typed.slice(0, 12) }, 'days');
  return inEstate(house.db.app, estate_id, async (trx) => {
    const { year, adjusts, reason } = await editable(trx, estate_id, draft);
    const lines = (await draftLines(trx, estate_id, draft)).map(lineJson);
    if (lines.length === 0) throw refusals.budget_lines_missing({}, 'lines');
    const today = await estateToday(trx, estate_id);
    const until = addDays(today, days);
    const opened_seq = await appendRecord(trx, estate_id, 'budget_opened', {
      draft, year, until, lines, by: person_id, ...(adjusts === null ? {} : { adjusts, reason: reason! }),
    });
    await trx.updateTable('budget_draft').set({ comment_from: today, comment_until: until, opened_seq, opened_lines: JSON.stringify(lines) })
      .where('estate_id', '=', estate_id).where('draft_id', '=', draft).execute();
    return { until };
  });
}

/** Gives a draft up, before it is signed; what owners said stays. Refusals: those of demand() for propose, budget_draft_unknown, budget_not_editable. */
export async function dropDraft(house: House, { estate, actor, draft }: Asked & { draft: number }): Promise<void> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'propose');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await lockEstate(trx, estate_id);
    const { state, year, comment_from } = await readDraft(trx, estate_id, draft, { all: true });
    if (!['editing', 'commenting', 'settling'].includes(state)) throw refusals.budget_not_editable(stateFacts(state));
    // What nobody outside has seen leaves no record.
    if (comment_from !== null) await appendRecord(trx, estate_id, 'budget_dropped', { draft, year, by: person_id });
    await trx.updateTable('budget_draft').set({ dropped_at: await estateNow(trx, estate_id) }).where('estate_id', '=', estate_id).where('draft_id', '=', draft).execute();
  });
}
