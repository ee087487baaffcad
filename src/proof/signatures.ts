// Whether the signatures under a proposal hold, told from a file alone: no server, no database, so that anybody
// may check it years later, and in the offline verifier. The file (approval/evidence.ts) carries the document as it
// was hashed, the records of the log it rests on, and of each signature all that was kept of it.
// Checked: every record against its own fingerprint, the document against its hash, each signature against the
// document, its signer's term, key and delegation, the whole against the rule, the entry against the document.
// What a file alone cannot show is that nothing was left out of the log; that is what its root is for.
import { canonical, type Json } from '../kernel/canonical.ts';
import { businessDate, instant } from '../kernel/dates.ts';
import type { Bilingual } from '../kernel/locale.ts';
import {
  keyReader, readAuthenticatorData, readClientData, signatureHolds, type AssertionEvidence, type PublicKey,
} from './assertion.ts';
import { base64urlOf, bytesOfBase64url, hexOf, same as sameBytes, utf8 } from './bytes.ts';
import { isRecord, leafHashOf, type LogRecord } from './record.ts';
import { sha256 } from '#primitives';

/** A record of the log as it was hashed. */
export interface LoggedRecord extends LogRecord { leaf_hash: string }

export interface EvidenceRule {
  rule_id: number;
  kind: string;
  class: string;
  in_sequence: boolean;
  passkey_only: boolean;
  bodies: { body: string; signers: number; place: number }[];
  /** Where the rule was written: rules_opened; or rules_changed and the proposal it carried out; … */
  records: LoggedRecord[];
}

export interface EvidenceSignature {
  person: string;
  on_behalf_of: string | null;
  body: string;
  office: string;
  decision: string;
  method: string;
  reason: string;
  signed_at: string;
  evidence: { [key: string]: Json };
  record: LoggedRecord;
  /** The signer's term; their key's enrolment and, if there was one, its revocation; the delegation. */
  term: LoggedRecord;
  enrolment: LoggedRecord | null;
  revocation: LoggedRecord | null;
  delegation: LoggedRecord | null;
}

export interface EvidenceBundle {
  format: 'mingzhang/evidence/v1';
  estate: string;
  proposal: number;
  kind: string;
  class: string;
  version: number;
  /** The very text that was hashed. */
  document: string;
  document_hash: string;
  submission: LoggedRecord;
  rule: EvidenceRule;
  /** Of an emergency order: the rule whose signers ratify it. */
  full_rule: EvidenceRule | null;
  signatures: EvidenceSignature[];
  quorum: { reached_at: string; first_body: string; first_person: string; second_body: string; second_person: string } | null;
  /** The entry that carried it out. */
  entry: LoggedRecord | null;
}

const texts = {
  malformed: { zh: '文件不完整，或不是签名证据', en: 'the file is incomplete, or no evidence of signatures' },
  record_altered: { zh: '存证记录和它的校验值对不上', en: 'a record of the log does not match its fingerprint' },
  document_altered: { zh: '单据和它的校验值对不上', en: 'the document does not match its hash' },
  document_differs: { zh: '文件里写的和单据不一致', en: 'the file says something else than the document' },
  submission_differs: { zh: '提交记录说的不是这张单据', en: 'the record of the submission is of another document' },
  rule_differs: { zh: '规则和存证记录里的不一致', en: 'the rule differs from the one in the log' },
  signature_differs: { zh: '签名和存证记录里的不一致', en: 'the signature differs from the one in the log' },
  other_document: { zh: '签的不是这张单据', en: 'the signature is under another document' },
  not_in_office: { zh: '签名时不在任，或职务不符', en: 'the signer was not in that office then' },
  key_unknown: { zh: '通行密钥不是签名人登记的那把，或签名时已注销', en: 'the passkey is not the one the signer enrolled, or was revoked by then' },
  challenge_differs: { zh: '通行密钥签的不是这张单据、这个决定', en: 'the passkey signed another document or decision' },
  place_differs: { zh: '通行密钥不是在登记的网址签的', en: 'the passkey signed at another place than it is bound to' },
  nobody_there: { zh: '设备没有确认是本人', en: 'the device did not recognise its owner' },
  device_differs: { zh: '设备报的数据和记下的不一致', en: 'what the device reported differs from what was kept' },
  signature_invalid: { zh: '通行密钥的签名验算不过', en: 'the signature of the passkey does not hold' },
  delegation_missing: { zh: '没有让他代签的委托', en: 'no delegation lets them sign in that place' },
  signed_twice: { zh: '同一个人或同一票签了两次', en: 'one person or one vote signed twice' },
  signer_concerned: { zh: '制单人或当事人签了自己的单', en: 'the maker or whoever it is about signed it' },
  method_too_weak: { zh: '规则只认通行密钥', en: 'the rule asks for passkeys' },
  out_of_turn: { zh: '没有按规则的先后签', en: 'the bodies did not sign in the order of the rule' },
  quorum_missing: { zh: '签名没有达到规则要的人数', en: 'fewer have signed than the rule asks' },
  quorum_differs: { zh: '签齐的记载和签名不一致', en: 'what is said of the quorum differs from the signatures' },
  rejected: { zh: '有人拒绝了', en: 'somebody rejected it' },
  entry_differs: { zh: '记的账和签的单据不一致', en: 'the entry differs from the document that was signed' },
} as const satisfies Record<string, Bilingual>;

export type FindingCode = keyof typeof texts;
export interface Finding { code: FindingCode; where: string; text: Bilingual }
export interface Verified {
  ok: boolean;
  findings: Finding[];
  /** Whether the rule is satisfied; and of an emergency order whether it is ratified. */
  complete: boolean;
  ratified: boolean;
  /** Signatures by passkey, which prove themselves; by password, for which the server vouches (弱). */
  strong: number;
  weak: number;
}

type Report = (code: FindingCode, where: string) => void;
type Fields = Record<string, unknown>;

const same = (a: unknown, b: unknown): boolean => canonical((a ?? null) as Json) === canonical((b ?? null) as Json);

// ── What was read before ─────────────────────────────────────────────────────────────────────────

/** Records and keys that several proposals rest on: terms, rules, enrolments. Read once by whoever passes the same
 *  `Known`, and the same record objects, to verifyEvidence() for each; they must not be altered in between. */
export interface Known {
  /** Whether the record is the one its fingerprint was made of. */
  holds(estate: string, record: LoggedRecord): boolean;
  /** What its body says. */
  fields(record: LoggedRecord): Fields;
  key(public_key: string): PublicKey;
}

/** A record says of itself what its fingerprint was made of (TRUST §2). */
const recordHolds: Known['holds'] = (estate, record) => isRecord(record) && hexOf(leafHashOf(estate, record)) === record.leaf_hash;

/** Remembers what it read. `holds` for whoever has the whole log and found its records in the tree already. */
export function remembering(holds: Known['holds'] = recordHolds): Known {
  const held = new WeakMap<LoggedRecord, boolean>();
  const bodies = new WeakMap<LoggedRecord, Fields>();
  return {
    holds(estate, record) {
      const known = held.get(record) ?? holds(estate, record);
      held.set(record, known);
      return known;
    },
    fields(record) {
      const known = bodies.get(record) ?? JSON.parse(record.body) as Fields;
      bodies.set(record, known);
      return known;
    },
    key: keyReader(),
  };
}

/** One proposal under examination. */
interface Case { bundle: EvidenceBundle; known: Known; report: Report }

function checkRecord({ bundle, known, report }: Case, record: LoggedRecord, where: string, kinds: readonly string[]): void {
  if (!known.holds(bundle.estate, record) || !kinds.includes(record.kind)) report('record_altered', where);
}

function checkDocument(at: Case): Fields {
  const { bundle, known, report } = at;
  const { document, document_hash, estate, submission } = bundle;
  if (hexOf(sha256(utf8(document))) !== document_hash) report('document_altered', 'document');
  const said = JSON.parse(document) as Fields;
  if (said['estate'] !== estate || said['proposal'] !== bundle.proposal || said['kind'] !== bundle.kind
    || (said['class'] ?? 'normal') !== bundle.class || said['version'] !== bundle.version) report('document_differs', 'document');
  checkRecord(at, submission, 'submission', ['proposal_submitted']);
  const body = known.fields(submission);
  if (body['proposal'] !== bundle.proposal || body['version'] !== bundle.version || body['document_hash'] !== document_hash
    || body['rule'] !== bundle.rule.rule_id || canonical((body['document'] ?? null) as Json) !== document) report('submission_differs', 'submission');
  return said;
}

// ── The rule ─────────────────────────────────────────────────────────────────────────────────────

interface Written { kind?: unknown; class?: unknown; bodies?: Record<string, number>; sequence?: string[]; passkey_only?: unknown; rule_id?: unknown }

/** The rule as the log has it; null when the records do not hold it. */
function ruleWritten({ rule_id, kind, records }: EvidenceRule, known: Known): Written | null {
  const bodies = records.map((record) => ({ kind: record.kind, body: known.fields(record) }));
  const opened = (wanted: number): Written | undefined => bodies.filter((one) => one.kind === 'rules_opened')
    .flatMap((one) => one.body['rules'] as Written[]).find((one) => one.rule_id === wanted);
  const changed = (wanted: number): Written | undefined => {
    for (const { kind: of, body } of bodies) {
      const index = wanted - Number(body['first_rule']);
      if (of !== 'rules_changed' || !(index >= 0)) continue;
      const submitted = bodies.findLast((one) => one.kind === 'proposal_submitted' && one.body['proposal'] === body['proposal']);
      const rules = (submitted?.body['document'] as Fields | undefined)?.['rules'] as Written[] | undefined;
      if (rules?.[index] !== undefined) return rules[index];
    }
    return undefined;
  };
  const found = opened(rule_id) ?? changed(rule_id);
  if (found !== undefined) return found;
  // Kinds that came later took the strictest rule of the estate over.
  const completed = bodies.find((one) => one.kind === 'rules_completed' && (one.body['kinds'] as unknown[]).includes(kind));
  const model = completed === undefined ? undefined : opened(Number(completed.body['as_rule']));
  const { bodies: asked } = model ?? {};
  return asked === undefined ? null : { kind, bodies: asked };
}

/** Kinds of proposals that are signed under the rule of another kind: a new key of the log is as weighty as a rule. */
const ruleKinds: Readonly<Record<string, string>> = { log_key: 'rule', bank_account: 'rule', mandate: 'rule' };

function checkRule(at: Case, rule: EvidenceRule, rule_class: string, where: string): void {
  const { bundle, known, report } = at;
  for (const [index, record] of rule.records.entries()) {
    checkRecord(at, record, `${where}.records[${index}]`, ['rules_opened', 'rules_changed', 'rules_completed', 'proposal_submitted']);
    if (record.seq >= bundle.submission.seq) report('rule_differs', where);
  }
  const written = ruleWritten(rule, known);
  const { bodies = {}, sequence } = written ?? {};
  const asked = Object.entries(bodies).filter(([, signers]) => signers > 0).sort(([a], [b]) => a.localeCompare(b))
    .map(([body, signers]) => ({ body, signers, place: sequence === undefined ? 1 : sequence.indexOf(body) + 1 }));
  const said = [...rule.bodies].sort((a, b) => a.body.localeCompare(b.body));
  if (written === null || rule.kind !== (ruleKinds[bundle.kind] ?? bundle.kind) || written.kind !== rule.kind || rule.class !== rule_class
    || (written.class ?? 'normal') !== rule.class || rule.in_sequence !== (sequence !== undefined)
    || rule.passkey_only !== (written.passkey_only === true) || !same(asked, said)) report('rule_differs', where);
}

// ── One signature ────────────────────────────────────────────────────────────────────────────────

/** What the passkey was asked to sign: SHA-256 of version, decision, document, nonce and expiry, line by line. */
export const challengeOf = ({ decision, document, nonce, expires_at }: {
  decision: string; document: string; nonce: string; expires_at: string;
}): Uint8Array => sha256(utf8(['mingzhang/sign/v1', decision, document, nonce, expires_at].join('\n')));

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).hostname;
  } catch {
    return null;
  }
}

/** What is wrong with an answer of a passkey to a challenge, told from its own bytes. Throws when they are none. */
export function assertionFaults(kept: AssertionEvidence, challenge: Uint8Array, keyOf?: Known['key']): FindingCode[] {
  const faults: FindingCode[] = [];
  const client = readClientData(kept.client_data_json);
  const device = readAuthenticatorData(bytesOfBase64url(kept.authenticator_data));
  if (client.type !== 'webauthn.get' || client.challenge !== base64urlOf(challenge)) faults.push('challenge_differs');
  const host = hostOf(kept.origin);
  if (client.origin !== kept.origin || client.crossOrigin === true || !sameBytes(device.rp_id_hash, sha256(utf8(kept.rp_id)))
    || (host !== kept.rp_id && host?.endsWith(`.${kept.rp_id}`) !== true)) faults.push('place_differs');
  if (!device.user_present || !device.user_verified) faults.push('nobody_there');
  if (device.sign_count !== kept.sign_count || device.backup_eligible !== kept.backup_eligible || device.backed_up !== kept.backed_up) {
    faults.push('device_differs');
  }
  if (!signatureHolds(kept, keyOf)) faults.push('signature_invalid');
  return faults;
}

function checkAssertion(at: Case, signature: EvidenceSignature, where: string): void {
  const { bundle, known, report } = at;
  const kept = signature.evidence as unknown as AssertionEvidence & { nonce: string; expires_at: string };
  const challenge = challengeOf({ ...bundle, ...kept, decision: signature.decision });
  for (const fault of assertionFaults(kept, challenge, known.key)) report(fault, where);
  const { enrolment, revocation, record } = signature;
  if (enrolment === null) return report('key_unknown', where);
  checkRecord(at, enrolment, `${where}.enrolment`, ['passkey_enrolled']);
  const key = known.fields(enrolment);
  const alike = (['credential_id', 'public_key', 'algorithm', 'rp_id'] as const).every((name) => key[name] === kept[name]);
  if (!alike || key['person'] !== signature.person || enrolment.seq >= record.seq) report('key_unknown', where);
  if (revocation === null) return;
  checkRecord(at, revocation, `${where}.revocation`, ['passkey_revoked']);
  const ended = known.fields(revocation);
  if (ended['credential_id'] !== kept.credential_id || ended['person'] !== signature.person || revocation.seq <= record.seq) report('key_unknown', where);
}

/** Days of a record (starts_on, ends_on) hold the moment. */
const covers = (said: Fields, moment: string): boolean => {
  const day = businessDate(instant(moment));
  return String(said['starts_on']) <= day && day <= String(said['ends_on']);
};

function checkSignature(at: Case, signature: EvidenceSignature, where: string): void {
  const { bundle, known, report } = at;
  const { record, term, delegation, person, on_behalf_of, body, office, method } = signature;
  checkRecord(at, record, where, ['signature']);
  const said = known.fields(record);
  const fields = { person, body, decision: signature.decision, method, reason: signature.reason, proposal: bundle.proposal };
  if (!Object.entries(fields).every(([name, value]) => (said[name] ?? '') === value) || !same(said['on_behalf_of'], on_behalf_of)
    || !same(said['evidence'] ?? {}, signature.evidence) || signature.signed_at !== record.recorded_at) report('signature_differs', where);
  if (said['document_hash'] !== bundle.document_hash || record.seq <= bundle.submission.seq) report('other_document', where);
  checkRecord(at, term, `${where}.term`, ['term_opened']);
  const held = known.fields(term);
  if (held['person'] !== person || held['body'] !== body || held['office'] !== office || term.seq >= record.seq
    || ['cashier', 'auditor'].includes(office) || !covers(held, record.recorded_at)) report('not_in_office', where);
  if (on_behalf_of !== null || office === 'deputy') {
    const given = delegation === null ? {} : known.fields(delegation);
    if (delegation !== null) checkRecord(at, delegation, `${where}.delegation`, ['delegation_opened']);
    if (delegation === null || on_behalf_of === null || given['delegate'] !== person || given['principal'] !== on_behalf_of || given['body'] !== body
      || delegation.seq >= record.seq || !covers(given, record.recorded_at)) report('delegation_missing', where);
  } else if (delegation !== null) report('delegation_missing', where);
  if (method === 'passkey') checkAssertion(at, signature, where);
  else if (method !== 'password' || signature.enrolment !== null || signature.revocation !== null) report('signature_differs', where);
}

// ── All of them, against the rule ────────────────────────────────────────────────────────────────

const votesOf = (signatures: readonly EvidenceSignature[], body: string): number => signatures.filter((one) => one.body === body).length;
const satisfied = (rule: EvidenceRule, signatures: readonly EvidenceSignature[]): boolean =>
  rule.bodies.length >= 2 && rule.bodies.every((asked) => votesOf(signatures, asked.body) >= asked.signers);

function checkTogether({ bundle, report }: Case, document: Fields): { complete: boolean; ratified: boolean } {
  const { signatures, rule, full_rule } = bundle;
  const approvals = signatures.filter((one) => one.decision === 'approve').sort((a, b) => a.record.seq - b.record.seq);
  const ratifying = signatures.filter((one) => one.decision === 'ratify');
  const persons = signatures.map((one) => one.person);
  const votes = signatures.map((one) => one.on_behalf_of ?? one.person);
  if (new Set(persons).size < persons.length || new Set(votes).size < votes.length) report('signed_twice', 'signatures');
  const concerned = [document['made_by'], document['person'], document['delegate']].filter((one) => typeof one === 'string');
  if ([...persons, ...votes].some((one) => concerned.includes(one))) report('signer_concerned', 'signatures');
  for (const [one, asked] of [...approvals.map((s) => [s, rule] as const), ...ratifying.map((s) => [s, full_rule] as const)]) {
    if (asked?.passkey_only === true && one.method !== 'passkey') report('method_too_weak', 'signatures');
  }
  if (rule.in_sequence) {
    for (const [index, one] of approvals.entries()) {
      const place = rule.bodies.find((asked) => asked.body === one.body)?.place ?? 0;
      const before = approvals.slice(0, index);
      if (rule.bodies.some((asked) => asked.place < place && votesOf(before, asked.body) < asked.signers)) report('out_of_turn', `signatures[${index}]`);
    }
  }
  const closing = approvals.findIndex((_, index) => satisfied(rule, approvals.slice(0, index + 1)));
  checkQuorum(bundle, approvals, closing, report);
  if (signatures.some((one) => one.decision === 'reject') && (bundle.quorum !== null || bundle.entry !== null)) report('rejected', 'signatures');
  if (ratifying.length > 0 && full_rule === null) report('rule_differs', 'full_rule');
  return { complete: closing >= 0, ratified: full_rule !== null && satisfied(full_rule, [...approvals, ...ratifying]) };
}

function checkQuorum({ quorum, entry }: EvidenceBundle, approvals: readonly EvidenceSignature[], closing: number, report: Report): void {
  if (quorum === null) {
    if (entry !== null) report('quorum_missing', 'quorum');
    if (closing >= 0) report('quorum_differs', 'quorum');
    return;
  }
  if (closing < 0) return report('quorum_missing', 'quorum');
  const has = (body: string, person: string): boolean =>
    approvals.slice(0, closing + 1).some((one) => one.body === body && one.person === person);
  if (quorum.reached_at !== approvals[closing]!.record.recorded_at || !has(quorum.first_body, quorum.first_person)
    || !has(quorum.second_body, quorum.second_person) || quorum.first_body === quorum.second_body
    || quorum.first_person === quorum.second_person) report('quorum_differs', 'quorum');
}

function checkEntry(at: Case, document: Fields): void {
  const { bundle, known, report } = at;
  const { entry, quorum, proposal } = bundle;
  if (entry === null) return;
  checkRecord(at, entry, 'entry', ['journal_entry']);
  const body = known.fields(entry);
  const last = bundle.signatures.filter((one) => one.decision === 'approve' && one.signed_at === quorum?.reached_at)[0];
  if (body['proposal'] !== proposal || !same(body['postings'], document['postings'])
    || (document['reverses'] !== undefined && body['reverses'] !== document['reverses'])
    || (last !== undefined && entry.seq <= last.record.seq)) report('entry_differs', 'entry');
}

/** Recomputes everything a file of evidence claims. Never throws: a file that is none says so. Whoever judges many
 *  proposals of one log passes one `known` for all. */
export function verifyEvidence(bundle: EvidenceBundle, known: Known = remembering()): Verified {
  const findings: Finding[] = [];
  const report: Report = (code, where) => {
    if (!findings.some((one) => one.code === code && one.where === where)) findings.push({ code, where, text: texts[code] });
  };
  const at: Case = { bundle, known, report };
  let outcome = { complete: false, ratified: false };
  let signatures: EvidenceSignature[] = [];
  try {
    if (bundle.format !== 'mingzhang/evidence/v1') report('malformed', 'format');
    const document = checkDocument(at);
    checkRule(at, bundle.rule, bundle.class, 'rule');
    if (bundle.full_rule !== null) checkRule(at, bundle.full_rule, 'normal', 'full_rule');
    if ((bundle.full_rule !== null) !== (bundle.class === 'emergency')) report('rule_differs', 'full_rule');
    signatures = bundle.signatures;
    for (const [index, signature] of signatures.entries()) checkSignature(at, signature, `signatures[${index}]`);
    outcome = checkTogether(at, document);
    checkEntry(at, document);
  } catch {
    report('malformed', '');
  }
  const strong = signatures.filter((one) => one.method === 'passkey').length;
  return { ok: findings.length === 0, findings, ...outcome, strong, weak: signatures.length - strong };
}
