// Invitations (邀请单): how residents come in. A sheet is printed for each dwelling and put into its
// letter box.
//   issued → used once, or expired after 90 days
// Only the SHA-256 of a code is kept (guarded by its wall and its check digit); the sheet is its
// only copy. Whoever has a login already adds a dwelling to it with a code.
import type { Actor, Estate } from '../kernel/actor.ts';
import { sha256 } from '../kernel/digest.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { businessDate, laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { appendRecord, estateNow } from '../evidence/records.ts';
import { CODE_DIGITS, newCode, readCode } from './code.ts';
import { countFailure, refuseGuessing } from './limits.ts';
import { checkPerson, writePerson, type CheckedPerson } from './person.ts';
import { unjoinedUnits } from './queries.ts';
import { refusals } from './refusals.ts';

const VALID = 90 * 24 * 3600_000;
export const MOST_SHEETS = 500;

// ── Issuing ──────────────────────────────────────────────────────────────────────────────────────

export interface Invitation {
  unit: string;
  code: string;
  expires_on: string;
}

/** Dwellings as typed into a form, one per line or with commas; full-width signs and long dashes
 *  folded. */
export const readUnits = (typed: string): string[] =>
  typed
    .normalize('NFKC')
    .split(/[\s,;、，；]+/)
    .map((unit) => unit.replace(/[‐-―－]/g, '-'))
    .filter((unit) => unit !== '');

async function knownUnits(
  trx: Trx,
  estate_id: number,
  wanted: readonly string[],
): Promise<string[]> {
  const units = [...new Set(wanted)];
  if (units.length === 0) return [];
  const rows = await trx
    .selectFrom('unit')
    .select('unit')
    .where('estate_id', '=', estate_id)
    .where('unit', 'in', units)
    .execute();
  const known = new Set(rows.map(({ unit }) => unit));
  const unknown = units.find((unit) => !known.has(unit));
  if (unknown !== undefined)
    throw refusals.unit_unknown({ unit: [...unknown].slice(0, 40).join('') }, 'units');
  return units;
}

/** Issues a code for each of the dwellings; without `units`, for each that nobody has joined
 *  yet. The answer  is the only place where the codes stand. Refusals: unit_unknown,
 *  invitations_none, invitations_too_many. */
export async function issueInvitations(
  trx: Trx,
  {
    estate,
    actor,
    units: wanted,
  }: { estate: Estate; actor: Actor; units?: readonly string[] | undefined },
): Promise<Invitation[]> {
  const { estate_id } = estate;
  const units =
    wanted === undefined
      ? await unjoinedUnits(trx, estate_id)
      : await knownUnits(trx, estate_id, wanted);
  if (units.length === 0) throw refusals.invitations_none({}, 'units');
  if (units.length > MOST_SHEETS)
    throw refusals.invitations_too_many({ limit: MOST_SHEETS, count: units.length }, 'units');
  const order = new Intl.Collator('zh', { numeric: true });
  const issued_at = await estateNow(trx, estate_id);
  const expires_at = laterBy(issued_at, VALID);
  const codes = units.sort(order.compare).map((unit) => ({ unit, code: newCode(estate_id) }));
  // Whoever hands out codes decides who may come in: the number of them is on record.
  await appendRecord(trx, estate_id, 'invitations_issued', {
    count: codes.length,
    issued_by: actor.person_id,
  });
  await trx
    .insertInto('invitation')
    .values(
      codes.map(({ unit, code }) => ({
        estate_id,
        code_hash: sha256(code),
        unit,
        issued_by: actor.person_id,
        issued_at,
        expires_at,
      })),
    )
    .execute();
  const expires_on = businessDate(expires_at);
  return codes.map((invitation) => ({ ...invitation, expires_on }));
}

// ── Joining ──────────────────────────────────────────────────────────────────────────────────────

type Doors = Pick<House, 'db' | 'clock' | 'settings'>;
export interface FoundInvitation {
  code: string;
  estate: Estate;
  unit: string;
}

/** The dwelling behind a code. Refusals in this order: too_many_tries, invitation_misread,
 *  invitation_invalid. */
export async function findInvitation(
  house: Doors,
  typed: string,
  address: string,
): Promise<FoundInvitation> {
  await refuseGuessing(house, { login: null, address });
  const read = readCode(typed);
  if (read === null) throw refusals.invitation_misread({ digits: CODE_DIGITS }, 'code');
  const { code, estate_id } = read;
  const estate = await house.db.app
    .selectFrom('estate')
    .selectAll()
    .where('estate_id', '=', estate_id)
    .executeTakeFirst();
  const unit =
    estate === undefined
      ? undefined
      : await inEstate(house.db.app, estate_id, async (trx) => {
          const found = await trx
            .selectFrom('invitation')
            .select('unit')
            .where('estate_id', '=', estate_id)
            .where('code_hash', '=', sha256(code))
            .where('used_at', 'is', null)
            .where('expires_at', '>', await estateNow(trx, estate_id))
            .executeTakeFirst();
          return found?.unit;
        });
  if (estate !== undefined && unit !== undefined) return { code, estate, unit };
  await countFailure(house, { login: null, address });
  throw refusals.invitation_invalid({}, 'code');
}

/** Uses the code up and writes the resident. Refusals: already_joined, invitation_invalid. */
async function moveIn(
  trx: Trx,
  { code, estate: { estate_id }, unit }: FoundInvitation,
  person_id: string,
): Promise<void> {
  const home = await trx
    .selectFrom('resident')
    .select('left_at')
    .where('estate_id', '=', estate_id)
    .where('unit', '=', unit)
    .where('person_id', '=', person_id)
    .executeTakeFirst();
  if (home !== undefined && home.left_at === null) throw refusals.already_joined({ unit }, 'code');
  const now = await estateNow(trx, estate_id);
  const used = await trx
    .updateTable('invitation')
    .set({ used_by: person_id, used_at: now })
    .where('estate_id', '=', estate_id)
    .where('code_hash', '=', sha256(code))
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning('unit')
    .executeTakeFirst();
  if (used === undefined) throw refusals.invitation_invalid({}, 'code');
  await trx
    .insertInto('resident')
    .values({ estate_id, unit, person_id, joined_at: now })
    .onConflict((conflict) =>
      conflict.columns(['estate_id', 'unit', 'person_id']).doUpdateSet({ left_at: null }),
    )
    .execute();
}

export interface NewResident {
  login: string;
  password: string;
  name: string;
}
export interface Joined {
  person_id: string;
  estate: Estate;
  unit: string;
}

/** A new person joins with a code: person, login and home come into being together or not at
 *  all. Refusals as of  findInvitation and enterPerson. */
export async function joinAsNew(
  house: Doors,
  typed: string,
  resident: NewResident,
  address: string,
): Promise<Joined> {
  const invitation = await findInvitation(house, typed, address);
  const name = resident.name.trim() === '' ? resident.login : resident.name;
  const checked: CheckedPerson = await checkPerson(house, {
    ...resident,
    name,
    signing_password: null,
  });
  const { estate, unit } = invitation;
  const person_id = await inEstate(house.db.app, estate.estate_id, async (trx) => {
    const entered = await writePerson(trx, checked);
    await moveIn(trx, invitation, entered);
    return entered;
  });
  return { person_id, estate, unit };
}

/** Somebody who has a login adds a dwelling with a code. Refusals as of findInvitation;
 *  already_joined. */
export async function addHome(
  house: Doors,
  typed: string,
  actor: Actor,
  address: string,
): Promise<Joined> {
  const invitation = await findInvitation(house, typed, address);
  const { estate, unit } = invitation;
  await inEstate(house.db.app, estate.estate_id, (trx) => moveIn(trx, invitation, actor.person_id));
  return { person_id: actor.person_id, estate, unit };
}
