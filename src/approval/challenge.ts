// What a passkey is asked to sign (TRUST §3): SHA-256 of the lines "mingzhang/sign/v1", decision, document, nonce,
// expiry. So a signature is good for one document (which names its estate and number) and one decision; the row
// in signing_challenge makes it good for one person and one use. record_signature() computes it anew.
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import { isoInstant, laterBy } from '../kernel/dates.ts';
import type { House } from '../kernel/house.ts';
import { readProposal } from './queries.ts';
import { refusals } from './refusals.ts';
import type { Decision } from './kinds.ts';

/** Long enough to read the order again on the way, short enough that a lost phone signs nothing tomorrow. */
const LIFETIME_MS = 5 * 60_000;

export interface Challenge {
  nonce: string;
  /** ISO 8601 with milliseconds, as it is signed. */
  expires_at: string;
  /** 32 bytes for the authenticator. */
  bytes: Buffer;
}

interface ChallengeAsked { estate: Estate; proposal_id: number; document_hash: string; decision: Decision; person_id: string }

/** Draws up a challenge for one person, document and decision. Refusals: proposal_unknown, document_changed. */
export async function drawChallenge(trx: Trx, asked: ChallengeAsked): Promise<Challenge> {
  const { estate: { estate_id }, proposal_id, document_hash, decision, person_id } = asked;
  const proposal = await readProposal(trx, estate_id, proposal_id);
  if (proposal === null) throw refusals.proposal_unknown({ proposal: proposal_id });
  if (proposal.document_hash !== document_hash) throw refusals.document_changed();
  const nonce = randomBytes(32).toString('hex');
  // The real clock even in a demo estate: how long a signature may take is no matter of its calendar.
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(trx);
  const expires_at = laterBy(rows[0]!.now, LIFETIME_MS);
  await trx.deleteFrom('signing_challenge').where('estate_id', '=', estate_id).where('person_id', '=', person_id)
    .where('expires_at', '<', rows[0]!.now).execute();
  await trx.insertInto('signing_challenge').values({
    estate_id, nonce, proposal_id, document_hash: Buffer.from(document_hash, 'hex'), decision, person_id, expires_at,
  }).execute();
  return { nonce, expires_at: isoInstant(expires_at), bytes: await challengeBytes(trx, estate_id, nonce) };
}

async function challengeBytes(trx: Trx, estate_id: number, nonce: string): Promise<Buffer> {
  const { rows } = await sql<{ bytes: Buffer }>`
    select signing_challenge_bytes(c.decision, p.document, c.nonce, c.expires_at) as bytes
    from signing_challenge c join proposal p on p.estate_id = c.estate_id and p.proposal_id = c.proposal_id
    where c.estate_id = ${estate_id} and c.nonce = ${nonce}`.execute(trx);
  return rows[0]!.bytes;
}

/** The challenge behind a nonce, while it is good for this person and decision. Refusal: challenge_invalid. */
export async function readChallenge(
  house: House, { estate_id }: Estate, { nonce, decision, person_id }: { nonce: string; decision: Decision; person_id: string },
): Promise<Challenge> {
  return inEstate(house.db.app, estate_id, async (trx) => {
    const row = await trx.selectFrom('signing_challenge').select(['expires_at'])
      .where('estate_id', '=', estate_id).where('nonce', '=', nonce).where('person_id', '=', person_id)
      .where('decision', '=', decision).where('used_at', 'is', null).executeTakeFirst();
    if (row === undefined) throw refusals.challenge_invalid({}, 'assertion');
    return { nonce, expires_at: isoInstant(row.expires_at), bytes: await challengeBytes(trx, estate_id, nonce) };
  }, { readOnly: true });
}
