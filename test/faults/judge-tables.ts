// What the tables say of the proposals of a race, against what the log tells; and laws that an auditor asks of
// the tables alone. Plain SQL over rows, none of the doors' functions.
import type pg from 'pg';
import type { Judge } from './judge.ts';

export interface Violation { estate: string; law: string; seq: number; detail: string }

interface Row {
  proposal: string; state: string; version: number; hash: string | null; hashed: boolean | null; signatures: string; entries: string;
  paid: string | null; amount: string | null; quorum: string | null; ratified: boolean;
}

/** Called after each race, with the proposals whose records came in it. */
export async function compareTables(pool: pg.Pool, judge: Judge, proposals: readonly number[]): Promise<void> {
  const { rows: [head] } = await pool.query<{ size: string }>('select size from log_head where estate_id = $1', [judge.estate_id]);
  if (Number(head!.size) !== judge.seq) judge.accuse('the head of the log is not its length', judge.seq, head!.size);
  const { rows } = await pool.query<Row>(`
    select p.proposal_id as proposal, p.state, p.version, encode(p.document_hash, 'hex') as hash,
      p.document_hash = sha256(convert_to(p.document, 'UTF8')) as hashed, p.amount::text, p.ratified_at is not null as ratified,
      coalesce((select string_agg(s.seq::text, ' ' order by s.seq) from signature s where s.estate_id = p.estate_id
        and s.proposal_id = p.proposal_id), '') as signatures,
      (select count(*) from journal_entry e where e.estate_id = p.estate_id and e.proposal_id = p.proposal_id) as entries,
      (select sum(e.amount)::text from journal_entry e where e.estate_id = p.estate_id and e.proposal_id = p.proposal_id) as paid,
      (select string_agg(encode(q.document_hash, 'hex'), ' ') from quorum q where q.estate_id = p.estate_id
        and q.proposal_id = p.proposal_id) as quorum
    from proposal p where p.estate_id = $1 and p.proposal_id = any($2)`, [judge.estate_id, proposals]);
  for (const row of rows) compare(judge, row);
}

function compare(judge: Judge, row: Row): void {
  const known = judge.proposals.get(Number(row.proposal));
  if (known === undefined) return;
  const accuse = (law: string, detail: string): void => judge.accuse(law, judge.seq, `proposal ${row.proposal}: ${detail}`);
  if (row.state !== known.state) accuse('the table tells another state than the log', `${row.state}, the log ${known.state}`);
  if (row.version !== known.version || row.hash !== known.hash || row.hashed !== true) accuse('the table has another document than the log', '');
  if (row.signatures !== known.signed_at.join(' ')) accuse('signatures and their records differ', `${row.signatures} | ${known.signed_at.join(' ')}`);
  if (Number(row.entries) !== known.paid) accuse('entries and their records differ', `${row.entries} | ${known.paid}`);
  if (known.paid > 0 && row.paid !== row.amount) accuse('the books have another amount than the order', `${row.paid} | ${row.amount}`);
  if (row.ratified !== known.ratified) accuse('ratified in the table and not in the log, or the other way round', String(row.ratified));
  const decided = ['approved', 'executed'].includes(known.state);
  if (decided && row.quorum !== known.hash) accuse('approved without the quorum over its document', String(row.quorum));
}

/** Each query names what breaks its law; empty is what it should be. All take the estate's number. */
export const laws: Record<string, string> = {
  'no order is paid twice': `
    select proposal_id::text as what from journal_entry where estate_id = $1 and proposal_id is not null
    group by proposal_id having count(*) > 1`,
  'every payment has the signatures its rule asks, over the document that was paid, and before it': `
    select e.seq::text as what from journal_entry e join proposal p using (estate_id, proposal_id)
    join rule_body r on r.estate_id = p.estate_id and r.rule_id = p.rule_id
    where e.estate_id = $1 and e.kind = 'payment' and r.signers > (select count(distinct s.person_id) from signature s
      where s.estate_id = p.estate_id and s.proposal_id = p.proposal_id and s.body = r.body and s.decision = 'approve'
        and s.document_hash = p.document_hash and s.seq < e.seq)`,
  'two persons of two bodies': `
    select e.seq::text as what from journal_entry e join proposal p using (estate_id, proposal_id)
    where e.estate_id = $1 and e.kind = 'payment' and (select least(count(distinct s.person_id), count(distinct s.body)) from signature s
      where s.estate_id = p.estate_id and s.proposal_id = p.proposal_id and s.document_hash = p.document_hash and s.decision = 'approve') < 2`,
  'no maker and no payee signs': `
    select s.seq::text as what from signature s join proposal p using (estate_id, proposal_id)
    where s.estate_id = $1 and (p.made_by in (s.person_id, coalesce(s.on_behalf_of, s.person_id))
      or s.document_hash = p.document_hash and p.payee_person in (s.person_id, coalesce(s.on_behalf_of, s.person_id)))`,
  'the entry is the order, fen for fen': `
    select e.seq::text as what from journal_entry e join proposal p using (estate_id, proposal_id)
    where e.estate_id = $1 and e.kind = 'payment' and (e.amount <> p.amount or p.amount <> (select sum(l.credit) from posting l
      where l.estate_id = e.estate_id and l.seq = e.seq and l.account = '1002'))`,
  'every entry balances in every fund': `
    select seq::text as what from posting where estate_id = $1 group by seq, fund having sum(debit) <> sum(credit)`,
  'no fund is below nothing': `
    select fund as what from posting where estate_id = $1 and account in ('1001', '1002') group by fund having sum(debit - credit) < 0`,
  'voucher numbers have no gaps': `
    select period || kind as what from journal_entry where estate_id = $1 group by period, kind having max(number) <> count(*)`,
  'the log has no gaps': `
    select max(seq)::text as what from record where estate_id = $1 having max(seq) <> count(*)`,
  'nothing carried out has an objection open': `
    select p.proposal_id::text as what from proposal p join objection j using (estate_id, proposal_id)
    where p.estate_id = $1 and p.state = 'executed' and not exists (select from objection_answer a
      where a.estate_id = j.estate_id and a.objection_id = j.objection_id)`,
};

export async function askLaws(pool: pg.Pool, estate: { estate_id: number; code: string }): Promise<Violation[]> {
  const found: Violation[] = [];
  for (const [law, query] of Object.entries(laws)) {
    const { rows } = await pool.query<{ what: string }>(query, [estate.estate_id]);
    for (const { what } of rows) found.push({ estate: estate.code, law: `by the tables: not so: ${law}`, seq: 0, detail: what });
  }
  return found;
}
