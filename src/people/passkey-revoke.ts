// Revoking a passkey: lost, replaced or otherwise no longer wanted. At once, in every estate, for good, and
// told to the body. Signatures it gave before stay what they are.
import type { Actor } from '../kernel/actor.ts';
import { inEstate } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { confirm, type Proof } from './passkey-confirm.ts';
import { announceKey } from './passkey-notice.ts';
import { ownPasskeys, recordRevocation, type ConfirmedBy } from './passkey.ts';
import { refusals } from './refusals.ts';

export const revocationReasons = ['lost', 'replaced', 'other'] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** Revokes one of the person's own keys, wherever it is enrolled; gives its name. Refusals:
 *  passkey_unknown, those of confirm(). */
export async function revokePasskey(
  house: House,
  actor: Actor,
  asked: { credential_id: string; reason: RevocationReason; proof: Proof; host: string },
): Promise<string> {
  const { credential_id, reason, proof, host } = asked;
  const { person_id } = actor;
  const keys = (await ownPasskeys(house, person_id)).filter(
    (key) => key.credential_id === credential_id && key.revoked_at === null,
  );
  if (keys.length === 0) throw refusals.passkey_unknown({}, 'credential_id');
  await confirm(house, actor, { act: 'revoke', credential_id }, { proof, host });
  const body = { person: person_id, credential_id, reason, by: person_id };
  for (const { estate_id, label, confirmed_by } of keys) {
    await inEstate(house.db.app, estate_id, async (trx) => {
      const seq = await recordRevocation(trx, estate_id, body);
      if (seq === null) return;
      await announceKey(trx, { estate_id, seq, event: 'revoked', person_id, label, confirmed_by });
    });
  }
  return keys[0]!.label;
}

export interface OwnKey {
  credential_id: string;
  label: string;
  rp_id: string;
  enrolled_at: string;
  confirmed_by: ConfirmedBy;
  backup_eligible: boolean;
  backed_up: boolean;
  last_used_at: string | null;
  revoked_at: string | null;
  /** Codes of the estates where it is enrolled. */
  estates: string[];
}

/** A person's own keys, the newest first, those revoked at the end. */
export async function ownKeys(house: Pick<House, 'db'>, person_id: string): Promise<OwnKey[]> {
  const rows = await ownPasskeys(house, person_id);
  if (rows.length === 0) return [];
  const estates = new Map<number, { code: string; used: Map<string, Date> }>();
  for (const estate_id of new Set(rows.map((row) => row.estate_id)))
    estates.set(estate_id, await usedIn(house, estate_id, person_id));
  const keys = [...new Set(rows.map((row) => row.credential_id))].map((credential_id): OwnKey => {
    const places = rows.filter((row) => row.credential_id === credential_id);
    const { label, rp_id, confirmed_by, backup_eligible, backed_up } = places[0]!;
    const used = places
      .map((row) => estates.get(row.estate_id)?.used.get(credential_id))
      .filter((at) => at !== undefined);
    const revoked = places.map((row) => row.revoked_at).find((at) => at !== null) ?? null;
    return {
      credential_id,
      label,
      rp_id,
      enrolled_at: isoInstant(places[0]!.enrolled_at),
      confirmed_by,
      backup_eligible,
      backed_up,
      last_used_at: used.map(isoInstant).sort().at(-1) ?? null,
      revoked_at: revoked === null ? null : isoInstant(revoked),
      estates: places.map((row) => estates.get(row.estate_id)!.code),
    };
  });
  return keys.sort(
    (a, b) =>
      Number(a.revoked_at !== null) - Number(b.revoked_at !== null) ||
      b.enrolled_at.localeCompare(a.enrolled_at),
  );
}

/** When each key last signed in an estate. */
const usedIn = (house: Pick<House, 'db'>, estate_id: number, person_id: string) =>
  inEstate(
    house.db.app,
    estate_id,
    async (trx) => {
      const { code } = await trx
        .selectFrom('estate')
        .select('code')
        .where('estate_id', '=', estate_id)
        .executeTakeFirstOrThrow();
      const rows = await trx
        .selectFrom('signature')
        .select(['credential_id', ({ fn }) => fn.max('signed_at').as('used_at')])
        .where('estate_id', '=', estate_id)
        .where('person_id', '=', person_id)
        .where('credential_id', 'is not', null)
        .groupBy('credential_id')
        .execute();
      return { code, used: new Map(rows.map((row) => [row.credential_id!, row.used_at as Date])) };
    },
    { readOnly: true },
  );
