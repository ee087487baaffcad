// Whether a file's records lead to a checkpoint that the log signed: with a key that is itself in the log, witnessed by
// whoever its policy asks, and naming the very figures of the file (disclosure_prepared). Which first key to believe
// no file can tell: it is printed on the notice board, and whoever has it gives it with --key.
import { same } from '../proof/bytes.ts';
import { readCheckpoint } from '../proof/checkpoint.ts';
import { ED25519, readVerifierKey, verifierKeyText, type VerifierKey } from '../proof/note.ts';
import { judgeNote, readPolicy, type Policy } from '../proof/policy.ts';
import { verifyConsistency, type Hash } from '../proof/tree.ts';
import type { FiguresRead } from './figures.ts';
import type { Report } from './findings.ts';
import type { LogUnion } from './log-union.ts';
import type { Source } from './sources.ts';

/** Keys of the file, as far as they can be read; a key that is not in the log is broken. */
function keysOf({ books }: LogUnion, { keys, size, origin }: Source, report: Report): VerifierKey[] {
  const found: VerifierKey[] = [];
  for (const { vkey, seq } of keys) {
    if (books.log_keys.get(seq) !== vkey || seq > size) report('key_not_in_log', 'keys', { vkey, seq });
    try {
      const key = readVerifierKey(vkey);
      if (key.name === origin && key.algorithm === ED25519) found.push(key);
      else report('key_misshapen', 'keys', { vkey });
    } catch {
      report('key_misshapen', 'keys', { vkey });
    }
  }
  const told = keys.map(({ vkey }) => vkey);
  for (const [seq, vkey] of books.log_keys) if (seq <= size && !told.includes(vkey)) report('key_not_told', 'keys', { vkey, seq });
  return found;
}

/** The checkpoint: its root is the records' root, its signature that of the log's newest key. */
export function checkCheckpoint(log: LogUnion, source: Source, { root, report }: { root: Hash | null; report: Report }): void {
  const { note, checkpoint, origin, estate, size } = source;
  const keys = keysOf(log, source, report);
  if (note === null || checkpoint === null) return report('checkpoint_none', 'log/checkpoint');
  if (checkpoint.origin !== origin || !origin.endsWith(`/${estate}`)) report('seal_differs', 'checkpoint', { what: checkpoint.origin });
  if (root !== null && !same(root, checkpoint.root)) report('root_differs', 'checkpoint', { size });
  try {
    const { signatures } = readCheckpoint(note, keys);
    const newest = keys.at(-1);
    if (newest === undefined || !signatures.some(({ key }) => key === newest)) report('checkpoint_by_old_key', 'checkpoint');
  } catch {
    report('checkpoint_not_signed', 'checkpoint');
  }
}

// ── Witnesses ────────────────────────────────────────────────────────────────────────────────────

/** Gives the names of the witnesses who signed, for the report. */
export function checkWitnesses(log: LogUnion, source: Source, report: Report): string[] {
  const { policy: text, witnessed, cosigned } = source;
  if (text === null) {
    report('witness_none', '');
    return [];
  }
  let policy: Policy;
  try {
    policy = readPolicy(text);
  } catch {
    report('policy_misshapen', 'policy');
    return [];
  }
  checkPolicy(log, source, policy, report);
  // A whole log carries every note; the latest that satisfies the policy counts.
  const notes = witnessed === null ? cosigned : [witnessed.note];
  const judged = notes.flatMap((note) => judgeOne(log, source, { policy, note, report }) ?? []);
  const best = judged.find((one) => one.satisfied) ?? judged[0];
  if (best === undefined) report('witness_none', '');
  else if (policy.quorum === 'none') report('witness_policy_open', '');
  else if (!best.satisfied) report('witness_missing', '', { missing: best.missing.join('、'), missing_en: best.missing.join(', ') });
  return best?.names ?? [];
}

interface Cosigned { satisfied: boolean; missing: string[]; names: string[] }

/** A checkpoint with its cosignatures: of this log, and the one that this log went on from. */
function judgeOne(log: LogUnion, source: Source, { policy, note, report }: { policy: Policy; note: string; report: Report }): Cosigned | null {
  const { witnessed, checkpoint, size, origin } = source;
  try {
    const { checkpoint: seen, satisfied, missing, witnesses } = judgeNote(policy, note);
    const known = log.roots.get(seen.size);
    const joins = seen.origin === origin && (known === undefined || same(known.root, seen.root)) && (witnessed === null ? known !== undefined
      : checkpoint !== null && verifyConsistency({ from: seen.size, from_root: seen.root, size, root: checkpoint.root, proof: witnessed.consistency }));
    if (!joins) {
      report('witness_saw_other_log', 'witnessed', { size: seen.size });
      return null;
    }
    return { satisfied, missing, names: witnesses.map(({ name }) => name) };
  } catch {
    report('witness_not_signed', 'witnessed');
    return null;
  }
}

/** The witnesses of the policy are those that the log enrolled, and none is left out. */
function checkPolicy({ books }: LogUnion, { keys }: Source, policy: Policy, report: Report): void {
  const groups = new Map(policy.groups.flatMap(({ name, members }) => members.map((member) => [member, name] as const)));
  const enrolled = [...books.witnesses.values()];
  for (const { name, key } of policy.witnesses) {
    const vkey = verifierKeyText(key);
    const known = enrolled.find((one) => one.vkey === vkey);
    const group = groups.get(name);
    if (known === undefined || (group !== undefined && group !== known.side)) report('witness_not_enrolled', 'policy', { name });
  }
  const logs = policy.logs.map(verifierKeyText);
  if (keys.length > 0 && !logs.includes(keys.at(-1)!.vkey)) report('key_not_told', 'policy', { vkey: keys.at(-1)!.vkey, seq: keys.at(-1)!.seq });
}

// ── What the file says of itself ─────────────────────────────────────────────────────────────────

/** The record disclosure_prepared, which names figures and facts by their hashes: the last one before the checkpoint. */
export function checkPrepared({ books }: LogUnion, { disclosure, size }: Source, figures: FiguresRead | null, report: Report): void {
  const { period, version, facts_sha256, drawn_at } = disclosure!;
  const prepared = books.prepared.filter((one) => one.seq <= size && one.period === period && one.version === version).at(-1);
  if (prepared === undefined) return report('prepared_missing', 'records.tsv', { period, version });
  const where = `records.tsv #${prepared.seq}`;
  if (prepared.facts_sha256 !== facts_sha256) report('prepared_differs', where, { what: 'facts.json' });
  if (figures !== null && prepared.figures_sha256 !== figures.sha256) report('prepared_differs', where, { what: 'figures.json' });
  if (prepared.seq !== drawn_at + 1) report('prepared_differs', where, { what: 'size' });
}

/** Whether the first key is believed for a reason, or on first sight. */
export function checkTrust({ books, sources }: LogUnion, trusted: readonly string[], report: Report): void {
  const keys = [...books.log_keys.values()];
  if (trusted.length > 0 ? keys.some((vkey) => trusted.includes(vkey)) : keys.length === 0) return;
  const told = keys[0] ?? sources[0]?.keys[0]?.vkey ?? '–';
  if (trusted.length > 0) report('key_not_trusted', '', { vkey: told });
  else report('key_on_first_sight', '', { vkey: told });
}
