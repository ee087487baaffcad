// Audit packages as jobs: asked for, made in the background, kept for a while, and put on record when they are
// handed out.  waiting → running → done, or failed after several tries.
// The table export_job is the queue: what was interrupted stands there as running and is taken up again. Whoever makes
// a package holds an advisory lock of a connection of its own, which ends with the process; so no two make the same,
// and none is left alone.
import type { Selectable } from 'kysely';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { once } from '../kernel/once.ts';
import type { ExportJobTable } from '../kernel/tables.ts';
import { readRange, type RangeAsked } from './range.ts';
import { refusals } from './refusals.ts';

export type Audience = 'officers' | 'owners';
export type JobRow = Selectable<ExportJobTable>;

/** Packages of an audience whose files are kept; the oldest gives way. */
export const KEPT: Record<Audience, number> = { officers: 8, owners: 4 };
export const MOST_ATTEMPTS = 5;

/** Whoever serves in a body gets everything; owners get all but the vouchers meant for officers. */
export const audienceFor = (actor: Actor, { estate_id }: Estate): Audience => (may(actor, estate_id, 'read_officers') ? 'officers' : 'owners');

export interface JobShown {
  id: number;
  audience: Audience;
  from: string;
  to: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  step: string;
  done: number;
  total: number;
  percent: number;
  asked_at: string;
  made_at: string | null;
  size: number | null;
  sha256: string | null;
  /** Records of the log in it. */
  log_size: number | null;
  /** Record export_made. */
  seq: number | null;
  /** Whether its file can be downloaded. */
  available: boolean;
}

export function shownJob(row: JobRow): JobShown {
  const state = row.state as JobShown['state'];
  const percent = state === 'done' ? 100 : row.total === 0 ? 0 : Math.min(99, Math.floor((row.done * 100) / row.total));
  return {
    id: row.export_id, audience: row.audience as Audience, from: row.first_month, to: row.last_month, state, step: row.step, done: row.done,
    total: row.total, percent, asked_at: isoInstant(row.asked_at), made_at: row.made_at === null ? null : isoInstant(row.made_at),
    size: row.size, sha256: row.sha256, log_size: row.log_size, seq: row.seq, available: state === 'done' && row.dropped_at === null,
  };
}

const jobs = (trx: Trx, estate_id: number) => trx.selectFrom('export_job').selectAll().where('estate_id', '=', estate_id);

/** Asks for a package. One of the same months that is waiting, in the making, or made since anything was last recorded
 *  (but packages) is given instead of a second. Refusals: export_outside, export_reversed, key_reused. */
export async function askForPackage(
  trx: Trx, { estate, actor, asked, key }: { estate: Estate; actor: Actor; asked: RangeAsked; key: string | null },
): Promise<JobRow> {
  const { estate_id } = estate;
  const range = await readRange(trx, estate, asked);
  const audience = audienceFor(actor, estate);
  const { id } = await once(trx, { estate_id, key, content: { export: { ...range, audience } } }, async () => {
    const same = await jobs(trx, estate_id).where('audience', '=', audience).where('first_month', '=', range.from)
      .where('last_month', '=', range.to).where('state', '!=', 'failed').where('dropped_at', 'is', null)
      .orderBy('export_id', 'desc').limit(1).executeTakeFirst();
    if (same !== undefined && (same.state !== 'done' || await isCurrent(trx, same))) return { id: same.export_id };
    const made = await trx.insertInto('export_job').values({
      estate_id, audience, first_month: range.from, last_month: range.to, asked_by: actor.person_id, asked_at: await estateNow(trx, estate_id),
    }).onConflict((conflict) => conflict.doNothing()).returning('export_id').executeTakeFirst();
    // Somebody else asked at the same moment.
    const open = made ?? await jobs(trx, estate_id).where('audience', '=', audience).where('first_month', '=', range.from)
      .where('last_month', '=', range.to).where('state', 'in', ['waiting', 'running']).executeTakeFirstOrThrow();
    return { id: open.export_id };
  });
  return jobs(trx, estate_id).where('export_id', '=', id).executeTakeFirstOrThrow();
}

/** Nothing was recorded since but that packages were made. */
async function isCurrent(trx: Trx, { estate_id, log_size }: JobRow): Promise<boolean> {
  const later = await trx.selectFrom('record').select('seq').where('estate_id', '=', estate_id).where('seq', '>', log_size ?? 0)
    .where('kind', '!=', 'export_made').limit(1).executeTakeFirst();
  return later === undefined;
}

/** One package, for somebody it is meant for. Refusal: export_unknown. */
export async function readJob(trx: Trx, { estate, actor, id }: { estate: Estate; actor: Actor; id: number }): Promise<JobRow> {
  const row = await jobs(trx, estate.estate_id).where('export_id', '=', id).executeTakeFirst();
  if (row === undefined || (row.audience === 'officers' && audienceFor(actor, estate) !== 'officers')) throw refusals.export_unknown({ id });
  return row;
}

/** Packages for this reader, newest first. */
export function listJobs(trx: Trx, estate: Estate, actor: Actor, limit = 20): Promise<JobRow[]> {
  const all = jobs(trx, estate.estate_id).orderBy('export_id', 'desc').limit(limit);
  return (audienceFor(actor, estate) === 'officers' ? all : all.where('audience', '=', 'owners')).execute();
}

/** The newest package of these months that can be downloaded, for this reader's audience; null when there is none. */
export async function newestDone(trx: Trx, estate: Estate, actor: Actor, asked: RangeAsked): Promise<JobRow | null> {
  const range = await readRange(trx, estate, asked);
  return await jobs(trx, estate.estate_id).where('audience', '=', audienceFor(actor, estate)).where('first_month', '=', range.from)
    .where('last_month', '=', range.to).where('state', '=', 'done').where('dropped_at', 'is', null)
    .orderBy('export_id', 'desc').limit(1).executeTakeFirst() ?? null;
}

export const openJobs = (trx: Trx, estate_id: number): Promise<JobRow[]> =>
  jobs(trx, estate_id).where('state', 'in', ['waiting', 'running']).orderBy('export_id').execute();

export const changeJob = async (trx: Trx, { estate_id, export_id }: Pick<JobRow, 'estate_id' | 'export_id'>,
  change: Partial<Pick<JobRow, 'state' | 'attempts' | 'step' | 'done' | 'total' | 'error'>>): Promise<void> => {
  await trx.updateTable('export_job').set(change).where('estate_id', '=', estate_id).where('export_id', '=', export_id)
    .where('state', 'in', ['waiting', 'running']).execute();
};

/** Puts on record what was made. Who asked is named where they serve in a body; an owner is nobody in the log.
 *  Gives the hashes of files that are to be let go of now. */
export async function finishJob(
  trx: Trx, job: JobRow, { sha256, size, log_size, total }: { sha256: string; size: number; log_size: number; total: number },
): Promise<string[]> {
  const { estate_id, export_id } = job;
  const audience = job.audience as Audience;
  const seq = await appendRecord(trx, estate_id, 'export_made', {
    kind: 'audit', audience, from: job.first_month, to: job.last_month, sha256, size, log_size, by: audience === 'officers' ? job.asked_by : null,
  });
  const made_at = await estateNow(trx, estate_id);
  await trx.updateTable('export_job').set({ state: 'done', step: 'done', done: total, total, error: null, log_size, sha256, size, made_at, seq })
    .where('estate_id', '=', estate_id).where('export_id', '=', export_id).execute();
  const kept = await jobs(trx, estate_id).where('audience', '=', audience).where('state', '=', 'done').where('dropped_at', 'is', null)
    .orderBy('export_id', 'desc').offset(KEPT[audience]).execute();
  for (const old of kept) {
    await trx.updateTable('export_job').set({ dropped_at: made_at }).where('estate_id', '=', estate_id).where('export_id', '=', old.export_id).execute();
  }
  return kept.flatMap((old) => old.sha256 ?? []).filter((hash) => hash !== sha256);
}
