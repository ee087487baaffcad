// Reads of the three lists: each item as its last change left it. Whether it is overdue is told from the estate's clock.
import { sql } from 'kysely';
import { saidIn, textsOf, type Erasure } from '../evidence/personal-value.ts';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { List, ItemState } from './list.ts';

export interface ItemRow {
  item_id: number;
  list: List;
  /** Officers' words; null: those of the question. */
  title: string | null;
  detail: string | null;
  inquiry_id: number | null;
  /** Text of the question, as far as it is shown. */
  question: string | null;
  erased: Erasure | null;
  hidden: boolean;
  owner_body: string;
  owner_zh: string;
  owner_en: string;
  /** Person in office whose task it is; officers act in public. */
  owner_term: number | null;
  owner_name: string | null;
  due_on: string;
  state: ItemState;
  overdue: boolean;
  note: string | null;
  merged_into: number | null;
  /** Items merged into this one. */
  merged: number[];
  proposal_id: number | null;
  project_id: number | null;
  budget_line: string | null;
  opened_at: string;
  changed_at: string;
  changes: number;
}

export interface ItemFilter { today: string; list?: List | undefined; state?: ItemState | 'overdue' | 'open_all' | undefined; owner?: string | undefined; item_id?: number | undefined; project?: number | undefined; cursor?: number | undefined; limit: number }

type Found = Omit<ItemRow, 'question' | 'erased' | 'hidden' | 'opened_at' | 'changed_at'> & { asked_seq: number | null; opened_at: Date; changed_at: Date };

/** Items, newest first. `state`: open_all is what is neither done, dropped nor merged; overdue the same past its day. */
export async function itemList(trx: Trx, estate_id: number, filter: ItemFilter): Promise<{ items: ItemRow[]; next_cursor: string | null }> {
  const { state, today } = filter;
  const open = sql`c.state in ('open', 'doing') and c.merged_into is null`;
  const { rows } = await sql<Found>`
    select i.item_id, i.inquiry_id, q.seq as asked_seq, i.opened_at, c.list, c.title, c.detail, c.owner_body, b.name_zh as owner_zh, b.name_en as owner_en, c.owner_term, p.name as owner_name,
      c.due_on, c.state, c.note, c.merged_into, c.proposal_id, c.project_id, c.budget_line, c.changed_at, c.step as changes, ${open} and c.due_on < ${today}::date as overdue,
      array(select m.item_id from list_change m where m.estate_id = i.estate_id and m.merged_into = i.item_id order by 1) as merged
    from list_item i
    join lateral (select * from list_change x where x.estate_id = i.estate_id and x.item_id = i.item_id order by x.step desc limit 1) c on true
    join body b on b.estate_id = c.estate_id and b.body = c.owner_body
    left join term t on t.estate_id = c.estate_id and t.term_id = c.owner_term
    left join person_identity p on p.person_id = t.person_id
    left join inquiry q on q.estate_id = i.estate_id and q.inquiry_id = i.inquiry_id
    where i.estate_id = ${estate_id}
      ${filter.item_id === undefined ? sql`` : sql`and i.item_id = ${filter.item_id}`}
      ${filter.list === undefined ? sql`` : sql`and c.list = ${filter.list}`}
      ${filter.owner === undefined ? sql`` : sql`and c.owner_body = ${filter.owner}`}
      ${filter.project === undefined ? sql`` : sql`and c.project_id = ${filter.project}`}
      ${filter.cursor === undefined ? sql`` : sql`and i.item_id < ${filter.cursor}`}
      ${state === undefined ? sql`` : state === 'open_all' ? sql`and ${open}` : state === 'overdue' ? sql`and ${open} and c.due_on < ${today}::date` : sql`and c.state = ${state}`}
    order by i.item_id desc limit ${filter.limit + 1}`.execute(trx);
  const shown = rows.slice(0, filter.limit);
  const texts = await textsOf(trx, estate_id, shown.flatMap((row) => (row.asked_seq === null ? [] : [row.asked_seq])), 'question');
  const items = shown.map(({ asked_seq, opened_at, changed_at, ...row }): ItemRow => {
    const said = asked_seq === null ? { text: null, erased: null } : saidIn(texts, asked_seq);
    return { ...row, question: said.text, erased: said.erased, hidden: said.hidden ?? false, opened_at: isoInstant(opened_at), changed_at: isoInstant(changed_at) };
  });
  const last = items.at(-1);
  return { items, next_cursor: rows.length > filter.limit && last !== undefined ? String(last.item_id) : null };
}

export interface ListCounts { list: List; open: number; doing: number; done: number; dropped: number; overdue: number }

/** How many stand in each list; what was merged is counted where it went. */
export async function listCounts(trx: Trx, estate_id: number, today: string): Promise<ListCounts[]> {
  const { rows } = await sql<ListCounts>`
    select w.list, count(*) filter (where c.state = 'open')::integer as open, count(*) filter (where c.state = 'doing')::integer as doing,
      count(*) filter (where c.state = 'done')::integer as done, count(*) filter (where c.state = 'dropped')::integer as dropped,
      count(*) filter (where c.state in ('open', 'doing') and c.due_on < ${today}::date)::integer as overdue
    from unnest(array['need', 'problem', 'project']) with ordinality as w(list, place)
    left join (select distinct on (x.item_id) x.list, x.state, x.due_on, x.merged_into from list_change x where x.estate_id = ${estate_id} order by x.item_id, x.step desc) c
      on c.list = w.list and c.merged_into is null
    group by w.list, w.place order by w.place`.execute(trx);
  return rows;
}

export interface ChangeRow {
  step: number; list: List; title: string | null; owner_zh: string; owner_en: string; owner_name: string | null; due_on: string; state: ItemState; note: string | null; merged_into: number | null;
  proposal_id: number | null; project_id: number | null; budget_line: string | null; body_zh: string | null; body_en: string | null; name: string | null; changed_at: string; seq: number;
}

/** History of an item, the first step first. */
export async function itemHistory(trx: Trx, estate_id: number, item_id: number): Promise<ChangeRow[]> {
  const { rows } = await sql<Omit<ChangeRow, 'changed_at'> & { changed_at: Date }>`
    select c.step, c.list, c.title, o.name_zh as owner_zh, o.name_en as owner_en, p.name as owner_name, c.due_on, c.state, c.note, c.merged_into, c.proposal_id, c.project_id, c.budget_line,
      b.name_zh as body_zh, b.name_en as body_en, w.name, c.changed_at, c.seq
    from list_change c join body o on o.estate_id = c.estate_id and o.body = c.owner_body
    left join term t on t.estate_id = c.estate_id and t.term_id = c.owner_term left join person_identity p on p.person_id = t.person_id
    left join body b on b.estate_id = c.estate_id and b.body = c.body left join person_identity w on w.person_id = c.changed_by
    where c.estate_id = ${estate_id} and c.item_id = ${item_id} order by c.step`.execute(trx);
  return rows.map((row) => ({ ...row, changed_at: isoInstant(row.changed_at) }));
}
