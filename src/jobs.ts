// The timetable: node-cron says when (Asia/Shanghai), pg-boss carries the work, so that it survives a
// restart, is tried again after a failure, and is done once however many instances run.
//   1st of the month 00:10   draft of last month's disclosure
//   daily 00:15              bills that are due: of the month, of months that were missed, of readings that came, late fees of closed months
//   daily 00:25              what was paid in advance goes to the bills that are due by now
//   daily 08:00, and hourly  publish every disclosure that is due and not there, oldest first
//   daily 00:20              expire proposals nobody signed in time; erase names whose retention is over; the register of the day
//   every 10 minutes         carry out what is approved and could not be carried out before; end claims for subsidies whose bill is not paid any more
//   every 10 minutes         tell makers what became of their proposals
//   daily 09:00              remind whoever has not signed, warn bodies that will be too small
//   every 10 minutes         look for audit packages and long statement files that wait (beside the queue: exchange/making.ts, bank/taking.ts)
//   every 10 minutes, 20:00  match what the banks' statements say; what nobody explains by the evening goes to suspense
//   every 10 minutes         count votes and close surveys whose days are over; remind whoever has not voted
//   every minute             send what lies in the outbox: letters, robots of groups, webhooks (in a queue of its own: other servers are slow)
//   daily 08:00              the letter of the morning for whoever may sign; looked for again every hour until the evening
//   daily 03:30              ask the books everything that must be so, once a day (oversight/inspection.ts)
//   daily 00:05, and every 10 minutes  count the board's figures of estates whose log has grown or whose day has turned
//   hourly                   remind of answers that are late; bring what is very late before supervisors, community and street office
//   every minute             sign a checkpoint of each log that has grown
// At the start everything that was missed is made up for: each task asks the books what is due, not
// the clock what should have run. Old login failures are deleted by people/ with every new one.
import { schedule, type ScheduledTask } from 'node-cron';
import { PgBoss } from 'pg-boss';
import { countDue } from './assembly/resolution.ts';
import { closeDue } from './assembly/survey.ts';
import { expireDue } from './approval/proposal.ts';
import { remindDue, tellMakers } from './approval/remind.ts';
import { executeApproved, type Executors } from './approval/sign.ts';
import { billDue, isBillingDue } from './billing/bill.ts';
import { dropOldSettlements } from './billing/channel-draft.ts';
import { releaseDue } from './billing/release.ts';
import { refreshUnits } from './estate/register.ts';
import { estateToday } from './evidence/records.ts';
import { dropOldDrafts } from './estate/import.ts';
import { deliverDue, isDeliveryDue } from './delivery/deliver.ts';
import { queueDigests } from './delivery/digest.ts';
import { isCheckpointDue, issueCheckpoint } from './evidence/checkpointer.ts';
import { startExports, type Exports } from './exchange/making.ts';
import { takingsOf, type Takings } from './bank/taking.ts';
import { statementOptions } from './statement-options.ts';
import { closePrinter, draftDue, isDue, publishDue } from './disclosure/publish.ts';
import { escalateDue } from './inquiry/clock.ts';
import type { Estate } from './kernel/actor.ts';
import { inEstate } from './kernel/database.ts';
import { isoInstant } from './kernel/dates.ts';
import type { House } from './kernel/house.ts';
import { moneyText } from './kernel/money.ts';
import { isBoardDue, refreshBoard } from './oversight/board.ts';
import { inspectDue } from './oversight/inspection.ts';
import { verifierPage } from './verifier-page.ts';
import { applyBodyForms } from './people/body-form.ts';
import { forgetNames } from './people/erasure.ts';
import { forgetFoundings } from './founding/found-key.ts';
import { tellBills } from './home/tell.ts';
import { reconcileDue } from './reconciliation/reconcile.ts';
import { dropFallenClaims } from './subsidy/claim.ts';

const QUEUE = 'timetable';
/** What speaks with other servers has a queue and a worker of its own, so that none of them keeps the books waiting. */
const DELIVERY = 'delivery';
const tasks = ['publish', 'draft', 'bill', 'release', 'expire', 'execute', 'tell', 'remind', 'reconcile', 'escalate', 'digest', 'deliver', 'checkpoint', 'inspect', 'board', 'assembly'] as const;
export type Task = (typeof tasks)[number];
interface Order { task: Task; estate_id: number }

const times: Record<Task, readonly string[]> = {
  publish: ['0 8 * * *', '5 * * * *'],
  draft: ['10 0 1 * *'],
  bill: ['15 0 * * *'],
  release: ['25 0 * * *'],
  expire: ['20 0 * * *'],
  execute: ['*/10 * * * *'],
  tell: ['*/10 * * * *'],
  remind: ['0 9 * * *'],
  reconcile: ['*/10 * * * *', '0 20 * * *'],
  escalate: ['40 * * * *'],
  digest: ['0 8 * * *', '10 8-19 * * *'],
  deliver: ['* * * * *'],
  checkpoint: ['* * * * *'],
  inspect: ['30 3 * * *'],
  board: ['5 0 * * *', '*/10 * * * *'],
  assembly: ['*/10 * * * *'],
};

export interface JobFailure { task: Task; estate: string; at: string; error: string }

export interface JobOptions {
  executors: Executors;
  /** false: no timetable, only what `run` asks for; for tests. */
  timetable?: boolean | undefined;
  /** Seconds before a failed task is tried again for the first time. */
  retry_seconds?: number | undefined;
}

export interface Jobs {
  /** Fulfilled when the queue works and what was missed is in it. */
  ready: Promise<void>;
  /** Puts a task into the queue for every estate that needs it; what waits or runs already is not added. */
  run(task: Task): Promise<number>;
  /** Waits until the queue is empty. */
  idle(): Promise<void>;
  /** Tasks whose last try failed; a later success takes them out. For /readyz and the log. */
  lastFailures(): JobFailure[];
  /** Takes no new work, lets the running task end. */
  stop(): Promise<void>;
}

/** Does one task for one estate; gives what it did, for the log. */
async function carryOut(house: House, estate: Estate, task: Task, executors: Executors): Promise<unknown[]> {
  const { estate_id } = estate;
  switch (task) {
    case 'publish': return (await publishDue(house, { only: estate_id })).map(({ period, version }) => `${period} v${version}`);
    case 'draft': return (await draftDue(house, { only: estate_id })).map(({ period }) => period);
    case 'bill': {
      const made = await billDue(house, estate);
      const told = await tellBills(house, estate);
      return [...made.map((one) => `${one.period} ${one.made}`), ...(told === 0 ? [] : [`${told} residents told`])];
    }
    case 'release': {
      const { entries, dwellings, total } = await releaseDue(house, estate);
      return entries.length === 0 ? [] : [`${dwellings} dwellings ${moneyText(total)}`];
    }
    case 'expire': {
      const forgotten = await forgetNames(house);
      // What was entered ahead of its day in the register holds from today.
      await inEstate(house.db.app, estate_id, async (trx) => refreshUnits(trx, estate_id, await estateToday(trx, estate_id)));
      // Names that bodies bear from today on.
      await inEstate(house.db.app, estate_id, (trx) => applyBodyForms(trx, estate_id));
      // Names in spreadsheets that nobody took within a week.
      await inEstate(house.db.app, estate_id, (trx) => dropOldDrafts(trx, estate_id));
      await dropOldSettlements(house, estate);
      // Names and first passwords under start keys that are over.
      await forgetFoundings(house);
      return [...await inEstate(house.db.app, estate_id, (trx) => expireDue(trx, estate)), ...(forgotten === 0 ? [] : [`${forgotten} names erased`])];
    }
    case 'execute': {
      const fallen = await dropFallenClaims(house, estate);
      return [...await executeApproved(house, estate, executors), ...(fallen === 0 ? [] : [`${fallen} claims fell`])];
    }
    case 'tell': return inEstate(house.db.app, estate_id, (trx) => tellMakers(trx, estate));
    case 'remind': return inEstate(house.db.app, estate_id, (trx) => remindDue(trx, estate));
    case 'reconcile': return reconcileDue(house, estate);
    case 'escalate': return escalateDue(house, estate);
    case 'digest': {
      const letters = await queueDigests(house, estate);
      return letters === 0 ? [] : [`${letters} letters`];
    }
    case 'deliver': return deliverDue(house, estate);
    case 'checkpoint': return checkpoint(house, estate);
    case 'inspect': return inspectDue(house, estate);
    case 'board': await refreshBoard(house, estate); return [];
    // Surveys first: a vote whose ballots were altered fails for ever, and they have nothing to do with it.
    case 'assembly': return [...await closeDue(house, estate), ...await countDue(house, estate)];
  }
}

async function checkpoint(house: House, estate: Estate): Promise<string[]> {
  const issued = await issueCheckpoint(house, estate);
  // Told once more where /readyz looks; checkpointer.ts has logged why.
  if (issued === null) throw new Error('no checkpoint could be signed');
  return [`size ${issued.size}`];
}

/** Estates for which the task has something to do; publishing, bills and checkpoints are looked up, the rest is cheap to ask. */
async function estatesFor(house: House, task: Task): Promise<Estate[]> {
  if (task === 'checkpoint' && (house.log_keys ?? null) === null) return [];
  if (task === 'digest' && (house.mail ?? null) === null) return [];
  const estates = await house.db.app.selectFrom('estate').selectAll().orderBy('estate_id').execute();
  const asks = { publish: (estate: Estate) => isDue(house, estate), checkpoint: (estate: Estate) => hasGrown(house, estate),
    bill: (estate: Estate) => hasBillsDue(house, estate), board: (estate: Estate) => isBoardDue(house, estate), deliver: (estate: Estate) => isDeliveryDue(house, estate) };
  if (task !== 'board' && task !== 'publish' && task !== 'checkpoint' && task !== 'bill' && task !== 'deliver') return estates;
  const due: Estate[] = [];
  for (const estate of estates) if (await asks[task](estate)) due.push(estate);
  return due;
}

const hasGrown = ({ db }: House, { estate_id }: Estate): Promise<boolean> =>
  inEstate(db.app, estate_id, (trx) => isCheckpointDue(trx, estate_id), { readOnly: true });

const hasBillsDue = ({ db }: House, estate: Estate): Promise<boolean> =>
  inEstate(db.app, estate.estate_id, (trx) => isBillingDue(trx, estate), { readOnly: true });

class Timetable implements Jobs {
  readonly ready: Promise<void>;
  readonly #house: House;
  readonly #options: JobOptions;
  readonly #boss: PgBoss;
  readonly #crons: ScheduledTask[] = [];
  readonly #failures = new Map<string, JobFailure>();
  readonly #workers = new Map<string, string>();
  #stopped = false;
  #exports: Exports | null = null;
  #takings: Takings | null = null;

  constructor(house: House, options: JobOptions) {
    this.#house = house;
    this.#options = options;
    this.#boss = new PgBoss({
      db: { executeSql: (text, values) => house.db.executeSql(text, values) },
      schema: 'pgboss', createSchema: false, schedule: false, reindex: false, monitorVacuum: false,
    });
    this.#boss.on('error', (error) => house.log.warn({ err: error }, 'job queue'));
    this.ready = this.#start();
    // Whoever waits for `ready` hears of a failure; nobody waiting must not end the process.
    this.ready.catch((error: unknown) => house.log.error({ err: error }, 'the timetable did not start'));
  }

  async #start(): Promise<void> {
    await this.#boss.start();
    for (const queue of [QUEUE, DELIVERY]) {
      await this.#boss.createQueue(queue, {
        policy: 'exclusive', retryLimit: 6, retryDelay: this.#options.retry_seconds ?? 20, retryBackoff: true,
        expireInSeconds: 1_800, deleteAfterSeconds: 14 * 24 * 3600,
      });
    }
    if (this.#stopped) return;
    for (const queue of [QUEUE, DELIVERY]) {
      this.#workers.set(queue, await this.#boss.work<Order>(queue, { batchSize: 1, pollingIntervalSeconds: 2 },
        async ([job]) => { if (job !== undefined) await this.#take(job.data); }));
    }
    if (this.#options.timetable !== false) this.#setTimes();
    for (const task of tasks) await this.run(task);
    this.#exports = startExports(this.#house, { verifier: verifierPage });
    this.#exports.look();
    // Long statement files that a restart interrupted.
    this.#takings = takingsOf(this.#house, statementOptions);
    this.#takings.look();
  }

  #setTimes(): void {
    this.#crons.push(schedule('*/10 * * * *', () => { this.#exports?.look(); this.#takings?.look(); }, { timezone: 'Asia/Shanghai', name: 'exports', unref: true }));
    for (const task of tasks) {
      for (const time of times[task]) {
        this.#crons.push(schedule(time, () => this.run(task).catch((error: unknown) =>
          this.#house.log.error({ err: error, task }, 'the task could not be queued')), {
          timezone: 'Asia/Shanghai', name: `${task} ${time}`, noOverlap: true, suppressMissedWarning: true, unref: true,
        }));
      }
    }
  }

  async #take({ task, estate_id }: Order): Promise<void> {
    const { log } = this.#house;
    const estate = await this.#house.db.app.selectFrom('estate').selectAll()
      .where('estate_id', '=', estate_id).executeTakeFirst();
    if (estate === undefined) return;
    const name = `${task} ${estate.code}`;
    try {
      const done = await carryOut(this.#house, estate, task, this.#options.executors);
      this.#failures.delete(name);
      if (done.length > 0) log.info({ task, estate: estate.code, done }, 'task done');
    } catch (error) {
      const told = error instanceof Error ? error.message : String(error);
      this.#failures.set(name, { task, estate: estate.code, at: isoInstant(this.#house.clock()), error: told });
      log.error({ err: error, task, estate: estate.code }, 'task failed; it will be tried again');
      throw error;
    }
  }

  async run(task: Task): Promise<number> {
    let queued = 0;
    const queue = task === 'digest' || task === 'deliver' ? DELIVERY : QUEUE;
    for (const { estate_id } of await estatesFor(this.#house, task)) {
      // The queue is exclusive: a task that waits, runs or is to be tried again is not added twice.
      const id = await this.#boss.send(queue, { task, estate_id }, { singletonKey: `${task} ${estate_id}` });
      if (id !== null) queued += 1;
    }
    const worker = this.#workers.get(queue);
    if (queued > 0 && worker !== undefined) this.#boss.notifyWorker(worker);
    return queued;
  }

  async idle(): Promise<void> {
    for (;;) {
      const { rows } = await this.#house.db.executeSql(
        `select count(*)::integer as open from pgboss.job where name = any($1) and state < 'completed'`, [[QUEUE, DELIVERY]]);
      if (rows[0].open === 0) return;
      for (const worker of this.#workers.values()) this.#boss.notifyWorker(worker);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  lastFailures(): JobFailure[] {
    return [...this.#failures.values()];
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cron of this.#crons) await cron.destroy();
    await this.ready.catch(() => undefined);
    await this.#exports?.stop();
    await this.#takings?.stop();
    await this.#boss.stop({ graceful: true, timeout: 20_000 });
    await closePrinter();
  }
}

/** Starts the timetable of this process. */
export const startJobs = (house: House, options: JobOptions): Jobs => new Timetable(house, options);
