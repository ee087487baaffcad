// Reads of relays and of what went to them. Never an address, never a secret.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { Locale } from '../kernel/locale.ts';
import type { RelayKind } from './address.ts';
import { refusals } from './refusals.ts';

export interface RelayTold {
  relay: number;
  kind: RelayKind;
  label: string;
  host: string;
  events: string[];
  locale: Locale;
  opened_at: Date;
  opened_by: string | null;
  ended_at: Date | null;
  ended_why: 'by_hand' | 'gone' | null;
  signed: boolean;
  sent: number;
  waiting: number;
  failed: number;
  last_sent_at: Date | null;
  /** What the last try met with, of what waits or was given up. */
  problem: string | null;
}

/** Relays, those that work first. */
export async function relaysOf(trx: Trx, estate_id: number, only: number | null = null): Promise<RelayTold[]> {
  const { rows } = await sql<RelayTold>`
    select r.relay_id as relay, r.kind, r.label, r.host, r.events, r.locale, r.opened_at, i.name as opened_by, r.ended_at, r.ended_why,
      r.sealed_secret is not null as signed, o.sent, o.waiting, o.failed, o.last_sent_at,
      (select p.problem from outbox p where p.estate_id = r.estate_id and p.relay_id = r.relay_id and p.state in ('waiting', 'failed') and p.problem is not null
        order by p.outbox_id desc limit 1) as problem
    from relay r left join person_identity i on i.person_id = r.opened_by
    cross join lateral (select count(*) filter (where x.state = 'sent')::integer as sent, count(*) filter (where x.state = 'waiting')::integer as waiting,
        count(*) filter (where x.state = 'failed')::integer as failed, max(x.ended_at) filter (where x.state = 'sent') as last_sent_at
      from outbox x where x.estate_id = r.estate_id and x.relay_id = r.relay_id) o
    where r.estate_id = ${estate_id} ${only === null ? sql`` : sql`and r.relay_id = ${only}`}
    order by r.ended_at is not null, r.relay_id`.execute(trx);
  return rows;
}

/** Refusal: relay_unknown. */
export async function relayTold(trx: Trx, estate_id: number, relay: number): Promise<RelayTold> {
  const [row] = await relaysOf(trx, estate_id, relay);
  if (row === undefined) throw refusals.relay_unknown({ relay });
  return row;
}

export interface DeliveryRow {
  delivery: number;
  delivery_id: string;
  bulletin: number;
  kind: string;
  text_zh: string;
  text_en: string;
  href: string;
  made_at: Date;
  state: 'waiting' | 'sent' | 'failed' | 'dropped';
  attempts: number;
  next_at: Date;
  ended_at: Date | null;
  problem: string | null;
}

/** What was to go to a relay, newest first; `state`: only those. */
export async function deliveriesOf(
  trx: Trx, estate_id: number, relay: number, { limit, before, state }: { limit: number; before?: number | undefined; state?: string | undefined },
): Promise<{ items: DeliveryRow[]; next_cursor: number | null }> {
  const { rows } = await sql<DeliveryRow>`
    select o.outbox_id as delivery, o.delivery_id, o.bulletin_id as bulletin, b.kind, b.text_zh, b.text_en, b.href, o.made_at, o.state, o.attempts, o.next_at, o.ended_at, o.problem
    from outbox o join bulletin b on b.estate_id = o.estate_id and b.bulletin_id = o.bulletin_id
    where o.estate_id = ${estate_id} and o.relay_id = ${relay} ${before === undefined ? sql`` : sql`and o.outbox_id < ${before}`}
      ${state === undefined ? sql`` : sql`and o.state = ${state}`}
    order by o.outbox_id desc limit ${limit + 1}`.execute(trx);
  return { items: rows.slice(0, limit), next_cursor: rows.length > limit ? rows[limit - 1]!.delivery : null };
}

export interface BulletinRow { bulletin: number; key: string; kind: string; facts: Record<string, string | number | null>; text_zh: string; text_en: string; href: string; happened_at: Date }

/** Bulletins of these kinds, newest first. */
export async function bulletinsOf(
  trx: Trx, estate_id: number, { kinds, limit, before }: { kinds: readonly string[]; limit: number; before?: number | undefined },
): Promise<BulletinRow[]> {
  const { rows } = await sql<BulletinRow>`
    select bulletin_id as bulletin, key, kind, facts, text_zh, text_en, href, happened_at from bulletin
    where estate_id = ${estate_id} and kind = any(${[...kinds]}::text[]) ${before === undefined ? sql`` : sql`and bulletin_id < ${before}`}
    order by bulletin_id desc limit ${limit}`.execute(trx);
  return rows;
}
