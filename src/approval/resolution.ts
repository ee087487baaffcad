// What an appointment rests on (决议、任免文件): its title, its day and its file, which stand in the signed document. Where the owners
// voted here, its number and the hash of the count stand in place of the file: nobody types in how a vote ended.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { addDays, readDate, type BusinessDate } from '../kernel/dates.ts';
import { bookText } from '../kernel/text.ts';
import { refusals } from './refusals.ts';

/** A type alias, so that it is JSON for the document. */
export type Resolution = { title: string; date: BusinessDate; voucher: string } | LinkedResolution;
/** One that was counted here. */
export type LinkedResolution = { title: string; date: BusinessDate; resolution_id: number; count_sha256: string };
export interface ResolutionTyped { title?: string | undefined; date?: string | undefined; voucher?: string | undefined; resolution_id?: number | undefined }

/** Until then whoever holds back the certificate holds up what was resolved; afterwards it counts, and is marked. */
const CERTIFY_DAYS = 15;

export interface LinkFound { linked: LinkedResolution; certified: boolean }

/** A resolution of the owners by its number, as it was counted. Refusals: resolution_link_unknown, resolution_link_not_counted,
 *  resolution_link_not_passed, resolution_link_waits. */
export async function linkedResolution(trx: Trx, estate_id: number, resolution: number, { today, field = 'resolution.resolution_id' }: { today: BusinessDate; field?: string }): Promise<LinkFound> {
  const { rows } = await sql<{ title: string; counted_on: BusinessDate | null; count_sha256: string | null; standing: string }>`
    select r.title, r.counted_on, r.count_sha256, resolution_standing(r.estate_id, r.resolution_id, ${today}::date) as standing from resolution r
    where r.estate_id = ${estate_id} and r.resolution_id = ${resolution} and r.opened_seq is not null`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw refusals.resolution_link_unknown({ resolution }, field);
  const { title, counted_on, count_sha256, standing } = row;
  if (counted_on === null || count_sha256 === null) throw refusals.resolution_link_not_counted({ resolution, title }, field);
  if (standing === 'not_passed') throw refusals.resolution_link_not_passed({ resolution, title }, field);
  if (standing === 'waiting') throw refusals.resolution_link_waits({ resolution, title, day: addDays(counted_on, CERTIFY_DAYS + 1) }, field);
  return { linked: { title, date: counted_on, resolution_id: resolution, count_sha256 }, certified: standing === 'certified' };
}

export const RESOLUTION_TITLE_LIMIT = 120;

/** The three parts, or one counted here by its number, or null where none is given and none is needed. Refusals: resolution_incomplete,
 *  resolution_date_invalid, text_too_long, text_unprintable, text_personal, those of linkedResolution(). */
export async function readResolution(
  trx: Trx, estate_id: number, typed: ResolutionTyped | undefined, { today, needed }: { today: BusinessDate; needed: boolean },
): Promise<Resolution | null> {
  const { title = '', date = '', voucher = '', resolution_id } = typed ?? {};
  if (resolution_id !== undefined) return (await linkedResolution(trx, estate_id, resolution_id, { today })).linked;
  if (title.trim() === '' && date.trim() === '' && voucher === '' && !needed) return null;
  if (title.trim() === '') throw refusals.resolution_incomplete({}, 'resolution.title');
  const named = bookText(title, { field: 'resolution.title', label: '文件名称 title', limit: RESOLUTION_TITLE_LIMIT });
  if (date.trim() === '') throw refusals.resolution_incomplete({}, 'resolution.date');
  const day = readDate(date);
  if (day === null || day > today) throw refusals.resolution_date_invalid({ typed: date.slice(0, 20), today }, 'resolution.date');
  const file = await trx.selectFrom('voucher').select('sha256')
    .where('estate_id', '=', estate_id).where('sha256', '=', voucher).executeTakeFirst();
  if (file === undefined) throw refusals.resolution_incomplete({}, 'resolution.voucher');
  return { title: named, date: day, voucher };
}
