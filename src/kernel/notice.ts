// Notices (消息): what a person in office is told: a reminder, a warning, a change of somebody's keys.
//   told → read (the person opens it or marks all as read)      told → mailed (where they gave an address and want it: the outbox)
// How it goes out is decided as it is told, from what the person had chosen (notice-choice.ts); delivery/ puts it into letters. The same thing is told a person once: constraint notice_once (person and key). Not part of the log: a
// notice proves nothing. It stands on the ground floor because every slice may have something to tell.
import { sql } from 'kysely';
import type { Trx } from './database.ts';
import type { Bilingual } from './locale.ts';
import { topicOfKey } from './notice-choice.ts';
import { catalogue } from './refusal.ts';

export const refusals = catalogue({
  notice_unknown: {
    status: 404,
    zh: '没有这条消息，或它不是发给您的。',
    en: 'There is no such notice, or it is not for you.',
  },
});

export interface NewNotice {
  estate_id: number;
  person_ids: readonly string[];
  /** What it is about, "remind:12:1:5": who was told it once is not told again. */
  key: string;
  text: Bilingual;
  /** Path of the page where something can be done about it, "/e/shili/proposals/12". */
  href: string;
}

/** Tells each of the persons once, at the estate's time; gives those to whom it was new. */
export async function notify(trx: Trx, { estate_id, person_ids, key, text, href }: NewNotice): Promise<string[]> {
  const persons = [...new Set(person_ids)];
  if (persons.length === 0) return [];
  const topic = topicOfKey(key);
  // What happened to one's keys cannot be put off by a choice; only by wanting no letters at all.
  const chosen = topic === 'keys' ? sql`null::text` : sql`c.ways ->> ${topic}`;
  const { rows: told } = await sql<{ person_id: string }>`
    insert into notice (estate_id, person_id, key, text_zh, text_en, href, created_at, way)
    select ${estate_id}, p.person_id, ${key}, ${text.zh}, ${text.en}, ${href}, estate_clock(${estate_id}),
      case when not coalesce(c.mail, true) then 'none' else coalesce(${chosen}, 'now') end
    from unnest(${persons}::uuid[]) as p (person_id)
    left join notice_choice c on c.estate_id = ${estate_id} and c.person_id = p.person_id
    on conflict on constraint notice_once do nothing returning person_id`.execute(trx);
  return told.map(({ person_id }) => person_id);
}

export interface Notice extends Bilingual {
  notice_id: number;
  href: string;
  created_at: Date;
  read_at: Date | null;
}

const toNotice = <T extends { text_zh: string; text_en: string }>({ text_zh, text_en, ...row }: T) =>
  ({ ...row, zh: text_zh, en: text_en });

/** A person's notices, newest first; `before` is the number of the last one shown. */
export async function noticesOf(
  trx: Trx, estate_id: number, person_id: string, { before, limit }: { before?: number | undefined; limit: number },
): Promise<Notice[]> {
  let query = trx.selectFrom('notice').select(['notice_id', 'text_zh', 'text_en', 'href', 'created_at', 'read_at'])
    .where('estate_id', '=', estate_id).where('person_id', '=', person_id);
  if (before !== undefined) query = query.where('notice_id', '<', before);
  return (await query.orderBy('notice_id', 'desc').limit(limit).execute()).map(toNotice);
}

/** How many notices a person has not read. */
export async function unreadNotices(trx: Trx, estate_id: number, person_id: string): Promise<number> {
  const { unread } = await trx.selectFrom('notice').select(({ fn }) => fn.countAll<number>().as('unread'))
    .where('estate_id', '=', estate_id).where('person_id', '=', person_id).where('read_at', 'is', null)
    .executeTakeFirstOrThrow();
  return unread;
}

/** Marks a person's notices as read, those named or all that are there; gives how many were not before. */
export async function markRead(
  trx: Trx, estate_id: number, person_id: string, notice_ids?: readonly number[],
): Promise<number> {
  if (notice_ids?.length === 0) return 0;
  let query = trx.updateTable('notice').set({ read_at: sql<Date>`estate_clock(${estate_id})` })
    .where('estate_id', '=', estate_id).where('person_id', '=', person_id).where('read_at', 'is', null);
  if (notice_ids !== undefined) query = query.where('notice_id', 'in', [...notice_ids]);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** One notice of a person, read from now on. Refusal: notice_unknown. */
export async function openNotice(trx: Trx, estate_id: number, person_id: string, notice_id: number): Promise<Notice> {
  const row = await trx.selectFrom('notice').select(['notice_id', 'text_zh', 'text_en', 'href', 'created_at', 'read_at'])
    .where('estate_id', '=', estate_id).where('person_id', '=', person_id).where('notice_id', '=', notice_id)
    .executeTakeFirst();
  if (row === undefined) throw refusals.notice_unknown();
  if (row.read_at === null) await markRead(trx, estate_id, person_id, [notice_id]);
  return toNotice(row);
}

// ── Letters ──────────────────────────────────────────────────────────────────────────────────────

/** Days after which something unread is no news any more: a mail server set up today does not send last year's. */
export const LETTER_DAYS = 30;

/** What a letter to a person has to say: told, wanted that way, neither read nor sent; oldest first. */
export async function noticesToSend(trx: Trx, estate_id: number, person_id: string, way: 'now' | 'digest'): Promise<Notice[]> {
  const rows = await trx.selectFrom('notice').select(['notice_id', 'text_zh', 'text_en', 'href', 'created_at', 'read_at'])
    .where('estate_id', '=', estate_id).where('person_id', '=', person_id).where('way', '=', way)
    .where('mailed_at', 'is', null).where('read_at', 'is', null)
    .where('created_at', '>', sql<Date>`estate_clock(${estate_id}) - ${LETTER_DAYS} * interval '1 day'`).orderBy('notice_id').limit(500).execute();
  return rows.map(toNotice);
}

/** A letter with these notices went out; or never will, and then they stay on the page. */
export async function closeLetters(trx: Trx, estate_id: number, notice_ids: readonly number[], outcome: 'sent' | 'given_up'): Promise<void> {
  if (notice_ids.length === 0) return;
  await trx.updateTable('notice').set(outcome === 'sent' ? { mailed_at: sql<Date>`estate_clock(${estate_id})` } : { way: 'none' })
    .where('estate_id', '=', estate_id).where('notice_id', 'in', [...notice_ids]).execute();
}
