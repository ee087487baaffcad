// Reading proposals: the queue, one proposal, who signed, who is missing, what happened when, and what
// changed between two versions (from the log, which keeps every document that was ever submitted).
import { sql } from 'kysely';
import { textsOf, type Erasure } from '../evidence/personal-value.ts';
import type { Actor, BodyKind, Office } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import type { Kind, PayeeClass, RuleClass, State } from './kinds.ts';

export type Document = { readonly [key: string]: Json | undefined };

export interface SignerRow {
  person_id: string;
  body: BodyKind;
  office: Office;
  name_zh: string;
  name_en: string;
  decision: 'approve' | 'reject' | 'ratify';
  method: 'password' | 'passkey';
  reason: string;
  signed_at: Date;
  seq: number;
  /** Whose vote a deputy gave (乙代甲); null for one's own. */
  on_behalf_of: string | null;
}

/** Signatures over the document as it stands now; those of earlier versions no longer count. */
export async function signersOf(trx: Trx, estate_id: number, proposal_ids: readonly number[]): Promise<Map<number, SignerRow[]>> {
  const signers = new Map<number, SignerRow[]>();
  if (proposal_ids.length === 0) return signers;
  const rows = await trx.selectFrom('signature as s')
    .innerJoin('proposal as p', (join) => join.onRef('p.estate_id', '=', 's.estate_id')
      .onRef('p.proposal_id', '=', 's.proposal_id').onRef('p.document_hash', '=', 's.document_hash'))
    .innerJoin('body as b', (join) => join.onRef('b.estate_id', '=', 's.estate_id').onRef('b.body', '=', 's.body'))
    .select(['s.proposal_id', 's.person_id', 's.body', 's.office', 'b.name_zh', 'b.name_en', 's.decision', 's.method',
      's.reason', 's.signed_at', 's.seq', 's.on_behalf_of'])
    .where('s.estate_id', '=', estate_id).where('s.proposal_id', 'in', [...proposal_ids])
    .orderBy('s.seq').execute();
  for (const { proposal_id, ...row } of rows) {
    signers.set(proposal_id, [...(signers.get(proposal_id) ?? []), row as SignerRow]);
  }
  return signers;
}

export interface NeededRow {
  body: BodyKind;
  name_zh: string;
  name_en: string;
  /** How many of the body the rule asks, how many have approved, how many are missing. */
  signers: number;
  signed: number;
  missing: number;
}

/** What the rule of each proposal asks, and what is still missing; of an emergency order that was approved,
 *  what the normal rule asks for its ratification. */
export async function neededOf(trx: Trx, estate_id: number, proposal_ids: readonly number[]): Promise<Map<number, NeededRow[]>> {
  const needed = new Map<number, NeededRow[]>();
  if (proposal_ids.length === 0) return needed;
  const { rows } = await sql<NeededRow & { proposal_id: number }>`
    select p.proposal_id, r.body, n.name_zh, n.name_en, r.signers::integer, count(s.person_id)::integer as signed,
      greatest(r.signers - count(s.person_id), 0)::integer as missing
    from proposal p
    join rule_body r on r.estate_id = p.estate_id and r.rule_id =
      case when p.class = 'emergency' and p.state in ('approved', 'executed') then p.full_rule_id else p.rule_id end
    join body n on n.estate_id = r.estate_id and n.body = r.body
    left join signature s on s.estate_id = p.estate_id and s.proposal_id = p.proposal_id
      and s.document_hash = p.document_hash and s.body = r.body and s.decision in ('approve', 'ratify')
    where p.estate_id = ${estate_id} and p.proposal_id = any(${proposal_ids}::bigint[])
    group by p.proposal_id, r.body, n.name_zh, n.name_en, r.signers, r.place
    order by p.proposal_id, r.place, r.body = 'committee', r.body desc`.execute(trx);
  for (const { proposal_id, ...row } of rows) {
    needed.set(proposal_id, [...(needed.get(proposal_id) ?? []), row]);
  }
  return needed;
}

/** "物业公司、业主委员会 2 人" of the bodies that are still missing, or of all when none is. */
export function bodyNames(needed: readonly NeededRow[]): Bilingual {
  const missing = needed.filter((row) => row.missing > 0);
  const named = missing.length > 0 ? missing : needed;
  const count = (row: NeededRow): number => (missing.length > 0 ? row.missing : row.signers);
  return {
    zh: named.map((row) => (count(row) > 1 ? `${row.name_zh} ${count(row)} 人` : row.name_zh)).join('、') || '签批人',
    en: named.map((row) => (count(row) > 1 ? `${row.name_en} (${count(row)})` : row.name_en)).join(', ') || 'the signers',
  };
}

export interface ProposalRow {
  proposal_id: number;
  kind: Kind;
  state: State;
  version: number;
  title: string;
  amount: string | null;
  fund: string | null;
  made_by: string;
  payee_person: string | null;
  reason: string;
  rule_id: number | null;
  /** Hexadecimal; null before the first submission. */
  document_hash: string | null;
  created_at: Date;
  submitted_at: Date | null;
  expires_on: BusinessDate | null;
  approved_at: Date | null;
  executed_at: Date | null;
  class: RuleClass;
  payee_class: PayeeClass | null;
  /** First day it may be carried out; null before the first submission. */
  payable_from: BusinessDate | null;
  /** Of an emergency order: last day for ratification, and when that was done. */
  ratify_by: BusinessDate | null;
  ratified_at: Date | null;
}
export interface Proposal extends ProposalRow { document: Document | null }

const columns = ['proposal_id', 'kind', 'state', 'version', 'title', 'amount', 'fund', 'made_by', 'payee_person', 'reason',
  'rule_id', 'document_hash', 'created_at', 'submitted_at', 'expires_on', 'approved_at', 'executed_at', 'class', 'payee_class',
  'payable_from', 'ratify_by', 'ratified_at'] as const;

/** One proposal with its frozen document; null when there is none of that number. */
export async function readProposal(trx: Trx, estate_id: number, proposal_id: number): Promise<Proposal | null> {
  return (await readProposals(trx, estate_id, [proposal_id])).get(proposal_id) ?? null;
}

/** Several of them, by number. */
export async function readProposals(trx: Trx, estate_id: number, proposal_ids: readonly number[]): Promise<Map<number, Proposal>> {
  if (proposal_ids.length === 0) return new Map();
  const rows = await trx.selectFrom('proposal').select([...columns, 'document'])
    .where('estate_id', '=', estate_id).where('proposal_id', 'in', [...new Set(proposal_ids)]).execute();
  return new Map(rows.map((row) => [row.proposal_id, {
    ...row, kind: row.kind as Kind, state: row.state as State, class: row.class as RuleClass,
    payee_class: row.payee_class as PayeeClass | null,
    document_hash: row.document_hash?.toString('hex') ?? null,
    document: row.document === null ? null : JSON.parse(row.document) as Document,
  }]));
}

export interface ListAsked {
  state?: readonly State[] | undefined;
  kind?: Kind | undefined;
  /** Only what waits for this person's signature today. */
  mine?: { actor: Actor; today: BusinessDate } | undefined;
  /** Only what does not wait for this person. */
  not_mine?: { actor: Actor; today: BusinessDate } | undefined;
  cursor?: number | undefined;
  limit: number;
}

/** True in SQL for proposals that wait for this person's signature, in their own place or another's. */
const waitsFor = (estate_id: number, { actor, today }: { actor: Actor; today: BusinessDate }) => sql<boolean>`
  p.proposal_id in (select s.proposal_id from open_seats(${estate_id}, null, ${today}) s where s.person_id = ${actor.person_id}::uuid)`;

export interface Seat {
  proposal_id: number;
  person_id: string;
  body: BodyKind;
  office: Office;
  /** Whose vote it is, where a deputy signs for another. */
  on_behalf_of: string | null;
  decision: 'approve' | 'ratify';
}

/** Who could sign now; of one proposal, or of all open ones. */
export async function openSeats(
  trx: Trx, estate_id: number, { proposal_id, person_id, today }: { proposal_id?: number; person_id?: string; today: BusinessDate },
): Promise<Seat[]> {
  const { rows } = await sql<Seat>`
    select * from open_seats(${estate_id}, ${proposal_id ?? null}, ${today})
    where ${person_id ?? null}::uuid is null or person_id = ${person_id ?? null}::uuid
    order by proposal_id, body = 'committee', body desc, on_behalf_of nulls first, person_id`.execute(trx);
  return rows;
}

export interface ProposalList { items: ProposalRow[]; next_cursor: string | null }

/** Newest first; `cursor` is the number of the last one shown. Drafts are the maker's own. */
export async function proposalList(trx: Trx, estate_id: number, asked: ListAsked): Promise<ProposalList> {
  let query = trx.selectFrom('proposal as p').select(columns.map((column) => `p.${column}` as const))
    .where('p.estate_id', '=', estate_id);
  if (asked.state !== undefined) query = query.where('p.state', 'in', [...asked.state]);
  if (asked.kind !== undefined) query = query.where('p.kind', '=', asked.kind);
  if (asked.mine !== undefined) query = query.where(waitsFor(estate_id, asked.mine));
  if (asked.not_mine !== undefined) query = query.where(sql<boolean>`not ${waitsFor(estate_id, asked.not_mine)}`);
  if (asked.cursor !== undefined) query = query.where('p.proposal_id', '<', asked.cursor);
  const rows = await query.orderBy('p.proposal_id', 'desc').limit(asked.limit + 1).execute();
  const items = rows.slice(0, asked.limit).map((row): ProposalRow => ({
    ...row, kind: row.kind as Kind, state: row.state as State, document_hash: row.document_hash?.toString('hex') ?? null,
    class: row.class as RuleClass, payee_class: row.payee_class as PayeeClass | null,
  }));
  return { items, next_cursor: rows.length > asked.limit ? String(items.at(-1)!.proposal_id) : null };
}

export interface StepRow {
  seq: number;
  step: string;
  recorded_at: Date;
  version: number;
  body: BodyKind | null;
  office: Office | null;
  by: string | null;
  /** Of a comment its text; null where it was erased. */
  reason: string | null;
  erased: Erasure | null;
}

/** What happened to a proposal besides signatures, in order: submitted, returned, withdrawn, … */
export async function stepsOf(trx: Trx, estate_id: number, proposal_id: number): Promise<StepRow[]> {
  const { rows } = await sql<StepRow>`
    select seq, substr(kind, 10) as step, recorded_at, (body::jsonb ->> 'version')::integer as version,
      body::jsonb ->> 'by' as by, body::jsonb ->> 'body' as body, body::jsonb ->> 'office' as office, coalesce(body::jsonb ->> 'reason', '') as reason
    from record
    where estate_id = ${estate_id} and starts_with(kind, 'proposal_')
      and (body::jsonb ->> 'proposal')::bigint = ${proposal_id}
    order by seq`.execute(trx);
  const texts = await textsOf(trx, estate_id, rows.filter(({ step }) => step === 'commented').map(({ seq }) => seq), 'comment');
  return rows.map((row) => {
    const said = texts.get(row.seq);
    return said === undefined ? { ...row, erased: null } : { ...row, reason: said.text, erased: said.erased };
  });
}

/** Signatures over earlier versions of the document: kept for ever, counted no more. */
export async function earlierSigners(trx: Trx, estate_id: number, proposal_id: number): Promise<SignerRow[]> {
  const rows = await trx.selectFrom('signature as s')
    .innerJoin('proposal as p', (join) => join.onRef('p.estate_id', '=', 's.estate_id')
      .onRef('p.proposal_id', '=', 's.proposal_id').onRef('p.document_hash', '!=', 's.document_hash'))
    .innerJoin('body as b', (join) => join.onRef('b.estate_id', '=', 's.estate_id').onRef('b.body', '=', 's.body'))
    .select(['s.person_id', 's.body', 's.office', 'b.name_zh', 'b.name_en', 's.decision', 's.method', 's.reason',
      's.signed_at', 's.seq', 's.on_behalf_of'])
    .where('s.estate_id', '=', estate_id).where('s.proposal_id', '=', proposal_id).orderBy('s.seq').execute();
  return rows as SignerRow[];
}

/** The document of the version before the given one, from the log; null for the first. */
export async function documentBefore(trx: Trx, estate_id: number, proposal_id: number, version: number): Promise<Document | null> {
  if (version < 2) return null;
  const { rows } = await sql<{ document: Document }>`
    select body::jsonb -> 'document' as document from record
    where estate_id = ${estate_id} and starts_with(kind, 'proposal_') and kind = 'proposal_submitted'
      and (body::jsonb ->> 'proposal')::bigint = ${proposal_id} and (body::jsonb ->> 'version')::integer = ${version - 1}`
    .execute(trx);
  return rows[0]?.document ?? null;
}

/** Sum that is free in a fund: money less what approved, unpaid orders reserve. */
export async function availableIn(trx: Trx, estate_id: number, fund: string): Promise<string> {
  const { rows } = await sql<{ available: string }>`
    select fund_available(${estate_id}, ${fund})::numeric(18, 2) as available`.execute(trx);
  return rows[0]!.available;
}
