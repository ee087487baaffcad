// Making audit packages: at most two at a time in a process, none twice at the same moment anywhere. Progress is
// written once a second; a page shows it. What a restart interrupted is begun anew.
import { sql } from 'kysely';
import { estateNow } from '../evidence/records.ts';
import type { Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { auditPackage, countVouchers, PASSES } from './audit-package.ts';
import { takeSnapshot } from './audit-snapshot.ts';
import { changeJob, finishJob, MOST_ATTEMPTS, openJobs, type Audience, type JobRow } from './job.ts';

/** The single-file verifier that goes into each package; null where there is none. */
export type Verifier = (() => Promise<Uint8Array>) | null;

const AT_ONCE = 2;
const TOLD_MS = 1_000;

/** The house was told to stop while a package was being made: it is taken up at the next start. */
class Stopped extends Error {}

async function make(house: House, estate: Estate, job: JobRow, { verifier, stopped }: { verifier: Verifier; stopped: () => boolean }): Promise<void> {
  const { estate_id } = estate;
  const change = (fields: Parameters<typeof changeJob>[2]): Promise<void> =>
    inEstate(house.db.app, estate_id, (trx) => changeJob(trx, job, fields));
  await change({ state: 'running', attempts: job.attempts + 1, step: 'log', done: 0, total: 0 });
  const snapshot = await takeSnapshot(house, estate, { from: job.first_month, to: job.last_month, audience: job.audience as Audience });
  const total = snapshot.size + PASSES * snapshot.books.entries + await countVouchers(house, snapshot);
  const made_at = isoInstant(await inEstate(house.db.app, estate_id, (trx) => estateNow(trx, estate_id)));
  const progress = { step: 'log', done: 0 };
  let told = performance.now();
  const watched = async function* watched(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      if (stopped()) throw new Stopped('the service stops');
      yield piece;
      if (performance.now() - told < TOLD_MS) continue;
      told = performance.now();
      await change({ ...progress, total });
    }
  };
  await change({ total });
  const { sha256, size } = await house.storage.keepStream(watched(auditPackage({
    house, snapshot, made_at, verifier,
    step: (name) => { progress.step = name; }, advance: (count) => { progress.done += count; },
  })));
  const gone = await inEstate(house.db.app, estate_id, (trx) => finishJob(trx, job, { sha256, size, log_size: snapshot.size, total }));
  for (const hash of gone) await house.storage.drop(hash);
  house.log.info({ estate: estate.code, export: job.export_id, size, sha256 }, 'audit package made');
}

async function failed(house: House, estate: Estate, job: JobRow, error: unknown): Promise<void> {
  const attempts = job.attempts + 1;
  house.log.error({ err: error, estate: estate.code, export: job.export_id, attempts }, 'the audit package could not be made');
  const told = error instanceof Refusal ? error.code : error instanceof Error ? error.message : String(error);
  const state = attempts < MOST_ATTEMPTS ? 'waiting' : 'failed';
  await inEstate(house.db.app, estate.estate_id, (trx) => changeJob(trx, job, { state, error: told.slice(0, 500) }))
    .catch((again: unknown) => house.log.error({ err: again }, 'nor could that be written down'));
}

/** Does one job unless somebody else is at it; gives whether it was done here. */
async function underLock(house: House, { estate_id, export_id }: JobRow, work: () => Promise<void>): Promise<boolean> {
  return house.db.app.connection().execute(async (connection) => {
    const key = `export ${estate_id} ${export_id}`;
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as mine`.execute(connection);
    if (rows[0]?.mine !== true) return false;
    try {
      await work();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(connection);
    }
    return true;
  });
}

export interface Exports {
  /** Looks for what is to be made in an estate, or in all of them. */
  look(estate?: Estate): void;
  /** Waits until nothing is to be made. */
  idle(): Promise<void>;
  /** Leaves what is in the making; the next start takes it up. */
  stop(): Promise<void>;
}

const running = new WeakMap<House, Exports>();
/** Tells whoever makes packages in this process that one was asked for; nobody may be doing so (a test, the command line). */
export const lookForExports = (house: House, estate: Estate): void => running.get(house)?.look(estate);

export function startExports(house: House, { verifier = null }: { verifier?: Verifier } = {}): Exports {
  const waiting: { estate: Estate; job: JobRow }[] = [];
  const under_way = new Set<string>();
  const work = new Set<Promise<void>>();
  let stopping = false;
  const track = (promise: Promise<void>): void => {
    const caught = promise.catch((error: unknown) => house.log.error({ err: error }, 'exports')).finally(() => work.delete(caught));
    work.add(caught);
  };

  async function one(estate: Estate, job: JobRow): Promise<void> {
    try {
      await underLock(house, job, async () => {
        // It may have been finished elsewhere since it was looked up.
        const [found] = (await inEstate(house.db.app, estate.estate_id, (trx) => openJobs(trx, estate.estate_id)))
          .filter((row) => row.export_id === job.export_id);
        if (found === undefined) return;
        // Begun so often and never ended: whatever ends the process would do so again.
        if (found.attempts >= MOST_ATTEMPTS) return failed(house, estate, found, new Error('it was interrupted too often'));
        try {
          await make(house, estate, found, { verifier, stopped: () => stopping });
        } catch (error) {
          if (!(error instanceof Stopped)) return failed(house, estate, found, error);
          await inEstate(house.db.app, estate.estate_id, (trx) => changeJob(trx, found, { state: 'waiting', attempts: found.attempts }));
        }
      });
    } finally {
      under_way.delete(`${job.estate_id} ${job.export_id}`);
    }
    next();
  }

  function next(): void {
    if (stopping) return;
    while (waiting.length > 0 && under_way.size < AT_ONCE) {
      const { estate, job } = waiting.shift()!;
      const key = `${job.estate_id} ${job.export_id}`;
      if (under_way.has(key)) continue;
      under_way.add(key);
      track(one(estate, job));
    }
  }

  async function lookIn(estate: Estate): Promise<void> {
    for (const job of await inEstate(house.db.app, estate.estate_id, (trx) => openJobs(trx, estate.estate_id), { readOnly: true })) {
      if (!waiting.some((one) => one.job.export_id === job.export_id && one.job.estate_id === job.estate_id)) waiting.push({ estate, job });
    }
    next();
  }

  const exports: Exports = {
    look(estate) {
      if (stopping) return;
      track((async () => {
        const estates = estate === undefined ? await house.db.app.selectFrom('estate').selectAll().orderBy('estate_id').execute() : [estate];
        for (const each of estates) await lookIn(each);
      })());
    },
    async idle() {
      while (work.size > 0) await Promise.all(work);
    },
    async stop() {
      stopping = true;
      if (running.get(house) === exports) running.delete(house);
      await exports.idle();
    },
  };
  running.set(house, exports);
  return exports;
}
