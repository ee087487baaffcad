// Who stands for whom as the tables say: offices, passkeys, delegations, in the shape in which disclosures (facts.json) and
// audit packages (standing.json) carry them, for the verifier to compare with the records of the log.
import type { Json } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { shanghaiInstant, type BusinessDate } from '../kernel/dates.ts';

/** All there ever were; `since` leaves out what was over before that day. */
export async function readStanding(trx: Trx, estate_id: number, since: BusinessDate | null = null): Promise<{ [name: string]: Json }> {
  const terms = await trx.selectFrom('term').select(['term_id as term', 'person_id as person', 'body', 'office', 'starts_on', 'ends_on'])
    .where('estate_id', '=', estate_id).$if(since !== null, (query) => query.where('ends_on', '>=', since!)).orderBy('term_id').execute();
  const passkeys = await trx.selectFrom('passkey').select(['credential_id', 'person_id as person', 'revoked_at'])
    .where('estate_id', '=', estate_id)
    .$if(since !== null, (query) => query.where((eb) => eb.or([eb('revoked_at', 'is', null), eb('revoked_at', '>=', shanghaiInstant(since!))])))
    .orderBy('seq').execute();
  const delegations = await trx.selectFrom('delegation')
    .select(['delegation_id as delegation', 'body', 'principal', 'delegate', 'starts_on', 'ends_on', 'after_days'])
    .where('estate_id', '=', estate_id).$if(since !== null, (query) => query.where('ends_on', '>=', since!)).orderBy('delegation_id').execute();
  return { terms, delegations, passkeys: passkeys.map(({ revoked_at, ...key }) => ({ ...key, revoked: revoked_at !== null })) };
}
