// Owners and tenants over time (产权、租赁). Who they are lies in party_identity; the register knows an opaque id.
//   handover   ends whoever owned the day before and opens the new owners; somebody of the same name who owned it already
//              keeps their id. On the same day again it is a correction: what it replaces never was.
//   tenants    stay (买卖不破租赁) until they move out; while one is there the dwelling is let
//   logins     of those who leave end on the day itself (end_residence): a former owner sees nothing of the new one's,
//              and an invitation sheet they kept opens nothing any more (void_invitations)
import { sql } from 'kysely';
import { estateNow } from '../evidence/records.ts';
import { demand } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { addDays, shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { chosen, dayTyped, dwellingOn, keepRegister, occupy, type Asked, type Keeping } from './register.ts';
import { occupancies, tenuresOf, type Tenure } from './register-queries.ts';
import { refusals } from './register-refusals.ts';

export interface NewParty {
  name: string;
  phone?: string | undefined;
  kind?: string | undefined;
  note?: string | undefined;
}
export interface NewOwner extends NewParty {
  /** "1/2" or "50%"; empty: not said. */
  share?: string | undefined;
  pays?: boolean | undefined;
}

const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]|\p{Variation_Selector}/gu;
const line = (typed: string | undefined): string => (typed ?? '').normalize('NFKC').replace(unseen, '').replace(/[\s\p{Cc}]+/gu, ' ').trim();

interface Identity { name: string; phone: string; note: string; kind: 'person' | 'organisation' }

/** Refusals: party_name_invalid, party_phone_invalid, party_note_too_long, register_choice_unknown. */
function identityTyped({ name: typed, phone: number, kind = 'person', note: remark }: NewParty, field = ''): Identity {
  const [name, phone, note] = [line(typed), line(number), line(remark)];
  if (name === '' || [...name].length > 60) throw refusals.party_name_invalid({}, `${field}name`);
  if (phone !== '' && !/^[0-9+*()\-,;/ 转xX]{5,40}$/u.test(phone)) throw refusals.party_phone_invalid({}, `${field}phone`);
  if ([...note].length > 200) throw refusals.party_note_too_long({ length: [...note].length }, `${field}note`);
  return { name, phone, note, kind: chosen(kind, ['person', 'organisation'] as const, `${field}kind`) };
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? a : gcd(b, a % b));

/** "1/2", "50%" or empty, in lowest terms. Refusal: share_invalid. */
export function shareTyped(typed: string | undefined, field = 'share'): string {
  const plain = line(typed).replace(/\s/g, '');
  if (plain === '') return '';
  const per_cent = /^(\d{1,3})(?:\.(\d{1,2}))?%$/.exec(plain);
  const fraction = /^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(plain);
  const [above, below] = per_cent !== null ? [BigInt(per_cent[1]! + (per_cent[2] ?? '').padEnd(2, '0')), 10_000n]
    : fraction !== null ? [BigInt(fraction[1]!), BigInt(fraction[2]!)] : [0n, 1n];
  const by = gcd(above, below);
  if (above === 0n || above > below || below / by > 9_999n) throw refusals.share_invalid({ typed: plain.slice(0, 20) }, field);
  return `${above / by}/${below / by}`;
}

/** Whether shares make the whole: none said, or all said and together 1. Refusals: shares_incomplete, shares_not_whole. */
function checkShares(shares: readonly string[]): void {
  const said = shares.filter((share) => share !== '');
  if (said.length === 0) return;
  if (said.length < shares.length) throw refusals.shares_incomplete({ said: said.length, owners: shares.length }, 'owner_1_share');
  let [above, below] = [0n, 1n];
  for (const share of said) {
    const [a, b] = share.split('/').map(BigInt) as [bigint, bigint];
    [above, below] = [above * b + a * below, below * b];
  }
  if (above !== below) throw refusals.shares_not_whole({ sum: `${above / gcd(above, below)}/${below / gcd(above, below)}` }, 'owner_1_share');
}

async function openParty({ trx, estate_id }: Keeping, { kind, ...identity }: Identity): Promise<string> {
  const entered_at = await estateNow(trx, estate_id);
  const { party_id } = await trx.insertInto('party').values({ estate_id, kind, entered_at }).returning('party_id').executeTakeFirstOrThrow();
  await trx.insertInto('party_identity').values({ estate_id, party_id, ...identity }).execute();
  return party_id;
}

const endTenure = async ({ trx, estate_id, seq }: Keeping, { tenure_id }: Pick<Tenure, 'tenure_id'>, to_date: BusinessDate): Promise<void> => {
  await trx.updateTable('tenure').set({ to_date, ended_seq: seq }).where('estate_id', '=', estate_id).where('tenure_id', '=', tenure_id).execute();
};

/** Ends the logins of a dwelling but for some: at the beginning of a day. */
async function endLogins({ trx, estate_id }: Keeping, unit: string, from: BusinessDate, stay: ReadonlySet<string>, only?: ReadonlySet<string>): Promise<number> {
  const residents = await trx.selectFrom('resident').select('person_id').where('estate_id', '=', estate_id).where('unit', '=', unit).where('left_at', 'is', null).execute();
  const leaving = residents.filter(({ person_id }) => !stay.has(person_id) && (only === undefined || only.has(person_id)));
  for (const { person_id } of leaving) await sql`select end_residence(${estate_id}, ${unit}, ${person_id}::uuid, ${shanghaiInstant(from)})`.execute(trx);
  return leaving.length;
}

// ── Change of owners ─────────────────────────────────────────────────────────────────────────────

export interface HandOver {
  unit: string;
  /** First day of the new owners. */
  from_date: string;
  owners: readonly NewOwner[];
  /** Logins of the dwelling that go on although nobody links them to a new owner or a tenant. */
  keep_logins?: readonly string[] | undefined;
}
export type HandedOver = { unit: string; from_date: string; owners: number; ended: number; logins_ended: number };

/** New owners from a day on; the first owners of a dwelling come in the same way. Refusals in this order: those of keepRegister,
 *  register_day_invalid, register_unit_unknown, register_unit_ended, owners_missing, party_…, share_…, shares_…, owner_twice,
 *  handover_not_last. */
export const handOver = (house: House, asked: Asked & HandOver): Promise<HandedOver> => {
  const { unit, from_date: typed, owners, keep_logins = [] } = asked;
  const content = { unit, from_date: typed, owners: owners.map((owner) => ({ ...owner })), keep_logins: [...keep_logins] };
  return keepRegister(house, asked, { what: 'handover', unit, content: JSON.parse(JSON.stringify(content)) }, async (keeping) => {
    const { trx, estate_id, today, seq } = keeping;
    const from_date = dayTyped(typed, today, 'from_date');
    await dwellingOn(keeping, unit, from_date);
    const coming = ownersTyped(owners);
    const there = (await tenuresOf(trx, estate_id, { units: [unit], named: true })).filter(({ kind }) => kind === 'owner');
    const later = there.find((owner) => owner.from_date > from_date);
    if (later !== undefined) throw refusals.handover_not_last({ unit, from_date, later: later.from_date }, 'from_date');
    const going = there.filter(({ to_date }) => to_date === null || to_date >= from_date);
    // Whoever owned it until now, and on a correction whoever did the day before.
    const known = there.filter(({ to_date }) => to_date === null || to_date >= addDays(from_date, -1));
    for (const owner of going) await endTenure(keeping, owner, addDays(from_date, -1));
    const stay = new Set<string>(keep_logins);
    for (const { identity, share, pays } of coming) {
      const same = known.find(({ name, party_kind }) => name === identity.name && party_kind === identity.kind);
      const party_id = same?.party_id ?? await openParty(keeping, identity);
      const login = same?.person_id ?? null;
      if (login !== null) {
        stay.add(login);
        // On a correction somebody may come back whose login had ended with the mistake.
        await sql`select end_residence(${estate_id}, ${unit}, ${login}::uuid, null)`.execute(trx);
      }
      await trx.insertInto('tenure').values({ estate_id, unit, party_id, kind: 'owner', share, pays, from_date, seq }).execute();
    }
    const tenants = (await tenuresOf(trx, estate_id, { units: [unit], from: from_date })).filter(({ kind }) => kind === 'tenant');
    for (const { person_id } of tenants) if (person_id !== null) stay.add(person_id);
    // The first owners to be entered lived here before the register did: nobody loses a login.
    const logins_ended = there.length === 0 ? 0 : await endLogins(keeping, unit, from_date, stay);
    if (there.length > 0) await sql`select void_invitations(${estate_id}, ${unit})`.execute(trx);
    return { unit, from_date, owners: coming.length, ended: going.length, logins_ended };
  });
};

function ownersTyped(owners: readonly NewOwner[]): { identity: Identity; share: string; pays: boolean }[] {
  if (owners.length === 0) throw refusals.owners_missing({}, 'owner_1_name');
  const coming = owners.map((owner, index) => ({
    identity: identityTyped(owner, `owner_${index + 1}_`), share: shareTyped(owner.share, `owner_${index + 1}_share`), pays: owner.pays ?? true,
  }));
  checkShares(coming.map(({ share }) => share));
  const names = coming.map(({ identity }) => identity.name);
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice >= 0) throw refusals.owner_twice({}, `owner_${twice + 1}_name`);
  return coming;
}

// ── Tenants ──────────────────────────────────────────────────────────────────────────────────────

/** A tenant moves in: the dwelling is let from that day on. Refusals: those of keepRegister, register_day_invalid,
 *  register_unit_unknown, register_unit_ended, party_…, tenancy_days_wrong. */
export const moveTenantIn = (house: House, asked: Asked & NewParty & { unit: string; from_date: string; to_date?: string | undefined; pays?: boolean | undefined }): Promise<{ unit: string; tenure_id: number }> => {
  const { unit, from_date: typed, to_date: until = '', pays = false, name, phone = '', kind = 'person', note = '' } = asked;
  return keepRegister(house, asked, { what: 'tenant_in', unit, content: { unit, typed, until, pays, name, phone, kind, note } }, async (keeping) => {
    const { trx, estate_id, today, seq } = keeping;
    const from_date = dayTyped(typed, today, 'from_date');
    // A lease may run longer than a year ahead.
    const to_date = until.trim() === '' ? null : dayTyped(until, addDays(today, 366 * 20), 'to_date');
    if (to_date !== null && to_date < from_date) throw refusals.tenancy_days_wrong({ from_date, to_date }, 'to_date');
    await dwellingOn(keeping, unit, from_date);
    const party_id = await openParty(keeping, identityTyped({ name, phone, kind, note }));
    const { tenure_id } = await trx.insertInto('tenure').values({ estate_id, unit, party_id, kind: 'tenant', pays, from_date, to_date, seq })
      .returning('tenure_id').executeTakeFirstOrThrow();
    await occupy(keeping, unit, from_date, 'let');
    return { unit, tenure_id: tenure_id! };
  });
};

async function tenureThere({ trx, estate_id }: Keeping, unit: string, tenure_id: number): Promise<Tenure> {
  const found = (await tenuresOf(trx, estate_id, { units: [unit] })).find((tenure) => tenure.tenure_id === tenure_id);
  if (found === undefined) throw refusals.tenure_unknown({ unit: unit.slice(0, 40) });
  return found;
}

/** A tenant moves out after a day; their login ends with it. Refusals: those of keepRegister, register_day_invalid, tenure_unknown,
 *  tenure_not_tenant, tenancy_days_wrong, register_choice_unknown. */
export const moveTenantOut = (house: House, asked: Asked & { unit: string; tenure_id: number; last_day: string; occupancy: string }): Promise<{ unit: string; to_date: BusinessDate }> => {
  const { unit, tenure_id, last_day, occupancy: after } = asked;
  return keepRegister(house, asked, { what: 'tenant_out', unit, content: { unit, tenure_id, last_day, after } }, async (keeping) => {
    const to_date = dayTyped(last_day, keeping.today, 'last_day');
    const occupancy = chosen(after, occupancies, 'occupancy');
    const tenure = await tenureThere(keeping, unit, tenure_id);
    if (tenure.kind !== 'tenant') throw refusals.tenure_not_tenant({ unit });
    if (to_date < addDays(tenure.from_date, -1)) throw refusals.tenancy_days_wrong({ from_date: tenure.from_date, to_date }, 'last_day');
    await endTenure(keeping, tenure, to_date);
    if (tenure.person_id !== null) await endLogins(keeping, unit, addDays(to_date, 1), new Set(), new Set([tenure.person_id]));
    const others = (await tenuresOf(keeping.trx, keeping.estate_id, { units: [unit], on: addDays(to_date, 1) })).some(({ kind }) => kind === 'tenant');
    if (!others) await occupy(keeping, unit, addDays(to_date, 1), occupancy);
    // Whoever rents it next may be entered already.
    const next = (await tenuresOf(keeping.trx, keeping.estate_id, { units: [unit], from: addDays(to_date, 2) })).filter(({ kind }) => kind === 'tenant').map(({ from_date }) => from_date).sort()[0];
    if (!others && next !== undefined) await occupy(keeping, unit, next, 'let');
    return { unit, to_date };
  });
};

/** Whether bills go to somebody, from a day on: their tenure goes on as a new row. Refusals: those of keepRegister,
 *  register_day_invalid, tenure_unknown, tenancy_days_wrong, register_unchanged. */
export const changePayer = (house: House, asked: Asked & { unit: string; tenure_id: number; pays: boolean; from_date: string }): Promise<{ unit: string; tenure_id: number }> => {
  const { unit, tenure_id, pays, from_date: typed } = asked;
  return keepRegister(house, asked, { what: 'payer', unit, content: { unit, tenure_id, pays, typed } }, async (keeping) => {
    const { trx, estate_id, today, seq } = keeping;
    const from_date = dayTyped(typed, today, 'from_date');
    const tenure = await tenureThere(keeping, unit, tenure_id);
    if (tenure.pays === pays) throw refusals.register_unchanged({ unit, day: from_date });
    if (from_date < tenure.from_date || (tenure.to_date !== null && from_date > tenure.to_date)) {
      throw refusals.tenancy_days_wrong({ from_date: tenure.from_date, to_date: tenure.to_date ?? '–' }, 'from_date');
    }
    await endTenure(keeping, tenure, addDays(from_date, -1));
    const { party_id, kind, share, to_date } = tenure;
    const row = await trx.insertInto('tenure').values({ estate_id, unit, party_id, kind, share, pays, from_date, to_date, seq }).returning('tenure_id').executeTakeFirstOrThrow();
    return { unit, tenure_id: row.tenure_id! };
  });
};

// ── Who they are ─────────────────────────────────────────────────────────────────────────────────

async function partyThere({ trx, estate_id }: Pick<Keeping, 'trx' | 'estate_id'>, unit: string, party_id: string): Promise<Tenure[]> {
  const found = (await tenuresOf(trx, estate_id, { units: [unit] })).filter((tenure) => tenure.party_id === party_id);
  if (found.length === 0) throw refusals.tenure_unknown({ unit: unit.slice(0, 40) });
  return found;
}

/** Corrects a name or telephone; a new owner is a handover. Refusals: those of keepRegister, tenure_unknown, party_…, party_erased. */
export const correctParty = (house: House, asked: Asked & NewParty & { unit: string; party_id: string }): Promise<{ unit: string }> => {
  const { unit, party_id, name, phone = '', note = '' } = asked;
  return keepRegister(house, asked, { what: 'contact', unit, content: { unit, party_id, name, phone, note } }, async (keeping) => {
    const { trx, estate_id } = keeping;
    await partyThere(keeping, unit, party_id);
    const { kind: _kind, ...identity } = identityTyped({ name, phone, note });
    const row = await trx.updateTable('party_identity').set(identity).where('estate_id', '=', estate_id).where('party_id', '=', party_id).returning('party_id').executeTakeFirst();
    if (row === undefined) throw refusals.party_erased({});
    return { unit };
  });
};

/** Links an owner or tenant to a login of the dwelling, or undoes it with null. Refusals: those of keepRegister, tenure_unknown,
 *  party_login_unknown, party_login_taken. */
export const linkParty = (house: House, asked: Asked & { unit: string; party_id: string; person_id: string | null }): Promise<{ unit: string }> => {
  const { unit, party_id, person_id } = asked;
  return keepRegister(house, asked, { what: person_id === null ? 'unlink' : 'link', unit, content: { unit, party_id, person_id } }, async (keeping) => {
    const { trx, estate_id } = keeping;
    await partyThere(keeping, unit, party_id);
    if (person_id !== null) await refuseLogin(trx, estate_id, { unit, party_id, person_id });
    await trx.updateTable('party').set({ person_id }).where('estate_id', '=', estate_id).where('party_id', '=', party_id).execute();
    return { unit };
  });
};

async function refuseLogin(trx: Trx, estate_id: number, { unit, party_id, person_id }: { unit: string; party_id: string; person_id: string }): Promise<void> {
  const resident = await trx.selectFrom('resident').select('person_id').where('estate_id', '=', estate_id).where('unit', '=', unit)
    .where('person_id', '=', person_id).where('left_at', 'is', null).executeTakeFirst();
  if (resident === undefined) throw refusals.party_login_unknown({ unit }, 'person_id');
  const other = (await tenuresOf(trx, estate_id, { units: [unit], person_id })).find((tenure) => tenure.party_id !== party_id);
  if (other !== undefined) throw refusals.party_login_taken({ unit }, 'person_id');
}

/** Erases who a former owner or tenant is, with the record `erased`; what they owned and when stays under the opaque id. The door
 *  judges again (erase_party). Refusals: those of demand() for erase_text, tenure_unknown, party_needed, party_erased. */
export async function eraseParty(house: House, { estate: { estate_id }, actor, unit, party_id }: Asked & { unit: string; party_id: string }): Promise<{ unit: string }> {
  const { person_id } = demand(actor, estate_id, 'erase_text');
  return inEstate(house.db.app, estate_id, async (trx) => {
    await partyThere({ trx, estate_id }, unit, party_id);
    const { rows: [done] } = await sql<{ status: string }>`select erase_party(${estate_id}, ${party_id}::uuid, ${person_id}::uuid, 'left') as status`.execute(trx);
    if (done!.status === 'party_lasts') throw refusals.party_needed({ unit }, 'party_id');
    if (done!.status !== 'erased') throw refusals.party_erased({}, 'party_id');
    return { unit };
  });
}
