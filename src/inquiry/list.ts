// The three lists (三张清单): needs (需求), problems (问题) and projects (项目) of an estate, each item with whose task it is, a day and a state,
// for everybody to follow. Items come from owners' questions, which open them, or are entered by whoever serves.
//   open → doing → done          dropped, with a reason          merged into another: both remain shown
// History is append-only: each change is a row that says how the item stands from then on (list_change), and a record. What is done may be taken up
// again; what was merged is followed where it went. Titles are officers' words; without one the question's own text is shown, as far as it may be.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, readDate, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { lockEstate } from '../approval/proposal.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { refusals } from './list-refusals.ts';
import { readSubject, subjectShown } from './subject.ts';
import { holdersOf } from './told.ts';

export const lists = ['need', 'problem', 'project'] as const;
export type List = (typeof lists)[number];
export const itemStates = ['open', 'doing', 'done', 'dropped'] as const;
export type ItemState = (typeof itemStates)[number];
export const TITLE_LIMIT = 60;
export const DETAIL_LIMIT = 500;
export const NOTE_LIMIT = 300;

/** How an item stands, as it is kept. */
interface Standing {
  list: string; title: string | null; detail: string | null; owner_body: string; owner_term: number | null; due_on: BusinessDate; state: string; note: string | null;
  merged_into: number | null; proposal_id: number | null; project_id: number | null; budget_line: string | null;
}

/** The list an owner asked for opens an item by itself: the company's task, due when the answer is. */
export async function openFromQuestion(
  trx: Trx, estate_id: number, { inquiry_id, inquiry_seq, list, due_on, opened_at }: { inquiry_id: number; inquiry_seq: number; list: List; due_on: BusinessDate; opened_at: Date },
): Promise<number> {
  const bodies = (await trx.selectFrom('body').select('body').where('estate_id', '=', estate_id).where('body', 'in', ['property', 'committee']).execute()).map((row) => row.body as string);
  const owner_body = bodies.includes('property') ? 'property' : bodies[0] ?? 'property';
  const seq = await appendRecord(trx, estate_id, 'list_item_opened', { due_on, inquiry: inquiry_id, inquiry_record: inquiry_seq, list, owner_body, state: 'open' });
  const { item_id } = await trx.insertInto('list_item').values({ estate_id, inquiry_id, opened_at, seq }).returning('item_id').executeTakeFirstOrThrow();
  await trx.insertInto('list_change').values({
    estate_id, item_id, step: 1, list, title: null, detail: null, owner_body, owner_term: null, due_on, state: 'open', note: null, merged_into: null,
    proposal_id: null, project_id: null, budget_line: null, body: null, changed_by: null, changed_at: opened_at, seq,
  }).execute();
  return item_id;
}

export interface ItemFields {
  list?: string | undefined;
  title?: string | null | undefined;
  detail?: string | null | undefined;
  /** "property", or "term:12": a person in office. */
  owner?: string | undefined;
  due_on?: string | undefined;
  state?: string | undefined;
  note?: string | undefined;
  /** "proposal:12", "project:7" or "budget:2026:service:5102"; '' takes a link off. */
  link?: string | undefined;
}
interface Asked { estate: Estate; actor: Actor | null; key?: string | null | undefined }

const optional = (typed: string | null | undefined, asked: Parameters<typeof bookText>[1]): string | null => {
  if (typed === null || typed === undefined || typed.trim() === '') return null;
  const text = bookText(typed, asked);
  if ([...text].length < 2) throw refusals.list_text_short({}, asked.field);
  return text;
};

async function ownerIn(trx: Trx, estate_id: number, typed: string, today: BusinessDate): Promise<Pick<Standing, 'owner_body' | 'owner_term'>> {
  const term = /^term:(\d{1,9})$/.exec(typed)?.[1];
  if (term !== undefined) {
    const row = await trx.selectFrom('term').select(['term_id', 'body']).where('estate_id', '=', estate_id).where('term_id', '=', Number(term))
      .where('starts_on', '<=', today).where('ends_on', '>=', today).executeTakeFirst();
    if (row === undefined) throw refusals.list_owner_unknown({}, 'owner');
    return { owner_body: row.body, owner_term: row.term_id };
  }
  const row = await trx.selectFrom('body').select('body').where('estate_id', '=', estate_id).where('body', '=', typed as never).executeTakeFirst();
  if (row === undefined) throw refusals.list_owner_unknown({}, 'owner');
  return { owner_body: row.body, owner_term: null };
}

/** One link beside the item: an order, a project, a line of the budget. */
async function linkIn(trx: Trx, estate: Estate, actor: Actor, typed: string): Promise<Pick<Standing, 'proposal_id' | 'project_id' | 'budget_line'>> {
  const none = { proposal_id: null, project_id: null, budget_line: null };
  if (typed.trim() === '') return none;
  const subject = readSubject(typed.trim());
  if (subject === null || subject.kind === 'entry' || subject.kind === 'bill') throw refusals.list_link_unknown({}, 'link');
  const shown = await subjectShown(trx, estate, actor, subject);
  if (shown === null || shown.href === null) throw refusals.list_link_unknown({}, 'link');
  if (subject.kind === 'budget') return { ...none, budget_line: subject.id };
  return subject.kind === 'proposal' ? { ...none, proposal_id: Number(subject.id) } : { ...none, project_id: Number(subject.id) };
}

/** Typed fields over how the item stood before. */
async function standingOf(trx: Trx, estate: Estate, actor: Actor, fields: ItemFields, before: Standing | null, today: BusinessDate): Promise<Standing> {
  const list = lists.find((one) => one === (fields.list ?? before?.list));
  if (list === undefined) throw refusals.list_unknown({}, 'list');
  const state = itemStates.find((one) => one === (fields.state ?? before?.state ?? 'open'));
  if (state === undefined) throw refusals.list_state_unknown({}, 'state');
  const title = fields.title === undefined ? before?.title ?? null : optional(fields.title, { field: 'title', label: '事项', limit: TITLE_LIMIT });
  const detail = fields.detail === undefined ? before?.detail ?? null : optional(fields.detail, { field: 'detail', label: '说明', limit: DETAIL_LIMIT });
  const note = optional(fields.note, { field: 'note', label: '办理说明', limit: NOTE_LIMIT });
  const owner = fields.owner === undefined && before !== null ? { owner_body: before.owner_body, owner_term: before.owner_term }
    : await ownerIn(trx, estate.estate_id, fields.owner ?? '', today);
  const due_on = fields.due_on === undefined && before !== null ? before.due_on : readDate(fields.due_on ?? '');
  if (due_on === null) throw refusals.list_due_unreadable({ typed: (fields.due_on ?? '').slice(0, 20) }, 'due_on');
  if (before === null && due_on < today) throw refusals.list_due_past({ due_on, today }, 'due_on');
  const link = fields.link === undefined && before !== null ? { proposal_id: before.proposal_id, project_id: before.project_id, budget_line: before.budget_line }
    : await linkIn(trx, estate, actor, fields.link ?? '');
  const needs = state === 'dropped' ? 'dropped' : state === 'done' && before?.state !== 'done' ? 'done' : before !== null && due_on > before.due_on ? 'later'
    : before?.state === 'done' && state !== 'done' ? 'again' : null;
  if (needs !== null && note === null) throw refusals[`list_note_${needs}`]({}, 'note');
  return { list, title, detail, ...owner, due_on, state, note, merged_into: null, ...link };
}

const inRecord = ({ title, detail, owner_term, note, merged_into, proposal_id, project_id, budget_line, ...kept }: Standing): { [name: string]: Json | undefined } => ({
  ...kept, title: title ?? undefined, detail: detail ?? undefined, owner_term: owner_term ?? undefined, note: note ?? undefined, merged_into: merged_into ?? undefined,
  proposal: proposal_id ?? undefined, project: project_id ?? undefined, budget_line: budget_line ?? undefined,
});

const keeperBody = (actor: Actor, estate_id: number): string =>
  actor.terms.find((term) => term.estate_id === estate_id && ['cashier', 'manager', 'chair', 'member', 'official'].includes(term.office))!.body;

async function write(
  trx: Trx, { estate_id, actor, item_id, step, standing, at, opening }: { estate_id: number; actor: Actor; item_id: number; step: number; standing: Standing; at: Date; opening?: number },
): Promise<void> {
  const body = keeperBody(actor, estate_id);
  const seq = opening ?? await appendRecord(trx, estate_id, 'list_item_changed', { ...inRecord(standing), body, by: actor.person_id, item: item_id });
  await trx.insertInto('list_change').values({ estate_id, item_id, step, ...standing, body, changed_by: actor.person_id, changed_at: at, seq }).execute();
}

/** Puts an item into a list: words of one's own, or a question (`inquiry_id`). Refusals in this order: those of demand() for keep_list, list_inquiry_unknown,
 *  list_inquiry_listed, list_unknown, list_state_unknown, text_*, list_text_short, list_owner_unknown, list_due_unreadable, list_due_past, list_link_unknown,
 *  list_note_*, list_title_missing. */
export async function openItem(house: House, { estate, actor: asking, fields, inquiry_id = null, key = null }: Asked & { fields: ItemFields; inquiry_id?: number | null }): Promise<{ item_id: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'keep_list');
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content: { kind: 'list_item', inquiry: inquiry_id, ...fields } as Json }, async () => {
    await lockEstate(trx, estate_id);
    const at = await estateNow(trx, estate_id);
    const inquiry = inquiry_id === null ? null : await trx.selectFrom('inquiry').select('seq').where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
    if (inquiry === undefined) throw refusals.list_inquiry_unknown({ inquiry: inquiry_id! });
    const listed = inquiry_id === null ? undefined : await trx.selectFrom('list_item').select('item_id').where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirst();
    if (listed !== undefined) throw refusals.list_inquiry_listed({ inquiry: inquiry_id!, item: listed.item_id });
    const standing = await standingOf(trx, estate, actor, fields, null, businessDate(at));
    if (standing.title === null && inquiry_id === null) throw refusals.list_title_missing({}, 'title');
    const seq = await appendRecord(trx, estate_id, 'list_item_opened', { ...inRecord(standing), body: keeperBody(actor, estate_id), by: actor.person_id,
      inquiry: inquiry_id ?? undefined, inquiry_record: inquiry?.seq });
    const { item_id } = await trx.insertInto('list_item').values({ estate_id, inquiry_id, opened_at: at, seq }).returning('item_id').executeTakeFirstOrThrow();
    await write(trx, { estate_id, actor, item_id, step: 1, standing, at, opening: seq });
    return { item_id };
  }));
}

type Last = Standing & { step: number; item_id: number };
export async function lastChange(trx: Trx, estate_id: number, item_id: number): Promise<Last> {
  const row = await trx.selectFrom('list_change').select(['item_id', 'step', 'list', 'title', 'detail', 'owner_body', 'owner_term', 'due_on', 'state', 'note', 'merged_into',
    'proposal_id', 'project_id', 'budget_line']).where('estate_id', '=', estate_id).where('item_id', '=', item_id).orderBy('step', 'desc').limit(1).executeTakeFirst();
  if (row === undefined) throw refusals.list_item_unknown({ item: item_id });
  return row;
}

/** Changes an item; what is not named stays. Whoever's task it is and, of a question, its asker are told of what is done or dropped. Refusals in this order: those of
 *  demand() for keep_list, list_item_unknown, list_merged, those of openItem() for the fields, list_nothing_changed. */
export async function changeItem(house: House, { estate, actor: asking, item_id, fields, key = null }: Asked & { item_id: number; fields: ItemFields }): Promise<{ step: number }> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'keep_list');
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content: { kind: 'list_change', item: item_id, ...fields } as Json }, async () => {
    await lockEstate(trx, estate_id);
    const at = await estateNow(trx, estate_id);
    const { step, item_id: _item, ...before } = await lastChange(trx, estate_id, item_id);
    if (before.merged_into !== null) throw refusals.list_merged({ item: item_id, into: before.merged_into });
    const standing = await standingOf(trx, estate, actor, fields, before, businessDate(at));
    if ((Object.keys(standing) as (keyof Standing)[]).every((name) => (name === 'note' ? standing.note === null : standing[name] === before[name]))) throw refusals.list_nothing_changed();
    const { inquiry_id } = await trx.selectFrom('list_item').select('inquiry_id').where('estate_id', '=', estate_id).where('item_id', '=', item_id).executeTakeFirstOrThrow();
    if (standing.title === null && inquiry_id === null) throw refusals.list_title_missing({}, 'title');
    await write(trx, { estate_id, actor, item_id, step: step + 1, standing, at });
    if (inquiry_id !== null && standing.state !== before.state) await tellAsker(trx, { estate_id, code, inquiry_id, item_id, step: step + 1, state: standing.state });
    if (standing.owner_body !== before.owner_body || standing.owner_term !== before.owner_term) {
      await notify(trx, {
        estate_id, person_ids: await ownersOf(trx, estate_id, standing, businessDate(at)), key: `list:${item_id}:owner:${step + 1}`, href: `/e/${code}/lists/${item_id}`,
        text: { zh: `清单第 ${item_id} 项由您这一方负责，期限 ${standing.due_on}。`, en: `Item no. ${item_id} of the lists is your side's task, by ${standing.due_on}.` },
      });
    }
    return { step: step + 1 };
  }));
}

async function ownersOf(trx: Trx, estate_id: number, { owner_body, owner_term }: Standing, today: BusinessDate): Promise<string[]> {
  if (owner_term === null) return holdersOf(trx, estate_id, [owner_body], today);
  return (await trx.selectFrom('term').select('person_id').where('estate_id', '=', estate_id).where('term_id', '=', owner_term).execute()).map((row) => row.person_id);
}

const stateTold: Record<string, { zh: string; en: string }> = {
  open: { zh: '待办', en: 'open' }, doing: { zh: '在办', en: 'being done' }, done: { zh: '已办结', en: 'done' }, dropped: { zh: '不办', en: 'dropped' },
};
async function tellAsker(trx: Trx, { estate_id, code, inquiry_id, item_id, step, state }: { estate_id: number; code: string; inquiry_id: number; item_id: number; step: number; state: string }): Promise<void> {
  const { asked_by } = await trx.selectFrom('inquiry').select('asked_by').where('estate_id', '=', estate_id).where('inquiry_id', '=', inquiry_id).executeTakeFirstOrThrow();
  await notify(trx, {
    estate_id, person_ids: [asked_by], key: `list:${item_id}:state:${step}`, href: `/e/${code}/lists/${item_id}`,
    text: { zh: `您提的清单第 ${item_id} 项：${stateTold[state]!.zh}。`, en: `Item no. ${item_id}, which you asked for: ${stateTold[state]!.en}.` },
  });
}

/** Merges an item into another of any list; both remain shown. Refusals in this order: those of demand() for keep_list, text_*, list_note_merged, list_item_unknown,
 *  list_merge_itself, list_merged. */
export async function mergeItem(house: House, { estate, actor: asking, item_id, into, note: typed, key = null }: Asked & { item_id: number; into: number; note: string }): Promise<{ step: number }> {
  const { estate_id } = estate;
  const actor = demand(asking, estate_id, 'keep_list');
  const note = optional(typed, { field: 'note', label: '合并理由', limit: NOTE_LIMIT });
  if (note === null) throw refusals.list_note_merged({}, 'note');
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key, content: { kind: 'list_merge', item: item_id, into, note } }, async () => {
    await lockEstate(trx, estate_id);
    const { step, item_id: _item, ...before } = await lastChange(trx, estate_id, item_id);
    if (item_id === into) throw refusals.list_merge_itself({ item: item_id }, 'into');
    if (before.merged_into !== null) throw refusals.list_merged({ item: item_id, into: before.merged_into });
    const target = await lastChange(trx, estate_id, into);
    if (target.merged_into !== null) throw refusals.list_merged({ item: into, into: target.merged_into }, 'into');
    await write(trx, { estate_id, actor, item_id, step: step + 1, standing: { ...before, note, merged_into: into }, at: await estateNow(trx, estate_id) });
    return { step: step + 1 };
  }));
}
