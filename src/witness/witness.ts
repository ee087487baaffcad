// Witnesses (见证人): a committee member, an official of street or community, or an owner whose own device keeps a key
// and the last checkpoint it cosigned. The device, not this server, sees to it that the log only grew; the server
// keeps the cosignatures, so that whoever holds a disclosure can see that others were shown the same log.
//   enrolled → retired        another device of the same person and side, or by the person; an office that ended
//                             needs no retiring: its cosignatures are no longer taken (may_witness)
// One device of a person and side at a time: witness_device. Kept for ever, written through doors only:
// enrol_witness, retire_witness (role app), record_cosignature (role signer, after it was verified here).
// Order of checks of a cosignature: witness_unknown, witness_of_another, witness_retired, witness_not_entitled,
// checkpoint_unknown, cosignature_wrong, cosignature_time_wrong, witness_goes_back.
import { sql } from 'kysely';
import { demand, type Actor, type BodyKind, type Estate } from '../kernel/actor.ts';
import { constraintRefusal, inEstate, type Trx } from '../kernel/database.ts';
import { instant, laterBy, shanghaiTime } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { latestCheckpoint, readCheckpointRow } from '../evidence/checkpointer.ts';
import { logKeys } from '../evidence/log-key.ts';
import { estateNow } from '../evidence/records.ts';
import { refusals as logRefusals } from '../evidence/refusals.ts';
import { verifyCosignature } from '../proof/cosignature.ts';
import { COSIGNATURE, readVerifierKey, type VerifierKey } from '../proof/note.ts';
import type { WitnessGroup } from '../proof/policy.ts';
import { refusals } from './refusals.ts';

export type Side = WitnessGroup;
export const SIDES: readonly Side[] = ['committee', 'street', 'resident'];

export const sideNames: Record<Side, { zh: string; en: string }> = {
  committee: { zh: '业委会', en: "owners' committee" },
  street: { zh: '街道、社区', en: 'street office or community' },
  resident: { zh: '业主', en: 'owners' },
};

const bodies: Partial<Record<BodyKind, Side>> = { committee: 'committee', street: 'street', community: 'street' };

/** For whom a person may witness today; the door asks may_witness() again. */
export function sidesOf(actor: Pick<Actor, 'terms' | 'homes'>, estate_id: number): Side[] {
  const held = new Set(actor.terms.filter((term) => term.estate_id === estate_id).map((term) => bodies[term.body]));
  if (actor.homes.some((home) => home.estate_id === estate_id)) held.add('resident');
  return SIDES.filter((side) => held.has(side));
}

/** Committee AND (street OR resident), as the policy file says it. */
export const fulfils = (sides: Iterable<Side>): boolean => missingSides(sides).length === 0;

export function missingSides(sides: Iterable<Side>): ('committee' | 'street_or_resident')[] {
  const signed = new Set(sides);
  const either = signed.has('street') || signed.has('resident');
  return [...(signed.has('committee') ? [] : ['committee' as const]), ...(either ? [] : ['street_or_resident' as const])];
}

const notEntitled = (side: Side, sides: readonly Side[]): Refusal => {
  const named = (locale: 'zh' | 'en'): string => sides.map((one) => sideNames[one][locale]).join(locale === 'zh' ? '、' : ', ');
  return refusals.witness_not_entitled({
    side: sideNames[side].zh, side_en: sideNames[side].en, sides: named('zh') || '无', sides_en: named('en') || 'none',
  }, 'side');
};

// ── Enrolling and retiring ───────────────────────────────────────────────────────────────────────

/** Name of a device's key: "<origin>/<side>-<8 hex digits>", chosen by the device; it names nobody. */
export const keyNameStart = (origin: string, side: Side): string => `${origin}/${side}-`;

function readWitnessKey(vkey: string, name: string): VerifierKey {
  const wrong = refusals.witness_key_unreadable({ name }, 'vkey');
  let key: VerifierKey;
  try {
    key = readVerifierKey(vkey);
  } catch {
    throw wrong;
  }
  const named = key.name.startsWith(name) && /^[0-9a-f]{8}$/.test(key.name.slice(name.length));
  if (key.algorithm !== COSIGNATURE || !named) throw wrong;
  return key;
}

export interface Enrolment { estate: Estate; actor: Actor; side: Side; vkey: string }

/** Enrols the actor's device for a side; the one before retires, and the log says so. The same key once more gives the
 *  same number. Refusals: not_allowed, witness_not_entitled, witness_log_empty, witness_key_unreadable, witness_key_used. */
export async function enrolWitness(house: House, { estate, actor, side, vkey }: Enrolment): Promise<{ witness_id: number }> {
  const { estate_id } = estate;
  const { person_id } = demand(actor, estate_id, 'witness');
  const sides = sidesOf(actor, estate_id);
  if (!sides.includes(side)) throw notEntitled(side, sides);
  try {
    return await inEstate(house.db.app, estate_id, async (trx) => {
      const origin = (await logKeys(trx, estate_id)).at(-1)?.origin;
      if (origin === undefined) throw refusals.witness_log_empty();
      readWitnessKey(vkey, keyNameStart(origin, side));
      const before = await trx.selectFrom('witness').select(['witness_id', 'person_id', 'side', 'retired_at'])
        .where('estate_id', '=', estate_id).where('vkey', '=', vkey).executeTakeFirst();
      if (before !== undefined) {
        const own = before.person_id === person_id && before.side === side && before.retired_at === null;
        if (!own) throw refusals.witness_key_used({}, 'vkey');
        return { witness_id: before.witness_id };
      }
      const { rows } = await sql<{ witness_id: number }>`
        select enrol_witness(${estate_id}, ${person_id}::uuid, ${side}, ${vkey}) as witness_id`.execute(trx);
      return { witness_id: rows[0]!.witness_id };
    });
  } catch (error) {
    throw constraintRefusal(error, {
      witness_key_once: () => refusals.witness_key_used({}, 'vkey'),
      // The same key under another name would be one device that counts twice.
      witness_public_key: () => refusals.witness_key_used({}, 'vkey'),
      witness_not_entitled: () => notEntitled(side, []),
    });
  }
}

interface Row { witness_id: number; person_id: string; side: Side; vkey: string; retired_at: Date | null }

interface Own { estate_id: number; actor: Actor; witness_id: number }

async function ownWitness(trx: Trx, { estate_id, actor, witness_id }: Own): Promise<Row> {
  const found = await trx.selectFrom('witness').select(['witness_id', 'person_id', 'side', 'vkey', 'retired_at'])
    .where('estate_id', '=', estate_id).where('witness_id', '=', witness_id).executeTakeFirst();
  if (found === undefined) throw refusals.witness_unknown({ witness: witness_id }, 'witness');
  if (found.person_id !== actor.person_id) throw refusals.witness_of_another({ witness: witness_id }, 'witness');
  return found;
}

/** Ends one's own device, a lost one for instance; a second time changes nothing. Refusals: not_allowed,
 *  witness_unknown, witness_of_another. */
export async function retireWitness(
  house: House, { estate, actor, witness_id }: { estate: Estate; actor: Actor; witness_id: number },
): Promise<void> {
  const { estate_id } = estate;
  demand(actor, estate_id, 'witness');
  await inEstate(house.db.app, estate_id, async (trx) => {
    await ownWitness(trx, { estate_id, actor, witness_id });
    await sql`select retire_witness(${estate_id}, ${witness_id})`.execute(trx);
  });
}

// ── Cosignatures ─────────────────────────────────────────────────────────────────────────────────

const DAY = 86_400_000;
/** The year 9999, in seconds. */
const FARTHEST = 253_370_764_800;

export interface Cosignature {
  estate: Estate;
  actor: Actor;
  size: number;
  witness_id: number;
  /** Line of the signed note, with its newline or without. */
  line: string;
}
export type CosignatureStatus = 'recorded' | 'already_recorded';

/** The time a device states, checked: a clock that is years off would make the signature worthless. */
function demandTime(seconds: number, { issued_at, now }: { issued_at: Date; now: Date }): Date {
  const time = laterBy(instant('1970-01-01T00:00:00Z'), Math.min(seconds, FARTHEST) * 1000);
  if (time < laterBy(issued_at, -DAY) || time > laterBy(now, DAY)) {
    throw refusals.cosignature_time_wrong({ time: shanghaiTime(time).slice(0, 16), now: shanghaiTime(now).slice(0, 16) }, 'line');
  }
  return time;
}

/** Keeps a cosignature that holds. Refusals as listed at the top. */
export async function keepCosignature(house: House, cosignature: Cosignature): Promise<CosignatureStatus> {
  const { estate: { estate_id }, actor, size, witness_id } = cosignature;
  demand(actor, estate_id, 'witness');
  const line = `${cosignature.line.replace(/\n$/, '')}\n`;
  return inEstate(house.db.signer, estate_id, async (trx) => {
    const witness = await ownWitness(trx, { estate_id, actor, witness_id });
    if (witness.retired_at !== null) throw refusals.witness_retired({ witness: witness_id }, 'witness');
    const sides = sidesOf(actor, estate_id);
    if (!sides.includes(witness.side)) throw notEntitled(witness.side, sides);
    const checkpoint = await readCheckpointRow(trx, estate_id, size);
    if (checkpoint === null) {
      throw logRefusals.checkpoint_unknown({ size, latest: (await latestCheckpoint(trx, estate_id))?.size ?? 0 }, 'size');
    }
    const seconds = verifyCosignature(checkpoint.note, line, readVerifierKey(witness.vkey));
    if (seconds === null) throw refusals.cosignature_wrong({ size }, 'line');
    const time = demandTime(seconds, { issued_at: checkpoint.issued_at, now: await estateNow(trx, estate_id) });
    const { rows } = await sql<{ status: string }>`
      select record_cosignature(${estate_id}, ${witness_id}, ${size}, ${time}, ${line.slice(0, -1)}) as status`.execute(trx);
    const status = rows[0]!.status;
    if (status === 'recorded' || status === 'already_recorded') return status;
    if (status === 'witness_not_entitled') throw notEntitled(witness.side, []);
    if (status === 'witness_unknown') throw refusals.witness_retired({ witness: witness_id }, 'witness');
    throw refusals.witness_goes_back({ size, latest: await lastCosigned(trx, estate_id, witness_id) }, 'size');
  });
}

const lastCosigned = async (trx: Trx, estate_id: number, witness_id: number): Promise<number> => {
  const { size } = await trx.selectFrom('cosignature').select((eb) => eb.fn.max<number | null>('size').as('size'))
    .where('estate_id', '=', estate_id).where('witness_id', '=', witness_id).executeTakeFirstOrThrow();
  return size ?? 0;
};
