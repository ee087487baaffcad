// One proposal with all that a signer or the interface needs beside it, read in one transaction.
import { demand, may, type Actor, type Estate } from '../kernel/actor.ts';
import type { Trx } from '../kernel/database.ts';
import { businessDate, type BusinessDate } from '../kernel/dates.ts';
import { estateNow } from '../evidence/records.ts';
import { changesBetween, type Change } from './changes.ts';
import { fingerprint } from './fingerprint.ts';
import {
  availableIn, documentBefore, earlierSigners, neededOf, openSeats, readProposal, signersOf, stepsOf,
  type NeededRow, type Proposal, type Seat, type SignerRow, type StepRow,
} from './queries.ts';
import { refusals } from './refusals.ts';

export interface ProposalView extends Proposal {
  signatures: SignerRow[];
  /** Over earlier versions: kept, counted no more. */
  earlier_signatures: SignerRow[];
  needed: NeededRow[];
  /** Who could sign now. */
  seats: Seat[];
  steps: StepRow[];
  changes: Change[];
  /** Free sum of the fund that pays, now. */
  available: string | null;
  fingerprint: { zh: string; en: string } | null;
  maker_office: string | null;
  today: BusinessDate;
}

/** States every owner may read; the rest is work in progress of the officers. */
const publicStates = ['approved', 'executed'];

/** Refusals: those of demand() for read_books, proposal_unknown, proposal_not_public. */
export async function viewProposal(
  trx: Trx, { estate, actor, proposal_id }: { estate: Estate; actor: Actor | null; proposal_id: number },
): Promise<ProposalView> {
  const { estate_id } = estate;
  const reader = demand(actor, estate_id, 'read_books');
  const proposal = await readProposal(trx, estate_id, proposal_id);
  if (proposal === null) throw refusals.proposal_unknown({ proposal: proposal_id });
  if (!publicStates.includes(proposal.state) && !may(reader, estate_id, 'read_officers')) throw refusals.proposal_not_public();
  const today = businessDate(await estateNow(trx, estate_id));
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
    available: proposal.fund === null ? null : await availableIn(trx, estate_id, proposal.fund),
    fingerprint: proposal.document_hash === null ? null : fingerprint(proposal.document_hash),
    maker_office: maker?.office ?? null,
    today,
  };
}

export interface NamedVoucher { audience: string; sha256: string; file_name: string; media_type: string; size: number }
export interface Names {
  funds: Record<string, { zh: string; en: string }>;
  accounts: Record<string, { zh: string; en: string }>;
  bodies: Record<string, { zh: string; en: string }>;
  vouchers: NamedVoucher[];
}

/** Names of what documents mention by code, and their vouchers. */
export async function namesFor(trx: Trx, estate_id: number, hashes: readonly string[]): Promise<Names> {
  const named = (rows: { code: string; name_zh: string; name_en: string }[]) =>
    Object.fromEntries(rows.map((row) => [row.code, { zh: row.name_zh, en: row.name_en }]));
  const funds = await trx.selectFrom('fund').select(['fund as code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
  const accounts = await trx.selectFrom('account').select(['account as code', 'name_zh', 'name_en'])
    .where('estate_id', '=', estate_id).execute();
  const bodies = await trx.selectFrom('body').select(['body as code', 'name_zh', 'name_en']).where('estate_id', '=', estate_id).execute();
  const vouchers = hashes.length === 0 ? [] : await trx.selectFrom('voucher').select(['audience', 'sha256', 'file_name', 'media_type', 'size'])
    .where('estate_id', '=', estate_id).where('sha256', 'in', [...hashes]).orderBy('seq').execute();
  return { funds: named(funds), accounts: named(accounts), bodies: named(bodies), vouchers };
}
