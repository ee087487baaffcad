// Whether a file's records lead to a checkpoint that the log signed: with a key that is itself in the log, witnessed by
// whoever its policy asks, and naming the very figures of the file (disclosure_prepared). Which first key to believe
// no file can tell: it is printed on the notice board, and whoever has it gives it with --key.
import { businessDate, instant } from '../kernel/dates.ts';
import { same } from '../proof/bytes.ts';
import { readCheckpoint } from '../proof/checkpoint.ts';
import { ED25519, readVerifierKey, verifierKeyText, type VerifierKey } from '../proof/note.ts';
import { judgeNote, policyText, readPolicy, type Policy, type PolicyWitness } from '../proof/policy.ts';
import { verifyConsistency, type Hash } from '../proof/tree.ts';
import type { Witness } from './books.ts';
import type { FiguresRead } from './figures.ts';
import type { Report } from './findings.ts';
import { isOfSide } from './log-keys.ts';
import type { LogUnion } from './log-union.ts';
import type { Source } from './sources.ts';

const inOrder = (keys: Source['keys']): Source['keys'] => [...keys].sort((a, b) => a.seq - b.seq);
const newestOf = ({ keys }: Source): string | undefined => inOrder(keys).at(-1)?.vkey;

/** Keys of the file, as far as they can be read; a key that is not in the log is broken. */
function keysOf({ books }: LogUnion, { keys, size, origin }: Source, report: Report): VerifierKey[] {
  const found: VerifierKey[] = [];
  // In the order of the log, whatever the file's: the newest one must have signed.
  for (const { vkey, seq } of inOrder(keys)) {
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
  const { policy: text, witnessed, cosigned, start } = source;
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
  if (best !== undefined && start > 0 && best.size <= start) report('witness_behind', '', { size: best.size });
  return best?.names ?? [];
}

interface Cosigned { size: number; satisfied: boolean; missing: string[]; names: string[] }

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
    return { size: seen.size, satisfied, missing, names: witnesses.map(({ name }) => name) };
  } catch {
    report('witness_not_signed', 'witnessed');
    return null;
  }
}

/** The witnesses of the policy are those that the log enrolled, and none is left out. */
function checkPolicy({ books }: LogUnion, { keys, size, disclosure }: Source, policy: Policy, report: Report): void {
  const at = disclosure?.drawn_at ?? size;
  const day = disclosure === null ? (books.seq === size ? businessDate(instant(books.at)) : null)
    : books.prepared.find(({ seq }) => seq === at + 1)?.day ?? null;
  const groups = new Map(policy.groups.flatMap(({ name, members }) => members.map((member) => [member, name] as const)));
  const enrolled = [...books.witnesses.values()];
  for (const { name, key } of policy.witnesses) {
    const vkey = verifierKeyText(key);
    const known = enrolled.find((one) => one.vkey === vkey);
    const group = groups.get(name);
    const gone = known !== undefined && (known.seq > at || (known.retired !== null && known.retired <= at));
    if (known === undefined || gone || (group !== undefined && group !== known.side)) report('witness_not_enrolled', 'policy', { name });
  }
  const listed = new Set(policy.witnesses.map(({ key }) => verifierKeyText(key)));
  // Owners move away without a record, and only the newest hundreds of them are named; who serves is known.
  for (const one of enrolled) {
    const present = day !== null && one.side !== 'resident' && one.seq <= at && (one.retired === null || one.retired > at) && isOfSide(books, one, day);
    if (present && !listed.has(one.vkey)) report('witness_left_out', 'policy', { witness: one.witness });
  }
  if (!asksAll(policy, enrolled)) report('witness_left_out', 'policy', { witness: '–' });
  const logs = policy.logs.map(verifierKeyText);
  const newest = inOrder(keys).at(-1);
  if (newest !== undefined && !logs.includes(newest.vkey)) report('key_not_told', 'policy', newest);
}

/** Whether it asks for committee AND (street OR resident), as far as there are such witnesses: our own policy over the
 *  same witnesses has the same groups. */
function asksAll({ logs, witnesses, groups, quorum }: Policy, enrolled: readonly Witness[]): boolean {
  const given = witnesses.flatMap(({ name, key }): PolicyWitness[] => {
    const side = enrolled.find((one) => one.vkey === verifierKeyText(key))?.side;
    return side === 'committee' || side === 'street' || side === 'resident' ? [{ name, group: side, vkey: verifierKeyText(key) }] : [];
  });
  try {
    const ours = readPolicy(policyText({ log: logs.map(verifierKeyText), witnesses: given }));
    return ours.quorum === quorum && JSON.stringify(ours.groups) === JSON.stringify(groups);
  } catch {
    return false;
  }
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

/** Whether the key is believed for a reason, or on first sight. A key that was given must itself have signed what one of
 *  the files says: that it stands in the log, and was replaced there, anybody could write. */
export function checkTrust({ books, sources }: LogUnion, trusted: readonly string[], report: Report): void {
  const vkey = newestOf(sources.at(-1)!) ?? '–';
  if (trusted.length === 0) {
    if (books.log_keys.size > 0) report('key_on_first_sight', '', { vkey: [...books.log_keys.values()][0]! });
    return;
  }
  if (!sources.some((one) => one.checkpoint !== null && trusted.includes(newestOf(one) ?? ''))) report('key_not_trusted', '', { vkey });
}
