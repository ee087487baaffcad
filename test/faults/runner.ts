// Runs races on several estates at once, each with two instances of the service and its own judge.
import pg from 'pg';
import type { Ending } from '../helpers/postgres.ts';
import { removeGuard, type Guard } from './guards.ts';
import { Judge } from './judge.ts';
import { askLaws, type Violation } from './judge-tables.ts';
import { openGround, openRaceEstate, type Ground } from './race-estate.ts';
import { runRace, type Ran } from './race.ts';
import { chanceFrom } from './random.ts';

export interface Running {
  rounds: number;
  seed: number;
  workers: number;
  /** Taken out before the races; they end with the first thing it makes go wrong. */
  without?: Guard;
  note?: (done: number, tally: Tally) => void;
}
export interface Tally {
  races: number;
  estates: number;
  records: number;
  /** By the judge, from the log. */
  counted: Judge['counted'];
  starts: Map<string, number>;
  answers: Map<string, number>;
  /** Answers that are no answer: deadlocks, errors. */
  errors: { ran: Ran; error: string }[];
  violations: (Violation & { ran: Ran | null })[];
}

/** After so many races the next estate is opened, so that the log stays short and beginnings are many. */
const RACES_OF_AN_ESTATE = 150;

const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1);

export async function runRaces(t: Ending, running: Running): Promise<Tally> {
  const { rounds, seed, workers, without } = running;
  const ground = await openGround(t);
  if (without !== undefined) await removeGuard(ground.database.superuser, without);
  const tally: Tally = {
    races: 0, estates: 0, records: 0, counted: { payments: 0, signatures: 0, by_key: 0, for_another: 0, ratifications: 0 }, starts: new Map(), answers: new Map(), errors: [], violations: [],
  };
  let left = rounds;
  const enough = (): boolean => without !== undefined && tally.violations.some(({ law }) => without.found.test(law));
  const take = (): boolean => left > 0 && !enough() && (left -= 1) >= 0;
  await Promise.all(Array.from({ length: workers }, (_, index) => work({ ground, t, seed: seed * 1000 + index, take, running, tally })));
  await quiet(ground);
  return tally;
}

/** A race that failed in the control may leave hands at work behind it: the database goes when they have let go of it. */
async function quiet({ database }: Ground): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { rows } = await database.superuser.query<{ busy: number }>(`select count(*)::integer as busy from pg_stat_activity
      where datname = current_database() and state <> 'idle' and pid <> pg_backend_pid()`);
    if (rows[0]!.busy === 0) return;
    await new Promise((done) => setTimeout(done, 50));
  }
}

interface Work { ground: Ground; t: Ending; seed: number; take: () => boolean; running: Running; tally: Tally }

async function work({ ground, t, seed, take, running, tally }: Work): Promise<void> {
  const chance = chanceFrom(seed);
  const houses = [ground.house(), ground.house()] as const;
  const gate = new pg.Client({ connectionString: ground.database.urls.superuser });
  gate.on('error', () => undefined);
  await gate.connect();
  t.teardown(() => gate.end());
  let more = take();
  while (more) {
    const estate = await openRaceEstate(ground, houses, chance);
    const judge = new Judge(ground.auditor, estate.estate);
    await judge.judge();
    for (let races = 0; more && races < RACES_OF_AN_ESTATE; races += 1) {
      const before = { ...judge.counted };
      const ran = await runRace(estate, chance, gate).catch((error: unknown) => {
        // Without its guards an estate may come to a state in which not even the next order can be made.
        if (running.without === undefined) throw error;
        return null;
      });
      await judge.judge();
      for (const violation of judge.violations.splice(0)) tally.violations.push({ ...violation, ran });
      more = take();
      if (ran === null) break;
      tally.races += 1;
      for (const key of Object.keys(before) as (keyof typeof before)[]) tally.counted[key] += judge.counted[key] - before[key];
      count(tally.starts, ran.start);
      takeAnswers(tally, ran);
      running.note?.(tally.races, tally);
    }
    for (const violation of await askLaws(ground.auditor, estate.estate)) tally.violations.push({ ...violation, ran: null });
    tally.estates += 1;
    tally.records += judge.seq;
  }
}

function takeAnswers(tally: Tally, ran: Ran): void {
  for (const answer of ran.answers.flatMap((one) => one.split(' + '))) {
    if (answer.startsWith('error')) tally.errors.push({ ran, error: answer });
    else count(tally.answers, answer);
  }
}
