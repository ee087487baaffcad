// Ballots (选票): online by whoever lives in a dwelling of the owners on the roll, or on paper, read from its scan by two persons of two
// bodies. One an owner (ballot_once), never changed. In a secret vote the record holds a commitment, SHA-256 of [code, resolution, voter,
// choice]; the voter keeps the code, whose first ten signs are listed at the count under what was chosen. What was chosen is forgotten
// with the count. Until then whoever owns the database could read it, and whoever reads a paper knows what it says.
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { demand, type Actor, type Estate } from '../kernel/actor.ts';
import { inEstate, type Trx } from '../kernel/database.ts';
import type { House } from '../kernel/house.ts';
import { notify } from '../kernel/notice.ts';
import { once } from '../kernel/once.ts';
import { readResolutionRow } from './resolution-queries.ts';
import { refusals } from './refusals.ts';

/** No 0, 1, I, O: they are read to each other over the telephone. */
const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE_LENGTH = 26;
/** Of these the first are listed at the count. */
export const LISTED = 10;

const newCode = (): string => Array.from({ length: CODE_LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');
/** K7M2-9QXT-4P: in fours, to be read aloud. */
export const codeText = (code: string): string => code.match(/.{1,4}/g)!.join('-');

interface Asked { estate: Estate; actor: Actor | null; resolution: number; key?: string | null | undefined }

/** Casts the ballot of a dwelling's owners, for good. Refusals: those of demand() for vote, resolution_unknown, ballot_not_voting, ballot_choice_unknown,
 *  ballot_not_yours, ballot_not_on_roll, ballot_not_owner, ballot_joined_late, ballot_cast_already. */
export async function castBallot(house: House, { estate: { estate_id }, actor: asking, resolution, unit, choice, key = null }: Asked & { unit: string; choice: string }): Promise<{ resolution_id: number; unit: string }> {
  const actor = demand(asking, estate_id, 'vote');
  // Another's dwelling, whether there is one or not, is told the same.
  if (!actor.homes.some((home) => home.estate_id === estate_id && home.unit === unit)) throw refusals.ballot_not_yours({}, 'unit');
  // What was chosen must not outlive the count in the table of keys: the key alone makes the press the same.
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `ballot:${actor.person_id}:${key}`, content: { resolution, unit } }, async () => {
    const row = await readResolutionRow(trx, estate_id, resolution);
    const { rows } = await sql<{ status: string }>`select cast_ballot(${estate_id}, ${resolution}, ${unit}, ${actor.person_id}::uuid, ${choice}, ${row.secret ? newCode() : null}) as status`.execute(trx);
    switch (rows[0]!.status) {
      case 'cast': return { resolution_id: resolution, unit };
      case 'resolution_unknown': throw refusals.resolution_unknown({ resolution });
      case 'not_voting': throw refusals.ballot_not_voting({ resolution, starts_on: row.starts_on, ends_on: row.ends_on });
      case 'choice_unknown': throw refusals.ballot_choice_unknown({}, 'choice');
      case 'not_on_roll': throw refusals.ballot_not_on_roll({ opened_on: row.opened_on ?? '' }, 'unit');
      case 'not_owner': throw refusals.ballot_not_owner({}, 'unit');
      case 'joined_late': throw refusals.ballot_joined_late({ opened_on: row.opened_on ?? '' }, 'unit');
      case 'already_voted': throw refusals.ballot_cast_already({}, 'unit');
      default: throw refusals.ballot_not_yours({}, 'unit');
    }
  }), { retryable: true });
}

export interface PaperTyped {
  /** The dwelling and the scan of a paper nobody has entered; of one that waits, its number instead. */
  unit?: string | undefined;
  voucher?: string | undefined;
  paper?: number | null | undefined;
  /** for, against, abstain, or void: it cannot be read, or is not this dwelling's. */
  choice: string;
}
/** A type alias, so that it is JSON to once(). */
export type PaperRead = { paper: number; status: 'read' | 'cast' | 'set_aside' | 'already_voted' };

/** One person's reading of a paper ballot; the second of another body who reads the same casts it. Refusals: those of demand() for enter_ballot,
 *  resolution_unknown, ballot_not_voting, ballot_choice_unknown, paper_unit_unknown, paper_unknown, paper_settled, paper_read_already, paper_own_ballot,
 *  ballot_cast_already, paper_waits, paper_scan_missing, paper_scan_used. */
export async function enterPaper(house: House, { estate, actor: asking, resolution, unit = '', voucher = '', paper = null, choice, key = null }: Asked & PaperTyped): Promise<PaperRead> {
  const { estate_id, code } = estate;
  const actor = demand(asking, estate_id, 'enter_ballot');
  return inEstate(house.db.app, estate_id, (trx) => once(trx, { estate_id, key: key === null ? null : `paper:${actor.person_id}:${key}`, content: { resolution, unit, voucher, paper } }, async () => {
    const row = await readResolutionRow(trx, estate_id, resolution);
    const { rows } = await sql<{ status: string; paper: number }>`select * from enter_paper_ballot(${estate_id}, ${resolution}, ${paper}, ${unit.trim()}, ${voucher}, ${choice}, ${actor.person_id}::uuid,
      ${row.secret ? newCode() : null})`.execute(trx);
    const { status, paper: number } = rows[0]!;
    const about = { paper: paper ?? 0 };
    switch (status) {
      case 'read': case 'set_aside': case 'already_voted': if (number === null) throw refusals.ballot_cast_already({}, 'unit'); return { paper: number, status };
      case 'cast': await tellDwelling(trx, { estate_id, code, resolution, paper: number, title: row.title }); return { paper: number, status };
      case 'resolution_unknown': throw refusals.resolution_unknown({ resolution });
      case 'not_voting': throw refusals.ballot_not_voting({ resolution, starts_on: row.starts_on, ends_on: row.ends_on });
      case 'choice_unknown': throw refusals.ballot_choice_unknown({}, 'choice');
      case 'not_on_roll': throw refusals.paper_unit_unknown({ unit: unit.slice(0, 30) }, 'unit');
      case 'paper_unknown': throw refusals.paper_unknown(about);
      case 'paper_settled': throw refusals.paper_settled(about);
      case 'read_already': throw refusals.paper_read_already(about);
      case 'own_ballot': throw refusals.paper_own_ballot({}, 'unit');
      case 'paper_waits': throw refusals.paper_waits({}, 'unit');
      case 'scan_unknown': throw refusals.paper_scan_missing({}, 'scan');
      case 'scan_used': throw refusals.paper_scan_used({}, 'scan');
      default: throw refusals.resolution_not_yours();
    }
  }), { retryable: true });
}

/** Whoever did not hand a paper in hears that somebody did. */
async function tellDwelling(trx: Trx, { estate_id, code, resolution, paper, title }: { estate_id: number; code: string; resolution: number; paper: number; title: string }): Promise<void> {
  const { rows } = await sql<{ person_id: string }>`select distinct r.person_id from paper_ballot p
    join resolution_unit x on x.estate_id = p.estate_id and x.resolution_id = p.resolution_id and x.voter = p.voter
    join resident r on r.estate_id = x.estate_id and r.unit = x.unit and r.left_at is null where p.estate_id = ${estate_id} and p.paper_id = ${paper}`.execute(trx);
  await notify(trx, {
    estate_id, person_ids: rows.map(({ person_id }) => person_id), key: `resolution:${resolution}:paper:${paper}`, href: `/e/${code}/resolutions/${resolution}`,
    text: {
      zh: `您家在“${title}”表决中的纸质票已录入。您家没有交过纸质票的，请马上告诉监事会，或在“质询”里提出。`,
      en: `Your dwelling's paper ballot on "${title}" has been entered. If you handed none in, tell the supervisors at once or ask in public.`,
    },
  });
}

// ── What a dwelling sees of its own ──────────────────────────────────────────────────────────────

export interface OwnBallot {
  unit: string;
  /** may_vote, or why not; voted: it is done. */
  state: 'may_vote' | 'voted' | 'not_on_roll' | 'not_owner' | 'joined_late';
  voter: string | null;
  /** All dwellings that vote with it. */
  units: string[];
  area: string | null;
  way: 'online' | 'paper' | null;
  /** Of an open vote. */
  choice: string | null;
  /** Record of the ballot. */
  seq: number | null;
  /** Of a secret vote, until the count, for whoever cast it. */
  slip: { code: string; choice: string } | null;
}

/** Ballots of the dwellings where somebody lives; an owner with several is one row. */
export async function ownBallots(trx: Trx, { estate_id, actor, resolution }: { estate_id: number; actor: Actor; resolution: number }): Promise<OwnBallot[]> {
  const homes = [...new Set(actor.homes.filter((home) => home.estate_id === estate_id).map((home) => home.unit))].sort();
  if (homes.length === 0) return [];
  const { rows } = await sql<Omit<OwnBallot, 'slip'> & { right: string; code: string | null; kept: string | null }>`
    select distinct on (coalesce(x.voter, h.unit)) h.unit, x.voter, coalesce((select array_agg(y.unit order by y.unit) from resolution_unit y
        where y.estate_id = ${estate_id} and y.resolution_id = ${resolution} and y.voter = x.voter and y.unit = any(${homes}::text[])), '{}') as units,
      w.area, b.way, b.choice, b.seq, ballot_right(${estate_id}, ${resolution}, h.unit, ${actor.person_id}::uuid) as "right", s.code, s.choice as kept
    from unnest(${homes}::text[]) as h(unit)
      left join resolution_unit x on x.estate_id = ${estate_id} and x.resolution_id = ${resolution} and x.unit = h.unit
      left join resolution_voter w on w.estate_id = x.estate_id and w.resolution_id = x.resolution_id and w.voter = x.voter
      left join ballot b on b.estate_id = x.estate_id and b.resolution_id = x.resolution_id and b.voter = x.voter
      left join secret_ballot s on s.estate_id = b.estate_id and s.resolution_id = b.resolution_id and s.voter = b.voter
        and (s.cast_by = ${actor.person_id}::uuid or s.cast_by is null)
    order by coalesce(x.voter, h.unit), (ballot_right(${estate_id}, ${resolution}, h.unit, ${actor.person_id}::uuid) <> 'may_vote'), h.unit`.execute(trx);
  return rows.map(({ right, code, kept, ...row }): OwnBallot => {
    const may = right === 'may_vote';
    // A tenant learns nothing of how the owner voted, nor whether.
    const state = !may ? (right === 'not_owner' || right === 'joined_late' ? right : 'not_on_roll') : row.seq === null ? 'may_vote' : 'voted';
    const own = may ? row : { ...row, voter: null, units: [], area: null, way: null, choice: null, seq: null };
    return { ...own, state, slip: may && code !== null && kept !== null ? { code, choice: kept } : null };
  }).sort((a, b) => (a.unit < b.unit ? -1 : 1));
}

export interface MaskedBallot { voter: string; area: string; way: string; choice: string | null; seq: number; commitment: string | null }
/** Ballots under their random names, in the order of the names. Of an open vote with the choice, once it is counted. */
export async function maskedBallots(trx: Trx, estate_id: number, resolution: number, { after = '', limit }: { after?: string; limit: number }): Promise<{ items: MaskedBallot[]; next_cursor: string | null }> {
  const { rows } = await sql<MaskedBallot>`select b.voter, w.area, b.way, case when r.counted_seq is null then null else b.choice end as choice, b.seq, b.commitment from ballot b
    join resolution r on r.estate_id = b.estate_id and r.resolution_id = b.resolution_id
    join resolution_voter w on w.estate_id = b.estate_id and w.resolution_id = b.resolution_id and w.voter = b.voter
    where b.estate_id = ${estate_id} and b.resolution_id = ${resolution} and b.voter > ${after} order by b.voter limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? items.at(-1)!.voter : null };
}

export interface RollRow { unit: string; voter: string; area: string; voter_area: string; voted: boolean; way: string | null; choice: string | null; paper: string | null }
/** The roll by dwelling, for those who may see households: who has voted, and of an open vote that is counted, how. */
export async function rollRows(trx: Trx, estate_id: number, resolution: number): Promise<RollRow[]> {
  const { rows } = await sql<RollRow>`select x.unit, x.voter, x.area, w.area as voter_area, b.seq is not null as voted, b.way, case when r.counted_seq is null then null else b.choice end as choice,
      (select p.state from paper_ballot p where p.estate_id = x.estate_id and p.resolution_id = x.resolution_id and p.voter = x.voter order by p.paper_id desc limit 1) as paper
    from resolution_unit x join resolution r on r.estate_id = x.estate_id and r.resolution_id = x.resolution_id
    join resolution_voter w on w.estate_id = x.estate_id and w.resolution_id = x.resolution_id and w.voter = x.voter
    left join ballot b on b.estate_id = x.estate_id and b.resolution_id = x.resolution_id and b.voter = x.voter
    where x.estate_id = ${estate_id} and x.resolution_id = ${resolution}`.execute(trx);
  const order = new Intl.Collator('zh', { numeric: true });
  return rows.sort((a, b) => order.compare(a.unit, b.unit));
}

export interface PaperRow { paper: number; unit: string; voucher: string; state: 'open' | 'cast' | 'set_aside'; bodies: string[]; readings: number; mine: boolean; differ: boolean }
/** Paper ballots: those that wait first. What others read is not told; only, once there are two of two bodies, that they differ. */
export async function paperRows(trx: Trx, { estate_id, resolution, person_id, limit }: { estate_id: number; resolution: number; person_id: string; limit: number }): Promise<PaperRow[]> {
  const { rows } = await sql<PaperRow>`select p.paper_id as paper, (select min(x.unit) from resolution_unit x where x.estate_id = p.estate_id and x.resolution_id = p.resolution_id and x.voter = p.voter) as unit,
      p.voucher, p.state, n.bodies, n.readings, n.mine, p.state = 'open' and n.choices > 1 as differ
    from paper_ballot p cross join lateral (select coalesce(array_agg(distinct e.body order by e.body), '{}') as bodies, count(*)::integer as readings, bool_or(e.person_id = ${person_id}::uuid) as mine,
      count(distinct e.choice) as choices from paper_entry e where e.estate_id = p.estate_id and e.paper_id = p.paper_id) as n
    where p.estate_id = ${estate_id} and p.resolution_id = ${resolution} order by (p.state <> 'open'), p.paper_id desc limit ${limit}`.execute(trx);
  return rows;
}
