// Reconciling a bank account (对账): after a statement was taken, every ten minutes, and when somebody asks.
//   read all open lines → decide (match.ts) → link → book, a thousand at a time → the unexplained to suspense
// One instance at a time reconciles an account (advisory lock); the door judges every entry anyway, so that whoever
// confirms by hand at the same moment is not in the way: a line is booked once. Called again it does nothing.
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { instant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { Refusal } from '../kernel/refusal.ts';
import { estateNow } from '../evidence/records.ts';
import { BATCH_LIMIT, isBooked, postEntries, type PostResult } from '../ledger/gate.ts';
import { openDays } from '../ledger/period-queries.ts';
import type { FreshLine } from '../bank/statement.ts';
import { isLink, link, post, writeBodies, type Booking, type Item } from './book.ts';
import type { Candidate, OpenLine } from './candidate.ts';
import { isOut } from './matching.ts';
import { matchLines } from './match.ts';
import { accountsWithOpenLines, bankAccountsOf, linesLeft } from './queries.ts';
import { matchOpening } from './opening.ts';
import { countHits, seedRules } from './rule.ts';
import { readSources } from './sources.ts';
import { deadlineOf, sendAlarms, suspenseBody, type Alarming } from './suspense.ts';

export interface Reconciled {
  account: string;
  /** Lines linked with entries that were there. */
  linked: number;
  /** Lines booked: orders paid, fees, receipts. */
  booked: number;
  /** Lines put to suspense, and the debits among them. */
  suspended: number;
  alarms: number;
  /** Lines that wait for a person. */
  waiting: number;
}

/** Each run holds a connection for its lock and needs others for its work: more at once would wait for each other, and the pages
 *  for them all. */
const AT_ONCE = 2;
let under_way = 0;
const waiting: (() => void)[] = [];
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (under_way >= AT_ONCE) await new Promise<void>((go) => { waiting.push(go); });
  else under_way += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) under_way -= 1;
    else next();
  }
}

/** Does the work, unless another instance is at it. */
async function underLock<T>(house: House, estate_id: number, account: string, work: () => Promise<T>): Promise<T | null> {
  return house.db.app.connection().execute(async (connection) => {
    const key = `reconcile ${estate_id} ${account}`;
    const { rows } = await sql<{ mine: boolean }>`select pg_try_advisory_lock(hashtextextended(${key}, 0)) as mine`.execute(connection);
    if (rows[0]?.mine !== true) return null;
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${key}, 0))`.execute(connection);
    }
  });
}

/** Open lines from which on statistics are taken before they are read. */
const MANY = 1_000;

const pages = <T>(rows: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, page) => rows.slice(page * size, (page + 1) * size));

/** What booking needs to know besides the lines. */
export async function bookingOf(trx: Trx, estate_id: number, account: string, by: string | null): Promise<Booking> {
  const accounts = await trx.selectFrom('account').select(['account', 'name_zh']).where('estate_id', '=', estate_id).execute();
  return { estate_id, account, by, days: await openDays(trx, estate_id), account_names: new Map(accounts.map((row) => [row.account, row.name_zh])) };
}

class Run {
  readonly done: Reconciled;
  readonly #house: House;
  readonly #estate: Estate;
  readonly #account: string;
  readonly #by: string | null;

  constructor(house: House, estate: Estate, account: string, by: string | null) {
    this.#house = house;
    this.#estate = estate;
    this.#account = account;
    this.#by = by;
    this.done = { account, linked: 0, booked: 0, suspended: 0, alarms: 0, waiting: 0 };
  }

  #within<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    return inEstate(this.#house.db.app, this.#estate.estate_id, work);
  }

  /** After thousands of rows at once the planner must hear of them. */
  async #tellPlanner(): Promise<void> {
    await sql`select refresh_statistics()`.execute(this.#house.db.app);
  }

  async once(): Promise<void> {
    const { estate_id } = this.#estate;
    if (await this.#within((trx) => linesLeft(trx, estate_id, this.#account)) >= MANY) await this.#tellPlanner();
    const { sources, booking, now } = await inEstate(this.#house.db.app, estate_id, async (trx) => {
      await seedRules(trx, estate_id);
      await matchOpening(trx, estate_id, this.#account, this.#by);
      return { sources: await readSources(trx, estate_id, this.#account), booking: await bookingOf(trx, estate_id, this.#account, this.#by),
        now: await estateNow(trx, estate_id) };
    });
    if (sources.lines.length === 0) return;
    const lines = new Map(sources.lines.map((line) => [line.position, line]));
    const { certain, proposed } = matchLines(sources);
    const items = certain.map((candidate): Item => ({ candidate, lines: candidate.lines.map((position) => lines.get(position)!) }));
    const refused = new Map<number, 'now' | 'later'>();
    for (const page of pages(items.filter(({ candidate }) => isLink(candidate)), BATCH_LIMIT)) await this.#link(booking, page);
    for (const [at, page] of pages(items.filter(({ candidate }) => !isLink(candidate)), BATCH_LIMIT).entries()) {
      if (at === 2 || at === 20) await this.#tellPlanner();
      for (const [position, when] of await this.#book(booking, page)) refused.set(position, when);
    }
    const settled = new Set(certain.flatMap((candidate) => candidate.lines));
    // A fee beyond its cap is no fee that anybody allowed: it is as unexplained as any other debit.
    const waits = (line: OpenLine): boolean =>
      (settled.has(line.position) ? refused.get(line.position) === 'later' : proposed.has(line.position)) && deadlineOf(line) > now;
    const unexplained = sources.lines.filter((line) => !waits(line) && (!settled.has(line.position) || refused.has(line.position)));
    for (const page of pages(unexplained, BATCH_LIMIT)) await this.#suspend(booking, page, sources.free_fund);
    this.done.waiting = sources.lines.filter(waits).length;
  }

  async #link(booking: Booking, items: readonly Item[]): Promise<void> {
    const makers = new Map<string, Candidate[]>();
    for (const { candidate, lines } of items) {
      const by = booking.by ?? lines[0]!.imported_by;
      makers.set(by, [...makers.get(by) ?? [], candidate]);
    }
    for (const [by, candidates] of makers) {
      const results = await this.#within((trx) => link(trx, booking, by, candidates));
      this.done.linked += results.filter((one) => one.status === 'matched').length;
    }
  }

  /** Gives the lines that were refused: a fee beyond the mandate is unexplained now, anything else may be mended in time. */
  async #book(booking: Booking, items: readonly Item[]): Promise<[number, 'now' | 'later'][]> {
    const results = await this.#tryAll(booking, items);
    const booked = items.filter((_, at) => results[at]?.status === 'posted');
    this.done.booked += booked.length;
    const rules = booked.flatMap(({ candidate }) => candidate.rule ?? []);
    if (rules.length > 0) await this.#within((trx) => countHits(trx, booking.estate_id, rules));
    return items.flatMap(({ lines: [line] }, at): [number, 'now' | 'later'][] => {
      const status = results[at]?.status ?? '';
      return isBooked(status as PostResult['status']) ? [] : [[line!.position, status.startsWith('mandate_') ? 'now' : 'later']];
    });
  }

  /** All at once; where one of them is refused as a whole (a bill paid a moment ago), one by one. */
  async #tryAll(booking: Booking, items: readonly Item[]): Promise<(PostResult | null)[]> {
    const bookAll = (some: readonly Item[]) => this.#within(async (trx) => post(trx, booking.estate_id, await writeBodies(trx, booking, some)));
    try {
      return await bookAll(items);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 503) throw error;
      if (items.length === 1) {
        this.#house.log.info({ code: error.code, estate: this.#estate.code, line: items[0]!.lines[0]!.position }, 'a line could not be booked by itself');
        return [null];
      }
    }
    const results: (PostResult | null)[] = [];
    for (const item of items) results.push(...await this.#tryAll(booking, [item]));
    return results;
  }

  async #suspend(booking: Booking, lines: readonly OpenLine[], fund: string | null): Promise<void> {
    if (fund === null) {
      this.#house.log.warn({ estate: this.#estate.code }, 'no unrestricted fund: unexplained lines stay open');
      const debits = lines.filter((line) => isOut(line.amount)).map((line) => ({ line, seq: null }));
      await this.#within((trx) => alarmOf(trx, this.#estate, booking.account, debits));
      return;
    }
    const { suspended, alarms } = await this.#within((trx) => suspend(trx, this.#estate, booking, lines, fund));
    this.done.suspended += suspended;
    this.done.alarms += alarms;
  }
}

async function alarmOf(trx: Trx, estate: Pick<Estate, 'estate_id' | 'code'>, account: string, debits: readonly Alarming[]): Promise<void> {
  if (debits.length === 0) return;
  const bank = (await bankAccountsOf(trx, estate.estate_id)).find((row) => row.account === account);
  await sendAlarms(trx, estate, { account, last4: bank?.account_last4 ?? '' }, debits);
}

/** Books lines to suspense and raises the alarm for the debits among them, in one transaction; also for those the books refuse. */
export async function suspend(
  trx: Trx, estate: Pick<Estate, 'estate_id' | 'code'>, booking: Booking, lines: readonly OpenLine[], fund: string,
): Promise<{ results: PostResult[]; suspended: number; alarms: number }> {
  const results = await postEntries(trx, estate.estate_id, lines.map((line) => suspenseBody(booking, line, fund)));
  const posted = lines.flatMap((line, at) => (results[at]!.status === 'posted' ? [{ line, seq: results[at]!.seq! }] : []));
  const debits = posted.filter(({ line }) => isOut(line.amount));
  // Taken: somebody else has booked it a moment ago.
  const refused = lines.filter((line, at) => isOut(line.amount) && !isBooked(results[at]!.status) && results[at]!.status !== 'bank_line_taken');
  await alarmOf(trx, estate, booking.account, [...debits, ...refused.map((line) => ({ line, seq: null }))]);
  return { results, suspended: posted.length, alarms: debits.length };
}

const lastPosition = (house: House, estate_id: number, account: string): Promise<number> => inEstate(house.db.app, estate_id, async (trx) =>
  (await trx.selectFrom('bank_line').select((eb) => eb.fn.max('position').as('last')).where('estate_id', '=', estate_id)
    .where('account', '=', account).executeTakeFirst())?.last ?? 0, { readOnly: true });

/** Matches what is certain and puts to suspense what is unexplained. `actor` null: the program itself, in the name of whoever
 *  handed in each statement. Null: another instance is at it. Refusals: those of demand() for reconcile, reconcile_account_unknown. */
export async function reconcileAccount(
  house: House, estate: Estate, account: string, { actor }: { actor: Actor | null },
): Promise<Reconciled | null> {
  const by = actor === null ? null : demand(actor, estate.estate_id, 'reconcile').person_id;
  return inTurn(() => underLock(house, estate.estate_id, account, async () => {
    const run = new Run(house, estate, account, by);
    // A statement taken while this was at work has found the lock taken.
    for (let seen = -1, last = 0; seen !== last;) {
      seen = await lastPosition(house, estate.estate_id, account);
      await run.once();
      last = await lastPosition(house, estate.estate_id, account);
    }
    return run.done;
  }));
}

/** For the job: every bank account with open lines; gives what was done, for the log. What fails in one keeps no other waiting. */
export async function reconcileDue(house: House, estate: Estate): Promise<string[]> {
  const accounts = await inEstate(house.db.app, estate.estate_id, (trx) => accountsWithOpenLines(trx, estate.estate_id), { readOnly: true });
  const done: string[] = [];
  const failed: unknown[] = [];
  for (const account of accounts) {
    const one = await reconcileAccount(house, estate, account, { actor: null }).catch((error: unknown) => {
      failed.push(error);
      return null;
    });
    if (one !== null && one.linked + one.booked + one.suspended > 0) {
      done.push(`${account}: ${one.linked} linked, ${one.booked} booked, ${one.suspended} to suspense (${one.alarms} debits), ${one.waiting} waiting`);
    }
  }
  if (failed.length > 0) throw failed[0];
  return done;
}


/** What would become of lines that are not taken yet, for the dry run of a statement; writes nothing. Without rules for fees and
 *  interest, which an estate gets with its first run. */
export async function wouldMatch(
  trx: Trx, { estate_id, account, lines }: { estate_id: number; account: string; lines: readonly FreshLine[] },
): Promise<{ matched: number; proposed: number }> {
  const sources = await readSources(trx, estate_id, account, lines.map((line, at): OpenLine => ({
    position: Number.MAX_SAFE_INTEGER - lines.length + at, booked_on: line.booked_on, amount: line.amount, serial: line.serial,
    counterparty_name: line.counterparty_name, counterparty_account: line.counterparty_account, memo: line.memo, purpose: line.purpose,
    sha256: '', imported_by: '', imported_at: instant('2000-01-01T00:00:00Z'), tries: 0,
  })));
  const fresh = new Set(sources.lines.slice(-lines.length).map((line) => line.position));
  if (lines.length === 0) return { matched: 0, proposed: 0 };
  const { certain, proposed } = matchLines(sources);
  return {
    matched: certain.flatMap((candidate) => candidate.lines).filter((position) => fresh.has(position)).length,
    proposed: [...proposed.keys()].filter((position) => fresh.has(position)).length,
  };
}
