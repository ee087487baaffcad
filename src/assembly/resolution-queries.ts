// Reads of resolutions: for everybody what is announced; drafts for whoever holds assemblies. Sums and masked names only; dwellings for
// those who may see households, and for whoever lives there.
import { sql } from 'kysely';
import { estateToday } from '../evidence/records.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { refusals } from './refusals.ts';

export const matters = ['assembly_rules', 'covenant', 'committee', 'manager', 'use_fund', 'raise_fund', 'rebuild', 'common_parts', 'other'] as const;
export type Matter = (typeof matters)[number];
export const choices = ['for', 'against', 'abstain'] as const;
export type Choice = (typeof choices)[number];
export type ResolutionState = 'draft' | 'announced' | 'voting' | 'papers' | 'counting' | 'counted' | 'called_off';
export type Outcome = 'passed' | 'quorum_missing' | 'majority_missing';
export type Standing = 'certified' | 'uncertified' | 'waiting' | 'not_passed' | 'not_counted' | 'unknown';

/** Type aliases, so that they are JSON for a document. */
export type Share = { area: string; voters: number };
export type Count = {
  area: string; voters: number; part: Share; choices: Record<Choice, Share>; outcome: Outcome; papers_open: number; special: boolean; rule_day: BusinessDate;
  /** Of a secret vote: the first ten signs of each code, by choice. */
  codes?: Record<Choice, string[]>;
};

export interface ResolutionRow {
  resolution_id: number;
  state: ResolutionState;
  matter: Matter;
  title: string;
  wording: string;
  stricter: boolean;
  secret: boolean;
  starts_on: BusinessDate;
  ends_on: BusinessDate;
  paper_days: number;
  files: string[];
  drafted_by: string;
  opened_seq: number | null;
  opened_on: BusinessDate | null;
  rule_day: BusinessDate | null;
  special: boolean | null;
  voters: number | null;
  units: number | null;
  area: string | null;
  /** Owners and area that have voted so far. */
  part_voters: number;
  part_area: string;
  called_off_why: string | null;
  counted_seq: number | null;
  counted_on: BusinessDate | null;
  outcome: Outcome | null;
  count: Count | null;
  count_sha256: string | null;
  certified_by: number | null;
  certified_on: BusinessDate | null;
  /** Proposal that certifies it once it is signed. */
  certifying: number | null;
  standing: Standing;
}

const shown = (today: BusinessDate) => sql`r.resolution_id, resolution_state(r, ${today}::date) as state, r.matter, r.title, r.wording, r.stricter, r.secret, r.starts_on, r.ends_on, r.paper_days,
  r.files, r.drafted_by, r.opened_seq, r.opened_on, r.rule_day, r.special, r.voters, r.units, r.area, p.part_voters, p.part_area,
  (select c.body::jsonb ->> 'reason' from record c where c.estate_id = r.estate_id and c.seq = r.called_off_seq) as called_off_why,
  r.counted_seq, r.counted_on, r.outcome, r.count_body::jsonb as count, r.count_sha256, r.certified_by,
  (select (c.recorded_at at time zone 'Asia/Shanghai')::date from record c where c.estate_id = r.estate_id and c.seq = r.certified_seq) as certified_on,
  (select max(o.proposal_id) from proposal o where o.estate_id = r.estate_id and o.kind = 'resolution' and o.state in ('submitted', 'held', 'approved', 'returned')
    and (o.document::jsonb ->> 'resolution_id')::bigint = r.resolution_id) as certifying,
  resolution_standing(r.estate_id, r.resolution_id, ${today}::date) as standing
  from resolution r cross join lateral (select count(*)::integer as part_voters, coalesce(sum(w.area), 0)::numeric(14, 2) as part_area from ballot b
    join resolution_voter w on w.estate_id = b.estate_id and w.resolution_id = b.resolution_id and w.voter = b.voter
    where b.estate_id = r.estate_id and b.resolution_id = r.resolution_id) as p`;

/** Refusal: resolution_unknown; also of a draft, unless drafts are asked for. */
export async function readResolutionRow(trx: Trx, estate_id: number, resolution: number, { drafts = false } = {}): Promise<ResolutionRow> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<ResolutionRow>`select ${shown(today)} where r.estate_id = ${estate_id} and r.resolution_id = ${resolution}`.execute(trx);
  const [row] = rows;
  if (row === undefined || (row.state === 'draft' && !drafts)) throw refusals.resolution_unknown({ resolution });
  return row;
}

export interface ListAsked { drafts: boolean; state?: string | undefined; matter?: string | undefined; cursor?: number | undefined; limit: number }

/** Newest first. */
export async function resolutionList(trx: Trx, estate_id: number, { drafts, state = '', matter = '', cursor, limit }: ListAsked): Promise<{ items: ResolutionRow[]; next_cursor: string | null }> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<ResolutionRow>`select ${shown(today)} where r.estate_id = ${estate_id}
    and (${drafts} or r.opened_seq is not null) and (${state} = '' or resolution_state(r, ${today}::date) = ${state} or r.outcome = ${state} or (${state} = 'not_passed' and r.outcome <> 'passed'))
    and (${matter} = '' or r.matter = ${matter}) ${cursor === undefined ? sql`` : sql`and r.resolution_id < ${cursor}`}
    order by r.resolution_id desc limit ${limit + 1}`.execute(trx);
  const items = rows.slice(0, limit);
  return { items, next_cursor: rows.length > limit ? String(items.at(-1)!.resolution_id) : null };
}

export interface Law {
  rule_day: BusinessDate; counted_of: 'participants' | 'all'; quorum_part: number; quorum_whole: number; quorum_above: boolean;
  ordinary_part: number; ordinary_whole: number; ordinary_above: boolean; special_part: number; special_whole: number; special_above: boolean;
  special_matters: string[]; source_zh: string; source_en: string;
}

/** All of them, the latest first. */
export const laws = async (trx: Trx): Promise<Law[]> => (await trx.selectFrom('majority_rule').selectAll().orderBy('rule_day', 'desc').execute()) as Law[];

/** The roll as it would be frozen today: owners, dwellings, area, and how many dwellings have no owner in the register. */
export interface RollPreview { voters: number; units: number; area: string; ownerless: number }
export async function rollPreview(trx: Trx, estate_id: number): Promise<RollPreview> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<RollPreview>`select count(distinct l.owners)::integer as voters, count(*)::integer as units, coalesce(sum(l.area), 0)::numeric(14, 2) as area,
    count(*) filter (where l.owners like 'unit %')::integer as ownerless from roll_on(${estate_id}, ${today}::date) l`.execute(trx);
  return rows[0]!;
}

/** Logins of the dwellings on the roll; `not_voted`: of owners who have not. */
export async function residentsOn(trx: Trx, estate_id: number, resolution: number, which: 'all' | 'not_voted'): Promise<string[]> {
  const { rows } = await sql<{ person_id: string }>`select distinct r.person_id from resident r join resolution_unit x on x.estate_id = r.estate_id and x.unit = r.unit
    where r.estate_id = ${estate_id} and x.resolution_id = ${resolution} and r.left_at is null
      and (${which === 'all'} or not exists (select from ballot b where b.estate_id = x.estate_id and b.resolution_id = x.resolution_id and b.voter = x.voter))`.execute(trx);
  return rows.map(({ person_id }) => person_id);
}

export interface Chosen { resolution_id: number; title: string; counted_on: BusinessDate; standing: Standing }
/** Resolutions that passed, for a list to choose from; those an order may rest on, and those that wait for their certificate. */
export async function passedResolutions(trx: Trx, estate_id: number): Promise<Chosen[]> {
  const today = await estateToday(trx, estate_id);
  const { rows } = await sql<Chosen>`select r.resolution_id, r.title, r.counted_on, resolution_standing(r.estate_id, r.resolution_id, ${today}::date) as standing
    from resolution r where r.estate_id = ${estate_id} and r.outcome = 'passed' order by r.resolution_id desc limit 100`.execute(trx);
  return rows;
}
