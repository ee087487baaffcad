// Files that carry no part of a log themselves and are held against one: a checkpoint from the notice board or from
// the service, a proof that a log only grew, a proof that a record is in it, the evidence of a proposal's signatures,
// an original voucher. What no file at hand knows of is said to be so, never taken as proven.
import type { Bilingual } from '../kernel/locale.ts';
import { hexOf, same, textOf } from '../proof/bytes.ts';
import { claimedCheckpoint, readCheckpoint, type Checkpoint } from '../proof/checkpoint.ts';
import { readVerifierKey, type VerifierKey } from '../proof/note.ts';
import { verifyEvidence, type EvidenceBundle, type LoggedRecord } from '../proof/signatures.ts';
import { readTlogProof, type TlogProof } from '../proof/tlog-proof.ts';
import { verifyConsistency, verifyInclusion, type Hash } from '../proof/tree.ts';
import { isBody, Misshapen, textIn, wholeIn } from './fields.ts';
import type { Findings } from './findings.ts';
import type { LogUnion } from './log-union.ts';
import { hashesIn } from './sources.ts';

export interface Consistency { from: number; size: number; proof: Hash[]; note: string | null }

export type LooseRead =
  | { kind: 'checkpoint'; note: string; checkpoint: Checkpoint }
  | { kind: 'consistency'; consistency: Consistency }
  | { kind: 'tlog_proof'; proof: TlogProof; checkpoint: Checkpoint }
  | { kind: 'evidence'; bundle: EvidenceBundle }
  | { kind: 'policy' };
export type LooseFile = { file: string; sha256: string } & (LooseRead | { kind: 'voucher' });

/** Tells what a small file is by what it says; null for anything that may be a voucher. */
export function readLoose(bytes: Uint8Array): LooseRead | null {
  let text: string;
  try {
    text = textOf(bytes);
  } catch {
    return null;
  }
  if (text.startsWith('c2sp.org/tlog-proof@v1\n')) return attempt(() => {
    const proof = readTlogProof(text);
    return { kind: 'tlog_proof', proof, checkpoint: claimedCheckpoint(proof.checkpoint) };
  });
  if (text.startsWith('{')) return attempt(() => readJsonFile(JSON.parse(text) as unknown));
  return attempt(() => ({ kind: 'checkpoint', note: text, checkpoint: claimedCheckpoint(text) }))
    ?? (/^log [^\n]+\n/m.test(text) && /^quorum [^\n]+$/m.test(text) ? { kind: 'policy' } : null);
}

function attempt<T = LooseRead>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

function readJsonFile(body: unknown): LooseRead {
  if (!isBody(body)) throw new Misshapen('not an object');
  if (body['format'] === 'mingzhang/evidence/v1') return { kind: 'evidence', bundle: body as unknown as EvidenceBundle };
  if (body['format'] !== 'mingzhang/consistency/v1') throw new Misshapen('format');
  return { kind: 'consistency', consistency: {
    from: wholeIn(body, 'from'), size: wholeIn(body, 'size'), proof: hashesIn(body, 'proof'),
    note: (body['checkpoint'] ?? null) === null ? null : textIn(body, 'checkpoint'),
  } };
}

/** Sizes of a log whose roots a file asks for. */
export function sizesOf(loose: LooseFile): number[] {
  if (loose.kind === 'checkpoint' || loose.kind === 'tlog_proof') return [loose.checkpoint.size];
  return loose.kind === 'consistency' ? [loose.consistency.from, loose.consistency.size] : [];
}

const keysOf = ({ books }: LogUnion): VerifierKey[] => [...books.log_keys.values()].flatMap((vkey) => {
  try {
    return [readVerifierKey(vkey)];
  } catch {
    return [];
  }
});

export interface Held { logs: readonly LogUnion[]; loose: readonly LooseFile[]; findings: Findings }

const originOf = (log: LogUnion): string => log.sources[0]?.origin ?? '';

/** Holds a loose file against the logs at hand; gives what was compared, as facts for the report. */
export function checkLoose(loose: LooseFile, held: Held): Bilingual[] {
  switch (loose.kind) {
    case 'checkpoint': return checkCheckpoint(loose, held);
    case 'tlog_proof': return checkProof(loose, held);
    case 'consistency': return checkConsistency(loose, held);
    case 'evidence': return checkEvidence(loose, held);
    case 'voucher': return checkVoucher(loose, held);
    case 'policy': return [];
  }
}

// ── Checkpoints ──────────────────────────────────────────────────────────────────────────────────

/** A checkpoint of a log that a file carries: signed by its key, with the root that the records lead to. */
function checkCheckpoint({ file, note, checkpoint }: Extract<LooseFile, { kind: 'checkpoint' }>, held: Held): Bilingual[] {
  const { size, root } = checkpoint;
  const log = judgeNote(file, { note, checkpoint }, held);
  if (log === null) return [];
  const known = log.roots.get(size);
  if (known !== undefined) {
    if (!same(known.root, root)) held.findings.report('checkpoint_differs', { file, facts: { size, other: known.file } });
    return [{ zh: `${file}：检查点（${size} 条）与文件里的记录一致。`, en: `${file}: the checkpoint (${size} records) agrees with the records.` }];
  }
  if (bridged(log, checkpoint, held)) return [{ zh: `${file}：检查点（${size} 条）经一致性证明，只是在文件里的记录之后增加。`, en: `${file}: by proof of consistency the checkpoint (${size} records) only added to the records at hand.` }];
  held.findings.report('checkpoint_beyond', { file, facts: { size } });
  return [];
}

/** The log of a checkpoint, once its signature holds; reports and gives null otherwise. */
function judgeNote(file: string, { note, checkpoint }: { note: string; checkpoint: Checkpoint }, { logs, findings }: Held): LogUnion | null {
  const log = logs.find((one) => originOf(one) === checkpoint.origin);
  if (log === undefined) {
    findings.report('log_not_at_hand', { file, facts: { origin: checkpoint.origin } });
    return null;
  }
  try {
    readCheckpoint(note, keysOf(log));
    return log;
  } catch {
    findings.report('checkpoint_not_signed', { file });
    return null;
  }
}

/** Whether a proof of consistency among the files leads from a size that is known to this checkpoint. */
function bridged(log: LogUnion, checkpoint: Checkpoint, { loose }: Held): boolean {
  return loose.some((one) => {
    if (one.kind !== 'consistency') return false;
    const { from, size, proof } = one.consistency;
    const start = log.roots.get(from);
    return start !== undefined && size === checkpoint.size && verifyConsistency({ from, from_root: start.root, size, root: checkpoint.root, proof });
  });
}

function checkConsistency({ file, consistency }: Extract<LooseFile, { kind: 'consistency' }>, held: Held): Bilingual[] {
  const { from, size, proof, note } = consistency;
  const checkpoint = note === null ? null : attempt(() => claimedCheckpoint(note));
  const log = checkpoint === null || note === null ? held.logs[0] ?? null : judgeNote(file, { note, checkpoint }, held);
  if (log === null) {
    if (held.logs.length === 0) held.findings.report('log_not_at_hand', { file, facts: { origin: '–' } });
    return [];
  }
  const start = log.roots.get(from);
  const end = log.roots.get(size)?.root ?? (checkpoint?.size === size ? checkpoint.root : undefined);
  if (start === undefined || end === undefined) {
    held.findings.report('checkpoint_beyond', { file, facts: { size: start === undefined ? from : size } });
    return [];
  }
  if (!verifyConsistency({ from, from_root: start.root, size, root: end, proof })) {
    held.findings.report('consistency_wrong', { file, facts: { from, size } });
    return [];
  }
  return [{ zh: `${file}：从 ${from} 条到 ${size} 条，日志只增加、没有改动。`, en: `${file}: from ${from} to ${size} records the log only grew.` }];
}

// ── Records ──────────────────────────────────────────────────────────────────────────────────────

function checkProof({ file, proof, checkpoint }: Extract<LooseFile, { kind: 'tlog_proof' }>, held: Held): Bilingual[] {
  const log = judgeNote(file, { note: proof.checkpoint, checkpoint }, held);
  if (log === null) return [];
  const { size, root } = checkpoint;
  const seq = proof.index + 1;
  const known = log.roots.get(size);
  if (known !== undefined && !same(known.root, root)) held.findings.report('checkpoint_differs', { file, facts: { size, other: known.file } });
  const leaf_hash = log.leafAt(seq);
  if (leaf_hash === null) {
    held.findings.report('record_not_at_hand', { file, facts: { seq } });
    return [];
  }
  if (!verifyInclusion({ index: proof.index, size, leaf_hash, proof: proof.proof, root })) {
    held.findings.report('inclusion_wrong', { file, facts: { seq } });
    return [];
  }
  return [{ zh: `${file}：第 ${seq} 条记录确在日志里。`, en: `${file}: record ${seq} is in the log.` }];
}

function* loggedIn(value: unknown): Generator<LoggedRecord> {
  if (Array.isArray(value)) for (const one of value) yield* loggedIn(one);
  else if (isBody(value)) {
    if (typeof value['leaf_hash'] === 'string' && typeof value['seq'] === 'number') yield value as unknown as LoggedRecord;
    else for (const one of Object.values(value)) yield* loggedIn(one);
  }
}

function checkEvidence({ file, bundle }: Extract<LooseFile, { kind: 'evidence' }>, { logs, findings }: Held): Bilingual[] {
  const { findings: faults, complete, strong, weak } = verifyEvidence(bundle);
  for (const { where, text } of faults) findings.report('evidence_wrong', { file, where, facts: { what: text.zh, what_en: text.en } });
  const log = logs.find((one) => one.estate === bundle.estate);
  let alone = 0;
  for (const { seq, leaf_hash } of loggedIn(bundle)) {
    const known = log?.leafAt(seq) ?? null;
    if (known === null) alone += 1;
    else if (hexOf(known) !== leaf_hash) findings.report('evidence_not_in_log', { file, where: `#${seq}` });
  }
  if (alone > 0) findings.report('evidence_alone', { file, facts: { count: alone } });
  if (!complete && faults.length === 0) findings.report('evidence_incomplete', { file });
  if (weak > 0) findings.report('signatures_weak', { file, facts: { weak, all: strong + weak } });
  return [{
    zh: `${file}：第 ${bundle.proposal} 号签批单的 ${strong + weak} 个签名，其中通行密钥 ${strong} 个。`,
    en: `${file}: ${strong + weak} signatures of proposal ${bundle.proposal}, ${strong} of them by passkey.`,
  }];
}

// ── Vouchers ─────────────────────────────────────────────────────────────────────────────────────

function checkVoucher({ file, sha256 }: LooseFile, { logs, findings }: Held): Bilingual[] {
  const facts: Bilingual[] = [];
  for (const { books } of logs) {
    const entries = books.voucher_entries.get(sha256) ?? [];
    if (entries.length > 0) facts.push({ zh: `${file}：就是凭证 ${entries.join('、')} 所附的原始凭证。`, en: `${file}: is the original voucher of ${entries.join(', ')}.` });
    else if (books.vouchers.has(sha256)) facts.push({ zh: `${file}：曾作为原始凭证交来（第 ${books.vouchers.get(sha256)} 条记录）。`, en: `${file}: was handed in as an original voucher (record ${books.vouchers.get(sha256)}).` });
  }
  const whole = logs.some(({ books }) => books.complete);
  if (facts.length === 0) findings.report(whole ? 'voucher_unknown' : 'file_unknown', { file, facts: { sha256: sha256.slice(0, 16) } });
  return facts;
}

