// Reads of certificates and takeovers.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import type { BusinessDate, Period } from '../kernel/dates.ts';
import type { State } from '../approval/kinds.ts';
import type { Certificate } from './certificate.ts';

export interface HandoverRow {
  /** Proposal of the certificate. */
  handover: number;
  state: State;
  body: string;
  outgoing: string;
  period: Period;
  submitted_on: BusinessDate;
  ends_on: BusinessDate;
  /** Proposal of the takeover that was carried out, its company and first day. */
  takeover: number | null;
  incoming: string | null;
  taken_from: BusinessDate | null;
  /** Newest proposal to take over that is not carried out, and its state. */
  asked_takeover: number | null;
  asked_state: State | null;
}
export interface HandoverShown extends HandoverRow {
  document_hash: string;
  certificate: Certificate;
  others: string;
  differences: string;
  signatures: { side: 'handover' | 'takeover'; name_zh: string; name_en: string; office: string; signed_on: BusinessDate }[];
}

interface Stored extends HandoverRow { document: string; document_hash: string; taken_document: string | null }

const rowsOf = (estate_id: number) => sql<Stored>`
  select o.proposal_id as handover, o.state, o.document::jsonb ->> 'body' as body, o.document::jsonb ->> 'outgoing' as outgoing,
    o.document::jsonb -> 'certificate' ->> 'period' as period, o.document::jsonb ->> 'submitted_on' as submitted_on, o.document::jsonb ->> 'ends_on' as ends_on,
    h.takeover_id as takeover, h.incoming, h.taken_from, n.proposal_id as asked_takeover, n.state as asked_state,
    o.document, encode(o.document_hash, 'hex') as document_hash, k.document as taken_document
  from proposal o left join handover h on h.estate_id = o.estate_id and h.proposal_id = o.proposal_id
  left join proposal k on k.estate_id = o.estate_id and k.proposal_id = h.takeover_id
  left join lateral (select x.proposal_id, x.state from proposal x where x.estate_id = o.estate_id and x.kind = 'takeover'
    and x.state in ('submitted', 'held', 'approved', 'returned') and (x.document::jsonb ->> 'handover')::bigint = o.proposal_id order by x.proposal_id desc limit 1) n on true
  where o.estate_id = ${estate_id} and o.kind = 'handover' and o.version > 0`;

/** Newest first; without those that only officers may see, where asked. */
export async function handovers(trx: Trx, estate_id: number, { officer }: { officer: boolean }): Promise<HandoverRow[]> {
  const { rows } = await rowsOf(estate_id).execute(trx);
  return rows.filter((row) => officer || isPublic(row)).sort((a, b) => b.handover - a.handover)
    .map(({ document: _document, document_hash: _hash, taken_document: _taken, ...row }) => row);
}

/** Owners read what both sides signed, and what was taken over. */
export const isPublic = ({ state, incoming }: Pick<HandoverRow, 'state' | 'incoming'>): boolean => ['approved', 'executed'].includes(state) || incoming !== null;

export async function handoverOf(trx: Trx, estate_id: number, handover: number): Promise<HandoverShown | null> {
  const row = (await rowsOf(estate_id).execute(trx)).rows.find((one) => one.handover === handover);
  if (row === undefined) return null;
  const { document: text, taken_document, ...rest } = row;
  const document = JSON.parse(text) as { certificate: Certificate; others?: string };
  const taken = taken_document === null ? {} : JSON.parse(taken_document) as { differences?: string };
  return {
    ...rest, certificate: document.certificate, others: document.others ?? '', differences: taken.differences ?? '',
    signatures: await signaturesOf(trx, estate_id, [rest.handover, ...(rest.takeover === null ? [] : [rest.takeover])], rest.handover),
  };
}

async function signaturesOf(trx: Trx, estate_id: number, proposals: number[], handover: number): Promise<HandoverShown['signatures']> {
  const { rows } = await sql<HandoverShown['signatures'][number]>`
    select case when s.proposal_id = ${handover} then 'handover' else 'takeover' end as side, b.name_zh, b.name_en, s.office, (s.signed_at at time zone 'Asia/Shanghai')::date as signed_on
    from signature s join proposal o on o.estate_id = s.estate_id and o.proposal_id = s.proposal_id and o.document_hash = s.document_hash
    join body b on b.estate_id = s.estate_id and b.body = s.body
    where s.estate_id = ${estate_id} and s.proposal_id = any(${proposals}::bigint[]) and s.decision = 'approve' order by s.seq`.execute(trx);
  return rows;
}

/** Newest certificate that both sides signed. */
export async function newestCertificate(trx: Trx, estate_id: number): Promise<number | null> {
  const { rows } = await sql<{ newest: number | null }>`select max(proposal_id) as newest from handover where estate_id = ${estate_id}`.execute(trx);
  return rows[0]?.newest ?? null;
}
