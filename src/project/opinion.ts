// Opinions (意见) and pledges (认筹) of dwellings. Of a dwelling the latest counts, whoever of its people gave it. Both are nobody in the log:
// an opinion commits to its words, a pledge names the dwelling by its random name. Neither is a vote, a debt or an entry.
// Words are hidden with a reason (moderate), the fact and its stance stay; the supervisors show them again.
import { appendCommitted } from '../evidence/personal-value.ts';
import { appendRecord, estateNow, estateToday } from '../evidence/records.ts';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { businessDate, laterBy, shanghaiInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { moneyText, readMoney, zero } from '../kernel/money.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { demandOpen, demandProject, readPlan } from './queries.ts';
import { refusals } from './refusals.ts';

export const WORDS_LIMIT = 300;
export const OPINIONS_A_DAY = 5;
const LARGEST = 99_999_999;
const DAY = 86_400_000;

interface Asked { estate: Estate; actor: Actor | null; project: number; key?: string | null | undefined }

/** One's own dwelling: the one named, or the only one. Refusal: opinion_unit_unknown. */
export function ownUnit(actor: Actor, estate_id: number, typed: string): string {
  const own = [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))];
  const wanted = typed.trim();
  const found = wanted === '' && own.length > 0 ? own[0]! : own.find((unit) => unit === wanted);
  if (found === undefined) throw refusals.opinion_unit_unknown({ unit: wanted.slice(0, 40) }, 'unit');
  return found;
}

const isStance = (text: string): text is 'for' | 'against' | 'words' => ['for', 'against', 'words'].includes(text);

/** Refusals: those of demand() for pledge, opinion_stance_unknown, opinion_unit_unknown, text_*, opinion_words_missing, project_unknown,
 *  project_finished_already, opinion_too_many. */
export async function giveOpinion(house: House, { estate, actor: asking, project, key = null, ...typed }: Asked & { stance: string; words?: string | undefined; unit?: string | undefined }): Promise<{ opinion_id: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'pledge');
  const { stance } = typed;
  if (!isStance(stance)) throw refusals.opinion_stance_unknown({ typed: stance.slice(0, 20) }, 'stance');
  const unit = ownUnit(actor, estate_id, typed.unit ?? '');
  const words = (typed.words ?? '').trim() === '' ? null : bookText(typed.words!, { field: 'words', label: '意见 words', limit: WORDS_LIMIT });
  if (stance === 'words' && words === null) throw refusals.opinion_words_missing({}, 'words');
  const once_key = key === null ? null : `project_opinion:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { project, stance, unit, words } }, async () => {
    await demandProject(trx, estate_id, project, { unfinished: true });
    await lockEstate(trx, estate_id);
    const given_at = await estateNow(trx, estate_id);
    const start = shanghaiInstant(businessDate(given_at));
    const { given } = await trx.selectFrom('project_opinion').select((eb) => eb.fn.countAll<number>().as('given')).where('estate_id', '=', estate_id).where('project_id', '=', project)
      .where('person_id', '=', actor.person_id).where('given_at', '>=', start).where('given_at', '<', laterBy(start, DAY)).executeTakeFirstOrThrow();
    if (given >= OPINIONS_A_DAY) throw refusals.opinion_too_many({ given, limit: OPINIONS_A_DAY }, 'words');
    const body = { project, stance };
    const seq = words === null ? await appendRecord(trx, estate_id, 'project_opinion_given', body)
      : await appendCommitted(trx, estate_id, 'project_opinion_given', { field: 'comment', value: words, body });
    return trx.insertInto('project_opinion').values({ estate_id, project_id: project, unit, person_id: actor.person_id, stance, given_at, seq })
      .returning('opinion_id').executeTakeFirstOrThrow();
  }));
}

/** Hides the words of an opinion, or shows them again (supervisors). Refusals: those of demand() for moderate, opinion_unhide_not_yours, text_*,
 *  opinion_unknown, opinion_hidden_already, opinion_decided. */
export async function moderateOpinion(
  house: House, { estate, actor: asking, project, opinion, hide, reason }: Asked & { opinion: number; hide: boolean; reason: string },
): Promise<void> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'moderate');
  const terms = actor.terms.filter((term) => term.estate_id === estate_id && ['chair', 'member', 'supervisor', 'official'].includes(term.office));
  const term = hide ? terms[0] : terms.find((one) => one.office === 'supervisor');
  if (term === undefined) throw refusals.opinion_unhide_not_yours();
  const why = bookText(reason, { field: 'reason', label: '理由 reason', limit: 120 });
  await inEstate(house.db.app, estate_id, async (trx) => {
    await lockEstate(trx, estate_id);
    const found = await trx.selectFrom('project_opinion').select('opinion_id').where('estate_id', '=', estate_id).where('project_id', '=', project)
      .where('opinion_id', '=', opinion).executeTakeFirst();
    if (found === undefined) throw refusals.opinion_unknown({ opinion });
    const last = await trx.selectFrom('project_moderation').select('hidden').where('estate_id', '=', estate_id).where('opinion_id', '=', opinion)
      .orderBy('seq', 'desc').limit(1).executeTakeFirst();
    if ((last?.hidden ?? false) === hide) throw refusals.opinion_hidden_already();
    // The supervisors decided: else whoever hid it would hide it again and again.
    if (hide && last !== undefined) throw refusals.opinion_decided();
    const body = { body: term.body, by: actor.person_id, opinion, project, reason: why };
    const seq = hide ? await appendRecord(trx, estate_id, 'project_opinion_hidden', body) : await appendRecord(trx, estate_id, 'project_opinion_shown', body);
    await trx.insertInto('project_moderation').values({ estate_id, opinion_id: opinion, seq, hidden: hide, body: term.body, person_id: actor.person_id, reason: why }).execute();
  });
}

/** Pledges for one's dwelling; 0 takes it back. Refusals: those of demand() for pledge, opinion_unit_unknown, project_amount_invalid, project_unknown,
 *  project_not_open, pledge_no_households, pledge_closed. */
export async function pledge(house: House, { estate, actor: asking, project, amount: typed, unit: at = '', key = null }: Asked & { amount: string; unit?: string | undefined }): Promise<{ pledge_id: number; amount: string }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'pledge');
  const unit = ownUnit(actor, estate_id, at);
  const amount = readMoney(typed);
  if (amount === null || amount.lessThan(zero) || amount.greaterThan(LARGEST)) throw refusals.project_amount_invalid({ typed: typed.slice(0, 20) }, 'amount');
  const once_key = key === null ? null : `project_pledge:${actor.person_id}:${key}`;
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content: { project, unit, amount: moneyText(amount) } }, async () => {
    await demandOpen(trx, estate_id, project);
    const { plan, sources } = await readPlan(trx, estate_id, project);
    if (!sources.some((row) => row.source === 'households')) throw refusals.pledge_no_households();
    if (plan.deadline < await estateToday(trx, estate_id)) throw refusals.pledge_closed({ deadline: plan.deadline }, 'amount');
    const home = await trx.selectFrom('unit').select('ref').where('estate_id', '=', estate_id).where('unit', '=', unit).executeTakeFirstOrThrow();
    const pledged_at = await estateNow(trx, estate_id);
    const seq = await appendRecord(trx, estate_id, 'project_pledged', { amount: moneyText(amount), project, unit: home.ref });
    const { pledge_id } = await trx.insertInto('project_pledge').values({ estate_id, project_id: project, unit, person_id: actor.person_id, amount: moneyText(amount), pledged_at, seq })
      .returning('pledge_id').executeTakeFirstOrThrow();
    return { pledge_id, amount: moneyText(amount) };
  }));
}

