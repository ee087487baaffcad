// A version of a disclosure from the books to the finished PDFs. Steps 1 to 4 of five; the fifth is publish.ts:
//   1. figures and facts are drawn, at one moment        2. record disclosure_prepared with the SHA-256 of both
//   3. a checkpoint is issued that covers that record    4. both PDFs are printed with the seal inside
//   5. record disclosure_published with the SHA-256 of the PDFs: it lies in the range of the next month
// What figures and facts are drawn from ends right before disclosure_prepared: nothing comes in between. A crash leaves
// at most a prepared record that nobody published, and files nobody asks for: the next run prepares anew. So do two
// instances at once, and the log may name the same version as prepared twice; what counts for a PDF is the last one
// before its checkpoint, which the lock around steps 2 and 3 makes its own.
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { canonical, type Json } from '../kernel/canonical.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { isoInstant, type Period } from '../kernel/dates.ts';
import { sha256Hex } from '../kernel/digest.ts';
import type { House } from '../kernel/house.ts';
import type { Bilingual } from '../kernel/locale.ts';
import { Refusal } from '../kernel/refusal.ts';
import { lockEstate } from '../approval/proposal.ts';
import { issueCheckpoint, type IssuedCheckpoint } from '../evidence/checkpointer.ts';
import { demandLogKey } from '../evidence/log-key.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import type { DisclosureFigures } from '../../reports/monthly-disclosure/figures.ts';
import type { Seal } from '../../reports/kit/seal.ts';
import { printer } from '../../reports/printer.ts';
import { assemble } from './assemble.ts';
import { drawSeal, type Sealing } from './seal.ts';
import { witnessedCheckpoint, type WitnessedCheckpoint } from './seal-queries.ts';
import { drawFacts } from './standing.ts';

export { closePrinter } from '../../reports/printer.ts';

export interface Wanted {
  period: Period;
  version: number;
  /** Of a version above 1: what it corrects. */
  reason: Bilingual | null;
}

export interface PrintedVersion {
  figures: DisclosureFigures;
  /** Figures as they are hashed. */
  text: string;
  zh: Buffer;
  en: Buffer;
  /** Null where no checkpoint could be signed. */
  checkpoint_size: number | null;
}

// ── Steps 1 and 2 ────────────────────────────────────────────────────────────────────────────────

interface Drawn { figures: DisclosureFigures; text: string; facts: string; witnessed: WitnessedCheckpoint | null }

async function draw(trx: Trx, estate: Estate, { period, version, reason }: Wanted): Promise<Drawn> {
  const correction = reason === null ? null
    : { name_zh: `（更正第 ${version - 1} 版）${reason.zh}`, name_en: `(corrects version ${version - 1}) ${reason.en}` };
  const now = await estateNow(trx, estate.estate_id);
  const figures = await assemble(trx, estate, period, { version, published_at: isoInstant(now), correction });
  const facts = await drawFacts(trx, estate, { period, version, size: figures.log.size });
  const { policy } = facts as { policy: string };
  return {
    figures, text: canonical(figures as unknown as Json), facts: canonical(facts),
    witnessed: await witnessedCheckpoint(trx, estate.estate_id, policy),
  };
}

async function recordPrepared(trx: Trx, estate_id: number, { figures, text, facts }: Drawn): Promise<void> {
  const { period, version } = figures;
  await appendRecord(trx, estate_id, 'disclosure_prepared', {
    period, version, figures_sha256: sha256Hex(text), facts_sha256: sha256Hex(facts),
  });
}

/** How often figures are drawn while others append to the log; then the log waits for the figures. */
const TRIES = 3;

/** Draws and records a version so that nothing lies between what was drawn and its record. */
async function prepare(house: House, estate: Estate, wanted: Wanted): Promise<Drawn> {
  const { estate_id } = estate;
  const { app } = house.db;
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const drawn = await inEstate(app, estate_id, (trx) => draw(trx, estate, wanted), { isolation: 'repeatable read', readOnly: true });
    const recorded = await inEstate(app, estate_id, async (trx) => {
      await lockEstate(trx, estate_id);
      const { size } = await trx.selectFrom('log_head').select('size').where('estate_id', '=', estate_id).executeTakeFirstOrThrow();
      if (size !== drawn.figures.log.size) return false;
      await recordPrepared(trx, estate_id, drawn);
      return true;
    });
    if (recorded) return drawn;
  }
  return inEstate(app, estate_id, async (trx) => {
    await lockEstate(trx, estate_id);
    const drawn = await draw(trx, estate, wanted);
    await recordPrepared(trx, estate_id, drawn);
    return drawn;
  });
}

// ── Step 3 ───────────────────────────────────────────────────────────────────────────────────────

/** A log without a key gets its first one before the facts name the keys. What fails here fails again, and is told,
 *  when the checkpoint is asked for. */
async function demandKey(house: House, estate: Estate): Promise<void> {
  const keys = house.log_keys ?? null;
  if (keys === null) return;
  await inEstate(house.db.app, estate.estate_id, (trx) => demandLogKey(house, keys, trx, estate))
    .catch((error: unknown) => house.log.error({ err: error, estate: estate.code }, 'the log has no key'));
}

/** A disclosure waits for nothing, not for a checkpoint either: without one it is published and says so. */
async function checkpointFor(house: House, estate: Estate, { period, version }: Wanted): Promise<IssuedCheckpoint | null> {
  // Once more, because a database that was away for a moment would cost the month its seal.
  const issued = await issueCheckpoint(house, estate) ?? ((house.log_keys ?? null) === null ? null : await issueCheckpoint(house, estate));
  if (issued === null) {
    house.log.error({ estate: estate.code, period, version },
      'the disclosure is published without a seal, because no checkpoint could be signed; publish a correction when that is mended');
  }
  return issued;
}

// Whoever waits for the lock below holds a connection: of one process only one does, for an estate.
const turns = new Map<number, Promise<unknown>>();
async function inTurn<T>(estate_id: number, work: () => Promise<T>): Promise<T> {
  const before = turns.get(estate_id) ?? Promise.resolve();
  const mine = before.then(work);
  const settled = mine.catch(() => undefined);
  turns.set(estate_id, settled);
  return mine.finally(() => turns.get(estate_id) === settled && turns.delete(estate_id));
}

/** Steps 1 to 3: what is to be printed, and the checkpoint that covers it. */
async function prepareAndSign(house: House, estate: Estate, wanted: Wanted): Promise<Drawn & { checkpoint: IssuedCheckpoint | null }> {
  await demandKey(house, estate);
  // Only while preparing, not while printing. The last prepared record before a checkpoint is that checkpoint's own.
  return inEstate(house.db.app, estate.estate_id, async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`disclosure prepared ${estate.estate_id}`}, 0))`.execute(trx);
    const drawn = await prepare(house, estate, wanted);
    return { ...drawn, checkpoint: await checkpointFor(house, estate, wanted) };
  });
}

// ── Step 4 ───────────────────────────────────────────────────────────────────────────────────────

/** The seal, unless the log cannot even be read out: then the month is published without one, as without a key. */
async function sealOf(house: House, sealing: Sealing): Promise<Seal | null> {
  try {
    return await drawSeal(house, sealing);
  } catch (error) {
    // A database that is away comes back: then the whole version is made again.
    if (error instanceof Refusal) throw error;
    const { estate, period, version } = sealing;
    house.log.error({ err: error, estate: estate.code, period, version }, 'the disclosure is published without a seal: the log could not be read out');
    return null;
  }
}

/** Prepares a version, signs for it and prints it in both languages at the same time; the files are kept. */
export async function printVersion(house: House, estate: Estate, wanted: Wanted): Promise<PrintedVersion> {
  const { figures, text, facts, witnessed, checkpoint } = await inTurn(estate.estate_id, () => prepareAndSign(house, estate, wanted));
  const { period, version } = wanted;
  const seal = checkpoint === null ? null : await sealOf(house, { estate, period, version, checkpoint, facts, witnessed });
  const [zh, en] = await Promise.all([printer().disclosure(figures, 'zh', seal), printer().disclosure(figures, 'en', seal)]);
  await Promise.all([house.storage.keep(zh), house.storage.keep(en)]);
  return { figures, text, zh, en, checkpoint_size: seal?.size ?? null };
}
