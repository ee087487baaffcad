// The judge: reads an estate's log as the auditor, record by record, and says of each whether it was lawful at
// its moment, by rules written down here a second time. It uses no door, no trigger and no service; what
// the tables say is compared with what the log tells. It keeps no opinion of its own: after a violation it
// goes on with what the log says.
import type pg from 'pg';
import { approvalsAfter, judgeSignature } from './judge-signature.ts';
import { ruleNow, takeRules, type Rule } from './judge-rules.ts';
import { compareTables, type Violation } from './judge-tables.ts';
import { canonicalText, fen, hexSha256, leafHash, type Body } from './judge-bytes.ts';

export type State = 'submitted' | 'held' | 'returned' | 'withdrawn' | 'rejected' | 'expired' | 'superseded' | 'approved' | 'executed';
export interface Approval { person: string; vote: string; body: string; decision: string; seq: number }
export interface Known {
  proposal: number;
  state: State;
  version: number;
  hash: string;
  document: Body;
  rule: Rule | undefined;
  full_rule: Rule | undefined;
  maker: string;
  /** Who is paid, appointed or delegated to, if a person is. */
  concerned: string | null;
  submitted_on: string;
  expires_on: string;
  /** Over the document as it is now; a new version begins without any. */
  signatures: Approval[];
  signed_at: number[];
  paid: number;
  /** Month of its approval. */
  approved_in: string | null;
  ratified: boolean;
}
export interface TermKnown { person: string; body: string; office: string; starts_on: string; ends_on: string }
export interface DelegationKnown { body: string; principal: string; delegate: string; starts_on: string; ends_on: string; after_days: number }
export interface Entry { seq: number; kind: string; day: string; at: string; number: string; text: string; leaf_hash: string; body: Body }

export class Judge {
  readonly estate_id: number;
  readonly code: string;
  readonly #pool: pg.Pool;
  readonly violations: Violation[] = [];
  readonly rules = new Map<number, Rule>();
  readonly terms = new Map<number, TermKnown>();
  readonly delegations = new Map<number, DelegationKnown>();
  readonly keys = new Map<string, { person: string; public_key: string; revoked: boolean }>();
  readonly nonces = new Set<string>();
  readonly proposals = new Map<number, Known>();
  /** Fen, by fund. */
  readonly money = new Map<string, bigint>();
  /** Proposal → seqs of objections and of their answers. */
  readonly objections = new Map<number, { seq: number; answer: number | null }[]>();
  payees = new Map<number, { kind: string; person: string | null }>();
  seq = 0;
  #at = '';
  readonly counted = { payments: 0, signatures: 0, by_key: 0, for_another: 0, ratifications: 0 };

  constructor(pool: pg.Pool, estate: { estate_id: number; code: string }) {
    this.#pool = pool;
    this.estate_id = estate.estate_id;
    this.code = estate.code;
  }

  accuse(law: string, seq: number, detail: string): void {
    this.violations.push({ estate: this.code, law, seq, detail });
  }

  /** Judges all that was recorded since the last time; gives the number of violations found now. */
  async judge(): Promise<number> {
    const before = this.violations.length;
    const { rows } = await this.#pool.query<Omit<Entry, 'body'> & { seq: string }>(`
      select seq, kind, (recorded_at at time zone 'Asia/Shanghai')::date::text as day, number, body as text,
        to_char(recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, encode(leaf_hash, 'hex') as leaf_hash
      from record where estate_id = $1 and seq > $2 order by seq`, [this.estate_id, this.seq]);
    await this.#readAround();
    const touched = new Set<number>();
    for (const row of rows) {
      const entry: Entry = { ...row, seq: Number(row.seq), body: JSON.parse(row.text) as Body };
      this.#judgeLeaf(entry);
      this.#judgeEntry(entry);
      for (const { proposal } of [entry.body]) if (typeof proposal === 'number') touched.add(proposal);
    }
    await compareTables(this.#pool, this, [...touched]);
    return this.violations.length - before;
  }

  /** Payees and objections: rows that only ever grow. */
  async #readAround(): Promise<void> {
    const { rows: payees } = await this.#pool.query<{ payee_id: number; kind: string; person_id: string | null }>(
      'select payee_id, kind, person_id from payee where estate_id = $1', [this.estate_id]);
    this.payees = new Map(payees.map((row) => [row.payee_id, { kind: row.kind, person: row.person_id }]));
    const { rows } = await this.#pool.query<{ proposal: string; seq: string; answer: string | null }>(`
      select j.proposal_id as proposal, j.seq, a.seq as answer from objection j left join objection_answer a using (estate_id, objection_id)
      where j.estate_id = $1 and (j.seq > $2 or a.seq > $2)`, [this.estate_id, this.seq]);
    for (const row of rows) {
      const list = this.objections.get(Number(row.proposal)) ?? [];
      const rest = list.filter((one) => one.seq !== Number(row.seq));
      this.objections.set(Number(row.proposal), [...rest, { seq: Number(row.seq), answer: row.answer === null ? null : Number(row.answer) }]);
    }
  }

  #judgeLeaf(entry: Entry): void {
    if (entry.seq !== this.seq + 1) this.accuse('the log has a gap', entry.seq, `after ${this.seq}`);
    if (entry.at < this.#at) this.accuse('the log runs backwards', entry.seq, `${entry.at} after ${this.#at}`);
    if (entry.leaf_hash !== leafHash(this.code, entry)) this.accuse('a leaf is not the hash of its bytes', entry.seq, entry.kind);
    this.seq = entry.seq;
    this.#at = entry.at;
  }

  #judgeEntry(entry: Entry): void {
    const { kind, body, seq } = entry;
    if (kind === 'rules_opened' || kind === 'rules_changed') this.#rules(entry);
    else if (kind === 'term_opened') {
      this.terms.set(body['term'] as number, body as never as TermKnown);
      if (body['proposal'] !== undefined) this.#carriedOut(entry);
    } else if (kind === 'term_ended') {
      this.#carriedOut(entry);
      this.terms.get(body['term'] as number)!.ends_on = body['ends_on'] as string;
    } else if (kind === 'delegation_opened') {
      this.#carriedOut(entry);
      this.delegations.set(body['delegation'] as number, body as never as DelegationKnown);
    } else if (kind === 'delegation_ended') this.delegations.get(body['delegation'] as number)!.ends_on = body['ends_on'] as string;
    else if (kind === 'passkey_enrolled') {
      this.keys.set(body['credential_id'] as string,
        { person: body['person'] as string, public_key: body['public_key'] as string, revoked: false });
    } else if (kind === 'passkey_revoked') this.keys.get(body['credential_id'] as string)!.revoked = true;
    else if (kind === 'proposal_submitted') this.#submitted(entry);
    else if (kind.startsWith('proposal_')) this.#step(entry);
    else if (kind === 'signature') this.#signature(entry);
    else if (kind === 'journal_entry') this.#journalEntry(entry);
    for (const list of kind === 'objection_raised' ? [this.objections.get(body['proposal'] as number)] : []) {
      const known = this.proposals.get(body['proposal'] as number);
      if (list?.some((one) => one.seq === seq) !== true) this.accuse('an objection is in the log and not in its table', seq, '');
      if (known === undefined || !['submitted', 'held', 'approved'].includes(known.state)) {
        this.accuse('an objection after the end', seq, known?.state ?? 'never submitted');
      }
    }
  }

  #rules(entry: Entry): void {
    const { body } = entry;
    if (entry.kind === 'rules_opened') {
      takeRules(this.rules, body['rules'] as Body[], 1, null);
      return;
    }
    const known = this.#carriedOut(entry);
    const from = body['valid_from'] as string;
    for (const rule_id of body['ends'] as number[]) this.rules.get(rule_id)!.last_day = dayBefore(from);
    takeRules(this.rules, (known?.document['rules'] ?? []) as Body[], body['first_rule'] as number, from);
  }

  /** A change of rules, terms or delegations rests on an approved proposal, once, as a payment does. */
  #carriedOut(entry: Entry): Known | undefined {
    const known = this.proposals.get(entry.body['proposal'] as number);
    if (known?.state !== 'approved') this.accuse('carried out without approval', entry.seq, `${entry.kind}, ${known?.state ?? 'unknown'}`);
    if (known === undefined) return undefined;
    this.#judgeQuorum(known, entry.seq);
    this.#judgeWaiting(known, entry, entry.day);
    known.state = 'executed';
    return known;
  }

  #submitted(entry: Entry): void {
    const { body, seq, day } = entry;
    const proposal = body['proposal'] as number;
    const document = body['document'] as Body;
    const before = this.proposals.get(proposal);
    if (before !== undefined && before.state !== 'returned') this.accuse('a step that is not documented', seq, `${before.state} → submitted`);
    if (body['version'] !== (before?.version ?? 0) + 1) this.accuse('a version is missing or there twice', seq, String(body['version']));
    if (hexSha256(canonicalText(document)) !== body['document_hash']) this.accuse('a document is not what its hash says', seq, '');
    if (before !== undefined && before.maker !== body['by']) this.accuse('submitted by another than the maker', seq, '');
    const payee = this.payees.get((document['payee'] as Body | undefined)?.['payee_id'] as number);
    const concerned = payee?.person ?? (document['person'] ?? document['delegate'] ?? null) as string | null;
    const asked = this.#asked(document, payee, day);
    const [rule, ...also] = ruleNow(this.rules, asked);
    if (rule?.rule_id !== body['rule'] || also.length > 0) {
      this.accuse('submitted under another rule than the one in force', seq, `${String(body['rule'])} and not ${rule?.rule_id}`);
    }
    const frozen = this.rules.get(body['rule'] as number);
    this.proposals.set(proposal, {
      proposal, state: 'submitted', version: body['version'] as number, hash: body['document_hash'] as string, document, rule: frozen,
      full_rule: asked.class === 'emergency' ? ruleNow(this.rules, { ...asked, class: 'normal' })[0] : undefined,
      maker: document['made_by'] as string, concerned, submitted_on: day, expires_on: body['expires_on'] as string, signatures: [],
      signed_at: [...before?.signed_at ?? []], paid: 0, approved_in: null, ratified: false,
    });
  }

  #asked(document: Body, payee: { kind: string; person: string | null } | undefined, day: string) {
    const serves = typeof payee?.person === 'string' && [...this.terms.values()].some((term) => term.person === payee?.person
      && term.starts_on <= day && day <= term.ends_on);
    return {
      kind: document['kind'] as string, class: (document['class'] ?? 'normal') as string, amount: fen((document['amount'] ?? '0') as string),
      fund: document['fund'] as string | null, payee_class: serves ? 'officer' : payee?.kind ?? null, day,
    };
  }

  #step({ kind, body, seq, day }: Entry): void {
    if (kind === 'proposal_commented') return;
    const known = this.proposals.get(body['proposal'] as number);
    if (known === undefined) {
      this.accuse('a step of a proposal that was never submitted', seq, kind);
      return;
    }
    const step = kind.slice('proposal_'.length) as keyof typeof fromStates;
    if (!(fromStates[step]?.from ?? []).includes(known.state)) this.accuse('a step that is not documented', seq, `${known.state} → ${step}`);
    if (step === 'expired' && known.expires_on >= day) this.accuse('expired before its day', seq, known.expires_on);
    known.state = fromStates[step]?.to ?? known.state;
  }

  #signature(entry: Entry): void {
    const { body, seq } = entry;
    const known = this.proposals.get(body['proposal'] as number);
    if (known === undefined) {
      this.accuse('a signature under nothing', seq, '');
      return;
    }
    judgeSignature(this, known, entry);
    this.counted.signatures += 1;
    if (body['method'] === 'passkey') this.counted.by_key += 1;
    if (body['on_behalf_of'] !== undefined) this.counted.for_another += 1;
    if (body['decision'] === 'ratify') this.counted.ratifications += 1;
    known.signed_at.push(seq);
    known.signatures.push({
      person: body['person'] as string, vote: (body['on_behalf_of'] ?? body['person']) as string, body: body['body'] as string,
      decision: body['decision'] as string, seq,
    });
    if (body['decision'] === 'reject') known.state = 'rejected';
    if (body['decision'] === 'approve' && known.state === 'submitted' && this.#missing(known, known.rule, ['approve']) === '') {
      known.state = 'approved';
      known.approved_in = entry.day.slice(0, 7);
      if (typeof known.document['fund'] === 'string') this.#judgeFund(known.document['fund'], seq);
      this.#judgeCap(known, seq);
    }
    // Emergency orders: those the normal rule asks have signed, before or afterwards.
    if (known.state !== 'rejected' && known.approved_in !== null && known.full_rule !== undefined) {
      known.ratified ||= this.#missing(known, known.full_rule, ['approve', 'ratify']) === '';
    }
  }

  /** All emergency orders of a month together stay within the cap. */
  #judgeCap(known: Known, seq: number): void {
    if (known.document['class'] !== 'emergency') return;
    const sum = [...this.proposals.values()].filter((one) => one.document['class'] === 'emergency' && one.approved_in === known.approved_in
      && ['approved', 'executed'].includes(one.state)).reduce((all, one) => all + fen(one.document['amount'] as string), 0n);
    if (sum > (known.rule?.month_cap ?? 0n)) this.accuse('more emergencies than the cap of the month', seq, String(sum));
  }

  /** Bodies of a rule that have too few signatures, in words; empty when it is satisfied. */
  #missing(known: Known, rule: Rule | undefined, decisions: readonly string[]): string {
    const votes = known.signatures.filter((one) => decisions.includes(one.decision));
    return Object.entries(rule?.bodies ?? { none: 99 })
      .filter(([body, signers]) => new Set(votes.filter((one) => one.body === body).map((one) => one.vote)).size < signers)
      .map(([body, signers]) => `${body} ${signers}`).join(', ');
  }

  #judgeQuorum(known: Known, seq: number): void {
    const missing = this.#missing(known, known.rule, ['approve']);
    const votes = approvalsAfter(known);
    if (missing !== '') this.accuse('too few approvals under the rule of its submission', seq, missing);
    if (new Set(votes.map((one) => one.body)).size < 2 || new Set(votes.map((one) => one.person)).size < 2) {
      this.accuse('not two persons of two bodies', seq, '');
    }
    if (votes.some((one) => one.seq >= seq)) this.accuse('carried out before its signatures', seq, '');
  }

  #judgeWaiting(known: Known, entry: Entry, on: string): void {
    const notice = known.rule?.notice_days ?? 0;
    const first = dayAfter(known.submitted_on, notice);
    if (notice > 0 && (on < first || entry.day < first)) this.accuse('carried out during its notice', entry.seq, `${on} before ${first}`);
    const open = (this.objections.get(known.proposal) ?? []).filter(({ seq, answer }) => seq < entry.seq && (answer === null || answer > entry.seq));
    if (open.length > 0) this.accuse('carried out with an unanswered objection', entry.seq, `objection in record ${open[0]!.seq}`);
  }

  #journalEntry(entry: Entry): void {
    const { body, seq } = entry;
    const lines = body['postings'] as Body[];
    const out = lines.filter((line) => isMoney(line['account'] as string) && line['credit'] !== undefined);
    for (const line of lines.filter((one) => isMoney(one['account'] as string))) {
      const fund = line['fund'] as string;
      this.money.set(fund, (this.money.get(fund) ?? 0n) + fen((line['debit'] ?? '0') as string) - fen((line['credit'] ?? '0') as string));
    }
    if (body['proposal'] === undefined) {
      if (out.length > 0) this.accuse('money moved out without an order', seq, '');
      return;
    }
    const known = this.proposals.get(body['proposal'] as number);
    if (known === undefined) {
      this.accuse('paid without an order', seq, '');
      return;
    }
    if (body['kind'] === 'payment') this.counted.payments += 1;
    known.paid += 1;
    if (known.paid > 1) this.accuse('paid twice', seq, `proposal ${known.proposal}`);
    if (known.state !== 'approved') this.accuse('paid without approval', seq, `the order was ${known.state}`);
    this.#judgeQuorum(known, seq);
    this.#judgeWaiting(known, entry, body['entry_date'] as string);
    if (shape(lines) !== shape(known.document['postings'] as Body[])) this.accuse('paid something else than was signed', seq, shape(lines));
    const sum = out.reduce((all, line) => all + fen(line['credit'] as string), 0n);
    if (body['kind'] === 'payment' && sum !== fen(known.document['amount'] as string)) this.accuse('paid another amount than was signed', seq, String(sum));
    known.state = 'executed';
    for (const fund of new Set(out.map((line) => line['fund'] as string))) this.#judgeFund(fund, seq);
  }

  /** Approved orders never promise more than a fund has, and never take it below nothing. */
  #judgeFund(fund: string, seq: number): void {
    const reserved = [...this.proposals.values()].filter((one) => one.state === 'approved' && one.document['fund'] === fund
      && ['payment', 'refund'].includes(one.document['kind'] as string)).reduce((all, one) => all + fen(one.document['amount'] as string), 0n);
    const left = (this.money.get(fund) ?? 0n) - reserved;
    if (left < 0n) this.accuse('a fund is promised beyond what it has', seq, `${fund} ${left}`);
  }
}

const fromStates = {
  returned: { from: ['submitted', 'held'], to: 'returned' }, held: { from: ['submitted'], to: 'held' },
  released: { from: ['held'], to: 'submitted' }, expired: { from: ['submitted', 'held'], to: 'expired' },
  withdrawn: { from: ['submitted', 'held', 'returned', 'approved'], to: 'withdrawn' },
  superseded: { from: ['submitted', 'approved'], to: 'superseded' },
} as const satisfies Record<string, { from: readonly State[]; to: State }> as Record<string, { from: readonly State[]; to: State }>;

const isMoney = (account: string): boolean => account === '1001' || account === '1002';
const shape = (lines: Body[]): string => lines.map(canonicalText).sort().join(' ');

export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
const dayBefore = (day: string): string => dayAfter(day, -1);
