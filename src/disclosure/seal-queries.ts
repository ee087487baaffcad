// What a seal reads from the log: where a month begins in it, its records, the earlier records they rest on, and the
// checkpoint that witnesses signed last.
import { sql } from 'kysely';
import type { Trx } from '../kernel/database.ts';
import { businessDate, firstDay, shanghaiInstant, type Period } from '../kernel/dates.ts';
import { readRecords, stamp } from '../evidence/records.ts';
import { verifierKeyText } from '../proof/note.ts';
import { readPolicy, type WitnessGroup } from '../proof/policy.ts';
import type { LogRecord } from '../proof/record.ts';
import { policyOf } from '../witness/queries.ts';
import type { Witnessed } from '../../reports/kit/seal.ts';

/** Number of records before the month: those of the month begin with the first that was recorded in it, or after it,
 *  or with its first entry. */
export async function rangeStart(trx: Trx, estate_id: number, period: Period): Promise<number> {
  // The log's time never runs backwards, so the last record before the month ends what lies before it; read from the
  // end, no more is looked at than is attached anyway.
  const { rows } = await sql<{ start: number }>`
    select least(
      coalesce((select seq from record where estate_id = ${estate_id} and recorded_at < ${shanghaiInstant(firstDay(period))}
        order by seq desc limit 1), 0),
      (select min(seq) - 1 from journal_entry where estate_id = ${estate_id} and period = ${period})) as start`.execute(trx);
  return rows[0]!.start;
}

const PAGE = 1_000;

/** Records after `from` up to `to`, in order and without gaps. */
export async function* recordsBetween(trx: Trx, estate_id: number, from: number, to: number): AsyncGenerator<LogRecord> {
  for (let seq = from + 1; seq <= to; seq += PAGE) {
    for (const { leaf_hash: _leaf_hash, ...record } of await readRecords(trx, estate_id, seq, Math.min(PAGE, to - seq + 1))) yield record;
  }
}

/** Kinds that say who serves, with which keys, under which rules: whatever was signed later rests on them. */
const STANDING = ['estate_opened', 'body_opened', 'body_formed', 'bank_account_opened', 'bank_account_changed', 'bank_account_closed', 'mandate_opened',
  'mandate_ended', 'rules_opened', 'rules_changed', 'rules_completed',
  'term_opened', 'term_ended', 'delegation_opened', 'delegation_ended', 'passkey_enrolled', 'passkey_revoked',
  'log_key_opened', 'log_key_changed', 'witness_enrolled', 'witness_retired'];
/** Of these the proposal is asked for as well: what they change stands in its document. */
const BY_PROPOSAL = ['rules_changed', 'log_key_changed'];

/** What records of a month speak of: proposals (orders of pay files and mandates among them), entries that they reverse, suspense
 *  entries that they settle, and of each bank account the first line that an entry was made from. */
export interface Referred {
  proposals: ReadonlySet<number>; reversed: ReadonlySet<number>; settled: ReadonlySet<number>; lines: ReadonlyMap<string, number>;
}

const WINDOW = 2_000;

/** Steps of proposals up to `before`, back to the first submission of each. They are looked for backwards, window by
 *  window: a proposal is rarely older than a month or two, and a log may be as old as the estate. */
async function stepsOf(trx: Trx, estate_id: number, before: number, proposals: ReadonlySet<number>): Promise<number[]> {
  const found: number[] = [];
  const waiting = new Set(proposals);
  for (let to = before; to > 0 && waiting.size > 0; to -= WINDOW) {
    const { rows } = await sql<{ seq: number; proposal: number; first: boolean }>`
      select seq, (body::jsonb ->> 'proposal')::bigint as proposal,
        kind = 'proposal_submitted' and (body::jsonb ->> 'version')::integer = 1 as first
      from record where estate_id = ${estate_id} and seq <= ${to} and seq > ${to - WINDOW} and starts_with(kind, 'proposal_')`.execute(trx);
    for (const { seq, proposal, first } of rows) {
      if (!proposals.has(proposal)) continue;
      found.push(seq);
      if (first) waiting.delete(proposal);
    }
  }
  return found;
}

/** What was signed, objected, answered and booked under proposals, up to `before`; and the entries themselves that are
 *  reversed later. */
async function deedsOf(trx: Trx, estate_id: number, before: number, { proposals, reversed }: Pick<Referred, 'proposals' | 'reversed'>): Promise<number[]> {
  const { rows } = await sql<{ seq: number }>`
    with named as (select unnest(${[...proposals]}::bigint[]) as proposal_id)
    select seq from (
      select s.seq from named n join signature s on s.estate_id = ${estate_id} and s.proposal_id = n.proposal_id
      union all select j.seq from named n join objection j on j.estate_id = ${estate_id} and j.proposal_id = n.proposal_id
      union all select a.seq from named n join objection j on j.estate_id = ${estate_id} and j.proposal_id = n.proposal_id
        join objection_answer a on a.estate_id = j.estate_id and a.objection_id = j.objection_id
      union all select e.seq from named n join journal_entry e on e.estate_id = ${estate_id} and e.proposal_id = n.proposal_id
      union all select unnest(${[...reversed]}::bigint[])) as deed
    where seq <= ${before}`.execute(trx);
  return rows.map(({ seq }) => seq);
}

/** Suspense entries up to `before` that were open then, or are settled or opened again later; what was settled of them by
 *  then, and what of all that was reversed. */
async function suspenseOf(trx: Trx, estate_id: number, before: number, { reversed, settled }: Referred): Promise<number[]> {
  const { rows } = await sql<{ seq: number }>`
    with held as materialized (
      select e.seq, p.account, abs(p.debit - p.credit) as amount from posting p join journal_entry e on e.estate_id = p.estate_id and e.seq = p.seq
      where p.estate_id = ${estate_id} and p.account in ('1291', '2291') and p.seq <= ${before}
        and e.bank_position is not null and e.settles is null and e.reverses is null
    ), settlement as materialized (
      select s.seq, s.settles, (select sum(abs(q.debit - q.credit)) from posting q
        where q.estate_id = s.estate_id and q.seq = s.seq and q.account = h.account) as amount, r.seq as reversed_by
      from held h join journal_entry s on s.estate_id = ${estate_id} and s.settles = h.seq and s.seq <= ${before}
      left join journal_entry r on r.estate_id = s.estate_id and r.reverses = s.seq and r.seq <= ${before}
    ), chosen as (
      select h.seq from held h where h.seq = any(${[...settled, ...reversed]}::bigint[])
        or exists (select from settlement s where s.settles = h.seq and s.seq = any(${[...reversed]}::bigint[]))
        or (h.amount <> coalesce((select sum(s.amount) from settlement s where s.settles = h.seq and s.reversed_by is null), 0)
          and not exists (select from journal_entry r where r.estate_id = ${estate_id} and r.reverses = h.seq and r.seq <= ${before}))
    )
    select seq from chosen
    union select s.seq from settlement s join chosen c on c.seq = s.settles
    union select s.reversed_by from settlement s join chosen c on c.seq = s.settles where s.reversed_by is not null
    union select r.seq from chosen c join journal_entry r on r.estate_id = ${estate_id} and r.reverses = c.seq where r.seq <= ${before}`.execute(trx);
  return rows.map(({ seq }) => seq);
}

/** A statement is one record, however many lines it has. More than this of them is not carried along: the month's file would
 *  be mostly last month's; whoever wants to see that far back verifies with the earlier files. */
const STATEMENTS_LIMIT = 4 * 1024 * 1024;

/** Statements up to `before`, from the one with the first line that is booked later, up to the last: lines are counted
 *  backwards from it. Where they are too large, the later ones of them. */
async function statementsOf(trx: Trx, estate_id: number, before: number, { lines }: Referred): Promise<number[]> {
  const found: number[] = [];
  for (const [account, position] of lines) {
    const { rows } = await sql<{ seq: number }>`
      select seq from (select s.seq, sum(octet_length(r.body)) over (order by s.seq desc) as size
        from bank_statement s join record r on r.estate_id = s.estate_id and r.seq = s.seq
        where s.estate_id = ${estate_id} and s.account = ${account} and s.seq <= ${before} and s.lines > 0
          and s.first_position + s.lines > ${position}) as needed
      where size <= ${STATEMENTS_LIMIT}`.execute(trx);
    found.push(...rows.map(({ seq }) => seq));
  }
  return found;
}

/** What the bank had said of each account by a size of the log: lines, its balance after the last, the last day covered. */
export async function banksAt(trx: Trx, estate_id: number, size: number): Promise<{ account: string; lines: number; balance: string; to: string }[]> {
  const { rows } = await sql<{ account: string; lines: number; balance: string; to: string }>`
    select s.account, sum(s.lines)::integer as lines, max(s.period_to) as "to", coalesce(
      (select l.balance from bank_line l where l.estate_id = ${estate_id} and l.account = s.account and l.seq <= ${size} order by l.position desc limit 1),
      (array_agg(s.closing order by s.period_to desc, s.seq desc))[1])::numeric(16, 2) as balance
    from bank_statement s where s.estate_id = ${estate_id} and s.seq <= ${size} group by s.account order by s.account`.execute(trx);
  return rows;
}

/** Records up to `before` on which those after it rest: the last one, which shows where the month begins; all of the
 *  standing kinds; of every proposal that is named later each step, signature and objection; entries that are reversed
 *  later; what waits in suspense or is settled later; and the statements with lines that are booked later. */
export async function earlierRecords(trx: Trx, estate_id: number, before: number, referred: Referred): Promise<LogRecord[]> {
  if (before === 0) return [];
  const { rows: standing } = await sql<{ seq: number; proposal: number | null }>`
    select seq, case when kind = any(${BY_PROPOSAL}::text[]) then (body::jsonb ->> 'proposal')::bigint end as proposal
    from record where estate_id = ${estate_id} and seq <= ${before} and kind = any(${STANDING}::text[])`.execute(trx);
  const changes = standing.filter((row): row is { seq: number; proposal: number } => row.proposal !== null);
  const proposals = new Set([...referred.proposals, ...changes.map(({ proposal }) => proposal)]);
  const seqs = [
    // The last record before the month shows that nothing of the month lies before it.
    before, ...standing.map(({ seq }) => seq), ...await deedsOf(trx, estate_id, before, { ...referred, proposals }),
    ...await stepsOf(trx, estate_id, before, referred.proposals), ...await suspenseOf(trx, estate_id, before, referred),
    ...await statementsOf(trx, estate_id, before, referred),
  ];
  for (const { seq, proposal } of changes) seqs.push(...await stepsOf(trx, estate_id, seq, new Set([proposal])));
  return recordsAt(trx, estate_id, [...new Set(seqs)]);
}

async function recordsAt(trx: Trx, estate_id: number, seqs: readonly number[]): Promise<LogRecord[]> {
  const { rows } = await sql<LogRecord>`
    select seq, kind, ${stamp('recorded_at')} as recorded_at, number, body
    from record where estate_id = ${estate_id} and seq = any(${seqs}::bigint[]) order by seq`.execute(trx);
  return rows;
}

/** Verifier key that signed the checkpoint of a size. */
export async function keyBehind(trx: Trx, estate_id: number, size: number): Promise<string> {
  const { vkey } = await trx.selectFrom('checkpoint as c').innerJoin('log_key as k', (join) => join
    .onRef('k.estate_id', '=', 'c.estate_id').onRef('k.key_id', '=', 'c.key_id'))
    .select('k.vkey').where('c.estate_id', '=', estate_id).where('c.size', '=', size).executeTakeFirstOrThrow();
  return vkey;
}

export interface WitnessedCheckpoint extends Witnessed {
  /** Signed note with the lines of its witnesses. */
  note: string;
}

/** The policy of the estate; '' while its log has no key, and where it cannot be written: whoever put a key into the
 *  table that is none must not keep the months from being published. */
export async function witnessPolicy(trx: Trx, estate_id: number): Promise<string> {
  try {
    return await policyOf(trx, estate_id) ?? '';
  } catch (error) {
    if (error instanceof RangeError) return '';
    throw error;
  }
}

/** Who cosigned this checkpoint or a later one, each counted once; null where nobody did. */
export async function witnessedSince(trx: Trx, estate_id: number, size: number): Promise<Witnessed | null> {
  const { rows: [found] } = await sql<{ size: number | null; signed_at: Date } & Record<WitnessGroup, number>>`
    select max(c.size) as size, max(c.signed_at) as signed_at,
      (count(distinct c.witness_id) filter (where w.side = 'committee'))::integer as committee,
      (count(distinct c.witness_id) filter (where w.side = 'street'))::integer as street,
      (count(distinct c.witness_id) filter (where w.side = 'resident'))::integer as resident
    from cosignature c join witness w using (estate_id, witness_id)
    where c.estate_id = ${estate_id} and c.size >= ${size}`.execute(trx);
  if (found === undefined || found.size === null) return null;
  const { signed_at, size: last, ...counts } = found;
  return { ...counts, size: last, on: businessDate(signed_at) };
}

/** The latest checkpoint that both the committee and another side cosigned; where there is none, the latest that
 *  anybody did; null where nobody has. Only witnesses of the policy count: nobody could check the others. */
export async function witnessedCheckpoint(trx: Trx, estate_id: number, policy: string): Promise<WitnessedCheckpoint | null> {
  if (policy === '') return null;
  const witnesses = readPolicy(policy).witnesses.map(({ key }) => verifierKeyText(key));
  const { rows: [found] } = await sql<{ size: number; note: string; lines: string[]; signed_at: Date } & Record<WitnessGroup, number>>`
    select c.size, p.note, array_agg(c.line order by c.witness_id) as lines, max(c.signed_at) as signed_at,
      (count(*) filter (where w.side = 'committee'))::integer as committee,
      (count(*) filter (where w.side = 'street'))::integer as street,
      (count(*) filter (where w.side = 'resident'))::integer as resident
    from cosignature c join witness w using (estate_id, witness_id) join checkpoint p using (estate_id, size)
    where c.estate_id = ${estate_id} and w.vkey = any(${witnesses}::text[])
    group by c.size, p.note
    order by (bool_or(w.side = 'committee') and bool_or(w.side <> 'committee')) desc, c.size desc limit 1`.execute(trx);
  if (found === undefined) return null;
  const { note, lines, signed_at, ...counts } = found;
  return { ...counts, on: businessDate(signed_at), note: note + lines.map((line) => `${line}\n`).join('') };
}
