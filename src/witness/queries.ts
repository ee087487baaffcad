// What is asked of checkpoints and their witnesses: by pages, the disclosure (seal, policy) and the exports.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { isoInstant } from '../kernel/dates.ts';
import { latestCheckpoint, type IssuedCheckpoint } from '../evidence/checkpointer.ts';
import { logKeys } from '../evidence/log-key.ts';
import { policyText } from '../proof/policy.ts';
import { fulfils, missingSides, SIDES, type Side } from './witness.ts';

// ── Policy ───────────────────────────────────────────────────────────────────────────────────────

/** The policy file (C2SP tlog-policy): keys of the log, the witnesses of today, committee AND (street OR resident).
 *  Null while the log has no key. */
export async function policyOf(trx: Trx, estate_id: number): Promise<string | null> {
  const keys = await logKeys(trx, estate_id);
  if (keys.length === 0) return null;
  const { rows } = await sql<{ witness_id: number; side: Side; vkey: string }>`
    select witness_id, side, vkey from witness
    where estate_id = ${estate_id} and retired_at is null and may_witness(estate_id, person_id, side)
    order by array_position(array['committee', 'street', 'resident'], side), witness_id desc limit ${MOST_IN_POLICY}`.execute(trx);
  return policyText({
    log: keys.map(({ vkey }) => vkey),
    witnesses: rows.reverse().map(({ witness_id, side, vkey }) => ({ name: `${side}-${witness_id}`, group: side, vkey })),
  });
}

/** Readers of policies are promised no more than a thousand lines; the newest owners of a large estate are enough. */
const MOST_IN_POLICY = 500;

// ── Devices ──────────────────────────────────────────────────────────────────────────────────────

export interface WitnessRow {
  witness_id: number;
  side: Side;
  vkey: string;
  enrolled_at: string;
  retired_at: string | null;
  /** Largest checkpoint it cosigned, and when; null: none yet. */
  size: number | null;
  signed_at: string | null;
  mine: boolean;
}

/** Witnesses, newest first; `person_id` marks one's own. */
export async function witnessList(
  trx: Trx, estate_id: number, { person_id, mine = false, limit = 100, before }: {
    person_id: string | null; mine?: boolean; limit?: number; before?: number | undefined;
  },
): Promise<{ items: WitnessRow[]; next_cursor: string | null }> {
  const rows = await trx.selectFrom('witness as w').where('w.estate_id', '=', estate_id)
    .leftJoinLateral((eb) => eb.selectFrom('cosignature as c').select(['c.size', 'c.signed_at'])
      .whereRef('c.estate_id', '=', 'w.estate_id').whereRef('c.witness_id', '=', 'w.witness_id')
      .orderBy('c.size', 'desc').limit(1).as('last'), (join) => join.onTrue())
    .$if(mine, (query) => query.where('w.person_id', '=', person_id ?? ''))
    .$if(before !== undefined, (query) => query.where('w.witness_id', '<', before!))
    .select(['w.witness_id', 'w.person_id', 'w.side', 'w.vkey', 'w.enrolled_at', 'w.retired_at', 'last.size', 'last.signed_at'])
    .orderBy('w.witness_id', 'desc').limit(limit + 1).execute();
  const shown = rows.slice(0, limit);
  return {
    items: shown.map(({ person_id: whose, enrolled_at, retired_at, signed_at, ...row }) => ({
      ...row, enrolled_at: isoInstant(enrolled_at), retired_at: retired_at === null ? null : isoInstant(retired_at),
      signed_at: signed_at === null ? null : isoInstant(signed_at), mine: whose === person_id,
    })),
    next_cursor: rows.length > limit ? String(shown.at(-1)!.witness_id) : null,
  };
}

// ── Checkpoints ──────────────────────────────────────────────────────────────────────────────────

export interface CheckpointRow {
  size: number;
  root: string;
  issued_at: string;
  note: string;
  /** How many witnesses of each side cosigned it. */
  witnesses: Record<Side, number>;
  fulfilled: boolean;
}

/** Checkpoints, largest first; `witnessed`: only those that somebody cosigned. */
export async function checkpointList(
  trx: Trx, estate_id: number,
  { limit, before, witnessed = false }: { limit: number; before?: number | undefined; witnessed?: boolean },
): Promise<{ items: CheckpointRow[]; next_cursor: string | null }> {
  const { rows } = await sql<{ size: number; root: Buffer; issued_at: Date; note: string } & Record<Side, number>>`
    select p.size, p.root, p.issued_at, p.note, ${countOf('committee')}, ${countOf('street')}, ${countOf('resident')}
    from checkpoint p left join cosignature c using (estate_id, size) left join witness w using (estate_id, witness_id)
    where p.estate_id = ${estate_id} and p.size < ${before ?? Number.MAX_SAFE_INTEGER}
      ${witnessed ? sql`and exists (select from cosignature s where s.estate_id = p.estate_id and s.size = p.size)` : sql``}
    group by p.estate_id, p.size order by p.size desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit).map(({ size, root, issued_at, note, ...counts }) => {
    const witnesses = { committee: counts.committee, street: counts.street, resident: counts.resident };
    return { size, root: root.toString('hex'), issued_at: isoInstant(issued_at), note, witnesses,
      fulfilled: fulfils(SIDES.filter((side) => witnesses[side] > 0)) };
  });
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.size) : null };
}

const countOf = (side: Side) => sql`count(*) filter (where w.side = ${side})::integer as ${sql.ref(side)}`;

export interface SideState {
  /** Devices enrolled now whose person still belongs to the side. */
  devices: number;
  /** Largest checkpoint anybody of the side cosigned, and when. */
  size: number | null;
  signed_at: Date | null;
}

export interface Standing {
  /** Null: nothing is signed yet. */
  latest: IssuedCheckpoint | null;
  /** Largest checkpoint whose cosignatures fulfil the policy. */
  fulfilled: { size: number; issued_at: Date; sides: Side[] } | null;
  /** Of the latest checkpoint. */
  missing: ReturnType<typeof missingSides>;
}
export interface ProofState extends Standing { sides: Record<Side, SideState> }

/** How far the log is signed and witnessed: two queries. */
export async function standingOf(trx: Trx, estate_id: number): Promise<Standing> {
  const latest = await latestCheckpoint(trx, estate_id);
  const { rows: signed } = await sql<{ size: number; issued_at: Date; sides: Side[] }>`
    select c.size, p.issued_at, array_agg(distinct w.side) as sides
    from cosignature c join witness w using (estate_id, witness_id) join checkpoint p using (estate_id, size)
    where c.estate_id = ${estate_id} group by c.size, p.issued_at
    having bool_or(w.side = 'committee') and bool_or(w.side <> 'committee') or c.size = ${latest?.size ?? 0}
    order by c.size desc limit 2`.execute(trx);
  return {
    latest, fulfilled: signed.find((row) => fulfils(row.sides)) ?? null,
    missing: missingSides(signed.find((row) => row.size === latest?.size)?.sides ?? []),
  };
}

/** The same, and how far each side has come. */
export async function proofState(trx: Trx, estate_id: number): Promise<ProofState> {
  const { rows } = await sql<{ side: Side; devices: number; size: number | null; signed_at: Date | null }>`
    select w.side,
      count(*) filter (where w.retired_at is null and may_witness(w.estate_id, w.person_id, w.side))::integer as devices,
      max(last.size) as size, (array_agg(last.signed_at order by last.size desc nulls last))[1] as signed_at
    from witness w left join lateral (select c.size, c.signed_at from cosignature c
      where c.estate_id = w.estate_id and c.witness_id = w.witness_id order by c.size desc limit 1) last on true
    where w.estate_id = ${estate_id} group by w.side`.execute(trx);
  const none: SideState = { devices: 0, size: null, signed_at: null };
  const sides = Object.fromEntries(SIDES.map((side) => {
    const found = rows.find((row) => row.side === side);
    return [side, found === undefined ? none : { devices: found.devices, size: found.size, signed_at: found.signed_at }];
  })) as Record<Side, SideState>;
  return { ...await standingOf(trx, estate_id), sides };
}
