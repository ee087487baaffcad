// The outbox (待发): what is to be sent, kept in the database until it is.
//   waiting → sent | failed (given up after the last try) | dropped (nothing to say any more, nobody there any more)
// A try begins with a claim: the row's next try is set ten minutes ahead, so that two processes never send the same thing at
// once and a process that dies in between leaves it to be sent again, under the same delivery_id (at least once).
// After a failure the pauses grow: a minute for a receiver that restarts, days for one that is away over a weekend.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { LETTER_DAYS } from '../kernel/notice.ts';

/** Minutes until the next try, after the first, second, … failure; after the last one it is given up. */
export const PAUSES = [1, 5, 30, 120, 360, 720, 1_440, 1_440] as const;
const LEASE_MINUTES = 10;
/** Days for which what was sent or given up is kept, to be looked at. */
const KEPT_DAYS = 60;

export type Channel = 'letter' | 'digest' | 'relay';
export interface Claimed {
  outbox_id: number;
  delivery_id: string;
  channel: Channel;
  key: string;
  person_id: string | null;
  relay_id: number | null;
  bulletin_id: number | null;
  /** This one included. */
  attempts: number;
}

/** Claims what is due, oldest first: letters, or what goes to one relay. */
export async function claim(
  trx: Trx, estate_id: number, wanted: { letters: true } | { relay_id: number }, limit: number,
): Promise<Claimed[]> {
  const which = 'letters' in wanted ? sql`o.channel in ('letter', 'digest')` : sql`o.relay_id = ${wanted.relay_id}`;
  const { rows } = await sql<Claimed>`
    update outbox set attempts = attempts + 1, next_at = estate_clock(${estate_id}) + ${LEASE_MINUTES} * interval '1 minute'
    where estate_id = ${estate_id} and outbox_id in (select o.outbox_id from outbox o where o.estate_id = ${estate_id} and o.state = 'waiting'
      and o.next_at <= estate_clock(${estate_id}) and ${which} order by o.outbox_id limit ${limit} for update skip locked)
    returning outbox_id, delivery_id, channel, key, person_id, relay_id, bulletin_id, attempts`.execute(trx);
  return rows.sort((a, b) => a.outbox_id - b.outbox_id);
}

/** Ends rows: sent, or not wanted any more. */
export async function end(trx: Trx, estate_id: number, rows: readonly Pick<Claimed, 'outbox_id'>[], state: 'sent' | 'dropped' | 'failed', problem: string | null = null): Promise<void> {
  if (rows.length === 0) return;
  await sql`update outbox set state = ${state}, problem = ${problem}, ended_at = estate_clock(${estate_id})
    where estate_id = ${estate_id} and state = 'waiting' and outbox_id = any(${rows.map((row) => row.outbox_id)}::bigint[])`.execute(trx);
}

/** After a failure: tried again after a pause, or given up. Gives those that were given up. */
export async function putOff<R extends Pick<Claimed, 'outbox_id' | 'attempts'>>(trx: Trx, estate_id: number, rows: readonly R[], problem: string): Promise<R[]> {
  const lost: R[] = [];
  for (const row of rows) {
    const pause = PAUSES[row.attempts - 1];
    if (pause === undefined) lost.push(row);
    else {
      await sql`update outbox set problem = ${problem}, next_at = estate_clock(${estate_id}) + ${pause} * interval '1 minute'
        where estate_id = ${estate_id} and outbox_id = ${row.outbox_id} and state = 'waiting'`.execute(trx);
    }
  }
  await end(trx, estate_id, lost, 'failed', problem);
  return lost;
}

/** Where the other side cannot be reached, whatever else waits for it waits along, without counting as tried. */
export async function holdBack(trx: Trx, estate_id: number, wanted: { letters: true } | { relay_id: number }, minutes: number): Promise<void> {
  const which = 'letters' in wanted ? sql`channel in ('letter', 'digest')` : sql`relay_id = ${wanted.relay_id}`;
  await sql`update outbox set next_at = estate_clock(${estate_id}) + ${minutes} * interval '1 minute'
    where estate_id = ${estate_id} and state = 'waiting' and attempts = 0 and ${which} and next_at <= estate_clock(${estate_id})`.execute(trx);
}

/** Persons with an address who want letters, have something to be sent at once, and to whom none is on its way. */
const unserved = (estate_id: number) => sql`
  from notice n join person_identity i on i.person_id = n.person_id and i.email is not null
  where n.estate_id = ${estate_id} and n.way = 'now' and n.mailed_at is null and n.read_at is null
    and n.created_at > estate_clock(${estate_id}) - ${LETTER_DAYS} * interval '1 day'
    and not exists (select from notice_choice c where c.estate_id = ${estate_id} and c.person_id = n.person_id and not c.mail)
    and not exists (select from outbox o where o.estate_id = ${estate_id} and o.person_id = n.person_id and o.channel = 'letter' and o.state = 'waiting')`;

/** One letter for each of them. */
export async function queueLetters(trx: Trx, estate_id: number): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into outbox (estate_id, channel, key, person_id, made_at, next_at)
    select ${estate_id}, 'letter', format('letter:%s:%s', n.person_id, gen_random_uuid()), n.person_id, estate_clock(${estate_id}), estate_clock(${estate_id})
    ${unserved(estate_id)} group by n.person_id order by min(n.notice_id) on conflict do nothing`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** One letter of the morning for a person and a day. */
export async function queueDigest(trx: Trx, estate_id: number, person_id: string, day: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into outbox (estate_id, channel, key, person_id, made_at, next_at)
    values (${estate_id}, 'digest', ${`digest:${person_id}:${day}`}, ${person_id}, estate_clock(${estate_id}), estate_clock(${estate_id}))
    on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}

/** Each bulletin to each relay that asked for its kind and was there when it happened; `only`: one of them. */
export async function queueBulletins(trx: Trx, estate_id: number, bulletin_ids: readonly number[], only: number | null = null): Promise<number> {
  if (bulletin_ids.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into outbox (estate_id, channel, key, relay_id, bulletin_id, made_at, next_at)
    select ${estate_id}, 'relay', format('relay:%s:%s', r.relay_id, b.bulletin_id), r.relay_id, b.bulletin_id, estate_clock(${estate_id}), estate_clock(${estate_id})
    from bulletin b join relay r on r.estate_id = b.estate_id and r.ended_at is null
    where b.estate_id = ${estate_id} and b.bulletin_id = any(${[...bulletin_ids]}::bigint[])
      and ${only === null ? sql`b.kind = any(r.events) and r.opened_at <= b.happened_at` : sql`r.relay_id = ${only}`}
    order by b.bulletin_id, r.relay_id on conflict do nothing`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** Nothing more goes to a relay that ended. */
export async function dropRelay(trx: Trx, estate_id: number, relay_id: number): Promise<void> {
  await sql`update outbox set state = 'dropped', ended_at = estate_clock(${estate_id})
    where estate_id = ${estate_id} and relay_id = ${relay_id} and state = 'waiting'`.execute(trx);
}

/** What was given up, or waits for long, goes out again under the delivery_id it had; gives how many. What is under way now is left alone. */
export async function queueAgain(trx: Trx, estate_id: number, relay_id: number): Promise<number> {
  const { numAffectedRows } = await sql`update outbox set state = 'waiting', ended_at = null, attempts = 0, next_at = estate_clock(${estate_id})
    where estate_id = ${estate_id} and relay_id = ${relay_id} and (state = 'failed'
      or state = 'waiting' and next_at > estate_clock(${estate_id}) + ${LEASE_MINUTES} * interval '1 minute')`.execute(trx);
  return Number(numAffectedRows ?? 0);
}

/** What ended long ago is forgotten. */
export async function forgetOld(trx: Trx, estate_id: number): Promise<void> {
  await sql`delete from outbox where estate_id = ${estate_id} and state <> 'waiting' and ended_at < estate_clock(${estate_id}) - ${KEPT_DAYS} * interval '1 day'`.execute(trx);
}

/** Whether anything is due; `letters`: there is a mail server. */
export async function isDue(trx: Trx, estate_id: number, { letters }: { letters: boolean }): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select from outbox where estate_id = ${estate_id} and state = 'waiting' and next_at <= estate_clock(${estate_id})
        ${letters ? sql`` : sql`and channel = 'relay'`})
      ${letters ? sql`or exists (select ${unserved(estate_id)})` : sql``} as due`.execute(trx);
  return rows[0]!.due;
}
