// The evidence of a proposal, made by hand here: it holds in both libraries, every single value that is changed is
// found in both, and whoever judges thousands of proposals reads what they share once.
import t from 'tap';
import { canonical, type Json } from '../../src/kernel/canonical.ts';
import type { EvidenceBundle, EvidenceSignature, LoggedRecord } from '../../src/proof/signatures.ts';
import { softwareKey } from '../helpers/passkey.ts';
import { libraries, type Library } from './both.ts';

const [[, node]] = libraries as unknown as [[string, Library]];
const place = { rp_id: 'open.example', origin: 'https://open.example' };
const manager = softwareKey({ ...place, algorithm: -7, counts: true });
const chair = softwareKey({ ...place, algorithm: -8 });

function logOf() {
  const records: LoggedRecord[] = [];
  return (kind: string, body: Json): LoggedRecord => {
    const seq = records.length + 1;
    const record = { seq, kind, recorded_at: `2026-10-05T01:02:${String(seq % 60).padStart(2, '0')}.123456Z`, number: '-', body: canonical(body) };
    records.push({ ...record, leaf_hash: node.hexOf(node.leafHashOf('demo', record)) });
    return records.at(-1)!;
  };
}

/** What all proposals of the estate rest on. */
function estateWith(append: ReturnType<typeof logOf>) {
  const signers = { property: 2, committee: 1 };
  const rules = append('rules_opened', { rules: [
    { rule_id: 1, kind: 'payment', bodies: { property: 1, committee: 1 } },
    { rule_id: 2, kind: 'rule', bodies: { property: 1, committee: 1 }, passkey_only: true },
    { rule_id: 3, kind: 'log_key', bodies: signers },
  ] });
  const terms = [['p-manager', 'property', 'manager'], ['p-chair', 'committee', 'chair']].map(([person, body, office], i) =>
    append('term_opened', { term: i + 1, person: person!, body: body!, office: office!, starts_on: '2026-01-01', ends_on: '2026-12-31' }));
  const enrolments = [manager, chair].map((key, i) => append('passkey_enrolled', {
    credential_id: key.id, public_key: key.public_key, algorithm: key.algorithm, rp_id: place.rp_id, person: i === 0 ? 'p-manager' : 'p-chair',
  }));
  return { rules, terms, enrolments };
}

type Grounds = ReturnType<typeof estateWith>;

function proposalOf(append: ReturnType<typeof logOf>, { rules, terms, enrolments }: Grounds, proposal: number, kind: string, rule_id: number, rule_kind = kind): EvidenceBundle {
  const document = canonical({ estate: 'demo', proposal, kind, version: 1, made_by: 'p-cashier', postings: [{ account: '1002', credit: `${proposal}.00` }] });
  const document_hash = node.hexOf(node.sha256(node.utf8(document)));
  const submission = append('proposal_submitted', { proposal, version: 1, document_hash, rule: rule_id, document: JSON.parse(document) as Json });
  const signatures = [manager, chair].map((key, i): EvidenceSignature => {
    const asked = { decision: 'approve', document, nonce: `${proposal}-${i}`, expires_at: '2026-10-05T02:00:00.000Z' };
    const { response } = key.sign({ challenge: node.base64urlOf(node.challengeOf(asked)) });
    const device = node.readAuthenticatorData(node.bytesOfBase64url(response.authenticatorData));
    const evidence = {
      credential_id: key.id, authenticator_data: response.authenticatorData, client_data_json: response.clientDataJSON, signature: response.signature,
      public_key: key.public_key, algorithm: key.algorithm, ...place, sign_count: device.sign_count, backup_eligible: device.backup_eligible,
      backed_up: device.backed_up, nonce: asked.nonce, expires_at: asked.expires_at,
    };
    const by = { person: i === 0 ? 'p-manager' : 'p-chair', body: i === 0 ? 'property' : 'committee', decision: 'approve', method: 'passkey', reason: '' };
    const record = append('signature', { ...by, proposal, on_behalf_of: null, document_hash, evidence });
    return { ...by, on_behalf_of: null, office: i === 0 ? 'manager' : 'chair', signed_at: record.recorded_at, evidence, record, term: terms[i]!,
      enrolment: enrolments[i]!, revocation: null, delegation: null };
  });
  const entry = kind === 'payment' ? append('journal_entry', { proposal, postings: [{ account: '1002', credit: `${proposal}.00` }] }) : null;
  return {
    format: 'mingzhang/evidence/v1', estate: 'demo', proposal, kind, class: 'normal', version: 1, document, document_hash, submission,
    rule: { rule_id, kind: rule_kind, class: 'normal', in_sequence: false, passkey_only: rule_kind === 'rule', records: [rules],
      bodies: [{ body: 'committee', signers: 1, place: 1 }, { body: 'property', signers: 1, place: 1 }] },
    full_rule: null, signatures, entry,
    quorum: { reached_at: signatures[1]!.signed_at, first_body: 'property', first_person: 'p-manager', second_body: 'committee', second_person: 'p-chair' },
  };
}

const append = logOf();
const grounds = estateWith(append);
const payment = proposalOf(append, grounds, 1, 'payment', 1);
const log_key = proposalOf(append, grounds, 2, 'log_key', 2, 'rule');

function* leaves(value: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof value !== 'object' || value === null) return yield path;
  for (const [name, part] of Object.entries(value)) yield* leaves(part, [...path, Array.isArray(value) ? Number(name) : name]);
}

function changed(bundle: EvidenceBundle, path: (string | number)[]): EvidenceBundle {
  const copy = structuredClone(bundle);
  let parent: any = copy;
  for (const name of path.slice(0, -1)) parent = parent[name];
  const name = path.at(-1)!;
  const value: unknown = parent[name];
  const at = typeof value === 'string' ? Math.floor(value.length / 2) : 0;
  if (typeof value === 'number') parent[name] = value + 1;
  else if (typeof value === 'boolean') parent[name] = !value;
  else if (typeof value !== 'string' || value === '') parent[name] = 'x';
  else parent[name] = value.slice(0, at) + (value[at] === '1' ? '2' : '1') + value.slice(at + 1);
  return copy;
}

for (const [name, proof] of libraries) {
  const codes = (bundle: EvidenceBundle): string[] => [...new Set(proof.verifyEvidence(bundle).findings.map((one) => one.code))];

  t.test(`${name}: evidence holds, and every single value that is changed is found`, async (t) => {
    for (const bundle of [payment, log_key]) {
      t.same(proof.verifyEvidence(bundle), { ok: true, findings: [], complete: true, ratified: false, strong: 2, weak: 0 });
      const paths = [...leaves(bundle)];
      t.same(paths.filter((path) => proof.verifyEvidence(changed(bundle, path)).ok).map((path) => path.join('.')), []);
      t.comment(`${paths.length} values`);
    }
  });

  t.test(`${name}: a new key of the log is signed under the rule for rules, and nothing else is`, async (t) => {
    t.same(codes(proposalOf(append, grounds, 3, 'log_key', 1, 'payment')), ['rule_differs']);
    t.same(codes(proposalOf(append, grounds, 4, 'payment', 2, 'rule')), ['rule_differs']);
    t.same(codes(proposalOf(append, grounds, 5, 'rule', 2)), []);
    // Even a rule of its own kind would not do.
    t.same(codes(proposalOf(append, grounds, 6, 'log_key', 3)), ['rule_differs']);
  });

  t.test(`${name}: a record of another shape is no record, whatever its hash`, async (t) => {
    for (const part of [{ body: [payment.submission.body] }, { seq: String(payment.submission.seq) }, { number: '' }]) {
      const record = { ...payment.submission, ...part } as never as LoggedRecord;
      const hashed = { ...record, leaf_hash: proof.hexOf(proof.leafHashOf('demo', record)) };
      t.ok(codes({ ...payment, submission: hashed }).includes('record_altered'), Object.keys(part)[0]!);
    }
  });

  t.test(`${name}: many proposals of one log are judged with what was read before`, async (t) => {
    const many = Array.from({ length: 40 }, (_, i) => proposalOf(append, grounds, 100 + i, i % 4 === 0 ? 'log_key' : 'payment', i % 4 === 0 ? 2 : 1, i % 4 === 0 ? 'rule' : 'payment'));
    const forged = many.map((bundle, i) => (i % 5 === 0 ? changed(bundle, ['signatures', i % 2, 'record', 'body']) : i % 7 === 0 ? changed(bundle, ['signatures', 1, 'evidence', 'signature']) : bundle));
    const asked = new Map<LoggedRecord, number>();
    const known = proof.remembering((estate, record) => {
      asked.set(record, (asked.get(record) ?? 0) + 1);
      return proof.hexOf(proof.leafHashOf(estate, record)) === record.leaf_hash;
    });
    const together = forged.map((bundle) => proof.verifyEvidence(bundle, known));
    t.same(together, forged.map((bundle) => proof.verifyEvidence(bundle)), 'the same verdicts as one by one');
    t.equal(together.filter((one) => !one.ok).length, 8 + 4);
    t.ok([...asked.values()].every((times) => times === 1), 'each record once');
    t.equal(asked.get(grounds.terms[0]!), 1);
  });
}
