// Projects (项目): somebody enters one; everybody sees it, and owners say what they think of it.
//   entered → opinions → opened under signatures (open.ts) → …
// Officers enter any kind, owners apply for micro-grants (微创投). Title and text may name what persons need, so that they are kept where
// they can be erased; the log commits to them. Who of the owners applied is shown to nobody.
import { appendCommitted } from '../evidence/personal-value.ts';
import { estateNow } from '../evidence/records.ts';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, laterBy, shanghaiInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { isKind } from './kinds.ts';
import { refusals } from './refusals.ts';

export const TITLE_LIMIT = 40;
export const TEXT_LIMIT = 500;
/** Projects one person may enter in a day. */
export const A_DAY = 5;
const DAY = 86_400_000;

export interface ProjectTyped {
  kind: string;
  title: string;
  text: string;
  /** SHA-256 of files that owners may open. */
  photos?: readonly string[] | undefined;
}

/** Files of the estate that owners may open. Refusal: project_photo_unfit. */
export async function demandPhotos(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(hashes)];
  if (wanted.length === 0) return [];
  const found = await trx.selectFrom('voucher').select('sha256').where('estate_id', '=', estate_id).where('sha256', 'in', wanted).where('audience', '=', 'owners').execute();
  const place = wanted.findIndex((hash) => !found.some((row) => row.sha256 === hash));
  if (place >= 0) throw refusals.project_photo_unfit({ place: place + 1 }, 'vouchers');
  return wanted;
}

export async function keepPhotos(trx: Trx, { estate_id, project_id, site_id = null, photos }: { estate_id: number; project_id: number; site_id?: number | null; photos: readonly string[] }): Promise<void> {
  if (photos.length === 0) return;
  await trx.insertInto('project_photo').values(photos.map((sha256) => ({ estate_id, project_id, site_id, sha256 })))
    .onConflict((conflict) => conflict.columns(['estate_id', 'project_id', 'sha256']).doNothing()).execute();
}

/** Whoever may enter a project: officers who propose, and owners. */
export const entersProjects = (actor: Actor | null, estate_id: number): boolean => may(actor, estate_id, 'propose') || may(actor, estate_id, 'pledge');

/** Enters a project. Refusals: those of demand(), project_kind_unknown, project_kind_not_yours, text_*, project_photo_unfit, project_too_many. */
export async function enterProject(
  house: House, { estate, actor: asking, typed, key = null }: { estate: Estate; actor: Actor | null; typed: ProjectTyped; key?: string | null | undefined },
): Promise<{ project_id: number }> {
  const { estate_id } = estate;
  const officer = may(asking, estate_id, 'propose');
  const actor = demand(asking, estate_id, officer ? 'propose' : 'pledge');
  const { kind } = typed;
  if (!isKind(kind)) throw refusals.project_kind_unknown({ typed: kind.slice(0, 20) }, 'kind');
  if (!officer && kind !== 'micro_grant') throw refusals.project_kind_not_yours({}, 'kind');
  const title = bookText(typed.title, { field: 'title', label: '项目名称 title', limit: TITLE_LIMIT });
  const text = bookText(typed.text, { field: 'text', label: '说明 text', limit: TEXT_LIMIT });
  // A picture of a project is shown to everybody: an owner, who hands in no files, does not make a paper public that is not yet.
  if (!officer && (typed.photos ?? []).length > 0) throw refusals.project_photo_unfit({ place: 1 }, 'vouchers');
  const once_key = key === null ? null : `project:${actor.person_id}:${key}`;
  const content = { kind, title, text, photos: [...(typed.photos ?? [])] };
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: once_key, content }, async () => {
    const photos = await demandPhotos(trx, estate_id, typed.photos ?? []);
    const entered_at = await estateNow(trx, estate_id);
    const seq = await appendCommitted(trx, estate_id, 'project_entered', { field: 'comment', value: `${title}\n${text}`, body: { from_owner: !officer, kind } });
    const start = shanghaiInstant(businessDate(entered_at));
    const { asked } = await trx.selectFrom('project').select((eb) => eb.fn.countAll<number>().as('asked')).where('estate_id', '=', estate_id)
      .where('entered_by', '=', actor.person_id).where('entered_at', '>=', start).where('entered_at', '<', laterBy(start, DAY)).executeTakeFirstOrThrow();
    if (asked >= A_DAY) throw refusals.project_too_many({ asked, limit: A_DAY }, 'title');
    const { project_id } = await trx.insertInto('project').values({ estate_id, kind, from_owner: !officer, entered_by: actor.person_id, entered_at, seq })
      .returning('project_id').executeTakeFirstOrThrow();
    await keepPhotos(trx, { estate_id, project_id, photos });
    return { project_id };
  }));
}
