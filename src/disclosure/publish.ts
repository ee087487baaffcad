// Publishing the monthly disclosure (收支公示): on its due day at 08:00 in Shanghai, whatever is missing.
//   (1st of the month) draft → (due day) version 1 → correction: version 2 beside it, with its reason
// A month that was published unclosed is published again by itself once it is closed, and on the next due
// day if anything was added to it: nobody waits for the publication to add what the owners never see.
// What was published is never changed or withdrawn: table disclosure is append-only, and its record
// carries the SHA-256 of the figures and of both PDFs, and the checkpoint sealed into them (print.ts).
// Without a checkpoint it is published all the same, and page one says so. Two instances at once make one version:
// constraint disclosure_version_once behind an advisory lock; the later one gets what is there.
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { sha256Hex } from '../kernel/digest.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addMonths, businessDate, instant, isoInstant, periodOf, periodsBetween } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { once } from '../kernel/once.ts';
import { bookText } from '../kernel/text.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { sql } from 'kysely';
import { assembleFigures, dueAt, dueOn } from './assemble.ts';
import { printVersion, type PrintedVersion } from './print.ts';
import { refusals } from './refusals.ts';

export { closePrinter } from '../../reports/printer.ts';

export interface Published {
  period: string;
  version: number;
  figures_sha256: string;
  pdf_zh_sha256: string;
  pdf_en_sha256: string;
  due_on: string;
  published_at: string;
  seq: number;
  /** Checkpoint sealed into the PDFs; null where none could be signed. */
  checkpoint_size: number | null;
}

const columns = ['period', 'version', 'figures_sha256', 'pdf_zh_sha256', 'pdf_en_sha256', 'due_on', 'published_at', 'seq', 'checkpoint_size'] as const;

async function latestVersion(trx: Trx, estate_id: number, period: string): Promise<Published | null> {
  const row = await trx.selectFrom('disclosure').select(columns)
    .where('estate_id', '=', estate_id).where('period', '=', period)
    .orderBy('version', 'desc').limit(1).executeTakeFirst();
  return row === undefined ? null : { ...row, published_at: isoInstant(row.published_at) };
}

interface Key { key: string | null; content: Json }

/** Puts a printed version on record. Null when somebody else published this version meanwhile. */
async function record(house: House, estate: Estate, printed: PrintedVersion, { key, content }: Key): Promise<Published | null> {
  const { estate_id } = estate;
  const { figures, text, zh, en, checkpoint_size } = printed;
  const { period, version, due_on } = figures;
  return inEstate(house.db.app, estate_id, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`disclosure ${estate_id} ${period}`}, 0))`.execute(trx);
    const put = async (): Promise<{ taken: boolean; version: number }> => {
      const latest = await latestVersion(trx, estate_id, period);
      if ((latest?.version ?? 0) !== version - 1) throw new VersionTaken();
      const hashes = { figures_sha256: sha256Hex(text), pdf_zh_sha256: sha256Hex(zh), pdf_en_sha256: sha256Hex(en) };
      const reason = figures.correction === null ? {} : { correction: figures.correction.name_zh };
      const seq = await appendRecord(trx, estate_id, 'disclosure_published', { period, version, due_on, ...hashes, checkpoint_size, ...reason });
      await trx.insertInto('disclosure').values({
        estate_id, period, version, figures: text, ...hashes, pdf_zh_size: zh.length, pdf_en_size: en.length,
        due_on, published_at: instant(figures.published_at!), seq, checkpoint_size,
      }).execute();
      return { taken: true, version };
    };
    const done = await once(trx, { estate_id, key, content }, put);
    const row = await trx.selectFrom('disclosure').select(columns).where('estate_id', '=', estate_id)
      .where('period', '=', period).where('version', '=', done.version).executeTakeFirstOrThrow();
    return { ...row, published_at: isoInstant(row.published_at) };
  }).catch((error: unknown) => {
    if (error instanceof VersionTaken) return null;
    throw error;
  });
}

class VersionTaken extends Error {}

export interface Publication {
  estate: Estate;
  period: string;
  /** Null: version 1, or what is published already. Else the reason of the next version. */
  correction?: string | Bilingual | null | undefined;
  key?: string | null | undefined;
}

/** Publishes a month. Without a correction there is never more than version 1, whoever calls how often.
 *  Refusals: disclosure_unknown (nothing to correct), correction_reason_missing, text_*. */
export async function publishDisclosure(
  house: House, { estate, period, correction = null, key = null }: Publication,
): Promise<Published> {
  const { estate_id } = estate;
  const reason = typeof correction === 'string' ? bilingual(reasonText(correction)) : correction;
  const content: Json = { kind: 'disclosure', period, reason: reason?.zh ?? null };
  for (let attempt = 1; ; attempt += 1) {
    const latest = await inEstate(house.db.app, estate_id, (trx) => latestVersion(trx, estate_id, period), { readOnly: true });
    if (reason === null && latest !== null) return latest;
    if (reason !== null && latest === null) throw refusals.disclosure_unknown({ period, due_on: dueOn(estate, period) });
    const version = (latest?.version ?? 0) + 1;
    const printed = await printVersion(house, estate, { period, version, reason });
    const published = await record(house, estate, printed, { key, content });
    if (published !== null) {
      house.log.info({ estate: estate.code, period, version: published.version }, 'disclosure published');
      return published;
    }
    // Somebody else was faster. Without a correction their version is the answer; a correction goes beside it.
    if (attempt > 5) throw new Error(`disclosure ${estate.code} ${period}: no version number left free in ${attempt} attempts`);
  }
}

const bilingual = (text: string): Bilingual => ({ zh: text, en: text });

function reasonText(typed: string): string {
  const reason = bookText(typed, { field: 'reason', label: '更正说明', limit: 200 });
  if ([...reason].length < 4) throw refusals.correction_reason_missing({}, 'reason');
  return reason;
}

export interface Asked { estate: Estate; actor: Actor; period: string; key?: string | null | undefined }

/** Version n+1 of a published month, by manager or chair. */
export async function correctDisclosure(house: House, { estate, actor, period, key }: Asked, reason: string): Promise<Published> {
  demand(actor, estate.estate_id, 'publish');
  return publishDisclosure(house, { estate, period, correction: reason, key });
}

/** Publishes a closed month before its due day, by manager or chair. Refusal: disclosure_period_open. */
export async function publishNow(house: House, { estate, actor, period }: Asked): Promise<Published> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'publish');
  const closed_period = await inEstate(house.db.app, estate_id, async (trx) => (await trx.selectFrom('log_head')
    .select('closed_period').where('estate_id', '=', estate_id).executeTakeFirstOrThrow()).closed_period, { readOnly: true });
  if (period < estate.first_period) {
    throw refusals.disclosure_period_outside({ period, first_period: estate.first_period, last_period: closed_period });
  }
  if (period > closed_period) throw refusals.disclosure_period_open({ period, due_on: dueOn(estate, period) });
  return publishDisclosure(house, { estate, period });
}

// ── What the timetable calls ─────────────────────────────────────────────────────────────────────

export interface Only {
  /** One estate instead of all. */
  only?: number | undefined;
}

const estatesOf = (house: House, { only }: Only): Promise<Estate[]> => {
  const query = house.db.app.selectFrom('estate').selectAll().orderBy('estate_id');
  return (only === undefined ? query : query.where('estate_id', '=', only)).execute();
};

/** Does the work for each estate; one that fails does not keep the others from theirs. */
async function forEach<T>(house: House, only: Only, work: (estate: Estate) => Promise<T[]>): Promise<T[]> {
  const done: T[] = [];
  const failed: unknown[] = [];
  for (const estate of await estatesOf(house, only)) {
    try {
      done.push(...await work(estate));
    } catch (error) {
      house.log.error({ err: error, estate: estate.code }, 'disclosure failed');
      failed.push(error);
    }
  }
  if (failed.length === 1) throw failed[0];
  if (failed.length > 1) throw new AggregateError(failed, `disclosures of ${failed.length} estates failed`);
  return done;
}

/** Months of an estate whose due time has passed and that are not published, oldest first. */
export async function missingPeriods(house: House, estate: Estate): Promise<string[]> {
  const { estate_id } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const now = await estateNow(trx, estate_id);
    const there = await trx.selectFrom('disclosure').select('period').distinct().where('estate_id', '=', estate_id).execute();
    const published = new Set(there.map((row) => row.period));
    return periodsBetween(estate.first_period, periodOf(businessDate(now)))
      .filter((period) => dueAt(estate, period) <= now && !published.has(period));
  }, { readOnly: true });
}

interface Outdated { period: string; version: number; closed: boolean }

/** Published months that were closed since, or that got entries and met another due day since. */
async function outdatedPeriods(house: House, estate: Estate): Promise<Outdated[]> {
  const { estate_id } = estate;
  return inEstate(house.db.app, estate_id, async (trx) => {
    const now = await estateNow(trx, estate_id);
    const month = periodOf(businessDate(now));
    // The last moment at which some month was due.
    const due_at = [addMonths(month, -1), addMonths(month, -2)].map((period) => dueAt(estate, period)).find((at) => at <= now)!;
    const { rows } = await sql<Outdated>`
      select d.period, d.version, c.closed_at is not null as closed
      from (select distinct on (period) period, version, published_at from disclosure
        where estate_id = ${estate_id} order by period, version desc) d
      left join period_close c on c.estate_id = ${estate_id} and c.period = d.period
      where c.closed_at > d.published_at or (c.closed_at is null and d.published_at < ${due_at} and exists
        (select from journal_entry e join record r on r.estate_id = e.estate_id and r.seq = e.seq
          where e.estate_id = ${estate_id} and e.period = d.period and r.recorded_at > d.published_at))
      order by d.period`.execute(trx);
    return rows;
  }, { readOnly: true });
}

/** Whether there is anything to publish now. */
export const isDue = async (house: House, estate: Estate): Promise<boolean> =>
  (await missingPeriods(house, estate)).length > 0 || (await outdatedPeriods(house, estate)).length > 0;

const reasons: Record<'closed' | 'added', Bilingual> = {
  closed: { zh: '本月发布后已经结账，这是结账后的数字。', en: 'The month was closed after it was published; these are its final figures.' },
  added: { zh: '发布后又有补记的凭证，本月尚未结账。', en: 'Entries were added after it was published; the month is not closed yet.' },
};

/** Publishes everything that is due, oldest first: after any downtime, each month exactly once. */
export async function publishDue(house: House, only: Only = {}): Promise<Published[]> {
  return forEach(house, only, async (estate) => {
    const published: Published[] = [];
    for (const { period, version, closed } of await outdatedPeriods(house, estate)) {
      // The key names the version that is out of date: two instances make one new one.
      published.push(await publishDisclosure(house, {
        estate, period, correction: reasons[closed ? 'closed' : 'added'], key: `outdated ${period} v${version}`,
      }));
    }
    for (const period of await missingPeriods(house, estate)) {
      published.push(await publishDisclosure(house, { estate, period }));
    }
    return published;
  });
}

/** Draws up the draft of last month, on the 1st, for the bodies to look through. */
export async function draftDue(house: House, only: Only = {}): Promise<{ estate: string; period: string }[]> {
  return forEach(house, only, async (estate) => {
    const { estate_id } = estate;
    const now = await inEstate(house.db.app, estate_id, (trx) => estateNow(trx, estate_id), { readOnly: true });
    const period = addMonths(periodOf(businessDate(now)), -1);
    if (period < estate.first_period) return [];
    const there = await inEstate(house.db.app, estate_id, (trx) => latestVersion(trx, estate_id, period), { readOnly: true });
    if (there !== null) return [];
    const figures = canonical(await assembleFigures(house, estate, period,
      { version: 1, published_at: null, correction: null }) as unknown as Json);
    await inEstate(house.db.app, estate_id, (trx) => trx.insertInto('disclosure_draft')
      .values({ estate_id, period, figures, drafted_at: now })
      .onConflict((on) => on.columns(['estate_id', 'period']).doUpdateSet({ figures, drafted_at: now })).execute());
    return [{ estate: estate.code, period }];
  });
}
