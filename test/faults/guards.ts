// The control: one guard at a time is taken out of a scratch database, and the judge must find what then goes
// wrong. A guard that can be taken out without anybody noticing would be no guard, or the judge blind.
import type pg from 'pg';

export interface Guard {
  name: string;
  /** What the judge has to find. */
  found: RegExp;
  remove: readonly string[];
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const amend = (amended: string, ...words: string[]): string => `call amend_function(${[amended, ...words].map(quoted).join(', ')})`;
const SIGN = 'record_signature(integer, text)';
const POST = 'post_entries(integer, text[])';
/** Walls behind the doors, which would still hold. */
const noStateGuard = 'alter table proposal disable trigger guard_proposal';
const noOrderGuard = 'alter table journal_entry disable trigger guard_order';

export const guards: readonly Guard[] = [
  {
    name: 'the locks of record_signature', found: /signed after the end|too few|another state|promised beyond|signed twice/,
    remove: [amend(SIGN, 'PERFORM 1 FROM log_head WHERE estate_id = p_estate FOR UPDATE;', '',
      "(v ->> 'proposal')::bigint FOR UPDATE;", "(v ->> 'proposal')::bigint;")],
  },
  {
    name: 'once per order: constraint, door and states', found: /paid twice/,
    remove: ['alter table journal_entry drop constraint journal_entry_order_once', noStateGuard,
      amend(POST, "WHEN paid.seq IS NOT NULL THEN 'order_already_paid'", '')],
  },
  {
    name: 'only what is submitted is signed', found: /signed after the end/,
    remove: [noStateGuard, amend(SIGN, "IF v_proposal.state <> 'submitted' THEN RETURN 'proposal_not_open'; END IF;", '')],
  },
  {
    name: 'only what is approved is paid', found: /paid without approval|too few/,
    remove: [noStateGuard, noOrderGuard, amend(POST, "OR o.state NOT IN ('approved', 'executed')", '')],
  },
  {
    name: 'the counts of the rule', found: /another state|too few/,
    remove: [amend(SIGN, 'r.rule_id = v_rule.rule_id AND r.signers >', 'r.rule_id = v_rule.rule_id AND 1 >')],
  },
  { name: 'the maker', found: /by the maker/, remove: [amend(SIGN, 'IF v_proposal.made_by IN', 'IF false AND v_proposal.made_by IN')] },
  { name: 'the payee', found: /paid or appointed/, remove: [amend(SIGN, 'IF v_proposal.payee_person IN', 'IF false AND v_proposal.payee_person IN')] },
  {
    name: 'the document', found: /over another document/,
    remove: [amend(SIGN, "IF encode(v_proposal.document_hash, 'hex') IS DISTINCT FROM v ->> 'document_hash' THEN RETURN 'document_changed'; END IF;", '')],
  },
  {
    name: 'the term of office', found: /without a term/,
    remove: [amend(SIGN, "AND t.body = v ->> 'body' AND v_today BETWEEN t.starts_on AND t.ends_on", "AND t.body = v ->> 'body'")],
  },
  {
    name: 'the days of a delegation', found: /without a delegation/,
    remove: [amend(SIGN, "AND v_term.office = 'deputy' AND v_today BETWEEN d.starts_on AND d.ends_on", '')],
  },
  {
    name: 'the turn', found: /out of turn/, remove: [amend(SIGN, "= 'approve' AND v_rule.in_sequence", "= 'approve' AND false")],
  },
  {
    name: 'a revoked passkey', found: /revoked key/,
    remove: [amend('judge_assertion(integer, jsonb, text)', 'OR v_key.revoked_at IS NOT NULL', '')],
  },
  {
    name: 'notice and objections', found: /during its notice|unanswered objection/,
    remove: ['create or replace function waits_for(p_estate integer, p_proposal bigint, p_on date) returns text language sql stable as '
      + "'select null::text'"],
  },
  {
    name: 'what is free in a fund', found: /promised beyond/,
    remove: [amend(SIGN, 'fund_available(p_estate, v_proposal.fund) < v_proposal.amount', 'false')],
  },
  {
    name: 'what a transfer takes from a fund', found: /promised beyond/,
    remove: [amend(SIGN, 'fund_available(p_estate, m.fund) < m.amount', 'false')],
  },
  {
    name: 'the lines that were signed', found: /something else than was signed/,
    remove: [noOrderGuard, amend(POST, "WHEN e.proposal_id IS NOT NULL AND e.reverses IS NULL AND d.shape IS DISTINCT FROM t.shape THEN 'order_amount_differs'", '')],
  },
];

/** As a superuser, in a database that is thrown away. */
export async function removeGuard(superuser: pg.Pool, { remove }: Guard): Promise<void> {
  for (const statement of remove) await superuser.query(statement);
}
