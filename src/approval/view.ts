// One proposal with all that a signer or the interface needs beside it, read in one transaction.
import { sql } from 'kysely';
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate } from '../kernel/dates.ts';
import { estateToday } from '../evidence/records.ts';
import { changesBetween, type Change } from './changes.ts';
import { fingerprint } from './fingerprint.ts';
import {
  availableIn, documentBefore, earlierSigners, neededOf, openSeats, readProposal, signersOf, stepsOf,
  type Document, type NeededRow, type Proposal, type Seat, type SignerRow, type StepRow,
} from './queries.ts';
import { refusals } from './refusals.ts';
import { readRules, type Rule } from './rules.ts';
import { usualBodies } from './rule-text.ts';
import { isAnnounced } from './waiting.ts';

/** The journal entry that carried it out. */
export interface BookedEntry { seq: number; period: string; number: string; kind: string; entry_date: BusinessDate }

export interface ProposalView extends Proposal {
  signatures: SignerRow[];
  /** Over earlier versions: kept, counted no more. */
  earlier_signatures: SignerRow[];
  needed: NeededRow[];
  /** Who could sign now. */
  seats: Seat[];
  steps: StepRow[];
  changes: Change[];
  /** The document of the version before; null for the first. */
  before: Document | null;
  /** The rule it was submitted under; of an emergency order also the one whose signers ratify. */
  rule: Rule | null;
  full_rule: Rule | null;
  /** Why it is not carried out yet once it is approved: announced, or an objection waits for its answer. */
  waits: 'order_in_notice' | 'order_objected' | null;
  /** Written objections without an answer. */
  objections: number;
  entry: BookedEntry | null;
  /** Free sum of the fund that pays, now. */
  available: string | null;
  fingerprint: { zh: string; en: string } | null;
  maker_office: string | null;
  today: BusinessDate;
}

interface Reading { estate: Estate; actor: Actor | null; proposal_id: number }

/** What every owner may read: what is signed, and what is announced, from its submission on and whatever becomes of
 *  it; the rest is work in progress of the officers. */
const isPublic = (proposal: Proposal): boolean => ['approved', 'executed'].includes(proposal.state) || isAnnounced(proposal);

/** A proposal this person may read. Refusals: those of demand() for read_books, proposal_unknown, proposal_not_public. */
export async function readableProposal(trx: Trx, { estate: { estate_id }, actor, proposal_id }: Reading): Promise<Proposal> {
  const reader = demand(actor, estate_id, 'read_books');
  const proposal = await readProposal(trx, estate_id, proposal_id);
  if (proposal === null) throw refusals.proposal_unknown({ proposal: proposal_id });
  if (!isPublic(proposal) && !may(reader, estate_id, 'read_officers')) throw refusals.proposal_not_public();
  return proposal;
}

/** Refusals: those of readableProposal(). */
export async function viewProposal(trx: Trx, { estate, actor, proposal_id }: Reading): Promise<ProposalView> {
  const { estate_id } = estate;
  const proposal = await readableProposal(trx, { estate, actor, proposal_id });
  const today = await estateToday(trx, estate_id);
  const before = await documentBefore(trx, estate_id, proposal_id, proposal.version);
  const maker = await trx.selectFrom('term').select('office').where('estate_id', '=', estate_id)
    .where('person_id', '=', proposal.made_by).where('starts_on', '<=', today).where('ends_on', '>=', today)
    .orderBy('term_id').limit(1).executeTakeFirst();
  return {
    ...proposal,
    signatures: (await signersOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [],
    earlier_signatures: proposal.version > 1 ? await earlierSigners(trx, estate_id, proposal_id) : [],
    needed: (await neededOf(trx, estate_id, [proposal_id])).get(proposal_id) ?? [],
    seats: await openSeats(trx, estate_id, { proposal_id, today }),
    steps: await stepsOf(trx, estate_id, proposal_id),
    changes: before === null || proposal.document === null ? [] : changesBetween(before, proposal.document),
    before, ...await rulesBehind(trx, estate_id, proposal_id), ...await waitingOf(trx, estate_id, proposal_id, today),
    entry: await entryOf(trx, estate_id, proposal_id),
    available: proposal.fund === null ? null : await availableIn(trx, estate_id, proposal.fund),
    fingerprint: proposal.document_hash === null ? null : fingerprint(proposal.document_hash),
    maker_office: maker?.office ?? null,
    today,
  };
}

async function rulesBehind(trx: Trx, estate_id: number, proposal_id: number): Promise<{ rule: Rule | null; full_rule: Rule | null }> {
  const row = await trx.selectFrom('proposal').select(['rule_id', 'full_rule_id'])
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
  const read = async (only: number | null | undefined): Promise<Rule | null> =>
    (only === null || only === undefined ? null : (await readRules(trx, estate_id, { only }))[0] ?? null);
  return { rule: await read(row?.rule_id), full_rule: await read(row?.full_rule_id) };
}

async function waitingOf(
  trx: Trx, estate_id: number, proposal_id: number, today: BusinessDate,
): Promise<Pick<ProposalView, 'waits' | 'objections'>> {
  const { rows } = await sql<Pick<ProposalView, 'waits' | 'objections'>>`
    select waits_for(${estate_id}, ${proposal_id}, ${today}) as waits, (select count(*)::integer from objection j
      where j.estate_id = ${estate_id} and j.proposal_id = ${proposal_id} and not exists (select from objection_answer a
        where a.estate_id = j.estate_id and a.objection_id = j.objection_id)) as objections`.execute(trx);
  return rows[0]!;
}

async function entryOf(trx: Trx, estate_id: number, proposal_id: number): Promise<BookedEntry | null> {
  const row = await trx.selectFrom('journal_entry')
    .select((eb) => ['seq', 'period', 'kind', 'entry_date', eb.fn<string>('entry_number', ['kind', 'number']).as('number')])
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
  return row ?? null;
}

export interface NamedVoucher { audience: string; sha256: string; file_name: string; media_type: string; size: number }
export interface Names {
  funds: Record<string, { zh: string; en: string }>;
  accounts: Record<string, { zh: string; en: string }>;
  bodies: Record<string, { zh: string; en: string }>;
  /** Officers act in public: whoever holds or held an office here, and whoever a document appoints. */
  persons: Record<string, string>;
  /** By number of the term, for documents that end one. */
  terms: Record<string, { person_id: string; body: string; office: string; ends_on: BusinessDate }>;
  vouchers: NamedVoucher[];
}

/** Names of what documents mention by code, and their vouchers. */
export async function namesFor(
  trx: Trx, estate_id: number, hashes: readonly string[], person_ids: readonly string[] = [],
): Promise<Names> {
  const named = (rows: { code: string; name_zh: string; name_en: string }[]) =>
    Object.fromEntries(rows.map((row) => [row.code, { zh: row.name_zh, en: row.name_en }]));
  const funds = await trx.selectFrom('fund').select(['fund as code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id)
    .orderBy('place').orderBy('fund').execute();
  const accounts = await trx.selectFrom('account').select(['account as code', 'name_zh', 'name_en'])
    .where('estate_id', '=', estate_id).execute();
  const bodies = await trx.selectFrom('body').select(['body as code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
  const terms = await trx.selectFrom('term').select(['term_id', 'person_id', 'body', 'office', 'ends_on'])
    .where('estate_id', '=', estate_id).execute();
  const known = [...new Set([...terms.map((term) => term.person_id), ...person_ids])];
  const persons = known.length === 0 ? [] : await trx.selectFrom('person_identity').select(['person_id', 'name'])
    .where('person_id', 'in', known).execute();
  const vouchers = hashes.length === 0 ? [] : await trx.selectFrom('voucher').select(['audience', 'sha256', 'file_name', 'media_type', 'size'])
    .where('estate_id', '=', estate_id).where('sha256', 'in', [...new Set(hashes)]).orderBy('seq').execute();
  return {
    funds: named(funds), accounts: named(accounts), bodies: { ...usualBodies, ...named(bodies) }, vouchers,
    persons: Object.fromEntries(persons.map((row) => [row.person_id, row.name])),
    terms: Object.fromEntries(terms.map(({ term_id, ...term }) => [String(term_id), term])),
  };
}

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isPerson = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(value);

/** Files that documents rest on: vouchers and the resolution; and persons they speak of. */
export function mentionedIn(documents: readonly (Document | null)[]): { hashes: string[]; person_ids: string[] } {
  const given = documents.filter((document) => document !== null);
  return {
    hashes: given.flatMap((document) => {
      const resolution = document['resolution'] as { voucher?: unknown } | null | undefined;
      return [...(Array.isArray(document['vouchers']) ? document['vouchers'] as unknown[] : []), resolution?.voucher].filter(isHash);
    }),
    person_ids: given.flatMap((document) => [document['person'], document['principal'], document['delegate']].filter(isPerson)),
  };
}

/** A proposal with what its page shows beside it. */
export interface Subject {
  code: string;
  view: ProposalView;
  names: Names;
  /** Of this version, as far as this reader may know of them. */
  vouchers: NamedVoucher[];
  /** Rules that a change of rules ends. */
  ended_rules: Rule[];
  /** Officers may open the order and every voucher. */
  officer: boolean;
}
