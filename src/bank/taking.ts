// Taking long files beside the request: one at a time in a process, none twice anywhere (an advisory lock that ends with
// the process). The statement and the row's "done" are one transaction; what a restart interrupted is begun anew, and
// what was refused says why.
import { sql } from 'kysely';
import type { Actor, Estate } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { readActor } from '../people/queries.ts';
import { change, contentOf, openIntakes, statedOf, type IntakeRow } from './intake.ts';
import { takeStatement, type StatementOptions, type TakenStatement } from './statement.ts';

const MOST_ATTEMPTS = 3;
const TOLD_MS = 700;

const broken = {
  told_zh: '系统出错，没有收下，什么也没有登记。请稍后再试；仍不行请联系管理员。',
  told_en: 'Something failed on our side; nothing was taken. Please try again later, and tell the administrator if it fails again.',
};

/** Takes a file that was handed in, whole or not at all; the row is done in the same transaction. */
export async function takeIntake(
  house: House, { estate, actor, row }: { estate: Estate; actor: Actor; row: IntakeRow }, options: StatementOptions, progress?: Parameters<typeof takeStatement>[1]['progress'],
): Promise<TakenStatement> {
  const { estate_id } = estate;
  const bytes = await inEstate(house.db.app, estate_id, (trx) => contentOf(trx, row), { readOnly: true });
  return takeStatement(house, {
    estate, actor, bytes, file_name: row.file_name, stated: statedOf(row), progress, key: null,
    within: (trx, taken) => change(trx, row, { state: 'done', content: null, seq: taken.seq, step: 'done', told_zh: null, told_en: null }),
  }, options);
}

async function work(house: House, estate: Estate, row: IntakeRow, actor: Actor, options: StatementOptions): Promise<void> {
  const write = (to: Parameters<typeof change>[2]): Promise<void> => inEstate(house.db.app, estate.estate_id, (trx) => change(trx, row, to));
  await write({ state: 'running', attempts: row.attempts + 1, step: 'reading', done: 0 });
  let told = performance.now();
  const writing = new Set<Promise<void>>();
  try {
    await takeIntake(house, { estate, actor, row }, options, (step, done, total) => {
      if (performance.now() - told < TOLD_MS) return;
      told = performance.now();
      const one = write({ step, done, total }).catch(() => undefined).finally(() => writing.delete(one));
      writing.add(one);
    });
  } catch (error) {
    await Promise.all(writing);
    if (error instanceof Refusal && error.status !== 503) return write({ state: 'refused', told_zh: error.in('zh'), told_en: error.in('en') });
    house.log.error({ err: error, estate: estate.code, intake: row.intake_id }, 'a statement file could not be taken');
    return write(row.attempts + 1 < MOST_ATTEMPTS ? { state: 'waiting' } : { state: 'refused', ...broken });
  } finally {
    await Promise.all(writing);
  }
}

async function underLock(house: House, { estate_id, intake_id }: IntakeRow, act: () => Promise<void>): Promise<void> {
  await house.db.app.connection().execute(async (connection) => {
    const key = `intake ${estate_id} ${intake_id}`;
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as mine`.execute(connection);
    if (rows[0]?.mine !== true) return;
    try {
      await act();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(connection);
    }
  });
}

export interface Takings {
  /** Looks for files that wait, in an estate or in all of them. */
  look(estate?: Estate): void;
  /** Waits until nothing is being taken. */
  idle(): Promise<void>;
  /** Takes up no more; what is under way ends or is begun anew at the next start. */
  stop(): Promise<void>;
}

const running = new WeakMap<House, Takings>();

/** The takings of this process. */
export function takingsOf(house: House, options: StatementOptions): Takings {
  const there = running.get(house);
  if (there !== undefined) return there;
  let stopping = false;
  let line: Promise<void> = Promise.resolve();

  async function one(estate: Estate, row: IntakeRow): Promise<void> {
    if (stopping) return;
    await underLock(house, row, async () => {
      // It may have been taken elsewhere since it was looked up.
      const found = (await inEstate(house.db.app, estate.estate_id, (trx) => openIntakes(trx, estate.estate_id), { readOnly: true }))
        .find((open) => open.intake_id === row.intake_id);
      if (found === undefined) return;
      // A taking that outlived its request is still theirs, and under what they may do now.
      const actor = await readActor(house, found.handed_by, { kind: 'cookie', scopes: [], csrf: null });
      // Begun so often and never ended: whatever ends the process would do so again.
      if (actor === undefined || found.attempts >= MOST_ATTEMPTS) {
        return inEstate(house.db.app, estate.estate_id, (trx) => change(trx, found, { state: 'refused', ...broken }));
      }
      await work(house, estate, found, actor, options);
    });
  }

  async function lookIn(estate: Estate): Promise<void> {
    for (const row of await inEstate(house.db.app, estate.estate_id, (trx) => openIntakes(trx, estate.estate_id), { readOnly: true })) await one(estate, row);
  }

  async function lookEverywhere(): Promise<void> {
    for (const estate of await house.db.app.selectFrom('estate').selectAll().orderBy('estate_id').execute()) await lookIn(estate);
  }

  /** One after another: what is long is long for the database too. */
  async function behind(before: Promise<void>, estate: Estate | undefined): Promise<void> {
    await before;
    try {
      await (estate === undefined ? lookEverywhere() : lookIn(estate));
    } catch (error) {
      house.log.error({ err: error }, 'statement files');
    }
  }

  const takings: Takings = {
    look(estate) {
      if (!stopping) line = behind(line, estate);
    },
    async idle() {
      for (let seen: Promise<void> | undefined; seen !== line;) {
        seen = line;
        await seen;
      }
    },
    async stop() {
      stopping = true;
      if (running.get(house) === takings) running.delete(house);
      await line;
    },
  };
  running.set(house, takings);
  return takings;
}
