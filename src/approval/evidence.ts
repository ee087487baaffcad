// The evidence of a proposal as one file (签名证据): the document as it was hashed, the records of the log behind
// it, and of each signature all that is kept. proof/signatures.ts checks such a file without this server.
// Persons stand in it by the opaque ids of the log only; whoever may read the proposal may have it.
import { sql } from 'kysely';
import type { Actor, Estate } from '../kernel/actor.ts';
import type { Json } from '../kernel/canonical.ts';
import type { Trx } from '../kernel/database.ts';
import { stamp } from '../evidence/records.ts';
import type { EvidenceBundle, EvidenceRule, EvidenceSignature, LoggedRecord } from '../proof/signatures.ts';
import { readRules } from './rules.ts';
import { signRefusals } from './sign-refusals.ts';
import { readableProposal } from './view.ts';

const logged = sql`r.seq, r.kind, ${stamp('r.recorded_at')} as recorded_at, r.number, r.body, encode(r.leaf_hash, 'hex') as leaf_hash`;

async function recordsWhere(trx: Trx, estate_id: number, condition: ReturnType<typeof sql>): Promise<LoggedRecord[]> {
  const { rows } = await sql<LoggedRecord>`
    select ${logged} from record r where r.estate_id = ${estate_id} and ${condition} order by r.seq`.execute(trx);
  return rows;
}

const recordAt = async (trx: Trx, estate_id: number, seq: number | null): Promise<LoggedRecord | null> =>
  (seq === null ? null : (await recordsWhere(trx, estate_id, sql`r.seq = ${seq}`))[0] ?? null);

/** Everything behind one proposal. Refusals: those of readableProposal(), evidence_none. */
export async function readEvidence(
  trx: Trx, { estate, actor, proposal_id }: { estate: Estate; actor: Actor | null; proposal_id: number },
): Promise<EvidenceBundle> {
  const { estate_id } = estate;
  const proposal = await readableProposal(trx, { estate, actor, proposal_id });
  const frozen = await trx.selectFrom('proposal').select(['document', 'rule_id', 'full_rule_id'])
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirstOrThrow();
  const submission = (await recordsWhere(trx, estate_id, sql`r.kind = 'proposal_submitted' and starts_with(r.kind, 'proposal_')
    and (r.body::jsonb ->> 'proposal')::bigint = ${proposal_id} and r.body::jsonb ->> 'document_hash' = ${proposal.document_hash}`)).at(-1);
  if (frozen.document === null || frozen.rule_id === null || submission === undefined) throw signRefusals.evidence_none({ proposal: proposal_id });
  return {
    format: 'mingzhang/evidence/v1', estate: estate.code, proposal: proposal_id, kind: proposal.kind, class: proposal.class,
    version: proposal.version, document: frozen.document, document_hash: proposal.document_hash!, submission,
    rule: await ruleBehind(trx, estate_id, frozen.rule_id),
    full_rule: frozen.full_rule_id === null ? null : await ruleBehind(trx, estate_id, frozen.full_rule_id),
    signatures: await signaturesUnder(trx, estate_id, proposal_id, proposal.document_hash!),
    quorum: await quorumOf(trx, estate_id, proposal_id, proposal.document_hash!),
    entry: await entryOf(trx, estate_id, proposal_id),
  };
}

/** A rule with the records that hold it: of the opening, or of the change that began it. */
async function ruleBehind(trx: Trx, estate_id: number, rule_id: number): Promise<EvidenceRule> {
  const [rule] = await readRules(trx, estate_id, { only: rule_id });
  const { kind, class: of, in_sequence, passkey_only, bodies } = rule!;
  const opened = await recordsWhere(trx, estate_id, sql`r.kind in ('rules_opened', 'rules_completed')`);
  // The change with the highest first rule that is not above this one.
  const [changed] = (await recordsWhere(trx, estate_id, sql`r.kind = 'rules_changed'
    and (r.body::jsonb ->> 'first_rule')::integer <= ${rule_id}`)).sort((a, b) => b.seq - a.seq);
  const submitted = changed === undefined ? undefined : (await recordsWhere(trx, estate_id, sql`r.kind = 'proposal_submitted'
    and starts_with(r.kind, 'proposal_') and r.seq < ${changed.seq}
    and (r.body::jsonb ->> 'proposal')::bigint = ${(JSON.parse(changed.body) as { proposal: number }).proposal}`)).at(-1);
  return {
    rule_id, kind, class: of, in_sequence, passkey_only, bodies: bodies.map(({ body, signers, place }) => ({ body, signers, place })),
    records: changed === undefined || submitted === undefined ? opened : [submitted, changed],
  };
}

interface Row {
  person: string; on_behalf_of: string | null; body: string; office: string; decision: string; method: string; reason: string;
  signed_at: string; evidence: string; seq: number; term_id: number;
  enrolled_seq: number | null; revoked_seq: number | null; delegation_seq: number | null;
}

async function signaturesUnder(trx: Trx, estate_id: number, proposal_id: number, document_hash: string): Promise<EvidenceSignature[]> {
  const { rows } = await sql<Row>`
    select s.person_id as person, s.on_behalf_of, s.body, s.office, s.decision, s.method, s.reason, s.evidence, s.seq, s.term_id,
      ${stamp('s.signed_at')} as signed_at, k.seq as enrolled_seq, k.revoked_seq, d.seq as delegation_seq
    from signature s
    left join passkey k on k.estate_id = s.estate_id and k.credential_id = s.credential_id
    left join delegation d on d.estate_id = s.estate_id and d.delegation_id = s.delegation_id
    where s.estate_id = ${estate_id} and s.proposal_id = ${proposal_id} and s.document_hash = decode(${document_hash}, 'hex')
    order by s.seq`.execute(trx);
  const signatures: EvidenceSignature[] = [];
  for (const { seq, term_id, enrolled_seq, revoked_seq, delegation_seq, evidence, ...row } of rows) {
    const [term] = await recordsWhere(trx, estate_id, sql`r.kind = 'term_opened' and (r.body::jsonb ->> 'term')::integer = ${term_id}`);
    signatures.push({
      ...row, evidence: JSON.parse(evidence) as { [key: string]: Json }, record: (await recordAt(trx, estate_id, seq))!, term: term!,
      enrolment: await recordAt(trx, estate_id, enrolled_seq), revocation: await recordAt(trx, estate_id, revoked_seq),
      delegation: await recordAt(trx, estate_id, delegation_seq),
    });
  }
  return signatures;
}

async function quorumOf(trx: Trx, estate_id: number, proposal_id: number, document_hash: string): Promise<EvidenceBundle['quorum']> {
  const { rows } = await sql<NonNullable<EvidenceBundle['quorum']>>`
    select ${stamp('q.reached_at')} as reached_at, q.first_body, q.first_person, q.second_body, q.second_person
    from quorum q where q.estate_id = ${estate_id} and q.proposal_id = ${proposal_id} and q.document_hash = decode(${document_hash}, 'hex')`
    .execute(trx);
  return rows[0] ?? null;
}

async function entryOf(trx: Trx, estate_id: number, proposal_id: number): Promise<LoggedRecord | null> {
  const entry = await trx.selectFrom('journal_entry').select('seq')
    .where('estate_id', '=', estate_id).where('proposal_id', '=', proposal_id).executeTakeFirst();
  return recordAt(trx, estate_id, entry?.seq ?? null);
}
