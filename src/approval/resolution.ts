// What an appointment rests on (决议、任免文件): its title, its day and its file, which stand in the signed document.
import type { Trx } from '../kernel/database.ts';
import { readDate, type BusinessDate } from '../kernel/dates.ts';
import { bookText } from '../kernel/text.ts';
import { refusals } from './refusals.ts';

/** A type alias, so that it is JSON for the document. */
export type Resolution = { title: string; date: BusinessDate; voucher: string };
export interface ResolutionTyped { title?: string | undefined; date?: string | undefined; voucher?: string | undefined }

export const RESOLUTION_TITLE_LIMIT = 120;

/** The three parts, or null where none is given and none is needed. Refusals: resolution_incomplete,
 *  resolution_date_invalid, text_too_long, text_unprintable, text_personal. */
export async function readResolution(
  trx: Trx, estate_id: number, typed: ResolutionTyped | undefined, { today, needed }: { today: BusinessDate; needed: boolean },
): Promise<Resolution | null> {
  const { title = '', date = '', voucher = '' } = typed ?? {};
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
